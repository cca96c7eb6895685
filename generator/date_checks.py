"""Checks of dates against the words they were worked out from.

In: the linked dossier. Out: warnings that show the sum: the phrase, when its source was published, what the
two allow, and the date that was written. They are warnings because a source may err and a phrase may be
read in a way that no table knows; what a phrase cannot be read for is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import edtf, languages
from generator.content import Dating, Fact
from generator.dating import Possible, has_weekday, overlap, possible, spans_of
from generator.dossier import Dossier
from generator.edtf import Edtf
from generator.problems import Problem

#: More stretches of days than this are told by their first and last.
_TOLD = 6
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def dates_fit_their_phrases(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """A date that its own words do not allow is mostly a slip: the year of reading instead of last year's."""
    if fact.dating and fact.dating.phrase:
        yield from _judged(dossier, fact, fact.dating)


def meaning(dossier: Dossier, fact: Fact) -> Possible | None:
    """What the dating phrase of a fact can mean; None when none was found, or none that is understood."""
    dating, located = fact.dating, dossier.located[fact.id]
    if dating is None or not located.phrase:
        return None
    source = dossier.sources[dating.source or fact.evidence[0].source]
    phrase = located.phrase_words or dating.phrase
    language = source.language or dossier.site.language
    return possible(phrase, source.published, language, ahead=fact.kind == "plan")


def told(meant: Possible) -> str:
    """The days a phrase can mean as an EDTF date; of many, the first and the last."""
    spans = meant.spans
    if len(spans) <= _TOLD:
        return meant.text
    return Possible(spans=((spans[0][0], spans[-1][1]),)).text


def _judged(dossier: Dossier, fact: Fact, dating: Dating) -> Iterator[Problem]:
    meant = meaning(dossier, fact)
    if meant is None:
        return
    dates = [edtf.parse(fact.date), *([edtf.parse(fact.due)] if fact.due else [])]
    if meant.weekday is not None and (
        meant.clash is not None or not any(has_weekday(d, meant.weekday, meant.night) for d in dates)
    ):
        yield _weekday(dossier, fact, dating, meant)
        return
    published = dossier.sources[dating.source or fact.evidence[0].source].published
    if (
        dating.from_ != "source"
        or any(overlap(meant, d) for d in dates)
        or _explained(meant, dating, fact, published)
    ):
        return
    if fact.kind == "plan" and not fact.due and _reaches_beyond(meant, edtf.parse(published)):
        return  # the words tell when it is to happen, and nobody wrote that down
    due = f", due {fact.due}" if fact.due else ""
    day = "a day of " if len(meant.spans) > _TOLD else ""
    yield _problem(
        dossier, fact, "date-disagrees",
        f'published {published}, "{dating.phrase}" means {day}{told(meant)}, the date is {fact.date}{due}',
        "mend the date; if the step to it is from elsewhere, say so with  from: dossier  or  from: outside",
    )  # fmt: skip


def _weekday(dossier: Dossier, fact: Fact, dating: Dating, meant: Possible) -> Problem:
    assert meant.weekday is not None
    wanted = languages.WEEKDAYS[meant.weekday]
    if meant.clash is not None:
        message = f'"{dating.phrase}": by the calendar {meant.text} is a {languages.WEEKDAYS[meant.clash]}'
        remedy = "if the source errs, keep to the part of the phrase that holds"
    else:
        due = f", due {fact.due}" if fact.due else ""
        message = f'"{dating.phrase}" wants a {wanted}; {_days_told(fact.date)}{due}'
        remedy = "mend the date; a day that is not known is written as its month"
    return _problem(dossier, fact, "date-weekday", message, remedy)


def _days_told(date: str) -> str:
    """A date with the weekday it has."""
    day = edtf.parse(date)
    if day.earliest and day.earliest == day.latest:
        return f"{date} is a {languages.WEEKDAYS[edtf.weekday(day.earliest)]}"
    return f"the date {date} has none"


def _explained(meant: Possible, dating: Dating, fact: Fact, published: str) -> bool:
    """Whether the basis names the year of the date, where the text around a phrase may set the year.

    A source that tells of 2016 and goes on "in July" means that year's; the year of its own publication
    explains nothing.
    """
    if not meant.loose:
        return False
    named = {int(year) for year in _YEAR.findall(dating.basis)}
    counted = (*meant.spans, *spans_of(edtf.parse(published)))
    own = {day[0] for span in counted for day in span if day}
    day = edtf.parse(fact.date).earliest
    return day is not None and day[0] in named - own


def _reaches_beyond(meant: Possible, published: Edtf) -> bool:
    last = meant.spans[-1][1]
    return last is None or published.latest is None or last > published.latest


def _problem(dossier: Dossier, fact: Fact, code: str, message: str, help: str) -> Problem:
    at = dossier.at("fact", fact.id, "date")
    return Problem(
        code=code, message=message, at=at, subject=f"fact {fact.id}", help=help, severity="warning"
    )
