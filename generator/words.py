"""Words and their borders, the same way everywhere: limits, short quotes, gaps, context.

A word is a run of characters between white space; in scripts that are written without spaces every two
characters count as a word. That is what `wc -w` counts for most texts, so a curator can check it by hand.
"""

from __future__ import annotations

import re
import unicodedata

from generator.patterns import late

#: Han, kana, bopomofo and their full-width forms: a line break between two of them stands for nothing
#: (CSS Text 3, 4.1.3), while elsewhere it stands for a space.
WIDE = (
    "\u2e80-\u2fdf\u3001-\u3029\u3030-\u3098\u309b-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
#: Scripts without spaces: the letters of those above, and Thai, Lao, Tibetan, Myanmar and Khmer.
SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WIDE_MARKS = "\u3001-\u3003\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"

_spaceless = late(f"[{SPACELESS}]")
_word = late(rf"[{SPACELESS}]{{1,2}}|[^\s{SPACELESS}{_WIDE_MARKS}]+")
_token = late(rf"[{SPACELESS}]|[^\s{SPACELESS}{_WIDE_MARKS}]+|[{_WIDE_MARKS}]")
_wide_mark = re.compile(f"[{_WIDE_MARKS}]")
_thousands = late(r"(?<![\w.,\-\u2010\u2011])\d{1,3}(?: \d{3})+(?!\d)")
#: Code points before a thousands space in which its number begins.
_LONGEST = 32
#: What attaches to the character before it and is no mark: joiners, skin tones, tags, Thai and Lao am.
ATTACHED = frozenset(
    "\u200c\u200d\u0e33\u0eb3" + "".join(map(chr, (*range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080))))
)
#: What attaches the character after it: the joiner, and the signs that stack Myanmar and Khmer letters.
STACKERS = "\u200d\u1039\u17d2"
#: A flag is two of these.
FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
#: What parts the digits of one number, where one stands on each side.
NUMBER_MARKS = ".,·．，٫٬'’"
_torn_negation = late(r"n['’]t\b", re.IGNORECASE)


def count_words(text: str) -> int:
    """Return the number of words in `text`."""
    if is_spaced(text):
        return len(text.split())
    return sum(1 for _ in _word.finditer(text))


def is_spaced(text: str) -> bool:
    """Say whether white space stands between all words of `text`: no script in it is written without."""
    return text.isascii() or not _spaceless.search(text)


def count_begun(text: str) -> int:
    """Return the number of words that end in `text`; one at its end that may go on does not."""
    return count_words(text) - (bool(text) and is_open(text[-1]))


def is_open(char: str) -> bool:
    """Say whether a word that ends or begins with this character may go on beyond it."""
    return not (char.isspace() or _spaceless.match(char) or _wide_mark.match(char))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of `text` start and end, in code points."""
    return [m.span() for m in _word.finditer(text)]


def tokens(text: str) -> list[tuple[int, int]]:
    """Return the smallest pieces worth comparing: words, and single characters in scripts without spaces."""
    return [m.span() for m in _token.finditer(text)]


def cuts_word(text: str, at: int) -> bool:
    """Say whether a border at `at` would tear a word, a number or a character apart.

    "acceptable" does not stand in "unacceptable", "50" not in "150" or "2.50", "we can" not in "we can't",
    and a letter not without its accents. Browsers hold text fragments to word borders for the same reason.
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":
        return _inside_thousands(text, at)
    if _extends(after) or before in STACKERS or (before in FLAGS and after in FLAGS and _halves(text, at)):
        return True
    if before.isalnum() or _extends(before):
        if after.isalnum():
            return not (_spaceless.match(before) or _spaceless.match(after))
        if after in "'’" and _torn_negation.match(text, at - 1):
            return True
    return _inside_number(text, at)


def _extends(char: str) -> bool:
    """Say whether a character belongs to the one before it (Unicode Standard Annex 29, clusters)."""
    return not char.isascii() and (char in ATTACHED or unicodedata.category(char)[0] == "M")


def _halves(text: str, at: int) -> bool:
    """Say whether a border parts the two letters of a flag: an odd number of them stands before it."""
    first = at
    while first and text[first - 1] in FLAGS:
        first -= 1
    return (at - first) % 2 == 1


def _inside_number(text: str, at: int) -> bool:
    """Say whether a decimal point or thousands mark with digits on both sides is next to the border."""
    return any(
        text[mark] in NUMBER_MARKS and text[mark - 1 : mark].isdigit() and text[mark + 1 : mark + 2].isdigit()
        for mark in (at - 1, at)
    )


def _inside_thousands(text: str, at: int) -> bool:
    """Say whether the border is beside a space within a number such as "12 500" (ISO 80000-1, 7.3.1).

    "12 500" after a date, "on May 12 500 ships", looks the same and counts as one number too: rather quote a
    word more than half a number.
    """
    space = at - (text[at] != " ")
    if not (text[space - 1 : space].isdigit() and text[space + 1 : space + 2].isdigit()):
        return False
    first, least = space, max(0, space - _LONGEST)
    while first > least and (text[first - 1].isdigit() or text[first - 1] == " "):
        first -= 1
    return any(number.start() < at < number.end() for number in _thousands.finditer(text, first, at + 5))
