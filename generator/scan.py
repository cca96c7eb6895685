"""The scan: has anything changed since the last build? Told from `stat` alone, before a parser is imported.

In: the folder of a site, its output, and what the last build noted. Out: the note, when every input and
every file of the output is still as it was; None when there is work to do. Whatever is in doubt is work:
a build that finds nothing to do costs time, one that overlooks an edit costs the reader's trust.

A file counts as unchanged when size, modification time, inode and change time are the same. A file that was
touched so shortly before the scan that a later edit could carry the same times (git calls it racily clean)
is compared by its bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import operator
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import __version__, memory, stats
from generator.aside import aside
from generator.result import Result
from generator.stats import Gone, Stats, seen

#: File systems keep times in steps of up to two seconds (FAT); an edit within one shows in none of them.
_TICK = 2_000_000_000
_PACKAGE = Path(__file__).parent
_NAME = operator.attrgetter("name")


class Found(Struct, frozen=True):
    """What a site is made from, as it was at one moment."""

    #: Every file that may be read, by absolute path.
    inputs: Stats = Stats()
    #: SHA-256 of those too fresh to be known by their times.
    fresh: dict[str, bytes] = {}


class Note(Struct, frozen=True, kw_only=True):
    """What a build leaves for the next scan."""

    #: What beside files decided its bytes.
    options: tuple[str, ...]
    #: What it was made from, as it was before it was read.
    found: Found
    #: The folder of saved texts, which the site may name; empty: none.
    texts: str = ""
    #: Every file of ours in the output, by path, as it was left.
    outputs: Stats = Stats()
    #: What it told; its warnings are told again while they stand.
    result: Result


def options(**given: object) -> tuple[str, ...]:
    """What beside files decides the bytes of a build."""
    libraries = sorted(p for p in sys.path if p.endswith("-packages") and os.path.isdir(p))
    # Whatever is installed or brought up to date shows in the times of these folders.
    installed = (f"{folder}@{os.stat(folder).st_mtime_ns}" for folder in libraries)
    return (__version__, sys.version, *installed, *(f"{key}={value}" for key, value in sorted(given.items())))


def inputs(root: Path, texts: Path | None) -> Stats:
    """Every file a build of this site may read, by absolute path; our own code is one of its inputs."""
    found = _Looked()
    default = _PACKAGE / "templates"
    templates = [root / "templates", *([] if default.is_dir() else [_PACKAGE.parent / "templates"])]
    folders = [root / "content", _PACKAGE, *([texts] if texts else [])]
    for folder in dict.fromkeys(os.path.abspath(f) for f in folders):
        _below(folder, found)
    for folder in dict.fromkeys(os.path.abspath(f) for f in templates):
        _below(folder, found, (os.path.realpath(folder),))
    site = os.path.abspath(root / "site.yaml")
    with contextlib.suppress(OSError):  # its absence is told when it is read
        found.told.append(os.stat(site))
        found.paths.append(site)
    return stats.listed(found.paths, found.told)


class _Looked:
    """Files that were looked at, and what the system told of each."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.told: list[os.stat_result | Gone] = []


def _below(folder: str, found: _Looked, above: tuple[str, ...] = ()) -> None:
    """Take in the files below a folder; what links lead to is what is read.

    Templates are read through folders that are links as well: `above` are then the real folders that the
    way here led through, so that no link leads round in circles. Content is not.
    """
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=_NAME)
    except OSError:
        return  # no such folder: an input that appears later is seen then
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                _below(entry.path, found, above)
            continue
        if above and entry.is_dir() and (real := os.path.realpath(entry.path)) not in above:
            _below(entry.path, found, (*above, real))
            continue
        found.paths.append(entry.path)
        try:
            found.told.append(entry.stat())
        except OSError:
            found.told.append(Gone())


def look(root: Path, texts: Path | None) -> Found:
    """What a site is made from now."""
    return _found(inputs(root, texts))


def _found(now: Stats) -> Found:
    # What was saved just now may be saved again within the same step of the file system's clock.
    edge = time.time_ns() - _TICK
    if now.latest <= edge:
        return Found(now)
    fresh = (p for p, (_, modified, _, changed) in now.by_path.items() if max(modified, changed) > edge)
    return Found(now, {path: _digest(path) for path in fresh})


def still(found: Found, root: Path, texts: Path | None) -> bool:
    """Whether all that may be edited while a build runs is as it was found; our code is loaded already."""
    ours = f"{_PACKAGE}{os.sep}"
    moved = stats.differing(inputs(root, texts), found.inputs)
    return all(path.startswith(ours) for path in moved) and not _rewritten(found)


