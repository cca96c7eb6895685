"""Files for machines: `offers` says which a site has, `MAKERS` how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.exports import feeds, ics, sitemap, tables, web_annotations
from generator.exports.facts_json import facts_json
from generator.offers import offered
from generator.shelves import Shelves

#: By the path of the offer. Each takes the shelves and the site's address with a closing slash, or "", and
#: yields paths with their bytes.
MAKERS: Mapping[str, Callable[[Shelves, str], Iterator[tuple[str, bytes]]]] = {
    "feed.xml": feeds.newest,
    "changes.xml": feeds.changes,
    "data/facts.json": facts_json,
    "data/facts.csv": tables.facts,
    "data/evidence.csv": tables.evidence,
    "data/annotations.jsonld": web_annotations.collection,
    "data/dossier.ics": ics.calendar,
    "sitemap.xml": sitemap.sitemap,
    "robots.txt": sitemap.robots,
}


def files(shelves: Shelves, url: str) -> Mapping[str, bytes]:
    """The files for machines of a site by path; `url` is its address, or empty."""
    address = url.rstrip("/") + "/" if url else ""
    return {
        path: data
        for offer in offered(shelves, address)
        for path, data in MAKERS[offer.path](shelves, address)
    }
