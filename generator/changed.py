"""Texts that changed since the lock was written, and what became of every quote in them.

In: the evidence lock as read, and the dossier located in the texts at hand. Out: one `Changed` for each
source whose text has another digest than the lock's, with the fate of each quote and dating phrase; the same
as a problem for a build, which tells one for each source, and as lines for `factsheet lock`.

What still stands word for word in its old place needs nobody. What stands elsewhere is taken on when the
curator says so, source by source: the words are the same, but the sentence around them need not be. What does
not stand there is mended in the fact and nowhere else. The lock keeps digest and length of earlier texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from generator import fold, quotes
from generator.dossier import Dossier
from generator.located import PUBLISHABLE, LocatedEvidence, LocatedFact, Span
from generator.lock import Lock
from generator.problems import Problem
from generator.saved import Saved
from generator.words import tokens

#: `new`: the words stand in the text and the lock does not speak of them, so nothing can have moved.
Fate: TypeAlias = Literal["unmoved", "moved", "altered", "ambiguous", "missing", "new"]
FATES: tuple[Fate, ...] = get_args(Fate)
_BROKEN = frozenset[Fate]({"altered", "ambiguous", "missing"})
_LINE_ENDS = {"\n": "LF", "\r\n": "CR LF", "\r": "CR"}
#: From so many quotes on, a text that holds none of them looks like another article.
_SEVERAL = 3
#: Code points of a quote that a report shows where the whole is not needed.
_SHOWN = 60


class Quoted(Struct, frozen=True):
    """One quote or dating phrase of a changed text."""

    fact: str
    #: Position among the evidence of its fact, from 0; -1 for the dating phrase.
    number: int
    fate: Fate
    #: Where the words stood, and where they stand now.
    before: tuple[Span, ...] = ()
    now: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return f"fact {self.fact}, " + (
            f"evidence {self.number + 1}" if self.number >= 0 else "dating phrase"
        )


class Changed(Struct, frozen=True, kw_only=True):
    """A source whose saved text is not the one that the lock was written for."""

    source: str
    #: In the order of the facts.
    quoted: tuple[Quoted, ...]
    #: How many states ago the lock was written for this text; 0: never.
    earlier: int = 0
    #: The line ends that the text had, where it is the same apart from those: "LF"; else empty.
    line_ends: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether no quote moved, so that nobody has to look."""
        return all(each.fate in ("unmoved", "new") for each in self.quoted)

    @property
    def is_sound(self) -> bool:
        """Whether every quote stands in the text, so that it may be taken on."""
        return not any(each.fate in _BROKEN for each in self.quoted)

    @property
    def tally(self) -> str:
        """How many quotes and phrases came to which fate: "3 quotes: 1 unmoved, 2 moved"."""
        counts = Counter(each.fate for each in self.quoted)
        told = ", ".join(f"{counts[fate]} {fate}" for fate in FATES if counts[fate])
        phrases = sum(each.number < 0 for each in self.quoted)
        number = _counted(len(self.quoted) - phrases, "quote")
        if phrases:
            number += f" and {_counted(phrases, 'dating phrase')}"
        return f"{number}: {told}" if told else "no quotes"

    @property
    def message(self) -> str:
        """What is the matter with the text."""
        if self.line_ends:
            what = "only the line ends of the saved text differ from those that the lock was written for"
        elif self.earlier:
            ago = "the one before the last" if self.earlier == 1 else f"{self.earlier} states ago"
            what = f"the saved text is an earlier state: the lock knew it ({ago}) and went on to another"
        else:
            what = "the saved text is not the one that the lock was written for"
        if len(self.quoted) >= _SEVERAL and all(each.fate == "missing" for each in self.quoted):
            what += ", and no quote stands in it: is it another article?"
        return f"{what} ({self.tally})"

    @property
    def help(self) -> str:
        """One way out."""
        if self.line_ends:
            return f"save it with line ends {self.line_ends} again, or run  {accept(self.source)}"
        if not self.is_sound:
            return "put the former text back, or see what became of each quote:  factsheet lock"
        if self.earlier:
            return f"put the later text back, or go back for good:  {accept(self.source)}"
        if self.is_settled:
            return "look at what changed, then run  factsheet lock"
        return f"look at what changed, then run  {accept(self.source)}"

    def problem(self, dossier: Dossier) -> Problem:
        """Return this as a problem, at the source's `text`."""
        return Problem(
            code="lock-differs",
            message=self.message,
            at=dossier.at("source", self.source, "text"),
            subject=f"source {self.source}",
            help=self.help,
        )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def accept(*sources: str) -> str:
    """Return the command that takes on the changed texts of these sources."""
    return " ".join(["factsheet lock", *(f"--accept {source}" for source in sources)])


