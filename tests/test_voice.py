"""Who says so: what a statement is printed with, on every page and in every file that prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import voice
from generator.content import Actor
from planned import RICH, Planned, plain, quick

Make = Callable[..., SmallSite]
ACTORS = """\
- {id: marlow-council, name: Council of Marlow, kind: government, aliases: [Marlow]}
- {id: ada-brook, name: Ada Brook, kind: person}
- {id: clerk, name: Senior harbour official, kind: unnamed}
- {id: wire, name: Coast Wire, kind: media}
- {id: yard, name: Marlow yard, kind: company}
"""
SAFE = "The ferry is safe."
#: What is written of a fact and of its evidence; its statement, and how it is printed: under its heading, in
#: a list with its mark beside it, and alone.
CASES: dict[str, tuple[str, str, str, tuple[str, str, str]]] = {
    "an event": ("", "", SAFE, ("{}", "{}", "{}")),
    "confirmed": ("status: confirmed", "", SAFE, ("{}", "{}", "{}")),
    "disputed": ("status: disputed", "", SAFE, ("{}", "{}", "Disputed: {}")),
    "denied": ("status: denied", "", SAFE, ("{}", "Denied: {}", "Denied: {}")),
    "withdrawn": ("status: withdrawn", "", SAFE, ("{}", "Withdrawn: {}", "Withdrawn: {}")),
    "claimed": ("status: claimed", "", SAFE, ("{}", "{}", "Claimed: {}")),
    "claimed by one who is named and says nothing": (
        *("status: claimed, actors: [yard]", "", "The Marlow yard gets the ferry."),
        ("{}", "{}", "Claimed: {}"),
    ),
    "claimed, and says by whom": (
        *("status: claimed, actors: [yard]", "", "The Marlow yard says it gets the ferry."),
        ("{}", "{}", "{}"),
    ),
    "an assessment": ("kind: assessment", "", SAFE, ("{}", "{}", "Assessment: {}")),
    "an assessment that says whose": (
        *("kind: assessment, actors: [ada-brook]", "", "Brook calls the ferry safe."),
        ("{}", "{}", "{}"),
    ),
    "a state of affairs": ("kind: state", "", SAFE, ("{}", "{}", "{}")),
    "said, and says by whom": (
        *("kind: utterance, speaker: ada-brook", "", "Brook says the ferry is safe."),
        ("{}", "{}", "{}"),
    ),
    "said, in a word of no list": (
        *("kind: utterance, speaker: ada-brook", "", "Ada Brook scoffs at the ferry."),
        ("{}", "{}", "{}"),
    ),
    "said, with the verb at the end": (
        *("kind: utterance, speaker: marlow-council", "", "The ferry is safe, the council says."),
        ("{}", "{}", "{}"),
    ),
    "said of oneself": (
        *("kind: utterance, speaker: ada-brook", "", "Ada Brook is glad."),
        ("According to Ada Brook: {}",) * 3,
    ),
    "said in the perfect tense": (
        *("kind: utterance, speaker: ada-brook", "", "Brook has warned the yard."),
        ("{}", "{}", "{}"),
    ),
    "said, and printed as if it were so": (
        *("kind: utterance, speaker: ada-brook", "", SAFE),
        ("According to Ada Brook: {}",) * 3,
    ),
    "said by nobody named": (
        *("kind: utterance, speaker: clerk", "", SAFE),
        ("According to Senior harbour official (not named): {}",) * 3,
    ),
    "said by nobody named, and says so": (
        *("kind: utterance, speaker: clerk", "", "A harbour official says the ferry is safe."),
        ("{}", "{}", "{}"),
    ),
    "confirmed that it was said": (
        *("kind: utterance, status: confirmed, speaker: ada-brook", "", SAFE),
        ("According to Ada Brook: {}",) * 3,
    ),
    "claimed by a speaker": (
        *("kind: utterance, status: claimed, speaker: ada-brook", "", SAFE),
        ("According to Ada Brook: {}",) * 3,
    ),
    "said, and disputed": (
        *("kind: utterance, status: disputed, speaker: ada-brook", "", SAFE),
        ("According to Ada Brook: {}", "According to Ada Brook: {}", "Disputed: {}"),
    ),
    "said, and withdrawn": (
        *("kind: utterance, status: withdrawn, speaker: ada-brook", "", SAFE),
        ("According to Ada Brook: {}", "Withdrawn: {}", "Withdrawn: {}"),
    ),
    "a plan with a speaker": (
        *("kind: plan, speaker: ada-brook", "", "The ferry is to be sold."),
        ("According to Ada Brook: {}",) * 3,
    ),
    "an event by way of an agency": ("", "via: [wire]", SAFE, ("{}", "{}", "{}")),
    "an event that only the yard tells of": ("", "via: [yard]", SAFE, ("According to Marlow yard: {}",) * 3),
    "told by the yard to an agency": ("", "via: [yard, wire]", SAFE, ("{}", "{}", "{}")),
}


def of(site: Make, more: str, evidence: str, statement: str, settings: str = "") -> Planned:
    fact = (
        f"- {{id: f, statement: '{statement}', date: 2020-03-03, added: '2022-01-01',"
        f" {more + ',' if more else ''}"
        f" evidence: [{{source: ferry-vote, quote: keep the night ferry, {evidence}}}]}}\n"
        "- {id: g, statement: Nothing., date: 2020-03-04, note: 'See [[f]].', actors: [ada-brook],"
        " evidence: [{source: ferry-vote, quote: do without it}]}\n"
    )
    files: dict[str, str | None] = {
        "content/actors/marlow.yaml": ACTORS,
        "content/facts/f.yaml": fact,
        "site.yaml": f"{{format: 1, title: T, exports: [csv, ics, annotations], start: [f] {settings}}}\n",
    }
    planned = Planned(site(files))
    assert planned.ok, planned.told
    return planned


@pytest.mark.parametrize(("more", "evidence", "statement", "wanted"), CASES.values(), ids=CASES)
def test_how_a_statement_is_printed(
    site: Make, more: str, evidence: str, statement: str, wanted: tuple[str, str, str]
) -> None:
    planned = of(site, more, evidence, statement)
    headed, listed, alone = (words.format(statement.rstrip(".")) for words in wanted)
    page = planned.view("facts/f.html")
    card = planned.view("timeline.html").listing.groups[0].cards[0]
    assert (page.statement, card.statement, card.alone) == (headed, listed, alone)
    assert page.title == alone
    assert page.description.startswith(f"{alone}. {page.status_word}. ")
    assert f"“{headed}.”" in page.cite


#: Where a statement stands with nothing beside it, and what is looked at there.
ALONE: Mapping[str, Callable[[SmallSite], str]] = {
    "title": lambda s: s.html("facts/f.html").partition("<title>")[2].partition("</title>")[0],
    "title for other sites": lambda s: s.html("facts/f.html").partition('og:title" content="')[2],
    "description": lambda s: s.html("facts/f.html").partition('name="description" content="')[2],
    "description for other sites": lambda s: s.html("facts/f.html").partition('og:description" content="')[2],
    "a link in a note": lambda s: plain(s.html("facts/g.html")).partition("Note See ")[2],
    "the fact before": lambda s: plain(s.html("facts/g.html")).partition(" Before ")[2],
    "a dot of the timeline": lambda s: s.html("timeline.html").partition('data-st="claimed" title="')[2],
    "the lead of the home page": lambda s: plain(s.html("index.html").partition("</blockquote>")[2]),
    "the feed": lambda s: s.html("feed.xml").rpartition("<entry>")[2].partition("<title>")[2],
    "a calendar": lambda s: s.html("data/dossier.ics").partition("SUMMARY:")[2],
    "a web annotation": lambda s: s.html("data/annotations.jsonld").partition('"value": "')[2],
}


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A site with one claim, built whole."""
    made = SmallSite(tmp_path_factory.mktemp("claimed"))
    for path, text in RICH.items():
        if text is not None and path.startswith("content/sources/ferry."):
            made.write(path, text)
    made.write("site.yaml", "{format: 1, title: T, exports: [csv, ics, annotations], start: [f]}\n")
    made.write("content/actors/a.yaml", ACTORS)
    made.write("content/pages/about.md", "---\ntitle: About\n---\nSee [[f]].\n")
    evidence = "evidence: [{source: ferry-vote, quote: keep the night ferry}]"
    made.write(
        "content/facts/f.yaml",
        "- {id: f, formerly: [e], statement: The yard gets the ferry., date: 2020-03-03, status: claimed,"
        f" actors: [yard], added: '2022-01-01', {evidence},"
        " changes: [{date: '2022-02-02', kind: wording, reason: Narrowed.}]}\n"
        f"- {{id: g, statement: Nothing., date: 2020-03-04, actors: [yard], {evidence},"
        " note: 'See [[f]].'}\n",
    )
    made.write("content/sources/ferry.txt", "They voted to keep the night ferry running.\n")
    made.write(
        "content/sources/ferry.yaml",
        "{id: ferry-vote, title: T, publisher: P, published: 2020-03-04, text: ferry.txt, rights: full}\n",
    )
    outcome = quick(made).build()
    assert outcome.exit_code == 0, outcome.problems
    return made


