"""The command line: what a newcomer types, typos included, and what the system refuses."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator import lock as lockfile
from generator import preview, read, write
from generator.cli import main

COMMANDS = ["build", "check", "serve", "quote", "lock", "new", "schema", "verify"]


def type_in(folder: Path, *words: object, texts: str = "") -> Result:
    """What comes of a command typed in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(main, [str(word) for word in words], env={"FACTSHEET_TEXTS": texts})
    finally:
        os.chdir(before)


# --- help ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_lists_every_command_with_a_whole_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = type_in(tmp_path, *words)
    assert result.exit_code == 0
    listed = result.output.split("Commands:\n")[1].splitlines()
    assert set(COMMANDS) <= {line.split()[0] for line in listed}
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_does(tmp_path: Path, command: str) -> None:
    result = type_in(tmp_path, command, "--help")
    assert result.exit_code == 0
    for option in main.commands[command].params:
        if option.param_type_name == "option":
            assert option.help, f"{command} {option.name}"  # type: ignore[attr-defined]
            assert option.opts[0] in result.output


# --- typos --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["biuld"], 'There is no command "biuld". Did you mean "build"?'),
        (["init"], 'There is no command "init". Did you mean "new"?'),
        (["frobnicate"], 'There is no command "frobnicate". factsheet --help lists the commands.'),
        (["check", "--coverge"], "--coverage"),
        (["build", "--strickt"], "--strict"),
        (["check", "--format", "jsn"], "'jsn' is none of text, json, github. Did you mean json?"),
        (["check", "--format", "JSON"], "Did you mean json?"),
        (["check", "--format", "xyz"], "'xyz' is none of text, json, github.\n"),
        (["--site", ".", "check"], "Write --site after the command."),
        (["--colour", "check"], "--colour"),
        (["check", "--site", "sit"], "Did you mean site?"),
        (["check", "--site", "other"], "other holds no site.yaml; name the folder of a site"),
        (["check", "--texts", "arcticles"], "Directory 'arcticles' does not exist. Did you mean articles?"),
        (["check", "--texts", "far/away"], "Directory 'far/away' does not exist."),
        (["verify", "outptu"], "Did you mean output?"),
        (["verify", "other"], "other has no manifest.json of a fact-sheet site."),
        (["serve", "--port", "eighty"], "'eighty' is not a valid integer"),
        (["quote"], "Missing argument 'SOURCE'"),
        (["quote", "ferry-vote"], "Missing argument 'WORDS'"),
        (["new"], "Missing argument 'DIR'"),
        (["check"], "No site.yaml here or in a folder above."),
        (["check"], "name it:  --site site\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_answered_with_a_way_out(
    site: Callable[..., Any], tmp_path: Path, words: list[str], told: str
) -> None:
    site()
    for name in ("articles", "output", "other"):
        (tmp_path / name).mkdir()
    result = type_in(tmp_path, *words)
    assert told in result.output
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_folder_of_texts_in_the_environment_is_looked_at_as_well(
    site: Callable[..., Any], tmp_path: Path
) -> None:
    result = type_in(site().root, "check", texts=str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "FACTSHEET_TEXTS" in result.output
    assert "does not exist" in result.output


# --- which site ---------------------------------------------------------------------------------------


def test_the_site_is_the_nearest_one_upwards(site: Callable[..., Any]) -> None:
    made = site()
    deep = made.root / "content" / "facts"
    assert type_in(deep, "check").exit_code == 0
    assert type_in(deep, "check").output == type_in(made.root, "check").output
    assert type_in(made.root.parent, "check", "--site", "site").exit_code == 0


def test_no_site_anywhere(tmp_path: Path) -> None:
    result = type_in(tmp_path, "build")
    assert result.exit_code == 2
    assert "--site DIR" in result.output
    assert "To begin a site:  factsheet new DIR" in result.output


@pytest.mark.parametrize("command", ["build", "check", "lock", "serve"])
def test_a_site_without_content_is_told_and_nothing_is_written(tmp_path: Path, command: str) -> None:
    (tmp_path / "site.yaml").write_text("{format: 1, title: T}\n")
    result = type_in(tmp_path, command)
    assert result.exit_code == 2
    assert "There is no content/ folder beside site.yaml" in result.output
    assert "factsheet new DIR" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["site.yaml"]


# --- what commands say and end with -------------------------------------------------------------------


def test_a_build_and_what_follows_it(site: Callable[..., Any]) -> None:
    root = site().root
    first = type_in(root, "build")
    assert first.exit_code == 0
    assert "files in output (" in first.output
    assert first.output.endswith("Open output/index.html\n")
    assert "nothing changed" in type_in(root, "build").output
    assert type_in(root, "verify", "output").exit_code == 0
    (root / "output" / "index.html").write_text("mine")
    (root / "output" / "about.html").write_text("mine")
    result = type_in(root, "verify", "output")
    assert result.exit_code == 1
    assert "changed: index.html" in result.output
    assert "not ours: about.html" in result.output


def test_problems_end_with_1_and_the_site_stays(site: Callable[..., Any]) -> None:
    made = site()
    assert type_in(made.root, "build").exit_code == 0
    before = made.files()
    fact = made.root / "content/facts/ferry.yaml"
    fact.write_text(fact.read_text().replace("night", "day"))
    for command in ("build", "check", "lock"):
        result = type_in(made.root, command)
        assert result.exit_code == 1
        assert "error[quote-not-found] content/facts/ferry.yaml:6" in result.output
    assert "Nothing was written; output is as it was." in type_in(made.root, "build").output
    assert made.files() == before


def test_warnings_end_with_0_unless_strict(site: Callable[..., Any]) -> None:
    made = site({"content/topics/none.yaml": "{id: unused, name: Unused}\n"})
    assert type_in(made.root, "check").exit_code == 0
    assert type_in(made.root, "check", "--strict").exit_code == 1
    assert type_in(made.root, "build", "--strict").exit_code == 1
    assert type_in(made.root, "build").exit_code == 0


def test_forms_of_check(site: Callable[..., Any]) -> None:
    made = site({"content/topics/none.yaml": "{id: unused, name: Unused}\n"})
    told = json.loads(type_in(made.root, "check", "--format", "json").output)
    assert [problem["code"] for problem in told["problems"]] == ["unused-entry"]
    assert type_in(made.root, "check", "--format", "github").output.startswith(
        "::warning file=content/topics/"
    )
    assert "1 warning" in type_in(made.root, "check").output


def test_the_lock_and_whether_it_is_current(site: Callable[..., Any]) -> None:
    root = site().root
    assert type_in(root, "lock", "--check").exit_code == 1
    assert "content/evidence.lock written." in type_in(root, "lock").output
    assert type_in(root, "lock", "--check").exit_code == 0
    assert "The lock was current." in type_in(root, "lock").output


# --- what the system refuses --------------------------------------------------------------------------

REFUSALS = [
    (errno.ENOSPC, "No space left on device; free some space, then do it again"),
    (errno.EACCES, "Permission denied; see to the permissions of this file and its folder"),
    (errno.EROFS, "Read-only file system; see to the permissions of this file and its folder"),
    (errno.EIO, "Input/output error\n"),
]


@pytest.mark.parametrize(("code", "told"), REFUSALS, ids=[errno.errorcode[code] for code, _ in REFUSALS])
def test_a_refusal_while_writing_is_one_line_and_the_site_stays(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    made = site()
    assert type_in(made.root, "build").exit_code == 0
    before = made.files()
    made.write("content/topics/new.yaml", "{id: boats, name: Boats}\n")

    def refuse(*_: Any) -> None:
        raise OSError(code, os.strerror(code), str(made.root / "output" / "index.html"))

    monkeypatch.setattr(write, "_swap", refuse)
    result = type_in(made.root, "build")
    assert result.exit_code == 1
    *_, line, kept = result.output.splitlines(keepends=True)
    assert line == f"Error: output/index.html: {told.rstrip()}\n"
    assert kept == "The site is as it was.\n"
    assert made.files() == before
    assert sorted(p.name for p in made.root.iterdir()) == [".factsheet", "content", "output", "site.yaml"]


@pytest.mark.parametrize(
    ("command", "module", "name"),
    [("check", read, "read_content"), ("lock", lockfile, "read"), ("serve", preview, "serve")],
)
def test_other_commands_are_refused_as_plainly(
    site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, command: str, module: Any, name: str
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(module, name, refuse)
    result = type_in(site().root, command)
    assert result.exit_code == 1
    assert result.output.endswith("Error: Too many open files\nThe site is as it was.\n")


def test_mistakes_of_ours_are_not_hidden(site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise AssertionError("ours")

    monkeypatch.setattr(read, "read_content", broken)
    assert isinstance(type_in(site().root, "check").exception, AssertionError)


def test_a_schema_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "facts.schema.json").mkdir()
    result = type_in(tmp_path, "schema", "--output", ".")
    assert result.exit_code == 1
    assert "Error: facts.schema.json: Is a directory" in result.output


# --- terminals ----------------------------------------------------------------------------------------


def test_a_terminal_that_cannot_show_a_character(site: Callable[..., Any]) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "FACTSHEET_TEXTS": ""}
    script = "from generator.cli import main; main()"
    command = [sys.executable, "-c", script, "quote", "ferry-vote", "could not do"]
    done = subprocess.run(
        command, cwd=site().root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "characters 140\\u2013152" in done.stdout


def test_colour_is_for_terminals_only(site: Callable[..., Any]) -> None:
    made = site({"content/topics/none.yaml": "{id: unused, name: Unused}\n"})
    assert "\x1b[" not in type_in(made.root, "check").output
    assert "\x1b[" not in type_in(made.root, "quote", "ferry-vote", "could not do").output


def test_streams_that_are_no_terminals_at_all_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    main([], standalone_mode=False)
    assert written.getvalue().startswith("Usage: ")


# --- the end of the process -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["build"], 0, "files in output"),
        (["build", "--output", "content"], 1, "Nothing was written"),
        (["bild"], 2, 'Did you mean "build"?'),
        (["--version"], 0, "version"),
    ],
)
def test_a_command_ends_with_its_code_and_all_that_it_said(
    site: Callable[..., Any], arguments: list[str], code: int, said: str
) -> None:
    script = f"import sys; sys.argv[1:] = {arguments!r}; from generator.start import run; run()"
    environment = {**os.environ, "FACTSHEET_TEXTS": ""}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=site().root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr


def test_a_mistake_of_ours_is_told_as_one() -> None:
    script = (
        "from generator import cli, start\n"
        "def fail(*_): raise ZeroDivisionError\n"
        "cli.main = fail\n"
        "start.run()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


def test_what_is_to_be_done_at_the_end_is_done() -> None:
    script = (
        "import atexit\n"
        "from generator import cli, start\n"
        "atexit.register(print, 'last words')\n"
        "cli.main = lambda: print('first words')\n"
        "start.run()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split("\n")[:2]) == (0, ["first words", "last words"])
