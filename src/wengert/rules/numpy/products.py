"""Products of vectors, matrices and tensors: each linear in one factor while the others are held.

    z = a b             dz = da b + a db,   so a receives g b^T, and b receives a^T g

No transpose conjugates (see declare, conventions). Axes along which a factor was broadcast are summed later: `match`.
"""

import operator
import string

import numpy as np

from wengert.rules.declare import composite, multilinear, pair, spelled
from wengert.rules.row import joined
from wengert.rules.vocabulary import as_array, in_order, put


def rank(a):
    return a.ndim if hasattr(a, "ndim") else np.ndim(a)


# --- matrices and stacks of them --------------------------------------------------------------------------------------


def matmul_left(g, a, b):
    """z = a b, so a receives g b^T (stacked; a or b may be a vector)."""
    if b.ndim == 1:
        return g[..., None] * b if a.ndim > 1 else g * b
    if a.ndim == 1:
        return (b @ g[..., None])[..., 0]
    return g @ np.swapaxes(b, -1, -2)


def matmul_right(g, a, b):
    """z = a b, so b receives a^T g."""
    if a.ndim == 1:
        return a[:, None] * g[..., None, :] if b.ndim > 1 else g * a
    if b.ndim == 1:
        return (np.swapaxes(a, -1, -2) @ g[..., None])[..., 0]
    return np.swapaxes(a, -1, -2) @ g


def at_axes(f):
    """The keywords axes=, axis= and keepdims= of ufuncs of vectors and matrices: move axes to the end and back."""

    def definition(a, b, axes=None, axis=None, keepdims=False):
        if axes is None and axis is None and not keepdims:
            return NotImplemented
        axes = [-1 if axis is None else axis] * 2 if axes is None else axes
        places = [k if isinstance(k, tuple) else (k,) for k in axes]
        a, b, *_ = (np.moveaxis(x, k, range(-len(k), 0)) for x, k in zip((a, b), places, strict=False))
        y = f(a, b)
        if keepdims:
            return np.expand_dims(y, places[0])
        return np.moveaxis(y, range(-len(places[2]), 0), places[2]) if len(places) == 3 else y

    return definition


multilinear(np.matmul, matmul_left, matmul_right, batch="stacked", definition=at_axes(np.matmul))
spelled(np.matmul, operator.matmul)

multilinear(  # which conjugates its first vector
    np.vecdot,
    lambda g, a, b: np.conj(g[..., None] * b),
    lambda g, a, b: g[..., None] * np.conj(a),
    batch="stacked",
    definition=at_axes(np.vecdot),
)
if hasattr(np, "matvec"):  # NumPy 2.2; vecmat conjugates its vector
    multilinear(
        np.matvec,
        lambda g, a, v: g[..., None] * v[..., None, :],
        lambda g, a, v: np.matvec(np.swapaxes(a, -1, -2), g),
        batch="stacked",
        definition=at_axes(np.matvec),
    )
    multilinear(
        np.vecmat,
        lambda g, v, a: np.conj(np.matvec(a, g)),
        lambda g, v, a: np.conj(v)[..., None] * g[..., None, :],
        batch="stacked",
        definition=at_axes(np.vecmat),
    )


# --- contractions of tensors ------------------------------------------------------------------------------------------


def dot_left(g, a, b, out=None):
    """z[i..., j..., l] = sum of a[i..., k] b[j..., k, l] over k."""
    if rank(a) == 0 or rank(b) == 0:
        return g * b
    if rank(b) <= 2:
        return matmul_left(g, a, b)
    return np.tensordot(g, b, (range(rank(a) - 1, rank(g)), [*range(rank(b) - 2), rank(b) - 1]))


def dot_right(g, a, b, out=None):
    if rank(a) == 0 or rank(b) == 0:
        return g * a
    if rank(a) == 1 and rank(b) <= 2:
        return matmul_right(g, a, b)
    free = range(rank(a) - 1)
    k_first = np.tensordot(a, g, (free, free))
    return np.moveaxis(k_first, 0, -2) if rank(b) > 1 else k_first


def inner_left(g, a, b):
    """z[i..., j...] = sum of a[i..., k] b[j..., k] over k."""
    if rank(a) == 0 or rank(b) == 0:
        return g * b
    return np.tensordot(g, b, (range(rank(a) - 1, rank(g)), range(rank(b) - 1)))


def inner_right(g, a, b):
    if rank(a) == 0 or rank(b) == 0:
        return g * a
    return np.tensordot(g, a, (range(rank(a) - 1), range(rank(a) - 1)))


