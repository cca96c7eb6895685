"""Writing: from bytes to a site that readers see whole, or not at all.

The new site is laid out in a hidden folder beside the output: unchanged files as hard links, changed ones
written anew (never in place, since a link shares its bytes), strangers' files carried along. Then the two
folders change places in one call of the operating system. A reader, or a crash at any instant, meets the
old site or the new one. Where the system has no such call (Windows, some network file systems) two renames
stand in for it: the old site is set aside first, and `recover` puts it back when the second never came.
Where a folder cannot be renamed at all (one from a lower layer of a container's image) files are replaced
one by one, under a manifest that names both sites until the last is in its place.
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
from generator.aside import write_all
from generator.manifest import Data
from generator.problems import Place, Problem
from generator.scan import beside
from generator.stats import Seen, seen

#: Files that may lie in an otherwise empty output folder of a repository.
_PLACEHOLDERS = frozenset({".gitkeep", ".gitignore"})
_AT_FDCWD = -100 if sys.platform.startswith("linux") else -2
_EXCHANGE = 2
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


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
    """A stranger's file in the way of a page or of a folder: it is neither overwritten nor ignored."""
    if not os.path.lexists(output):
        return None
    old = manifest.load(output)
    ours = {*old.files, manifest.NAME} if old else {manifest.NAME}
    ways = {folder: "folder" for path in paths for folder in folders(path)} | dict.fromkeys(paths, "file")
    for path, kind in ways.items():
        there = output / path
        taken = os.path.lexists(there) and not (
            kind == "folder" and there.is_dir() and not there.is_symlink()
        )
        if taken and path not in ours:
            return Problem(
                code="output-foreign",
                message=f"{path} was not made by factsheet, and the site has a {kind} of that name",
                at=Place(str(there)),
                help="move or rename that file, then build again",
            )
    return None


def folders(path: str) -> Iterator[str]:
    """The folders that a path leads through, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


class Staging:
    """The new site, laid out in a hidden folder beside the output until it takes the output's place.

    Forked workers may `put` and `keep` files of their own; the rest is for one process. Leaving the context
    without `publish`, or with an exception, leaves the old site and no litter.
    """

    def __init__(self, output: Path) -> None:
        self.output = output.resolve()
        self.twin = beside(output)[0]
        self._made: set[str] = set()
        self._lock = contextlib.ExitStack()

    def __enter__(self) -> Staging:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._lock.enter_context(alone(self.output.parent))
        try:
            _clear(self.output)
            self.twin.mkdir()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.twin, ignore_errors=True)
        self._lock.close()

    def put(self, path: str, data: Data) -> Seen | None:
        """Write a file of the new site; what `stat` will tell of it.

        Raises `FileExistsError` for one that was put or kept before.
        """
        # Never into a file that is there: it may be a link to the old site's. Without Python's layers of
        # buffers, which take longer than the system does.
        file = os.open(self._place(path), _ANEW, 0o666)
        try:
            for part in manifest.parts(data):
                write_all(file, part)
            return seen(os.fstat(file))
        finally:
            os.close(file)

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
        Raises `OSError` when the disk or a permission fails; the old site is then untouched. After that the
        staging is gone, and the files of the output have the times they will keep.
        """
        old = manifest.load(self.output)
        ours = {*old.files, manifest.NAME} if old else set()
        deleted = tuple(sorted(ours.difference(files)))
        if moved or deleted:
            self._carry(ours.union(files))
            _swap(self.output, self.twin)
        shutil.rmtree(self.twin, ignore_errors=True)  # the old site now; the next run clears what stays
        return Written(tuple(sorted(moved)), deleted, len(files))

    def _carry(self, ours: set[str]) -> None:
        """Link strangers' files and links into the new tree, with their folders and the site's own mode."""
        if not self.output.is_dir():
            return
        for folder, inner, names in os.walk(self.output, onerror=raised):
            links = (name for name in inner if os.path.islink(os.path.join(folder, name)))
            for name in (*names, *links):
                path = Path(folder, name).relative_to(self.output).as_posix()
                if path not in ours:
                    self.keep(path)
        shutil.copymode(self.output, self.twin)


def raised(error: OSError) -> None:
    """Fail where a folder cannot be listed: what is in it cannot be carried along, and must not be lost."""
    raise error


def publish(output: Path, files: Mapping[str, bytes | None]) -> Written:
    """Make `files` the site in `output`: bytes by path, or None where the file that stands there is right."""
    moved = {path for path, data in files.items() if data is not None}
    with Staging(output) as staging:
        for path, data in files.items():
            staging.keep(path) if data is None else staging.put(path, data)
        return staging.publish(files.keys(), moved)


def mend(output: Path) -> None:
    """Undo what a killed build left: the old site back where it was, and nothing hidden beside it.

    Waits for a build that is under way.
    """
    if any(map(os.path.lexists, beside(output))):
        with alone(output.resolve().parent):
            _clear(output)


def recover(output: Path) -> None:
    """Put the old site back where a crash between two renames left none (systems without exchange)."""
    aside = beside(output)[1]
    if not aside.exists():
        return
    if output.exists():
        shutil.rmtree(aside)
    else:
        aside.rename(output)


def _clear(output: Path) -> None:
    recover(output)
    twin = beside(output)[0]
    if os.path.lexists(twin):
        shutil.rmtree(twin)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
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
    elif not exchange(output, twin):
        aside = beside(output)[1]
        try:
            output.rename(aside)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _replace(output, twin)
            return
        try:
            twin.rename(output)
        except OSError:
            aside.rename(output)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _replace(output: Path, twin: Path) -> None:
    """Bring the new files in one by one, each as one step, where the folder itself cannot be renamed."""
    old, new = manifest.load(output), manifest.load(twin)
    assert new is not None
    gone = sorted({*old.files} - {*new.files}) if old else []
    # Whatever stops us, the next run still knows every file of both sites for ours.
    both = twin / f"{manifest.NAME}.both"
    both.write_bytes(manifest.dumps({**old.files, **new.files} if old else new.files))
    both.replace(output / manifest.NAME)
    for path in new.files:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (twin / path).replace(output / path)
    for path in gone:
        (output / path).unlink(missing_ok=True)
    (twin / manifest.NAME).replace(output / manifest.NAME)


def exchange(one: Path, other: Path) -> bool:
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
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
        return False
    raise OSError(code, os.strerror(code), str(one))
