"""Reverse mode: one sweep over the list gives the derivative of one number by everything it came from.

    y, pull = vjp(f, x)          pull(g) = g^T J
    grad(f)(x)                   the gradient of a scalar
    value_and_grad(f)(x)         both, for the price of one

Source: R. E. Wengert, "A simple automatic derivative evaluation program", CACM 7 (1964); for the reverse sweep, A. Griewank and
A. Walther, "Evaluating Derivatives", SIAM (2008), chapter 3.
"""

from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from wengert import tree
from wengert.diff.arguments import Inputs, enter, fresh, matched, plain
from wengert.diff.calling import Transform, apart, call
from wengert.diff.detached import Question, along, loose
from wengert.diff.results import auxiliary, holomorphic, results
from wengert.diff.settle import settle
from wengert.errors import OutputError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.nodes import Record
from wengert.trace.tape import Tape, ref
from wengert.trace.tensor import Number, Tensor
from wengert.tracebacks import entrance
from wengert.watch.guard import tape as begin_tape

P = ParamSpec("P")
R = TypeVar("R")
ONE = np.float64(1.0)


class ValueAndGrad(Transform[P, R]):
    """What `value_and_grad` returns."""

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        value, aux, gradients = self.run(args, kwargs)
        return ((value, aux) if self.has_aux else value), gradients

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any, Any]:
        tape, aux = begin_tape(), None
        try:
            new, named, inputs = enter(tape.lift, self.f, args, kwargs, self.positions)
            y = call(self.f, new, named, tape)
            if self.has_aux:
                y, aux = apart(y, self.f)
                aux = auxiliary(aux, tape, self.f)
            if self.holomorphic:
                holomorphic(
                    self.f, inputs.values, [y.primal] if isinstance(y, Tensor) and y._trace is tape and not y.constant else []
                )
            if type(y) is Number and y._trace is tape:
                value, seeds = y.primal, [(y.place, ONE, None)]
            else:
                seed = self.seed(y)
                seeds = [(ref(y), seed, None)] if isinstance(y, Tensor) and y._trace is tape and not y.constant else []
                value = plain(y, tape)
        finally:
            record = tape.finish()
            settle(tape, self.f, args, kwargs)
        gs = pulled(record, seeds, inputs)
        lost = any([g is None for g in gs])
        if tape.known is not None and (lost or tape.known.searches() or tape.known.remembers):
            refs = [r for r, _, _ in seeds] or [None]
            question = Question(self.f, args, kwargs, self.positions, inputs, self.has_aux)
            question.ask(loose(record, refs, inputs) if lost else (), tape, [value], along(record, refs, [value], inputs))
        gradients = inputs.rebuild(fresh(gs, inputs.values))
        return value, aux, gradients[0] if isinstance(self.argnums, int) else tuple(gradients)

    def seed(self, y: Any) -> Any:
        """1, if y is a number that can be differentiated."""
        value = y.primal if isinstance(y, Tensor) else y
        if type(value) is float or type(value) is np.float64:
            return ONE
        kind = getattr(getattr(value, "dtype", None), "kind", type(value).__name__[0])
        if not isinstance(value, float | int | complex | np.generic | np.ndarray | Tensor) or kind in "OSUVmM":
            raise OutputError(
                f"{function_name(self.f)} returned {aan(type(value).__name__)}, and grad differentiates one number."
                " Return one (has_aux=True hands out the rest), or use wg.jacobian or wg.vjp." + user_line()
            )
        shape = np.shape(bottom(value))
        if shape != ():
            raise OutputError(
                f"{function_name(self.f)} returned an array of shape {shape}, and grad differentiates one number."
                " Reduce it (np.sum, np.mean), or use wg.jacobian or wg.vjp." + user_line()
            )
        if kind == "c" and not self.holomorphic:
            raise OutputError(
                f"{function_name(self.f)} returned a complex number. Return a real one (its abs or real part), or say"
                " holomorphic=True if the function is." + user_line()
            )
        return np.ones((), value.dtype if hasattr(value, "dtype") else type(value))[()] if kind in "fc" else 1.0


class Grad(ValueAndGrad[P, R]):
    """What `grad` returns."""

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        _, aux, gradients = self.run(args, kwargs)
        return (gradients, aux) if self.has_aux else gradients


