"""Plans: how each stands as of the newest source, and the way from announcement to outcome."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.usefixtures("one_theme")

QUOTE = "A first boat is to be repaired by spring 2021"
SOURCE = """
{{id: ferry-vote, title: Harbour town votes to keep its ferry, publisher: Marlow Post, published: {published},
 text: ferry.txt}}
"""


def fact(key, date, **more):
    evidence = [{"source": "ferry-vote", "quote": QUOTE}]
    actors = ["marlow-council"]
    return {
        "id": key,
        "statement": f"Statement of {key}.",
        "date": date,
        "actors": actors,
        "evidence": evidence,
        **more,
    }


def plan(key, date, due="", **more):
    return fact(key, date, kind="plan", **({"due": due} if due else {}), **more)


@pytest.fixture
def built(site):
    def make(*facts, published="2021-06-15", **files):
        made = site(
            {
                "content/facts/plans.yaml": json.dumps(facts),
                "content/sources/ferry.yaml": SOURCE.format(published=published),
                **files,
            }
        )
        outcome = made.build()
        assert outcome.exit_code == 0, outcome.problems
        return made

    return make


def sections(html):
    """Ids of the facts under each heading of the page of plans, in order."""
    found = {}
    for part in re.split(r'<section aria-labelledby="', html)[1:]:
        found[part.partition('"')[0]] = re.findall(
            r'href="facts/([a-z0-9-]+)\.html"', part.partition("</section>")[0]
        )
    return found


def steps(html):
    """The labels of a chain with the statements, in order."""
    chain = html.partition('<ol class="rels">')[2].partition("</ol>")[0]
    return re.findall(r'<p class="kind">([^<]+)</p><p>(?:<a [^>]+>)?Statement of ([a-z-]+)', chain)


@pytest.mark.parametrize(
    ("due", "published", "stands"),
    [
        ("2021-05", "2021-06-15", "overdue"),
        ("2021-06-14", "2021-06-15", "overdue"),
        ("2021-06-15", "2021-06-15", "due"),
        ("2021", "2021-06-15", "due"),
        ("2021-07", "2021-06-15", "announced"),
        ("", "2021-06-15", "announced"),
        # Only what is certain: a source of some day in June may have been published on the first.
        ("2021-06-10", "2021-06", "announced"),
        ("2021-05-31", "2021-06", "overdue"),
        ("2021-06", "2021-06", "due"),
        ("../2021-05", "2021-06-15", "overdue"),
        ("2021-05/..", "2021-06-15", "due"),
        ("2021-05", "../2021-06", "announced"),
        ("XXXX", "2021-06-15", "announced"),
    ],
)
def test_a_plan_is_judged_by_the_newest_source(built, due, published, stands):
    made = built(plan("repair", "2020", due), published=published)
    assert sections(made.html("plans.html")) == {stands: ["repair"]}


def test_the_newest_source_is_named_and_no_other_clock_is_asked(built):
    later = """
{id: later, title: Later, publisher: Marlow Post, published: 2021-10-25, supplied: [published],
 text: ferry.txt}
