"""Pages to bytes: the Jinja2 environment, the cards, and the digests that tell whether a page moved.

A template sees `view` (its documented value), `site`, `root` and pure functions, and nothing else: no
clock, no environment, no other page. So the bytes of a page follow from its view and the templates it
uses, and the digest of both says, without rendering, whether the page would come out the same.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import (
    BytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    meta,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.loaders import BaseLoader, ChoiceLoader
from markupsafe import Markup
from msgspec import Struct

from generator import __version__, flat, interface, languages, lean, memory, pictures, urls
from generator.problems import Place, Problem
from generator.views import TEMPLATES, FactCard, SiteView

CARD = "partials/card.html"
#: Seconds that pages of one template took to be rendered from the templates as they are, when it is worth
#: the time to flatten it, which takes as long.
_WORTH = 0.01
_NEVER = float("-inf")
# `Markup` is a kind of text that the encoder knows only by this hook.
_encode = msgspec.msgpack.Encoder(enc_hook=str).encode
#: What Jinja2 itself lets templates call; some of it gives other answers each time.
_STOCK = frozenset(DEFAULT_NAMESPACE)
#: A site's own style sheet, for colours, type and spacing; the default theme has none.
TOKENS = "assets/tokens.css"


class Page(Struct, frozen=True):
    """One file of the site that a template makes."""

    #: Path from the root of the site.
    path: str
    template: str
    view: Struct


class TemplateFailure(Exception):
    """A template that compiled but failed while rendering; the build stops with its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def default_templates() -> Path:
    """The folder of the default theme: inside the installed package, else beside it in the repository."""
    packaged = Path(__file__).parent / "templates"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "templates"


def _unless_absent(error: OSError) -> None:
    """A folder that cannot be listed is no empty one: no site is published without its style sheet."""
    if not isinstance(error, FileNotFoundError):
        raise error


