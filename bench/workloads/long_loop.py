"""W9: x = 0.999 x + 0.001 sin(x), a hundred thousand times in a plain Python loop on one float.

What is timed is the cost of recording and differentiating one operation; the memory is that of the record.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

from bench.scenario import Answer, Function, Namespace, Scenario

STEPS = 100_000


def slow_sine(np: Namespace) -> Function:
    """The loop as anybody would write it."""

    def f(x: Any) -> Any:
        for _ in range(STEPS):
            x = 0.999 * x + 0.001 * np.sin(x)
        return x

    return f


def slow_sine_by_hand(x: float) -> tuple[float, float]:
    """The slope of the whole is the product of the slopes of the steps."""
    slope = 1.0
    for _ in range(STEPS):
        slope *= 0.999 + 0.001 * math.cos(x)
        x = 0.999 * x + 0.001 * math.sin(x)
    return x, slope


def slow_sine_in_jax(jax: ModuleType) -> Function:
    """A loop that JAX compiles as a loop; unrolled, this one does not compile in reasonable time."""

    def f(x: Any) -> Any:
        return jax.lax.fori_loop(0, STEPS, lambda _, x: 0.999 * x + 0.001 * jax.numpy.sin(x), x)

    return f


def slow_sine_in_tensorflow(tf: ModuleType) -> Function:
    """A loop that XLA compiles as a loop; the number of steps must be known for its gradient."""

    def f(x: Any) -> Any:
        def step(i: Any, x: Any) -> tuple[Any, Any]:
            return i + 1, 0.999 * x + 0.001 * tf.sin(x)

        return tf.while_loop(lambda i, x: i < STEPS, step, (0, x), maximum_iterations=STEPS)[1]

    return f


# Both numbers are the recurrences of `slow_sine_by_hand`, from x = 1, run with 50 decimal digits (mpmath, with the
# doubles nearest to 0.999 and 0.001 as constants). Rounding adds up over so many steps, hence the tolerance.
SCENARIOS = (
    Scenario(
        name="W9",
        says="x = 0.999 x + 0.001 sin(x), 100,000 times from 1, value and derivative",
        program=slow_sine,
        arguments=lambda: (1.0,),
        answer=lambda: Answer(0.17110554905341855, (0.0052577487517088141,)),
        by_hand=slow_sine_by_hand,
        variants={"jax-jit": slow_sine_in_jax, "tensorflow-jit": slow_sine_in_tensorflow},
        left_out={
            "jax": "about 1.6 ms a step without jit, so minutes a call",
            "tensorflow": "about 0.8 ms a step without a compiled loop, so more than a minute a call",
        },
        rtol=1e-10,
    ),
)
