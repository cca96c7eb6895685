"""Flat templates: a page comes out as Jinja2 has it, or the flat template is refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, StrictUndefined, nodes
from markupsafe import Markup

from conftest import SmallSite
from generator import flat, flatcode, lean, render
from generator.plan import site_view
from generator.shelves import Shelves
from generator.views import TEMPLATES
from planned import RICH, Planned, default_theme

SITE = SimpleNamespace(
    title="A & B", none=None, on=True, off=False, links=("one", "<two>"), key=(SimpleNamespace(word="w"),)
)


def twice(text: str) -> str:
    return text * 2


class Both:
    """Templates as Jinja2 has them, and flat."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self.environment = lean.LeanEnvironment(
            loader=DictLoader(dict(templates)), autoescape=True, undefined=StrictUndefined
        )
        self.known: dict[str, Any] = {"site": SITE, "root": "../", "twice": twice, "x": "<x>"}

    def usual(self, view: object) -> str:
        template = self.environment.get_template("page")
        return lean.render(template, {**self.environment.globals, **self.known, "view": view, "y": "<y>"})

    def flattened(self) -> nodes.Template:
        def parse(name: str) -> nodes.Template:
            assert self.environment.loader
            return self.environment.parse(self.environment.loader.get_source(self.environment, name)[0])

        return flat.Flattener(self.environment, parse, self.known, ["twice"]).template("page")

    def flat(self, view: object) -> str:
        names = {**self.known, "view": view, "y": "<y>"}
        code = lean.compiled(self.flattened(), self.environment, sure=names, direct=["twice"])
        return flatcode.loaded(code, lambda: self.environment, names)()


VIEW = SimpleNamespace(
    a="<a>", b=Markup("<b>"), n=3, many=("x", "<y>", "z"), empty=(), nothing=None, d={"key": "v"}, date="d"
)

FITTING: dict[str, dict[str, str]] = {
    "plain text and values": {"page": "one {{ view.a }} {{ view.b }} {{ view.n }} {{ view.nothing }}"},
    "what the site says": {"page": "{{ site.title }}{% if site.none %}no{% else %}{{ root }}{% endif %}"},
    "a call of a pure function": {"page": "{{ twice(root) }}{{ twice(view.a) }}{{ twice(text=site.title) }}"},
    "a loop over the site": {
        "page": "{% for l in site.links %}{{ loop.index }}{{ l }}{% if l == view.a %}!{% endif %}"
        "{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}"
    },
    "a loop over nothing": {"page": "{% for l in view.empty %}x{% else %}none{% endfor %}"},
    "a loop over a constant that has no form in a template": {
        "page": "{% for k in site.key %}{{ k.word }}{{ view.d[k.word] is defined }}{% endfor %}"
    },
    "a loop over the page": {
        "page": "{% for x in view.many %}{{ loop.index0 }}{{ loop.first }}{{ loop.revindex }}"
        "{{ loop.length }}{{ x }}{% for y in view.many %}{{ loop.last }}{% endfor %}"
        "{{ loop.last }}{% endfor %}"
    },
    "a loop with a choice": {"page": "{% for x in view.many if x != 'x' %}{{ x }}{% endfor %}"},
    "an included part that sees what is around": {
        "page": "{% for x in view.many %}{% include 'part' %}{% endfor %}{% set z = 1 %}{{ z }}",
        "part": "{% set y = x %}[{{ y }}{{ site.title }}]",
    },
    "a template that extends two others": {
        "page": "{% extends 'middle' %}{% set here = view.a %}{% block main %}m{{ super() }}{% endblock %}",
        "middle": "{% extends 'base' %}{% block main %}<p>{{ super() }}</p>{% endblock %}dropped",
        "base": "{{ here }}{% block main %}base {{ root }}{% endblock %}"
        "{% block foot %}f{{ here }}{% endblock %}",
    },
    "a block inside a block": {
        "page": "{% extends 'base' %}{% block inner %}ours{% endblock %}",
        "base": "{% block outer %}({% block inner %}{% endblock %}){% endblock %}",
    },
    "blocks of an included part": {
        "page": "{% block menu %}page{% endblock %}{% include 'part' %}",
        "part": "{% block menu %}part{% endblock %}",
    },
    "with and set": {
        "page": "{% with a = view.a, n = 2 %}{{ a }}{{ n + 1 }}{% endwith %}"
        "{% set t %}<i>{{ view.a }}</i>{% endset %}{{ t }}{% set u = site.title %}{{ u }}{{ u ~ view.a }}"
    },
    "set in a branch": {
        "page": "{% set u = 1 %}{% if view.n %}{% set u = 2 %}{% endif %}{{ u }}"
        "{% if site.on %}{% set u = 3 %}{% endif %}{{ u }}"
    },
    "what may not be there": {
        "page": "{{ view.gone is defined }}{{ view.gone | default('x') }}{{ view.a | default('x') }}"
    },
    "and, or, and a choice": {
        "page": "{{ site.none or view.a }}{{ site.on and view.n }}{{ site.off and view.gone }}"
        "{{ view.a if site.off else 'no' }}{{ 'x' if view.n > 2 else 'y' }}{{ not site.off }}"
    },
    "filters": {"page": "{{ view.many | join(', ') }}{{ site.links | join('&') }}{{ view.many | length }}"},
    "a name that means something else in a part": {
        "page": "{% for root in view.many %}{{ root }}{% include 'part' %}{% endfor %}{{ root }}",
        "part": "{{ root }}",
    },
    "an elif that is known": {
        "page": "{% if view.n == 1 %}1{% elif site.on %}2{% elif view.n %}3{% else %}4{% endif %}"
    },
}


