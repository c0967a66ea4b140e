"""The derivative as a careful person writes it, with NumPy or `math`; each scenario brings its own."""

from __future__ import annotations

from functools import partial

from bench.frameworks import Framework, Prepared
from bench.scenario import NotAvailable, Scenario


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """The scenario's own derivative."""
    if scenario.by_hand is None:
        raise NotAvailable("nobody has written this derivative by hand")
    return Prepared(partial(scenario.by_hand, *scenario.arguments()), scenario.read)
