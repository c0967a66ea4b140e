"""Gamma, beta and psi functions, their incomplete integrals and inverses (DLMF 5, 8), and zeta in its second argument.

    elementwise(special.gammainc, None, lambda y, a, x: gamma_density(a, x))        # 8.8.13; None: not in a

Densities and differences of psi are written so that large parameters do not cancel, and poles on the left are gone round.
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import constant, elementwise
from wengert.rules.scipy.special._shared import LARGE, POSITIVE, ROOT_2PI, UNIT, cosine, is_complex, series, sine
from wengert.rules.vocabulary import over

# --- psi ----------------------------------------------------------------------------------------------------------------

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)  # B(2k), k = 1, 2, ... (24.2)
PSI = [b / (2 * k) for k, b in enumerate(BERNOULLI, 1)]
STIRLING = [b / (2 * k * (2 * k - 1)) for k, b in enumerate(BERNOULLI, 1)]


def trigamma(x):
    """psi'(x) = zeta(2, x) (25.11.12), by reflection on the left (5.15.6)."""
    if is_complex(x):
        return complex_trigamma(x)
    left = x < 0.5
    y = special._zeta(2.0, np.where(left, 1.0 - x, x))
    return np.where(left, np.square(math.pi / sine(x)) - y, y)


def complex_trigamma(x):
    """By reflection (5.15.6) and recurrence (5.15.5) to a real part above 12, then asymptotically (5.15.8): error near 1e-16."""
    left = np.real(x) < 0.5
    z = np.where(left, 1.0 - x, x)
    y = sum(1.0 / np.square(z + k) for k in range(12))
    z = z + 12.0
    q = 1.0 / np.square(z)
    y = y + 1.0 / z + 0.5 * q + series(BERNOULLI, q) / z
    return np.where(left, np.square(math.pi / sine(x)) - y, y)


def psi_rise(a, b):
    """psi(a + b) - psi(a): as a sum of positive terms where the difference would cancel, by reflection (5.5.4) where it is inf - inf."""
    positive = (a > 0.0) & (a + b > 0.0)
    left = np.logical_not(positive) & (a < 0.5) & (a + b < 0.5)
    u = np.where(left, 1.0 - a - b, np.where(positive, a, 1.0))
    v = np.where(left | positive, b, 0.0)
    across = np.where(left | positive, 0.0, special.psi(a + b) - special.psi(a))
    climb = psi_climb(u, v)
    return across + np.where(left, math.pi * over(sine(b), sine(a) * sine(a + b)) - climb, climb)


def psi_climb(a, b):
    """psi(a + b) - psi(a) for positive a and a + b, by recurrence (5.5.2) to a + 16, and then asymptotically (5.11.2)."""
    steps = sum(b / (a + k) / (a + b + k) for k in range(16))
    u = a + 16.0
    p, q = 1.0 / np.square(u), 1.0 / np.square(u + b)
    return steps + np.log1p(b / u) + 0.5 * b / u / (u + b) - (series(PSI, q) - series(PSI, p))


def rgamma_slope(y, x):
    """-psi / gamma, and on the left, where 1 / gamma has its zeros, by reflection (5.5.3): gamma(1 - x) sin(pi x) / pi."""
    left = np.real(x) < 0.5
    u, v = np.where(left, x, 0.0), np.where(left, 1.0, x)
    return np.where(left, special.gamma(1.0 - u) * (cosine(u) - special.psi(1.0 - u) * sine(u) / math.pi), -y * special.psi(v))


# fmt: off
elementwise(special.gammaln,   lambda y, x: special.psi(x),                                  domain=POSITIVE)           # 5.2.2
elementwise(special.loggamma,  lambda y, x: special.psi(x),                                  domain=POSITIVE)
elementwise(special.gamma,     lambda y, x: y * special.psi(x),                              domain=POSITIVE)
elementwise(special.rgamma,    rgamma_slope,                                                 domain=POSITIVE)
elementwise(special.psi,       lambda y, x: trigamma(x),                                     domain=POSITIVE)
elementwise(special._zeta,     None,                           lambda y, s, x: -s * special._zeta(s + 1.0, x),       domain=(LARGE, POSITIVE))   # 25.11.17
constant(special.gammasgn)
# fmt: on


# --- beta, binom, poch: products and quotients of gamma -------------------------------------------------------------------


def binom_by_n(y, n, k):
    """y (psi(n + 1) - psi(n - k + 1)), and near the zeros of y, at poles of gamma(n - k + 1) and gamma(k + 1), by their inverses."""
    u, v, smooth = n - k + 1.0, k + 1.0, binom_is_smooth(n, k)
    p, q, r = (np.where(smooth, 1.0, a) for a in (n + 1.0, u, v))
    product = special.gamma(p) * special.rgamma(r) * (special.psi(p) * special.rgamma(q) + rgamma_slope(special.rgamma(q), q))
    return np.where(smooth, y * psi_rise(np.where(smooth, u, 1.0), np.where(smooth, k, 1.0)), product)


def binom_by_k(y, n, k):
    u, v, smooth = n - k + 1.0, k + 1.0, binom_is_smooth(n, k)
    p, q, r = (np.where(smooth, 1.0, a) for a in (n + 1.0, u, v))
    product = rgamma_slope(special.rgamma(r), r) * special.rgamma(q) - special.rgamma(r) * rgamma_slope(special.rgamma(q), q)
    return np.where(smooth, y * (special.psi(np.where(smooth, u, 1.0)) - special.psi(np.where(smooth, v, 1.0))), special.gamma(p) * product)


def binom_is_smooth(n, k):
    """Whether no factor of binom is near a pole; nor so large that it overflows, where y is as good as never zero."""
    return ((n - k >= -0.5) & (k >= -0.5)) | (np.abs(n) > 160.0) | (np.abs(k) > 160.0) | (np.abs(n - k) > 160.0)


