"""What is within reach of a function: all that it may keep from call to call.

Looked at is what the code of f, and of the functions of the user that it calls, knows by name, and what is inside: lists, dictionaries,
sets, arrays, objects, classes, cells, generators of random numbers. Objects may be strange: one that refuses to be looked at is left
as it is. kept.py puts back what has changed in it, settle.py makes plain what a trace has left in it.
"""

import collections
import functools
import operator
import random
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from wengert import tree
from wengert.rules.vocabulary import Traced
from wengert.trace.substitute.classes import HEAP
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import content, meaning, reading
from wengert.trace.substitute.users import is_file_of_users, is_function, is_users

T = TypeVar("T")
MOST = 20_000  # objects that are looked at


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


# --- what objects are made of ---


def by_identity(f: Callable[[Any], T]) -> Callable[[Any], T]:
    """A cache for classes, whose hash may be the user's."""
    known: dict[int, tuple[Any, T]] = {}

    @functools.wraps(f)
    def call(cls: Any) -> T:
        found = known.get(id(cls))
        if found is None or found[0] is not cls:
            if len(known) >= MOST:
                known.clear()
            found = known[id(cls)] = cls, f(cls)
        return found[1]

    return call


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


@by_identity
def slots_of(cls: Any) -> list[str]:
    """The names of the slots of a class, those that are private as Python calls them."""
    return [name for name in slot_names(cls) if is_slot(cls, name)]


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


def same(a: list[Any], b: list[Any]) -> bool:
    """Whether two lists hold the very same objects."""
    return len(a) == len(b) and all(map(operator.is_, a, b))


# --- kinds of objects ---


@by_identity
def way_of(cls: Any) -> str:
    """The method of Reach for objects of a class; "" for what holds nothing."""
    return next((way for kinds, way in WAYS if issubclass(cls, kinds)), "of_object")


NOTHING_INSIDE = (Traced, type(None), type(...), bytes, range, slice, np.generic, np.dtype, np.ufunc, types.CodeType)
ATOMS = (*(t for t in tree.PLAIN if t is not np.ndarray), *NOTHING_INSIDE)
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
