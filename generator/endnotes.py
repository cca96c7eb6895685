"""Notes that print shows: the sources of what stands on a page, with their addresses spelled out.

In: a page's view. Out: the same with its sources as numbered notes. A source has one number on all pages,
its place in order of publication, so that a card of a fact is the same wherever it stands and printed pages
of one dossier can be laid side by side. An article published after all others moves no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from msgspec.structs import replace

from generator import views
from generator.shelves import Shelves
from generator.views import EvidenceView, FactCard, Listing, PageView


def of_page(shelves: Shelves, view: PageView) -> PageView:
    """The view with its endnotes; as it is where the page shows no fact, or its template no notes."""
    found = _SHOWN.get(type(view))
    if found is None or not shelves.shows("endnotes", type(view)):
        return view
    numbers = sorted(set(found(view)))
    return replace(view, endnotes=shelves.endnotes(numbers)) if numbers else view


def _cards(*lists: Iterable[FactCard]) -> Iterable[int]:
    return (number for card in chain.from_iterable(lists) for number in card.cited)


def _quoted(evidence: Iterable[EvidenceView]) -> Iterable[int]:
    return (quote.source.number for quote in evidence)


def _listed(listing: Listing) -> Iterable[FactCard]:
    return (card for group in listing.groups for card in group.cards)


#: For each kind of page that shows facts with their sources: the numbers of these.
_SHOWN: Mapping[type[PageView], Callable[[Any], Iterable[int]]] = {
    views.HomeView: lambda v: _cards(v.start, v.recent, v.plans),
    views.TimelineView: lambda v: _cards(_listed(v.listing)),
    views.KnownView: lambda v: _cards(_listed(v.listing), v.plans, v.perhaps),
    views.FactView: lambda v: _quoted(v.evidence),
    views.ActorView: lambda v: _cards(_listed(v.listing), v.carried),
    views.YearView: lambda v: _cards(_listed(v.listing), v.loose, v.one_of, v.due),
    views.MonthView: lambda v: _cards(_listed(v.listing), v.whole, v.maybe, v.one_of, v.due),
    views.DayView: lambda v: _cards(_listed(v.listing), v.one_of, v.due, v.maybe),
    views.DatesView: lambda v: _cards(v.vague),
    views.TopicView: lambda v: _cards(_listed(v.listing)),
    views.QuestionView: lambda v: chain.from_iterable(
        (*account.card.cited, *_quoted(account.evidence)) for p in v.positions for account in p.accounts
    ),
    views.ConflictsView: lambda v: _cards(v.disputed, *((pair.one, pair.other) for pair in v.pairs)),
    views.PlansView: lambda v: _cards(*(section.alone for section in v.sections)),
    views.ChangesView: lambda v: _cards(*(day.added for day in v.days)),
}