class Theme:
    """The templates of a site: its own where it has them, the default ones otherwise.

    `default/NAME` always means the default template, so that an override can extend the one it replaces.
    """

    def __init__(
        self, root: Path, cache: Path | None = None, digests: Mapping[str, bytes] | None = None
    ) -> None:
        own, default = root / "templates", default_templates()
        self.folders = [f for f in dict.fromkeys((own, default)) if f.is_dir()]
        self._own = own if len(self.folders) > 1 else None
        loader: BaseLoader = ChoiceLoader(
            [FileSystemLoader(self.folders), PrefixLoader({"default": FileSystemLoader(default)})]
        )
        self.root = root
        self._cache = cache
        self.environment = lean.LeanEnvironment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=_Compiled(cache) if cache else None,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        self.environment.globals.update(pictures.FUNCTIONS)
        # Templates known to be as they were need not be taken apart again.
        self._digests = dict(digests or {})
        self._trees: dict[str, nodes.Template] = {}
        self._uses: dict[str, set[str | None]] = {}
        self._asks: dict[str, frozenset[str]] = {}
        self._problems: list[Problem] | None = None
        self._flatteners: dict[str, flat.Flattener] = {}

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

    def names(self) -> list[str]:
        """Names of all templates, the default ones a site overrides included under `default/`."""
        names = self.environment.list_templates(extensions=["html", "xml"])
        return [
            name
            for name in names
            if "assets/" not in name
            and (not name.startswith("default/") or self._is_own(name.removeprefix("default/")))
        ]

    def shown(self) -> dict[str, frozenset[str]]:
        """Every name that each page template could ask its view for; a field not among them is not shown.

        Attributes count, and so do all string constants, since `map(attribute="…")` takes names from those.
        """
        found = {}
        for template in sorted(set(TEMPLATES.values())):
            reachable: set[str] = set()
            self._collect(template, reachable)
            found[template] = frozenset[str]().union(*(self._asked_by(name) for name in reachable))
        return found

    def _asked_by(self, template: str) -> frozenset[str]:
        """The names that a template itself asks something for."""
        if template not in self._asks:
            names: set[str] = set()
            for node in self._tree(template).find_all((nodes.Getattr, nodes.Const)):
                if isinstance(node, nodes.Getattr):
                    names.add(node.attr)
                elif isinstance(node, nodes.Const) and isinstance(node.value, str):
                    names.update(node.value.split("."))
            self._asks[template] = frozenset(names)
        return self._asks[template]

    def problems(self) -> list[Problem]:
        """Syntax errors of the templates that a page can reach and of all the site's own, at file and line;
        what those of the site name in vain. Looked for once.
        """
        if self._problems is None:
            self._problems = self._look()
        return self._problems

    def _look(self) -> list[Problem]:
        found: list[Problem] = []
        todo = [*TEMPLATES.values(), *(name for name in self.names() if self._is_own(name))]
        seen: set[str] = set()
        while todo:
            name = todo.pop(0)
            if name in seen or not self._is_there(name):
                continue
            seen.add(name)
            try:
                self.environment.get_template(name)
                used = self._used(name)
                todo += self.names() if None in used else sorted(n for n in used if n)
                found += self._missing(name) if self._is_own(name) else ()
            except TemplateSyntaxError as error:
                found.append(self._problem(error, error.filename, error.lineno))
            except UnicodeDecodeError:
                found.append(self._problem(ValueError("the template is not UTF-8 text"), None, 0, name))
        return list(dict.fromkeys(found))

    def _missing(self, name: str) -> Iterator[Problem]:
        """Templates that one names and that are not there; names worked out while rendering show then."""
        kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        for node in self._tree(name).find_all(kinds):
            assert isinstance(node, kinds)
            named = node.template.value if isinstance(node.template, nodes.Const) else ""
            if named and not getattr(node, "ignore_missing", False) and not self._is_there(named):
                error = ValueError(f"there is no template {named}")
                yield self._problem(error, self.environment.get_template(name).filename, node.lineno)

    def digests(self) -> dict[str, bytes]:
        """The digest of the template of each kind of page, and of the card that they share."""
        return {name: self.digest(name) for name in sorted({*TEMPLATES.values(), CARD})}

    def digest(self, name: str) -> bytes:
        """Digest of a template and of everything it includes, extends or imports."""
        if name not in self._digests:
            seen: set[str] = set()
            self._collect(name, seen)
            sources = [(n, self._source(n)) for n in sorted(seen)]
            self._digests[name] = hashlib.sha256(msgspec.msgpack.encode([__version__, sources])).digest()
        return self._digests[name]

    def flat(
        self, name: str, key: str, names: dict[str, Any], given: str, *, make: bool
    ) -> Callable[[], str] | None:
        """What renders a template in one piece (see `flat`) from what `names` holds then.

        `key` digests what is the same on all pages, all of `names` but `given`. None where the template
        cannot be flattened, or where that was never done and is not asked for (`make`).
        """
        file = self._cache / f"flat-{self.digest(name).hex()[:32]}-{key}" if self._cache else None
        code = memory.recall(file) if file else b""
        if not code and make:
            constant = {n: v for n, v in names.items() if n != given}
            pure = [n for n, v in constant.items() if callable(v) and n not in _STOCK and n != "card"]
            if key not in self._flatteners:
                self._flatteners[key] = flat.Flattener(self.environment, self._tree, constant, pure)
            try:
                made = self._flatteners[key].template(name)
            except (flat.Unfit, TemplateNotFound):
                return None
            code = lean.compiled(made, self.environment, sure=names, direct=[*pure, "card"])
            if file:
                memory.remember(file, code)
        return lean.loaded(code, self.environment, names) if code else None

    def _collect(self, name: str, seen: set[str]) -> None:
        if name in seen or not self._is_there(name):
            return
        seen.add(name)
        for other in self._used(name):
            # A name worked out while rendering may be any template: count them all, which is never wrong.
            for each in [other] if other is not None else self.names():
                self._collect(each, seen)

    def _used(self, name: str) -> set[str | None]:
        """The templates that one uses itself; None for a name worked out while rendering."""
        if name not in self._uses:
            self._uses[name] = set(meta.find_referenced_templates(self._tree(name)))
            # The card is reached through a function, which the parser cannot see.
            if "card(" in self._source(name):
                self._uses[name].add(CARD)
        return self._uses[name]

    def _is_own(self, name: str) -> bool:
        return self._own is not None and (self._own / name).is_file()

    def _tree(self, name: str) -> nodes.Template:
        if name not in self._trees:
            self._trees[name] = self.environment.parse(self._source(name))
        return self._trees[name]

    def _is_there(self, name: str) -> bool:
        try:
            self._source(name)
        except TemplateNotFound:
            return False
        except UnicodeDecodeError:
            return True  # there, and told by `problems`
        return True

    def _source(self, name: str) -> str:
        assert self.environment.loader is not None
        return self.environment.loader.get_source(self.environment, name)[0]

    def _problem(self, error: Exception, filename: str | None, line: int, name: str = "") -> Problem:
        file = f"templates/{name}" if name else "templates"
        excerpt = ""
        if filename:
            path = Path(filename)
            lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
            excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
            for folder in self.folders:
                if path.is_relative_to(folder):
                    file = f"templates/{path.relative_to(folder).as_posix()}"
        return Problem(
            code="template-error",
            message=str(getattr(error, "message", None) or error),
            at=Place(file, line, 1 if line else 0),
            excerpt=excerpt,
            help="mend the template, or remove it to use the default one",
        )


