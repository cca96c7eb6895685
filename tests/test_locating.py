"""Locating attacked: texts of many scripts, long texts, nested passages, words set to deceive.

What is found is compared with a plain search through every passage of the text, which knows nothing of
offsets mapped back.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations_with_replacement

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator import matching
from generator.content import Dating, Evidence, Fact, QuotePart
from generator.deeplinks import as_browsers_read
from generator.fold import fold, joins
from generator.located import PUBLISHABLE, LocatedEvidence, Span
from generator.matching import Asked
from generator.quotes import hidden, locate, locate_fact, shown
from generator.saved import Saved, read_saved
from generator.words import count_begun, count_words, cuts_word

SCRIPTS: dict[str, tuple[str, ...]] = {
    "Arabic": ("قال", "إنّه", "لن", "و", "،", "؟", "«لا»", "\u200f", "ـ", "٢٫٥٠", "می\u200cرود"),
    "Hebrew": ("אָמַר", "לא", "־", "ארה״ב", "“כן”", "\u200e", "שָׁלוֹם", "ב"),
    "marks": ("e\u0301", "é", "a\u0323\u0302", "\u1ead", "ﬁ", "fi", "ﬅ", "\u212b", "n\u0303", "e"),
    "Chinese": ("部长", "不", "会", "，", "。", "《", "》", "５０", "S-400", "\u3000", "２．５"),
    "Japanese": ("です", "か\u3099", "が", "データ", "。", "、", "ｶﾞ", "50"),
    "Korean": ("터키", "는", "\u1112\u1161\u11ab", "한", "안", "\u1112\u119e\u11ab", "."),
    "Thai": ("ทำ", "ประ", "กาศ", "ว่า", "ๆ", "เ", "\u200b"),
    "stacked": ("ក្រ", "ម្ព", "ជា", "။", "မြန်", "က္က", "कि", "ष्ट्र"),
    "astral": ("👍🏽", "👍", "👩\u200d🚀", "🇹🇷", "1\ufe0f\u20e3", "𐎠𐎡", "𒀀", "𝒹eal", "a"),
    "Latin": (
        "the",
        "deal",
        "“no”",
        "don’t",
        "can't",
        "[x]",
        "...",
        "2.50",
        "12 500",
        "ha",
        "ha",
        "so\u00adon",
    ),
}
BETWEEN = st.sampled_from(
    [" ", " ", " ", "", "\n", "\n\n", "\r\n", "\u00a0", "\u2009", " \n ", "\u2028", "\t"]
)


def texts(*scripts: str) -> st.SearchStrategy[str]:
    pieces = st.sampled_from([piece for script in scripts for piece in SCRIPTS[script]])
    return st.lists(st.tuples(pieces, BETWEEN), min_size=1, max_size=7).map(
        lambda pairs: "".join(piece + gap for piece, gap in pairs)
    )


TEXTS = st.one_of(*(texts(script, "Latin") for script in SCRIPTS), texts(*SCRIPTS))


def saved(text: str) -> Saved:
    return read_saved("paper", text.encode())


def find(text: str, quote: str, suffix: str = "") -> LocatedEvidence:
    return locate(saved(text), Evidence(source="paper", quote=quote, suffix=suffix), language="en")[0]


def places(source: Saved, words: str) -> set[Span]:
    """Every passage that folds to some words and tears nothing apart, by trying them all."""
    text, mode, found = source.text, source.source.paragraphing, set()
    wanted = fold(words.strip(), mode).text.strip()
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            own = text[start:end]
            if own != own.strip() or "\u00ad" in (own[0], own[-1]) or fold(own, mode).text != wanted:
                continue
            if joins(own[0]) or joins(text[end : end + 1] or " "):
                continue
            folded = source.folded
            if not (cuts_word(folded.text, folded.at(start)) or cuts_word(folded.text, folded.at(end))):
                found.add(Span(start, end))
    return found


@given(TEXTS, st.data())
def test_a_quote_is_found_where_it_stands_and_nowhere_else(text: str, data: st.DataObject) -> None:
    assume(text.strip())
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    if data.draw(st.booleans()):  # in another typing, or with a word that may not stand there
        quote = data.draw(
            st.sampled_from([unicodedata.normalize("NFD", quote), quote.replace(" ", "\u00a0")])
        )
    assume(any(char.isalnum() for char in quote))
    source = saved(text)
    standing = places(source, quote)
    evidence = Evidence(source="paper", quote=quote)
    located, finding = locate(source, evidence, language="en")
    if len(standing) == 1:
        assert set(located.spans) == standing
        assert finding is None
        assert shown(evidence, located) == tuple(text[s.start : s.end] for s in located.spans)
        assert bool(located.folds) == (shown(evidence, located) != (quote.strip(),))
    else:
        assert finding is not None
        assert (finding.code == "quote-ambiguous") == bool(standing)
        assert located.spans == ()


@given(TEXTS, TEXTS, st.sampled_from([" […] ", "…", " [...] "]), st.data())
def test_whatever_is_asked_the_answer_is_whole(text: str, other: str, mark: str, data: st.DataObject) -> None:
    assume(text.strip())
    words = data.draw(
        st.lists(st.sampled_from([*text.split(), *other.split(), "the"]), min_size=1, max_size=3)
    )
    sides = st.sampled_from(["", *text.split()])
    quotes: list[str | tuple[str | QuotePart, ...]] = [mark.join(words), " ".join(words)]
    quotes.append(tuple(QuotePart(quote=w, prefix=data.draw(sides), suffix=data.draw(sides)) for w in words))
    source = saved(text)
    for quote in quotes:
        evidence = Evidence(
            source="paper", quote=quote, prefix="" if quote is quotes[2] else data.draw(sides)
        )
        fact = Fact(
            id="f", statement="S.", date="2019", evidence=(evidence,),
            dating=Dating(phrase=data.draw(sides)),
        )  # fmt: skip
        located, findings = locate_fact(fact, {"paper": source}, languages={"paper": "en"}, context=1)
        (each,) = located.evidence
        own = tuple(text[span.start : span.end] for span in each.spans)
        assert shown(evidence, each) == own
        assert all(words and words == words.strip() for words in own)
        assert all(a.end <= b.start for a, b in zip(each.spans, each.spans[1:], strict=False))
        assert (each.state in PUBLISHABLE) == bool(each.spans) == bool(each.anchor)
        for gap, a, b in zip(each.gaps, each.spans, each.spans[1:], strict=False):
            assert gap.size in (0, b.start - a.end)
        if not findings:
            assert locate_fact(fact, {}, languages={"paper": "en"}, context=1, held=located) == (located, ())


#: Text, quote and what comes of it: a state, or what an omission hides.
DECEPTIONS: dict[str, tuple[str, str, str]] = {
    "another case, a negation left out": ("We do not recommend that.", "we do … recommend that", "altered"),
    "a negation left out": ("We do not recommend that.", "We do … recommend that", "negation"),
    "a negation between two marks": ("We do, it is not a joke.", "We do […] is […] a joke", "negation"),
    "a negation behind a no-break space": ("We do\u00a0not\u00a0say yes.", "We do […] say yes", "negation"),
    "a negation parted by a soft hyphen": ("We nev\u00ader ever say yes.", "We […] ever say yes", "negation"),
    "a negation typed apart": ("Wir ha\u0308tten nicht gesagt: ja.", "Wir hätten […] gesagt", "negation"),
    "a contraction": ("We don’t say yes.", "We […] say yes", "negation"),
    "a contraction torn": ("We can’t say yes.", "We can […] say yes", "altered"),
    "a number left out": ("We bought 12\u202f500 of them.", "We bought […] of them", "number"),
    "the article's own brackets": ("“We do [not] say yes.”", "We do [not] say yes", "exact"),
    "brackets that the article does not have": ("We do not say yes.", "We do [not] say yes", "altered"),
    "the article's own marks": ("“We do […] say yes”", "We do […] say yes", "exact"),
    "the article's own dots": ("“We do … say yes”", "We do … say yes", "exact"),
    "other dots than the article's": ("“We do […] say yes”", "We do … say yes", "exact"),
    "a negation behind the article's own marks": ("We […] do not say yes", "We […] say yes", "negation"),
    "the literal place and another": ("we do […] say yes; we do all say yes", "we do […] say yes", "exact"),
    "parts from two paragraphs": ("They will pay.\n\nHe will not.", "They […] will not", "paragraph end"),
    "a headline that stands again": ("Mill burns\n\nNews\n\nMill burns\n\nEnd", "Mill burns", "ambiguous"),
    "a part of another passage": ("the big old deal and the old deal", "the old deal", "exact"),
    "a passage within itself": ("no, no, no", "no, no", "ambiguous"),
    "a look-alike letter": ("The \u0430rms deal", "The arms deal", "altered"),
    "a mark of direction": ("قال \u200fلا", "قال لا", "altered"),
    "a joiner left out": ("می\u200cرود آنجا", "میرود آنجا", "altered"),
    "Hebrew without its points": ("הוא אָמַר לא", "אמר לא", "altered"),
    "a percent sign left behind": ("up 5 %, 50 more", "50", "exact"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "quote", "expected"), DECEPTIONS.values(), ids=DECEPTIONS)
def test_words_set_to_deceive(text: str, quote: str, expected: str) -> None:
    language = "de" if "Wir" in text else "en"
    evidence = Evidence(source="paper", quote=quote)
    located, _ = locate(saved(text), evidence, language=language)
    assert expected in (located.state, *hidden(evidence, located))


def test_long_texts_are_searched_to_their_end() -> None:
    words = [f"word{number}" for number in range(20_000)]
    text = "\n\n".join(" ".join(words[at : at + 50]) for at in range(0, len(words), 50))
    located = find(text, "word100 […] word19998 word19999")
    assert [text[s.start : s.end] for s in located.spans] == ["word100", "word19998 word19999"]
    assert located.runs == (Span(100, 101), Span(19_998, 20_000))
    often = text.replace("word1 ", "the mill ", 1).replace("word19990 ", "the mill ")
    assert find(often, "the mill").state == "ambiguous"
    assert find(often, "the mill", suffix="word19991").runs == (Span(19_991, 19_993),)


#: Texts as most are, and what keeps one from being such.
PLAIN = st.builds(
    str.__add__,
    st.sampled_from(["", "", " ", "\n"]),
    st.lists(
        st.tuples(
            st.sampled_from(["a", "bold", "Claim", "“no”", "don’t", "2.50", "x", "é"]),
            st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "\u00a0", "  ", " \n", "\t"]),
        ),
        min_size=1,
        max_size=9,
    ).map(lambda pairs: "".join(piece + gap for piece, gap in pairs)),
)


def counted(held: Saved, span: Span) -> Span:
    """The words of a span, counted one by one through the text."""
    at = held.paragraph(span.start)
    paragraphs = held.source.paragraphs
    begun = held.text[paragraphs[at].start : span.start]
    first = sum(count_words(held.slice(each)) for each in paragraphs[:at]) + count_begun(begun)
    return Span(first, first + count_words(held.slice(span)))


@given(st.one_of(PLAIN, TEXTS), st.sampled_from(["", "blank", "lines"]), st.data())
def test_words_are_numbered_as_if_each_were_counted(text: str, mode: str, data: st.DataObject) -> None:
    assume(text.strip())
    held = read_saved("paper", text.encode(), mode)
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    assume(start < end and not text[start].isspace() and not text[end - 1].isspace())
    assert held.words(Span(start, end)) == counted(held, Span(start, end))


@pytest.mark.parametrize("mode", ["", "blank", "lines"])
@pytest.mark.parametrize(
    "gap", [" ", "\n", "\n\n", "\n \n", " \n\n", "\n\n\n", "\n\n ", "  ", "\t", "\u00a0"]
)
@pytest.mark.parametrize("before", ["", " ", "  ", "\n", "\n\n", "\n\n\n", "\t"])
def test_white_space_wherever_it_stands_numbers_no_word(before: str, gap: str, mode: str) -> None:
    text = f"{before}One two{gap}three four.{gap}"
    held = read_saved("paper", text.encode(), mode)
    borders = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    for start, end in ((a[0], b[1]) for a, b in combinations_with_replacement(borders, 2)):
        assert held.words(Span(start, end)) == counted(held, Span(start, end)), (start, end)


def test_a_quote_over_the_end_of_a_paragraph_counts_each_word_once() -> None:
    assert find("One two.\n\nThree four.\n", "two.\n\nThree").runs == (Span(1, 3),)


@given(st.one_of(PLAIN, TEXTS))
def test_most_texts_are_made_ready_for_browsers_at_once(text: str) -> None:
    assume(text.strip())
    as_any_text = " ".join(as_browsers_read(text).split())
    assert read_saved("paper", text.encode()).read == as_any_text


@given(st.integers(1, 6), st.integers(2, 5))
def test_repeated_parts_are_never_taken_for_one_place(times: int, parts: int) -> None:
    text = " ".join(["so it is said again"] * times + ["and then it ended"])
    quote = " […] ".join(["it is said"] * (parts - 1) + ["then it ended"])
    placed = matching.placements(saved(text).folded, Asked(quote), "lines")
    ways = 1
    for chosen in range(parts - 1):
        ways = ways * (times - chosen) // (chosen + 1)
    assert len(placed) == min(ways, matching.LISTED)
