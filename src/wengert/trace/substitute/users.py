"""What is the user's: files, functions and classes, whose code may be rebuilt; and what calls which functions."""

import functools
import os
import types
from typing import Any

import numpy as np

from wengert.errors import is_library
from wengert.trace.substitute.classes import shadowed
from wengert.trace.substitute.made import Made, can_stand, methods

INCLUDED: set[str] = set()
"""Files and folders of installed packages that are treated as the user's (diff/rewrite.py)."""


def include(filename: str) -> None:
    """Treat a file as the user's; of a package's `__init__.py`, the whole folder."""
    folder, name = os.path.split(filename)
    INCLUDED.add(folder + os.sep if name == "__init__.py" else filename)
    is_file_of_users.cache_clear()
    may_have_shadows.cache_clear()
    can_be_made.cache_clear()


@functools.lru_cache(maxsize=4096)
def is_file_of_users(filename: str) -> bool:
    if any([filename.startswith(place) for place in INCLUDED]):
        return True
    return bool(filename) and not (is_library(filename) or "site-packages" in filename or "dist-packages" in filename)


def is_users(code: types.CodeType) -> bool:
    return is_file_of_users(code.co_filename)


def has_shadows(cls: Any) -> bool:
    """Whether objects of a class can have shadows, and have methods besides those of all objects."""
    return type(cls) is not Made and may_have_shadows(cls)


@functools.lru_cache(maxsize=4096)
def may_have_shadows(cls: Any) -> bool:
    return has_methods(cls) and shadowed(cls, users_class)


def has_methods(cls: Any) -> bool:
    """Whether a class of the user's has methods besides those of all objects."""
    names = [name for c in cls.__mro__ for name, m in vars(c).items() if is_function(m)]
    return users_class(cls) and not EVERY_OBJECTS.issuperset(names)


EVERY_OBJECTS = frozenset((*vars(object), "__post_init__", "__replace__", "__match_args__"))


def is_function(member: Any) -> bool:
    return isinstance(member, types.FunctionType | staticmethod | classmethod | property | functools.cached_property)


def functions_of_class(cls: Any) -> list[types.FunctionType]:
    """The functions of a class of the user's, and of its bases."""
    return [f for c in cls.__mro__ if is_made(c) or has_shadows(c) for m in methods(c).values() for f in functions_in(m)]


def functions_in(member: Any) -> list[types.FunctionType]:
    """The functions of which a member of a class is made."""
    inside = (member.fget, member.fset, member.fdel) if isinstance(member, property) else ()
    found = (getattr(member, "__func__", getattr(member, "func", member)), *inside)
    return [f for f in found if type(f) is types.FunctionType]


def users_class(cls: type) -> bool:
    functions = [getattr(m, "__func__", m) for m in vars(cls).values()]
    return any([type(f) is types.FunctionType and is_users(f.__code__) for f in functions])


def is_made(value: Any) -> bool:
    """Whether a value is a class of the user's whose objects can be made with rebuilt methods."""
    return isinstance(value, type) and type(value) is not Made and can_be_made(value)  # which a cache would not tell apart


@functools.lru_cache(maxsize=4096)
def can_be_made(cls: Any) -> bool:
    return can_stand(cls, is_users)


def functions_of(f: Any) -> list[Any]:
    """The Python functions that a call of f may run first: of a method its object's others, too, of a class all of its own."""
    if isinstance(f, functools.partial):
        return [g for part in (f.func, *f.args, *f.keywords.values()) if callable(part) for g in functions_of(part)]
    if isinstance(f, np.vectorize):
        return functions_of(f.pyfunc)
    if isinstance(f, types.MethodType):
        return [f.__func__, *functions_of_class(type(f.__self__))]
    if isinstance(f, type):
        return functions_of_class(f)
    if has_shadows(type(f)):
        return functions_of_class(type(f))
    inside = under(f)
    return [f] if inside is None else functions_of(inside)


def under(f: Any) -> Any:
    """The function from which a partial, or one of Wengert's, was made; None of any other."""
    if isinstance(f, functools.partial):
        return f.func
    return getattr(f, "f", None) if type(f).__module__.startswith("wengert.") else None
