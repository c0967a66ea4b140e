"""Calls with which rows are proved: what is called, and from where its operands are drawn.

    call(np.sum, real(2, 3), axis=1)            np.sum(x, axis=1) for an x of shape (2, 3) between -3 and 3
    call(np.linalg.inv, regular(3))             for an invertible 3x3 matrix
    call(np.linalg.eigh, symmetric(3), then=lambda r: r.eigenvalues)

Numbers drawn for one call keep a distance from one another and from the ends of their interval, so that no two tie and no step of
a difference leaves it. What happens at ties and ends is the matter of test_kinks.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from wengert import tree
from wengert.errors import function_name
from wengert.rules.declare import TWINS, row_of
from wengert.rules.row import Row
from wengert.rules.verbs import Composite, Elementwise

Array = Any


@dataclass(frozen=True)
class Draw:
    """An operand to be drawn: shape and interval, what makes it admissible, and the directions in which it stays so."""

    shape: tuple[int, ...]
    low: float = -3.0
    high: float = 3.0
    form: Callable[[Array], Array] = field(default=lambda a: a)
    direction: Callable[[Array], Array] = field(default=lambda t: t)
    active: bool = True  # whether it is differentiated
    imaginary: float = 0.4  # the largest imaginary part, where complex numbers are asked

    def __repr__(self) -> str:
        return f"[{','.join(map(str, self.shape))}]"

    @property
    def reach(self) -> float:
        """How far it may move."""
        return min(1.0, (self.high - self.low) / 6)


def real(*shape: int, low: float = -3.0, high: float = 3.0, **more: Any) -> Draw:
    return Draw(shape, low, high, **more)


def positive(*shape: int, high: float = 3.0) -> Draw:
    return Draw(shape, 0.2, high)


def turned(*shape: int) -> Draw:
    """Complex numbers only."""
    return Draw(shape, 0.3, 3.0, form=lambda a: a * np.exp(1j * np.arange(np.size(a)).reshape(np.shape(a))))


def fixed(*shape: int, low: float = -3.0, high: float = 3.0) -> Draw:
    """Drawn, but not differentiated."""
    return Draw(shape, low, high, active=False)


def adjoint(a: Array) -> Array:
    return np.conj(np.swapaxes(a, -1, -2))


def hermitian(t: Array) -> Array:
    return (t + adjoint(t)) / 2


def regular(*shape: int) -> Draw:
    """Invertible matrices: a stack of shape, or one of n x n."""
    shape = shape * 2 if len(shape) == 1 else shape
    return Draw(shape, -1.0, 1.0, form=lambda a: a + 3 * np.eye(*shape[-2:]))


def symmetric(*shape: int) -> Draw:
    """Symmetric (hermitian) matrices with well separated eigenvalues."""
    shape = shape * 2 if len(shape) == 1 else shape
    return Draw(shape, -1.0, 1.0, form=lambda a: hermitian(a) + np.diag(3.0 * np.arange(shape[-1])), direction=hermitian)


def spread(*shape: int) -> Draw:
    """Matrices with well separated singular values, and real and well separated eigenvalues if they are square."""
    steps = np.zeros(shape[-2:])
    np.fill_diagonal(steps, 2.0 + 3.0 * np.arange(min(shape[-2:])))
    return Draw(shape, -1.0, 1.0, form=lambda a: a + steps)


def definite(*shape: int) -> Draw:
    """Symmetric (hermitian) positive definite matrices."""
    shape = shape * 2 if len(shape) == 1 else shape
    return Draw(shape, -1.0, 1.0, form=lambda a: a @ adjoint(a) + np.eye(shape[-1]), direction=hermitian)


@dataclass(frozen=True)
class Sample:
    """One call, whose operands are drawn anew for each example."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    then: Callable[[Any], Any] | None = None  # what is looked at of its result
    via: Callable[..., Any] | None = None  # what is called instead of f, and calls it
    complex: bool = True  # False where complex numbers would be another function (an argued reason stands beside the call)
    without: tuple[str, ...] = ()  # laws that cannot hold, for a reason that stands beside the call
    rounding: int = 0  # units in the last place by which a composite may differ from NumPy, which sums in another order
    auto: bool = False  # an elementwise row, called with its domain

    def but(self, **special: Any) -> "Sample":
        """The sample with via=, or with complex=False, rounding=2 or without=("law",) and an argued reason beside it."""
        return replace(self, **special)

    def __repr__(self) -> str:
        shown = [short(a) for a in self.args] + [f"{k}={short(v)}" for k, v in self.kwargs.items()]
        return f"{named(self.f)}({','.join(shown)})".replace(" ", "")

    @property
    def row(self) -> Row:
        """Its row; a twin of another library's function is made of others."""
        return Composite(self.f, definition=self.f) if self.f in TWINS.values() else row_of(self.f)

    @cached_property
    def places(self) -> list[tuple[Any, Draw]]:
        """Where the operands stand: (index), (index, index in a list) or (keyword), and what is drawn there."""
        found: list[tuple[Any, Draw]] = []
        for i, a in [*enumerate(self.args), *self.kwargs.items()]:
            if isinstance(a, Draw):
                found.append((i, a))
            elif isinstance(a, list | tuple):
                found += [((i, j), b) for j, b in enumerate(a) if isinstance(b, Draw)]
        return found

    @cached_property
    def draws(self) -> list[Draw]:
        """The differentiated operands."""
        return [d for _, d in self.places if d.active]

    def settled(self, random: np.random.Generator) -> "Sample":
        """The sample with its constant operands drawn."""
        if len(self.draws) == len(self.places):
            return self
        return self.fill(dict(zip([p for p, d in self.places if not d.active], self.numbers(random, False, False), strict=True)))

    def point(self, random: np.random.Generator, complex: bool | list[bool] = False) -> list[Array]:
        """Values of the differentiated operands."""
        return self.numbers(random, True, complex)

    def numbers(self, random: np.random.Generator, active: bool, complex: bool | list[bool]) -> list[Array]:
        draws = [d for _, d in self.places if d.active == active]
        kinds = complex if isinstance(complex, list) else [complex] * len(draws)
        values = [d.low + u * (d.high - d.low) for d, u in zip(draws, apart(draws, random), strict=True)]
        parts = [d.imaginary * (2 * u - 1) for d, u in zip(draws, apart(draws, random), strict=True)]
        whole = [v + 1j * p if k else v for v, p, k in zip(values, parts, kinds, strict=True)]
        return [d.form(v) for d, v in zip(draws, whole, strict=True)]

    def directions(self, random: np.random.Generator, xs: list[Array]) -> list[Array]:
        """Tangents along which the operands stay admissible."""
        return [d.reach * d.direction(weights(random, x)) for d, x in zip(self.draws, xs, strict=True)]

    def fill(self, values: dict[Any, Any]) -> "Sample":
        """The sample with values in some places."""
        args, kwargs = self.arguments(values)
        return replace(self, args=tuple(args), kwargs=kwargs)

    def arguments(self, values: dict[Any, Any]) -> tuple[list[Any], dict[str, Any]]:
        args, kwargs = list(self.args), dict(self.kwargs)
        for place, value in values.items():
            if isinstance(place, tuple):
                i, j = place
                args[i] = type(args[i])(value if k == j else b for k, b in enumerate(args[i]))
            elif isinstance(place, str):
                kwargs[place] = value
            else:
                args[place] = value
        return args, kwargs

    def plugged(self, xs: Any) -> "Sample":
        """The sample with its operands."""
        return self.fill(dict(zip(self.active, xs, strict=True)))

    @cached_property
    def active(self) -> list[Any]:
        """The places of the differentiated operands."""
        return [p for p, d in self.places if d.active]

    def __call__(self, *xs: Any) -> Any:
        """The call with these operands."""
        args, kwargs = self.arguments(dict(zip(self.active, xs, strict=True)))
        y = (self.via or self.f)(*args, **kwargs)
        return y if self.then is None else self.then(y)


