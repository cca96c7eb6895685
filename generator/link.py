"""Linking: from entries to the dossier. Every id is resolved, every quote located, every relation known from
both its ends.

In: the content as read, the evidence lock, the saved texts at hand. Out: the dossier with the problems of
linking: duplicate ids, references to nothing, quotes that do not stand in their source. A reference into
a file that could not be parsed raises no further problem. Drafts are left out unless this is the preview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from msgspec import Struct

from generator import edtf
from generator.content import Actor, Entry, Fact, Question, Site, Source, Topic
from generator.dossier import Dossier, Kind
from generator.evidence import Finder
from generator.groups import Group, Member, fill
from generator.located import LocatedFact
from generator.lock import Lock
from generator.problems import Pointer, Problem
from generator.read import Content, Entered
from generator.relations import RELATIONS, Relation

T = TypeVar("T", bound=Entry)
#: What is done with a dossier and its groups while others look for its quotes.
Meanwhile: TypeAlias = Callable[[Dossier, Mapping[Group, tuple[Member, ...]]], object]


def nothing(*_: object) -> None:
    """What is done meanwhile where there is nothing to do."""


class Linked(Struct, frozen=True, kw_only=True):
    """A dossier, what was wrong with it, and what was checked."""

    dossier: Dossier
    problems: tuple[Problem, ...]
    #: Numbers of what was checked, by its name in the plural.
    checked: dict[str, int]
    #: Quotes by what they were checked against.
    against_texts: int
    against_lock: int
    #: The groups that its facts and sources stand in.
    groups: Mapping[Group, tuple[Member, ...]]


def link(
    site: Site,
    content: Content,
    lock: Lock,
    *,
    preview: bool = False,
    jobs: int = 1,
    meanwhile: Meanwhile = nothing,
) -> Linked:
    """Resolve every reference and locate every quote, with so many processes.

    `meanwhile` is done while others locate quotes: where the evidence of a fact stands is not known to that
    dossier yet, and asking for it is a `KeyError`.
    """
    linker = _Linker(site, content, preview, jobs)
    dossier, texts, locks = linker.dossier(lock, meanwhile)
    checked = {
        "facts": len(dossier.facts),
        "quotes": sum(len(f.evidence) for f in dossier.facts.values()),
        "sources": len(dossier.sources),
        "actors": len(dossier.actors),
        "topics": len(dossier.topics),
    }
    return Linked(
        dossier=dossier,
        problems=tuple(linker.problems),
        checked=checked,
        against_texts=texts,
        against_lock=locks,
        groups=linker.groups,
    )


class _Linker:
    """Gathers problems while the entries are put together."""

    def __init__(self, site: Site, content: Content, preview: bool, jobs: int) -> None:
        self.jobs = jobs
        self.site = site
        self.content = content
        self.preview = preview
        self.problems: list[Problem] = []
        self.pointers: dict[tuple[Kind, str], Pointer] = {}
        self.groups: Mapping[Group, tuple[Member, ...]] = {}
        #: Entries that exist and are not published.
        self.drafts: set[tuple[Kind, str]] = set()

    def dossier(self, lock: Lock, meanwhile: Meanwhile) -> tuple[Dossier, int, int]:
        """The dossier, and how many quotes were checked against a text and how many against the lock."""
        content = self.content
        actors: dict[str, Actor] = self.known("actor", content.actors)
        sources: dict[str, Source] = self.known("source", content.sources)
        topics: dict[str, Topic] = self.known("topic", content.topics)
        questions: dict[str, Question] = self.known("question", content.questions)
        facts: dict[str, Fact] = self.known("fact", content.facts)
        places = {key: pointer for (kind, key), pointer in self.pointers.items() if kind == "source"}
        finder = Finder(self.site, sources, places, content.texts, lock, content.unusable)
        located: dict[str, LocatedFact] = {}

        def linked() -> Dossier:
            known: dict[Kind, Mapping[str, Entry]] = {
                "actor": actors, "source": sources, "topic": topics, "fact": facts, "question": questions,
            }  # fmt: skip
            lacking = self.lacking(known, facts)
            sound = {k: f for k, f in facts.items() if ("fact", k) not in lacking}
            answered = {k: q for k, q in questions.items() if all(f in sound for f in answers(q))}
            left_out: set[tuple[Kind, str]] = {("fact", k) for k in facts.keys() - sound.keys()}
            left_out |= {("question", k) for k in questions.keys() - answered.keys()}
            in_order = _in_order_of_dates(sound)
            self.groups = fill(in_order.values(), sources.values())
            return Dossier(
                site=self.site,
                actors=actors,
                sources=sources,
                topics=topics,
                questions=answered,
                prose={p.slug: p for p in content.prose if self.preview or not p.draft},
                facts=in_order,
                located=located,
                measures=finder.measures,
                full_texts=finder.full_texts,
                relations=both_ends(in_order),
                reporters=reporters(sources, actors),
                pointers=self.pointers,
                static=frozenset(content.static),
                drafts=frozenset(self.drafts),
                unread=content.unread | left_out,
                broken=content.broken,
            )

        made: list[Dossier] = []

        def beside() -> None:
            made.append(linked())
            meanwhile(made[0], self.groups)

        # Quotes are looked for first, and all else is done while others look.
        at = {key: self.pointers["fact", key] for key in facts}
        found = finder.locate(facts, at, self.jobs, beside)
        dossier = made[0]
        located.update((key, found[key]) for key in dossier.facts)
        # What refers to nothing was told, and is left out; of the rest it is told what is wrong with quotes.
        left_out = {f"fact {key}" for key in facts.keys() - dossier.facts.keys()}
        self.problems += (p for p in finder.problems if p.subject.partition(",")[0] not in left_out)
        return dossier, finder.against_texts, finder.against_lock

    def lacking(
        self, known: Mapping[Kind, Mapping[str, Entry]], facts: Mapping[str, Fact]
    ) -> set[tuple[Kind, str]]:
        """The entries that make no sense, as they name what is not there; each such id is a problem."""
        lacking: set[tuple[Kind, str]] = set()
        for kind, entries in known.items():
            if kind == "fact" and all(ids <= known[k].keys() for k, ids in named(facts.values()).items()):
                continue  # as in most dossiers: all that any fact names is there
            for entry in entries.values():
                for reference in references(entry):
                    if reference.target not in known[reference.kind]:
                        self.resolve(kind, entry.id, reference, known)
                        lacking |= {(kind, entry.id)} if reference.needed else set()
        return lacking

    def known(self, kind: Kind, entered: Iterable[Entered[T]]) -> dict[str, T]:
        """Entries by id; a second one with the same id is a problem."""
        found: dict[str, T] = {}
        for each in entered:
            value = each.value
            if value.draft and not self.preview:
                self.drafts.add((kind, value.id))
                continue
            if value.id in found:
                first = self.pointers[kind, value.id]
                self.problem(
                    "duplicate-id",
                    f'a second {kind} has the id "{value.id}"; the first is in {first.file}',
                    Pointer(each.pointer.file, each.pointer.entry, ("id",)),
                    f"{kind} {value.id}",
                    "give one of the two another id",
                )
                continue
            found[value.id] = value
            self.pointers[kind, value.id] = each.pointer
        return dict(sorted(found.items()))

    def resolve(
        self, kind: Kind, key: str, reference: Reference, known: Mapping[Kind, Mapping[str, Entry]]
    ) -> None:
        """Tell of a reference to what is not there: to nothing, or to what is not published."""
        import difflib  # only mistakes need it

        wanted, target = reference.kind, reference.target
        if wanted in self.content.broken or (wanted, target) in self.content.unread:
            return
        base = self.pointers[kind, key]
        at = Pointer(base.file, base.entry, reference.path)
        if (wanted, target) in self.drafts:
            if reference.needed:
                self.problem(
                    "draft-referenced",
                    f'the {wanted} "{target}" is a draft and will not be published',
                    at,
                    f"{kind} {key}",
                    f"publish the {wanted}, or make this {kind} a draft as well",
                )
            return
        near = [e.id for e in known[wanted].values() if target in e.formerly]
        near = near or difflib.get_close_matches(target, known[wanted], 1)
        self.problems.append(
            Problem(
                code=f"unknown-{wanted}",
                message=f'no {wanted} has the id "{target}"',
                at=at,
                subject=f"{kind} {key}",
                nearest=near[0] if near else "",
                help=f"mend the id, or add the {wanted} to content/{wanted}s/",
            )
        )

    def problem(self, code: str, message: str, at: Pointer, subject: str, help: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(code=code, message=message, at=at, subject=subject, help=help))


class Reference(Struct, frozen=True):
    """An id that an entry names."""

    kind: Kind
    target: str
    path: tuple[str | int, ...]
    #: Whether the entry makes no sense without it; relations to a draft are simply not shown.
    needed: bool = True


def references(entry: Entry) -> Iterator[Reference]:
    """Every id an entry names, with the way to it."""
    if isinstance(entry, Fact):
        yield from _fact_references(entry)
    elif isinstance(entry, Actor):
        if entry.part_of:
            yield Reference("actor", entry.part_of, ("part_of",))
        for number, role in enumerate(entry.roles):
            if role.of:
                yield Reference("actor", role.of, ("roles", number, "of"))
    elif isinstance(entry, Source):
        for number, origin in enumerate(entry.origin):
            yield Reference("actor", origin, ("origin", number))
    elif isinstance(entry, Question):
        for at, position in enumerate(entry.positions):
            for number, fact in enumerate(position.facts):
                yield Reference("fact", fact, ("positions", at, "facts", number))


def named(facts: Iterable[Fact]) -> dict[Kind, set[str]]:
    """The ids that some facts name, as `references` has them, by the kind of entry they are of."""
    actors: set[str] = set()
    topics: set[str] = set()
    sources: set[str] = set()
    others: set[str] = set()
    for fact in facts:  # all of one fact, then all of the next, as they lie in memory
        for ref in fact.actors:
            actors.add(ref if isinstance(ref, str) else ref.id)
        if fact.speaker:
            actors.add(fact.speaker)
        topics.update(fact.topics)
        if fact.dating and fact.dating.source:
            sources.add(fact.dating.source)
        for evidence in fact.evidence:
            sources.add(evidence.source)
            actors.update(evidence.via)
        for targets in fact.relations.values():
            others.update(targets)
    return {"actor": actors, "topic": topics, "source": sources, "fact": others}


def _fact_references(fact: Fact) -> Iterator[Reference]:
    for number, actor in enumerate(fact.actors):
        if isinstance(actor, str):
            yield Reference("actor", actor, ("actors", number))
        else:
            yield Reference("actor", actor.id, ("actors", number, "id"))
    if fact.speaker:
        yield Reference("actor", fact.speaker, ("speaker",))
    for number, topic in enumerate(fact.topics):
        yield Reference("topic", topic, ("topics", number))
    if fact.dating and fact.dating.source:
        yield Reference("source", fact.dating.source, ("dating", "source"))
    for number, evidence in enumerate(fact.evidence):
        yield Reference("source", evidence.source, ("evidence", number, "source"))
        for at, via in enumerate(evidence.via):
            yield Reference("actor", via, ("evidence", number, "via", at))
    for type_, targets in fact.relations.items():
        for number, target in enumerate(targets):
            yield Reference("fact", target, ("relations", type_, number), needed=False)


def _in_order_of_dates(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts in the order of their dates, equal dates in the order given: by id."""
    dated: dict[tuple[int, ...], list[Fact]] = {}  # few dates for many facts, so that there is less to sort
    for fact in facts.values():
        dated.setdefault(edtf.parse(fact.date).sort_key, []).append(fact)
    return {fact.id: fact for at in sorted(dated) for fact in dated[at]}


