"""Forked processes do a list of tasks together with their parent, and leave nothing behind."""

from __future__ import annotations

import errno
import os
import signal
from concurrent.futures import BrokenExecutor
from typing import NoReturn

import pytest

from generator.aside import Claims
from generator.forks import Forks


def wait_for(pipe: int) -> None:
    os.read(pipe, 1)


def test_answers_come_in_order_whoever_is_done_first() -> None:
    ours, theirs = os.pipe()

    def task(number: int) -> tuple[int, int]:
        if number == 0:
            wait_for(ours)  # until the last one is done
        if number == 9:
            os.write(theirs, b"x")
        return number, os.getpid()

    with Forks(1) as forks:
        answers = list(forks.map(task, range(10)))
    assert [number for number, _ in answers] == list(range(10))
    assert len({pid for _, pid in answers}) == 2, "both processes worked"


def test_large_answers_travel_whole() -> None:
    with Forks(3) as forks:
        assert [len(each) for each in forks.map(lambda n: b"x" * n, [0, 1, 1 << 20, 3 << 20])] == [
            0, 1, 1 << 20, 3 << 20,
        ]  # fmt: skip


class _Odd(Exception):
    def __reduce__(self) -> NoReturn:
        raise TypeError("this one does not travel")


@pytest.mark.parametrize("error", [ValueError("as it was"), _Odd("told in words")])
def test_what_is_raised_elsewhere_is_raised_here(error: Exception) -> None:
    here = os.getpid()

    def task(number: int) -> int:
        if os.getpid() != here:
            raise error
        return number

    ready, tell = os.pipe()

    def first(number: int) -> int:
        if os.getpid() != here:
            os.write(tell, b"x")
        return task(number)

    with Forks(1) as forks:
        answers = forks.map(first, range(4))
        os.read(ready, 1)  # the other process took a task before this one takes any
        with pytest.raises(Exception, match=r"as it was|told in words"):
            list(answers)


def test_a_worker_that_is_killed_is_told() -> None:
    here = os.getpid()
    ready, tell = os.pipe()

    def task(number: int) -> int:
        if os.getpid() != here:
            os.write(tell, b"x")
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with Forks(1) as forks:
        answers = forks.map(task, range(4))
        os.read(ready, 1)
        with pytest.raises(BrokenExecutor, match="killed while it did task 0"):
            list(answers)


def test_where_nothing_can_be_forked_one_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    before = os.listdir("/dev/fd")
    with Forks(2) as forks:
        assert list(forks.map(lambda n: (n, os.getpid()), range(3))) == [(n, os.getpid()) for n in range(3)]
    assert len(os.listdir("/dev/fd")) == len(before), "what was opened is closed"


def test_tasks_that_nobody_waits_for_are_not_begun() -> None:
    counted, tell = os.pipe()
    go, let = os.pipe()
    here = os.getpid()

    def task(_: int) -> None:
        os.write(tell, b"x")
        if os.getpid() != here:
            wait_for(go)

    before = os.listdir("/dev/fd")
    with Forks(1) as forks:
        forks.map(task, range(50))
        os.read(counted, 1)  # the other process has begun one
        assert forks._claims
        for _ in forks._claims:
            pass  # as `shutdown` does; it must not wait for the one under way before
        os.write(let, b"x")
    os.set_blocking(counted, False)
    with pytest.raises(BlockingIOError):
        os.read(counted, 1)
    assert len(os.listdir("/dev/fd")) == len(before), "what was opened is closed"


def test_an_orphan_begins_nothing_more() -> None:
    done, tell = os.pipe()
    go, let = os.pipe()

    def task(_: int) -> None:
        os.write(tell, b"x")
        wait_for(go)

    parent = os.fork()
    if not parent:
        os.close(done)
        os.close(let)
        Forks(1).map(task, range(50))
        signal.pause()
    os.close(tell)
    os.read(done, 1)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    os.write(let, b"xx")
    assert os.read(done, 1) == b"", "the worker ended and did no second task"


def test_too_many_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"), Forks(1) as forks:
        forks.map(str, range(Claims.MOST + 1))


def test_no_process_is_left() -> None:
    with Forks(2) as forks:
        answers = forks.map(lambda number: 2 * number, range(100))
        pids = [worker.pid for worker in forks._workers]
        assert list(answers) == [2 * n for n in range(100)]
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
