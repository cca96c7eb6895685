"""What free hosts do not take, told before a site is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from click.testing import CliRunner

from conftest import SmallSite
from generator import hosts
from generator.cli import main
from generator.content import HostName

MB = 1_000_000
LIMITS: dict[str, tuple[HostName, dict[str, int], list[str]]] = {
    "file": ("github", {"a.html": 1, "b.mp4": 101 * MB}, ["b.mp4: GitHub Pages takes no file over 100.0 MB"]),
    "largest file": ("cloudflare", {"a.mp4": 25 * 1024 * 1024}, []),
    "one byte more": ("cloudflare", {"a.mp4": 25 * 1024 * 1024 + 1}, ["a.mp4: Cloudflare Pages on the"]),
    "site": ("gitlab", dict.fromkeys("abcdefghijk", 100 * MB), [": GitLab Pages on GitLab.com takes n"]),
    "as many files": ("cloudflare", dict.fromkeys(map(str, range(20_000)), 1), []),
    "a file more": ("cloudflare", dict.fromkeys(map(str, range(20_001)), 1), [": Cloudflare Pages on the"]),
    "folder": ("netlify", {f"facts/{n}": 1 for n in range(54_001)}, ["facts: Netlify takes no folder of m"]),
    "folders": ("netlify", {f"{n % 2}/{n}": 1 for n in range(60_000)}, []),
}  # fmt: skip


@pytest.mark.parametrize(("host", "sizes", "told"), LIMITS.values(), ids=LIMITS)
def test_what_a_host_does_not_take_is_told(host: HostName, sizes: dict[str, int], told: list[str]) -> None:
    found = [f"{p.at.file}: {p.message}" for p in hosts.over(host, sizes)]
    assert [words[: len(told[at])] for at, words in enumerate(found)] == told


def test_every_host_of_site_yaml_has_its_figures() -> None:
    assert set(get_args(HostName)) == set(hosts.HOSTS)
    assert all(limits.file or limits.site or limits.files_in_folder for limits in hosts.HOSTS.values())


def test_the_host_named_in_site_yaml_is_asked(site: Callable[..., SmallSite], one_theme: None) -> None:
    small = site({"site.yaml": "{format: 1, title: T, hosting: cloudflare}\n"})
    small.write("content/static/film.mp4", "")
    (small.root / "content/static/film.mp4").write_bytes(bytes(26 * MB + 300_000))
    small.build()
    there = small.root.parent / "there"
    told = CliRunner().invoke(main, ["publish", f"dir:{there}", "--site", str(small.root)])
    assert "error[host-limit] output/film.mp4" in told.output
    assert "takes no file over 26.2 MB; this one has 26.3 MB" in told.output
    assert not there.exists()
