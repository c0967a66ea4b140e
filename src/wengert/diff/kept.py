"""The state of all that is within reach of a function, so that it can be called for an answer alone.

kept = Kept(f, args)
y = f(*args)                       if kept.whole
kept.put_back()
"""

import collections
import datetime
import decimal
import functools
import random
import re
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from wengert.diff.reach import Reach, data_of, is_users_class, is_users_module, same, slots
from wengert.trace.substitute.classes import HEAP
from wengert.trace.substitute.program import names_of
from wengert.trace.substitute.reading import MISSING, content, reading
from wengert.trace.substitute.users import is_users

LARGEST = 2**28  # bytes in arrays that are worth an answer
FIXED = (
    re.Pattern,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    types.GetSetDescriptorType,
    types.GenericAlias,
)


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
        items = dict(plain_kind(x).items(x))
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


TO_FILES = "open save savetxt savez tofile to_csv stderr logging warnings warn"
TO_OTHERS = "os subprocess socket sqlite3 requests urlopen sleep"
SPEAKING = frozenset(f"{TO_FILES} {TO_OTHERS}".split())
"""Names by which code speaks to the world, which cannot be told to forget it. Loggers and open files are seen as objects."""

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
    kind = plain_kind(x)
    if not same(list(kind.keys(x))[: len(items)], list(items)):
        kind.clear(x)
    for key in [key for key in dict.keys(x) if key not in items]:
        kind.__delitem__(x, key)
    for key, value in items.items():
        if dict.get(x, key, MISSING) is not value:
            kind.__setitem__(x, key, value)


def plain_kind(x: Any) -> Any:
    """The class whose own methods read and write a dictionary, and know its order."""
    return collections.OrderedDict if isinstance(x, collections.OrderedDict) else dict


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
