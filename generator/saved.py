"""A saved text made ready for locating, once, however many quotes are looked for in it.

In: the bytes of the file. Out: the text, its folded form, and the measures that the evidence lock keeps.
Refused in the curator's words: anything but UTF-8 without byte order mark, and an empty file.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from hashlib import sha256

from msgspec import Struct

from generator import fold
from generator.deeplinks import as_browsers_read
from generator.fold import Folded
from generator.located import LocatedSource, Span
from generator.words import count_words, is_open


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
        start = self._starts[at] if self._starts else 0
        begun = self.text[start : span.start]
        first = self._words_before[at] + self._count(begun) - (bool(begun) and is_open(begun[-1]))
        return Span(first, first + self._count(self.slice(span)))

    def _count(self, text: str) -> int:
        """Return the number of words in a part of the text that begins with one."""
        if self._is_plain:  # most of all texts, counted without being taken apart
            return text.count(" ") + text.count("\n") + (text[-1:] not in ("", " ", "\n"))
        return len(text.split()) if self._is_spaced else count_words(text)

    @cached_property
    def _is_spaced(self) -> bool:
        """Whether every letter is of a script with spaces, told at a glance: no fold makes others ASCII."""
        return self.folded.text.isascii()

    @cached_property
    def _is_plain(self) -> bool:
        """Whether one space or line break stands between two words, and nothing else."""
        parts = [self.slice(paragraph) for paragraph in self.source.paragraphs]
        plain = all(" ".join(part.split()) == part.replace("\n", " ") for part in parts)
        return plain and self._is_spaced

    @cached_property
    def read(self) -> str:
        """The text as browsers read it when they look for words."""
        return as_browsers_read(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.source.paragraphs]

    @cached_property
    def _words_before(self) -> list[int]:
        """Words before each paragraph."""
        before = [0]
        for paragraph in self.source.paragraphs:
            before.append(before[-1] + self._count(self.slice(paragraph)))
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
