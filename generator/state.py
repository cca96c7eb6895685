"""What a build remembers: for each file it wrote, from what it came and what stands on disk.

Private to `.factsheet/`; losing it costs time and never correctness, since every answer it gives is checked
against the output itself. A state that other code of ours left is ignored, never migrated.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import manifest, memory
from generator.scan import Seen, seen

_PACKAGE = Path(__file__).parent


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

    @property
    def seen(self) -> Seen:
        """As the scan sees a file that is as it was left."""
        return self.size, self.mtime, self.inode, self.ctime


class State(Struct, frozen=True):
    """The last site written to one output folder."""

    files: dict[str, Kept] = {}
    #: The folder, absolute: when it is gone, so is the use of this.
    output: str = ""
    #: What turned views into bytes (see `maker`).
    maker: str = ""


class _Of(Struct, frozen=True):
    """As much of a state as tells whose it is."""

    output: str = ""


@functools.cache
def maker() -> str:
    """What turns a view into bytes, as a digest: our own code, and the libraries that render."""
    from importlib.metadata import version  # slow to load, and an edit needs none of this

    digest = hashlib.sha256(f"{version('jinja2')} {version('markupsafe')}".encode())
    for file in sorted(_PACKAGE.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def load(root: Path, output: Path) -> State:
    """The state of the last build into an output; an empty one when there is none that can be used."""
    state = recall(root, output)
    return state if state and state.maker == maker() else State()


def recall(root: Path, output: Path) -> State | None:
    """The state of the last build, whose maker is known to be at work still; None when there is none."""
    return memory.recall_as(memory.place(root, output, "state"), State)


def save(root: Path, output: Path, files: Mapping[str, Kept], made_by: str = "") -> State:
    """Remember what stands in an output; `made_by` is the maker, where it is known."""
    state = State(dict(files), str(output.resolve()), made_by or maker())
    memory.remember(memory.place(root, output, "state"), msgspec.msgpack.encode(state))
    return state


def forget(root: Path) -> None:
    """Remove what is remembered of outputs that are gone."""
    with contextlib.suppress(OSError):  # another build may do the same at the same time
        for file in (root / memory.FOLDER).glob("state-*"):
            of = memory.recall_as(file, _Of)  # None: under way or damaged, and replaced by the next build
            if of and not os.path.isdir(of.output):
                file.unlink()
                for other in (root / memory.FOLDER).glob(f"*-{file.name.partition('-')[2]}*"):
                    shutil.rmtree(other) if other.is_dir() else other.unlink()


def intact(output: Path, path: str, kept: Kept) -> bool:
    """Whether a file still has the bytes it was written with: by its size, times and inode, else by reading.

    A build that failed or was killed after it had made links changed times, and no bytes.
    """
    try:
        now = os.stat(output / path, follow_symlinks=False)
        if seen(now) == kept.seen:
            return True
        return stat.S_ISREG(now.st_mode) and manifest.digest((output / path).read_bytes()) == kept.sha256
    except OSError:
        return False


def keep(output: Path, path: str, fingerprint: str, sha256: str) -> Kept:
    """What to remember of a file that now stands in the output."""
    now = os.stat(f"{output}/{path}", follow_symlinks=False)
    return Kept(fingerprint, sha256, *seen(now))
