"""Work spread over processes gives what one process gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import SmallSite, digests
from generator import evidence, making, read, workers
from generator.aside import Claims


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_answers_come_in_the_order_of_the_chunks(jobs: int) -> None:
    cut = workers.chunks(list(range(100)), jobs, 7)
    assert [n for chunk in cut for n in chunk] == list(range(100))
    offset = 1000  # a worker inherits what the task refers to
    answers = workers.spread(lambda chunk: [n + offset for n in chunk], cut, jobs)
    assert [n for answer in answers for n in answer] == list(range(1000, 1100))


@pytest.mark.parametrize("jobs", [2, 8, 64, 1000])
def test_however_many_cores_there_are_no_more_chunks_than_can_be_handed_out(jobs: int) -> None:
    cut = workers.chunks(range(1_000_000), jobs, 1)
    assert sum(map(len, cut)) == 1_000_000
    assert jobs <= len(cut) or jobs > workers._MOST
    assert 5 * len(cut) + 5 * 64 <= Claims.MOST


def test_what_a_task_raises_is_raised_here() -> None:
    def task(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        workers.spread(task, [1, 2, 3, 4], 2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_done_meanwhile_is_done_here(jobs: int) -> None:
    done: list[str] = []
    answers = workers.spread(str, [1, 2, 3], jobs, lambda: done.append("here"))
    assert (answers, done) == (["1", "2", "3"], ["here"])


def test_what_is_raised_meanwhile_is_raised_here() -> None:
    def fail() -> None:
        raise ValueError("here")

    with pytest.raises(ValueError, match="here"):
        workers.spread(str, [1, 2, 3, 4], 2, fail)


def test_nothing_to_do_is_no_work() -> None:
    assert workers.spread(len, workers.chunks([], 2, 5), 2) == []


def test_a_site_built_by_two_processes_has_the_same_bytes(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {
        f"content/facts/f{n}.yaml": (
            f"{{id: fact-{n}, statement: Fact {n} happens., date: {2000 + n % 20},\n"
            " actors: [marlow-council],\n"
            " evidence: [{source: ferry-vote, quote: voted on Tuesday to keep the night ferry running}]}\n"
        )
        for n in range(30)
    }
    one, two = site(facts, folder="one"), site(facts, folder="two")
    assert one.build().exit_code == 0
    for module in (read, evidence, making):
        monkeypatch.setattr(module, "_FEW", 1)
    assert two.build(jobs=2).exit_code == 0
    assert digests(one.output) == digests(two.output)
    assert two.exists("facts/fact-29.html")
