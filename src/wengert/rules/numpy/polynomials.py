"""Polynomials by their coefficients, highest power first: values, products, quotients, roots and least-squares fits.

    np.polyval(p, x)        differentiable in the coefficients p and in x
    np.roots(p)             p(r) = 0, so p'(r) dr = -dp(r)

A polynomial may be given as a `poly1d`; its results then are, as in NumPy.

Sources:
    Gantmacher    F. Gantmacher, "The Theory of Matrices" (1959), vol. 1
"""

import numpy as np

from wengert.errors import warn
from wengert.rules.declare import composite, constant, pair
from wengert.rules.row import joined
from wengert.rules.vocabulary import as_array, astype, over, word


def given(p):
    """Coefficients as they are: of a poly1d, of a list of numbers."""
    return p.coeffs if isinstance(p, np.poly1d) else as_array(joined(p))


def coefficients(p):
    """Coefficients as a vector."""
    return np.atleast_1d(given(p))


def as_given(y, *ps):
    """The result as a poly1d, if one of the polynomials was."""
    return np.poly1d(y) if any(isinstance(p, np.poly1d) for p in ps) else y


# --- values, sums, products -------------------------------------------------------------------------------------------


def polyval(p, x):
    """Horner's rule, step by step as NumPy takes it; x may be a polynomial."""
    x = x if isinstance(x, np.poly1d) or hasattr(x, "dtype") else np.asarray(joined(x))
    y = 0 if isinstance(x, np.poly1d) else np.zeros_like(x)
    for c in given(p):
        y = y * x + c
    return y


def aligned(a1, a2):
    """Coefficients of the same length: zeros go before the shorter."""
    a, b = coefficients(a1), coefficients(a2)
    n = max(len(a), len(b))
    return tuple(np.concatenate([np.zeros(n - len(c), c.dtype), c]) if len(c) < n else c for c in (a, b))


def polyadd(a1, a2):
    a, b = aligned(a1, a2)
    return as_given(a + b, a1, a2)


def polysub(a1, a2):
    a, b = aligned(a1, a2)
    return as_given(a - b, a1, a2)


def polymul(a1, a2):
    """The convolution of the coefficients, after leading zeros were dropped (by poly1d)."""
    return as_given(np.convolve(*(np.poly1d(coefficients(a)).coeffs for a in (a1, a2))), a1, a2)


def polydiv(u, v):
    """Quotient and remainder by long division; what of the remainder is as good as 0 is dropped from its front."""
    a, b = coefficients(u) + 0.0, coefficients(v) + 0.0
    n, scale, dtype = len(b), 1.0 / b[0], np.result_type(a, b)
    q, r = [], astype(a, dtype)
    for k in range(len(a) - n + 1):
        q.append(scale * r[k])
        r = np.concatenate([r[:k], r[k : k + n] - q[k] * b, r[k + n :]], dtype=dtype, casting="same_kind")
    while np.allclose(r[0], 0, rtol=1e-14) and len(r) > 1:
        r = r[1:]
    q = astype(np.stack(q), dtype) if q else np.zeros(1, dtype)
    return as_given(q, u, v), as_given(r, u, v)


def polyder(p, m=1):
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    c = given(p)
    if not np.ndim(c):
        raise TypeError("len() of unsized object")
    for _ in range(int(m)):
        c = c[:-1] * np.arange(len(c) - 1, 0, -1)
    return as_given(c, p)


def polyint(p, m=1, k=None):
    """Integrated m times, with the constants k of integration."""
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = np.zeros(m) if k is None else np.atleast_1d(joined(k))
    k = k[0] * np.ones(m) if len(k) == 1 and m > 1 else k
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    c = given(p)
    for i in range(m):
        c = np.concatenate([c / np.arange(len(c), 0, -1), k[i : i + 1]])
    return as_given(c, p)


composite(np.polyval, polyval)
composite(np.polyadd, polyadd)
composite(np.polysub, polysub)
composite(np.polymul, polymul)
composite(np.polydiv, polydiv)
composite(np.polyder, polyder)
composite(np.polyint, polyint)


# --- roots ------------------------------------------------------------------------------------------------------------


def slopes(r, c):
    """p'(r) at the roots, as the product of the differences from the others.

    Where rounding has split a double root by 1e-8, these are as wrong as the roots are, and no more: a symmetric function of the roots
    keeps half of the digits of its derivative, which polyval(polyder(c), r) would lose. The second derivative keeps none.
    """
    leading = c[np.flatnonzero(c)[0]] if np.any(c) else 1.0
    apart = r[:, None] - r
    apart = np.where(blurred(r, c), last(apart), apart)
    return leading * np.prod(np.where(np.eye(len(r), dtype=bool), 1.0, apart), axis=1)


