"""The theme of a site: its folders, its files, and what renders its templates.

What an earlier build found out of the templates is answered from what it left. Anything else is asked of
Jinja2, which is loaded then and not before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import flatcode, memory
from generator.cached import cached_property
from generator.problems import Problem
from generator.views import CARD, TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment

    from generator.environment import Templates

#: A site's own style sheet, for colours, type and spacing; the default theme has none.
TOKENS = "assets/tokens.css"


def default_templates() -> Path:
    """The folder of the default theme: inside the installed package, else beside it in the repository."""
    packaged = Path(__file__).parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "templates"


def _unless_absent(error: OSError) -> None:
    """A folder that cannot be listed is no empty one: no site is published without its style sheet."""
    if not isinstance(error, FileNotFoundError):
        raise error


class Theme:
    """The templates of a site: its own where it has them, the default ones otherwise."""

    def __init__(
        self, root: Path, cache: Path | None = None, digests: Mapping[str, bytes] | None = None
    ) -> None:
        """`cache` keeps code between builds. `digests`: those of templates known to be as they were."""
        own, default = root / "templates", default_templates()
        self.folders = [f for f in dict.fromkeys((own, default)) if f.is_dir()]
        self.root = root
        self._own = own if len(self.folders) > 1 else None
        self._cache = cache
        self._digests = dict(digests or {})

    def assets(self) -> dict[str, Path]:
        """Files below `assets/` by their path in the site; a site's own file hides the default one."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            for above, _, names in os.walk(folder / "assets", onerror=_unless_absent):
                for file in (Path(above, name) for name in names if not name.startswith(".")):
                    if file.is_file():
                        found[file.relative_to(folder).as_posix()] = file
        return dict(sorted(found.items()))

    def tokens(self) -> str:
        """Path in the site of the style sheet that pages link after `site.css`; empty when there is none."""
        return TOKENS if any((folder / TOKENS).is_file() for folder in self.folders) else ""

    @cached_property
    def templates(self) -> Templates:
        """The templates as Jinja2 has them."""
        from generator.environment import Templates  # slow to load, and most edits do without

        return Templates(self.folders, self._own, default_templates(), self._cache)

    @property
    def environment(self) -> Environment:
        """Jinja2 with the templates."""
        return self.templates.environment

    def shown(self) -> dict[str, frozenset[str]]:
        """Every name that each page template could ask its view for."""
        return self.templates.shown()

    def problems(self) -> list[Problem]:
        """What is wrong with the templates."""
        return self.templates.problems()

    def digests(self) -> dict[str, bytes]:
        """The digest of the template of each kind of page, and of the card that they share."""
        return {name: self.digest(name) for name in sorted({*TEMPLATES.values(), CARD})}

    def digest(self, name: str) -> bytes:
        """Digest of a template and of everything it includes, extends or imports."""
        if name not in self._digests:
            self._digests[name] = self.templates.digest(name)
        return self._digests[name]

    def flat(
        self, name: str, key: str, names: dict[str, Any], given: str, *, make: bool
    ) -> Callable[[], str] | None:
        """What renders a template in one piece (see `flat`) from what `names` holds then.

        `key` digests what is the same on all pages, all of `names` but `given`. None where the template
        cannot be flattened, or where that was never done and is not asked for (`make`).
        """
        # Named other than code of a release that kept it in another form.
        file = self._cache / f"page-{self.digest(name).hex()[:32]}-{key}" if self._cache else None
        code = memory.recall(file) if file else b""
        if not code and make:
            code = self.templates.flat(name, key, names, given)
            if code and file:
                memory.remember(file, code)
        return flatcode.loaded(code, lambda: self.environment, names) if code else None
