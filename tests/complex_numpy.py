"""NumPy, `math` and `scipy.special` as analytic functions, for the complex step (complex_step.py).

    NUMPY["hypot"](x, y)      sqrt(x x + y y), which takes complex steps

What is not analytic in NumPy (abs, hypot, norm, Cholesky's factor) is spelled out in what is. Branches, signs and roundings go by the
real part. Eigenvectors and their kin are NumPy's of the real part, followed by Newton's method in complex arithmetic.
"""

import functools
import math

import numpy as np
import scipy.special
from tests.complex_pairs import FOURIER, PAIRED, Complex, Pair

# --- numbers ------------------------------------------------------------------------------------------------------------------


class Standing(type):
    """The class of a class that stands for a number's class, also as a dtype."""

    def __call__(cls, x=0):
        return cls.converted(x)

    def __instancecheck__(cls, x):
        return isinstance(x, cls.kinds)


class Float(metaclass=Standing):
    """float, which keeps a complex number."""

    kinds = float, np.complex128
    dtype = np.dtype(complex)

    @staticmethod
    def converted(x):
        return np.reshape(x, ())[()].astype(complex) if np.iscomplexobj(x) else finite(float(x))


def finite(x):
    """Infinity as a large number: complex arithmetic would make NaN of inf * (1 + 0j)."""
    return math.copysign(LARGE, x) if math.isinf(x) else x


LARGE = 1e150


class Int(metaclass=Standing):
    """int, of complex numbers too."""

    kinds = int
    dtype = np.dtype(int)

    @staticmethod
    def converted(x):
        return int(by_value(x))


def by_value(x):
    """The real part: what branches and roundings go by."""
    return np.real(x)


def is_number(x):
    """Whether x is a number, an array or a list of them, and no object of the program's own."""
    return isinstance(x, int | float | complex | list | tuple | np.ndarray | np.generic | Pair)


def rounding(f):
    """A piecewise constant function, of the real part."""
    return lambda x, *args, **kwargs: f(by_value(x), *args, **kwargs)


def filling(f):
    """f, with out=."""

    @functools.wraps(f)
    def call(*args, out=None, **kwargs):
        y = f(*args, **kwargs)
        if out is None:
            return y
        (out[0] if isinstance(out, tuple) else out)[...] = y
        return out

    return call


class Binary:
    """A function of two operands, as a ufunc."""

    def __init__(self, f):
        self.f = filling(f)

    def __call__(self, x, y, **kwargs):
        return self.f(x, y, **kwargs)

    def reduce(self, a, axis=0):
        return functools.reduce(self.f, np.moveaxis(np.asarray(a), axis, 0))

    def outer(self, x, y):
        return self.f(np.reshape(x, np.shape(x) + (1,) * np.ndim(y)), y)


# --- elementwise functions ------------------------------------------------------------------------------------------------------


@filling
def absolute(x):
    if isinstance(x, Pair):
        return np.sqrt(x.re * x.re + x.im * x.im)
    if not is_number(x):
        return x.__abs__()
    return np.where(by_value(x) < 0, -x, x)[()]


def hypot(x, y):
    return np.sqrt(x * x + y * y)


def arctan2(y, x):
    """By the half angle, which is analytic but on the negative axis; there, turned by a quarter."""
    x, y = np.broadcast_arrays(x, y)
    behind = by_value(x) < 0
    u, v = np.where(behind, absolute(y), x), np.where(behind, -x, y)  # turned so that the angle lies in [-pi/2, pi/2]
    angle = 2.0 * np.arctan(v / (hypot(u, v) + u))
    above = np.where(by_value(y) < 0, -1.0, 1.0)
    return np.where(behind, above * (0.5 * np.pi + angle), angle)[()]


@filling
def mod(x, y):
    if isinstance(x, str):
        return x % y
    return x - y * np.floor(by_value(x) / by_value(y)) if np.iscomplexobj(x) or np.iscomplexobj(y) else x % y


