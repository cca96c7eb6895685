"""Notices on whom the reporting comes from: independence counts origins, so copies have to be known.

The articles are read for credit lines and for long runs of words that two of them share. What is found is a
suggestion to paste; whether it is so, the curator says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator import edtf, likeness, voice
from generator.content import Source
from generator.credit_lines import Names
from generator.limits import merged
from generator.located import Span
from generator.notices import Notice, Reading, few, notice
from generator.saved import Saved
from generator.sentences import sentences

#: Words in quotation marks: two reporters may have heard the same speech.
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|«[^»]*»|「[^」]*」|『[^』]*』")

#: What makes speech of the words around it; "With the work done, she said that …" is none of hers at first.
_SAID = re.compile(r"\b(?:said|says|told|added|stated|tweeted|according to)\b", re.IGNORECASE)
_SAID_BEHIND = re.compile(rf"{_SAID.pattern}(?! that\b)", re.IGNORECASE)


def credits_are_origins(reading: Reading) -> Iterator[Notice]:
    """An article that says whose report it carries has an origin."""
    names = Names(reading.dossier)
    for key, saved in reading.here.items():
        source = reading.dossier.sources[key]
        told = reading.dossier.reporters[key]
        missing = [name for name in _credited(names, saved) if names.id(name) not in told]
        if not missing:
            continue
        own = [*source.origin, *(names.id(name) for name in missing)]
        entries = [entry for name in missing if (entry := names.entry(name))]
        also = f"; and as actors:  {', '.join(entries)}" if entries else ""
        yield notice(
            reading, "credit-untold", ("source", key), ("origin",),
            f"a credit line names {', '.join(map(names.words, missing))}, and `origin` does not",
            f"origin: [{', '.join(own)}]{also}",
        )  # fmt: skip


def _credited(names: Names, saved: Saved) -> list[str]:
    """Who is credited with a whole article."""
    found = (name for span in saved.source.paragraphs for name in names.credited(saved.slice(span)))
    return list(dict.fromkeys(found))


def origins_are_in_the_text(reading: Reading) -> Iterator[Notice]:
    """An origin that the article never names was known from elsewhere, or is a slip."""
    for key, saved in reading.here.items():
        source = reading.dossier.sources[key]
        for number, origin in enumerate(source.origin):
            actor = reading.dossier.actors[origin]
            names = (actor.name, *actor.aliases)
            if source.publisher not in names and not any(name in saved.text for name in names):
                yield notice(
                    reading, "origin-unseen", ("source", key), ("origin", number),
                    f"{actor.name} is given as an origin, and the saved text does not hold that name",
                    "say in `note` how it is known, or take it out",
                )  # fmt: skip


def reported_words_say_through_whom(reading: Reading) -> Iterator[Notice]:
    """Words that an article has from an agency came by way of it, whoever wrote the rest."""
    names, texts = Names(reading.dossier), reading.here
    credited = {key: list(_reported(names, saved, reading.language(key))) for key, saved in texts.items()}
    for fact in reading.dossier.facts.values():
        for number, (evidence, found) in enumerate(
            zip(fact.evidence, reading.dossier.located[fact.id].evidence, strict=True)
        ):
            if evidence.via or evidence.stance == "context" or not found.spans:
                continue
            first = found.spans[0]
            named = {n: None for span, n in credited.get(evidence.source, ()) if _within(first, span)}
            told = {fact.speaker, *reading.dossier.reporters[evidence.source], *(a.id for a in fact.cast)}
            for name in named:
                if names.id(name) not in told:
                    entry = names.entry(name)
                    yield notice(
                        reading, "via-untold", ("fact", fact.id), ("evidence", number),
                        f"the sentence of this quote names {names.words(name)} as reporting, "
                        "and `via` is empty",
                        f"via: [{names.id(name)}]" + (f"; and as an actor:  {entry}" if entry else ""),
                    )  # fmt: skip


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _reported(names: Names, saved: Saved, language: str) -> Iterator[tuple[Span, str]]:
    """The sentences of a text that name somebody as reporting, with the name."""
    for paragraph in saved.source.paragraphs:
        text = saved.slice(paragraph)
        found = list(names.reporting(text))
        for sentence in sentences(text, language) if found else ():
            for place, name in found:
                if _within(place, sentence):
                    yield Span(paragraph.start + sentence.start, paragraph.start + sentence.end), name


def speech_has_a_speaker(reading: Reading) -> Iterator[Notice]:
    """What rests on speech alone is known to have been said, and no more.

    Speech stands in quotation marks, or, in English, in a sentence that says who said it. One quote in the
    article's own words is enough, and so are `via` or a statement that says who speaks.
    """
    dossier = reading.dossier
    for fact in dossier.facts.values():
        told = fact.speaker or fact.kind == "utterance" or fact.status not in ("reported", "confirmed")
        told = told or any(e.via for e in fact.evidence) or voice.names_a_voice(dossier, fact)
        if told:
            continue
        found = zip(fact.evidence, dossier.located[fact.id].evidence, strict=True)
        places = [(e.source, place.spans) for e, place in found if e.stance == "supports"]
        if places and all(
            spans and key in reading.here and _is_speech(reading, key, Span(spans[0].start, spans[-1].end))
            for key, spans in places
        ):
            yield notice(
                reading, "speech-untold", ("fact", fact.id), ("evidence",),
                "all its words are somebody's speech in the article, and the fact has no speaker",
                "kind: utterance, speaker: WHO; or quote words in which the article says so itself",
            )  # fmt: skip


def _is_speech(reading: Reading, key: str, words: Span) -> bool:
    """Whether words of an article are somebody's, by their quotation marks or by the sentence they are in."""
    saved, language = reading.here[key], reading.language(key)
    paragraph = saved.source.paragraphs[saved.paragraph(words.start)]
    text = saved.slice(paragraph)
    inner = Span(words.start - paragraph.start, words.end - paragraph.start)
    if any(_within(inner, Span(*m.span())) for m in _QUOTED.finditer(text)):
        return True
    if language.partition("-")[0].lower() != "en":
        return False
    around = [s for s in sentences(text, language) if s.start < inner.end and inner.start < s.end]
    return bool(around) and all(
        _SAID.search(text, s.start, max(s.start, inner.start))
        or _SAID_BEHIND.search(text, min(s.end, inner.end), s.end)
        for s in around
    )


