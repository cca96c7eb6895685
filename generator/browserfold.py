"""The folding profile as patterns that a reader's browser runs, so that a page can compare words by itself.

In: the tables of `fold` and `words`. Out: JSON that stands in the page: replacements to be made one after
the other before normalising to NFC, and what tells that a border tears a word. The script holds no table of
its own, so the two can only differ where engines read patterns differently; a test runs both over the same
texts. Patterns are those of ECMAScript with the flag `u`.

Text is folded as `copies.unbroken` does it: white space around it goes, and every line end, blank lines
included, is that of one paragraph. What follows in `STEPS` is fold-1.
"""

from __future__ import annotations

import re

import msgspec

from generator.fold import ENDS, EVEN, UNEVEN
from generator.words import ATTACHED, FLAGS, NUMBER_MARKS, SPACELESS, STACKERS, WIDE


def _escaped(chars: str) -> str:
    """Characters and ranges of a class in ASCII."""
    return re.sub(r"[^!-~]", lambda m: f"\\u{{{ord(m[0]):x}}}", chars)


# What Python's `\s` matches; ECMAScript's knows U+FEFF beside it, and neither U+0085 nor U+001C to U+001F.
_blank = _escaped("\t\v\f\x1c- \xa0\u1680\u2000-\u200a\u202f\u205f\u3000")
_ends, _wide, _spaceless = _escaped(ENDS), _escaped(WIDE), _escaped(SPACELESS)
_space = _blank + _ends
_word = r"[\p{L}\p{N}_]"
_letter = rf"(?![\u{{1160}}-\u{{11ff}}\u{{16d63}}-\u{{16d6a}}]){_word}"
_break = rf"[{_blank}]*(?:\r\n|[{_ends}])[{_blank}]*"

#: White space at both ends, and line ends told apart from nothing.
_UNBROKEN = ((f"^[{_space}]+|[{_space}]+$", ""), (f"[{_space}]*[{_ends}][{_space}]*", "\n"))


def _rows(table: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    folded: dict[str, str] = {}
    for row in table.values():
        for char, to in row.items():
            folded[to] = folded.get(to, "") + char
    return [(f"[{_escaped(chars)}]", to) for to, chars in folded.items()]


#: Each pattern with what takes the place of its matches, in this order.
STEPS: tuple[tuple[str, str], ...] = (
    *_UNBROKEN,
    *_rows(EVEN),
    (
        rf"(?<={_word})\u{{ad}}+{_break}(?={_letter})|(?<=[{_wide}]){_break}(?=[{_wide}])",
        "",
    ),
    (rf"(?<=[^{_space}]){_break}(?=[^{_space}])", " "),
    *_rows(UNEVEN),
)

# As `words.cuts_word` has it, for a border that stands where the pattern is tried.
_joiner = r"\p{M}" + _escaped("".join(sorted(ATTACHED)))
_flag, _marks = _escaped("".join(sorted(FLAGS))), _escaped(NUMBER_MARKS)
# What a number with thousands spaces has before a space in it, and after one.
_begun = rf"(?<!{_word}|[.,\-\u{{2010}}\u{{2011}}])\p{{Nd}}{{1,3}}(?: \p{{Nd}}{{3}})*"
_goes_on = r"\p{Nd}{3}(?!\p{Nd})"
#: Matches, empty, at a border that would tear a word, a number or a character apart.
TORN = "|".join(
    (
        r"(?<=[^ ])(?=[^ ])(?:"
        + "|".join(
            (
                rf"(?=[{_joiner}])",
                rf"(?<=[{_escaped(STACKERS)}])",
                rf"(?<=(?<![{_flag}])(?:[{_flag}]{{2}})*[{_flag}])(?=[{_flag}])",
                rf"(?<=[\p{{L}}\p{{N}}{_joiner}])(?<![{_spaceless}])(?=[\p{{L}}\p{{N}}])(?![{_spaceless}])",
                rf"(?<=[nN])(?=['\u2019][tT](?!{_word}))",
                rf"(?<=\p{{Nd}}[{_marks}])(?=\p{{Nd}})",
                rf"(?<=\p{{Nd}})(?=[{_marks}]\p{{Nd}})",
            )
        )
        + ")",
        rf"(?<={_begun})(?= {_goes_on})",
        rf"(?<={_begun} )(?={_goes_on})",
    )
)


def profile() -> str:
    """Return the profile as JSON in ASCII: `steps` and `torn`."""
    return msgspec.json.encode({"steps": STEPS, "torn": TORN}).decode()
