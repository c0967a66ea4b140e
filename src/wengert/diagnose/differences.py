"""Derivatives from values alone: central differences, extrapolated to step zero.

    differences(lambda h: [np.sin(1.0 + h)])[0].value        cos(1) to about twelve digits

The error comes with the estimate: where a function jumps, is noisy, or leaves its domain, it is large, and so says itself
that nothing has been proved.

Source: C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Curve = Callable[[float], Sequence[Any]]


@dataclass(frozen=True)
class Estimate:
    """A derivative, and how far it may be off, element by element."""

    value: Any
    error: Any


def differences(curve: Curve, step: float = 1e-2, levels: int = 9, enough: float = 1e-10) -> list[Estimate]:
    """The derivative at 0 of a curve (a number -> a list of arrays): an `Estimate` for each of its arrays.

    Steps are halved from `step` on, at most `levels` times, until every error is below `enough`, relative to the largest element.

    >>> import math
    >>> (sine,) = differences(lambda h: [np.sin(1.0 + h)])
    >>> bool(abs(sine.value - math.cos(1.0)) < 1e-10)
    True
    """
    rows: list[list[Any]] = []  # rows[k][j] combines steps k-j .. k, so that errors of order h**2 .. h**(2 j) cancel
    best: list[Estimate] = []
    for level in range(levels):
        h = step / 2**level
        values = curve(h)
        ahead, behind = wide(values), wide(curve(-h))
        with np.errstate(all="ignore"):
            row = [[(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)]]
            noise = [resolution(v) * (np.abs(a) + np.abs(b)) / h for v, a, b in zip(values, ahead, behind, strict=True)]
            best = best or [Estimate(d, np.full(np.shape(d), np.inf)) for d in row[0]]
            for j in range(1, level + 1):
                better = [d + (d - c) / (4**j - 1) for d, c in zip(row[j - 1], rows[-1][j - 1], strict=True)]
                steps = zip(better, row[j - 1], rows[-1][j - 1], strict=True)
                errors = [np.maximum(np.abs(e - d), np.abs(e - c)) + n for (e, d, c), n in zip(steps, noise, strict=True)]
                best = [closer(old, Estimate(d, e)) for old, d, e in zip(best, better, errors, strict=True)]
                row.append(better)
        rows.append(row)
        if level >= 2 and all(np.all(b.error <= enough * largest(b.value)) for b in best):
            break
    return best


def bends(curve: Curve, step: float = 1e-3) -> list[Any]:
    """Where a curve has a kink at 0: the slopes ahead and behind differ by the same however small the step."""
    values = curve(0.0)
    here = wide(values)

    def gap(h: float) -> list[Any]:
        return [np.abs((a - y) + (b - y)) / h for a, y, b in zip(wide(curve(h)), here, wide(curve(-h)), strict=True)]

    with np.errstate(all="ignore"):
        noise = [100 * resolution(v) * (1.0 + np.abs(y)) / step for v, y in zip(values, here, strict=True)]
        return [
            (near > far / 4) & (near < far * 4) & (near > n) for far, near, n in zip(gap(step), gap(step / 16), noise, strict=True)
        ]


def closer(old: Estimate, new: Estimate) -> Estimate:
    """The better of two estimates, element by element."""
    take = new.error < old.error  # False where new is NaN
    return Estimate(np.where(take, new.value, old.value), np.where(take, new.error, old.error))


def wide(values: Sequence[Any]) -> list[Any]:
    """The values as arrays in which they can be subtracted without further loss."""
    return [np.asarray(v).astype(np.result_type(v, np.float64)) for v in values]


def resolution(value: Any) -> float:
    return float(np.finfo(np.result_type(value)).eps)


def largest(a: Any) -> Any:
    """The largest magnitude of an array, 0 of an empty one."""
    size = np.abs(a)
    return np.max(size, initial=0.0, where=np.isfinite(size))
