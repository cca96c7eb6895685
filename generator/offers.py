"""Which files for machines a site has: the one table that pages name them from and that exports follow.

Feeds, sitemap and `data/facts.json` are made whenever they apply; the others cost a file and a promise, so
a site asks for them under `exports:` in site.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from generator import edtf
from generator.content import ExportName, Fact
from generator.languages import marked as _
from generator.shelves import Shelves

FEED = "feed.xml"


class Offer(Struct, frozen=True, kw_only=True):
    """One file for machines."""

    path: str
    #: What the footer of every page calls it, in English; empty: machines find it by themselves.
    label: str = ""
    #: Its name under `exports:`; empty: made without being asked for.
    asked: ExportName | Literal[""] = ""
    #: Whether there is anything to put into it. Takes the shelves and the site's address, or "".
    applies: Callable[[Shelves, str], bool] = lambda _shelves, _url: True


def _any(told: Callable[[Fact], object]) -> Callable[[Shelves, str], bool]:
    return lambda shelves, _url: any(told(fact) for fact in shelves.dossier.facts.values())


def has_changes(shelves: Shelves) -> bool:
    """Whether anything was corrected."""
    return bool(shelves.members("told", "changes"))


def exact_day(date: str) -> edtf.Day | None:
    """The one day a date names for certain; None for anything coarser, doubtful or out of a calendar's reach.

    A time of day is on its day as written. Calendars hold the years 1 to 9999 (RFC 5545, 3.3.4).
    """
    parsed = edtf.parse(date) if date else edtf.UNKNOWN
    sure = parsed.precision in ("day", "time") and parsed.earliest and parsed.attribute
    return parsed.earliest if sure and parsed.earliest and parsed.earliest[0] <= 9999 else None


OFFERS: tuple[Offer, ...] = (
    Offer(path=FEED, label=_("Feed of new facts"), applies=lambda s, _url: bool(s.members("told", "added"))),
    Offer(path="changes.xml", label=_("Feed of corrections"), applies=lambda s, _url: has_changes(s)),
    Offer(path="data/facts.json", label=_("Data (JSON)")),
    Offer(path="data/facts.csv", label=_("Facts (CSV)"), asked="csv"),
    Offer(path="data/evidence.csv", label=_("Evidence (CSV)"), asked="csv"),
    Offer(path="data/annotations.jsonld", label=_("Web annotations (JSON-LD)"), asked="annotations"),
    Offer(
        path="data/dossier.ics",
        label=_("Calendar"),
        asked="ics",
        applies=_any(lambda f: exact_day(f.date) or exact_day(f.due)),
    ),
    Offer(path="sitemap.xml", applies=lambda _shelves, url: bool(url)),
    Offer(path="robots.txt", applies=lambda _shelves, url: bool(url)),
)


def offered(shelves: Shelves, url: str) -> Iterator[Offer]:
    """The files a site has, in the order of the table; `url` is its address, or empty."""
    wanted = shelves.dossier.site.exports
    return (o for o in OFFERS if (not o.asked or o.asked in wanted) and o.applies(shelves, url))
