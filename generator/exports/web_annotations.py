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
import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator import around, urls
from generator.content import Evidence, Fact
from generator.exports.identifiers import urn_of
from generator.pieces import Document
from generator.shelves import Shelves
from generator.touched import Touched

_PATH = "data/annotations.jsonld"
_TOTAL = re.compile(rb'"total": (\d+),')
_COUNTING = "Positions count Unicode code points of the saved text, from the start up to and without the end."


def _opening(shelves: Shelves, url: str) -> bytes:
    head = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": url + _PATH if url else urn_of(shelves, _PATH),
        "type": "AnnotationCollection",
        "label": shelves.dossier.site.title,
        "dcterms:description": _COUNTING,
        "total": _count(shelves.facts("all")),
    }
    page = {
        "id": f"{url}{_PATH}#page" if url else urn_of(shelves, _PATH, "page"),
        "type": "AnnotationPage",
        "startIndex": 0,
    }
    opened = json.dumps(head, ensure_ascii=False)[:-1], json.dumps(page, ensure_ascii=False)[:-1]
    return f'{opened[0]}, "first": {opened[1]}, "items": [\n'.encode()


def _count(facts: Iterable[Fact]) -> int:
    return sum(len(fact.evidence) for fact in facts)


def _recounted(opening: bytes, touched: Touched) -> bytes:
    """What stands before the first annotation, with the number of them after an edit."""
    before, after = touched.before.dossier.facts, touched.after.dossier.facts
    more = _count(after[k] for k in touched.changed if k in after)
    less = _count(before[k] for k in touched.changed if k in before)
    return _TOTAL.sub(lambda found: b'"total": %d,' % (int(found[1]) + more - less), opening, count=1)


def _lines(shelves: Shelves, fact: Fact, url: str) -> bytes:
    """A line for each annotation."""
    return ",\n".join([json.dumps(note, ensure_ascii=False) for note in _notes(shelves, fact, url)]).encode()


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


#: A source shows what stands around a quote while all that is shown of it is little.
COLLECTION = Document(
    path=_PATH,
    opening=_opening,
    piece=_lines,
    between=b",\n",
    closing=b"\n]}}\n",
    touched=lambda touched: touched.evidence,
    reopened=_recounted,
)
