"""Whether code may leave something behind in what others hold, as far as can be read: then what it kept is settled (diff/settle.py).

    holds_keeper(log, names)        log is a list's append, or an object whose methods of these names, or what they call, may

Where nothing is found though something is kept, the traced value stays traced there, and is loud when it is used.
"""

import functools
import itertools
import types
from typing import Any

import numpy as np

from wengert.trace.substitute.classes import HEAP
from wengert.trace.substitute.made import is_generated
from wengert.trace.substitute.reading import reading
from wengert.trace.substitute.users import functions_in, is_function, is_users

NEAR = 64  # of the things in a container
BEGINNING = frozenset(("__init__", "__post_init__", "__new__"))
"""Methods that set attributes of what is new."""


def holds_keeper(x: Any, names: frozenset[str], depth: int = 2) -> bool:
    """Whether a value is an object of which methods of these names may leave something behind, or holds one near: in a list, in an
    attribute.
    """
    kind: Any = type(x)
    if issubclass(kind, list | tuple | dict | set):  # asked of the class, since a proxy whose object is gone answers nothing
        inside = itertools.islice(x.values() if issubclass(kind, dict) else x, NEAR)
        return depth > 0 and any([holds_keeper(v, names, depth - 1) for v in inside])
    if kind is types.MethodType or kind is types.BuiltinMethodType:
        return not isinstance(x.__self__, types.ModuleType | type(None))  # log.append, in a list
    if issubclass(kind, np.ndarray):
        return bool(x.dtype == object)
    if not kind.__flags__ & HEAP or issubclass(kind, type | types.ModuleType):
        return False
    try:
        own = getattr(x, "__dict__", None)
        found = called_of(kind, names)
    except Exception:  # a lazy object, a class without a hash
        return True
    return found is None or (depth > 0 and type(own) is dict and holds_keeper(own, found, depth))


@functools.lru_cache(maxsize=4096)
def called_of(cls: Any, names: frozenset[str]) -> frozenset[str] | None:
    """The names used by the methods of these names, and by those that they call; None if one of them may leave something behind."""
    members: dict[str, list[types.FunctionType]] = {}
    for c in cls.__mro__:
        for name, m in vars(c).items():
            if is_function(m) and not is_generated(c, name):
                members.setdefault(name, []).extend([f for f in functions_in(m) if is_users(f.__code__)])
    operators = {name for name in members if name.startswith("__") and name not in BEGINNING}
    seen, pending = set[str](), operators | names
    while pending:
        name = pending.pop()
        seen.add(name)
        for f in members.get(name, ()):
            shown = reading(f.__code__)
            if name not in BEGINNING and (shown.keeps or shown.holders):
                return None
            pending |= (shown.attributes | shown.names) - seen
    return frozenset(seen)
