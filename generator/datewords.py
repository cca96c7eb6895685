"""Dates in plain words, never more precise than written and never less.

In: an `Edtf`, a language. Out: words for a page. Each language is one `Words` table; a language without a
table is written in English. A table names whole pieces, so that order and endings are the language's own.
Centuries are named as people name them: `19XX`, 1900 to 1999, is the 20th century.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from generator import edtf
from generator.edtf import Edtf, days_in, matching, parse, weekday


class Words(Struct, frozen=True, kw_only=True):
    """What one language needs; names in braces are filled in."""

    months: tuple[str, ...]
    #: From Monday.
    weekdays: tuple[str, ...]
    #: Spring, summer, autumn, winter; then the same with a hemisphere.
    seasons: tuple[str, ...]
    north: str
    south: str
    #: Codes 33 to 41: quarters, thirds and halves of a year.
    shares: tuple[str, ...]
    #: A month, or a day of one, and its year.
    with_year: str
    day_month: str
    long_day: str
    #: A year before 100, one before 1, and the mark between thousands.
    ad: str
    bc: str
    thousands: str
    decade: str
    century: str
    millennium: str
    years_between: str
    masked_year: str
    estimated: str
    a_month: str
    months_between: str
    a_day: str
    days_between: str
    #: Days, as ordinal numbers, of a month that is not sure.
    nth: str
    nth_between: str
    ordinal: Callable[[int], str]
    within: str
    unknown_year: str
    unknown: str
    #: Marks on the whole date, then on some of its parts.
    whole: dict[str, str]
    doubts: dict[str, str]
    partly: str
    parts: tuple[str, str, str]
    clock: str
    #: Intervals by what stands for their start and their end: "date", "open" or "unknown".
    intervals: dict[tuple[str, str], str]
    #: The last two of several: any one of them, or all.
    any: str
    all: str
    either: str
    one_of: str
    each_of: str
    run: str
    #: Runs open before or after, when one date is meant and when all are.
    or_earlier: str
    or_later: str
    and_earlier: str
    and_later: str


def _english_ordinal(number: int) -> str:
    teens = 10 <= number % 100 <= 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


ENGLISH = Words(
    months=edtf.MONTHS,
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    seasons=("spring", "summer", "autumn", "winter"),
    north="{date} (Northern Hemisphere)",
    south="{date} (Southern Hemisphere)",
    shares=(
        *(f"the {nth} quarter of {{year}}" for nth in ("first", "second", "third", "last")),
        *(f"the {nth} third of {{year}}" for nth in ("first", "second", "last")),
        *(f"the {nth} half of {{year}}" for nth in ("first", "second")),
    ),
    with_year="{month} {year}",
    day_month="{day} {month}",
    long_day="{weekday}, {date}",
    ad="AD {year}",
    bc="{year} BC",
    thousands=",",
    decade="the {year}s",
    century="the {ordinal} century",
    millennium="the {ordinal} millennium",
    years_between="a year from {first} to {last}",
    masked_year="a year of the form {year}",
    estimated="a year from {first} to {last}, estimated as {year}",
    a_month="a month",
    months_between="a month from {first} to {last}",
    a_day="a day",
    days_between="a day from {first} to {last}",
    nth="the {days} of {month}",
    nth_between="a day from the {first} to the {last} of {month}",
    ordinal=_english_ordinal,
    within="{part} in {period}",
    unknown_year="{part} of an unknown year",
    unknown="date unknown",
    whole={"?": "perhaps {date}", "~": "around {date}", "%": "perhaps around {date}"},
    doubts={"?": "{parts} uncertain", "~": "{parts} approximate", "%": "{parts} uncertain and approximate"},
    partly="{date} ({doubts})",
    parts=("year", "month", "day"),
    clock="{date}, {clock}",
    intervals={
        ("date", "open"): "from {start}",
        ("date", "unknown"): "from {start}, end unknown",
        ("open", "date"): "by {end}",
        ("unknown", "date"): "until {end}, start unknown",
        ("open", "open"): "no start and no end given",
        ("unknown", "unknown"): "start and end unknown",
        ("open", "unknown"): "no start given, end unknown",
        ("unknown", "open"): "start unknown, no end given",
    },
    any="{first} or {last}",
    all="{first} and {last}",
    either="either {dates}",
    one_of="one of {dates}",
    each_of="each of {dates}",
    run="{first} to {last}",
    or_earlier="{date} or earlier",
    or_later="{date} or later",
    and_earlier="{date} and all before",
    and_later="{date} and all after",
)
MONTHS, WEEKDAYS = ENGLISH.months, ENGLISH.weekdays
#: Tables by language; add one to add a language.
LANGUAGES: dict[str, Words] = {"en": ENGLISH}


@lru_cache(maxsize=1 << 16)
def words(d: Edtf, language: str = "en") -> str:
    """A date in plain words; of `language`, a BCP 47 tag, the first part counts."""
    return _words(d, _table(language))


def short(key: str, language: str = "en") -> str:
    """Title of a date page: "2019", "June 2019", "4 June 2019"."""
    return words(parse(key), language)


def long_day(key: str, language: str = "en") -> str:
    """Title of a day page, with its weekday: "Tuesday, 4 June 2019"; raises for a key that is no day's."""
    d = parse(key)
    if d.precision != "day" or not d.earliest:
        raise ValueError(f"{key!r} is not the key of a day")
    t = _table(language)
    return t.long_day.format(weekday=t.weekdays[weekday(d.earliest)], date=_words(d, t))


