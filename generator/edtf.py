"""Dates as curators write them: EDTF (Library of Congress, 2019; ISO 8601-2), levels 0, 1 and 2 whole.

In: the text of a date. Out: a frozen `Edtf` that says how precise it is, between which days it lies, how it
sorts and on which date pages it stands. Refused, in the curator's words: anything that names no date.
Wider than the letter of the profile: `?`, `~`, `%` may end any single date, long years and dates with X
included, and any single date without a time of day may be an end of an interval or a member of a set. Where
ISO 8601 says more than the profile, ISO 8601 rules (`+00:00` is a time shift).

Conventions: the calendar is proleptic Gregorian; years are astronomical (0000 is 1 BC, -0044 is 45 BC);
bounds are strict: `~` and `?` never widen them. A year has at most 18 digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.cached import cached_property
from generator.patterns import late

Day: TypeAlias = tuple[int, int, int]
Mark: TypeAlias = Literal["", "?", "~", "%"]
#: How much is known, finest part first; "millennium" is a thousand years or more; "open" and "unknown"
#: are the ends `..` and nothing of an interval; "unknown" is also a year whose first digit is X.
Precision: TypeAlias = Literal[
    "time",
    "day",
    "month",
    "season",
    "year",
    "decade",
    "century",
    "millennium",
    "interval",
    "set",
    "open",
    "unknown",
]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: An interval over at most this many years stands on the page of each, a run `a..b` in a set of at most this
#: many dates on the pages of each; a longer one on the pages of its ends, and `overlaps` tells of the rest.
SPANNED = 100
_DIGITS = 18
_UNMARKED: tuple[Mark, Mark, Mark] = ("", "", "")
_COARSE: tuple[Precision, ...] = ("decade", "century", "millennium")
#: First and last month of the groupings whose months the profile fixes. It fixes neither hemisphere nor
#: first day of seasons (21 to 32), and winter crosses the year, so those have the bounds of their year.
_GROUPING = {
    **{33 + i: (3 * i + 1, 3 * i + 3) for i in range(4)},
    **{37 + i: (4 * i + 1, 4 * i + 4) for i in range(3)},
    **{40 + i: (6 * i + 1, 6 * i + 6) for i in range(2)},
}
#: Month a season sorts by: the one it begins in, northern where no hemisphere is named.
_BEGINS = {code: (3, 6, 9, 12)[(code - 21) % 4] for code in range(21, 29)}
_BEGINS |= {code: (9, 12, 3, 6)[code - 29] for code in range(29, 33)}
_BEGINS |= {code: first for code, (first, _) in _GROUPING.items()}


class EdtfError(ValueError):
    """A text that is not a date; the message says what to write instead."""


class _Malformed(Exception):
    """The text has the form of no date: time to look for near misses."""


class Time(Struct, frozen=True):
    """A time of day as written; `zone` is minutes east of UTC, None where none is written (local time)."""

    hour: int
    minute: int
    second: int
    zone: int | None = None


class Edtf(Struct, frozen=True, dict=True):
    """One date: what was written, and the days it can lie between.

    What follows from that is worked out once: many facts share a date, and `parse` gives each the same value.
    """

    #: Exactly as written.
    text: str
    #: Lowest EDTF level that has this form: 0, 1 or 2.
    level: int
    precision: Precision
    #: First day it can include; None where open or unknown.
    earliest: Day | None = None
    #: Last day it can include; None where open or unknown.
    latest: Day | None = None
    #: Year as written, sign and X included; long years written out (`Y17E7` is `Y170000000`).
    year: str = ""
    #: Two digits, X included; empty where none is written and for seasons.
    month: str = ""
    #: Two digits, X included; empty where none is written.
    day: str = ""
    #: Code of a season or other part of a year, 21 to 41; 0: none.
    season: int = 0
    time: Time | None = None
    #: `?`, `~` or `%` that holds for year, month and day.
    marks: tuple[Mark, Mark, Mark] = _UNMARKED
    #: Significant digits of the year (`S`), at most as many as it has; 0: not written.
    significant: int = 0
    #: Ends of an interval; of precision "open" for `..`, "unknown" for nothing.
    start: Edtf | None = None
    end: Edtf | None = None
    #: Members of a set in the order written; a run `a..b` is one member, of precision "interval".
    members: tuple[Edtf, ...] = ()
    #: Whether one member is meant (`[..]`).
    one_of: bool = False

    @property
    def all_of(self) -> bool:
        """Whether every member is meant (`{..}`)."""
        return self.precision == "set" and not self.one_of

    @property
    def parts(self) -> tuple[Edtf, ...]:
        """The dates it is made of: ends, members, or none."""
        return (self.start, self.end) if self.start and self.end else self.members

    @cached_property
    def uncertain(self) -> bool:
        """Whether any part is marked `?` or `%`."""
        return any(m in ("?", "%") for m in self.marks) or any(part.uncertain for part in self.parts)

    @cached_property
    def approximate(self) -> bool:
        """Whether any part is marked `~` or `%`."""
        return any(m in ("~", "%") for m in self.marks) or any(part.approximate for part in self.parts)

    @cached_property
    def sort_key(self) -> tuple[int, ...]:
        """Place in a chronology; only for comparing with other keys (equal ones sort by id outside).

        A range sorts by its start, one with an open or unknown start by its end, before the single days
        there; a year is first in its year; a season, or one of several months, before the days of the
        month it begins in; a month after its known days; a decade or more before its first year; a set by
        the first of its members; a time of day within its day by instant (local time counts as UTC), after
        what has no time; a date that is not known at the end.
        """
        if self.precision == "set":
            return min(member.sort_key for member in self.members)
        if self.start and self.end:
            if self.start.earliest:
                year, month, day = _place(self.start)
                return (0, year, month, 0 if self.start.precision == "month" else day, 0, 0, 0)
            key = self.end.sort_key
            return (*key[:4], 0, 0, 0) if key[0] == 0 else key
        if not self.earliest or self.precision == "unknown":
            return (1,)
        if self.time:
            clock = self.time.hour * 3600 + self.time.minute * 60 + self.time.second
            return (0, *self.earliest, 2, clock - 60 * (self.time.zone or 0), clock)
        return (0, *_place(self), 1, 0, 0)

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Keys of the date pages it stands on, coarse to fine: `2019`, `2019-07`, `2019-07-12`.

        Only what is written in full counts, so a decade or an unknown year has none. An interval has the
        pages of its ends and the years it surely spans; a set those of each member (see `SPANNED`).
        """
        if self.start and self.end:
            between = _run(self.start, self.end) if ".." in self.text and "/" not in self.text else ()
            between = between or _years_between(self.start, self.end)
            return tuple(dict.fromkeys((*self.start.pages, *between, *self.end.pages)))
        if self.members:
            return tuple(dict.fromkeys(page for member in self.members for page in member.pages))
        if self.precision in ("time", "day"):
            return (self.year, f"{self.year}-{self.month}", f"{self.year}-{self.month}-{self.day}")
        if self.precision == "month":
            return (self.year, f"{self.year}-{self.month}")
        return (self.year,) if self.precision in ("season", "year") else ()

    @cached_property
    def attribute(self) -> str:
        """The date as HTML's `datetime` attribute takes it; empty where that would say more than was written.

        HTML has no years before 1 and no 24:00 (the day stands for it), and nothing for doubt, ranges, sets.
        """
        if self.precision not in ("time", "day", "month", "year") or self.marks != _UNMARKED:
            return ""
        if not self.earliest or self.earliest[0] < 1:
            return ""
        date, at = self.pages[-1].removeprefix("Y"), self.time
        if at is None or at.hour == 24:
            return date
        return f"{date}T{at.hour:02}:{at.minute:02}:{at.second:02}{_zone(at.zone)}"


