"""Pictures of where a passage stands in its article, and the list of functions that templates may call.

In: values of `views`, and labels in the reader's language. Out: `Markup`, every text in it escaped here.
Equal text has equal area. Sizes stand in SVG attributes only, since the security policy of the pages
forbids style attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil
from typing import Final, TypeAlias

from markupsafe import Markup, escape
from msgspec import Struct

from generator.charts import arcs, figures, lanes, overview, sparkline, weeks
from generator.marks import dots, n, nb, num
from generator.views import Bounds, EvidenceView, PassageView, Shape

#: Most miniatures on a page of a fact; the rest are position bars.
MINIATURES: Final = 3
LINE: Final = 66  # code points in a drawn line, about those of a printed column
WIDTH: Final = 112
PITCH: Final = 4
PARAGRAPH_GAP: Final = 3
#: A longer article is drawn with one bar for each paragraph, into this height.
BY_PARAGRAPH: Final = 8000
HEIGHT: Final = 272
#: Beyond this many paragraphs the bars would touch: the article is one bar.
PARAGRAPHS: Final = 80

Box: TypeAlias = tuple[float, float, float, float]


class Drawn(Struct, frozen=True):
    """A paragraph's place in the drawing: its bounds, its top, and its height (by paragraph) or lines."""

    bounds: Bounds
    top: float
    height: float


@lru_cache(maxsize=4096)  # an article is drawn on the page of each fact that quotes it
def _layout(shape: Shape) -> tuple[Sequence[Drawn], bool, float]:
    """Paragraphs with their places, whether they are drawn line by line, and the height of the whole."""
    paragraphs: Sequence[Bounds] = shape.paragraphs
    if shape.length > BY_PARAGRAPH and len(paragraphs) > PARAGRAPHS:
        paragraphs = ((0, shape.length),)
    by_line = shape.length <= BY_PARAGRAPH
    scale = (HEIGHT - 3 * len(paragraphs)) / max(1, shape.length)
    drawn, top = [], 0.0
    for start, end in paragraphs:
        height = float(PITCH * ceil((end - start) / LINE)) if by_line else 1 + (end - start) * scale
        drawn.append(Drawn((start, end), top, height))
        top += height + (PARAGRAPH_GAP if by_line else 2)
    return tuple(drawn), by_line, top


