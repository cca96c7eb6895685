"""Files of a site read from its host, a few at a time, over connections that stay open.

In: the address of a site and paths. Out: an `Answer` for each, failures included. No answer is believed to
end: every wait, every file and every chain of redirects has a bound. Redirects are followed on the same host.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct

from generator import __version__
from generator.proxy import Proxy, proxy_for

#: How many files are asked for at once: a site is to be looked at, not loaded.
_AT_ONCE = 6
#: How many answers are held in memory at most.
_BATCH = 120
#: Seconds that a host may be silent, and that one file may take.
_SILENCE = 20
_FILE_SECONDS = 120
#: Bytes of a file that are read at most, and that are kept to be looked at.
LARGEST = 256_000_000
_KEPT = 4_000_000
_PIECE = 1 << 16
_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
#: What a proxy answers to who is not known to it (RFC 9110, 15.5.8).
_WHO = 407
#: Characters that stand in a path as they are (RFC 3986, 3.3), and the escapes of an address that has some.
_AS_IT_IS = "/:@!$&'()*+,;=~%"
_PORTS = {"http": 80, "https": 443}


class Answer(Struct, frozen=True):
    """What a host said to one request, after redirects."""

    #: HTTP status (RFC 9110, 15); 0 where no answer came.
    status: int = 0
    #: Header fields by their names in lower case; several of one name are joined by commas.
    headers: dict[str, str] = {}
    #: SHA-256, hexadecimal, of the content without its transfer encoding.
    sha256: str = ""
    #: The content; empty where it is larger than we keep.
    body: bytes = b""
    #: Status and new address of each redirect; the last may lead to another host, and is not followed then.
    redirects: tuple[tuple[int, str], ...] = ()
    #: Why there is no answer, in words; empty where there is one.
    trouble: str = ""


class _Asked(NamedTuple):
    """Who is asked."""

    connection: http.client.HTTPConnection
    #: Whether it was not used before, or was closed since.
    fresh: bool
    proxy: Proxy | None


class BadAddress(ValueError):
    """An address that no site can have, in words for the person at the terminal."""


def home(address: str) -> str:
    """The address of a site as its pages are found from it: with its scheme, ending in `/`.

    Raises `BadAddress`.
    """
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise BadAddress(f"{address} is no address: {error}") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadAddress(f"{address} is no address of a site; it begins with https:// or http://")
    if parts.username or parts.password:
        raise BadAddress("A name or password in an address is not sent; leave it out.")
    path = parts.path.removesuffix("index.html").removesuffix("manifest.json")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{name}{port}{quote(path, safe=_AS_IT_IS).rstrip('/')}/"


class Host:
    """Asks a host for files below one address. A context: connections are closed at its end."""

    def __init__(self, address: str) -> None:
        """`address`: as `home` gives it."""
        self.home = address
        self._mine = threading.local()
        self._open: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        self._tls = ssl.create_default_context()

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._open:
            connection.close()

    def get(self, path: str, *, keep: int = _KEPT) -> Answer:
        """Ask for a file by its path from the root of the site; a body of up to `keep` bytes is kept."""
        address = self.home + quote(path)
        until = time.monotonic() + _FILE_SECONDS
        redirects: list[tuple[int, str]] = []
        for _ in range(_REDIRECTS + 1):
            try:
                answer = self._ask(address, until, keep)
            except (OSError, http.client.HTTPException, zlib.error) as error:
                return Answer(redirects=tuple(redirects), trouble=_in_words(error))
            if answer.status not in _MOVED or "location" not in answer.headers:
                break
            there = urljoin(address, answer.headers["location"])
            redirects.append((answer.status, there))
            if not _same_host(address, there):
                break
            address = there.partition("#")[0]
        else:
            return Answer(redirects=tuple(redirects), trouble="leads from address to address without an end")
        return Answer(answer.status, answer.headers, answer.sha256, answer.body, tuple(redirects))

    def get_all(self, paths: Iterable[str]) -> Iterator[tuple[str, Answer]]:
        """Ask for many files; the answers come in the order of the paths."""
        paths = list(paths)
        pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="factsheet fetches")
        try:
            for start in range(0, len(paths), _BATCH):
                batch = paths[start : start + _BATCH]
                yield from zip(batch, pool.map(self.get, batch), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)

    def _ask(self, address: str, until: float, keep: int) -> Answer:
        """One request, without following redirects; tried anew where an idle connection had been closed."""
        parts = urlsplit(address)
        way = quote(parts.path, safe=_AS_IT_IS) or "/"
        way += f"?{parts.query}" if parts.query else ""
        asked = self._connection(parts.scheme, parts.hostname or "", parts.port)
        headers = {"Accept-Encoding": "gzip", "User-Agent": f"factsheet/{__version__}"}
        if asked.proxy:
            headers["Cache-Control"] = "no-cache"  # what others were sent before is not asked for
            if parts.scheme == "http":  # through a tunnel the host itself is spoken to
                way = f"http://{parts.netloc}{way}"
                headers |= asked.proxy.headers
        connection, fresh = asked.connection, asked.fresh
        try:
            while True:
                try:
                    connection.request("GET", way, headers=headers)
                    response = connection.getresponse()
                    break
                except (http.client.RemoteDisconnected, ConnectionError):
                    connection.close()
                    if fresh:
                        raise
                    fresh = True
        except (OSError, http.client.HTTPException) as error:
            if asked.proxy:
                raise OSError(f"{_in_words(error)} (through the proxy {asked.proxy})") from error
            raise
        if asked.proxy and response.status == _WHO:
            connection.close()
            raise OSError(f"is not shown: the proxy {asked.proxy} wants a name and a password")
        try:
            return _read(response, until, keep)
        except BaseException:
            connection.close()  # what is left of an answer would be taken for the next
            raise

    def _connection(self, scheme: str, name: str, port: int | None) -> _Asked:
        """The connection of this thread to a host, or to the proxy that asks for us."""
        held: dict[tuple[str, str, int | None], _Asked] = self._mine.__dict__.setdefault("held", {})
        key = scheme, name, port
        if key in held:
            return held[key]._replace(fresh=held[key].connection.sock is None)
        proxy = proxy_for(scheme, name, port)
        place, way = (proxy.name, proxy.port) if proxy else (name, port)
        if scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                place, way, timeout=_SILENCE, context=self._tls
            )
            if proxy:
                made.set_tunnel(name, port, proxy.headers)
        else:
            made = http.client.HTTPConnection(place, way, timeout=_SILENCE)
        held[key] = _Asked(made, True, proxy)
        with self._lock:
            self._open.append(made)
        return held[key]


def _read(response: http.client.HTTPResponse, until: float, keep: int) -> Answer:
    """Read an answer to its end. Raises `OSError` where it is larger, or takes longer, than we allow."""
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    zipped = headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip")
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if zipped else None
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    while piece := response.read(_PIECE):
        while piece:
            data = unzip.decompress(piece, _PIECE) if unzip else piece
            piece = unzip.unconsumed_tail if unzip else b""
            size += len(data)
            digest.update(data)
            if size <= keep:
                kept += data
            if size > LARGEST:
                raise OSError(f"is larger than {LARGEST // 1_000_000} MB; the rest was not read")
        if time.monotonic() > until:
            raise OSError(f"took longer than {_FILE_SECONDS} seconds")
    # `read` itself says nothing where fewer bytes came than were announced.
    if response.length or (unzip and size and not unzip.eof):
        raise OSError("broke off before its end")
    body = bytes(kept) if size <= keep else b""
    return Answer(response.status, headers, digest.hexdigest(), body)


def _same_host(here: str, there: str) -> bool:
    """Whether a redirect stays on the host; from http to https is a step it may take, back is not."""
    try:
        one, two = urlsplit(here), urlsplit(there)
        ports = [parts.port or _PORTS.get(parts.scheme) for parts in (one, two)]
    except ValueError:
        return False
    if one.hostname != two.hostname or two.scheme not in _PORTS:
        return False
    if one.scheme == two.scheme:
        return ports[0] == ports[1]
    return two.scheme == "https" and ports[1] == _PORTS["https"]


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"did not answer within {_SILENCE} seconds"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has no valid certificate: {error.verify_message}"
    if isinstance(error, http.client.IncompleteRead):
        return "broke off before its end"
    if isinstance(error, http.client.HTTPException):
        return f"answers with something that is not HTTP ({type(error).__name__})"
    if isinstance(error, zlib.error):
        return "says that it is compressed with gzip, and is not"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be reached: {error.strerror}"
    return str(error)
