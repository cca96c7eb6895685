"""Corrections proposed from the history of the content: small repositories, made here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as Invoked
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import cli, history
from generator.content import Change
from generator.problems import Problem
from generator.proposals import Proposal, render
from generator.yamlfile import read_yaml
from planned import Planned

Make = Callable[..., SmallSite]
FACTS = "content/facts/ferry.yaml"


def fact(statement: str = "The ferry stays.", date: str = "2020-03-03", more: str = "", **other: str) -> str:
    quote = other.get("quote", "keep the night ferry running")
    key = other.get("key", "ferry-kept")
    actors = other.get("actors", "[marlow-council]")
    return (
        f"- id: {key}\n  statement: {statement}\n  date: {date}\n  actors: {actors}\n"
        f"  evidence: [{{source: ferry-vote, quote: {quote}}}]\n{more}"
    )


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of whoever runs the tests, and no repository above them."""
    for name in [n for n in os.environ if n.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CEILING_DIRECTORIES": str(tmp_path),
        **{
            f"GIT_{who}_{what}": "a@marlow.example"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }.items():
        monkeypatch.setenv(name, value)


class Repository:
    """A site kept with git."""

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, day: str = "2022-01-01") -> None:
        stamp = f"{day}T12:00:00+00:00"
        env = {**os.environ, "GIT_AUTHOR_DATE": "2001-01-01T12:00:00+00:00", "GIT_COMMITTER_DATE": stamp}
        subprocess.run(["git", *arguments], cwd=self.site.root, env=env, check=True, capture_output=True)

    def commit(self, day: str, subject: str, facts: str | None = None, path: str = FACTS) -> None:
        if facts is not None:
            self.site.write(path, facts)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject, day=day)

    def proposed(self) -> list[dict[str, str]]:
        """The changes proposed, as parsed from what is printed."""
        done = run(self.site, "--from-git")
        assert done.exit_code == 0, done.output
        if done.output.startswith("Nothing"):
            return []
        found: list[dict[str, str]] = []
        for block in done.output.split("\n\n"):
            (entry,), problems = read_yaml(block, "pasted")
            assert problems == []
            name = block.partition("\n")[0].rpartition(" ")[2]
            found += [{"fact": name, **change} for change in entry["changes"]]  # type: ignore[union-attr,misc,index]
        return found


def run(site: SmallSite, *options: str) -> Invoked:
    return CliRunner().invoke(cli.main, ["changes", "--site", str(site.root), *options])


def kept(site: Make, *states: tuple[str, str, str]) -> Repository:
    made = Repository(site({FACTS: states[0][2]}))
    for day, subject, facts in states:
        made.commit(day, subject, facts)
    return made


CHANGES = {
    "the statement": (fact("The ferry stays open."), {"kind": "wording", "was": "The ferry stays."}),
    "the date": (fact(date="2020-03"), {"kind": "date", "was": "2020-03-03"}),
    "the status": (fact(more="  status: denied\n"), {"kind": "status", "was": "reported"}),
    "a withdrawal": (fact(more="  status: withdrawn\n"), {"kind": "withdrawal", "was": "reported"}),
    "the actors": (
        fact(actors="[{id: marlow-council, role: voter}]"),
        {"kind": "actors", "was": "marlow-council"},
    ),
    "the evidence": (
        fact(quote="keep the night ferry"),
        {"kind": "evidence", "was": "1 quote of ferry-vote"},
    ),
}


@pytest.mark.parametrize(("facts", "change"), CHANGES.values(), ids=CHANGES)
def test_a_changed_part_of_a_fact_is_proposed(site: Make, facts: str, change: dict[str, str]) -> None:
    made = kept(site, ("2022-01-01", "First", fact()), ("2022-02-03", 'It\'s "narrowed": so', facts))
    assert made.proposed() == [
        {"fact": "ferry-kept", "date": "2022-02-03", **change, "reason": 'It\'s "narrowed": so'}
    ]


