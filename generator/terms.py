"""Terms of the interface that depend on values: statuses, kinds, how a quote was found, counts.

One room for every such word. Tables hold them in English, marked for translation: what stands on a page goes
through the `gettext` of its language. `counted` and `listed` are for the terminal, which speaks English.
Dates have their own room, `datewords`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

from generator.content import ActorKind, ChangeKind, FactKind, RelationType, Rights, Stance, Status
from generator.languages import ENGLISH, Language, marked_as
from generator.languages import marked as _
from generator.located import LocatedEvidence
from generator.views import Mark, StatusKey

PlanState: TypeAlias = Literal[
    "overdue", "due", "announced", "postponed", "contested", "failed", "fulfilled", "withdrawn"
]

#: What each dot means, in the order in which marks are counted and listed.
STATUS: Mapping[Mark, StatusKey] = {
    key.mark: key
    for key in (
        StatusKey(mark="confirmed", word=_("Confirmed"), meaning=_("Two or more independent sources agree")),
        StatusKey(mark="reported", word=_("Reported"), meaning=_("One independent source says so")),
        StatusKey(
            mark="claimed",
            word=_("Claimed"),
            meaning=_("One interested party says so, and nobody else in this dossier bears it out"),
        ),
        StatusKey(
            mark="disputed", word=_("Disputed"), meaning=_("Sources or speakers in this dossier disagree")
        ),
        StatusKey(mark="denied", word=_("Denied"), meaning=_("The party concerned says it is not so")),
        StatusKey(
            mark="planned",
            word=_("Planned"),
            meaning=_("Announced for a later date; no fact here says whether it happened"),
        ),
        StatusKey(
            mark="withdrawn",
            word=_("Withdrawn"),
            meaning=_("No longer held to be so; kept readable with the reason"),
        ),
    )
}

#: How a kind is named beside a fact; an event needs no name.
FACT_KIND: Mapping[FactKind, str] = {
    "event": "",
    "utterance": _("Statement"),
    "plan": _("Plan"),
    "assessment": _("Assessment"),
    "state": _("State of affairs"),
}

#: What the date of a kind is, before the date on a fact page; an event simply happened.
DATE_LEAD: Mapping[FactKind, str] = {
    "event": "",
    "utterance": marked_as("before a date", "Said"),
    "plan": marked_as("before a date", "Announced"),
    "assessment": marked_as("before a date", "As of"),
    "state": marked_as("before a date", "As of"),
}

ACTOR_KIND: Mapping[ActorKind, str] = {
    "person": _("Person"),
    "state": _("State"),
    "organisation": _("Organisation"),
    "alliance": _("Alliance"),
    "government": _("Government body"),
    "company": _("Company"),
    "media": _("News organisation"),
    "group": _("Group"),
    "unnamed": _("Not named in the source"),
}

RIGHTS: Mapping[Rights, str] = {
    "excerpts": _("Excerpts only"),
    "full": _("Full text"),
    "none": _("Cited and checked; no words shown"),
}

STANCE: Mapping[Stance, str] = {
    "supports": "",
    "disputes": _("Disputes this fact"),
    "context": _("Only makes the quotation readable"),
}

CHANGE: Mapping[ChangeKind, str] = {
    "wording": _("Wording"),
    "date": _("Date"),
    "evidence": _("Evidence"),
    "status": _("Status"),
    "actors": _("Actors"),
    "withdrawal": _("Withdrawal"),
    "other": _("Other"),
}

#: What a fact did to the plan it names, by its relation; a plan that names none was announced.
PLAN_STEP: Mapping[RelationType, str] = {
    "postpones": _("Postponed"),
    "fulfils": _("Fulfilled"),
    "fails": _("Not fulfilled"),
}
ANNOUNCED = _("Announced")

#: How a plan stands and what that means, those that call for attention first.
PLAN_STATE: Mapping[PlanState, tuple[str, str]] = {
    "overdue": (_("Overdue"), _("The time it was due has passed, and no fact here says what became of it")),
    "due": (_("Due"), _("The time it is due has begun, and no fact here says what became of it")),
    "announced": (ANNOUNCED, _("Not yet due, or announced for no certain time")),
    "postponed": (_("Postponed"), _("Put off, and no fact here names a new plan")),
    "contested": (_("Outcome disputed"), _("By one fact it was fulfilled, by another it was not")),
    "failed": (_("Not fulfilled"), _("A fact here says that it did not happen")),
    "fulfilled": (_("Fulfilled"), _("A fact here says that it happened")),
    "withdrawn": (_("Withdrawn"), _("The announcement is no longer held to have been made so")),
}

RELIABILITY: Mapping[str, str] = {
    "A": _("A: completely dependable"),
    "B": _("B: usually dependable"),
    "C": _("C: fairly dependable"),
    "D": _("D: not usually dependable"),
    "E": _("E: not dependable"),
    "F": _("F: cannot be judged"),
}

#: The folds by the names that the profile has for them.
FOLD_NAME = (
    _("no-break space"),
    _("thin space"),
    _("curly quotes"),
    _("curly apostrophe"),
    _("soft hyphen"),
    _("line break"),
    _("Unicode form (NFC)"),
    _("ligature"),
)

#: What a fold is to a reader, by its name in the profile.
FOLD: Mapping[str, str] = {
    "no-break space": _("a no-break space"),
    "thin space": _("a thin space"),
    "curly quotes": _("curly quotes"),
    "curly apostrophe": _("a curly apostrophe"),
    "soft hyphen": _("a soft hyphen"),
    "line break": _("a line break"),
    "Unicode form (NFC)": _("letters stored in another form"),
    "ligature": _("a ligature"),
}


def counted(count: int, one: str, many: str) -> str:
    """A count with its noun, in English: "1 fact", "3 facts"."""
    return f"{count:,} {one if count == 1 else many}"


def listed(names: Sequence[str]) -> str:
    """Names as an English sentence has them: "a, b and c"."""
    return ENGLISH.listed(names)


def lead(say: Language, kind: FactKind) -> str:
    """What the date of a kind of fact is, before the date; empty for an event."""
    return say.pgettext("before a date", DATE_LEAD[kind]) if DATE_LEAD[kind] else ""


def key(say: Language) -> tuple[StatusKey, ...]:
    """The key to the dots."""
    return tuple(
        StatusKey(mark=line.mark, word=say.gettext(line.word), meaning=say.gettext(line.meaning))
        for line in STATUS.values()
    )


def marked(say: Language, mark: Mark, status: Status) -> str:
    """The word of a mark; that of a plan does not hide that only an interested party speaks of it."""
    both = mark == "planned" and status == "claimed"
    return say.gettext("Planned, claimed") if both else say.gettext(STATUS[mark].word)


def stance(say: Language, stance: Stance, stances: Collection[Stance]) -> str:
    """What words do for their fact; where all of it supports the fact, nothing needs saying."""
    if stance == "supports":
        return say.gettext("Supports this fact") if "disputes" in stances else ""
    return say.gettext(STANCE[stance])


def ruling(say: Language, held: str) -> str:
    """What the editors hold of a question: which answer, or none."""
    if held == "open":
        return say.gettext("Left open by the editors")
    return say.gettext("Held right: %(answer)s") % {"answer": held}


def found(say: Language, located: LocatedEvidence) -> str:
    """How the words of a quote were found, for the line with the tick."""
    if not located.folds:
        return say.gettext("Matches the saved text, exact")
    folds = say.listed([say.gettext(FOLD[name]) for name in located.folds])
    return say.gettext("Matches the saved text, exact apart from %(folds)s") % {"folds": folds}


_CLAIMED = _("An interested party says so, and nobody else here bears it out.")


def standing(say: Language, mark: Mark, status: Status, *, outlets: int, origins: int, quotes: int) -> str:
    """Why a fact stands as it does: sources, origins and what that means, in a few short sentences."""
    meanings = {
        "confirmed": "" if origins > 1 else _("No second independent source bears it out."),
        "reported": _("No second source bears it out yet.") if outlets == 1 else "",
        "claimed": _CLAIMED,
        "disputed": _("Not everyone here agrees."),
        "denied": _("The party concerned says it is not so."),
        "planned": _("Announced; no fact here says whether it happened."),
        "withdrawn": _("No longer held to be so."),
    }
    claimed = _CLAIMED if mark == "planned" and status == "claimed" else ""
    told = (_counted(say, outlets, origins, quotes), say.gettext(meanings[mark]), say.gettext(claimed))
    return " ".join(sentence for sentence in told if sentence)


def _counted(say: Language, outlets: int, origins: int, quotes: int) -> str:
    """How many sources and origins there are; of one source, how often it is quoted."""
    if outlets == 1 and quotes == 2:
        return say.gettext("One source, quoted twice.")
    if outlets == 1 and quotes > 2:
        times = say.ngettext(
            "One source, quoted %(number)s time.", "One source, quoted %(number)s times.", quotes
        )
        return times % {"number": say.lower(say.spelled(quotes))}
    if outlets > 1:
        sources = say.ngettext("%(number)s source", "%(number)s sources", outlets)
        independent = say.ngettext("%(number)s independent origin", "%(number)s independent origins", origins)
        return say.gettext("%(sources)s, %(origins)s.") % {
            "sources": sources % {"number": say.spelled(outlets)},
            "origins": independent % {"number": say.lower(say.spelled(origins))},
        }
    return say.ngettext("%(number)s source.", "%(number)s sources.", outlets) % {
        "number": say.spelled(outlets)
    }