OPEN = Edtf("..", 1, "open")
UNKNOWN = Edtf("", 1, "unknown")


@lru_cache(maxsize=65536)
def parse(text: str) -> Edtf:
    """Read one date; raises `EdtfError`. Plain years, months and days take about a microsecond."""
    if plain := _PLAIN(text):
        year, month, day = plain.groups()
        y = int(year)
        if month is None:
            return Edtf(text, 0, "year", (y, 1, 1), (y, 12, 31), year)
        m = int(month)
        if day is None:
            return Edtf(text, 0, "month", (y, m, 1), (y, m, days_in(y, m)), year, month)
        d = int(day)
        if d <= 28 or d <= days_in(y, m):
            return Edtf(text, 0, "day", (y, m, d), (y, m, d), year, month, day)
    try:
        return _read(text)
    except _Malformed:
        raise EdtfError(_advice(text)) from None


def days_in(year: int, month: int) -> int:
    """Days of a month, from 28 to 31."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def weekday(day: Day) -> int:
    """Day of the week, 0 for Monday; any year, before the calendar's introduction too."""
    year, month, number = day
    year -= month < 3
    shift = (0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4)[month - 1]
    return (year + year // 4 - year // 100 + year // 400 + shift + number + 6) % 7


def span_of(key: str) -> tuple[Day, Day]:
    """First and last day of a date page; the key is a plain year, month or day."""
    page = parse(key)
    if page.pages[-1:] != (key,) or not (page.earliest and page.latest):
        raise ValueError(f"no date page has the key {key!r}")
    return page.earliest, page.latest


def overlaps(a: Edtf, key: str) -> bool:
    """Whether `a` could fall in the period of a date page on which it does not stand.

    Also true for a page within an interval that stands only on the pages of its ends. A date with no bound
    at all overlaps nothing: it says nothing of any page.
    """
    first, last = span_of(key)
    return key not in a.pages and _reaches(a, parse(key), first, last)


def matching(mask: str, numbers: Iterable[int]) -> list[int]:
    """The numbers that two digits with X can stand for; all of them where nothing is written."""
    return [n for n in numbers if not mask or _fits(mask, f"{n:02}")]


def _fits(mask: str, digits: str) -> bool:
    return len(mask) == len(digits) and all(c in ("X", k) for c, k in zip(mask, digits, strict=True))


def _zone(minutes: int | None) -> str:
    if not minutes:
        return "" if minutes is None else "Z"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def year_key(year: int) -> str:
    """A year as EDTF writes it: four digits, or as many as it takes after a Y."""
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}" if abs(year) <= 9999 else f"Y{year}"


