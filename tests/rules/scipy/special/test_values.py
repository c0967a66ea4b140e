"""First derivatives against mpmath, which knows none of our formulas: in the middle, at edges, and far out in the tails.

The reference is a difference quotient of eighth order in sixty digits or more; for distributions whose function mpmath computes
slowly, a density from the literature.
"""

import mpmath as mp
import numpy as np
import pytest
from mpmath import mpf
from scipy.special import _ufuncs as special

import wengert as wg

WEIGHTS = (mpf(4) / 5, mpf(-1) / 5, mpf(4) / 105, mpf(-1) / 280)


def normal(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def log_normal(x):
    return mp.log(normal(x)) if x < 0 else mp.log1p(-normal(-x))


def incomplete_beta(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def incomplete_gamma(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def t_distribution(v, x):
    return (1 + mp.sign(x) * (1 - incomplete_beta(v / 2, mpf(1) / 2, v / (v + x * x)))) / 2


def faddeeva(z):
    return mp.exp(-z * z) * mp.erfc(-1j * z)


def voigt(x, sigma, gamma):
    return mp.re(faddeeva((x + 1j * gamma) / (sigma * mp.sqrt(2)))) / (sigma * mp.sqrt(2 * mp.pi))


def modified_fresnel(x):
    z = mp.expjpi(mpf(1) / 4) * x
    return mp.exp(z * z) * mp.erfc(z) / 2


def kolmogorov(x):
    return 2 * sum((-1) ** (k - 1) * mp.exp(-2 * k * k * x * x) for k in range(1, 60))


def smirnov(n, d):
    whole = [mp.binomial(n, v) * (d + mpf(v) / n) ** (v - 1) * (1 - d - mpf(v) / n) ** (n - v) for v in range(int(n * (1 - d)) + 1)]
    return d * sum(whole)


def quantile(p):
    return mp.findroot(lambda x: mp.log(normal(x)) - mp.log(p), float(special.ndtri(float(p))))


def spherical(n, x):
    return mp.sqrt(mp.pi / 2 / x) * mp.besselj(n + mpf(1) / 2, x)


def bessel_polynomial(a, l, v):
    return mp.quad(lambda t: t**l * mp.besselj(v, 2 * a * t), [0, 1])


def owen(h, a):
    return mp.quad(lambda t: mp.exp(-h * h * (1 + t * t) / 2) / (1 + t * t), [0, a]) / (2 * mp.pi)


def tukey(x, l):
    return mp.findroot(lambda p: (p**l - (1 - p) ** l) / l - x, 0.5)


def f_distribution(d, n, x):
    return incomplete_beta(d / 2, n / 2, d * x / (d * x + n))


def of_all(f, g, count, points):
    """The same along each of the arguments."""
    return [(f, k, g, points) for k in range(count)]


def jacobi(name):
    return lambda u, m: mp.ellipfun(name, u, m=m)


def of_bessel(f):
    return lambda x: mp.quad(lambda t: (f(0, t) - 1) / t, [0, x])


def log_psi(*, sign):
    return lambda x: sign * mp.log(abs(mp.gamma(x)))


def ncx2_density(x, v, c):
    return mp.exp(-(x + c) / 2) / 2 * (x / c) ** (v / 4 - mpf(1) / 2) * mp.besseli(v / 2 - 1, mp.sqrt(c * x))


def ncf_density(d, n, c, x):
    central = (d / n) ** (d / 2) * x ** (d / 2 - 1) * (1 + d * x / n) ** (-(d + n) / 2) / mp.beta(d / 2, n / 2)
    return central * mp.exp(-c / 2) * mp.hyp1f1((d + n) / 2, d / 2, c * d * x / (2 * (d * x + n)))


def nct_density(v, c, t):
    """By its definition: a normal over the root of a chi-squared (Johnson, Kotz and Balakrishnan, 31.3)."""
    w, a = c * t / mp.sqrt(v + t * t), (v + 1) / 2
    moment = mp.gamma(a) * mp.hyp1f1(a, 0.5, w * w / 2) + mp.sqrt(2) * w * mp.gamma(a + 0.5) * mp.hyp1f1(a + 0.5, 1.5, w * w / 2)
    return moment * mp.exp(-c * c / 2) * (1 + t * t / v) ** -a / (mp.sqrt(mp.pi * v) * mp.gamma(v / 2))


# function, differentiated argument, its derivative there, points
DENSITIES = [
    (special.chndtr, 0, ncx2_density, [(2.0, 3.0, 1.5), (500.0, 100.0, 400.0), (1e5, 3.0, 1e5), (300.0, 500.0, 1e-3)]),
    (special.chndtr, 2, lambda x, v, c: -ncx2_density(x, v + 2, c), [(2.0, 3.0, 1.5), (500.0, 100.0, 400.0)]),
    (special.ncfdtr, 3, ncf_density, [(3.0, 4.0, 2.0, 1.5), (10.0, 20.0, 50.0, 6.0), (3.0, 4.0, 0.0, 1.0), (50.0, 200.0, 500.0, 11.0)]),
    (special.nctdtr, 2, nct_density, [(3.0, 1.0, 0.5), (3.0, -1.0, 0.5), (100.0, -3.0, 1.0), (10.0, 20.0, 18.0), (5.0, 1.0, 0.0)]),
    (special.bdtr, 2, lambda k, n, p: -5 * (1 - p) ** 4, [(0, 5, 0.0), (0, 5, 0.25)]),
    (special.lpmv, 2, lambda m, v, x: mpf(6), [(0, 3.0, 1.0), (0, 3.0, -1.0)]),
    (special.lpmv, 2, lambda m, v, x: -30 * x, [(2, 3.0, 1.0)]),
]  # fmt: skip


THREE = [(1.0, 2.0, 3.0), (1.0, 1.0, 1.0), (1e-8, 1.0, 1e8), (2.0, 2.0, 1e-3), (2.0, 1.0, 2.00001), (1.0, 1.3, 1.019)]
FOUR = [(1.0, 2.0, 3.0, 4.0), (1.0, 1.0, 1.0, 1.0), (2.0, 2.0, 1e-3, 2.0), (2.0, 1.0, 3.0, 2.00001)]

# function, differentiated argument, mpmath's function, points
FUNCTIONS = [
    (special.erf, 0, mp.erf, [(0.0,), (5.0,), (-1e-300,)]),
    (special.erfc, 0, mp.erfc, [(5.0,), (26.0,)]),
    (special.erfcx, 0, lambda x: mp.exp(x * x) * mp.erfc(x), [(-5.0,), (0.0,), (3.0,), (15.9,), (16.1,), (1e3,), (1e8,)]),
    (special.dawsn, 0, lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), [(0.0,), (1.0,), (-10.0,), (26.0,)]),
    (special.wofz, 0, faddeeva, [(1 + 1j,), (100 + 0j,), (30 + 30j,), (0j,)]),
    (special.erfinv, 0, mp.erfinv, [(0.0,), (0.999999,), (1e-300,)]),
    (special.ndtr, 0, normal, [(-37.0,), (2.0,)]),
    (special.log_ndtr, 0, log_normal, [(-40.0,), (-1e3,), (-1.0,), (0.0,), (8.0,), (30.0,)]),
    (special.ndtri, 0, quantile, [(1e-45,), (1e-10,), (0.5,), (1 - 1e-10,)]),
    *of_all(special.voigt_profile, voigt, 3, [(0.5, 1.0, 0.5), (100.0, 0.5, 0.5), (0.5, 1e-3, 0.2), (-7.0, 1e-5, 3.0)]),
    (special.expit, 0, lambda x: 1 / (1 + mp.exp(-x)), [(800.0,), (-800.0,), (-700.0,), (40.0,), (0.0,), (-1e-300,)]),
    (special.log_expit, 0, lambda x: -mp.log1p(mp.exp(-x)), [(-800.0,), (700.0,), (0.0,)]),
    (special.logit, 0, lambda p: mp.log(p / (1 - p)), [(1e-300,), (0.5,), (1 - 1e-10,)]),
    (special.exprel, 0, lambda x: mp.expm1(x) / x if x else mpf(1), [(1e-300,), (0.0,), (0.99,), (1.01,), (-50.0,), (600.0,)]),
    (special.boxcox, 1, lambda x, p: (x**p - 1) / p, [(2.0, 0.5), (2.0, 1e-10), (1e-10, 3.0)]),
    (special.gammaln, 0, log_psi(sign=1), [(1e-300,), (1e-5,), (1.0,), (1e10,), (-0.5,), (-10.3,)]),
    (special.gamma, 0, mp.gamma, [(1e-100,), (170.0,), (-0.5,), (-3.7,), (1.0,)]),
    (special.rgamma, 0, mp.rgamma, [(0.0,), (-3.0,), (1e-300,), (-2.0000001,), (5.0,), (-20.5,)]),
    (special.psi, 0, lambda x: mp.psi(0, x), [(1e-100,), (1.0,), (1e10,), (-0.5,), (-20.3,)]),
    (special.betaln, 0, lambda a, b: mp.log(mp.beta(a, b)), [(1e-300, 2.0), (1e10, 1.0), (1e10, 1e-8), (1e5, 1e5), (2.0, 1e8)]),
    (special.beta, 0, mp.beta, [(1e-10, 2.0), (20.0, 20.0), (-0.5, 2.3), (-2.5, -1.2)]),
    (special.binom, 0, mp.binomial, [(5.0, 2.0), (3.0, 5.0), (1e8, 3.0), (40.0, 20.5), (-2.5, 2.0)]),
    (special.binom, 1, mp.binomial, [(5.0, 2.0), (3.0, 5.0), (1e4, 3.0), (40.0, 20.5), (3.0, -1.0)]),
    (special.poch, 0, mp.rf, [(1e8, 2.0), (-3.0, 2.0), (-2.0, 1.5), (-3.0, 5.0), (-0.5, 0.25)]),
    (special.poch, 1, lambda x, m: mp.gamma(x + m) * mp.rgamma(x), [(1e8, 2.0), (2.0, 1e-8), (-0.5, 0.25)]),
    (special.gammainc, 1, incomplete_gamma, [(0.5, 1e-10), (1e6, 1.001e6), (2.0, 0.5), (40.0, 30.0), (100.0, 1.0)]),
    (special.gammaincc, 1, lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True), [(2.0, 700.0), (1e6, 1e6)]),
    (special.betainc, 2, incomplete_beta, [(0.5, 0.5, 1e-10), (2.0, 1.0, 0.0), (2.0, 3.0, 0.9999999), (40.0, 0.5, 0.3)]),
    (special.chdtr, 1, lambda v, x: incomplete_gamma(v / 2, x / 2), [(3.0, 1e-5), (1e4, 1e4)]),
    (special.fdtr, 2, f_distribution, [(3.0, 4.0, 1e-8), (2.0, 4.0, 0.5), (3.0, 4.0, 1e6)]),
    (special.stdtr, 1, t_distribution, [(3.0, 1.0), (1e6, 2.0), (2.0, -1e5)]),
    (special.kolmogorov, 0, kolmogorov, [(0.3,), (0.79,), (0.81,), (1.0,), (3.0,), (10.0,)]),
    (special.smirnov, 1, smirnov, [(4, 0.3), (20, 0.31), (200, 0.123)]),
    (special._smirnovp, 1, lambda n, d: mp.diff(lambda e: smirnov(n, e), d), [(4, 0.3), (20, 0.31)]),
    (special.tklmbda, 0, tukey, [(0.3, 0.5)]),
    (special.owens_t, 0, owen, [(0.5, 0.5), (3.0, 1.0)]),
    (special.j0, 0, lambda x: mp.besselj(0, x), [(0.0,), (1e-300,), (50.0,)]),
    (special.j1, 0, lambda x: mp.besselj(1, x), [(0.0,), (50.0,)]),
    (special.jv, 1, mp.besselj, [(2.5, 1.0), (10.0, 1e-3), (0.0, 0.0), (1.0, 0.0), (2.0, 100.0)]),
    (special.iv, 1, mp.besseli, [(2.5, 1.0), (0.0, 0.0), (1.0, 0.0), (2.0, 700.0)]),
    (special.i0e, 0, lambda x: mp.exp(-abs(x)) * mp.besseli(0, x), [(100.0,), (1.0,), (-3.0,)]),
    (special.k0, 0, lambda x: mp.besselk(0, x), [(1e-45,), (1.0,), (700.0,)]),
    (special.kv, 1, mp.besselk, [(2.5, 1e-10), (0.3, 5.0), (2.0, 600.0)]),
    (special.struve, 1, mp.struveh, [(0.5, 1.0), (2.0, 30.0)]),
    (special.modstruve, 1, mp.struvel, [(0.5, 1.0), (2.0, 20.0)]),
    (special._spherical_jn, 1, spherical, [(2, 1.3), (0, 4.0)]),
    (special._spherical_jn_d, 1, lambda n, x: mp.diff(lambda t: spherical(n, t), x), [(2, 1.3), (0, 4.0)]),
    (special.exp1, 0, mp.e1, [(1e-300,), (1.0,), (700.0,)]),
    (special.expi, 0, mp.ei, [(1e-300,), (1.0,), (-5.0,)]),
    (special.spence, 0, lambda x: mp.polylog(2, 1 - x), [(1e-300,), (1.0,), (1.0000001,), (5.0,)]),
    (special.besselpoly, 0, bessel_polynomial, [(1.0, 0.5, 1.0), (0.0, 1.0, 1.0), (2.0, 1.0, 0.0)]),
    (lambda x: special.it2j0y0(x)[0], 0, lambda x: -of_bessel(mp.besselj)(x), [(1e-8,), (0.9,), (3.0,)]),
    (lambda x: special.it2i0k0(x)[0], 0, of_bessel(mp.besseli), [(1e-8,), (0.9,), (3.0,)]),
    (lambda x: special.modfresnelm(x)[1], 0, modified_fresnel, [(0.5,), (3.0,), (40.0,), (1e5,)]),
    (lambda x: special.itairy(x)[0], 0, lambda x: mp.airyai(x, derivative=-1), [(0.5,), (3.0,)]),
    (lambda x: special.itairy(x)[3], 0, lambda x: -mp.airybi(-x, derivative=-1), [(0.5,), (3.0,)]),
    (lambda x: special.airye(x)[0], 0, lambda x: mp.airyai(x) * mp.exp(2 * x * mp.sqrt(x) / 3), [(1.0,), (1e-10,), (20.0,)]),
    (lambda x: special.airye(x)[2], 0, mp.airybi, [(-3.0,)]),
    (lambda v, x: special.pbdv(v, x)[0], 1, mp.pcfd, [(1.5, 0.7), (-2.3, -1.0)]),
    (special.ellipk, 0, mp.ellipk, [(0.0,), (1e-300,), (0.999999,), (-1e10,), (0.5,)]),
    (special.ellipkm1, 0, lambda p: mp.ellipk(1 - p), [(1e-300,), (1e-20,), (0.5,), (1.0,)]),
    (special.ellipe, 0, mp.ellipe, [(0.0,), (0.999999,), (-1e10,), (0.5,)]),
    (special.ellipkinc, 1, mp.ellipf, [(1.0, 0.5), (4.0, 0.3), (1.0, 0.0), (-0.7, -5.0), (1.0, 1e-10)]),
    (special.ellipeinc, 1, mp.ellipe, [(1.0, 0.5), (4.0, 0.3), (1.0, 0.0), (-0.7, -5.0), (1.0, 1.0)]),
    *of_all(special.elliprf, mp.elliprf, 3, THREE),
    *of_all(special.elliprg, mp.elliprg, 3, THREE),
    *of_all(special.elliprd, mp.elliprd, 3, THREE),
    *of_all(special.elliprj, mp.elliprj, 4, FOUR),
    *of_all(special.elliprc, mp.elliprc, 2, [(1.0, 2.0), (1.0, 1.0), (1e-8, 1.0), (2.0, -1.0), (1e8, 1.0)]),
    *of_all(special.agm, mp.agm, 2, [(1.0, 2.0), (1.0, 1.0), (1e-10, 1.0), (24.0, 6.0)]),
    (lambda u, m: special.ellipj(u, m)[0], 0, jacobi("sn"), [(0.5, 0.3), (2.0, 0.9)]),
    (lambda u, m: special.ellipj(u, m)[0], 1, jacobi("sn"), [(0.5, 0.3), (2.0, 0.9), (1.0, 0.0)]),
    (lambda u, m: special.ellipj(u, m)[2], 1, jacobi("dn"), [(0.5, 0.3), (2.0, 0.9), (1.0, 0.0)]),
    (special.lpmv, 2, lambda m, v, x: mp.legenp(v, m, x), [(2, 4.0, 0.3), (1, 2.5, -0.2), (0, 10.0, 0.999), (-2, 3.0, 0.4)]),
    (special.hyp1f1, 2, mp.hyp1f1, [(0.5, 1.5, 2.0), (2.0, 3.0, -30.0)]),
    (special.hyp2f1, 3, mp.hyp2f1, [(0.5, 1.0, 1.5, 0.5), (0.5, 1.0, 1.5, -3.0)]),
    (lambda x: special._lambertw(x, 0, 1e-15), 0, mp.lambertw, [(1 + 0j,), (1e-300 + 0j,), (-0.2 + 0j,)]),
]  # fmt: skip


def exact(g, args, k):
    """The derivative of g along argument k, by differences in so many digits that they are exact."""
    args = [mp.mpmathify(a) for a in args]
    x = args[k]
    digits = 700 if x != 0 and abs(x) < 1e-50 else 60

    def at(t):
        return g(*args[:k], t, *args[k + 1 :])

    with mp.workdps(digits):
        h = (min(abs(x), mpf(1)) or mpf(1)) * mpf(10) ** -12
        return sum(w * (at(x + j * h) - at(x - j * h)) for j, w in enumerate(WEIGHTS, 1)) / h


def ours(f, args, k):
    one = 1.0 + 0j if isinstance(args[k], complex) else 1.0
    return wg.jvp(lambda t: f(*args[:k], t, *args[k + 1 :]), (args[k],), (one,))[1]


def agrees(value, truth, rtol=2e-13):
    assert abs(mp.mpmathify(complex(value)) - truth) <= rtol * abs(truth) + mpf(10) ** -300, f"{value} is not {mp.nstr(truth, 17)}"


@pytest.mark.parametrize(("f", "k", "g", "points"), FUNCTIONS)
def test_first_derivatives_are_mpmaths(f, k, g, points):
    for args in points:
        with np.errstate(all="ignore"):
            agrees(ours(f, args, k), exact(g, args, k))


@pytest.mark.parametrize(("f", "k", "density", "points"), DENSITIES)
def test_densities_are_the_literatures(f, k, density, points):
    for args in points:
        agrees(ours(f, args, k), density(*map(mp.mpmathify, args)), rtol=1e-12)


def higher(f, args, k, order):
    def g(t):
        return f(*args[:k], t, *args[k + 1 :])

    for _ in range(order):
        g = wg.derivative(g)
    with np.errstate(all="ignore"):
        return g(args[k])


WHOLE = (-5.0, -3.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0)


def crossed(*others):
    """Whole numbers in either place, where factors of gamma functions are zero."""
    return [(0, (x, c)) for c in others for x in WHOLE] + [(1, (c, x)) for c in others if c > 0 for x in WHOLE]


# function, mpmath's function, (differentiated argument, point)
AT_ZEROS = [
    (special.binom, mp.binomial, [(k, p) for k, p in crossed(0.0, 1.0, 2.0, 3.0, 1.3) if p[0] >= 0]),
    (special.poch, mp.rf, [(k, p) for k, p in crossed(0.5, 1.0, 2.0, 3.0, 1.3) if k == 0 or p[1] >= 0]),
    (special.boxcox, lambda x, p: (x**p - 1) / p if p else mp.log(x), [(k, p) for k in (0, 1) for p in ((2.0, 1.0), (1.7, 0.5))]),
    (special.inv_boxcox, lambda z, p: (z * p + 1) ** (1 / p), [(k, p) for k in (0, 1) for p in ((1.0, 1.0), (0.5, 2.0), (3.0, 1.0))]),
    (special.pseudo_huber, lambda d, r: d * d * (mp.sqrt(1 + (r / d) ** 2) - 1) if d else mpf(0),
     [(0, (0.5, 0.0)), (1, (0.5, 0.0)), (0, (1e-3, 2.0)), (1, (0.0, 2.0)), (1, (0.0, 0.5))]),
    (special.agm, mp.agm, [(0, (1.0, 0.0)), (1, (0.0, 0.5))]),
    (special.eval_legendre, mp.legendre, [(1, (n, x)) for n in (-3.0, -1.0, -1.5, 0.0, 2.0) for x in (0.3, -0.6)]),
    (special.eval_chebyt, mp.chebyt, [(1, (n, x)) for n in (-3.0, -1.0, -1.5, 0.0, 2.0) for x in (0.3, -0.6)]),
    (special.eval_chebyu, mp.chebyu, [(1, (n, x)) for n in (-3.0, -2.0, -1.0, -1.5, 0.0, 2.0) for x in (0.3, -0.6)]),
    (special.expn, lambda n, x: mp.expint(int(n), x), [(1, (n, x)) for n in (0.5, 1.3, 2.0) for x in (0.5, 2.0)]),
]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("f", "g", "points"), AT_ZEROS)
@pytest.mark.filterwarnings("ignore:floating point number truncated")
def test_higher_derivatives_are_mpmaths_at_whole_numbers(f, g, points, order):
    for k, args in points:
        with mp.workdps(60):
            exactly = [mpf(a) for a in args]
            truth = mp.re(mp.diff(lambda t: g(*exactly[:k], t, *exactly[k + 1 :]), exactly[k], order, h=mpf(10) ** -12))
        assert higher(f, args, k, order) == pytest.approx(float(truth), rel=1e-7, abs=1e-7), f"{args}, argument {k}"


def test_agm_rises_from_zero_steeper_than_any_power():
    assert higher(special.agm, (1.0, 0.0), 1, 1) == np.inf
