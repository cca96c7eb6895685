"""The code of flat templates at work.

In: code that `lean.compiled` made, and the values its template sees. Out: a function that gives the text. No
part of Jinja2 is loaded unless the code asks for one: that would take longer than an edit needs it for.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import markupsafe
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2 import Environment

#: `escape` for texts, without the wrapping; a release of MarkupSafe may come without it.
_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)


def text(value: Any) -> str:
    """A value as it stands in HTML; `Markup` is HTML already."""
    kind = type(value)
    if kind is str:
        return _escaped(value)
    return value if kind is Markup else escape(value)


class _Round:
    """What `loop` is in the round of a loop that is under way."""

    __slots__ = ("first", "index", "index0", "last", "length", "revindex", "revindex0")

    index0: int
    index: int
    revindex0: int
    revindex: int
    first: bool
    last: bool
    length: int


def counted(things: Iterable[Any]) -> Iterator[tuple[Any, _Round]]:
    """Things with their round, which is one value that changes."""
    listed = things if isinstance(things, (tuple, list)) else list(things)
    at = _Round()
    at.length = length = len(listed)
    for number, thing in enumerate(listed):
        at.index0, at.index = number, number + 1
        at.revindex0, at.revindex = length - number - 1, length - number
        at.first, at.last = not number, number + 1 == length
        yield thing, at


def loaded(code: bytes, environment: Callable[[], Environment], names: dict[str, Any]) -> Callable[[], str]:
    """A function that gives the text of a flat template from what `names` holds when it is called.

    `environment` is asked for only by code that wants something of Jinja2; what templates may call there is
    added to `names` then.

    Where an attribute is missing or anything else fails the function raises, and the page is rendered from
    the templates as they are, which tells the mistake with its place, or knows better.
    """
    wants, function = marshal.loads(code)
    space: dict[str, Any] = {"escaped": _escaped, "text": text, "counted": counted}
    space |= {"Markup": Markup, "concat": "".join}
    exec(function, space)
    page = space["page"]
    if not wants:
        return lambda: page(names)
    jinja = environment()
    for name, value in jinja.globals.items():
        names.setdefault(name, value)
    context = jinja.context_class(jinja, names, None, {})
    return lambda: page(names, context, jinja)
