"""Long lists: split by year, month or number, every fact once, every part with an address and links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import edtf, listing
from generator.content import Evidence, Fact
from planned import Planned, fact, ids, listed

Make = Callable[..., SmallSite]
EVIDENCE = (Evidence(source="s", quote="q"),)


def facts(*dates: str) -> list[Fact]:
    """Facts in the order of a dossier."""
    made = [Fact(id=f"f{n:03}", statement="S.", date=d, evidence=EVIDENCE) for n, d in enumerate(dates)]
    return sorted(made, key=lambda f: (edtf.parse(f.date).sort_key, f.id))


def sheets(limit: int, *dates: str) -> dict[str, list[str]]:
    return {s.part: [f.date for f in s.facts] for s in listing.split(facts(*dates), limit, "en")}


SPLITS: dict[str, tuple[int, list[str], dict[str, list[str]]]] = {
    "short enough": (3, ["2019", "2020", "2021"], {"": ["2019", "2020", "2021"]}),
    "never": (0, ["2019"] * 9, {"": ["2019"] * 9}),
    "by year": (
        2,
        ["2019-05", "2020", "2020-07", "2021-01-01"],
        {"2019": ["2019-05"], "2020": ["2020", "2020-07"], "2021": ["2021-01-01"]},
    ),
    "a long year by month": (
        2,
        ["2019-05-02", "2019-05", "2019-07", "2020"],
        {"2019-05": ["2019-05-02", "2019-05"], "2019-07": ["2019-07"], "2020": ["2020"]},
    ),
    "a year's facts of no single month": (
        2,
        ["2019", "2019-05", "2019-21", "2019-07"],
        {"2019-other": ["2019", "2019-21"], "2019-05": ["2019-05"], "2019-07": ["2019-07"]},
    ),
    "a long month by number": (
        2,
        ["2019-05-01", "2019-05-02", "2019-05-02", "2019-05-03", "2019-05"],
        {
            "2019-05.p1": ["2019-05-01", "2019-05-02"],
            "2019-05.p2": ["2019-05-02", "2019-05-03"],
            "2019-05.p3": ["2019-05"],
        },
    ),
    "a long year without months by number": (
        2,
        ["2019", "2019", "2019"],
        {"2019-other.p1": ["2019", "2019"], "2019-other.p2": ["2019"]},
    ),
    "no year": (1, ["2019", "XXXX"], {"2019": ["2019"], "undated": ["XXXX"]}),
    "many of no year": (
        1,
        ["201X", "XXXX", "2019"],
        {"2019": ["2019"], "undated-other.p1": ["201X"], "undated-other.p2": ["XXXX"]},
    ),
    "an interval in the year it begins": (
        1,
        ["2018/2020", "2019"],
        {"2018": ["2018/2020"], "2019": ["2019"]},
    ),
}


@pytest.mark.parametrize(("limit", "dates", "expected"), SPLITS.values(), ids=SPLITS)
def test_how_a_list_is_split(limit: int, dates: list[str], expected: dict[str, list[str]]) -> None:
    assert {part: sorted(held) for part, held in sheets(limit, *dates).items()} == {
        part: sorted(held) for part, held in expected.items()
    }


DATES = ["2018", "2018-12-31", "2019", "2019-05", "2019-05-06", "2019-07-01/2019-07-03", "2018/2020", "201X"]
MANY = st.lists(st.sampled_from([*DATES, "XXXX", "2019-21", "[2018,2019]", "-0044", "../2019"]), max_size=40)


@given(MANY, st.integers(0, 6))
def test_every_fact_is_on_one_sheet_and_no_sheet_is_too_long(dates: list[str], limit: int) -> None:
    all_of = facts(*dates)
    found = listing.split(all_of, limit, "en")
    assert sorted(f.id for s in found for f in s.facts) == sorted(f.id for f in all_of)
    names = [s.part for s in found]
    assert len(set(names)) == len(names)
    order = {f.id: n for n, f in enumerate(all_of)}
    for sheet in found:
        assert not limit or len(sheet.facts) <= limit
        assert bool(sheet.part) is bool(limit and len(all_of) > limit)
        assert bool(sheet.label) is bool(sheet.part)
        if "." not in sheet.part:
            assert all(order[a.id] < order[b.id] for a, b in pairwise(sheet.facts)), "in the order of dates"
        assert set(sheet.part) <= set("0123456789-.p") | set("other") | set("undated")


@given(MANY, st.integers(1, 6))
def test_the_labels_of_parts_tell_them_apart(dates: list[str], limit: int) -> None:
    found = listing.split(facts(*dates), limit, "en")
    labels = [s.label for s in found]
    assert len(set(labels)) == len(labels)


# --- on pages -----------------------------------------------------------------------------------------

SITE = "{format: 1, title: T, lists: LIMIT}\n"


def long_site(site: Make, limit: int, *dates: str, folder: str = "site") -> Planned:
    more = "actors: [marlow-council], topics: [ferries]"
    planned = Planned(
        site(
            {
                "site.yaml": SITE.replace("LIMIT", str(limit)),
                "content/topics/t.yaml": "{id: ferries, name: Ferries}\n",
                "content/facts/f.yaml": "".join(fact(f"f{n}", d, more) for n, d in enumerate(dates)),
            },
            folder=folder,
        )
    )
    assert planned.told == []
    return planned


LONG = ("2019-05-01", "2019-05-02", "2019-05-02", "2019-07", "2020", "2018", "2018-03")
PARTS = ["2018", "2019-05.p1", "2019-05.p2", "2019-07", "2020"]
LISTS = {"timeline": "timeline", "actor": "actors/marlow-council", "topic": "topics/ferries"}


@pytest.mark.parametrize("base", LISTS.values(), ids=LISTS)
def test_a_split_list_has_a_page_for_each_part_and_leads_to_all(site: Make, base: str) -> None:
    pages = long_site(site, 2, *LONG)
    there = [p for p in pages.pages if p.startswith(f"{base}.")]
    assert sorted(there) == sorted([f"{base}.html", *(f"{base}.{part}.html" for part in PARTS)])
    hrefs = [f"{base}.{part}.html" for part in PARTS]
    front = pages.view(f"{base}.html")
    assert listed(front.listing) == []
    assert [part.href for part in front.listing.parts] == hrefs
    assert not any(part.current for part in front.listing.parts)
    seen: list[str] = []
    for path in hrefs:
        view = pages.view(path)
        seen += listed(view.listing)
        assert [part.href for part in view.listing.parts] == hrefs
        assert [part.href for part in view.listing.parts if part.current] == [path]
        assert view.path == path
        assert view.title != front.title or base != "timeline"
        way = "../" if "/" in base else ""
        for other in hrefs:
            assert f'href="{way}{other}"' in pages.html(path)
        assert f'href="{way}{base}.html"' in pages.html(path), "and back to the front page"
    assert sorted(seen) == sorted(f"f{n}" for n in range(len(LONG)))
    counts = {part.href: part.count for part in front.listing.parts}
    assert counts == {path: len(listed(pages.view(path).listing)) for path in hrefs}


@pytest.mark.parametrize("limit", [0, 7, 500])
@pytest.mark.parametrize("base", LISTS.values(), ids=LISTS)
def test_a_list_that_fits_is_one_page(site: Make, base: str, limit: int) -> None:
    pages = long_site(site, limit, *LONG)
    assert [p for p in pages.pages if p.startswith(f"{base}.")] == [f"{base}.html"]
    view = pages.view(f"{base}.html")
    assert view.listing.parts == ()
    assert sorted(listed(view.listing)) == sorted(f"f{n}" for n in range(len(LONG)))
    assert [group.heading for group in view.listing.groups] == ["2018", "2019", "2020"]


def test_a_long_date_page_is_split_by_number(site: Make) -> None:
    pages = long_site(site, 2, *(["2019-05-02"] * 5), "2019")
    for key in ("2019", "2019-05", "2019-05-02"):
        paths = [f"dates/{key}.html", f"dates/{key}.p2.html", f"dates/{key}.p3.html"]
        assert [p for p in pages.pages if p.startswith(f"dates/{key}.")] == paths
        found = [listed(pages.view(path).listing) for path in paths]
        assert found == [["f0", "f1"], ["f2", "f3"], ["f4"]]
        for path in paths[1:]:
            html = pages.html(path)
            for other in paths[1:]:
                assert f'href="../{other}"' in html
        rest = pages.view(paths[1])
        assert [ids(getattr(rest, name)) for name in ("one_of", "due")] == [[], []], "told on the first"
    assert ids(pages.view("dates/2019.html").loose) == ["f5"]
    assert ids(pages.view("dates/2019.p2.html").loose) == []


def test_no_limit_splits_no_date_page(site: Make) -> None:
    pages = long_site(site, 0, *(["2019-05-02"] * 5))
    assert [p for p in pages.pages if ".p" in p] == []


def test_an_overview_counts_every_fact_once(site: Make) -> None:
    dates = ("2019-05-02", "2019-05", "2019", "2018/2020", "201X", "XXXX", "[2019-05,2019-06]")
    overview = long_site(site, 0, *dates).view("actors/marlow-council.html").overview
    counted = {(b.year, b.month): sum(n for _, n in b.marks) for b in overview.bins}
    assert counted == {(2018, 0): 1, (2019, 0): 2, (2019, 5): 2}
    assert overview.undrawn == 2
    assert [b.href for b in overview.bins if b.month] == ["dates/2019-05.html"]


# --- small pictures of several groups on one axis -----------------------------------------------------


MONTHS = st.tuples(st.integers(-50, 2600), st.integers(1, 12)).map(
    lambda ym: f"{edtf.year_key(ym[0])}-{ym[1]:02}"
)


@given(st.lists(MONTHS, min_size=2, max_size=40))
def test_an_axis_holds_every_month_in_few_stretches(months: list[str]) -> None:
    made = facts(*months)
    drawn = listing.axis(made)
    assert bool(drawn) == (len(set(months)) > 1)
    if drawn:
        assert drawn.count <= listing.STRETCHES or drawn.step == listing.STEPS[-1]
        assert sum(listing.course(made, drawn)) == len(months)
        assert listing.course(made[:1], drawn)[0] == 1, "it starts where the data starts"


@pytest.mark.parametrize(
    ("dates", "ends", "course"),
    [
        (["2019-05"], None, ()),
        (["2019-05", "2019-05-03"], None, ()),
        (["2019-05", "2019-07-01", "2019"], ("2019-05", "2019-07"), (1, 0, 1)),
        # Three years: quarters. A year belongs to none of them.
        (["2017-02", "2019-12", "2018"], ("2017-01", "2019-12"), (1, *(0,) * 10, 1)),
        # Twenty: years, and a year belongs to its own.
        (["2000-02", "2019-12", "2001", "XXXX"], ("2000-01", "2019-12"), (1, 1, *(0,) * 17, 1)),
    ],
)
def test_what_a_small_picture_counts(
    dates: list[str], ends: tuple[str, str] | None, course: tuple[int, ...]
) -> None:
    made = facts(*dates)
    drawn = listing.axis(made)
    assert (drawn.ends() if drawn else None) == ends
    assert listing.course(made, drawn) == course