def _place(d: Edtf) -> Day:
    """Where a single date with bounds sorts; month 0 and day 0 come first, day 32 comes last."""
    assert d.earliest
    year, month, day = d.earliest
    if d.precision in _COARSE:
        return (year, 0, -1 - _COARSE.index(d.precision))
    if d.precision == "season":
        return (year, _BEGINS[d.season], 0)
    if d.precision == "year":
        return (year, 0 if d.month in ("", "XX") else month, 0)
    return (year, month, 32 if d.precision == "month" else day)


def _years_between(start: Edtf, end: Edtf) -> tuple[str, ...]:
    """The years an interval surely spans: from the last its start can be to the first its end can be."""
    if not (start.latest and end.earliest) or end.earliest[0] - start.latest[0] > SPANNED:
        return ()
    return tuple(year_key(y) for y in range(start.latest[0], end.earliest[0] + 1))


def _run(start: Edtf, end: Edtf) -> tuple[str, ...]:
    """Pages of the dates a run stands for; empty when open, or longer than `SPANNED`."""
    pages: dict[str, None] = {}
    at = start.earliest
    for _ in range(SPANNED + 1):
        if at is None or end.earliest is None:
            return ()
        if at > end.earliest:
            return tuple(pages)
        year, month, day = at
        keys = (y := year_key(year), ym := f"{y}-{month:02}", f"{ym}-{day:02}")
        width = ("year", "month", "day").index(start.precision)
        pages.update(dict.fromkeys(keys[: width + 1]))
        if width == 2 and day < days_in(year, month):
            at = (year, month, day + 1)
        elif width >= 1 and month < 12:
            at = (year, month + 1, 1)
        else:
            at = (year + 1, 1, 1)
    return ()


def _reaches(a: Edtf, page: Edtf, first: Day, last: Day) -> bool:
    """Whether a day of `a` can lie from `first` to `last`, the span of `page`."""
    if a.members:
        return any(_reaches(member, page, first, last) for member in a.members)
    if not (a.earliest or a.latest):
        return False
    if (a.earliest and a.earliest > last) or (a.latest and a.latest < first):
        return False
    if "X" not in a.year + a.month + a.day:
        return True
    if not _fits(a.year, page.year):
        return False
    months = [m for m in matching(a.month, range(1, 13)) if first[1] <= m <= last[1]]
    days = [d for d in matching(a.day, range(1, 32)) if not page.day or d == first[2]]
    return _edge([first[0]], months, days) is not None


