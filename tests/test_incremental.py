"""Whatever was edited: an incremental build gives what a clean build gives, byte for byte.

Each seed makes one sequence of edits on a small site that has entries of every kind. After every edit the
site is built twice: into its own output, with all that earlier builds left, and anew into an empty folder.
Both give the same files, or both tell the same problems and the output stays as it was.

    FACTSHEET_LONG=500 pytest tests/test_incremental.py       runs more sequences
"""

from __future__ import annotations

import copy
import functools
import json
import os
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment

import generator
from conftest import ROOT, digests
from generator import (
    aside,
    build,
    edit,
    environment,
    evidence,
    making,
    manifest,
    memory,
    problems,
    read,
    scan,
    state,
    theme,
)
from generator.plan import path_of
from generator.result import Result

SEQUENCES = int(os.environ.get("FACTSHEET_LONG") or 22)
STEPS = 6

VOTE = """\
Harbour town votes to keep its ferry

The council of Marlow voted on Tuesday to keep the night ferry running. Mayor Ada Brook said the town
could not do without it. "We will not leave the island in the dark," she said.

A first boat is to be repaired by spring 2021. The yard has not named a price.
"""
YARD = """\
Island yard doubts the plan

The Island Yard told reporters that the old hull may not be worth mending. A new boat would cost more
than the council has set aside, the yard said in July.

Nobody has yet signed a contract. The council meets again in the autumn.
"""
#: Words that stand in each text, once.
QUOTES = {
    "ferry-vote": (
        "voted on Tuesday to keep the night ferry running",
        "could not do without it",
        "We will not leave the island in the dark",
        "first boat is to be repaired by spring 2021",
        "The yard has not named a price",
    ),
    "yard-doubts": (
        "the old hull may not be worth mending",
        "A new boat would cost more than the council has set aside",
        "Nobody has yet signed a contract",
        "The council meets again in the autumn",
    ),
}
#: Words with others left out between them.
OMITTING = {
    "ferry-vote": "We will not leave […] in the dark",
    "yard-doubts": "The council meets […] in the autumn",
}
DATES = (
    "2020", "2020-03", "2020-03-03", "2020-03-04", "2021-07", "2019-12-31", "2020-03~", "2021?", "201X",
    "XXXX", "2019-06/2020-02", "2020-21", "[2020-03-03, 2020-03-05]", "2020-03-03T12:30:00", "2021-07-01/..",
)  # fmt: skip
STATUSES = ("confirmed", "reported", "claimed", "denied", "disputed", "withdrawn")
RELATIONS = ("contradicts", "corroborates", "supersedes", "responds-to", "part-of", "leads-to", "background")
WORDS = ("harbour", "winter", "price", "engine", "vote", "ferry <b>&", "“quoted”", "élan", "مرفأ")
TEMPLATES = ("fact.html", "partials/card.html", "partials/foot.html", "home.html", "year.html", "404.html")

Entry = dict[str, Any]


def base() -> dict[str, Any]:
    """The site that every sequence begins with: lists become YAML, mappings settings, texts stay texts."""

    def fact(id: str, date: str, source: str, quote: int, **more: Any) -> Entry:
        words = QUOTES[source][quote]
        statement = f"What {id} tells."
        return {
            "id": id,
            "statement": statement,
            "date": date,
            **more,
            "evidence": [{"source": source, "quote": words}],
        }

    return {
        "site.yaml": {"format": 1, "title": "The ferry of Marlow", "limits": {"words": 90, "share": 1}},
        "content/actors/all.yaml": [
            {"id": "marlow-council", "name": "Council of Marlow", "kind": "government"},
            {"id": "ada-brook", "name": "Ada Brook", "kind": "person", "part_of": "marlow-council"},
            {"id": "island-yard", "name": "Island Yard", "kind": "company", "aliases": ["The Yard"]},
        ],
        "content/sources/all.yaml": [
            {"id": "ferry-vote", "title": "Harbour town votes", "publisher": "Marlow Post",
             "published": "2020-03-04", "text": "ferry-vote.txt"},
            {"id": "yard-doubts", "title": "Island yard doubts the plan", "publisher": "Island Times",
             "published": "2021-07", "text": "yard-doubts.txt"},
        ],
        "content/sources/ferry-vote.txt": VOTE,
        "content/sources/yard-doubts.txt": YARD,
        "content/topics/all.yaml": [{"id": "ferry", "name": "The ferry"}, {"id": "money", "name": "Money"}],
        "content/questions/all.yaml": [
            {"id": "will-it-run", "question": "Will the ferry run?",
             "positions": [{"label": "yes", "facts": ["kept"]}, {"label": "no", "facts": ["doubted"]}]},
        ],
        "content/facts/vote.yaml": [
            fact("kept", "2020-03-03", "ferry-vote", 0, actors=["marlow-council"], topics=["ferry"]),
            fact("said", "2020-03-03", "ferry-vote", 2, kind="utterance", speaker="ada-brook"),
            fact("planned", "2020-03", "ferry-vote", 3, kind="plan", due="2021-21", topics=["ferry"]),
        ],
        "content/facts/yard.yaml": [
            fact("doubted", "2021-07", "yard-doubts", 0, actors=[{"id": "island-yard", "role": "critic"}],
                 relations={"contradicts": ["kept"]}, topics=["money"]),
            fact("unsigned", "2021", "yard-doubts", 2, kind="state", actors=["island-yard", "ada-brook"]),
        ],
        "content/pages/about.md": "---\ntitle: About\norder: 1\n---\n\nSee [[kept]] and [[ada-brook]].\n",
        "content/static/map.txt": "a map\n",
    }  # fmt: skip


