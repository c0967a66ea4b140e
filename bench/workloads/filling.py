"""Filling an array one element at a time: how the cost grows with the array.

Ten times the elements should take about ten times the time. Where a write copies the array, or a read of one element makes a
gradient of them all, it is a hundred times.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.scenario import Answer, Function, Namespace, Scenario


def filling(np: Namespace) -> Function:
    """An array of squares, as anybody would fill it."""

    def f(x: Any) -> Any:
        z = np.zeros_like(x)
        for i in range(len(x)):
            z[i] = x[i] * x[i]
        return np.sum(z)

    return f


def filling_by_hand(x: np.ndarray) -> tuple[float, np.ndarray]:
    """The loop again, with the derivative of each element beside it."""
    z, slope = np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        z[i] = x[i] * x[i]
        slope[i] = 2 * x[i]
    return np.sum(z), slope


def points(n: int) -> np.ndarray:
    """1/n, 2/n, ..., 1."""
    return np.arange(1, n + 1) / n


IMMUTABLE = "its arrays cannot be written"


def scenario(exponent: int) -> Scenario:
    """The row of 10**exponent elements. Its value is the sum of the first squares, n (n + 1) (2 n + 1) / 6, over n**2."""
    n = 10**exponent
    return Scenario(
        name=f"fill 1e{exponent}",
        says=f"z[i] = x[i]*x[i] for {n:,} elements one by one, value and gradient of the sum",
        program=filling,
        arguments=lambda: (points(n),),
        answer=lambda: Answer((n + 1) * (2 * n + 1) / (6 * n), (2 * points(n),)),
        by_hand=filling_by_hand,
        left_out={
            **dict.fromkeys(("autograd", "jax", "jax-jit", "tensorflow", "tensorflow-jit"), IMMUTABLE),
            "casadi": "its symbols have no len()",
        },
    )


SCENARIOS = tuple(map(scenario, (3, 4, 5)))
