"""Measure publishing beside the tools people use for it, on servers of this machine.

    python tests/benchmark/publish.py            make bench-publish
    python tests/benchmark/publish.py --facts 10000 --runs 3 --kinds dir,rsync,git,rclone,webdav,s3

A dossier of so many facts is built (10,000 facts are about 17,000 files) and brought to an empty place, then
one statement is edited, the site is built and published again. The whole command is timed, ours with all that
it looks at first, and nothing is known from the round before. Beside it, in the same round and to the same
server:

- dir, rsync: `rsync -a --delete`, on this machine and over ssh
- git: `ghp-import -n -p` to the same `git daemon`
- rclone: `rclone sync` to the same `sshd`, by SFTP
- webdav: `rclone sync` to the same `rclone serve webdav`
- s3: `rclone sync` to the same server that speaks S3

The last two take so long for each file, whoever sends it, that `--slow` says how many facts are enough for
them: rclone waits 10 ms before each request to WebDAV, and the S3 server is one for tests.

What is not installed is left out. Printed are medians in seconds, of wall time and of processor time, which
says more where the machine is busy, and the ratios to the peer.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(ROOT)]

import hosts

PRODUCT = [sys.executable, "-c", "from generator.cli import main; main()"]
SLOW = ("webdav", "s3")
#: What publishing remembers of a site, beside what the build does.
KNOWN = ("looked-*", "withheld-*", "there-*", "digests-*", "publishing-*", "publish.git")
MARK = " (edited)"


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of wall time, and of processor time (of the command and what it starts, not of servers)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    took = time.monotonic() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def make_site(work: Path, facts: int) -> Path:
    """A site with the bare theme of the other benchmark, and what that links to."""
    site = work / f"site-{facts}"
    if not site.exists():
        run([sys.executable, str(HERE / "corpus.py"), str(facts), str(work / "corpus")], work)
        run([sys.executable, str(HERE / "layouts.py"), "product", str(work / "corpus"), str(site)], work)
        shutil.copytree(HERE / "theme", site, dirs_exist_ok=True)
        static = site / "content" / "static"
        static.mkdir(exist_ok=True)
        (static / "search.html").write_text("<!doctype html><title>Search</title><p>Search</p>\n")
        (static / "feed.xml").write_text("<feed/>\n")
        run([*PRODUCT, "build", "--site", str(site)], work)
    return site


def edit(site: Path, number: int) -> None:
    """Another word in one statement, and the site built."""
    file = sorted((site / "content" / "facts").rglob("*.yaml"))[0]
    lines = file.read_text(encoding="utf-8").split("\n")
    at = next(i for i, line in enumerate(lines) if line.lstrip(" -").startswith("statement:"))
    plain = lines[at].partition(MARK)[0].rstrip('"')
    quote = '"' if '"' in lines[at] else ""
    lines[at] = f"{plain}{MARK} {number}{quote}"
    file.write_text("\n".join(lines), encoding="utf-8")
    run([*PRODUCT, "build", "--site", str(site)], site)


class Kind:
    """One kind of target: where the product and its peer publish to, a new place for each round."""

    def __init__(self, kind: str, stack: ExitStack, work: Path) -> None:
        self.kind = kind
        self.served = work / f"served-{kind}"
        self.served.mkdir()
        self.address = ""
        if kind == "rsync":
            self.address = stack.enter_context(hosts.sshd(self.served))
            os.environ["RSYNC_RSH"] = self.address
        elif kind == "git":
            self.address = stack.enter_context(hosts.git_daemon(self.served))
        elif kind == "rclone":
            stack.enter_context(hosts.sshd(work))
            self.address = hosts.rclone_sftp(work)
        elif kind == "webdav":
            self.address = hosts.rclone_remote(stack.enter_context(hosts.webdav(self.served, alone=True)))
        elif kind == "s3":
            python = hosts.s3_program()
            assert python is not None
            self.address = stack.enter_context(hosts.s3(python))

    def target(self, place: str) -> str:
        if self.kind == "dir":
            return f"dir:{self.served}/{place}"
        if self.kind == "rsync":
            return f"rsync:{hosts.ADDRESS}:{self.served}/{place}"
        if self.kind == "git":
            subprocess.run(["git", "init", "-q", "--bare", f"{self.served}/{place}"], check=True)
            return f"git:{self.address}/{place}#pages"
        if self.kind in ("rclone", "webdav"):
            return f"rclone:{self.remote(place)}"
        return f"s3://shelf/{place}?endpoint={self.address}&region=auto"

    def remote(self, place: str) -> str:
        """A place as rclone has it."""
        if self.kind == "rclone":
            return f"{self.address}{self.served}/{place}"
        if self.kind == "webdav":
            return f"{self.address}{place}"
        key = "access_key_id=testing,secret_access_key=testing"
        return f':s3,provider=Other,endpoint="{self.address}",{key}:shelf/{place}'

    def peer(self, place: str, output: Path, site: Path) -> tuple[str, list[str]]:
        """The peer's name, and its command; no command where there is none."""
        if self.kind in ("dir", "rsync") and shutil.which("rsync"):
            host = f"{hosts.ADDRESS}:" if self.kind == "rsync" else ""
            return "rsync -a", ["rsync", "-a", "--delete", f"{output}/", f"{host}{self.served}/{place}/"]
        if self.kind == "git":
            program = shutil.which("ghp-import", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
            if program:
                subprocess.run(["git", "init", "-q", "--bare", str(self.served / place)], check=True)
                shutil.rmtree(site / ".git", ignore_errors=True)
                subprocess.run(["git", "init", "-q", str(site)], check=True)
                there = f"{self.address}/{place}"
                subprocess.run(["git", "remote", "add", place, there], cwd=site, check=True)
                return "ghp-import", [program, "-n", "-p", "-r", place, "-b", "pages", str(output)]
        if self.kind in ("rclone", "webdav", "s3") and shutil.which("rclone"):
            return "rclone sync", ["rclone", "sync", str(output), self.remote(place)]
        return "", []


def able(kind: str) -> bool:
    if kind == "s3":
        return hosts.s3_program() is not None
    programs = {
        "rsync": ("rsync", "sshd"),
        "git": ("git",),
        "rclone": ("rclone", "sshd"),
        "webdav": ("rclone",),
    }
    needed = programs.get(kind, ())
    return all(shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in needed)


def measure(kind: str, facts: int, runs: int, work: Path) -> None:
    site = make_site(work, facts)
    output = site / "output"
    took: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with ExitStack() as stack:
        places = Kind(kind, stack, work)
        for round_ in range(runs):
            for known in (each for name in KNOWN for each in (site / ".factsheet").glob(name)):
                shutil.rmtree(known) if known.is_dir() else known.unlink()
            target = places.target(f"ours-{round_}")
            name, command = places.peer(f"peer-{round_}", output, site)
            for what in ("first", "one edit"):
                if what == "one edit":
                    edit(site, round_)
                ours = [*PRODUCT, "publish", target, "--site", str(site)]
                # By turns who goes first, so that neither always meets warm files.
                each = [("ours", ours), ("peer", command)]
                for who, asked in each if round_ % 2 else reversed(each):
                    if asked:
                        took[what, who].append(run(asked, site))
            for place in places.served.iterdir():
                if place.is_dir():
                    shutil.rmtree(place)
    files = sum(1 for path in output.rglob("*") if path.is_file())
    for what in ("first", "one edit"):
        ours, theirs = medians(took[what, "ours"]), medians(took[what, "peer"])
        beside = "no peer"
        if theirs:
            ratios = " and ".join(f"{mine / other:.2f}" for mine, other in zip(ours, theirs))
            beside = f"{name} {theirs[0]:.1f} s, {theirs[1]:.1f} s; ratios {ratios}"
        print(f"{kind:<7}{files:>6} files  {what:<9}{ours[0]:6.1f} s {ours[1]:6.1f} s   {beside}", flush=True)


def medians(rounds: list[tuple[float, float]]) -> list[float]:
    return [statistics.median(times) for times in zip(*rounds)]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--facts", type=int, default=10_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--kinds", default="dir,rsync,git,rclone,webdav,s3")
    asked.add_argument("--slow", type=int, default=500, help="facts for webdav and s3")
    asked.add_argument(
        "--work", help="folder to work in; without it, a new one, in memory where there is any"
    )
    given = asked.parse_args()
    os.environ.update(PYTHONPATH=str(ROOT), AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing")
    os.environ.pop("AWS_CA_BUNDLE", None)  # rclone cannot read one for its own connections
    for who in ("AUTHOR", "COMMITTER"):
        os.environ.update({f"GIT_{who}_NAME": "Ada Brook", f"GIT_{who}_EMAIL": "ada@example.org"})
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="pub-", dir=given.work or memory) as work:
        settings = Path(work, "rclone.conf")
        settings.touch()
        os.environ["RCLONE_CONFIG"] = str(settings)
        for kind in given.kinds.split(","):
            if able(kind):
                measure(kind, given.slow if kind in SLOW else given.facts, given.runs, Path(work))
            else:
                print(f"{kind:<7}left out: what it takes is not installed", flush=True)


if __name__ == "__main__":
    main()
