"""The heap of a process that stays: a block that was freed is used again without being made anew."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import resource, sys
from generator import heap

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytes(8 << 20).replace(b"\\0", b"x")
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

kept = heap.keep() if sys.argv[1] == "kept" else None
for _ in range(4):
    faults()
print(faults(), kept)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
@pytest.mark.parametrize(("how", "least", "most"), [("kept", 0, 100), ("given back", 1000, 10**9)])
def test_a_block_that_was_freed_is_not_made_anew(how: str, least: int, most: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True, timeout=60
    )
    faults, kept = told.stdout.split()
    assert least <= int(faults) <= most
    assert kept == str(how == "kept" or None)