class World:
    """A site under edit: what its files hold, and what its builds left."""

    def __init__(self, root: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.output = root / "output"
        self.clean = root.parent / "clean"
        self.random = random.Random(seed)
        self.patch = patch
        self.files = base()
        self.fresh = 0
        self.strangers: set[str] = set()
        #: What a process keeps that stays through all edits, though others build as well.
        self.resident = edit.Resident()
        self.saved: list[str] = []
        self.write({})

    def write(self, before: dict[str, Any]) -> None:
        """Bring the folder to what `files` says, touching only what is other than `before`."""
        self.saved = []
        for path in before.keys() - self.files.keys():
            (self.root / path).unlink()
            self.saved.append(str(self.root / path))
        for path, value in self.files.items():
            if before.get(path) != value:
                file = self.root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
                file.write_text(text, encoding="utf-8")
                self.saved.append(str(file))

    def lists(self, folder: str) -> list[list[Entry]]:
        return [
            v
            for p, v in sorted(self.files.items())
            if p.startswith(f"content/{folder}/") and isinstance(v, list)
        ]

    def entries(self, folder: str) -> list[Entry]:
        return [each for one in self.lists(folder) for each in one]

    def one(self, folder: str) -> Entry:
        """An entry of a kind; one is made where there is none, so that every edit finds something."""
        found = self.entries(folder)
        return self.random.choice(found) if found else self.add(folder)

    def id(self, folder: str) -> str:
        return str(self.one(folder)["id"])

    def word(self) -> str:
        self.fresh += 1
        return f"{self.random.choice(WORDS)} {self.fresh}"

    def cite(self) -> Entry:
        source = self.random.choice(
            [s for s in self.entries("sources") if s["id"] in QUOTES] or [{"id": "ferry-vote"}]
        )
        quotes = (*QUOTES[source["id"]], OMITTING[source["id"]])
        return {"source": source["id"], "quote": self.random.choice(quotes)}

    def add(self, folder: str) -> Entry:
        self.fresh += 1
        new: Entry = {"id": f"{folder[:-1]}-{self.fresh}"}
        more: dict[str, Callable[[], Entry]] = {
            "facts": lambda: {
                "statement": f"It is said of {self.word()}.",
                "date": self.random.choice(DATES),
                "evidence": [self.cite()],
            },
            "actors": lambda: {"name": self.word(), "kind": "group"},
            "topics": lambda: {"name": self.word()},
            "sources": lambda: {
                "title": self.word(), "publisher": "Post", "published": "2020-05", "text": f"{new['id']}.txt",
            },
            "questions": lambda: {
                "question": f"{self.word()}?",
                "positions": [{"label": x, "facts": [self.id("facts")]} for x in ("yes", "no")],
            },
        }  # fmt: skip
        new |= more[folder]()
        if folder == "sources":
            self.files[f"content/sources/{new['text']}"] = f"A text of {self.fresh}.\n"
        self.files.setdefault(f"content/{folder}/all.yaml", []).append(new)
        return new


# --- edits: each changes the world in one way and says what it did -------------------------------------

Edit = Callable[[World], str]
EDITS: list[Edit] = []


def counted(times: int = 1) -> Callable[[Edit], Edit]:
    """Count a function among the edits, so many times as it should be likely."""

    def count(function: Edit) -> Edit:
        EDITS.extend([function] * times)
        return function

    return count


def put(entry: Entry, key: str, value: Any) -> str:
    if value in ("", None, [], {}):
        entry.pop(key, None)
    else:
        entry[key] = value
    return f"{entry.get('id', 'site')}.{key} = {value!r}"


@counted(8)
def a_key_of_a_fact(w: World) -> str:
    fact, pick = w.one("facts"), w.random.choice
    other = w.id("facts")
    values: dict[str, Callable[[], Any]] = {
        "statement": lambda: f"It is said of {w.word()}.",
        "date": lambda: pick(DATES),
        "status": lambda: pick(STATUSES),
        "actors": lambda: pick([[], [w.id("actors")], [{"id": w.id("actors"), "role": w.word()}]]),
        "topics": lambda: pick([[], [w.id("topics")], sorted({w.id("topics"), w.id("topics")})]),
        "evidence": lambda: pick(
            [
                [w.cite()],
                [{**w.cite(), "stance": "disputes"}],
                [w.cite(), w.cite()],
                [{**w.cite(), "via": [w.id("actors")]}],
            ]
        ),
        "relations": lambda: pick([{}, {pick(RELATIONS): [other]}]),
        "gaps": lambda: pick(["", w.word()]),
        "note": lambda: pick(["", w.word(), f"See [[{other}]] and *{w.word()}*."]),
        "draft": lambda: pick(["", "true"]),
        "added": lambda: pick(["", "2021-08-01", "2021-08-02"]),
        "changes": lambda: pick([[], [{"date": "2021-08-03", "kind": "withdrawal", "reason": w.word()}]]),
        "dating": lambda: pick([{}, {"basis": w.word()}, {"phrase": "in July", "source": "yard-doubts"}]),
        "formerly": lambda: pick([[], [f"old-{w.random.randrange(4)}"]]),
        "speaker": lambda: pick(["", w.id("actors")]),
    }
    key = pick(list(values))
    return put(fact, key, values[key]())


@counted(2)
def the_kind_of_a_fact(w: World) -> str:
    fact = w.one("facts")
    kind = w.random.choice(["event", "utterance", "plan", "assessment", "state"])
    put(fact, "due", w.random.choice(["2022", "2022-05"]) if kind == "plan" else "")
    put(fact, "speaker", w.id("actors") if kind == "utterance" else fact.get("speaker", ""))
    return put(fact, "kind", kind)


@counted()
def an_outcome_of_a_plan(w: World) -> str:
    plans = [f for f in w.entries("facts") if f.get("kind") == "plan"]
    if not plans:
        return the_kind_of_a_fact(w)
    plan = w.random.choice(plans)["id"]
    return put(w.one("facts"), "relations", {w.random.choice(["fulfils", "fails", "postpones"]): [plan]})


@counted(3)
def a_key_of_an_actor(w: World) -> str:
    actor, pick = w.one("actors"), w.random.choice
    key, value = pick([
        ("name", w.word()), ("aliases", [w.word()]), ("aliases", []), ("kind", pick(["group", "person"])),
        ("part_of", pick(["", w.id("actors")])), ("summary", pick(["", w.word()])), ("roles", []),
        ("roles", [{"title": w.word(), "of": w.id("actors"), "from": "2019", "to": "2020-06"}]),
        ("same_as", [f"https://marlow.example/{w.fresh}"]), ("draft", pick(["", "true"])),
        ("formerly", [f"old-actor-{w.random.randrange(3)}"]),
    ])  # fmt: skip
    return put(actor, key, value)


@counted(3)
def a_key_of_a_source(w: World) -> str:
    source, pick = w.one("sources"), w.random.choice
    key, value = pick([
        ("title", w.word()), ("publisher", w.word()), ("published", pick(["2020-03-04", "2021", "2019-12~"])),
        ("authors", [w.word()]), ("authors", []), ("url", f"https://post.example/{w.fresh}"),
        ("rights", pick(["excerpts", "full", "none"])), ("origin", pick([[], [w.id("actors")]])),
        ("supplied", pick([[], ["title"], ["published"]])), ("reliability", pick(["", "A", "F"])),
        ("note", pick(["", w.word()])), ("language", pick(["", "ar"])), ("locator", pick(["", "page 3"])),
        ("furniture", pick([[], [{"start": 0, "end": 5, "why": w.word()}]])), ("published_basis", w.word()),
        ("archived", {"url": "https://archive.example/1", "date": "2021-01-02"}),
    ])  # fmt: skip
    return put(source, key, value)


@counted(2)
def a_key_of_a_topic_or_a_question(w: World) -> str:
    pick = w.random.choice
    topic, question = w.one("topics"), w.one("questions")
    facts = [{"label": x, "facts": [w.id("facts")]} for x in ("yes", "no")]
    entry, key, value = pick([
        (topic, "name", w.word()), (topic, "summary", pick(["", w.word()])),
        (topic, "formerly", ["old-topic"]), (question, "ruling", pick(["yes", "open", "no"])),
        (question, "question", f"{w.word()}?"), (question, "positions", facts),
        (question, "reason", w.word()),
    ])  # fmt: skip
    return put(entry, key, value)


@counted(4)
def an_entry_more(w: World) -> str:
    return f"add {w.add(w.random.choice(['facts', 'facts', 'actors', 'topics', 'questions', 'sources']))}"


@counted(3)
def an_entry_less(w: World) -> str:
    folder = w.random.choice(["facts", "facts", "actors", "topics", "questions", "sources"])
    gone = w.one(folder)
    for one in w.lists(folder):
        if gone in one:
            one.remove(gone)
    for path in [p for p, v in w.files.items() if v == []]:
        del w.files[path]
    return f"remove {gone['id']}"


@counted(2)
def another_id(w: World) -> str:
    """Everywhere it is named, or, now and then, only where it is given."""
    folder = w.random.choice(["facts", "actors", "topics", "sources", "questions"])
    entry = w.one(folder)
    old, new = entry["id"], f"{entry['id']}-x"
    if w.random.random() < 0.2 or old in QUOTES:
        entry["id"] = new
        return f"rename {old} and nothing that names it"

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: renamed(v) for k, v in value.items()}
        if isinstance(value, list):
            return [renamed(v) for v in value]
        return new if value == old else value

    keep = w.random.random() < 0.5
    for path, value in w.files.items():
        w.files[path] = (
            renamed(value) if not isinstance(value, str) else value.replace(f"[[{old}]]", f"[[{new}]]")
        )
    if keep:
        next(e for e in w.entries(folder) if e["id"] == new)["formerly"] = [old]
    return f"rename {old}" + (" and keep its address" if keep else "")


