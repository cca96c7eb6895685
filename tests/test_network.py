"""Who acts with whom: the pairs that share most facts, the same in the picture and in the table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import arabic
from browser import page_of, served
from conftest import SmallSite
from generator import network
from generator.charts import arcs
from generator.views import Link, Network, Tally, Tie
from planned import Planned, fact

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: For each fact its actors.
CASTS = ["a b", "a b", "a b c", "c d", "d", "e"]


def dossier(casts: list[str]) -> dict[str, str | None]:
    names = sorted({name for cast in casts for name in cast.split()})
    return {
        "content/actors/marlow.yaml": "".join(
            f"- {{id: {n}, name: {n.upper()}, kind: group}}\n" for n in names
        ),
        "content/facts/all.yaml": "".join(
            fact(f"f-{n}", more=f"actors: [{', '.join(cast.split())}]") for n, cast in enumerate(casts)
        ),
    }


def test_pairs_are_counted_and_the_strongest_come_first(site: Callable[..., SmallSite]) -> None:
    view = Planned(site(dossier(CASTS))).view("actors.html").network
    told = [({tie.one.label, tie.other.label}, tie.count) for tie in view.ties]
    assert told[0] == ({"A", "B"}, 3)
    assert {frozenset(pair): count for pair, count in told} == {
        frozenset("AB"): 3,
        frozenset("AC"): 1,
        frozenset("BC"): 1,
        frozenset("CD"): 1,
    }
    assert sorted(actor.label for actor in view.actors) == ["A", "B", "C", "D"]
    assert view.left_out == 0


@pytest.mark.parametrize("casts", [["a", "b"], ["a"]])
def test_where_nobody_shares_a_fact_there_is_no_network(
    site: Callable[..., SmallSite], casts: list[str]
) -> None:
    planned = Planned(site(dossier(casts)))
    assert planned.view("actors.html").network is None
    assert "Who acts with whom" not in planned.text("actors.html")


def test_the_table_says_what_the_picture_shows(site: Callable[..., SmallSite]) -> None:
    html = Planned(site(dossier(CASTS))).html("actors.html")
    view = Planned(site(dossier(CASTS), folder="again")).view("actors.html").network
    rows = [actor.label for actor in view.actors]
    drawn = {
        frozenset((rows[int(top) // 10], rows[int(bottom) // 10]))
        for top, bottom in re.findall(r'<path d="M0 (\d+)C\S+ \d+ \S+ \d+ 0 (\d+)"', html)
    }
    told = set(
        map(
            frozenset, re.findall(r'<tr><th scope="row">(\w)</th><td>(\w)</td><td class="num">\d+</td>', html)
        )
    )
    assert drawn == told == {frozenset(pair) for pair in ("AB", "AC", "BC", "CD")}


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 60), st.integers(0, 60))
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: (f"n{pair[0]:02}", f"n{pair[1]:02}")),
    st.integers(1, 9),
    min_size=1,
    max_size=90,
)


@given(PAIRS)
def test_no_more_is_shown_than_can_be_read_and_nothing_weaker_than_what_is_not(
    counts: dict[tuple[str, str], int],
) -> None:
    ranked = sorted(counts, key=lambda pair: (-counts[pair], pair))
    chosen = network._strongest(ranked, counts)
    assert 1 <= len(chosen) <= network.PAIRS
    assert len({key for pair in chosen for key in pair}) <= network.ACTORS
    left = counts.keys() - set(chosen)
    if left and len({counts[pair] for pair in chosen}) > 1:
        assert max(counts[pair] for pair in left) < max(counts[pair] for pair in chosen)
    order = network._order({pair: counts[pair] for pair in chosen})
    assert sorted(order) == sorted({key for pair in chosen for key in pair})
    shown = {pair: counts[pair] for pair in chosen}
    assert network._length(order, shown) <= network._length(network._walk(_near(shown)), shown)
    assert order == network._order(dict(reversed(shown.items())))


def _near(shown: dict[tuple[str, str], int]) -> dict[str, list[tuple[str, int]]]:
    near: dict[str, list[tuple[str, int]]] = {}
    for (one, other), weight in shown.items():
        near.setdefault(one, []).append((other, weight))
        near.setdefault(other, []).append((one, weight))
    return near


def test_those_who_share_much_stand_close() -> None:
    """Two crowds that hardly meet are not mixed."""
    weights = {("a", "b"): 9, ("b", "c"): 9, ("x", "y"): 9, ("y", "z"): 9, ("c", "x"): 1}
    order = network._order(weights)
    assert {frozenset(order[:3]), frozenset(order[3:])} == {frozenset("abc"), frozenset("xyz")}


def test_arcs_are_wider_for_more_facts_and_reach_further_for_more_rows() -> None:
    actors = tuple(Tally(href="", label=str(row), count=1) for row in range(5))
    ties = tuple(
        Tie(one=Link(label=""), other=Link(label=""), rows=rows, count=count)
        for rows, count in (((0, 1), 9), ((0, 4), 1))
    )
    wide, narrow = re.findall(
        r'C(\S+) .*? 0 (?:15|45)" stroke-width="(\S+)"', arcs(Network(actors=actors, ties=ties))
    )
    assert sorted([wide, narrow], key=lambda arc: float(arc[0])) == [("29.9", "8"), ("78.8", "1.8")]


@pytest.mark.parametrize("width", [390, 1280])
def test_every_arc_ends_at_its_names(site: Callable[..., SmallSite], chromium: Browser, width: int) -> None:
    """The picture is stretched to the list, so each of its rows lies at that of a name, both ways round."""
    cast = {"content/facts/more.yaml": None}
    for files in (dossier(CASTS), arabic.FILES | cast):
        made = site(files, folder=f"site-{len(files)}-{width}")
        made.build()
        with served(made.output) as address, page_of(chromium, width=width) as page:
            page.goto(f"{address}actors.html")
            if not page.query_selector(".arcs"):
                continue
            svg, names = page.query_selector(".arcs"), page.query_selector_all(".net li")
            assert svg
            box = svg.bounding_box()
            assert box
            for row, name in enumerate(names):
                own = name.bounding_box()
                assert own
                at = box["y"] + box["height"] * (row * 10 + 5) / (len(names) * 10)
                assert abs(at - (own["y"] + own["height"] / 2)) < 2
