"""The folding profile: what is folded, what never is, and the way back to the original."""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator import fold as profile
from generator import terms
from generator.fold import Paragraphing, fold, joined, joins, needed, paragraphs
from generator.located import Span

PROFILE_PAGE = Path(__file__).resolve().parent.parent / "docs" / "fold-1.md"

FOLDED = {
    "no-break space": ("50\u00a0jets", "50 jets"),
    "narrow no-break space": ("50\u202fjets", "50 jets"),
    "thin space": ("5\u2009000 men", "5 000 men"),
    "hair, figure and mathematical space": ("a\u200ab\u2007c\u205fd", "a b c d"),
    "en quad, which NFC alone would make an en space": ("a\u2000b", "a b"),
    "double curly quotes": ("“Yes,” she said", '"Yes," she said'),
    "German quotes": ("„Ja“, sagte sie", '"Ja", sagte sie'),
    "apostrophe": ("don’t ‘stop’", "don't 'stop'"),
    "soft hyphen": ("anti\u00adaircraft", "antiaircraft"),
    "several soft hyphens": ("a\u00ad\u00adb", "ab"),
    "line break": ("two\nwords", "two words"),
    "line break with spaces around": ("two \t\n  words", "two words"),
    "no-break space before a line break": ("two\u00a0\nwords", "two words"),
    "CR LF": ("two\r\nwords", "two words"),
    "CR alone": ("two\rwords", "two words"),
    "NEL, LS and PS": ("a\x85b\u2028c\u2029d", "a b c d"),
    "word parted at a soft hyphen by a line break": ("anti\u00ad\naircraft", "antiaircraft"),
    "line break between Han characters": ("导弹\n系统", "导弹系统"),
    "line break between kana and an ideographic full stop": ("です。\r\n次は", "です。次は"),
    "line break between Han and Latin": ("导弹\nS-400", "导弹 S-400"),
    "line break between Hangul words": ("터키\n정부", "터키 정부"),
    "accent stored apart": ("cafe\u0301s", "cafés"),
    "accent after a soft hyphen": ("cafe\u00ad\u0301s", "cafés"),
    "two marks in another order": ("a\u0323\u0302 a\u0302\u0323", "\u1ead \u1ead"),
    "Hangul in parts": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
    "voiced kana in parts": ("か\u3099", "が"),
    "Angstrom sign": ("5 \u212b", "5 Å"),
    "Bengali vowel in parts": ("\u0995\u09c7\u09be", "\u0995\u09cb"),
    "composition exclusion": ("\u0958", "\u0915\u093c"),
    "ligatures": ("ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ", "ff fi fl ffi ffl st st"),
    "ligature with an accent": ("ﬁ\u0301n", "fín"),
}
NEVER_FOLDED = {
    "case": "The Deal",
    "hyphen": "S-400",
    "no-break hyphen": "S\u2011400",
    "en dash": "S–400",
    "ellipsis character": "and…",
    "three dots": "and...",
    "two spaces": "a  b",
    "guillemets": "« Oui »",
    "primes": "5′ 6″",
    "ideographic space": "甲\u3000乙",
    "long s outside a ligature": "ſtand",
    "other ligatures": "ĳ œ æ \ufb13",
    "full-width digits": "４００",
    "superscript": "m²",
    "Turkish i": "İIıi",
    "Arabic presentation form": "\ufefb",
    "modifier apostrophe, a letter": "п\u02bcять",
    "grave accent": "`a´",
    "zero-width non-joiner": "می\u200cرود",
    "tab": "a\tb",
    "blank line": "one\n\ntwo",
    "blank line with spaces": "one\n \t\ntwo",
    "line break at the ends": "\none\n",
}

# Everything the profile touches, and neighbours that it must leave alone.
ALPHABET = (
    "ab. \n\r\t\u00a0\u2009’“…\u00ad\ufb01\u0301\u0323eé中文か"
    "\u3099\u1112\u1161\u11ab\u212b\u0344[]\x85\u3000𝅘𝅥𝅮"
)
TEXTS = st.text(ALPHABET, max_size=14)
MODES = st.sampled_from(["blank", "lines"])


