"""JAX on the CPU in float64, op by op and under `jit`; arguments are JAX arrays, and a call waits for its result."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from bench.frameworks import Framework, Prepared
from bench.scenario import Function, Scenario

jax.config.update("jax_enable_x64", True)


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """`value_and_grad`, `hessian` or forward over reverse, jitted as a whole if compiled."""
    function = scenario.function(framework.name, jnp, jax)
    derivative = DERIVATIVES[scenario.task](function, scenario.argnums)
    if framework.compiled:
        derivative = jax.jit(derivative)
    arguments = [jnp.asarray(a) for a in scenario.arguments()]

    def call() -> Any:
        return jax.block_until_ready(derivative(*arguments))

    return Prepared(call, scenario.read)


def hvp(function: Function, argnums: int | tuple[int, ...]) -> Function:
    """Forward over reverse."""
    gradient = jax.grad(function, argnums)
    return lambda x, v: jax.jvp(gradient, (x,), (v,))[1]


DERIVATIVES = {"value and gradient": jax.value_and_grad, "hessian": jax.hessian, "hvp": hvp}
