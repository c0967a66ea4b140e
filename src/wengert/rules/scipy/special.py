"""The ufuncs of scipy.special, in the arguments that have simple derivatives: x before all, and elementary parameters.

    wg.grad(lambda x: np.sum(special.erf(x) * special.gammaln(x)))

They reach us by NumPy's protocol. The rows name SciPy's ufuncs themselves (`scipy.special._ufuncs`), since with
SCIPY_ARRAY_API=1 the public functions are wrappers of these. This file is imported when the first of them meets a tensor
(`declare.row_of`), so that importing wengert never imports SciPy. An argument without a partial says so when it is traced.

Numbers are those of the Digital Library of Mathematical Functions (DLMF), https://dlmf.nist.gov.
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.errors import MissingRuleError
from wengert.rules.declare import constant, elementwise, pair
from wengert.rules.vocabulary import astype, over

LN2, LN10, DEGREE = math.log(2), math.log(10), math.pi / 180
ROOT_PI, ROOT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)
POSITIVE, UNIT, SMALL, LARGE = (0.2, 3.0), (0.1, 0.9), (-0.9, 0.9), (1.5, 4.0)


def is_complex(x):
    return isinstance(x, complex) or (hasattr(x, "dtype") and x.dtype.kind == "c")


# --- the error function and the normal distribution (DLMF 7) ------------------------------------------------------------


def erfcx_slope(y, x):
    """2 x y - 2 / sqrt(pi), and for large x, where that cancels, its asymptotic series (DLMF 7.12.1)."""
    far = np.real(x) > 25.0
    q = 0.5 / np.square(np.where(far, x, 25.0))
    return 2 / ROOT_PI * np.where(far, odd_factorials(-q), ROOT_PI * x * y - 1.0)


def dawsn_slope(y, x):
    """1 - 2 x y, and for large x, where that cancels, its asymptotic series."""
    if is_complex(x):
        return 1.0 - 2.0 * x * y
    far = np.abs(x) > 25.0
    return np.where(far, -odd_factorials(0.5 / np.square(np.where(far, x, 25.0))), 1.0 - 2.0 * x * y)


def odd_factorials(q):
    """q + 3 q**2 + 3 5 q**3 + 3 5 7 q**4 + ..."""
    total = 1.0
    for odd in (15, 13, 11, 9, 7, 5, 3):
        total = 1.0 + odd * q * total
    return q * total


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
elementwise(special.wofz,      lambda y, x: 2j / ROOT_PI - 2.0 * x * y)                                                 # 7.10.2
elementwise(special.erfinv,    lambda y, x: 0.5 * ROOT_PI * np.exp(y * y),                   domain=SMALL)
elementwise(special.erfcinv,   lambda y, x: -0.5 * ROOT_PI * np.exp(y * y),                  domain=(0.1, 1.9))
elementwise(special.ndtr,      lambda y, x: np.exp(-0.5 * x * x) / ROOT_2PI)
elementwise(special.log_ndtr,  mills)
elementwise(special.ndtri,     lambda y, x: ROOT_2PI * np.exp(0.5 * y * y),                  domain=UNIT)
elementwise(special.ndtri_exp, lambda y, x: 1.0 / mills(x, y),                               domain=(-3.0, -0.2))
elementwise(special.owens_t,   lambda y, h, a: special.erf(a * h * math.sqrt(0.5)) * np.exp(-0.5 * h * h) / (-2 * ROOT_2PI),
                               lambda y, h, a: np.exp(-0.5 * h * h * (1.0 + a * a)) / (2 * math.pi * (1.0 + a * a)))

# --- logistic, entropy and other elementary functions -------------------------------------------------------------------

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
elementwise(special.pseudo_huber, lambda z, d, r: 2.0 * z / d - r * r / d / (z / np.square(d) + 1.0),
                               lambda z, d, r: r / (z / np.square(d) + 1.0),                 domain=(POSITIVE, (-3, 3)))
elementwise(special.expm1,     lambda y, x: np.exp(x))
elementwise(special.log1p,     lambda y, x: 1.0 / (1.0 + x),                                 domain=POSITIVE)
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
elementwise(special.wrightomega, lambda y, x: y / (1.0 + y))
constant(special.round, special.gammasgn)
# fmt: on


def exprel_slope(x):
    """(exp(x) - exprel(x)) / x, and near 0, where that cancels, M(2, 3, x) / 2 (DLMF 13.3.15), which for large x never ends."""
    near = np.abs(x) < 1.0
    far = np.where(near, 1.0, x)
    return np.where(near, 0.5 * special.hyp1f1(2.0, 3.0, np.where(near, x, 0.0)), (np.exp(far) - special.exprel(far)) / far)


def boxcox_power(l, p):
    """(x**p - 1) / p = l exprel(p l) for l = log(x): by p, l**2 exprel'(p l)."""
    return l * l * exprel_slope(p * l)


