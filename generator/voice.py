"""Who says so: the words that keep a statement from being taken for more than it is.

Who said something is not what is so. In: a fact and its dossier. Out: what is printed before its statement
in a list, where its mark stands beside it in words, and where it stands alone: in a title, a feed, a
calendar, the words of a link. `docs/tasks/somebody-said-it.md` is the table for people.

A statement that says by itself who says it ("Mattis warns …") gets no second voice. Whether it does is told
by its words: it names the speaker, and a verb of speech stands in it, or behind the name any word but "is",
"has" and their like. Such words are listed for English; in a dossier of another language the name alone
counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from generator import languages, terms
from generator.content import Actor, Evidence, Fact, Status
from generator.dossier import Dossier
from generator.languages import Language
from generator.patterns import late

_token = late(r"[^\W_]+(?:[.'’][^\W_]+)*")
#: Words of names that single nobody out.
_EMPTY = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "and",
        "for",
        "in",
        "to",
        "not",
        "named",
        "unnamed",
        "source",
        "sources",
        "local",
    )
)
#: Two words this long that begin alike are forms of one word: "official" and "officials".
_STEM = 5
_SPEECH = late(
    r"""accord(?:ing)|accus\w+|add(?:s|ed)|admit\w*|alleg(?:es?|ed)|announc\w+|answer(?:s|ed)|argu(?:es?|ed)
    |ask(?:s|ed)?|assert\w*|call(?:s|ed)?|caution\w*|claim(?:s|ed)?|complain\w*|conced\w+|condemn\w*
    |confirm\w*|declar\w+|defend(?:s|ed)?|demand(?:s|ed)?|den(?:y|ies|ied)|describ\w+|dismiss\w*|explain\w*
    |insist\w*|nam(?:es|ed)|pledg\w+|predict\w*|promis\w+|propos\w+|recommend\w*|refus\w+|reject\w*
    |repl(?:y|ies|ied)|rul(?:es?|ed)|sa(?:y|ys|id)|spe(?:aks?|oke)|suggest\w*|tells?|told|threaten\w*
    |urg(?:es?|ed)|vow\w*|warn(?:s|ed)?|writ(?:es?|ten)|wrote""",
    re.VERBOSE,
)
#: Words behind a name with which something is said of its bearer, and not by it.
_OF_ITS_BEARER = late(
    r"(?:is|are|was|were|has|have|had|wo|would|ca|could|does|do|did|might|must|sha|should)(?:n't)?"
    r"|be|been|being|am|will|can|cannot|may|shall|and|or"
)
#: What no longer holds, or never did.
_GONE: tuple[Status, ...] = ("withdrawn", "denied")
#: A name that says by itself that it is none.
_UNNAMED = late(r"\b(?:unnamed|not named|anonymous|unidentified)\b", re.IGNORECASE)


def _say(dossier: Dossier) -> Language:
    return languages.of(dossier.site.language)


def name(say: Language, actor: Actor) -> str:
    """An actor as one whose words are passed on; one without a name is never printed as if it had one."""
    untold = actor.kind == "unnamed" and not _UNNAMED.search(actor.name)
    return say.gettext("%(name)s (not named)") % {"name": actor.name} if untold else actor.name


def attribution(dossier: Dossier, fact: Fact) -> str:
    """ "According to …", for a statement that others make and that does not say so by itself; or empty.

    Others make it when the fact has a speaker, or when all its support reached the sources through somebody
    who is no news organisation. One source that says so of its own knowledge, and it is a report like any.
    """
    speakers = _speakers(dossier, fact)
    if not speakers or any(_is_told_by(fact.statement, a, dossier.site.language) for a in speakers):
        return ""
    return _according_to(_say(dossier), speakers)


def _according_to(say: Language, speakers: Iterable[Actor]) -> str:
    return say.gettext("According to %(names)s") % {"names": say.listed([name(say, a) for a in speakers])}


def _speakers(dossier: Dossier, fact: Fact) -> list[Actor]:
    if fact.speaker:
        return [dossier.actors[fact.speaker]]
    for evidence in fact.evidence:
        if not evidence.via and evidence.stance == "supports":
            return []  # most facts, said quickly
    support = [e for e in fact.evidence if e.stance == "supports"]
    through = [dossier.actors[a] for a in dict.fromkeys(a for e in support for a in e.via)]
    return through if all(a.kind != "media" for a in through) else []


class Said(NamedTuple):
    """A statement without its full stop, with the voice that it needs at each place."""

    #: In a list, where its mark stands beside it in words; no longer held, or denied, it says so first.
    listed: str
    #: On the page of its fact, right below its mark and the reason for it.
    headed: str
    #: With nothing beside it.
    alone: str
    #: What stands before it there, without its colon; empty: nothing needs saying.
    warning: str


def said(dossier: Dossier, fact: Fact) -> Said:
    """The statement of a fact with its voice."""
    told = attribution(dossier, fact)
    warning = _warning(dossier, fact, told)
    headed = _after(dossier, told, fact)
    alone = headed if warning == told else _after(dossier, warning, fact)
    return Said(alone if fact.status in _GONE else headed, headed, alone, warning)


def _warning(dossier: Dossier, fact: Fact, told: str) -> str:
    say = _say(dossier)
    if fact.status in (*_GONE, "disputed"):
        return say.gettext(terms.STATUS[fact.status].word)
    if told:
        return told
    unsure = fact.status == "claimed" or fact.kind == "assessment"
    if unsure and not names_a_voice(dossier, fact):
        claimed = fact.status == "claimed"
        word = terms.STATUS["claimed"].word if claimed else terms.FACT_KIND[fact.kind]
        return say.gettext(word)
    return ""


def _after(dossier: Dossier, words: str, fact: Fact) -> str:
    statement = fact.statement.rstrip(".")
    if not words:
        return statement
    return _say(dossier).gettext("%(voice)s: %(statement)s") % {"voice": words, "statement": statement}


def chain(dossier: Dossier, fact: Fact, evidence: Evidence) -> str:
    """Through whom the words of a piece of evidence reached its source, in words; empty: not told."""
    through = [dossier.actors[a] for a in evidence.via if a != fact.speaker]
    if not through:
        return ""
    say = _say(dossier)
    names = say.listed([name(say, actor) for actor in through])
    if fact.speaker:
        speaker = name(say, dossier.actors[fact.speaker])
        return say.gettext("According to %(speaker)s, quoted by %(names)s") % {
            "speaker": speaker,
            "names": names,
        }
    if all(a.kind == "media" for a in through):
        return say.gettext("Reported by %(names)s") % {"names": names}
    return _according_to(say, through)


def caution(dossier: Dossier, fact: Fact) -> str:
    """What the evidence of a fact made of others' words bears out, in one sentence; empty: all it says."""
    say = _say(dossier)
    if fact.speaker:
        return say.gettext("The evidence bears out that this was said, not that it is so.")
    speakers = _speakers(dossier, fact)
    if not speakers:
        return ""
    names = say.listed([name(say, actor) for actor in speakers])
    known = say.gettext("Known only from %(names)s; no source here says so of its own knowledge.")
    return known % {"names": names}


