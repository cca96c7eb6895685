"""The folding profile `fold-1`: which differences between a quote and its source do not count.

In: a text as saved or typed. Out: the folded text and the way back to every code point of the original.
Both sides of a comparison are folded the same way; what the profile does not name is never folded, so
letters, digits, case and hyphens must be the source's own, and `…` is not `...`. `docs/fold-1.md` is the
table for people. A change that alters any result needs a new name: locks and anchors rest on this one.

Folding twice changes nothing. Most texts keep their length, and then offsets are the same on both sides;
where a fold takes code points away or adds some, `Folded.edits` lists the places.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from operator import attrgetter, itemgetter
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.located import Span
from generator.patterns import late
from generator.words import WIDE

PROFILE = "fold-1"

#: How the paragraphs of a text are told apart; in one parted by `lines` no line break is ever folded.
Paragraphing: TypeAlias = Literal["blank", "lines"]

#: Folds that keep the length: by name, what each character counts as.
EVEN: dict[str, dict[str, str]] = {
    "no-break space": dict.fromkeys("\u00a0\u202f", " "),
    "thin space": dict.fromkeys(
        "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f", " "
    ),
    "curly quotes": dict.fromkeys("“”„‟", '"'),
    "curly apostrophe": dict.fromkeys("‘’‚‛", "'"),
}
#: Folds that take characters away or add some.
UNEVEN: dict[str, dict[str, str]] = {
    "soft hyphen": {"\u00ad": ""},
    "ligature": dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}
_LINE_BREAK = "line break"
_UNICODE_FORM = "Unicode form (NFC)"

#: What fold-1 folds, by the names that pages print, in the order of the table in docs/fold-1.md.
NAMES: tuple[str, ...] = (*EVEN, "soft hyphen", _LINE_BREAK, _UNICODE_FORM, "ligature")

_even_pairs = tuple(pair for row in EVEN.values() for pair in row.items())
_uneven_table = str.maketrans({char: to for row in UNEVEN.values() for char, to in row.items()})
_uneven_chars = "".join(char for row in UNEVEN.values() for char in row)

# Line ends are LF, CR LF, CR, NEL, LS and PS (Unicode Standard, 5.8). The group is atomic, so that the
# halves of CR LF are never taken for two line ends, which would be a blank line.
ENDS = "\n\r\x85\u2028\u2029"
_END = rf"(?>\r\n|[{ENDS}])"
_BLANKS = rf"[^\S{ENDS}]*"
_line_end = late(_END)
_any_end = re.compile(f"[{ENDS}]")
_blank_line = late(rf"{_END}{_BLANKS}{_END}\s*")
_blank_line_of_lf = re.compile(r"\n[^\S\n]*\n\s*")

# A line break inside a paragraph has text on both sides and stands for one space, with the blanks around
# it. It stands for nothing after a soft hyphen, where the word goes on, and between wide letters (CSS Text
# 3, 4.1.3). What follows such a joint must not combine with what stands before it.
_BREAK = f"{_BLANKS}{_END}{_BLANKS}"
_LETTER = r"[^\W\u1160-\u11ff\U00016d63-\U00016d6a]"
_JOINT = rf"(?<=\w)\u00ad+{_BREAK}(?={_LETTER})|(?<=[{WIDE}]){_BREAK}(?=[{WIDE}])"
_SPACE = rf"(?<=\S){_BREAK}(?=\S)"
_break = late(f"(?P<joint>{_JOINT})|(?P<space>{_SPACE})")
_joint = late(_JOINT)
_bare_break = late(rf"\n(?<=\S\n)(?<!\u00ad\n)(?=\S)(?!(?<=[{WIDE}]\n)[{WIDE}])")
# Where all is ASCII, without the classes that take milliseconds to compile.
_bare_break_of_ascii = late(r"\n(?<=\S\n)(?=\S)")
# Begins with one character, which makes the search ten times as fast as with a choice of them.
_leftover_break = late(rf"\n(?<![{ENDS}]\n){_BLANKS}(?=\S)")


#: The characters that give a row of the table something to do.
_signs: dict[str, frozenset[str]] = {name: frozenset(row) for name, row in (EVEN | UNEVEN).items()}
_signs[_LINE_BREAK] = frozenset(ENDS)


class Edit(Struct, frozen=True):
    """A place that folding replaced: a passage of the original and what became of it (maybe nothing)."""

    start: int
    end: int
    folded_start: int
    folded_end: int


class Folded(Struct, frozen=True):
    """A folded text with the way back. Offsets are code points on both sides; spans are half-open."""

    text: str
    #: Where the two differ in length, in order; everything between has the same length on both sides.
    edits: tuple[Edit, ...] = ()

    def span(self, start: int, end: int) -> Span | None:
        """Return the passage of the original that became `text[start:end]`, without removed margins.

        None when a border falls inside what one passage became: half a ligature stands nowhere.
        """
        if not self.edits:
            return Span(start, end)
        first = bisect_right(self.edits, start, key=attrgetter("folded_end"))
        last = bisect_left(self.edits, end, key=attrgetter("folded_start"))
        if first < len(self.edits) and self.edits[first].folded_start < start:
            return None
        if last and self.edits[last - 1].folded_end > end:
            return None
        return Span(self._back(start, first), self._back(end, last))

    def _back(self, at: int, edits_before: int) -> int:
        if not edits_before:
            return at
        last = self.edits[edits_before - 1]
        return last.end + at - last.folded_end

    def at(self, offset: int) -> int:
        """Return where code point `offset` of the original went; from inside an edit, where that starts."""
        before = bisect_right(self.edits, offset, key=attrgetter("start"))
        if not before:
            return offset
        edit = self.edits[before - 1]
        return edit.folded_start if offset < edit.end else edit.folded_end + offset - edit.end


def fold(text: str, paragraphing: Paragraphing = "blank") -> Folded:
    """Fold a text by fold-1. A quote is folded with the paragraphing of its source."""
    if text.isascii() and "\n" not in text and "\r" not in text:
        return Folded(text)
    even = text
    if not text.isascii():
        for char, to in _even_pairs:  # a chain of replacements: measured many times faster than str.translate
            even = even.replace(char, to)
    breaks = False
    if paragraphing == "blank":
        if "\n" in even:
            even = (_bare_break_of_ascii if even.isascii() else _bare_break).sub(" ", even)
            breaks = _leftover_break.search(even) is not None
        breaks = breaks or any(end in even for end in ENDS[1:])
    if breaks or not (
        even.isascii()
        or (unicodedata.is_normalized("NFC", even) and not any(char in even for char in _uneven_chars))
    ):
        return _fold_unevenly(even, breaks)
    return Folded(even)


def joined(words: str) -> str:
    """Return words without the line breaks that stand for nothing, which most browsers print as a space.

    For words from a text whose paragraphs end at blank lines; blank lines stay.
    """
    return words if words.isascii() or not _any_end.search(words) else _joint.sub("", words)


def _fold_unevenly(even: str, breaks: bool) -> Folded:
    """Do the folds that may change the length, and note where."""
    places = _odd_breaks(even) if breaks else []
    if not even.isascii():
        places += [(*m.span(), _settled(m[0])) for m in _odd_letters(even).finditer(even)]
        places.sort(key=itemgetter(0))  # stable: a line break stays before the soft hyphens it takes along
    pieces: list[str] = []
    edits: list[Edit] = []
    done = length = 0
    for start, end, new in places:
        if start < done or new == even[start:end]:
            continue  # a soft hyphen that went with its line break, or nothing to do
        pieces += even[done:start], new
        length += start - done
        edits.append(Edit(start, end, length, length + len(new)))
        length += len(new)
        done = end
    pieces.append(even[done:])
    return Folded("".join(pieces), tuple(edits))


def _odd_breaks(even: str) -> list[tuple[int, int, str]]:
    """Return every line break inside a paragraph, with the blanks around it, and what it stands for."""
    found = []
    for line_end in _any_end.finditer(even):
        blanks = line_end.start()
        while blanks and even[blanks - 1].isspace() and even[blanks - 1] not in ENDS:
            blanks -= 1
        hyphens = blanks
        while hyphens and even[hyphens - 1] == "\u00ad":
            hyphens -= 1
        match = _break.match(even, hyphens) or _break.match(even, blanks)
        if match:
            found.append((*match.span(), " " if match["joint"] is None else ""))
    return found


def _odd_letters(even: str) -> re.Pattern[str]:
    """Return a pattern for every ligature, soft hyphen and cluster that this text may hold unfolded."""
    joining = singles = ""
    if not unicodedata.is_normalized("NFC", even.translate(_uneven_table)):
        present = sorted(set(even))
        joining = "".join(re.escape(char) for char in present if joins(char))
        singles = "".join(re.escape(char) for char in present if not unicodedata.is_normalized("NFC", char))
    cluster = rf"[^\s\u00ad{joining}]?(?:\u00ad*[{joining}])+|" if joining else ""
    return re.compile(rf"{cluster}[{_uneven_chars}{singles}]")


def _settled(piece: str) -> str:
    return unicodedata.normalize("NFC", piece.translate(_uneven_table))


def joins(char: str) -> bool:
    """Say whether a character may combine with the one before it: marks, and vowels and finals of Hangul.

    A superset of what NFC ever composes (Unicode Standard Annex 15), Kirat Rai vowels included.
    """
    return (
        unicodedata.category(char)[0] == "M"
        or "\u1160" <= char <= "\u11ff"
        or "\U00016d63" <= char <= "\U00016d6a"
    )


def needed(typed: str, own: str, paragraphing: Paragraphing = "blank") -> tuple[str, ...]:
    """Name the folds without which a typed quote and the source's own words would differ, in table order.

    Both fold to the same text, and have no white space around them.
    """
    if typed == own:
        return ()
    if typed == own.replace("\n", " "):
        return (_LINE_BREAK,)  # most of all folded quotes, so it is answered first
    present = set(typed) | set(own)
    in_form = unicodedata.is_normalized("NFC", typed) and unicodedata.is_normalized("NFC", own)
    possible = [n for n in NAMES if (not in_form if n == _UNICODE_FORM else present & _signs[n])]
    if len(possible) > 1:
        alone = [n for n in possible if _all_but(n, typed, paragraphing) != _all_but(n, own, paragraphing)]
        possible = alone or possible  # none alone where two would do (a no-break space before a line break)
    return tuple(possible)


def _all_but(name: str, text: str, paragraphing: Paragraphing) -> str:
    """Fold a text by all of fold-1 except one row of its table."""
    for row, pairs in EVEN.items():
        if row != name:
            for char, to in pairs.items():
                text = text.replace(char, to)
    if paragraphing == "blank" and name != _LINE_BREAK:
        text = _break.sub(lambda m: " " if m["joint"] is None or name == "soft hyphen" else "", text)
    for row, pairs in UNEVEN.items():
        if row != name:
            for char, to in pairs.items():
                text = text.replace(char, to)
    return text if name == _UNICODE_FORM else unicodedata.normalize("NFC", text)


def paragraphs(text: str, mode: str = "") -> tuple[tuple[Span, ...], Paragraphing]:
    """Return the paragraphs of a text, without white space around them, and how they were told apart.

    They end at blank lines or, in a text that has none, at every line end; a `mode` of "blank" or "lines"
    decides instead.
    """
    words = text.strip()
    first = text.find(words)
    last = first + len(words)
    plain = not any(end in text for end in ENDS[1:])
    cuts = (
        []
        if mode == "lines"
        else list((_blank_line_of_lf if plain else _blank_line).finditer(text, first, last))
    )
    paragraphing: Paragraphing = "blank" if cuts or mode == "blank" else "lines"
    if paragraphing == "lines":
        cuts = list(_line_end.finditer(text, first, last))
    spans = []
    for start, end in zip([first, *(c.end() for c in cuts)], [*(c.start() for c in cuts), last], strict=True):
        if words := text[start:end].strip():
            start = text.find(words, start)
            spans.append(Span(start, start + len(words)))
    return tuple(spans), paragraphing
