"""The twin: a second tree that shares every file with the site, so that an edit costs what it changes.

After a build that changed little, the tree that was the site until then is kept, hidden. The next such build
brings it up to date by hard links, puts the few new files into it, and lets the two change places. That the
twin is right needs no record: a name in it is right when it leads to the file (the inode) that the name
leads to in the output. A twin that cannot be had is no mistake: the whole site is laid out anew then.

Bringing it up to date takes longer than making a page, so another process does it while the pages are made.
What is put waits in a third folder until both are done.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from generator import write
from generator.aside import Answer, aside
from generator.stats import Seen


class NoTwin(Exception):
    """The file system has no second tree for us: no hard links here, or no exchange."""


class Twin:
    """The new site as the twin of the old one until it takes its place.

    Leaving the context with an exception removes the twin; the output is untouched.
    """

    def __init__(self, output: Path, place: Path, jobs: int = 1) -> None:
        self.output = output.resolve()
        self._place = place
        self._waiting = _waiting(place)
        self._jobs = jobs
        self._lock = contextlib.ExitStack()
        self._dropped: list[str] = []
        self._caught: Answer | None = None
        #: Paths that were brought up to date: making a link changes the times of the file it leads to. Known
        #: once the twin is published.
        self.linked: set[str] = set()

    def __enter__(self) -> Twin:
        self._lock.enter_context(write.alone(self.output.parent))
        _remove(self._waiting)
        try:
            self._waiting.mkdir(parents=True)  # empty, or what an earlier edit left would be published
        except OSError as error:
            self._lock.close()
            raise NoTwin(str(error)) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            if self._caught:
                with contextlib.suppress(OSError):
                    self._caught()  # nobody works in the folder while it is removed
            _remove(self._place)
        _remove(self._waiting)
        self._lock.close()

    def catch_up(self) -> None:
        """Begin to bring the twin up to date with the output."""
        self._caught = aside(self._catch_up, self._jobs)

    def _catch_up(self) -> bytes:
        """Bring the twin up to date, and name the paths that were linked, each ended by a zero character."""
        linked: list[str] = []
        self._place.mkdir(parents=True, exist_ok=True)
        self._match("", linked)
        return "".join(f"{path}\0" for path in linked).encode(errors="surrogateescape")

    def _match(self, folder: str, linked: list[str]) -> None:
        """Let a folder of the twin hold what that of the output holds."""
        shutil.copymode(self.output / folder, self._place / folder)
        there, here = _listed(self.output / folder), _listed(self._place / folder)
        for name, (inode, is_folder) in here.items():
            if (
                name not in there
                or there[name][1] != is_folder
                or (not is_folder and there[name][0] != inode)
            ):
                away = self._place / folder / name
                shutil.rmtree(away) if is_folder else away.unlink()
        for name, (inode, is_folder) in there.items():
            path = f"{folder}{name}"
            if is_folder:
                if here.get(name, (0, False))[1] is False:
                    (self._place / path).mkdir()
                self._match(f"{path}/", linked)
            elif here.get(name) != (inode, False):
                os.link(self.output / path, self._place / path, follow_symlinks=False)
                linked.append(path)

    def put(self, path: str, data: bytes) -> Seen | None:
        """Write a file of the new site; another process may do so as well. It is moved once more, so what
        `stat` will tell of it is not known yet.
        """
        file = self._waiting / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return None

    def keep(self, path: str) -> None:
        """Take over a file of the old site as it stands; it is there already."""

    def drop(self, path: str) -> None:
        """Leave out a file of the old site, and the folders that it leaves empty."""
        self._dropped.append(path)

    def publish(self) -> None:
        """Let the twin take the place of the output, as one step, and the output that of the twin.

        Raises `NoTwin` where there is none or the two cannot change places; the old site is then untouched.
        """
        assert self._caught is not None
        try:
            self.linked = set(self._caught().decode(errors="surrogateescape").split("\0")[:-1])
            self._settle()
            exchanged = write.exchange(self.output, self._place)
        except OSError as error:
            raise NoTwin(str(error)) from error
        if not exchanged:
            raise NoTwin("there is no exchange here")

    def _settle(self) -> None:
        """Move what was put into the twin, by name: a file that is there is the old site's as well."""
        for folder, _, names in os.walk(self._waiting, onerror=write.raised):
            there = self._place / Path(folder).relative_to(self._waiting)
            there.mkdir(parents=True, exist_ok=True)
            for name in names:
                os.replace(os.path.join(folder, name), there / name)
        _remove(self._waiting)
        for path in self._dropped:
            file = self._place / path
            file.unlink()
            for above in file.parents:
                if above == self._place or any(above.iterdir()):
                    break
                above.rmdir()


def tidy(place: Path) -> None:
    """Remove what an edit that was killed left waiting."""
    _remove(_waiting(place))


def _waiting(place: Path) -> Path:
    return place.with_name(f"{place.name}.new")


def _listed(folder: Path) -> dict[str, tuple[int, bool]]:
    """What a folder holds by name: the inode, and whether it is a folder; links are files."""
    with os.scandir(folder) as entries:
        return {e.name: (e.inode(), e.is_dir(follow_symlinks=False)) for e in entries}


def _remove(path: Path) -> None:
    """Remove what is there, a folder with all that it holds, as far as that can be done."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()
