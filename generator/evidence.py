"""Evidence: each quote located in the text at hand, else taken from the lock, and what is wrong told.

In: the sources with the saved texts that are here, and the evidence lock. Out: a `LocatedFact` for every
fact, the measures of every source, and problems. Where a text is here it is the truth; where it is not, the
lock speaks; where neither does, the build stops.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from generator import quotes
from generator.content import Fact, Site, Source
from generator.findings import Finding
from generator.located import LocatedFact, LocatedSource
from generator.lock import Lock
from generator.problems import Pointer, Problem
from generator.saved import Saved
from generator.workers import Parcel, chunks, spread

#: Most places of an ambiguous quote that a report shows.
_PLACES = 4
#: Facts that one process locates before a second would have begun.
_FEW = 200
#: What some facts rest on, the problems found, and how many quotes texts and the lock told of.
_Answer: TypeAlias = tuple[Parcel[list[LocatedFact]], list[Problem], int, int]


class Finder:
    """Locates the evidence of one fact after another and gathers the problems."""

    def __init__(
        self,
        site: Site,
        sources: Mapping[str, Source],
        pointers: Mapping[str, Pointer],
        texts: Mapping[str, Saved],
        lock: Lock,
        unusable: Collection[str] = (),
    ) -> None:
        """`texts` are those at hand; what is the matter with those of `unusable` sources was told."""
        self.problems: list[Problem] = []
        self.measures: dict[str, LocatedSource] = {}
        self.full_texts: dict[str, str] = {}
        #: Quotes by what they were checked against.
        self.against_texts = 0
        self.against_lock = 0
        self._context = site.context
        self._sources = sources
        self._pointers = pointers
        self._lock = lock
        self._languages = {key: s.language or site.language for key, s in sources.items()}
        self._saved = texts
        for key, source in sources.items():
            if key not in unusable:
                self._measure(source, texts.get(key))

    def _measure(self, source: Source, saved: Saved | None) -> None:
        held = self._lock.sources.get(source.id)
        if saved is None:
            if source.rights == "full":
                self._tell(source, "text-missing", "a source shown in full needs its text, which is not here")
            elif held:
                self.measures[source.id] = held
            else:
                message = "its saved text is not here, and the evidence lock does not know it"
                self._tell(source, "text-missing", message)
            return
        self.measures[source.id] = saved.source
        if source.rights == "full":
            self.full_texts[source.id] = saved.text
        for number, part in enumerate(source.furniture):
            if part.end > saved.source.length:
                message = f"the text ends at code point {saved.source.length}"
                self._tell(source, "furniture-outside", message, ("furniture", number, "end"))

    def _tell(self, source: Source, code: str, message: str, path: tuple[str | int, ...] = ("text",)) -> None:
        base = self._pointers[source.id]
        help_ = {
            "text-missing": "put the text beside the source's file, or name its folder:  --texts DIR",
            "furniture-outside": "give offsets in code points of the saved text",
        }[code]
        self.problems.append(
            Problem(
                code=code,
                message=message,
                at=Pointer(base.file, base.entry, path),
                subject=f"source {source.id}",
                help=help_,
            )
        )

    def locate(
        self,
        facts: Mapping[str, Fact],
        pointers: Mapping[str, Pointer],
        jobs: int,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> dict[str, LocatedFact]:
        """Where the evidence of all facts stands, by id, worked out by so many processes.

        `meanwhile` is done while others look for it.
        """
        several = jobs if len(facts) > _FEW else 1

        def task(keys: Sequence[str]) -> _Answer:
            self.problems, self.against_texts, self.against_lock = [], 0, 0
            found = Parcel([self.fact(facts[key], pointers[key]) for key in keys], list[LocatedFact])
            return found, self.problems, self.against_texts, self.against_lock

        told = self.problems
        located: list[LocatedFact] = []

        def take(answer: _Answer) -> None:
            located.extend(answer[0].held)

        answers = spread(task, chunks(list(facts), several, _FEW), several, meanwhile, take)
        self.problems = [*told, *(p for _, problems, _, _ in answers for p in problems)]
        self.against_texts = sum(texts for _, _, texts, _ in answers)
        self.against_lock = sum(locks for _, _, _, locks in answers)
        return {each.fact: each for each in located}

    def fact(self, fact: Fact, pointer: Pointer) -> LocatedFact:
        """Where the evidence of a fact stands; what may not be published is told as a problem."""
        held = self._lock.facts.get(fact.id)
        located, findings = quotes.locate_fact(
            fact, self._saved, languages=self._languages, context=self._context, held=held
        )
        for finding in findings:
            if finding.code == "quote-unchecked" and finding.source not in self.measures:
                continue  # that its text is not here, or is no text, was told of the source
            self.problems.append(self._problem(fact, finding, pointer))
        for number, (evidence, found) in enumerate(zip(fact.evidence, located.evidence, strict=True)):
            path = ("evidence", number, "quote")
            at = Pointer(pointer.file, pointer.entry, path)
            subject = f"fact {fact.id}, source {evidence.source}"
            here = evidence.source in self._saved
            self.against_texts += here
            self.against_lock += not here and found.state != "unchecked"
            if found.gaps and (hidden := quotes.hidden(evidence, found)):
                self.problems.append(
                    Problem(
                        code="quote-gap",
                        message=f"the words left out hide a {' and a '.join(hidden)}",
                        at=at,
                        subject=subject,
                        help="quote them as well, or say why they may be left out:  omission: reason",
                    )
                )
        return located

    def _problem(self, fact: Fact, finding: Finding, pointer: Pointer) -> Problem:
        near = ""
        if finding.nearest:
            span = finding.nearest.span
            near = f'"{finding.nearest.words}" (characters {span.start}–{span.end}'
            differs = finding.nearest.differs
            words = "word differs" if differs == 1 else "words differ"
            near += f"; {differs} {words}, so it is not accepted)" if differs else ")"
        elif finding.places:
            near = "; ".join(str(place) for place in finding.places[:_PLACES])
        return Problem(
            code=finding.code,
            message=finding.message,
            at=Pointer(pointer.file, pointer.entry, finding.path),
            subject=f"fact {fact.id}, source {finding.source}",
            nearest=near,
            help=finding.help,
        )
