"""The dossier: everything a site is made from, linked, and nothing about how it is shown.

`link` builds it, checks and pages read it. Facts stand in the order of their dates (equal dates by id), so
that whoever walks them needs no sort; every index is a plain mapping in a fixed order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from generator.content import Actor, Fact, Question, Site, Source, Topic
from generator.located import LocatedFact, LocatedSource
from generator.problems import Pointer
from generator.read import Prose
from generator.relations import OUTCOMES, Relation

Kind: TypeAlias = Literal["fact", "actor", "source", "topic", "question", "prose"]


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
    #: Where each entry is written.
    pointers: Mapping[tuple[Kind, str], Pointer]

    def origins(self, fact: Fact) -> tuple[frozenset[str], ...]:
        """The independent origins of a fact's support, each as the set of names that make it up.

        A piece of evidence comes from its `via`, else from its source's `origin`, else from the publisher.
        Evidence that shares any of these may be one report copied, so it counts once: independence is
        never overstated.
        """
        groups: list[frozenset[str]] = []
        for evidence in fact.evidence:
            if evidence.stance != "supports":
                continue
            source = self.sources[evidence.source]
            names = frozenset(evidence.via or source.origin or (f"publisher {source.publisher}",))
            apart = [g for g in groups if not g & names]
            groups = [*apart, names.union(*(g for g in groups if g & names))]
        return tuple(groups)

    def outlets(self, fact: Fact) -> tuple[str, ...]:
        """Ids of the sources that support a fact, each once, in the order written."""
        return tuple(dict.fromkeys(e.source for e in fact.evidence if e.stance == "supports"))

    def is_open(self, fact: Fact) -> bool:
        """Whether a fact is a plan whose outcome no other fact gives."""
        return fact.kind == "plan" and not any(
            r.inverse and r.type in OUTCOMES for r in self.relations.get(fact.id, ())
        )
