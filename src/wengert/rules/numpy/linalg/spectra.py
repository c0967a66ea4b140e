"""Eigenvalues and eigenvectors.

    A V = V diag(w)      with P = inv(V) dA V: dw = diag(P), and dV = V (P[i, j] / (w[j] - w[i])), but for lengths and phases

Of coinciding eigenvalues (or singular values) only what does not depend on the basis chosen for their space has a derivative that
one call can know. Functions of the eigenvalues alone have theirs, and so do eigenvectors that stay apart; the rest is inf or NaN,
never a number that might be wrong.

A matrix that is not Hermitian may have fewer eigenvectors than eigenvalues (a Jordan block). There an eigenvalue by itself has no
derivative, and that of a symmetric function, as the sum of phi(w), asks for phi'', which no call is told: NaN (see `lost`). Rounding
most often splits a double eigenvalue by 1e-8; then sums of phi(w) have their derivative still, to as many digits, from the large
and opposite ones of the two. Characteristic polynomials (np.poly), traces and determinants mind none of this.

So it is with second derivatives of sum(phi(w)): within the space of a repeated w they are phi''(w) times all of P (see `eigh_jvp`),
and eigvalsh, which is told g = phi'(w) and its change along diag(P), cannot know what belongs to the rest of P: NaN. Eigenvalues
that nothing reaches (the mask of g) may coincide.

Sources as in the package's docstring: Giles; M&N.
"""

import math

import numpy as np

from wengert.rules.declare import constant, pair
from wengert.rules.numpy.linalg._shared import (
    adjoint,
    conjugated,
    diagonal,
    diagonals,
    inverted,
    matrices,
    symmetric,
    transposed,
    triangle,
)
from wengert.rules.numpy.linalg.phases import first_pins, held, held_transpose, largest_pins
from wengert.rules.vocabulary import word


def quotient(m, d, size):
    """m / d; where d is lost in the rounding of numbers of this size: 0 if m is 0 (and stays so), and inf if not."""
    lost = np.abs(d) <= size * np.finfo(d.dtype).eps
    steep = math.sqrt(np.finfo(d.dtype).max)
    return np.where(lost, np.where(m == 0, steep * m, math.inf), m / np.where(lost, 1.0, d))


def apart(m, w, blurred=False):
    """m[i, j] / (w[j] - w[i]), and 0 on the diagonal; a mask says which differences are lost besides those that `quotient` finds."""
    m = np.where(np.eye(w.shape[-1], dtype=bool), 0.0, m)
    size = np.where(blurred, math.inf, matrices(np.sum(np.abs(w), axis=-1)))
    return quotient(m, w[..., None, :] - w[..., :, None], size)


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


@word
def lost(A, w, V, Y):
    """Which rows of Y = inv(V) are no left eigenvectors of A, to a third of the digits: where V is all but singular."""
    residual = np.linalg.norm(V, axis=-2) * np.max(np.abs(Y @ A - w[..., None] * Y), axis=-1, initial=0.0)
    eps, entries = np.finfo(V.dtype).eps, np.abs(A)
    size = np.max(entries @ np.abs(V), axis=-2, initial=0.0) + math.sqrt(eps) * np.max(entries, axis=(-2, -1), initial=0.0)[..., None]
    return np.logical_not(residual <= eps ** (1 / 3) * size)


@word
def blurred(A, w, V, Y):
    """Which pairs of eigenvalues are so close that nothing is known of what a difference of theirs divides.

    Rounding moves each by |y|^T |A| |x| in units of eps, where y^T x = 1. Second derivatives of sums over close eigenvalues lose
    more: their condition |y| |x| times that, over the difference (measured). Three quarters of the digits may go.
    """
    moved = np.sum(np.abs(Y) * np.swapaxes(np.abs(A) @ np.abs(V), -1, -2), axis=-1)
    size = np.finfo(V.dtype).eps ** 0.75 * moved * np.linalg.norm(V, axis=-2) * np.linalg.norm(Y, axis=-1)
    return np.abs(w[..., None, :] - w[..., :, None]) <= np.maximum(size[..., None, :], size[..., :, None])


constant(lost, blurred)


def nan_where(mask, x):
    """x with NaN where the mask says, in all its derivatives too."""
    return np.where(mask, math.nan * x, x)


def eig_jvp(y, A, dA, live=None):
    """P = inv(V) dA V: dw = diag(P), and V moves by D = V (P[i, j] / (w[j] - w[i])), less what would change its columns' length,
    and but for its phases.
    """
    w, V = y
    Y = inverted(V)
    gone = lost(A, w, V, Y)
    P = Y @ dA @ V
    D = V @ apart(P, w, blurred(A, w, V, Y))
    D = D - V * np.sum(np.real(np.conjugate(V) * D), axis=-2, keepdims=True)
    D = nan_where(matrices(np.any(gone, axis=-1)), D)
    return (nan_where(gone, diagonals(P)), held(D, V, eig_pins(V))), (None, None)


def eig_vjp(g, y, A, live=None):
    w, V = y
    Y = inverted(V)
    gone = lost(A, w, V, Y)
    of_values, of_vectors = (None, None) if live is None else live
    K = diagonal(known(g[0], gone, of_values))
    if of_vectors is not False:
        gV = held_transpose(g[1], V, eig_pins(V))
        gV = gV - np.conjugate(V) * np.sum(np.real(gV * V), axis=-2, keepdims=True)
        K = K + nan_where(matrices(np.any(gone, axis=-1)), apart(transposed(V) @ gV, w, blurred(A, w, V, Y)))
    return transposed(Y) @ K @ transposed(V), None


def eigvals_jvp(w, A, dA, live=None):
    _, V = np.linalg.eig(A)
    Y = inverted(V)
    return nan_where(lost(A, w, V, Y), diagonals(Y @ dA @ V)), None


def eigvals_vjp(g, w, A, live=None):
    _, V = np.linalg.eig(A)
    Y = inverted(V)
    return transposed(Y) @ (known(g, lost(A, w, V, Y), live)[..., :, None] * transposed(V)), None


def known(g, gone, live):
    """g, with NaN where it reaches an eigenvalue of which no vectors are known."""
    if live is False:
        return 0.0 * g
    return nan_where(gone if live is None else np.logical_and(gone, live), g)


pair(np.linalg.eig, jvp=eig_jvp, vjp=eig_vjp, live="selects", batch="stacked")
pair(np.linalg.eigvals, jvp=eigvals_jvp, vjp=eigvals_vjp, live="selects", batch="stacked")
