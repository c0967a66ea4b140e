"""HIPS autograd: NumPy programs through `autograd.numpy`, plain NumPy arguments."""

from __future__ import annotations

from functools import partial

import autograd
import autograd.numpy as anp

from bench.frameworks import Framework, Prepared
from bench.scenario import Scenario

DERIVATIVES = {
    "value and gradient": autograd.value_and_grad,
    "hessian": autograd.hessian,
    "hvp": autograd.hessian_vector_product,
}


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """`value_and_grad`, `hessian` or `hessian_vector_product` of the program."""
    function = scenario.function(framework.name, anp, autograd)
    derivative = DERIVATIVES[scenario.task](function, scenario.argnums)
    return Prepared(partial(derivative, *scenario.arguments()), scenario.read)
