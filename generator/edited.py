"""The facts of an edit: read from the files that moved, compared with what is remembered, and linked.

In: content files that moved, and the dossier as the last build left it. Out: an `Edited`, with the facts
before and after and the changes to the dossier; or `Whole`, where the edit is of another sort or anything is
wrong with it: the whole build then tells all there is to tell, and nothing here has to explain a mistake.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from generator import lock, read, tree
from generator.cached import cached_property
from generator.content import Fact, Source
from generator.dead_links import may_hold_one
from generator.dossier import Kind
from generator.evidence import Finder
from generator.groups import Group, Member, member, of_fact
from generator.link import joined_anew, references
from generator.located import LocatedFact
from generator.order import LOCK, Order
from generator.problems import Problem
from generator.read import Entered
from generator.relations import OUTCOMES
from generator.remembered import Changes, Remembered
from generator.saved import read_saved
from generator.shelves import Shelves


class Whole(Exception):
    """This is for a whole build."""


def content_file(root: Path, path: str) -> str:
    """An input that moved, relative to the site, when it is a file of facts and nothing else."""
    try:
        file = PurePosixPath(os.path.relpath(path, os.path.abspath(root)))
    except ValueError as error:  # on another drive
        raise Whole from error
    above = [root / parent for parent in (file, *file.parents)][:-1]
    if (
        file.parts[:2] != ("content", "facts")
        or not tree.is_facts(file)
        or any(p.is_symlink() for p in above)
    ):
        raise Whole
    return str(file)


class EditedFacts(Struct, frozen=True, dict=True):
    """The facts of the moved files, before and after."""

    #: Ids of each file, in the order written.
    files: dict[str, tuple[str, ...]]
    old: dict[str, Entered[Fact]]
    new: dict[str, Entered[Fact]]

    @cached_property
    def changed(self) -> frozenset[str]:
        """Facts that are new, gone, or other than they were."""
        keys = self.old.keys() | self.new.keys()
        return frozenset(k for k in keys if _value(self.old, k) != _value(self.new, k))

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The facts of the files, as problems name them."""
        return frozenset(f"fact {key}" for key in self.old.keys() | self.new.keys())

    @cached_property
    def removed(self) -> frozenset[str]:
        """Facts that are gone."""
        return frozenset(self.old.keys() - self.new.keys())

    @cached_property
    def added(self) -> frozenset[str]:
        """Facts that were not there."""
        return frozenset(self.new.keys() - self.old.keys())


def _value(entered: Mapping[str, Entered[Fact]], key: str) -> Fact | None:
    return entered[key].value if key in entered else None


