"""The evidence lock: bytes, damage, and what is not current."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from generator import lock
from generator.content import Dating, Evidence, Fact
from generator.located import LocatedFact, LocatedSource
from generator.lock import Difference, Lock
from generator.problems import Place
from generator.quotes import locate_fact
from generator.saved import read_saved

TEXT = "In July they met. The “deal” was signed\u2028 at last.\n\nThe ships came in May."
FILE = "content/evidence.lock"


def located(
    *quotes: str, key: str = "a-fact", phrase: str = "", text: str = TEXT, source: str = "paper"
) -> tuple[LocatedSource, LocatedFact]:
    saved = read_saved(source, text.encode())
    dating = Dating(phrase=phrase) if phrase else None
    evidence = tuple(Evidence(source=source, quote=quote, omission="why") for quote in quotes)
    fact = Fact(id=key, statement="S.", date="2019", dating=dating, evidence=evidence)
    found, findings = locate_fact(fact, {source: saved}, languages={source: "en"})
    assert findings == ()
    return saved.source, found


SOURCE, FACT = located('The "deal" was […] The ships came', "In\u00a0July", phrase="In July")
OTHER_SOURCE, OTHER = located("The ships came", key="a", source="a-paper")
GOOD = lock.dumps([SOURCE, OTHER_SOURCE], [FACT, OTHER])


def test_what_is_written_is_read_again() -> None:
    held, problems = lock.loads(GOOD, FILE)
    assert problems == []
    assert held.facts == {"a": OTHER, "a-fact": FACT}
    assert held.sources == {"a-paper": OTHER_SOURCE, "paper": SOURCE}
    assert held.lines == {
        ("fact", "a"): 2,
        ("fact", "a-fact"): 3,
        ("source", "a-paper"): 4,
        ("source", "paper"): 5,
    }
    assert lock.dumps(held.sources.values(), held.facts.values()) == GOOD


def test_lines_and_keys_are_sorted_and_the_version_comes_first() -> None:
    lines = GOOD.removesuffix("\n").split("\n")
    assert lines == sorted(lines)
    assert lines[0] == '{"evidence lock":2}'
    assert GOOD.endswith("}\n")
    for line in lines:
        assert line == json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_the_order_of_values_does_not_matter() -> None:
    assert lock.dumps([OTHER_SOURCE, SOURCE], [OTHER, FACT]) == GOOD


def test_no_lock_is_an_empty_lock(tmp_path: Path) -> None:
    assert lock.read(tmp_path / "evidence.lock", FILE) == (Lock(), [])
    assert lock.loads("\n", FILE) == (Lock(), [])
    assert lock.dumps([], []) == '{"evidence lock":2}\n'


def test_a_lock_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "evidence.lock"
    path.write_bytes(GOOD.encode())
    assert lock.read(path, FILE) == lock.loads(GOOD, FILE)
    path.write_bytes(b'{"evidence lock":2}\n\xff\n')
    held, problems = lock.read(path, FILE)
    assert held == Lock()
    assert [(p.code, p.at) for p in problems] == [("lock-damaged", Place(FILE))]


def test_line_ends_of_windows_do_no_harm() -> None:
    held, problems = lock.loads(GOOD.replace("\n", "\r\n"), FILE)
    assert problems == []
    assert held == lock.loads(GOOD, FILE)[0]


def test_evidence_is_found_by_what_was_asked() -> None:
    held, _ = lock.loads(GOOD, FILE)
    assert held.evidence("a-fact", FACT.evidence[1].ask) == FACT.evidence[1]
    assert held.evidence("a-fact", OTHER.evidence[0].ask) is None
    assert held.evidence("nobody", FACT.evidence[0].ask) is None


def change(line: int, edit: Callable[[str], str]) -> str:
    lines = GOOD.split("\n")
    lines[line - 1] = edit(lines[line - 1])
    return "\n".join(lines)


DAMAGED: dict[str, tuple[str, list[tuple[str, int]], int]] = {
    "a line cut short": (change(3, lambda line: line[:-5]), [("lock-damaged", 3)], 1),
    "another shape": (change(3, lambda _: '{"fact":"a-fact"}'), [("lock-damaged", 3)], 1),
    "another type": (change(2, lambda line: line.replace('"exact"', '"perfect"')), [("lock-damaged", 2)], 1),
    "a list": (change(2, lambda _: "[]"), [("lock-damaged", 2)], 1),
    "no object inside": (change(2, lambda _: '{"fact":"a","located":[]}'), [("lock-damaged", 2)], 1),
    "an unknown kind of line": (change(2, lambda _: '{"actor":"a","located":{}}'), [("lock-damaged", 2)], 1),
    "merge markers": (
        change(3, lambda line: f"<<<<<<< HEAD\n{line}\n=======\n>>>>>>> theirs"),
        [("lock-conflict", 3), ("lock-conflict", 5), ("lock-conflict", 6)],
        2,
    ),
    "both sides of a merge": (
        change(3, lambda line: f"<<<<<<< HEAD\n{line}\n||||||| base\n=======\n{line}\n>>>>>>> theirs"),
        [
            ("lock-conflict", 3),
            ("lock-conflict", 5),
            ("lock-conflict", 6),
            ("lock-duplicate", 7),
            ("lock-conflict", 8),
        ],
        2,
    ),
    "the same line twice": (change(3, lambda line: f"{line}\n{line}"), [("lock-duplicate", 4)], 2),
    "a later version": (change(1, lambda _: '{"evidence lock":3}'), [("lock-version", 1)], 0),
    "an earlier version": (change(1, lambda _: '{"evidence lock":1}'), [("lock-version", 1)], 0),
    "no version": (change(1, lambda _: '{"fact":"x"}'), [("lock-damaged", 1)], 0),
    "no JSON at all": (change(1, lambda _: "content"), [("lock-damaged", 1)], 0),
    "a conflict in the first line": (
        change(1, lambda line: f"<<<<<<< HEAD\n{line}"),
        [("lock-conflict", 1)],
        0,
    ),
    "a blank line": (change(3, lambda line: f"{line}\n"), [], 2),
}


@pytest.mark.parametrize(("text", "problems", "facts"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_told_with_its_line(text: str, problems: list[tuple[str, int]], facts: int) -> None:
    held, found = lock.loads(text, FILE)
    assert [(p.code, p.at) for p in found] == [(code, Place(FILE, line, 1)) for code, line in problems]
    assert all(p.message and p.help for p in found)
    assert len(held.facts) == facts


@given(st.text(max_size=30), st.integers(0, 60))
def test_no_text_makes_reading_fail(text: str, at: int) -> None:
    for damaged in (text, '{"evidence lock":2}\n' + text, GOOD[: at * 20] + text + GOOD[at * 20 :]):
        held, problems = lock.loads(damaged, FILE)
        assert isinstance(held, Lock)
        assert all(p.code.startswith("lock-") for p in problems)


def edited(**changes: object) -> LocatedFact:
    return structs.replace(FACT, evidence=(structs.replace(FACT.evidence[0], **changes), *FACT.evidence[1:]))


_, REASKED = located('The "deal" was signed', "In\u00a0July", phrase="In July")
_, SHORTENED = located('The "deal" was […] The ships came', phrase="In July")
_, SWAPPED = located("In\u00a0July", 'The "deal" was […] The ships came')
_, UNSWAPPED = located('The "deal" was […] The ships came', "In\u00a0July")
_, UNPHRASED = located('The "deal" was […] The ships came', "In\u00a0July")
_, REPHRASED = located('The "deal" was […] The ships came', "In\u00a0July", phrase="in May")
NEW_SOURCE, MOVED = located(
    'The "deal" was […] The ships came', "In\u00a0July", phrase="In July", text="New. " + TEXT
)
BY_LINES = structs.replace(SOURCE, paragraphing="lines")
OLD_FOLD = structs.replace(SOURCE, fold="fold-0")

DIFFERENCES: dict[str, tuple[LocatedSource | None, LocatedFact | None, list[tuple[str, str, str]]]] = {
    "current": (SOURCE, FACT, []),
    "text changed": (NEW_SOURCE, MOVED, [("differs", "source paper", "saved text is not the one")]),
    "paragraphs changed": (BY_LINES, FACT, [("differs", "source paper", "other paragraphs")]),
    "profile changed": (
        OLD_FOLD,
        FACT,
        [("differs", "source paper", "folding profile fold-1; this is fold-0")],
    ),
    "quote edited": (
        SOURCE,
        REASKED,
        [("missing", "fact a-fact", "evidence 1, from paper: asked for in other")],
    ),
    "words stand elsewhere": (
        SOURCE,
        edited(spans=MOVED.evidence[0].spans),
        [("differs", "fact a-fact", "evidence 1, from paper: the words stand elsewhere")],
    ),
    "other words": (
        SOURCE,
        edited(words=("x", "")),
        [("differs", "fact a-fact", "other words of the source")],
    ),
    "other measures": (SOURCE, edited(before="x "), [("differs", "fact a-fact", "other measures")]),
    "evidence taken out": (SOURCE, SHORTENED, [("missing", "fact a-fact", "dating phrase")]),
    "phrase taken out": (SOURCE, UNPHRASED, [("superfluous", "fact a-fact", "no longer quotes")]),
    "phrase edited": (SOURCE, REPHRASED, [("missing", "fact a-fact", "the dating phrase is not the one")]),
    "phrase elsewhere": (
        SOURCE,
        structs.replace(FACT, phrase=MOVED.phrase),
        [("differs", "fact a-fact", "the dating phrase stands elsewhere")],
    ),
    "phrase in other words": (
        SOURCE,
        structs.replace(FACT, phrase_words="x"),
        [("differs", "fact a-fact", "other words of the dating phrase")],
    ),
    "fact taken out": (SOURCE, None, [("superfluous", "fact a-fact", "not in the content")]),
    "source taken out": (None, FACT, [("superfluous", "source paper", "not in the content")]),
}


@pytest.mark.parametrize(("source", "fact", "expected"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_is_not_current(
    source: LocatedSource | None, fact: LocatedFact | None, expected: list[tuple[str, str, str]]
) -> None:
    held, _ = lock.loads(GOOD, FILE)
    sources = [OTHER_SOURCE, *([source] if source else [])]
    found = lock.compare(held, sources, [OTHER, *([fact] if fact else [])])
    assert [(each.kind, each.subject) for each in found] == [(kind, subject) for kind, subject, _ in expected]
    for each, (_, _, words) in zip(found, expected, strict=True):
        assert words in each.message
        assert each.line == (5 if each.subject == "source paper" else 3)


def test_order_of_evidence_and_evidence_taken_out() -> None:
    source, both = SOURCE, UNSWAPPED
    held, _ = lock.loads(lock.dumps([source], [both]), FILE)
    swapped = lock.compare(held, [source], [SWAPPED])
    assert [(each.kind, each.message) for each in swapped] == [
        ("missing", "the lock holds the evidence in another order")
    ]
    fewer = lock.compare(held, [source], [structs.replace(both, evidence=both.evidence[:1])])
    assert [(each.kind, each.message) for each in fewer] == [
        ("superfluous", "the lock holds words this fact no longer quotes")
    ]


def test_all_is_missing_from_an_empty_lock() -> None:
    found = lock.compare(Lock(), [SOURCE], [FACT])
    assert [(each.kind, each.subject, each.line) for each in found] == [
        ("missing", "source paper", 0),
        ("missing", "fact a-fact", 0),
    ]
    assert [each.problem(FILE).at for each in found] == [Place(FILE), Place(FILE)]


def test_a_difference_becomes_a_problem_of_its_line() -> None:
    problem = Difference("differs", "fact a-fact", "otherwise", 3).problem(FILE)
    assert (problem.code, problem.subject, problem.at) == ("lock-differs", "fact a-fact", Place(FILE, 3, 1))
    assert problem.help == "run  factsheet lock"
