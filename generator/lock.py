"""The evidence lock: what `content/evidence.lock` holds, and whether it is current.

JSON Lines with keys and lines sorted, UTF-8, LF: a first line with the version, then one line for each fact
and one for each source, so that git merges them line by line. It holds the `Located` values and nothing
else; equal values give equal bytes.

    {"evidence lock":2}
    {"fact":"first-s400-batch","located":{"evidence":[…]}}
    {"source":"s400-pressure","text":{"fold":"fold-1","length":3255,"paragraphs":[[0,271],…],"sha256":"…"}}

The line of a source whose text changed also has `"earlier":[{"length":3198,"sha256":"…"}]`: the texts that
the lock was written for before, the latest first. They are known by digest and length and nothing else.

A line speaks only of what was asked when it was written (`LocatedEvidence.ask`): a quote edited since then
is one the lock says nothing of. Damage is told as problems, line by line; the good lines are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from generator.located import LocatedEvidence, LocatedFact, LocatedSource
from generator.problems import Place, Problem

#: Version 2 tells of words to which no link can lead; version 1 knew nothing of links.
VERSION = 2
_HEAD = "evidence lock"
_RENEW = "run  factsheet lock"

Kind: TypeAlias = Literal["fact", "source"]
T = TypeVar("T", LocatedFact, LocatedSource)


class Earlier(Struct, frozen=True, forbid_unknown_fields=True):
    """A text of a source that the lock was written for once."""

    #: In code points.
    length: int
    #: SHA-256 of the file's bytes, hexadecimal.
    sha256: str


class Lock(Struct, frozen=True):
    """The evidence lock as read; empty when there is none."""

    facts: dict[str, LocatedFact] = {}
    sources: dict[str, LocatedSource] = {}
    #: Earlier texts of sources by id, the latest first; only of those that changed.
    earlier: dict[str, tuple[Earlier, ...]] = {}
    #: Line numbers, from 1, by kind and id.
    lines: dict[tuple[Kind, str], int] = {}

    def evidence(self, fact: str, ask: str) -> LocatedEvidence | None:
        """Return what the lock holds of one quotation of a fact, if it speaks of it at all."""
        held = self.facts.get(fact)
        return next((each for each in held.evidence if each.ask == ask), None) if held else None

    def age(self, source: str, sha256: str) -> int:
        """Return how many texts ago the lock was written for the one with this digest; 0: not since."""
        known = [each.sha256 for each in self.earlier.get(source, ())]
        return known.index(sha256) + 1 if sha256 in known else 0

    def history(self, now: LocatedSource) -> tuple[Earlier, ...]:
        """Return the earlier texts of a source, once the lock is written for the text it has now."""
        held = self.sources.get(now.source)
        former = (Earlier(held.length, held.sha256),) if held else ()
        known = (*former, *self.earlier.get(now.source, ()))
        return tuple(each for each in known if each.sha256 != now.sha256)


class Difference(Struct, frozen=True):
    """One way in which the lock and the content do not agree."""

    #: `missing`: the lock says nothing of it; `differs`: it says otherwise; `superfluous`: it is gone.
    kind: Literal["missing", "differs", "superfluous"]
    #: The entry concerned, in words: "fact first-s400-batch".
    subject: str
    #: What does not agree, in the curator's words.
    message: str
    #: Line of the lock, from 1; 0 when it has none.
    line: int = 0

    def problem(self, file: str) -> Problem:
        """Return this as a problem of the lock `file`."""
        return Problem(
            code=f"lock-{self.kind}",
            message=self.message,
            at=Place(file, self.line, 1 if self.line else 0),
            subject=self.subject,
            help=_RENEW,
        )


def dumps(sources: Iterable[LocatedSource], facts: Iterable[LocatedFact], former: Lock | None = None) -> str:
    """Return the text of a lock that holds these values, in whatever order they come.

    `former` is the lock that this one takes the place of: texts it was written for are remembered.
    """
    former = former or Lock()
    lines = [_line("fact", fact.fact, "located", fact) for fact in facts]
    lines += [_line("source", source.source, "text", source, former.history(source)) for source in sources]
    head = msgspec.json.encode({_HEAD: VERSION}).decode()
    return "\n".join([head, *sorted(lines), ""])


def _line(kind: Kind, key: str, name: str, value: Struct, earlier: tuple[Earlier, ...] = ()) -> str:
    fields = msgspec.to_builtins(value)
    del fields[kind]
    more = {"earlier": earlier} if earlier else {}
    return msgspec.json.encode({kind: key, name: fields, **more}, order="sorted").decode()


def read(path: Path, file: str) -> tuple[Lock, list[Problem]]:
    """Read the lock at `path`, named `file` in problems; a lock that is not there is empty."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return Lock(), []
    except UnicodeDecodeError:
        return Lock(), [_problem(file, 0, "lock-damaged", "the evidence lock is not UTF-8")]
    return loads(text, file)


