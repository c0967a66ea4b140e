"""What a function kept of a trace that has ended is plain from then on.

settle(trace, f, args, kwargs)     a loss in a list, a state in an object, the best point in a dictionary
"""

import itertools
import operator
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from wengert.diff.reach import Reach, data_of, is_users_class, is_users_module, same, slots, way_of
from wengert.rules.vocabulary import Traced
from wengert.trace.dispatch import Trace
from wengert.trace.storage import address, owner
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import content, reading

NEAR = 2_000  # objects that are looked at
LONG = 256  # items: of longer containers only the last are looked at


class Recent(Reach):
    """What is within reach and near, of long containers only what they took last."""

    most = NEAR

    def of_module(self, m: types.ModuleType) -> Iterable[Any]:
        return ()

    def of_list(self, x: Any) -> Iterable[Any]:
        return [v for _, v in last(x)]

    of_dict = of_deque = of_list

    def of_fixed(self, x: Any) -> Iterable[Any]:
        return x if len(x) <= LONG else ()

    of_set = of_fixed

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        return super().of_array(x) if x.size <= LONG else ()


def settle(trace: Trace, f: Any, args: Any, kwargs: Any) -> None:
    """Make plain what f kept of a trace that has ended: a loss in a list, a state in an object. A traced value of an outer call, which
    is the value of one of the inner, goes on.
    """
    if trace.known is None or not trace.known.keeps:
        return
    settled = Settled(trace)
    for x in Recent(f, args, kwargs).seen.values():
        kind: Any = type(x)
        put = PUTTING.get(way_of(kind))
        if put is not None:
            try:
                for key, v in put[0](x):
                    if (new := settled(v)) is not v:
                        put[1](x, key, new)
            except Exception:  # what refuses keeps the traced value, and whoever uses it hears so
                continue


class Settled:
    """Values of a trace that has ended, plain: copies, which share memory as they did; a pullback may still read what they hold."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.copies: dict[int, tuple[Any, Any]] = {}

    def __call__(self, x: Any) -> Any:
        kind: Any = type(x)  # a proxy whose object is gone answers nothing
        if issubclass(kind, Traced):
            return self.copy(x.primal) if x._trace is self.trace else x
        if issubclass(kind, tuple) and len(x) <= LONG:
            parts = [self(v) for v in x]
            return x if same(parts, list(x)) else tuple.__new__(kind, parts)
        return x

    def copy(self, a: Any) -> Any:
        if type(a) is not np.ndarray:
            return a
        whole = owner(a)
        if id(whole) not in self.copies:
            self.copies[id(whole)] = whole, whole.copy("K")
        new = self.copies[id(whole)][1]
        if a is whole:
            return new
        return (
            np.ndarray(a.shape, a.dtype, new, address(a) - address(whole), a.strides) if new.strides == whole.strides else a.copy()
        )


def last(x: Any) -> list[tuple[Any, Any]]:
    """The keys and values of a container; of a long one, those that it took last."""
    if isinstance(x, dict):
        return list(itertools.islice(reversed(dict.items(x)), LONG))
    return list(itertools.islice(zip(range(len(x) - 1, -1, -1), reversed(x), strict=True), LONG))


def items_of_array(x: np.ndarray) -> Iterator[Any]:
    return iter(list(np.ndenumerate(x)) if x.dtype == object and x.size <= LONG and x.flags.writeable else ())


def stored_names(f: types.FunctionType) -> Iterator[Any]:
    own = names_of(f)
    return ((name, own[name]) for name in reading(f.__code__).stored & own.keys())


PUTTING: dict[str, tuple[Callable[[Any], Iterable[Any]], Callable[[Any, Any, Any], Any]]] = {
    "of_list": (last, operator.setitem),
    "of_deque": (last, operator.setitem),
    "of_dict": (last, operator.setitem),
    "of_array": (items_of_array, operator.setitem),
    "of_cell": (lambda cell: ((None, content(cell)),), lambda cell, _, v: setattr(cell, "cell_contents", v)),
    "of_function": (stored_names, lambda f, name, v: operator.setitem(names_of(f), name, v)),
    "of_module": (lambda m: data_of(m).items() if is_users_module(m) else (), setattr),
    "of_class": (lambda cls: data_of(cls).items() if is_users_class(cls) else (), setattr),
    "of_object": (lambda x: slots(x).items(), object.__setattr__),
}
"""By the way an object is looked at: the places that may hold a traced value, and how a plain one is put there."""
