"""The preview: pages from a folder, built again after every save, reloaded in the browser once they stand.

In: a function that builds, the folder it builds into, the files it builds from. Out: HTTP on this machine
alone. No file is touched: what a page needs to reload itself, and the problems of a build that failed, are
put into the answer on its way out.

`livereload` is the transport. Three of its habits are replaced (version 2.7.1): it looks for changes every
0.8 s, builds while no request is answered, and drops a reload that follows another within 3 s. Builds run
in a thread here, and every page says which build it shows, so one that missed a reload gets it when it
connects.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import os
import re
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from livereload import Server
from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from livereload.watcher import Watcher
from msgspec import Struct, json
from tornado.httpserver import HTTPServer
from tornado.platform.asyncio import AsyncIOLoop
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from generator import overlay
from generator.problems import Problem, render_text
from generator.watch import bursts

#: How many further ports are tried when the one asked for is taken.
_FURTHER_PORTS = 20
#: A Host header (RFC 9110, 7.2): an address in brackets or a name, and perhaps a port.
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?", re.ASCII | re.IGNORECASE)


class Outcome(Struct, frozen=True):
    """What a build came to."""

    #: In the order to be shown, their places worked out. While one is an error the last good site stays.
    problems: tuple[Problem, ...] = ()
    #: Whether any file of the preview is other than before.
    changed: bool = True
    seconds: float = 0.0
    #: Whether everything was looked at; else `rebuild` is called once more, with no paths at all.
    is_sure: bool = True


class Beside(Struct, frozen=True):
    """Something to serve that is no file of the preview."""

    #: Its media type.
    type: str
    make: Callable[[], bytes]


def serve(
    rebuild: Callable[[frozenset[str] | None], Outcome],
    folder: Path,
    watched: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 5500,
    opened: Callable[[str], None],
    beside: Mapping[str, Beside] | None = None,
    polling: bool | None = None,
) -> None:
    """Serve `folder` until Ctrl-C, and call `rebuild` at the start and after every burst of saves.

    `rebuild` runs in a thread of its own, one call at a time: with None first, then with the absolute paths
    saved (see `watch.bursts`), then, where it looked at these alone, with none. It replaces the files of
    `folder` in one step and returns; what it raises ends the server and is raised here. `opened` is given the
    address once requests are answered. `beside` is what stands at other paths ("/…") and is made anew, in a
    thread, whenever it is asked for.

    Only this machine is served: `host` must be asked for to be anything but loopback. A port that is taken
    is passed over for the next free one; 0 is any. Raises OSError when none can be had.
    """
    bound = _bound(host, port)
    preview = Preview(folder, host)
    loop = AsyncIOLoop(make_current=True)
    server = _Server(preview, bound, loop, beside or {})
    server.watcher = builds = _Builds(preview, rebuild, watched, server, polling)
    name = "localhost" if host in ("", "0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    try:
        opened(f"http://{name}:{bound.getsockname()[1]}/")
        with _errors_only(logging.getLogger("tornado")), _ctrl_c(loop, server.finish):
            server.serve(host=host)
    finally:
        builds.end()
    if builds.failure is not None:
        raise builds.failure


@contextmanager
def _ctrl_c(loop: AsyncIOLoop, finish: Callable[[], None]) -> Iterator[None]:
    """Call `finish` at Ctrl-C, once: a second one interrupts, should a build not come to its end.

    An interrupt would be raised wherever the loop is, and be lost or logged in the middle of an answer.
    """
    if threading.current_thread() is not threading.main_thread():  # no other thread hears of signals
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def hear(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        loop.asyncio_loop.call_soon_threadsafe(finish)  # wakes the loop, which this has interrupted

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _errors_only(logger: logging.Logger) -> Iterator[None]:
    """Say on the terminal what went wrong in an answer; requests and refusals are no news."""
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.ERROR)
    logger.addHandler(terminal)
    try:
        yield
    finally:
        logger.removeHandler(terminal)


class _Shown(Struct, frozen=True):
    """Which state of the preview a page shows. `number` starts anywhere, so another run has others."""

    number: int
    #: The problems of the last build, as text; empty when it was good.
    report: str = ""
    seconds: float = 0.0


class Preview:
    """What browsers are shown: the pages of the folder, and the problems of the last build over them."""

    def __init__(self, folder: Path, host: str) -> None:
        self.folder = Path(os.path.abspath(folder))
        self.host = host
        # One value, replaced whole: the thread that builds writes it, the thread that answers reads it.
        self._shown = _Shown(secrets.randbelow(2**31) + 1)

    def take(self, outcome: Outcome) -> bool:
        """Show this outcome from now on. True when pages that are open show something else."""
        failed = any(problem.severity == "error" for problem in outcome.problems)
        report = render_text(outcome.problems, {}) if failed else ""
        if report == self._shown.report and (failed or not outcome.changed):
            return False
        self._shown = _Shown(self._shown.number + 1, report, outcome.seconds)
        return True

    def is_current(self, number: object) -> bool:
        """Whether a page with this number shows what the folder holds now."""
        return number == self._shown.number

    def stands(self) -> bool:
        """Whether a build has ever been good."""
        return (self.folder / "index.html").is_file()

    def answers_to(self, name: str) -> bool:
        """Whether a request for the host `name` is meant for us.

        Another site may point its own name at this machine and read the preview through a visitor's
        browser (DNS rebinding). It cannot do so with an address, nor with a name given on our command line.
        """
        if name in ("localhost", "127.0.0.1", "::1", self.host):
            return True
        return not _is_loopback(self.host) and _is_address(name)

    def page(self, page: bytes, host: str) -> bytes:
        """Return a page as it goes out to a browser that knows us as `host` (the header: name and port)."""
        shown = self._shown
        page = overlay.with_reload(page, host, shown.number)
        if shown.report:
            page = overlay.with_report(page, shown.report, shown.seconds, stands=self.stands())
        return page


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class _Guarded(RequestHandler):
    """What holds for every answer: meant for us, never kept, of no use to other sites."""

    @property
    def preview(self) -> Preview:
        preview: Preview = self.settings["preview"]
        return preview

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def prepare(self) -> None:
        host = _HOST.fullmatch(self.request.host)
        if host is None or not self.preview.answers_to((host[1] or host[2]).lower()):
            self.set_status(403)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish("This preview answers to http://localhost only.\n")


class _Pages(_Guarded, StaticFileHandler):
    """The files of the preview. Each is read whole, so that size and content are of one moment."""

    _content = b""

    def parse_url_path(self, url_path: str) -> str:
        if "\0" in url_path:
            raise HTTPError(404)
        return super().parse_url_path(url_path)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if not self.preview.stands():
            raise HTTPError(503)
        path = super().validate_absolute_path(root, absolute_path)
        if path is not None:
            try:
                self._content = Path(path).read_bytes()
            except OSError as gone:  # deleted by a build since it was looked up
                raise HTTPError(404) from gone
            if path.endswith((".html", ".htm")):
                self._content = self.preview.page(self._content, self.request.host)
        return path

    def get_content_size(self) -> int:
        return len(self._content)

    def get_content(  # type: ignore[override]  # a class method upstream, for versioned addresses
        self, abspath: str, start: int | None = None, end: int | None = None
    ) -> bytes:
        return self._content[start:end]

    def get_content_type(self) -> str:
        kind = super().get_content_type()
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def compute_etag(self) -> None:
        return None

    def should_return_304(self) -> bool:
        return False

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        if status_code == 503:
            page = overlay.plain("There is no good build to show yet")
        elif status_code == 404:
            try:
                page = (self.preview.folder / "404.html").read_bytes()
            except OSError:
                page = overlay.plain("There is no such page")
        else:
            super().write_error(status_code, **kwargs)
            return
        self.finish(self.preview.page(page, self.request.host))


class _Style(_Guarded):
    def get(self) -> None:
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(overlay.CSS)

    head = get


class _Beside(_Guarded):
    """What is no file of the preview."""

    def initialize(self, one: Beside) -> None:
        self.one = one

    async def get(self) -> None:
        body = await asyncio.get_running_loop().run_in_executor(None, self.one.make)
        self.set_header("Content-Type", f"{self.one.type}; charset=utf-8")
        self.finish(self.preview.page(body, self.request.host) if self.one.type == "text/html" else body)

    head = get


class _Script(_Guarded, LiveReloadJSHandler):  # type: ignore[misc]  # livereload has no types
    pass


class _Told(Struct):
    """What we read of a message of livereload's script; `snipver` is the number put into its address."""

    command: str
    snipver: object = None


