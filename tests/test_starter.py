"""`factsheet new`: the small site that comes with the package is whole, teaches what is true, and builds."""

from __future__ import annotations

import errno
import re
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_jsonschema import mistakes, seen_by_editor
from test_package import run, wheel

from generator import edtf, new
from generator.build import build, examine
from generator.cli import main
from generator.jsonschema import schemas

__all__ = ["wheel"]  # the fixture


def make(folder: Path) -> str:
    result = CliRunner().invoke(main, ["new", str(folder)])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def made(tmp_path: Path) -> Path:
    make(tmp_path / "made")
    return tmp_path / "made"


def test_it_builds_without_a_warning(made: Path) -> None:
    result = build(made, strict=True)
    assert result.problems == ()
    assert result.ok
    assert result.against_texts == result.checked["quotes"] > 0
    for page in ("index.html", "about.html", "facts/observatory-opens.html", "dates/2024-03.html"):
        assert (made / "output" / page).is_file()
    assert not (made / "output" / "dates" / "2024-03-01.html").exists()


def test_it_shows_what_a_first_dossier_needs(made: Path) -> None:
    linked = examine(made).linked
    assert linked
    dossier = linked.dossier
    assert len(dossier.facts) == 3
    assert len(dossier.sources) == len(dossier.topics) == len(dossier.prose) == 1
    assert any(fact.kind == "utterance" and fact.speaker for fact in dossier.facts.values())
    assert any(re.fullmatch(r"\d{4}-\d\d", fact.date) for fact in dossier.facts.values())
    (source,) = dossier.sources.values()
    assert source.rights == "full"
    assert edtf.parse(source.published).earliest
    words = (made / "content" / "sources" / source.text).read_text(encoding="utf-8").split()
    assert 150 <= len(words) <= 250


def test_every_name_and_command_the_comments_mention_is_there(made: Path) -> None:
    told = "\n".join(
        p.read_text(encoding="utf-8") for p in sorted(made.rglob("*")) if p.suffix in (".yaml", ".md")
    )
    for command in re.findall(r"factsheet ([a-z]+)", told):
        assert command in main.commands, command
    for path in re.findall(r"`(content/[^`]+)`", told):
        assert (made / path).exists(), path
    words = re.search(r'factsheet quote (\S+) "(.+?)"', told)
    assert words
    found = CliRunner().invoke(main, ["quote", "--site", str(made), *words.groups()])
    assert found.exit_code == 0
    assert "used by no fact yet" in found.output


def test_the_schemas_for_editors_have_nothing_to_say(made: Path) -> None:
    for kind, schema in schemas().items():
        files = [made / "site.yaml"] if kind == "site" else sorted((made / "content" / kind).glob("*.yaml"))
        for file in files:
            assert mistakes(seen_by_editor(file.read_text(encoding="utf-8")), schema) == []


def test_what_the_site_makes_is_not_for_git(made: Path) -> None:
    ignored = (made / ".gitignore").read_text(encoding="utf-8")
    assert "/output/" in ignored
    assert ".factsheet/" in ignored
    assert not (made / "gitignore").exists()


def test_it_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = make(Path("my dossier"))
    assert told.startswith(f"A small site of {len(new.files())} files is in my dossier.")
    assert "\n  cd 'my dossier'\n  factsheet serve " in told
    assert "  factsheet build " in told
    monkeypatch.chdir(_empty(tmp_path / "here"))
    assert "  cd " not in make(Path())


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (_empty(tmp_path / "full") / "letter.txt").write_text("mine")
    result = CliRunner().invoke(main, ["new", str(tmp_path / "full")])
    assert result.exit_code == 2
    assert "is not empty; name a folder that is empty or not there yet." in result.output
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["letter.txt"]
    result = CliRunner().invoke(main, ["new", str(tmp_path / "full" / "letter.txt")])
    assert result.exit_code == 2
    assert "letter.txt is a file" in result.output
    assert (tmp_path / "full" / "letter.txt").read_text() == "mine"


def test_a_repository_just_begun_counts_as_empty(tmp_path: Path) -> None:
    (_empty(tmp_path / "fresh") / ".git").mkdir()
    make(tmp_path / "fresh")
    assert (tmp_path / "fresh" / "site.yaml").is_file()


@pytest.mark.parametrize("existing", [True, False])
def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool
) -> None:
    folder = tmp_path / "a" / "b"
    if existing:
        folder.mkdir(parents=True)
    copy = shutil.copyfile
    written = []

    def full(source: Path, target: Path) -> None:
        copy(source, target)
        written.append(target)
        if len(written) == 4:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    result = CliRunner().invoke(main, ["new", str(folder)])
    assert result.exit_code == 1
    assert "No space left on device; free some space, then do it again" in result.output
    assert "Nothing was left behind." in result.output
    assert list(tmp_path.rglob("*")) == ([tmp_path / "a", folder] if existing else [])


def test_the_wheel_brings_it_whole(wheel: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    shutil.unpack_archive(wheel, away, "zip")
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "import generator; assert generator.__file__.startswith(sys.path[0])\n"
        "from generator.cli import main; main()"
    )

    def factsheet(*arguments: object) -> str:
        return run(sys.executable, "-I", "-c", script, away, *arguments, cwd=tmp_path)

    factsheet("new", tmp_path / "made")
    assert "no problems" in factsheet("check", "--strict", "--site", tmp_path / "made")
    factsheet("build", "--strict", "--site", tmp_path / "made")
    assert (tmp_path / "made" / "output" / "facts" / "dome-mended.html").is_file()
    assert not list((tmp_path / "made" / "output").rglob("*.yaml"))
    assert '"Permanent; lower-case letters' in factsheet("schema")
