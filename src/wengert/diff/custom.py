"""Functions of containers whose derivative the user gives, in one mode; the other follows.

    @wg.custom_jvp                                        @wg.custom_vjp
    def f(x): ...                                         def f(x): ...
    @f.defjvp                                             f.defvjp(fwd, bwd)
    def f_jvp(primals, tangents): return y, ty            fwd(x) -> (y, residuals);  bwd(residuals, g) -> (c,)

The meaning is JAX's ("Custom derivative rules for Python code"). A jvp is transposed for reverse mode, a bwd for
forward mode (diff/transpose.py). Rules are ordinary code: what they compute is itself traced when a derivative of the
derivative is asked for. They get arrays that they cannot write, since the list keeps them for the next sweep.
"""

import functools
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np

from wengert import tree
from wengert.diff.enclosed import Packed, Wrapped, alone, each, enclose, lent, own, pack, read_only, ruled, sheltered, traced
from wengert.diff.transpose import several, transposed, zero
from wengert.errors import InputError, MissingRuleError, RuleError, function_name, user_line
from wengert.rules.row import Row, like, shape_of
from wengert.rules.vocabulary import Traced
from wengert.trace.dispatch import uncovered
from wengert.trace.tape import inexact

P = ParamSpec("P")
R = TypeVar("R")
Rule = Callable[..., Any]