class _Socket(_Guarded, LiveReloadHandler):  # type: ignore[misc]
    """The socket a page waits at. A page that shows an earlier build is told to reload at once."""

    _number: object = None

    def check_origin(self, origin: str) -> bool:
        return urlsplit(origin).netloc == self.request.host

    def on_message(self, message: str | bytes) -> None:
        super().on_message(message)
        told = json.decode(message, type=_Told)
        if told.command == "hello":
            self._number = told.snipver
        elif told.command == "info" and not self.preview.is_current(self._number):
            self.send_message({"command": "reload", "path": "*"})


class _Server(Server):  # type: ignore[misc]
    """livereload's server with handlers and a socket of ours."""

    def __init__(
        self, preview: Preview, bound: socket.socket, loop: AsyncIOLoop, beside: Mapping[str, Beside]
    ) -> None:
        super().__init__()
        self._bound, self._loop = bound, loop
        self._http = HTTPServer(
            Application(
                [
                    (r"/livereload", _Socket),
                    (r"/livereload\.js", _Script),
                    (re.escape(overlay.STYLE), _Style),
                    *((re.escape(path), _Beside, {"one": one}) for path, one in beside.items()),
                    (r"/(.*)", _Pages, {"path": str(preview.folder), "default_filename": "index.html"}),
                ],
                preview=preview,
                log_function=lambda handler: None,
            )
        )

    def application(self, *args: object, **kwargs: object) -> None:
        LiveReloadHandler.watcher = self.watcher
        # The class keeps these for good; a second server in one process starts afresh.
        LiveReloadHandler.waiters.clear()
        LiveReloadHandler._last_reload_time = None
        self._http.add_socket(self._bound)

    def _setup_logging(self) -> None:
        """Say nothing of requests and reloads, which upstream prints."""

    def reload(self) -> None:
        """Tell the open pages to reload, from any thread."""
        self._loop.add_callback(LiveReloadHandler.reload_waiters)

    def finish(self) -> None:
        """End the loop, from any thread, once nothing is under way in it."""
        self._loop.add_callback(self._finish)

    async def _finish(self) -> None:
        self._http.stop()
        answering = asyncio.all_tasks() - {asyncio.current_task()}
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)
        self._loop.stop()


