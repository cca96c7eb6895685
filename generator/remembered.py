"""What a build remembers of the dossier it was made from, so that an edit of facts need not read the rest.

In: a linked dossier and what was worked out for the whole of it. Out: the same dossier, whose entries,
quotes, relations and groups are read from the store (`store`) when somebody asks for them.
"""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from generator import memory, store
from generator.check import Asker
from generator.content import Actor, Fact, Question, Site, Source, Topic
from generator.dossier import Dossier, Kind
from generator.groups import MENTION, Group, Member
from generator.located import LocatedFact, LocatedSource
from generator.problems import Pointer, Problem
from generator.read import Entered, Prose
from generator.relations import Relation
from generator.shelves import Extent, Known, Outline, Shelves
from generator.store import Damaged, Store, Table
from generator.views import FactCard, SiteView, SourcesView

T = TypeVar("T")
#: The row that holds what concerns the whole.
_HEAD = "head"


class Warned(Struct, frozen=True, array_like=True):
    """A warning that the site stands with."""

    #: What found it.
    asker: Asker
    #: As it was found, pointing to an entry: an edit above it moves its line.
    problem: Problem
    #: As it is shown, with its line; None: it is not among those shown.
    shown: Problem | None


class Head(Struct, frozen=True, kw_only=True):
    """What concerns the whole dossier and the site made from it."""

    #: SHA-256 of the manifest of the site it belongs to: another site has another store.
    site_made: str
    site: Site
    warnings: tuple[Warned, ...]
    checked: dict[str, int]
    against_texts: int
    against_lock: int
    #: Ids of each content file with facts, in the order written.
    files: dict[str, tuple[str, ...]]
    #: Old ids of facts.
    formerly: frozenset[str]
    #: Ids that texts of actors, topics and sources lead to, and those that prose leads to.
    mentioned: frozenset[str]
    in_prose: frozenset[str]
    #: Whether a text leads to a page of the site by its path.
    linked: bool
    #: Ids of facts that are drafts.
    drafts: frozenset[str]
    static: frozenset[str]
    #: What each page template asks for, and the digest of each (see `render.Theme`).
    shown: dict[str, frozenset[str]]
    digests: dict[str, bytes]
    #: Ids of all sources, in order of publication.
    source_order: tuple[str, ...]
    #: Actors that belong to an actor (see `shelves.Shelves`).
    parts_of: dict[str, list[str]]
    #: Digest of what every page shares (`views.SiteView`).
    shared: bytes = b""


class Changes(Struct, frozen=True, kw_only=True):
    """What an edit of facts changes; None: it is gone."""

    facts: Mapping[str, Entered[Fact] | None]
    located: Mapping[str, LocatedFact | None]
    relations: Mapping[str, tuple[Relation, ...] | None]
    groups: Mapping[Group, tuple[Member, ...] | None]
    calendar: Mapping[str, tuple[str, str] | None]


NO_CHANGES = Changes(facts={}, located={}, relations={}, groups={}, calendar={})


def shared(site: SiteView) -> bytes:
    """The digest of what every page shares."""
    return hashlib.sha256(msgspec.msgpack.encode(site)).digest()


def mentions(texts: Iterable[str]) -> frozenset[str]:
    """Ids that some texts may lead to."""
    return frozenset(key for text in texts if "[[" in text for key in MENTION.findall(text))


def _decoder(type_: Any) -> Callable[[bytes], Any]:
    return msgspec.msgpack.Decoder(type_).decode


_DECODERS: dict[str, Callable[[bytes], Any]] = {
    _HEAD: _decoder(Head),
    "actor": _decoder(Entered[Actor]),
    "source": _decoder(Entered[Source]),
    "topic": _decoder(Entered[Topic]),
    "question": _decoder(Entered[Question]),
    "fact": _decoder(Entered[Fact]),
    "prose": _decoder(Prose),
    "located": _decoder(LocatedFact),
    "measures": _decoder(LocatedSource),
    "relations": _decoder(tuple[Relation, ...]),
    "reporters": _decoder(frozenset[str]),
    "groups": _decoder(tuple[Member, ...]),
    "calendar": _decoder(tuple[str, str]),
    "card": _decoder(FactCard),
    "pieces": _decoder(bytes),
    "outlines": _decoder(list[Outline]),
    "extents": _decoder(dict[str, Extent]),
}
#: Rows that outlines stand in: few enough to be read at once, so many that an edit writes a small part anew.
_OUTLINES = 64


def place(root: Path, output: Path) -> Path:
    """The file of the store that belongs to an output."""
    return memory.place(root, output, "dossier")


