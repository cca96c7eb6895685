"""What a host lacks of a site, and in which order it is sent.

In: files by path, here and there. Out: values; nothing is read or sent here. The order keeps the site there
whole whenever it breaks off: a page is sent after all that it links to, and taken away after all that links
to it.

1. Where the host does not know every path of both sites for ours, a manifest that names both: whatever
   stops us, the next run tells our files from strangers'.
2. Files that pages load or link to, then new pages: nothing there leads to them yet.
3. Changed pages, the home page last of all; then changed lists for machines (feeds, data), which name pages.
4. Pages that are no more, then other files that are no more.
5. The manifest of the new site alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from generator import manifest

HOME = "index.html"


class File(Struct, frozen=True):
    """A file of a site."""

    #: SHA-256 of its bytes, hexadecimal.
    sha256: str
    #: In bytes.
    size: int


class Found(Struct, frozen=True):
    """What is at a target."""

    #: Files of ours that stand there, by path, the manifest left out.
    ours: dict[str, File] = {}
    #: Digests by path as the manifest there lists them.
    listed: dict[str, str] = {}
    #: Everything else there, which is left alone.
    others: frozenset[str] = frozenset()


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


def compare(here: Mapping[str, File], found: Found) -> Plan:
    """Work out what a target lacks; `here` are the files of the site, the manifest left out."""
    there = found.ours
    return Plan(
        added=tuple(Change(p, f.size) for p, f in sorted(here.items()) if p not in there),
        changed=tuple(
            Change(p, f.size) for p, f in sorted(here.items()) if p in there and there[p].sha256 != f.sha256
        ),
        removed=tuple(Change(p, f.size) for p, f in sorted(there.items()) if p not in here),
        relisted=found.listed != {path: file.sha256 for path, file in here.items()},
    )


def to_send(plan: Plan) -> tuple[str, ...]:
    """The paths to send, in order."""
    new = {change.path for change in plan.added}

    def rank(path: str) -> int:
        if path == HOME:
            return 3
        if path.endswith(".html"):
            return 1 if path in new else 2
        return 4 if path not in new and _names_pages(path) else 0

    return tuple(sorted((c.path for c in (*plan.added, *plan.changed)), key=lambda path: (rank(path), path)))


def to_remove(plan: Plan) -> tuple[str, ...]:
    """The paths to take away, in order: pages before what they load."""
    return tuple(sorted((c.path for c in plan.removed), key=lambda path: (not path.endswith(".html"), path)))


def announcement(here: Mapping[str, File], found: Found) -> bytes | None:
    """The manifest of both sites; None where the one that is there names all their paths already."""
    if here.keys() <= found.listed.keys():
        return None
    return manifest.dumps({**found.listed, **{path: file.sha256 for path, file in here.items()}})


def in_the_way(paths: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    """Strangers' files where a file or a folder of ours is to stand, in order."""
    wanted = set(paths)
    leading = {folder for path in wanted for folder in _folders(path)}
    return tuple(
        sorted(o for o in others if o in wanted or o in leading or not wanted.isdisjoint(_folders(o)))
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


def _folders(path: str) -> Iterable[str]:
    while path := path.rpartition("/")[0]:
        yield path
