"""Pictures for shared links: drawn when asked for, the same bytes always, loaded for nothing else."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable

import pytest

from conftest import ROOT, SmallSite, leave_out
from generator import raster, share
from planned import RICH, Planned, quick

#: A letter that the font has not.
ARABIC = "\N{ARABIC LETTER MEEM}"


@pytest.fixture
def drawing() -> None:
    if not raster.is_there():
        leave_out("nothing that draws pictures", "pip install -e '.[picture]'")


def settings(more: str) -> dict[str, str | None]:
    return {**RICH, "site.yaml": f"{(RICH['site.yaml'] or '').rstrip()}\n        {more}\n"}


ASKED = settings("url: https://ferry.example/\n        picture: [hull, ferry-kept]")


@pytest.mark.usefixtures("drawing")
def test_a_picture_of_the_dossier_and_of_each_fact_asked_for(site: Callable[..., SmallSite]) -> None:
    made = site(ASKED)
    assert made.build().exit_code == 0
    pictures = {file.name: file.read_bytes() for file in made.output.glob("assets/*.png")}
    assert set(pictures) == {"share.png", "share-hull.png", "share-ferry-kept.png"}
    for data in pictures.values():
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", data[16:24]) == (share.WIDTH, share.HEIGHT)
    assert len(set(pictures.values())) == 3
    for page, picture in (("hull", "share-hull.png"), ("away", "share.png")):
        assert f'<meta property="og:image" content="https://ferry.example/assets/{picture}">' in made.html(
            f"facts/{page}.html"
        )


@pytest.mark.usefixtures("drawing")
def test_a_picture_is_drawn_once_and_again_when_it_shows_something_else(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, drawn, real = quick(site(ASKED)), [], raster.png
    monkeypatch.setattr(raster, "png", lambda svg: drawn.append(svg) or real(svg))
    assert small.build().exit_code == 0
    assert len(drawn) == 3
    path = "content/facts/later.yaml"
    text = (small.root / path).read_text(encoding="utf-8")
    for was, now, more in (
        ("The first boat comes", "A boat comes", 0),
        ("one boat was not", "a boat was not", 1),
    ):
        drawn.clear()
        text = text.replace(was, now)
        small.write(path, text)
        assert small.build().exit_code == 0
        assert len(drawn) == more, now
        stood = small.files()
        assert small.build(full=True).exit_code == 0
        assert small.files() == stood
    (small.root / ".factsheet").rename(small.root / "lost")
    assert small.build().exit_code == 0
    assert small.files() == stood


@pytest.mark.usefixtures("drawing")
def test_a_picture_shows_no_words_that_may_not_be_shown(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site(ASKED))
    from generator.shelves import Shelves

    shelves = Shelves(planned.dossier)
    assert "zebrawood" not in share._fact(shelves, "hull")
    words = share._fact(shelves, "ferry-kept")
    assert "voted on Tuesday to keep the night ferry" in words
    assert ">Confirmed<" in words
    assert share._dossier(shelves).count("<rect") == 3, "the first words are on yellow"


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("", False),
        ("url: https://ferry.example/", False),
        ("picture: true", False),
        ("picture: true\n        url: https://ferry.example/", True),
    ],
)
def test_pages_name_a_picture_when_there_is_one_and_an_address(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch, more: str, named: bool
) -> None:
    monkeypatch.setattr(raster, "is_there", lambda: True)
    planned = Planned(site(settings(more)))
    for path in ("index.html", "facts/hull.html", "timeline.html"):
        assert ("https://ferry.example/assets/share.png" in planned.html(path)) is named
        assert ("og:image" in planned.html(path)) is named


def test_a_picture_of_the_sites_own_needs_nothing_installed(site: Callable[..., SmallSite]) -> None:
    planned = Planned(
        site({**settings("url: https://ferry.example/"), "content/static/share.png": "a picture\n"})
    )
    assert planned.ok
    assert '<meta property="og:image" content="https://ferry.example/share.png">' in planned.html(
        "index.html"
    )


@pytest.mark.parametrize(
    ("there", "title", "told"),
    [
        (True, "Ferry, Größe, Ελλάδα, Київ", ""),
        (True, ARABIC, f"the font of pictures has no letter like “{ARABIC}”"),
        (False, "Ferry", "what draws pictures is not installed"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_told(
    site: Callable[..., SmallSite], monkeypatch: pytest.MonkeyPatch, there: bool, title: str, told: str
) -> None:
    monkeypatch.setattr(raster, "is_there", lambda: there)
    planned = Planned(site({"site.yaml": f"{{format: 1, title: '{title}', picture: true}}\n"}))
    found = [p.message for p in planned.problems if p.code == "picture-unmade"]
    assert found == ([told] if told else [])


@pytest.mark.usefixtures("drawing")
def test_widths_are_those_of_the_font() -> None:
    assert raster.width("", 100) == 0
    assert raster.width("iiii", 100) < raster.width("mmmm", 100) < raster.width("mmmm", 100, 700)
    assert 20 < raster.width("a", 50, 400) < 30
    lines = raster.wrapped("the night ferry of Marlow runs", 50, 300)
    assert " ".join(lines) == "the night ferry of Marlow runs"
    assert all(raster.width(line, 50) <= 300 for line in lines)


def test_a_build_without_pictures_loads_nothing_that_draws() -> None:
    code = "import sys; import generator.build; sys.exit('resvg_py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
