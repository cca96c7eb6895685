"""Notices on facts: what rests on too little, what is dated without a reason, what is told twice.

They need no article. Each is a plain function from the desk to notices, with a sentence on why it is worth a
look; `desk_report` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date as Date

from generator import datewords, edtf, likeness, plans, terms, voice
from generator.content import Fact
from generator.date_checks import dates_fit_their_phrases
from generator.dossier import Dossier
from generator.notices import Notice, Reading, notice
from generator.shelves import Shelves

#: So many other facts that refer to a fact make it weighty.
_REFERRED = 3
#: How like two statements are that say nearly the same: the part of their words that is common to both.
_ALIKE = 0.6
#: The same for facts that rest on the very same words.
_ALIKE_ON_THE_SAME = 0.4
#: Years of a date that are looked at one by one for facts of the same time.
_YEARS = 3
#: Words that say little of what a statement says, in English.
_SMALL = frozenset(
    likeness.folded(
        """a an the of to in on at by for with from and or that as is are was were be has have had will would
        it its his her their not says said"""
    )
)


def dates_come_before_reports(reading: Reading) -> Iterator[Notice]:
    """What is reported has happened; a date after all of its sources is mostly a slip of the year.

    A day is let pass, since it is already tomorrow somewhere when a paper comes out.
    """
    dossier = reading.dossier
    for fact in dossier.facts.values():
        first = edtf.parse(fact.date).earliest
        if fact.kind == "plan" or first is None or not 1 <= first[0] <= 9999:
            continue
        days = [edtf.parse(dossier.sources[e.source].published).latest for e in fact.evidence]
        known = [day for day in days if day is not None and 1 <= day[0] <= 9999]
        if len(known) < len(days):
            continue  # one that may have been published on any later day
        if Date(*first).toordinal() <= Date(*max(known)).toordinal() + 1:
            continue
        if any(dates_fit_their_phrases(dossier, fact)):
            continue  # a warning tells of the same slip
        shown = sorted({dossier.sources[e.source].published for e in fact.evidence})
        yield notice(
            reading, "date-after-sources", ("fact", fact.id), ("date",),
            f"dated {fact.date}; its sources were published {', '.join(shown)}",
            "mend the date; what is only announced is of  kind: plan",
        )  # fmt: skip


def single_origins_are_few(reading: Reading) -> Iterator[Notice]:
    """What is called confirmed, or carries others, should not hang on one report."""
    dossier = reading.dossier
    weight = dict(_weighty(dossier))
    for fact in dossier.facts.values():
        origins = len(dossier.origins(fact))
        if origins > 1 or fact.status in ("withdrawn", "denied", "disputed", "claimed"):
            continue
        outlets = terms.counted(len(dossier.outlets(fact)), "source", "sources")
        if fact.status == "confirmed":
            why = "marked as confirmed"
        elif fact.id in weight:
            why = weight[fact.id]
        else:
            continue
        yield notice(
            reading, "single-origin", ("fact", fact.id), ("evidence",),
            f"{why}; it rests on {outlets}, {terms.counted(origins, 'origin', 'origins')}",
            "look for a second report of another origin"
            + (", or write  status: reported" if fact.status == "confirmed" else ""),
        )  # fmt: skip


def _weighty(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Facts that carry others, or that readers meet first, each with why; the strongest reason comes last."""
    for key, relations in dossier.relations.items():
        referred = {r.target for r in relations if r.inverse}
        if len(referred) >= _REFERRED:
            yield key, f"{len(referred)} other facts refer to it"
    for key in dossier.site.start:
        yield key, "named under `start` in site.yaml"
    for question in dossier.questions.values():
        for position in question.positions:
            for key in position.facts if position.label == question.ruling else ():
                yield key, f"held right in {question.id}"


def dates_have_reasons(reading: Reading) -> Iterator[Notice]:
    """A date that is not that of publication was reached somehow, and readers should learn how."""
    for fact in reading.dossier.facts.values():
        if fact.dating and (fact.dating.phrase or fact.dating.basis):
            continue
        sources = [reading.dossier.sources[e.source] for e in fact.evidence if e.stance != "context"]
        published = list(dict.fromkeys(s.published for s in sources))
        if any(_holds(fact.date, date) for date in published) or _quoted(reading, fact):
            continue
        yield notice(
            reading, "date-unreasoned", ("fact", fact.id), ("date",),
            f"dated {fact.date}; published {', '.join(published)}; and nothing says how the date was reached",
            "dating: {phrase: WORDS OF THE SOURCE, basis: THE STEP FROM THERE}",
        )  # fmt: skip


def _holds(date: str, published: str) -> bool:
    """Whether a date is that of publication, or coarser."""
    one, other = edtf.parse(date), edtf.parse(published)
    if date == published:
        return True
    if not (one.earliest and one.latest and other.earliest and other.latest):
        return False
    return one.earliest <= other.earliest and other.latest <= one.latest


def _quoted(reading: Reading, fact: Fact) -> bool:
    """Whether the words quoted hold the date as far as it goes."""
    date = edtf.parse(fact.date)
    if date.precision not in ("year", "month", "day") or date.uncertain or date.approximate:
        return False
    words = set()
    for evidence in fact.evidence:
        parts = (evidence.quote,) if isinstance(evidence.quote, str) else evidence.quote
        words |= {w for p in parts for w in likeness.folded(p if isinstance(p, str) else p.quote)}
    month = {datewords.MONTHS[int(date.month) - 1].lower(), date.month} if date.month.isdigit() else set()
    day = {date.day, date.day.lstrip("0")} if date.day else set()
    return date.year in words and all(not part or part & words for part in (month, day))


