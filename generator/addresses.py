"""The addresses that a file names: what a browser asks for unasked, and where a reader may go from there.

In: the text of a page, style sheet or script. Out: addresses as they stand there, each with the element it
stands on. What a script puts together from parts cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TypeAlias

#: Element, attribute (`src` for all that is loaded unasked), address.
Address: TypeAlias = tuple[str, str, str]

#: Files with elements.
PAGES = (".html", ".htm", ".xhtml", ".svg", ".xml")
#: An element that has attributes, as one text; comments are passed over.
_ELEMENT = re.compile(
    r"<(?:!--.*?-->|([a-z?][^>\"'=]*+=[^>\"']*+(?:(?:\"[^\"]*+\"|'[^']*+')[^>\"']*+)*+)>)", re.I | re.S
)
_NAME = re.compile(r"\??[a-z][a-z0-9:-]*", re.I).match
_ATTRIBUTE = re.compile(r"([a-z][a-z0-9:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
#: What nearly all links are: nothing in them has to be looked up.
_PLAIN_LINK = re.compile(
    r'a(?: (?:class|id|rel|lang)="[^"]*")* href="([^"&\s]*)"(?: (?:class|id|rel)="[^"]*")*'
).fullmatch
#: Scripts and style sheets within a page: what stands in them is no markup.
_CODE = re.compile(r"(<(script|style)\b[^>]*>)(.*?)</\2\s*>", re.I | re.S)
_CSS_NOTES = re.compile(r"/\*.*?\*/|@namespace[^;]*;", re.I | re.S)
_CSS_ADDRESS = re.compile(r"(?:\b(?:url|src)\(\s*|@import\s+)[\"']?([^\"')\s;]+)", re.I)
#: A list of pictures to choose from, in a style sheet.
_CSS_PICTURES = re.compile(r"image-set\(([^;{}]*)", re.I)
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']")
_SCRIPT_ADDRESS = re.compile(
    r"(?:\bimport\b[^;\"'`]*|\bfrom\s*|\bfetch\s*\(\s*|\bimportScripts\s*\(\s*|\bsendBeacon\s*\(\s*"
    r"|\bnew\s+(?:WebSocket|EventSource|Worker|SharedWorker)\s*\(\s*|\.open\s*\(\s*[\"']\w+[\"']\s*,\s*"
    r"|\.src\s*=\s*)[\"'`]((?:[a-z][a-z0-9+.-]*:)?//[^\"'`\s]+)",
    re.I,
)
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.I)
#: Attributes that a browser follows by itself, and all that hold addresses.
_LOADED = frozenset({"src", "srcset", "imagesrcset", "data", "poster", "background", "ping"})
_ADDRESSES = _LOADED | {"href", "xlink:href", "action", "formaction"}
_SETS = frozenset({"srcset", "imagesrcset"})
_MAY_HOLD = re.compile("href|src|data|poster|action|background|ping|style|content", re.I).search
#: Elements whose `href` is loaded: of SVG, and `base`, which makes every other address one of another host.
_DRAWN = frozenset({"image", "use", "feimage", "script", "?xml-stylesheet", "base"})
_LOADED_RELATIONS = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}
    | {"apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "prerender"}
)


def elements(page: str) -> tuple[set[str], list[Address]]:
    """Return the elements of a page that have attributes, each once, and what code within it asks for."""
    found: list[Address] = []
    code = [(kind.lower(), held) for _, kind, held in _CODE.findall(page) if held]
    if code:
        page = _CODE.sub(r"\1", page)
        for kind, held in code:
            found += [(kind, "src", each) for each in (of_style if kind == "style" else of_script)(held)]
    return {*_ELEMENT.findall(page)} - {""}, found


def of_elements(some: Iterable[str]) -> list[Address]:
    """Return the addresses of elements."""
    found: list[Address] = []
    for element in some:
        if plain := _PLAIN_LINK(element):
            found.append(("a", "href", plain[1]))
        else:
            found += _of_element(element)
    return found


def of_style(text: str) -> list[str]:
    """Return the addresses that a style sheet, or a part of one, asks for."""
    text = _CSS_NOTES.sub(" ", text)
    found: list[str] = _CSS_ADDRESS.findall(text)
    pictures = (address for each in _CSS_PICTURES.findall(text) for address in _QUOTED.findall(each))
    # A type, such as "image/avif", stands among them.
    return found + [
        address for address in pictures if address not in found and not address.startswith("image/")
    ]


def of_script(text: str) -> list[str]:
    """Return the addresses with a host that a script asks for by their plain names."""
    return list(_SCRIPT_ADDRESS.findall(text))


def _unescaped(value: str) -> str:
    from html import unescape  # its table of names is loaded where there is one

    return unescape(value)


@lru_cache(maxsize=1 << 16)
def _of_element(element: str) -> tuple[Address, ...]:
    name = _NAME(element)
    if name is None or not _MAY_HOLD(element, name.end()):
        return ()
    kind = name[0].lower()
    held: dict[str, str] = {}
    for attribute, *values in _ATTRIBUTE.findall(element, name.end()):
        value = values[0] or values[1] or values[2]
        held.setdefault(attribute.lower(), (_unescaped(value) if "&" in value else value).strip())
    drawn = kind in _DRAWN or (
        kind == "link" and not _LOADED_RELATIONS.isdisjoint(held.get("rel", "").lower().split())
    )
    found: list[Address] = []
    for attribute in held.keys() & _ADDRESSES:
        loaded = attribute in _LOADED or (drawn and attribute.endswith("href"))
        kept = "src" if loaded else attribute
        found += [(kind, kept, address) for address in _single(attribute, held[attribute])]
    if kind == "meta" and held.get("http-equiv", "").lower() == "refresh":
        found += [(kind, "src", address) for address in _REFRESH.findall(held.get("content", ""))[:1]]
    if "style" in held:
        found += [(kind, "src", address) for address in of_style(held["style"])]
    if "srcdoc" in held:
        inner, more = elements(held["srcdoc"])
        found += [*more, *of_elements(inner)]
    return tuple(sorted(found))


def _single(attribute: str, value: str) -> Collection[str]:
    """The addresses in the value of an attribute, which may hold several."""
    if attribute in _SETS:
        return [part.split()[0] for part in value.split(",") if part.split()]
    return value.split() if attribute == "ping" else [value]
