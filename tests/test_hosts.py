"""Publishing to real servers: what is there afterwards, what a kill leaves, and that others are kept out."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import hosts
from conftest import leave_out
from generator import manifest, sending
from generator.bucket import Bucket
from generator.cli import main
from generator.mediatypes import cache_control, media_type
from generator.programs import emptied
from generator.publish import open_target, prepare, send
from generator.sending import Refused
from generator.targets import Target
from hosts import Branched, Held, Host, Shown
from publishing import NEW, OLD, built, dead_links, lay, page, publish

KINDS = ("dir", "git", "rsync", "s3", "rclone")
#: What brings each program, where it has another name than what it is.
BRINGS = {"sshd": "openssh-server"}


class Servers:
    """Servers, each started when the first test asks for it."""

    def __init__(self, folder: Path, open_until: ExitStack) -> None:
        self._folder = folder
        self._stack = open_until
        self._running: dict[str, str] = {}

    def place(self, kind: str) -> Path:
        folder = self._folder / kind
        folder.mkdir(exist_ok=True)
        return folder

    def address(self, kind: str) -> str:
        if kind not in self._running:
            start: dict[str, Callable[[Path], Any]] = {
                "git": hosts.git_daemon,
                "rsync": hosts.sshd,
                "rclone": hosts.webdav,
                "s3": lambda _: hosts.s3(self._s3()),
            }
            for program in {"rsync": ("rsync", "sshd"), "rclone": ("rclone",)}.get(kind, ()):
                if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin") is None:
                    leave_out(f"no {program}", f"apt-get install {BRINGS.get(program, program)}")
            self._running[kind] = self._stack.enter_context(start[kind](self.place(kind)))
        return self._running[kind]

    def _s3(self) -> Path:
        python = hosts.s3_program()
        if python is None:
            leave_out("no S3 server", "make .venv/s3/installed")
        return python


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    # A short name: a connection of ssh is a file, whose path may have about a hundred letters.
    with ExitStack() as stack:
        yield Servers(tmp_path_factory.mktemp("s"), stack)


def a_host(kind: str, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A place of its own at a server."""
    name = tmp_path.name
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada Brook")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    if kind == "dir":
        return Shown(f"dir:{tmp_path}/there", tmp_path / "there")
    address = servers.address(kind)
    there = servers.place(kind) / name
    if kind == "git":
        subprocess.run(["git", "init", "-q", "--bare", str(there)], check=True)
        return Branched(f"git:{address}/{name}#pages", there)
    if kind == "rsync":
        monkeypatch.setenv("RSYNC_RSH", address)
        return Shown(f"rsync:{hosts.ADDRESS}:{there}", there)
    if kind == "rclone":
        monkeypatch.setenv("RCLONE_CONFIG", str(tmp_path / "rclone.conf"))
        (tmp_path / "rclone.conf").touch()
        return Shown(f"rclone:{hosts.rclone_remote(address)}{name}/pages", there / "pages")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    return Held(address, name)


