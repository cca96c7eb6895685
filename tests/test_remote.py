"""A published site compared with its manifest: every way a host is known to change one, told in words."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXT, SmallSite
from generator import fetch, hosted, manifest, remote
from generator.cli import main
from generator.fetch import Answer, BadAddress
from generator.hosted import Finding, undone

POLICY = "default-src 'none'; style-src 'self'"
PAGE = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>The ferry – día</title>
<link rel="stylesheet" href="assets/site.css">
</head>
<body>
<main><p>The night ferry runs.</p></main>
</body>
</html>
""".encode()
CSS = b"body { color: black }\n" * 40
FILES = {
    "index.html": PAGE,
    "facts/ferry-kept.html": PAGE.replace(b"night", b"last"),
    "assets/site.css": CSS,
    "data/facts.csv": "id,statement\nferry,día\n".encode(),
    "404.html": PAGE.replace(b"The night ferry runs.", b"No such page."),
}
TYPES = {".html": "text/html", ".css": "text/css", ".csv": "text/csv", ".json": "application/json"}


class Reply(NamedTuple):
    """What a host says to one request."""

    status: int
    headers: dict[str, str]
    body: bytes


Change = Callable[[str, Reply, Mapping[str, str]], Reply]


def honest(files: Mapping[str, bytes], path: str) -> Reply:
    """A host that does nothing but send the files."""
    if path not in files:
        return Reply(404, {"Content-Type": "text/html; charset=utf-8"}, files.get("404.html", b"gone"))
    kind = TYPES["." + path.rpartition(".")[2]]
    return Reply(200, {"Content-Type": f"{kind}; charset=utf-8"}, files[path])