@pytest.mark.parametrize("templates", FITTING.values(), ids=FITTING)
def test_a_flat_template_gives_what_jinja_gives(templates: dict[str, str]) -> None:
    both = Both(templates)
    assert both.flat(VIEW) == both.usual(VIEW)


UNFIT: dict[str, dict[str, str]] = {
    "a macro": {"page": "{% macro m() %}x{% endmacro %}{{ m() }}"},
    "an import": {"page": "{% from 'part' import m %}{{ m() }}", "part": "{% macro m() %}{% endmacro %}"},
    "a part named by the page": {"page": "{% include view.a %}"},
    "a part that may be missing": {"page": "{% include 'gone' ignore missing %}"},
    "a part that sees nothing": {"page": "{% include 'part' without context %}", "part": ""},
    "a base named by the page": {"page": "{% extends view.a %}"},
    "a base for some pages": {"page": "{% if view.n %}{% extends 'base' %}{% endif %}", "base": ""},
    "a part that includes itself": {"page": "{% include 'part' %}", "part": "{% include 'part' %}"},
    "escaping turned off": {"page": "{% autoescape false %}{{ view.a }}{% endautoescape %}"},
    "a loop asked for more": {"page": "{% for x in view.many %}{{ loop.cycle(1, 2) }}{% endfor %}"},
    "a part that asks for the loop around it": {
        "page": "{% for x in view.many %}{% include 'part' %}{% endfor %}",
        "part": "{{ loop is defined }}",
    },
    "a block that could see a variable around it": {
        "page": "{% for x in view.many %}{% block b %}{{ x is defined }}{% endblock %}{% endfor %}"
    },
    "a variable set after a part that has one of its name": {
        "page": "{% include 'part' %}{% set root = 1 %}",
        "part": "{{ root }}",
    },
    "a variable read before it is set": {"page": "{{ root }}{% set root = 1 %}"},
    "a variable read in what it is set to": {"page": "{% set root %}{{ root is defined }}{% endset %}"},
    "itself": {"page": "{% block b %}x{% endblock %}{{ self.b() }}"},
    "text before it extends": {"page": "x{% extends 'base' %}", "base": "b"},
}


@pytest.mark.parametrize("templates", UNFIT.values(), ids=UNFIT)
def test_what_could_mean_something_else_is_refused(templates: dict[str, str]) -> None:
    with pytest.raises(flat.Unfit):
        Both(templates).flattened()


def test_what_never_differs_is_worked_out_once() -> None:
    both = Both(
        {
            "page": "{% extends 'base' %}{% block main %}{{ view.a }}{% endblock %}",
            "base": "{{ twice(root) }}{% for l in site.links %}{{ l }}{% endfor %}"
            "{% block main %}{% endblock %}{% if site.on %}end{% endif %}",
        }
    )
    made = both.flattened()
    assert [type(node) for node in made.body[0].body] == [nodes.Output]
    assert both.flat(VIEW) == "../../one&lt;two&gt;&lt;a&gt;end"


# --- any template -------------------------------------------------------------------------------------

_NAMES = ("x", "y", "root", "site", "loop")


