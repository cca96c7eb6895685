"""`data/dossier.ics` (iCalendar, RFC 5545): facts on the one day they are known to be of, as whole days.

A fact dated to a month, a range or a day in doubt has no place in a calendar and is left out: no day is
made up. A plan stands on the day it was announced and on the day it is due, each so named. `DTSTAMP` is the
day the fact was last changed or else first published, since no clock is read; where neither is given, it is
1 January 1970.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from generator import edtf, urls
from generator.content import Fact
from generator.exports.identifiers import uuid_of
from generator.languages import marked
from generator.offers import exact_day
from generator.pieces import Document
from generator.shelves import Shelves

#: What a plan's day is.
_ANNOUNCED, _DUE = marked("Announced: %(statement)s"), marked("Due: %(statement)s")
#: Octets a line may have, its line end not counted (RFC 5545, 3.1).
_LINE = 75
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]+")


def _opening(shelves: Shelves, _url: str) -> bytes:
    title = f"X-WR-CALNAME:{_text(shelves.dossier.site.title)}"
    return _lines(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//factsheet//dossier//EN", title])


def _events(shelves: Shelves, fact: Fact, url: str) -> bytes:
    """An event for each exact day of a fact."""
    lines: list[str] = []
    if day := exact_day(fact.date):
        lines += _event(shelves, url, fact, day, _ANNOUNCED if fact.kind == "plan" else "")
    if due := exact_day(fact.due):
        lines += _event(shelves, url, fact, due, _DUE)
    return _lines(lines)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join([f"{_folded(line)}\r\n" for line in lines]).encode()


def _event(shelves: Shelves, url: str, fact: Fact, day: edtf.Day, lead: str) -> Iterator[str]:
    said = " ".join(f"{source}." for source in dict.fromkeys(_sources(shelves, fact)))
    revised = max([fact.added, *(c.date for c in fact.changes)]) or "1970-01-01"
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid_of(shelves, fact.id, lead.removesuffix('%(statement)s'))}"
    yield f"DTSTAMP:{revised.replace('-', '')}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day[0]:04}{day[1]:02}{day[2]:02}"
    # "Announced: Claimed: …" would say twice that it is a claim.
    claimed = lead and fact.status == "claimed"
    statement = shelves.card(fact.id).statement if claimed else shelves.alone(fact.id)
    summary = shelves.say.gettext(lead) % {"statement": statement} if lead else statement
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(f'{shelves.status_word(fact)}. {said}')}"
    if fact.topics:
        yield f"CATEGORIES:{','.join(_text(shelves.dossier.topics[t].name) for t in fact.topics)}"
    if url:
        yield f"URL:{url}{urls.fact(fact.id)}"
    if fact.status == "withdrawn":
        yield "STATUS:CANCELLED"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _sources(shelves: Shelves, fact: Fact) -> Iterator[str]:
    for evidence in fact.evidence:
        source = shelves.source(evidence.source)
        yield shelves.say.comma.join([source.title, source.publisher, source.published])


def _text(text: str) -> str:
    """A text as a property holds it: what has a meaning there escaped, control characters made spaces."""
    text = re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", text)
    return re.sub(r"([\\;,])", r"\\\1", _CONTROLS.sub(" ", text)).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which ends inside a character."""
    if line.isascii():  # most lines
        room = _LINE - 1
        return "\r\n ".join([line[:_LINE], *(line[at : at + room] for at in range(_LINE, len(line), room))])
    pieces, size = [""], 0
    for char in line:
        wide = len(char.encode())
        if size + wide > _LINE:
            pieces.append("")
            size = 1  # the space that a continued line begins with
        pieces[-1] += char
        size += wide
    return "\r\n ".join(pieces)


#: In the order of the facts. What a fact is called depends on its mark, as on its card.
CALENDAR = Document(
    path="data/dossier.ics",
    opening=_opening,
    piece=_events,
    closing=_lines(["END:VCALENDAR"]),
    touched=lambda touched: touched.cards,
)