@counted(2)
def another_order(w: World) -> str:
    one = w.random.choice(w.lists("facts") + w.lists("actors") + w.lists("sources") or [[]])
    w.random.shuffle(one)
    return f"shuffle {[e['id'] for e in one]}"


@counted()
def another_file(w: World) -> str:
    """A fact that moves to another file stays what it is."""
    first, *_ = w.lists("facts") or [[]]
    if not first:
        return an_entry_more(w)
    fact = first.pop()
    w.files.setdefault("content/facts/moved/here.yaml", []).append(fact)
    for path in [p for p, v in w.files.items() if v == []]:
        del w.files[path]
    return f"move {fact['id']}"


def a_fact_more(w: World) -> str:
    """Rich in what facts can say; what it says of others is right."""
    fact, pick = w.add("facts"), w.random.choice
    fact |= {"actors": sorted({w.id("actors") for _ in range(w.random.randrange(3))})}
    fact |= {"topics": [w.id("topics")], "status": pick(["reported", "claimed", "disputed", "denied"])}
    fact["date"] = pick([date for date in DATES if " " not in date])
    fact |= pick([{}, {}, {"added": pick(["2021-08-01", "2021-08-04"])}])
    fact["evidence"][0] |= pick([{}, {}, {"via": [w.id("actors")]}])
    fact |= pick([{}, {}, {"note": f"See [[{w.id('facts')}]]."}])
    said = {"kind": "utterance", "speaker": w.id("actors")}
    fact |= pick([{}, {}, {"kind": "plan", "due": pick(["2022", "2022-05-01", "2023?"])}, said])
    others = [f for f in w.entries("facts") if f is not fact]
    plans = [f["id"] for f in others if f.get("kind") == "plan"]
    if plans and w.random.random() < 0.4:
        fact["relations"] = {pick(["fulfils", "fails", "postpones"]): [pick(plans)]}
    elif w.random.random() < 0.3:
        fact["relations"] = {pick(RELATIONS): [pick(others)["id"]]}
    return f"add {fact}"


