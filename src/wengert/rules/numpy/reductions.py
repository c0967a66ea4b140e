"""Sums, products, means, extrema and scans along axes, and what `reduce`, `accumulate`, `outer` mean for any ufunc.

    y = np.prod(x, axis=0)      dy/dx is the product of the others: `others` multiplies them up, and never divides

Most reductions are declared by their slope, dy/dx in the shape of x:
forward mode sums t * slope, reverse mode spreads g * slope.
"""

import math

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from wengert.errors import MissingRuleError, user_line
from wengert.rules.declare import composite, linear, pair, spelled, ufunc_method
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, as_array, astype, broadcast, getitem, laid_like, over, put_add


def restore(g, axis=None, keepdims=False):
    """g with the axes that a reduction removed put back, of length 1."""
    return g if axis is None or kept(keepdims) else np.expand_dims(g, axis)


def kept(keepdims):
    """Whether the axes were kept: NumPy's own default is an object that says "not given"."""
    return keepdims is not np._NoValue and bool(keepdims)


def axes_of(x, axis=None):
    """The axes over which a reduction runs, as a tuple of numbers from 0; of a number none, also where axis is 0."""
    ndim = len(np.shape(x))
    if axis is None or (not ndim and axis in (0, -1)):
        return tuple(range(ndim))
    return normalize_axis_tuple(axis, ndim)


def count(x, axis=None, where=True):
    """How many elements each result is made of, with the axes kept where that varies."""
    if where is True:
        return math.prod(np.shape(x)[k] for k in axes_of(x, axis))
    n = np.sum(np.broadcast_to(where, np.shape(x)), axis=axis, keepdims=True)
    return n.astype(np.finfo(getattr(x, "dtype", float)).dtype)


def lanes(x, axis=None):
    """x with the axes of a reduction made into one, the last."""
    axes = axes_of(x, axis)
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    return np.reshape(moved, (*np.shape(moved)[: np.ndim(moved) - len(axes)], count(x, axis)))


def unlaned(v, x, axis=None):
    """What `lanes` did to x, undone."""
    axes, shape = axes_of(x, axis), np.shape(x)
    moved = (*(n for k, n in enumerate(shape) if k not in axes), *(shape[k] for k in axes))
    return np.moveaxis(np.reshape(v, moved), range(-len(axes), 0), axes)


NAMES = ("axis", "dtype", "out", "keepdims", "initial", "where")


# --- sums and means ---------------------------------------------------------------------------------------------------


