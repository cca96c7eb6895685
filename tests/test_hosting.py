"""What `add hosting` writes: whole files that hosts take, held to real servers where those can be had."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from servers import caddy, find, nginx

from browser import Witness, page_of
from conftest import ROOT, SmallSite, leave_out
from generator import hosting, manifest
from generator.cli import main
from generator.content import Site
from site_checks import Demo

Make = Callable[..., SmallSite]
POLICY = hosting.policy(ROOT)


def add(site: SmallSite, *words: str) -> Result:
    result = CliRunner().invoke(main, ["add", "hosting", *words, "--site", str(site.root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def verify(address: str) -> Result:
    return CliRunner().invoke(main, ["verify", address])


def written(host: str, root: Path, **settings: Any) -> str:
    """The file for a host; `output` is the folder that the site is published to."""
    output = settings.pop("output", None)
    publish = {"web": f"dir:{output}"} if output else {}
    return hosting.written(host, root, Site(format=1, title="T", publish=publish, **settings)).text


# --- files --------------------------------------------------------------------------------------------


def test_the_policy_is_the_one_of_the_pages(demo: Demo, site: Make) -> None:
    assert demo.page("index.html").policies == [POLICY]
    own = '<meta http-equiv="Content-Security-Policy" content="a &#39;b&#39;">'
    theirs = site({"templates/partials/head.html": own})
    assert hosting.policy(theirs.root) == "a 'b'"
    assert "Content-Security-Policy a" not in written("nginx", theirs.root)
    assert """add_header Content-Security-Policy "a 'b'" always;""" in written("nginx", theirs.root)


@pytest.mark.parametrize("host", ["netlify", "cloudflare", "nginx", "caddy"])
def test_a_site_without_a_policy_gets_no_header_for_it(site: Make, host: str) -> None:
    bare = site({"templates/partials/head.html": "<title>T</title>"})
    assert POLICY in written(host, ROOT)
    assert "Content-Security-Policy" not in written(host, bare.root)


@pytest.mark.parametrize("url", ["", "https://ferry.example/"])
@pytest.mark.parametrize("host", hosting.HOSTS)
def test_a_file_is_written_once_and_never_over_another(site: Make, host: str, url: str) -> None:
    made = site({"site.yaml": f"{{format: 1, title: T, url: '{url}'}}\n"})
    shown = add(made, host, "--print").output
    assert not [p for p in made.root.rglob("*") if p.is_file() and p.read_bytes() == shown.encode()]
    result = add(made, host)
    assert result.exit_code == 0
    assert "written. What is left to do:\n\n  " in result.output
    (file,) = [p for p in made.root.rglob("*") if p.is_file() and p.read_bytes() == shown.encode()]
    assert "is as it should be" in add(made, host).output
    file.write_text("mine", encoding="utf-8")
    result = add(made, host)
    assert result.exit_code == 1
    assert "is there and says something else; it was left as it is." in result.output
    assert f"factsheet add hosting {host} --print" in result.output
    assert file.read_text(encoding="utf-8") == "mine"
    assert made.build().codes == []


def test_a_workflow_builds_looks_through_and_sends(site: Make) -> None:
    made = site()
    steps = yaml.safe_load(written("github", made.root))["jobs"]["publish"]["steps"]
    ran = [step["run"] for step in steps if "run" in step]
    assert ran == [
        "python -m pip install --requirement requirements.txt",
        'factsheet build --url "$ADDRESS/"',
        "factsheet publish dir:public",
    ]
    assert steps[-2]["with"] == {"path": "public", "include-hidden-files": True}
    known = yaml.safe_load(written("github", made.root, url="https://ferry.example/"))["jobs"]["publish"][
        "steps"
    ]
    assert "factsheet build" in [step.get("run") for step in known]


def test_a_job_for_gitlab_builds_looks_through_and_sends(site: Make) -> None:
    job = yaml.safe_load(written("gitlab", site().root))["pages"]
    assert [line.split()[0] for line in job["script"]] == ["python", "factsheet", "factsheet"]
    assert job["artifacts"] == {"paths": ["public"]}


ODD = "Ada's site: 1 #2"


def valid(host: str, text: str, folder: Path) -> bool:
    """Whether the schema that editors have for the file of a host takes it."""
    file = folder / "file.yml"
    file.write_text(text, encoding="utf-8")
    schema = {
        "github": ["vendor.github-workflows"],
        "gitlab": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    }
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *schema[host], str(file)]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.parametrize("url", ["", "https://ferry.example/"])
@pytest.mark.parametrize("folder", ["site", ODD])
@pytest.mark.parametrize(("host", "wanted"), [("github", "runs-on:"), ("gitlab", "script:")])
def test_a_workflow_is_as_the_schema_of_its_host_has_it(
    site: Make, tmp_path: Path, host: str, wanted: str, folder: str, url: str
) -> None:
    made = site(folder=folder)
    (tmp_path / ".git").mkdir()
    text = written(host, made.root, url=url)
    assert valid(host, text, tmp_path)
    assert not valid(host, text.replace(wanted, "no-such-key:"), tmp_path)


@pytest.mark.parametrize("host", ["github", "gitlab", "netlify"])
def test_a_site_in_a_folder_of_any_name_is_named_to_the_shell(site: Make, tmp_path: Path, host: str) -> None:
    made = site(folder=ODD)
    (tmp_path / ".git").mkdir()
    text = written(host, made.root)
    if host == "netlify":
        commands = tomllib.loads(text)["build"]["command"].split("&&")
    elif host == "gitlab":
        commands = yaml.safe_load(text)["pages"]["script"]
    else:
        steps = yaml.safe_load(text)["jobs"]["publish"]["steps"]
        commands = [step["run"] for step in steps if "run" in step]
    install, build, publish = map(shlex.split, commands)
    assert install[-1] == f"{ODD}/requirements.txt"
    assert build[:4] == ["factsheet", "build", "--site", ODD]
    assert publish == ["factsheet", "publish", "--site", ODD, "dir:public"]


def test_the_settings_for_netlify_are_whole(site: Make) -> None:
    read = tomllib.loads(written("netlify", site().root))
    assert read["build"]["publish"] == "public"
    assert 'factsheet build --url "$URL/" &&' in read["build"]["command"]
    assert subprocess.run(["bash", "-n", "-c", read["build"]["command"]]).returncode == 0
    assert read["headers"][0]["values"]["Content-Security-Policy"] == POLICY


def test_what_cloudflare_reads_stays_within_its_limits(site: Make) -> None:
    lines = written("cloudflare", site().root).splitlines()
    assert max(map(len, lines)) <= 2000
    rules = [line for line in lines if line.startswith(("/", "https:"))]
    assert rules == ["/*"]
    assert all(line.startswith(("#", "/*", "  ")) for line in lines)


def test_a_site_below_the_top_of_its_repository_is_named(site: Make) -> None:
    made = site(folder="dossier")
    (made.root.parent / ".git").mkdir()
    file = hosting.written("github", made.root, Site(format=1, title="T"))
    assert file.place == made.root.parent.resolve() / ".github/workflows/pages.yml"
    assert "factsheet build --site dossier --url" in file.text
    assert "factsheet publish --site dossier dir:public" in file.text
    assert "--requirement dossier/requirements.txt" in file.text
    assert "content/static/_headers" in add(made, "cloudflare").output
    (made.root / "requirements.txt").write_text("./dossier/wheels/factsheet-1-py3-none-any.whl\n")
    told = hosting.written("github", made.root, Site(format=1, title="T")).then
    assert told == ('In the settings of the repository, under Pages, choose "GitHub Actions" as the source.',)


def test_the_demo_is_installed_from_its_own_repository() -> None:
    assert "python -m pip install --constraint constraints.txt ." in written("github", ROOT)
    assert hosting.written("gitlab", ROOT, Site(format=1, title="T")).then == (
        "Push it; the address stands under Deploy, Pages.",
    )


ORIGINS = {
    '{"url": "https://git.example/f.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}': (
        "factsheet @ git+https://git.example/f.git@abc"
    ),
    '{"url": "https://files.example/f.whl", "archive_info": {}}': "factsheet @ https://files.example/f.whl",
    '{"url": "file:///home/ada/f", "dir_info": {}}': "",
    "": "",
}


@pytest.mark.parametrize(("told", "line"), ORIGINS.items())
def test_the_line_that_installs_this_factsheet(monkeypatch: pytest.MonkeyPatch, told: str, line: str) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return told or None

    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Installed())
    assert hosting._requirement() == line


def test_an_unknown_host_is_answered_with_the_nearest(site: Make) -> None:
    assert "Did you mean github?" in add(site(), "githib").output


# --- servers ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def nginx_program() -> str:
    program = find("nginx")
    if program is None:
        leave_out("no nginx", "apt-get install nginx-light")
    return program


@pytest.fixture(scope="session")
def caddy_program() -> str:
    program = find("caddy")
    if program is None:
        leave_out("no Caddy", "apt-get install caddy")
    return program


BELOW = ["/", "/some/folder/"]


def whole(demo: Demo) -> str:
    listed = manifest.load(demo.root)
    assert listed is not None
    return f"{len(listed.files)} of {len(listed.files)} files are as the manifest has them.\n"


@pytest.mark.parametrize("below", BELOW)
def test_a_site_behind_nginx_is_as_it_was_published(
    demo: Demo, nginx_program: str, tmp_path: Path, below: str
) -> None:
    server = written("nginx", ROOT, output=demo.root, url=f"http://127.0.0.1{below}")
    with nginx(nginx_program, tmp_path / "nginx", server) as port:
        result = verify(f"http://127.0.0.1:{port}{below}")
    assert result.output == whole(demo)
    assert result.exit_code == 0


@pytest.mark.parametrize("below", BELOW)
def test_a_site_behind_caddy_is_as_it_was_published(
    demo: Demo, caddy_program: str, tmp_path: Path, below: str
) -> None:
    site = written("caddy", ROOT, output=demo.root, url=f"http://127.0.0.1{below}")
    with caddy(caddy_program, tmp_path / "caddy", site.replace("\nhttp://127.0.0.1 {", "\n:80 {")) as port:
        result = verify(f"http://127.0.0.1:{port}{below}")
    assert result.output == whole(demo)


@pytest.mark.parametrize("below", BELOW)
def test_what_publish_made_is_shown_as_it_was_built(
    site: Make, one_theme: None, nginx_program: str, tmp_path: Path, below: str
) -> None:
    """From content to readers: built, published to a folder, edited, published again, shown by nginx."""
    there = tmp_path / "there"
    settings = f"{{format: 1, title: T, url: 'http://127.0.0.1{below}', publish: {{web: 'dir:{there}'}}}}\n"
    made = site({"site.yaml": settings, "content/static/old.txt": "x"})
    for text in ("The ferry.", "The ferry again."):
        made.write("content/static/new page.html", f"<!doctype html><title>F</title><p>{text}</p>")
        assert made.build().exit_code == 0
        told = CliRunner().invoke(main, ["publish", "web", "--site", str(made.root)])
        assert told.output.splitlines()[-1] == "Published."
        (made.root / "content/static/old.txt").unlink(missing_ok=True)
    assert "1 added" not in told.output
    with nginx(nginx_program, tmp_path / "nginx", add(made, "nginx", "--print").output) as port:
        result = verify(f"http://127.0.0.1:{port}{below}")
        gone = verify(f"http://127.0.0.1:{port}{below}old/")
    count = len(made.files()) - 1
    assert result.output == f"{count} of {count} files are as the manifest has them.\n"
    assert gone.exit_code == 2


@pytest.mark.parametrize("host", ["nginx", "caddy"])
def test_files_of_every_kind_and_name_are_sent_as_they_are(
    site: Make, one_theme: None, nginx_program: str, caddy_program: str, tmp_path: Path, host: str
) -> None:
    made = site(
        {
            "site.yaml": "{format: 1, title: T, url: 'https://a.org/', exports: [csv, annotations, ics]}\n",
            "content/static/Übung 1+1 (100%).txt": "día\n",
            "content/static/.well-known/security.txt": "Contact: mailto:ada@a.example\n",
            "content/static/Photo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
        }
    )
    assert made.build().codes == []
    run, program = (nginx, nginx_program) if host == "nginx" else (caddy, caddy_program)
    with run(program, tmp_path / host, written(host, made.root, output=made.output)) as port:
        result = verify(f"http://127.0.0.1:{port}/")
    names = {Path(path).suffix for path in made.files()}
    assert names >= {".html", ".css", ".js", ".svg", ".json", ".jsonld", ".csv", ".ics", ".xml", ".txt"}
    assert (
        result.output
        == f"{len(made.files()) - 1} of {len(made.files()) - 1} files are as the manifest has them.\n"
    )


SCRIPT = '<script src="https://count.example/c.js"></script>'
SPOILED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "script": (
        "index index.html;",
        f"index index.html; sub_filter '</body>' '{SCRIPT}</body>';",
        ("changed: ", f"  a script was put in before </body>: {SCRIPT}\n"),
    ),
    "type": (
        "text/css css;",
        "text/plain css;",
        ("wrong type: assets/", "assets/site.css and 1 more\n  is sent as text/plain"),
    ),
    "encoding": ("charset utf-8;", "charset iso-8859-1;", ("is said to be in iso-8859-1, and is in UTF-8",)),
    "404": ("error_page 404", "error_page 410", ("the host shows a page of its own for addresses",)),
    "refused": (
        "location / {",
        "location /facts/ { deny all; }\n    location / {",
        ("not shown: facts/ferry-kept.html\n  the host refuses it (403)",),
    ),
    "stripped": (
        "location / {",
        "location = /facts/ferry-kept.html { return 308 /facts/ferry-kept; }\n    location / {",
        ("moved: facts/ferry-kept.html\n  leads to http://127.0.0.1",),
    ),
    "policy": ("default-src 'none'", "default-src *", ("the host sends a security policy of its own",)),
}


@pytest.mark.parametrize(("line", "instead", "told"), SPOILED.values(), ids=SPOILED)
def test_what_nginx_is_made_to_change_is_told(
    site: Make,
    one_theme: None,
    nginx_program: str,
    tmp_path: Path,
    line: str,
    instead: str,
    told: tuple[str, ...],
) -> None:
    made = site()
    made.build()
    server = written("nginx", made.root, output=made.output)
    assert line in server
    with nginx(nginx_program, tmp_path / "nginx", server.replace(line, instead, 1)) as port:
        result = verify(f"http://127.0.0.1:{port}/")
    for words in told:
        assert words in result.output


def test_a_file_that_was_changed_on_the_server_is_told(
    site: Make, one_theme: None, nginx_program: str, tmp_path: Path
) -> None:
    made = site()
    made.build()
    page = made.output / "facts/ferry-kept.html"
    page.write_bytes(page.read_bytes().replace(b"night ferry", b"day ferry"))
    (made.output / "assets/site.js").unlink()
    with nginx(nginx_program, tmp_path / "nginx", written("nginx", made.root, output=made.output)) as port:
        result = verify(f"http://127.0.0.1:{port}/")
    assert "changed: facts/ferry-kept.html\n  has other bytes" in result.output
    assert "missing: assets/site.js\n  the host has no such file (404)" in result.output
    assert result.exit_code == 1


def test_a_browser_finds_nothing_wrong_below_a_folder_with_the_policy_as_a_header(
    demo: Demo, nginx_program: str, chromium: Any, tmp_path: Path
) -> None:
    below = "/some/folder/"
    server = written("nginx", ROOT, output=demo.root, url=f"http://127.0.0.1{below}")
    kinds = ("index.html", "timeline.html", "facts/*.html", "actors/*.html", "sources/*.html")
    with nginx(nginx_program, tmp_path / "nginx", server) as port, page_of(chromium) as page:
        home = f"http://127.0.0.1:{port}{below}"
        witness = Witness(page, home)
        for name in (demo.kinds[kind] for kind in kinds):
            answer = page.goto(home + name)
            assert answer is not None
            assert answer.headers["content-security-policy"] == POLICY
            assert answer.headers["content-encoding"] == "gzip"
            links = page.eval_on_selector_all(
                "a[href]",
                "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)",
            )
            inside = {link.partition("#")[0].partition("?")[0] for link in links if link.startswith(home)}
            assert len(inside) > 3
            assert {link for link in inside if not (demo.root / link.removeprefix(home)).is_file()} == set()
        page.goto(f"{home}no-such-page.html")
        assert page.inner_text("h1") == "There is no page at this address"
        heard = [
            words
            for words in witness.heard
            if not words.startswith(f"{home}no-such-page.html: error: Failed to load")
        ]
    assert heard == []
