"""A link to a fact says when, how sure and from how many sources right beside it: nothing needs a hover."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final

from conftest import SmallSite
from planned import RICH, Planned, fact, quick

#: The way to a page, which names it as its title does.
APART = frozenset({"crumbs"})


class Places(HTMLParser):
    """The smallest items, paragraphs and figures that hold links to facts, with what else they say."""

    #: Where what a link carries stands nearer than in its item: in the paragraph, the cell, the link itself.
    NEAR: Final = {
        "lanes": ("a",),
        "prose": ("p", "li", "td"),
        "lede": ("p",),
        "note": ("p",),
        "sub": ("span",),
    }
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
            within = frozenset().union(*(c for _, c, _ in self._open))
            tags = next(
                (tags for where, tags in self.NEAR.items() if where in within), ("li", "figure", "main")
            )
            holder = next((h for t, _, h in reversed(self._open) if t in tags), None)
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


#: Links in the midst of what editors write, and pictures of actors in time.
IN_TEXTS = {
    "content/pages/about.md": "---\ntitle: About\n---\nSee [[ferry-kept]] and\n\n- [[no-dark|her words]].\n",
    "content/topics/topics.yaml": (
        "- {id: ferries, name: Ferries, summary: 'Boats, as in [[boat-plan]].'}\n- {id: money, name: Money}\n"
    ),
}


def test_every_link_to_a_fact_carries_dot_date_and_number_of_sources(site: Callable[..., SmallSite]) -> None:
    bare, met = [], 0
    places = set()
    for path, html in Planned(site({**RICH, **IN_TEXTS})).rendered().items():
        if path.startswith(("embed/", "404")):
            continue
        for link, *says in Places(html).found:
            met += 1
            places.add(path)
            # The document names facts by their numbers, and its plans by the numbers of their facts.
            if not all(says) and path != "dossier.html" and link.partition("#")[0] != f"../{path}":
                bare.append((path, link, says))
    assert bare == []
    assert met > 100
    assert {"about.html", "topics/ferries.html", "topics.html", "timeline.html"} <= places


def test_a_text_that_names_a_fact_tells_how_it_stands(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site({**RICH, **IN_TEXTS}))
    assert planned.view("about.html").body.striptags() == (
        "See The council of Marlow votes to keep the night ferry (3 March 2020 · Confirmed · 3 sources)"
        " and her words (3 March 2020 · Reported · 1 source)."
    )


def test_a_text_that_names_a_plan_tells_once_it_is_fulfilled(site: Callable[..., SmallSite]) -> None:
    """The edit is of another fact than the one that the text names."""
    facts = fact("plan", more="kind: plan, due: 2021")
    files: dict[str, str | None] = {
        "content/facts/f.yaml": facts,
        "content/actors/marlow.yaml": "{id: council, name: Council, kind: group, summary: 'See [[plan]].'}\n",
    }
    small = quick(site(files))
    assert small.build().exit_code == 0
    assert 'class="st planned"' in small.html("actors/council.html")
    done = fact("done", "2021-01-02", "relations: {fulfils: [plan]}")
    small.write("content/facts/f.yaml", facts + done)
    assert small.build().exit_code == 0
    edited = small.files()
    assert 'class="st planned"' not in small.html("actors/council.html")
    assert small.build(full=True).exit_code == 0
    assert small.files() == edited
