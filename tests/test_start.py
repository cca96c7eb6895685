"""A plain build is done without what reads command lines, and says and does the same."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from conftest import ROOT, SmallSite
from generator import start

#: A command line, and whether it is plain, in a folder that holds a site in `site`.
LINES: list[tuple[Sequence[str], bool]] = [
    (("build", "--site", "site"), True),
    (("build", "--site", "site", "--output", "out"), True),
    (("build", "--output", "out", "--site", "site"), True),
    (("build",), False),  # no site here
    ((), False),
    (("check", "--site", "site"), False),
    (("--site", "site", "build"), False),
    (("build", "--site"), False),
    (("build", "--site", "siet"), False),
    (("build", "--site", "site/content"), False),
    (("build", "--site=site"), False),
    (("build", "--site", "site", "--site", "site"), False),
    (("build", "--site", "site", "--strict"), False),
    (("build", "--site", "site", "--url", "https://example.org/"), False),
    (("build", "--site", "site", "--output", "site/site.yaml"), False),
    (("build", "--help"), False),
    (("biuld", "--site", "site"), False),
]
#: The command as it would be without a plain way.
SLOW = "from generator import start; start.plain = lambda words: None; start.run()"
PLAIN = "from generator import start; start.run()"


@pytest.fixture(autouse=True)
def _no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTSHEET_TEXTS", raising=False)


def run(folder: Path, script: str, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.split(" in 0.")[0], done.stderr


@pytest.mark.parametrize(("words", "plain"), LINES)
def test_what_is_plain(
    site: Callable[..., SmallSite],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    plain: bool,
) -> None:
    site(folder="site")
    monkeypatch.chdir(tmp_path)
    assert (start.plain(words) is not None) == plain


def test_inside_a_site_no_folder_needs_a_name(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site()
    monkeypatch.chdir(small.root / "content")
    build = start.plain(["build"])
    assert build
    assert (build.root, build.output) == (small.root, small.root / "output")
    monkeypatch.setenv("FACTSHEET_TEXTS", "somewhere")
    assert start.plain(["build"]) is None


@pytest.mark.parametrize(("words", "plain"), [line for line in LINES if line[0] and line[0][0] == "build"])
def test_both_ways_say_the_same(
    site: Callable[..., SmallSite], tmp_path: Path, words: Sequence[str], plain: bool
) -> None:
    site(folder="site")
    run(tmp_path, PLAIN, *words)  # from here on nothing changes
    fast, slow = (run(tmp_path, script, *words) for script in (PLAIN, SLOW))
    assert fast == slow
    assert fast[0] == 0 or not plain


def test_mistakes_and_refusals_are_told_alike(site: Callable[..., SmallSite], tmp_path: Path) -> None:
    small = site({"content/facts/f.yaml": "{id: fact, statement: A thing., date: 2020}\n"}, folder="site")
    told = run(tmp_path, PLAIN, "build", "--site", "site")
    assert told[0] == 1
    assert "Nothing was written" in told[2]
    assert told == run(tmp_path, SLOW, "build", "--site", "site")
    small.write("site.yaml", "format: 1\ntitle: A site\n")
    small.write("file", "")
    refused = run(tmp_path, PLAIN, "build", "--site", "site", "--output", "site/file/output")
    assert refused[0] == 1
    assert refused == run(tmp_path, SLOW, "build", "--site", "site", "--output", "site/file/output")


def test_a_plain_build_loads_nothing_that_reads_command_lines(
    site: Callable[..., SmallSite], tmp_path: Path
) -> None:
    site(folder="site")
    script = (
        "import atexit, sys\n"
        "from generator import start\n"
        "names = ('click', 'yaml', 'jinja2', 'typing_extensions')\n"
        "atexit.register(lambda: print(*(name in sys.modules for name in names)))\n"
        "start.run()"
    )
    assert run(tmp_path, PLAIN, "build", "--site", "site")[0] == 0
    done = subprocess.run(
        [sys.executable, "-c", script, "build", "--site", "site"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("Open site/output/index.html\nFalse False False False\n")


def test_an_edit_whose_templates_ask_nothing_of_jinja_does_not_load_it(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site()
    shutil.copytree(ROOT / "tests" / "benchmark" / "theme" / "templates", small.root / "templates")
    script = (
        "import atexit, os, sys\n"
        "from generator import start\n"
        "atexit.register(lambda: print('jinja2' in sys.modules))\n"
        "if 'FLAT' in os.environ:\n"
        "    from generator import render\n"
        "    render._WORTH = 0\n"  # so that templates are put into one piece for a few pages
        "start.run()"
    )

    def builds_with_jinja() -> bool:
        command = [sys.executable, "-c", script, "build", "--site", "."]
        done = subprocess.run(command, cwd=small.root, capture_output=True, text=True, check=True)
        return done.stdout.endswith("True\n")

    with monkeypatch.context() as patch:
        patch.setenv("FLAT", "1")
        assert builds_with_jinja()
    file = small.root / "content" / "facts" / "ferry.yaml"
    file.write_text(file.read_text().replace("the night ferry.", "the ferry of the night.", 1))
    assert not builds_with_jinja()
    assert "the ferry of the night" in (small.root / "output" / "facts" / "ferry-kept.html").read_text()
