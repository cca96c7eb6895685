"""How far a long piece of work is, on one line of a terminal that is written over and taken away at the end.

In: a stream, and counts as they come. Out: nothing, unless the stream is a terminal and a person may be
looking at it: not in CI, and not before the work has taken a while.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TextIO, TypeAlias

#: Is told how many pieces are done, and of how many.
Told: TypeAlias = Callable[[int, int], None]

#: Seconds before anything is shown, and between two looks of the line: it is to be read.
_PATIENCE = 0.6
_PAUSE = 0.1
#: Takes back what stands on the line (ECMA-48: erase in line).
_CLEAR = "\r\x1b[2K"


def nobody(done: int, total: int) -> None:
    """Where nobody is to be told."""


class Line:
    """One line at the end of a stream. A context: at its end nothing is left of it."""

    def __init__(
        self,
        stream: TextIO,
        environment: Mapping[str, str] = os.environ,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream = stream
        self._shown = (
            stream.isatty() and not environment.get("CI") and environment.get("TERM", "dumb") != "dumb"
        )
        self._now = now
        self._next = now() + _PATIENCE
        self._stands = False

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def of(self, words: str) -> Told:
        """What tells of pieces: `words` says what is done with them, and names them, with `{}` between."""

        def told(done: int, total: int) -> None:
            if done == total:
                self.clear()  # what comes now may ask for a password
            elif self._shown and (now := self._now()) >= self._next:
                self._next = now + _PAUSE
                self._write(words.format(f"{done:,} of {total:,}"))

        return told

    def clear(self) -> None:
        """Take the line away, before something else is written."""
        if self._stands:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._stands = False

    def _write(self, text: str) -> None:
        # One column less, since a full line would begin another.
        self._stream.write(f"{_CLEAR}{text[: shutil.get_terminal_size().columns - 1]}")
        self._stream.flush()
        self._stands = True
