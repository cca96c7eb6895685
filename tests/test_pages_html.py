"""Every page of the demo as HTML: valid, linked, sealed against other hosts, and linked both ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import arabic
from conftest import SmallSite
from site_checks import Demo, Page, dead_links, kind_of, unreachable

#: What a page may do: show its own styles, scripts and pictures, and nothing of anybody else's.
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}


def read(html: str, path: str = "facts/a.html") -> Page:
    page = Page(path)
    page.feed(html)
    return page


@pytest.mark.parametrize(
    ("html", "paths"),
    [
        ('<a href="b.html#x">', ["facts/b.html"]),
        ('<a href="../index.html?q=1">', ["index.html"]),
        ('<a href="#x">', ["facts/a.html"]),
        ('<a href="/b.html">', ["/b.html"]),
        ('<a href="https://example.org/b.html">', [""]),
        ('<img src="../a%20b.svg" srcset="c.svg 1x, ../d.svg 2x">', ["a b.svg", "facts/c.svg", "d.svg"]),
    ],
)
def test_addresses_are_read_as_a_browser_reads_them(html: str, paths: list[str]) -> None:
    assert [link.path for link in read(html).links] == paths


@pytest.mark.parametrize(
    ("html", "refused"),
    [
        (
            '<p class="a"><a href="https://example.org">x</a><link rel="canonical" href="https://example.org">',
            0,
        ),
        ('<p style="color:red">', 1),
        ('<p onclick="x()">', 1),
        ("<script>x()</script><style>p{}</style>", 2),
        ('<script src="https://example.org/x.js"></script>', 1),
        ('<link rel="stylesheet" href="//example.org/x.css"><img src="data:image/png;base64,AA==">', 2),
    ],
)
def test_what_a_policy_would_refuse_is_seen(html: str, refused: int) -> None:
    assert len(read(html).refused) == refused


@pytest.mark.parametrize(
    ("address", "dead"),
    [
        ("b.html", []),
        ("b.html#here", []),
        ("./b.html?q=1#here", []),
        ("b.html#gone", ["a.html: b.html#gone (no such place on that page)"]),
        ("c.html", ["a.html: c.html (no such file)"]),
        (".", ["a.html: . (no such file)"]),
        ("/b.html", ["a.html: /b.html (outside the site, or only right at one address)"]),
        ("../b.html", ["a.html: ../b.html (outside the site, or only right at one address)"]),
    ],
)
def test_dead_links_are_seen(tmp_path: Path, address: str, dead: list[str]) -> None:
    (tmp_path / "a.html").write_text(f'<a href="{address}">')
    (tmp_path / "b.html").write_text('<p id="here">')
    assert dead_links(Demo(tmp_path)) == dead


def test_pages_that_nothing_leads_to_are_seen(tmp_path: Path) -> None:
    for name, link in (("index", "a"), ("a", "index"), ("lost", "a"), ("404", "index")):
        (tmp_path / f"{name}.html").write_text(f'<a href="{link}.html">')
    assert unreachable(Demo(tmp_path)) == ["lost.html"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "index.html"),
        ("facts/a-1.html", "facts/*.html"),
        ("actors/a.2019.html", "actors/*.part.html"),
        ("dates/2019.html", "dates/0.html"),
        ("dates/2019-07.html", "dates/0-0.html"),
        ("dates/2019-07-12.p2.html", "dates/0-0-0.part.html"),
    ],
)
def test_kinds_of_pages(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_nu_speaks_up(nu: Callable[[Path], list[str]], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html lang=en><title>A</title><p><div id=x></p><p id=x>")
    (tmp_path / "b.html").write_text("<!doctype html><html lang=en><title>B</title><main>B</main>")
    findings = nu(tmp_path)
    assert {finding.split(":")[0] for finding in findings} == {"a.html"}
    assert any("Duplicate ID" in finding for finding in findings)


def test_a_site_from_right_to_left_is_valid_and_says_so(
    site: Callable[..., SmallSite], nu: Callable[[Path], list[str]]
) -> None:
    made = site(arabic.FILES)
    assert made.build().codes == []
    assert nu(made.output) == []
    assert dead_links(Demo(made.output)) == []
    fact, source = made.html("facts/boat-repair.html"), made.html("sources/ferry-vote.html")
    assert '<html lang="ar" dir="rtl" ' in fact
    assert '<blockquote lang="en" dir="ltr">' in fact
    assert '<blockquote lang="ar" dir="rtl">' in source
    assert arabic.VOTE in source
    assert arabic.DARK in source


AGENCY = {
    "content/actors/agency.yaml": "{id: agency, name: The Agency, kind: media}\n",
    "content/sources/ferry.yaml": (
        "{id: ferry-vote, title: Harbour town votes, publisher: Marlow Post, published: 2020-03-04,\n"
        " text: ferry.txt, origin: [agency]}\n"
    ),
    "content/facts/ferry.yaml": """\
        - id: ferry-kept
          statement: The council of Marlow votes to keep the night ferry.
          date: 2020-03-03
          actors: [marlow-council]
          evidence:
            - {source: ferry-vote, quote: voted on Tuesday to keep, via: [agency]}
        - id: boat-planned
          statement: A boat is to be repaired.
          date: 2020-03-10/2020-03-12
          actors: [marlow-council]
          evidence: [{source: ferry-vote, quote: first boat is to be repaired}]
        - id: price-open
          statement: No price is named.
          date: 2020-03
          actors: [marlow-council]
          evidence: [{source: ferry-vote, quote: has not named a price}]
        """,
}


def test_an_agency_shows_what_came_by_way_of_it_and_who_credits_it(site: Callable[..., SmallSite]) -> None:
    made = site(AGENCY)
    assert made.build().exit_code == 0
    agency = read(made.html("actors/agency.html"), "actors/agency.html")
    paths = {link.path for link in agency.links}
    assert {"facts/ferry-kept.html", "sources/ferry-vote.html"} <= paths
    assert "facts/price-open.html" not in paths


def test_a_month_marks_the_days_a_range_could_fall_on_and_no_others(site: Callable[..., SmallSite]) -> None:
    made = site(AGENCY)
    made.build()
    fuzzy = re.findall(r'<td class="[^"]*fuzzy">(?:<a[^>]*>)?(\d+)', made.html("dates/2020-03.html"))
    assert fuzzy == ["10", "11", "12"]


def test_a_range_leads_to_the_pages_it_stands_on(site: Callable[..., SmallSite]) -> None:
    made = site(AGENCY)
    made.build()
    page = read(made.html("facts/boat-planned.html"), "facts/boat-planned.html")
    assert {"dates/2020-03-10.html", "dates/2020-03-12.html"} <= {link.path for link in page.links}


def test_every_page_is_valid_html(demo: Demo, nu: Callable[[Path], list[str]]) -> None:
    assert nu(demo.root) == []


def test_every_kind_of_page_is_there(demo: Demo) -> None:
    folders = {"facts/*.html", "actors/*.html", "sources/*.html", "topics/*.html"}
    assert folders | {"dates/0.html", "dates/0-0.html", "dates/0-0-0.html"} <= set(demo.kinds)
    assert {"index.html", "timeline.html", "404.html"} <= set(demo.kinds)


def test_every_link_leads_somewhere(demo: Demo) -> None:
    assert dead_links(demo) == []


def test_every_page_can_be_reached(demo: Demo) -> None:
    assert unreachable(demo) == []


def test_every_page_is_sealed(demo: Demo) -> None:
    for name, page in demo.pages.items():
        assert page.refused == [], name
        assert len(page.policies) == 1 + name.startswith("verify"), name
        rules = dict(rule.split(maxsplit=1) for rule in page.policies[0].split(";") if rule.strip())
        # A page that loads a search index may ask the site itself for it.
        assert rules in (POLICY, {**POLICY, "connect-src": "'self'"}), name


def test_facts_and_what_they_name_link_both_ways(demo: Demo) -> None:
    one_way = []
    for name in demo.names:
        if kind_of(name) != "facts/*.html":
            continue
        links = {link.path for link in demo.pages[name].links if link.tag == "a"}
        named = sorted(path for path in links if re.match(r"(actors|sources|topics|dates)/", path))
        assert {"actors", "sources", "dates"} <= {path.split("/")[0] for path in named}, name
        one_way += [
            f"{path} does not link to {name}"
            for path in named
            if name not in {link.path for link in demo.pages[path].links}
        ]
    assert one_way == []


def test_every_fact_leads_to_its_passages(demo: Demo) -> None:
    for name in demo.names:
        if kind_of(name) == "facts/*.html":
            passages = [
                link for link in demo.pages[name].links if re.fullmatch(r"q-[0-9a-f]{8}", link.fragment)
            ]
            assert any(link.path.startswith("sources/") for link in passages), name