@pytest.mark.parametrize(("text", "folded"), FOLDED.values(), ids=FOLDED)
def test_folds(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize("text", NEVER_FOLDED.values(), ids=NEVER_FOLDED)
def test_leaves_alone(text: str) -> None:
    assert fold(text).text == text
    assert fold(text).edits == ()


def test_ligatures_become_what_unicode_says() -> None:
    for code in range(0xFB00, 0xFB07):
        assert fold(chr(code)).text == unicodedata.normalize("NFKC", chr(code))


def test_every_line_end_counts_where_lines_part_paragraphs() -> None:
    assert fold("one\ntwo\u00a0three", "lines").text == "one\ntwo three"


def test_every_canonical_composition_is_seen() -> None:
    seconds = set()
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(chr(int(parts[1], 16)))
    assert len(seconds) > 50
    assert [f"{ord(c):04x}" for c in sorted(seconds) if not joins(c)] == []


SPANS = {
    "nothing changed length": ("the “deal” is", '"deal"', "“deal”"),
    "soft hyphen inside": ("an anti\u00adair\u00adcraft gun", "antiaircraft", "anti\u00adair\u00adcraft"),
    "soft hyphens at the borders stay out": ("a \u00addeal\u00ad is", "deal", "deal"),
    "after several length changes": ("ﬃ \u00ad e\u0301 the deal", "deal", "deal"),
    "ligature": ("the ﬁrst jet", "first", "ﬁrst"),
    "line break with spaces": ("the deal \r\n is done", "deal is", "deal \r\n is"),
    "removed line break": ("购买导弹\n系统的", "导弹系统", "导弹\n系统"),
    "astral characters count once": ("🚀🚀 the 𝒹eal", "𝒹eal", "𝒹eal"),
    "Arabic with marks": ("قال إنّه\u00a0لن يفعل", "إنّه لن", "إنّه\u00a0لن"),
    "Hebrew with points": ("הוא אָמַר “לא” היום", 'אָמַר "לא"', "אָמַר “לא”"),
}


@pytest.mark.parametrize(("text", "words", "own"), SPANS.values(), ids=SPANS)
def test_the_way_back(text: str, words: str, own: str) -> None:
    folded = fold(text)
    start = folded.text.index(words)
    span = folded.span(start, start + len(words))
    assert span is not None
    assert text[span.start : span.end] == own
    assert folded.at(span.start) == start
    assert folded.at(span.end) == start + len(words)


def test_half_a_ligature_stands_nowhere() -> None:
    folded = fold("a ﬁn")
    assert folded.text == "a fin"
    assert folded.span(3, 5) is None
    assert folded.span(0, 3) is None
    assert folded.span(2, 5) == Span(2, 4)


def test_inside_an_edit_is_where_it_starts() -> None:
    folded = fold("a \r\n b")
    assert [folded.at(offset) for offset in range(7)] == [0, 1, 1, 1, 1, 2, 3]


NEEDED = {
    "nothing": ("the deal", "the deal", ()),
    "one": ("the deal", "the\u00a0deal", ("no-break space",)),
    "the quote's own typing": ("“the deal”", '"the deal"', ("curly quotes",)),
    "several, in table order": (
        'don\'t say "first" now',
        "don’t say\n“ﬁrst”\u00a0now",
        ("no-break space", "curly quotes", "curly apostrophe", "line break", "ligature"),
    ),
    "same fold on both sides is not named": ("“a”\u00a0b", "“a” b", ("no-break space",)),
    "soft hyphen that took its line break along": (
        "aircraft",
        "air\u00ad\ncraft",
        ("soft hyphen", "line break"),
    ),
    "accent": ("café", "cafe\u0301", ("Unicode form (NFC)",)),
    "either of two would do": ("a \nb", "a\u00a0\nb", ("no-break space", "line break")),
    "wrapped in both, elsewhere": ("a\nb c", "a b\nc", ("line break",)),
}


@pytest.mark.parametrize(("typed", "own", "names"), NEEDED.values(), ids=NEEDED)
def test_names_what_was_folded(typed: str, own: str, names: tuple[str, ...]) -> None:
    assert needed(typed, own) == names
    assert needed(own, typed) == names


PARAGRAPHS = {
    "blank lines": ("one\ntwo\n\nthree\n", "", ["one\ntwo", "three"], "blank"),
    "blank line that holds spaces": ("one\n \u00a0\ntwo", "", ["one", "two"], "blank"),
    "several blank lines, indented": ("one\n\n\n  two", "", ["one", "two"], "blank"),
    "no blank line": ("one\ntwo\nthree", "", ["one", "two", "three"], "lines"),
    "blank lines only at the ends": ("\n\none\ntwo\n\n", "", ["one", "two"], "lines"),
    "CR LF is one line end": ("one\r\ntwo", "", ["one", "two"], "lines"),
    "blank line of CR LF": ("one\r\n\r\ntwo", "", ["one", "two"], "blank"),
    "CR alone": ("one\r\rtwo", "", ["one", "two"], "blank"),
    "paragraph separators": ("one\u2029two", "", ["one", "two"], "lines"),
    "told to part at lines": ("one\ntwo\n\nthree", "lines", ["one", "two", "three"], "lines"),
    "told to part at blank lines": ("one\ntwo", "blank", ["one\ntwo"], "blank"),
    "one line": ("one", "", ["one"], "lines"),
    "white space only": (" \n ", "", [], "lines"),
    "white space around belongs to none": ("  one \n\n two  ", "", ["one", "two"], "blank"),
    "Arabic": ("أولا\n\nثانيا", "", ["أولا", "ثانيا"], "blank"),
}


@pytest.mark.parametrize(("text", "mode", "found", "how"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_paragraphs(text: str, mode: str, found: list[str], how: str) -> None:
    spans, paragraphing = paragraphs(text, mode)
    assert [text[span.start : span.end] for span in spans] == found
    assert paragraphing == how


def reference(text: str, mode: Paragraphing) -> str:
    """The profile in the words of its page, one step after the other, without offsets."""
    rows = {"\u00a0\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B))): " ", "“”„‟": '"', "‘’‚‛": "'"}
    for chars, to in rows.items():
        text = re.sub(f"[{chars}]", to, text)
    if mode == "blank":
        wide = "[一-鿿\u3041-\u3098\u309b-ヿ、。]"
        blank = r"[^\S\n\r\x85\u2028\u2029]*"
        around = blank + r"(?>\r\n|[\n\r\x85\u2028\u2029])" + blank
        text = re.sub(
            rf"(?<=\w)\u00ad+{around}(?=[^\W\u1160-\u11ff])|(?<={wide}){around}(?={wide})", "", text
        )
        text = re.sub(rf"(?<=\S){around}(?=\S)", " ", text)
    text = text.replace("\u00ad", "").replace("ﬁ", "fi")
    return unicodedata.normalize("NFC", text)


@given(TEXTS, MODES)
@example("a\u00ad\ra", "blank")
@example("a\n\u00ad\n\nb", "blank")
def test_folds_as_the_page_says(text: str, mode: Paragraphing) -> None:
    assert fold(text, mode).text == reference(text, mode)


@given(TEXTS, MODES)
def test_folding_twice_changes_nothing(text: str, mode: Paragraphing) -> None:
    once = fold(text, mode).text
    assert fold(once, mode).text == once


@given(TEXTS)
def test_line_breaks_that_stand_for_nothing_can_go(text: str) -> None:
    assert fold(joined(text)).text == fold(text).text


def test_other_line_breaks_stay() -> None:
    assert joined("Stra\u00ad\nße 十\n一 und\nso\n\n二") == "Straße 十一 und\nso\n\n二"


@given(TEXTS, MODES)
def test_every_span_folds_to_its_words(text: str, mode: Paragraphing) -> None:
    folded = fold(text, mode)
    for start in range(len(folded.text)):
        for end in range(start + 1, len(folded.text) + 1):
            words = folded.text[start:end]
            span = folded.span(start, end)
            if span and words == words.strip():
                assert fold(text[span.start : span.end], mode).text == words


@given(TEXTS, MODES)
def test_offsets_never_go_back(text: str, mode: Paragraphing) -> None:
    folded = fold(text, mode)
    there = [folded.at(offset) for offset in range(len(text) + 1)]
    assert there == sorted(there)
    assert there[-1] == len(folded.text) or not text
    spans = [span for at in range(len(folded.text)) if (span := folded.span(at, at + 1))]
    assert all(a.end <= b.start for a, b in pairwise(spans))


PIECES = st.lists(
    st.sampled_from(
        [
            ("a", "a"),
            ("b", "b"),
            (" ", "\u00a0"),
            (" ", "\u2009"),
            ('"', "“"),
            ("'", "’"),
            ("", "\u00ad"),
            (" ", "\n"),
            (" ", " \r\n"),
            ("fi", "ﬁ"),
            ("é", "e\u0301"),
            ("が", "か\u3099"),
            ("中", "中"),
        ]
    ),
    max_size=8,
)


@given(PIECES, st.data())
def test_whatever_differs_is_named(pieces: list[tuple[str, str]], data: st.DataObject) -> None:
    typed = "".join(pair[data.draw(st.integers(0, 1))] for pair in pieces).strip()
    own = "".join(pair[data.draw(st.integers(0, 1))] for pair in pieces).strip()
    if fold(typed).text == fold(own).text:
        assert bool(needed(typed, own)) == (typed != own)
        assert list(needed(typed, own)) == [name for name in profile.NAMES if name in needed(typed, own)]


@given(TEXTS, st.sampled_from(["", "blank", "lines"]))
def test_paragraphs_hold_all_but_white_space(text: str, mode: str) -> None:
    spans, _ = paragraphs(text, mode)
    slices = [text[span.start : span.end] for span in spans]
    assert all(words and words == words.strip() for words in slices)
    assert "".join("".join(slices).split()) == "".join(text.split())


class Row(NamedTuple):
    """A row of the table on the page."""

    name: str
    words: str
    folded: str
    becomes: str


def page_rows() -> list[Row]:
    lines = re.findall(r"^\|(.*)\|$", PROFILE_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    head, _, *rows = [Row(*(cell.strip() for cell in line.split("|"))) for line in lines]
    assert head.name == "name"
    return rows


def characters(told: str) -> list[str]:
    """The characters that a cell names by number, ranges filled in, in order; those printed are the same."""
    found = []
    for first, last in re.findall(r"U\+([0-9A-F]{4})(?: to U\+([0-9A-F]{4}))?", told):
        found += [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]
    printed = re.findall(r"(?<!\S)[^\x00-\x7f](?!\S)", told)
    assert printed in ([], found)
    return found


def test_the_page_names_every_row_in_order_and_as_pages_do() -> None:
    named = [row for row in page_rows() if row.name]
    assert tuple(row.name for row in named) == profile.NAMES
    assert [row.words for row in named] == [terms.FOLD[name] for name in profile.NAMES]
    assert set(terms.FOLD) == set(profile.NAMES)


def test_what_the_page_names_is_folded_and_nothing_else_in_all_of_unicode() -> None:
    table: dict[str, str] = {}
    for row in page_rows():
        chars = characters(row.folded)
        to = {"a space": " ", "nothing": ""}.get(row.becomes, row.becomes.strip("`"))
        many = to.split() if len(chars) == len(to.split()) > 1 else [to] * len(chars)
        for char, becomes in zip(chars, many, strict=True):
            table[char] = becomes
            if row.name:
                assert needed(f"x{becomes}x", f"x{char}x") == (row.name,)
    assert len(table) == 2 + 12 + 4 + 4 + 1 + 7
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    still = "x".join(c for c in every if not joins(c) and (c in table or unicodedata.is_normalized("NFC", c)))
    assert fold(still, "lines").text == still.translate(str.maketrans(table))


def test_the_page_names_every_line_end() -> None:
    told = re.search(r"Line ends are (.+?)\.", PROFILE_PAGE.read_text(encoding="utf-8"))
    assert told
    assert told[1] == "LF, CR LF, CR, U+0085, U+2028 and U+2029"
    ends = ["\n", "\r\n", "\r", *characters(told[1])]
    assert {fold(f"a{end}b").text for end in ends} == {"a b"}
    assert {fold(f"中{end}文").text for end in ends} == {"中文"}
    assert {fold(f"a\u00ad{end}b").text for end in ends} == {"ab"}
    assert fold("a\vb\fc").text == "a\vb\fc"
