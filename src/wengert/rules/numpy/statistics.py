"""Averages, variances, order statistics, and the forms that leave NaN out.

    y = np.std(x)        dy/dx = (x - mean) / (n y), and 0 where x is constant: there y has a minimum
"""

import numpy as np

from wengert.errors import MissingRuleError, user_line
from wengert.rules.declare import composite, joined
from wengert.rules.numpy.reductions import axes_of, count, kept, reduction
from wengert.rules.vocabulary import Traced, astype

# --- variance -------------------------------------------------------------------------------------------------------------


def deviations(x, axis, ddof, where, mean, correction):
    """x - mean (0 where it does not count), and what their squares are divided by."""
    some = {} if where is True else {"where": where}
    if mean is None or mean is np._NoValue:
        mean = np.mean(x, axis=axis, keepdims=True, **some)
    d = x - mean if where is True else np.where(where, x - mean, 0.0)
    n = count(x, axis, where) - (ddof if correction is None else correction)
    return d, max(n, 0) if where is True else np.maximum(n, 0)


def var_slope(y, x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    """2 (x - mean) / n: the mean's own part vanishes, since deviations sum to zero. Conjugate: see declare, conventions."""
    d, n = deviations(x if dtype is None else astype(x, dtype), axis, ddof, where, mean, correction)
    return 2.0 * np.conj(d) / n


def std_slope(y, x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    """(x - mean) / (n y), and 0 for constant x, also where rounding makes their mean another number (0.1, 0.1, 0.1)."""
    d, n = deviations(x if dtype is None else astype(x, dtype), axis, ddof, where, mean, correction)
    if where is True and mean is None and np.shape(x):
        axes = axes_of(x, axis)
        first = x[tuple(slice(0, 1) if k in axes else slice(None) for k in range(x.ndim))]
        d = np.where(np.all(x == first, axis=axis, keepdims=True), 0.0, d)
    return np.conj(d) / (n * np.where(y == 0, 1.0, y))


def about(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    """The variance about a given, traced mean."""
    d, n = deviations(x if dtype is None else astype(x, dtype), axis, ddof, where, mean, correction)
    square = np.square(np.real(d)) + np.square(np.imag(d)) if np.iscomplexobj(d) else np.square(d)
    y = np.sum(square, axis=axis, keepdims=True) / n
    return y if kept(keepdims) else np.squeeze(y, axes_of(x, axis))


def root(v):
    """The square root of a variance: 0 has derivative 0."""
    return np.where(v == 0, 0.0, np.sqrt(v))


SPREAD = ("axis", "dtype", "out", "ddof", "keepdims")

reduction(np.var, var_slope, SPREAD, definition=lambda *a, **k: about(*a, **k) if isinstance(k.get("mean"), Traced) else NotImplemented)
reduction(np.std, std_slope, SPREAD, definition=lambda *a, **k: root(about(*a, **k)) if isinstance(k.get("mean"), Traced) else NotImplemented)


# --- averages and correlation ---------------------------------------------------------------------------------------------


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.full((), count(a, axis), mean.dtype)
    else:
        weights = aligned(weights, a, axis)
        total = np.sum(weights, axis=axis, keepdims=keepdims)
        if np.any(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        mean = np.sum(np.multiply(a, weights), axis=axis, keepdims=keepdims) / total
    return (mean, np.copy(np.broadcast_to(total, np.shape(mean)))) if returned else mean


def aligned(weights, a, axis):
    """Weights in the shape of a, or of the axes over which is averaged, laid along these."""
    if np.shape(weights) == np.shape(a):
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = axes_of(a, axis)
    if np.shape(weights) != tuple(np.shape(a)[k] for k in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    return np.reshape(np.transpose(weights, np.argsort(axes)), tuple(n if k in axes else 1 for k, n in enumerate(np.shape(a))))


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """Samples in columns, as numpy.cov has it: d d^H / (n - ddof), d the deviations from the (weighted) mean."""
    x = np.transpose(rows(m)) if not rowvar and np.ndim(m) != 1 else rows(m)
    if y is not None:
        y = np.transpose(rows(y)) if not rowvar and np.shape(rows(y))[0] != 1 else rows(y)
        x = np.concatenate([x, y], axis=0)
    x = x if dtype is None else astype(x, dtype)
    ddof = ddof if ddof is not None else 0 if bias else 1
    w = fweights if aweights is None else aweights if fweights is None else np.multiply(fweights, aweights)
    d = x - average(x, axis=1, weights=w, keepdims=True)
    total = x.shape[1] if w is None else np.sum(w)
    n = total - ddof * (1 if ddof == 0 or aweights is None else np.sum(np.multiply(w, aweights)) / total)
    return np.squeeze(np.dot(d, np.conj(np.transpose(d if w is None else np.multiply(d, w)))) * np.divide(1.0, n))


def rows(m):
    """Samples as a matrix."""
    return np.reshape(m, (1, -1)) if np.ndim(m) < 2 else m


def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviation[:, None] / deviation
    return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1) if np.iscomplexobj(c) else np.clip(c, -1, 1)


composite(np.average, average)
composite(np.cov, cov)
composite(np.corrcoef, corrcoef)
composite(np.ptp, lambda a, axis=None, out=None, keepdims=False: np.subtract(np.max(a, axis=axis, keepdims=keepdims),
                                                                            np.min(a, axis=axis, keepdims=keepdims)))  # fmt: skip


# --- order statistics: a place between two elements of the sorted lane --------------------------------------------------------

# Hyndman and Fan (1996): the place of q among n sorted values, from 0, is n q + a + q (1 - a - b) - 1.
PLACES = {
    "linear": (1.0, 1.0),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
ROUNDED = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint, "midpoint": lambda k: 0.5 * (np.floor(k) + np.ceil(k))}


def place(q, n, method):
    a, b = PLACES.get(method, (1.0, 1.0))
    if method not in PLACES and method not in ROUNDED:
        raise MissingRuleError(f"quantiles by method={method!r} have no derivative rule. Choose one of {', '.join((*PLACES, *ROUNDED))}."
                               + user_line())
    k = n * q + (a + q * (1.0 - a - b)) - 1.0 if method != "linear" else (n - 1) * q
    k = np.clip(k, 0, np.maximum(n - 1, 0).astype(k.dtype))
    return ROUNDED.get(method, lambda k: k)(k)


def between(s, k, dtype):
    """Elements of the sorted lanes s at the places k, counted along the last axis; between two of them, on the line."""
    below = np.clip(np.floor(k), 0, None)
    i = astype(below, np.intp)
    low = np.take_along_axis(s, i, -1)
    high = np.take_along_axis(s, np.minimum(i + 1, s.shape[-1] - 1), -1)
    w, step = astype(k - below, dtype), high - low
    return np.where(w == 0, low, np.where(w >= 0.5, high - step * (1.0 - w), low + step * w))


def middle(s, k):
    """Elements of the sorted lanes at the places k, the mean of two where k lies between them."""
    k = k + np.zeros((*s.shape[:-1], 1))
    low, high = (np.take_along_axis(s, astype(np.clip(near(k), 0, None), np.intp), -1) for near in (np.floor, np.ceil))
    return (low + high) / 2


def in_order(a, axis, keepdims, skipna, read, shape=()):
    """read(s, n) of the sorted lanes s along some axes, n counting their elements; NaN where one is, unless NaN is skipped."""
    axes = axes_of(a, axis)
    lanes = np.moveaxis(a, axes, range(-len(axes), 0))
    rest = lanes.shape[: lanes.ndim - len(axes)]
    s = np.sort(np.reshape(lanes, (*rest, count(a, axis))), -1)
    unknown = np.sum(np.isnan(s), -1, keepdims=True)
    n = s.shape[-1] - unknown if skipna else s.shape[-1]
    y = read(s, n)
    bad = unknown == s.shape[-1] if skipna else unknown > 0
    y = np.where(bad, np.nan, y) if np.any(bad) else y
    y = np.reshape(np.moveaxis(y, -1, 0), (*shape, *rest))
    return np.expand_dims(y, tuple(len(shape) + k for k in axes)) if kept(keepdims) else y


def quantile(skipna, whole):
    """np.quantile (whole is 1), np.percentile (100), and the forms that skip NaN."""

    def definition(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None, interpolation=None):
        if weights is not None:
            raise MissingRuleError("weighted quantiles have no derivative rule." + user_line())
        a, q = joined(a), joined(q)
        if not (np.all(q >= 0) and np.all(q <= whole)):
            raise ValueError("Quantiles must be in the range [0, 1]" if whole == 1 else "Percentiles must be in the range [0, 100]")
        weak = type(q) in (int, float)  # as in NumPy, such a number leaves float32 what it is
        parts = np.reshape(q if whole == 1 else np.true_divide(q, whole), -1)

        def read(s, n):
            return between(s, place(parts, n, interpolation or method) + np.zeros((*s.shape[:-1], 1)), s.dtype if weak else float)

        return in_order(a, axis, keepdims, skipna, read, np.shape(q))

    return definition


def median(skipna):
    return lambda a, axis=None, out=None, overwrite_input=False, keepdims=False: in_order(
        a, axis, keepdims, skipna, lambda s, n: middle(s, (n - 1) / 2)
    )


# fmt: off
composite(np.quantile,      quantile(skipna=False, whole=1))
composite(np.nanquantile,   quantile(skipna=True, whole=1))
composite(np.percentile,    quantile(skipna=False, whole=100))
composite(np.nanpercentile, quantile(skipna=True, whole=100))
composite(np.median,        median(skipna=False))
composite(np.nanmedian,     median(skipna=True))
# fmt: on


# --- NaN left out ---------------------------------------------------------------------------------------------------------


def known(x, instead):
    return np.where(np.isnan(x), instead, x)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    total = np.sum(known(a, 0.0), axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    return total / np.sum(~np.isnan(a), axis=axis, keepdims=keepdims, where=where).astype(total.dtype)


def without(f):
    """np.nanvar and np.nanstd: the same where there is no NaN."""

    def definition(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, **options):
        return f(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=~np.isnan(a) & where, **options)

    return definition


# fmt: off
composite(np.nansum,     lambda a, *args, **options: np.sum(known(a, 0.0), *args, **options))
composite(np.nanprod,    lambda a, *args, **options: np.prod(known(a, 1.0), *args, **options))
composite(np.nancumsum,  lambda a, *args, **options: np.cumsum(known(a, 0.0), *args, **options))
composite(np.nancumprod, lambda a, *args, **options: np.cumprod(known(a, 1.0), *args, **options))
composite(np.nanmax,     lambda a, axis=None, out=None, keepdims=False, **options: np.fmax.reduce(a, axis=axis, keepdims=kept(keepdims), **options))
composite(np.nanmin,     lambda a, axis=None, out=None, keepdims=False, **options: np.fmin.reduce(a, axis=axis, keepdims=kept(keepdims), **options))
composite(np.nanmean,    nanmean)
composite(np.nanvar,     without(np.var))
composite(np.nanstd,     without(np.std))
# fmt: on
