"""The preview, over real connections: what is served, to whom, and what an open page is told after a save."""

from __future__ import annotations

import asyncio
import html
import http.client
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

from conftest import ROOT, digests
from generator import overlay, serve, watch
from generator.problems import Place, Problem
from generator.serve import Outcome

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 20  # seconds after which something is taken not to come

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
PAGE = f"""\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<link rel="stylesheet" href="/assets/site.css"><link rel="icon" href="/assets/icon.svg">
<title>BODY</title></head>
<body><h1>BODY</h1></body></html>
"""
HOSTILE = '</pre><script>alert("never")</script>'


class Dossier:
    """A stand-in for a build: one text in, a few pages out; a text with the word BROKEN has a problem."""

    def __init__(self, root: Path) -> None:
        self.text, self.preview = root / "content" / "text.txt", root / "preview"
        #: What each build was called with; the build that is held is in it already.
        self.builds: queue.Queue[frozenset[str] | None] = queue.Queue()
        #: Whether a build that is told what was saved looks at everything.
        self.is_thorough = True
        self._free = threading.Event()
        self._free.set()
        self.save("first")

    def save(self, text: str) -> None:
        self.text.parent.mkdir(parents=True, exist_ok=True)
        beside = self.text.with_suffix(".tmp")
        beside.write_text(text)
        beside.replace(self.text)

    def hold(self) -> None:
        """Let the next build last until released."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def rebuild(self, saved: frozenset[str] | None) -> Outcome:
        text = self.text.read_text()
        self.builds.put(saved)
        assert self._free.wait(PATIENCE)
        if "BROKEN" in text:
            at = Place("content/text.txt", 1, 1)
            return Outcome((Problem(code="wrong-type", message=text + HOSTILE, at=at),), changed=False)
        files = {
            "index.html": PAGE.replace("BODY", text),
            "404.html": PAGE.replace("BODY", "nothing here"),
            "facts/a.html": PAGE.replace("BODY", f"fact {text}"),
            "facts/index.html": PAGE.replace("BODY", "all facts"),
            "empty/a.txt": "a",
            "assets/site.css": "h1 { margin: 0 }",
            "assets/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        }
        old = {path: (self.preview / path).read_text() for path in files if (self.preview / path).exists()}
        for path, page in files.items():
            (self.preview / path).parent.mkdir(parents=True, exist_ok=True)
            (self.preview / path).write_text(page)
        return Outcome(changed=old != files, is_sure=self.is_thorough or not saved)

    def built(self) -> frozenset[str] | None:
        """Wait until a build begins; what it was called with."""
        return self.builds.get(timeout=PATIENCE)


class Running:
    """A server in a thread."""

    def __init__(self, rebuild: Callable[..., Outcome], folder: Path, *watched: Path, **options: Any) -> None:
        self.error: BaseException | None = None
        self._opened: queue.Queue[tuple[str, IOLoop]] = queue.Queue()
        self._thread = threading.Thread(target=self._run, args=(rebuild, folder, watched), kwargs=options)
        self._thread.start()
        self.url, self._loop = self._opened.get(timeout=PATIENCE)
        self.port = int(self.url.rstrip("/").rpartition(":")[2])

    def _run(self, *given: Any, **options: Any) -> None:
        def opened(url: str) -> None:
            self._opened.put((url, IOLoop.current()))

        try:
            serve.serve(*given, **{"port": 0, "opened": opened, **options})
        except BaseException as error:
            self.error = error

    def get(
        self, path: str = "/", method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """Ask for a path exactly as written: status, headers in lower case, text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in (headers or {}))
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def number(self, path: str = "/") -> int:
        """The number of the state that a page shows."""
        found = re.search(r"snipver=(\d+)", self.get(path)[2])
        assert found
        return int(found[1])

    def stop(self) -> None:
        self._loop.add_callback(self._loop.stop)

    def ended(self, *, within: float = PATIENCE) -> bool:
        self._thread.join(within)
        return not self._thread.is_alive()

    def end(self) -> bool:
        self.stop()
        return self.ended()


