"""Operands that are no numbers and no arrays: who has an operator, or a ufunc, between a traced value and one of them.

x * a          left to a.__rmul__ where NumPy's arrays and numbers, or Python's, leave it
np.sin(a)      asked of a, where a says itself what ufuncs make of it
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import InputError, function_name, user_line
from wengert.rules.vocabulary import bottom

OPERATORS = frozenset([f for f in vars(operator).values() if callable(f)])


def defers(f: Callable[..., Any], args: tuple[Any, ...], a: Any) -> bool:
    """Whether an operator leaves the call to its operand a: as NumPy's arrays and numbers do, or Python's.

    Source: NEP 13, and `__array_priority__` in the reference of NumPy's subclasses.
    """
    x = bottom(args[0])
    if a is not args[-1] or isinstance(a, int | float | complex | np.generic | np.ndarray | type):
        return False
    if not isinstance(x, np.generic | np.ndarray):
        return reflects(f, args, a)
    if hasattr(type(a), "__array_ufunc__"):
        return type(a).__array_ufunc__ is None
    lowest = -1_000_000.0  # a number's own
    return bool(getattr(a, "__array_priority__", lowest) > (0.0 if isinstance(x, np.ndarray) else lowest))


def overrides(a: Any) -> bool:
    """Whether an operand says itself what ufuncs make of it, or that they make nothing."""
    return hasattr(type(a), "__array_ufunc__") and not isinstance(a, np.generic | np.ndarray)


def reflects(f: Callable[..., Any], args: tuple[Any, ...], a: Any) -> bool:
    """Whether a number leaves an operator to the operand a, which has it; of arrays, NumPy would make arrays of objects."""
    if len(args) != 2 or a is not args[1] or isinstance(bottom(args[0]), np.ndarray):
        return False
    sequence = hasattr(type(a), "__len__") and hasattr(type(a), "__getitem__") and isinstance(bottom(args[0]), np.generic)
    return hasattr(type(a), f"__r{f.__name__.strip('_')}__") and not sequence


def refuse_operand(f: Callable[..., Any], a: Any) -> None:
    raise InputError(
        f"a traced value met a {type(a).__name__} in {function_name(f)}: no number, no array of numbers, and not known to"
        " Wengert. Convert it to an array (a.toarray(), np.asarray(a))." + user_line()
    )
