"""The page of a source and the table of sources: what was taken from each, and how much of it.

A source page shows the quoted passages in reading order, drawn to the length of the article; with
`rights: full` it shows the article, cut at every boundary of a passage; with `rights: none` it shows where
the passages stand and no words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from markupsafe import Markup

from generator import terms, urls
from generator.content import Source
from generator.fact_page import titles
from generator.languages import marked
from generator.marks import nb
from generator.shelves import NO_SHAPE, Shelves, day_of, direction
from generator.views import (
    Link,
    ParagraphView,
    PassageView,
    SourceRow,
    SourcesView,
    SourceView,
    TextPiece,
)


def view(shelves: Shelves, key: str) -> SourceView:
    """What was taken from this source, and how much of it? A field that no template shows stays empty."""
    shown, say = shelves.shown(SourceView), shelves.say
    source, measures = shelves.dossier.sources[key], shelves.dossier.measures[key]
    lang = source.language or shelves.language
    card = shelves.source(key)
    path = urls.source(key)
    passages = tuple(_passages(shelves, source))
    shown_up_to = max([p.end for p in passages], default=0)
    before, after = shelves.source_neighbours[key]
    facts = len(shelves.members("source", key))
    return SourceView(
        path=path,
        title=card.title,
        description=_describe(shelves, card.title, facts) if "description" in shown else "",
        section="sources.html",
        crumbs=(Link(href="sources.html", label=say.gettext("Sources")),) if "crumbs" in shown else (),
        draft=source.draft,
        source=card,
        rights=source.rights,
        rights_words=say.gettext(terms.RIGHTS[source.rights]),
        published_basis=source.published_basis,
        url=source.url,
        archived_url=source.archived.url if source.archived else "",
        archived=shelves.when(source.archived.date) if source.archived else "",
        archived_day=day_of(source.archived.date) if source.archived else "",
        locator=source.locator,
        reliability=say.gettext(terms.RELIABILITY[source.reliability]) if source.reliability else "",
        note=shelves.markdown(source.note, path),
        length=measures.length,
        sha256=measures.sha256,
        share=share(shelves, source) if "share" in shown else 0,
        shape=shelves.shape(key) if "shape" in shown else NO_SHAPE,
        passages=passages,
        rest=max(0, measures.length - shown_up_to),
        paragraphs=tuple(_paragraphs(shelves, source, passages)) if source.rights == "full" else (),
        lang=lang,
        dir=direction(lang),
        facts=facts,
        earlier=_link(shelves, before) if before and "earlier" in shown else None,
        later=_link(shelves, after) if after and "later" in shown else None,
    )


def _describe(shelves: Shelves, title: str, count: int) -> str:
    say = shelves.say
    told = say.ngettext(
        "%(number)s fact on the words of this source: %(title)s.",
        "%(number)s facts on the words of this source: %(title)s.",
        count,
    )
    return told % {"number": say.number(count), "title": title}


def _link(shelves: Shelves, key: str) -> Link:
    card = shelves.source(key)
    return Link(href=card.href, label=card.title, lang=card.lang)


def share(shelves: Shelves, source: Source) -> int:
    """How much of the text the site shows, in per cent, rounded up; 0 when it shows none."""
    length = shelves.dossier.measures[source.id].length
    if source.rights == "none" or not length:
        return 0
    if source.rights == "full":
        return 100
    return math.ceil(100 * shelves.extent(source.id).shown / length)


def _passages(shelves: Shelves, source: Source) -> Iterator[PassageView]:
    """Each quoted passage once, in reading order, with all facts that rest on it."""
    shown_up_to = 0
    shown = shelves.shown(SourceView)
    # A page in full offers no such links: it shows the words in their place already.
    linked = source.rights != "full" and "passage_url" in shown
    for number, found in enumerate(shelves.passages(source.id), 1):
        _, evidence, located = found[0]
        lang = shelves.language_of(evidence)
        start, end = located.spans[0].start, located.spans[-1].end
        url = shelves.original(evidence, located) if linked else source.url
        facts = [fact.id for fact, _, _ in found]
        yield PassageView(
            anchor=located.anchor,
            number=number,
            skipped=max(0, start - shown_up_to),
            runs=shelves.runs(evidence, located) if "runs" in shown else (),
            paragraph=located.paragraphs[0],
            start=start,
            end=end,
            lang=lang,
            dir=direction(lang),
            passage_url=url if url != source.url else "",
            facts=tuple([shelves.card(key) for key in dict.fromkeys(facts)]),
        )
        shown_up_to = max(shown_up_to, end)


def _paragraphs(
    shelves: Shelves, source: Source, passages: tuple[PassageView, ...]
) -> Iterator[ParagraphView]:
    text = shelves.dossier.full_texts[source.id]
    numbers = {p.anchor: p.number for p in passages}
    spans = sorted(
        {
            (span.start, span.end, numbers[located.anchor])
            for alike in shelves.passages(source.id)
            for _, _, located in alike
            for span in located.spans
        }
    )
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for start, end, n in spans:
        first.setdefault(n, start)
        last[n] = max(last.get(n, 0), end)
    noted = shelves.shows("notes", SourceView)
    for number, paragraph in enumerate(shelves.dossier.measures[source.id].paragraphs, 1):
        begin, close = paragraph.start, paragraph.end
        inside = [s for s in spans if s[0] < close and s[1] > begin]
        if not inside:
            words = shelves.printed(source.id, text[begin:close])
            yield ParagraphView(number=number, pieces=(TextPiece(words=words),))
            continue
        cuts = {begin, close}
        cuts.update([c for span in inside for c in span[:2] if begin < c < close])
        pieces = []
        for start, end in pairwise(sorted(cuts)):
            held = tuple(dict.fromkeys([n for s, e, n in inside if s <= start and end <= e]))
            pieces.append(
                TextPiece(
                    words=shelves.printed(source.id, text[start:end]),
                    passages=held,
                    begins=tuple([passages[n - 1].anchor for n in held if first[n] == start]),
                    ends=tuple([n for n in held if last[n] == end]),
                )
            )
        ended = {n for piece in pieces for n in piece.ends} if noted else ()
        yield ParagraphView(
            number=number, pieces=tuple(pieces), notes=tuple([passages[n - 1] for n in sorted(ended)])
        )


def index(shelves: Shelves) -> SourcesView:
    """Is the source I need here, and which count as one?"""
    dossier = shelves.dossier
    shown = shelves.shows("rows", SourcesView)
    order = [dossier.sources[key] for key in shelves.source_order] if shown else []
    return SourcesView(
        path="sources.html",
        title=shelves.say.gettext("Sources"),
        description=shelves.say.gettext("Every source with its publisher, date and what was taken from it."),
        section="sources.html",
        rows=tuple(
            SourceRow(
                source=shelves.source(s.id),
                facts=len(shelves.members("source", s.id)),
                quotes=shelves.extent(s.id).passages,
                share=share(shelves, s),
                rights_words=shelves.say.gettext(terms.RIGHTS[s.rights]),
            )
            for s in order
        ),
        shared=tuple(_shared(shelves)) if shelves.shows("shared") else (),
    )


_BOTH = marked("%(titles)s both credit %(name)s: what they carry from it counts as one origin.")
_ALL = marked("%(titles)s all credit %(name)s: what they carry from it counts as one origin.")


def _shared(shelves: Shelves) -> Iterator[Markup]:
    """Origins that stand behind more than one source: copies of one report count once."""
    behind: dict[str, list[str]] = {}
    for source in shelves.dossier.sources.values():
        for origin in source.origin:
            behind.setdefault(shelves.dossier.actors[origin].name, []).append(source.id)
    for name, sources in sorted(behind.items()):
        if len(sources) > 1:
            say = shelves.say
            if len(sources) == 2:
                told = say.gettext(
                    "%(titles)s both credit %(name)s: what they carry from it counts as one origin."
                )
            else:
                told = say.gettext(
                    "%(titles)s all credit %(name)s: what they carry from it counts as one origin."
                )
            yield Markup(told) % {"titles": titles(shelves, sources), "name": nb(name)}
