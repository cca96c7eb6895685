"""Same content, same bytes, whatever the order of files, the folder, the machine or its settings."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import DEFAULTS, ROOT, SmallSite, digests
from generator import build
from planned import RICH, fact, quick

Make = Callable[..., SmallSite]


@pytest.fixture
def rich(site: Make) -> SmallSite:
    small = quick(site(RICH))
    assert small.build().codes == []
    return small


class Shuffled:
    """`os.scandir` with its entries in another order each time, as on another file system."""

    def __init__(self) -> None:
        self.scandir, self.random, self.calls = os.scandir, random.Random(7), 0

    def __call__(self, *path: Any) -> Any:
        return _Scanned(self, self.scandir(*path))


class _Scanned:
    def __init__(self, shuffled: Shuffled, scanned: Any) -> None:
        self._scanned = scanned
        self._entries = list(scanned)
        shuffled.random.shuffle(self._entries)
        shuffled.calls += 1

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if not self._entries:
            raise StopIteration
        return self._entries.pop()

    def __enter__(self) -> _Scanned:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._scanned.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_a_folder_does_not_matter(
    rich: SmallSite, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    files = rich.files()
    lock = rich.root / build.LOCK
    build.relock(rich.root)
    locked = lock.read_bytes()
    lock.unlink()
    shuffled = Shuffled()
    shuffled.random.seed(seed)
    listdir = os.listdir

    def other_listdir(*path: Any) -> list[Any]:
        names = listdir(*path)
        shuffled.random.shuffle(names)
        return names

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", shuffled)
        patch.setattr(os, "listdir", other_listdir)
        assert rich.build(output=rich.root / "shuffled", full=True).codes == []
        build.relock(rich.root)
    assert shuffled.calls > 5
    assert digests(rich.root / "shuffled") == files
    assert lock.read_bytes() == locked


def test_problems_are_the_same_in_any_order_of_a_folder(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of two entries with one id is the second does not depend on the file system."""
    small = quick(site({f"content/facts/{name}.yaml": fact("twice") for name in "abcdef"}))
    problems = small.build().problems
    assert [p.code for p in problems].count("duplicate-id") == 5
    shuffled = Shuffled()
    monkeypatch.setattr(os, "scandir", shuffled)
    for _ in range(3):
        assert small.build().problems == problems
    assert shuffled.calls > 3


#: Builds the site in the folder named, in a process of its own.
PROGRAM = """\
import os, sys, time
from pathlib import Path
from generator.build import build, relock
os.umask(0o077)
time.tzset()
root = Path(sys.argv[1])
result = build(root, output=Path(sys.argv[2]))
assert result.ok, result.problems
relock(root)
"""


def test_another_machine_makes_the_same_bytes(rich: SmallSite, tmp_path: Path) -> None:
    """Other hashes, another folder, umask, language, time zone and encoding."""
    elsewhere = tmp_path / "Another folder, with spaces"
    (elsewhere / "deeper").mkdir(parents=True)
    root = elsewhere / "deeper" / "site"
    for path, text in {**DEFAULTS, **RICH}.items():
        if text is not None:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(textwrap.dedent(text).encode())
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "12345",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "LANGUAGE": "tr",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
        "SOURCE_DATE_EPOCH": "1",
        "HOME": str(elsewhere),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "deeper/site", "built here"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert digests(elsewhere / "built here") == rich.files()
    build.relock(rich.root)
    assert (root / build.LOCK).read_bytes() == (rich.root / build.LOCK).read_bytes()


def test_nothing_of_this_machine_is_in_the_output(rich: SmallSite) -> None:
    places = {str(rich.root), str(rich.root.resolve()), str(Path.home()), os.uname().nodename}
    for path in rich.files():
        text = (rich.output / path).read_text(encoding="utf-8")
        assert not [place for place in places if len(place) > 5 and place in text], path


def test_the_clock_is_not_asked(rich: SmallSite) -> None:
    """Files that are far older or newer than they are make the same site."""
    files = rich.files()
    for number, file in enumerate(sorted((rich.root / "content").rglob("*"))):
        os.utime(file, (number * 10**8, number * 10**8))
    assert rich.build(full=True).codes == []
    assert rich.files() == files


# --- the order of what is written ---------------------------------------------------------------------

#: Folders whose files hold entries.
FOLDERS = ("actors", "sources", "topics", "facts", "questions")


def entries(folder: str) -> list[dict[str, Any]]:
    """All entries of a folder of the rich site, as plain texts, lists and mappings."""
    found: list[dict[str, Any]] = []
    for path, text in {**DEFAULTS, **RICH}.items():
        if text is not None and path.startswith(f"content/{folder}/") and path.endswith(".yaml"):
            held = yaml.load(textwrap.dedent(text), Loader=yaml.BaseLoader)
            found += held if isinstance(held, list) else [held]
    return found


def turned(value: Any, key: str = "") -> Any:
    """A value with the keys of its mappings in the opposite order; lists and relations keep theirs."""
    if isinstance(value, dict):
        return {k: turned(value[k], k) for k in (value if key == "relations" else reversed(value))}
    return [turned(each) for each in value] if isinstance(value, list) else value


def rewritten(folder: str, number: int, held: list[dict[str, Any]]) -> tuple[str, str]:
    name = f"content/{folder}/{chr(ord('z') - number)}.yaml"
    return name, yaml.safe_dump(held, allow_unicode=True, sort_keys=False, default_style='"')


def test_the_order_of_entries_files_and_keys_does_not_matter(rich: SmallSite, site: Make) -> None:
    other: dict[str, str | None] = {
        path: text for path, text in {**DEFAULTS, **RICH}.items() if not path.endswith(".yaml")
    }
    other |= {path: None for path in {**DEFAULTS, **RICH} if path.endswith(".yaml")}
    other["site.yaml"] = RICH["site.yaml"]
    for folder in FOLDERS:
        held = turned(entries(folder))[::-1]
        cut = len(held) // 2
        for number, part in enumerate((held[cut:], held[:cut])):
            if part:
                name, text = rewritten(folder, number, part)
                other[name] = text
    small = quick(site(other, folder="rewritten"))
    assert small.build().codes == []
    ours, theirs = rich.files(), small.files()
    assert ours.keys() == theirs.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []
    build.relock(rich.root)
    build.relock(small.root)
    assert (rich.root / build.LOCK).read_bytes() == (small.root / build.LOCK).read_bytes()


def test_how_lines_end_does_not_matter(rich: SmallSite) -> None:
    files = rich.files()
    for file in (rich.root / "content").rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    for file in (rich.root / "content").rglob("*.md"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert rich.build(full=True).codes == []
    assert rich.files() == files


@pytest.mark.parametrize("jobs", [2])
def test_the_number_of_processes_does_not_matter(rich: SmallSite, jobs: int) -> None:
    files = rich.files()
    assert rich.build(output=rich.root / "several", full=True, jobs=jobs).codes == []
    assert digests(rich.root / "several") == files
