"""Where things stand on a page, in a real browser: what only an eye would notice otherwise."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from browser import DESK, PHONE, look_at, page_of, served
from conftest import SmallSite
from planned import RICH, quick
from site_checks import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def home(demo: Demo) -> Iterator[str]:
    with served(demo.root) as address:
        yield address


def box(page: Page, selector: str) -> dict[str, float]:
    """Where the first match stands."""
    found = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return dict(found)


@pytest.mark.parametrize(("width", "beside"), [(DESK, True), (PHONE, False)])
def test_the_days_of_a_month_stand_beside_its_facts_where_there_is_room(
    chromium: Browser, home: str, width: int, beside: bool
) -> None:
    with page_of(chromium, width=width) as page:
        page.goto(f"{home}dates/2019-06.html")
        facts, days = box(page, "#hp"), box(page, ".month-grid")
        if beside:
            assert days["x"] > facts["x"] + facts["width"]
            assert days["y"] < facts["y"] + 200
        else:
            assert days["y"] > facts["y"] + 200


#: Texts in which a line begins with the point that parts one thing from the next.
POINTS_FIRST = """() => {
    const found = [], main = document.querySelector("main");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        for (let at = node.data.indexOf("·"); at >= 0; at = node.data.indexOf("·", at + 1)) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const point = range.getBoundingClientRect();
            if (!point.width) continue;
            const line = node.parentElement.closest("p, li, figcaption, td, span.sub");
            const left = line.getBoundingClientRect().left + parseFloat(getComputedStyle(line).paddingLeft);
            if (point.left < left + 2) found.push(line.textContent);
        }
    }
    return found;
}"""


def test_no_line_begins_with_the_point_between_two_things(demo: Demo, chromium: Browser, home: str) -> None:
    with page_of(chromium, width=PHONE) as page:
        for name in demo.kinds.values():
            page.goto(home + name)
            for width in (PHONE, 357, 331):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(POINTS_FIRST) == [], (name, width)


def test_the_foot_of_a_short_page_stands_at_the_end_of_the_window(chromium: Browser, home: str) -> None:
    with page_of(chromium) as page:
        page.goto(f"{home}404.html")
        foot = box(page, ".foot")
        assert foot["y"] + foot["height"] == pytest.approx(900, abs=1)


def test_a_list_alone_takes_the_room_of_two(site: Callable[..., SmallSite], chromium: Browser) -> None:
    alone = quick(site())
    alone.build()
    with page_of(chromium) as page:
        page.goto((alone.output / "index.html").as_uri())
        assert page.locator(".flow > *").count() == 1
        assert box(page, ".flow .sec-h")["width"] == pytest.approx(box(page, ".flow")["width"])


def test_each_column_of_a_list_begins_without_a_line(demo: Demo, chromium: Browser, home: str) -> None:
    with page_of(chromium) as page:
        page.goto(f"{home}dates/2019-06-04.html")
        assert page.locator(".many .row").count() > 4
        borders = page.eval_on_selector_all(
            ".many .row", "rows => rows.map(row => getComputedStyle(row).borderTopWidth)"
        )
        assert set(borders) == {"0px"}


def test_words_around_a_quotation_are_not_torn_from_their_dots(site: Callable[..., SmallSite]) -> None:
    made = quick(site(RICH))
    made.build()
    html = made.html("facts/some-day.html")
    quoted = html.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "…\u00a0" in quoted
    assert "\u00a0…" in quoted
    assert "… " not in quoted
    assert " …" not in quoted


def test_with_forced_colours_marks_differ_by_shape_and_stand_out(chromium: Browser, home: str) -> None:
    with page_of(chromium, theme="dark") as page:
        page.emulate_media(forced_colors="active", color_scheme="dark")
        page.goto(f"{home}index.html")
        text = page.eval_on_selector("body", "body => getComputedStyle(body).color")
        ground = page.eval_on_selector("body", "body => getComputedStyle(body).backgroundColor")
        assert text != ground
        for selector in (".bar rect", ".spark"):
            assert page.eval_on_selector(selector, "e => getComputedStyle(e).fill") == text, selector
        looks = page.eval_on_selector_all(
            ".legend .dot",
            """dots => dots.map(dot => {
                const {borderTopColor, borderTopStyle, backgroundImage, backgroundColor, rotate} =
                    getComputedStyle(dot);
                return [borderTopColor, [borderTopStyle, backgroundImage, backgroundColor, rotate].join()];
            })""",
        )
        assert {colour for colour, _ in looks} == {text}
        assert len({shape for _, shape in looks}) == len(looks) == 5


@pytest.mark.parametrize(("motion", "scrolls"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_pages_move_only_for_those_who_do_not_mind(
    chromium: Browser, home: str, motion: str, scrolls: str
) -> None:
    with page_of(chromium) as page:
        page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
        page.goto(f"{home}index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == scrolls
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((element) => {
                const {transitionDuration, animationName} = getComputedStyle(element);
                return transitionDuration !== "0s" || animationName !== "none";
            }).length"""
        )
        assert moving == 0