def _table(language: str) -> Words:
    return LANGUAGES.get(language.partition("-")[0].lower(), ENGLISH)


def _words(d: Edtf, t: Words) -> str:
    if d.precision == "set":
        return _set(d, t)
    if d.start and d.end:
        return _interval(d.start, d.end, t)
    return _doubted(d, _single(d, t), t)


def _doubted(d: Edtf, phrase: str, t: Words) -> str:
    """The phrase with its marks: around all of it, or with the parts in doubt named."""
    if d.marks == ("", "", "") or phrase == t.unknown:
        return phrase
    written = (d.year, d.month or d.season, d.day)
    marks = {name: mark for name, mark, part in zip(t.parts, d.marks, written, strict=True) if part}
    if len(set(marks.values())) == 1:
        return t.whole[d.marks[0]].format(date=phrase)
    doubts = []
    for mark, doubt in t.doubts.items():
        if names := [name for name, found in marks.items() if found == mark]:
            doubts.append(doubt.format(parts=_listed(names, t.all)))
    return t.partly.format(date=phrase, doubts=", ".join(doubts))


def _single(d: Edtf, t: Words) -> str:
    """A single date without its marks."""
    period = _period(d, t)
    if d.season:
        return _season(d, period, t)
    if not d.month:
        return period or t.unknown
    if d.month == "XX" and d.day in ("", "XX"):
        return t.within.format(part=t.a_day if d.day else t.a_month, period=period) if period else t.unknown
    days, months = _candidates(d)
    if d.month == "XX":
        month = t.a_month
    elif len(months) > 3 and months[-1] - months[0] == len(months) - 1:
        month = t.months_between.format(first=t.months[months[0] - 1], last=t.months[months[-1] - 1])
    else:
        month = _listed([t.months[m - 1] for m in months], t.any)
    named = d.day not in ("", "XX") and len(months) == 1 and d.month != "XX"
    if named:
        part = _listed([str(n) for n in days], t.any)
        if len(days) > 4:
            part = t.days_between.format(first=days[0], last=days[-1])
        month = t.day_month.format(day=part, month=month)
    if "X" not in d.year and d.month != "XX":
        phrase = t.with_year.format(month=month, year=period)
    elif period:
        phrase = t.within.format(part=month, period=period)
    else:
        phrase = t.unknown_year.format(part=month)
    if d.day == "XX":
        phrase = t.within.format(part=t.a_day, period=phrase)
    elif d.day and not named:
        nth = [t.ordinal(n) for n in days]
        phrase = (
            t.nth_between.format(first=nth[0], last=nth[-1], month=phrase)
            if len(days) > 4
            else t.nth.format(days=_listed(nth, t.any), month=phrase)
        )
    return t.clock.format(date=phrase, clock=_clock(d)) if d.time else phrase


@lru_cache(maxsize=1 << 12)
def _of_plain(day: str, month: str) -> tuple[list[int], list[int]]:
    return [int(day)], [int(month)]


def _candidates(d: Edtf) -> tuple[list[int], list[int]]:
    """Days and months that can stand together."""
    if d.day.isdigit() and d.month.isdigit():
        return _of_plain(d.day, d.month)
    year = int(d.year) if "X" not in d.year else 2000
    days = matching(d.day, range(1, 32))
    months = [m for m in matching(d.month, range(1, 13)) if days[0] <= days_in(year, m)]
    longest = max(days_in(year, m) for m in months)
    return [n for n in days if n <= longest], months