def changes(held: Lock, dossier: Dossier, texts: Mapping[str, Saved]) -> tuple[Changed, ...]:
    """Return every source whose text at hand is not the lock's, in the order of their ids.

    `texts` are those at hand. Sources that the lock does not know have not changed.
    """
    found = {
        key: held.sources[key].sha256
        for key, measures in dossier.measures.items()
        if key in texts and key in held.sources and held.sources[key].sha256 != measures.sha256
    }
    if not found:
        return ()
    quoted: dict[str, list[Quoted]] = {key: [] for key in found}
    for key, located in dossier.located.items():
        for source, each in _fates(dossier, key, located, held):
            if source in found:
                quoted[source].append(each)
    return tuple(
        Changed(
            source=key,
            quoted=tuple(quoted[key]),
            earlier=held.age(key, dossier.measures[key].sha256),
            line_ends=_former_line_ends(texts[key].text, digest),
        )
        for key, digest in found.items()
    )


def _fates(dossier: Dossier, key: str, located: LocatedFact, held: Lock) -> Iterator[tuple[str, Quoted]]:
    """The fate of each quote of a fact and of its dating phrase, with the source."""
    for number, now in enumerate(located.evidence):
        before = held.evidence(key, now.ask)
        spans = before.spans if before else ()
        yield now.source, Quoted(key, number, _fate(before, now), spans, now.spans)
    source, was = quotes.phrase_source(dossier.facts[key]), held.facts.get(key)
    if not source or any(e.source == source and e.state not in PUBLISHABLE for e in located.evidence):
        return  # a phrase is looked for beside the quotes
    spans = was.phrase if was and was.phrase_ask == located.phrase_ask else ()
    fate: Fate = "moved"
    if not located.phrase:
        fate = "missing"
    elif not spans:
        fate = "new"
    elif was and (spans, was.phrase_words) == (located.phrase, located.phrase_words):
        fate = "unmoved"
    yield source, Quoted(key, -1, fate, spans, located.phrase)


def _fate(before: LocatedEvidence | None, now: LocatedEvidence) -> Fate:
    match now.state:
        case "ambiguous" | "altered" | "missing" as broken:
            return broken
    if before is None or before.state not in PUBLISHABLE:
        return "new"
    # With the context shown, not only the quote: all that a reader sees is as it was.
    same = (before.spans, before.words, before.before, before.after) == (
        now.spans,
        now.words,
        now.before,
        now.after,
    )
    return "unmoved" if same else "moved"


def _former_line_ends(text: str, digest: str) -> str:
    """Name the line ends with which a text has that digest, however it ends; empty where none give it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    for end, name in _LINE_ENDS.items():
        body = end.join(lines)
        if any(sha256((body + end * number).encode()).hexdigest() == digest for number in range(3)):
            return name
    return ""


def report(changed: Changed, dossier: Dossier, texts: Mapping[str, Saved]) -> Iterator[str]:
    """Yield the lines that tell of a changed text: what it is, then every quote with its fate."""
    source = dossier.sources[changed.source]
    saved = texts[source.id]
    yield f"source {source.id}: {changed.message}"
    for each in changed.quoted:
        yield f"  {each.fate:<10}{each}: {_told(each, saved, dossier)}"
    if source.furniture:
        yield "  its furniture counts characters of the former text; look at it again"


def _told(each: Quoted, saved: Saved, dossier: Dossier) -> str:
    if each.fate in ("altered", "ambiguous", "missing"):
        return _why(each, saved, dossier)
    words = " […] ".join(" ".join(saved.slice(span).split()) for span in each.now)
    words = f'"{words}"' if len(words) <= _SHOWN else f'"{words[:_SHOWN].rstrip()} …"'
    if each.fate != "moved":
        return words
    if each.before == each.now:
        return f"{words}, in the same place, printed otherwise"
    return f"{words}, characters {_places(each.before)}, now {_places(each.now)}"


def _why(each: Quoted, saved: Saved, dossier: Dossier) -> str:
    """What a quote that does not stand in the text any more has become, as a word diff where one helps."""
    fact = dossier.facts[each.fact]
    if each.number < 0:
        phrase = fact.dating.phrase if fact.dating else ""
        return f'"{phrase}" does not stand beside the evidence'
    _, finding = quotes.locate(saved, fact.evidence[each.number], language="")
    if finding is None:
        raise AssertionError("what was refused is refused again")
    if finding.nearest and finding.nearest.differs and finding.sought and each.fate == "altered":
        return word_diff(finding.sought, finding.nearest.words)
    return finding.message


def _places(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{span.start}–{span.end}" for span in spans)


def word_diff(typed: str, own: str) -> str:
    """Return a text with the words that changed: `[-gone-]` and `{+come+}`, as version control shows them.

    Words that differ only by folding count as the same.
    """
    from difflib import SequenceMatcher  # only texts that changed need it

    before, after = _cut(typed), _cut(own)
    folded = [fold.fold(word).text for word in before], [fold.fold(word).text for word in after]
    space = " " if " " in typed + own else ""
    pieces = []
    for tag, i, j, k, m in SequenceMatcher(None, folded[0], folded[1], autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(space.join(after[k:m]))
            continue
        if before[i:j]:
            pieces.append(f"[-{space.join(before[i:j])}-]")
        if after[k:m]:
            pieces.append(f"{{+{space.join(after[k:m])}+}}")
    return space.join(pieces)


def _cut(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]