def a_fact_less(w: World) -> str:
    """With all that names it, so that the rest stays right."""
    asked = {f for q in w.entries("questions") for p in q["positions"] for f in p["facts"]}
    free = [f for f in w.entries("facts") if f["id"] not in asked | {"kept"}]
    if not free:
        return a_fact_more(w)
    gone = w.random.choice(free)
    for one in w.lists("facts"):
        one[:] = [f for f in one if f is not gone]
    for fact in w.entries("facts"):
        relations = {t: [i for i in ids if i != gone["id"]] for t, ids in fact.get("relations", {}).items()}
        put(fact, "relations", {t: ids for t, ids in relations.items() if ids})
        put(fact, "note", fact.get("note", "").replace(f"[[{gone['id']}]]", "it"))
    for path in [p for p, v in w.files.items() if v == []]:
        del w.files[path]
    return f"remove {gone['id']}"


def facts_in_another_order(w: World) -> str:
    """Within their file."""
    one = w.random.choice(w.lists("facts"))
    w.random.shuffle(one)
    return f"shuffle {[e['id'] for e in one]}"


@counted(2)
def a_page_of_prose(w: World) -> str:
    path = f"content/pages/{w.random.choice(['about', 'method', 'thanks'])}.md"
    if path in w.files and w.random.random() < 0.4:
        del w.files[path]
        return f"remove {path}"
    draft = w.random.choice(["", "draft: true\n"])
    order = w.random.randrange(3)
    body = f"See [[{w.id('facts')}]]. {w.word()}"
    w.files[path] = (
        f"---\ntitle: {w.random.choice(['About', 'Method'])}\norder: {order}\n{draft}---\n\n{body}\n"
    )
    return f"write {path}"


@counted(2)
def a_static_file(w: World) -> str:
    names = ["map.txt", "deep/er/map.txt", "pictures/a.svg", "index.html", "facts", "about.html/x"]
    path = f"content/static/{w.random.choices(names, [6, 6, 6, 1, 1, 1])[0]}"
    if path in w.files and w.random.random() < 0.5:
        del w.files[path]
        return f"remove {path}"
    w.files[path] = w.word()
    return f"write {path}"


@counted(4)
def a_setting(w: World) -> str:
    pick = w.random.choice
    key, value = pick([
        ("lists", pick([0, 1, 2, 3, 500])), ("dossier", pick([0, 5, 7, 500])),
        ("title", w.word()), ("summary", w.word()), ("embed", pick(["true", [w.id("facts")], []])),
        ("start", pick([[], [w.id("facts")]])), ("url", pick(["", "https://dossier.example/here/"])),
        ("language", pick(["en", "tr", "ar"])), ("license", pick(["", "CC-BY-4.0"])), ("rights", w.word()),
        ("editors", [w.word()]), ("contact", pick(["", "desk@marlow.example"])),
        ("search", pick(["true", "false"])), ("context", pick([0, 3])),
        ("exports", pick([[], ["csv"], ["csv", "annotations", "ics"]])), ("lists", 2),
        ("known_on", pick([[], ["2020-03-04"], ["2019-01-01", "2021-07-01"]])),
        ("limits", {"words": pick([4, 90]), "share": 1}),
    ])  # fmt: skip
    return put(w.files["site.yaml"], key, value)


