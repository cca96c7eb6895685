"""Pointers to places: the line and column of a value, and the line as written.

Only problems need them, so a file is gone over a second time when it has one, and reading stays fast. Of a
long list only the entries that have problems are gone over, where they can be told apart (see `_alone`).
Lines and columns count from 1, columns in code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import yaml
from msgspec.structs import replace

from generator import yamlfile
from generator.problems import Place, Pointer, Problem, subject_id
from generator.yamlfile import clean, front_matter

Path: TypeAlias = tuple[str | int, ...]
#: Places by entry, path, and whether the key is meant.
_Positions: TypeAlias = dict[tuple[int, Path, bool], Place]
#: The ids of entries by their position in a file; empty where an id is not known.
_Wanted: TypeAlias = dict[int, str]

#: Where an entry of a list begins, and what may stand before the first.
_ENTRY = re.compile(r"^- ", re.MULTILINE)
_HEAD = re.compile(r"(?:[ \t]*(?:#.*)?\n|---[ \t]*\n)*").fullmatch


def placed(problems: Iterable[Problem], read_text: Callable[[str], str]) -> list[Problem]:
    """The problems with places for their pointers and the offending lines, in the order given.

    `read_text` gives the text of a file named in a problem; it is asked once for each file, and only for
    those whose lines are to be shown.
    """
    problems = list(problems)
    entries: dict[str, _Wanted] = {}
    for problem in problems:
        if isinstance(problem.at, Pointer):
            entries.setdefault(problem.at.file, {})[problem.at.entry] = subject_id(problem)
        elif problem.at.line and not problem.excerpt:
            entries.setdefault(problem.at.file, {})
    texts = {file: clean(read_text(file)) for file in entries}
    tables = {file: _positions(texts[file], file, wanted) for file, wanted in entries.items() if wanted}
    return [_shown(problem, texts, tables) for problem in problems]


def place(text: str, pointer: Pointer) -> Place:
    """Where in the text of its file a pointer points: at a value, or at its key if that is meant.

    A path that leads to nothing leads to the nearest thing around it: a missing key to its mapping.
    """
    return _find(_positions(clean(text), pointer.file, {pointer.entry: ""}), pointer)


def _shown(problem: Problem, texts: dict[str, str], tables: dict[str, _Positions]) -> Problem:
    at = _find(tables[problem.at.file], problem.at) if isinstance(problem.at, Pointer) else problem.at
    excerpt = problem.excerpt
    if at.line and not excerpt:
        excerpt = "".join(texts[at.file].split("\n")[at.line - 1 : at.line]).rstrip()
    return replace(problem, at=at, excerpt=excerpt)


def _find(positions: _Positions, pointer: Pointer) -> Place:
    path = pointer.path
    if pointer.key and (found := positions.get((pointer.entry, path, True))):
        return found
    while not (found := positions.get((pointer.entry, path, False))) and path:
        path = path[:-1]
    return found or Place(pointer.file)


def _positions(text: str, file: str, entries: _Wanted) -> _Positions:
    """The places of all keys (True) and values (False) of some entries of a file."""
    starts = [match.start() for match in _ENTRY.finditer(text)]
    if starts and _HEAD(text, 0, starts[0]):
        alone = [_alone(text, file, starts, entry, id_) for entry, id_ in entries.items()]
        if all(alone):
            return {at: place for positions in alone for at, place in positions.items()}
    return _of_file(text, file, entries)


def _alone(text: str, file: str, starts: list[int], entry: int, id_: str) -> _Positions:
    """The places of one entry of a list, from its own lines; none where these are not surely the entry.

    A line that begins with a dash begins an entry, unless it stands inside a quoted text. Then the lines are
    no YAML, or another entry: so they are only taken where they are whole and hold the id that is expected.
    """
    if not id_ or entry >= len(starts):
        return {}
    start, end = starts[entry], [*starts, len(text)][entry + 1]
    above = text.count("\n", 0, start)
    found: _Positions = {}
    named = ""
    try:
        for path, is_key, event in _nodes(text[start:end]):
            if path == (0, "id") and not is_key:
                named = getattr(event, "value", "")
            if path and path[0] == 0:
                at = Place(file, above + event.start_mark.line + 1, event.start_mark.column + 1)
                found[entry, path[1:], is_key] = at
    except (yaml.YAMLError, UnicodeEncodeError):
        return {}
    return found if named == id_ else {}


def _of_file(text: str, file: str, entries: Mapping[int, str]) -> _Positions:
    """The places in some entries of a file, gone over whole."""
    if file.endswith(".md") and (parts := front_matter(text)):
        text = parts[0]
    found: _Positions = {}
    try:
        for path, is_key, event in _nodes(text):
            if path and path[0] in entries:
                at = Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
                found[path[0], path[1:], is_key] = at
    except (yaml.YAMLError, UnicodeEncodeError):
        pass  # The problem of the file itself says so; what stands before it keeps its places.
    return found


def _nodes(text: str) -> Iterator[tuple[Any, bool, Any]]:
    """All keys and values with their paths, of which the first part is the position of the entry."""
    # One row for each open list or mapping: its path, and the key or position that comes next.
    open_: list[list[Any]] = []
    parser = yamlfile.PARSER
    for event in parser.events(text):
        kind = type(event)
        if kind in (parser.mapping_end, parser.sequence_end):
            open_.pop()
        if kind not in (parser.scalar, parser.alias, parser.mapping, parser.sequence):
            continue
        if not open_:
            path: Path = () if kind is parser.sequence else (0,)
        else:
            row = open_[-1]
            if row[1] is None:
                row[1] = getattr(event, "value", "")
                yield (*row[0], row[1]), True, event
                continue
            path = (*row[0], row[1])
            row[1] = row[1] + 1 if isinstance(row[1], int) else None
        yield path, False, event
        if kind in (parser.mapping, parser.sequence):
            open_.append([path, 0 if kind is parser.sequence else None])
