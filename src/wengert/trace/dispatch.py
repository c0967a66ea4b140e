"""Traces, and who of them reads a call.

    y = np.sin(x)      x is traced: NumPy asks x, and `dispatch` hands the call to x's trace, as call(np.sin, (x,), {})

A trace is a reading of calls: `Tape` computes and lists them, `Dual` computes and carries tangents along. Traces nest: the operand
whose trace has the highest number decides who reads, and the values it computes with may be tensors of lower traces, whose turn
comes then. Numbers only grow. No other state is shared, so threads, generators and exceptions cannot mix levels.

A third trace needs `call`, and `lift` for values that join it (tests/trace/test_third_trace.py has one).
"""

import array
import itertools
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np

from wengert.errors import InputError, MissingRuleError, TraceError, WriteError, function_name, user_line
from wengert.rules.declare import ROWS, Fresh, row_of
from wengert.rules.vocabulary import Traced, bottom, strided
from wengert.trace.storage import Layout

NUMBERS = itertools.count(1)
IN_FORCE: ContextVar[Any] = ContextVar("wengert trace in force", default=None)
"""The trace of the call of the user's function that is running, or the tape of `with Tape()`: for arrays made from nothing.

None where nothing is running, and False inside functions that are not traced (primitives, rules), where such arrays are plain.
"""

SET, ADD = operator.setitem, np.add.at
IN_PLACE = frozenset((SET, ADD))
LISTS = (list, tuple)


class Trace(ABC):
    """One reading of the calls that touch its tensors."""

    __slots__ = ("__weakref__", "number")

    def __init__(self) -> None:
        self.number = next(NUMBERS)

    @abstractmethod
    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of f(*args, **kwargs), some of whose arguments are this trace's tensors and none a higher trace's.

        f is a function with a row that is not a composite. Two functions act in place, `operator.setitem` and `np.add.at`, and
        their first argument is this trace's own.
        """

    @abstractmethod
    def lift(self, value: Any) -> Any:
        """A tensor of this trace for a value that does not depend on its inputs; the value's memory becomes the tensor's."""

    def see(self, t: Any) -> Any:
        """Told of every new tensor; a tape with a face remembers it (diff/track.py)."""
        return t

    def view(self, y: Any, operands: list[Any]) -> Any:
        """The part of the storage operands[0] that its plain view y is; a trace that knows views has a shorter way than this call."""
        (whole,) = operands
        plain = bottom(whole)
        outermost_first = tuple(np.argsort([-step for step in plain.strides], kind="stable"))
        flat = np.reshape(np.transpose(whole, outermost_first), -1)
        return strided(flat, Layout.whole(plain).inside(plain, bottom(y)))

    def unary(self, f: Callable[..., Any], x: Any) -> Any:
        """f(x) for an operator or ufunc; a trace may have a quicker way than `call`."""
        return dispatch(f, (x,), {})

    def binary(self, f: Callable[..., Any], x: Any, y: Any) -> Any:
        """f(x, y) for an operator or ufunc; this trace owns one of the two."""
        return dispatch(f, (x, y), {})

    def backward(self, x: Any, seed: Any, retain: bool, accumulate: bool) -> None:
        """Sweep back from a tensor, for traces with that visible face (diff/track.py)."""
        raise TraceError(
            "this value belongs to a call of grad (or its kin), which does the sweep. backward() is for wg.track(x)." + user_line()
        )

    def children(self, x: Any) -> tuple[Any, ...]:
        """The tensors computed from a tensor, likewise."""
        raise TraceError(
            "this value belongs to a call of grad (or its kin). children is for values made from wg.track(x)." + user_line()
        )


def dispatch(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Hand f(*args, **kwargs) to the highest trace among its operands; a composite is called by its definition."""
    row = ROWS.get(f) or row_of(f)
    if row.definition is not None and (y := row.definition(*args, **kwargs)) is not NotImplemented:
        return y
    trace, blank = None, None
    for a in args:
        if isinstance(a, Traced):
            if a.constant:
                blank = a
                continue
            other = a._trace
        elif isinstance(a, LISTS):
            args = row.joined(args)
            trace, blank = highest(args), next(blanks(args), None)
            break
        else:
            if type(a) not in COMMON and isinstance(row.f, np.ufunc):
                b = number_or_array(f, a)
                if b is NotImplemented:
                    return b
                args = tuple([b if c is a else c for c in args])
            continue
        if trace is None or other.number > trace.number:
            trace = other
    if kwargs and any([isinstance(v, Traced) for v in kwargs.values()]):
        args, kwargs = positional(f, args, kwargs)
        trace, blank = highest(args), next(blanks(args), None)
    if trace is None:
        return f(*args, **kwargs) if blank is None else untraced(f, args, kwargs)
    if type(row) is Fresh:
        return next(tensors(args)).around(f(*map(bottom, args), **kwargs), ())
    return trace.call(f, args if blank is None else uncovered(args), kwargs)


