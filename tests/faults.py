"""What goes wrong on real machines, made to happen: calls that fail, processes that are killed.

Only the means; what must hold then, `test_faults` says.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from generator import memory, write

#: Calls that change files; Python's `open` counts when it is to write, and so does each `write` to it.
CHANGING = (
    (os, "link"), (os, "mkdir"), (os, "rename"), (os, "replace"), (os, "unlink"), (os, "rmdir"),
    (os, "chmod"), (os, "open"), (os, "write"), (fcntl, "flock"), (write, "exchange"),
)  # fmt: skip
#: Calls that read them.
READING = ((os, "scandir"),)


class Calls:
    """Counts file calls; the one of number `at`, from 1, does something else first."""

    def __init__(
        self, at: int = 0, act: Callable[[str], None] = lambda _name: None, *, reading: bool
    ) -> None:
        self.count = 0
        self._at, self._act, self._reading = at, act, reading

    def _call(self, name: str) -> None:
        self.count += 1
        if self.count == self._at:
            self._act(name)

    @contextlib.contextmanager
    def counted(self) -> Iterator[Calls]:
        """Count while the context lasts."""
        with contextlib.ExitStack() as stack:
            for owner, name in (*CHANGING, *(READING if self._reading else ())):
                stack.enter_context(patch.object(owner, name, self._counting(getattr(owner, name), name)))
            opening = self._opening(io.open)
            stack.enter_context(patch.object(io, "open", opening))
            stack.enter_context(patch.object(builtins, "open", opening))
            yield self

    def _counting(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self._call(name)
            return real(*given, **named)

        return call

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            writing = bool(set(mode) & set("wxa+"))
            if writing or self._reading:
                self._call("open")
            opened = real(file, mode, *given, **named)
            return _Writing(opened, self._call) if writing else opened

        return call


class _Writing:
    """An open file whose writes are counted."""

    def __init__(self, file: Any, call: Callable[[str], None]) -> None:
        self._file, self._call = file, call

    def write(self, data: Any) -> Any:
        self._call("write")
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def failing(code: int) -> Callable[[str], None]:
    """A call that the system refuses."""

    def fail(name: str) -> None:
        raise OSError(code, os.strerror(code), name)

    return fail


def die(_name: str) -> None:
    """As `kill -9`: no handler runs, nothing is flushed or closed in order."""
    os.kill(os.getpid(), signal.SIGKILL)


FULL, REFUSED = errno.ENOSPC, errno.EACCES


@contextlib.contextmanager
def beginning(work: Callable[[], object]) -> Iterator[int]:
    """Do some work in a process of its own, and give its number; when the context ends it is waited for."""
    pid = os.fork()
    if pid == 0:
        code = 70
        with contextlib.suppress(BaseException):
            work()
            code = 0
        os._exit(code)
    yield pid
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def ended(pid: int) -> int:
    """Wait for the end of a process: its exit code, or the negative number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def litter(root: Path) -> list[str]:
    """What a build should not leave: hidden folders beside the output, files half written."""
    beside = [p.name for p in root.iterdir() if p.name.endswith(".factsheet") and p.name != memory.FOLDER]
    kept = [p.name for p in (root / memory.FOLDER).rglob("*.new")]
    return sorted(beside + kept)
