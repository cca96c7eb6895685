"""What each rule of a dating phrase makes of a day of publication.

In: a day of publication, what the phrase gives, the words of its language. Out: stretches of days, first and
last, as Python's date ordinals (years 1 to 9999). No rule knows a language, and none knows the phrase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date as Date
from typing import TypeAlias

from generator import edtf
from generator.phrasewords import PhraseWords

#: First and last day, as ordinals.
Days: TypeAlias = tuple[int, int]
#: What a phrase gives, by the names of its groups.
Given: TypeAlias = Mapping[str, str]
#: From a day of publication, what is given, the words and whether the fact is a plan, to stretches of days.
Rule: TypeAlias = Callable[[int, Given, PhraseWords, bool], Iterable[Days]]

#: Stand for an open start and an open end.
FIRST, LAST = Date.min.toordinal(), Date.max.toordinal()
_YEAR = 366
#: Months of a unit, and half of it in days.
_LENGTHS = {"month": (1, 16), "quarter": (3, 46), "year": (12, 183)}


def _year(year: int) -> Days:
    return Date(year, 1, 1).toordinal(), Date(year, 12, 31).toordinal()


def _month(year: int, month: int) -> Days:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Date(year, month, 1).toordinal(), Date(year, month, edtf.days_in(year, month)).toordinal()


def _months(year: int, month: int, count: int) -> Days:
    """So many months from one on; months beyond December are of the years after."""
    return _month(year, month)[0], _month(year, month + count - 1)[1]


def _period(day: int, unit: str, shift: int = 0) -> Days:
    """The calendar day, week, month or year that lies `shift` of them after the one a day is in.

    Weeks begin on Sunday or on Monday, as the country has it, so both count.
    """
    at = Date.fromordinal(day)
    if unit == "day":
        return day + shift, day + shift
    if unit == "week":
        return day - at.weekday() - 1 + 7 * shift, day - (at.weekday() + 1) % 7 + 7 + 7 * shift
    if unit == "month":
        return _month(at.year, at.month + shift)
    if unit == "quarter":
        return _months(at.year, (at.month - 1) // 3 * 3 + 1 + 3 * shift, 3)
    return _year(at.year + shift)


def weekday_of(given: Given, words: PhraseWords) -> int | None:
    """The weekday that a phrase names, 0 for Monday; None: none."""
    return words.weekdays[given["weekday"]] if given.get("weekday") else None


def _count(given: Given, words: PhraseWords) -> int:
    return words.numbers.get(given["number"]) or int(given["number"])


def _offset(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """A fixed number of days from the publication: "yesterday"."""
    shift = words.days[given["offset"]]
    yield day + min(shift), day + max(shift)


def _window(first: int, last: int, coming: int = 0) -> Rule:
    """Days named by their weekday, from so many days after the publication to so many, for plans `coming`."""

    def rule(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
        return _weekdays(day, given, words, first, coming if ahead and coming else last)

    return rule


def _weekdays(day: int, given: Given, words: PhraseWords, first: int, last: int) -> Iterator[Days]:
    wanted = weekday_of(given, words)
    for each in range(day + first, day + last + 1):
        if (each - 1) % 7 == wanted:  # ordinal 1 was a Monday
            yield each, each + bool(given.get("night"))


def _this(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    first, last = _period(day, words.units[given["unit"]])
    if given.get("earlier"):
        # Papers say "earlier this week" on a Monday of what happened in the days before.
        yield (min(first, day - 7) if words.units[given["unit"]] == "week" else first), day
    elif given.get("later"):
        yield day, last
    else:
        yield first, last


def _last(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    unit = words.units[given["unit"]]
    yield (day - 13, day - 1) if unit == "week" else _period(day, unit, -1)


def _next(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    unit = words.units[given["unit"]]
    yield (day + 1, day + 13) if unit == "week" else _period(day, unit, 1)


def _ago(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """So many units before: exact for days; for longer ones the calendar's, and half a unit around."""
    yield from _away(day, words.units[given["unit"]], -_count(given, words))