class Custom(Wrapped[P, R]):
    """What custom_jvp and custom_vjp share: which arguments are differentiable."""

    def __init__(self, f: Callable[P, R], nondiff_argnums: int | Sequence[int] = ()) -> None:
        super().__init__(f)
        self.nondiff_argnums = (nondiff_argnums,) if isinstance(nondiff_argnums, int) else tuple(nondiff_argnums)
        self.signature = signature_of(f)

    def split(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[dict[int, Any], tuple[Any, ...]]:
        """The arguments of a call by position, defaults included: those not to be differentiated, and the others."""
        name = function_name(self.f)
        if self.signature is not None:
            bound = self.signature.bind(*args, **kwargs)
            kwargs = bound.kwargs
            bound.apply_defaults()
            args = bound.args
        if kwargs:
            raise InputError(
                f"{name} has a rule of its own, which counts arguments by position; {', '.join(kwargs)} cannot be"
                " given so. Make it an ordinary parameter." + user_line()
            )
        if not all(-len(args) <= i < len(args) for i in self.nondiff_argnums):
            raise InputError(
                f"{name} was called with {len(args)} arguments, and nondiff_argnums is {self.nondiff_argnums}." + user_line()
            )
        fixed = {i: tree.map(uncovered, args[i]) for i in sorted(i % len(args) for i in self.nondiff_argnums)}
        for i, a in fixed.items():
            if traced(tree.flatten(a)[0]):
                raise InputError(
                    f"argument {i} of {name} is in nondiff_argnums, and is traced: its derivative would be lost. Take"
                    " it out of nondiff_argnums, and give it a zero derivative if it has none." + user_line()
                )
        return fixed, tuple(a for i, a in enumerate(args) if i not in fixed)


def signature_of(f: Any) -> inspect.Signature | None:
    """f's signature; None where Python cannot tell."""
    try:
        return inspect.signature(f)
    except (TypeError, ValueError):
        return None


class Asked:
    """One call of such a function: its arguments taken apart, and, once it has run, the structure of its result."""

    def __init__(self, custom: Any, fixed: dict[int, Any], args: Packed) -> None:
        self.custom = custom
        self.fixed = fixed
        self.kept = {i: tree.map(lent, a) if holds_arrays(a) else a for i, a in fixed.items()}  # for the rule
        self.args = args
        self.result: Any = None
        self.residuals = Packed([], [], None)

    def primals(self, numbers: Sequence[Any], rest: Callable[[Any], Any] = lambda a: a) -> tuple[Any, ...]:
        """The differentiable arguments with these numbers."""
        return tuple(self.args.fill([each(read_only, a) for a in numbers], rest))

    def whole(self, numbers: Sequence[Any]) -> list[Any]:
        """All arguments with these numbers."""
        given = list(self.args.fill(numbers))
        for i, a in self.fixed.items():
            given.insert(i, a)
        return given

    def leaves(self, y: Any) -> tuple[Any, ...]:
        """The leaves of a result, as copies."""
        leaves, self.result = tree.flatten(y)
        return tuple(map(own, leaves))

    def fitting(self, part: Any, treedef: Any, likes: Sequence[Any], what: str) -> list[Any]:
        """The leaves of what a rule gave, which must have this structure and these shapes; None is zero."""
        try:
            leaves = tree.flatten_like(treedef, part)
        except ValueError as mismatch:
            raise self.wrong(f"{what} has not the structure it should: {mismatch}") from None
        return [self.fit(a, x, what) if inexact(x) else None for a, x in zip(leaves, likes, strict=True)]

    def fit(self, a: Any, x: Any, what: str) -> Any:
        """a, if it is None or of x's shape."""
        if a is not None and not (isinstance(a, bool | int | float | complex | Traced) or hasattr(a, "dtype")):
            raise self.wrong(f"{what} has {type(a).__name__} where a number or an array should be")
        if a is not None and np.shape(a) != shape_of(x):
            raise self.wrong(f"{what} has shape {np.shape(a)}, and should have {shape_of(x)}")
        return a

    def wrong(self, what: str) -> RuleError:
        return RuleError(f"in the rule of {function_name(self.custom.f)}, {what}." + user_line())


def holds_arrays(a: Any) -> bool:
    return any(isinstance(b, np.ndarray) for b in tree.flatten(a)[0])


def nothing(a: Any) -> Any:
    """The tangent of what is no array: 0.0 for an integer, None for the rest."""
    return 0.0 if isinstance(a, int) else None


# --- by the tangent ---------------------------------------------------------------------------------------------------


class custom_jvp(Custom[P, R]):
    """f with a derivative of your own, as a function of primals and tangents.

    `f.defjvp(rule)`: rule(primals, tangents) -> (y, tangent of y). Both arguments are tuples of the structure of f's
    arguments, with zeros where nothing is differentiated; the tangent of y has the structure and shapes of y, and None
    in it is zero. `f.defjvps(rule0, rule1, ...)`: one rule (t, y, *primals) -> tangent of y for each argument, or None.
    Arguments in `nondiff_argnums` (functions, options) come first: rule(*nondiff, primals, tangents). The rule serves
    reverse mode too, by transposition, and derivatives of any order. Results are copies of what f returned.

    Raises MissingRuleError for a derivative without a rule, RuleError where a rule gives what does not fit,
    ClosureError where f or its rule used a traced value that is no argument, WriteError where f wrote into an argument.

    >>> import numpy as np, wengert as wg
    >>> @wg.custom_jvp
    ... def softplus(x):
    ...     return np.logaddexp(0.0, x)
    >>> @softplus.defjvp
    ... def softplus_jvp(primals, tangents):
    ...     (x,), (t,) = primals, tangents
    ...     return softplus(x), t / (1.0 + np.exp(-x))
    >>> wg.grad(softplus)(0.0), wg.grad(wg.grad(softplus))(0.0)
    (np.float64(0.5), np.float64(0.25))
    """

    def __init__(self, f: Callable[P, R], nondiff_argnums: int | Sequence[int] = ()) -> None:
        super().__init__(f, nondiff_argnums)
        self.jvp: Rule | None = None

    def defjvp(self, jvp: Rule) -> Rule:
        """Give the rule (*nondiff, primals, tangents) -> (y, tangent of y); also as a decorator."""
        self.jvp = jvp
        return jvp

    def defjvps(self, *jvps: Rule | None) -> None:
        """Give one rule (t, y, *primals) -> tangent of y for each argument; None: no derivative along it."""
        if self.nondiff_argnums:
            name = function_name(self.f)
            raise RuleError(f"defjvps takes no nondiff_argnums, and {name} has some: use defjvp." + user_line())
        self.jvp = functools.partial(sum_of_parts, self, jvps)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not traced(tree.flatten((args, kwargs))[0]):
            return self.f(*args, **kwargs)
        fixed, given = self.split(args, kwargs)
        numbers, packed = pack(given)
        if self.jvp is None:
            raise MissingRuleError(
                f"{function_name(self.f)} is a custom_jvp without a rule, and was given a traced value. Give it one:"
                " f.defjvp(lambda primals, tangents: (y, tangent of y))." + user_line()
            )
        asked = Asked(self, fixed, packed)
        y = self.apply(asked, *numbers)
        return tree.unflatten(asked.result, several(y, y))

    def apply(self, asked: Asked, *numbers: Any) -> Any:
        """The leaves of the result, at this level: one call of the highest trace; f itself beneath all traces."""
        if traced(numbers):
            return enclose(CustomJvp(self, asked=asked), functools.partial(self.apply, asked), numbers)
        return alone(asked.leaves(sheltered(self.f, functools.partial(run, self.f, asked), numbers)))


def run(f: Rule, asked: Asked, *numbers: Any) -> Any:
    """f of all its arguments, with these numbers."""
    return f(*asked.whole(numbers))


def sum_of_parts(f: Rule, jvps: Sequence[Rule | None], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """The rule that `defjvps` makes: (y, the sum of the tangents along each argument)."""
    y = f(*primals)
    parts = [jvp(t, y, *primals) for jvp, t in zip(jvps, tangents, strict=True) if jvp is not None]
    return y, (functools.reduce(functools.partial(tree.map, operator.add), parts) if parts else tree.map(zero, y))


@dataclass(frozen=True, eq=False)
class CustomJvp(Row):
    """The row of one call of a custom_jvp."""

    asked: Any = None

    def push(self, y: Any, args: Any, kwargs: Any, tangents: Any) -> Any:
        ts = self.tangent(y, args, {i: t for i, (t, _) in tangents.items()})
        return (ts if isinstance(y, tuple) else zero(y) if ts[0] is None else ts[0]), None

    def pull(self, g: Any, live: Any, y: Any, args: Any, kwargs: Any, wanted: Any) -> Any:
        def linear(*ts: Any) -> tuple[Any, ...]:
            return self.tangent(y, args, dict(zip(wanted, ts, strict=True)))

        cs = transposed(self.f, linear, [args[i] for i in wanted], several(g, y), live)
        yield from ((i, c, None) for i, c in zip(wanted, cs, strict=True) if c is not None)

    def tangent(self, y: Any, args: tuple[Any, ...], ts: dict[int, Any]) -> tuple[Any, ...]:
        """What the rule gives, by leaf of the result; None: zero."""
        asked = self.asked
        tangents = asked.primals([ts[i] if i in ts else zero(a) for i, a in enumerate(args)], nothing)
        found = ruled(asked.custom.jvp, (*asked.kept.values(), asked.primals(args), tangents), {}, self.f)
        if not isinstance(found, tuple | list) or len(found) != 2:
            what = type(found).__name__
            raise asked.wrong(f"defjvp's function must return (y, tangent of y), and returned {what}")
        return tuple(asked.fitting(found[1], asked.result, several(y, y), "the tangent"))

    def reads(self, active: Any) -> Any:
        return False, None


# --- by the cotangent -------------------------------------------------------------------------------------------------


class custom_vjp(Custom[P, R]):
    """f with a derivative of your own, as a function of the cotangent.

    `f.defvjp(fwd, bwd)`: fwd(*args) -> (y, residuals), where residuals is whatever bwd will need, of any type, kept
    from the forward pass; bwd(residuals, g) -> a tuple with one cotangent for each argument, of its structure and
    shapes; None is zero. Arguments in `nondiff_argnums` (functions, options) come first: bwd(*nondiff, residuals, g).
    The rule serves forward mode too, by transposition. Second derivatives are those of the code of fwd and bwd. Results
    are copies of what fwd returned.

    Raises MissingRuleError for a derivative without a rule, RuleError where a rule gives what does not fit,
    ClosureError where fwd used a traced value that is no argument, WriteError where it wrote into one.

    >>> import numpy as np, wengert as wg
    >>> @wg.custom_vjp
    ... def bounded(x):                                          # the identity, with a gradient between -1 and 1
    ...     return x
    >>> bounded.defvjp(lambda x: (x, None), lambda _, g: (np.clip(g, -1.0, 1.0),))
    >>> wg.grad(lambda x: np.sum(bounded(x) ** 2))(np.array([0.25, 3.0]))
    array([0.5, 1. ])
    """

    def __init__(self, f: Callable[P, R], nondiff_argnums: int | Sequence[int] = ()) -> None:
        super().__init__(f, nondiff_argnums)
        self.fwd: Rule | None = None
        self.bwd: Rule | None = None

    def defvjp(self, fwd: Rule, bwd: Rule) -> None:
        """Give the rule: fwd(*args) -> (y, residuals), and bwd(*nondiff, residuals, g) -> tuple of cotangents."""
        self.fwd = fwd
        self.bwd = bwd

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not traced(tree.flatten((args, kwargs))[0]):
            return self.f(*args, **kwargs)
        fixed, given = self.split(args, kwargs)
        numbers, packed = pack(given)
        if self.fwd is None:
            raise MissingRuleError(
                f"{function_name(self.f)} is a custom_vjp without a rule, and was given a traced value. Give it one:"
                " f.defvjp(fwd, bwd), with fwd(*args) -> (y, residuals), bwd(residuals, g) -> tuple of cotangents." + user_line()
            )
        asked = Asked(self, fixed, packed)
        ys = enclose(CustomVjp(self, asked=asked), functools.partial(self.forward, asked), numbers)
        return tree.unflatten(asked.result, ys[: asked.result.num_leaves])

    def forward(self, asked: Asked, *numbers: Any) -> Any:
        """The leaves of y, and then the residuals' numbers, among which arguments are themselves."""

        def fwd(*values: Any) -> tuple[Any, ...]:
            found = run(self.fwd, asked, *values)  # type: ignore[arg-type]
            if not isinstance(found, tuple | list) or len(found) != 2:
                raise asked.wrong(f"defvjp's fwd must return (y, residuals), and returned {type(found).__name__}")
            residuals, asked.residuals = pack(found[1])
            arguments = {id(v): a for v, a in zip(values, numbers, strict=True)}
            return (*asked.leaves(found[0]), *(arguments.get(id(r), r) for r in residuals))

        return sheltered(self.fwd, fwd, numbers)


class Argument:
    """In the place of a residual that is an argument."""

    def __init__(self, place: int) -> None:
        self.place = place


@dataclass(frozen=True, eq=False)
class CustomVjp(Row):
    """The row of one call of a custom_vjp: its results are the leaves of y, and then the residuals."""

    asked: Any = None

    def push(self, y: Any, args: Any, kwargs: Any, tangents: Any) -> Any:
        n = self.asked.result.num_leaves
        numbers = [k for k in range(n) if inexact(y[k])]

        def pullback(*gs: Any) -> list[Any]:
            given = dict(zip(numbers, gs, strict=True))
            cs = self.cotangents([given.get(k) for k in range(n)], y, args)
            return [cs[i] for i in tangents]

        ts = transposed(self.f, pullback, [y[k] for k in numbers], [t for t, _ in tangents.values()])
        found = dict(zip(numbers, ts, strict=True))
        return tuple(found.get(k) for k in range(len(y))), None

    def pull(self, g: Any, live: Any, y: Any, args: Any, kwargs: Any, wanted: Any) -> Any:
        n = self.asked.result.num_leaves
        cs = self.cotangents([c[()] if inexact(a) else None for c, a in zip(g[:n], y[:n], strict=True)], y, args)
        yield from ((i, cs[i], None) for i in wanted if cs[i] is not None)

    def cotangents(self, gs: list[Any], y: tuple[Any, ...], args: tuple[Any, ...]) -> list[Any]:
        """What bwd gives, by number of the arguments; None: zero."""
        asked, n = self.asked, self.asked.result.num_leaves
        kept = [args[r.place] if type(r) is Argument else r for r in y[n:]]
        residuals = asked.residuals.fill([read_only(r) for r in kept])
        g = tree.unflatten(asked.result, [read_only(c) for c in gs])
        found = ruled(asked.custom.bwd, (*asked.kept.values(), residuals, g), {}, self.f)
        parts = asked.args.treedef.children()
        if not isinstance(found, tuple | list) or len(found) != len(parts):
            got = f"{len(found)} of them" if isinstance(found, tuple | list) else f"a {type(found).__name__}"
            wanted = f"a tuple of {len(parts)} cotangents, one an argument"
            raise asked.wrong(f"defvjp's bwd must return {wanted}, and returned {got}")
        leaves: list[Any] = []
        for i, (c, part, x) in enumerate(zip(found, parts, asked.args.fill(args), strict=True)):
            likes = tree.flatten_like(part, x)
            leaves += [None] * len(likes) if c is None else asked.fitting(c, part, likes, f"the cotangent of argument {i}")
        return [leaves[k] for k in asked.args.places]

    def strip(self, y: Any, args: tuple[Any, ...], active: Any) -> Any:
        """The residuals are kept, and the arguments that are residuals."""
        n = self.asked.result.num_leaves
        places = {id(a): i for i, a in enumerate(args)}
        residuals = [Argument(places[id(r)]) if id(r) in places else own(r) for r in y[n:]]
        kept = {r.place for r in residuals if type(r) is Argument}
        return (*map(like, y[:n]), *residuals), tuple(a if i in kept else like(a) for i, a in enumerate(args))
