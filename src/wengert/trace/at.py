"""ufunc.at of traced arrays: f applied in place, once for each time that an index occurs.

    at(np.multiply, z, [0, 0, 2], v)      z[0] = z[0] * v[0] * v[1]; z[2] = z[2] * v[2]

Where no element occurs twice that is x[index] = f(x[index], v). Else it goes in rounds: all first occurrences, all second ones, and
so on, each an assignment without repeats, which a trace follows. The rounds touch what is written, not the whole of x.
(np.add.at is a write of its own: its derivative needs no order.)
"""

from typing import Any

import numpy as np

from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, advanced, bottom
from wengert.trace.storage import Layout


def at(f: np.ufunc, x: Any, index: Any, *v: Any) -> None:
    """f.at(x, index, v), or f.at(x, index) of a ufunc of one operand; x is an array that a trace follows."""
    v = tuple(as_array(joined(a)) for a in v)
    f.at(*asked_on_nothing(x, *v))
    if f is np.subtract:
        np.add.at(x, index, -signed(*v))  # the same to the bit, and needs no order
        return
    v = tuple(np.copy(a) if np.may_share_memory(bottom(a), bottom(x)) else a for a in v)  # as it was before the first round
    part = x[index]
    v = tuple(np.broadcast_to(a, np.shape(part)) for a in v)
    order = occurrences(bottom(x), index) if advanced(index) or Layout.whole(bottom(x)).overlaps else None
    if order is None:
        x[index] = f(part, *v)
        return
    where = [np.ravel(c) for c in coordinates(np.shape(x), index)]
    v = tuple(np.ravel(a) for a in v)
    for k in range(order.max() + 1):
        turn = np.flatnonzero(order == k)
        places = tuple(c[turn] for c in where)
        x[places] = f(x[places], *(a[turn] for a in v))


def as_array(a: Any) -> Any:
    """An operand as f.at takes it, to which Python's numbers are not weak."""
    return a if isinstance(a, Traced) else np.asarray(a)


def asked_on_nothing(x: Any, *v: Any) -> tuple[Any, ...]:
    """What f.at is called with to hear what NumPy refuses: operands too many, results too many, a cast."""
    return np.empty(0, x.dtype), np.empty(0, np.intp), *(np.empty(0, a.dtype) for a in v)


def signed(v: Any) -> Any:
    """v as what can be negated without wrapping round."""
    return v if v.dtype.kind in "fc" else np.asarray(v, float)


def coordinates(shape: tuple[int, ...], index: Any) -> tuple[np.ndarray, ...]:
    """Where the elements x[index] lie, one array for each axis of x."""
    return tuple(grid[index] for grid in np.broadcast_arrays(*np.ogrid[tuple(map(slice, shape))]))


def occurrences(x: np.ndarray, index: Any) -> Any:
    """How many times each element of x[index], in C order, has occurred before, by its place in memory; None if none occurs twice."""
    if not x.shape:
        return None
    where = np.ravel(sum(k * step for k, step in zip(coordinates(x.shape, index), x.strides, strict=True)))
    order = np.argsort(where, kind="stable")
    first = np.append(True, where[order][1:] != where[order][:-1])[: where.size]
    if first.all():
        return None
    steps = np.arange(where.size)
    before = np.empty(where.size, np.intp)
    before[order] = steps - np.maximum.accumulate(np.where(first, steps, 0))
    return before
