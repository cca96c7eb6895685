"""Problems: what is wrong with the content, told to the curator.

A problem is a value with a stable word as its code, a place, what is wrong in the curator's words and one
way out. Nothing here is raised: steps return problems, the command line prints all of them at once, and a
traceback is always a bug of ours.

`places.placed` turns pointers into places; `render_text`, `render_json` and `render_github` show the
same problems, in the same order, to a person, a program and a pull request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.patterns import late

Severity: TypeAlias = Literal["error", "warning"]


class Pointer(Struct, frozen=True, tag=True):
    """The way to a value in a YAML file: which entry of the file, then keys and positions.

    Line and column are worked out only when a problem is shown (`places.place`): reading stays fast.
    """

    file: str
    entry: int = 0
    path: tuple[str | int, ...] = ()
    #: Whether the key itself is meant, and not its value.
    key: bool = False


class Place(Struct, frozen=True, order=True, tag=True):
    """Where a problem is: lines and columns count from 1, columns in code points; 0: the whole file."""

    file: str
    line: int = 0
    column: int = 0


class Problem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong, where, and what to do about it."""

    code: str
    message: str
    at: Place | Pointer
    #: The entry concerned, in words: "fact first-s400-batch".
    subject: str = ""
    #: The nearest good value, shown as a suggestion and never accepted for the curator.
    nearest: str = ""
    #: One fix, to be pasted or typed.
    help: str = ""
    severity: Severity = "error"
    #: The offending line as written.
    excerpt: str = ""


#: Every code with what it means. Codes are promises: once released, a code keeps its word and its meaning.
CODES: dict[str, str] = {
    # Reading a file.
    "site-missing": "there is no site.yaml",
    "unreadable": "the file cannot be read",
    "not-utf-8": "the file is not UTF-8 text",
    "control-character": "an invisible control character stands in the text",
    "line-separator": "an invisible line separator stands in the text",
    "bad-file-name": "the name of the file cannot be used",
    "wrong-extension": "the file would be read if its name ended otherwise",
    "wrong-folder": "the file or folder stands where nothing is read",
    "file-not-read": "the file stands among the content but is not part of it",
    "link-not-read": "a symbolic link stands among the content and is not followed",
    "front-matter": "the page does not begin with its title between two lines of ---",
    # The form of YAML.
    "yaml-colon": "a colon followed by a space stands where none may stand",
    "yaml-tab": "a tab stands where spaces are wanted",
    "yaml-quote": "a quotation mark is missing, or one too many ends the text early",
    "yaml-bracket": "a bracket or brace is not closed, or text begins with one",
    "yaml-sign": "text begins with a sign that has a meaning of its own in YAML",
    "yaml-indent": "a line begins too far to the left or to the right",
    "yaml-key": "a line has no key, or its colon is missing",
    "yaml-escape": "a backslash inside double quotes begins something unknown",
    "yaml-syntax": "the file is not YAML",
    "yaml-alias": "anchors and aliases are not used in content",
    "yaml-tag": "tags are not used in content",
    "yaml-depth": "lists and mappings stand too deep within each other",
    "yaml-documents": "the file holds several documents",
    "duplicate-key": "a key stands twice in the same mapping",
    "key-not-text": "a key is a list or a mapping",
    "empty-value": "a key has no value",
    "comment-in-text": "text ends where a comment begins",
    "escape-in-text": "a backslash inside double quotes makes a character that cannot be seen",
    "not-a-mapping": "an entry is not made of keys and values",
    # The shape of an entry.
    "unknown-key": "the key is not one of those known here",
    "missing-key": "a key that is needed is missing",
    "wrong-type": "a value of another shape is wanted",
    "bad-choice": "the value is none of those allowed",
    "bad-boolean": "true or false is wanted",
    "bad-number": "a number is wanted",
    "out-of-range": "the number is too large or too small",
    "empty-text": "a text that is needed is empty",
    "empty-list": "a list that is needed is empty",
    "bad-id": "the id holds what an address cannot hold",
    "bad-date": "the date is not one that EDTF knows",
    "bad-language": "the language is not a language tag",
    "bad-address": "the address is not a web address",
    "bad-text-name": "the saved text is not named by a bare file name",
    "listed-twice": "the same value stands twice in one list",
    "speaker-missing": "an utterance has no speaker",
    "due-without-plan": "a fact that is not a plan has a due date",
    "prefix-on-list": "a prefix or suffix stands beside several quotes",
    # References between entries.
    "duplicate-id": "the same id is given to two entries",
    "unknown-actor": "the actor is not declared",
    "unknown-source": "the source is not declared",
    "unknown-topic": "the topic is not declared",
    "unknown-fact": "the fact is not declared",
    "draft-referenced": "a published entry refers to a draft",
    "relation-to-itself": "a fact is related to itself",
    "part-of-itself": "an actor belongs to itself",
    "path-collision": "two pages would have the same address",
    "formerly-taken": "an old id belongs to another entry as well",
    "picture-unmade": "a picture that was asked for cannot be drawn",
    "unused-entry": "nothing refers to the entry",
    # Quotes and saved texts.
    "quote-not-found": "the quote does not stand in its source",
    "quote-ambiguous": "the quote stands more than once in its source",
    "quote-unchecked": "the quote was checked against neither text nor lock",
    "quote-gap": "words left out of a quote hide something a reader needs",
    "phrase-not-found": "the words for the date do not stand near the evidence",
    "text-missing": "the saved text of a source is not here",
    "bad-text": "the saved text of a source cannot be used",
    "furniture-outside": "a passage marked as furniture lies outside the saved text",
    "quote-in-furniture": "a quote stands in a passage marked as furniture",
    "lock-damaged": "the evidence lock cannot be read",
    "lock-conflict": "a merge left two versions of a line in the evidence lock",
    "lock-duplicate": "two lines of the evidence lock speak of the same entry",
    "lock-version": "the evidence lock was written by another version",
    "lock-differs": "the saved text is not as the evidence lock has it",
    "lock-disagrees": "what the evidence lock holds is not the quote",
    "lock-stale": "the evidence lock is not as the content is",
    "over-limit-words": "more words of a source are shown in a row than the limit allows",
    "over-limit-share": "a larger part of a source is shown than the limit allows",
    # What facts say of each other.
    "confirmed-by-one": "a confirmed fact rests on one origin",
    "date-disagrees": "the date of a fact is not what its dating phrase allows",
    "date-weekday": "the date of a fact is not the weekday that its source names",
    "due-before-announced": "a plan is due before it was announced",
    "evidence-twice": "a fact gives the same evidence twice",
    "outcome-of-no-plan": "an outcome is told of a fact that is not a plan",
    "ruling-unknown": "the ruling is none of the answers",
    "withdrawal-unexplained": "a withdrawn fact does not say why",
    # Prose, templates, output, history.
    "link-broken": "a link leads nowhere",
    "template-error": "a template cannot be used",
    "output-refused": "the output folder cannot be used",
    "output-foreign": "a file in the output folder was not made by factsheet",
    "output-stale": "the built site is missing, incomplete or older than its content",
    "unpublished-words": "words that are not to be published stand in the built site",
    "local-address": "a page names a place on this computer",
    "outside-request": "a page asks another host for something",
    "host-limit": "the host does not take a site of this size",
    "target-foreign": "a file at the target was not made by factsheet",
    "history-missing": "there is no history to read changes from",
}

