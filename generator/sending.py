"""What a host lacks of a site, and in which order it is sent.

In: files by path, here and there. Out: values; nothing is sent here. The order keeps the site there whole
whenever it breaks off: a page is sent after all that it links to, and taken away after all that links to it.

1. A manifest that names the files of both sites, and which of them are about to change: whatever stops us,
   the next run tells our files from strangers', and what was sent from what was not.
2. Files that are no more, where folders of the new site are to stand.
3. Files that pages load or link to, and new pages: nothing there leads to them yet.
4. Changed pages, and changed lists for machines (feeds, data), which name pages.
5. The home page where there was none: without it nobody comes in.
6. The manifest of the new site, which names what is to be taken away beside its files.
7. What is no more: nothing there leads to it any longer.
8. Files that stand where a folder stood until then; where there are any, 6 is left out.
9. The manifest of the new site alone.

Within a stage the order is free, so a target may send many files at once. There are few of them, since each
costs a host a round of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from generator import manifest

HOME = "index.html"
#: Bytes of a file that are held at a time.
_PIECE = 8_000_000
#: A file at a target that says: somebody is publishing here.
LOCK = ".factsheet-publishing"


#: Is told of files, by their number, as they are sent.
Sent: TypeAlias = Callable[[int], None]


def nobody(files: int) -> None:
    """Where nobody is to be told."""


class Refused(Exception):
    """A target that cannot be used, in words for the person at the terminal."""


class File(Struct, frozen=True):
    """A file of a site."""

    #: SHA-256 of its bytes, hexadecimal; empty where it is not known and is not that of the file here.
    sha256: str
    #: In bytes.
    size: int


class Built(Struct, frozen=True):
    """The site here, as it was built."""

    folder: Path
    #: Its files by path, the manifest left out.
    files: dict[str, File]

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises `Refused` where they are not those that were looked at."""
        return b"".join(self.pieces(path))

    def pieces(self, path: str) -> Iterator[bytes]:
        """The bytes of a file one after the other, so that none need be held as a whole.

        Raises `Refused` at their end where they are not those that were looked at.
        """
        digest = hashlib.sha256()
        with open(f"{self.folder}/{path}", "rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                yield piece
                if len(piece) < _PIECE:
                    break
        if digest.hexdigest() != self.files[path].sha256:
            raise changed_meanwhile(path)

    @property
    def listing(self) -> bytes:
        """Its manifest."""
        return manifest.dumps({path: file.sha256 for path, file in self.files.items()})


def changed_meanwhile(path: str) -> Refused:
    """What is said when a build runs beside us."""
    return Refused(f"{path} changed while the site was sent; publish again when the build is done")


class Found(Struct, frozen=True):
    """What is at a target."""

    #: Files of ours that stand there, by path, the manifest left out.
    ours: dict[str, File] = {}
    #: Digests by path as the manifest there lists them.
    listed: dict[str, str] = {}
    #: Everything else there, which is left alone.
    others: frozenset[str] = frozenset()
    #: Whether somebody began to publish there and did not come to the end.
    broken_off: bool = False
    #: Whether somebody is publishing there, or was when it broke off.
    taken: bool = False
    #: The bytes of the manifest there.
    listing: bytes | None = None


class Change(Struct, frozen=True):
    """A file to send or to take away."""

    path: str
    #: In bytes: what is sent, or what is taken away.
    size: int


class Plan(Struct, frozen=True):
    """What makes the site there the site here; each in the order of the paths."""

    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    #: Whether the manifest there is other than the one here.
    relisted: bool

    @property
    def is_empty(self) -> bool:
        """Whether the site there is the site here already."""
        return not (self.added or self.changed or self.removed or self.relisted)


class Stage(Struct, frozen=True):
    """Paths that may be sent, or taken away, in any order and at once."""

    paths: tuple[str, ...]
    #: Whether they are taken away.
    gone: bool = False


def compare(here: Mapping[str, File], found: Found) -> Plan:
    """Work out what a target lacks; `here` are the files of the site, the manifest left out."""
    there = found.ours
    other = sorted(path for path, file in here.items() if path in there and there[path].sha256 != file.sha256)
    return Plan(
        added=tuple(Change(path, here[path].size) for path in sorted(here.keys() - there.keys())),
        changed=tuple(Change(path, here[path].size) for path in other),
        removed=tuple(Change(path, there[path].size) for path in sorted(there.keys() - here.keys())),
        relisted=found.broken_off or found.listed != {path: file.sha256 for path, file in here.items()},
    )


def stages(plan: Plan) -> tuple[Stage, ...]:
    """What is to be done, in order; none of them is empty.

    A file in the place of a folder, or the other way round, is the one thing that cannot be done without a
    moment in which neither is there. Where the folder held pages, links to these are gone by then.
    """
    new = {change.path for change in plan.added}
    gone = {change.path for change in plan.removed}
    leading = {folder for path in new for folder in folders_of(path)}
    emptied = {folder for path in gone for folder in folders_of(path)}
    late = new & emptied
    sent = {change.path for change in (*plan.added, *plan.changed)} - late

    def rank(path: str) -> int:
        if path in new:
            return 2 if path == HOME else 0
        return 1 if path.endswith(".html") or _names_pages(path) else 0

    ranked: list[list[str]] = [[] for _ in range(3)]
    # A target that takes one after the other shows a page when what it loads is there.
    for path in sorted(sent, key=lambda path: (path.endswith(".html"), path)):
        ranked[rank(path)].append(path)
    after = sorted(gone - leading, key=lambda path: (not path.endswith(".html"), path))
    found = (
        Stage(tuple(sorted(gone & leading)), gone=True),
        *(Stage(tuple(paths)) for paths in ranked),
        Stage(tuple(after), gone=True),
        Stage(tuple(sorted(late))),
    )
    return tuple(stage for stage in found if stage.paths)


def announcement(here: Mapping[str, File], found: Found, plan: Plan) -> bytes:
    """The manifest of both sites while one becomes the other."""
    both = {**found.listed, **{path: file.sha256 for path, file in here.items()}}
    return manifest.dumps(both, [change.path for change in (*plan.added, *plan.changed)])


def farewell(here: Mapping[str, File], plan: Plan) -> bytes:
    """The manifest of the new site while files that are no more of it are taken away."""
    gone = [change.path for change in plan.removed]
    return manifest.dumps({path: file.sha256 for path, file in here.items()}, gone=gone)


def from_listing(
    built: Built,
    sizes: Mapping[str, int],
    listing: bytes | None,
    same: Callable[[Sequence[str]], Collection[str]],
    *,
    known: bool = False,
) -> Found:
    """What is at a host that lists files with their sizes, in bytes, and not with their digests.

    `listing`: the manifest there, which is believed but for what it says itself not to be sure of; `same`:
    asks the host which of some files are the ones here; `known`: whether asking is for free, so that it is
    asked for every file.
    """
    listed = manifest.loads(listing) if listing is not None else None
    named = listed.owned if listed else {}
    unsure = listed.unsure if listed else frozenset()
    others = sizes.keys() - named.keys() - {LOCK}
    if listed:
        others = others - {manifest.NAME}
    alike = [
        path
        for path in sorted(named.keys() & sizes.keys() & built.files.keys())
        if sizes[path] == built.files[path].size
    ]
    asked = [path for path in alike if known or path in unsure]
    believed = () if known else (p for p in alike if p not in unsure and named[p] == built.files[p].sha256)
    equal = {*believed, *(same(asked) if asked else ())}
    ours = {
        path: built.files[path] if path in equal else File("", max(size, 0))
        for path, size in sizes.items()
        if path in named
    }
    broken_off = listed is not None and not listed.is_final
    return Found(ours, named, frozenset(others), broken_off, LOCK in sizes, listing)


def in_the_way(paths: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    """Strangers' files where a file or a folder of ours is to stand, in order."""
    if not others:
        return ()
    wanted = set(paths)
    leading = {folder for path in wanted for folder in folders_of(path)}
    return tuple(
        sorted(o for o in others if o in wanted or o in leading or not wanted.isdisjoint(folders_of(o)))
    )


def render_text(plan: Plan) -> str:
    """The plan for a person at a terminal: a line for each file, then the sums."""
    lines = [f"{kind:<8} {c.path} ({in_words(c.size)})" for kind, changes in _kinds(plan) for c in changes]
    return "\n".join((*lines, sums(plan)))


def sums(plan: Plan) -> str:
    """How many files there are of each kind, with their sizes together."""
    return ", ".join(
        f"{len(changes)} {kind} ({in_words(sum(c.size for c in changes))})" for kind, changes in _kinds(plan)
    )


def _kinds(plan: Plan) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    return ("added", plan.added), ("changed", plan.changed), ("removed", plan.removed)


def in_words(size: int) -> str:
    """A size in bytes as people read it, in decimal units (ISO 80000-13)."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def _names_pages(path: str) -> bool:
    return path.startswith("data/") or path.endswith((".xml", ".txt"))


def folders_of(path: str) -> Iterable[str]:
    """The folders that a path lies in, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path
