"""What free hosts do not take, as their own documentation has it, compared with a site before it is sent.

In: the name of a host and the sizes of the files of a site. Out: problems. A figure that no documentation
names is not guessed; each was read on the day below, on the page that stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator import manifest
from generator.content import HostName, Site
from generator.problems import Place, Problem
from generator.sending import in_words

#: When the figures were read.
READ = "22 November 2026"


class Limits(Struct, frozen=True):
    """What a host takes; 0 where its documentation names no figure. Sizes in bytes."""

    #: What it is called.
    name: str
    file: int = 0
    site: int = 0
    files: int = 0
    files_in_folder: int = 0


HOSTS: dict[HostName, Limits] = {
    # "GitHub Pages limits" (site) and "Working with large files" (file).
    "github": Limits("GitHub Pages", file=100_000_000, site=1_000_000_000),
    # "GitLab.com settings" (site) and "GitLab application limits" (entries, folders included).
    "gitlab": Limits("GitLab Pages on GitLab.com", site=1_000_000_000, files=200_000),
    # "Pages limits": the Free plan; paid plans take up to 100,000 files.
    "cloudflare": Limits("Cloudflare Pages on the free plan", file=25 * 1024 * 1024, files=20_000),
    # "Deploy overview": "Files per directory limit".
    "netlify": Limits("Netlify", files_in_folder=54_000),
}


def problems(site: Site, output: Path) -> Iterator[Problem]:
    """What the host named in site.yaml would not take of a built site; nothing where none is named."""
    listed = manifest.load(output) if site.hosting else None
    if not site.hosting or listed is None:
        return
    paths = (path for path in (*listed.files, manifest.NAME) if (output / path).is_file())
    yield from over(site.hosting, {path: (output / path).stat().st_size for path in paths})


def over(host: HostName, sizes: Mapping[str, int]) -> Iterator[Problem]:
    """All that a host would not take of a site; `sizes` in bytes by path."""
    limits = HOSTS[host]

    def problem(path: str, what: str, number: str) -> Problem:
        return Problem(
            code="host-limit",
            message=f"{limits.name} takes {what}; this one has {number}",
            at=Place(path),
            help=f"make it smaller, or choose a host that takes it (as documented on {READ})",
        )

    for path, size in sorted(sizes.items()):
        if limits.file and size > limits.file:
            yield problem(path, f"no file over {in_words(limits.file)}", in_words(size))
    whole = sum(sizes.values())
    if limits.site and whole > limits.site:
        yield problem("", f"no site over {in_words(limits.site)}", in_words(whole))
    if limits.files and len(sizes) > limits.files:
        yield problem("", f"no site of more than {limits.files:,} files", f"{len(sizes):,}")
    if limits.files_in_folder:
        for folder, count in sorted(Counter(path.rpartition("/")[0] for path in sizes).items()):
            if count > limits.files_in_folder:
                yield problem(
                    folder, f"no folder of more than {limits.files_in_folder:,} files", f"{count:,}"
                )
