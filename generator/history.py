"""The facts as git kept them: one state for each commit that touched them.

In: the folder of a site within a git repository. Out: the states, oldest first, along the line that the
branch itself took (`--first-parent`), since that is what was published; or the problem that there is none.
Only the command `changes` asks this. Pages never read git, and nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from generator.content import Fact
from generator.git import Refusal, Repository
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


def states(root: Path) -> list[State] | Problem:
    """Every state of the facts of a site, oldest first; a problem where there is no history to read."""
    repository = Repository(around=root)
    try:
        repository.ask("rev-parse", "--show-prefix")
        log = repository.ask("log", "--first-parent", "--reverse", "--format=%H%x00%cs%x00%s", "--", _FACTS)
        commits = [line.split("\0", 2) for line in log.decode("utf-8", "replace").splitlines()]
        trees = [_tree(repository, name) for name, _, _ in commits]
        blobs = sorted({blob for tree in trees for blob in tree.values()})
        datas = repository.blobs(blobs)
    except FileNotFoundError:
        return _problem("git is not installed", "install git, or write the changes by hand")
    except Refusal as refusal:
        return _problem(
            f"git shows no history here: {refusal.reason}",
            "begin one with  git init  and commit the content, or write the changes by hand",
        )
    if not commits:
        return _problem("no commit holds the facts of this site", "commit the folder content/ first")
    texts = {blob: data.decode("utf-8", "replace") for blob, data in zip(blobs, datas, strict=True)}
    return list(_followed(commits, trees, texts))


def _followed(
    commits: Iterable[list[str]], trees: Iterable[Mapping[str, str]], texts: Mapping[str, str]
) -> Iterator[State]:
    """The facts of each commit; what cannot be made out stays as it was."""
    readings: dict[tuple[str, str], Reading[Fact]] = {}
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


def _tree(repository: Repository, commit: str) -> dict[str, str]:
    """The YAML files below content/facts in a commit, each with the name of its blob."""
    listed = repository.ask("ls-tree", "-r", "-z", commit, f"{_FACTS}/").decode("utf-8", "replace")
    found = {}
    for line in listed.split("\0")[:-1]:
        mode, _, rest = line.partition(" ")
        kind_and_blob, _, path = rest.partition("\t")
        hidden = any(part.startswith(".") for part in PurePosixPath(path).parts)
        if mode.startswith("100") and PurePosixPath(path).suffix == ".yaml" and not hidden:
            found[path] = kind_and_blob.split(" ")[1]
    return dict(sorted(found.items()))


def _problem(message: str, help: str) -> Problem:
    return Problem(code="history-missing", message=message, at=Place(_FACTS), help=help)
