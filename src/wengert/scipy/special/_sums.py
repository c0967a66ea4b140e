"""Sums of exponentials, without overflow: logsumexp, softmax and log_softmax."""

import math
from typing import Any

import numpy as np
import scipy.special

import wengert as wg
from wengert.extend import twin
from wengert.scipy.special._arguments import Array, floating

__all__ = [
    "log_softmax",
    "logsumexp",
    "softmax",
]


@twin(scipy.special.logsumexp)
def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """log(sum(b exp(a))) without overflow; elements of -inf have a gradient of 0, and infinities that tie for the maximum share."""
    b = np.ones((), floating(a).dtype) if b is None else b
    dtype = np.result_type(scipy.special.logsumexp(width(a), b=width(b)))
    a, b = (floating(x).astype(dtype) for x in (a, b))
    a = np.reshape(a, (1,)) if a.ndim == b.ndim == 0 else a
    with np.errstate(all="ignore"):  # log(0) is -inf here, and meant so
        if a.dtype.kind == "c":
            log, sign = complex_logsum(a, b, axis, return_sign)
        else:
            log, sign = real_logsum(a, b, axis)
            log = log if return_sign else np.where(sign < 0, np.nan, log)
    results = [y if keepdims else np.squeeze(y, axis)[()] for y in (log, sign)]
    return tuple(results) if return_sign else results[0]


def width(x: Any) -> Any:
    """Ones of x's kind, for SciPy to say how wide its result is: numbers of Python give way to arrays, from some version on."""
    return 1.0 if isinstance(x, float) and not isinstance(x, np.generic) else np.ones(1, floating(x).dtype)


def real_logsum(a: Array, b: Array, axis: Any) -> tuple[Array, Array]:
    """log(abs(sum(b exp(a)))) and the sign of the sum, axes kept: the maximum is taken out, and what equals it counted apart.

    As in SciPy, log(k (1 + r)) = log(k) + log1p(r), k being the sum of b where a is largest, and a where b is 0 is not heard.
    """
    v, w = wg.stop_gradient(a), wg.stop_gradient(b)
    heard = np.where(w == 0, -np.inf, v)
    top = np.max(heard, axis, keepdims=True, initial=-np.inf)
    hit, shift = heard == top, np.where(np.isfinite(top), top, 0.0)
    d = a - shift
    d = np.where(w == 0, np.fmin(d, math.log(np.finfo(d.dtype).max)), d)
    peaks = np.sum(np.where(hit, b, 0.0), axis, keepdims=True)
    k = wg.stop_gradient(peaks)
    k = np.where(k == 0, 1.0, k)
    r = (np.sum(b * np.where(hit, np.expm1(d), np.exp(d)), axis, keepdims=True) + (peaks - k)) / k
    log = np.log1p(np.where(r < -1.0, -2.0 - r, r)) + np.log(np.abs(k)) + shift
    sign = np.sign(1.0 + wg.stop_gradient(r)) * np.sign(k)
    if np.all(np.isfinite(wg.stop_gradient(log))):
        return log, sign
    count = np.maximum(np.sum(hit, axis, keepdims=True), 1).astype(log.dtype)
    shared = np.sum(np.where(hit, a, 0.0), axis, keepdims=True) / count + np.log(np.abs(peaks))
    return as_it_stands(np.where(np.isinf(top), shared, log), sign, np.sum(w * np.exp(v), axis, keepdims=True))


def as_it_stands(log: Array, sign: Array, total: Array) -> tuple[Array, Array]:
    """The logarithm and the sign where they are infinite or NaN: of the sum computed without care, as in SciPy."""
    value, direct = wg.stop_gradient(log), np.log(np.abs(total))
    wild = np.logical_not(np.isfinite(value))
    return np.where(wild & (value != direct), direct, log), np.where(wild, np.sign(total), sign)


def complex_logsum(a: Array, b: Array, axis: Any, return_sign: bool) -> tuple[Array, Array]:
    """The logarithm of the sum, or that of its size and its direction."""
    top = np.max(np.real(wg.stop_gradient(a)), axis, keepdims=True, initial=-np.inf)
    shift = np.where(np.isfinite(top), top, 0.0)
    total = np.sum(b * np.exp(a - shift), axis, keepdims=True)
    size = np.abs(total)
    return (np.log(size) + shift, total / size) if return_sign else (np.log(total) + shift, size)


@twin(scipy.special.softmax)
def softmax(x: Any, axis: Any = None) -> Any:
    """exp(x) / sum(exp(x))."""
    x = floating(x)
    e = np.exp(x - np.max(wg.stop_gradient(x), axis, keepdims=True))
    return e / np.sum(e, axis, keepdims=True)


@twin(scipy.special.log_softmax)
def log_softmax(x: Any, axis: Any = None) -> Any:
    """x - logsumexp(x)."""
    x = floating(x)
    top = np.max(wg.stop_gradient(x), axis, keepdims=True)
    d = x - np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return d - np.log(np.sum(np.exp(d), axis, keepdims=True))
