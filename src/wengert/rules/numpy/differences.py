"""Samples on a grid: differences, gradients, integrals, interpolation, and phases unwrapped.

    np.trapezoid(y, x)      differentiable in the samples y and in the grid x
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from wengert.rules.declare import composite, pair
from wengert.rules.numpy.reductions import axes_of
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, as_array, as_scalar, astype, laid_like, put_add


def part(a, axis, start, stop):
    """a[start:stop] along an axis."""
    return a[(slice(None),) * (axis % a.ndim) + (slice(start, stop),)]


def along(d, ndim, axis):
    """A vector as an array of ndim axes that varies along one."""
    return np.reshape(d, (-1,) + (1,) * (ndim - 1 - axis % ndim))


def diff(a, n=1, axis=-1, prepend=np._NoValue, append=np._NoValue):
    if n < 0:
        raise ValueError(f"order must be non-negative but got {n!r}")
    if n == 0:
        return a
    parts = [part for part in (prepend, a, append) if part is not np._NoValue]
    if len(parts) > 1:
        a = np.concatenate([np.broadcast_to(p, edge(a, axis)) if np.ndim(p) == 0 else p for p in parts], axis)
    for _ in range(n):
        a = part(a, axis, 1, None) - part(a, axis, None, -1)
    return a


def edge(a, axis):
    """The shape of a with length 1 along an axis."""
    return tuple(1 if k == axis % len(np.shape(a)) else n for k, n in enumerate(np.shape(a)))


def ediff1d(ary, to_end=None, to_begin=None):
    a = np.ravel(ary)
    d = a[1:] - a[:-1]
    parts = [np.ravel(part) for part in (to_begin, d, to_end) if part is not None]
    return np.concatenate(parts, dtype=a.dtype) if len(parts) > 1 else d


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """The sum of d (y[k] + y[k+1]) / 2."""
    if x is None:
        d = dx
    elif np.ndim(x) == 1:
        d = along(np.diff(x), np.ndim(y), axis)
    else:
        d = np.diff(x, axis=axis)
    y = np.asarray(y) if isinstance(y, list | tuple) else y
    return np.sum(d * (part(y, axis, 1, None) + part(y, axis, None, -1)) / 2.0, axis=axis)


# --- numpy.gradient ---------------------------------------------------------------------------------------------------


def gradient(f, *spacing, axis=None, edge_order=1):
    axes = axes_of(f) if axis is None else normalize_axis_tuple(axis, np.ndim(f))
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    if len(spacing) not in (0, 1, len(axes)) or (len(spacing) == 1 != len(axes) and np.ndim(spacing[0])):
        raise TypeError("invalid number of arguments")
    steps = (spacing or (1.0,)) * (len(axes) if len(spacing) < 2 and len(axes) != 1 else 1)
    slopes = tuple(slope(f, k, step_of(h, f.shape[k]), edge_order) for k, h in zip(axes, steps, strict=True))
    return slopes[0] if len(axes) == 1 else slopes


def step_of(h, n):
    """The step of a grid, or its steps where they differ: a traced grid could."""
    if np.ndim(h) == 0:
        return h
    if np.ndim(h) != 1 or np.shape(h)[0] != n:
        raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    steps = np.diff(h)
    return steps[0] if not isinstance(h, Traced) and np.all(steps == steps[0]) else steps


def slope(f, axis, h, edge_order):
    """Central differences inside, one-sided ones at the ends: second order (numpy.gradient's notes)."""
    if f.shape[axis] < edge_order + 1:
        raise ValueError("a numerical gradient needs at least (edge_order + 1) elements along each axis")
    even = np.ndim(h) == 0
    u, v = (h, h) if even else (along(h[:-1], f.ndim, axis), along(h[1:], f.ndim, axis))

    def at(i):
        return part(f, axis, i, i + 1 or None)

    def step(i):
        return h if even else along(h[i : i + 1 or None], f.ndim, axis)

    before, here, after = part(f, axis, None, -2), part(f, axis, 1, -1), part(f, axis, 2, None)
    if even:
        inside = (after - before) / (2.0 * h)
    else:
        inside = -v / (u * (u + v)) * before + (v - u) / (u * v) * here + u / (v * (u + v)) * after
    if edge_order == 1:
        first, last = (at(1) - at(0)) / step(0), (at(-1) - at(-2)) / step(-1)
    elif even:
        first = -1.5 / h * at(0) + 2.0 / h * at(1) + -0.5 / h * at(2)
        last = 0.5 / h * at(-3) + -2.0 / h * at(-2) + 1.5 / h * at(-1)
    else:
        u, v = step(0), step(1)
        first = -(2.0 * u + v) / (u * (u + v)) * at(0) + (u + v) / (u * v) * at(1) + -u / (v * (u + v)) * at(2)
        u, v = step(-2), step(-1)
        last = v / (u * (u + v)) * at(-3) + -(v + u) / (u * v) * at(-2) + (2.0 * v + u) / (v * (u + v)) * at(-1)
    y = np.concatenate([first, inside, last], axis, dtype=f.dtype if np.issubdtype(f.dtype, np.inexact) else float)
    return laid_like(y, f)


# --- interpolation ----------------------------------------------------------------------------------------------------


def segment(x, xp, fp, left, right):
    """The two samples that x lies between, the weight of the second, the slope there, and whether y comes from samples.

    At a sample the slope is that of the segment to its right.
    """
    n = np.shape(xp)[0]
    j = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, max(n - 2, 0))
    k = np.minimum(j + 1, n - 1)
    low, high = x < xp[0], x > xp[-1]
    width = xp[k] - xp[j]
    w = np.where(low, 0.0, np.where(high, 1.0, (x - xp[j]) / np.where(width == 0, 1.0, width)))
    outside = low | high
    held = np.logical_not((low & (left is not None)) | (high & (right is not None)))  # samples reach it
    slope = np.where(outside, 0.0, (fp[k] - fp[j]) / np.where(width == 0, 1.0, width))
    return j, k, w, slope, held


