"""What every stepper shares: which way is up, and a step against it that keeps shapes and dtypes.

>>> import numpy as np
>>> downhill({"w": np.array([1.0, 2.0])}, {"w": np.array([0.0, 4.0])}, 0.25)
{'w': array([1., 1.])}
"""

import math
from typing import Any

import numpy as np

from wengert import tree
from wengert.errors import InputError, StructureError


def downhill(params: Any, ascent: Any, rate: Any) -> Any:
    """params - rate * ascent, entry by entry. None in ascent (an integer, a string) leaves its entry as it is."""
    return tree.map(lambda p, a: p if a is None else like(p, p - rate * a), params, ascent)


def ascents(params: Any, grads: Any) -> Any:
    """The directions of steepest ascent that gradients tell, each checked to fit its parameter."""
    return tree.map(ascent, params, grads)


def ascent(p: Any, g: Any) -> Any:
    """A gradient as a direction: the same, or its conjugate for a complex parameter (wg.grad says why)."""
    if g is None:
        return None
    if not moves(p):
        raise InputError(f"a gradient came for the parameter {p!r}, which cannot move. Make it a float: .astype(float).")
    if np.shape(g) != np.shape(p):
        raise StructureError(f"a gradient has shape {np.shape(g)}, its parameter has shape {np.shape(p)}.")
    return np.conj(g) if kind(g) == "c" else g


def at_rest(p: Any) -> Any:
    """Zero, in the shape and dtype of a parameter; None for one that cannot move."""
    return np.zeros_like(p)[()] if moves(p) else None


def moves(p: Any) -> bool:
    """Whether a parameter has a derivative: integers, booleans and strings have none."""
    return kind(p) in "fc"


def kind(x: Any) -> str:
    return str((x if hasattr(x, "dtype") else np.asarray(x)).dtype.kind)


def like(p: Any, new: Any) -> Any:
    """A new value in its parameter's dtype: a float32 parameter stays one, whatever its gradient was."""
    dtype = getattr(p, "dtype", None)
    return new if dtype is None or new.dtype == dtype else new.astype(dtype)


def checked_rate(rate: Any) -> Any:
    """A learning rate, as a Python number where it was a NumPy one, so that it cannot widen a float32 parameter.

    >>> checked_rate(-0.1)
    Traceback (most recent call last):
    ...
    ValueError: rate is -0.1, and a step needs a finite number, zero or more. To go uphill, negate the function.
    """
    if np.shape(rate) != ():
        raise ValueError(f"rate has shape {np.shape(rate)}, and a step needs one number for all entries.")
    if not 0 <= rate < math.inf:  # NaN fails too
        raise ValueError(f"rate is {rate}, and a step needs a finite number, zero or more. To go uphill, negate the function.")
    return rate.item() if isinstance(rate, np.generic | np.ndarray) else rate


def checked_fraction(name: str, value: float) -> None:
    """Refuse a decay or a momentum outside [0, 1): the past would never fade."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}, and must be at least 0 and less than 1.")
