"""The transpose of a linear function, and with it either mode of a rule from the other.

    transposed(f, lambda t: (A @ t,), [x], [g])        [A^T g]

A rule's jvp is linear in the tangents, its vjp in the cotangent, and each is the transpose of the other. So one of the
two is enough, and the other is exact: it is the reverse sweep over the one that was given. (A. Radul, A. Paszke, R.
Frostig, M. J. Johnson and D. Maclaurin, "You Only Linearize Once", POPL 2023.)
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wengert.errors import RuleError, function_name, user_line
from wengert.rules.declare import zeros
from wengert.trace.tape import Tape, ref
from wengert.trace.tensor import Tensor


def transposed(f: Any, linear: Callable[..., Any], like: Sequence[Any], cotangents: Sequence[Any], live: Any = None) -> list[Any]:
    """The cotangents of the arguments of a linear function that returns a tuple, from those of its results; None: zero.

    It is a part of f's rule, and is run at zeros of these shapes. A result need only broadcast, or sum, to the shape of
    its cotangent; `live` is the mask of the cotangent's live elements, or the tuple of the cotangents' masks.
    """
    tape = Tape()
    with np.errstate(all="ignore"):
        try:
            inputs = [tape.lift(zero(a)) for a in like]
            results = linear(*inputs)
        finally:
            record = tape.finish()
        lives = live if isinstance(live, tuple) else (live,) * len(cotangents)
        pairs = [(y, g, m) for y, g, m in zip(results, cotangents, lives, strict=True) if g is not None]
        try:
            sweep = record.pull([(ref(y), g, m) for y, g, m in pairs if isinstance(y, Tensor) and y._trace is tape])
        except RecursionError:
            raise RuleError(
                f"the rule of {function_name(f)} calls {function_name(f)} itself on its tangents, so that its"
                " transpose asks for itself without end. Give the vjp (which may call it), or write the tangent in"
                " other functions." + user_line()
            ) from None
        return [sweep[t.place] for t in inputs]


def zero(a: Any) -> Any:
    """A zero tangent of a; a number for a number."""
    if not hasattr(a, "dtype"):
        return 0j if isinstance(a, complex) else 0.0
    return zeros(a)[()]


def vjp_from_jvp(f: Any, jvp: Callable[..., Any], operands: int) -> Callable[..., Any]:
    """The vjp of a `pair` row: g pulled back through t -> jvp(y, *operands, *t, *rest)."""

    def vjp(g: Any, y: Any, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        xs, rest = args[:operands], args[operands:]
        cs = transposed(f, lambda *ts: several(jvp(y, *xs, *ts, *rest, **kwargs), y), xs, several(g, y))
        return tuple(zero(x) if c is None else c for x, c in zip(xs, cs, strict=True))

    return vjp


def jvp_from_vjp(f: Any, vjp: Callable[..., Any], operands: int) -> Callable[..., Any]:
    """The jvp of a `pair` row: the tangents pulled back through g -> vjp(g, y, *operands, *rest)."""

    def jvp(y: Any, *args: Any, **kwargs: Any) -> Any:
        n = min(operands, len(args) // 2)
        xs, ts, rest = args[:n], args[n : 2 * n], args[2 * n :]

        def pullback(*gs: Any) -> tuple[Any, ...]:
            cs = vjp(gs if isinstance(y, tuple | list) else gs[0], y, *xs, *rest, **kwargs)
            return cs[:n] if isinstance(cs, tuple) else (cs,)

        ys = several(y, y)
        found = tuple(zero(a) if t is None else t for a, t in zip(ys, transposed(f, pullback, ys, ts), strict=True))
        return found if isinstance(y, tuple | list) else found[0]

    return jvp


def several(a: Any, y: Any) -> tuple[Any, ...]:
    """What goes with the result y, or with each of its results, as a tuple."""
    return tuple(a) if isinstance(y, tuple | list) else (a,)
