"""Classes whose objects are made while a function is traced: each by a subclass of it, with rebuilt methods.

    Grid = made_class(Grid, [])     in the place of Grid, where the traced function says Grid(10)

An object that is made there is of the subclass from the beginning, so it has no double, and `is` is as it was. The subclass answers for
the class in all else: isinstance, ==, what is set on it. Classes that a subclass could surprise have none, and their objects are plain:
a method that needs more than NumPy's functions is then an error. Of objects that were made outside, see classes.py.
"""

import abc
import dataclasses
import functools
import types
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from wengert import tree
from wengert.trace.substitute.classes import HARMLESS, HEAP, codes_of, rebuilt

Rebuild = Callable[[types.FunctionType], types.FunctionType]
REAL = tree.STANDS_FOR
SURPRISED = ("__init_subclass__", "__del__", "__getattribute__", "__class__", "__reduce__", "__reduce_ex__")
COMPARISONS = frozenset(("__eq__", "__lt__", "__le__", "__gt__", "__ge__"))
GENERATED = COMPARISONS | {"__setattr__", "__delattr__", "__hash__", "__repr__"}  # by @dataclass, beside __init__


ASKED: ContextVar[frozenset[int]] = ContextVar("classes that are asking what they stand for", default=frozenset())


class Made(abc.ABCMeta):
    """The class of classes that stand for others; what is derived from them in the program is an ordinary class."""

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, real_class(cls)) if stands(cls) else super().__instancecheck__(x)

    def __subclasscheck__(cls, other: type) -> bool:
        if not stands(cls):
            return super().__subclasscheck__(other)
        asked = ASKED.get()
        if id(cls) in asked:
            return False  # an abstract class asks its subclasses, of which this is one: it has no more to say
        token = ASKED.set(asked | {id(cls)})
        try:
            return issubclass(other, real_class(cls))
        finally:
            ASKED.reset(token)

    def __setattr__(cls, name: str, value: Any) -> None:
        setattr(real_class(cls), name, value) if stands(cls) else super().__setattr__(name, value)

    def __delattr__(cls, name: str) -> None:
        delattr(real_class(cls), name) if stands(cls) else super().__delattr__(name)

    def __getitem__(cls, key: Any) -> Any:
        return real_class(cls)[key]  # Box[float]: cached by classes that are equal

    def __eq__(cls, other: Any) -> bool:
        return real_class(cls) is real_class(other)

    def __hash__(cls) -> int:
        return hash(real_class(cls)) if stands(cls) else super().__hash__()


def stands(cls: Any) -> bool:
    return REAL in vars(cls)


def real_class(cls: Any) -> Any:
    """The class that cls stands for; any other is itself."""
    return vars(cls)[REAL] if type(cls) is Made and stands(cls) else cls


def made_class(cls: Any, bases: list[type]) -> Any:
    """A class that stands for cls, without methods of its own yet (see `fill`), above those that stand for its bases."""
    named = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    new = Made(cls.__name__, (cls, *bases), {"__slots__": (), **named})
    type.__setattr__(new, REAL, cls)
    return new


def fill(new: Any, cls: Any, rebuild: Rebuild) -> None:
    """Give it the methods of the class that it stands for, rebuilt: after it is known, since they may refer to it."""
    for name, member in methods(cls).items():
        again = rebuilt(member, rebuild)
        if again is not member:
            type.__setattr__(new, name, again)
            if isinstance(again, functools.cached_property):
                again.__set_name__(new, name)
    if is_generated(cls, "__eq__"):
        type.__setattr__(new, "__eq__", equal_fields(cls))
    type.__setattr__(new, "__hash__", cls.__hash__)  # which a new __eq__ would unset


def methods(cls: Any) -> dict[str, Any]:
    """What of a class is rebuilt."""
    return {name: member for name, member in vars(cls).items() if not is_generated(cls, name)}


def is_generated(cls: Any, name: str) -> bool:
    """Whether @dataclass wrote a method of this class."""
    if name not in GENERATED or "__dataclass_fields__" not in vars(cls):
        return False
    return any([code.co_filename == "<string>" for code in codes_of(vars(cls).get(name))])


def equal_fields(cls: Any) -> Any:
    """The == of a dataclass, which asks for objects of the very same class: here, of it or of what stands for it."""
    names = [field.name for field in dataclasses.fields(cls) if field.compare]

    def __eq__(self: Any, other: Any) -> Any:
        if real_class(type(other)) is not cls:
            return NotImplemented
        return tuple(getattr(self, name) for name in names) == tuple(getattr(other, name) for name in names)

    return __eq__


def can_stand(cls: Any, is_users: Callable[[types.CodeType], bool]) -> bool:
    """Whether a class can have one that stands for it, and methods for whose sake it should."""
    if type(cls) not in (type, abc.ABCMeta):
        return False
    own = [c for c in cls.__mro__ if c not in HARMLESS]
    if not all([c.__flags__ & HEAP and not any([name in vars(c) for name in SURPRISED]) for c in own]):
        return False
    codes = [[code for member in methods(c).values() for code in codes_of(member)] for c in own]
    if any(["__subclasses__" in code.co_names for found in codes for code in found]):
        return False
    return any(codes) and all([not found or any(map(is_users, found)) for found in codes])
