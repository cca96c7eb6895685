"""`sitemap.xml` and `robots.txt` (sitemaps.org): every page a reader may look for, by its whole address.

A page of a fact says when it last changed, where the curator gave that day; other pages change with the
facts on them and say nothing. Old addresses and the page for unknown ones are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from xml.etree.ElementTree import Element

from generator import urls
from generator.exports.xmlfile import add, document, fit
from generator.plan import paths
from generator.shelves import Shelves

#: Most addresses in one file; more are split, and the sitemap becomes an index of the parts.
MOST = 50_000
_NAMESPACE = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def sitemap(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """`sitemap.xml`, with `sitemap-1.xml` and so on below it where one file cannot hold all."""
    # In an order that does not follow the dates of facts, so that a date mended leaves it as it is.
    pages = sorted(paths(shelves))
    changed = {
        urls.fact(f.id): max([f.added, *(c.date for c in f.changes)]) for f in shelves.dossier.facts.values()
    }
    chunks = [pages[at : at + MOST] for at in range(0, len(pages), MOST)]
    if len(chunks) == 1:
        yield "sitemap.xml", _urlset(pages, changed, url)
        return
    index = Element("sitemapindex", _NAMESPACE)
    for number, chunk in enumerate(chunks, 1):
        add(add(index, "sitemap"), "loc", f"{url}sitemap-{number}.xml")
        yield f"sitemap-{number}.xml", _urlset(chunk, changed, url)
    yield "sitemap.xml", document(index)


def _urlset(pages: Sequence[str], changed: dict[str, str], url: str) -> bytes:
    """One file of addresses, put together as text: elements take ten times as long."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{_NAMESPACE["xmlns"]}">']
    for path in pages:
        day = changed.get(path)
        at = escape(url + ("" if path == urls.HOME else path), quote=False)
        lines += ["<url>", f"<loc>{at}</loc>", *([f"<lastmod>{day}</lastmod>"] if day else []), "</url>"]
    return fit("\n".join([*lines, "</urlset>\n"])).encode()


def robots(_shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """`robots.txt`: everything may be read, and where the sitemap is (RFC 9309)."""
    yield "robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {url}sitemap.xml\n".encode()
