"""A build, from the folder of a site to its pages: read, link, check, plan, render, write.

Values in, values out; files are touched only at both ends. While there is an error nothing is written and
the last good site stays as it was.
"""

from __future__ import annotations

import errno
import gc
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from generator import check, exports, lock, manifest, read, scan, state, write
from generator.link import Linked, link
from generator.places import placed
from generator.plan import Planned, page, plan, site_view
from generator.problems import Place, Problem
from generator.render import Page, Renderer, TemplateFailure, Theme
from generator.result import Result
from generator.shelves import Shelves
from generator.workers import chunks, spread

LOCK = "content/evidence.lock"
#: Pages that one process makes before a second would have begun.
_FEW = 64
#: How often a build begins anew because files changed under it.
_PATIENCE = 20


class Examined(Struct, frozen=True, kw_only=True):
    """A dossier read, linked and checked."""

    problems: tuple[Problem, ...]
    checked: dict[str, int]
    ok: bool
    linked: Linked | None = None


def examine(
    root: Path,
    *,
    texts: Path | None = None,
    strict: bool = False,
    preview: bool = False,
    theme: Theme | None = None,
    jobs: int = 1,
) -> Examined:
    """Read, link and check a site; write nothing."""
    theme = theme or Theme(root)
    site, problems = read.read_site(root)
    problems = [*problems, *theme.problems()]
    if site is None:
        return _examined(root, problems, {}, strict, None)
    content = read.read_content(root, site, texts, jobs)
    held, more = lock.read(root / LOCK, LOCK)
    linked = link(site, content, held, preview=preview, jobs=jobs)
    problems += [*content.problems, *more, *linked.problems]
    problems += [d.problem(LOCK) for d in _differences(held, linked) if d.kind == "differs"]
    for one in check.CHECKS:
        problems += one(linked.dossier)
    return _examined(root, problems, linked.checked, strict, linked)


def _examined(
    root: Path, problems: list[Problem], checked: dict[str, int], strict: bool, linked: Linked | None
) -> Examined:
    shown = tuple(placed(problems, read.reader(root)))
    bad = any(p.severity == "error" or strict for p in shown)
    return Examined(problems=shown, checked=checked, ok=not bad, linked=linked)


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
) -> Result:
    """Build a site into its output folder, or say what is wrong and leave the folder as it is.

    `url` overrides the address in site.yaml; `preview` shows drafts; `full` forgets earlier builds; `jobs`
    is the number of processes. Content saved while it is read is read again, so that no site is made from
    two states of it. Raises `OSError` when a file cannot be read or written; the old site is then untouched.
    """
    order = _Order(root, output or root / "output", url, texts, preview, full, strict, jobs)
    collecting = gc.isenabled()
    gc.disable()  # a build makes much and drops little: collections were half of its time
    try:
        for _ in range(_PATIENCE):
            result = _build(order)
            if result is not None:
                return result
    finally:
        if collecting:
            gc.enable()
    raise OSError(errno.EBUSY, "the content keeps changing while it is read; build again later")


class _Order(Struct, frozen=True):
    """What a build was asked for."""

    root: Path
    output: Path
    url: str
    texts: Path | None
    preview: bool
    full: bool
    strict: bool
    jobs: int


def _build(order: _Order) -> Result | None:
    """Build from what is found; None when files changed meanwhile and nothing was written."""
    root, output, jobs = order.root, order.output, order.jobs
    texts = _texts(root, order.texts)
    found = scan.look(root, texts)
    refused = write.refusal(output, root)
    theme = Theme(root, cache=_cache(root))
    examined = examine(
        root, texts=order.texts, strict=order.strict, preview=order.preview, theme=theme, jobs=jobs
    )
    problems = (*([refused] if refused else ()), *examined.problems)
    if refused or not examined.ok or examined.linked is None:
        return Result(problems=problems, checked=examined.checked, ok=False)
    linked = examined.linked
    shelves = Shelves(linked.dossier, theme.shown())
    address = order.url or linked.dossier.site.url
    before = state.State() if order.full else state.load(root, output)
    with write.Staging(output) as staging:
        site = _Site(Renderer(theme, site_view(shelves, address)), shelves, staging, before)
        failure = site.pages(plan(shelves), jobs)
        if failure:
            return Result(problems=(*problems, failure), checked=examined.checked, ok=False)
        site.add(exports.files(shelves, address))
        site.add({path: file.read_bytes() for path, file in theme.assets().items()})
        site.add(read.static_files(root))
        site.add({manifest.NAME: manifest.dumps({path: each.sha256 for path, each in site.made.items()})})
        clash = (*site.clashes, *filter(None, [write.collision(output, site.made)]))
        if clash:
            return Result(problems=(*problems, *clash), checked=examined.checked, ok=False)
        if scan.content_of(scan.look(root, texts)) != scan.content_of(found):
            return None
        written = staging.publish(site.made, site.moved)
    kept = {path: state.keep(output, path, each.fingerprint, each.sha256) for path, each in site.made.items()}
    state.save(root, output, state.State(files=kept))
    result = Result(
        problems=problems,
        checked=examined.checked,
        ok=True,
        files=len(site.made),
        pages=site.planned,
        rendered=site.rendered,
        written=len(written.written),
        deleted=len(written.deleted),
        against_texts=linked.against_texts,
        against_lock=linked.against_lock,
    )
    seen = scan.outputs(output, list(site.made))
    if seen is not None:
        given = scan.options(url=order.url, texts=order.texts, preview=order.preview, strict=order.strict)
        note = scan.Note(options=given, found=found, texts=str(texts or ""), outputs=seen, result=result)
        scan.save(root, output, note)
    return result


