"""The facts as git kept them: one state for each commit that touched them.

In: the folder of a site within a git repository. Out: the states, oldest first, along the line that the
branch itself took (`--first-parent`), since that is what was published; or the problem that there is none.
Only the command `changes` asks this. Pages never read git, and nothing here writes.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.content import Fact
from generator.problems import Place, Problem
from generator.read import Reading, read_file

_FACTS = "content/facts"


class State(Struct, frozen=True):
    """The facts of one commit."""

    #: Day of the commit, as its committer's clock had it (`2026-11-22`).
    day: str
    #: First seven digits of its name, and the first line of its message.
    commit: str
    subject: str
    #: By id. Where a file or an entry could not be made out, the fact is as it was before.
    facts: Mapping[str, Fact]


class _Refused(Exception):
    """What git said instead of an answer."""


def states(root: Path) -> list[State] | Problem:
    """Every state of the facts of a site, oldest first; a problem where there is no history to read."""
    try:
        _git(root, "rev-parse", "--show-prefix")
        log = _git(root, "log", "--first-parent", "--reverse", "--format=%H%x00%cs%x00%s", "--", _FACTS)
        commits = [line.split("\0", 2) for line in log.decode("utf-8", "replace").splitlines()]
        trees = [_tree(root, name) for name, _, _ in commits]
        texts = _texts(root, {blob for tree in trees for blob in tree.values()})
    except FileNotFoundError:
        return _problem("git is not installed", "install git, or write the changes by hand")
    except _Refused as refusal:
        return _problem(
            f"git shows no history here: {refusal}",
            "begin one with  git init  and commit the content, or write the changes by hand",
        )
    if not commits:
        return _problem("no commit holds the facts of this site", "commit the folder content/ first")
    return list(_followed(commits, trees, texts))


def _followed(
    commits: Iterable[list[str]], trees: Iterable[Mapping[str, str]], texts: Mapping[str, str]
) -> Iterator[State]:
    """The facts of each commit; what cannot be made out stays as it was."""
    readings: dict[tuple[str, str], Reading] = {}
    before: dict[str, Fact] = {}
    for (name, day, subject), tree in zip(commits, trees, strict=True):
        now: dict[str, Fact] = {}
        kept: set[str] = set()
        whole = True
        for path, blob in tree.items():
            reading = readings.get((path, blob))
            if reading is None:
                reading = readings[path, blob] = read_file(path, texts[blob], "fact")
            now |= {each.value.id: each.value for each in reading.entries}
            kept.update(reading.unread)
            whole = whole and reading.parsed
        lost = before.keys() - now.keys()
        before = now | {key: before[key] for key in sorted(lost) if key in kept or not whole}
        yield State(day, name[:7], subject, before)


def _tree(root: Path, commit: str) -> dict[str, str]:
    """The YAML files below content/facts in a commit, each with the name of its blob."""
    listed = _git(root, "ls-tree", "-r", "-z", commit, f"{_FACTS}/").decode("utf-8", "replace")
    found = {}
    for line in listed.split("\0")[:-1]:
        mode, _, rest = line.partition(" ")
        kind_and_blob, _, path = rest.partition("\t")
        hidden = any(part.startswith(".") for part in PurePosixPath(path).parts)
        if mode.startswith("100") and PurePosixPath(path).suffix == ".yaml" and not hidden:
            found[path] = kind_and_blob.split(" ")[1]
    return dict(sorted(found.items()))


def _texts(root: Path, blobs: set[str]) -> dict[str, str]:
    """The text of each blob, by its name; asked for in one go."""
    names = sorted(blobs)
    answer = _git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    texts, at = {}, 0
    for name in names:
        end = answer.index(b"\n", at)
        head = answer[at:end].split(b" ")
        if head[-1] == b"missing":  # a partial clone without a network
            raise _Refused("the repository lacks old files")
        size = int(head[2])
        texts[name] = answer[end + 1 : end + 1 + size].decode("utf-8", "replace")
        at = end + size + 2
    return texts


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers in the folder of the site; raises `_Refused` with its first line when it does not."""
    command = ["git", "--no-optional-locks", "--no-pager", "-c", "core.quotePath=false", *arguments]
    plain = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, cwd=root, env=plain, input=given, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        raise _Refused(said[0].removeprefix("fatal: ").partition(" (")[0])
    return done.stdout


def _problem(message: str, help: str) -> Problem:
    return Problem(code="history-missing", message=message, at=Place(_FACTS), help=help)
