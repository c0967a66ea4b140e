"""What NumPy lacks and rules need: eleven pure functions, and two names for what a rule may meet.

    getitem(x, i)        x[i]
    put(x, i, v)         x with v written at i
    put_add(x, i, v)     x with v added at i, repeated indices adding up
    match(g, like)       g summed over what was broadcast, in the dtype of like, real if like is
    times(g, d, live)    g * d, exactly 0 where g is dead
    over(a, b)           a / b, and 0 where both are 0
    share(x, y, z)       what of z = max or min(x, y) is x's: 1, 0, or 1/2 in a tie
    strided(flat, layout)   the view of a flat buffer that a layout describes
    laid(x, strides)     a copy of x whose elements lie so far apart in memory
    as_python(x)         a number of NumPy as Python's own, and an array as it is
    as_array(x)          a number as an array of no dimension, and an array as it is

All are ordinary functions of arrays; `getitem`, `put`, `put_add`, `over`, `strided`, `laid`, `as_python` and `as_array` are also
primitives with rows (rules/numpy/indexing.py, arithmetic.py), so they may be called on traced values.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np


class Traced:
    """The base of the tensor, for layers that must not know more of it: NumPy's protocol is how it is called."""

    __slots__ = ()
    constant = False  # whether it holds no tensor's value yet (see Blank in trace/tensor.py)
    _trace: Any
    primal: Any
    place: Any
    dtype: Any
    flags: Any
    strides: Any
    astype: Any
    touch: Any


def bottom(x: Any) -> Any:
    """The plain value under all traces."""
    while isinstance(x, Traced):
        x = x.primal
    return x


