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

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from generator import manifest, memory, scan, stats
from generator.stats import Seen, Stats, seen

_PACKAGE = Path(__file__).parent
_END = "\n"  # stands in no digest


class Kept(Struct, frozen=True):
    """One file of the last site."""

    #: Fingerprint of the page it was rendered from; empty for files that are not pages.
    fingerprint: str
    #: SHA-256 of its bytes.
    sha256: str
    #: As the file was left.
    seen: Seen


class Files(Mapping[str, Kept]):
    """The files of a site by path, in order, each put together when it is asked for."""

    def __init__(self, stats: Stats, sha256: list[str], prints: list[str]) -> None:
        self.stats = stats
        self._paths = list(stats)
        self._sha256 = sha256
        self._prints = prints
        self._rows = {path: row for row, path in enumerate(self._paths)}

    @staticmethod
    def of(files: Mapping[str, Kept]) -> Files:
        """The same files, in order."""
        rows = [(path, files[path]) for path in sorted(files)]
        told = stats.of((path, kept.seen) for path, kept in rows)
        return Files(told, [kept.sha256 for _, kept in rows], [kept.fingerprint for _, kept in rows])

    def __getitem__(self, path: str) -> Kept:
        row = self._rows[path]
        return Kept(self._prints[row], self._sha256[row], self.stats.row(row))

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def digests(self) -> dict[str, str]:
        """SHA-256 of each file by its path, in the order of the paths."""
        return dict(zip(self._paths, self._sha256, strict=True))

    def columns(self) -> tuple[str, str]:
        """Digests and fingerprints, each ended by a line end."""
        return _joined(self._sha256), _joined(self._prints)

    def changed(self, now: Mapping[str, Kept], gone: set[str]) -> Files:
        """These files with some changed or added, and some gone."""
        paths, sha256, prints = self._paths[:], self._sha256[:], self._prints[:]
        counting = self.stats.counting()
        # Rows that stay are changed in their place: after a whole build an edit links every file anew.
        for path in now.keys() & self._rows.keys():
            row, kept = self._rows[path], now[path]
            sha256[row], prints[row] = kept.sha256, kept.fingerprint
            counting.put(row, kept.seen)
        for path in gone:
            at = bisect_left(paths, path)
            del paths[at], sha256[at], prints[at]
            counting.remove(at)
        for path in now.keys() - self._rows.keys():
            at, kept = bisect_left(paths, path), now[path]
            paths.insert(at, path)
            sha256.insert(at, kept.sha256)
            prints.insert(at, kept.fingerprint)
            counting.insert(at, path, kept.seen)
        return Files(counting.done(), sha256, prints)


def _joined(column: list[str]) -> str:
    return _END.join([*column, ""])


def _parted(joined: str) -> list[str]:
    return joined.split(_END)[:-1]


class State(Struct, frozen=True):
    """The last site written to one output folder."""

    files: Files = field(default_factory=lambda: Files(Stats(), [], []))
    #: What turned views into bytes (see `maker`).
    maker: str = ""


class _Packed(Struct, frozen=True, kw_only=True):
    """A state on disk."""

    #: The output folder, absolute: when it is gone, so is the use of this.
    output: str
    maker: str
    #: The mark of the stats that this belongs to (see `Stats.mark`).
    mark: int
    sha256: str
    prints: str


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
    return State(Files(note.outputs, _parted(packed.sha256), _parted(packed.prints)), packed.maker)


def save(root: Path, output: Path, state: State, note: scan.Note) -> tuple[State, scan.Note]:
    """Remember what stands in an output, and of which scan; a state without a maker is of this one."""
    state, note = State(state.files, state.maker or maker()), replace(note, outputs=state.files.stats)
    sha256, prints = state.files.columns()
    place = str(output.resolve())
    packed = _Packed(output=place, maker=state.maker, mark=note.outputs.mark, sha256=sha256, prints=prints)
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


def keep(output: Path, path: str, fingerprint: str, sha256: str, told: Seen | None = None) -> Kept:
    """What to remember of a file that now stands in the output, as was `told` when it was written."""
    if told is None:
        told = seen(os.stat(f"{output}/{path}", follow_symlinks=False))
    return Kept(fingerprint, sha256, told)