"""
    cited = fact("other", "2021")
    cited["evidence"][0]["source"] = "later"
    made = built(plan("repair", "2020", "2021-09"), cited, **{"content/sources/later.yaml": later})
    html = made.html("plans.html")
    assert "As of [25 October 2021]" in html
    assert '<a href="sources/later.html">Later</a>' in html
    assert sections(html) == {"overdue": ["repair"]}
    assert "as of [25 October 2021], the newest source." in made.html("facts/repair.html")


@pytest.mark.parametrize(
    ("outcomes", "stands"),
    [
        ([("fulfils", {})], "fulfilled"),
        ([("fails", {})], "failed"),
        ([("postpones", {})], "postponed"),
        ([("fulfils", {}), ("fails", {})], "contested"),
        ([("postpones", {}), ("fulfils", {})], "fulfilled"),
        ([("fulfils", {"status": "withdrawn"})], "overdue"),
        ([("postpones", {"kind": "plan", "due": "2022"})], "announced"),
        ([("postpones", {"kind": "plan", "due": "2021-03"})], "overdue"),
        ([("postpones", {"kind": "plan", "due": "2022", "status": "withdrawn"})], "overdue"),
    ],
)
def test_what_became_of_a_plan(built, outcomes, stands):
    withdrawn = {"changes": [{"date": "2021-07-01", "kind": "withdrawal", "reason": "Wrong boat."}]}
    followed = [
        fact(
            f"outcome-{n}",
            "2021-02",
            relations={type_: ["repair"]},
            **more,
            **(withdrawn if "status" in more else {}),
        )
        for n, (type_, more) in enumerate(outcomes)
    ]
    made = built(plan("repair", "2020", "2021-01"), *followed)
    found = sections(made.html("plans.html"))
    assert found == {stands: ["repair", *(f["id"] for f in followed)]}


def test_a_withdrawn_plan_is_neither_due_nor_settled(built):
    changes = [{"date": "2021-07-01", "kind": "withdrawal", "reason": "Never announced."}]
    made = built(plan("repair", "2020", "2021-01", status="withdrawn", changes=changes))
    assert sections(made.html("plans.html")) == {"withdrawn": ["repair"]}


def test_a_plan_whose_outcome_was_withdrawn_is_marked_as_planned_again(built):
    changes = [{"date": "2021-07-01", "kind": "withdrawal", "reason": "Wrong boat."}]
    done = fact("done", "2021", relations={"fulfils": ["repair"]}, status="withdrawn", changes=changes)
    made = built(plan("repair", "2020", "2021-01"), done)
    assert '<span class="st planned">' in made.html("facts/repair.html")


CHAIN = (
    plan("announced", "2020-05", "2020-12"),
    plan("put-off", "2020-11", "2021-03", relations={"postpones": ["announced"]}),
    # Dated to the year, so it sorts before both: the way still ends with it.
    fact("sailed", "2020", relations={"fulfils": ["put-off"]}),
)


@pytest.mark.parametrize(
    "page", ["plans.html", "facts/announced.html", "facts/put-off.html", "facts/sailed.html"]
)
def test_a_chain_is_told_from_its_beginning_wherever_it_is_told(built, page):
    html = built(*CHAIN).html(page)
    assert steps(html) == [("Announced", "announced"), ("Postponed", "put-off"), ("Fulfilled", "sailed")]


def test_a_fact_page_marks_its_own_place_and_does_not_repeat_the_chain(built):
    extra = fact("council", "2020", relations={"background": ["put-off"]})
    html = built(*CHAIN, extra).html("facts/put-off.html")
    chain = html.partition('id="pl"')[2].partition("</section>")[0]
    assert re.findall(r'aria-current="true"><p class="kind">([^<]+)', chain) == ["Postponed"]
    assert "../facts/put-off.html" not in chain
    connected = html.partition('id="rel"')[2].partition("</section>")[0]
    assert re.findall(r"facts/([a-z-]+)\.html", connected) == ["council"]


def test_one_event_may_settle_several_plans(built):
    other = plan("also", "2020-06", "2021")
    both = fact("sailed", "2021-02", relations={"fulfils": ["announced", "also"]})
    made = built(CHAIN[0], other, both)
    assert sections(made.html("plans.html")) == {"fulfilled": ["announced", "also", "sailed"]}
    assert [label for label, _ in steps(made.html("facts/sailed.html"))] == [
        "Announced",
        "Announced",
        "Fulfilled",
    ]


def test_a_circle_of_postponements_ends(built):
    made = built(
        plan("one", "2020-01", "2021", relations={"postpones": ["two"]}),
        plan("two", "2020-02", "2021", relations={"postpones": ["one"]}),
    )
    assert steps(made.html("plans.html")) == [("Postponed", "one"), ("Postponed", "two")]


def test_plans_stand_in_the_order_they_are_due_and_the_pressing_ones_first(built):
    made = built(
        plan("far", "2020", "2023"),
        plan("late", "2020", "2021-01"),
        plan("near", "2020", "2022"),
        plan("later", "2020", "2021-02"),
    )
    assert list(sections(made.html("plans.html")).items()) == [
        ("overdue", ["late", "later"]),
        ("announced", ["near", "far"]),
    ]


def test_a_fact_of_no_plan_tells_of_none(built):
    assert 'id="pl"' not in built(fact("kept", "2020"), plan("repair", "2020")).html("facts/kept.html")
