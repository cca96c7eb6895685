"""Pictures of every kind of page, wide and narrow, light and dark, and what a printer would make of it.

    python tests/shots.py output .shots

The first folder holds the demo. What it has not (withdrawn facts, corrections, whole texts, cards for other
sites, split lists) is built from the sites of the tests, and so are a site from right to left, one in Turkish
and the one that a newcomer begins with.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import arabic
from browser import DESK, PHONE, THEMES, page_of, served, start_chromium
from conftest import DEFAULTS, SmallSite
from generator import new
from planned import RICH, quick
from site_checks import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_MORE = "embed: true\nlists: 4\nknown_on: [2020-03-05]\n"


def _rich(more: str) -> dict[str, str | None]:
    moved = (RICH["content/topics/topics.yaml"] or "").replace(
        "name: Money", "name: Money, formerly: [price]"
    )
    site = textwrap.dedent(RICH["site.yaml"] or "") + _MORE + more
    return {**RICH, "site.yaml": site, "content/topics/topics.yaml": moved}


def _built(root: Path, files: Mapping[str, str | None]) -> Path:
    small = SmallSite(root)
    for path, text in {**DEFAULTS, **files}.items():
        if text is not None:
            small.write(path, text)
    outcome = quick(small).build()
    assert outcome.exit_code == 0, outcome.codes
    return small.output


def _begun(root: Path) -> Path:
    root.mkdir()
    new.lay(root)
    return _built(root, dict.fromkeys(DEFAULTS))


def take(browser: Browser, site: Path, into: Path) -> int:
    """One page of each kind of a site, five pictures of each; the number of kinds."""
    into.mkdir(parents=True, exist_ok=True)
    names = {name: name.removesuffix(".html").replace("/", "-") for name in Demo(site).kinds.values()}
    with served(site) as home:
        for width, theme in product((DESK, PHONE), THEMES):
            with page_of(browser, width=width, theme=theme) as page:
                for name, short in names.items():
                    page.goto(home + name)
                    page.screenshot(path=into / f"{short}-{width}-{theme}.png", full_page=True)
        with page_of(browser) as page:
            for name, short in names.items():
                page.goto(home + name)
                page.pdf(path=into / f"{short}-print.pdf", prefer_css_page_size=True)
    return len(names)


def main(demo: Path, into: Path) -> None:
    """Take all pictures, each site in a folder of its own."""
    with TemporaryDirectory() as folder, start_chromium() as browser:
        if browser is None:
            raise SystemExit("no Chromium; bring it with: apt-get install chromium")
        here = Path(folder)
        sites = {
            "demo": demo,
            "every-kind": _built(here / "rich", _rich("")),
            "arabic": _built(here / "arabic", arabic.FILES),
            "turkish": _built(here / "turkish", _rich("language: tr\n")),
            "new": _begun(here / "new"),
        }
        for name, site in sites.items():
            kinds = take(browser, site, into / name)
            print(f"{into / name}: {kinds} kinds of pages, five pictures of each")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
