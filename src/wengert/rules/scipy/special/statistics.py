"""Distribution functions and their inverses, in the value, the probability and the scale.

    elementwise(special.chdtr,  None, lambda y, v, x: ...)      the density
    elementwise(special.chdtri, None, lambda x, v, q: ...)      one over it: the inverse function's derivative

Sources: DLMF 8.11-8.20 for the central distributions; N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous univariate
distributions", volume 2 (1995), chapters 29-31, for the noncentral ones; the parameters of shape have no partial yet.
"""

import math

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import LARGE, POSITIVE, ROOT_2PI, ROOT_PI, SMALL, UNIT
from wengert.rules.scipy.special.gamma import beta_density, beta_peak, gamma_density, stirling

# --- gamma, Poisson, binomial: incomplete gamma and beta functions ----------------------------------------------------------


def chi_density(v, x):
    return 0.5 * gamma_density(0.5 * v, 0.5 * x)


def poisson(k, m):
    """exp(-m) m**k / k! for a number k of which the whole part counts: pdtr falls by it."""
    return gamma_density(np.floor(k) + 1.0, m)


def binomial(k, n, p):
    """p**k (1-p)**(n-k-1) / beta(k + 1, n - k): bdtr falls by it; 0 for k outside 0 ... n-1."""
    return beta_density(np.floor(k) + 1.0, n - np.floor(k), p)


def pascal(k, n, p):
    """The same for the negative binomial distribution, p**(n-1) (1-p)**k / beta(n, k + 1)."""
    return beta_density(n, np.floor(k) + 1.0, p)


def t_density(v, x):
    return t_peak(v) * np.exp(-0.5 * (v + 1.0) * np.log1p(x * x / v))


def t_peak(v):
    """gamma((v+1)/2) / (sqrt(pi v) gamma(v/2)), by Stirling's formula with its remainders."""
    a = 0.5 * v
    return np.exp(a * np.log1p(1.0 / v) - 0.5 + stirling(a + 0.5) - stirling(a)) / ROOT_2PI


def f_density(d, n, x):
    """The beta distribution's, at d x / (d x + n)."""
    a, b = 0.5 * d, 0.5 * n
    start, end = x == 0, x == np.inf
    inner = np.where(start | end, 1.0, x)
    s = (d + n) / (n + d * inner)
    edge = np.exp(a * np.log(d / n) + special.xlogy(a - 1.0, x) - special.betaln(a, b))
    return np.where(start, edge, np.where(end, 0.0, beta_peak(a, b, inner * s, s) / inner))


# fmt: off
elementwise(special.gdtr,      lambda y, a, b, x: x * gamma_density(b, a * x),   None, lambda y, a, b, x: a * gamma_density(b, a * x),   domain=POSITIVE)
elementwise(special.gdtrc,     lambda y, a, b, x: -x * gamma_density(b, a * x),  None, lambda y, a, b, x: -a * gamma_density(b, a * x),  domain=POSITIVE)
elementwise(special.gdtrix,    lambda x, a, b, y: -x / a,                        None, lambda x, a, b, y: 1.0 / (a * gamma_density(b, a * x)),  domain=(POSITIVE, POSITIVE, UNIT))
elementwise(special.gdtria,    lambda a, y, b, x: 1.0 / (x * gamma_density(b, a * x)), None, lambda a, y, b, x: -a / x,                  domain=(UNIT, POSITIVE, POSITIVE))
elementwise(special.chdtr,     None, lambda y, v, x: chi_density(v, x),          domain=POSITIVE)
elementwise(special.chdtrc,    None, lambda y, v, x: -chi_density(v, x),         domain=POSITIVE)
elementwise(special.chdtri,    None, lambda x, v, y: -1.0 / chi_density(v, x),   domain=(POSITIVE, UNIT))
elementwise(special.pdtr,      None, lambda y, k, m: -poisson(k, m),             domain=POSITIVE)
elementwise(special.pdtrc,     None, lambda y, k, m: poisson(k, m),              domain=POSITIVE)
elementwise(special.pdtri,     None, lambda m, k, y: -1.0 / poisson(k, m),       domain=(POSITIVE, UNIT))
elementwise(special.bdtr,      None, None, lambda y, k, n, p: -binomial(k, n, p),        domain=UNIT)
elementwise(special.bdtrc,     None, None, lambda y, k, n, p: binomial(k, n, p),         domain=UNIT)
elementwise(special.bdtri,     None, None, lambda p, k, n, y: -1.0 / binomial(k, n, p),  domain=UNIT)
elementwise(special.nbdtr,     None, None, lambda y, k, n, p: pascal(k, n, p),           domain=UNIT)
elementwise(special.nbdtrc,    None, None, lambda y, k, n, p: -pascal(k, n, p),          domain=UNIT)
elementwise(special.nbdtri,    None, None, lambda p, k, n, y: 1.0 / pascal(k, n, p),     domain=UNIT)
elementwise(special.stdtr,     None, lambda y, v, x: t_density(v, x),            domain=(POSITIVE, (-3, 3)))
elementwise(special.stdtrit,   None, lambda x, v, y: 1.0 / t_density(v, x),      domain=(POSITIVE, UNIT))
elementwise(special.fdtr,      None, None, lambda y, d, n, x: f_density(d, n, x),        domain=POSITIVE)
elementwise(special.fdtrc,     None, None, lambda y, d, n, x: -f_density(d, n, x),       domain=POSITIVE)
elementwise(special.fdtri,     None, None, lambda x, d, n, y: 1.0 / f_density(d, n, x),  domain=(POSITIVE, POSITIVE, UNIT))
# fmt: on


