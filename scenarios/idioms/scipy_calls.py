"""SciPy as scientists call it: special functions, linear algebra, statistics, solvers, interpolation, sparse matrices."""

import numpy as np
import scipy.constants
import scipy.fft
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.ndimage
import scipy.optimize
import scipy.signal
import scipy.sparse
import scipy.sparse.linalg
import scipy.spatial
import scipy.special
import scipy.stats
from scipy.optimize import brentq
from scipy.special import erf, gammaln, logsumexp
from scipy.stats import norm

X = np.array([0.3, 0.7, 1.1])
A = np.array([[2.0, 0.3, -0.4], [0.3, 2.1, 0.7], [-0.4, 0.7, 1.9]])
SPARSE = scipy.sparse.csr_array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [4.0, 0.0, 5.0]])


def error_function(x=X):
    """`scipy.special.erf(x)`"""
    return np.sum(erf(x) * x)


def gamma_functions(x=X):
    """`gammaln`, `digamma`, `betaln`, `gammainc`"""
    return np.sum(gammaln(x) * scipy.special.digamma(x)) + scipy.special.betaln(x[0], x[1]) + scipy.special.gammainc(2.0, x[2])


def bessel_functions(x=X):
    """`jv`, `j0`, `kv`, `iv`, `spherical_jn`"""
    return np.sum(scipy.special.jv(1.5, x) * scipy.special.j0(x) + scipy.special.kv(0.5, x)) + scipy.special.spherical_jn(1, x[0])


def softmax_and_kin(x=X):
    """`logsumexp`, `softmax`, `expit`, `xlogy`, `entr`"""
    p = scipy.special.softmax(x)
    return logsumexp(x) + np.sum(scipy.special.entr(p)) + np.sum(scipy.special.expit(x) * scipy.special.xlogy(p, x))


def orthogonal_polynomials(x=X):
    """`eval_legendre(n, x)`, `eval_hermite`"""
    return np.sum(scipy.special.eval_legendre(3, x) * scipy.special.eval_hermite(2, x))


def quadrature_nodes(x=X):
    """`roots_legendre(n)`: constant nodes"""
    points, weights = scipy.special.roots_legendre(5)
    return np.sum(weights * np.exp(x[0] * points) * np.cos(x[1] * points))


def physical_constants(x=X):
    """`scipy.constants`"""
    return np.sum(np.exp(-x * scipy.constants.elementary_charge / (scipy.constants.Boltzmann * 1e4)))


def normal_density(x=X):
    """`scipy.stats.norm.logpdf(data, loc, scale)`"""
    return np.sum(norm.logpdf(np.array([0.1, 0.5, 0.9]), loc=x[0], scale=x[1]))


def normal_density_instead(x=X):
    """the formula: `-0.5 * z**2 - np.log(s) - 0.5 * np.log(2 * np.pi)`"""
    z = (np.array([0.1, 0.5, 0.9]) - x[0]) / x[1]
    return np.sum(-0.5 * z**2 - np.log(x[1]) - 0.5 * np.log(2 * np.pi))


def normal_distribution(x=X):
    """`norm.cdf`, `norm.ppf`"""
    return norm.cdf(x[0]) * norm.ppf(x[1])


def normal_distribution_instead(x=X):
    """`scipy.special.ndtr`, `ndtri`"""
    return scipy.special.ndtr(x[0]) * scipy.special.ndtri(x[1])


def frozen_distribution(x=X):
    """`scipy.stats.gamma(a=x[0]).logpdf(data)`"""
    return np.sum(scipy.stats.gamma(a=x[0]).logpdf(np.array([0.5, 1.5])))


def frozen_distribution_instead(x=X):
    """the formula, with `gammaln`"""
    data = np.array([0.5, 1.5])
    return np.sum((x[0] - 1) * np.log(data) - data - gammaln(x[0]))


def draws_of_a_distribution(x=X):
    """constant draws: `norm.rvs(size=n, random_state=0)`"""
    return np.sum(norm.rvs(size=3, random_state=0) * x**2)


def statistics_functions(x=X):
    """`scipy.stats.skew(x)`"""
    return scipy.stats.skew(x**2)


def statistics_functions_instead(x=X):
    """the formula: `np.mean(d**3) / np.mean(d**2) ** 1.5`"""
    d = x**2 - np.mean(x**2)
    return np.mean(d**3) / np.mean(d**2) ** 1.5


def cholesky_solve(x=X):
    """`scipy.linalg.cho_factor`, `cho_solve`"""
    return x @ scipy.linalg.cho_solve(scipy.linalg.cho_factor(A + np.outer(x, x)), x)


