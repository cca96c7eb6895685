"""The manifest: what a site is made of, published with it.

`manifest.json` lists every file of the site but itself with the SHA-256 of its bytes. It proves a copy
complete, tells our files from strangers', and names what an earlier build left to delete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

NAME = "manifest.json"
VERSION = 1
_INDENT = b"  "
#: The bytes of a file, in one or in parts, so that long ones need not be put together.
Data: TypeAlias = bytes | Sequence[bytes | memoryview]


class Manifest(Struct, frozen=True):
    """The published list; paths are relative to the site, with `/` between folders."""

    #: Version of this list's form.
    factsheet: int
    #: SHA-256, hexadecimal, of each file's bytes by its path.
    files: dict[str, str]
    #: While a site is sent to a host: paths that may hold what they held before.
    unsure: frozenset[str] = frozenset()
    #: While a site is sent to a host: paths of files that are no more of it, and may still be there.
    gone: frozenset[str] = frozenset()

    @property
    def owned(self) -> dict[str, str]:
        """Every file that may be there and is ours, with its digest; empty where that is not known."""
        return {**dict.fromkeys(sorted(self.gone), ""), **self.files}

    @property
    def is_final(self) -> bool:
        """Whether the site was sent to its end."""
        return not self.unsure and not self.gone


def dumps(files: Mapping[str, str], unsure: Collection[str] = (), gone: Collection[str] = ()) -> bytes:
    """The list as JSON, in the order of the paths, a line for each, so that versions compare well."""
    document: dict[str, object] = {"factsheet": VERSION, "files": dict(sorted(files.items()))}
    if unsure:
        document["unsure"] = sorted(unsure)
    if gone:
        document["gone"] = sorted(gone)
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def edited(written: bytes, changed: Mapping[str, str]) -> bytes | None:
    """The bytes of a list in which some files have other digests; None where one of them is not in it.

    The list is long, so it is changed where it stands: a line is sought by halves, since paths are in order.
    """
    data = bytearray(written)
    first = written.find(b"\n  ") + 1
    last = written.rfind(b"\n }") + 1
    for path, sha256 in changed.items():
        start, end = first, last
        while start < end:
            line = written.rfind(b"\n", start - 1, (start + end) // 2) + 1
            stop = written.index(b"\n", line) + 1
            quoted = written.rfind(b'": "', line, stop) + 1
            if quoted < line + len(_INDENT) + 1:
                return None
            found = msgspec.json.decode(written[line:quoted], type=str)
            if found == path:
                at = quoted + len(b': "')
                data[at : at + len(sha256)] = sha256.encode()
                break
            start, end = (stop, end) if found < path else (start, line)
        else:
            return None
    return bytes(data)


def load(folder: Path) -> Manifest | None:
    """The manifest of a folder; None when there is none or it is not one of ours.

    Raises `OSError` when it is there and cannot be read: our own files would be taken for strangers'.
    """
    try:
        return loads((folder / NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def loads(data: bytes) -> Manifest | None:
    """The manifest that bytes hold; None when it is not one of ours."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except ValueError:  # `DecodeError` and `UnicodeDecodeError` are kinds of it
        return None
    paths = (*manifest.files, *manifest.gone)
    safe = all(part not in ("", ".", "..") for path in paths for part in path.split("/"))
    return manifest if manifest.factsheet == VERSION and safe else None


def digest(data: Data) -> str:
    """SHA-256 of bytes, hexadecimal."""
    found = hashlib.sha256()
    for part in parts(data):
        found.update(part)
    return found.hexdigest()


def parts(data: Data) -> Sequence[bytes | memoryview]:
    """The parts of a file one after the other."""
    return (data,) if isinstance(data, bytes) else data


class Verdict(Struct, frozen=True):
    """How a folder compares with its manifest."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    #: Files that the manifest does not list.
    foreign: tuple[str, ...]
    #: How many files were compared.
    files: int

    @property
    def complete(self) -> bool:
        """Whether every listed file is there, byte for byte."""
        return not self.missing and not self.changed


def verify(folder: Path) -> Verdict | None:
    """Compare every listed file with its digest; None when the folder has no manifest of ours."""
    manifest = load(folder)
    if manifest is None:
        return None
    missing, changed = [], []
    for path, wanted in manifest.files.items():
        try:
            data = (folder / path).read_bytes()
        except OSError:
            missing.append(path)
            continue
        if digest(data) != wanted:
            changed.append(path)
    there = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if not p.is_dir())
    foreign = [p for p in there if p not in manifest.owned and p != NAME]
    return Verdict(tuple(missing), tuple(changed), tuple(foreign), len(manifest.files))