def poch_by_x(y, x, m):
    """y (psi(x + m) - psi(x)), and on the left, where 1 / gamma(x) has its zeros, by 1 / gamma, or both gammas by reflection (5.5.3)."""
    end = x + m
    right, across = x >= 0.5, (x < 0.5) & (end >= 0.5)
    p, q = np.where(across, x, 0.0), np.where(across, end, 1.0)
    product = special.gamma(q) * (special.psi(q) * special.rgamma(p) + rgamma_slope(special.rgamma(p), p))
    smooth = y * psi_rise(np.where(right, x, 1.0), np.where(right, m, 1.0))
    left = right | across
    return np.where(right, smooth, np.where(across, product, reflected_poch_by_x(np.where(left, -1.3, x), np.where(left, 0.4, m))))


def reflected_poch_by_x(x, m):
    """Of poch(1 - x - m, m) sin(pi x) / sin(pi (x + m)), a ratio that stays +-1 while m is a whole number."""
    whole = m == np.round(m)
    above, below = sine(x), np.where(whole, 1.0, sine(x + m))
    ratio = np.where(whole, cosine(m), above / below)
    turn = np.where(whole, 0.0, math.pi * sine(m) / np.square(below))
    z = 1.0 - x - m
    return special.poch(z, m) * (turn - ratio * psi_rise(z, m))


# fmt: off
elementwise(special.beta,      lambda y, a, b: -y * psi_rise(a, b),     lambda y, a, b: -y * psi_rise(b, a),            domain=POSITIVE)
elementwise(special.betaln,    lambda y, a, b: -psi_rise(a, b),         lambda y, a, b: -psi_rise(b, a),                domain=POSITIVE)
elementwise(special.binom,     binom_by_n,                              binom_by_k,                                     domain=((3.2, 5.0), POSITIVE))
elementwise(special.poch,      poch_by_x,                               lambda y, x, m: y * special.psi(x + m),         domain=POSITIVE)
# fmt: on


# --- densities, whose integrals are the incomplete functions ----------------------------------------------------------------


def gamma_density(a, x):
    """x**(a-1) exp(-x) / gamma(a)."""
    start, end = x == 0, x == np.inf
    inner = np.where(start | end, 1.0, x)
    edge = np.exp(special.xlogy(a - 1.0, x) - special.gammaln(a))
    return np.where(start, edge, np.where(end, 0.0, special._igam_fac(a, inner) / inner))


def beta_density(a, b, x):
    """x**(a-1) (1-x)**(b-1) / beta(a, b)."""
    end = (x == 0) | (x == 1)
    inner = np.where(end, 0.5, x)
    peak = beta_peak(a, b, inner * ((a + b) / a), (1.0 - inner) * ((a + b) / b))
    edge = np.exp(special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) - special.betaln(a, b))
    return np.where(end, edge, peak / (inner * (1.0 - inner)))


def beta_peak(a, b, r, s):
    """x**a (1-x)**b / beta(a, b) at x = r a / (a + b), 1 - x = s b / (a + b): no large terms cancel; 0 for a or b <= 0."""
    valid = (a > 0) & (b > 0)
    a, b = np.where(valid, a, 1.0), np.where(valid, b, 1.0)
    n = a + b
    exponent = a * log_less(r) + b * log_less(s) + stirling(n) - stirling(a) - stirling(b)
    return np.where(valid, np.exp(exponent) * np.sqrt(a * (b / n)) / ROOT_2PI, 0.0)


def log_less(r):
    """log(r) - (r - 1)."""
    near = (r > 0.5) & (r < 2.0)
    far = np.where(near, 1.0, r)
    return np.where(near, special._log1pmx(np.where(near, r - 1.0, 0.0)), np.log(far) - (far - 1.0))


def stirling(x):
    """gammaln(x) - (x - 1/2) log(x) + x - log(2 pi) / 2, the remainder of Stirling's formula (5.11.1)."""
    large = x > 15.0
    u, v = np.where(large, x, 15.0), np.where(large, 1.0, x)
    return np.where(large, series(STIRLING, 1.0 / np.square(u)) * u, special.gammaln(v) - (v - 0.5) * np.log(v) + v - 0.5 * math.log(2 * math.pi))


# fmt: off
elementwise(special._igam_fac,     None, lambda y, a, x: y * (a - x) / x,                    domain=POSITIVE)           # x**a exp(-x) / gamma(a)
elementwise(special.gammainc,      None, lambda y, a, x: gamma_density(a, x),                domain=POSITIVE)           # 8.8.13
elementwise(special.gammaincc,     None, lambda y, a, x: -gamma_density(a, x),               domain=POSITIVE)
elementwise(special.gammaincinv,   None, lambda x, a, y: 1.0 / gamma_density(a, x),          domain=(POSITIVE, UNIT))
elementwise(special.gammainccinv,  None, lambda x, a, y: -1.0 / gamma_density(a, x),         domain=(POSITIVE, UNIT))
elementwise(special.betainc,       None, None, lambda y, a, b, x: beta_density(a, b, x),     domain=(POSITIVE, POSITIVE, UNIT))   # 8.17.1
elementwise(special.betaincc,      None, None, lambda y, a, b, x: -beta_density(a, b, x),    domain=(POSITIVE, POSITIVE, UNIT))
elementwise(special.betaincinv,    None, None, lambda x, a, b, y: 1.0 / beta_density(a, b, x),   domain=(POSITIVE, POSITIVE, UNIT))
elementwise(special.betainccinv,   None, None, lambda x, a, b, y: -1.0 / beta_density(a, b, x),  domain=(POSITIVE, POSITIVE, UNIT))
# fmt: on
