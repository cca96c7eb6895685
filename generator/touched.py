"""Which pages an edit touches: those made from a group that an edited fact leaves, joins or stands in.

In: the shelves before and after an edit of facts, and the ids of the facts that are new, gone or other than
they were. Out: for each kind of page the keys to be looked at. Naming a page too many costs the time to
compare its fingerprint; naming one too few would be wrong, so where a rule would be fine-spun the coarser
one stands here. The groups of a fact say nearly everything (`groups.of_fact`); the rest are facts shown on
the page of another: the other end of a relation, the steps of a plan, what came before and after for an
actor, and other quotes of the same source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set

from generator import plans
from generator.cached import cached_property
from generator.content import Fact
from generator.groups import GroupName, member, of_fact
from generator.relations import OUTCOMES
from generator.shelves import Shelves


class Touched:
    """The keys of the pages that an edit touches, kind by kind."""

    def __init__(self, before: Shelves, after: Shelves, changed: Set[str]) -> None:
        self.before = before
        self.after = after
        self._sides = (before, after)
        #: Facts that are new, gone, or other than they were.
        self.changed = changed

    @cached_property
    def cards(self) -> frozenset[str]:
        """Facts whose card may be another: those edited, and plans whose outcome one of them is or was."""
        found = set(self.changed)
        for _, fact in self._versions(self.changed):
            for type_ in OUTCOMES:
                found.update(fact.relations.get(type_, ()))
        return frozenset(found)

    @cached_property
    def evidence(self) -> frozenset[str]:
        """Facts whose evidence may show something else: all that rest on the same source.

        Each shows the other quotes of the source, and how much of it may still be shown.
        """
        quoting = (side.members("source", key) for key in self.sources for side in self._sides)
        return self.cards.union(*({member.id for member in members} for members in quoting))

    @cached_property
    def facts(self) -> frozenset[str]:
        """Facts whose page shows something that was edited."""
        found = set(self.evidence)
        for key in self.cards:
            found |= {m.id for side in self._sides for m in side.members("mentions", key)}
            for side in self._sides:
                found |= {r.target for r in side.dossier.relations.get(key, ())}
                if key in side.dossier.facts:
                    found |= {fact.id for fact in plans.chain(side, key)}
        if self.after.shows("neighbours"):
            for side, fact in self._versions(self.cards):
                found.update(self._neighbours(side, fact))
        return frozenset(found)

    @cached_property
    def actors(self) -> frozenset[str]:
        """Actors with an edited fact, or through whom one reached its source."""
        return self._keys("actor") | self._keys("via")

    @cached_property
    def topics(self) -> frozenset[str]:
        """Topics of edited facts."""
        return self._keys("topic")

    @cached_property
    def sources(self) -> frozenset[str]:
        """Sources that edited facts rest on."""
        return self._keys("source") | self._keys("dated")

    @cached_property
    def dates(self) -> frozenset[str]:
        """Years, months and days that list or count an edited fact, or lead to a date that came or went."""
        found = set(self._keys("date"))
        for month in self._keys("near"):
            found |= {month, *self._there(_days(month))}
        for year in self._keys("wide"):
            months = [f"{year}-{number:02d}" for number in range(1, 13)]
            found |= {year, *self._there(months), *self._there(d for m in months for d in _days(m))}
        for side in self._sides:
            found.update(near for key in self.turned for near in side.calendar.get(key, ()) if near)
        return frozenset(found)

    @cached_property
    def turned(self) -> frozenset[str]:
        """Years, months and days whose page comes or goes."""
        keys = self._keys("date")
        return frozenset(key for key in keys if self.before.has_page(key) != self.after.has_page(key))

    @cached_property
    def questions(self) -> frozenset[str]:
        """Questions that an edited fact answers."""
        asked = self.after.dossier.questions
        return frozenset(
            key
            for key, question in asked.items()
            if any(fact in self.evidence for position in question.positions for fact in position.facts)
        )

    @cached_property
    def omits(self) -> bool:
        """Whether words are left out of a quote of an edited fact, as it was or as it is."""
        return any(
            gap.words
            for side, fact in self._versions(self.changed)
            for each in side.dossier.located[fact.id].evidence
            for gap in each.gaps
        )

    def versions(self) -> Iterator[Fact]:
        """The facts whose card may be another, as they were and as they are."""
        return (fact for _, fact in self._versions(self.cards))

    def _versions(self, keys: Iterable[str]) -> Iterator[tuple[Shelves, Fact]]:
        """Each of some facts as it was and as it is, with the shelves it stands on."""
        for key in keys:
            for side in self._sides:
                if key in side.dossier.facts:
                    yield side, side.dossier.facts[key]

    def _keys(self, name: GroupName) -> frozenset[str]:
        return frozenset(
            key
            for _, fact in self._versions(self.cards)
            for (group, key), _ in of_fact(fact)
            if group == name
        )

    def _there(self, keys: Iterable[str]) -> Iterator[str]:
        """The dates of some that have a page; looking for each is quicker than going over the calendar."""
        return (key for key in keys if any(key in side.calendar for side in self._sides))

    def _neighbours(self, side: Shelves, fact: Fact) -> Iterator[str]:
        """What stands before and after a fact for each of its actors, on either side of the edit.

        Where a fact came, went or moved, those on both sides of the gap show each other.
        """
        place = member(fact, "own")
        for ref in fact.cast:
            for other in self._sides:
                members = other.members("actor", ref.id)
                at = bisect_left(members, place)
                yield from (near.id for near in members[max(0, at - 1) : at + 2])


def _days(month: str) -> Iterator[str]:
    """The keys that days of a month may have."""
    return (f"{month}-{number:02d}" for number in range(1, 32))
