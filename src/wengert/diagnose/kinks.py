"""Where functions have no derivative, or jump: one table, of the elements at which they are there, and what the rule then gives.

    at_kink(np.abs, np.abs(x), (x,), {})        x == 0, "the slope at 0 is 0"

The conventions are those of the rows (DESIGN: a useful subgradient, 0 at an extremum, ties shared). tests/diagnose/test_kinks.py
asks the functions themselves, by their one-sided slopes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from wengert.rules.vocabulary import astype

Mask = Callable[..., Any]
"""(y, args, kwargs) -> which elements are at a kink, as an array or a truth value."""


@dataclass(frozen=True)
class Kink:
    """Where a function has one, and what the rule gives there."""

    mask: Mask
    convention: str


def at_kink(f: Any, y: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, str] | None:
    """The elements at a kink, and the convention; None if there are none."""
    kink = KINKS.get(f)
    if kink is None:
        return None
    try:
        with np.errstate(all="ignore"):
            mask = np.asarray(kink.mask(y, args, kwargs))
    except Exception:  # of complex numbers, of lists: it is no finding, and no fault of the caller
        return None
    return (mask, kink.convention) if np.any(mask) else None


# --- masks --------------------------------------------------------------------------------------------------------------


def first_is(value: float) -> Mask:
    return lambda y, args, kwargs: np.equal(args[0], value)


def equal(y: Any, args: Any, kwargs: Any) -> Any:
    return np.equal(args[0], args[1]) & np.isfinite(args[0])


def whole(y: Any, args: Any, kwargs: Any) -> Any:
    return np.equal(args[0], np.floor(args[0])) & np.isfinite(args[0])


def half(y: Any, args: Any, kwargs: Any) -> Any:
    scale = 10.0 ** (kwargs.get("decimals", args[1] if len(args) > 1 else 0))
    return np.equal(np.asarray(args[0]) * scale - np.floor(np.asarray(args[0]) * scale), 0.5)


def exact(y: Any, args: Any, kwargs: Any) -> Any:
    return np.equal(np.mod(args[0], args[1]), 0)


def vanishing(y: Any, args: Any, kwargs: Any) -> Any:
    return np.equal(y, 0)


def along(args: Any, kwargs: Any) -> Any:
    return kwargs.get("axis", args[1] if len(args) > 1 else None)


def tied(extremum: Callable[..., Any]) -> Mask:
    """Results that several elements share."""

    def mask(y: Any, args: Any, kwargs: Any) -> Any:
        axis = along(args, kwargs)
        return np.sum(np.equal(args[0], extremum(args[0], axis=axis, keepdims=True)), axis=axis) > 1

    return mask


def middle(y: Any, args: Any, kwargs: Any) -> Any:
    """Medians that several elements share."""
    axis = along(args, kwargs)
    return np.sum(np.equal(args[0], np.median(args[0], axis=axis, keepdims=True)), axis=axis) > 1


def neighbours(y: Any, args: Any, kwargs: Any) -> Any:
    """Elements that have an equal one beside them, once sorted."""
    axis = kwargs.get("axis", -1)
    x = np.ravel(y) if axis is None else np.moveaxis(np.asarray(y), axis, -1)
    return np.diff(np.sort(x), axis=-1) == 0


def repeated(y: Any, args: Any, kwargs: Any) -> Any:
    return np.size(args[0]) > np.size(y[0] if isinstance(y, tuple) else y)


def bounded(y: Any, args: Any, kwargs: Any) -> Any:
    x, *bounds = args
    return np.any([np.equal(x, b) for b in bounds if b is not None], axis=0)


def power(y: Any, args: Any, kwargs: Any) -> Any:
    x, p = args[:2]
    return np.equal(x, 0) & (np.asarray(p) < 1)


def both_zero(y: Any, args: Any, kwargs: Any) -> Any:
    return np.equal(args[0], 0) & np.equal(args[1], 0)


def turned(y: Any, args: Any, kwargs: Any) -> Any:
    """(y, x) on the negative half of the x axis, or at the origin."""
    return np.equal(args[0], 0) & np.less_equal(args[1], 0)


def node(y: Any, args: Any, kwargs: Any) -> Any:
    return np.isin(args[0], args[1])


def integers(y: Any, args: Any, kwargs: Any) -> Any:
    """A conversion to integers, of whole numbers."""
    return whole(y, args, kwargs) if np.asarray(y).dtype.kind in "iu" else False


# --- the table ----------------------------------------------------------------------------------------------------------

COMPARED = Kink(equal, "equal values are compared; the derivative is that of the branch that was taken")
TIE = "elements that tie share the derivative equally"
JUMP = "it jumps here, and its derivative is 0"

KINKS: dict[Any, Kink] = {
    np.absolute: Kink(first_is(0), "the slope at 0 is 0"),
    np.fabs: Kink(first_is(0), "the slope at 0 is 0"),
    np.copysign: Kink(first_is(0), "the slope at 0 is 0"),
    np.sign: Kink(first_is(0), JUMP),
    np.heaviside: Kink(first_is(0), JUMP),
    np.maximum: Kink(equal, TIE),
    np.minimum: Kink(equal, TIE),
    np.fmax: Kink(equal, TIE),
    np.fmin: Kink(equal, TIE),
    np.max: Kink(tied(np.max), TIE),
    np.min: Kink(tied(np.min), TIE),
    np.argmax: Kink(tied(np.max), "several elements are the largest: the index is that of the first"),
    np.argmin: Kink(tied(np.min), "several elements are the smallest: the index is that of the first"),
    np.sort: Kink(neighbours, TIE),
    np.partition: Kink(neighbours, TIE),
    np.unique: Kink(repeated, TIE),
    np.median: Kink(middle, TIE),
    np.clip: Kink(bounded, "the slope at a bound is 1"),
    np.sqrt: Kink(first_is(0), "the slope at 0 is inf"),
    np.cbrt: Kink(first_is(0), "the slope at 0 is inf"),
    np.power: Kink(power, "the slope of x**p at 0 is inf for 0 < p < 1, and 0 for p = 0"),
    np.float_power: Kink(power, "the slope of x**p at 0 is inf for 0 < p < 1, and 0 for p = 0"),
    np.hypot: Kink(both_zero, "the slope at the origin is 0"),
    np.linalg.norm: Kink(vanishing, "the slope at 0 is 0"),
    np.std: Kink(vanishing, "the slope of the standard deviation of a constant is 0"),
    np.arctan2: Kink(turned, "it jumps by 2 pi across the negative axis, and its slope at the origin is 0"),
    np.floor: Kink(whole, JUMP),
    np.ceil: Kink(whole, JUMP),
    np.trunc: Kink(whole, JUMP),
    np.fix: Kink(whole, JUMP),
    np.rint: Kink(half, JUMP),
    np.round: Kink(half, JUMP),
    np.around: Kink(half, JUMP),
    astype: Kink(integers, JUMP),
    np.floor_divide: Kink(exact, JUMP),
    np.mod: Kink(exact, "it jumps here, and its slope is 1"),
    np.fmod: Kink(exact, "it jumps here, and its slope is 1"),
    np.interp: Kink(node, "a node, where the slope changes"),
    np.less: COMPARED,
    np.less_equal: COMPARED,
    np.greater: COMPARED,
    np.greater_equal: COMPARED,
}