def still_some(found: Found, paths: Iterable[str]) -> bool:
    """Whether some inputs, by absolute path, are as they were found."""
    rows = found.inputs.rows
    for path in paths:
        try:
            if path not in rows or seen(os.stat(path)) != found.inputs.row(rows[path]):
                return False
        except OSError:
            if path in rows:
                return False
        if path in found.fresh and _digest(path) != found.fresh[path]:
            return False
    return True


def _rewritten(found: Found) -> list[str]:
    """Files that were too fresh to be known by their times, and have other bytes now."""
    return [path for path, digest in found.fresh.items() if _digest(path) != digest]


class Moves:
    """What moved since the last build; without a note, nothing is known of that."""

    def __init__(
        self,
        note: Note | None = None,
        found: Found | None = None,
        inputs: frozenset[str] = frozenset(),
        intact: Callable[[], bool] = lambda: True,
    ) -> None:
        self.note = note
        #: What the site is made from now.
        self.found = found or Found()
        #: Inputs that are new, gone, or other than they were.
        self.inputs = inputs
        self._intact = intact

    def stand(self) -> bool:
        """Whether all is known: the last build, and that its output is as that left it."""
        return self.note is not None and self._intact()


def last(root: Path, output: Path) -> Note | None:
    """What the last build into an output left; None where that is not known."""
    return memory.recall_as(_file(root, output), Note)


def moves(root: Path, output: Path, given: tuple[str, ...], note: Note | None = None, jobs: int = 1) -> Moves:
    """What moved since the last build, where that build is known.

    `note` is what that build left, where it is at hand. With two jobs the output is looked through by another
    process, and waited for only when somebody asks whether it stands.
    """
    known = note or last(root, output)
    if known is None or known.options != given or any(map(os.path.lexists, beside(output))):
        return Moves()
    folder, wanted = os.fspath(output), known.outputs
    standing = stats.Standing(folder, wanted)
    rest = aside(lambda: b"intact" if standing.rest() else b"", jobs)

    @cache
    def intact() -> bool:
        return standing.look() and bool(rest())

    now = inputs(root, Path(known.texts) if known.texts else None)
    moved = stats.differing(now, known.found.inputs).union(_rewritten(known.found))
    found = _found(now)
    if not moved and len(found.fresh) < len(known.found.fresh) and intact():
        # They need not be read again each time.
        known = msgspec.structs.replace(known, found=found)
        save(root, output, known)
    return Moves(known, found, frozenset(moved), intact)


def heard(output: Path, given: tuple[str, ...], note: Note, paths: Iterable[str]) -> Moves | None:
    """What moved of the files that somebody heard of, by absolute path; None where that needs a look at all.

    It does when a file comes or goes. What nobody heard of is taken for unchanged: whoever builds from this
    looks at everything afterwards.
    """
    then = note.found.inputs
    if note.options != given or any(map(os.path.lexists, beside(output))):
        return None
    counting, fresh, moved = then.counting(), dict(note.found.fresh), set()
    for path in paths:
        row = then.rows.get(path)
        try:
            now = os.stat(path)
        except OSError:
            return None
        if row is None or not stat.S_ISREG(now.st_mode):
            return None
        digest = _digest(path)
        if seen(now) != then.row(row) or digest != fresh.get(path, digest):
            moved.add(path)
        counting.put(row, seen(now))
        fresh[path] = digest
    return Moves(note, Found(counting.done(), fresh), frozenset(moved))


def unchanged(moves: Moves) -> Result | None:
    """What the last build told, when a build now would find nothing to do; no page is written then."""
    if moves.inputs or not moves.stand():
        return None
    assert moves.note is not None
    return msgspec.structs.replace(moves.note.result, rendered=0, written=0, deleted=0)


def save(root: Path, output: Path, note: Note) -> None:
    """Leave a note."""
    memory.remember(_file(root, output), msgspec.msgpack.encode(note))


def _digest(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).digest()
    except OSError:
        return b""


def beside(output: Path) -> tuple[Path, Path]:
    """Where a new site is laid out, and where the old one waits when two renames must do; both are hidden."""
    place = output.resolve()
    return place.with_name(f".{place.name}.factsheet"), place.with_name(f".{place.name}.old.factsheet")


def _file(root: Path, output: Path) -> Path:
    return memory.place(root, output, "scan")