class OpenPage:
    """What livereload's script does in an open page: it connects, says which page it is, and listens."""

    def __init__(self, port: int, number: object, headers: Mapping[str, str] | None = None) -> None:
        self._request = HTTPRequest(f"ws://127.0.0.1:{port}/livereload", headers=dict(headers or {}))
        self._said: queue.Queue[Any] = queue.Queue()
        self._number = number
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()))
        self._thread.start()
        assert self.next() == "hello"
        #: What the server says on learning which page this is.
        self.at_once = list(iter(self.next, "hello"))

    async def _listen(self) -> None:
        try:
            self._loop, self._closed, self._gone = (
                asyncio.get_running_loop(),
                asyncio.Event(),
                asyncio.Event(),
            )
            self._socket = await websocket_connect(self._request, on_message_callback=self._hear)
            await self._say({"command": "hello", "snipver": self._number})
            await self._say({"command": "info", "url": "a page"})
            await self._say({"command": "hello"})
            await self._closed.wait()
            self._socket.close()
            await self._gone.wait()
        except BaseException as error:
            self._said.put(error)

    def _hear(self, message: str | bytes | None) -> None:
        if message is None:
            self._gone.set()
        else:
            self._said.put(json.loads(message)["command"])

    async def _say(self, message: object) -> None:
        await self._socket.write_message(json.dumps(message))

    def next(self) -> str:
        said = self._said.get(timeout=PATIENCE)
        if isinstance(said, BaseException):
            raise said
        return str(said)

    def hears_nothing_more(self) -> bool:
        """Whether the server has said nothing since: its answer to a greeting is the next thing heard."""
        asyncio.run_coroutine_threadsafe(self._say({"command": "hello"}), self._loop).result(PATIENCE)
        return self.next() == "hello"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join(PATIENCE)


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    return Dossier(tmp_path)


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def run(*given: Any, **options: Any) -> Running:
        started.append(Running(*given, **options))
        return started[-1]

    yield run
    assert all(running.end() for running in started)


@contextmanager
def built_once(dossier: Dossier) -> Iterator[Running]:
    """The preview of a dossier, its first build done."""
    dossier.hold()
    running = Running(dossier.rebuild, dossier.preview, dossier.text.parent)
    try:
        assert dossier.built() is None
        page = OpenPage(running.port, running.number())
        dossier.release()
        assert page.next() == "reload"
        page.close()
        yield running
    finally:
        dossier.release()
        assert running.end()


@pytest.fixture
def running(dossier: Dossier) -> Iterator[Running]:
    with built_once(dossier) as one:
        yield one


def test_what_stands_beside_the_pages_is_made_anew_and_guarded(
    dossier: Dossier, start: Callable[..., Running]
) -> None:
    made: list[str] = []

    def report() -> bytes:
        made.append(PAGE.replace("BODY", f"report {len(made)}"))
        return made[-1].encode()

    beside = {
        "/_factsheet/report": serve.Beside("text/html", report),
        "/_factsheet/report.css": serve.Beside("text/css", b"p {}".strip),
    }
    running = start(dossier.rebuild, dossier.preview, dossier.text.parent, beside=beside)
    for number in (0, 1):
        status, headers, text = running.get("/_factsheet/report")
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert (headers["cache-control"], headers["cross-origin-resource-policy"]) == (
            "no-store",
            "same-origin",
        )
        assert f"<h1>report {number}</h1>" in text
        assert "/livereload.js?" in text, "it shows itself anew after a save, as every page does"
    assert running.get("/_factsheet/report.css")[1]["content-type"] == "text/css; charset=utf-8"
    assert running.get("/_factsheet/report", headers={"Host": "elsewhere.example"})[0] == 403
    assert running.get("/_factsheet/reports")[0] in (404, 503)
    assert len(made) == 2, "who may not read it has none made"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """A dossier that no test edits."""
    return Dossier(tmp_path_factory.mktemp("still"))


