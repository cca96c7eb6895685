"""Coverage: which sentences of the saved texts the facts use, and which nobody uses yet.

In: the linked dossier and the texts at hand. Out: for each source its sentences with the facts whose words
touch them, and its furniture with the reason why nothing is taken from there; then the same as text or JSON.
What is shown here are the articles themselves, so it is for the curator's eyes and never part of a site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from generator.content import Furniture, Source
from generator.desk import Absent
from generator.dossier import Dossier
from generator.limits import merged
from generator.located import Span
from generator.quotes import phrase_source
from generator.saved import Saved
from generator.sentences import sentences


class Sentence(Struct, frozen=True):
    """A sentence of a source and who uses it."""

    span: Span
    #: Number of its paragraph, from 1.
    paragraph: int
    #: The source's own words on one line.
    text: str
    #: Ids of the facts that quote it, in the order of their dates; with `dated` those it is used by.
    quoted: tuple[str, ...] = ()
    #: Ids of the facts that take only their date from it.
    dated: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether any fact shows a word of it."""
        return bool(self.quoted or self.dated)


class Covered(Struct, frozen=True):
    """How far the facts use one source."""

    source: str
    #: In the order of the text; none where the text is absent.
    sentences: tuple[Sentence, ...] = ()
    #: In the order of the text.
    furniture: tuple[Furniture, ...] = ()
    #: Why there are no sentences; None where the text is here.
    absent: Absent | None = None

    @property
    def unused(self) -> tuple[Sentence, ...]:
        """The sentences that no fact uses."""
        return tuple(sentence for sentence in self.sentences if not sentence.is_used)


def cover(dossier: Dossier, texts: Mapping[str, Saved | Absent]) -> tuple[Covered, ...]:
    """Return the coverage of every source, in the order of their ids."""
    quoted, dated = _spans(dossier)
    found = []
    for key, source in dossier.sources.items():
        text = texts[key]
        if isinstance(text, Absent):
            found.append(Covered(key, absent=text))
            continue
        cut = sorted(source.furniture, key=lambda part: (part.start, part.end))
        language = source.language or dossier.site.language
        spans = _sentences(text, source, language)
        found.append(
            Covered(
                key,
                tuple(_used(text, span, quoted.get(key, ()), dated.get(key, ())) for span in spans),
                tuple(cut),
            )
        )
    return tuple(found)


_Users = list[tuple[Span, str]]


def _spans(dossier: Dossier) -> tuple[dict[str, _Users], dict[str, _Users]]:
    """By source: the spans that facts quote, and the spans they take their dates from."""
    quoted: dict[str, _Users] = {}
    dated: dict[str, _Users] = {}
    for key, located in dossier.located.items():
        for each in located.evidence:
            quoted.setdefault(each.source, []).extend((span, key) for span in each.spans)
        phrases = dated.setdefault(phrase_source(dossier.facts[key]), [])
        phrases.extend((span, key) for span in located.phrase)
    return quoted, dated


def _sentences(saved: Saved, source: Source, language: str) -> Iterable[Span]:
    """The sentences of a text outside its furniture."""
    furniture = merged(Span(part.start, part.end) for part in source.furniture)
    for paragraph in saved.source.paragraphs:
        start = paragraph.start
        for part in (*furniture, Span(paragraph.end, paragraph.end)):
            if part.end < start or part.start > paragraph.end:
                continue
            piece = saved.text[start : max(start, part.start)]
            for span in sentences(piece, language):
                yield Span(start + span.start, start + span.end)
            start = part.end


def _used(
    saved: Saved, span: Span, quoted: Iterable[tuple[Span, str]], dated: _Users | tuple[()]
) -> Sentence:
    quoting = [fact for other, fact in quoted if other.start < span.end and span.start < other.end]
    dating = [fact for other, fact in dated if other.start < span.end and span.start < other.end]
    return Sentence(
        span,
        saved.paragraph(span.start) + 1,
        " ".join(saved.slice(span).split()),
        tuple(dict.fromkeys(quoting)),
        tuple(fact for fact in dict.fromkeys(dating) if fact not in quoting),
    )


def render_text(covered: Iterable[Covered]) -> str:
    """Return coverage for a person at a terminal: what nobody uses first, then every source in its order."""
    sources = tuple(covered)
    unused = [(source.source, sentence) for source in sources for sentence in source.unused]
    lines = [_summary(len(unused), sum(len(source.sentences) for source in sources))]
    for key, sentence in unused:
        lines += ["", f"  {key}, {_where(sentence)}", f"    {sentence.text}"]
    for source in sources:
        lines += ["", *_source(source)]
    return "\n".join(lines)


def _summary(unused: int, all_: int) -> str:
    if not all_:
        return "No saved text is here, so nothing can be said of its sentences."
    if not unused:
        return f"Every sentence is used by a fact ({all_} of {all_})."
    return f"{unused} of {all_} sentences {'is' if unused == 1 else 'are'} used by no fact:"


def _where(sentence: Sentence) -> str:
    return f"paragraph {sentence.paragraph}, characters {sentence.span.start}–{sentence.span.end}"


def _source(source: Covered) -> Iterable[str]:
    if source.absent:
        yield f"{source.source}: {source.absent.reason}"
        yield f"  help: {source.absent.help}"
        return
    used = len(source.sentences) - len(source.unused)
    yield f"{source.source}: {used} of {len(source.sentences)} sentences used"
    parts: list[Sentence | Furniture] = [*source.sentences, *source.furniture]
    for part in sorted(parts, key=lambda part: part.span if isinstance(part, Sentence) else _span(part)):
        if isinstance(part, Furniture):
            yield f"  furniture, characters {part.start}–{part.end}: {part.why}"
        else:
            yield f"  {_where(part)}: {_users(part)}"
            yield f"    {part.text}"


def _span(part: Furniture) -> Span:
    return Span(part.start, part.end)


def _users(sentence: Sentence) -> str:
    users = [*sentence.quoted, *(f"{fact} (its date)" for fact in sentence.dated)]
    return ", ".join(users) or "NOT USED"


def as_json(covered: Iterable[Covered]) -> list[dict[str, Any]]:
    """Return coverage as plain values, a mapping for each source."""
    return [
        {
            "source": source.source,
            "text": source.absent is None,
            "reason": source.absent.reason if source.absent else "",
            "sentences": [
                {
                    "start": sentence.span.start,
                    "end": sentence.span.end,
                    "paragraph": sentence.paragraph,
                    "text": sentence.text,
                    "facts": list(sentence.quoted),
                    "dated": list(sentence.dated),
                }
                for sentence in source.sentences
            ],
            "furniture": [{"start": f.start, "end": f.end, "why": f.why} for f in source.furniture],
        }
        for source in covered
    ]
