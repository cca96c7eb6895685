"""git, asked as a command: answers as bytes, refusals as exceptions with its own words.

Variables that name another repository, as a hook has them set, are not passed on; nothing is paged, and
messages come in one language.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_OTHERS = frozenset({"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"})


class Refusal(Exception):
    """git did not do what it was asked; the first line says why, without "fatal:"."""

    def __init__(self, said: str) -> None:
        lines = [line.strip() for line in said.strip().splitlines()] or ["it gave no reason"]
        super().__init__(" ".join(lines))
        #: What went wrong, in one line.
        self.reason = lines[0].removeprefix("fatal: ").partition(" (")[0]


def _plain() -> dict[str, str]:
    """The environment, without what would name another repository or another language."""
    return {name: value for name, value in os.environ.items() if name not in _OTHERS} | {"LC_ALL": "C"}


class Feed:
    """A command of git that is given what it works on piece by piece, and answers nothing."""

    def __init__(self, command: Sequence[str], folder: Path | None) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=_plain(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # it complains of little, which fits into a pipe
        )

    def write(self, *pieces: bytes) -> None:
        """Give it more. Raises `Refusal` where it does not take it."""
        assert self._process.stdin is not None
        try:
            for piece in pieces:
                self._process.stdin.write(piece)
        except BrokenPipeError:
            self.close()

    def close(self) -> None:
        """Wait until it is done with all that it was given. Raises `Refusal`."""
        _, said = self._process.communicate()
        if self._process.returncode:
            raise Refusal(said.decode("utf-8", "replace"))

    def stop(self) -> None:
        """End it where it stands, unless it has ended."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()


class Repository:
    """A repository on this machine: the one a folder lies in, or a bare one by its own folder."""

    def __init__(self, *, around: Path | None = None, bare: Path | None = None) -> None:
        self._folder = around
        self._of = ["--git-dir", str(bare)] if bare else []

    def ask(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git answers. Raises `Refusal`, and `FileNotFoundError` where there is no git."""
        done = subprocess.run(
            self._command(arguments),
            cwd=self._folder,
            env=_plain(),
            input=given,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise Refusal(done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def feed(self, *arguments: str) -> Feed:
        """A command that is given what it works on piece by piece, and answers nothing."""
        return Feed(self._command(arguments), self._folder)

    def _command(self, arguments: Sequence[str]) -> list[str]:
        plain = ["git", "--no-optional-locks", "--no-pager", "-c", "core.quotePath=false"]
        return [*plain, *self._of, *arguments]

    def blobs(self, names: Sequence[str]) -> list[bytes]:
        """The bytes of blobs by their names, asked for in one go. Raises `Refusal` where one is missing."""
        told = self.ask("cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
        found, at = [], 0
        for _ in names:
            begin = told.index(b"\n", at) + 1
            head = told[at:begin].split()
            if head[-1] == b"missing":  # a partial clone without a network
                raise Refusal("the repository lacks old files")
            at = begin + int(head[2])
            found.append(told[begin:at])
            at += 1
        return found