def test_the_keyboard_reaches_the_content_past_the_menu(chromium: Browser, home: str) -> None:
    with page_of(chromium, scripts=False) as page:
        page.goto(f"{home}timeline.html")
        page.keyboard.press("Tab")
        assert box(page, ".skip")["y"] >= 0, "it shows itself once it has the focus"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_timeline_is_filtered_with_the_keyboard_and_without_script(chromium: Browser, home: str) -> None:
    shown = "rows => new Set(rows.filter(row => row.checkVisibility()).map(row => row.dataset.st)).size"
    with page_of(chromium, scripts=False) as page:
        page.goto(f"{home}timeline.html")
        assert page.eval_on_selector_all(".row", shown) == 5
        page.focus("#f-reported")
        ring = page.eval_on_selector("#f-reported", "box => getComputedStyle(box).outlineStyle")
        assert ring == "solid"
        page.keyboard.press("Space")
        assert page.eval_on_selector_all(".row", shown) == 4
        assert not page.locator('.lanes [data-st="reported"]').first.is_visible()
        page.keyboard.press("Space")
        assert page.eval_on_selector_all(".row", shown) == 5


def test_rows_fit_the_column_they_stand_in(chromium: Browser, home: str) -> None:
    """By the width of their container, not of the window."""
    with page_of(chromium) as page:
        page.goto(f"{home}index.html")

        def beside(row: str) -> bool:
            return box(page, f"{row} .when")["y"] + 8 > box(page, f"{row} .say")["y"]

        start = "section[aria-labelledby=st]"
        assert beside(f"{start} .row")
        page.eval_on_selector(start, "section => { section.style.inlineSize = '20rem'; }")
        assert not beside(f"{start} .row")


