"""The dossier: everything a site is made from, linked, and nothing about how it is shown.

`link` builds it, checks and pages read it. Facts stand in the order of their dates (equal dates by id), so
that whoever walks them needs no sort; every index is a plain mapping in a fixed order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.content import Actor, Evidence, Fact, Question, Site, Source, Stance, Topic
from generator.located import LocatedFact, LocatedSource
from generator.problems import Pointer
from generator.read import Prose
from generator.relations import OUTCOMES, Relation

Kind: TypeAlias = Literal["fact", "actor", "source", "topic", "question", "prose"]
#: What an id in a text comes to; what is unread was told of already.
Standing: TypeAlias = Literal["published", "draft", "unread", "unknown"]

_SUPPORT: tuple[Stance, ...] = ("supports",)


class Dossier(Struct, frozen=True, kw_only=True):
    """All published entries (the preview adds drafts), each reference resolved."""

    site: Site
    actors: Mapping[str, Actor]
    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    questions: Mapping[str, Question]
    prose: Mapping[str, Prose]
    #: In the order of their dates.
    facts: Mapping[str, Fact]
    #: Where the evidence of each fact stands.
    located: Mapping[str, LocatedFact]
    #: The measures of each saved text.
    measures: Mapping[str, LocatedSource]
    #: The texts of sources that may be shown in full, and of no others.
    full_texts: Mapping[str, str]
    #: Relations of each fact, from both ends, in the order of the table.
    relations: Mapping[str, tuple[Relation, ...]]
    #: Whom the reporting of each source comes from, unless a piece of evidence says otherwise. A publisher
    #: that is an actor goes by its id, so that an agency's own article and a copy of it count as one.
    reporters: Mapping[str, frozenset[str]]
    #: Where each entry is written.
    pointers: Mapping[tuple[Kind, str], Pointer]
    #: Files of content/static, relative to it.
    static: frozenset[str]
    #: Entries that are written and not published.
    drafts: frozenset[tuple[Kind, str]]
    #: Entries left out for an error of their own: a reference to one of these is no further problem.
    unread: frozenset[tuple[Kind, str]]
    #: Kinds with a file that was not understood: an unknown id of such a kind is none either.
    broken: frozenset[Kind]

    def at(self, kind: Kind, key: str, *path: str | int) -> Pointer:
        """The place of a value of an entry."""
        base = self.pointers[kind, key]
        return Pointer(base.file, base.entry, path)

    def standing(self, key: str) -> Standing:
        """What an id comes to, whichever kind of entry it may name."""
        if any(key in of for of in (self.facts, self.actors, self.topics, self.sources, self.questions)):
            return "published"
        if any(key == draft for _, draft in self.drafts):
            return "draft"
        return "unread" if self.broken or any(key == unread for _, unread in self.unread) else "unknown"

    def origins(self, fact: Fact, stances: Collection[Stance] = _SUPPORT) -> tuple[frozenset[str], ...]:
        """The independent origins of a fact's support, each as the set of names that make it up.

        A piece of evidence comes from its `via`, else from its source's `origin`, else from the publisher.
        Evidence that shares any of these may be one report copied, so it counts once: independence is
        never overstated.
        """
        groups: list[frozenset[str]] = []
        for evidence in fact.evidence:
            if evidence.stance not in stances:
                continue
            names = self.origin(evidence)
            for group in groups:
                if not group.isdisjoint(names):
                    apart = [g for g in groups if g.isdisjoint(names)]
                    groups = [*apart, names.union(*(g for g in groups if not g.isdisjoint(names)))]
                    break
            else:
                groups.append(names)
        return tuple(groups)

    def origin(self, evidence: Evidence) -> frozenset[str]:
        """Whom a piece of evidence comes from: ids of actors, or a publisher that is none."""
        return frozenset(evidence.via) if evidence.via else self.reporters[evidence.source]

    def outlets(self, fact: Fact) -> tuple[str, ...]:
        """Ids of the sources that support a fact, each once, in the order written."""
        return tuple(dict.fromkeys(e.source for e in fact.evidence if e.stance == "supports"))

    def is_open(self, fact: Fact) -> bool:
        """Whether a fact is a plan whose outcome no other fact gives; what was withdrawn gives none."""
        return fact.kind == "plan" and not any(
            r.inverse and r.type in OUTCOMES and self.facts[r.target].status != "withdrawn"
            for r in self.relations.get(fact.id, ())
        )
