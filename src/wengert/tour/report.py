"""What a part of the tour hands out: rows of the table, texts to read, figures to draw.

>>> Row.of("sin(pi/6)", known="0.5", ours=np.sin(np.pi / 6), source="school")
Row(what='sin(pi/6)', known='0.5', ours='0.5', agrees=True, source='school', seconds=None)
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

T = TypeVar("T")

FLOAT32 = float(np.finfo(np.float32).eps)
"""How well numbers agree that somebody computed and printed in single precision."""


class Watch(Protocol):
    """Goes through something long and shows how far it is, as `rich.progress.track` does; `quietly` shows nothing."""

    def __call__(self, steps: Iterable[T], description: str) -> Iterable[T]: ...


def quietly(steps: Iterable[T], description: str) -> Iterable[T]:
    return steps


@dataclass(frozen=True)
class Text:
    """Something to read beside the table."""

    title: str
    body: str


@dataclass(frozen=True)
class Figure:
    """A picture: its file's name, what it shows, and what draws it on an empty figure of Matplotlib of a size in inches.

    For a file .gif the drawing returns an animation.
    """

    name: str
    shows: str
    draw: Callable[[Any], Any]
    size: tuple[float, float] = (7.0, 5.0)


@dataclass(frozen=True)
class Row:
    """One line of the table: what was computed, what it must be and who says so, what came out, and its time."""

    what: str
    known: str
    ours: str
    agrees: bool
    source: str
    seconds: float | None

    @classmethod
    def of(
        cls,
        what: str,
        known: Any,
        ours: Any,
        source: str,
        *,
        rtol: Any = 1e-14,
        atol: Any = 0.0,
        seconds: float | None = None,
    ) -> "Row":
        """A row that compares numbers: at most four are shown, of more the largest difference.

        Known ones may be text, which keeps the digits as they were printed. A tolerance may be an array: one a number.
        """
        expected, found = numbers(known), numbers(ours)
        if expected.shape != found.shape:
            raise ValueError(f"{what}: {expected.size} numbers are known, {found.size} came out.")
        agrees = bool(np.allclose(found, expected, rtol, atol))
        if expected.size > 4:
            worst = f"differ by {np.max(np.abs(found - expected)):.1e}"
            return cls(what, f"{expected.size} numbers", worst, agrees, source, seconds)
        printed = known if isinstance(known, tuple) else tuple(np.ravel(known))
        return cls(what, lines(printed), lines(alike(printed, found)), agrees, source, seconds)

    @classmethod
    def at_most(cls, what: str, bound: float, ours: float, source: str, *, seconds: float | None = None) -> "Row":
        """A row that asks a number to be small enough."""
        return cls(what, f"at most {bound:.4g}", f"{ours:.4g}", bool(ours <= bound), source, seconds)


def numbers(x: Any) -> np.ndarray:
    """All the numbers in a number, a text, an array or a tuple of them, in order."""
    parts = x if isinstance(x, tuple | list) else (x,)
    return np.concatenate([np.ravel(np.asarray(part, float)) for part in parts])


def lines(values: Iterable[Any]) -> str:
    return "\n".join(v if isinstance(v, str) else repr(float(v)) for v in values)


def alike(printed: tuple[Any, ...], found: np.ndarray) -> list[str]:
    """Our numbers as the known ones are printed: the same text if equal, else with two more digits, or all of them."""
    return [closer(v, float(y)) for v, y in zip(printed, found, strict=True)]


def closer(value: Any, y: float) -> str:
    if isinstance(value, str) and float(value) == y:
        return value
    return repr(y) if digits(value) >= 15 else f"{y:.{digits(value) + 2}g}"


def digits(value: Any) -> int:
    """How many digits a number was printed with."""
    text = value if isinstance(value, str) else repr(float(value))
    return sum(c.isdigit() for c in text.lower().split("e")[0].lstrip("-0."))


def timed(f: Callable[..., T], *args: Any, budget: float = 0.02) -> tuple[T, float]:
    """What f returns, and the median time of a call in seconds, over as many calls as the budget allows."""
    begin = time.perf_counter()
    result, durations = f(*args), [time.perf_counter() - begin]
    while time.perf_counter() - begin < budget:
        start = time.perf_counter()
        f(*args)
        durations.append(time.perf_counter() - start)
    return result, float(np.median(durations))
