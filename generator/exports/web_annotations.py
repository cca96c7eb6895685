"""`data/annotations.jsonld` (W3C Web Annotation): every quotation as a note on its article.

In: facts with their located evidence. Out: an annotation for each, its body our statement, its targets the
spans it rests on. A target gives the words (`TextQuoteSelector`) and the place in the saved text
(`TextPositionSelector`, Unicode code points, half-open); a source without an address is named by a URN.

Prefix and suffix are those the curator typed where a quote stands more than once. They are words of the
source that no page shows, so a source gets them only while all that is shown of it stays within the limits
of the site. A source whose rights allow no words is annotated by place alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generator import around, urls
from generator.content import Evidence, Fact
from generator.exports.identifiers import urn_of
from generator.shelves import Shelves

_COUNTING = "Positions count Unicode code points of the saved text, from the start up to and without the end."


def collection(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """The document, a line for each annotation."""
    path = "data/annotations.jsonld"
    notes = [
        json.dumps(note, ensure_ascii=False)
        for fact in shelves.dossier.facts.values()
        for note in _notes(shelves, fact, url)
    ]
    head = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": url + path if url else urn_of(shelves, path),
        "type": "AnnotationCollection",
        "label": shelves.dossier.site.title,
        "dcterms:description": _COUNTING,
        "total": len(notes),
    }
    page = {
        "id": f"{url}{path}#page" if url else urn_of(shelves, path, "page"),
        "type": "AnnotationPage",
        "startIndex": 0,
    }
    opened = json.dumps(head, ensure_ascii=False)[:-1], json.dumps(page, ensure_ascii=False)[:-1]
    items = ",\n".join(notes)
    yield path, f'{opened[0]}, "first": {opened[1]}, "items": [\n{items}\n]}}}}\n'.encode()


def _notes(shelves: Shelves, fact: Fact, url: str) -> Iterator[dict[str, Any]]:
    found = shelves.dossier.located[fact.id].evidence
    for number, (evidence, located) in enumerate(zip(fact.evidence, found, strict=True), 1):
        targets = [_target(shelves, evidence, passage) for passage in around.passages(evidence, located)]
        name = (fact.id, located.anchor, str(number))
        note = {
            "id": f"{url}{urls.fact(fact.id)}#{located.anchor}-{number}" if url else urn_of(shelves, *name),
            "type": "Annotation",
            "motivation": "describing",
            "body": [
                {
                    "type": "TextualBody",
                    "value": shelves.alone(fact.id),
                    "format": "text/plain",
                    "language": shelves.language,
                    "purpose": "describing",
                },
                {"type": "TextualBody", "value": evidence.stance, "purpose": "tagging"},
            ],
            "target": targets if len(targets) > 1 else targets[0],
        }
        if fact.added:
            note["created"] = f"{fact.added}T00:00:00Z"
        yield note


def _target(shelves: Shelves, evidence: Evidence, passage: around.Passage) -> dict[str, Any]:
    source = shelves.dossier.sources[evidence.source]
    selectors: list[dict[str, Any]] = []
    if source.rights != "none":
        around = {"prefix": passage.prefix, "suffix": passage.suffix} if shelves.roomy(source.id) else {}
        given = {name: words for name, words in around.items() if words}
        selectors.append({"type": "TextQuoteSelector", "exact": passage.words, **given})
    start, end = passage.span.start, passage.span.end
    selectors.append({"type": "TextPositionSelector", "start": start, "end": end})
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": source.url or urn_of(shelves, "source", source.id),
        "selector": selectors,
    }
    if source.archived:
        target["state"] = {"type": "TimeState", "cached": source.archived.url}
    return target
