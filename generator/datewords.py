"""Dates in plain words, never more precise than written and never less.

In: an `Edtf`, a language. Out: words for a page. Each language is one `Words` table of whole pieces, so that
order and endings are the language's own: the English one below, or its translation. A language without a
catalogue is written in English.
Centuries are named as people name them: `19XX`, 1900 to 1999, is the 20th century.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from generator import languages
from generator.edtf import MONTHS as ENGLISH_MONTHS
from generator.edtf import Edtf, days_in, matching, parse, weekday
from generator.languages import WEEKDAYS, Language, marked


class Words(Struct, frozen=True, kw_only=True):
    """What one language needs; names in braces are filled in."""

    months: tuple[str, ...]
    #: The same beside a day, where some languages inflect them.
    months_of_days: tuple[str, ...]
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
    #: A year before 100, and one before 1.
    ad: str
    bc: str
    #: A number with its thousands set apart.
    number: Callable[[int], str]
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
    #: Between several.
    comma: str
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


#: The pieces in English; those of other languages are their translations.
# Words of dates, such as "June 2019", "4 June 2019", "the 1990s", "around 2019", "by 4 June 2019",
# "from June to July 2019", "May or June 2019". Names in braces stand for numbers, months and dates.
ENGLISH = Words(
    months=ENGLISH_MONTHS,
    months_of_days=ENGLISH_MONTHS,
    weekdays=WEEKDAYS,
    number="{:,}".format,
    ordinal=languages.ENGLISH.ordinal,
    seasons=(marked("spring"), marked("summer"), marked("autumn"), marked("winter")),
    north=marked("{date} (Northern Hemisphere)"),
    south=marked("{date} (Southern Hemisphere)"),
    shares=(
        marked("the first quarter of {year}"),
        marked("the second quarter of {year}"),
        marked("the third quarter of {year}"),
        marked("the last quarter of {year}"),
        marked("the first third of {year}"),
        marked("the second third of {year}"),
        marked("the last third of {year}"),
        marked("the first half of {year}"),
        marked("the second half of {year}"),
    ),
    with_year=marked("{month} {year}"),
    day_month=marked("{day} {month}"),
    long_day=marked("{weekday}, {date}"),
    ad=marked("AD {year}"),
    bc=marked("{year} BC"),
    decade=marked("the {year}s"),
    century=marked("the {ordinal} century"),
    millennium=marked("the {ordinal} millennium"),
    years_between=marked("a year from {first} to {last}"),
    masked_year=marked("a year of the form {year}"),
    estimated=marked("a year from {first} to {last}, estimated as {year}"),
    a_month=marked("a month"),
    months_between=marked("a month from {first} to {last}"),
    a_day=marked("a day"),
    days_between=marked("a day from {first} to {last}"),
    nth=marked("the {days} of {month}"),
    nth_between=marked("a day from the {first} to the {last} of {month}"),
    within=marked("{part} in {period}"),
    unknown_year=marked("{part} of an unknown year"),
    unknown=marked("date unknown"),
    whole={
        "?": marked("perhaps {date}"),
        "~": marked("around {date}"),
        "%": marked("perhaps around {date}"),
    },
    doubts={
        "?": marked("{parts} uncertain"),
        "~": marked("{parts} approximate"),
        "%": marked("{parts} uncertain and approximate"),
    },
    partly=marked("{date} ({doubts})"),
    parts=(marked("year"), marked("month"), marked("day")),
    clock=marked("{date}, {clock}"),
    intervals={
        ("date", "open"): marked("from {start}"),
        ("date", "unknown"): marked("from {start}, end unknown"),
        ("open", "date"): marked("by {end}"),
        ("unknown", "date"): marked("until {end}, start unknown"),
        ("open", "open"): marked("no start and no end given"),
        ("unknown", "unknown"): marked("start and end unknown"),
        ("open", "unknown"): marked("no start given, end unknown"),
        ("unknown", "open"): marked("start unknown, no end given"),
    },
    comma=languages.ENGLISH.comma,
    any=marked("{first} or {last}"),
    all=marked("{first} and {last}"),
    either=marked("either {dates}"),
    one_of=marked("one of {dates}"),
    each_of=marked("each of {dates}"),
    run=marked("{first} to {last}"),
    or_earlier=marked("{date} or earlier"),
    or_later=marked("{date} or later"),
    and_earlier=marked("{date} and all before"),
    and_later=marked("{date} and all after"),
)
MONTHS = ENGLISH.months
#: Tables made by hand, by language; any other is made from the catalogue of its language.
LANGUAGES: dict[str, Words] = {"en": ENGLISH}


def _translated(language: Language) -> Words:
    """The table of a language that has a catalogue."""

    def said(piece: Any) -> Any:
        if isinstance(piece, str):
            return language.gettext(piece)
        if isinstance(piece, dict):
            return {key: said(each) for key, each in piece.items()}
        return tuple(said(each) for each in piece)

    own: dict[str, Any] = {
        "months": tuple(language.months),
        "months_of_days": tuple(language.months_of_days),
        "weekdays": tuple(language.weekdays),
        "number": language.number,
        "ordinal": language.ordinal,
        "comma": language.comma,
    }
    pieces = (name for name in Words.__struct_fields__ if name not in own)
    return Words(**own, **{name: said(getattr(ENGLISH, name)) for name in pieces})


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
    return LANGUAGES.get(language.partition("-")[0].lower()) or _made(language)


@lru_cache(maxsize=16)
def _made(language: str) -> Words:
    spoken = languages.of(language)
    return ENGLISH if spoken is languages.ENGLISH else _translated(spoken)


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
            doubts.append(doubt.format(parts=_listed(names, t.all, t)))
    return t.partly.format(date=phrase, doubts=t.comma.join(doubts))


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
    named = d.day not in ("", "XX") and len(months) == 1 and d.month != "XX"
    if d.month == "XX":
        month = t.a_month
    elif len(months) > 3 and months[-1] - months[0] == len(months) - 1:
        month = t.months_between.format(first=t.months[months[0] - 1], last=t.months[months[-1] - 1])
    else:
        month = _listed([(t.months_of_days if named else t.months)[m - 1] for m in months], t.any, t)
    if named:
        part = _listed([str(n) for n in days], t.any, t)
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
            else t.nth.format(days=_listed(nth, t.any, t), month=phrase)
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
    digits = t.number(number) if number > 9999 else str(number)
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
        dates = _listed([_member(m, d.one_of, t) for m in d.members], last_two, t)
    else:
        dates = _together(d.members, lambda parts: _listed(parts, last_two, t), t)
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
            days = join([str(int(d.day)) for d in dates])
            month = t.day_month.format(day=days, month=t.months_of_days[int(one.month) - 1])
        elif one.day:
            named = [(int(d.day), t.months_of_days[int(d.month) - 1]) for d in dates]
            month = join([t.day_month.format(day=day, month=name) for day, name in named])
        else:
            month = join([_month(d, t) for d in dates])
        return t.with_year.format(month=month, year=year)
    years = [d.earliest[0] for d in dates if d.earliest]
    if plain and kinds == {"year"} and max(years) < 1 and min(years) > -9999:
        return t.bc.format(year=join([str(1 - year) for year in years]))
    return join([_words(d, t) for d in dates])


def _month(d: Edtf, t: Words) -> str:
    return t.seasons[d.season - 21] if d.season else t.months[int(d.month) - 1]


def _listed(parts: Iterable[str], last_two: str, t: Words) -> str:
    """Several as one: commas, and the word of the language before the last."""
    *others, last = parts
    return last_two.format(first=t.comma.join(others), last=last) if others else last
