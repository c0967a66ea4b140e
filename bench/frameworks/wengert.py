"""Wengert, eager and compiled: plain NumPy programs and plain NumPy arguments."""

from __future__ import annotations

from functools import partial

import numpy as np

import wengert as wg
from bench.frameworks import Framework, Prepared
from bench.scenario import NotAvailable, Scenario

DERIVATIVES = {
    "value and gradient": lambda f, argnums: wg.value_and_grad(f, argnums),
    "hessian": lambda f, argnums: wg.hessian(f, argnums),
    "hvp": lambda f, argnums: wg.hvp(f),
}


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """`value_and_grad`, `hessian` or `hvp` of the program, jitted as a whole if compiled."""
    function = scenario.function(framework.name, np, wg)
    derivative = DERIVATIVES[scenario.task](function, scenario.argnums)
    if framework.compiled:
        if not hasattr(wg, "jit"):
            raise NotAvailable("this version of wengert has no jit")
        derivative = wg.jit(derivative)
    return Prepared(partial(derivative, *scenario.arguments()), scenario.read)
