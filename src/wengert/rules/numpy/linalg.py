"""Linear algebra: norms, solutions, determinants, factors and spectra.

Matrices are stacked along leading axes. Cotangents pair as Re(sum(g * t)), so transposes carry no conjugation of their own:
where the literature, which pairs by conj(g), writes A^H for a complex A, read A^T here.

Sources:
    Giles     M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008)
    M&N       J. Magnus and H. Neudecker, "Matrix Differential Calculus" (3rd ed., 2007)
    P&P       K. Petersen and M. Pedersen, "The Matrix Cookbook" (2012)
    Murray    I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016)
    G&P       G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems" (1973)
    W&L       S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra functions", arXiv:1001.1654 (2010)
"""

import functools
import itertools
import math
import operator

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from wengert.errors import MissingRuleError
from wengert.rules.declare import composite, constant, pair
from wengert.rules.row import zeros
from wengert.rules.vocabulary import Traced, astype, laid_like, word


def transposed(a):
    return np.swapaxes(a, -1, -2)


def conjugated(a):
    return np.conjugate(a) if a.dtype.kind == "c" else a


def adjoint(a):
    return conjugated(np.swapaxes(a, -1, -2))


def diagonal(d):
    """Diagonal matrices, of vectors stacked."""
    return d[..., None] * np.eye(d.shape[-1], dtype=bool)


def matrices(scalars):
    """Scalars, stacked as matrices are, to be multiplied with these."""
    return np.expand_dims(scalars, (-2, -1))


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


def ones_for_zeros(a):
    return np.where(a == 0, 1.0, a)


# --- norms ------------------------------------------------------------------------------------------------------------


def norm_definition(x, ord=None, axis=None, keepdims=False):
    """Norms by way of largest, smallest and summed absolute values, or of singular values; the others have a rule."""
    axes = norm_axes(x, axis)
    if ord is None or (len(axes) == 1 and ord not in (0, 1, math.inf, -math.inf)) or ord in ("fro", "f"):
        return NotImplemented
    if len(axes) == 1:
        size = np.abs(x)
        if ord == 0:
            return np.sum(np.not_equal(x, 0).astype(size.dtype), axis=axes, keepdims=keepdims)
        return {1: np.sum, math.inf: np.max, -math.inf: np.min}[ord](size, axis=axes, keepdims=keepdims)
    if len(axes) != 2 or ord not in MATRIX_NORMS:
        return NotImplemented  # NumPy says what is wrong with it
    rows, columns = axes
    if ord in (2, -2, "nuc"):
        y = MATRIX_NORMS[ord](np.linalg.svdvals(np.moveaxis(x, axes, (-2, -1))), axis=-1)
    else:
        first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
        y = MATRIX_NORMS[ord](np.sum(np.abs(x), axis=first), axis=second - (second > first))
    return np.expand_dims(y, axes) if keepdims else y


MATRIX_NORMS = {1: np.max, -1: np.min, math.inf: np.max, -math.inf: np.min, 2: np.max, -2: np.min, "nuc": np.sum}


def norm_axes(x, axis):
    """The axes of a norm, counted from the front."""
    n = np.ndim(x)
    return tuple(range(n)) if axis is None else normalize_axis_tuple(axis, n)


def norm_slope(y, x, ord, axis, keepdims):
    """dy/dx[i] = conj(x[i]) / |x[i]| (|x[i]| / y)**(p-1), which for p = 2 is conj(x) / y. At the zero vector 0, as abs has at 0."""
    if axis is not None and not keepdims:
        y = np.expand_dims(y, norm_axes(x, axis))
    if not np.all(np.logical_and(y > 0, y < math.inf)):  # the zero vector, or powers that left the range: the slope has no scale
        x = x / ones_for_zeros(np.sum(np.abs(x), axis=norm_axes(x, axis), keepdims=True))
        y = np.linalg.norm(x, ord, axis, keepdims=True)
        y = np.where(y == 0, math.inf, y)
    if ord in (None, "fro", "f", 2):
        return np.conjugate(x) / y
    ratio = np.abs(x) / y
    if ord < 1:  # steep at 0, where abs is flat
        ratio = ones_for_zeros(ratio)
    return np.conjugate(np.sign(x)) * ratio ** (ord - 1)


