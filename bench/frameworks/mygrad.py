"""MyGrad: NumPy programs on its tensors, which are made once and reused by every call; first derivatives only."""

from __future__ import annotations

from typing import Any

import mygrad

from bench.frameworks import Framework, Prepared
from bench.scenario import Answer, NotAvailable, Scenario


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """One backward pass from the value."""
    if scenario.task != "value and gradient":
        raise NotAvailable("mygrad has first derivatives only")
    function = scenario.function(framework.name, mygrad, mygrad)
    arguments = list(scenario.arguments())
    for i in scenario.positions:
        arguments[i] = mygrad.tensor(arguments[i])
    variables = [arguments[i] for i in scenario.positions]

    def call() -> tuple[Any, list[Any]]:
        value = function(*arguments)
        value.backward()
        return value, [x.grad for x in variables]

    return Prepared(call, lambda result: Answer(result[0].data, tuple(result[1])))
