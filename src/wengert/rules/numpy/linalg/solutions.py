"""Solutions of regular systems, with inverses and determinants.

    A x = b      A dx = db - dA x, and with u = inv(A)^T g: b receives u, and A receives -u x^T

Sources as in the package's docstring: Giles; M&N; P&P.
"""

import itertools
import math

import numpy as np

from wengert.rules.declare import composite, constant, pair
from wengert.rules.numpy.linalg._shared import inverted, matrices, ones_for_zeros, solved, transposed
from wengert.rules.vocabulary import word


def solve_jvp(x, A, b, dA, db):
    """A x = b, so A dx = db - dA x (Giles 2.3.1)."""
    if x.ndim < A.ndim:  # b is one vector, whatever A's stack: NumPy 2
        return solved(A, (db - (dA @ x[..., None])[..., 0])[..., None])[..., 0]
    return solved(A, db - dA @ x)


def solve_vjp(g, x, A, b):
    """u = inv(A)^T g goes to b; A receives -u x^T (Giles 2.3.1)."""
    if x.ndim < A.ndim:
        u = solved(transposed(A), g[..., None])
        return -u * x[..., None, :], u[..., 0]
    u = solved(transposed(A), g)
    return -u @ transposed(x), u


def inv_jvp(y, A, dA):
    """d inv(A) = -inv(A) dA inv(A) (Giles 2.2.3)."""
    return -y @ dA @ y


def inv_vjp(g, y, A):
    return -transposed(y) @ g @ transposed(y)


def tensorsolve(a, b, axes=None):
    """`solve`, with the indices of a that match b first, and those of the result after them."""
    if axes is not None:
        moved = [k % a.ndim for k in axes]
        a = np.transpose(a, [k for k in range(a.ndim) if k not in moved] + moved)
    shape = a.shape[b.ndim :]
    return np.reshape(np.linalg.solve(np.reshape(a, (-1, b.size)), np.ravel(b)), shape)


def tensorinv(a, ind=2):
    return np.reshape(np.linalg.inv(np.reshape(a, (math.prod(a.shape[:ind]), -1))), a.shape[ind:] + a.shape[:ind])


pair(np.linalg.solve, jvp=solve_jvp, vjp=solve_vjp, operands=2, batch="stacked")
pair(np.linalg.inv, jvp=inv_jvp, vjp=inv_vjp, batch="stacked")
composite(np.linalg.tensorsolve, tensorsolve)
composite(np.linalg.tensorinv, tensorinv)


# --- determinants -----------------------------------------------------------------------------------------------------


def cofactors(y, A):
    """d det(A)/dA = det(A) inv(A)^T (Jacobi; M&N 8.3), at singular A too.

    Along any rank-one direction D the determinant is affine, so det(A) = (det(A + D) + det(A - D)) / 2, and the same holds for
    all its derivatives. With D across what A sends to zero, A + D and A - D are regular. Where A loses several dimensions, each
    has its D, and the mean is over all signs.
    """
    bridges = bridges_over(A)
    if bridges is None:
        return matrices(y) * transposed(np.linalg.inv(A))
    A = A + bridges
    return np.sum(matrices(np.linalg.det(A)) * transposed(np.linalg.inv(A)), axis=0) / len(bridges)


@word
def bridges_over(A):
    """What makes singular matrices regular: the sums of the D above with all signs, along a first axis; None if all are regular.

    Rank is judged after rows and columns are scaled to 1, so that units do not matter.
    """
    n = A.shape[-1]
    tiny = max(n, 1) * np.finfo(A.dtype).eps
    rows = ones_for_zeros(np.max(np.abs(A), axis=-1, keepdims=True, initial=0.0))
    columns = ones_for_zeros(np.max(np.abs(A / rows), axis=-2, keepdims=True, initial=0.0))
    scaled = A / rows / columns
    if is_regular(scaled, tiny):
        return None
    finite = matrices(np.all(np.isfinite(scaled), axis=(-2, -1)))
    u, s, vh = np.linalg.svd(np.where(finite, scaled, 0.0))
    lost = s <= 8 * tiny * s[..., :1]
    k = min(int(np.max(np.sum(lost, axis=-1))), 6)  # what is flat to sixth order may stay so
    signs = np.array([(1,) * (n - k) + tail for tail in itertools.product((1, -1), repeat=k)], A.real.dtype)
    steps = np.where(lost, ones_for_zeros(s[..., :1]), 0) * signs.reshape(-1, *(1,) * (A.ndim - 2), n)
    return np.where(finite, (u * steps[..., None, :]) @ vh * columns * rows, math.nan)


def is_regular(A, tiny):
    """Whether all matrices are, safely: the norms of A and inv(A) bound the condition number."""
    try:
        sizes = np.abs(A), np.abs(np.linalg.inv(A))
    except np.linalg.LinAlgError:
        return False
    condition = math.prod(np.max(np.sum(size, axis=-1), axis=-1, initial=0.0) for size in sizes)
    return bool(np.all(condition * tiny < 1e-2))  # of NaN: no


constant(bridges_over)


def det_jvp(y, A, dA):
    return np.sum(cofactors(y, A) * dA, axis=(-2, -1))


def det_vjp(g, y, A):
    return matrices(g) * cofactors(y, A)


def slogdet_jvp(y, A, dA):
    """d log det(A) = tr(inv(A) dA) (P&P 43): its real part moves log|det|, its imaginary part turns the sign."""
    z = np.sum(transposed(inverted(A)) * dA, axis=(-2, -1))
    return (1j * y[0] * np.imag(z), np.real(z)) if A.dtype.kind == "c" else (0.0 * y[0], z)


def slogdet_vjp(g, y, A):
    """With z = log det(A): Re(g_sign i sign Im z) + g_log Re z, so z receives g_log + i Im(g_sign sign)."""
    sign, log = g
    z = log + 1j * np.imag(sign * y[0]) if A.dtype.kind == "c" else log
    return matrices(z) * transposed(inverted(A))


pair(np.linalg.det, jvp=det_jvp, vjp=det_vjp, batch="stacked")
pair(np.linalg.slogdet, jvp=slogdet_jvp, vjp=slogdet_vjp, batch="stacked")
