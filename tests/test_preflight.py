"""What is looked at before a site is published: sites that may not go out, and the sites that may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from conftest import TEXT, SmallSite
from generator import legible, preflight, sending
from generator.cli import main
from generator.preflight import Places, protected, unpublished
from generator.targets import Folder

Make = Callable[..., SmallSite]
pytestmark = pytest.mark.usefixtures("one_theme")

ARTICLE = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen."
PATHS = {"index.html", "a.html", "facts/b.html", "assets/site.css", "my page.html", "sub/index.html"}


def codes(path: str, text: str, *, limit: int = 5, title: str = "") -> list[str]:
    texts = [protected("source ferry", ARTICLE, limit, title)]
    here = {"/home/ada/notes", "/home/ada/old"}
    places = Places(("/home/ada/",), here.__contains__, frozenset({"/home/ada/old"}))
    return [p.code for p in preflight.problems([(path, text)], PATHS, preflight.guard(texts), places)]


WORDS = "unpublished-words"
CASES = {
    "good page": ("a.html", '<a href="facts/b.html#top">x</a><link href="assets/site.css">', ""),
    "up": ("facts/b.html", '<a href="../a.html?q=1">x</a>', ""),
    "space in a name": ("a.html", '<a href="my%20page.html">x</a>', ""),
    "folder": ("a.html", '<a href="sub/">x</a><a href="./">x</a>', ""),
    "page itself": ("a.html", '<a href="#x">x</a><a href="mailto:a@b.example">x</a>', ""),
    "link outside": ("a.html", '<a href="https://e.org/">x</a><link rel=canonical href="https://e.org">', ""),
    "in a comment": ("a.html", '<!-- <img src="https://example.org/x.png"> -->', ""),
    "in a script": ("a.html", "<script>a='<img src=\"https://example.org/x.png\">'</script>", ""),
    "404 knows the address": ("404.html", '<a href="/dossier/index.html">x</a>', ""),
    "dead": ("a.html", '<a href="none.html">x</a>', "link-broken"),
    "dead from below": ("facts/b.html", '<a href="a.html">x</a>', "link-broken"),
    "dead picture": ("a.html", "<img src='none.png'>", "link-broken"),
    "dead in css": ("assets/site.css", "a { background: url(none.png) }", "link-broken"),
    "picture": ("a.html", '<img src="https://example.org/x.png">', "outside-request"),
    "picture, no scheme": ("a.html", "<img src=//example.org/x.png>", "outside-request"),
    "one of several": ("a.html", '<img srcset="a.html 1x, https://e.org/x.png 2x">', "outside-request"),
    "script": ("a.html", "<script src='http://example.org/x.js'></script>", "outside-request"),
    "style": ("a.html", '<LINK REL="Stylesheet" HREF="https://example.org/x.css">', "outside-request"),
    "font": ("assets/site.css", "@import 'https://example.org/x.css';", "outside-request"),
    "style of an element": ("a.html", '<p style="background: url(//e.org/x.png)">', "outside-request"),
    "style in a page": ("a.html", "<style>@import 'https://e.org/x.css'</style>", "outside-request"),
    "pictures in css": ("assets/site.css", "a {b: image-set('https://e.org/x.png' 1x)}", "outside-request"),
    "name in css": ("assets/site.css", "@namespace url(http://www.w3.org/2000/svg); /* url(//e.org) */", ""),
    "type in css": ("assets/site.css", "a {b: image-set('../a.html' type('image/avif'))}", ""),
    "background": ("a.html", '<body background="https://e.org/x.png">', "outside-request"),
    "base": ("a.html", '<base href="https://e.org/">', "outside-request"),
    "led away": ("a.html", '<meta http-equiv=Refresh content="0; URL=https://e.org/">', "outside-request"),
    "led on": ("a.html", '<meta http-equiv="refresh" content="0; url=facts/b.html">', ""),
    "led nowhere": ("a.html", '<meta http-equiv="refresh" content="0; url=none.html">', "link-broken"),
    "told of a click": ("a.html", '<a href="facts/b.html" ping="https://e.org/">x</a>', "outside-request"),
    "icon": ("a.html", '<link rel="apple-touch-icon" href="https://e.org/x.png">', "outside-request"),
    "set of a link": ("a.html", '<link rel=preload imagesrcset="//e.org/x.png 2x">', "outside-request"),
    "page in a page": ("a.html", "<iframe srcdoc='<img src=//e.org/x.png>'></iframe>", "outside-request"),
    "script asks": ("a.html", "<script>fetch('https://e.org/x')</script>", "outside-request"),
    "module": ("assets/x.mjs", 'import a, {b} from "https://e.org/x.js"', "outside-request"),
    "beacon": ("assets/x.js", 'navigator.sendBeacon("//e.org/")', "outside-request"),
    "script with a link": ("assets/x.js", "let home = 'https://e.org/' // see https://e.org", ""),
    "picture in a picture": ("x.svg", '<svg><image href="https://e.org/x.png"/></svg>', "outside-request"),
    "drawn elsewhere": ("x.svg", '<svg><use xlink:href="//e.org/x.svg#a"/></svg>', "outside-request"),
    "link in a picture": ("x.svg", '<svg xmlns="http://www.w3.org/2000/svg"><a href="https://e.org"/>', ""),
    "style of a list": ("feed.xml", '<?xml-stylesheet href="//e.org/x.xsl"?><feed/>', "outside-request"),
    "large letters": ("OLD.HTM", "<img src=https://e.org/x.png>", "outside-request"),
    "dead in a feed": ("feed.xml", '<link rel="alternate" href="none.html"/>', "link-broken"),
    "file": ("a.html", '<a href="FILE:///tmp/x">x</a>', "local-address"),
    "folder of mine": ("data/facts.json", '{"a": "/home/ada/notes"}', "local-address"),
    "file in words": ("a.html", "<p>It lay in /home/ada/notes.</p>", "local-address"),
    "file with a space": ("a.html", "<p>It lay in /home/ada/notes/to be read.</p>", "local-address"),
    "below what is allowed": ("a.html", "<p>It lay in /home/ada/old/x.</p>", ""),
    "folder alone in words": ("a.html", "<p>Her files were in /home/ada/, all of them.</p>", ""),
    "no such file in words": ("a.html", "<p>It lay in /home/ada/letters.</p>", ""),
    "allowed in words": ("a.html", "<p>It lay in /home/ada/old.</p>", ""),
    "allowed as an address": ("a.html", '<a href="/home/ada/old">x</a>', "local-address"),
    "address, none there": ("a.html", '<a href="/home/ada/letters">x</a>', "local-address"),
    "as many words as may be": ("a.html", "x two three four five six y", ""),
    "one more": ("a.html", "x two three four five six seven y", WORDS),
    "at the end": ("a.html", "x eleven, <b>twelve</b> thirteen: fourteen <p>fifteen and six", ""),
    "marked up": ("a.html", "ten, <b>Eleven</b> twelve thirteen: <p>“fourteen &quot;fifteen", WORDS),
    "data": ("data/x.json", '"ten eleven\\ntwelve thirteen fourteen fifteen"', WORDS),
    "escaped in a feed": ("feed.xml", "ten &lt;p&gt;eleven twelve thirteen fourteen fifteen", WORDS),
    "from the beginning": ("a.txt", "one two three four five six", WORDS),
    "in a note": ("a.html", "<!-- one two three four five six -->", WORDS),
    "in a description": ("a.html", '<meta name="description" content="One two three four five six">', WORDS),
    "in a link": ("a.html", '<a href="https://e.org/#:~:text=one%20two%20three%20four%20five%20six">', WORDS),
    "of two elements": ("a.html", '<i title="x one two three"></i><i title="four five six seven">', ""),
    "by numbers": ("data/x.json", r'"one two three \u0066our five six"', WORDS),
    "between marks": ("data/x.json", '{"a":"one two three four five six"}', WORDS),
    "in a table": ("x.csv", 'x,one two three four five six,y', WORDS),
    "in a table, marked": ("x.csv", 'x,"one, ""two"" three\nfour five six",y', WORDS),
    "over the end of a line": ("x.ics", "SUMMARY:one two three four fi\r\n ve six", WORDS),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "code"), CASES.values(), ids=CASES)
def test_what_may_not_go_out_is_told(path: str, text: str, code: str) -> None:
    assert [c for c in codes(path, text) if c != "link-broken" or code == c] == ([code] if code else [])
    assert code or codes(path, text) == []


def test_what_is_wrong_on_many_pages_is_told_of_each() -> None:
    pages = [(f"facts/{number}.html", '<a href="none.html">x</a>') for number in range(3)]
    places = Places((), lambda name: False)
    found = list(preflight.problems(pages, PATHS, (), places))
    assert [p.at.file for p in found] == [path for path, _ in pages]


def test_letters_are_the_same_however_they_are_put_together() -> None:
    text = protected("t", "un é deux é trois", 3)
    assert list(unpublished("a.txt", "x un e\u0301 deux e\u0301 y", preflight.guard([text])))


WAYS = st.lists(
    st.sampled_from(["a", "b.html", "/", "..", "../", ".", "#x", "?q", "%20", "x", "//", "./"]), max_size=6
)


@given(WAYS, st.sampled_from(["", "facts", "a/b"]))
def test_an_address_leads_where_it_would_in_a_file_system(way: list[str], folder: str) -> None:
    address = "".join(way)
    plain = unquote(urlsplit(address).path)
    if not plain or address.startswith("//"):
        assert preflight._target(folder, address) == ""
        return
    there = normpath(join(folder, plain))
    if plain.endswith("/") or there == ".":
        there = normpath(join(there, "index.html"))
    assert preflight._target(folder, address) == there


def test_a_title_may_be_long() -> None:
    assert codes("a.txt", "One two three four five six", title="One two three four five six") == []


@given(
    st.integers(1, 9),
    st.lists(st.sampled_from("abcde"), max_size=30),
    st.lists(st.sampled_from("abcdex"), max_size=60),
)
def test_exactly_the_runs_over_the_limit_are_found(limit: int, article: list[str], page: list[str]) -> None:
    text = protected("t", " ".join(article), limit)
    length = limit + 1
    runs = {tuple(article[at : at + length]) for at in range(len(article) - limit)}
    over = any(tuple(page[at : at + length]) in runs for at in range(len(page) - limit))
    found = list(unpublished("a.txt", " ".join(page), preflight.guard([text])))
    assert bool(found) is over


def test_a_text_without_spaces_counts_two_characters_as_a_word() -> None:
    article = "橋は月曜日に再び開通した町議会が発表した"
    text = protected("t", article, 5)
    guarded = preflight.guard([text])
    assert not list(unpublished("a.txt", article[:10], guarded))
    assert list(unpublished("a.txt", article[:11], guarded))


# --- the command --------------------------------------------------------------------------------------


def publish(site: SmallSite, *arguments: str) -> Result:
    target = f"dir:{site.root.parent / 'there'}"
    return CliRunner().invoke(main, ["publish", target, "--site", str(site.root), *arguments])


def test_a_site_is_published_and_a_dry_run_sends_nothing(site: Make) -> None:
    small = site()
    assert small.build().exit_code == 0
    there = small.root.parent / "there"
    told = publish(small, "--dry-run")
    assert told.exit_code == 0, told.output
    assert "added    facts/ferry-kept.html (" in told.output
    assert not there.exists()
    told = publish(small)
    assert told.exit_code == 0, told.output
    assert {p.name for p in there.iterdir()} == {p.name for p in small.output.iterdir()}
    assert publish(small).output == "Nothing to send: the site there is the one here.\n"


def spoil(site: SmallSite) -> None:
    (site.output / "index.html").write_text("spoiled", encoding="utf-8")


def lose(site: SmallSite) -> None:
    (site.output / "index.html").unlink()


def edit(site: SmallSite) -> None:
    site.write("content/topics/t.yaml", "{id: boats, name: Boats}\n")


def preview(site: SmallSite) -> None:
    assert site.build(preview=True).exit_code == 0


STALE: dict[Callable[[SmallSite], None], str] = {
    spoil: "index.html is changed",
    lose: "index.html is missing",
    edit: "content/topics/t.yaml is not as it was",
    preview: "it was built as a preview",
}


@pytest.mark.parametrize(("change", "why"), STALE.items(), ids=lambda v: getattr(v, "__name__", ""))
def test_what_is_not_the_site_as_built_is_not_published(
    site: Make, change: Callable[[SmallSite], None], why: str
) -> None:
    small = site()
    small.build()
    change(small)
    told = publish(small)
    assert told.exit_code == 1
    assert "error[output-stale] output" in told.output
    assert why in told.output
    assert not (small.root.parent / "there").exists()


def test_the_statement_of_a_draft_is_not_published(site: Make) -> None:
    said = "The council of Marlow sells the old ferry."
    small = site(
        {
            "content/facts/a.yaml": (
                f"- {{id: sold, draft: true, statement: {said}, date: '2021',\n"
                "   evidence: [{source: ferry-vote, quote: has not named a price}]}\n"
            ),
            "content/static/notes.html": f"<!doctype html><title>Notes</title><p>{said}</p>",
        }
    )
    small.build()
    told = publish(small)
    assert "error[unpublished-words] output/notes.html  draft sold" in told.output


def test_the_folder_of_the_articles_is_a_place_on_this_computer(site: Make, tmp_path: Path) -> None:
    texts = tmp_path / "my articles"
    texts.mkdir()
    small = site({"content/sources/ferry.txt": None, "content/static/a.txt": f"From {texts}/ferry.txt."})
    (texts / "ferry.txt").write_text(TEXT, encoding="utf-8")
    assert small.build(texts=texts).exit_code == 0
    told = publish(small, "--texts", str(texts))
    assert (
        f"error[local-address] output/a.txt\n  {texts}/ferry.txt is a place on this computer" in told.output
    )


def test_whoever_interrupts_it_is_told_what_there_is(site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site()
    small.build()
    really = Folder._write

    def interrupted(folder: Folder, path: str, pieces: Iterable[bytes]) -> Any:
        if path == "index.html":
            raise KeyboardInterrupt
        return really(folder, path, pieces)

    with monkeypatch.context() as stopped:
        stopped.setattr(Folder, "_write", interrupted)
        told = publish(small)
    assert told.exit_code == 1
    assert "What was sent is there, and the site there works; publish again to go on." in told.output
    there = small.root.parent / "there"
    assert not (there / "index.html").exists()
    assert not (there / sending.LOCK).exists()
    assert publish(small).output.splitlines()[0].startswith("1 added")


def test_a_target_with_no_name_is_answered_with_the_nearest(site: Make) -> None:
    small = site(
        {"site.yaml": "{format: 1, title: T, publish: {web: 'dir:x', rest: 'git:none.git#pages'}}\n"}
    )
    small.build()

    def told(target: str) -> str:
        result = CliRunner().invoke(main, ["publish", target, "--site", str(small.root)])
        assert result.exit_code == 2
        return result.output

    assert 'Did you mean "web"?' in told("wev")
    assert "Those known are: web, rest. Or write one of  dir:FOLDER  git:" in told("zzz")
    assert "is no target; write one of  dir:FOLDER" in told("ftp:x")
    assert "'x' is no setting of a bucket" in told("s3://shelf?x=1")
    gone = CliRunner().invoke(main, ["publish", "rest", "--site", str(small.root)])
    assert gone.exit_code == 1
    assert gone.output.startswith("Error: git ls-remote: ")
    assert not Path(small.root / "x").exists()


def test_what_was_read_is_not_read_again_unless_a_build_wrote_it(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.proof._FINE", 0)  # the times of these files tell them apart
    small = site({"content/static/a.txt": "a", "content/static/b.bin": "b"})
    read: list[str] = []
    really = legible.read

    def noted(file: str) -> tuple[str, bytes]:
        read.append(Path(file).name)
        return really(file)

    def after(path: str, text: str) -> list[str]:
        small.write(path, text)
        assert small.build().exit_code == 0
        with monkeypatch.context() as watched:
            watched.setattr(legible, "read", noted)
            read.clear()
            assert publish(small, "--dry-run").exit_code == 0
        return read

    assert len(after("content/static/a.txt", "b")) == len(small.files()) - 1
    assert after("content/static/a.txt", "b") == []
    assert after("content/static/a.txt", "c") == ["a.txt"]
    # Files that may have been changed since, within one step of the clock, are read again, and not looked at.
    monkeypatch.setattr("generator.proof._FINE", 10**18)
    monkeypatch.setattr(legible, "text_of", None)
    assert len(after("content/static/a.txt", "c")) == len(small.files()) - 1


def test_what_was_looked_at_is_not_looked_at_again_unless_it_may_be_otherwise_now(
    site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site({"content/static/a.txt": "a", "content/static/b.html": '<a href="a.txt">x</a>'})
    looked: list[str] = []
    really = preflight.local_places

    def noted(path: str, *rest: Any) -> Any:
        looked.append(path)
        return really(path, *rest)

    monkeypatch.setattr(preflight, "local_places", noted)

    def after(path: str, text: str | None) -> tuple[int, list[str]]:
        """The exit code, and the pages looked at, once a file of the site is other than it was."""
        looked.clear()
        small.write(path, text) if text is not None else (small.root / path).unlink()
        assert small.build().exit_code == 0
        return publish(small).exit_code, sorted(p for p in looked if p in ("a.txt", "b.html", "index.html"))

    everything = ["a.txt", "b.html", "index.html"]
    assert after("content/static/c.txt", "c") == (0, everything)
    assert after("content/static/b.html", '<a href="a.txt">y</a>') == (0, ["b.html"])
    assert after("site.yaml", "{format: 1, title: The ferry, local_names: [x]}\n") == (
        0,
        everything,
    )
    assert after("content/static/a.txt", None) == (1, ["b.html", "index.html"])
    assert after("content/static/c.txt", "d") == (1, ["b.html"])
