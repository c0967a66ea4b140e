"""The phases of complex eigenvectors and singular vectors, as LAPACK leaves them.

    at = first_pins(V, A != 0)      where the columns of V are real
    dV = held(dV, V, at)            the tangent of vectors that stay real there

Each vector has a component that is real, its pin, as have the vectors of a matrix nearby, so derivatives keep that one real. Which it
is follows from how LAPACK works, and that it is real is asked of the values. Of a column without pin nothing more is known: a
cotangent that would turn its phase is NaN, and its tangent is the one that is orthogonal to it: right for |v|, v v^H and all else that
the phase does not change, and for no more than that. The signs of real vectors, which do not move, need nothing.

Sources: the comments of zheevd and zhetrd, zgesdd and zgebrd, zgeev and dgeev, https://netlib.org/lapack.
"""

import math

import numpy as np

from wengert.rules.declare import constant
from wengert.rules.vocabulary import word


def held(dV, V, at):
    """dV, turned back so that the pins stay real: they turn by Im(dV / V)."""
    if at is None:
        return dV
    turning = np.sum(np.where(at, np.imag(dV / np.where(at, V, 1.0)), 0.0), axis=-2, keepdims=True)
    return dV - 1j * V * turning


def held_transpose(g, V, at):
    """A pin receives what g would gain from turning its column; of a column without one, a g that gains has NaN."""
    if at is None:
        return g
    gain = np.sum(np.imag(g * V), axis=-2, keepdims=True)
    turned = np.abs(gain) > clear(V) * np.sum(np.abs(g * V), axis=-2, keepdims=True)
    lost = np.logical_and(turned, np.logical_not(np.any(at, axis=-2, keepdims=True)))
    return np.where(lost, math.nan, g + np.where(at, -1j * gain / np.where(at, V, 1.0), 0.0))


# --- where vectors are real -------------------------------------------------------------------------------------------


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
