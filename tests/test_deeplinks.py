"""Links to a passage: how fragments are written, when there is none, and where a browser lands."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser import in_view, page_of, served
from conftest import TEXT
from generator.deeplinks import Directive, address, as_browsers_read, astray, directives, fragment
from planned import RICH, Planned, quick

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from conftest import SmallSite

Make = Callable[..., "SmallSite"]

# --- fragments ----------------------------------------------------------------------------------------

LONG = "word " * 100

FRAGMENTS = {
    "plain words": ([["night ferry"]], {}, "text=night%20ferry"),
    "what parts the terms": ([["S-400, R&D"]], {}, "text=S%2D400%2C%20R%26D"),
    "what addresses use": ([["50% #1 a/b?c=d+e"]], {}, "text=50%25%20%231%20a%2Fb%3Fc%3Dd%2Be"),
    "letters and quotation marks": ([["“café”"]], {}, "text=%E2%80%9Ccaf%C3%A9%E2%80%9D"),
    "beyond the first plane": ([["𝄞 clef"]], {}, "text=%F0%9D%84%9E%20clef"),
    "from right to left": ([["قال"]], {}, "text=%D9%82%D8%A7%D9%84"),
    "line breaks and wide spaces": ([["two\nwords\u00a0here"]], {}, "text=two%20words%20here"),
    "a soft hyphen": ([["anti\u00adaircraft"]], {}, "text=antiaircraft"),
    "a line end after a soft hyphen": ([["anti\u00ad\naircraft"]], {}, "text=antiaircraft"),
    "a line end between wide letters": ([["十\n一"]], {}, "text=%E5%8D%81%E4%B8%80"),
    "a prefix": ([["the boat"]], {"prefix": "so-called "}, "text=so%2Dcalled-,the%20boat"),
    "a suffix": ([["the boat"]], {"suffix": ", he"}, "text=the%20boat,-%2C%20he"),
    "both": ([["boat"]], {"prefix": "a", "suffix": "b"}, "text=a-,boat,-b"),
    "words left out": ([["A first boat", "by spring"]], {}, "text=A%20first%20boat,by%20spring"),
    "three runs": ([["one", "two", "three"]], {"prefix": "p"}, "text=p-,one,three"),
    "several parts": ([["forty"], ["two goats"]], {}, "text=forty&text=two%20goats"),
    "a paragraph end": ([["One end.\n\nA start"]], {}, "text=One%20end.,A%20start"),
    "paragraphs of one line": ([["One.\nTwo"]], {"paragraphing": "lines"}, "text=One.,Two"),
    "long words": ([[LONG]], {}, f"text={'%20'.join(['word'] * 24)},{'%20'.join(['word'] * 24)}"),
    "long without spaces": ([["导" * 301]], {}, f"text={'%E5%AF%BC' * 120},{'%E5%AF%BC' * 120}"),
    "a long beginning": ([[LONG, "end"]], {}, f"text={'%20'.join(['word'] * 24)},end"),
}


@pytest.mark.parametrize(("parts", "more", "expected"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_fragments(parts: list[list[str]], more: dict[str, Any], expected: str) -> None:
    assert fragment(directives(parts, **more)) == f":~:{expected}"


def test_prefix_and_suffix_stand_at_the_outermost_parts() -> None:
    assert directives([["a"], ["b"]], prefix="p", suffix="s") == (
        Directive("a", prefix="p"),
        Directive("b", suffix="s"),
    )


ADDRESSES = {
    "bare": ("https://a.example/x", "https://a.example/x#:~:text=b"),
    "with a query": ("https://a.example/?q=1&r=2", "https://a.example/?q=1&r=2#:~:text=b"),
    "with a place": ("https://a.example/x#p2", "https://a.example/x#p2:~:text=b"),
    "with a fragment of its own": ("https://a.example/x#:~:text=old", "https://a.example/x#:~:text=b"),
}


@pytest.mark.parametrize(("url", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses(url: str, expected: str) -> None:
    assert address(url, [Directive("b")]) == expected
    assert address(url, []) == url


@given(st.text(min_size=1).filter(lambda words: any(char.isalnum() for char in words)))
def test_a_term_holds_nothing_that_parts_terms(words: str) -> None:
    (one,) = directives([[words]], "lines")
    term = r"(?:[A-Za-z0-9._~]|%[0-9A-F]{2})+"
    assert re.fullmatch(f":~:text={term}(?:,{term})?", fragment([one]))


# --- astray -------------------------------------------------------------------------------------------

#: A text with the passage between « and », what is looked for, and whether a browser meets others first.
ASTRAY = {
    "once": ("A «night ferry» left.", Directive("night ferry"), False),
    "again further down": ("A «night ferry» left. The night ferry sank.", Directive("night ferry"), False),
    "first in a headline": ("NIGHT FERRY SAVED\n\nThe «night ferry» left.", Directive("night ferry"), True),
    "first with an accent": ("Café Nord. The «cafe nord» shut.", Directive("cafe nord"), True),
    "first over a line end": ("Night\nferry. The «night ferry» left.", Directive("night ferry"), True),
    "first with other quotation marks": ('It\'s late. «It’s late», again.', Directive("It’s late"), True),
    "only in a longer word": ("Unacceptable. An «acceptable» price.", Directive("acceptable"), False),
    "told apart by a prefix": (
        "Night ferry. The «night ferry» left.", Directive("night ferry", prefix="The"), False
    ),
    "not told apart by a prefix": (
        "THE night ferry. The «night ferry» left.", Directive("night ferry", prefix="The"), True
    ),
    "told apart by a suffix": (
        "Night ferry stays. The «night ferry» left.", Directive("night ferry", suffix="left"), False
    ),
    "told apart by its end": ("One boat. «One boat and two» oars.", Directive("One boat and", "two"), False),
    "the end stands after both": ("One boat. «One boat, or two».", Directive("One boat", "two"), True),
    "told apart by what follows the end": (
        "One a two b. «One a two» c.", Directive("One", "two", suffix="c"), True
    ),
}  # fmt: skip


@pytest.mark.parametrize(("marked", "wanted", "expected"), ASTRAY.values(), ids=ASTRAY)
def test_what_leads_astray(marked: str, wanted: Directive, expected: bool) -> None:
    text = marked.replace("«", "").replace("»", "")
    assert astray(as_browsers_read(text), wanted, text[: marked.index("«")]) is expected


# --- on pages -----------------------------------------------------------------------------------------

HEADLINE = TEXT.replace("Harbour town votes", "THE NIGHT FERRY RUNNING: town votes")


def sources(more: str = "") -> str:
    return (
        "{id: ferry-vote, title: T, publisher: P, published: 2020-03-04, text: ferry.txt,\n"
        f' url: "https://example.org/vote?a=1&b=2"{more}}}\n'
    )


def quoting(quote: str) -> str:
    return (
        "- {id: f, statement: F., date: 2020-03-03, actors: [marlow-council],\n"
        f"   evidence: [{{source: ferry-vote, {quote}}}]}}\n"
    )


def links_of(planned: Planned) -> list[str]:
    """The links that lead out of the fact's page."""
    found = re.findall(r'<a[^>]* href="([^"]*)" rel="external"', planned.html("facts/f.html"))
    return [html.unescape(link) for link in found]


