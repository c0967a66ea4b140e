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
from wengert.rules.row import shape_of, zeros
from wengert.rules.verbs import Elementwise, Linear, Multilinear
from wengert.rules.vocabulary import bottom
from wengert.trace.nodes import Call, taken_apart
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
            sweep = record.pull(
                [(ref(y), g, m) for y, g, m in pairs if isinstance(y, Tensor) and y._trace is tape and not y.constant]
            )
        except RecursionError:
            raise RuleError(
                f"the rule of {function_name(f)} calls {function_name(f)} itself on its tangents, so that its"
                " transpose asks for itself without end. Give the vjp (which may call it), or write the tangent in"
                " other functions." + user_line()
            ) from None
        found = sweep.at([t.place for t in inputs])
        doubtful = [node for node in record.nodes if not surely_linear(node)]
        if doubtful or any(np.any(bottom(y) != 0) for y, _, _ in pairs if y is not None):
            check_linear(f, linear, like, cotangents, found, doubtful)
        return found


# --- what is not linear has no transpose ------------------------------------------------------------------------------


def check_linear(f: Any, linear: Any, like: Sequence[Any], gs: Sequence[Any], cs: Sequence[Any], doubtful: Sequence[Any]) -> None:
    """Refuse a rule that is not linear, whose transpose at zero would be that of something else (of t**2: nothing).

    Most rules show it by their list. One that does not is run again, at some t: the sum of g * linear(t) must be that of c * t.
    """
    random = np.random.default_rng(0)
    ts = [somewhere(bottom(a), random) for a in like]
    ahead = [np.real(bottom(g) * bottom(y)) for g, y in zip(gs, linear(*ts), strict=True) if g is not None and y is not None]
    back = [np.real(bottom(c) * t) for c, t in zip(cs, ts, strict=True) if c is not None]
    eps = max((float(np.finfo(np.result_type(a, np.float16)).eps) for a in (*ahead, *back)), default=0.0)
    difference = abs(sum(map(np.sum, ahead)) - sum(map(np.sum, back)))
    if difference > eps**0.5 * sum(np.sum(np.abs(a)) for a in (*ahead, *back)):  # NaN: nothing can be said
        names = sorted({function_name(node[0].f if isinstance(node, tuple) else node.row.f) for node in doubtful})
        why = f"it gives them to {', '.join(names)}" if names else "it gives something for zeros"
        raise RuleError(
            f"the rule of {function_name(f)} is not linear in its tangents (a jvp) or cotangents (a vjp), as derivatives"
            f" are: {why}. So it has no transpose, and serves only the mode that it is written for." + user_line()
        )


def surely_linear(node: Any) -> bool:
    """Whether a node of a list is linear in its operands on this list, by its row and by what its partials read."""
    if isinstance(node, tuple):
        if len(node) == 2:
            return True  # a leaf
        row, operands, _, _ = taken_apart(node)
        active = [i for i, place in enumerate(operands) if place is not None]
    elif isinstance(node, Call):
        row, active = node.row, list(node.refs)
    else:
        return True  # a read, a write, one of several results
    if type(row) is Elementwise:
        keeps_y, keeps = row.reads(frozenset(active))
        return not keeps_y and keeps is not None and keeps.isdisjoint(active)
    return type(row) is Linear or (type(row) is Multilinear and len(active) == 1)


def somewhere(a: Any, random: np.random.Generator) -> Any:
    """A tangent of a: numbers between 1 and 2, of both signs."""
    dtype = np.asarray(zero(a)).dtype
    t = random.uniform(1.0, 2.0, shape_of(a)) * random.choice([-1.0, 1.0], shape_of(a))
    return np.asarray(t * (1.0 + 0.5j) if dtype.kind == "c" else t).astype(dtype)[()]


# --- both modes from one ----------------------------------------------------------------------------------------------


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