@word
def blurred(r, c):
    """Which pairs of roots are so close that symmetric functions of them have lost their second derivatives.

    Rounding of c moves each by sum(|c| |r|^k) / |p'(r)| in units of eps, and those lose as much times that, relative to r, over the
    difference (measured). Three quarters of the digits may go.
    """
    with np.errstate(all="ignore"):
        moved = over(np.polyval(np.abs(c), np.abs(r)), np.abs(np.polyval(np.polyder(c), r)))
        size = np.finfo(r.dtype).eps ** 0.75 * moved * over(moved, np.abs(r))
    return np.logical_not(np.abs(r[:, None] - r) > np.maximum(size[:, None], size))


def last(x):
    """x, with derivatives that are NaN: those of the root of x - x."""
    return x + np.sqrt(x - x)


def roots_jvp(r, p, t):
    """p(r) = 0, so p'(r) dr = -dp(r). A root that coincides with another has no derivative: inf or NaN."""
    return -np.polyval(np.atleast_1d(t), r) / slopes(r, np.atleast_1d(p))


def roots_vjp(g, r, p):
    c = np.atleast_1d(p)
    powers = astype(np.vander(r, len(c)), r.dtype)  # which NumPy makes float64
    return np.reshape(-(g / slopes(r, c)) @ powers, np.shape(p))


def product(seq_of_zeros):
    """(x - zero) (x - zero) ..., factor by factor; of a square matrix the characteristic polynomial, which has a rule."""
    zeros = np.atleast_1d(joined(seq_of_zeros))
    if np.ndim(zeros) == 2 and len(zeros) == zeros.shape[1] != 0:
        return NotImplemented
    if np.ndim(zeros) != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if not len(zeros):
        return 1.0
    zeros = astype(zeros, np.mintypecode(zeros.dtype.char))
    one = c = np.ones(1, zeros.dtype)
    for k in range(len(zeros)):
        c = np.convolve(c, np.concatenate([one, -zeros[k : k + 1]]))
    pairs = np.iscomplexobj(zeros) and np.all(np.sort(zeros) == np.sort(np.conjugate(zeros)))
    return np.copy(np.real(c)) if pairs else c


def adjugate(c, A):
    """The matrices B in adj(x - A) = B[0] x**(n-1) + ... + B[n-1] (Faddeev's algorithm; Gantmacher IV.5)."""
    one = np.eye(len(A), dtype=A.dtype)
    B = [one]
    for k in range(1, len(A)):
        B.append(A @ B[-1] + c[k] * one)
    return np.stack(B)


def characteristic_jvp(c, A, t):
    """d det(x - A) = -tr(adj(x - A) dA) (Jacobi), which asks for no eigenvalues and does not mind that they coincide."""
    return np.concatenate([np.zeros(1, c.dtype), -np.sum(np.swapaxes(adjugate(c, A), 1, 2) * t, axis=(1, 2))])


def characteristic_vjp(g, c, A):
    return -np.sum(g[1:, None, None] * np.swapaxes(adjugate(c, A), 1, 2), axis=0)


constant(blurred)
pair(np.roots, jvp=roots_jvp, vjp=roots_vjp)
pair(np.poly, jvp=characteristic_jvp, vjp=characteristic_vjp, definition=product)


# --- fits -------------------------------------------------------------------------------------------------------------


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares in the powers of x, each scaled to length 1, as numpy.polyfit has it."""
    order = int(deg) + 1
    x, y, w = (a if a is None else joined(a) + 0.0 for a in (x, y, w))
    check_fit(x, y, deg, w)
    rcond = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    powers, right = np.vander(x, order), y
    if w is not None:
        powers, right = (astype(a * column(w, a), a.dtype) for a in (powers, right))
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    powers = powers / scale
    c, squares, rank, s = np.linalg.lstsq(powers, right, rcond)
    c = c / column(scale, c)
    if full:
        return c, squares, rank, s, rcond
    if rank != order:
        warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning)
    return (c, covariance(powers, scale, squares, y, cov)) if cov else c


def covariance(powers, scale, squares, y, cov):
    """That of the coefficients, scaled by the mean square of what is left unless cov="unscaled"."""
    order = powers.shape[1]
    v = np.linalg.inv(np.dot(np.transpose(powers), powers)) / np.outer(scale, scale)
    if not isinstance(cov, str) or cov != "unscaled":
        if len(y) <= order:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        return (v if np.ndim(y) == 1 else v[:, :, None]) * (squares / (len(y) - order))
    return v if np.ndim(y) == 1 else v[:, :, None]


def column(w, a):
    """Weights for the rows of a."""
    return w[:, None] if np.ndim(a) == 2 else w


def check_fit(x, y, deg, w):
    """NumPy's refusals."""
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if np.ndim(x) != 1 or not np.size(x):
        raise TypeError("expected a non-empty 1D vector for x")
    if np.ndim(y) not in (1, 2) or len(x) != len(y):
        raise TypeError("expected a 1D or 2D array for y, as long as x")
    if w is not None and (np.ndim(w) != 1 or len(w) != len(y)):
        raise TypeError("expected a 1-d array for weights, as long as y")


composite(np.polyfit, polyfit)
