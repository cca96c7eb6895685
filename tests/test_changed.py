"""A saved text that changed: what became of its quotes, what a build says, and what `lock` takes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from click.testing import CliRunner

from conftest import SmallSite, digests
from generator import build, changed, cli, lock
from generator.changed import accept, word_diff
from generator.located import LocatedSource
from generator.lock import Earlier, Lock
from generator.saved import read_saved
from planned import Planned, quick, told

Make = Callable[..., SmallSite]
TEXT = """\
The mill burns again

The mill of Arden burnt down on Monday night. Nobody was hurt, the fire brigade said.

Its owner, Pia Lund, wants to build it anew by 2022. "We shall grind again," she told the paper.
"""
FILE = "content/sources/mill.txt"
SOURCE = "content/sources/mill.yaml"
FACTS = """\
- id: fire
  statement: The mill burns down.
  date: 2020-03-02
  dating: {phrase: on Monday night, basis: Printed on Wednesday}
  evidence:
    - {source: mill, quote: The mill of Arden burnt down}
- id: unhurt
  statement: Nobody is hurt.
  date: 2020-03-02
  evidence:
    - {source: mill, quote: Nobody was hurt}
    - source: mill
      quote: Pia Lund […] build it anew
      omission: who she is
"""


def mill(site: Make, **more: str) -> SmallSite:
    """A site with one source and three quotes of it, locked."""
    made = site(
        {
            "site.yaml": "{format: 1, title: Mills, limits: {share: 0.9}}\n",
            FILE: TEXT,
            SOURCE: "- id: mill\n  title: The mill burns again\n  publisher: Post\n"
            "  published: 2020-03-04\n  text: mill.txt\n",
            "content/facts/mill.yaml": FACTS,
            "content/sources/ferry.yaml": None,
            "content/sources/ferry.txt": None,
            "content/actors/marlow.yaml": None,
            **more,
        }
    )
    assert build.relock(made.root).ok
    return made


def locked(made: SmallSite) -> str:
    return (made.root / build.LOCK).read_text(encoding="utf-8")


def save(made: SmallSite, text: str) -> None:
    (made.root / FILE).write_bytes(text.encode())


def type_in(made: SmallSite, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        cli.main, [words[0], "--site", str(made.root), *words[1:]], env={"FACTSHEET_TEXTS": None}
    )
    return result.exit_code, result.output


#: The new text; the fates of the quotes and, second, of the dating phrase; codes beside lock-differs.
FATES: dict[str, tuple[str, list[str], list[str]]] = {
    "something added at the end": (TEXT + "Printed on Wednesday.\n", ["unmoved"] * 4, []),
    "a word of the same length": (TEXT.replace("paper", "press"), ["unmoved"] * 4, []),
    "a word put in at the start": ("Again: " + TEXT, ["moved"] * 4, []),
    "a word put in between": (
        TEXT.replace("Nobody", "Luckily! Nobody"),
        ["unmoved", "unmoved", "moved", "moved"],
        [],
    ),
    "line ends": (TEXT.replace("\n", "\r\n"), ["moved"] * 4, []),
    "printed otherwise": (
        TEXT.replace("Nobody was", "Nobody\u00a0was"),
        ["unmoved", "unmoved", "moved", "unmoved"],
        [],
    ),
    "a word changed": (
        TEXT.replace("Nobody was hurt", "Nobody was killed"),
        ["unmoved", "unmoved", "altered", "moved"],
        ["quote-not-found"],
    ),
    "words that stand twice": (
        TEXT + "Nobody was hurt, said the owner.\n",
        ["unmoved", "unmoved", "ambiguous", "unmoved"],
        ["quote-ambiguous"],
    ),
    "the date's words gone": (
        TEXT.replace("on Monday night", "in the early hours"),
        ["unmoved", "missing", "moved", "moved"],
        ["phrase-not-found"],
    ),
    "a part gone": (
        TEXT.replace("build it anew", "let it rest"),
        ["unmoved", "unmoved", "unmoved", "altered"],
        ["quote-not-found"],
    ),
    "another article": (
        "Prices of bread rise\n\nBakers ask for more.\n",
        ["missing", "missing", "missing"],
        ["quote-not-found"] * 3,
    ),
}


@pytest.mark.parametrize(("text", "fates", "codes"), FATES.values(), ids=FATES)
def test_what_became_of_each_quote(site: Make, text: str, fates: list[str], codes: list[str]) -> None:
    made = mill(site)
    before = locked(made)
    save(made, text)
    # A build tells of the text once, at the line that names it, and of each quote that has to be mended.
    planned = Planned(made)
    (problem,) = [p for p in planned.problems if p.code == "lock-differs"]
    assert f"{problem.code} {SOURCE}:5:9" == " ".join(next(t for t in planned.told if t[0] == problem.code))
    assert sorted(p.code for p in planned.problems if p != problem) == codes
    assert not planned.ok
    held, _ = lock.loads(before, "")
    (found,) = changed.changes(held, planned.dossier, {"mill": read_saved("mill", text.encode())})
    assert [each.fate for each in found.quoted] == fates
    assert found.is_settled == (set(fates) <= {"unmoved"})
    assert found.is_sound == (not codes)
    # The command tells of every quote, and writes only where nobody has to look first.
    code, output = type_in(made, "lock")
    rows = [line.split()[0] for line in output.splitlines() if line.startswith("  ") and ": " in line]
    assert [row for row in rows if row in changed.FATES] == fates
    assert (code == 0) == found.is_settled == (locked(made) != before)
    assert ("--accept mill" in output) == (found.is_sound and not found.is_settled)
    if not found.is_settled:
        code, output = type_in(made, "lock", "--accept", "mill")
        assert (code == 0) == found.is_sound == (locked(made) != before)
    assert Planned(made).ok == found.is_sound
    assert (type_in(made, "lock", "--check")[0] == 0) == found.is_sound


def test_the_report_shows_where_words_went_and_which_changed(site: Make) -> None:
    made = mill(site)
    text = TEXT.replace("Nobody was hurt, the", "Nobody\u00a0was badly hurt, the").replace(
        "Pia L", "Ms Pia L"
    )
    save(made, text.replace("The mill of", "The mill\u00a0of").replace("on Monday", "early on Monday"))
    code, output = type_in(made, "lock")
    start, now = TEXT.index("build it anew"), made.root.joinpath(FILE).read_text().index("build it anew")
    assert code == 1
    assert "error[quote-not-found] content/facts/mill.yaml:11:29" in output
    assert "written for (3 quotes and 1 dating phrase: 3 moved, 1 altered)\n" in output
    words = '"The mill of Arden burnt down", in the same place, printed otherwise'
    assert f"  moved     fact fire, evidence 1: {words}" in output
    assert "  moved     fact fire, dating phrase: " in output
    assert "  altered   fact unhurt, evidence 1: Nobody was {+badly+} hurt\n" in output
    assert f", {start}–{start + 13}, now " in output
    assert f", {now}–{now + 13}\n" in output
    assert output.endswith("Nothing was written.\n")


def test_only_line_ends_is_said_where_it_is_so(site: Make) -> None:
    made = mill(site)
    for text, known in (
        (TEXT.replace("\n", "\r\n"), True),
        (TEXT.replace("\n", "\r").rstrip("\r"), True),
        (TEXT + "\n", True),
        (TEXT.replace("\n", "\r\n").replace("anew", "again"), False),
    ):
        save(made, text)
        (problem,) = [p for p in Planned(made).problems if p.code == "lock-differs"]
        assert problem.message.startswith("only the line ends") == known
        assert ("line ends LF again" in problem.help) == known
    save(made, TEXT.replace("\n", "\r\n"))
    assert type_in(made, "lock", "--accept", "mill")[0] == 0
    save(made, TEXT)
    (problem,) = Planned(made).problems
    assert "line ends CR LF again" in problem.help


def test_the_lock_remembers_earlier_texts_by_digest_and_length(site: Make) -> None:
    made = mill(site)
    texts = [TEXT, "New. " + TEXT, "Newer. " + TEXT]
    assert '"earlier"' not in locked(made)
    for text in texts[1:]:
        save(made, text)
        assert type_in(made, "lock", "--accept", "mill")[0] == 0
    held, problems = lock.loads(locked(made), "")
    assert problems == []
    states = [Earlier(len(t), sha256(t.encode()).hexdigest()) for t in texts]
    assert held.earlier == {"mill": (states[1], states[0])}
    (line,) = [line for line in locked(made).splitlines() if '"earlier"' in line]
    assert line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"))
    # An earlier text is known again, and after going back to it the later ones are the earlier.
    for ago, text in ((1, texts[1]), (2, texts[0])):
        save(made, text)
        (problem,) = Planned(made).problems
        assert "an earlier state" in problem.message
        assert ("the one before the last" if ago == 1 else "2 states ago") in problem.message
        assert "put the later text back" in problem.help
    assert type_in(made, "lock", "--accept", "mill")[0] == 0
    held, _ = lock.loads(locked(made), "")
    assert held.earlier == {"mill": (states[2], states[1])}


def test_the_history_outlives_writing_without_the_text_and_changes_no_page(site: Make) -> None:
    made = quick(mill(site))
    save(made, "New. " + TEXT)
    build.relock(made.root, accept=("mill",))
    before = locked(made)
    assert made.build().codes == []
    (made.root / FILE).unlink()
    assert build.relock(made.root).ok
    assert locked(made) == before
    assert made.build(output=made.root / "by-lock").codes == []
    assert digests(made.root / "by-lock") == made.files()


def test_a_quote_edited_for_the_new_text_needs_no_more(site: Make) -> None:
    made = mill(site)
    save(made, TEXT.replace("Nobody was hurt", "None were hurt"))
    assert type_in(made, "lock")[0] == 1
    made.write("content/facts/mill.yaml", FACTS.replace("Nobody was hurt", "None were hurt"))
    code, output = type_in(made, "lock")
    assert "  new       fact unhurt, evidence 1: " in output
    assert (code, "--accept mill" in output) == (1, True)
    assert type_in(made, "lock", "--accept", "mill")[0] == 0


def test_several_changed_texts_are_taken_on_together_or_not_at_all(site: Make) -> None:
    second = FACTS.replace("mill,", "mill-b,").replace("source: mill\n", "source: mill-b\n")
    made = mill(
        site,
        **{
            "content/sources/b.yaml": "{id: mill-b, title: B, publisher: B, published: 2020, text: b.txt}\n",
            "content/sources/b.txt": TEXT,
            "content/facts/b.yaml": second.replace("id: fire", "id: b").replace("id: unhurt", "id: b2"),
        },
    )
    before = locked(made)
    save(made, "New. " + TEXT)
    made.write("content/sources/b.txt", "New. " + TEXT)
    assert [code for code, _ in told(Planned(made).problems)] == ["lock-differs"] * 2
    for given in ([], ["--accept", "mill"]):
        code, output = type_in(made, "lock", *given)
        assert (code, locked(made)) == (1, before)
        assert output.endswith(f"{accept('mill', 'mill-b')}\n")
    assert type_in(made, "lock", "--accept", "mill", "--accept", "mill-b")[0] == 0


def test_what_cannot_be_accepted(site: Make) -> None:
    made = mill(site)
    before = locked(made)
    code, output = type_in(made, "lock", "--accept", "mil")
    assert (code, 'Did you mean "mill"?' in output) == (2, True)
    assert type_in(made, "lock", "--accept", "mill", "--check")[0] == 2
    code, output = type_in(made, "lock", "--accept", "mill")
    assert (code, "source mill: nothing to accept" in output) == (0, True)
    save(made, "New. " + TEXT)
    assert type_in(made, "lock", "--accept", "mil")[0] == 2
    assert type_in(made, "lock", "--check")[0] == 1
    assert locked(made) == before


def test_furniture_of_the_former_text_is_to_be_looked_at(site: Make) -> None:
    furnished = "{id: mill, title: M, publisher: P, published: 2020, text: mill.txt, furniture: [{start: 0,"
    made = mill(site, **{SOURCE: furnished + " end: 20, why: headline}]}\n"})
    save(made, "New. " + TEXT)
    assert "its furniture counts characters of the former text" in type_in(made, "lock")[1]


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [("hurt, the fire", "hurt, the mill", 0), ("owner, Pia", "buyer, Pia", 1), ("again", "anew,", None)],
)
def test_words_shown_beside_a_quote_count_as_well(site: Make, old: str, new: str, number: int | None) -> None:
    made = mill(site, **{"site.yaml": "{format: 1, title: M, context: 2, limits: {share: 0.9}}\n"})
    save(made, TEXT.replace(old, new))
    held, _ = lock.loads(locked(made), "")
    saved = read_saved("mill", (made.root / FILE).read_bytes())
    (found,) = changed.changes(held, Planned(made).dossier, {"mill": saved})
    moved = [each for each in found.quoted if each.fate != "unmoved"]
    assert [(each.fact, each.number, each.fate) for each in moved] == (
        [] if number is None else [("unhurt", number, "moved")]
    )
    assert all(each.before == each.now for each in found.quoted)


DIFFS = {
    "a word changed": ("one of the arches", "one of its arches", "one of [-the-] {+its+} arches"),
    "a word gone": ("will not be built", "will be built", "will [-not-] be built"),
    "a word come": ("will be built", "will not be built", "will {+not+} be built"),
    "at both ends": ("the old mill", "an old mill stands", "[-the-] {+an+} old mill {+stands+}"),
    "folded words are the same": ('"no" he said', "“no” she said", "“no” [-he-] {+she+} said"),
    "without spaces": ("不会取消", "可会取消", "[-不-]{+可+}会取消"),
}


@pytest.mark.parametrize(("typed", "own", "diff"), DIFFS.values(), ids=DIFFS)
def test_word_diffs(typed: str, own: str, diff: str) -> None:
    assert word_diff(typed, own) == diff


def test_a_history_that_is_no_history_is_damage() -> None:
    measures = LocatedSource("paper", "0" * 64, 5, ())
    good = lock.dumps([measures], [], Lock({}, {"paper": LocatedSource("paper", "1" * 64, 4, ())}))
    held, problems = lock.loads(good, "")
    assert (problems, held.age("paper", "1" * 64), held.age("paper", "2" * 64)) == ([], 1, 0)
    for bad in ('"length":"4"', '"size":4', '"length":4,"date":"2020"'):
        held, problems = lock.loads(good.replace('"length":4', bad), "")
        assert ([p.code for p in problems], held.sources, held.earlier) == (["lock-damaged"], {}, {})