# --- gamma and beta (DLMF 5, 8) -----------------------------------------------------------------------------------------


def trigamma(x):
    """psi'(x) = zeta(2, x) (25.11.12), by reflection on the left (5.15.6)."""
    if is_complex(x):
        return complex_trigamma(x)
    left = x < 0.5
    y = special._zeta(2.0, np.where(left, 1.0 - x, x))
    return np.where(left, np.square(math.pi / np.sin(math.pi * (x - np.round(x)))) - y, y)


def complex_trigamma(x):
    """By reflection (5.15.6) and recurrence (5.15.5) to a real part above 12, then asymptotically (5.15.8): error near 1e-16."""
    left = np.real(x) < 0.5
    z = np.where(left, 1.0 - x, x)
    y = sum(1.0 / np.square(z + k) for k in range(12))
    z = z + 12.0
    q = 1.0 / np.square(z)
    y = y + 1.0 / z + 0.5 * q + sum(b * q**k / z for k, b in enumerate(BERNOULLI, 1))
    return np.where(left, np.square(math.pi / np.sin(math.pi * (x - np.round(np.real(x))))) - y, y)


BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def gamma_density(a, x):
    """x**(a-1) exp(-x) / gamma(a)."""
    return np.exp(special.xlogy(a - 1.0, x) - x - special.gammaln(a))


def beta_density(a, b, x):
    return np.exp(special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) - special.betaln(a, b))


def t_density(v, x):
    return np.exp(-0.5 * (v + 1.0) * np.log1p(x * x / v) - special.betaln(0.5, 0.5 * v)) / np.sqrt(v)


# fmt: off
elementwise(special.gammaln,   lambda y, x: special.psi(x),                                  domain=POSITIVE)           # 5.2.2
elementwise(special.loggamma,  lambda y, x: special.psi(x),                                  domain=POSITIVE)
elementwise(special.gamma,     lambda y, x: y * special.psi(x),                              domain=POSITIVE)
elementwise(special.rgamma,    lambda y, x: -y * special.psi(x),                             domain=POSITIVE)
elementwise(special.psi,       lambda y, x: trigamma(x),                                     domain=POSITIVE)
elementwise(special._zeta,     None,                           lambda y, s, x: -s * special._zeta(s + 1.0, x),       domain=(LARGE, POSITIVE))   # 25.11.17
elementwise(special.beta,      lambda y, a, b: y * (special.psi(a) - special.psi(a + b)),
                               lambda y, a, b: y * (special.psi(b) - special.psi(a + b)),    domain=POSITIVE)
elementwise(special.betaln,    lambda y, a, b: special.psi(a) - special.psi(a + b),
                               lambda y, a, b: special.psi(b) - special.psi(a + b),          domain=POSITIVE)
elementwise(special.binom,     lambda y, n, k: y * (special.psi(n + 1.0) - special.psi(n - k + 1.0)),
                               lambda y, n, k: y * (special.psi(n - k + 1.0) - special.psi(k + 1.0)),   domain=((3.2, 5.0), POSITIVE))