def _edge(years: Iterable[int], months: list[int], days: list[int]) -> Day | None:
    """The first day there is when each part is tried in the order given."""
    for year in years:
        for month in months:
            length = days_in(year, month)
            for day in days:
                if day <= length:
                    return (year, month, day)
    return None


# Reading ----------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?").fullmatch
_MARK = "([?~%])?"
_DATE = late(
    rf"{_MARK}(-?[0-9X]{{4}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK}(?:-{_MARK}([0-9X]{{2}}){_MARK})?)?"
)
_LONG = late(rf"(?:(-?[0-9]{{4}})|Y(-?[1-9][0-9]*)(?:E([1-9][0-9]*))?)(?:S([1-9][0-9]*)|{_MARK})")
_TIMED = late(r"(.*)T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:(Z)|([+-])([0-9]{2})(?::([0-9]{2}))?)?")
#: Level 1 has X only for whole months and days and for the last digits of a year.
_LEVEL_1_X = late(r"-?[0-9]{2}([0-9X]X|[0-9]{2}(-[0-9]{2}-XX|-XX(-XX)?))[?~%]?")


def _read(text: str) -> Edtf:
    """Any form; raises `EdtfError` for what cannot be, `_Malformed` for what has the form of no date."""
    if text[:1] in ("[", "{"):
        return _set(text)
    if "/" in text:
        return _interval(text)
    if "T" in text:
        return _timed(text)
    return _single(text)


def _single(text: str) -> Edtf:
    """A date without a time of day."""
    written = _DATE.fullmatch(text)
    if not written:
        return _long(text)
    before = (written[1], written[4], written[7])
    year, month, day = (written[2], written[5] or "", written[8] or "")
    after = (written[3], written[6], written[9])
    if any(b and a for b, a in zip(before, after, strict=True)):
        raise EdtfError("one part of a date takes one mark: put ?, ~ or % before it or after it")
    if year == "-0000":
        raise EdtfError("there is no year -0000: 0000 is 1 BC, -0001 is 2 BC")
    # A mark after a part holds for it and for all parts before it, a mark before a part for that part alone.
    marks = tuple(
        (_joined([b, *after[i:]]) if part else "")
        for i, (b, part) in enumerate(zip(before, (year, month, day), strict=True))
    )
    y, m, d = marks
    inner = any(before) or any(after[: bool(month) + bool(day)])
    season = int(month) if month and not day and "X" not in month and 21 <= int(month) <= 41 else 0
    if inner and ("X" in year + month + day or season):
        raise EdtfError("a date with X or a season takes ?, ~ or % only at its end")
    if season and "X" in year:
        raise EdtfError("a season needs its year written without X")
    earliest, latest = _bounds(text, year, "" if season else month, day, season)
    level = 2 if inner or season > 24 else 1 if y or season or year[0] == "-" else 0
    if "X" in text:
        level = 1 if _LEVEL_1_X.fullmatch(text) else 2
    precision = _precision(year, month, day, season)
    return Edtf(
        text, level, precision, earliest, latest, year, "" if season else month, day, season, None, (y, m, d)
    )


def _joined(marks: Iterable[str | None]) -> Mark:
    """Several marks as one: `%` is both."""
    found = "".join(m for m in marks if m)
    doubt, guess = "?" in found or "%" in found, "~" in found or "%" in found
    return "%" if doubt and guess else "?" if doubt else "~" if guess else ""


def _precision(year: str, month: str, day: str, season: int) -> Precision:
    if "X" in year:
        return ("unknown", *reversed(_COARSE))[year.lstrip("-").index("X")]
    if season:
        return "season"
    if not month or "X" in month:
        return "year"
    return "month" if not day or "X" in day else "day"


def _years(mask: str, last: bool = False) -> Iterator[int]:
    """The years four digits with X can stand for, from the first, or from the last."""
    sign = -1 if mask[0] == "-" else 1
    digits = "9876543210" if last == (sign > 0) else "0123456789"
    for number in product(*(digits if c == "X" else c for c in mask.lstrip("-"))):
        year = sign * int("".join(number))
        if year or sign > 0:  # there is no year -0000
            yield year


