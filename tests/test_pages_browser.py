"""The demo in a real browser: quiet, readable for everybody, never too wide, whole without scripts."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

import arabic
from browser import WIDTHS, Theme, Witness, axe_findings, in_view, overflow, page_of, read_words, served
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


def test_no_page_says_or_fetches_anything_of_its_own(demo: Demo, chromium: Browser, home: str) -> None:
    with page_of(chromium) as page:
        heard = Witness(page, home).heard
        for name in demo.names:
            page.goto(home + name)
        assert heard == []


@pytest.mark.timeout(1200)
def test_axe_finds_nothing(demo: Demo, chromium: Browser, home: str) -> None:
    """On every page in CI, elsewhere on pages that hold every shape of the site; in the dark colours differ,
    on a phone the places do.
    """
    with page_of(chromium) as page:
        findings = []
        for name in sorted(demo.pages) if os.environ.get("CI") else demo.varied:
            page.goto(home + name)
            findings += axe_findings(page)
            if name not in demo.varied:
                continue
            findings += axe_findings(page, "target-size")
            page.emulate_media(color_scheme="dark")
            findings += axe_findings(page, "color-contrast")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 390, "height": 900})
            findings += axe_findings(page, "target-size", "scrollable-region-focusable")
            page.set_viewport_size({"width": 1280, "height": 900})
        assert findings == []


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_site_from_right_to_left_is_mirrored(
    site: Callable[..., SmallSite], chromium: Browser, width: int, theme: Theme
) -> None:
    made = site(arabic.FILES)
    made.build()
    findings = []
    with served(made.output) as address, page_of(chromium, width=width, theme=theme) as page:
        for name in Demo(made.output).kinds.values():
            page.goto(address + name)
            findings += axe_findings(page)
            assert overflow(page) == 0, name
        page.goto(f"{address}facts/boat-repair.html")
        assert page.eval_on_selector(".brand a", "a => innerWidth - a.getBoundingClientRect().right") < 120
        assert page.eval_on_selector("h1", "h => getComputedStyle(h).direction") == "rtl"
        assert page.eval_on_selector("blockquote p", "p => getComputedStyle(p).direction") == "ltr"
    assert findings == []


def test_no_page_scrolls_sideways(demo: Demo, chromium: Browser, home: str) -> None:
    with page_of(chromium) as page:
        too_wide = {}
        for name in sorted({*demo.kinds.values(), *demo.varied}):
            page.goto(home + name)
            for width in WIDTHS:
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
