"""The desk report: what a curator may want to look at, in the facts and in the articles beside them.

In: the desk. Out: notices by kind, with their places, and what could not be read; then the same as text,
JSON or values for the page of the preview. To add a notice, write a function in `desk_facts`, `desk_origins`
or `desk_texts`, and put its kind into `notices` and its heading here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from generator import read, terms
from generator.desk import Absent
from generator.desk_facts import FACTS
from generator.desk_origins import ORIGINS
from generator.desk_texts import TEXTS, supports_names
from generator.dossier import Dossier
from generator.notices import KINDS, Notice, NoticeKind, Reading
from generator.places import placed
from generator.problems import Place, Problem
from generator.saved import Saved

NOTICED: tuple[Callable[[Reading], Iterator[Notice]], ...] = (*FACTS, *ORIGINS, *TEXTS)
#: Notices of one kind that are shown to a person; more are counted.
SHOWN = 25
HEADINGS: Mapping[NoticeKind, str] = {
    "single-origin": "Rests on one origin",
    "credit-untold": "A credit line names an origin",
    "text-shared": "Two articles share their words",
    "via-untold": "Words that came through somebody",
    "origin-unseen": "An origin that the article does not name",
    "date-unreasoned": "A date without its reason",
    "date-after-sources": "Dated after all that report it",
    "speech-untold": "Speech told as if it were so",
    "speaker-untold": "A statement that does not say who says so",
    "near-duplicate": "Perhaps one fact told twice",
    "plan-overdue": "A plan whose time has passed",
    "sentence-unused": "A sentence with a date or a number, and no fact",
    "name-unknown": "A name that nobody has",
    "not-archived": "A source without an archived copy",
}


class Section(Struct, frozen=True, kw_only=True):
    """The notices of one kind."""

    kind: NoticeKind
    heading: str
    count: int
    #: Each with its place; the first of them, where only some are shown.
    notices: tuple[tuple[Place, Notice], ...]


class Report(Struct, frozen=True, kw_only=True):
    """Everything noticed, and what was not looked at."""

    #: Kinds with at least one notice, in the order of `KINDS`.
    sections: tuple[Section, ...]
    #: Sources whose text is not here.
    absent: Mapping[str, Absent]
    #: Sources in whose language names cannot be told.
    nameless: tuple[str, ...]
    #: Ids of all facts that rest on one origin, whether or not a notice says so.
    single: tuple[str, ...]
    #: Numbers of articles read, and of sources.
    read: int
    sources: int

    @property
    def count(self) -> int:
        """Number of notices, those not shown included."""
        return sum(section.count for section in self.sections)


#: What there is to say where not even the settings can be read.
EMPTY = Report(sections=(), absent={}, nameless=(), single=(), read=0, sources=0)


def report(root: Path, dossier: Dossier, texts: Mapping[str, Saved | Absent], *, shown: int = 0) -> Report:
    """Look at everything; `shown` limits the notices of each kind that get a place (0: all do)."""
    reading = Reading(dossier, texts)
    found: dict[NoticeKind, list[Notice]] = {kind: [] for kind in KINDS}
    for notices in NOTICED:
        for each in notices(reading):
            found[each.kind].append(each)
    look = read.reader(root)
    absent = {key: text for key, text in texts.items() if isinstance(text, Absent)}
    return Report(
        sections=tuple(
            Section(
                kind=kind,
                heading=HEADINGS[kind],
                count=len(notices),
                notices=tuple(_placed(sorted(notices, key=_order)[: shown or None], look)),
            )
            for kind, notices in found.items()
            if notices
        ),
        absent=absent,
        nameless=tuple(key for key in reading.here if not supports_names(reading.language(key))),
        single=tuple(fact.id for fact in dossier.facts.values() if len(dossier.origins(fact)) == 1),
        read=len(reading.here),
        sources=len(dossier.sources),
    )


def _order(notice: Notice) -> tuple[str, int, str]:
    """By file, so that few files are gone over for the places of those shown."""
    return notice.at.file, notice.at.entry, notice.message


def _placed(notices: Iterable[Notice], look: Callable[[str], str]) -> Iterator[tuple[Place, Notice]]:
    """Notices with their places, by file and line."""
    listed = list(notices)
    problems = placed([Problem(code=n.kind, message="", at=n.at) for n in listed], look)
    found = [(p.at, n) for p, n in zip(problems, listed, strict=True) if isinstance(p.at, Place)]
    return iter(sorted(found, key=lambda pair: (pair[0], pair[1].message)))


def summary(report: Report) -> str:
    """How much there is, in one line."""
    things = (
        terms.counted(report.count, "thing to look at", "things to look at") if report.count else "nothing"
    )
    return f"{things}; {report.read} of {terms.counted(report.sources, 'article', 'articles')} read"


def render_text(report: Report) -> str:
    """The report for a person at a terminal."""
    lines = [f"Desk report: {summary(report)}. Nothing here stops a build; you judge."]
    for section in report.sections:
        lines += ["", f"{section.heading} ({section.count})  {section.kind}"]
        for place, each in section.notices:
            where = ":".join(str(part) for part in (place.file, place.line, place.column) if part)
            lines += [f"  {where}  {each.subject}", f"    {each.message}", f"    do: {each.help}"]
        if more := section.count - len(section.notices):
            lines.append(f"  and {more:,} more; --format json has all")
    for line in (*on_one_origin(report), *unread(report)):
        lines += ["", line]
    return "\n".join(lines)


def on_one_origin(report: Report) -> Iterator[str]:
    """All facts that rest on one origin, in a line: most do, and the notices name those that carry others."""
    if report.single:
        named = ", ".join(report.single[:SHOWN])
        more = f", and {len(report.single) - SHOWN:,} more" if len(report.single) > SHOWN else ""
        facts = terms.counted(len(report.single), "fact", "facts")
        yield f"On one origin rest, in all, {facts}: {named}{more}"


def unread(report: Report) -> Iterator[str]:
    """What was not looked at, and why, a line each."""
    for key, absent in report.absent.items():
        yield f"Not read: {key}: {absent.reason}; {absent.help}"
    if report.nameless:
        yield (
            "Not looked through for names, since their languages give no capitals, or give them to more than "
            f"names: {', '.join(report.nameless)}"
        )


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program."""
    return {
        "notices": [
            {
                "kind": each.kind,
                "file": place.file,
                "line": place.line,
                "column": place.column,
                "id": each.subject.partition(" ")[2],
                "message": each.message,
                "help": each.help,
            }
            for section in report.sections
            for place, each in section.notices
        ],
        "absent": [
            {"source": key, "reason": absent.reason, "help": absent.help}
            for key, absent in report.absent.items()
        ],
        "nameless": list(report.nameless),
        "on_one_origin": list(report.single),
    }
