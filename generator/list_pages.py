"""Pages that are a list of facts: the timeline, an actor, a topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Literal

from generator import datewords, edtf, terms, urls
from generator.fact_page import office_of
from generator.groups import GroupName
from generator.listing import D, Dated, Sheet, by_year, listing, month_of, overview, parts, split
from generator.shelves import Outline, Shelves
from generator.touched import Touched
from generator.views import (
    ActorView,
    Lane,
    LaneDot,
    Lanes,
    Link,
    Listing,
    MarkCount,
    Reference,
    Tally,
    TimelineView,
    TopicView,
)

#: Lanes drawn on the timeline: more would not be read, and the count of the rest is stated.
LANES = 12
#: Actors named beside an actor or a topic.
TOGETHER = 12


def sheets(
    shelves: Shelves, name: GroupName | Literal["known"], key: str, facts: Callable[[], Iterable[D]]
) -> Sequence[Sheet[D]]:
    """A list split as the site's settings have it, once for all of its pages."""
    found: Sequence[Sheet[D]] | None = shelves.split.get((name, key))
    if found is None:
        found = split(tuple(facts()), shelves.dossier.site.lists, shelves.language)
        shelves.split[name, key] = found
    return found


def group_sheets(shelves: Shelves, name: GroupName, key: str = "") -> Sequence[Sheet[Outline]]:
    """The list of a group, split."""
    return sheets(shelves, name, key, lambda: shelves.outlines(name, key))


def sheet_parts(shelves: Shelves, name: GroupName, key: str = "") -> list[str]:
    """The pages that the list of a group takes: the front page, then one for each part."""
    limit = shelves.dossier.site.lists
    if not limit or len(shelves.members(name, key)) <= limit:
        return [""]
    return parts(group_sheets(shelves, name, key))


def sheets_touched(touched: Touched, name: GroupName, key: str = "") -> Container[str]:
    """The pages of a group's list that show something else after an edit, the front page always."""
    if sheet_parts(touched.after, name, key) == sheet_parts(touched.before, name, key) == [""]:
        return ("",)
    was, now = (group_sheets(side, name, key) for side in (touched.before, touched.after))
    names = [(sheet.part, sheet.label, len(sheet.facts)) for sheet in now]
    # Each page leads to all others, with their numbers, and to the pages of its years.
    if touched.turned or names != [(sheet.part, sheet.label, len(sheet.facts)) for sheet in was]:
        return ["", *(sheet.part for sheet in now)]
    return {
        "",
        *(
            sheet.part
            for before, sheet in zip(was, now, strict=True)
            if before.facts != sheet.facts or any(fact.id in touched.cards for fact in sheet.facts)
        ),
    }


def timeline_path(part: str) -> str:
    """Path of the timeline or of one part of it."""
    return f"timeline.{part}.html" if part else "timeline.html"


def timeline(shelves: Shelves, part: str) -> TimelineView:
    """What is the order, who was involved when?"""

    def shows(*fields: str) -> bool:
        return any(shelves.shows(field, TimelineView) for field in fields)

    pages = group_sheets(shelves, "all") if part or shows("marks", "lanes", "listing") else ()
    held = next((s for s in pages if s.part == part), None)
    say = shelves.say
    named = say.gettext("Timeline")
    return TimelineView(
        path=timeline_path(part),
        title=say.gettext("Timeline: %(part)s") % {"part": held.label} if held and part else named,
        description=say.gettext("Every fact in the order of its date."),
        section="timeline.html",
        crumbs=(Link(href="timeline.html", label=named),) if part else (),
        count=len(shelves.dossier.facts),
        marks=_standing(shelves, held.facts if held else ()) if shows("marks") else (),
        lanes=_lanes(shelves, shelves.outlines("all")) if shows("lanes") and not part else None,
        listing=listing(pages, part, timeline_path, lambda f: by_year(shelves, f))
        if shows("listing")
        else Listing(groups=()),
        known=tuple(
            Link(href=urls.known(day), label=shelves.when(day))
            for day in sorted(shelves.dossier.site.known_on)
        ),
    )


def _standing(shelves: Shelves, facts: Iterable[Outline]) -> tuple[MarkCount, ...]:
    return tuple(
        MarkCount(mark=mark, word=shelves.say.gettext(terms.STATUS[mark].word), count=count)
        for mark, count in shelves.tally(facts)
    )


def _lanes(shelves: Shelves, facts: Sequence[Outline]) -> Lanes | None:
    names, key = shelves.dossier.actors, shelves.say.sort_key
    ranked = sorted(
        shelves.keys("actor"), key=lambda a: (-len(shelves.members("actor", a)), key(names[a].name))
    )
    drawn = [
        Lane(actor=shelves.actor_link(a), dots=tuple(lane_dots(shelves, shelves.outlines("actor", a))))
        for a in ranked[:LANES]
    ]
    lanes = tuple(lane for lane in drawn if lane.dots)
    if not lanes:
        return None
    return Lanes(
        lanes=lanes,
        left_out=len(ranked) - len(lanes),
        undrawn=sum(1 for f in facts if not month_of(f)),
    )


