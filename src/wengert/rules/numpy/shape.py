"""Shapes, axes, joining, splitting, tiling, padding and copies.

Where NumPy gives a view (x.T, x[::-1], a diagonal), a trace follows the view itself, and the row here serves scalars
and other traces.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from wengert.errors import MissingRuleError, user_line
from wengert.rules.declare import composite, linear, spelled
from wengert.rules.numpy.reductions import axes_of
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, as_array, as_scalar, astype, bottom, in_order, order_of, put, put_add


def inverse(axes):
    """The permutation that undoes a transpose."""
    return None if axes is None else np.argsort(np.mod(axes, len(axes)))


def as_before(g, x, *_, **__):
    return np.reshape(g, x.shape)


def same(g, *_, **__):
    return g


def along(index, ndim, axis):
    """An index that takes all of every axis but one."""
    return (slice(None),) * (axis % ndim) + (index,)


# --- shapes and axes --------------------------------------------------------------------------------------------------


def clear_order(order):
    """Orders 'A' and 'K' ask how an array lies in memory, where its tangent may lie otherwise."""
    if order not in ("C", "F"):
        raise MissingRuleError(
            f"order={order!r} depends on how an array lies in memory. Say which is meant: 'C' or 'F'." + user_line()
        )
    return NotImplemented


def reshape_forms(x, *rest, order="C", **_):
    return clear_order(rest[1] if len(rest) > 1 else order)


def ravel_forms(x, order="C"):
    """Of an array in one piece that lies as C's or Fortran's do, 'A' and 'K' are one of these."""
    if order == "A" or (order == "K" and (not np.ndim(x) or x.flags.c_contiguous or x.flags.f_contiguous)):
        return np.ravel(x, order_of(x))
    return clear_order(order)


def reshape_transpose(g, x, shape=None, order="C", *, newshape=None, copy=None):
    return np.reshape(g, x.shape, order=order)


def broadcast_forms(x, shape, subok=False):
    """A scalar is made an array, of which the result is a view: else its elements would share memory unseen."""
    return NotImplemented if isinstance(bottom(x), np.ndarray) else np.broadcast_to(as_array(x), shape)


def moveaxis_transpose(g, x, source, destination):
    return np.moveaxis(g, destination, source)


def roll_transpose(g, x, shift, axis=None):
    return np.roll(g, tuple(-k for k in shift) if isinstance(shift, tuple | list) else -shift, axis)


def rollaxis(a, axis, start=0):
    axis, start = normalize_axis_index(axis, a.ndim), start + a.ndim if start < 0 else start
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


# fmt: off
linear(np.reshape,      reshape_transpose, live="moves", definition=reshape_forms)
linear(np.ravel,        lambda g, x, order="C": np.reshape(g, x.shape, order), live="moves", definition=ravel_forms)
linear(np.transpose,    lambda g, x, axes=None: np.transpose(g, inverse(axes)), live="moves", batch="axis")
linear(np.swapaxes,     lambda g, x, axis1, axis2: np.swapaxes(g, axis1, axis2), live="moves", batch="axis")
linear(np.moveaxis,     moveaxis_transpose, live="moves", batch="axis")
linear(np.squeeze,      as_before, live="moves", batch="axis")
linear(np.expand_dims,  as_before, live="moves", batch="axis")
linear(np.broadcast_to, same, live="moves", definition=broadcast_forms)
linear(np.flip,         lambda g, x, axis=None: np.flip(g, axis), live="moves", batch="axis")
linear(np.flipud,       lambda g, x: np.flipud(g), live="moves")
linear(np.fliplr,       lambda g, x: np.fliplr(g), live="moves")
linear(np.rot90,        lambda g, x, k=1, axes=(0, 1): np.rot90(g, -k, axes), live="moves", batch="axis")
linear(np.roll,         roll_transpose, live="moves", batch="axis")
linear(np.copy,         lambda g, x, order="K", subok=False: g, live="moves", batch="broadcast")
linear(astype,          lambda g, x, dtype, copy=True, device=None: g, live="moves", batch="broadcast")
spelled(astype,         np.astype)
composite(np.rollaxis,  rollaxis)
linear(np.matrix_transpose, lambda g, x: np.swapaxes(g, -1, -2), live="moves", batch="stacked")
# fmt: on


def at_least(ndim, wider):
    def definition(*arrays):
        arrays = tuple(map(joined, arrays))
        made = tuple(a if np.ndim(a) >= ndim else np.reshape(a, wider[np.ndim(a)](*np.shape(a))) for a in arrays)
        return made[0] if len(made) == 1 else made

    return definition


composite(np.atleast_1d, at_least(1, {0: lambda: (1,)}))
composite(np.atleast_2d, at_least(2, {0: lambda: (1, 1), 1: lambda n: (1, n)}))
composite(np.atleast_3d, at_least(3, {0: lambda: (1, 1, 1), 1: lambda n: (1, n, 1), 2: lambda m, n: (m, n, 1)}))


def broadcast_arrays(*arrays, subok=False):
    arrays = tuple(as_array(joined(a)) for a in arrays)
    shape = np.broadcast_shapes(*map(np.shape, arrays))
    return tuple(a if np.shape(a) == shape else np.broadcast_to(a, shape) for a in arrays)


composite(np.broadcast_arrays, broadcast_arrays)


# --- joining ----------------------------------------------------------------------------------------------------------


def pieces(g, ends, axis):
    """g cut along an axis."""
    starts = [0, *ends[:-1]]
    return [g[along(slice(i, j), len(np.shape(g)), axis)] for i, j in zip(starts, ends, strict=True)]


def concatenate_transpose(g, arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    """Each array receives its own stretch of g."""
    if axis is None:
        cut = pieces(g, np.cumsum([np.size(a) if not hasattr(a, "size") else a.size for a in arrays]).tolist(), 0)
        return [np.reshape(piece, np.shape(a)) for piece, a in zip(cut, arrays, strict=True)]
    return pieces(g, np.cumsum([np.shape(a)[axis] for a in arrays]).tolist(), axis)


def stack_transpose(g, arrays, axis=0, out=None, dtype=None, casting="same_kind"):
    g = np.moveaxis(g, axis, 0)
    return [g[k] for k in range(len(arrays))]


def of_rows(f):
    """The definition of calls with one array, whose rows are meant."""

    def definition(arrays, *args, **options):
        return f(tuple(arrays), *args, **options) if isinstance(arrays, Traced | np.ndarray) else NotImplemented

    return definition


def joining(along_axis, ndim):
    """hstack and its kin: the arrays are brought to ndim axes, then joined."""
    widen = (np.atleast_1d, np.atleast_2d, np.atleast_3d)[ndim - 1]

    def definition(arrays, **options):
        arrays = [widen(a) for a in arrays]
        return np.concatenate(arrays, along_axis(arrays[0]), **options)

    return definition


def column_stack(arrays):
    return np.concatenate([np.reshape(a, (-1, 1)) if np.ndim(a) < 2 else a for a in arrays], 1)


def append(arr, values, axis=None):
    return np.concatenate([np.ravel(arr), np.ravel(values)]) if axis is None else np.concatenate([arr, values], axis)


def block(arrays):
    """Nested lists of blocks: the innermost are joined along the last axis, those around them along the one before."""
    depth, ndim = nesting(arrays), max(map(np.ndim, leaves(arrays)))

    def join(part, level):
        if isinstance(part, list):
            return np.concatenate([join(p, level + 1) for p in part], level - depth)
        n = max(depth, ndim)
        return np.reshape(part, (1,) * (n - np.ndim(part)) + np.shape(part))

    return join(arrays, 0) if depth else np.copy(arrays, order="C")


def nesting(arrays):
    return 1 + nesting(arrays[0]) if isinstance(arrays, list) else 0


def leaves(arrays):
    return [leaf for part in arrays for leaf in leaves(part)] if isinstance(arrays, list) else [arrays]


linear(np.concatenate, concatenate_transpose, live="moves", batch="axis", definition=of_rows(np.concatenate))
linear(np.stack, stack_transpose, live="moves", batch="axis", definition=of_rows(np.stack))
composite(np.hstack, joining(lambda first: 0 if first.ndim == 1 else 1, 1))
composite(np.vstack, joining(lambda first: 0, 2))
composite(np.dstack, joining(lambda first: 2, 3))
composite(np.column_stack, column_stack)
composite(np.append, append)
composite(np.block, block)


# --- splitting: the pieces are views ----------------------------------------------------------------------------------


def array_split(ary, indices_or_sections, axis=0):
    n = ary.shape[axis]
    if np.ndim(indices_or_sections) == 0:
        sections = int(indices_or_sections)
        size, more = divmod(n, sections)
        ends = [k * size + min(k, more) for k in range(1, sections + 1)]
    else:
        ends = [*indices_or_sections, n]
    starts = [0, *ends[:-1]]
    return [ary[along(slice(i, j), ary.ndim, axis)] for i, j in zip(starts, ends, strict=True)]


def split(ary, indices_or_sections, axis=0):
    if np.ndim(indices_or_sections) == 0 and ary.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


composite(np.array_split, array_split)
composite(np.split, split)
composite(np.hsplit, lambda ary, indices_or_sections: split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0))
composite(np.vsplit, lambda ary, indices_or_sections: split(ary, indices_or_sections, 0 if ary.ndim > 1 else -2))
composite(np.dsplit, lambda ary, indices_or_sections: split(ary, indices_or_sections, 2))
if hasattr(np, "unstack"):  # NumPy 2.1
    composite(np.unstack, lambda x, /, *, axis=0: tuple(np.moveaxis(x, axis, 0)))


# --- repeating and padding --------------------------------------------------------------------------------------------


def repeat_transpose(g, x, repeats, axis=None):
    """The sum over the copies of each element."""
    shape, axis = ((x.size,), 0) if axis is None or not x.ndim else (x.shape, axis % x.ndim)
    n = shape[axis]
    if np.size(repeats) == 1:
        g = np.reshape(g, (*shape[: axis + 1], int(np.reshape(repeats, ())), *shape[axis + 1 :]))
        return np.reshape(np.sum(g, axis=axis + 1), x.shape)
    index = along(np.repeat(np.arange(n), repeats), len(shape), axis)
    return np.reshape(put_add(np.zeros(shape, g.dtype), index, g), x.shape)


def tile_transpose(g, x, reps):
    reps = tuple(reps) if np.ndim(reps) else (int(reps),)
    n = max(len(reps), x.ndim)
    reps, shape = (1,) * (n - len(reps)) + reps, (1,) * (n - x.ndim) + x.shape
    wide = np.reshape(g, sum(((r, k) for r, k in zip(reps, shape, strict=True)), ()))
    return np.reshape(np.sum(wide, axis=tuple(range(0, 2 * n, 2))), x.shape)


def resize(a, new_shape):
    new_shape = (new_shape,) if np.ndim(new_shape) == 0 else tuple(new_shape)
    size = int(np.prod(new_shape))
    if a.size == 0 or size == 0:
        return np.zeros_like(a, shape=new_shape)
    return np.reshape(np.ravel(a)[np.arange(size) % a.size], new_shape)


TAKEN = ("edge", "reflect", "symmetric", "wrap")
STATISTICS = {"maximum": np.max, "mean": np.mean, "median": np.median, "minimum": np.min}


def pad(array, pad_width, mode="constant", **options):
    """Edges, reflections and wraps are elements taken again; all else is computed, and joined before and after."""
    if mode not in ("constant", "linear_ramp", *TAKEN, *STATISTICS) or options.get("reflect_type", "even") != "even":
        raise MissingRuleError(
            f"numpy.pad with mode={mode!r} and these options has no derivative rule: it has none for modes that are functions, and for"
            " reflect_type='odd'." + user_line()
        )
    if not np.ndim(array):  # there is nothing to pad
        np.pad(np.zeros(()), pad_width, mode, **options)
        return np.copy(array)
    if isinstance(pad_width, dict):
        pad_width = [pad_width.get(k, pad_width.get(k - array.ndim, 0)) for k in range(array.ndim)]
        pad_width = [(w, w) if np.ndim(w) == 0 else w for w in pad_width]
    widths = np.broadcast_to(np.asarray(pad_width), (array.ndim, 2)).tolist()
    ends = joined(options.get("constant_values", 0))
    if mode == "constant" and not isinstance(ends, Traced):
        around = np.pad(np.zeros(array.shape, array.dtype, order_of(array)), widths, mode, **options)
        inside = tuple(slice(before, before + n) for (before, _), n in zip(widths, array.shape, strict=True))
        return put(around, inside, array)
    if mode not in TAKEN:  # NumPy's refusals
        np.pad(np.zeros(array.shape), widths, mode, **{k: v if k == "stat_length" else np.zeros(np.shape(joined(v))) for k, v in options.items()})
    order, dtype = order_of(array), array.dtype
    for axis, width in enumerate(widths):
        if mode in TAKEN and any(width):
            array = array[along(np.pad(np.arange(array.shape[axis]), width, mode, **options), array.ndim, axis)]
        elif any(width):
            sides = [astype(side, dtype) for side in padding(array, axis, width, mode, **options)]
            array = np.concatenate([sides[0], array, sides[1]], axis)
    return in_order(array, order) if np.any(widths) else np.copy(array, order=order)


def padding(x, axis, width, mode, constant_values=0, end_values=0, stat_length=None):
    """What stands before and after x along an axis."""
    shapes = [(*x.shape[:axis], w, *x.shape[axis + 1 :]) for w in width]
    if mode == "constant":
        return [np.broadcast_to(v, shape) for v, shape in zip(pairs(constant_values, x.ndim)[axis], shapes, strict=True)]
    if mode == "linear_ramp":
        first, last = pairs(end_values, x.ndim)[axis]
        edges = x[along(0, x.ndim, axis)], x[along(-1, x.ndim, axis)]
        before, after = (np.linspace(v, e, w, False, axis=axis) for v, e, w in zip((first, last), edges, width, strict=True))
        return [before, np.flip(after, axis)]
    n = x.shape[axis]
    near, far = (n if k is None else min(int(k), n) for k in pairs(stat_length, x.ndim)[axis])
    sides = x[along(slice(0, near), x.ndim, axis)], x[along(slice(n - far, n), x.ndim, axis)]
    values = [STATISTICS[mode](side, axis=axis, keepdims=True) for side in sides]
    values = [np.round(v) if x.dtype.kind in "iu" else v for v in values]
    return [np.broadcast_to(v, shape) for v, shape in zip(values, shapes, strict=True)]


def pairs(v, ndim):
    """A value for before and one for after, for each axis, as np.pad reads them: plain ones as Python's own."""
    values = np.broadcast_to(as_array(joined(v)), (ndim, 2))
    return values if isinstance(values, Traced) else values.tolist()


