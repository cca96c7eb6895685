"""The twin: a second tree that shares every file with the site, so that an edit costs what it changes.

After a build that changed little, the tree that was the site until then is kept, hidden. The next such build
brings it up to date by hard links, puts the few new files into it, and lets the two change places. A name in
the twin is right when it leads to the file (the inode) that the name leads to in the output. A twin that
cannot be had is no mistake: the whole site is laid out anew then.

What an exchange left is noted: the files in which the trees differ, and what `stat` told of every folder of
both. A name that comes or goes changes the times of its folder; so while the folders stand as noted, only
those files are linked anew, and no folder is listed. Else, and without a note, all of both trees is compared.
That takes longer than making a page, so another process does it while the pages are made. What is put waits
in a third folder until both are done.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from generator import memory, write
from generator.aside import Answer, aside, write_all
from generator.manifest import Data, parts
from generator.stats import Seen

#: Modification time and change time of a folder in nanoseconds, and its inode.
_Stamp: TypeAlias = tuple[int, int, int]


class NoTwin(Exception):
    """The file system has no second tree for us: no hard links here, no exchange, or too much going on."""


class _Note(Struct, frozen=True):
    """How an exchange left the two trees; folders by path, the outermost as ""."""

    output: dict[bytes, _Stamp]
    twin: dict[bytes, _Stamp]
    #: Files of either tree that the other lacks, or has another of.
    differing: frozenset[bytes]


class _Caught(Struct, frozen=True):
    """How the twin was brought up to date."""

    #: Paths that were linked.
    linked: list[bytes]
    #: The folders of the output, each as it stood before it was looked at.
    folders: dict[bytes, _Stamp]


class Twin:
    """The new site as the twin of the old one until it takes its place.

    Leaving the context with an exception removes the twin; the output is untouched.
    """

    def __init__(self, output: Path, place: Path, jobs: int = 1) -> None:
        self.output = output.resolve()
        self._place = place
        self._waiting = _waiting(place)
        self._note = place.with_name(f"{place.name}.note")
        self._jobs = jobs
        self._lock = contextlib.ExitStack()
        self._put: set[str] = set()
        self._dropped: list[str] = []
        self._answer: Answer | None = None
        self._caught: _Caught | None = None
        self._left: _Note | None = None

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
            if self._answer:
                with contextlib.suppress(OSError, NoTwin):
                    self._answer()  # nobody works in the folder while it is removed
            _remove(self._place)
        elif self._left:
            memory.remember(self._note, msgspec.msgpack.encode(self._left))
        _remove(self._waiting)
        self._lock.close()

    def catch_up(self) -> None:
        """Begin to bring the twin up to date with the output."""
        try:
            self._caught = self._as_noted()
        except OSError as error:
            raise NoTwin(str(error)) from error
        if self._caught is None:
            self._answer = aside(lambda: msgspec.msgpack.encode(self._compared()), self._jobs)

    def _up_to_date(self) -> _Caught:
        """How the twin was brought up to date; waits for it."""
        if self._caught is None:
            assert self._answer is not None, "nobody asked for it"
            self._caught = msgspec.msgpack.decode(self._answer(), type=_Caught)
        return self._caught

    def _as_noted(self) -> _Caught | None:
        """Link what is noted as differing; None where the trees are not as the note has them."""
        note = memory.recall_as(self._note, _Note)
        if (
            note is None
            or note.output.keys() != note.twin.keys()
            or _stamps(self.output, note.output) != note.output
            or _stamps(self._place, note.twin) != note.twin
        ):
            return None
        linked = []
        for name in sorted(note.differing):
            path = os.fsdecode(name)
            there, here = self.output / path, self._place / path
            here.unlink(missing_ok=True)
            if os.path.lexists(there):
                os.link(there, here, follow_symlinks=False)
                linked.append(name)
        return _Caught(linked, note.output)

    def _compared(self) -> _Caught:
        """Compare all of both trees."""
        caught = _Caught([], {})
        self._place.mkdir(parents=True, exist_ok=True)
        self._match("", caught)
        return caught

    def _match(self, folder: str, caught: _Caught) -> None:
        """Let a folder of the twin hold what that of the output holds."""
        caught.folders[os.fsencode(folder.rstrip("/"))] = _stamp(self.output / folder)
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
                self._match(f"{path}/", caught)
            elif here.get(name) != (inode, False):
                os.link(self.output / path, self._place / path, follow_symlinks=False)
                caught.linked.append(os.fsencode(path))

    def put(self, path: str, data: Data) -> Seen | None:
        """Write a file of the new site; another process may do so as well. It is moved once more, so what
        `stat` will tell of it is not known yet.
        """
        file = self._waiting / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "wb", 0) as opened:
            for part in parts(data):
                write_all(opened.fileno(), part)
        return None

    def keep(self, path: str) -> None:
        """Take over a file of the old site as it stands; it is there already."""

    def drop(self, path: str) -> None:
        """Leave out a file of the old site, and the folders that it leaves empty."""
        self._dropped.append(path)

    def publish(self) -> set[str]:
        """Let the twin take the place of the output, as one step, and the output that of the twin.

        With nothing put and nothing dropped, nothing is exchanged. Gives the paths that were brought up to
        date: making a link changes the times of the file it leads to. Raises `NoTwin` where there is none,
        where the two cannot change places, or where somebody else worked in the output meanwhile; the old
        site is then untouched.
        """
        try:
            caught = self._up_to_date()
            folders = self._settle(caught.folders)
            if folders is not None:
                self._exchange(caught.folders, folders)
        except OSError as error:
            raise NoTwin(str(error)) from error
        return {os.fsdecode(name) for name in caught.linked}

    def _exchange(self, before: dict[bytes, _Stamp], after: set[bytes]) -> None:
        """Let the trees change places, and note how that leaves them: folders before, and folders after."""
        marked = [self._mark(folder) for folder in after]
        if _stamps(self.output, before) != before:
            raise NoTwin("somebody else changed the output meanwhile")
        if not write.exchange(self.output, self._place):
            raise NoTwin("there is no exchange here")
        if all(marked):
            differing = frozenset(map(os.fsencode, self._put.union(self._dropped)))
            self._left = _Note(_stamps(self.output, after), _stamps(self._place, before), differing)

    def _mark(self, folder: bytes) -> bool:
        """Give a folder of the twin a time that no later change can give it; False where that is refused.

        Two changes within one tick of the clock leave the same time. One that came after the next exchange
        shows, since the time was set to just before the last tick.
        """
        path = self._place / os.fsdecode(folder)
        now = os.stat(path)
        try:
            os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns - 1))
        except OSError:
            return False
        return True

    def _settle(self, known: Iterable[bytes]) -> set[bytes] | None:
        """Move what was put into the twin, by name: a file that is there is the old site's as well.

        Gives the folders of the twin, given those it had; None when nothing was put or dropped.
        """
        folders = set(known)
        for folder, _, names in os.walk(self._waiting, onerror=write.raised):
            inner = Path(folder).relative_to(self._waiting)
            there = self._place / inner
            there.mkdir(parents=True, exist_ok=True)
            if names:
                ways = (inner, *inner.parents)
                folders.update(b"" if each == Path() else os.fsencode(each.as_posix()) for each in ways)
            for name in names:
                os.replace(os.path.join(folder, name), there / name)
                self._put.add((inner / name).as_posix())
        _remove(self._waiting)
        for path in self._dropped:
            file = self._place / path
            file.unlink()
            for above in file.parents:
                if above == self._place or any(above.iterdir()):
                    break
                above.rmdir()
                folders.discard(os.fsencode(above.relative_to(self._place).as_posix()))
        return folders if self._put or self._dropped else None


def tidy(place: Path) -> None:
    """Remove what an edit that was killed left waiting."""
    _remove(_waiting(place))


def _waiting(place: Path) -> Path:
    return place.with_name(f"{place.name}.new")


def _stamp(folder: Path) -> _Stamp:
    told = os.lstat(folder)
    return told.st_mtime_ns, told.st_ctime_ns, told.st_ino


def _stamps(tree: Path, folders: Iterable[bytes]) -> dict[bytes, _Stamp]:
    """How some folders of a tree stand; those that are gone are left out."""
    found = {}
    for folder in folders:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found[folder] = _stamp(tree / os.fsdecode(folder))
    return found


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
