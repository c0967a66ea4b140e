"""Sets: the elements that arrays have, without repetition, and what two arrays have in common.

    y = np.unique(x)        y[k] stands for all elements equal to it, which share what it receives, as in max

Which elements they are, where and how often (indices, inverses, counts) is piecewise constant.
"""

import numpy as np

from wengert.rules.declare import composite, pair
from wengert.rules.row import joined, mask_of, shape_of, zeros
from wengert.rules.vocabulary import put_add


def members(y, x, axis, equal_nan):
    """For each element of x, or each slice along an axis, which of y it is equal to; and how many share each of y."""
    which = np.reshape(np.unique(x, return_inverse=True, axis=axis, equal_nan=equal_nan)[1], -1)
    if np.ndim(y) == 1:
        which = np.argsort(y)[which]  # y is in NumPy's own order where none was asked for
    return which, np.bincount(which)


def slices(a, axis):
    """a with what is compared first: its elements, or its slices along an axis."""
    return np.reshape(a, -1) if axis is None else np.moveaxis(a, axis, 0)


def unsliced(a, x, axis):
    return np.reshape(a, shape_of(x)) if axis is None else np.moveaxis(a, 0, axis)


def shared(size, like):
    """1 / size, in the shape and dtype to multiply slices with."""
    return np.reshape(1.0 / size, (-1,) + (1,) * (np.ndim(like) - 1)).astype(np.finfo(like.dtype).dtype)


def gathered(which, n, t):
    return put_add(np.zeros((n, *np.shape(t)[1:]), t.dtype), which, t)


def values_jvp(y, x, t, axis, equal_nan, live):
    """The mean over those who share."""
    which, size = members(y, x, axis, equal_nan)
    t = slices(t, axis)
    alive = None if live is None else gathered(which, len(size), 1 * slices(mask_of(live, x), axis)) != 0
    t = shared(size, t) * gathered(which, len(size), t)
    back = 0 if axis is None else axis
    return np.moveaxis(t, 0, back), (None if alive is None else np.moveaxis(alive, 0, back))


def values_vjp(g, y, x, axis, equal_nan, live):
    which, size = members(y, x, axis, equal_nan)
    g = slices(g, axis)
    alive = None if live is None else unsliced(slices(live, axis)[which], x, axis)
    return unsliced((shared(size, g) * g)[which], x, axis), alive


def unique_jvp(y, x, t, return_index=False, return_inverse=False, return_counts=False, axis=None, *,
               equal_nan=True, sorted=True, live=(None,)):  # fmt: skip
    if not (return_index or return_inverse or return_counts):
        return values_jvp(y, x, t, axis, equal_nan, live[0])
    t, alive = values_jvp(y[0], x, t, axis, equal_nan, live[0])
    return (t, *map(zeros, y[1:])), (alive, *(None for _ in y[1:]))


def unique_vjp(g, y, x, return_index=False, return_inverse=False, return_counts=False, axis=None, *,
               equal_nan=True, sorted=True, live=None):  # fmt: skip
    if return_index or return_inverse or return_counts:
        g, y, live = g[0], y[0], live and live[0]
    return values_vjp(g, y, x, axis, equal_nan, live)


def unique_values_jvp(y, x, t, *, live=(None,)):
    return values_jvp(y, x, t, None, False, live[0])


def unique_values_vjp(g, y, x, *, live=None):
    return values_vjp(g, y, x, None, False, live)


def with_more(f, **wanted):
    """unique_all and its kin: named tuples of what np.unique gives."""

    def definition(x):
        return type(f(np.zeros(1)))(*np.unique(x, **wanted, equal_nan=False))

    return definition


pair(np.unique, jvp=unique_jvp, vjp=unique_vjp, live="selects")
pair(np.unique_values, jvp=unique_values_jvp, vjp=unique_values_vjp, live="selects")
composite(np.unique_all, with_more(np.unique_all, return_index=True, return_inverse=True, return_counts=True))
composite(np.unique_inverse, with_more(np.unique_inverse, return_inverse=True))
composite(np.unique_counts, with_more(np.unique_counts, return_counts=True))


# --- two arrays -------------------------------------------------------------------------------------------------------


def both(ar1, ar2, assume_unique=False):
    """The elements of two sets, sorted in one row."""
    sets = (np.ravel(joined(a)) if assume_unique else np.unique(joined(a)) for a in (ar1, ar2))
    return np.sort(np.concatenate(list(sets)))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """What stands twice in the row; both of them share what it receives."""
    row = both(ar1, ar2, assume_unique)
    common = row[:-1][row[1:] == row[:-1]]
    return (common, *(places(common, a) for a in (ar1, ar2))) if return_indices else common


def places(values, a):
    """Where each value first stands in a."""
    elements, first = np.unique(joined(a), return_index=True)
    return first[np.searchsorted(elements, values)]


def setxor1d(ar1, ar2, assume_unique=False):
    """What stands once."""
    row = both(ar1, ar2, assume_unique)
    new = np.concatenate([[True], row[1:] != row[:-1], [True]])
    return row[new[1:] & new[:-1]] if row.size else row


def setdiff1d(ar1, ar2, assume_unique=False):
    first = np.ravel(joined(ar1)) if assume_unique else np.unique(joined(ar1))
    return first[np.isin(first, joined(ar2), invert=True)]


composite(np.union1d, lambda ar1, ar2: np.unique(np.concatenate([joined(ar1), joined(ar2)], axis=None)))
composite(np.intersect1d, intersect1d)
composite(np.setxor1d, setxor1d)
composite(np.setdiff1d, setdiff1d)
