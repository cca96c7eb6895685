"""Marks and pictures: what they draw, from which data, and that they escape what they are given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from conftest import SmallSite
from generator import charts, marks, pictures, terms
from generator.views import Bin, GridDay, Lane, LaneDot, Lanes, Link, Overview, PassageView, Shape, YearLink
from planned import RICH, Planned


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the S-400 system", ["S-400"]),
        ("S-400s, F-35 and Su-35.", ["S-400s", "F-35", "Su-35"]),
        ("F-35A-2 lands", ["F-35A-2"]),
        ("12-year-old", ["12-year-old"]),
        ("an American-made jet", []),
        ("2018–2019", []),
        ("a-b-c-4-d", []),
        ("x_S-400", []),
        ("covid-19-2020-something", []),
        ("C-130", ["C-130"]),
        ("", []),
    ],
)
def test_designations_stay_on_one_line(text: str, kept: list[str]) -> None:
    assert re.findall(r'<span class="nb">(.*?)</span>', marks.nb(text)) == kept


@given(st.text())
def test_keeping_designations_together_changes_no_character(text: str) -> None:
    made = marks.nb(text)
    assert Markup(made.replace('<span class="nb">', "").replace("</span>", "")) == escape(text)


def test_text_beside_a_designation_is_escaped() -> None:
    assert marks.nb("<b>S-400</b>") == '&lt;b&gt;<span class="nb">S-400</span>&lt;/b&gt;'


def test_up_to_ten_dots_are_dots_and_more_are_numbers() -> None:
    ten = marks.dots((("confirmed", 4), ("planned", 6)))
    assert ten.count('class="dot confirmed"') == 4
    assert ten.count('class="dot planned"') == 6
    assert marks.dots((("confirmed", 4), ("planned", 1234))) == (
        '<span class="of"><span class="dot confirmed"></span>4</span>'
        ' <span class="of"><span class="dot planned"></span>1,234</span>'
    )


# Where a passage stands

SHAPE = Shape(paragraphs=((0, 140), (142, 300)), length=300)


def svg(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def drawn(markup: str, name: str) -> list[tuple[float, float, float, float]]:
    """Rectangles (x, y, width, height) of the path with that class."""
    found = []
    for path in svg(markup).iter("path"):
        if path.get("class") == name:
            pattern = r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z"
            found += [tuple(map(float, m)) for m in re.findall(pattern, path.get("d") or "")]
    return found  # type: ignore[return-value]


def test_a_miniature_has_a_bar_for_each_line() -> None:
    picture = pictures.miniature(SHAPE, [(0, 66)], [], "label")
    path = next(p for p in svg(picture).iter("path") if p.get("class") == "l")
    lines = re.findall(r"M0 ([\d.]+)h([\d.]+)", path.get("d") or "")
    # 140 code points are two lines of 66 and one of 8; 158 are two and one of 26.
    assert [wide for _, wide in lines] == ["112", "112", "13.6", "112", "112", "44.1"]
    assert [float(top) for top, _ in lines] == [2, 6, 10, 17, 21, 25]


def test_a_passage_is_drawn_on_every_line_it_touches() -> None:
    picture = pictures.miniature(SHAPE, [(33, 99)], [(142, 175)], "label")
    assert drawn(picture, "h") == [(56, 0, 56, 4), (0, 4, 56, 4)]
    assert drawn(picture, "o") == [(0, 15, 56, 4)]


def test_a_passage_over_a_paragraph_end_is_drawn_in_both() -> None:
    assert [box[1] for box in drawn(pictures.miniature(SHAPE, [(132, 150)], [], "l"), "h")] == [8, 15]


@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=40),
    st.data(),
)
def test_yellow_has_the_area_of_its_words(lengths: list[int], data: st.DataObject) -> None:
    """Every quoted code point is drawn once, within the picture, whatever the article looks like."""
    bounds, at = [], 0
    for length in lengths:
        bounds.append((at, at + length))
        at += length + 2
    shape = Shape(paragraphs=tuple(bounds), length=at - 2)
    start = data.draw(st.integers(0, shape.length - 1))
    end = data.draw(st.integers(start + 1, shape.length))
    picture = pictures.miniature(shape, [(start, end)], [], "l")
    boxes = drawn(picture, "h")
    height = float(svg(picture).get("height") or 0)
    assert all(min(x, y) >= 0 and x + w <= 112.2 and y + h <= height for x, y, w, h in boxes)
    inside = sum(max(0, min(end, b) - max(start, a)) for a, b in bounds)
    if shape.length <= pictures.BY_PARAGRAPH and len(boxes) < 40:
        slack = 2.2 * len(boxes)  # very short pieces are widened, and coordinates are rounded
        assert sum(w for _, _, w, _ in boxes) == pytest.approx(inside * 112 / 66, abs=slack)


@pytest.mark.parametrize(("paragraphs", "bars"), [(80, 80), (500, 1)])
def test_a_long_article_is_drawn_by_paragraph(paragraphs: int, bars: int) -> None:
    bounds = tuple((i * 202, i * 202 + 200) for i in range(paragraphs))
    shape = Shape(paragraphs=bounds, length=bounds[-1][1])
    picture = pictures.miniature(shape, [(20, 60)], [], "l")
    assert len(drawn(picture, "b")) == bars
    assert float(svg(picture).get("height") or 0) <= pictures.HEIGHT + 2
    assert drawn(picture, "h")[0][3] >= 2


def test_miniatures_follow_the_direction_of_the_article() -> None:
    shape = Shape(paragraphs=SHAPE.paragraphs, length=300, dir="rtl")
    assert "matrix(-1 0 0 1 112 0)" in pictures.miniature(shape, [(0, 9)], [], "l")
    assert "matrix" not in pictures.miniature(SHAPE, [(0, 9)], [], "l")


def passage(number: int, start: int, end: int) -> PassageView:
    return PassageView(
        anchor=f"q-{number}", number=number, runs=(), paragraph=1, start=start, end=end, lang="en", facts=()
    )


def test_a_bar_is_made_of_its_marks() -> None:
    bar = svg(charts.bar((("confirmed", 4), ("reported", 8)), 16).partition("<span")[0])
    assert [(r.get("class"), r.get("y"), r.get("height")) for r in bar] == [
        ("confirmed", "48", "24"),
        ("reported", "0", "48"),
    ]


def test_a_map_links_every_passage_and_its_numbers_do_not_overprint() -> None:
    passages = [passage(1, 0, 40), passage(2, 50, 70), passage(3, 150, 160)]
    picture = pictures.source_map(SHAPE, passages, "map", "Passage")
    links = list(svg(picture).iter("a"))
    assert [(a.get("href"), a.get("aria-label")) for a in links] == [
        ("#q-1", "Passage 1"),
        ("#q-2", "Passage 2"),
        ("#q-3", "Passage 3"),
    ]
    numbers = [(text.text, float(text.get("y") or 0)) for text in svg(picture).iter("text")]
    assert numbers == [("1", 4), ("3", 19)]  # each at its own line; the second has no room there


def test_a_bar_shows_place_and_size_in_thousandths() -> None:
    picture = pictures.position_bar(Shape(paragraphs=((0, 500), (502, 1000)), length=1000), [(502, 602)], "l")
    assert drawn(picture, "s") == [(502, 1, 100, 12)]


@pytest.mark.parametrize(
    "picture",
    [
        pictures.miniature(SHAPE, [(0, 9)], [], '"><script>'),
        pictures.position_bar(SHAPE, [(0, 9)], '"><script>'),
        pictures.source_map(SHAPE, [passage(1, 0, 9)], '"><script>', '"><script>'),
    ],
)
def test_labels_are_escaped(picture: Markup) -> None:
    assert "<script>" not in picture
    assert svg(picture).get("aria-label") == '"><script>'


@pytest.mark.parametrize(
    ("skipped", "size"), [(1, 1), (59, 1), (60, 2), (199, 2), (200, 3), (399, 3), (400, 4), (9000, 4)]
)
def test_gaps_are_drawn_by_size(skipped: int, size: int) -> None:
    assert pictures.gap_size(skipped) == size


# Time


def chart(*bins: tuple[int, int, int]) -> charts.OverviewPlan:
    years = sorted({year for year, _, _ in bins})
    return charts.overview(
        Overview(
            bins=tuple(
                Bin(year=y, month=m, href=f"dates/{y}-{m}.html", marks=(("reported", k),)) for y, m, k in bins
            ),
            years=tuple(YearLink(year=y, href=f"dates/{y}.html") for y in years),
        )
    )


def test_an_overview_starts_where_the_data_starts_and_leaves_no_year_out() -> None:
    plan = chart((2016, 0, 1), (2018, 8, 4))
    assert [(g.year, g.href) for g in plan.groups] == [
        (2016, "dates/2016.html"),
        (2017, ""),
        (2018, "dates/2018.html"),
    ]
    assert plan.groups[0].loose == (("reported", 1),)
    august = plan.groups[2].cells[7]
    assert (august.month, august.count, august.href) == (8, 4, "dates/2018-8.html")
    assert august.drawing.count("dot reported") == 4


@pytest.mark.parametrize(
    ("years", "step", "groups", "across"),
    [(1, 1, 1, 1), (4, 1, 4, 4), (5, 1, 5, 3), (8, 1, 8, 4), (9, 12, 1, 1), (80, 12, 8, 4), (200, 120, 2, 2)],
)
def test_the_axis_comes_from_the_data(years: int, step: int, groups: int, across: int) -> None:
    plan = chart((1900, 3, 2), (1900 + years - 1, 5, 2))
    assert (plan.step, len(plan.groups), plan.across) == (step, groups, across)
    assert sum(cell.count for group in plan.groups for cell in group.cells) == 4
    assert {len(group.cells) for group in plan.groups} == {12 if step == 1 else 10}


def test_a_month_with_many_facts_turns_all_months_into_bars() -> None:
    plan = chart((2018, 8, 22), (2018, 9, 11))
    august, september = plan.groups[0].cells[7:9]
    assert svg(august.drawing.partition("<span")[0]).get("height") == "96"
    assert svg(september.drawing.partition("<span")[0]).get("height") == "48"
    assert '<span class="n">22</span>' in august.drawing


@pytest.mark.parametrize(("facts", "upright"), [(999, False), (1000, True)])
def test_a_number_too_wide_for_its_bar_stands_upright(facts: int, upright: bool) -> None:
    drawing = chart((2018, 8, facts)).groups[0].cells[7].drawing
    assert ('<span class="n up">1,000</span>' in drawing) == upright


@given(st.lists(st.tuples(st.integers(-300, 2100), st.integers(0, 12), st.integers(1, 30)), max_size=40))
def test_an_overview_loses_no_fact(bins: list[tuple[int, int, int]]) -> None:
    plan = chart(*{(y, m): (y, m, k) for y, m, k in bins}.values())
    shown = sum(cell.count for group in plan.groups for cell in group.cells)
    shown += sum(marks.total(group.loose) for group in plan.groups)
    assert shown == sum({(y, m): k for y, m, k in bins}.values())


@given(
    st.dictionaries(
        st.tuples(st.integers(1900, 2100), st.integers(0, 12)),
        st.dictionaries(st.sampled_from(charts.IN_ORDER), st.integers(1, 9), min_size=1),
        max_size=30,
    )
)
def test_the_table_says_what_the_picture_draws(months: dict[tuple[int, int], dict[str, int]]) -> None:
    bins = tuple(
        Bin(year=y, month=m, marks=tuple(held.items()))  # type: ignore[arg-type]
        for (y, m), held in sorted(months.items())
    )
    plan = charts.overview(Overview(bins=bins, years=tuple(YearLink(year=b.year, href="") for b in bins)))
    rows = charts.figures(plan)
    assert all(sum(row.counts) == row.cell.count > 0 for row in rows)
    told = {mark: sum(row.counts[at] for row in rows) for at, mark in enumerate(plan.marks)}
    drawn = Counter[str]()
    for held in months.values():
        drawn.update(held)
    assert told == dict(drawn)
    assert list(plan.marks) == [mark for mark in charts.IN_ORDER if mark in drawn]


def test_facts_of_a_year_without_a_month_have_a_row_of_their_own() -> None:
    rows = charts.figures(chart((2016, 0, 1), (2018, 8, 4)))
    assert [(row.cell.year, row.cell.month, row.loose, row.counts) for row in rows] == [
        (2016, 0, True, (1,)),
        (2018, 8, False, (4,)),
    ]


def test_the_legend_the_table_and_the_key_name_only_marks_that_occur(
    site: Callable[..., SmallSite],
) -> None:
    pages = Planned(site(RICH)).rendered()
    words = {mark: str(status.word) for mark, status in terms.STATUS.items()}
    home = pages["index.html"]
    legend = re.findall(
        r'<li><span class="st (\w+)">', home.partition('class="legend"')[2].partition("</ul>")[0]
    )
    head = re.findall(r'<th scope="col" class="num">([^<]+)', home)
    assert legend == ["confirmed", "reported", "claimed", "disputed"]
    assert head == ["Facts", *(words[mark] for mark in legend)]
    # A withdrawn fact without a year is not drawn, but there is one; nothing here was denied.
    for path in ("index.html", "dossier.html"):
        key = pages[path].partition('<dl class="key">')[2].partition("</dl>")[0]
        assert re.findall(r'<dt><span class="st (\w+)">', key) == [*legend, "withdrawn"], path
    assert "denied" in pages["method.html"], "where the marks are explained, all are"


def test_every_overview_has_its_table(site: Callable[..., SmallSite]) -> None:
    pages = Planned(site(RICH)).rendered()
    drawn = {path for path, html in pages.items() if '<ol class="over' in html}
    assert {"index.html", "dates.html", "actors/yard.html", "topics/money.html"} <= drawn
    assert drawn == {path for path, html in pages.items() if '<details class="figures' in html}
    row = re.search(r'<tr><th scope="row">May 2021</th>(.*?)</tr>', pages["topics/money.html"])
    assert row is not None
    # In all; reported, claimed, disputed.
    assert re.findall(r'<td class="num">(\d*)</td>', row[1]) == ["1", "", "", "1"]


@pytest.mark.parametrize(
    ("counts", "heights"), [((1, 0, 4), [4, 16]), ((0, 0), []), ((), []), ((100, 1), [16, 2]), ((3,), [16])]
)
def test_a_sparkline_has_a_bar_for_each_stretch_with_facts(
    counts: tuple[int, ...], heights: list[int]
) -> None:
    drawn = str(charts.sparkline(counts))
    assert bool(drawn) == bool(heights)
    if drawn:
        assert svg(drawn).get("viewBox") == f"0 0 {len(counts) * 3 - 1} 17"
        assert [float(high) for high in re.findall(r"M\d+ 16v-([\d.]+)h2", drawn)] == heights


def test_small_pictures_of_a_page_have_one_axis(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site(RICH))
    actors, topics = planned.view("actors.html"), planned.view("topics.html")
    assert actors.span == topics.span == ("November 2019", "May 2021")
    assert len({len(row.course) for row in (*actors.rows, *topics.rows)}) == 1
    yard = next(row for row in actors.rows if row.name == "Marlow yard")
    # Two plans and bills of March 2020, a boat back in April 2021; a range of months is in none.
    assert [(at, count) for at, count in enumerate(yard.course) if count] == [(4, 2), (17, 1)]
    html = planned.html("actors.html")
    assert html.count('<svg class="spark"') == sum(any(row.course) for row in actors.rows)


def lanes_of(*times: tuple[int, int]) -> charts.LanesPlan:
    dots = tuple(
        LaneDot(year=y, month=m, mark="reported", href=f"facts/{i}.html", statement=str(i))
        for i, (y, m) in enumerate(sorted(times))
    )
    return charts.lanes(Lanes(lanes=(Lane(actor=Link(label="A"), dots=dots),)))


def test_lanes_run_from_the_first_quarter_with_a_fact_to_the_last() -> None:
    plan = lanes_of((2017, 9), (2019, 1), (2019, 3))
    assert [(c.year, c.quarter) for c in plan.columns] == [
        (2017, 3),
        (2017, 4),
        (2018, 1),
        (2018, 2),
        (2018, 3),
        (2018, 4),
        (2019, 1),
    ]
    assert plan.years == ((2017, 2), (2018, 4), (2019, 1))
    assert [cell.count for cell in plan.rows[0].cells] == [1, 0, 0, 0, 0, 0, 2]
    assert [cell.opens for cell in plan.rows[0].cells] == [True, False, True, False, False, False, True]


@pytest.mark.parametrize(("last", "columns"), [(2005, 23), (2006, 7), (2029, 30), (2031, 4)])
def test_long_spans_have_wider_columns(last: int, columns: int) -> None:
    plan = lanes_of((2000, 4), (last, 12))
    assert len(plan.columns) == columns
    assert sum(cell.count for cell in plan.rows[0].cells) == 2


def test_crowded_cells_are_counted_and_empty_lanes_are_no_table() -> None:
    cell = lanes_of(*[(2018, 8)] * 10).rows[0].cells[0]
    assert (cell.count, cell.dots) == (10, ())
    assert len(lanes_of(*[(2018, 8)] * 9).rows[0].cells[0].dots) == 9
    assert lanes_of().rows == ()


@given(st.integers(-2000, 4000), st.integers(1, 12))
def test_weeks_hold_each_day_once_on_its_weekday(year: int, month: int) -> None:
    day = GridDay(day=5, href="dates/x.html")
    rows = charts.weeks(year, month, [day])
    days = [d for row in rows for d in row if d]
    assert [d.day for d in days] == list(range(1, len(days) + 1))
    assert day in days
    assert {len(row) for row in rows} == {7}
    if year >= 1:
        assert rows[0].index(days[0]) == date(year, month, 1).weekday()


def test_marks_of_merged_cells_are_stacked_in_the_order_of_the_key() -> None:
    assert tuple(terms.STATUS) == charts.IN_ORDER
    bins = [("disputed", 3), ("reported", 5), ("confirmed", 9)]
    view = Overview(
        bins=(
            *(Bin(year=1980, month=m, marks=((mark, 4),)) for mark, m in bins),  # type: ignore[arg-type]
            Bin(year=1999, month=1, marks=(("reported", 1),)),
        )
    )
    cell = charts.overview(view).groups[0].cells[0]
    assert cell.marks == (("confirmed", 4), ("reported", 4), ("disputed", 4))


def test_columns_of_decades_say_which_years_they_hold() -> None:
    assert [(c.year, c.last) for c in lanes_of((1981, 2), (2020, 12)).columns] == [
        (1980, 1989),
        (1990, 1999),
        (2000, 2009),
        (2010, 2019),
        (2020, 2029),
    ]
    assert {c.last for c in lanes_of((2000, 4), (2020, 12)).columns} == {0}
