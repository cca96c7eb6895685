"""What is unsettled or was set right: questions, contradictions, withdrawals, corrections, old ids."""

from __future__ import annotations

import json
import re

import pytest

from site_checks import Demo, dead_links

pytestmark = pytest.mark.usefixtures("one_theme")

TEXT = """\
Ferry of Marlow: will it stay?

The council says the ferry stays. The yard says the ferry goes. A boatman said that nobody had
asked him.

The quay was empty on Wednesday. Two gulls sat on the ticket box, and the bell of the town hall struck nine.
It had rained since dawn.
"""
SOURCES = """\
- {id: post, title: Will it stay?, publisher: Marlow Post, published: 2020-03-04, text: ferry.txt}
- {id: wire, title: Wire copy, publisher: Island News, published: 2020-03-05, text: ferry.txt,
   origin: [agency], supplied: [publisher]}
- {id: diary, title: Diary, publisher: Quay Diary, published: 2020-03-06, text: ferry.txt,
   supplied: [publisher]}
"""
ACTORS = """\
- {id: council, name: Council of Marlow, kind: government}
- {id: yard, name: The yard, kind: company}
- {id: agency, name: Coast Agency, kind: media}
"""
STAYS, GOES = "The council says the ferry stays", "The yard says the ferry goes"


def fact(key, quote, source="post", **more):
    evidence = [{"source": source, "quote": quote}]
    actors = ["council"]
    return {
        "id": key,
        "statement": f"Statement of {key}.",
        "date": "2020-03",
        "actors": actors,
        "evidence": evidence,
        **more,
    }


SAID = {"kind": "utterance", "speaker": "yard", "date": "2020-03-02"}
FACTS = (
    fact("stays", STAYS, "wire"),
    fact("goes", GOES, **SAID),
    fact("gone", GOES, "diary", status="denied"),
)
QUESTION = {
    "id": "ferry",
    "question": "Does the ferry stay?",
    "positions": [{"label": "It stays", "facts": ["stays"]}, {"label": "It goes", "facts": ["goes", "gone"]}],
}


@pytest.fixture
def made(site):
    def make(*facts, question=None, **files):
        return site(
            {
                "content/facts/ferry.yaml": json.dumps(facts or FACTS),
                "content/sources/ferry.yaml": SOURCES,
                "content/sources/ferry.txt": TEXT,
                "content/actors/marlow.yaml": ACTORS,
                "content/questions/q.yaml": json.dumps(question or QUESTION)
                if not facts or question
                else None,
                **files,
            }
        )

    return make


@pytest.fixture
def built(made):
    def make(*facts, **more):
        site = made(*facts, **more)
        outcome = site.build()
        assert outcome.exit_code == 0, outcome.problems
        dead = dead_links(Demo(site.output))
        assert [each for each in dead if not each.startswith("404.html")] == []
        return site

    return make


@pytest.mark.parametrize(("later", "drawn"), [("2020-03-30", False), ("2020-07", True), ("2020", False)])
def test_answers_of_different_times_are_drawn_beside_each_other(built, later, drawn):
    facts = (fact("stays", STAYS), fact("goes", GOES, date=later))
    question = {**QUESTION, "positions": [{"label": f"It {f}", "facts": [f]} for f in ("stays", "goes")]}
    html = built(*facts, question=question).html("questions/ferry.html")
    table = html.partition('<table class="lanes">')[2].partition("</table>")[0]
    assert bool(table) == drawn
    if drawn:
        assert re.findall(r'<th scope="row">([^<]*)</th>', table) == ["It stays", "It goes"]
        assert [len(re.findall("<a ", row)) for row in table.split("<tr>")[3:]] == [1, 1]
        assert "Facts by answer and time</caption>" in table


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# Questions and conflicts


def test_answers_stand_side_by_side_with_words_origin_and_date(built):
    html = built().html("questions/ferry.html")
    stays, goes = html.partition('<div class="versus">')[2].split('<h2 class="claim">')[1:]
    assert "It stays" in stays
    assert STAYS in stays
    assert "March 2020" in stays
    assert ">Comes from Coast Agency<" in stays
    said, _, denied = goes.partition("Statement of gone")
    assert "2 March 2020" in said
    assert 'href="../actors/yard.html"' in said
    assert ">Comes from Marlow Post<" in said
    assert ">Comes from [Quay Diary]<" in denied


def test_the_same_words_for_two_answers_leave_every_fragment_unique(built):
    shared = (fact("stays", STAYS), fact("hopes", STAYS), FACTS[1], FACTS[2])
    question = {
        **QUESTION,
        "positions": [{"label": "A", "facts": ["stays"]}, {"label": "B", "facts": ["hopes"]}],
    }
    html = built(*shared, question=question).html("questions/ferry.html")
    assert html.count("Matches the saved text") == 2
    assert len(re.findall(r' id="q-[0-9a-f]+"', html)) == 1
    assert 'id=""' not in html


