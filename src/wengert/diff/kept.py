"""What a function keeps from call to call, so that it can be called for an answer alone, and all be put back.

    kept = Kept(f, args)
    if kept.whole:
        y = f(*args)
        kept.put_back()

Looked at is what the code of f, and of the functions of the user that it calls, knows by name, and what is inside: lists, dictionaries,
sets, arrays, objects, classes, cells, generators of random numbers. What holds something that only goes forward (an iterator, a
file) is not whole.
"""

import collections
import functools
import io
import random
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.rules.vocabulary import Traced
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import MISSING, content, meaning, reading
from wengert.trace.substitute.users import is_file_of_users, is_function, is_users, users_class

MOST = 20_000  # objects, and
LARGEST = 2**28  # bytes in arrays, that are worth an answer


class Kept:
    """The state of all that is within reach of some objects."""

    def __init__(self, *roots: Any) -> None:
        self.undo: list[Callable[[], Any]] = []
        self.seen: dict[int, Any] = {}  # by id; the objects are kept alive, since ids are keys
        self.bytes = 0
        self.whole = True  # whether all of it can be put back
        pending = list(roots)
        while pending and self.whole:
            x = pending.pop()
            if isinstance(x, ATOMS) or id(x) in self.seen:
                continue
            self.seen[id(x)] = x
            pending += self.look(x)
            self.whole &= len(self.seen) <= MOST and self.bytes <= LARGEST

    def put_back(self) -> None:
        for undo in self.undo:
            undo()

    def look(self, x: Any) -> Iterable[Any]:
        """Remember an object's state; what it holds comes back."""
        for kinds, way in WAYS:
            if isinstance(x, kinds):
                return way(self, x)
        if isinstance(x, collections.abc.Iterator | io.IOBase):
            self.whole = False
            return ()
        return self.of_object(x)

    # --- what code is made of ---

    def of_function(self, f: types.FunctionType) -> Iterator[Any]:
        if not is_users(f.__code__):
            return
        own, shown = names_of(f), reading(f.__code__)
        for name in shown.stored:
            self.undo.append(functools.partial(bind, own, name, own.get(name, MISSING)))
        yield from (meaning(own, name) for name in shown.names)
        for cell in f.__closure__ or ():
            self.undo.append(functools.partial(fill, cell, content(cell)))
            yield content(cell)
        yield from (f.__defaults__, f.__kwdefaults__, vars(f))

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
        self.undo.append(lambda: rebind(cls, own))
        return (*vars(cls).values(), *cls.__bases__)

    # --- containers ---

    def of_items(self, x: Any) -> Iterable[Any]:
        items = list(x.items() if isinstance(x, dict) else x)
        extend = x.extend if isinstance(x, list | collections.deque) else x.update
        self.undo.append(lambda: (x.clear(), extend(items)))
        return [v for _, v in items] if isinstance(x, dict) else items

    def of_fixed(self, x: Any) -> Iterable[Any]:
        return list(x)

    def of_array(self, x: np.ndarray) -> Iterable[Any]:
        if x.flags.writeable:
            self.bytes += x.nbytes
            self.undo.append(functools.partial(np.copyto, x, x.copy()))
        return x.ravel().tolist() if x.dtype == object else ()

    # --- objects ---

    def of_stream(self, x: Any) -> Iterable[Any]:
        """A generator of random numbers: of NumPy's new ones, that of its bits."""
        if isinstance(x, np.random.Generator):
            return (x.bit_generator,)
        get, put = (x.getstate, x.setstate) if isinstance(x, random.Random) else (x.get_state, x.set_state)
        self.undo.append(functools.partial(put, get()))
        return ()

    def of_bits(self, x: Any) -> Iterable[Any]:
        self.undo.append(functools.partial(setattr, x, "state", x.state))
        return ()

    def of_object(self, x: Any) -> Iterable[Any]:
        slots = {name: getattr(x, name) for name in slots_of(type(x)) if hasattr(x, name)}
        for name, value in slots.items():
            self.undo.append(functools.partial(object.__setattr__, x, name, value))
        own = getattr(x, "__dict__", None)
        return (type(x), *slots.values(), *(self.of_items(own) if type(own) is dict else ()))


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


def slots_of(cls: Any) -> list[str]:
    found = [vars(c).get("__slots__", ()) for c in cls.__mro__]
    return [name for names in found for name in ((names,) if isinstance(names, str) else names) if not name.startswith("__")]


WAYS: tuple[tuple[Any, Callable[[Kept, Any], Iterable[Any]]], ...] = (
    (types.FunctionType, Kept.of_function),
    (types.MethodType, Kept.of_method),
    (functools.partial, Kept.of_partial),
    (types.ModuleType, Kept.of_module),
    (type, Kept.of_class),
    ((staticmethod, classmethod, functools._lru_cache_wrapper), Kept.of_wrapper),
    (property, Kept.of_property),
    ((list, collections.deque, set, dict), Kept.of_items),
    ((tuple, frozenset), Kept.of_fixed),
    (np.ndarray, Kept.of_array),
    ((np.random.Generator, np.random.RandomState, random.Random), Kept.of_stream),
    (np.random.BitGenerator, Kept.of_bits),
)
ATOMS = (
    *(t for t in tree.PLAIN if t is not np.ndarray),
    *(Traced, type(None), bytes, range, slice, np.generic, np.dtype, np.ufunc, types.BuiltinFunctionType, types.CodeType),
)
