"""Bring the catalogues of the interface up to date with the words in code and templates.

In: calls of `_`, `gettext`, `ngettext`, `pgettext`, `marked`, `marked_as` and `marked_plural` in generator/
and templates/; the catalogues `generator/locale/CODE/LC_MESSAGES/factsheet.po`. Out: the same catalogues with
every message that stands there now and none that is gone; what a translator wrote stays. Messages that want
a translation are printed, and with one the program ends with status 1.

    make messages                 every catalogue
    make messages LANGUAGE=de     begin one, or bring only this one up to date
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "generator" / "locale"
#: What of a message is its context, its singular and its plural, by the function that holds it.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "marked": None,
    "marked_as": ((1, "c"), 2),
    "marked_plural": (1, 2),
}
#: Lines of a catalogue's head that would change from day to day, or say nothing.
_PASSING = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team):.*\n',
    re.MULTILINE,
)
_SLOT = re.compile(r"%\(\w+\)s|\{\w+\}")


def found() -> Catalog:
    """Every message of the interface, in the order of the files it stands in."""
    catalog = Catalog(charset="utf-8")
    files = [(file, "python") for file in sorted((ROOT / "generator").rglob("*.py"))]
    files += [(file, "jinja2.ext:babel_extract") for file in sorted((ROOT / "templates").rglob("*.html"))]
    for file, method in files:
        messages = extract_from_file(method, file, KEYWORDS, ["Translators:"], strip_comment_tags=True)
        for _, message, comments, context in messages:
            name = file.relative_to(ROOT).as_posix()
            catalog.add(message, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalog


def place(code: str) -> Path:
    """Where the catalogue of a language stands."""
    return LOCALE / code / "LC_MESSAGES" / "factsheet.po"


def codes() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(file.parent.parent.name for file in LOCALE.glob("*/LC_MESSAGES/factsheet.po"))


def translated(code: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none."""
    file = place(code)
    if not file.is_file():
        return Catalog(locale=code, charset="utf-8", fuzzy=False)
    return read_po(BytesIO(file.read_bytes()), locale=code)


def current(code: str) -> tuple[Catalog, bytes]:
    """The catalogue of a language with the messages that stand in code and templates now, and its bytes."""
    catalog = translated(code)
    catalog.project, catalog.header_comment = "factsheet", f"# factsheet: {catalog.locale.english_name}"
    catalog.fuzzy = False
    catalog.update(found(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, ignore_obsolete=True)
    return catalog, _PASSING.sub(b"", written.getvalue())


def wanting(catalog: Catalog) -> Iterator[str]:
    """What is missing or wrong in a catalogue, a line each."""
    for message in catalog:
        if message.id and (fault := _fault(message, catalog.num_plurals)):
            yield f"{message.id[0] if isinstance(message.id, tuple) else message.id!r}: {fault}"


def _fault(message: Message, plurals: int) -> str:
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    if message.fuzzy:
        return "marked as fuzzy"
    if not all(forms) or (len(english) == 2 and len(forms) != plurals):
        return "not translated"
    slots = {slot for form in english for slot in _slots(form)}
    # A form for one number only, such as a dual, need not print it.
    may_lack = {"%(num)s", "%(number)s"} if len(english) == 2 else set()
    for form in forms:
        there = set(_slots(form))
        if there - slots or slots - there - may_lack:
            return f"wants {' '.join(sorted(slots)) or 'no names'}, has {' '.join(sorted(there)) or 'none'}"
        if (re.sub(r"%\(\w+\)s|%%", "", form).count("%")) and slots:
            return "a per cent sign is written %%"
        if set("<>&") & set(form):
            return "holds HTML"
    return ""


def _slots(form: str) -> list[str]:
    return _SLOT.findall(form.replace("%%", ""))


def main(only: list[str]) -> int:
    """Write the catalogues and tell what they want; the status to end with."""
    wanted = 0
    for code in only or codes():
        catalog, data = current(code)
        place(code).parent.mkdir(parents=True, exist_ok=True)
        place(code).write_bytes(data)
        lines = list(wanting(catalog))
        wanted += len(lines)
        print(f"{place(code).relative_to(ROOT)}: {len(catalog)} messages, {len(lines)} to be translated")
        print("".join(f"  {line}\n" for line in lines), end="")
    return 1 if wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
