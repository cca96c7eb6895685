"""The wordings of a fact: the one that stands, and those that stood before, each with an address of its own.

In: a fact with its changes. Out: an anchor for each wording, a digest of its words, so that it stays the same
however often the fact is corrected. A citation carries the anchor of the wording that was cited.
"""

from __future__ import annotations

import hashlib
import unicodedata

from msgspec import Struct

from generator import edtf
from generator.content import Change, Fact


class Earlier(Struct, frozen=True):
    """A wording that no longer stands."""

    anchor: str
    words: str
    #: The correction that replaced it.
    change: Change


def anchor(words: str) -> str:
    """Fragment of a wording: `v-` and six hexadecimal digits of the SHA-256 of its words.

    White space, Unicode form and a full stop at the end make no other wording.
    """
    plain = " ".join(unicodedata.normalize("NFC", words).split()).rstrip(".")
    return f"v-{hashlib.sha256(plain.encode()).hexdigest()[:6]}"


def earlier(fact: Fact) -> tuple[Earlier, ...]:
    """The wordings that were corrected, the one replaced last first.

    A wording that came back stands, so it is none of these; one replaced twice is here once.
    """
    if not fact.changes:
        return ()
    newest = sorted(fact.changes, key=lambda c: edtf.parse(c.date).sort_key, reverse=True)
    found: dict[str, Earlier] = {}
    for change in newest:
        if change.kind == "wording" and change.was:
            key = anchor(change.was)
            found.setdefault(key, Earlier(key, change.was, change))
    found.pop(anchor(fact.statement), None)
    return tuple(found.values())
