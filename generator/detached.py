"""A published folder checked against articles that somebody else holds.

In: the bytes of `data/facts.json` and of some files. Out: for every source which file is its article, and for
every quote whether it stands there. The content a site was made from is never asked for.

An article is known by its SHA-256: then it is the very text that was saved, and each quote must stand at
its place, character by character. Any other file is another copy. It is taken for the source whose quotes it
holds best, never for the sake of its name, and the quotes are sought by their folded words. A source that no
file fits has no article here, which says nothing against its quotes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from generator.copies import Copy
from generator.fold import joined
from generator.nearest import Passage
from generator.problems import printable

#: `verified`: stands at its place in the very text that was saved; `found`: stands in another copy;
#: `not found`: does not stand in the article; `no article`: no file here is one of its source; `no words`:
#: the site publishes none, so there is nothing to compare.
Outcome: TypeAlias = Literal["verified", "found", "not found", "no article", "no words"]

#: Least part of a source's quotes, or of their neighbouring words, that its article holds.
_FITS = 0.5


class _Row(Struct, frozen=True):
    source: str
    anchor: str
    start: int
    end: int
    quote: str | None


class _Fact(Struct, frozen=True):
    id: str
    evidence: tuple[_Row, ...]


class _Source(Struct, frozen=True):
    id: str
    sha256: str
    title: str


class _Document(Struct, frozen=True):
    sources: tuple[_Source, ...]
    facts: tuple[_Fact, ...]


class Quote(Struct, frozen=True):
    """A quote as published, each once, however many facts rest on it."""

    anchor: str
    #: Start and end in code points of the saved text, with the words; in reading order.
    runs: tuple[tuple[int, int, str], ...]
    #: Facts that rest on it.
    facts: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Its words, run by run; empty where the site publishes none."""
        return tuple(words for _, _, words in self.runs) if all(words for _, _, words in self.runs) else ()


class Published(Struct, frozen=True):
    """A source as published, with its quotes in reading order."""

    id: str
    title: str
    sha256: str
    quotes: tuple[Quote, ...]


class QuoteVerdict(Struct, frozen=True):
    """How it stands with one quote."""

    quote: Quote
    outcome: Outcome
    #: For a quote that was not found: the passage most like it, a suggestion only.
    nearest: Passage | None = None


class SourceVerdict(Struct, frozen=True):
    """Which file is a source's article, and how it stands with its quotes."""

    source: Published
    #: Name of the file; empty when there is none.
    file: str
    #: Whether it is the very text that was saved.
    same: bool
    quotes: tuple[QuoteVerdict, ...]


