"""The tensor: a value being traced.

x = tape.lift(2.0)
np.sin(x) * x, x[1:], x.sum(), x += 1        all read by x's trace (trace/dispatch.py)
float(x), np.asarray(x), math.sin(x)         refused: the derivative would be lost
"""

import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import WriteError, is_library, user_line
from wengert.rules.declare import ROWS
from wengert.rules.vocabulary import Traced, bottom
from wengert.trace.aliases import Alias
from wengert.trace.dispatch import IN_FORCE, Trace, call_ufunc, dispatch, tensors, untraced, write_out
from wengert.trace.operators import Operators, asked
from wengert.trace.refusals import describe, doing, logged, refusal
from wengert.trace.storage import CHANGING, Layout, raised, shares
from wengert.tracebacks import entrance

become = object.__dict__["__class__"].__set__  # of a tensor, __class__ is what it stands for


class Tensor(Operators, Traced):
    """A value being traced: the value (`primal`), the trace that owns it, and its place in that trace's list.

    It answers NumPy's protocols, Python's operators and the methods of ndarray (trace/operators.py). It refuses to become a plain
    array or float unseen. `value` is a copy of what it holds, without the trace.

    >>> import numpy as np, wengert as wg
    >>> x = wg.track(np.array([1.0, 2.0]))
    >>> y = np.sum(x * x)
    >>> y.value
    np.float64(5.0)
    >>> y.backward()
    >>> x.grad
    array([2., 4.])
    """

    __slots__ = ("__weakref__", "_gradient", "_name", "_trace", "place", "primal")
    layout: Layout | None = None  # where it lies in its storage; None: it is the storage (see View)

    def __init__(self, primal: Any, trace: Trace, place: Any) -> None:
        self.primal = primal
        self._trace = trace
        self.place = place

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            if len(inputs) == 2:
                return self._trace.binary(ufunc, *inputs)
            if len(inputs) == 1:
                return self._trace.unary(ufunc, self)
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, f: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        row = ROWS.get(f)
        if row is not None and (place := row.out) < len(args) and args[place] is not None:
            rest = (None, *args[place + 1 :]) if len(args) > place + 1 else ()
            args, kwargs = args[:place] + rest, {**kwargs, "out": args[place]}
        if kwargs.get("out") is not None:
            if not any([not t.constant for t in tensors((*args, *kwargs.values()))]):
                return untraced(f, args, kwargs)
            return write_out(dispatch(f, args, {k: v for k, v in kwargs.items() if k != "out"}), kwargs["out"], f)
        return dispatch(f, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.constant:
            plain = np.array(self.primal, dtype)
            plain.flags.writeable = False  # what is written into a copy would be lost
            return plain
        raise refusal(self, "array")

    def __float__(self) -> float:
        if self.constant or logged() or doing() == "format":
            return float(asked(self, "written"))  # of "%.3f" % x
        raise refusal(self, "float")

    def __complex__(self) -> complex:
        if self.constant:
            return complex(self.primal)
        raise refusal(self, "complex")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """What isinstance asks second: a traced array is an np.ndarray to code that looks, a traced number a float."""
        return type(bottom(self))

    @property
    def value(self) -> Any:
        """What it holds, without any trace: a fresh array, or a number."""
        self.shows_face("value")
        return self.let_go()

    def let_go(self) -> Any:
        """Its value alone, at the user's word: none of its traces need expect a derivative from there."""
        t: Any = self
        while isinstance(t, Tensor):
            t._trace.course.released = True
            t = t.primal
        return np.array(t) if isinstance(t, np.ndarray) else t

    def around(self, y: Any, operands: Any) -> Any:
        """What plain NumPy made of operands that hold no tensor: an array into which tensors can be written, or a view of theirs."""
        if isinstance(y, tuple | list):
            parts = [self.around(a, operands) for a in y]
            return type(y)._make(parts) if hasattr(y, "_make") else type(y)(parts)
        if type(y) is not np.ndarray or y.dtype.kind not in "fc":
            return y
        trace = IN_FORCE.get()
        if trace is False:
            return y
        for x in operands:
            if y is x.primal:
                return x
            if shares(y, x.primal):
                whole = x.layout or Layout.whole(x.primal)
                return View(y, x, whole.inside(x.primal, y))
        return y if trace is None and self._trace.ended else Blank(y, trace or self._trace)

    # --- define-by-run (diff/track.py) ---

    @entrance
    def backward(self, seed: Any = None, *, retain: bool = False, accumulate: bool = False) -> None:
        """Sweep back from this value: afterwards `.grad` of what it came from holds its derivative.

        `seed` is the cotangent to start from (1 for a real number). The swept part of the tape is consumed unless `retain`.
        `accumulate` adds to the gradients of earlier sweeps.

        >>> import wengert as wg
        >>> x = wg.track(3.0)
        >>> (x * x).backward()
        >>> x.grad
        np.float64(6.0)
        """
        self._trace.backward(self, seed, retain, accumulate)

    @property
    def grad(self) -> Any:
        """The derivative that the last sweep through this value found; None if there was none yet."""
        self.shows_face("grad")
        return getattr(self, "_gradient", None)

    @grad.setter
    def grad(self, g: Any) -> None:
        self._gradient = g

    @property
    def name(self) -> str | None:
        self.shows_face("name")
        return getattr(self, "_name", None)

    @name.setter
    def name(self, name: str | None) -> None:
        self._name = name

    def shows_face(self, name: str) -> None:
        """What define-by-run adds to an array, a function that is differentiated does not see: it may ask whether x has it."""
        if not self._trace.has_face:
            raise AttributeError(name)  # and so the word of __getattr__

    @property
    def children(self) -> tuple[Any, ...]:
        """The values that were computed from this one directly."""
        return self._trace.children(self)

    @property
    def shape(self) -> tuple[int, ...]:
        return getattr(self.primal, "shape", ())

    @shape.setter
    def shape(self, shape: Any) -> None:
        """Of an array that holds no tensor yet, as NumPy does it, with its warning: else other names for it would have to follow."""
        if not self.constant or self.layout is not None:
            raise WriteError("the shape of a traced array cannot be set in place. Write x = x.reshape(shape)." + user_line())
        self.primal.shape = shape

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.primal.dtype if hasattr(self.primal, "dtype") else np.dtype(type(self.primal))

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return getattr(self.primal, "size", 1)


class Scalar(Tensor):
    """A tensor that is a number, and no array: it has no items, no length, and nobody takes it for a container."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int):
            if isinstance(bottom(self), np.generic):
                raise IndexError("invalid index to scalar variable.")
            raise TypeError(f"{type(bottom(self)).__name__!r} object is not subscriptable")
        return Operators.__getitem__(self, index)

    __iter__: Any = None  # what iter, len, `in` and isinstance(x, Iterable) take for none; of a property, iter would try the items
    __contains__: Any = None
    __len__: Any = None


def of_array(name: str) -> property:
    """An attribute of arrays that a number has only where its plain value has it: x.shape is none of Python's floats.

    Rules, and NumPy's own functions, may ask any tensor; code of the user's sees what the plain value has.
    """
    member: Any = inspect.getattr_static(Tensor, name)

    def get(x: Any) -> Any:
        if not hasattr(bottom(x), name) and not x._trace.has_face and not is_library(sys._getframe(1).f_code.co_filename):
            raise AttributeError(name)  # and so the word of __getattr__
        return member.__get__(x)

    return property(get)


for name in dir(Tensor):
    if name[0] != "_" and hasattr(np.ndarray, name) and not hasattr(complex, name):
        setattr(Scalar, name, of_array(name))


class Number(Scalar):
    """A scalar that is a float: nothing to broadcast or cast, and so a quicker way through a tape."""

    __slots__ = ()


def kind_of(y: Any) -> type[Tensor]:
    """The class of a tensor that holds y, which may be traced itself."""
    if type(y) is np.ndarray:
        return Tensor
    return Scalar if isinstance(bottom(y), float | complex | np.generic) else Tensor


class Blank(Tensor):
    """An array made from nothing (np.zeros): plain, until a tensor is written into it; then it is a tensor like any other.

    Until then it converts (as a copy), and what is computed from it and other plain values is plain, too: no trace lists it.
    """

    __slots__ = ()
    constant = True

    def __init__(self, primal: Any, trace: Trace) -> None:
        self.primal = primal
        self._trace = trace
        self.place = None

    def touch(self) -> None:
        """A tensor is about to be written into it: become a tensor of its trace, in place, for all who hold it or views of it."""
        with CHANGING:
            if type(self) is Blank:
                t = self._trace.lift(self.primal)
                self.primal, self.place = t.primal, t.place
                become(self, Tensor)
                self._trace.see(self)


class Outside(Blank):
    """An array from outside, in a function that writes into arrays: itself in all it does, but what is copied or computed from it may
    be written with tensors, as what np.zeros makes.

    That is `u = u0.copy(); u[1:-1] += k * flux(u)`. It belongs to no trace; plain values written into it arrive in the array itself.
    """

    __slots__ = ()

    def __init__(self, array: np.ndarray, alias: Alias | None = None) -> None:
        super().__init__(array, NOWHERE)
        self.place = alias

    def touch(self) -> None:
        raise WriteError(
            f"a traced value was written into an array made outside the function that is being differentiated ({describe(self)}),"
            " where its derivative would be lost. Write into a copy (a.copy()), or make the array inside." + user_line()
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.primal, dtype, copy=copy)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.primal, name)


class Nowhere(Trace):
    """What stands as the trace of arrays from outside, which hold no tensor: calls go on to the traces of other operands."""

    ended = True

    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return f(*map(bottom, args), **kwargs)

    def lift(self, value: Any) -> Any:
        return value


NOWHERE = Nowhere()


class View(Tensor):
    """A tensor that is a part of another's storage, or the same part seen otherwise."""

    __slots__ = ("base", "layout", "part")

    def __init__(self, part: Any, x: Tensor, layout: Layout) -> None:
        self.part = part
        self.base: Tensor = x.base if isinstance(x, View) else x
        self._trace = x._trace
        self.layout = layout

    @property
    def place(self) -> Any:
        return self.base.place

    @property
    def constant(self) -> bool:  # type: ignore[override]
        return self.base.constant

    def touch(self) -> None:
        self.base.touch()

    @property
    def primal(self) -> Any:
        """Its part of the storage; on an outer trace, as soon as something of that trace was written into the storage."""
        whole = self.base.primal
        if isinstance(whole, Traced) and getattr(self.part, "_trace", None) is not whole._trace:
            self.part = whole._trace.view(self.part, [whole])
        return self.part


def rise(x: Tensor, v: Any) -> None:
    """Put the storage of x on the outer traces of v, which is to be written into it."""
    storage = x.base if isinstance(x, View) else x
    storage.primal = raised(storage.primal, v)
