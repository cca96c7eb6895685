"""A store of rows in named tables: opened without being read, and each row read only when somebody asks.

One file is written whole and then only read; a second, small one holds what changed since, until it has
grown so large that the first is written anew. Every row has a check sum of its own, for it lives where
files may be damaged at any time (see `memory`): a row that is not as it was written raises `Damaged`.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from generator import memory

T = TypeVar("T")
#: Rows by table and key, as bytes; None: the row is gone.
Rows: TypeAlias = dict[str, dict[str, bytes | None]]

_MAGIC = b"rows-3\r\n"
#: A mark that no other store has, the check sum of the index, and its length in bytes.
_MARK, _SUM, _LENGTH = 8, 4, 8
_HEAD = len(_MAGIC) + _MARK + _SUM + _LENGTH
#: The part of the first file that the second may grow to before both become one.
_LARGE = 8


class Damaged(Exception):
    """A row is not as it was written."""


class _Index(Struct, frozen=True, array_like=True):
    """The index of one table: columns of numbers in the byte order of this machine, used where they stand.

    Nothing of it is taken apart when a store is opened: a key is found by its check sum.
    """

    #: All keys, one after the other, in the order of the rows; and where each ends, in bytes.
    keys: bytes
    ends: bytes
    #: Where each row ends in the file, and its check sum (CRC-32).
    bounds: bytes
    sums: bytes
    #: The check sums of the keys in order, and the row of each.
    hashes: bytes
    rows: bytes


_DECODER = msgspec.msgpack.Decoder(dict[str, _Index])
_CHANGES = msgspec.msgpack.Decoder(tuple[bytes, dict[str, dict[str, bytes | None]]])


class Store:
    """Rows by table and key. Raises `Damaged` when opened on what is no store, or on half of one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            with open(file, "rb") as opened:
                self._data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Damaged(str(file)) from error
        head = self._data[:_HEAD]
        length = int.from_bytes(head[-_LENGTH:], "big")
        index = self._data[_HEAD : _HEAD + length]
        self.mark = head[len(_MAGIC) : len(_MAGIC) + _MARK]
        if (
            head[: len(_MAGIC)] != _MAGIC
            or zlib.crc32(index).to_bytes(_SUM, "big") != head[-_SUM - _LENGTH : -_LENGTH]
        ):
            raise Damaged(str(file))
        self._base = _HEAD + length
        self._tables = {name: _Found(each) for name, each in _DECODER.decode(index).items()}
        self._changed: Rows = {}
        if data := memory.recall(_beside(file)):
            mark, changed = _CHANGES.decode(data)
            # What changed since another first file says nothing of this one.
            self._changed = changed if mark == self.mark else {}

    def row(self, table: str, key: str) -> bytes | None:
        """The bytes of a row; None when there is none."""
        changed = self._changed.get(table)
        if changed is not None and key in changed:
            return changed[key]
        found = self._tables[table].span(key)
        if found is None:
            return None
        start, end, check = found
        data = self._data[self._base + start : self._base + end]
        if zlib.crc32(data) != check:
            raise Damaged(f"{table} {key}")
        return data

    def keys(self, table: str) -> Iterator[str]:
        """The keys of a table; those added later come last."""
        changed, known = self._changed.get(table, {}), self._tables[table]
        yield from (key for key in known if key not in changed or changed[key] is not None)
        yield from (key for key, row in changed.items() if row is not None and known.span(key) is None)

    def count(self, table: str) -> int:
        """How many keys a table has."""
        known = self._tables[table]
        changed = self._changed.get(table, {}).items()
        come = sum(row is not None and known.span(key) is None for key, row in changed)
        return len(known) + come - sum(row is None and known.span(key) is not None for key, row in changed)

    def has(self, table: str, key: str) -> bool:
        """Whether there is such a row; nothing is read."""
        changed = self._changed.get(table, {})
        return changed[key] is not None if key in changed else self._tables[table].span(key) is not None

    def change(self, rows: Rows) -> None:
        """Take in changed rows, and write them beside the others."""
        for table, changed in rows.items():
            self._changed.setdefault(table, {}).update(changed)
        data = msgspec.msgpack.encode((self.mark, self._changed))
        if len(data) * _LARGE < len(self._data):
            memory.remember(_beside(self._file), data)
        else:
            write(self._file, {table: self._all(table) for table in self._tables}, mark())

    def _all(self, table: str) -> Iterator[tuple[str, bytes]]:
        for key in self.keys(table):
            row = self.row(table, key)
            assert row is not None
            yield key, row