elementwise(special.poch,      lambda y, x, m: y * (special.psi(x + m) - special.psi(x)),
                               lambda y, x, m: y * special.psi(x + m),                       domain=POSITIVE)

elementwise(special.gammainc,      None, lambda y, a, x: gamma_density(a, x),                domain=POSITIVE)           # 8.8.13
elementwise(special.gammaincc,     None, lambda y, a, x: -gamma_density(a, x),               domain=POSITIVE)
elementwise(special.gammaincinv,   None, lambda x, a, y: 1.0 / gamma_density(a, x),          domain=(POSITIVE, UNIT))
elementwise(special.gammainccinv,  None, lambda x, a, y: -1.0 / gamma_density(a, x),         domain=(POSITIVE, UNIT))
elementwise(special.betainc,       None, None, lambda y, a, b, x: beta_density(a, b, x),     domain=(POSITIVE, POSITIVE, UNIT))   # 8.17.1
elementwise(special.betaincc,      None, None, lambda y, a, b, x: -beta_density(a, b, x),    domain=(POSITIVE, POSITIVE, UNIT))
elementwise(special.betaincinv,    None, None, lambda x, a, b, y: 1.0 / beta_density(a, b, x),   domain=(POSITIVE, POSITIVE, UNIT))
elementwise(special.betainccinv,   None, None, lambda x, a, b, y: -1.0 / beta_density(a, b, x),  domain=(POSITIVE, POSITIVE, UNIT))

elementwise(special.chdtr,     None, lambda y, v, x: 0.5 * gamma_density(0.5 * v, 0.5 * x),  domain=POSITIVE)
elementwise(special.chdtrc,    None, lambda y, v, x: -0.5 * gamma_density(0.5 * v, 0.5 * x), domain=POSITIVE)
elementwise(special.gdtr,      lambda y, a, b, x: x * gamma_density(b, a * x),   None, lambda y, a, b, x: a * gamma_density(b, a * x),   domain=POSITIVE)
elementwise(special.gdtrc,     lambda y, a, b, x: -x * gamma_density(b, a * x),  None, lambda y, a, b, x: -a * gamma_density(b, a * x),  domain=POSITIVE)
elementwise(special.pdtr,      None, lambda y, k, m: -gamma_density(np.floor(k) + 1.0, m),   domain=POSITIVE)
elementwise(special.pdtrc,     None, lambda y, k, m: gamma_density(np.floor(k) + 1.0, m),    domain=POSITIVE)
elementwise(special.stdtr,     None, lambda y, v, x: t_density(v, x),                        domain=(POSITIVE, (-3, 3)))
elementwise(special.stdtrit,   None, lambda x, v, y: 1.0 / t_density(v, x),                  domain=(POSITIVE, UNIT))
# fmt: on


# --- Bessel functions (DLMF 10, 11) -------------------------------------------------------------------------------------


def below_above(f, sign=-1.0):
    """(f(v-1) + sign f(v+1)) / 2, the derivative of the cylinder functions: - for J, Y, H (10.6.1), + for I, and -K (10.29.1)."""
    return lambda y, v, x: 0.5 * (f(v - 1.0, x) + sign * f(v + 1.0, x))


def scaled(f, sign, factor):
    """The same for f(v, x) times a factor that exp brings: factor(x) is the logarithmic derivative of that."""
    inner = below_above(f, sign)
    return lambda y, v, x: inner(y, v, x) + factor(x) * y


