"""Calls that lose digits: what goes in is known to sixteen digits, what comes out is not.

    ill(call)      "subtract cancels: |x - y| is 2e-12 of |x| + |y|, at [3] ..."

Measured are the relative amplification of elementwise functions, |dy/dx x / y|, from their own partial derivatives; cancellation in
differences and sums; condition numbers of matrices, and gaps of spectra; and results that became 0 by underflow. The threshold is
eps**-0.5: half of the digits (1e8 in double precision).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from wengert.rules.verbs import Elementwise
from wengert.rules.vocabulary import bottom
from wengert.watch.notes import Called
from wengert.watch.origins import Sketch, short_name

LARGEST = 500  # rows of a matrix whose condition is computed: the time of a factorisation or so


@dataclass(frozen=True)
class Loss:
    """What is lost in one call, in words; the mask says at which elements."""

    what: str
    mask: Any = None


def losses(call: Called, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """What a call loses."""
    if call.row is None:
        return
    args = tuple(plain(a) for a in call.args)
    y = plain(call.y)
    with np.errstate(all="ignore"):
        try:
            for look in LOOKS.get(call.row.f, (amplified,)):
                yield from look(call, args, y, sketches)
        except Exception:  # what cannot be measured here is no finding, and no fault of the caller
            return


def plain(a: Any) -> Any:
    return type(a)(map(plain, a)) if type(a) in (list, tuple) else bottom(a)


def limit(y: Any) -> float:
    """The amplification that costs half of the digits."""
    return float(np.finfo(np.result_type(y)).eps) ** -0.5


def digits(factor: float) -> str:
    return f"{min(math.log10(factor), 99):.0f}" if math.isfinite(factor) else "all"


def worst(factor: Any, mask: Any) -> float:
    return float(np.max(np.where(mask, factor, 0.0), initial=0.0))


# --- elementwise functions ------------------------------------------------------------------------------------------------


def amplified(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """|dy/dx x / y|, for each traced operand of an elementwise function."""
    row = call.row
    if not isinstance(row, Elementwise) or row.live == "selects" or isinstance(y, tuple):
        return
    for i, a in enumerate(call.args):
        d = row.partials[i] if i < len(row.partials) else None
        if d is None or a is args[i] or not callable(d):
            continue
        factor = np.abs(row.partial(i, y, args, call.kwargs) * args[i] / y)
        mask = (factor > limit(y)) & np.isfinite(factor) & np.not_equal(y, 0)
        if np.any(mask):
            name = short_name(row.f)
            yield Loss(
                f"{name} amplifies relative errors by {worst(factor, mask):.0e}: {digits(worst(factor, mask))} digits are lost"
                + hint(name, sketches),
                mask,
            )


def cancelled(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """|x - y| far below |x| + |y|. Where it is 0, both were equal, which is exact."""
    factor = (np.abs(args[0]) + np.abs(args[1])) / np.abs(y)
    mask = (factor > limit(y)) & np.isfinite(factor)
    if np.any(mask) and call.row is not None:
        name = short_name(call.row.f)
        yield Loss(
            f"{name} cancels: the result is {1 / worst(factor, mask):.0e} of what it is made of,"
            f" {digits(worst(factor, mask))} digits are lost" + hint(name, sketches),
            mask,
        )


def summed(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """A sum far below the sum of absolute values."""
    assert call.row is not None
    factor = call.row.f(np.abs(args[0]), *args[1:], **call.kwargs) / np.abs(y)
    mask = (factor > limit(y)) & np.isfinite(factor)
    if np.any(mask):
        name = short_name(call.row.f)
        yield Loss(f"{name} cancels: {digits(worst(factor, mask))} digits are lost", mask)


def underflown(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """0 made of numbers that are not 0."""
    assert call.row is not None
    operands = [np.asarray(a) for a in args[:2]]
    mask = np.equal(y, 0) & np.logical_and.reduce(np.broadcast_arrays(*[np.not_equal(a, 0) & np.isfinite(a) for a in operands]))
    if np.any(mask):
        yield Loss(f"{short_name(call.row.f)} underflows to 0: its logarithm, or a larger unit, would keep it", mask)


def hint(name: str, sketches: tuple[Sketch, ...]) -> str:
    """What to write instead, where it is known."""
    makers = [s[0] for s in sketches if s]
    for function, maker, instead in INSTEAD:
        if name == function and (maker in makers or (maker == "mean" and any("mean" in str(s) for s in sketches))):
            return f"; {instead}"
    return ""


INSTEAD = (
    ("log", "add", "np.log1p(x) for np.log(1 + x)"),
    ("log2", "add", "np.log1p(x) / np.log(2) for np.log2(1 + x)"),
    ("log10", "add", "np.log1p(x) / np.log(10) for np.log10(1 + x)"),
    ("subtract", "exp", "np.expm1(x) for np.exp(x) - 1"),
    ("subtract", "cos", "2 * np.sin(x / 2)**2 for 1 - np.cos(x)"),
    ("subtract", "sqrt", "x / (np.sqrt(1 + x) + 1) for np.sqrt(1 + x) - 1"),
    ("subtract", "mean", "np.var(x) for np.mean(x**2) - np.mean(x)**2"),
    ("subtract", "special.erf", "scipy.special.erfc(x) for 1 - erf(x)"),
    ("subtract", "tanh", "2 / (np.exp(2 * x) + 1) for 1 - np.tanh(x)"),
)


# --- matrices -------------------------------------------------------------------------------------------------------------


def conditioned(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """The condition number of the matrix."""
    assert call.row is not None
    A = np.asarray(args[0])
    if A.ndim < 2 or not 0 < max(A.shape[-2:]) <= LARGEST or not np.all(np.isfinite(A)):
        return
    kappa = float(np.max(np.linalg.cond(A)))
    if kappa > limit(A):
        name = short_name(call.row.f)
        yield Loss(
            f"{name} of a matrix with condition number {kappa:.0e}: {digits(kappa)} digits are lost, twice in the derivative"
        )


def gapped(call: Called, args: tuple[Any, ...], y: Any, sketches: tuple[Sketch, ...]) -> Iterator[Loss]:
    """The smallest gap of a spectrum, relative to its largest member."""
    assert call.row is not None
    A = np.asarray(args[0])
    if A.ndim < 2 or not 1 < min(A.shape[-2:]) <= LARGEST or not np.all(np.isfinite(A)):
        return
    symmetric = call.row.f in (np.linalg.eigh, np.linalg.eigvalsh)
    values = np.linalg.eigvalsh(A) if symmetric else np.linalg.svd(A, compute_uv=False)
    gaps = np.min(np.abs(np.diff(np.sort(values, axis=-1), axis=-1)), axis=-1) / np.max(np.abs(values), axis=-1)
    gap, name = float(np.min(gaps)), short_name(call.row.f)
    what = "eigenvalues" if symmetric else "singular values"
    if gap < np.finfo(values.dtype).eps * 10:
        yield Loss(f"{name}: {what} coincide; only what does not depend on the choice among their vectors has a derivative")
    elif gap < 1 / limit(A):
        yield Loss(f"{name}: two {what} are {gap:.0e} apart, and derivatives of their vectors are divided by that")


LOOKS: dict[Any, tuple[Any, ...]] = {
    np.add: (cancelled,),
    np.subtract: (cancelled,),
    np.multiply: (underflown,),
    np.divide: (underflown,),
    np.power: (underflown, amplified),
    np.square: (),
    np.negative: (),
    np.positive: (),
    np.sum: (summed,),
    np.mean: (summed,),
    np.linalg.solve: (conditioned,),
    np.linalg.inv: (conditioned,),
    np.linalg.pinv: (conditioned,),
    np.linalg.slogdet: (conditioned,),
    np.linalg.lstsq: (conditioned,),
    np.linalg.cholesky: (conditioned,),
    np.linalg.eigh: (gapped,),
    np.linalg.eigvalsh: (gapped,),
    np.linalg.svd: (gapped,),
}
