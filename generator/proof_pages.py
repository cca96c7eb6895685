"""Pages for readers who do not want to take our word for it: check the quotes, and what a tick means.

The first holds what is published of every source, and its digest, so that a browser can seek the quotes in
an article of the reader's without asking anybody. A site with more passages than a list may hold splits it by
sources; the front page then leads to the parts.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from msgspec import Struct

from generator import fold, terms, urls
from generator.browserfold import profile
from generator.shelves import Shelves, direction
from generator.touched import Touched
from generator.views import CheckedQuote, CheckedSource, MethodView, Part, VerifyView


def has_quotes(shelves: Shelves) -> bool:
    """Whether there is anything to check."""
    return bool(shelves.dossier.facts)


def has_method(shelves: Shelves) -> bool:
    """Whether our page on method stands; a page of that name by the editors takes its place."""
    return "method" not in shelves.dossier.prose


def verify_path(part: str) -> str:
    """Path of the page where quotes are checked, or of one part of it."""
    return f"verify.{part}.html" if part else "verify.html"


def parts(shelves: Shelves) -> list[str]:
    """The pages it takes: the front page, then one for each part."""
    return ["", *_split(shelves).sources]


def touched_parts(touched: Touched) -> Container[str]:
    """The pages that show something else after an edit, the front page always."""
    was, now = _split(touched.before), _split(touched.after)
    if was != now:
        return ["", *now.sources]
    return {"", *(now.places[key] for key in touched.sources if key in now.places)}


class _Split(Struct, frozen=True):
    """Sources of each part, in order of publication; empty when one page holds them all."""

    sources: Mapping[str, tuple[str, ...]]
    #: How many facts rest on the sources of each part.
    counts: Mapping[str, int]
    #: The part that a source stands in.
    places: Mapping[str, str]


def _split(shelves: Shelves) -> _Split:
    found: _Split | None = shelves.split.get(("verify", ""))
    if found is None:
        sources = _parts(shelves)
        found = shelves.split["verify", ""] = _Split(
            sources,
            {
                name: len({m.id for key in keys for m in shelves.members("source", key)})
                for name, keys in sources.items()
            },
            {key: name for name, keys in sources.items() for key in keys},
        )
    return found


def _parts(shelves: Shelves) -> Mapping[str, tuple[str, ...]]:
    limit = shelves.dossier.site.lists
    if not limit:
        return {}
    counts = {key: shelves.extent(key).passages for key in _quoted(shelves)}
    if sum(counts.values()) <= limit:
        return {}
    pages: list[list[str]] = []
    held = 0
    for key, count in counts.items():
        if not pages or held + count > limit:
            pages.append([])
            held = 0
        pages[-1].append(key)
        held += count
    return {f"p{number}": tuple(page) for number, page in enumerate(pages, 1)}


def _quoted(shelves: Shelves) -> Iterator[str]:
    return (key for key in shelves.source_order if shelves.members("source", key))


def verify(shelves: Shelves, part: str) -> VerifyView:
    """Do the quotes stand in the article that I hold?"""
    split = _split(shelves)
    here = split.sources.get(part, ()) if part else _quoted(shelves)
    here = here if shelves.shows("sources", VerifyView) else ()
    front = bool(split.sources) and not part
    return VerifyView(
        path=verify_path(part),
        title=shelves.say.gettext("Check the quotes"),
        description=shelves.say.gettext(
            "Seek the quotes of this site in your own copy of an article, on your own computer."
        ),
        section=verify_path(part),
        sources=tuple(_source(shelves, key, split.places.get(key, "") if front else "") for key in here),
        parts=tuple(
            Part(
                href=verify_path(name),
                label=shelves.say.gettext("Page %(number)s") % {"number": name[1:]},
                count=count,
                current=name == part,
            )
            for name, count in split.counts.items()
        ),
        fold="" if front else profile(),
    )


def _source(shelves: Shelves, key: str, part: str) -> CheckedSource:
    measures = shelves.dossier.measures[key]
    anchor = f"s-{key}"
    silent = bool(part) or shelves.dossier.sources[key].rights == "none"
    return CheckedSource(
        anchor=anchor,
        source=shelves.source(key),
        sha256=measures.sha256,
        length=measures.length,
        quotes=() if silent else tuple(_quotes(shelves, key)),
        count=shelves.extent(key).passages,
        href=f"{verify_path(part)}#{anchor}" if part else "",
    )


def _quotes(shelves: Shelves, key: str) -> Iterator[CheckedQuote]:
    for (_, evidence, located), *_ in shelves.passages(key):
        lang = shelves.language_of(evidence)
        yield CheckedQuote(
            href=urls.source(key, located.anchor),
            runs=shelves.runs(evidence, located),
            paragraph=located.paragraphs[0],
            start=located.spans[0].start,
            end=located.spans[-1].end,
            lang=lang,
            dir=direction(lang),
        )


def method(shelves: Shelves) -> MethodView:
    """What does a tick mean, and what not?"""
    dossier = shelves.dossier
    site = dossier.site
    rights = {source.rights for source in dossier.sources.values()}
    all_ = dossier.located.values() if shelves.shows("omissions", MethodView) else ()
    gaps = (each.gaps for located in all_ for each in located.evidence)
    return MethodView(
        path=urls.METHOD,
        title=shelves.say.gettext("What a tick means"),
        description=shelves.say.gettext(
            "How the quotes of this site are checked, what that shows, and what it does not."
        ),
        section=urls.METHOD,
        profile=fold.PROFILE,
        folds=tuple(shelves.say.gettext(name) for name in terms.FOLD_NAME),
        words=site.limits.words,
        share=round(100 * site.limits.share),
        context=site.context,
        full="full" in rights,
        silent="none" in rights,
        omissions=any(gap.words for some in gaps for gap in some),
    )