def _texts(root: Path, texts: Path | None) -> Path | None:
    """The folder of saved texts: as given, else the one that the site names."""
    site = None if texts else read.read_site(root)[0]
    return root / site.texts if site and site.texts else texts


def _cache(root: Path) -> Path:
    return root / state.FOLDER / "templates"


class _Made(Struct, frozen=True, array_like=True):
    """One file of the new site, laid out in the staging."""

    path: str
    #: Fingerprint of the page; empty for files that are not pages.
    fingerprint: str
    sha256: str
    #: Whether its bytes are other than those in the output.
    moved: bool
    #: Whether it was rendered.
    rendered: bool = False


class _Site:
    """The files of the new site: put where they move, kept where what stands in the output is right."""

    def __init__(
        self, renderer: Renderer, shelves: Shelves, staging: write.Staging, before: state.State
    ) -> None:
        self._renderer = renderer
        self._shelves = shelves
        self._staging = staging
        self._before = before.files
        self.made: dict[str, _Made] = {}
        self.moved: set[str] = set()
        self.clashes: list[Problem] = []
        self.planned = self.rendered = 0

    def pages(self, planned: list[Planned], jobs: int) -> Problem | None:
        """Make all pages with so many processes; a template that failed is told."""
        self.planned = len(planned)
        several = jobs if len(planned) > _FEW else 1
        for made, failure in spread(self._some, chunks(planned, several, _FEW), several):
            if failure:
                return failure
            for each in made:
                self.rendered += each.rendered
                self._note(each)
        return None

    def _some(self, planned: Sequence[Planned]) -> tuple[list[_Made], Problem | None]:
        try:
            return [self._page(page(self._shelves, each)) for each in planned], None
        except TemplateFailure as failure:
            return [], failure.problem

    def _page(self, page: Page) -> _Made:
        """Render a page, unless the same fingerprint already stands in the output."""
        fingerprint = self._renderer.fingerprint(page)
        kept = self._before.get(page.path)
        if kept and kept.fingerprint == fingerprint and self._stands(page.path, kept):
            self._staging.keep(page.path)
            return _Made(page.path, fingerprint, kept.sha256, False)
        return self._lay(page.path, self._renderer.render(page), fingerprint)

    def add(self, files: Mapping[str, bytes]) -> None:
        """Take in files by path; bytes that already stand in the output are not written again."""
        for path, data in files.items():
            self._note(self._lay(path, data, ""))

    def _lay(self, path: str, data: bytes, fingerprint: str) -> _Made:
        sha256 = manifest.digest(data)
        kept = self._before.get(path)
        same = kept is not None and kept.sha256 == sha256 and self._stands(path, kept)
        if same:
            self._staging.keep(path)
        else:
            self._staging.put(path, data)
        return _Made(path, fingerprint, sha256, not same, bool(fingerprint))

    def _stands(self, path: str, kept: state.Kept) -> bool:
        return state.intact(self._staging.output, path, kept)

    def _note(self, made: _Made) -> None:
        if made.path in self.made:
            self.clashes.append(
                Problem(
                    code="path-collision",
                    message=f"two pages or files of the site would both be {made.path}",
                    at=Place(made.path),
                    help="rename one of them: an id, a prose page or a file in content/static/",
                )
            )
        self.made[made.path] = made
        if made.moved:
            self.moved.add(made.path)


class Relocked(Struct, frozen=True, kw_only=True):
    """What `lock` found and did."""

    problems: tuple[Problem, ...]
    checked: dict[str, int]
    ok: bool
    #: What differs between the lock and the content, a line each; empty: the lock is current.
    differences: tuple[str, ...] = ()


def relock(root: Path, *, texts: Path | None = None, write: bool = True) -> Relocked:
    """Compare the evidence lock with the content and the texts at hand, and write it anew when asked to.

    With an error nothing is written: a lock never speaks of a quote that was not found. Drafts are locked
    too, so that the preview shows them where the texts are not.
    """
    site, problems = read.read_site(root)
    if site is None:
        return Relocked(problems=tuple(placed(problems, read.reader(root))), checked={}, ok=False)
    content = read.read_content(root, site, texts)
    held, _ = lock.read(root / LOCK, LOCK)  # what is damaged in it is about to be replaced
    linked = link(site, content, held, preview=True)
    shown = tuple(placed([*problems, *content.problems, *linked.problems], read.reader(root)))
    if any(p.severity == "error" for p in shown):
        return Relocked(problems=shown, checked=linked.checked, ok=False)
    text = lock.dumps(linked.dossier.measures.values(), linked.dossier.located.values())
    lines = tuple(f"{d.subject}: {d.message}" for d in _differences(held, linked))
    if write:
        _replace(root / LOCK, text)
    elif not lines and _text(root / LOCK) != text:
        lines = ("content/evidence.lock: damaged, or not as factsheet writes it",)
    return Relocked(problems=shown, checked=linked.checked, ok=True, differences=lines)


def _differences(held: lock.Lock, linked: Linked) -> tuple[lock.Difference, ...]:
    return lock.compare(held, linked.dossier.measures.values(), linked.dossier.located.values())


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _replace(file: Path, text: str) -> None:
    """Write a file as one step; bytes that already stand there are not written again."""
    if _text(file) == text:
        return
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="\n")
    fresh.replace(file)
