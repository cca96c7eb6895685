"""The page of a source: its passages once, in reading order, and no more words than its rights allow."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from conftest import DEFAULTS, SmallSite
from planned import RICH, Planned, fact, quick

Make = Callable[..., SmallSite]
#: Words that stand in the text of a source and nowhere else in a site.
CANARY = "zebrawood", "Brumaire"


@pytest.fixture
def rich(site: Make) -> Planned:
    planned = Planned(site(RICH))
    assert planned.told == []
    return planned


def text_of(name: str) -> str:
    text = {**DEFAULTS, **RICH}[f"content/sources/{name}.txt"]
    assert text is not None
    return text


# --- excerpts -----------------------------------------------------------------------------------------


def test_each_passage_stands_once_in_reading_order_with_its_facts(site: Make) -> None:
    quotes = {
        "later": "A first boat is to be repaired",
        "first": "council of Marlow voted",
        "same": "council of Marlow voted",
        "inside": "of Marlow",
        "middle": "keep the night ferry",
    }
    facts = "".join(fact(key).replace("keep the night ferry", quote) for key, quote in quotes.items())
    files = {"content/facts/f.yaml": facts, "site.yaml": "{format: 1, title: T, limits: {share: 0.9}}\n"}
    planned = Planned(site(files))
    assert planned.ok, planned.told
    view = planned.view("sources/ferry-vote.html")
    text = text_of("ferry")
    starts = {key: text.index(quote) for key, quote in quotes.items()}
    assert [(p.number, p.start, [f.id for f in p.facts]) for p in view.passages] == [
        (1, starts["first"], ["first", "same"]),
        (2, starts["inside"], ["inside"]),
        (3, starts["middle"], ["middle"]),
        (4, starts["later"], ["later"]),
    ]
    assert len({p.anchor for p in view.passages}) == 4
    shown_to = 0
    for passage in view.passages:
        assert passage.skipped == max(0, passage.start - shown_to)
        assert "".join(run.words for run in passage.runs) == text[passage.start : passage.end]
        shown_to = max(shown_to, passage.end)
    assert view.rest == len(text) - shown_to
    covered = {n for p in view.passages for n in range(p.start, p.end)}
    assert view.share == -(-100 * len(covered) // len(text))
    assert view.paragraphs == ()


def test_every_quote_leads_to_its_passage_and_back(rich: Planned) -> None:
    for path, page in rich.pages.items():
        if not path.startswith("facts/"):
            continue
        for quote in page.view.evidence:  # type: ignore[attr-defined]
            target, _, anchor = quote.href.partition("#")
            passages = {p.anchor: p for p in rich.view(target).passages}
            assert anchor == quote.anchor
            assert page.view.id in [f.id for f in passages[anchor].facts]  # type: ignore[attr-defined]
            assert f'id="{anchor}"' in rich.html(target)
            assert f'id="{anchor}"' in rich.html(path)


def test_what_the_source_does_not_state_is_in_brackets(rich: Planned) -> None:
    view = rich.view("sources/ferry-wire.html")
    assert view.source.title == "[Night ferry stays]"
    assert view.source.publisher == "Island Echo"
    assert view.source.credit == "credits Coast Wire"
    assert rich.view("sources/ferry-vote.html").source.title == "Harbour town votes to keep its ferry"
    assert rich.view("sources/ferry-vote.html").source.credit == "by P. Penny"


def test_sources_are_in_the_order_of_publication(rich: Planned) -> None:
    order = ["letter", "ferry-vote", "ferry-wire", "bateau", "office-report"]
    assert [row.source.id for row in rich.view("sources.html").rows] == order
    view = rich.view("sources/ferry-wire.html")
    assert (view.earlier.href, view.later.href) == ("sources/ferry-vote.html", "sources/bateau.html")
    assert rich.view("sources/letter.html").earlier is None
    assert rich.view("sources/office-report.html").later is None


def test_copies_of_one_report_are_told(site: Make) -> None:
    files = {
        "content/actors/wire.yaml": "{id: wire, name: Coast Wire, kind: media}\n",
        "content/sources/b.yaml": (
            "- {id: a, title: One, publisher: A, published: 2020, text: ferry.txt, origin: [wire]}\n"
            "- {id: b, title: Two, publisher: B, published: 2020, text: ferry.txt, origin: [wire]}\n"
        ),
    }
    (line,) = Planned(site(files)).view("sources.html").shared
    assert "“One” and “Two” both credit Coast Wire" in line


# --- full texts ---------------------------------------------------------------------------------------


def test_a_full_text_is_all_there_and_marks_its_passages(rich: Planned) -> None:
    view = rich.view("sources/office-report.html")
    text = text_of("report")
    paragraphs = ["".join(piece.words for piece in p.pieces) for p in view.paragraphs]
    assert paragraphs == [p.strip() for p in text.split("\n\n")]
    marked = dict.fromkeys(range(1, len(view.passages) + 1), "")
    for paragraph in view.paragraphs:
        for piece in paragraph.pieces:
            for number in piece.passages:
                marked[number] += piece.words
    assert marked == {p.number: "".join(run.words for run in p.runs) for p in view.passages}
    begins = [anchor for p in view.paragraphs for piece in p.pieces for anchor in piece.begins]
    assert sorted(begins) == sorted(p.anchor for p in view.passages)
    notes = [note.number for p in view.paragraphs for note in p.notes]
    assert sorted(notes) == [p.number for p in view.passages]
    assert view.share == 100


def test_overlapping_passages_of_a_full_text_each_keep_their_words(site: Make) -> None:
    quotes = ["council of Marlow voted", "Marlow voted on Tuesday", "of Marlow", "voted on"]
    facts = "".join(fact(f"f{n}").replace("keep the night ferry", q) for n, q in enumerate(quotes))
    files = {
        "content/facts/f.yaml": facts,
        "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt, rights: full}\n"
        ),
    }
    view = Planned(site(files)).view("sources/ferry-vote.html")
    words = {p.number: "".join(run.words for run in p.runs) for p in view.passages}
    assert sorted(words.values()) == sorted(quotes)
    for number, quote in words.items():
        pieces = [piece for p in view.paragraphs for piece in p.pieces if number in piece.passages]
        assert "".join(piece.words for piece in pieces) == quote
    for paragraph in view.paragraphs:
        assert all(piece.words for piece in paragraph.pieces)


# --- no words at all ----------------------------------------------------------------------------------


def test_a_source_whose_rights_allow_no_words_shows_none_anywhere(site: Make) -> None:
    small = quick(site(RICH))
    assert small.build().codes == []
    for path in small.files():
        data = (small.output / path).read_bytes().decode()
        for word in (*CANARY, "never inspected", "knew of it"):
            assert word not in data, path
    rows = [
        e for f in small.json("data/facts.json")["facts"] for e in f["evidence"] if e["source"] == "letter"
    ]
    assert [row["quote"] for row in rows] == [None, None]
    text = text_of("letter")
    assert text[rows[0]["start"] : rows[0]["end"]] == "zebrawood hull was never inspected"
    page = small.html("sources/letter.html")
    assert "characters" in page, "where the passages stand is told"
    assert 'href="../facts/hull.html"' in page


def test_the_same_words_are_shown_once_their_rights_allow_it(site: Make) -> None:
    files = {path: text and text.replace("rights: none", "rights: excerpts") for path, text in RICH.items()}
    planned = Planned(site(files))
    assert CANARY[0] in planned.html("facts/hull.html")
    assert CANARY[1] in planned.html("facts/known.html")
    assert CANARY[0] in planned.html("sources/letter.html")


def test_a_source_in_full_is_shown_in_full_and_no_other(rich: Planned) -> None:
    words = {
        "report": "less than the yard had asked",
        "ferry": "The yard has not named",
        "wire": "COAST WIRE",
    }
    shown = {name for name, some in words.items() for page in rich.pages if some in rich.text(page)}
    assert shown == {"report"}


# --- every word between yellow marks ------------------------------------------------------------------


class Marks(HTMLParser):
    """The words between yellow marks, the key at the foot of each page left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = self._foot = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._foot += tag == "footer"
        if tag == "mark" and not self._foot:
            self._open += 1
            self.found.append("")
        elif tag == "a" and self._open:
            self._open += 100  # the number of a note stands within the mark and is no word of it

    def handle_endtag(self, tag: str) -> None:
        self._foot -= tag == "footer"
        if tag == "mark" and self._open:
            self._open -= 1
        elif tag == "a" and self._open > 1:
            self._open -= 100

    def handle_data(self, data: str) -> None:
        if self._open == 1:
            self.found[-1] += data


def test_every_word_in_yellow_stands_in_a_source(site: Make) -> None:
    small = quick(site(RICH))
    assert small.build().codes == []
    texts = [_spaced(text_of(name)) for name in ("ferry", "wire", "report", "bateau")]
    count = 0
    for path in small.files():
        if path.endswith(".html"):
            for words in Marks(small.html(path)).found:
                assert any(_spaced(words) in text for text in texts), (path, words)
                count += bool(words.strip())
    assert count > 30
    for row in json.loads(small.html("data/facts.json"))["facts"]:
        for each in row["evidence"]:
            if each["quote"] is not None:
                name = {"ferry-vote": "ferry", "ferry-wire": "wire", "office-report": "report"}
                text = text_of(name.get(each["source"], each["source"]))
                assert text[each["start"] : each["end"]] == each["quote"]


def _spaced(text: str) -> str:
    """The text with white space of any kind as it reads: pages may hold words together that texts do not."""
    return " ".join(text.replace("\N{WORD JOINER}", "").replace("\N{NON-BREAKING HYPHEN}", "-").split())
