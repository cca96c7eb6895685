"""A published site compared with the manifest it carries: what came over the network, told in words.

In: an address. Out: a verdict, or why the site cannot be compared. Which files a sample holds follows from
the manifest, so that two people who look at one site look at the same files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from generator import hosted, manifest
from generator.fetch import LARGEST, Answer, Host
from generator.hosted import HOME, NOT_FOUND, Finding
from generator.problems import printable
from generator.progress import Told, nobody

#: How many missing files are sought under other names: a host that changes one name changes them all.
_SOUGHT = 5
#: After how many changed files that could not be explained the others are not searched as long.
_SEARCHED = 25
_EXAMPLES = 3


class Verdict(Struct, frozen=True):
    """How a published site compares with its manifest."""

    findings: tuple[Finding, ...]
    #: How many files the manifest lists, and how many of them were looked at.
    listed: int
    looked: int
    #: `data/facts.json` as the host sends it; empty where the site has none.
    facts: bytes = b""

    @property
    def good(self) -> bool:
        """Whether every file that was looked at is as it was published."""
        return not any(finding.harm for finding in self.findings)


class NoSite(Exception):
    """No site of ours was found at an address, in words for the person at the terminal."""


def sample(sha256: str, paths: Mapping[str, str], count: int) -> list[str]:
    """Paths chosen by the digest of the manifest, in their order; the home page is always among them."""

    def rank(path: str) -> tuple[bool, bytes]:
        return path != HOME, hashlib.sha256(f"{sha256} {path}".encode()).digest()

    return sorted(sorted(paths, key=rank)[:count])


def examine(home: str, *, count: int | None = None, facts: bool = False, told: Told = nobody) -> Verdict:
    """Ask for the files of the site at `home` (as `fetch.home` gives it), or for some of them, and compare.

    `count`: how many; `facts`: ask for the published quotes in any case; `told`: is told of files as they
    come. Raises `NoSite`.
    """
    with Host(home) as host:
        listing = host.get(manifest.NAME, keep=LARGEST)
        listed = manifest.loads(listing.body) if listing.status == 200 else None
        if listed is None:
            raise NoSite(_no_site(home, listing))
        files = listed.files
        paths = list(files) if count is None else sample(listing.sha256, files, count)
        findings: list[Finding] = []
        doubtful = 0
        not_found = files.get(NOT_FOUND, "")
        for number, (path, answer) in enumerate(host.get_all(paths), 1):
            told(number, len(paths))
            found = list(hosted.compare(path, files[path], answer, search=doubtful < _SEARCHED))
            doubtful += sum(finding.kind == "changed" and not finding.proved for finding in found)
            findings += found
            if path == NOT_FOUND and answer.status == 200:
                not_found = answer.sha256  # what was done to it is told already
        findings = _found_elsewhere(host, files, findings)
        findings += _front(host, files)
        findings += _unknown(host, listing.sha256, not_found)
        quotes = (
            host.get("data/facts.json", keep=LARGEST) if facts and "data/facts.json" in files else Answer()
        )
    return Verdict(tuple(findings), len(files), len(paths), quotes.body if quotes.status == 200 else b"")


def _no_site(home: str, answer: Answer) -> str:
    """Why there is no manifest to go by."""
    if answer.trouble:
        return f"{urlsplit(home).netloc} {answer.trouble}."
    if 300 <= answer.status < 400 and answer.redirects:
        there = answer.redirects[-1][1].removesuffix(manifest.NAME)
        return f"{home} leads to {there}, another host; if that is yours, verify that address."
    if answer.status == 200 and answer.body.lstrip()[:1] == b"<":
        return f"{home}{manifest.NAME} is a page, not the manifest of a fact-sheet site."
    if answer.status == 200:
        return f"{home}{manifest.NAME} is not the manifest of a fact-sheet site."
    told = f"there is no {manifest.NAME}" if answer.status in (404, 410) else "it is not shown"
    return f"{home} is not known as a fact-sheet site: {told} (the host answers {answer.status})."


def _found_elsewhere(host: Host, files: Mapping[str, str], findings: list[Finding]) -> list[Finding]:
    """The findings, with where missing files stand that the host shows under another name."""
    told = []
    sought = 0
    for finding in findings:
        if finding.kind == "missing" and sought < _SOUGHT:
            sought += 1
            for path, words in _other_names(finding.path):
                answer = host.get(path)
                if answer.status == 200 and answer.sha256 == files[finding.path]:
                    finding = Finding(finding.path, "missing", words)
                    break
        told.append(finding)
    return told


def _other_names(path: str) -> list[tuple[str, str]]:
    """Names a host may have given a file, each with what to say of it."""
    names = []
    if path != path.lower():
        names.append((path.lower(), "the host has it in small letters only"))
    if path.endswith(".html"):
        bare = path.removesuffix("index.html") if path.endswith("index.html") else path.removesuffix(".html")
        names.append((bare, "the host has it without .html only, so links to it are dead"))
    return names


def _front(host: Host, files: Mapping[str, str]) -> list[Finding]:
    """Whether the address of the site itself shows its home page, be that as it was published or not."""
    shown = host.get("").sha256
    if HOME not in files or shown == files[HOME] or shown == host.get(HOME).sha256:
        return []
    words = "the host shows something else, or nothing, at the address of the site without index.html"
    return [Finding(HOME, "not shown", words)]


def _unknown(host: Host, sha256: str, not_found: str) -> list[Finding]:
    """What the host says of an address that nobody has: 404, with the page of the site if it has one.

    `sha256`: of the manifest; `not_found`: of that page, empty where there is none.
    """
    answer = host.get(f"no-such-page-{sha256[:12]}.html")
    if answer.trouble:
        return []
    if answer.status == 200:
        words = "an address that does not exist is answered as if it did (200), so dead links are not noticed"
        return [Finding(NOT_FOUND, "note", words, harm=False)]
    if answer.status == 404 and not_found and answer.sha256 != not_found:
        words = "the host shows a page of its own for addresses that do not exist"
        return [Finding(NOT_FOUND, "note", words, harm=False)]
    return []


def render_text(verdict: Verdict) -> str:
    """The verdict for a person at a terminal: what is wrong, then what is good to know, then the sums."""
    groups: dict[tuple[bool, str, str], list[str]] = {}
    for finding in verdict.findings:
        groups.setdefault((not finding.harm, finding.kind, finding.words), []).append(finding.path)
    lines = []
    for (_, kind, words), paths in sorted(groups.items(), key=lambda group: group[0][0]):
        more = f" and {len(paths) - _EXAMPLES} more" if len(paths) > _EXAMPLES else ""
        lines += [f"{kind}: {', '.join(paths[:_EXAMPLES])}{more}", f"  {words}"]
    bad = {finding.path for finding in verdict.findings if finding.harm}
    good = verdict.looked - len(bad)
    looked = "" if verdict.looked == verdict.listed else f" looked at, of {verdict.listed},"
    lines.append(f"{good} of {verdict.looked} files{looked} are as the manifest has them.")
    return "\n".join(map(printable, lines))
