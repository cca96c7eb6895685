"""What is to be kept back of a site: articles and drafts, and a lock that does not know all quotes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from conftest import TEXT, SmallSite
from generator import read, scan, stats
from generator.build import relock
from generator.cli import main
from generator.withheld import Withheld, _differing, withheld

Make = Callable[..., SmallSite]
pytestmark = pytest.mark.usefixtures("one_theme")

PRICE = "The yard of Marlow asks for more money than the council has."
DRAFT = f"""
- id: price-asked
  draft: true
  statement: {PRICE}
  date: '2020'
  evidence: [{{source: ferry-vote, quote: has not named a price}}]
"""
PAGE = "---\ntitle: Plans\ndraft: true\n---\n"
OTHER = """
- id: boat-repaired
  statement: A boat is to be repaired.
  date: '2021'
  evidence: [{source: ferry-vote, quote: to be repaired by spring}]
"""


def kept(site: SmallSite, *, build: bool = True) -> Withheld:
    """What is kept back of a site, which is built for that."""
    assert not build or site.build().exit_code == 0
    note = scan.last(site.root, site.output)
    settings, _ = read.read_site(site.root)
    assert note is not None
    assert settings is not None
    return withheld(site.root, site.output, settings, note, None)


def said(found: Withheld) -> dict[str, str]:
    return {text.name: " ".join(text.words) for text in found.texts()}


def publish(site: SmallSite, *more: str) -> Result:
    target = f"dir:{site.root.parent / 'there'}"
    return CliRunner().invoke(main, ["publish", target, "--site", str(site.root), *more])


# --- drafts -------------------------------------------------------------------------------------------


def test_whatever_a_draft_says_is_kept_back(site: Make) -> None:
    made = site(
        {
            "content/facts/ferry.yaml": DRAFT
            + "  note: |\n    The yard was asked twice by phone.\n\n    It was asked again in May by post.\n"
            "  gaps: Nobody says how much money that is.\n",
            "content/actors/yard.yaml": (
                "{id: yard, name: Yard of Marlow, kind: company, draft: true,"
                " summary: It mends boats made of oak.}\n"
            ),
            "content/pages/plans.md": PAGE + "We will ask the yard about its prices.\n",
        }
    )
    drafts = {name: words for name, words in said(kept(made)).items() if name.startswith("draft")}
    assert drafts == {
        "draft price-asked": "nobody says how much money that is",
        "draft yard": "it mends boats made of oak",
        "draft page plans": "we will ask the yard about its prices",
    }
    every = [" ".join(text.words) for text in kept(made).texts()]
    assert "the yard was asked twice by phone" in every
    assert "it was asked again in may by post" in every
    assert "yard of marlow" not in every, "three words may stand anywhere"


def test_what_is_published_elsewhere_is_no_secret(site: Make) -> None:
    same = "The night ferry is the only way to the island after nine."
    pages = "---\ntitle: About\n---\nThe ferry has run for ninety years and more, whatever the weather was.\n"
    made = site(
        {
            "content/facts/ferry.yaml": DRAFT + f"  note: {same}\n",
            "content/topics/boats.yaml": f"{{id: boats, name: Boats, summary: {same}}}\n",
            "content/facts/other.yaml": OTHER + "  topics: [boats]\n",
            "content/pages/about.md": pages,
            "content/pages/about-new.md": pages.replace("title: About", "title: New\ndraft: true")
            + "\nIt will go on as long as the council pays for it.\n",
        }
    )
    drafts = [" ".join(text.words) for text in kept(made).texts() if text.name.startswith("draft")]
    assert " ".join(drafts).count("night ferry") == 0
    assert made.build().exit_code == 0
    told = publish(made)
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/pages/about.md", f"---\ntitle: About\n---\n{PRICE}\n"),
        ("content/static/plan.txt", PRICE.upper()),
        ("content/static/site.webmanifest", f'{{"description":"{PRICE}"}}'),
        ("content/static/no-ending", PRICE),
        ("content/static/LOG.TXT", PRICE),
    ],
)
def test_a_draft_is_found_wherever_it_leaked(site: Make, path: str, text: str) -> None:
    made = site({"content/facts/ferry.yaml": DRAFT + OTHER, path: text})
    assert made.build().exit_code == 0
    told = publish(made)
    assert told.exit_code == 1
    assert "draft price-asked\n  12 words in a row of draft price-asked stand in it" in told.output
    assert not (made.root.parent / "there").exists()


@pytest.mark.parametrize("name", ["article", "article.docx", "ARTICLE.TXT", "photo.png"])
def test_an_article_is_found_under_any_name(site: Make, name: str) -> None:
    made = site()
    data = b"\x89PNG\r\n\x1a\n\0\0" + TEXT.encode() + b"\0" if name == "photo.png" else TEXT.encode("utf-16")
    made.write(f"content/static/{name}", "")
    (made.root / "content/static" / name).write_bytes(data)
    assert made.build().exit_code == 0
    assert f"error[unpublished-words] output/{name}  source ferry-vote" in publish(made).output


# --- what is read again -------------------------------------------------------------------------------


def edit_draft(site: SmallSite) -> None:
    site.write("content/facts/ferry.yaml", DRAFT.replace("asks", "asked"))


def remove(site: SmallSite) -> None:
    (site.root / "content/facts/other.yaml").unlink()


def add(site: SmallSite) -> None:
    site.write("content/facts/deep/more.yaml", OTHER.replace("boat-repaired", "more").replace("a boat", "x"))


def publish_it(site: SmallSite) -> None:
    site.write("content/facts/ferry.yaml", DRAFT.replace("draft: true", "added: 2020-05-01"))


def write_lock(site: SmallSite) -> None:
    assert relock(site.root).ok


def change_static(site: SmallSite) -> None:
    site.write("content/static/x.txt", "x")


def change_source(site: SmallSite) -> None:
    site.write("content/sources/ferry.txt", TEXT.replace("Mayor", "The mayor"))


def change_limit(site: SmallSite) -> None:
    site.write("site.yaml", "{format: 1, title: The ferry of Marlow, limits: {words: 12}}\n")


def change_page(site: SmallSite) -> None:
    site.write(
        "content/pages/plans.md", "---\ntitle: Plans\ndraft: true\n---\nWe ask the yard again today.\n"
    )


STEPS = {
    edit_draft: 1,
    remove: 0,
    add: 1,
    publish_it: 1,
    change_static: 0,
    change_source: None,
    change_limit: None,
    change_page: None,
    write_lock: 0,
}


def noted(watched: pytest.MonkeyPatch, name: str) -> list[object]:
    """A list that grows with each call of a function of `read`."""
    calls: list[object] = []
    really = getattr(read, name)

    def call(*given: object, **named: object) -> object:
        calls.append(given)
        return really(*given, **named)

    watched.setattr(read, name, call)
    return calls


def test_what_is_kept_back_is_the_same_as_if_all_were_read_anew(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only facts or the lock moved, their files are read and no others."""
    monkeypatch.setattr(scan, "_TICK", 0)  # the times of these files tell them apart
    made = site({"content/facts/ferry.yaml": DRAFT, "content/facts/other.yaml": OTHER})
    kept(made)
    for step, files in STEPS.items():
        step(made)
        assert made.build().exit_code == 0
        with monkeypatch.context() as watched:
            told = [noted(watched, name) for name in ("read_facts", "read_content")]
            now = kept(made, build=False)
        assert [len(calls) for calls in told] == ([0, 1] if files is None else [files, 0]), step.__name__
        for file in (made.root / ".factsheet").glob("withheld-*"):
            file.unlink()
        anew = kept(made)
        assert (now.key, said(now)) == (anew.key, said(anew)), step.__name__
        assert list(now.problems()) == list(anew.problems()), step.__name__


