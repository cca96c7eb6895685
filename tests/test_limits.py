"""How much of a source is shown: longest unbroken run and share of the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import limits
from generator.content import Dating, Evidence, Fact
from generator.located import Span
from generator.quotes import locate_fact
from generator.saved import read_saved

TEXT = """One two three four five. Six seven “eight nine” ten.

Eleven twelve thirteen fourteen."""


def shown(*quotes: str, context: int = 0, phrase: str = "", text: str = TEXT) -> limits.Shown:
    saved = {"paper": read_saved("paper", text.encode())}
    pairs = []
    for number, quote in enumerate(quotes):
        dating = Dating(phrase=phrase) if phrase else None
        evidence = (Evidence(source="paper", quote=quote),)
        fact = Fact(id=f"f{number}", statement="S.", date="2019", dating=dating, evidence=evidence)
        located, findings = locate_fact(fact, saved, languages={"paper": "en"}, context=context)
        assert findings == ()
        pairs.append((fact, located))
    return limits.shown_of_sources(pairs)["paper"]


RUNS = {
    "one quote": (("two three",), 0, "", [(1, 3)]),
    "apart": (("One two", "four five"), 0, "", [(0, 2), (3, 5)]),
    "overlapping": (("two three", "three four"), 0, "", [(1, 4)]),
    "one inside another": (("two three four", "three"), 0, "", [(1, 4)]),
    "parted by white space only": (("two three", "four five"), 0, "", [(1, 5)]),
    "parted by a full stop": (("four five", "Six seven"), 0, "", [(3, 7)]),
    "parted by a quotation mark": (("Six seven", "eight nine"), 0, "", [(5, 9)]),
    "over a paragraph end": (("ten", "Eleven twelve"), 0, "", [(9, 12)]),
    "an omission parts": (("two […] four five",), 0, "", [(1, 2), (3, 5)]),
    "an omission that another quote fills": (("two […] four five", "three"), 0, "", [(1, 5)]),
    "context": (("four five",), 2, "", [(1, 7)]),
    "context that meets a quote": (("two", "five. Six"), 1, "", [(0, 7)]),
    "a quotation mark is no further word": (("eight nine",), 1, "", [(6, 10)]),
    "a dating phrase beside the quote": (("two three",), 0, "four", [(1, 4)]),
    "a dating phrase apart": (("two three",), 0, "seven", [(1, 3), (6, 7)]),
}


@pytest.mark.parametrize(("quotes", "context", "phrase", "runs"), RUNS.values(), ids=RUNS)
def test_runs(quotes: tuple[str, ...], context: int, phrase: str, runs: list[tuple[int, int]]) -> None:
    found = shown(*quotes, context=context, phrase=phrase)
    assert found.runs == tuple(Span(*run) for run in runs)
    assert len(limits.longest_run(found.runs)) == max(end - start for start, end in runs)


SHARES = {
    "one": (("One two",), 0, "", [(0, 7)]),
    "overlap counts once": (("One two", "two three"), 0, "", [(0, 13)]),
    "white space between counts for nothing": (("One two", "three"), 0, "", [(0, 7), (8, 13)]),
    "context counts": (("three",), 1, "", [(4, 18)]),
    "a phrase counts": (("One two",), 0, "five", [(0, 7), (19, 23)]),
}


@pytest.mark.parametrize(("quotes", "context", "phrase", "spans"), SHARES.values(), ids=SHARES)
def test_shares(quotes: tuple[str, ...], context: int, phrase: str, spans: list[tuple[int, int]]) -> None:
    found = shown(*quotes, context=context, phrase=phrase)
    assert found.spans == tuple(Span(*span) for span in spans)
    size = sum(end - start for start, end in spans)
    assert limits.share(found.spans, len(TEXT)) == pytest.approx(size / len(TEXT))


def test_two_characters_count_as_a_word_where_words_are_not_parted() -> None:
    found = shown("表示不会取消", text="今天部长表示不会取消协议的内容。")
    assert found.runs == (Span(2, 5),)
    assert shown("表示", "不会", text="今天部长表示不会取消协议的内容。").runs == (Span(2, 4),)


def test_sources_are_kept_apart() -> None:
    saved = {name: read_saved(name, TEXT.encode()) for name in ("a", "b")}
    quotes = (Evidence(source="a", quote="One two"), Evidence(source="b", quote="three"))
    fact = Fact(
        id="f", statement="S.", date="2019", dating=Dating(phrase="five", source="b"), evidence=quotes
    )
    located, _ = locate_fact(fact, saved, languages={"a": "en", "b": "en"})
    found = limits.shown_of_sources([(fact, located)])
    assert {name: each.spans for name, each in found.items()} == {
        "a": (Span(0, 7),),
        "b": (Span(8, 13), Span(19, 23)),
    }


def test_what_was_not_found_is_not_shown() -> None:
    fact = Fact(id="f", statement="S.", date="2019", evidence=(Evidence(source="a", quote="nine ten"),))
    located, _ = locate_fact(fact, {"a": read_saved("a", TEXT.encode())}, languages={"a": "en"})
    assert limits.shown_of_sources([(fact, located)]) == {}
    assert limits.longest_run(()) == Span(0, 0)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))))
def test_merged_spans_cover_the_same_and_never_meet(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + size) for start, size in pairs]
    merged = limits.merged(spans)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert {at for span in merged for at in range(span.start, span.end)} == covered
    assert all(a.end < b.start for a, b in pairwise(merged))
    assert limits.share(spans, 100) == len(covered) / 100
