"""Pictures of time: facts by month, by actor and quarter, by day.

In: values of `views`. Out: rows and cells for which templates still have the words to add; templates call
these functions, so a theme without pictures pays nothing. Every axis comes from the data, starts where the
data starts, and gives equal time equal width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from generator.marks import MANY, Marks, dots, n, num, total
from generator.views import GridDay, LaneDot, Lanes, Link, Mark, Network, Overview

#: All marks, in the order of the key.
IN_ORDER: Final[tuple[Mark, ...]] = (
    "confirmed",
    "reported",
    "claimed",
    "disputed",
    "denied",
    "planned",
    "withdrawn",
)
#: Most years drawn month by month, and most drawn year by year; beyond that a cell is a decade.
MONTHLY_YEARS: Final = 8
YEARLY_YEARS: Final = 80
#: Most years whose lanes are drawn by quarter, and most drawn by year.
QUARTERLY_YEARS: Final = 6
LANE_YEARS: Final = 30
#: Most dots in one cell of a lane: each is a target of 24 pixels.
LANE_MANY: Final = 9
#: Highest number that fits above a bar from side to side; a higher one stands upright.
WIDE: Final = 999
#: Height of the highest bar, in pixels.
BAR: Final = 96


class Cell(Struct, frozen=True, kw_only=True):
    """One month, year or decade of an overview."""

    #: Its year, or the first year of the decade.
    year: int
    #: Its month; 0: the cell is a year or a decade.
    month: int = 0
    #: The last year of a decade; 0: the cell is a month or a year.
    last: int = 0
    #: Its page; empty: none.
    href: str = ""
    #: Marks of its facts with their numbers, in the order of the key.
    marks: Marks = ()
    #: Number of its facts.
    count: int = 0
    #: Dots, or a bar with a number when the picture has cells with more than ten facts.
    drawing: Markup = Markup()


class Group(Struct, frozen=True, kw_only=True):
    """A year of twelve months, a decade of ten years or a century of ten decades."""

    #: The year, or the first year of the decade or century.
    year: int
    #: The last year it holds.
    last: int
    #: Page of the year; empty: none.
    href: str = ""
    #: Its cells, in order.
    cells: tuple[Cell, ...]
    #: Facts that belong to none of its cells.
    loose: Marks = ()


class OverviewPlan(Struct, frozen=True, kw_only=True):
    """An overview, ready to be written as lists."""

    #: Years, decades or centuries, in order.
    groups: tuple[Group, ...]
    #: Groups side by side on a wide screen, 1 to 4.
    across: int
    #: What a cell is: 1 month, 12 months (a year) or 120 (a decade).
    step: int
    #: Marks that occur in it, in the order of the key.
    marks: tuple[Mark, ...] = ()


class Row(Struct, frozen=True, kw_only=True):
    """One month, year or decade of an overview as a row of a table."""

    #: When.
    cell: Cell
    #: Whether these are the facts of a year that belong to none of its months.
    loose: bool = False
    #: Number of its facts of each mark that occurs, in the order of the key.
    counts: tuple[int, ...]


def overview(view: Overview, *, number: Callable[[int], str] = num) -> OverviewPlan:
    """Facts by month; by year when they span more than eight years, by decade beyond eighty."""
    years = [b.year for b in view.bins] or [y.year for y in view.years]
    if not years:
        return OverviewPlan(groups=(), across=1, step=1)
    first, last = min(years), max(years)
    span = last - first + 1
    step = 1 if span <= MONTHLY_YEARS else 12 if span <= YEARLY_YEARS else 120
    wide = {1: 1, 12: 10, 120: 100}[step]  # years in a group
    hrefs = {y.year: y.href for y in view.years}
    filled: dict[tuple[int, int], tuple[str, Marks]] = {}
    loose: dict[int, Marks] = {}
    for b in view.bins:
        if step == 1 and b.month == 0:
            loose[b.year] = _merge(loose.get(b.year, ()), b.marks)
            continue
        key = (b.year, b.month) if step == 1 else (b.year // (step // 12) * (step // 12), 0)
        href = b.href if step == 1 else hrefs.get(b.year, "") if step == 12 else ""
        filled[key] = (href, _merge(filled.get(key, ("", ()))[1], b.marks))
    most = max((total(marks) for _, marks in filled.values()), default=0)
    groups = []
    for start in range(first // wide * wide, last + 1, wide):
        keys = (
            [(start, m) for m in range(1, 13)]
            if step == 1
            else [(start + i * step // 12, 0) for i in range(10)]
        )
        cells = []
        for key in keys:
            href, marks = filled.get(key, ("", ()))
            drawing = dots(marks) if most <= MANY else bar(marks, most, number)
            cells.append(
                Cell(
                    year=key[0],
                    month=key[1],
                    last=key[0] + 9 if step == 120 else 0,
                    href=href,
                    marks=marks,
                    count=total(marks),
                    drawing=drawing,
                )
            )
        groups.append(
            Group(
                year=start,
                last=start + wide - 1,
                href=hrefs.get(start, "") if step == 1 else "",
                cells=tuple(cells),
                loose=loose.get(start, ()),
            )
        )
    across = len(groups) if len(groups) <= 4 else min(4, ceil(len(groups) / 2))
    occur = {mark for b in view.bins for mark, _ in b.marks}
    return OverviewPlan(
        groups=tuple(groups), across=across, step=step, marks=tuple(m for m in IN_ORDER if m in occur)
    )


def figures(plan: OverviewPlan) -> tuple[Row, ...]:
    """What an overview draws, as rows of a table: a colour or a height tells nobody a number."""
    rows = []
    for group in plan.groups:
        cells = [(cell, False) for cell in group.cells if cell.count]
        if group.loose:
            count = total(group.loose)
            cells.append((Cell(year=group.year, href=group.href, marks=group.loose, count=count), True))
        for cell, loose in cells:
            held = dict(cell.marks)
            counts = tuple(held.get(mark, 0) for mark in plan.marks)
            rows.append(Row(cell=cell, loose=loose, counts=counts))
    return tuple(rows)


def _merge(one: Marks, other: Marks) -> Marks:
    """Two tallies of marks as one, in the order of the key: bars side by side are stacked alike."""
    counts = Counter[Mark]()
    for mark, count in (*one, *other):
        counts[mark] += count
    return tuple((mark, counts[mark]) for mark in IN_ORDER if counts[mark])


def bar(marks: Marks, most: int, number: Callable[[int], str] = num) -> Markup:
    """A stacked bar, as high as its share of `most`, with its number right above it."""
    if not marks:
        return Markup()
    height = total(marks) * BAR / most
    rects, top = Markup(), height
    for mark, count in marks:
        high = count * BAR / most
        top -= high
        rects += Markup('<rect class="{}" y="{}" width="10" height="{}"/>').format(mark, n(abs(top)), n(high))
    return Markup(
        '<svg class="bar" viewBox="0 0 10 {height}" width="10" height="{height}" preserveAspectRatio="none"'
        ' aria-hidden="true">{rects}</svg><span class="n{up}">{number}</span>'
    ).format(
        height=n(height), rects=rects, number=number(total(marks)), up=" up" if total(marks) > WIDE else ""
    )


class Column(Struct, frozen=True, kw_only=True):
    """A quarter, a year or a decade of the lanes."""

    #: Its year, or the first year of the decade.
    year: int
    #: 1 to 4; 0: a year or a decade.
    quarter: int = 0
    #: The last year it holds, for a decade; 0: a quarter or a year.
    last: int = 0


class LaneCell(Struct, frozen=True, kw_only=True):
    """The facts of one actor in one column; too many to be links are counted."""

    #: The facts, each a link; empty when they are too many.
    dots: tuple[LaneDot, ...]
    #: Number of facts.
    count: int
    #: Whether a new year begins with this column.
    opens: bool


class LaneRow(Struct, frozen=True, kw_only=True):
    """One actor's lane."""

    #: The actor.
    actor: Link
    #: A cell for each column.
    cells: tuple[LaneCell, ...]


