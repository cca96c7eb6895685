"""The twin: brought up to date by links, changed beside the site, and exchanged with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import aside, twin, write
from generator.twin import NoTwin, Twin


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    for path in ("index.html", "facts/a.html", "facts/b.html"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    return folder


@pytest.fixture(params=[1, 2], ids=["here", "beside"])
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many processes there may be: with two, the twin is brought up to date by another."""
    monkeypatch.setattr(aside, "cores", lambda: 2)
    return int(request.param)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "hidden" / "twin"


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_an_edit_shows_at_once_and_the_next_one_catches_up(output: Path, place: Path, jobs: int) -> None:
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        fresh.put("facts/a.html", b"new")
        fresh.put("dates/2020.html", b"a date")
        fresh.drop("facts/b.html")
        assert (output / "facts/a.html").read_text() == "facts/a.html", "nothing shows yet"
        assert fresh.publish() == {"index.html", "facts/a.html", "facts/b.html"}
    first = {"index.html": "index.html", "facts/a.html": "new", "dates/2020.html": "a date"}
    assert tree(output) == first
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        fresh.drop("dates/2020.html")
        assert fresh.publish() == {"facts/a.html", "dates/2020.html"}, "only what lags behind is linked"
    del first["dates/2020.html"]
    assert tree(output) == first
    assert not (output / "dates").exists(), "an empty folder goes as well"


def test_what_strangers_did_meanwhile_is_taken_over(output: Path, place: Path, jobs: int) -> None:
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        fresh.publish()
    (output / "CNAME").write_text("site.example")
    (output / "media").symlink_to("nowhere")
    (output / "facts" / "b.html").unlink()
    (output / "index.html").unlink()
    (output / "index.html").write_text("by hand")
    (place / "stray").write_text("in the twin alone")
    (output / "facts").chmod(0o750)
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        fresh.publish()
    assert tree(output) == {"CNAME": "site.example", "index.html": "by hand", "facts/a.html": "facts/a.html"}
    assert os.readlink(output / "media") == "nowhere"
    assert (output / "facts").stat().st_mode & 0o777 == 0o750


def edit(output: Path, place: Path, jobs: int, **files: str) -> set[str]:
    """Put some files, named by their letter, and tell which were linked."""
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        for letter, text in files.items():
            fresh.put(f"facts/{letter}.html", text.encode())
        return fresh.publish()


def test_while_the_folders_stand_as_noted_none_is_listed(
    output: Path, place: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(output, place, jobs, a="1")
    monkeypatch.setattr("generator.twin._listed", None)
    assert edit(output, place, jobs, b="2") == {"facts/a.html"}
    assert edit(output, place, jobs, a="3", b="4") == {"facts/b.html"}
    with Twin(output, place, jobs) as fresh:
        fresh.catch_up()
        fresh.drop("facts/b.html")
        assert fresh.publish() == {"facts/a.html", "facts/b.html"}
    assert edit(output, place, jobs, a="5") == set()
    assert tree(output) == {"index.html": "index.html", "facts/a.html": "5"}


def meddle(tree: Path, what: str) -> None:
    """Do something in a tree as somebody else would."""
    if what == "add":
        (tree / "facts" / "z.html").write_text("z")
    elif what == "replace":
        (tree / "fresh").write_text("other")
        (tree / "fresh").replace(tree / "facts" / "b.html")
    elif what == "remove":
        (tree / "facts" / "b.html").unlink()
    elif what == "mode":
        (tree / "facts").chmod(0o700)
    else:
        (tree / "new").mkdir()
        (tree / "new" / "z.html").write_text("z")


MEDDLED: dict[str, dict[str, str | None]] = {
    "add": {"facts/z.html": "z"},
    "replace": {"facts/b.html": "other"},
    "remove": {"facts/b.html": None},
    "mode": {},
    "folder": {"new/z.html": "z"},
}


@pytest.mark.parametrize("where", ["output", "twin"])
@pytest.mark.parametrize("what", [*MEDDLED])
def test_what_is_done_between_two_edits_is_noticed(
    output: Path, place: Path, jobs: int, where: str, what: str
) -> None:
    edit(output, place, jobs, a="1", b="2")
    meddle(output if where == "output" else place, what)
    edit(output, place, jobs, a="3")
    theirs = MEDDLED[what] if where == "output" else {}
    wanted = {"index.html": "index.html", "facts/a.html": "3", "facts/b.html": "2", **theirs}
    assert tree(output) == {path: text for path, text in wanted.items() if text}
    restricted = (output / "facts").stat().st_mode & 0o777 == 0o700
    assert restricted == (what == "mode" and where == "output")


@pytest.mark.parametrize("what", ["add", "replace", "remove"])
def test_what_is_done_within_the_same_tick_as_an_exchange_is_noticed(
    output: Path, place: Path, jobs: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system with a coarse clock: the folder then has the time of our own last change to it."""
    real, mark = twin._stamp, Twin._mark
    ours: dict[bytes, int] = {}

    def marked(self: Twin, folder: bytes) -> bool:
        ours[folder] = os.stat(self._place / os.fsdecode(folder)).st_mtime_ns
        return mark(self, folder)

    monkeypatch.setattr(Twin, "_mark", marked)
    monkeypatch.setattr(twin, "_stamp", lambda folder: (real(folder)[0], 0, real(folder)[2]))
    edit(output, place, jobs, a="1", b="2")
    meddle(output, what)
    for folder, time in ours.items():
        os.utime(output / os.fsdecode(folder), ns=(time, time))
    edit(output, place, jobs, a="3")
    wanted = {"index.html": "index.html", "facts/a.html": "3", "facts/b.html": "2", **MEDDLED[what]}
    assert tree(output) == {path: text for path, text in wanted.items() if text}


def test_what_comes_into_the_output_while_an_edit_is_made_is_never_lost(
    output: Path, place: Path, jobs: int
) -> None:
    def disturbed() -> None:
        with Twin(output, place, jobs) as fresh:
            fresh.catch_up()
            fresh._up_to_date()
            fresh.put("facts/a.html", b"1")
            (output / "facts" / "theirs").write_text("theirs")
            fresh.publish()

    for _ in range(2):  # with a comparison, then as noted
        with pytest.raises(NoTwin):
            disturbed()
        assert (output / "facts" / "theirs").read_text() == "theirs"
        assert (output / "facts" / "a.html").read_text() == "facts/a.html"
        (output / "facts" / "theirs").unlink()
        edit(output, place, jobs, b="2")


def test_an_edit_that_puts_nothing_exchanges_nothing(output: Path, place: Path, jobs: int) -> None:
    edit(output, place, jobs, a="1")
    before = output.stat().st_ino
    assert edit(output, place, jobs) == {"facts/a.html"}
    assert output.stat().st_ino == before
    assert edit(output, place, jobs, b="2") == set(), "all was linked, though nothing was exchanged"


def test_with_an_error_the_site_stays_and_the_twin_goes(output: Path, place: Path, jobs: int) -> None:
    before = tree(output)

    def fail() -> None:
        with Twin(output, place, jobs) as fresh:
            fresh.catch_up()
            fresh.put("index.html", b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tree(output) == before
    assert not place.exists()
    assert list(place.parent.iterdir()) == []


@pytest.mark.parametrize("call", ["link", "exchange"])
def test_where_there_are_no_links_or_no_exchange_there_is_no_twin(
    output: Path, place: Path, jobs: int, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> bool:
        if call == "exchange":
            return False
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(write if call == "exchange" else os, call, refuse)
    before = tree(output)

    with pytest.raises(NoTwin):
        edit(output, place, jobs, a="new")
    assert tree(output) == before
