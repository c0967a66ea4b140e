"""Check the derivatives of a function, in both modes and to second order.

    check(energy, np.array([0.3, 0.7]))

The oracle is the function itself: central differences along random directions, extrapolated to step zero. The two modes are then
held against each other, and their derivatives are checked in the same way: order 2 is a check of the first derivative.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wengert.diagnose.differences import Estimate, bends, largest
from wengert.diagnose.subject import (
    Leaves,
    Subject,
    agree,
    differ,
    directions,
    indexed,
    paired,
    projected,
    relative,
    settled,
    uniform,
    weight,
    widened,
    worst_of,
    wrong,
)
from wengert.errors import function_name

ORDINAL = {1: "first", 2: "second", 3: "third"}
PROBES = 64  # elements of an argument that are tried one by one, once it is known that something is wrong


def check(
    f: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[str] = ("forward", "reverse"),
    rtol: float | None = None,
    atol: float | None = None,
    argnums: int | tuple[int, ...] | None = None,
) -> None:
    """Check the derivatives of f at args, and raise AssertionError where they disagree with differences of f, or with each other.

    Arguments and results may be containers; what is not floating or complex in them is left alone. `argnums` chooses arguments (all
    that hold floats or complex numbers). At `order` 2 each mode is differentiated by each mode. Without `rtol` and `atol` the
    tolerances follow the dtypes: about 1e-6 relative for float64, 2e-3 for float32.

    >>> import numpy as np
    >>> from wengert.testing import check
    >>> check(lambda x, n: np.sum(np.sin(x) ** n), np.array([0.3, 0.7]), 2)

    A wrong rule is found, and said where:

    >>> from wengert.extend import elementwise
    >>> import wengert as wg
    >>> @wg.primitive
    ... def cube(x):
    ...     return x**3
    >>> elementwise(cube, lambda y, x: 3.03 * x**2)
    >>> check(cube, np.array([1.0, 2.0]))
    Traceback (most recent call last):
    ...
    AssertionError: cube: the first derivative in forward mode disagrees with differences.
      along a random direction of argument 0 (x), at result[1]:
        forward mode  ...
        differences   ...
      hint: it is 1.01 times what it should be, everywhere: look for a constant factor in the rule.
    """
    unknown = [m for m in modes if m not in ("forward", "reverse")]
    if unknown or not modes:
        raise ValueError(f"modes are 'forward' and 'reverse', not {unknown or 'none'}")
    subject = Subject.of(f, args, argnums, rtol, atol)
    if not subject.xs:
        raise ValueError(f"{function_name(f)} was given no floating or complex number to differentiate by")
    prove(subject, tuple(modes), order)


# --- the proof --------------------------------------------------------------------------------------------------------


def prove(f: Subject, modes: tuple[str, ...], order: int) -> None:
    """The first derivative of f in each mode, the modes against each other, and then the same of its derivatives."""
    random = np.random.default_rng(0)
    if not f.outputs:
        return
    constant_over_calls(f)
    for sizes in (relative, uniform):
        ts, gs = directions(f.xs, sizes, random), [weight(y, random) for y in f.values()]
        truth = f.along(ts)
        if sizes is uniform and not all(settled(e, f) for e in truth):
            continue  # a step that is right for large elements can be too long for small ones
        pushed = f.push(ts) if "forward" in modes else None
        pulled = f.pull(gs) if "reverse" in modes else None
        if pushed is not None and any(map(wrong, pushed, truth, itertools.repeat(f))):
            raise AssertionError(forward_report(f, ts))
        if pulled is not None and not agree(pulled, ts, gs, truth, f):
            raise AssertionError(reverse_report(f, gs, pushed is not None))
        if pushed is not None and pulled is not None:
            exact = [Estimate(t, 0.0 * np.abs(t)) for t in pushed]
            if not agree(pulled, ts, gs, exact, f):
                raise AssertionError(adjoint_report(f, paired(gs, pushed), paired(pulled, ts)))
    if order > 1:
        for mode in modes:
            prove(f.derivative(mode, random), modes, order - 1)


def constant_over_calls(f: Subject) -> None:
    """A function that answers twice differently cannot be checked."""
    for name, a, b in zip(f.outputs, f.values(), f.values(), strict=True):
        if not np.array_equal(a, b, equal_nan=True):
            raise AssertionError(f"{f.name}: two calls with the same arguments give a different {name}, so nothing can be proved.")


# --- the report, once something is wrong ------------------------------------------------------------------------------


def forward_report(f: Subject, ts: Leaves) -> str:
    """Which argument, which element of the result, both numbers, and why."""
    for i, name in enumerate(f.inputs):
        alone = [t if k == i else 0.0 * t for k, t in enumerate(ts)]
        for output, t, e in zip(f.outputs, f.push(alone), f.along(alone), strict=True):
            if wrong(t, e, f):
                worst = worst_of(np.abs(t - e.value) * differ(t, e, f))
                hint = trouble(f, alone, e, worst) or explained(t, e.value)
                return report(
                    f, "forward", f"along a random direction of {name}, at {output}{indexed(worst)}", t, e, worst, hint=hint
                )
    return report(f, "forward", "along a random direction of all arguments together", hint="a rule mixes up its arguments.")


def reverse_report(f: Subject, gs: Leaves, forward_agrees: bool) -> str:
    """Which element of which argument, found by trying them one by one."""
    also = " Forward mode agrees with the differences, so look at the reverse half of the rule." if forward_agrees else ""
    for seeds in ([np.real(g).astype(np.result_type(g)) for g in gs], gs):  # real ones show a conjugate for what it is
        for i, (name, c) in enumerate(zip(f.inputs, f.pull(seeds), strict=True)):
            truth, tried = by_element(f, seeds, i)
            bad = differ(c, truth, f) & tried
            if np.any(bad):
                worst = worst_of(np.abs(c - truth.value) * bad)
                hint = trouble(f, unit(f.xs, i, worst), truth, worst) or explained(np.where(tried, c, truth.value), truth.value)
                where = f"the cotangent of {name}{indexed(worst)}, for a random cotangent of the result"
                return report(f, "reverse", where, c, truth, worst, hint=hint + also)
    return report(f, "reverse", "over all arguments together", hint="those elements agree that were tried: others do not." + also)


def adjoint_report(f: Subject, forward: float, reverse: float) -> str:
    """Where differences are too noisy to say which mode is wrong, but the modes disagree."""
    return f"{title(f)}: forward and reverse mode disagree.\n  <g, J t> = {forward:.10g}, <J^T g, t> = {reverse:.10g}"


def by_element(f: Subject, gs: Leaves, i: int) -> tuple[Estimate, Any]:
    """The cotangent of an argument by differences along its elements, and which were tried: all, or some if they are many."""
    x = f.xs[i]
    value, error = np.zeros(np.shape(x), np.result_type(widened(x))), np.zeros(np.shape(x))
    tried = np.zeros(np.shape(x), bool)
    places = list(np.ndindex(np.shape(x)))
    for k in np.random.default_rng(1).permutation(len(places))[:PROBES]:
        tried[places[k]] = True
        for turn in (1.0, 1j) if np.iscomplexobj(x) else (1.0,):
            size = float(np.abs(widened(x))[places[k]]) or 1.0
            along, off = projected(gs, f.along(unit(f.xs, i, places[k], turn * size)))
            value[places[k]] += along / turn / size
            error[places[k]] += off / size
    return Estimate(value, error), tried


def unit(xs: Leaves, i: int, place: tuple[int, ...], size: complex = 1.0) -> Leaves:
    """The direction of one element of one argument."""
    ts = [np.zeros(np.shape(x), np.result_type(widened(x))) for x in xs]
    ts[i][place] = size
    return ts


def report(
    f: Subject, mode: str, where: str, ours: Any = None, truth: Estimate | None = None, worst: tuple[int, ...] = (), *, hint: str
) -> str:
    how = " over ".join((mode, *reversed(f.chain)))
    lines = [f"{title(f)} in {how} mode disagrees with differences.", f"  {where}:"]
    if truth is not None:
        lines += [f"    {mode} mode  {np.asarray(ours)[worst]:.10g}"]
        lines += [f"    differences   {np.asarray(truth.value)[worst]:.10g}   (to {np.asarray(truth.error)[worst]:.1g})"]
    if f.chain:
        hint += " The first derivative agrees: what the rule computes with must itself be differentiable NumPy."
    return "\n".join([*lines, f"  hint: {hint}"])


def title(f: Subject) -> str:
    order = len(f.chain) + 1
    return f"{f.name}: the {ORDINAL.get(order, f'{order}th')} derivative"


def trouble(f: Subject, ts: Leaves, truth: Estimate, worst: tuple[int, ...]) -> str:
    """What is wrong with the function there, if it is not the rule."""
    if any(np.any(kink) for kink in bends(lambda h: f.near(ts, h))):
        return "a kink: the slopes on its two sides differ here. Check beside it; at it, a rule must choose."
    error, size = np.asarray(truth.error)[worst], largest(truth.value)
    if not error <= 1e-2 * size + 1e-8:
        return "the differences do not settle: the function jumps, is noisy, or leaves its domain here."
    return ""


def explained(ours: Any, truth: Any) -> str:
    """The likely reason for a wrong derivative, from what it is instead."""
    ours, truth = np.asarray(ours), np.asarray(truth)
    if not np.all(np.isfinite(ours)):
        return "it is not finite, though the function is smooth here: a rule divides by zero or overflows."
    if not np.any(ours):
        return "it is zero: something was detached (stop_gradient, int(), an array made outside, a rule that is constant)."
    large = np.abs(truth) > 1e-6 * largest(truth)
    ratios = ours[large] / truth[large]
    if ratios.size and np.allclose(ratios, ratios[0], rtol=1e-4):
        ratio = ratios[0]
        if np.isclose(ratio, -1.0, rtol=1e-4):
            return "its sign is wrong, everywhere."
        return f"it is {ratio:.4g} times what it should be, everywhere: look for a constant factor in the rule."
    if np.allclose(ours, np.conj(truth), rtol=1e-4):
        return "it is the complex conjugate of what it should be: transposes do not conjugate."
    if ours.ndim >= 2 and ours.shape[-1] == ours.shape[-2] and np.allclose(ours, np.swapaxes(truth, -1, -2), rtol=1e-4):
        return "it is the transpose of what it should be."
    return "the rule of a function in it is wrong."
