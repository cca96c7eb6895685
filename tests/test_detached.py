"""A published folder checked against articles that somebody else holds: digests first, then folded words."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXT, SmallSite
from generator.cli import main
from generator.copies import Copy, unbroken
from generator.detached import compare, read_published
from generator.fold import fold
from planned import RICH, quick
from site_checks import Demo

Make = Callable[..., SmallSite]

ISLAND = """\
Nobody on the island was asked, the teacher of its school said. She had heard of the vote on the radio, like
everybody else.

"We are forty people and two goats," she added.
"""
FACTS = """\
- id: ferry-kept
  statement: The council votes to keep the ferry.
  date: 2020-03-03
  evidence:
    - {source: ferry-vote, quote: voted on Tuesday to keep the night ferry running}
    - {source: ferry-vote, quote: "could not do without it. \\"We will not leave"}
    - {source: ferry-vote, quote: "A first boat […] repaired by spring", omission: shorter}
- id: not-asked
  statement: Nobody on the island is asked.
  date: 2020-03-03
  evidence:
    - {source: island, quote: Nobody on the island was asked}
    - {source: island, quote: had heard of the vote on the radio}
    - {source: island, quote: [forty people, two goats]}
"""
FILES: dict[str, str | None] = {
    "site.yaml": "{format: 1, title: The ferry, limits: {words: 20, share: 0.9}}\n",
    "content/sources/island.yaml": (
        "{id: island, title: The island, publisher: Island Echo, published: 2020-03-05, text: island.txt}\n"
    ),
    "content/sources/island.txt": ISLAND,
    "content/actors/marlow.yaml": None,
    "content/facts/f.yaml": FACTS,
}


@pytest.fixture
def folder(site: Make, one_theme: None) -> Path:
    """A published folder and nothing else: what it was made from is gone."""
    made = site(FILES)
    assert made.build().codes == []
    shutil.rmtree(made.root / "content")
    return made.output


def articles(root: Path, **texts: str) -> Path:
    """A folder of articles, each in a file of the name given."""
    into = root / "articles"
    into.mkdir()
    for name, text in texts.items():
        (into / f"{name}.txt").write_bytes(text.encode())
    return into


def verify(folder: Path, texts: Path, *more: str) -> Result:
    result = CliRunner().invoke(main, ["verify", str(folder), "--texts", str(texts), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def counted(result: Result) -> list[int]:
    """Verified, found, not found, without an article, without words."""
    line = next(line for line in result.output.splitlines() if line.startswith("Quotes: "))
    return [int(word) for word in line.split() if word.isdigit()]


def test_the_very_articles_are_known_by_their_digest(folder: Path, tmp_path: Path) -> None:
    result = verify(folder, articles(tmp_path, zebra=TEXT, ferry=ISLAND))
    assert "ferry-vote: zebra.txt, the very text that was saved" in result.output
    assert "island: ferry.txt, the very text" in result.output
    assert counted(result) == [6, 0, 0, 0, 0]
    assert result.exit_code == 0


def wrapped(text: str, width: int, end: str = "\n") -> str:
    paragraphs = (" ".join(p.split()) for p in text.split("\n\n"))
    return end.join(textwrap.fill(p, width) for p in paragraphs).replace("\n", end)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("width", [20, 61, 500])
def test_a_copy_with_other_line_breaks_still_verifies(
    folder: Path, tmp_path: Path, width: int, end: str
) -> None:
    copies = articles(tmp_path, a=wrapped(TEXT, width, end), b=wrapped(ISLAND, width, end))
    result = verify(folder, copies)
    assert "ferry-vote: a.txt, another copy" in result.output
    assert counted(result) == [0, 6, 0, 0, 0]
    assert result.exit_code == 0


def test_a_copy_with_other_quotation_marks_and_a_byte_order_mark_still_verifies(
    folder: Path, tmp_path: Path
) -> None:
    curly = "\ufeff" + TEXT.replace(' "We', " “We").replace('dark,"', "dark,”").replace(
        "night ferry", "night\u00a0ferry"
    )
    result = verify(folder, articles(tmp_path, a=curly))
    assert counted(result) == [0, 3, 0, 3, 0]
    assert result.exit_code == 0


def test_a_changed_word_is_told_with_the_nearest_passage(folder: Path, tmp_path: Path) -> None:
    changed = TEXT.replace("keep the night ferry running", "keep the day ferry running")
    result = verify(folder, articles(tmp_path, a=changed, b=ISLAND))
    assert counted(result) == [3, 2, 1, 0, 0]
    assert "not found" in result.output
    assert "nearest: “voted on Tuesday to keep the day ferry running” (1 word differs)" in result.output
    assert "facts: ferry-kept" in result.output
    assert result.exit_code == 1


def test_the_only_quote_of_a_source_changed_still_finds_its_article(site: Make, tmp_path: Path) -> None:
    made = quick(site())
    made.build()
    result = verify(made.output, articles(tmp_path, a=TEXT.replace("Tuesday", "Monday"), b=ISLAND))
    assert "ferry-vote: a.txt, another copy" in result.output
    assert "no article of any source: b.txt" in result.output
    assert counted(result) == [0, 0, 1, 0, 0]


def test_parts_in_another_order_are_not_the_quote(folder: Path, tmp_path: Path) -> None:
    turned = ISLAND.replace("forty people and two goats", "two goats and forty people")
    result = verify(folder, articles(tmp_path, a=TEXT, b=turned))
    assert counted(result) == [3, 2, 1, 0, 0]
    assert "the same words, elsewhere or parted in another order" in result.output


def test_a_part_of_a_longer_word_is_not_the_quote() -> None:
    assert Copy.of("It is kept.").holds(["kept"])
    assert not Copy.of("It is unkept.").holds(["kept"])
    assert not Copy.of("12.50 crowns").holds(["50 crowns"])


def test_a_source_without_an_article_is_no_error_unless_strict(folder: Path, tmp_path: Path) -> None:
    held = articles(tmp_path, a=TEXT, b="Something else entirely, about bees.\n")
    result = verify(folder, held)
    assert "island: no article here" in result.output
    assert "no article of any source: b.txt" in result.output
    assert counted(result) == [3, 0, 0, 3, 0]
    assert result.exit_code == 0
    assert verify(folder, held, "--strict").exit_code == 1


def test_names_of_files_do_not_count(folder: Path, tmp_path: Path) -> None:
    swapped = articles(tmp_path, ferry=wrapped(ISLAND, 30), island=wrapped(TEXT, 30))
    result = verify(folder, swapped)
    assert "ferry-vote: island.txt, another copy" in result.output
    assert "island: ferry.txt, another copy" in result.output


def test_an_article_known_by_its_digest_is_no_copy_of_another() -> None:
    """Two papers print one report, and only one of them is at hand."""
    row = {"anchor": "q-1", "start": 0, "end": 9, "quote": "Bees fly!"}
    text = b"Bees fly! Far."
    data = {
        "sources": [
            {"id": "a", "sha256": sha256(text).hexdigest(), "title": "A"},
            {"id": "b", "sha256": "", "title": "B"},
        ],
        "facts": [{"id": "f", "evidence": [{"source": key, **row} for key in "ab"]}],
    }
    verdict = compare(read_published(json.dumps(data).encode()), {"x": text})
    assert verdict.counts == {"verified": 1, "no article": 1}


def test_nothing_compared_is_not_good(folder: Path, tmp_path: Path) -> None:
    result = verify(folder, articles(tmp_path, b="Something else entirely, about bees.\n"))
    assert "No quote could be compared." in result.output
    assert result.exit_code == 1


def test_a_quote_altered_in_the_folder_is_told_twice(folder: Path, tmp_path: Path) -> None:
    data = folder / "data/facts.json"
    data.write_text(data.read_text().replace("on Tuesday to keep", "on Monday to keep"))
    result = verify(folder, articles(tmp_path, a=TEXT, b=ISLAND))
    assert "changed: data/facts.json" in result.output
    assert counted(result) == [5, 0, 1, 0, 0]
    assert "nearest: “voted on Tuesday to keep the night ferry running”" in result.output
    assert result.exit_code == 1


def test_a_source_whose_words_are_not_published_is_known_by_its_digest_alone(
    site: Make, tmp_path: Path
) -> None:
    made = quick(site(RICH))
    assert made.build().codes == []
    letter = str(RICH["content/sources/letter.txt"])
    result = verify(made.output, articles(tmp_path, a=letter, b=TEXT))
    assert "letter: a.txt, the very text that was saved" in result.output
    assert counted(result)[4] == 2
    (tmp_path / "articles/a.txt").write_text(wrapped(letter, 30))
    result = verify(made.output, tmp_path / "articles")
    assert "letter: no article here (only its digest could tell)" in result.output
    assert "zebrawood" not in result.output
    assert result.exit_code == 0


REFUSED = {
    "no data": (None, "has no data/facts.json"),
    "no JSON": ("{", "cannot be understood"),
    "no facts": ("{}", "cannot be understood"),
    "not UTF-8": (b"\xff", "cannot be understood"),
    "an unlisted source": (
        json.dumps(
            {
                "sources": [],
                "facts": [
                    {
                        "id": "f",
                        "evidence": [{"source": "x", "anchor": "q", "start": 0, "end": 1, "quote": "a"}],
                    }
                ],
            }
        ),
        "fact f names a source that is not listed: x",
    ),
}


@pytest.mark.parametrize(("data", "told"), REFUSED.values(), ids=REFUSED)
def test_a_folder_without_readable_data_is_refused(
    folder: Path, tmp_path: Path, data: str | bytes | None, told: str
) -> None:
    path = folder / "data/facts.json"
    path.unlink()
    if data is not None:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    result = verify(folder, articles(tmp_path, a=TEXT))
    assert told in result.output
    assert result.exit_code == 2


def test_an_empty_folder_of_articles_and_strict_alone_are_wrong_use(folder: Path, tmp_path: Path) -> None:
    result = verify(folder, articles(tmp_path))
    assert (result.exit_code, "holds no files" in result.output) == (2, True)
    alone = CliRunner().invoke(main, ["verify", str(folder), "--strict"])
    assert (alone.exit_code, "--texts FOLDER" in alone.output) == (2, True)


def test_what_could_steer_a_terminal_is_not_printed(folder: Path, tmp_path: Path) -> None:
    data = folder / "data/facts.json"
    data.write_text(data.read_text().replace("on Tuesday to keep", r"on \u001b[2J\u202e to keep"))
    held = articles(tmp_path, a=TEXT)
    (held / "picture.png").write_bytes(b"\x89PNG")
    result = verify(folder, held)
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    assert "no text in UTF-8: picture.png" in result.output


def test_quotes_that_facts_share_are_counted_once() -> None:
    row = {"source": "s", "anchor": "q-1", "start": 0, "end": 5, "quote": "Bees!"}
    data = {
        "sources": [{"id": "s", "sha256": "", "title": "S"}],
        "facts": [{"id": "a", "evidence": [row, row]}, {"id": "b", "evidence": [row]}],
    }
    (source,) = read_published(json.dumps(data).encode())
    assert [(q.words, q.facts) for q in source.quotes] == [(("Bees!",), ("a", "b"))]
    verdict = compare([source], {"x": b"Bees! Bees everywhere."})
    assert verdict.counts == {"found": 1}


WORDS = st.lists(st.sampled_from(["ferry", "night", "“dark”", "50", "café", "ﬁsh", "it’s"]), min_size=1)
GAPS = st.sampled_from([" ", "\n", "\r\n", "  \n\n ", "\u2028", "\u00a0"])


@given(WORDS, st.data())
def test_whatever_white_space_parts_words_reads_the_same(words: list[str], data: st.DataObject) -> None:
    text = "".join(word + data.draw(GAPS) for word in words)
    assert unbroken(text) == fold(" ".join(words)).text


def test_the_demo_verifies_against_its_articles(texts: Path, demo: Demo) -> None:
    result = verify(demo.root, texts)
    verified, *others = counted(result)
    assert verified > 100
    assert others == [0, 0, 0, 0]
    assert result.exit_code == 0
