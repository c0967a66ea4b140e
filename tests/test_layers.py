"""Imports point down, stand at the top of the file and are absolute; `import wengert` loads no optional dependency."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import wengert

PACKAGE = Path(wengert.__file__).parent

# From the bottom up. Modules on one line are siblings, which do not import each other.
LAYERS = [
    "errors version",
    "tree config",
    "tracebacks",
    "graph",
    "rules",
    "trace",
    "watch",
    "diff optimize",
    "codegen",
    "run",
    "diagnose",
    "extend wengert",  # the public API: extend.py and __init__.py
    "numpy scipy nn optim show plot distributed testing interop",  # edges
    "tour",  # what the command line shows: it and cli may import all
    "cli",
]
HEIGHT = {name: height for height, line in enumerate(LAYERS) for name in line.split()}
EDGES = set(LAYERS[-3].split())
PUBLIC = {"wengert", "extend", "errors", "version", "tree", "config", "diagnose"}  # what an edge may import, besides its own files

OPTIONAL = {"scipy", "matplotlib", "typer", "rich", "llvmlite", "dask"}
REQUIRED = {"numpy", "optree"} | sys.stdlib_module_names
MAY_NEED_OPTIONAL = {"rules/scipy", "codegen/llvm", "tour", "cli"} | EDGES


def part_of(module: str) -> str:
    """The part of the library that a dotted module name belongs to: `rules` for `wengert.rules.numpy.fft`."""
    names = module.split(".")
    return names[1] if len(names) > 1 else names[0]


def imports_of(node: ast.AST, parts: set[str]) -> Iterator[str]:
    """The dotted names of the modules that an import statement loads. `from wengert import tree` loads wengert.tree."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module == "wengert":
        yield from (f"wengert.{alias.name}" if alias.name in parts else "wengert" for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


def inside_functions(tree: ast.AST) -> set[ast.AST]:
    """Every node that runs when a function is called, not when the file is imported."""
    functions = [f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    return {node for function in functions for node in ast.walk(function)}


def complaints(package: Path) -> Iterator[str]:
    """Every import of a package that points up or sideways, hides in a function, is relative, or needs too much."""
    parts = {path.stem for path in package.iterdir() if path.stem != "__init__"}
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(package)
        here = file.with_suffix("").parts[0]
        here = {"__init__": "wengert", "__main__": "cli"}.get(here, here)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        lazy = inside_functions(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                yield f"{file}:{node.lineno}: a relative import"
                continue
            for module in imports_of(node, parts):
                top, there = module.split(".")[0], part_of(module)
                if reason := objection(file.as_posix(), here, top, there, lazy=node in lazy):
                    yield f"{file}:{node.lineno}: {reason.format(module=module)}"


def objection(file: str, here: str, top: str, there: str, *, lazy: bool) -> str | None:
    """Why this import may not stand here, if it may not."""
    if lazy and not (here in EDGES | {"tour", "cli"} and top in OPTIONAL):
        return "{module} is imported inside a function; only an edge may do so, for an optional dependency"
    if top in OPTIONAL and not any(file.startswith((f"{part}/", f"{part}.")) for part in MAY_NEED_OPTIONAL):
        return "{module} is an optional dependency, which this part must do without"
    if top != "wengert":
        return None if top in REQUIRED | OPTIONAL else "{module} is not a dependency"
    if here == there:
        return None
    if there not in HEIGHT:
        return "{module} is in no layer: add it to LAYERS"
    if here in EDGES:
        return None if there in PUBLIC else "an edge may import the public API, not {module}"
    return None if HEIGHT[there] < HEIGHT[here] else "{module} is not below this part"


def test_imports_point_down():
    assert not list(complaints(PACKAGE))


def test_every_part_has_a_layer():
    parts = {path.relative_to(PACKAGE).with_suffix("").parts[0] for path in PACKAGE.rglob("*.py")}
    assert parts - {"__init__", "__main__"} <= HEIGHT.keys()


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("trace/tape.py", "import wengert.diff.reverse", "wengert.diff.reverse is not below this part"),
        ("trace/tape.py", "from wengert import grad", "wengert is not below this part"),
        ("trace/tape.py", "from wengert import tree", None),
        ("trace/tape.py", "from wengert.trace.tensor import Tensor", None),
        ("trace/tape.py", "from .tensor import Tensor", "a relative import"),
        ("trace/tape.py", "def f():\n    import numpy", "numpy is imported inside a function"),
        ("trace/tape.py", "import scipy", "scipy is an optional dependency"),
        ("trace/tape.py", "import attrs", "attrs is not a dependency"),
        ("diff/reverse.py", "import wengert.optimize.pipeline", "wengert.optimize.pipeline is not below this part"),
        ("rules/scipy/special.py", "import scipy.special", None),
        ("optim.py", "from wengert import grad", None),
        ("optim.py", "from wengert.trace.tape import Tape", "an edge may import the public API"),
        ("optim.py", "import wengert.plot", "an edge may import the public API"),
        ("plot.py", "def f():\n    import matplotlib.pyplot", None),
        ("cli.py", "from wengert.plot import curve", None),
        ("tour/curve.py", "from wengert.plot import curve", None),
        ("__init__.py", "from wengert.diff.reverse import grad", None),
        ("__init__.py", "from wengert.optim import descend", "wengert.optim is not below this part"),
    ],
)
def test_the_check_sees(tmp_path, file, line, complaint):
    for part in ("tree.py", "trace/tape.py", "diff/reverse.py", file):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).touch()
    (tmp_path / file).write_text(line)
    found = list(complaints(tmp_path))
    assert [complaint in text for text in found] == [True] if complaint else not found


def test_importing_wengert_loads_no_optional_dependency():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, wengert; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert not OPTIONAL & set(loaded.stdout.split())