def lane_dots(shelves: Shelves, facts: Iterable[Dated]) -> Iterator[LaneDot]:
    """Facts as dots of a lane, those that have a month."""
    for fact in facts:
        day = edtf.parse(fact.date).earliest
        if month_of(fact) and day:
            card = shelves.card(fact.id)
            yield LaneDot(
                year=day[0],
                month=day[1],
                mark=card.mark,
                href=card.href,
                statement=shelves.alone(fact.id),
                when=f"{card.lead} {card.when}".strip(),
                status_word=card.status_word,
                sources=card.sources,
            )


def actor(shelves: Shelves, key: str, part: str) -> ActorView:
    """Who is this, when are they active, with whom?"""
    dossier = shelves.dossier
    who = dossier.actors[key]
    facts = shelves.outlines("actor", key)
    path = urls.actor(key, part)
    carried, limit, shows = shelves.outlines("via", key), dossier.site.lists, shelves.shows
    return ActorView(
        path=path,
        title=who.name,
        description=_describe(shelves, who.name, len(facts)),
        section="actors.html",
        crumbs=(Link(href="actors.html", label=shelves.say.gettext("Actors")),)
        + ((Link(href=urls.actor(key), label=who.name),) if part else ()),
        draft=who.draft,
        name=who.name,
        summary=shelves.markdown(who.summary, path),
        kind=shelves.say.gettext(terms.ACTOR_KIND[who.kind]),
        aliases=who.aliases,
        offices=tuple(_offices(shelves, key)),
        part_of=shelves.actor_link(who.part_of) if who.part_of else None,
        includes=tuple(shelves.actor_link(a) for a in shelves.parts_of.get(key, ())),
        same_as=tuple(Reference(url=u, label=_host(u)) for u in who.same_as),
        count=len(facts),
        overview=None if part else overview(shelves, facts),
        listing=listing(
            group_sheets(shelves, "actor", key),
            part,
            lambda p: urls.actor(key, p),
            lambda f: by_year(shelves, f),
        ),
        carried_count=len(carried),
        carried=() if part or 0 < limit < len(carried) else shelves.cards(carried),
        credited=tuple(shelves.source(m.id) for m in shelves.members("credited", key)),
        together=_together(shelves, facts, key) if shows("together") else (),
        standing=_standing(shelves, facts) if shows("standing") else (),
    )


def _describe(shelves: Shelves, name: str, count: int) -> str:
    say = shelves.say
    told = say.ngettext(
        "%(name)s: %(number)s fact, each with its sources.",
        "%(name)s: %(number)s facts, each with its sources.",
        count,
    )
    return told % {"name": name, "number": say.number(count)}


def _offices(shelves: Shelves, key: str) -> Iterator[str]:
    for role in shelves.dossier.actors[key].roles:
        since = datewords.words(edtf.parse(role.from_), shelves.language) if role.from_ else ""
        until = datewords.words(edtf.parse(role.to), shelves.language) if role.to else ""
        office, say = office_of(shelves, role.title, role.of), shelves.say
        slots = {"office": office, "since": since, "until": until}
        if since and until:
            held = "%(office)s (%(since)s)"
            yield (say.gettext("%(office)s (%(since)s to %(until)s)") if since != until else held) % slots
        elif since or until:
            held = (
                say.gettext("%(office)s (from %(since)s)")
                if since
                else say.gettext("%(office)s (until %(until)s)")
            )
            yield held % slots
        else:
            yield office


def _host(url: str) -> str:
    return url.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")


def _together(shelves: Shelves, facts: Sequence[Outline], besides: str = "") -> tuple[Tally, ...]:
    """Actors that share these facts, most often first."""
    counts = Counter(key for fact in facts for key in fact.cast if key != besides)
    names, key = shelves.dossier.actors, shelves.say.sort_key
    ranked = sorted(counts, key=lambda a: (-counts[a], key(names[a].name)))[:TOGETHER]
    return tuple(Tally(href=urls.actor(a), label=names[a].name, count=counts[a]) for a in ranked)


def topic(shelves: Shelves, key: str, part: str) -> TopicView:
    """What is known about this?"""
    about = shelves.dossier.topics[key]
    facts, shows = shelves.outlines("topic", key), shelves.shows
    path = urls.topic(key, part)
    return TopicView(
        path=path,
        title=about.name,
        description=_describe(shelves, about.name, len(facts)),
        section="topics.html",
        crumbs=(Link(href="topics.html", label=shelves.say.gettext("Topics")),)
        + ((Link(href=urls.topic(key), label=about.name),) if part else ()),
        draft=about.draft,
        name=about.name,
        summary=shelves.markdown(about.summary, path),
        count=len(facts),
        overview=None if part else overview(shelves, facts),
        listing=listing(
            group_sheets(shelves, "topic", key),
            part,
            lambda p: urls.topic(key, p),
            lambda f: by_year(shelves, f),
        ),
        actors=_together(shelves, facts) if shows("actors") else (),
        standing=_standing(shelves, facts) if shows("standing") else (),
    )
