"""Whatever rclone reaches as a target: WebDAV, SFTP, a drive of some company.

One listing tells what is there. Where the host gives digests for nothing, these are compared; elsewhere the
manifest is believed, and what it is not sure of is compared by rclone. Files go in lists, a run of rclone for
each stage.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from generator import manifest
from generator.programs import Failed, ask, emptied, folder_with, list_of, need, read_or_none
from generator.sending import Built, File, Found, Refused, Sent, from_listing, nobody
from generator.turn import turn

#: rclone's exit codes for a folder and for a file that is not there.
_ABSENT = (3, 4)
#: Digests that both rclone and we know, the best first.
_DIGESTS = ("sha256", "sha1", "md5")


class _Host(Struct, frozen=True):
    """What rclone knows of a host."""

    #: The digest it gives with a listing; empty where it gives none for nothing.
    quick: str
    #: Whether it can work out any.
    some: bool
    #: Whether it has folders.
    folders: bool


class Rclone:
    """A folder that rclone reaches."""

    def __init__(self, place: str, root: Path) -> None:
        """`place`: `REMOTE:FOLDER` as rclone has it. Raises `Refused` where that cannot be."""
        if ":" not in place or place.startswith("-") or not place.strip(":"):
            raise Refused(f"{place!r} is no place for rclone; write  rclone:REMOTE:FOLDER")
        need("rclone", "rclone")
        self._place = place.rstrip("/")
        self._root = root
        self._there: set[str] = set()
        self._told: _Host | None = None

    def refusal(self, here: Mapping[str, File]) -> str:
        """Nothing is known against it."""
        return ""

    @property
    def _host(self) -> _Host:
        if self._told is None:
            known = json.loads(self._ask("backend", "features", self._place))
            able, hashes = known.get("Features", {}), known.get("Hashes") or []
            fast = [name for name in _DIGESTS if name in hashes and not able.get("SlowHash")]
            self._told = _Host(fast[0] if fast else "", bool(hashes), not able.get("BucketBased"))
        return self._told

    def found(self, built: Built) -> Found:
        """What is there, told by one listing."""
        quick = self._host.quick
        digests = ["--hash", "--hash-type", quick] if quick else []
        try:
            told = self._ask(
                *("lsjson", "--recursive", "--files-only", "--fast-list", "--no-modtime", "--no-mimetype"),
                *(*digests, self._place),
            )
        except Failed as failed:
            if failed.code not in _ABSENT:
                raise
            told = b"[]"
        sizes = {each["Path"]: int(each["Size"]) for each in json.loads(told)}
        hashes = {each["Path"]: each.get("Hashes", {}).get(quick, "") for each in json.loads(told)}
        self._there = set(sizes)
        listing = self.read(manifest.NAME)[0] if manifest.NAME in sizes else None
        known = bool(quick) and all(hashes.values())

        def same(paths: Sequence[str]) -> Collection[str]:
            if not known:
                return self._same(built.folder, paths)
            return [path for path in paths if hashes[path] == _digest(quick, built.folder / path)]

        return from_listing(built, sizes, listing, same, known=known)

    def _same(self, folder: Path, paths: Sequence[str]) -> Collection[str]:
        read = [] if self._host.some else ["--download"]
        with list_of(paths, "\n") as names:
            try:
                told = self._ask(
                    *("check", "--one-way", *read, "--files-from-raw", names, "--combined", "-"),
                    *(str(folder), self._place),
                )
            except Failed as failed:  # as it says when some differ
                told = failed.answer
        return {line[2:] for line in told.decode().splitlines() if line.startswith("= ")}

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there."""
        return turn(self, self._root, f"rclone:{self._place}", found)

    def read(self, *paths: str) -> list[bytes | None]:
        """The bytes of files; None for one that is not there."""
        with tempfile.TemporaryDirectory(prefix="factsheet-") as folder, list_of(paths, "\n") as names:
            self._ask("copy", "--no-traverse", "--files-from-raw", names, self._place, folder)
            return [read_or_none(Path(folder, path)) for path in paths]

    def create(self, path: str, data: bytes) -> None:
        """Write a file where there is none; two who do so at once are told apart when they look again."""
        with folder_with(path, data) as folder:
            self._copy(folder, [path], "--ignore-existing")

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Send files of the site."""
        self._copy(built.folder, paths, "--no-check-dest")
        sent(len(paths))

    def write(self, path: str, data: bytes) -> None:
        """Send one file with these bytes."""
        with folder_with(path, data) as folder:
            self._copy(folder, [path], "--no-check-dest")

    def _copy(self, folder: Path, paths: Sequence[str], *options: str) -> None:
        if strange := [path for path in paths if "\n" in path]:
            raise Refused(f"rclone takes no list with {strange[0]!r}")
        with list_of(paths, "\n") as names:
            self._ask(
                *("copy", "--no-traverse", "--transfers", "8", *options, "--files-from-raw", names),
                *(str(folder), self._place),
            )
        self._there.update(paths)

    def delete(self, paths: Sequence[str]) -> None:
        """Remove files, and the folders that are empty without them."""
        with list_of(paths, "\n") as names:
            self._ask("delete", "--files-from-raw", names, self._place)
        self._there.difference_update(paths)
        for folder in emptied(paths, self._there) if self._host.folders else ():
            with contextlib.suppress(Failed):  # somebody's empty folder is in it
                self._ask("rmdir", self._at(folder))

    def finish(self) -> None:
        """Every file is seen as soon as it is there."""

    def _at(self, path: str) -> str:
        return f"{self._place}{'' if self._place.endswith(':') else '/'}{path}"

    def _ask(self, *arguments: str) -> bytes:
        return ask(["rclone", *arguments])


def _digest(kind: str, file: Path) -> str:
    return hashlib.new(kind, file.read_bytes(), usedforsecurity=False).hexdigest()
