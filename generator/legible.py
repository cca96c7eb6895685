"""The words that can be read in a file, whatever its kind: a text, a picture with a caption, an archive.

In: the bytes of a file. Out: text, with its markup where the file is a text itself. What is encrypted, or
drawn and not written as in most PDF files, cannot be read here.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

#: Bytes of an archive that are unpacked at most; a few kilobytes may claim to be as large as a disk.
_UNPACKED = 100_000_000
#: Bytes of a file that is read whole, and of a piece of one that is not.
_LARGE, _PIECE = 64_000_000, 16_000_000
_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
#: What begins an archive; the files of word processors are of the first kind.
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b\x08"


def read(file: str) -> tuple[str, bytes]:
    """Return the SHA-256 of a file, and its bytes as far as they may hold words.

    Of a large file that is no text, such as a film, these are its first and its last: there programs write
    what people are to read.
    """
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    cut = False
    with open(file, "rb", buffering=0) as opened:
        whole = os.fstat(opened.fileno()).st_size <= _LARGE
        plain = True
        while piece := opened.read(_LARGE if whole else _PIECE):
            digest.update(piece)
            plain = plain and (whole or b"\0" not in piece)
            if not plain and len(pieces) > 2:
                del pieces[1:-1]  # the first stays, and the last two in the end
                cut = True
            pieces.append(piece)
    if cut:
        pieces.insert(1, b"\0")
    return digest.hexdigest(), b"".join(pieces)


def text_of(data: bytes, *, unpack: bool = True) -> str:
    """Return what can be read in the bytes of a file; in an archive, and not in one within it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" not in data:  # an archive is never without
        return data.decode("utf-8", "replace")
    if unpack and data.startswith(_ZIP) and (found := list(_in_zip(data))):
        return "\n".join(found)
    if unpack and data.startswith(_GZIP):
        with contextlib.suppress(zlib.error):
            held = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, _UNPACKED)
            return text_of(held, unpack=False)
    return "\n".join(_between(data))


def _between(data: bytes) -> Iterator[str]:
    """Runs of letters among other bytes, in UTF-8 and, as some programs write, two bytes for each."""
    for run in re.finditer(rb"[\t\n\r\x20-\x7e\x80-\xff]{20,}", data):
        yield run[0].decode("utf-8", "replace")
    for encoding, pattern in (
        ("utf-16-le", rb"(?:[\t\n\r\x20-\x7e]\0){20,}"),
        ("utf-16-be", rb"(?:\0[\t\n\r\x20-\x7e]){20,}"),
    ):
        for run in re.finditer(pattern, data):
            yield run[0].decode(encoding)


def _in_zip(data: bytes) -> Iterator[str]:
    """The names and texts of an archive's files, without markup: there it says how words look."""
    import zipfile  # slow to load, and few sites hold one

    left = _UNPACKED
    with (
        # Damaged, encrypted, or packed in a way that Python does not know.
        contextlib.suppress(zipfile.BadZipFile, RuntimeError, OSError, EOFError, zlib.error),
        zipfile.ZipFile(io.BytesIO(data)) as archive,
    ):
        for each in archive.infolist():
            yield each.filename
            with archive.open(each) as file:
                held = file.read(left)
            left -= len(held)
            text = text_of(held, unpack=False)
            yield re.sub(r"<[^>]*>", " ", text) if each.filename.endswith((".xml", ".html")) else text