_COLOURS = {"error": "1;31", "warning": "1;33", "gutter": "34", "help": "32"}
#: What would steer a terminal: C0 and C1 controls, line separators, controls of direction.
_UNSEEN = late("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_EXCERPT = 160
#: Warnings of one kind that a build shows.
_FEW = 5


def few(problems: Sequence[Problem]) -> tuple[list[int], dict[str, int]]:
    """The positions of what a build shows: every error, and the first warnings of each kind; and how many
    warnings it leaves out, by code.

    A dossier of ten thousand facts may stand with a thousand warnings of one kind, and nobody reads those.
    """
    of_code: dict[str, list[int]] = {}
    for at, problem in enumerate(problems):
        if problem.severity == "warning":
            of_code.setdefault(problem.code, []).append(at)
    left_out: set[int] = set()
    for code, found in of_code.items():
        of_code[code] = sorted(found, key=lambda at: _roughly(problems[at]))
        left_out.update(of_code[code][_FEW:])
    more = {code: len(found) - _FEW for code, found in sorted(of_code.items()) if len(found) > _FEW}
    return [at for at in range(len(problems)) if at not in left_out], more


def _roughly(problem: Problem) -> tuple[str, int, str, str]:
    """Where a problem is, as far as that is known without reading its file."""
    at = problem.at
    if isinstance(at, Pointer):
        return at.file, at.entry, repr(at.path), problem.message
    return at.file, at.line, "", problem.message


def render_text(
    problems: Iterable[Problem],
    checked: Mapping[str, int],
    *,
    more: Mapping[str, int] | None = None,
    colour: bool = False,
) -> str:
    """All problems for a person at a terminal, then what was checked and how many there are.

    `checked` counts things by their plural ("facts"), in the order to be shown; `more` counts warnings that
    are not among the problems, by code. A message that only repeats what its code means is left out where
    the nearest good value says more. Text from content cannot steer the terminal.
    """
    more = more or {}
    shown = _ordered(problems)
    paint = _paint if colour else _plain
    width = max([4, *(len(str(place.line)) for place, _ in shown)])
    blocks = []
    for _, group in groupby(shown, key=lambda pair: pair[0].file):
        blocks += ["\n".join(_block(place, problem, width, paint)) + "\n" for place, problem in group]
    for code, number in more.items():
        blocks.append(f"{paint('warning', f'warning[{code}]')} {number} more of these\n")
    if more:
        blocks.append(f"  {paint('help', 'help:')} factsheet check  shows all of them\n")
    return "\n".join([*blocks, _summary(shown, checked, sum(more.values()))])


def render_json(problems: Iterable[Problem], checked: Mapping[str, int]) -> str:
    """All problems for a program, as one JSON object; `id` is that of the entry, or empty."""
    import json  # builds do without

    listed = [
        {
            "code": problem.code,
            "severity": problem.severity,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "id": subject_id(problem),
            "message": problem.message,
            "help": problem.help,
        }
        for place, problem in _ordered(problems)
    ]
    return json.dumps({"problems": listed, "checked": dict(checked)}, ensure_ascii=False, indent=2)


def render_github(problems: Iterable[Problem]) -> str:
    """All problems as workflow commands, one a line; GitHub shows them beside the lines of a change."""
    lines = []
    for place, problem in _ordered(problems):
        values = {"file": place.file, "line": place.line, "col": place.column, "title": problem.code}
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in values.items() if value)
        parts = [problem.message, problem.nearest and f"nearest: {problem.nearest}", problem.help]
        text = "\n".join(part for part in parts if part)
        lines.append(f"::{problem.severity} {listed}::{_data(text)}")
    return "\n".join(lines)


