"""Pages of time: what stands on a day, a month, a year and the index, and what is only counted there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from conftest import SmallSite
from generator import edtf
from planned import RICH, Planned, fact, ids, listed

Make = Callable[..., SmallSite]
ACTORS = "actors: [marlow-council]"
#: The source of the small site is published on 4 March 2020; this one moves it out of the way.
FAR = {
    "content/sources/ferry.yaml": (
        "{id: ferry-vote, title: The vote, publisher: Post, published: '1999-01-02', text: ferry.txt}\n"
    )
}


def planned(site: Make, *facts: str, **files: str) -> Planned:
    made = Planned(site({**FAR, "content/facts/f.yaml": "".join(facts), **files}))
    assert made.ok, made.told
    return made


def dates(pages: Planned) -> list[str]:
    """Keys of all date pages that facts make."""
    found = [p.removeprefix("dates/").removesuffix(".html") for p in pages.pages if p.startswith("dates/")]
    return sorted(key for key in found if not key.startswith("1999"))


#: The parts of a page that hold facts, by what each says of them.
PARTS = ("listing", "whole", "loose", "maybe", "one_of", "due")


def stands(view: Any) -> dict[str, list[str]]:
    """The facts of a date page by the part they stand in; empty parts are left out."""
    parts = {"listing": listed(view.listing)}
    parts |= {name: ids(getattr(view, name)) for name in PARTS[1:] if hasattr(view, name)}
    return {name: found for name, found in parts.items() if found}


#: A date, then for each page it makes the part it stands in.
STANDS: dict[str, tuple[str, dict[str, str]]] = {
    "a day": ("2019-07-12", {"2019": "listing", "2019-07": "listing", "2019-07-12": "listing"}),
    "a time of day": (
        "2019-07-12T23:30:00-08:00",
        {"2019": "listing", "2019-07": "listing", "2019-07-12": "listing"},
    ),
    "a month": ("2019-07", {"2019": "listing", "2019-07": "whole"}),
    "a month in doubt": ("2019-07?", {"2019": "listing", "2019-07": "whole"}),
    "a year": ("2019", {"2019": "loose"}),
    "a season": ("2019-21", {"2019": "loose"}),
    "an interval over years": (
        "2017-05-30/2019-02",
        {
            "2017": "loose",
            "2017-05": "maybe",
            "2017-05-30": "maybe",
            "2018": "loose",
            "2019": "loose",
            "2019-02": "maybe",
        },
    ),
    "an interval within a month": (
        "2019-07-03/2019-07-05",
        {"2019": "listing", "2019-07": "maybe", "2019-07-03": "maybe", "2019-07-05": "maybe"},
    ),
    "one of several": (
        "[2018,2019-07,2019-09-01]",
        {
            "2018": "one_of",
            "2019": "one_of",
            "2019-07": "one_of",
            "2019-09": "one_of",
            "2019-09-01": "one_of",
        },
    ),
    "one of two days of a month": (
        "[2019-07-03,2019-07-20]",
        {"2019": "one_of", "2019-07": "one_of", "2019-07-03": "one_of", "2019-07-20": "one_of"},
    ),
    "a decade": ("201X", {}),
    "unknown": ("XXXX", {}),
    "a day of an unknown year": ("20XX-12-25", {}),
    "before our era": ("-0044-03-15", {"-0044": "listing", "-0044-03": "listing", "-0044-03-15": "listing"}),
    "year nought": ("0000", {"0000": "loose"}),
    "open to the future": ("2018-05/..", {"2018": "loose", "2018-05": "maybe"}),
    "open to the past": ("../2018", {"2018": "loose"}),
}


@pytest.mark.parametrize(("date", "expected"), STANDS.values(), ids=STANDS)
def test_a_fact_stands_on_the_pages_of_its_date_and_makes_no_other(
    site: Make, date: str, expected: dict[str, str]
) -> None:
    pages = planned(site, fact("f", date, ACTORS))
    assert dates(pages) == sorted(expected)
    found = {key: stands(pages.view(f"dates/{key}.html")) for key in dates(pages)}
    assert found == {key: {part: ["f"]} for key, part in expected.items()}
    index = pages.view("dates.html")
    assert ids(index.vague) == ([] if expected else ["f"])
    for path in pages.pages:
        assert pages.html(path)


def test_a_decade_and_an_unknown_date_are_on_the_index_only(site: Make) -> None:
    facts = [fact("decade", "201X", ACTORS), fact("never", "XXXX"), fact("day", "2015-06-07")]
    pages = planned(site, *facts)
    assert dates(pages) == ["2015", "2015-06", "2015-06-07"]
    for key in dates(pages):
        assert "Fact decade" not in pages.html(f"dates/{key}.html")
        assert not getattr(pages.view(f"dates/{key}.html"), "coarser", ())
    assert ids(pages.view("dates.html").vague) == ["decade", "never"]
    assert "Fact decade" in pages.html("dates.html")


def test_a_member_left_out_of_a_set_does_not_show_it(site: Make) -> None:
    facts = [fact("set", "[2018,2020]", ACTORS), fact("months", "[2019-05,2019-07]"), fact("d", "2019-06-15")]
    pages = planned(site, *facts)
    assert stands(pages.view("dates/2019.html")) == {"listing": ["d"], "one_of": ["months"]}
    assert stands(pages.view("dates/2019-06.html")) == {"listing": ["d"]}
    assert pages.view("dates/2019-06.html").coarser == ()
    assert stands(pages.view("dates/2019-06-15.html")) == {"listing": ["d"]}
    assert stands(pages.view("dates/2019-05.html")) == {"one_of": ["months"]}
    assert stands(pages.view("dates/2020.html")) == {"one_of": ["set"]}


def test_a_day_lists_what_could_include_it_and_counts_what_is_coarser(site: Make) -> None:
    pages = planned(
        site,
        fact("day", "2019-07-12", ACTORS),
        fact("month", "2019-07"),
        fact("range", "2019-06-20/2019-07-15"),
        fact("earlier", "2019-07-01/2019-07-11"),
        fact("quarter", "2019-35"),
        fact("either", "[2019-07,2019-09]"),
        fact("year", "2019"),
        fact("years", "2017/2021"),
        fact("elsewhere", "2019-08"),
        fact("other-year", "2018"),
    )
    view = pages.view("dates/2019-07-12.html")
    assert stands(view) == {"listing": ["day"], "maybe": ["range", "quarter", "either", "month"]}
    assert [(row.href, row.count) for row in view.coarser] == [("dates/2019.html", 2)]
    assert "Could include this day" in pages.text("dates/2019-07-12.html")
    assert "Fact year" not in pages.text("dates/2019-07-12.html")


def test_what_a_coarser_count_leads_to_lists_as_many(site: Make) -> None:
    pages = planned(
        site,
        fact("day", "2019-07-12", ACTORS),
        fact("year", "2019"),
        fact("season", "2019-22"),
        fact("half", "2019-40"),
        fact("years", "2017/2021"),
        fact("either", "[2018,2019]"),
    )
    for path in ("dates/2019-07-12.html", "dates/2019-07.html"):
        ((href, count),) = [(row.href, row.count) for row in pages.view(path).coarser]
        year = stands(pages.view(href))
        assert count == len(year["loose"]) + len(year["one_of"])


def test_a_month_keeps_days_whole_months_and_ranges_apart(site: Make) -> None:
    pages = planned(
        site,
        fact("b", "2019-07-12", ACTORS),
        fact("a", "2019-07-12"),
        fact("c", "2019-07-02"),
        fact("month", "2019-07"),
        fact("over", "2019-06/2019-08"),
        fact("inside", "2019-07-03/2019-07-05"),
        fact("long", "2018/2020"),
        fact("next", "2019-08"),
    )
    view = pages.view("dates/2019-07.html")
    assert [(group.id, ids(group.cards)) for group in view.listing.groups] == [
        ("d2019-07-02", ["c"]),
        ("d2019-07-12", ["a", "b"]),
    ]
    assert ids(view.whole) == ["month"]
    assert ids(view.maybe) == ["over", "inside"]
    assert [(row.href, row.count) for row in view.coarser] == [("dates/2019.html", 1)]
    days = {cell.day: (cell.href, cell.maybe) for cell in view.days}
    assert days[2] == ("dates/2019-07-02.html", False)
    assert days[4] == ("", True)
    assert 6 not in days


def test_a_year_lists_by_month_and_keeps_the_rest_apart(site: Make) -> None:
    pages = planned(
        site,
        fact("day", "2019-07-12", ACTORS),
        fact("month", "2019-07"),
        fact("spring", "2019-21"),
        fact("year", "2019"),
        fact("over", "2018-12/2019-01"),
        fact("one", "[2019-03,2020]"),
    )
    view = pages.view("dates/2019.html")
    assert [(group.id, group.href, ids(group.cards)) for group in view.listing.groups] == [
        ("m2019-07", "dates/2019-07.html", ["day", "month"])
    ]
    assert ids(view.loose) == ["over", "year", "spring"]
    assert ids(view.one_of) == ["one"]
    assert [(c.month, c.href) for c in view.months if c.marks] == [(7, "dates/2019-07.html")]
    assert len(view.months) == 12


def test_a_plan_stands_on_the_pages_of_both_dates_each_so_named(site: Make) -> None:
    plan = fact("plan", "2019-07-12", f"kind: plan, due: 2021-04-05, {ACTORS}")
    pages = planned(site, plan)
    announced, due = pages.view("dates/2019-07-12.html"), pages.view("dates/2021-04-05.html")
    assert stands(announced) == {"listing": ["plan"]}
    assert stands(due) == {"due": ["plan"]}
    for key in ("2021", "2021-04"):
        assert stands(pages.view(f"dates/{key}.html")) == {"due": ["plan"]}
    (card,) = announced.listing.groups[0].cards
    assert (card.lead, card.when, card.due) == ("announced", "12 July 2019", "5 April 2021")
    assert "Due on this day" in pages.text("dates/2021-04-05.html")
    assert "Plans, not events" in pages.text("dates/2021-04-05.html")
    assert "What happened" in pages.text("dates/2019-07-12.html")
    assert "What happened" not in pages.text("dates/2021-04-05.html")


def test_happened_and_reported_are_kept_apart(site: Make) -> None:
    pages = Planned(site({"content/facts/f.yaml": fact("f", "2020-03-03", ACTORS)}))
    reported = pages.view("dates/2020-03-04.html")
    assert stands(reported) == {}
    assert [source.id for source in reported.published] == ["ferry-vote"]
    happened = pages.view("dates/2020-03-03.html")
    assert stands(happened) == {"listing": ["f"]}
    assert happened.published == ()
    text = pages.text("dates/2020-03-04.html")
    assert "Published on this day" in text
    assert "When it was reported, not when it happened" in text
    days = pages.view("dates/2020-03.html").days
    assert {cell.day: (bool(cell.marks), cell.published) for cell in days} == {3: (True, 0), 4: (False, 1)}
    months = [cell for cell in pages.view("dates/2020.html").months if cell.published or cell.marks]
    assert [(cell.month, cell.marks, cell.published) for cell in months] == [(3, (("reported", 1),), 1)]


def test_a_page_exists_only_where_something_stands(site: Make) -> None:
    pages = planned(site, fact("month", "2019-07", ACTORS), fact("years", "2017/2019"), fact("x", "XXXX"))
    assert dates(pages) == ["2017", "2018", "2019", "2019-07"], "no day, and no month that could be meant"
    for path in pages.pages:
        html = pages.html(path)
        assert "2019-07-01.html" not in html
        assert "2018-01.html" not in html


def test_facts_at_one_time_are_in_the_order_of_their_ids(site: Make) -> None:
    facts = [fact(key, "2019-07-12", ACTORS) for key in ("c", "a", "b")]
    pages = planned(site, *facts, fact("z", "2019-07-12T06:00:00"), fact("y", "2019-07-12T05:00:00"))
    assert stands(pages.view("dates/2019-07-12.html")) == {"listing": ["a", "b", "c", "y", "z"]}


def test_a_time_of_day_is_printed_as_written_under_its_day(site: Make) -> None:
    pages = planned(site, fact("f", "2019-07-12T23:30:00-08:00", ACTORS))
    (card,) = pages.view("dates/2019-07-12.html").listing.groups[0].cards
    assert "23:30" in card.when
    assert "12 July 2019" in card.when


def test_neighbours_are_the_nearest_pages_of_the_same_kind(site: Make) -> None:
    days = ["-0044-03-15", "0999-01-01", "2019-07-12", "2019-07-14", "2021-01-01"]
    pages = planned(site, *(fact(f"f{n}", day, ACTORS) for n, day in enumerate(days)))

    def around(key: str) -> tuple[str, str]:
        view = pages.view(f"dates/{key}.html")
        return tuple(link.href if link else "" for link in (view.earlier, view.later))  # type: ignore[return-value]

    assert around("2019-07-12") == ("dates/1999-01-02.html", "dates/2019-07-14.html")
    assert around("2019-07") == ("dates/1999-01.html", "dates/2021-01.html")
    assert around("0999") == ("dates/-0044.html", "dates/1999.html")
    assert around("-0044-03-15") == ("", "dates/0999-01-01.html")
    assert around("2021") == ("dates/2019.html", "")


def test_the_index_counts_each_fact_once_for_each_page(site: Make) -> None:
    pages = planned(
        site,
        fact("day", "2019-07-12", ACTORS),
        fact("month", "2019-07"),
        fact("plan", "2019-07-01", "kind: plan, due: 2019-07-30"),
        fact("range", "2018-12/2019-01"),
        fact("old", "-0044"),
    )
    rows = pages.view("dates.html").rows
    assert [(row.year.label, row.year.count) for row in rows][1:] == [("1999", 0), ("2018", 1), ("2019", 4)]
    assert rows[0].year.href == "dates/-0044.html"
    assert [(m.href, m.count) for m in rows[-1].months] == [
        ("dates/2019-01.html", 1),
        ("dates/2019-07.html", 3),
    ]


def test_crumbs_lead_up_to_pages_that_exist(site: Make) -> None:
    pages = planned(site, fact("f", "-0044-03-15", ACTORS))
    crumbs = [link.href for link in pages.view("dates/-0044-03-15.html").crumbs]
    assert crumbs == ["dates.html", "dates/-0044.html", "dates/-0044-03.html"]


@pytest.mark.parametrize("key", ["2020", "2020-03", "2020-03-03"])
def test_every_date_page_of_a_rich_site_leads_to_its_facts(site: Make, key: str) -> None:
    pages = Planned(site(RICH))
    html = pages.html(f"dates/{key}.html")
    for found in stands(pages.view(f"dates/{key}.html")).values():
        for one in found:
            assert f'href="../facts/{one}.html"' in html


#: Dates of every form, as far as they have four-digit years.
FORMS = [
    *("2019", "2019-07", "2019-07-12", "2019-07-12T23:30:00", "2019-07-12T24:00:00", "2019-07-12T01:02:03Z"),
    *("2019?", "2019-07~", "2019-?07-12", "2019-07-12%", "2019-XX", "2019-XX-XX", "2019-07-XX", "-0001"),
    *("201X", "20XX", "201X-07", "XXXX-07-12", "2019-21", "2019-29", "2019-33", "2019-37", "2019-41"),
    *("1950S2", "2018/2019", "2018-07/..", "../2018-07", "/2018", "2018/", "2018-07-12/2018-07"),
    *("[2018,2020]", "{2018,2020-07}", "[..2018-07-12]", "[2018-07..]", "{2018-11..2019-02}"),
    *("[2018-07-30..2018-08-02]", "[2018-07-30,2018-08]"),
]


def test_dates_of_every_form_have_pages_that_agree(site: Make) -> None:
    """Every fact is on the timeline once, and on its date's pages, which link to pages that exist."""
    facts = [fact(f"f{n}", text, ACTORS) for n, text in enumerate(FORMS)]
    pages = planned(site, *facts)
    for path in pages.pages:
        html = pages.html(path)
        for target in _hrefs(html):
            assert target in pages.pages or target.startswith(("assets/", "data/", "feed")), (path, target)
    timeline = listed(pages.view("timeline.html").listing)
    assert sorted(timeline) == sorted(f"f{n}" for n in range(len(FORMS)))
    vague = ids(pages.view("dates.html").vague)
    for n, text in enumerate(FORMS):
        keys = edtf.parse(text).pages
        assert (f"f{n}" in vague) is not bool(keys)
        for key in keys:
            parts = stands(pages.view(f"dates/{key}.html")).values()
            assert sum(part.count(f"f{n}") for part in parts) == 1, (text, key)


