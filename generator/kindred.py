"""Digests of other kinds than ours, by which some hosts know a file: worked out once for the same bytes.

In: the files of a built site. Out: the digest that git, a bucket or a drive gives such a file. Two files with
one SHA-256 have the same of every other kind, so what was worked out once holds for ever; what the site no
longer has is forgotten.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from generator import memory
from generator.sending import Built


class Kindred:
    """Digests of one kind, by SHA-256."""

    def __init__(self, root: Path, kind: str) -> None:
        """`root`: the folder of the site; `kind`: as `hashlib` calls it, or `git-` before that."""
        self._file = root / memory.FOLDER / f"digests-{kind}"
        self._algorithm = kind.removeprefix("git-")
        self._head = b"blob %d\0" if kind != self._algorithm else b""
        self._known = memory.recall_as(self._file, dict[str, str]) or {}
        self._used: dict[str, str] = {}

    def of(self, built: Built, path: str) -> str:
        """The digest of a file. Raises `Refused` where its bytes are not those that were looked at."""
        sha256 = built.files[path].sha256
        found = self._known.get(sha256) or self.of_bytes(built.read(path))
        self._used[sha256] = found
        return found

    def of_bytes(self, data: bytes) -> str:
        """The digest of some bytes."""
        head = self._head % len(data) if self._head else b""
        return hashlib.new(self._algorithm, head + data, usedforsecurity=False).hexdigest()

    def learn(self, sha256: str, other: str) -> None:
        """Take in what a host made of a file that it was sent."""
        self._used[sha256] = other

    def keep(self) -> None:
        """Remember those that were asked for since."""
        if self._used.keys() != self._known.keys():
            memory.remember(self._file, msgspec.msgpack.encode(self._used))
            self._known = dict(self._used)
