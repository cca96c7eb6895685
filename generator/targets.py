"""Places a site is published to. A target tells what is there, and takes and removes files.

A folder is one, on this computer or mounted from another; each file takes its place there as one step. The
others are in `branch.py`, `bucket.py`, `rsync.py` and `rclone.py`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from generator import manifest
from generator.sending import LOCK, Built, File, Found, Refused
from generator.turn import turn

_PART = ".factsheet-part"


class Target(Protocol):
    """Where a site goes."""

    def refusal(self, here: Mapping[str, File]) -> str:
        """Why this target would not take a site, in words; empty where nothing is known against it."""

    def found(self, built: Built) -> Found:
        """What is there. Raises `Refused` or `OSError` where that cannot be told."""

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there. Raises `Refused` where somebody does."""

    def put(self, built: Built, paths: Sequence[str]) -> None:
        """Send files of the site, in any order. Raises `Refused` or `OSError` where that fails."""

    def write(self, path: str, data: bytes) -> None:
        """Send one file with these bytes."""

    def delete(self, paths: Sequence[str]) -> None:
        """Take files away, and the folders that are empty without them."""

    def finish(self) -> None:
        """Let readers see what was sent, where they do not yet."""


class Folder:
    """A folder that a web server, or a person, shows as it is."""

    def __init__(self, place: Path, root: Path) -> None:
        """`root`: the folder of the site."""
        self.place = place.resolve()
        self._root = root
        self._left: list[Path] = []
        self._made: set[Path] = set()

    def refusal(self, here: Mapping[str, File]) -> str:
        """A folder takes what fits on its disk."""
        return ""

    def found(self, built: Built) -> Found:
        """What is there, by reading our files: what broke off, or was changed there, is seen."""
        if not self.place.exists():
            return Found()
        if not self.place.is_dir():
            raise Refused(f"{self.place} is a file; name a folder")
        (listing,) = self.read(manifest.NAME)
        listed = manifest.loads(listing) if listing is not None else None
        paths = listed.files if listed else {}
        ours: dict[str, File] = {}
        others = set()
        for folder, inner, names in os.walk(self.place, onerror=_raise):
            links = [name for name in inner if os.path.islink(os.path.join(folder, name))]
            for name in (*names, *links):
                file = Path(folder, name)
                path = file.relative_to(self.place).as_posix()
                if name.endswith(_PART):
                    self._left.append(file)
                elif file.is_symlink() or (path not in paths and not (path == manifest.NAME and listed)):
                    others.add(path)
                elif path != manifest.NAME:
                    data = file.read_bytes()
                    ours[path] = File(manifest.digest(data), len(data))
        broken_off = bool(listed and listed.unsure)
        return Found(ours, dict(paths), frozenset(others - {LOCK}), broken_off, LOCK in others, listing)

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there."""
        return self._turn(found)

    @contextlib.contextmanager
    def _turn(self, found: Found) -> Iterator[None]:
        self.place.mkdir(parents=True, exist_ok=True)
        with turn(self, self._root, f"dir:{self.place}", found):
            for part in self._left:  # from a run that was killed
                part.unlink(missing_ok=True)
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

    def put(self, built: Built, paths: Sequence[str]) -> None:
        """Send files of the site."""
        for path in paths:
            self.write(path, built.read(path))

    def write(self, path: str, data: bytes) -> None:
        """Write a file beside its place, then let it take it."""
        file = self.place / path
        if file.parent not in self._made:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(file.parent)
        part = file.with_name(f".{file.name}{_PART}")
        try:
            part.write_bytes(data)
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def delete(self, paths: Sequence[str]) -> None:
        """Remove files, and the folders that are empty without them."""
        for path in paths:
            file = self.place / path
            file.unlink(missing_ok=True)
            for folder in file.parents:
                if folder == self.place or any(folder.iterdir()):
                    break
                folder.rmdir()
                self._made.discard(folder)

    def finish(self) -> None:
        """Every file is seen as soon as it is there."""


def _raise(error: OSError) -> None:
    raise error  # what cannot be listed may be a stranger's
