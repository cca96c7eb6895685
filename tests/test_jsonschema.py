"""JSON Schemas for editors: they take what a build takes, refuse what it refuses, and describe each key."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from conftest import ROOT
from generator.cli import main
from generator.content import Entry, Fact, Source
from generator.jsonschema import DRAFT, FILES, descriptions, schemas
from generator.problems import Pointer
from generator.read import read_file
from generator.schema import KINDS, convert
from generator.yamlfile import read_yaml


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2 with its core schema, which editors use: no dates, and yes and no are words."""

    yaml_implicit_resolvers: Any = {}  # noqa: RUF012


for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"({pattern})$"), list(first))


def seen_by_editor(text: str) -> Any:
    return yaml.load(text, Loader=EditorLoader)


#: How the types of JSON look in Python; True is no number there.
TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
}
#: Keywords that say nothing about a value.
SILENT = {"$schema", "$defs", "title", "description", "default"}


def mistakes(
    value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = ""
) -> list[str]:
    """What is wrong with a value by the keywords that our schemas use; any other keyword fails the test."""
    root = root or schema
    found: list[str] = []
    keys = set(value) if isinstance(value, dict) else set()
    for keyword, wanted in schema.items():
        match keyword:
            case "$ref":
                found += mistakes(value, root["$defs"][wanted.removeprefix("#/$defs/")], root, at)
            case "if":
                found += mistakes(
                    value, schema["else" if mistakes(value, wanted, root) else "then"], root, at
                )
            case "then" | "else":
                assert "if" in schema
            case "type":
                types = [wanted] if isinstance(wanted, str) else wanted
                found += [] if any(TYPES[t](value) for t in types) else [f"{at}: type"]
            case "enum":
                found += [] if any(value == w and type(value) is type(w) for w in wanted) else [f"{at}: enum"]
            case "anyOf":
                found += [] if any(not mistakes(value, one, root) for one in wanted) else [f"{at}: anyOf"]
            case "pattern":
                found += [f"{at}: pattern"] if isinstance(value, str) and not re.search(wanted, value) else []
            case "minLength":
                found += [f"{at}: minLength"] if isinstance(value, str) and len(value) < wanted else []
            case "minItems":
                found += [f"{at}: minItems"] if isinstance(value, list) and len(value) < wanted else []
            case "items":
                for number, held in enumerate(value if isinstance(value, list) else ()):
                    found += mistakes(held, wanted, root, f"{at}/{number}")
            case "required":
                found += [
                    f"{at}/{key}: required" for key in wanted if isinstance(value, dict) and key not in keys
                ]
            case "properties":
                for key in sorted(keys & set(wanted)):
                    found += mistakes(value[key], wanted[key], root, f"{at}/{key}")
            case "additionalProperties":
                for key in sorted(keys - set(schema.get("properties", ()))):
                    found += (
                        mistakes(value[key], wanted, root, f"{at}/{key}")
                        if wanted
                        else [f"{at}/{key}: unknown"]
                    )
            case _:
                assert keyword in SILENT, keyword
    return found


CONTENT = [(kind, path) for kind, (_, files) in FILES.items() for path in sorted(ROOT.glob(files))]


@pytest.mark.parametrize(("kind", "path"), CONTENT, ids=[p.relative_to(ROOT).as_posix() for _, p in CONTENT])
def test_the_demo_is_as_its_schemas_say(kind: str, path: Path) -> None:
    assert mistakes(seen_by_editor(path.read_text(encoding="utf-8")), schemas()[kind]) == []


