"""Terms of the interface that depend on values: statuses, kinds, how a quote was found, counts.

One room for every such word, so that another language is another table and no page holds English in code.
Dates have their own room, `datewords`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

from generator.content import ActorKind, ChangeKind, FactKind, RelationType, Rights, Stance, Status
from generator.located import LocatedEvidence
from generator.views import Mark, StatusKey

PlanState: TypeAlias = Literal[
    "overdue", "due", "announced", "postponed", "contested", "failed", "fulfilled", "withdrawn"
]

#: What each dot means, in the order in which marks are counted and listed.
STATUS: Mapping[Mark, StatusKey] = {
    key.mark: key
    for key in (
        StatusKey(mark="confirmed", word="Confirmed", meaning="Two or more independent sources agree"),
        StatusKey(mark="reported", word="Reported", meaning="One independent source says so"),
        StatusKey(
            mark="claimed",
            word="Claimed",
            meaning="One interested party says so, and nobody else in this dossier bears it out",
        ),
        StatusKey(mark="disputed", word="Disputed", meaning="Sources or speakers in this dossier disagree"),
        StatusKey(mark="denied", word="Denied", meaning="The party concerned says it is not so"),
        StatusKey(
            mark="planned",
            word="Planned",
            meaning="Announced for a later date; no fact here says whether it happened",
        ),
        StatusKey(
            mark="withdrawn",
            word="Withdrawn",
            meaning="No longer held to be so; kept readable with the reason",
        ),
    )
}

#: How a kind is named beside a fact; an event needs no name.
FACT_KIND: Mapping[FactKind, str] = {
    "event": "",
    "utterance": "Statement",
    "plan": "Plan",
    "assessment": "Assessment",
    "state": "State of affairs",
}

#: What the date of a kind is, before the date on a fact page; an event simply happened.
DATE_LEAD: Mapping[FactKind, str] = {
    "event": "",
    "utterance": "Said",
    "plan": "Announced",
    "assessment": "As of",
    "state": "As of",
}

ACTOR_KIND: Mapping[ActorKind, str] = {
    "person": "Person",
    "state": "State",
    "organisation": "Organisation",
    "alliance": "Alliance",
    "government": "Government body",
    "company": "Company",
    "media": "News organisation",
    "group": "Group",
    "unnamed": "Not named in the source",
}

RIGHTS: Mapping[Rights, str] = {
    "excerpts": "Excerpts only",
    "full": "Full text",
    "none": "Cited and checked; no words shown",
}

STANCE: Mapping[Stance, str] = {
    "supports": "",
    "disputes": "Disputes this fact",
    "context": "Only makes the quotation readable",
}

CHANGE: Mapping[ChangeKind, str] = {
    "wording": "Wording",
    "date": "Date",
    "evidence": "Evidence",
    "status": "Status",
    "actors": "Actors",
    "withdrawal": "Withdrawal",
    "other": "Other",
}

#: What a fact did to the plan it names, by its relation; a plan that names none was announced.
PLAN_STEP: Mapping[RelationType, str] = {
    "postpones": "Postponed",
    "fulfils": "Fulfilled",
    "fails": "Not fulfilled",
}
ANNOUNCED = "Announced"

#: How a plan stands and what that means, those that call for attention first.
PLAN_STATE: Mapping[PlanState, tuple[str, str]] = {
    "overdue": ("Overdue", "The time it was due has passed, and no fact here says what became of it"),
    "due": ("Due", "The time it is due has begun, and no fact here says what became of it"),
    "announced": (ANNOUNCED, "Not yet due, or announced for no certain time"),
    "postponed": ("Postponed", "Put off, and no fact here names a new plan"),
    "contested": ("Outcome disputed", "By one fact it was fulfilled, by another it was not"),
    "failed": ("Not fulfilled", "A fact here says that it did not happen"),
    "fulfilled": ("Fulfilled", "A fact here says that it happened"),
    "withdrawn": ("Withdrawn", "The announcement is no longer held to have been made so"),
}

RELIABILITY: Mapping[str, str] = {
    "A": "A: completely dependable",
    "B": "B: usually dependable",
    "C": "C: fairly dependable",
    "D": "D: not usually dependable",
    "E": "E: not dependable",
    "F": "F: cannot be judged",
}

#: What a fold is to a reader, by its name in the profile.
FOLD: Mapping[str, str] = {
    "no-break space": "a no-break space",
    "thin space": "a thin space",
    "curly quotes": "curly quotes",
    "curly apostrophe": "a curly apostrophe",
    "soft hyphen": "a soft hyphen",
    "line break": "a line break",
    "Unicode form (NFC)": "letters stored in another form",
    "ligature": "a ligature",
}

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(count: int) -> str:
    """A count in words up to ten, in figures from there."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 fact", "3 facts"."""
    return f"{count:,} {one if count == 1 else many}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def capital(text: str) -> str:
    """The text with its first letter as a capital; the rest as it is."""
    return text[:1].upper() + text[1:]


def marked(mark: Mark, status: Status) -> str:
    """The word of a mark; that of a plan does not hide that only an interested party speaks of it."""
    word = STATUS[mark].word
    return f"{word}, {STATUS[status].word.lower()}" if mark == "planned" and status == "claimed" else word


def stance(stance: Stance, stances: Collection[Stance]) -> str:
    """What words do for their fact; where all of it supports the fact, nothing needs saying."""
    return STANCE[stance] or ("Supports this fact" if "disputes" in stances else "")


def ruling(held: str) -> str:
    """What the editors hold of a question: which answer, or none."""
    return "Left open by the editors" if held == "open" else f"Held right: {held}"


def found(located: LocatedEvidence) -> str:
    """How the words of a quote were found, for the line with the tick."""
    if not located.folds:
        return "Matches the saved text, exact"
    return f"Matches the saved text, exact apart from {listed([FOLD[name] for name in located.folds])}"


def standing(mark: Mark, status: Status, *, outlets: int, origins: int, quotes: int) -> str:
    """Why a fact stands as it does: sources, origins and what that means, in a few short sentences."""
    sources = f"{capital(number(outlets))} {'source' if outlets == 1 else 'sources'}"
    if outlets == 1 and quotes > 1:
        sources += ", quoted twice" if quotes == 2 else f", quoted {number(quotes)} times"
    elif outlets > 1:
        sources += f", {number(origins)} independent {'origin' if origins == 1 else 'origins'}"
    meanings = {
        "confirmed": "" if origins > 1 else "No second independent source bears it out.",
        "reported": "No second source bears it out yet." if outlets == 1 else "",
        "claimed": "An interested party says so, and nobody else here bears it out.",
        "disputed": "Not everyone here agrees.",
        "denied": "The party concerned says it is not so.",
        "planned": "Announced; no fact here says whether it happened.",
        "withdrawn": "No longer held to be so.",
    }
    claimed = meanings["claimed"] if mark == "planned" and status == "claimed" else ""
    return " ".join(part for part in (f"{sources}.", meanings[mark], claimed) if part)
