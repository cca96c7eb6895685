"""Locating: from quotes as typed to the places where they stand in saved texts.

In: saved texts, and evidence as curators write it. Out: `Located` values, and a finding with the reason and
a way out wherever a quote may not be published. A quote stands in its source exactly after the folding
profile, or it does not stand there; likeness only ever suggests. Offsets are code points of the saved
text, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import TypeVar

import msgspec
from msgspec import structs

from generator import deeplinks, findings, fold, matching, sentences
from generator.content import Evidence, Fact
from generator.deeplinks import Directive
from generator.findings import Finding
from generator.fold import Paragraphing
from generator.located import PUBLISHABLE, Gap, LocatedEvidence, LocatedFact, Span
from generator.matching import Asked, Placement, Run
from generator.omissions import hidden_in
from generator.saved import Saved
from generator.words import count_words, is_open, word_spans

T = TypeVar("T")

#: Quotes of so many words say too little to be told apart by their order alone.
_SHORT = 2


def asked_for(evidence: Evidence) -> tuple[Asked, ...]:
    """Return the quotations of a piece of evidence, as typed: one, or one for each item of a list."""
    if isinstance(evidence.quote, str):
        return (Asked(evidence.quote, evidence.prefix, evidence.suffix),)
    return tuple(
        Asked(item) if isinstance(item, str) else Asked(item.quote, item.prefix, item.suffix)
        for item in evidence.quote
    )


def ask(evidence: Evidence, *, language: str, context: int = 0) -> str:
    """Return the digest of what is asked for (16 hex digits): a lock line answers this and nothing else."""
    return _ask(asked_for(evidence), evidence, language, context)


def _ask(asked: Iterable[Asked], evidence: Evidence, language: str, context: int) -> str:
    items = [(one.quote, one.prefix, one.suffix) for one in asked]
    return _digest((fold.PROFILE, evidence.source, evidence.lang or language, context, items))


def phrase_ask(phrase: str, source: str, quotes: Iterable[str]) -> str:
    """Return the digest of a dating phrase; `quotes` are those of the evidence from the same source."""
    return _digest((phrase, source, list(quotes)))


def _digest(value: object) -> str:
    return sha256(msgspec.json.encode(value)).hexdigest()[:16]


def anchor(source: str, parts: Iterable[tuple[str, str, str]]) -> str:
    """Return the public name of a passage: `q-` and eight hex digits.

    SHA-256 over lines: the id of the source, then for each part its folded words and, where the words stand
    more than once, its folded prefix and suffix. Line breaks fold whatever the paragraphs of the source are,
    so a text wrapped anew keeps its anchors.
    """
    lines = [source]
    for words, prefix, suffix in parts:
        lines.append(matching.needle(words, "blank"))
        if prefix or suffix:
            lines += matching.needle(prefix, "blank"), matching.needle(suffix, "blank")
    return "q-" + sha256("\n".join(lines).encode()).hexdigest()[:8]


def locate(
    saved: Saved, evidence: Evidence, *, language: str, context: int = 0
) -> tuple[LocatedEvidence, Finding | None]:
    """Say where a piece of evidence stands in its source, or why it cannot be published.

    `language` is the source's, unless the evidence names its own; `context` is the number of words shown on
    either side. Gaps that need a reason are no finding here: they are part of the value, see `hidden`.
    """
    mode, source = saved.source.paragraphing, saved.source.source
    asked = asked_for(evidence)
    digest = _ask(asked, evidence, language, context)
    placed: list[Placement] = []
    named: list[tuple[str, str, str]] = []
    run = matching.only_place(saved.folded, asked[0], mode) if len(asked) == 1 else None
    if run and any(char.isalnum() for char in run.typed):
        name = anchor(source, ((saved.folded.text[run.start : run.end], "", ""),))
        return _at_once(saved, evidence, digest, run, name, context) or _located(
            saved, evidence, digest, [(run,)], name, language, context
        ), None
    for number, one in enumerate(asked):
        found = matching.placements(saved.folded, one, mode)
        finding = _objection(saved, one, found)
        if finding:
            path = ("quote",) if isinstance(evidence.quote, str) else ("quote", number)
            return _refused(source, digest, finding, path)
        placed.append(found[0])
        alone = (
            not (one.prefix or one.suffix)
            or len(matching.placements(saved.folded, Asked(one.quote), mode)) == 1
        )
        named.append((one.quote, "", "") if alone else (one.quote, one.prefix, one.suffix))
    placed.sort(key=lambda placement: placement[0].start)
    if any(a[-1].end > b[0].start for a, b in pairwise(placed)):
        return _refused(source, digest, findings.overlapping(), ("quote",))
    return _located(saved, evidence, digest, placed, anchor(source, named), language, context), None


def _at_once(
    saved: Saved, evidence: Evidence, digest: str, run: Run, name: str, context: int
) -> LocatedEvidence | None:
    """Return what `_located` makes of one run that stands as typed, line breaks apart; None for any other."""
    span = _span(saved, run)
    own = saved.slice(span)
    exact = own == run.typed
    if not exact and own.replace("\n", " ") != run.typed:
        return None
    return LocatedEvidence(
        source=saved.source.source,
        ask=digest,
        state="exact" if exact else "folded",
        anchor=name,
        spans=(span,),
        words=() if exact else (own,),
        folds=() if exact else fold.needed(run.typed, own),
        runs=(saved.words(span),),
        paragraphs=(saved.paragraph(span.start) + 1,),
        before=_context(saved, span.start, -context) if context else "",
        after=_context(saved, span.end, context) if context else "",
        astray=_is_astray(saved, evidence, (span,), (own,), ()),
    )


def _objection(saved: Saved, asked: Asked, found: list[Placement]) -> Finding | None:
    """Return what is wrong with the placements of one quotation; None when it stands in one place."""
    if not any(char.isalnum() for char in asked.quote):
        return findings.without_words()
    if not found:
        return findings.not_found(saved, asked)
    if len(found) > 1:
        return findings.ambiguous(saved, asked, found)
    placement = found[0]
    if len(placement) > 1:
        for run in placement:
            held = (run is placement[0] and asked.prefix) or (run is placement[-1] and asked.suffix)
            words = matching.needle(run.typed, saved.source.paragraphing)
            if (
                not held
                and count_words(words) <= _SHORT
                and len(matching.occurrences(saved.folded, words)) > 1
            ):
                return findings.repeated(saved, asked, placement, run)
    return None


def _refused(
    source: str, digest: str, finding: Finding, path: tuple[str | int, ...]
) -> tuple[LocatedEvidence, Finding]:
    finding = structs.replace(finding, path=path, source=source)
    return LocatedEvidence(source=source, ask=digest, state=finding.state), finding


def _located(
    saved: Saved,
    evidence: Evidence,
    digest: str,
    placed: list[Placement],
    name: str,
    language: str,
    context: int,
) -> LocatedEvidence:
    runs = [run for placement in placed for run in placement]
    spans = tuple(_span(saved, run) for run in runs)
    own = [saved.slice(span) for span in spans]
    mode = saved.source.paragraphing
    names = {
        fold_ for run, words in zip(runs, own, strict=True) for fold_ in fold.needed(run.typed, words, mode)
    }
    ends = {id(placement[-1]) for placement in placed}
    gaps = tuple(
        Gap(size=0) if id(run) in ends else _gap(saved, a, b, evidence.lang or language)
        for run, a, b in zip(runs, spans, spans[1:], strict=False)
    )
    return LocatedEvidence(
        source=saved.source.source,
        ask=digest,
        state="folded" if names else "exact",
        anchor=name,
        spans=spans,
        words=_own_words(evidence, [run.typed for run in runs], own),
        folds=tuple(row for row in fold.NAMES if row in names),
        runs=tuple(saved.words(span) for span in spans),
        paragraphs=tuple(saved.paragraph(span.start) + 1 for span in spans),
        gaps=gaps,
        before=_context(saved, spans[0].start, -context) if context else "",
        after=_context(saved, spans[-1].end, context) if context else "",
        astray=_is_astray(saved, evidence, spans, own, gaps),
    )


def links(
    evidence: Evidence, own: Sequence[str], gaps: Sequence[Gap], paragraphing: Paragraphing
) -> tuple[Directive, ...]:
    """Return what leads a browser to a quote, given the source's own words of each span.

    Prefix and suffix are those typed; those of the items of a list are left out.
    """
    return deeplinks.directives(_parts(own, gaps), paragraphing, evidence.prefix, evidence.suffix)


def _parts(own: Sequence[T], gaps: Sequence[Gap]) -> list[list[T]]:
    """The spans of each quotation: one for each item of a list."""
    parts = [[own[0]]]
    for each, gap in zip(own[1:], gaps, strict=True):
        if gap.size:
            parts[-1].append(each)
        else:
            parts.append([each])
    return parts


def _is_astray(
    saved: Saved, evidence: Evidence, spans: Sequence[Span], own: Sequence[str], gaps: Sequence[Gap]
) -> bool:
    """Say whether a browser would be led to other words than these by a link to any part of the quote."""
    mode = saved.source.paragraphing
    if len(own) == 1 and deeplinks.stands_once(saved.read, own[0], mode):
        return False  # most quotes, said quickly
    wanted = links(evidence, own, gaps, mode)
    return any(
        deeplinks.astray(saved.read, directive, saved.text[: part[0].start])
        for directive, part in zip(wanted, _parts(spans, gaps), strict=True)
    )


def _span(saved: Saved, run: Run) -> Span:
    span = saved.folded.span(run.start, run.end)
    if span is None:
        raise AssertionError("a placement keeps to the borders of what was folded")
    return span


def _own_words(evidence: Evidence, typed: list[str], own: list[str]) -> tuple[str, ...]:
    """Return the source's own words where the evidence as typed would not give them (see `shown`)."""
    if tuple(typed) != _typed_runs(evidence, len(typed)):
        return tuple(own)
    if typed == own:
        return ()
    return tuple("" if words == as_typed else words for words, as_typed in zip(own, typed, strict=True))


