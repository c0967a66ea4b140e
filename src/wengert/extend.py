"""Declare derivative rules: of your own functions, and of ufuncs that Wengert does not know.

A function of your own becomes one call of the list by `wengert.primitive`; a row then says its derivative. Rows are
plain NumPy, in the result y, the operands and, in `linear` and `pair`, the cotangent g (pairing Re(sum(g * t)), no
conjugation). For example, the hypotenuse, with 0 for its derivative at the origin:

    >>> import numpy as np, wengert as wg
    >>> @wg.primitive
    ... def hypotenuse(a, b):
    ...     return np.sqrt(a * a + b * b)
    >>> def slope(a, z):
    ...     return np.where(z == 0, 0.0, a / np.where(z == 0, 1.0, z))
    >>> elementwise(hypotenuse, lambda z, a, b: slope(a, z), lambda z, a, b: slope(b, z))
    >>> wg.grad(hypotenuse, argnums=(0, 1))(3.0, 4.0)
    (np.float64(0.6), np.float64(0.8))
    >>> wg.grad(hypotenuse)(0.0, 0.0)
    np.float64(0.0)
    >>> wg.hessian(lambda x: hypotenuse(x[0], x[1]))(np.array([3.0, 4.0]))
    array([[ 0.128, -0.096],
           [-0.096,  0.072]])

That one row gave forward and reverse mode, broadcasting, and derivatives of any order. A function is declared once: a
second row, or one for a function that Wengert knows, is a RuleError. `wengert.testing.check` compares a row with
differences. Columns (`live=`, `batch=`, `domain=`) are told in `wengert.rules.row`.
"""

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.diff.enclosed import Reading
from wengert.diff.transpose import jvp_from_vjp, vjp_from_jvp
from wengert.errors import RuleError, function_name, user_line
from wengert.rules import declare
from wengert.trace.dispatch import highest
from wengert.trace.substitute.names import stand_in

__all__ = ["composite", "constant", "elementwise", "linear", "multilinear", "pair", "stand_in", "twin"]

Function = Callable[..., Any]


def elementwise(f: Function, *partials: Function | float | None, **columns: Any) -> None:
    """f treats each element alone: its partial derivatives, each a function of (y, *args) or a number.

    None stands for an operand along which f is not differentiable.

    >>> import numpy as np, wengert as wg
    >>> cube = wg.primitive(lambda x: x**3)
    >>> elementwise(cube, lambda y, x: 3 * x**2)
    >>> wg.grad(cube)(2.0)
    np.float64(12.0)
    """
    declare.elementwise(answering(f), *map(reading, partials), **columns)


def linear(f: Function, *transposes: Function | None, **columns: Any) -> None:
    """f is linear in the operands that have a transpose, (g, *args, **kwargs) -> cotangent, taken together.

    Transposes see shapes and dtypes of operands, not their values.

    >>> import numpy as np, wengert as wg
    >>> mean = wg.primitive(lambda x: np.sum(x) / x.size)
    >>> linear(mean, lambda g, x: np.broadcast_to(g / x.size, x.shape))
    >>> wg.grad(mean)(np.ones(4))
    array([0.25, 0.25, 0.25, 0.25])
    """
    declare.linear(answering(f), *map(reading, transposes), **columns)


