"""Files that list facts: what stands before the first, a piece for each fact in the order of dates, an end.

Such a file may be long. So a build remembers how long each piece is, and an edit makes the pieces it touches
and takes the rest as it stands: the file is cut between pieces, and never put together in memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Set

from msgspec import Struct

from generator.content import Fact
from generator.groups import member
from generator.shelves import Shelves
from generator.touched import Touched

_NUMBER = "I"  # unsigned, of 32 bits: a piece is shorter than four gigabytes
_HEAD = 4


class Stale(Exception):
    """A file is not as remembered, so it cannot be edited."""


class Pieces(Struct, frozen=True):
    """How long the pieces of a file are, in bytes, in the order of the facts; 0 where a fact has none."""

    #: How long what stands before the first piece is.
    opening: int
    lengths: array[int]

    def packed(self) -> bytes:
        """The same as bytes, in the byte order of this machine."""
        return array(_NUMBER, [self.opening]).tobytes() + self.lengths.tobytes()

    @staticmethod
    def unpacked(data: bytes) -> Pieces:
        """What was packed. Raises `Stale` for what was not."""
        if len(data) < _HEAD or len(data) % _HEAD:
            raise Stale
        numbers = array(_NUMBER, data)
        return Pieces(numbers[0], numbers[1:])


class Document(Struct, frozen=True, kw_only=True):
    """A file that lists facts."""

    path: str
    #: What stands before the first piece, given the address of the site.
    opening: Callable[[Shelves, str], bytes]
    #: The piece of a fact; empty where the file does not list it.
    piece: Callable[[Shelves, Fact, str], bytes]
    #: What stands between two pieces, and after the last.
    between: bytes = b""
    closing: bytes = b""
    #: Facts whose piece an edit may change, the edited ones among them.
    touched: Callable[[Touched], Set[str]] = lambda touched: touched.changed
    #: What stands before the first piece after an edit, given what stood there.
    reopened: Callable[[bytes, Touched], bytes] = lambda opening, _touched: opening

    def whole(self, shelves: Shelves, url: str) -> tuple[bytes, Pieces]:
        """The file, and how long its pieces are."""
        opening = self.opening(shelves, url)
        pieces = [self.piece(shelves, fact, url) for fact in shelves.facts("all")]
        made = b"".join((opening, self.between.join(filter(None, pieces)), self.closing))
        return made, Pieces(len(opening), array(_NUMBER, map(len, pieces)))

    def edited(
        self, whole: memoryview, known: Pieces, touched: Touched, url: str
    ) -> tuple[list[bytes | memoryview], Pieces]:
        """The file after an edit of facts, in parts, given how it was written and how long its pieces are.

        Raises `Stale` where that does not fit.
        """
        before, after = touched.before, touched.after
        lengths = known.lengths
        if len(lengths) != len(before.members("all")) or self._end(known, len(lengths)) + len(
            self.closing
        ) != len(whole):
            raise Stale
        keys = self.touched(touched)
        old, new = _places(before, keys), _places(after, keys)
        staying = _Stretches(len(lengths), list(old))
        now = array(_NUMBER)
        parts: list[bytes | memoryview] = []

        def stay(upto: int) -> None:
            for start, end in staying.take(upto - len(now)):
                parts.extend(self._cut(whole, known, start, end))
                now.extend(lengths[start:end])

        for place, key in new.items():
            stay(place)
            piece = self.piece(after, after.dossier.facts[key], url)
            parts += [piece] if piece else []
            now.append(len(piece))
        stay(len(after.members("all")))
        opening = self.reopened(bytes(whole[: known.opening]), touched)
        between: list[bytes | memoryview] = [self.between] * max(0, 2 * len(parts) - 1)
        between[::2] = parts
        return [opening, *between, self.closing], Pieces(len(opening), now)

    def _end(self, known: Pieces, count: int) -> int:
        """Where the last of so many pieces ends."""
        some = known.lengths[:count]
        shown = count - some.count(0)
        return known.opening + sum(some) + len(self.between) * max(0, shown - 1)

    def _cut(self, whole: memoryview, known: Pieces, start: int, end: int) -> Iterator[memoryview]:
        """Some pieces that stand side by side, with what is between them; nothing when all are empty."""
        some = known.lengths[start:end]
        if len(some) > some.count(0):
            stop = self._end(known, end)
            size = sum(some) + len(self.between) * (len(some) - some.count(0) - 1)
            yield whole[stop - size : stop]


class _Stretches:
    """The pieces that stay, in order: all but some, in stretches without a gap."""

    def __init__(self, count: int, but: list[int]) -> None:
        self._ends = [*but, count]
        self._at = 0

    def take(self, count: int) -> Iterator[tuple[int, int]]:
        """The next so many. Raises `Stale` where there are not as many."""
        while count:
            end = self._ends[0]
            if self._at == end:
                if len(self._ends) == 1:
                    raise Stale
                self._at = self._ends.pop(0) + 1
                continue
            stop = min(end, self._at + count)
            yield self._at, stop
            count -= stop - self._at
            self._at = stop


def _places(shelves: Shelves, keys: Set[str]) -> dict[int, str]:
    """The places of some facts among all, those that are there, in order."""
    facts, members = shelves.dossier.facts, shelves.members("all")
    there = ((bisect_left(members, member(facts[key], "own")), key) for key in keys if key in facts)
    return dict(sorted(there))
