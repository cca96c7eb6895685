"""Reading a folder: what is read, in which order, and what is said of everything else."""

from __future__ import annotations

import pickle

import pytest

from generator import read
from generator.content import Site, Source
from generator.places import placed
from generator.read import find_text, read_content, read_file, read_prose, read_site, reader, static_files

SITE = Site(format=1, title="T")
FACT = "id: {id}\nstatement: It happens.\ndate: 2019\nevidence: [{{source: s, quote: it happens}}]\n"
SOURCE = "id: {id}\ntitle: T\npublisher: P\npublished: 2019\ntext: {id}.txt\n"
PAGE = "---\ntitle: About\norder: 2\n---\nWords.\n"


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def told(root, problems):
    return [(p.code, p.at.file, p.at.line, p.at.column) for p in placed(problems, reader(root))]


def test_a_whole_folder(tmp_path):
    write(
        tmp_path,
        {
            "content/facts/b.yaml": FACT.format(id="b"),
            "content/facts/2019/a.yaml": "- " + FACT.format(id="a").replace("\n", "\n  ").rstrip() + "\n",
            "content/sources/s.yaml": SOURCE.format(id="s"),
            "content/sources/s.txt": "It happens.",
            "content/actors/a.yaml": "id: a\nname: A\nkind: person\n",
            "content/topics/t.yaml": "# nothing yet\n",
            "content/questions/q.yaml": "[]\n",
            "content/pages/about.md": PAGE,
            "content/static/b/x.css": "b",
            "content/static/a.png": b"\x89",
            "content/evidence.lock": "",
            "content/README.md": "For colleagues.",
        },
    )
    content = read_content(tmp_path, SITE)
    assert content.problems == ()
    assert [(e.value.id, e.pointer.file, e.pointer.entry) for e in content.facts] == [
        ("a", "content/facts/2019/a.yaml", 0),
        ("b", "content/facts/b.yaml", 0),
    ]
    assert [e.value.id for e in content.sources] == ["s"]
    assert [e.value.id for e in content.actors] == ["a"]
    assert (content.topics, content.questions) == ((), ())
    assert [(p.slug, p.title, p.order, p.draft, p.body, p.line) for p in content.prose] == [
        ("about", "About", 2, False, "Words.\n", 5)
    ]
    assert content.static == ("a.png", "b/x.css")
    assert static_files(tmp_path) == {"a.png": b"\x89", "b/x.css": b"b"}
    assert words_of(content) == {"s": "It happens."}
    assert (content.broken, content.unread) == (frozenset(), frozenset())


def test_no_content_at_all(tmp_path):
    content = read_content(tmp_path, SITE)
    assert (content.facts, content.problems) == ((), ())


@pytest.mark.parametrize(
    ("name", "code", "at"),
    [
        ("content/facts/a.yml", "wrong-extension", None),
        ("content/facts/a.YAML", "wrong-extension", None),
        ("content/facts/a.json", "wrong-extension", None),
        ("content/pages/a.markdown", "wrong-extension", None),
        ("content/actors/more/a.yaml", "wrong-folder", None),
        ("content/pages/more/a.md", "wrong-folder", None),
        ("content/facts.yaml", "wrong-folder", None),
        ("content/fact/a.yaml", "wrong-folder", "content/fact"),
        ("content/facts/a.csv", "file-not-read", None),
        ("content/pages/a.png", "file-not-read", None),
        ("content/notes.txt", "file-not-read", None),
    ],
)
def test_files_that_are_not_read_are_told(tmp_path, name, code, at):
    write(tmp_path, {name: "id: x\n"})
    content = read_content(tmp_path, SITE)
    assert told(tmp_path, content.problems) == [(code, at or name, 0, 0)]
    assert content.problems[0].help


@pytest.mark.parametrize(
    "name",
    [
        *("facts/.a.yaml", "facts/a.yaml~", "facts/#a.yaml#", "facts/a.yaml.swp", "facts/a.yaml.bak"),
        *(".git/a.yaml", "sources/a.txt", "sources/a.html", "facts/README.md", "static/.DS_Store"),
    ],
)
def test_files_passed_over_in_silence(tmp_path, name):
    write(tmp_path, {f"content/{name}": "id: x\n"})
    content = read_content(tmp_path, SITE)
    assert (content.problems, content.facts, content.static) == ((), (), ())


def test_an_unknown_folder_is_told_once_with_the_nearest(tmp_path):
    write(tmp_path, {"content/fact/a.yaml": "", "content/fact/b.yaml": "", "content/zzz/c.yaml": ""})
    problems = read_content(tmp_path, SITE).problems
    assert [(p.at.file, p.nearest) for p in problems] == [("content/fact", "facts"), ("content/zzz", "")]


