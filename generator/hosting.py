"""The file that a host reads: how it builds the site, or with which headers it sends it.

In: a host, and what the site says of its address and its pages. Out: the path and the text of one file, from
a template in `for_hosts/`. `lay` writes it where nothing else stands.

The security policy is the one in the pages' own template, so that host and pages never say different things.
No file of a site has a digest in its name, so no browser may keep one without asking if it is good still.
"""

from __future__ import annotations

import html
import importlib.metadata
import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from generator import __version__
from generator.content import Site
from generator.theme import Theme

_TEMPLATES = Path(__file__).parent / "for_hosts"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"{}]*)">')


class Host(NamedTuple):
    """A host, and the file that it reads."""

    template: str
    #: Where the file stands: from the top of the repository, or from the folder of the site.
    path: str
    in_repository: bool
    #: What is left to do, in words, a line each. `{install}` and `{build}` are commands.
    then: tuple[str, ...]

    @property
    def builds(self) -> bool:
        """Whether the host builds the site itself, so that it must be told where factsheet comes from."""
        return self.in_repository or any("{install}" in line for line in self.then)


HOSTS = {
    "github": Host(
        "github.yml",
        ".github/workflows/pages.yml",
        True,
        ('In the settings of the repository, under Pages, choose "GitHub Actions" as the source.',),
    ),
    "gitlab": Host(
        "gitlab.yml", ".gitlab-ci.yml", True, ("Push it; the address stands under Deploy, Pages.",)
    ),
    "netlify": Host("netlify.toml", "netlify.toml", True, ("Add the repository as a project on Netlify.",)),
    "cloudflare": Host(
        "cloudflare",
        "content/static/_headers",
        False,
        (
            "Add the repository as a Pages project on Cloudflare, with these settings:",
            "  build command:    {install} && {build}",
            "  output directory: public",
        ),
    ),
    "nginx": Host("nginx.conf", "hosting/nginx.conf", False, ("Copy it to the server, and load it there.",)),
    "caddy": Host("Caddyfile", "hosting/Caddyfile", False, ("Copy it to the server, and load it there.",)),
}


class Written(NamedTuple):
    """A file for a host."""

    #: Where it belongs.
    place: Path
    text: str
    #: What is left to do, in words, a line each.
    then: tuple[str, ...]


def written(name: str, root: Path, site: Site) -> Written:
    """The file for a host, with what is left to do. `root`: the folder of the site."""
    host = HOSTS[name]
    top = _repository(root)
    inside = root.resolve().relative_to(top).as_posix()
    chosen = "" if inside == "." else f" --site {shlex.quote(inside)}"
    address = urlsplit(site.url)
    below = f"{address.path.rstrip('/')}/"
    folder = _folder(site)
    install = _install(top, inside)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # no HTML
    )
    text = environment.get_template(host.template).render(
        policy=policy(root),
        url=site.url,
        domain=address.hostname or "",
        address=(f"http://{address.netloc}" if address.scheme == "http" else address.netloc) or ":80",
        below=below,
        folder=folder or "/var/www/site",
        told=bool(folder),
        site=chosen,
        install=install,
    )
    build = f"factsheet build{chosen} && factsheet publish{chosen} dir:public"
    then = [line.format(install=install, build=build) for line in host.then]
    if host.builds and not _own(top):
        then += _where_from(top, inside)
    return Written((top if host.in_repository else root) / host.path, text, tuple(then))


def lay(file: Written) -> bool:
    """Write a file where there is none; False where another one stands, which is left as it is.

    Raises `OSError` when the disk or a permission fails.
    """
    if file.place.exists():
        return file.place.read_bytes() == file.text.encode()
    file.place.parent.mkdir(parents=True, exist_ok=True)
    file.place.write_text(file.text, encoding="utf-8", newline="\n")
    return True


def policy(root: Path) -> str:
    """The content security policy of the pages of a site; empty where its own template has none."""
    environment = Theme(root).environment
    assert environment.loader is not None
    try:
        source = environment.loader.get_source(environment, "partials/head.html")[0]
    except TemplateNotFound:
        return ""
    found = _POLICY.search(source)
    return html.unescape(found[1]) if found else ""


def _repository(root: Path) -> Path:
    """The top of the repository that holds a site; the site's own folder where there is none."""
    root = root.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def _folder(site: Site) -> str:
    """The folder on this computer that the site is published to; empty where site.yaml names none."""
    folders = (target.removeprefix("dir:") for target in site.publish.values() if target.startswith("dir:/"))
    return next(folders, "").rstrip("/")


def _own(top: Path) -> bool:
    """Whether a repository is factsheet's own, which holds a dossier beside the program."""
    try:
        project = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, ValueError):
        return False
    return project.get("name") == "factsheet" and (top / "generator/__init__.py").is_file()


def _install(top: Path, inside: str) -> str:
    """The command with which a host installs factsheet."""
    if _own(top):
        pins = " --constraint constraints.txt" if (top / "constraints.txt").is_file() else ""
        return f"python -m pip install{pins} ."
    return f"python -m pip install --requirement {shlex.quote(_in(inside, 'requirements.txt'))}"


def _in(inside: str, path: str) -> str:
    """A path in the folder of the site, from the top of the repository."""
    return path if inside == "." else f"{inside}/{path}"


def _where_from(top: Path, inside: str) -> list[str]:
    """What to do so that a host finds factsheet, which is on no package index; nothing where it will."""
    path = _in(inside, "requirements.txt")
    try:
        lines = (top / path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    if any("factsheet" in line.partition("#")[0] for line in lines):
        return []
    if line := _requirement():
        return [f"Write into {path} which factsheet to install, for example the one you have:", f"  {line}"]
    wheels = _in(inside, "wheels")
    return [
        f"Put factsheet into the repository, and write into {path} where it is:",
        f"  python -m pip wheel --no-deps --wheel-dir {shlex.quote(wheels)} FOLDER-OF-FACTSHEET",
        f"  ./{wheels}/factsheet-{__version__}-py3-none-any.whl",
    ]


def _requirement() -> str:
    """The line that installs this very factsheet elsewhere; empty where it came from a folder (PEP 610)."""
    try:
        told = importlib.metadata.distribution("factsheet").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return ""
    origin = json.loads(told or "{}")
    url = origin.get("url", "")
    if "vcs_info" in origin:
        return f"factsheet @ {origin['vcs_info']['vcs']}+{url}@{origin['vcs_info']['commit_id']}"
    return f"factsheet @ {url}" if "archive_info" in origin and url.startswith("https://") else ""