def windows_transpose(g, x, window_shape, axis=None, *, subok=False, writeable=False):
    """Each element of a window adds to its place in x."""
    places = np.lib.stride_tricks.sliding_window_view(np.arange(x.size).reshape(x.shape), window_shape, axis)
    return np.reshape(put_add(np.zeros(x.size, g.dtype), places, g), x.shape)


linear(np.repeat, repeat_transpose, live="moves")
linear(np.tile, tile_transpose, live="moves")
composite(np.resize, resize)
linear(np.lib.stride_tricks.sliding_window_view, windows_transpose, live="moves")
composite(np.pad, pad)


# --- leaving out and putting in ---------------------------------------------------------------------------------------


def delete(arr, obj, axis=None):
    order, (arr, axis) = order_of(arr), (np.ravel(arr), 0) if axis is None else (arr, axis)
    return in_order(arr[along(np.delete(np.arange(arr.shape[axis]), obj), arr.ndim, axis)], order)


def insert(arr, obj, values, axis=None):
    arr, values = joined(arr), joined(values)
    order = order_of(arr)
    arr, axis = (np.ravel(arr), 0) if axis is None else (arr, axis % arr.ndim)
    n = arr.shape[axis]
    places = np.arange(*obj.indices(n)) if isinstance(obj, slice) else np.asarray(obj)
    scalar = places.ndim == 0
    places = np.flatnonzero(places) if places.dtype == bool else np.atleast_1d(places).astype(np.intp)
    values = astype(np.reshape(values, np.shape(values)), arr.dtype)  # a number, too, as an array
    if places.size == 1:
        values = np.reshape(values, (1,) * (arr.ndim - np.ndim(values)) + np.shape(values))
        values = np.moveaxis(values, 0, axis) if scalar else values
        places = np.repeat(places, values.shape[axis])
    shape = (*arr.shape[:axis], places.size, *arr.shape[axis + 1 :])
    both = np.concatenate([arr, np.broadcast_to(values, shape)], axis)
    return in_order(both[along(np.insert(np.arange(n), places, np.arange(n, n + places.size)), arr.ndim, axis)], order)


