"""Titles and quotations of another language than the site's say so wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest

from conftest import SmallSite
from planned import Planned

#: Sources in French and Arabic on an English site: their titles and quotations stand in many places.
TITLES = {
    "Le bac reste la nuit": "fr",
    "Un prix pour le chantier": "fr",
    "العبّارة باقية": "ar",
    "Le bac revient": "fr",
}
WORDS = {"le bac reste au service du port": "fr", "العبّارة باقية في الليل": "ar", "mardi dernier": "fr"}
TEXTS = {
    "bac.txt": "Le conseil le dit : le bac reste au service du port. Il a voté mardi dernier à la mairie.\n",
    "prix.txt": "Un prix pour le chantier, le bac reste au service du port, dit-on à Marlow.\n",
    "ar.txt": "قال المجلس إن العبّارة باقية في الليل، ولم يذكر السعر حتى الآن.\n",
    "retour.txt": "Le bac revient au printemps, selon le chantier, et le quai l'attend.\n",
}
FILES: dict[str, str | None] = {
    "site.yaml": (
        "{format: 1, title: The ferry of Marlow, url: 'https://example.org/', start: [kept],"
        " limits: {words: 40, share: 0.9}}\n"
    ),
    "content/actors/marlow.yaml": (
        "- {id: council, name: Council of Marlow, kind: government, summary: 'See [[bac]], [[bac|that]].'}\n"
        "- {id: wire, name: Coast Wire, kind: media}\n"
    ),
    "content/sources/ferry.yaml": """\
        - {id: bac, title: Le bac reste la nuit, publisher: Le Phare, published: 2020-03-04, language: fr,
           text: bac.txt, origin: [wire], formerly: [le-bac]}
        - {id: prix, title: Un prix pour le chantier, publisher: Le Quai, published: 2020-03-05, language: fr,
           text: prix.txt, origin: [wire], supplied: [title]}
        - {id: baqiya, title: العبّارة باقية, publisher: جريدة المرفأ, published: 2020-03-06, language: ar,
           text: ar.txt, rights: full}
        - {id: retour, title: Le bac revient, publisher: Le Phare, published: 2020-04, language: fr,
           text: retour.txt, rights: none}
        """,
    **{f"content/sources/{name}": text for name, text in TEXTS.items()},
    "content/sources/ferry.txt": None,
    "content/facts/ferry.yaml": """\
        - id: kept
          statement: The night ferry stays.
          date: 2020-03-03
          dating: {phrase: mardi dernier, source: bac}
          actors: [council]
          evidence:
            - {source: bac, quote: le bac reste au service du port}
            - {source: prix, quote: le bac reste au service du port, via: [wire]}
            - {source: baqiya, quote: العبّارة باقية في الليل}
          note: As [[baqiya]] has it.
        - id: back
          statement: A boat is to come back.
          date: 2020-04
          due: 2020-05
          kind: plan
          actors: [council]
          evidence: [{source: retour, quote: revient au printemps}]
        """,
    "content/pages/about.md": "---\ntitle: About\n---\nWe read [[prix]] and [[bac|an article]].\n",
}


class Spoken(HTMLParser):
    """The texts of a page, each with the language it is said to be in."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})
    #: Where no language can be said, or where words are data for programs.
    APART = frozenset({"title", "pre", "script"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            above = self._open[-1][1] if self._open else ""
            self._open.append((tag, dict(attrs).get("lang") or above))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closes what it opens."""

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not self.APART.intersection(tag for tag, _ in self._open):
            self.texts.append((data, self._open[-1][1] if self._open else ""))


def astray(html: str, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Words that stand on a page in a language that is not theirs, and which it is."""
    for text, lang in Spoken(html).texts:
        yield from ((each, lang) for each, own in words.items() if each in text and lang != own)


@pytest.fixture
def planned(site: Callable[..., SmallSite]) -> Planned:
    made = Planned(site(FILES))
    assert made.told == []
    return made


def test_words_in_the_wrong_language_are_noticed() -> None:
    page = (
        '<html lang="en"><p>Le bac revient</p><p lang="fr">Le bac revient</p><pre>Le bac revient</pre></html>'
    )
    assert list(astray(page, TITLES)) == [("Le bac revient", "en")]


def test_titles_and_quotations_are_in_their_own_language_wherever_they_stand(planned: Planned) -> None:
    places = dict.fromkeys([*TITLES, *WORDS], 0)
    for path, html in planned.rendered().items():
        assert list(astray(html, {**TITLES, **WORDS})) == [], path
        for words in places:
            places[words] += any(words in text for text, _ in Spoken(html).texts)
    assert min(places.values()) > 0, places


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("sources/bac.html", "Un prix pour le chantier"),  # the pager
        ("facts/kept.html", "العبّارة باقية"),  # a note that names a source
        ("facts/kept.html", "Un prix pour le chantier"),  # why two sources count as one
        ("sources.html", "Le bac reste la nuit"),
        ("index.html", "Le bac revient"),
        ("plans.html", "Le bac revient"),  # the newest source
        ("about.html", "Un prix pour le chantier"),
        ("verify.html", "Le bac reste la nuit"),
        ("sources/le-bac.html", "Le bac reste la nuit"),  # where an old id leads
        ("actors/council.html", "Le bac reste la nuit"),
    ],
)
def test_the_places_where_titles_stand(planned: Planned, path: str, title: str) -> None:
    assert any(title in text for text, _ in Spoken(planned.rendered()[path]).texts)


def test_words_of_the_sites_own_language_need_no_mark(site: Callable[..., SmallSite]) -> None:
    html = Planned(site()).rendered()["sources/ferry-vote.html"]
    assert '<h1 id="' not in html
    assert "<h1>Harbour town votes to keep its ferry</h1>" in html


def test_a_citation_holds_the_quotation_once_and_unchanged(planned: Planned) -> None:
    html = planned.rendered()["facts/kept.html"]
    cite = html.partition('<p class="cite"')[2].partition("</p>")[0]
    assert '“<span lang="fr" dir="auto">le bac reste au service du port</span>”' in cite
    assert cite.count("le bac reste") == 1
