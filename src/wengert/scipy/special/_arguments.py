"""What the twins make of their arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np

import wengert as wg
from wengert.errors import MissingRuleError, user_line

Array = Any


def floating(x: Any) -> Array:
    """x as SciPy's functions see it: an array of floats or complex numbers, of a list with traced values too."""
    if isinstance(x, list | tuple):
        x = np.stack([floating(v) for v in x]) if x else np.zeros(0)
    x = np.copy(x) if isinstance(x, wg.Tensor) and not isinstance(x, np.ndarray) else x  # a number, as an array of no dimension
    x = x if isinstance(x, wg.Tensor) else np.asarray(x)
    return x if x.dtype.kind in "fc" else x.astype(float)


def constant(name: str, parameter: str, value: Any) -> Array:
    """An argument along which there is no derivative."""
    if isinstance(value, wg.Tensor):
        raise MissingRuleError(
            f"scipy.special.{name} has no derivative with respect to {parameter}. Keep it constant: wg.stop_gradient(...)."
            + user_line()
        )
    return np.asarray(value)


def whole(name: str, parameter: str, value: Any) -> Array:
    """The same, of whole numbers."""
    return constant(name, parameter, value).astype(np.long)


def dtype_of(f: Callable[..., Any], *args: Array) -> np.dtype[Any]:
    """The dtype that SciPy's f gives of such arguments, asked with empty ones: its versions differ."""
    return f(*(np.zeros(0, a.dtype) for a in args)).dtype


def refuse(call: str, instead: str) -> None:
    """Refuse a call that has no derivative, or none yet."""
    raise MissingRuleError(f"scipy.special.{call} has no derivative. {instead}" + user_line())
