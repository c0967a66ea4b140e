"""Forward mode: each tensor carries its tangent, and a call computes both at once.

    dual = Dual()
    x = dual.input(2.0, 1.0)
    y = np.sin(x) * x
    y.primal, tangent_of(y)

A tensor's place is the `Shadow` that holds its storage's tangent; views share it. A float, which has no storage, has its tangent
there as it is, unless it carries a mask. A tangent that nothing reached is None.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.rules.declare import ROWS, row_of
from wengert.rules.row import Row
from wengert.rules.verbs import Constant, Elementwise
from wengert.rules.vocabulary import SCALAR, Traced, bottom, getitem
from wengert.trace.aliases import Alias
from wengert.trace.dispatch import ADD, IN_PLACE, SET, Trace, dispatch
from wengert.trace.nodes import spread
from wengert.trace.storage import Layout, Shadow, shares
from wengert.trace.tape import FLOATS, counts, like_of, passes, refuse_ended, same_part, unwrap
from wengert.trace.tensor import Number, Tensor, View, kind_of, rise


class Dual(Trace):
    """A trace that computes each call and its tangent."""

    __slots__ = ("aliased", "ended")

    def __init__(self) -> None:
        super().__init__()
        self.ended = False
        self.aliased: dict[Any, Alias] = {}

    def input(self, value: Any, t: Any = None, live: Any = None) -> Tensor:
        """A tensor with a tangent of its own."""
        if live is None and (type(value) is float or type(value) is np.float64):
            return Number(value, self, t)
        return kind_of(value)(value, self, Shadow(whole_of(value)) if t is None else Shadow(whole_of(value), t, live))

    def lift(self, value: Any) -> Tensor:
        return self.input(value)

    def finish(self) -> None:
        self.ended = True

    # --- the quick route: floats, elementwise ---

    def unary(self, f: Callable[..., Any], x: Tensor) -> Any:
        row = ROWS.get(f)
        if type(x) is Number and type(row) is Elementwise and type(x.place) is not Shadow and row.live is None and not self.ended:
            a, t = x.primal, x.place
            y = f(a)
            if type(y) is np.float64 or type(y) is float:
                try:
                    with np.errstate(all="ignore"):
                        return Number(y, self, t if t is None or row.first is None else t * row.first(y, a))
                except (ZeroDivisionError, OverflowError):
                    pass
        return dispatch(f, (x,), {})

    def binary(self, f: Callable[..., Any], x: Any, y: Any) -> Any:
        row = ROWS.get(f)
        if type(row) is Elementwise and row.live is None and not self.ended:
            a, s, simple = self.parts(x)
            b, t, other = self.parts(y)
            if simple and other:
                z = f(a, b)
                if type(z) is np.float64 or type(z) is float:
                    try:
                        with np.errstate(all="ignore"):
                            left = s if s is None or row.first is None else s * row.first(z, a, b)
                            right = t if t is None or row.second is None else t * row.second(z, a, b)
                            return Number(z, self, left if right is None else right if left is None else left + right)
                    except (ZeroDivisionError, OverflowError):
                        pass
        return dispatch(f, (x, y), {})

    def parts(self, x: Any) -> tuple[Any, Any, bool]:
        """(value, tangent, whether x may take the quick route)."""
        if type(x) is Number:
            return x.primal, x.place, x._trace is self and type(x.place) is not Shadow
        return x, None, type(x) in FLOATS

    # --- every call ---

    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.ended:
            refuse_ended()
        if f in IN_PLACE:
            return self.write(f, *args)
        positions, operands, primals = unwrap(self, args)
        y = f(*primals, **kwargs)
        row = row_of(f)
        if row.own:
            self.course.ruled = True
        if type(row) is Constant or counts(y):
            self.course.released |= row.own
            self.course.decided(row, y, args)
            return y
        several = isinstance(y, tuple | list)
        ys = y if several else (y,)
        results = [self.view(a, operands) for a in ys]
        if any(r is None for r in results):
            with np.errstate(all="ignore"):  # f alone runs under the user's
                t, live = self.tangent(row, y, positions, operands, primals, kwargs)
            ts = (None,) * len(ys) if t is None else t if several else (t,)
            lives = live if isinstance(live, tuple) else (live,) * len(ys)
            made = zip(results, ys, ts, lives, strict=True)
            results = [self.result(a, b, m) if r is None else r for r, a, b, m in made]
        if not several:
            return results[0]
        return type(y)._make(results) if hasattr(y, "_make") else type(y)(results)

    def tangent(
        self,
        row: Row,
        y: Any,
        positions: list[Any],
        operands: list[Tensor],
        primals: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> tuple[Any, Any]:
        """The tangent of y and its mask; None if nothing reaches it."""
        if row.f is getitem and type(operands[0].place) is not Shadow:  # of a scalar: x[..., None]
            t, live = tangent_and_mask(operands[0])
            return (None, False) if t is None else (np.reshape(t, ())[primals[1]], live)
        if row.f is getitem:
            return operands[0].place.part(operands[0].layout, primals[1])
        tangents = {p: t for p, x in zip(positions, operands, strict=True) if (t := tangent_and_mask(x))[0] is not None}
        return row.push(y, primals, kwargs, tangents) if tangents else (None, False)

    def view(self, y: Any, operands: list[Tensor]) -> Tensor | None:
        """y as a view of an operand, whose tangent it shares, if that is what it is."""
        for x in operands:
            if y is x.primal:
                return x
            if shares(y, x.primal):
                layout = (x.layout or x.place.whole).inside(bottom(x.primal), bottom(y))
                return View(y, x, layout)
        return None

    def result(self, y: Any, t: Any, live: Any) -> Any:
        """y with the tangent t."""
        if passes(y):
            return y
        if t is None:
            return self.lift(y)
        return self.input(y, *spread(t, live, like_of(y) or SCALAR))

    def write(self, f: Callable[..., Any], x: Tensor, index: Any, v: Any) -> None:
        own = isinstance(v, Tensor) and v._trace is self
        if f == SET and own and v.place is x.place and same_part(x, index, v):
            return
        t, live = tangent_and_mask(v) if own else (None, False)
        value = v.primal if own else v
        if isinstance(value, Traced):
            rise(x, value)
        f(x.primal, index, value)
        if f == ADD:
            if t is not None:
                x.place.add(x.layout, index, t, live)
        elif t is not None or x.place.value is not None or x.place.flat is not None:
            x.place.write(x.layout, index, t, live)


def tangent_and_mask(x: Tensor) -> tuple[Any, Any]:
    """The tangent of a tensor, None if nothing reached it, and its mask."""
    if type(x.place) is Shadow:
        return x.place.read(x.layout)
    return x.place, (False if x.place is None else None)


def whole_of(y: Any) -> Layout:
    plain = bottom(y)
    return Layout.whole(plain) if isinstance(plain, np.ndarray) else Layout((), (), 0, np.asarray(plain).dtype)