WITHOUT: dict[str, tuple[str, str, int]] = {
    "nothing to do with it": ("content/facts/ferry.yaml", OTHER.replace("A boat", "The boat"), 0),
    "a draft": ("content/facts/ferry.yaml", DRAFT, 1),
    "a draft, oddly written": ("content/facts/ferry.yaml", DRAFT.replace("draft:", '"dr\\x61ft":'), 1),
}


@pytest.mark.parametrize(("path", "text", "read_again"), WITHOUT.values(), ids=WITHOUT)
def test_without_a_draft_or_a_lock_no_facts_are_read(
    site: Make, monkeypatch: pytest.MonkeyPatch, path: str, text: str, read_again: int
) -> None:
    monkeypatch.setattr(scan, "_TICK", 0)
    made = site({"content/facts/ferry.yaml": OTHER})
    assert made.build().exit_code == 0
    with monkeypatch.context() as watched:
        files = noted(watched, "read_file")
        kept(made, build=False)
        assert [kind for *_, kind in files if isinstance(kind, str)].count("fact") == 0
    made.write(path, text)
    assert made.build().exit_code == 0
    with monkeypatch.context() as watched:
        calls = noted(watched, "read_content")
        now = kept(made, build=False)
    assert len(calls) == read_again
    assert ("draft price-asked" in said(now)) is bool(read_again)
    write_lock(made)
    assert list(kept(made).problems()) == []
    made.write("content/facts/ferry.yaml", text.replace("spring", "spring 2021").replace("has not", "not"))
    assert [p.code for p in kept(made).problems()] == ["lock-stale"]


