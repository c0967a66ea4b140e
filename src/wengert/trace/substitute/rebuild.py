"""A function with its globals substituted: the same code, in another space of names.

    g = substituted(f)      f as it is, but np.zeros, math.sin, float and their kin are ours, in f and in what it calls

A rebuilt function (program.py) serves as long as the names that were looked at mean what they meant; that is checked at each call.
"""

import types
from typing import Any

from wengert import tree
from wengert.config import config
from wengert.errors import TraceError, function_name, user_line
from wengert.rules.vocabulary import Traced
from wengert.trace.substitute.keeping import holds_keeper
from wengert.trace.substitute.program import KEEPS, Program, rebuilds, worth
from wengert.trace.substitute.users import functions_of, has_shadows, under
from wengert.trace.tensor import Outside


def substituted(f: Any) -> Any:
    """f with its globals substituted, as far as it is code of the user; else f."""
    if not config.substitute:
        return f
    if type(f) is not types.FunctionType:
        return of_object(f)
    program = KNOWN.get(id(f.__code__))
    if program is None or not program.serves(f):
        if not rebuilds(f):
            return f
        program = Program()
        program.start(f)
        remember(program)
    return program.again(f)


def of_object(f: Any) -> Any:
    """A bound method or callable object of the user's by its shadow; a partial, or what has a stand-in."""
    kind: Any = type(f)
    if not has_shadows(kind) and not worth(f):
        return f
    program = Program()
    program.survey(*functions_of(f))
    return program.shadow(f) if has_shadows(kind) else program.either(f)


def keeping(f: Any, g: Any) -> bool:
    """Whether a run of g, which is f rebuilt, may leave something behind, in what others hold."""
    if type(g) is types.FunctionType and g is not f:
        return KEEPS in g.__globals__
    while type(f) is not types.FunctionType:
        inside = under(f)
        if inside is None:
            method = isinstance(f, types.MethodType)
            return holds_keeper(f.__self__ if method else f, frozenset((f.__name__ if method else "__call__",)))
        f = inside
    program = KNOWN.get(id(f.__code__))
    return program is None or program.keeps


def arrays_by_name(f: Any) -> list[Outside]:
    """The arrays that f, and what it calls, know by name, if some of that code writes into arrays."""
    if type(f) is not types.FunctionType or not config.substitute:
        return []
    program = KNOWN.get(id(f.__code__))
    if program is None or program.writes:
        substituted(f)  # which makes it anew, if its names mean other arrays now
        program = KNOWN.get(id(f.__code__))
    return program.outsides if program is not None else []


def adopted(f: Any, argument: Any) -> Any:
    """An argument of f that was rebuilt for the run; the dataclasses in it get rebuilt methods, as if f had made them."""
    found = [] if type(argument) in tree.PLAIN or isinstance(argument, Traced) else tree.dataclasses_of(argument)
    if found and config.substitute:
        substituted(f)
        program = (KNOWN.get(id(f.__code__)) if type(f) is types.FunctionType else None) or Program()
        for x in found:
            object.__setattr__(x, "__class__", program.adopted(type(x)))
    return argument


def check_held(f: Any, g: Any) -> None:
    """Refuse a run of g, which is f rebuilt, in which a substituted name was bound anew: the rest went on with what it had meant."""
    program = KNOWN.get(id(f.__code__)) if type(f) is types.FunctionType else None
    if program is not None and g is not f and not program.held(f, g):
        raise TraceError(
            f"a function or array that {function_name(f)} knows by name was bound anew while it ran, and the derivative would be of the"
            " old one. Pass it as an argument, choose among functions by if, and write into arrays (a[:] = ...)." + user_line()
        )


LIMIT = 256
KNOWN: dict[int, "Program"] = {}
"""By the code object, which the program keeps alive: lambdas made anew at each call share one."""


def remember(program: "Program") -> None:
    if len(KNOWN) >= LIMIT:
        KNOWN.pop(next(iter(KNOWN)), None)
    KNOWN[id(program.code)] = program
