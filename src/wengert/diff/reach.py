"""What is within reach of a function: all that it may keep from call to call.

    kept = Kept(f, args)               kept.put_back() after calls for an answer alone; if kept.whole
    settle(trace, f, args)             what the function kept of a trace that has ended is plain from then on

Looked at is what the code of f, and of the functions of the user that it calls, knows by name, and what is inside: lists, dictionaries,
sets, arrays, objects, classes, cells, generators of random numbers. What holds something that only goes forward (an iterator, a
file) cannot be put back as a whole.
"""

import collections
import functools
import io
import itertools
import operator
import random
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.rules.vocabulary import Traced
from wengert.trace.dispatch import Trace
from wengert.trace.storage import address, owner
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import MISSING, content, meaning, reading
from wengert.trace.substitute.users import is_file_of_users, is_function, is_users, users_class

MOST = 20_000  # objects, and
NEAR = 2_000  # that are looked at when a trace ends
LONG = 256  # items: of longer containers only the last are looked at, when a trace ends
LARGEST = 2**28  # bytes in arrays, that are worth an answer


class Reach:
    """All objects within reach of some, the nearest first."""

    most = MOST

    def __init__(self, *roots: Any) -> None:
        self.seen: dict[int, Any] = {}  # by id; the objects are kept alive, since ids are keys
        self.whole = True  # whether all of it could be looked at
        pending = collections.deque(roots)
        while pending and self.whole:
            x = pending.popleft()
            kind: Any = type(x)
            way = way_of(kind)
            if not way or id(x) in self.seen:
                continue
            self.seen[id(x)] = x
            pending += getattr(self, way)(x)
            self.whole &= len(self.seen) <= self.most

    def remember(self, undo: Callable[[], Any]) -> None:
        """How the state of the object that is looked at could be put back."""

    # --- what only goes forward ---

    def of_forward(self, x: Any) -> Iterable[Any]:
        return ()

    # --- what code is made of ---

    def of_function(self, f: types.FunctionType) -> Iterator[Any]:
        if not is_users(f.__code__):
            return
        own, shown = names_of(f), reading(f.__code__)
        for name in shown.stored:
            self.remember(functools.partial(bind, own, name, own.get(name, MISSING)))
        yield from (meaning(own, name) for name in shown.names)
        yield from (*(f.__closure__ or ()), f.__defaults__, f.__kwdefaults__, vars(f))

    def of_cell(self, cell: types.CellType) -> Iterable[Any]:
        self.remember(functools.partial(fill, cell, content(cell)))
        return (content(cell),)

    def of_method(self, f: types.MethodType) -> Iterable[Any]:
        return f.__func__, f.__self__

    def of_partial(self, f: Any) -> Iterable[Any]:
        return f.func, f.args, f.keywords

    def of_wrapper(self, f: Any) -> Iterable[Any]:
        return (f.__wrapped__,)

    def of_property(self, f: Any) -> Iterable[Any]:
        return f.fget, f.fset, f.fdel

    def of_module(self, m: types.ModuleType) -> Iterable[Any]:
        if not is_file_of_users(getattr(m, "__file__", None) or ""):
            return ()
        return [x for x in vars(m).values() if type(x) is not types.ModuleType]

    def of_class(self, cls: Any) -> Iterable[Any]:
        """The data of a class of the user's; its methods stay."""
        if not users_class(cls):
            return ()
        own = data_of(cls)
        self.remember(lambda: rebind(cls, own))
        return (*vars(cls).values(), *cls.__bases__)

    # --- containers ---

    def of_items(self, x: Any) -> Iterable[Any]:
        items = list(x.items() if isinstance(x, dict) else x)
        extend = x.extend if isinstance(x, list | collections.deque) else x.update
        self.remember(lambda: (x.clear(), extend(items)))
        return [v for _, v in items] if isinstance(x, dict) else items

    def of_fixed(self, x: Any) -> Iterable[Any]:
        return list(x)

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        return x.ravel().tolist() if x.dtype == object else ()

    # --- objects ---

    def of_stream(self, x: Any) -> Iterable[Any]:
        """A generator of random numbers: of NumPy's new ones, that of its bits."""
        if isinstance(x, np.random.Generator):
            return (x.bit_generator,)
        get, put = (x.getstate, x.setstate) if isinstance(x, random.Random) else (x.get_state, x.set_state)
        self.remember(functools.partial(put, get()))
        return ()

    def of_bits(self, x: Any) -> Iterable[Any]:
        self.remember(functools.partial(setattr, x, "state", x.state))
        return ()

    def of_object(self, x: Any) -> Iterable[Any]:
        kind: Any = type(x)
        slots = {name: getattr(x, name) for name in slots_of(kind) if hasattr(x, name)}
        for name, value in slots.items():
            self.remember(functools.partial(object.__setattr__, x, name, value))
        own = getattr(x, "__dict__", None)
        return kind, *slots.values(), own


