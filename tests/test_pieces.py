"""Files that list facts: one that is edited is the one made anew, whatever was edited."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content import Evidence, Fact
from generator.groups import member
from generator.pieces import Document, Pieces, Stale

EVIDENCE = (Evidence(source="s", quote="some words"),)
#: A fact as its date and its statement; a statement that is empty has no piece.
KEYS = st.sampled_from("abcdefgh")
FACTS = st.dictionaries(KEYS, st.tuples(st.sampled_from(["2019", "2020", "2021"]), st.sampled_from("xyé ")))


def shelves(facts: Mapping[str, tuple[str, str]]) -> Any:
    there = {k: Fact(id=k, statement=text, date=date, evidence=EVIDENCE) for k, (date, text) in facts.items()}
    ordered = sorted(member(fact, "own") for fact in there.values())
    return SimpleNamespace(
        dossier=SimpleNamespace(facts=there),
        members=lambda _name: tuple(ordered),
        facts=lambda _name: [there[m.id] for m in ordered],
    )


def touched(before: Any, after: Any, more: set[str]) -> Any:
    was, now = before.dossier.facts, after.dossier.facts
    changed = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
    return SimpleNamespace(before=before, after=after, changed=changed | more)


def document(between: bytes) -> Document:
    return Document(
        path="list.txt",
        opening=lambda shelves, url: f"{url}: {len(shelves.dossier.facts)}\n".encode(),
        piece=lambda _shelves, fact, _url: (fact.statement.strip() * ord(fact.id)).encode(),
        between=between,
        closing=b"\nend",
        reopened=lambda _, touched: f"at: {len(touched.after.dossier.facts)}\n".encode(),
    )


@given(FACTS, FACTS, st.sets(KEYS), st.sampled_from([b"", b",\n"]))
def test_a_file_that_is_edited_is_the_one_made_anew(
    before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], more: set[str], between: bytes
) -> None:
    one, other = shelves(before), shelves(after)
    made = document(between)
    written, pieces = made.whole(one, "at")
    wanted = made.whole(other, "at")
    known = Pieces.unpacked(pieces.packed())
    parts, now = made.edited(memoryview(written), known, touched(one, other, more), "at")
    assert (b"".join(parts), now) == wanted


@pytest.mark.parametrize(
    ("name", "lengths"), [("one less", [97]), ("one more", [97, 98, 0]), ("other lengths", [97, 99])]
)
def test_a_file_that_is_not_as_remembered_is_not_edited(name: str, lengths: list[int]) -> None:
    before, made = shelves({"a": ("2019", "x"), "b": ("2020", "x")}), document(b",\n")
    written, pieces = made.whole(before, "at")
    assert list(pieces.lengths) == [97, 98]
    with pytest.raises(Stale):
        made.edited(written, Pieces(pieces.opening, array("I", lengths)), touched(before, before, {"a"}), "")


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"\0\0\0\0\0"])
def test_what_was_not_packed_is_not_unpacked(data: bytes) -> None:
    with pytest.raises(Stale):
        Pieces.unpacked(data)


def test_a_fact_that_moved_without_being_named_is_noticed() -> None:
    before, after = shelves({"a": ("2019", "x")}), shelves({"a": ("2019", "x"), "b": ("2020", "x")})
    made = document(b",\n")
    edit = touched(before, after, set())
    edit.changed = {"a"}
    with pytest.raises(Stale):
        made.edited(*made.whole(before, "at"), edit, "at")
