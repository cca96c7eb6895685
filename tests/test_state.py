"""What a build remembers: enough to do nothing twice, and never trusted without a look at the output."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from generator import manifest, state
from generator.memory import FOLDER, place, remember
from generator.state import Kept, State


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "index.html").write_text("home")
    return folder


def kept(output: Path) -> Kept:
    return state.keep(output, "index.html", "fingerprint", manifest.digest(b"home"))


def test_what_is_saved_is_loaded_again(tmp_path: Path, output: Path) -> None:
    state.save(tmp_path, output, {"index.html": kept(output)})
    assert state.load(tmp_path, output).files == {"index.html": kept(output)}
    assert (kept(output).fingerprint, kept(output).size) == ("fingerprint", 4)


def test_each_output_has_a_state_of_its_own(tmp_path: Path, output: Path) -> None:
    state.save(tmp_path, output, {"index.html": kept(output)})
    assert state.load(tmp_path, tmp_path / "elsewhere") == State()
    other = tmp_path / "other"
    other.mkdir()
    state.save(tmp_path, other, {})
    assert state.load(tmp_path, output).files.keys() == {"index.html"}


def test_what_is_known_of_an_output_that_is_gone_is_forgotten(tmp_path: Path, output: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    state.save(tmp_path, gone, {})
    gone.rmdir()
    state.save(tmp_path, output, {"index.html": kept(output)})
    state.save(tmp_path, output, {"index.html": kept(output)})
    state.forget(tmp_path)
    assert list((tmp_path / FOLDER).iterdir()) == [place(tmp_path, output, "state")]


def packed(maker: str) -> bytes:
    return msgspec.msgpack.encode(State({"a": Kept("f", "s", 1, 2, 3, 4)}, "output", maker))


#: What is kept whole and yet is no state of ours.
FOREIGN = {
    "nothing": b"",
    "not MessagePack": b"\xc1\xc1\xc1",
    "another shape": msgspec.msgpack.encode({"maker": state.maker(), "files": []}),
    "another type": msgspec.msgpack.encode([1, 2, 3]),
    "cut short": packed(state.maker())[:-2],
    "of other code": packed("another"),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_a_state_that_cannot_be_used_is_an_empty_one(tmp_path: Path, output: Path, data: bytes) -> None:
    remember(place(tmp_path, output, "state"), packed(state.maker()))
    assert state.load(tmp_path, output).files.keys() == {"a"}
    remember(place(tmp_path, output, "state"), data)
    assert state.load(tmp_path, output) == State()


@pytest.mark.parametrize("damage", ["emptied", "cut short", "a bit flipped", "text"])
def test_a_damaged_state_is_an_empty_one(tmp_path: Path, output: Path, damage: str) -> None:
    state.save(tmp_path, output, {"index.html": kept(output)})
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