def _typed_runs(evidence: Evidence, number: int) -> tuple[str, ...]:
    """Return the evidence as typed, run by run: every omission mark the article's own, or else none."""
    whole = tuple(one.quote.strip() for one in asked_for(evidence))
    if len(whole) == number:
        return whole
    return tuple(part for words in whole for part in matching.parts(words))


def shown(evidence: Evidence, located: LocatedEvidence) -> tuple[str, ...]:
    """Return the source's own words of each span, which pages print; empty where nothing was found."""
    if not located.words:
        if isinstance(evidence.quote, str) and len(located.spans) == 1:  # most quotes, said quickly
            return (evidence.quote.strip(),)
        return _typed_runs(evidence, len(located.spans)) if located.spans else ()
    typed = located.words if all(located.words) else _typed_runs(evidence, len(located.spans))
    return tuple(own or as_typed for own, as_typed in zip(located.words, typed, strict=True))


def hidden(evidence: Evidence, located: LocatedEvidence) -> tuple[str, ...]:
    """Name what the gaps of a quote hide without a reason given; such a quote may not be published."""
    if evidence.omission.strip():
        return ()
    return tuple(dict.fromkeys(what for gap in located.gaps for what in gap.hides))


def _gap(saved: Saved, before: Span, after: Span, language: str) -> Gap:
    left_out = saved.text[before.end : after.start]
    inside = saved.paragraph(before.end - 1)
    over = inside != saved.paragraph(after.start)
    paragraph = saved.source.paragraphs[inside]
    broken = not over and sentences.ends_between(
        saved.slice(paragraph), before.end - paragraph.start, after.start - paragraph.start, language
    )
    folded = fold.fold(left_out, saved.source.paragraphing).text
    return Gap(
        size=len(left_out),
        words=count_words(left_out),
        hides=hidden_in(folded, language, sentence_end=broken, paragraph_end=over),
    )