@pytest.fixture(scope="module")
def reading(still: Dossier) -> Iterator[Running]:
    with built_once(still) as one:
        yield one


@pytest.fixture
def open_page(running: Running) -> Iterator[Callable[..., OpenPage]]:
    opened: list[OpenPage] = []

    def connect(number: object = None) -> OpenPage:
        opened.append(OpenPage(running.port, running.number() if number is None else number))
        return opened[-1]

    yield connect
    for page in opened:
        page.close()


# --- what is served -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "first"),
        ("/index.html", "first"),
        ("/index.html?print", "first"),
        ("/facts/a.html", "fact first"),
        ("/facts/", "all facts"),
        ("/404.html", "nothing here"),
    ],
)
def test_pages_come_with_the_script_and_a_policy_that_allows_it(
    path: str, title: str, reading: Running
) -> None:
    status, headers, page = reading.get(path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert f"<h1>{title}</h1>" in page
    assert f'<script src="/livereload.js?port={reading.port}&amp;snipver=' in page
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0])
    assert policy == f"{POLICY}; connect-src ws://127.0.0.1:{reading.port}"
    assert "factsheet-report" not in page


def test_other_files_are_served_as_they_are(reading: Running, still: Dossier) -> None:
    status, headers, text = reading.get("/assets/site.css")
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert text == (still.preview / "assets/site.css").read_text()
    assert "LiveReload" in reading.get("/livereload.js?port=1")[2]
    assert ".factsheet-report" in reading.get(overlay.STYLE)[2]


@pytest.mark.parametrize("path", ["/", "/assets/site.css", "/nowhere.html"])
def test_head_tells_what_get_would_bring(path: str, reading: Running) -> None:
    got, told = reading.get(path), reading.get(path, "HEAD")
    assert told[0] == got[0]
    assert told[1]["content-length"] == got[1]["content-length"] == str(len(got[2].encode()))
    assert told[2] == ""


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [("bytes=0-3", 206, slice(4)), ("bytes=-3", 206, slice(-3, None)), ("bytes=90000-", 416, slice(0))],
)
@pytest.mark.parametrize("path", ["/", "/assets/site.css"])
def test_ranges_are_of_what_is_served(
    path: str, asked: str, status: int, part: slice, reading: Running
) -> None:
    whole = reading.get(path)[2]
    got = reading.get(path, headers={"Range": asked})
    assert (got[0], got[2]) == (status, whole[part])


def test_nothing_is_kept_by_browsers(reading: Running) -> None:
    for asked in ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, {"If-None-Match": "*"}):
        status, headers, page = reading.get("/", headers=asked)
        assert (status, headers["cache-control"]) == (200, "no-store")
        assert page


@pytest.mark.parametrize("path", ["/nowhere.html", "/facts/nowhere.html", "/no/such/folder/", "/empty/"])
def test_an_unknown_path_shows_the_site_s_own_page(path: str, reading: Running) -> None:
    status, _, page = reading.get(path)
    assert status == 404
    assert "<h1>nothing here</h1>" in page
    assert "/livereload.js" in page


def test_an_unknown_path_of_a_site_without_such_a_page(running: Running, dossier: Dossier) -> None:
    (dossier.preview / "404.html").unlink()
    status, _, page = running.get("/nowhere.html")
    assert status == 404
    assert "There is no such page" in page


def test_no_file_is_touched(reading: Running, still: Dossier) -> None:
    before = digests(still.preview)
    for path in ("/", "/facts/a.html", "/nowhere.html", "/livereload.js"):
        reading.get(path)
    assert digests(still.preview) == before


# --- to whom ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nowhere.html", "/assets/site.css", "/livereload.js", overlay.STYLE])
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:80", "192.0.2.1", "a@localhost", "a b", "[::2]"]
)
def test_a_foreign_host_is_refused(host: str, path: str, reading: Running) -> None:
    status, _, text = reading.get(path, headers={"Host": host})
    assert status in (400, 403)
    assert "first" not in text
    assert "LiveReload" not in text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1:1234", "[::1]:1234"])
