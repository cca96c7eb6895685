"""Plans: the way from an announcement to its outcome, and how a plan stands.

In: the shelves. Out: facts joined by `postpones`, `fulfils` and `fails`, in the order in which one followed
from the other, and for each plan whether it is due, overdue or settled. Nothing here asks the clock: time
has come as far as the newest source was published, and a plan is overdue only if its whole time had passed
before that day could begin.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator import edtf, terms
from generator.content import Fact, RelationType
from generator.shelves import Shelves
from generator.terms import PlanState
from generator.views import PlanChain, PlanStep

#: Relations that lead from a plan to what became of it.
FOLLOWING: frozenset[RelationType] = frozenset(terms.PLAN_STEP)


def chain(shelves: Shelves, key: str) -> tuple[Fact, ...]:
    """A fact with all that plans and their outcomes join to it, in order of date.

    What settles or postpones a plan comes after it even where its date is coarser and would sort before.
    """
    dossier = shelves.dossier
    found, ahead = {key}, [key]
    while ahead:
        for relation in dossier.relations.get(ahead.pop(), ()):
            if relation.type in FOLLOWING and relation.target not in found:
                found.add(relation.target)
                ahead.append(relation.target)
    left = sorted(found, key=lambda k: (edtf.parse(dossier.facts[k].date).sort_key, k))
    order: list[Fact] = []
    while left:
        free = (k for k in left if not any(t in left for _, t in _follows(shelves, k)))
        at = next(free, left[0])  # a circle has no beginning, so the earliest fact stands first
        left.remove(at)
        order.append(dossier.facts[at])
    return tuple(order)


def _follows(shelves: Shelves, key: str) -> Iterator[tuple[RelationType, str]]:
    """The plans a fact settles or postpones, and in which way."""
    for relation in shelves.dossier.relations.get(key, ()):
        if relation.type in FOLLOWING and not relation.inverse:
            yield relation.type, relation.target


def state(shelves: Shelves, fact: Fact) -> PlanState:
    """How a plan stands as of the newest source; outcomes that were withdrawn count for nothing."""
    dossier = shelves.dossier
    if fact.status == "withdrawn":
        return "withdrawn"
    became = {
        r.type
        for r in dossier.relations.get(fact.id, ())
        if r.inverse and r.type in FOLLOWING and dossier.facts[r.target].status != "withdrawn"
    }
    if "fulfils" in became:
        return "contested" if "fails" in became else "fulfilled"
    if became:
        return "failed" if "fails" in became else "postponed"
    last = shelves.newest
    today = edtf.parse(last.published).earliest if last else None
    due = edtf.parse(fact.due) if fact.due else edtf.UNKNOWN
    if today and due.latest and due.latest < today:
        return "overdue"
    if today and due.earliest and due.earliest <= today:
        return "due"
    return "announced"


def outcome(shelves: Shelves, facts: tuple[Fact, ...]) -> PlanState | None:
    """How a chain stands: as its plans that were not replaced, the most pressing first; None without one."""
    states = {state(shelves, f) for f in facts if f.kind == "plan"}
    current = states - {"postponed", "withdrawn"} or states
    return next((s for s in terms.PLAN_STATE if s in current), None)


def steps(shelves: Shelves, facts: tuple[Fact, ...], current: str = "") -> tuple[PlanStep, ...]:
    """The facts of a chain, each with what it did; none when nothing followed."""
    if len(facts) == 1:
        return ()
    return tuple(
        PlanStep(label=_label(shelves, f), card=shelves.card(f.id), current=f.id == current) for f in facts
    )


def _label(shelves: Shelves, fact: Fact) -> str:
    did = dict.fromkeys(terms.PLAN_STEP[type_] for type_, _ in _follows(shelves, fact.id))
    say = shelves.say
    words = [say.gettext(word) for word in did or (terms.ANNOUNCED,)]
    return say.capital(say.listed([say.lower(word) for word in words]))


def of_fact(shelves: Shelves, fact: Fact) -> PlanChain | None:
    """What the page of a fact tells of the plan it belongs to; None when it belongs to none."""
    joined = any(r.type in FOLLOWING for r in shelves.dossier.relations.get(fact.id, ()))
    if fact.kind != "plan" and not joined:
        return None
    facts = chain(shelves, fact.id)
    stands = outcome(shelves, facts)
    if stands is None:
        return None
    word, meaning = terms.PLAN_STATE[stands]
    return PlanChain(
        state=shelves.say.gettext(word),
        note=_judged(shelves, stands, meaning),
        steps=steps(shelves, facts, fact.id),
    )


def _judged(shelves: Shelves, stands: PlanState, meaning: str) -> str:
    """What a state means, with the day it holds for where it depends on one."""
    last, say = shelves.newest, shelves.say
    meaning = say.gettext(meaning)
    if last is None or stands not in ("overdue", "due", "announced"):
        return say.gettext("%(sentence)s.") % {"sentence": meaning}
    judged = say.gettext("%(sentence)s: as of %(date)s, the newest source.")
    return judged % {"sentence": meaning, "date": shelves.source(last.id).published}
