"""`factsheet quote`: words found in a source, and evidence to paste that is located again."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXT
from generator.cli import main
from generator.content import Evidence, Site, Source
from generator.link import link
from generator.located import PUBLISHABLE
from generator.lock import Lock
from generator.passages import Passage, scalar, search, yaml_lines
from generator.problems import Pointer
from generator.quotes import locate
from generator.read import Content, Entered
from generator.saved import read_saved
from generator.words import word_spans
from generator.yamlfile import read_yaml


def run(root: Any, *arguments: str, texts: str = "") -> Any:
    return CliRunner().invoke(
        main, ["quote", "--site", str(root), *arguments], env={"FACTSHEET_TEXTS": texts}
    )


# --- what is found ------------------------------------------------------------------------------------


def test_a_few_words_suffice(site: Callable[..., Any]) -> None:
    result = run(site().root, "ferry-vote", "could not do")
    assert result.exit_code == 0
    start, after = TEXT.index("could"), '"We will not leave the island …'
    assert result.output == textwrap.dedent(f"""\
        ferry-vote, paragraph 2, characters {start}–{start + 12} (3 words)
          … ferry running. Mayor Ada Brook said the town >>could not do<< without it. {after}

            - source: ferry-vote
              quote: could not do

          used by no fact yet
        """)


def test_words_need_no_quotation_marks(site: Callable[..., Any]) -> None:
    root = site().root
    assert (
        run(root, "ferry-vote", "could", "not", "do").output == run(root, "ferry-vote", "could not do").output
    )


def test_what_folding_evens_out_does_not_count(site: Callable[..., Any]) -> None:
    curly = site(
        {
            "content/sources/ferry.txt": TEXT.replace('"', "”").replace(
                "the town\ncould", "the town\u00a0could"
            )
        }
    )
    result = run(curly.root, "ferry-vote", '"We will not leave')
    assert result.exit_code == 0
    assert "quote: ”We will not leave\n" in result.output
    across = run(curly.root, "ferry-vote", "the town could")
    assert "quote: the town could\n" in across.output  # no invisible space to be pasted


def test_a_line_end_is_pasted_as_a_space(site: Callable[..., Any]) -> None:
    assert "town\ncould" in TEXT
    assert "quote: the town could\n" in run(site().root, "ferry-vote", "the town could").output


def test_words_left_out(site: Callable[..., Any]) -> None:
    root = site().root
    result = run(root, "ferry-vote", "Mayor … could not do")
    assert result.exit_code == 0
    assert "(4 words)" in result.output
    assert "quote: Mayor […] could not do\n" in result.output
    result = run(root, "ferry-vote", "A first … not named a price")
    assert (
        "not yet to be published: the words left out hide a number and a sentence end: give  omission: reason"
        in result.output
    )


def test_several_places_each_with_the_least_that_singles_it_out(site: Callable[..., Any]) -> None:
    result = run(site().root, "ferry-vote", "ferry")
    assert result.exit_code == 0
    assert result.output.startswith("2 places in ferry-vote, each with the words that single it out.\n")
    assert result.output.count("- source: ferry-vote") == 2
    assert result.output.count("prefix: its\n") == 1
    assert result.output.count("prefix: night\n") == 1


def test_more_places_than_anybody_reads(site: Callable[..., Any]) -> None:
    many = site({"content/sources/ferry.txt": TEXT + "A bell rang " * 12})
    result = run(many.root, "ferry-vote", "bell")
    assert result.output.startswith("The first 10 places in ferry-vote; more words give fewer.\n")
    assert result.output.count("- source:") == 10


def test_the_facts_that_use_the_words_already(site: Callable[..., Any]) -> None:
    made = site()
    made.write(
        "content/facts/more.yaml",
        """\
        - id: ferry-told
          draft: true
          statement: The mayor speaks.
          date: 2020-03-03
          dating: {phrase: on Tuesday}
          evidence:
            - {source: ferry-vote, quote: council of Marlow voted}
            - {source: ferry-vote, quote: Mayor Ada Brook}
        """,
    )
    whole = run(made.root, "ferry-vote", "voted on Tuesday to keep the night ferry running").output
    assert "used by ferry-kept (the same words), ferry-told (overlapping), ferry-told (its date)\n" in whole
    assert "used by ferry-told (the same words)\n" in run(made.root, "ferry-vote", "Mayor Ada Brook").output
    assert "used by no fact yet\n" in run(made.root, "ferry-vote", "said the town").output


def test_other_mistakes_in_the_content_do_not_matter(site: Callable[..., Any]) -> None:
    made = site({"content/facts/wrong.yaml": "- id: no\n  nonsense: [\n"})
    assert run(made.root, "ferry-vote", "could not do").exit_code == 0


# --- what is not --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "why", "offered"),
    [
        ("voted on tuesday", "the quote does not stand in the source like this", "quote: voted on Tuesday\n"),
        ("vote on Tuesday to keep", "does not stand in the source", "quote: voted on Tuesday to keep\n"),
        ("night fer", "only as a part of longer words or numbers", "quote: night ferry\n"),
        ("zinc zygote quartz", "the quote does not stand in the source", ""),
        ("...", "the quote holds no word", ""),
    ],
)  # fmt: skip
def test_not_found(site: Callable[..., Any], words: str, why: str, offered: str) -> None:
    result = run(site().root, "ferry-vote", words)
    assert result.exit_code == 1
    assert result.output.startswith("Not found in ferry-vote: ")
    assert why in result.output
    assert offered in result.output
    assert ("Nearest, if that is what you mean" in result.output) == bool(offered)


def test_words_over_the_end_of_a_paragraph(site: Callable[..., Any]) -> None:
    result = run(site().root, "ferry-vote", "in the dark she said A first boat is to be repaired")
    assert result.exit_code == 1
    assert "not yet to be published" in result.output


def test_an_unknown_source(site: Callable[..., Any]) -> None:
    near = run(site().root, "fery-vote", "could")
    assert near.exit_code == 2
    assert 'There is no source "fery-vote". Did you mean "ferry-vote"?' in near.output
    far = run(site(folder="other").root, "zzz", "could")
    assert far.exit_code == 2
    assert 'There is no source "zzz". Those known are: ferry-vote.' in far.output


def test_a_source_with_mistakes(site: Callable[..., Any]) -> None:
    made = site({"content/sources/wrong.yaml": "{id: other-paper, title: A, nonsense: 1}\n"})
    result = run(made.root, "other-paper", "could")
    assert result.exit_code == 1
    assert "The entry of other-paper has mistakes; factsheet check  tells which." in result.output
    made.write("content/sources/wrong.yaml", "- [\n")
    result = run(made.root, "other-paper", "could")
    assert result.exit_code == 2
    assert "A file of sources cannot be read; factsheet check  tells which." in result.output


def test_settings_that_cannot_be_read(site: Callable[..., Any]) -> None:
    result = run(site({"site.yaml": "format: 7\n"}).root, "ferry-vote", "could")
    assert result.exit_code == 1
    assert "site.yaml" in result.output


def test_a_text_that_is_not_at_hand(site: Callable[..., Any], tmp_path: Path) -> None:
    made = site({"content/sources/ferry.txt": None})
    result = run(made.root, "ferry-vote", "could")
    assert result.exit_code == 1
    assert result.output == (
        "ferry-vote: its saved text ferry.txt is not here\n"
        "help: put it beside content/sources/ferry.yaml, or name the folder it is in:  --texts DIR\n"
    )
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "ferry.txt").write_text(TEXT, encoding="utf-8")
    assert run(made.root, "ferry-vote", "could not do", texts=str(tmp_path / "elsewhere")).exit_code == 0
    made.write("site.yaml", "{format: 1, title: The ferry, texts: ../elsewhere}\n")
    assert run(made.root, "ferry-vote", "could not do").exit_code == 0


def test_a_text_that_cannot_be_used(site: Callable[..., Any]) -> None:
    made = site()
    (made.root / "content/sources/ferry.txt").write_bytes(TEXT.encode("utf-16"))
    result = run(made.root, "ferry-vote", "could")
    assert result.exit_code == 1
    assert "save it as UTF-8" in result.output
    made.write("content/sources/ferry.yaml", "{id: ferry-vote, title: A, publisher: B, published: 2020}\n")
    result = run(made.root, "ferry-vote", "could")
    assert result.exit_code == 1
    assert "ferry-vote: it names no saved text\nhelp: add  text: FILE" in result.output


# --- what is pasted -----------------------------------------------------------------------------------

SOURCE = Entered(Source(id="s", title="T", publisher="P", published="2020"), Pointer("s.yaml"))
DOSSIER = link(Site(format=1, title="T"), Content(sources=(SOURCE,)), Lock()).dossier
WORDS = ["sea", "the", "“sea”", "a: b", "#1", "3.5", "ﬁn", "it’s", "–", "[...]", "no\u00a0", "x\u00ady"]


@given(
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=25),
    st.lists(st.sampled_from([" ", "\n", "\n\n", "  "]), min_size=25, max_size=25),
    st.integers(0, 24),
    st.integers(1, 4),
)
def test_what_is_pasted_stands_where_it_was_found(
    words: list[str], gaps: list[str], first: int, number: int
) -> None:
    text = "".join(a + b for a, b in zip(words, gaps, strict=False)) + "."
    saved = read_saved("s", text.encode())
    spans = word_spans(text)
    first %= len(spans)
    asked = text[spans[first][0] : spans[min(first + number, len(spans)) - 1][1]]
    found = search(DOSSIER, saved, asked)
    assert found.passages or found.finding
    for passage in found.passages:
        if passage.refused:
            continue
        ((entry,), problems) = pasted(passage)
        assert problems == []
        located, finding = locate(saved, msgspec.convert(entry, Evidence), language="en")
        assert finding is None
        assert located.state in PUBLISHABLE
        assert located.spans == passage.spans


def pasted(passage: Passage) -> Any:
    return read_yaml("\n".join(yaml_lines("s", passage)) + "\n", "f.yaml")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("a: b", '"a: b"'),
        ("a #1", '"a #1"'),
        ("#1", '"#1"'),
        ('"We go," she', '"\\"We go,\\" she"'),
        ("- 5", '"- 5"'),
        ("[...]", '"[...]"'),
        ("it’s – 2019", "it’s – 2019"),
        ("null", '"null"'),
        ("yes", "yes"),
        (" a", '" a"'),
    ],
)
def test_scalars(text: str, written: str) -> None:
    assert scalar(text) == written
    assert read_yaml(f"k: {written}\n", "") == ([{"k": text}], [])
