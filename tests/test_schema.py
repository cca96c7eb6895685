"""Entries to structs: what is right is kept as typed, and all that is wrong is told in place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from generator import content
from generator.content import ActorRef, Fact, QuotePart, Site
from generator.places import placed
from generator.problems import Pointer
from generator.schema import KINDS, PageHead, convert
from generator.yamlfile import read_yaml

FACT = """\
id: first-batch
statement: The first batch arrives.
date: 2019-07
evidence: [{source: s, quote: the first batch}]
"""
SOURCE = "id: s\ntitle: T\npublisher: P\npublished: 2019-10\n"
ACTOR = "id: a\nname: A\nkind: state\n"
QUESTION = "id: q\nquestion: When?\npositions: [{label: July, facts: [a]}]\n"
SITE = "format: 1\ntitle: T\n"
WHOLE = {
    "fact": FACT,
    "source": SOURCE,
    "actor": ACTOR,
    "question": QUESTION,
    "site": SITE,
    "topic": "id: t\nname: T\n",
    "prose": "title: T\n",
}


def converted(kind: str, text: str):
    """The struct, and code, line and column of each problem in their order in the file."""
    entries, problems = read_yaml(text, "x.yaml")
    struct, more = convert(kind, entries[0], Pointer("x.yaml"))
    shown = placed([*problems, *more], lambda _: text)
    return struct, sorted((p.at.line, p.at.column, p.code) for p in shown), shown


@pytest.mark.parametrize("kind", WHOLE)
def test_the_least_that_is_needed(kind):
    struct, found, _ = converted(kind, WHOLE[kind])
    assert found == []
    assert type(struct) is KINDS[kind]


def test_a_fact_with_everything():
    struct, found, _ = converted(
        "fact",
        """\
id: first-batch
statement: "The first batch arrives."
date: 2019-07~
dating: {phrase: in July, source: s, basis: published 2019, from: source}
kind: utterance
status: confirmed
actors: [{id: a, role: supplier}, b]
speaker: c
topics: [t]
evidence:
  - source: s
    quote: [one two three, {quote: four, prefix: and}]
    stance: supports
    via: [r]
    lang: en-GB
    translation: {text: x, by: y}
    omission: z
    checked: {by: i, on: 2026-11-22}