class Renderer:
    """Renders the pages of one site; a fact's card is rendered once for each depth and reused."""

    def __init__(self, theme: Theme, site: SiteView) -> None:
        self._theme = theme
        # Which files a theme holds is known here and nowhere earlier.
        self._site = msgspec.structs.replace(site, tokens=theme.tokens())
        say = languages.of(site.language)
        self._functions = {**theme.environment.globals, **interface.functions(say)}
        shared = msgspec.msgpack.encode([self._site, say.digest])
        self._site_digest = hashlib.sha256(shared).digest()[:12]
        #: Cards by depth, then by id and the day whose knowledge they show.
        self._cards: dict[str, dict[tuple[str, str], Markup]] = {}
        self._card_of: dict[str, Callable[[FactCard], Markup]] = {}
        #: What renders a template on the pages of a depth.
        self._sheets: dict[tuple[str, str], _Sheet] = {}

    def forget(self, facts: Collection[str]) -> None:
        """Let the cards of some facts be rendered anew, and all that show what was known on a day: those
        follow from other facts as well.
        """
        for root, made in self._cards.items():
            for key in [key for key in made if key[0] in facts or key[1]]:
                del self._cards[root][key]

    def fingerprint(self, page: Page) -> bytes:
        """What the bytes of a page follow from, digested: its templates, the site's view, its own view.

        56 bytes: twelve for the first two parts each, so that a change tells where it came from, then 32.
        """
        view = hashlib.sha256(f"{page.path}\0{type(page.view).__name__}\0".encode())
        view.update(_encode(page.view))
        return self._theme.digest(page.template)[:12] + self._site_digest + view.digest()

    def render(self, page: Page) -> bytes:
        """The page as UTF-8. Raises `TemplateFailure` when a template fails on its view."""
        root = urls.root(page.path)
        try:
            return self._sheet(page.template, root, "view").text(page.view).encode()
        except Exception as error:
            raise TemplateFailure(self._failure(page, error)) from error

    def _sheet(self, template: str, root: str, name: str) -> _Sheet:
        """What renders a template on the pages of a depth, given a value that it knows by a name."""
        sheet = self._sheets.get((template, root))
        if sheet is None:
            names = {**self._functions, "site": self._site, "root": root}
            if name == "view":
                names["card"] = self._card(root)
            sheet = self._sheets[template, root] = _Sheet(
                self._theme, template, f"{self._site_digest.hex()}-{root.count('/')}", names, name
            )
        return sheet

    def _card(self, root: str) -> Callable[[FactCard], Markup]:
        """The function that gives the card of a fact on the pages of a depth."""
        if root not in self._card_of:
            sheet = self._sheet(CARD, root, "fact")
            made = self._cards.setdefault(root, {})

            def card(fact: FactCard) -> Markup:
                key = (fact.id, fact.as_of)
                found = made.get(key)
                if found is None:
                    found = made[key] = Markup(sheet.text(fact))
                return found

            self._card_of[root] = card
        return self._card_of[root]

    def _failure(self, page: Page, error: Exception) -> Problem:
        """The innermost template line of the traceback is where the mistake shows."""
        filename, line = None, 0
        frame = error.__traceback__
        folders = self._theme.folders
        while frame is not None:
            name = frame.tb_frame.f_code.co_filename
            if any(Path(name).is_relative_to(f) for f in folders):
                filename, line = name, frame.tb_lineno
            frame = frame.tb_next
        if filename is None:
            raise error  # not in a template: a mistake of ours
        problem = self._theme._problem(error, filename, line)
        return msgspec.structs.replace(problem, subject=f"page {page.path}")


class _Sheet:
    """One template for the pages of one depth: as it is for the first pages, flattened for many."""

    def __init__(self, theme: Theme, template: str, key: str, names: dict[str, Any], given: str) -> None:
        """`key` digests what `names` holds; `given` is the name of what differs from page to page."""
        self._theme = theme
        self._template = template
        self._key = key
        self._names = names
        self._given = given
        #: What pages took so far; less than nothing: the template cannot be flattened.
        self._seconds = 0.0
        self._flat = theme.flat(template, key, names, given, make=_WORTH <= 0)

    def text(self, value: Struct) -> str:
        """The text for a value. Raises what the templates raise, with their lines in the traceback."""
        self._names[self._given] = value
        if self._flat is not None:
            try:
                return self._flat()
            except Exception:  # told below by the templates themselves, or nothing was wrong with them
                self._flat, self._seconds = None, _NEVER
        began = time.perf_counter()
        text = lean.render(self._theme.environment.get_template(self._template), self._names)
        self._seconds += time.perf_counter() - began
        if self._seconds >= _WORTH:
            self._flat = self._theme.flat(self._template, self._key, self._names, self._given, make=True)
            self._seconds = _NEVER
        return text


class _Compiled(BytecodeCache):
    """Compiled templates, kept where they may be lost or damaged: those are compiled again.

    Jinja2's own cache trusts what it finds, and fails where nothing can be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        if data := memory.recall(self._file(bucket)):
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        memory.remember(self._file(bucket), bucket.bytecode_to_string())

    def _file(self, bucket: Bucket) -> Path:
        """Code that calls `lean` means nothing to a release without it, which has other names."""
        return self._folder / f"lean-{bucket.key}"
