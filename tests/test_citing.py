"""Corrections and citing: every wording keeps its address, and every format its escapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser import Witness, page_of
from conftest import SmallSite
from generator import citing, wordings
from generator.citing import Cited
from generator.content import Change, Evidence, Fact
from planned import Planned, quick

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Make = Callable[..., SmallSite]

# --- wordings -----------------------------------------------------------------------------------------


def fact(statement: str, *was: tuple[str, str, str]) -> Fact:
    changes = tuple(Change(date=d, kind=k, was=w, reason="R.") for d, k, w in was)  # type: ignore[arg-type]
    return Fact(
        id="f", statement=statement, date="2020", evidence=(Evidence(source="s", quote="q"),), changes=changes
    )


def test_an_anchor_follows_from_the_words_alone() -> None:
    assert wordings.anchor("The ferry stays.") == "v-63dbd9"
    same = {wordings.anchor(w) for w in ("The ferry  stays", "The ferry\nstays.", "The ferry stays.")}
    assert same == {"v-63dbd9"}
    assert wordings.anchor("The ferry stayed.") not in same
    assert wordings.anchor("Marlo\u0301w") == wordings.anchor("Marl\u00f3w")


def test_earlier_wordings_the_one_replaced_last_first() -> None:
    found = wordings.earlier(
        fact(
            "C.",
            ("2020-01-01", "wording", "A."),
            ("2022-01-01", "wording", "B."),
            ("2021-01-01", "date", "2019"),
            ("2021-06-01", "wording", ""),
        )
    )
    assert [(old.words, old.change.date) for old in found] == [("B.", "2022-01-01"), ("A.", "2020-01-01")]
    assert [old.anchor for old in found] == [wordings.anchor("B."), wordings.anchor("A.")]


def test_a_wording_that_came_back_stands() -> None:
    changed = fact("A.", ("2020-01-01", "wording", "A"), ("2021-01-01", "wording", "B."))
    assert [old.words for old in wordings.earlier(changed)] == ["B."]
    twice = fact(
        "C.", ("2020-01-01", "wording", "A"), ("2021-01-01", "wording", "B"), ("2022-01-01", "wording", "A")
    )
    assert [(old.words, old.change.date) for old in wordings.earlier(twice)] == [
        ("A", "2022-01-01"),
        ("B", "2021-01-01"),
    ]


# --- formats ------------------------------------------------------------------------------------------

CITED = Cited(
    id="ferry-kept",
    anchor="v-1a2b3c",
    statement="The ferry stays.",
    dossier="The ferry of Marlow",
    editors=("Ada Brook", "Harbour & Sons"),
    day="2022-02-01",
    standing="As changed on 1 February 2022.",
    quote="keep the night ferry",
    quoted_from="Marlow Post, 4 March 2020",
    url="https://ferry.example/facts/ferry-kept.html#v-1a2b3c",
)
QUOTES = "Quotes: “keep the night ferry” (Marlow Post, 4 March 2020)."
BARE = Cited(id="ferry-kept", anchor="v-1a2b3c", statement="The ferry stays.", dossier="The ferry of Marlow")


def test_in_plain_words() -> None:
    assert citing.plain(CITED) == (
        "“The ferry stays.” The ferry of Marlow, ferry-kept. As changed on 1 February 2022. "
        "Quotes: “keep the night ferry” (Marlow Post, 4 March 2020). "
        "https://ferry.example/facts/ferry-kept.html#v-1a2b3c"
    )
    assert citing.plain(BARE) == "“The ferry stays.” The ferry of Marlow, ferry-kept, wording v-1a2b3c."


def test_for_bibtex() -> None:
    assert (
        citing.bibtex(CITED)
        == """\
