"""Elliptic integrals and functions, and the arithmetic-geometric mean (DLMF 19, 22).

    elementwise(special.ellipk, lambda y, m: special.elliprd(0.0, 1.0, 1.0 - m) / 6)       (E - (1-m) K) / (2m (1-m)) would cancel at 0

Legendre's integrals are Carlson's R (19.25), whose derivatives are again of that kind (19.18).
"""

import cmath
import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, SMALL, UNIT, is_complex

# --- Carlson's symmetric integrals --------------------------------------------------------------------------------------------

CIRCLE = [cmath.exp(1j * math.pi * (2 * k + 1) / 16) / 8 for k in range(16)]  # the first half lies above the real axis


def divided(f, g, x, p):
    """(f(x) - g(x)) / (x - p) for functions that agree at p; near p its mean over a circle about x: exact to 8**-16, as it is analytic."""
    near = np.abs(x - p) < 0.02 * np.abs(x)
    away = np.where(near, 2.0 * x, x)
    far = (f(away) - g(away)) / (away - p)
    if not np.any(near):
        return far
    centre = np.where(near, x, 1.0)
    circle = [centre * (1.0 + w) for w in (CIRCLE if is_complex(far) else CIRCLE[:8])]
    mean = sum((f(u) - g(u)) / (u - p) for u in circle) / len(circle)
    return np.where(near, mean if is_complex(far) else np.real(mean), far)


def rd_by_first(x, y, z):
    """By 19.18.4 and partial fractions, (R_D(y, z, x) - R_D(x, y, z)) / (2 (x - z))."""
    return 0.5 * divided(lambda u: special.elliprd(y, z, u), lambda u: special.elliprd(u, y, z), x, z)


def rj_by_first(x, y, z, p):
    return 0.5 * divided(lambda u: special.elliprd(y, z, u), lambda u: special.elliprj(u, y, z, p), x, p)


def by_last(value, p, *others):
    """The last partial of a function homogeneous of degree -3/2 (19.18.11), from its others as pairs (x, partial); x = 0 adds nothing."""
    return (-1.5 * value - sum(np.where(x == 0, 0.0, x * slope) for x, slope in others)) / p


def rc_by_x(value, x, y):
    """R_C(x, y) is R_F(x, y, y), and for y < 0 a principal value: by its differential equation there."""
    negative = is_negative(y)
    u = np.where(negative, 1.0, y)
    return np.where(negative, 0.5 * (value - 1.0 / np.sqrt(x)) / (y - x), -special.elliprd(u, u, x) / 6)


def rc_by_y(value, x, y):
    negative = is_negative(y)
    u = np.where(negative, 1.0, y)
    return np.where(negative, 0.5 * (np.sqrt(x) / y - value) / (y - x), -special.elliprd(x, u, u) / 3)


def is_negative(y):
    return np.logical_and(not is_complex(y), np.real(y) < 0)


def rg_slope(x, y, z):
    return 0.25 * special.elliprf(x, y, z) - z * special.elliprd(x, y, z) / 12


# fmt: off
elementwise(special.elliprc, rc_by_x,                                            rc_by_y,                                            domain=POSITIVE)
elementwise(special.elliprf, lambda w, x, y, z: -special.elliprd(y, z, x) / 6,   lambda w, x, y, z: -special.elliprd(z, x, y) / 6,
                             lambda w, x, y, z: -special.elliprd(x, y, z) / 6,                                                       domain=POSITIVE)
elementwise(special.elliprg, lambda w, x, y, z: rg_slope(y, z, x),               lambda w, x, y, z: rg_slope(z, x, y),
                             lambda w, x, y, z: rg_slope(x, y, z),                                                                   domain=POSITIVE)
elementwise(special.elliprd, lambda w, x, y, z: rd_by_first(x, y, z),            lambda w, x, y, z: rd_by_first(y, x, z),
                             lambda w, x, y, z: by_last(w, z, (x, rd_by_first(x, y, z)), (y, rd_by_first(y, x, z))),                 domain=POSITIVE)
