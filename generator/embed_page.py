"""A fact as a card that other sites show in a frame, for those facts that site.yaml names under `embed`.

In: the shelves. Out: one small page for each such fact, and the lines of HTML that put it on another site.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator import urls
from generator.shelves import Shelves, direction
from generator.views import EmbedView

#: Height of the frame in CSS pixels: at 320 pixels a statement of four lines and a quotation of two.
HEIGHT = 340


def has(shelves: Shelves, key: str) -> bool:
    """Whether a fact has a card."""
    asked = shelves.dossier.site.embed
    return asked if isinstance(asked, bool) else key in asked


def keys(shelves: Shelves) -> Iterable[str]:
    """The facts that have a card."""
    asked, facts = shelves.dossier.site.embed, shelves.dossier.facts
    if isinstance(asked, bool):
        return facts if asked else ()
    return [key for key in dict.fromkeys(asked) if key in facts]


def view(shelves: Shelves, key: str) -> EmbedView:
    """What is said, how sure, when, and in whose words, at a glance."""
    fact = shelves.dossier.facts[key]
    found = zip(fact.evidence, shelves.dossier.located[key].evidence, strict=True)
    quoted = ((e, shelves.runs(e, at)) for e, at in found if e.stance == "supports")
    shown = next(((evidence, runs) for evidence, runs in quoted if runs), None)
    return EmbedView(
        path=urls.embed(key),
        title=shelves.alone(fact.id),
        draft=fact.draft,
        card=shelves.card(key),
        runs=shown[1] if shown else (),
        lang=shelves.language_of(shown[0]) if shown else "",
        dir=direction(shelves.language_of(shown[0])) if shown else "ltr",
        source=shelves.source(shown[0].source) if shown else None,
    )


def code(shelves: Shelves, key: str) -> str:
    """The HTML that shows the card on another site; empty while the site's own address is not known."""
    if not shelves.url or not has(shelves, key):
        return ""
    from html import escape  # loaded where somebody asks for cards

    title = escape(shelves.alone(key))
    address = f"{shelves.url}{urls.embed(key)}"
    return f'<iframe src="{address}" title="{title}" width="100%" height="{HEIGHT}" loading="lazy"></iframe>'
