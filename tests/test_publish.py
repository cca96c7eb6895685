"""Publishing: what is sent, in which order, and what readers meet when it breaks off."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import manifest, sending
from generator.branch import over_limit
from generator.git import Refusal, Repository
from generator.publish import open_target, prepare, send
from generator.sending import Built, Change, File, Found, Plan, Refused
from generator.stats import Seen
from generator.targets import Folder
from publishing import NEW, OLD, built, dead_links, lay, page, publish


class Stopped(Exception):
    """The cable is pulled."""


class Stopping(Folder):
    """A folder that takes so many changes and no more."""

    def __init__(self, place: Path, patience: int = 99) -> None:
        super().__init__(place, place.parent / "site")
        self.patience = patience
        self.done: list[str] = []

    def _write(self, path: str, pieces: Iterable[bytes]) -> Seen:
        if path != sending.LOCK:
            self._count(path)
        return super()._write(path, pieces)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            if path != sending.LOCK:
                self._count(f"-{path}")
            super().delete([path])

    def _count(self, path: str) -> None:
        if len(self.done) == self.patience:
            raise Stopped
        self.done.append(path)


def text_of(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_wherever_it_stops_every_link_works_and_the_next_run_sends_the_rest(tmp_path: Path) -> None:
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    whole = Stopping(tmp_path / "whole")
    publish(old, whole)
    whole.done.clear()
    publish(new, whole)
    steps = whole.done
    assert steps[0] == steps[-1] == manifest.NAME
    for stop in range(len(steps)):
        place = tmp_path / f"stopped-{stop}"
        publish(old, Stopping(place))
        (place / "CNAME").write_text("example.org", encoding="utf-8")
        with pytest.raises(Stopped):
            publish(new, Stopping(place, stop))
        assert dead_links(text_of(place)) == [], f"stopped after {steps[:stop]}"
        assert not (place / sending.LOCK).exists()
        again = Stopping(place)
        publish(new, again)
        # What was sent before is not sent again; only manifests are written anew.
        assert {s for s in again.done if s != manifest.NAME} == set(steps[stop:]) - {manifest.NAME}
        assert text_of(place) == text_of(new) | {"CNAME": "example.org"}


def test_the_manifest_is_that_of_the_new_site_when_the_old_pages_go(tmp_path: Path) -> None:
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    place = tmp_path / "there"
    target = Stopping(place)
    publish(old, target)
    target.done.clear()
    publish(new, target)
    first = target.done.index(next(step for step in target.done if step.startswith("-")))
    assert target.done[first - 1] == target.done[-1] == manifest.NAME
    assert not [step for step in target.done[first:-1] if not step.startswith("-")]
    publish(old, Stopping(place))
    with pytest.raises(Stopped):
        publish(new, Stopping(place, first))
    told = manifest.load(place)
    assert told is not None
    assert (told.files, told.gone) == (digests(NEW), OLD.keys() - NEW.keys())
    verdict = manifest.verify(place)
    assert verdict is not None
    assert (verdict.complete, verdict.foreign) == (True, ())
    # What was to be taken away may be part of the site again, or still be to be taken away.
    back = {**NEW, "facts/gone.html": page("../index.html")}
    assert [c.path for c in publish(lay(tmp_path / "back", back), Stopping(place)).removed] == [
        "assets/gone.png"
    ]
    assert text_of(place) == text_of(tmp_path / "back")


def test_the_first_time_the_home_page_comes_last(tmp_path: Path) -> None:
    target = Stopping(tmp_path / "there")
    publish(lay(tmp_path / "new", NEW), target)
    pages = [path for path in target.done if path.endswith(".html")]
    assert pages[-1] == "index.html"
    assert target.done.index("assets/site.css") < target.done.index(pages[0])


def test_what_another_edit_after_a_stop_no_longer_has_is_taken_away(tmp_path: Path) -> None:
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    place = tmp_path / "there"
    publish(old, Stopping(place))
    with pytest.raises(Stopped):
        publish(new, Stopping(place, 4))
    assert (place / "facts/new.html").is_file()
    publish(old, Stopping(place))
    assert text_of(place) == text_of(old)


def test_with_nothing_changed_nothing_is_sent(tmp_path: Path) -> None:
    old = lay(tmp_path / "old", OLD)
    publish(old, Stopping(tmp_path / "there"))
    assert publish(old, Stopping(tmp_path / "there", 0)).is_empty


def test_a_file_spoiled_at_the_target_is_sent_again(tmp_path: Path) -> None:
    old = lay(tmp_path / "old", OLD)
    publish(old, Stopping(tmp_path / "there"))
    (tmp_path / "there/a.html").write_text("spoiled", encoding="utf-8")
    target = Stopping(tmp_path / "there")
    publish(old, target)
    assert target.done == [manifest.NAME, "a.html", manifest.NAME]


def test_a_file_at_the_target_is_read_once_and_again_when_it_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.proof._FINE", 0)  # the times of these files tell them apart
    old, place = lay(tmp_path / "old", OLD), tmp_path / "there"
    publish(old, Stopping(place))
    read: list[str] = []

    def noted(folder: Folder, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        read.extend(paths)
        return really(folder, paths)

    really = Folder._read_all
    monkeypatch.setattr(Folder, "_read_all", noted)
    assert publish(old, Stopping(place)).is_empty
    assert read == []
    touched, spoiled = place / "a.html", place / "about.html"
    os.utime(touched)
    then = spoiled.stat()
    spoiled.write_text(spoiled.read_text(encoding="utf-8").swapcase(), encoding="utf-8")
    os.utime(spoiled, ns=(then.st_atime_ns, then.st_mtime_ns))
    plan = publish(old, Stopping(place))
    assert sorted(read) == ["a.html", "about.html"]
    assert [change.path for change in plan.changed] == ["about.html"]
    # What is remembered of another target, or was damaged, is not believed.
    (memory_file,) = (tmp_path / "site/.factsheet").glob("there-*")
    memory_file.write_bytes(memory_file.read_bytes()[:-1] + b"x")
    for wanted in (sorted(OLD), []):
        read.clear()
        assert publish(old, Stopping(place)).is_empty
        assert sorted(read) == wanted


def test_many_files_are_sent_by_several_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.targets._TOGETHER", 2)
    monkeypatch.setattr("generator.targets.cores", lambda: 2)
    output, place = lay(tmp_path / "new", NEW), tmp_path / "there"
    told: list[int] = []
    here = built(output)
    target = Folder(place, tmp_path / "site")
    target.found(here)
    target.put(here, list(NEW), told.append)
    assert text_of(place) == NEW
    assert sum(told) == len(NEW)
    assert max(told) == 2
    (output / "about.html").write_text("other", encoding="utf-8")
    with pytest.raises(Refused, match=r"about\.html changed"):
        target.put(here, list(NEW))


@pytest.mark.parametrize("taken", ["a.html", "facts", "about.html/notes.txt", "manifest.json"])
def test_a_strangers_file_in_the_way_is_neither_overwritten_nor_ignored(tmp_path: Path, taken: str) -> None:
    place = tmp_path / "there"
    (place / taken).parent.mkdir(parents=True)
    (place / taken).write_text("mine", encoding="utf-8")
    output = lay(tmp_path / "old", OLD)
    prepared = prepare(built(output), Stopping(place))
    assert [(p.code, p.message) for p in prepared.problems] == [
        ("target-foreign", f"{taken} is in the way of a file of the site")
    ]


def test_where_the_content_of_a_site_lies_nothing_is_published(tmp_path: Path) -> None:
    place = tmp_path / "there"
    place.mkdir()
    (place / "site.yaml").write_text("format: 1", encoding="utf-8")
    with pytest.raises(Refused, match="what a site is made from lies there"):
        publish(lay(tmp_path / "old", OLD), Stopping(place))
    assert os.listdir(place) == ["site.yaml"]


def test_nothing_is_written_through_a_link_at_the_target(tmp_path: Path) -> None:
    place = tmp_path / "there"
    (tmp_path / "elsewhere").mkdir()
    place.mkdir()
    (place / "facts").symlink_to(tmp_path / "elsewhere")
    assert Stopping(place).found(Built(place, {})).others == {"facts"}
    assert sending.in_the_way(OLD, {"facts", "CNAME"}) == ("facts",)


def test_a_file_becomes_a_folder_and_a_folder_a_file(tmp_path: Path) -> None:
    one = lay(tmp_path / "one", {**OLD, "map": "x", "notes/deep/a.txt": "y", "notes/b.html": page()})
    two = lay(tmp_path / "two", {**OLD, "map/a.png": "x", "map/b/c.png": "z", "notes": "y"})
    for first, then in ((one, two), (two, one)):
        place = tmp_path / f"there-{first.name}"
        publish(first, Stopping(place))
        publish(then, Stopping(place))
        assert text_of(place) == text_of(then)


def test_two_at_once_are_kept_apart_and_the_way_past_a_broken_one_is_told(tmp_path: Path) -> None:
    output, place = lay(tmp_path / "old", OLD), tmp_path / "there"
    mine, theirs = Folder(place, tmp_path / "site"), Folder(place, tmp_path / "other")
    found = mine.found(built(output))
    with mine.turn(found):
        assert mine.found(built(output)).others == frozenset()
        for late, why in ((theirs, "somebody else has been publishing there since 2"), (mine, "already")):
            with pytest.raises(Refused, match=why):
                publish(output, late)
    # Killed: its file stays behind. It stops others, who are told what to do, and not the site it is of.
    (kept,) = (tmp_path / "site/.factsheet").glob("publishing-*")
    word = kept.read_text(encoding="utf-8")
    (place / sending.LOCK).write_text(word, encoding="utf-8")
    with pytest.raises(Refused, match=f"delete the file {sending.LOCK} there"):
        publish(output, theirs)
    publish(output, mine)
    assert text_of(place) == text_of(output)
    # Killed when all was done but to take it away.
    (place / sending.LOCK).write_text(word, encoding="utf-8")
    assert publish(output, mine).is_empty
    assert text_of(place) == text_of(output)


def test_what_somebody_published_since_it_was_looked_at_is_not_overwritten(tmp_path: Path) -> None:
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    target = Stopping(tmp_path / "there")
    prepared = prepare(built(old), target)
    publish(new, Stopping(tmp_path / "there"))
    with pytest.raises(Refused, match="meanwhile"):
        send(prepared, target)
    assert text_of(tmp_path / "there") == text_of(new)


def test_what_is_published_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    """However private the files of this person are otherwise."""
    place = tmp_path / "private" / "there"
    (tmp_path / "private").mkdir(mode=0o700)
    output = lay(tmp_path / "old", OLD)
    (output / "a.html").chmod(0o600)
    mask = os.umask(0o077)
    try:
        publish(output, Stopping(place))
    finally:
        os.umask(mask)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o644}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o755}
    assert stat.S_IMODE(place.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700


def test_a_file_is_sent_piece_by_piece_and_its_name_may_be_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_PIECE", 3)
    site = {**OLD, "x" * 255: "one two three", "empty.txt": "", "three": "abc"}
    output, place = lay(tmp_path / "old", site), tmp_path / "there"
    here = built(output)
    assert list(here.pieces("x" * 255)) == [b"one", b" tw", b"o t", b"hre", b"e"]
    publish(output, Stopping(place))
    assert text_of(place) == text_of(output)
    (output / "three").write_text("abd", encoding="utf-8")
    with pytest.raises(Refused, match="three changed"):
        list(here.pieces("three"))
    with pytest.raises(Refused, match="three changed"):
        Stopping(place).put(here, ["three"])
    assert text_of(place)["three"] == "abc"
    assert not [name for name in os.listdir(place) if name.endswith("-part")]


def test_files_of_any_name_and_kind_that_are_not_ours_stay(tmp_path: Path) -> None:
    place = tmp_path / "there"
    (place / "facts").mkdir(parents=True)
    (place / "link").symlink_to("nowhere")
    (place / "empty").mkdir()
    odd = [os.fsdecode(b"\xff\xfe.txt"), "a\nb", ".htaccess", "facts/mine.txt", "INDEX.html", "index.html~"]
    for name in odd:
        (place / name).write_text("mine", encoding="utf-8")
    os.mkfifo(place / "pipe")
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", {"index.html": page()})
    publish(old, Stopping(place))
    publish(new, Stopping(place))
    assert sorted(os.listdir(place)) == sorted(
        {name.partition("/")[0] for name in odd} | {"link", "empty", "pipe", "index.html", manifest.NAME}
    )
    assert os.listdir(place / "facts") == ["mine.txt"]


def test_what_a_kill_leaves_half_written_is_cleared_away(tmp_path: Path) -> None:
    output, place = lay(tmp_path / "old", OLD), tmp_path / "there"
    place.mkdir()
    (place / ".a.html.factsheet-part").write_text("ha", encoding="utf-8")
    publish(output, Stopping(place))
    assert text_of(place) == text_of(output)


def test_an_output_that_is_built_anew_meanwhile_stops_it(tmp_path: Path) -> None:
    output = lay(tmp_path / "old", OLD)
    target = Stopping(tmp_path / "there")
    prepared = prepare(built(output), target)
    (output / "about.html").write_text("other", encoding="utf-8")
    with pytest.raises(Refused, match=r"about\.html changed"):
        send(prepared, target)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("ftp:x", "is no target"),
        ("dir:", "is no target"),
        ("git:origin", "is no target"),
        ("git:--upload-pack=x#y", "is no address"),
        ("dir:output", "holds the built site"),
        ("dir:output/x", "holds the built site"),
        ("dir:.", "holds the built site"),
        ("dir:content/x", "holds the content"),
        ("dir:templates", "holds the templates"),
        ("dir:.git/x", "holds the history"),
        ("dir:.factsheet", "holds what builds remember"),
    ],
)
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, written: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        open_target(written, tmp_path, tmp_path, tmp_path / "output")


# --- a branch -----------------------------------------------------------------------------------------


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository to publish to."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada Brook")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    return tmp_path / "remote.git"


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def in_branch(remote: Path) -> dict[str, str]:
    names = git(remote, "ls-tree", "-r", "--name-only", "pages").split()
    return {name: git(remote, "show", f"pages:{name}") for name in names}


def test_a_branch_is_the_site_and_keeps_what_is_not_ours(tmp_path: Path, remote: Path) -> None:
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    target = open_target("git:remote.git#pages", tmp_path, tmp_path / "site", tmp_path / "site/output")
    publish(old, target)
    assert in_branch(remote) == text_of(old) | {".nojekyll": ""}
    git(tmp_path, "clone", "-q", "-b", "pages", "remote.git", "theirs")
    (tmp_path / "theirs/CNAME").write_text("example.org", encoding="utf-8")
    (tmp_path / "theirs/a.html").write_text("spoiled", encoding="utf-8")
    git(tmp_path / "theirs", "add", "CNAME", "a.html")
    git(tmp_path / "theirs", "commit", "-q", "-m", "Our address")
    git(tmp_path / "theirs", "push", "-q")
    target = open_target("git:remote.git#pages", tmp_path, tmp_path / "site", tmp_path / "site/output")
    publish(new, target)
    assert in_branch(remote) == text_of(new) | {".nojekyll": "", "CNAME": "example.org"}
    assert git(remote, "rev-list", "--count", "pages").strip() == "3"
    assert publish(new, target).is_empty


def test_a_branch_is_not_moved_where_the_output_changes_meanwhile(tmp_path: Path, remote: Path) -> None:
    target = open_target("git:remote.git#pages", tmp_path, tmp_path / "site", tmp_path / "site/output")
    publish(lay(tmp_path / "old", OLD), target)
    output = lay(tmp_path / "new", NEW)
    prepared = prepare(built(output), target)
    (output / "facts/other.html").write_text("another page by now", encoding="utf-8")
    with pytest.raises(Refused, match=r"other\.html changed"):
        send(prepared, target)
    assert in_branch(remote) == text_of(tmp_path / "old") | {".nojekyll": ""}


def test_what_git_does_not_take_ends_it_in_words(tmp_path: Path, remote: Path) -> None:
    feed = Repository(bare=remote).feed("fast-import", "--quiet")
    feed.write(b"nonsense\n")
    with pytest.raises(Refusal, match="Unsupported command: nonsense"):
        feed.close()
    feed.stop()
    ended = Repository(bare=remote).feed("no-such-command")
    with pytest.raises(Refusal, match="no-such-command"):
        ended.write(*[b"x" * 100_000] * 1000)
    output = lay(tmp_path / "old", {**OLD, "a\nb.txt": "x"})
    target = open_target("git:remote.git#pages", tmp_path, tmp_path / "site", tmp_path / "site/output")
    with pytest.raises(Refused, match="no name for a file in a repository"):
        publish(output, target)
    assert git(remote, "branch", "--list").strip() == ""


def test_a_branch_that_moved_meanwhile_is_not_overwritten(tmp_path: Path, remote: Path) -> None:
    targets = [
        open_target("git:remote.git#pages", tmp_path, tmp_path / site, tmp_path / site / "output")
        for site in ("one", "two")
    ]
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    prepared = prepare(built(old), targets[0])
    publish(new, targets[1])
    with pytest.raises(Refused, match="somebody else pushed to pages meanwhile"):
        send(prepared, targets[0])
    assert in_branch(remote) == text_of(new) | {".nojekyll": ""}


def test_a_repository_that_is_not_there_is_told(tmp_path: Path) -> None:
    target = open_target("git:none.git#pages", tmp_path, tmp_path / "site", tmp_path / "site/output")
    with pytest.raises(Refused, match="git ls-remote"):
        target.found(Built(tmp_path, {}))


@pytest.mark.parametrize(
    ("sizes", "why"),
    [([99_000_000] * 10, ""), ([100_000_001], "no file"), ([90_000_000] * 12, "no site")],
)
def test_what_github_does_not_take_is_refused_before_it_is_sent(sizes: list[int], why: str) -> None:
    here = {f"{number}.mp4": File("x", size) for number, size in enumerate(sizes)}
    assert why in over_limit("git@github.com:ada/ferry.git", here)
    assert bool(over_limit("git@github.com:ada/ferry.git", here)) is bool(why)
    assert over_limit("https://git.example/ada/ferry.git", here) == ""


# --- plans --------------------------------------------------------------------------------------------

PATHS = ["index.html", "a.html", "facts/a.html", "site.css", "feed.xml", "data/x.json", "data", "a.html/b/c"]
SITES = st.dictionaries(
    st.sampled_from(PATHS), st.builds(File, st.sampled_from("xyz"), st.integers(0, 9))
).filter(lambda site: not any(p.startswith(f"{q}/") for p in site for q in site))


@given(SITES, SITES)
def test_a_plan_makes_one_site_the_other(here: dict[str, File], there: dict[str, File]) -> None:
    plan = sending.compare(here, Found(there, {p: f.sha256 for p, f in there.items()}))
    result = dict(there)
    for stage in sending.stages(plan):
        for path in stage.paths:
            if stage.gone:
                del result[path]
            else:
                # As on a disk: where a folder is, no file can be, and the other way round.
                assert not any(p.startswith(f"{path}/") or path.startswith(f"{p}/") for p in result)
                assert path not in there or there[path].sha256 != here[path].sha256
                result[path] = here[path]
    assert {p: f.sha256 for p, f in result.items()} == {p: f.sha256 for p, f in here.items()}


def test_a_plan_is_told_with_sizes() -> None:
    plan = Plan((Change("a.html", 1500),), (), (Change("b.png", 2_500_000),), True)
    assert sending.render_text(plan) == (
        "added    a.html (1.5 kB)\nremoved  b.png (2.5 MB)\n"
        "1 added (1.5 kB), 0 changed (0 bytes), 1 removed (2.5 MB)"
    )


# --- what a listing tells ---------------------------------------------------------------------------------


def digests(files: Mapping[str, str]) -> dict[str, str]:
    return {path: manifest.digest(text.encode()) for path, text in files.items()}


def test_a_listing_is_believed_where_the_manifest_is_sure(tmp_path: Path) -> None:
    """Only what may have been under way, and has the right size, is asked for."""
    here = built(lay(tmp_path / "new", NEW))
    there = {
        **NEW,
        "a.html": "longer than it was",
        "feed.xml": "facts/x.html",
        "gone.txt": "x",
        "left.txt": "x",
    }
    named = digests({path: text for path, text in there.items() if path != "left.txt"})
    listing = manifest.dumps(named, ["about.html", "timeline.html"], ["left.txt", "no more there.txt"])
    sizes = {path: len(text) for path, text in there.items() if path != "facts/new.html"}
    asked: list[str] = []

    def same(paths: Sequence[str]) -> list[str]:
        asked.extend(paths)
        return ["about.html"]

    more = {manifest.NAME: len(listing), "CNAME": 3, sending.LOCK: 9}
    found = sending.from_listing(here, sizes | more, listing, same)
    assert asked == ["about.html", "timeline.html"]
    assert found.broken_off
    assert found.others == {"CNAME"}
    plan = sending.compare(here.files, found)
    assert [change.path for change in plan.added] == ["facts/new.html"]
    assert [change.path for change in plan.changed] == ["a.html", "feed.xml", "timeline.html"]
    assert [change.path for change in plan.removed] == ["gone.txt", "left.txt"]