def loads(text: str, file: str) -> tuple[Lock, list[Problem]]:
    """Read the text of a lock; `file` is its name in problems, each with the line concerned."""
    lock = Lock({}, {}, {}, {})
    problems: list[Problem] = []
    if not text.strip():
        return lock, problems
    head, *rest = text.split("\n")  # JSON may hold U+2028, which splitlines() would part
    if _version(head) != VERSION:
        return lock, [_without_head(head, file)]
    for number, line in enumerate(rest, 2):
        line = line.rstrip("\r")
        if not line:
            continue
        if line.startswith(("<<<<<<<", "|||||||", "=======", ">>>>>>>")):
            problems.append(
                _problem(file, number, "lock-conflict", "a merge left both versions of some lines here", line)
            )
            continue
        problem = _keep(lock, line, file, number)
        if problem:
            problems.append(problem)
    return lock, problems


def _version(head: str) -> object:
    try:
        first = msgspec.json.decode(head)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return first.get(_HEAD) if isinstance(first, dict) else None


def _without_head(head: str, file: str) -> Problem:
    version = _version(head)
    if isinstance(version, int):
        known = "no longer reads" if version < VERSION else "does not know"
        return _problem(
            file, 1, "lock-version", f"the evidence lock has version {version}, which this factsheet "
            f"{known} (it writes version {VERSION})", head,
            _RENEW if version < VERSION else f"use a newer factsheet, or {_RENEW}",
        )  # fmt: skip
    if head.startswith("<<<<<<<"):
        return _problem(file, 1, "lock-conflict", "a merge left both versions of some lines here", head)
    return _problem(
        file, 1, "lock-damaged", "the first line does not say which version of the lock this is", head
    )


def _keep(lock: Lock, line: str, file: str, number: int) -> Problem | None:
    """Add the value of one line to the lock, or say why it cannot be used."""
    try:
        value: Any = msgspec.json.decode(line)
        if isinstance(value, dict) and set(value) == {"fact", "located"}:
            fact = msgspec.convert({**value["located"], "fact": value["fact"]}, LocatedFact)
            return _add(lock, lock.facts, "fact", fact.fact, fact, Place(file, number, 1), line)
        if isinstance(value, dict) and set(value) - {"earlier"} == {"source", "text"}:
            source = msgspec.convert({**value["text"], "source": value["source"]}, LocatedSource)
            earlier = msgspec.convert(value.get("earlier", ()), tuple[Earlier, ...])
            if earlier:
                lock.earlier.setdefault(source.source, earlier)
            return _add(lock, lock.sources, "source", source.source, source, Place(file, number, 1), line)
    except (msgspec.MsgspecError, TypeError):
        pass
    return _problem(file, number, "lock-damaged", "this line is no line of an evidence lock", line)


def _add(
    lock: Lock, held: dict[str, T], kind: Kind, key: str, value: T, at: Place, line: str
) -> Problem | None:
    if key in held:
        first = lock.lines[kind, key]
        return _problem(
            at.file,
            at.line,
            "lock-duplicate",
            f"a second line for {kind} {key}; the first is line {first}",
            line,
        )
    held[key] = value
    lock.lines[kind, key] = at.line
    return None


