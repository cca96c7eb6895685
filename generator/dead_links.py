"""Links in notes and prose to pages and files of the site that it does not have.

In: the dossier, and the files of the theme. Out: problems. Only the plan knows which pages there will be, so
this stands apart from the other checks, and asks for the plan only when there is such a link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from posixpath import join, normpath, relpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from msgspec.structs import replace

from generator import check, manifest, markdown, urls
from generator.dossier import Dossier
from generator.offers import OFFERS
from generator.patterns import late
from generator.plan import path_of, plan
from generator.problems import Place, Pointer, Problem
from generator.shelves import Shelves

_SCHEME = late(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)

_inside = late(r"\]\(\s*<?(?![a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_by_name = late(r"^\s*\[[^\]]+\]:", re.MULTILINE)


def may_hold_one(text: str) -> bool:
    """Whether a text may hold a link within the site, told without parsing it."""
    # What every such link holds is looked for first, since most texts have no link at all.
    return ("](" in text and _inside.search(text) is not None) or (
        "]:" in text and _by_name.search(text) is not None
    )


class _Link(NamedTuple):
    """A link within the site."""

    target: str
    at: Pointer | Place
    subject: str
    #: Folder of the page it stands on, or empty.
    folder: str


def links_lead_to_pages(dossier: Dossier, assets: Collection[str]) -> Iterator[Problem]:
    """A relative link that leads nowhere is found by readers, one at a time. `assets`: files of the theme."""
    links = list(_links(dossier))
    if not links:
        return
    import difflib  # only mistakes need it

    shelves = Shelves(dossier)
    pages = {path_of(page) for page in plan(shelves)}
    there = {*pages, *dossier.static, *assets, *(offer.path for offer in OFFERS), manifest.NAME}
    for link in links:
        problem = Problem(code="link-broken", message="", at=link.at, subject=link.subject)
        way = unquote(urlsplit(link.target).path)
        if way.startswith("/"):
            yield replace(
                problem,
                message=f"{link.target} begins at the root of a server, where this site may not be",
                help=f"write it from this page:  {'../' if link.folder else ''}{way.lstrip('/')}",
            )
        elif way and (path := normpath(join(link.folder, way))) not in there:
            near = difflib.get_close_matches(path, sorted(there), 1)
            yield replace(
                problem,
                message=f"{link.target} leads to nothing: the site has no {path}",
                nearest=relpath(near[0], link.folder or ".") if near else "",
                help="mend the address, or write  [[id]]  for a page of the dossier",
            )


def any_links(dossier: Dossier) -> bool:
    """Whether any Markdown text leads to another page or file of the site by its path."""
    return any(True for _ in _links(dossier))


def _links(dossier: Dossier) -> Iterator[_Link]:
    """Every link in a Markdown text that stays within the site."""
    for kind, key, field, text in check.written(dossier):
        for target, _ in _relative(text):
            yield _Link(target, dossier.at(kind, key, field), f"{kind} {key}", f"{kind}s")
    for page in dossier.prose.values():
        for target, line in _relative(page.body):
            place = Place(page.file, page.line + line - 1, 1)
            yield _Link(target, place, f"page {page.slug}", urls.prose(page.slug).rpartition("/")[0])


def _relative(text: str) -> Iterator[tuple[str, int]]:
    for mention in markdown.mentions(text) if may_hold_one(text) else ():
        if mention.what == "link" and not _SCHEME.match(mention.target):
            yield mention.target, mention.line
