"""What is differentiated, and how: the rows as a table, beside all that NumPy has.

    print(coverage("numpy.linalg"))
    [line.name for line in coverage() if line.state == "missing"]

The table is read from the rows when it is asked for; nothing is written twice.
"""

import inspect
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import groupby
from types import ModuleType
from typing import Any

import numpy as np

from wengert.rules import declare
from wengert.rules.declare import NOT_YET
from wengert.rules.row import Row
from wengert.rules.verbs import Composite, Constant, Elementwise, Fresh, Linear, Multilinear, Pair

VERBS = (Elementwise, Linear, Multilinear, Pair, Constant, Fresh, Composite)
COLUMNS = ("function", "derivative", "modes", "order", "batched", "declared in", "note")
RULE = ("---",) * len(COLUMNS)


@dataclass(frozen=True)
class Line:
    """One function: `state` is its row's verb, "twin", "not yet" or "missing"; the columns after it are empty without a row."""

    name: str
    state: str
    modes: str = ""
    order: str = ""
    batch: str = ""
    where: str = ""
    note: str = ""


@dataclass(frozen=True, repr=False)
class Coverage:
    """Lines, one a function, that print as a table; `lines` holds them, and so does a loop."""

    lines: tuple[Line, ...]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __str__(self) -> str:
        rows = [COLUMNS, *map(astuple, self.lines)]
        widths = [max(len(row[k]) for row in rows) for k in range(len(COLUMNS))]
        table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join([*table, "", self.summary()])

    __repr__ = __str__

    def summary(self) -> str:
        """How many functions there are in each state, in a sentence."""
        counts = Counter(line.state for line in self)
        states = [verb.__name__.lower() for verb in VERBS] + ["twin", "not yet", "missing"]
        return f"{len(self)} functions: " + ", ".join(f"{counts[state]} {state}" for state in states if counts[state])

    def to_markdown(self) -> str:
        """The table in Markdown, a section for each module; of where a row stands, the line is left out: it moves."""
        modules = groupby(self, lambda line: line.name.rpartition(".")[0])
        return "\n".join(section(module, Coverage(tuple(lines))) for module, lines in modules)


def section(module: str, part: Coverage) -> str:
    rows = [(f"`{line.name}`", *astuple(line)[1:5], line.where.split(":")[0], line.note) for line in part]
    table = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (COLUMNS, RULE, *rows)]
    return "\n".join([f"## {module}", "", f"{part.summary()}.", "", *table, ""])


def coverage(*names: str) -> Coverage:
    """What is differentiated of NumPy, its `linalg` and `fft`, and of `scipy.special` once that is imported.

    A name chooses: "numpy.linalg" all of that module, "numpy.linalg.inv" one function. Each line says by which verb the
    function is declared and where, in which modes it has derivatives and of which order, how it is batched, and what
    else there is to know. Raises ValueError for a name that chooses nothing.

    >>> import wengert as wg
    >>> print(wg.coverage("numpy.arctan2", "numpy.linalg.inv"))
    function          derivative   modes  order  batched    declared in...
    numpy.arctan2     elementwise  both   any    broadcast  wengert.rules.numpy.exponential:...
    numpy.linalg.inv  pair         both   any    stacked    wengert.rules.numpy.linalg.solutions:...
    <BLANKLINE>
    2 functions: 1 elementwise, 1 pair
    >>> {line.name for line in wg.coverage("numpy.linalg") if line.state == "constant"}
    {'numpy.linalg.matrix_rank'}
    """
    functions = {f"{module.__name__}.{name}": f for module in namespaces() for name, f in public(module)}
    for name in names:
        if not any(chosen(full, name) for full in functions):
            raise ValueError(f"no function is called {name}, or is in it; there are {known_namespaces()}.")
    return Coverage(
        tuple(line_of(full, f) for full, f in functions.items() if not names or any(chosen(full, name) for name in names))
    )


def namespaces() -> list[ModuleType]:
    """NumPy's, and those of SciPy that somebody has imported."""
    special = sys.modules.get("scipy.special")
    return [np, np.linalg, np.fft, *([] if special is None else [special])]


def known_namespaces() -> str:
    names = ", ".join(module.__name__ for module in namespaces())
    return names if "scipy" in names else f"{names}, and scipy.special once it is imported"


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The functions and ufuncs of a module, by name; no classes, and not the function that tests the module."""
    for name in sorted(module.__all__):
        f = getattr(module, name)
        if callable(f) and not isinstance(f, type) and name != "test" and name[0] != "_":  # NumPy 2.0 lists some of those too
            yield name, f


def chosen(full: str, name: str) -> bool:
    return full == name or full.startswith(name + ".")


def line_of(name: str, f: Any) -> Line:
    """What there is to say of one function."""
    declare.load_late()
    row = row_or_none(f)
    if row is None and f in declare.TWINS:
        return Line(name, "twin", "both", "any", "as defined", declare.TWINS[f].__module__)
    if row is None and f in NOT_YET:
        return Line(name, "not yet", note=NOT_YET[f])
    if row is None:
        return Line(name, "missing", note="plain Python" if inspect.isfunction(f) else "")
    batch = "as defined" if isinstance(row, Composite) else row.batch
    return Line(name, verb(row), modes(row), "any", batch, row.where, held(row))


def row_or_none(f: Any) -> Row | None:
    """The row of a function, or of what it wraps (SciPy's ufuncs, when they answer to the Array API)."""
    return declare.ROWS.get(f) or declare.ROWS.get(getattr(f, "__wrapped__", None))


def verb(row: Row) -> str:
    return next(kind.__name__.lower() for kind in VERBS if isinstance(row, kind))


def modes(row: Row) -> str:
    """In which modes there is a derivative: of a constant it is zero in both."""
    return "zero" if isinstance(row, Constant | Fresh) else "both"


def held(row: Row) -> str:
    """Which operands of an elementwise row must be constant."""
    places = [str(i) for i, d in enumerate(row.partials) if d is None] if isinstance(row, Elementwise) else []
    return f"not by argument {', '.join(places)}" if places else ""
