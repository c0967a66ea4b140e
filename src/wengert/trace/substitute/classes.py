"""Methods with substituted globals, by way of their object: a shadow of it, of a class of its own.

    shadow(model, rebuilt)      shares model's attributes (the very dictionary); its methods are the rebuilt ones

A shadow is an instance of its object's class, equal to it and of the same hash; only `is` tells them apart. Classes whose code asks
(`is`, `type(self)`), or that a subclass could surprise (slots, metaclasses, `__init_subclass__`, bases from libraries), have none.
"""

import abc
import dis
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from wengert.trace.substitute.generators import real_of
from wengert.trace.tensor import Outside

HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement
HARMLESS = (object, abc.ABC, typing.Generic, typing.Protocol)
UNSHADOWED = ("__init_subclass__", "__del__", "__slots__", "__getattribute__", "__setattr__", "__class__", "__eq__", "__reduce__")

Rebuild = Callable[[types.FunctionType], types.FunctionType]


def shadowed(cls: type, is_users: Callable[[type], bool]) -> bool:
    """Whether objects of a class can have shadows."""
    if type(cls) not in (type, abc.ABCMeta):
        return False
    own = [c for c in cls.__mro__ if c not in HARMLESS]
    return all([c.__flags__ & HEAP and is_users(c) and not any([name in vars(c) for name in UNSHADOWED]) for c in own]) and not any(
        [asks_who(code) for c in own for m in vars(c).values() for code in codes_of(m)]
    )


def codes_of(member: Any) -> list[types.CodeType]:
    """The code objects of a member of a class."""
    if isinstance(member, property):
        return [f.__code__ for f in (member.fget, member.fset, member.fdel) if type(f) is types.FunctionType]
    f = member.func if isinstance(member, functools.cached_property) else getattr(member, "__func__", member)
    return [f.__code__] if type(f) is types.FunctionType else []


def asks_who(code: types.CodeType) -> bool:
    """Whether code may ask which object, or of which class, it has before it: `b is not self`, `type(self)`, `self.__class__`."""
    return any(
        [
            (i.argval in ASKING and i.opname in ("LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME", "IMPORT_FROM"))
            or i.argval in ("__class__", "__subclasses__")
            for i in dis.get_instructions(code)
        ]
        + [asks_who(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)]
    ) or compares_objects(code)


def compares_objects(code: types.CodeType) -> bool:
    """Whether code asks if two names are for one object: `a is b`, but not `a is None`."""
    before = None
    for i in dis.get_instructions(code):
        if i.opname == "IS_OP" and not (
            before is not None and before.opname == "LOAD_CONST" and before.argval in (None, True, False)
        ):
            return True
        before = i
    return any([compares_objects(inner) for inner in code.co_consts if isinstance(inner, types.CodeType)])


ASKING = frozenset(("type", "id", "copy", "deepcopy", "pickle"))


def shadow_class(cls: type, rebuild: Rebuild, known: dict[type, type]) -> type:
    """A subclass with cls's own methods rebuilt. Its further bases are the shadow classes of cls's: `super()` finds their methods."""
    if cls not in known:
        members = {name: new for name, member in vars(cls).items() if (new := rebuilt(member, rebuild)) is not member}
        bases = [base if base in HARMLESS else shadow_class(base, rebuild, known) for base in cls.__bases__ if base is not object]
        if "__eq__" not in vars(cls):
            equal, unequal = (cls.__eq__, cls.__hash__) if compares(cls) else (same_object, hash_of_object)
            members.update(__eq__=equal, __hash__=unequal)
        members.setdefault("__hash__", cls.__hash__)  # which a new __eq__ would unset
        named = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
        slots = () if any([base not in HARMLESS for base in bases]) else ("wengert_object",)
        known[cls] = type(cls)(cls.__name__, (cls, *bases), {**members, **named, "__slots__": slots})
    return known[cls]


def covering(cls: type, show: Callable[[Any], Any]) -> type:
    """A shadow class whose objects show their attributes so: arrays as arrays from outside, generators as what stands for them.

    What is stored is the real one.
    """

    def read(self: Any, name: str) -> Any:
        return show(object.__getattribute__(self, name))

    def write(self: Any, name: str, value: Any) -> None:
        object.__setattr__(self, name, value.primal if type(value) is Outside else real_of(value))

    named = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__hash__": cls.__hash__, "__slots__": ()}
    return type(cls)(cls.__name__, (cls,), {"__getattribute__": read, "__setattr__": write, **named})


def compares(cls: Any) -> bool:
    return cls.__eq__ is not object.__eq__


def same_object(self: Any, other: Any) -> bool:
    return object_of(other) is self.wengert_object


def hash_of_object(self: Any) -> int:
    return hash(self.wengert_object)


def object_of(x: Any) -> Any:
    """The object of a shadow; anything else is itself."""
    return x.wengert_object if hasattr(type(x), "wengert_object") else x


def shadow(obj: Any, cls: type) -> Any:
    """The shadow of obj, of its shadow class."""
    new: Any = object.__new__(cls)
    new.__dict__ = obj.__dict__
    new.wengert_object = obj
    return new


def rebuilt(member: Any, rebuild: Rebuild) -> Any:
    """A member of a class with its functions rebuilt."""
    kind = type(member)
    if kind is types.FunctionType:
        return rebuild(member)
    if kind in (staticmethod, classmethod, functools.cached_property):
        inside = member.func if kind is functools.cached_property else member.__func__
        new = rebuild(inside) if type(inside) is types.FunctionType else inside
        return member if new is inside else kind(new)
    if kind is property:
        old = (member.fget, member.fset, member.fdel)
        get, put, delete = (rebuild(f) if type(f) is types.FunctionType else f for f in old)
        return member if (get, put, delete) == old else property(get, put, delete, member.__doc__)
    return member
