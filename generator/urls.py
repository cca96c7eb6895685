"""Addresses: the one place that turns an entry into the path of its page.

All paths are relative to the root of the site, with `/` between folders, at most one folder deep, so that
links are short and the folder works from a USB stick. Ids hold only lower-case ASCII letters, digits and
hyphens, so a path never needs escaping and a part of a split list (`actors/ID.2019.html`) can use a dot.
"""

from __future__ import annotations

HOME = "index.html"
#: What a tick means: ours, or a page of the site's own in its place.
METHOD = "method.html"
#: The whole dossier as one document.
DOCUMENT = "dossier.html"
#: The picture of the dossier for shared links: the one we draw, and a site's own among its static files.
PICTURE = "assets/share.png"
OWN_PICTURE = "share.png"


def page(folder: str, key: str, part: str = "") -> str:
    """Path of an entry's page, or of one part of it when its list is split: `facts/ID.html`."""
    return f"{folder}/{key}.{part}.html" if part else f"{folder}/{key}.html"


def fact(key: str) -> str:
    """Path of a fact's page."""
    return f"facts/{key}.html"


def picture(key: str) -> str:
    """Path of a fact's picture for shared links."""
    return f"assets/share-{key}.png"


def embed(key: str) -> str:
    """Path of a fact's card for other sites."""
    return f"embed/{key}.html"


def actor(key: str, part: str = "") -> str:
    """Path of an actor's page."""
    return page("actors", key, part)


def source(key: str, anchor: str = "") -> str:
    """Path of a source's page, landing on one passage when its anchor is given."""
    return f"sources/{key}.html#{anchor}" if anchor else f"sources/{key}.html"


def topic(key: str, part: str = "") -> str:
    """Path of a topic's page."""
    return page("topics", key, part)


def date(key: str, part: str = "") -> str:
    """Path of the page of a year, month or day, given its key (`2019`, `2019-07`, `2019-07-12`)."""
    return page("dates", key, part)


def known(day: str, part: str = "") -> str:
    """Path of the page of what was known on a day, or of one part of it."""
    return page("known", day, part)


def question(key: str) -> str:
    """Path of a question's page."""
    return f"questions/{key}.html"


def prose(key: str) -> str:
    """Path of a prose page."""
    return f"{key}.html"


def root(path: str) -> str:
    """What leads from a page back to the root of the site: empty, or `../`."""
    return "../" * path.count("/")
