"""What a host made of a file: the answer it gives beside the digest that the manifest lists, in words.

In: a path, its digest, an answer. Out: findings; nothing is asked for here. Of a changed file only the digest
of the true one is known, so what happened to it is found by undoing, one after the other, what hosts do:
where the digest is right afterwards, that is proved to be the whole change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from posixpath import splitext
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from generator.fetch import Answer

#: Files that hosts read for their own use and do not show.
_READ_BY_HOSTS = frozenset({"_headers", "_redirects"})
#: Transfer encodings that were undone when a file was read.
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
#: The page for addresses that do not exist.
NOT_FOUND = "404.html"
HOME = "index.html"
_SHOWN = 160


class Finding(Struct, frozen=True):
    """One thing about one file, in words that fit many."""

    path: str
    #: What stands before the words: "missing", "changed", "wrong type", …
    kind: str
    words: str
    #: Whether readers get something else than was published; otherwise it is only good to know.
    harm: bool = True


class _Type(NamedTuple):
    names: tuple[str, ...]
    #: What comes of another type; empty: nothing that readers notice.
    harm: str = ""


_TYPES = {
    ".html": _Type(("text/html",), "browsers do not show it as a page"),
    ".css": _Type(("text/css",), "browsers leave the style sheet out"),
    ".js": _Type(("text/javascript", "application/javascript"), "browsers may not run it"),
    ".svg": _Type(("image/svg+xml",), "browsers do not show the picture"),
    ".json": _Type(("application/json",)),
    ".jsonld": _Type(("application/ld+json", "application/json")),
    ".xml": _Type(("application/xml", "text/xml", "application/atom+xml", "application/rss+xml")),
    ".csv": _Type(("text/csv",)),
    ".ics": _Type(("text/calendar",)),
    ".txt": _Type(("text/plain",)),
}
#: Texts that do not say by themselves how they are encoded.
_MUTE = frozenset({".csv", ".txt"})

_POLICY = re.compile(rb'http-equiv="?content-security-policy"? content="([^"]*)"', re.I)
_SCRIPT = re.compile(rb"<script\b[^>]*>[^<]{0,200}", re.I)
#: Places where hosts put things into a page.
_SEAM = re.compile(rb"</?(?:head|body|html)\b[^>]*>|<!doctype[^>]*>|\Z", re.I)
#: Most bytes put in that are sought.
_INSERTED = 20_000


def compare(path: str, sha256: str, answer: Answer) -> Iterator[Finding]:
    """All that is to be said of one file of the manifest."""
    ending = splitext(path)[1].lower()
    if answer.trouble:
        yield Finding(path, "not read", answer.trouble)
        return
    # Some hosts say of the page that they show with a 404 that it is not there.
    shown = answer.status == 200 or (path == NOT_FOUND and answer.status == 404 and answer.sha256 == sha256)
    if answer.redirects:
        yield _redirected(path, answer, good=shown and answer.sha256 == sha256)
    if not shown:
        if not answer.redirects or answer.status < 300 or answer.status >= 400:
            yield _refused(path, answer)
        return
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        words = f"is sent in a form that was not asked for (Content-Encoding: {encoding})"
        yield Finding(path, "changed", words)
    elif answer.sha256 != sha256:
        yield Finding(path, "changed", _changed(ending, sha256, answer))
    yield from _type(path, ending, answer)
    yield from _headers(path, answer)


def _redirected(path: str, answer: Answer, *, good: bool) -> Finding:
    """Where an address led. `good`: to the very file."""
    status, there = answer.redirects[-1]
    asked = path.rpartition("/")[2]
    came = unquote(urlsplit(there).path).rpartition("/")[2]
    if 300 <= answer.status < 400:
        host = urlsplit(there)
        return Finding(path, "moved", f"leads to another host, {host.scheme}://{host.netloc} ({status})")
    if good and came == asked:
        words = f"leads to the same path at {there.partition('://')[0]} ({status})"
    elif good and f"{came}.html" == asked:
        words = f"leads to its address without .html ({status}); links and bookmarks still work"
    elif good and asked == HOME and not came:
        words = f"leads to the address of its folder ({status}); links and bookmarks still work"
    else:
        words = f"leads to {there} ({status})" if not good else f"leads to {came or './'} ({status})"
    return Finding(path, "note" if good else "moved", words, harm=not good)


def _refused(path: str, answer: Answer) -> Finding:
    """Why a file is not there."""
    status = answer.status
    if status in (404, 410) and path in _READ_BY_HOSTS:
        return Finding(path, "note", "is read by the host and not shown", harm=False)
    words = {
        401: "the host asks for a name and a password (401)",
        403: "the host refuses it (403)",
        404: "the host has no such file (404)",
        410: "the host says it is gone (410)",
        429: "the host wants fewer requests (429); try  --sample 20  later",
    }.get(status, f"the host answers {status}")
    return Finding(path, "missing" if status in (404, 410) else "not shown", words)


# --- other bytes ----------------------------------------------------------------------------------------


def _changed(ending: str, sha256: str, answer: Answer) -> str:
    body = answer.body
    for words, candidate in undone(body):
        if hashlib.sha256(candidate).hexdigest() == sha256:
            return words
    if ending != ".html" and body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "a page comes in its place"
    said = []
    if ending == ".html" and re.search(rb"\son[a-z]+=|<script(?![^>]*\ssrc=)", body, re.I):
        script = next((s for s in _SCRIPT.findall(body) if b" src=" not in s), b"")
        said.append("holds script that pages here never hold" + (f": {_short(script)}" if script else ""))
    elif script := next(
        (s for s in _SCRIPT.findall(body) if re.search(rb"""src=["']?(https?:)?//?""", s)), b""
    ):
        said.append(f"loads a script that is not of the site: {_short(script)}")
    if ending in (".html", ".css", ".js") and _looks_minified(body):
        said.append("seems to be minified: there is hardly a line break left")
    if b"/cdn-cgi/l/email-protection" in body:
        said.append("e-mail addresses were hidden")
    if said:
        return "; ".join(said)
    age = answer.headers.get("age", "0").strip()
    old = f"; a cache has kept it for {age} seconds" if age.isdigit() and int(age) else ""
    return f"has other bytes, perhaps those of another version of the site{old}"