def _context(saved: Saved, at: int, words: int) -> str:
    """Return that many words of the paragraph after `at`, or before it when negative, right up to `at`.

    The rest of a word that the quote cuts (an opening quotation mark, a full stop) comes on top.
    """
    inside = saved.paragraph(at if words < 0 else at - 1)
    paragraph = saved.source.paragraphs[inside]
    text = saved.text[paragraph.start : at] if words < 0 else saved.text[at : paragraph.end]
    around = word_spans(text)
    if not around:
        return ""
    if words < 0:
        return text[around[max(0, len(around) + words - is_open(text[-1]))][0] :]
    return text[: around[min(len(around), words + is_open(text[0])) - 1][1]]


def least_context(saved: Saved, span: Span) -> tuple[str, str] | None:
    """Return the shortest prefix and suffix that make the words at a span unambiguous.

    Both are empty where the words stand only once; None where no words around them tell the places apart.
    """
    return matching.tell_apart(saved.folded, (saved.folded.at(span.start), saved.folded.at(span.end)))


def phrase_source(fact: Fact) -> str:
    """Return the id of the source whose words the dating phrase is; empty when the fact has no phrase."""
    if fact.dating is None or not fact.dating.phrase.strip():
        return ""
    return fact.dating.source or fact.evidence[0].source


