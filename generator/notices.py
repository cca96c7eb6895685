"""Notices: what a curator may want to look at, as values. A notice is no problem; nothing is stopped by one.

The words of an article that a notice shows are few: enough to find the place, and no text to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from generator.cached import cached_property
from generator.coverage import Covered, cover
from generator.desk import Absent
from generator.dossier import Dossier, Kind
from generator.problems import Pointer
from generator.saved import Saved

NoticeKind: TypeAlias = Literal[
    "single-origin",
    "credit-untold",
    "text-shared",
    "via-untold",
    "origin-unseen",
    "date-unreasoned",
    "date-after-sources",
    "speech-untold",
    "speaker-untold",
    "near-duplicate",
    "plan-overdue",
    "sentence-unused",
    "name-unknown",
    "not-archived",
]
#: In the order of the report, those that bear on what readers may take for certain first.
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
#: Words of an article shown in one notice, at most.
FEW = 5


class Notice(Struct, frozen=True, kw_only=True):
    """One thing to look at: what, where, and what to do."""

    kind: NoticeKind
    #: What was seen.
    message: str
    at: Pointer
    #: The entry concerned, in words: "fact first-s400-batch".
    subject: str
    #: What to do, or what to paste.
    help: str


class Reading:
    """A dossier with the articles beside it, and what several notices need of them, worked out once."""

    def __init__(self, dossier: Dossier, texts: Mapping[str, Saved | Absent]) -> None:
        self.dossier = dossier
        self.texts = texts

    @cached_property
    def here(self) -> Mapping[str, Saved]:
        """The saved texts that are here, by the id of their source."""
        return {key: text for key, text in self.texts.items() if isinstance(text, Saved)}

    @cached_property
    def covered(self) -> tuple[Covered, ...]:
        """The sentences of every source, with the facts that use them."""
        return cover(self.dossier, self.texts)

    def language(self, source: str) -> str:
        """The language of a source's text."""
        return self.dossier.sources[source].language or self.dossier.site.language


def notice(
    reading: Reading,
    kind: NoticeKind,
    of: tuple[Kind, str],
    path: tuple[str | int, ...],
    message: str,
    help: str,
) -> Notice:
    """A notice about an entry, at a value of it."""
    at = reading.dossier.at(*of, *path)
    return Notice(kind=kind, message=message, at=at, subject=" ".join(of), help=help)


def few(words: str) -> str:
    """The first words of a passage, and a mark where it goes on."""
    pieces = words.split()
    return " ".join(pieces[:FEW]) + (" …" if len(pieces) > FEW else "")