LINKED = {
    "a quote": ("quote: keep the night ferry", "", "#:~:text=keep%20the%20night%20ferry"),
    "first in a headline": ("quote: the night ferry running", "", ""),
    "with a prefix": ("quote: the night ferry running, prefix: to keep", "",
                      "#:~:text=to%20keep-,the%20night%20ferry%20running"),
    "several": ("quote: [Mayor Ada Brook, leave the island]", "",
                "#:~:text=Mayor%20Ada%20Brook&text=leave%20the%20island"),
    "words left out": ('quote: "A first boat […] by spring", omission: shorter', "",
                       "#:~:text=A%20first%20boat,by%20spring"),
    "no words may be shown": ("quote: keep the night ferry", ", rights: none", ""),
    "the prefix is beyond the limits": (
        "quote: the council of Marlow voted on Tuesday to keep the night ferry, prefix: its ferry The", "", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize(("quote", "more", "expected"), LINKED.values(), ids=LINKED)
def test_a_quote_leads_to_the_original(site: Make, quote: str, more: str, expected: str) -> None:
    files = {
        "site.yaml": "{format: 1, title: T, limits: {words: 12, share: 0.9}}\n",
        "content/sources/ferry.txt": HEADLINE.replace("The council", "the council"),
        "content/sources/ferry.yaml": sources(more),
        "content/facts/f.yaml": quoting(quote.replace("its ferry The", "keep its ferry")),
    }
    planned = Planned(site(files))
    assert planned.told == []
    assert links_of(planned) == [f"https://example.org/vote?a=1&b=2{expected}"]
    words = "Open the original at this passage" if expected else "Open the original"
    assert f">{words}</a>" in planned.html("facts/f.html")


@pytest.mark.parametrize("words", ["耗時十一個月", "和Fährschiffe停運"])
def test_a_wrapped_text_leads_to_an_original_that_is_not(site: Make, words: str) -> None:
    """Nobody prints the space that browsers make of a line end within Chinese, or after a soft hyphen."""
    files = {
        "content/sources/ferry.txt": "維修工程耗時十\n一個月。列\n車和Fähr\u00ad\nschiffe停運。\n\n完。\n",
        "content/sources/ferry.yaml": sources().replace("text:", "language: zh, rights: full, text:"),
        "content/facts/f.yaml": quoting(f"quote: {words}"),
    }
    planned = Planned(site(files))
    assert planned.told == []
    assert [unquote(link).partition("#:~:text=")[2] for link in links_of(planned)] == [words]
    for page in ("facts/f.html", "sources/ferry-vote.html", "verify.html"):
        assert words in planned.html(page)


def test_the_lock_knows_what_leads_astray(site: Make) -> None:
    from generator.build import relock

    made = site(
        {
            "content/sources/ferry.txt": HEADLINE,
            "content/sources/ferry.yaml": sources(),
            "content/facts/f.yaml": quoting("quote: the night ferry running"),
        }
    )
    before = Planned(made).rendered()
    relock(made.root)
    assert '"astray":true' in (made.root / "content/evidence.lock").read_text()
    (made.root / "content/sources/ferry.txt").unlink()
    after = Planned(made)
    assert after.rendered() == before
    assert links_of(after) == ["https://example.org/vote?a=1&b=2"]


def test_a_source_without_an_address_has_no_such_links(site: Make) -> None:
    planned = Planned(site({"content/facts/f.yaml": quoting("quote: keep the night ferry")}))
    assert links_of(planned) == []
    assert "data-originalurl" not in planned.html("sources/ferry-vote.html")


def test_links_are_robust(site: Make) -> None:
    """As https://robustlinks.mementoweb.org/spec/ has it: original, copy and the day of the copy."""
    planned = Planned(site(RICH))
    page = planned.html("facts/ferry-kept.html")
    original = 'data-originalurl="https://example.org/vote"'
    copy = 'data-versionurl="https://archive.example.org/vote"'
    day = 'data-versiondate="2020-03-06"'
    assert f'rel="external" {original} {copy} {day}>Open the original at this passage</a>' in page
    assert f'href="https://archive.example.org/vote" rel="external" {original} {day}>' in page
    assert "Archived copy of 6 March 2020" in page
    source = planned.html("sources/ferry-vote.html")
    assert f"{original} {copy} {day}>Read the original</a>" in source
    link = 'href="https://example.org/vote#:~:text=voted%20on%20Tuesday%20to%20keep%20the%20night%20ferry"'
    assert f'{link} rel="external">In the original</a>' in source


def test_a_copy_of_an_unknown_day_bears_no_day(site: Make) -> None:
    files = {
        path: text and text.replace("date: 2020-03-06}", 'date: "2020-03"}') for path, text in RICH.items()
    }
    page = Planned(site(files)).html("facts/ferry-kept.html")
    assert "Archived copy of March 2020" in page
    assert "data-versiondate" not in page
    assert "data-versionurl" in page


# --- in a browser -------------------------------------------------------------------------------------


def test_a_browser_lands_on_the_passage(chromium: Browser, tmp_path: Path) -> None:
    """On a page made from the saved text, whose headline says the same in capitals."""
    far = "<div style='height: 3000px'></div>"
    blocks = (
        "<h1>BOAT-BACK, &amp; THE NIGHT FERRY</h1>",
        "<p id=a>Old: boat-back, &amp; the night ferry left.</p>",
        "<p id=b>A first boat is\n to be “repaired” by&nbsp;spring.</p>",
        "<p id=c>One paragraph ends here.</p><p id=d>Another one begins.</p>",
        "",
    )
    body = far.join(blocks)
    (tmp_path / "page.html").write_text(f"<!doctype html><meta charset=utf-8><title>T</title>{body}")
    cases = [
        ("#a", directives([["boat-back, & the night ferry"]], prefix="Old:")),
        ("h1", directives([["boat-back, & the night ferry"]])),
        ("#b", directives([["to be “repaired” by spring"]])),
        ("#b", directives([["A first boat", "by\nspring"]])),
        ("#d", directives([["one begins"], ["A first boat"]])),
        ("#c", directives([["paragraph ends here.\n\nAnother one"]])),
    ]
    with served(tmp_path) as home, page_of(chromium) as page:
        for target, wanted in cases:
            page.goto("about:blank")
            page.goto(address(f"{home}page.html", wanted))
            page.wait_for_function("name => scrollY > 0 || name === 'h1'", arg=target)
            assert in_view(page, target), (target, fragment(wanted))


@pytest.mark.parametrize("width", [1280, 320])
def test_every_quote_leads_to_its_passage_in_sight(chromium: Browser, site: Make, width: int) -> None:
    """The passage is the target, in the window, with nothing over it; full texts and wordless ones too."""
    made = quick(site(RICH))
    made.build()
    planned = Planned(made)
    hrefs = {
        e.href for f in planned.dossier.facts.values() for e in planned.view(f"facts/{f.id}.html").evidence
    }
    with page_of(chromium, width=width, scripts=False) as page:
        page.set_viewport_size({"width": width, "height": 500})
        for href in sorted(hrefs):
            page.goto("about:blank")
            page.goto(f"{(made.output / 'sources').as_uri()}/../{href}")
            seen = page.evaluate(
                """() => {
                    const target = document.querySelector(":target");
                    let shown = target;
                    while (shown.matches("span")) shown = shown.nextElementSibling;
                    const box = shown.getClientRects()[0];
                    const over = document.elementFromPoint(box.left + 2, box.top + 2);
                    const marked = shown.querySelector("mark, .ref") || shown;
                    const outlined = getComputedStyle(marked).outlineStyle === "solid";
                    return [target.id, box.top >= 0 && box.top < innerHeight, shown.contains(over), outlined];
                }"""
            )
            assert seen == [href.partition("#")[2], True, True, True], href
