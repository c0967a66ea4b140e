"""Forward mode: a tangent travels with each value.

y, t = jvp(f, (x,), (v,))        t = J v
y, push = linearize(f, x)        push(v) = J v, f's work done once
derivative(f)(x)                 of a function of one number, or an elementwise one
"""

from collections.abc import Callable
from typing import Any, ParamSpec

import numpy as np

from wengert import tree
from wengert.diff.arguments import Inputs, enter, fresh, plain
from wengert.diff.calling import Transform, apart, call, run
from wengert.diff.detached import Question, along, joined, loose
from wengert.diff.results import auxiliary, results
from wengert.diff.reverse import Outputs
from wengert.diff.settle import settle
from wengert.errors import OutputError, function_name, user_line
from wengert.trace.dual import Dual, tangent_and_mask
from wengert.trace.tensor import Tensor
from wengert.tracebacks import entrance
from wengert.watch.guard import dual as begin_dual
from wengert.watch.guard import tape as begin_tape

P = ParamSpec("P")


@entrance
def jvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...], has_aux: bool = False) -> Any:
    """f's value, and its derivative along the tangents: (y, J t). With `has_aux`, f returns (y, aux), and jvp (y, J t, aux).

    Each tangent has the structure and shapes of its primal; None in it is zero.
    Raises StructureError where one does not fit.

    >>> import numpy as np
    >>> jvp(np.sin, (0.0,), (2.0,))
    (np.float64(0.0), np.float64(2.0))
    """
    dual = begin_dual()
    try:
        args, _, inputs = enter(dual.lift, f, tuple(primals), {}, tuple(range(len(primals))))
        given = directions(inputs, tuple(tangents))
        for tensor, t in given:
            place = dual.input(tensor.primal, t).place
            if (alias := dual.aliased.pop(tensor.place, None)) is not None:
                dual.aliased[place] = alias
            tensor.place = place
        y, aux = apart(call(f, args, {}, dual), f) if has_aux else (call(f, args, {}, dual), None)
        leaves, treedef = results(y, f)
        with np.errstate(all="ignore"):
            t = tangent_of(leaves, treedef, dual)
        y, aux = plain(y, dual), auxiliary(aux, dual, f)
    finally:
        dual.finish()
        settle(dual, f, primals, {})
    if dual.known is not None:
        lost = not any([isinstance(a, Tensor) and a._trace is dual and not a.constant for a in leaves])
        ways = inputs.match(tuple(tangents), "tangent")
        question = Question(f, primals, {}, tuple(range(len(primals))), inputs, has_aux)
        question.ask([lost and way is not None for way in ways], dual, leaves, lambda _: joined(tree.flatten(t)[0]), ways)
    return (y, t, aux) if has_aux else (y, t)


@entrance
def linearize(f: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """f's value at the primals, and its pushforward: tangents, one a primal -> the tangent of the result.

    f runs once; the pushforward then walks its list, and may be called many times.

    >>> y, push = linearize(lambda x: x ** 3, 2.0)
    >>> push(1.0), push(10.0)
    (np.float64(12.0), np.float64(120.0))
    """
    tape = begin_tape()
    try:
        args, _, inputs = enter(tape.lift, f, primals, {}, tuple(range(len(primals))))
        y = call(f, args, {}, tape)
        outputs = Outputs(y, tape, f)
        y = plain(y, tape)
    finally:
        record = tape.finish()
        settle(tape, f, primals, {})
    if tape.known is not None:
        question = Question(f, primals, {}, tuple(range(len(primals))), inputs)
        slope = along(record, outputs.refs, outputs.values, inputs)
        question.ask(loose(record, outputs.refs, inputs), tape, outputs.values, slope)

    @entrance
    def pushforward(*tangents: Any) -> Any:
        with np.errstate(all="ignore"):
            sweep = record.push([(tensor.place, t, None) for tensor, t in directions(inputs, tangents)])
            ts = [None if r is None else sweep[r] for r in outputs.refs]
        return outputs.rebuild(fresh(ts, outputs.values))

    return y, pushforward


def directions(inputs: Inputs, tangents: tuple[Any, ...]) -> list[tuple[Tensor, Any]]:
    """The traced leaves that have a tangent, and their tangents."""
    return [(x, t) for x, t in zip(inputs.tensors, inputs.match(tangents, "tangent"), strict=True) if t is not None]


def tangent_of(leaves: list[Any], treedef: Any, dual: Dual) -> Any:
    """The tangent of a result, in its structure; zero where it does not depend on the inputs."""
    dual.returned(leaves)
    ts = [tangent_and_mask(a)[0] if isinstance(a, Tensor) and a._trace is dual else None for a in leaves]
    values = [a.primal if isinstance(a, Tensor) and a._trace is dual else a for a in leaves]
    found = fresh([None if t is None else np.copy(t) if np.ndim(t) else t for t in ts], values)
    return found[0] if treedef is None else tree.unflatten(treedef, found)


class Derivative(Transform[P, Any]):
    """What `derivative` returns."""

    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self.at(*args, **kwargs)

    def at(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        def curve(x: Any) -> Any:
            return run(self.f, (x, *args), kwargs)

        curve.__module__, curve.__qualname__ = "", function_name(self.f)
        if np.ndim(x) == 0:
            return jvp(curve, (x,), (1.0,))[1]
        y, push = linearize(curve, x)
        if np.shape(y) != np.shape(x):
            self.refuse(f"turns shape {np.shape(x)} into {np.shape(y)}")
        slope = push(np.ones(np.shape(x)))
        v = np.random.default_rng(0).uniform(1.0, 2.0, np.shape(x))
        if not np.allclose(push(v), slope * v, rtol=1e-6, atol=1e-9, equal_nan=True):
            self.refuse("mixes elements of x")
        return slope

    def refuse(self, what: str) -> None:
        raise OutputError(
            f"{function_name(self.f)} {what}, so it has no elementwise derivative. Use wg.jacobian, or wg.grad of a number."
            + user_line()
        )


def derivative(f: Callable[P, Any]) -> Callable[P, Any]:
    """f', for a function of one number, or elementwise for a function that treats each element of x alone.

    For a number x, f may return an array: the derivative of a curve. Other arguments are constants.
    Raises OutputError where an array function mixes elements.

    >>> import numpy as np
    >>> derivative(np.tanh)(0.0)
    np.float64(1.0)
    >>> derivative(derivative(np.sin))(np.array([0.0, np.pi / 2]))
    array([-0., -1.])
    """
    return Derivative(f)
