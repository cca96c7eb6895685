"""JSON Schemas of the files curators write, for editors that complete keys and underline mistakes.

In: the structs of `content`, with the `#:` comments above their fields. Out: one schema (JSON Schema, draft
2020-12) for each kind of file: a mapping, or a list of mappings. They are a help while typing; what counts is
`factsheet check`, which knows ids, dates and quotes as well.

An editor reads YAML with types, where we take every scalar as the text typed: `2019` and `true` are a
number and a boolean to it, and right wherever we want a text.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from inspect import getsource
from typing import Any, TypeAlias

from msgspec import NODEFAULT, Struct, inspect

from generator import content

Schema: TypeAlias = dict[str, Any]

#: Kinds of files with the struct each holds and the files of a site they describe.
FILES: dict[str, tuple[type[Struct], str]] = {
    "site": (content.Site, "site.yaml"),
    "actors": (content.Actor, "content/actors/*.yaml"),
    "sources": (content.Source, "content/sources/*.yaml"),
    "topics": (content.Topic, "content/topics/*.yaml"),
    "facts": (content.Fact, "content/facts/**/*.yaml"),
    "questions": (content.Question, "content/questions/*.yaml"),
}
DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: Types of a scalar as an editor sees it where a text is wanted.
_TEXT = ["string", "number", "boolean"]


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file, by the keys of `FILES`."""
    return {kind: _file(kind, struct) for kind, (struct, _) in FILES.items()}


def _file(kind: str, struct: type[Struct]) -> Schema:
    parts: dict[str, Schema] = {}
    entry = _of_type(inspect.type_info(struct), parts)
    # `if` rather than `anyOf`: an editor then tells of the one mistake, and not that neither form fits.
    form = entry if kind == "site" else {"if": {"type": "array"}, "then": {"items": entry}, "else": entry}
    title = f"{kind} of a fact-sheet site" if kind != "site" else "settings of a fact-sheet site"
    return {"$schema": DRAFT, "title": title, **form, "$defs": dict(sorted(parts.items()))}


def _of_type(node: inspect.Type, parts: dict[str, Schema]) -> Schema:
    """The schema of a type; structs are noted in `parts` and referred to."""
    match node:
        case inspect.StructType():
            if node.cls.__name__ not in parts:
                parts[node.cls.__name__] = {}  # holds the place, should a struct lead back to itself
                parts[node.cls.__name__] = _of_struct(node, parts)
            return {"$ref": f"#/$defs/{node.cls.__name__}"}
        case inspect.DictType():
            value = _of_type(node.value_type, parts)
            if isinstance(node.key_type, inspect.LiteralType):
                keys = {str(word): value for word in node.key_type.values}
                return {"type": "object", "properties": keys, "additionalProperties": False}
            return {"type": "object", "additionalProperties": value}
        case inspect.VarTupleType():
            return {"type": "array", "items": _of_type(node.item_type, parts)}
        case inspect.UnionType():
            forms = [_of_type(one, parts) for one in node.types if not isinstance(one, inspect.NoneType)]
            words = [word for form in forms for word in form.get("enum", ())]
            if all("enum" in form for form in forms):
                return {"enum": words}
            return forms[0] if len(forms) == 1 else {"anyOf": forms}
        case inspect.LiteralType():
            # Numbers may stand in quotes; the empty word means the key is left out, so none is offered.
            numbers = [str(word) for word in node.values if isinstance(word, int)]
            return {"enum": [*(word for word in node.values if word != ""), *numbers]}
        case inspect.StrType():
            return {"type": _TEXT}
        case inspect.BoolType():
            return {"enum": [True, False, "true", "false"]}
        case inspect.IntType():
            return {"type": ["integer", "string"], "pattern": r"^-?\d+$"}
        case inspect.FloatType():
            return {"type": ["number", "string"], "pattern": r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$"}
    raise AssertionError(f"no schema for {node}")


def _of_struct(node: inspect.StructType, parts: dict[str, Schema]) -> Schema:
    told = descriptions(node.cls)
    properties = {}
    for field in node.fields:
        one = _of_type(field.type, parts)
        if field.required:
            one |= {"minLength": 1} if one.get("type") == _TEXT else {}
            one |= {"minItems": 1} if one.get("type") == "array" else {}
        elif field.default not in (NODEFAULT, None, "", ()) and not isinstance(field.default, Struct):
            one |= {"default": field.default}
        properties[field.encode_name] = one | {"description": told[field.name]}
    return {
        "description": _on_one_line(node.cls.__doc__ or ""),
        "type": "object",
        "properties": properties,
        "required": [field.encode_name for field in node.fields if field.required],
        "additionalProperties": False,
    }


@cache
def descriptions(struct: type[Struct]) -> dict[str, str]:
    """Return what the `#:` comments say of each field of a struct, inherited ones included, by its name.

    Read from the source of the module, which an installed package has too; raises OSError where it has not.
    """
    found: dict[str, str] = {}
    for cls in reversed(struct.__mro__):
        if cls.__module__ == struct.__module__:
            found |= _commented(struct.__module__).get(cls.__name__, {})
    return found


@cache
def _commented(module: str) -> dict[str, dict[str, str]]:
    """The `#:` comments of a module, by class and field."""
    text = getsource(sys.modules[module])
    lines = text.splitlines()
    found: dict[str, dict[str, str]] = {}
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    for owner, field in ((each, field) for each in classes for field in each.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            above = field.lineno - 1
            while lines[above - 1].strip().startswith("#:"):
                above -= 1
            words = [line.strip().removeprefix("#:") for line in lines[above : field.lineno - 1]]
            found.setdefault(owner.name, {})[field.target.id] = _on_one_line(" ".join(words))
    return found


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