# --- noncentral distributions -------------------------------------------------------------------------------------------------


def ncx2_density(x, v, c):
    """exp(-(x + c) / 2) (x / c)**(v/4 - 1/2) I_(v/2-1)(sqrt(c x)) / 2; for small c x by 0F1 (10.39), which c = 0 does not trouble."""
    near = c * x < 1e5
    small = chi_density(v, x) * np.exp(-0.5 * c) * special.hyp0f1(0.5 * v, np.where(near, 0.25 * c * x, 0.0))
    p, q = np.sqrt(np.where(near, 1.0, x)), np.sqrt(np.where(near, 1.0, c))
    large = 0.5 * np.exp(-0.5 * np.square(p - q)) * np.power(p / q, 0.5 * v - 1.0) * special.ive(0.5 * v - 1.0, p * q)
    return np.where(near, small, np.where(x == np.inf, 0.0, large))


def ncf_density(d, n, c, x):
    """exp(-c / 2) M((d + n)/2, d/2, z) times the central density, z = c d x / (2 (n + d x)); by Kummer's transformation (13.2.39)."""
    rest = n / (n + d * x)
    z = 0.5 * c * (d * x) / (n + d * x)
    return f_density(d, n, x) * np.exp(-0.5 * c * rest) * special.hyp1f1(-0.5 * n, 0.5 * d, -z)


def nct_density(v, c, t):
    """The integral of s**v exp(-s**2 / 2 - s w) at w = -c t / sqrt(v + t**2): by U where w > 0, else by M (12.5.1, 12.7(iv))."""
    w = -c * t / np.sqrt(v + t * t)
    a, z = 0.5 * (v + 1.0), 0.5 * w * w
    falls = w * np.sqrt(v + 1.0) > 1.0
    lead = t_density(v, t) * np.exp(-0.5 * c * c)
    growth = np.exp(special.gammaln(a + 0.5) - special.gammaln(a))
    near = np.where(falls, 0.0, z)
    above = special.hyp1f1(a, 0.5, near) - math.sqrt(2) * w * growth * special.hyp1f1(a + 0.5, 1.5, near)
    below = np.exp(special.gammaln(a + 0.5)) / ROOT_PI * special.hyperu(a, 0.5, np.where(falls, z, 1.0))
    return np.where(np.isinf(t), 0.0, lead * np.where(falls, below, above))


# fmt: off
elementwise(special.chndtr,    lambda y, x, v, c: ncx2_density(x, v, c),         None, lambda y, x, v, c: -ncx2_density(x, v + 2.0, c),  domain=POSITIVE)
elementwise(special.chndtrix,  lambda x, y, v, c: 1.0 / ncx2_density(x, v, c),   None, lambda x, y, v, c: ncx2_density(x, v + 2.0, c) / ncx2_density(x, v, c),  domain=(UNIT, POSITIVE, POSITIVE))
elementwise(special.chndtrinc, lambda c, x, v, y: ncx2_density(x, v, c) / ncx2_density(x, v + 2.0, c),  None, lambda c, x, v, y: -1.0 / ncx2_density(x, v + 2.0, c),  domain=((4.0, 6.0), POSITIVE, (0.05, 0.2)))
elementwise(special.ncfdtr,    None, None, None, lambda y, d, n, c, x: ncf_density(d, n, c, x),        domain=POSITIVE)
elementwise(special.ncfdtri,   None, None, None, lambda x, d, n, c, y: 1.0 / ncf_density(d, n, c, x),  domain=(POSITIVE, POSITIVE, POSITIVE, UNIT))
elementwise(special.nctdtr,    None, None, lambda y, v, c, t: nct_density(v, c, t),                    domain=(POSITIVE, (-3, 3), (-3, 3)))
elementwise(special.nctdtrit,  None, None, lambda t, v, c, y: 1.0 / nct_density(v, c, t),              domain=(POSITIVE, (-3, 3), UNIT))
# fmt: on


