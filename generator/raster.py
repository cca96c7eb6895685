"""SVG to PNG, with one font that comes as a package: the same bytes on every machine.

In: SVG whose text is set in `FAMILY`. Out: PNG. Rasteriser and font are an extra (`factsheet[picture]`) and
are loaded only when a picture is drawn; no font of the machine is ever looked at.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FAMILY = "Source Serif Pro"
_PACKAGES = ("resvg_py", "font_source_serif_pro")
_FILES = {700: "SourceSerifPro-Bold.ttf", 400: "SourceSerifPro-Regular.ttf"}
#: Scripts whose letters the font has, by the first word of their Unicode names.
_SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "MODIFIER", "COMBINING", "FEMININE", "MASCULINE"})


def is_there() -> bool:
    """Whether rasteriser and font are installed."""
    from importlib.util import find_spec  # seldom wanted, as below

    return all(find_spec(package) for package in _PACKAGES)


def undrawable(text: str) -> str:
    """The first letter of a text that the font lacks; empty when it has all."""
    letters = (c for c in text if unicodedata.category(c)[0] in "LM")
    return next((c for c in letters if unicodedata.name(c, "").split(" ")[0] not in _SCRIPTS), "")


@cache
def made_by() -> str:
    """What the bytes of a picture follow from, besides its SVG."""
    from importlib.metadata import version

    return f"{version('resvg_py')} {version('font-source-serif-pro')}"


def png(svg: str) -> bytes:
    """A picture, drawn."""
    import resvg_py

    files = [str(_folder() / name) for name in _FILES.values()]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files))


def width(text: str, size: float, weight: int = 400) -> float:
    """How wide a line of text is, in pixels; kerning, which makes it narrower, is left out."""
    glyphs, advances, units = _metrics(weight)
    return sum(advances[glyphs.get(ord(c), 0)] for c in text) * size / units


def wrapped(text: str, size: float, room: float, weight: int = 400) -> list[str]:
    """A text in lines that fit into so many pixels; a word wider than that has a line of its own."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _folder() -> Path:
    from importlib.util import find_spec

    spec = find_spec("font_source_serif_pro")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "files"


@cache
def _metrics(weight: int) -> tuple[dict[int, int], tuple[int, ...], int]:
    """Glyphs by code point, their advances, and units to the em (OpenType: `cmap` 4, `hmtx`, `head`)."""
    data = (_folder() / _FILES[weight]).read_bytes()

    def at(form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(f">{form}", data, offset)

    tables = {}
    for number in range(at("H", 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[name] = offset
    count = at("H", tables[b"hhea"] + 34)[0]
    pairs = at("Hh" * count, tables[b"hmtx"])
    (glyphs_in_all,) = at("H", tables[b"maxp"] + 4)
    advances = (*pairs[::2], *(pairs[-2],) * (glyphs_in_all - count))
    cmap = tables[b"cmap"]
    records = (at("HHI", cmap + 4 + 8 * number) for number in range(at("H", cmap + 2)[0]))
    sub = next(cmap + offset for *_, offset in records if at("H", cmap + offset)[0] == 4)
    segments = at("H", sub + 6)[0] // 2
    ends = at("H" * segments, sub + 14)
    starts, deltas, ranges = (at("H" * segments, sub + 16 + 2 * segments * n) for n in (1, 2, 3))
    glyphs = {}
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            if ranges[number]:
                here = sub + 16 + 6 * segments + 2 * number + ranges[number] + 2 * (code - start)
                (glyph,) = at("H", here)
                glyphs[code] = (glyph + deltas[number]) % 65536 if glyph else 0
            else:
                glyphs[code] = (code + deltas[number]) % 65536
    return glyphs, advances, at("H", tables[b"head"] + 18)[0]
