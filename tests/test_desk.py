"""The desk report: each kind of notice with a site that has it and that site mended, and what it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import build, desk_page, desk_report, likeness, preview
from generator.cli import main
from generator.credit_lines import Names
from generator.desk import texts_at_hand
from generator.desk_report import HEADINGS, Report
from generator.desk_texts import holds_figure
from generator.notices import FEW, KINDS
from planned import Planned, Quick, default_theme, marked

Make = Callable[..., SmallSite]
#: Told word for word by both, as copies of one report are.
SHARED = "the old ferry will be laid up in the yard for most of the coming winter, harbour officials say"
SOURCE = "{id: ferry-vote, title: T, publisher: Post, published: 2020-03-04, text: ferry.txt, MORE}\n"
ARCHIVED = "archived: {url: 'https://example.org/a', date: 2020-03-05}"
FACT = """\
id: kept
statement: The council votes to keep the night ferry.
date: 2020-03-04
actors: [marlow-council]
evidence:
  - source: ferry-vote
    quote: keep the night ferry
"""
QUIET: dict[str, str | None] = {
    "site.yaml": "{format: 1, title: T, limits: {share: 0.9}, start: []}\n",
    "content/sources/ferry.yaml": SOURCE.replace("MORE", ARCHIVED),
    "content/sources/ferry.txt": "The council voted to keep the night ferry running. Nobody spoke.\n",
    "content/facts/a.yaml": FACT,
}


def source(more: str) -> str:
    return SOURCE.replace("MORE", f"{ARCHIVED}, {more}")


def said(key: str, statement: str, quote: str, date: str = "2020-03-04") -> str:
    """Something that Ada Brook said."""
    return (
        f"- {{id: {key}, statement: {statement}, date: '{date}', kind: utterance, speaker: ada,\n"
        f"   evidence: [{{source: ferry-vote, quote: {quote}}}]}}\n"
    )


#: What is written beside the quiet site, with a mark where it is told, words of the message, and the repair.
CASES: dict[str, tuple[str, dict[str, str | None], str, dict[str, str]]] = {
    "confirmed by one": (
        "single-origin",
        {"content/facts/a.yaml": FACT.replace("  - source", "  »- source") + "status: confirmed\n"},
        "marked as confirmed; it rests on 1 source, 1 origin",
        {"status: confirmed": "status: reported"},
    ),
    "at the start of the home page": (
        "single-origin",
        {
            "site.yaml": "{format: 1, title: T, limits: {share: 0.9}, start: [kept]}\n",
            "content/facts/a.yaml": FACT.replace("  - source", "  »- source"),
        },
        "named under `start` in site.yaml; it rests on 1 source, 1 origin",
        {"start: [kept]": "start: []"},
    ),
    "held right": (
        "single-origin",
        {
            "content/questions/q.yaml": (
                "{id: q, question: Q?, ruling: Aye, positions: [{label: Aye, facts: [kept]}]}\n"
            ),
            "content/facts/a.yaml": FACT.replace("  - source", "  »- source"),
        },
        "held right in q",
        {"ruling: Aye": "ruling: open"},
    ),
    "three facts rest on it": (
        "single-origin",
        {
            "content/facts/a.yaml": FACT.replace("  - source", "  »- source"),
            "content/facts/b.yaml": "".join(
                f"- {{id: {key}, statement: '{key * 4}.', date: 2020-03-04, relations: {{part-of: [kept]}},"
                " evidence: [{source: ferry-vote, quote: Nobody spoke}]}\n"
                for key in "xyz"
            ),
        },
        "3 other facts refer to it",
        {"id: z, statement: 'zzzz.', date: 2020-03-04, relations: {part-of: [kept]},":
         "id: z, statement: 'zzzz.', date: 2020-03-04,"},
    ),
    "a date of its own": (
        "date-unreasoned",
        {"content/facts/a.yaml": FACT.replace("2020-03-04", "»2020-03-03")},
        "dated 2020-03-03; published 2020-03-04",
        {"date: 2020-03-03": "date: 2020-03-03\ndating: {basis: The day before}"},
    ),
    "a date after its source": (
        "date-after-sources",
        {"content/facts/a.yaml": FACT.replace("2020-03-04", "»2021-03-04")},
        "dated 2021-03-04; its sources were published 2020-03-04",
        {"date: 2021-03-04": "date: 2020-03-04"},
    ),
    "a finer date": (
        "date-unreasoned",
        {
            "content/facts/a.yaml": FACT.replace("2020-03-04", "»2020-03-04"),
            "content/sources/ferry.yaml": source("note: N").replace("2020-03-04, text", "2020-03, text"),
        },
        "dated 2020-03-04; published 2020-03",
        {"date: 2020-03-04": "date: 2020-03"},
    ),
    "speech in quotation marks": (
        "speech-untold",
        {
            "content/sources/ferry.txt": 'They voted to keep it. "The ferry is safe," Ada Brook went on.\n',
            "content/facts/a.yaml": FACT.replace("- source", "»- source").replace(
                "keep the night ferry\n", "The ferry is safe\n"
            ),
        },
        "all its words are somebody's speech",
        {"quote: The ferry is safe": "quote: voted to keep"},
    ),
    "speech without quotation marks": (
        "speech-untold",
        {
            "content/sources/ferry.txt": "They keep the night ferry, an official told Post. Nobody spoke.\n",
            "content/facts/a.yaml": FACT.replace("- source", "»- source"),
        },
        "the fact has no speaker",
        {"The council votes to keep": "Marlow council says it will keep"},
    ),
    "a statement without its speaker": (
        "speaker-untold",
        {
            "content/actors/ada.yaml": "{id: ada, name: Ada Brook, kind: person}\n",
            "content/facts/b.yaml": said("b", "»The night ferry is safe.", "Nobody spoke"),
        },
        "printed with “According to Ada Brook” before it",
        {"The night ferry is safe": "Ada Brook calls the night ferry safe"},
    ),
    "one utterance in two renderings": (
        "near-duplicate",
        {
            "content/actors/ada.yaml": "{id: ada, name: Ada Brook, kind: person}\n",
            "content/facts/b.yaml": said("b", "Brook says the town needs its night ferry badly.", "running")
            + said("c", "»Brook says that the town badly needs the night ferry.", "Nobody spoke", "2020-03"),
        },
        "% of its words are those of b, of the same speaker",
        {"date: '2020-03',": "date: '2020-02', dating: {basis: Told},"},
    ),
    "two facts on the same words": (
        "near-duplicate",
        {
            "content/facts/b.yaml": (
                "{id: later, statement: »The council decides to keep the ferry., date: 2020-03-04,"
                " evidence: [{source: ferry-vote, quote: keep the night ferry}]}\n"
            ),
        },
        "of its words are those of kept, and both",
        {"date: 2020-03-04, evidence": "date: 2020-03-04, relations: {part-of: [kept]}, evidence"},
    ),
    "a plan whose time is over": (
        "plan-overdue",
        {
            "content/facts/a.yaml": FACT.replace("2020-03-04", "2020-01")
            + "kind: plan\ndue: »2020-02\ndating: {basis: B}\n"
        },
        "due 2020-02, ferry-vote was published 2020-03-04",
        {"due: 2020-02": "due: 2020-04"},
    ),
    "no archived copy": (
        "not-archived",
        {"content/sources/ferry.yaml": SOURCE.replace("MORE", "url: »'https://example.org/'")},
        "has an address and no archived copy",
        {"url: 'https://example.org/'": f"url: 'https://example.org/', {ARCHIVED}"},
    ),
    "a credit at the end": (
        "credit-untold",
        {
            "content/sources/ferry.yaml": "»" + source("note: N"),
            "content/sources/ferry.txt": "They voted to keep the night ferry.\n\nab/cd (AFP, dpa)\n",
        },
        "a credit line names AFP, dpa",
        {"note: N": "origin: [afp, dpa]"},
    ),
    "a credit beside the origin given": (
        "credit-untold",
        {
            "content/actors/w.yaml": "{id: wire, name: Coast Wire, kind: media}\n",
            "content/sources/ferry.yaml": source("origin: »[wire]"),
            "content/sources/ferry.txt": (
                "Coast Wire: They voted to keep the night ferry.\n\nReuters contributed to this report\n"
            ),
        },
        "a credit line names Reuters",
        {"Reuters contributed to this report": "Nobody contributed to this report"},
    ),
    "an origin that is not there": (
        "origin-unseen",
        {
            "content/actors/w.yaml": "{id: wire, name: Coast Wire, kind: media}\n",
            "content/sources/ferry.yaml": source("origin: [»wire]"),
        },
        "Coast Wire is given as an origin",
        {"Nobody spoke": "Nobody spoke to Coast Wire"},
    ),
    "words of an agency": (
        "via-untold",
        {
            "content/actors/w.yaml": "{id: reuters, name: Reuters, kind: media}\n",
            "content/sources/ferry.txt": "They voted to keep the night ferry, Reuters reported. Ah.\n",
            "content/facts/a.yaml": FACT.replace("  - source", "  - »source"),
        },
        "names Reuters as reporting",
        {"night ferry\n": "night ferry\n    via: [reuters]\n"},
    ),
    "copies of one report": (
        "text-shared",
        {
            "content/sources/echo.yaml": (
                f"»{{id: echo, title: E, publisher: Echo, published: 2020-03-05, text: e.txt, {ARCHIVED}}}\n"
            ),
            "content/sources/ferry.txt": f"They voted to keep the night ferry. But {SHARED}.\n",
            "content/sources/e.txt": f"MARLOW.\nToday,\n{SHARED}, we hear.\n",
            "content/facts/a.yaml": FACT + "  - {source: echo, quote: we hear}\n",
        },
        "19 words in a row stand in ferry-vote too",
        {"But the old ferry will be laid up in the yard for": "But the boat stays for"},
    ),
    "a name without an actor": (
        "name-unknown",
        {
            "content/sources/ferry.yaml": source("»text: ferry.txt").replace("text: ferry.txt, a", "a"),
            "content/sources/ferry.txt": (
                "They voted to keep the night ferry. It was for Rita Vane. Nobody but Rita Vane spoke.\n"
            ),
        },
        "“Rita Vane” stands 2 times in ferry-vote",
        {"but Rita Vane": "but she"},
    ),
    "a figure in no fact": (
        "sentence-unused",
        {
            "content/sources/ferry.yaml": source("»text: ferry.txt").replace("text: ferry.txt, a", "a"),
            "content/sources/ferry.txt": "They voted to keep the night ferry. Some 12 men of it spoke.\n",
        },
        "paragraph 1, characters 36–60, holds a date or a number, and no fact uses it: “Some 12 men of it …”",
        {"Some 12 men": "Some men"},
    ),
}  # fmt: skip


def look(made: SmallSite, **options: Any) -> Report:
    examined = build.examine(made.root, theme=default_theme())
    assert examined.linked
    assert examined.ok, examined.problems
    dossier = examined.linked.dossier
    return desk_report.report(made.root, dossier, texts_at_hand(made.root, dossier), **options)


def told(report: Report) -> list[tuple[str, str, str]]:
    """Every notice: its kind, its place and its message."""
    return [
        (section.kind, f"{place.file}:{place.line}:{place.column}", notice.message)
        for section in report.sections
        for place, notice in section.notices
    ]


@pytest.mark.parametrize(("kind", "files", "words", "repair"), CASES.values(), ids=CASES)
def test_every_notice_at_its_place_and_none_once_mended(
    site: Make, kind: str, files: dict[str, str | None], words: str, repair: dict[str, str]
) -> None:
    clean, places = marked({**QUIET, **files})
    found = told(look(site(clean)))
    of_kind = [(place, message) for k, place, message in found if k == kind]
    assert len(of_kind) == 1, found
    assert words in of_kind[0][1]
    if kind not in ("name-unknown", "sentence-unused", "credit-untold", "via-untold", "text-shared"):
        assert [place for place, _ in of_kind] == places
    mended = {path: text and replaced(text, repair) for path, text in clean.items()}
    assert mended != clean
    if kind == "credit-untold":
        mended["content/actors/agencies.yaml"] = (
            "- {id: afp, name: AFP, kind: media}\n- {id: dpa, name: dpa, kind: media}\n"
        )
    assert kind not in [k for k, _, _ in told(look(site(mended, folder="mended")))]


def replaced(text: str, repair: Mapping[str, str]) -> str:
    for old, new in repair.items():
        text = text.replace(old, new)
    return text


def test_every_kind_has_a_case_and_a_heading() -> None:
    assert {kind for kind, *_ in CASES.values()} == set(KINDS) == set(HEADINGS)


def test_a_site_with_nothing_to_say_is_quiet(site: Make) -> None:
    report = look(site(QUIET))
    assert told(report) == []
    assert desk_report.render_text(report) == (
        "Desk report: nothing; 1 of 1 article read. Nothing here stops a build; you judge.\n\n"
        "On one origin rest, in all, 1 fact: kept"
    )


def test_all_facts_on_one_origin_are_named(site: Make) -> None:
    files: dict[str, str | None] = {
        f"content/facts/{number}.yaml": FACT.replace("id: kept", f"id: kept-{number:02}")
        for number in range(30)
    }
    two = FACT.replace("id: kept", "id: kept-twice") + "  - source: echo-vote\n    quote: Night ferry\n"
    echo = {
        "content/sources/echo.yaml": SOURCE.replace("MORE", ARCHIVED)
        .replace("ferry", "echo")
        .replace("Post", "Mail"),
        "content/sources/echo.txt": "Night ferry.\n",
    }
    report = look(site({**QUIET, **echo, **files, "content/facts/a.yaml": two}))
    assert report.single == tuple(f"kept-{number:02}" for number in range(30))
    line = desk_report.render_text(report).splitlines()[-1]
    assert line.startswith("On one origin rest, in all, 30 facts: kept-00, kept-01, ")
    assert line.endswith("kept-24, and 5 more")
    assert desk_report.as_json(report)["on_one_origin"] == list(report.single)


# --- origins ------------------------------------------------------------------------------------------

#: A paragraph, and who is credited with the whole article by it.
CREDITS = {
    "(AFP, dpa)": ["agency AFP", "agency dpa"],
    "ls/sms (AFP, dpa)": ["agency AFP", "agency dpa"],
    "ab/cd (AP/Coast Wire)": ["agency AP", "wire"],
    "The boat sank. (Reuters)": ["agency Reuters"],
    "The boat sank. (dpa und KNA).": ["agency dpa", "agency KNA"],
    "MARLOW (Reuters) - The boat sank.": ["agency Reuters"],
    "MARLOW, March 3 (AP) — The boat sank.": ["agency AP"],
    "The boat sank. — AP": ["agency AP"],
    "The boat sank -- Reuters": ["agency Reuters"],
    "AFP contributed to this report": ["agency AFP"],
    "Reuters and The Associated Press contributed to this report.": ["agency Reuters", "agency AP"],
    "With files from The Canadian Press": ["agency Canadian Press"],
    "With files from CW and Ada Brook": ["wire"],
    "(Additional reporting by Ada Brook, Reuters)": ["agency Reuters"],
    "Source: Agence France-Presse": ["agency AFP"],
    "Quelle: dpa": ["agency dpa"],
    "Mit Material von dpa und AFP": ["agency dpa", "agency AFP"],
    "By Reuters Staff": ["agency Reuters"],
    "Reuters": ["agency Reuters"],
    "AP, AFP": ["agency AP", "agency AFP"],
    # None of these credits anybody.
    "The boat sank, Reuters reported.": [],
    "The World Trade Organization (WTO)": [],
    "Agence France-Presse (AFP)": [],
    "Agence France-Presse (AFP) was told.": [],
    "The boat (of the AP class) sank.": [],
    "An APPLE (tree)": [],
    "ada@dpa.example (mail)": [],
    "Ada Brook contributed to this report": [],
    "The boat — the last one — sank.": [],
    "": [],
}


@pytest.fixture
def names(site: Make) -> Names:
    wire = "{id: wire, name: Coast Wire, kind: media, aliases: [CW]}\n"
    return Names(Planned(site({"content/actors/w.yaml": wire})).dossier)


@pytest.mark.parametrize(("paragraph", "credited"), CREDITS.items(), ids=CREDITS)
def test_who_is_credited(names: Names, paragraph: str, credited: list[str]) -> None:
    assert names.credited(paragraph) == credited


@pytest.mark.parametrize(
    ("paragraph", "reports"),
    {
        "The boat sank, Reuters reported.": ["agency Reuters"],
        "Reuters quoted an unnamed official.": ["agency Reuters"],
        "She said so to none, as quoted by the official Anadolu news agency.": ["agency Anadolu"],
        "According to Coast Wire, the boat sank.": ["wire"],
        "He told AFP so.": ["agency AFP"],
        "Das Boot sank, meldet dpa.": [],
        "Das Boot sank, dpa zufolge.": ["agency dpa"],
        "He wrote a piece for Coast Wire.": [],
        "Coast Wire has a new office.": [],
    }.items(),
)
def test_who_is_said_to_report(names: Names, paragraph: str, reports: list[str]) -> None:
    assert [name for _, name in names.reporting(paragraph)] == reports


def test_an_agency_the_dossier_has_goes_by_its_id(site: Make) -> None:
    actor = "{id: press-agency, name: Associated Press, kind: media}\n"
    names = Names(Planned(site({"content/actors/w.yaml": actor})).dossier)
    assert names.credited("(AP)") == ["press-agency"]
    assert (names.id("press-agency"), names.entry("press-agency")) == ("press-agency", "")
    assert names.entry("agency dpa") == "{id: dpa, name: dpa, kind: media}"


def test_what_to_paste_holds_what_is_there_already(site: Make) -> None:
    _, files, _, _ = CASES["a credit beside the origin given"]
    ((_, notice),) = look(site(marked({**QUIET, **files})[0])).sections[0].notices
    assert notice.help == (
        "origin: [wire, reuters]; and as actors:  {id: reuters, name: Reuters, kind: media}"
    )


@pytest.mark.parametrize(
    ("first", "second", "number"),
    {
        "in quotation marks": (f'He: "{SHARED}."', f"She heard “{SHARED}”.", 0),
        "across a quotation": (SHARED.replace("yard", '"yard" yes'), SHARED.replace("yard", '"yard" yes'), 0),
        "other case and marks": (SHARED.title(), SHARED.replace(" ", ", "), 1),
        "one word too few": (" ".join(SHARED.split()[:11]), " ".join(SHARED.split()[:11]), 0),
        "just enough": (" ".join(SHARED.split()[:12]), " ".join(SHARED.split()[:12]), 1),
        "Chinese": ("渡轮将在冬季大部分时间停泊在船厂港口官员说渡轮停",) * 2 + (1,),
        "a little Chinese": ("渡轮将在冬季大部分时间停",) * 2 + (0,),
    }.values(),
)  # fmt: skip
def test_what_counts_as_shared(site: Make, first: str, second: str, number: int) -> None:
    _, files, _, _ = CASES["copies of one report"]
    clean = marked({**QUIET, **files})[0]
    clean["content/sources/ferry.txt"] = f"They voted to keep the night ferry.\n\n{first}\n"
    clean["content/sources/e.txt"] = f"Now, we hear,\n\n{second}\n"
    assert [k for k, _, _ in told(look(site(clean)))].count("text-shared") == number


def test_furniture_is_no_shared_run(site: Make) -> None:
    _, files, _, _ = CASES["copies of one report"]
    clean = marked({**QUIET, **files})[0]
    text = clean["content/sources/ferry.txt"] or ""
    start, end = text.index("But"), len(text)
    clean["content/sources/ferry.yaml"] = source(f"furniture: [{{start: {start}, end: {end}, why: W}}]")
    assert "text-shared" not in [kind for kind, _, _ in told(look(site(clean)))]


@pytest.mark.parametrize(
    "told_by",
    {
        "an origin": {"content/sources/ferry.yaml": source("origin: [reuters]")},
        "a publisher": {"content/sources/ferry.yaml": source("note: N").replace("Post", "Reuters")},
        "an actor of the fact": {"content/facts/a.yaml": FACT.replace("[marlow", "[reuters, marlow")},
        "a speaker": {"content/facts/a.yaml": FACT + "kind: utterance\nspeaker: reuters\n"},
    }.values(),
)
def test_an_agency_told_of_already_needs_no_via(site: Make, told_by: dict[str, str]) -> None:
    _, files, _, _ = CASES["words of an agency"]
    clean = marked({**QUIET, **files})[0] | told_by
    assert "via-untold" not in [kind for kind, _, _ in told(look(site(clean)))]


def test_answers_to_one_question_are_known_to_differ(site: Make) -> None:
    _, files, _, _ = CASES["two facts on the same words"]
    clean = marked({**QUIET, **files})[0]
    clean["content/questions/q.yaml"] = (
        "{id: q, question: Q?, positions: [{label: A, facts: [kept]}, {label: B, facts: [later]}]}\n"
    )
    assert "near-duplicate" not in [kind for kind, _, _ in told(look(site(clean)))]


def test_a_copy_is_offered_the_origin_of_the_other(site: Make) -> None:
    _, files, _, _ = CASES["copies of one report"]
    clean = marked({**QUIET, **files})[0]
    clean["content/sources/ferry.txt"] = f"{clean['content/sources/ferry.txt']}\n(AFP)\n"
    helps = {n.kind: n.help for section in look(site(clean)).sections for _, n in section.notices}
    assert helps["text-shared"] == "origin: [afp]"


def test_sources_that_count_as_one_need_no_notice(site: Make) -> None:
    _, files, _, _ = CASES["copies of one report"]
    clean = marked({**QUIET, **files})[0]
    clean["content/sources/echo.yaml"] = (clean["content/sources/echo.yaml"] or "").replace(
        "publisher: Echo", "publisher: Post"
    )
    assert "text-shared" not in [k for k, _, _ in told(look(site(clean)))]


@given(
    st.lists(st.sampled_from("abcdefgh"), max_size=60),
    st.lists(st.sampled_from("abcdefgh"), max_size=60),
    st.lists(st.sampled_from(["x", "y", "z"]), min_size=12, max_size=30),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_shared_run_is_found_wherever_it_stands(
    one: list[str], other: list[str], run: list[str], at: int, there: int
) -> None:
    texts = {"one": [*one[:at], *run, *one[at:]], "other": [*other[:there], *run, *other[there:]]}
    found = likeness.shared_runs(texts)["one", "other"]
    assert found.words >= len(run)
    mine = texts["one"][found.first : found.first + found.words]
    assert mine == texts["other"][found.second : found.second + found.words]


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), max_size=20))
def test_all_that_are_alike_are_found(sets: list[frozenset[str]]) -> None:
    found = {(a, b) for a, b, _ in likeness.alike(dict(enumerate(sets)), 0.6)}
    wanted = {
        (a, b)
        for b in range(len(sets))
        for a in range(b)
        if len(sets[a] & sets[b]) >= 0.6 * len(sets[a] | sets[b])
    }
    assert found == wanted


# --- speech -------------------------------------------------------------------------------------------

#: A text, what of it is quoted, more of the fact, and whether all it rests on is speech.
SPEECH = {
    "said before": ("A man said the night ferry stays.", "the night ferry stays", "", True),
    "said behind": ("The night ferry stays, a man said on Friday.", "The night ferry stays", "", True),
    "something else is said": (
        "With the night ferry kept, Ada said that she went.",
        "night ferry kept",
        "",
        False,
    ),
    "the saying itself": ("A man said the night ferry stays.", "A man said the night ferry", "", False),
    "another sentence": ("The night ferry stays. A man said so.", "The night ferry stays", "", False),
    "partly in quotation marks": ("The “night ferry” stays.", "night ferry” stays", "", False),
    "another language": ("«Le bac de nuit reste», dit-elle.", "Le bac de nuit reste", "", True),
    "through somebody": ("“The night ferry stays.”", "The night ferry stays", "via: [marlow-council]", False),
}


@pytest.mark.parametrize(("text", "quote", "more", "speech"), SPEECH.values(), ids=SPEECH)
def test_what_is_speech(site: Make, text: str, quote: str, more: str, speech: bool) -> None:
    fact = FACT.replace("keep the night ferry\n", f"{quote}\n    {more}\n")
    files = {"content/sources/ferry.txt": f"{text}\n", "content/facts/a.yaml": fact}
    kinds = [kind for kind, _, _ in told(look(site({**QUIET, **files})))]
    assert kinds.count("speech-untold") == speech


# --- names and figures --------------------------------------------------------------------------------

#: A text of two paragraphs, and the names in it that nobody has.
NAMES = {
    "twice within": ("It was Rita Vane.", "They saw Rita Vane.", ["Rita Vane"]),
    "once": ("It was Rita Vane.", "They saw her.", []),
    "at the start only": ("Vane came.", "Vane went.", []),
    "at the start and within": ("Vane came.", "They saw Vane.", ["Vane"]),
    "two words at the start": ("Rita Vane came.", "Rita Vane went.", ["Vane"]),
    "in the genitive": ("It was Vane's boat.", "They saw Vane.", ["Vane"]),
    "with a joint": ("The Bank of Orla paid.", "It was the Bank of Orla.", ["Bank of Orla"]),
    "a known name": ("It was Marlow.", "They saw Marlow.", []),
    "an adjective of a known name": ("A Marlowian boat.", "One Marlowian man.", []),
    "a title and a known name": ("It was President Brook.", "They saw President Brook.", []),
    "joined to a known name": ("A Marlow-made boat.", "One Marlow-made hull.", []),
    "a month and a day": ("It was on Monday in May.", "It was on Monday in May.", []),
    "behind a quotation mark": ('"But" he said.', 'Then: "But no."', []),
    "behind a dateline": ("MARLOW (AP) - The boat came.", "MARLOW (AP) - The boat went.", []),
    "a headline": ("Harbour Town Votes To Keep Night Boat", "Harbour Town Votes To Keep Night Boat", []),
    "initials": ("It was the O.R.C. again.", "They asked the O.R.C. then.", ["O.R.C."]),
}


@pytest.mark.parametrize(("one", "other", "found"), NAMES.values(), ids=NAMES)
def test_which_names_are_told(site: Make, one: str, other: str, found: list[str]) -> None:
    text = f"They voted to keep the night ferry.\n\n{one}\n\n{other}\n"
    ada = "{id: ada, name: Ada Brook, kind: person}\n"
    report = look(site({**QUIET, "content/sources/ferry.txt": text, "content/actors/ada.yaml": ada}))
    messages = [message for kind, _, message in told(report) if kind == "name-unknown"]
    assert [re.findall("“(.*?)”", message)[0] for message in messages] == found


@pytest.mark.parametrize("language", ["de", "ar", "zh-Hant"])
def test_a_language_without_telling_capitals_is_said_to_be_passed_over(site: Make, language: str) -> None:
    text = "They voted to keep the night ferry. Das Boot sah Rita Vane. Der Yard sah Rita Vane.\n"
    report = look(
        site(
            {
                **QUIET,
                "content/sources/ferry.txt": text,
                "content/sources/ferry.yaml": source(f"language: {language}"),
            }
        )
    )
    assert "name-unknown" not in [kind for kind, _, _ in told(report)]
    assert "Not looked through for names" in desk_report.render_text(report)
    assert report.nameless == ("ferry-vote",)


@pytest.mark.parametrize(
    ("sentence", "language", "holds"),
    {
        "digits": ("It has 12 seats.", "en", True),
        "in words": ("It has twelve seats.", "en", True),
        "a month": ("It came in July.", "en", True),
        "a day": ("It came on Tuesday.", "en", True),
        "a share": ("Some 3% came.", "fr", True),
        "in German words": ("Es kamen zwölf.", "de", True),
        "a type": ("The S-400 and the F-35s.", "en", False),
        "a vague word": ("The first one of both.", "en", False),
        "nothing": ("It came.", "en", False),
        "a language without a list": ("Se tuli.", "fi", False),
    }.values(),
)
def test_what_is_a_figure(sentence: str, language: str, holds: bool) -> None:
    assert holds_figure(sentence, language) == holds


# --- dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "published", "quote", "told_of"),
    [
        ("2020-03-04", "2020-03-04", "keep", False),
        ("2020-03", "2020-03-04", "keep", False),
        ("2020", "2020-03", "keep", False),
        ("2020-03-04?", "2020-03-04", "keep", False),
        ("2020-03", "2020", "keep", True),
        ("2019", "2020", "keep", True),
        ("2019", "2020", "in 2019", False),
        ("2019-03", "2020", "in 2019", True),
        ("2019-03", "2020", "in March 2019", False),
        ("2019-03-05", "2020", "on 5 March 2019", False),
        ("2019-03-05", "2020", "in March 2019", True),
        ("../2019", "2020", "keep", True),
        ("2019?", "2020", "in 2019", True),
    ],
)
def test_which_dates_want_a_reason(site: Make, date: str, published: str, quote: str, told_of: bool) -> None:
    dated = source("note: N").replace("published: 2020-03-04", f"published: {published}")
    fact = FACT.replace("date: 2020-03-04", f'date: "{date}"')
    files = {
        **QUIET,
        "content/sources/ferry.yaml": dated,
        "content/sources/ferry.txt": f"They voted to keep it, {quote}.\n",
        "content/facts/a.yaml": fact.replace("quote: keep the night ferry", f'quote: "it, {quote}"'),
    }
    assert ("date-unreasoned" in [kind for kind, _, _ in told(look(site(files)))]) == told_of


# --- the report ---------------------------------------------------------------------------------------


def many(number: int) -> dict[str, str | None]:
    """A site with so many sources that nobody archived, of which one is absent."""
    rows = "".join(
        f"- {{id: s{n}, title: T, publisher: Post, published: 2020-03-04, text: ferry.txt}}\n"
        for n in range(number)
    )
    evidence = "".join(f"  - {{source: s{n}, quote: keep the night ferry}}\n" for n in range(number))
    return {
        **QUIET,
        "content/sources/ferry.yaml": rows,
        "content/facts/a.yaml": FACT.partition("evidence:\n")[0] + "evidence:\n" + evidence,
    }


def test_a_person_sees_the_first_and_a_program_all(site: Make) -> None:
    made = site(many(desk_report.SHOWN + 3))
    shown = CliRunner().invoke(main, ["check", "--desk", "--site", str(made.root)])
    assert f"A source without an archived copy ({desk_report.SHOWN + 3})  not-archived" in shown.output
    assert "  and 3 more; --format json has all" in shown.output
    assert shown.output.count("do: keep it in a web archive") == desk_report.SHOWN
    asked = CliRunner().invoke(main, ["check", "--desk", "--format", "json", "--site", str(made.root)])
    desk = json.loads(asked.output)["desk"]
    assert len(desk["notices"]) == desk_report.SHOWN + 3
    assert desk["notices"][0] == {
        "kind": "not-archived",
        "file": "content/sources/ferry.yaml",
        "line": 1,
        "column": 3,
        "id": "s0",
        "message": "has no address and no archived copy",
        "help": "keep it in a web archive:  archived: {url: ADDRESS OF THE COPY, date: DAY}",
    }
    assert (shown.exit_code, asked.exit_code) == (0, 0)


def test_it_says_which_articles_are_absent(site: Make, tmp_path: Path) -> None:
    made = site(QUIET)
    build.relock(made.root)
    (made.root / "content/sources/ferry.txt").unlink()
    shown = CliRunner().invoke(
        main, ["check", "--desk", "--site", str(made.root)], env={"FACTSHEET_TEXTS": None}
    )
    assert "0 of 1 article read" in shown.output
    assert "Not read: ferry-vote: its saved text ferry.txt is not here; put it beside" in shown.output
    asked = CliRunner().invoke(
        main, ["check", "--desk", "--format", "json", "--site", str(made.root)], env={"FACTSHEET_TEXTS": None}
    )
    assert [row["source"] for row in json.loads(asked.output)["desk"]["absent"]] == ["ferry-vote"]


def test_it_comes_beside_the_problems_and_writes_nothing(site: Make) -> None:
    made = site({**QUIET, "content/facts/a.yaml": FACT + "topics: [nowhere]\n"})
    before = {path: path.read_bytes() for path in made.root.rglob("*") if path.is_file()}
    shown = CliRunner().invoke(main, ["check", "--desk", "--site", str(made.root)])
    assert "error[unknown-topic]" in shown.output
    assert "Desk report: " in shown.output
    assert shown.exit_code == 1
    assert {path: path.read_bytes() for path in made.root.rglob("*") if path.is_file()} == before
    refused = CliRunner().invoke(main, ["check", "--desk", "--format", "github", "--site", str(made.root)])
    assert refused.exit_code == 2
    assert "--desk has no form for github" in refused.output


@pytest.mark.parametrize("case", ["copies of one report", "a figure in no fact", "a name without an actor"])
def test_few_words_of_an_article_are_shown(site: Make, case: str) -> None:
    clean = marked({**QUIET, **CASES[case][1]})[0]
    text = likeness.folded(" ".join(clean[path] or "" for path in clean if path.endswith(".txt")))
    shown = likeness.folded(desk_report.render_text(look(site(clean))))
    runs = likeness.shared_runs({"text": text, "report": shown})
    assert FEW == 5
    assert not runs
    held = {tuple(text[n : n + FEW + 1]) for n in range(len(text))}
    assert not held & {tuple(shown[n : n + FEW + 1]) for n in range(len(shown) - FEW)}


def test_the_page_of_the_preview_tells_of_drafts_and_is_no_part_of_a_site(site: Make) -> None:
    plan = FACT + "kind: plan\ndue: 2020-03\ndraft: true\n"
    draft = (
        plan.replace("id: kept", "id: drafted").replace("2020-03-04", "2020-01").replace("2020-03", "2020-02")
    )
    made = site({**QUIET, "content/facts/b.yaml": draft + "dating: {basis: B}\n"})
    assert "fact drafted" in preview.desk(made.root).decode()
    assert "drafted" not in desk_report.render_text(look(made))
    assert Quick(made.root).build(preview=True).exit_code == 0
    assert not [path for path in made.files() if "desk" in path]
    made.write("site.yaml", "format: 2\n")
    assert "Desk report" in preview.desk(made.root).decode()


def test_the_page_of_the_preview_is_sound(
    site: Make, tmp_path: Path, nu: Callable[[Path], list[str]]
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    files = {**many(desk_page.SHOWN + 1), "site.yaml": '{format: 1, title: "<b>T</b>", start: [kept]}\n'}
    made = site(files)
    page = desk_page.render(look(made, shown=desk_page.SHOWN))
    (folder / "full.html").write_bytes(page)
    (folder / "empty.html").write_bytes(desk_page.render(desk_report.EMPTY))
    assert nu(folder) == []
    text = page.decode()
    assert "and 1 more;" in text
    assert "content/sources/ferry.yaml:1" in text
    assert "style=" not in text
    assert "<script" not in text
