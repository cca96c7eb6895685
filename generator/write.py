"""Writing: from bytes to a site that readers see whole, or not at all.

The new site is laid out in a hidden folder beside the output: unchanged files as hard links, changed ones
written anew (never in place, since a link shares its bytes), strangers' files carried along. Then the two
folders change places in one call of the operating system. A reader, or a crash at any instant, meets the
old site or the new one. Where the system has no such call (Windows, some network file systems) two renames
stand in for it: the old site is set aside first, and `recover` puts it back when the second never came.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator import manifest
from generator.problems import Place, Problem

#: Files that may lie in an otherwise empty output folder of a repository.
_PLACEHOLDERS = frozenset({".gitkeep", ".gitignore"})
_AT_FDCWD = -100 if sys.platform.startswith("linux") else -2
_EXCHANGE = 2


class Written(Struct, frozen=True):
    """What a write did."""

    written: tuple[str, ...]
    deleted: tuple[str, ...]
    #: Paths that stand in the output now and were written by us.
    files: int


def refusal(output: Path, root: Path) -> Problem | None:
    """Why a folder may not be written to, with a remedy; None when it may."""
    place = output.resolve()
    content = (root / "content").resolve()

    def problem(message: str) -> Problem:
        return Problem(
            code="output-refused",
            message=f"{output} {message}",
            at=Place(str(output)),
            help="name an empty folder, or one that factsheet made:  factsheet build --output DIR",
        )

    if output.is_symlink():
        return problem("is a link; the output must be a folder of its own")
    if place == Path(place.anchor) or place == Path.home().resolve():
        return problem("is a folder that must never be replaced")
    if place == content or place in content.parents or content in place.parents:
        return problem("holds the content of the site, or lies inside it")
    if place.exists() and not place.is_dir():
        return problem("is a file")
    if not place.is_dir():
        return None
    if os.path.ismount(place):
        return problem("is a mount point, which no new folder can replace; name a folder inside it")
    if (place / ".git").exists():
        return problem("is a repository")
    if manifest.load(place) is None and {p.name for p in place.iterdir()} - _PLACEHOLDERS:
        return problem("holds files that factsheet did not make")
    return None


def collision(output: Path, paths: Mapping[str, object]) -> Problem | None:
    """A stranger's file in the way of a page: it is neither overwritten nor ignored."""
    old = manifest.load(output)
    ours = old.files if old else {}
    for path in paths:
        if path not in ours and path != manifest.NAME and (output / path).exists():
            return Problem(
                code="output-foreign",
                message=f"{path} was not made by factsheet, and the site has a file of that name",
                at=Place(str(output / path)),
                help="move or rename that file, then build again",
            )
    return None


class Staging:
    """The new site, laid out in a hidden folder beside the output until it takes the output's place.

    Forked workers may `put` and `keep` files of their own; the rest is for one process. Leaving the context
    without `publish`, or with an exception, leaves the old site and no litter.
    """

    def __init__(self, output: Path) -> None:
        self.output = output.resolve()
        self.twin = self.output.parent / f".{self.output.name}.factsheet"
        self._made: set[str] = set()
        self._lock = contextlib.ExitStack()

    def __enter__(self) -> Staging:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._lock.enter_context(_alone(self.output.parent))
        recover(self.output)
        shutil.rmtree(self.twin, ignore_errors=True)
        self.twin.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.twin, ignore_errors=True)
        self._lock.close()

    def put(self, path: str, data: bytes) -> None:
        """Write a file of the new site."""
        with open(self._place(path), "wb") as file:
            file.write(data)

    def keep(self, path: str) -> None:
        """Take over a file of the old site as it stands."""
        _link(os.path.join(self.output, path), self._place(path))

    def _place(self, path: str) -> str:
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(os.path.join(self.twin, folder), exist_ok=True)
            self._made.add(folder)
        return f"{self.twin}/{path}"

    def publish(self, files: Collection[str], moved: Collection[str]) -> Written:
        """Let the new site take the place of the old one, as one step.

        `files` are all paths of the new site, `moved` those that were put. Files of ours that are not among
        them disappear; strangers' files stay. With nothing moved and nothing gone, nothing is touched.
        Raises `OSError` when the disk or a permission fails; the old site is then untouched.
        """
        old = manifest.load(self.output)
        ours = {*old.files, manifest.NAME} if old else set()
        deleted = tuple(sorted(ours.difference(files)))
        if moved or deleted:
            self._carry(ours.union(files))
            _swap(self.output, self.twin)
        return Written(tuple(sorted(moved)), deleted, len(files))

    def _carry(self, ours: set[str]) -> None:
        """Link strangers' files into the new tree, with their folders."""
        if not self.output.is_dir():
            return
        for folder, _, names in os.walk(self.output):
            for name in names:
                path = Path(folder, name).relative_to(self.output).as_posix()
                if path not in ours:
                    self.keep(path)


def publish(output: Path, files: Mapping[str, bytes | None]) -> Written:
    """Make `files` the site in `output`: bytes by path, or None where the file that stands there is right."""
    moved = {path for path, data in files.items() if data is not None}
    with Staging(output) as staging:
        for path, data in files.items():
            staging.keep(path) if data is None else staging.put(path, data)
        return staging.publish(files.keys(), moved)


def recover(output: Path) -> None:
    """Put the old site back where a crash between two renames left none (systems without exchange)."""
    aside = output.resolve().parent / f".{output.name}.old.factsheet"
    if not aside.exists():
        return
    if output.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(output)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's advisory lock: two builds take turns."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP):
            raise
        shutil.copy2(old, new, follow_symlinks=False)  # a file system without hard links


def _swap(output: Path, twin: Path) -> None:
    if not output.exists():
        twin.rename(output)
    elif not _exchange(output, twin):
        aside = output.parent / f".{output.name}.old.factsheet"
        output.rename(aside)
        twin.rename(output)
        shutil.rmtree(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one call; False where the system has no such call."""
    if sys.platform == "win32":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    if hasattr(libc, "renameat2"):
        result = libc.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, ctypes.c_uint(_EXCHANGE))
    elif hasattr(libc, "renamex_np"):
        result = libc.renamex_np(a, b, ctypes.c_uint(_EXCHANGE))
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(one))
