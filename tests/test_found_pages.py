"""What pages tell of how a quote was found: every fold in words, and many scripts, on a whole site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import SmallSite, digests
from generator import build, terms
from generator.fold import joined
from planned import Planned, Quick, quick

Make = Callable[..., SmallSite]

#: A paragraph of the source, the quote as typed, and what was passed over.
FOLDS: dict[str, tuple[str, str, str]] = {
    "none": ("The ferry ran at dusk.", "ferry ran at dusk", ""),
    "no-break": ("It carried 50\u00a0guests home.", "carried 50 guests", "a no-break space"),
    "narrow": ("It cost 1\u202f200 crowns then.", "cost 1 200 crowns", "a no-break space"),
    "thin": ("About 3\u2009000 people waved.", "3 000 people waved", "a thin space"),
    "quotes": ("“We sail on”, said Ada.", '"We sail on"', "curly quotes"),
    "quotes-typed": ('Bo said: "We stay here."', "“We stay here.”", "curly quotes"),
    "apostrophe": ("The captain’s wheel broke.", "captain's wheel broke", "a curly apostrophe"),
    "soft-hyphen": ("An extra\u00adordinary evening came.", "extraordinary evening", "a soft hyphen"),
    "line-break": ("Nobody on board had\nseen the rock.", "had seen the rock", "a line break"),
    "line-break-typed": ("Every lamp went out.", "lamp went\nout", "a line break"),
    "wide-break": ("船在黄昏\n时开走了。", "黄昏时开走", "a line break"),
    "form": ("Le cafe\u0301 resta ferme\u0301.", "café resta fermé", "letters stored in another form"),
    "form-typed": ("Zoë kept the crew’s log.", "Zoe\u0308 kept the", "letters stored in another form"),
    "ligature": ("The ﬁrst ﬂood came.", "first flood came", "a ligature"),
    "two": ("A “small\u00a0boat” turned.", 'A "small boat" turned', "a no-break space and curly quotes"),
    "three": (
        "It’s a “big\nship” that sank.",
        'It\'s a "big ship" that sank',
        "curly quotes, a curly apostrophe and a line break",
    ),
    "all": (
        "“Don’t\u00a0fill\u2009the ofﬁ\u00adce\nof Zoe\u0308”, he wrote.",
        '"Don\'t fill the office of Zoë"',
        ", ".join(list(terms.FOLD.values())[:-1]) + " and a ligature",
    ),
    "omission": ("The mate\u00a0saw really nothing odd.", "The mate saw […] nothing odd", "a no-break space"),
    "same-on-both-sides": ("A “round” table stood.", "A “round” table stood", ""),
}
#: Quotes in scripts of all kinds, each with the text around it.
SCRIPTS: dict[str, tuple[str, str]] = {
    "arabic": ("قال الوزير: «إنّ الاتّفاقَ نهائيّ» أمس.", "إنّ الاتّفاقَ نهائيّ"),
    "hebrew": ("השר אָמַר: ״לא נְוַתֵּר״ אתמול.", "לא נְוַתֵּר"),
    "chinese": ("部长表示不会取消《协议》的内容。", "不会取消《协议》"),
    "japanese": ("首相は「か\u3099まんする」と述べた。", "「がまんする」と述べた"),
    "korean": ("터키 정부는 \u1112\u1161\u11ab국과 만났다.", "한국과 만났다"),
    "thai": ("รัฐบาลประกาศว่าจะซื้อเรือ", "ประกาศว่าจะซื้อ"),
    "khmer": ("រដ្ឋាភិបាលបានប្រកាសថ្មី", "បានប្រកាស"),
    "hindi": ("मंत्री ने कहा कि समझौता अंतिम है।", "समझौता अंतिम है"),
    "astral": ("They signed 👩\u200d🚀👍🏽 with 𝒶 pen 𐎠𐎡.", "signed 👩\u200d🚀👍🏽 with 𝒶 pen 𐎠𐎡"),
}


def yaml(key: str, quote: str) -> str:
    lines = "".join(f"        {line}\n" for line in quote.split("\n"))
    return (
        f"- id: {key}\n  statement: S.\n  date: '2020'\n  evidence:\n"
        f"    - source: log\n      omission: short\n      quote: |-\n{lines}"
    )


@pytest.fixture
def logs(site: Make) -> Quick:
    """A site with one source, a paragraph of it for each case, and a fact for each."""
    cases = {key: (text, quote) for key, (text, quote, _) in FOLDS.items()} | SCRIPTS
    return quick(
        site(
            {
                "site.yaml": "{format: 1, title: Logs, limits: {words: 60, share: 1}}\n",
                "content/sources/ferry.yaml": (
                    "{id: log, title: Log, publisher: P, published: 2020, text: ferry.txt}\n"
                ),
                "content/sources/ferry.txt": "\n\n".join(text for text, _ in cases.values()) + "\n",
                "content/actors/marlow.yaml": None,
                "content/facts/f.yaml": "".join(yaml(key, quote) for key, (_, quote) in cases.items()),
            }
        )
    )


def test_what_was_folded_is_told_in_words(logs: Quick) -> None:
    planned = Planned(logs)
    assert planned.told == []
    told = {key: planned.view(f"facts/{key}.html").evidence[0] for key in (*FOLDS, *SCRIPTS)}
    for key, (text, _, folded) in FOLDS.items():
        words = f"exact apart from {folded}" if folded else "exact"
        assert told[key].state_words == f"Matches the saved text, {words}", key
        assert told[key].state == ("folded" if folded else "exact")
        assert all(run.words in joined(text) for run in told[key].runs), "the source's own words are shown"
    for key, (text, _) in SCRIPTS.items():
        assert told[key].runs[0].words in text
    page = planned.text("facts/three.html")
    assert (
        "Matches the saved text, exact apart from curly quotes, a curly apostrophe and a line break" in page
    )


def test_in_every_script_the_lock_gives_the_same_pages_as_the_text(logs: Quick) -> None:
    assert logs.build().codes == []
    assert build.relock(logs.root).ok
    (logs.root / "content/sources/ferry.txt").unlink()
    outcome = logs.build(output=logs.root / "by-lock")
    assert (outcome.codes, outcome.result.against_texts) == ([], 0)
    assert digests(logs.root / "by-lock") == logs.files()
