"""What `stat` tells of many files: looked at in parts, and no part goes unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import stats
from generator.stats import Seen, Standing, Stats, seen


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stats:
    """Eleven files in parts of at most three."""
    monkeypatch.setattr(Standing, "_FEW", 3)
    names = [f"{number:02}.html" for number in range(11)]
    for name in names:
        (tmp_path / name).write_text(name)
    return stats.of((name, seen(os.lstat(tmp_path / name))) for name in names)


def test_a_folder_stands_as_it_was(tmp_path: Path, many: Stats) -> None:
    assert len(Standing(str(tmp_path), many)._parts) == 4
    assert Standing(str(tmp_path), many).look()
    shared = Standing(str(tmp_path), many)
    assert shared.look()
    assert shared.rest()
    assert Standing(str(tmp_path), many).rest(), "in this process: all that `look` has not seen"


@pytest.mark.parametrize("number", range(11))
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_whichever_file_is_other_than_it_was_is_noticed(
    tmp_path: Path, many: Stats, number: int, how: str
) -> None:
    file = tmp_path / f"{number:02}.html"
    if how == "gone":
        file.unlink()
    else:
        file.write_text("other words")
    assert not Standing(str(tmp_path), many).look()
    assert not Standing(str(tmp_path), many).rest()


def test_numbers_of_all_64_bits_are_kept(tmp_path: Path) -> None:
    high = (1, 2, (1 << 64) - 5, 3)
    assert stats.of([("a", high), ("b", (4, 5, 6, 7))]).row(1) == (4, 5, 6, 7)
    assert stats.of([("a", high)]) != stats.of([("a", (1, 2, 5, 3))])
    assert stats.of([("a", high)]) == stats.of([("a", high)])


def test_a_file_without_a_stat_is_like_no_file(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    there = stats.listed(["a"], [os.lstat(tmp_path / "empty")])
    assert stats.listed(["a"], [stats.Gone()]) == stats.of([("a", (-1, 0, 0, 0))]) != there


LOOKED = st.dictionaries(
    st.sampled_from([f"{n}.yaml" for n in range(12)]), st.tuples(*[st.integers(0, 2)] * 4), max_size=12
)


@given(LOOKED, LOOKED, st.booleans())
def test_what_differs_is_told_file_by_file(one: dict[str, Seen], other: dict[str, Seen], alike: bool) -> None:
    if alike:  # as nearly always: the same files
        other = {path: other.get(path, told) for path, told in one.items()}
    apart = {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}
    mine, theirs = (stats.of(sorted(each.items())) for each in (one, other))
    assert stats.differing(mine, theirs) == apart
    assert mine.latest == max((max(told[1], told[3]) for told in one.values()), default=0)