class Verdict(Struct, frozen=True):
    """What came of it all."""

    sources: tuple[SourceVerdict, ...]
    #: Files that are no article of any source.
    unused: tuple[str, ...]
    #: Files that hold no text in UTF-8.
    unread: tuple[str, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """How many quotes came to what."""
        return Counter(each.outcome for source in self.sources for each in source.quotes)


def read_published(data: bytes) -> tuple[Published, ...]:
    """Read `data/facts.json`: every source with its quotes.

    Raises ValueError when it is not one that this factsheet understands.
    """
    document = msgspec.json.decode(data, type=_Document)
    runs: dict[str, dict[str, dict[tuple[int, int], str]]] = {s.id: {} for s in document.sources}
    facts: dict[tuple[str, str], dict[str, None]] = {}
    for fact in document.facts:
        for row in fact.evidence:
            if row.source not in runs:
                raise ValueError(f"fact {fact.id} names a source that is not listed: {row.source}")
            held = runs[row.source].setdefault(row.anchor, {})
            held[row.start, row.end] = row.quote or ""
            facts.setdefault((row.source, row.anchor), {})[fact.id] = None
    return tuple(
        Published(
            id=source.id,
            title=source.title,
            sha256=source.sha256,
            quotes=tuple(
                sorted(
                    (
                        Quote(
                            anchor=anchor,
                            runs=tuple((*span, words) for span, words in sorted(spans.items())),
                            facts=tuple(facts[source.id, anchor]),
                        )
                        for anchor, spans in runs[source.id].items()
                    ),
                    key=lambda quote: (quote.runs, quote.anchor),
                )
            ),
        )
        for source in document.sources
    )


class _File(Struct, frozen=True):
    name: str
    sha256: str
    text: str
    copy: Copy


def compare(sources: Iterable[Published], files: Mapping[str, bytes]) -> Verdict:
    """Find the article of every source among some files, and its quotes in it."""
    sources = tuple(sources)
    read, unread = _read(files)
    by_digest: dict[str, _File] = {}
    for file in read:
        by_digest.setdefault(file.sha256, file)
    same = {s.id: by_digest[s.sha256] for s in sources if s.sha256 in by_digest}
    known = {file.sha256 for file in same.values()}
    copies = _best_fits([s for s in sources if s.id not in same], [f for f in read if f.sha256 not in known])
    used = known | {file.sha256 for file in copies.values()}
    return Verdict(
        sources=tuple(_of_source(s, same.get(s.id) or copies.get(s.id), s.id in same) for s in sources),
        unused=tuple(file.name for file in read if file.sha256 not in used),
        unread=tuple(unread),
    )


def _read(files: Mapping[str, bytes]) -> tuple[list[_File], list[str]]:
    read, unread = [], []
    for name, data in sorted(files.items()):
        try:
            text = data.decode()
        except UnicodeDecodeError:
            unread.append(name)
            continue
        read.append(_File(name, sha256(data).hexdigest(), text, Copy.of(text.removeprefix("\ufeff"))))
    return read, unread


def _best_fits(sources: list[Published], files: list[_File]) -> dict[str, _File]:
    """Give each source the file that holds most of its quotes, then most of their words; a file goes once."""
    offers = []
    for source in sources:
        wanted = [quote.words for quote in source.quotes if quote.words]
        for file in files if wanted else ():
            held = sum(map(file.copy.holds, wanted)) / len(wanted)
            like = file.copy.likeness(wanted)
            if max(held, like) >= _FITS:
                offers.append((-held, -like, source.id, file.name, file))
    given: dict[str, _File] = {}
    gone: set[str] = set()
    for _, _, key, name, file in sorted(offers, key=lambda offer: offer[:4]):
        if key not in given and name not in gone:
            given[key] = file
            gone.add(name)
    return given


def _of_source(source: Published, file: _File | None, same: bool) -> SourceVerdict:
    verdicts = tuple(_of_quote(quote, file, same) for quote in source.quotes)
    return SourceVerdict(source, file.name if file else "", same, verdicts)


def _of_quote(quote: Quote, file: _File | None, same: bool) -> QuoteVerdict:
    if not quote.words:
        return QuoteVerdict(quote, "no words" if same else "no article")
    if file is None:
        return QuoteVerdict(quote, "no article")
    if same and all(file.text[start:end] == words for start, end, words in quote.runs):
        return QuoteVerdict(quote, "verified")
    if not same and file.copy.holds(quote.words):
        return QuoteVerdict(quote, "found")
    return QuoteVerdict(quote, "not found", file.copy.nearest(quote.words))


def render_text(verdict: Verdict) -> str:
    """Return what came of it for a person at a terminal: each source with its quotes, then the counts."""
    lines = [line for source in verdict.sources for line in _lines(source)]
    lines += [f"no article of any source: {name}" for name in verdict.unused]
    lines += [f"no text in UTF-8: {name}" for name in verdict.unread]
    counts = verdict.counts
    told = (
        (counts["verified"], "verified by digest"),
        (counts["found"], "found in another copy"),
        (counts["not found"], "not found"),
        (counts["no article"], "without an article"),
        (counts["no words"], "without published words"),
    )
    lines.append(f"Quotes: {', '.join(f'{count} {words}' for count, words in told)}")
    return "\n".join(map(printable, lines))


def _lines(verdict: SourceVerdict) -> Iterator[str]:
    source = verdict.source
    if verdict.same:
        what = f"{verdict.file}, the very text that was saved (same SHA-256)"
    elif verdict.file:
        what = f"{verdict.file}, another copy"
    else:
        what = "no article here" + (
            "" if any(q.words for q in source.quotes) else " (only its digest could tell)"
        )
    yield f"{source.id}: {what}"
    for each in verdict.quotes:
        words = " […] ".join(" ".join(joined(run).split()) for run in each.quote.words)
        yield f"  {each.outcome:<10} {each.quote.anchor}{f'  “{words}”' if words else ''}"
        if each.outcome == "not found":
            yield f"             facts: {', '.join(each.quote.facts)}"
            yield f"             nearest: {_near(each.nearest)}"


def _near(passage: Passage | None) -> str:
    if passage is None:
        return "nothing like it"
    if not passage.differs:
        return f"“{passage.words}” (the same words, elsewhere or parted in another order)"
    return (
        f"“{passage.words}” ({passage.differs} {'word differs' if passage.differs == 1 else 'words differ'})"
    )
