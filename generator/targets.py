"""Places a site is published to. A target tells what is there, and takes and removes files.

A folder is one, on this computer or mounted from another; each file takes its place there as one step. The
others are in `branch.py`, `bucket.py`, `rsync.py` and `rclone.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from generator import manifest, memory, stats, workers
from generator.aside import cores
from generator.early import Early
from generator.proof import Proved, proved
from generator.sending import LOCK, Built, File, Found, Refused, Sent, nobody
from generator.stats import Seen, Stats
from generator.turn import turn

_PART = ".factsheet-part"
#: Bytes of a name that leave room for what stands before and after it while a file is written.
_LONG = 200
#: Files that are read in one go; fewer are not worth a process.
_TOGETHER = 500


class Target(Protocol):
    """Where a site goes."""

    #: Whether somebody may be asked for a password while it is asked what is there.
    prompts: bool

    def refusal(self, here: Mapping[str, File]) -> str:
        """Why this target would not take a site, in words; empty where nothing is known against it."""

    def begin(self) -> None:
        """Begin to ask what is there, beside whatever else is done until somebody wants to know."""

    def found(self, built: Built) -> Found:
        """What is there. Raises `Refused` or `OSError` where that cannot be told."""

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there. Raises `Refused` where somebody does."""

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Send files of the site, in any order, and tell how many at a time.

        Raises `Refused` or `OSError` where that fails.
        """

    def write(self, path: str, data: bytes) -> None:
        """Send one file with these bytes."""

    def delete(self, paths: Sequence[str]) -> None:
        """Take files away, and the folders that are empty without them."""

    def finish(self) -> None:
        """Let readers see what was sent, where they do not yet."""


class _There(Struct, frozen=True):
    """What was found in a folder."""

    #: When, in nanoseconds.
    at: int
    ours: Stats
    others: frozenset[str]
    #: What a run that was killed left half written; a name need not be UTF-8.
    left: tuple[bytes, ...]
    #: The bytes of the manifest there.
    listing: bytes | None


class Folder:
    """A folder that a web server, or a person, shows as it is."""

    prompts = False

    def __init__(self, place: Path, root: Path) -> None:
        """`root`: the folder of the site."""
        self.place = place.resolve()
        self._root = root
        self._early = Early(self._look)
        self._left: tuple[bytes, ...] = ()
        self._made: set[str] = set()
        #: Our files there, as they stand now: what `stat` tells of each, and its digest.
        self._seen: dict[str, Seen] = {}
        self._sha256: dict[str, str] = {}

    def refusal(self, here: Mapping[str, File]) -> str:
        """A folder takes what fits on its disk."""
        return ""

    def begin(self) -> None:
        """Look through it already."""
        self._early.begin()

    def found(self, built: Built) -> Found:
        """What is there. A file is read unless it was before, and is as it was then (see `proof`)."""
        self._seen, self._sha256 = {}, {}
        there = msgspec.msgpack.decode(self._early.answer(), type=_There)
        self._left = there.left
        listed = manifest.loads(there.listing) if there.listing is not None else None
        seen = dict(there.ours.by_path)
        before = memory.recall_as(self._memory, Proved) or Proved()
        known = before.still(seen)
        unread = [path for path in seen if path not in known]
        known.update(self._read_all(unread))
        self._seen = seen
        self._sha256 = {path: known[path] for path in seen}
        if unread:
            self._remember(there.at)
        ours = {path: File(self._sha256[path], seen[path][0]) for path in seen}
        return Found(
            ours,
            listed.owned if listed else {},
            there.others - {LOCK},
            listed is not None and not listed.is_final,
            LOCK in there.others,
            there.listing,
        )

    def _look(self) -> bytes:
        """Which files are there, told by a walk: ours are those that the manifest there names."""
        at = time.time_ns()
        (listing,) = self.read(manifest.NAME)
        listed = manifest.loads(listing) if listing is not None else None
        ours = listed.owned if listed else {}
        seen = stats.Counting()
        others: set[str] = set()
        left: list[bytes] = []
        if self.place.exists() and not self.place.is_dir():
            raise Refused(f"{self.place} is a file; name a folder")
        todo = [""] if self.place.exists() else []
        while todo:
            folder = todo.pop()
            with os.scandir(f"{self.place}/{folder}") as entries:
                for entry in entries:
                    path = f"{folder}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(f"{path}/")
                    elif entry.name.endswith(_PART):
                        left.append(os.fsencode(path))
                    elif path in ours and entry.is_file(follow_symlinks=False):
                        seen.add(path, stats.seen(entry.stat(follow_symlinks=False)))
                    elif listed is None or path != manifest.NAME:
                        others.add(os.fsencode(path).decode(errors="replace"))
        return msgspec.msgpack.encode(_There(at, seen.done(), frozenset(others), tuple(left), listing))

    def _read_all(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The digests of files there, read on all cores."""

        def read(some: Sequence[str]) -> list[str]:
            return [_digest(f"{self.place}/{path}") for path in some]

        parts = workers.chunks(paths, cores(), _TOGETHER)
        for part, digests in zip(parts, workers.spread(read, parts, cores()), strict=True):
            yield from zip(part, digests, strict=True)

    @property
    def _memory(self) -> Path:
        name = hashlib.sha256(os.fsencode(self.place)).hexdigest()[:16]
        return self._root / memory.FOLDER / f"there-{name}"

    def _remember(self, at: int) -> None:
        memory.remember(self._memory, msgspec.msgpack.encode(proved(at, self._seen, self._sha256)))

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there."""
        return self._turn(found)

    @contextlib.contextmanager
    def _turn(self, found: Found) -> Iterator[None]:
        self._make_folder(str(self.place))
        with turn(self, self._root, f"dir:{self.place}", found):
            for part in self._left:  # from a run that was killed
                (self.place / os.fsdecode(part)).unlink(missing_ok=True)
            yield

    def read(self, *paths: str) -> list[bytes | None]:
        """The bytes of files; None for one that is not there."""
        found: list[bytes | None] = []
        for path in paths:
            try:
                found.append((self.place / path).read_bytes())
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                found.append(None)
        return found

    def create(self, path: str, data: bytes) -> None:
        """Write a file where there is none."""
        with contextlib.suppress(FileExistsError), (self.place / path).open("xb") as file:
            file.write(data)

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Send files of the site, on all cores where there are many."""
        for path in paths:
            self._make_folder(f"{self.place}/{path}".rpartition("/")[0])

        def write(some: Sequence[str]) -> list[Seen]:
            return [self._write(path, built.pieces(path)) for path in some]

        parts = workers.chunks(paths, cores(), _TOGETHER)
        if len(parts) < 2:
            parts = [[path] for path in paths]
        many = cores() if len(paths) > _TOGETHER else 1
        for part, seen in zip(
            parts, workers.spread(write, parts, many, told=lambda s: sent(len(s))), strict=True
        ):
            self._seen.update(zip(part, seen, strict=True))
        self._sha256.update((path, built.files[path].sha256) for path in paths)

    def write(self, path: str, data: bytes) -> None:
        """Write a file beside its place, then let it take it."""
        self._make_folder(f"{self.place}/{path}".rpartition("/")[0])
        self._write(path, (data,))
        self._seen.pop(path, None)

    def _make_folder(self, folder: str) -> None:
        """Make a folder where there is none, and those above it; a web server must be able to enter."""
        if folder in self._made:
            return
        if not os.path.isdir(folder):
            self._make_folder(os.path.dirname(folder))
            os.mkdir(folder)
            os.chmod(folder, 0o755)
        self._made.add(folder)

    def _write(self, path: str, pieces: Iterable[bytes]) -> Seen:
        place = f"{self.place}/{path}"
        folder, _, name = place.rpartition("/")
        if len(os.fsencode(name)) > _LONG:
            name = hashlib.sha256(os.fsencode(name)).hexdigest()
        part = f"{folder}/.{name}{_PART}"
        try:
            with open(part, "wb", buffering=0) as file:
                os.chmod(file.fileno() if os.chmod in os.supports_fd else part, 0o644)  # to be read by all
                for piece in pieces:
                    left = memoryview(piece)
                    while left:
                        left = left[file.write(left) :]
            os.replace(part, place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            raise
        return stats.seen(os.lstat(place))

    def delete(self, paths: Sequence[str]) -> None:
        """Remove files, and the folders that are empty without them."""
        for path in paths:
            self._seen.pop(path, None)
            file = self.place / path
            file.unlink(missing_ok=True)
            for folder in file.parents:
                if folder == self.place or any(folder.iterdir()):
                    break
                folder.rmdir()
                self._made.discard(str(folder))

    def finish(self) -> None:
        """Every file is seen as soon as it is there; what is there is put down for the next time."""
        self._remember(time.time_ns())


def _digest(file: str) -> str:
    with open(file, "rb", buffering=0) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