def fmod(x, y):
    return x - y * np.trunc(by_value(x) / by_value(y))


def floor_divide(x, y):
    return by_value(x) // by_value(y)


def degrees(x):
    return x * (180.0 / math.pi)


def radians(x):
    return x * (math.pi / 180.0)


def cbrt(x):
    return np.where(by_value(x) < 0, -1.0, 1.0) * np.exp(np.log(absolute(x)) / 3.0)


def logaddexp(x, y):
    high, low = np.maximum(x, y), np.minimum(x, y)
    return high + np.log1p(np.exp(low - high))


def interp(x, xp, fp, left=None, right=None):
    xp, fp = np.asarray(xp), np.asarray(fp)
    k = np.clip(np.searchsorted(by_value(xp), by_value(x), side="right") - 1, 0, len(xp) - 2)
    y = fp[k] + (x - xp[k]) * (fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k])
    y = np.where(by_value(x) < by_value(xp[0]), fp[0] if left is None else left, y)
    return np.where(by_value(x) > by_value(xp[-1]), fp[-1] if right is None else right, y)[()]


# --- sums that NumPy conjugates ---------------------------------------------------------------------------------------------------


def variance(x, axis=None, ddof=0, keepdims=False):
    d = x - np.mean(x, axis, keepdims=True)
    count = np.size(d) if axis is None else np.prod(np.take(np.shape(d), axis))
    return np.sum(d * d, axis, keepdims=keepdims) / (count - ddof)


def deviation(x, axis=None, ddof=0, keepdims=False):
    return np.sqrt(variance(x, axis, ddof, keepdims))


def cov(m, rowvar=True, ddof=1):
    m = np.atleast_2d(m if rowvar else np.transpose(m))
    d = m - np.mean(m, 1, keepdims=True)
    return np.squeeze(d @ d.T / (m.shape[1] - ddof))


def vdot(a, b):
    if isinstance(a, Pair) or isinstance(b, Pair):
        return PAIRED["vdot"](a, b)
    return np.dot(np.ravel(a), np.ravel(b))


def norm(x, ord=None, axis=None, keepdims=False):
    """Of vectors; of matrices, Frobenius's."""
    if isinstance(x, Pair):
        return np.sqrt(np.sum(x.re * x.re + x.im * x.im, axis, keepdims=keepdims))
    x = np.asarray(x)
    assert ord in (None, "fro", "f") or (ord in (1, 2, LARGE) and (x.ndim == 1 or isinstance(axis, int))), ord
    if ord == 1:
        return np.sum(absolute(x), axis, keepdims=keepdims)
    if ord == LARGE:
        return np.max(absolute(x), axis, keepdims=keepdims)
    return np.sqrt(np.sum(x * x, axis, keepdims=keepdims))


# --- linear algebra -------------------------------------------------------------------------------------------------------------


def stacked(f):
    """f of one matrix, for stacks of them."""

    @functools.wraps(f)
    def call(a, *args, **kwargs):
        if np.ndim(a) == 2:
            return f(np.asarray(a), *args, **kwargs)
        results = [call(each, *args, **kwargs) for each in a]
        return tuple(map(np.array, zip(*results, strict=True))) if isinstance(results[0], tuple) else np.array(results)

    return call


@stacked
def cholesky(a):
    n = len(a)
    l = np.zeros((n, n), complex)
    for j in range(n):
        l[j, j] = np.sqrt(a[j, j] - l[j, :j] @ l[j, :j])
        l[j + 1 :, j] = (a[j + 1 :, j] - l[j + 1 :, :j] @ l[j, :j]) / l[j, j]
    return l


@stacked
def eigh(a):
    symmetric = np.tril(a) + np.tril(a, -1).T  # LAPACK reads the lower triangle
    return polished(symmetric, *np.linalg.eigh(symmetric.real))


