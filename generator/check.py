"""Checks: what makes sense of a linked dossier. Each is a plain function from the dossier to problems.

To add one, write the function with a sentence on why the rule exists, put it into `FACT_CHECKS` when it
looks at one fact at a time, with what tells the facts it is about, and into `CHECKS` when it needs the
whole, describe its code in `docs/problems/` and test it. Shape (keys, types, forms) is checked in `schema`,
references and quotes in `link`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from operator import attrgetter
from posixpath import join, normpath
from typing import Literal, TypeAlias
from urllib.parse import unquote

from msgspec.structs import replace

from generator import edtf, limits, markdown, raster, terms
from generator.content import Entry, Fact
from generator.date_checks import dates_fit_their_phrases
from generator.dossier import Dossier, Kind
from generator.groups import Group, GroupName
from generator.located import Span
from generator.problems import Place, Pointer, Problem, Severity
from generator.quotes import phrase_source
from generator.relations import RELATIONS

#: What a problem was found by: reading and linking, or one of the lists of checks below.
Asker: TypeAlias = Literal["linking", "fact", "entries", "whole", "sound"]

#: The groups of facts that name an entry, by its kind.
_NAMING: Mapping[Kind, tuple[GroupName, ...]] = {
    "actor": ("actor", "via"),
    "topic": ("topic",),
    "source": ("source",),
}
_OF_PLANS = ("fulfils", "fails", "postpones")


def _problem(
    dossier: Dossier,
    kind: Kind,
    key: str,
    path: tuple[str | int, ...],
    code: str,
    message: str,
    help: str = "",
    severity: Severity = "error",
) -> Problem:
    return Problem(
        code=code,
        message=message,
        at=dossier.at(kind, key, *path),
        subject=f"{kind} {key}",
        help=help,
        severity=severity,
    )


def shown_within_limits(dossier: Dossier) -> Iterator[Problem]:
    """A long unbroken run of an article is its publisher's text, not a quotation; and many short quotations
    can add up to most of it.

    Quotes, context and dating phrases count together where they touch, whichever facts they belong to.
    Sources shown in full, or not at all, have no limit.
    """
    return within_limits(dossier, dossier.facts.values(), dossier.sources)


def within_limits(dossier: Dossier, facts: Iterable[Fact], keys: Iterable[str]) -> Iterator[Problem]:
    """The same for some sources, with all facts that rest on them."""
    bounds, known = dossier.site.limits, dossier.sources
    located = ((fact, dossier.located[fact.id]) for fact in facts)
    limited = {k for k in keys if known[k].rights == "excerpts" and k in dossier.measures}
    for key, shown in limits.shown_of_sources(located, limited).items():
        longest = len(limits.longest_run(shown.runs))
        if longest > bounds.words:
            yield _problem(
                dossier, "source", key, (), "over-limit-words",
                f"{longest} of its words would stand in an unbroken row; the limit here is {bounds.words}",
                "quote the fewest words that carry each fact, or leave some out with […]",
            )  # fmt: skip
        share = limits.share(shown.spans, dossier.measures[key].length)
        if share > bounds.share:
            yield _problem(
                dossier, "source", key, (), "over-limit-share",
                f"{share:.0%} of its text would be shown; the limit of this site is {bounds.share:.0%}",
                "quote less of this source; if its rights allow more, raise  limits: share  in site.yaml",
            )  # fmt: skip


def confirmed_by_two(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """Confirmed means that independent sources agree; copies of one report do not."""
    origins = dossier.origins(fact)
    if len(origins) < 2:
        outlets = terms.counted(len(dossier.outlets(fact)), "source", "sources")
        verb = "counts" if len(dossier.outlets(fact)) == 1 else "count"
        yield _problem(
            dossier,
            "fact",
            fact.id,
            ("status",),
            "confirmed-by-one",
            f"marked as confirmed, but its {outlets} {verb} as "
            f"{terms.counted(len(origins), 'independent origin', 'independent origins')}",
            "add evidence of another origin, or write  status: reported",
            "warning",
        )


def relations_make_sense(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """A fact cannot be its own cause or outcome, and only what was announced can be fulfilled."""
    for type_, targets in fact.relations.items():
        for number, target in enumerate(targets):
            path = ("relations", type_, number)
            if target == fact.id:
                yield _problem(
                    dossier, "fact", fact.id, path, "relation-to-itself",
                    f"{RELATIONS[type_].label.lower()} itself", "name another fact, or remove the line",
                )  # fmt: skip
            elif type_ in _OF_PLANS and target in dossier.facts and dossier.facts[target].kind != "plan":
                yield _problem(
                    dossier, "fact", fact.id, path, "outcome-of-no-plan",
                    f"{type_} {target}, which is no plan",
                    f"write  kind: plan  in {target}, or use leads-to", "warning",
                )  # fmt: skip


def actors_are_part_of_others(dossier: Dossier) -> Iterator[Problem]:
    """A part is not its own whole, nor is the whole of its whole."""
    for key, actor in dossier.actors.items():
        way, at = [key], actor.part_of
        while at in dossier.actors and at not in way:
            way.append(at)
            at = dossier.actors[at].part_of
        if at == key:
            yield _problem(
                dossier, "actor", key, ("part_of",), "part-of-itself",
                "is part of itself" if len(way) == 1 else f"is part of itself by way of {', '.join(way[1:])}",
                "name the actor it belongs to, or remove the line",
            )  # fmt: skip


def plans_are_due_later(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """A plan due before it was announced is a slip in one of the two dates."""
    announced, due = edtf.parse(fact.date), edtf.parse(fact.due)
    if announced.earliest and due.latest and due.latest < announced.earliest:
        yield _problem(
            dossier, "fact", fact.id, ("due",), "due-before-announced",
            f"due {fact.due}, before it was announced ({fact.date})", "mend one of the two dates",
        )  # fmt: skip


def evidence_once(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """The same words twice in one fact look like two pieces of evidence."""
    seen: set[str] = set()
    for number, located in enumerate(dossier.located[fact.id].evidence):
        if located.anchor and located.anchor in seen:
            yield _problem(
                dossier, "fact", fact.id, ("evidence", number, "quote"), "evidence-twice",
                f"these words of {located.source} are already evidence of this fact",
                "remove one of the two",
                "warning",
            )  # fmt: skip
        seen.add(located.anchor)


def note_links_lead_somewhere(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """A `[[link]]` to nothing would be printed with its brackets, which readers take for an insertion."""
    for code, message, help_, _ in _dead(dossier, fact.note, "facts"):
        yield _problem(dossier, "fact", fact.id, ("note",), code, message, help_)


def quotes_are_of_the_article(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """Furniture is what is not the article: a menu, a line for sharing it. Its words are nobody's report."""
    sources = dossier.sources
    for evidence in fact.evidence:
        if sources[evidence.source].furniture:
            break
    else:  # of most facts no source has any
        if not (fact.dating and fact.dating.source):
            return
    located = dossier.located[fact.id]
    asked: list[tuple[str, tuple[Span, ...], tuple[str | int, ...]]] = [
        (each.source, each.spans, ("evidence", number, "quote"))
        for number, each in enumerate(located.evidence)
        if each.spans and sources[each.source].furniture
    ]
    if located.phrase and sources[phrase_source(fact)].furniture:
        asked.append((phrase_source(fact), located.phrase, ("dating", "phrase")))
    for source, spans, path in asked:
        furniture = sources[source].furniture
        inside = (part for part in furniture if part.end <= dossier.measures[source].length)
        parts = [p for p in inside if any(s.start < p.end and p.start < s.end for s in spans)]
        for part in parts[:1]:
            yield _problem(
                dossier, "fact", fact.id, path, "quote-in-furniture",
                f"these words stand in a passage that {source} marks as furniture: {part.why} "
                f"(characters {part.start}–{part.end})",
                "quote the article itself, or mend  furniture:  in the source", "warning",
            )  # fmt: skip


