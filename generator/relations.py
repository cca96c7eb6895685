"""Relations between facts: the table of types, how each reads from either end, and what they settle."""

from __future__ import annotations

from msgspec import Struct

from generator.content import RelationType


class RelationKind(Struct, frozen=True):
    """How one type of relation reads."""

    #: Read from the fact that names it ("Fulfils").
    label: str
    #: Read from the other end ("Fulfilled by").
    inverse: str
    #: Whether it sets the two facts against each other.
    against: bool = False


#: The order is the order in which a fact page shows them.
RELATIONS: dict[RelationType, RelationKind] = {
    "contradicts": RelationKind("Contradicts", "Contradicted by", against=True),
    "corroborates": RelationKind("Corroborates", "Corroborated by"),
    "supersedes": RelationKind("Supersedes", "Superseded by"),
    "fulfils": RelationKind("Fulfils", "Fulfilled by"),
    "fails": RelationKind("Shows the failure of", "Not fulfilled, see"),
    "postpones": RelationKind("Postpones", "Postponed by"),
    "responds-to": RelationKind("Responds to", "Answered by"),
    "part-of": RelationKind("Part of", "Includes"),
    "leads-to": RelationKind("Leads to", "Follows from"),
    "background": RelationKind("Background", "Background to"),
}

#: Relations that give the outcome of the plan at their other end.
OUTCOMES: frozenset[RelationType] = frozenset({"fulfils", "fails"})


class Relation(Struct, frozen=True, order=True):
    """One end of a relation: what the fact at hand shows."""

    type: RelationType
    #: Id of the fact at the other end.
    target: str
    #: Whether the fact at hand is the one named, so that the inverse label is shown.
    inverse: bool = False

    @property
    def label(self) -> str:
        """How the relation reads from here."""
        kind = RELATIONS[self.type]
        return kind.inverse if self.inverse else kind.label
