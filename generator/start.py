"""Where the command begins, and where it ends.

A plain `factsheet build` is done from here; anything else, mistakes among it, is read by `cli`.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from generator.building import Build, refused, say, show_anything, site_above


def run() -> NoReturn:
    """The command as a process of its own: once all is said, it ends at once.

    Python would first take apart what a build put together, value by value, and that takes longer than many
    a build. The system takes it all back in one go.
    """
    # A command makes much and drops little, so collections find next to nothing. What stays turns them on.
    gc.disable()
    code: int | str | None = None
    _load_msgspec()
    try:
        build = plain(sys.argv[1:])
        if build:
            code = _outcome(build)
        else:
            from generator import cli

            cli.main()
    except SystemExit as end:
        code = end.code
    threading = sys.modules.get("threading")
    if isinstance(code, str) or (threading is not None and threading.active_count() > 1):
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read our output has seen enough
            stream.flush()
    os._exit(code or 0)


def _load_msgspec() -> None:
    """Let msgspec take from Python what it would take from typing_extensions, where that is installed.

    Python has had it all since 3.11, and loading the other takes as long as looking at 3,000 files.
    """
    name = "typing_extensions"
    if name in sys.modules:
        return
    sys.modules[name] = None  # type: ignore[assignment]  # as Python has it: not to be found
    try:
        __import__("msgspec")
    finally:
        del sys.modules[name]


def plain(words: Sequence[str]) -> Build | None:
    """The build that a command line asks for; None when it asks for more, or for what cannot be.

    It may name the folders of the site and of the output, each once and apart from its option.
    """
    if [*words[:1]] != ["build"] or not len(words) % 2 or "FACTSHEET_TEXTS" in os.environ:
        return None
    named = dict(zip(words[1::2], words[2::2], strict=True))
    if len(named) != len(words) // 2 or not named.keys() <= {"--site", "--output"}:
        return None
    root = Path(named["--site"]) if "--site" in named else site_above()
    output = Path(named["--output"]) if "--output" in named else None
    if root is None or not (root / "site.yaml").is_file() or not (root / "content").is_dir():
        return None
    return None if output and output.exists() and not output.is_dir() else Build(root, output)


def _outcome(build: Build) -> int:
    """The exit code of a build; what stopped it is told as `cli` does."""
    show_anything()
    try:
        return 0 if build.once() else 1
    except BrokenPipeError:
        return 1  # whoever read our output has seen enough
    except KeyboardInterrupt:
        say("\nAborted!", err=True)
    except OSError as error:
        say(f"Error: {refused(error)}\nThe site is as it was.", err=True)
    return 1
