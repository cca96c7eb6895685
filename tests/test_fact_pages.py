"""The page of a fact: its mark, its date, its words, its relations and who comes before and after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import SmallSite
from planned import RICH, Planned, fact

Make = Callable[..., SmallSite]


@pytest.fixture
def rich(site: Make) -> Planned:
    planned = Planned(site(RICH))
    assert planned.told == []
    return planned


# --- what stands there --------------------------------------------------------------------------------


def test_a_fact_with_everything(rich: Planned) -> None:
    view = rich.view("facts/ferry-kept.html")
    assert (view.mark, view.status_word) == ("confirmed", "Confirmed")
    assert [(chip.name, chip.href, chip.role) for chip in view.actors] == [
        ("Council of Marlow", "actors/marlow-council.html", "voter")
    ]
    plate = view.date
    assert (plate.words, plate.datetime, plate.href) == (
        "3 March 2020",
        "2020-03-03",
        "dates/2020-03-03.html",
    )
    assert plate.phrase == "on Tuesday"
    assert plate.phrase_published == "4 March 2020"
    assert plate.how == (
        "Counted from its publication, that is 3 March 2020.",
        "Worked out from the source: published on Wednesday, 4 March 2020.",
    )
    assert sorted(plate.reported) == [f"Reported {day} March 2020" for day in (4, 5, 7)]
    assert [quote.source.id for quote in view.evidence] == ["ferry-vote", "ferry-wire", "bateau"]
    assert [(q.number, q.total, q.first_of_source) for q in view.evidence] == [
        (n, 3, True) for n in (1, 2, 3)
    ]
    assert (view.sources, view.origins) == (3, 3)
    french = view.evidence[2]
    assert (french.lang, french.translation, french.translation_by) == ("fr", "stays in Marlow", "HD")
    assert view.evidence[1].via == "Reported by Coast Wire"
    assert view.evidence[1].source.title == "[Night ferry stays]"
    assert (view.added, view.added_datetime) == ("1 January 2022", "2022-01-01")
    (change,) = view.changes
    assert (change.kind, change.was) == ("Wording", "The council keeps the ferry.")
    assert (change.when, change.reason) == ("1 February 2022", "Narrowed.")
    assert view.cite.striptags() == (
        "“The council of Marlow votes to keep the night ferry.” The ferry of Marlow, ferry-kept, wording "
        "v-a46522. As changed on 1 February 2022. "
        "Quotes: “voted on Tuesday to keep the night ferry” (Marlow Post, 4 March 2020)."
    )
    text = rich.text("facts/ferry-kept.html")
    for words in ("on Tuesday", "stays in Marlow", "Narrowed.", "voter", "Confirmed"):
        assert words in text


def test_a_second_quote_of_a_source_is_not_its_first(rich: Planned) -> None:
    view = rich.view("facts/no-dark.html")
    assert [(q.source.id, q.first_of_source, q.stance) for q in view.evidence] == [
        ("ferry-vote", True, "supports"),
        ("ferry-vote", False, "context"),
    ]
    assert view.evidence[0].checked == "Checked by PP on 2 January 2022"
    assert view.evidence[0].before == "will not "
    assert view.evidence[0].others, "where the other quotes of the article stand"
    assert view.evidence[0].own[0] not in view.evidence[0].others


def test_a_speaker_has_the_office_held_at_that_date(rich: Planned) -> None:
    said_by = rich.view("facts/no-dark.html").speaker
    assert (said_by.name, said_by.role, said_by.office) == (
        "Ada Brook",
        "speaker",
        "Mayor, Council of Marlow",
    )


OFFICES = {
    "within": ("2020-03-03", "Mayor, Council of Marlow"),
    "the last year": ("2020-12-31", "Mayor, Council of Marlow"),
    "the later one": ("2021", "Member, Council of Marlow"),
    "before both": ("2018-12-31", ""),
    "over both": ("2020-12/2021-01", ""),
    "unknown": ("XXXX", ""),
    "open": ("2020/..", ""),
    "in an office not known to have ended": ("2022", "Member, Council of Marlow"),
}


@pytest.mark.parametrize(("date", "office"), OFFICES.values(), ids=OFFICES)
def test_an_office_is_named_only_when_it_was_held_throughout(site: Make, date: str, office: str) -> None:
    files = {
        "content/actors/marlow.yaml": RICH["content/actors/marlow.yaml"],
        "content/topics/t.yaml": "{id: ferries, name: F}\n",
        "content/facts/f.yaml": fact("f", date, "actors: [ada-brook, coast-wire, yard], topics: [ferries]"),
    }
    chip = Planned(site(files)).view("facts/f.html").actors[0]
    assert chip.office == office


def test_folded_words_are_the_source_own_and_so_told(rich: Planned) -> None:
    (quote,) = rich.view("facts/bill-of-two-million.html").evidence
    assert quote.state == "folded"
    assert "".join(run.words for run in quote.runs) == (
        "yard\N{RIGHT SINGLE QUOTATION MARK}s bill could reach 2\N{NO-BREAK SPACE}million\ncrowns"
    )
    assert quote.state_words.startswith("Matches the saved text, exact apart from ")
    (plain,) = rich.view("facts/boat-back.html").evidence
    assert (plain.state, plain.state_words) == ("exact", "Matches the saved text, exact")


def test_parts_of_a_list_are_shown_apart(rich: Planned) -> None:
    (quote,) = rich.view("facts/away.html").evidence
    assert [(run.words, run.apart) for run in quote.runs] == [
        ("on 12 April 2021", False),
        ("away for eleven weeks", True),
    ]


def test_a_dating_phrase_of_a_source_without_words_is_not_shown(rich: Planned) -> None:
    assert rich.view("facts/known.html").date.phrase == ""


# --- the mark -----------------------------------------------------------------------------------------

PLAN = "kind: plan, due: 2021, "
MARKS: dict[str, tuple[str, str, str]] = {
    "no outcome": (PLAN, "", "planned"),
    "claimed, no outcome": (PLAN + "status: claimed, ", "", "planned"),
    "fulfilled": (PLAN, "fulfils", "reported"),
    "failed": (PLAN, "fails", "reported"),
    "postponed is not settled": (PLAN, "postpones", "planned"),
    "merely related": (PLAN, "part-of", "planned"),
    "disputed": (PLAN + "status: disputed, ", "", "disputed"),
    "denied": (PLAN + "status: denied, ", "", "denied"),
    "withdrawn": (PLAN + "status: withdrawn, ", "", "withdrawn"),
    "an event is never planned": ("", "", "reported"),
    "confirmed and fulfilled": (PLAN + "status: confirmed, ", "fulfils", "confirmed"),
}


@pytest.mark.parametrize(("more", "outcome", "mark"), MARKS.values(), ids=MARKS)
def test_a_plan_is_marked_until_its_outcome_is_known(site: Make, more: str, outcome: str, mark: str) -> None:
    other = f"relations: {{{outcome}: [plan]}}" if outcome else "kind: state"
    facts = fact("plan", "2020", more + "actors: [marlow-council]") + fact("other", "2021", other)
    planned = Planned(site({"content/facts/f.yaml": facts}))
    assert planned.ok, planned.told
    assert planned.view("facts/plan.html").mark == mark
    cards = planned.view("timeline.html").listing.groups[0].cards
    assert [card.mark for card in cards if card.id == "plan"] == [mark]


def test_a_draft_that_gives_the_outcome_settles_nothing(site: Make) -> None:
    files = {
        "content/facts/f.yaml": fact("plan", "2020", PLAN + "actors: [marlow-council]")
        + fact("done", "2021", "draft: true, relations: {fulfils: [plan]}")
    }
    small = site(files)
    assert Planned(small).view("facts/plan.html").mark == "planned"
    assert Planned(small, preview=True).view("facts/plan.html").mark == "reported"


# --- relations and neighbours -------------------------------------------------------------------------


def related(planned: Planned, key: str) -> list[tuple[str, str]]:
    return [(r.label, r.card.id) for r in planned.view(f"facts/{key}.html").relations]


def test_a_relation_is_on_the_pages_of_both_its_facts(rich: Planned) -> None:
    assert related(rich, "no-dark") == [("Responds to", "ferry-kept")]
    assert related(rich, "ferry-kept") == [("Answered by", "no-dark")]
    assert related(rich, "bill-of-two-million") == [("Contradicts", "bill-of-less")]
    assert ("Leads to", "bill-of-less") in related(rich, "boat-back")
    html = rich.html("facts/bill-of-two-million.html")
    assert "Contradicts" in html
    assert 'href="../facts/bill-of-less.html"' in html


def test_part_of_does_not_move_a_fact_to_the_whole(site: Make) -> None:
    files = {
        "content/topics/t.yaml": "{id: t, name: T}\n",
        "content/facts/f.yaml": fact("whole", "2019", "topics: [t], actors: [marlow-council]")
        + fact("part", "2020", "relations: {part-of: [whole]}"),
    }
    planned = Planned(site(files))
    assert related(planned, "whole") == [("Includes", "part")]
    assert related(planned, "part") == [("Part of", "whole")]
    assert planned.view("topics/t.html").count == 1
    assert planned.view("actors/marlow-council.html").count == 1


def around(planned: Planned, key: str) -> dict[str, tuple[str, str]]:
    return {
        near.actor.label: (near.earlier.id if near.earlier else "", near.later.id if near.later else "")
        for near in planned.view(f"facts/{key}.html").neighbours
    }


def test_neighbours_are_told_for_each_actor(site: Make) -> None:
    files = {
        "content/actors/a.yaml": "- {id: ada, name: Ada, kind: person}\n- {id: bo, name: Bo, kind: person}\n"
        "- {id: cy, name: Cy, kind: person}\n",
        "content/facts/f.yaml": fact("third", "2020-03", "actors: [bo, ada, cy]")
        + fact("first", "2019", "actors: [ada, marlow-council]")
        + fact("last", "XXXX", "actors: [bo]")
        + fact("second-b", "2020-01-01", "actors: [ada]")
        + fact("second-a", "2020-01-01", "kind: utterance, speaker: bo, actors: [ada]"),
    }
    planned = Planned(site(files))
    assert planned.told == []
    assert around(planned, "third") == {"Bo": ("second-a", "last"), "Ada": ("second-b", "")}
    assert around(planned, "second-a") == {"Bo": ("", "third"), "Ada": ("first", "second-b")}
    assert around(planned, "second-b") == {"Ada": ("second-a", "third")}
    assert around(planned, "first") == {"Ada": ("", "second-a")}
    assert around(planned, "last") == {"Bo": ("third", "")}


# --- what is not there is not shown -------------------------------------------------------------------


def test_a_bare_fact_shows_no_empty_headings(site: Make) -> None:
    planned = Planned(site())
    html = planned.html("facts/ferry-kept.html")
    headings = ("What the source does not say", "Note", "Connected facts", "Before and", "Corrections")
    for heading in headings:
        assert f">{heading}" not in html
    view = planned.view("facts/ferry-kept.html")
    assert (view.relations, view.neighbours, view.changes, view.questions, view.gaps) == ((), (), (), (), "")


def test_a_withdrawn_fact_keeps_its_page_and_says_so(rich: Planned) -> None:
    view = rich.view("facts/some-day.html")
    assert view.mark == "withdrawn"
    assert "Not about the ferry." in rich.text("facts/some-day.html")
    assert "some-day" in str(rich.view("timeline.html").listing)


def test_hostile_words_stay_words(site: Make) -> None:
    hostile = "<script>alert(1)</script>"
    files = {
        "site.yaml": f"""\
            format: 1
            title: '{hostile}'
            summary: '{hostile}'
            context: 4
            limits: {{share: 1}}
            """,
        "content/facts/f.yaml": f"""\
            id: f
            statement: '{hostile} {{{{ 7*7 }}}} & more'
            date: 2020
            gaps: '{hostile}'
            actors: [{{id: marlow-council, role: '{hostile}'}}]
            evidence: [{{source: ferry-vote, quote: keep the night ferry}}]
            """,
        "content/sources/ferry.txt": f"They keep the night ferry {hostile}.\n",
        "content/sources/ferry.yaml": f"""\
            id: ferry-vote
            title: '{hostile}'
            publisher: '{hostile}'
            published: 2020
            text: ferry.txt
            """,
    }
    planned = Planned(site(files))
    assert planned.told == []
    for path in planned.pages:
        html = planned.html(path)
        assert "<script>" not in html, path
    assert "{{ 7*7 }} & more" in planned.text("facts/f.html")
