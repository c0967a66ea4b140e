"""W1 and W2: a handful of operations on floats, so that what is timed is the cost of a call."""

from __future__ import annotations

import math
from typing import Any

from bench.scenario import Answer, Function, Namespace, Scenario


def exp_product_cos(np: Namespace) -> Function:
    """exp(a) - a*b + cos(b)."""

    def f(a: Any, b: Any) -> Any:
        return np.exp(a) - a * b + np.cos(b)

    return f


def exp_product_cos_by_hand(a: float, b: float) -> tuple[float, tuple[float, float]]:
    """d/da = exp(a) - b; d/db = -a - sin(b)."""
    e = math.exp(a)
    return e - a * b + math.cos(b), (e - b, -a - math.sin(b))


def shared_product(np: Namespace) -> Function:
    """(exp(a*b) + a*b*sin(c)) / c, with the product used twice."""

    def f(a: Any, b: Any, c: Any) -> Any:
        x4 = a * b
        x8 = np.exp(x4) + x4 * np.sin(c)
        return x8 / c

    return f


def shared_product_by_hand(a: float, b: float, c: float) -> tuple[float, tuple[float, float, float]]:
    """With p = a*b and y = (exp(p) + p sin(c)) / c: dy/dp = (exp(p) + sin(c)) / c; dy/dc = (p cos(c) - y) / c."""
    p, sine = a * b, math.sin(c)
    e = math.exp(p)
    y, dp = (e + p * sine) / c, (e + sine) / c
    return y, (dp * b, dp * a, (p * math.cos(c) - y) / c)


# W1 at (2, 4): exp(2) - 8 + cos(4), gradient (exp(2) - 4, -2 - sin(4)).
# W2 at (1, 2, pi/2): the product p is 2, the sine 1 and the cosine 0 (6e-17 for the double nearest to pi/2), so that
# y = (exp(2) + 2) / (pi/2), dy/dp = (exp(2) + 1) / (pi/2), and the gradient is (2 dy/dp, dy/dp, -y / (pi/2)).
HALF_PI = math.pi / 2
W2_VALUE = (math.exp(2) + 2) / HALF_PI
W2_SLOPE = (math.exp(2) + 1) / HALF_PI

SCENARIOS = (
    Scenario(
        name="W1",
        says="exp(a) - a*b + cos(b) at (2, 4), value and both derivatives",
        program=exp_product_cos,
        arguments=lambda: (2.0, 4.0),
        argnums=(0, 1),
        answer=lambda: Answer(math.exp(2) - 8 + math.cos(4), (math.exp(2) - 4, -2 - math.sin(4))),
        by_hand=exp_product_cos_by_hand,
    ),
    Scenario(
        name="W2",
        says="x4 = a*b, x8 = exp(x4) + x4*sin(c), x8/c at (1, 2, pi/2), value and three derivatives",
        program=shared_product,
        arguments=lambda: (1.0, 2.0, HALF_PI),
        argnums=(0, 1, 2),
        answer=lambda: Answer(W2_VALUE, (2 * W2_SLOPE, W2_SLOPE, -W2_VALUE / HALF_PI)),
        by_hand=shared_product_by_hand,
    ),
)
