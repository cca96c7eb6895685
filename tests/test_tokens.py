"""The style sheets by numbers: contrast of every colour, and how much a first visit loads."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SmallSite
from planned import RICH, Planned
from site_checks import Demo, kind_of

ASSETS = Path(__file__).parent.parent / "templates" / "assets"
#: What is read needs 4.5 to 1 (WCAG 2.2, 1.4.3); what is only seen 3 to 1 (1.4.11).
READ = (
    "ink", "ink-2", "ink-3", "link", "link-hover", "confirmed", "reported", "claimed", "disputed", "denied",
    "planned",
)  # fmt: skip
SEEN = ("line-firm", "mark-edge", "focus")


def tokens(file: str) -> dict[str, dict[str, str]]:
    """The colours of a style sheet by name, as seen by light and by dark."""
    css = (ASSETS / file).read_text(encoding="utf-8")
    css = css[css.index("@layer tokens {") :]
    css = css[: css.index("@layer", 10)]
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    by_light = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]+);", light))
    return {"light": by_light, "dark": by_light | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]+);", dark))}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#fff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_page(theme: str) -> None:
    colours = tokens("site.css")[theme]
    for ground in ("paper", "wash"):
        for name, least in (*((n, 4.5) for n in READ), *((n, 3.0) for n in SEEN)):
            assert contrast(colours[name], colours[ground]) >= least, f"--{name} on --{ground}"
    assert contrast(colours["mark-ink"], colours["mark"]) >= 7


def test_the_dark_changes_colours_and_nothing_else() -> None:
    """So that what is no matter of colours need not be looked at twice."""
    rules = 0
    for sheet in ASSETS.glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        for dark in css.split("(prefers-color-scheme: dark) {")[1:]:
            block = dark[: re.search(r"\}\s*\}", dark).end()]  # type: ignore[union-attr]
            for name, value in re.findall(r"([\w-]+): ([^;{}]+);", block):
                rules += 1
                assert re.fullmatch(r"#[0-9a-f]{3,6}", value) or name == "box-shadow", f"{sheet.name}: {name}"
    assert rules > 30


def test_cards_on_other_sites_have_the_colours_of_the_site() -> None:
    site, card = tokens("site.css"), tokens("embed.css")
    for theme in ("light", "dark"):
        assert len(card[theme]) > 12
        for name, colour in card[theme].items():
            assert luminance(colour) == luminance(site[theme][name]), f"--{name}, {theme}"


def fetched(site: Demo, name: str) -> set[str]:
    """Paths of the files that a browser loads with a page: style sheets, scripts, icon."""
    links = site.pages[name].links
    return {link.path for link in links if link.tag in ("link", "script", "img") and "assets/" in link.path}


def test_a_first_visit_to_a_fact_stays_light(demo: Demo) -> None:
    """Uncompressed, as from a stick or a host that does not compress."""
    for name in demo.names:
        if kind_of(name) == "facts/*.html":
            size = (demo.root / name).stat().st_size
            beside = sum((demo.root / path).stat().st_size for path in fetched(demo, name))
            assert size <= 30_000, name
            # So much that a page of the largest size allowed stays within 60 kB too.
            assert beside <= 30_000, name


def of_the_page(html: str) -> set[str]:
    """Classes of a page."""
    return {word for words in re.findall(r'class="([^"]*)"', html) for word in words.split()}


def of_the_sheet(css: str) -> set[str]:
    """Classes that a style sheet names."""
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", css, flags=re.S)))


def test_every_page_loads_the_sheets_that_dress_it(demo: Demo, site: Callable[..., SmallSite]) -> None:
    """What no rule of `site.css` names, another sheet that the page loads must."""
    named = {file.name: of_the_sheet(file.read_text(encoding="utf-8")) for file in ASSETS.glob("*.css")}
    pages = {name: (demo.root / name).read_text(encoding="utf-8") for name in demo.names}
    for path, html in {**pages, **Planned(site(RICH)).rendered()}.items():
        loaded = set(re.findall(r'href="[./]*assets/(\w+\.css)"', html))
        assert loaded == {"embed.css"} or "site.css" in loaded, path
        for sheet in named.keys() - {"embed.css", *loaded}:
            astray = (named[sheet] & of_the_page(html)) - named["site.css"]
            assert not astray or "embed.css" in loaded, (path, sheet)
        if path.startswith("facts/"):
            assert loaded == {"site.css"}, path


@pytest.mark.parametrize(("kind", "most"), [("script", 4_000), ("link", 12_000)])
def test_scripts_and_style_sheets_of_a_page_stay_small(demo: Demo, kind: str, most: int) -> None:
    """Compressed, all that a page loads of them together."""
    loads = {
        name: {link.path for link in page.links if link.tag == kind and link.path.endswith((".js", ".css"))}
        for name, page in demo.pages.items()
    }
    assert any(loads.values())
    for name, paths in loads.items():
        sent = sum(len(gzip.compress((demo.root / path).read_bytes(), mtime=0)) for path in paths)
        assert sent < most, name


def test_every_table_has_a_caption_and_every_page_a_way_past_the_menu(demo: Demo) -> None:
    for name in demo.names:
        html = (demo.root / name).read_text(encoding="utf-8")
        assert html.count("<table") == html.count("<caption"), name
        assert html.index('<a class="skip" href="#main">') < html.index("<header"), name


def test_focus_is_seen() -> None:
    css = (ASSETS / "site.css").read_text(encoding="utf-8")
    assert ":focus-visible { outline: 3px solid var(--focus)" in css
    assert not re.search(r"outline: (0|none)", css)
