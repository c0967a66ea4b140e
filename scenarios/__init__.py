"""Programs of the field, as a scientist writes them: `import numpy as np`, and nothing of Wengert inside.

    import scenarios

    for name in scenarios.NAMES:
        scenario = scenarios.load(name)
        scenario.program(*scenario.arguments)      # one real number

Each is a file of this folder that ends in `program`, a function of one or more arguments (arrays, floats, containers of them) whose
result depends smoothly on them, and `arguments`, where it stands. `known`, where there is one, is the published or analytic value, and
`accuracy` how near the program comes to it, relatively.
Tests, benchmarks and docs read them from here.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg))


@dataclass(frozen=True)
class Scenario:
    """A program, arguments for it, and its value there, if somebody has published or derived it, with how near the program comes."""

    name: str
    program: Callable[..., Any]
    arguments: tuple[Any, ...]
    known: float | None = None
    accuracy: float = 1e-9

    @property
    def path(self) -> Path:
        """The file that it is written in."""
        return Path(__file__).with_name(f"{self.name}.py")


def load(name: str) -> Scenario:
    """The scenario of this name, one of NAMES."""
    module = importlib.import_module(f"{__name__}.{name}")
    given = {key: getattr(module, key) for key in ("known", "accuracy") if hasattr(module, key)}
    return Scenario(name, module.program, module.arguments, **given)
