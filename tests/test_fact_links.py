"""A link to a fact says when, how sure and from how many sources right beside it: nothing needs a hover."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from conftest import SmallSite
from planned import RICH, Planned

#: Where a link stands in a sentence, as the editors wrote it, or in a picture whose list is beside it.
APART = frozenset({"prose", "lede", "lanes", "note", "crumbs", "pager", "sub"})


class Places(HTMLParser):
    """The smallest list items and figures that hold links to facts, with what else they say."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr", "path", "rect"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, bool, bool, bool]] = []
        self._open: list[tuple[str, frozenset[str], dict[str, object]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        classes = frozenset((values.get("class") or "").split())
        for _, _, holds in self._open:
            holds["dot"] = holds.get("dot") or "dot" in classes
        if tag not in self.VOID:
            self._open.append((tag, classes, {}))
        href = values.get("href") or ""
        if tag == "a" and ("facts/" in href) and not any(c & APART for _, c, _ in self._open):
            holder = next((h for t, _, h in reversed(self._open) if t in ("li", "figure", "main")), None)
            if holder is not None:
                holder["link"] = href

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pictures close what they open; none leads to a fact."""

    def handle_data(self, data: str) -> None:
        for _, _, holds in self._open:
            holds["text"] = f"{holds.get('text', '')}{data}"

    def handle_endtag(self, tag: str) -> None:
        name, classes, holds = self._open.pop()
        assert name == tag
        if "link" in holds:
            text = str(holds.get("text", ""))
            dated = "when" in classes or any(c.isdigit() for c in text) or "unknown" in text
            self.found.append((str(holds["link"]), bool(holds.get("dot")), "source" in text, dated))


def test_every_link_to_a_fact_carries_dot_date_and_number_of_sources(site: Callable[..., SmallSite]) -> None:
    bare, met = [], 0
    for path, html in Planned(site(RICH)).rendered().items():
        if path.startswith(("embed/", "404")):
            continue
        for link, *says in Places(html).found:
            met += 1
            # The document names facts by their numbers, and its plans by the numbers of their facts.
            if not all(says) and path != "dossier.html" and link.partition("#")[0] != f"../{path}":
                bare.append((path, link, says))
    assert bare == []
    assert met > 100
