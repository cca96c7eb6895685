"""Files for machines: `offers` says which a site has, `MAKERS` how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from generator.exports import facts_json, ics, tables, web_annotations
from generator.offers import offered
from generator.pieces import Document, Pieces
from generator.shelves import Shelves
from generator.touched import Touched

#: Takes the shelves and the site's address with a closing slash, or "", and yields paths with their bytes.
_Maker: TypeAlias = Callable[[Shelves, str], Iterator[tuple[str, bytes]]]


# What makes XML is slow to load, and most edits touch none.


def _newest(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    from generator.exports import feeds

    return feeds.newest(shelves, url)


def _changes(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    from generator.exports import feeds

    return feeds.changes(shelves, url)


def _sitemap(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    from generator.exports import sitemap

    return sitemap.sitemap(shelves, url)


def _robots(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    from generator.exports import sitemap

    return sitemap.robots(shelves, url)


#: By the path of the offer; what lists facts is a document.
MAKERS: Mapping[str, _Maker | Document] = {
    "feed.xml": _newest,
    "changes.xml": _changes,
    **{each.path: each for each in (facts_json.DOCUMENT, tables.FACTS, tables.EVIDENCE)},
    **{each.path: each for each in (web_annotations.COLLECTION, ics.CALENDAR)},
    "sitemap.xml": _sitemap,
    "robots.txt": _robots,
}


class Exported(Struct, frozen=True):
    """Files for machines by path."""

    files: dict[str, bytes]
    #: How long the pieces of those that list facts are (see `pieces.Pieces`), for the next edit.
    pieces: dict[str, bytes]


def files(shelves: Shelves, url: str) -> Exported:
    """The files for machines of a site; `url` is its address, or empty."""
    address = url.rstrip("/") + "/" if url else ""
    made = Exported({}, {})
    for offer in offered(shelves, address):
        maker = MAKERS[offer.path]
        if isinstance(maker, Document):
            made.files[offer.path], pieces = maker.whole(shelves, address)
            made.pieces[offer.path] = pieces.packed()
        else:
            made.files.update(maker(shelves, address))
    return made


def moved(
    touched: Touched,
    url: str,
    moved_pages: bool,
    written: Callable[[str], bytes],
    pieces: Mapping[str, bytes],
) -> Exported:
    """The files for machines that an edit of facts may change.

    `moved_pages`: whether a page came or went; `written` gives the bytes that stand in the output, and
    `pieces` how long the pieces of a file are, as last remembered. Raises `Stale` where these do not fit.
    """
    address = url.rstrip("/") + "/" if url else ""
    after = touched.after
    made = Exported({}, {})
    for offer in offered(after, address):
        maker = MAKERS[offer.path]
        if isinstance(maker, Document):
            if offer.path in pieces:
                known = Pieces.unpacked(pieces[offer.path])
                made.files[offer.path], now = maker.edited(written(offer.path), known, touched, address)
            else:  # the first fact with a day makes a calendar
                made.files[offer.path], now = maker.whole(after, address)
            made.pieces[offer.path] = now.packed()
        elif _told(touched) or (offer.path not in _FEEDS and (moved_pages or offer.path not in _LISTS)):
            made.files.update(maker(after, address))
    return made


#: Made from the addresses of pages and the days of facts, and from nothing else.
_LISTS = frozenset({"sitemap.xml", "robots.txt"})
#: Made from facts with a day on which they were added or changed.
_FEEDS = frozenset({"feed.xml", "changes.xml"})


def _told(touched: Touched) -> bool:
    """Whether an edited fact says, or said, when it was added or changed."""
    return any(fact.added or fact.changes for fact in touched.versions())