class LanesPlan(Struct, frozen=True, kw_only=True):
    """Lanes, ready to be written as a table."""

    #: Years with the number of quarters each holds; empty when columns are years or decades.
    years: tuple[tuple[int, int], ...]
    #: Quarters, years or decades, in order.
    columns: tuple[Column, ...]
    #: A row for each actor.
    rows: tuple[LaneRow, ...]


def lanes(view: Lanes) -> LanesPlan:
    """Facts by actor and quarter, from the first quarter with a fact to the last; by year over six years."""
    stood = [(d.year, (d.month + 2) // 3) for lane in view.lanes for d in lane.dots]
    if not stood:
        return LanesPlan(years=(), columns=(), rows=())
    (first, q1), (last, q2) = min(stood), max(stood)
    span = last - first + 1
    if span <= QUARTERLY_YEARS:
        columns = [Column(year=q // 4, quarter=q % 4 + 1) for q in range(first * 4 + q1 - 1, last * 4 + q2)]
    else:
        step = 1 if span <= LANE_YEARS else 10
        starts = range(first // step * step, last + 1, step)
        columns = [Column(year=y, last=y + 9 if step == 10 else 0) for y in starts]
    quarterly = columns[0].quarter > 0
    step = 10 if not quarterly and span > LANE_YEARS else 1
    rows = []
    for lane in view.lanes:
        held: dict[Column, list[LaneDot]] = {column: [] for column in columns}
        for dot in lane.dots:
            quarter = (dot.month + 2) // 3 if quarterly else 0
            year = dot.year // step * step
            held[Column(year=year, quarter=quarter, last=year + 9 if step == 10 else 0)].append(dot)
        cells = tuple(
            LaneCell(
                dots=tuple(there) if len(there) <= LANE_MANY else (),
                count=len(there),
                opens=column.quarter in (0, 1) or index == 0,
            )
            for index, (column, there) in enumerate(held.items())
        )
        rows.append(LaneRow(actor=lane.actor, cells=cells))
    per_year: dict[int, int] = {}
    for column in columns:
        per_year[column.year] = per_year.get(column.year, 0) + 1
    return LanesPlan(
        years=tuple(per_year.items()) if quarterly else (), columns=tuple(columns), rows=tuple(rows)
    )


def sparkline(counts: Sequence[int]) -> Markup:
    """Facts over time as a row of bars in the height of a line; nothing where there are none to draw."""
    most = max(counts, default=0)
    if not most:
        return Markup()
    bars = "".join(
        f"M{at * 3} 16v-{n(max(2, 16 * count / most))}h2V16z" for at, count in enumerate(counts) if count
    )
    wide = len(counts) * 3 - 1
    return Markup(
        '<svg class="spark" viewBox="0 0 {0} 17" width="{0}" height="17" preserveAspectRatio="none"'
        ' aria-hidden="true"><path d="M0 16h{0}v1H0z{1}"/></svg>'
    ).format(wide, bars)


def arcs(view: Network) -> Markup:
    """An arc for each pair of a network, beside a list of its actors in rows of equal height.

    The wider an arc, the more facts the two share; the picture is stretched to the height of the list.
    """
    rows, most = len(view.actors), max(tie.count for tie in view.ties)
    paths = Markup()
    for tie in sorted(view.ties, key=lambda tie: (-(tie.rows[1] - tie.rows[0]), tie.rows)):
        top, bottom = (row * 10 + 5 for row in tie.rows)
        # A curve reaches three quarters as far as its handles; among few actors no arc fills the picture.
        reach = 128 * ((tie.rows[1] - tie.rows[0]) / max(8, rows - 1)) ** 0.7
        paths += Markup('<path d="M0 {0}C{2} {0} {2} {1} 0 {1}" stroke-width="{3}"/>').format(
            top, bottom, n(reach), n(1 + 7 * tie.count / most)
        )
    return Markup(
        '<svg class="arcs" viewBox="0 0 100 {h}" width="100" height="{h}" preserveAspectRatio="none"'
        ' aria-hidden="true">{paths}</svg>'
    ).format(h=rows * 10, paths=paths)


def weeks(
    year: int, month: int, days: Iterable[GridDay], *, first: int = 0
) -> tuple[tuple[GridDay | None, ...], ...]:
    """The weeks of a month, as the country begins them; None where another month's days stand.

    The Gregorian calendar repeats after 400 years, so any year can be asked for, before year 1 as well.
    """
    from calendar import Calendar  # most edits do without

    held = {day.day: day for day in days}
    return tuple(
        tuple(held.get(day, GridDay(day=day)) if day else None for day in week)
        for week in Calendar(first).monthdayscalendar(2000 + year % 400, month)
    )