def trim_zeros(filt, trim="fb", axis=None):
    """Without the zeros at its ends, or at those of some axes."""
    axes = axes_of(filt, axis)
    if not axes:
        return filt
    window = [slice(None)] * filt.ndim
    for k, used in enumerate(np.nonzero(filt)):
        if k in axes:
            n = filt.shape[k]
            first, last = (used.min(), used.max() + 1) if used.size else (n, n) if "f" in trim.lower() else (0, 0)
            window[k] = slice(first if "f" in trim.lower() else None, last if "b" in trim.lower() else None)
    return filt[tuple(window)]


composite(np.delete, delete)
composite(np.insert, insert)
composite(np.trim_zeros, trim_zeros)


# --- diagonals and triangles ------------------------------------------------------------------------------------------


def on_diagonal(g, shape, offset):
    """A zero array of this shape with g on a diagonal of its last two axes."""
    k = np.arange(g.shape[-1])
    return put(np.zeros(shape, g.dtype), (..., k - min(offset, 0), k + max(offset, 0)), g)


def diag_transpose(g, v, k=0):
    return np.diagonal(g, k) if v.ndim == 1 else on_diagonal(g, v.shape, k)


def diagonal_transpose(g, a, offset=0, axis1=0, axis2=1):
    rest = [n for k, n in enumerate(a.shape) if k not in (axis1 % a.ndim, axis2 % a.ndim)]
    return np.moveaxis(on_diagonal(g, (*rest, a.shape[axis1], a.shape[axis2]), offset), (-2, -1), (axis1, axis2))