def test_links_are_not_followed(tmp_path):
    write(tmp_path, {"elsewhere/a.yaml": FACT.format(id="a"), "content/static/x": ""})
    (tmp_path / "content/facts").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "content/static/y").symlink_to(tmp_path / "elsewhere/a.yaml")
    content = read_content(tmp_path, SITE)
    assert (content.facts, content.static) == ((), ("x",))
    assert [(p.code, p.at.file, p.severity) for p in content.problems] == [
        ("link-not-read", "content/facts", "warning"),
        ("link-not-read", "content/static/y", "warning"),
    ]


def test_a_name_that_cannot_be_shown(tmp_path):
    write(tmp_path, {"content/facts/a\x1b.yaml": "id: x\n"})
    assert told(tmp_path, read_content(tmp_path, SITE).problems) == [
        ("bad-file-name", "content/facts/a\\x1b.yaml", 0, 0)
    ]


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"id: x\nname: \xc3\xa9t\xe9 x\n", "not-utf-8", 2, 9),
        ("id: x\n".encode("utf-16"), "not-utf-8", 1, 1),
        (b"id: x\r\nname: a: b\r\n", "yaml-colon", 2, 8),
        (b"\xef\xbb\xbfid: x\nnam: a\n", "unknown-key", 2, 1),
    ],
)
def test_bytes_that_are_not_plain_utf_8(tmp_path, data, code, line, column):
    write(tmp_path, {"content/topics/t.yaml": data})
    problems = read_content(tmp_path, SITE).problems
    assert told(tmp_path, problems) == [(code, "content/topics/t.yaml", line, column)]


def test_byte_order_mark_and_line_ends_of_windows_are_taken(tmp_path):
    write(
        tmp_path,
        {
            "content/topics/t.yaml": b"\xef\xbb\xbfid: t\r\nname: T\r\n",
            "content/pages/a.md": b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nx\r\ny\r\n",
        },
    )
    content = read_content(tmp_path, SITE)
    assert content.problems == ()
    assert content.topics[0].value.name == "T"
    assert content.prose[0].body == "x\ny\n"


def test_what_the_system_does_not_let_us_read(tmp_path, monkeypatch):
    write(
        tmp_path,
        {
            "content/topics/t.yaml": "id: t\nname: T\n",
            "content/sources/s.yaml": SOURCE.format(id="s"),
            "content/sources/s.txt": "x",
        },
    )
    read_bytes = read._bytes

    def refused(path):
        if path.endswith(("/t.yaml", "/s.txt")):
            raise PermissionError(13, "Permission denied", path)
        return read_bytes(path)

    monkeypatch.setattr(read, "_bytes", refused)
    content = read_content(tmp_path, SITE)
    assert told(tmp_path, content.problems) == [
        ("unreadable", "content/sources/s.yaml", 5, 7),
        ("unreadable", "content/topics/t.yaml", 0, 0),
    ]
    assert all("Permission denied" in p.message and str(tmp_path) not in p.message for p in content.problems)
    assert (content.broken, content.texts) == ({"topic"}, {})


@pytest.mark.parametrize(
    ("text", "broken", "unread"),
    [
        ("id: t\nname: a: b\n", {"topic"}, set()),
        ("- id: t\n  nam: a\n", set(), {("topic", "t")}),
        ("- nam: a\n", {"topic"}, set()),
        ("- id: Not an id\n  name: a\n", {"topic"}, set()),
        ("- text\n", {"topic"}, set()),
        ("- id: t\n  name: T\n", set(), set()),
    ],
)
def test_what_could_not_be_read_is_known_by_kind_or_id(tmp_path, text, broken, unread):
    write(tmp_path, {"content/topics/t.yaml": text})
    content = read_content(tmp_path, SITE)
    assert (content.broken, content.unread) == (broken, unread)
    assert bool(content.problems) == bool(broken or unread)


@pytest.mark.parametrize("name", ["topics/t.yml", "topic/t.yaml", "topics/more/t.yaml"])
def test_a_misplaced_file_leaves_its_kind_unknown(tmp_path, name):
    write(tmp_path, {f"content/{name}": "id: t\nname: T\n"})
    assert read_content(tmp_path, SITE).broken == {"topic"}


def test_the_rest_of_a_file_is_read():
    reading = read_file("t.yaml", "- id: a\n  nam: A\n- id: b\n  name: B\n", "topic")
    assert [(e.value.id, e.pointer.entry) for e in reading.entries] == [("b", 1)]
    assert (reading.parsed, reading.unread) == (True, ("a",))


