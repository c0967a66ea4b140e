"""Singular values and vectors, and what is made of them: ranks, pseudo-inverses and least squares.

    A = U diag(s) V^H      with P = U^H dA V: ds = Re diag(P)

Where singular values coincide, it is as with eigenvalues (see spectra.py). Sources as in the package's docstring: Giles; G&P.
"""

import math

import numpy as np

from wengert.rules.declare import constant, pair
from wengert.rules.numpy.linalg._shared import adjoint, conjugated, diagonal, diagonals, matrices, symmetric, transposed, triangle
from wengert.rules.numpy.linalg.phases import first_pins, held, held_transpose
from wengert.rules.numpy.linalg.spectra import apart, quotient, reached
from wengert.rules.row import zeros
from wengert.rules.vocabulary import Traced


def svd_definition(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Values alone are svdvals; a Hermitian matrix has its eigenvalues and their signs (as NumPy has it)."""
    if not hermitian:
        return NotImplemented if compute_uv else np.linalg.svdvals(a)
    if not compute_uv:
        return np.sort(np.abs(np.linalg.eigvalsh(a)))[..., ::-1]
    w, u = np.linalg.eigh(a)
    order = np.argsort(np.abs(w))[..., ::-1]
    w, u = np.take_along_axis(w, order, axis=-1), np.take_along_axis(u, order[..., None, :], axis=-1)
    return named(np.linalg.svd, u, np.abs(w), adjoint(u * np.sign(w)[..., None, :]))


def named(f, *results):
    """Results as f gives them: with names."""
    return type(f(np.eye(1)))(*results)


def svd_jvp(y, A, dA, full_matrices=True, compute_uv=True, hermitian=False):
    """With P = U^H dA V: ds = Re diag(P), dU = U W + (dA V - U P) / s, dV = V Z + (dA^H U - V P^H) / s (Giles 3.2; see `turns`),
    but for the phases, which U and V share.
    """
    s, k = y[1], y[1].shape[-1]
    U, V = y[0][..., :k], adjoint(y[2])[..., :k]
    P = adjoint(U) @ dA @ V
    W, Z = turns(P, s)
    dU = U @ W + outside(dA @ V - U @ P, s)
    dV = V @ Z + outside(adjoint(dA) @ U - V @ adjoint(P), s)
    dU, dV = split(held(stacked(dU, dV), stacked(U, V), svd_pins(U, V, A)), U)
    return unknown(dU, y[0]), np.real(diagonals(P)), adjoint(unknown(dV, adjoint(y[2])))


def svd_vjp(g, y, A, full_matrices=True, compute_uv=True, hermitian=False):
    s, k = y[1], y[1].shape[-1]
    U, V = y[0][..., :k], adjoint(y[2])[..., :k]
    gV = adjoint(g[2])
    nothing = forbidden(g[0][..., k:]) + forbidden(gV[..., k:])
    gU, gV = g[0][..., :k], gV[..., :k]
    gU, gV = split(held_transpose(stacked(gU, gV), stacked(U, V), svd_pins(U, V, A)), U)
    B, C = transposed(U) @ gU, transposed(V) @ gV
    K = diagonal(g[1] + nothing) + turns_transpose(B, C, s)
    left = outside(gU - conjugated(U) @ B, s)  # leaves the span of U
    right = outside(gV - conjugated(V) @ C, s)
    return conjugated(U) @ (K @ transposed(V) + adjoint(right)) + left @ transposed(V)


def svd_pins(U, V, A):
    """The pins of `stacked(U, V)`. Reducing A to a bidiagonal matrix (gebrd) reduces A^H A, of which V are the vectors, to a tridiagonal
    one; of a wide A, it is A A^H and U.
    """
    if U.dtype.kind != "c":
        return None
    filled = (A != 0).astype(int)
    if A.shape[-2] < A.shape[-1]:
        return stacked(first_pins(U, filled @ transposed(filled) != 0), np.zeros(V.shape, bool))
    return stacked(np.zeros(U.shape, bool), first_pins(V, transposed(filled) @ filled != 0))


def stacked(U, V):
    """The columns of U, with those of V below them."""
    return np.concatenate([U, V], axis=-2)


def split(both, U):
    m = U.shape[-2]
    return both[..., :m, :], both[..., m:, :]


def turns(P, s):
    """W and Z, the turns of U and V within their spans: W = S[i, j] / (s[j] - s[i]) + K[i, j] / (s[j] + s[i]) for P = S + K, the
    Hermitian and anti-Hermitian part, and Z the same with -K. Equal to Giles's F (P s + s P^H), with less cancellation.
    """
    S, K = apart(0.5 * (P + adjoint(P)), s), together(0.5 * (P - adjoint(P)), s)
    return S + K, S - K


def turns_transpose(B, C, s):
    """What P receives from cotangents B of W and C of Z."""
    S, K = apart(0.5 * (B + C), s), together(0.5 * (B - C), s)
    return S + adjoint(S) + K - adjoint(K)


def together(m, s):
    """m[i, j] / (s[i] + s[j])."""
    return quotient(m, s[..., None, :] + s[..., :, None], matrices(np.sum(s, axis=-1)))


def outside(m, s):
    """m / s, by columns, of what lies outside the span of a square or thin factor: nothing, if that is square."""
    if m.shape[-2] == m.shape[-1]:
        return 0.0 * m
    return quotient(m, s[..., None, :], matrices(np.sum(s, axis=-1)))


def unknown(d, factor):
    """The tangent of a full factor: its further columns are any basis of what is left, and have no derivative."""
    extra = factor[..., d.shape[-1] :]
    return d if extra.shape[-1] == 0 else np.concatenate([d, np.full(extra.shape, math.nan, d.dtype)], axis=-1)


def forbidden(g):
    """0 where nothing depends on those columns, NaN otherwise."""
    return np.sum(np.where(g == 0, np.real(g), math.nan), axis=(-2, -1))[..., None]


def svdvals_jvp(s, A, dA, live=None):
    """ds = Re diag(U^H dA V); where s is 0 it is at an extremum, and our choice is 0."""
    U, _, Vh = np.linalg.svd(A, full_matrices=False)
    return np.where(s == 0, 0.0, np.real(np.sum(conjugated(U) * (dA @ adjoint(Vh)), axis=-2))), None


def svdvals_vjp(g, s, A, live=None):
    U, _, Vh = np.linalg.svd(A, full_matrices=False)
    U, V = reached(U, live), reached(adjoint(Vh), live)
    return (conjugated(U) * np.where(s == 0, 0.0, g)[..., None, :]) @ transposed(V), None


pair(np.linalg.svd, jvp=svd_jvp, vjp=svd_vjp, definition=svd_definition, batch="stacked")
pair(np.linalg.svdvals, jvp=svdvals_jvp, vjp=svdvals_vjp, live="selects", batch="stacked")
constant(np.linalg.matrix_rank)


# --- pseudo-inverses and least squares --------------------------------------------------------------------------------


def pinv_jvp(P, A, dA, rcond=None, hermitian=False, **tolerance):
    """dP = -P dA P + P P^H dA^H (1 - A P) + (1 - P A) dA^H P^H P, while the rank holds (G&P 4.12)."""
    A, dA = (symmetric(A), symmetric(dA)) if hermitian else (A, dA)
    dAh, Ph = adjoint(dA), adjoint(P)
    return -P @ dA @ P + P @ (Ph @ (dAh - (dAh @ A) @ P)) + ((dAh - P @ (A @ dAh)) @ Ph) @ P


def pinv_vjp(g, P, A, rcond=None, hermitian=False, **tolerance):
    Pt, At = transposed(P), transposed(symmetric(A) if hermitian else A)
    left = conjugated(P) @ (Pt @ (g - (g @ Pt) @ At))
    right = ((g - At @ (Pt @ g)) @ Pt) @ conjugated(P)
    cotangent = -Pt @ g @ Pt + adjoint(left + right)
    return triangle(cotangent) if hermitian else cotangent


def lstsq_jvp(y, A, b, dA, db, rcond=None):
    """x = P b with P = pinv(A), and r = b - A x: dx = P (db - dA x) + P P^H dA^H r + (1 - P A) dA^H P^H x (G&P)."""
    x, b, db = column(y[0], y[0]), column(b, y[0]), column(db, y[0])
    P, r, dr = least(A, rcond, y), b - A @ x, db - dA @ x
    Ph, dAh = adjoint(P), adjoint(dA)
    z = dAh @ (Ph @ x)
    dx = P @ (dr + Ph @ (dAh @ r)) + z - P @ (A @ z)
    squares = 2.0 * np.sum(np.real(conjugated(r) * dr), axis=-2) if y[1].size else zeros(y[1])
    return np.reshape(dx, y[0].shape), squares, zeros(y[2]), svdvals_jvp(y[3], A, dA)[0]


def lstsq_vjp(g, y, A, b, rcond=None):
    x, b, g0 = column(y[0], y[0]), column(b, y[0]), column(g[0], y[0])
    P, r = least(A, rcond, y), b - A @ x
    u = transposed(P) @ g0
    if y[1].size:
        u = u + 2.0 * g[1] * conjugated(r)
    v = transposed(P) @ g0
    left = (conjugated(P) @ v) @ transposed(r)
    right = (g0 - transposed(A) @ v) @ transposed(adjoint(P) @ x)
    gA = -u @ transposed(x) + adjoint(left + right)
    if isinstance(g[3], Traced) or np.any(g[3]):  # most often nothing reaches the singular values, and they may coincide
        gA = gA + svdvals_vjp(g[3], y[3], A)[0]
    return gA, (u if y[0].ndim > 1 else u[..., 0])


def column(b, x):
    """A vector as a matrix of one column."""
    return b if x.ndim > 1 else b[..., None]


def least(A, rcond, y):
    return np.linalg.pinv(A, np.finfo(y[3].dtype).eps * max(A.shape) if rcond is None else rcond)


pair(np.linalg.pinv, jvp=pinv_jvp, vjp=pinv_vjp, batch="stacked")
pair(np.linalg.lstsq, jvp=lstsq_jvp, vjp=lstsq_vjp, operands=2)
