"""Python's `statistics` while a function is traced: its own values, errors and kinds of numbers, with NumPy's derivatives.

statistics.mean([x[0], 2.0])      what it gives for the plain values, traced

Loaded when the user's code has loaded `statistics` (rules/declare.py).
"""

import functools
import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.rules.vocabulary import astype, bottom
from wengert.trace.operators import of_python
from wengert.trace.substitute.create import gathered, iterable, plain, traced
from wengert.trace.substitute.names import module, stand


def of_statistics(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `statistics`: the derivative is ours, the value its own, which is rounded once."""

    @functools.wraps(real)
    def call(data: Any, *args: Any, **kwargs: Any) -> Any:
        data, args, kwargs = list(data), tuple(map(kept, args)), {k: kept(v) for k, v in kwargs.items()}
        if not traced(data, *args, *kwargs.values()):
            return real(data, *args, **kwargs)
        value = real(plain(data), *map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
        y = ours(gathered(data, float), *args, **kwargs)
        y = y + np.nan_to_num(
            float(value) - float(bottom(y)), nan=0.0, posinf=0.0, neginf=0.0
        )  # of infinities no difference is left
        return of_python(y) if type(value) is float else astype(y, np.dtype(type(value)))

    return call


def kept(a: Any) -> Any:
    """A list of what may be read once only."""
    return list(a) if iterable(a) else a


def weighted_mean(x: Any, weights: Any = None) -> Any:
    return np.mean(x) if weights is None else np.average(x, weights=gathered(weights, float))


def harmonic_mean(x: Any, weights: Any = None) -> Any:
    return 1.0 / weighted_mean(1.0 / x, weights)


def deviation(x: Any, center: Any, degrees: int) -> Any:
    """The root of the mean square; its derivative is 0 where all are equal."""
    return np.linalg.norm(x - (np.mean(x) if center is None else center)) / math.sqrt(degrees)


STATISTICS: dict[str, Callable[..., Any]] = {
    "mean": np.mean,
    "fmean": weighted_mean,
    "geometric_mean": lambda x: np.exp(np.mean(np.log(x))),
    "harmonic_mean": harmonic_mean,
    "pvariance": lambda x, mu=None: np.mean((x - (np.mean(x) if mu is None else mu)) ** 2),
    "variance": lambda x, xbar=None: np.sum((x - (np.mean(x) if xbar is None else xbar)) ** 2) / (len(x) - 1),
    "pstdev": lambda x, mu=None: deviation(x, mu, len(x)),
    "stdev": lambda x, xbar=None: deviation(x, xbar, len(x) - 1),
}
for name, ours in STATISTICS.items():
    real = getattr(statistics, name)
    stand(real, of_statistics(real, ours))
stand(statistics, module(statistics))
