"""What the facts ask the evidence lock for, and what it answers, as digests that are compared.

In: facts as typed, and the lock. Out: a digest for each fact. Where both are the same, and the texts are
those that the lock was written for, it is current: a text that changed stops the build itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator import lock, quotes
from generator.content import Fact

_SHORT = 8


def asked(fact: Fact, languages: Mapping[str, str], context: int) -> str:
    """What a fact asks the lock for: where two are the same, so are the answers while the texts are."""
    asks = [quotes.ask(e, language=languages.get(e.source, ""), context=context) for e in fact.evidence]
    source = quotes.phrase_source(fact)
    if not source or fact.dating is None:
        return _joined(asks, "")
    own = [ask for ask, evidence in zip(asks, fact.evidence, strict=True) if evidence.source == source]
    return _joined(asks, quotes.phrase_ask(fact.dating.phrase, source, own))


def answered(file: Path) -> tuple[dict[str, str] | None, frozenset[str]]:
    """What a lock answers, by fact, and the sources it speaks of; None where there is no lock."""
    if not file.is_file():
        return None, frozenset()
    held, _ = lock.read(file, file.name)
    facts = held.facts.items()
    return {
        key: _joined([each.ask for each in fact.evidence], fact.phrase_ask) for key, fact in facts
    }, frozenset(held.sources)


def _joined(asks: Iterable[str], phrase: str) -> str:
    return hashlib.blake2b(" ".join((*asks, phrase)).encode(), digest_size=_SHORT).hexdigest()
