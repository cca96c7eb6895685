"""Work that grows with the dossier, spread over the cores.

A task is a function of one chunk. Workers are forked, so what the task reads is there without being sent;
only chunks go out and results come back. Any `concurrent.futures.Executor` that forks where it is called
can take the place of the one in `pool`. One process does the same work where there is one core, where
processes cannot be forked, or where the work is too small to be worth it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

#: Chunks handed to each worker: enough that one slow chunk does not keep the others waiting.
_EACH = 12

# What the workers inherit when they are forked; a task may hold what cannot be sent.
_task: Callable[[Any], Any] | None = None


def pool(jobs: int) -> Executor:
    """The processes that do the work; they end when this one is killed."""
    # Loaded where they are wanted: that takes longer than most edits have work for.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("fork"), initializer=_end_with_parent
    )


def _end_with_parent() -> None:
    """Let a worker end when its parent does: left alone it would wait, and hold the lock, for ever."""
    import multiprocessing
    import threading

    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def spread(
    task: Callable[[Chunk], Answer],
    chunks: Sequence[Chunk],
    jobs: int,
    meanwhile: Callable[[], object] = lambda: None,
    told: Callable[[Answer], None] = lambda _: None,
) -> list[Answer]:
    """Apply a task to every chunk with so many processes, this one among them; answers come in the order of
    the chunks, and `told` as they come.

    `meanwhile` is done here first, while others work, so that what one process must do alone keeps no core
    waiting. What it or a task raises is raised here.
    """
    if jobs < 2 or len(chunks) < 2:
        meanwhile()
        return [_answered(task(chunk), told) for chunk in chunks]
    global _task
    _task = task
    # A collection in a worker would copy every page that it looks at. None is made here before, as it would
    # find next to nothing and take 50 ms at 10,000 facts.
    gc.freeze()
    try:
        with pool(min(jobs, len(chunks)) - 1) as executor:
            others = [executor.submit(_call, chunk) for chunk in chunks]
            meanwhile()
            # What nobody has begun is done here, from the end: one process less is forked, and copies what it
            # changes of this one's memory.
            ours = {
                at: _answered(task(chunks[at]), told)
                for at in reversed(range(len(chunks)))
                if others[at].cancel()
            }
            return [
                ours[at] if at in ours else _answered(other.result(), told) for at, other in enumerate(others)
            ]
    finally:
        gc.unfreeze()
        _task = None


def _answered(answer: Answer, told: Callable[[Answer], None]) -> Answer:
    told(answer)
    return answer


def _call(chunk: Any) -> Any:
    gc.disable()
    assert _task is not None
    return _task(chunk)


def chunks(things: Sequence[Chunk], jobs: int, least: int) -> list[Sequence[Chunk]]:
    """Cut a sequence into chunks of at least `least`; into one when only one process is to work."""
    if jobs < 2 or len(things) <= least:
        return [things] if things else []
    size = max(least, -(-len(things) // (jobs * _EACH)))
    return [things[at : at + size] for at in range(0, len(things), size)]
