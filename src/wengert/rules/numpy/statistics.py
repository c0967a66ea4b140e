"""Averages, variances, order statistics, and the forms that leave NaN out.

    y = np.std(x)        dy/dx = (x - mean) / (n y), and 0 where x is constant: there y has a minimum
"""

import numpy as np

from wengert.errors import MissingRuleError, function_name, user_line
from wengert.rules.declare import composite, pair
from wengert.rules.numpy.reductions import axes_of, by_slope, count, hits, kept, lanes, unlaned
from wengert.rules.row import joined, mask_of
from wengert.rules.vocabulary import Traced, as_array, astype

# --- variance ---------------------------------------------------------------------------------------------------------


def deviations(x, axis, ddof, where, mean, correction):
    """x - mean (0 where it does not count), and what their squares are divided by."""
    some = {} if where is True else {"where": where}
    if mean is None or mean is np._NoValue:
        mean = np.mean(x, axis=axis, keepdims=True, **some)
    d = x - mean if where is True else np.where(where, x - mean, 0.0)
    n = count(x, axis, where) - (ddof if correction is None else correction)
    return d, max(n, 0) if where is True else np.maximum(n, 0)


def var_slope(y, x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    """2 (x - mean) / n: the mean's own part vanishes, for deviations sum to zero. Conjugate: declare, conventions."""
    d, n = deviations(x if dtype is None else astype(x, dtype), axis, ddof, where, mean, correction)
    return 2.0 * turned(d, x) / n


def std_slope(y, x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, where=True, mean=None, correction=None):
    """(x - mean) / (n y), and 0 for constant x, also where rounding makes their mean another number (0.1, 0.1, 0.1)."""
    d, n = deviations(x if dtype is None else astype(x, dtype), axis, ddof, where, mean, correction)
    if where is True and mean is None and np.shape(x):
        axes = axes_of(x, axis)
        first = x[tuple(slice(0, 1) if k in axes else slice(None) for k in range(x.ndim))]
        d = np.where(np.all(x == first, axis=axis, keepdims=True), 0.0, d)
    return turned(d, x) / (n * np.where(y == 0, 1.0, y))


def turned(d, x):
    """The conjugate of deviations of complex numbers: those of real ones NumPy squares as they are."""
    return np.conj(d) if np.iscomplexobj(x) else d


def about(x, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    """The variance about a given, traced mean."""
    x = as_array(joined(x)) if dtype is None else astype(joined(x), dtype)
    d, n = deviations(x, axis, ddof, where, mean, correction)
    n = n if where is True or kept(keepdims) else np.squeeze(n, axes_of(x, axis))
    square = np.square(np.real(d)) + np.square(np.imag(d)) if np.iscomplexobj(x) else np.square(d)
    return np.sum(square, axis=axis, keepdims=kept(keepdims)) / n


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    """The variance of what is a number, NaN where that is too little."""
    unknown, some = np.isnan(a), {"where": where} if where is not True else {}
    x = np.where(unknown, 0.0, a)
    n = np.sum(~unknown, axis=axis, keepdims=True, **some).astype(np.finfo(x.dtype).dtype)
    mean = np.sum(x, axis=axis, dtype=dtype, keepdims=True, **some) / n if mean is None else mean
    d = np.where(unknown, 0.0, astype(x - mean, x.dtype))  # as NumPy does, whatever dtype= says
    left = n - (ddof if correction is None else correction)
    left = left if kept(keepdims) else np.squeeze(left, axes_of(x, axis))[()]
    square = np.real(np.multiply(d, np.conj(d))) if np.iscomplexobj(d) else np.multiply(d, d)
    total = np.sum(square, axis=axis, dtype=dtype, keepdims=kept(keepdims), **some)
    v = astype(total / left, total.dtype)
    return np.where(left <= 0, np.nan, v)[()] if np.any(left <= 0) else v


def root(v):
    """The square root of a variance: 0 has derivative 0."""
    return np.where(v == 0, 0.0, np.sqrt(v))[()]


def of_given_mean(after):
    """A definition for calls whose mean= is traced."""

    def definition(*args, **options):
        return after(about(*args, **options)) if isinstance(options.get("mean"), Traced) else NotImplemented

    return definition


SPREAD = ("axis", "dtype", "out", "ddof", "keepdims")

pair(np.var, **by_slope(var_slope, SPREAD), definition=of_given_mean(lambda v: v))
pair(np.std, **by_slope(std_slope, SPREAD), definition=of_given_mean(root))
composite(np.nanvar, nanvar)
composite(np.nanstd, lambda *args, **options: root(nanvar(*args, **options)))


# --- averages and correlation -----------------------------------------------------------------------------------------


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = astype(count(a, axis), mean.dtype)
    else:
        weights = aligned(weights, a, axis)
        dtype = np.result_type(*(w.dtype if hasattr(w, "dtype") else np.asarray(w).dtype for w in (a, weights)))
        total = np.sum(weights, axis=axis, dtype=dtype, keepdims=keepdims)
        if np.any(total == 0.0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        mean = np.sum(np.multiply(a, weights, dtype=dtype), axis=axis, keepdims=keepdims) / total
    if returned and np.shape(total) != np.shape(mean):
        total = np.copy(np.broadcast_to(total, np.shape(mean)))
    return (mean, total) if returned else mean


def aligned(weights, a, axis):
    """Weights in the shape of a, or of the axes over which is averaged, laid along these."""
    if np.shape(weights) == np.shape(a):
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = axes_of(a, axis)
    if np.shape(weights) != tuple(np.shape(a)[k] for k in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    shape = tuple(n if k in axes else 1 for k, n in enumerate(np.shape(a)))
    return np.reshape(np.transpose(weights, np.argsort(axes)), shape)


def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """Samples in columns, as numpy.cov has it: d d^H / (n - ddof), d the deviations from the (weighted) mean."""
    x = np.transpose(rows(m)) if not rowvar and np.ndim(m) != 1 else rows(m)
    if y is not None:
        y = np.transpose(rows(y)) if not rowvar and np.shape(rows(y))[0] != 1 else rows(y)
        x = np.concatenate([x, y], axis=0)
    x = astype(x, np.result_type(x.dtype, np.float64) if dtype is None else dtype)
    ddof = ddof if ddof is not None else 0 if bias else 1
    w = fweights if aweights is None else aweights if fweights is None else np.multiply(fweights, aweights)
    mean, total = average(x, axis=1, weights=w, returned=True)
    d, total = x - mean[:, None], x.shape[1] if w is None else total[0]
    n = total - ddof * (1 if ddof == 0 or aweights is None else np.sum(np.multiply(w, aweights)) / total)
    scale = np.divide(1.0, n)
    scale = scale if dtype is None else astype(scale, np.finfo(x.dtype).dtype)
    return np.squeeze(np.dot(d, np.conj(np.transpose(d if w is None else np.multiply(d, w)))) * scale)


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


def ptp(a, axis=None, out=None, keepdims=False):
    return np.subtract(np.max(a, axis=axis, keepdims=keepdims), np.min(a, axis=axis, keepdims=keepdims))


composite(np.average, average)
composite(np.cov, cov)
composite(np.corrcoef, corrcoef)
composite(np.ptp, ptp)


# --- order statistics: a place between two elements of the sorted lane ------------------------------------------------

# Hyndman and Fan (1996): the place of q among n sorted values, counted from 0, is n q + a + q (1 - a - b) - 1.
CONTINUOUS = {
    "linear": (1.0, 1.0),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
ROUNDED = {
    "lower": np.floor,
    "higher": np.ceil,
    "nearest": np.rint,
    "midpoint": lambda k: (np.floor(k) + np.ceil(k)) / 2,
}


def place_of(q, n, method):
    """The place of the q-th part of n values, between the first and the last."""
    a, b = CONTINUOUS.get(method, (1.0, 1.0))
    k = (n - 1) * q if (a, b) == (1.0, 1.0) else n * q + (a + q * (1.0 - a - b)) - 1.0
    return ROUNDED.get(method, lambda k: k)(np.clip(k, 0, np.maximum(n - 1, 0)))


class Neighbours:
    """The two elements of each lane, next to each other when it is sorted, between which an order statistic lies.

    `places(n)` are the wanted places among n sorted values: one statistic a column, `low` and `high` its neighbours,
    `w` the weight of the second. Whoever is equal to a neighbour shares what it receives, as in max; NaN comes first.
    """

    def __init__(self, x, axis, skipna, places):
        self.x, self.axis, self.lanes = x, axis, lanes(x, axis)
        size = self.lanes.shape[-1]
        unknown = np.sum(np.isnan(self.lanes), -1, keepdims=True)
        self.n = size - unknown if skipna else np.full(unknown.shape, size)
        k = places(self.n)
        k = k if skipna else np.where(unknown > 0, size - 1, k)
        i = np.clip(np.floor(k), 0, None).astype(np.intp)
        j = np.minimum(i + 1, size - 1)
        nothing = np.full((*i.shape[:-1], 1), np.nan)
        s = np.partition(self.lanes, np.unique(np.concatenate([i, j])), -1) if size else nothing
        self.low, self.high = np.take_along_axis(s, i, -1), np.take_along_axis(s, j, -1)
        self.w = astype(k - i, np.finfo(self.lanes.dtype).dtype)

    def columns(self):
        """For each statistic its two neighbours, as (which elements they are, the weight of each of these)."""

        def those(v, w):
            hit, n = hits(v, self.lanes, -1)
            return hit & (w != 0), w / n

        for c in range(self.w.shape[-1]):
            low, high, w = (a[..., c : c + 1] for a in (self.low, self.high, self.w))
            yield those(low, 1.0 - w), those(high, w)

    def push(self, t, live, shape):
        """The tangents of the statistics, and their mask, in a shape that has the columns first."""
        t, live = lanes(t, self.axis), None if live is None else lanes(mask_of(live, self.x), self.axis)
        ts = [sum(w * np.sum(np.where(hit, t, 0.0), -1, keepdims=True) for hit, w in two) for two in self.columns()]
        if live is not None:
            live = np.stack([np.any((low[0] | high[0]) & live, -1) for low, high in self.columns()])
        return np.reshape(np.stack(ts), shape), (None if live is None else np.reshape(live, shape))

    def pull(self, g, live):
        """The cotangent of x, and its mask."""
        total, alive = np.zeros(self.lanes.shape, self.w.dtype), np.zeros(self.lanes.shape, bool)
        for c, two in enumerate(self.columns()):
            for hit, w in two:
                total = total + np.where(hit, w * self.column(g, c), 0.0)
                alive = alive | (hit if live is None else hit & self.column(live, c))
        return unlaned(total, self.x, self.axis), unlaned(alive, self.x, self.axis)

    def column(self, g, c):
        return np.reshape(g, (self.w.shape[-1], *self.w.shape[:-1]))[c][..., None]


def median(f, skipna):
    def neighbours(x, axis):
        return Neighbours(x, axis, skipna, lambda n: (n - 1) / 2)

    def jvp(y, x, t, axis=None, out=None, overwrite_input=False, keepdims=False, *, live=(None,)):
        return neighbours(x, axis).push(t, live[0], np.shape(y))

    def vjp(g, y, x, axis=None, out=None, overwrite_input=False, keepdims=False, *, live=None):
        return neighbours(x, axis).pull(g, live)

    def in_a_copy(a, axis=None, out=None, overwrite_input=False, keepdims=False):
        return f(a, axis=axis, keepdims=kept(keepdims)) if overwrite_input else NotImplemented

    pair(f, jvp=jvp, vjp=vjp, live="selects", batch="axis", definition=in_a_copy)


def quantile(f, skipna, whole):
    """np.quantile (whole is 1), np.percentile (100), and the forms that leave NaN out; q is differentiable too."""

    def neighbours(x, q, axis, method):
        return Neighbours(x, axis, skipna, lambda n: place_of(np.reshape(q, -1) / whole, n, method))

    def speed(found, q, method):
        """How fast the statistics move with q: not at all where the place is rounded, or at an end."""
        a, b = CONTINUOUS.get(method, (1.0, 1.0))
        k = found.n * (np.reshape(q, -1) / whole) + (a + (np.reshape(q, -1) / whole) * (1.0 - a - b)) - 1.0
        inside = (k >= 0) & (k <= found.n - 1) & (method in CONTINUOUS)
        by_place = np.where(inside, (found.n + (1.0 - a - b)) / whole, 0.0).astype(found.w.dtype)
        return np.moveaxis(by_place * (found.high - found.low), -1, 0)

    def jvp(y, x, q, tx, tq, axis=None, out=None, _=False, method="linear", keepdims=False, live=None, **options):
        found = neighbours(x, q, axis, method)
        t, alive = found.push(tx, live[0], np.shape(y))
        if live[1] is False:
            return t, alive
        by_q = speed(found, q, method)
        return t + np.reshape(by_q * np.reshape(tq, (-1,) + (1,) * (by_q.ndim - 1)), np.shape(y)), None

    def vjp(g, y, x, q, axis=None, out=None, _=False, method="linear", keepdims=False, live=None, **options):
        found = neighbours(x, q, axis, method)
        by_q = speed(found, q, method)
        by_each = np.sum(by_q * np.reshape(g, by_q.shape), tuple(range(1, by_q.ndim)))
        c, alive = found.pull(g, live)
        return (c, np.reshape(by_each, np.shape(q))), (alive, None)

    def forms(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False, *, weights=None):
        if weights is not None or method not in CONTINUOUS | ROUNDED:
            form = f"method={method!r}" if weights is None else "weights"
            raise MissingRuleError(
                f"{function_name(f)} with {form} has no derivative rule."
                f" Its methods {', '.join(CONTINUOUS | ROUNDED)} have." + user_line()
            )
        return f(a, q, axis=axis, method=method, keepdims=kept(keepdims)) if overwrite_input else NotImplemented

    pair(f, jvp=jvp, vjp=vjp, operands=2, live="selects", batch="axis", definition=forms)


median(np.median, skipna=False)
median(np.nanmedian, skipna=True)
quantile(np.quantile, skipna=False, whole=1)
quantile(np.nanquantile, skipna=True, whole=1)
quantile(np.percentile, skipna=False, whole=100)
quantile(np.nanpercentile, skipna=True, whole=100)


# --- NaN left out -----------------------------------------------------------------------------------------------------


def known(x, instead):
    return np.where(np.isnan(x), instead, x)


def extremum_known(ufunc):
    def definition(a, axis=None, out=None, keepdims=False, initial=np._NoValue, where=np._NoValue):
        options = {k: v for k, v in (("initial", initial), ("where", where)) if v is not np._NoValue}
        return ufunc.reduce(a, axis=axis, keepdims=kept(keepdims), **options)

    return definition


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    total = np.sum(known(a, 0.0), axis=axis, dtype=dtype, keepdims=keepdims, where=where)
    return total / np.sum(~np.isnan(a), axis=axis, keepdims=keepdims, where=where).astype(total.dtype)


# fmt: off
composite(np.nansum,     lambda a, *args, **options: np.sum(known(a, 0.0), *args, **options))
composite(np.nanprod,    lambda a, *args, **options: np.prod(known(a, 1.0), *args, **options))
composite(np.nancumsum,  lambda a, *args, **options: np.cumsum(known(a, 0.0), *args, **options))
composite(np.nancumprod, lambda a, *args, **options: np.cumprod(known(a, 1.0), *args, **options))
composite(np.nanmax,     extremum_known(np.fmax))
composite(np.nanmin,     extremum_known(np.fmin))
composite(np.nanmean,    nanmean)
# fmt: on
