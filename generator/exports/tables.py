"""`data/facts.csv` and `data/evidence.csv` (RFC 4180; UTF-8 without a byte order mark, CR LF).

A line for each fact, and a line for each unbroken span of a quotation. Several ids in one cell stand with a
space between them. Spreadsheets take a cell that begins with `=`, `+`, `-` or `@` for a formula, and a source
may hold one; such a text gets an apostrophe in front, and so does one that begins with apostrophes and then
such a character. Taking one apostrophe off again gives the exact text. Dates, ids, numbers and addresses
cannot be formulas and are never touched.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from generator import quotes, urls
from generator.content import Fact
from generator.exports.facts_json import bounds
from generator.pieces import Document
from generator.shelves import Shelves

FACT_COLUMNS = (
    *("id", "statement", "date", "earliest", "latest", "due", "kind", "status", "speaker", "actors"),
    *("topics", "sources", "outlets", "origins", "quotes", "added", "page", "warning"),
)
EVIDENCE_COLUMNS = (
    *("fact", "quotation", "span", "source", "title", "publisher", "published", "supplied", "stance"),
    *("via", "anchor", "start", "end", "quote", "state", "url"),
)
#: Full-width forms too: some spreadsheets read them as the plain ones.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]").match


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet runs."""
    return f"'{text}" if _FORMULA(text) else text


def _rows(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _fact(shelves: Shelves, fact: Fact, url: str) -> Sequence[object]:
    earliest, latest = bounds(fact.date)
    return (
        fact.id,
        guarded(fact.statement),
        fact.date,
        earliest or "",
        latest or "",
        fact.due,
        fact.kind,
        fact.status,
        fact.speaker,
        " ".join(ref.id for ref in fact.cast),
        " ".join(fact.topics),
        " ".join(dict.fromkeys(e.source for e in fact.evidence)),
        len(shelves.dossier.outlets(fact)),
        len(shelves.dossier.origins(fact)),
        len(fact.evidence),
        fact.added,
        url + urls.fact(fact.id),
        guarded(shelves.said(fact.id).warning),
    )


def _spans(shelves: Shelves, fact: Fact) -> Iterator[Sequence[object]]:
    located = shelves.dossier.located[fact.id].evidence
    for number, (each, found) in enumerate(zip(fact.evidence, located, strict=True), 1):
        source = shelves.dossier.sources[each.source]
        for part, (span, words) in enumerate(zip(found.spans, quotes.shown(each, found), strict=True), 1):
            yield (
                fact.id,
                number,
                part,
                source.id,
                guarded(source.title),
                guarded(source.publisher),
                source.published,
                " ".join(source.supplied),
                each.stance,
                " ".join(each.via),
                found.anchor,
                span.start,
                span.end,
                guarded(words) if source.rights != "none" else "",
                found.state,
                source.url,
            )


#: A line for each fact, in the order of their dates.
FACTS = Document(
    path="data/facts.csv",
    opening=lambda _shelves, _url: _rows([FACT_COLUMNS]),
    piece=lambda shelves, fact, url: _rows([_fact(shelves, fact, url)]),
)
#: A line for each span, in the order of the facts.
EVIDENCE = Document(
    path="data/evidence.csv",
    opening=lambda _shelves, _url: _rows([EVIDENCE_COLUMNS]),
    piece=lambda shelves, fact, _url: _rows(_spans(shelves, fact)),
)
