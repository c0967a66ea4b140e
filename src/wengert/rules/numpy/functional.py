"""Functions that apply the user's own functions to parts of an array."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from wengert.rules.declare import composite
from wengert.rules.vocabulary import as_array


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """func1d of every lane, with its results in place of the lane."""
    arr = np.moveaxis(arr, axis, -1)
    rest = arr.shape[:-1]
    if 0 in rest:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    results = [func1d(arr[place], *args, **kwargs) for place in np.ndindex(rest)]
    y = np.reshape(np.stack(results), (*rest, *np.shape(results[0])))
    first, new = axis % arr.ndim, range(len(rest), np.ndim(y))
    return np.moveaxis(y, new, range(first, first + len(new)))


def apply_over_axes(func, a, axes):
    """func(a, axis) for one axis after another."""
    for axis in (axes,) if np.ndim(axes) == 0 else axes:
        axis = normalize_axis_index(axis, np.ndim(a))
        y = func(a, axis)
        a = y if np.ndim(y) == np.ndim(a) else np.expand_dims(y, axis)
    return a


def piecewise(x, condlist, funclist, *args, **kw):
    """Each function of the elements where its condition holds, the last that does; one more is for the rest."""
    x = as_array(x)
    conditions = [np.broadcast_to(c, np.shape(x)) for c in (condlist if np.ndim(condlist) > np.ndim(x) else [condlist])]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.any(np.stack(conditions), axis=0))
    elif len(funclist) != len(conditions):
        n = len(conditions)
        raise ValueError(f"with {n} condition(s), either {n} or {n + 1} functions are expected")
    y = np.zeros_like(x)
    for condition, f in zip(conditions, funclist, strict=True):
        if not callable(f):
            y[condition] = f
        elif np.any(condition):
            y[condition] = f(x[condition], *args, **kw)
    return y


composite(np.apply_along_axis, apply_along_axis)
composite(np.apply_over_axes, apply_over_axes)
composite(np.piecewise, piecewise)
