"""An edit of facts: only what shows it is read, worked out, rendered and written.

In: what the scan found moved, and what the last build remembers. Out: what was done; or None, where the
edit is of another sort or anything is wrong with it. Then the whole is built, which tells all there is to
tell. So nothing here has to explain a mistake, and whatever is in doubt is left to the whole build.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from generator import check, exports, lock, manifest, memory, read, remembered, scan, state, tree, write
from generator.content import Fact, Source
from generator.dead_links import may_hold_one
from generator.dossier import Kind
from generator.evidence import Finder
from generator.groups import Group, GroupName, Member, member, of_fact
from generator.link import joined_anew, references
from generator.located import LocatedFact
from generator.making import Making
from generator.order import LOCK, Order
from generator.places import placed
from generator.plan import moved, path_of, site_view
from generator.problems import Pointer, Problem
from generator.read import Entered
from generator.remembered import Changes, Remembered
from generator.render import Renderer, Theme
from generator.result import Result
from generator.saved import read_saved
from generator.shelves import Shelves
from generator.store import Damaged
from generator.touched import Touched
from generator.twin import NoTwin, Twin

#: Warnings with what asked for each.
_Warnings: TypeAlias = tuple[tuple[check.Asker, Problem], ...]


class _Whole(Exception):
    """This is for a whole build."""


class Resident:
    """What a process that stays keeps between its builds, so that it reads nothing twice; empty at first."""

    def __init__(self) -> None:
        self.note: scan.Note | None = None
        self.state: state.State | None = None
        self.kept: Remembered | None = None
        self.renderer: Renderer | None = None

    def forget(self) -> None:
        """Begin anew: the whole was built, or something went wrong."""
        self.note = self.state = self.kept = self.renderer = None


def build(order: Order, moves: scan.Moves, note: scan.Note, resident: Resident) -> Result | None:
    """Build an edit of facts into the output; None: nothing was done, and the whole is to be built.

    Raises `OSError` when a file cannot be read or written; the old site is then untouched.
    """
    try:
        files = [_content_file(order.root, path) for path in sorted(moves.inputs)]
        before = resident.state or state.recall(order.root, order.output)
        kept = resident.kept or Remembered(remembered.place(order.root, order.output))
        made = before.files.get(manifest.NAME) if before else None
        if before is None or made is None or made.sha256 != kept.head.site_made:
            return None
        if note.outputs[manifest.NAME] != made.seen:
            return None
        edit = _Edit(order, moves.found, note, before, kept, resident.renderer)
        resident.forget()
        result = edit.build(files)
        resident.note, resident.state, resident.kept = edit.note, edit.state, kept
        resident.renderer = edit.renderer
    except (_Whole, Damaged, NoTwin):
        return None
    return result


def _content_file(root: Path, path: str) -> str:
    """An input that moved, relative to the site, when it is a file of facts and nothing else."""
    try:
        file = PurePosixPath(os.path.relpath(path, os.path.abspath(root)))
    except ValueError as error:  # on another drive
        raise _Whole from error
    above = [root / parent for parent in (file, *file.parents)][:-1]
    if (
        file.parts[:2] != ("content", "facts")
        or not tree.is_facts(file)
        or any(p.is_symlink() for p in above)
    ):
        raise _Whole
    return str(file)


class _Facts(Struct, frozen=True):
    """The facts of the moved files, before and after."""

    #: Ids of each file, in the order written.
    files: dict[str, tuple[str, ...]]
    old: dict[str, Entered[Fact]]
    new: dict[str, Entered[Fact]]

    @property
    def changed(self) -> frozenset[str]:
        """Facts that are new, gone, or other than they were."""
        keys = self.old.keys() | self.new.keys()
        return frozenset(k for k in keys if _value(self.old, k) != _value(self.new, k))

    @property
    def removed(self) -> frozenset[str]:
        """Facts that are gone."""
        return frozenset(self.old.keys() - self.new.keys())

    @property
    def added(self) -> frozenset[str]:
        """Facts that were not there."""
        return frozenset(self.new.keys() - self.old.keys())


def _value(entered: Mapping[str, Entered[Fact]], key: str) -> Fact | None:
    return entered[key].value if key in entered else None


class _Edit:
    def __init__(
        self,
        order: Order,
        found: scan.Found,
        note: scan.Note,
        before: state.State,
        kept: Remembered,
        renderer: Renderer | None,
    ) -> None:
        self.order = order
        self.root = order.root
        self.found = found
        self.state = before
        self.note = note
        self.renderer = renderer
        self.files_before = before.files
        self.kept = kept
        self.head = kept.head
        self.before = kept.shelves(url=order.url)
        #: Files beside those of facts that this edit was worked out from.
        self.read: set[str] = set()

    def build(self, files: list[str]) -> Result:
        facts = self._read(files)
        self._alone(facts)
        located = self._locate(facts)
        changes = self._changes(facts, located)
        after = self.kept.shelves(changes, self.order.url, _FullTexts(self))
        site = site_view(after, after.url)
        if site != site_view(self.before, self.before.url):
            raise _Whole
        touched = Touched(self.before, after, facts.changed)
        warnings = self._warnings(facts, after, touched)
        if self.order.strict and warnings:
            raise _Whole
        with Twin(self.order.output, memory.place(self.root, self.order.output, "twin")) as twin:
            if scan.outputs(self.order.output, [manifest.NAME]) != {
                manifest.NAME: self.note.outputs[manifest.NAME]
            }:
                raise _Whole  # another build came first
            if not facts.changed:
                self._unmoved(files)
                return self._remember(changes, self.files_before, self._told(facts, warnings, files))
            twin.catch_up()
            if self.renderer is None:
                theme = Theme(self.root, self.root / memory.FOLDER / "templates", self.head.digests)
                self.renderer = Renderer(theme, site)
            self.renderer.forget(touched.cards)
            made, gone, pages = self._make(self.renderer, touched, twin)
            self._unmoved(files)
            if made.moved or gone:
                twin.publish()
            now = self._remember_files(made, gone, twin.linked)
            result = replace(
                self._told(facts, warnings, files),
                files=len(now),
                pages=self.note.result.pages + pages,
                rendered=len(made.reasons),
                reasons=made.reasons if self.order.explain else {},
                written=len(made.moved),
                deleted=len(gone),
            )
            return self._remember(changes, now, result)

    # Reading

    def _read(self, files: list[str]) -> _Facts:
        """The facts of the moved files as they are now; with any mistake the whole build tells of it."""
        new: dict[str, Entered[Fact]] = {}
        names: dict[str, tuple[str, ...]] = dict.fromkeys(files, ())
        for file in files:
            if not (self.root / file).exists():
                continue
            reading = read.read_facts(self.root, file)
            keys = tuple(e.value.id for e in reading.entries)
            if (
                reading.problems
                or not reading.parsed
                or reading.unread
                or len({*keys, *new}) < len(keys) + len(new)
            ):
                raise _Whole
            new.update((e.value.id, e) for e in reading.entries)
            names[file] = keys
        old = {key: self.kept.fact(key) for file in files for key in self.head.files.get(file, ())}
        return _Facts(names, old, new)

    def _alone(self, facts: _Facts) -> None:
        """Make sure that what was edited concerns facts alone, and that nothing is wrong with it."""
        head, known = self.head, self.before.dossier
        versions = [f for key in facts.changed for f in (_value(facts.old, key), _value(facts.new, key)) if f]
        came_or_went = facts.added | facts.removed
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
            bool(facts.changed & head.mentioned),
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
        told = (p for asker, p in head.warnings if asker == "linking")
        files, changed = facts.files.keys(), {f"fact {key}" for key in facts.changed}
        if any(unsound) or any(p.at.file in files or _subject(p) in changed for p in told):
            raise _Whole

    # Linking

    def _locate(self, facts: _Facts) -> dict[str, LocatedFact]:
        """Where the evidence of the edited facts stands."""
        edited = {k: e for k, e in facts.new.items() if k in facts.changed}
        known = self.before.dossier.sources
        names = {ev.source for e in edited.values() for ev in e.value.evidence}
        names |= {e.value.dating.source for e in edited.values() if e.value.dating and e.value.dating.source}
        sources: dict[str, Source] = {key: known[key] for key in sorted(names)}
        pointers = {key: self.kept.pointer("source", key) for key in sources}
        files = {key: self.text_file(key) for key in sources}
        texts = {key: file.read_bytes() for key, file in files.items() if file}
        held, more = lock.read(self.root / LOCK, LOCK)
        finder = Finder(self.head.site, sources, pointers, texts, held)
        located = finder.locate(
            {k: e.value for k, e in edited.items()}, {k: e.pointer for k, e in edited.items()}, 1
        )
        measures = self.before.dossier.measures
        if more or finder.problems or any(measures[key] != each for key, each in finder.measures.items()):
            raise _Whole
        if any(d.kind == "differs" for d in lock.compare(held, finder.measures.values(), located.values())):
            raise _Whole
        gone = [evidence for k, e in facts.old.items() if k in facts.changed for evidence in e.value.evidence]
        here = sum(self.text_file(evidence.source) is not None for evidence in gone)
        self.against_texts = finder.against_texts - here
        self.against_lock = finder.against_lock - (len(gone) - here)
        return located

    def text_file(self, source: str) -> Path | None:
        """The file of a source's saved text; None: not here."""
        at = (self.root / self.kept.pointer("source", source).file).parent
        named = self.head.site.texts
        folder = self.order.texts or (self.root / named if named else None)
        file = read.text_file(self.before.dossier.sources[source], at, folder)
        self.read |= {os.path.abspath(file)} if file else set()
        return file

    def _changes(self, facts: _Facts, located: dict[str, LocatedFact]) -> Changes:
        entered = {key: facts.new.get(key) for key in facts.old.keys() | facts.new.keys()}
        partly = Changes(
            facts=entered,
            located={**dict.fromkeys(facts.removed), **located},
            relations={},
            groups=self._groups(facts),
            calendar={},
        )
        there = self.kept.dossier(partly).facts
        old = [facts.old[k].value for k in facts.changed if k in facts.old]
        new = [facts.new[k].value for k in facts.changed if k in facts.new]
        partly = replace(partly, relations=joined_anew(self.before.dossier.relations, there, old, new))
        return replace(partly, calendar=self._calendar(partly))

    def _groups(self, facts: _Facts) -> dict[Group, tuple[Member, ...] | None]:
        """The groups that the edited facts leave or join, each in the order of dates."""
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
        now = Shelves(self.kept.dossier(changes), None, "", self.kept.groups(changes)).calendar
        moved = {key: now.get(key) for key in then.keys() | now.keys() if then.get(key) != now.get(key)}
        return dict(sorted(moved.items()))

    # Checking

    def _warnings(self, facts: _Facts, after: Shelves, touched: Touched) -> _Warnings:
        """All warnings of the site after the edit; an error is told by the whole build."""
        dossier = after.dossier
        looked_at = {key for key in touched.facts if key in dossier.facts} | (
            facts.new.keys() & facts.changed
        )
        fresh: list[tuple[check.Asker, Problem]] = []
        found = check.of_facts(dossier, (dossier.facts[key] for key in sorted(looked_at)))
        fresh += (("fact", problem) for problem in found)
        keys = sorted(touched.sources)
        names: tuple[GroupName, ...] = ("source", "dated")
        resting = {m.id for name in names for key in keys for m in after.members(name, key)}
        found = check.within_limits(dossier, (dossier.facts[key] for key in sorted(resting)), keys)
        fresh += (("entries", problem) for problem in found)
        fresh += (("whole", problem) for one in check.CHECKS for problem in one(dossier))
        named: dict[Kind, Container[str]] = {
            "actor": _Named(after, "actor", "via"),
            "topic": _Named(after, "topic"),
            "source": _Named(after, "source"),
        }
        found = check.unused(dossier, named, sorted(touched.actors), sorted(touched.topics), keys)
        fresh += (("sound", problem) for problem in found)
        if any(problem.severity == "error" for _, problem in fresh):
            raise _Whole
        again = {f"actor {k}" for k in touched.actors} | {f"topic {k}" for k in touched.topics}
        asked: dict[check.Asker, set[str]] = {
            "fact": {f"fact {key}" for key in looked_at | facts.removed},
            "sound": again | {f"source {k}" for k in touched.sources},
        }
        stay = (
            (asker, self._pointed(problem, facts))
            for asker, problem in self.head.warnings
            if asker != "whole" and _subject(problem) not in asked.get(asker, ())
        )
        return (*stay, *fresh)

    def _pointed(self, problem: Problem, facts: _Facts) -> Problem:
        """A warning that stays, pointing to where its fact is written now."""
        kind, _, key = _subject(problem).partition(" ")
        if kind == "fact" and key in facts.new and isinstance(problem.at, Pointer):
            at = facts.new[key].pointer
            return replace(problem, at=Pointer(at.file, at.entry, problem.at.path, problem.at.key))
        return problem

    def _placed(self, warnings: Iterable[Problem], files: list[str]) -> tuple[Problem, ...]:
        """The warnings with their lines; those of files that did not move have theirs already."""
        then = [problem for _, problem in self.head.warnings]
        pairs = zip(then, self.note.result.problems, strict=True)
        known = {each: shown for each, shown in pairs if each.at.file not in files}
        warnings = list(warnings)
        fresh = iter(placed([p for p in warnings if p not in known], read.reader(self.root)))
        return tuple(known[p] if p in known else next(fresh) for p in warnings)

    # Making

    def _make(self, renderer: Renderer, touched: Touched, twin: Twin) -> tuple[Making, set[str], int]:
        """The files that move, laid out in the twin; the paths that go; how many pages there are more."""
        making = Making(renderer, touched.after, twin, state.State(self.files_before))
        there, left = moved(touched)
        paths = {path_of(each) for each in there}
        gone = {path_of(each) for each in left} - paths
        if gone and self.head.linked:
            raise _Whole  # which tells of a link that leads nowhere now
        fresh = paths - self.files_before.keys()
        self._free(fresh)
        making.plan(there, 1)
        making.add(exports.moved(touched, touched.after.url, bool(fresh or gone), self._written))
        if making.problems:
            raise _Whole
        now = {path: each.sha256 for path, each in self.files_before.items() if path != manifest.NAME}
        now |= {path: each.sha256 for path, each in making.made.items()}
        making.add({manifest.NAME: manifest.dumps({p: s for p, s in now.items() if p not in gone})})
        for path in sorted(gone):
            twin.drop(path)
        return making, gone, len(fresh) - len(gone)

    def _written(self, path: str) -> bytes:
        return (self.order.output / path).read_bytes()

    def _free(self, fresh: set[str]) -> None:
        """Make sure that nothing else stands where a new page will."""
        for path in fresh:
            ways = {path, *write.folders(path)}
            below = f"{path}/"
            if any(known in ways or known.startswith(below) for known in self.files_before):
                raise _Whole
            if os.path.lexists(self.order.output / path):
                raise _Whole

    def _unmoved(self, files: list[str]) -> None:
        """Make sure that nothing we read was saved again meanwhile."""
        paths = {os.path.abspath(self.root / file) for file in files}
        if not scan.still_some(self.found, paths | self.read):
            raise _Whole

    # Remembering

    def _remember_files(self, making: Making, gone: set[str], linked: set[str]) -> dict[str, state.Kept]:
        """What stands in the output now."""
        now = {path: kept for path, kept in self.files_before.items() if path not in gone}
        for path, made in making.made.items():
            now[path] = state.keep(self.order.output, path, made.fingerprint, made.sha256)
        for path in linked & now.keys() - making.made.keys():
            was = now[path]
            now[path] = state.keep(self.order.output, path, was.fingerprint, was.sha256)
        return now

    def _told(self, facts: _Facts, warnings: _Warnings, files: list[str]) -> Result:
        """What there is to tell beside the files; the head is brought up to date with it."""
        of_files = {file: keys for file, keys in {**self.head.files, **facts.files}.items() if keys}
        checked = dict(self.head.checked)
        checked["facts"] += len(facts.added) - len(facts.removed)
        checked["quotes"] += sum(len(e.value.evidence) for e in facts.new.values())
        checked["quotes"] -= sum(len(e.value.evidence) for e in facts.old.values())
        placed = self._placed((problem for _, problem in warnings), files)
        self.head = replace(
            self.head,
            warnings=warnings,
            checked=checked,
            against_texts=self.head.against_texts + self.against_texts,
            against_lock=self.head.against_lock + self.against_lock,
            files=of_files,
        )
        return replace(
            self.note.result,
            problems=placed,
            checked=checked,
            rendered=0,
            reasons={},
            written=0,
            deleted=0,
            against_texts=self.head.against_texts,
            against_lock=self.head.against_lock,
        )

    def _remember(self, changes: Changes, now: Mapping[str, state.Kept], result: Result) -> Result:
        head = replace(self.head, site_made=now[manifest.NAME].sha256)
        self.kept.change(head, changes)
        self.state = state.save(self.root, self.order.output, now, self.state.maker)
        outputs = {path: kept.seen for path, kept in now.items()}
        told = replace(result, reasons={})
        self.note = replace(self.note, found=self.found, outputs=outputs, result=told)
        scan.save(self.root, self.order.output, self.note)
        return result


def _subject(problem: Problem) -> str:
    """The entry that a problem is about: what stands before a comma in its subject."""
    return problem.subject.partition(",")[0]


class _FullTexts(Mapping[str, str]):
    """The texts of sources that may be shown in full, each read when a page shows it."""

    def __init__(self, edit: _Edit) -> None:
        self._edit = edit

    def __getitem__(self, source: str) -> str:
        file = self._edit.text_file(source)
        if file is None:
            raise _Whole
        paragraphing = self._edit.before.dossier.sources[source].paragraphs
        return read_saved(source, file.read_bytes(), paragraphing).text

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError  # nobody asks for all of them

    def __len__(self) -> int:
        raise NotImplementedError


class _Named:
    """The ids that facts name: those with a group of their own."""

    def __init__(self, shelves: Shelves, *names: str) -> None:
        self._shelves = shelves
        self._names = names

    def __contains__(self, key: object) -> bool:
        return any((name, key) in self._shelves.groups for name in self._names)