def markdown_links_lead_somewhere(dossier: Dossier) -> Iterator[Problem]:
    """A `[[link]]` to nothing would be printed with its brackets, which readers take for an insertion."""
    texts = (row for row in written(dossier) if row[0] != "fact")
    for kind, key, field, text in texts:
        for code, message, help_, _ in _dead(dossier, text, "facts"):  # or another folder of that depth
            yield _problem(dossier, kind, key, (field,), code, message, help_)
    for page in dossier.prose.values():
        for code, message, help_, line in _dead(dossier, page.body, ""):
            yield Problem(
                code=code,
                message=message,
                at=Place(page.file, page.line + line - 1, 1),
                subject=f"page {page.slug}",
                help=help_,
            )


def written(dossier: Dossier) -> Iterator[tuple[Kind, str, str, str]]:
    """Every Markdown text of an entry: kind and id of the entry, the field, the text."""
    yield from (("fact", key, "note", fact.note) for key, fact in dossier.facts.items() if fact.note)
    yield from (("actor", key, "summary", a.summary) for key, a in dossier.actors.items() if a.summary)
    yield from (("topic", key, "summary", t.summary) for key, t in dossier.topics.items() if t.summary)
    yield from (("source", key, "note", s.note) for key, s in dossier.sources.items() if s.note)


