"""A task beside this process: its answer, and what it raises, are those of a task done here."""

from __future__ import annotations

import os
import threading

import pytest

from generator import aside
from generator.aside import Claims
from generator.aside import aside as begin
from generator.early import Early


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "cores", lambda: 2)


def who() -> bytes:
    return str(os.getpid()).encode()


def test_a_task_is_done_by_another_process_and_once() -> None:
    answer = begin(who, 2)
    assert answer() == answer() != who()


def test_with_one_job_it_is_done_here_and_when_it_is_asked_for() -> None:
    done: list[int] = []

    def task() -> bytes:
        done.append(1)
        return who()

    answer = begin(task, 1)
    assert not done
    assert answer() == answer() == who()
    assert len(done) == 1


def test_no_process_is_forked_from_one_with_threads() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert begin(who, 2)() == who()
    finally:
        stop.set()
        thread.join()


def test_a_large_answer_comes_whole() -> None:
    size = 3_000_000
    assert begin(lambda: b"ab" * size, 2)() == b"ab" * size


def test_what_fails_there_is_done_over_and_raised_here() -> None:
    here = os.getpid()

    def task() -> bytes:
        if os.getpid() != here:
            os._exit(3)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin(task, 2)()


def test_where_no_process_can_be_had_the_task_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    assert begin(who, 2)() == who()
    assert (len(os.listdir("/proc/self/fd")) if before else 0) == before, "no pipe stays open"


# --- asked early --------------------------------------------------------------------------------------


def test_what_is_asked_early_is_asked_by_another_process_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.early.cores", lambda: 2)
    early = Early(who)
    assert early.answer() == who()
    early.begin()
    assert early.answer() != who()
    assert early.answer() == who(), "the next time it is asked anew"


def test_what_goes_wrong_early_is_raised_where_somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.early.cores", lambda: 2)

    def fail() -> bytes:
        raise ZeroDivisionError

    early = Early(fail)
    early.begin()
    with pytest.raises(ZeroDivisionError):
        early.answer()


# --- shared out -----------------------------------------------------------------------------------------


def test_what_is_shared_out_is_done_once_by_one_of_two() -> None:
    claims = Claims(500)
    answer = begin(lambda: b" ".join(b"%d" % number for number in claims.rest()), 2)
    here = [*claims]
    there = [int(number) for number in answer().split()]
    assert sorted([*here, *there]) == list(range(500))
    assert here == sorted(here)
    claims.close()
    claims.close()


def test_what_a_process_took_that_came_to_nothing_is_done_here() -> None:
    claims, here = Claims(50), os.getpid()
    ready, tell = os.pipe()

    def task() -> bytes:
        taken = []
        for number in claims.rest():
            taken.append(number)
            if os.getpid() != here:
                os.write(tell, b"x")
                os._exit(1)
        return b" ".join(b"%d" % number for number in taken)

    answer = begin(task, 2)
    os.read(ready, 1)  # one number is lost with the other process
    mine = [claims.take(), claims.take()]
    assert [int(number) for number in answer().split()] == [n for n in range(50) if n not in mine]
    for pipe in (ready, tell):
        os.close(pipe)


def test_with_one_process_all_is_done_here() -> None:
    claims = Claims(9)
    assert [claims.take(), *claims.rest()] == list(range(9))
    assert claims.take() == 1, "`rest` leaves the pipe as it is"
    with pytest.raises(ValueError, match="at most"):
        Claims(Claims.MOST + 1)