@pytest.fixture(params=KINDS)
def host(
    request: pytest.FixtureRequest, servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Host:
    return a_host(request.param, servers, tmp_path, monkeypatch)


@pytest.fixture
def bucket(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    held = a_host("s3", servers, tmp_path, monkeypatch)
    assert isinstance(held, Held)
    return held


def opened(host: Host, tmp_path: Path, site: str = "site") -> Target:
    """The target as a run of its own has it."""
    return open_target(host.written, tmp_path, tmp_path / site, tmp_path / site / "output")


def changed(old: dict[str, str], new: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """The paths that a plan from one to the other must name, no more and no less."""
    return (
        sorted(new.keys() - old.keys()),
        sorted(path for path in new if path in old and new[path] != old[path]),
        sorted(old.keys() - new.keys()),
    )


def named(plan: sending.Plan) -> tuple[list[str], list[str], list[str]]:
    kinds = (plan.added, plan.changed, plan.removed)
    added, other, removed = ([change.path for change in kind] for kind in kinds)
    return added, other, removed


NAMES = {
    "my page.html": page("index.html"),
    "notes/bäder (1).txt": "x",
    "notes/ça + 東京 ☃ 🚢.txt": "u",
    "assets/a%20b#c.txt": "y",
    "assets/what?.txt": "q",
    "assets/one&two=three;four,five'six.txt": "m",
    'assets/say "no".txt': "n",
    "assets/[a-z]*{x}.txt": "g",
    "assets/back\\slash.txt": "b",
    "assets/$HOME `id` !.txt": "s",
    "-n": "a name like an option",
    "notes/~tilde @home": "t",
    "notes/deep/z": "z",
    "notes/deep/" + "x" * 200: "long",
}


def test_a_host_holds_the_site_and_what_is_not_ours(host: Host, tmp_path: Path) -> None:
    """From nothing to a site, to another in which a file is a folder and a folder a file, and no further."""
    old, new = {**OLD, **NAMES, "map": "a file"}, {**NEW, "map/a.png": "a folder", "notes": "a file"}
    publish(lay(tmp_path / "old", old), opened(host, tmp_path))
    there = host.files()
    assert manifest.loads(there.pop(manifest.NAME).encode()) == manifest.load(tmp_path / "old")
    assert there == old
    host.add("CNAME", "example.org")
    host.add("facts/deep/theirs.txt", "among ours")
    output = lay(tmp_path / "new", new)
    target = opened(host, tmp_path)
    target.begin()
    assert named(publish(output, target)) == changed(old, new)
    there = host.files()
    assert there.pop(manifest.NAME) == (output / manifest.NAME).read_text(encoding="utf-8")
    assert there == new | {"CNAME": "example.org", "facts/deep/theirs.txt": "among ours"}
    assert prepare(built(output), opened(host, tmp_path)).plan.is_empty


def test_a_file_of_somebody_else_in_the_way_is_seen(host: Host, tmp_path: Path) -> None:
    publish(lay(tmp_path / "old", OLD), opened(host, tmp_path))
    host.add("facts/new.html", "mine")
    host.remove("about.html")
    prepared = prepare(built(lay(tmp_path / "new", NEW)), opened(host, tmp_path))
    assert [(p.code, p.at.file) for p in prepared.problems] == [("target-foreign", "facts/new.html")]
    assert "about.html" in [change.path for change in prepared.plan.added]


def test_two_publishers_do_not_meet(host: Host, tmp_path: Path) -> None:
    """While one is at it the other is told so; after it, what was looked at before is not believed."""
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    publish(old, opened(host, tmp_path))
    mine, theirs = opened(host, tmp_path), opened(host, tmp_path, "other")
    prepared = prepare(built(new), mine)
    if not isinstance(host, Branched):  # a push is refused by git itself, as test_publish.py shows
        with theirs.turn(theirs.found(built(old))):
            assert sending.LOCK in host.files()
            with pytest.raises(Refused, match=f"somebody else has been .*delete the file {sending.LOCK}"):
                send(prepared, mine)
    less = lay(tmp_path / "less", {k: v for k, v in OLD.items() if k != "timeline.html"})
    publish(less, theirs)
    with pytest.raises(Refused, match=r"somebody else .* meanwhile"):
        send(prepared, mine)
    assert sending.LOCK not in host.files()
    assert "timeline.html" not in host.files()


def test_what_was_asked_early_is_answered_once(host: Host, tmp_path: Path) -> None:
    output = lay(tmp_path / "old", OLD)
    target = opened(host, tmp_path)
    target.begin()
    assert target.found(built(output)).ours == {}
    publish(output, opened(host, tmp_path))
    assert target.found(built(output)).ours.keys() == OLD.keys()


def test_files_are_counted_as_they_are_sent(host: Host, tmp_path: Path) -> None:
    many = {f"facts/{number}.html": page() for number in range(60)}
    output = lay(tmp_path / "many", {**OLD, **many})
    told: list[int] = []
    prepared = prepare(built(output), opened(host, tmp_path))
    target = opened(host, tmp_path)
    with target.turn(target.found(built(output))):
        target.put(prepared.built, list(prepared.built.files), told.append)
        target.finish()
    assert told == [1] * len(prepared.built.files)


@pytest.mark.parametrize("kind", ["s3", "rclone"])
def test_what_readers_get_of_a_host_is_what_was_published(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Both speak HTTP. Whether a folder shows its home page is set at a host, and told where it does not."""
    host = a_host(kind, servers, tmp_path, monkeypatch)
    # No browser asks for an address with a backslash: it makes a slash of it.
    names = {path: text for path, text in {**OLD, **NAMES}.items() if "\\" not in path}
    publish(lay(tmp_path / "old", names), opened(host, tmp_path))
    if isinstance(host, Held):
        for path in (*names, manifest.NAME):
            host.show(path)
    inside = f"shelf/{tmp_path.name}" if kind == "s3" else f"{tmp_path.name}/pages"
    told = CliRunner().invoke(main, ["verify", f"{servers.address(kind)}/{inside}/"]).output
    assert told.splitlines() == [
        "not shown: index.html",
        "  the host shows something else, or nothing, at the address of the site without index.html",
        f"{len(names) - 1} of {len(names)} files are as the manifest has them.",
    ]


# --- kills --------------------------------------------------------------------------------------------

PUBLISH = """
import sys
from pathlib import Path
from generator import manifest
from generator.publish import built_site, open_target, prepare, send
root, output = Path(sys.argv[2]), Path(sys.argv[3])
target = open_target(sys.argv[1], root, root, output)
send(prepare(built_site(output, manifest.load(output)), target), target)
"""
ROOT = Path(__file__).resolve().parent.parent


def many(generation: str, first: int, last: int) -> dict[str, str]:
    """A site whose pages all lead to each other, over the home page and in a ring."""
    names = [f"facts/{number}.html" for number in range(first, last)]
    ring = {
        name: page("../index.html", f"../{after}") + generation
        for name, after in zip(names, [*names[1:], names[0]], strict=True)
    }
    data = {"data/facts.json": generation, "assets/site.css": generation}
    return {"index.html": page(*names) + generation, "about.html": page("index.html"), **ring, **data}


def test_whenever_it_is_killed_pages_lead_to_pages_and_the_rest_is_sent(host: Host, tmp_path: Path) -> None:
    sites = [many("one", 0, 30), many("two", 10, 45)]
    outputs = [lay(tmp_path / f"built-{number}", site) for number, site in enumerate(sites)]
    chance = random.Random(host.written.partition(":")[0])

    def start(output: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", PUBLISH, host.written, str(tmp_path / "site"), str(output)]
        # A group of its own, so that what it started ends with it.
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    began = time.monotonic()
    assert start(outputs[0]).wait(60) == 0
    whole = time.monotonic() - began
    for _ in range(2):
        going = start(outputs[1])
        try:
            going.wait(whole * chance.uniform(0.2, 1))
        except subprocess.TimeoutExpired:
            os.killpg(going.pid, signal.SIGKILL)
            going.wait(30)
        assert dead_links(host.files()) == []
        for _ in range(9):  # until the server is done with what it had in hand
            there = host.files()
            prepared = prepare(built(outputs[1]), opened(host, tmp_path))
            if there == host.files():
                break
        assert prepared.problems == ()
        left = {path: text for path, text in there.items() if path in sites[0] | sites[1]}
        assert named(prepared.plan) == changed(left, sites[1])
    assert start(outputs[1]).wait(60) == 0
    assert {p: t for p, t in host.files().items() if p != manifest.NAME} == sites[1]


# --- buckets ------------------------------------------------------------------------------------------


def test_browsers_are_told_types_and_how_long_a_copy_lasts(bucket: Held, tmp_path: Path) -> None:
    publish(lay(tmp_path / "old", OLD), opened(bucket, tmp_path))
    told = {}
    for path in ("index.html", "assets/gone.png", "feed.xml"):
        with bucket.ask(path, "HEAD") as answer:
            told[path] = (answer.headers["Content-Type"], answer.headers["Cache-Control"])
            assert answer.headers["x-amz-meta-sha256"] == manifest.digest(OLD[path].encode())
    assert told == {
        "index.html": ("text/html; charset=utf-8", "no-cache"),
        "assets/gone.png": ("image/png", "max-age=3600"),
        "feed.xml": ("application/xml; charset=utf-8", "no-cache"),
    }


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.JPG", "image/jpeg"),
        ("data/annotations.jsonld", "application/ld+json"),
        ("dossier.ics", "text/calendar; charset=utf-8"),
        ("CNAME", "application/octet-stream"),
    ],
)
def test_a_type_is_told_by_the_name(path: str, kind: str) -> None:
    assert media_type(path) == kind
    assert cache_control(path) == ("max-age=3600" if path == "a.JPG" else "no-cache")


def test_a_file_spoiled_in_a_bucket_is_sent_again(bucket: Held, tmp_path: Path) -> None:
    output = lay(tmp_path / "old", OLD)
    publish(output, opened(bucket, tmp_path))
    bucket.add("feed.xml", OLD["feed.xml"].upper())
    assert named(publish(output, opened(bucket, tmp_path))) == ([], ["feed.xml"], [])


def test_a_bucket_without_md5_tags_or_conditions_is_published_to(
    bucket: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where objects are encrypted, or the host is another than Amazon's."""
    monkeypatch.setattr("generator.kindred.Kindred.of_bytes", lambda self, data: "none")
    old, new = lay(tmp_path / "old", OLD), lay(tmp_path / "new", NEW)
    publish(old, opened(bucket, tmp_path))

    def plain(target: Target) -> Bucket:
        assert isinstance(target, Bucket)
        library = importlib.import_module("obstore")

        def put(*arguments: Any, **options: Any) -> Any:
            if options.pop("mode", ""):
                raise library.exceptions.GenericError("<Code>NotImplemented</Code>")
            return library.put(*arguments, **options)

        names = ("list", "get", "delete", "exceptions")
        target._library = SimpleNamespace(put=put, **{name: getattr(library, name) for name in names})  # type: ignore[assignment]
        return target

    mine, theirs = plain(opened(bucket, tmp_path)), plain(opened(bucket, tmp_path, "other"))
    found = mine.found(built(old))
    with mine.turn(found), pytest.raises(Refused, match="somebody else"), theirs.turn(found):
        pass
    # As a run leaves it that was killed when it had sent one file of two.
    prepared = prepare(built(new), mine)
    bucket.add(
        manifest.NAME, sending.announcement(prepared.built.files, prepared.found, prepared.plan).decode()
    )
    mine.put(prepared.built, ["a.html"])
    again = prepare(built(new), plain(opened(bucket, tmp_path)))
    assert "a.html" not in [change.path for change in again.plan.changed]
    assert "index.html" in [change.path for change in again.plan.changed]


def test_amazon_needs_no_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    target = open_target("s3://shelf?region=eu-central-1", tmp_path, tmp_path, tmp_path / "output")
    assert isinstance(target, Bucket)
    assert target._store.config == {"bucket": "shelf", "region": "eu-central-1"}


def test_what_a_bucket_says_is_told_in_one_line(bucket: Held, tmp_path: Path) -> None:
    bucket.written = bucket.written.replace("//shelf/", "//nowhere/")
    with pytest.raises(Refused, match=r"^the host of the bucket says: NoSuchBucket \(.*\)$"):
        opened(bucket, tmp_path).found(built(lay(tmp_path / "old", OLD)))


def test_an_object_that_stands_for_a_folder_is_in_nobodys_way(bucket: Held, tmp_path: Path) -> None:
    for folder in ("", "facts/", "empty/"):
        bucket.add(folder, "")
    publish(lay(tmp_path / "old", OLD), opened(bucket, tmp_path))
    bucket.add("about.html", "")
    found = opened(bucket, tmp_path).found(built(tmp_path / "old"))
    assert (found.others, found.ours["about.html"].size) == ({"empty"}, 0)


def test_digests_that_rclone_is_given_are_compared(
    bucket: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("rclone") is None:
        leave_out("no rclone", "apt-get install rclone")
    monkeypatch.setenv("RCLONE_CONFIG", str(tmp_path / "rclone.conf"))
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    (tmp_path / "rclone.conf").touch()
    address, prefix = bucket.written.partition("endpoint=")[2].partition("&")[0], tmp_path.name
    key = "access_key_id=testing,secret_access_key=testing"
    host = Shown(f'rclone::s3,provider=Other,endpoint="{address}",{key}:shelf/{prefix}', tmp_path)
    output = lay(tmp_path / "old", OLD)
    publish(output, opened(host, tmp_path))
    assert {p: t for p, t in bucket.files().items() if p != manifest.NAME} == OLD
    bucket.add("feed.xml", OLD["feed.xml"].upper())
    assert named(publish(output, opened(host, tmp_path))) == ([], ["feed.xml"], [])
    assert bucket.files()["feed.xml"] == OLD["feed.xml"]


def test_nothing_is_written_through_a_link_over_there(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = a_host("rsync", servers, tmp_path, monkeypatch)
    assert isinstance(host, Shown)
    host.add("elsewhere/x", "mine")
    (host.folder / "facts").symlink_to("elsewhere")
    prepared = prepare(built(lay(tmp_path / "old", OLD)), opened(host, tmp_path))
    assert [(p.code, p.at.file) for p in prepared.problems] == [("target-foreign", "facts")]


# --- what is missing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("git:origin#pages", r"git is not installed; .* apt-get install git"),
        ("rsync:host:there", r"rsync is not installed; .* apt-get install rsync"),
        ("rclone:box:there", r"rclone is not installed; .* apt-get install rclone"),
        ("s3://shelf", r"bring it with  pip install 'factsheet\[s3\]'"),
    ],
)
def test_what_is_not_installed_is_named_with_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(Refused, match=why):
        open_target(written, tmp_path, tmp_path / "site", tmp_path / "site/output")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("rsync:", "no place for rsync"),
        ("rsync:host", "no place for rsync"),
        ("rsync:host:", "no place for rsync"),
        ("rsync:host:/", "no place for rsync"),
        ("rsync::folder", "no place for rsync"),
        ("rsync:-e sh:x", "no place for rsync"),
        ("rclone:folder", "no place for rclone"),
        ("rclone:--config:x", "no place for rclone"),
        ("s3://", "names no bucket"),
        ("s3:bucket", "is no target"),
        ("s3://shelf?end=x", "'end' is no setting"),
        ("s3://shelf", "no key for s3"),
        ("s3://shelf?region=half-a-key", "Missing SecretAccessKey"),
    ],
)
def test_a_place_that_cannot_be_is_refused_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    if "half-a-key" in written:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    with pytest.raises(Refused, match=why):
        open_target(written, tmp_path, tmp_path / "site", tmp_path / "site/output")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("rsync:127.0.0.1::none/x", "^rsync: failed to connect to 127.0.0.1"),
        ("rclone:nothing-of-this-name:x", "^rclone: .*didn't find section in config file"),
        ("s3://shelf?endpoint=http://127.0.0.1:9", "^the host of the bucket cannot be reached"),
    ],
)
def test_a_host_that_cannot_be_reached_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    program = written.partition(":")[0]
    if program != "s3" and shutil.which(program) is None:
        leave_out(f"no {program}", f"apt-get install {program}")
    output = lay(tmp_path / "old", OLD)
    with pytest.raises(Refused, match=why):
        open_target(written, tmp_path, tmp_path, tmp_path / "output").found(built(output))


def test_folders_left_empty_are_named_from_the_inside() -> None:
    assert emptied(["a/b/c.txt", "a/d.txt", "e/f.txt"], {"e/g.txt", "h.txt"}) == ["a/b", "a"]
