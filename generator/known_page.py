"""The page of what was known on a day that site.yaml names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from generator import hindsight, terms, urls
from generator.content import Fact
from generator.hindsight import Then
from generator.list_pages import sheets
from generator.listing import UNDATED, Sheet, listing, parts, year_of
from generator.shelves import Shelves
from generator.views import CardGroup, KnownView, Link, MarkCount


def keys(shelves: Shelves) -> Iterable[str]:
    """The days that have such a page, in order."""
    return sorted(shelves.dossier.site.known_on)


def parts_of(shelves: Shelves, key: str) -> Iterable[str]:
    """The parts of the list of a day, the front page first."""
    return parts(_sheets(shelves, key))


def _sheets(shelves: Shelves, key: str) -> Sequence[Sheet[Fact]]:
    return sheets(shelves, "known", key, lambda: hindsight.then(shelves, key).known)


def view(shelves: Shelves, key: str, part: str) -> KnownView:
    """What was known on a day, as it stood then?"""
    moment = hindsight.then(shelves, key)
    path, words = urls.known(key, part), shelves.when(key)
    say = shelves.say
    title = say.gettext("As known on %(day)s") % {"day": words}
    plans = [f for f in moment.known if moment.marks[f.id] == "planned"]
    limit = 0 if part else shelves.dossier.site.lists or len(shelves.dossier.facts)
    days = list(keys(shelves))
    at = days.index(key)
    return KnownView(
        path=path,
        title=title,
        description=say.gettext("What the sources published by %(day)s had reported, as it stood then.")
        % {"day": words},
        section="timeline.html",
        crumbs=(Link(href="timeline.html", label=say.gettext("Timeline")),)
        + ((Link(href=urls.known(key), label=title),) if part else ()),
        day=words,
        datetime=key,
        count=len(moment.known),
        standing=_standing(shelves, moment),
        plans=hindsight.cards(shelves, moment, plans[:limit], moment.surely),
        more_plans=0 if part else len(plans[limit:]),
        listing=listing(
            _sheets(shelves, key),
            part,
            lambda p: urls.known(key, p),
            lambda facts: _by_year(shelves, moment, facts),
        ),
        perhaps=hindsight.cards(shelves, moment, moment.perhaps[:limit], moment.perhaps_too),
        more_perhaps=0 if part else len(moment.perhaps[limit:]),
        published=() if part else tuple(map(shelves.source, moment.published)),
        perhaps_published=() if part else tuple(map(shelves.source, moment.perhaps_published)),
        earlier=_link(shelves, days[at - 1]) if at else None,
        later=_link(shelves, days[at + 1]) if at + 1 < len(days) else None,
    )


def _link(shelves: Shelves, day: str) -> Link:
    return Link(href=urls.known(day), label=shelves.when(day))


def _standing(shelves: Shelves, moment: Then) -> tuple[MarkCount, ...]:
    counts = Counter(moment.marks[fact.id] for fact in moment.known)
    return tuple(
        MarkCount(mark=mark, word=shelves.say.gettext(terms.STATUS[mark].word), count=counts[mark])
        for mark in terms.STATUS
        if counts[mark]
    )


def _by_year(shelves: Shelves, moment: Then, facts: Iterable[Fact]) -> tuple[CardGroup, ...]:
    years: dict[str, list[Fact]] = {}
    for fact in facts:
        years.setdefault(year_of(fact), []).append(fact)
    return tuple(
        CardGroup(
            id=f"y{year}" if year else "undated",
            heading=year or shelves.say.gettext(UNDATED),
            href=urls.date(year) if year and shelves.has_page(year) else "",
            cards=hindsight.cards(shelves, moment, members, moment.surely),
        )
        for year, members in years.items()
    )