def _bounds(text: str, year: str, month: str, day: str, season: int) -> tuple[Day | None, Day | None]:
    """First and last day that the parts can mean together; raises when they mean none."""
    first, last = _GROUPING.get(season, (1, 12))
    months = matching(month, range(first, last + 1))
    days = matching(day, range(1, 32))
    if not months:
        raise EdtfError(f"there is no month {month}: months are 01 to 12, seasons and quarters 21 to 41")
    earliest = _edge(_years(year), months, days)
    latest = _edge(_years(year, last=True), months[::-1], days[::-1])
    if not earliest:
        if "X" in year + month or not day.isdigit() or day == "00":
            raise EdtfError(f"no such day exists: {text}")
        y, m = int(year), int(month)
        raise EdtfError(f"{int(day)} {MONTHS[m - 1]} does not exist: {year}-{month} has {days_in(y, m)} days")
    return (None, None) if year == "XXXX" else (earliest, latest)


def _long(text: str) -> Edtf:
    """A year of more than four digits, one with an exponent, or one with significant digits."""
    written = _LONG.fullmatch(text)
    if not written:
        raise _Malformed
    short, base, exponent, significant, mark = written.groups()
    digits = short or base
    if len(digits.lstrip("-")) + (int(exponent[:4]) if exponent else 0) > _DIGITS:
        raise EdtfError(f"a year has at most {_DIGITS} digits here")
    if base and not exponent and len(base.lstrip("-")) < 5:
        raise EdtfError(f"Y is for years of more than four digits: write {year_key(int(base))}")
    if short == "-0000":
        raise EdtfError("there is no year -0000: 0000 is 1 BC, -0001 is 2 BC")
    year = int(digits) * 10 ** int(exponent or 0)
    low = high = abs(year)
    precision: Precision = "year"
    width = len(short.lstrip("-")) if short else len(str(abs(year)))
    vouched = min(int(significant[:3]), width) if significant else 0
    if significant and vouched < width:
        vague = width - vouched
        low -= low % 10**vague
        high = low + 10**vague - 1
        precision = _COARSE[min(vague, 3) - 1]
    if year < 0:
        low, high = -high, -max(low, 1)
    level = 2 if exponent or significant else 1
    return Edtf(
        text,
        level,
        precision,
        (low, 1, 1),
        (high, 12, 31),
        year_key(year),
        marks=(_joined([mark]), "", ""),
        significant=vouched,
    )


def _timed(text: str) -> Edtf:
    """A day with a time of day (ISO 8601-1: complete, to the second; time shifts up to 14 hours)."""
    written = _TIMED.fullmatch(text)
    if not written:
        raise _Malformed
    date, *clock, utc, sign, hours, minutes = written.groups()
    day = _single(date)
    if day.precision != "day":
        raise EdtfError("a time of day needs a day before it, as in 2019-07-12T14:30:00")
    if day.marks != _UNMARKED:
        raise EdtfError("?, ~ and % do not go with a time of day")
    hour, minute, second = (int(c) for c in clock)
    if not (hour < 24 and minute < 60 and second < 60) and (hour, minute, second) != (24, 0, 0):
        raise EdtfError(f"{':'.join(clock)} is not a time of day: it runs from 00:00:00 to 24:00:00")
    zone = 0 if utc else None
    if sign:
        zone = int(hours) * 60 + int(minutes or 0)
        if zone > 14 * 60 or int(minutes or 0) > 59 or (sign == "-" and not zone):
            raise EdtfError(f"{sign}{hours}{':' + minutes if minutes else ''} is not a time shift from UTC")
        zone = -zone if sign == "-" else zone
    time = Time(hour, minute, second, zone)
    return Edtf(
        text, day.level, "time", day.earliest, day.latest, day.year, day.month, day.day, 0, time, _UNMARKED
    )


def _interval(text: str) -> Edtf:
    """Two dates with a slash between; either may be open (`..`) or unknown (nothing)."""
    left, *rest = text.split("/")
    if len(rest) != 1:
        raise _Malformed
    if text == "/":
        raise EdtfError("an interval has a date on one side of its slash at least")
    start, end = (_end(side) for side in (left, rest[0]))
    if start.earliest and end.latest and start.earliest > end.latest:
        raise EdtfError(f"an interval ends before it begins: {left} comes after {rest[0]}")
    level = 2 if "X" in text else max(start.level, end.level)
    return Edtf(text, level, "interval", start.earliest, end.latest, start=start, end=end)


