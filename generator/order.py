"""What a build is asked for."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

#: Where the evidence lock stands in a site.
LOCK = "content/evidence.lock"


class Order(Struct, frozen=True):
    """What a build is asked for."""

    root: Path
    output: Path
    #: Overrides the address in site.yaml.
    url: str
    #: The folder of saved texts; None: the one that the site names.
    texts: Path | None
    #: Whether drafts are shown.
    preview: bool
    #: Whether earlier builds are forgotten.
    full: bool
    #: Whether a warning is as bad as an error.
    strict: bool
    #: Number of processes.
    jobs: int
    #: Whether it is asked why each page was rendered.
    explain: bool
