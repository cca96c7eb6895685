"""Measure locating alone, on one core, in made-up articles (seeded: same numbers, same words).

    python tests/benchmark/quotes.py            make bench-quotes
    python tests/benchmark/quotes.py --articles 2500 --words 400 --quotes 10000 --runs 5

It prints the median and the best of some runs, in milliseconds of processor time:

- read: the bytes of every article made ready (decoded, digested, parted into paragraphs, folded)
- locate: every quote located, in articles made ready anew for each run
- nearest: the passage most like a quote that is not in an article of 20,000 words, for one quote

A quarter of the quotes stands folded in its article (curly quotes, no-break spaces, lines wrapped at 80
characters), a tenth leaves words out, a twentieth needs a prefix.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from generator import findings
from generator.content import Evidence
from generator.matching import Asked
from generator.quotes import locate
from generator.saved import read_saved

SYLLABLES = [a + b for a in ("b", "d", "f", "kl", "pr") for b in ("a", "e", "i", "o")]
LONG = 20_000


def vocabulary(seed: random.Random, size: int) -> list[str]:
    """Made-up words, the frequent ones first and short."""
    words = {"".join(seed.choices(SYLLABLES, k=1 + number * 4 // size)) for number in range(size * 2)}
    return sorted(sorted(words), key=len)[:size]


def article(seed: random.Random, words: list[str], length: int) -> str:
    """An article of so many words, the frequent ones often, in paragraphs of wrapped lines."""
    weights = [1 / (rank + 5) for rank in range(len(words))]
    picked = seed.choices(words, weights, k=length)
    for at in range(9, length, 25):
        picked[at] = f"“{picked[at]}”" if at % 2 else f"{picked[at]}’s"
    text = [" ".join(picked[at : at + 60]) + "." for at in range(0, length, 60)]
    wrapped = ["\n".join(textwrap.wrap(paragraph, 80)) for paragraph in text]
    return "\n\n".join(wrapped).replace(" of ", " of\u00a0")


def quote(seed: random.Random, source: str, text: str) -> Evidence:
    """A quote of 6 to 12 words of one paragraph, most as they stand, some typed otherwise or shortened."""
    paragraph = seed.choice([p for p in text.split("\n\n") if len(p.split()) > 20])
    words = paragraph.split()
    length = seed.randint(7, 12)
    at = seed.randrange(1, len(words) - length)
    chosen = words[at : at + length]
    typed = " ".join(chosen)
    if seed.random() < 0.1:
        typed = " ".join([*chosen[:3], "[…]", *chosen[-3:]])
    prefix = words[at - 1] if seed.random() < 0.05 else ""
    if seed.random() < 0.25:
        typed = typed.replace("“", '"').replace("”", '"').replace("’", "'")
    return Evidence(source=source, quote=typed, prefix=prefix, omission="short")


def measured(work: Callable[[], object], runs: int) -> str:
    """The median and the best of some runs, in milliseconds of processor time."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        times.append(1000 * (time.process_time() - start))
    return f"median {statistics.median(times):9.2f} ms   best {min(times):9.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("articles", 2500), ("words", 400), ("quotes", 10_000), ("runs", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    seed = random.Random(1)
    words = vocabulary(seed, 4000)
    texts = [article(seed, words, given.words) for _ in range(given.articles)]
    data = [text.encode() for text in texts]
    asked = [
        (at % given.articles, quote(seed, f"s{at % given.articles}", texts[at % given.articles]))
        for at in range(given.quotes)
    ]

    def ready() -> list[object]:
        return [read_saved(f"s{at}", each) for at, each in enumerate(data)]

    print(f"read     {given.articles} articles of {given.words} words: {measured(ready, given.runs)}")
    states: dict[str, int] = {}
    times = []
    for _ in range(given.runs):
        saved = [read_saved(f"s{at}", each) for at, each in enumerate(data)]
        gc.collect()
        start = time.process_time()
        located = [locate(saved[at], evidence, language="en")[0] for at, evidence in asked]
        times.append(1000 * (time.process_time() - start))
        states = {each.state: 0 for each in located}
        for each in located:
            states[each.state] += 1
    told = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    print(
        f"locate   {given.quotes} quotes: median {statistics.median(times):9.2f} ms   best {min(times):9.2f} ms"
    )
    print(f"         {told}")

    long = read_saved("long", article(seed, words, LONG).encode())
    stands = long.folded.text.replace("\n\n", " ").split(" ")
    absent = {
        "one word changed": [*stands[9000:9004], "otherwise", *stands[9005:9009]],
        "nothing like it": seed.sample(words, 9),
        "of the same words": [stands[at] for at in range(100, 1000, 100)],
        "of 30 words": [*stands[9000:9015], "otherwise", *stands[9016:9030]],
    }
    for name, row in absent.items():
        asked_for = Asked(" ".join(row))
        found = findings.not_found(long, asked_for)
        what = found.state + (", with a passage" if found.nearest else "")
        work = partial(findings.not_found, long, asked_for)
        print(f"nearest  in {LONG} words, {name} ({what}): {measured(work, max(5, given.runs))}")


if __name__ == "__main__":
    main()
