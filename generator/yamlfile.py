"""YAML as curators write it: every scalar is the text typed, every mistake has a place and a remedy.

In: the text of a file. Out: plain mappings, lists and texts, or problems. Only the form of YAML 1.1 is
used: no types (`NO`, `2019-07`, `1.10` and `12:30` stay what they are), no anchors, aliases, tags or merge
keys, one document to a file. Never raises, whatever the text.

Reading works out no positions: `places` goes over a file again when a problem is to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from generator.patterns import late
from generator.problems import Place, Pointer, Problem
from generator.yamlevents import IN_PYTHON, OVER_LIBYAML
from generator.yamlsyntax import explain, place_of

#: A value as typed; None stands where a problem was told already, so that nothing more is said about it.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

#: Lists and mappings within each other; entries need six. Also keeps recursion over values shallow.
DEPTH = 50

PARSER = OVER_LIBYAML or IN_PYTHON

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
#: YAML 1.1 ends a line at the first three (section 5.4); no editor shows any of them.
_UNSEEN = {"\x85": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029", "\ufeff": "U+FEFF"}
_UNSEEN_CHARS = late(f"[{''.join(_UNSEEN)}]")
#: Where text may have been cut or changed without any error.
_TRAP = late(r"[^\s#] #|\\[0abtnvfreNLPxu]")
_NOTHING_LONG = max(map(len, _NOTHING))
#: Stand for the key while a list is filled, and outside of all lists and mappings.
_LIST, _FILE = object(), object()


class _Stop(Exception):
    """The rest of the file cannot be understood; carries the problem that says why."""

    def __init__(self, code: str, event: Any, message: str, help: str) -> None:
        self.told = (code, event, message, help)


def read_yaml(text: str, file: str) -> tuple[list[dict[str, Value] | None] | None, list[Problem]]:
    """Read the text of one file: its entries in order, and what is wrong with its form.

    A mapping is one entry; a list holds one at each position; a file of comments holds none. What should be
    an entry and is no mapping stands as None, so that positions stay those of the file. None instead of the
    list: the file could not be understood.
    """
    problems = list(_unseen(text, file)) if any(char in text for char in _UNSEEN) else []
    text = clean(text)
    try:
        root = _build(text, file, problems)
    except _Stop as stop:
        return None, [*problems, _problem(file, *stop.told)]
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        return None, [*problems, explain(error, text, file)]
    if (" #" in text or "\\" in text) and _TRAP.search(text):
        problems += _traps(text, file)
    listed = [root] if isinstance(root, (str, dict)) else root or []
    for number, entry in enumerate(listed):
        if isinstance(entry, (str, list)):
            problems.append(
                Problem(
                    code="not-a-mapping",
                    message="an entry is made of keys and values",
                    at=Pointer(file, number),
                    help="write  id: …  and the other keys below it, each on a line of its own",
                )
            )
    return [entry if isinstance(entry, dict) else None for entry in listed], problems


def _build(text: str, file: str, problems: list[Problem]) -> Value:
    """Events to values, in one loop that looks at positions only to tell of a problem."""

    def tell(code: str, event: Any, message: str, help: str) -> None:
        problems.append(_problem(file, code, event, message, help))

    parse, scalar, mapping, sequence, mapping_end, sequence_end, alias, document, stream_end = PARSER
    get_event = parse(text).get_event
    is_plain = "&" not in text and "!" not in text  # what anchors and tags begin with
    root: Value = None
    top: Any = None
    #: What the next value is for: a key, `_LIST`, `_FILE`; None: it is a key itself.
    key: Any = _FILE
    stack: list[tuple[Any, Any]] = []
    documents = 0
    while True:
        event = get_event()
        cls = type(event)
        # Two of three events are scalars, so they come first.
        if cls is scalar:
            if not is_plain and (event.anchor is not None or event.tag is not None):
                tell(*_decoration(event))
            value = event.value
            if key is None:
                if value in top:
                    tell(
                        "duplicate-key",
                        event,
                        f"the key `{value}` stands twice in this mapping",
                        "keep one of the two",
                    )
                key = value
                continue
            if len(value) <= _NOTHING_LONG and value in _NOTHING and not event.style:
                if key is not _FILE:
                    tell("empty-value", event, *_emptiness(key, value))
                value = None
        elif cls is mapping or cls is sequence:
            if not is_plain and (event.anchor is not None or event.tag is not None):
                tell(*_decoration(event))
            if key is None:
                raise _Stop(*_key_not_text(event))
            if len(stack) == DEPTH:
                raise _Stop(
                    "yaml-depth",
                    event,
                    f"more than {DEPTH} lists or mappings stand within each other",
                    "put text that begins with brackets in quotes",
                )
            stack.append((top, key))
            top, key = ({}, None) if cls is mapping else ([], _LIST)
            continue
        elif cls is mapping_end or cls is sequence_end:
            value = top
            top, key = stack.pop()
        elif cls is alias:
            if key is None:
                raise _Stop(*_key_not_text(event))
            tell(
                "yaml-alias",
                event,
                f"`*{event.anchor}` stands for a value given elsewhere, which content does not use",
                "text that begins with * goes in quotes; anything else is written out where it is meant",
            )
            value = None
        elif cls is stream_end:
            return root
        else:
            documents += cls is document
            if documents > 1:
                raise _Stop(
                    "yaml-documents",
                    event,
                    "--- begins a second document, and a file holds one",
                    "take the line out and write the entries as one list, each beginning with  - id:",
                )
            continue
        if key is _LIST:
            top.append(value)
        elif key is _FILE:
            root = value
        else:
            top[key] = value
            key = None


def _problem(file: str, code: str, event: Any, message: str, help: str) -> Problem:
    at = Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
    return Problem(code=code, message=message, at=at, help=help)


def _key_not_text(event: Any) -> tuple[str, Any, str, str]:
    return (
        "key-not-text",
        event,
        "a list, a mapping or an alias stands where a key is wanted",
        "put text that begins with a bracket, a brace or * in quotes",
    )


def _emptiness(key: Any, value: str) -> tuple[str, str]:
    what = "this line of the list" if key is _LIST else f"`{key}`"
    if value:
        return f"{what} has no value: {value} means nothing", f'leave it out, or write "{value}" for the word'
    return (
        f"{what} has no value",
        "give it a value or leave it out; a value that begins with # goes in quotes",
    )


def _decoration(event: Any) -> tuple[str, Any, str, str]:
    """What to tell of an anchor or a tag, which content has no use for."""
    if event.tag is not None:
        return (
            "yaml-tag",
            event,
            f"`{event.tag}` before a value is a tag, which content does not use",
            "text that begins with ! goes in quotes",
        )
    return (
        "yaml-alias",
        event,
        f"`&{event.anchor}` names a value for use elsewhere, which content does not do",
        "text that begins with & goes in quotes; anything else is written out where it is meant",
    )


def clean(text: str) -> str:
    """The text with LF line ends and without a byte order mark and other signs that only a parser sees."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(char in text for char in _UNSEEN):
        text = _UNSEEN_CHARS.sub(lambda m: "" if m[0] == "\ufeff" else " ", text)
    return text


