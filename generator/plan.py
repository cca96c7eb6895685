"""The plan of a site: every page, by kind, and the value its template sees.

A kind of page is one line of `PAGE_KINDS`: which keys it has pages for, over how many parts each list
runs, and the function that fills the view. Nothing is rendered here; two pages with one path are a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Set
from typing import TypeAlias

from msgspec import Struct

from generator import (
    conflict_pages,
    date_pages,
    dossier_page,
    embed_page,
    endnotes,
    fact_page,
    index_pages,
    known_page,
    list_pages,
    moved_pages,
    proof_pages,
    source_page,
    terms,
    urls,
)
from generator.offers import FEED, has_changes, offered
from generator.render import Page
from generator.shelves import Shelves, direction
from generator.touched import Touched
from generator.views import TEMPLATES, Link, PageView, SiteView


class PageKind(Struct, frozen=True):
    """One kind of page."""

    name: str
    #: Keys that have a page of this kind.
    keys: Callable[[Shelves], Iterable[str]]
    #: The view of a key's page, or of one part of it.
    view: Callable[[Shelves, str, str], PageView]
    #: The path of a key's page, or of one part of it: what the view holds, known without making one.
    path: Callable[[str, str], str]
    #: The parts of a key's list, the front page first.
    parts: Callable[[Shelves, str], Iterable[str]] = lambda _shelves, _key: ("",)
    #: The keys whose pages an edit of facts may change; None: every page of the kind shows the whole dossier.
    touched: Callable[[Touched], Iterable[str]] | None = None
    #: The parts of a key's list that it may change; None: all of them.
    touched_parts: Callable[[Touched, str], Container[str]] | None = None


def _one(view: Callable[[Shelves], PageView]) -> Callable[[Shelves, str, str], PageView]:
    return lambda shelves, _key, _part: view(shelves)


def _keyed(view: Callable[[Shelves, str], PageView]) -> Callable[[Shelves, str, str], PageView]:
    return lambda shelves, key, _part: view(shelves, key)


def _at(path: str) -> Callable[[str, str], str]:
    return lambda _key, _part: path


def _by_key(path: Callable[[str], str]) -> Callable[[str, str], str]:
    return lambda key, _part: path(key)


def _always(_shelves: Shelves) -> Iterable[str]:
    return ("",)


def _timeline_parts(shelves: Shelves, _key: str) -> Iterable[str]:
    return list_pages.sheet_parts(shelves, "all")


def _actor_parts(shelves: Shelves, key: str) -> Iterable[str]:
    return list_pages.sheet_parts(shelves, "actor", key)


def _topic_parts(shelves: Shelves, key: str) -> Iterable[str]:
    return list_pages.sheet_parts(shelves, "topic", key)


def _date_parts(shelves: Shelves, key: str) -> Iterable[str]:
    return date_pages.parts(shelves, key)


def has_topics(shelves: Shelves) -> bool:
    """Whether there is any topic."""
    return bool(shelves.dossier.topics)


def has_conflicts(shelves: Shelves) -> bool:
    """Whether anything is disputed, so that the page of conflicts has something to show."""
    d = shelves.dossier
    contradicted = any(
        relation.type == "contradicts"
        for member in shelves.members("told", "contradicts")
        for relation in d.relations.get(member.id, ())
    )
    return bool(d.questions) or contradicted or bool(shelves.members("told", "disputed"))


def has_plans(shelves: Shelves) -> bool:
    """Whether anything was announced."""
    return bool(shelves.members("told", "plan"))


def _if(there: Callable[[Shelves], bool]) -> Callable[[Shelves], Iterable[str]]:
    return lambda shelves: ("",) if there(shelves) else ()


PAGE_KINDS: tuple[PageKind, ...] = (
    PageKind("home", _always, _one(index_pages.home), _at(urls.HOME)),
    PageKind(
        "timeline",
        _always,
        lambda s, _k, part: list_pages.timeline(s, part),
        lambda _k, part: list_pages.timeline_path(part),
        _timeline_parts,
        touched_parts=lambda t, _k: list_pages.sheets_touched(t, "all"),
    ),
    PageKind("known", known_page.keys, known_page.view, urls.known, known_page.parts_of),
    PageKind(
        "fact",
        lambda s: s.dossier.facts,
        _keyed(fact_page.view),
        _by_key(urls.fact),
        touched=lambda t: t.facts,
    ),
    PageKind(
        "embed",
        embed_page.keys,
        _keyed(embed_page.view),
        _by_key(urls.embed),
        touched=lambda t: t.facts,
    ),
    PageKind(
        "actor",
        lambda s: s.dossier.actors,
        list_pages.actor,
        urls.actor,
        _actor_parts,
        touched=lambda t: t.actors,
    ),
    PageKind(
        "topic",
        lambda s: s.dossier.topics,
        list_pages.topic,
        urls.topic,
        _topic_parts,
        touched=lambda t: t.topics,
    ),
    PageKind(
        "source",
        lambda s: s.dossier.sources,
        _keyed(source_page.view),
        _by_key(urls.source),
        touched=lambda t: t.sources,
    ),
    PageKind(
        "date", lambda s: s.calendar, date_pages.view, urls.date, _date_parts, touched=lambda t: t.dates
    ),
    PageKind(
        "question",
        lambda s: s.dossier.questions,
        _keyed(conflict_pages.question),
        _by_key(urls.question),
        touched=lambda t: t.questions,
    ),
    # The texts on these pages may lead to a fact and then name it.
    PageKind("prose", lambda s: s.dossier.prose, _keyed(index_pages.prose), _by_key(urls.prose)),
    PageKind("actors", _always, _one(index_pages.actors), _at("actors.html")),
    PageKind("dates", _always, _one(date_pages.index), _at("dates.html")),
    PageKind("sources", _always, _one(source_page.index), _at("sources.html")),
    PageKind("topics", _if(has_topics), _one(index_pages.topics), _at("topics.html")),
    PageKind("conflicts", _if(has_conflicts), _one(conflict_pages.conflicts), _at("conflicts.html")),
    PageKind("plans", _if(has_plans), _one(conflict_pages.plans_page), _at("plans.html")),
    PageKind("changes", _if(has_changes), _one(conflict_pages.changes), _at("changes.html")),
    PageKind(
        "verify",
        _if(proof_pages.has_quotes),
        lambda s, _k, part: proof_pages.verify(s, part),
        lambda _k, part: proof_pages.verify_path(part),
        lambda s, _k: proof_pages.parts(s),
        touched_parts=lambda t, _k: proof_pages.touched_parts(t),
    ),
    PageKind(
        "method",
        _if(proof_pages.has_method),
        _one(proof_pages.method),
        _at(urls.METHOD),
        # Of facts it shows only whether words are left out of any quote.
        touched=lambda t: ("",) if t.omits else (),
    ),
    PageKind("document", _if(dossier_page.is_made), _one(dossier_page.view), _at(urls.DOCUMENT)),
    PageKind(
        "moved",
        moved_pages.keys,
        _keyed(moved_pages.view),
        _by_key(str),
        touched=lambda t: (urls.page("facts", old) for fact in t.versions() for old in fact.formerly),
    ),
    PageKind("404", _always, _one(index_pages.not_found), _at("404.html")),
)
#: Kinds of pages that no reader looks for.
UNLISTED = frozenset({"moved", "404", "embed"})


#: A page to be made: the place of its kind in `PAGE_KINDS`, its key and its part.
Planned: TypeAlias = tuple[int, str, str]


def plan(shelves: Shelves) -> list[Planned]:
    """Every page of the site, kind by kind; nothing of it is filled yet."""
    return [
        (number, key, part)
        for number, kind in enumerate(PAGE_KINDS)
        for key in kind.keys(shelves)
        for part in kind.parts(shelves, key)
    ]


def moved(touched: Touched) -> tuple[list[Planned], list[Planned]]:
    """The pages that an edit may change, and those that it leaves without a place."""
    before, after = touched.before, touched.after
    there: list[Planned] = []
    gone: list[Planned] = []
    for number, kind in enumerate(PAGE_KINDS):
        keys = None if kind.touched is None else frozenset(kind.touched(touched))
        was, now = (_known(kind.keys, side, keys) for side in (before, after))
        new = {(number, key, part): None for key in now for part in kind.parts(after, key)}
        if kind.touched_parts:
            asked = {key: kind.touched_parts(touched, key) for key in now}
            there += [each for each in new if each[2] in asked[each[1]]]
        else:
            there += new
        gone += ((number, k, p) for k in was for p in kind.parts(before, k) if (number, k, p) not in new)
    return there, gone


def _known(keys: Callable[[Shelves], Iterable[str]], side: Shelves, touched: Set[str] | None) -> list[str]:
    """The keys that have a page, or those of some that do."""
    if touched is None:
        return [*keys(side)]
    there = keys(side) if touched else ()
    known = there if isinstance(there, Container) else frozenset(there)
    return sorted(key for key in touched if key in known)


def path_of(planned: Planned) -> str:
    """The path of a planned page, known without making it."""
    number, key, part = planned
    return PAGE_KINDS[number].path(key, part)


def lists_facts(planned: Planned) -> bool:
    """Whether a page shows many facts as cards, and not one fact or one source."""
    return PAGE_KINDS[planned[0]].name not in ("fact", "source")


def page(shelves: Shelves, planned: Planned) -> Page:
    """A planned page with its view."""
    number, key, part = planned
    view = endnotes.of_page(shelves, PAGE_KINDS[number].view(shelves, key, part))
    return Page(view.path, TEMPLATES[type(view)], view)


def paths(shelves: Shelves) -> Iterator[str]:
    """The paths of all pages that a reader may look for, in the order of the plan; no view is made."""
    planned = ((PAGE_KINDS[number], key, part) for number, key, part in plan(shelves))
    return (kind.path(key, part) for kind, key, part in planned if kind.name not in UNLISTED)


def site_view(shelves: Shelves, url: str) -> SiteView:
    """What every page shares; the menu and the footer name only pages that exist."""
    site = shelves.dossier.site
    say = shelves.say
    _ = say.gettext
    menu = [("timeline.html", _("Timeline")), ("actors.html", _("Actors")), ("dates.html", _("Dates"))]
    menu += [("sources.html", _("Sources"))]
    menu += [("topics.html", _("Topics"))] if has_topics(shelves) else []
    menu += [("conflicts.html", _("Conflicts"))] if has_conflicts(shelves) else []
    footer = [("plans.html", _("Plans"))] if has_plans(shelves) else []
    footer += [("changes.html", _("Corrections"))] if has_changes(shelves) else []
    document = urls.DOCUMENT if dossier_page.is_made(shelves) else ""
    footer += [(document, _("The whole dossier, to print"))] if document else []
    verify = proof_pages.verify_path("") if proof_pages.has_quotes(shelves) else ""
    method = urls.METHOD if proof_pages.has_method(shelves) else ""
    footer += [(verify, _("Check the quotes"))] if verify else []
    footer += [(method, _("What a tick means"))] if method else []
    prose = sorted(shelves.dossier.prose.values(), key=lambda p: (p.order, p.slug))
    footer += [(urls.prose(p.slug), p.title) for p in prose]
    address = url.rstrip("/") + "/" if url else ""
    files = {offer.path: _(offer.label) for offer in offered(shelves, address)}
    footer += [(path, label) for path, label in files.items() if label]
    name, license_url = _LICENSES.get(site.license, (site.license, ""))
    return SiteView(
        title=site.title,
        summary=site.summary,
        language=site.language,
        dir=direction(site.language),
        interface=say.code,
        interface_dir=direction(say.code),
        nav=tuple(Link(href=href, label=label) for href, label in menu),
        links=tuple(Link(href=href, label=label) for href, label in footer),
        verify=verify,
        document=document,
        picture=_picture(shelves),
        method=urls.METHOD,
        feed=FEED if FEED in files else "",
        data=tuple(Link(href=path, label=_TABLES[path]) for path in files if path in _TABLES),
        rights=site.rights,
        license=name,
        license_url=license_url,
        editors=site.editors,
        contact=_contact(site.contact),
        url=address,
        base="/" + address.split("://", 1)[1].split("/", 1)[1] if address else "",
        key=terms.key(say),
        months=tuple(say.months),
        initials=tuple(say.initials),
        weekdays=say.week(say.weekdays),
        short_weekdays=say.week(say.short_weekdays),
        comma=say.comma,
    )


#: The files for machines that hold every fact, as the page of a fact names them.
_TABLES = {"data/facts.json": "JSON", "data/facts.csv": "CSV", "data/annotations.jsonld": "JSON-LD"}
#: Licences by the name people write, with the name shown and the address of the text.
_LICENSES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def _picture(shelves: Shelves) -> str:
    """The picture of the dossier: one that the site brings, else the one that is drawn when asked for."""
    if urls.OWN_PICTURE in shelves.dossier.static:
        return urls.OWN_PICTURE
    return urls.PICTURE if shelves.dossier.site.picture else ""


def _contact(contact: str) -> str:
    return f"mailto:{contact}" if "@" in contact and "://" not in contact else contact
