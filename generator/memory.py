"""What builds remember in `.factsheet/`: files of ours that may be lost, or damaged, at any time.

Losing one costs the next build time and never correctness. So what cannot be written is not remembered, and
what is damaged, by as little as one bit, was never there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zlib
from pathlib import Path
from typing import TypeVar

import msgspec

from generator.aside import write_all

T = TypeVar("T")

FOLDER = ".factsheet"
_CHECK = 4


def place(root: Path, output: Path, what: str) -> Path:
    """The file that remembers something of one output: a build elsewhere has its own."""
    return root / FOLDER / f"{what}-{hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:16]}"


def remember(file: Path, data: bytes) -> None:
    """Write a file as one step. Where nothing can be written, such as in a read-only site, it is lost."""
    fresh = file.with_name(f"{file.name}.new")  # one name, so that a killed build leaves nothing for ever
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(fresh, "wb", 0) as opened:  # in two calls, so that megabytes are not copied before
            write_all(opened.fileno(), zlib.crc32(data).to_bytes(_CHECK))
            write_all(opened.fileno(), data)
        fresh.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()


def recall(file: Path) -> bytes:
    """What `remember` wrote; nothing when it is not there or not as it was written."""
    return bytes(_recalled(file))


def _recalled(file: Path) -> memoryview:
    try:
        data = memoryview(file.read_bytes())
    except OSError:
        return memoryview(b"")
    # A flipped bit may still be well-formed, and would make us believe something else.
    is_sound = zlib.crc32(data[_CHECK:]).to_bytes(_CHECK) == data[:_CHECK]
    return data[_CHECK:] if is_sound else memoryview(b"")


def recall_as(file: Path, kind: type[T]) -> T | None:
    """A value that `remember` wrote as MessagePack; None when there is none, or one of another shape."""
    try:
        return msgspec.msgpack.decode(_recalled(file), type=kind)
    except msgspec.DecodeError:
        return None
