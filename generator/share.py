"""Pictures that stand beside a link where somebody shares it: 1200 by 630 pixels, as services crop them.

In: the shelves. Out: a picture of the dossier, and of each fact that site.yaml names under `picture`. They
are drawn with the marks of the site: a dot is a fact, yellow is quoted text, brackets are ours. Nothing is
counted in them: a picture is kept wherever it was shared, and a count would be wrong after the next edit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from markupsafe import Markup, escape

from generator import index_pages, memory, raster, urls
from generator.shelves import Shelves
from generator.views import EvidenceView, Mark

WIDTH, HEIGHT = 1200, 630
_LEFT = 72
_ROOM = WIDTH - 2 * _LEFT
_INK, _GREY = "#14171c", "#5f6672"
_YELLOW = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="#ffe452"/>')
#: A word, and whether it is the source's.
_Word: TypeAlias = tuple[str, bool]
_COLOURS: dict[Mark, str] = {
    "confirmed": "#14663a",
    "reported": "#14559e",
    "claimed": "#66399b",
    "disputed": "#b0261c",
    "denied": "#8a4a00",
    "planned": "#5a616d",
    "withdrawn": "#5a616d",
}


def files(shelves: Shelves, cache: Path) -> dict[str, bytes]:
    """The pictures of a site by path; for one drawn before, which the cache holds, nothing is loaded."""
    asked = shelves.dossier.site.picture
    if not asked:
        return {}
    drawn = {urls.PICTURE: _dossier(shelves)} | {
        urls.picture(key): _fact(shelves, key) for key in _keys(shelves)
    }
    return {path: _png(svg, cache) for path, svg in drawn.items()}


def _keys(shelves: Shelves) -> Iterator[str]:
    asked = shelves.dossier.site.picture
    if not isinstance(asked, bool):
        yield from dict.fromkeys(key for key in asked if key in shelves.dossier.facts)


def _png(svg: str, cache: Path) -> bytes:
    digest = hashlib.sha256(f"{raster.made_by()}\0{svg}".encode()).hexdigest()
    kept = cache / f"picture-{digest[:32]}"
    data = memory.recall(kept)
    if not data:
        data = raster.png(svg)
        memory.remember(kept, data)
    return data


class _Sheet:
    """A picture as it is set, line by line from the top."""

    def __init__(self) -> None:
        self._parts = [
            Markup(
                '<rect width="1200" height="630" fill="#fff"/><rect width="1200" height="18" fill="#14171c"/>'
            )
        ]
        self.top = 64.0

    def text(self, words: str, size: int, lines: int, *, bold: bool = False, colour: str = _INK) -> None:
        """Words over so many lines at most; smaller where they would need more, then cut with an ellipsis."""
        weight = 700 if bold else 400
        set_ = raster.wrapped(words, size, _ROOM, weight)
        while len(set_) > lines and size > 30:
            size -= 2
            set_ = raster.wrapped(words, size, _ROOM, weight)
        if len(set_) > lines:
            set_ = [*set_[: lines - 1], f"{set_[lines - 1].rstrip(',;:')} …"]
        for line in set_:
            self.top += size * 1.22
            self._line(line, _LEFT, size, weight, colour)

    def quote(self, quote: EvidenceView, size: int) -> None:
        """The source's own words on yellow, what was left out between them in grey, and whose they are."""
        words: list[_Word] = []
        for run in quote.runs:
            words += [("[…]", False)] if run.omitted or run.apart else []
            words += [(word, True) for word in run.words.split()]
        lines: list[list[_Word]] = [[]]
        for word in words:
            line = " ".join(text for text, _ in (*lines[-1], word))
            if lines[-1] and raster.width(line, size) > _ROOM:
                lines.append([])
            lines[-1].append(word)
        if len(lines) > 3:
            lines = [*lines[:2], [*lines[2][:-1], ("…", False)]]
        for held in lines:
            self.top += size * 1.5
            at = float(_LEFT)
            for quoted, stretch in groupby(held, key=itemgetter(1)):
                text = " ".join(word for word, _ in stretch)
                wide = raster.width(text, size)
                if quoted:
                    self._parts.append(_YELLOW.format(at - 6, self.top - size, wide + 12, size * 1.32))
                self._line(text, at, size, 400, _INK if quoted else _GREY)
                at += wide + raster.width(" ", size) + 6
        self.top += 14
        self.text(f"{quote.source.publisher}, {quote.source.published}", 28, 1, colour=_GREY)

    def standing(self, mark: Mark, word: str, when: str) -> None:
        """The dot of a fact with its word, and its date."""
        colour = _COLOURS[mark]
        self.top += 44
        self._parts.append(_dot(mark, _LEFT + 17, self.top - 12, colour))
        self._line(word, _LEFT + 50, 34, 700, colour)
        after = _LEFT + 50 + raster.width(word, 34, 700) + 24
        self._line(when, after, 34, 400, _GREY)
        self.top += 14

    def foot(self, words: str) -> None:
        """A line at the lower edge."""
        self.top = HEIGHT - 40
        self._line(words, _LEFT, 28, 700, _GREY)

    def svg(self) -> str:
        """The picture."""
        return str(
            Markup(
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"'
                ' font-family="{2}">{3}</svg>'
            ).format(WIDTH, HEIGHT, raster.FAMILY, Markup().join(self._parts))
        )

    def _line(self, words: str, x: float, size: int, weight: int, colour: str) -> None:
        self._parts.append(
            Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" font-weight="{}" fill="{}">{}</text>').format(
                x, self.top, size, weight, colour, escape(words)
            )
        )


