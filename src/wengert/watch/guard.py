"""Under `wg.debug()`, the first operation that makes NaN or infinity is an error, if that comes through.

    with wg.debug():
        wg.grad(loss)(params)       NotFiniteError: log made -inf, and the result is nan: log(0) at [3] (1 of 5) ...

`tape` and `dual` are what transformations trace with: plain ones, unless the setting is on.
"""

from contextlib import AbstractContextManager

from wengert.config import config
from wengert.errors import NotFiniteError
from wengert.trace.dual import Dual
from wengert.trace.tape import Tape
from wengert.watch.advice import advice
from wengert.watch.notes import Watcher
from wengert.watch.origins import Origin, text
from wengert.watch.traces import WatchedDual, WatchedTape


def debug() -> AbstractContextManager[None]:
    """Inside `with wg.debug():`, NaN and infinity are errors that name the operation which made them, its line, and a remedy.

    It looks at each operation of what is differentiated there, forwards, backwards and along tangents, at every order, and raises
    NotFiniteError if what was broken comes through to a result, a gradient or a tangent. Infinities that were given (a mask of
    -inf) are no error by themselves, nor is what was not selected. It costs time and memory inside, and nothing outside;
    it is the setting `wg.config.debug`, which may also be switched on for good.

    >>> import numpy as np, wengert as wg
    >>> def distance(x):
    ...     return np.sqrt(np.sum(x * x))
    >>> with wg.debug():
    ...     wg.grad(distance)(np.zeros(2))
    Traceback (most recent call last):
    ...
    wengert.errors.NotFiniteError: the derivative of sqrt made inf in the reverse sweep, and the gradient is nan: sqrt(0)
      [<doctest ...>:2: return np.sqrt(np.sum(x * x))]
      sqrt has slope inf at 0. Where the root of a sum of squares is meant, np.linalg.norm(x) ...
    """
    return config(debug=True)


def tape() -> Tape:
    """A tape for one call that is to be differentiated."""
    return WatchedTape(GUARD) if config.debug else Tape()


def dual() -> Dual:
    return WatchedDual(GUARD) if config.debug else Dual()


class Guard(Watcher):
    """Raises what it is told of, as long as the setting is on: what was begun under it may go on afterwards."""

    def reached(self, origin: Origin, where: str) -> None:
        if config.debug:
            raise NotFiniteError(message(origin, where), origin)


GUARD = Guard()


def message(origin: Origin, where: str) -> str:
    """What happened, where, at which values, and what to write instead."""
    root = origin.root
    lines = [f"{deed(root)}, and {where}: {scene(root)}"]
    if root.line is not None:
        lines.append(f"  {root.line}")
    if root is not origin:
        lines.append(f"  {deed(origin, then=True)}: {scene(origin)}" + (f" {origin.line}" if origin.line != root.line else ""))
    remedy = advice(origin)
    return "\n".join([*lines, *([f"  {remedy}"] if remedy else [])])


def deed(origin: Origin, *, then: bool = False) -> str:
    """Who did what."""
    if origin.how == "input":
        return f"an input holds {origin.what}"
    if origin.how == "seed":
        return f"the cotangent or tangent that was given holds {origin.what}"
    if origin.how == "outside":
        return f"an array that is not differentiated holds {origin.what}"
    if origin.sweep == "forward evaluation":
        return f"{'out of that ' if then else ''}{origin.function} made {origin.what}"
    return f"{'out of that ' if then else ''}the derivative of {origin.function} made {origin.what} in the {origin.sweep}"


def scene(origin: Origin) -> str:
    """The values there, the element, and how many."""
    if origin.how != "made":
        return f"{', '.join(origin.operands)}{position(origin)}"
    operands = [text(v) for v in origin.values] if all(v is not None for v in origin.values) else []
    return f"{origin.function}({', '.join(operands or origin.operands)}){position(origin)}"


def position(origin: Origin) -> str:
    if not origin.index:
        return ""
    return f" at [{', '.join(map(str, origin.index))}] ({origin.count} of {origin.size} element{'s' if origin.size > 1 else ''})"
