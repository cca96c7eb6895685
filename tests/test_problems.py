"""Problems as a person, a program and a pull request see them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.problems import CODES, Place, Pointer, Problem, few, render_github, render_json, render_text

QUOTE = Problem(
    code="quote-not-found",
    message="the quote does not stand in its source",
    at=Place("content/facts/a.yaml", 9, 14),
    subject="fact first-batch, source s",
    nearest='"first batch arrived" (characters 1–20; 1 word differs, so it is not accepted)',
    help='copy the words again, or run  factsheet quote s "first batch"',
    excerpt="      quote: first batch came",
)
COLON = Problem(
    code="yaml-colon",
    message="a colon, and more",
    at=Place("content/facts/a.yaml", 1204, 3),
    help="quote it",
    excerpt="\ta: b: c",
)
FOLDER = Problem(code="file-not-read", message="is not read", at=Place("content/x.csv"), severity="warning")


def test_text_in_full():
    assert render_text([FOLDER, COLON, QUOTE], {"facts": 41, "quotes": 1, "entries": 1}) == (
        "error[quote-not-found] content/facts/a.yaml:9:14  fact first-batch, source s\n"
        "   9 |       quote: first batch came\n"
        '  nearest: "first batch arrived" (characters 1–20; 1 word differs, so it is not accepted)\n'
        '  help: copy the words again, or run  factsheet quote s "first batch"\n'
        "\n"
        "error[yaml-colon] content/facts/a.yaml:1204:3\n"
        "1204 | →a: b: c\n"
        "  a colon, and more\n"
        "  help: quote it\n"
        "\n"
        "warning[file-not-read] content/x.csv\n"
        "  is not read\n"
        "\n"
        "checked 41 facts, 1 quote, 1 entry: 2 errors, 1 warning in 2 files"
    )


@pytest.mark.parametrize(
    ("problems", "checked", "last"),
    [
        ([], {"facts": 2}, "checked 2 facts: no problems"),
        ([], {}, "no problems"),
        ([QUOTE], {}, "1 error in 1 file"),
        ([FOLDER, FOLDER], {"facts": 0}, "checked 0 facts: 2 warnings in 1 file"),
    ],
)
def test_the_count_of_what_was_checked(problems, checked, last):
    assert render_text(problems, checked).splitlines()[-1] == last


def test_a_build_shows_the_first_warnings_of_each_kind_and_counts_the_rest():
    kinds = {"unused-entry": 9, "evidence-twice": 5, "confirmed-by-one": 6}
    found = [
        Problem(code=code, message=f"{code} {n}", at=Pointer("content/a.yaml", n), severity="warning")
        for code, number in kinds.items()
        for n in reversed(range(number))
    ]
    errors = [
        Problem(code="quote-not-found", message=str(n), at=Place("content/a.yaml", n)) for n in range(9)
    ]
    told = [*found, *errors]
    chosen, more = few(told)
    assert more == {"confirmed-by-one": 1, "unused-entry": 4}
    assert chosen == sorted(chosen)
    shown = [told[at] for at in chosen]
    assert shown[-9:] == errors
    unused = sorted(p.message for p in shown if p.code == "unused-entry")
    assert unused == [f"unused-entry {n}" for n in range(5)]
    assert render_text(shown, {"facts": 2}, more=more).splitlines()[-7:] == [
        "warning[confirmed-by-one] 1 more of these",
        "",
        "warning[unused-entry] 4 more of these",
        "",
        "  help: factsheet check  shows all of them",
        "",
        "checked 2 facts: 9 errors, 20 warnings",
    ]


def test_order_does_not_depend_on_that_of_the_checks():
    assert render_text([QUOTE, COLON, FOLDER], {}) == render_text([FOLDER, COLON, QUOTE], {})
    assert render_json([QUOTE, COLON, FOLDER], {}) == render_json([FOLDER, COLON, QUOTE], {})


def test_the_gutter_is_as_wide_as_the_longest_line_number():
    far = Problem(code="x", message="m", at=Place("a", 123456, 1), excerpt="y")
    lines = render_text(
        [far, Problem(code="x", message="m", at=Place("a", 7, 1), excerpt="z")], {}
    ).splitlines()
    assert "     7 | z" in lines
    assert "123456 | y" in lines


def test_colour_changes_nothing_but_colour():
    painted = render_text([QUOTE, FOLDER], {"facts": 1}, colour=True)
    assert painted.startswith("\x1b[1;31merror[quote-not-found]\x1b[0m content")
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == render_text([QUOTE, FOLDER], {"facts": 1})


def test_content_cannot_steer_the_terminal():
    problem = Problem(
        code="c",
        message="m\x1b[2J\u202e",
        at=Place("a\x9b.yaml", 1, 1),
        subject="fact \x07",
        nearest="\u2066",
        help="\r",
        excerpt="\x1b]0;x",
    )
    text = render_text([problem], {})
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "m\\x1b[2J\\u202e" in text


def test_a_very_long_line_is_shown_around_its_column():
    def shown(column):
        at = Place("a", 1, column)
        long = Problem(code="c", message="m", at=at, excerpt="a" * 500 + "X" + "b" * 500)
        return render_text([long], {}).splitlines()[1].removeprefix("   1 | ")

    assert "X" in shown(501)
    assert (shown(501)[0], shown(501)[-1]) == ("…", "…")
    assert shown(1) == "a" * 160 + "…"
    assert shown(1001) == "…" + "b" * 160


def test_json():
    shown = json.loads(render_json([FOLDER, QUOTE], {"facts": 41}))
    assert shown["checked"] == {"facts": 41}
    assert shown["problems"][0] == {
        "code": "quote-not-found",
        "severity": "error",
        "file": "content/facts/a.yaml",
        "line": 9,
        "column": 14,
        "id": "first-batch",
        "message": "the quote does not stand in its source",
        "help": QUOTE.help,
    }
    assert (shown["problems"][1]["id"], shown["problems"][1]["line"]) == ("", 0)


def test_github_annotations():
    awkward = Problem(code="c", message="100 %, at\nonce: yes", at=Place("a,b:c%.yaml", 2, 3), help="do it")
    assert render_github([FOLDER, awkward, COLON]).splitlines() == [
        "::error file=a%2Cb%3Ac%25.yaml,line=2,col=3,title=c::100 %25, at%0Aonce: yes%0Ado it",
        "::error file=content/facts/a.yaml,line=1204,col=3,title=yaml-colon::a colon, and more%0Aquote it",
        "::warning file=content/x.csv,title=file-not-read::is not read",
    ]
    assert "nearest: " in render_github([QUOTE])
    assert render_github([]) == ""


def test_a_pointer_not_yet_placed_stands_for_its_file():
    problem = Problem(code="c", message="m", at=Pointer("a.yaml", 3, ("x",)))
    assert render_text([problem], {}).startswith("error[c] a.yaml\n")


def test_every_code_is_a_word_with_a_meaning():
    for code, meaning in CODES.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert re.fullmatch(r"[^A-Z].*[^.]", meaning)
    assert len(set(CODES.values())) == len(CODES)


def test_every_code_that_reading_can_tell_is_in_the_table():
    """Codes are written as plain strings beside their messages, so the source itself lists them."""
    folder = Path(__file__).parents[1] / "generator"
    told = set()
    for name in ("yamlfile", "yamlsyntax", "schema", "rules", "tree", "read"):
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        told |= set(
            re.findall(
                r'(?:code=|Mistake\(\s*|_Row\(\s*"[^"]*",\s*|_Stop\(\s*|tell\(\s*)"([a-z0-9-]+)"', source
            )
        )
    assert len(told) > 40
    assert told <= set(CODES)
