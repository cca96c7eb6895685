"""The command line: arguments in, words and exit codes out. Beside `building` the only module that prints.

Exit codes: 0 good (warnings allowed), 1 problems in the content, 2 wrong use of the command line or no
site found. A traceback is always a mistake of ours.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator import __version__
from generator.building import Build, refused, report, short, show_anything, site_above

if TYPE_CHECKING:
    from generator.content import Site
    from generator.problems import Problem

F = TypeVar("F", bound=Callable[..., Any])


#: What people type who come from other tools, by what it is called here.
_CALLED_HERE = {"init": "new", "start": "new", "validate": "check", "lint": "check", "preview": "serve"}
#: What there is after the system refused something, by command.
_KEPT = {
    "new": "Nothing was left behind.",
    "publish": "What was sent is there, and the site there works; publish again to go on.",
}


class _Commands(click.Group):
    """Answers a mistyped command with the nearest one, and the system's refusals with one line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            option = error.option_name
            if any(option in p.opts for command in self.commands.values() for p in command.params):
                raise click.UsageError(f"Write {option} after the command.", ctx) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # as they stand below, the everyday ones first

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = _CALLED_HERE.get(args[0]) or _nearest(args[0], self.list_commands(ctx))
            hint = f' Did you mean "{near}"?' if near else " factsheet --help lists the commands."
            raise click.UsageError(f'There is no command "{args[0]}".{hint}', ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read our output has seen enough
        except KeyboardInterrupt:
            if ctx.invoked_subcommand == "publish":
                click.echo(f"\n{_KEPT['publish']}", err=True)
            raise
        except OSError as error:
            click.echo(f"Error: {refused(error)}", err=True)
            click.echo(_KEPT.get(ctx.invoked_subcommand or "", "The site is as it was."), err=True)
            raise SystemExit(1) from error


def _nearest(typed: str, known: Iterable[str]) -> str:
    import difflib  # only mistakes need it

    return next(iter(difflib.get_close_matches(typed, list(known), 1)), "")


def _one_of(*words: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """One of several words; another is answered with the nearest of them."""

    def look(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if value not in words:
            near = _nearest(value.lower(), words)
            hint = f" Did you mean {near}?" if near else ""
            raise click.BadParameter(f"{value!r} is none of {', '.join(words)}.{hint}", context, parameter)
        return value

    return look


class _Folder(click.Path):
    """A folder; one that must be there and is not is answered with the nearest name beside it."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            path = Path(value)
            beside = [f.name for f in path.parent.iterdir() if f.is_dir()] if path.parent.is_dir() else []
            near = _nearest(path.name, beside) if not path.exists() else ""
            hint = f" Did you mean {path.with_name(near)}?" if near else ""
            self.fail(f"{error.message}{hint}", param, ctx)


@click.group(
    cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="factsheet")
@click.pass_context
def main(context: click.Context) -> None:
    """Build a fact-sheet site from curated facts, each tied to the exact words of a saved source."""
    show_anything()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _site(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """The folder of the site: as given, or the nearest one upwards that holds a site.yaml."""
    root = value or _site_above(context)
    if not (root / "site.yaml").is_file():
        raise click.BadParameter(f"{root} holds no site.yaml; name the folder of a site", context, parameter)
    if not (root / "content").is_dir():
        raise click.UsageError(
            f"There is no content/ folder beside {short(root / 'site.yaml')}, so there is nothing to show. "
            "Make one that holds the folders sources, actors and facts. A small site to copy from:  "
            "factsheet new DIR",
            context,
        )
    return root


def _site_above(context: click.Context) -> Path:
    if above := site_above():
        return above
    here = Path.cwd()
    below = sorted(here.glob("*/site.yaml"))
    named = short(below[0].parent) if below else "DIR"
    raise click.UsageError(
        "No site.yaml here or in a folder above. Change into the folder of a site, or name it:  "
        f"--site {named}" + ("" if below else "\nTo begin a site:  factsheet new DIR"),
        context,
    )


def _options(*chosen: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(chosen):
            function = option(function)
        return function

    return decorate


_SITE_HELP = "Folder that holds site.yaml; default: this one, or the nearest above."
_SITE = click.option("--site", "root", type=_Folder(exists=True), callback=_site, help=_SITE_HELP)
_TEXTS = click.option(
    "--texts",
    type=_Folder(exists=True),
    envvar="FACTSHEET_TEXTS",
    show_envvar=True,
    help="Folder with the saved texts of the sources.",
)
_OUTPUT = click.option("--output", type=_Folder(), help="Folder to write to; default: output/ in the site.")
_PORT_HELP = "Port of the address; the next free one if it is taken."
_STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


@main.command()
@_options(_SITE, _OUTPUT, _TEXTS, _STRICT)
@click.option("--url", default="", help="Address the site will have; overrides the one in site.yaml.")
@click.option("--full", is_flag=True, help="Forget what earlier builds left and render every page.")
@click.option("--explain", is_flag=True, help="Say for each page why it was rendered.")
@click.option("--watch", is_flag=True, help="Stay, and build again after every save.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), help="Processes to work with; default: one for each core."
)
def build(
    root: Path,
    output: Path | None,
    texts: Path | None,
    strict: bool,
    url: str,
    full: bool,
    jobs: int | None,
    explain: bool,
    watch: bool,
) -> None:
    """Build the site into its output folder."""
    asked = Build(root, output, texts=texts, strict=strict, url=url, full=full, jobs=jobs, explain=explain)
    if watch:
        asked.watch()
    elif not asked.once():
        raise SystemExit(1)


@main.command()
@_options(_SITE, _TEXTS, _STRICT)
@click.option(
    "--format",
    "form",
    callback=_one_of("text", "json", "github"),
    metavar="text|json|github",
    default="text",
    help="How problems are shown.",
)
@click.option("--coverage", is_flag=True, help="Also list the sentences of each source, unused ones first.")
@click.option("--desk", is_flag=True, help="Also list what is worth a look in the facts and the articles.")
def check(root: Path, texts: Path | None, strict: bool, form: str, coverage: bool, desk: bool) -> None:
    """Check the content and write nothing.

    With --coverage the sentences of the saved texts are shown with the facts that use them. With --desk
    come facts that rest on little, origins that credit lines and shared words suggest, dates without a
    reason, facts told twice, names without an actor.
    """
    from generator import desk_report
    from generator.build import examine
    from generator.coverage import Covered, as_json, cover, render_text
    from generator.desk import texts_at_hand
    from generator.problems import render_github, render_json

    if (coverage or desk) and form == "github":
        option = "--coverage" if coverage else "--desk"
        raise click.UsageError(f"{option} has no form for github; use --format text or json.")
    result = examine(root, texts=texts, strict=strict)
    covered: tuple[Covered, ...] = ()
    looked: desk_report.Report | None = None
    if (coverage or desk) and result.linked:
        dossier = result.linked.dossier
        at_hand = texts_at_hand(root, dossier, texts)
        covered = cover(dossier, at_hand) if coverage else ()
        if desk:
            shown = 0 if form == "json" else desk_report.SHOWN
            looked = desk_report.report(root, dossier, at_hand, shown=shown)
    if form == "github":
        click.echo(render_github(result.problems))
    elif form == "json" and (coverage or desk):
        import json

        told = json.loads(render_json(result.problems, result.checked))
        told |= {"coverage": as_json(covered)} if coverage else {}
        told |= {"desk": desk_report.as_json(looked)} if looked else {}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif form == "json":
        click.echo(render_json(result.problems, result.checked))
    else:
        if covered:
            click.echo(render_text(covered) + "\n")
        if looked:
            click.echo(desk_report.render_text(looked) + "\n")
        report(result.problems, result.checked, always=True)
    raise SystemExit(0 if result.ok else 1)


@main.command()
@_options(_SITE, _TEXTS)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=_PORT_HELP)
def serve(root: Path, texts: Path | None, port: int) -> None:
    """Preview the site with its drafts; every save reloads the browser."""
    from generator.preview import preview

    gc.enable()
    preview(root, texts=texts, port=port, say=click.echo)


@main.command(options_metavar="[OPTIONS]")
@_options(_SITE, _TEXTS)
@click.argument("source", metavar="SOURCE")
@click.argument("words", metavar="WORDS", nargs=-1, required=True)
def quote(root: Path, texts: Path | None, source: str, words: tuple[str, ...]) -> None:
    """Find words in a saved source and write the evidence to paste.

    SOURCE is the id of a source; a few WORDS suffice, and […] may stand between them.
    """
    from generator.desk import Absent, Desk, open_desk
    from generator.passages import render_text, search

    desk = open_desk(root, texts)
    if not isinstance(desk, Desk):
        report(desk, {})
        raise SystemExit(1)
    if source in desk.unread:
        click.echo(f"The entry of {source} has mistakes; factsheet check  tells which.", err=True)
        raise SystemExit(1)
    if source not in desk.texts:
        known = ", ".join(desk.texts) or "none"
        near = _nearest(source, desk.texts)
        hint = f'Did you mean "{near}"?' if near else f"Those known are: {known}."
        hint += " A file of sources cannot be read; factsheet check  tells which." if desk.broken else ""
        raise click.UsageError(f'There is no source "{source}". {hint}')
    text = desk.texts[source]
    if isinstance(text, Absent):
        click.echo(f"{source}: {text.reason}\nhelp: {text.help}", err=True)
        raise SystemExit(1)
    found = search(desk.dossier, text, " ".join(words))
    click.echo(render_text(found, colour=sys.stdout.isatty()))
    raise SystemExit(1 if found.finding else 0)


@main.command()
@_options(_SITE, _TEXTS)
@click.option("--check", "only_check", is_flag=True, help="Say whether the lock is current; write nothing.")
@click.option(
    "--accept",
    multiple=True,
    metavar="SOURCE",
    help="Take on the changed text of this source, where quotes moved; may be given several times.",
)
def lock(root: Path, texts: Path | None, only_check: bool, accept: tuple[str, ...]) -> None:
    """Write down where each quote stands, in content/evidence.lock.

    With it the site builds where the saved texts are not. Where a text changed, what became of each quote is
    told; quotes that moved are taken on with --accept.
    """
    from generator.build import relock
    from generator.changed import accept as accepting

    if only_check and accept:
        raise click.UsageError("--check writes nothing, so there is nothing to --accept.")
    result = relock(root, texts=texts, write=not only_check, accept=accept)
    for source in accept:
        if result.sources and source not in result.sources:
            near = _nearest(source, result.sources)
            hint = f' Did you mean "{near}"?' if near else ""
            raise click.UsageError(f'There is no source "{source}".{hint}')
    report(result.problems, result.checked)
    for line in (*result.report, *(result.differences if result.ok else ())):
        click.echo(line)
    for source in result.unchanged:
        click.echo(f"source {source}: nothing to accept; the lock knows no other text of it")
    if not result.ok:
        if result.report:
            click.echo("Nothing was written.")
        if result.waiting:
            click.echo(f"To take on what moved:  {accepting(*result.waiting)}")
        raise SystemExit(1)
    stale = bool(result.differences or result.report)
    if only_check:
        click.echo("The lock is not current; run  factsheet lock" if stale else "The lock is current.")
        raise SystemExit(1 if stale else 0)
    click.echo("content/evidence.lock written." if stale else "The lock was current.")


@main.command()
@_SITE
@click.option("--from-git", is_flag=True, help="Read them from the history of the repository.")
def changes(root: Path, from_git: bool) -> None:
    """Propose corrections to write down, as YAML to paste.

    Compares the facts commit by commit and writes nothing: what readers must know of is for you to say.
    """
    from generator import history, read
    from generator.places import placed
    from generator.proposals import propose, render

    if not from_git:
        raise click.UsageError("Say where they are to be read from:  factsheet changes --from-git")
    site, problems = read.read_site(root)
    content = read.read_content(root, site) if site else None
    found = history.states(root)
    problems += [p for p in content.problems if p.severity == "error"] if content else []
    problems += [] if isinstance(found, list) else [found]
    report(list(placed(problems, read.reader(root))), {})
    if content is None or not isinstance(found, list):
        raise SystemExit(1)
    proposed = propose(found, [each.value for each in content.facts])
    if not proposed:
        click.echo("Nothing to propose: the facts tell of every change that the history holds.")
        return
    click.echo(render(proposed, {each.value.id: each.pointer.file for each in content.facts}))


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a small site to learn from.

    DIR must be empty or not there yet.
    """
    import shlex

    from generator.new import lay, refusal

    if why := refusal(folder):
        raise click.UsageError(f"{why}; name a folder that is empty or not there yet.")
    files = lay(folder)
    click.echo(f"A small site of {len(files)} files is in {short(folder)}. What to do next:")
    click.echo("")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {shlex.quote(str(folder))}")
    for command, what in (
        ("factsheet serve", "look at it; the browser reloads on every save"),
        ("factsheet build", "write the site into output/"),
        ("factsheet check --coverage", "see which sentences no fact uses yet"),
    ):
        click.echo(f"  {command:<28}{what}")
    click.echo("")
    click.echo("Begin to read in content/facts/observatory.yaml; the comments say what each key is for.")


@main.command()
@click.option("--output", type=_Folder(), help="Folder to write them to, as NAME.schema.json.")
def schema(output: Path | None) -> None:
    """Write JSON Schemas, so that editors complete and check keys.

    Without --output they are printed, as one JSON object by the name of the folder of content/ they are for.

    Editors with the YAML language server (VS Code with the extension YAML, Neovim, Helix, Zed …) use the one
    that the first line of a file names, by its way from there:

    \b
      # yaml-language-server: $schema=../../schemas/facts.schema.json
    """
    import json

    from generator.jsonschema import FILES, schemas

    made = schemas()
    if output is None:
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, one in made.items():
        text = json.dumps(one, ensure_ascii=False, indent=2) + "\n"
        (output / f"{name}.schema.json").write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{len(made)} schemas in {short(output)}. For VS Code, in .vscode/settings.json:")
    click.echo("")
    place = short(output)
    mapped = {f"{place}/{name}.schema.json": files for name, (_, files) in FILES.items()}
    click.echo(json.dumps({"yaml.schemas": mapped}, indent=2))


@main.command()
@_SITE
@click.argument("what", metavar="hosting", callback=_one_of("hosting"))
@click.argument(
    "host",
    metavar="github|gitlab|netlify|cloudflare|nginx|caddy",
    callback=_one_of("github", "gitlab", "netlify", "cloudflare", "nginx", "caddy"),
)
@click.option("--print", "only_print", is_flag=True, help="Print the file; write nothing.")
def add(root: Path, what: str, host: str, only_print: bool) -> None:
    """Write the file with which a host builds or shows the site.

    It tells the host how to build the site, or which headers to send: the security policy of the pages, and
    that browsers ask whether what they keep is still good. A file that is there is never overwritten.
    """
    from generator import hosting, read

    site, problems = read.read_site(root)
    if site is None:
        report(problems, {})
        raise SystemExit(1)
    file = hosting.written(host, root, site)
    if only_print:
        click.echo(file.text, nl=False)
        return
    there = file.place.exists()
    if not hosting.lay(file):
        click.echo(f"{short(file.place)} is there and says something else; it was left as it is.", err=True)
        click.echo(
            f"To see what it would say, and take over what you want:  factsheet add hosting {host} --print"
        )
        raise SystemExit(1)
    click.echo(f"{short(file.place)} {'is as it should be' if there else 'written'}. What is left to do:\n")
    for line in file.then:
        click.echo(f"  {line}")


@main.command()
@_options(_SITE, _TEXTS)
@click.argument("target", metavar="TARGET")
@click.option("--output", type=_Folder(), help="Folder that was built; default: output/ in the site.")
@click.option("--dry-run", is_flag=True, help="List what would be sent and taken away; send nothing.")
def publish(root: Path, texts: Path | None, target: str, output: Path | None, dry_run: bool) -> None:
    """Bring the built site to where readers find it.

    TARGET is a name from `publish:` in site.yaml, or one of dir:FOLDER, git:REMOTE#BRANCH,
    rsync:USER@HOST:FOLDER, s3://BUCKET/PREFIX, rclone:REMOTE:FOLDER. Only what is missing there is sent, and
    only files that factsheet made are replaced or taken away. First the site is looked at; with a problem
    nothing is sent.
    """
    from generator import read, sending
    from generator.content import TARGETS
    from generator.progress import Line, nobody
    from generator.publish import open_target, preflight, prepare, send
    from generator.sending import Refused

    output = output or root / "output"
    site, problems = read.read_site(root)
    if site is None:
        report(problems, {})
        raise SystemExit(1)
    if ":" not in target and target not in site.publish:
        known = ", ".join(site.publish) or "none yet"
        near = _nearest(target, site.publish)
        hint = (
            f'Did you mean "{near}"?'
            if near
            else f"Those known are: {known}. Or write one of  {'  '.join(TARGETS.values())}"
        )
        raise click.UsageError(f'There is no target "{target}" under publish: in site.yaml. {hint}')
    if over := _over_limit(site, root, output):
        report(over, {})
        click.echo("Nothing was sent.", err=True)
        raise SystemExit(1)
    try:
        base = root if target in site.publish else Path.cwd()
        place = open_target(site.publish.get(target, target), base, root, output)
    except Refused as error:
        raise click.UsageError(str(error)) from error
    place.begin()
    try:
        with Line(sys.stderr) as line:
            looking = nobody if place.prompts else line.of("Looking through {} files")
            built, problems_there = preflight(root, output, site, texts, looking)
            prepared = prepare(built, place) if built else None
            told = (*problems_there, *(prepared.problems if prepared else ()))
            if not told and prepared is not None and not dry_run:
                send(prepared, place, line.of("Sending {} files"))
    except Refused as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from error
    if told or prepared is None:
        report(told, {})
        click.echo("Nothing was sent.", err=True)
        raise SystemExit(1)
    if prepared.plan.is_empty:
        click.echo("Nothing to send: the site there is the one here.")
    elif dry_run:
        click.echo(f"{sending.render_text(prepared.plan)}\nNothing was sent.")
    else:
        click.echo(f"{sending.sums(prepared.plan)}\nPublished.")


def _over_limit(site: Site, root: Path, output: Path) -> list[Problem]:
    """What the host named in site.yaml would not take of a built site, with paths from where the site is."""
    from msgspec.structs import replace

    from generator import hosts
    from generator.problems import Place

    inside = output.resolve().is_relative_to(root.resolve())
    folder = output.resolve().relative_to(root.resolve()) if inside else output
    return [replace(p, at=Place((folder / p.at.file).as_posix())) for p in hosts.problems(site, output)]


@main.command()
@click.argument("place", metavar="DIR|URL")
@click.option(
    "--texts",
    type=_Folder(exists=True),
    help="Folder with articles in which the published quotes are sought.",
)
@click.option("--strict", is_flag=True, help="With --texts: a source without an article is an error.")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="With URL: look at N files, not at all of them."
)
@click.pass_context
def verify(context: click.Context, place: str, texts: Path | None, strict: bool, sample: int | None) -> None:
    """Prove a built folder or a published site complete.

    DIR is a folder. URL is the address of a home page: each file is asked for, and what the host made of it
    is told. With --texts the quotes are checked as well, against articles you hold. Only the site and the
    articles are read. An article is known by its digest, or by the quotes it holds; its name does not matter.
    """
    if strict and texts is None:
        raise click.UsageError("--strict is about sources without an article; add  --texts FOLDER")
    if "://" in place:
        good, facts = _verify_site(place, sample, quotes=texts is not None)
        where = f"{place.rstrip('/')}/data/facts.json"
    elif sample is not None:
        raise click.UsageError("--sample is for a published site; a folder is looked at as a whole.")
    else:
        folder: Path = _Folder(exists=True).convert(place, None, context)
        good = _verify_folder(folder)
        facts, where = _facts(folder) if texts else b"", str(folder / "data/facts.json")
    proved = texts is None or _quotes_stand(facts, where, texts, strict)
    raise SystemExit(0 if good and proved else 1)


def _verify_folder(folder: Path) -> bool:
    """Tell how a folder compares with its manifest; whether it is complete."""
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
    return verdict.complete


def _verify_site(address: str, sample: int | None, *, quotes: bool) -> tuple[bool, bytes]:
    """Tell how a published site compares with its manifest; whether it is good, and its `data/facts.json`."""
    from generator import fetch, remote
    from generator.progress import Line

    try:
        with Line(sys.stderr) as line:
            asking = line.of("Asking for {} files")
            verdict = remote.examine(fetch.home(address), count=sample, facts=quotes, told=asking)
    except fetch.BadAddress as error:
        raise click.UsageError(str(error)) from error
    except remote.NoSite as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
    click.echo(remote.render_text(verdict))
    return verdict.good, verdict.facts


def _facts(folder: Path) -> bytes:
    """The published quotes of a folder; empty where it holds none."""
    try:
        return (folder / "data/facts.json").read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""


def _quotes_stand(facts: bytes, where: str, texts: Path, strict: bool) -> bool:
    """Tell how it stands with the quotes of a `data/facts.json`; whether that is good."""
    from generator import detached

    if not facts:
        raise click.UsageError(
            f"{where.removesuffix('/data/facts.json')} has no data/facts.json, which holds the quotes."
        )
    try:
        published = detached.read_published(facts)
    except ValueError as error:
        raise click.UsageError(f"{where} cannot be understood: {error}") from error
    files = {
        path.name: path.read_bytes()
        for path in texts.iterdir()
        if path.is_file() and not path.name.startswith(".")
    }
    if not files:
        raise click.UsageError(f"{texts} holds no files; name the folder that holds the articles.")
    found = detached.compare(published, files)
    click.echo(detached.render_text(found))
    counts = found.counts
    compared = counts["verified"] + counts["found"] + counts["not found"]
    if not compared and counts:
        click.echo("No quote could be compared.", err=True)
    missing = counts["not found"] or (strict and counts["no article"])
    return not missing and bool(compared or not counts)