class _Builds(Watcher):  # type: ignore[misc]
    """livereload's watcher with its polling off: a thread builds after every burst of saves."""

    def __init__(
        self,
        preview: Preview,
        rebuild: Callable[[frozenset[str] | None], Outcome],
        watched: Sequence[Path],
        server: _Server,
        polling: bool | None,
    ) -> None:
        super().__init__()
        self.failure: BaseException | None = None
        self._stop = threading.Event()
        self._saves = bursts(watched, stop=self._stop, ignored=[preview.folder], polling=polling)
        self._preview, self._rebuild, self._server = preview, rebuild, server
        # A daemon, so that a second Ctrl-C need not wait for a build; a build cut short harms no site.
        self._thread = threading.Thread(target=self._run, name="factsheet builds", daemon=True)

    def start(self, callback: object) -> bool:
        self._thread.start()
        return True

    def end(self) -> None:
        """Stop once the build under way is done."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            for saved in self._saves:
                while True:
                    outcome = self._rebuild(saved)
                    if self._preview.take(outcome):
                        self._server.reload()
                    if outcome.is_sure:
                        break
                    saved = frozenset[str]()
        except BaseException as failure:
            self.failure = failure  # raised by `serve`
            self._server.finish()


def _bound(host: str, port: int) -> socket.socket:
    """Listen at the first free port from `port` on."""
    ports = range(port, min(port + _FURTHER_PORTS, 65535) + 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in ports:
        try:
            bound = socket.create_server((host, candidate), family=family)
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise
        else:
            bound.setblocking(False)
            return bound
    raise OSError(
        errno.EADDRINUSE,
        f"ports {ports[0]} to {ports[-1]} of {host} are all taken; choose another with --port",
    )
