"""Markdown of notes and prose: what it may become, what it never becomes, and where its links lead."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SmallSite
from generator import markdown
from generator.markdown import Mention, Target
from planned import Planned, fact

Make = Callable[..., SmallSite]
KNOWN = {"boat": Target("../facts/boat.html", "The boat & its <crew>"), "s-400": Target("x.html", "S-400")}


def html(text: str) -> str:
    return str(markdown.html(text, KNOWN.get))


LINKS = {
    "an id": ("See [[boat]].", 'See <a href="../facts/boat.html">The boat &amp; its &lt;crew&gt;</a>.'),
    "words": ("[[boat|that one]]", '<a href="../facts/boat.html">that one</a>'),
    "spaces": ("[[ boat | that one ]]", '<a href="../facts/boat.html">that one</a>'),
    "two": ("[[boat|a]][[s-400|b]]", '<a href="../facts/boat.html">a</a><a href="x.html">b</a>'),
    "unknown stays text": ("[[nobody]]", "[[nobody]]"),
    "no words": ("[[boat|]]", "[[boat|]]"),
    "nothing": ("[[]]", "[[]]"),
    "over two lines": ("[[boat\n]]", "[[boat\n]]"),
    "code": ("`[[boat]]`", "<code>[[boat]]</code>"),
    "escaped": (r"\[[boat]]", "[[boat]]"),
    "emphasis around": ("*[[boat|it]]*", '<em><a href="../facts/boat.html">it</a></em>'),
    "emphasis within stays as typed": ("[[boat|*it*]]", '<a href="../facts/boat.html">*it*</a>'),
    "never within a link": (
        "[see [[boat|it]] now](https://example.org)",
        '[see <a href="../facts/boat.html">it</a> now](https://example.org)',
    ),
    "a link of its own": ("[it](https://example.org/a)", '<a href="https://example.org/a">it</a>'),
    "a picture": ("![a [[boat|map]]](map.svg)", '<img src="map.svg" alt="a map" />'),
}


@pytest.mark.parametrize(("text", "expected"), LINKS.values(), ids=LINKS)
def test_links(text: str, expected: str) -> None:
    assert html(text) == f"<p>{expected}</p>\n"
    assert str(markdown.inline(text, KNOWN.get)) == expected


def test_a_table_may_hold_a_link() -> None:
    found = html("| a | b |\n|---|---|\n| [[boat\\|it]] | c |\n")
    assert '<td><a href="../facts/boat.html">it</a></td>' in found
    assert "<table>" in found


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick=alert(1)>b</b>",
    "<!-- --><style>*{display:none}</style>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](vbscript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '[a](https://example.org "t\\" onclick=\\"alert(1)")',
    "![a](javascript:alert(1))",
    '![a" onerror="alert(1)](x.png)',
    "[[boat|<img src=x onerror=alert(1)>]]",
    '[[boat|"onclick="alert(1)]]',
    "[[<script>alert(1)</script>]]",
    "[[javascript:alert(1)]]",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
TEXT_TAGS = {"p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "br", "img"}
TAGS = TEXT_TAGS | {f"h{n}" for n in range(1, 7)} | {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {("a", "href"), ("a", "title"), ("img", "src"), ("img", "alt"), ("img", "title")}
ATTRIBUTES |= {("ol", "start"), ("code", "class"), ("th", "style"), ("td", "style")}


class Reading(HTMLParser):
    """The tags, attributes and addresses of an HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found |= {(tag, name) for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def harmless(text: str) -> None:
    reading = Reading(html(text))
    assert reading.tags <= TAGS, text
    assert reading.found <= ATTRIBUTES, text
    for address in reading.addresses:
        scheme = address.partition(":")[0].casefold().strip() if ":" in address else ""
        assert scheme not in ("javascript", "vbscript", "file"), text
        assert scheme != "data" or address.startswith("data:image/"), text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    harmless(text)


PIECES = ["[[", "]]", "|", "boat", "\n", " ", "<", ">", '"', "](", "![", "`"]


@given(st.lists(st.sampled_from([*HOSTILE, *PIECES]), max_size=6))
def test_hostile_texts_stay_text_together(parts: list[str]) -> None:
    harmless("".join(parts))


@given(st.text(alphabet="[]|!()<>`*_# \nboat&\"'\\", max_size=40))
def test_any_text_becomes_html_and_keeps_to_the_tags_allowed(text: str) -> None:
    harmless(text)
    assert all(m.what in ("id", "link", "image") and m.line >= 1 for m in markdown.mentions(text))


def test_no_text_is_nothing() -> None:
    assert html("") == ""
    assert str(markdown.inline("", KNOWN.get)) == ""


def test_mentions_come_in_order_with_their_lines() -> None:
    text = "See [[boat]] and\n![map](m.svg).\n\n- [a](https://example.org/x)\n- [[nobody|n]]\n\n`[[code]]`\n"
    assert list(markdown.mentions(text)) == [
        Mention("id", "boat", 1),
        Mention("image", "m.svg", 1),
        Mention("link", "https://example.org/x", 4),
        Mention("id", "nobody", 5),
    ]


# --- on pages -----------------------------------------------------------------------------------------


def test_links_are_right_at_both_depths(site: Make) -> None:
    text = "[[f]] [[marlow-council]] [[ferries]] [[ferry-vote]] [[who]]"
    more = f"topics: [ferries], actors: [marlow-council], note: '{text}'"
    files = {
        "content/facts/f.yaml": fact("f", more=more),
        "content/topics/t.yaml": f"{{id: ferries, name: Ferries, summary: '{text}'}}\n",
        "content/questions/q.yaml": "{id: who, question: Who pays?, positions: [{label: A, facts: [f]}]}\n",
        "content/pages/about.md": f"---\ntitle: About\n---\n{text}\n",
    }
    planned = Planned(site(files))
    assert planned.told == []
    paths = ["facts/f", "actors/marlow-council", "topics/ferries", "sources/ferry-vote", "questions/who"]
    words = ["Fact f", "Council of Marlow", "Ferries", "Harbour town votes to keep its ferry", "Who pays?"]
    links = [f'href="{path}.html">{word}</a>' for path, word in zip(paths, words, strict=True)]
    links[0] += (
        ' <span class="small">(3 March 2020\u00a0· <span class="st reported">'
        '<span class="dot reported"></span>Reported</span>\u00a0· <span class="nb">1 source</span>)</span>'
    )
    assert str(planned.view("about.html").body) == f"<p>{' '.join('<a ' + link for link in links)}</p>\n"
    deeper = [link.replace('href="', 'href="../') for link in links]
    for view in (planned.view("facts/f.html").note, planned.view("topics/ferries.html").summary):
        assert str(view) == f"<p>{' '.join('<a ' + link for link in deeper)}</p>\n"
    assert deeper[1] in planned.html("facts/f.html"), "and the page shows it unescaped"


def test_a_hostile_note_is_harmless_on_its_page(site: Make) -> None:
    files = {
        "content/facts/f.yaml": (
            "id: f\nstatement: S.\ndate: 2020\n"
            "evidence: [{source: ferry-vote, quote: keep the night ferry}]\n"
            "note: |\n" + "".join(f"  {line}\n" for text in HOSTILE[:7] for line in text.splitlines())
        )
    }
    html = Planned(site(files)).html("facts/f.html")
    assert "alert(1)" in html
    assert "<script>" not in html
    assert "onerror=alert" not in html.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert 'href="javascript' not in html.casefold()
