"""Dating phrases: what "last year" or "on Tuesday" can mean, seen from the day the source was published.

In: the phrase as the source prints it, its date of publication, its language. Out: the days it can mean, or
nothing when the phrase is not understood: a phrase is never guessed at. Whatever is not said exactly is read
widely ("last week" is any of the thirteen days before), so that a date outside of it does disagree.

A date of publication that is itself an interval or a choice gives the union over its days. Each language is
a `PhraseWords` table in `phrasewords`; the rules know none. A qualifier such as "early" has no exact days, so
the whole period stands. Days are counted as Python's date ordinals, years 1 to 9999.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date as Date
from functools import lru_cache

from msgspec import Struct

from generator import edtf
from generator.datingrules import ABSOLUTE, FIRST, FULL, LAST, LOOSE, RULES, Days, weekday_of
from generator.edtf import Day, Edtf
from generator.phrasewords import LANGUAGES

#: A publication that may lie on more days than this dates no phrase.
_VAGUE = 1500


#: Countries whose seasons are those of the south, by the subtag of a language ("en-AU").
_SOUTH = frozenset({"AR", "AU", "BW", "CL", "FJ", "LS", "MZ", "NA", "NZ", "PY", "SZ", "UY", "ZA", "ZW"})


class Possible(Struct, frozen=True):
    """The days a phrase can mean."""

    #: Stretches of days in order, not touching, each first and last day; None where open.
    spans: tuple[tuple[Day | None, Day | None], ...]
    #: The weekday it names, 0 for Monday; None: none.
    weekday: int | None = None
    #: Whether the night after that day is meant too, which may be the next day's date.
    night: bool = False
    #: Whether the words around the phrase may set another year or week than the publication does ("in July").
    loose: bool = False
    #: Whether the publication was needed to tell: a phrase with a year of its own needs none.
    counted: bool = True
    #: Weekday of the day the phrase itself names in full, where that is another one than it prints.
    clash: int | None = None

    @property
    def text(self) -> str:
        """The days as one EDTF date: `2018`, `2019-05/2019-06`, `[2019-05-28,2019-06-04]`."""
        parts = [_text(first, last) for first, last in self.spans]
        return parts[0] if len(parts) == 1 else f"[{','.join(p.replace('/', '..') for p in parts)}]"


@lru_cache(maxsize=1 << 14)
def possible(phrase: str, published: str, language: str, *, ahead: bool = False) -> Possible | None:
    """What a phrase can mean in a source published then (EDTF); None when it is not understood.

    `language` is a BCP 47 tag whose first part counts; `ahead` is for plans, whose weekdays and months may
    also come after the publication.
    """
    words = LANGUAGES.get(language.partition("-")[0].lower())
    asked = words.read(phrase) if words else None
    if words is None or asked is None:
        return None
    rule, given = asked
    if {part.upper() for part in language.split("-")[1:]} & _SOUTH:
        given = {**given, "south": "south"}
    days = [0] if rule in ABSOLUTE else _days_of(edtf.parse(published))
    spans = tuple(_merged({each for day in days for each in RULES[rule](day, given, words, ahead)}))
    if not spans:
        return None
    number = None if given.get("side") else weekday_of(given, words)  # "since Tuesday" may be any day
    return Possible(
        spans=tuple((_day(first), _day(last)) for first, last in spans),
        weekday=number,
        night=bool(given.get("night")),
        loose=rule in LOOSE,
        counted=rule not in ABSOLUTE,
        clash=_clash(spans, number) if rule in FULL else None,
    )


def spans_of(date: Edtf) -> Iterator[tuple[Day | None, Day | None]]:
    """The stretches of days a date can lie in: one for each member of a set, else one."""
    if date.members:
        for member in date.members:
            yield from spans_of(member)
    else:
        yield date.earliest, date.latest


def overlap(meant: Possible, date: Edtf) -> bool:
    """Whether a date and a phrase can mean the same day. A date without any bound can."""
    return any(
        (a[0] is None or b[1] is None or a[0] <= b[1]) and (b[0] is None or a[1] is None or b[0] <= a[1])
        for a in meant.spans
        for b in spans_of(date)
    )


def has_weekday(date: Edtf, weekday: int, night: bool = False) -> bool:
    """Whether any day of a date is that day of the week, or with `night` the one after it."""
    wanted = {weekday, (weekday + 1) % 7} if night else {weekday}
    for first, last in spans_of(date):
        if first is None or last is None or first[0] < 1 or last[0] > 9999:
            return True  # never held against a date that cannot be told
        start = edtf.weekday(first)
        count = min(Date(*last).toordinal() - Date(*first).toordinal() + 1, 7)
        if any((start + n) % 7 in wanted for n in range(count)):
            return True
    return False


# Days -------------------------------------------------------------------------------------------------------


def _days_of(published: Edtf) -> list[int]:
    """Every day a source may have been published; none when there are too many, or no bound."""
    days: set[int] = set()
    for first, last in spans_of(published):
        if first is None or last is None or first[0] < 2 or last[0] > 9997:
            return []
        start, end = Date(*first).toordinal(), Date(*last).toordinal()
        if end - start > _VAGUE:
            return []
        days.update(range(start, end + 1))
    return sorted(days)


def _merged(found: Iterable[Days]) -> Iterator[Days]:
    """Stretches joined where they touch, in order."""
    held: Days | None = None
    for first, last in sorted(found):
        if held and first <= held[1] + 1:
            held = held[0], max(held[1], last)
            continue
        if held:
            yield held
        held = first, last
    if held:
        yield held


def _day(ordinal: int) -> Day | None:
    if not FIRST < ordinal < LAST:
        return None
    day = Date.fromordinal(ordinal)
    return day.year, day.month, day.day


def _text(first: Day | None, last: Day | None) -> str:
    if first and last and first[:2] == last[:2]:
        if first == last:
            return _key(first)
        if first[2] == 1 and last[2] == edtf.days_in(*last[:2]):
            return _key(first)[:-3]
    if first and last and first[1:] == (1, 1) and last[1:] == (12, 31):
        years = [edtf.year_key(first[0]), edtf.year_key(last[0])]
        return "/".join(dict.fromkeys(years))
    if first and last and first[2] == 1 and last[2] == edtf.days_in(*last[:2]):
        return f"{_key(first)[:-3]}/{_key(last)[:-3]}"
    return f"{_key(first) if first else '..'}/{_key(last) if last else '..'}"


def _key(day: Day) -> str:
    return f"{edtf.year_key(day[0])}-{day[1]:02}-{day[2]:02}"


def _clash(spans: tuple[Days, ...], weekday: int | None) -> int | None:
    """The weekday that the calendar gives to the one day named, where the phrase prints another."""
    (first, last), *_ = spans
    there = (first - 1) % 7
    return there if weekday is not None and first == last and there != weekday else None
