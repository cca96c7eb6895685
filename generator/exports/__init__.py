"""Files for machines: `offers` says which a site has, `maker` how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from generator.manifest import Data
from generator.offers import offered
from generator.pieces import Document, Pieces
from generator.shelves import Shelves
from generator.touched import Touched

#: Takes the shelves and the site's address with a closing slash, or "", and yields paths with their bytes.
_Maker: TypeAlias = Callable[[Shelves, str], Iterator[tuple[str, bytes]]]


def maker(path: str) -> _Maker | Document:
    """What makes the file of an offer; what lists facts is a document. Raises `KeyError` for no offer.

    Only what is made is loaded: XML alone would take as long as an edit of the facts in JSON.
    """
    match path:
        case "feed.xml":
            from generator.exports import feeds

            return feeds.newest
        case "changes.xml":
            from generator.exports import feeds

            return feeds.changes
        case "data/facts.json":
            from generator.exports import facts_json

            return facts_json.DOCUMENT
        case "data/facts.csv":
            from generator.exports import tables

            return tables.FACTS
        case "data/evidence.csv":
            from generator.exports import tables

            return tables.EVIDENCE
        case "data/annotations.jsonld":
            from generator.exports import web_annotations

            return web_annotations.COLLECTION
        case "data/dossier.ics":
            from generator.exports import ics

            return ics.CALENDAR
        case "sitemap.xml":
            from generator.exports import sitemap

            return sitemap.sitemap
        case "robots.txt":
            from generator.exports import sitemap

            return sitemap.robots
    raise KeyError(path)


class Exported(Struct, frozen=True):
    """Files for machines by path."""

    files: dict[str, Data]
    #: How long the pieces of those that list facts are (see `pieces.Pieces`), for the next edit.
    pieces: dict[str, bytes]


def files(shelves: Shelves, url: str) -> Exported:
    """The files for machines of a site; `url` is its address, or empty."""
    address = url.rstrip("/") + "/" if url else ""
    made = Exported({}, {})
    for offer in offered(shelves, address):
        makes = maker(offer.path)
        if isinstance(makes, Document):
            made.files[offer.path], pieces = makes.whole(shelves, address)
            made.pieces[offer.path] = pieces.packed()
        else:
            made.files.update(makes(shelves, address))
    return made


def moved(
    touched: Touched,
    url: str,
    moved_pages: bool,
    written: Callable[[str], memoryview],
    pieces: Mapping[str, bytes],
) -> Exported:
    """The files for machines that an edit of facts may change.

    `moved_pages`: whether a page came or went; `written` gives the bytes that stand in the output, and
    `pieces` how long the pieces of a file are, as last remembered. Raises `Stale` where these do not fit.
    """
    address = url.rstrip("/") + "/" if url else ""
    after = touched.after
    made = Exported({}, {})
    stay = frozenset() if _told(touched) else _FEEDS if moved_pages else _FEEDS | _LISTS
    for offer in offered(after, address):
        if offer.path in stay:
            continue
        makes = maker(offer.path)
        if not isinstance(makes, Document):
            made.files.update(makes(after, address))
        else:
            if offer.path in pieces:
                known = Pieces.unpacked(pieces[offer.path])
                made.files[offer.path], now = makes.edited(written(offer.path), known, touched, address)
            else:  # the first fact with a day makes a calendar
                made.files[offer.path], now = makes.whole(after, address)
            made.pieces[offer.path] = now.packed()
    return made


#: Made from the addresses of pages and the days of facts, and from nothing else.
_LISTS = frozenset({"sitemap.xml", "robots.txt"})
#: Made from facts with a day on which they were added or changed.
_FEEDS = frozenset({"feed.xml", "changes.xml"})


def _told(touched: Touched) -> bool:
    """Whether an edited fact says, or said, when it was added or changed."""
    return any(fact.added or fact.changes for fact in touched.versions())
