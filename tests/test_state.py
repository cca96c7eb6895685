"""What a build remembers: enough to do nothing twice, and never trusted without a look at the output."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import manifest, scan, state, stats
from generator.memory import FOLDER, place, recall, remember
from generator.result import Result
from generator.state import Files, Kept, State


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "index.html").write_text("home")
    return folder


def kept(output: Path) -> Kept:
    return state.keep(output, "index.html", PRINTED, manifest.digest(b"home"))


PRINTED = bytes(range(56))
NOTE = scan.Note(options=(), found=scan.Found(), result=Result(problems=(), checked={}, ok=True))


def save(root: Path, output: Path, *paths: str) -> None:
    files = {path: state.keep(output, path, PRINTED, manifest.digest(b"home")) for path in paths}
    state.save(root, output, State(Files.of(files)), NOTE)


def test_what_is_saved_is_loaded_again(tmp_path: Path, output: Path) -> None:
    save(tmp_path, output, "index.html")
    assert state.load(tmp_path, output).files == {"index.html": kept(output)}
    assert (kept(output).fingerprint, kept(output).seen[0]) == (PRINTED, 4)


def test_each_output_has_a_state_of_its_own(tmp_path: Path, output: Path) -> None:
    save(tmp_path, output, "index.html")
    assert state.load(tmp_path, tmp_path / "elsewhere") == State()
    other = tmp_path / "other"
    other.mkdir()
    save(tmp_path, other)
    assert state.load(tmp_path, output).files.keys() == {"index.html"}


def test_what_is_known_of_an_output_that_is_gone_is_forgotten(tmp_path: Path, output: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    save(tmp_path, gone)
    gone.rmdir()
    save(tmp_path, output, "index.html")
    save(tmp_path, output, "index.html")
    state.forget(tmp_path)
    left = {place(tmp_path, output, "state"), place(tmp_path, output, "scan")}
    assert set((tmp_path / FOLDER).iterdir()) == left


def packed(maker: str, mark: int) -> bytes:
    row = {"output": "output", "maker": maker, "mark": mark, "digests": bytes(32), "prints": PRINTED[::-1]}
    return msgspec.msgpack.encode(row)


#: What is kept whole and yet is no state of ours, given the mark of the note beside it.
FOREIGN = {
    "nothing": lambda mark: b"",
    "not MessagePack": lambda mark: b"\xc1\xc1\xc1",
    "another shape": lambda mark: msgspec.msgpack.encode({"maker": state.maker(), "mark": mark}),
    "another type": lambda mark: msgspec.msgpack.encode([1, 2, 3]),
    "cut short": lambda mark: packed(state.maker(), mark)[:-2],
    "of other code": lambda mark: packed("another", mark),
    "with a column too short": lambda mark: (
        packed(state.maker(), mark).replace(PRINTED[::-1], PRINTED[:50], 1).replace(b"\xc4\x38", b"\xc4\x32")
    ),
    "of other files": lambda mark: packed(state.maker(), mark ^ 1),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_a_state_that_cannot_be_used_is_an_empty_one(
    tmp_path: Path, output: Path, data: Callable[[int], bytes]
) -> None:
    save(tmp_path, output, "index.html")
    note = scan.last(tmp_path, output)
    assert note is not None
    remember(place(tmp_path, output, "state"), packed(state.maker(), note.outputs.mark))
    assert state.load(tmp_path, output).files["index.html"].fingerprint == PRINTED[::-1]
    remember(place(tmp_path, output, "state"), data(note.outputs.mark))
    assert state.load(tmp_path, output) == State()


def test_a_state_without_its_note_is_an_empty_one(tmp_path: Path, output: Path) -> None:
    save(tmp_path, output, "index.html")
    place(tmp_path, output, "scan").unlink()
    assert state.load(tmp_path, output) == State()
    save(tmp_path, output, "index.html")
    note = recall(place(tmp_path, output, "scan"))
    (output / "more.html").write_text("more")
    save(tmp_path, output, "index.html", "more.html")
    remember(place(tmp_path, output, "scan"), note)
    assert state.load(tmp_path, output) == State(), "an older note"


PATHS = st.sampled_from(["a", "b", "c/d", "e"])
TOLD = st.tuples(*[st.integers(-(2**63), 2**64 - 1)] * 4)
FILES = st.dictionaries(
    PATHS, st.builds(Kept, st.sampled_from([b"", PRINTED]), st.sampled_from(["0f" * 32, "a1" * 32]), TOLD)
)


@given(FILES, FILES, st.sets(PATHS))
def test_files_change_as_a_dictionary_does(
    before: dict[str, Kept], now: dict[str, Kept], gone: set[str]
) -> None:
    now = {path: kept for path, kept in now.items() if path not in gone}
    wanted = {path: kept for path, kept in {**before, **now}.items() if path not in gone}
    changed = Files.of(before).changed(now, gone & before.keys())
    assert changed == Files.of(wanted)
    assert changed.stats == Files.of(wanted).stats == stats.of((p, wanted[p].seen) for p in sorted(wanted))
    assert list(changed) == sorted(wanted)


NAMES = st.sampled_from(["a.html", 'b/ä "x".svg', "b/a.html", "a", "data/facts.json", "c\\d", "\n"])
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.dictionaries(NAMES, DIGESTS), st.dictionaries(NAMES, DIGESTS))
def test_a_manifest_that_is_edited_is_the_one_made_anew(before: dict[str, str], now: dict[str, str]) -> None:
    edited = manifest.edited(manifest.dumps(before), now)
    if now.keys() <= before.keys():
        assert edited == manifest.dumps({**before, **now})
    else:
        assert edited is None


@pytest.mark.parametrize("damage", ["emptied", "cut short", "a bit flipped", "text"])
def test_a_damaged_state_is_an_empty_one(tmp_path: Path, output: Path, damage: str) -> None:
    save(tmp_path, output, "index.html")
    file = place(tmp_path, output, "state")
    data = file.read_bytes()
    flipped = bytes([*data[:-1], data[-1] ^ 1])
    file.write_bytes(
        {"emptied": b"", "cut short": data[:-3], "a bit flipped": flipped, "text": b"state"}[damage]
    )
    assert state.load(tmp_path, output) == State()


def test_a_file_left_alone_is_intact(output: Path) -> None:
    assert state.intact(output, "index.html", kept(output))


def test_a_file_with_other_times_and_the_same_bytes_is_intact(output: Path) -> None:
    before = kept(output)
    os.utime(output / "index.html", ns=(1, 1))
    assert state.intact(output, "index.html", before)


@pytest.mark.parametrize("change", ["other size", "same size", "replaced", "gone", "a link", "a folder"])
def test_a_file_that_was_changed_is_not_intact(output: Path, change: str) -> None:
    before = kept(output)
    file = output / "index.html"
    times = os.stat(file)
    if change == "other size":
        file.write_text("home!")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif change == "same size":
        file.write_text("HOME")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    elif change == "replaced":
        other = output / "other"
        other.write_text("HOME")
        os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
        other.replace(file)
    else:
        file.rename(output / "elsewhere")
        if change == "a link":
            file.symlink_to("elsewhere")
        elif change == "a folder":
            file.mkdir()
    assert not state.intact(output, "index.html", before)
