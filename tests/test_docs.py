"""The documentation is true: its examples run, its lists are complete, its links lead somewhere.

How a page is run. A page of docs/ tells of one small site, from top to bottom:

- a line with nothing but a path in backticks, an empty line, and a fenced block: this is that whole file;
- a block marked `console`: a line that begins with `$ ` is typed in the folder of the site, and what stands
  below it is what it prints. Numbers of files and seconds may differ. `factsheet serve` is not started: what
  it would show in the browser is compared;
- `⟨U+2028⟩` stands for a character that could not be seen, `⟨byte E9⟩` for a byte that is not UTF-8.

docs/start.md begins in an empty folder, every other page with the site that start.md ends with. When a page
ends, its site has no problem. Blocks with other marks (`sh`, `text`) are read by people only.

    python tests/test_docs.py       writes the outputs in the pages anew, and docs/fields.md
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.util
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from generator import cli
from generator.build import build
from generator.problems import CODES, render_text
from generator.render import Theme

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
START = DOCS / "start.md"
PROBLEMS = sorted((DOCS / "problems").glob("*.md"))
#: Pages for whoever works on the code; they hold no example sites.
FOR_DEVELOPERS = {"architecture.md", "fold-1.md"}
PAGES = [p for p in sorted(DOCS.rglob("*.md")) if p.name not in FOR_DEVELOPERS and p != DOCS / "fields.md"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- pages as stories ---------------------------------------------------------------------------------

_BLOCK = re.compile(
    r"^`(?P<path>[^`\n]+)`\n\n```\w*\n(?P<text>.*?)^```$|^```console\n(?P<console>.*?)^```$", re.M | re.S
)
_TYPED = re.compile(r"^\$ (?P<line>.+)\n(?P<output>(?:(?!\$ ).*\n)*)", re.M)
_STAND_IN = re.compile(r"⟨(?:U\+(?P<char>[0-9A-F]{4})|byte (?P<byte>[0-9A-F]{2}))⟩")
_CODE = re.compile(r"^(?:error|warning)\[([a-z0-9-]+)\]", re.M)


class Typed(NamedTuple):
    """A line typed at the terminal, what the page says it prints, and what it did print."""

    line: str
    told: str
    printed: str


def file_bytes(text: str) -> bytes:
    """A block as the file it shows, with what its stand-ins stand for."""

    def meant(match: re.Match[str]) -> str:
        # A lone surrogate carries the byte through the encoder.
        return chr(int(match["char"], 16)) if match["char"] else chr(0xDC00 + int(match["byte"], 16))

    return _STAND_IN.sub(meant, text).encode("utf-8", "surrogateescape")


def walk(page: str, folder: Path) -> tuple[str, list[Typed]]:
    """Do what a page says in a folder; return the page with the outputs that came, and what was typed."""
    typed: list[Typed] = []

    def step(block: re.Match[str]) -> str:
        if block["path"]:
            file = folder / block["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(file_bytes(block["text"]))
            return block[0]
        lines = []
        for match in _TYPED.finditer(block["console"]):
            printed = run(match["line"], folder)
            typed.append(Typed(match["line"], match["output"].rstrip(), printed))
            lines += [f"$ {match['line']}\n", f"{printed}\n" if printed else ""]
        return f"```console\n{''.join(lines)}```"

    return _BLOCK.sub(step, page), typed


def run(line: str, folder: Path) -> str:
    """What a line prints when it is typed in a folder."""
    program, *arguments = shlex.split(line)
    with contextlib.chdir(folder), patch("generator.build.Theme", theme):
        if program != "factsheet":
            done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
            return done.stdout.rstrip()
        with patch.object(Path, "read_bytes", refusing(Path.read_bytes)):
            if arguments == ["serve"]:
                result = build(Path(), output=Path(".factsheet/preview"), preview=True)
                return render_text(result.problems, result.checked).rstrip()
            result = CliRunner().invoke(cli.main, arguments, env={"FACTSHEET_TEXTS": None})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return "\n".join(line.rstrip() for line in result.output.splitlines()).strip("\n")


def refusing(read: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
    """Reading that minds `chmod`, which tests run by an administrator would not."""

    def read_bytes(file: Path) -> bytes:
        if file.is_file() and not file.stat().st_mode & 0o400:
            raise PermissionError(13, "Permission denied")
        return read(file)

    return read_bytes


@functools.cache
def default_theme() -> Theme:
    return Theme(START)


def theme(root: Path, cache: Path | None = None) -> Theme:
    """The theme of a site; sites without templates of their own share one, which saves most of the time."""
    return Theme(root) if (root / "templates").is_dir() else default_theme()


@functools.cache
def start_files() -> Mapping[str, bytes]:
    """The site that start.md ends with."""
    return {
        block["path"]: file_bytes(block["text"])
        for block in _BLOCK.finditer(START.read_text(encoding="utf-8"))
        if block["path"]
    }


def follow(page: Path, folder: Path) -> tuple[str, list[Typed]]:
    """Do what a page says, from the site it begins with."""
    for path, data in () if page == START else start_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return walk(page.read_text(encoding="utf-8"), folder)


def steady(output: str) -> str:
    """An output without the numbers that change from machine to machine and from theme to theme."""
    output = re.sub(r"^\d+ files in (.*) \(\d+ written", r"N files in \1 (N written", output, flags=re.M)
    output = re.sub(r"^\d+ files in", "N files in", output, flags=re.M)
    output = re.sub(r"^\d+ of \d+ files are", "N of N files are", output, flags=re.M)
    return re.sub(r"\d+\.\d\d s$", "S s", output, flags=re.M)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    _, typed = follow(page, tmp_path)
    for line, told, printed in typed:
        assert steady(printed) == steady(told), f"{line}   (python tests/test_docs.py writes it anew)"
    if typed:
        assert "no problems" in run("factsheet check", tmp_path)


@pytest.mark.parametrize("page", [p for p in PROBLEMS if p.stem != "README"], ids=lambda p: p.stem)
def test_a_problem_page_shows_its_problem_and_no_other(page: Path) -> None:
    shown = [_CODE.findall(m["console"]) for m in _BLOCK.finditer(page.read_text("utf-8")) if m["console"]]
    assert set(shown[0]) == {page.stem}
    assert shown[-1] == []


def test_a_page_that_lies_is_noticed(tmp_path: Path) -> None:
    page = "`site.yaml`\n\n```yaml\n{format: 1, title: ⟨U+263A⟩}\n```\n\n```console\n$ factsheet check\nno\n```\n"
    mended, (typed,) = walk(page, tmp_path)
    assert (tmp_path / "site.yaml").read_text("utf-8") == "{format: 1, title: ☺}\n"
    assert (typed.told, typed.printed) == ("no", "checked 0 facts, 0 quotes, 0 sources, 0 actors, 0 topics: no problems")
    assert typed.printed in mended


# --- codes --------------------------------------------------------------------------------------------

#: Which argument of a call is a code; None: whichever has the look of one.
_CARRIERS = {"Mistake": 0, "_Row": 1, "_Stop": 0, "tell": 0, "_tell": 1, "problem": 0, "_problem": None}
#: Codes put together while running.
_MADE = {
    "f'unknown-{wanted}'": ("unknown-actor", "unknown-source", "unknown-topic", "unknown-fact"),
    "f'lock-{self.kind}'": ("lock-differs",),
}
_LOOK = re.compile(r"[a-z]+(-[a-z0-9]+)+")


def emitted() -> Iterator[str]:
    """Every code that stands in the code where a problem is made."""
    for file in sorted((ROOT / "generator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for value in _codes_of(node):
                for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value
                    elif isinstance(part, ast.JoinedStr):
                        yield from _MADE[ast.unparse(part)]


def _codes_of(node: ast.AST) -> Iterator[Any]:
    if isinstance(node, ast.keyword) and node.arg == "code":
        yield node.value
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and _looks(node.value.elts[0]):
        yield node.value.elts[0]
    if not isinstance(node, ast.Call):
        return
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    at = _CARRIERS.get(called, -1)
    if at is None:
        yield from filter(_looks, node.args)
    elif 0 <= at < len(node.args) and isinstance(node.args[at], (ast.Constant, ast.JoinedStr)):
        yield node.args[at]


def _looks(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_LOOK.fullmatch(node.value))


def test_every_code_is_in_the_table_and_every_code_of_the_table_is_emitted() -> None:
    assert sorted(set(emitted())) == sorted(CODES)


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    assert sorted(p.stem for p in PROBLEMS if p.stem != "README") == sorted(CODES)


@pytest.mark.parametrize("page", [p for p in PROBLEMS if p.stem != "README"], ids=lambda p: p.stem)
def test_a_problem_page_says_what_its_code_means(page: Path) -> None:
    heading, _, meaning = page.read_text(encoding="utf-8").split("\n")[:3]
    assert heading == f"# {page.stem}"
    assert meaning == f"{CODES[page.stem][0].upper()}{CODES[page.stem][1:]}."


# --- commands, fields, links --------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    yield from sorted(cli.main.commands.items())


@pytest.mark.parametrize(("command", "form"), commands())
def test_every_command_and_option_is_explained(command: str, form: click.Command) -> None:
    sections = re.split(r"^## ", (DOCS / "commands.md").read_text(encoding="utf-8"), flags=re.M)
    section = next(s for s in sections if s.startswith(f"factsheet {command}\n"))
    told = set(re.findall(r"--[a-z]+", section))
    assert told == {o for p in form.params for o in p.opts if o.startswith("--")}
    assert f"factsheet {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_command_or_option_is_told_of_that_does_not_exist() -> None:
    known = dict(commands())
    options = {o for form in known.values() for p in form.params for o in p.opts} | {"--help", "--version"}
    for page in [*PAGES, ROOT / "README.md"]:
        text = _without_outputs(page.read_text(encoding="utf-8"))
        assert set(re.findall(r"(?:^|[`$] ?)factsheet ([a-z]+)", text, re.M)) <= known.keys(), page
        for line in re.findall(r"^.*\bfactsheet .*$", text, re.M):
            assert set(re.findall(r"(?<![\w-])--[a-z]+", line)) <= options, line


def _without_outputs(page: str) -> str:
    page = re.sub(r"^```text\n.*?^```$", "", page, flags=re.M | re.S)
    return _BLOCK.sub(lambda m: "" if m["path"] else "\n".join(re.findall(r"^\$ .*$", m[0], re.M)), page)


def fields_page() -> str:
    spec = importlib.util.spec_from_file_location("make_fields", DOCS / "make_fields.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.page())


def test_the_field_reference_is_current() -> None:
    assert (DOCS / "fields.md").read_text(encoding="utf-8") == fields_page()


def anchors(page: Path) -> set[str]:
    """Names of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _without_code(page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_code(page: str) -> str:
    return re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)


def links(page: Path) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if re.match(r"https?://|mailto:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_index() -> None:
    seen, todo = set(), [DOCS / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen:
            continue
        seen.add(page)
        reached = ((page.parent / link.partition("#")[0]).resolve() for link in links(page) if ":" not in link)
        todo += [target for target in reached if target.suffix == ".md" and target.is_relative_to(DOCS)]
    assert seen == set(DOCS.rglob("*.md"))


def refresh() -> None:
    """Write anew what the docs take from the code."""
    (DOCS / "fields.md").write_text(fields_page(), encoding="utf-8")
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            mended, _ = follow(page, Path(folder))
        if mended != page.read_text(encoding="utf-8"):
            page.write_text(mended, encoding="utf-8")
            print(name(page))


if __name__ == "__main__":
    os.environ.pop("FACTSHEET_TEXTS", None)
    refresh()