relations: {fulfils: [x], part-of: [y, z]}
gaps: none
note: "*x*"
added: 2026-11-15
changes: [{date: 2026-11-22, kind: wording, was: x, reason: y}]
formerly: [old-one]
draft: true
""",
    )
    assert found == []
    assert isinstance(struct, Fact)
    assert struct.actors == (ActorRef(id="a", role="supplier"), "b")
    assert struct.evidence[0].quote == ("one two three", QuotePart(quote="four", prefix="and"))
    assert struct.draft is True
    assert struct.relations == {"fulfils": ("x",), "part-of": ("y", "z")}


def test_numbers_and_truths_come_out_of_text():
    site, found, _ = converted("site", SITE + "search: true\ncontext: 3\nlimits: {words: 12, share: 0.2}\n")
    assert found == []
    assert isinstance(site, Site)
    assert (site.search, site.context, site.limits.words, site.limits.share) == (True, 3, 12, 0.2)
    assert convert("prose", {"title": "1.10", "order": "-2"}, Pointer("a.md"))[0] == PageHead(
        title="1.10", order=-2
    )


@pytest.mark.parametrize(
    ("kind", "more", "code", "line", "column"),
    [
        # Shape.
        ("fact", "statment: x", "unknown-key", 5, 1),
        ("fact", "<<: {note: x}", "unknown-key", 5, 1),
        ("fact", "relations: {fulfills: [x]}", "unknown-key", 5, 13),
        ("fact", "dating: {phase: x}", "unknown-key", 5, 10),
        ("fact", "topics: deliveries", "wrong-type", 5, 9),
        ("fact", "topics: {a: b}", "wrong-type", 5, 9),
        ("fact", "topics: [{a: b}]", "wrong-type", 5, 10),
        ("fact", "note: [a, b]", "wrong-type", 5, 7),
        ("fact", "note: {a: b}", "wrong-type", 5, 7),
        ("fact", "relations: x", "wrong-type", 5, 12),
        ("fact", "relations: {part-of: x}", "wrong-type", 5, 22),
        ("fact", "dating: in July", "wrong-type", 5, 9),
        ("fact", "actors: [{role: x}]", "missing-key", 5, 10),
        ("fact", "actors: [[x]]", "wrong-type", 5, 10),
        ("fact", "kind: [plan]", "wrong-type", 5, 7),
        ("fact", "kind: utterence", "bad-choice", 5, 7),
        ("fact", "kind: Event", "bad-choice", 5, 7),
        ("fact", "status: planned", "bad-choice", 5, 9),
        ("fact", "draft: yes", "bad-boolean", 5, 8),
        ("fact", "draft: [true]", "wrong-type", 5, 8),
        ("source", "reliability: G", "bad-choice", 5, 14),
        ("source", "paragraphs: line", "bad-choice", 5, 13),
        ("source", "supplied: [title, date]", "bad-choice", 5, 19),
        ("source", "archived: https://example.org/x", "wrong-type", 5, 11),
        ("source", "archived: {url: https://example.org/x}", "missing-key", 5, 11),
        ("source", "furniture: [{start: a, end: 2, why: x}]", "bad-number", 5, 21),
        ("site", "context: many", "bad-number", 3, 10),
        ("site", "limits: {share: '0,35'}", "bad-number", 3, 17),
        ("site", "limits: {words: [1]}", "wrong-type", 3, 17),
        ("site", "publish: {a: [b]}", "wrong-type", 3, 14),
        ("prose", "order: first", "bad-number", 2, 8),
        # Rules.
        ("fact", "formerly: [Old]", "bad-id", 5, 12),
        ("fact", "due: 2019", "due-without-plan", 5, 1),
        ("fact", "kind: utterance", "speaker-missing", 5, 7),
        ("fact", "added: 2026-11", "bad-date", 5, 8),
        ("fact", "added: 2026-02-30", "bad-date", 5, 8),
        ("fact", "changes: [{date: 2026, kind: other, reason: x}]", "bad-date", 5, 18),
        ("fact", "changes: [{date: 2026-01-02, kind: other, reason: ' '}]", "empty-text", 5, 51),
        ("fact", "actors: [a, {id: a}]", "listed-twice", 5, 18),
        ("fact", "actors: [{id: a}, a]", "listed-twice", 5, 19),
        ("fact", "topics: [a, b, a]", "listed-twice", 5, 16),
        ("fact", "relations: {part-of: [a, a]}", "listed-twice", 5, 26),
        ("fact", "topics: ['']", "empty-text", 5, 10),
        ("actor", "roles: [{title: x, from: May 2019}]", "bad-date", 4, 26),
        ("actor", "same_as: [https://example.org/a, wikidata]", "bad-address", 4, 34),
        ("source", "url: example.org", "bad-address", 5, 6),
        ("source", "url: javascript:alert(1)", "bad-address", 5, 6),
        ("source", "archived: {url: 'https://', date: 2020}", "bad-address", 5, 17),
        ("source", "archived: {url: 'https://example.org/', date: x}", "bad-date", 5, 47),
        ("source", "language: english", "bad-language", 5, 11),
        ("source", "language: tr_TR", "bad-language", 5, 11),
        ("source", "text: texts/a.txt", "bad-text-name", 5, 7),
        ("source", "text: ..", "bad-text-name", 5, 7),
        ("source", "furniture: [{start: 9, end: 9, why: x}]", "out-of-range", 5, 29),
        ("source", "furniture: [{start: -1, end: 9, why: x}]", "out-of-range", 5, 21),
        ("site", "publish: {web: dri:public}", "bad-choice", 3, 16),
        ("site", "publish: {web: git:origin}", "bad-choice", 3, 16),
        ("site", "publish: {web: 's3:shelf'}", "bad-choice", 3, 16),
        ("site", "context: -1", "out-of-range", 3, 10),
        ("site", "lists: -1", "out-of-range", 3, 8),
        ("site", "limits: {words: 0}", "out-of-range", 3, 17),
        ("site", "limits: {share: 1.5}", "out-of-range", 3, 17),
        ("site", "limits: {share: nan}", "out-of-range", 3, 17),
        ("site", "contact: the desk", "bad-address", 3, 10),
        ("site", "url: ftp://example.org", "bad-address", 3, 6),
    ],
)
def test_one_mistake_is_told_once_and_in_place(kind, more, code, line, column):
    struct, found, shown = converted(kind, f"{WHOLE[kind]}{more}\n")
    assert struct is None
    assert found == [(line, column, code)]
    assert shown[0].message
    assert shown[0].help


@pytest.mark.parametrize(
    ("kind", "key", "value", "code"),
    [
        ("fact", "id", "First Batch", "bad-id"),
        ("fact", "id", "first--batch", "bad-id"),
        ("fact", "id", "-first", "bad-id"),
        ("fact", "id", "a" * 101, "bad-id"),
        ("fact", "id", "Çavuşoğlu", "bad-id"),
        ("fact", "statement", "'  '", "empty-text"),
        ("fact", "date", "July 2019", "bad-date"),
        ("fact", "date", "2019-02-30", "bad-date"),
        ("fact", "evidence", "[]", "empty-list"),
        ("fact", "evidence", "{source: s, quote: q}", "wrong-type"),
        ("fact", "evidence", "[{source: s, quote: []}]", "empty-list"),
        ("fact", "evidence", "[{source: s, quote: ''}]", "empty-text"),
        ("fact", "evidence", "[{source: s, quote: [a, '']}]", "empty-text"),
        ("fact", "evidence", "[{source: s, quote: [a, {quote: ''}]}]", "empty-text"),
        ("fact", "evidence", "[{source: s, quote: [a, [b]]}]", "wrong-type"),
        ("fact", "evidence", "[{source: s, quote: {quote: a}}]", "wrong-type"),
        ("fact", "evidence", "[{source: s, quote: [a], prefix: x}]", "prefix-on-list"),
        ("fact", "evidence", "[{source: s, quote: [a], suffix: x}]", "prefix-on-list"),
        ("fact", "evidence", "[{source: s}]", "missing-key"),
        ("fact", "evidence", "[{source: s, quote: a, lang: e}]", "bad-language"),
        ("fact", "evidence", "[{source: s, quote: a, checked: {by: x, on: y}}]", "bad-date"),
        ("source", "published", "yesterday", "bad-date"),
        ("source", "title", "''", "empty-text"),
        ("actor", "kind", "weapon", "bad-choice"),
        ("question", "positions", "[]", "empty-list"),
        ("question", "positions", "[{label: a, facts: []}]", "empty-list"),
        ("site", "format", "2", "bad-choice"),
        ("site", "title", "[a]", "wrong-type"),
        ("prose", "title", "''", "empty-text"),
    ],
)
def test_what_is_needed_and_wrong(kind, key, value, code):
    lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in WHOLE[kind].splitlines()]
    struct, found, _ = converted(kind, "\n".join(lines))
    assert struct is None
    assert [c for _, _, c in found] == [code]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_missing_key_points_at_its_entry(kind):
    keys = [line.partition(":")[0] for line in WHOLE[kind].splitlines()]
    _, found, shown = converted(kind, "{}")
    assert found == [(1, 1, "missing-key")] * len(keys)
    assert [p.message for p in shown] == [f"`{key}` is missing" for key in keys]


@pytest.mark.parametrize(
    ("kind", "more", "nearest"),
    [
        ("fact", "statment: x", "statement"),
        ("fact", "relations: {fulfills: [x]}", "fulfils"),
        ("fact", "kind: utterence", "utterance"),
        ("fact", "draft: yes", "true"),
        ("fact", "draft: Off", "false"),
        ("fact", "formerly: [Old One]", "old-one"),
        ("fact", "formerly: [Çavuşoğlu]", "cavusoglu"),
        ("fact", "xyz: x", ""),
        ("source", "language: pt_BR", "pt-BR"),
        ("source", "language: english", ""),
        ("source", "text: ../texts/a.txt", "a.txt"),
        ("source", "reliability: g", ""),
    ],
)
def test_the_nearest_good_value_is_shown(kind, more, nearest):
    _, _, shown = converted(kind, f"{WHOLE[kind]}{more}\n")
    assert [p.nearest for p in shown] == [nearest]


def test_a_list_is_given_ready_to_paste():
    _, _, (problem,) = converted("fact", FACT + "topics: deliveries, sanctions\n")
    assert problem.help == "write [deliveries, sanctions]"


def test_a_misspelt_key_is_not_missing_as_well():
    text = FACT.replace("statement", "statment")
    assert converted("fact", text)[1] == [(2, 1, "unknown-key")]


def test_all_mistakes_of_an_entry_at_once():
    _, found, shown = converted(
        "fact",
        """\
