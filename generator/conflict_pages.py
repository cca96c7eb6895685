"""Pages of what is unsettled: questions, conflicts, plans, and of what was set right: corrections."""

from __future__ import annotations

from generator import edtf, urls
from generator.content import Question
from generator.fact_page import change_view
from generator.shelves import Shelves
from generator.views import (
    AccountView,
    ChangeRow,
    ChangesView,
    ConflictsView,
    ContradictionView,
    Link,
    PlansView,
    PlanView,
    PositionView,
    QuestionView,
    RelationView,
)


def question(shelves: Shelves, key: str) -> QuestionView:
    """What are the accounts, and what do the editors make of them?"""
    asked = shelves.dossier.questions[key]
    facts = shelves.dossier.facts
    return QuestionView(
        path=urls.question(key),
        title=asked.question,
        description=f"{len(asked.positions)} answers, side by side, with their words and dates.",
        section="conflicts.html",
        crumbs=(Link(href="conflicts.html", label="Conflicts"),),
        question=asked.question,
        positions=tuple(
            PositionView(
                label=position.label,
                held=asked.ruling == position.label,
                accounts=tuple(
                    AccountView(card=shelves.card(f), evidence=shelves.evidence(facts[f]))
                    for f in position.facts
                ),
            )
            for position in asked.positions
        ),
        ruling=_ruling(asked),
        reason=asked.reason,
        others=tuple(shelves.question_card(k) for k in shelves.dossier.questions if k != key),
    )


def _ruling(asked: Question) -> str:
    return "Open" if asked.ruling == "open" else f"Held right: {asked.ruling}"


def conflicts(shelves: Shelves) -> ConflictsView:
    """Where do sources disagree?"""
    dossier = shelves.dossier
    joined = [{f for p in q.positions for f in p.facts} for q in dossier.questions.values()]
    pairs = [
        (fact.id, relation.target)
        for fact in dossier.facts.values()
        for relation in dossier.relations.get(fact.id, ())
        if relation.type == "contradicts" and not relation.inverse
    ]
    order = {key: n for n, key in enumerate(dossier.facts)}
    loose = sorted(
        {
            tuple(sorted(pair, key=order.__getitem__))
            for pair in pairs
            if not any(set(pair) <= group for group in joined)
        },
        key=lambda pair: (order[pair[0]], order[pair[1]]),
    )
    told = {f for pair in loose for f in pair}.union(*joined)
    return ConflictsView(
        path="conflicts.html",
        title="Conflicts",
        description="Where sources or speakers disagree, side by side.",
        section="conflicts.html",
        questions=tuple(shelves.question_card(k) for k in dossier.questions),
        pairs=tuple(
            ContradictionView(one=shelves.card(one), other=shelves.card(other)) for one, other in loose
        ),
        disputed=shelves.cards(
            f for f in dossier.facts.values() if shelves.mark(f) == "disputed" and f.id not in told
        ),
    )


def plans(shelves: Shelves) -> PlansView:
    """What was announced, and what became of it?"""
    dossier = shelves.dossier
    views = {"open": [], "settled": []}  # type: dict[str, list[PlanView]]
    announced = [f for f in dossier.facts.values() if f.kind == "plan"]
    for fact in sorted(announced, key=lambda f: (edtf.parse(f.due or f.date).sort_key, f.id)):
        outcomes = tuple(
            RelationView(label=r.label, card=shelves.card(r.target))
            for r in dossier.relations.get(fact.id, ())
            if r.inverse and r.type in ("fulfils", "fails", "postpones")
        )
        views["open" if dossier.is_open(fact) else "settled"].append(
            PlanView(card=shelves.card(fact.id), outcomes=outcomes)
        )
    return PlansView(
        path="plans.html",
        title="Plans",
        description="What was announced, when it was due, and what became of it.",
        section="plans.html",
        open=tuple(views["open"]),
        settled=tuple(views["settled"]),
    )


def changes(shelves: Shelves) -> ChangesView:
    """What was corrected, and why?"""
    rows = [
        (edtf.parse(change.date).sort_key, fact.id, ChangeRow(change=view, card=shelves.card(fact.id)))
        for fact in shelves.dossier.facts.values()
        for change, view in zip(
            sorted(fact.changes, key=lambda c: edtf.parse(c.date).sort_key, reverse=True),
            change_view(shelves, fact),
            strict=True,
        )
    ]
    rows.sort(key=lambda row: row[:2], reverse=True)
    return ChangesView(
        path="changes.html",
        title="Corrections",
        description="Every correction with its date and reason.",
        section="changes.html",
        rows=tuple(row for _, _, row in rows),
    )