def cholesky_solve_instead(x=X):
    """`np.linalg.solve(A, b)`"""
    return x @ np.linalg.solve(A + np.outer(x, x), x)


def lu_solve(x=X):
    """`scipy.linalg.lu_factor`, `lu_solve`"""
    return np.sum(scipy.linalg.lu_solve(scipy.linalg.lu_factor(A * x[0]), x))


def lu_solve_instead(x=X):
    """`np.linalg.solve(A, b)`"""
    return np.sum(np.linalg.solve(A * x[0], x))


def factor_of_constants(x=X):
    """a constant matrix factored: `cho_solve(cho_factor(A), x)`"""
    return x @ scipy.linalg.cho_solve(scipy.linalg.cho_factor(A), x)


def factor_of_constants_instead(x=X):
    """`np.linalg.solve(A, x)`, or a constant inverse"""
    return x @ np.linalg.solve(A, x)


def triangular_solve(x=X):
    """`scipy.linalg.solve_triangular(L, b, lower=True)`"""
    return np.sum(scipy.linalg.solve_triangular(np.linalg.cholesky(A + np.diag(x)), x, lower=True) ** 2)


def triangular_solve_instead(x=X):
    """`np.linalg.solve(L, b)`"""
    return np.sum(np.linalg.solve(np.linalg.cholesky(A + np.diag(x)), x) ** 2)


def matrix_exponential(x=X):
    """`scipy.linalg.expm(A)`"""
    return np.sum(scipy.linalg.expm(A * x[0]) @ x)


def matrix_exponential_instead(x=X):
    """by eigenvalues, if the matrix is symmetric: `v * np.exp(w) @ v.T`"""
    w, v = np.linalg.eigh(A * x[0])
    return np.sum((v * np.exp(w)) @ v.T @ x)


def eigenvalues(x=X):
    """`scipy.linalg.eigh(A)`"""
    return scipy.linalg.eigh(A + np.diag(x))[0][0]


def eigenvalues_instead(x=X):
    """`np.linalg.eigh(A)`"""
    return np.linalg.eigh(A + np.diag(x))[0][0]


def toeplitz(x=X):
    """`scipy.linalg.toeplitz(x)`"""
    return np.sum(scipy.linalg.toeplitz(x) @ x)


def toeplitz_instead(x=X):
    """by indices: `x[np.abs(i[:, None] - i)]`"""
    i = np.arange(3)
    return np.sum(x[np.abs(i[:, None] - i)] @ x)


def root_finder(x=X):
    """`scipy.optimize.brentq(f, a, b)`, of a parameter"""
    return brentq(lambda t: t**3 + x[0] * t - x[1], 0.0, 2.0) * x[2]


def root_finder_instead(x=X):
    """Newton's steps, a fixed number of them"""
    t = 1.0
    for _ in range(8):
        t = t - (t**3 + x[0] * t - x[1]) / (3 * t**2 + x[0])
    return t * x[2]


def minimiser(x=X):
    """`scipy.optimize.minimize` inside"""
    return scipy.optimize.minimize(lambda u: np.sum((u - x) ** 2 * np.array([1.0, 2.0, 3.0])), np.zeros(3)).fun + np.sum(x)


def minimiser_instead(x=X):
    """steps of one's own"""
    u = np.zeros(3)
    for _ in range(4):
        u = u - 0.1 * np.array([1.0, 2.0, 3.0]) * (u - x)
    return np.sum((u - x) ** 2) + np.sum(x)


def solver_of_constants(x=X):
    """a solver on constants: `brentq(f, a, b)` without traced values"""
    root = brentq(lambda t: t**2 - 2.0, 0.0, 2.0)
    return root * np.sum(x**2)


def ode_solver(x=X):
    """`scipy.integrate.solve_ivp(f, span, x)`"""
    return scipy.integrate.solve_ivp(lambda t, u: -x[0] * u, (0.0, 1.0), [x[1]]).y[0, -1]


def ode_solver_instead(x=X):
    """Runge-Kutta steps of one's own"""
    u, h = x[1], 0.1
    for _ in range(10):
        k1 = -x[0] * u
        k2 = -x[0] * (u + 0.5 * h * k1)
        u = u + h * k2
    return u


def quadrature(x=X):
    """`scipy.integrate.quad(f, a, b)`, of a parameter"""
    return scipy.integrate.quad(lambda t: np.exp(-x[0] * t), 0.0, 1.0)[0]


