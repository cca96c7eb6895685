"""What texts have in common: long runs of the same words, and sentences made of the same words.

In: words, folded by `folded`. Out: pairs with what they share. Neither search compares every text with every
other: runs are found by blocks of words that both hold, likenesses by the rarest words of each.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from typing import TypeVar

from msgspec import Struct

from generator.words import SPACELESS

K = TypeVar("K", bound=Hashable)

#: Words of a run that no two writers find by themselves.
LONG = 12
#: Words of a block. A run of 2 * _BLOCK - 1 words holds a whole one wherever it begins.
_BLOCK = 6
#: Texts that are looked at for one block: what more of them share is the form of a page, not a report.
_HOLDERS = 8
#: Sentences that are compared for one word.
_CANDIDATES = 200

#: A word without what is joined to it by a mark, or a character of a script without spaces.
WORD = re.compile(rf"[{SPACELESS}]|[^\W_{SPACELESS}]+")
_spaceless = re.compile(f"[{SPACELESS}]")


def folded(text: str) -> list[str]:
    """The words of a text, without case and punctuation."""
    words: list[str] = WORD.findall(text.lower())
    return words


class Run(Struct, frozen=True):
    """A run of words that two texts share: its first words in each, and how many words it has."""

    first: int
    second: int
    words: int


def shared_runs(texts: Mapping[K, Sequence[str]]) -> dict[tuple[K, K], Run]:
    """The longest run of `LONG` words or more that two texts share, by the pair, in the order given.

    An empty word is a border that no run crosses. Two characters of a script without spaces count as a word.
    """
    numbers: dict[str, int] = {"": 0}
    index: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    keys, held = list(texts), []
    found: dict[tuple[int, int], Run] = {}
    for at, words in enumerate(texts.values()):
        coded = [numbers.setdefault(word, len(numbers)) for word in words]
        held.append(coded)
        blocks = [tuple(coded[n : n + _BLOCK]) for n in range(len(coded) - _BLOCK + 1)]
        passed: dict[int, int] = {}
        for here, block in enumerate(blocks):
            for other, there in index.get(block, ()):
                if passed.get(other, 0) > here:
                    continue  # within a run that was followed to its end
                run = _followed(held[other], coded, there, here)
                passed[other] = run.second + run.words
                if run.words > found.get((other, at), _NONE).words:
                    found[other, at] = run
        for here in range(0, len(blocks), _BLOCK):
            holders = index.setdefault(blocks[here], [])
            if 0 not in blocks[here] and len(holders) < _HOLDERS:
                holders.append((at, here))
    scripts = {number for word, number in numbers.items() if _spaceless.match(word)}
    return {
        (keys[one], keys[other]): run
        for (one, other), run in found.items()
        if _size(held[other][run.second : run.second + run.words], scripts) >= LONG
    }


_NONE = Run(0, 0, 0)


def _followed(one: Sequence[int], other: Sequence[int], there: int, here: int) -> Run:
    """The whole run around two places that hold the same block."""
    back = 0
    while min(there, here) > back and one[there - back - 1] == other[here - back - 1] != 0:
        back += 1
    on = _BLOCK
    while there + on < len(one) and here + on < len(other) and one[there + on] == other[here + on] != 0:
        on += 1
    return Run(there - back, here - back, back + on)


def _size(coded: Sequence[int], spaceless: Set[int]) -> float:
    return sum(0.5 if number in spaceless else 1 for number in coded) if spaceless else len(coded)


def alike(sets: Mapping[K, Set[str]], least: float) -> Iterator[tuple[K, K, float]]:
    """Pairs of sets of words whose common part is at least `least` of both together (Jaccard), in order.

    Two sets as like as that share one of the rarest words of the smaller, so only those are looked up
    (prefix filtering, Bayardo and others, WWW 2007). Of one word `_CANDIDATES` sets are looked at: a word
    that more of them have as their rarest tells none of them apart.
    """
    counts = Counter(word for words in sets.values() for word in words)
    index: dict[str, list[K]] = {}
    order = {key: at for at, key in enumerate(sets)}
    for key in sorted(sets, key=lambda k: (len(sets[k]), order[k])):
        words = sets[key]
        rarest = sorted(words, key=lambda word: (counts[word], word))
        rarest = rarest[: len(words) - math.ceil(least * len(words)) + 1]
        candidates = dict.fromkeys(k for word in rarest for k in index.get(word, ()))
        for other in candidates:
            common = len(words & sets[other])
            likeness = common / (len(words) + len(sets[other]) - common)
            if likeness >= least:
                one, two = sorted((key, other), key=order.__getitem__)
                yield one, two, likeness
        for word in rarest:
            if len(holders := index.setdefault(word, [])) < _CANDIDATES:
                holders.append(key)
