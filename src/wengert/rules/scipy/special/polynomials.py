"""Orthogonal polynomials and Legendre functions (DLMF 14, 18), in the argument x; degrees and parameters have no partial.

    elementwise(special.eval_chebyt, None, lambda y, n, x: n * lowered(special.eval_chebyu, n, x))        T' = n U(n-1)
"""

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import LARGE, POSITIVE, ROOT_PI, SMALL, UNIT


def lowered(f, n, *more):
    """f(n - 1, ...) for a polynomial of degree n, and 0 where n is 0."""
    flat = np.equal(n, 0)
    return np.where(flat, 0.0, f(n - 1 + flat, *more))


def mirrored(n):
    """The degree above -1/2 with the same Legendre function: P of -n-1 is P of n (14.9.5)."""
    return np.where(np.less(n, -0.5), -np.add(n, 1), n)


def chebyu_slope(n, x):
    """2 C(x) of degree n - 1 and parameter 2; U of -n-2 is -U of n, and of -1 it is 0 (18.5.2)."""
    up = np.abs(np.add(n, 1)) - 1
    return 2.0 * np.sign(np.add(n, 1)) * lowered(special.eval_gegenbauer, np.where(up == -1, 0, up), 2.0, x)


def degree(n):
    """n as whole numbers if that is what they are: SciPy's recurrences in whole n are exact where its series in real n is not."""
    n = np.asarray(n)
    return n.astype(np.long) if np.all(n == np.floor(n)) else n


def legendre_slope(y, m, v, x):
    """Of k (1 - x**2)**(m/2) C(x), C being Gegenbauer's function of degree v - m and parameter m + 1/2 (18.11.1): smooth up to x = +-1."""
    k = np.abs(m)
    n, s = degree(v - k), (1.0 - x) * (1.0 + x)
    inner = (2.0 * k + 1.0) * np.power(s, 0.5 * k) * lowered(special.eval_gegenbauer, n, k + 1.5, x)
    outer = k * x * np.power(s, np.where(k == 0, 1.0, 0.5 * k - 1.0)) * special.eval_gegenbauer(n, k + 0.5, x)
    return legendre_factor(m, v) * (inner - outer)


def legendre_factor(m, v):
    """(-2)**m gamma(m + 1/2) / sqrt(pi), and for negative orders the ratio of factorials besides (14.9.3)."""
    k = np.abs(m)
    ratio = np.where(m < 0, np.where(k % 2 == 0, 1.0, -1.0) * special.gamma(v - k + 1.0) * special.rgamma(v + k + 1.0), 1.0)
    return ratio * np.power(-2.0, k) * special.gamma(k + 0.5) / ROOT_PI


# fmt: off
elementwise(special.eval_jacobi,      None, None, None, lambda y, n, a, b, x: 0.5 * (n + a + b + 1.0) * lowered(special.eval_jacobi, n, a + 1.0, b + 1.0, x),
                                      domain=(POSITIVE, POSITIVE, POSITIVE, SMALL))                                     # 18.9.15
elementwise(special.eval_gegenbauer,  None, None, lambda y, n, a, x: 2.0 * a * lowered(special.eval_gegenbauer, n, a + 1.0, x),   domain=(POSITIVE, POSITIVE, SMALL))   # 18.9.19
elementwise(special.eval_legendre,    None, lambda y, n, x: lowered(special.eval_gegenbauer, mirrored(n), 1.5, x),           domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyt,      None, lambda y, n, x: np.abs(n) * lowered(special.eval_chebyu, np.abs(n), x),          domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyu,      None, lambda y, n, x: chebyu_slope(n, x),                                          domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyc,      None, lambda y, n, x: np.abs(n) * lowered(special.eval_chebyu, np.abs(n), 0.5 * x),    domain=(POSITIVE, SMALL))
elementwise(special.eval_chebys,      None, lambda y, n, x: 0.5 * chebyu_slope(n, 0.5 * x),                              domain=(POSITIVE, SMALL))
elementwise(special.eval_sh_legendre, None, lambda y, n, x: 2.0 * lowered(special.eval_gegenbauer, mirrored(n), 1.5, 2.0 * x - 1.0), domain=(POSITIVE, UNIT))
elementwise(special.eval_sh_chebyt,   None, lambda y, n, x: 2.0 * np.abs(n) * lowered(special.eval_chebyu, np.abs(n), 2.0 * x - 1.0), domain=(POSITIVE, UNIT))
elementwise(special.eval_sh_chebyu,   None, lambda y, n, x: 2.0 * chebyu_slope(n, 2.0 * x - 1.0),                        domain=(POSITIVE, UNIT))
elementwise(special.eval_genlaguerre, None, None, lambda y, n, a, x: -lowered(special.eval_genlaguerre, n, a + 1.0, x),      domain=POSITIVE)   # 18.9.23
elementwise(special.eval_laguerre,    None, lambda y, n, x: -lowered(special.eval_genlaguerre, n, 1.0, x),                   domain=POSITIVE)
elementwise(special.eval_hermite,     None, lambda y, n, x: 2.0 * n * lowered(special.eval_hermite, n, x))    # 18.9.25; n: integers
elementwise(special.eval_hermitenorm, None, lambda y, n, x: n * lowered(special.eval_hermitenorm, n, x))      # 18.9.27
elementwise(special.eval_sh_jacobi,   None, None, None, lambda y, n, p, q, x: n * lowered(special.eval_sh_jacobi, n, p + 2.0, q + 1.0, x),
                                      domain=(POSITIVE, LARGE, UNIT, UNIT))                                             # 18.9.15, 18.7.1
elementwise(special.lpmv,             None, None, legendre_slope,                                                            domain=SMALL)
# fmt: on
