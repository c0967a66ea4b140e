"""Every scenario, in the order of the table; `chosen` reads names as `--only` does ("W10" is both rows of W10)."""

from __future__ import annotations

from bench.scenario import Scenario
from bench.workloads import filling, long_loop, matmul, rosenbrock, scalars

SCENARIOS: tuple[Scenario, ...] = (
    *scalars.SCENARIOS,
    *matmul.SCENARIOS,
    *long_loop.SCENARIOS,
    *rosenbrock.SCENARIOS,
    *filling.SCENARIOS,
)


def named(scenario: str) -> Scenario:
    """The scenario of that exact name."""
    return next(s for s in SCENARIOS if s.name == scenario)


def chosen(scenario: str, names: list[str]) -> bool:
    """Whether a row was asked for: by its name, or by the first word of it; an empty list asks for all."""
    return not names or scenario in names or scenario.split()[0] in names
