"""Readers check the quotes in their own browser: folded as we do it, with the same verdicts, nothing sent."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_detached import FILES, ISLAND, TEXT, wrapped
from test_fold import ALPHABET, FOLDED, NEVER_FOLDED

from browser import Witness, axe_findings, overflow, page_of, served
from generator.browserfold import STEPS
from generator.copies import Copy, unbroken
from generator.fold import fold
from generator.words import cuts_word
from planned import RICH, Planned, quick
from site_checks import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from conftest import SmallSite

Make = Callable[..., "SmallSite"]

#: More of what borders and folds depend on, in scripts with and without spaces.
LETTERS = (
    ALPHABET
    + "12.,'’nt_- \u200c\u200dकाไทยم\ufeff\x1cÅ\u0958ﬅ\u2011\U00020000\u30fb\u061c"
    + "·．\u0e33\u1039\u17d2\u1000\U0001f1f7\U0001f1fa\U0001f44d\U0001f3fd\U000e0067"
)
#: Characters of which numbers with thousands marks are made, and what may stand beside them.
DIGITS = "111222333   .,'-x\u2011"


@pytest.fixture
def folder(site: Make) -> Path:
    made = quick(site(FILES))
    assert made.build().codes == []
    return made.output


@pytest.fixture
def page(chromium: Browser, folder: Path) -> Iterator[Page]:
    """The page, opened as a file; it may ask for nothing but files of its folder, and must be quiet."""
    with page_of(chromium) as page:
        heard = Witness(page, f"{folder.as_uri()}/").heard
        page.goto((folder / "verify.html").as_uri())
        yield page
        assert heard == []


def choose(page: Page, *articles: str | bytes) -> None:
    """Choose files, and wait until the page says what came of the last of them."""
    page.set_input_files(
        "#article",
        [
            {
                "name": f"{n}.txt",
                "mimeType": "text/plain",
                "buffer": a if isinstance(a, bytes) else a.encode(),
            }
            for n, a in enumerate(articles, 1)
        ],
    )
    wait_for(page, f"{len(articles)}.txt")


def wait_for(page: Page, name: str) -> None:
    """Wait until the page speaks of a file; verdicts are given at the same moment."""
    page.locator("[role=status] p", has_text=name).first.wait_for()


def verdicts(page: Page) -> list[str]:
    return page.eval_on_selector_all("[data-quote]", "lines => lines.map(line => line.dataset.quote)")


def told(page: Page) -> str:
    return page.inner_text("[role=status]")


def test_the_very_article_verifies_from_a_file(page: Page) -> None:
    choose(page, TEXT, ISLAND)
    assert verdicts(page) == ["verified"] * 6
    assert "1.txt is the very text that was saved of “Harbour town votes" in told(page)
    assert "3 of 3" in told(page)
    assert page.inner_text(".verdict >> nth=0") == "Verified"
    assert axe_findings(page) == []


def test_one_changed_word_is_flagged_and_no_other(page: Page) -> None:
    choose(page, TEXT.replace("night ferry running", "day ferry running"))
    assert sorted(verdicts(page)) == ["", "", "", "found", "found", "missing"]
    flagged = page.inner_text("[data-quote=missing]")
    assert "keep the night ferry running" in flagged
    assert "Not found in your copy" in flagged
    assert "another copy" in told(page)
    assert "2 of 3" in told(page)
    page.emulate_media(color_scheme="dark")
    assert axe_findings(page) == []


def test_another_copy_with_other_line_breaks_is_found(page: Page) -> None:
    choose(page, wrapped(ISLAND, 17, "\r\n"), b"\xef\xbb\xbf" + wrapped(TEXT, 33).encode())
    assert verdicts(page) == ["found"] * 6


def test_a_text_of_no_source_changes_nothing_unless_its_source_is_named(page: Page) -> None:
    choose(page, "Something else entirely, about bees.\n")
    assert verdicts(page) == [""] * 6
    assert "fits none of these sources" in told(page)
    page.select_option("#which", "s-island")
    page.fill("#pasted", "Bees! Nobody on the island was asked.")
    page.click("button[name=compare]")
    wait_for(page, "pasted")
    assert sorted(verdicts(page)) == ["", "", "", "found", "missing", "missing"]


def test_a_file_that_is_dropped_is_compared(page: Page) -> None:
    page.evaluate(
        """text => {
            const held = new DataTransfer();
            held.items.add(new File([text], "1.txt"));
            const how = {dataTransfer: held, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new DragEvent("drop", how));
        }""",
        TEXT,
    )
    wait_for(page, "1.txt")
    assert verdicts(page).count("verified") == 3


def test_without_a_digest_the_page_says_that_only_words_were_compared(
    chromium: Browser, folder: Path
) -> None:
    with page_of(chromium) as page:
        page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
        page.goto((folder / "verify.html").as_uri())
        choose(page, TEXT)
        assert verdicts(page).count("found") == 3
        assert "only the words were compared" in told(page)


def test_without_scripts_the_page_says_how_to_do_it_by_hand(chromium: Browser, folder: Path) -> None:
    with page_of(chromium, scripts=False) as page:
        page.goto((folder / "verify.html").as_uri())
        assert not page.is_visible("form")
        assert "runs no scripts" in page.inner_text("main")
        assert "sha256sum" in page.text_content("details")
        assert "voted on Tuesday to keep the night ferry running" in page.inner_text("main")


def test_it_works_over_a_server_and_is_never_too_wide(chromium: Browser, folder: Path) -> None:
    with served(folder) as home, page_of(chromium, width=320) as page:
        heard = Witness(page, home).heard
        page.goto(f"{home}verify.html")
        choose(page, TEXT)
        assert verdicts(page).count("verified") == 3
        assert overflow(page) == 0
        page.goto(f"{home}method.html")
        assert overflow(page) == 0
        assert heard == []


# --- the same folding ---------------------------------------------------------------------------------


def random_texts() -> list[str]:
    chance = random.Random(1)
    return ["".join(chance.choices(LETTERS, k=chance.randint(0, 14))) for _ in range(4000)]


def test_the_browser_folds_as_we_do(page: Page) -> None:
    assert all(unicodedata.category(char) != "Cn" for char in LETTERS)
    texts = [text for text, _ in FOLDED.values()] + list(NEVER_FOLDED.values()) + random_texts()
    assert page.evaluate("texts => texts.map(fold)", texts) == [unbroken(text) for text in texts]
    # The profile alone, without what makes one paragraph of a text.
    profile = "texts => texts.map(t => steps.slice(2).reduce((t, [a, b]) => t.replace(a, b), t).normalize())"
    assert page.evaluate(profile, texts) == [fold(text).text for text in texts]


def test_the_browser_knows_white_space_as_we_do(page: Page) -> None:
    blanks = [chr(n) for n in range(0x3100) if chr(n).isspace()]
    assert page.evaluate("texts => texts.map(fold)", [f" {blank}" for blank in blanks]) == [""] * len(blanks)
    assert page.evaluate("fold('\\ufeffa')") == "\ufeffa"
    assert len(STEPS) > 8


def test_the_browser_tears_words_where_we_do(page: Page) -> None:
    """In folded texts, at every border; digits beyond the decimal ones may differ."""
    chance = random.Random(3)
    texts = [unbroken(text) for text in random_texts()]
    texts += [unbroken("".join(chance.choices(DIGITS, k=chance.randint(5, 20)))) for _ in range(4000)]
    # The script counts UTF-16 units, and borders stand between code points.
    torn = "texts => texts.map(t => { let at = 0; return ['', ...t].map(c => torn(t, at += c.length)); })"
    found = page.evaluate(torn, texts)
    expected = [[cuts_word(text, at) for at in range(len(text) + 1)] for text in texts]
    differ = [t for t, js, here in zip(texts, found, expected, strict=True) if js != here]
    assert differ == []


TORN = {
    "a number with a thousands space": ("It cost 12 500 euro.", "500 euro"),
    "a longer one": ("It cost 12 500 000 euro.", "12 500"),
    "a number with apostrophes": ("Es kostet 50’000 Franken.", "50"),
    "a middle dot": ("It weighs 3·50 tons.", "50 tons"),
    "a full-width point": ("重さ３．５０トン", "５０"),
    "half a flag": ("\U0001f1f9\U0001f1f7\U0001f1f7\U0001f1fa fly", "\U0001f1f7\U0001f1f7"),
    "an emoji without its skin tone": ("posted \U0001f44d\U0001f3fd now", "\U0001f44d"),
    "a stacked letter": ("က္ကခ", "က"),
    "a Khmer cluster": ("ក្ក", "ក"),
    "a Thai vowel": ("น้ำ", "น้"),
}


@pytest.mark.parametrize(("text", "quote"), TORN.values(), ids=TORN)
def test_a_part_of_a_number_or_a_character_is_not_found_in_a_copy(text: str, quote: str) -> None:
    assert not Copy.of(text).holds([quote])


def test_nor_does_the_browser_find_one(page: Page) -> None:
    found = page.evaluate("cases => cases.map(([t, q]) => holds(fold(t), [fold(q)]))", [*TORN.values()])
    assert found == [False] * len(TORN)


def test_the_browser_finds_quotes_where_we_do(page: Page) -> None:
    chance = random.Random(2)
    cases = []
    for text in random_texts():
        start, middle = sorted(chance.choices(range(len(text) + 1), k=2))
        cases.append((text * 2, [text[start:middle], text[middle:]]))
    found = page.evaluate("cases => cases.map(([t, runs]) => holds(fold(t), runs.map(fold)))", cases)
    expected = [Copy.of(text).holds(runs) for text, runs in cases]
    assert found == expected
    assert 100 < sum(expected) < len(expected) - 100


# --- what stands on the page --------------------------------------------------------------------------


def test_a_source_whose_rights_allow_no_words_offers_its_digest_alone(site: Make) -> None:
    planned = Planned(site(RICH))
    view = planned.view("verify.html")
    letter = next(s for s in view.sources if s.source.id == "letter")
    assert letter.quotes == ()
    assert letter.count == 2
    html = planned.html("verify.html")
    assert "zebrawood" not in html
    assert letter.sha256 in html


def test_every_published_passage_stands_there_once(site: Make) -> None:
    planned = Planned(site(RICH))
    hrefs = [quote.href for source in planned.view("verify.html").sources for quote in source.quotes]
    passages = [
        f"{path}#{passage.anchor}"
        for path, page in planned.pages.items()
        if path.startswith("sources/")
        for passage in page.view.passages
        if passage.runs
    ]
    assert sorted(hrefs) == sorted(passages)


def test_a_large_site_is_split_by_sources(site: Make) -> None:
    files = {**RICH, "site.yaml": str(RICH["site.yaml"]).replace("context: 2", "lists: 4")}
    planned = Planned(site(files))
    pages = [path for path in planned.pages if path.startswith("verify")]
    assert pages[:2] == ["verify.html", "verify.p1.html"]
    front = planned.view("verify.html")
    assert not any(source.quotes for source in front.sources)
    assert "verify.js" not in planned.html("verify.html")
    assert "<form" not in planned.html("verify.html").split("<main")[1]
    held = [s.source.id for path in pages[1:] for s in planned.view(path).sources]
    assert held == [s.source.id for s in front.sources]
    for source in front.sources:
        path, _, anchor = source.href.partition("#")
        assert f'id="{anchor}"' in planned.html(path)


def test_a_site_without_quotes_has_no_such_page(site: Make) -> None:
    planned = Planned(site({"content/facts/f.yaml": "[]\n", "content/actors/marlow.yaml": None,
                            "content/sources/ferry.yaml": None}))  # fmt: skip
    assert "verify.html" not in planned.pages
    assert "verify.html" not in planned.html("index.html")


def test_the_page_on_method_follows_the_settings_and_gives_way_to_the_editors_own(site: Make) -> None:
    planned = Planned(site(RICH))
    text = planned.text("method.html")
    told = (
        *("At most 40 words", "at most 90 per cent", "2 words are shown on either side", "fold-1"),
        *("shown in full", "no words are shown at all", "soft hyphen", "Two or more independent"),
    )
    for words in told:
        assert words in text
    assert 'href="../method.html">Matches the saved text' in planned.html("facts/ferry-kept.html")
    assert 'href="method.html">What a tick means' in planned.html("index.html")
    own = {"content/pages/method.md": "---\ntitle: Our method\n---\nWe read.\n"}
    theirs = Planned(site({**RICH, **own}, folder="own"))
    assert "We read." in theirs.text("method.html")
    assert theirs.html("index.html").count('href="method.html"') == len(
        re.findall("Our method|Matches the saved text", theirs.text("index.html"))
    )


def test_both_pages_are_sound(site: Make, nu: Callable[[Path], list[str]], tmp_path: Path) -> None:
    planned = Planned(site(RICH))
    for path in ("verify.html", "method.html"):
        (tmp_path / path).write_text(planned.html(path))
    assert nu(tmp_path) == []
    assert Demo(tmp_path).pages["verify.html"].refused == []
