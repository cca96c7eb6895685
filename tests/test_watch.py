"""Bursts of saves: one for each, none for what editors leave behind, none lost."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import ROOT, SmallSite
from generator import watch

PATIENCE = 20  # seconds after which a burst is taken not to come


class Watch:
    """A watch in a thread; the test takes the bursts one by one, and each waits until it is let go."""

    def __init__(self, *watched: Path, **options: Any) -> None:
        self.stop = threading.Event()
        self._bursts: queue.Queue[frozenset[str] | BaseException | None] = queue.Queue()
        self._free = threading.Event()
        self._free.set()
        self._thread = threading.Thread(target=self._run, args=watched, kwargs=options)
        self._thread.start()

    def _run(self, *watched: Path, **options: Any) -> None:
        try:
            for saved in watch.bursts(watched, stop=self.stop, **options):
                self._bursts.put(saved)
                self._free.wait(PATIENCE)
        except BaseException as error:
            self._bursts.put(error)

    def next(self) -> frozenset[str] | None:
        burst = self._bursts.get(timeout=PATIENCE)
        if isinstance(burst, BaseException):
            raise burst
        return burst

    def hold(self) -> None:
        """Stay in the next burst, as a long build does, until released."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def end(self) -> bool:
        """Whether the thread ends when told to."""
        self.release()
        self.stop.set()
        self._thread.join(PATIENCE)
        return not self._thread.is_alive()


@pytest.fixture
def watching() -> Iterator[Callable[..., Watch]]:
    """Start a watch that stands: its first word, for the first build, is taken."""
    started = []

    def start(*watched: Path, **options: Any) -> Watch:
        started.append(Watch(*watched, **options))
        assert started[-1].next() is None
        return started[-1]

    yield start
    assert all(one.end() for one in started)


def names(burst: frozenset[str] | None, folder: Path) -> set[str]:
    assert burst is not None
    return {Path(path).relative_to(folder).as_posix() for path in burst}


