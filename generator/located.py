"""Where a quote stands in its source: the only thing that pages and checks ever see of a saved text.

The evidence lock stores exactly these values, so a site built from the lock and a site built from the
texts are the same bytes. All offsets and lengths are Unicode code points of the saved text as stored;
spans are half-open.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

State: TypeAlias = Literal["exact", "folded", "ambiguous", "altered", "missing", "unchecked"]
PUBLISHABLE: frozenset[State] = frozenset({"exact", "folded"})


class Span(Struct, frozen=True, array_like=True, order=True):
    """A passage: from `start` up to, not including, `end`, in code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


class Gap(Struct, frozen=True, omit_defaults=True):
    """Words left out between two neighbouring spans of one quotation."""

    #: Code points left out.
    size: int
    #: Words left out.
    words: int = 0
    #: What the gap hides that a reader should know of: "negation", "number", "sentence end",
    #: "paragraph end", or "passage in a language without a word list".
    hides: tuple[str, ...] = ()


class LocatedEvidence(Struct, frozen=True, omit_defaults=True):
    """One piece of evidence and where its words stand."""

    #: Id of the source.
    source: str
    #: Digest of what was asked for (16 hex digits): a lock line speaks only of that.
    ask: str
    #: How the words were found; only `exact` and `folded` may be published.
    state: State
    #: Public name of the passage, the fragment of its address: `q-` and eight hex digits.
    anchor: str = ""
    #: Where the words stand, in reading order; one span for each unbroken run.
    spans: tuple[Span, ...] = ()
    #: The source's own words for each span, where they differ from those typed; empty where they do not.
    words: tuple[str, ...] = ()
    #: What had to be folded, by name ("no-break space"), in the order of the profile's table.
    folds: tuple[str, ...] = ()
    #: For each span, the numbers of its first word and of the word after its last, counted from 0 through the
    #: whole text: spans whose numbers meet stand in one unbroken run.
    runs: tuple[Span, ...] = ()
    #: Number of the paragraph each span starts in, from 1.
    paragraphs: tuple[int, ...] = ()
    #: One for each pair of neighbouring spans that an omission mark joins; size 0 between list items.
    gaps: tuple[Gap, ...] = ()
    #: Context words shown before the first span.
    before: str = ""
    #: Context words shown after the last span.
    after: str = ""
    #: Whether a browser that looks for these words in the text meets others first (capitals and accents do
    #: not count there), so that no link can lead to them.
    astray: bool = False


class LocatedFact(Struct, frozen=True, omit_defaults=True):
    """All evidence of one fact, located, in the order written."""

    fact: str
    evidence: tuple[LocatedEvidence, ...]
    #: Digest of the dating phrase that was asked for; empty when there is none.
    phrase_ask: str = ""
    #: Where the dating phrase stands in its source; empty when there is none or it was not found.
    phrase: tuple[Span, ...] = ()
    #: The source's own words for the phrase, where they differ from those typed.
    phrase_words: str = ""
    #: The numbers of its words, as in the evidence.
    phrase_runs: tuple[Span, ...] = ()


class LocatedSource(Struct, frozen=True, omit_defaults=True):
    """The measures of a saved text."""

    source: str
    #: SHA-256 of the file's bytes, hexadecimal.
    sha256: str
    #: Length in code points.
    length: int
    #: Paragraphs in order; white space between them belongs to none.
    paragraphs: tuple[Span, ...]
    #: How paragraphs were told apart.
    paragraphing: Literal["blank", "lines"] = "blank"
    #: Name of the folding profile.
    fold: str = "fold-1"
