"""How much of a source a site shows: the longest unbroken run, and the share of the text.

In: facts with their located evidence. Out: for each source what is shown of it, merged. Everything shown
counts: quotes, the context words around them and dating phrases. Only `Located` values are needed, so the
answer is the same with and without the saved texts.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from msgspec import Struct

from generator.content import Fact
from generator.located import LocatedEvidence, LocatedFact, Span
from generator.quotes import phrase_source
from generator.words import count_begun, count_words


class Shown(Struct, frozen=True):
    """What a site shows of one source."""

    #: The passages shown, in code points, merged and in order.
    spans: tuple[Span, ...]
    #: The unbroken runs of words shown, by number of word, merged where they meet and in order.
    runs: tuple[Span, ...]


def shown_of_sources(
    facts: Iterable[tuple[Fact, LocatedFact]], wanted: Container[str] | None = None
) -> dict[str, Shown]:
    """Return what is shown of each source (of those `wanted`, when named), by id in order of first use."""
    spans: dict[str, list[Span]] = {}
    runs: dict[str, list[Span]] = {}
    for fact, located in facts:
        for each in located.evidence:
            if each.spans and (wanted is None or each.source in wanted):
                spans.setdefault(each.source, []).extend(spans_with_context(each))
                runs.setdefault(each.source, []).extend(runs_with_context(each))
        if located.phrase and (wanted is None or phrase_source(fact) in wanted):
            spans.setdefault(phrase_source(fact), []).extend(located.phrase)
            runs.setdefault(phrase_source(fact), []).extend(located.phrase_runs)
    return {source: Shown(merged(spans[source]), merged(runs[source])) for source in spans}


def spans_with_context(located: LocatedEvidence) -> tuple[Span, ...]:
    """Return the spans of located evidence, the first and last widened by the context words shown."""
    return _widened(located.spans, len(located.before), len(located.after))


def runs_with_context(located: LocatedEvidence) -> tuple[Span, ...]:
    """Return the runs of located evidence by number of word, context words included.

    The rest of a word that the quote cuts (a quotation mark, a full stop) is no further word.
    """
    return _widened(located.runs, count_begun(located.before), count_words("x" + located.after) - 1)


def _widened(spans: tuple[Span, ...], before: int, after: int) -> tuple[Span, ...]:
    if not spans:
        return ()
    first, last = spans[0], spans[-1]
    widened = (Span(max(0, first.start - before), first.end), *spans[1:])
    return (*widened[:-1], Span(widened[-1].start, last.end + after))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or meet; the result is in order."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def longest_run(runs: Iterable[Span]) -> Span:
    """Return the longest of the merged runs, the first of several; `Span(0, 0)` where nothing is shown."""
    return max(merged(runs), key=len, default=Span(0, 0))


def share(spans: Iterable[Span], length: int) -> float:
    """Return the part of a text that merged spans cover, from 0 to 1; `length` is the text's."""
    return sum(len(span) for span in merged(spans)) / length
