"""The reader of YAML: what is typed is what is read, and what is wrong is told in place."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import yamlevents, yamlfile
from generator.places import placed
from generator.yamlevents import IN_PYTHON, OVER_LIBYAML
from generator.yamlfile import DEPTH, front_matter, read_yaml


@pytest.fixture(params=[OVER_LIBYAML, IN_PYTHON], ids=["libyaml", "python"])
def loader(request, monkeypatch):
    """Both parsers: libyaml's, and the one in pure Python for systems without it."""
    assert request.param is not None, "PyYAML was built without libyaml"
    monkeypatch.setattr(yamlfile, "PARSER", request.param)


def told(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    found = placed(read_yaml(text, "x.yaml")[1], lambda _: text)
    return [(p.code, p.at.line, p.at.column) for p in found]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "NO",
            "on",
            "true",
            "nil",
            "=",
            "2019",
            "2019-07",
            "2019-07-12",
            "12:30",
            "12:30:45",
            "1.10",
            "0123",
        ),
        *("0x1F", "1_000", "1e3", ".inf", "10%", "a#b", "don't", "x:y", "U.S.", "C:\\new"),
    ],
)
@pytest.mark.usefixtures("loader")
def test_scalars_stay_as_typed(typed):
    assert read_yaml(f"a: {typed}\n", "x.yaml") == ([{"a": typed}], [])


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("---\n", []),
        ("a: b\n", [{"a": "b"}]),
        ("- a: b\n- c: d\n", [{"a": "b"}, {"c": "d"}]),
        ("a: [b, {c: d}]\n", [{"a": ["b", {"c": "d"}]}]),
        ("a: {}\nb: []\n", [{"a": {}, "b": []}]),
        ("a: ''\n", [{"a": ""}]),
        ('a: "null"\n', [{"a": "null"}]),
        ("a: |\n  one\n  two\n", [{"a": "one\ntwo\n"}]),
        ("a: one\n  two\n", [{"a": "one two"}]),
        ("\ufeffa: b\r\nc: d\r\n", [{"a": "b", "c": "d"}]),
        ("on: x\n", [{"on": "x"}]),
    ],
)
@pytest.mark.usefixtures("loader")
def test_entries(text, entries):
    assert read_yaml(text, "x.yaml") == (entries, [])


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: Erdogan: deal done", "yaml-colon", 1, 11),
        ("- a: b\n  c: one: two", "yaml-colon", 2, 9),
        ("a: b\n c: d", "yaml-indent", 2, 3),
        ("key:value\nk: v", "yaml-indent", 2, 2),
        ("- a: b\n c: d", "yaml-indent", 2, 2),
        ("- a: b\n  c: d\n e: f", "yaml-indent", 3, 2),
        ("a: b\n- c", "yaml-indent", 2, 1),
        ("a: - b", "yaml-indent", 1, 4),
        ("a:\n\tb: c", "yaml-tab", 2, 1),
        ("a: b\n\tc: d", "yaml-tab", 2, 1),
        ("a: >\n\tb", "yaml-tab", 2, 1),
        ("a: 'it's here'\nb: c", "yaml-quote", 1, 8),
        ('a: "deal" was done', "yaml-quote", 1, 11),
        ('a: "open\nb: c\n', "yaml-quote", 1, 4),
        ("a: 'open\nb: c\n", "yaml-quote", 1, 4),
        ("a: [x, y\nb: c", "yaml-bracket", 1, 4),
        ("a: [x\n", "yaml-bracket", 1, 4),
        ("a: {x: y\n", "yaml-bracket", 1, 4),
        ("a: […] text", "yaml-bracket", 1, 8),
        ("a: @x", "yaml-sign", 1, 4),
        ("a: %x", "yaml-sign", 1, 4),
        ("a: `x", "yaml-sign", 1, 4),
        ("a: *", "yaml-sign", 1, 4),
        ("a: & x", "yaml-sign", 1, 4),
        ("a: !<x y", "yaml-sign", 1, 4),
        ("a: ]", "yaml-sign", 1, 4),
        ("a: , b", "yaml-sign", 1, 4),
        ("a: ? b", "yaml-sign", 1, 4),
        ("a: > b", "yaml-sign", 1, 4),
        ("a: b\nc\nd: e", "yaml-key", 2, 1),
        ("- a\n-b\n- c", "yaml-key", 2, 1),
        ('a: "\\u12"', "yaml-escape", 1, 7),
        ("a: b\n...\nc: d\n", "yaml-documents", 3, 1),
        ("a: b\n---\nc: d\n", "yaml-documents", 2, 1),
        ("a: x\x07y", "control-character", 1, 5),
        ("a: b\nc: x\x00y", "control-character", 2, 5),
        ("a: x\ud800", "control-character", 1, 5),
        ("? [a]\n: b", "key-not-text", 1, 3),
        ("[a]: b", "key-not-text", 1, 1),
        ("{a: b}: c", "key-not-text", 1, 1),
        ("a: " + "[" * (DEPTH + 1), "yaml-depth", 1, 3 + DEPTH),
    ],
)
@pytest.mark.usefixtures("loader")
def test_files_that_cannot_be_understood(text, code, line, column):
    entries, problems = read_yaml(text, "x.yaml")
    assert entries is None
    assert [(p.code, p.at.line, p.at.column) for p in problems] == [(code, line, column)]
    assert problems[0].message
    assert problems[0].help


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: b\na: c", "duplicate-key", 2, 1),
        ("- a: b\n  x: {y: 1, y: 2}", "duplicate-key", 2, 13),
        ("a:\nb: c", "empty-value", 1, 3),
        ("a: # note\nb: c", "empty-value", 1, 3),
        ("b: c\na: ~", "empty-value", 2, 4),
        ("a: null", "empty-value", 1, 4),
        ("a: [b, Null]", "empty-value", 1, 8),
        ("a:\n  - b\n  -\n", "empty-value", 3, 4),
        ("a: &x b", "yaml-alias", 1, 4),
        ("a: !x b", "yaml-tag", 1, 4),
        ("a: !!int 5", "yaml-tag", 1, 4),
        ("a: b\u2028c", "line-separator", 1, 5),
        ("a: b\nc: d\u2029e", "line-separator", 2, 5),
        ("a: b\x85c", "line-separator", 1, 5),
        ("a: b\n\ufeffc: d", "control-character", 2, 1),
        ("text", "not-a-mapping", 1, 1),
        ("- a: b\n- text", "not-a-mapping", 2, 3),
        ("- a: b\n- [c]", "not-a-mapping", 2, 3),
    ],
)
@pytest.mark.usefixtures("loader")
def test_mistakes_that_leave_the_rest_readable(text, code, line, column):
    entries, _ = read_yaml(text, "x.yaml")
    assert entries is not None
    assert (code, line, column) in told(text)