def _dead(dossier: Dossier, text: str, folder: str) -> Iterator[tuple[str, str, str, int]]:
    """What leads nowhere in a Markdown text shown on a page of a folder: code, message, help and line."""
    for mention in markdown.mentions(text) if "[[" in text or "![" in text else ():
        target, line = mention.target, mention.line
        standing = dossier.standing(target) if mention.what == "id" else ""
        if standing == "draft":
            message = f"[[{target}]] leads to a draft, which will not be published"
            yield "draft-referenced", message, "publish it, or remove the brackets", line
        elif standing == "unknown":
            message = f"[[{target}]] leads to nothing: no entry has this id"
            yield "link-broken", message, "mend the id, or remove the brackets", line
        elif mention.what == "image":
            path = normpath(join(folder, unquote(target)))
            if path not in dossier.static and not path.startswith("assets/"):
                message = f"{target} is no file of content/static, and pictures come from nowhere else"
                way = "../" if folder else ""
                yield "link-broken", message, f"put the file there and write  ![words]({way}FILE)", line


def chosen_facts_exist(dossier: Dossier) -> Iterator[Problem]:
    """The home page offers these first, other sites may show those, and some have pictures of their own."""
    site = dossier.site
    lists = {"start": site.start, "embed": site.embed, "picture": site.picture}
    chosen = {name: keys for name, keys in lists.items() if not isinstance(keys, bool)}
    for name, number, key in ((name, *each) for name, keys in chosen.items() for each in enumerate(keys)):
        if key in dossier.facts or "fact" in dossier.broken or ("fact", key) in dossier.unread:
            continue
        draft = ("fact", key) in dossier.drafts
        yield Problem(
            code="draft-referenced" if draft else "unknown-fact",
            message=f'the fact "{key}" is a draft and will not be published'
            if draft
            else f'no fact has the id "{key}"',
            at=Pointer("site.yaml", 0, (name, number)),
            subject="site.yaml",
            help="publish the fact, or remove its id" if draft else "mend the id, or remove it",
        )


def pictures_can_be_drawn(dossier: Dossier) -> Iterator[Problem]:
    """A picture that was asked for is drawn whole or not at all."""
    site = dossier.site
    if not site.picture:
        return
    ids = () if isinstance(site.picture, bool) else site.picture
    texts = [site.title, site.summary, *(dossier.facts[key].statement for key in ids if key in dossier.facts)]
    letter = next(filter(None, map(raster.undrawable, texts)), "")
    if not letter and raster.is_there():
        return
    yield Problem(
        code="picture-unmade",
        message=f"the font of pictures has no letter like “{letter}”"
        if letter
        else "what draws pictures is not installed",
        at=Pointer("site.yaml", 0, ("picture",)),
        subject="site.yaml",
        help="remove `picture`, and put a picture of your own into content/static/share.png"
        if letter
        else "pip install 'factsheet[picture]'",
    )


def nothing_unused(dossier: Dossier, groups: Container[Group]) -> Iterator[Problem]:
    """An actor, topic or source that nothing names is mostly a slip of an id."""
    return unused(dossier, groups, dossier.actors, dossier.topics, dossier.sources)


def unused(
    dossier: Dossier,
    groups: Container[Group],
    actors: Iterable[str],
    topics: Iterable[str],
    sources: Iterable[str],
) -> Iterator[Problem]:
    """Those of some actors, topics and sources that neither facts nor each other name.

    `groups` are those that facts stand in.
    """
    kinds: tuple[tuple[Kind, Iterable[str]], ...] = (
        ("actor", actors),
        ("topic", topics),
        ("source", sources),
    )
    left = [
        (kind, key)
        for kind, keys in kinds
        for key in keys
        if not any((name, key) in groups for name in _NAMING[kind])
    ]
    by_others: set[str] = set()
    if any(kind == "actor" for kind, _ in left):
        by_others |= {a for s in dossier.sources.values() for a in s.origin}
        by_others |= {r.of for a in dossier.actors.values() for r in a.roles}
        by_others |= {a.part_of for a in dossier.actors.values()}
    for kind, key in left:
        if kind != "actor" or key not in by_others:
            yield _problem(
                dossier, kind, key, ("id",), "unused-entry",
                f"no fact names this {kind}", "name it in a fact, or remove it", "warning",
            )  # fmt: skip