def real_sign(x):
    """Of exp(-|Re x|): not holomorphic, so for real x only."""
    if is_complex(x):
        raise MissingRuleError(
            "scipy.special.ive, jve and yve have no derivative for complex x: their factor exp(-|...|) is not holomorphic."
        )
    return -np.sign(x)


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
elementwise(special.jve,       None, scaled(special.jve, -1.0, lambda x: 0.0 * real_sign(x)),    domain=POSITIVE)       # scaled for complex x alone
elementwise(special.yve,       None, scaled(special.yve, -1.0, lambda x: 0.0 * real_sign(x)),    domain=POSITIVE)
elementwise(special.ive,       None, scaled(special.ive, 1.0, real_sign),                    domain=POSITIVE)
elementwise(special.kve,       None, lambda y, v, x: y - 0.5 * (special.kve(v - 1.0, x) + special.kve(v + 1.0, x)),  domain=POSITIVE)
elementwise(special.hankel1e,  None, scaled(special.hankel1e, -1.0, lambda x: -1j),          domain=POSITIVE)
elementwise(special.hankel2e,  None, scaled(special.hankel2e, -1.0, lambda x: 1j),           domain=POSITIVE)

elementwise(special._spherical_jn,   None, lambda y, n, x: special._spherical_jn_d(n, x),    domain=POSITIVE)           # spherical_jn(n, x), and
elementwise(special._spherical_yn,   None, lambda y, n, x: special._spherical_yn_d(n, x),    domain=POSITIVE)           # with derivative=True
elementwise(special._spherical_in,   None, lambda y, n, x: special._spherical_in_d(n, x),    domain=POSITIVE)
elementwise(special._spherical_kn,   None, lambda y, n, x: special._spherical_kn_d(n, x),    domain=POSITIVE)
elementwise(special._spherical_jn_d, None, lambda t, n, x: (degrees(n, t) / (x * x) - 1.0) * special._spherical_jn(n, x) - 2.0 * t / x,  domain=POSITIVE)   # 10.47.1
elementwise(special._spherical_yn_d, None, lambda t, n, x: (degrees(n, t) / (x * x) - 1.0) * special._spherical_yn(n, x) - 2.0 * t / x,  domain=POSITIVE)
elementwise(special._spherical_in_d, None, lambda t, n, x: (degrees(n, t) / (x * x) + 1.0) * special._spherical_in(n, x) - 2.0 * t / x,  domain=POSITIVE)   # 10.47.2
elementwise(special._spherical_kn_d, None, lambda t, n, x: (degrees(n, t) / (x * x) + 1.0) * special._spherical_kn(n, x) - 2.0 * t / x,  domain=POSITIVE)

elementwise(special.struve,    None, lambda y, v, x: 0.5 * (special.struve(v - 1.0, x) - special.struve(v + 1.0, x) + struve_term(v, x)),        domain=POSITIVE)   # 11.4
elementwise(special.modstruve, None, lambda y, v, x: 0.5 * (special.modstruve(v - 1.0, x) + special.modstruve(v + 1.0, x) + struve_term(v, x)),  domain=POSITIVE)   # 11.4
elementwise(special.ber,       lambda y, x: special.berp(x),                                 domain=POSITIVE)
elementwise(special.bei,       lambda y, x: special.beip(x),                                 domain=POSITIVE)
elementwise(special.ker,       lambda y, x: special.kerp(x),                                 domain=POSITIVE)
elementwise(special.kei,       lambda y, x: special.keip(x),                                 domain=POSITIVE)
elementwise(special.berp,      lambda y, x: -special.bei(x) - y / x,                         domain=POSITIVE)
elementwise(special.beip,      lambda y, x: special.ber(x) - y / x,                          domain=POSITIVE)
elementwise(special.kerp,      lambda y, x: -special.kei(x) - y / x,                         domain=POSITIVE)
elementwise(special.keip,      lambda y, x: special.ker(x) - y / x,                          domain=POSITIVE)
# fmt: on


def degrees(n, t):
    """n (n + 1), in the dtype of the result t."""
    return np.multiply(n, n + 1).astype(t.dtype)


def struve_term(v, x):
    """(x/2)**v / (sqrt(pi) gamma(v + 3/2))."""
    return np.power(0.5 * x, v) * special.rgamma(v + 1.5) / ROOT_PI


# --- integrals (DLMF 6, 7, 9, 19, 25) ------------------------------------------------------------------------------------