@pytest.mark.parametrize(
    ("ruling", "told", "held"),
    [
        ("", "Left open by the editors", 0),
        ("open", "Left open by the editors", 0),
        ("It goes", "Held right: It goes", 1),
    ],
)
def test_a_question_is_open_or_says_which_answer_is_held_right(built, ruling, told, held):
    question = {**QUESTION, **({"ruling": ruling} if ruling else {})}
    site = built(question=question)
    html = site.html("questions/ferry.html")
    assert f"<span>{told}</span>" in html
    assert html.count("Held right by the editors") == held
    assert told in words(site.html("conflicts.html"))


def test_a_ruling_names_one_of_the_answers(made):
    (problem,) = made(question={**QUESTION, "ruling": "it stay"}).build().problems
    assert (problem.code, problem.nearest) == ("ruling-unknown", "It stays")
    assert (problem.at.file, problem.at.line) == ("content/questions/q.yaml", 1)


def test_conflicts_come_as_questions_then_contradictions_then_what_is_disputed(built):
    facts = (
        *FACTS,
        fact("sunk", GOES, relations={"contradicts": ["afloat"]}, status="disputed"),
        fact("afloat", STAYS),
        fact("leaks", GOES, status="disputed"),
        # Joined by the question already.
        fact("goes-too", GOES, relations={"contradicts": ["stays"]}),
    )
    question = {
        **QUESTION,
        "positions": [QUESTION["positions"][0], {"label": "It goes", "facts": ["goes", "goes-too"]}],
    }
    html = built(*facts, question=question).html("conflicts.html")
    assert re.findall(r'<h2 id="(..)">', html) == ["qu", "pa", "di"]
    pairs, _, disputed = html.partition('id="pa"')[2].partition('id="di"')
    assert re.findall(r'href="facts/([a-z-]+)\.html"', pairs) == ["afloat", "sunk"]
    assert re.findall(r'href="facts/([a-z-]+)\.html"', disputed) == ["leaks"]


# Withdrawn and denied

WITHDRAWAL = {
    "date": "2020-05-01",
    "kind": "withdrawal",
    "was": "reported",
    "reason": "The Post took it back.",
}
EARLIER = {"date": "2020-04-01", "kind": "wording", "was": "The ferry stays.", "reason": "Said too much."}
WITHDRAWN = fact("stays", STAYS, status="withdrawn", changes=[EARLIER, WITHDRAWAL], added="2020-03-20")


def test_a_withdrawn_fact_says_so_and_why_before_it_says_anything_else(built):
    html = built(WITHDRAWN, FACTS[1]).html("facts/stays.html")
    assert "<title>Withdrawn: Statement of stays –" in html
    top = html.partition('<div class="top">')[2].partition("</div>")[0]
    said = words(top)
    order = [
        "Withdrawn",
        "No longer held to be so.",
        "Withdrawn on 1 May 2020 : The Post took it back.",
        "Statement of stays",
    ]
    at = [said.index(part) for part in order]
    assert at == sorted(at)
    assert "Withdrawn on 1 May 2020." in html.partition('class="cite"')[2].partition("</p>")[0]
    assert "<del>" not in top
    assert "<s>" not in top


@pytest.mark.parametrize(("status", "word"), [("withdrawn", "Withdrawn"), ("denied", "Denied")])
def test_lists_say_first_that_a_fact_is_withdrawn_or_denied(built, status, word):
    other = {"changes": [WITHDRAWAL]} if status == "withdrawn" else {}
    follows = fact("goes", GOES, relations={"responds-to": ["stays"]}, date="2020-04", note="See [[stays]].")
    site = built(fact("stays", STAYS, status=status, **other), follows)
    for page in (
        "timeline.html",
        "actors/council.html",
        "sources/post.html",
        "facts/goes.html",
        "dates/2020-03.html",
    ):
        html = site.html(page)
        links = re.findall(
            r'<a href="[./]*facts/stays\.html"[^>]*>(?:<span[^>]*></span><span[^>]*>)?([^<]+)', html
        )
        assert links, page
        assert {text.partition(":")[0] for text in links} == {word}, page


def test_a_withdrawal_without_a_reason_is_told(made):
    outcome = made(fact("stays", STAYS, status="withdrawn"), FACTS[1]).build()
    assert [(p.code, p.severity) for p in outcome.problems if p.code != "unused-entry"] == [
        ("withdrawal-unexplained", "warning")
    ]


# Corrections


