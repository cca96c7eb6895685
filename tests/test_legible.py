"""What can be read in a file, whatever its kind."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import legible
from generator.legible import text_of

SAID = "The ferry leaves at nine in the evening."
NOISE = bytes(range(256))


def packed(held: dict[str, bytes], *, lock: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    data = made.getvalue()
    # The bit that says "encrypted", in both lists of the archive.
    return data.replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0") if lock else data


DOCUMENT = f"<w:p><w:t>The </w:t></w:p><w:p>{SAID[4:]}</w:p>".encode()
CASES = {
    "text": SAID.encode(),
    "with a mark": b"\xef\xbb\xbf" + SAID.encode(),
    "two bytes a letter": SAID.encode("utf-16"),
    "the other way round": b"\xfe\xff" + SAID.encode("utf-16-be"),
    "among others": NOISE + SAID.encode() + NOISE,
    "two bytes, among others": NOISE + SAID.encode("utf-16-le") + NOISE,
    "two bytes, the other way round": NOISE + SAID.encode("utf-16-be") + NOISE,
    "compressed": gzip.compress(SAID.encode()),
    "a document": packed({"word/document.xml": DOCUMENT}),
    "an archive": packed({"a/b.txt": SAID.encode(), "c.png": NOISE}),
    "an archive's names": packed({f"{SAID}.txt": b"x"}),
}


@pytest.mark.parametrize("data", CASES.values(), ids=CASES)
def test_words_are_read_in_files_of_any_kind(data: bytes) -> None:
    assert SAID in " ".join(text_of(data).split())


def test_an_archive_in_an_archive_is_not_unpacked_without_end() -> None:
    inner = packed({"a.txt": SAID.encode() * 9})
    assert SAID not in text_of(packed({"inner.zip": inner}))
    assert "inner.zip" in text_of(packed({"inner.zip": inner}))


def test_of_an_archive_no_more_is_unpacked_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.legible._UNPACKED", 1000)
    many = packed({f"{number}.txt": b"y" * 900 for number in range(9)})
    assert text_of(many).count("y") == 1000
    assert len(text_of(gzip.compress(b"x" * 9000))) == 1000


@pytest.mark.parametrize(
    "data", [packed({"a.txt": b"x" * 99}, lock=True), gzip.compress(os.urandom(99))[:40]]
)
def test_what_is_encrypted_or_damaged_is_no_mistake_of_ours(data: bytes) -> None:
    assert "xxx" not in text_of(data)


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\3\4", b"\x1f\x8b\x08", b"\xff\xfe"]))
def test_any_bytes_can_be_asked(data: bytes, head: bytes) -> None:
    assert isinstance(text_of(head + data), str)


def test_of_a_large_file_its_ends_are_read_unless_it_is_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(legible, "_LARGE", 300)
    monkeypatch.setattr(legible, "_PIECE", 100)
    film, text = tmp_path / "film", tmp_path / "text"
    film.write_bytes(b"first" + bytes(400) + b"middle" + bytes(400) + b"last")
    text.write_bytes(b"first" + b"x" * 400 + b"middle" + b"x" * 400 + b"last")
    for file in (film, text):
        digest, held = legible.read(str(file))
        assert digest == hashlib.sha256(file.read_bytes()).hexdigest()
        assert held.startswith(b"first")
        assert held.endswith(b"last")
        assert (b"middle" in held) is (file == text)
    whole = film.read_bytes()
    assert legible.read(str(film))[1] == whole[:100] + b"\0" + whole[700:]