def expn_slope(y, n, x):
    """-expn(n-1, x) (8.19.13), and for n = 0, exp(-x) / x, by hand."""
    return np.where(n == 0, -y * (1.0 + 1.0 / x), -special.expn(np.maximum(n - 1, 0), x))


def sinhc(y, x):
    """sinh(x) / x, smooth at 0."""
    return np.sinh(x) / x if is_complex(x) else narrow(0.5 * (special.exprel(x) + special.exprel(-x)), y[0])


def spence_slope(y, x):
    """log(x) / (1 - x), smooth at 1."""
    return np.log(x) / (1.0 - x) if is_complex(x) else narrow(-1.0 / special.exprel(np.log(x)), y)


def narrow(a, like):
    """a in the dtype of like: exprel computes float16 in float64."""
    return a if a.dtype == like.dtype else astype(a, like.dtype)


def several(f, *slopes):
    """A function of one variable with several results, and the derivative of each."""

    def jvp(y, x, t):
        return tuple(slope(y, x) * t for slope in slopes)

    def vjp(g, y, x):
        return sum(gk * slope(y, x) for gk, slope in zip(g, slopes, strict=True))

    pair(f, jvp=jvp, vjp=vjp, batch="broadcast", domain=POSITIVE)


def ellipj_jvp(y, u, t, m):
    """d/du of sn, cn, dn and the amplitude: cn dn, -sn dn, -m sn cn, dn (22.13.1)."""
    sn, cn, dn, _ = y
    return cn * dn * t, -sn * dn * t, -m * sn * cn * t, dn * t


def ellipj_vjp(g, y, u, m):
    sn, cn, dn, _ = y
    return g[0] * cn * dn - g[1] * sn * dn - g[2] * m * sn * cn + g[3] * dn


# fmt: off
elementwise(special.exp1,      lambda y, x: -np.exp(-x) / x,                                 domain=POSITIVE)           # 6.2.1
elementwise(special.expi,      lambda y, x: np.exp(x) / x,                                   domain=POSITIVE)
elementwise(special.expn,      None, expn_slope,                                             domain=POSITIVE)           # n: integers
elementwise(special.spence,    spence_slope,                                                 domain=POSITIVE)
several(special.sici,          lambda y, x: np.sinc(x / math.pi),     lambda y, x: np.cos(x) / x)                       # 6.2.9
several(special.shichi,        sinhc,                                lambda y, x: np.cosh(x) / x)
several(special.fresnel,       lambda y, x: np.sin(0.5 * math.pi * x * x), lambda y, x: np.cos(0.5 * math.pi * x * x))  # 7.2.7
several(special.airy,          lambda y, x: y[1], lambda y, x: x * y[0], lambda y, x: y[3], lambda y, x: x * y[2])      # 9.2.1
pair(special.ellipj,           jvp=ellipj_jvp, vjp=ellipj_vjp, batch="broadcast", domain=(POSITIVE, UNIT))
elementwise(special.ellipk,    lambda y, m: math.pi / 8 * special.hyp2f1(1.5, 1.5, 2.0, m),  domain=SMALL)              # 19.5.1, 15.5.1
elementwise(special.ellipe,    lambda y, m: -math.pi / 8 * special.hyp2f1(0.5, 1.5, 2.0, m), domain=SMALL)              # 19.5.2
elementwise(special.ellipkinc, lambda y, p, m: 1.0 / np.sqrt(1.0 - m * np.square(np.sin(p))),   None,  domain=SMALL)
elementwise(special.ellipeinc, lambda y, p, m: np.sqrt(1.0 - m * np.square(np.sin(p))),         None,  domain=SMALL)

# fmt: on


# --- hypergeometric functions and polynomials (DLMF 13, 15, 18) ----------------------------------------------------------


def lowered(f, n, *more):
    """f(n - 1, ...) for a polynomial of degree n, and 0 where n is 0."""
    flat = np.equal(n, 0)
    return np.where(flat, 0.0, f(n - 1 + flat, *more))