def _end(text: str) -> Edtf:
    if not text:
        return UNKNOWN
    if "T" in text:
        raise EdtfError("an interval runs from date to date: leave the times of day out")
    return OPEN if text == ".." else _single(text)


def _set(text: str) -> Edtf:
    """Several dates, one of them meant or all; the profile allows no spaces and no sets within sets."""
    inside = text[1:-1].split(",")
    if text[0] + text[-1] not in ("[]", "{}"):
        raise EdtfError("a set closes with the bracket that fits: [one of these], {all of these}")
    if " " in text:
        raise _Malformed
    members = tuple(_member(part, i == 0, i == len(inside) - 1) for i, part in enumerate(inside))
    if len(members) == 1 and members[0].precision != "interval":
        raise EdtfError(f"a set has two dates or more: write {members[0].text}")
    firsts, lasts = [m.earliest for m in members], [m.latest for m in members]
    earliest = min((d for d in firsts if d), default=None) if None not in firsts else None
    latest = max((d for d in lasts if d), default=None) if None not in lasts else None
    return Edtf(text, 2, "set", earliest, latest, members=members, one_of=text[0] == "[")


def _member(text: str, first: bool, last: bool) -> Edtf:
    if not text:
        raise EdtfError("a set has a date on each side of a comma")
    if "T" in text or "/" in text:
        raise EdtfError("a set holds dates: no times of day, and .. instead of / between first and last")
    if ".." not in text:
        return _single(text)
    left, _, right = text.partition("..")
    start, end = (_single(side) if side else OPEN for side in (left, right))
    if (not left and not first) or (not right and not last) or not (left or right):
        raise EdtfError(".. with one date opens a set ([..2019,2021]) or closes it ([2019,2021..])")
    ends = [side for side in (start, end) if side is not OPEN]
    if any(e.level == 2 or e.season or e.marks != _UNMARKED or "X" in e.text for e in ends):
        raise EdtfError("on both sides of .. stand plain years, months or days")
    if len({e.precision for e in ends}) != 1:
        raise EdtfError("on both sides of .. stand dates of one kind: two years, two months or two days")
    if start.earliest and end.latest and start.earliest > end.latest:
        raise EdtfError(f"a run ends before it begins: {left} comes after {right}")
    return Edtf(text, 2, "interval", start.earliest, end.latest, start=start, end=end)


# Near misses ------------------------------------------------------------------------------------------------

_LONGEST_SLIP = 60
_NAMES = {name[:3].lower(): f"{i:02}" for i, name in enumerate(MONTHS, 1)}
_NAMES |= {"sept": "09", "spring": "21", "summer": "22", "autumn": "23", "fall": "23", "winter": "24"}
_NAMES |= {name.lower(): f"{i:02}" for i, name in enumerate(MONTHS, 1)}
_NAME = rf"({'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"


def _ymd(year: str, month: str, day: str | None = None) -> str:
    number = _NAMES.get(month.lower(), month.zfill(2))
    return f"{year}-{number}" + (f"-{day.zfill(2)}" if day else "")


def _clock(date: str, hour: str, minute: str, second: str | None, zone: str | None) -> str:
    shift = re.sub(r"([+-])(\d\d):?(\d\d)?", lambda m: m[1] + m[2] + (":" + m[3] if m[3] else ""), zone or "")
    return f"{date}T{hour.zfill(2)}:{minute}:{second or '00'}{shift.upper()}"


