"""Less memory for more time: a call that keeps its inputs, and runs again when its derivative is asked for.

    y = wg.checkpoint(layer)(params, x)         one call of the list; the sweep runs layer again, with a list of its own

A chain of n layers, each checkpointed, keeps n inputs and the insides of one layer. (A. Griewank and A. Walther,
"Evaluating Derivatives", SIAM (2008), chapter 12.)
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, ParamSpec, TypeVar

import numpy as np

from wengert import tree
from wengert.diff.calling import call
from wengert.diff.captured import captured, changes
from wengert.diff.enclosed import Packed, Wrapped, alone, enclose, own, pack, read_only, sheltered, traced
from wengert.diff.transpose import several, zero
from wengert.errors import OutputError, function_name, user_line
from wengert.rules.row import Row
from wengert.rules.vocabulary import bottom
from wengert.trace.dispatch import highest
from wengert.trace.dual import Dual, tangent_and_mask
from wengert.trace.nodes import bare
from wengert.trace.tape import Tape, inexact, ref
from wengert.trace.tensor import Tensor

P = ParamSpec("P")
R = TypeVar("R")


def checkpoint(f: Callable[P, R]) -> Callable[P, R]:
    """f, whose intermediate results are not kept for the derivative: its inputs are, and f runs again in the sweep.

    Arguments and results may be containers; results are copies of what f returned. f must be a function of its
    arguments alone. Where it gives something else the second time, or the arrays and numbers of its closure, its globals
    or `self` are others than before, OutputError says so (diff/captured.py; it costs 0.1 ms, and 0.5 ms for each MB);
    where it used a traced value that is no argument, ClosureError; where it wrote into an argument, WriteError.

    >>> import numpy as np
    >>> from wengert import grad
    >>> def layer(w, x):
    ...     return np.tanh(w @ x)
    >>> def deep(w, x):
    ...     for _ in range(3):
    ...         x = checkpoint(layer)(w, x)                # the list keeps w and x three times, and no product
    ...     return np.sum(x)
    >>> w, x = np.eye(2) / 2, np.ones(2)
    >>> bool(np.allclose(grad(deep)(w, x), grad(lambda w, x: np.sum(layer(w, layer(w, layer(w, x)))))(w, x)))
    True
    """
    return Checkpoint(f)


class Checkpoint(Wrapped[P, R]):
    """What `checkpoint` returns."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        numbers, packed = pack((args, kwargs))
        if not traced(numbers):
            return self.f(*args, **kwargs)
        once = Once(self.f, packed)
        y = self.apply(once, *numbers)
        return tree.unflatten(once.result, several(y, y))

    def apply(self, once: "Once", *numbers: Any) -> Any:
        """The leaves of the result, at this level: one call of the highest trace; f itself beneath all traces."""
        if traced(numbers):
            return enclose(Rerun(self, once=once), functools.partial(self.apply, once), numbers)
        return alone(tuple(map(own, sheltered(self.f, once, numbers, given=read_only))))

    def rebuilt(self) -> Any:
        return Checkpoint, (self.f,)


class Once:
    """One call of f, as a function of its numbers that returns the leaves of its result."""

    def __init__(self, f: Callable[..., Any], packed: Packed) -> None:
        self.f = f
        self.packed = packed
        self.result: Any = None
        self.reads = functools.partial(f, *packed.leaves)
        self.outside = captured(self.reads)

    def __call__(self, *numbers: Any) -> tuple[Any, ...]:
        args, kwargs = self.packed.fill(numbers)
        leaves, result = tree.flatten(call(self.f, args, kwargs, highest(numbers) or False))
        if self.result is None:
            self.result = result
        return tuple(leaves) if result == self.result else self.changed()

    def again(self, numbers: Sequence[Any], ys: Sequence[Any]) -> tuple[Any, ...]:
        """The leaves, which must be what they were; so must be what f reads, since at zero a changed factor would not show."""
        if found := changes(self.reads, self.outside):
            raise OutputError(
                f"{function_name(self.f)}, a checkpoint, is to be run again for its derivative, and it reads what has"
                f" changed since: {', '.join(found)}. Make that an argument." + user_line()
            )
        leaves = self(*numbers)
        return leaves if all(map(same, leaves, ys)) else self.changed()

    def changed(self) -> NoReturn:
        raise OutputError(
            f"{function_name(self.f)}, a checkpoint, was run again for its derivative and returned something else"
            " than before: it reads what has changed since (a buffer that was overwritten, a random generator, a"
            " counter). Make that an argument, drawn or copied beforehand." + user_line()
        )


def same(a: Any, b: Any) -> bool:
    """Whether two leaves are equal up to the order of additions; what is no number is not compared."""
    a, b = bottom(a), bottom(b)
    if not inexact(a) or not inexact(b):
        return inexact(a) == inexact(b)
    if np.shape(a) != np.shape(b):
        return False
    slack = float(np.finfo(np.result_type(b)).eps) ** 0.5
    size = float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b)))
    return bool(np.allclose(a, b, rtol=slack, atol=slack * size, equal_nan=True))


@dataclass(frozen=True, eq=False)
class Rerun(Row):
    """The row of one checkpointed call: f again, in a trace of its own."""

    once: Any = None

    def push(self, y: Any, args: Any, kwargs: Any, tangents: Any) -> Any:
        dual, numbers = Dual(), list(args)
        try:
            for i, (t, live) in tangents.items():
                numbers[i] = dual.input(own(args[i]), t, live)
            leaves = self.once.again(numbers, several(y, y))
            pairs = [tangent_and_mask(a) if traced_by(dual, a) else (None, None) for a in leaves]
        finally:
            dual.finish()
        if isinstance(y, tuple):
            return tuple(t for t, _ in pairs), tuple(live for _, live in pairs)
        t, live = pairs[0]
        return (zero(y), None) if t is None else (t, live)

    def pull(self, g: Any, live: Any, y: Any, args: Any, kwargs: Any, wanted: Any) -> Any:
        tape, numbers = Tape(), list(args)
        try:
            for i in wanted:
                numbers[i] = tape.lift(own(args[i]))
            leaves = self.once.again(numbers, several(y, y))
        finally:
            record = tape.finish()
        lives = live if isinstance(live, tuple) else (live,) * len(leaves)
        triples = zip(leaves, several(g, y), lives, strict=True)
        sweep = record.pull([(ref(a), c, m) for a, c, m in triples if traced_by(tape, a)])
        found = [(i, *bare(sweep.cotangents[numbers[i].place])) for i in wanted if numbers[i].place < len(sweep.cotangents)]
        yield from ((i, c, m) for i, c, m in found if c is not None)


def traced_by(trace: Any, a: Any) -> bool:
    return isinstance(a, Tensor) and a._trace is trace and not a.constant