def _unseen(text: str, file: str) -> Iterator[Problem]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for match in _UNSEEN_CHARS.finditer(text):
        yield Problem(
            code="line-separator" if match[0] != "\ufeff" else "control-character",
            message=f"an invisible character ({_UNSEEN[match[0]]}) stands here",
            at=place_of(text, match.start(), file),
            help="delete it, or put a space or a line end in its place",
        )


def _traps(text: str, file: str) -> Iterator[Problem]:
    """Warnings about text that YAML cut at a comment or changed by an escape, where that looks unmeant."""
    lines = text.split("\n")
    for event in PARSER.events(text):
        if type(event) is not PARSER.scalar:
            continue
        begin: Any = event.start_mark
        end: Any = event.end_mark
        if not event.style:
            rest = lines[end.line][end.column :]
            # A comment set off by two spaces, or one after a single word, is meant as a comment.
            if rest.startswith(" #") and (" " in event.value or not rest.startswith(" # ")):
                yield Problem(
                    code="comment-in-text",
                    message=f"the text ends before `{rest[1:31]}`, which is read as a comment",
                    at=Place(file, end.line + 1, end.column + 2),
                    severity="warning",
                    help="put the whole text in quotes; if a comment is meant, put two spaces before #",
                )
        elif event.style == '"':
            # In quotes that span lines an empty line is a line end, and meant.
            made = [c for c in event.value if _is_control(c) and (c != "\n" or begin.line == end.line)]
            if made:
                yield _problem(
                    file,
                    "escape-in-text",
                    event,
                    f"a backslash in these double quotes makes an invisible character (U+{ord(made[0]):04X})",
                    r"use single quotes, or write \\ for a backslash",
                )


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char < "\xa0" or char in "\u2028\u2029\ufeff"


def front_matter(text: str) -> tuple[str, str, int] | None:
    """The parts of a page: YAML between two lines of `---`, what follows, and the line that begins on.

    An empty line stands for the first `---`, so that lines of the YAML count as in the file. None: the text
    does not begin so.
    """
    match = re.match(r"---[ \t]*\n(?P<head>(?:.*\n)*?)---[ \t]*(?:\n|\Z)", clean(text))
    if match is None:
        return None
    return f"\n{match['head']}", match.string[match.end() :], match[0].count("\n") + 1
