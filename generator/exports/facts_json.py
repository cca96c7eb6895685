"""`data/facts.json`: the whole dossier as one document, quotes as the sources have them.

Offsets are Unicode code points of the saved text, half-open: in languages that count otherwise
(JavaScript's UTF-16 units) convert before slicing. `earliest` and `latest` are the days a date allows;
either is null where the date is open or unknown, and neither is ever more precise than the source.
`warning` is what must be printed before a statement that stands alone ("Claimed", "According to …");
`outlets` counts the sources that support a fact, `origins` those of them that are independent. The `origin`
of a piece of evidence holds ids of actors, or `publisher NAME` where a publisher is none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from generator import edtf, quotes
from generator.content import Actor, Fact, Source
from generator.pieces import Document
from generator.relations import RELATIONS
from generator.shelves import Shelves

_encode = msgspec.json.Encoder().encode


def _opening(shelves: Shelves, _url: str) -> bytes:
    """Sources and actors, a line for each, in fixed order."""
    dossier = shelves.dossier
    parts = [
        (b"sources", [_source(shelves, s) for _, s in sorted(dossier.sources.items())]),
        (b"actors", [_actor(a) for _, a in sorted(dossier.actors.items())]),
    ]
    lists = (b'"%s": [\n%s\n],\n' % (name, b",\n".join(map(_encode, rows))) for name, rows in parts)
    return b"".join((b"{\n", *lists, b'"facts": [\n'))


def _line(shelves: Shelves, fact: Fact, _url: str) -> bytes:
    return _encode(_fact(shelves, fact))


def _source(shelves: Shelves, source: Source) -> dict[str, Any]:
    measures = shelves.dossier.measures[source.id]
    return {
        "id": source.id,
        "sha256": measures.sha256,
        "length": measures.length,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "supplied": list(source.supplied),
        "authors": list(source.authors),
        "url": source.url,
        "archived": {"url": source.archived.url, "date": source.archived.date} if source.archived else None,
        "language": source.language or shelves.language,
        "origin": list(source.origin),
        "rights": source.rights,
    }


def _actor(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "aliases": list(actor.aliases),
        "part_of": actor.part_of,
        "same_as": list(actor.same_as),
    }


@lru_cache(maxsize=1 << 16)
def bounds(date: str) -> tuple[str | None, str | None]:
    """The first and the last day a date allows, as EDTF writes them; None where it is open or unknown."""
    parsed = edtf.parse(date)
    return _day(parsed.earliest), _day(parsed.latest)


def _day(day: edtf.Day | None) -> str | None:
    return f"{edtf.year_key(day[0])}-{day[1]:02d}-{day[2]:02d}" if day else None


def _fact(shelves: Shelves, fact: Fact) -> dict[str, Any]:
    earliest, latest = bounds(fact.date)
    return {
        "id": fact.id,
        "statement": fact.statement,
        "warning": shelves.said(fact.id).warning,
        "date": fact.date,
        "earliest": earliest,
        "latest": latest,
        "due": fact.due,
        "kind": fact.kind,
        "status": fact.status,
        "draft": fact.draft,
        "actors": fact.cast,
        "speaker": fact.speaker,
        "topics": fact.topics,
        "relations": list(_relations(shelves, fact)) if fact.relations else [],
        "outlets": len(shelves.dossier.outlets(fact)),
        "origins": len(shelves.dossier.origins(fact)),
        "evidence": list(_evidence(shelves, fact)),
    }


@lru_cache(maxsize=1 << 12)
def _in_order(names: frozenset[str]) -> list[str]:
    return sorted(names)


def _relations(shelves: Shelves, fact: Fact) -> Iterator[dict[str, str]]:
    """As the fact names them, in the order of the table; what is not published is not named."""
    for type_ in RELATIONS:
        for target in fact.relations.get(type_, ()):
            if target in shelves.dossier.facts:
                yield {"type": type_, "target": target}


def _evidence(shelves: Shelves, fact: Fact) -> Iterator[dict[str, Any]]:
    """One row for each span; spans of one quotation share its anchor."""
    found = shelves.dossier.located[fact.id].evidence
    sources = shelves.dossier.sources
    for evidence, located in zip(fact.evidence, found, strict=True):
        shown = sources[evidence.source].rights != "none"
        for span, text in zip(located.spans, quotes.shown(evidence, located), strict=True):
            yield {
                "source": evidence.source,
                "anchor": located.anchor,
                "start": span.start,
                "end": span.end,
                "quote": text if shown else None,
                "state": located.state,
                "stance": evidence.stance,
                "via": evidence.via,
                "origin": _in_order(shelves.dossier.origin(evidence)),
            }


DOCUMENT = Document(
    path="data/facts.json",
    opening=_opening,
    piece=_line,
    between=b",\n",
    closing=b"\n]\n}\n",
)
