"""Functions that are integrals: the derivative is the integrand (DLMF 6, 7, 25).

    elementwise(special.exp1, lambda y, x: -np.exp(-x) / x)        the integral of exp(-t) / t from x to infinity
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, is_complex, narrow
from wengert.rules.scipy.special.normal import erfcx_slope

# --- exponential, sine and cosine integrals, and Spence's (6, 8.19, 25.12) ----------------------------------------------------


def expn_slope(y, n, x):
    """-expn(n-1, x) (8.19.13), and for n = 0, exp(-x) / x, by hand; of n SciPy takes the whole part."""
    n = np.trunc(n)
    return np.where(n == 0, -y * (1.0 + 1.0 / x), -special.expn(np.maximum(n - 1, 0), x))


def sinhc(y, x):
    """sinh(x) / x, smooth at 0; exprel computes float16 in float64."""
    return np.sinh(x) / x if is_complex(x) else narrow(0.5 * (special.exprel(x) + special.exprel(-x)), y[0])


def spence_slope(y, x):
    """log(x) / (1 - x), smooth at 1."""
    return np.log(x) / (1.0 - x) if is_complex(x) else narrow(-1.0 / special.exprel(np.log(x)), y)


# fmt: off
elementwise(special.exp1,     lambda y, x: -np.exp(-x) / x,                                                domain=POSITIVE)   # 6.2.1
elementwise(special.expi,     lambda y, x: np.exp(x) / x,                                                  domain=POSITIVE)
elementwise(special.expn,     None, expn_slope,                                                            domain=POSITIVE)   # n: integers
elementwise(special.spence,   spence_slope,                                                                domain=POSITIVE)
elementwise(special.sici,     lambda y, x: (np.sinc(x / math.pi), np.cos(x) / x),                          domain=POSITIVE)   # 6.2.9
elementwise(special.shichi,   lambda y, x: (sinhc(y, x), np.cosh(x) / x),                                  domain=POSITIVE)
# fmt: on


# --- Fresnel (7.2.7), and from x to infinity: F = the integral of exp(-i t**2), K = exp(i x**2 + i pi/4) F / sqrt(pi) -----------

TURN = math.sqrt(0.5) * (1 + 1j)


def modfresnel_slopes(turn):
    """K is erfcx(turn x) / 2, whose slope knows how not to cancel."""
    return lambda y, x: (-np.exp(-turn * turn * (x * x)), 0.5 * turn * erfcx_slope(2.0 * y[1], turn * x))


# fmt: off
elementwise(special.fresnel,  lambda y, x: (np.sin(0.5 * math.pi * x * x), np.cos(0.5 * math.pi * x * x)), domain=POSITIVE)
elementwise(special.modfresnelm, modfresnel_slopes(TURN),                                                  domain=POSITIVE)
elementwise(special.modfresnelp, modfresnel_slopes(TURN.conjugate()),                                      domain=POSITIVE)
# fmt: on


# --- of Bessel, Struve and Airy functions from 0 to x (10.22, 10.43, 11.7, 9.10), and over t ------------------------------------


def airy_slopes(y, x):
    """Ai and Bi at x and at -x."""
    ahead, behind = special.airy(x), special.airy(-x)
    return ahead[0], ahead[2], behind[0], behind[2]


def less_one(f, sign, x):
    """sign (f(x) - 1) / x for f = 1 + sign (x/2)**2 + (x/2)**4 / 4 + ..., J0 or I0; near 0, where that cancels, by the series (10.2.2)."""
    near = np.abs(x) < 1.0
    far, q = np.where(near, 1.0, x), 0.25 * sign * np.square(np.where(near, x, 0.0))
    series = 1.0
    for k in (9, 8, 7, 6, 5, 4, 3, 2):
        series = 1.0 + series * q / (k * k)
    return np.where(near, 0.25 * x * series, sign * (f(far) - 1.0) / far)


def polynomial_slope(y, a, l, v):
    """Of the integral of x**l J_v(2 a x) over x from 0 to 1: that of x**(l+1) (J_(v-1) - J_(v+1))(2 a x)."""
    return special.besselpoly(a, l + 1.0, v - 1.0) - special.besselpoly(a, l + 1.0, v + 1.0)


# fmt: off
elementwise(special.itj0y0,   lambda y, x: (special.j0(x), special.y0(x)),                                 domain=POSITIVE)
elementwise(special.iti0k0,   lambda y, x: (special.i0(x), special.k0(x)),                                 domain=POSITIVE)
elementwise(special.itairy,   airy_slopes,                                                                 domain=POSITIVE)
elementwise(special.itstruve0,    lambda y, x: narrow(special.struve(0.0, x), y),                          domain=POSITIVE)
elementwise(special.itmodstruve0, lambda y, x: narrow(special.modstruve(0.0, x), y),                       domain=POSITIVE)
elementwise(special.it2struve0,   lambda y, x: -narrow(special.struve(0.0, x), y) / x,                     domain=POSITIVE)
elementwise(special.it2j0y0,  lambda y, x: (less_one(special.j0, -1.0, x), -special.y0(x) / x),            domain=POSITIVE)
elementwise(special.it2i0k0,  lambda y, x: (less_one(special.i0, 1.0, x), -special.k0(x) / x),             domain=POSITIVE)
elementwise(special.besselpoly, polynomial_slope, None, None,                                              domain=POSITIVE)
# fmt: on
