"""What is looked at before the first byte leaves: a built site, as a reader and a lawyer would.

In: the bytes of the built files, and what must not be among them. Out: problems. Nothing is read here.
"""

from __future__ import annotations

import contextlib
import csv
import html
import re
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from posixpath import join, normpath
from urllib.parse import unquote

from msgspec import Struct

from generator import addresses, words
from generator.addresses import Address
from generator.problems import Place, Problem

_INLINE = re.compile(r"</?(?:mark|b|i|em|strong|span|a|q|cite|abbr|time|wbr)\b[^>]*>", re.I)
_MARKUP = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\[nrt\"]")
_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})")
_FOLDED = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(r"^[A-Z-]+[^:\n]*:", re.M)
#: What parts the values of attributes; those of an element shorter than this hold no run worth looking for.
_PARTS = str.maketrans(dict.fromkeys("\"'=+", " "))
_LONG = 20
_PUNCTUATION = bytes(ord(mark) for mark in string.punctuation if mark not in '_"')
_QUOTES_PART = bytes.maketrans(b'"', b" ")
_NO_WORD = re.compile(r"[^\w\s\x00-\x7f]+")
_OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.I).match
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I).match
#: Words that are sought together; a run is measured from where they stand.
_GRAM = 4


class Places(Struct, frozen=True):
    """Places on this computer that no page may name."""

    #: Folders, with a slash at the end.
    folders: tuple[str, ...]
    #: Whether there is such a file or folder.
    is_here: Callable[[str], bool]
    #: Names that may stand in words all the same.
    allowed: frozenset[str] = frozenset()


class Text(Struct, frozen=True):
    """A saved text, or the statement of a draft, that must not be published as a whole."""

    #: What it is called in a problem: "source bridge-opens".
    name: str
    words: tuple[str, ...]
    #: Most words that may stand in a row.
    limit: int
    #: Words that may, though they be more: its title.
    free: str = ""


def text_words(text: str) -> tuple[str, ...]:
    """The words of a text without case and punctuation; single characters in scripts without spaces."""
    # Where a quotation mark stands between letters, programs read the end of one text and the next.
    plain = text.casefold().encode("utf-8", "surrogatepass").translate(_QUOTES_PART, _PUNCTUATION)
    letters = plain.decode("utf-8", "surrogatepass")
    if not letters.isascii():
        letters = unicodedata.normalize("NFC", letters)
        letters = _NO_WORD.sub("", letters)
        if not words.is_spaced(letters):
            return tuple(letters[start:end] for start, end in words.tokens(letters))
    return tuple(letters.split())


def protected(name: str, text: str, limit: int, title: str = "") -> Text:
    """A text of which at most `limit` words may stand in a row; two characters of CJK or Thai are a word."""
    found = text_words(text)
    spaceless = words.count_words(text) < len(found) * 0.75
    return Text(name, found, limit * 2 if spaceless else limit, " ".join(text_words(title)))


class Guarded(Struct, frozen=True):
    """Texts by a few words in a row, so that a page is gone over once, however many texts there are."""

    #: How many words in a row are sought.
    length: int
    #: Each text at places so close together that any run over its limit holds one.
    places: dict[tuple[str, ...], list[tuple[Text, int]]]


def guard(texts: Iterable[Text]) -> tuple[Guarded, ...]:
    """Texts made ready to be sought."""
    groups: dict[int, Guarded] = {}
    for text in (text for text in texts if len(text.words) > text.limit):
        length = min(_GRAM, text.limit + 1)
        group = groups.setdefault(length, Guarded(length, {}))
        # Of any `limit + 1` words in a row, one of those at which so many begin is at such a place.
        for at in range(0, len(text.words) - length + 1, text.limit + 2 - length):
            group.places.setdefault(text.words[at : at + length], []).append((text, at))
    return tuple(groups.values())


def problems(
    files: Iterable[tuple[str, str]], paths: Collection[str], guarded: Sequence[Guarded], places: Places
) -> Iterator[Problem]:
    """All that speaks against publishing.

    `files`: what can be read in some files, each with its path; `paths`: every path of the site.
    """
    good: dict[str, set[str]] = {}
    for path, text in files:
        name = path.lower()
        # Most elements stand on many pages of a folder: where nothing spoke against one, it is known.
        known = good.setdefault(path.rpartition("/")[0], set())
        fresh: set[str] = set()
        named: list[Address] = []
        if name.endswith(addresses.PAGES):
            every, named = addresses.elements(text)
            fresh = every - known
            named += addresses.of_elements(sorted(fresh))
        elif name.endswith(".css"):
            named = [("css", "src", address) for address in addresses.of_style(text)]
        elif name.endswith((".js", ".mjs")):
            named = [("script", "src", address) for address in addresses.of_script(text)]
        told = [
            *local_places(path, text, named, places),
            *outside_requests(path, named),
            *broken_links(path, named, paths),
        ]
        if guarded:
            told += unpublished(path, f"{_plain(path, text)}\n{_in_attributes(fresh)}", guarded)
        if not told and path != "404.html":  # that page may begin at the root of the host
            known |= fresh
        yield from told