def locate_fact(
    fact: Fact,
    saved: Mapping[str, Saved],
    *,
    languages: Mapping[str, str],
    context: int = 0,
    held: LocatedFact | None = None,
) -> tuple[LocatedFact, tuple[Finding, ...]]:
    """Locate all evidence of a fact and its dating phrase.

    `saved` holds the texts at hand, `languages` the language of every source, `held` what the evidence lock
    holds of this fact. Where a text is at hand it alone speaks; where it is not, the lock does; where
    neither does, the quote is unchecked. The path of a finding leads from the fact.
    """
    found: list[LocatedEvidence] = []
    objections: list[Finding] = []
    remembered = {each.ask: each for each in held.evidence} if held else {}
    for number, evidence in enumerate(fact.evidence):
        language = languages.get(evidence.source, "")
        text = saved.get(evidence.source)
        if text is not None:
            located, finding = locate(text, evidence, language=language, context=context)
        else:
            digest = ask(evidence, language=language, context=context)
            located, finding = _recalled(evidence, digest, remembered.get(digest))
        found.append(located)
        if finding:
            objections.append(structs.replace(finding, path=("evidence", number, *finding.path)))
    located_fact = LocatedFact(fact=fact.id, evidence=tuple(found))
    source = phrase_source(fact)
    if not source or fact.dating is None:
        return located_fact, tuple(objections)
    located_fact, finding = _with_phrase(located_fact, fact.dating.phrase, source, saved.get(source), held)
    if finding:
        objections.append(structs.replace(finding, path=("dating", "phrase"), source=source))
    return located_fact, tuple(objections)


def _recalled(
    evidence: Evidence, digest: str, held: LocatedEvidence | None
) -> tuple[LocatedEvidence, Finding | None]:
    """Take what the lock holds of a quote whose text is not here, unless it cannot be true."""
    if held is None:
        return _refused(evidence.source, digest, findings.unchecked(evidence.source), ("quote",))
    if held.state not in PUBLISHABLE or held.source != evidence.source or not _may_be(evidence, held):
        return _refused(evidence.source, digest, findings.lock_disagrees(evidence.source), ("quote",))
    return held, None


def _may_be(evidence: Evidence, held: LocatedEvidence) -> bool:
    """Say whether the words a lock line would show are those typed, folded, and as long as its spans."""
    runs = _typed_runs(evidence, len(held.spans))
    if (
        not held.spans
        or len(held.words) not in (0, len(held.spans))
        or (not all(held.words) and len(runs) != len(held.spans))
    ):
        return False
    typed = "\n".join(matching.needle(one.quote, "blank") for one in asked_for(evidence))
    return all(
        len(words) == len(span) and matching.needle(words, "blank") in typed
        for words, span in zip(shown(evidence, held), held.spans, strict=True)
    )


def _with_phrase(
    located: LocatedFact, phrase: str, source: str, saved: Saved | None, held: LocatedFact | None
) -> tuple[LocatedFact, Finding | None]:
    """Add where the dating phrase stands: in a paragraph of that source's evidence, nearest to the quotes."""
    quotes = [each for each in located.evidence if each.source == source]
    digest = phrase_ask(phrase, source, (each.ask for each in quotes))
    located = structs.replace(located, phrase_ask=digest)
    if not quotes:
        return located, findings.phrase_without_evidence(source)
    if any(each.state not in PUBLISHABLE for each in quotes):
        return located, None  # the quotes are told of first; their place decides
    if saved is None:
        if held is None or held.phrase_ask != digest or not held.phrase:
            return located, findings.unchecked(source)
        return structs.replace(
            located, phrase=held.phrase, phrase_words=held.phrase_words, phrase_runs=held.phrase_runs
        ), None
    spans = [span for each in quotes for span in each.spans]
    words = matching.needle(phrase, saved.source.paragraphing)
    spots = [s for spot in matching.occurrences(saved.folded, words) if (s := saved.folded.span(*spot))]
    near = {
        number
        for span in spans
        for number in range(saved.paragraph(span.start), saved.paragraph(span.end - 1) + 1)
    }
    beside = [spot for spot in spots if {saved.paragraph(spot.start), saved.paragraph(spot.end - 1)} <= near]
    if not beside or not any(char.isalnum() for char in phrase):
        return located, findings.phrase_elsewhere(saved, phrase, words, spots)
    best = min(beside, key=lambda spot: (min(_apart(spot, span) for span in spans), spot))
    own = saved.slice(best)
    return structs.replace(
        located,
        phrase=(best,),
        phrase_words="" if own == phrase.strip() else own,
        phrase_runs=(saved.words(best),),
    ), None


def _apart(one: Span, other: Span) -> int:
    """Return the code points between two spans; 0 where they overlap."""
    return max(0, one.start - other.end, other.start - one.end)
