"""Rows in a store: read when asked for, changed beside the first file, never believed when damaged."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec
import pytest

from generator import store
from generator.store import Damaged, Store, Table

WORDS = {"a": "first", "b": "second", "c": "third"}


def decode(row: bytes) -> str:
    return msgspec.msgpack.decode(row, type=str)


def encode(word: str) -> bytes:
    return msgspec.msgpack.encode(word)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "folder" / "store"
    store.write(place, {"words": store.rows(WORDS), "none": ()}, store.mark())
    return place


def table(file: Path, **named: object) -> Table[str]:
    return Table(Store(file), "words", decode, **named)  # type: ignore[arg-type]


def test_rows_come_back_in_the_order_written(file: Path) -> None:
    assert dict(table(file)) == WORDS
    assert list(table(file)) == list(WORDS)
    assert Store(file).row("none", "a") is None
    assert "z" not in table(file)
    with pytest.raises(KeyError):
        table(file)["z"]


def test_keys_of_one_check_sum_are_told_apart(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Alike:
        @staticmethod
        def crc32(data: bytes) -> int:
            return zlib.crc32(data) if len(data) > 1 else 7

    monkeypatch.setattr(store, "zlib", Alike)
    store.write(file, {"words": store.rows(WORDS), "none": ()}, store.mark())
    assert dict(table(file)) == WORDS
    assert "z" not in table(file)


def test_keys_may_hold_whatever_a_text_may(file: Path) -> None:
    odd = {"": "none", "ä\0b": "zero", "\udc80": "half", "a b": "space"}
    store.write(file, {"words": store.rows(odd)}, store.mark())
    assert dict(table(file)) == odd


def test_changes_lie_over_what_was_written_and_outlive_the_process(file: Path) -> None:
    Store(file).change({"words": {"b": encode("other"), "c": None, "d": encode("fourth")}})
    assert dict(table(file)) == {"a": "first", "b": "other", "d": "fourth"}
    Store(file).change({"words": {"d": None, "c": encode("back")}})
    assert dict(table(file)) == {"a": "first", "b": "other", "c": "back"}


def test_changes_that_outgrow_the_first_file_become_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "store"
    store.write(file, {"words": store.rows({str(n): "word" * 9 for n in range(200)})}, store.mark())
    beside = tmp_path / "store.changes"
    Store(file).change({"words": {"0": encode("one")}})
    assert beside.exists()
    Store(file).change({"words": {str(n): encode("much" * 9) for n in range(100)}})
    assert not beside.exists()
    assert [table(file)[key] for key in ("0", "99", "100")] == ["much" * 9, "much" * 9, "word" * 9]


def test_changes_of_another_first_file_say_nothing_of_this_one(tmp_path: Path) -> None:
    file, beside = tmp_path / "store", tmp_path / "store.changes"
    many = {str(n): "word" * 9 for n in range(200)}
    store.write(file, {"words": store.rows(many)}, store.mark())
    Store(file).change({"words": {"0": encode("old")}})
    changes = beside.read_bytes()
    store.write(file, {"words": store.rows({**many, "1": "new"})}, store.mark())
    assert not beside.exists()
    beside.write_bytes(changes)
    assert table(file)["0"] == "word" * 9


def test_a_mapping_takes_changes_of_its_own_and_an_order(file: Path) -> None:
    mine = table(file, changes={"a": None, "d": "fourth"})
    assert dict(mine) == {"b": "second", "c": "third", "d": "fourth"}
    assert len(mine) == 3
    assert "a" not in mine
    assert list(table(file, order=lambda: ["c", "a"])) == ["c", "a"]


def test_no_damaged_byte_is_ever_believed(file: Path) -> None:
    """What was damaged is not read, or the damage is found."""
    whole = file.read_bytes()
    found = 0
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            assert dict(table(file)) == WORDS
        except Damaged:
            found += 1
    assert found > len(whole) / 2


@pytest.mark.parametrize("size", [0, 5, 30])
def test_half_a_store_is_none(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(Damaged):
        Store(file)


def test_what_cannot_be_written_is_lost(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("no folder can be made here")
    store.write(tmp_path / "folder" / "store", {"words": store.rows(WORDS)}, store.mark())
    with pytest.raises(Damaged):
        Store(tmp_path / "folder" / "store")


def test_two_stores_of_the_same_rows_are_told_apart(tmp_path: Path) -> None:
    """Or what changed since the first would be taken for a change since the second."""
    file, beside = tmp_path / "store", tmp_path / "store.changes"
    many = {str(number): "word" * 9 for number in range(200)}
    store.write(file, {"words": store.rows(many)}, store.mark())
    Store(file).change({"words": {"1": encode("changed")}})
    changes = beside.read_bytes()
    store.write(file, {"words": store.rows(many)}, store.mark())
    beside.write_bytes(changes)  # as if it could not be removed
    assert Store(file).row("words", "1") == encode(many["1"])
