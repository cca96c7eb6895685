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
from typing import Any, NamedTuple

from msgspec.structs import replace

from generator import limits, quotes, urls
from generator.content import Evidence, Fact
from generator.exports.identifiers import urn_of
from generator.located import LocatedEvidence, LocatedFact, Span
from generator.shelves import Shelves

_COUNTING = "Positions count Unicode code points of the saved text, from the start up to and without the end."


class _Passage(NamedTuple):
    """A span with its words and what the curator typed around it."""

    span: Span
    words: str
    prefix: str
    suffix: str


def collection(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """The document, a line for each annotation."""
    path = "data/annotations.jsonld"
    roomy = _roomy(shelves)
    notes = [
        json.dumps(note, ensure_ascii=False)
        for fact in shelves.dossier.facts.values()
        for note in _notes(shelves, fact, url, roomy)
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


def _notes(shelves: Shelves, fact: Fact, url: str, roomy: frozenset[str]) -> Iterator[dict[str, Any]]:
    found = shelves.dossier.located[fact.id].evidence
    for number, (evidence, located) in enumerate(zip(fact.evidence, found, strict=True), 1):
        targets = [_target(shelves, evidence, passage, roomy) for passage in _passages(evidence, located)]
        name = (fact.id, located.anchor, str(number))
        note = {
            "id": f"{url}{urls.fact(fact.id)}#{located.anchor}-{number}" if url else urn_of(shelves, *name),
            "type": "Annotation",
            "motivation": "describing",
            "body": [
                {
                    "type": "TextualBody",
                    "value": shelves.card(fact.id).alone,
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


def _target(shelves: Shelves, evidence: Evidence, passage: _Passage, roomy: frozenset[str]) -> dict[str, Any]:
    source = shelves.dossier.sources[evidence.source]
    selectors: list[dict[str, Any]] = []
    if source.rights != "none":
        around = {"prefix": passage.prefix, "suffix": passage.suffix} if source.id in roomy else {}
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


def _passages(evidence: Evidence, located: LocatedEvidence) -> Iterator[_Passage]:
    """The spans of a quotation, each with the prefix and suffix that were typed for it."""
    asked, count = quotes.asked_for(evidence), len(located.spans)
    before, after = [""] * count, [""] * count
    if len(asked) == count:
        before, after = [a.prefix for a in asked], [a.suffix for a in asked]
    elif len(asked) == 1:  # one quotation with words left out: they stand around the whole
        before[0], after[-1] = asked[0].prefix, asked[0].suffix
    return map(_Passage, located.spans, quotes.shown(evidence, located), before, after)


def _roomy(shelves: Shelves) -> frozenset[str]:
    """Sources of which prefixes and suffixes may be shown as well."""
    dossier = shelves.dossier
    all_shown = []
    for fact in dossier.facts.values():
        located = dossier.located[fact.id]
        all_shown.append((fact, located))
        for evidence, found in zip(fact.evidence, located.evidence, strict=True):
            for number, passage in enumerate(_passages(evidence, found)):
                wider = replace(
                    found,
                    spans=found.spans[number : number + 1],
                    runs=found.runs[number : number + 1],
                    before=f"{passage.prefix} " if passage.prefix else "",
                    after=f" {passage.suffix}" if passage.suffix else "",
                )
                all_shown.append((fact, LocatedFact(fact.id, (wider,))))
    most = dossier.site.limits
    return frozenset(
        key
        for key, shown in limits.shown_of_sources(all_shown).items()
        if dossier.sources[key].rights == "full"
        or (
            len(limits.longest_run(shown.runs)) <= most.words
            and limits.share(shown.spans, dossier.measures[key].length) <= most.share
        )
    )
