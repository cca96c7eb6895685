"""Small sites for tests of the whole: planned in memory, page by page; and one with every kind of page.

The default templates are compiled once for all sites, so a site in strings costs a few milliseconds.
"""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from conftest import ROOT, Outcome, SmallSite
from generator import build
from generator.plan import page, plan, site_view
from generator.problems import Place, Problem
from generator.render import Page, Renderer
from generator.shelves import Shelves
from generator.theme import Theme

#: Templates compiled by one test serve the next.
_COMPILED = TemporaryDirectory()


@cache
def default_theme() -> Theme:
    """The default templates, for every site without templates of its own."""
    return Theme(ROOT / "content", cache=Path(_COMPILED.name))  # a folder that holds none


@cache
def _shown(theme: Theme) -> dict[str, frozenset[str]]:
    return theme.shown()


def theme_of(root: Path, cache: Path | None = None) -> Theme:
    """The templates of a site, those compiled before included."""
    own = (root / "templates").is_dir()
    return Theme(root, cache=Path(_COMPILED.name)) if own else default_theme()


class Quick(SmallSite):
    """A small site that is built whole, but for default templates, which are kept from site to site."""

    def build(self, **options: Any) -> Outcome:
        """Build it, see `SmallSite`."""
        with mock.patch.object(build, "Theme", theme_of):
            return super().build(**options)


def quick(site: SmallSite) -> Quick:
    """A site to be built whole many times."""
    return Quick(site.root)


class Planned:
    """What a build would make of a site: its problems, and every page with the value its template sees."""

    def __init__(self, site: SmallSite, *, theme: Theme | None = None, **options: Any) -> None:
        theme = theme or default_theme()
        examined = build.examine(site.root, theme=theme, **options)
        self.problems = examined.problems
        self.told = told(examined.problems)
        self.ok = examined.ok
        assert examined.linked, self.told
        self.linked = examined.linked
        self.dossier = examined.linked.dossier
        if self.ok:
            shelves = Shelves(self.dossier, _shown(theme))
            made = (page(shelves, planned) for planned in plan(shelves))
            self.pages: dict[str, Page] = {each.path: each for each in made}
            self._renderer = Renderer(theme, site_view(shelves, self.dossier.site.url))

    def view(self, path: str) -> Any:
        """The value that the template of a page sees."""
        return self.pages[path].view

    def html(self, path: str) -> str:
        """The page as it would be written."""
        return self._renderer.render(self.pages[path]).decode()

    def text(self, path: str) -> str:
        """The words of the page."""
        return plain(self.html(path))

    def rendered(self) -> dict[str, str]:
        """Every page as it would be written, by its path."""
        return {path: self.html(path) for path in self.pages}


def plain(page: str) -> str:
    """The words of an HTML text: no tags, white space as single spaces."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def ids(cards: Iterable[Any]) -> list[str]:
    """The facts on some cards, in their order."""
    return [card.id for card in cards]


def listed(listing: Any) -> list[str]:
    """The facts of a list, in their order."""
    return [card.id for group in listing.groups for card in group.cards]


def told(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Problems as (code, file:line:column), by place."""
    found = []
    for problem in problems:
        assert isinstance(problem.at, Place), "a problem has a place when it is shown"
        found.append((problem.at, problem.code))
    return [
        (code, ":".join(str(part) for part in (at.file, at.line, at.column) if part))
        for at, code in sorted(found)
    ]


def marked(files: Mapping[str, str | None]) -> tuple[dict[str, str | None], list[str]]:
    """Take the marks » out of texts: the texts, and the places marked as file:line:column, in order."""
    clean: dict[str, str | None] = {}
    places = []
    for path, text in sorted(files.items()):
        text = textwrap.dedent(text) if text is not None else None
        while text is not None and "»" in text:
            before, _, after = text.partition("»")
            line = before.rpartition("\n")[2]
            places.append(f"{path}:{before.count(chr(10)) + 1}:{len(line) + 1}")
            text = before + after
        clean[path] = text
    return clean, places


