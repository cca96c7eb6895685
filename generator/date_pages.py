"""Pages of time: a year, a month, a day, and the index of dates.

A page never says more than its facts: what is dated to the day stands on the day; what is dated to the
month is listed on its days as "could include"; what is coarser is counted there, with a link to the page
that lists it. Happened and reported are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator import datewords, edtf, urls
from generator.listing import (
    Sheet,
    by_day,
    by_month,
    listing,
    month_of,
    overview,
    paged,
    plain,
    year_number,
)
from generator.listing import parts as listing_parts
from generator.shelves import Outline, Shelves
from generator.views import (
    DatesView,
    DayView,
    GridDay,
    Link,
    MonthCell,
    MonthView,
    PageView,
    SourceCard,
    Tally,
    YearRow,
    YearView,
)


def keys(shelves: Shelves) -> list[str]:
    """Every year, month and day that has a page."""
    return sorted(shelves.calendar)


def sheets(shelves: Shelves, key: str) -> list[Sheet[Outline]]:
    """The facts of a date page that happened on a date of its own, split by number when too many."""
    found: list[Sheet[Outline]] | None = shelves.split.get(("date", key))
    if found is None:
        found = shelves.split["date", key] = _cut(shelves, _listed(shelves, key))
    return found


def _cut(shelves: Shelves, facts: list[Outline]) -> list[Sheet[Outline]]:
    limit = shelves.dossier.site.lists
    if not limit or len(facts) <= limit:
        return [Sheet("", "", tuple(facts))]
    cuts = range(0, len(facts), limit)
    return [
        Sheet(
            f"p{n}" if n > 1 else "",
            shelves.say.gettext("Page %(number)s") % {"number": n},
            tuple(facts[start : start + limit]),
        )
        for n, start in enumerate(cuts, 1)
    ]


def parts(shelves: Shelves, key: str) -> list[str]:
    """The pages its list takes; a list that is short enough need not be made to tell."""
    limit = shelves.dossier.site.lists
    short = not limit or len(shelves.members("date", key)) <= limit
    return [""] if short else listing_parts(sheets(shelves, key))


def _own(shelves: Shelves, key: str) -> list[Outline]:
    """The facts that stand on a date page by their own date, and not as one choice of several."""
    return [f for f in shelves.outlines("date", key) if not edtf.parse(f.date).one_of]


def _listed(shelves: Shelves, key: str) -> list[Outline]:
    own = _own(shelves, key)
    return [f for f in own if _is_day(f)] if _depth(key) else [f for f in own if month_of(f)]


def _but(facts: Iterable[Outline], *others: Iterable[Outline]) -> list[Outline]:
    """Some facts without others; told by their ids, since there may be thousands of both."""
    ids = {fact.id for other in others for fact in other}
    return [fact for fact in facts if fact.id not in ids]


def _depth(key: str) -> int:
    """0 for a year, 1 for a month, 2 for a day; a leading minus belongs to the year."""
    return ("year", "month", "day").index(edtf.parse(key).precision)


def _is_day(fact: Outline) -> bool:
    date = edtf.parse(fact.date)
    return date.earliest is not None and date.earliest == date.latest


def view(shelves: Shelves, key: str, part: str) -> PageView:
    """The page of a year, a month or a day."""
    return (_year, _month, _day)[_depth(key)](shelves, key, part)


def _around(shelves: Shelves, key: str) -> tuple[Link | None, Link | None]:
    """The nearest pages of the same kind before and after."""
    if not (shelves.shows("earlier") or shelves.shows("later")):
        return None, None
    return tuple(  # type: ignore[return-value]  # two, as there are two neighbours
        Link(href=urls.date(near), label=datewords.short(near, shelves.language)) if near else None
        for near in shelves.calendar[key]
    )


def _published(shelves: Shelves, key: str) -> tuple[SourceCard, ...]:
    if not shelves.shows("published"):
        return ()
    return tuple(shelves.source(m.id) for m in shelves.members("published", key))


def _one_of(shelves: Shelves, key: str) -> list[Outline]:
    return [f for f in shelves.outlines("date", key) if edtf.parse(f.date).one_of]


def _crumbs(shelves: Shelves, key: str) -> tuple[Link, ...]:
    crumbs = [Link(href="dates.html", label=shelves.say.gettext("Dates"))]
    pieces = key.split("-")
    for n in range(1, len(pieces)):
        above = "-".join(pieces[:n])
        if above and shelves.has_page(above):
            crumbs.append(Link(href=urls.date(above), label=datewords.short(above, shelves.language)))
    return tuple(crumbs)


def _title(shelves: Shelves, key: str, part: str) -> str:
    title = datewords.short(key, shelves.language)
    return paged(shelves.say, title, part[1:]) if part else title


def _describe(shelves: Shelves, key_words: str, count: int) -> str:
    say = shelves.say
    told = say.ngettext(
        "What happened and what was published: %(date)s, %(number)s fact.",
        "What happened and what was published: %(date)s, %(number)s facts.",
        count,
    )
    return told % {"date": key_words, "number": say.number(count)}


def _year(shelves: Shelves, key: str, part: str) -> YearView:
    own = shelves.outlines("date", key)
    loose = [f for f in _own(shelves, key) if not month_of(f)]
    heading = datewords.short(key, shelves.language)
    earlier, later = _around(shelves, key)
    year = year_number(key)
    also = _but(shelves.outlines("wide", key), loose, own)
    shown = shelves.shown(YearView)
    return YearView(
        path=urls.date(key, part),
        title=_title(shelves, key, part),
        description=_describe(shelves, heading, len(own)) if "description" in shown else "",
        section="dates.html",
        crumbs=_crumbs(shelves, key) if "crumbs" in shown else (),
        heading=heading,
        datetime=key if year > 0 else "",
        months=tuple(_cell(shelves, key, n) for n in range(1, 13)) if "months" in shown and not part else (),
        earlier=earlier,
        later=later,
        listing=listing(
            sheets(shelves, key), part, lambda p: urls.date(key, p), lambda f: by_month(shelves, f)
        ),
        loose=() if part else shelves.cards([*loose, *also]),
        one_of=() if part else shelves.cards(_one_of(shelves, key)),
        due=() if part else shelves.cards(shelves.outlines("date", key, role="due")),
        published=() if part else _published(shelves, key),
    )


def _cell(shelves: Shelves, year: str, month: int) -> MonthCell:
    key = f"{year}-{month:02d}"
    own = [f for f in shelves.outlines("date", key) if month_of(f) == key]
    return MonthCell(
        month=month,
        href=urls.date(key) if shelves.has_page(key) else "",
        marks=shelves.tally(own),
        published=len(shelves.members("published", key)),
    )


def _month(shelves: Shelves, key: str, part: str) -> MonthView:
    shown = shelves.shown(MonthView)
    heading = datewords.short(key, shelves.language)
    own = _own(shelves, key)
    coarse = [f for f in own if not _is_day(f)]
    whole = [f for f in coarse if month_of(f) == key and edtf.parse(f.date).start is None]
    near = [f for f in _but(shelves.outlines("near", key), whole) if not edtf.parse(f.date).one_of]
    maybe = _in_order([*near, *_but(coarse, whole, near)])
    earlier, later = _around(shelves, key)
    (year, month, _), _ = edtf.span_of(key)
    return MonthView(
        path=urls.date(key, part),
        title=_title(shelves, key, part),
        description=_describe(shelves, heading, len(own)) if "description" in shown else "",
        section="dates.html",
        crumbs=_crumbs(shelves, key) if "crumbs" in shown else (),
        heading=heading,
        datetime=key if year > 0 else "",
        year=year,
        month=month,
        days=tuple(_grid(shelves, key, [*whole, *maybe])) if "days" in shown and not part else (),
        earlier=earlier,
        later=later,
        listing=listing(
            sheets(shelves, key), part, lambda p: urls.date(key, p), lambda f: by_day(shelves, f)
        ),
        whole=() if part else shelves.cards(whole),
        maybe=() if part else shelves.cards(maybe),
        one_of=() if part else shelves.cards(_one_of(shelves, key)),
        due=() if part else shelves.cards(shelves.outlines("date", key, role="due")),
        coarser=() if part else tuple(_coarser(shelves, key)),
        published=() if part else _published(shelves, key),
    )


def _grid(shelves: Shelves, month: str, vague: list[Outline]) -> Iterator[GridDay]:
    """Days in which something stands; days touched only by facts that touch every day are left plain."""
    _, last = edtf.span_of(month)
    ends = f"{month}-01", f"{month}-{last[2]:02d}"
    dates = [edtf.parse(f.date) for f in vague]
    ranges = [d for d in dates if not all(_touches(d, end) for end in ends)]
    for day in range(1, last[2] + 1):
        key = f"{month}-{day:02d}"
        marks = shelves.tally(f for f in shelves.outlines("date", key) if _is_day(f))
        published = len(shelves.members("published", key))
        maybe = any(_touches(d, key) for d in ranges if d.earliest and d.latest)
        if marks or published or maybe:
            yield GridDay(
                day=day,
                href=urls.date(key) if shelves.has_page(key) else "",
                marks=marks,
                published=published,
                maybe=maybe,
            )


def _touches(date: edtf.Edtf, key: str) -> bool:
    """Whether a date stands on a day's page, as a range on those of its ends, or could fall on the day."""
    return key in date.pages or edtf.overlaps(date, key)


