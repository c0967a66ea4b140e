"""A function of plain numbers, whatever containers it takes and gives: what derivatives are proved of.

    f = Subject.of(energy, (params, 2.0), argnums=0)
    f.along(ts), f.push(ts), f.pull(gs)         differences, forward mode, reverse mode, on lists of leaves

Below it, when two derivatives agree: each within what the dtype allows, and what the differences say of their own error.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from wengert import tree
from wengert.diagnose.differences import Estimate, differences, largest
from wengert.diff.forward import jvp
from wengert.diff.reverse import vjp
from wengert.diff.rewrite import rewrite
from wengert.errors import function_name
from wengert.trace.dispatch import IN_FORCE
from wengert.trace.substitute.rebuild import adopted
from wengert.trace.tensor import Tensor

Leaves = list[Any]
PRECISION = {np.float16: 5e-2, np.float32: 2e-3, np.float64: 1e-6}


@dataclass(frozen=True)
class Subject:
    """A function of a list of leaves, which returns a list of leaves, and where it stands."""

    call: Callable[..., Leaves]
    xs: Leaves
    name: str
    inputs: list[str]  # what a person would call each leaf
    outputs: list[str]
    rtol: float | None
    atol: float | None
    chain: tuple[str, ...] = ()  # the modes in which it was differentiated already

    @classmethod
    def of(
        cls, f: Callable[..., Any], args: tuple[Any, ...], argnums: Any, rtol: float | None = None, atol: float | None = None
    ) -> "Subject":
        """f as a function of the inexact leaves of the chosen arguments."""
        chosen = range(len(args)) if argnums is None else (argnums,) if isinstance(argnums, int) else argnums
        leaves, treedef = tree.flatten(args)
        owners = [i for i, a in enumerate(args) for _ in tree.flatten(a)[0]]
        active = [
            k for k, (x, i) in enumerate(zip(leaves, owners, strict=True)) if inexact(x) and i in {c % len(args) for c in chosen}
        ]
        names = [title for i, a in enumerate(args) for title in titles(a, f"argument {i}{parameter(f, i)}")]
        y = f(*fresh(args))
        rewritten = rewrite(f)
        results, _ = tree.flatten(y)
        kept = [k for k, r in enumerate(results) if inexact(r)]

        def call(*xs: Any) -> Leaves:
            new = [fresh(x) for x in leaves]
            for k, x in zip(active, xs, strict=True):
                new[k] = x
            given = tree.unflatten(treedef, new)
            found = tree.flatten(rewritten(*(adopted(f, a) if IN_FORCE.get() else a for a in given)))[0]
            return [found[k] for k in kept]

        outputs = titles(y, "result")
        xs = [leaves[k] for k in active]
        return cls(call, xs, function_name(f), [names[k] for k in active], [outputs[k] for k in kept], rtol, atol)

    def at(self, ts: Leaves, h: float) -> Leaves:
        """The results at xs + h ts, computed in float64 at least; silently, since a step may leave f's domain."""
        with np.errstate(all="ignore"):
            return self.call(*(kept_type(x, widened(x) + h * t) for x, t in zip(self.xs, ts, strict=True)))

    def near(self, ts: Leaves, h: float) -> Leaves:
        """The same, and NaN where f raises since it has left its domain: math.log, or a division of Python's numbers."""
        try:
            return self.at(ts, h)
        except (ArithmeticError, ValueError):
            return [np.nan * widened(y) for y in self.values()]

    def along(self, ts: Leaves) -> list[Estimate]:
        return differences(lambda h: self.near(ts, h))

    def push(self, ts: Leaves) -> Leaves:
        return list(jvp(lambda *xs: tuple(self.call(*xs)), tuple(self.xs), tuple(ts))[1])

    def pull(self, gs: Leaves) -> Leaves:
        return list(vjp(lambda *xs: tuple(self.call(*xs)), *self.xs)[1](tuple(gs)))

    def values(self) -> Leaves:
        return self.call(*map(fresh, self.xs))

    def tolerance(self) -> float:
        if self.rtol is not None:
            return self.rtol
        kinds = [np.finfo(np.result_type(v)).dtype.type for v in [*self.xs, *self.values()]]
        return max(PRECISION.get(kind, 1e-6) for kind in kinds)

    def derivative(self, mode: str, random: np.random.Generator) -> "Subject":
        """Its derivative in a mode, of the same leaves: that of y + y**2 / 2, so that cotangents and tangents depend on x."""
        ys = self.values()
        sizes = [float(largest(y)) or 1.0 for y in ys]
        weights = [weight(y, random) for y in ys]
        ts = directions(self.xs, relative, random)

        def bent(*xs: Any) -> tuple[Any, ...]:
            return tuple(y / size * (1.0 + 0.5 * y / size) for y, size in zip(self.call(*xs), sizes, strict=True))

        def forward(*xs: Any) -> Leaves:
            return list(jvp(bent, xs, tuple(ts))[1])

        def reverse(*xs: Any) -> Leaves:
            return list(vjp(bent, *xs)[1](tuple(weights)))

        tangents = [f"the tangent of {o}" for o in self.outputs], [f"the cotangent of {i}" for i in self.inputs]
        call, outputs = (forward, tangents[0]) if mode == "forward" else (reverse, tangents[1])
        return replace(self, call=call, outputs=outputs, chain=(*self.chain, mode))


