"""A fact as others cite it: in plain words, for BibTeX, as CSL-JSON and for a wiki.

In: what is cited, as plain values. Out: text to paste, every character escaped as its format wants it. No day
of access: there is no clock here, and the address carries the wording that was cited. Without an address the
citation has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec
from msgspec import Struct

from generator import edtf, languages
from generator.languages import Language, marked
from generator.patterns import late


class Cited(Struct, frozen=True, kw_only=True):
    """What is cited."""

    #: Id of the fact and anchor of its wording.
    id: str
    anchor: str
    statement: str
    #: Title of the dossier, its editors, its language.
    dossier: str
    editors: tuple[str, ...] = ()
    language: str = "en"
    #: Day of the wording: that of the last change, else of the first publication (EDTF); empty: not known.
    day: str = ""
    #: What a reader must know first ("Withdrawn on 1 May 2020."); empty: nothing.
    standing: str = ""
    #: Words of a source that the fact rests on, and who published them when.
    quote: str = ""
    #: Their language (BCP 47), when it is not that of the dossier.
    quote_lang: str = ""
    quoted_from: str = ""
    #: Address of the wording; empty: the site has none.
    url: str = ""


def plain(cited: Cited) -> str:
    """In words, on one line."""
    where = (
        marked("%(dossier)s, %(id)s.") if cited.url else marked("%(dossier)s, %(id)s, wording %(wording)s.")
    )
    where = _say(cited).gettext(where)
    where %= {"dossier": cited.dossier, "id": cited.id, "wording": cited.anchor}
    statement = _say(cited).gettext("“%(title)s”") % {"title": line(cited.statement)}
    parts = [statement, where, cited.standing, _source(cited), cited.url]
    return " ".join(_whole(part) for part in parts if part)


def bibtex(cited: Cited) -> str:
    """An entry for BibTeX and biblatex, in UTF-8."""
    date = edtf.parse(cited.day).pages if cited.day else ()
    fields = {
        "title": f"{{{_tex(_title(cited))}}}",  # a second pair of braces keeps capitals as they are
        "author": " and ".join(f"{{{_tex(name)}}}" for name in cited.editors),
        "howpublished": _tex(cited.dossier),
        "year": date[0] if date else "",
        "date": date[-1] if date else "",
        "note": _tex(" ".join(part for part in (cited.standing, _source(cited)) if part)),
        # BibTeX hands an address on as it is; only braces and backslashes would break the entry.
        "url": re.sub(r"[{}\\]", lambda m: f"%{ord(m[0]):02X}", cited.url),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.id}-{cited.anchor},\n{lines}}}"


def csl_json(cited: Cited) -> str:
    """A list of one item in CSL-JSON, as Zotero and pandoc read it."""
    date = edtf.parse(cited.day).pages if cited.day else ()
    item: dict[str, object] = {
        "id": f"{cited.id}-{cited.anchor}",
        "type": "webpage",
        "title": _title(cited),
        "container-title": line(cited.dossier),
        "author": [{"literal": line(name)} for name in cited.editors],
        "issued": {"date-parts": [[int(part) for part in date[-1].split("-")]]} if date else {},
        "version": cited.anchor,
        "note": line(" ".join(part for part in (cited.standing, _source(cited)) if part)),
        "language": cited.language,
        "URL": cited.url,
    }
    lines = (f'  "{name}": {_json(value)}' for name, value in item.items() if value)
    return "[{\n" + ",\n".join(lines) + "\n}]"


def wiki(cited: Cited) -> str:
    """The template {{cite web}} of Wikipedia."""
    many = len(cited.editors) > 1
    fields = {
        "title": _wiki(_title(cited)),
        **{f"author{n if many else ''}": _wiki(name) for n, name in enumerate(cited.editors, 1)},
        "website": _wiki(cited.dossier),
        "date": cited.day,
        "language": cited.language,
        "url": re.sub(r"[\[\]{}|'\\]", lambda m: f"%{ord(m[0]):02X}", cited.url),
        "type": _wiki(cited.standing.rstrip(".")),
        "quote": _wiki(cited.quote),
    }
    return "{{cite web " + " ".join(f"|{name}={value}" for name, value in fields.items() if value) + "}}"


#: Formats beside the plain one, by the name readers know them by.
FORMATS: Mapping[str, Callable[[Cited], str]] = {
    "BibTeX": bibtex,
    "CSL-JSON": csl_json,
    "Wikipedia": wiki,
}


def _title(cited: Cited) -> str:
    return line(cited.statement).rstrip(".")


def _source(cited: Cited) -> str:
    if not cited.quote:
        return ""
    quotes = _say(cited).gettext("Quotes: “%(quote)s” (%(source)s).")
    return quotes % {"quote": line(cited.quote), "source": cited.quoted_from}


def _say(cited: Cited) -> Language:
    return languages.of(cited.language)


def line(text: str) -> str:
    """Text on one line as programs want it: without marks of direction as well."""
    return _whole(_DIRECTION.sub("", text))


def _json(value: object) -> str:
    """A value in one line of JSON, as Python's `json` spaces it."""
    return msgspec.json.format(msgspec.json.encode(value).decode(), indent=0)


def _whole(text: str) -> str:
    """Text on one line, without control characters; joiners within words stay."""
    return " ".join(_CONTROL.sub(" ", text).split())


_DIRECTION = late("[\u2066-\u2069]")
_CONTROL = late(r"[\x00-\x1f\x7f-\x9f]")
#: Characters that TeX reads as commands. Braces are named: BibTeX counts even escaped ones.
_TEX = {
    **{c: f"\\{c}" for c in "&%$#_"},
    "\\": "{\\textbackslash}",
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "~": "{\\textasciitilde}",
    "^": "{\\textasciicircum}",
}
_IN_TEX = late(r"[&%$#_\\{}~^]")
#: Characters that begin or end markup in a template: links, templates, signatures, tags, entities.
_IN_WIKI = late(r"[&|{}\[\]<>~]|''|__")


def _tex(text: str) -> str:
    return _IN_TEX.sub(lambda m: _TEX[m[0]], line(text))


def _wiki(text: str) -> str:
    return _IN_WIKI.sub(lambda m: "".join(f"&#{ord(c)};" for c in m[0]), line(text))