def _coarser(shelves: Shelves, key: str) -> Iterator[Tally]:
    """Facts too coarse to list here, counted on the page of the year, which lists them."""
    if not shelves.shows("coarser"):
        return
    year = "-".join(key.split("-")[: 2 if key.startswith("-") else 1])
    own = {m.id for m in shelves.members("date", key)}
    count = sum(1 for f in shelves.outlines("wide", year) if f.id not in own)
    if count and shelves.has_page(year):
        yield Tally(href=urls.date(year), label=datewords.short(year, shelves.language), count=count)


def _in_order(facts: Iterable[Outline]) -> list[Outline]:
    return sorted(facts, key=lambda f: (edtf.parse(f.date).sort_key, f.id))


def _day(shelves: Shelves, key: str, part: str) -> DayView:
    shown = shelves.shown(DayView)
    heading = datewords.long_day(key, shelves.language) if "heading" in shown else ""
    own = _own(shelves, key)
    maybe: list[Outline] = []
    if "maybe" in shown and not part:
        near = [f for f in shelves.outlines("near", key[:-3]) if edtf.overlaps(edtf.parse(f.date), key)]
        maybe = _in_order([*near, *_but((f for f in own if not _is_day(f)), near)])
    earlier, later = _around(shelves, key)
    day, _ = edtf.span_of(key)
    described = "description" in shown
    return DayView(
        path=urls.date(key, part),
        title=_title(shelves, key, part),
        description=_describe(shelves, datewords.short(key, shelves.language), len(own)) if described else "",
        section="dates.html",
        crumbs=_crumbs(shelves, key) if "crumbs" in shown else (),
        heading=heading,
        datetime=key if day[0] > 0 else "",
        earlier=earlier,
        later=later,
        listing=listing(sheets(shelves, key), part, lambda p: urls.date(key, p), lambda f: plain(shelves, f)),
        one_of=() if part else shelves.cards(_one_of(shelves, key)),
        due=() if part else shelves.cards(shelves.outlines("date", key, role="due")),
        maybe=shelves.cards(maybe),
        coarser=() if part else tuple(_coarser(shelves, key)),
        published=() if part else _published(shelves, key),
    )


def index(shelves: Shelves) -> DatesView:
    """Which times does this cover?"""
    there = keys(shelves) if shelves.shows("rows") else []
    years = sorted((k for k in there if not _depth(k)), key=year_number)

    def shows(field: str) -> bool:
        return shelves.shows(field, DatesView)

    return DatesView(
        path="dates.html",
        title=shelves.say.gettext("Dates"),
        description=shelves.say.gettext("Every year and month with facts."),
        section="dates.html",
        overview=overview(shelves, shelves.outlines("all") if shows("overview") else []),
        rows=tuple(
            YearRow(
                year=_tally(shelves, year),
                months=tuple(
                    _tally(shelves, k) for k in there if k.startswith(f"{year}-") and _depth(k) == 1
                ),
            )
            for year in years
            if shows("rows")
        ),
        vague=shelves.cards(shelves.outlines("undated")) if shelves.shows("vague") else (),
    )


def _tally(shelves: Shelves, key: str) -> Tally:
    count = len({m.id for m in shelves.members("date", key)})
    return Tally(href=urls.date(key), label=datewords.short(key, shelves.language), count=count)
