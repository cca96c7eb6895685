"""The demo in a real browser: quiet, readable for everybody, never too wide, whole without scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import shots

import arabic
from browser import (
    Seen,
    Witness,
    axe_findings,
    colour_findings,
    in_view,
    look_at,
    overflow,
    page_of,
    read_words,
    served,
)
from planned import RICH, quick
from site_checks import Demo, kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from conftest import SmallSite


@pytest.fixture(scope="module")
def home(demo: Demo) -> Iterator[str]:
    """The address of the demo, served below a folder as most hosts do it."""
    with served(demo.root) as address:
        yield address


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><img src="http://127.0.0.1:9/x.png">
<script>console.warn("hm"); oops()</script>
<main><p hidden>unseen</p><svg width="3000" height="9"></svg></main>"""


def test_faults_are_seen(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "faulty.html").write_text(FAULTY)
    with served(tmp_path) as address, page_of(chromium) as page:
        heard = Witness(page, address).heard
        page.goto(f"{address}faulty.html")
        assert overflow(page) > 1000
        assert any("image-alt" in finding for finding in axe_findings(page))
        assert not in_view(page, "p")
    said = "\n".join(heard)
    for fault in ("warning: hm", "oops is not defined", "asked for http://127.0.0.1:9/", "did not load"):
        assert fault in said


@pytest.fixture(scope="module")
def seen(demo: Demo, chromium: Browser, home: str) -> Seen:
    """Every page of the demo; closely those that together hold every shape of element."""
    return look_at(chromium, home, demo.names, closely=demo.varied)


# The first test that asks for `seen` waits for all pages.
@pytest.mark.timeout(1200)
def test_no_page_says_or_fetches_anything_of_its_own(seen: Seen) -> None:
    assert seen.heard == []


def test_axe_finds_nothing(seen: Seen) -> None:
    assert seen.findings == []


def test_no_page_scrolls_sideways(seen: Seen) -> None:
    assert seen.too_wide == []


def test_a_text_whose_colours_were_seen_is_not_measured_again(chromium: Browser, tmp_path: Path) -> None:
    """But every other is: a pale text is found once, and once more where the ground differs."""
    pale = '<p style="color: #ccc">pale</p>'
    page_html = '<!doctype html><html lang="en"><title>T</title><main>{}</main>'
    (tmp_path / "pale.html").write_text(page_html.format(f"<h1>One</h1>{pale}{pale}"))
    (tmp_path / "other.html").write_text(page_html.format(f'<div style="background: #eee">{pale}</div>'))
    looks: set[str] = set()
    with page_of(chromium) as page:
        found = []
        for name in ("pale.html", "pale.html", "other.html"):
            page.goto((tmp_path / name).as_uri())
            found.append(len(colour_findings(page, looks)))
    assert found == [1, 0, 1]


def test_a_site_from_right_to_left_is_mirrored(site: Callable[..., SmallSite], chromium: Browser) -> None:
    made = site(arabic.FILES)
    made.build()
    pages = Demo(made.output)
    with served(made.output) as address, page_of(chromium) as page:
        assert look_at(chromium, address, pages.names, closely=pages.varied) == ([], [], [])
        page.goto(f"{address}facts/boat-repair.html")
        assert page.eval_on_selector(".brand a", "a => innerWidth - a.getBoundingClientRect().right") < 120
        assert page.eval_on_selector("h1", "h => getComputedStyle(h).direction") == "rtl"
        assert page.eval_on_selector("blockquote p", "p => getComputedStyle(p).direction") == "ltr"


def test_pictures_are_taken_of_every_kind_of_page(chromium: Browser, tmp_path: Path) -> None:
    for name in ("index", "facts/a", "facts/b"):
        file = tmp_path / "site" / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'<!doctype html><html lang="en"><title>{name}</title><p>{name * 9}')
    assert shots.take(chromium, tmp_path / "site", tmp_path / "made") == 2
    looks = [f"{width}-{theme}.png" for width in (1280, 390) for theme in ("dark", "light")] + ["print.pdf"]
    made = sorted(file.name for file in (tmp_path / "made").iterdir())
    assert made == sorted(f"{page}-{look}" for page in ("facts-b", "index") for look in looks)


#: Whether one text stands to the right of another, on the first line of an element that holds both.
RIGHT_OF = """(element, [one, other]) => {
    const place = (words) => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node; (node = walker.nextNode());) {
            const at = node.data.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            return range.getBoundingClientRect();
        }
        throw new Error(`no ${words} in ${element.textContent}`);
    };
    return place(one).left >= place(other).right - 1;
}"""


