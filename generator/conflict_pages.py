"""Pages of what is unsettled: questions, conflicts, plans, and of what was set right: corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from generator import edtf, plans, terms, urls
from generator.content import Fact, Question
from generator.fact_page import change_view
from generator.list_pages import lane_dots
from generator.listing import month_of
from generator.shelves import Shelves, bracketed
from generator.views import (
    AccountView,
    ChangeDay,
    ChangeRow,
    ChangesView,
    ConflictsView,
    ContradictionView,
    EvidenceView,
    Lane,
    Lanes,
    Link,
    PlanChain,
    PlanSection,
    PlansView,
    PositionView,
    QuestionView,
)

#: Facts first published on one day that the page of changes names; more are counted.
FIRST = 20


# Questions


def question(shelves: Shelves, key: str) -> QuestionView:
    """What are the accounts, and what do the editors make of them?"""
    asked = shelves.dossier.questions[key]
    facts = shelves.dossier.facts
    anchors: set[str] = set()
    return QuestionView(
        path=urls.question(key),
        title=asked.question,
        description=_answers(shelves, len(asked.positions)),
        section="conflicts.html",
        crumbs=(Link(href="conflicts.html", label=shelves.say.gettext("Conflicts")),),
        draft=asked.draft,
        question=asked.question,
        positions=tuple(
            PositionView(
                label=position.label,
                held=asked.ruling == position.label,
                accounts=tuple(_account(shelves, facts[f], anchors) for f in position.facts),
            )
            for position in asked.positions
        ),
        lanes=_lanes(shelves, asked) if shelves.shows("lanes", QuestionView) else None,
        ruling=terms.ruling(shelves.say, asked.ruling),
        reason=asked.reason,
        others=tuple(shelves.question_card(k) for k in shelves.dossier.questions if k != key),
    )


def _answers(shelves: Shelves, count: int) -> str:
    told = shelves.say.ngettext(
        "%(number)s answer, with its words and dates.",
        "%(number)s answers, side by side, with their words and dates.",
        count,
    )
    return told % {"number": count}


def _lanes(shelves: Shelves, asked: Question) -> Lanes | None:
    facts = shelves.dossier.facts
    lanes = tuple(
        Lane(
            actor=Link(label=position.label),
            dots=tuple(lane_dots(shelves, (facts[key] for key in position.facts))),
        )
        for position in asked.positions
    )
    quarters = {(dot.year, (dot.month + 2) // 3) for lane in lanes for dot in lane.dots}
    every = {key for position in asked.positions for key in position.facts}
    undrawn = sum(1 for key in every if not month_of(facts[key]))
    return Lanes(lanes=lanes, undrawn=undrawn) if len(quarters) > 1 else None


def _account(shelves: Shelves, fact: Fact, anchors: set[str]) -> AccountView:
    return AccountView(
        card=shelves.card(fact.id),
        origins=tuple(dict.fromkeys(_origins(shelves, fact))),
        evidence=tuple(_anchored_once(shelves.evidence(fact), anchors)),
    )


def _origins(shelves: Shelves, fact: Fact) -> Iterator[str]:
    """Whom each quotation comes from, as independence is counted: its `via`, `origin` or publisher."""
    for evidence in fact.evidence:
        source = shelves.dossier.sources[evidence.source]
        for actor in evidence.via or source.origin:
            yield shelves.dossier.actors[actor].name
        if not (evidence.via or source.origin):
            yield bracketed(source.publisher, "publisher" in source.supplied)


def _anchored_once(evidence: Iterable[EvidenceView], anchors: set[str]) -> Iterator[EvidenceView]:
    """Two answers may rest on the same words, and a fragment stands only once on a page."""
    for each in evidence:
        yield replace(each, anchor="") if each.anchor in anchors else each
        anchors.add(each.anchor)


# Conflicts


def conflicts(shelves: Shelves) -> ConflictsView:
    """Where do sources disagree?"""
    dossier = shelves.dossier

    def shows(field: str) -> bool:
        return shelves.shows(field, ConflictsView)

    joined = [{f for p in q.positions for f in p.facts} for q in dossier.questions.values()]
    pairs = [
        (fact.id, relation.target)
        for fact in (shelves.facts("told", "contradicts") if shows("pairs") or shows("disputed") else ())
        for relation in dossier.relations.get(fact.id, ())
        if relation.type == "contradicts" and not relation.inverse
    ]

    def place(key: str) -> tuple[tuple[int, ...], str]:
        return edtf.parse(dossier.facts[key].date).sort_key, key

    loose = sorted(
        {tuple(sorted(pair, key=place)) for pair in pairs if not any(set(pair) <= group for group in joined)},
        key=lambda pair: (place(pair[0]), place(pair[1])),
    )
    told = {f for pair in loose for f in pair}.union(*joined)
    return ConflictsView(
        path="conflicts.html",
        title=shelves.say.gettext("Conflicts"),
        description=shelves.say.gettext("Where sources or speakers disagree, side by side."),
        section="conflicts.html",
        questions=tuple(shelves.question_card(k) for k in dossier.questions),
        pairs=tuple(
            ContradictionView(one=shelves.card(one), other=shelves.card(other)) for one, other in loose
        ),
        disputed=shelves.cards(f for f in shelves.facts("told", "disputed") if f.id not in told),
    )


# Plans


def plans_page(shelves: Shelves) -> PlansView:
    """What was announced, and what became of it?"""
    newest = shelves.source(shelves.newest.id) if shelves.newest else None
    return PlansView(
        path="plans.html",
        title=shelves.say.gettext("Plans"),
        description=shelves.say.gettext("What was announced, when it was due, and what became of it."),
        section="plans.html",
        as_of=newest.published if newest else "",
        newest=Link(href=newest.href, label=newest.title, lang=newest.lang) if newest else None,
        sections=tuple(_plan_sections(shelves)),
    )


def _plan_sections(shelves: Shelves) -> Iterator[PlanSection]:
    found = list(chains(shelves))
    for state, (heading, note) in terms.PLAN_STATE.items():
        alike = [facts for stands, facts in found if stands == state]
        if alike:
            yield PlanSection(
                id=state,
                heading=shelves.say.gettext(heading),
                note=shelves.say.gettext(note),
                alone=shelves.cards(facts[0] for facts in alike if len(facts) == 1),
                chains=tuple(
                    PlanChain(state=shelves.say.gettext(heading), steps=plans.steps(shelves, facts))
                    for facts in alike
                    if len(facts) > 1
                ),
            )


def chains(shelves: Shelves) -> Iterator[tuple[terms.PlanState, tuple[Fact, ...]]]:
    """Every chain with a plan, once, with how it stands; by the first date a plan in it is or was due."""
    seen: set[str] = set()
    found = []
    for fact in shelves.facts("told", "plan"):
        if fact.id not in seen:
            facts = plans.chain(shelves, fact.id)
            seen |= {f.id for f in facts}
            due = min(edtf.parse(f.due or f.date).sort_key for f in facts if f.kind == "plan")
            found.append((due, fact.id, facts))
    for _, _, facts in sorted(found, key=lambda row: row[:2]):
        if stands := plans.outcome(shelves, facts):
            yield stands, facts


# Corrections


def changes(shelves: Shelves) -> ChangesView:
    """What was corrected and what was added, when, and why?"""
    rows: dict[str, list[ChangeRow]] = {}
    added: dict[str, list[Fact]] = {}
    for fact in shelves.facts("told", "changes"):
        for change in change_view(shelves, fact):
            rows.setdefault(change.datetime, []).append(ChangeRow(change=change, card=shelves.card(fact.id)))
    for fact in shelves.facts("told", "added", role="added"):
        added.setdefault(fact.added, []).append(fact)
    return ChangesView(
        path="changes.html",
        title=shelves.say.gettext("Corrections and additions"),
        description=shelves.say.gettext(
            "Every correction with its date and reason, and what was added when."
        ),
        section="changes.html",
        days=tuple(
            ChangeDay(
                id=f"d{day}",
                when=shelves.when(day),
                datetime=day,
                rows=tuple(rows.get(day, ())),
                added=shelves.cards(added.get(day, [])[:FIRST]),
                more=len(added.get(day, [])[FIRST:]),
            )
            for day in sorted({*rows, *added}, reverse=True)
        ),
    )