elementwise(special.elliprj, lambda w, x, y, z, p: rj_by_first(x, y, z, p),      lambda w, x, y, z, p: rj_by_first(y, z, x, p),      lambda w, x, y, z, p: rj_by_first(z, x, y, p),
                             lambda w, x, y, z, p: by_last(w, p, (x, rj_by_first(x, y, z, p)), (y, rj_by_first(y, z, x, p)), (z, rj_by_first(z, x, y, p))),  domain=POSITIVE)
# fmt: on


# --- Legendre's integrals and Jacobi's functions (19.25, 22.13), and the arithmetic-geometric mean (19.22) -----------------------


def kinc_by_m(p, m):
    """sin(p)**3 R_D(cos(p)**2, 1, 1 - m sin(p)**2) / 6 within a quarter period (19.25.5), plus that of the 2n K in p."""
    n, s, c = quarters(p)
    whole = np.where(n == 0, 0.0, n * special.elliprd(0.0, 1.0, 1.0 - m) / 3)
    return whole + s**3 * special.elliprd(c * c, 1.0, 1.0 - m * s * s) / 6


def einc_by_m(p, m):
    """(E - F) / (2 m), likewise (19.25.9)."""
    n, s, c = quarters(p)
    whole = np.where(n == 0, 0.0, n * special.elliprd(0.0, 1.0 - m, 1.0) / 3)
    return -whole - s**3 * special.elliprd(c * c, 1.0 - m * s * s, 1.0) / 6


def quarters(p):
    """The nearest n pi, as n, and sine and cosine of what is left of p."""
    n = np.round(p / math.pi)
    return n, np.sin(p - n * math.pi), np.cos(p - n * math.pi)


def ellipj_by_u(y, u, m):
    """Of sn, cn, dn and the amplitude (22.13.1)."""
    sn, cn, dn, _ = y
    return cn * dn, -sn * dn, -m * sn * cn, dn


def ellipj_by_m(y, u, m):
    """From that of the amplitude p, since F(p, m) = u stays."""
    sn, cn, dn, p = y
    turn = -dn * kinc_by_m(p, m)
    return cn * turn, -sn * turn, -0.5 * (sn * sn + 2.0 * m * sn * cn * turn) / dn, turn


def agm_slope(y, a, b):
    """pi / (2 agm(a, b)) is R_F(0, a**2, b**2) (19.22.8); agm(a, 0) is 0, from where it rises steeper than any power of b."""
    still, steep = (b == 0) & (a != 0), a == 0
    a, b, flat = np.where(steep, 1.0, a), np.where(still, 1.0, b), np.sqrt(np.where(still, b, 0.0))
    slope = 2 / (3 * math.pi) * np.square(y / a) * special.elliprd(0.0, np.square(b / a), 1.0)
    return np.where(still, flat, np.where(steep, np.inf, slope))


# fmt: off
elementwise(special.ellipk,    lambda y, m: special.elliprd(0.0, 1.0, 1.0 - m) / 6,                                                  domain=SMALL)
elementwise(special.ellipkm1,  lambda y, p: -special.elliprd(0.0, 1.0, p) / 6,                                                       domain=UNIT)
elementwise(special.ellipe,    lambda y, m: -special.elliprd(0.0, 1.0 - m, 1.0) / 6,                                                 domain=SMALL)
elementwise(special.ellipkinc, lambda y, p, m: 1.0 / np.sqrt(1.0 - m * np.square(np.sin(p))),   lambda y, p, m: kinc_by_m(p, m),     domain=SMALL)
elementwise(special.ellipeinc, lambda y, p, m: np.sqrt(1.0 - m * np.square(np.sin(p))),         lambda y, p, m: einc_by_m(p, m),     domain=SMALL)
elementwise(special.ellipj,    ellipj_by_u,                                                     ellipj_by_m,                         domain=(POSITIVE, UNIT))
elementwise(special.agm,       agm_slope,                                                       lambda y, a, b: agm_slope(y, b, a),  domain=POSITIVE)
# fmt: on
