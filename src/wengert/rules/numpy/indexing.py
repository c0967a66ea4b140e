"""Reading and writing parts of arrays, as pure functions (the vocabulary's), and NumPy's own spellings."""

import numpy as np

from wengert.rules.declare import composite, linear
from wengert.rules.row import joined
from wengert.rules.vocabulary import fold, getitem, in_order, laid, lasting, put, put_add, strided


def zeros_of(g, x):
    """A zero array of x's shape in g's dtype."""
    return np.zeros(x.shape, g.dtype)


# fmt: off
linear(getitem, lambda g, x, i: put_add(zeros_of(g, x), i, g), live="selects")
linear(put,     lambda g, x, i, v: put(g, i, 0),   None, lambda g, x, i, v: summed(last(g, i), v), live="selects")
linear(put_add, lambda g, x, i, v: g,              None, lambda g, x, i, v: summed(getitem(g, i), v), live="moves")
linear(np.where, None, lambda g, c, x, y: np.where(c, g, 0), lambda g, c, x, y: np.where(c, 0, g), live="selects", batch="broadcast")
# fmt: on


def last(g, i):
    """What of g was written at i: where an index is repeated, its last write is the one that stays."""
    part, stays = getitem(g, i), lasting(g.shape, i)
    return part if stays is None else np.where(stays, part, 0)


def summed(part, v):
    """The cotangent of a v that was broadcast to the part it was written to."""
    return fold(np.sum, part, v.shape if hasattr(v, "shape") else np.shape(v))


def strided_transpose(g, flat, layout):
    """Each element of the view adds to its place in the flat buffer; imaginary parts as -i times."""
    size, word = flat.dtype.itemsize, np.dtype(np.intp).itemsize
    steps = tuple(s // size * word for s in layout.strides)
    index = np.ndarray(layout.shape, np.intp, np.arange(flat.size), layout.offset // size * word, steps)
    if layout.dtype != flat.dtype:
        g = g * (-1j if layout.offset % size else 1.0 + 0j)
    return put_add(np.zeros(flat.shape, flat.dtype), index, g)


linear(strided, strided_transpose)
linear(laid, lambda g, x, strides: g, live="moves", batch="broadcast")
composite(np.take, lambda x, indices, axis=None, out=None, mode="raise": take(x, indices, axis, mode))
composite(np.compress, lambda condition, a, axis=None, out=None: take(a, true(condition), axis, "raise"))
composite(np.extract, lambda condition, arr: take(arr, np.flatnonzero(condition), None, "raise"))


def true(condition):
    """Where a condition along an axis holds."""
    if np.ndim(condition) != 1:
        raise ValueError("condition must be a 1-d array")
    return np.flatnonzero(condition)


def take(x, indices, axis, mode):
    """x[..., indices, ...]; out of range wraps or clips if asked."""
    x = joined(x)
    if axis is None or not np.ndim(x):
        x, axis = np.ravel(x), 0 if axis is None else axis
    indices = np.asarray(indices, np.intp if np.size(indices) == 0 else None)  # of an empty list
    if mode != "raise":
        n = x.shape[axis]
        indices = indices % n if mode == "wrap" else np.clip(indices, 0, n - 1)
    return in_order(x[(slice(None),) * (axis % x.ndim) + (indices,)], "C")