def save(path: Path, text: str = "saved") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def replace(path: Path) -> None:
    """Save as careful editors do: beside, then over."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text("replaced")
    beside.replace(path)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    save(folder / "facts" / "old.yaml")
    os.utime(folder / "facts" / "old.yaml", (0, 0))  # polling sees whole seconds only
    return folder


EDITS: dict[str, tuple[Callable[[Path], object], str]] = {
    "written": (lambda c: save(c / "facts/old.yaml", "more"), "facts/old.yaml"),
    "replaced": (lambda c: replace(c / "facts/old.yaml"), "facts/old.yaml"),
    "new": (lambda c: save(c / "facts/new.yaml"), "facts/new.yaml"),
    "empty": (lambda c: (c / "facts/new.yaml").touch(), "facts/new.yaml"),
    "deleted": (lambda c: (c / "facts/old.yaml").unlink(), "facts/old.yaml"),
    "renamed": (lambda c: (c / "facts/old.yaml").rename(c / "facts/new.yaml"), "facts/new.yaml"),
    "hidden": (lambda c: save(c / ".nojekyll"), ".nojekyll"),
    "new folder": (lambda c: save(c / "topics/deep/a.yaml"), "topics"),
    "folder deleted": (lambda c: shutil.rmtree(c / "facts"), "facts"),
    "folder moved": (lambda c: (c / "facts").rename(c / "claims"), "claims"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_every_edit_is_a_burst(edit: str, content: Path, watching: Callable[..., Watch]) -> None:
    change, expected = EDITS[edit]
    watched = watching(content)
    change(content)
    assert expected in names(watched.next(), content)


@pytest.mark.parametrize("edit", ["written", "deleted", "new folder"])
def test_polling_sees_edits_too(edit: str, content: Path, watching: Callable[..., Watch]) -> None:
    change, expected = EDITS[edit]
    watched = watching(content, polling=True)
    change(content)
    assert expected in names(watched.next(), content)


def test_twenty_saves_are_one_burst(
    content: Path, watching: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "QUIET", 0.4)  # a busy machine may pause between two saves
    watched = watching(content)
    for number in range(20):
        save(content / "facts" / f"{number % 5}.yaml", "x" * number)
    assert names(watched.next(), content) == {f"facts/{number}.yaml" for number in range(5)}
    save(content / "last.yaml")
    assert names(watched.next(), content) == {"last.yaml"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # What is told is a time in seconds and a name, or nothing for a while.
        ([(1, "a"), (1.04, "b"), (1.08, "c"), (1.14, "")], [{"a", "b", "c"}]),
        ([(1, "a"), (1.06, ""), (1.07, "b"), (1.13, "")], [{"a"}, {"b"}]),
        ([(1, "a"), (1.03, "a~"), (1.06, "a~"), (9, "")], [{"a"}]),
        ([(1, "a"), (1.03, "a~"), (1.04, "b"), (1.10, "")], [{"a", "b"}]),
        ([(1, "a~"), (1.06, "")], []),
        # Files that are there; the second is empty.
        ([(1, "full"), (1.01, ""), (1.06, "")], [{"full"}]),
        ([(1, "full"), (1.01, "full"), (1.02, "full"), (1.08, "")], [{"full"}, {"full"}]),
        ([(1, "full"), (1.06, "full")], [{"full"}, {"full"}]),
        ([(1, "empty"), (1.01, "a"), (1.07, "")], [{"empty", "a"}]),
        ([(1, "empty"), (1.01, "full"), (1.07, "")], [{"empty", "full"}]),
    ],
    ids=[
        *("one burst", "two bursts", "leavings make none longer", "nor shorter", "leavings alone"),
        *("one file", "saved again and again", "after a pause", "emptied first", "several"),
    ],
)
def test_a_burst_ends_when_nothing_is_saved_for_a_while(
    told: list[tuple[float, str]], expected: list[set[str]], content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    save(content / "full")
    (content / "empty").touch()
    clock = iter([0.0, *(at for at, _ in told)])

    def heard(*given: object) -> Iterator[set[tuple[int, str]]]:
        yield set()
        for _, name in told:
            yield {(2, str(content / name))} if name else set()
        stop.set()

    monkeypatch.setattr(watch, "_heard", heard)
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    first, *bursts = watch.bursts([content], stop=stop)
    assert first is None
    assert [names(burst, content) for burst in bursts] == expected


def test_saves_made_during_a_build_are_the_next_burst(content: Path, watching: Callable[..., Watch]) -> None:
    watched = watching(content)
    watched.hold()
    save(content / "a.yaml")
    assert names(watched.next(), content) == {"a.yaml"}
    for name in ("a", "b", "c"):
        save(content / f"{name}.yaml", "during the build")
    watched.release()
    assert names(watched.next(), content) == {"a.yaml", "b.yaml", "c.yaml"}
    save(content / "d.yaml")
    assert names(watched.next(), content) == {"d.yaml"}


def test_a_burst_without_a_pause_is_handed_on(
    content: Path, watching: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watching(content)
    monkeypatch.setattr(watch, "QUIET", PATIENCE * 2)
    monkeypatch.setattr(watch, "LONGEST", 0.2)
    heard = threading.Event()

    def scribble() -> None:
        while not heard.wait(0.001):
            save(content / "log.txt")

    writer = threading.Thread(target=scribble)
    writer.start()
    try:
        assert names(watched.next(), content) == {"log.txt"}
    finally:
        heard.set()
        writer.join()


LEAVINGS = [
    "facts/old.yaml~",
    "facts/.old.yaml.swp",
    "facts/.#old.yaml",
    "facts/#old.yaml#",
    "facts/4913",
    "facts/.old.yaml.tmp",
    "facts/.goutputstream-A1B2C3",
    ".git/index",
    ".factsheet/state",
    "built/index.html",
]
LIKE_LEAVINGS = ["swap.yaml", "tmp", "git", "4913.yaml", "facts/backup.yaml", "output/a.html"]


def test_what_is_not_content_is_no_save(content: Path, watching: Callable[..., Watch]) -> None:
    (content / "output").mkdir()
    watched = watching(content, ignored=[content / "built"])
    for name in [*LEAVINGS, *LEAVINGS, "real.yaml"]:
        save(content / name)
    assert names(watched.next(), content) == {"real.yaml"}
    for name in LIKE_LEAVINGS:
        save(content / name)
    assert names(watched.next(), content) == set(LIKE_LEAVINGS)


def test_a_watched_file_among_others_is_heard_alone(tmp_path: Path, watching: Callable[..., Watch]) -> None:
    watched = watching(tmp_path / "site.yaml")
    for name in ("notes.txt", "output/index.html", "site.yaml"):
        save(tmp_path / name)
    assert names(watched.next(), tmp_path) == {"site.yaml"}
    replace(tmp_path / "site.yaml")
    assert names(watched.next(), tmp_path) == {"site.yaml"}
    save(tmp_path / "site.yaml", "a file that was replaced is still watched")
    assert names(watched.next(), tmp_path) == {"site.yaml"}


def test_folders_may_come_later_and_be_replaced(tmp_path: Path, watching: Callable[..., Watch]) -> None:
    texts = tmp_path / "elsewhere" / "texts"
    watched = watching(texts, tmp_path / "content")
    save(texts / "a.txt")
    assert watched.next()
    save(texts / "a.txt", "again")
    assert names(watched.next(), tmp_path) == {"elsewhere/texts/a.txt"}
    texts.rename(tmp_path / "old")
    texts.mkdir()
    assert watched.next()
    save(texts / "b.txt")
    assert names(watched.next(), tmp_path) == {"elsewhere/texts/b.txt"}
    shutil.rmtree(tmp_path / "elsewhere")
    assert watched.next()
    save(texts / "c.txt")
    assert watched.next()
    save(texts / "c.txt", "again")
    assert names(watched.next(), tmp_path) == {"elsewhere/texts/c.txt"}


def test_a_folder_made_before_the_watch_stands_is_watched(
    content: Path, watching: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = watch._folders
    late = content / "late"

    def list_then_make(*given: Any) -> Any:
        found = listing(*given)
        late.mkdir(exist_ok=True)
        return found

    monkeypatch.setattr(watch, "_folders", list_then_make)
    watched = watching(content)
    save(late / "a.yaml")
    assert names(watched.next(), content) == {"late/a.yaml"}


def test_a_folder_gone_before_the_watch_stands_is_no_mistake(
    content: Path, watching: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = watch._folders

    def list_then_delete(*given: Any) -> Any:
        found = listing(*given)
        shutil.rmtree(content / "facts", ignore_errors=True)
        return found

    monkeypatch.setattr(watch, "_folders", list_then_delete)
    watched = watching(content)
    save(content / "a.yaml")
    assert names(watched.next(), content) == {"a.yaml"}


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right of their own on Windows")
def test_linked_folders_are_watched_and_loops_end(tmp_path: Path, watching: Callable[..., Watch]) -> None:
    content, shared = tmp_path / "content", tmp_path / "shared"
    content.mkdir()
    shared.mkdir()
    (content / "static").symlink_to(shared)
    (shared / "back").symlink_to(content)
    watched = watching(content)
    save(shared / "a.png")
    assert names(watched.next(), tmp_path) == {"shared/a.png"}


def test_a_stopped_watch_says_nothing_more(content: Path) -> None:
    stop = threading.Event()
    saves = watch.bursts([content], stop=stop)
    assert next(saves) is None
    save(content / "a.yaml")
    stop.set()
    assert list(saves) == []


def test_build_watch_builds_what_is_saved_and_mends_what_nobody_told(
    site: Callable[..., SmallSite],
) -> None:
    made = site()
    facts = made.root / "content/facts/ferry.yaml"
    command = [sys.executable, "-c", "from generator.start import run; run()", "build", "--watch"]
    command += ["--site", str(made.root), "--output", str(made.output)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        lines: queue.Queue[str] = queue.Queue()
        assert process.stdout is not None
        told = process.stdout
        reader = threading.Thread(target=lambda: [lines.put(line) for line in told])
        reader.start()

        def news() -> str:
            """What was written next."""
            while "written" not in (line := lines.get(timeout=PATIENCE)):
                pass
            return line.partition("(")[2].partition(")")[0]

        try:
            assert news()
            foreign = made.output / "facts" / "theirs.txt"
            for text in ("seen once", "seen twice"):
                facts.write_text(re.sub(r"(statement: ).*", rf"\1It was {text}.", facts.read_text(), count=1))
                assert news()
                assert text in (made.output / "data/facts.json").read_text()
            style = next((made.output / "assets").glob("*.css"))
            style.write_text("changed by hand")
            foreign.write_text("theirs")
            facts.write_text(facts.read_text().replace("seen twice", "mended"))
            while style.read_text() == "changed by hand":
                assert news(), "nothing is told for as long as we are patient"
            assert "mended" in (made.output / "data/facts.json").read_text()
            assert foreign.read_text() == "theirs"
        finally:
            process.terminate()
            reader.join(PATIENCE)
    assert not any("written" in line for line in lines.queue), "what was told is not told again"