def old_ids_are_free(dossier: Dossier) -> Iterator[Problem]:
    """At the address of an old id stands one page that leads on, and it cannot lead to two places."""
    kinds: tuple[tuple[Kind, Mapping[str, Entry]], ...] = (
        ("fact", dossier.facts), ("actor", dossier.actors), ("topic", dossier.topics),
        ("source", dossier.sources), ("question", dossier.questions),
    )  # fmt: skip
    for kind, known in kinds:
        taken = {key: key for key in known}
        for key, entry in known.items():
            for number, old in enumerate(entry.formerly):
                if old in taken:
                    holder = taken[old]
                    yield _problem(
                        dossier, kind, key, ("formerly", number), "formerly-taken",
                        f'"{old}" is the id of this {kind} now' if key == holder == old
                        else f'"{old}" is an id of the {kind} {holder}',
                        "remove the old id here, or give the other one another id",
                    )  # fmt: skip
                taken.setdefault(old, key)


def rulings_name_an_answer(dossier: Dossier) -> Iterator[Problem]:
    """A ruling that names none of the answers would hold right what nobody said."""
    for question in dossier.questions.values():
        labels = [position.label for position in question.positions]
        if question.ruling not in ("open", *labels):
            import difflib  # only mistakes need it

            problem = _problem(
                dossier, "question", question.id, ("ruling",), "ruling-unknown",
                f'"{question.ruling}" is none of the answers: {"; ".join(labels)}',
                "write the label of the answer held right, or  ruling: open",
            )  # fmt: skip
            near = difflib.get_close_matches(question.ruling, ["open", *labels], 1)
            yield replace(problem, nearest=near[0] if near else "")


def withdrawals_give_a_reason(dossier: Dossier, fact: Fact) -> Iterator[Problem]:
    """A withdrawn fact stays readable, and whoever finds it must learn why it no longer holds."""
    if not any(c.kind == "withdrawal" for c in fact.changes):
        yield _problem(
            dossier, "fact", fact.id, ("status",), "withdrawal-unexplained",
            "withdrawn, and nothing says when and why",
            "add under changes:  - {date: 2026-11-22, kind: withdrawal, reason: …}", "warning",
        )  # fmt: skip


#: What is asked of facts, and of which; each check may look at what the fact names, and at nothing else. Most
#: are of few facts, and beginning one for each fact would take longer than all that they find out.
FACT_CHECKS: tuple[tuple[Callable[[Fact], object], Callable[[Dossier, Fact], Iterator[Problem]]], ...] = (
    (lambda fact: fact.status == "confirmed", confirmed_by_two),
    (attrgetter("relations"), relations_make_sense),
    (attrgetter("due"), plans_are_due_later),
    (attrgetter("dating"), dates_fit_their_phrases),
    (lambda fact: len(fact.evidence) > 1, evidence_once),
    (attrgetter("evidence"), quotes_are_of_the_article),
    (lambda fact: fact.status == "withdrawn", withdrawals_give_a_reason),
    (lambda fact: "[" in fact.note, note_links_lead_somewhere),
)
#: What an edit of facts touches only where `edit` says so: through an id that came or went, or a source.
ENTRY_CHECKS: tuple[Callable[[Dossier], Iterator[Problem]], ...] = (
    shown_within_limits,
    markdown_links_lead_somewhere,
    old_ids_are_free,
    actors_are_part_of_others,
    rulings_name_an_answer,
)
#: What looks at few entries, and is asked again after every edit.
CHECKS: tuple[Callable[[Dossier], Iterator[Problem]], ...] = (
    chosen_facts_exist,
    pictures_can_be_drawn,
)


def of_facts(dossier: Dossier, facts: Iterable[Fact]) -> Iterator[Problem]:
    """What is to be told of some facts, each for itself."""
    for fact in facts:
        for concerns, one in FACT_CHECKS:
            if concerns(fact):
                yield from one(dossier, fact)


def everything(dossier: Dossier) -> Iterator[tuple[Asker, Problem]]:
    """What is to be told of a dossier, whether or not all is well with it, with what asked for it."""
    yield from (("fact", problem) for problem in of_facts(dossier, dossier.facts.values()))
    yield from (("entries", problem) for one in ENTRY_CHECKS for problem in one(dossier))
    yield from (("whole", problem) for one in CHECKS for problem in one(dossier))


def sound(dossier: Dossier, groups: Container[Group]) -> Iterator[tuple[Asker, Problem]]:
    """What is to be told of a dossier where all is well: a fact left out for a mistake names nobody.

    `groups` are those that its facts stand in.
    """
    return (("sound", problem) for problem in nothing_unused(dossier, groups))
