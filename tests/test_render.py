"""Templates: overrides, what a page's digest takes in, and mistakes told at their line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from conftest import SmallSite
from generator import exports, share
from generator.plan import page, plan, site_view
from generator.problems import Place
from generator.render import Renderer, TemplateFailure
from generator.shelves import Shelves
from generator.theme import default_templates
from generator.views import TEMPLATES
from planned import RICH, Planned, default_theme, fact, theme_of

Make = Callable[..., SmallSite]


def themed(site: Make, templates: dict[str, str], folder: str = "themed") -> Planned:
    small = site({**RICH, **{f"templates/{name}": text for name, text in templates.items()}}, folder=folder)
    planned = Planned(small, theme=theme_of(small.root))
    assert planned.told == []
    return planned


@pytest.fixture
def rich(site: Make) -> Planned:
    return Planned(site(RICH))


# --- overrides ----------------------------------------------------------------------------------------


def test_an_override_may_extend_what_it_replaces(site: Make, rich: Planned) -> None:
    template = (
        '{% extends "default/fact.html" %}\n'
        "{% block gaps %}<p>Ours: {{ view.id }}</p>{{ super() }}{% endblock %}\n"
    )
    own, default = themed(site, {"fact.html": template}).rendered(), rich.rendered()
    assert own.keys() == default.keys()
    for path, html in own.items():
        if path.startswith("facts/"):
            ours = f"<p>Ours: {path[6:-5]}</p>"
            assert html.count(ours) == 1
            assert html.replace(ours, "").split() == default[path].split()
        else:
            assert html == default[path], "an override changes only what it touches"


def test_an_override_of_a_part_is_used_by_default_templates(site: Make, rich: Planned) -> None:
    own = themed(site, {"partials/card.html": '<li class="ours">{{ fact.statement }}</li>\n'})
    assert '<li class="ours">The first boat comes back' in own.html("timeline.html")
    assert 'class="ours"' in own.html("dates/2021-04-12.html")
    assert 'class="ours"' not in rich.html("timeline.html")
    assert own.html("sources/letter.html") == rich.html("sources/letter.html")


def test_a_new_part_may_be_included_and_a_missing_one_when_it_is_allowed(site: Make) -> None:
    template = (
        '{% extends "default/actors.html" %}\n'
        '{% block table %}{% include "ours/word.html" %}{% include "ours/none.html" ignore missing %}'
        '{% include ["ours/none.html", "ours/word.html"] %}{% endblock %}\n'
    )
    own = themed(site, {"actors.html": template, "ours/word.html": "<p>Ours</p>"})
    assert own.html("actors.html").count("<p>Ours</p>") == 2


def test_an_asset_of_the_site_hides_the_default_one(site: Make) -> None:
    small = site({"templates/assets/site.css": "p{}", "templates/assets/own/more.css": "a{}"})
    assets = theme_of(small.root).assets()
    default = default_theme().assets()
    assert {name for name in assets if name not in default} == {"assets/own/more.css"}
    assert assets["assets/site.css"].read_text() == "p{}"
    assert {n: f for n, f in assets.items() if n in default and n != "assets/site.css"} == {
        n: f for n, f in default.items() if n != "assets/site.css"
    }


def test_a_sites_own_style_sheet_is_linked_after_those_of_the_theme(site: Make) -> None:
    tokens = "templates/assets/tokens.css"
    planned = Planned(site({**RICH, tokens: "a{}"}), theme=theme_of(site({tokens: "a{}"}, folder="o").root))
    for path, html in planned.rendered().items():
        way = "../" if "/" in path else ""
        linked = re.findall(r'<link rel="stylesheet" href="([^"]*)">', html)
        assert linked[0] == f"{way}assets/site.css", path
        assert linked[-1] == f"{way}assets/tokens.css", path


def test_a_template_that_extends_a_default_one_keeps_its_sheets(site: Make) -> None:
    own = themed(site, {"actor.html": '{% extends "default/actor.html" %}\n{% block who %}{% endblock %}\n'})
    actors = [html for path, html in own.rendered().items() if path.startswith("actors/")]
    assert actors
    assert all('href="../assets/lists.css"' in html for html in actors)


def test_without_a_style_sheet_of_its_own_no_page_links_one(site: Make) -> None:
    assert not [path for path, html in Planned(site(RICH)).rendered().items() if "tokens" in html]


def test_a_part_with_blocks_may_be_extended(site: Make, rich: Planned) -> None:
    foot = (
        '{% extends "default/partials/foot.html" %}\n'
        "{% block about %}{{ super() }}<p>Ours: {{ site.title }}</p>\n{% endblock %}\n"
    )
    own = themed(site, {"partials/foot.html": foot})
    ours = "<p>Ours: "
    for path, html in own.rendered().items():
        assert html.count(ours) == 1
        without = "".join(line for line in html.splitlines(True) if not line.startswith(ours))
        assert without.split() == rich.html(path).split()


def test_templates_are_named_once_and_what_they_replace_beside_them(site: Make) -> None:
    names = default_theme().templates.names()
    assert len(set(names)) == len(names)
    assert set(TEMPLATES.values()) <= set(names)
    assert not [name for name in names if name.startswith("default/")]
    own = theme_of(site({"templates/fact.html": "x", "templates/more/part.html": "y"}).root).templates.names()
    assert sorted(own) == sorted([*names, "default/fact.html", "more/part.html"])


# --- digests ------------------------------------------------------------------------------------------


def digests(site: Make, folder: str, templates: dict[str, str]) -> dict[str, bytes]:
    theme = theme_of(
        site({f"templates/{name}": text for name, text in templates.items()}, folder=folder).root
    )
    return {name: theme.digest(name) for name in TEMPLATES.values()}


def text_of(name: str) -> str:
    return (default_templates() / name).read_text(encoding="utf-8")


#: Templates of whole pages.
WHOLE = {name for name in TEMPLATES.values() if 'extends "base.html"' in text_of(name)}
#: A template that changes, pages made with it, and pages made without.
TAKEN_IN: dict[str, tuple[str, set[str], set[str]]] = {
    "the base": ("base.html", WHOLE, set()),
    "a part of every page": ("partials/foot.html", WHOLE, set()),
    "a page's own": ("fact.html", {"fact.html"}, WHOLE - {"fact.html"}),
    "a part of one page": ("partials/plate.html", {"fact.html"}, {"actor.html", "day.html", "timeline.html"}),
    "a part of a part": ("partials/runs.html", {"fact.html", "source.html"}, {"actor.html", "timeline.html"}),
}


@pytest.mark.parametrize(("name", "moves", "stays"), TAKEN_IN.values(), ids=TAKEN_IN)
def test_a_digest_moves_with_what_a_template_reaches(
    site: Make, name: str, moves: set[str], stays: set[str]
) -> None:
    before = digests(site, "before", {})
    after = digests(site, "after", {name: text_of(name) + "<!-- x -->"})
    moved = {name for name in before if before[name] != after[name]}
    assert moves <= moved
    assert not stays & moved


def test_the_card_counts_wherever_it_stands(site: Make) -> None:
    before = {name: default_theme().digest(name) for name in TEMPLATES.values()}
    after = digests(site, "changed", {"partials/card.html": text_of("partials/card.html") + "<!-- x -->"})
    moved = {name for name in before if before[name] != after[name]}
    assert {"timeline.html", "actor.html", "topic.html", "day.html", "month.html", "year.html"} <= moved
    assert "source.html" not in moved
    assert "actors.html" not in moved


def test_a_part_named_while_rendering_counts_with_all_it_could_be(site: Make) -> None:
    block = "{% block table %}{% include view.title %}{% endblock %}"
    first = {"actors.html": '{% extends "default/actors.html" %}' + block}
    one = digests(site, "one", first)
    other = digests(site, "other", {**first, "Actors": "x", "any.html": "y"})
    assert one["actors.html"] != other["actors.html"]
    assert one["fact.html"] == other["fact.html"]


def test_an_overridden_part_of_an_extended_default_counts(site: Make) -> None:
    extends = {"fact.html": '{% extends "default/fact.html" %}'}
    one = digests(site, "one", extends)
    other = digests(site, "other", {**extends, "partials/plate.html": "x"})
    assert one["fact.html"] != other["fact.html"]


def test_a_fingerprint_follows_from_view_site_and_path(site: Make, rich: Planned) -> None:
    theme = default_theme()
    shared = site_view(Shelves(rich.dossier), "")
    page = rich.pages["facts/hull.html"]
    base = Renderer(theme, shared).fingerprint(page)
    assert Renderer(theme, shared).fingerprint(page) == base
    other_site = msgspec.structs.replace(shared, title="Another")
    other_path = msgspec.structs.replace(page, path="facts/other.html")
    view = msgspec.structs.replace(page.view, gaps="Another.")  # type: ignore[type-var]
    other_view = msgspec.structs.replace(page, view=view)
    found = [
        Renderer(theme, other_site).fingerprint(page),
        Renderer(theme, shared).fingerprint(other_path),
        Renderer(theme, shared).fingerprint(other_view),
    ]
    assert len({base, *found}) == 4


def test_equal_fingerprints_are_equal_bytes(site: Make, rich: Planned) -> None:
    """A question less: pages whose fingerprint stays are the same bytes, and most stay."""
    files = {path: text for path, text in RICH.items() if path != "content/questions/pay.yaml"}
    topics = files["content/topics/topics.yaml"] or ""
    files["content/topics/topics.yaml"] = topics.replace(" and [[who-pays]]", "")
    other = Planned(site(files, folder="other"))
    assert other.told == []
    shared = site_view(Shelves(rich.dossier), "")
    one, two = (Renderer(default_theme(), shared) for _ in range(2))
    both = [path for path in rich.pages if path in other.pages]
    same = [p for p in both if one.fingerprint(rich.pages[p]) == two.fingerprint(other.pages[p])]
    assert len(same) > 30
    for path in same:
        assert one.render(rich.pages[path]) == two.render(other.pages[path])
    assert "facts/bill-of-less.html" not in same, "the question stood there"


# --- mistakes -----------------------------------------------------------------------------------------

#: A template with a mistake, and where it is told: before anything is rendered.
MISTAKES: dict[str, tuple[str, str, int, str]] = {
    "a block not closed": ("fact.html", "{% block a %}\n<p>\n", 2, "<p>"),
    "an unknown tag": ("partials/card.html", "<li>\n\n  {% bok %}\n", 3, "  {% bok %}"),
    "a bracket too few": ("day.html", "<p>\n{{ (view.title }}\n", 2, "{{ (view.title }}"),
    "a filter that is not there": ("day.html", "<p>\n{{ view.title | x }}\n", 2, "{{ view.title | x }}"),
    "a parent that is not there": (
        "fact.html",
        '\n{% extends "bass.html" %}\n',
        2,
        '{% extends "bass.html" %}',
    ),
    "a part that is not there": ("fact.html", '<p>\n{% include "x.html" %}', 2, '{% include "x.html" %}'),
    "functions that are not there": (
        "day.html",
        '{% import "m.html" as m %}',
        1,
        '{% import "m.html" as m %}',
    ),
}


@pytest.mark.parametrize(("name", "text", "line", "excerpt"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_at_its_line(site: Make, name: str, text: str, line: int, excerpt: str) -> None:
    theme = theme_of(site({f"templates/{name}": text}).root)
    (problem,) = theme.problems()
    assert problem.code == "template-error"
    assert problem.at == Place(f"templates/{name}", line, 1)
    assert problem.excerpt == excerpt
    assert problem.message
    assert problem.help


def test_a_template_that_is_not_text_is_told(site: Make) -> None:
    small = site()
    file = small.root / "templates/fact.html"
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe{\x00")
    (problem,) = theme_of(small.root).problems()
    assert (problem.code, problem.at) == ("template-error", Place("templates/fact.html"))
    assert "UTF-8" in problem.message


def test_the_default_templates_are_sound() -> None:
    assert default_theme().problems() == []


FAILURES: dict[str, tuple[dict[str, str], str, int]] = {
    "a field that is not there": ({"fact.html": "<p>\n{{ view.nothing }}\n"}, "templates/fact.html", 2),
    "a name that is not there": ({"fact.html": "<p>\n\n{{ nothing.at_all }}\n"}, "templates/fact.html", 3),
    "inside a part": (
        {"fact.html": '<p>\n{% include "ours.html" %}\n', "ours.html": "\n{{ 1 // 0 }}"},
        "templates/ours.html",
        2,
    ),
    "inside the card": (
        {"partials/card.html": "<li>\n{{ fact.nothing }}\n"},
        "templates/partials/card.html",
        2,
    ),
    "a part named while rendering": (
        {"fact.html": "\n{% include view.id %}"},
        "templates/fact.html",
        2,
    ),
}


@pytest.mark.parametrize(("templates", "file", "line"), FAILURES.values(), ids=FAILURES)
def test_a_failure_while_rendering_is_told_at_the_innermost_line(
    site: Make, templates: dict[str, str], file: str, line: int
) -> None:
    small = site({f"templates/{name}": text for name, text in templates.items()})
    planned = Planned(small, theme=theme_of(small.root))
    path = "timeline.html" if "partials/card.html" in templates else "facts/ferry-kept.html"
    with pytest.raises(TemplateFailure) as raised:
        planned.html(path)
    problem = raised.value.problem
    assert problem.code == "template-error"
    assert problem.at == Place(file, line, 1)
    assert problem.subject == f"page {path}"
    assert problem.excerpt == templates[file.removeprefix("templates/")].split("\n")[line - 1]


def test_our_own_mistake_is_no_problem_of_a_template(rich: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    theme = default_theme()
    renderer = Renderer(theme, site_view(Shelves(rich.dossier), ""))
    monkeypatch.setattr(theme, "flat", fail)
    with pytest.raises(ZeroDivisionError):
        renderer.render(rich.pages["index.html"])


# --- cards --------------------------------------------------------------------------------------------


def test_a_card_is_rendered_once_for_each_depth(site: Make, tmp_path: Path) -> None:
    small = site({"content/facts/f.yaml": fact("f", more="actors: [marlow-council]")})
    planned = Planned(small)
    top, deep = planned.html("timeline.html"), planned.html("dates/2020-03-03.html")
    assert 'href="facts/f.html"' in top
    assert 'href="../facts/f.html"' in deep
    assert 'href="../facts' not in top


# --- what no template shows ----------------------------------------------------------------------------


def test_what_no_template_shows_is_not_worked_out_and_changes_no_page(site: Make) -> None:
    bare = Path(__file__).parent / "benchmark" / "theme" / "templates"
    templates = {f.relative_to(bare).as_posix(): f.read_text(encoding="utf-8") for f in bare.rglob("*.html")}
    small = site({**RICH, **{f"templates/{name}": text for name, text in templates.items()}})
    theme = theme_of(small.root)
    planned = Planned(small, theme=theme)
    shown, all_fields = theme.shown(), Shelves(planned.dossier)
    assert not frozenset().union(*shown.values()) & {
        "strips",
        "cite",
        "crumbs",
        "overview",
        "maybe",
        "share",
        "when",
        "notes",
    }
    renderer = Renderer(theme, site_view(all_fields, planned.dossier.site.url))
    pages = {each.path: each for each in (page(all_fields, at) for at in plan(all_fields))}
    assert {path: renderer.render(each).decode() for path, each in pages.items()} == planned.rendered()
    view = planned.view("facts/boat-back.html")
    assert (view.cite, view.crumbs, view.date.strips) == ("", (), ())
    assert pages["facts/boat-back.html"].view.cite


def test_files_for_machines_are_the_same_whatever_the_theme_shows(site: Make) -> None:
    settings = RICH["site.yaml"].replace(
        "format: 1",
        "format: 1\n        url: https://ferry.example/\n        exports: [csv, annotations, ics]"
        "\n        picture: [boat-back]",
    )
    dossier = Planned(site({**RICH, "site.yaml": settings})).dossier
    whole, nothing = Shelves(dossier), Shelves(dossier, dict.fromkeys(TEMPLATES.values(), frozenset()))
    assert {*exports.files(whole, whole.url).files} >= {
        "feed.xml",
        "data/dossier.ics",
        "data/annotations.jsonld",
    }
    assert exports.files(nothing, nothing.url) == exports.files(whole, whole.url)
    assert share._fact(nothing, "boat-back") == share._fact(whole, "boat-back")
    note = "See [[boat-back]]."
    assert nothing.markdown(note, "about.html") == whole.markdown(note, "about.html")
