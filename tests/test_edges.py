"""Edges where two rules meet: drafts and data, long years and pages, rights and context, splits and links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import SmallSite
from generator import edited
from planned import fact, quick

Make = Callable[..., SmallSite]
QUOTE = "evidence: [{source: ferry-vote, quote: voted on Tuesday to keep the night ferry running}]"


def a_fact(key: str, date: str = "2020-03-03", more: str = "") -> str:
    return (
        f"- id: {key}\n  statement: What {key} says happens.\n  date: '{date}'\n"
        f"  actors: [marlow-council]\n  {QUOTE}\n  {more}\n"
    )


def test_the_data_do_not_name_drafts(site: Make) -> None:
    facts = a_fact("kept", more="relations: {background: [hidden-draft], corroborates: [also]}")
    facts += a_fact("also") + a_fact("hidden-draft", more="draft: true")
    made = site({"content/facts/a.yaml": facts})
    assert made.build().exit_code == 0
    kept = next(f for f in made.json("data/facts.json")["facts"] if f["id"] == "kept")
    assert kept["relations"] == [{"type": "corroborates", "target": "also"}]
    assert not [path for path, _ in made.files().items() if "hidden-draft" in path]


def test_years_beyond_four_digits_have_their_pages(site: Make) -> None:
    facts = a_fact("far", "Y12345") + a_fact("deep", "Y-12345") + a_fact("old", "-0044-03-15") + a_fact("new")
    made = site({"content/facts/a.yaml": facts})
    assert made.build().codes == []
    for key in ("Y12345", "Y-12345", "-0044", "-0044-03", "-0044-03-15", "2020"):
        assert made.exists(f"dates/{key}.html"), key
    assert "12,345 BC" in made.html("index.html") or "12,346 BC" in made.html("dates.html")


def test_summaries_of_topics_are_printed_as_markdown(site: Make) -> None:
    topic = (
        "{id: ferries, name: Ferries, summary: 'The **night** ferry, see [[marlow-council|the council]].'}\n"
    )
    made = site(
        {"content/topics/t.yaml": topic, "content/facts/a.yaml": a_fact("one", more="topics: [ferries]")}
    )
    assert made.build().codes == []
    page = made.html("topics.html")
    assert "<strong>night</strong>" in page
    assert '<a href="actors/marlow-council.html">the council</a>' in page


def test_every_page_of_a_split_date_leads_to_every_other(site: Make) -> None:
    facts = "".join(a_fact(f"fact-{n}") for n in range(5))
    made = site({"site.yaml": "{format: 1, title: Split, lists: 2}\n", "content/facts/a.yaml": facts})
    assert made.build().codes == []
    pages = ["dates/2020-03-03.html", "dates/2020-03-03.p2.html", "dates/2020-03-03.p3.html"]
    for page in pages:
        for other in pages:
            assert page == other or f'href="../{other}"' in made.html(page), (page, other)


def test_where_no_words_may_be_shown_the_context_is_not_shown_either(site: Make) -> None:
    source = (
        "{id: ferry-vote, title: Harbour town votes, publisher: Marlow Post,\n"
        " published: 2020-03-04, text: ferry.txt, rights: none}\n"
    )
    made = site(
        {
            "site.yaml": "{format: 1, title: No words, context: 4}\n",
            "content/sources/ferry.yaml": source,
            "content/facts/a.yaml": a_fact("one"),
            "templates/partials/evidence.html": "<li>[{{ quote.before }}|{{ quote.after }}]</li>\n",
        }
    )
    assert made.build().codes == []
    assert "<li>[|]</li>" in made.html("facts/one.html")


def test_the_preview_marks_every_page_of_a_draft(site: Make) -> None:
    made = site(
        {
            "content/actors/b.yaml": "{id: ada-brook, name: Ada Brook, kind: person, draft: true}\n",
            "content/topics/t.yaml": "{id: ferries, name: Ferries, draft: true}\n",
            "content/facts/a.yaml": a_fact(
                "one", more="draft: true\n  topics: [ferries]\n  speaker: ada-brook"
            ),
            "content/pages/p.md": "---\ntitle: Notes\ndraft: true\n---\nWords.\n",
        }
    )
    assert made.build(preview=True).exit_code == 0
    for page in ("facts/one.html", "actors/ada-brook.html", "topics/ferries.html", "p.html"):
        assert ">Draft<" in made.html(page), page
    assert ">Draft<" not in made.html("actors/marlow-council.html").split("<h1", 1)[0]
    assert made.build().exit_code == 0
    assert not made.exists("actors/ada-brook.html")


def test_an_edit_compares_each_fact_of_its_file_once(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many stand in it: comparing all again for each of them took longer than a whole build."""
    many = [fact(f"f{number}") for number in range(60)]
    small = quick(site({"content/facts/f.yaml": "".join(many)}))
    assert small.build().exit_code == 0
    small.write("content/facts/f.yaml", "".join(many).replace("Fact f7.", "Fact seven."))
    asked: list[str] = []
    real = edited._value

    def counted(entered: Any, key: str) -> Any:
        asked.append(key)
        return real(entered, key)

    monkeypatch.setattr(edited, "_value", counted)
    assert small.build().exit_code == 0
    assert "Fact seven" in small.html("facts/f7.html")
    assert 0 < len(asked) < 60 * 5