FACT = "id: a\nstatement: A.\ndate: 2019-07\nevidence: [{source: s, quote: a b c}]\n"
SOURCE = "id: a\ntitle: T\npublisher: P\npublished: 2020\n"
#: Kind of file, YAML, and whether a build can make an entry of it.
ENTRIES = {
    "one": ("facts", FACT, True),
    "a list": ("facts", f"- {FACT}".replace("\n", "\n  "), True),
    "texts that look like numbers and truths": (
        "facts", "id: 2019\nstatement: true\ndate: 2019\nevidence: [{source: 1.10, quote: 12:30}]", True),
    "no evidence": ("facts", "id: a\nstatement: A.\ndate: 2019", False),
    "an empty list of it": ("facts", "id: a\nstatement: A.\ndate: 2019\nevidence: []", False),
    "an empty statement": ("facts", FACT.replace("A.", "''"), False),
    "an unknown key": ("facts", FACT + "stauts: denied", False),
    "an unknown key deep inside": ("facts", FACT.replace("quote:", "qoute: x, quote:"), False),
    "a word of the list": ("facts", FACT + "status: denied", True),
    "a word outside the list": ("facts", FACT + "status: dubious", False),
    "a draft": ("facts", FACT + "draft: true", True),
    "a draft in quotes": ("facts", FACT + "draft: 'true'", True),
    "a draft by another word": ("facts", FACT + "draft: maybe", False),
    "actors in both forms": ("facts", FACT + "actors: [a, {id: b, role: buyer}]", True),
    "actors without their list": ("facts", FACT + "actors: a", False),
    "several quotes": ("facts", FACT.replace("a b c", "[a b, {quote: c, prefix: d}]"), True),
    "quotes of quotes": ("facts", FACT.replace("a b c", "[[a]]"), False),
    "relations": ("facts", FACT + "relations: {fulfils: [b], part-of: [c]}", True),
    "an unknown relation": ("facts", FACT + "relations: {fulfills: [b]}", False),
    "a key called from": ("facts", FACT + "dating: {phrase: in July, from: source}", True),
    "an entry of text": ("facts", "- words", False),
    "a key without a value": ("facts", FACT + "gaps:", False),
    "furniture": ("sources", SOURCE + "furniture: [{start: 0, end: '9', why: x}]", True),
    "a start that is no number": ("sources", SOURCE + "furniture: [{start: x, end: 9, why: x}]", False),
    "settings": ("site", "format: 1\ntitle: T\nlimits: {words: 12, share: 0.5}\nlists: 0", True),
    "settings in quotes": ("site", "format: '1'\ntitle: T\nlimits: {words: '12', share: '0.5'}", True),
    "half a number": ("site", "format: 1\ntitle: T\nlimits: {share: '.5'}", False),
    "another format": ("site", "format: 2\ntitle: T", False),
    "part of a word": ("site", "format: 1\ntitle: T\nlimits: {words: 1.5}", False),
    "publish targets": ("site", "format: 1\ntitle: T\npublish: {main: 'dir:there'}", True),
    "questions": ("questions", "id: q\nquestion: Q?\npositions: [{label: L, facts: [a]}]", True),
    "a kind of actor": ("actors", "id: a\nname: A\nkind: stat", False),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "good"), ENTRIES.values(), ids=ENTRIES)
def test_schemas_and_builds_are_of_one_mind(kind: str, text: str, good: bool) -> None:
    assert (mistakes(seen_by_editor(text), schemas()[kind]) == []) is good
    if kind == "site":
        ((entry,), found) = read_yaml(text, "site.yaml")
        assert (not found and not convert("site", entry, Pointer("site.yaml"))[1]) is good
    else:
        assert (not read_file("f.yaml", text, kind.removesuffix("s")).problems) is good


def test_every_key_is_described() -> None:
    for kind, schema in schemas().items():
        for name, part in schema["$defs"].items():
            assert part["description"], name
            for key, one in part["properties"].items():
                assert re.match(r"[A-Z].*[.;)]?$", one["description"]), f"{kind} {name}.{key}"
                assert "#:" not in one["description"]


def test_descriptions_are_the_comments_inherited_ones_included() -> None:
    assert descriptions(Entry)["formerly"] == "Old ids, whose addresses keep leading here."
    assert descriptions(Fact)["formerly"] == descriptions(Entry)["formerly"]
    assert descriptions(Fact)["statement"].startswith("The fact in one sentence of our own")
    assert "\n" not in descriptions(Source)["rights"]


def test_each_kind_of_file_that_is_read_has_a_schema() -> None:
    assert {struct for struct, _ in FILES.values()} == set(KINDS.values()) - {KINDS["prose"]}
    for schema in schemas().values():
        assert schema["$schema"] == DRAFT


def test_defaults_are_those_of_the_structs() -> None:
    parts = schemas()["facts"]["$defs"]
    assert parts["Fact"]["properties"]["status"]["default"] == "reported"
    assert "default" not in parts["Fact"]["properties"]["due"]
    assert "default" not in parts["Fact"]["properties"]["topics"]


# --- the command --------------------------------------------------------------------------------------


def test_printed_they_are_one_object(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # outside any site
    result = CliRunner().invoke(main, ["schema"])
    assert result.exit_code == 0
    assert json.loads(result.output) == schemas()
    assert list(tmp_path.iterdir()) == []


def test_written_they_are_a_file_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["schema", "--output", "a/schemas"])
    assert result.exit_code == 0
    for kind, schema in schemas().items():
        assert json.loads((tmp_path / f"a/schemas/{kind}.schema.json").read_text(encoding="utf-8")) == schema
    told, settings = result.output.split("\n\n")
    assert told.startswith("6 schemas in a/schemas.")
    assert json.loads(settings)["yaml.schemas"]["a/schemas/facts.schema.json"] == "content/facts/**/*.yaml"
    before = {p: p.read_bytes() for p in (tmp_path / "a/schemas").iterdir()}
    assert CliRunner().invoke(main, ["schema", "--output", "a/schemas"]).exit_code == 0
    assert {p: p.read_bytes() for p in (tmp_path / "a/schemas").iterdir()} == before


def test_the_help_says_how_an_editor_finds_them() -> None:
    assert "# yaml-language-server: $schema=" in CliRunner().invoke(main, ["schema", "--help"]).output
