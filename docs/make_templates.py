"""Write docs/templates.md: what every template of a theme sees, from the comments in the code.

In: the view classes of `generator.views` with their `#:` comments, the functions of `generator.pictures`, the
default templates with their blocks. Out: a page in Markdown. A test holds the page to the code.

    python docs/make_templates.py
"""

from __future__ import annotations

import inspect as source_of
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from markupsafe import Markup
from msgspec import Struct, inspect

sys.path.insert(0, str(Path(__file__).parent))  # a test loads this file from elsewhere

from make_fields import above, comments

from generator import charts, pictures, views
from generator.theme import default_templates

#: What templates get by name; the functions follow below.
SHARED = """\
| name | what it is |
|---|---|
| `view` | what this page shows: a value of the kind its template is for, below |
| `site` | what every page of the site shares: a [SiteView](#siteview) |
| `root` | the way to the site's root: empty, or `../`; write `{{ root }}{{ link.href }}` |
| `card(fact)` | the card of a [FactCard](#factcard), rendered by `partials/card.html` once and reused |
| `_(text)` | words of the interface, to be translated; `_("By %(name)s", name=x)` puts values in |
| `ngettext(one, many, number)` | the same for a number: `ngettext("%(num)s fact", "%(num)s facts", count)` |
| `pgettext(context, text)` | the same for a word of several meanings: `pgettext("before a date", "Due")` |
"""
INTRODUCTION = """\
# Every template

A template makes one kind of page. It sees one value, its view, which holds everything the page may show,
as ready words, links and numbers. [Make it yours](theming.md) shows how a site changes templates; this
page is for looking things up. It is made from the code by `docs/make_templates.py`; a change here would
be lost.

## What every template gets

{shared}
And these functions:

{functions}
Nothing else is there: no clock, no other page. Asking for a name that does not exist is an error, told with
file and line. The parts get the same names, but for `partials/card.html`: it gets `fact` in place of `view`.

Text is escaped where it is shown. Only fields that hold HTML are shown as they are. Empty text, 0, `None`
and an empty list mean "not shown". An `href` is an address within the site and wants `root` before it; a
`url` is whole.

A template that shows more than a fact names the style sheets it needs beside `site.css`, above its
blocks: `{{% set sheets = ["lists.css"] %}}`. Rows of facts, tables, pictures that count and calendars
stand in `lists.css`, articles in small and their passages in `sources.css`.
"""
PAGES = """\
## Page templates

{rows}
All but the first extend `base.html`, whose blocks they share. A template of yours may fill any of these.

Every view has these fields besides its own:

{fields}"""
PARTS = """\
## Parts of templates

Pages include these files; a site may have its own instead. "In" says which names stand
ready for it.

{rows}"""
VALUES = """\
## Parts of views

What the fields of a view hold, and what functions give, in alphabetical order.
"""
#: Kinds of values with a name of their own, in the words of their comments.
NAMED = ("Mark", "Direction", "Bounds")


def page() -> str:
    """The whole page."""
    parts = [
        INTRODUCTION.format(shared=SHARED, functions=_functions()),
        PAGES.format(rows=_templates(), fields=_table(views.PageView, views.View)),
        *(_section(view, f"### {name}", views.PageView) for view, name in views.TEMPLATES.items()),
        PARTS.format(rows=_partials()),
        VALUES,
        _named(),
        *(_section(each, f"### {each.__name__}", None) for each in _values()),
    ]
    return "\n".join(parts)


def _section(struct: type[Struct], heading: str, beside: type[Struct] | None) -> str:
    """A view, or a part of one, without the fields it shares."""
    told = source_of.getdoc(struct)
    assert told is not None
    told = _sentence(re.sub(r"^`[a-z0-9]+\.html`(, [^:]*)?: ", "", " ".join(told.split())))
    table = _table(struct, beside)
    return f"{heading}\n\n{told}\n{f'{chr(10)}{table}' if table else ''}"


def _table(struct: type[Struct], beside: type[Struct] | None) -> str:
    told = comments(struct)
    known = set(beside.__struct_fields__) if beside else set()
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    rows = [
        f"| `{f.name}` | {_words(f.type)} | {told[f.name]} |\n" for f in info.fields if f.name not in known
    ]
    return "".join(["| field | what it holds | meaning |\n|---|---|---|\n", *rows]) if rows else ""


