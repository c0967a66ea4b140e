"""Run the benchmarks and print one table.

All of it: `python -m bench`. A part: `python -m bench --only W1,W10 --frameworks wengert,torch --quick`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.frameworks import FRAMEWORKS, Framework
from bench.imports import NAME as IMPORTS
from bench.imports import SAYS as IMPORTS_SAYS
from bench.imports import measure_imports
from bench.run import Cell, measure
from bench.settings import FULL, QUICK, Settings
from bench.table import as_dictionary, load, table
from bench.workloads import SCENARIOS, chosen

ROWS = {scenario.name: scenario.says for scenario in SCENARIOS} | {IMPORTS: IMPORTS_SAYS}
COLUMNS = {framework.name: framework for framework in FRAMEWORKS}


def main() -> int:
    """The exit status is 1 if one of our own cells is wrong or an error."""
    options = parsed()
    frameworks = [COLUMNS[name] for name in options.frameworks] or list(FRAMEWORKS)
    rows = [name for name in ROWS if chosen(name, options.only)]
    settings = QUICK if options.quick else FULL
    results = measured(rows, frameworks, settings)
    print(table(results, frameworks))
    print("\n".join(["", *(f"{name}: {ROWS[name]}" for name in rows), "", load()]))
    if options.json:
        report = as_dictionary(results, frameworks, settings)
        options.json.write_text(json.dumps(report, ensure_ascii=False) + "\n", encoding="utf-8")
    states = {results[row][f.name].state for row in rows for f in frameworks if f.role == "ours"}
    return int(not states.isdisjoint({"wrong", "error"}))


def parsed() -> argparse.Namespace:
    """The options; names that do not exist end the program here."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Wengert and its peers, measured in one run.")
    parser.add_argument("--only", type=names, default=[], metavar="W1,W10", help=f"rows: {', '.join(ROWS)}")
    parser.add_argument("--frameworks", type=names, default=[], metavar="A,B", help=f"columns: {', '.join(COLUMNS)}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples to FILE too")
    options = parser.parse_args()
    for name in options.only:
        if not any(chosen(row, [name]) for row in ROWS):
            parser.error(f"no row is called {name}; there are {', '.join(ROWS)}")
    for name in options.frameworks:
        if name not in COLUMNS:
            parser.error(f"no framework is called {name}; there are {', '.join(COLUMNS)}")
    return options


def names(text: str) -> list[str]:
    """What stands between the commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def measured(rows: list[str], frameworks: list[Framework], settings: Settings) -> dict[str, dict[str, Cell]]:
    """The cells of each row, told on standard error as they come."""
    scenarios = {scenario.name: scenario for scenario in SCENARIOS}
    results = {}
    for name in rows:
        print(f"{name} …", file=sys.stderr, flush=True)
        if name == IMPORTS:
            results[name] = measure_imports(frameworks, settings)
        else:
            results[name] = measure(scenarios[name], frameworks, settings)
    return results


if __name__ == "__main__":
    sys.exit(main())
