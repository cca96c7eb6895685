"""Words that curators typed beside a quote to tell its place, and whether a site may give them away.

Prefix and suffix are words of the source that no page shows. Links and annotations are read as well, so a
source gets them there only while all that is shown of it, these included, stays within the limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from generator import limits, quotes
from generator.content import Evidence, Fact
from generator.dossier import Dossier
from generator.located import LocatedEvidence, LocatedFact, Span


class Passage(NamedTuple):
    """A span with its words and what the curator typed around it."""

    span: Span
    words: str
    prefix: str
    suffix: str


def passages(evidence: Evidence, located: LocatedEvidence) -> Iterator[Passage]:
    """The spans of a quotation, each with the prefix and suffix that were typed for it."""
    asked, count = quotes.asked_for(evidence), len(located.spans)
    before, after = [""] * count, [""] * count
    if len(asked) == count:
        before, after = [a.prefix for a in asked], [a.suffix for a in asked]
    elif len(asked) == 1:  # one quotation with words left out: they stand around the whole
        before[0], after[-1] = asked[0].prefix, asked[0].suffix
    return map(Passage, located.spans, quotes.shown(evidence, located), before, after)


def is_roomy(dossier: Dossier, source: str, facts: Iterable[Fact]) -> bool:
    """Whether prefixes and suffixes of a source may be shown too; `facts` are all that show words of it."""
    if dossier.sources[source].rights == "full":
        return True
    all_shown = []
    for fact in facts:
        located = dossier.located[fact.id]
        all_shown.append((fact, located))
        for evidence, found in zip(fact.evidence, located.evidence, strict=True):
            for number, passage in enumerate(passages(evidence, found) if found.source == source else ()):
                wider = replace(
                    found,
                    spans=found.spans[number : number + 1],
                    runs=found.runs[number : number + 1],
                    before=f"{passage.prefix} " if passage.prefix else "",
                    after=f" {passage.suffix}" if passage.suffix else "",
                )
                all_shown.append((fact, LocatedFact(fact.id, (wider,))))
    most = dossier.site.limits
    shown = limits.shown_of_sources(all_shown, {source}).get(source)
    return shown is not None and (
        len(limits.longest_run(shown.runs)) <= most.words
        and limits.share(shown.spans, dossier.measures[source].length) <= most.share
    )
