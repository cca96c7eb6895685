"""Whatever rclone reaches as a target: WebDAV, SFTP, a drive of some company.

One listing tells what is there. Where the host gives digests for nothing, these are compared; elsewhere the
manifest is believed, and what it is not sure of is compared by rclone. Files go in lists, a run of rclone for
each stage.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import manifest
from generator.early import Early
from generator.kindred import Kindred
from generator.programs import Failed, ask, emptied, folder_with, list_of, need, read_or_none
from generator.sending import Built, File, Found, Refused, Sent, from_listing, nobody
from generator.turn import turn

#: rclone's exit codes for a folder and for a file that is not there.
_ABSENT = (3, 4)
#: A line that says what went wrong, among those that say what went well.
_COMPLAINT = re.compile(rb"[\d/]{10} [\d:]{8} (ERROR|NOTICE|CRITICAL|Failed|Fatal)").match
#: Digests that both rclone and we know, the best first.
_DIGESTS = ("sha256", "sha1", "md5")


#: Kinds of hosts at which rclone waits 10 ms before each request, three of them for a file, whatever the host
#: could take: several of it wait at the same time.
_WAITS = frozenset({"webdav"})
_AT_ONCE = 4
#: Files on their way at the same time.
_TRANSFERS = 8
#: Files that are worth several of it.
_MANY = 40


class _Host(Struct, frozen=True):
    """What rclone knows of a host."""

    #: Of which kind it is.
    kind: str
    #: The digest it gives with a listing; empty where it gives none for nothing.
    quick: str
    #: Whether it can work out any.
    some: bool
    #: Whether it has folders.
    folders: bool


class _There(Struct, frozen=True):
    """What was found at a host."""

    host: _Host
    sizes: dict[str, int]
    #: Digests, where they are given.
    hashes: dict[str, str]
    #: The bytes of the manifest there.
    listing: bytes | None


class Rclone:
    """A folder that rclone reaches."""

    prompts = False

    def __init__(self, place: str, root: Path) -> None:
        """`place`: `REMOTE:FOLDER` as rclone has it. Raises `Refused` where that cannot be."""
        if ":" not in place or place.startswith("-") or not place.strip(":"):
            raise Refused(f"{place!r} is no place for rclone; write  rclone:REMOTE:FOLDER")
        need("rclone", "rclone")
        self._place = place.rstrip("/")
        self._root = root
        self._early = Early(self._look)
        self._there: set[str] = set()
        self._host = _Host("", "", False, True)

    def refusal(self, here: Mapping[str, File]) -> str:
        """Nothing is known against it."""
        return ""

    def begin(self) -> None:
        """Ask for the list already."""
        self._early.begin()

    def found(self, built: Built) -> Found:
        """What is there, told by one listing."""
        there = msgspec.msgpack.decode(self._early.answer(), type=_There)
        self._host, self._there = there.host, set(there.sizes)
        known = bool(there.host.quick) and all(there.hashes.values())
        digests = Kindred(self._root, there.host.quick or "md5")

        def same(paths: Sequence[str]) -> Collection[str]:
            if not known:
                return self._same(built.folder, paths)
            found = [path for path in paths if there.hashes[path] == digests.of(built, path)]
            digests.keep()
            return found

        return from_listing(built, there.sizes, there.listing, same, known=known)

    def _look(self) -> bytes:
        """What rclone knows of the host, and what is there."""
        told = json.loads(self._ask("backend", "features", self._place))
        able, hashes = told.get("Features", {}), told.get("Hashes") or []
        fast = [name for name in _DIGESTS if name in hashes and not able.get("SlowHash")]
        kind = str(told.get("String", "")).partition(" ")[0]
        host = _Host(kind, fast[0] if fast else "", bool(hashes), not able.get("BucketBased"))
        digests = ["--hash", "--hash-type", host.quick] if host.quick else []
        try:
            listed = self._ask(
                *("lsjson", "--recursive", "--files-only", "--fast-list", "--no-modtime", "--no-mimetype"),
                *(*digests, self._place),
            )
        except Failed as failed:
            if failed.code not in _ABSENT:
                raise
            listed = b"[]"
        every = json.loads(listed)
        sizes = {each["Path"]: int(each["Size"]) for each in every}
        given = {each["Path"]: each.get("Hashes", {}).get(host.quick, "") for each in every if host.quick}
        listing = self.read(manifest.NAME)[0] if manifest.NAME in sizes else None
        return msgspec.msgpack.encode(_There(host, sizes, given, listing))

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
        return {line[2:] for line in told.decode(errors="replace").split("\n") if line.startswith("= ")}

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
        self._copy(built.folder, paths, "--no-check-dest", sent=sent)

    def write(self, path: str, data: bytes) -> None:
        """Send one file with these bytes."""
        with folder_with(path, data) as folder:
            self._copy(folder, [path], "--no-check-dest")

    def _copy(self, folder: Path, paths: Sequence[str], *options: str, sent: Sent = nobody) -> None:
        if strange := [path for path in paths if "\n" in path]:
            raise Refused(f"rclone takes no list with {strange[0]!r}")
        many = _AT_ONCE if self._host.kind in _WAITS and len(paths) >= _MANY else 1

        def told(line: bytes) -> bool:
            if b": Copied (" in line:
                sent(1)
            return not _COMPLAINT(line)

        def copy(some: Sequence[str]) -> None:
            with list_of(some, "\n") as names:
                self._ask(
                    *("copy", "--no-traverse", "--transfers", str(_TRANSFERS // many), *options),
                    *("--log-level", "INFO", "--stats", "0"),
                    *("--files-from-raw", names, str(folder), self._place),
                    told=told,
                )

        if many == 1:
            copy(paths)
        else:
            with ThreadPoolExecutor(many) as several:
                for done in [several.submit(copy, paths[at::many]) for at in range(many)]:
                    done.result()
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

    def _ask(self, *arguments: str, told: Callable[[bytes], bool] | None = None) -> bytes:
        return ask(["rclone", *arguments], told=told, merged=told is not None)
