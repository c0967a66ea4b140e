"""Triangular factors: Cholesky's and QR.

    A = L L^H      dL = L half(inv(L) dA inv(L)^H), where half takes the lower triangle and half of the diagonal

Sources as in the package's docstring: Murray; W&L.
"""

import math

import numpy as np

from wengert.errors import MissingRuleError
from wengert.rules.declare import constant, pair
from wengert.rules.numpy.linalg._shared import adjoint, conjugated, matrices, solved, symmetric, transposed, triangle
from wengert.rules.vocabulary import word


def half(m):
    """Murray's Phi: the lower triangle, its diagonal halved."""
    return np.tril(m, -1) + 0.5 * m * np.eye(m.shape[-1], dtype=bool)


def cholesky_jvp(L, A, dA, *, upper=False):
    """A = L L^H, so dL = L half(inv(L) dA inv(L)^H) (Murray, eq. 8)."""
    dA = symmetric(dA, upper)
    L = adjoint(L) if upper else L
    dL = L @ half(solved(L, adjoint(solved(L, dA))))
    return adjoint(dL) if upper else dL


def cholesky_vjp(g, L, A, *, upper=False):
    """A receives inv(L)^T half(L^T g) conj(inv(L)) (Murray, eq. 10), read as A is."""
    L, g = (adjoint(L), adjoint(g)) if upper else (L, g)
    left = solved(transposed(L), half(transposed(L) @ g))
    return triangle(solved(transposed(L), adjoint(left)), upper)


pair(np.linalg.cholesky, jvp=cholesky_jvp, vjp=cholesky_vjp, batch="stacked")


# --- QR ---------------------------------------------------------------------------------------------------------------


def qr_definition(a, mode="reduced"):
    m, n = a.shape[-2:]
    if mode == "r":
        return np.linalg.qr(a)[1]
    if mode == "reduced" or (mode == "complete" and m <= n):
        return NotImplemented
    raise MissingRuleError(
        f"numpy.linalg.qr with mode={mode!r} of a matrix {m} x {n} has no derivative: the further columns of Q are any basis"
        " of what is left. Use mode='reduced'."
    )


def qr_jvp(y, A, dA, mode="reduced"):
    """C = Q^H dA inv(R), and W the turn of Q: dQ = Q W + (1 - Q Q^H) dA inv(R), dR = Q^H dA - W R (W&L)."""
    Q, R = y
    T = adjoint(Q) @ dA
    U, k = divisor(Q, R)
    X = transposed(solved(transposed(U), transposed(dA[..., :k])))
    C = adjoint(Q) @ X
    W = turn(widened(C, C.shape[-2]))
    dQ = Q @ W if is_square(Q) else Q @ W + X - Q @ C
    return dQ, T - W @ R


def qr_vjp(g, y, A, mode="reduced"):
    """The same backwards: W receives Q^T g_Q - g_R R^T."""
    Q, R = y
    gQ, gR = g
    U, k = divisor(Q, R)
    gC = turn_transpose(transposed(Q) @ gQ - gR @ transposed(R))[..., :k]
    gX = conjugated(Q) @ gC if is_square(Q) else conjugated(Q) @ (gC - transposed(Q) @ gQ) + gQ
    gA = transposed(solved(U, transposed(gX)))
    return conjugated(Q) @ gR + widened(gA, gR.shape[-1])


def is_square(Q):
    return Q.shape[-2] == Q.shape[-1]


def divisor(Q, R):
    """The triangle of R that dA is divided by, and its size. The last column of a real square Q follows from the others, so there the
    last of R may be 0; any other that is 0 up to rounding leaves a column of Q to it, and is NaN.
    """
    m, k = Q.shape[-2:]
    k = k - 1 if is_square(Q) and Q.dtype.kind != "c" else k
    U = R[..., :k, :k]
    return np.where(matrices(dependent(U, max(m, R.shape[-1]))), math.nan, U), k


@word
def dependent(R, n):
    """Whether a column of R is made of those before it, up to the rounding of n products."""
    lost = np.abs(np.diagonal(R, axis1=-2, axis2=-1)) <= n * np.finfo(R.dtype).eps * np.linalg.norm(R, axis=-2)
    return np.any(lost, axis=-1)


def widened(C, n):
    """C with columns of zeros after its own, n in all."""
    return np.concatenate([C, np.zeros((*C.shape[:-1], n - C.shape[-1]), C.dtype)], axis=-1)


def turn(C):
    """The anti-Hermitian matrix with C's lower triangle (and the imaginary part of its diagonal, since R's is real)."""
    L = np.tril(C, -1)
    W = L - adjoint(L)
    return W + 1j * np.imag(C) * np.eye(C.shape[-1], dtype=bool) if C.dtype.kind == "c" else W


def turn_transpose(g):
    L = np.tril(g - adjoint(g), -1)
    return L + 1j * np.imag(g) * np.eye(g.shape[-1], dtype=bool) if g.dtype.kind == "c" else L


constant(dependent)
pair(np.linalg.qr, jvp=qr_jvp, vjp=qr_vjp, definition=qr_definition, batch="stacked")
