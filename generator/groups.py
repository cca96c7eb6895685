"""Groups: which shelf a fact or source stands on. A page is made from the groups it reads.

Every fact names the groups it belongs to by itself, without looking at any other fact. So the function that
fills all groups for a clean build also tells which groups an edited fact leaves and joins, and there is no
second graph of dependencies to keep in step.

| group | holds |
|---|---|
| `all ""` | every fact |
| `actor ID`, `topic ID`, `source ID` | facts with the actor, of the topic, resting on the source |
| `via ID`, `credited ID` | facts whose words came by way of the actor, sources that credit it |
| `date KEY` | facts of the day, month or year (role `own`), and plans due then (`due`) |
| `near YYYY-MM` | facts dated more coarsely than a day, over four months at most, that touch the month |
| `wide YYYY` | facts dated more coarsely than that, whose time touches the year; not decades, see `undated` |
| `published KEY` | sources published on the day, month or year |
| `undated ""` | facts whose date is on no page: decades, unknown dates |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from generator import edtf
from generator.content import Fact, Source

Role: TypeAlias = Literal["own", "due"]
GroupName: TypeAlias = Literal[
    "all", "actor", "via", "credited", "topic", "source", "date", "near", "wide", "published", "undated"
]
Group: TypeAlias = tuple[GroupName, str]

#: A date that touches at most this many months counts as near; coarser ones are counted, not listed.
NEAR = 4


class Member(Struct, frozen=True, order=True):
    """An entry on a shelf, in the order of its date, equal dates by id."""

    #: Sorts only, and is never shown.
    key: tuple[int, ...]
    id: str
    role: Role = "own"


def of_fact(fact: Fact) -> Iterator[tuple[Group, Role]]:
    """The groups a fact belongs to, and as what."""
    date = edtf.parse(fact.date)
    yield ("all", ""), "own"
    for ref in fact.cast:
        yield ("actor", ref.id), "own"
    for actor in dict.fromkeys(a for e in fact.evidence for a in e.via):
        yield ("via", actor), "own"
    for topic in fact.topics:
        yield ("topic", topic), "own"
    for source in dict.fromkeys(e.source for e in fact.evidence):
        yield ("source", source), "own"
    for key in date.pages:
        yield ("date", key), "own"
    if fact.due:
        for key in edtf.parse(fact.due).pages:
            yield ("date", key), "due"
    if date.pages:
        yield from ((group, "own") for group in dict.fromkeys(_around(date)))
    else:
        yield ("undated", ""), "own"


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


def fill(facts: Iterable[Fact], sources: Iterable[Source]) -> Mapping[Group, tuple[Member, ...]]:
    """All groups of a dossier, each in the order of dates."""
    groups: dict[Group, list[Member]] = {}
    for fact in facts:
        announced, due = edtf.parse(fact.date).sort_key, edtf.parse(fact.due).sort_key if fact.due else ()
        for group, role in of_fact(fact):
            groups.setdefault(group, []).append(Member(due if role == "due" else announced, fact.id, role))
    for source in sources:
        member = Member(edtf.parse(source.published).sort_key, source.id)
        for group in of_source(source):
            groups.setdefault(group, []).append(member)
    return {group: tuple(sorted(members)) for group, members in sorted(groups.items())}
