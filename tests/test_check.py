"""Checks: every code that needs the whole dossier, at its place, and quiet once it is mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import TEXT, SmallSite
from generator import build, check
from generator.problems import Problem
from planned import RICH, Planned, fact, marked

Make = Callable[..., SmallSite]
#: A text with a repeated passage, for quotes that need telling apart.
TWICE = "The boat left at nine. The crew slept.\n\nThe boat left at ten, and nobody but Ada saw 12 lights.\n"
TUESDAY = TEXT.index("on Tuesday")
FACT = """\
id: kept
statement: The ferry stays.
date: 2020-03-03
actors: [marlow-council]
evidence:
  - source: ferry-vote
    quote: keep the night ferry
"""
ON_TUESDAY = "dating: {phrase: on Tuesday}\n"


def quoting(quote: str, more: str = "") -> str:
    return FACT.replace("keep the night ferry", quote) + more


#: What is written, with a mark where it is told, and the repair: what to put for what.
CASES: dict[str, tuple[str, dict[str, str | None], dict[str, str]]] = {
    # What facts say of each other.
    "confirmed by one": (
        "confirmed-by-one",
        {"content/facts/a.yaml": FACT + "status: »confirmed\n"},
        {"confirmed": "reported"},
    ),
    "a relation to itself": (
        "relation-to-itself",
        {
            "content/facts/a.yaml": FACT + "relations: {leads-to: [b, »kept]}\n",
            "content/facts/b.yaml": fact("b"),
        },
        {", kept": ""},
    ),
    "an outcome of no plan": (
        "outcome-of-no-plan",
        {"content/facts/a.yaml": FACT + "relations: {fails: [»b]}\n", "content/facts/b.yaml": fact("b")},
        {"date: '2020-03-03',": "date: '2020-03-03', kind: plan,"},
    ),
    "due before it was announced": (
        "due-before-announced",
        {"content/facts/a.yaml": FACT + "kind: plan\ndue: »2020-02\n"},
        {"2020-02": "2020"},
    ),
    "a date that its words do not allow": (
        "date-disagrees",
        {"content/facts/a.yaml": FACT.replace("2020-03-03", "»2020-02-25") + ON_TUESDAY},
        {"2020-02-25": "2020-03-03"},
    ),
    "a weekday that is another": (
        "date-weekday",
        {"content/facts/a.yaml": FACT.replace("2020-03-03", "»2020-03-02") + ON_TUESDAY},
        {"2020-03-02": "2020-03-03"},
    ),
    "evidence twice": (
        "evidence-twice",
        {
            "content/facts/a.yaml": FACT
            + "  - {source: ferry-vote, stance: context, quote: »keep the night ferry}\n"
        },
        {"context, quote: keep the night ferry": "context, quote: do without it"},
    ),
    "a withdrawal without its reason": (
        "withdrawal-unexplained",
        {"content/facts/a.yaml": FACT + "status: »withdrawn\n"},
        {"status: withdrawn": "status: denied"},
    ),
    "a ruling that nobody gave": (
        "ruling-unknown",
        {
            "content/facts/a.yaml": FACT,
            "content/questions/q.yaml": (
                "{id: q, question: Q?, ruling: »Yes, positions: [{label: No, facts: [kept]}]}\n"
            ),
        },
        {"Yes": "No"},
    ),
    "an old id that another has": (
        "formerly-taken",
        {"content/facts/a.yaml": FACT + "formerly: [old, »b]\n", "content/facts/b.yaml": fact("b")},
        {"[old, b]": "[old, older]"},
    ),
    # Limits.
    "a long run": (
        "over-limit-words",
        {
            "site.yaml": "{format: 1, title: T, limits: {words: 3}}\n",
            "content/sources/ferry.yaml": (
                "- »{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt}\n"
            ),
            "content/facts/a.yaml": FACT,
        },
        {"words: 3": "words: 4"},
    ),
    "a large share": (
        "over-limit-share",
        {
            "site.yaml": "{format: 1, title: T, limits: {share: 0.05}}\n",
            "content/sources/ferry.yaml": (
                "»id: ferry-vote\ntitle: T\npublisher: P\npublished: 2020\ntext: ferry.txt\n"
            ),
            "content/facts/a.yaml": FACT,
        },
        {"share: 0.05": "share: 0.07"},
    ),
    # Links.
    "a link in a note": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »See [[kept]] and [[nowhere]].\n"},
        {"nowhere": "ferry-vote"},
    ),
    "a link in an actor's summary": (
        "link-broken",
        {"content/actors/marlow.yaml": "{id: marlow-council, name: C, kind: group, summary: »'[[x|y]]'}\n",
         "content/facts/a.yaml": FACT},
        {"x|y": "kept|y"},
    ),
    "a link in a topic's summary": (
        "link-broken",
        {"content/topics/t.yaml": "id: t\nname: T\nsummary: »|\n  Of\n\n  [[x]]\n",
         "content/facts/a.yaml": FACT + "topics: [t]\n"},
        {"x": "t"},
    ),
    "a link in a source's note": (
        "link-broken",
        {"content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt, note: »'[[x]]'}\n"
        ), "content/facts/a.yaml": FACT},
        {"[[x]]": "[[marlow-council]]"},
    ),
    "a link in prose": (
        "link-broken",
        {"content/pages/about.md": "---\ntitle: About\n---\nWell.\n\n»Go to [[nowhere]].\n",
         "content/facts/a.yaml": FACT},
        {"nowhere": "kept"},
    ),
    "a picture in prose": (
        "link-broken",
        {"content/pages/about.md": "---\ntitle: About\n---\n»![a map](maps/Old%20map.svg)\n",
         "content/static/maps/The map.svg": "<svg/>", "content/facts/a.yaml": FACT},
        {"Old": "The"},
    ),
    "a picture from elsewhere": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »'![a map](https://example.org/map.svg)'\n",
         "content/static/map.svg": "<svg/>"},
        {"https://example.org/map.svg": "../map.svg"},
    ),
    "a link within the site, in prose": (
        "link-broken",
        {"content/pages/about.md": "---\ntitle: About\n---\n»See [it](facts/keep.html#x).\n",
         "content/facts/a.yaml": FACT},
        {"facts/keep": "facts/kept"},
    ),
    "a link within the site, in a note": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »See [it](kept.html), [her](marlow-council.html).\n"},
        {"(marlow": "(../actors/marlow"},
    ),
    "a link to a day without a page": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »'See [then](../dates/2020-03-05.html).'\n"},
        {"03-05": "03-03"},
    ),
    "a link to a file": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »'See [the map](../maps/A%20map.pdf).'\n",
         "content/static/maps/The map.pdf": "x"},
        {"A%20": "The%20"},
    ),
    "a link by a reference": (
        "link-broken",
        {"content/topics/t.yaml": "id: t\nname: T\nsummary: »|\n  Of [it][1]\n\n  [1]: ../fact/kept.html\n",
         "content/facts/a.yaml": FACT + "topics: [t]\n"},
        {"fact/": "facts/"},
    ),
    "a link from the root of a server": (
        "link-broken",
        {"content/facts/a.yaml": FACT + "note: »'See [all](/timeline.html).'\n"},
        {"(/": "(../"},
    ),
    # Actors.
    "part of itself": (
        "part-of-itself",
        {"content/actors/marlow.yaml": (
            "{id: marlow-council, name: C, kind: group, part_of: »marlow-council}\n"
        ), "content/facts/a.yaml": FACT},
        {", part_of: marlow-council": ""},
    ),
    "what the home page offers": (
        "unknown-fact",
        {"site.yaml": "format: 1\ntitle: T\nstart:\n  - kept\n  - »nothing\n", "content/facts/a.yaml": FACT},
        {"  - nothing\n": ""},
    ),
    "a title that the font of pictures lacks": (
        "picture-unmade",
        {"site.yaml": "format: 1\ntitle: مرفأ\npicture: »true\n", "content/facts/a.yaml": FACT},
        {"picture: true\n": ""},
    ),
    # Unused.
    "an unused actor": (
        "unused-entry",
        {"content/facts/a.yaml": FACT, "content/actors/z.yaml": "{name: Z, kind: person, id: »z}\n"},
        {"[marlow-council]": "[marlow-council, z]"},
    ),
    "an unused topic": (
        "unused-entry",
        {"content/facts/a.yaml": FACT, "content/topics/z.yaml": "- name: Z\n  id: »z\n"},
        {"actors:": "topics: [z]\nactors:"},
    ),
    "an unused source": (
        "unused-entry",
        {"content/facts/a.yaml": FACT, "content/sources/z.yaml": (
            "{id: »z, title: Z, publisher: Z, published: 2020, text: ferry.txt}\n"
        )},
        {"  - source: ferry-vote": "  - {source: z, quote: Mayor Ada Brook}\n  - source: ferry-vote"},
    ),
    # Quotes and saved texts.
    "words that do not stand there": (
        "quote-not-found",
        {"content/facts/a.yaml": quoting("»sink the night ferry")},
        {"sink": "keep"},
    ),
    "words that stand twice": (
        "quote-ambiguous",
        {"content/facts/a.yaml": quoting("»The boat left at"), "content/sources/ferry.txt": TWICE},
        {"quote: The boat left at": "quote: The boat left at nine"},
    ),
    "one of a list": (
        "quote-not-found",
        {"content/facts/a.yaml": quoting("\n      - keep the night ferry\n      - »young has not")},
        {"young": "yard"},
    ),
    "words left out that hide a negation": (
        "quote-gap",
        {"content/facts/a.yaml": quoting("»Mayor Ada Brook […] do without it")},
        {"Mayor Ada Brook […] do": "not do"},
    ),
    "words left out without a reason": (
        "quote-gap",
        {"content/facts/a.yaml": quoting("»Mayor Ada Brook […] by spring 2021", "# end\n")},
        {"# end": "    omission: to be short"},
    ),
    "words for the date": (
        "phrase-not-found",
        {"content/facts/a.yaml": FACT + "dating: {basis: b, phrase: »on Friday}\n"},
        {"Friday": "Tuesday"},
    ),
    "words for the date far from the evidence": (
        "phrase-not-found",
        {"content/facts/a.yaml": FACT + "dating: {phrase: »repaired by spring 2021}\n"},
        {"keep the night ferry": "A first boat is to be"},
    ),
    "a text that is not here": (
        "text-missing",
        {"content/facts/a.yaml": FACT, "content/topics/t.yaml": None, "content/sources/b.yaml": (
            "{id: b, title: B, publisher: P, published: 2020, text: »b.txt}\n"
        )},
        {"text: b.txt": "text: ferry.txt"},
    ),
    "a full text that is not here": (
        "text-missing",
        {"content/facts/a.yaml": FACT, "content/sources/b.yaml": (
            "»{id: b, title: B, publisher: P, published: 2020, rights: full}\n"
        )},
        {"rights: full": "text: ferry.txt"},
    ),
    "a text with a byte order mark": (
        "bad-text",
        {"content/facts/a.yaml": FACT, "content/sources/b.txt": "\N{ZERO WIDTH NO-BREAK SPACE}Words.\n",
         "content/sources/b.yaml": "{id: b, title: B, publisher: P, published: 2020, text: »b.txt}\n"},
        {"\N{ZERO WIDTH NO-BREAK SPACE}": ""},
    ),
    "an empty text": (
        "bad-text",
        {"content/facts/a.yaml": FACT, "content/sources/b.txt": "\n\n\n",
         "content/sources/b.yaml": "{id: b, title: B, publisher: P, published: 2020, text: »b.txt}\n"},
        {"\n\n\n": "Words.\n"},
    ),
    "a quote in furniture": (
        "quote-in-furniture",
        {"content/facts/a.yaml": quoting("»Harbour town votes"), "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt,\n"
            " furniture: [{start: 0, end: 36, why: w}, {start: 10, end: 60, why: w}]}\n"
        )},
        {"quote: Harbour town votes": "quote: the night ferry running"},
    ),
    "words for the date in furniture": (
        "quote-in-furniture",
        {"content/facts/a.yaml": FACT + "dating: {phrase: »on Tuesday}\n", "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt,\n"
            f" furniture: [{{start: {TUESDAY}, end: {TUESDAY + 2}, why: w}}]}}\n"
        )},
        {f"start: {TUESDAY}, end: {TUESDAY + 2}": "start: 0, end: 36"},
    ),
    "words left out of the words for the date": (
        "phrase-not-found",
        {"content/facts/a.yaml": FACT + "dating: {phrase: »'of Marlow […] on Tuesday'}\n"},
        {"of Marlow […] on": "on"},
    ),
    "a passage beyond the end of the text": (
        "furniture-outside",
        {"content/facts/a.yaml": FACT, "content/sources/ferry.yaml": (
            "id: ferry-vote\ntitle: T\npublisher: P\npublished: 2020\ntext: ferry.txt\n"
            "furniture:\n  - {start: 0, end: 36, why: w}\n"
            f"  - {{start: 150, end: »{len(TEXT) + 1}, why: w}}\n"
        )},
        {str(len(TEXT) + 1): str(len(TEXT))},
    ),
}  # fmt: skip


def but_unused(planned: Planned, code: str = "") -> list[tuple[str, str]]:
    return [each for each in planned.told if each[0] != "unused-entry" or code == "unused-entry"]


@pytest.mark.parametrize(("code", "files", "repair"), CASES.values(), ids=CASES)
def test_a_problem_is_told_at_its_place_and_gone_once_mended(
    site: Make, code: str, files: dict[str, str | None], repair: dict[str, str]
) -> None:
    files, (place,) = marked(files)
    planned = Planned(site(files))
    assert but_unused(planned, code) == [(code, place)]
    problem = next(p for p in planned.problems if p.code == code)
    assert problem.message
    assert problem.help
    assert problem.excerpt
    mended = dict(files)
    for path, text in files.items():
        for old, new in repair.items():
            mended[path] = (mended[path] or "").replace(old, new) if text is not None else None
    assert mended != files
    assert but_unused(Planned(site(mended, folder="mended")), code) == []


SEVERITIES = {
    "confirmed-by-one": "warning",
    "outcome-of-no-plan": "warning",
    "date-disagrees": "warning",
    "date-weekday": "warning",
    "evidence-twice": "warning",
    "quote-in-furniture": "warning",
    "unused-entry": "warning",
    "withdrawal-unexplained": "warning",
}


@pytest.mark.parametrize(("code", "files", "repair"), CASES.values(), ids=CASES)
def test_only_doubts_are_warnings(
    site: Make, code: str, files: dict[str, str | None], repair: dict[str, str]
) -> None:
    files, _ = marked(files)
    small = site(files)
    planned = Planned(small)
    found = {p.severity for p in planned.problems if p.code == code}
    assert found == {SEVERITIES.get(code, "error")}
    assert planned.ok is (code in SEVERITIES)
    assert not Planned(small, strict=True).ok


def test_every_code_has_a_case() -> None:
    folder = Path(check.__file__).parent
    text = "".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("check.py", "date_checks.py", "dead_links.py", "evidence.py")
    )
    emitted = set(re.findall('"([a-z]+(?:-[a-z]+)+)"', text))
    assert len(emitted) > 12
    elsewhere = {"draft-referenced", "quote-unchecked"}  # in test_link and at the end of this file
    assert emitted - {code for code, _, _ in CASES.values()} <= elsewhere


def test_every_actor_of_a_circle_is_told_the_way_round(site: Make) -> None:
    rows = [("marlow-council", "b"), ("a", "marlow-council"), ("b", "a"), ("c", "b")]
    actors = "".join(f"- {{id: {key}, name: N, kind: group, part_of: {of}}}\n" for key, of in rows)
    fact = FACT.replace("[marlow-council]", "[c]")
    planned = Planned(site({"content/actors/marlow.yaml": actors, "content/facts/a.yaml": fact}))
    assert {p.subject: p.message for p in planned.problems if p.code == "part-of-itself"} == {
        "actor a": "is part of itself by way of marlow-council, b",
        "actor b": "is part of itself by way of a, marlow-council",
        "actor marlow-council": "is part of itself by way of b, a",
    }


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/x.html", "mailto:a@example.org", "//example.org/x", "#top", "../index.html",
        "../data/facts.json", "../feed.xml", "../assets/site.css", "kept.html?x#y", "../dates/2020.html",
        "old.html", "../404.html", "<../timeline.html>", "../about.html#how", "../sources/ferry-vote.html",
    ],
)  # fmt: skip
def test_links_that_lead_somewhere_are_left_alone(site: Make, target: str) -> None:
    fact = FACT + f"formerly: [old]\nadded: '2022-01-01'\nnote: 'See [it]({target}).'\n"
    about = "---\ntitle: About\n---\nSee [it](facts/kept.html).\n"
    assert Planned(site({"content/facts/a.yaml": fact, "content/pages/about.md": about})).told == []


def test_a_dead_link_is_shown_the_nearest_page(site: Make) -> None:
    planned = Planned(
        site({"content/facts/a.yaml": FACT + "note: See [it](../actor/marlow-council.html).\n"})
    )
    problem = one(planned, "link-broken")
    assert problem.nearest == "../actors/marlow-council.html"
    assert problem.message == (
        "../actor/marlow-council.html leads to nothing: the site has no actor/marlow-council.html"
    )


def test_a_good_site_is_quiet(site: Make) -> None:
    planned = Planned(site(RICH))
    assert planned.told == []
    assert planned.linked.checked == {"facts": 12, "quotes": 16, "sources": 5, "actors": 4, "topics": 2}
    assert (planned.linked.against_texts, planned.linked.against_lock) == (16, 0)


# --- finer points -------------------------------------------------------------------------------------


def one(planned: Planned, code: str) -> Problem:
    (problem,) = [p for p in planned.problems if p.code == code]
    return problem


def test_a_quote_one_word_off_is_shown_the_nearest_words_and_not_accepted(site: Make) -> None:
    planned = Planned(
        site({"content/facts/a.yaml": quoting("voted on Tuesday to keep the old ferry running")})
    )
    problem = one(planned, "quote-not-found")
    start = TEXT.index("voted on")
    words = "voted on Tuesday to keep the night ferry running"
    assert problem.nearest == (
        f'"{words}" (characters {start}–{start + len(words)}; 1 word differs, so it is not accepted)'
    )
    assert problem.subject == "fact kept, source ferry-vote"
    assert not planned.ok


def test_an_ambiguous_quote_is_shown_its_places(site: Make) -> None:
    files = {"content/facts/a.yaml": quoting("The boat left at"), "content/sources/ferry.txt": TWICE}
    problem = one(Planned(site(files)), "quote-ambiguous")
    second = TWICE.index("The boat left at ten")
    assert "characters 0–16" in problem.nearest
    assert f"characters {second}–{second + 16}" in problem.nearest


def test_words_beside_furniture_are_the_article(site: Make) -> None:
    start, words = TEXT.index("keep the night ferry"), len("keep the night ferry")
    source = "{{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt, furniture: [{}]}}\n"
    beside = (
        f"{{start: 0, end: {start}, why: w}}, {{start: {start + words}, end: {start + words + 5}, why: w}}"
    )
    files = {"content/facts/a.yaml": FACT, "content/sources/ferry.yaml": source.format(beside)}
    assert Planned(site(files)).told == []


PHRASES = {
    "'of […] on Tuesday'": "leaves words out, which only a quote may do",
    "of … on Tuesday": "leaves words out, which only a quote may do",
    "…": "holds no word",
    "'. '": "holds no word",
    "on Wednesday": "does not stand in the source",
}


@pytest.mark.parametrize(("phrase", "words"), PHRASES.items(), ids=PHRASES)
def test_a_dating_phrase_is_one_run_of_words(site: Make, phrase: str, words: str) -> None:
    files = {"content/facts/a.yaml": FACT + f"dating: {{phrase: {phrase}}}\n"}
    assert words in one(Planned(site(files)), "phrase-not-found").message


def test_a_dating_phrase_may_hold_the_marks_of_the_article(site: Make) -> None:
    text = TEXT.replace("on Tuesday to", "on […] Tuesday to")
    files = {"content/facts/a.yaml": FACT + "dating: {phrase: 'on […] Tuesday'}\n"}
    assert Planned(site({**files, "content/sources/ferry.txt": text})).told == []


def test_several_quotes_that_touch_count_as_one_run(site: Make) -> None:
    facts = fact("a").replace("keep the night ferry", "voted on Tuesday to") + fact("b")
    few = "{format: 1, title: T, limits: {words: 7}}\n"
    files = {"content/facts/f.yaml": facts, "site.yaml": few}
    problem = one(Planned(site(files)), "over-limit-words")
    assert problem.message.startswith("8 of its words")
    files["content/facts/f.yaml"] = facts.replace("voted on Tuesday to", "council of Marlow voted")
    assert "over-limit-words" not in [p.code for p in Planned(site(files, folder="apart")).problems]


@pytest.mark.parametrize("rights", ["full", "none"])
def test_limits_hold_for_excerpts_only(site: Make, rights: str) -> None:
    files = {
        "site.yaml": "{format: 1, title: T, limits: {words: 1, share: 0.01}}\n",
        "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt, rights: excerpts}\n"
        ),
    }
    assert {code for code, _ in Planned(site(files)).told} == {"over-limit-words", "over-limit-share"}
    files["content/sources/ferry.yaml"] = files["content/sources/ferry.yaml"].replace("excerpts", rights)
    assert Planned(site(files, folder=rights)).told == []


def test_context_counts_against_the_limit(site: Make) -> None:
    files = {"site.yaml": "{format: 1, title: T, limits: {words: 11}, context: 1}\n"}
    assert Planned(site(files)).told == []  # 9 words and one on either side
    files["site.yaml"] = files["site.yaml"].replace("11", "10")
    assert [code for code, _ in Planned(site(files, folder="fewer")).told] == ["over-limit-words"]


DUE = {
    "the same day": ("2020-03-03", "2020-03-03", True),
    "a coarser date that holds the day": ("2020-03-03", "2020", True),
    "the month before": ("2020-03", "2020-02-29", False),
    "open": ("2020-03-03", "../2020-04", True),
    "unknown": ("XXXX", "2010", True),
    "a later year": ("2020-03-03", "2021-21", True),
}


@pytest.mark.parametrize(("date", "due", "good"), DUE.values(), ids=DUE)
def test_a_plan_may_not_be_due_before_it_was_announced(site: Make, date: str, due: str, good: bool) -> None:
    more = f"kind: plan, due: '{due}', actors: [marlow-council]"
    told = Planned(site({"content/facts/f.yaml": fact("p", date, more)})).told
    assert [code for code, _ in told] == ([] if good else ["due-before-announced"])


def test_copies_of_one_report_do_not_confirm(site: Make) -> None:
    files = {
        "content/actors/wire.yaml": "{id: wire, name: Wire, kind: media}\n",
        "content/sources/b.yaml": (
            "{id: b, title: B, publisher: B, published: 2020, text: ferry.txt, origin: [wire]}\n"
        ),
        "content/facts/f.yaml": (
            "id: f\nstatement: S.\ndate: 2020\nstatus: »confirmed\nactors: [marlow-council]\nevidence:\n"
            "  - {source: ferry-vote, quote: keep the night ferry, via: [wire]}\n"
            "  - {source: b, quote: keep the night ferry}\n"
        ),
    }
    clean, (place,) = marked(files)
    planned = Planned(site(clean))
    assert planned.told == [("confirmed-by-one", place)]
    assert "2 sources count as 1 independent origin" in one(planned, "confirmed-by-one").message


def test_an_entry_is_used_by_what_refers_to_it(site: Make) -> None:
    files = {
        "content/actors/a.yaml": (
            "- {id: a, name: A, kind: person, part_of: b, roles: [{title: T, of: c}]}\n"
            "- {id: b, name: B, kind: group}\n- {id: c, name: C, kind: group}\n"
            "- {id: d, name: D, kind: media}\n- {id: e, name: E, kind: media}\n"
        ),
        "content/sources/ferry.yaml": (
            "{id: ferry-vote, title: T, publisher: P, published: 2020, text: ferry.txt, origin: [d]}\n"
        ),
        "content/facts/f.yaml": (
            fact("f", more="actors: [a], kind: utterance, speaker: marlow-council")
            + fact("g").replace("ferry}", "ferry, via: [e]}")
        ),
    }
    assert Planned(site(files)).told == []


def test_a_gap_with_a_reason_is_shown_with_it(site: Make) -> None:
    planned = Planned(site(RICH))
    (quote,) = planned.view("facts/boat-plan.html").evidence
    assert [run.words for run in quote.runs] == ["A first boat is", "repaired by spring"]
    assert [run.omitted for run in quote.runs] == [0, 2]
    assert quote.omission == "shorter"


# --- against the lock ---------------------------------------------------------------------------------


def test_a_source_without_text_and_lock_is_told_once_and_not_for_every_quote(site: Make) -> None:
    source = "{id: ferry-vote, title: T, publisher: P, published: 2020, text: »ferry.txt}\n"
    files, (place,) = marked({"content/sources/ferry.txt": None, "content/sources/ferry.yaml": source})
    planned = Planned(site({**files, "content/facts/f.yaml": fact("a") + fact("b")}))
    assert but_unused(planned) == [("text-missing", place)]
    assert (planned.linked.against_texts, planned.linked.against_lock) == (0, 0)


def test_a_quote_that_neither_text_nor_lock_knows_is_unchecked(site: Make) -> None:
    small = site({"content/facts/f.yaml": fact("a", more="actors: [marlow-council]")})
    assert build.relock(small.root).ok
    (small.root / "content/sources/ferry.txt").unlink()
    assert Planned(small).told == []
    files, (place,) = marked({"content/facts/g.yaml": FACT.replace("keep the", "»keep the")})
    small.write("content/facts/g.yaml", files["content/facts/g.yaml"] or "")
    planned = Planned(small)
    assert planned.told == [("quote-unchecked", place)]
    assert (planned.linked.against_texts, planned.linked.against_lock) == (0, 1)
