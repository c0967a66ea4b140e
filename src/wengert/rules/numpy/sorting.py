"""Sorting, and choosing between elements.

    y = np.sort(x)      y[k] = x[order[k]]; equal elements share what they receive, as in max
"""

import numpy as np

from wengert.rules.declare import composite, linear, pair
from wengert.rules.numpy.reductions import flat
from wengert.rules.vocabulary import as_scalar, astype, bottom, getitem, in_order, put, put_add


def ties(x, axis):
    """The groups of equal elements along an axis, as a number for each element, and their sizes; None if all differ."""
    order = np.argsort(x, axis=axis)
    s = np.moveaxis(np.take_along_axis(x, order, axis), axis, -1)
    new = s[..., 1:] != s[..., :-1]
    if np.all(new):
        return None
    first = np.ones((*s.shape[:-1], 1), bool)
    group = np.reshape(np.cumsum(np.concatenate([first, new], -1)) - 1, s.shape)  # counted on through all lanes
    return back(np.moveaxis(group, -1, axis), order, axis), np.bincount(np.reshape(group, -1))


def shared(t, equal):
    """t, each element replaced by the mean over its group."""
    if equal is None:
        return t
    group, size = equal
    total = put_add(np.zeros(size.shape, t.dtype if t.dtype.kind in "fc" else float), group, t)
    return getitem(total / size.astype(total.dtype), group)


def back(g, order, axis):
    """take_along_axis by a permutation, undone."""
    return put(np.zeros(np.shape(g), g.dtype), fancy(order, np.shape(g), axis), g)


def taken(t, live, x, order, axis):
    """The tangent of x[order], and its mask: equal elements of x share."""
    equal, t = ties(x, axis), np.reshape(t, x.shape)
    alive = None
    if live is not None:
        live = np.full(x.shape, False) if live is False else np.reshape(live, x.shape)
        alive = np.take_along_axis(shared(live, equal) != 0, order, axis)
    return np.take_along_axis(shared(t, equal), order, axis), alive


def given_back(g, live, x, order, axis, shape):
    """The cotangent of x from that of x[order], likewise."""
    equal = ties(x, axis)
    alive = None if live is None else np.reshape(shared(back(live, order, axis), equal) != 0, shape)
    return np.reshape(shared(back(g, order, axis), equal), shape), alive


def sort_jvp(y, x, t, axis=-1, kind=None, order=None, *, stable=None, live=(None,)):
    x, axis = flat(x, axis)
    return taken(t, live[0], x, np.argsort(x, axis=axis), axis)


def sort_vjp(g, y, x, axis=-1, kind=None, order=None, *, stable=None, live=None):
    shape, (x, axis) = np.shape(x), flat(x, axis)
    return given_back(g, live, x, np.argsort(x, axis=axis), axis, shape)


def partition_jvp(y, x, t, kth, axis=-1, kind="introselect", order=None, *, live=(None,)):
    x, axis = flat(x, axis)
    return taken(t, live[0], x, np.argpartition(x, kth, axis=axis, kind=kind), axis)


def partition_vjp(g, y, x, kth, axis=-1, kind="introselect", order=None, *, live=None):
    shape, (x, axis) = np.shape(x), flat(x, axis)
    return given_back(g, live, x, np.argpartition(x, kth, axis=axis, kind=kind), axis, shape)


def sort_complex(a):
    return np.sort(a if np.iscomplexobj(a) else astype(a, np.promote_types(a.dtype, complex)))


pair(np.sort, jvp=sort_jvp, vjp=sort_vjp, live="selects", batch="axis")
pair(np.partition, jvp=partition_jvp, vjp=partition_vjp, live="selects", batch="axis")
composite(np.sort_complex, sort_complex)


# --- taking and choosing ----------------------------------------------------------------------------------------------


def fancy(indices, shape, axis):
    """The index of numpy.take_along_axis: `indices` along one axis, each place itself along the others."""
    ndim = len(shape)
    index = [np.reshape(np.arange(n), (-1,) + (1,) * (ndim - 1 - k)) for k, n in enumerate(shape)]
    index[axis] = indices
    return tuple(index)


def take_along_axis_transpose(g, arr, indices, axis=-1):
    if axis is None:
        return np.reshape(put_add(np.zeros(arr.size, g.dtype), indices, g), arr.shape)
    return put_add(np.zeros(arr.shape, g.dtype), fancy(indices, arr.shape, axis), g)


def select(condlist, choicelist, default=0):
    """The first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    kinds = [bottom(c) if type(bottom(c)) in (int, float, complex) else np.result_type(bottom(c)) for c in (*choicelist, default)]
    dtype, y = np.result_type(*kinds), default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = np.where(condition, choice, y)
    return in_order(astype(y, dtype, copy=False), "C")


def choose(a, choices, out=None, mode="raise"):
    """choices[a], element by element."""
    choices = list(choices)
    a, n = np.asarray(a), len(choices)
    if mode == "raise" and np.any((a < 0) | (a >= n)):
        raise ValueError("invalid entry in choice array")
    a = a % n if mode == "wrap" else np.clip(a, 0, n - 1)
    y = choices[-1] if n > 1 else np.where(a == 0, choices[0], 0)
    for k in range(n - 2, -1, -1):
        y = np.where(a == k, choices[k], y)
    return in_order(as_scalar(y), "C")


linear(np.take_along_axis, take_along_axis_transpose, live="selects", batch="axis")
composite(np.select, select)
composite(np.choose, choose)