@counted(3)
def a_template(w: World) -> str:
    name = w.random.choice([*TEMPLATES, "assets/site.css", "assets/own.txt"])
    path = f"templates/{name}"
    if path in w.files:
        del w.files[path]
        return f"remove {path}"
    w.files[path] = w.random.choice([
        f"{{% extends 'default/{name}' %}}", f"{{% include 'default/{name}' %}}\n<!-- {w.fresh} -->",
        f"{theme.default_templates().joinpath('404.html').read_text()}<!-- {w.fresh} -->",
        "{{ view.no_such_field }}", "{% if %}",
    ]) if name.endswith(".html") else f"/* {w.word()} */"  # fmt: skip
    return f"write {path}: {w.files[path][-60:]!r}"


@counted(3)
def a_saved_text(w: World) -> str:
    """Other words around the quotes, with the lock or without; or none, so that the lock speaks."""
    path, lock = (
        w.random.choice(["content/sources/ferry-vote.txt", "content/sources/yard-doubts.txt"]),
        build.LOCK,
    )
    how = w.random.choice(["edit, no lock", "edit", "lose a quote", "lock", "gone", "garble the lock"])
    if how == "lock":
        build.relock(w.root, accept=("ferry-vote", "yard-doubts"))
        w.files |= {lock: (w.root / lock).read_text()} if (w.root / lock).is_file() else {}
    elif how == "gone":
        w.files.pop(path, None)
    elif how == "garble the lock":
        w.files |= {lock: w.files[lock][: w.random.randrange(len(w.files[lock]))]} if lock in w.files else {}
    else:
        text = VOTE if "vote" in path else YARD
        w.files[path] = f"{w.word()}\n\n{text}" if "edit" in how else text.replace("not", "never")
        w.files.pop(lock if how == "edit, no lock" else "", None)
    return f"text {path}: {how}"