def _problem(file: str, line: int, code: str, message: str, excerpt: str = "", help: str = _RENEW) -> Problem:
    at = Place(file, line, 1 if line else 0)
    return Problem(code=code, message=message, at=at, excerpt=excerpt, help=help)


def compare(
    lock: Lock, sources: Iterable[LocatedSource], facts: Iterable[LocatedFact]
) -> tuple[Difference, ...]:
    """Say in what the lock and the values located now do not agree; nothing when it is current.

    A build minds only what `differs`: there the lock speaks, and a text at hand says otherwise. Quotes of a
    source whose text has changed are not told one by one.
    """
    now_sources = {source.source: source for source in sources}
    now_facts = {fact.fact: fact for fact in facts}
    found: list[Difference] = []
    changed: set[str] = set()
    for key, source in sorted(now_sources.items()):
        held = lock.sources.get(key)
        if held != source:
            changed.add(key)
            found.append(_of_source(lock, key, source, held))
    for _, fact in sorted(now_facts.items()):
        found += _of_fact(lock, fact, changed)
    for kind, key in sorted(lock.lines):
        if key not in (now_facts if kind == "fact" else now_sources):
            message = f"the lock holds a {kind} that is not in the content"
            found.append(Difference("superfluous", f"{kind} {key}", message, lock.lines[kind, key]))
    return tuple(found)


def _of_source(lock: Lock, key: str, now: LocatedSource, held: LocatedSource | None) -> Difference:
    if held is None:
        return Difference("missing", f"source {key}", "the lock holds nothing of this source")
    if held.sha256 != now.sha256:
        message = "the saved text is not the one that the lock was written for"
    elif held.fold != now.fold:
        message = f"the lock was written with the folding profile {held.fold}; this is {now.fold}"
    else:
        message = "the lock holds other paragraphs for this text"
    return Difference("differs", f"source {key}", message, lock.lines["source", key])


def _of_fact(lock: Lock, now: LocatedFact, changed: set[str]) -> Iterator[Difference]:
    subject, held = f"fact {now.fact}", lock.facts.get(now.fact)
    line = lock.lines.get(("fact", now.fact), 0)
    if held is None:
        yield Difference("missing", subject, "the lock holds nothing of this fact")
        return
    told = False
    for number, each in enumerate(now.evidence, 1):
        if each.source in changed:
            continue
        before = lock.evidence(now.fact, each.ask)
        which = f"evidence {number}, from {each.source}"
        told = told or before != each
        if before is None:
            yield Difference(
                "missing", subject, f"{which}: asked for in other words than the lock holds", line
            )
        elif before != each:
            yield Difference("differs", subject, f"{which}: {_what_differs(before, each)}", line)
    if told or held == now or any(each.source in changed for each in now.evidence):
        return
    asks, asked_before = [each.ask for each in now.evidence], [each.ask for each in held.evidence]
    if now.phrase_ask and held.phrase_ask != now.phrase_ask:
        yield Difference("missing", subject, "the dating phrase is not the one that the lock holds", line)
    elif now.phrase_ask and now.phrase != held.phrase:
        yield Difference("differs", subject, "the dating phrase stands elsewhere than the lock says", line)
    elif asks == asked_before and now.phrase_ask:
        yield Difference("differs", subject, "the lock holds other words of the dating phrase", line)
    elif set(asks) >= set(asked_before) and not held.phrase_ask:
        yield Difference("missing", subject, "the lock holds the evidence in another order", line)
    else:
        yield Difference("superfluous", subject, "the lock holds words this fact no longer quotes", line)


def _what_differs(held: LocatedEvidence, now: LocatedEvidence) -> str:
    if held.spans != now.spans:
        return "the words stand elsewhere than the lock says"
    if held.words != now.words or held.folds != now.folds:
        return "the lock holds other words of the source"
    return "the lock holds other measures of these words"
