"""A saved text made ready for locating, once, however many quotes are looked for in it.

In: the bytes of the file. Out: the text, its folded form, and the measures that the evidence lock keeps.
Refused in the curator's words: anything but UTF-8 without byte order mark, and an empty file.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import sha256

from msgspec import Struct

from generator import fold
from generator.cached import cached_property
from generator.deeplinks import as_browsers_read
from generator.fold import Folded
from generator.located import LocatedSource, Span
from generator.words import count_words, is_open

#: White space of ASCII that is neither a space nor a line break.
_ODD_SPACE = "\t\r\v\f\x1c\x1d\x1e\x1f"


class Saved(Struct, frozen=True, dict=True):
    """The saved text of one source, ready for locating."""

    #: Its measures, with the id of the source.
    source: LocatedSource
    #: The text as stored; every offset counts its code points.
    text: str
    #: The text folded with the source's paragraphing.
    folded: Folded

    def slice(self, span: Span) -> str:
        """Return the source's own words at a span."""
        return self.text[span.start : span.end]

    def paragraph(self, offset: int) -> int:
        """Return the position in `source.paragraphs` of the paragraph that holds a code point, from 0."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def words(self, span: Span) -> Span:
        """Return the numbers of the first word of a span and of the word after its last.

        Words count from 0 through the whole text. One that begins before the span counts as its first.
        """
        at = self.paragraph(span.start)
        if self._line:  # most texts, counted without being taken apart
            # Behind each word but the last stands one space, or its paragraph ends.
            spaces = self.folded.text.count
            first = spaces(" ", self._starts[0], span.start) + at
            breaks = self.paragraph(span.end - 1) - at
            return Span(first, first + spaces(" ", span.start, span.end) + breaks + 1)
        start = self._starts[at] if self._starts else 0
        begun = self.text[start : span.start]
        first = self._words_before[at] + count_words(begun) - (bool(begun) and is_open(begun[-1]))
        return Span(first, first + count_words(self.slice(span)))

    @cached_property
    def _line(self) -> str:
        """The folded text in one line and without case; empty where it is not ASCII, is not as long as the
        text as stored, or has anything but one space, a line break or a blank line between two words.
        """
        text = self.folded.text
        if self.folded.edits or not text.isascii() or any(char in text for char in _ODD_SPACE):
            return ""
        line = text.replace("\n\n", " ").replace("\n", " ").strip(" ").lower()
        return "" if "  " in line else line

    @cached_property
    def read(self) -> str:
        """The text as browsers read it when they look for words."""
        # What fold-1 makes ASCII and leaves as long is spaces and quotation marks, as it is for browsers.
        return self._line or as_browsers_read(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.source.paragraphs]

    @cached_property
    def _words_before(self) -> list[int]:
        """Words before each paragraph."""
        before = [0]
        for paragraph in self.source.paragraphs:
            before.append(before[-1] + count_words(self.slice(paragraph)))
        return before


def read_saved(source: str, data: bytes, paragraphing: str = "") -> Saved:
    """Make the saved text of a source ready. `paragraphing` ("blank", "lines") overrides what the text shows.

    Raises ValueError, to be told to the curator, when the bytes are no text we can count code points in.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise ValueError("begins with a byte order mark; save it as UTF-8 without one (without BOM)")
    if b"\0" in data:
        raise ValueError("is not plain text in UTF-8 (it holds zero bytes, as UTF-16 does); save it as UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"is not UTF-8: in line {line} the byte 0x{data[error.start]:02x} fits no character; "
            "save it as UTF-8"
        ) from error
    if not text.strip():
        raise ValueError("is empty")
    spans, found = fold.paragraphs(text, paragraphing)
    measures = LocatedSource(
        source=source,
        sha256=sha256(data).hexdigest(),
        length=len(text),
        paragraphs=spans,
        paragraphing=found,
        fold=fold.PROFILE,
    )
    return Saved(measures, text, fold.fold(text, found))