@pytest.mark.parametrize("where", ALONE)
def test_a_claim_is_never_printed_as_if_it_were_so(claimed: SmallSite, where: str) -> None:
    assert "Claimed: The yard gets the ferry" in ALONE[where](claimed)[:400]


def test_pages_of_old_addresses_and_corrections_warn_too(claimed: SmallSite) -> None:
    for path in ("facts/e.html", "about.html", "changes.html"):
        assert "Claimed: The yard gets the ferry" in plain(claimed.html(path)), path
    assert "Corrected: Claimed: The yard gets the ferry" in claimed.html("changes.xml")


def test_data_files_hold_the_statement_and_its_warning_apart(claimed: SmallSite) -> None:
    fact, other = claimed.json("data/facts.json")["facts"]
    assert (fact["statement"], fact["warning"]) == ("The yard gets the ferry.", "Claimed")
    assert (other["statement"], other["warning"]) == ("Nothing.", "")
    head, row, _ = (
        claimed.html("data/facts.csv").split("\r\n", 2)
        if "\r\n" in claimed.html("data/facts.csv")
        else claimed.html("data/facts.csv").split("\n", 2)
    )
    assert head.endswith(",warning")
    assert row.endswith(",Claimed")


def test_a_plan_only_claimed_says_both(site: Make) -> None:
    planned = of(site, "kind: plan, status: claimed, due: 2030-01-01", "", "The ferry is to be sold.")
    page = planned.view("facts/f.html")
    assert (page.mark, page.status_word) == ("planned", "Planned, claimed")
    assert page.status_note == (
        "One source. Announced; no fact here says whether it happened. "
        "An interested party says so, and nobody else here bears it out."
    )
    assert "Planned, claimed" in planned.text("plans.html")


