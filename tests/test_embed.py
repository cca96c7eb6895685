"""Facts as cards for other sites: only those asked for, small, sealed, and leading out of the frame."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import Witness, axe_findings, overflow, page_of, served
from conftest import SmallSite
from planned import RICH, Planned, quick

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ADDRESS = "https://ferry.example/dossier/"


def settings(more: str) -> dict[str, str | None]:
    return {**RICH, "site.yaml": f"{(RICH['site.yaml'] or '').rstrip()}\n        {more}\n"}


def cards(planned: Planned) -> set[str]:
    return {path.removeprefix("embed/")[:-5] for path in planned.pages if path.startswith("embed/")}


@pytest.mark.parametrize(
    ("asked", "made"),
    [("false", set()), ("[]", set()), ("[hull, boat-back]", {"hull", "boat-back"}), ("true", None)],
)
def test_only_the_facts_asked_for_have_a_card(
    site: Callable[..., SmallSite], asked: str, made: set[str] | None
) -> None:
    planned = Planned(site(settings(f"embed: {asked}")))
    assert cards(planned) == (set(planned.dossier.facts) if made is None else made)
    for key in planned.dossier.facts:
        named = f"../embed/{key}.html" in planned.html(f"facts/{key}.html")
        assert named is (key in cards(planned)), key


def test_a_card_of_a_fact_that_is_not_there_is_told(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site(settings("embed: [hull, hulk]")))
    assert planned.told == [("unknown-fact", "site.yaml:11:15")]


def test_a_card_says_how_sure_when_and_in_whose_words(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site(settings("embed: true")))
    text = planned.text("embed/ferry-kept.html")
    for said in ("Confirmed", "3 March 2020", "3 sources, 3 origins", "Harbour town votes to keep its ferry"):
        assert said in text
    assert "<mark>voted on Tuesday to keep the night ferry</mark>" in planned.html("embed/ferry-kept.html")
    assert "claimed" in planned.text("embed/bill-of-two-million.html").lower()
    silent = planned.html("embed/hull.html")
    assert "<mark>" not in silent, "its rights allow no words"
    assert "zebrawood" not in silent


def test_a_card_is_small_sealed_and_leads_out_of_the_frame(site: Callable[..., SmallSite]) -> None:
    planned = Planned(site(settings("embed: true")))
    style = (Path(__file__).parent.parent / "templates/assets/embed.css").read_bytes()
    for key in cards(planned):
        page = planned.html(f"embed/{key}.html")
        assert page.startswith("<!DOCTYPE html>")
        assert len(page.encode()) + len(style) < 5_000, key
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
        assert policy == "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
        links = re.findall(r"<a [^>]*>", page)
        assert links
        assert all('target="_blank" rel="noopener"' in link and f"facts/{key}.html" in link for link in links)


@pytest.mark.parametrize("url", ["", ADDRESS])
def test_the_lines_to_paste_need_the_address_of_the_site(site: Callable[..., SmallSite], url: str) -> None:
    view = Planned(site(settings(f"embed: [hull]{f'{chr(10)}        url: {url}' if url else ''}")))
    code = view.view("facts/hull.html").embed_code
    assert bool(code) is bool(url)
    if url:
        assert code.startswith(f'<iframe src="{ADDRESS}embed/hull.html" title="The hull of one boat')
        assert html.escape(code).replace("&quot;", "&#34;") in view.html("facts/hull.html")


def test_an_edit_of_a_fact_changes_its_card(site: Callable[..., SmallSite]) -> None:
    small = quick(site(settings("embed: [away, boat-back]")))
    assert small.build().exit_code == 0
    path = "content/facts/later.yaml"
    text = (small.root / path).read_text(encoding="utf-8")
    small.write(path, text.replace("away for eleven weeks.", "away for long."))
    assert small.build().result.rendered < 40
    assert "away for long" in small.html("embed/away.html")
    stood = small.files()
    assert small.build(full=True).exit_code == 0
    assert small.files() == stood


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (640, "dark")])
def test_a_card_is_quiet_and_readable_inside_another_page(
    site: Callable[..., SmallSite], chromium: Browser, nu: Callable[[Path], list[str]], width: int, theme: str
) -> None:
    made = site(settings("embed: [ferry-kept, hull, no-dark]"))
    assert made.build().exit_code == 0
    with served(made.output) as address, page_of(chromium, width=width, theme=theme) as page:  # type: ignore[arg-type]
        heard = Witness(page, address).heard
        for key in ("ferry-kept", "hull", "no-dark"):
            page.goto(f"{address}embed/{key}.html")
            assert axe_findings(page) == []
            assert overflow(page) == 0
        assert heard == []
    if width == 320:
        assert [said for said in nu(made.output) if said.startswith("embed/")] == []
