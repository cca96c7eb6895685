"""Places a site is published to. A target tells what is there, and takes and removes files one by one.

A folder is one, on this computer or mounted from another; each file takes its place there as one step. The
other is in `branch.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from generator import manifest
from generator.sending import File, Found

_PART = ".factsheet-part"


class Refused(Exception):
    """A target that cannot be used, in words for the person at the terminal."""


class Target(Protocol):
    """Where a site goes."""

    def refusal(self, here: Mapping[str, File]) -> str:
        """Why this target would not take a site, in words; empty where nothing is known against it."""

    def found(self) -> Found:
        """What is there. Raises `Refused` or `OSError` where that cannot be told."""

    def put(self, path: str, data: bytes) -> None:
        """Send a file."""

    def delete(self, path: str) -> None:
        """Take a file away."""

    def finish(self) -> None:
        """Let readers see what was sent, where they do not yet."""


class Folder:
    """A folder that a web server, or a person, shows as it is."""

    def __init__(self, place: Path) -> None:
        self.place = place.resolve()

    def refusal(self, here: Mapping[str, File]) -> str:
        """A folder takes what fits on its disk."""
        return ""

    def found(self) -> Found:
        """What is there, by reading our files: what broke off, or was changed there, is seen."""
        if not self.place.exists():
            return Found()
        if not self.place.is_dir():
            raise Refused(f"{self.place} is a file; name a folder")
        listed = manifest.load(self.place)
        paths = listed.files if listed else {}
        ours: dict[str, File] = {}
        others = set()
        for folder, inner, names in os.walk(self.place, onerror=_raise):
            links = [name for name in inner if os.path.islink(os.path.join(folder, name))]
            for name in (*names, *links):
                file = Path(folder, name)
                path = file.relative_to(self.place).as_posix()
                if file.is_symlink() or (path not in paths and not (path == manifest.NAME and listed)):
                    if not name.endswith(_PART):
                        others.add(path)
                elif path != manifest.NAME:
                    data = file.read_bytes()
                    ours[path] = File(manifest.digest(data), len(data))
        return Found(ours, dict(paths), frozenset(others))

    def put(self, path: str, data: bytes) -> None:
        """Write a file beside its place, then let it take it."""
        file = self.place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}{_PART}")
        try:
            part.write_bytes(data)
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def delete(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        file = self.place / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.place or any(folder.iterdir()):
                break
            folder.rmdir()

    def finish(self) -> None:
        """Every file is seen as soon as it is there."""


def _raise(error: OSError) -> None:
    raise error  # what cannot be listed may be a stranger's
