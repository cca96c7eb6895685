"""Passages: words of a source as a curator remembers them, made into evidence to paste.

In: a saved text, a few words, the linked dossier. Out: every place where the words stand, with the least
prefix or suffix that singles it out and the facts that already use it; or, where they do not stand in the
source, why, and the passage most like them. What is offered to paste is always the source's own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from msgspec import Struct

from generator import matching, quotes
from generator.content import Evidence
from generator.dossier import Dossier
from generator.findings import Finding, not_found, without_words
from generator.located import Span
from generator.matching import Asked, Placement
from generator.quotes import least_context
from generator.saved import Saved
from generator.words import count_words, word_spans
from generator.yamlfile import read_yaml

#: Words shown on either side of a passage, for the eye only.
_AROUND = 8
#: Between the parts of a quote.
_OMITTED = " […] "


class User(Struct, frozen=True):
    """A fact that already shows words of a passage."""

    fact: str
    #: "the same words", "overlapping", or "its date".
    how: str


class Passage(Struct, frozen=True, kw_only=True):
    """One place of the words asked for."""

    spans: tuple[Span, ...]
    #: Number of the paragraph it begins in, from 1.
    paragraph: int
    #: What to write under `quote:`: the source's own words, with […] where some are left out.
    quote: str
    prefix: str = ""
    suffix: str = ""
    #: Why a build would refuse the quote even so; empty where it would take it.
    refused: str = ""
    #: The words on either side, up to the ends of the paragraph.
    before: str
    after: str
    users: tuple[User, ...] = ()


class Search(Struct, frozen=True):
    """What became of the words asked for."""

    source: str
    #: In the order of the text, at most `matching.LISTED`; what is only alike where there is a finding.
    passages: tuple[Passage, ...]
    #: Why the words do not stand in the source as typed; None where they do.
    finding: Finding | None = None


def search(dossier: Dossier, saved: Saved, words: str) -> Search:
    """Look for words in a source, folded as quotes are; omission marks are read as in a quote."""
    key = saved.source.source
    source = dossier.sources[key]
    language = source.language or dossier.site.language
    if not any(char.isalnum() for char in words):
        return Search(key, (), without_words())
    asked = Asked(words)
    placed = matching.placements(saved.folded, asked, saved.source.paragraphing)
    spans = [_spans(saved, placement) for placement in placed]
    finding = None
    if not spans:
        finding = not_found(saved, asked)
        spans = [(finding.nearest.span,)] if finding.nearest else []
    users = _users(dossier, key)
    return Search(key, tuple(_passage(saved, one, language, users) for one in spans), finding)


def _spans(saved: Saved, placement: Placement) -> tuple[Span, ...]:
    return tuple(span for run in placement if (span := saved.folded.span(run.start, run.end)))


def _passage(
    saved: Saved, spans: tuple[Span, ...], language: str, users: Iterable[tuple[Span, str, str]]
) -> Passage:
    first, last = spans[0], spans[-1]
    inside = saved.paragraph(first.start)
    paragraph = saved.source.paragraphs[inside]
    end = saved.source.paragraphs[saved.paragraph(last.end - 1)].end
    quote = _OMITTED.join(_one_line(saved, span) for span in spans)
    prefix, suffix, refused = _singled_out(saved, spans, quote, language)
    return Passage(
        spans=spans,
        paragraph=inside + 1,
        quote=quote,
        prefix=prefix,
        suffix=suffix,
        refused=refused,
        before=_words(saved.text[paragraph.start : first.start], -_AROUND),
        after=_words(saved.text[last.end : end], _AROUND),
        users=_using(spans, users),
    )


def _one_line(saved: Saved, span: Span) -> str:
    """The source's own words; folded where they hold line ends or what else nobody sees on paper."""
    own = saved.slice(span)
    if own.isprintable():
        return own
    return " ".join(saved.folded.text[saved.folded.at(span.start) : saved.folded.at(span.end)].split())


