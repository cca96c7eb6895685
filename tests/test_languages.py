"""The interface in other languages: every word marked, every message translated, each language as it is."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jinja2 import nodes
from test_edtf import ALL

from browser import axe_findings, overflow, page_of, served
from conftest import DEFAULTS, ROOT, SmallSite
from generator import fold, languages, shelves, terms
from generator.datewords import ENGLISH, long_day, words
from generator.edtf import MONTHS, parse
from generator.theme import Theme
from planned import RICH, Planned, default_theme, quick
from site_checks import Demo

Make = Callable[..., SmallSite]
PO = "generator/locale/{}/LC_MESSAGES/factsheet.po"


def in_language(code: str, more: str = "") -> dict[str, str | None]:
    """The site with every kind of page, its interface in a language."""
    site = textwrap.dedent(RICH["site.yaml"] or "")
    return {
        **RICH,
        "site.yaml": f"{site}language: {code}\nlists: 4\nknown_on: [2020-03-05]\n"
        f"exports: [csv, ics, annotations]\n{more}",
    }


# --- catalogues ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The program behind `make messages`."""
    spec = importlib.util.spec_from_file_location("make_messages", ROOT / "docs" / "make_messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.found = cache(module.found)  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("code", ["ar", "tr"])
def test_every_message_is_translated(messages: ModuleType, code: str) -> None:
    catalog, data = messages.current(code)
    assert list(messages.wanting(catalog)) == []
    assert (ROOT / PO.format(code)).read_bytes() == data, "make messages writes it anew"
    assert len(catalog) > 500


def test_the_languages_that_are_promised_are_there(messages: ModuleType) -> None:
    assert messages.codes() == ["ar", "tr"]


@pytest.mark.parametrize(
    ("english", "translation", "fault"),
    [
        ("Said by %(name)s", "Söyleyen", "wants %(name)s, has none"),
        ("Dates", "Tarihler %(n)s", "wants no names, has %(n)s"),
        ("by {end}", "{ende}", "wants {end}, has {ende}"),
        ("%(share)s%%", "%%(share)s", "wants %(share)s, has none"),
        ("A %(share)s%% of all", "%(share)s%", "a per cent sign is written %%"),
        ("Dates", "", "not translated"),
        ("Dates", "<b>Tarihler</b>", "holds HTML"),
        (("%(num)s fact", "%(num)s facts"), ("%(num)s olgu", ""), "not translated"),
        (("%(num)s fact", "%(num)s facts"), ("olgu", "%(num)s olgu"), ""),
        (("%(num)s on %(page)s", "%(num)s on %(page)s"), ("%(num)s", "%(num)s"), "wants %(num)s %(page)s"),
    ],
)
def test_what_is_wrong_with_a_translation(
    messages: ModuleType, english: Any, translation: Any, fault: str
) -> None:
    catalog = messages.Catalog(locale="en")
    catalog.add(english, translation)
    told = list(messages.wanting(catalog))
    assert (fault in told[0]) if fault else told == []


def test_a_message_that_is_new_or_gone_is_noticed(messages: ModuleType, monkeypatch: Any) -> None:
    found = deepcopy(messages.found())
    found.delete("Timeline")
    found.add("Nobody wrote this")
    monkeypatch.setattr(messages, "found", lambda: found)
    catalog, data = messages.current("tr")
    assert list(messages.wanting(catalog)) == ["'Nobody wrote this': not translated"]
    assert b'msgid "Timeline"' not in data


# --- nothing is unmarked ------------------------------------------------------------------------------

#: Opens and closes whatever came through the catalogue.
OPEN, CLOSE = "⟦⟧"


class Pseudo(languages._Translated):
    """A language that puts brackets around every message, month and day, so that others show."""

    code, digest = "qps", "pseudo"

    def __init__(self) -> None:
        self.months = self.months_of_days = [self.gettext(m) for m in MONTHS]
        self.initials = [self.gettext(m[0]) for m in MONTHS]
        self.weekdays = [self.gettext(d) for d in languages.WEEKDAYS]
        self.short_weekdays = [self.gettext(d[:2]) for d in languages.WEEKDAYS]
        self.comma = ", "

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}" if message else ""

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)

    def number(self, number: int) -> str:
        return str(number)

    def listed(self, names: Any) -> str:
        return ", ".join(names)

    def sort_key(self, name: str) -> tuple[Any, ...]:
        return (name,)