def call(f: Callable[..., Any], *args: Any, then: Any = None, **kwargs: Any) -> Sample:
    """A sample of f(*args, **kwargs); `but` says what is special about it."""
    return Sample(f, args, kwargs, then)


def since(version: str, calls: Callable[[], list[Sample]]) -> list[Sample]:
    """Calls of what NumPy has since a version."""
    return calls() if np.lib.NumpyVersion(np.__version__) >= version else []


def named(f: Any) -> str:
    """`sum`, `add.reduce`, `linalg.inv`, `_operator.mul`."""
    ufunc = getattr(f, "__self__", None)
    return f"{ufunc.__name__}.{f.__name__}" if isinstance(ufunc, np.ufunc) else function_name(f).removeprefix("numpy.")


def short(a: Any) -> str:
    if isinstance(a, list | tuple):
        return f"({','.join(map(short, a))})"
    if isinstance(a, np.ndarray):
        return f"{a.dtype.kind}{list(a.shape)}"
    return function_name(a) if callable(a) and not isinstance(a, Draw) else str(a)


def apart(draws: list[Draw], random: np.random.Generator) -> list[Array]:
    """Numbers between 0.03 and 0.97, no two of them near each other."""
    sizes = [int(np.prod(d.shape)) for d in draws]
    n = sum(sizes)
    u = 0.03 + 0.94 * (random.permutation(n) + random.uniform(0.25, 0.75, n)) / max(n, 1)
    ends = np.cumsum(sizes)
    return [u[end - size : end].reshape(d.shape) for d, size, end in zip(draws, sizes, ends, strict=True)]


def weights(random: np.random.Generator, like: Array) -> Array:
    """Random tangents or cotangents, none near zero, in the shape and dtype of an array."""

    def numbers() -> Array:
        return random.uniform(0.3, 1.0, np.shape(like)) * random.choice((-1.0, 1.0), np.shape(like))

    w = numbers() + 1j * numbers() if np.iscomplexobj(like) else numbers()
    return np.asarray(w).astype(np.result_type(like))[()]


def domains(row: Elementwise) -> list[tuple[float, float]]:
    """The interval of each operand of an elementwise row."""
    domain = row.domain or (-3.0, 3.0)
    return list(domain) if isinstance(domain[0], tuple) else [domain] * len(row.partials)


# --- results ----------------------------------------------------------------------------------------------------------


def inexact(y: Any) -> list[Array]:
    """The floating and complex parts of a result."""
    return [a for a in tree.flatten(y)[0] if is_inexact(a)]


def is_inexact(a: Any) -> bool:
    return isinstance(a, float | complex) or (hasattr(a, "dtype") and a.dtype.kind in "fc")
