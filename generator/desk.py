"""The curator's desk: the dossier with the saved texts open beside it.

Pages and checks see located quotes and never a text. What helps a curator to read (`quote`, and
`check --coverage`) needs the texts themselves, and says so where one is not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from generator import read
from generator.dossier import Dossier
from generator.link import link
from generator.lock import Lock
from generator.problems import Problem
from generator.saved import Saved, read_saved


class Absent(Struct, frozen=True):
    """Why the text of a source cannot be read here, and a way out."""

    reason: str
    help: str


class Desk(Struct, frozen=True, kw_only=True):
    """A dossier, drafts included, with its texts; entries with mistakes are not in it."""

    #: Quotes are located in the texts at hand only.
    dossier: Dossier
    texts: Mapping[str, Saved | Absent]
    #: Ids of sources that are there but were not understood.
    unread: frozenset[str]
    #: Whether a file of sources was not understood at all.
    broken: bool


def open_desk(root: Path, texts: Path | None = None) -> Desk | tuple[Problem, ...]:
    """Read a site as far as it goes; problems alone where the settings cannot be made out.

    Raises `OSError` when a text is there and cannot be read.
    """
    site, problems = read.read_site(root)
    if site is None:
        return tuple(problems)
    content = read.read_content(root, site, texts)
    dossier = link(site, content, Lock(), preview=True).dossier
    return Desk(
        dossier=dossier,
        texts=texts_at_hand(root, dossier, texts),
        unread=frozenset(key for kind, key in content.unread if kind == "source"),
        broken="source" in content.broken,
    )


def texts_at_hand(root: Path, dossier: Dossier, texts: Path | None = None) -> dict[str, Saved | Absent]:
    """The saved text of every source, looked for where a build looks; `texts` as the command line names it.

    Raises `OSError` when a text is there and cannot be read.
    """
    named = texts or (root / dossier.site.texts if dossier.site.texts else None)
    found: dict[str, Saved | Absent] = {}
    for key, source in dossier.sources.items():
        file = dossier.pointers["source", key].file
        data = read.find_text(source, (root / file).parent, named)
        if data is not None:
            try:
                found[key] = read_saved(key, data, source.paragraphs)
            except ValueError as error:
                found[key] = Absent(f"its saved text {source.text} {error}", "mend the file")
        elif not source.text:
            found[key] = Absent("it names no saved text", f"add  text: FILE  to its entry in {file}")
        else:
            where = f"put it beside {file}, or name the folder it is in:  --texts DIR"
            found[key] = Absent(f"its saved text {source.text} is not here", where)
    return found
