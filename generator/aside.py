"""One task in a process of its own, while this one goes on.

In: a task whose answer is bytes. Out: what waits for the answer. Where no process can be forked, or the one
that was fails, whoever asks does the task, so that what it raises is raised there. A task must therefore
bear being done twice.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

#: What gives the answer of a task, waiting for it the first time.
Answer: TypeAlias = Callable[[], bytes]

#: Most bytes that are written in one call.
_AT_ONCE = 1 << 30


def cores() -> int:
    """How many processes may run at once here."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Claims:
    """Numbers from 0 up that forked processes share out: each is had by whoever takes it first.

    They wait in a pipe, so a process that ends before its time takes along only what it has.
    """

    #: Most numbers: they are in the pipe before anybody takes one, and some systems hold 16 kB.
    MOST = 4000
    _NUMBER = struct.Struct("<i")

    def __init__(self, count: int) -> None:
        self._pipe = -1
        if count > self.MOST:
            raise ValueError(f"{count} to be shared out; at most {self.MOST}")
        self._pipe, theirs = os.pipe()
        os.write(theirs, b"".join(map(self._NUMBER.pack, range(count))))
        os.close(theirs)
        self._count = count
        self._here = os.getpid()
        self._taken_here: set[int] = set()

    def __iter__(self) -> Iterator[int]:
        """Take one after the other, until there is none."""
        while (number := self.take()) is not None:
            yield number

    def take(self) -> int | None:
        """A number that nobody has; None: there is none."""
        data = os.read(self._pipe, self._NUMBER.size)
        number = int(self._NUMBER.unpack(data)[0]) if data else None
        if number is not None and os.getpid() == self._here:
            self._taken_here.add(number)
        return number

    def rest(self) -> Iterator[int]:
        """For a task done `aside`: one after the other, as long as there is any.

        Where the process that did it came to nothing, and the task is done over in the one that made this:
        all that it has not taken itself, whatever became of them elsewhere.
        """
        if os.getpid() != self._here:
            return iter(self)
        return (number for number in range(self._count) if number not in self._taken_here)

    def close(self) -> None:
        """Take no more, here; done at the latest when nobody holds this any more."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    __del__ = close


def aside(task: Callable[[], bytes], jobs: int) -> Answer:
    """Begin a task beside this process when there may be two `jobs` at once; else do it when asked for."""
    if jobs < 2 or cores() < 2 or _has_threads():
        return _once(task)
    ours, theirs = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no more processes here
        os.close(ours)
        os.close(theirs)
        return _once(task)
    if not child:
        _work(task, theirs)
    os.close(theirs)

    def wait() -> bytes:
        try:
            with os.fdopen(ours, "rb") as pipe:
                data = pipe.read()
        finally:
            status = os.waitpid(child, 0)[1]
        return data if status == 0 else task()

    return _once(wait)


def _work(task: Callable[[], bytes], pipe: int) -> None:
    """Do a task in a forked process, which never goes back to what its parent was about to do."""
    code = 1
    try:
        write_all(pipe, task())
        code = 0
    finally:  # what was raised is raised again where the task is done over
        os._exit(code)


def write_all(file: int, data: bytes | memoryview) -> None:
    """Write all of the data to an open file; some systems take no more than a part at once."""
    left = memoryview(data)
    while left:
        left = left[os.write(file, left[:_AT_ONCE]) :]


def _has_threads() -> bool:
    """Whether forking may copy a lock that another thread holds."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _once(task: Callable[[], bytes]) -> Answer:
    done: list[bytes] = []

    def answer() -> bytes:
        if not done:
            done.append(task())
        return done[0]

    return answer
