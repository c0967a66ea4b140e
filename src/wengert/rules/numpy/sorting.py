"""Sorting, and choosing between elements.

    y = np.sort(x)      y[k] = x[order[k]]; equal elements share what they receive, as in max
"""

import numpy as np

from wengert.rules.declare import composite, linear, pair
from wengert.rules.vocabulary import put_add


def lanes(x, axis):
    """The array that is sorted and the axis along which: None means all in a row."""
    return (np.reshape(x, -1), 0) if axis is None or not np.shape(x) else (x, axis)


def ascending(x, axis):
    return np.argsort(x, axis=axis, kind="stable")


def shared(t, x, order, axis):
    """t, each element replaced by its mean over the elements that are equal in x along the axis, which `order` sorts."""
    s = np.moveaxis(np.take_along_axis(x, order, axis), axis, -1)
    new = (s[..., 1:] != s[..., :-1]) & ~(np.isnan(s[..., 1:]) & np.isnan(s[..., :-1]))
    if np.all(new):
        return t
    first = np.ones((*s.shape[:-1], 1), bool)
    group = np.reshape(np.cumsum(np.reshape(np.concatenate([first, new], -1), -1)) - 1, s.shape)  # numbered through all lanes
    group = np.take_along_axis(np.moveaxis(group, -1, axis), ascending(order, axis), axis)
    count = np.bincount(np.reshape(group, -1))
    total = put_add(np.zeros(count.shape, t.dtype if t.dtype.kind in "fc" else float), group, t)
    return (total / count.astype(total.dtype))[group]


def sort_jvp(y, x, t, axis=-1, kind=None, order=None, *, stable=None):
    x, _ = lanes(x, axis)
    t, axis = lanes(t, axis)
    order = ascending(x, axis)
    return np.take_along_axis(shared(t, x, order, axis), order, axis)


def sort_vjp(g, y, x, axis=-1, kind=None, order=None, *, stable=None):
    shape = np.shape(x)
    x, axis = lanes(x, axis)
    order = ascending(x, axis)
    return np.reshape(shared(np.take_along_axis(g, ascending(order, axis), axis), x, order, axis), shape)


def partition_jvp(y, x, t, kth, axis=-1, kind="introselect", order=None):
    x, _ = lanes(x, axis)
    t, axis = lanes(t, axis)
    return np.take_along_axis(shared(t, x, ascending(x, axis), axis), np.argpartition(x, kth, axis=axis, kind=kind), axis)


def partition_vjp(g, y, x, kth, axis=-1, kind="introselect", order=None):
    shape = np.shape(x)
    x, axis = lanes(x, axis)
    back = ascending(np.argpartition(x, kth, axis=axis, kind=kind), axis)
    return np.reshape(shared(np.take_along_axis(g, back, axis), x, ascending(x, axis), axis), shape)


pair(np.sort, jvp=sort_jvp, vjp=sort_vjp, live="selects", batch="axis")
pair(np.partition, jvp=partition_jvp, vjp=partition_vjp, live="selects", batch="axis")
composite(np.sort_complex, lambda a: np.sort(a if np.iscomplexobj(a) else a + 0j))


# --- taking and choosing --------------------------------------------------------------------------------------------------


def fancy(indices, shape, axis):
    """The index of numpy.take_along_axis: `indices` along one axis, each place itself along the others."""
    ndim = len(shape)
    return tuple(
        indices if k == axis % ndim else np.reshape(np.arange(n), (-1,) + (1,) * (ndim - 1 - k)) for k, n in enumerate(shape)
    )


def take_along_axis_transpose(g, arr, indices, axis=-1):
    if axis is None:
        return np.reshape(put_add(np.zeros(arr.size, g.dtype), indices, g), arr.shape)
    return put_add(np.zeros(arr.shape, g.dtype), fancy(indices, arr.shape, axis), g)


def select(condlist, choicelist, default=0):
    """The first choice whose condition holds."""
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    y = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = np.where(condition, choice, y)
    return y


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
    return y


linear(np.take_along_axis, take_along_axis_transpose, live="selects", batch="axis")
composite(np.select, select)
composite(np.choose, choose)
