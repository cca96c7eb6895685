"""Pages at the addresses of old ids (`formerly`), each leading on to the page that took its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator import urls
from generator.content import Entry
from generator.shelves import Shelves
from generator.views import Link, MovedView


def _moved(shelves: Shelves) -> Iterator[tuple[str, Link]]:
    """The path that each old id had, with the page it leads to now."""
    d = shelves.dossier
    kinds: tuple[tuple[str, Mapping[str, Entry], Callable[[str], str]], ...] = (
        ("facts", d.facts, lambda key: shelves.card(key).alone),
        ("actors", d.actors, lambda key: d.actors[key].name),
        ("topics", d.topics, lambda key: d.topics[key].name),
        ("sources", d.sources, lambda key: shelves.source(key).title),
        ("questions", d.questions, lambda key: d.questions[key].question),
    )
    for folder, entries, label in kinds:
        for key, entry in entries.items():
            for old in entry.formerly:
                yield urls.page(folder, old), Link(href=urls.page(folder, key), label=label(key))


def keys(shelves: Shelves) -> Iterator[str]:
    """The paths that old ids had."""
    return (path for path, _ in _moved(shelves))


def view(shelves: Shelves, path: str) -> MovedView:
    """Where is it now? The path is one of `keys`."""
    return MovedView(path=path, title=shelves.say.gettext("Moved"), to=dict(_moved(shelves))[path])
