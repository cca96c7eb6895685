"""A new dossier: the small one that comes with this package, laid into a folder to learn from.

Its files stand in `starter/`, as a site has them; `gitignore` alone gets its dot here, since git would
heed it in this repository too.
"""

from __future__ import annotations

import shutil
from pathlib import Path

STARTER = Path(__file__).parent / "starter"
#: What may lie in a folder that counts as empty: a repository just begun, and what macOS leaves behind.
_NOTHING = frozenset({".git", ".DS_Store"})
_NAMES = {"gitignore": ".gitignore"}


def files() -> dict[str, Path]:
    """Return the files of the starter by their path in the new site, in the order of the paths."""
    found = {}
    for file in STARTER.rglob("*"):
        if file.is_file():
            path = file.relative_to(STARTER).as_posix()
            found[_NAMES.get(path, path)] = file
    return dict(sorted(found.items()))


def refusal(folder: Path) -> str:
    """Say why a folder cannot hold a new site; "" when it can."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file"
    if folder.is_dir() and any(each.name not in _NOTHING for each in folder.iterdir()):
        return f"{folder} is not empty"
    return ""


def lay(folder: Path) -> tuple[str, ...]:
    """Write the starter into a folder that `refusal` has nothing against; return the paths written.

    Raises `OSError` when the disk or a permission fails; what was written by then is taken away again.
    """
    made: list[Path] = []
    try:
        for path, file in files().items():
            new = folder / path
            for parent in reversed([p for p in new.parents if not p.exists()]):
                parent.mkdir()
                made.append(parent)
            made.append(new)
            shutil.copyfile(file, new)
    except OSError:
        for each in reversed(made):
            if each.is_dir():
                each.rmdir()
            else:
                each.unlink(missing_ok=True)
        raise
    return tuple(files())
