"""Marks in the text: one dot for each fact, designations kept whole, numbers set for reading.

In: plain text and tallies. Out: `Markup`, escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
    return Markup(DESIGNATION.sub(r'<span class="nb">\g<0></span>', str(escape(text))))


def num(number: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{number:,}"


def n(number: float) -> str:
    """A coordinate with one decimal at most, without a trailing zero."""
    return f"{number:.1f}".removesuffix(".0")


def total(marks: Marks) -> int:
    """Number of facts in a tally of marks."""
    return sum(count for _, count in marks)


def dots(marks: Marks, *, number: Callable[[int], str] = num) -> Markup:
    """One dot for each fact; a number beside one dot of each kind when there are more than ten."""
    many = total(marks) > MANY
    dot = Markup('<span class="dot {}"></span>')
    if not many:
        return Markup().join(dot.format(mark) * count for mark, count in marks)
    return Markup(" ").join(
        Markup('<span class="of">{}{}</span>').format(dot.format(mark), number(count))
        for mark, count in marks
    )
