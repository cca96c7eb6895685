"""Relations between facts: the table of types, how each reads from either end, and what they settle."""

from __future__ import annotations

from msgspec import Struct

from generator.content import RelationType
from generator.languages import marked as _


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
    "contradicts": RelationKind(_("Contradicts"), _("Contradicted by"), against=True),
    "corroborates": RelationKind(_("Corroborates"), _("Corroborated by")),
    "supersedes": RelationKind(_("Supersedes"), _("Superseded by")),
    "fulfils": RelationKind(_("Fulfils"), _("Fulfilled by")),
    "fails": RelationKind(_("Shows the failure of"), _("Not fulfilled, see")),
    "postpones": RelationKind(_("Postpones"), _("Postponed by")),
    "responds-to": RelationKind(_("Responds to"), _("Answered by")),
    "part-of": RelationKind(_("Part of"), _("Includes")),
    "leads-to": RelationKind(_("Leads to"), _("Follows from")),
    "background": RelationKind(_("Background"), _("Background to")),
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
        """How the relation reads from here, in English."""
        kind = RELATIONS[self.type]
        return kind.inverse if self.inverse else kind.label