# fmt: off
elementwise(special.hyp0f1,    None,             lambda y, b, x: special.hyp0f1(b + 1.0, x) / b,                            domain=POSITIVE)
elementwise(special.hyp1f1,    None, None,       lambda y, a, b, x: a / b * special.hyp1f1(a + 1.0, b + 1.0, x),            domain=POSITIVE)   # 13.3.15
elementwise(special.hyperu,    None, None,       lambda y, a, b, x: -a * special.hyperu(a + 1.0, b + 1.0, x),               domain=POSITIVE)   # 13.3.22
elementwise(special.hyp2f1,    None, None, None, lambda y, a, b, c, x: a * b / c * special.hyp2f1(a + 1.0, b + 1.0, c + 1.0, x),
                               domain=(POSITIVE, POSITIVE, POSITIVE, SMALL))                                            # 15.5.1
elementwise(special.wright_bessel, None, None,   lambda y, a, b, x: special.wright_bessel(a, b + a, x),                     domain=POSITIVE)   # 10.46.1

elementwise(special.eval_jacobi,      None, None, None, lambda y, n, a, b, x: 0.5 * (n + a + b + 1.0) * lowered(special.eval_jacobi, n, a + 1.0, b + 1.0, x),
                                      domain=(POSITIVE, POSITIVE, POSITIVE, SMALL))                                     # 18.9.15
elementwise(special.eval_gegenbauer,  None, None, lambda y, n, a, x: 2.0 * a * lowered(special.eval_gegenbauer, n, a + 1.0, x),   domain=(POSITIVE, POSITIVE, SMALL))   # 18.9.19
elementwise(special.eval_legendre,    None, lambda y, n, x: lowered(special.eval_gegenbauer, n, 1.5, x),                     domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyt,      None, lambda y, n, x: n * lowered(special.eval_chebyu, n, x),                          domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyu,      None, lambda y, n, x: 2.0 * lowered(special.eval_gegenbauer, n, 2.0, x),               domain=(POSITIVE, SMALL))
elementwise(special.eval_chebyc,      None, lambda y, n, x: n * lowered(special.eval_chebyu, n, 0.5 * x),                    domain=(POSITIVE, SMALL))
elementwise(special.eval_chebys,      None, lambda y, n, x: lowered(special.eval_gegenbauer, n, 2.0, 0.5 * x),               domain=(POSITIVE, SMALL))
elementwise(special.eval_sh_legendre, None, lambda y, n, x: 2.0 * lowered(special.eval_gegenbauer, n, 1.5, 2.0 * x - 1.0),   domain=(POSITIVE, UNIT))
elementwise(special.eval_sh_chebyt,   None, lambda y, n, x: 2.0 * n * lowered(special.eval_chebyu, n, 2.0 * x - 1.0),        domain=(POSITIVE, UNIT))
elementwise(special.eval_sh_chebyu,   None, lambda y, n, x: 4.0 * lowered(special.eval_gegenbauer, n, 2.0, 2.0 * x - 1.0),   domain=(POSITIVE, UNIT))
elementwise(special.eval_genlaguerre, None, None, lambda y, n, a, x: -lowered(special.eval_genlaguerre, n, a + 1.0, x),      domain=POSITIVE)   # 18.9.23
elementwise(special.eval_laguerre,    None, lambda y, n, x: -lowered(special.eval_genlaguerre, n, 1.0, x),                   domain=POSITIVE)
elementwise(special.eval_hermite,     None, lambda y, n, x: 2.0 * n * lowered(special.eval_hermite, n, x))    # 18.9.25; n: integers
elementwise(special.eval_hermitenorm, None, lambda y, n, x: n * lowered(special.eval_hermitenorm, n, x))      # 18.9.27

elementwise(special._lambertw, lambda y, x, k, tolerance: 1.0 / (x + np.exp(y)), None, None,   domain=POSITIVE)      # 4.13.4
# fmt: on
