"""Every template with a full view, a bare view, and a hostile view, made from the types of its fields."""

from __future__ import annotations

import gzip
import re
import types
import typing
from collections import Counter
from html.parser import HTMLParser
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from generator import pictures, views

TEMPLATES = Path(__file__).parent.parent / "templates"
PAGES = sorted(views.TEMPLATES.items(), key=lambda pair: pair[1])
HOSTILE = "<script>alert(1)</script><b onload=x>\"'&{{ 7*7 }}"
#: Fields whose values hang together with the calendar or with each other.
FIXED: dict[str, Any] = {
    "year": 2019,
    "month": 7,
    "day": 12,
    "cells": ("known", "maybe", *("",) * 10),
    "reported": (10,),
    "paragraphs": ((0, 300), (302, 700)),
    "length": 700,
    "own": ((310, 380),),
    "others": ((10, 60),),
    "marks": (("confirmed", 2), ("planned", 1)),
    "lang": "en",
    "datetime": "2019-07-12",
    "due_datetime": "2020",
    "added_datetime": "2026-11-15",
    "level": 3,
}
LINKS = (
    "href",
    "url",
    "passage_url",
    "archived_url",
    "due_href",
    "license_url",
    "contact",
    "search",
    "feed",
    "tokens",
    "path",
)
PLAIN = (*FIXED, *LINKS, "id", "anchor", "begins", "section", "base", "dir", "language", "interface")


class Maker:
    """Makes a value of any view type: every field filled, or only those without a default."""

    def __init__(self, *, text: str = "", bare: bool = False) -> None:
        self.text, self.bare, self.numbers = text, bare, count(1)

    def view(self, cls: type[Any], **given: Any) -> Any:
        hints = typing.get_type_hints(cls)
        return cls(
            **{
                field.name: self.value(hints[field.name], field.name)
                for field in msgspec.structs.fields(cls)
                if not self.bare or field.required or field.name in given
            }
            | given
        )

    def value(self, hint: Any, name: str) -> Any:
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if name in FIXED and (name != "reported" or int in arguments) and not _of_views(hint):
            return FIXED[name]
        if origin in (typing.Union, types.UnionType):
            return self.value(next(a for a in arguments if a is not type(None)), name)
        if origin is typing.Literal:
            return arguments[next(self.numbers) % len(arguments)] if name == "mark" else arguments[0]
        if origin is tuple:
            if self.bare:
                return ()
            return tuple(self.value(arguments[0], name) for _ in range(2))
        if isinstance(hint, type) and issubclass(hint, views.View):
            return self.view(hint)
        if hint is Markup:
            return Markup("<p>Rendered <em>text</em>.</p>")
        if name == "number":
            return next(self.numbers)
        if hint in (int, bool):
            return hint(3)
        return self.string(name)

    def string(self, name: str) -> str:
        if name in ("href", "due_href", "search", "feed", "tokens", "section", "path"):
            return f"facts/{name}.html"
        if name in ("url", "passage_url", "archived_url", "license_url", "contact"):
            return f"https://example.org/{name}/"
        if name in ("id", "anchor", "begins"):
            return f"{name}-{next(self.numbers)}"
        if name in ("base", "language", "interface"):
            return {"base": "/dossier/"}.get(name, "en")
        return self.text or f"{name} of S-400"


def _of_views(hint: Any) -> bool:
    arguments = [hint, *typing.get_args(hint)]
    return any(isinstance(a, type) and issubclass(a, views.View) for a in arguments)


SHARED = ("months", "initials", "weekdays", "short_weekdays", "comma")


def site(maker: Maker) -> views.SiteView:
    defaults = views.SiteView(title="x")
    return typing.cast(
        views.SiteView, maker.view(views.SiteView, **{name: getattr(defaults, name) for name in SHARED})
    )


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(pictures.FUNCTIONS)
    return made


ENVIRONMENT = environment()


def render(view: views.PageView, shared: views.SiteView, root: str = "../") -> str:
    def card(fact: views.FactCard) -> Markup:
        return Markup(
            ENVIRONMENT.get_template("partials/card.html").render(fact=fact, site=shared, root=root)
        )

    template = ENVIRONMENT.get_template(views.TEMPLATES[type(view)])
    return template.render(view=view, site=shared, root=root, card=card)


def page(cls: type[views.PageView], maker: Maker) -> str:
    return render(maker.view(cls), site(maker))