class _Templates:
    """Templates put together by lot."""

    def __init__(self, seed: int) -> None:
        self.lot = random.Random(seed)
        self.blocks = 0

    def value(self, depth: int = 2) -> str:
        lot = self.lot
        simple: list[Callable[[], str]] = [
            lambda: lot.choice(_NAMES[:-1]),
            lambda: lot.choice(("view.a", "view.b", "view.n", "view.many", "site.title", "view.nothing")),
            lambda: lot.choice(("site.links", "site.off", "site.on", "1", "'<t>'", "0", "''")),
            lambda: lot.choice(("site.links", "view.many", "loop.index", "loop.last", "site.gone", "root")),
        ]
        deep: list[Callable[[], str]] = [
            lambda: f"({self.value(depth - 1)} {lot.choice(('and', 'or'))} {self.value(depth - 1)})",
            lambda: f"({self.value(depth - 1)} if {self.value(depth - 1)} else {self.value(depth - 1)})",
            lambda: f"({self.value(depth - 1)} == {self.value(depth - 1)})",
            lambda: f"({lot.choice((*_NAMES, 'view.gone', 'view.a'))} is defined)",
            lambda: f"({self.value(depth - 1)} ~ {self.value(depth - 1)})",
            lambda: f"twice({self.value(depth - 1)} ~ '')",
            lambda: f"({self.value(depth - 1)} | default('d'))",
            lambda: f"({self.value(depth - 1)} ~ '' | length)",
        ]
        return lot.choice(simple if depth < 1 or lot.random() < 0.5 else deep)()

    def body(self, depth: int, parts: tuple[str, ...]) -> str:
        return "".join(self.piece(depth, parts) for _ in range(self.lot.randint(1, 3)))

    def piece(self, depth: int, parts: tuple[str, ...]) -> str:
        lot = self.lot
        choices: list[Callable[[], str]] = [
            lambda: f"{{{{ {self.value()} }}}}",
            lambda: lot.choice(("text", "<b>")),
            lambda: f"{{% set {lot.choice(('x', 'y', 'root'))} = {self.value()} %}}",
            lambda: f"{{{{ {lot.choice(_NAMES)} is defined }}}}",
        ]
        if depth:
            inner = lambda: self.body(depth - 1, parts)  # noqa: E731
            choices += [
                lambda: f"{{% if {self.value()} %}}{inner()}{{% else %}}{inner()}{{% endif %}}",
                lambda: (
                    f"{{% if {self.value()} %}}{inner()}{{% elif {self.value()} %}}{inner()}{{% endif %}}"
                ),
                lambda: (
                    f"{{% for {lot.choice(('x', 'y'))} in {lot.choice(('view.many', 'site.links'))} %}}"
                    f"{inner()}{{% endfor %}}"
                ),
                lambda: f"{{% with {lot.choice(('x', 'y'))} = {self.value()} %}}{inner()}{{% endwith %}}",
                lambda: f"{{% set {lot.choice(('x', 'y'))} %}}{inner()}{{% endset %}}",
                lambda: self.block(inner()),
            ]
        if parts:
            choices += [lambda: f"{{% include '{lot.choice(parts)}' %}}"] * 2
        return lot.choice(choices)()

    def block(self, body: str) -> str:
        self.blocks += 1
        return f"{{% block b{self.blocks} %}}{body}{{% endblock %}}"

    def all(self) -> dict[str, str]:
        part = self.body(1, ())
        other = self.body(2, ("part",))
        self.blocks = 0
        base = self.body(2, ("part", "other")) + self.block(self.body(1, ("part",)))
        page = base
        if self.lot.random() < 0.6:
            blocks = "".join(
                f"{{% block b{n} %}}{self.body(1, ('part', 'other'))}"
                f"{self.lot.choice(('', '{{ super() }}'))}{{% endblock %}}"
                for n in range(1, self.blocks + 1)
                if self.lot.random() < 0.5
            )
            sets = f"{{% set {self.lot.choice(('x', 'y', 'root'))} = {self.value()} %}}"
            page = "{% extends 'base' %}" + self.lot.choice(("", sets)) + blocks
        return {"page": page, "base": base, "part": part, "other": other}


@given(st.integers(min_value=0, max_value=2**32))
def test_no_flat_template_gives_another_text(seed: int) -> None:
    both = Both(_Templates(seed).all())
    try:
        usual: str | None = both.usual(VIEW)
    except Exception:
        usual = None
    try:
        text = both.flat(VIEW)
    except Exception:
        return  # the page is rendered the usual way then
    assert text == usual


def test_most_templates_put_together_by_lot_are_flattened() -> None:
    """Or the test above would compare next to nothing."""
    compared = 0
    for seed in range(400):
        both = Both(_Templates(seed).all())
        try:
            compared += both.flat(VIEW) == both.usual(VIEW)
        except Exception:
            continue
    assert compared > 40


# --- the default theme --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_pages_of_the_default_theme_are_the_same_flat(
    site: Callable[..., SmallSite], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RICH["site.yaml"].replace("format: 1", f"format: 1\n        language: {language}")
    planned = Planned(site({**RICH, "site.yaml": settings}))
    theme = default_theme()
    monkeypatch.setattr(render, "_WORTH", float("inf"))
    monkeypatch.setattr(theme, "_cache", None)
    usual = {path: planned.html(path) for path in planned.pages}
    assert all(sheet._flat is None for sheet in planned._renderer._sheets.values())
    monkeypatch.setattr(render, "_WORTH", 0)
    planned._renderer = render.Renderer(theme, site_view(Shelves(planned.dossier), planned.dossier.site.url))
    assert {path: planned.html(path) for path in planned.pages} == usual
    sheets = planned._renderer._sheets
    assert {name for (name, _), sheet in sheets.items() if sheet._flat is None} == set()
    unseen = set(TEMPLATES.values()) - {name for name, _ in sheets}
    assert unseen <= {"embed.html", "known.html", "moved.html"}


def test_a_page_that_a_flat_template_cannot_render_is_rendered_from_the_templates() -> None:
    theme = default_theme()
    sheet = render._Sheet(theme, "404.html", "test", {}, "view")

    def fail() -> str:
        raise AttributeError

    sheet._flat = fail
    with pytest.raises(Exception, match="undefined"):
        sheet.text(SimpleNamespace())  # type: ignore[arg-type]
    assert sheet._flat is None
