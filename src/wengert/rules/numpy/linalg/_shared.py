"""What the chapters of linear algebra share: transposes, diagonals, solutions that may fail, and matrices read by their triangles."""

import math

import numpy as np


def transposed(a):
    return np.swapaxes(a, -1, -2)


def conjugated(a):
    return np.conjugate(a) if a.dtype.kind == "c" else a


def adjoint(a):
    return conjugated(np.swapaxes(a, -1, -2))


def diagonal(d):
    """Diagonal matrices, of vectors stacked."""
    return d[..., None] * np.eye(d.shape[-1], dtype=bool)


def diagonals(m):
    return np.diagonal(m, axis1=-2, axis2=-1)


def matrices(scalars):
    """Scalars, stacked as matrices are, to be multiplied with these."""
    return np.expand_dims(scalars, (-2, -1))


def ones_for_zeros(a):
    return np.where(a == 0, 1.0, a)


# --- of singular matrices ---------------------------------------------------------------------------------------------


def solved(A, b):
    """inv(A) b, and NaN where A is singular: a value may exist there, a derivative does not, and a sweep must not raise."""
    try:
        return np.linalg.solve(A, b)
    except np.linalg.LinAlgError:
        return np.linalg.solve(sound(A), b)


def inverted(A):
    try:
        return np.linalg.inv(A)
    except np.linalg.LinAlgError:
        return np.linalg.inv(sound(A))


def sound(A):
    """A, with NaN for its singular matrices."""
    return np.where(matrices(np.linalg.slogdet(A)[0] == 0), math.nan, A)


# --- of Hermitian matrices, of which LAPACK reads one triangle ---------------------------------------------------------
#
# cholesky, eigh and eigvalsh of A are functions of the Hermitian matrix that one triangle of A stands for (with the real part of
# its diagonal). Their rules are the derivatives of what is computed: tangents of the other triangle do nothing, and its cotangent
# is 0. For A = B B^T and the like, this is the usual derivative. For a symmetric cotangent, symmetrise A first: (A + A^T) / 2.


def symmetric(t, upper=False):
    """The Hermitian matrix that a triangle of t stands for."""
    part = np.triu(t, 1) if upper else np.tril(t, -1)
    return part + adjoint(part) + np.real(t) * np.eye(t.shape[-1], dtype=bool)


def triangle(g, upper=False):
    """The transpose of `symmetric`: g + g^H in that triangle, half of it on the diagonal."""
    g = g + adjoint(g)
    return (np.triu(g, 1) if upper else np.tril(g, -1)) + 0.5 * g * np.eye(g.shape[-1], dtype=bool)