class _Found:
    """The index of a table, by key."""

    def __init__(self, index: _Index) -> None:
        self._keys = index.keys
        self._ends, self._bounds = memoryview(index.ends).cast("I"), memoryview(index.bounds).cast("Q")
        self._sums, self._rows = memoryview(index.sums).cast("I"), memoryview(index.rows).cast("I")
        self._hashes = memoryview(index.hashes).cast("I")

    def __len__(self) -> int:
        return len(self._sums)

    def __iter__(self) -> Iterator[str]:
        return (self._key(row).decode(errors="surrogatepass") for row in range(len(self)))

    def _key(self, row: int) -> bytes:
        return self._keys[self._ends[row - 1] if row else 0 : self._ends[row]]

    def span(self, key: str) -> tuple[int, int, int] | None:
        """Where a row begins and ends, and its check sum; None when there is none."""
        wanted = key.encode(errors="surrogatepass")
        sum_ = zlib.crc32(wanted)
        at = bisect_left(self._hashes, sum_)
        while at < len(self._hashes) and self._hashes[at] == sum_:
            row = self._rows[at]
            if self._key(row) == wanted:
                return self._bounds[row], self._bounds[row + 1], self._sums[row]
            at += 1  # another key with the same check sum
        return None


def _index(keys: Sequence[bytes], bounds: array[int], sums: array[int]) -> _Index:
    # Check sum and row as one number each, which is sorted in half the time that pairs take.
    hashed = sorted([zlib.crc32(key) << 32 | row for row, key in enumerate(keys)])
    return _Index(
        b"".join(keys),
        array("I", accumulate(map(len, keys))).tobytes(),
        bounds.tobytes(),
        sums.tobytes(),
        array("I", [each >> 32 for each in hashed]).tobytes(),
        array("I", [each & 0xFFFFFFFF for each in hashed]).tobytes(),
    )


def mark() -> bytes:
    """What tells a store from all others, even from one of the same rows: drawn by lot."""
    return os.urandom(_MARK)


def write(file: Path, tables: Mapping[str, Iterable[tuple[str, bytes]]], marked: bytes) -> None:
    """Write a store whole, as one step. Where nothing can be written the one before stays (see `memory`)."""
    index = {}
    parts: list[bytes] = []
    at = 0
    for name, pairs in tables.items():
        keys, rows = [], []
        for key, row in pairs:
            keys.append(key.encode("utf-8", "surrogatepass"))
            rows.append(row)
        bounds = array("Q", accumulate(map(len, rows), initial=at))
        index[name] = _index(keys, bounds, array("I", map(zlib.crc32, rows)))
        at = bounds[-1]
        parts += rows
    packed = msgspec.msgpack.encode(index)
    head = _MAGIC + marked + zlib.crc32(packed).to_bytes(_SUM, "big") + len(packed).to_bytes(_LENGTH, "big")
    fresh = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(fresh, "wb") as opened:
            opened.writelines([head, packed, *parts])
        fresh.replace(file)
        _beside(file).unlink(missing_ok=True)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.changes")


class Table(Mapping[str, T], Generic[T]):
    """One table as a mapping to values, each decoded once, when it is asked for; changes lie over it.

    `known` holds what was decoded, for all tables over the same rows to share. `order` gives the keys in the
    order in which a reader wants them, where that is not the store's.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        decode: Callable[[bytes], T],
        changes: Mapping[str, T | None] | None = None,
        order: Callable[[], Iterable[str]] | None = None,
        known: dict[str, T | None] | None = None,
    ) -> None:
        self._store = store
        self._name = name
        self._decode = decode
        self._known: dict[str, T | None] = {} if known is None else known
        self._changes = changes or {}
        over = self._changes.items()
        self._added = frozenset(k for k, v in over if v is not None and not store.has(name, k))
        self._gone = frozenset(k for k, v in over if v is None and store.has(name, k))
        self._order = order

    def __getitem__(self, key: str) -> T:
        if key in self._changes:
            value = self._changes[key]
        elif key in self._known:
            value = self._known[key]
        else:
            row = self._store.row(self._name, key)
            value = self._known[key] = None if row is None else self._decode(row)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, str):
            return False
        if key in self._changes:
            return self._changes[key] is not None
        return self._store.has(self._name, key)

    def __iter__(self) -> Iterator[str]:
        if self._order:
            return iter(self._order())
        kept = (key for key in self._store.keys(self._name) if key not in self._gone)
        return (key for keys in (kept, sorted(self._added)) for key in keys)

    def __len__(self) -> int:
        return self._store.count(self._name) + len(self._added) - len(self._gone)


def rows(values: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Values as rows for `write`."""
    encode = msgspec.msgpack.Encoder().encode
    return ((key, encode(value)) for key, value in values.items())