class Kept(Reach):
    """The state of all that is within reach, to be put back."""

    def __init__(self, *roots: Any) -> None:
        self.undo: list[Callable[[], Any]] = []
        self.bytes = 0
        super().__init__(*roots)

    def remember(self, undo: Callable[[], Any]) -> None:
        self.undo.append(undo)

    def put_back(self) -> None:
        for undo in self.undo:
            undo()

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        if x.flags.writeable:
            self.bytes += x.nbytes
            self.whole &= self.bytes <= LARGEST
            if self.whole:
                self.remember(functools.partial(np.copyto, x, x.copy()))
        return super().of_array(x)

    def of_forward(self, x: Any) -> Iterable[Any]:
        self.whole = False
        return ()


class Recent(Reach):
    """What is within reach and near, of long containers only what they took last."""

    most = NEAR

    def of_module(self, m: types.ModuleType) -> Iterable[Any]:
        return ()

    def of_items(self, x: Any) -> Iterable[Any]:
        return super().of_items(x) if len(x) <= LONG else [v for _, v in last(x)]


# --- settling ---


def settle(trace: Trace, f: Any, args: Any, kwargs: Any) -> None:
    """Make plain what f kept of a trace that has ended: a loss in a list, a state in an object. A traced value of an outer call, which
    is the value of one of the inner, goes on.
    """
    if trace.known is None or not trace.known.keeps:
        return
    settled = Settled(trace)
    for x in Recent(f, args, kwargs).seen.values():
        kind: Any = type(x)
        way = way_of(kind)
        if way == "of_items" and not isinstance(x, set):
            for key, v in last(x):
                if (new := settled(v)) is not v:
                    x[key] = new
        elif way == "of_cell":
            if (new := settled(content(x))) is not content(x):
                x.cell_contents = new
        elif way == "of_array":
            if x.dtype == object and x.flags.writeable:
                x[...] = np.frompyfunc(settled, 1, 1)(x)
        elif way == "of_function":
            for name in reading(x.__code__).stored & names_of(x).keys():
                names_of(x)[name] = settled(names_of(x)[name])
        elif way == "of_object":
            for name in slots_of(kind):
                if hasattr(x, name) and (new := settled(getattr(x, name))) is not getattr(x, name):
                    object.__setattr__(x, name, new)


class Settled:
    """Values of a trace that has ended, plain: copies, which share memory as they did; a pullback may still read what they hold."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.copies: dict[int, tuple[Any, Any]] = {}

    def __call__(self, x: Any) -> Any:
        if isinstance(x, Traced):
            return self.copy(x.primal) if x._trace is self.trace else x
        if isinstance(x, tuple) and any([isinstance(v, Traced | tuple) for v in x]):
            parts = [self(v) for v in x]
            return x if all(map(operator.is_, parts, x)) else type(x)._make(parts) if hasattr(x, "_make") else type(x)(parts)
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
        return list(x.items()) if len(x) <= LONG else list(itertools.islice(reversed(x.items()), LONG))
    first = max(0, len(x) - LONG)
    return (
        list(enumerate(itertools.islice(x, first, None), first)) if not isinstance(x, list) else list(enumerate(x[first:], first))
    )


# --- putting back ---


def bind(names: dict[str, Any], name: str, value: Any) -> None:
    """Let a global name mean what it meant."""
    if value is MISSING:
        names.pop(name, None)
    else:
        names[name] = value


def fill(cell: Any, value: Any) -> None:
    if value is not MISSING:
        cell.cell_contents = value
    elif content(cell) is not MISSING:
        del cell.cell_contents


def data_of(cls: Any) -> dict[str, Any]:
    return {name: m for name, m in vars(cls).items() if not is_function(m) and not name.startswith("__")}


def rebind(cls: Any, own: dict[str, Any]) -> None:
    """Give a class the data it had."""
    for name, now in data_of(cls).items():
        if name not in own:
            type.__delattr__(cls, name)
        elif own[name] is not now:
            type.__setattr__(cls, name, own[name])


@functools.lru_cache(maxsize=4096)
def slots_of(cls: Any) -> list[str]:
    found = [vars(c).get("__slots__", ()) for c in cls.__mro__]
    return [name for names in found for name in ((names,) if isinstance(names, str) else names) if not name.startswith("__")]


ATOMS = (
    *(t for t in tree.PLAIN if t is not np.ndarray),
    *(Traced, type(None), bytes, range, slice, np.generic, np.dtype, np.ufunc, types.BuiltinFunctionType, types.CodeType),
)


@functools.lru_cache(maxsize=4096)
def way_of(cls: Any) -> str:
    """The method of Reach for objects of a class; none for what holds nothing."""
    return next((way for kinds, way in WAYS if issubclass(cls, kinds)), "of_object")


WAYS: tuple[tuple[Any, str], ...] = (
    (ATOMS, ""),
    (types.FunctionType, "of_function"),
    (types.CellType, "of_cell"),
    (types.MethodType, "of_method"),
    (functools.partial, "of_partial"),
    (types.ModuleType, "of_module"),
    (type, "of_class"),
    ((staticmethod, classmethod, functools._lru_cache_wrapper), "of_wrapper"),
    (property, "of_property"),
    ((list, collections.deque, set, dict), "of_items"),
    ((tuple, frozenset), "of_fixed"),
    (np.ndarray, "of_array"),
    ((np.random.Generator, np.random.RandomState, random.Random), "of_stream"),
    (np.random.BitGenerator, "of_bits"),
    ((collections.abc.Iterator, io.IOBase), "of_forward"),
)
