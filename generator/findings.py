"""Why a quote may not be published, and one way out, in the curator's words.

In: a saved text, a quotation, and where it was found to stand, if anywhere. Out: one finding. The nearest
passage is a suggestion; nothing here changes what was found.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from generator import matching
from generator.located import Span, State
from generator.matching import Asked, Placement, Run
from generator.nearest import Passage, nearest, passage
from generator.patterns import late
from generator.saved import Saved
from generator.words import count_words

Code: TypeAlias = Literal[
    "quote-not-found", "quote-ambiguous", "quote-unchecked", "phrase-not-found", "lock-disagrees"
]


#: Marks that people put around the words they quote, or where they cut a sentence.
_ends = late(r"""^(?:\[…\]|\[\.{3}\]|…|\.{3}|["'“”„‘’«»]|\s)+|(?:\[…\]|\[\.{3}\]|…|\.{3}|["'“”„‘’«»]|\s)+$""")


class Place(Struct, frozen=True):
    """One of several places of an ambiguous quote, with the fewest words that would single it out."""

    span: Span
    prefix: str = ""
    suffix: str = ""

    @property
    def words(self) -> str:
        """The words that single it out, as they are written in YAML; empty when there are none."""
        sides = (("prefix", self.prefix), ("suffix", self.suffix))
        return "  ".join(f"{key}: {quoted(value)}" for key, value in sides if value)

    def __str__(self) -> str:
        told = self.words or "the words around it do not tell it apart"
        return f"characters {self.span.start}–{self.span.end}: {told}"


class Finding(Struct, frozen=True, kw_only=True):
    """Why a piece of evidence or a dating phrase may not be published."""

    #: The stable word of the problem.
    code: Code
    #: What is wrong.
    message: str
    #: One way out.
    help: str
    #: How the quote counts; a dating phrase has no state of its own.
    state: State = "missing"
    #: The way to the value from the evidence (`locate`) or from the fact (`locate_fact`).
    path: tuple[str | int, ...] = ()
    #: Id of the source.
    source: str = ""
    #: The passage most like the words asked for.
    nearest: Passage | None = None
    #: The words it is like, as typed: the whole quote, or the part of it that was not found.
    sought: str = ""
    #: The places of an ambiguous quote, the first ten.
    places: tuple[Place, ...] = ()


def quoted(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line."""
    import json  # only mistakes need it

    return json.dumps(text, ensure_ascii=False)


def ambiguous(saved: Saved, asked: Asked, placed: list[Placement]) -> Finding:
    """Several placements: say how many, and what would single out each."""
    first = placed[0]
    same_reading = [p for p in placed if len(p) == len(first)]
    varying = next((n for n in range(len(first)) if len({p[n] for p in same_reading}) > 1), 0)
    run, inner = first[varying], 0 < varying < len(first) - 1
    places = tuple(
        place
        for spot in dict.fromkeys((p[varying].start, p[varying].end) for p in same_reading)
        if (place := _place(saved, spot, before=varying == 0, after=varying == len(first) - 1))
    )
    what = "the quote" if len(first) == 1 else f"the part {quoted(run.typed)}"
    return Finding(
        code="quote-ambiguous",
        state="ambiguous",
        message=f"{what} stands {_times(len(places))} in the source"
        + (" after these words" if asked.prefix and not varying else "")
        + (" before these words" if asked.suffix and varying == len(first) - 1 else ""),
        help=_lengthen(run) if inner or not places else _single_out(places),
        places=places,
    )


def repeated(saved: Saved, asked: Asked, placement: Placement, loose: Run) -> Finding:
    """A part of one or two words that stands elsewhere too; its order alone does not tie it down."""
    mode = saved.source.paragraphing
    spots = matching.occurrences(saved.folded, matching.needle(loose.typed, mode))[: matching.LISTED]
    places = tuple(
        place
        for spot in spots
        if (place := _place(saved, spot, before=loose is placement[0], after=loose is placement[-1]))
    )
    return Finding(
        code="quote-ambiguous",
        state="ambiguous",
        message=f"the part {quoted(loose.typed)} is short and stands {_times(len(spots))} in the source",
        help=_lengthen(loose),
        places=places,
    )


def overlapping() -> Finding:
    """Two items of a list stand on the same words, or one within the other's omission."""
    return Finding(
        code="quote-ambiguous",
        state="ambiguous",
        message="the parts of this list overlap in the source",
        help="give each part once, or join them in one quote",
    )


def without_words() -> Finding:
    """A quote of punctuation only."""
    return Finding(
        code="quote-not-found",
        message="the quote holds no word",
        help="copy the words that carry the fact",
    )


def not_found(saved: Saved, asked: Asked) -> Finding:
    """No placement: the words were altered or are missing."""
    mode, folded = saved.source.paragraphing, saved.folded
    if asked.prefix or asked.suffix:
        bare = Asked(asked.quote)
        if placed := matching.placements(folded, bare, mode):
            return _other_context(saved, asked, placed)
    for part in matching.parts(asked.quote):
        words = matching.needle(part, mode)
        if not matching.occurrences(folded, words):
            return _absent_part(saved, asked, part, words)
    return Finding(
        code="quote-not-found",
        state="altered",
        message="each part of the quote stands in the source, but not in this order",
        help="give the parts in the order of the source, with words left out between them, or as a list",
        nearest=nearest(saved.text, folded, matching.needle(asked.quote, mode)),
    )


def _other_context(saved: Saved, asked: Asked, placed: list[Placement]) -> Finding:
    words = [f"after {quoted(asked.prefix)}"] if asked.prefix else []
    words += [f"before {quoted(asked.suffix)}"] if asked.suffix else []
    places = tuple(
        place for p in placed if (place := _place(saved, (p[0].start, p[0].end), before=True, after=True))
    )
    once = len(placed) == 1
    return Finding(
        code="quote-not-found",
        state="altered",
        message=f"the quote stands in the source, but not {' and '.join(words)}",
        help="take prefix and suffix out: the quote stands only once" if once else _single_out(places),
        places=() if once else places,
    )


def _absent_part(saved: Saved, asked: Asked, part: str, words: str) -> Finding:
    mode = saved.source.paragraphing
    what = "the quote" if part == asked.quote.strip() else f"the part {quoted(part)}"
    bare = _ends.sub("", part)
    if bare != part and (spots := matching.occurrences(saved.folded, matching.needle(bare, mode))):
        return Finding(
            code="quote-not-found",
            state="altered",
            message=f"{what} has marks at its ends that the source does not have there",
            help=f"quote what the source has:  {quoted(bare)}",
            nearest=passage(saved.text, saved.folded, words, *spots[0]),
        )
    look_again = f"copy the words again, or run  factsheet quote {saved.source.source} {quoted(_start(part))}"
    if widened := matching.torn(saved.folded, words):
        near = passage(saved.text, saved.folded, words, *widened[0])
        return Finding(
            code="quote-not-found",
            state="ambiguous" if len(widened) > 1 else "altered",
            message=f"{what} stands in the source only as a part of longer words or numbers",
            help="quote whole words",
            nearest=near,
            sought=part,
        )
    near = nearest(saved.text, saved.folded, words)
    if near is not None and near.is_alteration:
        if near.differs == 0 and saved.paragraph(near.span.start) != saved.paragraph(near.span.end - 1):
            return Finding(
                code="quote-not-found",
                state="altered",
                message=f"{what} runs over the end of a paragraph",
                help="give the words of each paragraph as an item of a list under  quote:",
                nearest=near,
            )
        dots = ("..." in words and "..." not in near.words) or "(…)" in asked.quote
        return Finding(
            code="quote-not-found",
            state="altered",
            message=f"{what} does not stand in the source like this",
            help="write […] where you leave words out" if dots else look_again,
            nearest=near,
            sought=part,
        )
    others = (matching.needle(other, mode) for other in matching.parts(asked.quote))
    return Finding(
        code="quote-not-found",
        state="altered" if any(matching.occurrences(saved.folded, other) for other in others) else "missing",
        message=f"{what} does not stand in the source",
        help=look_again,
        nearest=near,
        sought=part,
    )


def unchecked(source: str) -> Finding:
    """Neither the saved text nor the lock can say where the words stand."""
    return Finding(
        code="quote-unchecked",
        state="unchecked",
        message=f"the saved text of {source} is not here, and the evidence lock says nothing of these words",
        help=f"put the text of {source} where the site looks for it and run  factsheet lock",
    )


def lock_disagrees(source: str) -> Finding:
    """A line of the lock that no run of ours can have written for this quote."""
    return Finding(
        code="lock-disagrees",
        state="unchecked",
        message=f"the saved text of {source} is not here, and what the evidence lock holds is not this quote",
        help=f"put the text of {source} where the site looks for it and run  factsheet lock",
    )


def phrase_without_evidence(source: str) -> Finding:
    """A dating phrase of a source that the fact does not quote."""
    return Finding(
        code="phrase-not-found",
        message=f"the dating phrase is to stand in {source}, but the fact has no evidence from there",
        help=f"add evidence from {source} (stance: context), or name another source under  dating:",
    )


def phrase_elsewhere(saved: Saved, phrase: str, words: str, spots: list[Span]) -> Finding:
    """A dating phrase that does not stand in the paragraphs of the evidence, but maybe elsewhere."""
    if not any(char.isalnum() for char in phrase):
        return Finding(
            code="phrase-not-found",
            message="the dating phrase holds no word",
            help="copy the words from a paragraph of the evidence, or take the line out",
        )
    if not spots and len(matching.parts(phrase)) > 1:
        return Finding(
            code="phrase-not-found",
            message=f"the dating phrase {quoted(phrase)} leaves words out, which only a quote may do",
            help="give the words next to each other that carry the date, and say the rest under  basis:",
        )
    if not spots:
        return Finding(
            code="phrase-not-found",
            message=f"the dating phrase {quoted(phrase)} does not stand in the source",
            help="copy the words again from a paragraph of the evidence",
            nearest=nearest(saved.text, saved.folded, words),
        )
    numbers = sorted({saved.paragraph(spot.start) + 1 for spot in spots})
    where = ", ".join(map(str, numbers))
    return Finding(
        code="phrase-not-found",
        message=f"the dating phrase {quoted(phrase)} stands in no paragraph with evidence of this fact, "
        f"only in paragraph {where}",
        help="add words of that paragraph as evidence (stance: context), or copy another phrase",
    )


def _place(saved: Saved, spot: tuple[int, int], *, before: bool, after: bool) -> Place | None:
    span = saved.folded.span(*spot)
    if span is None:
        return None
    prefix, suffix = matching.tell_apart(saved.folded, spot, before=before, after=after) or ("", "")
    return Place(span, prefix, suffix)


def _times(number: int) -> str:
    if number >= matching.LISTED:
        return f"{number} times or more"
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _single_out(places: tuple[Place, ...]) -> str:
    told = next((words for place in places if (words := place.words)), "")
    return f"add words next to the one that is meant, as in  {told}" if told else "quote more words"


def _lengthen(run: Run) -> str:
    return f"quote more words around {quoted(run.typed)}, or give the parts as a list with prefix or suffix"


def _start(words: str) -> str:
    return " ".join(words.split()[:3]) if count_words(words) > 3 else words
