"""I: what `import framework` costs beyond NumPy's own import, in fresh processes that take turns."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Sequence

from bench.frameworks import Framework
from bench.run import ROOT, Cell
from bench.settings import Settings, environment

NAME = "I"
SAYS = "import time beyond NumPy's own, fresh processes (numpy: beyond an empty program)"


def measure_imports(frameworks: Sequence[Framework], settings: Settings) -> dict[str, Cell]:
    """A cell for each framework; frameworks that share a module share its cell. A sample is one round's difference."""
    modules = list(dict.fromkeys(f.module for f in frameworks))
    cells = {m: first_import(m, settings) for m in modules}
    for _ in range(settings.import_rounds):
        empty, numpy = process_time("pass"), process_time("import numpy")
        for module in modules:
            if cells[module].state == "timed":
                alone = module == "numpy"
                cells[module].samples.append(numpy - empty if alone else process_time(program(module)) - numpy)
    return {f.name: cells[f.module] for f in frameworks}


def program(module: str) -> str:
    """NumPy first, so that the difference to NumPy alone is what the module adds."""
    return f"import numpy; import {module}"


def first_import(module: str, settings: Settings) -> Cell:
    """Import once, not counted: it fills the disk and bytecode caches, and shows whether the module imports at all."""
    if importlib.util.find_spec(module) is None:
        return Cell("missing", f"{module} is not installed")
    try:
        process_time(program(module), settings.limit)
    except subprocess.CalledProcessError as error:
        return Cell("error", error.stderr.strip().splitlines()[-1])
    return Cell("timed")


def process_time(source: str, limit: float | None = None) -> float:
    """Seconds from the start to the end of a new interpreter that runs `source`."""
    command, start = [sys.executable, "-c", source], time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit, cwd=ROOT, env=environment())
    return time.perf_counter() - start
