"""What a build remembers: for each file it wrote, from what it came and what stands on disk.

Private to `.factsheet/`; losing it costs time and never correctness, since every answer it gives is checked
against the output itself. A state of another version of ours is ignored, never migrated.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import __version__

FOLDER = ".factsheet"


class Kept(Struct, frozen=True, array_like=True):
    """One file of the last site."""

    #: Fingerprint of the page it was rendered from; empty for files that are not pages.
    fingerprint: str
    #: SHA-256 of its bytes.
    sha256: str
    #: Size in bytes, modification time in nanoseconds, inode and change time, as the file was left.
    size: int
    mtime: int
    inode: int
    ctime: int


class State(Struct, frozen=True):
    """The last site written to one output folder."""

    version: str = __version__
    files: dict[str, Kept] = {}


def _file(root: Path, output: Path) -> Path:
    # One state for each output, so that a build elsewhere does not forget the first.
    name = hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:16]
    return root / FOLDER / f"state-{name}"


def load(root: Path, output: Path) -> State:
    """The state of the last build into an output; an empty one when there is none that can be used."""
    try:
        state = msgspec.msgpack.decode(_file(root, output).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return State()
    return state if state.version == __version__ else State()


def save(root: Path, output: Path, state: State) -> None:
    """Replace the state as one step."""
    file = _file(root, output)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    fresh.write_bytes(msgspec.msgpack.encode(state))
    fresh.replace(file)


def intact(output: Path, path: str, kept: Kept) -> bool:
    """Whether a file still stands as it was written, judged by its size, times and inode."""
    try:
        now = os.stat(output / path, follow_symlinks=False)
    except OSError:
        return False
    seen = (now.st_size, now.st_mtime_ns, now.st_ino, now.st_ctime_ns)
    return seen == (kept.size, kept.mtime, kept.inode, kept.ctime)


def keep(output: Path, path: str, fingerprint: str, sha256: str) -> Kept:
    """What to remember of a file that now stands in the output."""
    now = os.stat(output / path, follow_symlinks=False)
    return Kept(fingerprint, sha256, now.st_size, now.st_mtime_ns, now.st_ino, now.st_ctime_ns)