def local_places(path: str, text: str, named: Iterable[Address], places: Places) -> Iterator[Problem]:
    """A place on this computer, which nobody else can open and which gives away how it is arranged.

    In an address it always is one. In words a name like it may stand in an article about computers, so there
    it is told only where such a file is here, and the settings do not name it.
    """
    found = next((a for _, _, a in named if a.lower().startswith(("file:", *places.folders))), "")
    help_ = "write the address that readers have, or put the file into content/static"
    for folder in (folder for folder in places.folders if folder in text and not found):
        for spelled in re.findall(re.escape(folder) + r"[^\s\"'<>|*?\\]+", text):
            # The whole name, or folders on its way: a name may go on behind a space.
            way = [*accumulate(spelled.rstrip(".,:;!)]}&").removeprefix(folder).split("/"), "{}/{}".format)]
            names = [folder + part for part in way if part]
            if not found and places.allowed.isdisjoint(names):
                found = next((name for name in reversed(names) if places.is_here(name)), "")
                help_ = "take it out or, where it may be read, name it under  local_names:  in site.yaml"
    if found:
        yield Problem(
            code="local-address",
            message=f"{found} is a place on this computer",
            at=Place(path),
            help=help_,
        )


def unpublished(path: str, text: str, guarded: Iterable[Guarded]) -> Iterator[Problem]:
    """More words in a row of a saved text or of a draft than may be shown; `text` is without markup."""
    shown = text_words(text)
    told: set[str] = set()
    for group in guarded:
        if group.places.keys().isdisjoint(_grams(shown, group.length)):
            continue
        for at, gram in enumerate(_grams(shown, group.length)):
            for wanted, there in group.places.get(gram, ()):
                if wanted.name in told:
                    continue
                start, end = _run(shown, at, wanted.words, there)
                if end - start > wanted.limit and " ".join(shown[start:end]) not in wanted.free:
                    told.add(wanted.name)
                    yield Problem(
                        code="unpublished-words",
                        message=f"{end - start} words in a row of {wanted.name} stand in it",
                        at=Place(path),
                        subject=wanted.name,
                        help="take them out of the page, template or file in content/static they come from",
                    )


def _grams(shown: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Every so many words in a row."""
    return zip(*(shown[at:] for at in range(length)), strict=False)


def outside_requests(path: str, named: Iterable[Address]) -> Iterator[Problem]:
    """What a browser would ask another host for, so that the host learns of the reader."""
    for tag, attribute, address in named:
        if attribute == "src" and _OUTSIDE(address):
            yield Problem(
                code="outside-request",
                message=f"<{tag}> asks for {address}" if tag != "css" else f"asks for {address}",
                at=Place(path),
                help="put the file into content/static and name it there",
            )


def broken_links(path: str, named: Iterable[Address], paths: Collection[str]) -> Iterator[Problem]:
    """Links within the site that lead nowhere."""
    folder = path.rpartition("/")[0]
    for address in {address: None for _, _, address in named}:
        target = _target(folder, address)
        if not target or target in paths:
            continue
        if target.startswith("/") and path == "404.html":  # it knows the address of the site
            continue
        if (target := target.lstrip("/")) not in paths:
            yield Problem(
                code="link-broken",
                message=f"{address} leads to nothing: the site has no {target}",
                at=Place(path),
                help="mend the address where it is written, then build again",
            )


def _target(folder: str, address: str) -> str:
    """The path of a site that an address leads to from a folder; empty where it leads elsewhere.

    One that begins at the root of the host keeps its slash.
    """
    way = address.partition("#")[0].partition("?")[0]
    if not way or _SCHEME(way):
        return ""
    if "%" in way:
        way = unquote(way)
    # Of nearly all, `join` and `normpath` would make no more than this.
    if folder and "/" not in folder and way.startswith("../"):
        target = way[3:]
    else:
        target = f"{folder}/{way}" if folder else way
    if not ("./" in target or "//" in target or way.endswith(("/", ".")) or target.startswith("/")):
        return target
    target = normpath(join(folder, way))
    return normpath(join(target, "index.html")) if way.endswith("/") or target == "." else target


def _plain(path: str, text: str) -> str:
    """The words that a file shows or carries, without its markup."""
    name = path.lower()
    if name.endswith((".json", ".jsonld", ".geojson", ".webmanifest")):
        text = _ESCAPE.sub(" ", text)
        return _CODE_POINT.sub(lambda found: chr(int(found[1], 16)), text)
    if name.endswith(".ics"):  # a line goes on behind a line end and a space (RFC 5545, 3.1)
        return _ESCAPE.sub(" ", _PROPERTY.sub(" ", _FOLDED.sub("", text)))
    if name.endswith((".csv", ".tsv")):
        with contextlib.suppress(csv.Error):
            rows = csv.reader(
                text.splitlines(keepends=True), "excel-tab" if name.endswith(".tsv") else "excel"
            )
            return "\n".join("\n".join(row) for row in rows)
    if name.endswith(addresses.PAGES):
        # Twice: feeds carry escaped HTML. What stands in a note between the elements is there to be read too.
        for _ in range(2):
            text = html.unescape(_MARKUP.sub(" ", _INLINE.sub("", text.replace("<!--", " "))))
    return text


def _in_attributes(elements: Iterable[str]) -> str:
    """What attributes say, such as descriptions, and links that name the words of a passage."""
    long = (element for element in elements if len(element) > _LONG)
    return unquote("\n".join(html.unescape(element).translate(_PARTS) for element in long))


def _run(shown: tuple[str, ...], at: int, words: tuple[str, ...], there: int) -> tuple[int, int]:
    """Where the run of words begins and ends that two texts share around a place."""
    start, back = at, there
    while start and back and shown[start - 1] == words[back - 1]:
        start, back = start - 1, back - 1
    end, forth = at, there
    while end < len(shown) and forth < len(words) and shown[end] == words[forth]:
        end, forth = end + 1, forth + 1
    return start, end
