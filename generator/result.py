"""What a build did: the value that the command line, the preview and the next scan are told."""

from __future__ import annotations

from msgspec import Struct

from generator.problems import Problem


class Result(Struct, frozen=True, kw_only=True):
    """What a build did."""

    problems: tuple[Problem, ...]
    #: Warnings that are not among the problems, by code (see `problems.few`).
    more: dict[str, int] = {}
    #: What was checked: kinds of entries with their numbers.
    checked: dict[str, int]
    #: Whether the site stands; with an error nothing was written.
    ok: bool
    #: Files of the site, and how many of them are pages, were written now, were deleted now.
    files: int = 0
    pages: int = 0
    rendered: int = 0
    written: int = 0
    deleted: int = 0
    #: Why each rendered page was rendered, by path, when that was asked for.
    reasons: dict[str, str] = {}
    #: Quotes by what they were checked against.
    against_texts: int = 0
    against_lock: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything in the output moved."""
        return bool(self.written or self.deleted)
