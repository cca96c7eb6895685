"""Pointers to places."""

from __future__ import annotations

import pytest

from generator.places import place, placed
from generator.problems import Place, Pointer, Problem

TEXT = """\
# a comment
- id: one
  actors: [{id: a, role: 😀 x}, b]
- id: two
  evidence:
    - source: s
      quote: >
        words
        more
    - source: t
"""


@pytest.mark.parametrize(
    ("entry", "path", "key", "line", "column"),
    [
        (0, (), False, 2, 3),
        (0, ("id",), False, 2, 7),
        (0, ("id",), True, 2, 3),
        (0, ("actors",), False, 3, 11),
        (0, ("actors", 0), False, 3, 12),
        (0, ("actors", 0, "role"), False, 3, 26),
        (0, ("actors", 1), False, 3, 32),
        (1, ("evidence", 0, "quote"), False, 7, 14),
        (1, ("evidence", 1, "source"), True, 10, 7),
        (1, ("evidence", 1, "quote"), False, 10, 7),
        (1, ("statement",), False, 4, 3),
        (1, ("statement",), True, 4, 3),
        (7, (), False, 0, 0),
    ],
)
def test_a_pointer_leads_to_its_value_or_key_or_what_is_around_it(entry, path, key, line, column):
    assert place(TEXT, Pointer("x.yaml", entry, path, key)) == Place("x.yaml", line, column)


def test_a_file_that_is_one_entry():
    assert place("a: 1\nb: [x, y]\n", Pointer("x.yaml", 0, ("b", 1))) == Place("x.yaml", 2, 8)


def test_a_page_counts_the_lines_of_its_front_matter():
    text = "---\ntitle: x\norder: y\n---\nBody: [\n"
    assert place(text, Pointer("a.md", 0, ("order",))) == Place("a.md", 3, 8)


def test_what_stands_before_a_break_keeps_its_place():
    assert place("a: b\nc: [\n", Pointer("x.yaml", 0, ("a",))) == Place("x.yaml", 1, 4)


TRAPS = [
    ("", "- id: {}\n  note: |\n    - id: no\n\n    words\n"),
    ("# - id: no\n\n---\n", "- id: {}\n  actors: [{{id: a}},\n    b]\n"),
    ("", '- note: "a\n- id: two\n  b"\n  id: {}\n'),
    ("", "- note: 'it''s\n- id: three\n  so'\n  id: {}\n"),
    ("", "-\n  id: {}\n  note: x\n"),
    ("", "- {{id: {}, note: x,\n y: z}}\n"),
    ("", "- 'id': {}\n  id2: [\n- a: 1\n"),
]


@pytest.mark.parametrize(("head", "entry"), TRAPS)
def test_an_entry_gone_over_alone_has_the_places_it_has_in_its_file(head, entry):
    names = ["one", "two", "three", "four"]
    text = head + "".join(entry.format(name) for name in names)
    for number, name in enumerate(names):
        for path in [(), ("id",), ("note",), ("actors", 1), ("actors", 0, "id")]:
            for subject in (f"fact {name}", "fact four, source s", ""):
                at = Pointer("x.yaml", number, path)
                (shown,) = placed([Problem(code="c", message="m", at=at, subject=subject)], lambda _: text)
                assert shown.at == place(text, at)


def test_a_list_inside_the_one_entry_of_a_file_is_not_taken_for_entries():
    text = "id: russia\nactors:\n- id: russia\n  role: x\n"
    at = Pointer("x.yaml", 0, ("actors", 0, "role"))
    (shown,) = placed([Problem(code="c", message="m", at=at, subject="fact russia")], lambda _: text)
    assert shown.at == Place("x.yaml", 4, 9)


def test_each_file_is_asked_for_once_and_only_where_lines_are_shown():
    asked = []

    def read_text(file):
        asked.append(file)
        return TEXT

    def problem(at, excerpt=""):
        return Problem(code="c", message="m", at=at, excerpt=excerpt)

    shown = placed(
        [
            problem(Pointer("a.yaml", 0, ("id",))),
            problem(Pointer("a.yaml", 1, ("id",))),
            problem(Place("b.yaml", 1, 3)),
            problem(Place("c.yaml")),
            problem(Place("d.yaml", 1, 1), "as given"),
            problem(Place("b.yaml", 99, 1)),
        ],
        read_text,
    )
    assert asked == ["a.yaml", "b.yaml"]
    assert [(p.at.line, p.excerpt) for p in shown] == [
        (2, "- id: one"),
        (4, "- id: two"),
        (1, "# a comment"),
        (0, ""),
        (1, "as given"),
        (99, ""),
    ]
