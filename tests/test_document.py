"""What is made for paper: the whole dossier as one document, and the notes at the end of printed pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING

import pytest

from browser import page_of
from conftest import SmallSite
from planned import RICH, Planned, fact, ids, plain, quick

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCUMENT = "dossier.html"
#: The sources of RICH by their numbers: the order of publication.
NUMBERS = {"letter": 1, "ferry-vote": 2, "ferry-wire": 3, "bateau": 4, "office-report": 5}


@pytest.fixture
def rich(site: Callable[..., SmallSite]) -> Planned:
    return Planned(site(RICH))


def test_the_document_holds_every_fact_once_by_year_and_numbers_them(rich: Planned) -> None:
    view = rich.view(DOCUMENT)
    entries = [entry for year in view.years for entry in year.facts]
    assert sorted(entry.card.id for entry in entries) == sorted(rich.dossier.facts)
    assert [entry.number for entry in entries] == [*range(1, view.count + 1)]
    assert [year.heading for year in view.years] == ["2018", "2019", "2020", "2021", "Date unknown"]
    assert ids(entry.card for entry in view.years[-1].facts) == ["once", "some-day"]


def test_the_document_prints_the_words_of_every_fact_with_the_numbers_of_their_sources(rich: Planned) -> None:
    html = rich.html(DOCUMENT)
    for fact_id, quotes in (
        ("ferry-kept", [("voted on Tuesday to keep the night ferry", "ferry-vote")]),
        ("boat-back", [("came back to the quay on 12 April 2021", "office-report")]),
        ("bill-of-less", [("Nobody has promised a price", "ferry-wire")]),
    ):
        (entry,) = re.findall(rf'<li id="f\d+">(?:(?!<li).)*facts/{fact_id}\.html.*?</li>', html, re.S)
        for words, source in quotes:
            assert f'<mark>{words}</mark></q><sup><a href="#s{NUMBERS[source]}"' in entry
    text = plain(html)
    assert "Disputes this fact" in text
    assert "stays in Marlow" in text
    assert "Nobody says why." in text
    assert "zebrawood" not in text, "its rights allow no words"


def test_the_document_lists_all_sources_with_their_addresses_spelled_out(rich: Planned) -> None:
    notes = rich.view(DOCUMENT).endnotes
    assert {note.source.id: note.source.number for note in notes} == NUMBERS
    text = plain(rich.html(DOCUMENT))
    assert (
        "https://example.org/vote ; archived copy of 6 March 2020: https://archive.example.org/vote" in text
    )


def test_questions_and_plans_of_the_document_name_facts_by_their_numbers(rich: Planned) -> None:
    view = rich.view(DOCUMENT)
    number = {entry.card.id: entry.number for year in view.years for entry in year.facts}
    (question,) = view.questions
    assert [answer.facts for answer in question.answers] == [
        (number["bill-of-two-million"],),
        (number["bill-of-less"],),
    ]
    assert (question.ruling, question.reason) == ("Held right: Less", "The report came later.")
    (plan,) = view.plans
    assert (plan.state, plan.facts) == ("Fulfilled", (number["boat-plan"], number["boat-back"]))


@pytest.mark.parametrize(("most", "made"), [(0, False), (2, False), (3, True), (500, True)])
def test_a_dossier_over_the_limit_has_no_document_and_names_none(
    site: Callable[..., SmallSite], most: int, made: bool
) -> None:
    facts = {"content/facts/all.yaml": "".join(fact(f"f-{n}") for n in range(3))}
    planned = Planned(site({"site.yaml": f"{{format: 1, title: T, dossier: {most}}}\n", **facts}))
    assert (DOCUMENT in planned.pages) is made
    assert all(
        (f'href="{DOCUMENT}"' in planned.html(page)) is made for page in ("index.html", "timeline.html")
    )


def test_an_edit_that_crosses_the_limit_brings_and_takes_the_document(site: Callable[..., SmallSite]) -> None:
    small = quick(
        site({"site.yaml": "{format: 1, title: T, dossier: 2}\n", "content/facts/a.yaml": fact("a")})
    )
    for count, made in ((1, True), (2, True), (3, False), (2, True)):
        small.write("content/facts/a.yaml", "".join(fact(f"f-{n}") for n in range(count)))
        assert small.build().exit_code == 0
        assert small.exists(DOCUMENT) is made
        stood = small.files()
        assert small.build(full=True).exit_code == 0
        assert small.files() == stood


def test_every_number_on_a_page_is_among_its_notes_and_every_note_is_used(rich: Planned) -> None:
    """On paper a number that leads nowhere is worse than none."""
    met = 0
    for path, html in rich.rendered().items():
        used = {
            int(n)
            for listed in re.findall(r'<sup class="pr">([\d, ]+)</sup>', html)
            for n in listed.split(",")
        }
        notes = {int(n) for n in re.findall(r'<li value="(\d+)"', html)}
        if path == DOCUMENT:
            used = {int(n) for n in re.findall(r'<sup><a href="#s(\d+)"', html)}
        assert used == notes, path
        met += bool(used)
    assert met > 20


def test_the_notes_of_a_fact_are_the_sources_it_rests_on(rich: Planned) -> None:
    notes = rich.view("facts/ferry-kept.html").endnotes
    assert [note.source.id for note in notes] == ["ferry-vote", "ferry-wire", "bateau"]
    page = unescape(rich.html("facts/ferry-kept.html"))
    assert '<section class="pr" aria-labelledby="src">' in page
    assert "https://archive.example.org/vote" in page


def test_what_was_known_on_a_day_cites_no_source_of_later(site: Callable[..., SmallSite]) -> None:
    settings = {"site.yaml": f"{(RICH['site.yaml'] or '').rstrip()}\n        known_on: [2020-03-04]\n"}
    planned = Planned(site({**RICH, **settings}))
    view = planned.view("known/2020-03-04.html")
    cited = {number for group in view.listing.groups for card in group.cards for number in card.cited}
    assert cited == {NUMBERS["letter"], NUMBERS["ferry-vote"]}


def test_every_sheet_of_paper_names_the_dossier(site: Callable[..., SmallSite], chromium: Browser) -> None:
    """By a value that the margin of the sheet prints; quotation marks in a title do no harm."""
    small = quick(site({"site.yaml": "{format: 1, title: 'The \"ferry\" & <co>'}\n"}))
    assert small.build().exit_code == 0
    with page_of(chromium) as page:
        page.emulate_media(media="print")
        for path in ("index.html", "facts/ferry-kept.html"):
            page.goto((small.output / path).as_uri())
            foot = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--foot')")
            assert foot == r'"The \"ferry\" & <co>"'
    css = (small.output / "assets/site.css").read_text(encoding="utf-8")
    assert "@bottom-left { content: var(--foot); }" in css