def test_a_calendar_names_a_claimed_plan_once(site: Make) -> None:
    more = "kind: plan, status: claimed, due: 2030-01-01"
    calendar = calendar_of(site, more, "The ferry is to be sold.")
    assert "SUMMARY:Due: The ferry is to be sold\r\n" in calendar
    assert "Planned\\, claimed." in calendar


def test_a_calendar_says_that_a_plan_is_disputed(site: Make) -> None:
    more = "kind: plan, status: disputed, due: 2030-01-01"
    assert "SUMMARY:Due: Disputed: The ferry is to be sold\r\n" in calendar_of(
        site, more, "The ferry is to be sold."
    )


def calendar_of(site: Make, more: str, statement: str) -> str:
    from generator.exports import ics
    from generator.shelves import Shelves

    data, _ = ics.CALENDAR.whole(Shelves(of(site, more, "", statement).dossier), "")
    return data.decode()


# --- through whom -------------------------------------------------------------------------------------

BORNE_OUT = "The evidence bears out that this was said, not that it is so."
#: What is written, then the line of the evidence and the line below the heading.
CHAINS: dict[str, tuple[str, str, str, str]] = {
    "nobody": ("", "", "", ""),
    "an agency": ("", "via: [wire]", "Reported by Coast Wire", ""),
    "an agency and a person": ("", "via: [ada-brook, wire]", "According to Ada Brook and Coast Wire", ""),
    "a party": (
        *("", "via: [yard]", "According to Marlow yard"),
        "Known only from Marlow yard; no source here says so of its own knowledge.",
    ),
    "a speaker": (
        *("kind: utterance, speaker: ada-brook", "", ""),
        "Said by Ada Brook. " + BORNE_OUT,
    ),
    "a speaker nobody names, and an agency": (
        "kind: utterance, speaker: clerk",
        "via: [wire]",
        "According to Senior harbour official (not named), quoted by Coast Wire",
        "Said by Senior harbour official (not named); quoted by Coast Wire. " + BORNE_OUT,
    ),
    "a speaker through themselves": (
        *("kind: utterance, speaker: ada-brook", "via: [ada-brook]", ""),
        "Said by Ada Brook. " + BORNE_OUT,
    ),
}


