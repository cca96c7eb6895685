"""What `stat` tells of many files at once, in columns: read, compared and written in one go.

A build looks at tens of thousands of files. As columns they are one text and one run of numbers, which are
compared as such; only where two differ does anyone look at single files.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TypeAlias

from msgspec import Struct

#: Size in bytes, modification time in nanoseconds, inode, change time in nanoseconds.
Seen: TypeAlias = tuple[int, int, int, int]

_END = "\0"  # stands in no path
_EACH = 4
_SIGNED = 1 << 63


def seen(stat: os.stat_result) -> Seen:
    """What tells a file from one that was changed."""
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_ctime_ns)


class Stats(Struct, frozen=True, array_like=True, dict=True):
    """Files by path, each with what `stat` told of it."""

    #: Every path, ended by a zero character.
    paths: str = ""
    #: Four signed 64-bit integers for each, as in `Seen`, in the byte order of this machine.
    numbers: bytes = b""

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths.split(_END)[:-1])

    def __len__(self) -> int:
        return len(self.numbers) // (8 * _EACH)

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
        return max((*n[1::_EACH], *n[3::_EACH]), default=0)

    @property
    def rows(self) -> dict[str, int]:
        """The row of each file, by path."""
        return _rows(self.paths)

    @cached_property
    def by_path(self) -> dict[str, Seen]:
        """What `stat` told, by path."""
        n = self._counted
        return dict(zip(self, zip(*(n[at::_EACH] for at in range(_EACH)), strict=True), strict=True))


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


def _signed(told: Seen) -> list[int]:
    return [(number + _SIGNED) % (2 * _SIGNED) - _SIGNED for number in told]


def stand(folder: str, wanted: Stats) -> bool:
    """Whether every file of a folder is as it was; links are not followed."""
    now = Counting()
    try:
        for path in wanted:
            now.add(path, seen(os.lstat(f"{folder}/{path}")))
    except OSError:
        return False
    return now.done().numbers == wanted.numbers


def of(files: Iterable[tuple[str, Seen]]) -> Stats:
    """Stats of files with what was told of each."""
    counting = Counting()
    for path, told in files:
        counting.add(path, told)
    return counting.done()
