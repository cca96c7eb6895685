"""A build as a whole: every problem in one report, the last good site untouched, and nothing done twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import DEFAULTS, SmallSite, digests
from generator import build, manifest
from generator.problems import render_text
from planned import RICH, Planned, fact, marked, plain, quick, told
from site_checks import Demo, dead_links, unreachable

Make = Callable[..., SmallSite]


@pytest.fixture
def rich(site: Make) -> SmallSite:
    small = quick(site(RICH))
    assert small.build().codes == []
    return small


def standing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Size, modification time and inode of every file below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        stat = path.lstat()
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
    return found


# --- problems -----------------------------------------------------------------------------------------

#: One mistake in each file, marked where it is told.
BROKEN = {
    "content/facts/a-unknown.yaml": fact("a", more="actors: [»marlow-counsel]"),
    "content/facts/b-off.yaml": (
        "- id: b\n"
        "  statement: The ferry stays.\n"
        "  date: 2020\n"
        "  evidence:\n"
        "    - source: ferry-vote\n"
        "      quote: »voted on Tuesday to keep the old ferry running\n"
    ),
    "content/facts/c-twice.yaml": "id: c\nstatement: S.\ndate: 2020\n»date: 2021\nevidence: []\n",
    "content/facts/d-date.yaml": "id: d\nstatement: S.\ndate: »2019-02-30\n"
    "evidence: [{source: ferry-vote, quote: keep the night ferry}]\n",
    "content/facts/e-tab.yaml": "id: e\n»\tstatement: S.\n",
    "content/sources/gone.yaml": "id: gone\ntitle: T\npublisher: P\npublished: 2020\ntext: »gone.txt\n",
    "templates/fact.html": '{% extends "base.html" %}\n»{% block main }\n',
}
TOLD = [
    "unknown-actor",
    "quote-not-found",
    "duplicate-key",
    "bad-date",
    "yaml-tab",
    "text-missing",
    "template-error",
]


def test_all_problems_are_told_in_one_report_and_nothing_is_touched(site: Make) -> None:
    small = quick(site())
    assert small.build().codes == []
    before, bytes_before = standing(small.root / "output"), small.files()
    beside = {p.name for p in small.root.iterdir()}
    files, places = marked(BROKEN)
    for path, text in files.items():
        small.write(path, text or "")
    outcome = small.build()
    expected = [(code, place) for code, place in zip(TOLD, places, strict=True)]
    found = [each for each in told(outcome.problems) if each[0] != "empty-list"]
    assert found == expected
    assert outcome.exit_code == 1
    assert (outcome.result.written, outcome.result.rendered, outcome.result.files) == (0, 0, 0)
    assert small.files() == bytes_before
    assert standing(small.root / "output") == before
    assert {p.name for p in small.root.iterdir()} == beside | {"templates"}, "and nothing lies beside it"

    report = render_text(outcome.problems, outcome.result.checked)
    start = DEFAULTS["content/sources/ferry.txt"].index("voted on Tuesday")
    words = "voted on Tuesday to keep the night ferry running"
    assert (
        "error[quote-not-found] content/facts/b-off.yaml:6:14  fact b, source ferry-vote\n"
        "   6 |       quote: voted on Tuesday to keep the old ferry running\n"
    ) in report
    assert (
        f'  nearest: "{words}" (characters {start}–{start + len(words)}; '
        "1 word differs, so it is not accepted)\n"
        "  help: "
    ) in report
    assert report.splitlines()[-1].endswith(" in 7 files")
    places_told = [line.split()[1] for line in report.splitlines() if line.startswith("error[")]
    assert [each.partition(":")[0] for each in places_told] == sorted(
        each.partition(":")[0] for each in places_told
    ), "grouped by file"


def test_the_report_is_gone_once_all_is_mended(site: Make) -> None:
    files, _ = marked(BROKEN)
    small = quick(site(files))
    assert small.build().exit_code == 1
    assert not (small.root / "output").exists()
    for path in files:
        (small.root / path).unlink()
    small.write("content/facts/a.yaml", fact("a", more="actors: [marlow-council]"))
    outcome = small.build()
    assert (outcome.codes, outcome.exit_code) == ([], 0)
    assert small.exists("facts/a.html")


def test_a_template_that_fails_while_rendering_stops_the_build_with_its_own_problem(rich: SmallSite) -> None:
    before = standing(rich.output)
    template = '{% extends "base.html" %}\n{% block main %}\n{{ view.nothing }}{% endblock %}'
    rich.write("templates/source.html", template)
    outcome = rich.build()
    assert told(outcome.problems) == [("template-error", "templates/source.html:3:1")]
    assert outcome.problems[0].subject.startswith("page sources/")
    assert outcome.exit_code == 1
    assert standing(rich.output) == before
    assert not list(rich.root.glob(".output*")), "nothing lies beside it"


def test_warnings_let_a_build_through_unless_they_are_errors(site: Make) -> None:
    small = quick(site({"content/topics/t.yaml": "{id: t, name: T}\n"}))
    outcome = small.build(strict=True)
    assert (outcome.codes, outcome.exit_code) == (["unused-entry"], 1)
    assert not small.output.exists()
    outcome = small.build()
    assert (outcome.codes, outcome.exit_code) == (["unused-entry"], 0)
    assert small.exists("index.html")


def test_without_a_site_there_is_one_problem(tmp_path: Path) -> None:
    outcome = SmallSite(tmp_path).build()
    assert told(outcome.problems) == [("site-missing", "site.yaml")]
    assert not (tmp_path / "output").exists()


CLASHES = {
    "prose with a page's name": (
        "content/pages/timeline.md",
        "---\ntitle: T\n---\nWords.\n",
        "timeline.html",
    ),
    "a copied file with a page's name": (
        "content/static/facts/ferry-kept.html",
        "mine",
        "facts/ferry-kept.html",
    ),
    "a copied file with an asset's name": ("content/static/assets/site.css", "p{}", "assets/site.css"),
    "a copied manifest": ("content/static/manifest.json", "{}", "manifest.json"),
}


@pytest.mark.parametrize(("file", "text", "path"), CLASHES.values(), ids=CLASHES)
def test_two_files_of_one_name_are_told(site: Make, file: str, text: str, path: str) -> None:
    small = quick(site({file: text}))
    outcome = small.build()
    assert told(outcome.problems) == [("path-collision", path)]
    assert outcome.exit_code == 1
    assert not small.output.exists()
    (small.root / file).rename((small.root / file).with_name(f"other{Path(file).suffix}"))
    assert small.build().codes == []


def test_a_stranger_in_the_way_of_a_page_is_told(rich: SmallSite) -> None:
    (rich.output / "actors" / "newcomer.html").write_text("not ours")
    rich.write("content/actors/new.yaml", "{id: newcomer, name: N, kind: person, part_of: yard}\n")
    rich.write("content/facts/new.yaml", fact("new", more="actors: [newcomer]"))
    before = standing(rich.output)
    outcome = rich.build()
    assert outcome.codes == ["output-foreign"]
    assert "actors/newcomer.html" in outcome.problems[0].message
    assert standing(rich.output) == before
    (rich.output / "actors" / "newcomer.html").unlink()
    assert rich.build().codes == []


@pytest.mark.parametrize("where", ["content", ".", "foreign"])
def test_a_folder_that_is_not_ours_is_refused_with_the_other_problems(site: Make, where: str) -> None:
    small = quick(site({"content/topics/t.yaml": "{id: t, name: T}\n"}))
    small.write("foreign/photo.jpg", "photo")
    before = digests(small.root)
    outcome = small.build(output=small.root / where)
    assert outcome.codes == ["output-refused", "unused-entry"]
    assert outcome.exit_code == 1
    assert {p: d for p, d in digests(small.root).items() if not p.startswith(".factsheet")} == {
        p: d for p, d in before.items() if not p.startswith(".factsheet")
    }


# --- nothing twice ------------------------------------------------------------------------------------


def test_a_second_build_does_nothing(rich: SmallSite) -> None:
    before = standing(rich.output)
    result = rich.build().result
    assert (result.rendered, result.written, result.deleted, result.changed) == (0, 0, 0, False)
    assert result.files == len(before)
    assert result.pages == len([path for path in before if path.endswith(".html")])
    assert standing(rich.output) == before


def edit(small: SmallSite, path: str, old: str, new: str) -> None:
    file = small.root / path
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_statement_touches_only_the_pages_that_show_it(rich: SmallSite) -> None:
    before, files_before = standing(rich.output), rich.files()
    old = "The hull of one boat was not inspected."
    shows = {path for path in files_before if old.rstrip(".") in plain((rich.output / path).read_text())}
    edit(rich, "content/facts/later.yaml", old, "One hull was never looked at.")
    result = rich.build().result
    after, files_after = standing(rich.output), rich.files()
    changed = {path for path in files_after if files_after[path] != files_before.get(path)}
    assert {"facts/hull.html", "timeline.html", "sources/letter.html", "topics/ferries.html"} <= changed
    assert changed == shows | {"manifest.json"}
    assert result.rendered == len([path for path in changed if path.endswith(".html")])
    assert result.written == len(changed)
    assert {path for path in after if after[path] != before[path]} == changed


#: Edits to the rich site, one after another: the file, what stood there, what stands there then.
EDITS: dict[str, tuple[str, str, str]] = {
    "a date moves a fact": ("content/facts/later.yaml", "date: 2019-11", "date: 2018-02-03"),
    "an actor is renamed": ("content/actors/marlow.yaml", "name: Marlow yard", "name: The yard"),
    "a fact becomes a draft": ("content/facts/later.yaml", "date: 201X", "draft: true\n  date: 201X"),
    "a relation goes": ("content/facts/later.yaml", "fulfils: [boat-plan], ", ""),
    "a source gets another date": (
        "content/sources/ferry.yaml",
        "published: 2020-03-07",
        "published: 2019-12",
    ),
    "a status changes": ("content/facts/2020/council.yaml", "status: confirmed", "status: reported"),
    "the limit of lists": ("site.yaml", "context: 2", "context: 2\nlists: 3"),
    "the title": ("site.yaml", "title: The ferry of Marlow", "title: A ferry"),
    "a copied file": ("content/static/map.svg", "<svg", "<!-- map --><svg"),
    "prose": ("content/pages/about.md", "title: About", "title: About us"),
    "an answer goes": (
        "content/questions/pay.yaml",
        "- {label: Two million, facts: [bill-of-two-million]}",
        "",
    ),
}


def test_whatever_was_edited_the_site_is_that_of_a_clean_build(rich: SmallSite) -> None:
    count = 0
    for name, (path, old, new) in EDITS.items():
        edit(rich, path, old, new)
        outcome = rich.build()
        assert outcome.exit_code == 0, (name, told(outcome.problems))
        assert outcome.result.changed, name
        clean = Planned(rich)
        built = {p: t for p in rich.files() if p.endswith(".html") for t in [rich.html(p)]}
        assert built == clean.rendered(), name
        count += outcome.result.rendered < outcome.result.pages
    assert count > 6, "most edits leave pages alone"
    files = rich.files()
    assert rich.build(output=rich.root / "clean", full=True).codes == []
    assert digests(rich.root / "clean") == files
    verdict = manifest.verify(rich.output)
    assert verdict is not None
    assert verdict.complete
    assert verdict.foreign == ()


def test_full_renders_every_page_and_writes_none_that_is_right(rich: SmallSite) -> None:
    files = rich.files()
    result = rich.build(full=True).result
    assert result.rendered == result.pages
    assert rich.files() == files


# --- the output is not trusted ------------------------------------------------------------------------


def test_what_was_touched_in_the_output_is_mended(rich: SmallSite) -> None:
    files = rich.files()
    (rich.output / "facts/hull.html").write_text("tampered")
    (rich.output / "assets/site.css").unlink()
    shutil.rmtree(rich.output / "actors")
    same_size = rich.output / "index.html"
    stat = same_size.stat()
    same_size.write_bytes(b"x" * stat.st_size)
    os.utime(same_size, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    result = rich.build().result
    assert rich.files() == files
    assert 0 < result.rendered < result.pages
    assert rich.build().result.changed is False


def test_what_was_touched_does_not_reach_an_earlier_copy(rich: SmallSite) -> None:
    """Unchanged files are hard links: mending one must not write through it."""
    copy = rich.root / "copy.html"
    os.link(rich.output / "facts/hull.html", copy)
    was = copy.read_bytes()
    edit(rich, "content/facts/later.yaml", "The hull of one boat", "A hull of one boat")
    rich.build()
    assert copy.read_bytes() == was
    assert (rich.output / "facts/hull.html").read_bytes() != was


STATES = {"lost": None, "garbage": b"\xc1garbage", "empty": b"", "another's": b"\x92\xa50.0.0\x80"}


@pytest.mark.parametrize("data", STATES.values(), ids=STATES)
def test_a_state_that_is_lost_costs_time_and_nothing_else(rich: SmallSite, data: bytes | None) -> None:
    files = rich.files()
    if data is None:
        shutil.rmtree(rich.root / ".factsheet")
    else:
        remembered = [file for file in (rich.root / ".factsheet").iterdir() if file.is_file()]
        assert remembered
        for file in remembered:
            file.write_bytes(data)
    outcome = rich.build()
    assert outcome.codes == []
    assert rich.files() == files
    assert outcome.result.rendered == outcome.result.pages
    assert rich.build().result.changed is False


def test_garbage_among_the_compiled_templates_does_no_harm(site: Make) -> None:
    small = site()
    assert small.build().codes == []
    files = small.files()
    compiled = list((small.root / ".factsheet/templates").iterdir())
    assert compiled
    for file in compiled:
        file.write_bytes(b"garbage")
    assert small.build(full=True).codes == []
    assert small.files() == files


def test_strangers_files_are_carried_along(rich: SmallSite) -> None:
    (rich.output / "CNAME").write_text("example.org")
    (rich.output / "own" / "deep").mkdir(parents=True)
    (rich.output / "own" / "deep" / "page.html").write_text("own")
    inode = (rich.output / "CNAME").stat().st_ino
    edit(rich, "content/facts/later.yaml", "- id: once", "- id: once-more")
    result = rich.build().result
    assert result.deleted == 1
    assert not rich.exists("facts/once.html")
    assert rich.html("CNAME") == "example.org"
    assert rich.html("own/deep/page.html") == "own"
    assert (rich.output / "CNAME").stat().st_ino == inode
    assert "CNAME" not in rich.json("manifest.json")["files"]


# --- drafts -------------------------------------------------------------------------------------------

CANARY = "quokka"
DRAFTS = {
    "content/facts/d.yaml": (
        f"- id: d-fact\n  statement: The {CANARY} fact.\n  date: 2017-01-02\n  draft: true\n"
        f"  actors: [d-actor]\n  topics: [d-topic]\n  note: {CANARY} note\n  gaps: {CANARY} gaps\n"
        "  relations: {contradicts: [ferry-kept], fulfils: [boat-plan]}\n"
        "  evidence: [{source: d-source, quote: keep the night ferry}]\n"
    ),
    "content/actors/d.yaml": f"{{id: d-actor, name: {CANARY} actor, kind: person, draft: true}}\n",
    "content/topics/d.yaml": f"{{id: d-topic, name: {CANARY} topic, draft: true}}\n",
    "content/sources/d.yaml": (
        f"{{id: d-source, title: {CANARY} title, publisher: {CANARY}, published: 2017, text: ferry.txt, "
        "draft: true}\n"
    ),
    "content/questions/d.yaml": (
        f"{{id: d-question, question: {CANARY}, positions: [{{label: A, facts: [d-fact]}}], draft: true}}\n"
    ),
    "content/pages/d-page.md": f"---\ntitle: {CANARY}\ndraft: true\n---\n{CANARY} [[d-fact]]\n",
}


def test_drafts_are_nowhere_in_the_site(site: Make) -> None:
    small = quick(site({**RICH, **DRAFTS}))
    assert small.build().codes == []
    without = quick(site(RICH, folder="without"))
    assert without.build().codes == []
    assert small.files() == without.files(), "as if they were not there"
    for path in small.files():
        assert CANARY not in (small.output / path).read_text(encoding="utf-8"), path


def test_the_preview_shows_drafts_marked(site: Make) -> None:
    small = quick(site({**RICH, **DRAFTS}))
    preview = small.root / "preview"
    assert small.build(preview=True, output=preview).codes == []
    assert not small.output.exists()
    shown = [p for p in digests(preview) if p.endswith(".html") and CANARY in (preview / p).read_text()]
    for kind in ("fact", "actor", "topic", "source", "question"):
        assert f"{kind}s/d-{kind}.html" in shown
    for path in ("facts/d-fact.html", "timeline.html", "d-page.html", "dates/2017-01-02.html"):
        assert "Draft" in plain((preview / path).read_text()), path
    published = Planned(small).text("timeline.html")
    assert "Draft" not in published


# --- the lock -----------------------------------------------------------------------------------------


def test_a_site_from_the_lock_is_the_site_from_the_texts(rich: SmallSite) -> None:
    files = rich.files()
    relocked = build.relock(rich.root)
    assert relocked.ok
    result = rich.build().result
    assert rich.files() == files, "a lock beside the texts changes nothing"
    assert (result.against_texts, result.against_lock) == (16, 0)
    for name in ("ferry", "wire", "letter", "bateau"):
        (rich.root / f"content/sources/{name}.txt").unlink()
    outcome = rich.build(output=rich.root / "from-lock")
    assert outcome.codes == []
    assert digests(rich.root / "from-lock") == files
    assert (outcome.result.against_texts, outcome.result.against_lock) == (4, 12)


def test_texts_may_lie_in_a_folder_elsewhere(site: Make, tmp_path: Path) -> None:
    small = quick(site())
    small.build()
    files = small.files()
    elsewhere = tmp_path / "texts"
    elsewhere.mkdir()
    (small.root / "content/sources/ferry.txt").rename(elsewhere / "ferry.txt")
    assert "text-missing" in small.build().codes
    assert small.build(texts=elsewhere, output=small.root / "other").codes == []
    assert digests(small.root / "other") == files


def test_a_lock_that_does_not_speak_of_a_new_quote_is_no_error_where_the_text_is(site: Make) -> None:
    small = quick(site())
    build.relock(small.root)
    small.write("content/facts/more.yaml", fact("more"))
    assert small.build().codes == []
    assert build.relock(small.root, write=False).differences


def test_a_lock_without_the_text_of_a_new_quote_is_an_error(site: Make) -> None:
    small = quick(site())
    build.relock(small.root)
    (small.root / "content/sources/ferry.txt").unlink()
    files, (place,) = marked({"content/facts/more.yaml": fact("more").replace("keep the", "»keep the")})
    small.write("content/facts/more.yaml", files["content/facts/more.yaml"] or "")
    assert told(small.build().problems) == [("quote-unchecked", place)]


def test_a_lock_is_not_written_while_a_quote_is_not_found(site: Make) -> None:
    small = site({"content/facts/f.yaml": fact("f").replace("keep the night", "keep the day")})
    relocked = build.relock(small.root)
    assert not relocked.ok
    assert [p.code for p in relocked.problems] == ["quote-not-found"]
    assert not (small.root / build.LOCK).exists()


def test_a_damaged_lock_is_told_and_written_anew(site: Make) -> None:
    small = quick(site())
    build.relock(small.root)
    good = (small.root / build.LOCK).read_text(encoding="utf-8")
    (small.root / build.LOCK).write_text(good[:-20] + "\n", encoding="utf-8")
    outcome = small.build()
    assert told(outcome.problems) == [("lock-damaged", f"{build.LOCK}:3:1")]
    assert build.relock(small.root).ok
    assert (small.root / build.LOCK).read_text(encoding="utf-8") == good


def test_drafts_are_locked_too(site: Make) -> None:
    small = quick(site({"content/facts/f.yaml": fact("f", more="draft: true")}))
    build.relock(small.root)
    (small.root / "content/sources/ferry.txt").unlink()
    assert Planned(small, preview=True).ok


# --- the whole ----------------------------------------------------------------------------------------


def test_every_link_of_a_rich_site_leads_somewhere(rich: SmallSite) -> None:
    built = Demo(rich.output)
    assert len(built.pages) > 50
    assert dead_links(built) == []
    assert unreachable(built) == []
    assert [refused for page in built.pages.values() for refused in page.refused] == []
    for path in built.names:
        page = built.pages[path]
        assert len(page.policies) == 1 + (path == "verify.html"), path


def test_every_link_holds_when_lists_are_split_and_drafts_are_shown(site: Make) -> None:
    settings = (RICH["site.yaml"] or "").replace("context: 2", "context: 2\n        lists: 2")
    small = quick(site({**RICH, **DRAFTS, "site.yaml": settings}))
    preview = small.root / "preview"
    assert small.build(preview=True, output=preview).codes == []
    built = Demo(preview)
    assert [name for name in built.names if ".p2" in name or "2020-03." in name]
    assert dead_links(built) == []
    assert unreachable(built) == []


def test_an_address_gives_absolute_links_where_they_are_needed_only(site: Make) -> None:
    small = quick(site(RICH))
    assert small.build(url="https://example.org/ferry").codes == []
    canonical = '<link rel="canonical" href="https://example.org/ferry/facts/hull.html">'
    assert canonical in small.html("facts/hull.html")
    assert 'href="/ferry/timeline.html"' in small.html("404.html")
    assert 'href="../timeline.html"' in small.html("facts/hull.html")
    small.build()
    assert "canonical" not in small.html("facts/hull.html")
    assert 'href="timeline.html"' in small.html("404.html")


def test_an_empty_site_can_be_built(site: Make) -> None:
    nothing = {path: None for path in DEFAULTS if path != "site.yaml"}
    small = quick(site(nothing))
    assert small.build().codes == []
    assert dead_links(Demo(small.output)) == []
    assert small.exists("index.html")
    assert small.json("data/facts.json") == {"sources": [], "actors": [], "facts": []}
