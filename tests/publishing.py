"""Sites of a few pages that are published in tests, and what readers meet at a host."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import join, normpath

from generator import manifest
from generator.publish import built_site, prepare, send
from generator.sending import Built, Plan
from generator.targets import Target


def lay(folder: Path, files: Mapping[str, str]) -> Path:
    """A built site of these files. All are of one time: it is no proof that they are the same."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    listing = manifest.dumps({path: manifest.digest(text.encode()) for path, text in files.items()})
    (folder / manifest.NAME).write_bytes(listing)
    for path in (*files, manifest.NAME):
        os.utime(folder / path, (10**9, 10**9))
    return folder


def page(*links: str) -> str:
    return "".join(f'<a href="{link}">x</a>' for link in links) + '<link href="assets/site.css">'


OLD = {
    "index.html": page("a.html", "facts/gone.html", "about.html", "feed.xml"),
    "a.html": page("index.html", "facts/gone.html"),
    "about.html": page("index.html"),
    "timeline.html": page("a.html"),
    "facts/gone.html": page("../index.html"),
    "assets/site.css": "old",
    "assets/gone.png": "old",
    "feed.xml": "facts/gone.html",
}
NEW = {
    "index.html": page("a.html", "facts/new.html", "about.html", "feed.xml", "data/facts.json"),
    "a.html": page("index.html", "facts/new.html", "facts/other.html"),
    "about.html": page("index.html"),
    "timeline.html": page("a.html"),
    "facts/new.html": page("../index.html", "other.html"),
    "facts/other.html": page("new.html", "../a.html"),
    "assets/site.css": "new",
    "data/facts.json": "{}",
    "feed.xml": "facts/new.html",
}


def built(output: Path) -> Built:
    listed = manifest.load(output)
    assert listed is not None
    return built_site(output, listed)


def publish(output: Path, target: Target) -> Plan:
    prepared = prepare(built(output), target)
    assert prepared.problems == ()
    send(prepared, target)
    return prepared.plan


def dead_links(site: Mapping[str, str]) -> list[str]:
    """Links on pages that can be reached from the home page and lead nowhere."""
    seen, todo, dead = set(), ["index.html"], []
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in re.findall(r'a href="(.*?)"', site[path]):
            target = normpath(join(path.rpartition("/")[0], link))
            if target not in site:
                dead.append(f"{path}: {link}")
            elif target.endswith(".html"):
                todo.append(target)
    return dead
