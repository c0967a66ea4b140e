"""Storages and views: where a traced array lies in memory, and the shadow that a derivative keeps of it.

A traced array is a *view of a storage*, as in NumPy. The values look after themselves (they are NumPy views), so all that a trace
must know of a view is its `Layout`: shape, strides and offset in the storage. A `Shadow` is the cotangent (in a sweep) or the
tangent (going forward) of one storage, in the same layout: reads and writes of a view touch only its part of the shadow.

Inside nested traces a shadow is itself a traced array, and its writes are recorded by the outer trace. Nothing here knows.
"""

import threading
from typing import Any

import numpy as np

from wengert.rules.row import union
from wengert.rules.vocabulary import Traced, advanced, bottom, laid, lasting, strided

CHANGING = threading.RLock()
"""Held for the short steps that threads on tensors of one trace must not take at once, as a list or shadow changes its form."""


class Layout:
    """Where a view lies in its storage: shape, strides and offset (in bytes, from the storage's first byte), and dtype."""

    __slots__ = ("dtype", "found", "offset", "shape", "strides")

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...], offset: int, dtype: np.dtype[Any]) -> None:
        if 0 in shape:  # an empty view reaches no byte: its strides may lead, and its offset point, beyond the storage
            strides, offset = (0,) * len(shape), 0
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.dtype = dtype
        self.found: bool | None = None  # whether it overlaps, once asked

    @classmethod
    def whole(cls, base: np.ndarray) -> "Layout":
        """The layout of an array that is a storage of its own; with negative strides it does not start at its first byte."""
        below = sum((n - 1) * s for n, s in zip(base.shape, base.strides, strict=True) if s < 0)
        return cls(base.shape, base.strides, -below, base.dtype)

    @classmethod
    def contiguous(cls, shape: tuple[int, ...], dtype: np.dtype[Any]) -> "Layout":
        strides, step = [], dtype.itemsize
        for n in reversed(shape):
            strides.append(step)
            step *= n
        return cls(shape, tuple(reversed(strides)), 0, dtype)

    def inside(self, outer: np.ndarray, view: np.ndarray) -> "Layout":
        """The layout of `view`, a view of `outer`, whose own layout is self."""
        return Layout(view.shape, view.strides, self.offset + address(view) - address(outer), view.dtype)

    def same(self, other: "Layout") -> bool:
        return (self.offset, self.shape, self.strides) == (other.offset, other.shape, other.strides)

    @property
    def overlaps(self) -> bool:
        """Whether some element may lie in it twice, as in sliding windows; broadcast axes not counted."""
        if self.found is None:
            self.found = self.folds()
        return self.found

    def folds(self) -> bool:
        reach = self.dtype.itemsize
        for step, n in sorted([(abs(s), n) for n, s in zip(self.shape, self.strides, strict=True) if n > 1 and s]):
            if step < reach:
                return True
            reach += (n - 1) * step
        return False

    @property
    def repeats(self) -> bool:
        """Whether some element may lie in it twice, in broadcast axes too."""
        return self.overlaps or any(n > 1 and not s for n, s in zip(self.shape, self.strides, strict=True))

    @property
    def items(self) -> int:
        """How many items a storage of this layout spans."""
        above = sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True) if s > 0)
        return (self.offset + above) // self.dtype.itemsize + 1

    def __repr__(self) -> str:
        return f"Layout(shape={self.shape}, strides={self.strides}, offset={self.offset}, dtype={self.dtype})"