def _functions() -> str:
    rows = []
    for name, function in pictures.FUNCTIONS.items():
        parameters = source_of.signature(function).parameters.values()
        wants = ", ".join(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY)
        rows.append(f"| `{name}({wants})` | {_first(function)} |\n")
    return "".join(["| function | what it gives |\n|---|---|\n", *rows])


def _first(function: Callable[..., Any]) -> str:
    """The first paragraph of a docstring, with a link where what comes back has fields."""
    told = source_of.getdoc(function)
    assert told is not None
    gives = source_of.signature(function).return_annotation
    more = f" Gives [{gives}](#{gives.lower()})." if gives in ("OverviewPlan", "LanesPlan") else ""
    return _sentence(" ".join(told.partition("\n\n")[0].split())) + more


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _templates() -> str:
    rows = [f"| `base.html` | | {_blocks('base.html')} |\n"]
    for view, name in views.TEMPLATES.items():
        rows.append(f"| [`{name}`](#{name.replace('.', '')}) | `{view.__name__}` | {_blocks(name)} |\n")
    return "".join(["| template | its view | its blocks, as they stand |\n|---|---|---|\n", *rows])


def _partials() -> str:
    rows = []
    for file in sorted((default_templates() / "partials").glob("*.html")):
        told = re.match(r"\{# (.+?) -?#\}", file.read_text(encoding="utf-8"), re.S)
        assert told, f"{file.name} does not begin with a comment that says what it is"
        blocks = _blocks(f"partials/{file.name}")
        rows.append(f"| `partials/{file.name}` | {told[1]}{f' Blocks: {blocks}.' if blocks else ''} |\n")
    return "".join(["| file | what it shows |\n|---|---|\n", *rows])


def _blocks(name: str) -> str:
    text = (default_templates() / name).read_text(encoding="utf-8")
    return ", ".join(f"`{block}`" for block in re.findall(r"\{%-? block (\w+)", text))


def _named() -> str:
    """What the aliases of `views` stand for."""
    lines = source_of.getsource(views).split("\n")
    told = []
    for name in NAMED:
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}: TypeAlias"))
        values = ", ".join(f"`{value}`" for value in get_args(getattr(views, name)) if isinstance(value, str))
        says = " ".join([*above(lines, at), f"One of {values}." if values else "Two numbers."])
        told.append(f"### {name}\n\n{says}\n")
    return "\n".join(told)


def _values() -> list[type[Struct]]:
    """The views that are no page, and what functions give: in alphabetical order."""
    kinds = [each for module in (views, charts) for each in vars(module).values() if _is_struct(each)]
    pages = {views.View, views.PageView, *views.TEMPLATES}
    return sorted(set(kinds) - pages, key=lambda each: each.__name__)


def _is_struct(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Struct) and value is not Struct


def _words(node: inspect.Type) -> str:
    """A type in words."""
    match node:
        case inspect.StrType():
            return "text"
        case inspect.BoolType():
            return "`true` or `false`"
        case inspect.IntType() | inspect.FloatType():
            return "a number"
        case inspect.CustomType(cls=cls) if cls is Markup:
            return "HTML"
        case inspect.LiteralType(values=values):
            for name in ("Mark", "Direction"):
                if set(values) == set(get_args(getattr(views, name))):
                    return f"a [{name}](#{name.lower()})"
            return ", ".join(f"`{value}`" if value else "empty" for value in sorted(map(str, values)))
        case inspect.VarTupleType(item_type=item):
            return f"a list: {_words(item)}"
        case inspect.TupleType(item_types=items):
            numbers = all(isinstance(item, inspect.IntType) for item in items)
            return "[Bounds](#bounds)" if numbers else f"({'; '.join(map(_words, items))})"
        case inspect.UnionType(types=types):
            return " or ".join(_members(types))
        case inspect.StructType(cls=cls):
            return f"[{cls.__name__}](#{cls.__name__.lower()})"
    raise AssertionError(node)


def _members(types: tuple[inspect.Type, ...]) -> Iterator[str]:
    yield from (_words(each) for each in types if not isinstance(each, inspect.NoneType))
    if any(isinstance(each, inspect.NoneType) for each in types):
        yield "`None`"


if __name__ == "__main__":
    (Path(__file__).parent / "templates.md").write_text(page(), encoding="utf-8")
