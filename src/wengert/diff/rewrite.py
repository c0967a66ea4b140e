"""What substitution does not reach by itself: functions kept in containers, and code of installed packages.

ACTIVATIONS = {"ramp": wg.rewrite(ramp)}     in a container: rewritten when it is called
wg.rewrite(package)                          all of a package, from here on
"""

import functools
import types
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, overload

from wengert.errors import InputError, user_line
from wengert.trace.dispatch import IN_FORCE
from wengert.trace.substitute.rebuild import substituted
from wengert.trace.substitute.users import include

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=types.ModuleType)


@overload
def rewrite(f: M) -> M: ...
@overload
def rewrite(f: Callable[P, R]) -> Callable[P, R]: ...
def rewrite(f: Any) -> Any:
    """Let a function take tensors wherever it is called from: np.zeros, math.sin, float and their kin are ours in it (a decorator).

    Needed where `grad` and its kin cannot see that a function will be called: kept in a list or a dictionary, or part of an
    installed package. Of a class, all methods; of a module or package, its functions, when they are called through it.

    >>> import math, numpy as np, wengert as wg
    >>> TABLE = {"sine": wg.rewrite(lambda x: math.sin(x))}
    >>> wg.grad(lambda x: TABLE["sine"](x))(0.0)
    np.float64(1.0)
    """
    if isinstance(f, types.ModuleType):
        include(getattr(f, "__file__", None) or "")
        return f
    if isinstance(f, type):
        for name, member in list(vars(f).items()):
            if isinstance(member, types.FunctionType):
                setattr(f, name, rewrite(member))
        return f
    if not callable(f):
        raise InputError(f"rewrite takes a function, a class or a module, not {type(f).__name__}." + user_line())
    if isinstance(f, types.FunctionType):
        include(f.__code__.co_filename)

    @functools.wraps(f)
    def rewritten(*args: Any, **kwargs: Any) -> Any:
        return (substituted(f) if IN_FORCE.get() else f)(*args, **kwargs)

    return rewritten