def pairs(axes, m, n):
    """The axes that numpy.tensordot contracts, of either factor."""
    if isinstance(axes, int | np.integer):
        return list(range(m - axes, m)), list(range(axes))
    of_a, of_b = (list(k) if np.ndim(k) else [int(k)] for k in axes)
    return [k % m for k in of_a], [k % n for k in of_b]


def tensordot_left(g, a, b, axes=2):
    """g with b's free axes contracted leaves a's free axes, then its contracted ones in the order of b's."""
    of_a, of_b = pairs(axes, rank(a), rank(b))
    free_a, free_b = ([k for k in range(n) if k not in used] for n, used in ((rank(a), of_a), (rank(b), of_b)))
    back = free_a + [of_a[k] for k in np.argsort(of_b)]
    return np.transpose(np.tensordot(g, b, (range(len(free_a), rank(g)), free_b)), np.argsort(back))


def tensordot_right(g, a, b, axes=2):
    of_a, of_b = pairs(axes, rank(a), rank(b))
    free_a, free_b = ([k for k in range(n) if k not in used] for n, used in ((rank(a), of_a), (rank(b), of_b)))
    back = [of_b[k] for k in np.argsort(of_a)] + free_b
    return np.transpose(np.tensordot(a, g, (free_a, range(len(free_a)))), np.argsort(back))


multilinear(np.dot, dot_left, dot_right)
multilinear(np.inner, inner_left, inner_right)
multilinear(np.tensordot, tensordot_left, tensordot_right)


# --- einsum -----------------------------------------------------------------------------------------------------------


