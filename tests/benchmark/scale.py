"""Draw how time and memory grow with the dossier, from what `run.py --json FILE` measured.

    python tests/benchmark/run.py --sizes 1000,3000,10000,30000,100000 --json scale.jsonl --product "…" --work /dev/shm/x
    python tests/benchmark/scale.py scale.jsonl docs/scale.svg

Both axes are logarithmic, so what grows with the work is a line that rises by one step for each step to the
right (the grey one); what rises more steeply grows faster than the work. A figure measured twice counts as
last measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from html import escape
from math import log10
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, GAP, LEFT, TOP, BOTTOM = 300, 220, 60, 50, 30, 40

STYLE = (
    "text{font:11px sans-serif;fill:#333}.title{font-weight:bold}.grid{stroke:#ddd}"
    ".work{stroke:#bbb;stroke-dasharray:3 3}.c0{stroke:#1f4e79;fill:#1f4e79}"
    ".c1{stroke:#a0522d;fill:#a0522d}.c2{stroke:#4b7a3a;fill:#4b7a3a}.curve{fill:none;stroke-width:2}"
)
Row = dict[str, Any]
#: Panels: title, unit, and curves by name.
PANELS: tuple[tuple[str, str, dict[str, Callable[[Row], float]]], ...] = (
    (
        "Time, in seconds",
        "s",
        {
            "cold": lambda row: row["cold"]["wall"],
            "one edit": lambda row: row["edit"]["wall"],
            "nothing changed": lambda row: row["noop"]["wall"],
        },
    ),
    ("Memory of the largest process, in megabytes", "MB", {"cold": lambda row: row["cold"]["rss"]}),
)


def measured(file: Path, tool: str) -> list[Row]:
    """The rows of one tool, smallest dossier first."""
    rows = (json.loads(line) for line in file.read_text().splitlines())
    found = {row["n"]: row for row in rows if row["tool"] == tool and "noop" in row}
    return [found[size] for size in sorted(found)]


def panel(rows: list[Row], at: float, title: str, curves: dict[str, Callable[[Row], float]]) -> Iterator[str]:
    """One diagram, its left edge at `at`."""
    low, high = log10(rows[0]["n"]), log10(rows[-1]["n"])
    values = [log10(value(row)) for value in curves.values() for row in rows]
    least, most = int(min(values) // 1), int(-(-max(values) // 1))

    def x(n: float) -> float:
        return at + LEFT + (log10(n) - low) / (high - low) * (WIDTH - LEFT)

    def y(value: float) -> float:
        return TOP + HEIGHT - (log10(value) - least) / (most - least) * HEIGHT

    yield f'<text x="{at:.0f}" y="14" class="title">{escape(title)}</text>'
    for power in range(least, most + 1):
        line = y(10**power)
        yield f'<path class="grid" d="M{at + LEFT:.1f} {line:.1f}H{at + WIDTH:.1f}"/>'
        yield f'<text x="{at + LEFT - 6:.1f}" y="{line + 4:.1f}" text-anchor="end">{10**power:g}</text>'
    for row in rows:
        yield (
            f'<text x="{x(row["n"]):.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{row["n"]:,}</text>'
        )
    first = next(iter(curves.values()))(rows[0])
    share = min(rows[-1]["n"] / rows[0]["n"], 10**most / first)
    yield (
        f'<path class="work" d="M{x(rows[0]["n"]):.1f} {y(first):.1f}L{x(rows[0]["n"] * share):.1f} '
        f'{y(first * share):.1f}"/>'
    )
    for number, (name, value) in enumerate(curves.items()):
        points = [(x(row["n"]), y(value(row))) for row in rows]
        yield f'<path class="curve c{number}" d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in points)}"/>'
        yield "".join(f'<circle class="c{number}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in points)
        a, b = points[-1]
        yield f'<text x="{a - 6:.1f}" y="{b + 18:.1f}" text-anchor="end">{escape(name)}</text>'


def drawn(rows: list[Row]) -> str:
    """The diagrams side by side."""
    width, height = len(PANELS) * (WIDTH + GAP), TOP + HEIGHT + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>How time and memory of a build grow with the number of facts</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, (title, _, curves) in enumerate(PANELS):
        parts += panel(rows, number * (WIDTH + GAP), title, curves)
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    rows = measured(Path(sys.argv[1]), "product")
    Path(sys.argv[2]).write_text(drawn(rows), encoding="utf-8")
    for row in rows:
        print(
            f"| {row['n']:,} | {row['files']:,} | {row['cold']['wall']:.2f} | {row['cold']['cpu']:.2f} | "
            f"{row['noop']['wall']:.3f} | {row['edit']['wall']:.2f} | {row['cold']['rss']:.0f} |"
        )
