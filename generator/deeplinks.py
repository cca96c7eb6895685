"""Links to a passage of a web page: text fragments, and whether a browser would find the right words.

In: the words of a quote, run by run, and what stands around it. Out: `url#:~:text=…` as the URL Fragment
Text Directives of the WICG have it: `text=[prefix-,]start[,end][,-suffix]`, one directive for each part. A
browser looks from the top of the page, without regard to capitals and accents, and takes whole words only;
it finds words that have no end of their own (`start` alone) within one block.

A quote is unique in its source by its letters, and a headline may say the same in capitals. So `astray` looks
as a browser does, in the saved text: where it would meet other words first, there is no such link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from generator.fold import ENDS, Paragraphing, joined
from generator.words import cuts_word

#: Longest words, in code points, that stand in a link as they are; of longer ones, beginning and end do.
_WHOLE = 300
_PART = 120

_paragraph_end = re.compile(rf"(?:\r\n|[{ENDS}])[^\S{ENDS}]*(?:\r\n|[{ENDS}])\s*")
_line_end = re.compile(f"[{ENDS}]+")

#: Browsers take curly quotation marks for straight ones when they look for words.
_QUOTES = tuple(zip("“”„‟‘’‚‛", "\"\"\"\"''''", strict=True))


class Directive(Struct, frozen=True):
    """One passage to be looked for; empty: not given."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""


def directives(
    parts: Sequence[Sequence[str]], paragraphing: Paragraphing = "blank", prefix: str = "", suffix: str = ""
) -> tuple[Directive, ...]:
    """Return what leads to a quote: a directive for each part, in which words may be left out between runs.

    Prefix and suffix stand before the first and after the last.
    """
    found = [_directive(runs, paragraphing) for runs in parts]
    first, last = _spaced(prefix), _spaced(suffix)
    return tuple(
        Directive(start, end, first if not number else "", last if number + 1 == len(found) else "")
        for number, (start, end) in enumerate(found)
    )


def _directive(runs: Sequence[str], paragraphing: Paragraphing) -> tuple[str, str]:
    """Start and end of a part; no end where it is short and in one paragraph."""
    cut = _line_end if paragraphing == "lines" else _paragraph_end
    blocks = [block for run in runs for words in cut.split(run) if (block := _spaced(words))]
    if len(blocks) == 1 and len(blocks[0]) <= _WHOLE:
        return blocks[0], ""
    return _head(blocks[0]), _head(blocks[-1][::-1])[::-1]


def _head(words: str) -> str:
    """The first words of a long block, and all of a short one."""
    if len(words) <= _PART:
        return words
    return words[:_PART].rpartition(" ")[0] or words[:_PART]


def _spaced(words: str) -> str:
    """Words as a page has them that is not wrapped: one space between two, and no soft hyphens."""
    return " ".join(joined(words).replace("\N{SOFT HYPHEN}", "").split())


def fragment(wanted: Sequence[Directive]) -> str:
    """Return the fragment of an address without `#`; empty for no directive."""
    return ":~:" + "&".join(f"text={_text(one)}" for one in wanted) if wanted else ""


def _text(wanted: Directive) -> str:
    terms = [f"{_encoded(wanted.prefix)}-"] if wanted.prefix else []
    terms.append(_encoded(wanted.start))
    terms += [_encoded(wanted.end)] if wanted.end else []
    terms += [f"-{_encoded(wanted.suffix)}"] if wanted.suffix else []
    return ",".join(terms)


def _encoded(words: str) -> str:
    """Percent-encode a term. `-`, `,` and `&` part the terms, so inside one they are encoded as well."""
    return quote(words, safe="").replace("-", "%2D")


def address(url: str, wanted: Sequence[Directive]) -> str:
    """Return the address of a page with the fragment; a fragment that is there already keeps its place."""
    if not wanted:
        return url
    base, mark, own = url.partition("#")
    return f"{base}#{own.partition(':~:')[0] if mark else ''}{fragment(wanted)}"


def as_browsers_read(text: str) -> str:
    """Return a text without what browsers pass over when they look for words: case, accents, white space."""
    if not text.isascii():
        for curly, straight in _QUOTES:  # first, since most texts are ASCII then
            text = text.replace(curly, straight)
    if not text.isascii():
        text = unicodedata.normalize("NFD", joined(text).replace("\N{SOFT HYPHEN}", ""))
        for mark in [char for char in set(text) if unicodedata.category(char) == "Mn"]:
            text = text.replace(mark, "")
    text = text.casefold()
    if text.isprintable() and "  " not in text:  # most quotes: spaces are its only white space, and single
        return text.strip(" ")
    return " ".join(text.split())


def stands_once(read: str, words: str, paragraphing: Paragraphing) -> bool:
    """Say whether a link to some words of a text holds all of them, and a browser meets them nowhere else.

    False is no answer: then `astray` has it.
    """
    if len(words) > _WHOLE:
        return False
    cut = _line_end if paragraphing == "lines" else _paragraph_end
    if not words.isprintable() and cut.search(words):  # most quotes hold nothing that ends a line
        return False
    wanted = as_browsers_read(words)
    return read.find(wanted, read.find(wanted) + 1) < 0


def astray(read: str, wanted: Directive, before: str) -> bool:
    """Say whether a browser would meet other words first.

    `read` is the whole text and `before` the stored text up to the passage; `read` is `as_browsers_read`.
    """
    start = as_browsers_read(wanted.start)
    first = read.find(start)
    if read.find(start, first + 1) < 0:
        return False  # they stand once
    here = len(as_browsers_read(before))
    return next(_matches(read, wanted), here) < here


def _matches(read: str, wanted: Directive) -> Iterator[int]:
    """Where a directive fits, from the top."""
    start, end, prefix, suffix = map(
        as_browsers_read, (wanted.start, wanted.end, wanted.prefix, wanted.suffix)
    )
    for at, to in _places(read, start, 0):
        if not read[:at].rstrip().endswith(prefix):
            continue
        ends = (e for _, e in _places(read, end, to)) if end else iter((to,))
        if any(read[e:].lstrip().startswith(suffix) for e in ends):
            yield at


def _places(read: str, words: str, after: int) -> Iterator[tuple[int, int]]:
    at = read.find(words, after)
    while at >= 0:
        if not cuts_word(read, at) and not cuts_word(read, at + len(words)):
            yield at, at + len(words)
        at = read.find(words, at + 1)
