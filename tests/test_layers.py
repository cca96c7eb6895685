"""The layer table of docs/architecture.md and the imports of the code say the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ["layer", "file", "what it is for"]


def table(text: str) -> dict[str, int]:
    """The layer of each file, in the order of the table; a file cell may name the file in backticks."""
    layers: dict[str, int] = {}
    in_table = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if [cell.lower() for cell in cells] == COLUMNS:
            in_table = True
        elif in_table and not line.strip().startswith("|"):
            in_table = False
        elif in_table and not set(line) <= set("|-: "):
            name = cells[1].strip("`").removeprefix("generator/")
            assert name not in layers, f"{name} stands in the table twice"
            layers[name] = int(cells[0])
    return layers


def imports(path: Path, package: Path) -> set[str]:
    """The files of the package that a file imports, lazily or not; what only types ask for counts too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write imports from the root of the package"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == package.name:
                found.add(module_file(rest, package))
    return found


def module_file(parts: list[str], package: Path) -> str:
    """The file that a dotted name leads to, its last parts being names inside that file."""
    for length in range(len(parts), -1, -1):
        path = package.joinpath(*parts[:length])
        if length and path.with_suffix(".py").is_file():
            return path.with_suffix(".py").relative_to(package).as_posix()
        if (path / "__init__.py").is_file():
            return (path / "__init__.py").relative_to(package).as_posix()
    raise AssertionError(f"nothing is called {'.'.join(parts)}")


def upward(layers: dict[str, int], package: Path) -> list[str]:
    """Every import that does not lead down: to a lower layer, or to a file above it in the table's layer."""
    order = list(layers)
    return [
        f"{name} (layer {layers[name]}) imports {other} (layer {layers[other]})"
        for name in order
        for other in sorted(imports(package / name, package))
        if (layers[other], order.index(other)) >= (layers[name], order.index(name))
    ]


def modules(package: Path) -> set[str]:
    """Every file of the package that holds more than a docstring."""
    return {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if not all(isinstance(part, ast.Expr) for part in ast.parse(path.read_text(encoding="utf-8")).body)
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    (made / "exports").mkdir(parents=True)
    for name, text in {
        "__init__.py": '"""Made."""\nVERSION = 1',
        "low.py": "import made\nimport json",
        "also_low.py": "from made.low import x",
        "high.py": "def f():\n    from made import low\n    from made.exports import data",
        "exports/__init__.py": '"""Nothing but this line."""',
        "exports/data.py": "import made.low",
    }.items():
        (made / name).write_text(text)
    return made


TABLE = """
| layer | file | what it is for |
|------:|------|----------------|
| 0 | `__init__.py` | the version |
| 1 | `low.py` | a |
| 1 | `also_low.py` | b |
| 2 | `exports/data.py` | c |
| 2 | `exports/__init__.py` | e |
| 3 | `high.py` | d |

| other | table |
|---|---|
| x | y |
"""


def test_a_table_that_fits(package: Path) -> None:
    layers = table(TABLE)
    assert layers == {
        "__init__.py": 0,
        "low.py": 1,
        "also_low.py": 1,
        "exports/data.py": 2,
        "exports/__init__.py": 2,
        "high.py": 3,
    }
    assert upward(layers, package) == []
    assert modules(package) == set(layers) - {"exports/__init__.py"}


def test_imports_upward_and_sideways_are_seen(package: Path) -> None:
    (package / "low.py").write_text("from made.also_low import y\nfrom made.high import f")
    assert upward(table(TABLE), package) == [
        "low.py (layer 1) imports also_low.py (layer 1)",
        "low.py (layer 1) imports high.py (layer 3)",
    ]


def test_every_file_of_the_generator_has_its_layer_and_imports_only_downwards() -> None:
    layers = table((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    package = ROOT / "generator"
    assert modules(package) - set(layers) == set(), "files without a line in the table"
    assert [name for name in layers if not (package / name).is_file()] == [], "lines without a file"
    assert upward(layers, package) == []
