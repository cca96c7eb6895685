"""The command line: arguments in, words and exit codes out. The only module that prints.

Exit codes: 0 good (warnings allowed), 1 problems in the content, 2 wrong use of the command line or no
site found. A traceback is always a mistake of ours.
"""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from generator import __version__

F = TypeVar("F", bound=Callable[..., Any])


class _Commands(click.Group):
    """Names the nearest command when one is mistyped."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f' Did you mean "{near[0]}"?' if near else " factsheet --help lists the commands."
            raise click.UsageError(f'There is no command "{args[0]}".{hint}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="factsheet")
def main() -> None:
    """Build a fact-sheet site from curated facts, each tied to the exact words of a saved source."""


def _site(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """The folder of the site: as given, or the nearest one upwards that holds a site.yaml."""
    if value is not None:
        if not (value / "site.yaml").is_file():
            raise click.BadParameter(
                f"{value} holds no site.yaml; name the folder of a site", context, parameter
            )
        return value
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "site.yaml").is_file():
            return folder
    raise click.UsageError(
        "No site.yaml here or in a folder above. Change into the folder of a site, or name it:  --site DIR",
        context,
    )


_FOLDER = click.Path(file_okay=False, path_type=Path)


def _options(*chosen: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(chosen):
            function = option(function)
        return function

    return decorate


_SITE = click.option("--site", "root", type=_FOLDER, callback=_site, help="Folder that holds site.yaml.")
_TEXTS = click.option(
    "--texts", type=_FOLDER, envvar="FACTSHEET_TEXTS", help="Folder with the saved texts of the sources."
)
_OUTPUT = click.option("--output", type=_FOLDER, help="Folder to write to; default: output/ in the site.")
_STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


@main.command()
@_options(_SITE, _OUTPUT, _TEXTS, _STRICT)
@click.option("--url", default="", help="Address the site will have; overrides the one in site.yaml.")
@click.option("--full", is_flag=True, help="Forget what earlier builds left and render every page.")
def build(root: Path, output: Path | None, texts: Path | None, strict: bool, url: str, full: bool) -> None:
    """Build the site into its output folder."""
    from generator.build import build as run

    started = time.perf_counter()
    output = output or root / "output"
    result = run(root, output=output, url=url, texts=texts, full=full, strict=strict)
    _report(result.problems, result.checked)
    if not result.ok:
        click.echo(f"Nothing was written; {_short(output)} is as it was.", err=True)
        raise SystemExit(1)
    seconds = time.perf_counter() - started
    changed = f"{result.written} written, {result.deleted} deleted" if result.changed else "nothing changed"
    click.echo(f"{result.files} files in {_short(output)} ({changed}) in {seconds:.2f} s")
    click.echo(
        f"Quotes: {result.against_texts} checked against texts, {result.against_lock} against the lock"
    )
    click.echo(f"Open {_short(output / 'index.html')}")


@main.command()
@_options(_SITE, _TEXTS, _STRICT)
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
def check(root: Path, texts: Path | None, strict: bool, form: str) -> None:
    """Check the content and write nothing."""
    from generator.build import examine
    from generator.problems import render_github, render_json

    result = examine(root, texts=texts, strict=strict)
    if form == "json":
        click.echo(render_json(result.problems, result.checked))
    elif form == "github":
        click.echo(render_github(result.problems))
    else:
        _report(result.problems, result.checked, always=True)
    raise SystemExit(0 if result.ok else 1)


@main.command()
@_options(_SITE, _TEXTS)
@click.option("--check", "only_check", is_flag=True, help="Say whether the lock is current; write nothing.")
def lock(root: Path, texts: Path | None, only_check: bool) -> None:
    """Write content/evidence.lock: where each quote stands in its source."""
    from generator.build import relock

    result = relock(root, texts=texts, write=not only_check)
    _report(result.problems, result.checked)
    if not result.ok:
        raise SystemExit(1)
    for line in result.differences:
        click.echo(line)
    if only_check:
        stale = bool(result.differences)
        click.echo("The lock is not current; run  factsheet lock" if stale else "The lock is current.")
        raise SystemExit(1 if stale else 0)
    click.echo("content/evidence.lock written." if result.differences else "The lock was current.")


@main.command()
@_options(_SITE, _TEXTS)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(root: Path, texts: Path | None, port: int) -> None:
    """Preview the site, drafts included, and reload the browser on every save."""
    from generator.preview import preview

    preview(root, texts=texts, port=port, say=click.echo)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify(folder: Path) -> None:
    """Prove a built folder complete by its manifest."""
    from generator import manifest

    verdict = manifest.verify(folder)
    if verdict is None:
        click.echo(f"{folder} has no manifest.json of a fact-sheet site.", err=True)
        raise SystemExit(2)
    lists = (("missing", verdict.missing), ("changed", verdict.changed), ("not ours", verdict.foreign))
    for word, paths in lists:
        for path in paths:
            click.echo(f"{word}: {path}")
    good = verdict.files - len(verdict.missing) - len(verdict.changed)
    click.echo(f"{good} of {verdict.files} files are as the manifest has them.")
    raise SystemExit(0 if verdict.complete else 1)


def _report(problems: Any, checked: dict[str, int], *, always: bool = False) -> None:
    from generator.problems import render_text

    if problems or always:
        click.echo(render_text(problems, checked, colour=sys.stderr.isatty()), err=not always)


def _short(path: Path) -> str:
    """A path as the person at the terminal would write it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