id: First
statment: x
date: July
kind: plann
topics: a
draft: no
actors: [a, a]
evidence:
  - sorce: s
    quote: [one, '']
    prefix: x
note: ~
""",
    )
    assert [(line, code) for line, _, code in found] == [
        (1, "bad-id"),
        (2, "unknown-key"),
        (3, "bad-date"),
        (4, "bad-choice"),
        (5, "wrong-type"),
        (6, "bad-boolean"),
        (7, "listed-twice"),
        (9, "unknown-key"),
        (10, "empty-text"),
        (11, "prefix-on-list"),
        (12, "empty-value"),
    ]
    assert {p.subject for p in shown if p.code != "empty-value"} == {"fact First"}


def test_a_value_complained_of_before_is_passed_over():
    text = FACT.replace("statement: The first batch arrives.", "statement:")
    struct, found, _ = converted("fact", text)
    assert struct is None
    assert found == [(2, 11, "empty-value")]


def test_subjects():
    def subject(kind, value, file="x.yaml"):
        return convert(kind, value, Pointer(file))[1][0].subject

    assert subject("actor", {"id": "x"}) == "actor x"
    assert subject("actor", {}) == ""
    assert subject("site", {}) == ""
    assert subject("prose", {}, "content/pages/about.md") == "page about"


KEYS = sorted(
    {
        field.encode_name
        for struct in (PageHead, *vars(content).values())
        if isinstance(struct, type) and issubclass(struct, Struct)
        for field in fields(struct)
    }
)
VALUES = st.recursive(
    st.sampled_from(["", "x", "1", "true", "null", "nan", "2019", "plan", "1e999", " "]) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8))
def test_an_entry_becomes_a_struct_or_is_explained(kind, value):
    struct, problems = convert(kind, value, Pointer("x.yaml"))
    assert (struct is None) or not problems
    assert struct is not None or problems or "None" in repr(value)
