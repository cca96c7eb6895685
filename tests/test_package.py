"""The wheel: whole without the repository, and building the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import generator
from conftest import ROOT, digests

#: What may lead a command back to the repository, or to texts that a site does not hold, is taken away.
ELSEWHERE = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "FACTSHEET_TEXTS")}


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, cwd=cwd, env=ELSEWHERE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_holds_the_theme_and_nothing_of_the_repository_around_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    theme = {
        f"generator/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert theme
    assert theme <= names
    assert {name.split("/")[0] for name in names} == {
        "generator",
        f"factsheet-{generator.__version__}.dist-info",
    }
    content = [name for name in names if name.endswith((".pyc", ".lock", ".yaml"))]
    assert [name for name in content if not name.startswith("generator/starter/")] == []


def test_the_installed_command_builds_the_same_bytes(
    wheel: Path, site: Callable[..., Any], tmp_path: Path
) -> None:
    here = site()
    assert here.build().exit_code == 0

    # A new environment that borrows the libraries of this one; an editable install is not carried along.
    away = tmp_path / "away"
    venv.create(away)
    python = away / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", wheel)
    where = run(python, "-c", "import generator; print(generator.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(packages)

    there = site(folder="there")
    run(away / "bin" / "factsheet", "build", "--site", there.root, cwd=tmp_path)
    assert there.files() == here.files()
    assert digests(there.output) != {}
