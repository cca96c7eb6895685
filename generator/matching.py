"""Where folded words stand in a folded text: whole words only, every place, all readings of an omission.

In: a folded text, a quote as typed, words before and after it. Out: placements, earliest first, of the
reading with the fewest omissions. Nothing is ever approximate here. Offsets are code points of the folded
text, half-open.

A quote with omission marks (`[…]`, `[...]`, `…`) can be read in several ways, since articles print brackets
and ellipses of their own: each mark is either the article's or stands for words left out. Placements are
built up run by run, so all readings with one omission are seen before any with two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from generator.fold import Folded, Paragraphing, fold
from generator.words import cuts_word, word_spans

#: How many places of an ambiguous quote are followed up and listed.
LISTED = 10
#: Longest prefix and suffix together, in words, that are looked at to tell places apart.
_CONTEXT = 60
#: Code points on either side in which those words are looked for.
_REACH = 1000

# A bare … is none between the brackets of a mark that stands at an end of the quote.
_one_mark = r"(?:\[…\]|\[\.\.\.\]|(?<!\[)…|…(?!\]))"
_marks = re.compile(rf"(?<=\S)\s*{_one_mark}(?:\s*{_one_mark})*\s*(?=\S)")


class Run(Struct, frozen=True):
    """An unbroken run of a quote: the words typed and where they stand."""

    typed: str
    start: int
    end: int


Placement = tuple[Run, ...]


class Asked(Struct, frozen=True):
    """One quotation to be placed, as typed; prefix and suffix may be empty."""

    quote: str
    prefix: str = ""
    suffix: str = ""


def parts(quote: str) -> list[str]:
    """Return what stands between the omission marks of a quote; marks at its ends are not between words."""
    return [quote[start:end] for start, end in _part_spans(quote.strip())]


def _part_spans(quote: str) -> list[tuple[int, int]]:
    if "…" not in quote and "[...]" not in quote:
        return [(0, len(quote))]
    marks = [m.span() for m in _marks.finditer(quote)]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(quote)]
    return list(zip(starts, ends, strict=True))


def needle(words: str, paragraphing: Paragraphing) -> str:
    """Return typed words as they are looked for: folded, without white space around them."""
    return fold(words.strip(), paragraphing).text.strip()


def occurrences(folded: Folded, words: str) -> list[tuple[int, int]]:
    """Return every place of folded words, overlapping ones included, that tears no word apart."""
    text = folded.text
    return [
        (start, end)
        for start, end in _substrings(text, words)
        if not cuts_word(text, start) and not cuts_word(text, end) and folded.span(start, end)
    ]


def torn(folded: Folded, words: str) -> list[tuple[int, int]]:
    """Return the first two places where folded words are only a part of longer words, widened to those."""
    text = folded.text
    found = []
    for start, end in islice(_substrings(text, words), 2):
        while cuts_word(text, start) or (start and not folded.span(start, len(text))):
            start -= 1
        while cuts_word(text, end) or (end < len(text) and not folded.span(0, end)):
            end += 1
        found.append((start, end))
    return found


def _substrings(text: str, words: str) -> Iterator[tuple[int, int]]:
    size = len(words)
    at = text.find(words) if words else -1
    while at >= 0:
        yield at, at + size
        at = text.find(words, at + 1)


def placements(folded: Folded, asked: Asked, paragraphing: Paragraphing) -> list[Placement]:
    """Return where a quotation stands: the reading with the fewest omissions, at most `LISTED` places.

    Parts stand in the order typed, with something other than white space between them. One placement means
    that the quotation is unambiguous. Only the earliest ways to place the first parts are carried on: what
    can follow a later one can follow those too, so whether there is a second placement is never missed.
    """
    quote = asked.quote.strip()
    spans = _part_spans(quote)
    last = len(spans)
    prefix, suffix = needle(asked.prefix, paragraphing), needle(asked.suffix, paragraphing)

    def runs(first: int, after: int) -> list[Run]:
        typed = quote[spans[first][0] : spans[after - 1][1]]
        found = [Run(typed, *place) for place in occurrences(folded, needle(typed, paragraphing))]
        if first == 0 and prefix:
            found = [run for run in found if _is_preceded(folded.text, run.start, prefix)]
        if after == last and suffix:
            found = [run for run in found if _is_followed(folded.text, run.end, suffix)]
        return found

    if last == 1:
        return [(run,) for run in runs(0, 1)[:LISTED]]
    known: dict[tuple[int, int], list[Run]] = {}
    layer: dict[int, list[Placement]] = {0: [()]}
    while layer:
        longer: dict[int, list[Placement]] = {}
        for first, placed in layer.items():
            for after in range(first + 1, last + 1):
                if (first, after) not in known:
                    known[first, after] = runs(first, after)
                found = known[first, after]
                if not found and after < last:
                    break  # what does not stand here does not stand here with more words
                for placement in placed:
                    further = [(*placement, run) for run in _later(folded.text, placement, found)]
                    if further:
                        longer.setdefault(after, []).extend(further)
        if last in longer:
            return sorted(longer[last], key=_starts)[:LISTED]
        layer = {after: sorted(some, key=_end)[:LISTED] for after, some in longer.items()}
    return []


def only_place(folded: Folded, asked: Asked, paragraphing: Paragraphing) -> Run | None:
    """Return where a quotation stands when its words, folded, stand in one place; None when they do not.

    That is the rule, and then `placements` has this one place, with and without prefix and suffix.
    """
    text, typed = folded.text, asked.quote.strip()
    words = needle(typed, paragraphing)
    if not words or "…" in words or "[...]" in words:
        return None
    start = text.find(words)
    end = start + len(words)
    if start < 0 or text.find(words, start + 1) >= 0 or folded.span(start, end) is None:
        return None
    if cuts_word(text, start) or cuts_word(text, end):
        return None
    if asked.prefix and not _is_preceded(text, start, needle(asked.prefix, paragraphing)):
        return None
    if asked.suffix and not _is_followed(text, end, needle(asked.suffix, paragraphing)):
        return None
    return Run(typed, start, end)


def _later(text: str, placement: Placement, runs: list[Run]) -> list[Run]:
    """Return the first runs that leave something out after a placement."""
    if not placement:
        return runs[:LISTED]
    end = placement[-1].end
    first = bisect_left(runs, end, key=lambda run: run.start)
    return [run for run in runs[first : first + LISTED + 1] if text[end : run.start].strip()][:LISTED]


def _starts(placement: Placement) -> list[int]:
    return [run.start for run in placement]


def _end(placement: Placement) -> int:
    return placement[-1].end


def _is_preceded(text: str, start: int, prefix: str) -> bool:
    while start and text[start - 1].isspace():
        start -= 1
    return text.endswith(prefix, 0, start)


def _is_followed(text: str, end: int, suffix: str) -> bool:
    while text[end : end + 1].isspace():
        end += 1
    return text.startswith(suffix, end)


def tell_apart(
    folded: Folded, place: tuple[int, int], *, before: bool = True, after: bool = True
) -> tuple[str, str] | None:
    """Return the fewest words before and after a place that no other place of the same words has.

    Both are empty where the words stand once; None where nothing tells the places apart. `before` and
    `after` say on which sides words may be taken; a prefix is preferred to a suffix of the same size.
    """
    text = folded.text
    start, end = place
    others = [other for other in occurrences(folded, text[start:end]) if other != place]
    head, tail = text[max(0, start - _REACH) : start].rstrip(), text[end : end + _REACH].lstrip()
    lefts = ["", *filter(_has_word, (head[s:] for s, _ in reversed(word_spans(head))))] if before else [""]
    rights = ["", *filter(_has_word, (tail[:e] for _, e in word_spans(tail)))] if after else [""]
    for total in range(_CONTEXT + 1):
        for left in _splits(total):
            if left >= len(lefts) or total - left >= len(rights):
                continue
            prefix, suffix = lefts[left], rights[total - left]
            if not any(_is_preceded(text, s, prefix) and _is_followed(text, e, suffix) for s, e in others):
                return prefix, suffix
    return None


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _splits(total: int) -> Iterator[int]:
    """Yield how many of `total` words go before: all, none, then the mixtures."""
    yield total
    if total:
        yield 0
    yield from range(total - 1, 0, -1)
