"""Files for machines: each is what its standard says, and none says more than the pages do."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import typing
import uuid
import xml.etree.ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator import exports, offers, plan
from generator.content import ExportName
from generator.exports import ics, sitemap, tables
from generator.exports.xmlfile import add, document
from generator.pieces import Document
from site_checks import Demo

pytestmark = pytest.mark.usefixtures("one_theme")

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SECRET, DRAFT = "QUARTZLIKE", "ZEPHYRINE"

TEXT = """\
Harbour notes

The night ferry stays, “for good”, said the mayor. =SUM(1) was chalked on the wall. The night ferry stays.

A first boat is to be repaired by spring 2021. The yard has not named a price. The quay was empty on the
day after, and the bell of the town hall struck nine. It had rained since dawn; two gulls sat on the box.
"""
HIDDEN = f"The {SECRET} ledger was shown to one reader. Nothing of it may be printed.\n"
SOURCES = """\
- {id: post, title: "=Harbour, notes", publisher: Marlow Post, published: 2020-03-04, text: post.txt,
   url: https://example.org/post, archived: {url: https://archive.example/post, date: 2020-03-05}}
- {id: ledger, title: The ledger, publisher: Nobody, published: 2020-03-05, rights: none, text: ledger.txt,
   supplied: [publisher]}
"""


def evidence(quote, source="post", **more):
    return {"source": source, "quote": quote, **more}


def fact(key, date, *quotes, **more):
    given = {"id": key, "statement": f"Statement of {key}.", "date": date, "actors": ["marlow-council"]}
    return {**given, "evidence": list(quotes) or [evidence("not named a price")], **more}


WORDING = {"date": "2020-04-02", "kind": "wording", "was": "It <stays>.", "reason": "Too short & bare."}
FACTS = (
    fact(
        "ferry-kept",
        "2020-03-03",
        evidence('The night ferry stays, "for good", […] mayor', omission="Only names the speaker."),
        statement="The night ferry stays; <b>for good</b>, & soon.",
        topics=["ferry"],
        added="2020-03-10",
        changes=[WORDING],
    ),
    fact("chalk", "2020-03", evidence("=SUM(1) was chalked"), statement="=1+1 is done.", added="2020-03-12"),
    fact("twice", "2020-03-03", evidence("The night ferry stays", prefix="on the wall."), added="2020-03-10"),
    fact("ledger-shown", "2020-03-01", evidence(f"The {SECRET} ledger", "ledger"), added="2020-03-11"),
    fact("repair", "2020-03-02", kind="plan", due="2021-03-20"),
    fact("doubted", "2020-03-04?"),
    fact("ranged", "2020-03-04/2020-03-06"),
    fact("at-noon", "2020-03-07T12:00:00", status="withdrawn",
         changes=[{"date": "2020-05-01", "kind": "withdrawal", "reason": "The clock was wrong."}]),
    fact("hidden", "2020-03-08", statement=f"Statement of {DRAFT}.", draft="true", added="2020-06-01",
         formerly=[DRAFT.lower()]),
)  # fmt: skip
SITE = {
    "site.yaml": "{format: 1, title: The ferry of Marlow, exports: [csv, annotations, ics]}\n",
    "content/facts/all.yaml": json.dumps(FACTS),
    "content/sources/ferry.yaml": SOURCES,
    "content/sources/post.txt": TEXT,
    "content/sources/ledger.txt": HIDDEN,
    "content/topics/t.yaml": "{id: ferry, name: 'Ferry, night; boats'}",
}
URL = "https://example.org/f"


@pytest.fixture
def built(site):
    def make(*facts, folder="site", options=None, **files):
        own = {"content/facts/all.yaml": json.dumps(facts)} if facts else {}
        made = site({**SITE, **own, **files}, folder=folder)
        outcome = made.build(**(options or {}))
        assert outcome.exit_code == 0, outcome.problems
        return made

    return make


# Which there are


def test_every_offer_has_its_maker_and_every_name_its_offer():
    made = re.findall(r'case "(.+)":', inspect.getsource(exports.maker))
    assert [o.path for o in offers.OFFERS] == made, "as many makers, each of an offer"
    documents = {path: maker for path in made if isinstance(maker := exports.maker(path), Document)}
    assert {path: document.path for path, document in documents.items()} == {p: p for p in documents}
    with pytest.raises(KeyError):
        exports.maker("data/none.json")
    assert {o.asked for o in offers.OFFERS} - {""} == set(typing.get_args(ExportName))


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        ("", set()),
        ("csv", {"data/facts.csv", "data/evidence.csv"}),
        ("annotations", {"data/annotations.jsonld"}),
        ("ics", {"data/dossier.ics"}),
    ],
)
def test_what_is_asked_for_is_made_and_named(built, asked, files):
    made = built(**{"site.yaml": f"{{format: 1, title: T, exports: [{asked}]}}\n"})
    data = {
        path for path in made.files() if path.endswith((".csv", ".jsonld", ".ics", ".json", ".xml", ".txt"))
    }
    assert data == {"data/facts.json", "feed.xml", "changes.xml", "manifest.json", *files}
    for page in ("index.html", "facts/chalk.html"):
        foot = made.html(page).partition("<footer")[2]
        named = {
            path.removeprefix("../")
            for path in re.findall(r'href="([^"]+\.(?:csv|jsonld|ics|json|xml))"', foot)
        }
        assert named == data - {"manifest.json"}, page


def test_what_would_be_empty_is_not_made(built):
    made = built(fact("bare", "2020"))
    assert not any(
        made.exists(path) for path in ("feed.xml", "changes.xml", "data/dossier.ics", "sitemap.xml")
    )
    assert made.exists("data/facts.csv")
    assert "feed.xml" not in made.html("index.html")


def test_pages_name_the_feed_to_machines(built):
    made = built()
    link = '<link rel="alternate" type="application/atom+xml" href="{}feed.xml"'
    assert link.format("") in made.html("index.html")
    assert link.format("../") in made.html("facts/chalk.html")


def test_an_unknown_export_is_told_with_the_nearest(site):
    made = site({"site.yaml": "{format: 1, title: T, exports: [anotations]}\n"})
    (problem,) = made.build().problems
    assert (problem.code, problem.nearest, problem.at.file) == ("bad-choice", "annotations", "site.yaml")


def test_the_same_content_gives_the_same_bytes(built):
    one, two = built(folder="one"), built(folder="two")
    assert one.files() == two.files()


# What must never get out


@pytest.mark.parametrize("options", [{}, {"url": URL}], ids=["bare", "with address"])
def test_no_file_holds_a_draft_or_words_that_rights_forbid(built, options):
    made = built(options=options)
    for path in made.files():
        data = (made.output / path).read_bytes().lower()
        assert SECRET.lower().encode() not in data, path
        assert DRAFT.lower().encode() not in data, path
        assert DRAFT.lower() not in path


def test_a_preview_shows_drafts_and_still_no_forbidden_words(built):
    made = built(options={"preview": True})
    holding = {
        path for path in made.files() if DRAFT.lower().encode() in (made.output / path).read_bytes().lower()
    }
    assert {"facts/hidden.html", f"facts/{DRAFT.lower()}.html", "feed.xml", "data/facts.csv"} <= holding
    assert not any(SECRET.encode() in (made.output / path).read_bytes() for path in made.files())


# Feeds


def feed(made, path):
    """An Atom feed, held to what RFC 4287 wants of every feed."""
    root = ET.fromstring((made.output / path).read_bytes())
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    ids = [node.findtext(f"{ATOM}id") for node in (root, *entries)]
    assert len(set(ids)) == len(ids)
    for node in (root, *entries):
        assert node.findtext(f"{ATOM}title")
        assert len(node.findall(f"{ATOM}updated")) == 1
        assert len(node.findall(f"{ATOM}link[@rel='alternate']")) == 1
    for stamp in root.iter():
        if stamp.tag in (f"{ATOM}updated", f"{ATOM}published"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", stamp.text)
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert root.findtext(f"{ATOM}updated") == max(e.findtext(f"{ATOM}updated") for e in entries)
    return root, entries


def told(entries):
    return [
        (
            e.find(f"{ATOM}link").get("href"),
            *(e.findtext(f"{ATOM}{name}")[:10] for name in ("published", "updated")),
        )
        for e in entries
    ]


def test_the_feed_holds_what_was_added_newest_first(built):
    root, entries = feed(built(), "feed.xml")
    assert told(entries) == [
        ("facts/chalk.html", "2020-03-12", "2020-03-12"),
        ("facts/ledger-shown.html", "2020-03-11", "2020-03-11"),
        ("facts/twice.html", "2020-03-10", "2020-03-10"),
        ("facts/ferry-kept.html", "2020-03-10", "2020-04-02"),
    ]
    assert [e.findtext(f"{ATOM}title") for e in entries][
        -1
    ] == "The night ferry stays; <b>for good</b>, & soon"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "The ferry of Marlow"
    assert entries[-1].find(f"{ATOM}category").attrib == {"term": "ferry", "label": "Ferry, night; boats"}


def test_a_feed_quotes_the_source_as_it_is(built):
    _, entries = feed(built(), "feed.xml")
    content = entries[-1].find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<q>The night ferry stays, “for good”,</q> […] <q>mayor</q>" in content.text
    assert "[Nobody]" in entries[1].findtext(f"{ATOM}content")
    assert "<q>" not in entries[1].findtext(f"{ATOM}content")
    assert "<b>" not in content.text


def test_without_an_address_ids_are_urns_and_links_relative(built):
    root, entries = feed(built(), "feed.xml")
    for node in (root, *entries):
        identifier = node.findtext(f"{ATOM}id")
        assert identifier.startswith("urn:uuid:")
        assert uuid.UUID(identifier.removeprefix("urn:uuid:")).version == 5
    assert [link.get("href") for link in root.findall(f"{ATOM}link")] == ["feed.xml", "index.html"]


@pytest.mark.parametrize("url", [URL, f"{URL}/"])
def test_with_an_address_ids_and_links_are_whole(built, url):
    root, entries = feed(built(options={"url": url}), "feed.xml")
    assert root.findtext(f"{ATOM}id") == f"{URL}/feed.xml"
    assert entries[0].findtext(f"{ATOM}id") == f"{URL}/facts/chalk.html"
    assert all(link.get("href").startswith(f"{URL}/") for link in root.iter(f"{ATOM}link"))


def test_the_editors_are_the_authors(built):
    made = built(**{"site.yaml": "{format: 1, title: T, editors: [A. Brook, B. Reed]}\n"})
    root, _ = feed(made, "feed.xml")
    assert [a.text for a in root.findall(f"{ATOM}author/{ATOM}name")] == ["A. Brook", "B. Reed"]


def test_the_feed_holds_the_newest_hundred(built):
    many = [fact(f"f-{n:03}", f"2020-01-{n % 28 + 1:02}", added=f"2020-0{n % 9 + 1}-01") for n in range(130)]
    _, entries = feed(built(*many), "feed.xml")
    added = [published for _, published, _ in told(entries)]
    assert len(added) == 100
    assert added == sorted(added, reverse=True)
    assert added[-1] == "2020-03-01"


def test_corrections_and_additions_are_told_apart(built):
    _, entries = feed(built(), "changes.xml")
    titles = [e.findtext(f"{ATOM}title") for e in entries]
    assert titles[:3] == [
        "Withdrawn: Statement of at-noon",
        "Corrected: The night ferry stays; <b>for good</b>, & soon",
        "Added: =1+1 is done",
    ]
    assert len(titles) == 6
    assert entries[1].findtext(f"{ATOM}content") == (
        "<p>Wording. Too short &amp; bare.</p><p>Before: <del>It &lt;stays&gt;.</del></p>"
    )


def test_two_corrections_of_one_day_have_ids_of_their_own(built):
    same = {"date": "2020-04-02", "kind": "wording", "reason": "R"}
    made = built(fact("a", "2020", changes=[same, {**same, "reason": "S"}, {**same, "kind": "date"}]))
    _, entries = feed(made, "changes.xml")  # which compares the ids
    assert len(entries) == 3


def test_xml_holds_any_text():
    root = ET.Element("r")
    add(root, "a", "form\x0cfeed <&> \ufffe \U0001f6a2", b='"\x00"')
    (read,) = ET.fromstring(document(root))
    assert (read.text, read.get("b")) == ("form\ufffdfeed <&> \ufffd \U0001f6a2", '"\ufffd"')


# Sitemap


def test_the_sitemap_names_every_page_a_reader_looks_for(built):
    made = built(
        *FACTS[:-1],
        fact("renamed", "2020", formerly=["old"]),
        options={"url": URL},
        **{"content/pages/about.md": "---\ntitle: About\n---\nA."},
    )
    root = ET.fromstring(made.html("sitemap.xml"))
    named = [loc.text for loc in root.iter(f"{MAP}loc")]
    pages = {p for p in Demo(made.output).names if p not in ("404.html", "facts/old.html", "index.html")}
    assert made.exists("facts/old.html")
    assert sorted(named) == sorted([f"{URL}/", *(f"{URL}/{path}" for path in pages)])
    changed = {u.findtext(f"{MAP}loc"): u.findtext(f"{MAP}lastmod") for u in root}
    assert changed[f"{URL}/facts/ferry-kept.html"] == "2020-04-02"
    assert changed[f"{URL}/facts/doubted.html"] is None
    assert changed[f"{URL}/"] is None
    assert made.html("robots.txt").endswith(f"\nSitemap: {URL}/sitemap.xml\n")


def test_a_long_sitemap_is_split(built, monkeypatch):
    monkeypatch.setattr(sitemap, "MOST", 7)
    made = built(options={"url": URL})
    root = ET.fromstring(made.html("sitemap.xml"))
    assert root.tag == f"{MAP}sitemapindex"
    files = [loc.text.removeprefix(f"{URL}/") for loc in root.iter(f"{MAP}loc")]
    sizes = [len(ET.fromstring(made.html(file))) for file in files]
    assert set(sizes[:-1]) == {7}
    assert sum(sizes) == len([p for p in Demo(made.output).names if p != "404.html"])


def test_paths_are_known_without_making_the_pages(built, monkeypatch):
    seen = {}

    def both(shelves):
        seen["planned"] = [plan.page(shelves, each).path for each in plan.plan(shelves)]
        seen["named"] = list(plan.paths(shelves))
        return iter(seen["named"])

    monkeypatch.setattr(sitemap, "paths", both)
    site = "{format: 1, title: T, lists: 3, url: https://example.org/}\n"
    built(*FACTS[:-1], fact("renamed", "2020", formerly=["old"]), **{"site.yaml": site})
    assert seen["named"] == [path for path in seen["planned"] if path not in ("404.html", "facts/old.html")]
    assert "timeline.2020-03.p1.html" in seen["named"]


# Tables


def table(made, path):
    data = (made.output / path).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    head, *rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    assert {len(row) for row in rows} == {len(head)}
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_line_for_each_fact(built):
    rows = {row["id"]: row for row in table(built(), "data/facts.csv")}
    assert list(rows) == [
        *("ledger-shown", "repair", "ferry-kept", "twice", "ranged", "doubted", "at-noon", "chalk"),
    ]
    kept = rows["ferry-kept"]
    assert kept["statement"] == "The night ferry stays; <b>for good</b>, & soon."
    assert (kept["date"], kept["earliest"], kept["latest"]) == ("2020-03-03",) * 3
    assert (rows["chalk"]["earliest"], rows["chalk"]["latest"]) == ("2020-03-01", "2020-03-31")
    assert (kept["topics"], kept["actors"], kept["origins"], kept["page"]) == (
        *("ferry", "marlow-council", "1", "facts/ferry-kept.html"),
    )
    assert rows["repair"]["due"] == "2021-03-20"
    assert rows["at-noon"]["status"] == "withdrawn"


def test_a_line_for_each_span(built):
    rows = table(built(), "data/evidence.csv")
    for row in rows:
        if row["source"] == "post":
            exact = TEXT[int(row["start"]) : int(row["end"])]
            assert row["quote"].removeprefix("'") == exact
            assert row["title"] == "'=Harbour, notes"
        else:
            assert (row["quote"], row["supplied"]) == ("", "publisher")
    spans = [(row["quotation"], row["span"], row["quote"]) for row in rows if row["fact"] == "ferry-kept"]
    assert spans == [("1", "1", "The night ferry stays, “for good”,"), ("1", "2", "mayor")]


def test_no_cell_begins_a_formula(built):
    made = built()
    for path in ("data/facts.csv", "data/evidence.csv"):
        for row in table(made, path):
            assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@\t\r")], path


@given(st.text(st.sampled_from("'=+-@\t\r＝ab"), max_size=6))
def test_the_apostrophe_can_be_taken_off_again(text):
    cell = tables.guarded(text)
    assert not cell.startswith(tuple("=+-@\t\r＝"))
    marked = re.match(r"'+[=+\-@\t\r＝]", cell)
    assert (cell[1:] if marked else cell) == text


# Calendar


def events(data):
    """The events of a calendar, unfolded, each property by its name."""
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    found = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line not in ("END:VEVENT", "END:VCALENDAR"):
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_the_calendar_holds_exact_days_only(built):
    made = built(options={"url": URL})
    found = events((made.output / "data/dossier.ics").read_bytes())
    assert [(e["DTSTART;VALUE=DATE"], e["SUMMARY"]) for e in found] == [
        ("20200301", "Statement of ledger-shown"),
        ("20200302", "Announced: Statement of repair"),
        ("20210320", "Due: Statement of repair"),
        ("20200303", "The night ferry stays\\; <b>for good</b>\\, & soon"),
        ("20200303", "Statement of twice"),
        ("20200307", "Withdrawn: Statement of at-noon"),
    ]
    assert [e["DTSTAMP"] for e in found[1:4]] == ["19700101T000000Z"] * 2 + ["20200402T000000Z"]
    assert len({e["UID"] for e in found}) == 6
    assert found[3]["CATEGORIES"] == "Ferry\\, night\\; boats"
    assert found[3]["URL"] == f"{URL}/facts/ferry-kept.html"
    assert [e.get("STATUS") for e in found] == [None] * 5 + ["CANCELLED"]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2020-03-04", (2020, 3, 4)),
        ("2020-03-04T23:59:00Z", (2020, 3, 4)),
        *(
            (date, None)
            for date in ("2020-03", "2020", "2020-03-04~", "2020-03-04/2020-03-04", "{2020-03-04,2020-03-05}")
        ),
        *((date, None) for date in ("2020-03-XX", "-0044-03-15", "Y12020", "XXXX", "")),
    ],
)
def test_only_a_certain_day_has_a_place_in_a_calendar(date, day):
    assert offers.exact_day(date) == day


@example("a" * 300)
@example("\U0001f6a2" * 90)
@given(st.text(st.sampled_from("aé€\U0001f6a2 \\;,"), max_size=120))
def test_a_folded_line_is_short_and_whole(line):
    folded = ics._folded(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))


@given(st.text())
def test_a_text_stays_in_its_line(text):
    held = ics._text(text)
    assert not re.search("[\x00-\x1f\x7f\x85\u2028\u2029]", held)
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,n])*", held)


# Annotations


def annotations(made):
    document = made.json("data/annotations.jsonld")
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert document["type"] == "AnnotationCollection"
    assert document["first"]["type"] == "AnnotationPage"
    items = document["first"]["items"]
    assert document["total"] == len(items) == len({item["id"] for item in items})
    for item in items:
        assert item["type"] == "Annotation"
        assert {"id", "body", "target", "motivation"} <= item.keys()
    return items


def selectors(item):
    targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
    return [{s["type"]: s for s in target["selector"]} for target in targets]


def named(made, key):
    (item,) = [i for i in annotations(made) if i["id"].startswith(f"{URL}/facts/{key}.html#q-")]
    return item


def test_annotations_select_the_very_words(built):
    for item in annotations(built()):
        for found in selectors(item):
            place = found["TextPositionSelector"]
            if words := found.get("TextQuoteSelector"):
                assert TEXT[place["start"] : place["end"]] == words["exact"]


def test_an_annotation_names_the_article_and_its_archived_copy(built):
    made = built(options={"url": URL})
    target = named(made, "chalk")["target"]
    assert target["source"] == "https://example.org/post"
    assert target["state"] == {"type": "TimeState", "cached": "https://archive.example/post"}
    assert named(made, "chalk")["created"] == "2020-03-12T00:00:00Z"
    assert len(selectors(named(made, "ferry-kept"))) == 2
    ledger = named(made, "ledger-shown")
    assert ledger["target"]["source"].startswith("urn:uuid:")
    assert [s["type"] for s in ledger["target"]["selector"]] == ["TextPositionSelector"]


@pytest.mark.parametrize(("limits", "prefix"), [("{words: 20}", "on the wall."), ("{words: 6}", None)])
def test_a_prefix_is_given_where_it_is_needed_and_the_limits_leave_room(built, limits, prefix):
    site = f"{{format: 1, title: T, exports: [annotations], url: '{URL}', limits: {limits}}}\n"
    made = built(FACTS[2], **{"site.yaml": site})
    (found,) = selectors(named(made, "twice"))
    assert found["TextQuoteSelector"].get("prefix") == prefix
    assert found["TextQuoteSelector"]["exact"] == "The night ferry stays"


def test_the_same_words_twice_in_a_fact_are_two_annotations(built):
    quote = evidence("not named a price")
    assert len(annotations(built(fact("a", "2020", quote, quote)))) == 2


# facts.json


def test_facts_json_has_the_form_that_others_read(built):
    data = built().json("data/facts.json")
    assert list(data) == ["sources", "actors", "facts"]
    assert {"id", "sha256", "title", "publisher", "published"} <= data["sources"][0].keys()
    assert {"id", "name", "aliases", "same_as"} <= data["actors"][0].keys()
    facts = {f["id"]: f for f in data["facts"]}
    assert facts["ferry-kept"]["actors"] == [{"id": "marlow-council", "role": ""}]
    spans = facts["ferry-kept"]["evidence"]
    assert [TEXT[s["start"] : s["end"]] for s in spans] == [s["quote"] for s in spans]
    assert len({s["anchor"] for s in spans}) == 1
    assert [s["quote"] for s in facts["ledger-shown"]["evidence"]] == [None]
    assert (facts["chalk"]["earliest"], facts["chalk"]["latest"]) == ("2020-03-01", "2020-03-31")
