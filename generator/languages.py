"""The language of the interface: words from a gettext catalogue; months, lists and numbers from Babel.

In: a language as site.yaml has it (BCP 47). Out: a `Language`. English stands in the code, so an English site
reads no catalogue and never loads Babel. Any other language is one catalogue,
`locale/CODE/LC_MESSAGES/factsheet.po`; it is read as translators write it, so there is nothing to compile. A
language without a catalogue has the interface in English.

What a call of `gettext`, `ngettext`, `pgettext`, `marked`, `marked_as` or `marked_plural` holds in quotes is
found by `make messages`. Names in a message stand in `%(name)s`, or in `{name}` where the words of a date are
put together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.cached import cached_property
from generator.edtf import MONTHS

if TYPE_CHECKING:
    from gettext import GNUTranslations

    from babel import Locale

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "factsheet"
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: Languages in which "i" keeps its dot as a capital, and "I" has none as a small letter.
_DOTTED = frozenset({"tr", "az"})
#: Names in messages of what is a number or a date, and so of the language of the message.
_FIGURES = {
    *("num", "number", "n", "all", "part", "held", "start", "end", "length", "count", "share"),
    *("year", "month", "months", "date", "day", "weekday", "first", "last", "since", "until", "due"),
}
_SLOT = re.compile(r"%\((\w+)\)s|\{(?:file|title)\}")
#: A letter that nobody sees and that is written from right to left (Unicode Annex 9).
RIGHT_TO_LEFT = "\u200f"


def isolate(text: str) -> str:
    """The text between marks that keep its direction from that of its neighbours (Unicode Annex 9)."""
    return f"\u2068{text}\u2069"


def _set_apart(message: str) -> str:
    """A message from right to left with every name that it takes in between such marks.

    What stands between the marks tells nothing of the direction of the whole. So a message without a letter
    of its own begins with a mark that does.
    """
    apart = _SLOT.sub(lambda slot: slot[0] if slot[1] in _FIGURES else isolate(slot[0]), message)
    lettered = any(unicodedata.bidirectional(char) in ("L", "R", "AL") for char in _SLOT.sub("", message))
    return apart if lettered or apart == message else RIGHT_TO_LEFT + apart


def marked(message: str) -> str:
    """Mark words of a table for translation; they are translated where they are shown."""
    return message


def marked_plural(one: str, many: str) -> tuple[str, str]:
    """Mark the two English forms that `ngettext` translates."""
    return one, many


def marked_as(context: str, message: str) -> str:
    """Mark words that `pgettext` translates."""
    return message


class Language:
    """English, and what every language answers."""

    #: Code of the catalogue.
    code = "en"
    #: What its words come from, digested: the catalogue, and the release of Babel; empty: neither is needed.
    digest = ""
    #: Names of the months: by themselves, and beside a day, where some languages inflect them.
    months: Sequence[str] = MONTHS
    months_of_days: Sequence[str] = MONTHS
    #: Initials of the months.
    initials: Sequence[str] = tuple(month[0] for month in MONTHS)
    #: Names of the days of the week from Monday, and the same in little room.
    weekdays: Sequence[str] = WEEKDAYS
    short_weekdays: Sequence[str] = tuple(day[:2] for day in WEEKDAYS)
    #: The day that a week begins with, 0 for Monday.
    first_weekday = 0
    #: What stands between the names of a list in little room.
    comma: str = ", "
    #: Whether it is written from right to left.
    rtl = False

    def gettext(self, message: str) -> str:
        """A message in this language."""
        return message

    def pgettext(self, context: str, message: str) -> str:
        """A message whose English alone does not tell what is meant."""
        return message

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of a message that a count wants."""
        return one if count == 1 else many

    def week(self, days: Sequence[str]) -> tuple[str, ...]:
        """Names of days given from Monday on, in the order of the week."""
        return (*days[self.first_weekday :], *days[: self.first_weekday])

    def number(self, number: int) -> str:
        """A whole number with its thousands set apart."""
        return f"{number:,}"

    def spelled(self, number: int) -> str:
        """A count for the beginning of a sentence, up to ten in words where the language does so."""
        return self.capital(_NUMBERS[number]) if 0 <= number < len(_NUMBERS) else self.number(number)

    def ordinal(self, number: int) -> str:
        """An ordinal number: "20th"."""
        teens = 10 <= number % 100 <= 20
        return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"

    def listed(self, names: Sequence[str]) -> str:
        """Names as a sentence has them: "a, b and c"."""
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)

    def lower(self, text: str) -> str:
        """The text without capitals."""
        return text.lower()

    def capital(self, text: str) -> str:
        """The text with its first letter as a capital; the rest as it is."""
        return text[:1].upper() + text[1:]

    def sort_key(self, name: str) -> tuple[Any, ...]:
        """By what names are put in alphabetical order: case and accents count between likes only."""
        if name.isascii():
            return name.casefold(), name
        from anyascii import anyascii  # loaded where there is something to transliterate

        return anyascii(name).casefold(), name


