"""The files of a site: which of those below content/ are read or copied, and what is wrong with the others.

Names that begin with a dot, and the backups editors leave, are passed over in silence. Symbolic links are
not followed, so that nothing from elsewhere is published by mistake.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from generator.problems import Place, Pointer, Problem

CONTENT = "content"
PAGES = "pages"
STATIC = "static"
FOLDERS = ("actors", "sources", "topics", "facts", "questions", PAGES, STATIC)
#: Endings that were meant to be read, by the one that is.
_ALIKE = {".yaml": {".yml", ".yaml", ".json"}, ".md": {".md", ".markdown", ".mdown", ".mkd"}}
#: Endings of the backups that editors leave; Vim's go from `.swp` backwards.
_BACKUPS = ("~", ".bak", ".orig", ".tmp", *(f".sw{letter}" for letter in "abcdefghijklmnop"))


def content_files(root: Path) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The files to be read or copied, folder by folder in the order of names, and problems with the others.

    Each file comes with the folder of content/ it stands in; paths are relative to `root`, with `/`.
    """
    files = []
    problems: list[Problem] = []
    strange = set()
    for file in _walk(root, CONTENT, problems):
        _, *folders, name = file.split("/")
        if not folders:
            problems += _loose(file)
        elif folders[0] not in FOLDERS:
            if folders[0] not in strange:
                strange.add(folders[0])
                problems.append(_strange(folders[0]))
        elif folders[0] == STATIC or _is_read(folders, name):
            files.append((folders[0], file))
        elif problem := _unread(file, folders, name):
            problems.append(problem)
    return files, problems


def is_facts(file: PurePosixPath) -> bool:
    """Whether the file at a path relative to the site is read for facts, by its name and those above it."""
    named = not any(map(_is_aside, file.parts)) and str(file).isprintable()
    return named and file.parts[:2] == (CONTENT, "facts") and _is_read(list(file.parts[1:-1]), file.name)


def static(root: Path) -> list[str]:
    """The files of content/static, relative to `root`, as `content_files` has them."""
    folder = f"{CONTENT}/{STATIC}"
    return [] if (root / folder).is_symlink() else list(_walk(root, folder, []))


def unreadable(at: Place | Pointer, file: str, error: OSError, subject: str = "") -> Problem:
    """The problem of a file or folder the system does not let us read."""
    message = f"{file} cannot be read: {error.strerror}"
    return Problem(code="unreadable", message=message, at=at, subject=subject, help="see to its permissions")


def _walk(root: Path, folder: str, problems: list[Problem]) -> Iterator[str]:
    """Paths of all plain files below a folder in the order of names, without what is hidden or a backup."""
    try:
        listed = list(os.scandir(root / folder))
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(unreadable(Place(folder), folder, error))
        return
    for each in sorted(listed, key=lambda each: each.name):
        path = f"{folder}/{each.name}"
        if _is_aside(each.name):
            continue
        if not path.isprintable():
            shown = ascii(path)[1:-1]
            fix = "rename it"
            message = f"the name {shown} holds characters that cannot be shown"
            problems.append(Problem(code="bad-file-name", message=message, at=Place(shown), help=fix))
        elif each.is_symlink():
            problems.append(
                Problem(
                    code="link-not-read",
                    message="this is a symbolic link, which is not followed",
                    at=Place(path),
                    severity="warning",
                    help="put the file itself here",
                )
            )
        elif each.is_dir():
            yield from _walk(root, path, problems)
        elif each.is_file():
            yield path


def _is_aside(name: str) -> bool:
    """Whether a name is that of a hidden file or folder, or of a backup."""
    return name[0] == "." or name.endswith(_BACKUPS) or (name[0] == name[-1] == "#" and len(name) > 1)


def _loose(file: str) -> Iterator[Problem]:
    """What to tell of a file right in content/."""
    name = file.rpartition("/")[2]
    if name == "evidence.lock" or name.startswith("README"):
        return
    content = PurePosixPath(name).suffix.lower() in _ALIKE[".yaml"] | _ALIKE[".md"]
    yield Problem(
        code="wrong-folder" if content else "file-not-read",
        message="nothing is read right in content/",
        at=Place(file),
        severity="error" if content else "warning",
        help=f"move it into one of the folders {', '.join(FOLDERS)}",
    )


def _strange(name: str) -> Problem:
    from difflib import get_close_matches  # only mistakes need it

    return Problem(
        code="wrong-folder",
        message=f"`{name}` is not a folder that is read",
        at=Place(f"{CONTENT}/{name}"),
        nearest=next(iter(get_close_matches(name, FOLDERS, n=1)), ""),
        help=f"the folders of content/ are {', '.join(FOLDERS)}",
    )


def _ending(folder: str) -> str:
    return ".md" if folder == PAGES else ".yaml"


def _is_read(folders: list[str], name: str) -> bool:
    nested = len(folders) > 1 and folders[0] != "facts"
    return name.endswith(_ending(folders[0])) and not nested


def _unread(file: str, folders: list[str], name: str) -> Problem | None:
    """What to tell of a file that is not read although its folder is."""
    wanted = _ending(folders[0])
    stem, ending = os.path.splitext(name)  # without pathlib: most of what is not read is saved texts
    if ending.lower() not in _ALIKE[wanted]:
        # Saved texts lie beside the YAML of their sources; notes to colleagues may lie anywhere.
        if folders[0] == "sources" or name.startswith("README"):
            return None
        message = f"only files ending in {wanted} are read here"
        fix = "move it out of content/, or into content/static if the site is to have it"
        return Problem(code="file-not-read", message=message, at=Place(file), severity="warning", help=fix)
    if ending != wanted:
        message = f"only files ending in {wanted} are read here"
        fix = f"rename it to {stem}{wanted}"
        return Problem(code="wrong-extension", message=message, at=Place(file), help=fix)
    fix = f"move it to {CONTENT}/{folders[0]}/{name}"
    message = "only facts have folders of their own"
    return Problem(code="wrong-folder", message=message, at=Place(file), help=fix)