def _ordered(problems: Iterable[Problem]) -> list[tuple[Place, Problem]]:
    """By file, line and column; a pointer not yet placed counts as its whole file."""
    placed = [(p.at if isinstance(p.at, Place) else Place(p.at.file), p) for p in problems]
    return sorted(placed, key=lambda pair: (pair[0], pair[1].severity, pair[1].code, pair[1].message))


def _block(place: Place, problem: Problem, width: int, paint: Callable[[str, str], str]) -> Iterator[str]:
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part)
    head = f"{paint(problem.severity, f'{problem.severity}[{problem.code}]')} {_seen(where)}"
    yield f"{head}  {_seen(problem.subject)}" if problem.subject else head
    if problem.excerpt:
        gutter = f"{place.line or '':>{width}} |"
        yield f"{paint('gutter', gutter)} {_seen(_window(problem.excerpt, place.column))}"
    repeats = problem.nearest and problem.message == CODES.get(problem.code)
    if problem.message and not repeats:
        yield f"  {_seen(problem.message)}"
    if problem.nearest:
        yield f"  nearest: {_seen(problem.nearest)}"
    if problem.help:
        yield f"  {paint('help', 'help:')} {_seen(problem.help)}"


def _summary(shown: list[tuple[Place, Problem]], checked: Mapping[str, int], more: int) -> str:
    severities = [problem.severity for _, problem in shown]
    counts = [(severities.count("error"), "errors"), (severities.count("warning") + more, "warnings")]
    found = ", ".join(_count(number, things) for number, things in counts if number)
    if found and not more:  # in how many files the others are is known to nobody
        found += f" in {_count(len({place.file for place, _ in shown}), 'files')}"
    told = ", ".join(_count(number, things) for things, number in checked.items())
    return (f"checked {told}: " if told else "") + (found or "no problems")


def _count(number: int, things: str) -> str:
    if number == 1:
        things = f"{things[:-3]}y" if things.endswith("ies") else things.removesuffix("s")
    return f"{number} {things}"


def subject_id(problem: Problem) -> str:
    """The id in a subject such as "fact first-s400-batch, source s400-pressure": that of the entry itself."""
    return problem.subject.partition(",")[0].partition(" ")[2]


def _window(line: str, column: int) -> str:
    """The line, or the part of a very long one around the column, with `…` for what is left out."""
    if len(line) <= _EXCERPT:
        return line
    start = min(max(0, column - _EXCERPT // 2), len(line) - _EXCERPT)
    end = start + _EXCERPT
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _seen(text: str) -> str:
    """The text with tabs and control characters made visible."""
    return _UNSEEN.sub(lambda m: ascii(m[0])[1:-1], text.replace("\t", "→"))


def _plain(_role: str, text: str) -> str:
    return text


def _paint(role: str, text: str) -> str:
    """ECMA-48 SGR: the few colours every terminal has."""
    return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m"


def _data(text: str) -> str:
    """Escaping of a message, as GitHub's toolkit does it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escaping of a property, which ends at a comma and begins after a colon."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def printable(line: str) -> str:
    """A line without characters that could steer a terminal, for words that may come from anywhere."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
