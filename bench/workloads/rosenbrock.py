"""W10: second derivatives of Rosenbrock's function, sum(100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2).

One row is a dense Hessian (n = 100), the other a Hessian-vector product (n = 10,000).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from bench.scenario import Answer, Function, Namespace, Scenario


def rosenbrock(np: Namespace) -> Function:
    """Of slices, without a loop."""

    def f(x: Any) -> Any:
        return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)

    return f


def bands_by_hand(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Diagonal and neighbours of the Hessian, which is tridiagonal."""
    diagonal = np.zeros_like(x)
    diagonal[:-1] = 1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0
    diagonal[1:] += 200.0
    return diagonal, -400.0 * x[:-1]


def hessian_by_hand(x: np.ndarray) -> np.ndarray:
    """The three bands written into the flat matrix."""
    diagonal, beside = bands_by_hand(x)
    h: np.ndarray = np.zeros((x.size, x.size))
    flat, step = h.reshape(-1), x.size + 1
    flat[::step] = diagonal
    flat[1::step] = beside
    flat[x.size :: step] = beside
    return h


def hvp_by_hand(x: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Three products with the bands."""
    diagonal, beside = bands_by_hand(x)
    hv: np.ndarray = diagonal * v
    hv[:-1] += beside * v[1:]
    hv[1:] += beside * v[:-1]
    return hv


def point(n: int) -> np.ndarray:
    """Somewhere about the minimum, which is at 1."""
    x: np.ndarray = 1.0 + 0.3 * np.cos(np.arange(n))
    return x


def direction(n: int) -> np.ndarray:
    """No symmetry with the point."""
    v: np.ndarray = np.sin(np.arange(n) + 0.5)
    return v


# The known answers are summed term by term in plain Python floats, not with the array code above. The term of i is
# 100 (b - a^2)^2 + (1 - a)^2 with a = x[i] and b = x[i+1]. Its second derivatives are 1200 a^2 - 400 b + 2 (a, a),
# -400 a (a, b) and 200 (b, b).
def known_value(x: list[float]) -> float:
    """The terms, added."""
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))


def known_hessian(x: list[float]) -> np.ndarray:
    """Each term adds a block of 2 x 2."""
    h = np.zeros((len(x), len(x)))
    for i, (a, b) in enumerate(pairwise(x)):
        h[i, i] += 1200 * a * a - 400 * b + 2
        h[i, i + 1] = h[i + 1, i] = -400 * a
        h[i + 1, i + 1] += 200
    return h


def known_hvp(x: list[float], v: list[float]) -> np.ndarray:
    """Each term adds its block times its two elements of v."""
    hv = [0.0] * len(x)
    for i, (a, b) in enumerate(pairwise(x)):
        hv[i] += (1200 * a * a - 400 * b + 2) * v[i] - 400 * a * v[i + 1]
        hv[i + 1] += 200 * v[i + 1] - 400 * a * v[i]
    return np.array(hv)


def hessian_answer() -> Answer:
    """Value and Hessian at the point of the first row."""
    x = point(100).tolist()
    return Answer(known_value(x), (known_hessian(x),))


def hvp_answer() -> Answer:
    """Value and product at the point and direction of the second row."""
    x = point(10_000).tolist()
    return Answer(known_value(x), (known_hvp(x, direction(10_000).tolist()),))


SCENARIOS = (
    Scenario(
        name="W10 hessian",
        says="Rosenbrock, dense Hessian, n = 100",
        program=rosenbrock,
        arguments=lambda: (point(100),),
        answer=hessian_answer,
        task="hessian",
        by_hand=hessian_by_hand,
    ),
    Scenario(
        name="W10 hvp",
        says="Rosenbrock, Hessian-vector product, n = 10,000",
        program=rosenbrock,
        arguments=lambda: (point(10_000), direction(10_000)),
        answer=hvp_answer,
        task="hvp",
        by_hand=hvp_by_hand,
    ),
)
