"""Calls whose insides no trace sees: one node of the list, with a rule of its own.

    enclose(row, run, args)            run(*args) as one call, which the highest trace among args reads by this row
    sheltered(f, run, args)            run(*args), which is f's, beneath all traces

Inside, f works on the values beneath the trace. What it could do there unseen is refused: to use a traced value that is
no argument (its derivative would be lost: ClosureError), and to write into an argument (the trace would keep the old
value: WriteError). What it is given is a copy (`lent`): it may keep that for its rule, in an object of its own, and the
argument itself may be written later. What it returns is copied too (`own`): a result that is an argument, or shares
memory with one, would be taken for a view of it, whatever the rule says, and a buffer that f goes on using would change
the list. Rules are called by `ruled`.
"""

import functools
import pickle
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar

import numpy as np

from wengert import tree
from wengert.diff.calling import call
from wengert.errors import ClosureError, InputError, WriteError, function_name, user_line
from wengert.rules.declare import Carrier
from wengert.rules.row import Row
from wengert.rules.vocabulary import Traced, bottom
from wengert.trace.dispatch import Trace, dispatch, highest, tensors, uncovered
from wengert.trace.dual import Dual, tangent_and_mask
from wengert.trace.storage import twin
from wengert.trace.tape import inexact, same_bytes

P = ParamSpec("P")
R = TypeVar("R")


class Enclosed(Carrier):
    """One call, as the trace with this number meets it: a function of the values beneath that trace, and its row."""

    def __init__(self, row: Row, run: Callable[..., Any], number: int) -> None:
        self.row = row
        self.run = run
        self.number = number
        self.of = row.f

    def __call__(self, *values: Any, **kwargs: Any) -> Any:
        y = uncovered(self.run(*values, **kwargs))
        if any(t._trace.number >= self.number for t in tensors((y,))):
            refuse_closure(self.of)
        return y


def enclose(row: Row, run: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any] | None = None) -> Any:
    """run(*args, **kwargs), some of which are traced, as one call with this row."""
    kwargs = kwargs or {}
    trace = highest((*args, *kwargs.values()))
    assert trace is not None, "what is not traced needs no row"
    y = dispatch(Enclosed(row, run, trace.number), tuple(args), kwargs)
    if isinstance(trace, Dual) and any(leaks(t, trace) for t in tensors((y,))):
        refuse_closure(row.f)
    return y


def leaks(y: Any, trace: Trace) -> bool:
    """Whether the tangent of a result is no value beneath the trace: a rule used a traced value from elsewhere."""
    t = tangent_and_mask(y)[0] if y._trace is trace else None
    return isinstance(t, Traced) and t._trace.number >= trace.number


def refuse_closure(f: Any) -> NoReturn:
    raise ClosureError(
        f"{function_name(f)} used a traced value that is not one of its arguments (from a closure or a global, or in"
        " its rule). Its insides are not traced, so the derivative along that value would be lost. Make it an"
        " argument, or use wg.stop_gradient(...) of it." + user_line()
    )


# --- at the bottom ----------------------------------------------------------------------------------------------------


def lent(a: Any) -> Any:
    """A copy of an array, traced or not, that cannot be written."""
    if not isinstance(bottom(a), np.ndarray):
        return a
    copy = +a if isinstance(a, Traced) else np.array(a, subok=True)  # type: ignore[operator]
    bottom(copy).flags.writeable = False
    return copy


def read_only(a: Any) -> Any:
    """A view of an array, traced or not, through which nothing can be written."""
    if not isinstance(bottom(a), np.ndarray):
        return a
    view = a[...]
    bottom(view).flags.writeable = False
    return view


def sheltered(
    f: Any,
    run: Callable[..., Any],
    args: Sequence[Any],
    kwargs: dict[str, Any] | None = None,
    given: Callable[[Any], Any] = lent,
) -> Any:
    """run(*args, **kwargs), with arrays that cannot be written; f is who is to blame. No rule: `given` may be `read_only`."""
    kwargs = kwargs or {}
    try:
        return call(run, each(given, tuple(args)), {k: each(given, v) for k, v in kwargs.items()})
    except ValueError as refusal:
        if "read-only" not in str(refusal):
            raise
        return on_copies(f, run, tuple(args), kwargs, refusal)


def on_copies(f: Any, run: Any, args: tuple[Any, ...], kwargs: dict[str, Any], refusal: ValueError) -> Any:
    """The same on copies, since some compiled code refuses read-only arrays that it would but read."""
    copies, named = each(own, args), {k: each(own, v) for k, v in kwargs.items()}
    y = call(run, copies, named)
    before, after = arrays_in((args, *kwargs.values())), arrays_in((copies, *named.values()))
    if not all(same_bytes(a, b) for a, b in zip(before, after, strict=True) if not a.dtype.hasobject):
        raise WriteError(
            f"{function_name(f)} wrote into one of its arguments. Its insides are not traced, so the old value would"
            " live on in the derivative. Let it write into a copy, and return that." + user_line(refusal)
        ) from refusal
    return y


