"""The documentation is true: its examples run, its lists are complete, its links lead somewhere.

How a page is run. A page of docs/ tells of one small site, from top to bottom:

- a line with nothing but a path in backticks, an empty line, and a fenced block: this is that whole file;
- a block marked `console`: a line that begins with `$ ` is typed in the folder of the site, and what stands
  below it is what it prints. Numbers of files and seconds may differ. `factsheet serve` is not started: what
  it would show in the browser is compared;
- `⟨U+2028⟩` stands for a character that could not be seen, `⟨byte E9⟩` for a byte that is not UTF-8.

docs/start.md begins in an empty folder, every other page with the site that start.md ends with. When a page
ends, its site has no problem. Blocks with other marks (`sh`, `text`) are read by people only.

    python tests/test_docs.py       writes the outputs in the pages anew, docs/fields.md and docs/templates.md
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args
from unittest.mock import patch

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from generator import cli, datewords, edtf, omissions, read
from generator.build import build
from generator.content import FactKind, Status
from generator.problems import CODES, render_text
from generator.relations import RELATIONS
from generator.theme import Theme

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
START = DOCS / "start.md"
README = ROOT / "README.md"
PROBLEMS = sorted((DOCS / "problems").glob("*.md"))
#: What pages print for the folder of their site.
HOME = "/home/you/bridge"
#: Pages for whoever works on the code; they hold no example sites.
FOR_DEVELOPERS = {"architecture.md", "fold-1.md"}
#: Pages made from the code, each by a program beside it.
MADE = {"fields.md": "make_fields", "templates.md": "make_templates"}
PAGES = [p for p in sorted(DOCS.rglob("*.md")) if p.name not in FOR_DEVELOPERS | set(MADE)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- pages as stories ---------------------------------------------------------------------------------

_BLOCK = re.compile(
    r"^`(?P<path>[^`\n]+)`\n\n```\w*\n(?P<text>.*?)^```$|^```console\n(?P<console>.*?)^```$", re.M | re.S
)
_TYPED = re.compile(r"^\$ (?P<line>.+)\n(?P<output>(?:(?!\$ ).*\n)*)", re.M)
_STAND_IN = re.compile(r"⟨(?:U\+(?P<char>[0-9A-F]{4})|byte (?P<byte>[89A-F][0-9A-F]))⟩")
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
            told = typed[-1].told
            shown = told if steady(told) == steady(printed) else printed
            lines += [f"$ {match['line']}\n", f"{shown}\n" if shown else ""]
        return f"```console\n{''.join(lines)}```"

    return _BLOCK.sub(step, page), typed


def run(line: str, folder: Path) -> str:
    """What a line prints when it is typed in a folder."""
    program, *arguments = shlex.split(line)
    with contextlib.chdir(folder), patch("generator.build.Theme", theme):
        if program != "factsheet":
            done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)
            return done.stdout.rstrip()
        with patch.object(read, "_bytes", refusing):
            if arguments == ["serve"]:
                result = build(Path(), output=Path(".factsheet/preview"), preview=True)
                return render_text(result.problems, result.checked).rstrip()
            result = CliRunner().invoke(
                cli.main, arguments, prog_name="factsheet", env={"FACTSHEET_TEXTS": None}
            )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    output = result.output.replace(str(folder.resolve()), HOME)
    return "\n".join(line.rstrip() for line in output.splitlines()).strip("\n")


def refusing(file: str) -> bytes:
    """Reading that minds `chmod`, which tests run by an administrator would not."""
    path = Path(file)
    if path.is_file() and not path.stat().st_mode & 0o400:
        raise PermissionError(13, "Permission denied")
    return path.read_bytes()


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
    output = re.sub(r"\b[\d.]+ (?:bytes|kB|MB)\)", "N kB)", output)
    output = re.sub(r"^\d+ added", "N added", output, flags=re.M)
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
    assert {code for codes in shown for code in codes} == {page.stem}
    assert shown[-1] == []


def test_a_page_that_lies_is_noticed_and_mended(tmp_path: Path) -> None:
    page = "`a.txt`\n\n```text\n⟨U+263A⟩\n```\n\n```console\n$ cat a.txt\nno\n```\n"
    mended, typed = walk(page, tmp_path)
    assert typed == [Typed("cat a.txt", "no", "☺")]
    assert mended == page.replace("no", "☺")
    assert file_bytes("caf⟨byte E9⟩") == b"caf\xe9"


def test_the_fact_in_the_readme_is_in_the_dossier() -> None:
    fact = re.findall(r"^```yaml\n# ([^\n]*)\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)[0]
    lines = iter((ROOT / fact[0]).read_text(encoding="utf-8").splitlines())
    assert all(line in lines for line in fact[1].splitlines())


def test_the_report_in_the_readme_is_what_is_told(texts: Path, tmp_path: Path) -> None:
    (report,) = re.findall(r"^```text\n(error.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)
    shutil.copy(ROOT / "site.yaml", tmp_path)
    shutil.copytree(ROOT / "content", tmp_path / "content")
    file = tmp_path / "content/facts/deliveries.yaml"
    wrong = file.read_text(encoding="utf-8").replace("completed the first", "completed its first")
    file.write_text(wrong, encoding="utf-8")
    assert run(f"factsheet check --texts {shlex.quote(str(texts))}", tmp_path).startswith(report)


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
    if isinstance(node, (ast.Return, ast.Yield)) and isinstance(node.value, ast.Tuple):
        yield from filter(_looks, node.value.elts[:1])
    if not isinstance(node, ast.Call):
        return
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    at = _CARRIERS.get(called, -1)
    if at is None:
        yield from filter(_looks, node.args)
    elif 0 <= at < len(node.args) and _looks(node.args[at]):
        yield node.args[at]


def _looks(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_LOOK.fullmatch(node.value))
    )


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


COMMANDS: dict[str, click.Command] = dict(sorted(cli.main.commands.items()))


@pytest.mark.parametrize(("command", "form"), COMMANDS.items(), ids=COMMANDS)
def test_every_command_and_option_is_explained(command: str, form: click.Command) -> None:
    sections = re.split(r"^## ", (DOCS / "commands.md").read_text(encoding="utf-8"), flags=re.M)
    section = next(s for s in sections if s.startswith(f"factsheet {command}\n"))
    told = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", section))
    assert told == {o for p in form.params for o in p.opts if o.startswith("--")}
    assert f"factsheet {command}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [*PAGES, README], ids=name)
def test_no_command_or_option_is_told_of_that_does_not_exist(page: Path) -> None:
    for command, *rest in commands_of(page.read_text(encoding="utf-8")):
        if not command.startswith("-"):
            known = {o for p in COMMANDS[command].params for o in p.opts} | {"--help"}
            assert {word for word in rest if word.startswith("--")} <= known


def commands_of(page: str) -> Iterator[list[str]]:
    """What a page says after `factsheet`, in blocks to be typed and in the middle of text."""
    typed = re.findall(r"^\$ factsheet (.*)$", page, re.M)
    for block in re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S):
        typed += re.findall(r"^factsheet (.*)$", block, re.M)
    typed += re.findall(r"`factsheet ([^`]+)`", _without_code(page))
    return map(str.split, typed)


def made_page(program: str) -> str:
    spec = importlib.util.spec_from_file_location(program, DOCS / f"{program}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.page())


@pytest.mark.parametrize(("page", "program"), MADE.items(), ids=MADE)
def test_a_reference_is_current(page: str, program: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == made_page(program)


def test_every_field_of_a_view_is_explained() -> None:
    page = (DOCS / "templates.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", page, re.M)
    assert len(rows) > 300
    assert not [field for field, holds, meaning in rows if not holds.strip() or not meaning.strip()]


def test_dates_are_shown_as_the_page_on_dates_says() -> None:
    page = (DOCS / "tasks/uncertain-date.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", page, re.M)
    assert len(rows) > 10
    assert rows == [(date, datewords.words(edtf.parse(date))) for date, _ in rows]


def test_the_table_of_relations_is_complete() -> None:
    page = (DOCS / "tasks/sources-disagree.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", page, re.M)
    assert rows == [(type_, kind.inverse[0].lower() + kind.inverse[1:]) for type_, kind in RELATIONS.items()]


def test_the_statuses_and_kinds_of_the_glossary_are_all() -> None:
    told = set(re.findall(r"^\| `(.+?)` \|", (DOCS / "words.md").read_text(encoding="utf-8"), re.M))
    assert told == {*get_args(FactKind), *get_args(Status)}


def test_every_language_with_a_word_list_is_named() -> None:
    page = (DOCS / "tasks/leave-words-out.md").read_text(encoding="utf-8")
    named = re.search(r"negations and numbers of (.+?)\. In any", page, re.S)
    assert named is not None
    assert len(re.split(r",\s+|\s+and\s+", named[1])) == len(omissions.LANGUAGES)


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


@pytest.mark.parametrize("page", [README, *sorted(DOCS.rglob("*.md"))], ids=name)
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
        reached = (
            (page.parent / link.partition("#")[0]).resolve() for link in links(page) if ":" not in link
        )
        todo += [target for target in reached if target.suffix == ".md" and target.is_relative_to(DOCS)]
    assert seen == set(DOCS.rglob("*.md"))


def refresh() -> None:
    """Write anew what the docs take from the code."""
    for made, program in MADE.items():
        (DOCS / made).write_text(made_page(program), encoding="utf-8")
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            mended, _ = follow(page, Path(folder))
        if mended != page.read_text(encoding="utf-8"):
            page.write_text(mended, encoding="utf-8")
            print(name(page))


if __name__ == "__main__":
    os.environ.pop("FACTSHEET_TEXTS", None)
    refresh()