def undone(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies as they may have been, each with what would then have been done to it."""
    if b"\r\n" in body:
        yield "its line ends were changed to CR LF", body.replace(b"\r\n", b"\n")
    if body.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark was put before it", body[3:]
    yield "white space at its end was changed", body.rstrip() + b"\n"
    yield "white space at its end was changed", body.rstrip()
    try:
        yield "it was put into ISO 8859-1", body.decode("latin-1").encode()
        yield "its characters were encoded twice", body.decode().encode("latin-1")
    except UnicodeError:
        pass
    yield from _insertions(body)


def _insertions(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The body without what may have been put in right before or right after a seam of the page."""
    for seam in _SEAM.finditer(body):
        name = seam[0].decode("ascii", "replace").lower()
        where = re.sub(r"\s[^>]*", "", name) or "its end"
        for start in _cuts(body, max(0, seam.start() - _INSERTED), seam.start()):
            yield _put_in(body[start : seam.start()], f"before {where}"), body[:start] + body[seam.start() :]
        for end in _cuts(body, seam.end() + 1, min(len(body), seam.end() + _INSERTED)):
            yield _put_in(body[seam.end() : end], f"after {where}"), body[: seam.end()] + body[end:]


def _cuts(body: bytes, start: int, end: int) -> Iterable[int]:
    """Places between two others where what was put in may begin or end: beside a tag or a line break."""
    return sorted(
        {
            cut
            for m in re.finditer(rb"[<>\n]", body[start:end])
            for cut in (start + m.start(), start + m.end())
        }
    )


def _put_in(what: bytes, where: str) -> str:
    kind = "a script" if b"<script" in what.lower() else "something"
    return f"{kind} was put in {where}: {_short(what)}"


def _short(data: bytes) -> str:
    """Bytes as one line to show."""
    text = " ".join(data.decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _looks_minified(body: bytes) -> bool:
    return len(body) > 200 and body.count(b"\n") < len(body) / 500


# --- headers --------------------------------------------------------------------------------------------


def _type(path: str, ending: str, answer: Answer) -> Iterator[Finding]:
    wanted = _TYPES.get(ending)
    if wanted is None:
        return
    sent, _, rest = answer.headers.get("content-type", "").lower().partition(";")
    sent = sent.strip()
    if sent not in wanted.names:
        said = f"is sent as {sent}" if sent else "is sent without a type"
        words = f"{said}, not as {wanted.names[0]}" + (f": {wanted.harm}" if wanted.harm else "")
        yield Finding(path, "wrong type" if wanted.harm else "note", words, harm=bool(wanted.harm))
    named = re.search(r"charset\s*=\s*\"?([^\s\";]+)", rest)
    if named and named[1] not in ("utf-8", "utf8"):
        yield Finding(path, "wrong encoding", f"is said to be in {named[1]}, and is in UTF-8")
    elif not named and ending in _MUTE and sent.startswith("text/"):
        words = "is sent without saying that it is in UTF-8; letters beyond ASCII may come out wrong"
        yield Finding(path, "note", words, harm=False)


def _headers(path: str, answer: Answer) -> Iterator[Finding]:
    for name, look in _HEADERS.items():
        value = answer.headers.get(name)
        if value and (words := look(path, value, answer)):
            yield Finding(path, "note", words, harm=False)


def _cookie(path: str, value: str, answer: Answer) -> str:
    return f"the host sets a cookie, {value.partition('=')[0]}"


def _robots(path: str, value: str, answer: Answer) -> str:
    return "the host keeps it from search engines (X-Robots-Tag)" if "noindex" in value.lower() else ""


def _disposition(path: str, value: str, answer: Answer) -> str:
    shown = path.endswith(".html") and value.lower().startswith("attachment")
    return "browsers are told to store it and not to show it (Content-Disposition)" if shown else ""


def _policy(path: str, value: str, answer: Answer) -> str:
    # Pages that others show inside theirs have a policy of their own; the home page speaks for the rest.
    own = _POLICY.search(answer.body) if path == HOME else None
    if own is None or _rules(own[1].decode("utf-8", "replace")) == _rules(value):
        return ""
    return f"the host sends a security policy of its own, beside the page's: {_short(value.encode())}"


def _rules(policy: str) -> frozenset[str]:
    return frozenset(" ".join(rule.split()) for rule in policy.replace("&#39;", "'").split(";")) - {""}


#: What is looked at of headers, by name.
_HEADERS: dict[str, Callable[[str, str, Answer], str]] = {
    "set-cookie": _cookie,
    "x-robots-tag": _robots,
    "content-disposition": _disposition,
    "content-security-policy": _policy,
}
