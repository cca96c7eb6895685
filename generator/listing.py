"""Long lists: grouped under headings, split over several pages when they outgrow one, counted by month.

A list over the limit is split by year, a year over the limit by month, anything else by number. The front
page then holds the links to its parts. Parts have addresses of their own, with a dot that no id holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from generator import datewords, edtf, languages, urls
from generator.languages import Language, marked
from generator.shelves import Outline, Shelves
from generator.views import Bin, CardGroup, Listing, Overview, Part, YearLink

#: Most stretches of time in a small picture, and how many months one may hold.
STRETCHES: Final = 24
STEPS: Final = (1, 3, 12, 60, 120, 1200)
#: Heading of facts whose date belongs to no year.
UNDATED = marked("Date unknown")


class Dated(Protocol):
    """What a list is made of: whole facts, or outlines of them."""

    @property
    def id(self) -> str:
        """Id of the fact."""
        ...

    @property
    def date(self) -> str:
        """Its date, as written."""
        ...


D = TypeVar("D", bound=Dated)


class Sheet(Struct, Generic[D], frozen=True):
    """One page of a list."""

    #: What its address has between the dots; empty for the front page.
    part: str
    label: str
    facts: tuple[D, ...]


def year_of(fact: Dated) -> str:
    """Key of the year a fact is filed under: the one its sorting begins with; empty when it has none."""
    return _year_of(fact.date)


@lru_cache(maxsize=1 << 16)
def _year_of(text: str) -> str:
    date = edtf.parse(text)
    day = date.earliest or date.latest
    return edtf.year_key(day[0]) if day and date.pages else ""


def month_of(fact: Dated) -> str:
    """Key of the one month a fact's date lies in; empty when it is coarser than a month."""
    return _month_of(fact.date)


@lru_cache(maxsize=1 << 16)
def _month_of(text: str) -> str:
    date = edtf.parse(text)
    if date.earliest and date.latest and date.earliest[:2] == date.latest[:2]:
        return f"{edtf.year_key(date.earliest[0])}-{date.earliest[1]:02d}"
    return ""


def year_number(key: str) -> int:
    """The year that a key names, as a number; keys beyond four digits begin with Y (EDTF, level 1)."""
    return edtf.span_of(key)[0][0]


class Axis(Struct, frozen=True):
    """Equal stretches of time that small pictures of several groups of facts have in common."""

    #: Month that the first stretch begins with, counted from the year 0.
    first: int
    #: Months in a stretch.
    step: int
    #: Number of stretches.
    count: int

    def ends(self) -> tuple[str, str]:
        """Keys of its first month and its last."""
        return _month_key(self.first), _month_key(self.first + self.step * self.count - 1)


def axis(facts: Iterable[Outline]) -> Axis | None:
    """As few months in a stretch as leave no more than `STRETCHES`; None: there is nothing to compare."""
    months = [at for fact in facts if (at := _month_number(fact, 1)) is not None]
    if len(months) < 2:
        return None
    for step in STEPS:
        first = min(months) // step
        count = max(months) // step - first + 1
        if count <= STRETCHES or step == STEPS[-1]:
            break
    return Axis(first * step, step, count) if count > 1 else None