@counted(4)
def the_output(w: World) -> str:
    """What people and programs do to published files; for the manifest see the last test."""
    there = [p for p in sorted(w.output.rglob("*")) if p.is_file() and p.name != manifest.NAME]
    ours = [p for p in there if p.relative_to(w.output).as_posix() not in w.strangers]
    if not ours:
        return "no output to tamper with"
    file, listed = w.random.choice(ours), w.output / manifest.NAME
    ways: dict[str, Callable[[], object]] = {
        "tamper": lambda: file.write_text("tampered"),
        "truncate": lambda: os.truncate(file, file.stat().st_size // 2),
        "empty": lambda: os.truncate(file, 0),
        "delete": file.unlink,
        "touch": lambda: os.utime(file),
        "copy": lambda: (shutil.copy(file, w.root / "copied"), (w.root / "copied").replace(file)),
        "link": lambda: (file.replace(w.root / "linked"), file.symlink_to(w.root / "linked")),
        "delete folder": lambda: shutil.rmtree(w.output / "assets", ignore_errors=True),
        "delete all": lambda: (shutil.rmtree(w.output), w.strangers.clear()),
        "reformat the manifest": lambda: listed.write_bytes(listed.read_bytes() + b" "),
    }  # fmt: skip
    how = w.random.choice(list(ways))
    ways[how]()
    w.strangers = {p for p in w.strangers if (w.output / p).exists()}
    return f"{how} {file.name}"


@counted()
def a_stranger_in_the_output(w: World) -> str:
    if not w.output.is_dir():
        return "no output for strangers"
    path = w.random.choice(["CNAME", "facts/by-hand.txt", ".well-known/deep/security.txt"])
    (w.output / path).parent.mkdir(parents=True, exist_ok=True)
    (w.output / path).write_text(w.word())
    w.strangers.add(path)
    return f"a stranger's {path}"


@counted(3)
def what_builds_remember(w: World) -> str:
    kept = sorted(p for p in (w.root / memory.FOLDER).rglob("*") if p.is_file())
    if not kept or w.random.random() < 0.2:
        shutil.rmtree(w.root / memory.FOLDER, ignore_errors=True)
        return "nothing remembered"
    file = w.random.choice(kept)
    data = file.read_bytes()
    at = w.random.randrange(len(data) + 1)
    how, new = w.random.choice([
        ("truncate", data[:at]), ("garble", data[:at] + b"\xff\x00" + data[at:]), ("lose", None),
        ("empty", b""), ("flip", data[:at] + bytes(255 - b for b in data[at : at + 1]) + data[at + 1 :]),
    ])  # fmt: skip
    file.unlink() if new is None else file.write_bytes(new)
    return f"{how} {file.name.split('-')[0]} at {at}"


@counted()
def the_version(w: World) -> str:
    version = f"9.9.{w.random.randrange(3)}"
    for module in (generator, environment, scan):
        w.patch.setattr(module, "__version__", version)
    return f"version {version}"


@counted()
def nothing(_: World) -> str:
    return "nothing"


# --- the property --------------------------------------------------------------------------------------


@pytest.fixture
def quick_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse and compile the same source once, as it is most of the time of a small site: both are pure.

    While a site has no templates of its own, it shares the default theme with the other sites.
    """

    def of(root: Path, cache: Path | None = None, digests: Any = None) -> theme.Theme:
        own = (root / "templates").is_dir()
        return theme.Theme(root, cache, digests) if own else _shared(environment.__version__)

    monkeypatch.setattr(Environment, "parse", _once(Environment.parse))
    monkeypatch.setattr(Environment, "compile", _once(Environment.compile))
    monkeypatch.setattr(build, "Theme", of)
    monkeypatch.setattr(edit, "Theme", of)
    monkeypatch.setattr(problems, "_FEW", 1)  # so that some warnings are counted and not shown


@functools.cache
def _shared(_version: str) -> theme.Theme:
    shared = theme.Theme(ROOT)
    shared.shown = functools.cache(shared.shown)
    shared.problems = functools.cache(shared.problems)
    return shared


@functools.cache
def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    made: dict[Any, Any] = {}

    def once(environment: Environment, *given: Any, **named: Any) -> Any:
        key = (*given, *named.values())
        if key not in made:
            made[key] = function(environment, *given, **named)
        return made[key]

    return once


def incremental(w: World, **options: Any) -> Result:
    """A build as the command line makes it: only when the scan finds work."""
    given = scan.options(url="", texts=None, preview=options.get("preview", False), strict=False)
    done = scan.unchanged(scan.moves(w.root, w.output, given))
    return done or build.build(w.root, output=w.output, **options)


def resident(w: World, **options: Any) -> Result:
    """A build as a process makes it that stays, told of what was saved, or of all of it but one file."""
    saved = w.saved[w.random.randrange(2) :]
    while True:
        made = build.build(w.root, output=w.output, resident=w.resident, saved=saved, **options)
        if w.resident.is_sure:
            return made
        saved = []


def ours(w: World) -> dict[str, str]:
    return {path: digest for path, digest in digests(w.output).items() if path not in w.strangers}


def step(w: World, did: Callable[[str], None], edits: Sequence[Edit] = EDITS) -> None:
    """Make one edit, build both ways, compare; tell what was done before each thing that may fail."""
    before = copy.deepcopy(w.files)
    did(w.random.choice(edits)(w))
    w.write(before)
    jobs = w.random.choice([1, 1, 1, 1, 1, 2])
    preview = edits is EDITS and w.random.random() < 0.1
    way = w.random.choice([incremental, resident])
    did(f"{way.__name__} build with jobs={jobs}, preview={preview}")
    stood = digests(w.output)
    made = way(w, jobs=jobs, preview=preview)
    shutil.rmtree(w.clean, ignore_errors=True)
    anew = build.build(w.root, output=w.clean, full=True, preview=preview)
    told = [problems.render_text(each.problems, each.checked, more=each.more) for each in (made, anew)]
    assert told[0] == told[1]
    assert made.ok == anew.ok
    if made.ok:
        counts = [(r.files, r.pages, r.against_texts, r.against_lock) for r in (made, anew)]
        assert counts[0] == counts[1]
        assert ours(w) == digests(w.clean)
        assert digests(w.output).keys() - ours(w).keys() == w.strangers
        verdict = manifest.verify(w.output)
        assert verdict is not None
        assert verdict.complete
        assert incremental(w, preview=preview).rendered == 0
        given = scan.options(url="", texts=None, preview=preview, strict=False)
        assert scan.unchanged(scan.moves(w.root, w.output, given)), "there is nothing left to do"
    else:
        assert digests(w.output) == stood, "with a problem the output stays as it was"
        assert not w.clean.exists()
        if w.random.random() < 0.7:
            did("undo that")
            wrong, w.files = w.files, before
            w.write(wrong)
    hidden = [p.name for p in w.root.iterdir() if p.name.endswith(".factsheet") and p.name != memory.FOLDER]
    assert hidden == [], "nothing is left beside the output"


@pytest.mark.usefixtures("quick_templates")
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_an_incremental_build_equals_a_clean_build(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    root.mkdir()
    for module in (read, evidence, making):
        monkeypatch.setattr(module, "_FEW", 3)  # so that two processes have something to share
    world = World(root, seed, monkeypatch)
    steps: list[str] = []
    assert incremental(world).ok
    try:
        for _ in range(STEPS):
            step(world, steps.append)
    except BaseException:
        print(f"seed {seed}, after these steps:", *steps, sep="\n  ")
        raise


#: Edits after which, but for mistakes and for what else they concern, only the facts are another.
FACT_EDITS: Sequence[Edit] = (
    *[a_key_of_a_fact] * 10, *[the_kind_of_a_fact] * 2, *[an_outcome_of_a_plan] * 2, *[a_fact_more] * 4,
    *[a_fact_less] * 2, *[facts_in_another_order] * 2, another_file, nothing,
)  # fmt: skip


@pytest.mark.usefixtures("quick_templates")
@pytest.mark.parametrize("seed", range(SEQUENCES // 3))
def test_an_edit_of_facts_equals_a_clean_build(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A larger dossier, with short lists and all files for machines, in which only facts are edited."""
    root = tmp_path / "site"
    root.mkdir()
    world = World(root, seed, monkeypatch)
    settings = world.files["site.yaml"]
    settings |= {
        "lists": seed % 5,
        "dossier": 16 + seed,
        "exports": ["csv", "annotations", "ics"][: seed % 4],
    }
    settings |= {"url": "https://ferry.example/"} if seed % 2 else {}
    for _ in range(12):
        a_fact_more(world)
    world.files["content/facts/more.yaml"] = world.files["content/facts/all.yaml"][6:]
    del world.files["content/facts/all.yaml"][6:]
    world.write({})
    steps: list[str] = []
    real, quick = edit.build, []

    def watched(*given: Any) -> Result | None:
        quick.append(real(*given))
        return quick[-1]

    monkeypatch.setattr(edit, "build", watched)
    assert incremental(world).ok
    try:
        for _ in range(STEPS * 2):
            step(world, steps.append, FACT_EDITS)
    except BaseException:
        print(f"seed {seed}, after these steps:", *steps, sep="\n  ")
        raise
    QUICK.append((len(quick), sum(result is not None for result in quick)))


#: For each sequence of edits of facts how many builds there were, and how many needed no whole one.
QUICK: list[tuple[int, int]] = []


def test_most_edits_of_facts_needed_no_whole_build() -> None:
    """Else the test above compared nothing; mistakes, drafts and old ids do need one."""
    if not QUICK:
        pytest.skip("the sequences were not run")
    tried, done = (sum(column) for column in zip(*QUICK, strict=True))
    assert done > tried * 0.4, (tried, done)


def test_the_edits_reach_every_kind_of_thing() -> None:
    """A property over edits says nothing about an edit that is never drawn."""
    drawn = {EDITS[random.Random(seed).randrange(len(EDITS))] for seed in range(400)}
    assert drawn == set(EDITS)
    assert {v.__name__ for v in set(EDITS)} >= {"a_key_of_a_fact", "a_template", "a_saved_text", "the_output"}


# --- what the sequences above cannot reach ---------------------------------------------------------------


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path / "site", 0, monkeypatch)
    assert incremental(made).ok
    return made


