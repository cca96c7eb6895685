"""The words of dating phrases, a table for each language.

In: a phrase as printed. Out: the name of a rule of `dating` and what the phrase gives it, or nothing when no
pattern of the language fits the whole phrase. To add a language, add a table; the patterns say which groups
each rule needs, in whatever order the language puts them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.cached import cached_property


class PhraseWords:
    """What one language needs. Words are in small letters, as phrases are before they are read."""

    def __init__(
        self,
        *,
        months: Mapping[str, int],
        weekdays: Mapping[str, int],
        units: Mapping[str, str],
        numbers: Mapping[str, int],
        days: Mapping[str, tuple[int, ...]],
        sides: Mapping[str, str],
        pieces: Mapping[str, str],
        patterns: tuple[tuple[str, str], ...],
        seasons: Mapping[str, int] | None = None,
        shares: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        #: Number of a month, 1 to 12, and of a weekday, 0 for Monday.
        self.months, self.weekdays = months, weekdays
        #: Month in which a season begins in the north; first and last month of a quarter or half of a year.
        self.seasons, self.shares = seasons or {}, shares or {}
        #: `day`, `week`, `month`, `quarter` or `year`.
        self.units = units
        self.numbers = numbers
        #: Days counted from the publication: "yesterday" is -1.
        self.days = days
        #: Prepositions that leave the `start` or the `end` of a period open.
        self.sides = sides
        #: Patterns that other patterns name in braces; each word list above is one already.
        self._pieces = pieces
        #: Pattern and rule, the first that fits the whole phrase wins.
        self._patterns = patterns

    @cached_property
    def _compiled(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        lists = {
            "month": self.months,
            "weekday": self.weekdays,
            "unit": self.units,
            "offset": self.days,
            "side": self.sides,
            "season": self.seasons,
            "share": self.shares,
        }
        pieces = {name: f"(?P<{name}>{_any(words)})" for name, words in lists.items()}
        pieces["number"] = rf"(?P<number>\d{{1,3}}|{_any(self.numbers)})"
        pieces |= self._pieces
        return tuple((re.compile(_filled(pattern, pieces)), rule) for pattern, rule in self._patterns)

    def read(self, phrase: str) -> tuple[str, Mapping[str, str]] | None:
        """The rule that a phrase calls for and what it gives; None when it is not understood."""
        folded = " ".join(re.sub(r"[.,]+(?=\s|$)", " ", phrase.casefold().replace("’", "'")).split())
        for pattern, rule in self._compiled:
            if found := pattern.fullmatch(folded):
                return rule, {name: text for name, text in found.groupdict().items() if text}
        return None


def _any(words: Mapping[str, object]) -> str:
    """Any of some words, the longer first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _filled(pattern: str, pieces: Mapping[str, str]) -> str:
    """A pattern with the pieces it names; a piece may name others."""
    while (filled := re.sub(r"\{([a-z]+)\}", lambda m: pieces[m[1]], pattern)) != pattern:
        pattern = filled
    return pattern