QUIET = {
    "nothing": [fact()],
    "white space": [fact("The  ferry stays")],
    "a note": [fact(more="  note: More.\n")],
    "a new fact": [fact() + fact(key="other")],
    "undone the same day": [fact("The ferry sinks."), fact()],
    "told by its words": [
        fact(
            "The ferry sinks.",
            more="  changes: [{date: 2022-05-05, kind: wording, was: The ferry stays, reason: R.}]\n",
        )
    ],
    "told by its day": [
        fact(date="2021", more="  changes: [{date: 2022-02-03, kind: date, reason: R.}]\n"),
    ],
    "withdrawn, and told": [
        fact(more="  status: withdrawn\n  changes: [{date: 2022-05-05, kind: withdrawal, reason: R.}]\n")
    ],
    "before it was published": [fact("The ferry sinks.", more="  added: 2022-02-04\n")],
    "a fact that is gone": [fact(key="other")],
    "a draft now": [fact("The ferry sinks.", more="  draft: true\n")],
}


@pytest.mark.parametrize("later", QUIET.values(), ids=QUIET)
def test_what_readers_need_not_be_told_is_not_proposed(site: Make, later: list[str]) -> None:
    states = [("2022-02-03", f"Change {n}", facts) for n, facts in enumerate(later)]
    assert kept(site, ("2022-01-01", "First", fact()), *states).proposed() == []


def test_a_draft_that_is_published_was_not_changed(site: Make) -> None:
    draft = fact("Perhaps the ferry stays.", more="  draft: true\n")
    assert kept(site, ("2022-01-01", "First", draft), ("2022-02-03", "Out", fact())).proposed() == []


def test_changes_of_one_part_on_one_day_are_one_and_others_stay_apart(site: Make) -> None:
    made = kept(
        site,
        ("2022-01-01", "First", fact("A.")),
        ("2022-02-01", "Second", fact("B.")),
        ("2022-02-01", "Third", fact("C.", date="2020")),
        ("2022-03-01", "Fourth", fact("D.", date="2020")),
    )
    found = [(c["date"], c["kind"], c["was"], c["reason"]) for c in made.proposed()]
    assert found == [
        ("2022-02-01", "wording", "A.", "Third"),
        ("2022-02-01", "date", "2020-03-03", "Third"),
        ("2022-03-01", "wording", "C.", "Fourth"),
    ]


def test_a_fact_is_followed_through_other_files_and_ids(site: Make) -> None:
    made = kept(site, ("2022-01-01", "First", fact("A.", key="old")))
    (made.site.root / FACTS).unlink()
    moved = fact("B.", more="  formerly: [old]\n")
    made.commit("2022-02-01", "Moved and changed", moved, "content/facts/2020/kept.yaml")
    (change,) = made.proposed()
    assert (change["fact"], change["was"]) == ("ferry-kept", "A.")
    assert "# content/facts/2020/kept.yaml, fact ferry-kept\n" in run(made.site, "--from-git").output


def test_a_state_that_cannot_be_read_is_passed_over(site: Make) -> None:
    made = kept(
        site,
        ("2022-01-01", "First", fact("A.") + fact(key="other")),
        ("2022-02-01", "No YAML", "- id: [\n"),
        ("2022-03-01", "An entry with a mistake", fact("B.", date="soon") + fact(key="other")),
        ("2022-04-01", "Mended", fact("C.") + fact(key="other")),
    )
    assert [(c["date"], c["was"]) for c in made.proposed()] == [("2022-04-01", "A.")]


def test_a_merge_counts_on_the_day_it_came_to_the_branch(site: Make) -> None:
    made = kept(site, ("2022-01-01", "First", fact("A.")))
    made.git("switch", "-q", "-c", "side")
    made.commit("2022-02-01", "Aside", fact("B."))
    made.commit("2022-03-01", "Aside again", fact("C."))
    made.git("switch", "-q", "main")
    made.git("merge", "-q", "--no-ff", "-m", "Take the corrections", "side", day="2022-04-01")
    assert [(c["date"], c["was"], c["reason"]) for c in made.proposed()] == [
        ("2022-04-01", "A.", "Take the corrections")
    ]


def test_a_site_in_a_folder_of_its_repository_reads_its_own_facts(site: Make, tmp_path: Path) -> None:
    outer = SmallSite(tmp_path / "repository")
    outer.root.mkdir()
    inner = site({FACTS: fact("A.")}, folder="repository/site")
    made = Repository(outer)
    made.commit("2022-01-01", "First")
    outer.write("content/facts/ferry.yaml", fact("Of another site."))
    inner.write(FACTS, fact("Bé."))
    made.commit("2022-02-01", "Second")
    made.site = inner
    assert [(c["was"], c["reason"]) for c in made.proposed()] == [("A.", "Second")]