# --- the normal distribution's parameters, Tukey's, Kolmogorov's and Smirnov's ------------------------------------------------


def quantile_slope(z):
    """dz/dp of z = ndtri(p)."""
    return ROOT_2PI * np.exp(0.5 * z * z)


def lambda_slope(y, x, l):
    """1 / (y**(l-1) + (1-y)**(l-1)), of the inverse; 0 outside the support of Tukey's distribution."""
    inside = (y > 0) & (y < 1)
    p = np.where(inside, y, 0.5)
    return np.where(inside, 1.0 / (np.power(p, l - 1.0) + np.power(1.0 - p, l - 1.0)), 0.0)


def kolmogorov_slope(x):
    """Of 2 sum (-1)**(k-1) exp(-2 k**2 x**2) (k = 1, 2, ...), and for small x of its theta transform (DLMF 20.7(viii))."""
    none = (x <= 0.0) | (x == np.inf)
    wide = np.logical_not(none) & (x > 0.8)
    u, v = np.where(wide, x, 1.0), np.where(wide | none, 0.5, x)
    direct = sum((-1) ** k * 8 * k * k * u * np.exp(-2 * k * k * u * u) for k in range(1, 8))
    terms = [((k * math.pi) ** 2 / 8) / (v * v) for k in (1, 3, 5, 7)]
    theta = sum((1.0 - 2.0 * t) * np.exp(-t) for t in terms) * ROOT_2PI / (v * v)
    return np.where(wide, direct, np.where(none, 0.0, theta))


def smirnov_bend(y, n, d):
    """The second derivative of the sum, over whole v with B >= 0, of binom(n, v) d A**(v-1) B**(n-v), A = d + v/n, B = 1 - d - v/n.

    (Z. W. Birnbaum and F. H. Tingey, Annals of Mathematical Statistics 22 (1951) 592; for n <= 0 or d outside (0, 1) it is 0.)
    """
    count = int(np.max(np.nan_to_num(n), initial=1))
    v, n = np.arange(1, count + 1), np.maximum(np.floor(n), 1.0)[..., None]
    d = np.reshape(d, (*np.shape(d), 1))
    a, b = d + v / n, 1.0 - d - v / n
    inside = (b > 0.0) & (d > 0.0)
    a, b, e = (np.where(inside, c, 0.5) for c in (a, b, d))
    term = np.exp(np.log(special.binom(n, np.minimum(v, n))) + np.log(e) + (v - 1) * np.log(a) + (n - v) * np.log(b))
    slope = 1.0 / e + (v - 1) / a - (n - v) / b
    bend = -1.0 / np.square(e) - (v - 1) / np.square(a) - (n - v) / np.square(b)
    first = n * (n - 1.0) * np.power(np.where((d > 0.0) & (d < 1.0), 1.0 - d, 0.0), np.maximum(n - 2.0, 0.0))
    return np.sum(np.where(inside, term * (np.square(slope) + bend), 0.0), axis=-1) + first[..., 0]


# fmt: off
elementwise(special.nrdtrimn,  lambda m, p, s, x: -s * quantile_slope((x - m) / s),  lambda m, p, s, x: -(x - m) / s,  1,       domain=(UNIT, POSITIVE, POSITIVE))
elementwise(special.nrdtrisd,  lambda s, m, p, x: -s / (x - m),  lambda s, m, p, x: -s * s / (x - m) * quantile_slope((x - m) / s),
                               lambda s, m, p, x: s / (x - m),                               domain=(UNIT, (0.6, 0.9), LARGE))
elementwise(special.tklmbda,   lambda_slope, None,                                           domain=(SMALL, UNIT))
elementwise(special.kolmogorov, lambda y, x: kolmogorov_slope(x),                            domain=POSITIVE)
elementwise(special.kolmogi,   lambda x, p: 1.0 / kolmogorov_slope(x),                       domain=UNIT)
elementwise(special.smirnov,   None, lambda y, n, d: special._smirnovp(n, d),                domain=UNIT)
elementwise(special._smirnovp, None, smirnov_bend,                                           domain=UNIT)
elementwise(special.smirnovi,  None, lambda d, n, p: 1.0 / special._smirnovp(n, d),          domain=UNIT)
# fmt: on
