"""Gradient descent on a function: x becomes x - rate * gradient.

>>> def bowl(p):
...     x, y = p
...     return x * x + 2 * y * y
>>> descend(bowl, (1.0, 1.0), 0.25)
(np.float64(0.5), np.float64(0.0))
"""

import operator
from collections.abc import Callable
from typing import Any

import wengert as wg
from wengert.optim.downhill import ascents, checked_rate, downhill


def descend(f: Callable[[Any], Any], x: Any, rate: float) -> Any:
    """x after one step downhill: x - rate * grad(f)(x).

    f takes one argument: a number, an array or any container of them; the new x has x's structure, shapes and dtypes.
    A function of several arguments is given them in a container: `descend(lambda p: g(*p), (x, y), 0.1)`. What has no
    derivative in a container (integers, strings) stays as it is. Raises ValueError for a rate that is negative,
    infinite or NaN, and what `wg.grad` raises.

    >>> import numpy as np
    >>> descend(lambda x: np.sum(x**2), np.array([1.0, -2.0]), 0.25)
    array([ 0.5, -1. ])
    """
    rate = checked_rate(rate)
    return downhill(x, ascents(x, wg.grad(f)(x)), rate)


def gradient_descent(
    f: Callable[[Any], Any],
    x0: Any,
    rate: float,
    steps: int,
    callback: Callable[[int, Any, Any], object] | None = None,
) -> list[Any]:
    """The path of that many steps downhill: a list of steps + 1 points, x0 first.

    `callback(k, x, value)` is called before step k = 0, 1, ... with the point and f's value there, which costs nothing
    more; it may raise StopIteration to end the path at x. f and x are as for `descend`.

    >>> def reached(k, x, value):
    ...     if value < 0.1:
    ...         raise StopIteration
    >>> [float(x) for x in gradient_descent(lambda x: x * x, 1.0, 0.25, steps=100, callback=reached)]
    [1.0, 0.5, 0.25]
    """
    rate, steps = checked_rate(rate), operator.index(steps)
    if steps < 0:
        raise ValueError(f"steps is {steps}, and a path has zero or more.")
    value_and_grad, path = wg.value_and_grad(f), [x0]
    for k in range(steps):
        x = path[-1]
        value, gradient = value_and_grad(x)
        if callback is not None:
            try:
                callback(k, x, value)
            except StopIteration:
                break
        path.append(downhill(x, ascents(x, gradient), rate))
    return path
