"""Making: the files of the new site, rendered where they move and taken over where they stand.

In: the plan, the renderer, what the last build remembers. Out: every file laid out in the staging, and why
each page was rendered. Forked workers make pages side by side; each lays its own files out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from generator import manifest, state
from generator.manifest import Data
from generator.plan import Planned, lists_facts, page, path_of
from generator.problems import Place, Problem
from generator.render import Page, Renderer, TemplateFailure
from generator.shelves import Shelves
from generator.stats import Seen
from generator.twin import Twin
from generator.workers import Parcel, chunks, spread
from generator.write import Staging, folders

#: Pages that one process makes before a second would have begun.
_FEW = 64


class Made(Struct, frozen=True, array_like=True):
    """One file of the new site, laid out in the staging."""

    path: str
    #: Fingerprint of the page; empty for files that are not pages.
    fingerprint: bytes
    sha256: str
    #: Whether its bytes are other than those in the output.
    moved: bool
    #: Why it was rendered, in words; empty when it was not.
    why: str = ""
    #: What `stat` tells of it, where that is known already.
    seen: Seen | None = None


#: The parts of a fingerprint, and what it means when one is another.
_PARTS = (
    (slice(0, 12), "a template it uses changed"),
    (slice(12, 24), "what every page shares changed"),
    (slice(24, None), "what it shows changed"),
)
_LIST = list[Made]


class Making:
    """The files of the new site: put where they move, kept where what stands in the output is right."""

    def __init__(
        self, renderer: Renderer, shelves: Shelves, staging: Staging | Twin, before: state.State
    ) -> None:
        self._renderer = renderer
        self._shelves = shelves
        self._staging = staging
        self._before = before.files
        self.made: dict[str, Made] = {}
        self.problems: list[Problem] = []
        self.pages = 0
        #: Folders that the paths so far lead through; known once all pages are made.
        self._folders: set[str] | None = None

    @property
    def moved(self) -> set[str]:
        """Paths whose bytes are other than those in the output."""
        return {path for path, each in self.made.items() if each.moved}

    @property
    def reasons(self) -> dict[str, str]:
        """Why each rendered page was rendered, by path."""
        return {path: each.why for path, each in self.made.items() if each.why}

    def plan(
        self,
        planned: Sequence[Planned],
        jobs: int,
        beside: Callable[[], Mapping[str, Data]] = dict,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Make all pages with so many processes; two on one path and templates that fail are problems.

        `beside` makes further files in the same processes, by path. `meanwhile` is done here while others
        make pages.
        """
        self.pages = len(planned)
        if not self.may_stand(planned):
            return
        several = jobs if len(planned) > _FEW else 1
        # Cards are rendered where they are shown. So the pages that list facts are shared out to half of the
        # processes only, and first, while the others make the pages of single facts and sources.
        lists = [each for each in planned if lists_facts(each)]
        singles = [each for each in planned if not lists_facts(each)]
        parts = chunks(lists, several, max(_FEW, len(lists) // max(1, several // 2) + 1))
        #: None: what is made beside.
        shares = [None, *parts, *chunks(singles, several, _FEW)]

        def task(share: Sequence[Planned] | None) -> tuple[Parcel[list[Made]], Problem | None]:
            if share is None:
                return Parcel(
                    [self._lay(path, data, b"", "") for path, data in beside().items()], _LIST
                ), None
            return self._some(share)

        for made, failure in spread(task, shares, several, meanwhile):
            self.problems += [failure] if failure and not self.problems else []
            self.take(made.held)

    def may_stand(self, planned: Sequence[Planned]) -> bool:
        """Whether each page has a path of its own; two on one are a problem."""
        paths = Counter(path_of(each) for each in planned)
        self.problems += [_collision(path) for path, count in paths.items() if count > 1]
        return not self.problems

    def make(self, planned: Iterable[Planned]) -> None:
        """Make pages one by one, in this process; a template that fails is a problem."""
        made, failure = self._some(planned)
        self.problems += [failure] if failure else []
        self.take(made.held)

    def take(self, made: Iterable[Made]) -> None:
        """Take in what was made, here or in another process."""
        self.made |= {each.path: each for each in made}
        self._folders = None

    def _some(self, planned: Iterable[Planned]) -> tuple[Parcel[list[Made]], Problem | None]:
        """Make some pages."""
        try:
            return Parcel([self._page(page(self._shelves, each)) for each in planned], _LIST), None
        except TemplateFailure as failure:
            return Parcel([], _LIST), failure.problem

    def _page(self, page: Page) -> Made:
        """Render a page, unless the same fingerprint already stands in the output."""
        fingerprint = self._renderer.fingerprint(page)
        why = self._why(page.path, fingerprint)
        if not why:
            self._staging.keep(page.path)
            return Made(page.path, fingerprint, self._before[page.path].sha256, False)
        return self._lay(page.path, self._renderer.render(page), fingerprint, why)

    def _why(self, path: str, fingerprint: bytes) -> str:
        """Why a page is to be rendered; empty when what stands in the output came from the same."""
        kept = self._before.get(path)
        if kept is None:
            return "a new page, or nothing is remembered of it"
        if not self._stands(path, kept):
            return "the file in the output is gone or was changed"
        if not kept.fingerprint:
            return "it was no page before"
        return ", ".join(why for part, why in _PARTS if kept.fingerprint[part] != fingerprint[part])

    def add(self, files: Mapping[str, Data]) -> None:
        """Take in files by path; bytes that already stand in the output are not written again."""
        if self._folders is None:
            nearest = {path.rpartition("/")[0] for path in self.made}
            self._folders = {folder for path in nearest for folder in (path, *folders(path))}
        for path, data in files.items():
            above = list(folders(path))
            if path in self.made:
                self.problems.append(_collision(path))
            elif path in self._folders or not self.made.keys().isdisjoint(above):
                self.problems.append(_collision(path, "a file of the site would be a folder as well"))
            else:
                self.made[path] = self._lay(path, data, b"", "")
                self._folders.update(above)

    def _lay(self, path: str, data: Data, fingerprint: bytes, why: str) -> Made:
        sha256 = manifest.digest(data)
        kept = self._before.get(path)
        same = kept is not None and kept.sha256 == sha256 and self._stands(path, kept)
        if same:
            self._staging.keep(path)
            return Made(path, fingerprint, sha256, False, why)
        return Made(path, fingerprint, sha256, True, why, self._staging.put(path, data))

    def _stands(self, path: str, kept: state.Kept) -> bool:
        return state.intact(self._staging.output, path, kept)


def _collision(path: str, message: str = "") -> Problem:
    return Problem(
        code="path-collision",
        message=message or f"two pages or files of the site would both be {path}",
        at=Place(path),
        help="rename one of them: an id, a prose page or a file in content/static/",
    )
