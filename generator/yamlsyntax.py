"""The parser's errors in the curator's words.

In: what libyaml, or the pure parser where there is no libyaml, raised over a text. Out: one problem that
says what was typed, where, and what to type instead. The two parsers word some errors differently; the
table holds the words they share, or a row for each.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

from generator.problems import Place, Problem


class _Row(NamedTuple):
    #: Part of what the parser said.
    said: str
    code: str
    message: str
    help: str
    #: What the line must look like; NUL marks where the parser gave up.
    near: str = ""
    #: Whether the mistake lies where the parser began to read the thing, and not where it gave up.
    at_begin: bool = False


_QUOTE = "put the whole text in quotes"
_INDENT = "begin all keys of one entry in the same column, two spaces after the - of a list"
_BACKSLASH = r"use single quotes, or write \\ for a backslash"
_OPEN = "the quotation mark that opens here is never closed"
_CLOSE = "close it at the end of the text; inside '…' an apostrophe is written twice"

#: The first row that fits is taken.
_ROWS = (
    _Row("", "yaml-tab", "a tab stands where spaces are wanted", "set lines in with spaces only", "\0\t"),
    _Row("tab char", "yaml-tab", "a tab stands where spaces are wanted", "set lines in with spaces only"),
    _Row(
        "mapping values are not allowed",
        "yaml-colon",
        "a colon followed by a space inside plain text makes a key of what stands before it",
        _QUOTE,
        near=r"(:\s|['\"]).*\0",
    ),
    _Row(
        "mapping values are not allowed",
        "yaml-indent",
        "this key begins too far to the right, or the line above it lacks the space after its colon",
        f"{_INDENT}; if text goes on here, {_QUOTE}",
    ),
    _Row("cannot start any token", "yaml-sign", "text cannot begin with this sign", _QUOTE),
    _Row(
        "alphabetic or numeric",
        "yaml-sign",
        "text that begins with * or & means something else in YAML",
        _QUOTE,
        at_begin=True,
    ),
    _Row(
        "ing a tag",
        "yaml-sign",
        "text that begins with ! means something else in YAML",
        _QUOTE,
        at_begin=True,
    ),
    _Row("tag handle", "yaml-sign", "text that begins with ! means something else in YAML", _QUOTE),
    _Row(
        "scanning a block scalar",
        "yaml-sign",
        "after | or > the text begins on the next line",
        f"begin it there, set in by two spaces; if the sign belongs to the text, {_QUOTE}",
        at_begin=True,
    ),
    _Row("unexpected end of stream", "yaml-quote", _OPEN, _CLOSE, at_begin=True),
    _Row("unexpected document", "yaml-quote", _OPEN, _CLOSE, at_begin=True),
    _Row(
        "could not find expected ':'",
        "yaml-key",
        "this line has no key",
        "write  key: value  with a space after the colon; text that goes on is set in deeper than its key",
        at_begin=True,
    ),
    _Row(
        "flow sequence",
        "yaml-bracket",
        "the list that opens here with [ is not closed, or lacks a comma",
        "close it with ]; text that begins with [ goes in quotes",
        at_begin=True,
    ),
    _Row(
        "flow mapping",
        "yaml-bracket",
        "the mapping that opens here with { is not closed, or lacks a comma",
        "close it with }; text that begins with { goes in quotes",
        at_begin=True,
    ),
    _Row("node content", "yaml-sign", "text cannot begin with this sign", f"{_QUOTE}, or take the sign out"),
    _Row(
        "sequence entries are not allowed",
        "yaml-indent",
        "a list cannot begin on the line of its key",
        f"put - on the next line, or write [one, two]; if the - belongs to the text, {_QUOTE}",
    ),
    _Row(
        "mapping keys are not allowed",
        "yaml-sign",
        "text cannot begin with a question mark and a space",
        _QUOTE,
    ),
    _Row("incompatible", "yaml-sign", "a line cannot begin with %", "take the line out"),
    _Row("directive", "yaml-sign", "a line cannot begin with %", _QUOTE, at_begin=True),
    _Row("document start", "yaml-sign", "a line cannot begin with %", _QUOTE, near=r"^%"),
    _Row(
        "document start",
        "yaml-documents",
        "more follows after the end of the document",
        "take out the line of three dots",
    ),
    _Row(
        "quoted scalar",
        "yaml-escape",
        "a backslash inside double quotes begins something unknown",
        _BACKSLASH,
    ),
    _Row(
        "double-quoted",
        "yaml-escape",
        "a backslash inside double quotes begins something unknown",
        _BACKSLASH,
    ),
    _Row(
        "block",
        "yaml-quote",
        "text goes on after the closing quotation mark",
        "put the whole text in quotes of the other kind, or close a quotation mark that opens above",
        near=r"['\"]\s*\0",
    ),
    _Row(
        "block",
        "yaml-bracket",
        "text goes on after a closing bracket",
        f"text that begins with a bracket or brace goes in quotes: {_QUOTE}",
        near=r"[\]}]\s*\0",
    ),
    _Row("block", "yaml-indent", "this line begins too far to the left or to the right", _INDENT),
)


def explain(error: Exception, text: str, file: str) -> Problem:
    """The problem behind an error a YAML parser raised over `text`.

    Takes `yaml.YAMLError`, and `UnicodeEncodeError`, which libyaml's binding raises for a lone surrogate.
    """
    if isinstance(error, yaml.reader.ReaderError):
        # Its position counts bytes in one parser and code points in the other; the character says enough.
        return _unseen(text, text.find(chr(error.character)), file)
    if isinstance(error, UnicodeEncodeError):
        return _unseen(text, error.start, file)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(code="yaml-syntax", message=f"this is not YAML: {error}", at=Place(file))
    mark = error.problem_mark
    said = f"{error.problem}, {error.context}"
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    shown = f"{line[: mark.column]}\0{line[mark.column :]}"
    for row in _ROWS:
        if row.said in said and re.search(row.near, shown):
            begin = error.context_mark if row.at_begin else None
            where = _last_line(begin or mark, lines, file)
            return Problem(code=row.code, message=row.message, at=where, help=row.help)
    where = _last_line(mark, lines, file)
    return Problem(code="yaml-syntax", message=f"this is not YAML: {error.problem}", at=where, help=_QUOTE)


def _last_line(mark: yaml.Mark, lines: list[str], file: str) -> Place:
    """The place of a mark; one after the end of the file moves to the end of its last line."""
    if mark.line < len(lines):
        return Place(file, mark.line + 1, mark.column + 1)
    return Place(file, len(lines), len(lines[-1]) + 1)


def _unseen(text: str, position: int, file: str) -> Problem:
    return Problem(
        code="control-character",
        message=f"an invisible control character (U+{ord(text[position]):04X}) stands here",
        at=place_of(text, position, file),
        help="delete it; such characters come with text pasted from elsewhere",
    )


def place_of(text: str, position: int, file: str) -> Place:
    """The place of a position in a text, both in code points."""
    begin = text.rfind("\n", 0, position) + 1
    return Place(file, text.count("\n", 0, position) + 1, position - begin + 1)
