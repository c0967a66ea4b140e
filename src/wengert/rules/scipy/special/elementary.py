"""Logistic functions, entropies, powers and trigonometry in degrees: what the elementary functions give, rounded with care.

    elementwise(special.expit, lambda y, x: y * special.expit(-x))
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import constant, elementwise
from wengert.rules.scipy.special._shared import POSITIVE, UNIT
from wengert.rules.vocabulary import over

LN2, LN10, DEGREE = math.log(2), math.log(10), math.pi / 180


def exprel_slope(x):
    """(exp(x) - exprel(x)) / x, and near 0, where that cancels, M(2, 3, x) / 2 (DLMF 13.3.15), which for large x never ends."""
    near = np.abs(x) < 1.0
    far = np.where(near, 1.0, x)
    return np.where(near, 0.5 * special.hyp1f1(2.0, 3.0, np.where(near, x, 0.0)), (np.exp(far) - special.exprel(far)) / far)


def boxcox_power(l, p):
    """(x**p - 1) / p = l exprel(p l) for l = log(x): by p, l**2 exprel'(p l); 1 / p**2 at x = 0 for positive p."""
    zero = (l == -np.inf) & (p > 0)
    l = np.where(zero, 0.0, l)
    return np.where(zero, 1.0 / np.square(np.where(zero, p, 1.0)), l * l * exprel_slope(p * l))


def huber_by_width(d, r, h):
    """Of d (h - d), h being hypot(d, r): (h - d)**2 / h, without that difference; |r| at d = 0."""
    return np.square(r * over(r, h + d)) / np.where(h == 0, 1.0, h)


# fmt: off
elementwise(special.expit,     lambda y, x: y * special.expit(-x))                       # y (1 - y) would lose expit(40)
elementwise(special.logit,     lambda y, x: 1.0 / (x * (1.0 - x)),                           domain=UNIT)
elementwise(special.log_expit, lambda y, x: special.expit(-x))
elementwise(special.xlogy,     lambda z, x, y: np.log(y),      lambda z, x, y: over(x, y),          domain=((-3, 3), POSITIVE))
elementwise(special.xlog1py,   lambda z, x, y: np.log1p(y),    lambda z, x, y: over(x, 1.0 + y),    domain=((-3, 3), POSITIVE))
elementwise(special.entr,      lambda y, x: -np.log(x) - 1.0,                                domain=POSITIVE)
elementwise(special.rel_entr,  lambda z, x, y: np.log(over(x, y)) + 1.0, lambda z, x, y: -over(x, y),       domain=(POSITIVE, POSITIVE))
elementwise(special.kl_div,    lambda z, x, y: np.log(over(x, y)),       lambda z, x, y: 1.0 - over(x, y),  domain=(POSITIVE, POSITIVE))
elementwise(special.huber,     lambda z, d, r: np.where(np.abs(r) <= d, 0.0, np.abs(r) - d),
                               lambda z, d, r: np.where(np.abs(r) <= d, r, d * np.sign(r)),  domain=((0.5, 1.0), (1.2, 3.0)))
elementwise(special.pseudo_huber, lambda z, d, r: huber_by_width(d, r, np.hypot(d, r)),
                               lambda z, d, r: over(r * d, np.hypot(d, r)),                  domain=(POSITIVE, (-3, 3)))
elementwise(special.expm1,     lambda y, x: np.exp(x))
elementwise(special.log1p,     lambda y, x: 1.0 / (1.0 + x),                                 domain=POSITIVE)
elementwise(special._log1pmx,  lambda y, x: -x / (1.0 + x),                                  domain=POSITIVE)           # log1p(x) - x
elementwise(special.exp2,      lambda y, x: LN2 * y)
elementwise(special.exp10,     lambda y, x: LN10 * y)
elementwise(special.cbrt,      lambda y, x: (1 / 3) / y / y,                                 domain=(-3.0, -0.2))
elementwise(special.cosm1,     lambda y, x: -np.sin(x))
elementwise(special.exprel,    lambda y, x: exprel_slope(x))
elementwise(special.powm1,     lambda z, x, y: y * np.power(x, y - 1.0), lambda z, x, y: (z + 1.0) * np.log(x), domain=(POSITIVE, (-3, 3)))
elementwise(special.boxcox,    lambda z, x, p: np.power(x, p - 1.0),     lambda z, x, p: boxcox_power(np.log(x), p),     domain=(POSITIVE, (-3, 3)))
elementwise(special.boxcox1p,  lambda z, x, p: np.power(1.0 + x, p - 1.0), lambda z, x, p: boxcox_power(np.log1p(x), p), domain=(POSITIVE, (-3, 3)))
elementwise(special.inv_boxcox,   lambda x, z, p: np.power(x, 1.0 - p),  lambda x, z, p: -boxcox_power(np.log(x), p) * np.power(x, 1.0 - p),
                               domain=(POSITIVE, POSITIVE))
elementwise(special.inv_boxcox1p, lambda x, z, p: np.power(1.0 + x, 1.0 - p), lambda x, z, p: -boxcox_power(np.log1p(x), p) * np.power(1.0 + x, 1.0 - p),
                               domain=(POSITIVE, POSITIVE))
elementwise(special.sindg,     lambda y, x: DEGREE * special.cosdg(x))
elementwise(special.cosdg,     lambda y, x: -DEGREE * special.sindg(x))
elementwise(special.tandg,     lambda y, x: DEGREE * (1.0 + y * y))
elementwise(special.cotdg,     lambda y, x: -DEGREE * (1.0 + y * y),                         domain=(20.0, 70.0))
elementwise(special.radian,    DEGREE, DEGREE / 60, DEGREE / 3600)
elementwise(special.wrightomega, lambda y, x: 1.0 / (1.0 + 1.0 / y))
elementwise(special._lambertw, lambda y, x, k, tolerance: 1.0 / (x + np.exp(y)), None, None,   domain=POSITIVE)           # DLMF 4.13.4
constant(special.round)
# fmt: on
