"""Functions that come with their derivative: the derivative of that is what their differential equation says.

    elementwise(special.pbdv, None, with_bend(lambda y, v, x: (0.25 * x * x - v - 0.5) * y))       D'' = (x**2 / 4 - v - 1/2) D

Airy, parabolic cylinder, Kelvin, Mathieu and spheroidal wave functions (DLMF 9, 12, 10.61, 28, 30), in the argument x. Orders and
parameters have no partial yet, and neither have characteristic values.
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, SMALL, real

DEGREE = math.pi / 180
RADIAL = (1.2, 3.0)


# --- Airy (9.2.1): w'' = x w ------------------------------------------------------------------------------------------------


def airye_slopes(y, x):
    """Those of Ai exp(2/3 x**1.5) and Bi exp(-|2/3 Re(x**1.5)|): for x < 0 Bi has no factor, and Ai is not real."""
    ai, da, bi, db = y
    root = np.sqrt(np.maximum(real(x, "airye"), 0.0))
    return da + root * ai, x * ai + root * da, db - root * bi, x * bi - root * db


elementwise(special.airy, lambda y, x: (y[1], x * y[0], y[3], x * y[2]), domain=POSITIVE)
elementwise(special.airye, airye_slopes, domain=POSITIVE)


# --- Kelvin (10.61.3): w'' + w' / x = i w, for w = ber + i bei and ker + i kei ------------------------------------------------


def bend(iw, slope, x):
    """i w - w' / x, and at 0, where w' / x is w'', half of i w."""
    zero = x == 0
    return np.where(zero, 0.5 * iw, iw - slope / np.where(zero, 1.0, x))


def kelvin_slopes(y, x):
    be, ke, dbe, dke = y
    return dbe, dke, bend(1j * be, dbe, x), bend(1j * ke, dke, x)


# fmt: off
elementwise(special.kelvin, kelvin_slopes,                                      domain=POSITIVE)
elementwise(special.ber,    lambda y, x: special.berp(x),                       domain=POSITIVE)
elementwise(special.bei,    lambda y, x: special.beip(x),                       domain=POSITIVE)
elementwise(special.ker,    lambda y, x: special.kerp(x),                       domain=POSITIVE)
elementwise(special.kei,    lambda y, x: special.keip(x),                       domain=POSITIVE)
elementwise(special.berp,   lambda y, x: bend(-special.bei(x), y, x),           domain=POSITIVE)
elementwise(special.beip,   lambda y, x: bend(special.ber(x), y, x),            domain=POSITIVE)
elementwise(special.kerp,   lambda y, x: bend(-special.kei(x), y, x),           domain=POSITIVE)
elementwise(special.keip,   lambda y, x: bend(special.ker(x), y, x),            domain=POSITIVE)
# fmt: on


# --- parabolic cylinders (12.2.4 for D, 12.2.2 for V, 12.2.3 for W) ------------------------------------------------------------------


def cylinder(y, v, x):
    return y[1], (0.25 * x * x - v - 0.5) * y[0]


elementwise(special.pbdv, None, cylinder, domain=((-3, 3), (-3, 3)))
elementwise(special.pbvv, None, cylinder, domain=((-3, 3), (-3, 3)))
elementwise(special.pbwa, None, lambda y, a, x: (y[1], (a - 0.25 * x * x) * y[0]), domain=((-3, 3), (-3, 3)))


# --- Mathieu (28.2.1, 28.20.1) ------------------------------------------------------------------------------------------------


def angular(characteristic):
    """w'' + (a - 2 q cos(2 x)) w = 0, for x in degrees and w' by radians."""

    def slopes(y, m, q, x):
        return DEGREE * y[1], DEGREE * (2.0 * q * np.cos(2 * DEGREE * x) - characteristic(m, q)) * y[0]

    return slopes


def modified(characteristic):
    """w'' - (a - 2 q cosh(2 x)) w = 0."""

    def slopes(y, m, q, x):
        return y[1], (characteristic(m, q) - 2.0 * q * np.cosh(2.0 * x)) * y[0]

    return slopes


elementwise(special.mathieu_cem, None, None, angular(special.mathieu_a))
elementwise(special.mathieu_sem, None, None, angular(special.mathieu_b))
elementwise(special.mathieu_modcem1, None, None, modified(special.mathieu_a))
elementwise(special.mathieu_modcem2, None, None, modified(special.mathieu_a))
elementwise(special.mathieu_modsem1, None, None, modified(special.mathieu_b))
elementwise(special.mathieu_modsem2, None, None, modified(special.mathieu_b))


# --- spheroidal waves (30.2.1): ((1 - x**2) w')' + (l - c**2 x**2 - m**2 / (1 - x**2)) w = 0; oblate where c**2 and, radially, x**2
# --- change their sign


def prolate(y, m, c, l, x):
    w, slope = y
    s = 1.0 - x * x
    return slope, (2.0 * x * slope - (l - np.square(c * x) - m * m / s) * w) / s


def oblate(y, m, c, l, x):
    w, slope = y
    s = 1.0 - x * x
    return slope, (2.0 * x * slope - (l + np.square(c * x) - m * m / s) * w) / s


def oblate_radial(y, m, c, l, x):
    w, slope = y
    s = 1.0 + x * x
    return slope, (-2.0 * x * slope + (l - np.square(c * x) - m * m / s) * w) / s


def found(slopes, characteristic):
    """For functions that find the characteristic value l themselves."""
    return lambda y, m, n, c, x: slopes(y, m, c, characteristic(m, n, c), x)


def given(slopes):
    """For functions that are given it."""
    return lambda y, m, n, c, l, x: slopes(y, m, c, l, x)


# fmt: off
elementwise(special.pro_ang1,    None, None, None,       found(prolate, special.pro_cv),         domain=SMALL)
elementwise(special.pro_rad1,    None, None, None,       found(prolate, special.pro_cv),         domain=RADIAL)
elementwise(special.pro_rad2,    None, None, None,       found(prolate, special.pro_cv),         domain=RADIAL)
elementwise(special.obl_ang1,    None, None, None,       found(oblate, special.obl_cv),          domain=SMALL)
elementwise(special.obl_rad1,    None, None, None,       found(oblate_radial, special.obl_cv),   domain=POSITIVE)
elementwise(special.obl_rad2,    None, None, None,       found(oblate_radial, special.obl_cv),   domain=POSITIVE)
elementwise(special.pro_ang1_cv, None, None, None, None, given(prolate),                         domain=SMALL)
elementwise(special.pro_rad1_cv, None, None, None, None, given(prolate),                         domain=RADIAL)
elementwise(special.pro_rad2_cv, None, None, None, None, given(prolate),                         domain=RADIAL)
elementwise(special.obl_ang1_cv, None, None, None, None, given(oblate),                          domain=SMALL)
elementwise(special.obl_rad1_cv, None, None, None, None, given(oblate_radial),                   domain=POSITIVE)
elementwise(special.obl_rad2_cv, None, None, None, None, given(oblate_radial),                   domain=POSITIVE)
# fmt: on