def grad(
    f: Callable[P, Any], argnums: int | tuple[int, ...] = 0, *, has_aux: bool = False, holomorphic: bool = False
) -> Callable[P, Any]:
    """The gradient of a function that returns one number.

    `grad(f)(x)` has x's shape and dtype; where x is a container, it has x's structure, and None in the place of integers, booleans
    and strings. It is fresh and writable. With a tuple of argnums, a tuple of gradients; a negative one counts from the last argument
    given. With `has_aux`, f returns (y, aux) and the gradient comes as (gradient, aux). For complex x and real f it is
    df/dx - i df/dy, the conjugate of the direction of steepest ascent; `holomorphic=True` is for holomorphic functions, of complex
    arguments, whose result is complex, and gives their complex derivative.

    Raises InputError, OutputError, and what `wengert.errors` tells.

    >>> import numpy as np
    >>> grad(lambda x: np.sum(np.sin(x) ** 2))(np.array([0.0, 0.5, 1.0]))
    array([0.        , 0.84147098, 0.90929743])
    >>> grad(lambda p: p["a"] * p["b"] ** 2)({"a": 3.0, "b": 2.0})
    {'a': np.float64(4.0), 'b': np.float64(12.0)}
    """
    return Grad(f, argnums, has_aux, holomorphic)


def value_and_grad(
    f: Callable[P, R], argnums: int | tuple[int, ...] = 0, *, has_aux: bool = False, holomorphic: bool = False
) -> Callable[P, tuple[R, Any]]:
    """The value and the gradient: `(f(x), grad(f)(x))` for one evaluation. With `has_aux`, ((value, aux), gradient).

    >>> value_and_grad(lambda x, y: x * y + x, argnums=(0, 1))(2.0, 3.0)
    (8.0, (np.float64(4.0), np.float64(2.0)))
    """
    return ValueAndGrad(f, argnums, has_aux, holomorphic)


@entrance
def vjp(f: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """f's value at the primals, and its pullback: cotangent of the result -> tuple of cotangents, one a primal.

    f may return any container of numbers and arrays; the cotangent has its structure, and None in it is zero. The pullback may be
    called many times, and from several threads. With `has_aux`, f returns (y, aux), and vjp (y, pullback, aux).

    Raises StructureError where a cotangent does not fit.

    >>> import numpy as np
    >>> y, pull = vjp(lambda x: x ** 2, np.array([1.0, 2.0]))
    >>> pull(np.array([1.0, 10.0]))
    (array([ 2., 40.]),)
    """
    tape = begin_tape()
    try:
        args, _, inputs = enter(tape.lift, f, primals, {}, tuple(range(len(primals))))
        y, aux = apart(call(f, args, {}, tape), f) if has_aux else (call(f, args, {}, tape), None)
        outputs = Outputs(y, tape, f)
        y, aux = plain(y, tape), auxiliary(aux, tape, f)
    finally:
        record = tape.finish()
        settle(tape, f, primals, {})
    if tape.known is not None:
        question = Question(f, primals, {}, tuple(range(len(primals))), inputs, has_aux)
        slope = along(record, outputs.refs, outputs.values, inputs)
        question.ask(loose(record, outputs.refs, inputs), tape, outputs.values, slope)

    @entrance
    def pullback(cotangent: Any) -> tuple[Any, ...]:
        return tuple(inputs.rebuild(fresh(pulled(record, outputs.seeds(cotangent), inputs), inputs.values)))

    return (y, pullback, aux) if has_aux else (y, pullback)


class Outputs:
    """The results of a traced call: where their cotangents go."""

    def __init__(self, y: Any, tape: Tape, f: Any) -> None:
        leaves, self.treedef = results(y, f)
        self.values = [a.primal if isinstance(a, Tensor) else a for a in leaves]
        tape.returned(leaves)
        self.refs = [ref(a) if isinstance(a, Tensor) and a._trace is tape and not a.constant else None for a in leaves]

    def seeds(self, cotangent: Any) -> list[tuple[Any, Any, Any]]:
        gs = matched(cotangent, self.treedef, self.values, [r is not None for r in self.refs], "the cotangent")
        return [(r, g, None) for r, g in zip(self.refs, gs, strict=True) if r is not None and g is not None]

    def rebuild(self, leaves: Any) -> Any:
        return leaves[0] if self.treedef is None else tree.unflatten(self.treedef, leaves)


def pulled(record: Record, seeds: Sequence[tuple[Any, Any, Any]], inputs: Inputs) -> list[Any]:
    """The cotangent of each input; None for those that nothing reached."""
    with np.errstate(all="ignore"):
        return record.pull(seeds).at([t.place for t in inputs.tensors])


def aan(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