def test_a_reading_can_go_to_another_process():
    reading = read_file("f.yaml", FACT.format(id="a") + "nots: x\n---\n", "fact")
    assert pickle.loads(pickle.dumps(reading)) == reading
    reading = read_file("f.yaml", FACT.format(id="a"), "fact")
    assert pickle.loads(pickle.dumps(reading)) == reading


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("Words.\n", "front-matter", 1, 1),
        ("---\ntitle: A\nWords.\n", "front-matter", 1, 1),
        ("---\ntitel: A\n---\n", "unknown-key", 2, 1),
        ("---\n---\nWords.\n", "missing-key", 0, 0),
        ("---\n# later\norder: 1\n---\n", "missing-key", 3, 1),
        ("---\ntitle: A: B\n---\n", "yaml-colon", 2, 9),
        ("---\ntitle: A\norder: x\n---\n", "bad-number", 3, 8),
        ("---\n- a\n---\n", "not-a-mapping", 2, 3),
    ],
)
def test_pages_without_their_head(tmp_path, text, code, line, column):
    write(tmp_path, {"content/pages/a.md": text})
    content = read_content(tmp_path, SITE)
    assert content.prose == ()
    assert told(tmp_path, content.problems) == [(code, "content/pages/a.md", line, column)]


def test_a_page_whose_name_is_no_address():
    page, problems = read_prose("content/pages/Über uns.md", PAGE)
    assert page.body == "Words.\n"
    assert [(p.code, p.nearest, p.subject) for p in problems] == [
        ("bad-file-name", "uber-uns", "page Über uns")
    ]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        (None, "site-missing", 0, 0),
        ("format: 1\n", "missing-key", 1, 1),
        ("", "not-a-mapping", 0, 0),
        ("- format: 1\n- title: T\n", "not-a-mapping", 0, 0),
        ("- text\n", "not-a-mapping", 1, 3),
        ("format: 1\ntitle: A: B\n", "yaml-colon", 2, 9),
        ("format: 1\ntitle: T\nsumary: x\n", "unknown-key", 3, 1),
        (b"format: 1\ntitle: \xff\n", "not-utf-8", 2, 8),
    ],
)
def test_settings_that_are_wrong(tmp_path, text, code, line, column):
    if text is not None:
        write(tmp_path, {"site.yaml": text})
    site, problems = read_site(tmp_path)
    assert site is None
    assert told(tmp_path, problems) == [(code, "site.yaml", line, column)]


def test_settings(tmp_path):
    write(tmp_path, {"site.yaml": "format: 1\ntitle: T\ntexts: ../articles\n"})
    assert read_site(tmp_path) == (Site(format=1, title="T", texts="../articles"), [])


def words_of(content):
    return {key: saved.text for key, saved in content.texts.items()}


def test_saved_texts_stand_beside_their_source_then_in_the_folder_of_texts(tmp_path):
    files = {f"site/content/sources/{name}.yaml": SOURCE.format(id=name) for name in "abc"}
    write(
        tmp_path,
        {**files, "site/content/sources/a.txt": "beside", "texts/a.txt": "far", "texts/b.txt": "far"},
    )
    write(tmp_path, {"other/b.txt": "other"})
    root = tmp_path / "site"
    settings = Site(format=1, title="T", texts="../texts")
    assert words_of(read_content(root, SITE)) == {"a": "beside"}
    assert words_of(read_content(root, settings)) == {"a": "beside", "b": "far"}
    assert words_of(read_content(root, settings, tmp_path / "other")) == {"a": "beside", "b": "other"}


@pytest.mark.parametrize(
    "name", ["../secret", "x/../../secret", "", ".", "..", "nowhere", "folder", "..\\secret"]
)
def test_a_text_is_never_looked_for_elsewhere(tmp_path, name):
    write(tmp_path, {"secret": "x", "here/x/y": "", "here/folder/y": ""})
    source = Source(id="s", title="T", publisher="P", published="2019", text=name)
    assert find_text(source, tmp_path / "here", None) is None


def test_everything_wrong_at_once(tmp_path):
    write(
        tmp_path,
        {
            "site.yaml": "format: 1\ntitle: T\nlimit: {}\n",
            "content/actors/a.yaml": "id: a\nname: A: B\n",
            "content/facts/b.yaml": "- id: b\n  date: soon\n- id: c\n  statement:\n",
            "content/fact/x.yaml": "",
            "content/pages/p.md": "x",
            "content/topics/t.yml": "",
        },
    )
    _, problems = read_site(tmp_path)
    content = read_content(tmp_path, SITE)
    assert sorted(told(tmp_path, [*problems, *content.problems])) == [
        ("bad-date", "content/facts/b.yaml", 2, 9),
        ("empty-value", "content/facts/b.yaml", 4, 13),
        ("front-matter", "content/pages/p.md", 1, 1),
        ("missing-key", "content/facts/b.yaml", 1, 3),
        ("missing-key", "content/facts/b.yaml", 1, 3),
        ("missing-key", "content/facts/b.yaml", 3, 3),
        ("missing-key", "content/facts/b.yaml", 3, 3),
        ("unknown-key", "site.yaml", 3, 1),
        ("wrong-extension", "content/topics/t.yml", 0, 0),
        ("wrong-folder", "content/fact", 0, 0),
        ("yaml-colon", "content/actors/a.yaml", 2, 8),
    ]
    assert content.broken == {"actor", "fact", "topic"}
    assert content.unread == {("fact", "b"), ("fact", "c")}