def answers(question: Question) -> Iterator[str]:
    """Ids of the facts that answer a question."""
    return (fact for position in question.positions for fact in position.facts)


def reporters(sources: Mapping[str, Source], actors: Mapping[str, Actor]) -> dict[str, frozenset[str]]:
    """Whom each source's reporting comes from: its origin, else its publisher, by id where it is an actor."""
    named: dict[str, str] = {}
    for actor in actors.values():
        for name in (actor.name, *actor.aliases):
            named.setdefault(name, actor.id)
    return {
        key: frozenset(s.origin or (named.get(s.publisher, f"publisher {s.publisher}"),))
        for key, s in sources.items()
    }


def both_ends(facts: Mapping[str, Fact]) -> dict[str, tuple[Relation, ...]]:
    """Relations of each fact from both its ends, in the order of the table, then by the order of facts."""
    found: dict[str, set[Relation]] = {}
    _join(found, facts.values(), facts)
    return {key: _in_order(relations, facts) for key, relations in sorted(found.items())}


def joined_anew(
    before: Mapping[str, tuple[Relation, ...]],
    facts: Mapping[str, Fact],
    old: Iterable[Fact],
    new: Iterable[Fact],
) -> dict[str, tuple[Relation, ...] | None]:
    """The relations that an edit changes: of the edited facts and of all that they are or were joined to.

    `facts` are those after the edit; None: the fact is gone, or joined to nothing any more.
    """
    old, new = list(old), list(new)
    edited = {fact.id for fact in (*old, *new)}
    ends = edited | {t for fact in (*old, *new) for targets in fact.relations.values() for t in targets}
    ends |= {r.target for key in edited for r in before.get(key, ())}
    found: dict[str, set[Relation]] = {}
    for key in ends & facts.keys():
        # What an edited fact said of others is said anew below; what others say of it stays.
        found[key] = {r for r in before.get(key, ()) if (r.target if r.inverse else key) not in edited}
    _join(found, new, facts)
    return {key: _in_order(found[key], facts) if found.get(key) else None for key in sorted(ends)}


def _join(found: dict[str, set[Relation]], of: Iterable[Fact], facts: Mapping[str, Fact]) -> None:
    for fact in of:
        for type_, targets in fact.relations.items():
            for target in targets:
                if target in facts and target != fact.id:
                    found.setdefault(fact.id, set()).add(Relation(type_, target))
                    found.setdefault(target, set()).add(Relation(type_, fact.id, True))


_RANK = {type_: number for number, type_ in enumerate(RELATIONS)}


def _in_order(relations: Iterable[Relation], facts: Mapping[str, Fact]) -> tuple[Relation, ...]:
    def place(relation: Relation) -> tuple[int, bool, tuple[int, ...], str]:
        date = edtf.parse(facts[relation.target].date).sort_key
        return _RANK[relation.type], relation.inverse, date, relation.target

    return tuple(sorted(relations, key=place))
