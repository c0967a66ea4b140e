"""NumPy alone: the value, without a derivative; the floor that any derivative stands on."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.frameworks import Framework, Prepared
from bench.scenario import Answer, Scenario


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """The program itself, without its direction if it has one."""
    arguments = scenario.arguments()
    point = arguments[:-1] if scenario.task == "hvp" else arguments
    function = scenario.function(framework.name, np, np)
    return Prepared(partial(function, *point), lambda value: Answer(value, None))