def eig(a):
    w, v = np.linalg.eig(np.real(a))
    assert np.isrealobj(w), "complex eigenvalues"
    return polished(a, w, v)


def polished(a, w, v):
    """Eigenvalues and vectors of the real part, after two steps of Newton's method on A v = w v, v.v = 1."""
    w, v, n = w.astype(complex), v.astype(complex), len(a)
    for k in range(len(w)):
        for _ in range(2):
            x = v[:, k]
            bordered = np.block([[a - w[k] * np.eye(n), -x[:, None]], [x[None], np.zeros((1, 1))]])
            step = np.linalg.solve(bordered, np.append(w[k] * x - a @ x, 0.5 * (1.0 - x @ x)))
            v[:, k], w[k] = x + step[:-1], w[k] + step[-1]
    return w, v


@stacked
def svd(a, full_matrices=False, compute_uv=True):
    """By the symmetric matrix [[0, A], [A', 0]], whose eigenvectors are those of both sides."""
    assert not full_matrices or a.shape[0] == a.shape[1]
    m, n = a.shape
    u, s, vt = np.linalg.svd(a.real, full_matrices=False)
    both = np.block([[np.zeros((m, m)), a], [a.T, np.zeros((n, n))]])
    s, uv = polished(both, s, np.vstack([u, vt.T]) * math.sqrt(0.5))
    return (uv[:m] * math.sqrt(2), s, uv[m:].T * math.sqrt(2)) if compute_uv else s


@stacked
def qr(a, mode="reduced"):
    """Gram and Schmidt's, twice over, with LAPACK's signs."""
    assert mode == "reduced" and a.shape[0] >= a.shape[1]
    signs = np.sign(np.diag(np.linalg.qr(a.real)[1]))
    q = np.array(a, complex)
    for _ in range(2):
        for j in range(a.shape[1]):
            q[:, j] -= q[:, :j] @ (q[:, :j].T @ q[:, j])
            q[:, j] /= norm(q[:, j])
    q *= signs
    return q, np.triu(q.T @ a)


def lstsq(a, b, rcond=None):
    q, r = qr(np.asarray(a))
    return np.linalg.solve(r, q.T @ b), None, a.shape[1], None


@stacked
def pinv(a):
    if a.shape[0] < a.shape[1]:
        return pinv(a.T).T
    q, r = qr(a)
    return np.linalg.solve(r, q.T)


def slogdet(a):
    d = np.linalg.det(a)
    return np.sign(by_value(d)), np.log(absolute(d))


# --- what stands for what ---------------------------------------------------------------------------------------------------------


def itself(x):
    return x.conj() if isinstance(x, Pair) else x


def real_part(x):
    return x.re if isinstance(x, Pair) else x


def imaginary_part(x):
    return x.im if isinstance(x, Pair) else np.zeros_like(x)


def astype(x, dtype, **options):
    if dtype is Complex and not isinstance(x, Pair):
        return Pair(x + 0.0, 0.0 * x)
    return x.astype(dtype, **options) if np.dtype(dtype).kind == "c" else by_value(x).astype(dtype, **options)


def tolist(x):
    """Of NumPy's numbers, since Python's complex ones cannot be compared."""
    return [tolist(a) for a in x] if np.ndim(x) else x


def convolved(a, v, mode="valid"):
    return np.convolve(a, v[::-1], mode)


def percentile(a, q):
    """Of all elements, between neighbours in order; NumPy sorts by the real part first."""
    a = np.sort(np.ravel(a))
    place = np.asarray(q) / 100 * (len(a) - 1)
    low = np.minimum(np.floor(place).astype(int), len(a) - 2)
    return a[low] + (place - low) * (a[low + 1] - a[low])


PARTS = {"real": real_part, "imag": imaginary_part}

