"""A build, from the folder of a site to its pages: read, link, check, plan, render, write.

Values in, values out; files are touched only at both ends. While there is an error nothing is written and
the last good site stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from generator import check, exports, lock, manifest, read, state, write
from generator.link import Linked, link
from generator.places import placed
from generator.plan import plan, site_view
from generator.problems import Place, Problem
from generator.render import Page, Renderer, TemplateFailure, Theme
from generator.shelves import Shelves

LOCK = "content/evidence.lock"


class Result(Struct, frozen=True, kw_only=True):
    """What a build did."""

    problems: tuple[Problem, ...]
    #: What was checked: kinds of entries with their numbers.
    checked: dict[str, int]
    #: Whether the site stands; with an error nothing was written.
    ok: bool
    #: Files of the site, and how many of them are pages, were written now, were deleted now.
    files: int = 0
    pages: int = 0
    rendered: int = 0
    written: int = 0
    deleted: int = 0
    #: Quotes by what they were checked against.
    against_texts: int = 0
    against_lock: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything in the output moved."""
        return bool(self.written or self.deleted)


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
) -> Examined:
    """Read, link and check a site; write nothing."""
    theme = theme or Theme(root)
    site, problems = read.read_site(root)
    problems = [*problems, *theme.problems()]
    if site is None:
        return _examined(root, problems, {}, strict, None)
    content = read.read_content(root, site, texts)
    held, more = lock.read(root / LOCK, LOCK)
    linked = link(site, content, held, preview=preview)
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
) -> Result:
    """Build a site into its output folder, or say what is wrong and leave the folder as it is.

    `url` overrides the address in site.yaml; `preview` shows drafts; `full` forgets earlier builds.
    Raises `OSError` when a file cannot be read or written; the old site is then untouched.
    """
    output = output or root / "output"
    refused = write.refusal(output, root)
    theme = Theme(root, cache=_cache(root))
    examined = examine(root, texts=texts, strict=strict, preview=preview, theme=theme)
    problems = (*([refused] if refused else ()), *examined.problems)
    if refused or not examined.ok or examined.linked is None:
        return Result(problems=problems, checked=examined.checked, ok=False)
    write.recover(output)
    dossier = examined.linked.dossier
    shelves = Shelves(dossier)
    address = url or dossier.site.url
    renderer = Renderer(theme, site_view(shelves, address))
    before = state.State() if full else state.load(root, output)
    try:
        site = _Site(renderer, output, before)
        for page in plan(shelves):
            site.page(page)
    except TemplateFailure as failure:
        return Result(problems=(*problems, failure.problem), checked=examined.checked, ok=False)
    site.add(exports.files(shelves, address))
    site.add({path: file.read_bytes() for path, file in theme.assets().items()})
    site.add(read.static_files(root))
    site.add({manifest.NAME: manifest.dumps(site.digests)})
    clash = (*site.clashes, *filter(None, [write.collision(output, site.files)]))
    if clash:
        return Result(problems=(*problems, *clash), checked=examined.checked, ok=False)
    written = write.publish(output, site.files)
    state.save(root, output, state.State(files=site.kept()))
    return Result(
        problems=problems,
        checked=examined.checked,
        ok=True,
        files=len(site.files),
        pages=site.pages,
        rendered=site.rendered,
        written=len(written.written),
        deleted=len(written.deleted),
        against_texts=examined.linked.against_texts,
        against_lock=examined.linked.against_lock,
    )


def _cache(root: Path) -> Path:
    return root / state.FOLDER / "templates"


class _Site:
    """The files of the new site: bytes where they move, None where what stands in the output is right."""

    def __init__(self, renderer: Renderer, output: Path, before: state.State) -> None:
        self._renderer = renderer
        self._output = output
        self._before = before.files
        self._fingerprints: dict[str, str] = {}
        self.files: dict[str, bytes | None] = {}
        self.digests: dict[str, str] = {}
        self.clashes: list[Problem] = []
        self.pages = self.rendered = 0

    def page(self, page: Page) -> None:
        """Render a page, unless the same fingerprint already stands in the output."""
        self.pages += 1
        fingerprint = self._renderer.fingerprint(page)
        kept = self._before.get(page.path)
        self._fingerprints[page.path] = fingerprint
        if kept and kept.fingerprint == fingerprint and state.intact(self._output, page.path, kept):
            self._put(page.path, None, kept.sha256)
        else:
            self.rendered += 1
            self.add({page.path: self._renderer.render(page)})

    def add(self, files: Mapping[str, bytes]) -> None:
        """Take in files by path; bytes that already stand in the output are not written again."""
        for path, data in files.items():
            sha256 = manifest.digest(data)
            kept = self._before.get(path)
            same = kept and kept.sha256 == sha256 and state.intact(self._output, path, kept)
            self._put(path, None if same else data, sha256)

    def _put(self, path: str, data: bytes | None, sha256: str) -> None:
        if path in self.files:
            self.clashes.append(
                Problem(
                    code="path-collision",
                    message=f"two pages or files of the site would both be {path}",
                    at=Place(path),
                    help="rename one of them: an id, a prose page or a file in content/static/",
                )
            )
        self.files[path] = data
        self.digests[path] = sha256

    def kept(self) -> dict[str, state.Kept]:
        """What to remember, once the files stand in the output."""
        return {
            path: state.keep(self._output, path, self._fingerprints.get(path, ""), sha256)
            for path, sha256 in self.digests.items()
        }


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