class Shadow:
    """The tangent or cotangent of one storage, with its mask of live elements; nothing (zero, dead) until something arrives.

    It holds either one plain value of the storage's shape, or, once a part of it is written, a flat buffer of its own.
    `sign` is -1 for cotangents: with pairing Re(g t), the cotangent of an imaginary part is minus that of the whole's.
    """

    __slots__ = ("alive", "flat", "live", "sign", "value", "whole")

    def __init__(self, whole: Layout, value: Any = None, live: Any = False, sign: int = 1) -> None:
        self.whole = whole
        self.value = value
        self.live = live  # None: all alive; False: none; else a mask in the shape of value
        self.flat: Any = None
        self.alive: Any = None  # the mask of `flat`, flat too; None: all alive
        self.sign = sign

    def read(self, layout: Layout | None = None) -> tuple[Any, Any]:
        """(value, mask) of the view; a copy if what it came from may still be written."""
        value, live = self.value, self.live  # before asking for `flat`: another thread may be opening it
        if self.flat is None:
            if layout is None or value is None:
                return value, live
            self.open()
        layout = layout or self.whole
        live = None if self.alive is None else self.mask(layout).copy()
        return copied(strided(self.flat, layout)), (None if live is None or live.all() else live)

    def add(self, layout: Layout | None, index: Any, g: Any, live: Any) -> None:
        """Add g into x[index] of the view x; index None: into all of x."""
        if layout is None and index is None and self.flat is None:
            self.live = live if self.value is None else union(self.live, live)
            self.value = g if self.value is None else self.value + g
            return
        self.open(g)
        layout = layout or self.whole
        if index is None:
            layout, g, live = settled(layout, g, live)
        if layout.overlaps:
            layout, index = self.positions(layout, ... if index is None else index)
        g = -g if self.imaginary(layout) else g
        target = strided(self.flat, layout)
        if index is None:
            target += g
        elif advanced(index):
            np.add.at(target, index, g)
        else:
            target[index] += g
        if self.alive is not None:
            self.enliven(self.mask(layout), index, True if live is None else live)

    @staticmethod
    def enliven(mask: np.ndarray, index: Any, live: Any) -> None:
        if index is not None and advanced(index):
            np.logical_or.at(mask, index, live)
        else:
            mask[... if index is None else index] |= live

    def take(self, layout: Layout | None, index: Any) -> tuple[Any, Any]:
        """(value, mask) of x[index], which is left zero and dead: the cotangent of what was written there."""
        self.open()
        layout = layout or self.whole
        if layout.overlaps:
            layout, index = self.positions(layout, index)
        target, live = strided(self.flat, layout), None
        g = copied(target[index])
        target[index] = 0.0
        self.doubt()
        mask = self.mask(layout)
        live = np.array(mask[index])
        if not self.half(layout):
            mask[index] = False
        last = lasting(layout.shape, index)
        if last is not None:
            g, live = np.where(last, g, 0.0), live & last
        return (-g if self.imaginary(layout) else g), (None if live.all() else live)

    def part(self, layout: Layout | None, index: Any) -> tuple[Any, Any]:
        """(value, mask) of x[index], touching no more of x than that."""
        value, live = self.value, self.live
        if self.flat is None:
            if value is None:
                return None, False
            if layout is None:
                return value[index], (None if live is None else np.asarray(live[index]))
            self.open()
        layout = layout or self.whole
        g = copied(strided(self.flat, layout)[index])
        live = None if self.alive is None else np.array(self.mask(layout)[index])
        return (-g if self.imaginary(layout) else g), (None if live is None or live.all() else live)

    def write(self, layout: Layout | None, index: Any, t: Any, live: Any) -> None:
        """Set x[index] to t; t None: to zero, dead."""
        self.open(t)
        layout = layout or self.whole
        strided(self.flat, layout)[index] = 0.0 if t is None else t
        if t is None or live is not None:
            self.doubt()
        if self.alive is not None:
            mask, live = self.mask(layout), t is not None if live is None else live
            mask[index] = mask[index] | live if self.half(layout) else live

    def open(self, joining: Any = None) -> None:
        """Make the flat buffer, on the highest trace of what it holds and what joins."""
        if self.flat is None or isinstance(joining, Traced):
            with CHANGING:
                if self.flat is None:
                    self.unfold()
                self.flat = raised(self.flat, joining)

    def unfold(self) -> None:
        flat = raised(np.zeros(self.whole.items, self.whole.dtype), self.value)
        if self.value is None or self.live is not None:
            self.alive = np.zeros(self.whole.items, bool)
        if self.value is not None:
            strided(flat, self.whole)[...] = self.value
            if self.alive is not None:
                self.mask(self.whole)[...] = self.live
        self.flat = flat
        self.value = None

    def doubt(self) -> None:
        """Make the mask: from here on some elements may be dead."""
        if self.alive is None:
            with CHANGING:
                if self.alive is None:
                    self.alive = np.ones(self.whole.items, bool)

    def mask(self, layout: Layout) -> np.ndarray:
        """The view of the mask that goes with a layout: one boolean an item of the storage."""
        size = self.whole.dtype.itemsize
        return np.ndarray(layout.shape, bool, self.alive, layout.offset // size, tuple(s // size for s in layout.strides))

    def positions(self, layout: Layout, index: Any) -> tuple[Layout, Any]:
        """x[index], for a view x that holds some elements twice, as an index into the flat buffer."""
        size, word = self.whole.dtype.itemsize, np.dtype(np.intp).itemsize
        steps = tuple(s // size * word for s in layout.strides)
        numbers = np.ndarray(layout.shape, np.intp, np.arange(self.whole.items), layout.offset // size * word, steps)
        return Layout((self.whole.items,), (size,), layout.offset % size, layout.dtype), np.array(numbers[index])

    def half(self, layout: Layout) -> bool:
        """Whether a view holds the real or imaginary parts alone; the masks are of both together."""
        return layout.dtype != self.whole.dtype

    def imaginary(self, layout: Layout) -> bool:
        return self.sign < 0 and self.half(layout) and layout.offset // layout.dtype.itemsize % 2 == 1


def settled(layout: Layout, g: Any, live: Any) -> tuple[Layout, Any, Any]:
    """A layout in which no element lies twice, and what is to be added there: broadcast axes summed."""
    axes = tuple(k for k, (n, s) in enumerate(zip(layout.shape, layout.strides, strict=True)) if s == 0 and n > 1)
    if axes:
        g = np.sum(g, axis=axes, keepdims=True)
        live = live if live is None else np.any(live, axis=axes, keepdims=True)
        layout = Layout(
            tuple(1 if k in axes else n for k, n in enumerate(layout.shape)),
            layout.strides,
            layout.offset,
            layout.dtype,
        )
    return layout, g, live


def raised(x: Any, v: Any) -> Any:
    """The storage x on all the traces of v too, so that v can be written into it."""
    if not isinstance(v, Traced):
        return x
    if isinstance(x, Traced) and x._trace.number >= v._trace.number:
        x.primal = raised(x.primal, v.primal if x._trace is v._trace else v)
        return x
    return v._trace.lift(raised(x, v.primal))


def shares(y: Any, x: Any) -> bool:
    """Whether y, a result, is a view of x: asked of the arrays, never of a function's name."""
    y, x = bottom(y), bottom(x)
    if type(y) is not np.ndarray or type(x) is not np.ndarray or (y.base is None and y is not x):
        return False
    return np.may_share_memory(y, x)


def owner(x: Any) -> Any:
    """The array that owns the memory in which x lies; None for a scalar."""
    x = bottom(x)
    if not isinstance(x, np.ndarray):
        return None
    base = x.base
    while base is not None:
        x = base if isinstance(base, np.ndarray) else x
        base = getattr(base, "base", None)  # as_strided puts an object of its own between
    return x


def address(a: np.ndarray) -> int:
    return a.__array_interface__["data"][0]


def copied(a: Any) -> Any:
    """A copy of what could be written later; scalars cannot."""
    return np.copy(a) if isinstance(bottom(a), np.ndarray) else a


def twin(x: Any) -> Any:
    """A copy of an array on which every function makes a view or a copy as it would of x."""
    plain = bottom(x)
    if plain.flags.forc or not plain.size or plain.dtype.kind not in "biufc":
        return np.array(x) if x is plain else np.copy(x)
    return laid(x, spaced(plain))


def spaced(x: np.ndarray) -> tuple[int, ...]:
    """Strides for a copy of x: axes in the same order and directions, without a gap between them where x has none, and with one of
    the same proportion where x has a small one. A large gap is made that of every second element: no slice can tell the difference.
    Elements that x repeats, in broadcast axes and overlapping windows, lie apart, since each has a derivative of its own.
    """
    strides = [x.itemsize] * x.ndim
    old = new = x.itemsize  # the reach of the axes so far, in x and in the copy
    for k in sorted((k for k in range(x.ndim) if x.shape[k] > 1), key=lambda k: (not x.strides[k], abs(x.strides[k]), -k)):
        step = abs(x.strides[k])
        exact, rest = divmod(step * new, old) if old else (new, 0)
        strides[k] = exact if old <= step < 2 * old and not (rest or exact % x.itemsize) else 2 * new if step or old else new
        old, new = step * x.shape[k], strides[k] * x.shape[k]
    return tuple(-new if old < 0 else new for new, old in zip(strides, x.strides, strict=True))
