"""The whole dossier as one document: every fact in order, with its words, and the sources as numbered notes.

In: the shelves. Out: one page to be printed, kept or sent. A dossier of more facts than `dossier:` in
site.yaml has none: the page grows with every fact, and each edit makes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator import conflict_pages, terms, urls
from generator.content import Fact
from generator.listing import UNDATED, year_of
from generator.shelves import Shelves, direction
from generator.views import (
    DocumentAnswer,
    DocumentFact,
    DocumentPlan,
    DocumentQuestion,
    DocumentQuote,
    DocumentView,
    DocumentYear,
)


def is_made(shelves: Shelves) -> bool:
    """Whether the dossier is small enough for one document."""
    return 0 < len(shelves.dossier.facts) <= shelves.dossier.site.dossier


def view(shelves: Shelves) -> DocumentView:
    """Everything, in order, with its words and its sources."""
    site, _ = shelves.dossier.site, shelves.say.gettext
    facts = shelves.facts("all") if shelves.shows("years", DocumentView) else []
    numbers = {fact.id: number for number, fact in enumerate(_by_year(facts), 1)}
    return DocumentView(
        path=urls.DOCUMENT,
        title=_("The whole dossier"),
        description=_("%(title)s: every fact in order, with its words and its sources, on one page.")
        % {"title": site.title},
        section=urls.DOCUMENT,
        summary=site.summary,
        count=len(shelves.dossier.facts),
        years=tuple(_years(shelves, facts, numbers)),
        questions=tuple(_questions(shelves, numbers)) if facts else (),
        plans=tuple(
            DocumentPlan(
                state=_(terms.PLAN_STATE[state][0]),
                facts=tuple(numbers[fact.id] for fact in chain),
                card=shelves.card(chain[0].id),
            )
            for state, chain in (_plans(shelves) if facts else ())
        ),
        marks=tuple(mark for mark, _ in shelves.tally(shelves.outline(fact.id) for fact in facts)),
        endnotes=tuple(shelves.endnote(key) for key in shelves.source_order) if facts else (),
    )


def _by_year(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts in order of date, those of no year last."""
    return iter(sorted(facts, key=lambda fact: not year_of(fact)))


def _years(shelves: Shelves, facts: Iterable[Fact], numbers: dict[str, int]) -> Iterator[DocumentYear]:
    years: dict[str, list[Fact]] = {}
    for fact in _by_year(facts):
        years.setdefault(year_of(fact), []).append(fact)
    for year, members in years.items():
        yield DocumentYear(
            id=f"y{year}" if year else "undated",
            heading=year or shelves.say.gettext(UNDATED),
            facts=tuple(
                DocumentFact(
                    number=numbers[fact.id],
                    card=shelves.card(fact.id),
                    quotes=tuple(_quotes(shelves, fact)),
                    gaps=fact.gaps,
                )
                for fact in members
            ),
        )


def _quotes(shelves: Shelves, fact: Fact) -> Iterator[DocumentQuote]:
    stances = {evidence.stance for evidence in fact.evidence}
    for evidence, located in zip(fact.evidence, shelves.dossier.located[fact.id].evidence, strict=True):
        lang, ours = shelves.language_of(evidence), evidence.translation
        yield DocumentQuote(
            runs=shelves.runs(evidence, located),
            paragraph=located.paragraphs[0],
            start=located.spans[0].start,
            end=located.spans[-1].end,
            lang=lang,
            dir=direction(lang),
            source=shelves.source(evidence.source),
            href=urls.source(evidence.source, located.anchor),
            stance_word=terms.stance(shelves.say, evidence.stance, stances),
            translation=ours.text if ours else "",
            translation_by=ours.by if ours else "",
        )


def _questions(shelves: Shelves, numbers: dict[str, int]) -> Iterator[DocumentQuestion]:
    for key, asked in shelves.dossier.questions.items():
        yield DocumentQuestion(
            href=urls.question(key),
            question=asked.question,
            answers=tuple(
                DocumentAnswer(label=position.label, facts=tuple(numbers[f] for f in position.facts))
                for position in asked.positions
            ),
            ruling=terms.ruling(shelves.say, asked.ruling),
            reason=asked.reason,
        )


def _plans(shelves: Shelves) -> list[tuple[terms.PlanState, tuple[Fact, ...]]]:
    """Chains of plans, those that call for attention first."""
    order = list(terms.PLAN_STATE)
    return sorted(conflict_pages.chains(shelves), key=lambda found: order.index(found[0]))
