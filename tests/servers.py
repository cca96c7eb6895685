"""Real web servers for tests: each with a configuration, a port and a folder of its own, ended by its id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

#: Debian keeps servers where only administrators look.
_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))


def find(program: str) -> str | None:
    """Path of a server on this machine; None when there is none."""
    return shutil.which(program, path=_PLACES)


@contextmanager
def nginx(program: str, folder: Path, server: str) -> Iterator[int]:
    """The port at which nginx serves a `server` block that says `listen 80`, while the context lasts."""
    folder.mkdir()
    port = free_port()
    assert server.count("listen 80;") == 1
    temporary = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # As root it would give up its rights, and with them that to read folders of tests.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"""daemon off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1; {user}
        events {{}}
        http {{ access_log off; {temporary}
        {server.replace("listen 80;", f"listen 127.0.0.1:{port};")}
        }}""",
        encoding="utf-8",
    )
    command = (program, "-p", str(folder), "-e", str(folder / "errors"), "-c", str(folder / "nginx.conf"))
    with _running(command, port, {}):
        yield port


@contextmanager
def caddy(program: str, folder: Path, site: str) -> Iterator[int]:
    """The port at which Caddy serves a Caddyfile whose address is `:80`, while the context lasts."""
    folder.mkdir()
    port = free_port()
    assert site.count("\n:80 {") == 1
    (folder / "Caddyfile").write_text(
        "{\n\tadmin off\n\tauto_https off\n}\n" + site.replace("\n:80 {", f"\nhttp://127.0.0.1:{port} {{"),
        encoding="utf-8",
    )
    command = (program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile")
    with _running(command, port, {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}):
        yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    server = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait(server, port)
        yield
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _wait(server: subprocess.Popen[str], port: int) -> None:
    """Until the server answers; an end before that is told with its words."""
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            try:
                server.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            assert server.stderr is not None
            raise AssertionError(f"the server ended: {server.stderr.read()}") from None
        else:
            return
    raise AssertionError("the server does not answer")
