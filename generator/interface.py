"""Words and numbers in templates: the functions that put them into the language of the interface.

In: a `Language`. Out: functions by name, which templates call. Messages are HTML, as templates are; what is
put into them is escaped. A message with nothing to put in but a count is made once and kept, since `_` is
called many times on every page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from markupsafe import Markup

from generator import charts, marks
from generator.flatcode import text
from generator.languages import ENGLISH, RIGHT_TO_LEFT, Language


def _filled(message: str, slots: Mapping[str, object]) -> Markup:
    """A message with values in its slots, each escaped; five times as fast as `Markup` does it."""
    return Markup(message % {name: text(value) for name, value in slots.items()})


def functions(say: Language) -> Mapping[str, Callable[..., Any]]:
    """What templates may call, beside what is the same in every language."""
    plain: dict[str, Markup] = {}

    def taken_in(slots: dict[str, object]) -> dict[str, object]:
        # HTML that a message takes in is of the language of the message, though it may hold nothing but names
        # and links, which are set apart: what stands between these must know the direction.
        if not say.rtl:
            return slots
        return {k: Markup(RIGHT_TO_LEFT) + v if isinstance(v, Markup) else v for k, v in slots.items()}

    counted: dict[tuple[str, int], Markup] = {}

    def gettext(message: str, /, **slots: object) -> Markup:
        if slots:
            return _filled(say.gettext(message), taken_in(slots))
        found = plain.get(message)
        if found is None:
            found = plain[message] = Markup(say.gettext(message)) % {}
        return found

    def ngettext(one: str, many: str, num: int, /, **slots: object) -> Markup:
        if slots:
            return _filled(say.ngettext(one, many, num), {"num": num, **taken_in(slots)})
        found = counted.get((one, num))
        if found is None:
            found = counted[one, num] = Markup(say.ngettext(one, many, num)) % {"num": num}
        return found

    def pgettext(context: str, message: str, /, **slots: object) -> Markup:
        return _filled(say.pgettext(context, message), taken_in(slots))

    found: dict[str, Callable[..., Any]] = {
        "_": gettext,
        "gettext": gettext,
        "ngettext": ngettext,
        "pgettext": pgettext,
    }
    if say is not ENGLISH:
        found["num"] = say.number
        found["dots"] = partial(marks.dots, number=say.number)
        found["overview"] = partial(charts.overview, number=say.number)
        found["weeks"] = partial(charts.weeks, first=say.first_weekday)
    return found
