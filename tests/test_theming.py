"""The worked changes of docs/theming.md on the site of docs/start.md: valid pages, the look they promise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_docs import _BLOCK, DOCS, file_bytes, start_files

from conftest import SmallSite
from planned import RICH, Planned, quick, theme_of
from site_checks import Demo, dead_links

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FACT = "facts/bridge-opens-to-walkers.html"
GUIDE = (DOCS / "theming.md").read_text(encoding="utf-8")
#: The files that the guide has its reader write.
CHANGES = {m["path"]: file_bytes(m["text"]) for m in _BLOCK.finditer(GUIDE) if m["path"]}


def build(folder: Path, files: Mapping[str, bytes]) -> SmallSite:
    small = SmallSite(folder)
    for path, data in {**start_files(), **files}.items():
        (small.root / path).parent.mkdir(parents=True, exist_ok=True)
        (small.root / path).write_bytes(data)
    assert small.build().codes == []
    return small


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The site of the guide with all its changes."""
    return build(tmp_path_factory.mktemp("theming"), CHANGES)


def test_every_change_is_seen_where_it_should_be(changed: SmallSite) -> None:
    assert len(CHANGES) == 4
    tokens = "templates/assets/tokens.css"
    assert (changed.output / "assets/tokens.css").read_bytes() == CHANGES[tokens]
    pages = {path: changed.html(path) for path in changed.files() if path.endswith(".html")}
    assert all("evening class of Wendlemere" in html for html in pages.values())
    assert {path for path, html in pages.items() if "archive of Wendlemere" in html} == {FACT}
    lists = {path: html for path, html in pages.items() if 'class="facts"' in html}
    assert len(lists) > 5
    for path, html in lists.items():
        assert '<span class="st reported">Reported</span></p></div></li>' in html, path


def test_pages_of_a_changed_theme_are_valid_and_lead_somewhere(
    changed: SmallSite, nu: Callable[[Path], list[str]]
) -> None:
    assert nu(changed.output) == []
    assert dead_links(Demo(changed.output)) == []


@pytest.fixture(scope="module")
def links(changed: SmallSite, chromium: Browser) -> Iterator[Callable[..., str]]:
    """The colour of the links of a page, as the browser shows them."""
    tab = chromium.new_page()

    def colour(**media: str) -> str:
        tab.emulate_media(**{"media": "screen", "color_scheme": "light", **media})  # type: ignore[arg-type]
        tab.goto((changed.output / FACT).as_uri())
        return str(tab.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--link')"))

    yield colour
    tab.close()


def test_tokens_count_on_screens_and_leave_print_alone(links: Callable[..., str]) -> None:
    light, dark = re.findall(r"--link: (#\w+);", CHANGES["templates/assets/tokens.css"].decode())
    assert links() == light
    assert links(color_scheme="dark") == dark
    assert links(media="print") == links(media="print", color_scheme="dark") == "#000"


def test_a_base_of_the_sites_own_changes_every_page(site: Callable[..., SmallSite]) -> None:
    base = '{% extends "default/base.html" %}\n{% block footer %}<p>Ours</p>{{ super() }}{% endblock %}\n'
    small = site({**RICH, "templates/base.html": base})
    planned = Planned(small, theme=theme_of(small.root))
    for path, html in planned.rendered().items():
        assert html.count("<p>Ours</p><footer") == 1, path


def test_a_style_sheet_that_comes_changes_or_goes_is_seen(site: Callable[..., SmallSite]) -> None:
    small, tokens = quick(site()), "templates/assets/tokens.css"
    facts, linked = "content/facts/ferry.yaml", "assets/tokens.css"

    def built() -> tuple[dict[str, str], int]:
        result = small.build().result
        assert result.ok
        return small.files(), result.rendered

    bare, pages = built()
    small.write(tokens, "a { color: red }")
    dressed, rendered = built()
    assert rendered == pages, "every page links it now"
    small.write(tokens, "a { color: blue }")
    repainted, rendered = built()
    assert rendered == 0
    assert {path for path in dressed if repainted[path] != dressed[path]} == {linked, "manifest.json"}
    small.write(facts, (small.root / facts).read_text(encoding="utf-8").replace("votes to", "will"))
    edited, rendered = built()
    assert 0 < rendered < pages
    assert linked in small.html("facts/ferry-kept.html")
    assert small.build(full=True).exit_code == 0
    assert small.files() == edited
    small.write(facts, (small.root / facts).read_text(encoding="utf-8").replace("will", "votes to"))
    (small.root / tokens).unlink()
    assert built()[0] == bare


def test_the_guide_names_every_block_of_the_base_and_no_token_that_is_not_there() -> None:
    templates = DOCS.parent / "templates"
    blocks = set(re.findall(r"block (\w+)", (templates / "base.html").read_text(encoding="utf-8")))
    paragraph = next(line for line in GUIDE.split("\n- ") if "default/base.html" in line)
    assert blocks <= set(re.findall(r"`(\w+)`", paragraph))
    css = (templates / "assets/site.css").read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", GUIDE))
    assert len(named) > 10
    assert named <= set(re.findall(r"^ +(--[a-z0-9-]+):", css, re.M))