def each(change: Callable[[Any], Any], a: Any) -> Any:
    """change of a, or of each item of a list or tuple."""
    if not isinstance(a, list | tuple):
        return change(a)
    items = [each(change, b) for b in a]
    return type(a)._make(items) if hasattr(a, "_make") else type(a)(items)


def ruled(rule: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], f: Any = None) -> Any:
    """What a user's rule (that of f) gives for arguments that it cannot write."""
    try:
        return call(rule, args, kwargs)
    except ValueError as refusal:
        if "read-only" not in str(refusal):
            raise
        raise WriteError(
            f"the rule {function_name(rule) if f is None else f'of {function_name(f)}'} wrote into an array that it was"
            " given, which the derivative reads again. Write g = 2 * g for g *= 2, or begin with a copy: g = g.copy()."
            + user_line(refusal)
        ) from refusal


class Reading:
    """A user's rule, given arrays that it cannot write: the list keeps them for the next sweep."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        functools.update_wrapper(self, rule)
        self.rule = rule

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return ruled(self.rule, each(read_only, args), kwargs)

    @property
    def __code__(self) -> Any:
        return self.rule.__code__  # which tells the row what the rule reads


def own(a: Any) -> Any:
    """a, sharing neither memory nor identity with what it was."""
    if isinstance(a, np.ndarray) or (isinstance(a, Traced) and isinstance(bottom(a), np.ndarray)):
        return twin(a)
    if isinstance(a, Traced):
        return +a  # type: ignore[operator]
    if isinstance(a, np.inexact):
        return a.copy()
    if type(a) is float:
        return a * 1.0  # +a would be a itself
    return complex(a.real, a.imag) if type(a) is complex else a


def arrays_in(a: Any) -> Iterator[np.ndarray]:
    """The plain arrays under an argument."""
    if isinstance(a, list | tuple):
        for b in a:
            yield from arrays_in(b)
    elif isinstance(bottom(a), np.ndarray):
        yield bottom(a)


# --- containers -------------------------------------------------------------------------------------------------------


class Packed:
    """A container with its numbers taken out: what is left to put others in their places.

    Python's integers, strings and other objects stay; floats, complex numbers and arrays, integer ones too, are taken.
    """

    __slots__ = ("leaves", "places", "treedef")

    def __init__(self, leaves: list[Any], places: list[int], treedef: Any) -> None:
        self.leaves = leaves
        self.places = places
        self.treedef = treedef

    def fill(self, values: Sequence[Any], rest: Callable[[Any], Any] = lambda a: a) -> Any:
        """The container with these numbers, and `rest` of what had stayed."""
        leaves = list(map(rest, self.leaves))
        for k, a in zip(self.places, values, strict=True):
            leaves[k] = a
        return tree.unflatten(self.treedef, leaves)


def pack(container: Any) -> tuple[tuple[Any, ...], Packed]:
    """The numbers of a container, and the rest."""
    leaves, treedef = tree.flatten(container)
    places = [k for k, a in enumerate(leaves) if isinstance(a, np.ndarray | np.generic | float | complex | Traced)]
    numbers = tuple(uncovered(leaves[k]) for k in places)
    for k in places:
        leaves[k] = None  # a node that held its list's tensors would keep the list alive
    return numbers, Packed(leaves, places, treedef)


def traced(values: Sequence[Any]) -> bool:
    return any(isinstance(a, Traced) for a in values)


def alone(leaves: tuple[Any, ...]) -> Any:
    """The leaves of a result as the result of a call: one number is itself, with no tuple around it."""
    return leaves[0] if len(leaves) == 1 and inexact(leaves[0]) else leaves


# --- the function objects ---------------------------------------------------------------------------------------------


class Wrapped(Generic[P, R]):
    """A function in the place of f: with its name, signature and docstring, as a method too, pickled by its name."""

    def __init__(self, f: Callable[P, R]) -> None:
        if not callable(f):
            raise InputError(f"{type(self).__name__} wraps a function, not {f!r}." + user_line())
        functools.update_wrapper(self, f)  # type: ignore[arg-type]
        self.f = f

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)  # type: ignore[arg-type]

    def __reduce__(self) -> Any:
        return self.__qualname__ if named(self) is self else self.rebuilt()

    def rebuilt(self) -> Any:
        """How a pickle makes it anew when no name leads to it."""
        raise pickle.PicklingError(
            f"{function_name(self)} has a rule, which a pickle cannot carry, and no name in its module leads to it."
            " Decorate the function where it is defined, at the top of its module."
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {function_name(self)}>"


def named(f: Any) -> Any:
    """What f's own name leads to."""
    found: Any = sys.modules.get(getattr(f, "__module__", None) or "")
    for name in getattr(f, "__qualname__", "").split("."):
        found = getattr(found, name, None)
    return found
