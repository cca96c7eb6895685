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
from collections.abc import Iterator, Mapping
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


def publish(output: Path, files: Mapping[str, bytes | None]) -> Written:
    """Make `files` the site in `output`, as one step.

    `files` maps each path of the new site to its bytes, or to None where the file that stands there now is
    right. Files of ours that are not in it disappear; strangers' files stay. Raises `OSError` when the
    disk or a permission fails; the old site is then untouched and nothing is left behind.
    """
    output = output.resolve()
    old = manifest.load(output)
    ours = {*old.files, manifest.NAME} if old else set()
    deleted = tuple(sorted(ours - files.keys()))
    written = tuple(path for path, data in files.items() if data is not None)
    if not written and not deleted:
        return Written((), (), len(files))
    twin = _twin(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _alone(output.parent):
        shutil.rmtree(twin, ignore_errors=True)
        try:
            twin.mkdir()
            _carry(output, twin, {*ours, *files})
            _lay(output, twin, files)
            _swap(output, twin)
        finally:
            shutil.rmtree(twin, ignore_errors=True)
    return Written(written, deleted, len(files))


def _twin(output: Path) -> Path:
    return output.parent / f".{output.name}.factsheet"


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


def _carry(output: Path, twin: Path, ours: set[str]) -> None:
    """Link strangers' files into the new tree, with their folders."""
    if not output.is_dir():
        return
    for folder, _, names in os.walk(output):
        for name in names:
            old = Path(folder, name)
            path = old.relative_to(output).as_posix()
            if path not in ours:
                _link(old, twin / path)


def _lay(output: Path, twin: Path, files: Mapping[str, bytes | None]) -> None:
    made: set[Path] = {twin}
    for path, data in files.items():
        new = twin / path
        if new.parent not in made:
            new.parent.mkdir(parents=True, exist_ok=True)
            made.add(new.parent)
        if data is None:
            _link(output / path, new)
        else:
            new.write_bytes(data)


def _link(old: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
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
