"""What publishing must know of the content: what is to be kept back, and whether the lock knows all quotes.

In: a site and the note of its last build, which says what each file was like. Out: the texts of articles and
drafts that no page may hold, with a digest that tells whether they are others than the last time; what the
evidence lock lacks. Only files that moved since the last time are read again, where these hold facts alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from generator import __version__, asks, memory, read, scan, tree
from generator.aside import cores
from generator.content import Fact, Site
from generator.preflight import Text, protected, text_words
from generator.problems import Place, Problem
from generator.read import Entered

_LOCK = f"{tree.CONTENT}/evidence.lock"
_DRAFT = re.compile(rb"draft[\"']?\s*:").search
#: Fewer words may stand anywhere by chance.
_CHANCE = 3
#: Bytes of a digest that tells passages apart.
_SHORT = 8
#: What an entry says in sentences.
_SAID = ("statement", "note", "gaps", "summary", "title", "question", "reason", "name")


class _Article(Struct, frozen=True):
    """The saved text of a source that is not shown in full."""

    source: str
    title: str
    #: Absolute.
    file: str
    sha256: str


class _Part(Struct, frozen=True):
    """What one file says, or several."""

    #: Each draft with a passage of it.
    drafts: tuple[tuple[str, str], ...] = ()
    #: Digests of passages that are published, in a row.
    public: bytes = b""
    #: What each fact asks the evidence lock for, as a digest.
    asked: dict[str, str] = {}


class _Known(Struct, frozen=True, kw_only=True):
    """What was found the last time."""

    #: Settings that decide what is asked for.
    settings: str
    #: What it was read from.
    found: scan.Found
    #: By file of facts, relative to the site; None where none was read, since nothing is a draft and there
    #: is no lock.
    facts: dict[str, _Part] | None
    rest: _Part
    articles: tuple[_Article, ...]
    #: Ids of the sources whose texts are here.
    here: frozenset[str]
    #: Each draft of a page with a passage of it, and the pages that are published: both may say the same.
    pages: tuple[tuple[str, str], ...]
    prose: str
    #: Languages of the sources by their ids.
    languages: dict[str, str]
    #: What the evidence lock answers, as `_Part.asked`; None where there is no lock.
    locked: dict[str, str] | None
    #: Sources that the lock speaks of.
    measured: frozenset[str]


class Withheld:
    """What is to be kept back of a site as it stands."""

    def __init__(self, known: _Known, words: int) -> None:
        self._known = known
        self._words = words

    @property
    def key(self) -> bytes:
        """A digest: where it is another, pages have to be looked at anew."""
        articles = [(each.source, each.title, each.sha256) for each in self._known.articles]
        told = (
            __version__,
            self._words,
            articles,
            list(self._drafts()),
            self._known.pages,
            self._known.prose,
        )
        return hashlib.sha256(msgspec.msgpack.encode(told)).digest()

    def texts(self) -> list[Text]:
        """Articles, of which only so many words in a row may be shown, and what drafts say."""
        found = []
        for each in self._known.articles:
            text = Path(each.file).read_bytes().decode(errors="replace")
            found.append(protected(f"source {each.source}", text, self._words, each.title))
        prose = " ".join(text_words(self._known.prose))
        drafts = [(name, text_words(said), "") for name, said in self._drafts()]
        drafts += [(name, text_words(said), prose) for name, said in self._known.pages]
        for name, words, free in drafts:
            if len(words) > _CHANCE:
                found.append(Text(name, words, min(len(words) - 1, self._words), free))
        return found

    def _drafts(self) -> Iterator[tuple[str, str]]:
        """Passages of drafts that are not published elsewhere."""
        parts = [*(self._known.facts or {}).values(), self._known.rest]
        drafts = [each for part in parts for each in part.drafts]
        rows = (part.public for part in parts if drafts)
        public = {row[at : at + _SHORT] for row in rows for at in range(0, len(row), _SHORT)}
        yield from (each for each in drafts if _mark(each[1]) not in public)

    def problems(self) -> Iterator[Problem]:
        """What the evidence lock lacks, or has too much; nothing where there is no lock."""
        known = self._known
        if known.locked is None or known.facts is None:
            return
        asked = {key: digest for part in known.facts.values() for key, digest in part.asked.items()}
        lacking = [f"fact {key}" for key, digest in asked.items() if known.locked.get(key) != digest]
        lacking += [f"source {key}" for key in known.here - known.measured]
        gone = [f"fact {key}" for key in known.locked.keys() - asked.keys()]
        gone += [f"source {key}" for key in known.measured - known.languages.keys()]
        for some, message in (
            (lacking, "the lock does not speak of it as it is now"),
            (gone, "the lock speaks of it, and it is no more"),
        ):
            if some:
                first, more = min(some), len(some) - 1
                yield Problem(
                    code="lock-stale",
                    message=f"{message}{f'; nor of {more} more' * (some is lacking) if more else ''}",
                    at=Place(_LOCK),
                    subject=first,
                    help="bring it up to date, commit it, then publish:  factsheet lock",
                )


def withheld(root: Path, output: Path, site: Site, note: scan.Note, texts: Path | None) -> Withheld:
    """What is to be kept back; `texts` is the folder of saved texts, left out: that of the last build."""
    folder = texts or (Path(note.texts) if note.texts else None)
    noted = folder is None or folder.absolute() == Path(note.texts).absolute()
    file = memory.place(root, output, "withheld")
    settings = repr((__version__, site.language, site.context, site.limits.words, str(folder)))
    known = memory.recall_as(file, _Known)
    moved = None
    if known and known.settings == settings and noted:
        moved = _moved(root, note.found, known.found)
    if known is None or moved is None:
        now = _read(root, site, folder, settings, note.found)
    elif moved:
        now = _brought_up_to_date(root, site, folder, known, moved, note.found)
    else:
        return Withheld(known, site.limits.words)
    if noted:
        memory.remember(file, msgspec.msgpack.encode(now))
    return Withheld(now, site.limits.words)


def _moved(root: Path, now: scan.Found, then: scan.Found) -> list[str] | None:
    """Files of facts, and the lock, that are other than they were; None where anything else is.

    What has nothing to do with it, such as templates, does not count.
    """
    top = root.absolute()
    moved = []
    for path in _differing(now, then):
        place = PurePosixPath(path)
        inside = place.relative_to(top) if place.is_relative_to(top) else place
        if inside.parts[0] == "templates" or inside.parts[:2] == (tree.CONTENT, tree.STATIC):
            continue
        if not tree.is_facts(inside) and str(inside) != _LOCK:
            return None
        moved.append(str(inside))
    return sorted(moved)


def _differing(now: scan.Found, then: scan.Found) -> set[str]:
    """Paths that differ by their times, or may: of a file too fresh to be known by these, by its digest."""
    if now.inputs == then.inputs and now.fresh == then.fresh:
        return set()
    one, other = now.inputs.by_path, then.inputs.by_path
    either = now.fresh.keys() | then.fresh.keys()
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)} | {
        path for path in either if now.fresh.get(path) != then.fresh.get(path)
    }


def _read(root: Path, site: Site, texts: Path | None, settings: str, found: scan.Found) -> _Known:
    """Read everything; facts only where one may be a draft, or there is a lock to compare them with."""
    locked, measured = asks.answered(root / _LOCK)
    files = [file for folder, file in tree.content_files(root)[0] if folder != tree.STATIC]
    whole = locked is not None or any(_may_hold_draft(root / file) for file in files)
    without = () if whole else [file for file in files if tree.is_facts(PurePosixPath(file))]
    content = read.read_content(root, site, texts, cores(), without=frozenset(without))
    languages = {each.value.id: each.value.language or site.language for each in content.sources}
    by_file: dict[str, list[Entered[Fact]]] = {}
    for each in content.facts:
        by_file.setdefault(each.pointer.file, []).append(each)
    public = [page for page in content.prose if not page.draft]
    drafts = [page for page in content.prose if page.draft]
    entries = (
        e.value for kind in (content.actors, content.sources, content.topics, content.questions) for e in kind
    )
    said = [(_name(entry), entry.draft, passage) for entry in entries for passage in _passages(entry)]
    return _Known(
        settings=settings,
        found=found,
        facts={file: _part(site, languages, facts) for file, facts in by_file.items()} if whole else None,
        rest=_parted(said, {}),
        articles=tuple(_articles(root, content, texts)),
        here=frozenset(content.texts),
        pages=tuple(
            (f"draft page {page.slug}", passage)
            for page in drafts
            for passage in (page.title, *_paragraphs(page.body))
        ),
        prose="\n\n".join(text for page in public for text in (page.title, page.body)) if drafts else "",
        languages=languages,
        locked=locked,
        measured=measured,
    )


def _may_hold_draft(file: Path) -> bool:
    """Whether an entry in a file may be a draft, told without a parser; a backslash can hide the key."""
    data = file.read_bytes() if file.is_file() else b""
    return _DRAFT(data) is not None or b"\\" in data


def _brought_up_to_date(
    root: Path, site: Site, texts: Path | None, known: _Known, moved: Sequence[str], found: scan.Found
) -> _Known:
    """What is known, once the files that moved are read again."""
    if known.facts is None:
        if any(file == _LOCK or _may_hold_draft(root / file) for file in moved):
            return _read(root, site, texts, known.settings, found)
        return msgspec.structs.replace(known, found=found)
    facts = dict(known.facts)
    locked, measured = known.locked, known.measured
    for file in moved:
        if file == _LOCK:
            locked, measured = asks.answered(root / _LOCK)
        elif (root / file).is_file():
            facts[file] = _part(site, known.languages, read.read_facts(root, file).entries)
        else:
            facts.pop(file, None)
    return msgspec.structs.replace(known, found=found, facts=facts, locked=locked, measured=measured)


def _articles(root: Path, content: read.Content, texts: Path | None) -> Iterator[_Article]:
    for each in content.sources:
        saved = content.texts.get(each.value.id)
        file = read.text_file(each.value, (root / each.pointer.file).parent, texts)
        if saved is not None and file is not None and each.value.rights != "full":
            digest = saved.source.sha256
            yield _Article(each.value.id, each.value.title, str(file.absolute()), digest)


def _part(site: Site, languages: Mapping[str, str], entries: Iterable[Entered[Fact]]) -> _Part:
    facts = [each.value for each in entries]
    said = [(_name(fact), fact.draft, passage) for fact in facts for passage in _passages(fact)]
    return _parted(said, {fact.id: asks.asked(fact, languages, site.context) for fact in facts})


def _parted(said: Iterable[tuple[str, bool, str]], asked: dict[str, str]) -> _Part:
    """A part of passages, each with whose it is and whether that is a draft."""
    said = list(said)
    return _Part(
        drafts=tuple((f"draft {name}", passage) for name, draft, passage in said if draft),
        public=b"".join(_mark(passage) for _, draft, passage in said if not draft),
        asked=asked,
    )


def _name(entry: object) -> str:
    return str(getattr(entry, "id", ""))


def _passages(entry: object) -> Iterator[str]:
    """What an entry says, paragraph by paragraph."""
    for field in _SAID:
        yield from _paragraphs(getattr(entry, field, ""))


def _paragraphs(text: str) -> list[str]:
    return [each for each in text.split("\n\n") if each.strip()]


def _mark(passage: str) -> bytes:
    """What tells a passage from others, whatever its capitals and line ends."""
    plain = " ".join(passage.split()).casefold()
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=_SHORT).digest()
