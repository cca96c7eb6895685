"""Waiting for saves. In: files and folders, which may not exist yet. Out: what was saved, one set a burst.

`watchfiles` hears of saves from the system and collects them while nobody asks, so a save made during a
build is in the next burst. It is told to look at single folders and not below them: a recursive watch of
the folder that holds site.yaml would take in output/, .git and virtual environments, and a watch on a file
is lost when an editor replaces the file. So the folders are listed here, and listed anew when one comes
or goes.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles

#: A burst ends when nothing has been saved for this long. It also covers the moment between the news of
#: a new folder and the watch on it: what was saved in between is on disk before the burst is handed on. A
#: single file after such a pause, as an editor saves it, is handed on at once.
QUIET = 0.05
#: A burst that does not pause is handed on after this long, in seconds.
LONGEST = 2.0
#: How often `watchfiles` looks whether the system has told it anything, in milliseconds. It hands on what it
#: was told once nothing more comes within one such step.
_STEP = 5

#: Folders that hold no content: private state, version control, installed packages.
_PRIVATE = frozenset({".factsheet", ".git", ".hg", ".svn", ".venv", "__pycache__", "node_modules"})
#: What editors leave beside a file: backups, swap files, locks, vim's test file, files about to be renamed.
_SCRATCH = re.compile(r"~$|^\.#|^#.*#$|\.(sw[a-z]|kate-swp|bak|tmp)$|^4913$|^\.goutputstream-|___jb_\w+___$")

_Names = frozenset[str] | None  # the names that matter in a folder; None: all of them


def bursts(
    watched: Iterable[Path],
    *,
    stop: threading.Event,
    ignored: Iterable[Path] = (),
    polling: bool | None = None,
) -> Iterator[frozenset[str] | None]:
    """Yield None once the watch stands, then the absolute paths of every burst of saves, until `stop` is set.

    The None is the call for a first build: whatever is saved from then on comes in a burst. Work done
    between two bursts loses nothing; the saves made meanwhile are the next burst. A path may be a folder
    that came or went, for all that is in it. `ignored` are folders or files to leave out beside the usual
    ones (private state, version control, editor backups).

    `polling` compares files in place of asking the system, for network drives. It sees a file's time in
    whole seconds, so it misses a save within a second of the last. None leaves the choice to `watchfiles`.
    Raises OSError when the system refuses to watch.
    """
    roots = [path.resolve() for path in watched]
    left_out = frozenset(str(path.resolve()) for path in ignored)
    started = False
    saved: set[str] = set()
    first = last = 0.0  # when the first and the last save of this burst was heard of
    handed = 0.0  # when the last burst was handed on
    while not stop.is_set():
        folders = _folders(roots, left_out)
        fresh = True
        for changes in _heard(folders, stop, polling):
            now = time.monotonic()
            paths = {path for _, path in changes if _matters(path, folders, left_out)}
            come_or_gone: set[str] = set()
            if paths or fresh:
                # A folder that was replaced took its watch along; one made before this watch stood has none.
                come_or_gone = (paths & folders.keys()) | (folders.keys() ^ _folders(roots, left_out).keys())
                paths |= come_or_gone
            if paths:
                first, last = (first if saved else now), now
                saved |= paths
            if come_or_gone:
                break  # what is missed until the next watch stands is on disk before this burst is handed on
            fresh = False
            if not started:
                started = True
                saved.clear()
                yield None
            elif saved and (
                now - last >= QUIET or now - first >= LONGEST or (now - handed >= QUIET and _is_single(saved))
            ):
                burst = frozenset(saved)
                saved.clear()
                handed = now
                yield burst


def _heard(
    folders: dict[str, _Names], stop: threading.Event, polling: bool | None
) -> Iterator[set[watchfiles.main.FileChange]]:
    """Yield what the system tells of these folders, and an empty set whenever it was quiet for a while."""
    try:
        yield from watchfiles.watch(
            *folders,
            watch_filter=None,
            step=_STEP,
            rust_timeout=round(QUIET * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            force_polling=polling,
            recursive=False,
        )
    except FileNotFoundError:
        return  # a folder went between the listing and the watch: list again


def _is_single(saved: set[str]) -> bool:
    """Whether one file was saved, and whole: some editors empty a file before they write it."""
    try:
        return len(saved) == 1 and all(os.path.isfile(path) and os.path.getsize(path) for path in saved)
    except OSError:
        return False


def _folders(roots: list[Path], left_out: frozenset[str]) -> dict[str, _Names]:
    """Tell which folders to watch, and which names matter there.

    Everything in a watched folder and below it; and in the nearest folder above each watched path, the
    name by which that path, or the folder it will stand in, comes and goes.
    """
    folders: dict[str, _Names] = {}
    for root in roots:
        above, name = root.parent, root.name
        while not above.is_dir() and above != above.parent:
            above, name = above.parent, above.name
        folders[str(above)] = (folders.get(str(above)) or frozenset()) | {name}
    waiting = [str(root) for root in roots]
    while waiting:
        folder = waiting.pop()
        if folders.get(folder, ()) is None:
            continue  # seen already, by way of a symbolic link
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue  # a file, not there yet, or closed to us: the build that reads it says so
        folders[folder] = None
        below = (e.path for e in entries if e.is_dir() and _matters(e.path, folders, left_out))
        waiting += map(os.path.realpath, below)
    return folders


def _matters(path: str, folders: dict[str, _Names], left_out: frozenset[str]) -> bool:
    folder, name = os.path.split(path)
    names = folders.get(folder, frozenset())
    if names is not None and name not in names:
        return False
    return name not in _PRIVATE and path not in left_out and not _SCRATCH.search(name)
