"""A branch of a git repository as a target, such as the one GitHub Pages shows.

All that is put and deleted becomes one commit on top of what is there, so readers see the old site or the new
one, and files of others stay. `git` itself does the work, in a repository of its own below `.factsheet/`:
ghp-import would empty the branch first, and with it take away files that are not ours.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from generator import manifest, memory
from generator.early import Early
from generator.git import Feed, Refusal, Repository
from generator.hosts import HOSTS, READ
from generator.kindred import Kindred
from generator.programs import need
from generator.sending import Built, File, Found, Refused, Sent, in_words, nobody

_THERE = "refs/factsheet/there"
_NEXT = "refs/factsheet/next"
#: Without it GitHub Pages leaves out what it takes for parts of a Jekyll site.
_NO_JEKYLL = ".nojekyll"
#: What git says, in English, of a branch that is not where it was.
_MOVED = ("[rejected]", "fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref")
_LIMITS = HOSTS["github"]


def over_limit(remote: str, here: Mapping[str, File]) -> str:
    """Why GitHub would not take a site, in words; empty where it would, and for any other host."""
    if "github.com" not in remote.lower():
        return ""
    large = [path for path, file in sorted(here.items()) if file.size > _LIMITS.file]
    if large:
        return (
            f"GitHub takes no file over {in_words(_LIMITS.file)}: {', '.join(large)} (documented on {READ})"
        )
    whole = sum(file.size for file in here.values())
    if whole > _LIMITS.site:
        shown = f"GitHub Pages shows no site over {in_words(_LIMITS.site)} (documented on {READ})"
        return f"{shown}; this one has {in_words(whole)}"
    return ""


class _Held(Struct, frozen=True):
    """A file in a commit."""

    mode: str
    blob: str
    #: In bytes.
    size: int


class _Tip(Struct, frozen=True):
    """The tip of a branch; empty where there is no such branch."""

    commit: str = ""
    files: dict[str, _Held] = {}
    #: The bytes of the manifest there.
    listing: bytes | None = None


class Branch:
    """The files at the tip of a branch."""

    prompts = True

    def __init__(self, remote: str, name: str, root: Path, base: Path) -> None:
        """`remote`: an address, a folder relative to `base`, or a remote of the repository at `root`."""
        if remote.startswith("-") or name.startswith("-"):
            raise Refused(f"{remote!r} is no address of a repository")
        need("git", "git")
        self._store = root / memory.FOLDER / "publish.git"
        self._git = Repository(bare=self._store)
        self._name = name
        self._root = root
        self._early = Early(self._look)
        self._blobs = Kindred(root, "git-sha1")
        self._commit: Feed | None = None
        self._listing: bytes | None = None
        #: SHA-256 of what was sent, by path.
        self._sent: dict[str, str] = {}
        self._parent = ""
        #: What will stand in the next commit.
        self._there: set[str] = set()
        self.remote = self._address(remote, root, base)

    def _address(self, remote: str, root: Path, base: Path) -> str:
        if root.is_dir():
            with contextlib.suppress(Refusal, FileNotFoundError):  # it names no remote of the repository
                named = Repository(around=root).ask("config", "--get", f"remote.{remote}.url")
                remote, base = os.fsdecode(named).strip(), root
        place = base / Path(remote).expanduser()
        return str(place.resolve()) if place.exists() else remote

    def refusal(self, here: Mapping[str, File]) -> str:
        """Why the host would not take a site, in words; empty where nothing is known against it."""
        return over_limit(self.remote, here)

    def begin(self) -> None:
        """Ask for the tip of the branch already."""
        self._early.begin()

    def found(self, built: Built) -> Found:
        """What stands at the tip of the branch now."""
        self._sent = {}
        tip = msgspec.msgpack.decode(self._early.answer(), type=_Tip)
        self._parent = tip.commit
        if any(len(held.blob) > 40 for held in tip.files.values()):
            self._blobs = Kindred(self._root, "git-sha256")
        listed = manifest.loads(tip.listing) if tip.listing is not None else None
        paths = listed.owned if listed else {}
        known = {*paths, manifest.NAME} if listed else set()
        # A link is nobody's page, even at the path of one.
        mine = {path for path, held in tip.files.items() if path in known and held.mode.startswith("100")}
        ours = {path: self._file(built, path, tip.files[path]) for path in sorted(mine - {manifest.NAME})}
        self._blobs.keep()
        self._there = set(tip.files)
        return Found(ours, paths, frozenset(tip.files.keys() - mine), listing=tip.listing)

    def _look(self) -> bytes:
        """The commit at the tip, and what stands in it."""
        if not (self._store / "HEAD").is_file():
            self._store.mkdir(parents=True, exist_ok=True)
            self._ask("init", "--quiet", "--bare")
        heads = f"refs/heads/{self._name}"
        fetch = ("fetch", "--quiet", "--depth=1", "--no-tags", "--", self.remote, f"+{heads}:{_THERE}")
        try:
            self._git.ask(*fetch)
        except Refusal:
            if not self._ask("ls-remote", "--heads", "--", self.remote, heads):
                return msgspec.msgpack.encode(_Tip())
            self._ask(*fetch)
        commit = self._ask("rev-parse", _THERE).decode().strip()
        files = self._listed(commit)
        there = files.get(manifest.NAME)
        listing = self._git.blobs([there.blob])[0] if there else None
        return msgspec.msgpack.encode(_Tip(commit, files, listing))

    def _listed(self, commit: str) -> dict[str, _Held]:
        """The files of a commit by path."""
        held = {}
        for line in self._ask("ls-tree", "-r", "-z", "-l", commit).split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, blob, size = about.decode().split()
            held[path.decode(errors="replace")] = _Held(mode, blob, int(size) if size.isdecimal() else 0)
        return held

    def _file(self, built: Built, path: str, held: _Held) -> File:
        """A file at the tip: the one here, where git would give both one name."""
        here = built.files.get(path)
        if here is None or here.size != held.size:
            return File("", held.size)
        return here if self._blobs.of(built, path) == held.blob else File("", held.size)

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """Nobody is kept out: a push is refused where the branch moved."""
        return self._turn()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        who = self._ask("var", "GIT_COMMITTER_IDENT").decode().rpartition(">")[0]
        # The best compression costs a site of ten thousand pages a tenth of the time and saves a twentieth.
        quick = ("-c", "core.compression=1", "fast-import", "--quiet", "--force", "--date-format=now")
        message = b"Publish the site"
        self._listing = None
        self._commit = self._git.feed(*quick)
        try:
            with _in_words("fast-import"):
                self._commit.write(f"commit {_NEXT}\ncommitter {who}> now\ndata {len(message)}\n".encode())
                self._commit.write(message, b"\n", f"from {self._parent}\n".encode() if self._parent else b"")
            yield
        finally:
            self._commit.stop()

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Take files of the site into the next commit."""
        for path in paths:
            self._add(path, built.files[path].size, built.pieces(path))
            self._sent[path] = built.files[path].sha256
            sent(1)

    def write(self, path: str, data: bytes) -> None:
        """Take a file into the next commit; of the manifest the last one."""
        if path == manifest.NAME:
            self._listing = data
        else:
            self._add(path, len(data), (data,))

    def _add(self, path: str, size: int, pieces: Iterable[bytes]) -> None:
        with _in_words("fast-import"):
            self._next.write(b"M 100644 inline %b\ndata %d\n" % (_name(path), size))
            for piece in pieces:
                self._next.write(piece)
            self._next.write(b"\n")
        self._there.add(path)

    def delete(self, paths: Sequence[str]) -> None:
        """Leave files out of the next commit."""
        with _in_words("fast-import"):
            for path in paths:
                self._next.write(b"D %b\n" % _name(path))
        self._there.difference_update(paths)

    @property
    def _next(self) -> Feed:
        assert self._commit is not None, "outside of our turn"
        return self._commit

    def finish(self) -> None:
        """Commit and push; refused where the branch moved since it was looked at."""
        if _NO_JEKYLL not in self._there:
            self.write(_NO_JEKYLL, b"")
        if self._listing is not None:
            self._add(manifest.NAME, len(self._listing), (self._listing,))
        with _in_words("fast-import"):
            self._next.close()
        try:
            self._git.ask("push", "--quiet", "--", self.remote, f"{_NEXT}:refs/heads/{self._name}")
        except Refusal as refusal:
            if any(word in str(refusal) for word in _MOVED):
                raise Refused(
                    f"somebody else pushed to {self._name} meanwhile; nothing was overwritten, publish again"
                ) from refusal
            raise Refused(f"git push: {refusal}") from refusal
        held = self._listed(_NEXT)
        for path, sha256 in self._sent.items():
            self._blobs.learn(sha256, held[path].blob)
        self._blobs.keep()

    def _ask(self, *arguments: str) -> bytes:
        with _in_words(arguments[0]):
            return self._git.ask(*arguments)


def _name(path: str) -> bytes:
    """A path as `fast-import` takes it."""
    if path.startswith('"') or "\n" in path:
        raise Refused(f"{path!r} is no name for a file in a repository")
    return os.fsencode(path)


@contextlib.contextmanager
def _in_words(command: str) -> Iterator[None]:
    """What git refuses, with the command it refused."""
    try:
        yield
    except Refusal as refusal:
        raise Refused(f"git {command}: {refusal}") from refusal