NUMPY = {
    "abs": absolute, "absolute": absolute, "fabs": absolute, "hypot": Binary(hypot), "arctan2": Binary(arctan2),
    "logaddexp": Binary(logaddexp), "interp": interp, "degrees": degrees, "radians": radians, "rad2deg": degrees, "deg2rad": radians,
    **{f.__name__: rounding(f) for f in (np.sign, np.floor, np.ceil, np.trunc, np.rint, np.round, np.signbit, np.digitize)},
    "heaviside": rounding(np.heaviside), "copysign": lambda x, y: absolute(x) * np.copysign(1.0, by_value(y)),
    "cbrt": cbrt, "mod": mod, "remainder": mod, "fmod": fmod, "floor_divide": floor_divide,
    "var": variance, "std": deviation, "cov": cov, "vdot": vdot, "correlate": convolved,
    "percentile": percentile, "quantile": lambda a, q: percentile(a, 100 * np.asarray(q)),
    "conj": itself, "conjugate": itself, **PARTS,
    "inf": LARGE, "isinf": lambda x: np.abs(by_value(x)) >= LARGE, "isfinite": lambda x: np.abs(by_value(x)) < LARGE,
    "float64": Float, "double": Float, "complex128": Complex,
}  # fmt: skip

LINALG = {
    "norm": norm, "cholesky": cholesky, "eigh": eigh, "eigvalsh": lambda a: eigh(a)[0], "eig": eig, "eigvals": lambda a: eig(a)[0],
    "svd": svd, "svdvals": lambda a: svd(a, compute_uv=False), "qr": qr, "lstsq": lstsq, "pinv": pinv, "slogdet": slogdet,
}  # fmt: skip

AS_IN_NUMPY = "sin cos tan sinh cosh tanh exp expm1 log1p log2 log10 sqrt exp2 isnan isclose"
ARCS = "asin acos atan asinh acosh atanh"

MATH = {
    **{f: getattr(np, f) for f in AS_IN_NUMPY.split()},
    **{f: getattr(np, "arc" + f[1:]) for f in ARCS.split()},
    "log": lambda x, base=None: np.log(x) if base is None else np.log(x) / np.log(base),
    "pow": lambda x, y: np.power(x, y), "fabs": absolute, "atan2": arctan2, "cbrt": cbrt, "fmod": fmod,
    "hypot": lambda *xs: np.sqrt(sum(x * x for x in xs)), "dist": lambda p, q: norm(np.subtract(p, q)),
    "fsum": lambda xs: sum(xs), "prod": lambda xs, start=1: functools.reduce(lambda a, b: a * b, xs, start),
    "degrees": degrees, "radians": radians, "copysign": NUMPY["copysign"],
    **{f: (lambda real: lambda x: real(by_value(x)))(getattr(math, f)) for f in ("floor", "ceil", "trunc")},
    "inf": LARGE, "isinf": NUMPY["isinf"], "isfinite": NUMPY["isfinite"],
    "erf": scipy.special.erf, "erfc": scipy.special.erfc, "gamma": scipy.special.gamma, "lgamma": scipy.special.loggamma,
}  # fmt: skip

SPECIAL = {
    "gammaln": scipy.special.loggamma,
    "expit": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "logit": lambda x: np.log(x / (1.0 - x)),
    "ndtr": lambda x: 0.5 * scipy.special.erfc(-x / math.sqrt(2.0)),
    "logsumexp": lambda a, axis=None: (
        (high := np.max(a, axis)) + np.log(np.sum(np.exp(a - np.expand_dims(high, axis or ())), axis))
    ),
}

OURS = {"numpy": NUMPY, "numpy.linalg": LINALG, "numpy.fft": FOURIER, "numpy.random": {}, "math": MATH, "scipy.special": SPECIAL}

METHODS = {
    "std": deviation, "var": variance, "conj": itself, "conjugate": itself, "round": rounding(np.round), "astype": astype,
    "tolist": tolist, "item": lambda x, *place: (x[place] if place else x.reshape(()))[()],
}  # fmt: skip
