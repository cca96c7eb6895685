"""A small site as planned: its problems, and every page with the value its template sees; nothing is written.

The default templates are compiled once for all sites, so a site in strings costs a few milliseconds.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from conftest import ROOT, SmallSite
from generator import build
from generator.dossier import Dossier
from generator.plan import plan, site_view
from generator.problems import Place, Problem
from generator.render import Page, Renderer, Theme
from generator.shelves import Shelves


@cache
def default_theme() -> Theme:
    """The default templates; a site without templates of its own is built with these."""
    return Theme(ROOT / "content")  # a folder that holds no templates


class Planned:
    """What a build would make of a site, page by page."""

    def __init__(self, site: SmallSite, *, theme: Theme | None = None, **options: Any) -> None:
        theme = theme or default_theme()
        examined = build.examine(site.root, theme=theme, **options)
        self.problems = examined.problems
        self.codes = [problem.code for problem in examined.problems]
        self.ok = examined.ok
        assert examined.linked, examined.problems
        self.linked = examined.linked
        self.dossier: Dossier = examined.linked.dossier
        if not self.ok:
            return
        self.shelves = Shelves(self.dossier)
        self.pages: dict[str, Page] = {page.path: page for page in plan(self.shelves)}
        self._renderer = Renderer(theme, site_view(self.shelves, self.dossier.site.url))

    def view(self, path: str) -> Any:
        """The value the template of a page sees."""
        return self.pages[path].view

    def html(self, path: str) -> str:
        """The page as a reader gets it."""
        return self._renderer.render(self.pages[path]).decode()

    def fingerprint(self, path: str) -> str:
        """What the bytes of the page follow from."""
        return self._renderer.fingerprint(self.pages[path])

    def text(self, path: str) -> str:
        """The words of a page without its tags, white space as single spaces."""
        return plain(self.html(path))


def plain(page: str) -> str:
    """The words of an HTML text, without its tags."""
    words = html.unescape(re.sub("<[^>]*>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(words.split()))


def ids(cards: Any) -> list[str]:
    """The facts on some cards, in their order."""
    return [card.id for card in cards]


def listed(listing: Any) -> list[str]:
    """The facts of a list, in their order."""
    return [card.id for group in listing.groups for card in group.cards]


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Problems as (code, file:line:column), in the order of the report."""
    found = []
    for problem in problems:
        at = problem.at
        assert isinstance(at, Place), "every problem has a place when it is shown"
        found.append((at, problem.code))
    return [
        (code, ":".join(str(part) for part in (at.file, at.line, at.column) if part))
        for at, code in sorted(found)
    ]


def folder(path: Path) -> SmallSite:
    """A site that stands in a folder already."""
    return SmallSite(path)
