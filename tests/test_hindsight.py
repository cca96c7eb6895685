"""As known on a day: what its sources had reported by then, without hindsight."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from conftest import SmallSite
from generator import edtf
from generator.hindsight import published_by
from planned import Planned, ids

Make = Callable[..., SmallSite]

TEXT = "The yard promised a boat by May. The mayor denied that it came. A boat is a boat.\n"
SOURCES = """\
- {{id: early, title: Early, publisher: One, published: '2020-03', text: t.txt}}
- {{id: late, title: Late, publisher: Two, published: '{late}', text: t.txt}}
- {{id: copy, title: Copy, publisher: Three, published: 2020-03-04, text: t.txt, origin: [wire]}}
- {{id: wire-report, title: Wire, publisher: Coast Wire, published: 2020-03-04, text: t.txt}}
"""
DAY = "2020-04-01"


def known(site: Make, facts: str, *, late: str = "2020-06-01", more: str = "", **files: str) -> Planned:
    made = site(
        {
            "site.yaml": f"format: 1\ntitle: T\nlimits: {{share: 1}}\nknown_on: ['{DAY}']\n{more}",
            "content/sources/ferry.yaml": None,
            "content/sources/ferry.txt": None,
            "content/sources/t.txt": TEXT,
            "content/sources/all.yaml": SOURCES.format(late=late),
            "content/actors/wire.yaml": "{id: wire, name: Coast Wire, kind: media}\n",
            "content/facts/all.yaml": facts,
            **{path.replace("__", "/") + ".yaml": text for path, text in files.items()},
        }
    )
    planned = Planned(made)
    assert planned.ok, planned.told
    return planned


def fact(key: str, *sources: str, **more: str) -> str:
    evidence = ", ".join(
        f"{{source: {s.rstrip('!')}, quote: A boat is a boat, stance: {stance}}}"
        for s in sources
        for stance in ["disputes" if s.endswith("!") else "supports"]
    )
    rest = "".join(f", {name}: {value}" for name, value in more.items())
    return f"- {{id: {key}, statement: {key} is so., date: 2020-03, evidence: [{evidence}]{rest}}}\n"


def test_what_a_later_source_adds_is_not_there(site: Make) -> None:
    made = known(site, fact("then", "early") + fact("both", "early", "late") + fact("later", "late"))
    view = made.view(f"known/{DAY}.html")
    (group,) = view.listing.groups
    assert ids(group.cards) == ["both", "then"]
    assert [(c.quotes, c.sources, c.as_of) for c in group.cards] == [(1, 1, DAY)] * 2
    assert view.count == 2
    assert [s.id for s in view.published] == ["copy", "wire-report", "early"]
    assert (view.perhaps, view.perhaps_published) == ((), ())
    text = made.text(f"known/{DAY}.html")
    assert "As known on 1 April 2020" in text
    assert "later is so" not in text
    assert "Late" not in text.partition("How to read")[0].replace("Later", "")


@pytest.mark.parametrize(
    ("published", "by_then"),
    [
        ("2020-04-01", "yes"),
        ("2020-04-01T23:00:00", "yes"),
        ("2020-04-02", "no"),
        ("2020-03", "yes"),
        ("2020-03?", "yes"),
        ("2020-04", "perhaps"),
        ("2020", "perhaps"),
        ("../2020-03", "yes"),
        ("2019/..", "perhaps"),
        ("[2020-03,2020-05]", "perhaps"),
        ("2020-05/..", "no"),
        ("XXXX", "perhaps"),
    ],
)
def test_a_source_counts_from_the_last_day_it_may_have_been_published(published: str, by_then: str) -> None:
    assert published_by(published, (2020, 4, 1)) == by_then
    latest = edtf.parse(published).latest
    assert not (latest and published_by(published, latest) != "yes")


def test_what_may_have_been_known_stands_apart(site: Make) -> None:
    made = known(
        site, fact("then", "early") + fact("maybe", "late", "early!", status="confirmed"), late="2020-04"
    )
    view = made.view(f"known/{DAY}.html")
    assert ids(view.listing.groups[0].cards) == ["then"]
    assert ids(view.perhaps) == ["maybe"]
    assert view.perhaps[0].mark == "reported"
    assert [s.id for s in view.perhaps_published] == ["late"]
    text = made.text(f"known/{DAY}.html")
    assert "Perhaps known by then" in text
    assert "perhaps later than this day" in text


CONTRA = "{contradicts: [other]}"
WITHDRAWN = "[{{date: {day}, kind: withdrawal, reason: Wrong.}}]"
MARKS = {
    "confirmed by two then": (fact("it", "early", "copy", status="confirmed"), "confirmed"),
    "confirmed by a later source": (fact("it", "early", "late", status="confirmed"), "reported"),
    "copies of one report": (fact("it", "copy", "wire-report", "late", status="confirmed"), "reported"),
    "disputed then": (fact("it", "early", "copy!", status="disputed"), "disputed"),
    "disputed later": (fact("it", "early", "late!", status="disputed"), "reported"),
    "denied in its own source": (fact("it", "early", status="denied"), "denied"),
    "contradicted by a fact then": (
        fact("it", "early", status="disputed", relations=CONTRA) + fact("other", "copy"),
        "disputed",
    ),
    "contradicted by a later fact": (
        fact("it", "early", status="disputed", relations=CONTRA) + fact("other", "late"),
        "reported",
    ),
    "claimed": (fact("it", "early", status="claimed"), "claimed"),
    "withdrawn later": (
        fact("it", "early", status="withdrawn", changes=WITHDRAWN.format(day="2022-01-01")),
        "reported",
    ),
    "withdrawn by then": (
        fact("it", "early", status="withdrawn", changes=WITHDRAWN.format(day="2020-03-31")),
        "withdrawn",
    ),
    "a plan kept later": (
        fact("it", "early", kind="plan") + fact("other", "late", relations="{fulfils: [it]}"),
        "planned",
    ),
    "a plan kept by then": (
        fact("it", "early", kind="plan") + fact("other", "copy", relations="{fulfils: [it]}"),
        "reported",
    ),
    "a plan whose outcome had been withdrawn": (
        fact("it", "early", kind="plan")
        + fact(
            "other",
            "copy",
            relations="{fails: [it]}",
            status="withdrawn",
            changes=WITHDRAWN.format(day="2020-03-31"),
        ),
        "planned",
    ),
    "a plan whose outcome was withdrawn later": (
        fact("it", "early", kind="plan")
        + fact(
            "other",
            "copy",
            relations="{fails: [it]}",
            status="withdrawn",
            changes=WITHDRAWN.format(day="2022-01-01"),
        ),
        "reported",
    ),
}


@pytest.mark.parametrize(("facts", "mark"), MARKS.values(), ids=MARKS)
def test_the_mark_a_fact_had(site: Make, facts: str, mark: str) -> None:
    made = known(site, facts)
    view = made.view(f"known/{DAY}.html")
    cards = {c.id: c for group in view.listing.groups for c in group.cards}
    assert cards["it"].mark == mark
    assert ids(view.plans) == (["it"] if mark == "planned" else [])
    page = made.html(f"known/{DAY}.html")
    assert page.count(f'data-st="{mark}"') >= 1
    assert ("Withdrawn: it is so" in page) is (mark == "withdrawn")


@pytest.mark.parametrize(
    ("status", "word"),
    [("claimed", "Planned, claimed"), ("reported", "Planned"), ("confirmed", "Planned")],
)
def test_a_plan_that_was_open_is_as_sure_as_it_was(site: Make, status: str, word: str) -> None:
    (card,) = (
        known(site, fact("it", "early", "late", kind="plan", status=status)).view(f"known/{DAY}.html").plans
    )
    assert (card.mark, card.status_word) == ("planned", word)


def test_a_card_then_and_the_card_now_are_two(site: Make) -> None:
    made = known(site, fact("it", "early", "late", status="confirmed"))
    marks = [made.html(path) for path in ("dates/2020-03.html", f"known/{DAY}.html", "dates/2020-03.html")]
    assert ['data-st="confirmed"' in page for page in marks] == [True, False, True]
    assert ['data-st="reported"' in page for page in marks] == [False, True, False]


def test_nothing_perhaps_known_is_confirmed(site: Make) -> None:
    late = "- {id: later, title: L, publisher: X, published: 2020, text: t.txt}\n"
    made = known(
        site, fact("it", "late", "later", status="confirmed"), late="2020-04", content__sources__more=late
    )
    (card,) = made.view(f"known/{DAY}.html").perhaps
    assert (card.mark, card.quotes, card.sources) == ("reported", 2, 2)


def test_what_speaks_against_a_fact_in_so_many_words_counts_before_other_answers(site: Make) -> None:
    question = "{id: q, question: Q?, positions: [{label: Yes, facts: [it]}, {label: No, facts: [other]}]}\n"
    facts = fact("it", "early", "late!", status="disputed") + fact("other", "copy")
    made = known(site, facts, content__questions__q=question)
    cards = made.view(f"known/{DAY}.html").listing.groups[0].cards
    assert {c.id: c.mark for c in cards}["it"] == "reported"


def test_another_answer_known_by_then_makes_a_dispute(site: Make) -> None:
    question = (
        "{{id: q, question: Q?, positions: [{{label: Yes, facts: [it]}}, {{label: No, facts: [{other}]}}]}}\n"
    )
    facts = fact("it", "early", status="disputed") + fact("other", "copy") + fact("third", "late")
    marks = {}
    for other in ("other", "third"):
        asked = {"content__questions__q": question.format(other=other)}
        made = known(partial(site, folder=other), facts, **asked)
        cards = made.view(f"known/{DAY}.html").listing.groups[0].cards
        marks[other] = {c.id: c.mark for c in cards}["it"]
    assert marks == {"other": "disputed", "third": "reported"}


def test_the_timeline_leads_to_each_day_and_each_day_to_its_neighbours(site: Make) -> None:
    planned = Planned(site({"site.yaml": "{format: 1, title: T, known_on: [2020-04-01, 2020-03-01]}\n"}))
    assert [(link.href, link.label) for link in planned.view("timeline.html").known] == [
        ("known/2020-03-01.html", "1 March 2020"),
        ("known/2020-04-01.html", "1 April 2020"),
    ]
    assert 'href="known/2020-03-01.html"' in planned.html("timeline.html")
    first, last = (planned.view(f"known/2020-0{n}-01.html") for n in (3, 4))
    assert (first.count, first.earlier, first.later.href) == (0, None, "known/2020-04-01.html")
    assert (last.count, last.earlier.href, last.later) == (1, "known/2020-03-01.html", None)
    assert "Nothing for certain." in planned.text("known/2020-03-01.html")


def test_a_long_list_is_split_like_the_timeline(site: Make) -> None:
    facts = "".join(fact(f"f{n}", "early", kind="plan") for n in range(5)) + "".join(
        fact(f"m{n}", "late") for n in range(4)
    )
    made = known(site, facts, late="2020-04", more="lists: 2\n")
    pages = sorted(path for path in made.pages if path.startswith("known/"))
    assert pages == [f"known/{DAY}{part}.html" for part in (".2020-03.p1", ".2020-03.p2", ".2020-03.p3", "")]
    front = made.view(f"known/{DAY}.html")
    assert (len(front.plans), front.more_plans, len(front.perhaps), front.more_perhaps) == (2, 3, 2, 2)
    part = made.view(f"known/{DAY}.2020-03.p2.html")
    assert (part.plans, part.more_plans, part.perhaps, part.more_perhaps) == ((), 0, (), 0)
    assert ids(part.listing.groups[0].cards) == ["f2", "f3"]


@pytest.mark.parametrize(
    ("days", "code"),
    [("[2020-04]", "bad-date"), ("[soon]", "bad-date"), ("[2020-04-01, 2020-04-01]", "listed-twice")],
)
def test_a_day_is_a_day_and_stands_once(site: Make, days: str, code: str) -> None:
    made = site({"site.yaml": f"{{format: 1, title: T, known_on: {days}}}\n"})
    assert made.build().codes == [code]
