"""New arrays like others, of others, and between ends.

    z = np.zeros_like(x)                traced when x is, so that tensors can be written into it: z[0] = x[1]
    z = np.array([x, y], like=x)        NumPy hands us these calls when `like` is traced
"""

import numpy as np

from wengert.errors import ConversionError, user_line
from wengert.rules.declare import composite, fresh, linear
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, astype, bottom, put


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, device=None):
    a = joined(a)
    return put(np.zeros_like(a, dtype=a.dtype if dtype is None else dtype, order=order, shape=shape), ..., joined(fill_value))


fresh(np.zeros_like, np.ones_like, np.empty_like)
composite(np.full_like, full_like)


# --- with like= -------------------------------------------------------------------------------------------------------


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0):
    """A copy, unless copy=None (only if needed) or False (never) says otherwise."""
    if dtype is not None and np.dtype(dtype).kind not in "biufc":
        raise ConversionError(f"an array of {np.dtype(dtype)} cannot hold traced values. Write it without dtype=." + user_line())
    y = joined(object)
    if not isinstance(y, Traced):
        y = np.asarray(y, dtype)
    elif dtype is not None and y.dtype != dtype:
        y = astype(np.positive(y) if type(bottom(y)) in (float, complex) else y, dtype)  # of Python's, as NumPy's
    if not copy and order in ("C", "F") and not np.asarray(bottom(y)).flags[f"{order}_CONTIGUOUS"]:
        y = np.copy(y, order)
    if copy is False and y is not object:
        raise ValueError("Unable to avoid copy while creating an array as requested.")
    y, shape = np.copy(y, order) if copy else y, (1,) * (ndmin - y.ndim) + y.shape
    if shape == y.shape and isinstance(bottom(y), np.ndarray):
        return y  # x itself where nothing has to be done, and no view of it: code asks `np.asarray(x) is x`
    return np.reshape(y if y.ndim else np.reshape(y, (1,)), shape)  # of a number, an array


def asarray(a, dtype=None, order=None, *, device=None, copy=None):
    np.zeros(0, device=device)  # if there is such a device
    return array(a, dtype, copy=copy, order=order or "K")


def full(shape, fill_value, dtype=None, order="C", *, device=None):
    v = joined(fill_value)
    dtype = (v.dtype if hasattr(v, "dtype") else np.asarray(v).dtype) if dtype is None else dtype
    return put(np.zeros(shape, dtype, order, device=device), ..., v)


composite(np.array, array)
composite(np.asarray, asarray)
composite(np.asanyarray, asarray)
composite(np.full, full)


# --- grids ------------------------------------------------------------------------------------------------------------


def linspace_transpose(end):
    """Sample k of n is (1 - k/n) start + k/n stop, and the step (stop - start) / n."""

    def transpose(g, start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
        n = num - 1 if endpoint else num
        weight = np.divide(np.arange(num), n) if n > 0 else np.zeros(num)
        g, of_step = g if retstep else (g, None)
        weight = weight.astype(np.finfo(g.dtype).dtype)
        c = np.sum(np.moveaxis(g, axis, -1) * (weight if end else 1.0 - weight), axis=-1)
        return c if of_step is None else c + of_step / (n if end else -n)

    return transpose


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    if np.ndim(base):
        n = max(map(np.ndim, (start, stop, base)))
        start, stop, base = (np.reshape(a, (1,) * (n - np.ndim(a)) + np.shape(a)) for a in (start, stop, base))
        base = np.expand_dims(base, axis)
    y = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else astype(y, dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Turned so that start is positive, spaced evenly in the logarithm, and turned back: a turn that cancels."""
    if np.any(start == 0) or np.any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    kinds = [a.dtype if hasattr(a, "dtype") else type(a) for a in (start, stop)]
    kind = np.result_type(*kinds, float, np.zeros((), dtype).dtype)
    start, stop = (a if getattr(a, "dtype", None) == kind else a * np.ones((), kind) for a in (start, stop))
    turn = np.sign(start)
    first, last = start / turn, stop / turn
    y = np.power(10.0, np.linspace(np.log10(first), np.log10(last), num, endpoint))
    k = np.reshape(np.arange(num), (-1,) + (1,) * (np.ndim(y) - 1))
    y = np.where(k == 0, first, np.where((k == num - 1) & endpoint & (num > 1), last, y)) * turn
    y = np.moveaxis(y, 0, axis)
    return y if dtype is None else astype(y, dtype)


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    order = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else list(range(n))
    grids = [np.reshape(x, tuple(-1 if k == axis else 1 for k in range(n))) for x, axis in zip(xi, order, strict=True)]
    if not sparse:
        grids = np.broadcast_arrays(*grids)
    return tuple(np.copy(grid, order="C") for grid in grids) if copy else list(grids) if sparse else tuple(grids)


def ix_(*args):
    """Vectors, each along an axis of its own; of booleans where they are true."""
    n = len(args)
    if any(np.ndim(a) != 1 for a in args):
        raise ValueError("Cross index must be 1 dimensional")
    vectors = [a if isinstance(a, Traced) else np.ix_(a)[0] for a in args]
    return tuple(np.reshape(a, (1,) * k + (-1,) + (1,) * (n - k - 1)) for k, a in enumerate(vectors))


linear(np.linspace, linspace_transpose(0), linspace_transpose(1))
composite(np.logspace, logspace)
composite(np.geomspace, geomspace)
composite(np.meshgrid, meshgrid)
composite(np.ix_, ix_)
