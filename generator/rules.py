"""What the types of `content` cannot say: how an id, a date or an address looks, and what goes together.

In: entries as typed, already of the right shape or not: a value of another shape is passed over, since the
schema tells of that. Out: mistakes. `_RULES` is a table from keys to checks; `broken_rules` is the loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct, inspect

from generator import edtf
from generator.content import (
    TARGETS,
    Actor,
    Archived,
    Change,
    Checked,
    Entry,
    Evidence,
    Fact,
    Furniture,
    Limits,
    Role,
    Site,
    Source,
)
from generator.patterns import late

Path: TypeAlias = tuple[str | int, ...]


class Mistake(NamedTuple):
    """One thing that is wrong inside an entry."""

    code: str
    #: From the value looked at to the one that is wrong.
    path: Path
    message: str
    help: str = ""
    nearest: str = ""
    #: Whether the key is wrong, and not its value.
    key: bool = False


Check: TypeAlias = Callable[[Any], Iterable[Mistake]]

#: File systems allow 255 bytes for a name; this leaves room for what we add to one.
_ID_LENGTH = 100
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch
_UNFIT = f"cannot be an id: up to {_ID_LENGTH} lower-case letters a to z, digits, and single hyphens between"
_DAY = late(r"\d{4}-\d\d-\d\d")
#: The look of a language tag (RFC 5646, 2.1): a language of two or three letters, then subtags.
_LANGUAGE = late(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"]+[^\s<>\"]*", re.IGNORECASE).fullmatch
_MAIL = late(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_TARGET = late(r"dir:.+|git:.+#.+|rsync:.+:.+|s3://[^/?#]+.*|rclone:.+:.*", re.DOTALL)


def broken_rules(struct: type[Struct], value: Mapping[str, Any]) -> list[Mistake]:
    """All mistakes in a mapping that is to become `struct`, beyond those of its shape."""
    found: list[Mistake] = []
    _judge(_plan(struct), value, (), found)
    return found


class _Plan(NamedTuple):
    """The checks of one struct: of the whole mapping, then of each key, with the struct found inside it."""

    whole: tuple[Check, ...]
    keys: dict[str, tuple[tuple[Check, ...], _Plan | None]]


def _judge(plan: _Plan, value: Any, path: Path, found: list[Mistake]) -> None:
    if isinstance(value, list):
        for number, held in enumerate(value):
            _judge(plan, held, (*path, number), found)
    elif isinstance(value, dict):
        for check in plan.whole:
            found += [mistake._replace(path=(*path, *mistake.path)) for mistake in check(value)]
        for key, held in value.items():
            planned = plan.keys.get(key)
            if held is None or planned is None:
                continue
            checks, inner = planned
            for check in checks:  # without a comprehension: most find nothing, and there are many values
                for mistake in check(held):
                    found.append(mistake._replace(path=(*path, key, *mistake.path)))
            if inner and not isinstance(held, str):
                _judge(inner, held, (*path, key), found)


@cache
def _plan(struct: type[Struct]) -> _Plan:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    keys = {}
    for field in info.fields:
        checks = [*_RULES.get((struct, field.encode_name), ())]
        if struct is not Entry and issubclass(struct, Entry):
            checks += _RULES.get((Entry, field.encode_name), ())
        if field.required:
            checks.append(_filled)
        if any(isinstance(node, inspect.VarTupleType) for node in _nodes(field.type)):
            checks.append(_lists_below if isinstance(field.type, inspect.DictType) else _listed)
        inner = next((node.cls for node in _nodes(field.type) if isinstance(node, inspect.StructType)), None)
        if checks or inner:
            keys[field.encode_name] = (tuple(checks), _plan(inner) if inner else None)
    return _Plan(_RULES.get((struct, ""), ()), keys)


def _nodes(node: Any) -> Iterator[Any]:
    """A type and the types it is made of, not looking inside structs."""
    yield node
    for name in ("types", "item_type", "value_type"):
        inner = getattr(node, name, ())
        for part in inner if isinstance(inner, tuple) else (inner,):
            yield from _nodes(part)


def _texts(check: Callable[[str], Mistake | None]) -> Check:
    """A check of one text, for a text or for each text of a list. An empty text counts as not written."""

    def run(value: Any) -> Iterable[Mistake]:
        if isinstance(value, str):
            mistake = check(value) if value else None
            return (mistake,) if mistake else ()
        if isinstance(value, list):
            return [mistake._replace(path=(n,)) for n, held in enumerate(value) for mistake in run(held)]
        return ()

    return run


def is_id(text: str) -> bool:
    """Whether a text can be an id, and so a part of an address."""
    return len(text) <= _ID_LENGTH and _ID(text) is not None


def id_from(text: str) -> str:
    """The id most like a text, in ASCII; empty where nothing is left of it."""
    from anyascii import anyascii  # only mistakes need it

    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower())[:_ID_LENGTH].strip("-")


@_texts
def _id(text: str) -> Mistake | None:
    if is_id(text):
        return None
    fix = "choose one that can stay for ever; it becomes the address"
    return Mistake("bad-id", (), f"`{text}` {_UNFIT}", fix, id_from(text))


@_texts
def _date(text: str) -> Mistake | None:
    try:
        edtf.parse(text)
    except ValueError as error:
        fix = "a day is written 2019-07-12, a month 2019-07, a year 2019; see EDTF for what is less certain"
        return Mistake("bad-date", (), f"`{text}` is no date: {error}", fix)
    return None


@_texts
def _day(text: str) -> Mistake | None:
    if mistake := next(iter(_date(text)), None):
        return mistake
    if _DAY.fullmatch(text):
        return None
    return Mistake(
        "bad-date", (), f"`{text}` is not a day, and a day is wanted here", "write it as 2019-07-12"
    )


@_texts
def _language(text: str) -> Mistake | None:
    if _LANGUAGE.fullmatch(text):
        return None
    nearest = text.replace("_", "-")
    return Mistake(
        "bad-language",
        (),
        f"`{text}` is not a language tag",
        "write a tag such as en, tr or pt-BR",
        nearest if _LANGUAGE.fullmatch(nearest) else "",
    )


@_texts
def _address(text: str) -> Mistake | None:
    if _ADDRESS(text):
        return None
    return Mistake(
        "bad-address", (), f"`{text}` is not a web address", "write it whole, with https:// before it"
    )


@_texts
def _contact(text: str) -> Mistake | None:
    if _ADDRESS(text) or _MAIL.fullmatch(text):
        return None
    return Mistake(
        "bad-address",
        (),
        f"`{text}` is neither a web address nor an e-mail address",
        "write https://… or name@example.org",
    )


@_texts
def _bare_name(text: str) -> Mistake | None:
    if not re.search(r"[/\\]", text) and not text.startswith("."):
        return None
    return Mistake(
        "bad-text-name",
        (),
        f"`{text}` is not a bare file name",
        "write the name only; the file is looked up beside this one, then in the folder of texts",
        re.split(r"[/\\]", text)[-1].lstrip("."),
    )


def _filled(value: Any) -> Iterable[Mistake]:
    """What is required holds something."""
    if isinstance(value, str) and not value.strip():
        return [Mistake("empty-text", (), "the text is empty", "write it, or take the entry out")]
    if value == []:
        return [Mistake("empty-list", (), "the list is empty, and at least one is needed", "write one")]
    return ()


def _listed(value: Any) -> Iterable[Mistake]:
    """No text of a list is empty, and nothing is listed twice: no text, and no mapping by its id."""
    found = []
    seen = set()
    for number, held in enumerate(value if isinstance(value, list) else ()):
        name = held.get("id") if isinstance(held, dict) else held
        if not isinstance(name, str):
            continue
        if not name.strip() and name is held:
            found.append(
                Mistake("empty-text", (number,), "the text is empty", "write it, or take it out of the list")
            )
        elif name in seen:
            path = (number,) if name is held else (number, "id")
            found.append(Mistake("listed-twice", path, f"`{name}` stands twice in this list", "take one out"))
        seen.add(name)
    return found


def _lists_below(value: Any) -> Iterable[Mistake]:
    below = value.items() if isinstance(value, dict) else ()
    return [m._replace(path=(key, *m.path)) for key, held in below for m in _listed(held)]


def _within(low: float, high: float) -> Check:
    def run(value: Any) -> Iterable[Mistake]:
        number = _number(value)
        if number is not None and not low <= number <= high:
            wanted = f"at least {low:g}" if high == float("inf") else f"from {low:g} to {high:g}"
            yield Mistake(
                "out-of-range", (), f"{value} is out of range: {wanted} is wanted", f"write a number {wanted}"
            )

    return run


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _targets(value: Any) -> Iterable[Mistake]:
    """A publishing target has one of the forms; whether it can be reached is seen when it is."""
    from difflib import get_close_matches  # only mistakes need it

    for name, written in value.items() if isinstance(value, dict) else ():
        if not isinstance(written, str) or _TARGET.fullmatch(written):
            continue
        kind, _, rest = written.partition(":")
        near = get_close_matches(kind, TARGETS, 1) if kind not in TARGETS else []
        yield Mistake(
            "bad-choice",
            (name,),
            f"`{written}` is no target to publish to",
            f"write one of  {'  '.join(TARGETS.values())}",
            nearest=f"{near[0]}:{rest}" if near else "",
        )


def _speaker(fact: Mapping[str, Any]) -> Iterable[Mistake]:
    if fact.get("kind") != "utterance" or fact.get("speaker", "") != "":
        return ()
    return [
        Mistake(
            "speaker-missing", ("kind",), "an utterance needs its speaker", "add  speaker: id of an actor"
        )
    ]


def _due(fact: Mapping[str, Any]) -> Iterable[Mistake]:
    kind = fact.get("kind", "event")
    if kind not in ("event", "utterance", "assessment", "state") or fact.get("due", "") == "":
        return ()
    message = f"`due` is for plans, and this is of kind {kind}"
    return [Mistake("due-without-plan", ("due",), message, "write  kind: plan  or take `due` out", key=True)]


def _parts(evidence: Mapping[str, Any]) -> Iterable[Mistake]:
    if not isinstance(evidence.get("quote"), list):
        return ()
    return [
        Mistake(
            "prefix-on-list",
            (key,),
            f"`{key}` stands beside several quotes and does not say which it belongs to",
            f"put it on the quote it belongs to:  - {{quote: …, {key}: …}}",
            key=True,
        )
        for key in ("prefix", "suffix")
        if evidence.get(key, "") != ""
    ]


def _passage(furniture: Mapping[str, Any]) -> Iterable[Mistake]:
    start, end = _number(furniture.get("start")), _number(furniture.get("end"))
    if start is None or end is None or start < end:
        return ()
    message = f"the passage ends at {end:g}, which is not after its start at {start:g}"
    return [Mistake("out-of-range", ("end",), message, "give the position after its last character")]


_POSITIVE = _within(0, float("inf"))
#: Checks by struct and key; the empty key is the mapping as a whole. Those of `Entry` hold for every entry.
_RULES: dict[tuple[type[Struct], str], tuple[Check, ...]] = {
    (Entry, "id"): (_id,),
    (Entry, "formerly"): (_id,),
    (Actor, "same_as"): (_address,),
    (Role, "from"): (_date,),
    (Role, "to"): (_date,),
    (Source, "published"): (_date,),
    (Source, "url"): (_address,),
    (Source, "language"): (_language,),
    (Source, "text"): (_bare_name,),
    (Archived, "url"): (_address,),
    (Archived, "date"): (_date,),
    (Furniture, ""): (_passage,),
    (Furniture, "start"): (_POSITIVE,),
    (Fact, ""): (_speaker, _due),
    (Fact, "date"): (_date,),
    (Fact, "due"): (_date,),
    (Fact, "added"): (_day,),
    (Evidence, ""): (_parts,),
    (Evidence, "lang"): (_language,),
    (Checked, "on"): (_date,),
    (Change, "date"): (_day,),
    (Site, "url"): (_address,),
    (Site, "publish"): (_targets,),
    (Site, "language"): (_language,),
    (Site, "contact"): (_contact,),
    (Site, "context"): (_POSITIVE,),
    (Site, "lists"): (_POSITIVE,),
    (Site, "dossier"): (_POSITIVE,),
    (Site, "known_on"): (_day,),
    (Limits, "words"): (_within(1, float("inf")),),
    (Limits, "share"): (_within(0, 1),),
}
