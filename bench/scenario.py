"""A scenario: a program, its arguments and its known answer, written once for every framework.

The smallest one, which is also what each framework warms up with, is `SQUARE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, Literal, NamedTuple

import numpy as np

Task = Literal["value and gradient", "hessian", "hvp"]
Namespace = ModuleType | SimpleNamespace
Function = Callable[..., Any]


class NotAvailable(Exception):
    """The framework cannot run this scenario; the message is the reason that the report gives."""


class Answer(NamedTuple):
    """A value and a derivative (one array for each differentiated argument); None is a part that was not computed."""

    value: Any
    derivative: tuple[Any, ...] | None


@dataclass(frozen=True)
class Scenario:
    """One row of the table.

    `program` receives a namespace with NumPy's names and returns the function to differentiate. `arguments` and
    `answer` are functions, so that a large scenario costs nothing until it runs. For "hvp" the last argument is the
    direction. `by_hand` takes the arguments and returns what the task asks for. `variants` holds the program in a
    framework's own words (it receives the framework's module); `left_out` says why a framework does not run it.
    """

    name: str
    says: str
    program: Callable[[Namespace], Function]
    arguments: Callable[[], tuple[Any, ...]]
    answer: Callable[[], Answer]
    task: Task = "value and gradient"
    argnums: int | tuple[int, ...] = 0
    by_hand: Function | None = None
    variants: Mapping[str, Callable[[ModuleType], Function]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    rtol: float = 1e-9

    @property
    def positions(self) -> tuple[int, ...]:
        """The differentiated arguments, always as a tuple."""
        return self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)

    def function(self, framework: str, namespace: Namespace, module: ModuleType) -> Function:
        """The function to differentiate, in the words of a framework."""
        if framework in self.variants:
            return self.variants[framework](module)
        return self.program(namespace)

    def read(self, result: Any) -> Answer:
        """The answer in a result of the usual form: (value, gradient or gradients), or the second derivative alone."""
        if self.task != "value and gradient":
            return Answer(None, (result,))
        value, gradients = result
        return Answer(value, tuple(gradients) if isinstance(self.argnums, tuple) else (gradients,))


SQUARE = Scenario(
    name="square",
    says="x*x at 3",
    program=lambda np: lambda x: x * x,
    arguments=lambda: (3.0,),
    answer=lambda: Answer(9.0, (6.0,)),
    by_hand=lambda x: (x * x, 2 * x),
)


def disagreement(found: Answer, known: Answer, rtol: float) -> str | None:
    """What is wrong with an answer, or None. The tolerance is relative to the largest element of the known array."""
    parts = [] if found.value is None else [("value", found.value, known.value)]
    if found.derivative is not None:
        assert known.derivative is not None
        if len(found.derivative) != len(known.derivative):
            return f"{len(found.derivative)} derivatives instead of {len(known.derivative)}"
        pairs = zip(found.derivative, known.derivative, strict=True)
        parts += [(f"derivative {i}", mine, right) for i, (mine, right) in enumerate(pairs)]
    if not parts:
        return "no answer at all"
    return next((f"{name}: {fault}" for name, mine, right in parts if (fault := array_fault(mine, right, rtol))), None)


def array_fault(mine: Any, right: Any, rtol: float) -> str | None:
    """How an array differs from the known one, or None; NaN is never right."""
    mine, right = np.asarray(mine), np.asarray(right)
    if mine.shape != right.shape:
        return f"shape {mine.shape} instead of {right.shape}"
    error, size = np.max(np.abs(mine - right), initial=0.0), np.max(np.abs(right), initial=0.0)
    return None if error <= rtol * size else f"off by {error:.2g} where the largest element is {size:.3g}"
