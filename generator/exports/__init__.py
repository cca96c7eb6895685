"""Files for machines: `offers` says which a site has, `MAKERS` how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.exports import feeds, ics, sitemap, tables, web_annotations
from generator.exports.facts_json import edited, facts_json
from generator.offers import offered
from generator.shelves import Shelves
from generator.touched import Touched

DOCUMENT = "data/facts.json"
#: By the path of the offer. Each takes the shelves and the site's address with a closing slash, or "", and
#: yields paths with their bytes.
MAKERS: Mapping[str, Callable[[Shelves, str], Iterator[tuple[str, bytes]]]] = {
    "feed.xml": feeds.newest,
    "changes.xml": feeds.changes,
    DOCUMENT: facts_json,
    "data/facts.csv": tables.facts,
    "data/evidence.csv": tables.evidence,
    "data/annotations.jsonld": web_annotations.collection,
    "data/dossier.ics": ics.calendar,
    "sitemap.xml": sitemap.sitemap,
    "robots.txt": sitemap.robots,
}


def moved(
    touched: Touched, url: str, moved_pages: bool, written: Callable[[str], bytes]
) -> Mapping[str, bytes]:
    """The files for machines that an edit of facts may change.

    `moved_pages`: whether a page came or went; `written` gives the bytes that stand in the output.
    """
    address = url.rstrip("/") + "/" if url else ""
    after = touched.after
    made: dict[str, bytes] = {}
    for offer in offered(after, address):
        if offer.path == DOCUMENT:
            made[DOCUMENT] = edited(written(DOCUMENT), after, touched.changed)
        elif _told(touched) or (offer.path not in _FEEDS and (moved_pages or offer.path not in _LISTS)):
            made.update(MAKERS[offer.path](after, address))
    return made


#: Made from the addresses of pages and the days of facts, and from nothing else.
_LISTS = frozenset({"sitemap.xml", "robots.txt"})
#: Made from facts with a day on which they were added or changed.
_FEEDS = frozenset({"feed.xml", "changes.xml"})


def _told(touched: Touched) -> bool:
    """Whether an edited fact says, or said, when it was added or changed."""
    return any(fact.added or fact.changes for fact in touched.versions())


def files(shelves: Shelves, url: str) -> Mapping[str, bytes]:
    """The files for machines of a site by path; `url` is its address, or empty."""
    address = url.rstrip("/") + "/" if url else ""
    return {
        path: data
        for offer in offered(shelves, address)
        for path, data in MAKERS[offer.path](shelves, address)
    }
