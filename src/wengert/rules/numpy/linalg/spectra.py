"""Eigenvalues and eigenvectors.

    A V = V diag(w)      with P = inv(V) dA V: dw = diag(P), and dV = V (P[i, j] / (w[j] - w[i])), but for lengths and phases

Of coinciding eigenvalues (or singular values) only what does not depend on the basis chosen for their space has a derivative that
one call can know. Functions of the eigenvalues alone have theirs, and so do eigenvectors that stay apart; the rest is inf or NaN,
never a number that might be wrong.

So it is with second derivatives of sum(phi(w)): within the space of a repeated w they are phi''(w) times all of P (see `eigh_jvp`),
and eigvalsh, which is told g = phi'(w) and its change along diag(P), cannot know what belongs to the rest of P: NaN. Eigenvalues
that nothing reaches (the mask of g) may coincide.

Sources as in the package's docstring: Giles; M&N.
"""

import math

import numpy as np

from wengert.rules.declare import pair
from wengert.rules.numpy.linalg._shared import (
    adjoint,
    conjugated,
    diagonal,
    diagonals,
    matrices,
    solved,
    symmetric,
    transposed,
    triangle,
)
from wengert.rules.numpy.linalg.phases import first_pins, held, held_transpose, largest_pins


def quotient(m, d, size):
    """m / d; where d is lost in the rounding of numbers of this size: 0 if m is 0 (and stays so), and inf if not."""
    lost = np.abs(d) <= size * np.finfo(d.dtype).eps
    steep = math.sqrt(np.finfo(d.dtype).max)
    return np.where(lost, np.where(m == 0, steep * m, math.inf), m / np.where(lost, 1.0, d))


def apart(m, w):
    """m[i, j] / (w[j] - w[i]), and 0 on the diagonal."""
    m = np.where(np.eye(w.shape[-1], dtype=bool), 0.0, m)
    return quotient(m, w[..., None, :] - w[..., :, None], matrices(np.sum(np.abs(w), axis=-1)))


def reached(V, live):
    """The columns that a cotangent with this mask reaches; 0 for the others, whose tangents may be infinite."""
    return V if live is None else np.where(live[..., None, :], V, 0.0)


# --- of Hermitian matrices --------------------------------------------------------------------------------------------


def eigh_pins(V, A, upper):
    return first_pins(V, A != 0, upper) if V.dtype.kind == "c" else None


def eigh_jvp(y, A, dA, UPLO="L"):
    """P = V^H dA V: dw = Re diag(P), dV = V (P[i, j] / (w[j] - w[i])) (Giles 3.1; M&N 8.9), but for its phases."""
    w, V = y
    upper = UPLO.upper() == "U"
    P = adjoint(V) @ symmetric(dA, upper) @ V
    return np.real(diagonals(P)), held(V @ apart(P, w), V, eigh_pins(V, A, upper))


def eigh_vjp(g, y, A, UPLO="L"):
    w, V = y
    upper = UPLO.upper() == "U"
    gV = held_transpose(g[1], V, eigh_pins(V, A, upper))
    K = diagonal(g[0]) + apart(transposed(V) @ gV, w)
    return triangle(conjugated(V) @ K @ transposed(V), upper)


def eigvalsh_jvp(w, A, dA, UPLO="L", live=None):
    _, V = np.linalg.eigh(A, UPLO)
    return np.real(diagonals(adjoint(V) @ symmetric(dA, UPLO.upper() == "U") @ V)), None


def eigvalsh_vjp(g, w, A, UPLO="L", live=None):
    _, V = np.linalg.eigh(A, UPLO)
    V = reached(V, live)
    return triangle((conjugated(V) * g[..., None, :]) @ transposed(V), UPLO.upper() == "U"), None


pair(np.linalg.eigh, jvp=eigh_jvp, vjp=eigh_vjp, batch="stacked")
pair(np.linalg.eigvalsh, jvp=eigvalsh_jvp, vjp=eigvalsh_vjp, live="selects", batch="stacked")


# --- of any square matrix ---------------------------------------------------------------------------------------------


def eig_pins(V):
    return largest_pins(V) if V.dtype.kind == "c" else None


def eig_jvp(y, A, dA):
    """P = inv(V) dA V: dw = diag(P), and V moves by D = V (P[i, j] / (w[j] - w[i])), less what would change its columns' length,
    and but for its phases.
    """
    w, V = y
    P = solved(V, dA @ V)
    D = V @ apart(P, w)
    D = D - V * np.sum(np.real(np.conjugate(V) * D), axis=-2, keepdims=True)
    return diagonals(P), held(D, V, eig_pins(V))


def eig_vjp(g, y, A):
    w, V = y
    gV = held_transpose(g[1], V, eig_pins(V))
    gV = gV - np.conjugate(V) * np.sum(np.real(gV * V), axis=-2, keepdims=True)
    K = diagonal(g[0]) + apart(transposed(V) @ gV, w)
    return solved(transposed(V), K @ transposed(V))


def eigvals_jvp(w, A, dA):
    _, V = np.linalg.eig(A)
    return diagonals(solved(V, dA @ V))


def eigvals_vjp(g, w, A):
    _, V = np.linalg.eig(A)
    return solved(transposed(V), g[..., :, None] * transposed(V))


pair(np.linalg.eig, jvp=eig_jvp, vjp=eig_vjp, batch="stacked")
pair(np.linalg.eigvals, jvp=eigvals_jvp, vjp=eigvals_vjp, batch="stacked")
