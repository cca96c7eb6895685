"""Regular expressions that are compiled when they are first asked to do something.

Python compiles them at each start, and one with classes of thousands of letters takes milliseconds: longer
than many an edit needs it for.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        found = getattr(compiled, name)
        setattr(self, name, found)  # the next time nothing is looked up
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what does as `re.compile(pattern, flags)` does, and costs nothing until then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