def speakers_are_told(reading: Reading) -> Iterator[Notice]:
    """A statement that says who speaks needs no "According to" before it, and reads better."""
    for fact in reading.dossier.facts.values():
        if fact.speaker and not voice.says_who(reading.dossier, fact):
            yield notice(
                reading, "speaker-untold", ("fact", fact.id), ("statement",),
                f"the statement does not say who says so, and is printed with "
                f"“{voice.attribution(reading.dossier, fact)}” before it",
                "begin the statement with the speaker and a verb of speech",
            )  # fmt: skip


def plans_are_not_overdue(reading: Reading) -> Iterator[Notice]:
    """A plan whose time has passed, by the newest source, has an outcome that somebody could look up."""
    shelves = Shelves(reading.dossier)
    for fact in reading.dossier.facts.values():
        if fact.kind == "plan" and plans.state(shelves, fact) == "overdue":
            newest = shelves.newest
            assert newest is not None, "a plan is overdue by a source"
            yield notice(
                reading, "plan-overdue", ("fact", fact.id), ("due",),
                f"due {fact.due}, {newest.id} was published {newest.published}, "
                "and no fact says what came of it",
                f"in the fact that tells:  relations: {{fulfils: [{fact.id}]}}  or fails, or postpones",
            )  # fmt: skip


def facts_are_told_once(reading: Reading) -> Iterator[Notice]:
    """Renderings of one utterance are one fact, with the words of every source that has them.

    Compared are facts of the same speaker (or of none) whose dates may be the same: their statements by the
    words in them, or the passages they rest on. Facts joined by a relation or a question are known to differ.
    """
    dossier = reading.dossier
    likest: dict[str, tuple[float, str]] = {}
    for one, other, share in _candidates(dossier):
        if share > likest.get(other, (0.0,))[0] and _may_be_one(dossier, one, other):
            likest[other] = share, one
    for key, (share, one) in likest.items():
        who = ", of the same speaker" if dossier.facts[key].speaker else ""
        yield notice(
            reading, "near-duplicate", ("fact", key), ("statement",),
            f"{share:.0%} of its words are those of {one}{who}, and both may be of one day",
            "make one fact of them with the evidence of both, or join them:  "
            f"relations: {{part-of: [{one}]}}",
        )  # fmt: skip


def _candidates(dossier: Dossier) -> Iterator[tuple[str, str, float]]:
    """Pairs of facts that may be one, with the part of their words that is common to both."""
    words = {
        fact.id: said
        for fact in dossier.facts.values()
        if fact.status != "withdrawn" and (said := frozenset(likeness.folded(fact.statement)) - _SMALL)
    }
    for keys in _shelves(dossier, words):
        yield from likeness.alike({key: words[key] for key in keys}, _ALIKE)
    first: dict[tuple[object, ...], str] = {}
    for key, said in words.items():
        fact = dossier.facts[key]
        found = zip(fact.evidence, dossier.located[key].evidence, strict=True)
        support = {(place.source, place.spans) for e, place in found if e.stance == "supports"}
        one = first.setdefault((fact.speaker, *sorted(support)), key)
        common, both = said & words[one], said | words[one]
        if one != key and len(common) >= _ALIKE_ON_THE_SAME * len(both):
            yield one, key, len(common) / len(both)


def _shelves(dossier: Dossier, keys: Iterable[str]) -> Iterable[list[str]]:
    """Facts of one speaker and one year together; those of many years, or of none, stand on every shelf."""
    shelves: dict[str, dict[int, list[str]]] = {}
    wide: dict[str, list[str]] = {}
    for key in keys:
        fact, date = dossier.facts[key], edtf.parse(dossier.facts[key].date)
        if date.earliest and date.latest and date.latest[0] - date.earliest[0] < _YEARS:
            for year in range(date.earliest[0], date.latest[0] + 1):
                shelves.setdefault(fact.speaker, {}).setdefault(year, []).append(key)
        else:
            wide.setdefault(fact.speaker, []).append(key)
    for speaker in {**shelves, **wide}:
        everywhere = wide.get(speaker, [])
        for held in shelves.get(speaker, {0: []}).values():
            yield [*held, *everywhere]


def _may_be_one(dossier: Dossier, one: str, other: str) -> bool:
    """Whether nobody has said how two facts belong together, and their dates may be the same."""
    if any(r.target == other for r in dossier.relations.get(one, ())):
        return False
    asked = ({f for p in q.positions for f in p.facts} for q in dossier.questions.values())
    if any(one in facts and other in facts for facts in asked):
        return False
    a, b = edtf.parse(dossier.facts[one].date), edtf.parse(dossier.facts[other].date)
    after = a.latest and b.earliest and a.latest < b.earliest
    return not (after or (b.latest and a.earliest and b.latest < a.earliest))


def sources_are_archived(reading: Reading) -> Iterator[Notice]:
    """An address that may change tomorrow proves nothing; a web archive's copy stays."""
    for key, source in reading.dossier.sources.items():
        if not source.archived:
            has = (
                "has an address and no archived copy" if source.url else "has no address and no archived copy"
            )
            yield notice(
                reading, "not-archived", ("source", key), ("url",), has,
                "keep it in a web archive:  archived: {url: ADDRESS OF THE COPY, date: DAY}",
            )  # fmt: skip


FACTS = (
    single_origins_are_few,
    dates_come_before_reports,
    dates_have_reasons,
    speakers_are_told,
    facts_are_told_once,
    plans_are_not_overdue,
    sources_are_archived,
)
