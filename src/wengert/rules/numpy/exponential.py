"""Exponentials, logarithms, trigonometric and hyperbolic functions (derivatives: DLMF 4.7, 4.20, 4.24, 4.34, 4.37), and i0."""

import math

import numpy as np

from wengert.rules.declare import elementwise
from wengert.rules.vocabulary import over, word

LN2, LN10, RADIAN = math.log(2), math.log(10), math.pi / 180
POSITIVE, INSIDE, OUTSIDE = (0.2, 3.0), (-0.9, 0.9), (1.2, 4.0)
NUMBERS = frozenset((float, int, np.float64))

# fmt: off
elementwise(np.exp,     lambda y, x: y)
elementwise(np.exp2,    lambda y, x: LN2 * y)
elementwise(np.expm1,   lambda y, x: np.exp(x))                                             # y + 1 would lose exp(-40)
elementwise(np.log,     lambda y, x: 1.0 / x,               domain=POSITIVE)
elementwise(np.log2,    lambda y, x: (1 / LN2) / x,         domain=POSITIVE)
elementwise(np.log10,   lambda y, x: (1 / LN10) / x,        domain=POSITIVE)
elementwise(np.log1p,   lambda y, x: 1.0 / (1.0 + x),       domain=(-0.8, 3.0))
elementwise(np.logaddexp,  lambda z, x, y: np.exp(-np.logaddexp(0.0, lead(y, x))),   lambda z, x, y: np.exp(-np.logaddexp(0.0, lead(x, y))))
elementwise(np.logaddexp2, lambda z, x, y: np.exp2(-np.logaddexp2(0.0, lead(y, x))), lambda z, x, y: np.exp2(-np.logaddexp2(0.0, lead(x, y))))

elementwise(np.sin,     lambda y, x: np.cos(x))
elementwise(np.cos,     lambda y, x: -np.sin(x))
elementwise(np.tan,     lambda y, x: 1.0 + y * y,           domain=(-1.2, 1.2))
elementwise(np.arcsin,  lambda y, x: 1.0 / (np.sqrt(-(x - 1.0)) * np.sqrt(x - -1.0)),   domain=INSIDE)  # two roots, and -0j kept: right on the cuts
elementwise(np.arccos,  lambda y, x: -1.0 / (np.sqrt(-(x - 1.0)) * np.sqrt(x - -1.0)),  domain=INSIDE)
elementwise(np.arctan,  lambda y, x: 1.0 / (1.0 + x * x))
elementwise(np.hypot,   lambda z, x, y: cosine(x, z),       lambda z, x, y: cosine(y, z),           domain=((-3.0, -0.2), (-3, 3)))
elementwise(np.arctan2, lambda z, y, x: turn(x, x, y),      lambda z, y, x: -turn(y, x, y),         domain=((0.2, 3.0), (-3, 3)))
elementwise(np.deg2rad, RADIAN)
elementwise(np.radians, RADIAN)
elementwise(np.rad2deg, 1 / RADIAN)
elementwise(np.degrees, 1 / RADIAN)
elementwise(np.sinc,    lambda y, x: sinc_slope(x))

elementwise(np.sinh,    lambda y, x: np.cosh(x))
elementwise(np.cosh,    lambda y, x: np.sinh(x))
elementwise(np.tanh,    lambda y, x: (1.0 - y) * (1.0 + y))
elementwise(np.arcsinh, lambda y, x: 1.0 / np.cosh(y))                                      # x*x would overflow
elementwise(np.arccosh, lambda y, x: 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x - -1.0)),      domain=OUTSIDE)  # the same
elementwise(np.arctanh, lambda y, x: 1.0 / ((1.0 - x) * (1.0 + x)),                 domain=INSIDE)
# fmt: on


def lead(y, x):
    """y - x, and 0 where both are the same infinity, so that logaddexp(-inf, -inf) shares."""
    if type(x) in NUMBERS and type(y) in NUMBERS and x != y:
        return y - x
    return np.where((x == y) & np.isinf(x), 0.0, y - x)


def cosine(a, h):
    """a / h, where h = hypot(a, b): 0 at the origin, and -1 or 1 where a is infinite."""
    if type(h) is np.float64 and type(a) in NUMBERS and 0.0 < h < math.inf:
        return a / h
    return np.where(np.isinf(a), np.sign(a), over(a, h))


def turn(a, x, y):
    """a / (x*x + y*y), which neither over- nor underflows; 0 at the origin and at infinity."""
    h = np.hypot(x, y)
    if type(h) is np.float64 and type(a) in NUMBERS and 0.0 < h < math.inf:
        return a / h / h
    return over(cosine(a, h), h)


def sinc_slope(x):
    """pi f(pi x) with f(p) = (sin(p) / p)' = (p cos(p) - sin(p)) / p**2, and its Taylor series for small p, where that cancels."""
    small = np.abs(x) < 0.3
    z = math.pi * np.where(small, 1.0, x)
    p = math.pi * np.where(small, x, 0.0)
    return math.pi * np.where(small, p * horner(SINC, p * p), (np.cos(z) - np.sin(z) / z) / z)


SINC = [(-1) ** n * 2 * n / math.factorial(2 * n + 1) for n in range(1, 11)]  # of p, p**3, ...: the last adds 2e-19 at 0.3 pi


def horner(coefficients, q):
    """The polynomial in q, lowest power first."""
    value = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        value = c + q * value
    return value


# --- the modified Bessel functions of integer order -------------------------------------------------------------------


@word
def bessel_i(n, x):
    """I_n = I_0 r_1 ... r_n, where r_k = I_k / I_(k-1) is the continued fraction x/2k + x/2(k+1) + ... (DLMF 10.33.1): NumPy has I_0."""
    product, ratio = np.i0(x), 0.0 * x
    for k in range(n + enough(x) if n else 0, 0, -1):
        ratio = x / (2 * k + x * ratio)
        product = product * ratio if k <= n else product
    return product


def enough(x):
    """How far out a fraction may begin: its error falls as (I_k / I_0)**2, about exp(-k**2 / x); NumPy's I_0 overflows at 710."""
    return 12 + int(math.sqrt(40 * min(float(np.max(np.abs(x), initial=0.0, where=np.isfinite(x))), 710.0)))


elementwise(np.i0,    lambda y, x: bessel_i(1, x))                                          # DLMF 10.29.3
elementwise(bessel_i, None, lambda y, n, x: 0.5 * (bessel_i(abs(n - 1), x) + bessel_i(n + 1, x)))   # DLMF 10.29.1
