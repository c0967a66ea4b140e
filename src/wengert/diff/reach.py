"""What is within reach of a function: all that it may keep from call to call.

    kept = Kept(f, args)               kept.put_back() after a call for an answer alone, if kept.whole
    settle(trace, f, args, kwargs)     what the function kept of a trace that has ended is plain from then on

Looked at is what the code of f, and of the functions of the user that it calls, knows by name, and what is inside: lists, dictionaries,
sets, arrays, objects, classes, cells, generators of random numbers. Objects may be strange: one that refuses to be looked at, or
written, is left as it is.
"""

import collections
import datetime
import decimal
import functools
import itertools
import operator
import random
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.rules.vocabulary import Traced
from wengert.trace.dispatch import Trace
from wengert.trace.storage import address, owner
from wengert.trace.substitute.classes import HEAP
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import MISSING, content, meaning, reading
from wengert.trace.substitute.users import is_file_of_users, is_function, is_users

MOST = 20_000  # objects, and
LARGEST = 2**28  # bytes in arrays, that are worth an answer
NEAR = 2_000  # objects that are looked at when a trace ends
LONG = 256  # items: of longer containers only the last are looked at then


class Reach:
    """All objects within reach of some, the nearest first."""

    most = MOST

    def __init__(self, *roots: Any) -> None:
        self.seen: dict[int, Any] = {}  # by id; the objects are kept alive, since ids are keys
        self.whole = True  # whether all of it could be looked at
        pending = collections.deque(roots)
        while pending and self.whole:
            x = pending.popleft()
            try:
                kind: Any = type(x)
                way = way_of(kind)
                if not way or id(x) in self.seen:
                    continue
                self.seen[id(x)] = x
                pending += list(getattr(self, way)(x))
            except Exception:  # a lazy object, a dead proxy: what it says is nobody's business here
                self.refused(x)
            self.whole &= len(self.seen) <= self.most

    def refused(self, x: Any) -> None:
        """An object that is not looked into."""

    # --- what code is made of ---

    def of_function(self, f: types.FunctionType) -> Iterable[Any]:
        if not is_users(f.__code__):
            return f.__closure__ or ()  # one of ours, around the user's
        named = [meaning(names_of(f), name) for name in reading(f.__code__).names]
        return (*named, *(f.__closure__ or ()), f.__defaults__, f.__kwdefaults__, vars(f))

    def of_cell(self, cell: types.CellType) -> Iterable[Any]:
        return (content(cell),)

    def of_method(self, f: types.MethodType) -> Iterable[Any]:
        return f.__func__, f.__self__

    def of_builtin(self, f: Any) -> Iterable[Any]:
        return (f.__self__,)  # log, of log.append; of a function of a module, that module

    def of_partial(self, f: Any) -> Iterable[Any]:
        return f.func, f.args, f.keywords

    def of_wrapper(self, f: Any) -> Iterable[Any]:
        return (f.__wrapped__,)

    def of_property(self, f: Any) -> Iterable[Any]:
        return f.fget, f.fset, f.fdel

    def of_module(self, m: types.ModuleType) -> Iterable[Any]:
        return list(data_of(m).values()) if is_users_module(m) else ()

    def of_class(self, cls: Any) -> Iterable[Any]:
        return (*vars(cls).values(), *cls.__bases__) if is_users_class(cls) else ()

    # --- what holds ---

    def of_list(self, x: Any) -> Iterable[Any]:
        return iter(x)

    of_deque = of_set = of_fixed = of_list

    def of_dict(self, x: Any) -> Iterable[Any]:
        return dict.values(x)

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        return x.ravel().tolist() if x.dtype == object else ()

    def of_object(self, x: Any) -> Iterable[Any]:
        return type(x), *slots(x).values(), own_of(x)

    def of_stream(self, x: Any) -> Iterable[Any]:
        return ()

    of_bits = of_forward = of_stream


# --- for an answer alone ---


