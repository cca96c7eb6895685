"""The passage of a text that is most like some words: a suggestion for a message, never an answer.

In: a saved text, folded, and folded words that do not stand in it. Out: the passage, held to word borders,
with the number of words that differ. Similarity decides nothing else anywhere: "will be sanctioned" and
"will not be sanctioned" are 91 % alike.
"""

from __future__ import annotations

import re

from msgspec import Struct

from generator.fold import Folded
from generator.located import Span
from generator.words import tokens

#: Below this likeness (0 to 100) a passage is not worth showing.
_SHOWN = 45.0
#: From this likeness on the words count as altered rather than missing.
_ALTERED = 66.0
#: Code points of longer words that are searched for; the passage is as long as the words.
_PROBE = 200
#: Longest words, in tokens, whose borders are fitted word by word; longer ones are fitted by character only.
_FITTED = 40


class Passage(Struct, frozen=True):
    """A passage offered as a suggestion."""

    #: In code points of the saved text.
    span: Span
    #: The source's own words on one line.
    words: str
    #: Words (single characters in scripts without spaces) that differ: changed, missing or added.
    differs: int
    #: How alike the two are, from 0 to 100.
    likeness: float

    @property
    def is_alteration(self) -> bool:
        """Whether the words asked for are this passage with changes, and not something else."""
        return self.likeness >= _ALTERED

    def __str__(self) -> str:
        if self.differs == 0:
            why = "only white space differs, yet it is not accepted"
        elif self.differs == 1:
            why = "1 word differs, so it is not accepted"
        else:
            why = f"{self.differs} words differ, so it is not accepted"
        return f'"{self.words}" (characters {self.span.start}–{self.span.end}; {why})'


def nearest(text: str, folded: Folded, words: str) -> Passage | None:
    """Return the passage of `text` most like the folded `words`; None when nothing is like them."""
    from rapidfuzz import fuzz  # only a build with problems needs it

    hay, wanted = _caseless(folded.text), _caseless(words)
    like = fuzz.partial_ratio_alignment(wanted[:_PROBE], hay, score_cutoff=_SHOWN)
    if like is None:
        return None
    end = like.dest_end + max(0, len(wanted) - _PROBE)
    start, end = _fitted(hay, wanted, like.dest_start, min(end, len(hay)))
    while start < end and _is_margin(hay[start], words[0]):
        start += 1
    while start < end and _is_margin(hay[end - 1], words[-1]):
        end -= 1
    found = passage(text, folded, words, start, end)
    return found if found and found.likeness >= _SHOWN else None


def passage(text: str, folded: Folded, words: str, start: int, end: int) -> Passage | None:
    """Return the passage at `folded.text[start:end]` compared with `words`; None inside a ligature."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    span = folded.span(start, end)
    if span is None or not len(span):
        return None
    own = folded.text[start:end]
    return Passage(
        span=span,
        words=" ".join(text[span.start : span.end].split()),
        differs=Levenshtein.distance(_cut(words), _cut(own)),
        likeness=fuzz.ratio(_caseless(words), _caseless(own)),
    )


def _caseless(text: str) -> str:
    """Lower the case without changing the length, which the capital dotted İ alone would."""
    lowered = text.replace("İ", "i").lower()
    return lowered if len(lowered) == len(text) else text


def _is_margin(char: str, wanted: str) -> bool:
    """Say whether a character at the border of a passage is punctuation that nobody asked for."""
    return not char.isalnum() and char != wanted


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


def _fitted(hay: str, words: str, start: int, end: int) -> tuple[int, int]:
    """Fit a passage to word borders, so that as few words as possible differ."""
    reach = max(24, len(words) // 2)
    left = max(0, start - reach)
    around = [(s + left, e + left) for s, e in tokens(hay[left : end + reach])]
    if left and around and hay[left - 1 : left].strip():
        del around[0]  # a word that the reach cut
    wanted = _cut(words)
    if not around or len(wanted) > _FITTED:
        touched = [(s, e) for s, e in around if e > start and s < end] or [(start, end)]
        return touched[0][0], touched[-1][1]
    first, last = _best_row(wanted, [hay[s:e] for s, e in around])
    return around[first][0], around[last][1]


def _bare(word: str) -> str:
    """Return a word without the marks around it; marks alone are as they are."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", word) or word


def _best_row(wanted: list[str], row: list[str]) -> tuple[int, int]:
    """Return first and last of the words in `row` that are nearest to `wanted` (Sellers 1980).

    Approximate matching by dynamic programming whose ends in `row` are free. A changed word costs less than
    one missing and one added, and least when it is like the one wanted; a word added costs less than the last
    one changed, so that a passage is not cut short before a word that was asked for.
    """
    from rapidfuzz import fuzz

    missing, added = 1.1, 0.95
    bare = [_bare(own) for own in row]
    ending = [(0.0, at) for at in range(len(row) + 1)]  # cost, and where the passage starts
    for number, word in enumerate(wanted, 1):
        before, ending, stem = ending, [(number * missing, 0)], _bare(word)
        for at, own in enumerate(row, 1):
            change = 0.0 if own == word else 1.0
            if change and bare[at - 1] == stem:
                change = 0.02  # a full stop or a quotation mark holds on to it
            elif change and own[0] == word[0]:
                change -= fuzz.ratio(own, word) / 250
            ending.append(
                min(
                    (before[at - 1][0] + change, before[at - 1][1]),
                    (before[at][0] + missing, before[at][1]),
                    (ending[at - 1][0] + added, ending[at - 1][1]),
                    key=lambda cell: (cell[0], -cell[1]),
                )
            )
    last = min(range(1, len(row) + 1), key=lambda at: (ending[at][0], at))
    first = ending[last][1]
    return min(first, last - 1), last - 1