class Told(HTMLParser):
    """All that a page tells a reader: its text with the tags left out, and each attribute that is words."""

    WORDS = frozenset({"aria-label", "title", "alt", "placeholder", "label"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.attributes = "", list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.text += " "
        named = given.get("name") == "description" or given.get("property") in ("og:title", "og:description")
        for name, value in attrs:
            spoken = name in self.WORDS or (name == "content" and named)
            spoken |= tag == "form" and name.startswith("data-") and name != "data-fold"
            spoken |= name in ("data-copy", "data-copied")
            if spoken and value:
                self.attributes.append(value)

    def handle_data(self, data: str) -> None:
        self.text += data


def outside(text: str) -> str:
    """What stands in no bracket; brackets may stand in each other."""
    depth, found = 0, ""
    for char in text:
        depth += (char == OPEN) - (char == CLOSE)
        if not depth and char != CLOSE:
            found += char
    assert depth == 0
    return found


#: Names of formats and licences, and of what a digest is called: the same in every language.
NAMES = re.compile(r"SHA-256|sha256|BibTeX|CSL-JSON|Wikipedia|JSON-LD|JSON|CSV|CC BY 4\.0")


def content_words() -> set[str]:
    """Every word that the curators of the site wrote, and every word of its articles."""
    return {word for text in RICH.values() if text for word in re.findall(r"[^\W\d_]+", text)} | {
        word for text in TEXTS for word in re.findall(r"[^\W\d_]+", text)
    }


TEXTS = (
    # The article that sites of tests have, and the slugs that shape words of theirs.
    (ROOT / "tests" / "conftest.py")
    .read_text(encoding="utf-8")
    .partition('TEXT = """')[2]
    .partition('"""')[0],
)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the language `qps` be the one of brackets."""
    spoken, of = Pseudo(), languages.of
    monkeypatch.setattr(languages, "of", lambda tag: spoken if tag == "qps" else of(tag))


def unmarked(page: str, known: set[str]) -> list[str]:
    """Words on a page that neither the curators nor the catalogue put there."""
    told = Told(re.sub(r"(?s)<pre.*?</pre>", "", page))
    found = []
    for text in (told.text, *told.attributes):
        left = NAMES.sub(" ", outside(text))
        left = re.sub(r"\b[\w.-]*\d[\w.-]*\b", " ", left)  # dates, ids, digests
        found += [word for word in re.findall(r"[^\W\d_]{2,}", left) if word not in known]
    return found


@pytest.mark.usefixtures("pseudo")
def test_every_word_of_a_page_is_content_or_comes_from_the_catalogue(site: Make) -> None:
    pages = Planned(site(in_language("qps")))
    assert pages.ok, pages.told
    known = content_words() | {"example", "org", "https", "mailto", "fold"}
    left = {path: found for path, page in pages.rendered().items() if (found := unmarked(page, known))}
    assert left == {}
    assert len(pages.pages) > 70


@pytest.mark.usefixtures("pseudo")
def test_feeds_and_calendar_are_in_the_language_too(site: Make) -> None:
    made = site(in_language("qps"))
    assert quick(made).build().codes == []
    known = content_words() | {"example", "org", "https", "mailto", "lt", "gt", "amp"}
    for name in ("feed.xml", "changes.xml"):
        inner = re.findall(r"<(?:title|content[^>]*)>(.*?)</", made.html(name), re.S)
        plain = re.sub(r"&lt;.*?&gt;", " ", " ".join(inner))
        assert [word for word in re.findall(r"[^\W\d_]{2,}", outside(plain)) if word not in known] == []
    unfolded = made.html("data/dossier.ics").replace("\n ", "").replace("\r", "")
    told = " ".join(re.findall(r"^(?:SUMMARY|DESCRIPTION):(.*)$", unfolded, re.M))
    assert OPEN in told
    assert [word for word in re.findall(r"[^\W\d_]{2,}", outside(told)) if word not in known] == []


def test_a_word_that_is_not_marked_is_noticed() -> None:
    known = {"ferry"}
    assert unmarked(f"<p>{OPEN}The {CLOSE}ferry</p>", known) == []
    assert unmarked("<p>The ferry</p>", known) == ["The"]
    assert unmarked('<p aria-label="Main"><meta name="description" content="Hello">', known) == [
        "Main",
        "Hello",
    ]
    assert unmarked(f"<p>{OPEN}said by <a>{OPEN}ferry{CLOSE}</a>{CLOSE} here", known) == ["here"]


def template_words(theme: Theme, name: str) -> Iterator[str]:
    """Words that stand in a template itself: in its text, in attributes, in strings outside `_( )`."""
    source = theme.templates._source(name)
    pieces = [
        value if kind == "data" else "\0"
        for _, kind, value in theme.environment.lex(source)
        if kind == "data" or kind.endswith("_begin")
    ]
    html = "".join(pieces)
    html = re.sub(r"(?s)<!--.*?-->", "", html)
    for tag in re.findall(r'<[a-zA-Z/!](?:[^>"]|"[^"]*")*>', html):
        for attribute, value in re.findall(r'([\w-]+)="([^"]*)"', tag):
            if attribute in Told.WORDS or attribute.startswith("data-copy"):
                yield from re.findall(r"[^\W\d_]{2,}", NAMES.sub(" ", value))
    html = re.sub(r"(?s)<code.*?</code>", " ", html)  # commands
    text = re.sub(r'<[a-zA-Z/!](?:[^>"]|"[^"]*")*>', " ", html)
    yield from re.findall(r"[^\W\d_]{2,}", NAMES.sub(" ", re.sub(r"&\w+;", " ", text)))
    tree = theme.templates._tree(name)
    messages = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext", "pgettext")
        for const in call.args
    }
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and id(const) not in messages:
            yield from re.findall(r"\b[A-Z][a-z]+|[a-z]+ [a-z]+", const.value)


def test_no_template_holds_a_word_outside_the_catalogue() -> None:
    theme = default_theme()
    found = {
        name: list(template_words(theme, name)) for name in theme.templates.names() if name.endswith(".html")
    }
    del found["partials/robust.html"]  # attributes, and nothing else
    assert {name: words for name, words in found.items() if words} == {"home.html": ["home"]}  # a class
    assert len(found) > 40


def test_a_word_in_a_template_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "prose.html").write_text(
        '<p class="lede" title="Words">Hello {{ _("there") }}</p>{% set x = "Good day" %}<b id="{{ x }}"></b>'
    )
    assert list(template_words(Theme(tmp_path), "prose.html")) == ["Words", "Hello", "Good"]


def test_scripts_say_nothing_of_their_own() -> None:
    for script in sorted((ROOT / "templates" / "assets").glob("*.js")):
        code = re.sub(r"//.*", "", script.read_text(encoding="utf-8"))
        said = re.findall(r'"([^"\n]*[a-z] [a-z][^"\n]*)"', code)
        assert set(said) <= {"use strict", "copy no-print"}, script.name


def test_every_fold_has_its_name() -> None:
    assert fold.NAMES == terms.FOLD_NAME
    assert set(terms.FOLD) == set(fold.NAMES)


# --- what a language does -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("tr", "tr"),
        ("tr-CY", "tr"),
        ("AR", "ar"),
        ("ar-LB", "ar"),
        ("tlh", "en"),
    ],
)
def test_the_catalogue_of_a_language(tag: str, code: str) -> None:
    assert languages.of(tag).code == code


DATES = {
    "tr": {
        "2019-06-04": "4 Haziran 2019",
        "2019-06": "Haziran 2019",
        "2019-21": "ilkbahar 2019",
        "19XX": "20. yüzyıl",
        "2019~": "2019 dolayları",
        "2019-06?": "belki Haziran 2019",
        "2019-05-13/2019-05-19": "13–19 Mayıs 2019",
        "../2019-10-25": "en geç 25 Ekim 2019",
        "[2019-05,2019-08-01]": "Mayıs 2019 veya 1 Ağustos 2019",
        "{2019,2020,2021}": "2019, 2020 ve 2021",
        "XXXX": "tarih bilinmiyor",
        "Y17000": "17.000",
    },
    "ar": {
        "2019-06-04": "4 يونيو 2019",
        "2019-21": "ربيع 2019",
        "19XX": "القرن 20",
        "2019~": "نحو 2019",
        "2019-05-13/2019-05-19": "13–19 مايو 2019",
        "../2019-10-25": "في موعد أقصاه 25 أكتوبر 2019",
        "[2019-05,2019-08-01]": "إما مايو 2019 أو 1 أغسطس 2019",
        "2019-06-1X": "يوم بين 10 و19 يونيو 2019",
        "-0044-03-15": "15 مارس 45 ق.م",
    },
    "ar-LB": {"2019-06": "حزيران 2019", "2019-06-04": "4 حزيران 2019"},
}


@pytest.mark.parametrize(("tag", "date"), [(tag, date) for tag, dates in DATES.items() for date in dates])
def test_dates_in_words(tag: str, date: str) -> None:
    assert words(parse(date), tag) == DATES[tag][date]


@pytest.mark.parametrize("code", ["ar", "tr"])
def test_every_date_is_in_the_language_whole(code: str) -> None:
    language = languages.of(code)
    own = " ".join([language.gettext(message) for message in language_pieces()] + [*language.months])
    for date in ALL:
        told = words(parse(date), code).replace("(UTC", "(")
        assert not re.search(r"[{}%]", told), date
        found = re.findall(r"[^\W\d_]{2,}", told)
        # "And" is a letter before its word in Arabic.
        left = [word for word in found if word.removeprefix("و") not in own and "X" not in word]
        assert left == [], (date, told)


def language_pieces() -> Iterator[str]:
    """Every piece that English dates are made of."""
    for field in ENGLISH.__struct_fields__:
        piece = getattr(ENGLISH, field)
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, (dict, tuple)):
            yield from piece.values() if isinstance(piece, dict) else piece


def test_days_with_their_weekday() -> None:
    assert long_day("2019-06-04", "tr") == "4 Haziran 2019 Salı"
    assert long_day("2019-06-04", "ar") == "الثلاثاء، 4 يونيو 2019"


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "لا معلومات"),
        (1, "معلومة واحدة"),
        (2, "معلومتان"),
        (3, "3 معلومات"),
        (10, "10 معلومات"),
        (11, "11 معلومة"),
        (99, "99 معلومة"),
        (100, "100 معلومة"),
        (103, "103 معلومات"),
    ],
)
def test_arabic_has_six_forms(count: int, told: str) -> None:
    form = languages.of("ar").ngettext("%(num)s fact", "%(num)s facts", count)
    assert form % {"num": count} == told


def test_names_are_in_the_order_of_the_alphabet() -> None:
    turkish = [
        "10 kişi",
        "Adem",
        "Âdem",
        "Cemal",
        "Çavuşoğlu",
        "Ilgaz",
        "İzmir",
        "Oz",
        "Öz",
        "Şen",
        "Ünal",
        "Zara",
    ]
    assert sorted(sorted(turkish), key=languages.of("tr").sort_key) == turkish
    arabic_names = ["آدم", "إيران", "بوتين", "تركيا", "روسيا", "مصر", "Reuters"]
    assert sorted(sorted(arabic_names), key=languages.of("ar").sort_key) == arabic_names


@pytest.mark.parametrize(
    ("tag", "first", "last_week"),
    [("ar-EG", "السبت", ["28", "29", "30", "31"]), ("ar", "الاثنين", ["30", "31"])],
)
def test_a_week_begins_as_the_country_has_it(site: Make, tag: str, first: str, last_week: list[str]) -> None:
    month = Planned(site(in_language(tag))).html("dates/2020-03.html")
    head, *weeks = re.findall(r"<tr>(.*?)</tr>", month, re.S)
    assert re.findall('<abbr title="(.*?)">', head)[0] == first
    assert re.findall(r"<td[^>]*>(?:<a[^>]*>)?(\d+)", weeks[-1]) == last_week


def test_lists_numbers_and_capitals() -> None:
    turkish, arabic_ = languages.of("tr"), languages.of("ar")
    assert turkish.listed(["a", "b", "c"]) == "a, b ve c"
    assert arabic_.listed(["أ", "ب"]) == "\u2068أ\u2069 و\u2068ب\u2069"
    assert turkish.listed([]) == languages.ENGLISH.listed([]) == ""
    assert (turkish.number(12345), arabic_.number(12345)) == ("12.345", "12,345")
    assert (turkish.lower("İlk IŞIK"), turkish.capital("ilk")) == ("ilk ışık", "İlk")
    assert turkish.gettext("") == ""


def test_an_english_site_never_loads_babel(site: Make) -> None:
    made = site()
    code = (
        "import sys; from pathlib import Path; from generator.build import build;"
        f"assert build(Path({str(made.root)!r})).ok; sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


# --- whole sites --------------------------------------------------------------------------------------


def test_names_keep_their_direction_in_an_arabic_sentence(site: Make) -> None:
    pages = Planned(site(in_language("ar")))
    assert pages.view("facts/bill-of-two-million.html").evidence[0].source.credit == (
        "نقلًا عن \u2068\u2068Coast Wire\u2069\u2069"
    )
    # Names alone do not tell the direction of a sentence, so it begins with a mark that does.
    assert languages.of("ar").gettext("%(title)s, %(actor)s").startswith("\u200f\u2068")
    assert "\u200f" not in languages.of("ar").gettext("%(month)s %(year)s")
    cited = pages.view("facts/no-dark.html")
    assert "\u2068" in cited.cite
    assert not any("\u2068" in form.text for form in cited.cites)


def test_english_words_in_a_dossier_without_a_catalogue_say_that_they_are(site: Make) -> None:
    hebrew = Planned(site(in_language("he")))
    page = hebrew.html("method.html")
    assert '<html lang="he" dir="rtl" ' in page
    assert '<body class="mixed">' in page
    assert '<div class="prose" lang="en" dir="ltr">' in page
    assert "Timeline" in page
    turkish = Planned(site(in_language("tr"), folder="turkish")).html("method.html")
    assert "<body>" in turkish
    assert '<div class="prose" lang="tr" dir="ltr">' in turkish


def test_another_language_is_another_site(site: Make) -> None:
    """And an edit of it comes to the same bytes as a build from nothing."""
    made = quick(site(in_language("en")))
    made.build()
    english = made.files()
    made.write("site.yaml", str(in_language("tr")["site.yaml"]))
    assert made.build().result.rendered == made.build(full=True).result.pages
    turkish = made.files()
    pages = [path for path in english if path.endswith(".html")]
    assert [path for path in pages if english[path] == turkish[path]] == []

    path = "content/facts/later.yaml"
    text = (made.root / path).read_text(encoding="utf-8")
    made.write(path, text.replace("The first boat comes back.", "The first boat is back."))
    assert 0 < made.build().result.rendered < len(pages)
    edited = made.files()
    made.build(full=True)
    assert edited == made.files()


def test_a_changed_catalogue_makes_every_page_anew(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = quick(site(in_language("tr")))
    made.build()
    monkeypatch.setattr(languages.of("tr"), "digest", "another")
    (made.root / ".factsheet").joinpath("note").unlink(missing_ok=True)
    made.write("content/pages/about.md", "---\ntitle: About\n---\nAnew.\n")
    result = made.build().result
    assert result.rendered == result.pages


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the site that has every kind of page, built in each language."""
    folder = tmp_path_factory.mktemp("spoken")
    for code in SPOKEN:
        made = SmallSite(tmp_path_factory.mktemp(code))
        for path, text in {**DEFAULTS, **in_language(code)}.items():
            if text is not None:
                made.write(path, re.sub(r"!\[.*?\]\(.*?\)|^lists: .*\n", "", text, flags=re.MULTILINE))
        assert quick(made).build(output=folder / code).codes == []
    return folder


SPOKEN = ("ar", "tr")


def test_pages_in_other_languages_are_valid(spoken: Path, nu: Callable[[Path], list[str]]) -> None:
    assert nu(spoken) == []
    for page in spoken.rglob("*.html"):
        text, code = page.read_text(encoding="utf-8"), page.relative_to(spoken).parts[0]
        quotes = re.findall(r"<blockquote[^>]*>", text)
        assert all(re.search(r' lang="\w+" dir="(?:ltr|rtl)"', quote) for quote in quotes)
        assert f'<html lang="{code}" dir="{shelves.direction(code)}" ' in text


@pytest.mark.parametrize("code", SPOKEN)
def test_pages_in_other_languages_fit_and_can_be_used(spoken: Path, chromium: Any, code: str) -> None:
    found: list[object] = []
    with served(spoken / code) as home, page_of(chromium, width=320) as page:
        for number, name in enumerate(Demo(spoken / code).kinds.values()):
            page.goto(home + name)
            if over := overflow(page):
                found.append((name, over))
            if number % 8 == 0:  # right to left, all kinds are looked at in `test_pages_browser`
                found += axe_findings(page)
    assert found == []
