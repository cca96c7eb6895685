"""Reading: from the folder of a site to its entries, exactly as written. Files are opened here and only here.

In: the folder that holds site.yaml. Out: `Site` and `Content`, with a problem for everything that is not
read or not understood. `read_file` and `read_prose` are pure: a text in, values out, so that one file can be
read in another process, or not again.

Which files are read, `tree` says; the saved texts alone may lie outside the site or behind a link. File
names in results are relative to the site, with `/`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.content import Actor, Fact, Question, Site, Source, Topic
from generator.problems import Place, Pointer, Problem, subject_id
from generator.rules import id_from, is_id
from generator.saved import Saved, read_saved
from generator.schema import convert
from generator.tree import PAGES, STATIC, content_files, static, unreadable
from generator.workers import Parcel, chunks, spread
from generator.yamlfile import front_matter, read_yaml

T = TypeVar("T")
#: Kinds of entries that stand in YAML below content/.
Kind: TypeAlias = Literal["actor", "source", "topic", "fact", "question"]

SITE = "site.yaml"
#: Files that one process reads before a second would have begun, and fewest that it takes at once.
_FEW, _LEAST = 20, 4
_KINDS: dict[str, Kind] = {
    "actors": "actor",
    "sources": "source",
    "topics": "topic",
    "facts": "fact",
    "questions": "question",
}


class Entered(Struct, Generic[T], frozen=True):
    """An entry and where it is written."""

    value: T
    pointer: Pointer


class Prose(Struct, frozen=True, kw_only=True):
    """A page of prose."""

    #: Its name without the ending; becomes the address.
    slug: str
    title: str
    order: int
    draft: bool
    #: Markdown.
    body: str
    file: str
    #: The line of the file the body begins on, from 1.
    line: int


class Reading(Struct, Generic[T], frozen=True):
    """What one YAML file holds."""

    entries: tuple[Entered[T], ...]
    problems: tuple[Problem, ...]
    #: Whether the id of each of its entries is known; if not, a reference to nothing may be one into it.
    parsed: bool
    #: Ids of entries that could not be made out.
    unread: tuple[str, ...] = ()
    #: For each source among the entries its saved text; None: it is not here, or is no text.
    texts: tuple[Saved | None, ...] = ()


#: What some files of a kind hold, as msgspec takes it.
_READINGS: dict[Kind, Any] = {
    "actor": list[Reading[Actor]],
    "source": list[Reading[Source]],
    "topic": list[Reading[Topic]],
    "fact": list[Reading[Fact]],
    "question": list[Reading[Question]],
}


class Content(Struct, frozen=True, kw_only=True):
    """All that curators wrote, in the order of file names and then as written; nothing is linked yet."""

    actors: tuple[Entered[Actor], ...] = ()
    sources: tuple[Entered[Source], ...] = ()
    topics: tuple[Entered[Topic], ...] = ()
    facts: tuple[Entered[Fact], ...] = ()
    questions: tuple[Entered[Question], ...] = ()
    prose: tuple[Prose, ...] = ()
    #: Files to be copied as they are, relative to content/static.
    static: tuple[str, ...] = ()
    #: The saved texts at hand, by id of the source.
    texts: dict[str, Saved] = {}
    #: Sources whose text is here and is no text, which was told.
    unusable: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    #: Kinds with a file that was not understood: an unknown id of such a kind is no further problem.
    broken: frozenset[Kind] = frozenset()
    #: Entries that are there but wrong: neither is a reference to one of these.
    unread: frozenset[tuple[Kind, str]] = frozenset()


def read_site(root: Path) -> tuple[Site | None, list[Problem]]:
    """Read the settings in `root`; None where they cannot be made out."""
    if not (root / SITE).is_file():
        fix = "go to the folder of a site, or name it with --site"
        return None, [Problem(code="site-missing", message="there is no site.yaml", at=Place(SITE), help=fix)]
    text, problems = _load(root, SITE)
    entries, found = read_yaml(text, SITE) if text is not None else (None, [])
    problems += found
    if entries is None or None in entries:
        return None, problems
    settings = entries[0] if len(entries) == 1 else None
    if settings is None:
        message = "site.yaml holds settings: keys with their values, and no list"
        fix = "write  format: 1  and  title: …  at the beginning of lines"
        return None, [*problems, Problem(code="not-a-mapping", message=message, at=Place(SITE), help=fix)]
    site, found = convert("site", settings, Pointer(SITE))
    return site, [*problems, *found]


def read_content(
    root: Path,
    site: Site,
    texts: Path | None = None,
    jobs: int = 1,
    meanwhile: Callable[[], object] = lambda: None,
    without: Container[str] = (),
) -> Content:
    """Read everything below content/ in `root`, and the saved texts of the sources, with so many processes.

    Texts are looked for beside the YAML of their source, then in `texts`, or else in the folder `site` names.
    `meanwhile` is done while others read.
    `without`: YAML files that are not read.
    """
    found, problems = content_files(root)
    entered: dict[Kind, list[Entered[Any]]] = {kind: [] for kind in _KINDS.values()}
    broken = _misplaced(problems)
    unread: set[tuple[Kind, str]] = set()
    prose = []
    for file in (file for folder, file in found if folder == PAGES):
        text, more = _load(root, file)
        page, told = read_prose(file, text) if text is not None else (None, [])
        problems += [*more, *told]
        prose += [page] if page else []
    files = [(_KINDS[folder], file) for folder, file in found if folder in _KINDS and file not in without]
    several = jobs if len(files) > _FEW else 1
    # Kind by kind: a file of facts takes as long as many of sources.
    alike = (list(some) for _, some in groupby(files, key=itemgetter(0)))
    parted = [part for some in alike for part in chunks(some, several, _LEAST)]
    named = texts or (root / site.texts if site.texts else None)
    at_hand: dict[str, Saved] = {}

    def take(some: tuple[Kind, Parcel[list[Reading[Any]]]]) -> None:
        kind, readings = some
        for reading in readings.held:
            entered[kind] += reading.entries
            for entry, saved in zip(reading.entries, reading.texts, strict=False):
                if saved is not None:
                    at_hand[entry.value.id] = saved
            problems.extend(reading.problems)
            broken.update(() if reading.parsed else (kind,))
            unread.update((kind, id) for id in reading.unread)

    spread(partial(_read_some, root, named), parted, several, meanwhile, take)
    return Content(
        actors=tuple(entered["actor"]),
        sources=tuple(entered["source"]),
        topics=tuple(entered["topic"]),
        facts=tuple(entered["fact"]),
        questions=tuple(entered["question"]),
        prose=tuple(prose),
        static=tuple(file.split("/", 2)[2] for folder, file in found if folder == STATIC),
        texts=at_hand,
        unusable=frozenset(subject_id(p) for p in problems if p.code == "bad-text"),
        problems=tuple(problems),
        broken=frozenset(broken),
        unread=frozenset(unread),
    )


def _read_some(
    root: Path, texts: Path | None, files: Sequence[tuple[Kind, str]]
) -> tuple[Kind, Parcel[list[Reading[Any]]]]:
    """Read some files of one kind."""
    readings: list[Reading[Any]] = []
    for kind, file in files:
        text, problems = _load(root, file)
        reading = read_file(file, text, kind) if text is not None else Reading((), tuple(problems), False)
        readings.append(_with_texts(root, texts, reading) if kind == "source" else reading)
    return kind, Parcel(readings, _READINGS[kind])


def _with_texts(root: Path, texts: Path | None, reading: Reading[Source]) -> Reading[Source]:
    """What a file of sources holds, with their saved texts."""
    found: list[Saved | None] = []
    problems = list(reading.problems)
    for source in reading.entries:
        try:
            data = find_text(source.value, f"{root}/{source.pointer.file}".rpartition("/")[0], texts)
            found.append(None if data is None else read_saved(source.value.id, data, source.value.paragraphs))
        except (OSError, ValueError) as error:
            at = Pointer(source.pointer.file, source.pointer.entry, ("text",))
            problems.append(_no_text(source.value, at, error))
            found.append(None)
    return replace(reading, texts=tuple(found), problems=tuple(problems))


def _no_text(source: Source, at: Pointer, error: OSError | ValueError) -> Problem:
    subject = f"source {source.id}"
    if isinstance(error, OSError):
        return unreadable(at, source.text, error, subject)
    return Problem(
        code="bad-text",
        message=f"its saved text {error}",
        at=at,
        subject=subject,
        help="save the text as UTF-8",
    )


def read_facts(root: Path, file: str) -> Reading[Fact]:
    """Read one file of facts of the site in `root`."""
    text, problems = _load(root, file)
    return read_file(file, text, "fact") if text is not None else Reading((), tuple(problems), False)


def read_file(file: str, text: str, kind: Kind) -> Reading[Any]:
    """Read the text of one YAML file of a kind of entries."""
    mappings, problems = read_yaml(text, file)
    parsed = mappings is not None and None not in mappings
    entries = []
    unread = []
    for number, mapping in enumerate(mappings or ()):
        if mapping is None:
            continue
        pointer = Pointer(file, number)
        value, more = convert(kind, mapping, pointer)
        problems += more
        if value is not None:
            entries.append(Entered(value, pointer))
        elif isinstance(name := mapping.get("id"), str) and is_id(name):
            unread.append(name)
        else:
            parsed = False
    return Reading(tuple(entries), tuple(problems), parsed, tuple(unread))


def read_prose(file: str, text: str) -> tuple[Prose | None, list[Problem]]:
    """Read the text of one page: what stands between two lines of `---`, then Markdown."""
    slug = PurePosixPath(file).stem
    subject = f"page {slug}"
    problems = []
    if not is_id(slug):
        message = (
            f"`{slug}` cannot be an address: lower-case letters a to z, digits, and single hyphens between"
        )
        problems.append(
            Problem(
                code="bad-file-name",
                message=message,
                at=Place(file),
                subject=subject,
                nearest=id_from(slug),
                help="rename the file",
            )
        )
    parts = front_matter(text)
    if parts is None:
        message = "the page does not begin with its title between two lines of ---"
        fix = "begin the file with the lines  ---  and  title: …  and  ---"
        return None, [
            *problems,
            Problem(code="front-matter", message=message, at=Place(file, 1, 1), subject=subject, help=fix),
        ]
    head, body, line = parts
    mappings, found = read_yaml(head, file)
    problems += found
    if mappings is None or None in mappings:
        return None, problems
    value, found = convert("prose", mappings[0] or {} if mappings else {}, Pointer(file))
    problems += found
    if value is None:
        return None, problems
    page = Prose(
        slug=slug, title=value.title, order=value.order, draft=value.draft, body=body, file=file, line=line
    )
    return page, problems


def find_text(source: Source, folder: Path | str, texts: Path | None) -> bytes | None:
    """The bytes of a saved text, from the folder of its source's YAML or else from `texts`; None: not here.

    Raises `OSError` when the file is there and cannot be read.
    """
    file = _text_path(source, folder, texts)
    return _bytes(file) if file else None


def text_file(source: Source, folder: Path, texts: Path | None) -> Path | None:
    """The file of a saved text, in the folder of its source's YAML or else in `texts`; None: not here."""
    file = _text_path(source, folder, texts)
    return Path(file) if file else None


