"""What a host made of a file: the answer it gives beside the digest that the manifest lists, in words.

In: a path, its digest, an answer. Out: findings; nothing is asked for here. Of a changed file only the digest
of the true one is known, so what happened to it is found by undoing, one after the other, what hosts do:
where the digest is right afterwards, that is proved to be the whole change.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterator
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
    #: Whether the words are proved to be all that was done to a changed file.
    proved: bool = False


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
#: Where what was put in before a seam may begin, and where what was put in after one may end: at a tag.
_BEGINS = re.compile(rb"\n?<")
_ENDS = re.compile(rb">\n?")
#: Most bytes put in that are sought, in files of so many bytes, at so many seams: each place costs a digest.
_INSERTED = 5_000
_SEARCHED = 1_000_000
_SEAMS = 16


def compare(path: str, sha256: str, answer: Answer, *, search: bool = True) -> Iterator[Finding]:
    """All that is to be said of one file of the manifest.

    `search`: seek what was done to it until that is proved, which takes some hundredths of a second.
    """
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
        proof = _proved(sha256, answer.body) if search else ""
        yield Finding(path, "changed", proof or _likely(ending, answer), proved=bool(proof))
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


def _proved(sha256: str, body: bytes) -> str:
    """What was done to a file, where undoing it gives the very bytes that were published; else empty."""
    for before in undone(body):
        if hashlib.sha256(before.body).hexdigest() == sha256:
            return before.told
    return ""


def _likely(ending: str, answer: Answer) -> str:
    """What was likely done to a file, by what it holds now."""
    body = answer.body
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


class Undone(NamedTuple):
    """A file as it may have been."""

    #: What would then have been done to it, or where something was put in.
    words: str
    body: bytes
    #: What was put in.
    put: bytes = b""

    @property
    def told(self) -> str:
        """What was done, in words."""
        if not self.put:
            return self.words
        kind = "a script" if b"<script" in self.put.lower() else "something"
        return f"{kind} was put in {self.words}: {_short(self.put)}"


def undone(body: bytes) -> Iterator[Undone]:
    """A file as it may have been before hosts did what they are known to do."""
    if b"\r\n" in body:
        yield Undone("its line ends were changed to CR LF", body.replace(b"\r\n", b"\n"))
    if body.startswith(b"\xef\xbb\xbf"):
        yield Undone("a byte order mark was put before it", body[3:])
    yield Undone("white space at its end was changed", body.rstrip() + b"\n")
    yield Undone("white space at its end was changed", body.rstrip())
    yield Undone("it was put into ISO 8859-1", body.decode("latin-1").encode())
    with contextlib.suppress(UnicodeError):
        yield Undone("its characters were encoded twice", body.decode().encode("latin-1"))
    if len(body) <= _SEARCHED:
        yield from _insertions(body)


def _insertions(body: bytes) -> Iterator[Undone]:
    """The file without what may have been put in right before or right after a seam of the page."""
    # From the end, where most things are put in.
    for seam in [*_SEAM.finditer(body)][: -_SEAMS - 1 : -1]:
        where = re.sub(r"\s[^>]*", "", seam[0].decode("ascii", "replace").lower()) or "its end"
        before, after = body[: seam.start()], body[seam.end() :]
        for tag in _BEGINS.finditer(before, max(0, len(before) - _INSERTED)):
            for start in dict.fromkeys((tag.start(), tag.end() - 1)):
                yield Undone(f"before {where}", before[:start] + body[seam.start() :], before[start:])
        for tag in _ENDS.finditer(after, 0, _INSERTED):
            for end in dict.fromkeys((tag.start() + 1, tag.end())):
                yield Undone(f"after {where}", body[: seam.end()] + after[end:], after[:end])


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
