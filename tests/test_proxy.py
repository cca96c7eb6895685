"""Through a proxy: a real one on this machine, which asks for us or lets bytes pass."""

from __future__ import annotations

import http.client
import os
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from test_remote import FILES, hosted_at, verify

from conftest import leave_out
from generator.proxy import Proxy, proxy_for

WHOLE = "5 of 5 files are as the manifest has them.\n"
SECRET = "Basic YWRhOnAvdw=="  # ada:p/w


class Through:
    """A proxy on this machine, and what it was asked for."""

    def __init__(self, port: int, asked: list[str]) -> None:
        self.written = f"http://127.0.0.1:{port}"
        self.known = f"http://ada:p%2Fw@127.0.0.1:{port}/"
        self.asked = asked


@contextmanager
def proxied(*, secret: str = "") -> Iterator[Through]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def known(self) -> bool:
            asked.append(f"{self.command} {self.path}")
            if not secret or self.headers["Proxy-Authorization"] == secret:
                return True
            self.send_response(407)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return False

        def do_GET(self) -> None:
            if not self.known():
                return
            assert "Proxy-Authorization" not in self.headers or secret
            address = self.path.removeprefix("http://")
            host, _, path = address.partition("/")
            there = http.client.HTTPConnection(host, timeout=30)
            there.request("GET", f"/{path}", headers={"Accept-Encoding": self.headers["Accept-Encoding"]})
            answer = there.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("server", "date", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            there.close()

        def do_CONNECT(self) -> None:
            if not self.known():
                return
            name, _, port = self.path.rpartition(":")
            with socket.create_connection((name, int(port)), timeout=30) as there:
                self.send_response(200)
                self.end_headers()
                ends = (self.connection, there)
                while ready := select.select(ends, [], [], 30)[0]:
                    for end in ready:
                        data = end.recv(65536)
                        if not data:
                            self.close_connection = True
                            return
                        (there if end is self.connection else self.connection).sendall(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read what the command says."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that leaves in the middle is none of a proxy's troubles."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Through(server.server_port, asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_host_is_asked_through_the_proxy_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with proxied() as through, hosted_at(FILES) as address:
        monkeypatch.setenv(name, through.written)
        assert verify(address).output == WHOLE
        assert f"GET {address}manifest.json" in through.asked
        assert f"GET {address}facts/ferry-kept.html" in through.asked


@pytest.mark.parametrize("spared", ["127.0.0.1", "*", "other.example, 127.0.0.1"])
def test_a_host_that_is_to_be_spared_is_asked_itself(monkeypatch: pytest.MonkeyPatch, spared: str) -> None:
    with proxied() as through, hosted_at(FILES) as address:
        monkeypatch.setenv("http_proxy", through.written)
        monkeypatch.setenv("no_proxy", spared)
        assert verify(address).output == WHOLE
        assert through.asked == []


def test_the_proxy_is_told_who_asks_and_the_host_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxied(secret=SECRET) as through, hosted_at(FILES) as address:
        monkeypatch.setenv("http_proxy", through.known)
        assert verify(address).output == WHOLE
        monkeypatch.setenv("http_proxy", through.written)
        told = verify(address)
    assert "wants a name and a password" in told.output
    assert told.exit_code == 2


def test_a_proxy_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxied() as through:
        pass
    monkeypatch.setenv("http_proxy", through.written)
    told = verify("http://ferry.example/")
    assert f"cannot be reached: Connection refused (through the proxy {through.written[7:]})" in told.output
    assert told.exit_code == 2


@contextmanager
def secured(address: str, folder: Path) -> Iterator[str]:
    """The same host by https, with a certificate that only a file knows."""
    openssl = which("openssl")
    if openssl is None:
        leave_out("no openssl", "apt-get install openssl")
    key, known = folder / "key.pem", folder / "cert.pem"
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ferry"]
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(known)]
    subprocess.run([*made, *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known, key)
    there = int(address.rsplit(":", 1)[1].strip("/"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def pass_on(plain: socket.socket) -> None:
            with (
                suppress(OSError),  # a client that does not trust us leaves
                plain,
                context.wrap_socket(plain, server_side=True) as client,
                socket.create_connection(("127.0.0.1", there)) as host,
            ):
                while request := client.recv(65536):
                    host.sendall(request)
                    answer = http.client.HTTPResponse(host)
                    answer.begin()
                    body = answer.read()
                    head = f"HTTP/1.1 {answer.status} x\r\n"
                    head += "".join(f"{name}: {value}\r\n" for name, value in answer.getheaders())
                    client.sendall(head.encode("latin-1") + b"\r\n" + body)

        def serve() -> None:
            while True:
                try:
                    plain, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=pass_on, args=(plain,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/"


def test_a_secured_host_is_spoken_to_through_a_tunnel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with proxied(secret=SECRET) as through, hosted_at(FILES) as plain, secured(plain, tmp_path) as address:
        monkeypatch.setenv("https_proxy", through.known)
        told = verify(address)
        assert "has no valid certificate" in told.output, "the proxy vouches for nobody"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert verify(address).output == WHOLE
        assert set(through.asked) == {f"CONNECT {address[8:-1]}"}
        monkeypatch.setenv("https_proxy", through.written)
        assert "407 Proxy Authentication Required (through the proxy" in verify(address).output


def test_settings_are_read_as_other_programs_read_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("http", "a.example", None) is None
    monkeypatch.setenv("https_proxy", "//gate.example:3128")
    monkeypatch.setenv("no_proxy", ".inner.example,b.example:8443")
    assert proxy_for("http", "a.example", None) is None
    assert proxy_for("https", "a.example", 443) == Proxy("gate.example", 3128)
    assert proxy_for("https", "x.inner.example", None) is None
    assert proxy_for("https", "b.example", 8443) is None
    assert proxy_for("https", "b.example", None) == Proxy("gate.example", 3128)
    monkeypatch.setenv("https_proxy", "gate.example")
    assert proxy_for("https", "a.example", None) == Proxy("gate.example", 80)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("socks5://gate.example:1080", "a proxy of the kind socks5://, which is not known here"),
        ("http://gate.example:x", "whose address is none"),
        ("http://", "whose address is none"),
    ],
)
def test_a_proxy_that_cannot_be_spoken_to_is_told(
    monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    monkeypatch.setenv("http_proxy", written)
    told = verify("http://ferry.example/")
    assert told.exit_code == 2
    assert why in told.output