#: A site in which every text that curators write holds a word that no line can hold.
LONG: dict[str, str | None] = {
    "site.yaml": """\
        {format: 1, title: WORD und WORD, summary: WORD, start: [KEY], embed: true, rights: WORD, lists: 4,
         limits: {words: 60, share: 1}, known_on: [2020-03-05], editors: [WORD], language: LANGUAGE,
         contact: 'XXX@example.org'}
        """,
    "content/actors/marlow.yaml": """\
        - {id: KEYc, name: WORD, kind: government, aliases: [WORDWORD], summary: 'WORD `XXX`',
           same_as: ['https://example.org/XXX']}
        - {id: other, name: XXX, kind: company, part_of: KEYc,
           roles: [{title: WORD, of: KEYc, from: '2019', to: '2021'}]}
        """,
    "content/topics/t.yaml": "{id: KEYt, name: WORD, summary: WORD}\n",
    "content/sources/ferry.txt": None,
    "content/sources/a.txt": "It is WORD said that XXXXXX and no more.\n\nAnd then nothing else.\n",
    "content/sources/b.txt": "A report XXXXXX of it.\n\nWORDWORD again.\n",
    "content/sources/ferry.yaml": """\
        - {id: KEYs, title: WORDWORD, publisher: WORD, published: 2020-03-04, text: a.txt, locator: WORD,
           url: 'https://example.org/XXX', archived: {url: 'https://example.org/XXX', date: 2020-03-06},
           authors: [WORD], note: WORD}
        - {id: full, title: XXX, publisher: XXX, published: '2020', rights: full, text: b.txt,
           origin: [other]}
        """,
    "content/facts/f.yaml": """\
        - id: KEY
          statement: WORDWORD und XXX happened.
          date: 2020-03-03
          kind: utterance
          speaker: KEYc
          actors: [{id: other, role: WORD}]
          topics: [KEYt]
          gaps: WORDWORD
          note: 'See [[KEY2]] and `XXX`'
          evidence:
            - {source: KEYs, quote: 'said that XXXXXX and', translation: {text: WORDWORD, by: WORD}}
            - {source: full, quote: 'XXXXXX', via: [other]}
          relations: {contradicts: [KEY2]}
          added: 2021-01-01
          changes: [{date: 2021-02-01, kind: wording, was: 'XXXWORD', reason: 'WORDWORD'}]
        - id: KEY2
          statement: XXXXXX
          date: 2020-03
          due: 2021
          kind: plan
          actors: [KEYc, other]
          topics: [KEYt]
          evidence: [{source: full, quote: 'WORDWORD'}]
        """,
    "content/questions/q.yaml": """\
        {id: KEYq, question: 'WORDWORD?', ruling: open, reason: WORDWORD,
         positions: [{label: WORDWORD, facts: [KEY]}, {label: XXX, facts: [KEY2]}]}
        """,
    "content/pages/about.md": (
        "---\ntitle: WORDWORD\n---\n## WORD\n\n`XXX`\n\n```\nXXXXXX\n```\n\n"
        "| a | b |\n|---|---|\n| WORD | XXXXXX |\n"
    ),
}
WORDS = {
    "WORD": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "XXX": "x" * 90,
    "KEY": f"a{'b' * 70}",
}


def with_long_words(language: str) -> dict[str, str | None]:
    """The site above in a language."""
    files = dict(LONG)
    for path, text in files.items():
        for short, long in {"LANGUAGE": language, **WORDS}.items():
            text = text and text.replace(short, long)
        files[path] = text
    return files


@pytest.mark.parametrize("language", ["de", "ar"])
def test_no_word_is_too_long_for_a_page(
    site: Callable[..., SmallSite], chromium: Browser, language: str
) -> None:
    made = quick(site(with_long_words(language)))
    assert made.build().codes == []
    pages = Demo(made.output)
    with served(made.output) as address:
        assert look_at(chromium, address, pages.kinds.values()) == ([], [], [])


def test_words_and_numbers_of_tables_and_menus_stay_whole(
    demo: Demo, site: Callable[..., SmallSite], chromium: Browser
) -> None:
    """However long the words beside them are, and however narrow the window."""
    made = quick(site(with_long_words("en")))
    made.build()
    lines = """(element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return new Set([...range.getClientRects()].map((box) => Math.round(box.top / 8))).size;
    }"""
    with page_of(chromium) as page:
        for root in (demo.root, made.output):
            page.goto((root / "sources.html").as_uri())
            for width in (320, PHONE, 1000, DESK):
                page.set_viewport_size({"width": width, "height": 900})
                for each in page.locator("td.num, th.num, .nav a").all():
                    if each.is_visible():
                        assert each.evaluate(lines) <= 1, (root, width, each.inner_text())


@pytest.mark.parametrize("path", ["timeline.2020.html", "known/2020-03-05.2020.html"])
def test_a_list_keeps_its_distance_from_what_leads_to_its_parts(
    site: Callable[..., SmallSite], chromium: Browser, path: str
) -> None:
    text = textwrap.dedent(RICH["site.yaml"] or "")
    made = quick(site({**RICH, "site.yaml": f"{text}lists: 4\nknown_on: [2020-03-05]\n"}))
    made.build()
    with page_of(chromium) as page:
        page.goto((made.output / path).as_uri())
        chips = box(page, ".parts")
        assert box(page, ".year-g")["y"] - chips["y"] - chips["height"] >= 16