def test_this_machine_is_known_by_its_names(host: str, reading: Running) -> None:
    status, _, page = reading.get("/", headers={"Host": host})
    assert status == 200
    assert f"ws://{host}" in page


@pytest.mark.parametrize(
    ("host", "name", "expected"),
    [
        ("127.0.0.1", "192.0.2.1", False),
        ("localhost", "192.0.2.1", False),
        ("0.0.0.0", "192.0.2.1", True),
        ("0.0.0.0", "desk.example", False),
        ("desk.example", "desk.example", True),
        ("desk.example", "evil.example", False),
    ],
)
def test_an_address_is_trusted_and_a_name_only_when_given(host: str, name: str, expected: bool) -> None:
    assert serve.Preview(Path("preview"), host).answers_to(name) is expected


def test_the_socket_is_for_our_own_pages(reading: Running) -> None:
    own = f"http://127.0.0.1:{reading.port}"
    OpenPage(reading.port, reading.number(), {"Origin": own}).close()
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://localhost:{reading.port}"},
        {"Origin": own, "Host": "evil.example"},
    ):
        with pytest.raises(HTTPClientError) as refused:
            OpenPage(reading.port, 0, headers)
        assert refused.value.code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/facts/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/facts/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/%00",
        "/a%00/../../secret.txt",
        "/%ff",
        "/link.txt",
        "/linked/secret.txt",
        "/" + "a" * 5000,
        "ABSOLUTE",
    ],
)
def test_nothing_outside_the_folder_is_served(path: str, reading: Running, still: Dossier) -> None:
    secret = still.preview.parent / "secret.txt"
    if not secret.exists():
        secret.write_text("never shown")
        (still.preview / "link.txt").symlink_to(secret)
        (still.preview / "linked").symlink_to(secret.parent)
    status, _, text = reading.get(f"/{secret}" if path == "ABSOLUTE" else path)
    assert status in (400, 403, 404)
    assert "never shown" not in text


def test_only_reading_is_answered(reading: Running) -> None:
    assert {reading.get("/", method)[0] for method in ("POST", "PUT", "DELETE", "OPTIONS")} == {405}


# --- after a save -------------------------------------------------------------------------------------