#: What people write instead: a pattern, the date it most likely means, and what to learn from it. A rewriting
#: that is not a date is passed over; one that cannot be (31.02.2019) is answered with the reason.
_NEAR: tuple[tuple[str, Callable[..., str], str], ...] = (
    (r"(.*)", str, "without spaces around it"),
    (r"(\d{4})[-/.](\d\d?)(?:[-/.](\d\d?))?", _ymd, "with hyphens and two digits each for month and day"),
    (r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})", lambda d, m, y: _ymd(y, m, d), "year first"),
    (r"(\d\d?)[-/.](\d{4})", lambda m, y: _ymd(y, m), "year first"),
    (r"(1[3-9]|2\d|3[01])[-/](\d\d?)[-/](\d{4})", lambda d, m, y: _ymd(y, m, d), "year first"),
    (r"(\d\d?)[-/](1[3-9]|2\d|3[01])[-/](\d{4})", lambda m, d, y: _ymd(y, m, d), "year first"),
    (rf"{_NAME}\s+(\d{{4}})", lambda m, y: _ymd(y, m), "year first and in numbers"),
    (
        rf"(\d\d?)(?:st|nd|rd|th)?\.?\s+{_NAME},?\s+(\d{{4}})",
        lambda d, m, y: _ymd(y, m, d),
        "year first and in numbers",
    ),
    (
        rf"{_NAME}\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{{4}})",
        lambda m, d, y: _ymd(y, m, d),
        "year first and in numbers",
    ),
    (
        r"(\d{4}-\d\d-\d\d)[ t](\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(z|[+-]\d\d:?(?:\d\d)?)?",
        _clock,
        "with T and with seconds",
    ),
    (r"(\d{4})(\d\d)(\d\d)?", _ymd, "with hyphens"),
    (r"(\d{4})\s*(?:-|–|—|to)\s*(\d{4})", lambda a, b: f"{a}/{b}", "a slash between the two ends"),
    (r"(\S+)\s*(?:\s-\s|–|—|\sto\s)\s*(\S+)", lambda a, b: f"{a}/{b}", "a slash between the two ends"),
    (r"(\d{4})-?\s*q([1-4])", lambda y, q: f"{y}-{32 + int(q)}", "the code of that quarter"),
    (r"q([1-4])\s+(\d{4})", lambda q, y: f"{y}-{32 + int(q)}", "the code of that quarter"),
    (r"(?:the )?(\d{3})0s", lambda decade: f"{decade}X", "X for a digit that is not known"),
    (r"([\dxu-]+)", lambda t: re.sub("[xuU]", "X", t), "X for a digit that is not known"),
    (r"(y-?\d+(?:e\d+)?(?:s\d+)?)", str.upper, "in capitals"),
    (r"(?:c\.?|ca\.?|circa|about|around)\s*(\S+)", lambda t: f"{t}~", "~ for about"),
    (r"0*([1-9]\d{0,3})\s*(?:bc|bce)", lambda y: year_key(1 - int(y)), "0000 being 1 BC"),
    (r"(?:by|before|until)\s+(\S+)", lambda t: f"../{t}", "an interval with an open start"),
    (r"(?:since|after|from)\s+(\S+)", lambda t: f"{t}/..", "an interval with an open end"),
    (r"(\S+/)open", lambda a: f"{a}..", ".. for an open end"),
    (r"unknown(/\S+)", lambda b: f"{b}", "nothing for an unknown start"),
    (r"(\S+/)unknown", lambda a: f"{a}", "nothing for an unknown end"),
    (r"unknown|undated|n\.\s?d\.", lambda: "XXXX", "for a date that is not known"),
    (r"(.*\s.*)", lambda t: "".join(t.split()), "without spaces"),
)


def _advice(text: str) -> str:
    """What to write instead of a text that has the form of no date."""
    trimmed = text.strip()
    if not trimmed:
        return "a date is missing: write 2019, 2019-07 or 2019-07-12"
    if len(trimmed) > _LONGEST_SLIP:
        return f'"{trimmed[:_LONGEST_SLIP]}…" is not a date: write 2019, 2019-07 or 2019-07-12'
    for pattern, rewrite, lesson in _NEAR:
        if written := re.fullmatch(pattern, trimmed, re.ASCII | re.IGNORECASE | re.DOTALL):
            meant = rewrite(*written.groups())
            try:
                _read(meant)
            except _Malformed:
                continue
            except EdtfError as error:
                return str(error)
            return f"write {meant}, {lesson}"
    if re.fullmatch(r"\d\d?[-/]\d\d?[-/]\d{4}", trimmed, re.ASCII):
        return f"write year, month, day, as in 2019-07-12: {trimmed} could be read in two ways"
    if re.fullmatch(r"\d\d[-/.]\d\d?([-/.]\d\d?)?", trimmed, re.ASCII):
        return "write the year with four digits, as in 2019-07"
    return f'"{trimmed}" is not a date: write 2019, 2019-07 or 2019-07-12, or another form of EDTF'