class Kept(Reach):
    """The state of all that is within reach, to be put back: what has changed, and no more."""

    def __init__(self, *roots: Any) -> None:
        self.undo: list[Callable[[], Any]] = []
        self.arrays: list[np.ndarray] = []
        self.writes = False  # whether some of the code may write into arrays
        super().__init__(*roots)
        if self.writes and sum([x.nbytes for x in self.arrays]) > LARGEST:
            self.whole = False
        if self.writes and self.whole:
            self.undo += [functools.partial(rewrite, x, x.copy()) for x in self.arrays]

    def put_back(self) -> None:
        for undo in self.undo:
            try:
                undo()
            except Exception:
                self.whole = False  # and so f is not asked any more

    def refused(self, x: Any) -> None:
        self.whole = False

    def remember(self, undo: Callable[..., Any], *args: Any) -> None:
        self.undo.append(functools.partial(undo, *args))

    def of_function(self, f: types.FunctionType) -> Iterable[Any]:
        if is_users(f.__code__):
            own, shown = names_of(f), reading(f.__code__)
            self.writes |= shown.writes
            self.whole &= SPEAKING.isdisjoint(shown.attributes)
            for name in shown.stored:
                self.remember(bind, own, name, own.get(name, MISSING))
        return super().of_function(f)

    def of_cell(self, cell: types.CellType) -> Iterable[Any]:
        self.remember(fill, cell, content(cell))
        return super().of_cell(cell)

    def of_module(self, m: types.ModuleType) -> Iterable[Any]:
        if is_users_module(m):
            self.remember(rebind, m, data_of(m))
        return super().of_module(m)

    def of_class(self, cls: Any) -> Iterable[Any]:
        if is_users_class(cls):
            self.remember(rebind, cls, data_of(cls))
        return super().of_class(cls)

    def of_list(self, x: Any) -> Iterable[Any]:
        items = list.__getitem__(x, slice(None))
        self.remember(relist, x, items)
        return items

    def of_deque(self, x: Any) -> Iterable[Any]:
        items = list(x)
        self.remember(requeue, x, items)
        return items

    def of_set(self, x: Any) -> Iterable[Any]:
        self.remember(reset, x, frozenset(x))
        return list(x)

    def of_dict(self, x: Any) -> Iterable[Any]:
        items = dict(dict.items(x))
        self.remember(refill, x, items)
        return list(items.values())

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        self.whole &= not isinstance(x, np.ma.MaskedArray)
        if x.dtype == object:
            self.remember(rewrite, x, x.copy())
        elif x.flags.writeable:
            self.arrays.append(x)
        return super().of_array(x)

    def of_object(self, x: Any) -> Iterable[Any]:
        kind: Any = type(x)
        module = str(kind.__module__).partition(".")[0]
        if module in SHARED or not (
            kind is object or kind.__flags__ & HEAP or hasattr(x, "__dict__") or callable(x) or isinstance(x, FIXED)
        ):
            self.whole = False  # of a type written in C, nobody knows what it keeps
        self.remember(reslot, x, slots(x))
        return super().of_object(x)

    def of_stream(self, x: Any) -> Iterable[Any]:
        """A generator of random numbers: of NumPy's new ones, that of its bits."""
        if isinstance(x, np.random.Generator):
            return (x.bit_generator,)
        get, put = (x.getstate, x.setstate) if isinstance(x, random.Random) else (x.get_state, x.set_state)
        self.remember(put, get())
        return ()

    def of_bits(self, x: Any) -> Iterable[Any]:
        self.remember(setattr, x, "state", x.state)
        return ()

    def of_forward(self, x: Any) -> Iterable[Any]:
        self.whole = False
        return ()


TO_FILES = "open write writelines writerow savetxt save savez tofile to_csv dump stderr"
TO_LOGS = "logging logger log_message info debug warning error critical exception warn warnings"
TO_OTHERS = "subprocess system socket sqlite3 execute commit requests urlopen send recv sleep input spawn"
SPEAKING = frozenset(f"{TO_FILES} {TO_LOGS} {TO_OTHERS}".split())
"""Names by which code speaks to the world, which cannot be told to forget it."""

SHARED = frozenset(
    ("threading", "queue", "asyncio", "multiprocessing", "concurrent", "logging", "socket", "sqlite3", "io", "unittest")
)
"""Modules of objects that others use at the same time."""


def bind(names: dict[str, Any], name: str, value: Any) -> None:
    """Let a global name mean what it meant."""
    if value is MISSING:
        names.pop(name, None)
    elif names.get(name, MISSING) is not value:
        names[name] = value


def fill(cell: Any, value: Any) -> None:
    if content(cell) is value:
        return
    if value is MISSING:
        del cell.cell_contents
    else:
        cell.cell_contents = value


def rebind(holder: Any, own: dict[str, Any]) -> None:
    """Give a class or module the data it had."""
    now = data_of(holder)
    for name in now.keys() - own.keys():
        delattr(holder, name)
    for name, value in own.items():
        if now.get(name, MISSING) is not value:
            setattr(holder, name, value)


def relist(x: Any, items: list[Any]) -> None:
    if not same(list.__getitem__(x, slice(None)), items):
        list.__setitem__(x, slice(None), items)


def requeue(x: Any, items: list[Any]) -> None:
    if not same(list(x), items):
        collections.deque.clear(x)
        collections.deque.extend(x, items)


def reset(x: Any, items: frozenset[Any]) -> None:
    if frozenset(x) != items:
        set.clear(x)
        set.update(x, items)


def refill(x: Any, items: dict[Any, Any]) -> None:
    """Give a dictionary what it held, in the same order."""
    kind: Any = collections.OrderedDict if isinstance(x, collections.OrderedDict) else dict
    if not same(list(dict.keys(x))[: len(items)], list(items)):
        kind.clear(x)
    for key in [key for key in dict.keys(x) if key not in items]:
        kind.__delitem__(x, key)
    for key, value in items.items():
        if dict.get(x, key, MISSING) is not value:
            kind.__setitem__(x, key, value)