def test_an_edit_is_shown_with_one_reload(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    page = open_page()
    dossier.save("second")
    assert dossier.built() == {str(dossier.text)}
    assert page.next() == "reload"
    assert "<h1>second</h1>" in running.get()[2]
    dossier.save("third")  # sooner than the 3 s within which livereload drops a reload
    assert dossier.built() == {str(dossier.text)}
    assert page.next() == "reload"
    assert "<h1>third</h1>" in running.get()[2]
    assert page.hears_nothing_more()


def test_twenty_saves_are_two_builds_at_most(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "QUIET", 0.4)  # a busy machine may pause between two saves
    page = open_page()
    for number in range(20):
        dossier.save(f"save {number}")
    dossier.built()  # the first save
    assert page.next() == "reload"
    if "<h1>save 19</h1>" not in running.get()[2]:
        dossier.built()  # all others
        assert page.next() == "reload"
    assert "<h1>save 19</h1>" in running.get()[2]
    assert dossier.builds.empty()
    assert page.hears_nothing_more()


def test_an_edit_during_a_build_is_built_next_and_pages_are_served_meanwhile(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    page = open_page()
    dossier.hold()
    dossier.save("second")
    dossier.built()
    dossier.save("third")
    assert "<h1>first</h1>" in running.get()[2]
    dossier.release()
    assert page.next() == "reload"
    assert dossier.built() == {str(dossier.text)}
    assert page.next() == "reload"
    assert "<h1>third</h1>" in running.get()[2]
    assert dossier.builds.empty()


def test_pages_reload_before_a_build_that_looked_at_little_looks_at_everything(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    page = open_page()
    dossier.is_thorough = False
    dossier.save("second")
    assert dossier.built() == {str(dossier.text)}
    dossier.hold()
    assert dossier.built() == frozenset(), "which is under way now"
    assert page.next() == "reload"
    dossier.release()
    assert page.hears_nothing_more()
    assert dossier.builds.empty()


def test_a_save_that_changes_no_page_reloads_none(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    page = open_page()
    dossier.save("first")
    dossier.built()
    dossier.save("second")
    dossier.built()
    assert page.next() == "reload"
    assert page.hears_nothing_more()


def test_a_page_of_an_earlier_state_is_reloaded_when_it_connects(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    current = running.number()
    assert open_page(current).at_once == []
    for other in (current - 1, "0", "latest"):
        assert open_page(other).at_once == ["reload"]


@pytest.mark.parametrize("path", ["/", "/facts/a.html", "/nowhere.html"])
def test_errors_stand_over_the_last_good_page_until_mended(
    path: str, running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    status, _, good = running.get(path)
    body = good[good.index("<h1>") : good.index("</body>")]
    page = open_page()
    dossier.save("BROKEN")
    dossier.built()
    assert page.next() == "reload"
    broken = running.get(path)
    assert broken[0] == status
    assert body in broken[2]
    assert f'<link rel="stylesheet" href="{overlay.STYLE}">' in broken[2]
    assert "error[wrong-type] content/text.txt:1:1" in broken[2]
    assert "the site from before" in broken[2]
    assert HOSTILE not in broken[2]
    assert html.escape(HOSTILE) in html.escape(html.unescape(broken[2]))
    dossier.save("first")
    dossier.built()
    assert page.next() == "reload"
    mended = running.get(path)
    assert mended[0] == status
    assert re.sub(r"snipver=\d+", "", mended[2]) == re.sub(r"snipver=\d+", "", good)
    assert page.hears_nothing_more()


def test_what_the_build_writes_is_no_save(
    dossier: Dossier, start: Callable[..., Running], tmp_path: Path
) -> None:
    start(dossier.rebuild, dossier.preview, tmp_path)
    assert dossier.built() is None
    for text in ("second", "third"):
        dossier.save(text)
        assert dossier.built() == {str(dossier.text)}


def test_the_same_errors_again_reload_nothing(
    running: Running, dossier: Dossier, open_page: Callable[..., OpenPage]
) -> None:
    page = open_page()
    for text, reloads in (("BROKEN", True), ("BROKEN", False), ("BROKEN otherwise", True)):
        dossier.save(text)
        dossier.built()
        if reloads:
            assert page.next() == "reload"
    assert page.hears_nothing_more()


@pytest.mark.parametrize("path", ["/", "/facts/a.html", "/no/such/page.html"])
def test_before_the_first_good_build_a_plain_page_shows_the_problems(
    path: str, dossier: Dossier, start: Callable[..., Running]
) -> None:
    dossier.save("BROKEN")
    dossier.hold()
    running = start(dossier.rebuild, dossier.preview, dossier.text.parent)
    dossier.built()
    status, _, waiting = running.get(path)
    assert status == 503
    assert "There is no good build to show yet" in waiting
    assert "wrong-type" not in waiting
    page = OpenPage(running.port, running.number(path))
    dossier.release()
    assert page.next() == "reload"
    status, _, broken = running.get(path)
    assert status == 503
    assert "error[wrong-type] content/text.txt:1:1" in broken
    assert "the site from before" not in broken
    dossier.save("good")
    assert page.next() == "reload"
    assert running.get("/")[0] == 200
    page.close()


def test_warnings_do_not_cover_the_page(tmp_path: Path) -> None:
    preview = serve.Preview(tmp_path, "localhost")
    warning = Problem(code="plan-overdue", message="late", at=Place("a.yaml"), severity="warning")
    error = Problem(code="bad-date", message="what day?", at=Place("a.yaml"))
    assert not preview.take(Outcome((warning,), changed=False))
    assert preview.take(Outcome((warning,), changed=True))
    assert b"late" not in preview.page(b"", "localhost")
    assert preview.take(Outcome((warning, error), changed=False))
    assert b"late" in preview.page(b"", "localhost")


# --- how it starts and ends ---------------------------------------------------------------------------


def taken() -> socket.socket:
    """A port of this machine that something else listens at."""
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return other


def test_a_port_that_is_taken_is_passed_over(dossier: Dossier, start: Callable[..., Running]) -> None:
    with taken() as other:
        port = other.getsockname()[1]
        running = start(dossier.rebuild, dossier.preview, dossier.text.parent, port=port)
        assert port < running.port <= port + 20
        dossier.built()


def test_no_free_port_is_told(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_FURTHER_PORTS", 0)
    with taken() as other, pytest.raises(OSError, match=r"taken; choose another with --port"):
        serve.serve(dossier.rebuild, dossier.preview, [], port=other.getsockname()[1], opened=pytest.fail)


def test_a_mistake_of_ours_ends_the_server_and_is_raised(dossier: Dossier) -> None:
    class Mistake(Exception):
        pass

    def rebuild(saved: frozenset[str] | None) -> Outcome:
        raise Mistake

    running = Running(rebuild, dossier.preview, dossier.text.parent)
    assert running.ended()
    assert isinstance(running.error, Mistake)


def test_the_build_under_way_is_done_before_the_end(dossier: Dossier) -> None:
    still_there = []

    def rebuild(saved: frozenset[str] | None) -> Outcome:
        outcome = dossier.rebuild(saved)
        still_there.append(not running.ended(within=0.2))
        return outcome

    dossier.hold()
    running = Running(rebuild, dossier.preview, dossier.text.parent)
    dossier.built()
    kept = http.client.HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE)
    kept.request("GET", "/")
    assert kept.getresponse().read()
    running.stop()
    assert kept.sock.recv(1) == b""  # nothing is answered any more
    kept.close()
    dossier.release()
    assert running.ended()
    assert still_there == [True]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for Ctrl-C that reaches one process")
@pytest.mark.parametrize("building", [False, True])
def test_ctrl_c_ends_quietly(building: bool, tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from generator.serve import Outcome, serve

        folder = Path(sys.argv[1])

        def rebuild(saved):
            (folder / "index.html").write_text("<title>a page</title>")
            print("building", flush=True)
            if sys.argv[2] == "True":
                sys.stdin.read()
                (folder / "done").touch()
            return Outcome()

        serve(rebuild, folder, [folder / "content"], port=0, opened=lambda url: print(url, flush=True))
    """
    with subprocess.Popen(
        [sys.executable, "-X", "dev", "-c", textwrap.dedent(program), str(tmp_path), str(building)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline()
        assert process.stdout.readline() == "building\n"
        port = int(url.strip().rstrip("/").rpartition(":")[2])
        kept = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        kept.request("GET", "/")
        assert "a page" in kept.getresponse().read().decode()
        page = OpenPage(port, 0)
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=PATIENCE)  # closes stdin, which lets the build end
        finally:
            process.kill()
            kept.close()
            page.close()
    assert (out, err, process.returncode) == ("", "", 0)
    assert (tmp_path / "done").exists() is building


# --- in a browser -------------------------------------------------------------------------------------


def test_a_page_under_its_own_policy_reloads_itself(
    running: Running, dossier: Dossier, chromium: Browser
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    # A page that is reloaded while its pictures still come fails to get them; that is no fault of the policy.
    page.on("requestfailed", lambda r: said.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
    page.goto(running.url)
    for text in ("second", "third"):
        dossier.save(text)
        page.wait_for_selector(f"h1:text-is('{text}')")
    dossier.save("BROKEN")
    report = page.wait_for_selector(".factsheet-report")
    assert report is not None
    assert "error[wrong-type]" in report.inner_text()
    assert page.evaluate("e => getComputedStyle(e).position", report) == "fixed"
    assert page.inner_text("h1") == "third"
    dossier.save("mended")
    page.wait_for_selector("h1:text-is('mended')")
    assert page.query_selector(".factsheet-report") is None
    assert said == []
    context.close()
