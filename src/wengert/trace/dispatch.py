"""Traces, and who of them reads a call.

    y = np.sin(x)      x is traced: NumPy asks x, and `dispatch` hands the call to x's trace, as call(np.sin, (x,), {})

A trace is a reading of calls: `Tape` computes and lists them, `Dual` computes and carries tangents along. Traces nest: the operand
whose trace has the highest number decides who reads, and the values it computes with may be tensors of lower traces, whose turn
comes then. Numbers only grow. No other state is shared, so threads, generators and exceptions cannot mix levels.

A third trace needs `call`, and `lift` for values that join it (tests/trace/test_third_trace.py has one).
"""

import array
import copy
import inspect
import itertools
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

from wengert.errors import MissingRuleError, TraceError, WengertError, WriteError, function_name, user_line
from wengert.rules.declare import ROWS, row_of
from wengert.rules.row import Row, joined
from wengert.rules.verbs import Fresh
from wengert.rules.vocabulary import Traced, bottom, cast, getitem, in_order, laid, strided
from wengert.trace.aliases import Alias, check_alias
from wengert.trace.at import at
from wengert.trace.course import Course
from wengert.trace.operands import OPERATORS, defers, overrides, reflects, refuse_operand
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

    __slots__ = ("__weakref__", "known", "number", "refusals")

    def __init__(self) -> None:
        self.number = next(NUMBERS)
        self.refusals: list[WengertError] | None = None  # what was refused in the call of the function that it traces
        self.known: Course | None = None

    @abstractmethod
    def call(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of f(*args, **kwargs), some of whose arguments are this trace's tensors and none a higher trace's.

        f is a function with a row that is not a composite. Two functions act in place, `operator.setitem` and `np.add.at`, and
        their first argument is this trace's own.
        """

    @abstractmethod
    def lift(self, value: Any) -> Any:
        """A tensor of this trace for a value that does not depend on its inputs; the value's memory becomes the tensor's."""

    @property
    def course(self) -> Course:
        """What is known of that call besides."""
        if self.known is None:
            self.known = Course()
        return self.known

    ended = False
    has_face = False  # whether its tensors have a value, a gradient and a name that the user may ask for (define-by-run)
    aliased: Mapping[Any, Alias] = {}  # by the places of its inputs, those whose memory other arguments may share

    def see(self, t: Any) -> Any:
        """Told of every new tensor; a tape with a face remembers it (diff/track.py)."""
        return t

    def returned(self, leaves: Any) -> Any:
        """Told of the results of the function; a trace that is watched looks at them (watch/traces.py)."""
        return leaves

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

    def item(self, x: Any, index: Any) -> Any:
        """x[index]."""
        return dispatch(getitem, (x, index), {})

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
    row = ROWS.get(f)
    if row is None:
        given = (*args, *kwargs.values())
        if highest(given) is None and next(blanks(given), None) is not None:
            return untraced(f, args, kwargs)
        row = row_of(f)
    if kwargs and (not row.placed.isdisjoint(kwargs) or holds_tensor(tuple(kwargs.values()))):
        args, kwargs = positional(row, args, kwargs)
    if row.definition is not None:
        try:
            y = row.definition(*args, **kwargs)
        except Exception as error:
            refused_by_numpy(row, args, kwargs, error)
            raise
        if y is not NotImplemented:
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
            if type(a) not in COMMON:
                ufunc = isinstance(row.f, np.ufunc)
                if f in OPERATORS and defers(f, args, a):
                    return NotImplemented
                if ufunc and overrides(a):
                    return row.f(*args) if f in OPERATORS else NotImplemented  # NumPy asks a, too
                b = number_or_array(a, ufunc)
                if b is None and f in OPERATORS and reflects(f, args, a):
                    return NotImplemented
                if b is None:
                    refuse_operand(f, a)
                args = tuple([b if c is a else c for c in args])
            continue
        if trace is None or other.number > trace.number:
            trace = other
    if kwargs and (named := next(tensors(kwargs.values()), None)) is not None:
        if highest(kwargs.values()) is not None:
            refuse_keyword(row, args, kwargs)
        blank, kwargs = named, kwargs if trace is None else {k: uncovered(v) for k, v in kwargs.items()}
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


def number_or_array(a: Any, operand: bool) -> Any:
    """An operand of an unusual type: a copy of what holds an array of numbers (buffers, too); None of any other."""
    if isinstance(a, int | float | complex | np.generic | np.ndarray | type):
        return a  # a subclass: the trace says what it thinks of it
    if hasattr(a, "__array__") or isinstance(a, memoryview | bytearray | array.array):
        b = np.array(uncovered(a.__array__()) if hasattr(a, "__array__") else a)
        if b.dtype.kind in "biufc":
            return b
    return None if operand else a  # of an argument that is no operand, f itself says what it thinks


def untraced(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """f of arrays that hold no tensor yet: what it makes may be written with tensors, too."""
    operands = list(blanks((*args, *kwargs.values())))
    for x in tensors((kwargs.get("out"), *(args[:1] if f.__name__ == "at" else ()))):
        check_alias(x)
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


def positional(row: Row, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The call with the keyword arguments that hold tensors, or that the row wants so, moved to their places, if they have one."""
    names = row.parameters
    moved = [names.index(k) for k, v in kwargs.items() if k in names and (k in row.placed or holds_tensor(v))]
    if not moved:
        return args, kwargs
    given, defaults = dict(zip(names, args, strict=False)) | kwargs, row.defaults
    filled = names[: max(moved) + 1]
    if any([row.signature.parameters[k].kind is ONLY for k in filled[len(args) :]]) or any(
        [k not in given and k not in defaults for k in filled]
    ):
        plainly(row, args, kwargs)
    return (
        tuple(given[k] if k in given else defaults.get(k) for k in filled) + args[len(filled) :],
        {k: v for k, v in kwargs.items() if k not in filled},
    )


ONLY = inspect.Parameter.POSITIONAL_ONLY


def plainly(row: Row, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """The call without traces, for the function's own refusal of names that it does not take, or of a lacking argument."""
    row.f(*map(beneath, args), **{k: beneath(v) for k, v in kwargs.items()})


def refused_by_numpy(row: Row, args: tuple[Any, ...], kwargs: dict[str, Any], error: Exception) -> None:
    """Where a definition failed, the function's own refusal of the same call, on copies; a user's function is not called again."""
    given = (*args, *kwargs.values())
    if row.own or isinstance(error, WengertError) or any([callable(a) and not isinstance(a, type) for a in flattened(given)]):
        return
    try:
        plainly(row, copy.deepcopy(tuple(map(beneath, args))), copy.deepcopy({k: beneath(v) for k, v in kwargs.items()}))
    except Exception as refusal:
        raise refusal from None


def flattened(args: Any) -> Iterator[Any]:
    """What stands in lists and tuples, and in those within."""
    for a in args:
        yield from flattened(a) if isinstance(a, LISTS) else (a,)


def beneath(a: Any) -> Any:
    """The plain value under all traces, in lists and tuples too."""
    return type(a)(map(beneath, a)) if type(a) in LISTS else bottom(a)


def holds_tensor(a: Any) -> bool:
    return next(tensors((a,)), None) is not None


def refuse_keyword(row: Row, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """A keyword with a tensor that has no place: one that the function has not, or for which there is no rule."""
    plainly(row, args, kwargs)
    name = next(k for k, v in kwargs.items() if highest((v,)) is not None)
    raise MissingRuleError(f"{function_name(row.f)} was given a traced value as keyword {name}=, which has no rule." + user_line())


def write_in_place(f: Callable[..., Any], x: Any, index: Any, v: Any) -> None:
    """x[index] = v or np.add.at(x, index, v), if it is x's own trace that follows v."""
    if isinstance(v, list | tuple) and highest(v) is not None:
        v = joined(v)
    v, index = uncovered(v), uncovered(index)
    if isinstance(x, Traced):
        check_alias(x)
    if isinstance(x, Traced) and x.constant:
        if highest((v, index)) is None:
            f(x.primal, index, v)
            return
        x.touch()
    trace = highest((x, v))
    if not isinstance(x, Traced) or trace is not x._trace:
        raise WriteError(
            "a traced value was written into an array made outside the function that is being differentiated, where its derivative"
            " would be lost. Make the array inside it (np.zeros_like(x)), or return the value." + user_line()
        )
    trace.call(f, (x, index, v), {})


# --- ufuncs with more to say than their operands --------------------------------------------------------------------------


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """ufunc(..., where=, out=, dtype=, casting=, order=), and its methods reduce, accumulate, outer and at."""
    if highest((*inputs, *kwargs.values())) is None:
        return untraced(ufunc if method == "__call__" else getattr(ufunc, method), inputs, kwargs)
    if method == "at":
        traced = ufunc is not np.add and isinstance(inputs[0], Traced)
        return at(ufunc, *inputs[:1], *map(uncovered, inputs[1:])) if traced else write_in_place(ADD, *inputs)
    out, where = kwargs.pop("out", None), kwargs.pop("where", True)
    out = out[0] if isinstance(out, tuple) and len(out) == 1 else out
    if method != "__call__":
        return write_out(call_method(ufunc, method, inputs, where, kwargs), out, getattr(ufunc, method))
    loop = {k: kwargs.pop(k) for k in LOOP if k in kwargs}
    inputs = in_loop(ufunc, inputs, loop) if loop else inputs
    casting, order = loop.get("casting", "same_kind"), loop.get("order", "K")
    if where is not True and where is not np.True_:
        return call_where(ufunc, inputs, where, out, casting, order)
    y = dispatch(ufunc, inputs, kwargs)
    return write_out(y if order == "K" or out is not None else ordered(ufunc, y, inputs, order), out, ufunc, casting)


def call_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], where: Any, kwargs: dict[str, Any]) -> Any:
    """ufunc.reduce and .accumulate work along axis 0 where np.sum and np.cumsum work along all; outer takes what the ufunc takes."""
    kwargs = {k: v for k, v in kwargs.items() if k not in ("array", "indices")}  # NumPy has put these among the inputs, too
    if where is not True:
        kwargs["where"] = where
    if method in ("reduce", "accumulate") and len(inputs) == 1:
        kwargs.setdefault("axis", 0)
    if method != "outer" and (dtype := kwargs.pop("dtype", None)) is not None:
        inputs = tuple(x.astype(dtype) if isinstance(x, Traced | np.ndarray) else x for x in inputs)
    return dispatch(getattr(ufunc, method), inputs, kwargs)


LOOP = ("dtype", "signature", "sig", "casting", "order", "subok")
"""What chooses the loop of a ufunc, and the array that it fills."""


def in_loop(ufunc: np.ufunc, inputs: tuple[Any, ...], loop: dict[str, Any]) -> tuple[Any, ...]:
    """The inputs in the dtypes of the loop that was asked for; NumPy itself refuses what it has not, asked on nothing."""
    plain = [x if type(x) in WEAK else np.empty((0, 0), np.asarray(x).dtype) for x in map(bottom, inputs)]
    ufunc(*plain, **loop)
    kinds = [type(x) if type(x) in WEAK else x.dtype for x in plain]
    signature = loop.get("signature", loop.get("sig", (None,) * ufunc.nargs))
    if loop.get("dtype") is not None:
        signature = (None,) * ufunc.nin + (np.dtype(loop["dtype"]),) * ufunc.nout
    casting = loop.get("casting", "same_kind")
    dtypes = ufunc.resolve_dtypes((*kinds, *(None,) * ufunc.nout), signature=signature, casting=casting)
    return tuple(cast_to(x, t) for x, t in zip(inputs, dtypes, strict=False))


def cast_to(x: Any, dtype: Any) -> Any:
    return x if getattr(x, "dtype", None) == dtype else x.astype(dtype) if isinstance(x, Traced) else cast(x, dtype)


WEAK = (bool, int, float, complex)


def ordered(ufunc: np.ufunc, y: Any, inputs: tuple[Any, ...], order: str) -> Any:
    """The results as they lie in the arrays that NumPy makes for this order."""
    if isinstance(y, tuple):
        return tuple(ordered(ufunc, a, inputs, order) for a in y)
    if ufunc.signature is not None:  # of whole vectors or matrices, as np.matmul
        turned = all(np.asarray(bottom(x)).flags.f_contiguous for x in inputs)
        return in_order(y, order if order != "A" else "F" if turned else "C")
    strides = strides_of(inputs, y.dtype, order)
    return y if y.strides == strides or not y.size else laid(y, strides)


def strides_of(inputs: tuple[Any, ...], dtype: Any, order: Any) -> tuple[int, ...]:
    """The strides of the array that NumPy makes for an elementwise result."""
    plain = [bottom(x) for x in inputs]
    flags: Any = [["readonly"]] * len(plain) + [["writeonly", "allocate"]]
    return np.nditer([*plain, None], ["zerosize_ok"], flags, [None] * len(plain) + [dtype], order).operands[-1].strides


def call_where(ufunc: np.ufunc, inputs: tuple[Any, ...], where: Any, out: Any, casting: Any, order: str) -> Any:
    """Compute only where the mask says; elsewhere out keeps what it has (zeros, when there is no out)."""
    where = uncovered(where)
    outs = out if isinstance(out, tuple) else (out,) * ufunc.nout
    shape = np.broadcast_shapes(*map(np.shape, (where, *inputs, *(o for o in outs if o is not None))))  # out= may be the larger
    mask = np.broadcast_to(where, shape)
    weak = [type(bottom(x)) in WEAK for x in inputs]  # a number of Python stays one, beside arrays
    y = ufunc(*(x if w and not all(weak) else np.broadcast_to(x, shape)[mask] for x, w in zip(inputs, weak, strict=True)))
    pairs = zip(y if ufunc.nout > 1 else (y,), outs, strict=True)
    lie = (*inputs, where, *(o for o in outs if o is not None))
    placed = tuple([place(a, room_for(a, lie, order) if o is None else o, mask, ufunc, casting) for a, o in pairs])
    return placed if ufunc.nout > 1 else placed[0]


def room_for(y: Any, inputs: tuple[Any, ...], order: str) -> Any:
    """Zeros for results of y's kind to be placed in."""
    shape = np.broadcast_shapes(*map(np.shape, inputs))
    zeros = laid(np.zeros(shape, y.dtype), strides_of(inputs, y.dtype, order)) if shape else np.zeros((), y.dtype)
    return y._trace.lift(zeros) if isinstance(y, Traced) and not y.constant else zeros


def place(y: Any, out: Any, mask: Any, f: np.ufunc, casting: Any) -> Any:
    """out with y where the mask is True."""
    if not isinstance(out, Traced) and isinstance(y, Traced):
        refuse_out(f)
    elif np.shape(out) != mask.shape:
        raise ValueError(f"{function_name(f)} gives shape {mask.shape}, and out= has shape {np.shape(out)}")
    elif not np.can_cast(y.dtype, out.dtype, casting):
        refuse_cast(f, y, out, casting)
    out[mask] = y
    return out


ARRAYS: Any = Traced | np.ndarray


def write_out(y: Any, out: Any, f: Callable[..., Any], casting: Any = "same_kind") -> Any:
    """y, written into out= where there is one, if NumPy would write it there."""
    if out is None:
        return y
    if isinstance(out, tuple):
        return tuple(write_out(a, o, f, casting) for a, o in zip(y, out, strict=True))
    if not isinstance(out, ARRAYS):
        raise TypeError("return arrays must be of ArrayType")
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
        " where its derivative would be lost. Make that array with np.zeros_like(x), or assign the result to a name: y = y + x for"
        " y += x." + user_line()
    )
