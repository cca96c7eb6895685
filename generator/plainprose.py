"""Plain prose to HTML without a Markdown parser: most notes are nothing else, and a parser takes ten times as
long to find that out.

In: a Markdown text. Out: the very HTML that markdown-it-py (preset commonmark, raw HTML off) makes of it, or
None for whatever is not surely plain: paragraphs of words and punctuation, single words between asterisks,
links with plain words to plain addresses. A property test holds the two to each other.
"""

from __future__ import annotations

import re

from generator.patterns import late

# A line begins with a letter, so that it is no list, heading, quotation, rule or table. Within it, nothing
# stands that Markdown could take for markup; no white space but single spaces, and none at either end (`html`
# looks for those first). A run of words is never given back (`++`): no other branch begins with one of its
# characters. An underline, which `\w` takes in, may be markup; `html` leaves those to the parser too.
_WORDS = r"[\w.,;:?()'’‘“”\"–—…%€$£/+ -]++|(?<= )&(?= )"
_EMPHASIS = r"(?<![^ ])\*[^\W\d_]+\*(?=[ .,;:?)]|$)"
_ADDRESS = r"https?://[a-z0-9.-]+\.[a-z]+(?:/[A-Za-z0-9/.-]*)?"
_LINK = rf"(?<!!)\[[^\W\d_]+(?: [^\W\d_]+)*\]\({_ADDRESS}\)"
_line = late(rf"[^\W\d_](?:{_WORDS}|{_EMPHASIS}|{_LINK})*", re.MULTILINE)
_link = re.compile(rf"\[([^\]]+)\]\(({_ADDRESS})\)")


def html(text: str) -> str | None:
    """The HTML of a text that is surely plain prose; None when only a parser can tell."""
    text = text.strip("\n")
    if "  " in text or "_" in text or " \n" in text or text.endswith(" "):
        return None
    paragraphs = text.split("\n\n")
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            if not _line.fullmatch(line):
                return None
    return "".join([f"<p>{_inline(paragraph)}</p>\n" for paragraph in paragraphs])


def _inline(text: str) -> str:
    """The HTML of a paragraph; every asterisk in it begins or ends a word in emphasis."""
    text = text.replace("&", "&amp;").replace('"', "&quot;")
    if "*" in text:
        parts = text.split("*")
        parts[1::2] = [f"<em>{word}</em>" for word in parts[1::2]]
        text = "".join(parts)
    return _link.sub(_anchor, text) if "[" in text else text


def _anchor(link: re.Match[str]) -> str:
    return f'<a href="{link[2]}">{link[1]}</a>'
