"""One task in a process of its own, while this one goes on.

In: a task whose answer is bytes. Out: what waits for the answer. Where no process can be forked, or the one
that was fails, whoever asks does the task, so that what it raises is raised there. A task must therefore
bear being done twice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TypeAlias

#: What gives the answer of a task, waiting for it the first time.
Answer: TypeAlias = Callable[[], bytes]


def cores() -> int:
    """How many processes may run at once here."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        data = memoryview(task())
        while data:
            data = data[os.write(pipe, data) :]
        code = 0
    finally:  # what was raised is raised again where the task is done over
        os._exit(code)


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
