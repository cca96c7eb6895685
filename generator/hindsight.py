"""The dossier as it stood on a day: what its sources had reported by then, without hindsight.

In: the shelves, a day. Out: the facts known for certain, those perhaps known, and for each the card it would
have had then. Nothing of this asks the clock: a day is one that site.yaml names.

- A source had been published by a day when the last day it may have been published is no later, and perhaps
  published when only the first is not.
- A fact was known when a source that supports it had been published, perhaps known when one perhaps had.
- A fact was confirmed only if two independent origins had reported it; disputed or denied only if what
  speaks against it was known; planned while no known fact gives its outcome. What was corrected or withdrawn
  after the day had not been then. Statements stand as they do now: wordings are ours, not the sources'.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from generator import edtf, terms, voice
from generator.content import Fact, Status
from generator.edtf import Day
from generator.relations import OUTCOMES
from generator.shelves import Shelves, mark_of
from generator.views import FactCard, Mark


class Then(Struct, frozen=True):
    """What was known on a day; facts in the order of their dates, sources in that of publication."""

    #: The day as typed.
    day: str
    #: Facts known for certain, and those perhaps known.
    known: tuple[Fact, ...]
    perhaps: tuple[Fact, ...]
    #: Ids of the sources published by then, and of those that perhaps were.
    published: tuple[str, ...]
    perhaps_published: tuple[str, ...]
    #: Status and mark of all these facts as they would have been.
    statuses: Mapping[str, Status]
    marks: Mapping[str, Mark]
    #: Ids of the sources that count for each list: what was published, and what perhaps was as well.
    surely: frozenset[str]
    perhaps_too: frozenset[str]


def then(shelves: Shelves, day: str) -> Then:
    """What was known on a day; worked out once for all pages of that day."""
    held = shelves.then.get(day)
    if not isinstance(held, Then):
        held = shelves.then[day] = _look_back(shelves, day)
    return held


def _look_back(shelves: Shelves, day: str) -> Then:
    dossier = shelves.dossier
    until = edtf.parse(day).latest
    assert until
    out = {key: published_by(source.published, until) for key, source in dossier.sources.items()}
    known, perhaps = [], []
    for fact in dossier.facts.values():
        told = {out[e.source] for e in fact.evidence if e.stance == "supports"}
        if "yes" in told:
            known.append(fact)
        elif "perhaps" in told:
            perhaps.append(fact)
    ids = {fact.id for fact in known}
    surely = frozenset(key for key, answer in out.items() if answer == "yes")
    perhaps_too = frozenset(key for key, answer in out.items() if answer != "no")
    look = _Look(shelves, until, ids, surely)
    unsure = _Look(shelves, until, ids, perhaps_too)
    statuses = {fact.id: look.status(fact) for fact in known}
    statuses |= {fact.id: unsure.status(fact) for fact in perhaps}
    # What is not even sure to have been known was not confirmed.
    statuses |= {fact.id: "reported" for fact in perhaps if statuses[fact.id] == "confirmed"}
    marks = {fact.id: mark_of(statuses[fact.id], look.is_open(fact)) for fact in (*known, *perhaps)}
    return Then(
        day=day,
        known=tuple(known),
        perhaps=tuple(perhaps),
        published=tuple(key for key in shelves.source_order if out[key] == "yes"),
        perhaps_published=tuple(key for key in shelves.source_order if out[key] == "perhaps"),
        statuses=statuses,
        marks=marks,
        surely=surely,
        perhaps_too=perhaps_too,
    )


def published_by(published: str, until: Day) -> Literal["yes", "perhaps", "no"]:
    """Whether something of that date (EDTF) was out by the end of a day."""
    date = edtf.parse(published)
    if date.latest and date.latest <= until:
        return "yes"
    return "perhaps" if date.earliest is None or date.earliest <= until else "no"


def cards(
    shelves: Shelves, moment: Then, facts: Iterable[Fact], sources: Container[str]
) -> tuple[FactCard, ...]:
    """Facts as they would have stood in a list on that day, resting on those sources."""
    return tuple(_card(shelves, moment, fact, sources) for fact in facts)


def _card(shelves: Shelves, moment: Then, fact: Fact, sources: Container[str]) -> FactCard:
    dossier, mark, status = shelves.dossier, moment.marks[fact.id], moment.statuses[fact.id]
    by_then = replace(fact, status=status, evidence=tuple(e for e in fact.evidence if e.source in sources))
    shown = [e for e in by_then.evidence if e.stance != "context"]
    spoken = voice.said(dossier, by_then)
    return replace(
        shelves.card(fact.id),
        as_of=moment.day,
        statement=spoken.listed,
        alone=spoken.alone,
        mark=mark,
        status_word=terms.marked(shelves.say, mark, status),
        quotes=len(shown),
        sources=len({e.source for e in shown}),
        origins=len(dossier.origins(by_then, ("supports", "disputes"))),
        cited=shelves.cited(e.source for e in shown) if shelves.shows("cited") else (),
    )


class _Look(Struct, frozen=True):
    """How facts stood at the end of a day."""

    shelves: Shelves
    until: Day
    #: Ids of the facts known for certain.
    known: set[str]
    #: Ids of the sources that had been published.
    sources: frozenset[str]

    def is_open(self, fact: Fact) -> bool:
        """Whether it was a plan whose outcome no fact known by then gave."""
        dossier = self.shelves.dossier
        return fact.kind == "plan" and not any(
            r.inverse
            and r.type in OUTCOMES
            and r.target in self.known
            and not self._withdrawn(dossier.facts[r.target])
            for r in dossier.relations.get(fact.id, ())
        )

    def status(self, fact: Fact) -> Status:
        """The status a fact would have had."""
        if fact.status == "withdrawn":
            return "withdrawn" if self._withdrawn(fact) else "reported"
        if fact.status == "confirmed":
            by_then = replace(fact, evidence=tuple(e for e in fact.evidence if e.source in self.sources))
            return "confirmed" if len(self.shelves.dossier.origins(by_then)) > 1 else "reported"
        if fact.status in ("disputed", "denied"):
            against = self._against(fact)
            return fact.status if any(against) or not against else "reported"
        return fact.status

    def _withdrawn(self, fact: Fact) -> bool:
        """Whether a fact had been withdrawn by then, as its changes tell."""
        days = [edtf.parse(c.date).latest for c in fact.changes if c.kind == "withdrawal"]
        return fact.status == "withdrawn" and any(day and day <= self.until for day in days)

    def _against(self, fact: Fact) -> list[bool]:
        """For each thing that speaks against a fact, whether it was known.

        Other answers to a question count only where nothing speaks against the fact in so many words.
        """
        dossier = self.shelves.dossier
        found = [e.source in self.sources for e in fact.evidence if e.stance == "disputes"]
        found += [
            r.target in self.known for r in dossier.relations.get(fact.id, ()) if r.type == "contradicts"
        ]
        for question in () if found else dossier.questions.values():
            if any(fact.id in position.facts for position in question.positions):
                others = {f for p in question.positions if fact.id not in p.facts for f in p.facts}
                found += [other in self.known for other in sorted(others)]
        return found
