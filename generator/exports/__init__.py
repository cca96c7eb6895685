"""Files for machines: each export yields planned files from the dossier; `EXPORTS` is the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from generator.exports import facts_json
from generator.shelves import Shelves

#: Each takes the shelves and the site's address (or "") and yields paths with their bytes.
EXPORTS: tuple[Callable[[Shelves, str], Iterator[tuple[str, bytes]]], ...] = (facts_json.files,)


def files(shelves: Shelves, url: str) -> Mapping[str, bytes]:
    """Every export's files by path."""
    return {path: data for export in EXPORTS for path, data in export(shelves, url)}