def test_words_no_longer_quoted_are_shown_to_the_curator_alone(site: Make) -> None:
    made = kept(
        site, ("2022-01-01", "First", fact()), ("2022-02-01", "Less", fact(quote="keep the night ferry"))
    )
    printed = run(made.site, "--from-git").output
    assert "# no longer quoted: ferry-vote: keep the night ferry running\n" in printed
    assert "night ferry running" not in str(made.proposed())


def test_the_site_takes_what_is_proposed_and_nothing_is_proposed_again(site: Make) -> None:
    made = kept(
        site, ("2022-01-01", "First", fact()), ("2022-02-01", "Narrowed: it's so", fact("The ferry is kept."))
    )
    files = {p: p.read_bytes() for p in made.site.root.rglob("*") if p.is_file() and ".git" not in p.parts}
    pasted = "\n".join(run(made.site, "--from-git").output.splitlines()[1:]) + "\n"
    assert {p: p.read_bytes() for p in files} == files  # nothing is written
    made.site.write(FACTS, fact("The ferry is kept.", more=pasted))
    planned = Planned(made.site)
    assert planned.told == []
    (change,) = planned.dossier.facts["ferry-kept"].changes
    assert (change.date, change.kind, change.was) == ("2022-02-01", "wording", "The ferry stays.")
    assert made.proposed() == []


# --- where there is no history ------------------------------------------------------------------------


def test_without_a_repository_there_is_a_problem_with_a_way_out(site: Make) -> None:
    done = run(site(), "--from-git")
    assert done.exit_code == 1
    assert "error[history-missing] content/facts" in done.output
    assert "not a git repository" in done.output
    assert "git init" in done.output


def test_without_commits_there_is_a_problem(site: Make) -> None:
    made = Repository(site())
    empty = history.states(made.site.root)
    assert isinstance(empty, Problem)
    assert empty.code == "history-missing"
    (made.site.root / "content").rename(made.site.root / "elsewhere")
    made.commit("2022-01-01", "No content")
    none = history.states(made.site.root)
    assert isinstance(none, Problem)
    assert none.message == "no commit holds the facts of this site"


def test_without_git_there_is_a_problem(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = kept(site, ("2022-01-01", "First", fact()))
    monkeypatch.setenv("PATH", "")
    told = history.states(made.site.root)
    assert isinstance(told, Problem)
    assert told.message == "git is not installed"


def test_where_from_must_be_said(site: Make) -> None:
    done = run(site())
    assert done.exit_code == 2
    assert "factsheet changes --from-git" in done.output


def test_mistakes_in_the_facts_of_today_are_told(site: Make) -> None:
    made = kept(site, ("2022-01-01", "First", fact()))
    made.site.write(FACTS, fact(date="soon"))
    done = run(made.site, "--from-git")
    assert "error[bad-date]" in done.output
    assert "Nothing to propose" in done.output


def test_a_build_reads_no_git(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = kept(site, ("2022-01-01", "First", fact()), ("2022-02-01", "Second", fact("B.")))
    monkeypatch.setattr(subprocess, "run", None)
    monkeypatch.setattr(subprocess, "Popen", None)
    assert made.site.build().codes == []
    assert "First" not in made.site.html("facts/ferry-kept.html").replace("First published", "")


# --- YAML ---------------------------------------------------------------------------------------------


@given(st.text(max_size=40), st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_what_is_proposed_reads_as_it_was_meant(was: str, reason: str, dropped: str) -> None:
    change = Change(date="2022-01-01", kind="wording", was=was, reason=f"R {reason}")
    printed = render([Proposal("f", change, "1234567", (dropped,))], {"f": "content/facts/f.yaml"})
    (entry,), _ = read_yaml(printed.replace("\ufeff", ""), "pasted")  # type: ignore[misc]
    (read,) = entry["changes"]  # type: ignore[index,misc,union-attr]
    assert isinstance(read, dict)
    plain = {key: " ".join(str(value).split()) for key, value in read.items()}
    assert plain["date"] == "2022-01-01"
    assert set(plain) <= {"date", "kind", "was", "reason"}