@pytest.mark.parametrize(("more", "evidence", "line", "said"), CHAINS.values(), ids=CHAINS)
def test_the_page_says_through_whom(site: Make, more: str, evidence: str, line: str, said: str) -> None:
    planned = of(site, more, evidence, SAFE)
    page, text = planned.view("facts/f.html"), planned.text("facts/f.html")
    assert page.evidence[0].via == line
    assert line in text
    if said:
        assert said.replace(" ;", ";") in text.replace(" ;", ";").replace(" .", ".").replace(" ,", ",")
    else:
        assert page.caution == ""


@pytest.mark.parametrize(
    ("stances", "words"),
    {
        "all support": (["supports", "supports"], ["", ""]),
        "support and context": (["supports", "context"], ["", "Only makes the quotation readable"]),
        "support and dispute": (["supports", "disputes"], ["Supports this fact", "Disputes this fact"]),
    }.values(),
)
def test_stances_are_told_where_they_differ(site: Make, stances: list[str], words: list[str]) -> None:
    quotes = ["keep the night ferry", "do without it"]
    evidence = ", ".join(
        f"{{source: ferry-vote, quote: {quote}, stance: {stance}}}"
        for quote, stance in zip(quotes, stances, strict=True)
    )
    planned = Planned(
        site({"content/facts/f.yaml": f"{{id: f, statement: S., date: 2020, evidence: [{evidence}]}}\n"})
    )
    assert [each.stance_word for each in planned.view("facts/f.html").evidence] == words


def test_in_a_language_without_a_list_the_name_tells(site: Make) -> None:
    told = "Ada Brook findet die Fähre sicher."
    planned = of(site, "kind: utterance, speaker: ada-brook", "", told, ", language: de")
    assert planned.view("facts/f.html").statement == told.rstrip(".")
    planned = of(
        lambda files: site(files, folder="other"),
        "kind: utterance, speaker: ada-brook",
        "",
        "Die Fähre ist sicher.",
        ", language: de",
    )
    assert planned.view("facts/f.html").statement == "According to Ada Brook: Die Fähre ist sicher"


@given(st.text(max_size=30), st.text(min_size=1, max_size=20), st.sampled_from(["en", "de", ""]))
def test_any_words_will_do(statement: str, name: str, language: str) -> None:
    actor: Any = Actor(id="a", name=name, kind="person")
    assert voice._is_told_by(f"{statement} {name} says so", actor, language) in (True, False)
    assert not voice._is_told_by("", actor, language)
