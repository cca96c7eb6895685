"""Linking: every reference resolved or told of at its place, every relation known from both its ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator.content import ActorRef, Dating, Evidence, Fact
from generator.dossier import Dossier
from generator.link import both_ends, link, named, references
from generator.located import LocatedFact
from generator.lock import Lock
from generator.read import read_content, read_site
from planned import RICH, Planned, fact, marked

Make = Callable[..., SmallSite]
EVIDENCE = "evidence: [{source: ferry-vote, quote: keep the night ferry}]"
ONE_FACT = """\
id: kept
statement: The ferry stays.
date: 2020-03-03
{line}
evidence:
  - source: ferry-vote
    quote: keep the night ferry
"""

#: What is written and where it is told: files, code and place, and the repair (from, to).
UNRESOLVED: dict[str, tuple[dict[str, str | None], str, tuple[str, str]]] = {
    "an actor": (
        {"content/facts/a.yaml": ONE_FACT.format(line="actors: [marlow-council, »nobody]")},
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "an actor with a role": (
        {"content/facts/a.yaml": ONE_FACT.format(line="actors:\n  - {role: voter, id: »nobody}")},
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "a speaker": (
        {"content/facts/a.yaml": ONE_FACT.format(line="kind: utterance\nspeaker: »nobody")},
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "through whom": (
        {"content/facts/a.yaml": ONE_FACT.format(line="kind: event") + "    via: [ada, »nobody]\n"},
        "unknown-actor",
        ("nobody", "marlow-council"),
    ),
    "part of": (
        {"content/actors/b.yaml": "id: brook\nname: Brook\nkind: person\npart_of: »nobody\n"},
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "an office": (
        {"content/actors/b.yaml": "id: b\nname: B\nkind: person\nroles: [{title: T, of: »nobody}]\n"},
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "an origin": (
        {
            "content/sources/b.yaml": (
                "id: b\ntitle: B\npublisher: P\npublished: 2020\ntext: ferry.txt\norigin: [»nobody]\n"
            )
        },
        "unknown-actor",
        ("nobody", "ada"),
    ),
    "a topic": (
        {"content/facts/a.yaml": ONE_FACT.format(line="topics: [ferries, »nothing]")},
        "unknown-topic",
        (", nothing", ""),
    ),
    "a source": (
        {"content/facts/a.yaml": ONE_FACT.format(line="kind: event").replace("ferry-vote", "»ferry-note")},
        "unknown-source",
        ("ferry-note", "ferry-vote"),
    ),
    "the source of a date": (
        {"content/facts/a.yaml": ONE_FACT.format(line="dating: {phrase: on Tuesday, source: »nowhere}")},
        "unknown-source",
        ("nowhere", "ferry-vote"),
    ),
    "a related fact": (
        {"content/facts/a.yaml": ONE_FACT.format(line="relations: {part-of: [other, »nothing]}")},
        "unknown-fact",
        (", nothing", ""),
    ),
    "a fact that answers": (
        {
            "content/questions/q.yaml": (
                "{id: q, question: Q?,\n"
                " positions: [{label: A, facts: [other]}, {label: B, facts: [»nothing]}]}\n"
            )
        },
        "unknown-fact",
        ("nothing", "other"),
    ),
}
AROUND = {
    "content/actors/ada.yaml": "{id: ada, name: Ada Brook, kind: person}\n",
    "content/topics/ferries.yaml": "{id: ferries, name: Ferries}\n",
    "content/facts/other.yaml": fact("other", more="topics: [ferries], actors: [ada, marlow-council]"),
}


def told_but_unused(planned: Planned) -> list[tuple[str, str]]:
    return [each for each in planned.told if each[0] != "unused-entry"]


@pytest.mark.parametrize(("files", "code", "repair"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_a_reference_to_nothing_is_told_at_its_place(
    site: Make, files: dict[str, str | None], code: str, repair: tuple[str, str]
) -> None:
    files, (place,) = marked(files)
    planned = Planned(site({**AROUND, **files}))
    assert told_but_unused(planned) == [(code, place)]
    assert not planned.ok
    problem = next(p for p in planned.problems if p.code == code)
    assert problem.excerpt.strip()
    assert problem.help
    repaired = {path: (text or "").replace(*repair) for path, text in files.items()}
    assert repaired != files
    assert told_but_unused(Planned(site({**AROUND, **repaired}, folder="repaired"))) == []


def test_the_nearest_id_is_offered_and_never_taken(site: Make) -> None:
    planned = Planned(site({"content/facts/a.yaml": fact("a", more="actors: [marlow-counsel]")}))
    (problem,) = planned.problems
    assert problem.nearest == "marlow-council"
    assert problem.subject == "fact a"
    assert planned.dossier.facts == {}


DUPLICATES = {
    "fact": {"content/facts/f.yaml": fact("other") + "- {id: »other," + fact("x").partition(",")[2]},
    "actor": {"content/actors/z.yaml": "- {id: »ada, name: A, kind: person}\n"},
    "topic": {"content/topics/z.yaml": "name: Z\nid: »ferries\n"},
    "source": {
        "content/sources/z.yaml": (
            "{title: Z, publisher: Z, published: 2020, text: ferry.txt, id: »ferry-vote}\n"
        )
    },
    "question": {
        "content/questions/a.yaml": "{id: q, question: Q?, positions: [{label: A, facts: [other]}]}\n",
        "content/questions/z.yaml": "{id: »q, question: Q?, positions: [{label: A, facts: [other]}]}\n",
    },
}


@pytest.mark.parametrize(("kind", "files"), DUPLICATES.items(), ids=DUPLICATES)
def test_a_second_entry_with_the_same_id(site: Make, kind: str, files: dict[str, str | None]) -> None:
    clean, (place,) = marked(files)
    around = {**AROUND, "content/facts/other.yaml": None} if kind == "fact" else AROUND
    planned = Planned(site({**around, **clean}))
    assert told_but_unused(planned) == [("duplicate-id", place)]
    problem = next(p for p in planned.problems if p.code == "duplicate-id")
    assert problem.subject.startswith(f"{kind} ")
    assert "the first is in content/" in problem.message
    repaired = {path: (text or "").replace("»", "another-") for path, text in files.items()}
    assert told_but_unused(Planned(site({**around, **repaired}, folder="repaired"))) == []


def test_the_same_id_may_stand_in_two_kinds(site: Make) -> None:
    files = {
        "content/topics/t.yaml": "{id: marlow-council, name: The council}\n",
        "content/facts/f.yaml": fact(
            "marlow-council", more="actors: [marlow-council], topics: [marlow-council]"
        ),
    }
    planned = Planned(site(files))
    assert planned.told == []
    assert {"facts/marlow-council.html", "actors/marlow-council.html", "topics/marlow-council.html"} <= set(
        planned.pages
    )


# --- what could not be read ---------------------------------------------------------------------------

REFERS = {
    "content/topics/t.yaml": '{id: t, name: T, summary: "See [[gone]]."}\n',
    "content/questions/q.yaml": "{id: q, question: Q?, positions: [{label: A, facts: [gone]}]}\n",
    "content/pages/about.md": "---\ntitle: About\n---\nSee [[gone]] and [[q]].\n",
    "content/facts/here.yaml": fact("here", more="relations: {background: [gone]}, topics: [t]"),
    "site.yaml": "{format: 1, title: T, start: [gone, here]}\n",
}
GONE = {
    "a file that is not YAML": ("yaml-tab", "- id: gone\n»\tdate: 2020\n"),
    "an entry with a mistake": ("bad-date", "id: gone\nstatement: S.\ndate: »2020-02-30\n" + EVIDENCE),
    "an entry that refers to nothing": ("unknown-actor", fact("gone", more="actors: [»nobody]")),
}


@pytest.mark.parametrize(("code", "text"), GONE.values(), ids=GONE)
def test_what_could_not_be_read_causes_no_further_problem(site: Make, code: str, text: str) -> None:
    files, (place,) = marked({"content/facts/gone.yaml": text})
    assert Planned(site({**REFERS, **files})).told == [(code, place)]


def test_every_mistake_of_one_fact_is_told_at_once(site: Make) -> None:
    line = "actors: [nobody, marlow-council]\ntopics: [nothing]\nrelations: {part-of: [no-fact]}"
    planned = Planned(site({"content/facts/a.yaml": ONE_FACT.format(line=line).replace("vote", "note")}))
    assert planned.told == [
        ("unknown-actor", "content/facts/a.yaml:4:10"),
        ("unknown-topic", "content/facts/a.yaml:5:10"),
        ("unknown-fact", "content/facts/a.yaml:6:23"),
        ("unknown-source", "content/facts/a.yaml:8:13"),
    ]


def test_of_what_names_nothing_the_quotes_are_told_once_that_is_mended(site: Make) -> None:
    text = ONE_FACT.format(line="actors: [nobody]").replace("keep the", "sink the")
    held = site({"content/facts/a.yaml": text, "content/facts/b.yaml": fact("b")})
    assert [code for code, _ in Planned(held).told] == ["unknown-actor"]
    held.write("content/facts/a.yaml", text.replace("nobody", "marlow-council"))
    assert [code for code, _ in Planned(held).told] == ["quote-not-found"]


def test_a_dossier_can_be_worked_with_while_its_quotes_are_located(site: Make) -> None:
    root = site({"content/facts/b.yaml": fact("b"), "content/facts/a.yaml": fact("a")}).root
    settings, _ = read_site(root)
    assert settings is not None
    seen: list[tuple[Dossier, list[str], dict[str, LocatedFact], int]] = []
    linked = link(
        settings,
        read_content(root, settings),
        Lock(),
        meanwhile=lambda dossier, groups: seen.append(
            (dossier, list(dossier.facts), {**dossier.located}, len(groups))
        ),
    )
    [(dossier, facts, located, groups)] = seen
    assert dossier is linked.dossier
    assert facts == list(linked.dossier.facts) == list(linked.dossier.located)
    assert (located, groups) == ({}, len(linked.groups))


# --- drafts -------------------------------------------------------------------------------------------

NEEDED: dict[str, dict[str, str | None]] = {
    "an actor": {
        "content/actors/d.yaml": "{id: draft, name: D, kind: person, draft: true}\n",
        "content/facts/f.yaml": fact("f", more="actors: [»draft]"),
    },
    "a topic": {
        "content/topics/d.yaml": "{id: draft, name: D, draft: true}\n",
        "content/facts/f.yaml": fact("f", more="topics: [»draft]"),
    },
    "a source": {
        "content/sources/d.yaml": (
            "{id: draft, title: D, publisher: P, published: 2020, text: ferry.txt, draft: true}\n"
        ),
        "content/facts/f.yaml": fact("f").replace("ferry-vote", "»draft"),
    },
    "the answer to a question": {
        "content/facts/f.yaml": fact("draft", more="draft: true") + fact("f"),
        "content/questions/q.yaml": "{id: q, question: Q?, positions: [{label: A, facts: [f, »draft]}]}\n",
    },
    "a link in a note": {
        "content/facts/f.yaml": fact("draft", more="draft: true") + fact("f", more="note: »'[[draft]]'"),
    },
    "what the home page offers": {
        "content/facts/f.yaml": fact("draft", more="draft: true") + fact("f"),
        "site.yaml": "{format: 1, title: T, start: [»draft]}\n",
    },
}


@pytest.mark.parametrize("files", NEEDED.values(), ids=NEEDED)
def test_what_is_published_may_not_need_a_draft(site: Make, files: dict[str, str | None]) -> None:
    files, (place,) = marked(files)
    small = site(files)
    assert told_but_unused(Planned(small)) == [("draft-referenced", place)]
    assert Planned(small, preview=True).ok
    published = {path: (text or "").replace("draft: true", "draft: false") for path, text in files.items()}
    assert Planned(site(published, folder="published")).ok


def test_a_relation_to_a_draft_is_not_shown(site: Make) -> None:
    files = {
        "content/facts/f.yaml": fact("seen", more="relations: {background: [hidden], part-of: [other]}")
        + fact("hidden", more="draft: true, relations: {responds-to: [seen]}")
        + fact("other")
    }
    small = site(files)
    planned = Planned(small)
    assert planned.ok
    assert [r.card.id for r in planned.view("facts/seen.html").relations] == ["other"]
    preview = Planned(small, preview=True).view("facts/seen.html")
    assert [(r.label, r.card.id, r.card.draft) for r in preview.relations] == [
        ("Answered by", "hidden", True),
        ("Part of", "other", False),
        ("Background", "hidden", True),
    ]


def test_a_draft_is_checked_in_the_preview_only(site: Make) -> None:
    draft = fact("b", more="draft: true, actors: [marlow-council], topics: [»nothing]")
    files, (place,) = marked({"content/facts/f.yaml": fact("a", more="actors: [marlow-council]") + draft})
    small = site(files)
    assert Planned(small).told == []
    assert Planned(small, preview=True).told == [("unknown-topic", place)]


# --- both ends ----------------------------------------------------------------------------------------


def linked(**relations: dict[str, tuple[str, ...]]) -> dict[str, Fact]:
    evidence = (Evidence(source="s", quote="q"),)
    return {
        key: Fact(id=key, statement="S.", date="2020", evidence=evidence, relations=own)  # type: ignore[arg-type]
        for key, own in relations.items()
    }


LABELS = {
    "contradicts": ("Contradicts", "Contradicted by"),
    "corroborates": ("Corroborates", "Corroborated by"),
    "supersedes": ("Supersedes", "Superseded by"),
    "fulfils": ("Fulfils", "Fulfilled by"),
    "fails": ("Shows the failure of", "Not fulfilled, see"),
    "postpones": ("Postpones", "Postponed by"),
    "responds-to": ("Responds to", "Answered by"),
    "part-of": ("Part of", "Includes"),
    "leads-to": ("Leads to", "Follows from"),
    "background": ("Background", "Background to"),
}


def ends(facts: dict[str, Fact]) -> dict[str, list[tuple[str, str]]]:
    return {key: [(r.label, r.target) for r in relations] for key, relations in both_ends(facts).items()}


@pytest.mark.parametrize(("type_", "labels"), LABELS.items(), ids=LABELS)
def test_a_relation_reads_from_either_end(type_: str, labels: tuple[str, str]) -> None:
    assert ends(linked(one={type_: ("other",)}, other={})) == {
        "one": [(labels[0], "other")],
        "other": [(labels[1], "one")],
    }


def test_relations_stand_in_the_order_of_the_table_then_of_the_facts() -> None:
    facts = linked(
        late={},
        early={"background": ("late",), "part-of": ("zebra", "late"), "contradicts": ("zebra",)},
        zebra={"part-of": ("early",)},
    )
    assert ends(facts)["early"] == [
        ("Contradicts", "zebra"),
        ("Part of", "late"),
        ("Part of", "zebra"),
        ("Includes", "zebra"),
        ("Background", "late"),
    ]


def test_a_relation_to_itself_or_to_what_is_not_there_has_no_ends() -> None:
    assert both_ends(linked(one={"part-of": ("one", "gone")})) == {}


def test_a_question_is_no_relation(site: Make) -> None:
    planned = Planned(site(RICH))
    assert planned.told == []
    view = planned.view("facts/bill-of-less.html")
    assert [(r.label, r.card.id, r.against) for r in view.relations] == [
        ("Contradicted by", "bill-of-two-million", True),
        ("Follows from", "boat-back", False),
    ]
    assert [q.question for q in view.questions] == ["What does the repair cost?"]


def test_references_name_each_id_once_with_its_way() -> None:
    one = Fact(
        id="f",
        statement="S.",
        date="2020",
        actors=("a",),
        speaker="b",
        topics=("t",),
        evidence=(Evidence(source="s", quote="q", via=("v",)),),
        relations={"part-of": ("g",)},
    )
    found = [(r.kind, r.target, r.path, r.needed) for r in references(one)]
    assert found == [
        ("actor", "a", ("actors", 0), True),
        ("actor", "b", ("speaker",), True),
        ("topic", "t", ("topics", 0), True),
        ("source", "s", ("evidence", 0, "source"), True),
        ("actor", "v", ("evidence", 0, "via", 0), True),
        ("fact", "g", ("relations", "part-of", 0), False),
    ]


def made(key: str, **more: Any) -> Fact:
    return Fact(**{"id": key, "statement": "S.", "date": "2019", "evidence": QUOTED, **more})


QUOTED = (Evidence(source="paper", quote="q", via=("wire",)), Evidence(source="log", quote="q"))
#: Each way in which a fact can name an entry.
NAMING = [
    made("a", actors=("ada", ActorRef(id="bo", role="voter"))),
    made("b", speaker="cy", topics=("ferry",)),
    made("c", evidence=(Evidence(source="diary", quote="q"),)),
    made("d", dating=Dating(source="almanac", phrase="in May"), relations={"leads-to": ("a", "b")}),
    made("e", dating=Dating(basis="counted"), relations={"fulfils": ("c",), "contradicts": ("z",)}),
]


@given(st.lists(st.sampled_from(NAMING), max_size=4))
def test_what_facts_name_is_told_at_once_as_one_by_one(facts: list[Fact]) -> None:
    one_by_one = {(r.kind, r.target) for fact in facts for r in references(fact)}
    assert {(kind, key) for kind, keys in named(facts).items() for key in keys} == one_by_one
