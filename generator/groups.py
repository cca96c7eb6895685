"""Groups: which shelf a fact or source stands on. A page is made from the groups it reads.

Every fact names the groups it belongs to by itself, without looking at any other fact. So the function that
fills all groups for a clean build also tells which groups an edited fact leaves and joins, and there is no
second graph of dependencies to keep in step.

| group | holds |
|---|---|
| `all ""` | every fact |
| `actor ID`, `topic ID`, `source ID` | facts with the actor, of the topic, resting on the source |
| `via ID`, `credited ID` | facts whose words came by way of the actor, sources that credit it |
| `dated ID` | facts whose date rests on words of the source, and nothing else of them does |
| `date KEY` | facts of the day, month or year (role `own`), and plans due then (`due`) |
| `near YYYY-MM` | facts dated more coarsely than a day, over four months at most, that touch the month |
| `wide YYYY` | facts dated more coarsely than that, whose time touches the year; not decades, see `undated` |
| `published KEY` | sources published on the day, month or year |
| `undated ""` | facts whose date is on no page: decades, unknown dates |
| `told WORD` | facts with something that few have (see `TOLD`); `added`: those with that day, in its order |
| `mentions ID` | facts whose note may lead to the entry |
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Literal, TypeAlias

from msgspec import Struct

from generator import edtf
from generator.content import Fact, Source

Role: TypeAlias = Literal["own", "due", "added"]
GroupName: TypeAlias = Literal[
    "all",
    "actor",
    "via",
    "credited",
    "topic",
    "source",
    "dated",
    "date",
    "near",
    "wide",
    "published",
    "undated",
    "told",
    "mentions",
]
Group: TypeAlias = tuple[GroupName, str]

#: What a page or a file for machines asks for by name, so that nobody looks through all facts for it.
TOLD: Mapping[str, Callable[[Fact], object]] = {
    "plan": lambda fact: fact.kind == "plan",
    "disputed": lambda fact: fact.status == "disputed",
    "contradicts": lambda fact: fact.relations.get("contradicts"),
    "changes": lambda fact: fact.changes,
}
#: What looks like a link to an entry; in code it is none, which makes the group no smaller than it must be.
MENTION = re.compile(r"\[\[([^\[\]]+)\]\]")
#: A date that touches at most this many months counts as near; coarser ones are counted, not listed.
NEAR = 4
#: The key of a group that is the only one of its name.
_ALL = ("",)


class Member(Struct, frozen=True, order=True, array_like=True):
    """An entry on a shelf, in the order of its date, equal dates by id."""

    #: Sorts only, and is never shown.
    key: tuple[int, ...]
    id: str
    role: Role = "own"


def of_fact(fact: Fact) -> list[tuple[Group, Role]]:
    """The groups a fact belongs to, and as what."""
    others = [((name, key), role) for name, key, role in _as_others(fact)]
    return [((name, key), "own") for name, keys in _as_own(fact) for key in keys] + others


def _as_own(fact: Fact) -> list[tuple[GroupName, Iterable[str]]]:
    """The groups in which a fact stands by its own date: names, each with keys."""
    sources = dict.fromkeys([e.source for e in fact.evidence])
    found: list[tuple[GroupName, Iterable[str]]] = [
        ("all", _ALL),
        ("actor", [ref.id for ref in fact.cast]),
        ("via", dict.fromkeys([actor for e in fact.evidence for actor in e.via])),
        ("topic", fact.topics),
        ("source", sources),
        *_of_date(fact.date),
        ("told", [word for word, told in TOLD.items() if told(fact)]),
    ]
    if fact.dating and fact.dating.source and fact.dating.source not in sources:
        found.append(("dated", (fact.dating.source,)))
    if "[[" in fact.note:
        found.append(("mentions", dict.fromkeys(MENTION.findall(fact.note))))
    return found


def _as_others(fact: Fact) -> Iterator[tuple[GroupName, str, Role]]:
    """The groups in which a fact stands by another date, each with its key."""
    if fact.due:
        for key in edtf.parse(fact.due).pages:
            yield "date", key, "due"
    if fact.added:
        yield "told", "added", "added"


@lru_cache(maxsize=1 << 16)
def _of_date(text: str) -> tuple[tuple[GroupName, tuple[str, ...]], ...]:
    """The groups of a date: its pages and where it could fall, or none of these."""
    date = edtf.parse(text)
    if not date.pages:
        return (("undated", _ALL),)
    around = dict.fromkeys(_around(date))
    return (("date", date.pages), *((name, (key,)) for name, key in around))


def of_source(source: Source) -> Iterator[Group]:
    """The groups a source belongs to: the pages of its date of publication, and whom it credits."""
    for actor in source.origin:
        yield "credited", actor
    for key in edtf.parse(source.published).pages:
        yield "published", key


def _around(date: edtf.Edtf) -> Iterator[Group]:
    """Where a date coarser than a day could fall without standing there; a set, where its members could."""
    if date.members:
        for member in date.members:
            yield from _around(member)
        return
    first, last = date.earliest, date.latest
    if first is None or last is None or first == last:
        return
    if (last[0] - first[0]) * 12 + last[1] - first[1] < NEAR:
        year, month = first[0], first[1]
        while (year, month) <= last[:2]:
            yield "near", f"{edtf.year_key(year)}-{month:02d}"
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    elif last[0] - first[0] <= edtf.SPANNED:
        for year in range(first[0], last[0] + 1):
            yield "wide", edtf.year_key(year)


def member(fact: Fact, role: Role) -> Member:
    """A fact as it stands in a group in a role: in the order of the date that the role is about."""
    date = edtf.parse(fact.due if role == "due" else fact.date).sort_key
    return Member((*edtf.parse(fact.added).sort_key, *date) if role == "added" else date, fact.id, role)


def of_published(source: Source) -> Member:
    """A source as it stands in its groups."""
    return Member(edtf.parse(source.published).sort_key, source.id)


def fill(facts: Iterable[Fact], sources: Iterable[Source]) -> Mapping[Group, tuple[Member, ...]]:
    """All groups of a dossier, each in the order of dates."""
    filled: defaultdict[GroupName, defaultdict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    # Where facts come in the order of their dates, most groups are in order as they fill.
    ordered = sorted(((member(fact, "own"), fact) for fact in facts), key=itemgetter(0))
    #: Groups that took in something else than facts by their own date.
    mixed: set[Group] = set()
    for own, fact in ordered:
        for name, keys in _as_own(fact):
            named = filled[name]
            for key in keys:
                named[key].append(own)
        for name, key, role in _as_others(fact):
            mixed.add((name, key))
            filled[name][key].append(member(fact, role))
    for source in sources:
        published = of_published(source)
        for name, key in of_source(source):
            mixed.add((name, key))
            filled[name][key].append(published)
    groups: dict[Group, tuple[Member, ...]] = {}
    for name, named in sorted(filled.items()):
        for key, members in sorted(named.items()):
            group = (name, key)
            groups[group] = tuple(sorted(members) if group in mixed else members)
    return groups
