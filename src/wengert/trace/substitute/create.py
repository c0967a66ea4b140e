"""Arrays made from nothing, or from tensors in lists, while a function is traced.

    z = zeros(3); z[0] = x[1]            an array that can be written with tensors (see Blank in trace/tensor.py)
    array([x[0], 2.0 * x[1]])            nested lists of tensors, joined

Each function has NumPy's name and signature, and answers as NumPy does where no tensor is among the arguments.
"""

import functools
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from wengert.errors import ConversionError, user_line
from wengert.rules.declare import ROWS
from wengert.rules.vocabulary import Traced, bottom, order_of, strided
from wengert.trace.dispatch import IN_FORCE, tensors
from wengert.trace.storage import Layout
from wengert.trace.tensor import Blank, View


def made(a: Any) -> Any:
    """An array that the traced function made for itself."""
    trace = IN_FORCE.get()
    return a if not trace or type(a) is not np.ndarray or a.dtype.kind not in "fc" else Blank(a, trace)


def making(f: Callable[..., Any]) -> Callable[..., Any]:
    """f, whose result is a new array."""

    @functools.wraps(f)
    def make(*args: Any, **kwargs: Any) -> Any:
        return made(f(*args, **kwargs))

    return make


def traced(*args: Any) -> bool:
    """Whether a tensor is among the arguments, lists and tuples of them included."""
    return next(tensors(args), None) is not None


def defined(f: Callable[..., Any]) -> Callable[..., Any]:
    """f, and of tensors the definition that f's row has; what is new, and not an argument itself, may be written with tensors."""
    definition = definition_of(f)

    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        args = tuple(map(opened, args))
        if traced(args, *kwargs.values()):
            kwargs.pop("like", None)
            return definition(*args, **kwargs)
        y = f(*args, **kwargs)
        return y if any([isinstance(a, np.ndarray) and np.may_share_memory(y, a) for a in args]) else made(y)

    return call


def opened(a: Any) -> Any:
    """An object that is an array to NumPy, by its `__array__`: as that array, which may be a tensor."""
    return a if isinstance(a, np.ndarray | np.generic | Traced) or not hasattr(type(a), "__array__") else a.__array__()


def definition_of(f: Callable[..., Any]) -> Callable[..., Any]:
    """The definition that a row has in other functions."""
    definition = ROWS[f].definition
    assert definition is not None
    return definition


def gathered(a: Any, dtype: Any = None) -> Any:
    """Nested lists with tensors among them as one tensor."""
    return definition_of(np.asarray)(a, dtype)


def laid_out(f: Callable[..., Any], order: str) -> Callable[..., Any]:
    """np.ascontiguousarray and np.asfortranarray: of one axis at least."""

    @functools.wraps(f)
    def call(a: Any, dtype: Any = None, *, like: Any = None) -> Any:
        return array(a, dtype, copy=None, order=order, ndmin=1)

    return call


def asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    np.asarray_chkfinite(plain(a), dtype, order)
    return asarray(a, dtype, order)


def arange(*args: Any, dtype: Any = None, **rest: Any) -> Any:
    """Only start and step move the values; stop says how many there are."""
    start, step = (args[0] if len(args) > 1 else rest.get("start", 0)), (args[2] if len(args) > 2 else rest.get("step", 1))
    grid = np.arange(*map(bottom, args), dtype=dtype, **{k: bottom(v) for k, v in rest.items()})
    if not traced(start, step):
        return made(grid)
    return gathered(start + np.arange(grid.size) * (1 if step is None else step), dtype)


def fromiter(iter: Iterable[Any], dtype: Any, count: int = -1, **rest: Any) -> Any:
    items = list(iter if count < 0 else itertools.islice(iter, count))
    if len(items) < count or not traced(items):
        return made(np.fromiter(items, dtype, count, **rest))
    return gathered(items, dtype)


def plain(a: Any) -> Any:
    """The values of tensors, in lists too."""
    return type(a)(map(plain, a)) if type(a) in (list, tuple) else bottom(a)


def iterable(y: Any) -> bool:
    return np.shape(bottom(y)) != () if isinstance(y, Traced) else np.iterable(y)


