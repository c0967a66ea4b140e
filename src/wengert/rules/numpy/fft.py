"""Fourier transforms: of complex signals, of real ones and their half spectra, along one axis and along several.

    y = np.fft.rfft(x)      x receives hfft(w g), where w is 1/2 for the bins that stand in the whole spectrum twice, else 1

With F[j, k] = exp(-2 pi i jk/n), and k from 0 to n - 1, or to n/2 in half a spectrum, where all but 0 and n/2 have a twin in the rest:

    fft(x)[k]  = sum_j F[j, k] x[j]                  F is symmetric, so fft is its own transpose
    rfft(x)[k] = sum_j F[j, k] x[j]                  of a real x
    hfft(c)[j] = Re sum_k F[j, k] c[k] / w[k]        the bin and its twin; imaginary parts of bins 0 and n/2 are not read

Cotangents pair as Re(sum(g * t)), so the last two are each other's transposes but for w:

    Re sum_k g[k] rfft(x)[k] = sum_j x[j] Re sum_k F[j, k] g[k] = sum_j x[j] hfft(w g)[j]
       sum_j g[j] hfft(c)[j] = Re sum_k c[k] / w[k] sum_j F[j, k] g[j] = Re sum_k c[k] (rfft(g) / w)[k]

ifft, ihfft and irfft are the same with the conjugate of F; `norm=` is a factor that the two of each pair have in common.
All else is made of these six: `n=` crops or pads, several axes are transformed in turn, and shifts are rolls. fftfreq and rfftfreq
have no row: NumPy never asks whose number the spacing is, and computes with a traced one as with any other.

Source: W. Briggs and V. Henson, "The DFT: An Owner's Manual for the Discrete Fourier Transform" (SIAM, 1995), chapters 2 and 4.
"""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from wengert.rules.declare import composite, linear
from wengert.rules.numpy.shape import along
from wengert.rules.row import joined
from wengert.rules.vocabulary import as_array, laid_like

# --- along one axis ---------------------------------------------------------------------------------------------------


def fitted(f, read):
    """The definition of calls whose n= crops or pads: f of what is read, so that the rest is dead, and no 0 * inf comes of it."""

    def definition(a, n=None, axis=-1, norm=None, out=None):
        if n is None or n < 1:
            return NotImplemented
        a, length = joined(a), read(n)  # a list, where it is out= that is traced
        axis = normalize_axis_index(axis, np.ndim(a))
        missing = length - np.shape(a)[axis]
        if not missing:
            return NotImplemented
        if missing < 0:
            return laid_like(f(a[along(slice(length), np.ndim(a), axis)], n, axis, norm), a)
        zeros = np.zeros((*np.shape(a)[:axis], missing, *np.shape(a)[axis + 1 :]), a.dtype)
        return laid_like(f(np.concatenate([a, zeros], axis), n, axis, norm), a)

    return definition


def weighed(c, weight, n, axis):
    """Half a spectrum of n, with a weight on the bins that have a twin: all but 0 and n/2."""
    w = np.ones(n // 2 + 1, np.finfo(c.dtype).dtype)
    w[1 : (n + 1) // 2] = weight
    return c * np.reshape(w, (-1,) + (1,) * (c.ndim - 1 - normalize_axis_index(axis, c.ndim)))


def itself(f):
    """fft' g = fft(g)."""

    def transpose(g, a, n=None, axis=-1, norm=None, out=None):
        return f(g, None, axis, norm)

    return transpose


def of_halved(f):
    """rfft' g = hfft(w g)."""

    def transpose(g, a, n=None, axis=-1, norm=None, out=None):
        n = a.shape[axis]
        return f(weighed(g, 0.5, n, axis), n, axis, norm)

    return transpose


def doubled(f):
    """hfft' g = rfft(g) / w."""

    def transpose(g, a, n=None, axis=-1, norm=None, out=None):
        return weighed(f(g, None, axis, norm), 2.0, g.shape[axis], axis)

    return transpose


def whole(n):
    return n


def half(n):
    return n // 2 + 1


# fmt: off
#      f             its transpose             and, for calls that crop or pad, how many elements it reads for n=
linear(np.fft.fft,   itself(np.fft.fft),       definition=fitted(np.fft.fft,   whole), batch="axis")
linear(np.fft.ifft,  itself(np.fft.ifft),      definition=fitted(np.fft.ifft,  whole), batch="axis")
linear(np.fft.rfft,  of_halved(np.fft.hfft),   definition=fitted(np.fft.rfft,  whole), batch="axis")
linear(np.fft.hfft,  doubled(np.fft.rfft),     definition=fitted(np.fft.hfft,  half),  batch="axis")
linear(np.fft.ihfft, of_halved(np.fft.irfft),  definition=fitted(np.fft.ihfft, whole), batch="axis")
linear(np.fft.irfft, doubled(np.fft.ihfft),    definition=fitted(np.fft.irfft, half),  batch="axis")
# fmt: on


# --- along several axes, in turn --------------------------------------------------------------------------------------


def turns(a, s, axes):
    """(n, axis) of each transform, where n = -1 is the length that a has."""
    if s is not None and (axes is None or None in s):  # deprecated: NumPy warns by itself, or refuses
        np.fft.fftn(np.zeros((0,) + (1,) * len(s)), s, None if axes is None else range(1, len(axes) + 1))
    shape = np.shape(a)
    axes = range(-len(shape if s is None else s), 0) if axes is None else axes
    s = [-1] * len(axes) if s is None else s
    if len(s) != len(axes):
        raise ValueError("Shape and axes have different lengths.")
    return [(shape[axis] if n == -1 else n, axis) for n, axis in zip(s, axes, strict=True)]


def in_turn(f):
    """f along each axis, the last of them first."""

    def definition(a, s=None, axes=None, norm=None, out=None):
        a = as_array(joined(a))
        for step in reversed(turns(a, s, axes)):
            a = f(a, *step, norm)
        return a

    return definition


def rfftn(a, s=None, axes=None, norm=None, out=None):
    steps = turns(a, s, axes)
    a = np.fft.rfft(a, *steps[-1], norm)
    for step in reversed(steps[:-1]):
        a = np.fft.fft(a, *step, norm)
    return a


def irfftn(a, s=None, axes=None, norm=None, out=None):
    steps = turns(a, s, axes)
    n, axis = steps[-1]
    for step in steps[:-1]:
        a = np.fft.ifft(a, *step, norm)
    return np.fft.irfft(a, None if s is None else n, axis, norm)


def along_two(f):
    return lambda a, s=None, axes=(-2, -1), norm=None, out=None: f(a, s, axes, norm)


composite(np.fft.fftn, in_turn(np.fft.fft))
composite(np.fft.ifftn, in_turn(np.fft.ifft))
composite(np.fft.rfftn, rfftn)
composite(np.fft.irfftn, irfftn)
composite(np.fft.fft2, along_two(np.fft.fftn))
composite(np.fft.ifft2, along_two(np.fft.ifftn))
composite(np.fft.rfft2, along_two(np.fft.rfftn))
composite(np.fft.irfft2, along_two(np.fft.irfftn))


# --- the middle in front, and back ------------------------------------------------------------------------------------


def shifted(sign):
    def definition(x, axes=None):
        axes = range(np.ndim(x)) if axes is None else (axes,) if np.ndim(axes) == 0 else axes
        return np.roll(x, [sign * (np.shape(x)[axis] // 2) for axis in axes], tuple(axes))

    return definition


composite(np.fft.fftshift, shifted(1))
composite(np.fft.ifftshift, shifted(-1))