def keep(file: Path, shelves: Shelves, mark: bytes, pieces: Mapping[str, bytes]) -> None:
    """Remember a dossier whole, but for what concerns the whole: without that it is of no use yet.

    `pieces`: how long the pieces of files that list facts are (see `exports`).
    """
    d = shelves.dossier

    def entered(kind: Kind, values: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
        return store.rows({key: Entered(value, d.pointers[kind, key]) for key, value in values.items()})

    groups = {_named(group): members for group, members in shelves.groups.items()}
    counted = bool(d.site.lists) or shelves.shows("rows", SourcesView)
    store.write(
        file,
        {
            _HEAD: (),
            "actor": entered("actor", d.actors),
            "source": entered("source", d.sources),
            "topic": entered("topic", d.topics),
            "question": entered("question", d.questions),
            "fact": entered("fact", d.facts),
            "prose": store.rows(d.prose),
            "located": store.rows(d.located),
            "measures": store.rows(d.measures),
            "relations": store.rows(d.relations),
            "reporters": store.rows(d.reporters),
            "groups": store.rows(groups),
            "calendar": store.rows(shelves.calendar),
            "card": store.rows({key: shelves.card(key) for key in d.facts}),
            "pieces": store.rows(pieces),
            "outlines": store.rows(_parted(map(shelves.outline, d.facts))),
            # Where no page tells it of every source, it would cost more than it saves.
            "extents": store.rows({"": {key: shelves.extent(key) for key in d.sources}} if counted else {}),
        },
        mark,
    )


def finish(file: Path, head: Head, mark: bytes) -> None:
    """Remember what concerns the whole of a dossier that `keep` remembers by the same mark."""
    with contextlib.suppress(Damaged):  # nothing could be written
        kept = Store(file)
        if kept.mark == mark:  # else it is an earlier one, which says nothing of this head
            kept.change({_HEAD: {"": msgspec.msgpack.encode(head)}})


class Remembered:
    """A dossier as a build left it. Raises `store.Damaged` when it cannot be read, at any time."""

    def __init__(self, file: Path) -> None:
        self._store = Store(file)
        #: Rows of each table that were decoded: the dossier before an edit and after it share them.
        self._decoded: dict[str, dict[str, Any]] = {}
        self._outlines = _Outlines(self._table("outlines"))
        row = self._store.row(_HEAD, "")
        if row is None:
            raise Damaged(str(file))
        try:
            self.head: Head = _DECODERS[_HEAD](row)
        except msgspec.DecodeError as error:
            raise Damaged(str(file)) from error

    def dossier(self, changes: Changes = NO_CHANGES, texts: Mapping[str, str] | None = None) -> Dossier:
        """The dossier, with changes over it."""
        groups = self.groups(changes)

        def in_order() -> Iterable[str]:
            return (member.id for member in groups.get(("all", ""), ()))

        entered: Table[Entered[Fact]] = self._table("fact", changes.facts)
        return Dossier(
            site=self.head.site,
            actors=_Values(self._table("actor")),
            sources=_Values(self._table("source")),
            topics=_Values(self._table("topic")),
            questions=_Values(self._table("question")),
            prose=self._table("prose"),
            facts=_Values(entered, in_order),
            located=self._table("located", changes.located, in_order),
            measures=self._table("measures"),
            full_texts={} if texts is None else texts,
            relations=self._table("relations", changes.relations),
            reporters=self._table("reporters"),
            pointers=_Pointers(self, entered),
            static=self.head.static,
            drafts=frozenset(("fact", key) for key in self.head.drafts),
            unread=frozenset(),
            broken=frozenset(),
        )

    def shelves(
        self, changes: Changes = NO_CHANGES, url: str = "", texts: Mapping[str, str] | None = None
    ) -> Shelves:
        """The shelves of the dossier, with changes over it; `texts` are those that may be shown in full."""
        shelves = Shelves(self.dossier(changes, texts), self.head.shown, url, self.groups(changes))
        shelves.source_order = {key: at for at, key in enumerate(self.head.source_order)}
        shelves.parts_of = self.head.parts_of
        shelves.calendar = self._table("calendar", changes.calendar)
        return shelves

    def fact(self, key: str) -> Entered[Fact]:
        """A fact, and where it is written."""
        return self._table("fact")[key]  # type: ignore[no-any-return]

    def groups(self, changes: Changes = NO_CHANGES) -> Mapping[Group, tuple[Member, ...]]:
        """The groups of the dossier, with changes over it."""
        return _Groups(self._table("groups", {_named(g): m for g, m in changes.groups.items()}))

    def pointer(self, kind: Kind, key: str) -> Pointer:
        """Where an entry is written."""
        return self._table(kind)[key].pointer  # type: ignore[no-any-return]

    def known(self) -> Known:
        """What was made of all facts and found of all sources."""
        return Known(self._table("card"), self._outlines, self._table("extents").get("", {}))

    def pieces(self) -> Mapping[str, bytes]:
        """How long the pieces of files that list facts are."""
        return self._table("pieces")

    def change(
        self,
        head: Head,
        changes: Changes,
        shown: Mapping[str, tuple[FactCard, Outline] | None],
        pieces: Mapping[str, bytes],
        extents: Mapping[str, Extent],
    ) -> None:
        """Remember what an edit changed, what lists show of facts and the pieces of files among it."""
        encode = msgspec.msgpack.Encoder().encode
        named: dict[str, Mapping[str, Any]] = {
            _HEAD: {"": head},
            "fact": changes.facts,
            "located": changes.located,
            "relations": changes.relations,
            "groups": {_named(group): members for group, members in changes.groups.items()},
            "calendar": changes.calendar,
            "card": {key: each and each[0] for key, each in shown.items()},
            "pieces": pieces,
            "outlines": self._outlines.changed({key: each and each[1] for key, each in shown.items()}),
            "extents": {"": {**known, **extents}} if (known := self.known().extents) else {},
        }
        self._store.change(
            {
                table: {key: None if value is None else encode(value) for key, value in rows.items()}
                for table, rows in named.items()
            }
        )
        for table, rows in named.items():
            self._decoded.setdefault(table, {}).update(rows)
        self.head = head

    def _table(
        self,
        name: str,
        changes: Mapping[str, Any] | None = None,
        order: Callable[[], Iterable[str]] | None = None,
    ) -> Table[Any]:
        known = self._decoded.setdefault(name, {})
        return Table(self._store, name, _DECODERS[name], changes, order, known)


class _Values(Mapping[str, T]):
    """Entries without the places they are written at."""

    def __init__(self, entered: Table[Entered[T]], order: Callable[[], Iterable[str]] | None = None) -> None:
        self._entered = entered
        self._order = order

    def __getitem__(self, key: str) -> T:
        return self._entered[key].value

    def __contains__(self, key: object) -> bool:
        return key in self._entered

    def __iter__(self) -> Iterator[str]:
        return iter(self._order()) if self._order else iter(self._entered)

    def __len__(self) -> int:
        return len(self._entered)


class _Outlines(Mapping[str, Outline]):
    """Outlines by the ids of facts, many to a row."""

    def __init__(self, rows: Mapping[str, list[Outline]]) -> None:
        self._rows = rows
        self._read: dict[str, dict[str, Outline]] = {}

    def __getitem__(self, key: str) -> Outline:
        return self._row(_row(key))[key]

    def _row(self, name: str) -> dict[str, Outline]:
        row = self._read.get(name)
        if row is None:
            row = self._read[name] = {each.id: each for each in self._rows.get(name, ())}
        return row

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError  # whoever wants all has a group of all facts

    def __len__(self) -> int:
        raise NotImplementedError

    def changed(self, now: Mapping[str, Outline | None]) -> dict[str, list[Outline]]:
        """Take in what an edit changed; the rows that this changes."""
        for key, each in now.items():
            row = self._row(_row(key))
            if each:
                row[key] = each
            else:
                row.pop(key, None)
        return {name: [*self._read[name].values()] for name in sorted(map(_row, now))}


def _row(key: str) -> str:
    """The row that the outline of a fact stands in."""
    return str(zlib.crc32(key.encode()) % _OUTLINES)


def _parted(outlines: Iterable[Outline]) -> dict[str, list[Outline]]:
    rows: dict[str, list[Outline]] = {}
    for each in outlines:
        rows.setdefault(_row(each.id), []).append(each)
    return dict(sorted(rows.items()))


class _Pointers(Mapping[tuple[Kind, str], Pointer]):
    """Where each entry is written."""

    def __init__(self, remembered: Remembered, facts: Table[Entered[Fact]]) -> None:
        self._remembered = remembered
        self._facts = facts

    def __getitem__(self, key: tuple[Kind, str]) -> Pointer:
        kind, name = key
        return self._facts[name].pointer if kind == "fact" else self._remembered.pointer(kind, name)

    def __iter__(self) -> Iterator[tuple[Kind, str]]:
        raise NotImplementedError  # nobody asks for all of them, and it would read every row

    def __len__(self) -> int:
        raise NotImplementedError


class _Groups(Mapping[Group, tuple[Member, ...]]):
    """Groups by name and key."""

    def __init__(self, rows: Table[tuple[Member, ...]]) -> None:
        self._rows = rows

    def __getitem__(self, group: Group) -> tuple[Member, ...]:
        return self._rows[_named(group)]

    def __contains__(self, group: object) -> bool:
        return isinstance(group, tuple) and _named(group) in self._rows

    def __iter__(self) -> Iterator[Group]:
        for name in self._rows:
            group, _, key = name.partition(" ")
            yield group, key  # type: ignore[misc]  # written by `_named`

    def __len__(self) -> int:
        return len(self._rows)


def _named(group: Group) -> str:
    return " ".join(group)