def _season(d: Edtf, period: str, t: Words) -> str:
    if d.season > 32:
        return t.shares[d.season - 33].format(year=period)
    phrase = t.with_year.format(month=t.seasons[(d.season - 21) % 4], year=period)
    return ("{date}", t.north, t.south)[(d.season - 21) // 4].format(date=phrase)


def _period(d: Edtf, t: Words) -> str:
    """The year, or what is known of it; empty when that is nothing."""
    if not d.earliest or not d.latest:
        return ""
    first, last = _year(d.earliest[0], t), _year(d.latest[0], t)
    if d.significant and first != last:
        return t.estimated.format(first=first, last=last, year=_year(int(d.year.removeprefix("Y")), t))
    if "X" not in d.year:
        return first
    known = d.year.lstrip("-").rstrip("X")
    if "X" in known or not known:
        return t.masked_year.format(year=d.year)
    if len(known) == 3:
        if d.earliest[0] >= 100:
            return t.decade.format(year=known + "0")
        return t.years_between.format(first=first, last=last)
    named = (t.century if len(known) == 2 else t.millennium).format(ordinal=t.ordinal(int(known) + 1))
    return t.bc.format(year=named) if d.year[0] == "-" else named


def _year(year: int, t: Words) -> str:
    number = year if year > 0 else 1 - year  # 0000 is 1 BC
    digits = f"{number:,}".replace(",", t.thousands) if number > 9999 else str(number)
    if year < 1:
        return t.bc.format(year=digits)
    return t.ad.format(year=digits) if year < 100 else digits


def _clock(d: Edtf) -> str:
    """Hours and minutes; seconds when there are any, since EDTF cannot leave them out."""
    assert d.time
    clock = f"{d.time.hour:02}:{d.time.minute:02}" + (f":{d.time.second:02}" if d.time.second else "")
    if d.time.zone is None:
        return clock
    hours, minutes = divmod(abs(d.time.zone), 60)
    shift = f"{'+' if d.time.zone > 0 else '−'}{hours}" + (f":{minutes:02}" if minutes else "")
    return f"{clock} (UTC{shift if d.time.zone else ''})"


def _interval(start: Edtf, end: Edtf, t: Words) -> str:
    # An end with no bound is no date: nothing, .. or XXXX.
    first, last = (
        "date" if e.latest or e.month or e.day else "open" if e.precision == "open" else "unknown"
        for e in (start, end)
    )
    if (first, last) in t.intervals:
        doubted = {start.marks, end.marks} & {("?", "?", "?"), ("?", "?", ""), ("?", "", "")}
        if len(doubted) == 1:  # "perhaps by May" is English, "by perhaps May" is not
            sure = t.intervals[first, last].format(start=_single(start, t), end=_single(end, t))
            return t.whole["?"].format(date=sure)
        return t.intervals[first, last].format(start=_words(start, t), end=_words(end, t))
    return _words(start, t) if start.text == end.text else _together([start, end], _dashed, t)


def _dashed(parts: Sequence[str]) -> str:
    return ("–" if all(part.isdigit() for part in parts) else " – ").join(parts)


def _set(d: Edtf, t: Words) -> str:
    last_two = t.any if d.one_of else t.all
    if any(m.start for m in d.members):
        dates = _listed([_member(m, d.one_of, t) for m in d.members], last_two)
    else:
        dates = _together(d.members, lambda parts: _listed(parts, last_two), t)
    if len(d.members) > 1:
        return t.either.format(dates=dates) if d.one_of else dates
    if not (d.earliest and d.latest):
        return dates
    return (t.one_of if d.one_of else t.each_of).format(dates=dates)


def _member(m: Edtf, one_of: bool, t: Words) -> str:
    if not (m.start and m.end):
        return _words(m, t)
    if m.start.precision == "open":
        return (t.or_earlier if one_of else t.and_earlier).format(date=_words(m.end, t))
    if m.end.precision == "open":
        return (t.or_later if one_of else t.and_later).format(date=_words(m.start, t))
    return _together([m.start, m.end], lambda ends: t.run.format(first=ends[0], last=ends[1]), t)


def _together(dates: Sequence[Edtf], join: Callable[[Sequence[str]], str], t: Words) -> str:
    """Several dates with what they share said once: "13–19 May 2019", "May or June 2019"."""
    one, kinds = dates[0], {d.precision for d in dates}
    plain = not any(any(d.marks) or "X" in d.text or d.season > 24 or d.significant for d in dates)
    if plain and len(kinds) == 1 and len({d.year for d in dates}) == 1 and one.precision != "year":
        year = _period(one, t)
        if one.day and len({d.month for d in dates}) == 1:
            month = t.day_month.format(day=join([str(int(d.day)) for d in dates]), month=_month(one, t))
        elif one.day:
            month = join([t.day_month.format(day=int(d.day), month=_month(d, t)) for d in dates])
        else:
            month = join([_month(d, t) for d in dates])
        return t.with_year.format(month=month, year=year)
    years = [d.earliest[0] for d in dates if d.earliest]
    if plain and kinds == {"year"} and max(years) < 1 and min(years) > -9999:
        return t.bc.format(year=join([str(1 - year) for year in years]))
    return join([_words(d, t) for d in dates])


def _month(d: Edtf, t: Words) -> str:
    return t.seasons[d.season - 21] if d.season else t.months[int(d.month) - 1]


def _listed(parts: Iterable[str], last_two: str) -> str:
    """Several as one: commas, and the word of the language before the last."""
    *others, last = parts
    return last_two.format(first=", ".join(others), last=last) if others else last