def shared_runs_are_one_origin(reading: Reading) -> Iterator[Notice]:
    """The same dozen words in a row: one has them from the other, or both from a third.

    Told at the later source, once, of the earlier one with which it shares most, unless both count as one
    origin already. Words in quotation marks and furniture do not count.
    """
    dossier = reading.dossier
    names = Names(dossier)
    order = sorted(reading.here, key=lambda k: (edtf.parse(dossier.sources[k].published).sort_key, k))
    pieces = {key: list(_counted(dossier.sources[key], reading.here[key])) for key in order}
    words = {key: list(_words(reading.here[key], pieces[key])) for key in order}
    most: dict[str, tuple[int, str, int]] = {}
    for (one, other), run in likeness.shared_runs(words).items():
        apart = not dossier.reporters[one] & dossier.reporters[other]
        if apart and run.words > most.get(other, (0,))[0]:
            most[other] = (run.words, one, run.second)
    for key, (number, earlier, first) in most.items():
        saved = reading.here[key]
        start = _place(saved, pieces[key], first)
        credited = [names.id(name) for name in _credited(names, reading.here[earlier])]
        origin = dossier.sources[earlier].origin or credited
        yield notice(
            reading, "text-shared", ("source", key), ("origin",),
            f"{number} words in a row stand in {earlier} too, from paragraph {saved.paragraph(start) + 1}, "
            f"character {start} on: “{few(saved.text[start : start + _SHOWN])}”",
            f"origin: [{', '.join(origin)}]" if origin
            else "read both; if they carry one report, give both its  origin: [ID]",
        )  # fmt: skip


#: Code points of which the first few words are shown.
_SHOWN = 100


def _counted(source: Source, saved: Saved) -> Iterator[Span]:
    """The passages of an article that count: no furniture, and no words in quotation marks."""
    left_out = [Span(part.start, part.end) for part in source.furniture]
    for paragraph in saved.source.paragraphs:
        quotes: Iterator[re.Match[Any]] = _QUOTED.finditer(saved.text, paragraph.start, paragraph.end)
        left_out += [Span(*match.span()) for match in quotes]
    start = 0
    for passage in merged(left_out):
        yield Span(start, max(start, passage.start))
        start = max(start, passage.end)
    yield Span(start, len(saved.text))


def _words(saved: Saved, passages: Iterable[Span]) -> Iterator[str]:
    """The words of some passages, and an empty one behind each."""
    for passage in passages:
        yield from likeness.folded(saved.slice(passage))
        yield ""


def _place(saved: Saved, passages: Iterable[Span], number: int) -> int:
    """Where the word of a number stands in the text, as `_words` counts."""
    for passage in passages:
        found = list(likeness.WORD.finditer(saved.text, passage.start, passage.end))
        if number < len(found):
            return found[number].start()
        number -= len(found) + 1
    raise AssertionError("the word was counted")


ORIGINS = (
    credits_are_origins,
    shared_runs_are_one_origin,
    reported_words_say_through_whom,
    speech_has_a_speaker,
    origins_are_in_the_text,
)