COMMON = frozenset(
    (
        *(bool, int, float, complex, np.ndarray, slice, type(None), type(...), str, type, np.dtype),
        *(np.dtype(k).type for k in "?bhilqBHILQefdgFDG"),
    )
)


def number_or_array(f: Callable[..., Any], a: Any) -> Any:
    """An operand of an unusual type: a copy of what holds an array of numbers (buffers, too); of a strange one, its own operators."""
    if isinstance(a, int | float | complex | np.generic | np.ndarray):
        return a  # a subclass: the trace says what it thinks of it
    if hasattr(a, "__array__") or isinstance(a, memoryview | bytearray | array.array):
        b = np.array(a)
        if b.dtype.kind in "biufc":
            return b
    if f in OPERATORS and (hasattr(a, "__array_priority__") or getattr(a, "__array_ufunc__", f) is None):
        return NotImplemented  # as NumPy gives way
    raise InputError(
        f"a traced value met a {type(a).__name__} in {function_name(f)}: no number, no array of numbers, and not known to"
        " Wengert. Convert it to an array (a.toarray(), np.asarray(a))." + user_line()
    )


OPERATORS = frozenset([f for f in vars(operator).values() if callable(f)])


def untraced(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """f of arrays that hold no tensor yet: what it makes may be written with tensors, too."""
    operands = list(blanks((*args, *kwargs.values())))
    y = f(*uncovered(args), **{k: uncovered(v) for k, v in kwargs.items()})
    return operands[0].around(y, operands)


def blanks(args: Any) -> Iterator[Any]:
    """The tensors among arguments that hold no tensor's value yet."""
    return (t for t in tensors(args) if t.constant)


def uncovered(a: Any) -> Any:
    """Plain arrays for what holds no tensor's value yet, in lists and tuples too."""
    if isinstance(a, Traced):
        return a.primal if a.constant else a
    if isinstance(a, LISTS):
        return type(a)(map(uncovered, a)) if type(a) in LISTS else a
    return a


def tensors(args: Any) -> Iterator[Any]:
    """The tensors among arguments, lists and tuples of them included."""
    for a in args:
        if isinstance(a, Traced):
            yield a
        elif isinstance(a, list | tuple):
            yield from tensors(a)


def highest(args: Any) -> Trace | None:
    """The highest trace among the tensors in args, lists and tuples of them included."""
    best = None
    for a in args:
        if isinstance(a, Traced):
            trace = None if a.constant else a._trace
        else:
            trace = highest(a) if isinstance(a, list | tuple) else None
        if trace is not None and (best is None or trace.number > best.number):
            best = trace
    return best


def positional(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The call with traced keyword arguments moved to their places."""
    names = row_of(f).parameters
    last = max((names.index(k) for k, v in kwargs.items() if isinstance(v, Traced) and k in names), default=-1)
    stray = [k for k, v in kwargs.items() if isinstance(v, Traced) and k not in names]
    if stray:
        raise MissingRuleError(
            f"{function_name(f)} was given a traced value as keyword {stray[0]}=, which has no rule." + user_line()
        )
    moved = dict(zip(names, args, strict=False)) | kwargs
    defaults = row_of(f).defaults
    return (
        tuple(moved[k] if k in moved else defaults.get(k) for k in names[: last + 1]),
        {k: v for k, v in kwargs.items() if k not in names[: last + 1]},
    )


def write_in_place(f: Callable[..., Any], x: Any, index: Any, v: Any) -> None:
    """x[index] = v or np.add.at(x, index, v), if it is x's own trace that follows v."""
    if isinstance(v, list | tuple) and highest(v) is not None:
        v = np.stack(v)
    v, index = uncovered(v), uncovered(index)
    if isinstance(x, Traced) and x.constant:
        if highest((v, index)) is None:
            f(x.primal, index, v)
            return
        x.touch()
    trace = highest((x, v))
    if f not in IN_PLACE and isinstance(x, Traced):
        raise WriteError(
            f"{function_name(getattr(f, '__self__', f))}.at has no derivative rule. Write x[i] = ... for indices that do not"
            " repeat, or np.add.at." + user_line()
        )
    if f not in IN_PLACE or not isinstance(x, Traced) or trace is not x._trace:
        raise WriteError(
            "a traced value was written into an array made outside the function that is being differentiated, where its derivative"
            " would be lost. Make the array inside it (np.zeros_like(x)), or return the value." + user_line()
        )
    trace.call(f, (x, index, v), {})


# --- ufuncs with more to say than their operands --------------------------------------------------------------------------


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """ufunc(..., where=, out=, dtype=), and its methods reduce, accumulate, outer and at."""
    f = ufunc if method == "__call__" else getattr(ufunc, method)
    if not any([isinstance(a, Traced) and not a.constant for a in (*inputs, *kwargs.values(), *outputs(kwargs))]):
        return untraced(f, inputs, kwargs)
    if method == "at":
        return write_in_place(f, *inputs)
    out, where, dtype = kwargs.pop("out", None), kwargs.pop("where", True), kwargs.pop("dtype", None)
    out = out[0] if isinstance(out, tuple) and len(out) == 1 else out
    casting = kwargs.get("casting", "same_kind")
    kwargs = {k: v for k, v in kwargs.items() if k not in ("casting", "order", "subok")}
    if dtype is not None:
        inputs = tuple(x.astype(dtype) if isinstance(x, Traced | np.ndarray) else x for x in inputs)
    if method != "__call__":
        if where is not True:
            kwargs["where"] = where
        return write_out(dispatch(f, reduction_arguments(method, inputs, kwargs), kwargs), out, f, casting)
    if where is True or where is np.True_:
        return write_out(dispatch(f, inputs, kwargs), out, ufunc, casting)
    return call_where(ufunc, inputs, where, out, casting)


def outputs(kwargs: dict[str, Any]) -> tuple[Any, ...]:
    return kwargs["out"] if isinstance(kwargs.get("out"), tuple) else ()


def reduction_arguments(method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """ufunc.reduce and .accumulate work along axis 0 where np.sum and np.cumsum work along all."""
    if method in ("reduce", "accumulate") and len(inputs) == 1:
        kwargs.setdefault("axis", 0)
    return inputs


def call_where(ufunc: np.ufunc, inputs: tuple[Any, ...], where: Any, out: Any, casting: Any) -> Any:
    """Compute only where the mask says; elsewhere out keeps what it has (zeros, when there is no out)."""
    where = uncovered(where)
    outs = out if isinstance(out, tuple) else (out,) * ufunc.nout
    shape = np.broadcast_shapes(*map(np.shape, (where, *inputs, *(o for o in outs if o is not None))))  # out= may be the larger
    mask = np.broadcast_to(where, shape)
    y = ufunc(*(np.broadcast_to(x, shape)[mask] for x in inputs))
    placed = tuple([place(a, o, mask, ufunc, casting) for a, o in zip(y if ufunc.nout > 1 else (y,), outs, strict=True)])
    return placed if ufunc.nout > 1 else placed[0]


def place(y: Any, out: Any, mask: Any, f: np.ufunc, casting: Any) -> Any:
    """out with y where the mask is True."""
    if out is None:
        zeros = np.zeros(mask.shape, y.dtype)
        out = y._trace.lift(zeros) if isinstance(y, Traced) and not y.constant else zeros
    elif not isinstance(out, Traced) and isinstance(y, Traced):
        refuse_out(f)
    elif np.shape(out) != mask.shape:
        raise ValueError(f"{function_name(f)} gives shape {mask.shape}, and out= has shape {np.shape(out)}")
    elif not np.can_cast(y.dtype, out.dtype, casting):
        refuse_cast(f, y, out, casting)
    out[mask] = y
    return out


def write_out(y: Any, out: Any, f: Callable[..., Any], casting: Any = "same_kind") -> Any:
    """y, written into out= where there is one, if NumPy would write it there."""
    if out is None:
        return y
    if isinstance(out, tuple):
        return tuple(write_out(a, o, f, casting) for a, o in zip(y, out, strict=True))
    if hasattr(y, "dtype") and not np.can_cast(y.dtype, out.dtype, casting):
        refuse_cast(f, y, out, casting)
    if not isinstance(f, np.ufunc) and np.shape(y) != np.shape(out):  # a ufunc's result may be broadcast
        raise ValueError(f"{function_name(f)} gives shape {np.shape(y)}, and out= has shape {np.shape(out)}")
    if not isinstance(out, Traced):
        if not isinstance(y, Traced):
            out[...] = y
            return out
        refuse_out(f)
    out[...] = y
    return out


def refuse_cast(f: Callable[..., Any], y: Any, out: Any, casting: Any) -> None:
    raise TypeError(f"Cannot cast {function_name(f)} output from {y.dtype} to {out.dtype} with casting rule {casting!r}")


def refuse_out(f: Callable[..., Any]) -> None:
    raise WriteError(
        f"{function_name(f).removeprefix('numpy.')} was asked to write a traced value into an ordinary array (out=),"
        " where its derivative would be lost. Make that array with np.zeros_like(x), or assign the result to a name." + user_line()
    )