@pytest.mark.usefixtures("loader")
def test_aliases_are_refused_and_never_expanded():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    entries, problems = read_yaml(bomb, "x.yaml")
    assert entries[0]["i"] == [None, None]
    assert {p.code for p in problems} == {"yaml-alias"}


@pytest.mark.usefixtures("loader")
def test_positions_of_entries_are_those_of_the_file():
    entries, problems = read_yaml("- a: b\n- text\n- ~\n- c: d\n", "x.yaml")
    assert entries == [{"a": "b"}, None, None, {"c": "d"}]
    assert sorted(p.code for p in problems) == ["empty-value", "not-a-mapping"]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: First batch # of two", "comment-in-text", 1, 16),
        ("b: c\na: Deal #1", "comment-in-text", 2, 9),
        ('a: "C:\\new"', "escape-in-text", 1, 4),
        ('a: "x\\u2028y"', "escape-in-text", 1, 4),
        ('a: "\\0"', "escape-in-text", 1, 4),
    ],
)
@pytest.mark.usefixtures("loader")
def test_text_cut_or_changed_without_an_error_is_a_warning(text, code, line, column):
    _, problems = read_yaml(text, "x.yaml")
    assert [(p.code, p.at.line, p.at.column) for p in problems] == [(code, line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "a: First batch  # of two",
        "a: b # a comment",
        "a: 'First # batch'",
        "a: |\n  First # batch\n",
        'a: "one\n\n  two \\u00e9"',
        'a: "\\u00a0"  # kept',
        r"a: C:\new",
    ],
)
@pytest.mark.usefixtures("loader")
def test_meant_comments_and_escapes_raise_nothing(text):
    assert read_yaml(text, "x.yaml")[1] == []