class _Translated(Language):
    """A language that has a catalogue."""

    def __init__(self, code: str, digest: str, catalogue: GNUTranslations, locale: Locale) -> None:
        self.code, self.digest = code, digest
        self._catalogue, self._locale = catalogue, locale
        self._numbers: dict[int, str] = {}
        self.rtl = locale.text_direction == "rtl"
        self.months = _in_order(_alone(locale)["wide"])
        self.months_of_days = _in_order(locale.months["format"]["wide"])
        self.initials = _in_order(_alone(locale)["narrow"])
        self.weekdays = _in_order(locale.days["stand-alone"]["wide"])
        self.short_weekdays = _in_order(locale.days["stand-alone"]["short"])
        self.first_weekday = locale.first_week_day
        # Translators: between the names of a list in little room.
        self.comma = self.gettext(", ")

    def gettext(self, message: str) -> str:
        return self._catalogue.gettext(message) if message else ""  # for "", gettext has the file's own head

    def pgettext(self, context: str, message: str) -> str:
        return self._catalogue.pgettext(context, message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._catalogue.ngettext(one, many, count)

    def number(self, number: int) -> str:
        from babel.numbers import format_decimal

        if number not in self._numbers:
            self._numbers[number] = format_decimal(number, locale=self._locale)
        return self._numbers[number]

    def spelled(self, number: int) -> str:
        return self.number(number)

    def ordinal(self, number: int) -> str:
        # Translators: an ordinal number in figures, such as the 20th of "20th century".
        return self.gettext("{number}th").format(number=number)

    def listed(self, names: Sequence[str]) -> str:
        from babel.lists import format_list

        if self.rtl:
            names = [isolate(name) for name in names]
        return str(format_list(names, locale=self._locale))

    def lower(self, text: str) -> str:
        if self.code in _DOTTED:
            text = text.replace("İ", "i").replace("I", "ı")
        return text.lower()

    def capital(self, text: str) -> str:
        first = "İ" if self.code in _DOTTED and text.startswith("i") else text[:1].upper()
        return first + text[1:]

    def sort_key(self, name: str) -> tuple[Any, ...]:
        """By the alphabet of the catalogue; letters it lacks count as their plain form, others come after."""
        return tuple(self._places(name)), name

    def _places(self, name: str) -> Iterator[tuple[int, str]]:
        for char in self.lower(name):
            for letter in (char,) if char in self._alphabet else unicodedata.normalize("NFKD", char):
                if letter in self._alphabet:
                    yield self._alphabet[letter], ""
                elif letter.isalnum():
                    yield (-1 if letter.isdigit() else len(self._alphabet)), letter

    @cached_property
    def _alphabet(self) -> dict[str, int]:
        places: dict[str, int] = {}
        place, same = -1, False
        # Translators: the letters of your alphabet, in its order, small ones only. Letters in brackets
        # sort with the one before them: "e(é)f".
        for char in self.gettext("abcdefghijklmnopqrstuvwxyz"):
            if char in "()":
                same = char == "("
                continue
            place += not same
            places[char] = place
        return places


def _alone(locale: Locale) -> Any:
    """Names of months by themselves; of a country's own names, CLDR often lists only those beside a day."""
    own, general = locale.months, type(locale)(locale.language).months
    inherited = own["stand-alone"]["wide"] == general["stand-alone"]["wide"]
    return own["format" if inherited and own["format"] != general["format"] else "stand-alone"]


def _in_order(names: Any) -> tuple[str, ...]:
    return tuple(names[key] for key in sorted(names))


ENGLISH = Language()


@lru_cache(maxsize=16)
def of(tag: str) -> Language:
    """The language of the interface of a site in that language."""
    primary = tag.partition("-")[0].lower()
    file = LOCALE / primary / "LC_MESSAGES" / f"{DOMAIN}.po"
    if primary == ENGLISH.code or not primary.isalpha() or not file.is_file():
        return ENGLISH
    return _read(file, primary, tag)


def _read(file: Path, code: str, tag: str) -> Language:
    from gettext import GNUTranslations
    from hashlib import sha256
    from io import BytesIO

    import babel
    from babel import Locale
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written, compiled = file.read_bytes(), BytesIO()
    messages = read_po(BytesIO(written), locale=code)
    if Locale(code).text_direction == "rtl":
        for message in messages:
            forms = message.string
            several = isinstance(forms, tuple)
            message.string = tuple(map(_set_apart, forms or ())) if several else _set_apart(str(forms or ""))
    write_mo(compiled, messages)
    compiled.seek(0)
    # Names of months differ from country to country; one that Babel does not know has those of the language.
    locale = Locale.negotiate([tag, code], _known(), sep="-") or Locale(code)
    made_from = sha256(babel.__version__.encode() + written).hexdigest()
    return _Translated(code, made_from, GNUTranslations(compiled), locale)


def _known() -> list[str]:
    from babel.localedata import locale_identifiers

    return [name.replace("_", "-") for name in locale_identifiers()]