# Whether a statement says who says it


def says_who(dossier: Dossier, fact: Fact) -> bool:
    """Whether a fact with a speaker says in its statement who says it."""
    return _is_told_by(fact.statement, dossier.actors[fact.speaker], dossier.site.language)


def names_a_voice(dossier: Dossier, fact: Fact) -> bool:
    """Whether a statement names one of the fact's actors with a verb of speech."""
    cast = (dossier.actors[ref.id] for ref in fact.cast)
    return any(_is_told_by(fact.statement, actor, dossier.site.language, strict=True) for actor in cast)


def _is_told_by(statement: str, actor: Actor, language: str, *, strict: bool = False) -> bool:
    """Say whether a statement names an actor as the one who says so; `strict`: only if a verb tells."""
    words, names = _words(statement), _named(actor)
    named = [at for at, word in enumerate(words) if word in names or _is_form(word, names)]
    if not named:
        return False
    if language.partition("-")[0].lower() != "en" or any(_SPEECH.fullmatch(word) for word in words):
        return True
    last = next(at for at in named if at + 1 not in named)
    return not strict and last + 1 < len(words) and not _OF_ITS_BEARER.fullmatch(words[last + 1])


def _is_form(word: str, names: Iterable[str]) -> bool:
    if len(word) < _STEM:
        return False
    return any(n.startswith(word) or (len(n) >= _STEM and word.startswith(n)) for n in names)


@lru_cache(maxsize=4096)
def _named(actor: Actor) -> frozenset[str]:
    """The words by which an actor may be named."""
    return frozenset(word for each in (actor.name, *actor.aliases) for word in _telling(_words(each)))


def _telling(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word not in _EMPTY)


def _words(text: str) -> list[str]:
    """The words of a text without case and accents, and without the 's of possession."""
    plain = text.replace("’", "'").casefold()
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    return [word.removesuffix("'s") for word in _token.findall(plain)]