def _hence(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """So many units after; of what has happened, "in two days" says how long it took."""
    if ahead:
        yield from _away(day, words.units[given["unit"]], _count(given, words))


def _away(day: int, unit: str, count: int) -> Iterator[Days]:
    if unit == "day":
        yield day + count, day + count
    elif unit == "week":
        yield day + 7 * count - 6, day + 7 * count + 6
    elif 1 < Date.fromordinal(day).year + count < 9999:
        length, slack = _LENGTHS[unit]
        at, months = Date.fromordinal(day), count * length
        first, last = _month(at.year, at.month + months)
        about = min(first + at.day - 1, last)
        yield about - slack, about + slack
        yield _period(day, unit, count)


def _bare_month(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """The latest month of that name, the one of the publication and the one a year before it included."""
    at, month = Date.fromordinal(day), words.months[given["month"]]
    for year in (at.year - 1, at.year, at.year + 1):
        apart = (year - at.year) * 12 + month - at.month
        if -12 <= apart <= (12 if ahead else 0):
            yield _within(given, *_month(year, month), words)


def _named_month(fits: Callable[[int], bool]) -> Rule:
    """A month said to be of last, this or next time: those so many months away that fit."""

    def rule(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
        at, month = Date.fromordinal(day), words.months[given["month"]]
        for year in (at.year - 1, at.year, at.year + 1):
            if fits((year - at.year) * 12 + month - at.month):
                yield _month(year, month)

    return rule


def _month_day(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """A day and month without a year: the latest one, and for plans the next one too."""
    at, month, number = Date.fromordinal(day), words.months[given["month"]], int(given["day"])
    for year in (at.year - 1, at.year, at.year + 1):
        if number <= edtf.days_in(year, month):
            each = Date(year, month, number).toordinal()
            if day - _YEAR <= each <= (day + _YEAR if ahead else day):
                yield _within(given, each, each, words)


def _full_day(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    year, month, number = int(given["year"]), words.months[given["month"]], int(given["day"])
    if number <= edtf.days_in(year, month):
        each = Date(year, month, number).toordinal()
        yield _within(given, each, each, words)


def _full_month(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    yield _within(given, *_month(int(given["year"]), words.months[given["month"]]), words)


def _full_year(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    yield _within(given, *_year(int(given["year"])), words)


def _decade(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    first = int(given["decade"])
    yield _year(first)[0], _year(first + 9)[1]


def _season(first: int, last: int, coming: int = 0, *, past: bool = False) -> Rule:
    """Seasons that begin so many months from the publication, for plans up to `coming`; `past`: till then.

    Nobody says where a season ends, so each has four months, which hold the days of calendars and almanacs.
    Half a year later in the south.
    """

    def rule(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
        at, month = Date.fromordinal(day), _begin(given, words)
        for year in range(max(1, at.year - 2), min(at.year + 3, 9999)):
            if first <= (year - at.year) * 12 + month - at.month <= (coming if ahead and coming else last):
                begin, end = _months(year, month, 4)
                yield _within(given, begin, min(end, day) if past else end, words)

    return rule


def _season_of(shift: int) -> Rule:
    """A season of the year that lies so many years from the publication."""
    return lambda day, given, words, ahead: _seasons(Date.fromordinal(day).year + shift, given, words)


def _full_season(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    return _seasons(int(given["year"]), given, words)


def _seasons(year: int, given: Given, words: PhraseWords) -> Iterator[Days]:
    """A season of a year; one that goes on into the next year is of both."""
    month = _begin(given, words)
    for each in (year, year - 1) if month > 9 else (year,):
        yield _within(given, *_months(each, month, 4), words)


def _begin(given: Given, words: PhraseWords) -> int:
    month = words.seasons[given["season"]]
    return (month + 5) % 12 + 1 if given.get("south") else month


def _share(shift: int) -> Rule:
    """A quarter or half of the year that lies so many years from the publication."""
    return lambda day, given, words, ahead: (_share_of(Date.fromordinal(day).year + shift, given, words),)


def _bare_share(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    """The latest such quarter or half that has begun, and for plans the next one too."""
    at, month = Date.fromordinal(day), words.shares[given["share"]][0]
    for year in (at.year - 1, at.year, at.year + 1):
        if -12 <= (year - at.year) * 12 + month - at.month <= (12 if ahead else 0):
            yield _share_of(year, given, words)


def _full_share(day: int, given: Given, words: PhraseWords, ahead: bool) -> Iterable[Days]:
    yield _share_of(int(given["year"]), given, words)


def _share_of(year: int, given: Given, words: PhraseWords) -> Days:
    first, last = words.shares[given["share"]]
    return _within(given, *_months(year, first, last - first + 1), words)


def _within(given: Given, first: int, last: int, words: PhraseWords) -> Days:
    """A period as a preposition has it: "since" leaves its end open, "by" its start."""
    side = words.sides.get(given.get("side") or "", "")
    return (FIRST if side == "start" else first), (LAST if side == "end" else last)


RULES: dict[str, Rule] = {
    "offset": _offset,
    # News names the weekday within the week before it, its own included; a plan also one to come.
    "weekday": _window(-7, 0, coming=7),
    "last-weekday": _window(-13, -1),
    "this-weekday": _window(-6, 7),
    "next-weekday": _window(1, 14),
    "this": _this,
    "last": _last,
    "next": _next,
    "ago": _ago,
    "hence": _hence,
    "month": _bare_month,
    # "Last June" is the latest one, or the one of last year.
    "last-month-of": _named_month(lambda apart: apart <= 0),
    "this-month-of": _named_month(lambda apart: abs(apart) < 12),
    "next-month-of": _named_month(lambda apart: apart > 0),
    "month-day": _month_day,
    "full-day": _full_day,
    "full-month": _full_month,
    "full-year": _full_year,
    "decade": _decade,
    "season": _season(-12, 0, coming=12),
    "last-season": _season(-18, -1, past=True),
    "this-season": _season(-9, 9),
    "next-season": _season(1, 18),
    "full-season": _full_season,
    "season-of-last": _season_of(-1),
    "season-of-this": _season_of(0),
    "season-of-next": _season_of(1),
    "share": _bare_share,
    "share-of-last": _share(-1),
    "share-of-this": _share(0),
    "share-of-next": _share(1),
    "full-share": _full_share,
}
#: Rules whose phrase names one day whole.
FULL = frozenset({"full-day"})
#: Rules that need no date of publication.
ABSOLUTE = frozenset({"full-day", "full-month", "full-year", "decade", "full-season", "full-share"})
#: Rules whose year or week the text around the phrase may set.
LOOSE = frozenset({"weekday", "month", "month-day", "season", "share"})