@contextmanager
def hosted_at(
    files: Mapping[str, bytes], change: Change | None = None, below: str = "/", *, closes: bool = False
) -> Iterator[str]:
    """The address of a site on a host of its own that does something to its files.

    `closes`: it closes each connection after one answer, without a word of it.
    """
    listing = manifest.dumps({path: manifest.digest(data) for path, data in files.items()})
    held = {**files, manifest.NAME: listing}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.removeprefix(below)
            reply = honest(held, path or "index.html")
            if change is not None:
                reply = change(path, reply, dict(self.headers))
            self.send_response(reply.status)
            for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = self.close_connection or closes

        def log_message(self, format: str, *args: Any) -> None:
            """Tests read what the command says."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True  # connections stay open until the client closes them
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{below}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def verify(address: str, *more: str) -> Result:
    result = CliRunner().invoke(main, ["verify", address, *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


# --- what hosts do ------------------------------------------------------------------------------------


def of(*endings: str) -> Callable[[Callable[[Reply], Reply]], Change]:
    """A change of the files with some endings."""

    def among(change: Callable[[Reply], Reply]) -> Change:
        return lambda path, reply, asked: change(reply) if path.endswith(endings) else reply

    return among


def body(old: bytes, new: bytes) -> Change:
    return of(".html")(lambda reply: reply._replace(body=reply.body.replace(old, new)))


def headers(*endings: str, **said: str) -> Change:
    named = {name.replace("_", "-"): value for name, value in said.items()}
    return of(*endings)(lambda reply: reply._replace(headers=reply.headers | named))


def answers(status: int, location: str = "") -> Change:
    where = {"Location": location} if location else {}
    return of("ferry-kept.html")(lambda reply: Reply(status, where, b""))


def without_html(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    if path.endswith(".html"):
        return Reply(308, {"Location": "./" + path.rpartition("/")[2].removesuffix(".html")}, b"")
    return honest(FILES, f"{path}.html") if f"{path}.html" in FILES else reply


def zipped(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    assert asked["Accept-Encoding"] == "gzip"
    return reply._replace(
        body=gzip.compress(reply.body), headers=reply.headers | {"Content-Encoding": "gzip"}
    )


def half(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    if path != "assets/site.css":
        return reply
    cut = {"Content-Length": str(len(reply.body)), "Connection": "close"}
    return reply._replace(body=reply.body[:99], headers=reply.headers | cut)


def half_zipped(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    reply = zipped(path, reply, asked)
    return reply._replace(body=reply.body[:-12]) if path == "assets/site.css" else reply


def soft(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    return honest(FILES, "index.html") if reply.status == 404 else reply


def not_there(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    return reply._replace(status=404) if path == "404.html" else reply


def circle(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
    return Reply(302, {"Location": f"/{path}"}, b"") if path == "assets/site.css" else reply


ADDED = b'<script src="https://ads.example/x.js"></script>'
CASES: dict[str, tuple[Change, int, tuple[str, ...]]] = {
    "gzip": (zipped, 0, ()),
    "script before the end": (
        body(b"</body>", ADDED + b"\n</body>"),
        1,
        (
            "changed: 404.html, facts/ferry-kept.html, index.html\n",
            f"  a script was put in before </body>: {ADDED.decode()}\n",
            "2 of 5 files",
        ),
    ),
    "script in the head": (body(b"<head>", b"<head><script>spy()</script>"), 1, ("put in after <head>: <s",)),
    "after the end": (body(b"</html>\n", b"</html>\n<!-- fast -->"), 1, ("put in before its end: <!-- f",)),
    "two scripts": (
        body(b"</", b"<script>a()</script></"),
        1,
        ("holds script that pages here never hold: <script>a()",),
    ),
    "minified": (body(b"\n", b""), 1, ("seems to be minified",)),
    "line ends": (body(b"\n", b"\r\n"), 1, ("line ends were changed to CR LF",)),
    "another version": (body(b"ferry runs", b"ferry rests"), 1, ("perhaps those of another version",)),
    "kept by a cache": (
        lambda path, reply, asked: headers(".html", Age="7200")(
            path, body(b"runs", b"rests")(path, reply, asked), asked
        ),
        1,
        ("has kept it for 7200 seconds",),
    ),
    "page for a file": (
        of(".css")(lambda reply: Reply(200, {"Content-Type": "text/html"}, PAGE)),
        1,
        ("a page comes in its place", "is sent as text/html, not as text/css: browsers leave"),
    ),
    "wrong type": (headers(".css", Content_Type="text/plain"), 1, ("wrong type: assets/site.css\n",)),
    "harmless type": (headers(".csv", Content_Type="application/x"), 0, ("note: data/facts.csv\n",)),
    "no type": (headers(".html", Content_Type=""), 1, ("is sent without a type, not as text/html",)),
    "latin": (headers(".html", Content_Type="text/html; charset=Latin-1"), 1, ("be in latin-1, and is",)),
    "silent on encoding": (headers(".csv", Content_Type="text/csv"), 0, ("without saying that",)),
    "encoding in pages": (headers(".html", ".css", Content_Type="text/html"), 1, ("wrong type: assets/s",)),
    "brotli unasked": (
        headers(".css", Content_Encoding="br"),
        1,
        ("was not asked for (Content-Encoding: br)",),
    ),
    "no gzip though said": (headers(".css", Content_Encoding="gzip"), 1, ("with gzip, and is not",)),
    "missing": (answers(404), 1, ("missing: facts/ferry-kept.html\n  the host has no such file (404)",)),
    "refused": (answers(403), 1, ("not shown: facts/ferry-kept.html\n  the host refuses it (403)",)),
    "broken": (answers(500), 1, ("the host answers 500",)),
    "too many requests": (answers(429), 1, ("--sample 20",)),
    "without .html": (without_html, 0, ("leads to its address without .html (308)", "5 of 5 files are as")),
    "elsewhere": (
        answers(302, "https://elsewhere.example/f"),
        1,
        ("moved: facts/ferry-kept.html\n  leads to another host, https://elsewhere.example (302)",),
    ),
    "to the home page": (answers(302, "/index.html"), 1, ("leads to http://127.0.0.1",)),
    "no home page": (
        lambda path, reply, asked: reply if path else Reply(403, {}, b"no list of files"),
        1,
        ("not shown: index.html\n  the host shows something else, or nothing, at", "4 of 5 files"),
    ),
    "circle": (circle, 1, ("leads from address to address without an end",)),
    "broken off": (half, 1, ("not read: assets/site.css\n  broke off before its end",)),
    "broken off, zipped": (half_zipped, 1, ("broke off before its end",)),
    "soft 404": (soft, 0, ("is answered as if it did (200)",)),
    "404 of the page for it": (not_there, 0, ()),
    "cookie": (headers(".css", Set_Cookie="id=1; Path=/"), 0, ("the host sets a cookie, id",)),
    "no robots": (headers("index.html", X_Robots_Tag="noindex"), 0, ("keeps it from search engines",)),
    "download": (headers("index.html", Content_Disposition="attachment"), 0, ("to store it",)),
    "same policy": (headers(".html", Content_Security_Policy=POLICY.replace("; ", " ;")), 0, ()),
    "other policy": (headers(".html", Content_Security_Policy="default-src *"), 0, ("default-src *",)),
}  # fmt: skip


@pytest.mark.parametrize(("change", "code", "told"), CASES.values(), ids=CASES)
def test_what_a_host_does_is_told_in_words(change: Change, code: int, told: tuple[str, ...]) -> None:
    with hosted_at(FILES, change) as address:
        result = verify(address)
    for words in told:
        assert words in result.output
    if not told:
        assert result.output == "5 of 5 files are as the manifest has them.\n"
    assert result.exit_code == code, result.output


def test_a_host_with_a_page_of_its_own_for_what_is_not_there_is_told() -> None:
    def own(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
        return reply._replace(body=b"<h1>Oops</h1>") if reply.status == 404 else reply

    with hosted_at(FILES, own) as address:
        assert "note: 404.html\n  the host shows a page of its own" in verify(address).output


def test_small_letters_are_noticed() -> None:
    files = {**FILES, "Ferry.html": PAGE}

    def small(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
        if path == "Ferry.html":
            return honest(files, "none")
        return honest(files, "Ferry.html") if path == "ferry.html" else reply

    with hosted_at(files, small) as address:
        told = verify(address).output
    assert "missing: Ferry.html\n  the host has it in small letters only" in told


def test_a_site_below_a_folder_is_found_by_its_page_too() -> None:
    with hosted_at(FILES, below="/some/folder/") as address:
        for written in (address, address.rstrip("/"), address + "index.html"):
            assert verify(written).output == "5 of 5 files are as the manifest has them.\n"


# --- no site ------------------------------------------------------------------------------------------


def listing(reply: Reply) -> Change:
    return lambda path, given, asked: reply if path == manifest.NAME else given


NO_SITE = {
    "no manifest": (Reply(404, {}, b""), "there is no manifest.json (the host answers 404)"),
    "refused": (Reply(403, {}, b""), "it is not shown (the host answers 403)"),
    "a page": (Reply(200, {}, PAGE), "manifest.json is a page, not the manifest"),
    "something else": (Reply(200, {}, b"{}"), "is not the manifest of a fact-sheet site"),
    "bad paths": (Reply(200, {}, b'{"factsheet": 1, "files": {"../x": "0"}}'), "is not the manifest"),
    "another host": (
        Reply(301, {"Location": "https://www.ferry.example/manifest.json"}, b""),
        "leads to https://www.ferry.example/, another host",
    ),
}


@pytest.mark.parametrize(("reply", "told"), NO_SITE.values(), ids=NO_SITE)
def test_where_no_site_is_that_is_said(reply: Reply, told: str) -> None:
    with hosted_at(FILES, listing(reply)) as address:
        result = verify(address)
    assert told in result.output
    assert result.exit_code == 2


def test_a_host_that_cannot_be_reached_is_no_traceback() -> None:
    with hosted_at(FILES) as address:
        pass
    result = verify(address)
    assert "cannot be reached" in result.output
    assert result.exit_code == 2


@pytest.mark.parametrize("address", ["ftp://a.example/", "https://", "http://a:b@c.example/", "http://[x/"])
def test_what_is_no_address_of_a_site_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        fetch.home(address)
    assert verify(address).exit_code == 2


def test_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    assert "--sample is for a published site" in verify(str(tmp_path), "--sample", "3").output
    assert "Did you mean" in verify(str(tmp_path) + "x").output or verify(str(tmp_path) + "x").exit_code == 2


# --- bounds -------------------------------------------------------------------------------------------

STEPS = {
    "same": ("https://a.example/x", "https://a.example/y", True),
    "port": ("https://a.example/x", "https://a.example:443/y", True),
    "up": ("http://a.example/x", "https://a.example/x", True),
    "up from a port": ("http://a.example:8080/x", "https://a.example/x", True),
    "down": ("https://a.example/x", "http://a.example/x", False),
    "other port": ("http://a.example:8080/x", "http://a.example:8081/x", False),
    "up to a port": ("http://a.example/x", "https://a.example:444/x", False),
    "other host": ("https://a.example/x", "https://b.example/x", False),
    "below": ("https://a.example/x", "https://www.a.example/x", False),
    "other kind": ("https://a.example/x", "ftp://a.example/x", False),
    "no address": ("https://a.example/x", "https://a.example:x/", False),
}


@pytest.mark.parametrize(("here", "there", "same"), STEPS.values(), ids=STEPS)
def test_a_redirect_is_followed_on_the_same_host_only(here: str, there: str, same: bool) -> None:
    assert fetch._same_host(here, there) is same


def test_a_file_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 3_000_000)

    def bomb(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
        return zipped(path, reply._replace(body=bytes(5_000_000)), asked) if path.endswith(".css") else reply

    with hosted_at(FILES, bomb) as address:
        told = verify(address).output
    assert "not read: assets/site.css\n  is larger than 3 MB; the rest was not read" in told


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_FILE_SECONDS", -1)
    with hosted_at(FILES) as address:
        told = verify(address)
    assert "took longer than" in told.output
    assert told.exit_code == 2


def test_a_connection_that_the_host_closed_meanwhile_is_opened_anew() -> None:
    with hosted_at(FILES, closes=True) as address:
        assert verify(address).output == "5 of 5 files are as the manifest has them.\n"


# --- a sample -----------------------------------------------------------------------------------------


def test_a_sample_asks_for_so_many_files_and_for_the_same_ones_each_time() -> None:
    asked: list[str] = []

    def note(path: str, reply: Reply, headers: Mapping[str, str]) -> Reply:
        asked.append(path)
        return reply

    with hosted_at(FILES, note) as address:
        first = verify(address, "--sample", "3")
        seen = sorted(asked)
        asked.clear()
        verify(address, "--sample", "3")
    assert first.output == "3 of 3 files looked at, of 5, are as the manifest has them.\n"
    assert sorted(asked) == seen
    assert len(seen) == 3 + 3  # and the manifest, the address of the site, and the page that is not there
    assert "index.html" in seen


@given(st.sets(st.text("abc/", min_size=1), max_size=12), st.integers(1, 9), st.integers(0, 3))
def test_a_sample_follows_from_the_manifest_alone(paths: set[str], count: int, seed: int) -> None:
    files = dict.fromkeys(sorted(paths | {"index.html"}), "")
    chosen = remote.sample(str(seed), files, count)
    assert chosen == remote.sample(str(seed), dict(reversed(files.items())), count)
    assert len(chosen) == min(count, len(files))
    assert "index.html" in chosen
    assert set(chosen) <= set(files)


# --- what was put in ----------------------------------------------------------------------------------

SEAMS = (b"<head>\n", b"</head>", b"<body>\n", b"</body>", b"</html>\n")


@given(st.sampled_from(SEAMS), st.booleans(), st.text("ab<>/ \n=", max_size=60))
def test_whatever_is_put_in_at_a_seam_is_found(seam: bytes, after: bool, inside: str) -> None:
    put = f"<script>{inside}</script>".encode()
    page = PAGE.replace(seam, seam.rstrip() + put + b"\n" if after and seam.endswith(b"\n") else put + seam)
    found = [before.told for before in undone(page) if before.body == PAGE]
    assert found
    assert "a script was put in" in found[0]


@given(st.binary(max_size=300))
def test_undoing_never_fails(body: bytes) -> None:
    for before in undone(body):
        assert before.told
        assert before.body is not None


def test_where_many_files_are_others_they_are_not_all_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
        if path == "404.html":
            return reply._replace(body=b"<title>Another</title>")
        return body(b"</body>", ADDED + b"</body>")(path, reply, asked)

    with hosted_at(FILES, change) as address:
        assert "put in before </body>" in verify(address).output
        monkeypatch.setattr(remote, "_SEARCHED", 1)
        told = verify(address).output
    assert "put in before" not in told
    assert f"loads a script that is not of the site: {ADDED.decode()[:39]}" in told


def test_a_page_of_another_encoding_is_known() -> None:
    latin = PAGE.decode().replace("–", "-").encode()
    sent = latin.decode().encode("latin-1")
    answer = Answer(200, {"content-type": "text/html; charset=utf-8"}, "other", sent)
    digest = hashlib.sha256(latin).hexdigest()
    assert Finding("a.html", "changed", "it was put into ISO 8859-1", proved=True) in hosted.compare(
        "a.html", digest, answer
    )


# --- quotes -------------------------------------------------------------------------------------------


def test_the_quotes_of_a_published_site_are_checked(
    site: Callable[..., SmallSite], one_theme: None, tmp_path: Path
) -> None:
    made = site()
    made.build()
    files = {
        path.relative_to(made.output).as_posix(): path.read_bytes()
        for path in made.output.rglob("*")
        if path.is_file() and path.name != manifest.NAME
    }
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(TEXT, encoding="utf-8")

    def plain(path: str, reply: Reply, asked: Mapping[str, str]) -> Reply:
        return reply

    TYPES.update({".js": "text/javascript", ".svg": "image/svg+xml", ".xml": "application/xml"})
    TYPES.update({".txt": "text/plain", ".jsonld": "application/ld+json", ".ics": "text/calendar"})
    with hosted_at(files, plain) as address:
        result = verify(address, "--texts", str(texts))
        assert f"{len(files)} of {len(files)} files are as the manifest has them.\n" in result.output
        assert "Quotes: 1 verified by digest, 0 found" in result.output
        assert result.exit_code == 0
        (texts / "a.txt").write_text(TEXT.replace("night", "last"), encoding="utf-8")
        assert verify(address, "--texts", str(texts)).exit_code == 1
    with hosted_at(FILES) as address:
        told = verify(address, "--texts", str(texts))
        assert "has no data/facts.json" in told.output
        assert told.exit_code == 2
