"""Pages to bytes: the cards, the templates of each kind of page, and the digests that tell whether one moved.

A template sees `view` (its documented value), `site`, `root` and pure functions, and nothing else: no
clock, no environment, no other page. So the bytes of a page follow from its view and the templates it
uses, and the digest of both says, without rendering, whether the page would come out the same.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup
from msgspec import Struct

from generator import interface, languages, pictures, urls
from generator.problems import Problem
from generator.theme import Theme
from generator.views import CARD, FactCard, SiteView

#: Seconds that pages of one template took to be rendered from the templates as they are, when it is worth
#: the time to flatten it, which takes as long.
_WORTH = 0.002
_NEVER = float("-inf")
# `Markup` is a kind of text that the encoder knows only by this hook.
_encode = msgspec.msgpack.Encoder(enc_hook=str).encode


class Page(Struct, frozen=True):
    """One file of the site that a template makes."""

    #: Path from the root of the site.
    path: str
    template: str
    view: Struct


class TemplateFailure(Exception):
    """A template that compiled but failed while rendering; the build stops with its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class Renderer:
    """Renders the pages of one site; a fact's card is rendered once for each depth and reused."""

    def __init__(self, theme: Theme, site: SiteView) -> None:
        self._theme = theme
        # Which files a theme holds is known here and nowhere earlier.
        self._site = msgspec.structs.replace(site, tokens=theme.tokens())
        say = languages.of(site.language)
        self._functions = {**pictures.FUNCTIONS, **interface.functions(say)}
        shared = msgspec.msgpack.encode([self._site, say.digest])
        self._site_digest = hashlib.sha256(shared).digest()[:12]
        #: Cards by depth, then by id and the day whose knowledge they show.
        self._cards: dict[str, dict[tuple[str, str], Markup]] = {}
        self._card_of: dict[str, Callable[[FactCard], Markup]] = {}
        #: What renders a template on the pages of a depth.
        self._sheets: dict[tuple[str, str], _Sheet] = {}

    def forget(self, facts: Collection[str]) -> None:
        """Let the cards of some facts be rendered anew, and all that show what was known on a day: those
        follow from other facts as well.
        """
        for root, made in self._cards.items():
            for key in [key for key in made if key[0] in facts or key[1]]:
                del self._cards[root][key]

    def fingerprint(self, page: Page) -> bytes:
        """What the bytes of a page follow from, digested: its templates, the site's view, its own view.

        56 bytes: twelve for the first two parts each, so that a change tells where it came from, then 32.
        """
        view = hashlib.sha256(f"{page.path}\0{type(page.view).__name__}\0".encode())
        view.update(_encode(page.view))
        return self._theme.digest(page.template)[:12] + self._site_digest + view.digest()

    def render(self, page: Page) -> bytes:
        """The page as UTF-8. Raises `TemplateFailure` when a template fails on its view."""
        root = urls.root(page.path)
        try:
            return self._sheet(page.template, root, "view").text(page.view).encode()
        except Exception as error:
            raise TemplateFailure(self._failure(page, error)) from error

    def _sheet(self, template: str, root: str, name: str) -> _Sheet:
        """What renders a template on the pages of a depth, given a value that it knows by a name."""
        sheet = self._sheets.get((template, root))
        if sheet is None:
            names = {**self._functions, "site": self._site, "root": root}
            if name == "view":
                names["card"] = self._card(root)
            sheet = self._sheets[template, root] = _Sheet(
                self._theme, template, f"{self._site_digest.hex()}-{root.count('/')}", names, name
            )
        return sheet

    def _card(self, root: str) -> Callable[[FactCard], Markup]:
        """The function that gives the card of a fact on the pages of a depth."""
        if root not in self._card_of:
            sheet = self._sheet(CARD, root, "fact")
            made = self._cards.setdefault(root, {})

            def card(fact: FactCard) -> Markup:
                key = (fact.id, fact.as_of)
                found = made.get(key)
                if found is None:
                    found = made[key] = Markup(sheet.text(fact))
                return found

            self._card_of[root] = card
        return self._card_of[root]

    def _failure(self, page: Page, error: Exception) -> Problem:
        """The innermost template line of the traceback is where the mistake shows."""
        filename, line = None, 0
        frame = error.__traceback__
        folders = self._theme.folders
        while frame is not None:
            name = frame.tb_frame.f_code.co_filename
            if any(Path(name).is_relative_to(f) for f in folders):
                filename, line = name, frame.tb_lineno
            frame = frame.tb_next
        if filename is None:
            raise error  # not in a template: a mistake of ours
        problem = self._theme.templates.problem(error, filename, line)
        return msgspec.structs.replace(problem, subject=f"page {page.path}")


class _Sheet:
    """One template for the pages of one depth: as it is for the first pages, flattened for many."""

    def __init__(self, theme: Theme, template: str, key: str, names: dict[str, Any], given: str) -> None:
        """`key` digests what `names` holds; `given` is the name of what differs from page to page."""
        self._theme = theme
        self._template = template
        self._key = key
        self._names = names
        self._given = given
        #: What pages took so far; less than nothing: the template cannot be flattened.
        self._seconds = 0.0
        self._flat = theme.flat(template, key, names, given, make=_WORTH <= 0)

    def text(self, value: Struct) -> str:
        """The text for a value. Raises what the templates raise, with their lines in the traceback."""
        self._names[self._given] = value
        if self._flat is not None:
            try:
                return self._flat()
            except Exception:  # told below by the templates themselves, or nothing was wrong with them
                self._flat, self._seconds = None, _NEVER
        from generator import lean  # with all of Jinja2, which most edits do without

        began = time.perf_counter()
        jinja = self._theme.environment
        text = lean.render(jinja.get_template(self._template), {**jinja.globals, **self._names})
        self._seconds += time.perf_counter() - began
        if self._seconds >= _WORTH:
            self._flat = self._theme.flat(self._template, self._key, self._names, self._given, make=True)
            self._seconds = _NEVER
        return text
