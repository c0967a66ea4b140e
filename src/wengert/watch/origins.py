"""Where a value that is not finite came from: the call that made it of finite ones, and what stood there.

    made(np.log, [x], y, line, ...)     Origin(function="log", line=..., what="-inf", index=(2,), values=(0.0,), ...)

NaN and infinity are told apart: NaN out of infinities (inf - inf, 0 * inf) is made anew, infinity out of infinity is not.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from wengert.errors import function_name
from wengert.rules.row import Row
from wengert.rules.verbs import Elementwise
from wengert.rules.vocabulary import bottom
from wengert.watch.lines import Line

How = Literal["made", "input", "outside", "seed"]
Sweep = Literal["forward evaluation", "reverse sweep", "tangent"]
Sketch = tuple[Any, ...]
"""How a value was computed, in a few steps: (function's name, sketches of its operands); () of inputs and constants."""


@dataclass(frozen=True)
class Origin:
    """The call that first made a value NaN or infinite, or the other way in which it came."""

    how: How
    what: str  # "nan", "inf", "-inf"
    sweep: Sweep
    function: str = ""
    line: Line | None = None
    index: tuple[int, ...] = ()  # of the first such element
    count: int = 1  # of such elements
    size: int = 1  # of all elements
    values: tuple[Any, ...] = ()  # of the operands, at that element; of calls that mix elements none
    operands: tuple[str, ...] = ()  # the same operands, as a whole
    sketches: tuple[Sketch, ...] = ()  # of the operands
    because: "Origin | None" = None  # the earlier one, where this call was given an infinity
    through: list[str] = field(default_factory=list, compare=False)  # the functions that handed it on, in order

    @property
    def root(self) -> "Origin":
        """The earliest call to blame."""
        return self if self.because is None else self.because.root


def finite(a: Any) -> bool:
    """Whether every element is; what is no number is."""
    plain = bottom(a)
    if isinstance(plain, float):  # np.float64 too
        return math.isfinite(plain)
    if isinstance(plain, np.ndarray | np.generic | complex) and np.result_type(plain).kind in "fc":
        return bool(np.all(np.isfinite(plain)))
    return True


def operands_of(row: Row, args: Sequence[Any]) -> list[Any]:
    """The numbers and arrays that a call was given; of elementwise functions integers and truth values, too."""
    if isinstance(row, Elementwise):
        return [a for a in args if isinstance(bottom(a), bool | int | float | complex | np.ndarray | np.generic)]
    return [b for a in args for b in numbers(a)]


def numbers(a: Any) -> Iterator[Any]:
    """The numbers and arrays of numbers in an argument, lists included."""
    if isinstance(a, list | tuple):
        for b in a:
            yield from numbers(b)
    elif isinstance(plain := bottom(a), float | complex) or (
        isinstance(plain, np.ndarray | np.generic) and plain.dtype.kind in "fc"
    ):
        yield a


def kind_of(y: Any) -> str:
    """The worst of an array: nan, inf or -inf."""
    y = np.asarray(y)
    if np.any(np.isnan(y)):
        return "nan"
    return "-inf" if not np.iscomplexobj(y) and np.any(y == -np.inf) and not np.any(y == np.inf) else "inf"


def such(a: Any, what: str) -> Any:
    """Which elements could hand on a NaN, or an infinity."""
    return np.isnan(a) if what == "nan" else ~np.isfinite(a)


def broken(row: Row, operands: Sequence[Any], y: Any) -> Any:
    """The elements that a call broke itself (a mask in the shape of y); None if they were handed on by its operands.

    Of an elementwise function each element is asked, of another all together.
    """
    y = np.asarray(y)
    what = kind_of(y)
    mine = such(y, what)
    theirs = [such(np.asarray(a), what) for a in operands]
    if isinstance(row, Elementwise):
        try:
            broken = mine & ~np.logical_or.reduce(np.broadcast_arrays(mine & False, *theirs), axis=0)
        except ValueError:  # operands of other shapes: in lists
            broken = mine
        return broken if np.any(broken) else None
    return None if any(np.any(a) for a in theirs) else mine


def first(mask: Any) -> tuple[int, ...]:
    return tuple(map(int, np.unravel_index(int(np.argmax(mask)), np.shape(mask))))


def made(
    row: Row,
    operands: Sequence[Any],
    y: Any,
    mask: Any,
    sweep: Sweep,
    line: Line | None,
    sketches: tuple[Sketch, ...] = (),
    because: Origin | None = None,
) -> Origin:
    """The origin of what a call broke at a mask."""
    index = first(mask)
    plain = [bottom(a) for a in operands]
    return Origin(
        "made",
        kind_of(np.asarray(y)[mask]),
        sweep,
        short_name(row.f),
        line,
        index,
        int(np.count_nonzero(mask)),
        int(np.size(mask)),
        tuple(at(a, index, np.shape(mask)) for a in plain) if isinstance(row, Elementwise) else (),
        tuple(map(text, plain)),
        sketches,
        because,
    )


def at(a: Any, index: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The element of an operand that went into this element of the result."""
    try:
        return np.broadcast_to(a, shape)[index]
    except (ValueError, TypeError, IndexError):
        return None


def text(a: Any) -> str:
    """A value in a few words: a number itself, of an array its shape and range."""
    if not isinstance(a, np.ndarray):
        return f"{a:.6g}" if isinstance(a, float | complex | np.inexact) else str(a)
    named = f"{a.dtype}[{','.join(map(str, a.shape))}]"
    if not a.size or a.dtype.kind != "f":
        return named
    low, high = (f"{f(a):.6g}" for f in (np.nanmin, np.nanmax)) if not np.all(np.isnan(a)) else ("nan", "nan")
    return f"{named} from {low} to {high}"


def short_name(f: Any) -> str:
    """What a person would call a function, without its library."""
    name = function_name(f)
    return SPOKEN.get(name, name.removeprefix("numpy.").removeprefix("scipy."))


SPOKEN = {"getitem": "indexing", "cast": "astype"}