def _dot(mark: Mark, x: float, y: float, colour: str) -> Markup:
    """A dot as the style sheet draws it: the fuller, the better the fact stands."""
    tilted = mark in ("disputed", "denied")
    shape = (
        '<path d="M{x} {t}l15 15l-15 15l-15-15z"{k}/>' if tilted else '<circle cx="{x}" cy="{y}" r="14"{k}/>'
    )
    dashes = ' stroke-dasharray="5 5"' if mark == "planned" else ""
    fill = colour if mark == "confirmed" else "none"
    k = f' fill="{fill}" stroke="{colour}" stroke-width="4"{dashes}'
    half = {
        "reported": f'<path d="M{x - 14} {y}a14 14 0 0 0 28 0z" fill="{colour}"/>',
        "disputed": f'<path d="M{x} {y - 15}l-15 15l15 15z" fill="{colour}"/>',
        "withdrawn": f'<rect x="{x - 14}" y="{y - 3}" width="28" height="6" fill="{colour}"/>',
    }.get(mark, "")
    return Markup(shape.format(x=x, y=y, t=y - 15, k=k) + half)


def _is_drawable(quote: EvidenceView) -> bool:
    return not raster.undrawable("".join([quote.source.publisher, *(run.words for run in quote.runs)]))


def _dossier(shelves: Shelves) -> str:
    """Title, what it is about, and the quotation that the home page shows first."""
    site, sheet = shelves.dossier.site, _Sheet()
    found = index_pages.lead(shelves)
    lead = found[0] if found and _is_drawable(found[0]) else None
    sheet.text(site.title, 92, 2, bold=True)
    sheet.top += 22
    sheet.text(site.summary, 38, 3 if lead else 6, colour=_GREY)
    if lead:
        sheet.top += 24
        sheet.quote(lead, 48)
    return sheet.svg()


def _fact(shelves: Shelves, key: str) -> str:
    """A fact with its dot, its date and its first words."""
    sheet, fact = _Sheet(), shelves.dossier.facts[key]
    card = shelves.card(key)
    when = f"{card.lead} {shelves.when(fact.date)}".strip()
    sheet.standing(card.mark, shelves.status_word(fact), when)
    sheet.text(card.statement, 58, 4, bold=True)
    quotes = (q for q in shelves.evidence(fact) if q.stance == "supports" and q.runs and _is_drawable(q))
    if quote := next(quotes, None):
        sheet.top += 20
        sheet.quote(quote, 40)
    sheet.foot(shelves.dossier.site.title)
    return sheet.svg()