# --- when derivatives agree -------------------------------------------------------------------------------------------


def wrong(ours: Any, truth: Estimate, f: Subject) -> bool:
    return bool(np.any(differ(ours, truth, f)))


def differ(ours: Any, truth: Estimate, f: Subject) -> Any:
    """Where a derivative is off by more than the tolerance and what the differences allow; NaN agrees with nothing."""
    with np.errstate(all="ignore"):
        return np.logical_not(np.abs(ours - truth.value) <= allowed(truth.value, truth.error, f, largest(truth.value)))


def agree(pulled: Leaves, ts: Leaves, gs: Leaves, truth: list[Estimate], f: Subject) -> bool:
    """<pull g, t> = <g, J t>, with J t by differences."""
    value, error = projected(gs, truth)
    size = float(sum(np.sum(np.abs(g * e.value)) for g, e in zip(gs, truth, strict=True)))
    return bool(abs(paired(pulled, ts) - value) <= allowed(value, error, f, size))


def allowed(value: Any, error: Any, f: Subject, size: Any) -> Any:
    rtol = f.tolerance()
    atol = 1e-2 * rtol * size + 1e-14 if f.atol is None else f.atol
    slack = np.where(error <= 100 * (rtol * size + atol), 10 * error, 0.0)  # differences that do not settle excuse nothing
    return rtol * np.abs(value) + atol + slack


def settled(truth: Estimate, f: Subject) -> bool:
    return bool(np.all(truth.error <= f.tolerance() * largest(truth.value) + 1e-14))


def paired(gs: Leaves, ts: Leaves) -> float:
    """Re(sum(g t)), the pairing of cotangents and tangents."""
    return float(sum(np.real(np.sum(g * t)) for g, t in zip(gs, ts, strict=True)))


def projected(gs: Leaves, truth: list[Estimate]) -> tuple[float, float]:
    """The pairing of cotangents with differences, and its error."""
    return paired(gs, [e.value for e in truth]), float(sum(np.sum(np.abs(g) * e.error) for g, e in zip(gs, truth, strict=True)))


# --- small things -----------------------------------------------------------------------------------------------------


def inexact(x: Any) -> bool:
    return isinstance(x, float | complex | Tensor) or (isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "fc")


def fresh(x: Any) -> Any:
    """A copy that the function may overwrite."""
    return tree.map(lambda a: np.array(a) if isinstance(a, np.ndarray) else a, x)


def widened(x: Any) -> Any:
    """x with float64's precision at least."""
    return x if isinstance(x, float | complex) else x.astype(np.result_type(x, np.float64))


def kept_type(x: Any, moved: Any) -> Any:
    """A moved Python float as a Python float again."""
    return type(x)(moved) if type(x) in (float, complex) else moved


def directions(xs: Leaves, sizes: Callable[[Any], Any], random: np.random.Generator) -> Leaves:
    """A random tangent for each leaf."""
    return [sizes(np.abs(widened(x))) * weight(x, random) for x in xs]


def relative(size: Any) -> Any:
    """As large as each element itself."""
    return np.where(size > 0, size, uniform(size))


def uniform(size: Any) -> Any:
    """As large as the smallest element, so that each counts alike."""
    most = largest(size) or 1.0  # by which squares neither over- nor underflow
    usual = most * np.sqrt(np.mean((size / most) ** 2)) if np.size(size) else 0.0
    return max(np.min(size, where=size > 0, initial=usual), 1e-4 * usual) or 1.0


def weight(y: Any, random: np.random.Generator) -> Any:
    """Random numbers in the shape and dtype of y, none of them near zero."""

    def numbers() -> Any:
        return random.uniform(0.3, 1.0, np.shape(y)) * random.choice((-1.0, 1.0), np.shape(y))

    w = numbers() + 1j * numbers() if np.iscomplexobj(y) else numbers()
    return np.asarray(w).astype(np.result_type(y))[()]


def worst_of(a: Any) -> tuple[int, ...]:
    a = np.where(np.isnan(a), np.inf, a)
    return tuple(map(int, np.unravel_index(int(np.argmax(a)), np.shape(a))))


def indexed(place: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, place))}]" if place else ""


def titles(x: Any, root: str) -> list[str]:
    """What a person would call the leaves of x."""
    leaves, treedef = tree.flatten(x)
    return [root] if len(leaves) == 1 and leaves[0] is x else tree.names(treedef, root)


def parameter(f: Callable[..., Any], i: int) -> str:
    """The name of f's i-th parameter, where Python can tell."""
    try:
        names = [p.name for p in inspect.signature(f).parameters.values() if p.kind <= p.POSITIONAL_OR_KEYWORD]
    except (TypeError, ValueError):
        return ""
    return f" ({names[i]})" if i < len(names) else ""