def test_other_code_of_ours_renders_every_page_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn by functions: their bytes are in no view and in no template."""
    monkeypatch.setattr(state, "maker", lambda: "other code")
    (world.root / "content/static/map.txt").write_text("another map")
    made = incremental(world)
    assert made.rendered == made.pages


def test_a_library_brought_up_to_date_is_work(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = {"url": "", "texts": None, "preview": False, "strict": False}
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = scan.options(**given)
    os.utime(folder, (0, 0))  # as when something is installed there
    assert scan.options(**given) != before


def test_an_edit_behind_a_folder_that_is_a_link_is_seen(world: World, tmp_path: Path) -> None:
    """Templates are read through linked folders; one that leads back to itself ends nothing."""
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "round").symlink_to(shared)
    (shared / "fact.html").write_text("{% extends 'default/fact.html' %}")
    (world.root / "templates").mkdir()
    (world.root / "templates/common").symlink_to(shared)
    (world.root / "templates/fact.html").write_text("{% extends 'common/fact.html' %}")
    assert incremental(world).ok
    assert incremental(world).rendered == 0
    (shared / "fact.html").write_text("<!DOCTYPE html>\n<title>Another look</title>\n")
    assert incremental(world).rendered
    assert (world.output / "facts/kept.html").read_text().endswith("<title>Another look</title>")


@pytest.mark.parametrize(
    "damage", [lambda data: data[:20], lambda data: data[:-5] + b"\xff" * 5, lambda _: b""]
)
def test_damaged_compiled_templates_are_compiled_again(
    world: World, damage: Callable[[bytes], bytes]
) -> None:
    good = digests(world.output)
    compiled = list((world.root / memory.FOLDER / "templates").iterdir())
    assert compiled
    for file in compiled:
        file.write_bytes(damage(file.read_bytes()))
    assert build.build(world.root, output=world.output, full=True).ok
    assert digests(world.output) == good


def test_what_is_remembered_of_an_output_that_is_gone_is_forgotten(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert build.build(world.root, output=elsewhere).ok
    kept = set((world.root / memory.FOLDER).glob("s*-*"))
    assert len(kept) == 4, "a state and a note for each output"
    shutil.rmtree(elsewhere)
    (world.root / "content/static/map.txt").write_text("another map")
    assert incremental(world).ok
    assert {p.name for p in (world.root / memory.FOLDER).glob("s*-*")} == {
        memory.place(world.root, world.output, what).name for what in ("state", "scan")
    }


def test_files_whose_times_alone_changed_are_not_rendered_anew(world: World) -> None:
    """A build that failed has linked and unlinked them; a copy of the site has other inodes."""
    for file in world.output.rglob("*.html"):
        os.utime(file)
    made = incremental(world)
    assert (made.rendered, made.written) == (0, 0)
    assert scan.unchanged(
        scan.moves(world.root, world.output, scan.options(url="", texts=None, preview=False, strict=False))
    )


def test_a_note_older_than_the_dossier_remembered_with_it_tells_no_warning_in_a_wrong_place(
    world: World,
) -> None:
    """A build killed between the two leaves both, and the same site: the warning here shows on no page."""
    note = memory.place(world.root, world.output, "scan")
    world.files["content/sources/all.yaml"][0]["rights"] = "none"
    said = world.files["content/facts/vote.yaml"][1] | {"date": "2020-03-02"}  # a Monday
    world.files["content/facts/vote.yaml"][1] = said
    world.write({})
    assert incremental(world).ok

    def told(phrase: str) -> list[str]:
        before = copy.deepcopy(world.files)
        said["dating"] = {"phrase": phrase, "source": "ferry-vote"}
        world.write(before)
        return [problem.code for problem in incremental(world).problems]

    told("town")
    told("on Tuesday")  # from here on nothing of the output is touched any more
    usual = told("the town")
    before, stood = note.read_bytes(), digests(world.output)
    assert sorted(told("on Tuesday")) == sorted([*usual, "date-weekday"])
    assert digests(world.output) == stood
    note.write_bytes(before)
    assert sorted(told("Tuesday")) == sorted([*usual, "date-weekday"])
    note.write_bytes(before)
    assert told("town") == usual


@pytest.mark.parametrize("how", ["delete", "truncate", "garble"])
def test_a_folder_without_its_manifest_is_refused_and_left_alone(world: World, how: str) -> None:
    """By its manifest we know what we may replace; without it, everything there may be somebody's."""
    listed = world.output / manifest.NAME
    good = listed.read_bytes()
    listed.unlink() if how == "delete" else listed.write_bytes(
        good[:50] if how == "truncate" else good.replace(b"index", b"\xff")
    )
    stood = digests(world.output)
    told = incremental(world)
    assert [p.code for p in told.problems] == ["output-refused"]
    assert digests(world.output) == stood
    listed.write_bytes(good)
    assert incremental(world).ok


