"""Pages that lead to others: home, actors, topics, prose and the page for unknown addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from generator import edtf, markdown, network, terms, urls
from generator.content import Fact
from generator.groups import GroupName
from generator.languages import marked_plural
from generator.listing import Axis, axis, course, overview, year_number, year_of
from generator.shelves import Outline, Shelves
from generator.views import (
    ActorRow,
    ActorsView,
    EvidenceView,
    HomeView,
    Link,
    MarkCount,
    NotFoundView,
    PageView,
    ProseView,
    Tally,
    TopicsView,
)

#: How many actors, topics, sources and questions the home page names before it leads to all.
FIRST = 6
#: Newest facts on the home page.
RECENT = 4


def home(shelves: Shelves) -> HomeView:
    """What is this about, how much is there, when did it cluster, how solid is it?"""
    dossier = shelves.dossier

    def shows(*fields: str) -> bool:
        return any(shelves.shows(field, HomeView) for field in fields)

    counted = shows("years", "top_dates", "independent", "overview", "standing")
    facts = shelves.outlines("all") if counted else []
    start = _start(shelves)
    shown = lead(shelves)
    questions = [shelves.question_card(k) for k in dossier.questions]
    drawn = axis(facts) if shows("course") else None
    plans = shelves.facts("told", "plan")
    pending = [f for f in plans if shelves.mark(f) == "planned"]
    pending.sort(key=lambda f: (edtf.parse(f.due or f.date).sort_key, f.id))
    years = sorted({year_of(f) for f in facts if year_of(f)}, key=year_number)
    return HomeView(
        path=urls.HOME,
        title=dossier.site.title,
        description=dossier.site.summary,
        summary=dossier.site.summary,
        lead=shown[0] if shown else None,
        lead_fact=shelves.card(shown[1].id) if shown else None,
        facts=len(dossier.facts),
        sources=len(dossier.sources),
        actors=len(dossier.actors),
        years=years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else "",
        independent=sum(f.independent for f in facts),
        overview=overview(shelves, facts),
        standing=tuple(_standing(shelves, facts)) if shows("standing") else (),
        start=shelves.cards(start),
        recent=shelves.cards(_recent(shelves)) if shows("recent") else (),
        plans=shelves.cards(pending[:RECENT]),
        all_plans=_all(shelves, "plans.html", len(plans), _PLANS) if plans else None,
        questions=tuple(questions[: FIRST // 2]),
        all_questions=_all(shelves, "conflicts.html", len(questions), _QUESTIONS) if questions else None,
        top_actors=_ranked(shelves, "actor", drawn) if shows("top_actors") else (),
        all_actors=_all(shelves, "actors.html", len(dossier.actors), _ACTORS),
        top_dates=tuple(_years(shelves, years)),
        all_dates=Link(href="dates.html", label=shelves.say.gettext("All dates")),
        top_topics=_ranked(shelves, "topic", drawn) if shows("top_topics") else (),
        all_topics=_all(shelves, "topics.html", len(dossier.topics), _TOPICS) if dossier.topics else None,
        top_sources=_ranked(shelves, "source") if shows("top_sources") else (),
        all_sources=_all(shelves, "sources.html", len(dossier.sources), _SOURCES),
    )


def _years(shelves: Shelves, years: list[str]) -> Iterator[Tally]:
    """The years with most facts, in order of time."""
    found = {y: len({m.id for m in shelves.members("date", y)}) for y in years if shelves.has_page(y)}
    most = sorted(found, key=lambda year: -found[year])[:FIRST]
    return (Tally(href=urls.date(y), label=y, count=n) for y, n in found.items() if y in most)


def _standing(shelves: Shelves, facts: Sequence[Outline]) -> Iterator[MarkCount]:
    """Facts by mark; the timeline shows those of one mark alone while it is one page and has a filter."""
    tally, limit = shelves.tally(facts), shelves.dossier.site.lists
    alone = len(tally) > 1 and (not limit or len(facts) <= limit)
    for mark, count in tally:
        href = f"timeline.html#only-{mark}" if alone else ""
        yield MarkCount(mark=mark, word=shelves.say.gettext(terms.STATUS[mark].word), count=count, href=href)


#: What leads to all of a kind.
_PLANS = marked_plural("The plan", "All %(number)s plans")
_QUESTIONS = marked_plural("The question", "All %(number)s questions")
_ACTORS = marked_plural("The actor", "All %(number)s actors")
_TOPICS = marked_plural("The topic", "All %(number)s topics")
_SOURCES = marked_plural("The source", "All %(number)s sources")


def _all(shelves: Shelves, href: str, count: int, words: tuple[str, str]) -> Link:
    say = shelves.say
    return Link(href=href, label=say.ngettext(*words, count) % {"number": say.number(count)})


def _start(shelves: Shelves) -> list[Fact]:
    facts = shelves.dossier.facts
    return [facts[key] for key in shelves.dossier.site.start if key in facts]


def lead(shelves: Shelves) -> tuple[EvidenceView, Fact] | None:
    """The quotation shown first: of the offered facts that may show their words, the least broken one."""
    offered = [
        (evidence, fact)
        for fact in _start(shelves)
        for evidence in shelves.evidence(fact)
        if evidence.runs and evidence.stance == "supports"
    ]
    return min(offered, key=lambda pair: len(pair[0].runs), default=None)


def _recent(shelves: Shelves) -> list[Fact]:
    newest = (shelves.dossier.facts[member.id] for member in reversed(shelves.members("all")))
    return list(islice((f for f in newest if f.kind != "plan" and edtf.parse(f.date).pages), RECENT))


def _ranked(shelves: Shelves, name: GroupName, drawn: Axis | None = None) -> tuple[Tally, ...]:
    """Actors, topics or sources with most facts, most first."""
    dossier, say = shelves.dossier, shelves.say

    def link(key: str) -> Link:
        if name == "source":
            source = shelves.source(key)
            return Link(href=source.href, label=source.title, lang=source.lang)
        if name == "topic":
            return Link(href=urls.topic(key), label=dossier.topics[key].name)
        return Link(href=urls.actor(key), label=dossier.actors[key].name)

    all_: Iterable[str] = {"actor": dossier.actors, "topic": dossier.topics, "source": dossier.sources}[name]
    counts = {key: count for key in all_ if (count := len(shelves.members(name, key)))}
    # Names decide among those with as many facts; of the others, which may be thousands, none is looked up.
    least = sorted(counts.values(), reverse=True)[:FIRST][-1:]
    links = {key: link(key) for key, count in counts.items() if count >= least[0]}
    most = sorted(links, key=lambda k: (-counts[k], say.sort_key(links[k].label)))
    return tuple(
        Tally(
            href=links[key].href,
            label=links[key].label,
            lang=links[key].lang,
            count=counts[key],
            course=course(shelves.outlines(name, key), drawn) if drawn else (),
        )
        for key in most[:FIRST]
    )


def actors(shelves: Shelves) -> ActorsView:
    """Is the actor I need here?"""
    dossier, say = shelves.dossier, shelves.say
    rows = []
    known = dossier.actors.values() if shelves.shows("rows", ActorsView) else ()
    drawn = _axis(shelves, ActorsView)
    for actor in sorted(known, key=lambda a: (say.sort_key(a.name), a.id)):
        facts = shelves.outlines("actor", actor.id)
        titles = dict.fromkeys(r.title for r in actor.roles)
        first, last = (shelves.when(facts[n].date) if facts else "" for n in (0, -1))
        rows.append(
            ActorRow(
                name=actor.name,
                href=urls.actor(actor.id),
                kind=say.listed(list(titles)) or say.gettext(terms.ACTOR_KIND[actor.kind]),
                part_of=shelves.actor_link(actor.part_of) if actor.part_of else None,
                marks=shelves.tally(facts),
                count=len(facts),
                course=course(facts, drawn),
                first=first,
                last=last if last != first else "",
            )
        )
    return ActorsView(
        path="actors.html",
        title=say.gettext("Actors"),
        description=say.gettext("Everyone who acts or speaks, with the number of facts."),
        section="actors.html",
        rows=tuple(rows),
        span=_span(shelves, drawn),
        network=network.of_site(shelves) if shelves.shows("network", ActorsView) else None,
    )


def topics(shelves: Shelves) -> TopicsView:
    """What is this about?"""
    topics, key = shelves.dossier.topics.values(), shelves.say.sort_key
    drawn = _axis(shelves, TopicsView)
    return TopicsView(
        path="topics.html",
        title=shelves.say.gettext("Topics"),
        description=shelves.say.gettext("What the facts are about."),
        section="topics.html",
        rows=tuple(
            Tally(
                href=urls.topic(t.id),
                label=t.name,
                count=len(shelves.members("topic", t.id)),
                course=course(shelves.outlines("topic", t.id), drawn) if drawn else (),
                note=markdown.inline(t.summary, shelves.resolve("")),
            )
            for t in sorted(topics, key=lambda t: (key(t.name), t.id))
        ),
        span=_span(shelves, drawn),
    )


def _axis(shelves: Shelves, view: type[PageView]) -> Axis | None:
    """The time that the small pictures of a page have in common."""
    return axis(shelves.outlines("all")) if shelves.shows("course", view) else None


def _span(shelves: Shelves, drawn: Axis | None) -> tuple[str, str] | None:
    first, last = drawn.ends() if drawn else ("", "")
    return (shelves.when(first), shelves.when(last)) if drawn else None


def prose(shelves: Shelves, key: str) -> ProseView:
    """A page the editors wrote."""
    page = shelves.dossier.prose[key]
    path = urls.prose(key)
    return ProseView(
        path=path,
        title=page.title,
        description=shelves.dossier.site.summary,
        section=path,
        body=shelves.markdown(page.body, path),
        draft=page.draft,
    )


def not_found(shelves: Shelves) -> NotFoundView:
    """Where do I go instead?"""
    return NotFoundView(path="404.html", title=shelves.say.gettext("Page not found"))