def norm_jvp(y, x, t, ord=None, axis=None, keepdims=False):
    return np.sum(np.real(norm_slope(y, x, ord, axis, keepdims) * t), axis=norm_axes(x, axis), keepdims=keepdims)


def norm_vjp(g, y, x, ord=None, axis=None, keepdims=False):
    if axis is not None and not keepdims:
        g = np.expand_dims(g, norm_axes(x, axis))
    return g * norm_slope(y, x, ord, axis, keepdims)


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Of all elements, or along one axis or several."""
    if axis is None or isinstance(axis, tuple):
        axes = norm_axes(x, axis)
        rest = tuple(n for k, n in enumerate(x.shape) if k not in axes)
        y = np.linalg.norm(np.reshape(np.moveaxis(x, axes, range(len(axes))), (-1, *rest)), ord, axis=0)
        return np.expand_dims(y, axes) if keepdims else y
    return np.linalg.norm(x, ord, axis, keepdims)


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, (-2, -1), keepdims)


pair(np.linalg.norm, jvp=norm_jvp, vjp=norm_vjp, definition=norm_definition, batch="axis")
composite(np.linalg.vector_norm, vector_norm)
composite(np.linalg.matrix_norm, matrix_norm)


# --- solutions and inverses -------------------------------------------------------------------------------------------


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


pair(np.linalg.solve, jvp=solve_jvp, vjp=solve_vjp, operands=2, batch="stacked")
pair(np.linalg.inv, jvp=inv_jvp, vjp=inv_vjp, batch="stacked")


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


# --- Hermitian matrices, of which LAPACK reads one triangle -----------------------------------------------------------
#
# cholesky, eigh and eigvalsh of A are functions of the Hermitian matrix that one triangle of A stands for (with the real part of
# its diagonal). These rules are the derivatives of what is computed: tangents of the other triangle do nothing, and its cotangent
# is 0. For A = B B^T and the like, this is the usual derivative. For a symmetric cotangent, symmetrise A first: (A + A^T) / 2.


def symmetric(t, upper=False):
    """The Hermitian matrix that a triangle of t stands for."""
    part = np.triu(t, 1) if upper else np.tril(t, -1)
    return part + adjoint(part) + np.real(t) * np.eye(t.shape[-1], dtype=bool)


def triangle(g, upper=False):
    """The transpose of `symmetric`: g + g^H in that triangle, half of it on the diagonal."""
    g = g + adjoint(g)
    return (np.triu(g, 1) if upper else np.tril(g, -1)) + 0.5 * g * np.eye(g.shape[-1], dtype=bool)


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


# --- spectra ----------------------------------------------------------------------------------------------------------
#
# Of coinciding eigenvalues (or singular values) only what does not depend on the basis chosen for their space has a derivative that
# one call can know. Functions of the eigenvalues alone have theirs, and so do eigenvectors that stay apart; the rest is inf or NaN,
# never a number that might be wrong.
#
# So it is with second derivatives of sum(phi(w)): within the space of a repeated w they are phi''(w) times all of P (see `eigh_jvp`),
# and eigvalsh, which is told g = phi'(w) and its change along diag(P), cannot know what belongs to the rest of P: NaN. Eigenvalues
# that nothing reaches (the mask of g) may coincide.


def quotient(m, d, size):
    """m / d; where d is lost in the rounding of numbers of this size: 0 if m is 0 (and stays so), and inf if not."""
    lost = np.abs(d) <= size * np.finfo(d.dtype).eps
    steep = math.sqrt(np.finfo(d.dtype).max)
    return np.where(lost, np.where(m == 0, steep * m, math.inf), m / np.where(lost, 1.0, d))


def apart(m, w):
    """m[i, j] / (w[j] - w[i]), and 0 on the diagonal."""
    m = np.where(np.eye(w.shape[-1], dtype=bool), 0.0, m)
    return quotient(m, w[..., None, :] - w[..., :, None], matrices(np.sum(np.abs(w), axis=-1)))


# Complex vectors have a phase, which LAPACK chooses: each has a component that is real, its pin, as have the vectors of a matrix nearby,
# so derivatives keep that one real. Which it is follows from how LAPACK works (see `first_pins`, `largest_pins`), and that it is real
# is asked of the values. Of a column without pin nothing more is known: a cotangent that would turn its phase is NaN, and its tangent
# is the one that is orthogonal to it: right for |v|, v v^H and all else that the phase does not change, and for no more than that.


@word
def first_pins(V, coupled, last=False):
    """Where the columns of V, eigenvectors of a matrix that is not zero where `coupled`, are real; a mask with one place a column.

    Householder's reduction to a tridiagonal matrix T (LAPACK's hetrd) begins at the first row and leaves it alone, and the vectors
    of T are real, so theirs is the first component; the last, where the upper triangle is reduced. A part of the matrix that nothing
    couples to the rows before it is reduced by itself: where the first component is 0, the first of that part is meant.
    """
    if last:
        return first_pins(V[..., ::-1, :], coupled[..., ::-1, ::-1])[..., ::-1, :]
    rows = np.arange(V.shape[-2])
    reach = np.max(np.where(np.tril(coupled), rows[:, None], 0), axis=-2, initial=0)  # the last row to which each one is coupled
    begins = np.concatenate([reach[..., :1] >= 0, np.maximum.accumulate(reach, axis=-1)[..., :-1] < rows[1:]], axis=-1)
    return pins(V, np.abs(V) > clear(V)) & begins[..., None]


@word
def largest_pins(V):
    """The same of eigenvectors that geev scales by their largest component. Of several that are as large, one is exactly real."""
    size = np.where(np.imag(V) == 0, np.abs(V), 0.0)
    return pins(V, size == np.max(size, axis=-2, keepdims=True, initial=0.0))


def pins(V, candidates):
    """The first candidate in each column, if it is real."""
    first = np.logical_and(candidates, np.cumsum(candidates, axis=-2) == 1)
    return first & (np.abs(V) > clear(V)) & (np.abs(np.imag(V)) <= clear(V) * np.abs(V))


def clear(V):
    """What a component must have in size so that half of its digits, and those of its phase, are more than rounding."""
    return math.sqrt(np.finfo(V.dtype).eps)


constant(first_pins, largest_pins)


def held(dV, V, at):
    """dV, turned back so that the pins stay real: they turn by Im(dV / V)."""
    if at is None:
        return dV
    turning = np.sum(np.where(at, np.imag(dV / np.where(at, V, 1.0)), 0.0), axis=-2, keepdims=True)
    return dV - 1j * V * turning


def held_transpose(g, V, at):
    """A pin receives what g would gain from turning its column."""
    if at is None:
        return g
    gain = np.sum(np.imag(g * V), axis=-2, keepdims=True)
    turned = np.abs(gain) > clear(V) * np.sum(np.abs(g * V), axis=-2, keepdims=True)
    lost = np.logical_and(turned, np.logical_not(np.any(at, axis=-2, keepdims=True)))
    return np.where(lost, math.nan, g + np.where(at, -1j * gain / np.where(at, V, 1.0), 0.0))


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


def reached(V, live):
    """The columns that a cotangent with this mask reaches; 0 for the others, whose tangents may be infinite."""
    return V if live is None else np.where(live[..., None, :], V, 0.0)


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


def diagonals(m):
    return np.diagonal(m, axis1=-2, axis2=-1)


pair(np.linalg.eigh, jvp=eigh_jvp, vjp=eigh_vjp, batch="stacked")
pair(np.linalg.eigvalsh, jvp=eigvalsh_jvp, vjp=eigvalsh_vjp, live="selects", batch="stacked")
pair(np.linalg.eig, jvp=eig_jvp, vjp=eig_vjp, batch="stacked")
pair(np.linalg.eigvals, jvp=eigvals_jvp, vjp=eigvals_vjp, batch="stacked")


# --- singular values --------------------------------------------------------------------------------------------------


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


def cond(x, p=None):
    """The ratio of the extreme singular values, or the product of the norms of x and inv(x) (in float64); inf where x is singular."""
    if p in (None, 2, -2):
        s = np.linalg.svdvals(x)
        r = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    else:
        inverse = inverted(x * np.float64(1.0))
        r = np.linalg.norm(x, p, axis=(-2, -1)) * np.linalg.norm(inverse, p, axis=(-2, -1))
    singular = np.logical_and(np.isnan(r), np.logical_not(np.any(np.isnan(x), axis=(-2, -1))))
    return astype(np.where(singular, math.inf, r)[()], np.real(x).dtype)


pair(np.linalg.svd, jvp=svd_jvp, vjp=svd_vjp, definition=svd_definition, batch="stacked")
pair(np.linalg.svdvals, jvp=svdvals_jvp, vjp=svdvals_vjp, live="selects", batch="stacked")
composite(np.linalg.cond, cond)
constant(np.linalg.matrix_rank)


# --- least squares and orthogonal factors -----------------------------------------------------------------------------


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


pair(np.linalg.pinv, jvp=pinv_jvp, vjp=pinv_vjp, batch="stacked")
pair(np.linalg.lstsq, jvp=lstsq_jvp, vjp=lstsq_vjp, operands=2)
pair(np.linalg.qr, jvp=qr_jvp, vjp=qr_vjp, definition=qr_definition, batch="stacked")


# --- products and other names -----------------------------------------------------------------------------------------


def matrix_power(a, n):
    """By squaring, as NumPy does it."""
    n = operator.index(n)
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 0:
        return laid_like(np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape).copy(), a)
    if n == 3:
        return (a @ a) @ a
    result = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = a if result is None else result @ a
        a = a @ a if n else a
    return result


def multi_dot(arrays, *, out=None):
    """The product, in the order that takes the fewest multiplications (Cormen et al., Introduction to Algorithms, 14.2)."""
    first, last = np.ndim(arrays[0]), np.ndim(arrays[-1])
    if len(arrays) == 2:
        return np.dot(arrays[0], arrays[1])
    arrays = [arrays[0][None, :] if first == 1 else arrays[0], *arrays[1:-1], arrays[-1][:, None] if last == 1 else arrays[-1]]
    sizes = [arrays[0].shape[0], *(a.shape[1] for a in arrays)]

    @functools.cache
    def plan(i, j):
        """(cost, split) of the product of arrays i, ..., j - 1."""
        if j - i == 1:
            return 0, j
        return min((plan(i, k)[0] + plan(k, j)[0] + sizes[i] * sizes[k] * sizes[j], k) for k in range(i + 1, j))

    def product(i, j):
        k = plan(i, j)[1]
        return arrays[i] if j - i == 1 else np.dot(product(i, k), product(k, j))

    y = product(0, len(arrays))
    return y[0, 0] if first == last == 1 else np.ravel(y) if 1 in (first, last) else y


def tensorsolve(a, b, axes=None):
    """`solve`, with the indices of a that match b first, and those of the result after them."""
    if axes is not None:
        moved = [k % a.ndim for k in axes]
        a = np.transpose(a, [k for k in range(a.ndim) if k not in moved] + moved)
    shape = a.shape[b.ndim :]
    return np.reshape(np.linalg.solve(np.reshape(a, (-1, b.size)), np.ravel(b)), shape)


def tensorinv(a, ind=2):
    return np.reshape(np.linalg.inv(np.reshape(a, (math.prod(a.shape[:ind]), -1))), a.shape[ind:] + a.shape[:ind])


def cross(x1, x2, /, *, axis=-1):
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ValueError("Both input arrays must be (arrays of) 3-dimensional vectors")
    return np.cross(x1, x2, axis=axis)


def outer(x1, x2, /):
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError("Input arrays must be one-dimensional")
    return np.outer(x1, x2)


composite(np.linalg.matrix_power, matrix_power)
composite(np.linalg.multi_dot, multi_dot)
composite(np.linalg.tensorsolve, tensorsolve)
composite(np.linalg.tensorinv, tensorinv)
composite(np.linalg.trace, lambda x, /, *, offset=0, dtype=None: np.trace(x, offset, axis1=-2, axis2=-1, dtype=dtype))
composite(np.linalg.diagonal, lambda x, /, *, offset=0: np.diagonal(x, offset, axis1=-2, axis2=-1))
composite(np.linalg.matrix_transpose, lambda x, /: np.swapaxes(x, -1, -2))
composite(np.linalg.cross, cross)
composite(np.linalg.outer, outer)
composite(np.linalg.matmul, lambda x1, x2, /: np.matmul(x1, x2))
composite(np.linalg.tensordot, lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes=axes))
composite(np.linalg.vecdot, lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis))
