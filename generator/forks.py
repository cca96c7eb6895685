"""Forked processes that do the tasks of a list together with the process that wants the answers.

In: a function and what it is to be applied to. Out: the answers in order. A fork inherits all that the
function reads, so only answers travel: through a file in memory for each worker, which holds them until they
are wanted. So no thread unpickles answers, or hands out tasks, against a main thread that is at work itself;
`ProcessPoolExecutor` has one, and costs a cold build of 10,000 facts a tenth of its time.

Who does which task is settled by `Claims`.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from typing import Any, NoReturn, TypeVar

from msgspec import Struct

from generator.aside import Claims, write_all

Answer = TypeVar("Answer")

#: What a worker tells of a task: its number, whether it raised, where its answer begins, how long that is.
_TOLD = struct.Struct("<i?qq")


class _Worker(Struct, frozen=True):
    """A forked process."""

    pid: int
    #: The file its answers stand in, and the pipe in which it tells of them.
    answers: int
    told: int


class Forks(Executor):
    """An executor whose `map` forks when it is called, and whose caller works too while it waits.

    It is for one list of tasks at a time. Workers end when the list is empty, or when this process does.
    """

    def __init__(self, others: int) -> None:
        """`others`: processes beside this one; with none, or where none can be forked, this does all."""
        self._others = others
        self._workers: list[_Worker] = []
        self._claims: Claims | None = None

    def map(
        self,
        fn: Callable[..., Answer],
        /,
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
    ) -> Iterator[Answer]:
        """Apply a function to every task; at most `Claims.MOST` of them.

        What it raises is raised when that answer is wanted; `BrokenExecutor` when a worker was killed.
        `timeout` and `chunksize` mean nothing here: the caller is at work itself, on tasks as they are.
        """
        tasks = list(zip(*iterables, strict=False))
        self._claims = claims = Claims(len(tasks))
        with contextlib.suppress(OSError):  # no more processes here: those there are do it
            for _ in range(min(self._others, len(tasks))):
                self._workers.append(self._fork(fn, tasks, claims))
        return self._answers(fn, tasks, claims)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let nobody begin another task, and wait for those under way."""
        if self._claims:
            for _ in self._claims:
                pass
        for worker in [*self._workers]:
            self._end(worker)
        if self._claims:
            self._claims.close()
            self._claims = None

    # This process

    def _answers(
        self, fn: Callable[..., Answer], tasks: Sequence[tuple[Any, ...]], claims: Claims
    ) -> Iterator[Answer]:
        done: dict[int, Any] = {}
        for wanted in range(len(tasks)):
            done |= self._received(0)  # what is there is handed on before more work is begun
            while wanted not in done:
                number = claims.take()
                if number is not None:
                    done[number] = fn(*tasks[number])
                elif self._workers:
                    done |= self._received(None)
                else:
                    raise BrokenExecutor(f"a process was killed while it did task {wanted}")
            answer = done.pop(wanted)
            if isinstance(answer, _Raised):
                raise answer.error
            yield answer

    def _received(self, wait: float | None) -> Iterator[tuple[int, Any]]:
        """The next answers of workers, waiting for so many milliseconds, or for as long as there are none."""
        waiting = select.poll()  # `select` itself knows no more than 1,024 open files
        for worker in self._workers:
            waiting.register(worker.told, select.POLLIN)
        ready = {file for file, _ in waiting.poll(wait)} if self._workers else set()
        for worker in [each for each in self._workers if each.told in ready]:
            told = os.read(worker.told, _TOLD.size)
            if not told:
                self._end(worker)
                continue
            number, raised, start, length = _TOLD.unpack(told)
            answer = pickle.loads(_held(worker.answers, start, length))
            yield number, _Raised(answer) if raised else answer

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        os.close(worker.told)
        os.close(worker.answers)
        os.waitpid(worker.pid, 0)

    # The others

    def _fork(self, fn: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], claims: Claims) -> _Worker:
        answers = _memory()
        told, tell = os.pipe()
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            for each in (answers, told, tell):
                os.close(each)
            raise
        if not pid:
            self._work(fn, tasks, claims, parent, answers, tell)
        os.close(tell)
        return _Worker(pid, answers, told)

    def _work(
        self,
        fn: Callable[..., Any],
        tasks: Sequence[tuple[Any, ...]],
        claims: Claims,
        parent: int,
        answers: int,
        tell: int,
    ) -> NoReturn:
        """Do tasks while there are any and somebody waits; never go back to what the parent was about."""
        try:
            start = 0
            # An orphan ends: it holds the lock that its parent held.
            while (number := claims.take()) is not None and os.getppid() == parent:
                raised, data = _outcome(fn, tasks[number])
                write_all(answers, data)
                os.write(tell, _TOLD.pack(number, raised, start, len(data)))
                start += len(data)
        finally:
            os._exit(0)  # what was begun and not told is missed by the parent


class _Raised(Struct, frozen=True):
    """What a task raised in another process."""

    error: BaseException


def _outcome(fn: Callable[..., Any], task: tuple[Any, ...]) -> tuple[bool, bytes]:
    """Whether a task raised, and what it gave or raised, ready to travel."""
    try:
        return False, pickle.dumps(fn(*task), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            return True, pickle.dumps(error)
        except Exception:  # an exception that cannot travel is told in words
            return True, pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))


def _held(file: int, start: int, length: int) -> bytes:
    parts = []
    while length:
        parts.append(os.pread(file, length, start))
        start, length = start + len(parts[-1]), length - len(parts[-1])
    return b"".join(parts)


def _memory() -> int:
    """A file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("answers")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
