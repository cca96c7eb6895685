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
# stands that Markdown could take for markup; no white space but single spaces, and none at either end.
# A run of words is never given back (`++`): no other branch begins with one of its characters.
_WORDS = r"(?:[^\W_]|[.,;:?()'’‘“”\"–—…%€$£/+-])++|(?<! ) (?! )|(?<= )&(?= )"
_EMPHASIS = r"(?<![^ ])\*[^\W\d_]+\*(?=[ .,;:?)]|$)"
_ADDRESS = r"https?://[a-z0-9.-]+\.[a-z]+(?:/[A-Za-z0-9/._-]*)?"
_LINK = rf"(?<!!)\[[^\W\d_]+(?: [^\W\d_]+)*\]\({_ADDRESS}\)"
_line = late(rf"[^\W\d_](?:{_WORDS}|{_EMPHASIS}|{_LINK})*(?<! )", re.MULTILINE)
_emphasis = re.compile(r"(?<![^ \n])\*([^\W\d_]+)\*")
_link = re.compile(rf"\[([^\]]+)\]\(({_ADDRESS})\)")


def html(text: str) -> str | None:
    """The HTML of a text that is surely plain prose; None when only a parser can tell."""
    paragraphs = text.strip("\n").split("\n\n")
    for paragraph in paragraphs:
        for line in paragraph.split("\n"):
            if not _line.fullmatch(line):
                return None
    return "".join(f"<p>{_inline(paragraph)}</p>\n" for paragraph in paragraphs)


def _inline(text: str) -> str:
    text = text.replace("&", "&amp;").replace('"', "&quot;")
    if "*" in text:
        text = _emphasis.sub(r"<em>\1</em>", text)
    return _link.sub(r'<a href="\2">\1</a>', text) if "[" in text else text