def _boxes(span: Bounds, drawn: Iterable[Drawn], by_line: bool) -> list[Box]:
    """Rectangles (x, y, width, height) that cover a span: one for each line it touches."""
    boxes: list[Box] = []
    for paragraph in drawn:
        begin, end = paragraph.bounds
        first, last = max(span[0], begin) - begin, min(span[1], end) - begin
        if first >= last:
            continue
        if not by_line:
            scale = paragraph.height / (end - begin)
            boxes.append((0, paragraph.top + first * scale, WIDTH, max(2.0, (last - first) * scale)))
            continue
        for line in range(first // LINE, ceil(last / LINE)):
            left = max(first - line * LINE, 0) * WIDTH / LINE
            right = min(last - line * LINE, LINE) * WIDTH / LINE
            left = min(left, WIDTH - 2.0)
            boxes.append((left, paragraph.top + line * PITCH, max(right - left, 2.0), PITCH))
    return boxes


def _outline(boxes: Iterable[Box]) -> str:
    """Path data of the rectangles: one path costs a tenth of as many elements."""
    return "".join(f"M{n(x)} {n(y)}h{n(w)}v{n(h)}h-{n(w)}z" for x, y, w, h in boxes)


@lru_cache(maxsize=4096)
def _grey(shape: Shape) -> str:
    """The article as grey bars: every text line, or every paragraph."""
    drawn, by_line, _ = _layout(shape)
    if not by_line:
        return f'<path class="b" d="{_outline((0, p.top, WIDTH, p.height) for p in drawn)}"/>'
    strokes = []
    for paragraph in drawn:
        length = paragraph.bounds[1] - paragraph.bounds[0]
        for line in range(ceil(length / LINE)):
            wide = min(length - line * LINE, LINE) * WIDTH / LINE
            strokes.append(f"M0 {n(paragraph.top + line * PITCH + PITCH / 2)}h{n(wide)}")
    return f'<path class="l" d="{"".join(strokes)}"/>'


def _flip(shape: Shape, inside: str, width: int) -> str:
    """The drawing, mirrored when the article reads from right to left."""
    return inside if shape.dir == "ltr" else f'<g transform="matrix(-1 0 0 1 {width} 0)">{inside}</g>'


def miniature(shape: Shape, own: Sequence[Bounds], others: Sequence[Bounds], label: str) -> Markup:
    """The article in small: grey lines, `own` outlined in yellow, `others` in pale yellow."""
    drawn, by_line, height = _layout(shape)
    pale = _outline(box for span in others for box in _boxes(span, drawn, by_line))
    strong = _outline(box for span in own for box in _boxes(span, drawn, by_line))
    inside = _grey(shape)
    if pale:
        inside += f'<path class="o" d="{pale}"/>'
    if strong:
        inside += f'<path class="h" d="{strong}"/>'
    w, h = WIDTH + 2, n(height + 2)
    return Markup(
        f'<svg class="mini" viewBox="-1 -1 {w} {h}" width="{w}" height="{h}" role="img"'
        f' aria-label="{escape(label)}">{_flip(shape, inside, WIDTH)}</svg>'
    )


def source_map(shape: Shape, passages: Sequence[PassageView], label: str, each: str) -> Markup:
    """The article in small with every passage linked, and numbered where there is room.

    `each` names a link ("Passage"). A number stands at its own line or nowhere: moved down to make room it
    would point to another passage.
    """
    drawn, by_line, height = _layout(shape)
    links, low = "", -PITCH * 2.0
    for passage in passages:
        boxes = _boxes((passage.start, passage.end), drawn, by_line)
        if not boxes:
            continue
        room = boxes[0][1] + PITCH >= low + 9  # numbers of neighbouring lines must not overprint
        low = boxes[0][1] + PITCH if room else low
        text = _number(shape, passage.number, low) if room else ""
        links += (
            f'<a href="#{escape(passage.anchor)}" aria-label="{escape(each)} {passage.number}">'
            f'<path class="h" d="{_outline(boxes)}"/>{text}</a>'
        )
    x, w, h = -1 if shape.dir == "ltr" else -21, WIDTH + 22, n(max(height, low) + 4)
    return Markup(
        f'<svg class="mini" viewBox="{x} -1 {w} {h}" width="{w}" height="{h}" role="group"'
        f' preserveAspectRatio="xMinYMin meet" aria-label="{escape(label)}">'
        f"{_flip(shape, _grey(shape) + links, WIDTH)}</svg>"
    )


def _number(shape: Shape, number: int, y: float) -> str:
    """The number of a passage in the margin; mirrored back where the drawing is mirrored."""
    if shape.dir == "ltr":
        return f'<text x="{WIDTH + 5}" y="{n(y)}">{number}</text>'
    return f'<text x="{-WIDTH - 5}" y="{n(y)}" transform="scale(-1 1)" text-anchor="end">{number}</text>'


def position_bar(shape: Shape, own: Sequence[Bounds], label: str) -> Markup:
    """The article as one bar, its paragraphs as pieces, with the quoted passage in yellow.

    It runs from the left; the stylesheet mirrors it on pages that read from right to left.
    """
    scale = 1000 / max(1, shape.length)
    yellow = _outline((a * scale, 1, max((b - a) * scale, 4), 12) for a, b in own)
    return Markup(
        '<svg class="pos" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(label)}"><path class="p" d="{_pieces(shape)}"/>'
        f'<path class="s" d="{yellow}"/></svg>'
    )


@lru_cache(maxsize=4096)
def _pieces(shape: Shape) -> str:
    """Path data of the paragraphs side by side."""
    scale = 1000 / max(1, shape.length)
    paragraphs = shape.paragraphs if len(shape.paragraphs) <= PARAGRAPHS else ((0, shape.length),)
    return "".join(f"M{n(a * scale)} 7h{n(max((b - a) * scale - 2, 1))}" for a, b in paragraphs)


def drawn_small(evidence: Sequence[EvidenceView]) -> frozenset[str]:
    """Anchors of the quotations drawn as miniatures: the first of each source, three at most."""
    return frozenset([e.anchor for e in evidence if e.first_of_source][:MINIATURES])


def gap_size(skipped: int) -> int:
    """How tall a gap is drawn, 1 to 4: under 60 code points left out, under 200, under 400, longer."""
    return 1 + sum(skipped >= bound for bound in (60, 200, 400))


#: What templates may call, by name.
FUNCTIONS: Final = {
    "nb": nb,
    "num": num,
    "dots": dots,
    "miniature": miniature,
    "source_map": source_map,
    "position_bar": position_bar,
    "drawn_small": drawn_small,
    "gap_size": gap_size,
    "overview": overview,
    "figures": figures,
    "arcs": arcs,
    "lanes": lanes,
    "sparkline": sparkline,
    "weeks": weeks,
}
