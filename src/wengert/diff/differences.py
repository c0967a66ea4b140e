"""Derivatives of black boxes by running them: central differences and the complex step.

    (f(x + h t) - f(x - h t)) / 2h         error h^2 and eps/h: h = eps^(1/3), ten good digits of sixteen
    Im f(x + i h t) / h                    no subtraction, so h may be 1e-20 and all digits are good; f must be analytic

Source: W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40
(1998); for the step, P. E. Gill, W. Murray and M. H. Wright, "Practical Optimization" (1981), 8.6.

Where the operands are traced by an outer trace, that one differentiates these
calls in turn: second derivatives are differences of differences.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from wengert.diff.transpose import several
from wengert.errors import RuleError, function_name, user_line
from wengert.rules.row import Position, Row
from wengert.rules.vocabulary import bottom
from wengert.trace.tape import inexact

TINY = 1e-20  # the complex step


@dataclass(frozen=True, eq=False)
class Approximate(Row):
    """A row without a formula. `apply` is f, and makes no ado; the pullback takes a derivative along each element."""

    apply: Any = None

    def push(self, y: Any, args: Any, kwargs: Any, tangents: Any) -> Any:
        ts = {p: t for p, (t, _) in tangents.items()}
        return self.along(y, args, kwargs, ts), None

    @abstractmethod
    def along(self, y: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], ts: dict[Position, Any]) -> Any:
        """The derivative of f along these tangents."""

    def pull(self, g: Any, live: Any, y: Any, args: Any, kwargs: Any, wanted: Any) -> Any:
        for p in wanted:
            x = operand(args, p)
            cs = [self.slope(g, y, args, kwargs, p, t) for t in units(x)]
            if np.result_type(bottom(x)).kind == "c":  # df/dx - i df/dy
                cs = [a - 1j * self.slope(g, y, args, kwargs, p, 1j * t) for a, t in zip(cs, units(x), strict=True)]
            yield p, gathered(cs, np.shape(x)), None

    def slope(self, g: Any, y: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], p: Position, t: Any) -> Any:
        """Re(sum(g * dy)) along t."""
        dy = self.along(y, args, kwargs, {p: t})
        pairs = zip(several(g, y), several(dy, y), several(y, y), strict=True)
        return sum(np.real(np.sum(a * b)) for a, b, c in pairs if inexact(c))

    def differences(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], ts: dict[Position, Any]) -> Any:
        h = step(args, ts)
        ahead = self.apply(*moved(args, ts, h), **kwargs)
        behind = self.apply(*moved(args, ts, -h), **kwargs)
        return by_result(lambda a, b: (a - b) / (2.0 * h), ahead, behind)


class FiniteDifference(Approximate):
    """Central differences."""

    def along(self, y: Any, args: Any, kwargs: Any, ts: Any) -> Any:
        return self.differences(args, kwargs, ts)


class ComplexStep(Approximate):
    """The complex step; central differences where operands are complex, as in a complex step's own derivative."""

    def along(self, y: Any, args: Any, kwargs: Any, ts: Any) -> Any:
        if any(np.iscomplexobj(bottom(a)) for a in (*several(y, y), *flat(args))):
            return self.differences(args, kwargs, ts)
        ahead = self.apply(*moved(args, ts, 1j * TINY), **kwargs)
        if any(inexact(a) and not np.iscomplexobj(bottom(a)) for a in several(ahead, ahead)):
            raise RuleError(
                f"{function_name(self.f)} gave a real result for a complex argument, so the complex step sees no"
                ' derivative. It takes an analytic function of complex arrays; else use on_missing="finite-difference".'
                + user_line()
            )
        return by_result(lambda a: np.imag(a) / TINY, ahead)


def operand(args: tuple[Any, ...], p: Position) -> Any:
    return args[p[0]][p[1]] if isinstance(p, tuple) else args[p]


def moved(args: tuple[Any, ...], ts: dict[Position, Any], h: complex) -> list[Any]:
    """args, with h times their tangents added."""
    out = [list(a) if isinstance(a, list | tuple) else a for a in args]
    for p, t in ts.items():
        if isinstance(p, tuple):
            out[p[0]][p[1]] = out[p[0]][p[1]] + h * t
        else:
            out[p] = out[p] + h * t
    return out


def step(args: tuple[Any, ...], ts: dict[Position, Any]) -> float:
    """The step of a central difference: the operands move by eps^(1/3) of their size (of 1, if that is more)."""
    xs, moves = [bottom(operand(args, p)) for p in ts], [bottom(t) for t in ts.values()]
    size, length = (max((float(np.max(np.abs(a), initial=0.0)) for a in arrays), default=0.0) for arrays in (xs, moves))
    eps = max((float(np.finfo(np.result_type(x)).eps) for x in xs), default=0.0)
    return float(eps ** (1 / 3) * max(1.0, size) / (length or 1.0))  # a zero tangent, too, may be traced


def units(x: Any) -> Iterator[Any]:
    """The directions of x: the unit vectors of its shape, 1 for a number."""
    plain = np.zeros(np.shape(x), np.result_type(bottom(x)))
    for k in range(plain.size):
        t = plain.copy()
        t.flat[k] = 1.0
        yield t[()]


def gathered(cs: list[Any], shape: tuple[int, ...]) -> Any:
    """The elements of a cotangent, together."""
    if shape == ():
        return cs[0]
    return np.reshape(np.stack(cs), shape) if cs else np.zeros(shape)


def by_result(f: Callable[..., Any], y: Any, *others: Any) -> Any:
    """f of a result, or of each of several; 0 for those that are no numbers."""
    if not isinstance(y, tuple | list):
        return f(y, *others)
    return tuple(f(*row) if inexact(row[0]) else 0.0 for row in zip(y, *others, strict=True))


def flat(args: tuple[Any, ...]) -> Iterator[Any]:
    for a in args:
        yield from a if isinstance(a, list | tuple) else (a,)