class Edited:
    """An edit of facts, read and linked. Raises `Whole` when that cannot be done here."""

    def __init__(self, order: Order, kept: Remembered, files: list[str]) -> None:
        self._order = order
        self._root = order.root
        self._kept = kept
        self._head = kept.head
        self.before = kept.shelves(url=order.url)
        #: Files beside those of facts that were read, absolute.
        self.read: set[str] = set()
        #: How many more quotes were checked against texts, and against the lock.
        self.against_texts = 0
        self.against_lock = 0
        self.facts = self._read(files)
        self._alone()
        self.changes = self._linked(self._locate())
        self.after = kept.shelves(self.changes, order.url, _FullTexts(self))

    def _read(self, files: list[str]) -> EditedFacts:
        """The facts of the moved files as they are now; with any mistake the whole build tells of it."""
        new: dict[str, Entered[Fact]] = {}
        names: dict[str, tuple[str, ...]] = dict.fromkeys(files, ())
        for file in files:
            if not (self._root / file).exists():
                continue
            reading = read.read_facts(self._root, file)
            keys = tuple(e.value.id for e in reading.entries)
            if (
                reading.problems
                or not reading.parsed
                or reading.unread
                or len({*keys, *new}) < len(keys) + len(new)
            ):
                raise Whole
            new.update((e.value.id, e) for e in reading.entries)
            names[file] = keys
        old = {key: self._kept.fact(key) for file in files for key in self._head.files.get(file, ())}
        return EditedFacts(names, old, new)

    def _alone(self) -> None:
        """Make sure that what was edited concerns facts alone, and that nothing is wrong with it."""
        facts, head, known = self.facts, self._head, self.before.dossier
        versions = [f for key in facts.changed for f in (_value(facts.old, key), _value(facts.new, key)) if f]
        came_or_went = facts.added | facts.removed
        # Plans are marked otherwise once a fact tells what became of them.
        settled = {plan for f in versions for type_ in OUTCOMES for plan in f.relations.get(type_, ())}
        others: dict[Kind, Mapping[str, object]] = {
            "actor": known.actors,
            "source": known.sources,
            "topic": known.topics,
            "question": known.questions,
        }

        def is_there(kind: Kind, key: str) -> bool:
            if kind != "fact":
                return key in others[kind]
            return key in facts.new or (key in known.facts and key not in facts.removed)

        unsound = (
            any(f.draft or may_hold_one(f.note) for f in versions),
            bool(head.drafts),
            any(key in known.facts for key in facts.added),
            any(f.formerly for f in versions),
            bool(came_or_went & head.formerly),
            bool((facts.changed | settled) & head.mentioned),
            bool(came_or_went & head.in_prose),
            any(self.before.members("mentions", key) for key in came_or_went),
            any(f in facts.removed for q in known.questions.values() for p in q.positions for f in p.facts),
            any(
                r.inverse and r.target not in facts.changed
                for key in facts.removed
                for r in known.relations.get(key, ())
            ),
            not all(is_there(r.kind, r.target) for e in facts.new.values() for r in references(e.value)),
        )
        told = (each.problem for each in head.warnings if each.asker == "linking")
        files, changed = facts.files.keys(), {f"fact {key}" for key in facts.changed}
        if any(unsound) or any(p.at.file in files or subject_of(p) in changed for p in told):
            raise Whole

    def _locate(self) -> dict[str, LocatedFact]:
        """Where the evidence of the edited facts stands."""
        facts = self.facts
        edited = {k: e for k, e in facts.new.items() if k in facts.changed}
        known = self.before.dossier.sources
        names = {ev.source for e in edited.values() for ev in e.value.evidence}
        names |= {e.value.dating.source for e in edited.values() if e.value.dating and e.value.dating.source}
        sources: dict[str, Source] = {key: known[key] for key in sorted(names)}
        pointers = {key: self._kept.pointer("source", key) for key in sources}
        files = {key: self.text_file(key) for key in sources}
        try:
            texts = {
                key: read_saved(key, file.read_bytes(), known[key].paragraphs)
                for key, file in files.items()
                if file
            }
        except ValueError as error:
            raise Whole from error
        held, more = lock.read(self._root / LOCK, LOCK)
        finder = Finder(self._head.site, sources, pointers, texts, held)
        located = finder.locate(
            {k: e.value for k, e in edited.items()}, {k: e.pointer for k, e in edited.items()}, 1
        )
        measures = self.before.dossier.measures
        if more or finder.problems or any(measures[key] != each for key, each in finder.measures.items()):
            raise Whole
        if any(d.kind == "differs" for d in lock.compare(held, finder.measures.values(), located.values())):
            raise Whole
        gone = [evidence for k, e in facts.old.items() if k in facts.changed for evidence in e.value.evidence]
        here = sum(self.text_file(evidence.source) is not None for evidence in gone)
        self.against_texts = finder.against_texts - here
        self.against_lock = finder.against_lock - (len(gone) - here)
        return located

    def text_file(self, source: str) -> Path | None:
        """The file of a source's saved text; None: not here."""
        at = (self._root / self._kept.pointer("source", source).file).parent
        named = self._head.site.texts
        folder = self._order.texts or (self._root / named if named else None)
        file = read.text_file(self.before.dossier.sources[source], at, folder)
        self.read |= {os.path.abspath(file)} if file else set()
        return file

    def _linked(self, located: dict[str, LocatedFact]) -> Changes:
        """What the edit changes in the dossier."""
        facts = self.facts
        entered = {key: facts.new.get(key) for key in facts.old.keys() | facts.new.keys()}
        partly = Changes(
            facts=entered,
            located={**dict.fromkeys(facts.removed), **located},
            relations={},
            groups=self._groups(),
            calendar={},
        )
        there = self._kept.dossier(partly).facts
        old = [facts.old[k].value for k in facts.changed if k in facts.old]
        new = [facts.new[k].value for k in facts.changed if k in facts.new]
        partly = replace(partly, relations=joined_anew(self.before.dossier.relations, there, old, new))
        return replace(partly, calendar=self._calendar(partly))

    def _groups(self) -> dict[Group, tuple[Member, ...] | None]:
        """The groups that the edited facts leave or join, each in the order of dates."""
        facts = self.facts
        left: dict[Group, set[Member]] = {}
        joined: dict[Group, set[Member]] = {}
        for entered, into in ((facts.old, left), (facts.new, joined)):
            for fact in (entered[key].value for key in facts.changed if key in entered):
                for group, role in of_fact(fact):
                    into.setdefault(group, set()).add(member(fact, role))
        found: dict[Group, tuple[Member, ...] | None] = {}
        for group in left.keys() | joined.keys():
            out, come = left.get(group, set()), joined.get(group, set())
            if out != come:
                stay = [m for m in self.before.members(*group) if m not in out]
                found[group] = tuple(sorted([*stay, *come])) or None
        return found

    def _calendar(self, changes: Changes) -> dict[str, tuple[str, str] | None]:
        """What moves in the calendar when a date gets its first fact or loses its last."""
        dates = [group for group in changes.groups if group[0] == "date"]
        if all((group in self.before.groups) == (changes.groups[group] is not None) for group in dates):
            return {}
        then = self.before.calendar
        now = Shelves(self._kept.dossier(changes), None, "", self._kept.groups(changes)).calendar
        moved = {key: now.get(key) for key in then.keys() | now.keys() if then.get(key) != now.get(key)}
        return dict(sorted(moved.items()))


def subject_of(problem: Problem) -> str:
    """The entry that a problem is about: what stands before a comma in its subject."""
    return problem.subject.partition(",")[0]


class _FullTexts(Mapping[str, str]):
    """The texts of sources that may be shown in full, each read when a page shows it."""

    def __init__(self, edited: Edited) -> None:
        self._edited = edited

    def __getitem__(self, source: str) -> str:
        file = self._edited.text_file(source)
        if file is None:
            raise Whole
        paragraphing = self._edited.before.dossier.sources[source].paragraphs
        return read_saved(source, file.read_bytes(), paragraphing).text

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError  # nobody asks for all of them

    def __len__(self) -> int:
        raise NotImplementedError
