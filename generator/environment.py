"""The templates of a theme as Jinja2 has them: parsed, looked through, compiled, and put into one piece.

In: the folders of a theme. Out: what is wrong with its templates, what each asks for, their digests, and code
for those that are rendered often. Whoever knows all this from an earlier build does not come here (see
`theme`): loading Jinja2 takes longer than an edit needs it for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
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
from jinja2.loaders import BaseLoader, ChoiceLoader

from generator import __version__, flat, lean, memory, pictures
from generator.problems import Place, Problem
from generator.views import CARD, TEMPLATES


class Templates:
    """The templates in the folders of a theme, its own before the default ones.

    `default/NAME` always means the default template, so that an override can extend the one it replaces.
    """

    def __init__(self, folders: Sequence[Path], own: Path | None, default: Path, cache: Path | None) -> None:
        loader: BaseLoader = ChoiceLoader(
            [FileSystemLoader(folders), PrefixLoader({"default": FileSystemLoader(default)})]
        )
        self._folders = folders
        self._own = own
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
        self._trees: dict[str, nodes.Template] = {}
        self._uses: dict[str, set[str | None]] = {}
        self._asks: dict[str, frozenset[str]] = {}
        self._problems: list[Problem] | None = None
        self._flatteners: dict[str, flat.Flattener] = {}

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
                found.append(self.problem(error, error.filename, error.lineno))
            except UnicodeDecodeError:
                found.append(self.problem(ValueError("the template is not UTF-8 text"), None, 0, name))
        return list(dict.fromkeys(found))

    def _missing(self, name: str) -> Iterator[Problem]:
        """Templates that one names and that are not there; names worked out while rendering show then."""
        kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        for node in self._tree(name).find_all(kinds):
            assert isinstance(node, kinds)
            named = node.template.value if isinstance(node.template, nodes.Const) else ""
            if named and not getattr(node, "ignore_missing", False) and not self._is_there(named):
                error = ValueError(f"there is no template {named}")
                yield self.problem(error, self.environment.get_template(name).filename, node.lineno)

    def digest(self, name: str) -> bytes:
        """Digest of a template and of everything it includes, extends or imports."""
        seen: set[str] = set()
        self._collect(name, seen)
        sources = [(n, self._source(n)) for n in sorted(seen)]
        return hashlib.sha256(msgspec.msgpack.encode([__version__, sources])).digest()

    def flat(self, name: str, key: str, names: Mapping[str, Any], given: str) -> bytes:
        """The code that renders a template in one piece (see `flatcode`); nothing where there is none.

        `names` are what it sees beside Jinja2's own names. `key` tells them from others; those but `given`
        are the same on all pages.
        """
        constant = {n: v for n, v in names.items() if n != given}
        pure = [n for n, v in constant.items() if callable(v) and n != "card"]
        if key not in self._flatteners:
            known = {**self.environment.globals, **constant}
            self._flatteners[key] = flat.Flattener(self.environment, self._tree, known, pure)
        try:
            made = self._flatteners[key].template(name)
        except (flat.Unfit, TemplateNotFound):
            return b""
        return lean.compiled(made, self.environment, sure={*names, given}, direct=[*pure, "card"])

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

    def problem(self, error: Exception, filename: str | None, line: int, name: str = "") -> Problem:
        """A problem with a template, at its file and line; `name` where the file is not known."""
        file = f"templates/{name}" if name else "templates"
        excerpt = ""
        if filename:
            path = Path(filename)
            lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
            excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
            for folder in self._folders:
                if path.is_relative_to(folder):
                    file = f"templates/{path.relative_to(folder).as_posix()}"
        return Problem(
            code="template-error",
            message=str(getattr(error, "message", None) or error),
            at=Place(file, line, 1 if line else 0),
            excerpt=excerpt,
            help="mend the template, or remove it to use the default one",
        )


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