def multilinear(f: Function, *transposes: Function | None, each: Function | None = None, **columns: Any) -> None:
    """f is linear in each operand while the others are held: a transpose (g, *args) for each, or `each=` for all.

    `each` is called as (g, i, *args) for operand i.

    >>> import numpy as np, wengert as wg
    >>> weighted = wg.primitive(lambda w, x: np.sum(w * x))
    >>> multilinear(weighted, lambda g, w, x: g * x, lambda g, w, x: g * w)
    >>> wg.grad(weighted)(np.ones(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    declare.multilinear(answering(f), *map(reading, transposes), each=reading(each), **columns)


def pair(f: Function, *, jvp: Function | None = None, vjp: Function | None = None, operands: int = 1, **columns: Any) -> None:
    """f's two modes by hand: jvp(y, *operands, *tangents, *rest), and vjp(g, y, *operands, *rest) -> tuple of
    cotangents.

    The first `operands` arguments are differentiable. One of the two is enough: the other is its transpose, exactly.
    Where f has several results, y, g and the tangent are tuples.

    >>> import numpy as np, wengert as wg
    >>> solve = wg.primitive(lambda a, b: np.linalg.solve(a, b))
    >>> def solve_vjp(g, x, a, b):
    ...     u = solve(a.T, g)
    ...     return -np.outer(u, x), u
    >>> pair(solve, vjp=solve_vjp, operands=2)
    >>> wg.grad(lambda b: np.sum(solve(np.array([[2.0, 0.0], [1.0, 4.0]]), b)))(np.ones(2))
    array([0.375, 0.25 ])
    """
    if jvp is None and vjp is None:
        raise RuleError(f"pair({function_name(f)}) needs a rule: jvp=, vjp=, or both." + user_line())
    forward = reading(jvp) or jvp_from_vjp(f, reading(vjp), operands)
    backward = reading(vjp) or vjp_from_jvp(f, reading(jvp), operands)
    declare.pair(answering(f), jvp=forward, vjp=backward, operands=operands, **columns)


def constant(*functions: Function) -> None:
    """The results are piecewise constant, or carry no derivative.

    >>> import numpy as np, wengert as wg
    >>> rank = wg.primitive(lambda x: np.argsort(np.argsort(x)))
    >>> constant(rank)
    >>> wg.grad(lambda x: np.sum(x * rank(x)))(np.array([3.0, 1.0, 2.0]))
    array([2., 0., 1.])
    """
    for f in functions:
        declare.constant(answering(f))


def composite(f: Function, definition: Function) -> None:
    """f is defined by calls of functions that have rules; `definition` has f's signature, and is what is traced.

    >>> import numpy as np, wengert as wg
    >>> sigmoid = wg.primitive(lambda x: 1 / (1 + np.exp(-x)))
    >>> composite(sigmoid, lambda x: (1 + np.tanh(x / 2)) / 2)
    >>> wg.grad(sigmoid)(0.0)
    np.float64(0.25)
    """
    declare.composite(answering(f), definition)


def twin(of: Function) -> Callable[[Function], Function]:
    """Declare a function that stands for one of another library, which asks for plain arrays or looks into its arguments.

    Both have the same signature. Called without traced arguments, the twin is the other; called with them, it is what you wrote, in
    functions that have rules. Where a traced value reaches the other instead, the error names the twin.

    >>> import statistics, numpy as np, wengert as wg
    >>> @twin(statistics.fmean)
    ... def fmean(data, weights=None):
    ...     return np.average(np.stack(data), weights=weights)
    >>> wg.grad(lambda x: fmean([x, x * x, 1.0, 1.0]))(3.0)
    np.float64(1.75)
    >>> fmean([1.0, 2.0])
    1.5
    """

    def declared(f: Function) -> Function:
        @functools.wraps(f)
        def call(*args: Any, **kwargs: Any) -> Any:
            return (of if highest((*args, *kwargs.values())) is None else f)(*args, **kwargs)

        declare.twin(of, call)
        return call

    return declared


def reading(rule: Any) -> Any:
    """A rule with the guard of its arguments; numbers and None as they are."""
    return Reading(rule) if callable(rule) else rule


def answering(f: Function) -> Function:
    """f, if its calls reach the rules: a primitive, or a function or ufunc of NumPy's protocols."""
    ordinary = isinstance(f, types.FunctionType | types.BuiltinFunctionType | types.MethodType | type)
    if ordinary and f not in declare.ROWS and not isinstance(getattr(f, "__self__", None), np.ufunc):
        name = function_name(f)
        raise RuleError(
            f"{name} is an ordinary function, which Python calls without asking, so that no rule of it could be"
            f" found. Make it a primitive first: {name} = wg.primitive({name}), or @wg.primitive above it." + user_line()
        )
    return f
