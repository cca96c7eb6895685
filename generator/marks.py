"""Marks in the text: one dot for each fact, designations kept whole, numbers set for reading.

In: plain text and tallies. Out: `Markup`, escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

from markupsafe import Markup, escape

from generator.views import Mark

Marks: TypeAlias = tuple[tuple[Mark, int], ...]

#: More dots than this in one place cannot be counted at a glance: a number stands instead.
MANY: Final = 10

#: A designation such as S-400 or Su-35: short parts joined by hyphens, a digit somewhere.
DESIGNATION: Final = re.compile(r"(?<![\w-])(?=[\w-]*\d)[^\W_]{1,5}(?:-[^\W_]{1,6}){1,2}(?![\w-])")


def nb(text: str) -> Markup:
    """The text, escaped, with designations such as S-400 kept on one line.

    Wrapping leaves the characters alone: a non-breaking hyphen would alter a quotation.
    """
    escaped = escape(text)
    if "-" not in text:  # most texts, told twenty times as fast
        return escaped
    return Markup(DESIGNATION.sub(r'<span class="nb">\g<0></span>', str(escaped)))


def in_language(text: str, lang: str) -> Markup:
    """The text as `nb` gives it, marked as being of a language; an empty one is the page's own."""
    return Markup('<span lang="{}" dir="auto">{}</span>').format(lang, nb(text)) if lang else nb(text)


def standing(when: str, mark: Mark, word: str, sources: str) -> Markup:
    """What a link to a fact carries in a text: when, how it stands, and from how many sources."""
    return Markup(
        '<span class="small">({0}\u00a0· <span class="st {1}"><span class="dot {1}"></span>{2}</span>'
        '\u00a0· <span class="nb">{3}</span>)</span>'
    ).format(when, mark, word, sources)


def num(number: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{number:,}"


@lru_cache(maxsize=4096)  # most coordinates are those of many pictures
def n(number: float) -> str:
    """A coordinate with one decimal at most, without a trailing zero."""
    return f"{number:.1f}".removesuffix(".0")


def total(marks: Marks) -> int:
    """Number of facts in a tally of marks."""
    return sum(count for _, count in marks)


def dots(marks: Marks, *, number: Callable[[int], str] = num) -> Markup:
    """One dot for each fact; a number beside one dot of each kind when there are more than ten."""
    drawn = ((f'<span class="dot {mark}"></span>', count) for mark, count in marks)
    if total(marks) <= MANY:
        return Markup("".join(dot * count for dot, count in drawn))
    return Markup(" ".join(f'<span class="of">{dot}{escape(number(count))}</span>' for dot, count in drawn))
