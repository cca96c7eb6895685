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
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from generator import __version__, memory
from generator.result import Result

#: Size in bytes, modification time in nanoseconds, inode, change time in nanoseconds.
Seen: TypeAlias = tuple[int, int, int, int]
#: File systems keep times in steps of up to two seconds (FAT); an edit within one shows in none of them.
_TICK = 2_000_000_000
_PACKAGE = Path(__file__).parent


class Found(Struct, frozen=True):
    """What a site is made from, as it was at one moment."""

    #: Every file that may be read, by absolute path.
    inputs: dict[str, Seen]
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
    outputs: dict[str, Seen]
    #: What it told; its warnings are told again while they stand.
    result: Result


def options(**given: object) -> tuple[str, ...]:
    """What beside files decides the bytes of a build."""
    libraries = sorted(p for p in sys.path if p.endswith("-packages") and os.path.isdir(p))
    # Whatever is installed or brought up to date shows in the times of these folders.
    installed = (f"{folder}@{os.stat(folder).st_mtime_ns}" for folder in libraries)
    return (__version__, sys.version, *installed, *(f"{key}={value}" for key, value in sorted(given.items())))


def inputs(root: Path, texts: Path | None) -> dict[str, Seen]:
    """Every file a build of this site may read, by absolute path; our own code is one of its inputs."""
    found: dict[str, Seen] = {}
    default = _PACKAGE / "templates"
    templates = [root / "templates", *([] if default.is_dir() else [_PACKAGE.parent / "templates"])]
    folders = [root / "content", _PACKAGE, *([texts] if texts else [])]
    for folder in dict.fromkeys(os.path.abspath(f) for f in folders):
        found.update(_below(folder))
    for folder in dict.fromkeys(os.path.abspath(f) for f in templates):
        found.update(_below(folder, (os.path.realpath(folder),)))
    site = os.path.abspath(root / "site.yaml")
    with contextlib.suppress(OSError):  # its absence is told when it is read
        found[site] = seen(os.stat(site))
    return found


def _below(folder: str, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Seen]]:
    """Files below a folder; what links lead to is what is read.

    Templates are read through folders that are links as well: `above` are then the real folders that the
    way here led through, so that no link leads round in circles. Content is not.
    """
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return  # no such folder: an input that appears later is seen then
    for entry in listed:
        if entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, above)
            continue
        if above and entry.is_dir() and (real := os.path.realpath(entry.path)) not in above:
            yield from _below(entry.path, (*above, real))
            continue
        try:
            yield entry.path, seen(entry.stat())
        except OSError:
            yield entry.path, (-1, 0, 0, 0)  # a link to nothing, or gone since


def seen(stat: os.stat_result) -> Seen:
    """What tells a file from one that was changed."""
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_ctime_ns)


def outputs(output: Path, paths: Iterator[str] | list[str]) -> dict[str, Seen] | None:
    """The files of the output by path, or None when one of them is not there."""
    base = os.fspath(output)
    found = {}
    for path in paths:
        try:
            found[path] = seen(os.lstat(f"{base}/{path}"))
        except OSError:
            return None
    return found


def look(root: Path, texts: Path | None) -> Found:
    """What a site is made from now."""
    return _found(inputs(root, texts))


def _found(now: dict[str, Seen]) -> Found:
    # What was saved just now may be saved again within the same step of the file system's clock.
    edge = time.time_ns() - _TICK
    fresh = {p: _digest(p) for p, (_, modified, _, changed) in now.items() if max(modified, changed) > edge}
    return Found(now, fresh)


def still(found: Found, root: Path, texts: Path | None) -> bool:
    """Whether all that may be edited while a build runs is as it was found; our code is loaded already."""
    ours = f"{_PACKAGE}{os.sep}"
    now = inputs(root, texts)
    moved = (path for path in now.keys() | found.inputs if now.get(path) != found.inputs.get(path))
    return all(path.startswith(ours) for path in moved) and _same_bytes(found)


def still_some(found: Found, paths: Iterable[str]) -> bool:
    """Whether some inputs, by absolute path, are as they were found."""
    for path in paths:
        try:
            if seen(os.stat(path)) != found.inputs.get(path):
                return False
        except OSError:
            if path in found.inputs:
                return False
        if path in found.fresh and _digest(path) != found.fresh[path]:
            return False
    return True


def _same_bytes(found: Found) -> bool:
    return all(_digest(path) == digest for path, digest in found.fresh.items())


class Moves(Struct, frozen=True):
    """What is other than the last build left it; without a note, nothing is known of that."""

    #: Of a build whose output is as it was left.
    note: Note | None = None
    #: What the site is made from now.
    found: Found = Found({})
    #: Inputs that are new, gone, or other than they were.
    inputs: frozenset[str] = frozenset()


def last(root: Path, output: Path) -> Note | None:
    """What the last build into an output left; None where that is not known."""
    return memory.recall_as(_file(root, output), Note)


def moves(root: Path, output: Path, given: tuple[str, ...], note: Note | None = None) -> Moves:
    """What moved since the last build, where that build is known and its output is as it was.

    `note` is what that build left, where it is at hand.
    """
    note = note or last(root, output)
    if note is None or note.options != given:
        return Moves()
    now, then = inputs(root, Path(note.texts) if note.texts else None), note.found.inputs
    if outputs(output, list(note.outputs)) != note.outputs or any(map(os.path.lexists, beside(output))):
        return Moves()
    moved = () if now == then else (p for p in now.keys() | then.keys() if now.get(p) != then.get(p))
    racy = (path for path, digest in note.found.fresh.items() if _digest(path) != digest)
    return Moves(note, _found(now), frozenset((*moved, *racy)))


def unchanged(moves: Moves) -> Result | None:
    """What the last build told, when a build now would find nothing to do; nothing is written then."""
    if moves.note is None or moves.inputs:
        return None
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
