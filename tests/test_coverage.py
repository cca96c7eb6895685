"""Coverage: where sentences end, and which of them the facts use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXT
from generator.cli import main
from generator.sentences import sentences

# --- sentences ----------------------------------------------------------------------------------------

#: Language, and a text in which `|` stands where one sentence ends and the next begins.
TEXTS = {
    "plain": ("en", "The ferry sails.| It is late!| Is it?| Nobody knows…"),
    "no mark at the end": ("en", "The ferry sails.| A headline without a stop"),
    "titles": ("en", "Sen. Ada Brook met Dr. Lee and Gen. Vane.| Mr. Poole left."),
    "initials": ("en", "J. R. Poole wrote it.| So did A. Brook."),
    "states and parties": ("en", "Ada Brook (R-Okla.) spoke.| Tom Lee (D-N.J.) did.| She is from Okla."),
    "an acronym within": ("en", "The U.S. Senate sat.| A U.S.-made boat came.| It left at 9 a.m. Tuesday."),
    "an acronym at the end": ("en", "They live in the U.S.| The boat does not."),
    "a company": ("en", "Poole Co. Ltd. built it.| Brook Inc. Ferries has it.| It left Brook Inc.| It pays."),
    "numbers": ("en", "It cost 2.50 crowns.| See No. 5 of Vol. 3, p. 12.| He said no.| She left on Jan. 5."),
    "an address": ("en", "See example.org or mail a.b@example.org today.| Then go."),
    "a numbered list": ("en", "1. The ferry sails."),
    "a year at the end": ("en", "It sank in 2019.| Nobody saw it."),
    "ellipses": ("en", "We will… never go.| Wait...| What?| And ... then"),
    "quoted": ("en", '"We will go," she said.| "It is late."| Nobody left.| “Stay!”| ‘Why?’'),
    "a question within": ("en", '"Will you go?" Ada Brook asked.| "No!" he said.'),
    "brackets within": ("en", "He (Tom? Ada?) left.| She stayed (as ever. always)."),
    "brackets around": ("en", "(He came back.| She did not.)| They met."),
    "a bracket never closed": ("en", "He left (or not.| She stayed."),
    "footnotes": ("en", "It sank.[3]| It rose.[12]"),
    "line ends": ("en", "The ferry\nsails.|\nIt is late."),
    "German ordinals": ("de", "Am 4. Juni kam Dr. Huber.| Das war 2019.| Es regnete."),
    "German quotes": ("de", "Er sagte: „Nein.“| Dann ging er, z. B. Müller.| »Ja«, sagte sie."),
    "French quotes": ("fr", "« Non ! » dit-il.| M. Roux partit.| « Oui ! »| Puis rien."),
    "Spanish": ("es", "¿Qué?| ¡No!| El Sr. López se fue."),
    "Turkish": ("tr", "15. yıl kutlandı.| Doç. Dr. Ayşe geldi.| İyi."),
    "Greek question mark": ("el", "Τι κάνεις;| Καλά."),
    "a semicolon elsewhere": ("en", "What now; Well."),
    "Russian": ("ru", "А. С. Попов пришёл.| Это было в 2019 г. и позже.| Он ушёл."),
    "Arabic": ("ar", "قال نعم.| هل ذهب؟| نعم."),
    "Urdu": ("ur", "وہ گیا۔| وہ آیا۔"),
    "Hindi": ("hi", "यह है।| वह है।"),
    "Armenian": ("hy", "Սա է։| Նա է։"),
    "Amharic": ("am", "ይህ ነው።| ያ ነው።"),
    "Chinese": ("zh", "他走了。|她说：“好！”|然后走了。"),
    "Japanese": ("ja", "彼は行った。|「行くか？」と言った。|３．５だ。"),
    "Thai has no marks": ("th", "เรือออกแล้ว มันสาย"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "marked"), TEXTS.values(), ids=TEXTS)
def test_where_sentences_end(language: str, marked: str) -> None:
    text = marked.replace("|", "")
    assert [text[s.start : s.end] for s in sentences(text, language)] == [
        s.strip() for s in marked.split("|")
    ]


PIECES = [
    "a",
    "B",
    "Dr",
    "U.S",
    "3",
    ".",
    "!",
    "?",
    "…",
    "。",
    "؟",
    '"',
    "”",
    "(",
    ")",
    "「",
    "」",
    " ",
    "\n",
    "»",
    "[1]",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.sampled_from(["en", "fr", "de", "ja", "el", ""]),
)
def test_sentences_hold_every_letter_once_and_in_order(text: str, language: str) -> None:
    found = sentences(text, language)
    end = 0
    for span in found:
        assert not any(char.isalnum() for char in text[end : span.start])
        assert end <= span.start < span.end
        words = text[span.start : span.end]
        assert words == words.strip()
        assert any(char.isalnum() for char in words)
        end = span.end
    assert not any(char.isalnum() for char in text[end:])


def test_a_long_paragraph_is_no_trouble() -> None:
    assert len(sentences("The ferry sails (or not. " * 5000, "en")) == 5000


# --- the command --------------------------------------------------------------------------------------

SOURCE = """\
id: ferry-vote
title: Harbour town votes to keep its ferry
publisher: Marlow Post
published: 2020-03-04
text: ferry.txt
furniture:
  - {start: 0, end: 36, why: The headline.}
