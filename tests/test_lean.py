"""Lean rendering: templates come out as Jinja2 itself has them, mistakes and their lines included."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from generator import flatcode, lean

TEMPLATES = {
    "base.html": "<title>{% block title %}{{ a }}{% endblock %}</title>{% block main %}{% endblock %}",
    "page.html": """{% extends "base.html" %}
{% block main %}
{% set kept %}<i>{{ a }}</i>{% endset %}{{ kept }}{{ kept | upper }}{{ a ~ b }}{{ b | e }}{{ a | safe }}
{% macro cell(x) %}<td>{{ x }}</td>{% endmacro %}{{ cell(a) }}{{ cell(b) }}
{% autoescape false %}{{ a }}{% endautoescape %}{% filter title %}{{ a }}{% endfilter %}
{% for x in many %}{{ loop.index }}{{ x }}{% include "part.html" %}{% endfor %}{{ n }}{{ none }}{{ twice(a) }}
{% endblock %}""",
    "part.html": "[{{ x }}|{{ a }}]",
    "bad.html": "one\ntwo {{ a.gone }}",
}


def environment(kind: type[Environment]) -> Environment:
    made = kind(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    made.globals["twice"] = lambda text: text * 2
    return made


STOCK, LEAN = environment(Environment), environment(lean.LeanEnvironment)


@given(
    st.text(alphabet="a<>&\"'é \n", max_size=20), st.lists(st.text(max_size=3) | st.integers(), max_size=3)
)
def test_a_template_comes_out_as_jinja_has_it(text: str, many: list[object]) -> None:
    names = {"a": text, "b": Markup("<b>&amp;</b>"), "many": many, "n": 1.5, "none": None}
    expected = STOCK.get_template("page.html").render(names)
    assert lean.render(LEAN.get_template("page.html"), {**LEAN.globals, **names}) == expected


@pytest.mark.parametrize("value", ["plain", "<&>'\"", Markup("<b>"), 7, None, True, ["<"]])
def test_a_value_is_escaped_as_markupsafe_does_it(value: object) -> None:
    assert flatcode.text(value) == str(escape(value))


def test_a_mistake_shows_the_line_of_its_template() -> None:
    with pytest.raises(UndefinedError, match="gone") as caught:
        lean.render(LEAN.get_template("bad.html"), {"a": "x"})
    assert any(frame.lineno == 2 for frame in traceback.extract_tb(caught.value.__traceback__)[1:])
