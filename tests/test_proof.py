"""Files that were read once are not read again, and one that may have changed is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import stats
from generator.proof import Proved, proved
from generator.stats import Seen

S = 1_000_000_000
#: When it was last read, well after all that is old.
AT = 1000 * S
OLD: Seen = (9, 500 * S + 7, 77, 500 * S + 9)


def still(now: Seen, then: Seen = OLD, *, at: int = AT, relinked: bool = False) -> bool:
    known = proved(at, {"a": then, "b": OLD}, {"a": "x", "b": "y"})
    return "a" in known.still({"a": now, "b": OLD}, relinked=relinked)


def test_a_file_is_as_it_was_while_all_that_is_told_of_it_is() -> None:
    assert still(OLD)
    for place in range(4):
        other = list(OLD)
        other[place] += 1
        now = other[0], other[1], other[2], other[3]
        assert not still(now)
        assert still(now, relinked=True) is (place == 3)
    assert proved(AT, {"a": OLD}, {"a": "x"}).still({}) == {}


@pytest.mark.parametrize(
    ("before", "known"), [(3 * S, True), (S // 5, True), (S // 20, False), (0, False), (-S, False)]
)
def test_a_file_changed_right_before_it_was_read_is_read_again(before: int, known: bool) -> None:
    told = (9, AT - before, 77, OLD[3])
    assert still(told, told) is known


def test_where_only_seconds_are_told_right_before_is_longer() -> None:
    whole = (9, AT - S, 77, AT - S)
    seconds = proved(AT, {"a": whole}, {"a": "x"})
    assert seconds.still({"a": whole}) == {}
    assert proved(AT + 2 * S, {"a": whole}, {"a": "x"}).still({"a": whole}) == {"a": "x"}


def test_a_change_that_hides_its_time_and_size_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one", encoding="utf-8")
    os.utime(file, ns=(S, S))
    then = stats.seen(os.lstat(file))
    known = proved(AT, {"a": then}, {"a": "x"})
    assert known.still({"a": stats.seen(os.lstat(file))}) == {"a": "x"}
    file.write_text("two", encoding="utf-8")
    os.utime(file, ns=(S, S))
    now = stats.seen(os.lstat(file))
    assert now[:3] == then[:3]
    assert known.still({"a": now}) == ({} if now[3] != then[3] else {"a": "x"})


def test_nothing_is_known_where_nothing_was_read() -> None:
    assert Proved().still({"a": OLD}) == {}