@pytest.mark.parametrize(
    ("path", "selector", "one", "other"),
    [
        # Who says it, then what: a sentence of nothing but names that are set apart.
        ("timeline.html", ".row:nth-child(2) .say", "بحسب", "رئيسة"),
        # Publisher and date, taken into a sentence as HTML.
        ("index.html", "figcaption", "جريدة", "4 مارس"),
    ],
)
def test_sentences_of_names_read_from_right_to_left(
    site: Callable[..., SmallSite], chromium: Browser, path: str, selector: str, one: str, other: str
) -> None:
    made = quick(site(arabic.FILES))
    made.build()
    with page_of(chromium) as page:
        page.goto((made.output / path).as_uri())
        assert page.eval_on_selector(selector, RIGHT_OF, [one, other])


def test_a_site_with_every_kind_of_page_is_quiet_and_readable(
    site: Callable[..., SmallSite], chromium: Browser
) -> None:
    """What the demo has not: withdrawn facts, whole texts, corrections, translations, silent sources."""
    made = quick(site(RICH))
    made.build()
    pages = Demo(made.output)
    with served(made.output) as address:
        assert look_at(chromium, address, pages.names, closely=pages.varied) == ([], [], [])


def test_no_kind_of_page_scrolls_sideways_at_any_width(demo: Demo, chromium: Browser, home: str) -> None:
    """On both sides of every width at which a rule begins or ends, and between them."""
    sheets = "".join(path.read_text(encoding="utf-8") for path in (demo.root / "assets").glob("*.css"))
    turns = {round(float(at) * 16) for at in re.findall(r"(?:min|max)-width: ([0-9.]+)rem", sheets)}
    assert len(turns) > 5
    widths = sorted({320, 350, 430, 1100, 1500, 1920, *turns, *(turn - 1 for turn in turns)})
    with page_of(chromium) as page:
        too_wide = {}
        for name in demo.kinds.values():
            page.goto(home + name)
            for width in (width for width in widths if width >= 320):
                page.set_viewport_size({"width": width, "height": 900})
                if over := overflow(page):
                    too_wide[name, width] = over
        assert too_wide == {}


def test_every_page_is_whole_without_scripts(demo: Demo, chromium: Browser) -> None:
    """From files: quiet there too, and scripts show no word that a reader without them would miss."""
    with page_of(chromium) as scripted, page_of(chromium, scripts=False) as plain:
        heard = Witness(scripted, f"{demo.root.as_uri()}/").heard
        for name in demo.kinds.values():
            address = (demo.root / name).as_uri()
            scripted.goto(address)
            plain.goto(address)
            words = Counter(read_words(plain))
            assert words, name
            assert Counter(read_words(scripted)) - words == Counter(), name
        assert heard == []


@pytest.mark.parametrize("scripts", [True, False])
def test_home_leads_to_the_facts_of_one_status(demo: Demo, chromium: Browser, scripts: bool) -> None:
    with page_of(chromium, scripts=scripts) as page:
        page.goto((demo.root / "index.html").as_uri())
        follow(page, r"/timeline\.html#only-confirmed$")
        seen = page.eval_on_selector_all(
            ".row", "rows => rows.filter(row => row.checkVisibility()).map(row => row.dataset.st)"
        )
        assert seen == ["confirmed"] * (demo.root / "timeline.html").read_text().count(
            '<li class="row" data-st="confirmed"'
        )
        assert seen
        empty = page.eval_on_selector_all(
            ".year-g",
            "groups => groups.some(g => g.checkVisibility() && !g.querySelector('[data-st=confirmed]'))",
        )
        assert empty != scripts


def test_a_reader_walks_from_a_fact_to_its_words_and_back(demo: Demo, chromium: Browser) -> None:
    """From a file, without scripts: fact, passage, actor, month, and the same fact again."""
    fact, month = a_fact_of_a_month(demo)
    with page_of(chromium, scripts=False) as page:
        page.goto((demo.root / fact).as_uri())
        follow(page, r"/sources/[a-z0-9-]+\.html#q-[0-9a-f]{8}$")
        passage = page.url.partition("#")[2]
        assert page.eval_on_selector(":target", "element => element.id") == passage
        assert in_view(page, ":target")

        follow(page, f"/{re.escape(fact)}$")
        follow(page, r"/actors/[a-z0-9-]+\.html$")
        follow(page, f"/{re.escape(fact)}$")
        follow(page, f"/{re.escape(month)}$")
        follow(page, f"/{re.escape(fact)}$")
        assert page.url.endswith(fact)


def a_fact_of_a_month(demo: Demo) -> tuple[str, str]:
    """The first fact whose page leads to the page of a month, and that month's page."""
    for name in demo.names:
        if kind_of(name) == "facts/*.html":
            for link in demo.pages[name].links:
                if kind_of(link.path) == "dates/0-0.html":
                    return name, link.path
    raise AssertionError("no fact leads to a month")


def follow(page: Page, address: str) -> None:
    """Click the first link in sight whose whole address ends as the pattern says."""
    for link in page.locator("main a[href]").all():
        if re.search(address, str(link.evaluate("a => a.href"))) and link.is_visible():
            link.click()
            return
    raise AssertionError(f"no link to {address} in sight on {page.url}")