def labels(subscripts, ranks):
    """The labels of each operand and of the result, one letter an axis: what was `...` or implicit is said."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    hidden = [n - len(term.replace("...", "")) if "..." in term else 0 for n, term in zip(ranks, terms, strict=True)]
    spare = [letter for letter in string.ascii_letters if letter not in subscripts]
    dots = "".join(spare[: max(hidden, default=0)])
    if not arrow:
        output = "..." * ("..." in inputs) + "".join(sorted(c for c in set(inputs) - set(",.") if inputs.count(c) == 1))
    terms = [term.replace("...", dots[len(dots) - n :]) for term, n in zip(terms, hidden, strict=True)]
    return terms, output.replace("...", dots)


def einsum_transpose(g, i, subscripts, *operands, optimize=False, **options):
    """The sum of g times the other operands over all labels but this operand's own.

    A label that only this operand has was summed: its cotangent is the same all along. A label that it has twice read
    a diagonal: its cotangent lies there. Where it had length 1 beside longer ones, it was broadcast: summed.
    """
    terms, output = labels(subscripts, [rank(a) for a in operands])
    mine, like = terms[i - 1], operands[i - 1]
    own = "".join(dict.fromkeys(mine))
    lengths = [like.shape[mine.index(c)] for c in own]
    others = [(term, a) for k, (term, a) in enumerate(zip(terms, operands, strict=True)) if k != i - 1]
    shared = "".join(c for c in own if c in output or any(c in term for term, _ in others))
    inputs = ",".join([output, *(term for term, _ in others)])
    c = np.einsum(f"{inputs}->{shared}", g, *(a for _, a in others), optimize=optimize is not False)
    c = np.reshape(c, tuple(c.shape[shared.index(k)] if k in shared else 1 for k in own))
    broadcast = tuple(k for k, n in enumerate(lengths) if n == 1 != c.shape[k])
    c = np.sum(c, axis=broadcast, keepdims=True) if broadcast else c
    c = np.broadcast_to(c, lengths)
    if len(own) == len(mine):
        return c
    places = [np.reshape(np.arange(n), (-1,) + (1,) * (len(own) - 1 - k)) for k, n in enumerate(lengths)]
    return put(np.zeros(like.shape, c.dtype), tuple(places[own.index(k)] for k in mine), c)


def einsum_forms(*operands, optimize=False, **options):
    """einsum(a, [0, 1], b, [1, 2], [0, 2]) as einsum("ab,bc->ac", a, b)."""
    if isinstance(operands[0], str):
        return NotImplemented
    even = len(operands) // 2 * 2
    arrays, lists = operands[:even:2], [*operands[1:even:2], *operands[even:]]
    words = ["".join("..." if k is Ellipsis else string.ascii_letters[k] for k in some) for some in lists]
    subscripts = "->".join([",".join(words[: len(arrays)]), *words[len(arrays) :]])
    return np.einsum(subscripts, *arrays, optimize=optimize, **options)


multilinear(np.einsum, each=einsum_transpose, definition=einsum_forms)


# --- convolutions -----------------------------------------------------------------------------------------------------


def convolved(mode, m, n):
    """Which stretch of the full convolution of m and n samples a mode gives: its start and length."""
    short, long = min(m, n), max(m, n)
    if mode in ("full", 2):
        return 0, m + n - 1
    if mode in ("same", 1):
        return (short - 1) // 2, long
    return short - 1, long - short + 1


def convolve_transpose(g, i, a, v, mode="full"):
    """Of z = a * v, a receives the correlation of g with v: the convolution with v backwards, as far as a goes."""
    m, n = size(a), size(v)
    start, length = convolved(mode, m, n)
    full = np.concatenate([np.zeros(start, g.dtype), g, np.zeros(m + n - 1 - start - length, g.dtype)])
    mine, other = ((m, v), (n, a))[i]
    c = np.convolve(full, np.flip(np.reshape(other, -1)), "full")
    k = m + n - mine - 1
    return np.reshape(c[k : k + mine], np.shape(a if i == 0 else v))


def correlate_transpose(g, i, a, v, mode="valid"):
    """That of the convolution of a with v turned; of a shorter a with a longer v, the turned one of v with a turned."""
    first, second = (a, v) if size(a) >= size(v) else (v, a)
    g = g if first is a else turned(g)
    if (i == 0) == (first is a):
        return convolve_transpose(g, 0, first, turned(second), mode)
    return turned(convolve_transpose(g, 1, first, second, mode))


def turned(v):
    """v backwards and conjugate, or the same of what takes its place."""
    return np.conj(np.flip(np.reshape(v, -1))) if hasattr(v, "__array__") or not hasattr(v, "shape") else v


def size(a):
    return a.size if hasattr(a, "size") else np.size(a)


multilinear(np.convolve, each=convolve_transpose)
multilinear(np.correlate, each=correlate_transpose)


# --- products of products ---------------------------------------------------------------------------------------------


def outer(a, b, out=None):
    return np.multiply(np.ravel(a)[:, None], np.ravel(b)[None, :])


def kron(a, b):
    """Every element of a times all of b, in blocks."""
    a, b = as_array(joined(a)), as_array(joined(b))  # numbers are as wide as arrays
    n = max(rank(a), rank(b))
    shape_a, shape_b = (1,) * (n - rank(a)) + np.shape(a), (1,) * (n - rank(b)) + np.shape(b)
    if rank(a) == 0 or rank(b) == 0:
        return np.multiply(a, b)
    wide = np.reshape(a, sum(((k, 1) for k in shape_a), ())), np.reshape(b, sum(((1, k) for k in shape_b), ()))
    return np.reshape(np.multiply(*wide), tuple(i * j for i, j in zip(shape_a, shape_b, strict=True)))


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """(a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0); in the plane a2 or b2 is lacking."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product (dimension must be 2 or 3)")
    a0, a1, a2 = (a[..., k] if k < a.shape[-1] else None for k in range(3))
    b0, b1, b2 = (b[..., k] if k < b.shape[-1] else None for k in range(3))
    third = a0 * b1 - a1 * b0
    if a2 is None and b2 is None:
        return third
    first = a1 * b2 if a2 is None else -(a2 * b1) if b2 is None else a1 * b2 - a2 * b1
    second = -(a0 * b2) if a2 is None else a2 * b0 if b2 is None else a2 * b0 - a0 * b2
    return np.moveaxis(in_order(np.stack([first, second, third], -1), "C"), -1, axisc)


def vander_slope(y, increasing=False):
    """Column n of a Vandermonde matrix is x**n, and its slope n x**(n-1): n times the column before."""
    y = y if increasing else np.flip(y, 1)
    before = np.concatenate([np.zeros((y.shape[0], 1), y.dtype), y[:, :-1]], 1)[:, : y.shape[1]]
    slope = before * np.arange(y.shape[1]).astype(np.finfo(y.dtype).dtype)
    return slope if increasing else np.flip(slope, 1)


pair(
    np.vander,
    jvp=lambda y, x, t, N=None, increasing=False: vander_slope(y, increasing) * t[:, None],
    vjp=lambda g, y, x, N=None, increasing=False: np.sum(vander_slope(y, increasing) * g, axis=1),
)
multilinear(  # which conjugates its first vector
    np.vdot,
    lambda g, a, b: np.reshape(np.conj(g * np.ravel(b)), np.shape(a)),
    lambda g, a, b: np.reshape(g * np.conj(np.ravel(a)), np.shape(b)),
)
composite(np.outer, outer)
composite(np.kron, kron)
composite(np.cross, cross)