def _hrefs(html: str) -> set[str]:
    found = re.findall('href="([^"#:]*)["#]', html)  # an address with a colon leads elsewhere
    return {each.removeprefix("../") for each in found if each}


@pytest.mark.parametrize(
    ("month", "named"),
    [
        ("2020-05", ["Dots"]),
        ("1999-01", ["Sheets"]),
        ("2021-06", ["Dashed"]),
        ("2020-03", ["Dots", "Dashed"]),
    ],
)
def test_a_calendar_explains_only_what_stands_in_it(site: Make, month: str, named: list[str]) -> None:
    pages = planned(
        site,
        fact("day", "2020-05-04", ACTORS),
        fact("range", "2021-06-10/2021-07-02", ACTORS),
        fact("both", "2020-03-03", ACTORS),
        fact("span", "2020-03-20/2020-04-02", ACTORS),
    )
    caption = re.search(r"<caption[^>]*>(.*?)</caption>", pages.html(f"dates/{month}.html"))
    assert caption
    assert re.findall(r"(\w+): ", caption[1]) == named
    year = pages.html(f"dates/{month[:4]}.html").partition('class="cal"')[2].partition("</section>")[0]
    explained = year.partition("</ol>")[2]
    assert ('class="sheet"' in explained) == (month[:4] == "1999")
    assert ("in the month it happened" in explained) == (month[:4] == "2020")
