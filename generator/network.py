"""Who acts with whom: the actors that share most facts, in an order that keeps those who share many close.

In: the shelves. Out: a list of actors and the pairs among them, for a picture of arcs beside a list of names
and for the table that says the same. Nothing is drawn at random: equal dossiers give equal pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from generator import urls
from generator.shelves import Shelves
from generator.views import Network, Tally, Tie

#: Most actors in the list, and most pairs: beyond these the arcs could not be told apart.
ACTORS: Final = 26
PAIRS: Final = 32
#: Rounds in which actors move towards those they share facts with.
_ROUNDS: Final = 24

#: Two ids, the smaller first.
Pair: TypeAlias = tuple[str, str]


def of_site(shelves: Shelves) -> Network | None:
    """The network of a dossier; None where no fact has two actors."""
    counts: Counter[Pair] = Counter()
    for fact in shelves.outlines("all"):
        counts.update(combinations(sorted(fact.cast), 2))
    if not counts:
        return None
    names = {key: actor.name for key, actor in shelves.dossier.actors.items()}
    ranked = sorted(counts, key=lambda pair: (-counts[pair], names[pair[0]], names[pair[1]], pair))
    chosen = _strongest(ranked, counts)
    order = _order({pair: counts[pair] for pair in chosen})
    rows = {key: row for row, key in enumerate(order)}
    return Network(
        actors=tuple(
            Tally(href=urls.actor(key), label=names[key], count=len(shelves.members("actor", key)))
            for key in order
        ),
        ties=tuple(_tie(shelves, pair, rows, counts[pair]) for pair in chosen),
        left_out=len(counts) - len(chosen),
    )


def _tie(shelves: Shelves, pair: Pair, rows: Mapping[str, int], count: int) -> Tie:
    one, other = sorted(pair, key=rows.__getitem__)
    return Tie(
        one=shelves.actor_link(one),
        other=shelves.actor_link(other),
        rows=(rows[one], rows[other]),
        count=count,
    )


def _strongest(ranked: Sequence[Pair], counts: Mapping[Pair, int]) -> list[Pair]:
    """The pairs with most facts; none is shown where another with as many is not, if any can be shown so."""
    chosen: list[Pair] = []
    actors: set[str] = set()
    for pair in ranked:
        if len(chosen) == PAIRS or len(actors | set(pair)) > ACTORS:
            more = [each for each in chosen if counts[each] > counts[pair]]
            return more or chosen
        chosen.append(pair)
        actors.update(pair)
    return chosen


def _order(weights: Mapping[Pair, int]) -> list[str]:
    """Actors in an order with short arcs: each round moves them towards the mean place of their partners."""
    near: dict[str, list[tuple[str, int]]] = {}
    for (one, other), weight in weights.items():
        near.setdefault(one, []).append((other, weight))
        near.setdefault(other, []).append((one, weight))
    order = _walk(near)
    best, least = order, _length(order, weights)
    for _ in range(_ROUNDS):
        place = {key: float(row) for row, key in enumerate(order)}
        mean = {
            key: (place[key] + sum(place[other] * weight for other, weight in partners) / _sum(partners)) / 2
            for key, partners in near.items()
        }
        order = sorted(order, key=lambda key: (round(mean[key], 6), key))
        if (length := _length(order, weights)) < least:
            best, least = order, length
    return best


def _walk(near: Mapping[str, list[tuple[str, int]]]) -> list[str]:
    """Actors from the one that shares most facts on, each followed by those closest to what stands there."""
    left = sorted(near, key=lambda key: (-_sum(near[key]), key))
    order: list[str] = []
    pull = dict.fromkeys(left, 0)
    while left:
        at = max(left, key=lambda key: (pull[key], _sum(near[key]), -left.index(key)))
        left.remove(at)
        order.append(at)
        for other, weight in near[at]:
            pull[other] += weight
    return order


def _sum(partners: Sequence[tuple[str, int]]) -> int:
    return sum(weight for _, weight in partners)


def _length(order: Sequence[str], weights: Mapping[Pair, int]) -> int:
    """The length of all arcs in rows, each as often as it has facts."""
    rows = {key: row for row, key in enumerate(order)}
    return sum(abs(rows[one] - rows[other]) * weight for (one, other), weight in weights.items())
