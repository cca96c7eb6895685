"""XML as bytes: elements with their texts, written the same way every time."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from generator.patterns import late

#: What XML 1.0 (2.2) cannot hold, not even escaped; a source's text may hold a form feed.
_FORBIDDEN = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element at the end of another; its text may hold any characters."""
    made = SubElement(parent, tag, {name: fit(value) for name, value in attributes.items()})
    made.text = fit(text) or None
    return made


def fit(text: str) -> str:
    """A text with a sign in the place of each character that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: Element) -> bytes:
    """The whole document as UTF-8."""
    indent(root, "")
    body: bytes = tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
