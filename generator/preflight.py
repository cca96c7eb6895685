"""What is looked at before the first byte leaves: a built site, as a reader and a lawyer would.

In: the bytes of the built files, and what must not be among them. Out: problems. Nothing is read here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from posixpath import join, normpath
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from generator import words
from generator.problems import Place, Problem

_TAG = re.compile(r"<!--.*?-->|<([a-z][a-z0-9-]*)([^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*)>", re.I | re.S)
_ATTRIBUTE = re.compile(r"([a-z][a-z0-9:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_CODE = re.compile(r"(<(script|style)\b[^>]*>).*?</\2\s*>", re.I | re.S)
_INLINE = re.compile(r"</?(?:mark|b|i|em|strong|span|a|q|cite|abbr|time|wbr)\b[^>]*>", re.I)
_MARKUP = re.compile(r"<[^>]*>")
_CSS_ADDRESS = re.compile(r"(?:url\(\s*|@import\s+)[\"']?([^\"')\s;]+)", re.I)
_ESCAPE = re.compile(r"\\[nrt\"]")
_NO_WORD = re.compile(r"[^\w\s]+")
_OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.I).match
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I).match
#: Attributes that hold addresses.
_ADDRESSES = frozenset({"href", "src", "srcset", "data", "poster", "action"})
_MAY_HOLD = re.compile("href|src|data|poster|action", re.I).search
#: Of these, those that a browser follows by itself.
_LOADED = frozenset({"src", "srcset", "data", "poster"})
_LOADED_RELATIONS = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
)
_TEXTS = (".html", ".css", ".js", ".json", ".jsonld", ".csv", ".xml", ".ics", ".txt", ".md", ".svg")
#: Words that are sought together; a run is measured from where they stand.
_GRAM = 4


#: Element, attribute (`src` for all that is loaded unasked), address.
Address: TypeAlias = tuple[str, str, str]


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
    plain = _NO_WORD.sub("", text.casefold())
    if plain.isascii():
        return tuple(plain.split())
    return tuple(plain[start:end] for start, end in words.tokens(plain))


def protected(name: str, text: str, limit: int, title: str = "") -> Text:
    """A text of which at most `limit` words may stand in a row; two characters of CJK or Thai are a word."""
    found = text_words(text)
    spaceless = words.count_words(text) < len(found) * 0.75
    return Text(name, found, limit * 2 if spaceless else limit, " ".join(text_words(title)))


class Guarded(Struct, frozen=True):
    """Texts of which equally many words may be shown, by a few words in a row and where these stand."""

    limit: int
    #: How many words in a row are sought.
    length: int
    places: dict[tuple[str, ...], list[tuple[Text, int]]]


def guard(texts: Iterable[Text]) -> tuple[Guarded, ...]:
    """Texts made ready: however many there are, a page is gone over once for each limit."""
    groups: dict[int, Guarded] = {}
    for text in texts:
        if len(text.words) > text.limit:
            length = min(_GRAM, text.limit + 1)
            group = groups.setdefault(text.limit, Guarded(text.limit, length, {}))
            for at in range(len(text.words) - length + 1):
                group.places.setdefault(text.words[at : at + length], []).append((text, at))
    return tuple(groups.values())


def is_text(path: str) -> bool:
    """Whether a file of this name holds text that can be looked through."""
    return path.endswith(_TEXTS)


def problems(
    files: Iterable[tuple[str, str]], paths: Collection[str], guarded: Sequence[Guarded], places: Places
) -> Iterator[Problem]:
    """All that speaks against publishing.

    `files`: the texts among the files, each with its path; `paths`: every path of the site.
    """
    for path, text in files:
        addresses: list[Address] = []
        if path.endswith(".html"):
            addresses = list(_addresses(text))
        elif path.endswith(".css"):
            addresses = [("css", "src", address) for address in _CSS_ADDRESS.findall(text)]
        yield from local_places(path, text, addresses, places)
        yield from unpublished(path, text, guarded)
        yield from outside_requests(path, addresses)
        yield from broken_links(path, addresses, paths)


def local_places(path: str, text: str, addresses: Iterable[Address], places: Places) -> Iterator[Problem]:
    """A place on this computer, which nobody else can open and which gives away how it is arranged.

    In an address it always is one. In words a name like it may stand in an article about computers, so there
    it is told only where such a file is here, and the settings do not name it.
    """
    found = next((a for _, _, a in addresses if a.lower().startswith(("file:", *places.folders))), "")
    help_ = "write the address that readers have, or put the file into content/static"
    for folder in (folder for folder in places.folders if folder in text and not found):
        for named in re.findall(re.escape(folder) + r"[^\s\"'<>|*?\\]+", text):
            # The whole name, or folders on its way: a name may go on behind a space.
            way = [*accumulate(named.rstrip(".,:;!)]}&").removeprefix(folder).split("/"), "{}/{}".format)]
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
    """More words in a row of a saved text or of a draft than may be shown.

    Every run longer than the limit holds, at one of the places looked at, a few words that stand in the text.
    """
    shown: tuple[str, ...] | None = None
    told: set[str] = set()
    for group in guarded:
        if shown is None:
            shown = text_words(_plain(path, text))
        length = group.length
        for at in range(0, len(shown) - length + 1, group.limit + 2 - length):
            for wanted, there in group.places.get(shown[at : at + length], ()):
                start, end = _run(shown, at, wanted.words, there)
                if end - start <= group.limit or wanted.name in told:
                    continue
                if " ".join(shown[start:end]) not in wanted.free:
                    told.add(wanted.name)
                    yield Problem(
                        code="unpublished-words",
                        message=f"{end - start} words in a row of {wanted.name} stand in it",
                        at=Place(path),
                        subject=wanted.name,
                        help="take them out of the page, template or file in content/static they come from",
                    )


def outside_requests(path: str, addresses: Iterable[Address]) -> Iterator[Problem]:
    """What a browser would ask another host for, so that the host learns of the reader."""
    for tag, attribute, address in addresses:
        if attribute in _LOADED and _OUTSIDE(address):
            yield Problem(
                code="outside-request",
                message=f"<{tag}> asks for {address}" if tag != "css" else f"asks for {address}",
                at=Place(path),
                help="put the file into content/static and name it there",
            )


def broken_links(path: str, addresses: Iterable[Address], paths: Collection[str]) -> Iterator[Problem]:
    """Links within the site that lead nowhere."""
    folder = path.rpartition("/")[0]
    for address in {address: None for _, _, address in addresses}:
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


@lru_cache(maxsize=1 << 16)
def _target(folder: str, address: str) -> str:
    """The path of a site that an address leads to from a folder; empty where it leads elsewhere.

    One that begins at the root of the host keeps its slash. Pages of a folder have most of theirs in common.
    """
    if _SCHEME(address):
        return ""
    way = unquote(urlsplit(address).path)
    if not way:
        return ""
    target = normpath(join(folder, way))
    return normpath(join(target, "index.html")) if way.endswith("/") or target == "." else target


def _addresses(page: str) -> Iterator[Address]:
    """Every address on a page, what stands there twice once."""
    for name, attributes in dict.fromkeys(_TAG.findall(_CODE.sub(r"\1", page))):
        yield from _addresses_of(name.lower(), attributes)


@lru_cache(maxsize=1 << 16)
def _addresses_of(name: str, attributes: str) -> tuple[Address, ...]:
    """The addresses of one element. The same ones stand on many pages."""
    found: list[Address] = []
    if not _MAY_HOLD(attributes):
        return ()
    held = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(attributes)}
    relations = held.get("rel", "").lower().split()
    for attribute in (a for a in held if a in _ADDRESSES):
        value = held[attribute].strip()
        loaded = attribute in _LOADED or (name == "link" and not _LOADED_RELATIONS.isdisjoint(relations))
        each = [part.split()[0] for part in value.split(",") if part.split()]
        kind = "src" if loaded else attribute
        found.extend((name, kind, address) for address in (each if attribute == "srcset" else [value]))
    return tuple(found)


def _plain(path: str, text: str) -> str:
    """The words that a file shows or carries, without its markup."""
    if path.endswith((".json", ".jsonld")):
        return _ESCAPE.sub(" ", text)
    if path.endswith((".html", ".xml", ".svg")):
        # Twice: feeds carry escaped HTML.
        for _ in range(2):
            text = html.unescape(_MARKUP.sub(" ", _INLINE.sub("", text)))
    return text


def _run(shown: tuple[str, ...], at: int, words: tuple[str, ...], there: int) -> tuple[int, int]:
    """Where the run of words begins and ends that two texts share around a place."""
    start, back = at, there
    while start and back and shown[start - 1] == words[back - 1]:
        start, back = start - 1, back - 1
    end, forth = at, there
    while end < len(shown) and forth < len(words) and shown[end] == words[forth]:
        end, forth = end + 1, forth + 1
    return start, end