def test_deep_brackets_do_not_end_the_interpreter():
    for text in ("[" * 200_000, "a: " + "{b: " * 200_000, "- " * 200_000 + "x"):
        entries, problems = read_yaml(text, "x.yaml")
        assert (entries, [p.code for p in problems]) == (None, ["yaml-depth"])


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(
            list("ab:-#[]{}\"'&*!|>%@`,?~. \n\t\r\\\x85\u2028\ufeff\x00\ud800\U0001f600")
        )
    )
)
def test_no_text_makes_it_raise(text):
    entries, problems = read_yaml(text, "x.yaml")
    shown = placed(problems, lambda _: text)
    assert entries is not None or problems
    # A key at the very end (`?`) has its missing value on the line after.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 2
    assert all(1 <= p.at.line <= lines for p in shown)
    assert all(p.message and p.help for p in shown if p.code != "yaml-syntax")


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text())
def test_any_text_in_quotes_comes_back_whole(text):
    typed = "".join(c for c in text if c.isprintable() or c == "\u00a0")
    entries, problems = read_yaml("a: '" + typed.replace("'", "''") + "'", "x.yaml")
    assert (entries, problems) == ([{"a": typed}], [])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\ntitle: x\n---\nBody\n", ("\ntitle: x\n", "Body\n", 4)),
        ("---\r\ntitle: x\r\n---\r\n", ("\ntitle: x\n", "", 4)),
        ("\ufeff---\n---\nBody", ("\n", "Body", 3)),
        ("---\na: b\n---", ("\na: b\n", "", 3)),
        ("---\na: b\n----\n", None),
        ("a: b\n", None),
        ("", None),
    ],
)
def test_front_matter(text, parts):
    assert front_matter(text) == parts


def test_a_parser_that_makes_its_own_events_is_read_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "_yaml", SimpleNamespace(CParser=yaml.SafeLoader))
    other = yamlevents._over_libyaml()
    assert other is not None
    assert other.scalar is yaml.events.ScalarEvent
    monkeypatch.setattr(yamlfile, "PARSER", other)
    assert read_yaml("- {a: b, c: [d]}\n", "x.yaml") == ([{"a": "b", "c": ["d"]}], [])


def test_a_parser_that_says_more_of_an_event_keeps_its_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Saying(yaml.SafeLoader):
        def get_event(self) -> object:
            return module.ScalarEvent(1, 2, 3, 4, 5, 6, 7, 8)

    module = SimpleNamespace(CParser=Saying, ScalarEvent=yaml.events.ScalarEvent)
    monkeypatch.setattr(yaml, "_yaml", module)
    other = yamlevents._over_libyaml()
    assert other is not None
    assert module.ScalarEvent is other.scalar is yaml.events.ScalarEvent


def test_other_readers_of_yaml_in_this_process_are_as_they_were() -> None:
    text = "- {a: b, c: [&x 1, *x, !!str 3]}"
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        assert yaml.load(text, Loader=loader) == [{"a": "b", "c": [1, 1, "3"]}]
