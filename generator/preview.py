"""`factsheet serve`: the site with its drafts, built into `.factsheet/preview/` and shown as it is edited.

Only `build` writes the output; what is seen here never leaves the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from generator import desk_page, heap
from generator.build import build, examine
from generator.desk import texts_at_hand
from generator.desk_report import EMPTY, report
from generator.edit import Resident
from generator.memory import FOLDER
from generator.result import Result
from generator.serve import Beside, Outcome, serve
from generator.theme import default_templates


def preview(
    root: Path, *, texts: Path | None = None, port: int = 8000, say: Callable[[str], None] = print
) -> None:
    """Serve the preview of a site on this machine until Ctrl-C; `say` is told where, and of each build."""
    folder = root / FOLDER / "preview"
    resident = Resident()
    heap.keep()

    def rebuild(saved: frozenset[str] | None) -> Outcome:
        started = time.perf_counter()
        result = build(
            root, output=folder, texts=texts, preview=True, resident=resident, saved=saved or frozenset()
        )
        seconds = time.perf_counter() - started
        if saved != frozenset() or result.changed or not result.ok:
            say(_told(result, seconds))
        return Outcome(
            problems=result.problems, changed=result.changed, seconds=seconds, is_sure=resident.is_sure
        )

    # In a repository of ours the default theme is the site's own folder; installed, nobody edits it.
    watched = [root / "site.yaml", root / "content", root / "templates"]
    watched += [default_templates()] if default_templates().parent != root else []
    watched += [texts] if texts else []

    def opened(address: str) -> None:
        say(f"{address}  (Ctrl-C ends)")
        say(f"{address.rstrip('/')}{desk_page.PATH}  what is worth a look")

    beside = {
        desk_page.PATH: Beside("text/html", lambda: desk(root, texts)),
        desk_page.STYLE: Beside("text/css", desk_page.CSS.encode),
    }
    serve(rebuild, folder, watched, port=port, opened=opened, beside=beside)


def desk(root: Path, texts: Path | None = None) -> bytes:
    """The page with the desk report, drafts included, as of now."""
    linked = examine(root, texts=texts, preview=True).linked
    if linked is None:
        return desk_page.render(EMPTY)
    at_hand = texts_at_hand(root, linked.dossier, texts)
    return desk_page.render(report(root, linked.dossier, at_hand, shown=desk_page.SHOWN))


def _told(result: Result, seconds: float) -> str:
    errors = sum(p.severity == "error" for p in result.problems)
    warnings = len(result.problems) - errors + sum(result.more.values())
    if not result.ok:
        return f"{errors} errors; the last good site stays. They are shown in the browser."
    news = f"{result.written} files changed" if result.changed else "nothing changed"
    return f"{news} in {seconds:.2f} s" + (f"; {warnings} warnings" if warnings else "")
