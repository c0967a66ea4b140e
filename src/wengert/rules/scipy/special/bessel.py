"""Bessel functions, their spherical and scaled kin, and Struve's (DLMF 10, 11), in the argument x; orders have no partial yet.

    elementwise(special.jv, None, below_above(special.jv))        J' = (J(v-1) - J(v+1)) / 2
"""

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, ROOT_PI, real


def below_above(f, sign=-1.0):
    """(f(v-1) + sign f(v+1)) / 2, the derivative of the cylinder functions: - for J, Y, H (10.6.1), + for I, and -K (10.29.1)."""
    return lambda y, v, x: 0.5 * (f(v - 1.0, x) + sign * f(v + 1.0, x))


def scaled(f, sign, factor):
    """The same for f(v, x) times a factor that exp brings: factor(x) is the logarithmic derivative of that."""
    inner = below_above(f, sign)
    return lambda y, v, x: inner(y, v, x) + factor(x) * y


def falling(x):
    """Of exp(-|x|)."""
    return -np.sign(real(x, "ive"))


def level(x):
    """Of exp(-|Im x|): jve and yve are scaled for complex x alone."""
    return 0.0 * real(x, "jve and yve")


def spherical(f, below, above):
    """(below n f(n-1) + above (n+1) f(n+1)) / (2n + 1), which holds for the functions and so for their derivatives, and at 0 too."""

    def slope(t, n, x):
        share = np.divide(n, 2 * n + 1).astype(t.dtype)
        return below * share * f(np.maximum(n - 1, 0), x) + above * (1.0 - share) * f(n + 1, x)

    return slope


def struve_term(v, x):
    """(x/2)**v / (sqrt(pi) gamma(v + 3/2))."""
    return np.power(0.5 * x, v) * special.rgamma(v + 1.5) / ROOT_PI


# fmt: off
elementwise(special.j0,        lambda y, x: -special.j1(x))                                                             # 10.6.3
elementwise(special.j1,        lambda y, x: 0.5 * (special.j0(x) - special.jv(2.0, x)))
elementwise(special.y0,        lambda y, x: -special.y1(x),                                  domain=POSITIVE)
elementwise(special.y1,        lambda y, x: 0.5 * (special.y0(x) - special.yv(2.0, x)),      domain=POSITIVE)
elementwise(special.i0,        lambda y, x: special.i1(x))                                                              # 10.29.3
elementwise(special.i1,        lambda y, x: 0.5 * (special.i0(x) + special.iv(2.0, x)))
elementwise(special.i0e,       lambda y, x: special.i1e(x) - np.sign(x) * y,                 domain=POSITIVE)           # 0 at its peak
elementwise(special.i1e,       lambda y, x: 0.5 * (special.i0e(x) + special.ive(2.0, x)) - np.sign(x) * y,  domain=POSITIVE)
elementwise(special.k0,        lambda y, x: -special.k1(x),                                  domain=POSITIVE)
elementwise(special.k1,        lambda y, x: -0.5 * (special.k0(x) + special.kv(2.0, x)),     domain=POSITIVE)
elementwise(special.k0e,       lambda y, x: y - special.k1e(x),                              domain=POSITIVE)
elementwise(special.k1e,       lambda y, x: y - 0.5 * (special.k0e(x) + special.kve(2.0, x)),    domain=POSITIVE)

elementwise(special.jv,        None, below_above(special.jv),                                domain=POSITIVE)
elementwise(special.yv,        None, below_above(special.yv),                                domain=POSITIVE)
elementwise(special.yn,        None, below_above(special.yv),                                domain=POSITIVE)           # n: integers
elementwise(special.iv,        None, below_above(special.iv, 1.0),                           domain=POSITIVE)
elementwise(special.kv,        None, lambda y, v, x: -0.5 * (special.kv(v - 1.0, x) + special.kv(v + 1.0, x)),   domain=POSITIVE)
elementwise(special.kn,        None, lambda y, n, x: -0.5 * (special.kv(n - 1.0, x) + special.kv(n + 1.0, x)),   domain=POSITIVE)
elementwise(special.hankel1,   None, below_above(special.hankel1),                           domain=POSITIVE)
elementwise(special.hankel2,   None, below_above(special.hankel2),                           domain=POSITIVE)
elementwise(special.jve,       None, scaled(special.jve, -1.0, level),                       domain=POSITIVE)
elementwise(special.yve,       None, scaled(special.yve, -1.0, level),                       domain=POSITIVE)
elementwise(special.ive,       None, scaled(special.ive, 1.0, falling),                      domain=POSITIVE)
elementwise(special.kve,       None, lambda y, v, x: y - 0.5 * (special.kve(v - 1.0, x) + special.kve(v + 1.0, x)),  domain=POSITIVE)
elementwise(special.hankel1e,  None, scaled(special.hankel1e, -1.0, lambda x: -1j),          domain=POSITIVE)
elementwise(special.hankel2e,  None, scaled(special.hankel2e, -1.0, lambda x: 1j),           domain=POSITIVE)

elementwise(special._spherical_jn,   None, lambda y, n, x: special._spherical_jn_d(n, x),    domain=POSITIVE)           # spherical_jn(n, x), and
elementwise(special._spherical_yn,   None, lambda y, n, x: special._spherical_yn_d(n, x),    domain=POSITIVE)           # with derivative=True
elementwise(special._spherical_in,   None, lambda y, n, x: special._spherical_in_d(n, x),    domain=POSITIVE)
elementwise(special._spherical_kn,   None, lambda y, n, x: special._spherical_kn_d(n, x),    domain=POSITIVE)
elementwise(special._spherical_jn_d, None, spherical(special._spherical_jn_d, 1, -1),        domain=POSITIVE)           # 10.51.1
elementwise(special._spherical_yn_d, None, spherical(special._spherical_yn_d, 1, -1),        domain=POSITIVE)
elementwise(special._spherical_in_d, None, spherical(special._spherical_in_d, 1, 1),         domain=POSITIVE)           # 10.51.4
elementwise(special._spherical_kn_d, None, spherical(special._spherical_kn_d, -1, -1),       domain=POSITIVE)

elementwise(special.struve,    None, lambda y, v, x: 0.5 * (special.struve(v - 1.0, x) - special.struve(v + 1.0, x) + struve_term(v, x)),        domain=POSITIVE)   # 11.4
elementwise(special.modstruve, None, lambda y, v, x: 0.5 * (special.modstruve(v - 1.0, x) + special.modstruve(v + 1.0, x) + struve_term(v, x)),  domain=POSITIVE)   # 11.4
# fmt: on
