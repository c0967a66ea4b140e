"""Functions that write into an array: each is an item assignment, which a trace follows.

    np.putmask(y, y < 0, x)     y[y < 0] = x[y < 0]

The array has to be traced, as np.zeros_like(x) and copies of traced arrays are: in any other the derivative would be lost.
"""

from typing import Any

import numpy as np

from wengert.errors import WriteError, user_line
from wengert.rules.declare import composite
from wengert.rules.numpy.sorting import fancy
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, bottom


def target(a):
    """The array that is written, if it is one that a trace follows."""
    if not isinstance(a, Traced):
        raise WriteError(
            "a traced value was to be written into an ordinary array (by np.copyto, np.put or another that works in place, or by"
            " np.full_like of one), where its derivative would be lost. Make that array with np.zeros_like(x), or use"
            " np.broadcast_to(x, shape)." + user_line()
        )
    return a


def write(a, places, v):
    """Write v, over and over, at places counted through all of a."""
    a = target(a) if np.ndim(a) else np.reshape(target(a), (1,))
    a[np.unravel_index(places, a.shape)] = np.resize(joined(v), np.shape(places))


def write_in_turn(a: Any, places: Any, v: Any) -> None:
    """a.flat[places] = v: nothing where v is empty; and where it lies in a's memory, each element is read after the last was written."""
    v = joined(v)
    if np.size(v) == 0:
        return
    if np.ndim(v) and v.dtype == a.dtype and np.may_share_memory(bottom(a), bottom(v)):
        for k, place in enumerate(np.ravel(places)):
            a[np.unravel_index(place, a.shape)] = v[np.unravel_index(k % np.size(v), v.shape)]
    else:
        write(a, places, v)


def safely(v, a):
    """Values as NumPy takes them into a masked place: arrays that would lose digits it refuses."""
    if isinstance(bottom(v), np.ndarray) and not np.can_cast(v.dtype, a.dtype, "safe"):
        raise TypeError(f"Cannot cast array data from {v.dtype!r} to {a.dtype!r} according to the rule 'safe'")
    return joined(v)


def copyto(dst, src, casting="same_kind", where=True):
    src = joined(src)
    if hasattr(src, "dtype") and not np.can_cast(src.dtype, target(dst).dtype, casting):
        raise TypeError(f"Cannot cast array data from {src.dtype!r} to {dst.dtype!r} according to the rule {casting!r}")
    target(dst)[...] = src if where is True else np.where(where, src, dst)


def put(a, ind, v, mode="raise"):
    if np.size(joined(v)):
        write(a, np.take(np.arange(np.size(a)), ind, mode=mode), v)


def place(arr, mask, vals):
    """The k-th place where the mask is true receives vals[k]."""
    places = np.flatnonzero(mask)
    if np.size(mask) != np.size(arr):
        raise ValueError("place: mask and data must be the same size")
    if places.size and not np.size(joined(vals)):
        raise ValueError("Cannot insert from an empty array!")
    write(arr, places, safely(vals, arr))


def putmask(a, /, mask, values):
    """Place k receives values[k] where the mask is true."""
    if np.size(mask) != np.size(a):
        raise ValueError("putmask: mask and data must be the same size")
    mask = np.reshape(np.not_equal(mask, 0), np.shape(a))
    if np.size(joined(values)):
        target(a)[mask] = np.resize(safely(values, a), np.shape(a))[mask]


def put_along_axis(arr, indices, values, axis):
    if np.ndim(indices) != (1 if axis is None else np.ndim(arr)):
        raise ValueError("indices and arr must have the same number of dimensions, and axis=None takes one")
    if axis is None:
        index = np.unravel_index(np.take(np.arange(np.size(arr)), indices), arr.shape)
    else:
        index = fancy(indices, arr.shape, axis)
    target(arr)[index] = joined(values)


def fill_diagonal(a, val, wrap=False):
    """Every (n + 1)-th place of a table with n columns; of a cube, those with equal indices."""
    if np.ndim(a) < 2:
        raise ValueError("array must be at least 2-d")
    if np.ndim(a) > 2 and len(set(a.shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    step = 1 + sum(int(np.prod(a.shape[k:])) for k in range(1, np.ndim(a)))
    end = a.shape[1] ** 2 if np.ndim(a) == 2 and not wrap else np.size(a)
    write_in_turn(target(a), np.arange(0, min(end, np.size(a)), step), val)


composite(np.copyto, copyto)
composite(np.put, put)
composite(np.place, place)
composite(np.putmask, putmask)
composite(np.put_along_axis, put_along_axis)
composite(np.fill_diagonal, fill_diagonal)
