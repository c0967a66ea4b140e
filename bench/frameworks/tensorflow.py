"""TensorFlow on the CPU in float64, op by op and compiled by XLA; arguments are constants made once."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import tensorflow as tf

from bench.frameworks import Framework, Prepared
from bench.scenario import Function, Scenario

# TensorFlow's functions under NumPy's names.
NAMES = SimpleNamespace(exp=tf.exp, sin=tf.sin, cos=tf.cos, sum=tf.reduce_sum)


def prepare(scenario: Scenario, framework: Framework) -> Prepared:
    """Gradient tapes around the program, as one XLA function if compiled."""
    function = scenario.function(framework.name, NAMES, tf)
    derivative = DERIVATIVES[scenario.task](function, scenario.argnums)
    if framework.compiled:
        derivative = tf.function(derivative, jit_compile=True)
    arguments = [tf.constant(a, tf.float64) for a in scenario.arguments()]
    return Prepared(partial(derivative, *arguments), scenario.read)


def value_and_gradient(function: Function, argnums: int | tuple[int, ...]) -> Function:
    """Reverse mode."""

    def derivative(*arguments: Any) -> tuple[Any, Any]:
        chosen = [arguments[i] for i in argnums] if isinstance(argnums, tuple) else arguments[argnums]
        with tf.GradientTape() as tape:
            tape.watch(chosen)
            value = function(*arguments)
        return value, tape.gradient(value, chosen)

    return derivative


def hessian(function: Function, _: int | tuple[int, ...]) -> Function:
    """The Jacobian of the gradient, all rows at once."""
    gradient = value_and_gradient(function, 0)

    def derivative(x: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            slope = gradient(x)[1]
        return tape.jacobian(slope, x)

    return derivative


def hvp(function: Function, _: int | tuple[int, ...]) -> Function:
    """Reverse over reverse: a ForwardAccumulator took 10 times as long on W10 (4 times under XLA)."""
    gradient = value_and_gradient(function, 0)

    def derivative(x: Any, v: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(x)
            slope = gradient(x)[1]
        return tape.gradient(slope, x, output_gradients=v)

    return derivative


DERIVATIVES = {"value and gradient": value_and_gradient, "hessian": hessian, "hvp": hvp}
