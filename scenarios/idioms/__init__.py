"""Idioms: what people write in NumPy, a few lines each, as they write it.

A module is a category, and its docstring says of what. In it each function with a docstring is an idiom: the first line is its title,
its defaults are the arguments by which it is differentiated (keyword-only ones are left alone). Whether it works, or is loud, is
found by running it (verdict.py); only what must work is marked, in PROMISED. `f_instead` is what to write where f is loud.

    python -m scenarios.idioms > docs/what-works.md
"""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

MODULES = """
writing views outside_arrays reuse creating whole_arrays linear_algebra singular_points types_of_numbers random_draws
plain_python control_flow functions containers classes text scipy_calls long_computations
""".split()
INSTEAD = "_instead"


@dataclass(frozen=True)
class Idiom:
    """A function, the order to which its derivatives are held against differences, and what to write where it is loud."""

    f: Callable[..., Any]
    order: int
    promised: bool
    instead: Callable[..., Any] | None

    @property
    def name(self) -> str:
        return f"{self.f.__module__.rpartition('.')[2]}.{self.f.__name__}"

    @property
    def title(self) -> str:
        return title(self.f)


@dataclass(frozen=True)
class Category:
    """The idioms of a module, in their order."""

    module: ModuleType
    idioms: tuple[Idiom, ...]

    @property
    def title(self) -> str:
        return title(self.module).partition(":")[0].rstrip(".")


def categories() -> list[Category]:
    modules = [importlib.import_module(f"{__name__}.{name}") for name in MODULES]
    return [Category(module, tuple(idioms(module))) for module in modules]


def idioms(module: ModuleType) -> list[Idiom]:
    first, promised = getattr(module, "FIRST_ORDER", ()), getattr(module, "PROMISED", ())
    found = {name: f for name, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__ and f.__doc__}
    return [Idiom(f, 1 if f in first else 2, f in promised, found.get(name + INSTEAD)) for name, f in found.items()]


def title(x: Any) -> str:
    """The first line of a docstring."""
    return x.__doc__.strip().partition("\n")[0]
