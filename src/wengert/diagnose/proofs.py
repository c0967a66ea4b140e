"""The derivative, tried in every way there is: differences, both modes, the complex step, and second order.

    proofs(subject, order=1, steps=...)      [Proof("reverse", "proved", "to 2e-11 by differences along 3 directions"), ...]

A proof says how far it reaches: differences know their own error. Where they do not settle, nothing is proved, and it says why.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.exceptions import ComplexWarning

from wengert.diagnose.differences import Estimate, bends, differences, largest
from wengert.diagnose.findings import Proof
from wengert.diagnose.reuse import said
from wengert.diagnose.subject import (
    Leaves,
    Subject,
    allowed,
    directions,
    paired,
    projected,
    relative,
    uniform,
    weight,
)
from wengert.watch.lines import Line, raised_at

TRIALS = (relative, uniform, relative)  # sizes of the random directions
STEPS = (1e-2, 1e-4)  # the second where the first does not settle: a kink or the end of a domain may be near
TINY = 1e-20  # the complex step
Ways = list[tuple[Leaves, Leaves, list[Estimate]]]


def proofs(f: Subject, ways: Ways, functions: Mapping[str, Line], order: int, doubt: str) -> Iterator[Proof]:
    """What can be proved of the derivative of f.

    `functions` are those that it called, each with a line; `doubt`, why differences may be others than the derivative, if they may.
    """
    found = [*first(f, ways), complex_step(f, ways, functions)]
    if order > 1:
        random = np.random.default_rng(2)
        for mode in ("reverse", "forward"):
            second = f.derivative(mode, random)
            found += [replace(p, name=f"{p.name} over {mode}") for p in first(second, tried(second)) if p.name != "adjoint"]
    yield from (in_doubt(proof, doubt) for proof in found)


def in_doubt(proof: Proof, doubt: str) -> Proof:
    """A proof where disagreement with differences need not mean that the derivative is wrong."""
    if not doubt or proof.status != "wrong" or proof.name == "adjoint":
        return proof
    return Proof(proof.name, "not proved", f"{doubt}: {proof.detail}")


def tried(f: Subject) -> Ways:
    """Random tangents and cotangents, with the derivative along the tangents by differences."""
    random = np.random.default_rng(0)
    ways = []
    for sizes in TRIALS:
        ts = directions(f.xs, sizes, random)
        gs = [weight(y, random) for y in f.values()]
        ways.append((ts, gs, along(f, ts)))
    return ways


def along(f: Subject, ts: Leaves) -> list[Estimate]:
    """The derivative by differences, whichever step settles best."""
    best: list[Estimate] = []
    for step in STEPS:
        found = differences(lambda h: f.at(ts, h), step)
        if not best or spread(found) < spread(best):
            best = found
        if spread(best) <= f.tolerance():
            break
    return best


def spread(truth: list[Estimate]) -> float:
    """The error of differences, relative to the largest of their values."""
    size = max((float(largest(e.value)) for e in truth), default=0.0)
    error = max((float(np.max(e.error, initial=0.0)) for e in truth), default=0.0)
    return error / size if size else (0.0 if error < 1e-12 else np.inf) if np.isfinite(error) else np.inf


def bent(f: Subject, ways: Ways) -> bool:
    """Whether the slopes ahead and behind differ, along every random direction and at two steps: noise does so by chance alone."""
    return all(
        any(np.any(kink) for kink in bends(lambda h, ts=ts: f.at(ts, h), step))  # type: ignore[misc]
        for ts, _, _ in ways
        for step in (1e-3, 1e-4)
    )


# --- differences, and the modes against each other ----------------------------------------------------------------------


def first(f: Subject, ways: Ways) -> Iterator[Proof]:
    pulled = [(f.pull(gs), ts, gs, truth) for ts, gs, truth in ways]
    pushed = [(f.push(ts), ts, gs, truth) for ts, gs, truth in ways]
    reverse = [(paired(cs, ts), *projected(gs, truth), size(gs, truth)) for cs, ts, gs, truth in pulled]
    forward = [(paired(gs, dy), *projected(gs, truth), size(gs, truth)) for dy, ts, gs, truth in pushed]
    yield by_differences("reverse", f, reverse, ways)
    yield by_differences("forward", f, forward, ways)
    yield adjoint(f, [(a[0], b[0], a[3]) for a, b in zip(reverse, forward, strict=True)])


def size(gs: Leaves, truth: list[Estimate]) -> float:
    return float(sum(np.sum(np.abs(g * e.value)) for g, e in zip(gs, truth, strict=True)))


def by_differences(name: str, f: Subject, rows: list[tuple[float, float, float, float]], ways: Ways) -> Proof:
    """Whether derivatives agree with differences: rows of (derivative, differences, their error, size)."""
    if not all(np.isfinite(ours) for ours, _, _, _ in rows):
        return Proof(name, "not proved", "the derivative is not finite")
    for ours, value, error, scale in rows:
        if not error <= 10 * f.tolerance() * scale + 1e-12:
            return Proof(name, "not proved", why(f, ways))
        if not abs(ours - value) <= allowed(value, error, f, scale):
            return Proof(name, "wrong", f"{ours:.10g} along a random direction, by differences {value:.10g} (to {error:.0e})")
    reach = max((abs(ours - value) + error) / scale if scale else 0.0 for ours, value, error, scale in rows)
    if not any(scale for *_, scale in rows):
        return Proof(name, "proved", "to be 0, by differences along 3 random directions", 0.0)
    return Proof(name, "proved", f"to {digits(reach)} by differences along {len(rows)} random directions", reach)


def why(f: Subject, ways: Ways) -> str:
    """Why differences do not settle."""
    if not all(np.all(np.isfinite(y)) for y in f.values()):
        return "the result is not finite"
    if bent(f, ways):
        return "f has a kink here: its slopes ahead and behind differ"
    error = max(spread(truth) for _, _, truth in ways)
    known = f", differences settle to {error:.0e} only" if np.isfinite(error) else ""
    return f"f jumps, is noisy, or leaves its domain here{known}"


def adjoint(f: Subject, rows: list[tuple[float, float, float]]) -> Proof:
    """<g, J t> = <J^T g, t>, which needs no differences."""
    off = max(abs(a - b) / max(abs(a), abs(b), scale, 1e-300) if a != b else 0.0 for a, b, scale in rows)
    if not all(np.isfinite(a) and np.isfinite(b) for a, b, _ in rows):
        return Proof("adjoint", "not proved", "the derivative is not finite")
    if off > f.tolerance():
        a, b, _ = rows[0]
        return Proof("adjoint", "wrong", f"<J^T g, t> = {a:.10g} in reverse, <g, J t> = {b:.10g} in forward mode")
    return Proof("adjoint", "proved", f"to {digits(off)}: forward and reverse mode agree", off)


# --- the complex step -----------------------------------------------------------------------------------------------------


def complex_step(f: Subject, ways: Ways, functions: Mapping[str, Line]) -> Proof:
    """Im f(x + i h t) / h, for analytic f: exact to rounding."""
    dropped = next((name for name in functions if name in NOT_ANALYTIC), None)
    if any(np.iscomplexobj(x) for x in [*f.xs, *f.values()]):
        return Proof(COMPLEX, "not applicable", "since the argument or the result is complex itself")
    if dropped is not None:
        return Proof(COMPLEX, "not applicable", f"since {dropped} ({functions[dropped].place}) is no analytic function")
    try:
        return compared(f, ways)
    except ComplexWarning as warning:
        place = raised_at(warning)
        return Proof(COMPLEX, "not applicable", f"since f drops imaginary parts{f' ({place.place})' if place else ''}")
    except Exception as error:
        return Proof(COMPLEX, "not applicable", f"since f does not take complex numbers: {said(error)}")


COMPLEX = "complex step"
NOT_ANALYTIC = frozenset(
    (
        *("absolute", "fabs", "real", "imag", "conjugate", "angle", "sign", "real_if_close", "hypot", "arctan2", "heaviside"),
        *("linalg.norm", "vdot", "vecdot", "var", "std", "nanvar", "nanstd", "cov", "corrcoef"),
        *("linalg.eigh", "linalg.eigvalsh", "linalg.cholesky", "linalg.svd", "linalg.svdvals", "linalg.qr"),
        *("linalg.pinv", "linalg.lstsq", "fft.rfft", "fft.irfft", "fft.hfft"),
    )
)


def compared(f: Subject, ways: Ways) -> Proof:
    reach = 0.0
    for ts, gs, truth in ways:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error", ComplexWarning)
            ys = f.call(*(x + 1j * TINY * t for x, t in zip(f.xs, ts, strict=True)))
        if any(not np.iscomplexobj(y) and largest(e.value) > 10 * largest(e.error) for y, e in zip(ys, truth, strict=True)):
            return Proof(
                COMPLEX, "not applicable", "since a part of the result is real for complex arguments: an imaginary part is dropped"
            )
        steps = [np.imag(y) / TINY for y in ys]
        ours, value = paired(f.pull(gs), ts), paired(gs, steps)
        scale = float(sum(np.sum(np.abs(g * s)) for g, s in zip(gs, steps, strict=True)))
        if not np.isfinite(ours) or not np.isfinite(value):
            return Proof(COMPLEX, "not proved", "it is not finite")
        if abs(ours - value) > f.tolerance() * scale + 1e-14:
            return Proof(COMPLEX, "wrong", f"{value:.10g} along a random direction, {ours:.10g} in reverse mode")
        reach = max(reach, abs(ours - value) / scale if scale else 0.0)
    return Proof(COMPLEX, "proved", f"to {digits(reach)}", reach)


def digits(error: float) -> str:
    return f"{error:.0e}" if error else "the last bit"
