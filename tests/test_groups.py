"""Groups: the shelves a fact names by itself, and shelves filled from all facts."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import edtf, groups
from generator.content import ActorRef, Evidence, Fact, Source

EVIDENCE = (Evidence(source="paper", quote="q"),)


def made(key: str, date: str, **more: Any) -> Fact:
    return Fact(**{"id": key, "statement": "S.", "date": date, "evidence": EVIDENCE, **more})


def of(fact: Fact, name: str) -> list[str]:
    return [key for (group, key), role in groups.of_fact(fact) if group == name and role == "own"]


#: A date, the pages it stands on, the months it is near, the years it is wide in, whether it is undated.
DATES: dict[str, tuple[str, list[str], list[str], list[str], bool]] = {
    "a day": ("2019-07-12", ["2019", "2019-07", "2019-07-12"], [], [], False),
    "a time of day": ("2019-07-12T23:30:00-08:00", ["2019", "2019-07", "2019-07-12"], [], [], False),
    "a month": ("2019-07", ["2019", "2019-07"], ["2019-07"], [], False),
    "a year": ("2019", ["2019"], [], ["2019"], False),
    "a season": ("2019-21", ["2019"], [], ["2019"], False),
    "a quarter": ("2019-33", ["2019"], ["2019-01", "2019-02", "2019-03"], [], False),
    "a day of an unknown month": ("2019-XX-15", ["2019"], [], ["2019"], False),
    "an interval within a month": (
        "2019-07-03/2019-07-10",
        ["2019", "2019-07", "2019-07-03", "2019-07-10"],
        ["2019-07"],
        [],
        False,
    ),
    "an interval over a new year": (
        "2018-11/2019-02",
        ["2018", "2018-11", "2019", "2019-02"],
        ["2018-11", "2018-12", "2019-01", "2019-02"],
        [],
        False,
    ),
    "an interval of five months": ("2019-01/2019-05", ["2019", "2019-01", "2019-05"], [], ["2019"], False),
    "an interval over years": (
        "2017-05/2020",
        ["2017", "2017-05", "2018", "2019", "2020"],
        [],
        ["2017", "2018", "2019", "2020"],
        False,
    ),
    "an interval longer than is spanned": ("1800/2019", ["1800", "2019"], [], [], False),
    "from a year on": ("2018/..", ["2018"], [], [], False),
    "up to a month": ("../2019-07", ["2019", "2019-07"], [], [], False),
    "one of two days": (
        "[2019-07-03,2019-09-01]",
        ["2019", "2019-07", "2019-07-03", "2019-09", "2019-09-01"],
        [],
        [],
        False,
    ),
    "one of two months, the one between left out": (
        "[2019-05,2019-07]",
        ["2019", "2019-05", "2019-07"],
        ["2019-05", "2019-07"],
        [],
        False,
    ),
    "one of two years, the one between left out": (
        "[2018,2020]",
        ["2018", "2020"],
        [],
        ["2018", "2020"],
        False,
    ),
    "all of two years": ("{2018,2020}", ["2018", "2020"], [], ["2018", "2020"], False),
    "a decade": ("201X", [], [], [], True),
    "a day of an unknown year": ("20XX-12-25", [], [], [], True),
    "unknown": ("XXXX", [], [], [], True),
    "before our era": ("-0044-03", ["-0044", "-0044-03"], ["-0044-03"], [], False),
}


@pytest.mark.parametrize(("date", "pages", "near", "wide", "undated"), DATES.values(), ids=DATES)
def test_where_a_date_stands(
    date: str, pages: list[str], near: list[str], wide: list[str], undated: bool
) -> None:
    fact = made("f", date)
    assert of(fact, "date") == pages
    assert of(fact, "near") == near
    assert of(fact, "wide") == wide
    assert of(fact, "undated") == ([""] if undated else [])


@pytest.mark.parametrize("date", [case[0] for case in DATES.values()], ids=DATES)
def test_no_group_is_named_twice(date: str) -> None:
    both = list(groups.of_fact(made("f", date, due="2019-07")))
    assert len(both) == len(set(both))


def test_a_plan_stands_on_the_pages_of_both_its_dates() -> None:
    plan = made("p", "2019-07-12", due="2020-02", kind="plan")
    dates = [(key, role) for (group, key), role in groups.of_fact(plan) if group == "date"]
    assert dates == [
        ("2019", "own"),
        ("2019-07", "own"),
        ("2019-07-12", "own"),
        ("2020", "due"),
        ("2020-02", "due"),
    ]
    assert of(plan, "near") == [], "where it could fall is told of the announcement alone"


def test_actors_topics_and_sources_name_a_fact_once() -> None:
    evidence = tuple(Evidence(source=s, quote="q") for s in ("paper", "wire", "paper"))
    fact = made(
        "f", "2019", evidence=evidence, actors=("ada", ActorRef(id="bo")), speaker="cy", topics=("t", "u")
    )
    assert of(fact, "all") == [""]
    assert of(fact, "actor") == ["cy", "ada", "bo"]
    assert of(fact, "topic") == ["t", "u"]
    assert of(fact, "source") == ["paper", "wire"]


def test_a_source_stands_on_the_pages_of_its_publication() -> None:
    paper = Source(id="s", title="T", publisher="P", published="2019-10-25")
    assert list(groups.of_source(paper)) == [
        ("published", "2019"),
        ("published", "2019-10"),
        ("published", "2019-10-25"),
    ]


def test_shelves_are_in_the_order_of_dates_equal_dates_by_id() -> None:
    facts = [
        made("b", "2019-07"),
        made("a", "2019-07-31"),
        made("z", "2019-07-01"),
        made("c", "2019-07-31"),
        made("d", "2019-07-31T08:00:00"),
        made("y", "2019"),
        made("n", "XXXX"),
        made("p", "2010", due="2019-07-30", kind="plan"),
    ]
    filled = groups.fill(facts, ())
    assert [m.id for m in filled["all", ""]] == ["p", "y", "z", "a", "c", "d", "b", "n"]
    assert [(m.id, m.role) for m in filled["date", "2019-07"]] == [
        ("z", "own"),
        ("p", "due"),
        ("a", "own"),
        ("c", "own"),
        ("d", "own"),
        ("b", "own"),
    ]


TEXTS = [case[0] for case in DATES.values()]


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_what_a_fact_names_is_where_it_stands_in_whatever_order(dates: list[str], random: Random) -> None:
    facts = [made(f"f{n}", date, due="2020-02" if n % 3 == 0 else "") for n, date in enumerate(dates)]
    filled = groups.fill(facts, ())
    random.shuffle(facts)
    assert groups.fill(facts, ()) == filled
    for fact in facts:
        named = set(groups.of_fact(fact))
        stands = {(g, m.role) for g, members in filled.items() for m in members if m.id == fact.id}
        assert stands == named
    assert list(filled) == sorted(filled)


@given(st.sampled_from(TEXTS), st.sampled_from([*TEXTS, "2019-06", "2018-12", "2020-02-29", "2013"]))
def test_what_is_near_or_wide_could_fall_there(date: str, other: str) -> None:
    """A shelf never says that a date could fall where it cannot."""
    fact, parsed = made("f", date), edtf.parse(date)
    for key in [*of(fact, "near"), *of(fact, "wide")]:
        assert edtf.overlaps(parsed, key) or key in parsed.pages
    for key in edtf.parse(other).pages:
        if key in parsed.pages:
            assert key in of(fact, "date")
