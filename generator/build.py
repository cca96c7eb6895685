"""A build, from the folder of a site to its pages: read, link, check, plan, render, write.

Values in, values out; files are touched only at both ends. While there is an error nothing is written and
the last good site stays as it was.
"""

from __future__ import annotations

import errno
import gc
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator import (
    changed,
    check,
    dead_links,
    edit,
    lock,
    manifest,
    memory,
    read,
    remembered,
    scan,
    share,
    state,
    store,
    write,
)
from generator.cached import cached_property
from generator.dossier import Dossier
from generator.groups import Group, Member
from generator.link import Linked, Meanwhile, link, nothing
from generator.making import Made, Making
from generator.order import LOCK, Order
from generator.places import placed
from generator.plan import plan, site_view
from generator.problems import Problem, few
from generator.render import Renderer
from generator.result import Result
from generator.shelves import Shelves
from generator.theme import Theme
from generator.twin import tidy
from generator.views import SiteView

#: How often a build begins anew because files changed under it.
_PATIENCE = 20


class Examined(Struct, frozen=True, kw_only=True, dict=True):
    """A dossier read, linked and checked."""

    root: Path
    #: The problems as they were found, not yet placed, with what found each.
    told: tuple[tuple[check.Asker, Problem], ...]
    checked: dict[str, int]
    ok: bool
    linked: Linked | None = None

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems with their lines."""
        return tuple(placed([problem for _, problem in self.told], read.reader(self.root)))

    @cached_property
    def few(self) -> Few:
        """The problems that a build shows, with their lines."""
        chosen, more = few([problem for _, problem in self.told])
        shown = placed([self.told[at][1] for at in chosen], read.reader(self.root))
        return Few(dict(zip(chosen, shown, strict=True)), more)


class Few(Struct, frozen=True):
    """Problems that a build shows, by their position among all, and how many warnings there are more."""

    shown: dict[int, Problem]
    more: dict[str, int]


def examine(
    root: Path,
    *,
    texts: Path | None = None,
    strict: bool = False,
    preview: bool = False,
    theme: Theme | None = None,
    jobs: int = 1,
    meanwhile: Meanwhile = nothing,
) -> Examined:
    """Read, link and check a site; write nothing.

    `meanwhile` is done with the dossier while others locate its quotes, unless something is wrong already.
    """
    theme = theme or Theme(root)
    site, problems = read.read_site(root)
    if site is None:
        return _examined(root, _linking([*problems, *theme.problems()]), {}, strict, None)
    # Templates are compiled while others read the content.
    content = read.read_content(root, site, texts, jobs, theme.problems)
    held, more = lock.read(root / LOCK, LOCK)
    problems = [*problems, *theme.problems(), *content.problems, *more]
    well = all(problem.severity != "error" for problem in problems)
    ahead = meanwhile if well else nothing
    linked = link(site, content, held, preview=preview, jobs=jobs, meanwhile=ahead)
    problems += linked.problems
    if held.lines:
        changes = changed.changes(held, linked.dossier, content.texts)
        problems += [each.problem(linked.dossier) for each in changes]
        differing = (d for d in _differences(held, linked) if d.kind == "differs")
        known = {f"source {each.source}" for each in changes}
        problems += [d.problem(LOCK) for d in differing if d.subject not in known]
    told = [*_linking(problems), *check.everything(linked.dossier)]
    if all(problem.severity != "error" for _, problem in told):
        told += check.sound(linked.dossier, linked.groups)
        told += _linking(dead_links.links_lead_to_pages(linked.dossier, theme.assets()))
    return _examined(root, told, linked.checked, strict, linked)


def _linking(problems: Iterable[Problem]) -> list[tuple[check.Asker, Problem]]:
    return [("linking", problem) for problem in problems]


def _examined(
    root: Path,
    told: list[tuple[check.Asker, Problem]],
    checked: dict[str, int],
    strict: bool,
    linked: Linked | None,
) -> Examined:
    bad = any(problem.severity == "error" or strict for _, problem in told)
    return Examined(root=root, told=tuple(told), checked=checked, ok=not bad, linked=linked)


def build(
    root: Path,
    *,
    output: Path | None = None,
    url: str = "",
    texts: Path | None = None,
    preview: bool = False,
    full: bool = False,
    strict: bool = False,
    jobs: int = 1,
    explain: bool = False,
    moves: scan.Moves | None = None,
    resident: edit.Resident | None = None,
    saved: Collection[str] = (),
    until_end: list[object] | None = None,
) -> Result:
    """Build a site into its output folder, or say what is wrong and leave the folder as it is.

    `url` overrides the address in site.yaml; `preview` shows drafts; `full` forgets earlier builds; `jobs`
    is the number of processes; `explain` asks why each page was rendered; `moves` is what a scan just found
    (left out, it is looked for here). Content saved while it is read is read again, so that no site is made
    from two states of it. Raises `OSError` when a file cannot be read or written; the old site is then
    untouched.

    `resident` is kept by a process that stays. Such a process may name the files that it heard were `saved`,
    by absolute path: then an edit looks at these alone. Where `resident.is_sure` is false afterwards, it
    builds again without naming any, which looks at everything, and mends what nobody had told.

    `until_end` takes what a whole build put together: a process that ends anyway need not take it apart,
    which at 10,000 facts takes a fiftieth of the time.
    """
    order = Order(root, output or root / "output", url, texts, preview, full, strict, jobs, explain)
    collecting = gc.isenabled()
    gc.disable()  # a build makes much and drops little, so collections find next to nothing
    try:
        resident = resident or edit.Resident()
        if moves is None and not full:
            given = scan.options(url=url, texts=texts, preview=preview, strict=strict)
            note = resident.note
            heard = scan.heard(order.output, given, note, saved) if note and saved else None
            moves = heard or scan.moves(root, order.output, given, note, jobs)
            resident.is_sure = heard is None
            if told := scan.unchanged(moves):
                resident.note = moves.note
                return told
        if moves and moves.inputs and not full:
            result = edit.build(order, moves, resident)
            if result is not None:
                return result
        resident.forget()
        resident.is_sure = True
        for _ in range(_PATIENCE):
            result = _build(order, [] if until_end is None else until_end)
            if result is not None:
                return result
    finally:
        if collecting:
            gc.enable()
    raise OSError(errno.EBUSY, "the content keeps changing while it is read; build again later")


def _build(order: Order, until_end: list[object]) -> Result | None:
    """Build from what is found; None when files changed meanwhile and nothing was written.

    What was put together stays with the caller, in `until_end`.
    """
    root, output, jobs = order.root, order.output, order.jobs
    texts = _texts(root, order.texts)
    found = scan.look(root, texts)
    refused = write.refusal(output, root)
    if not refused:
        write.mend(output)
    theme = Theme(root, cache=root / memory.FOLDER / "templates")
    shelved: list[Shelves] = []

    def shelve(dossier: Dossier, groups: Mapping[Group, tuple[Member, ...]]) -> None:
        shelves = Shelves(dossier, theme.shown(), order.url, groups)
        if jobs > 1:  # else what pages share is made for the first of them
            shelves.prepare()
        shelved.append(shelves)

    examined = examine(
        root,
        texts=order.texts,
        strict=order.strict,
        preview=order.preview,
        theme=theme,
        jobs=jobs,
        meanwhile=shelve,
    )
    linked = examined.linked

    def failed(*problems: Problem) -> Result:
        told = examined.few
        problems = (*problems, *told.shown.values())
        return Result(problems=problems, more=told.more, checked=examined.checked, ok=False)

    if refused or not examined.ok or linked is None:
        return failed(*([refused] if refused else ()))
    shelves = shelved[0]
    before = state.State() if order.full else state.load(root, output)
    ready: list[_Ready] = []
    with write.Staging(output) as staging:
        shared = site_view(shelves, shelves.url)
        site = Making(Renderer(theme, shared), shelves, staging, before)
        until_end += examined, shelves, site
        place, mark = remembered.place(root, output), store.mark()
        site.plan(
            plan(shelves),
            jobs,
            partial(_beside, shelves, place, mark),
            lambda: ready.append(_Ready.of(order, found, texts, examined, shelves, theme, shared)),
        )
        if site.problems:
            return failed(*site.problems)
        if not ready[0].still:
            return None
        site.add(share.files(shelves, root / memory.FOLDER))
        for copied in ready[0].files:
            site.add(copied)
        site.add({manifest.NAME: manifest.dumps({path: each.sha256 for path, each in site.made.items()})})
        clashes = (*site.problems, *filter(None, [write.collision(output, site.made)]))
        if clashes:
            return failed(*clashes)
        written = staging.publish(site.made, site.moved)
        told = examined.few
        result = Result(
            problems=tuple(told.shown.values()),
            more=told.more,
            checked=examined.checked,
            ok=True,
            files=len(site.made),
            pages=site.pages,
            rendered=len(site.reasons),
            reasons=site.reasons if order.explain else {},
            written=len(written.written),
            deleted=len(written.deleted),
            against_texts=linked.against_texts,
            against_lock=linked.against_lock,
        )
        _remember(order, found, texts, site.made, result)
        head = replace(ready[0].head, site_made=site.made[manifest.NAME].sha256)
        remembered.finish(place, head, mark)
    return result


class _Ready(Struct, frozen=True):
    """What is made ready while others make pages."""

    #: What concerns the whole, for the next edit; that of a site yet to be made.
    head: remembered.Head
    #: Files that are copied as they are: those of the theme, then those of content/static.
    files: tuple[dict[str, bytes], dict[str, bytes]]
    #: Whether all that the site is made from is still as it was found. All of it has been read by then: what
    #: is saved later is for the next build, which tells it by the times noted here.
    still: bool

    @staticmethod
    def of(
        order: Order,
        found: scan.Found,
        texts: Path | None,
        examined: Examined,
        shelves: Shelves,
        theme: Theme,
        shared: SiteView,
    ) -> _Ready:
        assets = {path: file.read_bytes() for path, file in theme.assets().items()}
        files = (assets, read.static_files(order.root))
        still = scan.still(found, order.root, texts) and _texts(order.root, order.texts) == texts
        state.maker()  # wanted at the very end, when nobody else works
        return _Ready(_head(examined, shelves, theme, shared), files, still)


def _head(examined: Examined, shelves: Shelves, theme: Theme, shared: SiteView) -> remembered.Head:
    """What concerns the whole, for the next edit."""
    d = shelves.dossier
    linked, told = examined.linked, examined.few
    assert linked is not None
    texts = [a.summary for a in d.actors.values()] + [t.summary for t in d.topics.values()]
    texts += [s.note for s in d.sources.values()]
    files: dict[str, list[tuple[int, str]]] = {}
    for key in d.facts:
        at = d.pointers["fact", key]
        files.setdefault(at.file, []).append((at.entry, key))
    return remembered.Head(
        site_made="",
        site=d.site,
        warnings=tuple(
            remembered.Warned(asker, problem, told.shown.get(at))
            for at, (asker, problem) in enumerate(examined.told)
        ),
        checked=examined.checked,
        against_texts=linked.against_texts,
        against_lock=linked.against_lock,
        files={file: tuple(key for _, key in sorted(keys)) for file, keys in sorted(files.items())},
        formerly=frozenset(old for fact in d.facts.values() for old in fact.formerly),
        mentioned=remembered.mentions(texts),
        linked=dead_links.any_links(d),
        in_prose=remembered.mentions(page.body for page in d.prose.values()),
        drafts=frozenset(key for kind, key in d.drafts if kind == "fact"),
        static=d.static,
        shown=theme.shown(),
        source_order=tuple(shelves.source_order),
        parts_of=shelves.parts_of,
        digests=theme.digests(),
        shared=remembered.shared(shared),
    )


def _beside(shelves: Shelves, place: Path, mark: bytes) -> Mapping[str, manifest.Data]:
    """The files for machines; while another process makes pages, the dossier is remembered as well."""
    from generator import exports  # loaded where they are made

    made = exports.files(shelves, shelves.url)
    remembered.keep(place, shelves, mark, made.pieces)
    return made.files


def _remember(
    order: Order, found: scan.Found, texts: Path | None, made: Mapping[str, Made], result: Result
) -> None:
    """Note what stands in the output now: before another build, which waits its turn, changes it."""
    kept = {
        p: state.keep(order.output, p, each.fingerprint, each.sha256, each.seen) for p, each in made.items()
    }
    given = scan.options(url=order.url, texts=order.texts, preview=order.preview, strict=order.strict)
    told = replace(result, reasons={})
    note = scan.Note(options=given, found=found, texts=str(texts or ""), result=told)
    state.save(order.root, order.output, state.State(state.Files.of(kept)), note)
    state.forget(order.root)
    tidy(memory.place(order.root, order.output, "twin"))


def _texts(root: Path, texts: Path | None) -> Path | None:
    """The folder of saved texts: as given, else the one that the site names."""
    site = None if texts else read.read_site(root)[0]
    return root / site.texts if site and site.texts else texts


class Relocked(Struct, frozen=True, kw_only=True):
    """What `lock` found and did."""

    problems: tuple[Problem, ...]
    checked: dict[str, int]
    ok: bool
    #: What differs between the lock and the content, a line each; empty: the lock is current.
    differences: tuple[str, ...] = ()
    #: Lines on the quotes of each text that changed.
    report: tuple[str, ...] = ()
    #: Sources to accept, all at once, so that the lock is written; those accepted already among them.
    waiting: tuple[str, ...] = ()
    #: Ids of all sources.
    sources: tuple[str, ...] = ()
    #: Those to be accepted whose text is the lock's, or not here.
    unchanged: tuple[str, ...] = ()


def relock(
    root: Path, *, texts: Path | None = None, write: bool = True, accept: Collection[str] = ()
) -> Relocked:
    """Compare the evidence lock with the content and the texts at hand, and write it anew when asked to.

    With an error nothing is written: a lock never speaks of a quote that was not found. Nor is it while the
    text of a source changed so that quotes moved, unless the source is one of those to `accept`. Drafts are
    locked too, so that the preview shows them where the texts are not.
    """
    site, problems = read.read_site(root)
    if site is None:
        return Relocked(problems=tuple(placed(problems, read.reader(root))), checked={}, ok=False)
    content = read.read_content(root, site, texts)
    held, _ = lock.read(root / LOCK, LOCK)  # what is damaged in it is about to be replaced
    linked = link(site, content, held, preview=True)
    changes = changed.changes(held, linked.dossier, content.texts)
    shown = tuple(placed([*problems, *content.problems, *linked.problems], read.reader(root)))
    other = {each.source: each for each in changes}
    moved = tuple(key for key, each in other.items() if not each.is_settled)
    accepted = set(moved) <= set(accept) and set(accept) <= set(linked.dossier.sources)
    bad = any(p.severity == "error" for p in shown)
    differences = _differences(held, linked)
    result = Relocked(
        problems=shown,
        checked=linked.checked,
        ok=accepted and not bad,
        differences=tuple(
            f"{d.subject}: {d.message}" for d in differences if d.subject.removeprefix("source ") not in other
        ),
        report=tuple(line for c in changes for line in changed.report(c, linked.dossier, content.texts)),
        waiting=() if accepted or bad else moved,
        sources=tuple(linked.dossier.sources),
        unchanged=tuple(key for key in linked.dossier.sources if key in accept and key not in other),
    )
    if not result.ok:
        return result
    text = lock.dumps(linked.dossier.measures.values(), linked.dossier.located.values(), held)
    if write:
        _replace(root / LOCK, text)
    elif not differences and _text(root / LOCK) != text:
        return replace(result, differences=("content/evidence.lock: damaged, or not as factsheet writes it",))
    return result


def _differences(held: lock.Lock, linked: Linked) -> tuple[lock.Difference, ...]:
    """What the lock and the content do not agree on; of quotes nobody could check, enough is told already."""
    located = linked.dossier.located.values()
    checked = [each for each in located if all(e.state != "unchecked" for e in each.evidence)]
    return lock.compare(held, linked.dossier.measures.values(), checked)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _replace(file: Path, text: str) -> None:
    """Write a file as one step; bytes that already stand there are not written again."""
    if _text(file) == text:
        return
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