def test_of_a_long_list_only_the_pages_that_show_an_edited_fact_are_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.files["site.yaml"]["lists"] = 2
    world.write({})
    assert incremental(world).ok
    looked_at: set[str] = set()
    moved = edit.moved

    def noted(touched: Any) -> Any:
        there, gone = moved(touched)
        looked_at.update(map(path_of, there))
        return there, gone

    monkeypatch.setattr(edit, "moved", noted)
    before = copy.deepcopy(world.files)
    world.files["content/facts/vote.yaml"][0]["statement"] = "The council kept the night ferry."
    world.write(before)
    made = incremental(world)
    assert made.ok
    assert made.rendered < made.pages, "an edit, and no whole build"

    def parts(name: str) -> tuple[set[str], set[str]]:
        """The parts of a list that stand in the output, and those looked at."""
        there = {path.name for path in world.output.glob(f"{name}.*.html")}
        return there, there & looked_at

    for name in ("timeline", "verify"):
        there, seen = parts(name)
        assert len(seen) == 1 < len(there), name
        assert f"{name}.html" in looked_at
    (shown,) = parts("timeline")[1]
    assert "kept the night ferry" in (world.output / shown).read_text()
    assert build.build(world.root, output=world.clean, full=True).ok
    assert ours(world) == digests(world.clean)


@pytest.mark.parametrize("at", [0, 3])
def test_an_edit_survives_the_process_beside_it(
    world: World, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """What that had begun, or had done without telling, is done here."""
    assert incremental(world).ok
    before = copy.deepcopy(world.files)
    world.files["content/facts/vote.yaml"][0]["statement"] = "The council kept the night ferry."
    world.write(before)
    here, page = os.getpid(), making.page
    ended, tell = os.pipe()
    made: list[object] = []

    def page_or_end(*given: Any) -> Any:
        if os.getpid() != here and len(made) == at:
            os.write(tell, b"x")
            os._exit(1)
        if os.getpid() == here and not made:
            os.read(ended, 1)  # the other takes what it takes before this one goes on
        made.append(given)
        return page(*given)

    monkeypatch.setattr(aside, "cores", lambda: 2)
    monkeypatch.setattr(making, "page", page_or_end)
    done = incremental(world, jobs=2)
    assert done.ok
    assert done.rendered < done.pages, "an edit, and no whole build"
    assert build.build(world.root, output=world.clean, full=True).ok
    assert ours(world) == digests(world.clean)


@pytest.mark.parametrize(
    ("path", "line", "edited"),
    [
        pytest.param(
            "data/dossier.ics",
            "planned",
            {"relations": {"fulfils": ["planned"]}},
            id="the outcome of a plan",
        ),
        pytest.param(
            "data/annotations.jsonld",
            "council of Marlow",
            {"evidence": [{"source": "ferry-vote", "quote": QUOTES["ferry-vote"][1]}]},
            id="how much is shown of a source",
        ),
        pytest.param(
            "method.html",
            "words were left out",
            {"evidence": [{"source": "yard-doubts", "quote": OMITTING["yard-doubts"]}]},
            id="the first quote with words left out",
        ),
    ],
)
def test_an_edit_reaches_what_stands_far_from_its_fact(
    world: World, path: str, line: str, edited: Entry
) -> None:
    before = copy.deepcopy(world.files)
    shown = {"limits": {"words": 90, "share": 0.55}, "exports": ["annotations", "ics"]}
    world.files["site.yaml"] |= shown
    kept, _, planned = world.files["content/facts/vote.yaml"]
    planned["date"] = "2020-03-03"
    kept["evidence"][0]["prefix"] = "council of Marlow"
    world.write(before)
    assert incremental(world).ok

    def said() -> list[str]:
        return [
            each for each in re.split(r"END:VEVENT|,\n", (world.output / path).read_text()) if line in each
        ]

    before, was = copy.deepcopy(world.files), said()
    world.files["content/facts/yard.yaml"][1] |= edited
    world.write(before)
    made = incremental(world)
    assert made.ok
    assert made.rendered < made.pages, "an edit, and no whole build"
    assert said() != was
    assert build.build(world.root, output=world.clean, full=True).ok
    assert ours(world) == digests(world.clean)
