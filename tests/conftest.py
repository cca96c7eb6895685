"""What tests share: small sites written in place, the demo built once, and the programs for real checks.

A check that needs a program this machine lacks is left out and named after the run, with the command that
brings the program. In CI, or with FACTSHEET_REQUIRE_ALL=1, a check left out is a failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from hypothesis import settings

from browser import start_chromium
from site_checks import Demo, nu_findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from generator.build import Result
    from generator.theme import Theme

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_ALL = bool(os.environ.get("CI") or os.environ.get("FACTSHEET_REQUIRE_ALL"))

# The servers of tests are on this machine, whatever stands between it and the web.
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1"

# The same cases on every machine, and no failure because a machine was busy.
settings.register_profile("factsheet", derandomize=True, database=None, deadline=None)
settings.load_profile("factsheet")


# --- checks left out ----------------------------------------------------------------------------------


class _ArticlesAbsent(pytest.skip.Exception):
    """The saved articles belong to their publishers and cannot be installed, so CI may go without them."""


def leave_out(what: str, bring: str) -> NoReturn:
    """End the running test as left out: what is missing, and the command that brings it."""
    pytest.skip(f"{what}; bring it with: {bring}")


def _fail_if_required(report: Any, excused: bool) -> None:
    if REQUIRE_ALL and report.skipped and not excused and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"left out, though every check is required here: {_reason(report)}"


def _reason(report: Any) -> str:
    """Why a check was left out: pytest keeps file, line, and the words behind the name of the exception."""
    return str(report.longrepr[2]).partition(": ")[2]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    _fail_if_required(report, excused=bool(call.excinfo and call.excinfo.errisinstance(_ArticlesAbsent)))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _fail_if_required(report, excused=False)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    left_out = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, count in sorted(left_out.items()):
        terminalreporter.write_line(f"left out: {count} check{'s'[: count != 1]}, {reason}")


# --- programs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium. One for each module: while Playwright runs, its thread has an event loop."""
    with start_chromium() as browser:
        if browser is None:
            leave_out("no Chromium", "apt-get install chromium")
        yield browser


@pytest.fixture(scope="session")
def nu() -> Callable[[Path], list[str]]:
    """The Nu HTML checker: from a folder to what it says of every page in it, errors and warnings alike."""
    java = shutil.which("java")
    # macOS has a `java` that only tells where to get one.
    if java is None or subprocess.run([java, "-version"], capture_output=True).returncode:
        leave_out("no Java for the Nu HTML checker", "apt-get install default-jre-headless")
    return lambda folder: nu_findings(str(java), folder)


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the articles of the demo dossier, which are not part of this repository."""
    folder = os.environ.get("FACTSHEET_TEXTS", "")
    if not folder:
        raise _ArticlesAbsent("no saved articles; bring them with: make test FACTSHEET_TEXTS=FOLDER")
    return Path(folder)


# --- sites --------------------------------------------------------------------------------------------

#: The text of the source that a small site has unless the test writes its own.
TEXT = """\
Harbour town votes to keep its ferry

The council of Marlow voted on Tuesday to keep the night ferry running. Mayor Ada Brook said the town
could not do without it. "We will not leave the island in the dark," she said.

A first boat is to be repaired by spring 2021. The yard has not named a price.
"""
DEFAULTS = {
    "site.yaml": "{format: 1, title: The ferry of Marlow}\n",
    "content/actors/marlow.yaml": "{id: marlow-council, name: Council of Marlow, kind: government}\n",
    "content/sources/ferry.yaml": (
        "{id: ferry-vote, title: Harbour town votes to keep its ferry, publisher: Marlow Post,\n"
        " published: 2020-03-04, text: ferry.txt}\n"
    ),
    "content/sources/ferry.txt": TEXT,
    "content/facts/ferry.yaml": """\
- id: ferry-kept
  statement: The council of Marlow votes to keep the night ferry.
  date: 2020-03-03
  actors: [marlow-council]
  evidence:
    - {source: ferry-vote, quote: voted on Tuesday to keep the night ferry running}
""",
}


class SmallSite:
    """A whole site in a folder of its own, built and read by tests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "output"

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")

    def build(self, **options: Any) -> Outcome:
        """Build into `output`, or as the options of `generator.build.build` say."""
        from generator.build import build

        return Outcome(build(self.root, **{"output": self.output, **options}))

    def exists(self, path: str) -> bool:
        return (self.output / path).is_file()

    def html(self, path: str) -> str:
        return (self.output / path).read_text(encoding="utf-8")

    def json(self, path: str) -> Any:
        return json.loads(self.html(path))

    def files(self) -> dict[str, str]:
        """The SHA-256 of every file of the output by its path."""
        return digests(self.output)


class Outcome:
    """What a build came to, as the command line would tell it."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.problems = result.problems
        self.codes = [problem.code for problem in result.problems]
        self.exit_code = 0 if result.ok else 1


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder by its path, in the order of the paths."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., SmallSite]:
    """Make a small site from texts by path. What a test does not write is as in DEFAULTS; None leaves it out.

    Facts of the test's own replace the default facts, so a site holds no fact that its test does not show.
    """

    def make(files: Mapping[str, str | None] | None = None, *, folder: str = "site") -> SmallSite:
        given = dict(files or {})
        if any(path.startswith("content/facts/") for path in given):
            given.setdefault("content/facts/ferry.yaml", None)
        made = SmallSite(tmp_path / folder)
        made.root.mkdir()
        for path, text in {**DEFAULTS, **given}.items():
            if text is not None:
                made.write(path, text)
        return made

    return make


@pytest.fixture(scope="session")
def default_theme() -> Theme:
    """The default templates, compiled once."""
    from generator.theme import Theme

    return Theme(ROOT)


@pytest.fixture
def one_theme(default_theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every site of a test share one theme: compiling templates is most of the time of a small site."""
    monkeypatch.setattr("generator.build.Theme", lambda _root, cache=None: default_theme)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The dossier of this repository, built once from its evidence lock, in a folder of its own."""
    from generator.build import build

    root = tmp_path_factory.mktemp("demo")
    shutil.copy(ROOT / "site.yaml", root)
    shutil.copytree(ROOT / "content", root / "content", ignore=shutil.ignore_patterns("*.txt"))
    result = build(root, output=root / "output")
    assert result.ok, result.problems
    return Demo(root / "output")
