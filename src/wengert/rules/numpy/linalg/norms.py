"""Norms of vectors and matrices, and the condition number, which is a ratio of them.

    wg.grad(np.linalg.norm)(x)      x / |x|, and 0 at 0

Norms that are the largest, the smallest or the sum of absolute values, or of singular values, are defined so; the others have a rule.
"""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from wengert.rules.declare import composite, pair
from wengert.rules.numpy.linalg._shared import inverted, ones_for_zeros
from wengert.rules.vocabulary import astype


def norm_definition(x, ord=None, axis=None, keepdims=False):
    """Norms by way of largest, smallest and summed absolute values, or of singular values; the others have a rule."""
    axes = norm_axes(x, axis)
    if ord is None or (len(axes) == 1 and ord not in (0, 1, math.inf, -math.inf)) or ord in ("fro", "f"):
        return NotImplemented
    if len(axes) == 1:
        size = np.abs(x)
        if ord == 0:
            return np.sum(np.not_equal(x, 0).astype(size.dtype), axis=axes, keepdims=keepdims)
        return {1: np.sum, math.inf: np.max, -math.inf: np.min}[ord](size, axis=axes, keepdims=keepdims)
    if len(axes) != 2 or ord not in MATRIX_NORMS:
        return NotImplemented  # NumPy says what is wrong with it
    rows, columns = axes
    if ord in (2, -2, "nuc"):
        y = MATRIX_NORMS[ord](np.linalg.svdvals(np.moveaxis(x, axes, (-2, -1))), axis=-1)
    else:
        first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
        y = MATRIX_NORMS[ord](np.sum(np.abs(x), axis=first), axis=second - (second > first))
    return np.expand_dims(y, axes) if keepdims else y


MATRIX_NORMS = {1: np.max, -1: np.min, math.inf: np.max, -math.inf: np.min, 2: np.max, -2: np.min, "nuc": np.sum}


def norm_axes(x, axis):
    """The axes of a norm, counted from the front."""
    n = np.ndim(x)
    return tuple(range(n)) if axis is None else normalize_axis_tuple(axis, n)


def norm_slope(y, x, ord, axis, keepdims):
    """dy/dx[i] = conj(x[i]) / |x[i]| (|x[i]| / y)**(p-1), which for p = 2 is conj(x) / y. At the zero vector 0, as abs has at 0."""
    if axis is not None and not keepdims:
        y = np.expand_dims(y, norm_axes(x, axis))
    if not np.all(np.logical_and(y > 0, y < math.inf)):  # the zero vector, or powers that left the range: the slope has no scale
        x = x / ones_for_zeros(np.sum(np.abs(x), axis=norm_axes(x, axis), keepdims=True))
        y = np.linalg.norm(x, ord, axis, keepdims=True)
        y = np.where(y == 0, math.inf, y)
    if ord in (None, "fro", "f", 2):
        return np.conjugate(x) / y
    ratio = np.abs(x) / y
    if ord < 1:  # steep at 0, where abs is flat
        ratio = ones_for_zeros(ratio)
    return np.conjugate(np.sign(x)) * ratio ** (ord - 1)


def norm_jvp(y, x, t, ord=None, axis=None, keepdims=False):
    return np.sum(np.real(norm_slope(y, x, ord, axis, keepdims) * t), axis=norm_axes(x, axis), keepdims=keepdims)


def norm_vjp(g, y, x, ord=None, axis=None, keepdims=False):
    if axis is not None and not keepdims:
        g = np.expand_dims(g, norm_axes(x, axis))
    return g * norm_slope(y, x, ord, axis, keepdims)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Of all elements, or along one axis or several."""
    if axis is None or isinstance(axis, tuple):
        axes = norm_axes(x, axis)
        rest = tuple(n for k, n in enumerate(x.shape) if k not in axes)
        y = np.linalg.norm(np.reshape(np.moveaxis(x, axes, range(len(axes))), (-1, *rest)), ord, axis=0)
        return np.expand_dims(y, axes) if keepdims else y
    return np.linalg.norm(x, ord, axis, keepdims)


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, (-2, -1), keepdims)


def cond(x, p=None):
    """The ratio of the extreme singular values, or the product of the norms of x and inv(x) (in float64); inf where x is singular."""
    if p in (None, 2, -2):
        s = np.linalg.svdvals(x)
        r = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    else:
        inverse = inverted(x * np.float64(1.0))
        r = np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(inverse, p, axis=(-2, -1))
    singular = np.logical_and(np.isnan(r), np.logical_not(np.any(np.isnan(x), axis=(-2, -1))))
    return astype(np.where(singular, math.inf, r)[()], np.real(x).dtype)


pair(np.linalg.norm, jvp=norm_jvp, vjp=norm_vjp, definition=norm_definition, batch="axis")
composite(np.linalg.vector_norm, vector_norm)
composite(np.linalg.matrix_norm, matrix_norm)
composite(np.linalg.cond, cond)
