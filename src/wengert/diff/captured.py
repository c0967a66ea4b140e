"""What a function reads besides its arguments, as far as its code names it: numbers and arrays, by where they are found.

    before = captured(f)         {"scale": ("2.0",), "model.weights": (((3,), dtype('float64'), b'...'),)}
    ...
    changes(f, before)           ["model.weights"]

It starts from f's closure, the globals that f names, f's defaults and `self`, and goes on to the attributes and methods
that f names, the items of lists, tuples and dicts, and the functions that f may call, but into no library. What f's own
code stores is left out (a counter of its calls), and so are integers and strings in containers (a log).
"""

import dis
import functools
import types
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from wengert.errors import is_library
from wengert.rules.vocabulary import Traced
from wengert.trace.substitute.program import names_of

SMALL = 4096  # bytes of an array that are kept themselves; of a larger one a checksum, at 2 GB/s
Names = frozenset[str]
Part = tuple[str, Any, Names]


def captured(f: Any) -> dict[str, tuple[Any, ...]]:
    """Numbers and fingerprints of arrays, by the expression that leads to them."""
    found: dict[str, tuple[Any, ...]] = {}  # several where several functions call different things by one name
    seen: dict[Any, Any] = {}
    pending: list[Part] = [("", f, frozenset(("__call__", "__wrapped__")))]
    while pending:
        path, a, names = pending.pop()
        if isinstance(a, Traced):
            if not a.constant:
                continue  # a closure over it is refused
            a = a.primal
        if isinstance(a, np.ndarray):
            found[path] = (*found.get(path, ()), fingerprint(a))
        elif isinstance(a, bool | int | float | complex | str | np.generic):
            found[path] = (*found.get(path, ()), repr(a))  # by which NaN is NaN, and -0.0 is not 0.0
        elif (id(a), names) not in seen:
            seen[id(a), names] = a
            pending += parts(path, a, names)
    return found


def changes(f: Any, before: dict[str, tuple[Any, ...]]) -> list[str]:
    """Where f would now find something else than before."""
    now = captured(f) if before else {}
    return [path for path, a in before.items() if now.get(path) != a]


def fingerprint(a: np.ndarray) -> Any:
    if a.dtype.hasobject:
        return None
    whole = np.ascontiguousarray(a).reshape(-1).view(np.uint8)
    return a.shape, a.dtype, whole.tobytes() if whole.size <= SMALL else zlib.crc32(whole.data)


def parts(path: str, a: Any, names: Names) -> Iterator[Part]:
    """What lies in a: (expression, value, the names that are used around it)."""
    if isinstance(a, types.FunctionType):
        yield from read_by(a, names)
    elif isinstance(a, types.MethodType):
        yield from (("self", a.__self__, names | {a.__name__}), (path, a.__func__, names))
    elif isinstance(a, functools.partial):
        code = getattr(a.func, "__code__", None)
        names = names if code is None else names | reads(code)
        yield from (("", a.func, names), ("arguments", a.args, names), ("arguments", a.keywords, names))
    elif isinstance(a, list | tuple | dict):
        items = a.items() if isinstance(a, dict) else enumerate(a)
        yield from ((f"{path}[{k!r}]", b, names) for k, b in items if not isinstance(b, int | str))
    elif not is_library(getattr(a, "__file__", None) or ""):
        yield from attributes(path, a, names)


def read_by(f: types.FunctionType, names: Names) -> Iterator[Part]:
    """The values of the names that a function reads and does not store."""
    if is_library(f.__code__.co_filename):
        yield from (("", f.__dict__[name], names) for name in ("__wrapped__",) if name in f.__dict__)
        return
    used, stored = vocabulary(f.__code__)
    inner = reads(f.__code__) | {"__call__"}
    cells = zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
    values = {name: cell.cell_contents for name, cell in cells if filled(cell)}
    values |= {f"{f.__name__}.__defaults__[{k}]": a for k, a in enumerate(f.__defaults__ or ())} | (f.__kwdefaults__ or {})
    own = names_of(f)
    values |= {name: own[name] for name in used & own.keys() if name not in values}
    yield from ((name, a, inner) for name, a in values.items() if name not in stored)


def attributes(path: str, a: Any, names: Names) -> Iterator[Part]:
    """The attributes of an instance, class or module that have these names, or that its methods of these names name."""
    held = getattr(a, "__dict__", {})
    declared = {name: b for cls in reversed(type(a).__mro__) for name, b in vars(cls).items()}
    pending, done = set(names), set()
    while pending:
        name = pending.pop()
        done.add(name)
        b = held[name] if name in held else declared.get(name)
        b = getattr(a, name, None) if isinstance(b, types.MemberDescriptorType) else getattr(b, "fget", getattr(b, "__func__", b))
        if isinstance(b, types.FunctionType) and name not in held:
            pending |= reads(b.__code__) - done
        if b is not None:
            yield f"{path}.{name}", b, names


@functools.lru_cache(maxsize=1024)
def vocabulary(code: types.CodeType) -> tuple[Names, Names]:
    """The names that code uses, and those that it stores; that of the functions inside it included."""
    inner = [vocabulary(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    stored = {i.argval for i in dis.get_instructions(code) if i.opname in ("STORE_DEREF", "STORE_GLOBAL", "STORE_ATTR")}
    used = frozenset((*code.co_names, *code.co_freevars)).union(*(u for u, _ in inner))
    return used, frozenset(stored).union(*(s for _, s in inner))


def reads(code: types.CodeType) -> Names:
    """The names that code reads and does not store."""
    used, stored = vocabulary(code)
    return used - stored


def filled(cell: Any) -> bool:
    """Whether a closure's variable has a value yet."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False
