"""Plain prose: the quick path makes what the parser makes, or steps aside."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import markdown, plainprose

WORDS = ["word", "Erdoğan", "S-400", "2019", "a", "I", "x", "é", "中文", "don't", "“so”", "naïve…", '"so"']
MARKS = [
    *("*one*", "*two words*", "**b**", "_i_", "[a](https://b.example/c)", "[a b](http://c.example)"),
    *("![a](b)", "[a]", "[[id]]", "`c`", "<b>", "&amp;", "&", "\\*", "#", "# a", "-", "- a", "1. a", "1) a"),
    *(">", "|", "---", "===", "~~~", "http://a.example", "(*x*)", "*x*y", "a*x*", "*x", "x*"),
    *("[a](javascript:x)", "[a](https://B.example/é)"),
]
GLUE = [" ", "  ", "\n", "\n\n", "\n\n\n", "", ", ", ". ", "; ", ": ", "\t", "\u00a0", " \n", "\\\n", "    "]
pieces = st.lists(
    st.tuples(st.sampled_from(WORDS * 3 + MARKS), st.sampled_from(GLUE[:1] * 12 + GLUE)), max_size=14
)
texts = pieces.map(lambda found: "".join(word + glue for word, glue in found))


def parsed(text: str) -> str:
    return str(markdown._parser().render(text, {"resolve": lambda _key: None}))


@settings(max_examples=1500)
@given(texts)
@example("A word.\n\nB *word* and [words here](https://ref.example/12).\n")
@example("Setext\n===")
@example("a | b\n--- | ---\n1 | 2")
def test_what_it_takes_comes_out_as_the_parser_has_it(text: str) -> None:
    quick = plainprose.html(text)
    if quick is not None:
        assert quick == parsed(text)


@settings(max_examples=500)
@given(st.text(alphabet="ab *_[]()<>&!#-.\n\\`~|:/\"'1\t", max_size=30))
def test_it_steps_aside_for_anything_else(text: str) -> None:
    quick = plainprose.html(text)
    if quick is not None:
        assert quick == parsed(text)


@pytest.mark.parametrize(
    "text",
    [
        "One sentence.",
        "Two sentences. With a *stressed* word.\n",
        "A [link with words](https://ref.example/page-1) in it, and “curly” quotes.\n\nA second paragraph.\n",
        "Bread & butter.",
        "Lines\nwithin a paragraph stay lines.",
    ],
)
def test_ordinary_notes_take_the_quick_path(text: str) -> None:
    assert plainprose.html(text) == parsed(text)