"""
FACTS = """\
- id: ferry-kept
  statement: The council of Marlow votes to keep the night ferry.
  date: 2020-03-03
  dating: {phrase: on Tuesday, basis: published Wednesday}
  actors: [marlow-council]
  evidence:
    - {source: ferry-vote, quote: to keep the night ferry running}
- id: boat-planned
  statement: A boat is to be repaired.
  kind: plan
  date: 2020-03-04
  due: 2021-21
  dating: {phrase: by spring 2021}
  evidence:
    - {source: ferry-vote, quote: A first boat is to be repaired}
"""


@pytest.fixture
def covered(site: Callable[..., Any]) -> Any:
    return site({"content/sources/ferry.yaml": SOURCE, "content/facts/two.yaml": FACTS})


def check(root: Any, *options: str) -> Any:
    return CliRunner().invoke(
        main, ["check", "--site", str(root), "--coverage", *options], env={"FACTSHEET_TEXTS": ""}
    )


def test_unused_sentences_come_first(covered: Any) -> None:
    result = check(covered.root)
    assert result.exit_code == 0
    head, rest = result.output.split("\n\nferry-vote: ")
    assert head.startswith("3 of 5 sentences are used by no fact:")
    assert head.count("ferry-vote, paragraph") == 3
    assert "    The yard has not named a price." in head
    assert "A first boat" not in head
    assert rest.startswith("2 of 5 sentences used\n  furniture, characters 0–36: The headline.\n")
    assert (
        "paragraph 2, characters 38–109: ferry-kept\n    The council of Marlow voted on Tuesday to keep"
        in rest
    )
    assert rest.count("NOT USED") == 3
    assert "checked 2 facts" in rest


def test_the_same_as_json(covered: Any) -> None:
    result = check(covered.root, "--format", "json")
    told = json.loads(result.output)
    assert told["problems"] == []
    (source,) = told["coverage"]
    assert source["furniture"] == [{"start": 0, "end": 36, "why": "The headline."}]
    assert [s["facts"] for s in source["sentences"]] == [["ferry-kept"], [], [], ["boat-planned"], []]
    for sentence in source["sentences"]:
        assert " ".join(TEXT[sentence["start"] : sentence["end"]].split()) == sentence["text"]


def test_a_sentence_that_gives_only_a_date_is_used(covered: Any) -> None:
    text = TEXT.replace("by spring 2021.", "soon. The owner hopes for spring 2021.")
    covered.write("content/sources/ferry.txt", text)
    covered.write("content/facts/two.yaml", FACTS.replace("by spring 2021", "for spring 2021"))
    output = check(covered.root).output
    assert "boat-planned (its date)\n    The owner hopes for spring 2021." in output


def test_furniture_within_a_paragraph_parts_its_sentences(covered: Any) -> None:
    start = TEXT.index("Mayor")
    furniture = f"  - {{start: {start}, end: {start + 15}, why: A caption.}}\n"
    covered.write("content/sources/ferry.yaml", SOURCE + furniture)
    told = json.loads(check(covered.root, "--format", "json").output)
    texts = [s["text"] for s in told["coverage"][0]["sentences"]]
    assert texts[:2] == [
        "The council of Marlow voted on Tuesday to keep the night ferry running.",
        "said the town could not do without it.",
    ]


def test_words_right_beside_a_sentence_do_not_touch_it(covered: Any) -> None:
    covered.write("content/sources/ferry.yaml", SOURCE.split("furniture")[0] + "rights: full\nlanguage: zh\n")
    covered.write("content/sources/ferry.txt", "船开了。天黑了。\n")
    covered.write(
        "content/facts/two.yaml",
        "{id: a, statement: A., date: 2020, evidence: [{source: ferry-vote, quote: 船开了。}]}\n",
    )
    (source,) = json.loads(check(covered.root, "--format", "json").output)["coverage"]
    assert [s["facts"] for s in source["sentences"]] == [["a"], []]
    found = CliRunner().invoke(main, ["quote", "--site", str(covered.root), "ferry-vote", "天黑了"])
    assert "used by no fact yet" in found.output


def test_every_sentence_used(site: Callable[..., Any]) -> None:
    made = site({"content/sources/ferry.txt": "Voted on Tuesday to keep the night ferry running.\n"})
    made.write("content/sources/ferry.yaml", SOURCE.split("furniture")[0] + "rights: full\n")
    made.write(
        "content/facts/ferry.yaml",
        """\
        id: ferry-kept
        statement: The council of Marlow votes to keep the night ferry.
        date: 2020-03-03
        actors: [marlow-council]
        evidence: [{source: ferry-vote, quote: on Tuesday to keep the night ferry}]
        """,
    )
    result = check(made.root)
    assert result.output.startswith("Every sentence is used by a fact (1 of 1).")
    assert result.exit_code == 0


def test_a_text_that_is_not_here_is_named_with_the_way_out(covered: Any) -> None:
    assert CliRunner().invoke(main, ["lock", "--site", str(covered.root)]).exit_code == 0
    (covered.root / "content/sources/ferry.txt").unlink()
    result = check(covered.root)
    assert result.exit_code == 0
    assert result.output.startswith("No saved text is here, so nothing can be said of its sentences.")
    assert "ferry-vote: its saved text ferry.txt is not here\n  help: put it beside" in result.output
    (source,) = json.loads(check(covered.root, "--format", "json").output)["coverage"]
    assert not source["text"]
    assert source["reason"] == "its saved text ferry.txt is not here"


def test_problems_are_told_after_coverage_and_decide_the_exit_code(covered: Any) -> None:
    covered.write("content/facts/two.yaml", FACTS.replace("the night ferry running", "the day ferry running"))
    result = check(covered.root)
    assert result.exit_code == 1
    assert "4 of 5 sentences are used by no fact" in result.output
    assert result.output.index("sentences used") < result.output.index("error[quote-not-found]")


def test_settings_that_cannot_be_read_leave_only_the_problems(covered: Any) -> None:
    covered.write("site.yaml", "format: 1\n")
    assert check(covered.root).exit_code == 1
    assert json.loads(check(covered.root, "--format", "json").output)["coverage"] == []


def test_there_is_no_coverage_for_github(covered: Any) -> None:
    result = check(covered.root, "--format", "github")
    assert result.exit_code == 2
    assert "--coverage has no form for github" in result.output
