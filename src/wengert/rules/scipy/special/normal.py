"""The error function, the normal distribution and their kin (DLMF 7).

    elementwise(special.ndtr, lambda y, x: np.exp(-0.5 * x * x) / ROOT_2PI)

Where a slope is a difference that cancels, as 2 x y - 2 / sqrt(pi) of erfcx for large x, its asymptotic series stands in.
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, ROOT_2PI, ROOT_PI, SMALL, UNIT, is_complex, series

FAR = 16.0  # from where ten terms of the series are exact to rounding
ODD = [float(math.prod(range(1, 2 * k, 2))) for k in range(1, 11)]  # (2k - 1)!!


def erfcx_slope(y, x):
    """2 x y - 2 / sqrt(pi), and for large x, where that cancels, its asymptotic series (DLMF 7.12.1)."""
    far = (np.abs(x) > FAR) & (np.real(x) >= 0.0)
    q = 0.5 / np.square(np.where(far, x, FAR))
    return 2 / ROOT_PI * np.where(far, odd_factorials(-q), ROOT_PI * x * y - 1.0)


def wofz_slope(y, x):
    """2i / sqrt(pi) - 2 x y (7.10.2), by w(x) = erfcx(-ix)."""
    return -1j * erfcx_slope(y, -1j * x)


def dawsn_slope(y, x):
    """1 - 2 x y, and for large x, where that cancels, its asymptotic series."""
    if is_complex(x):
        return 1.0 - 2.0 * x * y
    far = np.abs(x) > FAR
    return np.where(far, -odd_factorials(0.5 / np.square(np.where(far, x, FAR))), 1.0 - 2.0 * x * y)


def odd_factorials(q):
    """q + 3 q**2 + 3 5 q**3 + 3 5 7 q**4 + ..."""
    return series(ODD, q)


def mills(y, x):
    """exp(-x**2 / 2) / (sqrt(2 pi) ndtr(x)), by erfcx where x < 0, since ndtr vanishes there; y = log(ndtr(x))."""
    right = np.real(x) > 0
    left = math.sqrt(2 / math.pi) / special.erfcx(np.where(right, 0.0, x) * -math.sqrt(0.5))
    return np.where(right, np.exp(-0.5 * x * x - y) / ROOT_2PI, left)


# fmt: off
elementwise(special.erf,       lambda y, x: 2 / ROOT_PI * np.exp(-x * x))                                               # 7.2.1
elementwise(special.erfc,      lambda y, x: -2 / ROOT_PI * np.exp(-x * x))
elementwise(special.erfi,      lambda y, x: 2 / ROOT_PI * np.exp(x * x))
elementwise(special.erfcx,     erfcx_slope)
elementwise(special.dawsn,     dawsn_slope)
elementwise(special.wofz,      wofz_slope)
elementwise(special.erfinv,    lambda y, x: 0.5 * ROOT_PI * np.exp(y * y),                   domain=SMALL)
elementwise(special.erfcinv,   lambda y, x: -0.5 * ROOT_PI * np.exp(y * y),                  domain=(0.1, 1.9))
elementwise(special.ndtr,      lambda y, x: np.exp(-0.5 * x * x) / ROOT_2PI)
elementwise(special.log_ndtr,  mills)
elementwise(special.ndtri,     lambda y, x: ROOT_2PI * np.exp(0.5 * y * y),                  domain=UNIT)
elementwise(special.ndtri_exp, lambda y, x: 1.0 / mills(x, y),                               domain=(-3.0, -0.2))
elementwise(special.owens_t,   lambda y, h, a: special.erf(a * h * math.sqrt(0.5)) * np.exp(-0.5 * h * h) / (-2 * ROOT_2PI),
                               lambda y, h, a: np.exp(-0.5 * h * h * (1.0 + a * a)) / (2 * math.pi * (1.0 + a * a)))
# fmt: on


# --- the Voigt profile: a normal distribution folded with Cauchy's (DLMF 7.19) --------------------------------------------

def wofz_bend(w, slope, z):
    """w(z) + z w'(z) = -w''(z) / 2, and for large z, where that cancels, its asymptotic series: 2k (2k - 1)!! for its terms."""
    far = (np.abs(z) > FAR) & (np.imag(z) >= 0.0)
    u = -1j * np.where(far, z, FAR * 1j)
    bends = [2 * k * c for k, c in enumerate(ODD, 1)]
    return np.where(far, -series(bends, -0.5 / np.square(u)) / (ROOT_PI * u), w + z * slope)


def voigt(x, sigma, gamma):
    """V = Re(w(z)) / (sigma sqrt(2 pi)) at z = (x + i gamma) / (sigma sqrt(2)): z, w(z) and w'(z)."""
    z = (x + 1j * gamma) / (math.sqrt(2) * sigma)
    w = special.wofz(z)
    return z, w, wofz_slope(w, z)


def voigt_by_x(y, x, sigma, gamma):
    _, _, slope = voigt(x, sigma, gamma)
    return np.real(slope) / (2 * ROOT_PI * sigma * sigma)


def voigt_by_sigma(y, x, sigma, gamma):
    z, w, slope = voigt(x, sigma, gamma)
    return -np.real(wofz_bend(w, slope, z)) / (ROOT_2PI * sigma * sigma)


def voigt_by_gamma(y, x, sigma, gamma):
    _, _, slope = voigt(x, sigma, gamma)
    return -np.imag(slope) / (2 * ROOT_PI * sigma * sigma)


elementwise(special.voigt_profile, voigt_by_x, voigt_by_sigma, voigt_by_gamma, domain=((-3, 3), POSITIVE, POSITIVE))