@misc{ferry-kept-v-1a2b3c,
  title = {{The ferry stays}},
  author = {{Ada Brook} and {Harbour \\& Sons}},
  howpublished = {The ferry of Marlow},
  year = {2022},
  date = {2022-02-01},
  note = {As changed on 1 February 2022. Quotes: “keep the night ferry” (Marlow Post, 4 March 2020).},
  url = {https://ferry.example/facts/ferry-kept.html#v-1a2b3c},
}"""
    )
    assert (
        citing.bibtex(BARE)
        == """\
@misc{ferry-kept-v-1a2b3c,
  title = {{The ferry stays}},
  howpublished = {The ferry of Marlow},
}"""
    )


def test_as_csl_json() -> None:
    assert json.loads(citing.csl_json(CITED)) == [
        {
            "id": "ferry-kept-v-1a2b3c",
            "type": "webpage",
            "title": "The ferry stays",
            "container-title": "The ferry of Marlow",
            "author": [{"literal": "Ada Brook"}, {"literal": "Harbour & Sons"}],
            "issued": {"date-parts": [[2022, 2, 1]]},
            "version": "v-1a2b3c",
            "note": f"As changed on 1 February 2022. {QUOTES}",
            "language": "en",
            "URL": "https://ferry.example/facts/ferry-kept.html#v-1a2b3c",
        }
    ]
    assert json.loads(citing.csl_json(BARE)) == [
        {
            "id": "ferry-kept-v-1a2b3c",
            "type": "webpage",
            "title": "The ferry stays",
            "container-title": "The ferry of Marlow",
            "version": "v-1a2b3c",
            "language": "en",
        }
    ]


def test_for_a_wiki() -> None:
    assert citing.wiki(CITED) == (
        "{{cite web |title=The ferry stays |author1=Ada Brook |author2=Harbour &#38; Sons "
        "|website=The ferry of Marlow |date=2022-02-01 |language=en "
        "|url=https://ferry.example/facts/ferry-kept.html#v-1a2b3c |type=As changed on 1 February 2022 "
        "|quote=keep the night ferry}}"
    )
    assert citing.wiki(BARE) == (
        "{{cite web |title=The ferry stays |website=The ferry of Marlow |language=en}}"
    )


#: Words as written, then in BibTeX and in a wiki's template.
ESCAPES = [
    ("50 % & $3 #1 a_b", r"50 \% \& \$3 \#1 a\_b", "50 % &#38; $3 #1 a_b"),
    (r"C:\new", r"C:{\textbackslash}new", r"C:\new"),
    ("a {b} }c", r"a {\textbraceleft}b{\textbraceright} {\textbraceright}c", "a &#123;b&#125; &#125;c"),
    ("~x^2", r"{\textasciitilde}x{\textasciicircum}2", "&#126;x^2"),
    ("a|b = c", "a|b = c", "a&#124;b = c"),
    ("[[Link]] [1]", "[[Link]] [1]", "&#91;&#91;Link&#93;&#93; &#91;1&#93;"),
    ("''it'' isn't", "''it'' isn't", "&#39;&#39;it&#39;&#39; isn't"),
    ("<ref> __TOC__", r"<ref> \_\_TOC\_\_", "&#60;ref&#62; &#95;&#95;TOC&#95;&#95;"),
    ("~~~~", r"{\textasciitilde}" * 4, "&#126;" * 4),
    ("two\n  lines\u2028and\u00a0more\u0007", "two lines and more", "two lines and more"),
    ('a "quoted" word', 'a "quoted" word', 'a "quoted" word'),
    ("Çavuşoğlu فرقاطة", "Çavuşoğlu فرقاطة", "Çavuşoğlu فرقاطة"),
    ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
]


@pytest.mark.parametrize(("words", "tex", "wiki"), ESCAPES)
def test_every_format_has_its_escapes(words: str, tex: str, wiki: str) -> None:
    cited = Cited(id="f", anchor="v-1", statement=words, dossier="D", quote=words, quoted_from="P")
    assert f"title = {{{{{tex}}}}}" in citing.bibtex(cited)
    assert f"“{tex}” (P)" in citing.bibtex(cited)
    assert f"|title={wiki} |website" in citing.wiki(cited)
    assert citing.wiki(cited).endswith(f"|quote={wiki}}}}}")
    (item,) = json.loads(citing.csl_json(cited))
    assert item["title"] == " ".join(words.replace("\u0007", "").split())


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_words_break_out_of_their_format(words: str, name: str) -> None:
    url = "https://x.example/" + re.sub(r"[\s<>\"]", "", name)
    cited = Cited(id="f", anchor="v-1", statement=words, dossier=name, editors=(name,), quote=words, url=url)
    entry = citing.bibtex(cited)
    depth = 0
    for at, char in enumerate(entry):  # BibTeX counts every brace, escaped or not
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth > 0 or at in (len(entry) - 1, *range(len("@misc")))
    assert depth == 0
    template = citing.wiki(cited)
    assert re.fullmatch(r"\{\{cite web( \|[a-z]+=[^|{}\[\]<>\n]*)*\}\}", template)
    (item,) = json.loads(citing.csl_json(cited))
    assert set(item) <= {
        *("id", "type", "title", "container-title", "author", "version", "note", "language", "URL"),
    }
    assert "\n" not in citing.plain(cited)


# --- on the pages -------------------------------------------------------------------------------------

SITE = {
    "site.yaml": "format: 1\ntitle: The ferry of Marlow\nurl: https://ferry.example/\neditors: [Ada Brook]\n",
    "content/facts/ferry.yaml": """\
- id: ferry-kept
  statement: The council of Marlow votes to keep the night ferry.
  date: 2020-03-03
  actors: [marlow-council]
  evidence:
    - {source: ferry-vote, quote: do without it, stance: context}
    - {source: ferry-vote, quote: voted on Tuesday to keep the night ferry}
  added: 2022-01-01
  changes:
    - {date: 2022-02-01, kind: wording, was: The council keeps the <ferry>., reason: Narrowed.}
    - {date: 2022-03-01, kind: date, was: 2020-03, reason: The day was found.}
""",
}
OLD, NEW = (
    wordings.anchor(words)
    for words in ("The council keeps the <ferry>", "The council of Marlow votes to keep the night ferry")
)


def ferry(site: Make, url: str = "url: https://ferry.example/\n") -> SmallSite:
    return site({**SITE, "site.yaml": SITE["site.yaml"].replace("url: https://ferry.example/\n", url)})


def test_every_wording_has_its_own_address(site: Make) -> None:
    made = Planned(ferry(site))
    page = made.html("facts/ferry-kept.html")
    assert f'<h1 id="{NEW}">' in page
    assert f'<div class="past" id="{OLD}">' in page
    past = page.partition(f'id="{OLD}"')[2].partition("</div>")[0]
    for words in (
        "This wording was changed on",
        "1 February 2022",
        "The council keeps the &lt;ferry&gt;.",
        "Narrowed.",
    ):
        assert words in past
    assert f'href="#{NEW}"' in past
    # What was corrected besides the wording has no address of its own.
    assert len(re.findall(r'id="v-', page)) == 2
    link = f'href="../facts/ferry-kept.html#{OLD}"'
    assert page.count(link) == 1
    assert link.replace("../", "") in made.html("changes.html")


def test_the_citations_carry_the_wording_and_the_quote(site: Make) -> None:
    view = Planned(ferry(site)).view("facts/ferry-kept.html")
    address = f"https://ferry.example/facts/ferry-kept.html#{NEW}"
    texts = {"plain": view.cite.striptags(), **{form.label: form.text for form in view.cites}}
    assert list(texts) == ["plain", "BibTeX", "CSL-JSON", "Wikipedia"]
    for text in texts.values():
        assert address in text
        assert "voted on Tuesday to keep the night ferry" in text
        assert "As changed on 1 March 2022" in text
        assert "access" not in text.casefold()  # there is no clock here


def test_a_site_without_an_address_has_citations_without_one(site: Make) -> None:
    made = Planned(ferry(site, url=""))
    view = made.view("facts/ferry-kept.html")
    for text in (view.cite, *(form.text for form in view.cites)):
        assert "ferry.example" not in text
        assert "url" not in text.casefold()
        assert NEW in text or "cite web" in text


def test_words_that_may_not_be_shown_are_not_cited(site: Make) -> None:
    made = ferry(site)
    source = (made.root / "content/sources/ferry.yaml").read_text("utf-8")
    made.write(
        "content/sources/ferry.yaml", source.replace("text: ferry.txt", "text: ferry.txt, rights: none")
    )
    view = Planned(made).view("facts/ferry-kept.html")
    for text in (view.cite, *(form.text for form in view.cites)):
        assert "voted on Tuesday" not in text


def test_a_cited_wording_that_was_changed_says_so_and_the_one_that_stands_says_nothing(
    site: Make, chromium: Browser
) -> None:
    made = quick(ferry(site))
    assert made.build().codes == []
    page = chromium.new_context(java_script_enabled=False).new_page()
    address = (made.output / "facts/ferry-kept.html").as_uri()
    seen = {}
    for fragment in ("", f"#{OLD}", f"#{NEW}"):
        page.goto("about:blank")
        page.goto(address + fragment)
        notice = page.get_by_text("This wording was changed on")
        seen[fragment] = notice.is_visible()
        if fragment:
            assert page.locator("h1").is_visible()
    assert seen == {"": False, f"#{OLD}": True, f"#{NEW}": False}
    page.goto(f"{address}#{OLD}")
    page.get_by_role("link", name="The wording that stands now").click()
    assert not page.get_by_text("This wording was changed on").is_visible()
    # Each wording can be found again from the list of corrections.
    page.get_by_role("link", name="Address of that wording").click()
    assert page.get_by_text("This wording was changed on").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_cited_wording_is_told_of_at_an_old_id_too(site: Make, chromium: Browser, scripts: bool) -> None:
    facts = SITE["content/facts/ferry.yaml"].replace("- id: ferry-kept", "- id: ferry-stays")
    facts = facts.replace("  added:", "  formerly: [ferry-kept]\n  added:")
    made = quick(site({**SITE, "content/facts/ferry.yaml": facts}))
    assert made.build().codes == []
    old, new = ((made.output / f"facts/{name}.html").as_uri() for name in ("ferry-kept", "ferry-stays"))
    with page_of(chromium, scripts=scripts) as page:
        heard = Witness(page, f"{made.output.as_uri()}/").heard
        notice = page.get_by_text("This wording was changed on")
        page.goto(f"{old}#{OLD}")
        if not scripts:
            assert notice.is_visible()
            page.get_by_role("link", name="Address of that wording").click()
        page.wait_for_url(f"{new}#{OLD}")
        assert notice.is_visible()
        page.goto(f"{old}#{NEW}")
        if not scripts:
            assert not notice.is_visible()
            page.get_by_role("link", name="The council of Marlow votes").click()
        page.wait_for_url(f"{new}#{NEW}" if scripts else new)
        assert not notice.is_visible()
        assert heard == []


def test_an_old_id_without_earlier_wordings_leads_on_at_once(site: Make) -> None:
    facts = SITE["content/facts/ferry.yaml"].replace(
        "- id: ferry-kept", "- id: ferry-stays\n  formerly: [old]"
    )
    made = site({**SITE, "content/facts/ferry.yaml": facts})
    assert 'http-equiv="refresh"' not in Planned(made).html("facts/old.html")
    made.write("content/facts/ferry.yaml", facts.replace("kind: wording", "kind: other"))
    assert 'http-equiv="refresh"' in Planned(made).html("facts/old.html")
