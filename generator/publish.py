"""Publishing: what a target lacks of the built site is sent, in an order that may break off anywhere.

In: the output folder and a target. Out: what was done, or problems and nothing sent.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from generator import __version__, manifest, memory, read, scan, sending, workers
from generator import preflight as checks
from generator.aside import cores
from generator.branch import Branch
from generator.bucket import Bucket
from generator.problems import Place, Problem
from generator.rclone import Rclone
from generator.rsync import Rsync
from generator.sending import Built, File, Found, Plan, Refused
from generator.targets import Folder, Target


class _Looked(Struct, frozen=True):
    """What nothing spoke against the last time, so that it need not be looked at again."""

    #: Digest of all that it was compared with.
    key: bytes
    #: SHA-256 by path.
    clean: dict[str, str]


#: Pages that are looked at in one go; fewer are not worth a process.
_TOGETHER = 500
#: How a target is written.
FORMS = (
    "dir:FOLDER",
    "git:REMOTE#BRANCH",
    "rsync:USER@HOST:FOLDER",
    "s3://BUCKET/PREFIX",
    "rclone:REMOTE:FOLDER",
)


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


def send(prepared: Prepared, target: Target) -> None:
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
        if stages:
            target.write(manifest.NAME, sending.announcement(built.files, prepared.found, plan))
        for stage in stages:
            if stage.gone:
                target.delete(stage.paths)
                continue
            target.put(built, stage.paths)
            # A build meanwhile changes the manifest here. What was sent by then is told as unsure there.
            if (built.folder / manifest.NAME).read_bytes() != listing:
                raise sending.changed_meanwhile(manifest.NAME)
        target.write(manifest.NAME, listing)
        target.finish()


def preflight(
    root: Path, output: Path, texts: Path | None = None
) -> tuple[Built | None, tuple[Problem, ...]]:
    """A built site, with all that speaks against publishing it; None where it cannot be published at all.

    `texts` is the folder of saved texts; left out, the one of the last build. Raises `OSError` when a file
    cannot be read.
    """
    note = scan.last(root, output)
    if why := _stale(root, output, note):
        return None, (
            Problem(
                code="output-stale",
                message=why,
                at=Place(_shown(root, output)),
                help="build it, look at it, then publish:  factsheet build",
            ),
        )
    listed = manifest.load(output)
    assert listed is not None
    built = built_site(output, listed)
    folders = [f"{folder.resolve()}/" for folder in (root, Path.home()) if folder.resolve() != Path("/")]
    site, _ = read.read_site(root)
    allowed = frozenset(site.local_names if site else ())
    places = checks.Places(tuple(folders), lambda name: Path(name).exists(), allowed)
    guarded = _guarded(root, texts or (Path(note.texts) if note and note.texts else None))
    memory_file = memory.place(root, output, "looked")
    seen = memory.recall_as(memory_file, _Looked) or _Looked(b"", {})
    key = hashlib.sha256(repr((__version__, guarded, folders, sorted(allowed))).encode()).digest()
    # A link may have lost what it led to; nothing else about a page depends on other files.
    clean = seen.clean if seen.key == key and seen.clean.keys() <= built.files.keys() else {}
    fresh = [p for p, file in built.files.items() if clean.get(p) != file.sha256 and checks.is_text(p)]
    paths, ready = built.files.keys() | {manifest.NAME}, checks.guard(guarded)

    def look(some: list[str]) -> list[Problem]:
        return list(checks.problems(((path, _text_of(output / path)) for path in some), paths, ready, places))

    parts = [fresh[at : at + _TOGETHER] for at in range(0, len(fresh), _TOGETHER)]
    found = [problem for part in workers.spread(look, parts, cores()) for problem in part]
    wrong = {problem.at.file for problem in found}
    clean = {path: file.sha256 for path, file in built.files.items() if path not in wrong}
    if clean != seen.clean or key != seen.key:
        memory.remember(memory_file, msgspec.msgpack.encode(_Looked(key, clean)))
    folder = _shown(root, output)
    return built, tuple(replace(problem, at=Place(f"{folder}/{problem.at.file}")) for problem in found)


def _text_of(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


def _stale(root: Path, output: Path, note: scan.Note | None) -> str:
    """Why a built site is not to be published as it stands; empty when it may be."""
    verdict = manifest.verify(output)
    if verdict is None:
        return "no site was built here"
    if not verdict.complete:
        path = (*verdict.missing, *verdict.changed)[0]
        return f"it is not as it was built: {path} is {'missing' if verdict.missing else 'changed'}"
    if note is None:
        return "nothing is known of the build that made it"
    if "preview=True" in note.options:
        return "it was built as a preview, which shows drafts"
    moves = scan.moves(root, output, note.options, note)
    if not moves.stand():
        return "it is not as the last build left it"
    if moves.inputs:
        first = sorted(moves.inputs)[0]
        return f"{_shown(root, Path(first))} is not as it was when it was built"
    return ""


def _guarded(root: Path, texts: Path | None) -> list[checks.Text]:
    """Saved texts, of which only so much may be shown, and the statements of drafts."""
    site, _ = read.read_site(root)
    if site is None:
        return []
    content = read.read_content(root, site, texts, cores())
    found = []
    for source in (entered.value for entered in content.sources):
        saved = content.texts.get(source.id)
        if saved is not None and source.rights != "full":
            found.append(checks.protected(f"source {source.id}", saved.text, site.limits.words, source.title))
    public = {checks.text_words(e.value.statement) for e in content.facts if not e.value.draft}
    for fact in (entered.value for entered in content.facts if entered.value.draft):
        said = checks.text_words(fact.statement)
        # Fewer words may stand anywhere by chance.
        if len(said) > 3 and said not in public:
            found.append(checks.Text(f"draft {fact.id}", said, len(said) - 1))
    return found


def _shown(root: Path, path: Path) -> str:
    """A path as it is told: from the folder of the site, where it lies in it."""
    path, root = path.resolve(), root.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def open_target(written: str, base: Path, root: Path, output: Path) -> Target:
    """The target that `written` names, in one of the forms of `FORMS`; folders are relative to `base`.

    Raises `Refused` for any other, and where a program or a library that it takes is missing.
    """
    kind, _, rest = written.partition(":")
    if kind == "dir" and rest:
        return Folder(_free(base / Path(rest).expanduser(), root, output), root)
    remote, _, name = rest.rpartition("#")
    if kind == "git" and remote and name:
        return Branch(remote, name, root, base)
    if kind == "rsync":
        return Rsync(rest, root)
    if kind == "rclone":
        return Rclone(rest, root)
    if kind == "s3" and rest.startswith("//"):
        return Bucket(written, root)
    raise Refused(f"{written!r} is no target; write one of  {'  '.join(FORMS)}")


def _free(place: Path, root: Path, output: Path) -> Path:
    """The folder, where it may be published to."""
    place, root, output = place.resolve(), root.resolve(), output.resolve()
    if place in (output, *output.parents) or output in place.parents:
        raise Refused(f"{place} holds the built site, or lies in it; name another folder")
    if place in (root, *root.parents) or (root / "content") in (place, *place.parents):
        raise Refused(f"{place} holds the content of the site, or lies in it; name another folder")
    return place
