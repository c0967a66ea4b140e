"""A function of the user's as one call of the list.

    @wg.primitive
    def erf(x): return np.vectorize(math.erf)(x)
    extend.elementwise(erf, lambda y, x: 2 / math.sqrt(math.pi) * np.exp(-x * x))

Nothing inside it is traced (diff/enclosed.py); its row says the derivative, or differences do (diff/differences.py).
"""

import functools
from collections.abc import Callable
from typing import Any, Literal, ParamSpec, TypeVar, overload

from wengert import tree
from wengert.diff.differences import Approximate, ComplexStep, FiniteDifference
from wengert.diff.enclosed import Wrapped, each, enclose, own, sheltered
from wengert.errors import ApproximationWarning, InputError, MissingRuleError, function_name, user_line, warn
from wengert.rules.declare import Carrier
from wengert.rules.row import Row
from wengert.rules.vocabulary import Traced
from wengert.trace.dispatch import highest

P = ParamSpec("P")
R = TypeVar("R")
OnMissing = Literal["error", "finite-difference", "complex-step"]
APPROXIMATIONS: dict[str, type[Approximate]] = {"finite-difference": FiniteDifference, "complex-step": ComplexStep}


class Primitive(Wrapped[P, R], Carrier):
    """What `primitive` returns."""

    def __init__(self, f: Callable[P, R], on_missing: OnMissing = "error") -> None:
        super().__init__(f)
        if on_missing != "error" and on_missing not in APPROXIMATIONS:
            raise InputError(f"on_missing is 'error', 'finite-difference' or 'complex-step', not {on_missing!r}." + user_line())
        self.row = None
        self.on_missing = on_missing

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if not seen(self.f, args, kwargs):
            return self.f(*args, **kwargs)
        if self.row is None and self.on_missing in APPROXIMATIONS:
            warn(
                f"{function_name(self.f)} has no derivative rule: its derivative is approximated"
                f" (on_missing={self.on_missing!r}). Declare a rule with wengert.extend for an exact one.",
                ApproximationWarning,
            )
        return self.apply(*args, **kwargs)

    def apply(self, *args: Any, **kwargs: Any) -> Any:
        """The call at this level: one node for the highest trace; f itself beneath all traces."""
        if highest((*args, *kwargs.values())) is None:
            return each(own, sheltered(self.f, self.f, args, kwargs))
        return enclose(self.rule(), self.apply, args, kwargs)

    def rule(self) -> Row:
        """The declared row, or what stands in for it."""
        if self.row is not None:
            return self.row
        if self.on_missing in APPROXIMATIONS:
            return APPROXIMATIONS[self.on_missing](self, apply=self.apply)
        name = function_name(self.f)
        raise MissingRuleError(
            f"{name} is a primitive without a derivative rule, and was given a traced value. Declare its rule once,"
            f" after its definition: wengert.extend.pair({name}, vjp=lambda g, y, x: ...), or elementwise, linear,"
            ' ... from there; or let it be approximated: wg.primitive(on_missing="finite-difference") or'
            ' "complex-step".' + user_line()
        )

    def rebuilt(self) -> Any:
        return (Primitive, (self.f, self.on_missing)) if self.row is None else super().rebuilt()


def seen(f: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether an argument is traced; in a container that is no list of arrays, it could not be followed."""
    found = False
    for name, a in (*enumerate(args), *kwargs.items()):
        for b in a if type(a) in (list, tuple) else (a,):
            if isinstance(b, Traced):
                found = True
            elif type(b) not in tree.PLAIN and any(isinstance(c, Traced) for c in tree.flatten(b)[0]):
                raise InputError(
                    f"argument {name} of {function_name(f)} holds a traced value inside a {type(b).__name__}. A"
                    " primitive is a function of arrays, or of lists of them: pass the value by itself, or use"
                    " wg.custom_vjp or wg.custom_jvp, which take containers." + user_line()
                )
    return found


@overload
def primitive(f: Callable[P, R], *, on_missing: OnMissing = "error") -> Primitive[P, R]: ...


@overload
def primitive(f: None = None, *, on_missing: OnMissing = "error") -> Callable[[Callable[P, R]], Primitive[P, R]]: ...


def primitive(f: Any = None, *, on_missing: OnMissing = "error") -> Any:
    """f as one call, whose insides are never traced: for functions that Wengert cannot look into, or whose derivative
    you know.

    Its arguments are arrays, or lists of arrays; keyword arguments are constants. Called without traced arguments it is
    f. Called with them, the derivative is what a rule says, declared with one of the verbs of `wengert.extend`; results
    are copies of what f returned. Without a rule, `on_missing` decides: "error"; "finite-difference", which calls f
    twice for each tangent, and twice for each element of the operands for each cotangent; or "complex-step", likewise,
    exact to rounding for f that is analytic and takes complex arrays. Both warn (ApproximationWarning).

    Raises MissingRuleError where there is no rule; ClosureError where f used a traced value that is no argument;
    WriteError where it wrote into one.

    >>> import math, numpy as np, wengert as wg
    >>> from wengert.extend import elementwise
    >>> @wg.primitive
    ... def erf(x):
    ...     return np.vectorize(math.erf)(x)
    >>> elementwise(erf, lambda y, x: 2 / math.sqrt(math.pi) * np.exp(-x * x))
    >>> wg.grad(lambda x: np.sum(erf(x)))(np.array([0.0, 1.0]))
    array([1.12837917, 0.4151075 ])
    """
    return functools.partial(Primitive, on_missing=on_missing) if f is None else Primitive(f, on_missing)
