"""What `stat` tells of many files at once, in columns: read, compared and written in one go.

A build looks at tens of thousands of files. As columns they are one text and one run of numbers, which are
compared as such; only where two differ does anyone look at single files.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from generator.aside import Claims
from generator.cached import cached_property
from generator.workers import chunks

#: Size in bytes, modification time in nanoseconds, inode, change time in nanoseconds.
Seen: TypeAlias = tuple[int, int, int, int]

_END = "\0"  # stands in no path
_EACH = 4
_ROW = 8 * _EACH
_SIGNED = 1 << 63


def seen(stat: os.stat_result) -> Seen:
    """What tells a file from one that was changed."""
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_ctime_ns)


class Gone:
    """What stands for the stat of a file that has none: a link to nothing, or one gone by now."""

    st_size: Final = -1
    st_mtime_ns: Final = 0
    st_ino: Final = 0
    st_ctime_ns: Final = 0


class Stats(Struct, frozen=True, array_like=True, dict=True):
    """Files by path, each with what `stat` told of it."""

    #: Every path, ended by a zero character.
    paths: str = ""
    #: Four signed 64-bit integers for each, as in `Seen`, in the byte order of this machine.
    numbers: bytes = b""

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths.split(_END)[:-1])

    def __len__(self) -> int:
        return len(self.numbers) // _ROW

    def row(self, at: int) -> Seen:
        """What `stat` told of the file in a row."""
        size, modified, inode, changed = self._counted[_EACH * at : _EACH * (at + 1)]
        return size, modified, inode, changed

    @cached_property
    def _counted(self) -> array[int]:
        return array("q", self.numbers)

    def counting(self) -> Counting:
        """A copy to be changed."""
        return Counting(self, self._counted[:])

    @property
    def mark(self) -> int:
        """A check sum (CRC-32) that tells these files and their times from others."""
        return zlib.crc32(self.numbers, zlib.crc32(self.paths.encode("utf-8", "surrogateescape")))

    @property
    def latest(self) -> int:
        """The latest time at which any file was made or changed, in nanoseconds; 0 where there is none."""
        n = self._counted
        return max(max(n[at::_EACH], default=0) for at in (1, 3))

    @property
    def rows(self) -> dict[str, int]:
        """The row of each file, by path."""
        return _rows(self.paths)

    @cached_property
    def by_path(self) -> dict[str, Seen]:
        """What `stat` told, by path."""
        n = self._counted
        return dict(zip(self, zip(*(n[at::_EACH] for at in range(_EACH)), strict=True), strict=True))


def differing(one: Stats, other: Stats) -> set[str]:
    """Paths of files that only one of two has, or of which the system told each something else."""
    if one.paths != other.paths:
        mine, theirs = one.by_path, other.by_path
        return {path for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path)}
    rows = list(_rows_apart(one.numbers, other.numbers, 0))
    paths = [*one] if rows else []
    return {paths[row] for row in rows}


def _rows_apart(one: bytes, other: bytes, first: int) -> Iterator[int]:
    """The rows that differ, counted from `first`: few, so they are sought by halves."""
    if one == other:
        return
    rows = len(one) // _ROW
    if rows <= 1:
        yield first
        return
    half = rows // 2
    yield from _rows_apart(one[: half * _ROW], other[: half * _ROW], first)
    yield from _rows_apart(one[half * _ROW :], other[half * _ROW :], first + half)


@lru_cache(maxsize=2)  # of files that come and go there are few; their times change all the time
def _rows(paths: str) -> dict[str, int]:
    return {path: row for row, path in enumerate(paths.split(_END)[:-1])}


class Counting:
    """Stats in the making; of some that are there, only what changes is taken apart."""

    def __init__(self, of: Stats | None = None, numbers: array[int] | None = None) -> None:
        self._of = of
        self._paths: list[str] | None = None if of else []
        self._numbers = numbers or array("q")

    def add(self, path: str, told: Seen) -> None:
        """Take in a file after the others."""
        paths = self._all()
        paths.append(path)
        try:
            self._numbers.extend(told)
        except OverflowError:  # some file systems count inodes through all 64 bits
            del self._numbers[_EACH * (len(paths) - 1) :]
            self._numbers.extend(_signed(told))

    def insert(self, at: int, path: str, told: Seen) -> None:
        """Take in a file before the one in a row."""
        self._all().insert(at, path)
        self._numbers[_EACH * at : _EACH * at] = array("q", _signed(told))

    def put(self, at: int, told: Seen) -> None:
        """Take in the file in a row as it is now."""
        self._numbers[_EACH * at : _EACH * (at + 1)] = array("q", _signed(told))

    def remove(self, at: int) -> None:
        """Leave out the file in a row."""
        del self._all()[at], self._numbers[_EACH * at : _EACH * (at + 1)]

    def _all(self) -> list[str]:
        if self._paths is None:
            self._paths = list(self._of or ())
        return self._paths

    def done(self) -> Stats:
        """What was taken in."""
        paths = self._of.paths if self._of and self._paths is None else _END.join([*self._all(), ""])
        return Stats(paths, self._numbers.tobytes())


def _signed(told: Iterable[int]) -> list[int]:
    return [(number + _SIGNED) % (2 * _SIGNED) - _SIGNED for number in told]


class Standing:
    """Whether every file of a folder is as it was; links are not followed.

    A process beside this one looks at them too, when it asks for `rest` (see `aside`).
    """

    #: Fewest files that one process takes at once.
    _FEW = 512

    def __init__(self, folder: str, wanted: Stats) -> None:
        self._folder = f"{folder}/"
        self._wanted = wanted.numbers
        self._parts = chunks([*wanted], 2, self._FEW)
        self._claims = Claims(len(self._parts))

    def look(self) -> bool:
        """Whether all those stand that nobody else took."""
        return all(map(self._stand, self._claims))

    def rest(self) -> bool:
        """Whether all those stand that `look` leaves; for a task done aside."""
        return all(map(self._stand, self._claims.rest()))

    def _stand(self, number: int) -> bool:
        folder, lstat, part = self._folder, os.lstat, self._parts[number]
        try:
            numbers = _columns([lstat(folder + path) for path in part])
        except OSError:
            return False
        start = _ROW * number * len(self._parts[0])  # all parts but the last are as long as the first
        return numbers == self._wanted[start : start + _ROW * len(part)]


def of(files: Iterable[tuple[str, Seen]]) -> Stats:
    """Stats of files with what was told of each."""
    told = [*files]
    return Stats(_paths([path for path, _ in told]), _numbers([n for _, each in told for n in each]))


def listed(paths: Sequence[str], told: Sequence[os.stat_result | Gone]) -> Stats:
    """Stats of files with what the system told of each."""
    return Stats(_paths(paths), _columns(told))


def _paths(paths: Sequence[str]) -> str:
    return _END.join([*paths, ""])


def _columns(told: Sequence[os.stat_result | Gone]) -> bytes:
    # In one go, without a call for each: there may be tens of thousands.
    return _numbers([n for s in told for n in (s.st_size, s.st_mtime_ns, s.st_ino, s.st_ctime_ns)])


def _numbers(told: list[int]) -> bytes:
    try:
        return array("q", told).tobytes()
    except OverflowError:  # some file systems count inodes through all 64 bits
        return array("q", _signed(told)).tobytes()