def course(facts: Iterable[Outline], axis: Axis | None) -> tuple[int, ...]:
    """Number of facts in each stretch of an axis; those dated more coarsely than a stretch are in none."""
    if axis is None:
        return ()
    counts = [0] * axis.count
    for fact in facts:
        at = _month_number(fact, axis.step)
        if at is not None and 0 <= (place := (at - axis.first) // axis.step) < axis.count:
            counts[place] += 1
    return tuple(counts)


def _month_number(fact: Dated, step: int) -> int | None:
    """The month of a fact, counted from the year 0; without one that of its year, if that is fine enough."""
    if month := month_of(fact):
        return year_number(month[:-3]) * 12 + int(month[-2:]) - 1
    year = year_of(fact) if step % 12 == 0 else ""
    return year_number(year) * 12 if year else None


def _month_key(number: int) -> str:
    return f"{edtf.year_key(number // 12)}-{number % 12 + 1:02d}"


def split(facts: Sequence[D], limit: int, language: str) -> list[Sheet[D]]:
    """Sheets of a list in order of date; one sheet with an empty part when it is short enough."""
    say = languages.of(language)
    if not limit or len(facts) <= limit:
        return [Sheet("", "", tuple(facts))]
    sheets: list[Sheet[D]] = []
    for year, members in _runs(facts, year_of):
        if len(members) <= limit:
            sheets.append(Sheet(year or "undated", year or say.gettext(UNDATED), members))
            continue
        for month, part in _runs(sorted(members, key=month_of), month_of):
            name = month or f"{year or 'undated'}-other"
            label = (
                datewords.short(month, language)
                if month
                else say.gettext("%(year)s, no single month") % {"year": year or say.gettext(UNDATED)}
            )
            sheets += _numbered(say, part, limit, name, label)
    return sheets


def _numbered(say: Language, facts: tuple[D, ...], limit: int, name: str, label: str) -> Iterator[Sheet[D]]:
    if len(facts) <= limit:
        yield Sheet(name, label, facts)
        return
    for number, start in enumerate(range(0, len(facts), limit), 1):
        yield Sheet(f"{name}.p{number}", paged(say, label, number), facts[start : start + limit])


def paged(say: Language, title: str, page: int | str) -> str:
    """The title of one page of a list that goes on over several."""
    return say.gettext("%(title)s, page %(number)s") % {"title": title, "number": page}


def _runs(facts: Sequence[D], key: Callable[[Dated], str]) -> Iterator[tuple[str, tuple[D, ...]]]:
    """Facts by a key, keys in order of first appearance, each once."""
    groups: dict[str, list[D]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    for name, members in groups.items():
        yield name, tuple(members)


def by_year(shelves: Shelves, facts: Sequence[Outline]) -> tuple[CardGroup, ...]:
    """Facts under their years."""
    return tuple(
        CardGroup(
            id=f"y{year}" if year else "undated",
            heading=year or shelves.say.gettext(UNDATED),
            href=urls.date(year) if year and shelves.has_page(year) else "",
            cards=shelves.cards(members),
        )
        for year, members in _runs(facts, year_of)
    )


def by_month(shelves: Shelves, facts: Sequence[Outline]) -> tuple[CardGroup, ...]:
    """Facts of one year under their months; those of no single month are not in it."""
    return tuple(
        CardGroup(
            id=f"m{month}",
            heading=shelves.say.months[int(month[-2:]) - 1],
            href=urls.date(month) if shelves.has_page(month) else "",
            cards=shelves.cards(members),
        )
        for month, members in _runs([f for f in facts if month_of(f)], month_of)
    )


def by_day(shelves: Shelves, facts: Sequence[Outline]) -> tuple[CardGroup, ...]:
    """Facts of one month under their days."""

    def day(fact: Dated) -> str:
        return edtf.parse(fact.date).pages[-1]

    return tuple(
        CardGroup(
            id=f"d{key}",
            heading=datewords.short(key, shelves.language),
            href=urls.date(key),
            cards=shelves.cards(members),
        )
        for key, members in _runs(facts, day)
    )


def plain(shelves: Shelves, facts: Sequence[Outline]) -> tuple[CardGroup, ...]:
    """Facts without headings."""
    return (CardGroup(id="all", heading="", cards=shelves.cards(facts)),) if facts else ()


def listing(
    sheets: Sequence[Sheet[D]],
    part: str,
    path: Callable[[str], str],
    group: Callable[[Sequence[D]], tuple[CardGroup, ...]],
) -> Listing:
    """The list as one of its pages shows it; `part` is empty for the front page."""
    links = tuple(
        Part(href=path(s.part), label=s.label, count=len(s.facts), current=s.part == part)
        for s in sheets
        if s.part or s.label
    )
    held = next((s.facts for s in sheets if s.part == part), None)
    groups = group(held) if held else ()
    return Listing(groups=groups, count=sum([len(g.cards) for g in groups]), parts=links)


def parts(sheets: Sequence[Sheet[D]]) -> list[str]:
    """The pages a list takes: the front page, then one for each part."""
    return ["", *(s.part for s in sheets if s.part)]


def overview(shelves: Shelves, facts: Sequence[Outline]) -> Overview:
    """Facts counted by month, those of no single month by year; nothing where no template shows it."""
    if not shelves.shows("overview"):
        return Overview()
    dated = [f for f in facts if year_of(f)]
    bins = []
    for (year, month), members in groupby(sorted(dated, key=_slot), key=_slot):
        key = f"{edtf.year_key(year)}-{month:02d}"
        href = urls.date(key) if month and shelves.has_page(key) else ""
        bins.append(Bin(year=year, month=month, href=href, marks=shelves.tally(members)))
    years = sorted({b.year for b in bins})
    return Overview(
        bins=tuple(bins),
        years=tuple(
            YearLink(year=y, href=urls.date(edtf.year_key(y)))
            for y in years
            if shelves.has_page(edtf.year_key(y))
        ),
        undrawn=len(facts) - len(dated),
    )


def _slot(fact: Outline) -> tuple[int, int]:
    month = month_of(fact)
    return year_number(year_of(fact)), int(month[-2:]) if month else 0
