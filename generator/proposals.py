"""Corrections that a history tells of and no fact does yet.

In: the states of the facts, oldest first, and the facts as they stand. Out: proposed `changes:` for each, as
YAML to paste. Nothing is written: what readers must know of, and why, only a curator can say.

What counts: the statement, the date, the status, the actors and the evidence of a fact that was not a draft
and, where it tells when it was first published, had been by then. Several changes of one thing on one day
are one; what was undone the same day is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from unicodedata import category

from msgspec import Struct
from msgspec.structs import replace

from generator import terms, wordings
from generator.content import Change, ChangeKind, Evidence, Fact, QuotePart
from generator.history import State

#: What a part of a fact says, piece by piece.
Says: TypeAlias = tuple[str, ...]


class Proposal(Struct, frozen=True):
    """A change to be written down, or not."""

    fact: str
    change: Change
    #: The commit it was made in.
    commit: str
    #: For the curator alone: words of a source that are quoted no longer. Nobody checks words in `was`, so
    #: they never stand there.
    dropped: Says = ()


def propose(states: Sequence[State], facts: Iterable[Fact]) -> list[Proposal]:
    """What the facts of today do not tell of their past, by fact and day."""
    return [
        proposal
        for fact in facts
        if not fact.draft
        for proposal in _merged(fact, states)
        if not _is_told(proposal.change, fact.changes)
    ]


def render(proposals: Iterable[Proposal], files: Mapping[str, str]) -> str:
    """YAML to paste, with the file of each fact; parsed, it is the changes proposed."""
    lines: list[str] = []
    fact = ""
    for each in proposals:
        if each.fact != fact:
            fact = each.fact
            lines += ["", f"# {files[fact]}, fact {fact}", "  changes:"]
        change = each.change
        lines += [f"    - date: {change.date}    # commit {each.commit}", f"      kind: {change.kind}"]
        lines += [f"      was: {_scalar(change.was)}"] if change.was else []
        lines += [f"      # no longer quoted: {_line(words)}" for words in each.dropped]
        lines += [f"      reason: {_scalar(change.reason)}"]
    return "\n".join(lines[1:])


# What a fact says, part by part -----------------------------------------------------------------------------


def _date(fact: Fact) -> Says:
    return (fact.date, f"due {fact.due}") if fact.due else (fact.date,)


def _actors(fact: Fact) -> Says:
    return tuple(f"{ref.id} ({ref.role})" if ref.role else ref.id for ref in fact.cast)


def _evidence(fact: Fact) -> Says:
    return tuple(
        f"{e.source}: {_quote(e)}" + f" ({e.stance})" * (e.stance != "supports") for e in fact.evidence
    )


def _quote(evidence: Evidence) -> str:
    if isinstance(evidence.quote, str):
        return evidence.quote
    return " […] ".join(p.quote if isinstance(p, QuotePart) else p for p in evidence.quote)


#: The parts of a fact whose changes are corrections.
_PARTS: Mapping[ChangeKind, Callable[[Fact], Says]] = {
    "wording": lambda fact: (fact.statement,),
    "date": _date,
    "status": lambda fact: (fact.status,),
    "actors": _actors,
    "evidence": _evidence,
}


def _plain(kind: ChangeKind, says: Says) -> Says:
    """What a part says, for comparing: white space makes no change."""
    return tuple(wordings.anchor(text) if kind == "wording" else " ".join(text.split()) for text in says)


def _was(kind: ChangeKind, was: Says, now: Says) -> tuple[str, Says]:
    """What `was` holds, and the words that are quoted no longer."""
    if kind != "evidence":
        return ", ".join(was), ()
    dropped = tuple(text for text in was if text not in now)
    counts = Counter(text.partition(":")[0] for text in dropped)
    return ", ".join(
        f"{terms.counted(n, 'quote', 'quotes')} of {source}" for source, n in counts.items()
    ), dropped


# From states to changes -------------------------------------------------------------------------------------


class _Step(Struct, frozen=True):
    """One part of a fact, before and after a day."""

    day: str
    kind: ChangeKind
    was: Says
    now: Says
    last: State


def _merged(fact: Fact, states: Sequence[State]) -> Iterator[Proposal]:
    """The changes of a fact, those of one part on one day as one."""
    steps: dict[tuple[str, ChangeKind], _Step] = {}
    for step in _steps(fact, states):
        first = steps.get((step.day, step.kind), step)
        steps[step.day, step.kind] = replace(step, was=first.was)
    for step in steps.values():
        if _plain(step.kind, step.was) != _plain(step.kind, step.now):
            was, dropped = _was(step.kind, step.was, step.now)
            kind = "withdrawal" if step.kind == "status" and step.now == ("withdrawn",) else step.kind
            change = Change(date=step.day, kind=kind, was=was, reason=step.last.subject)
            yield Proposal(fact.id, change, step.last.commit, dropped)


def _steps(fact: Fact, states: Sequence[State]) -> Iterator[_Step]:
    """Each change of a part of a fact from one state to the next."""
    before: Fact | None = None
    for state in states:
        now = _then(fact, state)
        if before and now and not before.draft and not now.draft and fact.added <= state.day:
            for kind, part in _PARTS.items():
                if _plain(kind, part(before)) != _plain(kind, part(now)):
                    yield _Step(state.day, kind, part(before), part(now), state)
        before = now


def _then(fact: Fact, state: State) -> Fact | None:
    """A fact in an earlier state, under an older id if it had that one."""
    return next((state.facts[key] for key in (fact.id, *fact.formerly) if key in state.facts), None)


def _is_told(change: Change, told: Iterable[Change]) -> bool:
    """Whether a fact tells of a change: of the same part, with the same earlier value or on the same day.

    A fact is withdrawn once, so any withdrawal tells of it.
    """
    was = _plain(change.kind, (change.was,))
    alike = [each for each in told if each.kind == change.kind]
    return any(
        change.kind == "withdrawal"
        or each.date == change.date
        or (each.was and _plain(each.kind, (each.was,)) == was)
        for each in alike
    )


# YAML -------------------------------------------------------------------------------------------------------

_SAFE = re.compile(r"[^\W_][\w .,()/’…“”-]*[\w.)”…]").fullmatch


def _line(text: str) -> str:
    return " ".join("".join(" " if category(c) in ("Cc", "Zl", "Zp") else c for c in text).split())


def _scalar(text: str) -> str:
    """A text as YAML has it on one line: plain where nothing in it could be taken for more."""
    line = _line(text)
    return line if _SAFE(line) and line.casefold() != "null" else "'" + line.replace("'", "''") + "'"