def quadrature_instead(x=X):
    """Gauss' rule: `weights @ f(points)`"""
    points, weights = np.polynomial.legendre.leggauss(10)
    return 0.5 * weights @ np.exp(-x[0] * 0.5 * (points + 1))


def sampled_integrals(x=X):
    """`scipy.integrate.trapezoid(y, dx=h)`"""
    return scipy.integrate.trapezoid(x**2, dx=0.1)


def sampled_integrals_instead(x=X):
    """`np.trapezoid`"""
    return np.trapezoid(x**2, dx=0.1)


def cubic_spline(x=X):
    """`scipy.interpolate.CubicSpline(t, x)(0.5)`"""
    return scipy.interpolate.CubicSpline([0.0, 0.5, 1.0], x)(0.3) ** 2


def cubic_spline_instead(x=X):
    """`np.interp(t, places, x)`, a polynomial by `np.polyfit`"""
    return np.polyval(np.polyfit(np.array([0.0, 0.5, 1.0]), x, 2), 0.3) ** 2


def spline_of_constants(x=X):
    """a spline of constants at a traced place"""
    return float(scipy.interpolate.CubicSpline([0.0, 0.5, 1.0, 2.0], [1.0, 0.0, 2.0, 1.0])(x[0])) * x[1]


def spline_of_constants_instead(x=X):
    """`np.interp(x[0], places, values)`"""
    return np.interp(x[0], [0.0, 0.5, 1.0, 2.0], [1.0, 0.0, 2.0, 1.0]) * x[1]


def sparse_matrix_product(x=X):
    """`csr @ x`"""
    return np.sum((SPARSE @ x) ** 2)


def sparse_matrix_product_instead(x=X):
    """`np.add.at(y, rows, data * x[columns])`"""
    parts = SPARSE.tocoo()
    y = np.zeros(3)
    np.add.at(y, parts.row, parts.data * x[parts.col])
    return np.sum(y**2)


def sparse_from_values(x=X):
    """`scipy.sparse.csr_array((x, (i, j)))`"""
    return np.sum(scipy.sparse.csr_array((x, ([0, 1, 2], [1, 2, 0]))) @ np.ones(3))


def sparse_from_values_instead(x=X):
    """`np.add.at`, or a dense matrix"""
    y = np.zeros(3)
    np.add.at(y, [0, 1, 2], x * np.ones(3)[[1, 2, 0]])
    return np.sum(y)


def sparse_solve(x=X):
    """`scipy.sparse.linalg.spsolve(A, x)`"""
    return np.sum(scipy.sparse.linalg.spsolve(SPARSE.tocsc(), x))


def sparse_solve_instead(x=X):
    """`np.linalg.solve(A.toarray(), x)`"""
    return np.sum(np.linalg.solve(SPARSE.toarray(), x))


def fourier_of_scipy(x=X):
    """`scipy.fft.rfft(x)`"""
    return np.sum(np.abs(scipy.fft.rfft(x)) ** 2)


def fourier_of_scipy_instead(x=X):
    """`np.fft.rfft(x)`"""
    return np.sum(np.abs(np.fft.rfft(x)) ** 2)


def convolution_of_scipy(x=X):
    """`scipy.signal.convolve(x, kernel)`"""
    return np.sum(scipy.signal.convolve(x, [1.0, 2.0]) ** 2)


def convolution_of_scipy_instead(x=X):
    """`np.convolve`"""
    return np.sum(np.convolve(x, [1.0, 2.0]) ** 2)


def image_filter(x=X):
    """`scipy.ndimage.gaussian_filter(image, 1.0)`"""
    return np.sum(scipy.ndimage.gaussian_filter(np.outer(x, x), 1.0) ** 2)


def image_filter_instead(x=X):
    """`np.convolve` along each axis"""
    kernel = np.exp(-0.5 * np.arange(-1.0, 2.0) ** 2)
    rows = np.apply_along_axis(lambda r: np.convolve(r, kernel, mode="same"), 1, np.outer(x, x))
    return np.sum(rows**2)


def distances(x=X):
    """`scipy.spatial.distance.cdist`"""
    return np.sum(scipy.spatial.distance.cdist(x[:, None], x[:, None]))


def distances_instead(x=X):
    """`np.linalg.norm(x[:, None] - y[None], axis=-1)`"""
    points = np.stack([x, x**2], axis=1)
    return np.sum(np.linalg.norm(points[:, None] - points[None], axis=-1))


PROMISED = (
    error_function,
    gamma_functions,
    softmax_and_kin,
)
