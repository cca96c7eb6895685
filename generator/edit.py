"""An edit of facts: only what shows it is read, worked out, rendered and written.

In: what the scan found moved, and what the last build remembers. Out: what was done; or None, where the
edit is of another sort or anything is wrong with it. Then the whole is built, which tells all there is to
tell. So nothing here has to explain a mistake, and whatever is in doubt is left to the whole build.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap

import msgspec
from msgspec.structs import replace

from generator import check, manifest, memory, read, remembered, scan, share, state, write
from generator.aside import Claims, aside
from generator.edited import Edited, EditedFacts, Whole, content_file, subject_of
from generator.groups import GroupName
from generator.making import Made, Making
from generator.order import Order
from generator.pieces import Stale
from generator.places import placed
from generator.plan import lists_facts, moved, path_of, site_view
from generator.problems import Pointer, Problem, few
from generator.remembered import Changes, Head, Remembered, Warned
from generator.render import Renderer
from generator.result import Result
from generator.shelves import Extent, Outline
from generator.stats import seen
from generator.store import Damaged
from generator.theme import Theme
from generator.touched import Touched
from generator.twin import NoTwin, Twin
from generator.views import FactCard, SiteView
from generator.workers import chunks


class Resident:
    """What a process that stays keeps between its builds, so that it reads nothing twice; empty at first."""

    def __init__(self) -> None:
        self.note: scan.Note | None = None
        self.state: state.State | None = None
        self.kept: Remembered | None = None
        self.renderer: Renderer | None = None
        #: Whether the last build looked at all that the site is made from, and at all of the output; else it
        #: took for unchanged what nobody had heard of.
        self.is_sure = True

    def forget(self) -> None:
        """Begin anew: the whole was built, or something went wrong."""
        self.note = self.state = self.kept = self.renderer = None


def build(order: Order, moves: scan.Moves, resident: Resident) -> Result | None:
    """Build an edit of facts into the output; None: nothing was done, and the whole is to be built.

    Raises `OSError` when a file cannot be read or written; the old site is then untouched.
    """
    note = moves.note
    if note is None:
        return None
    try:
        files = [content_file(order.root, path) for path in sorted(moves.inputs)]
        before = resident.state or state.recall(order.root, order.output, note)
        kept = resident.kept or Remembered(remembered.place(order.root, order.output))
        made = before.files.get(manifest.NAME) if before else None
        if before is None or made is None or made.sha256 != kept.head.site_made or not moves.stand():
            return None
        edit = _Edit(order, moves.found, note, before, kept, resident.renderer)
        resident.forget()
        result = edit.build(files)
        resident.note, resident.state, resident.kept = edit.note, edit.state, kept
        resident.renderer = edit.renderer
    except (Whole, Damaged, NoTwin, Stale):
        return None
    return result


class _Edit:
    """One edit on its way into the output."""

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
        #: The positions of the warnings that are shown, and how many there are more, by code.
        self.shown: list[int] = []
        self.more: dict[str, int] = {}
        #: How long the pieces of files for machines are now (see `exports`).
        self.pieces: dict[str, bytes] = {}

    def build(self, files: list[str]) -> Result:
        """Make what the edit touches; raises `Whole` where the whole is to be built."""
        edited = Edited(self.order, self.kept, files)
        site = site_view(edited.after, edited.after.url)
        if remembered.shared(site) != self.head.shared:
            raise Whole
        touched = Touched(edited.before, edited.after, edited.facts.changed)
        known = self.kept.known()
        edited.before.recall(known)
        edited.after.recall(known, touched.cards, touched.sources)
        warnings = self._warnings(edited, touched)
        if self.order.strict and warnings:
            raise Whole
        self.head = self._head(edited, warnings)
        place = memory.place(self.root, self.order.output, "twin")
        with Twin(self.order.output, place, self.order.jobs) as twin:
            if seen(os.lstat(self.order.output / manifest.NAME)) != self.files_before[manifest.NAME].seen:
                raise Whole  # another build came first
            return self._publish(files, edited, touched, twin, site)

    def _publish(
        self, files: list[str], edited: Edited, touched: Touched, twin: Twin, site: SiteView
    ) -> Result:
        """Lay out what moves and let readers see it; nobody else builds meanwhile."""
        if not edited.facts.changed:
            self._unmoved(files, edited.read)
            return self._remember(edited.changes, {}, {}, self.state, self._told())
        twin.catch_up()
        if self.renderer is None:
            theme = Theme(self.root, self.root / memory.FOLDER / "templates", self.head.digests)
            self.renderer = Renderer(theme, site)
        self.renderer.forget(touched.cards)
        made, gone, pages = self._make(self.renderer, touched, twin)
        self._unmoved(files, edited.read)
        now = self._remember_files(made, gone, twin.publish())
        result = replace(
            self._told(),
            files=len(now.files),
            pages=self.note.result.pages + pages,
            rendered=len(made.reasons),
            reasons=made.reasons if self.order.explain else {},
            written=len(made.moved),
            deleted=len(gone),
        )
        there, after = edited.after.dossier.facts, edited.after
        shown = {k: (after.card(k), after.outline(k)) if k in there else None for k in touched.cards}
        extents = {key: after.extent(key) for key in touched.sources} if self.kept.known().extents else {}
        return self._remember(edited.changes, shown, extents, now, result)

    # Checking

    def _warnings(self, edited: Edited, touched: Touched) -> tuple[Warned, ...]:
        """All warnings of the site after the edit; an error is told by the whole build."""
        facts, after, dossier = edited.facts, edited.after, edited.after.dossier
        looked_at = {key for key in touched.facts | facts.changed if key in dossier.facts}
        fresh: list[tuple[check.Asker, Problem]] = []
        found = check.of_facts(dossier, (dossier.facts[key] for key in sorted(looked_at)))
        fresh += (("fact", problem) for problem in found)
        keys = sorted(touched.sources)
        names: tuple[GroupName, ...] = ("source", "dated")
        resting = {m.id for name in names for key in keys for m in after.members(name, key)}
        found = check.within_limits(dossier, (dossier.facts[key] for key in sorted(resting)), keys)
        fresh += (("entries", problem) for problem in found)
        fresh += (("whole", problem) for one in check.CHECKS for problem in one(dossier))
        found = check.unused(dossier, after.groups, sorted(touched.actors), sorted(touched.topics), keys)
        fresh += (("sound", problem) for problem in found)
        if any(problem.severity == "error" for _, problem in fresh):
            raise Whole
        again = {f"actor {k}" for k in touched.actors} | {f"topic {k}" for k in touched.topics}
        asked: dict[check.Asker, set[str]] = {
            "fact": {f"fact {key}" for key in looked_at | facts.removed},
            "sound": again | {f"source {k}" for k in touched.sources},
        }
        stay = [
            each
            for each in self.head.warnings
            if each.asker != "whole" and subject_of(each.problem) not in asked.get(each.asker, ())
        ]
        # Those in the files that moved may stand in other lines, or in other files, now.
        shifted = [each for each in stay if subject_of(each.problem) in facts.subjects]
        lost = [*((each.asker, _pointed(each.problem, facts)) for each in shifted), *fresh]
        kept = [each for each in stay if each not in shifted]
        return self._placed([*kept, *(Warned(asker, problem, None) for asker, problem in lost)])

    def _placed(self, warned: list[Warned]) -> tuple[Warned, ...]:
        """Warnings with the lines of those that are shown."""
        chosen, self.more = few([each.problem for each in warned])
        self.shown = chosen
        wanted = [at for at in chosen if warned[at].shown is None]
        found = placed([warned[at].problem for at in wanted], read.reader(self.root))
        for at, problem in zip(wanted, found, strict=True):
            warned[at] = replace(warned[at], shown=problem)
        return tuple(warned)

    # Making

    def _make(self, renderer: Renderer, touched: Touched, twin: Twin) -> tuple[Making, set[str], int]:
        """The files that move, laid out in the twin; the paths that go; how many pages there are more."""
        making = Making(renderer, touched.after, twin, self.state)
        there, left = moved(touched)
        paths = {path_of(each) for each in there}
        gone = {path_of(each) for each in left} - paths
        if gone and self.head.linked:
            raise Whole  # which tells of a link that leads nowhere now
        fresh = paths - self.files_before.keys()
        self._free(fresh)
        if not making.may_stand(there):
            raise Whole
        # Two processes share out the pages, those that take longest first, and the one beside makes the files
        # for machines before that.
        parts = chunks(sorted(there, key=lists_facts, reverse=True), self.order.jobs, 1)
        claims = Claims(len(parts))

        def rest() -> bytes:
            from generator import exports  # loaded where they are made

            made = Making(renderer, touched.after, twin, self.state)
            pieces = self.kept.pieces()
            moved_pages = bool(fresh or gone)
            exported = exports.moved(touched, touched.after.url, moved_pages, self._mapped, pieces)
            made.add(exported.files)  # digesting these takes as long as all pages
            made.make(page for number in claims.rest() for page in parts[number])
            if made.problems:
                raise Whole
            return msgspec.msgpack.encode((list(made.made.values()), exported.pieces))

        beside = aside(rest, self.order.jobs)
        making.make(page for number in claims for page in parts[number])
        found, self.pieces = msgspec.msgpack.decode(beside(), type=tuple[list[Made], dict[str, bytes]])
        claims.close()
        making.take(found)
        making.add(share.files(touched.after, self.root / memory.FOLDER))
        if making.problems:
            raise Whole
        making.add({manifest.NAME: self._manifest(making, gone)})
        for path in sorted(gone):
            twin.drop(path)
        return making, gone, len(fresh) - len(gone)

    def _manifest(self, making: Making, gone: set[str]) -> bytes:
        """The manifest with what moves and without what goes."""
        now = {path: each.sha256 for path, each in making.made.items()}
        written = self._written(manifest.NAME)
        made = None if gone else manifest.edited(written, now)
        if made is None:
            before = manifest.loads(written)
            if before is None:
                raise Whole
            made = manifest.dumps({p: d for p, d in {**before.files, **now}.items() if p not in gone})
        return made

    def _written(self, path: str) -> bytes:
        return (self.order.output / path).read_bytes()

    def _mapped(self, path: str) -> memoryview:
        """The bytes of a file that stands in the output, which are not read before somebody looks at them.

        Were the file cut short by somebody else just then, the system would end this process; the site stands
        as it was then, as it does after any kill.
        """
        with open(self.order.output / path, "rb", 0) as file:
            empty = not os.fstat(file.fileno()).st_size  # which cannot be mapped, and is not as remembered
            return memoryview(b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ))

    def _free(self, fresh: set[str]) -> None:
        """Make sure that nothing else stands where a new page will."""
        for path in fresh:
            ways = {path, *write.folders(path)}
            below = f"{path}/"
            if any(known in ways or known.startswith(below) for known in self.files_before):
                raise Whole
            if os.path.lexists(self.order.output / path):
                raise Whole

    def _unmoved(self, files: list[str], beside: set[str]) -> None:
        """Make sure that nothing we read was saved again meanwhile."""
        paths = {os.path.abspath(self.root / file) for file in files}
        if not scan.still_some(self.found, paths | beside):
            raise Whole

    # Remembering

    def _remember_files(self, making: Making, gone: set[str], linked: set[str]) -> state.State:
        """What stands in the output now."""
        output = self.order.output
        now = {p: state.keep(output, p, each.fingerprint, each.sha256) for p, each in making.made.items()}
        for path in linked - now.keys() - gone:
            if was := self.files_before.get(path):
                now[path] = state.keep(output, path, was.fingerprint, was.sha256)
        return state.State(self.files_before.changed(now, gone), self.state.maker)

    def _head(self, edited: Edited, warnings: tuple[Warned, ...]) -> Head:
        """What concerns the whole, after the edit."""
        facts, head = edited.facts, self.head
        checked = dict(head.checked)
        checked["facts"] += len(facts.added) - len(facts.removed)
        checked["quotes"] += sum(len(e.value.evidence) for e in facts.new.values())
        checked["quotes"] -= sum(len(e.value.evidence) for e in facts.old.values())
        return replace(
            head,
            warnings=warnings,
            checked=checked,
            against_texts=head.against_texts + edited.against_texts,
            against_lock=head.against_lock + edited.against_lock,
            files={file: keys for file, keys in {**head.files, **facts.files}.items() if keys},
        )

    def _told(self) -> Result:
        """What there is to tell beside what was done to the files."""
        return replace(
            self.note.result,
            problems=tuple(p for at in self.shown if (p := self.head.warnings[at].shown)),
            more=self.more,
            checked=self.head.checked,
            rendered=0,
            reasons={},
            written=0,
            deleted=0,
            against_texts=self.head.against_texts,
            against_lock=self.head.against_lock,
        )

    def _remember(
        self,
        changes: Changes,
        shown: Mapping[str, tuple[FactCard, Outline] | None],
        extents: Mapping[str, Extent],
        now: state.State,
        result: Result,
    ) -> Result:
        head = replace(self.head, site_made=now.files[manifest.NAME].sha256)
        self.kept.change(head, changes, shown, self.pieces, extents)
        note = replace(self.note, found=self.found, result=replace(result, reasons={}))
        self.state, self.note = state.save(self.root, self.order.output, now, note)
        return result


def _pointed(problem: Problem, facts: EditedFacts) -> Problem:
    """A warning that stays, pointing to where its fact is written now."""
    key = subject_of(problem).partition(" ")[2]
    if key in facts.new and isinstance(problem.at, Pointer):
        at = facts.new[key].pointer
        return replace(problem, at=Pointer(at.file, at.entry, problem.at.path, problem.at.key))
    return problem
