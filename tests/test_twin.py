"""The twin: brought up to date by links, changed beside the site, and exchanged with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator import aside, write
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
    with Twin(output, place, jobs) as twin:
        twin.catch_up()
        twin.put("facts/a.html", b"new")
        twin.put("dates/2020.html", b"a date")
        twin.drop("facts/b.html")
        assert (output / "facts/a.html").read_text() == "facts/a.html", "nothing shows yet"
        twin.publish()
        assert twin.linked == {"index.html", "facts/a.html", "facts/b.html"}
    first = {"index.html": "index.html", "facts/a.html": "new", "dates/2020.html": "a date"}
    assert tree(output) == first
    with Twin(output, place, jobs) as twin:
        twin.catch_up()
        twin.drop("dates/2020.html")
        twin.publish()
        assert twin.linked == {"facts/a.html", "dates/2020.html"}, "only what lags behind is linked"
    del first["dates/2020.html"]
    assert tree(output) == first
    assert not (output / "dates").exists(), "an empty folder goes as well"


def test_what_strangers_did_meanwhile_is_taken_over(output: Path, place: Path, jobs: int) -> None:
    with Twin(output, place, jobs) as twin:
        twin.catch_up()
        twin.publish()
    (output / "CNAME").write_text("site.example")
    (output / "media").symlink_to("nowhere")
    (output / "facts" / "b.html").unlink()
    (output / "index.html").unlink()
    (output / "index.html").write_text("by hand")
    (place / "stray").write_text("in the twin alone")
    (output / "facts").chmod(0o750)
    with Twin(output, place, jobs) as twin:
        twin.catch_up()
        twin.publish()
    assert tree(output) == {"CNAME": "site.example", "index.html": "by hand", "facts/a.html": "facts/a.html"}
    assert os.readlink(output / "media") == "nowhere"
    assert (output / "facts").stat().st_mode & 0o777 == 0o750


def test_with_an_error_the_site_stays_and_the_twin_goes(output: Path, place: Path, jobs: int) -> None:
    before = tree(output)

    def fail() -> None:
        with Twin(output, place, jobs) as twin:
            twin.catch_up()
            twin.put("index.html", b"half")
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

    def edit() -> None:
        with Twin(output, place, jobs) as twin:
            twin.catch_up()
            twin.put("index.html", b"new")
            twin.publish()

    with pytest.raises(NoTwin):
        edit()
    assert tree(output) == before
