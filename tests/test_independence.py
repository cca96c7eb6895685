"""How many independent origins stand behind a fact: never more than the sources bear out."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from conftest import SmallSite
from planned import Planned

Make = Callable[..., SmallSite]
QUOTE = "keep the night ferry"
#: Sources by id with whom their reporting comes from; `wire` and `agency` are actors.
SOURCES = """\
- {id: post, title: Post, publisher: Post, published: 2020, text: ferry.txt}
- {id: echo, title: Echo, publisher: Echo, published: 2020, text: ferry.txt}
- {id: post-again, title: Again, publisher: Post, published: 2021, text: ferry.txt}
- {id: copy, title: Copy, publisher: Copy, published: 2020, text: ferry.txt, origin: [wire]}
- {id: copy-too, title: Copy too, publisher: Other, published: 2020, text: ferry.txt, origin: [wire]}
- {id: mixed, title: Mixed, publisher: Mixed, published: 2020, text: ferry.txt, origin: [wire, agency]}
- {id: agency-copy, title: Theirs, publisher: Third, published: 2020, text: ferry.txt, origin: [agency]}
- {id: own-wire, title: Own, publisher: Coast Wire, published: 2020, text: ferry.txt}
- {id: own-wire-alias, title: Own, publisher: CW, published: 2020, text: ferry.txt}
"""
ACTORS = """\
- {id: wire, name: Coast Wire, aliases: [CW], kind: media}
- {id: agency, name: Agency, kind: media}
- {id: mayor, name: Mayor, kind: person}
"""
#: Pieces of evidence (source, then via or stance), and the independent origins.
CASES: dict[str, tuple[list[str], int]] = {
    "one source": (["post"], 1),
    "two publishers": (["post", "echo"], 2),
    "one publisher twice": (["post", "post-again"], 1),
    "one source quoted twice": (["post", "post"], 1),
    "two copies of one wire": (["copy", "copy-too"], 1),
    "a copy and a publisher": (["copy", "post"], 2),
    "origin counts before publisher": (["copy", "copy-too", "post"], 2),
    "through one person": (["post via mayor", "echo via mayor"], 1),
    "through different ones": (["post via mayor", "post via agency"], 2),
    "via counts before origin": (["copy via mayor", "copy-too via agency"], 2),
    "via and origin meet": (["post via wire", "copy"], 1),
    "via and its publisher do not meet": (["post via wire", "post-again"], 2),
    "one that joins two others": (["copy", "agency-copy", "mixed"], 1),
    "joined whatever the order": (["mixed", "agency-copy", "copy"], 1),
    "joined through three": (["post via wire", "echo via agency", "mixed", "post-again"], 2),
    "the wire itself and its copy": (["own-wire", "copy"], 1),
    "the wire by another name and its copy": (["own-wire-alias", "copy-too"], 1),
    "the wire itself and a publisher": (["own-wire", "post"], 2),
    "evidence against it does not count": (["post", "echo disputes"], 1),
    "words for context do not count": (["post", "echo context"], 1),
    "nothing in support": (["post disputes"], 0),
}


def of(site: Make, pieces: list[str]) -> Planned:
    rows = []
    for piece in pieces:
        source, _, how = piece.partition(" ")
        more = f", via: [{how.removeprefix('via ')}]" if how.startswith("via") else ""
        more = f", stance: {how}" if how in ("disputes", "context") else more
        rows.append(f"    - {{source: {source}, quote: {QUOTE}{more}}}\n")
    facts = "- id: f\n  statement: The ferry stays.\n  date: 2020\n  evidence:\n" + "".join(rows)
    return Planned(
        site(
            {
                "content/sources/ferry.yaml": SOURCES,
                "content/actors/more.yaml": ACTORS,
                "content/facts/f.yaml": facts,
            }
        )
    )


@pytest.mark.parametrize(("pieces", "origins"), CASES.values(), ids=CASES)
def test_how_many_origins(site: Make, pieces: list[str], origins: int) -> None:
    planned = of(site, pieces)
    assert planned.ok, planned.told
    fact = planned.dossier.facts["f"]
    assert len(planned.dossier.origins(fact)) == origins
    assert planned.view("facts/f.html").origins == origins
    sources = {piece.partition(" ")[0] for piece in pieces}
    supporting = {p.partition(" ")[0] for p in pieces if not p.endswith(("disputes", "context"))}
    assert set(planned.dossier.outlets(fact)) == supporting
    assert planned.view("facts/f.html").sources == len(sources)
    assert planned.view("index.html").independent == (origins > 1)


def test_no_name_belongs_to_two_origins(site: Make) -> None:
    planned = of(site, ["post via wire", "echo via agency", "mixed", "post-again", "own-wire"])
    groups = planned.dossier.origins(planned.dossier.facts["f"])
    names = [name for group in groups for name in group]
    assert len(names) == len(set(names))
    assert {"wire", "agency"} in groups


def test_the_page_says_how_many_are_independent(site: Make) -> None:
    text = of(site, ["copy", "copy-too"]).text("facts/f.html")
    assert "Two sources, one independent origin." in text
    assert "2 quotes, 2 sources, 1 independent origin" in text
    assert "“Copy” and “Copy too” count as one origin: Coast Wire." in text


def test_a_list_says_how_many_are_independent(site: Make) -> None:
    planned = of(site, ["copy", "copy-too", "post", "echo context"])
    card = planned.view("timeline.html").listing.groups[0].cards[0]
    assert (card.sources, card.origins) == (3, 2)
    assert "3 sources, 2 origins" in planned.text("timeline.html")


def test_a_list_counts_who_disputes_among_the_origins(site: Make) -> None:
    planned = of(site, ["copy", "copy-too disputes", "post disputes"])
    assert "3 sources, 2 origins" in planned.text("timeline.html")


def test_one_source_is_one_origin_and_goes_without_saying(site: Make) -> None:
    planned = of(site, ["post", "post"])
    assert "1 source, 2 quotes" in planned.text("timeline.html")
    assert planned.view("facts/f.html").counted == ()


@pytest.mark.parametrize(
    ("pieces", "lines"),
    {
        "nothing shared": (["post", "echo"], ()),
        "a publisher": (["post", "post-again"], ("“Post” and “Again” count as one origin: Post.",)),
        "an agency and its own": (
            ["own-wire", "copy"],
            ("“Own” and “Copy” count as one origin: Coast Wire.",),
        ),
        "one that joins two": (
            ["copy", "agency-copy", "mixed"],
            ("“Copy”, “Theirs” and “Mixed” count as one origin: Agency and Coast Wire.",),
        ),
        "what disputes is not counted": (["copy", "copy-too disputes"], ()),
    }.values(),
)
def test_the_page_says_which_count_as_one(site: Make, pieces: list[str], lines: tuple[str, ...]) -> None:
    assert of(site, pieces).view("facts/f.html").counted == lines


def test_data_files_count_outlets_and_origins(site: Make) -> None:
    from generator.exports import facts_json, tables
    from generator.shelves import Shelves

    shelves = Shelves(of(site, ["copy", "copy-too", "post via mayor"]).dossier)
    data, _ = facts_json.DOCUMENT.whole(shelves, "")
    (fact,) = json.loads(data)["facts"]
    assert (fact["outlets"], fact["origins"]) == (3, 2)
    assert [e["origin"] for e in fact["evidence"]] == [["wire"], ["wire"], ["mayor"]]
    table, _ = tables.FACTS.whole(shelves, "")
    head, row = (line.split(",") for line in table.decode().splitlines())
    assert (row[head.index("outlets")], row[head.index("origins")]) == ("3", "2")
