"""Write docs/fields.md: every field of everything a curator writes, from the comments in the code.

In: the structs of `generator.content` and their `#:` comments. Out: a page in Markdown. A test holds the page
to the code.

    python docs/make_fields.py
"""

from __future__ import annotations

import ast
import inspect as source_of
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct, inspect

from generator import content
from generator.schema import PageHead

#: In the order of the page: heading, where such entries are written, the struct, and those inside it.
KINDS: tuple[tuple[str, str, type[Struct], tuple[type[Struct], ...]], ...] = (
    (
        "Fact",
        "content/facts/*.yaml, folders inside it included",
        content.Fact,
        (
            content.ActorRef,
            content.Dating,
            content.Evidence,
            content.QuotePart,
            content.Translation,
            content.Checked,
            content.Change,
        ),
    ),
    ("Source", "content/sources/*.yaml", content.Source, (content.Archived, content.Furniture)),
    ("Actor", "content/actors/*.yaml", content.Actor, (content.Role,)),
    ("Topic", "content/topics/*.yaml", content.Topic, ()),
    ("Question", "content/questions/*.yaml", content.Question, (content.Position,)),
    ("Prose page", "the lines between the two `---` of content/pages/*.md", PageHead, ()),
    ("Site", "site.yaml", content.Site, (content.Limits,)),
)
#: Headings of what stands inside an entry.
INSIDE: dict[type[Struct], str] = {
    content.ActorRef: "An actor of a fact",
    content.Dating: "Dating",
    content.Evidence: "Evidence",
    content.QuotePart: "A part of a quote",
    content.Translation: "Translation",
    content.Checked: "Checked",
    content.Change: "Change",
    content.Archived: "Archived",
    content.Furniture: "Furniture",
    content.Role: "Role",
    content.Position: "Position",
    content.Limits: "Limits",
}
INTRODUCTION = """\
# Every field

What you can write, and where. Fields marked **needed** must be there; you may leave out all others. Every
value is text as you type it: `NO`, `2019-07` and `12:30` stay what they are. Dates are written in
[EDTF](tasks/uncertain-date.md). A YAML file holds one entry, or a list of entries.

This page is made from the code by `docs/make_fields.py`; a change here would be lost.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for heading, where, struct, inside in KINDS:
        parts.append(f"## {heading}\n\n{struct.__doc__}\n\nWritten in {_code(where)}.\n\n{_table(struct)}")
        parts += [f"### {INSIDE[each]}\n\n{each.__doc__}\n\n{_table(each)}" for each in inside]
    return "\n".join(parts)


def _code(where: str) -> str:
    path, comma, rest = where.partition(",")
    return where if " " in path else f"`{path}`{comma}{rest}"


def _table(struct: type[Struct]) -> str:
    told = comments(struct)
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    rows = [
        f"| `{field.encode_name}` | {_holds(field)} | {told[field.name]} |\n"
        for field in sorted(info.fields, key=lambda field: not field.required)
    ]
    return "".join(["| field | what it holds | meaning |\n|---|---|---|\n", *rows])


def comments(struct: type[Struct]) -> dict[str, str]:
    """The `#:` comment above each field of a struct, those it inherits included."""
    found: dict[str, str] = {}
    for each in struct.__mro__:
        if not issubclass(each, Struct) or each is Struct:
            continue
        lines = source_of.getsource(each).split("\n")
        body = ast.parse("\n".join(lines)).body[0]
        assert isinstance(body, ast.ClassDef)
        for node in body.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found[node.target.id] = " ".join(above(lines, node.lineno - 1))
    return found


def above(lines: list[str], number: int) -> list[str]:
    """The lines of the `#:` comment right above a line, numbered from 0."""
    begin = number
    while lines[begin - 1].strip().startswith("#:"):
        begin -= 1
    return [line.strip().removeprefix("#:").strip() for line in lines[begin:number]]


def _holds(field: inspect.Field) -> str:
    words = _words(field.type)
    if field.required:
        return f"{words}, **needed**"
    default = field.default
    if default is NODEFAULT or default in ("", (), None) or isinstance(default, Struct):
        return words
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return f"{words}; `{shown}` if left out"


def _words(node: Any) -> str:
    """A type in a curator's words."""
    if isinstance(node, inspect.StrType):
        return "text"
    if isinstance(node, inspect.BoolType):
        return "`true` or `false`"
    if isinstance(node, (inspect.IntType, inspect.FloatType)):
        return "a number"
    if isinstance(node, inspect.LiteralType):
        return ", ".join(f"`{value}`" for value in sorted(map(str, node.values)) if value)
    if isinstance(node, inspect.VarTupleType):
        return f"a list: {_words(node.item_type)}"
    if isinstance(node, inspect.DictType):
        return f"keys ({_words(node.key_type)}), each with {_words(node.value_type)}"
    if isinstance(node, inspect.UnionType):
        return " or ".join(_members(node))
    assert isinstance(node, inspect.StructType)
    heading = INSIDE[node.cls]
    return f"[{heading[0].lower()}{heading[1:]}](#{heading.lower().replace(' ', '-')})"


def _members(node: inspect.UnionType) -> Iterator[str]:
    for each in node.types:
        if isinstance(each, inspect.NoneType):
            continue
        if words := _words(each):
            yield words


if __name__ == "__main__":
    (Path(__file__).parent / "fields.md").write_text(page(), encoding="utf-8")
