"""Checks: what makes sense of a linked dossier. Each is a plain function from the dossier to problems.

To add one, write the function with a sentence on why the rule exists, put it into `CHECKS`, describe its
code in `docs/problems/` and test it. Shape (keys, types, forms) is checked in `schema`, references and
quotes in `link`; these need the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator import edtf, limits, markdown, terms
from generator.dossier import Dossier, Kind
from generator.problems import Pointer, Problem, Severity
from generator.relations import RELATIONS

_OF_PLANS = ("fulfils", "fails", "postpones")


def _at(dossier: Dossier, kind: Kind, key: str, *path: str | int) -> Pointer:
    base = dossier.pointers[kind, key]
    return Pointer(base.file, base.entry, path)


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
        at=_at(dossier, kind, key, *path),
        subject=f"{kind} {key}",
        help=help,
        severity=severity,
    )


def runs_within_limits(dossier: Dossier) -> Iterator[Problem]:
    """A long unbroken run of an article is its publisher's text, not a quotation.

    Quotes, context and dating phrases count together where they touch, whichever facts they belong to.
    """
    limit = dossier.site.limits.words
    for key, shown in _shown(dossier).items():
        longest = len(limits.longest_run(shown.runs))
        if longest > limit:
            yield _problem(
                dossier, "source", key, (), "over-limit-words",
                f"{longest} of its words would stand in an unbroken row; the limit of this site is {limit}",
                "quote the fewest words that carry each fact, or leave some out with […]",
            )  # fmt: skip


def shares_within_limits(dossier: Dossier) -> Iterator[Problem]:
    """Many short quotations can add up to most of an article."""
    limit = dossier.site.limits.share
    for key, shown in _shown(dossier).items():
        share = limits.share(shown.spans, dossier.measures[key].length)
        if share > limit:
            yield _problem(
                dossier, "source", key, (), "over-limit-share",
                f"{share:.0%} of its text would be shown; the limit of this site is {limit:.0%}",
                "quote less of this source; if its rights allow more, raise  limits: share  in site.yaml",
            )  # fmt: skip


def _shown(dossier: Dossier) -> dict[str, limits.Shown]:
    """What is shown of each source that has a limit: not of those shown in full or not at all."""
    facts = ((fact, dossier.located[fact.id]) for fact in dossier.facts.values())
    shown = limits.shown_of_sources(facts)
    known = dossier.sources
    return {k: s for k, s in shown.items() if known[k].rights == "excerpts" and k in dossier.measures}


def confirmed_by_two(dossier: Dossier) -> Iterator[Problem]:
    """Confirmed means that independent sources agree; copies of one report do not."""
    for fact in dossier.facts.values():
        origins = dossier.origins(fact)
        if fact.status == "confirmed" and len(origins) < 2:
            outlets = terms.counted(len(dossier.outlets(fact)), "source", "sources")
            yield _problem(
                dossier,
                "fact",
                fact.id,
                ("status",),
                "confirmed-by-one",
                f"marked as confirmed, but its {outlets} count as "
                f"{terms.counted(len(origins), 'independent origin', 'independent origins')}",
                "add evidence of another origin, or write  status: reported",
                "warning",
            )


def relations_make_sense(dossier: Dossier) -> Iterator[Problem]:
    """A fact cannot be its own cause or outcome, and only what was announced can be fulfilled."""
    for fact in dossier.facts.values():
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


def plans_are_due_later(dossier: Dossier) -> Iterator[Problem]:
    """A plan due before it was announced is a slip in one of the two dates."""
    for fact in dossier.facts.values():
        if not fact.due:
            continue
        announced, due = edtf.parse(fact.date), edtf.parse(fact.due)
        if announced.earliest and due.latest and due.latest < announced.earliest:
            yield _problem(
                dossier, "fact", fact.id, ("due",), "due-before-announced",
                f"due {fact.due}, before it was announced ({fact.date})", "mend one of the two dates",
            )  # fmt: skip


def evidence_once(dossier: Dossier) -> Iterator[Problem]:
    """The same words twice in one fact look like two pieces of evidence."""
    for fact in dossier.facts.values():
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


def markdown_links_lead_somewhere(dossier: Dossier) -> Iterator[Problem]:
    """A `[[link]]` to nothing would be printed with its brackets, which readers take for an insertion."""
    kinds = (dossier.facts, dossier.actors, dossier.topics, dossier.sources, dossier.questions)
    texts: list[tuple[Kind, str, str, str]] = [("fact", k, "note", f.note) for k, f in dossier.facts.items()]
    texts += [("actor", k, "summary", a.summary) for k, a in dossier.actors.items()]
    texts += [("topic", k, "summary", t.summary) for k, t in dossier.topics.items()]
    texts += [("source", k, "note", s.note) for k, s in dossier.sources.items()]
    for kind, key, field, text in texts:
        for mention in markdown.mentions(text) if "[" in text else ():
            if mention.what == "id" and not any(mention.target in known for known in kinds):
                yield _problem(
                    dossier, kind, key, (field,), "link-broken",
                    f'[[{mention.target}]] leads to nothing: no entry has this id',
                    "mend the id, or remove the brackets",
                )  # fmt: skip


def start_facts_exist(dossier: Dossier) -> Iterator[Problem]:
    """The home page offers these first."""
    for number, key in enumerate(dossier.site.start):
        if key not in dossier.facts:
            yield Problem(
                code="unknown-fact",
                message=f'no fact has the id "{key}"',
                at=Pointer("site.yaml", 0, ("start", number)),
                subject="site.yaml",
                help="mend the id, or remove it",
            )


def nothing_unused(dossier: Dossier) -> Iterator[Problem]:
    """An actor, topic or source that no fact names is mostly a slip of an id."""
    named: dict[Kind, set[str]] = {
        "actor": {ref.id for f in dossier.facts.values() for ref in f.cast}
        | {a for f in dossier.facts.values() for e in f.evidence for a in e.via}
        | {a for s in dossier.sources.values() for a in s.origin}
        | {r.of for a in dossier.actors.values() for r in a.roles}
        | {a.part_of for a in dossier.actors.values()},
        "topic": {t for f in dossier.facts.values() for t in f.topics},
        "source": {e.source for f in dossier.facts.values() for e in f.evidence},
    }
    kinds: tuple[tuple[Kind, object], ...] = (
        ("actor", dossier.actors), ("topic", dossier.topics), ("source", dossier.sources),
    )  # fmt: skip
    for kind, known in kinds:
        for key in known:  # type: ignore[attr-defined]
            if key not in named[kind]:
                yield _problem(
                    dossier, kind, key, ("id",), "unused-entry",
                    f"no fact names this {kind}", "name it in a fact, or remove it", "warning",
                )  # fmt: skip


CHECKS: tuple[Callable[[Dossier], Iterator[Problem]], ...] = (
    runs_within_limits,
    shares_within_limits,
    confirmed_by_two,
    relations_make_sense,
    plans_are_due_later,
    evidence_once,
    markdown_links_lead_somewhere,
    start_facts_exist,
    nothing_unused,
)
