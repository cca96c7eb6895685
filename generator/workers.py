"""Work that grows with the dossier, spread over the cores.

A task is a function of one chunk. Workers are forked, so what the task reads is there without being sent;
only answers travel. Any `concurrent.futures.Executor` that forks where it is called can take the place of
the one in `pool`. One process does the same work where there is one core, where processes cannot be forked,
or where the work is too small to be worth it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from concurrent.futures import Executor

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

#: Chunks handed to each worker: so many that nobody waits long for the last one, which took a thirtieth of a
#: build with a quarter as many.
_EACH = 48
#: Most chunks of a sequence: those of five together are fewer than one process hands out (`Claims.MOST`).
_MOST = 700


class Parcel(Generic[Answer]):
    """What structs are sent in: they travel as MessagePack, at an eighth of the cost of pickling them.

    In the process that made them they stay as they are.
    """

    __slots__ = ("held", "kind")

    def __init__(self, held: Answer, kind: Any) -> None:
        """`kind` is the type of what is held, as msgspec takes it."""
        self.held = held
        self.kind = kind

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[bytes, Any]]:
        return _opened, (msgspec.msgpack.encode(self.held), self.kind)


def _opened(sent: bytes, kind: Any) -> Parcel[Any]:
    return Parcel(_decoder(kind).decode(sent), kind)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def pool(jobs: int) -> Executor:
    """The processes that do the work, this one among them; they end when this one is killed."""
    from generator.forks import Forks  # loaded where it is wanted: most edits have no work for it

    return Forks(jobs - 1)


def spread(
    task: Callable[[Chunk], Answer],
    chunks: Sequence[Chunk],
    jobs: int,
    meanwhile: Callable[[], object] = lambda: None,
    told: Callable[[Answer], None] = lambda _: None,
) -> list[Answer]:
    """Apply a task to every chunk with so many processes, this one among them; answers come in the order of
    the chunks, and are `told` in that order.

    `meanwhile` is done here first, while others work, so that what one process must do alone keeps no core
    waiting. What it or a task raises is raised here.
    """
    if jobs < 2 or len(chunks) < 2:
        meanwhile()
        return [_answered(task(chunk), told) for chunk in chunks]
    # A collection in a worker would copy every page that it looks at. None is made here before, as it would
    # find next to nothing and take 50 ms at 10,000 facts.
    collecting = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        with pool(min(jobs, len(chunks))) as executor:
            answers = executor.map(task, chunks)
            meanwhile()
            return [_answered(answer, told) for answer in answers]
    finally:
        gc.unfreeze()
        if collecting:
            gc.enable()


def _answered(answer: Answer, told: Callable[[Answer], None]) -> Answer:
    told(answer)
    return answer


def chunks(things: Sequence[Chunk], jobs: int, least: int) -> list[Sequence[Chunk]]:
    """Cut a sequence into chunks of at least `least`; into one when only one process is to work."""
    if jobs < 2 or len(things) <= least:
        return [things] if things else []
    size = max(least, -(-len(things) // min(jobs * _EACH, _MOST)))
    return [things[at : at + size] for at in range(0, len(things), size)]
