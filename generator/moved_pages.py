"""Pages at the addresses of old ids (`formerly`), each leading on to the page that took its place.

A citation may hold the old id and an earlier wording of the fact (`facts/OLD.html#v-1a2b3c`), and a browser
that is led on without a script forgets the fragment. So where there are earlier wordings, the page tells of
them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator import fact_page, urls
from generator.content import Entry, Fact
from generator.shelves import Shelves
from generator.views import Link, MovedView


def _moved(shelves: Shelves) -> Iterator[tuple[str, Link, Entry]]:
    """The path that each old id had, with the page it leads to now and its entry."""
    d = shelves.dossier
    kinds: tuple[tuple[str, Mapping[str, Entry], Callable[[str], str]], ...] = (
        ("facts", d.facts, shelves.alone),
        ("actors", d.actors, lambda key: d.actors[key].name),
        ("topics", d.topics, lambda key: d.topics[key].name),
        ("sources", d.sources, lambda key: shelves.source(key).title),
        ("questions", d.questions, lambda key: d.questions[key].question),
    )
    for folder, entries, label in kinds:
        for key, entry in entries.items():
            for old in entry.formerly:
                lang = shelves.source(key).lang if folder == "sources" else ""
                to = Link(href=urls.page(folder, key), label=label(key), lang=lang)
                yield urls.page(folder, old), to, entry


def keys(shelves: Shelves) -> Iterator[str]:
    """The paths that old ids had."""
    return (path for path, _, _ in _moved(shelves))


def view(shelves: Shelves, path: str) -> MovedView:
    """Where is it now? The path is one of `keys`."""
    to, entry = next((to, entry) for old, to, entry in _moved(shelves) if old == path)
    wordings = fact_page.earlier_wordings(shelves, entry) if isinstance(entry, Fact) else ()
    return MovedView(path=path, title=shelves.say.gettext("Moved"), to=to, wordings=tuple(wordings))
