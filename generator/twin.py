"""The twin: a second tree that shares every file with the site, so that an edit costs what it changes.

After a build that changed little, the tree that was the site until then is kept, hidden. The next such build
brings it up to date by hard links, puts the few new files into it, and lets the two change places. That the
twin is right needs no record: a name in it is right when it leads to the file (the inode) that the name
leads to in the output. A twin that cannot be had is no mistake: the whole site is laid out anew then.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from generator import write


class NoTwin(Exception):
    """The file system has no second tree for us: no hard links here, or no exchange."""


class Twin:
    """The new site as the twin of the old one until it takes its place.

    Leaving the context with an exception removes the twin; the output is untouched.
    """

    def __init__(self, output: Path, place: Path) -> None:
        self.output = output.resolve()
        self._place = place
        self._lock = contextlib.ExitStack()
        #: Paths that were brought up to date: making a link changes the times of the file it leads to.
        self.linked: set[str] = set()

    def __enter__(self) -> Twin:
        self._lock.enter_context(write.alone(self.output.parent))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self._place, ignore_errors=True)
        self._lock.close()

    def catch_up(self) -> None:
        """Bring the twin up to date with the output. Raises `NoTwin` where that cannot be done."""
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            self._match("")
        except OSError as error:
            raise NoTwin(str(error)) from error

    def _match(self, folder: str) -> None:
        """Let a folder of the twin hold what that of the output holds."""
        shutil.copymode(self.output / folder, self._place / folder)
        there, here = _listed(self.output / folder), _listed(self._place / folder)
        for name, (inode, is_folder) in here.items():
            if (
                name not in there
                or there[name][1] != is_folder
                or (not is_folder and there[name][0] != inode)
            ):
                _remove(self._place / folder / name, is_folder)
        for name, (inode, is_folder) in there.items():
            path = f"{folder}{name}"
            if is_folder:
                if here.get(name, (0, False))[1] is False:
                    (self._place / path).mkdir()
                self._match(f"{path}/")
            elif here.get(name) != (inode, False):
                os.link(self.output / path, self._place / path, follow_symlinks=False)
                self.linked.add(path)

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the new site."""
        file = self._place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            file.unlink()  # never written into: it is the old site's file as well
        with open(file, "xb") as opened:
            opened.write(data)

    def keep(self, path: str) -> None:
        """Take over a file of the old site as it stands; it is there already."""

    def drop(self, path: str) -> None:
        """Leave out a file of the old site, and the folders that it leaves empty."""
        file = self._place / path
        file.unlink()
        for folder in file.parents:
            if folder == self._place or any(folder.iterdir()):
                break
            folder.rmdir()

    def publish(self) -> None:
        """Let the twin take the place of the output, as one step, and the output that of the twin.

        Raises `NoTwin` where the two cannot change places; the old site is then untouched.
        """
        try:
            exchanged = write.exchange(self.output, self._place)
        except OSError as error:
            raise NoTwin(str(error)) from error
        if not exchanged:
            raise NoTwin("there is no exchange here")


def _listed(folder: Path) -> dict[str, tuple[int, bool]]:
    """What a folder holds by name: the inode, and whether it is a folder; links are files."""
    with os.scandir(folder) as entries:
        return {e.name: (e.inode(), e.is_dir(follow_symlinks=False)) for e in entries}


def _remove(path: Path, is_folder: bool) -> None:
    shutil.rmtree(path) if is_folder else path.unlink()
