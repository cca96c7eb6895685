"""What a build remembers: for each file it wrote, from what it came and what stands on disk.

Private to `.factsheet/`; losing it costs time and never correctness, since every answer it gives is checked
against the output itself. A state that other code of ours left is ignored, never migrated. How the files
were left is kept once, in the note of the scan, and the state is of use only together with it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import stat
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar, overload

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator import manifest, memory, scan, stats
from generator.stats import Seen, Stats, seen

T = TypeVar("T")

_PACKAGE = Path(__file__).parent
#: Bytes of a digest, and of the fingerprint of a page (see `render.Renderer.fingerprint`).
DIGEST, PRINT = 32, 56


class Kept(Struct, frozen=True):
    """One file of the last site."""

    #: Fingerprint of the page it was rendered from; empty for files that are not pages.
    fingerprint: bytes
    #: SHA-256 of its bytes, hexadecimal.
    sha256: str
    #: As the file was left.
    seen: Seen


class Files(Mapping[str, Kept]):
    """The files of a site by path, in order, each put together when it is asked for.

    Digests and fingerprints stand in columns, as long as each other: a row is found without taking the column
    apart, and changed in its place.
    """

    def __init__(self, stats: Stats, digests: bytes, prints: bytes) -> None:
        self.stats = stats
        self.digests = digests
        self.prints = prints
        self._paths = list(stats)

    @staticmethod
    def of(files: Mapping[str, Kept]) -> Files:
        """The same files, in order."""
        rows = [(path, files[path]) for path in sorted(files)]
        return Files(
            stats.of((path, kept.seen) for path, kept in rows),
            bytes.fromhex("".join([kept.sha256 for _, kept in rows])),
            b"".join([_print(kept.fingerprint) for _, kept in rows]),
        )

    @property
    def are_whole(self) -> bool:
        """Whether there is a digest and a fingerprint for each file."""
        rows = len(self._paths)
        return len(self.digests) == DIGEST * rows and len(self.prints) == PRINT * rows

    def _row(self, path: object) -> int:
        """The row of a path; -1 when there is none."""
        if not isinstance(path, str):
            return -1
        at = bisect_left(self._paths, path)
        return at if at < len(self._paths) and self._paths[at] == path else -1

    @overload
    def get(self, path: str, /) -> Kept | None: ...
    @overload
    def get(self, path: str, default: Kept | T, /) -> Kept | T: ...
    def get(self, path: str, default: object = None, /) -> object:
        """As any mapping has it; at no cost in a whole build, where nothing is known of any file."""
        return self._kept(row) if self._paths and (row := self._row(path)) >= 0 else default

    def __getitem__(self, path: str) -> Kept:
        row = self._row(path)
        if row < 0:
            raise KeyError(path)
        return self._kept(row)

    def _kept(self, row: int) -> Kept:
        found = self.prints[PRINT * row : PRINT * (row + 1)]
        digest = self.digests[DIGEST * row : DIGEST * (row + 1)]
        return Kept(found if any(found) else b"", digest.hex(), self.stats.row(row))

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return self._row(path) >= 0

    def changed(self, now: Mapping[str, Kept], gone: set[str]) -> Files:
        """These files with some changed or added, and some gone."""
        digests, prints, counting = bytearray(self.digests), bytearray(self.prints), self.stats.counting()
        paths = self._paths
        # Rows that stay are changed in their place: after a whole build an edit links every file anew.
        for path, kept in now.items():
            row = self._row(path)
            if row >= 0:
                digests[DIGEST * row : DIGEST * (row + 1)] = bytes.fromhex(kept.sha256)
                prints[PRINT * row : PRINT * (row + 1)] = _print(kept.fingerprint)
                counting.put(row, kept.seen)
        added = [path for path in now if self._row(path) < 0]
        if gone or added:
            paths = paths[:]
        for path in gone:
            at = bisect_left(paths, path)
            del paths[at], digests[DIGEST * at : DIGEST * (at + 1)], prints[PRINT * at : PRINT * (at + 1)]
            counting.remove(at)
        for path in added:
            at, kept = bisect_left(paths, path), now[path]
            paths.insert(at, path)
            digests[DIGEST * at : DIGEST * at] = bytes.fromhex(kept.sha256)
            prints[PRINT * at : PRINT * at] = _print(kept.fingerprint)
            counting.insert(at, path, kept.seen)
        return Files(counting.done(), bytes(digests), bytes(prints))


def _print(fingerprint: bytes) -> bytes:
    return fingerprint or bytes(PRINT)


class State(Struct, frozen=True):
    """The last site written to one output folder."""

    files: Files = field(default_factory=lambda: Files(Stats(), b"", b""))
    #: What turned views into bytes (see `maker`).
    maker: str = ""


class _Packed(Struct, frozen=True, kw_only=True):
    """A state on disk."""

    #: The output folder, absolute: when it is gone, so is the use of this.
    output: str
    maker: str
    #: The mark of the stats that this belongs to (see `Stats.mark`).
    mark: int
    digests: bytes
    prints: bytes


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
    note = scan.last(root, output)
    state = recall(root, output, note) if note else None
    return state if state and state.maker == maker() else State()


def recall(root: Path, output: Path, note: scan.Note) -> State | None:
    """The state that belongs to a note, whose maker is known to be at work still; None when there is none."""
    packed = memory.recall_as(memory.place(root, output, "state"), _Packed)
    if packed is None or packed.mark != note.outputs.mark:
        return None
    files = Files(note.outputs, packed.digests, packed.prints)
    return State(files, packed.maker) if files.are_whole else None


def save(root: Path, output: Path, state: State, note: scan.Note) -> tuple[State, scan.Note]:
    """Remember what stands in an output, and of which scan; a state without a maker is of this one."""
    state, note = State(state.files, state.maker or maker()), replace(note, outputs=state.files.stats)
    packed = _Packed(
        output=str(output.resolve()),
        maker=state.maker,
        mark=note.outputs.mark,
        digests=state.files.digests,
        prints=state.files.prints,
    )
    memory.remember(memory.place(root, output, "state"), msgspec.msgpack.encode(packed))
    scan.save(root, output, note)
    return state, note


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


def keep(output: Path, path: str, fingerprint: bytes, sha256: str, told: Seen | None = None) -> Kept:
    """What to remember of a file that now stands in the output, as was `told` when it was written."""
    if told is None:
        told = seen(os.stat(f"{output}/{path}", follow_symlinks=False))
    return Kept(fingerprint, sha256, told)
