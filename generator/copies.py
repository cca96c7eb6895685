"""Quotes sought in another copy of an article, whose lines may break elsewhere than in the saved text.

In: a text from anywhere, and the words of a quote as a site publishes them, run by run. Out: whether they
stand in it, or how much of them does. Nothing is approximate here but `Copy.likeness`, which only chooses the
article to speak of. Where lines and paragraphs end says nothing of a copy (mail, print and web pages wrap
anew), so here every line end, blank lines included, counts as one space; all else is the profile `fold-1`,
and words are whole words as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.cached import cached_property
from generator.fold import ENDS, Folded, fold
from generator.nearest import Passage, nearest
from generator.words import cuts_word, tokens

_any_break = re.compile(rf"\s*[{ENDS}]\s*")


def unbroken(text: str) -> str:
    """Return a text folded by fold-1 as if it were one paragraph, without white space around it."""
    return fold(_any_break.sub("\n", text.strip()), "blank").text


@dataclass(frozen=True)
class Copy:
    """A text in which published quotes are sought."""

    #: The text, `unbroken`.
    text: str

    @classmethod
    def of(cls, text: str) -> Copy:
        """Return a text as stored, made ready."""
        return cls(unbroken(text))

    def holds(self, runs: Sequence[str]) -> bool:
        """Say whether the runs of a quote stand here one after the other, each as whole words."""
        at = 0
        for run in runs:
            found = self._find(unbroken(run), at)
            if found < 0:
                return False
            at = found
        return True

    def _find(self, words: str, after: int) -> int:
        """Return where folded words end that begin at or after an offset; -1 where they do not stand."""
        at = self.text.find(words, after) if words else -1
        while at >= 0:
            end = at + len(words)
            if not cuts_word(self.text, at) and not cuts_word(self.text, end):
                return end
            at = self.text.find(words, at + 1)
        return -1

    def nearest(self, runs: Sequence[str]) -> Passage | None:
        """Return the passage most like the first run that does not stand here by itself.

        Its offsets count in the folded copy, which nobody sees. None when nothing is like it.
        """
        lost = next((run for run in runs if not self.holds((run,))), runs[0])
        return nearest(self.text, Folded(self.text), unbroken(lost))

    def likeness(self, quotes: Sequence[Sequence[str]]) -> float:
        """Return which part of the neighbouring words of some quotes are neighbours here too, 0 to 1."""
        wanted = [pair for runs in quotes for run in runs for pair in _neighbours(unbroken(run))]
        return sum(pair in self._pairs for pair in wanted) / len(wanted) if wanted else 0.0

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(_neighbours(self.text))


def _neighbours(text: str) -> list[tuple[str, str]]:
    return list(pairwise(text[start:end] for start, end in tokens(text)))
