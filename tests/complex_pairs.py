"""Complex numbers of a program that runs on complex steps: pairs of arrays, whose own imaginary unit is the step's.

    z = Pair(x, y)                   x + iy, where x and y are arrays of complex_step.py
    z * z, z[1:] += w, z.conj()      ordinary complex arithmetic, spelled out in real parts
    PAIRED["exp"](z)                 what np.exp stands for

A complex number needs an imaginary part of its own, and the step, 1e-30 of it, would be lost in that. Transforms are sums here, of
cosines and sines: no fast algorithm, and none of NumPy's.
"""

import functools
import itertools

import numpy as np


class Pair:
    """x + iy: numbers, or arrays of one shape. Views of it are views of both."""

    __array_ufunc__ = None  # array * pair is the pair's to answer

    def __init__(self, re, im):
        self.re, self.im = re, im

    @property
    def real(self):
        return self.re

    @property
    def imag(self):
        return self.im

    @property
    def shape(self):
        return np.shape(self.re)

    @property
    def size(self):
        return np.size(self.re)

    @property
    def ndim(self):
        return np.ndim(self.re)

    @property
    def T(self):
        return Pair(self.re.T, self.im.T)

    def __len__(self):
        return len(self.re)

    def __iter__(self):
        return iter([self[k] for k in range(len(self))])

    def __getitem__(self, index):
        return Pair(self.re[index], self.im[index])

    def __setitem__(self, index, z):
        z = pair(z)
        self.re[index], self.im[index] = z.re, z.im

    def __add__(self, other):
        other = pair(other)
        return Pair(self.re + other.re, self.im + other.im)

    def __sub__(self, other):
        return self + -pair(other)

    def __mul__(self, other):
        other = pair(other)
        return Pair(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    def __truediv__(self, other):
        other = pair(other)
        size = other.re * other.re + other.im * other.im
        return self * Pair(other.re / size, -other.im / size)

    def __matmul__(self, other):
        other = pair(other)
        return Pair(self.re @ other.re - self.im @ other.im, self.re @ other.im + self.im @ other.re)

    def __rmatmul__(self, other):
        return pair(other) @ self

    def __pow__(self, n):
        if not isinstance(n, int):
            return exp(log(self) * n)
        powers = Pair(np.ones_like(self.re), np.zeros_like(self.im))
        for _ in range(abs(n)):
            powers = powers * self
        return powers if n >= 0 else 1.0 / powers

    def __rsub__(self, other):
        return pair(other) - self

    def __rtruediv__(self, other):
        return pair(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Pair(-self.re, -self.im)

    def __pos__(self):
        return self

    def __iadd__(self, other):
        return self.become(self + other)

    def __isub__(self, other):
        return self.become(self - other)

    def __imul__(self, other):
        return self.become(self * other)

    def __itruediv__(self, other):
        return self.become(self / other)

    def become(self, z):
        """In place, for arrays."""
        if self.shape == ():
            return z
        self[...] = z
        return self

    def conj(self):
        return Pair(self.re, -self.im)

    def __getattr__(self, name):
        """Methods that do to both parts what they do to an array: sum, reshape, copy, ravel, ..."""
        if name.startswith("__"):
            raise AttributeError(name)  # NumPy asks for __array__
        return lambda *args, **kwargs: Pair(getattr(self.re, name)(*args, **kwargs), getattr(self.im, name)(*args, **kwargs))


def pair(z):
    """A number or array as a pair; a list of pairs as one."""
    if isinstance(z, Pair):
        return z
    if isinstance(z, list | tuple):
        parts = list(map(pair, z))
        return Pair(np.array([p.re for p in parts], complex), np.array([p.im for p in parts], complex))
    return Pair(z, np.zeros_like(z))


def imaginary(y):
    """What 2j stands for."""
    return Pair(0.0, y)


class Meaning(type):
    """The class of `Complex`, which is called as complex is."""

    def __call__(cls, re=0.0, im=0.0):
        return pair(re) + im * imaginary(1.0)

    def __instancecheck__(cls, x):
        return isinstance(x, Pair)


class Complex(metaclass=Meaning):
    """What `complex` stands for, also as a dtype."""


# --- functions ------------------------------------------------------------------------------------------------------------------


def exp(z):
    size = np.exp(z.re)
    return Pair(size * np.cos(z.im), size * np.sin(z.im))


def absolute(z):
    return np.sqrt(z.re * z.re + z.im * z.im)


def angle(z):
    """Off the negative real axis."""
    return 2.0 * np.arctan(z.im / (absolute(z) + z.re))


def log(z):
    return Pair(np.log(absolute(z)), angle(z))


def sqrt(z):
    """The principal root: of what lies left of the imaginary axis, by way of the larger part."""
    size = absolute(z)
    left = np.real(z.re) < 0
    large = np.sqrt(0.5 * (size + np.where(left, -z.re, z.re)))
    small = 0.5 * z.im / large
    sign = np.where(np.real(z.im) < 0, -1.0, 1.0)
    return Pair(np.where(left, small * sign, large)[()], np.where(left, large * sign, small)[()])


def sin(z):
    return Pair(np.sin(z.re) * np.cosh(z.im), np.cos(z.re) * np.sinh(z.im))


def cos(z):
    return Pair(np.cos(z.re) * np.cosh(z.im), -np.sin(z.re) * np.sinh(z.im))


def vdot(a, b):
    return dot(pair(a).reshape(-1).conj(), pair(b).reshape(-1))


def dot(a, b):
    return pair(a) @ pair(b)


def solve(a, b):
    """By the real system of twice the size."""
    a, b = pair(a), pair(b)
    x = np.linalg.solve(np.block([[a.re, -a.im], [a.im, a.re]]), np.concatenate([b.re, b.im]))
    n = len(a)
    return Pair(x[:n], x[n:])


def matrix_power(a, n):
    return functools.reduce(dot, [a] * n, Pair(np.eye(len(a), dtype=complex), np.zeros(a.shape, complex)))


def multilinear(f):
    """A function of two pairs that is linear in each: np.outer, np.kron."""

    def call(a, b, *args, **kwargs):
        a, b = pair(a), pair(b)

        def real(x, y):
            return f(x, y, *args, **kwargs)

        return Pair(real(a.re, b.re) - real(a.im, b.im), real(a.re, b.im) + real(a.im, b.re))

    return call


def einsum(subscripts, *operands):
    """The sum over all choices of a real or an imaginary part from each operand."""
    total = [0.0, 0.0]
    for choice in itertools.product((0, 1), repeat=len(operands)):
        parts = [(z.im if k else z.re) for k, z in zip(choice, map(pair, operands), strict=True)]
        power = sum(choice)
        total[power % 2] = total[power % 2] + (-1.0) ** (power // 2) * np.einsum(subscripts, *parts)
    return Pair(*total)


def both(name):
    """A NumPy function that does to both parts what it does to an array, of lists of pairs too."""

    def call(z, *args, **kwargs):
        f = getattr(np, name)
        if isinstance(z, list | tuple):
            parts = list(map(pair, z))
            return Pair(f([p.re for p in parts], *args, **kwargs), f([p.im for p in parts], *args, **kwargs))
        return Pair(f(z.re, *args, **kwargs), f(z.im, *args, **kwargs))

    return call


def made(name):
    """A NumPy function that makes an array from nothing, of dtype complex."""

    def call(*args, **kwargs):
        a = getattr(np, name)(*args, **kwargs).astype(complex)
        return Pair(a, np.zeros_like(a))

    return call


def array(z, copy=True):
    z = pair(z)
    return Pair(np.array(z.re, complex), np.array(z.im, complex))


def where(condition, x, y):
    x, y = pair(x), pair(y)
    return Pair(np.where(condition, x.re, y.re), np.where(condition, x.im, y.im))


# --- Fourier transforms -----------------------------------------------------------------------------------------------------------


def cut(z, n, axis):
    """z with n elements along an axis: cropped, or with zeros."""
    z = np.moveaxis(z, axis, -1)
    grown = np.zeros((*z.shape[:-1], n), complex)
    k = min(n, z.shape[-1])
    grown[..., :k] = z[..., :k]
    return grown


def waves(n, rows, sign):
    """exp(sign 2 pi i j k / n), j < n, k < rows."""
    phase = 2.0 * np.pi * (np.outer(np.arange(n), np.arange(rows)) % n) / n
    return Pair(np.cos(phase), sign * np.sin(phase))


def fft(x, n=None, axis=-1, norm=None, *, sign=-1.0, rows=None):
    x = pair(x)
    n = n or x.shape[axis]
    factor = {None: 1.0, "backward": 1.0, "ortho": n**-0.5, "forward": 1.0 / n}[norm]
    y = Pair(cut(x.re, n, axis), cut(x.im, n, axis)) @ waves(n, rows or n, sign) * factor
    return Pair(np.moveaxis(y.re, -1, axis), np.moveaxis(y.im, -1, axis))


def ifft(x, n=None, axis=-1, norm=None):
    return fft(x, n, axis, {None: "forward", "backward": "forward", "forward": None}.get(norm, norm), sign=1.0)


def rfft(x, n=None, axis=-1, norm=None):
    n = n or np.shape(x)[axis]
    return fft(x, n, axis, norm, rows=n // 2 + 1)


def irfft(x, n=None, axis=-1, norm=None):
    """The missing half is the conjugate of the other; imaginary parts of what is its own conjugate are dropped."""
    x = pair(x)
    n = n or 2 * (x.shape[axis] - 1)
    half = Pair(cut(x.re, n // 2 + 1, axis), cut(x.im, n // 2 + 1, axis))
    whole = Pair(np.zeros((*half.shape[:-1], n), complex), np.zeros((*half.shape[:-1], n), complex))
    whole[..., : n // 2 + 1] = half
    mirrored = half[..., 1 : (n + 1) // 2].conj()
    whole[..., n - mirrored.shape[-1] :] = mirrored[..., ::-1]
    return np.moveaxis(ifft(whole, norm=norm).re, -1, axis)


def over_axes(f):
    """A transform of one axis over several, the last ones first."""

    def call(x, s=None, axes=(-2, -1), norm=None):
        for k in reversed(range(len(axes))):
            x = f(x, None if s is None else s[k], axes[k], norm)
        return x

    return call


def rfft2(x, s=None, axes=(-2, -1), norm=None):
    y = rfft(x, None if s is None else s[-1], axes[-1], norm)
    return fft(y, None if s is None else s[0], axes[0], norm)


def irfft2(x, s=None, axes=(-2, -1), norm=None):
    y = ifft(x, None if s is None else s[0], axes[0], norm)
    return irfft(y, None if s is None else s[-1], axes[-1], norm)


FOURIER = {
    "fft": fft, "ifft": ifft, "rfft": rfft, "irfft": irfft, "fft2": over_axes(fft), "ifft2": over_axes(ifft),
    "rfft2": rfft2, "irfft2": irfft2,
}  # fmt: skip

BOTH = "sum mean diff roll concatenate stack vstack hstack reshape transpose ravel moveaxis trace diag cumsum tile repeat flip copy"
MADE = "zeros ones empty full eye zeros_like ones_like empty_like arange linspace"

PAIRED = {
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "angle": angle, "square": lambda z: z * z,
    "dot": dot, "vdot": vdot, "matmul": dot, "solve": solve, "outer": multilinear(np.outer), "kron": multilinear(np.kron),
    "tensordot": multilinear(np.tensordot), "inner": multilinear(np.inner), "matrix_power": matrix_power,
    "einsum": einsum, "array": array, "asarray": array, "where": where,
    "add": lambda a, b: pair(a) + b, "subtract": lambda a, b: pair(a) - b, "multiply": lambda a, b: pair(a) * b,
    "divide": lambda a, b: pair(a) / b, "negative": lambda a: -a, "shape": lambda z: z.shape, "size": lambda z: z.size,
    **{name: both(name) for name in BOTH.split()},
    **{name: made(name) for name in MADE.split()},
}  # fmt: skip