class Like:
    """The shape and dtype of an array that was not kept."""

    __slots__ = ("dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.shape = shape
        self.dtype = dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        size = 1
        for n in self.shape:
            size *= n
        return size

    def __repr__(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"


SCALAR = Like((), np.dtype(float))


def word(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make f answer to traced operands as NumPy's functions do, by the operand's `__array_function__`."""

    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        for a in args:
            if isinstance(a, Traced):
                return a.__array_function__(call, (type(a),), args, kwargs)  # type: ignore[attr-defined]
        return f(*args, **kwargs)

    return call


@word
def getitem(x: Any, i: Any) -> Any:
    return x[i]


@word
def put(x: Any, i: Any, v: Any) -> Any:
    y = np.array(x)
    y[i] = v
    return y


@word
def put_add(x: Any, i: Any, v: Any) -> Any:
    y = np.array(x)
    np.add.at(y, i, v) if advanced(i) else y.__setitem__(i, y[i] + v)
    return y


@word
def over(a: Any, b: Any) -> Any:
    a, b = np.asarray(a), np.asarray(b)
    with np.errstate(all="ignore"):
        return np.divide(a, np.where((a == 0) & (b == 0), np.ones((), b.dtype), b))[()]


@word
def strided(flat: Any, layout: Any) -> Any:
    return np.ndarray(layout.shape, layout.dtype, flat, layout.offset, layout.strides)


@word
def laid(x: Any, strides: tuple[int, ...]) -> Any:
    before = -sum((n - 1) * s for n, s in zip(x.shape, strides, strict=True) if s < 0)
    after = sum((n - 1) * s for n, s in zip(x.shape, strides, strict=True) if s > 0)
    buffer = np.empty((before + after) // x.itemsize + 1, x.dtype)
    y = np.ndarray(x.shape, x.dtype, buffer, before, strides)
    y[...] = x
    return y


@word
def as_python(x: Any) -> Any:
    return x.item() if isinstance(x, np.generic) else x


@word
def as_array(x: Any) -> Any:
    return np.asarray(x)


def as_scalar(y: Any) -> Any:
    """The number in an array of no dimension; any other array as it is."""
    return y[()] if isinstance(bottom(y), np.ndarray) and not np.ndim(y) else y


def in_order(y: Any, order: Any) -> Any:
    """y as it lies in a new array of an order, "C" or "F"; as it is, where it lies so already."""
    if np.ndim(y) < 2 or (y.flags.c_contiguous if order == "C" else y.flags.f_contiguous):
        return y
    return np.copy(y, order=order)


def order_of(x: Any) -> str:
    """The order of an array like x, for functions of NumPy that know two: "F" where x lies so and not in the other too."""
    return "F" if np.ndim(x) and x.flags.fnc else "C"


def laid_like(y: Any, x: Any) -> Any:
    """y as it lies in a new array like x, which has as many axes."""
    strides = np.empty_like(x, dtype=y.dtype, shape=y.shape).strides
    return y if y.strides == strides or not y.size else laid(y, strides)


def cast(x: Any, dtype: Any, copy: bool = True) -> Any:
    """x in another dtype: np.astype, which takes no numbers of Python, and in NumPy 2.0 none at all."""
    return x.astype(dtype, copy=copy) if isinstance(x, np.ndarray) else np.asarray(x).astype(dtype)[()]


astype = word(cast)


def times(g: Any, d: Any, live: Any = None) -> Any:
    """g * d, and exactly 0 where live is False: what was not selected can make no NaN, whatever d is there."""
    if live is not None:
        c = np.where(live, g * d, 0.0)
        return c[()] if type(c) is np.ndarray and c.ndim == 0 else c
    return g if type(d) is float and d == 1.0 else g * d


def share(x: Any, y: Any, z: Any) -> Any:
    """1 where z is x alone, 1/2 where x and y tie, 0 elsewhere; where z is NaN, whoever is NaN."""
    if type(z) is np.float64 and isinstance(x, float | int) and isinstance(y, float | int):  # 0.4 µs, not 12
        mine, theirs = x == z or x != x, y == z or y != y
        return (0.5 if theirs else 1.0) if mine else 0.0
    mine, theirs = (x == z) | (x != x), (y == z) | (y != y)
    return np.where(mine, np.where(theirs, 0.5, 1.0), 0.0).astype(getattr(z, "dtype", float), copy=False)[()]


def match(g: Any, like: Any) -> Any:
    """A contribution g as the cotangent of an operand like: summed over what was broadcast, cast, real for a real operand."""
    shape, dtype = like.shape, like.dtype
    if not hasattr(g, "dtype"):
        g = np.asarray(g)[()]
    if g.dtype != dtype:
        g = (np.real(g) if dtype.kind == "f" and g.dtype.kind == "c" else g).astype(dtype)
    return g if g.shape == shape else fold(np.sum, g, shape)


def match_live(live: Any, like: Any) -> Any:
    """The mask that goes with `match`: alive where any of what was summed is."""
    return live if live is None or np.shape(live) == like.shape else fold(np.any, live, like.shape)


def broadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """np.broadcast_to, in a fifth of its time for a float: 0.5 µs."""
    return np.ndarray(shape, g.dtype, g, 0, (0,) * len(shape)) if type(g) is np.float64 else np.broadcast_to(g, shape)


def fold(reduce: Callable[..., Any], a: Any, shape: tuple[int, ...]) -> Any:
    """a reduced to shape, over the axes along which shape was broadcast to it; broadcast up where a is the smaller."""
    full = np.broadcast_shapes(np.shape(a), shape)
    if np.shape(a) != full:
        a = np.broadcast_to(a, full)
    extra = len(full) - len(shape)
    axes = tuple(range(extra)) + tuple(extra + k for k, n in enumerate(shape) if n == 1 and full[extra + k] != 1)
    if not axes:
        return a
    return np.reshape(reduce(a, axis=axes), shape)[()] if shape else reduce(a, axis=axes)


def advanced(i: Any) -> bool:
    """Whether an index copies (arrays, sequences, masks) rather than views."""
    if type(i) is int:
        return False
    parts = i if isinstance(i, tuple) else (i,)
    return any([isinstance(p, bool) or not isinstance(p, VIEWING) for p in parts])


VIEWING = (int, np.integer, slice, type(...), type(None))


def lasting(shape: tuple[int, ...], i: Any) -> Any:
    """Which elements of v are still there after x[i] = v, for x of this shape: of a repeated index the last; None if all are.

    NumPy is asked, by writing numbers instead; of the scratch array only what is written is touched.
    """
    if not advanced(i):
        return None
    scratch = np.empty(shape, np.intp)
    order = np.arange(scratch[i].size).reshape(scratch[i].shape)
    scratch[i] = order
    last = scratch[i] == order
    return None if last.all() else last