class Reading(HTMLParser):
    """What a page holds: headings, ids, links, attributes; refuses tags that do not nest."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.mark.parametrize(("cls", "name"), PAGES)
@pytest.mark.parametrize("bare", [False, True], ids=["full", "bare"])
def test_every_template_is_sound(cls: type[views.PageView], name: str, bare: bool) -> None:
    html = page(cls, Maker(bare=bare))
    reading = Reading(html)
    levels = reading.headings
    # The footer's two headings stand apart from the page's own.
    main = levels[: len(levels) - 2] if "<footer" in html else levels
    assert main[0] == 1
    assert main.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(main)), main
    repeated = [i for i, times in Counter(reading.values("id")).items() if times > 1]
    assert repeated == []
    named = {i for value in reading.values("aria-labelledby") for i in value.split()}
    assert named <= set(reading.values("id"))
    assert reading.values("style") == []
    assert not [a for _, a, _ in reading.attributes if a.startswith("on")]
    assert all(value for tag, a, value in reading.attributes if tag == "script" and a == "src")
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize(("cls", "name"), PAGES)
def test_links_lead_up_to_the_root(cls: type[views.PageView], name: str) -> None:
    way = "/dossier/" if cls is views.NotFoundView else "../"
    for tag, attribute, value in Reading(page(cls, Maker())).attributes:
        if attribute in ("href", "src", "action"):
            assert value.startswith((way, "#", "https://example.org/")), (tag, value)


@pytest.mark.parametrize(("cls", "name"), PAGES)
def test_text_is_never_markup(cls: type[views.PageView], name: str) -> None:
    html = page(cls, Maker(text=HOSTILE))
    assert "alert(1)" in html
    assert "<script>" not in html
    assert "<b onload" not in html
    assert not [a for _, a, _ in Reading(html).attributes if a == "onload"]
    assert "{{ 7*7 }}" in html


@pytest.mark.parametrize(("cls", "name"), PAGES)
def test_every_text_of_a_view_is_shown(cls: type[views.PageView], name: str) -> None:
    """A field that its template forgets is a promise of the reference that the page does not keep."""
    hidden = {"id", "description", "title", "section"}
    view = Maker().view(cls)
    for field in msgspec.structs.fields(cls):
        if field.name in hidden or not isinstance(getattr(view, field.name), str):
            continue
        if field.name in FIXED or field.name in LINKS or field.type is Markup:
            continue
        changed = msgspec.structs.replace(view, **{field.name: f"QQ {field.name}"})
        if typing.get_origin(typing.get_type_hints(cls)[field.name]) is not typing.Literal:
            assert f"QQ {field.name}" in render(changed, site(Maker())), field.name


def test_every_page_states_its_policy_before_it_loads_anything() -> None:
    html = page(views.FactView, Maker())
    policy = (
        "default-src 'none'; connect-src 'self'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'"
    )
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in html
    assert html.index("Content-Security-Policy") < html.index("<link") < html.index("<script")


def test_omitted_words_are_told_outside_the_yellow() -> None:
    maker = Maker()
    runs = (views.Run(words="signed the"), views.Run(words="in Ankara", omitted=3))
    quote = msgspec.structs.replace(maker.view(views.EvidenceView), runs=runs)
    html = render(maker.view(views.FactView, evidence=(quote,)), site(maker))
    assert "<mark>signed the</mark>" in html
    assert '<span class="omit" lang="en" dir="ltr">[3 words omitted]</span> <mark>in Ankara</mark>' in html


def test_words_whose_rights_forbid_them_are_not_shown() -> None:
    maker = Maker()
    quote = msgspec.structs.replace(maker.view(views.EvidenceView), runs=(), before="", after="")
    html = render(maker.view(views.FactView, evidence=(quote,)), site(maker))
    assert "allow no words to be shown" in html
    assert "<blockquote" not in html


def test_overlapping_passages_keep_the_text_and_all_their_notes() -> None:
    maker = Maker()
    pieces = (
        views.TextPiece(words="The "),
        views.TextPiece(words="first ", passages=(1,), begins=("q-1",)),
        views.TextPiece(words="batch", passages=(1, 2), begins=("q-2",), ends=(1,)),
        views.TextPiece(words=" came", passages=(2,), ends=(2,)),
        views.TextPiece(words="."),
    )
    paragraph = views.ParagraphView(number=1, pieces=pieces)
    html = render(maker.view(views.SourceView, paragraphs=(paragraph,)), site(maker))
    body = html[html.index('<p>The <span id="q-1">') :]
    body = body[: body.index("</p>")]
    assert body.replace('<a class="fn" href="#n1" aria-label="Note 1">1</a>', "").replace(
        '<a class="fn" href="#n2" aria-label="Note 2">2</a>', ""
    ) == (
        '<p>The <span id="q-1"></span><mark>first </mark><span id="q-2"></span>'
        "<mark>batch</mark><mark> came</mark>."
    )


def test_the_menu_marks_the_page_and_its_section() -> None:
    maker = Maker()
    nav = (views.Link(href="timeline.html", label="T"), views.Link(href="actors.html", label="A"))
    shared = msgspec.structs.replace(site(maker), nav=nav, search="")
    html = render(maker.view(views.ActorsView, path="actors.html", section="actors.html"), shared, "")
    assert '<a href="actors.html" aria-current="page">' in html
    assert '<a href="timeline.html">' in html
    assert "<form" not in html
    html = render(maker.view(views.ActorView, path="actors/a.html", section="actors.html"), shared)
    assert '<a href="../actors.html" aria-current="true">' in html


def test_an_address_is_canonical_only_when_the_site_has_one() -> None:
    maker = Maker()
    view = maker.view(views.ProseView, path="about.html")
    shared = site(maker)
    assert '<link rel="canonical" href="https://example.org/url/about.html">' in render(view, shared)
    bare = render(view, msgspec.structs.replace(shared, url=""))
    assert "canonical" not in bare
    assert "og:url" not in bare


SHEETS = sorted((TEMPLATES / "assets").glob("*.css"))


def test_assets_stay_small() -> None:
    def sent(*files: Path) -> int:
        return sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in files)

    site, lists, sources = (TEMPLATES / "assets" / f"{name}.css" for name in ("site", "lists", "sources"))
    assert {*SHEETS} == {site, lists, sources, TEMPLATES / "assets" / "embed.css"}
    # What a page loads, and all of it as if it were one sheet.
    assert max(sent(site, lists), sent(site, sources)) < 12_000
    assert len(gzip.compress(b"".join(map(Path.read_bytes, (site, lists, sources))), mtime=0)) < 12_000
    assert sent(TEMPLATES / "assets" / "site.js") < 4_000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_stylesheet_asks_nothing_of_others(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css


def test_a_template_names_sheets_that_there_are() -> None:
    for template in TEMPLATES.glob("*.html"):
        for named in re.findall(r"set sheets = \[(.*)\]", template.read_text(encoding="utf-8")):
            assert {name.strip('" ') for name in named.split(",")} <= {sheet.name for sheet in SHEETS}