def _text_path(source: Source, folder: Path | str, texts: Path | None) -> str:
    if not source.text or source.text in (".", "..") or "/" in source.text or "\\" in source.text:
        return ""  # A path could lead anywhere; the schema tells of it.
    for place in (folder, texts):
        file = f"{place}/{source.text}" if place is not None else ""
        try:
            if file and S_ISREG(os.stat(file).st_mode):
                return file
        except (FileNotFoundError, NotADirectoryError):
            continue
    return ""


def static_files(root: Path) -> dict[str, bytes]:
    """The files of content/static, by their path below it."""
    return {file.split("/", 2)[2]: (root / file).read_bytes() for file in static(root)}


def reader(root: Path) -> Callable[[str], str]:
    """What shows the text of a file of the site beside a problem (see `places.placed`).

    A file that cannot be read has no lines to show, and bytes that are not UTF-8 are shown as U+FFFD.
    """

    def read_text(file: str) -> str:
        try:
            return (root / file).read_bytes().decode("utf-8", "replace")
        except OSError:
            return ""

    return read_text


def _misplaced(problems: list[Problem]) -> set[Kind]:
    """The kinds that lack a file which stands in the wrong place or under the wrong name."""
    files = [
        p.nearest or p.at.file.split("/")[1]
        for p in problems
        if p.code in ("wrong-folder", "wrong-extension")
    ]
    return {_KINDS[folder] for folder in files if folder in _KINDS}


def _bytes(file: str) -> bytes:
    # Without pathlib, which takes longer than the system does.
    with open(file, "rb", 0) as opened:
        return opened.read()


def _load(root: Path, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file with LF line ends and without byte order mark."""
    try:
        data = _bytes(f"{root}/{file}")
    except OSError as error:
        return None, [unreadable(Place(file), file, error)]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        begin = before.rfind("\n") + 1
        place = Place(file, before.count("\n") + 1, len(before) - begin + 1)
        line = data.split(b"\n")[place.line - 1].decode("utf-8", "replace").rstrip()
        message = f"the byte {data[error.start]:02X} is not UTF-8"
        fix = "save the file as UTF-8; editors offer this as the encoding of the file"
        return None, [Problem(code="not-utf-8", message=message, at=place, excerpt=line, help=fix)]
