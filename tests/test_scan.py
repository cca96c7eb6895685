"""The scan: nothing to do is found without a parser, and nothing that changed is overlooked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SmallSite
from generator import edit, scan, state, stats

FACTS = "content/facts/facts.yaml"


def unchanged(site: SmallSite) -> bool:
    given = scan.options(url="", texts=None, preview=False, strict=False)
    return scan.unchanged(scan.moves(site.root, site.output, given)) is not None


def built(site: Callable[..., SmallSite]) -> SmallSite:
    made = site()
    assert made.build().exit_code == 0
    assert unchanged(made)
    return made


def a_file(made: SmallSite, folder: str) -> Path:
    return next(p for p in sorted((made.root / folder).rglob("*.yaml")) if p.is_file())


def test_a_second_build_finds_nothing_to_do_and_reads_nothing(site: Callable[..., SmallSite]) -> None:
    made = built(site)
    before = {p: p.stat().st_mtime_ns for p in made.output.rglob("*")}
    code = (
        "import sys\nfrom generator.cli import main\n"
        f"try: main(['build', '--site', {str(made.root)!r}, '--output', {str(made.output)!r}])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'yaml', 'jinja2', 'markdown_it', 'rapidfuzz'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    # The folder of texts is one of a build's options: another one would be another build.
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=made.root.parent,
        env={name: value for name, value in os.environ.items() if name != "FACTSHEET_TEXTS"},
    )
    assert ran.returncode == 0, ran.stderr
    assert "nothing changed" in ran.stdout
    assert {p: p.stat().st_mtime_ns for p in made.output.rglob("*")} == before


def test_every_kind_of_input_counts(site: Callable[..., SmallSite]) -> None:
    made = built(site)
    for name in ("content/facts/new.yaml", "content/static/a.txt", "content/pages/p.md", "templates/x.html"):
        file = made.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        assert not unchanged(made), name
        file.unlink()
        assert unchanged(made), name
    site_yaml = made.root / "site.yaml"
    site_yaml.write_text(site_yaml.read_text() + "summary: more\n")
    assert not unchanged(made)


def test_an_edit_of_the_same_size_within_the_same_tick_is_seen(site: Callable[..., SmallSite]) -> None:
    made = built(site)
    file = a_file(made, "content/facts")
    before = file.stat()
    text = file.read_text()
    with file.open("r+") as handle:  # in place: the inode stays
        handle.write(text.replace("e", "a"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert not unchanged(made)


def test_fresh_files_are_known_by_their_bytes(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all times are the same, only the digest can tell: git's racily clean file."""
    made = built(site)
    for module in (scan, state, stats):
        monkeypatch.setattr(module, "seen", lambda stat: (stat.st_size, 0, 0, 0))
    monkeypatch.setattr(scan, "_TICK", 10**30)
    assert made.build().exit_code == 0
    assert unchanged(made)
    file = a_file(made, "content/facts")
    file.write_text(file.read_text().swapcase())
    assert not unchanged(made)


def test_touch_makes_work_and_writes_nothing(site: Callable[..., SmallSite]) -> None:
    made = built(site)
    os.utime(a_file(made, "content/facts"))
    assert not unchanged(made)
    again = made.build()
    assert (again.result.rendered, again.result.written) == (0, 0)
    assert unchanged(made)


@pytest.mark.parametrize("clock", [0, 2**31])
def test_clocks_that_run_backwards_or_ahead(site: Callable[..., SmallSite], clock: int) -> None:
    made = built(site)
    file = a_file(made, "content/facts")
    file.write_text(file.read_text().replace("statement: ", "statement: Now "))
    os.utime(file, (clock, clock))
    assert not unchanged(made)
    assert made.build().result.written > 0
    assert unchanged(made)


@pytest.mark.parametrize("how", ["delete", "tamper", "same size and time"])
def test_an_output_file_that_is_not_ours_any_more_is_mended(site: Callable[..., SmallSite], how: str) -> None:
    made = built(site)
    page = made.output / "index.html"
    good, before = page.read_bytes(), page.stat()
    if how == "delete":
        page.unlink()
    else:
        page.write_bytes(good.replace(b"a", b"b") if how == "same size and time" else b"tampered")
    if how == "same size and time":
        os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not unchanged(made)
    assert made.build().exit_code == 0
    assert page.read_bytes() == good
    assert unchanged(made)


