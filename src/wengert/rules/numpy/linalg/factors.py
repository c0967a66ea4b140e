"""Triangular factors: Cholesky's and QR.

    A = L L^H      dL = L half(inv(L) dA inv(L)^H), where half takes the lower triangle and half of the diagonal

Sources as in the package's docstring: Murray; W&L.
"""

import numpy as np

from wengert.errors import MissingRuleError
from wengert.rules.declare import pair
from wengert.rules.numpy.linalg._shared import adjoint, conjugated, solved, symmetric, transposed, triangle


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
    """C = Q^H dA inv(R), and W the turn of Q: dQ = Q (W - C) + dA inv(R), dR = (C - W) R (W&L). Of a wide matrix,
    so for its first, square part; the rest of R is Q^H times the rest of A.
    """
    Q, R, rest = split_triangle(*y)
    k = R.shape[-1]
    X = transposed(solved(transposed(R), transposed(dA[..., :k])))
    C = adjoint(Q) @ X
    upper = C - turn(C)
    dQ, dR = X - Q @ upper, upper @ R
    if rest is None:
        return dQ, dR
    return dQ, np.concatenate([dR, adjoint(dQ) @ A[..., k:] + adjoint(Q) @ dA[..., k:]], axis=-1)


def qr_vjp(g, y, A, mode="reduced"):
    """With B = g_R R^T - Q^T g_Q, of which the upper triangle counts: A receives (g_Q + conj(Q) symmetric(B)) inv(R)^T."""
    Q, R, rest = split_triangle(*y)
    k = R.shape[-1]
    gQ, gR, gS = g[0], g[1][..., :k], g[1][..., k:]
    if rest is not None:
        gQ = gQ + conjugated(A[..., k:]) @ adjoint(gS)
    B = symmetric(gR @ transposed(R) - transposed(Q) @ gQ, upper=True)
    gA = transposed(solved(R, transposed(gQ + conjugated(Q) @ B)))
    return gA if rest is None else np.concatenate([gA, conjugated(Q) @ gS], axis=-1)


def split_triangle(Q, R):
    """Q, the square triangle of R, and the rest of R."""
    k = Q.shape[-1]
    return Q, R[..., :k], (None if R.shape[-1] == k else R[..., k:])


def turn(C):
    """The anti-Hermitian matrix with C's lower triangle (and the imaginary part of its diagonal, since R's is real)."""
    L = np.tril(C, -1)
    W = L - adjoint(L)
    return W + 1j * np.imag(C) * np.eye(C.shape[-1], dtype=bool) if C.dtype.kind == "c" else W


pair(np.linalg.qr, jvp=qr_jvp, vjp=qr_vjp, definition=qr_definition, batch="stacked")
