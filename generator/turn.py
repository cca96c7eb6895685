"""One publisher at a time: a file at the target says that somebody is at it.

Where we broke off ourselves, the file is ours, and we go on; where it is somebody else's, we say so and how
to get past it. What makes it ours is a word in `.factsheet/`, so it is known without asking which computers
and programs are still alive.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from generator import manifest, memory
from generator.sending import LOCK, Found, Refused


class Shared(Protocol):
    """A place that others may write to as well."""

    def read(self, *paths: str) -> list[bytes | None]:
        """The bytes of files; None for one that is not there."""

    def create(self, path: str, data: bytes) -> None:
        """Write a small file where there is none."""

    def write(self, path: str, data: bytes) -> None:
        """Write a small file, whatever stood there."""

    def delete(self, paths: Sequence[str]) -> None:
        """Take files away."""


@contextlib.contextmanager
def turn(place: Shared, root: Path, address: str, found: Found) -> Iterator[None]:
    """Have a target to ourselves, as it was found. Raises `Refused` where somebody else has it, or had it.

    `root`: the folder of the site; `address`: what tells this target from others.
    """
    with _alone(root, address) as word:
        # Anybody may read this file, so it holds no name.
        note = f"{word}\n{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC\n".encode()
        place.create(LOCK, note)
        held, listing = place.read(LOCK, manifest.NAME)
        if held != note:
            theirs = (held or b"").decode(errors="replace").splitlines()
            if theirs[:1] != [word]:
                since = f" since {theirs[1]}" if theirs[1:] else ""
                raise Refused(
                    f"somebody else has been publishing there{since}; wait until that is done. If it broke "
                    f"off, delete the file {LOCK} there, then publish again"
                )
            place.write(LOCK, note)
        try:
            if listing != found.listing:
                raise Refused("somebody else has published there meanwhile; publish again")
            yield
        except BaseException:
            with contextlib.suppress(OSError, Refused):  # why we stop matters more
                place.delete([LOCK])
            raise
        place.delete([LOCK])


@contextlib.contextmanager
def _alone(root: Path, address: str) -> Iterator[str]:
    """The word that is ours at a target. Two programs of one site never hold it at the same time."""
    name = hashlib.sha256(address.encode(errors="surrogateescape")).hexdigest()[:16]
    file = root / memory.FOLDER / f"publishing-{name}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="ascii") as kept:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Refused(
                    "this site is being published there already; wait until that is done"
                ) from error
        kept.seek(0)
        word = kept.read().strip()
        if not word:
            word = secrets.token_hex(8)
            kept.write(word)
            kept.flush()
            os.fsync(kept)
        yield word
