"""The report: a table for people, and the same results as a dictionary for JSON."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.frameworks import Framework
from bench.run import Cell
from bench.settings import Settings

Results = Mapping[str, Mapping[str, Cell]]  # row, then column
UNITS = ((1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (float("inf"), 1.0, "s"))
RATIOS = {"ours/fastest": False, "eager/eager": True}  # heading: compiled columns left out


def table(results: Results, frameworks: Sequence[Framework]) -> str:
    """Two lines for each row, the median and below it the first call; then what the cells without times mean."""
    lines = [["", *(f.name for f in frameworks), *RATIOS]]
    for name, row in results.items():
        cells = [row[f.name] for f in frameworks]
        ratios = [ratio_text(ratio(row, frameworks, eager)) for eager in RATIOS.values()]
        lines.append([name, *map(steady, cells), *ratios])
        if any(cell.first is not None for cell in cells):
            lines.append(["  first", *(duration(cell.first) for cell in cells), *("" for _ in RATIOS)])
    return "\n".join([*aligned(lines), "", *growths(results, frameworks), *notes(results)])


def growths(results: Results, frameworks: Sequence[Framework]) -> list[str]:
    """Of rows that differ in size alone (`fill 1e3`, `fill 1e4`), how many times longer each framework takes from one to the next."""
    lines = []
    for small, large in zip(results, list(results)[1:], strict=False):
        if small[:-1] == large[:-1] and small[-1].isdigit():
            pairs = [(f.name, results[small][f.name].median, results[large][f.name].median) for f in frameworks]
            times = [f"{name} {b / a:.1f}" for name, a, b in pairs if a is not None and b is not None]
            lines.append(f"from {small} to {large}, times longer: {', '.join(times) or '-'}")
    return lines


def steady(cell: Cell) -> str:
    """The median, or in a word why there is none."""
    if cell.state == "timed":
        return duration(cell.median)
    return "-" if cell.state == "missing" else cell.state


def duration(seconds: float | None) -> str:
    """Three digits and a unit."""
    if seconds is None:
        return "-"
    scale, unit = next((scale, unit) for bound, scale, unit in UNITS if abs(seconds) < bound)
    number = seconds * scale
    digits = 0 if abs(number) >= 99.95 else 1 if abs(number) >= 9.995 else 2
    return f"{number:.{digits}f} {unit}"


def ratio(row: Mapping[str, Cell], frameworks: Sequence[Framework], eager: bool) -> tuple[float, str] | None:
    """Our fastest median over the fastest peer's, and that peer's name; None where one of them is missing."""
    columns = [(f.role, f.name, row[f.name].median) for f in frameworks if not (eager and f.compiled)]
    ours = [median for role, _, median in columns if role == "ours" and median is not None]
    peers = [(median, name) for role, name, median in columns if role == "peer" and median is not None]
    if not ours or not peers:
        return None
    fastest, name = min(peers)
    return min(ours) / fastest, name


def ratio_text(found: tuple[float, str] | None) -> str:
    """Below 1 we are faster; the peer is named."""
    return "-" if found is None else f"{found[0]:.2f} {found[1]}"


def aligned(lines: list[list[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join([line[0].ljust(widths[0]), *(text.rjust(w) for text, w in zip(line[1:], widths[1:], strict=True))]).rstrip()
        for line in lines
    ]


def notes(results: Results) -> list[str]:
    """One line for each reason, with the columns and rows that it concerns."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for row, cells in results.items():
        for column, cell in cells.items():
            if cell.state != "timed":
                rows.setdefault((column, cell.state, cell.reason), []).append(row)
    columns: dict[tuple[str, ...], list[str]] = {}
    for (column, state, reason), where in rows.items():
        columns.setdefault((", ".join(where), state, reason), []).append(column)
    return [f"{', '.join(names)} at {where}: {state}: {reason}" for (where, state, reason), names in columns.items()]


def load() -> str:
    """How busy the machine was: above one for each processor, somebody else's work is in the times."""
    return f"load of the last 1, 5, 15 minutes: {os.getloadavg()}, processors: {os.cpu_count()}"


def as_dictionary(results: Results, frameworks: Sequence[Framework], settings: Settings) -> dict[str, Any]:
    """Everything that was measured, seconds throughout, with the versions and settings that it was measured with."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "load": os.getloadavg(),
        "processors": os.cpu_count(),
        "versions": {module: version for f in frameworks if (version := installed(module := f.module))},
        "settings": asdict(settings),
        "results": {
            row: {column: asdict(cell) | {"median": cell.median} for column, cell in cells.items()}
            for row, cells in results.items()
        },
        "ratios": {
            row: {heading: ratio(cells, frameworks, eager) for heading, eager in RATIOS.items()} for row, cells in results.items()
        },
    }


def installed(module: str) -> str | None:
    """The version of the distribution that provides a module, which may have another name; None for a source tree."""
    distributions = importlib.metadata.packages_distributions().get(module, [])
    return importlib.metadata.version(distributions[0]) if distributions else None