@pytest.mark.parametrize("garbage", [b"", b"\x00\xff", b"\x81\xa1x\x01"])
def test_a_note_that_cannot_be_read_is_no_note(site: Callable[..., SmallSite], garbage: bytes) -> None:
    made = built(site)
    note = next((made.root / ".factsheet").glob("scan-*"))
    note.write_bytes(garbage)
    assert not unchanged(made)
    assert made.build().exit_code == 0
    assert unchanged(made)


def test_files_that_were_fresh_are_read_once_more_and_then_known_by_their_times(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = built(site)
    monkeypatch.setattr(scan, "_TICK", -(10**18))  # as if all were saved long ago
    assert unchanged(made)
    monkeypatch.setattr(scan, "_digest", lambda path: pytest.fail(f"{path} was read"))
    assert unchanged(made)


def test_other_options_make_another_site(site: Callable[..., SmallSite]) -> None:
    made = built(site)
    given = scan.options(url="https://dossier.example/", texts=None, preview=False, strict=False)
    assert scan.unchanged(scan.moves(made.root, made.output, given)) is None


def test_content_saved_while_it_is_read_is_read_again(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = built(site)
    file = a_file(made, "content/facts")
    first, second = (
        file.read_text().replace("statement: ", f"statement: {w} ") for w in ("Firstly", "Secondly")
    )
    file.write_text(first)
    real, saved = scan.look, []

    def look(root: Path, texts: Path | None) -> scan.Found:
        found = real(root, texts)
        if not saved:  # saved again right after the first look
            saved.append(file.write_text(second))
        return found

    monkeypatch.setattr(scan, "look", look)
    monkeypatch.setattr(edit, "build", lambda *_: None)  # a whole build
    assert made.build().exit_code == 0
    home = made.html("timeline.html")
    assert "Secondly" in home
    assert "Firstly" not in home


FERRY = "content/facts/ferry.yaml"
Meddle = Callable[[SmallSite, Path], object]
HEARD: dict[str, tuple[Meddle, set[str] | None]] = {
    "nothing was done": (lambda s, f: None, set()),
    "edited": (lambda s, f: f.write_text(f.read_text() + "#"), {"it"}),
    "edited, size and times as before": (lambda s, f: rewritten(f), {"it"}),
    "touched": (lambda s, f: os.utime(f), {"it"}),
    "gone": (lambda s, f: f.unlink(), None),
    "a folder now": (lambda s, f: (f.unlink(), f.mkdir()), None),
    "another build was killed": (lambda s, f: scan.beside(s.output)[0].mkdir(), None),
}


def rewritten(file: Path) -> None:
    """Write other bytes of the same length, and set the time of modification back."""
    times = file.stat()
    file.write_text(file.read_text().replace("a", "b"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("what", [*HEARD])
def test_what_was_heard_of_is_all_that_is_looked_at(site: Callable[..., SmallSite], what: str) -> None:
    made = built(site)
    given = scan.options(url="", texts=None, preview=False, strict=False)
    note = scan.last(made.root, made.output)
    assert note is not None
    file, other = (made.root / FERRY).absolute(), (made.root / "site.yaml").absolute()
    other.write_text(other.read_text() + "\n")
    meddle, moved = HEARD[what]
    meddle(made, file)
    heard = scan.heard(made.output, given, note, [str(file)])
    if moved is None:
        assert heard is None
        return
    assert heard is not None
    assert heard.inputs == ({str(file)} if moved else set())
    assert heard.stand(), "the output is taken for intact"
    assert heard.found.inputs.by_path[str(file)] == stats.seen(file.stat())
    assert heard.found.inputs.by_path[str(other)] != stats.seen(other.stat()), "nobody heard of it"
    assert scan.moves(made.root, made.output, given, note).inputs == heard.inputs | {str(other)}


def test_where_a_file_came_or_the_options_are_others_hearing_is_not_enough(
    site: Callable[..., SmallSite],
) -> None:
    made = built(site)
    given = scan.options(url="", texts=None, preview=False, strict=False)
    note = scan.last(made.root, made.output)
    assert note is not None
    (made.root / "content/facts/new.yaml").write_text("[]")
    known, fresh = (str((made.root / path).absolute()) for path in (FERRY, "content/facts/new.yaml"))
    assert scan.heard(made.output, given, note, [known])
    assert scan.heard(made.output, given, note, [known, fresh]) is None
    assert scan.heard(made.output, (*given, "more"), note, [known]) is None
