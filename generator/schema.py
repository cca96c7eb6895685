"""Entries as typed to structs, with every mistake explained.

In: mappings as `yamlfile` reads them. Out: the frozen structs of `content`, and problems that point at the
very key or value. msgspec converts what is right; where it refuses, `_shape` walks the value beside its
type and finds all that is wrong, not only the first. `rules` holds what types cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct, inspect

from generator import content
from generator.problems import Pointer, Problem
from generator.rules import Mistake, Path, broken_rules
from generator.yamlfile import Value


class PageHead(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What stands above a prose page, between two lines of `---`."""

    #: Title, shown above the text and in the navigation.
    title: str
    #: Place in the navigation: small numbers first.
    order: int = 0
    #: Never published while true; the preview shows it, marked.
    draft: bool = False


#: What each kind of entry becomes.
KINDS: dict[str, type[Struct]] = {
    "actor": content.Actor,
    "source": content.Source,
    "topic": content.Topic,
    "fact": content.Fact,
    "question": content.Question,
    "prose": PageHead,
    "site": content.Site,
}


@cache
def _type(kind: str) -> inspect.Type:
    """The type of a kind of entry, looked into when there is a mistake to explain."""
    return inspect.type_info(KINDS[kind])


def convert(kind: str, value: Mapping[str, Value], pointer: Pointer) -> tuple[Any, list[Problem]]:
    """Make the struct of a kind (one of `KINDS`) from a mapping of texts, or tell all that is wrong with it.

    `pointer` points at the mapping. A struct keeps every rule: its dates parse, its id is an id; where one is
    broken there is None. None inside the mapping was told as a problem before and is passed over.
    """
    found: list[Mistake] = []
    try:
        struct = msgspec.convert(value, KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        struct = None
        found += _shape(_type(kind), value, ())
        if not found and not _told(value):
            raise RuntimeError(f"no explanation for {kind} at {pointer}: {error}") from error
    found += broken_rules(KINDS[kind], value)
    if not found:
        return struct, []
    subject = subject_of(kind, value, pointer.file)
    return None, [
        Problem(
            code=mistake.code,
            message=mistake.message,
            at=Pointer(pointer.file, pointer.entry, (*pointer.path, *mistake.path), mistake.key),
            subject=subject,
            nearest=mistake.nearest,
            help=mistake.help,
        )
        for mistake in found
    ]


def subject_of(kind: str, value: Mapping[str, Value], file: str) -> str:
    """What an entry is called in a problem: "fact first-s400-batch"; empty where it has no id."""
    if kind == "prose":
        return f"page {PurePosixPath(file).stem}"
    name = value.get("id")
    return f"{kind} {name}" if isinstance(name, str) and name else ""


def _told(value: Any) -> bool:
    if isinstance(value, (list, Mapping)):
        return any(_told(held) for held in (value.values() if isinstance(value, Mapping) else value))
    return value is None


# Shape: what a value must be made of, asked only when msgspec has refused an entry.


def _shape(node: Any, value: Any, path: Path) -> Iterator[Mistake]:
    """All differences between a value and its type."""
    if value is not None:
        yield from _SHAPES[type(node)](node, value, path)


def _shape_struct(node: inspect.StructType, value: Any, path: Path) -> Iterator[Mistake]:
    fields = {field.encode_name: field for field in node.fields}
    needed = [name for name, field in fields.items() if field.required]
    if not isinstance(value, dict):
        sample = ", ".join(f"{name}: …" for name in needed or list(fields)[:2])
        yield _misfit(value, path, "keys and values are", f"write {{{sample}}}")
        return
    meant = set()
    for key, held in value.items():
        if key in fields:
            yield from _shape(fields[key].type, held, (*path, key))
        else:
            mistake = _unknown_key(key, list(fields), path)
            meant.add(mistake.nearest)
            yield mistake
    for name in needed:
        if name not in value and name not in meant:
            yield Mistake("missing-key", (*path, name), f"`{name}` is missing", f"add  {name}: …")


def _shape_dict(node: inspect.DictType, value: Any, path: Path) -> Iterator[Mistake]:
    words = node.key_type.values if isinstance(node.key_type, inspect.LiteralType) else ()
    known = [str(word) for word in words]
    if not isinstance(value, dict):
        yield _misfit(value, path, "keys and values are", f"write {{{known[0] if known else 'name'}: …}}")
        return
    for key, held in value.items():
        if known and key not in known:
            yield _unknown_key(key, known, path)
        else:
            yield from _shape(node.value_type, held, (*path, key))


def _unknown_key(key: str, known: list[str], path: Path) -> Mistake:
    return Mistake(
        "unknown-key",
        (*path, key),
        f"`{key}` is not a key known here",
        f"known keys: {', '.join(known)}",
        _nearest(key, known),
        key=True,
    )


def _shape_list(node: inspect.VarTupleType, value: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(value, list):
        for number, held in enumerate(value):
            yield from _shape(node.item_type, held, (*path, number))
        return
    plain = isinstance(value, str) and re.fullmatch(r"[\w.-]+([ ,]+[\w.-]+)*", value)
    fix = f"write [{value}]" if plain else "write each on a line of its own that begins with - and a space"
    yield _misfit(value, path, "a list is", fix)


def _shape_text(_node: inspect.StrType, value: Any, path: Path) -> Iterator[Mistake]:
    if not isinstance(value, str):
        fix = "write one text; text that holds a colon and a space, or begins with a bracket, goes in quotes"
        yield _misfit(value, path, "text is", fix)


def _shape_choice(node: inspect.LiteralType, value: Any, path: Path) -> Iterator[Mistake]:
    words = [str(word) for word in node.values]
    shown = [word for word in words if word]
    fix = f"write one of: {', '.join(shown)}"
    if not isinstance(value, str):
        yield _misfit(value, path, "a word is", fix)
    elif value not in words:
        yield Mistake(
            "bad-choice", path, f"`{value}` is none of the words allowed", fix, _nearest(value, shown)
        )


_TRUTHS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def _shape_boolean(_node: inspect.BoolType, value: Any, path: Path) -> Iterator[Mistake]:
    if not isinstance(value, str):
        yield _misfit(value, path, "true or false is", "write true or false")
    elif not _is(bool, value):
        message = f"`{value}` stands where true or false is wanted"
        yield Mistake("bad-boolean", path, message, "write true or false", _TRUTHS.get(value.lower(), ""))


def _shape_whole(_node: inspect.IntType, value: Any, path: Path) -> Iterator[Mistake]:
    yield from _number(int, value, path, "a whole number", "write digits only")


def _shape_fraction(_node: inspect.FloatType, value: Any, path: Path) -> Iterator[Mistake]:
    yield from _number(float, value, path, "a number", "write digits, with a point before the fraction: 0.35")


def _number(wanted: type, value: Any, path: Path, called: str, fix: str) -> Iterator[Mistake]:
    if not isinstance(value, str):
        yield _misfit(value, path, f"{called} is", fix)
    elif not _is(wanted, value):
        yield Mistake("bad-number", path, f"`{value}` stands where {called} is wanted", fix)


def _shape_union(node: inspect.UnionType, value: Any, path: Path) -> Iterator[Mistake]:
    """Judged by the member of the value's own form; by the first where there is none."""
    forms: dict[type, type] = {str: inspect.StrType, list: inspect.VarTupleType, dict: inspect.StructType}
    fitting = [member for member in node.types if isinstance(member, forms[type(value)])]
    yield from _shape((fitting or list(node.types))[0], value, path)


_SHAPES: dict[type[inspect.Type], Callable[[Any, Any, Path], Iterator[Mistake]]] = {
    inspect.StructType: _shape_struct,
    inspect.DictType: _shape_dict,
    inspect.VarTupleType: _shape_list,
    inspect.StrType: _shape_text,
    inspect.LiteralType: _shape_choice,
    inspect.BoolType: _shape_boolean,
    inspect.IntType: _shape_whole,
    inspect.FloatType: _shape_fraction,
    inspect.UnionType: _shape_union,
}


def _misfit(value: Any, path: Path, wanted: str, fix: str) -> Mistake:
    """A value of another form than the one wanted ("a list is")."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    form = "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "keys and values"
    return Mistake("wrong-type", path, f"`{name}` holds {form} where {wanted} wanted", fix)


def _is(wanted: type, value: Any) -> bool:
    try:
        msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _nearest(typed: Any, known: list[str]) -> str:
    """The known word most like the typed one, or nothing."""
    from difflib import get_close_matches  # only mistakes need it

    return next(iter(get_close_matches(str(typed).lower(), known, n=1)), "")