_ENGLISH_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ENGLISH_NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ENGLISH_QUARTERS = {
    **{name: number for number, name in enumerate(("first", "second", "third", "fourth"), 1)},
    **{"last": 4, "final": 4},
}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ENGLISH = PhraseWords(
    months={
        **{name: number for number, name in enumerate(_ENGLISH_MONTHS, 1)},
        **{name[:3]: number for number, name in enumerate(_ENGLISH_MONTHS, 1)},
        "sept": 9,
    },
    weekdays={
        **{name: number for number, name in enumerate(_ENGLISH_DAYS)},
        **{name[:3]: number for number, name in enumerate(_ENGLISH_DAYS)},
    },
    units={
        **{unit: unit for unit in ("day", "week", "month", "quarter", "year")},
        **{f"{unit}s": unit for unit in ("day", "week", "month", "quarter", "year")},
    },
    numbers={
        **{word: number for number, word in enumerate(_ENGLISH_NUMBERS, 1)},
        **{"a": 1, "an": 1},
    },
    days={
        **dict.fromkeys(("today", "earlier today", "later today", "tonight", "this morning"), (0,)),
        **dict.fromkeys(("this afternoon", "this evening"), (0,)),
        **dict.fromkeys(("yesterday", "yesterday morning", "yesterday afternoon"), (-1,)),
        **dict.fromkeys(("yesterday evening",), (-1,)),
        **dict.fromkeys(("overnight", "last night"), (-1, 0)),
        **dict.fromkeys(("tomorrow", "tomorrow morning", "tomorrow evening"), (1,)),
        **{"the day before yesterday": (-2,), "the day after tomorrow": (2,)},
    },
    seasons={"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12},
    shares={
        **{f"{name} quarter": (3 * n - 2, 3 * n) for name, n in _ENGLISH_QUARTERS.items()},
        **{f"q{n}": (3 * n - 2, 3 * n) for n in (1, 2, 3, 4)},
        **{"first half": (1, 6), "second half": (7, 12), "latter half": (7, 12)},
    },
    sides={"since": "end", "after": "end", "from": "end", "by": "start", "until": "start", "before": "start"},
    pieces={
        # A part of a period, which has no exact days.
        "part": r"(?:(?:(?:at|in|by|towards?) )?(?:the )?{shade}(?: in)?[ -])",
        "shade": r"(?:early|mid|late|(?:beginning|start|middle|end) of)",
        "hour": r"(?:(?: (?:morning|afternoon|evening))|(?P<night> night))?",
        "dayno": r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?",
        "year": r"(?P<year>[12]\d{3})",
        "opening": r"(?:(?:on|in|during|at|around the time of) |{side} )?",
        "over": r"(?:over |(?:early |late )?{opening}){part}?",
        "named": r"(?:{weekday} )?(?:the )?",
    },
    patterns=(
        (r"{offset}", "offset"),
        (r"(?:(?:early |late )?on |early |late )?{weekday}{hour}", "weekday"),
        (r"(?:on |{part})?(?:last|the past) {weekday}{hour}", "last-weekday"),
        (r"(?:on )?this (?:coming )?{weekday}{hour}", "this-weekday"),
        (r"(?:on )?next {weekday}{hour}", "next-weekday"),
        (r"(?:(?P<earlier>earlier )|(?P<later>later )|{part})?(?:in |during )?this {unit}", "this"),
        (r"(?:later |earlier |{part})?(?:in )?last {unit}", "last"),
        (r"(?:earlier |later |{part})?(?:in )?next {unit}", "next"),
        (r"{number} {unit} ago", "ago"),
        (r"in {number} {unit}(?:' time|'s time)?", "hence"),
        (r"(?:in |{part})?last {month}", "last-month-of"),
        (r"(?:in |{part})?this {month}", "this-month-of"),
        (r"(?:in |{part})?next {month}", "next-month-of"),
        (r"{opening}{named}{dayno}(?: of)? {month} {year}", "full-day"),
        (r"{opening}{named}{month} {dayno} {year}", "full-day"),
        (r"{opening}{named}{dayno}(?: of)? {month}", "month-day"),
        (r"{opening}{named}{month} {dayno}", "month-day"),
        (r"{opening}{part}?{month}(?: of)? {year}", "full-month"),
        (r"(?:early |late )?{opening}{part}?{month}", "month"),
        (r"{opening}{part}?(?:the year )?{year}", "full-year"),
        (r"{over}(?:last|(?:the|this) past) {season}", "last-season"),
        (r"{over}this {season}", "this-season"),
        (r"{over}next {season}", "next-season"),
        (r"{over}(?:the )?{season}(?: of)? {year}", "full-season"),
        (r"{over}(?:the )?{season}", "season"),
        (r"{over}(?:the )?{season}(?: of)? last year", "season-of-last"),
        (r"{over}(?:the )?{season}(?: of)? this year", "season-of-this"),
        (r"{over}(?:the )?{season}(?: of)? next year", "season-of-next"),
        (r"{over}(?:the )?{share}(?: of)? {year}", "full-share"),
        (r"{over}(?:the )?{share} of last year", "share-of-last"),
        (r"{over}(?:the )?{share} of (?:this|the) year", "share-of-this"),
        (r"{over}(?:the )?{share} of next year", "share-of-next"),
        (r"{over}the {share}", "share"),
        (r"(?:in )?{part}?(?:the )?(?P<decade>[12]\d\d0)s", "decade"),
    ),
)  # fmt: skip
#: Tables by language; add one to add a language.
LANGUAGES: dict[str, PhraseWords] = {"en": ENGLISH}
