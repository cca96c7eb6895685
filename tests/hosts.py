"""Servers that sites are published to in tests: real ones, on this machine only, ended by their ids."""

from __future__ import annotations

import getpass
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote
from xml.etree import ElementTree

ADDRESS = "127.0.0.1"


class Host(Protocol):
    """Where a site is published to."""

    #: As `factsheet publish` takes it.
    written: str

    def files(self) -> dict[str, str]:
        """What is there, by path, asked for in another way than we publish."""

    def add(self, path: str, text: str) -> None:
        """Somebody puts a file there."""

    def remove(self, path: str) -> None:
        """Somebody takes a file away."""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((ADDRESS, 0))
        return int(taken.getsockname()[1])


@contextmanager
def served(command: Sequence[str], ready: str) -> Iterator[None]:
    """Run a server until the block is left; it is ready when it says so."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = server.stderr
    assert said is not None
    up, over = threading.Event(), threading.Event()

    def listen() -> None:
        """Until it is over and not until the end of what is said: connections may outlive a server."""
        heard = b""
        while not over.is_set():
            if select.select([said], [], [], 0.05)[0]:
                part = os.read(said.fileno(), 65536)
                heard = heard[-1000:] + part
                if ready.encode() in heard or not part:
                    up.set()
                    if not part:
                        return

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        assert up.wait(60), f"{command[0]} says nothing"
        assert server.poll() is None, f"{command[0]} ended"
        yield
    finally:
        server.terminate()
        server.wait(30)
        over.set()
        listening.join(30)
        said.close()


def in_folder(folder: Path) -> dict[str, str]:
    """The files below a folder; those that vanish while we look were on their way."""
    found = {}
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
    return found


class Shown:
    """A folder that a server writes to."""

    def __init__(self, written: str, folder: Path) -> None:
        self.written = written
        self.folder = folder

    def files(self) -> dict[str, str]:
        return in_folder(self.folder)

    def add(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def remove(self, path: str) -> None:
        (self.folder / path).unlink()


class Branched:
    """A branch of a repository that `git daemon` serves."""

    def __init__(self, written: str, bare: Path) -> None:
        self.written = written
        self.bare = bare

    def _git(self, *arguments: str, given: str = "") -> str:
        done = subprocess.run(
            ["git", "--git-dir", str(self.bare), *arguments],
            input=given,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def files(self) -> dict[str, str]:
        tip = self._git("rev-parse", "pages").strip()
        names = self._git("ls-tree", "-r", "-z", "--name-only", tip).split("\0")[:-1]
        return {name: self._git("show", f"{tip}:{name}") for name in names if name != ".nojekyll"}

    def _commit(self, change: str) -> None:
        head = "commit refs/heads/pages\ncommitter Eve Ford <eve@example.org> now\ndata 1\nx\n"
        self._git(
            *("fast-import", "--quiet", "--date-format=now"),
            given=f"{head}from refs/heads/pages^0\n{change}\n",
        )

    def add(self, path: str, text: str) -> None:
        self._commit(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}")

    def remove(self, path: str) -> None:
        self._commit(f"D {path}")


class Held:
    """Objects below a prefix of a bucket."""

    def __init__(self, endpoint: str, prefix: str) -> None:
        self.written = f"s3://shelf/{prefix}?endpoint={endpoint}&region=auto"
        self._bucket = f"{endpoint}/shelf"
        self._prefix = f"{prefix}/"

    def ask(self, path: str, method: str = "GET", data: bytes | None = None) -> urllib.request.addinfourl:
        address = f"{self._bucket}/{quote(self._prefix + path)}"
        # Any signature will do for this server, and none will not.
        told = {"Authorization": "AWS testing:x", "Content-Type": "application/octet-stream"}
        asked = urllib.request.Request(address, data, told, method=method)
        answer: urllib.request.addinfourl = urllib.request.urlopen(asked, timeout=30)
        return answer

    def show(self, path: str) -> None:
        """Let everybody read an object, as its owner does at the host."""
        address = f"{self._bucket}/{quote(self._prefix + path)}?acl"
        told = {"Authorization": "AWS testing:x", "x-amz-acl": "public-read"}
        urllib.request.urlopen(
            urllib.request.Request(address, headers=told, method="PUT"), timeout=30
        ).close()

    def files(self) -> dict[str, str]:
        found = {}
        after = ""
        while True:
            address = f"{self._bucket}?list-type=2&prefix={quote(self._prefix)}&start-after={quote(after)}"
            with urllib.request.urlopen(address, timeout=30) as told:
                tree = ElementTree.fromstring(told.read())
            space = tree.tag.partition("}")[0] + "}"
            keys = [str(key.text) for key in tree.iter(f"{space}Key")]
            if not keys:
                return found
            for key in keys:
                path = key.removeprefix(self._prefix)
                with self.ask(path) as body:
                    found[path] = body.read().decode()
            after = keys[-1]

    def add(self, path: str, text: str) -> None:
        self.ask(path, "PUT", text.encode()).close()

    def remove(self, path: str) -> None:
        self.ask(path, "DELETE").close()


@contextmanager
def git_daemon(folder: Path) -> Iterator[str]:
    """Serve the repositories below a folder; their address."""
    port = free_port()
    command = ["git", "daemon", "--reuseaddr", f"--listen={ADDRESS}", f"--port={port}", "--export-all"]
    more = ["--enable=receive-pack", "--verbose", f"--base-path={folder}", str(folder)]
    with served([*command, *more], "Ready to rumble"):
        yield f"git://{ADDRESS}:{port}"


@contextmanager
def sshd(folder: Path) -> Iterator[str]:
    """Serve this machine to its own user with a key; the command that reaches it, for RSYNC_RSH."""
    port = free_port()
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)], check=True)
    shutil.copy(folder / "user.pub", folder / "authorized")
    known = (folder / "host.pub").read_text(encoding="ascii")
    (folder / "known").write_text(f"[{ADDRESS}]:{port} {known}", encoding="ascii")
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress {ADDRESS}\nHostKey {folder}/host\n"
        f"AuthorizedKeysFile {folder}/authorized\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
        "MaxStartups 100\nSubsystem sftp internal-sftp\n",
        encoding="ascii",
    )
    (folder / "ssh_config").write_text(
        f"Host *\nPort {port}\nUser {getpass.getuser()}\nIdentityFile {folder}/user\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {folder}/known\nStrictHostKeyChecking yes\nBatchMode yes\n",
        encoding="ascii",
    )
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # it will not start without, and nothing else makes it
    with served([program, "-D", "-e", "-f", str(folder / "sshd_config")], "Server listening"):
        # A connection that a killed publisher leaves open ends by itself, and soon.
        yield f"ssh -F {folder}/ssh_config -o ControlPersist=1"


@contextmanager
def webdav(folder: Path, *, alone: bool = False) -> Iterator[str]:
    """Serve a folder with WebDAV; its address. `alone`: nobody else writes to the folder."""
    port = free_port()
    # What it saw of a folder it would believe for minutes; without that it looks anew at each request.
    fresh = [] if alone else ["--dir-cache-time", "0s"]
    with served(
        ["rclone", "serve", "webdav", str(folder), "--addr", f"{ADDRESS}:{port}", *fresh], "started on"
    ):
        yield f"http://{ADDRESS}:{port}"


def s3_program() -> Path | None:
    """The Python that holds an S3 server; its libraries do not go together with those of our tests."""
    found = Path(sys.prefix, "s3", "bin", "python")
    return found if found.is_file() else None


@contextmanager
def s3(python: Path) -> Iterator[str]:
    """Serve buckets from memory, one of them made; the endpoint."""
    port = free_port()
    endpoint = f"http://{ADDRESS}:{port}"
    with served([str(python), "-m", "moto.server", "-H", ADDRESS, "-p", str(port)], "Running on"):
        urllib.request.urlopen(urllib.request.Request(f"{endpoint}/shelf", method="PUT"), timeout=30).close()
        yield endpoint


def rclone_sftp(folder: Path) -> str:
    """How rclone is told of the server that `sshd` runs from a folder."""
    port = re.search(r"^Port (\d+)$", (folder / "ssh_config").read_text(encoding="ascii"), re.M)
    assert port is not None
    key = f'key_file="{folder}/user",shell_type=none,known_hosts_file="{folder}/known"'
    return f":sftp,host={ADDRESS},port={port[1]},user={getpass.getuser()},{key}:"


def rclone_remote(address: str) -> str:
    """How rclone is told of a WebDAV server without a file of settings."""
    assert re.fullmatch(r"http://[\d.:]+", address)
    return f':webdav,url="{address}",vendor=other:'