def interp_jvp(y, x, xp, fp, tx, txp, tfp, left=None, right=None, period=None):
    j, k, w, slope, held = segment(x, xp, fp, left, right)
    return slope * (tx - (1.0 - w) * txp[j] - w * txp[k]) + np.where(held, (1.0 - w) * tfp[j] + w * tfp[k], 0.0)


def interp_vjp(g, y, x, xp, fp, left=None, right=None, period=None):
    j, k, w, slope, held = segment(x, xp, fp, left, right)

    def gathered(c):
        n = np.shape(xp)[0]
        return put_add(put_add(np.zeros(n, c.dtype), j, (1.0 - w) * c), k, w * c)

    return slope * g, gathered(-slope * g), gathered(np.where(held, g, 0.0))


def interp_forms(x, xp, fp, left=None, right=None, period=None):
    """A period is a longer table, wrapped by one sample on either side; traced values for outside are put there."""
    if period is None:
        return outside(x, xp, fp, left, right) if isinstance(left, Traced) or isinstance(right, Traced) else NotImplemented
    period = abs(period)
    x, xp, fp = (np.asarray(a) if isinstance(a, list | tuple) else a for a in (x, xp, fp))
    fp = astype(fp, complex if np.iscomplexobj(fp) else float) if hasattr(fp, "dtype") else fp
    x, xp = (astype(a, float) if hasattr(a, "dtype") else a for a in (x, xp))
    x, xp = np.mod(x, period), np.mod(xp, period)
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return np.interp(x, xp, np.concatenate([fp[-1:], fp, fp[:1]]))


def outside(x, xp, fp, left, right):
    x, xp = as_array(joined(x)), as_array(joined(xp))
    y = np.interp(x, xp, fp)
    y = y if left is None else np.where(x < xp[0], left, y)
    return as_scalar(y if right is None else np.where(x > xp[-1], right, y))


def unwrap(p, discont=None, axis=-1, *, period=2 * np.pi):
    d = np.diff(p, axis=axis)
    half = period / 2
    jump = np.mod(d + half, period) - half
    jump = np.where((jump == -half) & (d > 0), half, jump)
    correction = np.where(np.abs(d) < (half if discont is None else discont), 0.0, jump - d)
    return laid_like(np.concatenate([part(p, axis, 0, 1), part(p, axis, 1, None) + np.cumsum(correction, axis)], axis), p)


composite(np.diff, diff)
composite(np.ediff1d, ediff1d)
composite(np.trapezoid, trapezoid)
composite(np.gradient, gradient)
composite(np.unwrap, unwrap)
pair(np.interp, jvp=interp_jvp, vjp=interp_vjp, operands=3, definition=interp_forms)