def _singled_out(saved: Saved, spans: tuple[Span, ...], quote: str, language: str) -> tuple[str, str, str]:
    """The least prefix and suffix with which exactly these spans are found, or why nothing does it."""
    key = saved.source.source
    tries = [("", ""), least_context(saved, spans[0]) or ("", "")]
    if len(spans) > 1:  # only the first part may have a prefix, only the last a suffix
        tries = [
            ("", ""),
            (_beside(saved, spans[0], before=True), ""),
            ("", _beside(saved, spans[-1], before=False)),
        ]
    message = ""
    for prefix, suffix in tries:
        if "\n" in prefix + suffix:
            continue  # words of another paragraph, which no curator should have to paste
        evidence = Evidence(source=key, quote=quote, prefix=prefix, suffix=suffix)
        located, finding = quotes.locate(saved, evidence, language=language)
        if located.spans == spans:
            if hidden := quotes.hidden(evidence, located):
                return (
                    prefix,
                    suffix,
                    f"the words left out hide a {' and a '.join(hidden)}: give  omission: reason",
                )
            return prefix, suffix, ""
        message = message or (finding.message if finding else "")
    return "", "", f"{message or 'these words do not stand alone'}; quote more of them"


def _beside(saved: Saved, span: Span, *, before: bool) -> str:
    """The fewest words before a span, or after it, that no other place of its words has; "" for none."""
    place = saved.folded.at(span.start), saved.folded.at(span.end)
    told = matching.tell_apart(saved.folded, place, before=before, after=not before)
    return "".join(told) if told else ""


def _words(text: str, number: int) -> str:
    """The first words of a text on one line, or the last where `number` is negative; … for the others."""
    spans = word_spans(text)
    if len(spans) > abs(number):
        text = "… " + text[spans[number][0] :] if number < 0 else text[: spans[number - 1][1]] + " …"
    return re.sub(r"\s+", " ", text)


def _users(dossier: Dossier, source: str) -> list[tuple[Span, str, str]]:
    """The spans of a source that facts show, with the fact and what it takes from there."""
    found = []
    for key, located in dossier.located.items():
        found += [
            (span, key, "") for each in located.evidence if each.source == source for span in each.spans
        ]
        if quotes.phrase_source(dossier.facts[key]) == source:
            found += [(span, key, "its date") for span in located.phrase]
    return found


def _using(spans: tuple[Span, ...], users: Iterable[tuple[Span, str, str]]) -> tuple[User, ...]:
    found = []
    for other, fact, how in users:
        if other in spans:
            found.append(User(fact, how or "the same words"))
        elif any(span.start < other.end and other.start < span.end for span in spans):
            found.append(User(fact, how or "overlapping"))
    return tuple(dict.fromkeys(found))


def render_text(found: Search, *, colour: bool = False) -> str:
    """Return a search for a person at a terminal, each passage with the YAML to paste."""
    blocks = []
    number = len(found.passages)
    if found.finding:
        blocks.append(f"Not found in {found.source}: {found.finding.message}.")
        if found.passages:
            blocks.append("Nearest, if that is what you mean:")
    elif number >= matching.LISTED:
        blocks.append(f"The first {number} places in {found.source}; more words give fewer.")
    elif number > 1:
        blocks.append(f"{number} places in {found.source}, each with the words that single it out.")
    blocks += [_block(found.source, passage, colour) for passage in found.passages]
    return "\n\n".join(blocks)


def _block(source: str, passage: Passage, colour: bool) -> str:
    places = ", ".join(f"{span.start}–{span.end}" for span in passage.spans)
    words = count_words(passage.quote.replace(_OMITTED, " "))
    opened, closed = ("\x1b[1m", "\x1b[22m") if colour else (">>", "<<")
    around = f"{passage.before}{opened}{passage.quote}{closed}{passage.after}"
    lines = [
        f"{source}, paragraph {passage.paragraph}, characters {places} ({words} word{'s' * (words != 1)})",
        f"  {around}",
        "",
        *(f"    {line}" for line in yaml_lines(source, passage)),
        "",
    ]
    if passage.refused:
        lines.append(f"  not yet to be published: {passage.refused}")
    used = ", ".join(f"{user.fact} ({user.how})" for user in passage.users)
    lines.append(f"  used by {used}" if used else "  used by no fact yet")
    return "\n".join(lines)


def yaml_lines(source: str, passage: Passage) -> list[str]:
    """Return the lines of an item under `evidence:`."""
    keys = {"quote": passage.quote, "prefix": passage.prefix, "suffix": passage.suffix}
    return [f"- source: {source}", *(f"  {key}: {scalar(text)}" for key, text in keys.items() if text)]


def scalar(text: str) -> str:
    """Return a text as YAML on one line: plain where it reads back as it is, else in double quotes."""
    entries, problems = read_yaml(f"text: {text}\n", "")
    return text if entries == [{"text": text}] and not problems else json.dumps(text, ensure_ascii=False)