def fact(key: str, date: str = "2020-03-03", more: str = "") -> str:
    """One fact of the small site as an item of a YAML list; `more` holds further keys, `key: value, …`."""
    return (
        f"- {{id: {key}, statement: Fact {key}., date: '{date}', {more + ',' if more else ''}"
        " evidence: [{source: ferry-vote, quote: keep the night ferry}]}\n"
    )


#: A site with every kind of page, right, date and relation; no actor, topic or source of it is unused.
RICH = {
    "site.yaml": """\
        format: 1
        title: The ferry of Marlow
        summary: What was said of the night ferry, and what came of it.
        license: CC-BY-4.0
        rights: Quotations stay with their publishers.
        editors: [Harbour desk]
        contact: desk@example.org
        context: 2
        limits: {words: 40, share: 0.9}
        start: [ferry-kept, boat-back]
        """,
    "content/actors/marlow.yaml": """\
        - {id: marlow-council, name: Council of Marlow, kind: government, aliases: [Marlow town hall]}
        - id: ada-brook
          name: Ada Brook
          kind: person
          part_of: marlow-council
          same_as: ["https://www.example.org/brook"]
          roles:
            - {title: Mayor, of: marlow-council, from: "2019", to: "2020"}
            - {title: Member, of: marlow-council, from: "2021"}
          summary: Speaks for [[marlow-council|the council]] about [[ferries]].
        - {id: coast-wire, name: Coast Wire, kind: media}
        - {id: yard, name: Marlow yard, kind: company}
        """,
    "content/topics/topics.yaml": """\
        - {id: ferries, name: Ferries, summary: "Boats, see [[ferry-vote]] and [[who-pays]]."}
        - {id: money, name: Money}
        """,
    "content/sources/ferry.yaml": """\
        - {id: ferry-vote, title: Harbour town votes to keep its ferry, publisher: Marlow Post,
           published: 2020-03-04, authors: [P. Penny], url: "https://example.org/vote", text: ferry.txt,
           archived: {url: "https://archive.example.org/vote", date: 2020-03-06}}
        - {id: ferry-wire, title: Night ferry stays, publisher: Island Echo, published: 2020-03-05,
           supplied: [title], origin: [coast-wire], text: wire.txt, note: "A copy, see [[coast-wire]]."}
        - {id: office-report, title: Report of the harbour office, publisher: Harbour office,
           published: "2021-05", rights: full, text: report.txt, reliability: B}
        - {id: letter, title: A letter, publisher: Harbour office, published: "2019", rights: none,
           text: letter.txt, locator: page 2}
        - {id: bateau, title: Le bateau de nuit, publisher: Le Phare, published: 2020-03-07, language: fr,
           text: bateau.txt}
        """,
    "content/sources/wire.txt": (
        "COAST WIRE – The night ferry of Marlow stays, the council\n"
        "said on Wednesday. The yard\N{RIGHT SINGLE QUOTATION MARK}s bill could reach "
        "2\N{NO-BREAK SPACE}million\ncrowns, an official said.\n\n"
        "\N{LEFT DOUBLE QUOTATION MARK}Nobody has promised a price,\N{RIGHT DOUBLE QUOTATION MARK} "
        "the yard said in May. It was asked <often> & late.\n"
    ),
    "content/sources/report.txt": (
        "Report of the harbour office\n\n"
        "The first boat came back to the quay on 12 April 2021. It had been away for eleven weeks.\n\n"
        "The repair cost 1.4 million crowns, less than the yard had asked.\n"
    ),
    "content/sources/letter.txt": (
        "The zebrawood hull was never inspected before. The council knew of it in Brumaire. "
        "Nobody else was told for a long time.\n"
    ),
    "content/sources/bateau.txt": "Le bateau de nuit reste à Marlow, dit le maire. Il part à neuf heures.\n",
    "content/facts/2020/council.yaml": """\
        - id: ferry-kept
          statement: The council of Marlow votes to keep the night ferry.
          date: 2020-03-03
          dating: {phrase: on Tuesday, basis: "published on Wednesday, 4 March 2020"}
          status: confirmed
          actors: [{id: marlow-council, role: voter}]
          topics: [ferries]
          evidence:
            - {source: ferry-vote, quote: "voted on Tuesday to keep the night ferry"}
            - {source: ferry-wire, quote: The night ferry of Marlow stays, via: [coast-wire]}
            - {source: bateau, quote: reste à Marlow, translation: {text: stays in Marlow, by: HD}}
          note: |
            Said **again** by [[ada-brook]], see [[no-dark|her words]] and [[ferries]].

            ![map](../map.svg)
          added: 2022-01-01
          changes:
            - {date: 2022-02-01, kind: wording, was: The council keeps the ferry., reason: Narrowed.}
        - id: no-dark
          statement: Ada Brook says the island will not be left in the dark.
          date: 2020-03-03
          kind: utterance
          speaker: ada-brook
          topics: [ferries]
          evidence:
            - {source: ferry-vote, quote: leave the island in the dark, checked: {by: PP, on: 2022-01-02}}
            - {source: ferry-vote, quote: Mayor Ada Brook said, stance: context}
          relations: {responds-to: [ferry-kept]}
        - id: boat-plan
          statement: A first boat is to be repaired by spring 2021.
          date: 2020-03
          due: 2021-21
          kind: plan
          actors: [yard, marlow-council]
          topics: [ferries, money]
          evidence: [{source: ferry-vote, quote: "A first boat is […] repaired by spring", omission: shorter}]
        - id: bill-of-two-million
          statement: The bill of the yard could reach two million crowns.
          date: 2020-03-04
          kind: assessment
          status: claimed
          actors: [yard]
          topics: [money]
          evidence: [{source: ferry-wire, quote: "yard's bill could reach 2 million crowns"}]
          relations: {contradicts: [bill-of-less]}
        """,
    "content/facts/later.yaml": """\
        - id: boat-back
          statement: The first boat comes back.
          date: 2021-04-12T08:30:00
          actors: [yard]
          topics: [ferries]
          evidence: [{source: office-report, quote: came back to the quay on 12 April 2021}]
          relations: {fulfils: [boat-plan], leads-to: [bill-of-less]}
        - id: away
          statement: The first boat is away for eleven weeks.
          date: 2021-01/2021-04
          kind: state
          actors: [yard]
          topics: [ferries]
          evidence: [{source: office-report, quote: [on 12 April 2021, away for eleven weeks]}]
        - id: bill-of-less
          statement: The repair costs 1.4 million crowns.
          date: 2021-05
          status: disputed
          topics: [money]
          evidence:
            - {source: office-report, quote: "The repair cost 1.4 million crowns, less than the yard"}
            - {source: ferry-wire, quote: Nobody has promised a price, stance: disputes}
        - id: hull
          statement: The hull of one boat was not inspected.
          date: "[2019-05,2019-08-01]"
          topics: [ferries]
          gaps: Nobody says why.
          evidence: [{source: letter, quote: zebrawood hull was never inspected}]
        - id: known
          statement: The council learns of the hull.
          date: 2019-11
          dating: {phrase: in Brumaire}
          actors: [marlow-council]
          topics: [ferries]
          evidence: [{source: letter, quote: The council knew of it in Brumaire}]
        - id: late
          statement: The yard is asked often and late.
          date: 2018/2021
          actors: [yard]
          topics: [money]
          evidence: [{source: ferry-wire, quote: asked <often> & late}]
        - id: once
          statement: Boats come back to the quay.
          date: 201X
          topics: [ferries]
          evidence: [{source: office-report, quote: came back to the quay}]
        - id: some-day
          statement: It could not do without a ferry.
          date: XXXX
          status: withdrawn
          topics: [ferries]
          evidence: [{source: ferry-vote, quote: could not do without it}]
          changes: [{date: 2022-03-01, kind: withdrawal, reason: Not about the ferry.}]
        """,
    "content/questions/pay.yaml": """\
        id: who-pays
        question: What does the repair cost?
        positions:
          - {label: Two million, facts: [bill-of-two-million]}
          - {label: Less, facts: [bill-of-less]}
        ruling: Less
        reason: The report came later.
        """,
    "content/pages/about.md": """\
        ---
        title: About
        ---
        ## How

        We read [[ferry-vote]], ask [[yard|the yard]], and draw ![a map](map.svg).
        """,
    "content/static/map.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "content/facts/ferry.yaml": None,
}
