"""Publishing: what a target lacks of the built site is sent, in an order that may break off anywhere.

In: the output folder and a target. Out: what was done, or problems and nothing sent.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator import __version__, legible, manifest, memory, read, scan, sending, workers
from generator import preflight as checks
from generator.aside import cores
from generator.content import TARGETS, Site
from generator.problems import Place, Problem
from generator.progress import Told, nobody
from generator.proof import Proved, proved
from generator.sending import Built, File, Found, Plan, Refused
from generator.targets import Folder, Target
from generator.withheld import withheld


class _Looked(Struct, frozen=True):
    """What was looked at the last time."""

    #: Digest of all that it was compared with.
    key: bytes
    files: Proved
    #: Paths of files that something spoke against.
    wrong: frozenset[str]


#: Files that are looked at in one go; fewer are not worth a process.
_TOGETHER = 300
#: Folders of a site that are no place for what is made of it, with what they hold.
_KEPT = {
    "content": "the content of the site",
    "templates": "the templates of the site",
    memory.FOLDER: "what builds remember",
    ".git": "the history of the site",
}


class Prepared(Struct, frozen=True):
    """A site and a target, compared."""

    plan: Plan
    built: Built
    found: Found
    problems: tuple[Problem, ...]


def built_site(output: Path, listed: manifest.Manifest) -> Built:
    """A built site, its manifest left out. Raises `OSError` where a file is missing."""
    files = {path: File(sha256, (output / path).stat().st_size) for path, sha256 in listed.files.items()}
    return Built(output, files)


def prepare(built: Built, target: Target) -> Prepared:
    """Compare a site with what is at a target; nothing is sent. Raises `Refused` where that cannot be."""
    if why := target.refusal(built.files):
        raise Refused(why)
    found = target.found(built)
    if read.SITE in found.others:
        raise Refused(f"what a site is made from lies there ({read.SITE}); name another place or branch")
    problems = tuple(
        Problem(
            code="target-foreign",
            message=f"{path} is in the way of a file of the site",
            at=Place(path),
            help="move or rename that file at the target, then publish again",
        )
        for path in sending.in_the_way((*built.files, manifest.NAME), found.others)
    )
    return Prepared(sending.compare(built.files, found), built, found, problems)


def send(prepared: Prepared, target: Target, told: Told = nobody) -> None:
    """Send what the target lacks, and take away what the site no longer has.

    Raises `Refused` when the output changes meanwhile or somebody else publishes there, `OSError` when a file
    cannot be read or sent. What was sent until then stays, the site there works, and the next run goes on
    from there.
    """
    built, plan = prepared.built, prepared.plan
    if plan.is_empty and not prepared.found.taken:
        return
    listing = built.listing
    with target.turn(prepared.found):
        if plan.is_empty:  # we were killed when all was done but to say so
            return
        stages = sending.stages(plan)
        count = _Count(told, sum(len(stage.paths) for stage in stages))
        if stages:
            target.write(manifest.NAME, sending.announcement(built.files, prepared.found, plan))
        for number, stage in enumerate(stages):
            if stage.gone:
                if all(later.gone for later in stages[number:]):  # all that is new is there
                    target.write(manifest.NAME, sending.farewell(built.files, plan))
                target.delete(stage.paths)
                count(len(stage.paths))
                continue
            target.put(built, stage.paths, count)
            # A build meanwhile changes the manifest here. What was sent by then is told as unsure there.
            if (built.folder / manifest.NAME).read_bytes() != listing:
                raise sending.changed_meanwhile(manifest.NAME)
        target.write(manifest.NAME, listing)
        target.finish()


class _Count:
    """Pieces that are done, told of by whichever thread did some."""

    def __init__(self, told: Told, total: int) -> None:
        self._told = told
        self._total = total
        self._done = 0
        self._lock = threading.Lock()

    def __call__(self, pieces: int) -> None:
        with self._lock:
            self._done += pieces
            self._told(self._done, self._total)


def preflight(
    root: Path, output: Path, site: Site, texts: Path | None = None, told: Told = nobody
) -> tuple[Built | None, tuple[Problem, ...]]:
    """A built site, with all that speaks against publishing it; None where it cannot be published at all.

    `texts` is the folder of saved texts; left out, the one of the last build. Raises `OSError` when a file
    cannot be read.
    """
    began = time.time_ns()
    note = scan.last(root, output)
    listed = manifest.load(output)
    if why := _stale(root, output, listed, note):
        return None, (_not_as_built(root, output, why),)
    assert listed is not None
    assert note is not None
    there = note.outputs.by_path
    if unknown := sorted(listed.files.keys() - there.keys()):
        return None, (_not_as_built(root, output, f"{unknown[0]} was not built"),)
    seen = {path: there[path] for path in listed.files}
    built = Built(output, {path: File(sha256, seen[path][0]) for path, sha256 in listed.files.items()})
    kept = withheld(root, output, site, note, texts)
    here = {folder.resolve() for folder in (root, Path.home(), texts or Path(note.texts or root))}
    folders = sorted(f"{folder}/" for folder in here if folder != Path("/"))
    places = checks.Places(tuple(folders), lambda name: Path(name).exists(), frozenset(site.local_names))
    key = hashlib.sha256(repr((__version__, kept.key, folders, sorted(site.local_names))).encode()).digest()
    memory_file = memory.place(root, output, "looked")
    before = memory.recall_as(memory_file, _Looked) or _Looked(b"", Proved(), frozenset())
    # The note tells that since the last build nobody touched a file; builds make links to what they keep.
    proven = before.files.still(seen, relinked=True)
    known = before.files.digests()
    # A link may have lost what it led to; nothing else about a page depends on other files.
    same = before.key == key and known.keys() <= built.files.keys()
    unread = {path: proven.get(path) != sha256 for path, sha256 in listed.files.items()}
    unseen = {
        path: not same or known.get(path) != sha256 or path in before.wrong
        for path, sha256 in listed.files.items()
    }
    paths = built.files.keys() | {manifest.NAME}
    ready = checks.guard(kept.texts() if any(unseen.values()) else ())

    def look(some: Sequence[str]) -> tuple[list[Problem], list[str], int]:
        """What speaks against some files, which of them are not as they were built, and how many they are."""
        texts, other = [], []
        for path in some:
            sha256, data = legible.read(f"{output}/{path}")
            if sha256 != listed.files[path]:
                other.append(path)
            elif unseen[path]:
                texts.append((path, legible.text_of(data)))
        return list(checks.problems(texts, paths, ready, places)), other, len(some)

    todo = [path for path in listed.files if unread[path] or unseen[path]]
    count = _Count(told, len(todo))
    parts = workers.chunks(todo, cores(), _TOGETHER)
    answers = workers.spread(look, parts, cores(), told=lambda answer: count(answer[2]))
    if other := [path for _, some, _ in answers for path in some]:
        return None, (_not_as_built(root, output, f"{other[0]} is changed"),)
    found = [problem for problems, _, _ in answers for problem in problems]
    wrong = frozenset(problem.at.file for problem in found)
    if todo or key != before.key:
        files = proved(began, seen, listed.files)
        memory.remember(memory_file, msgspec.msgpack.encode(_Looked(key, files, wrong)))
    folder = _shown(root, output)
    placed = (replace(problem, at=Place(f"{folder}/{problem.at.file}")) for problem in found)
    return built, (*kept.problems(), *placed)


def _not_as_built(root: Path, output: Path, why: str) -> Problem:
    return Problem(
        code="output-stale",
        message=why,
        at=Place(_shown(root, output)),
        help="build it, look at it, then publish:  factsheet build",
    )


def _stale(root: Path, output: Path, listed: manifest.Manifest | None, note: scan.Note | None) -> str:
    """Why a built site is not to be published as it stands, told from `stat`; empty when it may be."""
    if listed is None:
        return "no site was built here"
    if note is None:
        return "nothing is known of the build that made it"
    if "preview=True" in note.options:
        return "it was built as a preview, which shows drafts"
    moves = scan.moves(root, output, note.options, note, cores())
    if not moves.stand():
        verdict = manifest.verify(output)
        assert verdict is not None
        for path in verdict.missing:
            return f"it is not as it was built: {path} is missing"
        for path in verdict.changed:
            return f"it is not as it was built: {path} is changed"
        return "it is not as the last build left it"
    if moves.inputs:
        first = sorted(moves.inputs)[0]
        return f"{_shown(root, Path(first))} is not as it was when it was built"
    return ""


def _shown(root: Path, path: Path) -> str:
    """A path as it is told: from the folder of the site, where it lies in it."""
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def open_target(written: str, base: Path, root: Path, output: Path) -> Target:
    """The target that `written` names, in one of the forms of `TARGETS`; folders are relative to `base`.

    Raises `Refused` for any other, and where a program or a library that it takes is missing.
    """
    # Each is loaded where it is wanted: together they take as long as looking through an edit.
    kind, _, rest = written.partition(":")
    if kind == "dir" and rest:
        return Folder(_free(base / Path(rest).expanduser(), root, output), root)
    remote, _, name = rest.rpartition("#")
    if kind == "git" and remote and name:
        from generator.branch import Branch

        return Branch(remote, name, root, base)
    if kind == "rsync":
        from generator.rsync import Rsync

        return Rsync(rest, root)
    if kind == "rclone":
        from generator.rclone import Rclone

        return Rclone(rest, root)
    if kind == "s3" and rest.startswith("//"):
        from generator.bucket import Bucket

        return Bucket(written, root)
    raise Refused(f"{written!r} is no target; write one of  {'  '.join(TARGETS.values())}")


def _free(place: Path, root: Path, output: Path) -> Path:
    """The folder, where it may be published to."""
    place, root, output = place.resolve(), root.resolve(), output.resolve()
    if place in (output, *output.parents) or output in place.parents:
        raise Refused(f"{place} holds the built site, or lies in it; name another folder")
    for folder, held in _KEPT.items():
        if place in (root, *root.parents) or (root / folder) in (place, *place.parents):
            raise Refused(f"{place} holds {held}, or lies in it; name another folder")
    return place
