"""Names for what has no address: UUIDs from the title of a site and the ids in it (RFC 9562, 5.5).

The same content gives the same names on every machine, and two dossiers with other titles never share one.
"""

from __future__ import annotations

import uuid

from generator.shelves import Shelves


def uuid_of(shelves: Shelves, *names: str) -> str:
    """The UUID of something in a dossier, given the names that single it out."""
    dossier = uuid.uuid5(uuid.NAMESPACE_URL, f"factsheet:{shelves.dossier.site.title}")
    return str(uuid.uuid5(dossier, "/".join(names)))


def urn_of(shelves: Shelves, *names: str) -> str:
    """The same as a URN, for where an address is wanted and the site has none."""
    return f"urn:uuid:{uuid_of(shelves, *names)}"
