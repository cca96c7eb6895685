"""Other programs that bring files to a host: asked as commands, with lists of files and not file by file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.sending import Refused, folders_of

#: What a line begins with that says nothing: the time, how bad it is, who says so.
_HEAD = re.compile(r"(\d{4}/\d\d/\d\d [\d:]{8} )?((NOTICE|ERROR)\s*: )?(: )?(rsync: )?(\[\w+\] )?")


class Failed(Refused):
    """A program that did not do what it was asked, with its exit code and the last of its words."""

    def __init__(self, program: str, code: int, said: str, answer: bytes) -> None:
        lines = [_HEAD.sub("", line.strip()) for line in said.strip().splitlines()]
        # What rsync ends with names a line of its own code.
        lines = [line for line in lines if not line.startswith("rsync error:")] or lines
        super().__init__(f"{program}: {' '.join(lines[-3:]) or f'it ended with {code}'}")
        self.code = code
        #: What it had answered until then.
        self.answer = answer


def need(program: str, package: str) -> None:
    """Raise `Refused` where a program is not installed; `package` is what brings it."""
    if shutil.which(program) is None:
        raise Refused(f"{program} is not installed; install it, for example with  apt-get install {package}")


def ask(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    told: Callable[[bytes], bool] | None = None,
    *,
    merged: bool = False,
) -> bytes:
    """What a program answers. Raises `Failed`.

    `told` is given each line as it comes, and says whether that was no complaint; then there is no other
    answer. `merged`: the program tells how it goes where others complain.
    """
    plain = {**os.environ, **(environment or {}), "LC_ALL": "C"}
    # What it complains of goes into a file: a connection that is kept open for the next command would hold a
    # pipe open as well, and we would wait for its end.
    with tempfile.TemporaryFile() as said:
        complaints = subprocess.STDOUT if merged else said
        answer = b""
        with subprocess.Popen(command, env=plain, stdout=subprocess.PIPE, stderr=complaints) as running:
            assert running.stdout is not None
            try:
                if told is None:
                    answer = running.stdout.read()
                else:
                    said.writelines(line for line in running.stdout if not told(line))
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            said.seek(0)
            raise Failed(command[0], running.returncode, said.read().decode(errors="replace"), answer)
    return answer


@contextmanager
def list_of(paths: Iterable[str], end: str) -> Iterator[str]:
    """A file that names paths, each followed by `end`."""
    with tempfile.TemporaryDirectory(prefix="factsheet-") as folder:
        file = Path(folder, "list")
        file.write_bytes(b"".join(os.fsencode(path + end) for path in paths))
        yield str(file)


@contextmanager
def folder_with(path: str, data: bytes) -> Iterator[Path]:
    """A folder that holds one file."""
    with tempfile.TemporaryDirectory(prefix="factsheet-") as folder:
        file = Path(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(0o644)
        yield Path(folder)


def read_or_none(file: Path) -> bytes | None:
    """The bytes of a file; None where there is none."""
    return file.read_bytes() if file.is_file() else None


def emptied(gone: Iterable[str], left: Collection[str]) -> list[str]:
    """Folders that hold nothing when some paths are gone and others are left; the innermost first."""
    kept = {folder for path in left for folder in folders_of(path)}
    return sorted(
        {folder for path in gone for folder in folders_of(path)} - kept, key=lambda f: (-f.count("/"), f)
    )
