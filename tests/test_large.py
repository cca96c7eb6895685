"""A very large dossier, made up: over forty years, every list split; larger in CI, which has the time."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import look_at, served
from conftest import SmallSite
from planned import quick
from site_checks import Demo, dead_links

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WORDS = (
    "harbour", "boat", "council", "ferry", "island", "engine", "winter", "price",
    "vote", "lamp", "quay", "crew", "signal", "tide", "north", "stone",
)  # fmt: skip
SCALE = 8 if os.environ.get("CI") else 1
FACTS, ACTORS, SOURCES = 320 * SCALE, 40 * SCALE, 16 * SCALE
#: Facts in one list: small enough that the lists of the smaller dossier are split as well.
LISTS = 30 * SCALE


def files() -> dict[str, str | None]:
    """The dossier as files, the same every time."""
    by = random.Random(4)
    quotes: dict[int, list[str]] = {number: [] for number in range(SOURCES)}
    facts = []
    for number in range(FACTS):
        source, word = by.randrange(SOURCES), WORDS[number % len(WORDS)]
        quote = f"the {word} of number {number} was {by.choice(WORDS)}"
        quotes[source].append(quote)
        year, month, day = 1981 + int(40 * by.random() ** 0.7), by.randint(1, 12), by.randint(1, 28)
        date = by.choice([f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"])
        cast = sorted({int(ACTORS * by.random() ** 2) for _ in range(by.randint(1, 4))})
        status = by.choice(["reported"] * 5 + ["claimed", "disputed"])
        actors = ", ".join(f"a{key}" for key in cast)
        facts.append(
            f"- {{id: f{number}, statement: The {word} numbered {number} is {by.choice(WORDS)}.,"
            f" date: '{date}', status: {status}, actors: [{actors}], topics: [t{number % 3}],"
            f" evidence: [{{source: s{source}, quote: {quote}}}]}}\n"
        )
    made: dict[str, str | None] = {
        "site.yaml": (
            "{format: 1, title: A very large dossier, limits: {words: 90, share: 1},"
            f" lists: {LISTS}, dossier: 99}}\n"
        ),
        "content/facts/all.yaml": "".join(facts),
        "content/actors/marlow.yaml": "".join(
            f"- {{id: a{n}, name: {WORDS[n % 16].title()} {WORDS[n * 7 % 16]} {n}, kind: group}}\n"
            for n in range(ACTORS)
        ),
        "content/topics/all.yaml": "".join(f"- {{id: t{n}, name: Topic {n}}}\n" for n in range(3)),
        "content/sources/ferry.txt": None,
        "content/sources/ferry.yaml": "".join(
            f"- {{id: s{n}, title: Report {n}, publisher: Marlow Post, published: {1990 + n % 30}-05,"
            f" text: s{n}.txt}}\n"
            for n in range(SOURCES)
        ),
    }
    for number, held in quotes.items():
        text = "\n\n".join(f"It is told that {quote} then, and nobody said more." for quote in held)
        made[f"content/sources/s{number}.txt"] = f"Report {number}\n\n{text}\n"
    return made


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    small = SmallSite(tmp_path_factory.mktemp("large"))
    for path, text in files().items():
        if text is not None:
            small.write(path, text)
    outcome = quick(small).build()
    assert outcome.exit_code == 0, outcome.codes
    return Demo(small.output)


@pytest.fixture(scope="module")
def chosen(large: Demo) -> tuple[str, ...]:
    """One page of each kind, the longest, and the three largest of all."""
    by_size = sorted(large.names, key=lambda name: -(large.root / name).stat().st_size)
    return tuple(sorted({*large.kinds.values(), *by_size[:3]}))


def test_it_has_split_lists_and_no_document(large: Demo) -> None:
    assert {"timeline.part.html", "actors/*.part.html", "topics/*.part.html"} <= set(large.kinds)
    assert "dossier.html" not in large.names


def test_its_pages_stay_of_a_size_that_loads(large: Demo) -> None:
    for name in large.names:
        assert (large.root / name).stat().st_size < 400_000, name


def test_its_pages_are_valid(
    large: Demo, chosen: tuple[str, ...], nu: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    for name in chosen:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(large.root / name, tmp_path / name)
    assert nu(tmp_path) == []


def test_its_links_lead_somewhere(large: Demo) -> None:
    assert dead_links(large) == []


@pytest.fixture(scope="module")
def home(large: Demo) -> Iterator[str]:
    with served(large.root) as address:
        yield address


@pytest.mark.timeout(1200)
def test_its_pages_are_quiet_readable_for_everybody_and_never_too_wide(
    chosen: tuple[str, ...], chromium: Browser, home: str
) -> None:
    assert look_at(chromium, home, chosen, closely=chosen) == ([], [], [])