linear(np.diag, diag_transpose, live="selects")
linear(np.diagonal, diagonal_transpose, live="selects", batch="axis")
linear(np.tril, lambda g, m, k=0: np.tril(g, k), live="selects", batch="stacked")
linear(np.triu, lambda g, m, k=0: np.triu(g, k), live="selects", batch="stacked")
composite(np.diagflat, lambda v, k=0: np.diag(np.ravel(v), k))


# --- other numbers for some -------------------------------------------------------------------------------------------


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """NaN and infinities as numbers, which are constants."""
    x = joined(x)
    if np.iscomplexobj(x):
        y = nan_to_num(np.real(x), True, nan, posinf, neginf) + 1j * nan_to_num(np.imag(x), True, nan, posinf, neginf)
    else:
        limits = np.finfo(x.dtype)
        y = np.where(np.isnan(x), nan, x)
        y = np.where(np.isposinf(x), float(limits.max) if posinf is None else posinf, y)
        y = np.where(np.isneginf(x), float(limits.min) if neginf is None else neginf, y)
        y = astype(y, x.dtype, copy=False)  # as wide as x, whatever the numbers are
    if not copy:
        x[...] = y
    return as_scalar(y if copy else x)


def real_if_close(a, tol=100):
    a = as_array(joined(a))
    if not np.iscomplexobj(a):
        return a
    if tol > 1:
        tol = tol * np.finfo(a.dtype).eps
    return np.real(a) if np.all(np.abs(np.imag(a)) < tol) else a


composite(np.nan_to_num, nan_to_num)
composite(np.real_if_close, real_if_close)
