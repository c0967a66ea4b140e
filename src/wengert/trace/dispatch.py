"""Traces, and who of them reads a call.

    y = np.sin(x)      x is traced: NumPy asks x, and `dispatch` hands the call to x's trace, as call(np.sin, (x,), {})

A trace is a reading of calls: `Tape` computes and lists them, `Dual` computes and carries tangents along. Traces nest: the operand
whose trace has the highest number decides who reads, and the values it computes with may be tensors of lower traces, whose turn
comes then. Numbers only grow. No other state is shared, so threads, generators and exceptions cannot mix levels.

A third trace needs `call`, and `lift` for values that join it (tests/trace/test_third_trace.py has one).
"""

import itertools
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from wengert.errors import MissingRuleError, TraceError, WriteError, function_name, user_line
from wengert.rules.declare import ROWS, row_of
from wengert.rules.vocabulary import Traced

NUMBERS = itertools.count(1)
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
    trace = None
    for a in args:
        if isinstance(a, Traced):
            other = a._trace
        elif isinstance(a, LISTS):
            args = row.joined(args)
            trace = highest(args)
            break
        else:
            continue
        if trace is None or other.number > trace.number:
            trace = other
    if kwargs and any([isinstance(v, Traced) for v in kwargs.values()]):
        args, kwargs = positional(f, args, kwargs)
        trace = highest(args)
    return f(*args, **kwargs) if trace is None else trace.call(f, args, kwargs)


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
        trace = a._trace if isinstance(a, Traced) else highest(a) if isinstance(a, list | tuple) else None
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
    trace = highest((x, v))
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
    return call_where(ufunc, inputs, where, out)


def reduction_arguments(method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """ufunc.reduce and .accumulate work along axis 0 where np.sum and np.cumsum work along all."""
    if method in ("reduce", "accumulate") and len(inputs) == 1:
        kwargs.setdefault("axis", 0)
    return inputs


def call_where(ufunc: np.ufunc, inputs: tuple[Any, ...], where: Any, out: Any) -> Any:
    """Compute only where the mask says; elsewhere out keeps what it has (zeros, when there is no out)."""
    shape = np.broadcast_shapes(*map(np.shape, (where, *inputs))) if out is None else np.shape(out)  # which may be the larger
    mask = np.broadcast_to(where, shape)
    y = ufunc(*(np.broadcast_to(x, shape)[mask] for x in inputs))
    if out is None:
        out = y._trace.lift(np.zeros(shape, y.dtype))
    elif not isinstance(out, Traced):
        refuse_out(ufunc)
    out[mask] = y
    return out


def write_out(y: Any, out: Any, f: Callable[..., Any], casting: Any = "same_kind") -> Any:
    """y, written into out= where there is one, if NumPy would write it there."""
    if out is None:
        return y
    if isinstance(out, tuple):
        return tuple(write_out(a, o, f, casting) for a, o in zip(y, out, strict=True))
    if hasattr(y, "dtype") and not np.can_cast(y.dtype, out.dtype, casting):
        raise TypeError(f"Cannot cast {function_name(f)} output from {y.dtype} to {out.dtype} with casting rule {casting!r}")
    if not isinstance(f, np.ufunc) and np.shape(y) != np.shape(out):  # a ufunc's result may be broadcast
        raise ValueError(f"{function_name(f)} gives shape {np.shape(y)}, and out= has shape {np.shape(out)}")
    if not isinstance(out, Traced):
        if not isinstance(y, Traced):
            out[...] = y
            return out
        refuse_out(f)
    out[...] = y
    return out


def refuse_out(f: Callable[..., Any]) -> None:
    raise WriteError(
        f"{function_name(f).removeprefix('numpy.')} was asked to write a traced value into an ordinary array (out=),"
        " where its derivative would be lost. Make that array with np.zeros_like(x), or assign the result to a name." + user_line()
    )