def rewrite(x: np.ndarray, saved: np.ndarray) -> None:
    if x.dtype == object or x.tobytes() != saved.tobytes():
        np.copyto(x, saved)


def reslot(x: Any, values: dict[str, Any]) -> None:
    now = slots(x)
    for name in now.keys() - values.keys():
        object.__delattr__(x, name)
    for name, value in values.items():
        if now.get(name, MISSING) is not value:
            object.__setattr__(x, name, value)


def same(a: list[Any], b: list[Any]) -> bool:
    return len(a) == len(b) and all(map(operator.is_, a, b))


# --- what objects are made of ---


def slots(x: Any) -> dict[str, Any]:
    """What the slots of an object hold."""
    kind: Any = type(x)
    found = {}
    for name in slots_of(kind):
        try:
            found[name] = object.__getattribute__(x, name)
        except AttributeError:
            continue
    return found


def slots_of(cls: Any) -> list[str]:
    """The names of the slots of a class, those that are private as Python calls them."""
    known = SLOTS.get(id(cls))
    if known is None or known[0] is not cls:
        if len(SLOTS) >= MOST:
            SLOTS.clear()
        known = SLOTS[id(cls)] = cls, [name for name in slot_names(cls) if is_slot(cls, name)]
    return known[1]


SLOTS: dict[int, tuple[Any, list[str]]] = {}


def slot_names(cls: Any) -> list[str]:
    found = [(c.__name__, vars(c).get("__slots__", ())) for c in cls.__mro__]
    each = [(c, name) for c, names in found for name in ((names,) if isinstance(names, str) else names)]
    names = [f"_{c.lstrip('_')}{name}" if name.startswith("__") and not name.endswith("__") else name for c, name in each]
    return [name for name in names if not name.startswith("__")]


def is_slot(cls: Any, name: str) -> bool:
    return any([type(vars(c).get(name)) is types.MemberDescriptorType for c in cls.__mro__])


def own_of(x: Any) -> Any:
    """The dictionary of an object, if it has an ordinary one."""
    own = object.__getattribute__(x, "__dict__") if hasattr(type(x), "__dict__") and hasattr(x, "__dict__") else None
    return own if type(own) is dict else None


def data_of(holder: Any) -> dict[str, Any]:
    """What a class or module holds besides functions and what Python makes."""
    left = (types.ModuleType, types.GetSetDescriptorType, types.MemberDescriptorType, type)
    return {k: v for k, v in vars(holder).items() if not k.startswith("__") and not is_function(v) and not isinstance(v, left)}


def is_users_class(cls: Any) -> bool:
    return bool(cls.__flags__ & HEAP) and is_users_module(sys.modules.get(cls.__module__))


def is_users_module(m: Any) -> bool:
    """Whether a module is of the user's: with a file of theirs, or the one that is run."""
    file = getattr(m, "__file__", None)
    return is_file_of_users(file) if file else getattr(m, "__name__", "") == "__main__"


# --- when a trace has ended ---


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


# --- kinds of objects ---


def way_of(cls: Any) -> str:
    """The method of Reach for objects of a class; "" for what holds nothing."""
    found = FOUND.get(id(cls))
    if found is None or found[0] is not cls:
        if len(FOUND) >= MOST:
            FOUND.clear()
        found = FOUND[id(cls)] = cls, next((way for kinds, way in WAYS if issubclass(cls, kinds)), "of_object")
    return found[1]


FOUND: dict[int, tuple[Any, str]] = {}
"""By the identity of a class, whose hash may be the user's."""


NOTHING_INSIDE = (Traced, type(None), type(...), bytes, range, slice, np.generic, np.dtype, np.ufunc, types.CodeType)
ATOMS = (*(t for t in tree.PLAIN if t is not np.ndarray), *NOTHING_INSIDE)
FIXED = (
    re.Pattern,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    types.GetSetDescriptorType,
    types.GenericAlias,
)
WAYS: tuple[tuple[Any, str], ...] = (
    (ATOMS, ""),
    (types.FunctionType, "of_function"),
    (types.CellType, "of_cell"),
    (types.MethodType, "of_method"),
    (types.BuiltinFunctionType, "of_builtin"),
    (functools.partial, "of_partial"),
    (types.ModuleType, "of_module"),
    (type, "of_class"),
    ((staticmethod, classmethod, functools._lru_cache_wrapper), "of_wrapper"),
    (property, "of_property"),
    (list, "of_list"),
    (collections.deque, "of_deque"),
    (set, "of_set"),
    (dict, "of_dict"),
    ((tuple, frozenset), "of_fixed"),
    (np.ndarray, "of_array"),
    ((np.random.Generator, np.random.RandomState, random.Random), "of_stream"),
    (np.random.BitGenerator, "of_bits"),
    (collections.abc.Iterator, "of_forward"),
)