def sum_transpose(g, x, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    g = spread(restore(g, axis, keepdims), x)
    return g if where is True else np.where(where, g, 0)


def mean_transpose(g, x, axis=None, dtype=None, out=None, keepdims=False, where=True):
    g = np.divide(restore(g, axis, keepdims), count(x, axis, where))
    return spread(g, x) if where is True else np.where(where, g, 0)


def spread(g, x):
    """g at every element of x; of a number, whose axis 0 NumPy takes for one, it is there already."""
    return broadcast(g, x.shape) if x.shape else g


def joined_by(join, f, names=(), **start):
    """A definition for calls whose initial= is traced: f of the elements, joined with it. Without identity f begins with a start."""

    def definition(x, *rest, **named):
        named = dict(zip(names, rest, strict=False)) | named
        initial = named.pop("initial", None)
        if not isinstance(initial, Traced):
            return NotImplemented
        y = f(x, **{k: v for k, v in named.items() if v is not np._NoValue}, **start)
        return join(y, initial if initial.dtype == y.dtype else astype(initial, y.dtype))

    return definition


def initial_transpose(g, *_, **__):
    return g


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


SUM = {"live": "moves", "batch": "axis"}

linear(np.sum, sum_transpose, None, None, None, None, initial_transpose, definition=joined_by(np.add, np.sum, NAMES), **SUM)
linear(np.mean, mean_transpose, **SUM)
spelled(np.sum, np.add.reduce)
composite(np.trace, trace)


# --- reductions with a slope ------------------------------------------------------------------------------------------




def by_slope(slope, names=NAMES):
    """Both modes of a reduction from slope(y, x, **options): dy/dx in the shape of x, given y with its axes kept."""

    def options(rest, named):
        named = dict(zip(names, rest, strict=False)) | named
        return named, {k: named[k] for k in ("axis", "keepdims") if k in named}

    def jvp(y, x, t, *rest, **named):
        named, axes = options(rest, named)
        where = {k: named[k] for k in ("where",) if k in named}
        return np.sum(t * slope(restore(y, **axes), x, **named), **axes, **where)

    def vjp(g, y, x, *rest, **named):
        named, axes = options(rest, named)
        return restore(g, **axes) * slope(restore(y, **axes), x, **named)

    return {"jvp": jvp, "vjp": vjp, "batch": "axis"}


def prod_slope(y, x, axis=None, dtype=None, out=None, keepdims=False, initial=1, where=True):
    """The product of all other elements: finite at zeros, and polynomial, so that its own derivatives are too."""
    x = x if dtype is None else astype(x, dtype)
    x = x if where is True else np.where(where, x, 1.0)
    product = unlaned(others(lanes(x, axis)), x, axis) * initial
    return product if where is True else np.where(where, product, 0.0)


def others(x):
    """The products of all others along the last axis, by pairs, pairs of pairs, ...: a tree, 3n multiplications."""
    n = x.shape[-1]
    if n < 2:
        return np.ones(x.shape, x.dtype)
    left, right = x[..., 0 : n - n % 2 : 2], x[..., 1::2]
    pairs = left * right
    above = others(np.concatenate([pairs, x[..., n - 1 :]], -1) if n % 2 else pairs)
    outside = above[..., : n // 2]
    inner = np.reshape(np.stack([outside * right, outside * left], -1), (*x.shape[:-1], n - n % 2))
    return np.concatenate([inner, above[..., n // 2 :]], -1) if n % 2 else inner


def logsum_slope(power):
    """The slope of log(sum(exp(x))), exp(x - y); equal infinities share."""

    def slope(y, x, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
        tie = np.logical_and((x == y) & np.isinf(y), where)
        n = np.sum(tie, axis=axis, keepdims=True).astype(y.dtype)
        n = n if initial is None else n + ((y == initial) & np.isinf(y))
        w = np.where(tie, 1.0 / np.where(n == 0, 1.0, n), power(np.where(tie, 0.0, x) - np.where(tie, 0.0, y)))
        return w if where is True else np.where(where, w, 0.0)

    return slope


def hypot_slope(y, x, axis=None, dtype=None, out=None, keepdims=False, initial=0, where=True):
    """x / y, 0 at the origin."""
    return over(x if where is True else np.where(where, x, 0.0), y)


pair(np.prod, **by_slope(prod_slope), definition=joined_by(np.multiply, np.prod, NAMES))
pair(np.logaddexp.reduce, **by_slope(logsum_slope(np.exp)), definition=joined_by(np.logaddexp, np.logaddexp.reduce))
pair(np.logaddexp2.reduce, **by_slope(logsum_slope(np.exp2)), definition=joined_by(np.logaddexp2, np.logaddexp2.reduce))
pair(np.hypot.reduce, **by_slope(hypot_slope), definition=joined_by(np.hypot, np.hypot.reduce))
spelled(np.prod, np.multiply.reduce)


# --- extrema: ties share equally --------------------------------------------------------------------------------------


def hits(y, x, axis=None, where=True):
    """Where x is y (where y is NaN, whoever is), and how often along the axes, which y has kept."""
    hit = x == y
    if np.any(y != y):
        hit = hit | ((x != x) & (y != y))
    if where is not True:
        hit = hit & where
    return hit, np.sum(hit, axis=axis, keepdims=True).astype(y.dtype)


def holders(y, x, axis, keepdims, initial, where):
    """As `hits`, with the number that an extremum starts from among those that may hold it."""
    y = restore(y, axis, keepdims)
    hit, n = hits(y, x, axis, where)
    return hit, (n if initial is None or initial is np._NoValue else n + (y == initial))


def extremum_jvp(y, x, t, axis=None, out=None, keepdims=False, initial=None, where=True, *, live=(None,)):
    hit, n = holders(y, x, axis, keepdims, initial, where)
    t = np.reshape(np.sum(np.where(hit, t, 0.0), axis=axis, keepdims=True) / n, np.shape(y))
    alive = None if live[0] is None else np.reshape(np.any(hit & live[0], axis=axis, keepdims=True), np.shape(y))
    return t, alive


def extremum_vjp(g, y, x, axis=None, out=None, keepdims=False, initial=None, where=True, *, live=None):
    hit, n = holders(y, x, axis, keepdims, initial, where)
    g = np.where(hit, restore(g, axis, keepdims) / n, 0.0)
    return g, (hit if live is None else hit & restore(live, axis, keepdims))


EXTREMUM = {"jvp": extremum_jvp, "vjp": extremum_vjp, "live": "selects", "batch": "axis"}

OF_EXTREMA = ("axis", "out", "keepdims", "initial", "where")

pair(np.max, **EXTREMUM, definition=joined_by(np.maximum, np.max, OF_EXTREMA, initial=-math.inf))
pair(np.min, **EXTREMUM, definition=joined_by(np.minimum, np.min, OF_EXTREMA, initial=math.inf))
pair(np.fmax.reduce, **EXTREMUM, definition=joined_by(np.fmax, np.fmax.reduce, initial=-math.inf))
pair(np.fmin.reduce, **EXTREMUM, definition=joined_by(np.fmin, np.fmin.reduce, initial=math.inf))
spelled(np.max, np.amax, np.maximum.reduce)
spelled(np.min, np.amin, np.minimum.reduce)


# --- scans ------------------------------------------------------------------------------------------------------------


def backwards(scan, axis, *arrays):
    """A scan that starts at the end of an axis."""
    return np.flip(scan(*(np.flip(a, axis) for a in arrays), axis), axis)


def cumsum_transpose(g, x, axis=None, dtype=None, out=None):
    return np.reshape(backwards(np.cumsum, 0 if axis is None else axis, g), x.shape)


def recurrence(a, b, axis):
    """s[k] = a[k] s[k-1] + b[k] from s[-1] = 0, in log(n) strides (Hillis and Steele, 1986)."""
    a, b = np.moveaxis(a, axis, -1), np.moveaxis(b, axis, -1)
    n, step = b.shape[-1], 1
    while step < n:
        b = np.concatenate([b[..., :step], b[..., step:] + a[..., step:] * b[..., :-step]], -1)
        a = np.concatenate([a[..., :step], a[..., step:] * a[..., :-step]], -1)
        step *= 2
    return np.moveaxis(b, -1, axis)


def shifted(x, axis, first):
    """x one place on along an axis, with a number in front: x[k-1]."""
    x = np.moveaxis(x, axis, -1)
    x = np.concatenate([np.full((*x.shape[:-1], 1), first, x.dtype), x[..., :-1]], -1)[..., : x.shape[-1]]
    return np.moveaxis(x, -1, axis)


def flat(x, axis):
    """x and the axis of a scan or a sort, for which None means all elements in a row."""
    return (np.reshape(x, -1), 0) if axis is None or not np.shape(x) else (x, axis)


def cumprod_jvp(y, x, t, axis=None, dtype=None, out=None):
    """y[k] = y[k-1] x[k], so dy[k] = x[k] dy[k-1] + y[k-1] dx[k]: no division, right at zeros."""
    x, _ = flat(x if dtype is None else astype(x, dtype), axis)
    t, axis = flat(t, axis)
    return recurrence(x, shifted(y, axis, 1) * t, axis)


def cumprod_vjp(g, y, x, axis=None, dtype=None, out=None):
    """x[k] receives y[k-1] r[k], where r[k] = g[k] + x[k+1] r[k+1] comes from the end."""
    shape = np.shape(x)
    x, axis = flat(x if dtype is None else astype(x, dtype), axis)
    r = backwards(lambda x, g, axis: recurrence(shifted(x, axis, 0), g, axis), axis, x, g)
    return np.reshape(shifted(y, axis, 1) * r, shape)


linear(np.cumsum, cumsum_transpose, live="moves", batch="axis")
pair(np.cumprod, jvp=cumprod_jvp, vjp=cumprod_vjp, batch="axis")
spelled(np.cumsum, np.add.accumulate)
spelled(np.cumprod, np.multiply.accumulate)


def cumulative(scan, start):
    """np.cumulative_sum and its like: an axis must be named unless there is one, and the start may come along."""

    def definition(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        x = np.atleast_1d(x)
        if axis is None and x.ndim != 1:
            raise ValueError("For arrays which have more than one dimension ``axis`` argument is required.")
        axis = 0 if axis is None else axis
        y = scan(x, axis=axis, dtype=dtype)
        if not include_initial:
            return y
        first = tuple(1 if k == axis % x.ndim else n for k, n in enumerate(x.shape))
        return np.concatenate([np.full(first, start, y.dtype), y], axis)

    return definition


if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    composite(np.cumulative_sum, cumulative(np.cumsum, 0))
    composite(np.cumulative_prod, cumulative(np.cumprod, 1))


# --- methods of any ufunc: right, and slow ----------------------------------------------------------------------------


def folded(ufunc, places):
    """ufunc(... ufunc(ufunc(places[0], places[1]), places[2]) ...), with all results on the way."""
    ys = [places[k] for k in range(min(1, len(places)))]
    for k in range(1, len(places)):
        ys.append(ufunc(ys[-1], places[k]))
    return ys


def ufunc_reduce(ufunc, x, axis=0, keepdims=False, initial=np._NoValue, where=True):
    """The last of them; NumPy 2.4 gets power.reduce and arctan2.reduce wrong on AVX-512: f(first, last) of a lane."""
    axes = axes_of(x, axis)
    if len(axes) > 1 and ufunc.identity is None:
        raise ValueError(f"reduction operation '{ufunc.__name__}' is not reorderable: name one axis")
    places = np.moveaxis(lanes(x, axis), -1, 0)
    shape, given = places.shape[1:], initial is not np._NoValue and initial is not None
    if not given and (where is not True or not len(places)) and ufunc.identity is None:
        raise ValueError(f"'{ufunc.__name__}' has no identity: a reduction of nothing, or with where=, needs initial=")
    if given or where is not True or not len(places):
        first = astype((initial if given else ufunc.identity) * np.ones((1, *shape), x.dtype), x.dtype)
        places = np.concatenate([first, places])
    if where is True:
        y = folded(ufunc, places)[-1]
    else:
        masks = np.moveaxis(lanes(np.broadcast_to(where, x.shape), axis), -1, 0)
        y = places[0]
        for mask, place in zip(masks, places[1:], strict=True):
            y = np.where(mask, ufunc(y, place), y)
    return np.expand_dims(y, axes) if kept(keepdims) else y


def ufunc_accumulate(ufunc, x, axis=0):
    """The same with all results on the way."""
    ys = folded(ufunc, np.moveaxis(x, axis, 0))
    return laid_like(np.stack(ys, axis), x) if ys else np.copy(x)


def ufunc_reduceat(ufunc, x, indices, axis=0):
    """The reductions of stretches from each index to the next, or x there if the next is not further on."""
    places = np.moveaxis(x, axis, 0)
    return np.stack([folded(ufunc, places[i:j])[-1] for i, j in stretches(indices, len(places))], axis)


def stretches(indices, n):
    return [(i, max(i + 1, j)) for i, j in zip(indices, [*indices[1:], n], strict=False)]


def add_reduceat_transpose(g, x, indices, axis=0):
    """Each element receives what the stretches in which it lies receive."""
    spans = stretches(indices, x.shape[axis])
    which = np.repeat(np.arange(len(spans)), [j - i for i, j in spans])
    index = (slice(None),) * (axis % x.ndim)
    places = np.concatenate([np.arange(i, j) for i, j in spans])
    return put_add(np.zeros(x.shape, g.dtype), (*index, places), getitem(g, (*index, which)))


linear(np.add.reduceat, add_reduceat_transpose, live="moves", batch="axis")


def ufunc_outer(ufunc, x, y, **options):
    """ufunc of every element of x with every element of y, where numbers are as wide as arrays."""
    return ufunc(np.reshape(x, np.shape(x) + (1,) * len(np.shape(y))), as_array(joined(y)), **options)


def binary(definition):
    def method(ufunc, *args, **options):
        if (ufunc.nin, ufunc.nout, ufunc.signature) != (2, 1, None):
            raise MissingRuleError(
                f"{ufunc.__name__}.{definition.__name__.removeprefix('ufunc_')} has no derivative rule: it takes"
                f" {ufunc.nin} operands and gives {ufunc.nout} results, or works on whole vectors." + user_line()
            )
        return definition(ufunc, *args, **options)

    return method


ufunc_method("reduce", binary(ufunc_reduce))
ufunc_method("accumulate", binary(ufunc_accumulate))
ufunc_method("reduceat", binary(ufunc_reduceat))
ufunc_method("outer", binary(ufunc_outer))
