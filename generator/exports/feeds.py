"""Feeds (Atom, RFC 4287): `feed.xml` with the newest facts, `changes.xml` with corrections and additions.

Both hold the newest 100. Their dates are those the curator gave (`added`, `changes`), at midnight UTC,
since a day is all that is known; a fact without `added` is in no feed. Where the site has no address, links
are relative to its root and ids are URNs. Quotations are the source's own words, run by run; a source whose
rights allow none is named without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markupsafe import escape

from generator import terms, urls
from generator.content import Fact
from generator.exports.identifiers import urn_of
from generator.exports.xmlfile import add, document
from generator.languages import marked
from generator.offers import FEED
from generator.shelves import Shelves, direction

NEWEST = 100
#: The title of an entry, by what became of the fact.
_CORRECTED, _WITHDRAWN = marked("Corrected: %(statement)s"), marked("Withdrawn: %(statement)s")
_ADDED = marked("Added: %(statement)s")


class _News(NamedTuple):
    """An entry of a feed, in the order in which news sort."""

    updated: str
    published: str
    #: Sorts entries of one day, and sets two of one fact apart.
    order: tuple[object, ...]
    fact: Fact
    title: str
    #: HTML.
    body: str
    #: Names that single it out among all entries of all feeds.
    names: tuple[str, ...]


def newest(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """`feed.xml`: facts by the day they were first published, then by their own date, newest first."""
    members = shelves.members("told", "added")[: -NEWEST - 1 : -1]
    facts = [shelves.dossier.facts[m.id] for m in members]
    news = [
        _News(
            updated=max([f.added, *(c.date for c in f.changes)]),
            published=f.added,
            order=(),
            fact=f,
            title=shelves.alone(f.id),
            body=_body(shelves, f),
            names=(f.id,),
        )
        for f in facts
    ]
    yield FEED, _feed(shelves, url, FEED, shelves.dossier.site.title, news)


def changes(shelves: Shelves, url: str) -> Iterator[tuple[str, bytes]]:
    """`changes.xml`: corrections and first publications by their day, newest first."""
    news = sorted(_changes(shelves), key=lambda n: (n.updated, n.order), reverse=True)
    named = shelves.say.gettext("%(dossier)s: corrections and additions")
    title = named % {"dossier": shelves.dossier.site.title}
    yield "changes.xml", _feed(shelves, url, "changes.xml", title, news[:NEWEST])


def _changes(shelves: Shelves) -> Iterator[_News]:
    say = shelves.say
    for fact in shelves.facts("told", "added", role="added"):
        yield _News(
            updated=fact.added,
            published=fact.added,
            order=(0, fact.id, 0),
            fact=fact,
            title=shelves.say.gettext(_ADDED) % {"statement": shelves.alone(fact.id)},
            body=_body(shelves, fact),
            names=(fact.id, "added"),
        )
    for fact in shelves.facts("told", "changes"):
        for number, change in enumerate(fact.changes):
            same = sum(c.date == change.date and c.kind == change.kind for c in fact.changes[:number])
            title = _WITHDRAWN if change.kind == "withdrawal" else _CORRECTED
            before = say.gettext("Before:")
            was = f"<p>{before} <del>{escape(change.was)}</del></p>" if change.was else ""
            yield _News(
                updated=change.date,
                published=change.date,
                order=(1, fact.id, number),
                fact=fact,
                title=say.gettext(title) % {"statement": _said(shelves, fact)},
                body=f"<p>{say.gettext(terms.CHANGE[change.kind])}. {escape(change.reason)}</p>{was}",
                names=(fact.id, change.date, change.kind, str(same)),
            )


def _said(shelves: Shelves, fact: Fact) -> str:
    """The statement behind a word that tells what became of it; "Withdrawn: Withdrawn: …" says no more."""
    withdrawn = fact.status == "withdrawn"
    return shelves.said(fact.id).headed if withdrawn else shelves.alone(fact.id)


def _body(shelves: Shelves, fact: Fact) -> str:
    """What is said, when, how well it stands, and in whose words."""
    card = shelves.card(fact.id)
    say = shelves.say
    when = say.capital(f"{card.lead} {shelves.when(fact.date)}".strip())
    if card.due:
        when = say.gettext("%(when)s, due %(due)s") % {"when": when, "due": card.due}
    parts = [f"<p>{escape(when)}. {shelves.status_word(fact)}.</p>"]
    for evidence, located in zip(fact.evidence, shelves.dossier.located[fact.id].evidence, strict=True):
        source = shelves.source(evidence.source)
        credit = say.comma.join([source.title, source.publisher, source.published])
        lang = shelves.language_of(evidence)
        words = " […] ".join(f"<q>{escape(run.words)}</q>" for run in shelves.runs(evidence, located))
        opened = f'<blockquote lang="{escape(lang)}" dir="{direction(lang)}">'
        quote = f"{opened}{words}</blockquote>" if words else ""
        stance = f"{say.gettext(terms.STANCE[evidence.stance])}: " if evidence.stance != "supports" else ""
        parts.append(f"{quote}<p>{escape(stance)}{escape(credit)}</p>")
    return "".join(parts)


def _feed(shelves: Shelves, url: str, path: str, title: str, news: list[_News]) -> bytes:
    site = shelves.dossier.site
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": site.language})
    add(feed, "id", url + path if url else urn_of(shelves, path))
    add(feed, "title", title)
    if site.summary:
        add(feed, "subtitle", site.summary)
    add(feed, "updated", _time(max(n.updated for n in news)))
    add(feed, "link", rel="self", type="application/atom+xml", href=url + path)
    add(feed, "link", rel="alternate", type="text/html", href=url + urls.HOME)
    for name in site.editors or (site.title,):  # Atom wants an author; the dossier speaks for itself
        add(add(feed, "author"), "name", name)
    if site.rights:
        add(feed, "rights", site.rights)
    for each in news:
        _entry(shelves, url, feed, each)
    return document(feed)


def _entry(shelves: Shelves, url: str, feed: Element, news: _News) -> None:
    fact = news.fact
    entry = add(feed, "entry")
    page = url + urls.fact(fact.id)
    add(entry, "id", page if url and news.names == (fact.id,) else urn_of(shelves, *news.names))
    add(entry, "title", news.title)
    add(entry, "updated", _time(news.updated))
    add(entry, "published", _time(news.published))
    add(entry, "link", rel="alternate", type="text/html", href=page)
    for topic in fact.topics:
        add(entry, "category", term=topic, label=shelves.dossier.topics[topic].name)
    add(entry, "content", news.body, type="html")


def _time(day: str) -> str:
    return f"{day}T00:00:00Z"