def test_the_page_of_changes_lists_corrections_and_additions_by_day(built):
    site = built(WITHDRAWN, fact("goes", GOES, added="2020-05-01"))
    html = site.html("changes.html")
    days = re.findall(r'<h2 id="d[0-9-]+"><time datetime="([0-9-]+)">', html)
    assert days == ["2020-05-01", "2020-04-01", "2020-03-20"]
    newest, wording, first = (words(part) for part in html.split("<section")[1:4])
    assert "Withdrawal. The Post took it back. Before: reported Withdrawn: Statement of stays" in newest
    assert "First published." in newest
    assert "Statement of goes" in newest
    assert "Wording. Said too much. Before: The ferry stays." in wording
    assert "First published." not in wording
    assert "First published." in first
    assert "changes.html" in site.html("index.html")


def test_without_corrections_there_is_no_page_of_them(built):
    site = built(fact("stays", STAYS, added="2020-03-20"))
    assert not site.exists("changes.html")
    assert "changes.html" not in site.html("index.html")


def test_many_facts_of_one_day_are_counted(built):
    many = [fact(f"f-{n}", STAYS, added="2020-03-20") for n in range(23)]
    html = built(WITHDRAWN, *many).html("changes.html")
    assert len(re.findall(r'href="facts/[a-z0-9-]+\.html"', html)) == 20 + 2  # and the two corrections
    assert "and 4 more" in html


# Old ids

MOVED = {
    "content/facts/ferry.yaml": json.dumps(
        [{**FACTS[0], "formerly": ["keeps", "is-kept"], "topics": ["ferry"]}]
    ),
    "content/actors/marlow.yaml": ACTORS.replace("id: council", "formerly: [town], id: council"),
    "content/sources/ferry.yaml": SOURCES.replace("id: post", "formerly: [paper], id: post"),
    "content/topics/t.yaml": "{id: ferry, formerly: [boat], name: The ferry}",
    "content/questions/q.yaml": json.dumps(
        {**QUESTION, "formerly": ["boat"], "positions": [{"label": "It stays", "facts": ["stays"]}]}
    ),
}
OLD = {
    "facts/keeps.html": ("../facts/stays.html", "Statement of stays"),
    "facts/is-kept.html": ("../facts/stays.html", "Statement of stays"),
    "actors/town.html": ("../actors/council.html", "Council of Marlow"),
    "sources/paper.html": ("../sources/post.html", "Will it stay?"),
    "topics/boat.html": ("../topics/ferry.html", "The ferry"),
    "questions/boat.html": ("../questions/ferry.html", "Does the ferry stay?"),
}


@pytest.fixture
def moved(built):
    return lambda **files: built(**{**MOVED, **files})


@pytest.mark.parametrize("old", OLD)
def test_an_old_address_leads_on(moved, old):
    site = moved()
    target, label = OLD[old]
    html = site.html(old)
    assert f'<meta http-equiv="refresh" content="0; url={target}">' in html
    assert f'<a data-moved href="{target}">{label}</a>' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]+">')
    assert policy.findall(html) == policy.findall(site.html("index.html"))


def test_an_old_address_names_the_new_one_as_canonical(moved):
    site = moved(**{"site.yaml": "{format: 1, title: T, url: https://example.org/f}\n"})
    assert '<link rel="canonical" href="https://example.org/f/facts/stays.html">' in site.html(
        "facts/keeps.html"
    )


def test_an_old_address_is_in_no_list(moved):
    site = moved(**{"site.yaml": "{format: 1, title: T, url: https://example.org/f}\n"})
    named = re.compile("|".join(re.escape(old) for old in OLD))
    pages = [path for path in site.files() if path.endswith((".html", ".xml", ".txt"))]
    assert [path for path in pages if named.search(site.html(path))] == []


@pytest.mark.parametrize(
    ("first", "second", "at"),
    [
        ({}, {"formerly": ["stays"]}, 1),
        ({"formerly": ["kept"]}, {"formerly": ["lasts", "kept"]}, 0),
        ({"formerly": ["stays"]}, {}, 0),
    ],
)
def test_an_old_id_belongs_to_one_entry(made, first, second, at):
    site = made({**FACTS[0], **first}, {**fact("remains", STAYS), **second})
    told = [p for p in site.build().problems if p.code == "formerly-taken"]
    assert [(p.severity, p.subject) for p in told] == [("error", f"fact {('stays', 'remains')[at]}")]


def test_the_same_old_id_may_belong_to_entries_of_two_kinds(moved):
    assert {"topics/boat.html", "questions/boat.html"} <= set(moved().files())


def test_whoever_names_an_old_id_is_told_the_new_one(made):
    site = made(
        {**FACTS[0], "formerly": ["unlike"]}, fact("goes", GOES, relations={"background": ["unlike"]})
    )
    told = [p for p in site.build().problems if p.code == "unknown-fact"]
    assert [p.nearest for p in told] == ["stays"]