def test_a_file_too_fresh_to_be_known_by_its_times_is_read_again(site: Make) -> None:
    made = site({"content/facts/ferry.yaml": DRAFT, "content/facts/other.yaml": OTHER})
    first = kept(made)
    made.write("content/facts/ferry.yaml", DRAFT.replace("asks", "owes"))
    second = kept(made)
    assert "asks" in said(first)["draft price-asked"]
    assert "owes" in said(second)["draft price-asked"]
    assert first.key != second.key


def test_of_files_with_the_same_times_the_digest_tells() -> None:
    same = stats.of([("/a", (1, 2, 3, 4))])
    one, other, none = (scan.Found(same, fresh) for fresh in ({"/a": b"1"}, {"/a": b"2"}, {}))
    assert _differing(one, one) == set()
    assert _differing(one, other) == _differing(one, none) == _differing(none, one) == {"/a"}
    assert _differing(none, scan.Found(stats.of([("/a", (1, 2, 3, 5))]))) == {"/a"}


# --- the lock -----------------------------------------------------------------------------------------


def test_a_lock_that_does_not_know_all_quotes_stops_it(site: Make) -> None:
    made = site(
        {"content/facts/ferry.yaml": OTHER, "content/facts/more.yaml": OTHER.replace("boat-rep", "b")}
    )
    assert list(kept(made).problems()) == [], "without a lock there is none to be out of date"
    write_lock(made)
    assert list(kept(made).problems()) == []
    assert publish(made).exit_code == 0
    made.write("content/facts/ferry.yaml", OTHER.replace("to be repaired by spring", "be repaired by spring"))
    assert made.build().exit_code == 0
    told = publish(made)
    assert told.exit_code == 1
    assert "error[lock-stale] content/evidence.lock  fact boat-repaired\n" in told.output
    assert "the lock does not speak of it as it is now" in told.output
    write_lock(made)
    (made.root / "content/facts/more.yaml").unlink()
    assert [(p.subject, p.message) for p in kept(made).problems()] == [
        ("fact baired", "the lock speaks of it, and it is no more")
    ]


PHRASE = OTHER.replace("date: '2021'", "date: '2021'\n  dating: {phrase: by spring 2021}")
QUOTES = {
    "another fact": (OTHER, OTHER + DRAFT, "fact price-asked"),
    "a phrase": (OTHER, PHRASE, "fact boat-repaired"),
    "another phrase": (PHRASE, PHRASE.replace("by spring 2021", "spring 2021"), "fact boat-repaired"),
    "no phrase": (PHRASE, OTHER, "fact boat-repaired"),
}


@pytest.mark.parametrize(("before", "after", "subject"), QUOTES.values(), ids=QUOTES)
def test_whatever_the_lock_was_not_asked_is_told(site: Make, before: str, after: str, subject: str) -> None:
    made = site({"content/facts/ferry.yaml": before})
    write_lock(made)
    assert list(kept(made).problems()) == []
    made.write("content/facts/ferry.yaml", after)
    assert [p.subject for p in kept(made).problems()] == [subject]
    assert relock(made.root, write=False).differences != ()
    write_lock(made)
    assert list(kept(made).problems()) == []
    assert relock(made.root, write=False).differences == ()


def test_a_source_that_the_lock_does_not_know_is_told(site: Make) -> None:
    made = site()
    write_lock(made)
    made.write(
        "content/sources/more.yaml", "{id: more, title: M, publisher: P, published: '2020', text: m.txt}\n"
    )
    made.write("content/sources/m.txt", "The ferry.\n")
    assert made.build().exit_code == 0
    note = scan.last(made.root, made.output)
    settings, _ = read.read_site(made.root)
    assert note is not None
    assert settings is not None
    (problem,) = withheld(made.root, made.output, settings, note, None).problems()
    assert problem.subject == "source more"
