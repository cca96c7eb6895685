"""The command `build`: what is asked for, and what is told of it at the terminal.

It stands apart from the other commands, and what reads a command line is not loaded for it: where nothing
changed, that would take as long as finding it out.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from generator.aside import cores

if TYPE_CHECKING:
    from generator.edit import Resident
    from generator.problems import Problem

_NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)


class Build:
    """The command `build`, once or after every save."""

    def __init__(
        self,
        root: Path,
        output: Path | None = None,
        *,
        texts: Path | None = None,
        strict: bool = False,
        url: str = "",
        full: bool = False,
        jobs: int | None = None,
        explain: bool = False,
    ) -> None:
        """What `generator.build.build` takes; `output` is output/ in the site unless it is given."""
        self.root = root
        self.output = output or root / "output"
        self.texts = texts
        self.strict = strict
        self.url = url
        self.full = full
        self.jobs = jobs or cores()
        self.explain = explain
        self._resident: Resident | None = None
        #: What the only build of a process that does not stay put together.
        self._made: list[object] = []
        self._told: tuple[object, ...] = ()

    def once(self, saved: frozenset[str] | None = None) -> bool:
        """Build, and tell of it; with no file saved, only of what was not told."""
        from generator import scan

        started = time.perf_counter()
        moves = result = None
        if not self._resident and not self.full:
            # Where nothing changed, the answer is here before a parser or a template is even imported.
            given = scan.options(url=self.url, texts=self.texts, preview=False, strict=self.strict)
            moves = scan.moves(self.root, self.output, given, None, self.jobs)
            result = scan.unchanged(moves)
        if result is None:
            from generator import heap
            from generator.build import build

            heap.keep()
            result = build(
                self.root,
                output=self.output,
                url=self.url,
                texts=self.texts,
                full=self.full,
                strict=self.strict,
                jobs=self.jobs,
                explain=self.explain,
                moves=moves,
                resident=self._resident,
                saved=saved or (),
                until_end=None if self._resident else self._made,
            )
        before, self._told = self._told, (result.ok, result.problems, result.more)
        if saved == frozenset() and not result.changed and before == self._told:
            return result.ok
        report(result.problems, result.checked, more=result.more)
        if not result.ok:
            say(f"Nothing was written; {short(self.output)} is as it was.", err=True)
            return False
        for path, why in result.reasons.items():
            say(f"{path}: {why}")
        seconds = time.perf_counter() - started
        news = f"{result.written} written, {result.deleted} deleted" if result.changed else "nothing changed"
        say(f"{result.files} files in {short(self.output)} ({news}) in {seconds:.2f} s")
        say(f"Quotes: {result.against_texts} checked against texts, {result.against_lock} against the lock")
        say(f"Open {short(self.output / 'index.html')}")
        return True

    def watch(self) -> None:
        """Build, then again after every save, until somebody ends it."""
        from threading import Event

        from generator.edit import Resident
        from generator.watch import bursts

        gc.enable()
        self._resident = resident = Resident()
        folders = [self.root / "site.yaml", self.root / "content", self.root / "templates"]
        folders += [self.texts] if self.texts else []
        say("Building after every save; Ctrl-C ends.")
        with contextlib.suppress(KeyboardInterrupt):
            self.once()
            # From here on there are threads, and forking a process that has some is not safe. What was saved
            # before the watch stood is found by looking at everything once more.
            self.jobs, self.full = 1, False
            for saved in bursts(folders, stop=Event(), ignored=[self.output]):
                self.once(saved or frozenset())
                while not resident.is_sure:
                    self.once(frozenset())


def show_anything() -> None:
    """Let a terminal that cannot show a character show its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(words: str, *, err: bool = False) -> None:
    """A line at the terminal, or for whoever reads our output, at once."""
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{words}\n")
    stream.flush()


def report(
    problems: Sequence[Problem],
    checked: dict[str, int],
    *,
    more: dict[str, int] | None = None,
    always: bool = False,
) -> None:
    """Tell problems; where there are none, only what was checked, and that only when `always`."""
    from generator.problems import render_text

    if problems or always:
        say(render_text(problems, checked, more=more, colour=sys.stderr.isatty()), err=not always)


def short(path: Path) -> str:
    """A path as the person at the terminal would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def site_above() -> Path | None:
    """The nearest folder upwards that holds a site.yaml, this one first."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "site.yaml").is_file()), None)


def refused(error: OSError) -> str:
    """What the system does not let us do, with a way out where there is one."""
    names = [short(Path(str(name))) for name in (error.filename, error.filename2) if name]
    told = ": ".join([*names[-1:], error.strerror or str(error)])
    if error.errno in _NO_RIGHT:
        return f"{told}; see to the permissions of this file and its folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{told}; free some space, then do it again"
    return told
