"""W4: sum(X @ Y), a 2x3 matrix times a 3x2 one, differentiated for the second."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.scenario import Answer, Function, Namespace, Scenario


def sum_of_product(np: Namespace) -> Function:
    """sum(X @ Y)."""

    def f(x: Any, y: Any) -> Any:
        return np.sum(x @ y)

    return f


def sum_of_product_by_hand(x: np.ndarray, y: np.ndarray) -> tuple[np.float64, np.ndarray]:
    """d/dY sum(X @ Y) = X.T @ ones."""
    product = x @ y
    return np.sum(product), x.T @ np.ones_like(product)


def factors() -> tuple[np.ndarray, np.ndarray]:
    """X and Y."""
    return np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([[0.5, -1.0], [1.5, 2.0], [-0.5, 1.0]])


# The columns of X sum to (5, 7, 9) and the rows of Y to (-0.5, 3.5, 0.5), so the value is
# 5(-0.5) + 7(3.5) + 9(0.5) = 26.5. d/dY[k, j] is the sum of column k of X, whatever j is.
SCENARIOS = (
    Scenario(
        name="W4",
        says="sum(X @ Y), 2x3 @ 3x2, value and gradient for Y",
        program=sum_of_product,
        arguments=factors,
        argnums=1,
        answer=lambda: Answer(26.5, (np.array([[5.0, 5.0], [7.0, 7.0], [9.0, 9.0]]),)),
        by_hand=sum_of_product_by_hand,
    ),
)
