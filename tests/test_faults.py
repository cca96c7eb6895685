"""The last good site survives: kills, failing calls, full disks, several builds at once, edits under way.

make faults       many more of each, and disks that really are full (needs root on Linux)
"""

from __future__ import annotations

import fcntl
import io
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faults import FULL, REFUSED, Calls, beginning, die, ended, failing, litter

from conftest import ROOT, SmallSite, digests
from generator import build, edit, evidence, making, manifest, memory, read, scan, write
from generator.result import Result

LONG = int(os.environ.get("FACTSHEET_LONG") or 0)
#: Builds killed at random moments, and every how many calls one is made to fail or to be the last.
KILLS, STRIDE = (LONG, 1) if LONG else (20, 11)

pytestmark = [
    pytest.mark.usefixtures("one_theme"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here"),
]


class Two:
    """A site in two versions: A stands in the output, B is what the content says now."""

    def __init__(self, site: SmallSite, versions: int = 2) -> None:
        self.site = site
        self.root, self.output = site.root, site.output
        self.known = []
        for version in range(versions):
            self.edit(version)
            assert self.anew().ok
            self.known.append(digests(self.root / "clean"))
        self.stands = versions - 1
        assert self.build().ok

    def edit(self, version: int) -> None:
        """Save another version: one fact says something else, another is there or not, with its pages."""
        cited = "evidence: [{source: ferry-vote, quote: The yard has not named a price}]"
        more = f"- {{id: more-{version}, statement: Something else., date: 20{version + 10}, {cited}}}\n"
        self.site.write(
            "content/facts/ferry.yaml",
            f"- {{id: ferry-kept, statement: Version {version}., date: 2020-03-03,\n"
            f"   actors: [marlow-council], {cited}}}\n" + (more if version % 2 else ""),
        )

    def build(self, **options: object) -> Result:
        given = scan.options(url=options.get("url", ""), texts=None, preview=False, strict=False)
        done = scan.unchanged(scan.moves(self.root, self.output, given))
        return done or build.build(self.root, output=self.output, **options)  # type: ignore[arg-type]

    def ends_well(self, code: int) -> bool:
        """Whether a build succeeds; it may fail with one error of the system only, or with problems."""
        try:
            return self.build().ok
        except OSError as error:
            if error.errno != code:
                raise
            return False

    def anew(self, **options: object) -> Result:
        shutil.rmtree(self.root / "clean", ignore_errors=True)
        return build.build(self.root, output=self.root / "clean", full=True, **options)  # type: ignore[arg-type]

    def version(self) -> int:
        """Which version stands there, whole by its own manifest and byte for byte; -1: none of them."""
        verdict = manifest.verify(self.output)
        assert verdict is not None, "a site stands there"
        assert verdict.complete
        found = digests(self.output)
        found.pop(".gitkeep", None)  # somebody else's, and welcome
        return self.known.index(found) if found in self.known else -1

    def begin(self) -> tuple[int, int]:
        """Edit the content to the version that does not stand: the old version and the new one."""
        old, self.stands = self.stands, 1 - self.stands
        self.edit(self.stands)
        return old, self.stands

    def steady(self) -> None:
        """Build until each build makes the same calls as the one before the last."""
        for _ in range(2):
            self.begin()
            assert self.build().ok

    def finish(self, new: int) -> None:
        """The next build is right, and leaves nothing of what went wrong before."""
        assert self.build().ok
        assert self.version() == new
        assert litter(self.root) == []


@pytest.fixture
def two(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Two:
    """Whole builds, or with the parameter "edit" builds of what an edit of facts touches."""
    for module in (read, evidence, making):
        monkeypatch.setattr(module, "_FEW", 2)
    if getattr(request, "param", "whole") == "whole":
        monkeypatch.setattr(edit, "build", lambda *_: None)
        return Two(site())
    made = Two(site())
    made.steady()
    return made


both_ways = pytest.mark.parametrize("two", ["whole", "edit"], indirect=True)


@pytest.fixture(params=["exchange", "renames", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The ways a site is published, by what the system can do."""
    if request.param != "exchange":
        monkeypatch.setattr(write, "exchange", lambda *_: False)
    if request.param == "one by one":
        rename = os.rename

        def refuse(old: Path, new: Path, **named: int) -> None:
            if str(new).endswith(".old.factsheet"):
                raise OSError(18, "Invalid cross-device link")
            rename(old, new, **named)

        monkeypatch.setattr(os, "rename", refuse)
    return str(request.param)


def calls_of(two: Two, *, reading: bool) -> int:
    """How many calls a build of either version makes."""
    counts = []
    for _ in range(2):
        _, new = two.begin()
        with Calls(reading=reading).counted() as counted:
            assert two.build().ok
        assert two.version() == new
        counts.append(counted.count)
    return min(counts)


# --- killed ---------------------------------------------------------------------------------------------


@both_ways
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_build_killed_at_any_moment_leaves_a_whole_site(two: Two, jobs: int) -> None:
    dice = random.Random(jobs)
    two.begin()
    started = time.perf_counter()
    two.build(jobs=jobs)
    usual = time.perf_counter() - started
    survived = 0
    for _ in range(KILLS // 2):
        old, new = two.begin()
        with beginning(lambda: two.build(jobs=jobs)) as pid:
            time.sleep(dice.random() * usual * 1.2)  # the stimulus: nothing is concluded from it
            os.kill(pid, signal.SIGKILL)
            survived += ended(pid) == 0
        assert two.version() in (old, new)
        two.finish(new)
    assert survived < KILLS // 2, "some builds were killed"


def killed_at(two: Two, number: int) -> None:
    """Build in a process that is killed at the file call of that number."""

    def doomed() -> None:
        with Calls(number, die, reading=False).counted():
            two.build()

    with beginning(doomed) as pid:
        assert ended(pid) == -signal.SIGKILL


@both_ways
def test_a_build_killed_at_any_file_call_leaves_a_whole_site(two: Two) -> None:
    total = calls_of(two, reading=False)
    outcomes = set()
    for number in range(1, total + 1, STRIDE):
        two.steady()
        old, new = two.begin()
        killed_at(two, number)
        stands = two.version()
        assert stands in (old, new)
        outcomes.add(stands == new)
        two.finish(new)
    assert outcomes == {False, True}, "killed both before and after the new site was published"


@pytest.mark.parametrize("way", ["renames", "one by one"], indirect=True)
def test_without_an_exchange_the_next_build_completes_or_undoes(two: Two, way: str) -> None:
    """Between two renames, or the first file and the last, no whole site stands; that promise is weaker."""
    total = calls_of(two, reading=False)
    for number in range(1, total + 1, STRIDE):
        _, new = two.begin()
        killed_at(two, number)
        two.finish(new)


def test_a_site_set_aside_comes_back_even_when_the_content_has_mistakes(two: Two) -> None:
    old = two.version()
    two.output.rename(write.beside(two.output)[1])
    two.site.write("content/facts/wrong.yaml", "{id: wrong}\n")
    assert not two.build().ok
    assert two.version() == old
    assert litter(two.root) == []


# --- calls that fail --------------------------------------------------------------------------------------


@both_ways
def test_a_failing_call_is_an_error_and_leaves_the_old_site(two: Two, way: str) -> None:
    """Or it was one that the site does not need, such as remembering it: then the new one stands."""
    reading = bool(LONG)
    total = calls_of(two, reading=reading)
    told = set()
    for code, number in itertools.product((FULL, REFUSED), range(1, total + 1, STRIDE)):
        two.steady()
        old, new = two.begin()
        with Calls(number + (code == REFUSED), failing(code), reading=reading).counted():
            ok = two.ends_well(code)
        told.add(ok)
        if ok or way != "one by one":
            assert two.version() == (new if ok else old), number
        two.finish(new)
    assert told == {False, True}


@both_ways
def test_what_cannot_be_remembered_costs_time_only(two: Two) -> None:
    """So a site in a folder that cannot be written, such as somebody else's, can be built elsewhere."""
    shutil.rmtree(two.root / memory.FOLDER)
    (two.root / memory.FOLDER).write_text("no folder can be made here")
    for _ in range(2):
        _, new = two.begin()
        assert build.build(two.root, output=two.output).ok
        assert two.version() == new


@pytest.mark.parametrize("name", ["templates/assets", "output/manifest.json"])
def test_what_cannot_be_read_is_not_taken_for_absent(
    two: Two, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Else a site loses its style sheet, or takes its own old files for somebody else's."""
    old, new = two.begin()

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *given: Any, **named: Any) -> Any:
            if str(path).endswith(name):
                failing(REFUSED)(str(path))
            return real(path, *given, **named)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing(os.scandir))
        patch.setattr(io, "open", refusing(io.open))
        assert not two.ends_well(REFUSED)
    assert two.version() == old
    two.finish(new)


def test_a_second_rename_that_fails_puts_the_old_site_back(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """On systems without an exchange the old site is set aside first: it must not stay there."""
    monkeypatch.setattr(write, "exchange", lambda *_: False)
    old, _ = two.begin()
    rename = os.rename

    def refuse(one: Path, other: Path, **named: int) -> None:
        if Path(one) == write.beside(two.output)[0]:
            failing(REFUSED)("rename")
        rename(one, other, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        assert not two.ends_well(REFUSED)
    assert two.version() == old
    two.finish(1 - old)


def test_no_file_is_written_through_a_link_into_the_old_site(two: Two) -> None:
    """Unchanged files of the new site are links: whoever wrote into one would change what readers see."""
    good = (two.output / "index.html").read_bytes()
    with write.Staging(two.output) as staging:
        staging.keep("index.html")
        with pytest.raises(FileExistsError):
            staging.put("index.html", b"another")
    assert (two.output / "index.html").read_bytes() == good


@pytest.mark.parametrize("name", ["index.html", "facts", "about.html/x"])
def test_a_static_file_in_the_way_of_a_page_is_a_problem_and_harms_nothing(two: Two, name: str) -> None:
    two.site.write("content/pages/about.md", "---\ntitle: About\n---\n\nWords.\n")
    assert two.build().ok
    good = digests(two.output)
    two.site.write(f"content/static/{name}", "in the way")
    assert [p.code for p in two.build().problems] == ["path-collision"]
    assert digests(two.output) == good


# --- strangers ----------------------------------------------------------------------------------------------


@both_ways
def test_links_of_strangers_are_carried_along_and_the_mode_of_the_folder_stays(
    two: Two, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (two.output / "media").symlink_to(tmp_path / "media")
    (two.output / "nowhere").symlink_to("gone")
    two.output.chmod(0o750)
    two.begin()
    assert two.build().written
    assert (two.output / "media").readlink() == tmp_path / "media"
    assert (two.output / "nowhere").is_symlink()
    assert two.output.stat().st_mode & 0o777 == 0o750


def test_a_strangers_file_in_the_way_of_a_folder_is_a_problem(two: Two) -> None:
    good = digests(two.output)
    (two.output / "questions").write_text("by hand")
    two.site.write(
        "content/questions/price.yaml",
        "{id: price, question: How much?, positions: [{label: unknown, facts: [ferry-kept]}]}\n",
    )
    told = two.build()
    assert [p.code for p in told.problems] == ["output-foreign"]
    assert digests(two.output) == {**good, "questions": digests(two.output)["questions"]}


# --- several at once ----------------------------------------------------------------------------------------


@both_ways
def test_two_builds_at_once_both_end_well(two: Two) -> None:
    """The second begins with other content: what the first read before is never published after it."""
    dice = random.Random(7)
    for _ in range(max(6, LONG // 4)):
        _, new = two.begin()
        two.edit(1 - new)
        with beginning(two.build) as first:
            time.sleep(dice.random() * 0.05)
            two.edit(new)
            with beginning(two.build) as second:
                assert [ended(first), ended(second)] == [0, 0]
        assert two.version() == new
        two.finish(new)


@both_ways
def test_two_builds_with_other_addresses_do_not_confuse_what_is_remembered(two: Two) -> None:
    dice = random.Random(8)
    here, there = ({"url": f"https://{name}.example/"} for name in ("here", "there"))
    whole = []
    for given in (here, there):
        two.anew(**given)
        whole.append(digests(two.root / "clean"))
    for _ in range(max(6, LONG // 4)):
        with beginning(lambda: two.build(**here)) as first:
            time.sleep(dice.random() * 0.05)
            with beginning(lambda: two.build(**there)) as second:
                assert [ended(first), ended(second)] == [0, 0]
        assert digests(two.output) in whole
        for given, wanted in zip((here, there), whole, strict=True):
            assert two.build(**given).ok
            assert digests(two.output) == wanted
    assert litter(two.root) == []


def test_what_stands_is_remembered_before_another_build_changes_it(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the files of the second build would be taken for those of the first."""
    remember, held = build._remember, []

    def watched(*given: Any) -> None:
        place = os.open(two.output.parent, os.O_RDONLY)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.append(True)
        finally:
            os.close(place)
        remember(*given)

    monkeypatch.setattr(build, "_remember", watched)
    two.begin()
    assert two.build().ok
    assert held == [True]


@both_ways
def test_two_commands_at_once_both_exit_with_zero(two: Two) -> None:
    code = "from generator.cli import main; main()"
    command = [sys.executable, "-c", code, "build", "--site", str(two.root), "--output", str(two.output)]
    _, new = two.begin()
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    told = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert two.version() == new
    two.finish(new)


def test_content_edited_during_a_build_is_never_mixed(site: Callable[..., SmallSite]) -> None:
    """Every published site is that of one state of the content, and the last build that of the last."""
    dice = random.Random(9)
    two = Two(site(), versions=5)
    for _ in range(max(6, LONG // 4)):
        two.edit(0)
        with beginning(two.build) as pid:
            for version in range(1, 5):
                time.sleep(dice.random() * 0.03)
                two.edit(version)
            assert ended(pid) == 0
        assert two.version() >= 0
        two.finish(4)


# --- readers ------------------------------------------------------------------------------------------------


def test_readers_see_old_bytes_or_new_ones_and_never_none(tmp_path: Path) -> None:
    output = tmp_path / "output"

    def publish(number: int) -> None:
        pages = {name: f"{name} {number} ".encode() * 2000 for name in ("index.html", "facts/a.html")}
        listed = manifest.dumps({path: manifest.digest(data) for path, data in pages.items()})
        write.publish(output, {**pages, manifest.NAME: listed})

    publish(0)
    wrong: list[str] = []
    done = threading.Event()
    read_so_far = itertools.count()

    def look() -> None:
        while not done.is_set():
            try:
                for name in ("index.html", "facts/a.html"):
                    data = (output / name).read_bytes()
                    first = b" ".join(data.split(b" ", 2)[:2]) + b" "
                    if first * 2000 != data:
                        wrong.append(f"{name} is mixed")
                    os.stat(output / name)
            except OSError as error:
                wrong.append(str(error))
            next(read_so_far)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, max(60, LONG)):
        publish(number)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert next(read_so_far) > 10


# --- disks, only in the long part: they must be mounted -----------------------------------------------------

if LONG:

    @pytest.fixture
    def small_disk(tmp_path: Path) -> Iterator[Path]:
        place = tmp_path / "disk"
        place.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], capture_output=True
        )
        if mounted.returncode:
            pytest.skip(
                f"no disk can be mounted here: {mounted.stderr.decode().strip()}; run as root on Linux"
            )
        yield place
        subprocess.run(["umount", place], check=True)

    def test_a_full_disk_leaves_the_old_site(small_disk: Path, site: Callable[..., SmallSite]) -> None:
        made = site(folder="elsewhere")
        root = small_disk / "site"
        shutil.copytree(made.root, root)
        two = Two(SmallSite(root))
        shutil.rmtree(root / "clean")
        told = set()
        for kilobytes in range(0, 400, 4):
            old, new = two.begin()
            used = sum(-(-p.stat().st_size // 4096) * 4 for p in small_disk.rglob("*") if p.is_file())
            remount = ["mount", "-o", f"remount,size={used + kilobytes}k", small_disk]
            subprocess.run(remount, check=True, capture_output=True)
            ok = two.ends_well(FULL)
            told.add(ok)
            assert two.version() == (new if ok else old), kilobytes
            subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
            two.finish(new)
        assert told == {False, True}

    def test_an_output_in_the_lower_layer_of_a_container(
        small_disk: Path, site: Callable[..., SmallSite]
    ) -> None:
        """Such a folder cannot be renamed; files are replaced one by one."""
        made = site(folder="elsewhere")
        lower, upper, work, root = (small_disk / name for name in ("lower", "upper", "work", "site"))
        shutil.copytree(made.root, lower)
        (lower / "output").mkdir()
        (lower / "output/.gitkeep").touch()
        for folder in (upper, work, root):
            folder.mkdir()
        layers = f"lowerdir={lower},upperdir={upper},workdir={work}"
        mounted = subprocess.run(
            ["mount", "-t", "overlay", "overlay", "-o", layers, root], capture_output=True
        )
        if mounted.returncode:
            pytest.skip(f"no layers can be mounted here: {mounted.stderr.decode().strip()}")
        try:
            two = Two(SmallSite(root))
            for _ in range(4):
                _, new = two.begin()
                two.finish(new)
        finally:
            subprocess.run(["umount", root], check=True)


# --- what is promised ---------------------------------------------------------------------------------------


def test_every_promise_names_tests_that_exist() -> None:
    page = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    assert len(rows) > 20
    named = re.compile(r"`(test_\w+)::(\w+)`")
    for row in rows:
        tests = named.findall(row)
        assert tests, f"nothing shows this: {row}"
        for module, name in tests:
            text = (ROOT / "tests" / f"{module}.py").read_text(encoding="utf-8")
            assert re.search(rf"^ *def test_{name}\(", text, re.M), f"{module}::{name}"