def as_strided(x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True) -> Any:
    """Of a traced array, within what it spans; NumPy itself looks no further than the address."""
    plain = bottom(x)
    if x is plain:
        return np.lib.stride_tricks.as_strided(x, shape, strides, subok, writeable)
    np.lib.stride_tricks.as_strided(plain, shape, strides)  # its errors
    whole = x.base if isinstance(x, View) else x
    memory = bottom(whole)
    shape, strides = plain.shape if shape is None else tuple(shape), plain.strides if strides is None else tuple(strides)
    layout = Layout(shape, strides, 0 if x.layout is None else x.layout.offset, plain.dtype)
    reach = [(n - 1) * s for n, s in zip(shape, strides, strict=True)] if all(shape) else []
    first, last = (layout.offset + sum(r for r in reach if sign * r > 0) for sign in (-1, 1))
    if not memory.flags.forc or not memory.size or first < 0 or last + memory.itemsize > memory.nbytes:
        raise ConversionError(
            "np.lib.stride_tricks.as_strided reaches beyond a traced array, or takes one that does not lie in one piece. Make a copy of"
            " the part that is meant (x.copy()), or use sliding_window_view." + user_line()
        )
    y = strided(whole.reshape(-1, order=order_of(memory)), layout)
    bottom(y).flags.writeable &= writeable
    return y


def ndenumerate(arr: Any) -> Iterable[Any]:
    return ((place, arr[place]) for place in np.ndindex(np.shape(bottom(arr)))) if traced(arr) else np.ndenumerate(arr)


def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Its functions may give tensors where x is plain."""
    x = asarray(x)
    return definition_of(np.piecewise)(x if isinstance(x, Traced) else made(np.copy(x)), condlist, funclist, *args, **kw)


def require(a: Any, dtype: Any = None, requirements: Any = None, *, like: Any = None) -> Any:
    if not traced(a):
        return np.require(a, dtype, requirements)
    order = (
        "F" if {"F", "F_CONTIGUOUS"} & set(requirements or ()) else "C" if {"C", "C_CONTIGUOUS"} & set(requirements or ()) else "K"
    )
    return array(a, dtype, copy=None, order=order)


class Joining:
    """np.r_ and np.c_ with tensors among what they join: `r_[x[0], 1:3, y]`."""

    def __init__(self, real: Any, axis: int, ndmin: int, trans1d: int) -> None:
        self.real = real
        self.given = axis, ndmin, trans1d

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __len__(self) -> int:
        return len(self.real)

    def __getitem__(self, key: Any) -> Any:
        parts = key if isinstance(key, tuple) else (key,)
        if not traced(parts):
            return made(self.real[key])
        axis, ndmin, trans1d = self.given
        if isinstance(parts[0], str):
            if parts[0] in ("r", "c"):
                raise ValueError(f"np.matrix has no derivative here: write np.r_[...] without {parts[0]!r}")
            axis, ndmin, trans1d = (*map(int, parts[0].split(",")), *(axis, ndmin, trans1d)[parts[0].count(",") + 1 :])
            parts = parts[1:]
        joined = [spread(p) if isinstance(p, slice) else gathered(p) if traced(p) else p for p in parts]
        dtype = np.result_type(*[p if type(p) in NUMBERS else np.asarray(p).dtype for p in map(bottom, joined)])
        return np.concatenate([self.part(cast(p, dtype), ndmin, trans1d) for p in joined], axis)

    def part(self, p: Any, ndmin: int, trans1d: int) -> Any:
        """One of what is joined, with ndmin axes at least, its own from place trans1d on, counted among those that are missing."""
        missing = ndmin - np.ndim(p)
        if missing <= 0:
            return p
        shape = np.shape(p)
        first = trans1d + missing + 1 if trans1d < 0 else min(trans1d, missing)
        return np.reshape(p, (1,) * first + shape + (1,) * (missing - first))


NUMBERS = (bool, int, float, complex)  # of Python, which take the dtype of what they are joined with


def cast(p: Any, dtype: Any) -> Any:
    p = p if isinstance(p, Traced) else np.asarray(p)
    return p if p.dtype == dtype else p.astype(dtype)


def spread(s: slice) -> Any:
    """start:stop:step as np.r_ reads it: an imaginary step counts samples."""
    start, step = 0 if s.start is None else s.start, 1 if s.step is None else s.step
    return np.linspace(start, s.stop, int(abs(step))) if isinstance(step, complex) else arange(start, s.stop, step)


array, full, full_like = defined(np.array), defined(np.full), defined(np.full_like)
asarray, asanyarray = defined(np.asarray), defined(np.asanyarray)
ascontiguousarray, asfortranarray = laid_out(np.ascontiguousarray, "C"), laid_out(np.asfortranarray, "F")
