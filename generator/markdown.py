"""Markdown of notes, summaries and prose pages, with `[[id]]` links into the dossier.

In: CommonMark text (raw HTML stays text; `markdown-it-py` refuses script addresses) and a function that
resolves an id. Out: HTML that may be printed as it is. This and `pictures` are the places that make
`Markup`; everything else is escaped by the templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup
from msgspec import Struct

from generator import plainprose

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


class Target(Struct, frozen=True):
    """What a `[[id]]` leads to."""

    #: Address relative to the page that shows the link.
    href: str
    #: Words of the link, when the author gave none.
    words: str
    #: Language of these words (BCP 47), when it is not the site's.
    lang: str = ""
    #: What stands right behind the link, whatever its words.
    after: Markup = Markup()


Resolve: TypeAlias = Callable[[str], Target | None]

_WIKI = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")


def _wiki_link(state: StateInline, silent: bool) -> bool:
    match = _WIKI.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    key = match[1].strip()
    target = state.env["resolve"](key)
    if target is None:
        return False  # stays text; the check for prose links has told the author
    if not silent:
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": target.href}
        if target.lang and not match[2]:
            opening.attrs |= {"lang": target.lang, "dir": "auto"}
        opening.meta = {"id": key}
        state.push("text", "", 0).content = (match[2] or target.words).strip()
        state.push("link_close", "a", -1)
        if target.after:
            state.push("html_inline", "", 0).content = f" {target.after}"
    state.pos = match.end()
    return True


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # takes 25 ms, and many a site has plain prose only

    # The preset would let raw HTML through, which neither the policy of the pages nor a curator wants.
    md = MarkdownIt("commonmark", {"html": False})
    md.enable("table")
    md.inline.ruler.before("link", "wiki_link", _wiki_link)
    return md


def html(text: str, resolve: Resolve) -> Markup:
    """Render Markdown; headings keep their level, so prose starts at `##`."""
    if not text:
        return Markup("")
    return Markup(plainprose.html(text) or _parser().render(text, {"resolve": resolve}))


def inline(text: str, resolve: Resolve) -> Markup:
    """Render Markdown that stands inside a line: no paragraphs, no lists."""
    return Markup(_parser().renderInline(text, {"resolve": resolve})) if text else Markup("")


class Mention(Struct, frozen=True):
    """Something a Markdown text refers to."""

    #: `id` for `[[id]]`, `link` for an address, `image` for a picture.
    what: str
    target: str
    #: Line within the text, from 1.
    line: int


def mentions(text: str) -> Iterator[Mention]:
    """Everything a Markdown text refers to, in order: ids, addresses and images."""
    line = 1
    for token in _parser().parse(text, {"resolve": lambda key: Target("", key)}):
        line = token.map[0] + 1 if token.map else line
        for child in token.children or ():
            if child.type == "image":
                yield Mention("image", str(child.attrs["src"]), line)
            elif child.type == "link_open":
                key = child.meta.get("id")
                yield Mention("id", key, line) if key else Mention("link", str(child.attrs["href"]), line)
