"""A folder on another computer as a target, by rsync over ssh, or by rsync's own service.

One listing tells what is there; a file that may have been under way when a run broke off is compared by its
checksum, which rsync works out over there. Files go in lists, a run of rsync for each stage.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from generator import manifest
from generator.early import Early
from generator.programs import Failed, ask, emptied, folder_with, list_of, need, read_or_none
from generator.sending import Built, File, Found, Refused, Sent, folders_of, from_listing, nobody
from generator.turn import turn

#: kind, permissions, size, day, time, name
_LINE = re.compile(r"([-dlpscbDS])\S{9,10}\s+(\d+)\s+\S+\s+\S+\s(.*)")
_VERSION = re.compile(rb"rsync +version v?(\d+)\.(\d+)")
#: rsync's exit code for "some files could not be transferred".
_PARTIAL = 23


class Rsync:
    """A folder that rsync reaches."""

    prompts = True

    def __init__(self, place: str, root: Path) -> None:
        """`place`: `USER@HOST:FOLDER`, or `HOST::MODULE/FOLDER`. Raises `Refused` where that cannot be."""
        host, colon, folder = place.partition("]:") if place.startswith("[") else place.partition(":")
        folder = folder.removeprefix(":").rstrip("/")
        if not colon or not host or not folder or place.startswith("-"):
            raise Refused(f"{place!r} is no place for rsync; write  rsync:USER@HOST:FOLDER")
        need("rsync", "rsync")
        version = _VERSION.search(ask(["rsync", "--version"]))
        if version is None or (int(version[1]), int(version[2])) < (3, 1):
            raise Refused(
                "this rsync is too old, or another program of that name; install rsync 3.1 or newer"
            )
        self._place = f"{place.rstrip('/')}/"
        self._root = root
        self._early = Early(self._look)
        self._there: set[str] = set()
        self._shell = {} if "::" in place else self._one_connection(host.removeprefix("["))

    def _one_connection(self, host: str) -> dict[str, str]:
        """How ssh is called: as the curator has it, with one connection for all that we ask.

        Without it, every stage would wait for a login, and one with a password ask for it.
        """
        wanted = os.environ.get("RSYNC_RSH", "ssh").strip() or "ssh"
        if Path(shlex.split(wanted)[0]).name != "ssh" or sys.platform == "win32":
            return {}
        folder = tempfile.mkdtemp(prefix="fs-")
        place = shlex.quote(str(Path(folder, "ssh")))
        command = f"{wanted} -o ControlMaster=auto -o ControlPersist=15 -o ControlPath={place}"
        weakref.finalize(self, _close, folder, command, host)
        return {"RSYNC_RSH": command}

    def refusal(self, here: Mapping[str, File]) -> str:
        """A folder takes what fits on its disk."""
        return ""

    def begin(self) -> None:
        """Ask for the list already."""
        self._early.begin()

    def found(self, built: Built) -> Found:
        """What is there, told by one listing."""
        sizes, listing = msgspec.msgpack.decode(
            self._early.answer(), type=tuple[dict[str, int], bytes | None]
        )
        self._there = set(sizes)
        return from_listing(built, sizes, listing, lambda paths: self._same(built.folder, paths))

    def _look(self) -> bytes:
        """The sizes of all that is there, and the manifest."""
        sizes: dict[str, int] = {}
        for line in self._list():
            told = _LINE.fullmatch(line)
            if told and told[1] != "d":
                # A link, or a thing that is no file, is nobody's page: no size is that of one.
                path = told[3].partition(" -> ")[0] if told[1] == "l" else told[3]
                sizes[path] = int(told[2]) if told[1] == "-" else -1
        listing = self.read(manifest.NAME)[0] if sizes.get(manifest.NAME, -1) >= 0 else None
        return msgspec.msgpack.encode((sizes, listing))

    def _list(self) -> list[str]:
        try:
            told = self._ask(
                "--recursive", "--links", "--list-only", "--no-human-readable", "-8", self._place
            )
        except Failed as failed:
            # Of a folder that is there, the folder itself is listed first.
            if failed.code == _PARTIAL and not failed.answer:
                return []
            raise
        # A name that is not UTF-8 is not one of ours.
        return told.decode(errors="replace").split("\n")

    def _same(self, folder: Path, paths: Sequence[str]) -> Collection[str]:
        with list_of(paths, "\0") as names:
            told = self._ask(
                *("--dry-run", "--checksum", "--out-format=%n", "-8", "--from0", f"--files-from={names}"),
                *(f"{folder}/", self._place),
            )
        return set(paths) - set(told.decode(errors="replace").split("\n"))

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there."""
        return turn(self, self._root, f"rsync:{self._place}", found)

    def read(self, *paths: str) -> list[bytes | None]:
        """The bytes of files; None for one that is not there."""
        with tempfile.TemporaryDirectory(prefix="factsheet-") as folder, list_of(paths, "\0") as names:
            try:
                self._ask("--from0", f"--files-from={names}", self._place, f"{folder}/")
            except Failed as failed:
                if failed.code != _PARTIAL:
                    raise
            return [read_or_none(Path(folder, path)) for path in paths]

    def create(self, path: str, data: bytes) -> None:
        """Write a file where there is none; two who do so at once are told apart when they look again."""
        with folder_with(path, data) as folder:
            self._ask("--ignore-existing", str(folder / path), self._place)

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Send files of the site."""
        self._send(built.folder, paths, sent)

    def write(self, path: str, data: bytes) -> None:
        """Send one file with these bytes."""
        with folder_with(path, data) as folder:
            self._send(folder, [path])

    def _send(self, folder: Path, paths: Sequence[str], sent: Sent = nobody) -> None:
        def told(line: bytes) -> bool:
            if not line.endswith(b"/\n"):
                sent(1)
            return True

        with list_of(paths, "\0") as names:
            self._ask(
                # Times and sizes are no proof that a file is the same: what is named is sent.
                *("--ignore-times", "--times", "--compress", "--chmod=D755,F644"),
                # A line for each file when it is on its way; folders end in a slash.
                *("--out-format=%n", "--from0", f"--files-from={names}", f"{folder}/", self._place),
                told=told,
            )
        self._there.update(paths)

    def delete(self, paths: Sequence[str]) -> None:
        """Remove files, and the folders that are empty without them.

        rsync is shown a folder that lacks just these, and told to look at nothing else. Its
        `--delete-missing-args` is for this, but rsync 3.4.3, and what distributions took over from it, refuse
        what they themselves send by it.
        """
        self._there.difference_update(paths)
        folders = {folder for path in paths for folder in folders_of(path)}
        with tempfile.TemporaryDirectory(prefix="factsheet-") as lacking:
            for folder in folders.difference(emptied(paths, self._there)):
                Path(lacking, folder).mkdir(parents=True, exist_ok=True)
            rules = [
                *(f"/{_pattern(folder)}/" for folder in sorted(folders)),
                *(f"/{_pattern(p)}" for p in paths),
            ]
            with list_of(rules, "\0") as names:
                self._ask(
                    *("--recursive", "--delete", "--from0", f"--include-from={names}", "--exclude=*"),
                    *(f"{lacking}/", self._place),
                )

    def finish(self) -> None:
        """Every file is seen as soon as it is there."""

    def _ask(self, *arguments: str, told: Callable[[bytes], bool] | None = None) -> bytes:
        return ask(["rsync", "--secluded-args", *arguments], self._shell, told)


def _pattern(path: str) -> str:
    """A path as a rule of rsync: a backslash keeps a sign from being one, in rules that hold any."""
    return re.sub(r"([*?\[\\])", r"\\\1", path) if re.search(r"[*?\[]", path) else path


def _close(folder: str, command: str, host: str) -> None:
    """End the connection, and forget where it was."""
    with contextlib.suppress(OSError):
        subprocess.run([*shlex.split(command), "-O", "exit", host], capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)
