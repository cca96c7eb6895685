"""The heap of a process that builds: what it frees is kept for what comes next.

Pages and tables fill some megabytes and free them. glibc takes blocks of such a size from the system one by
one and gives them back at once, so that every page of them is made anew: a third of the time of an edit in a
process that stays, and a thirtieth of a whole build.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

# From malloc.h of glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
#: Blocks up to this size come from the heap, and as much of it is kept, in bytes.
_BLOCK, _KEPT = 64 << 20, 256 << 20


@cache
def keep() -> bool:
    """Keep what is freed from now on; False where the C library has no say in it. Asked for once."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return bool(mallopt and mallopt(_MMAP_THRESHOLD, _BLOCK) and mallopt(_TRIM_THRESHOLD, _KEPT))
