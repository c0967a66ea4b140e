"""Fourier transforms: of complex signals, of real ones and their half spectra, along one axis and along several.

The laws take values of np.fft as they are. The sums that define these, by np.exp alone, are the second oracle; published identities
and solved equations are the third.
"""

import math
import warnings

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real, turned

import wengert as wg
from wengert.testing import differences

X, CUBE = real(3, 4), real(2, 3, 4)
HALF = real(3, imaginary=2.0)  # half a spectrum, of 4 or 5
WHOLE = (np.fft.fft, np.fft.ifft)
TO_HALF, FROM_HALF = (np.fft.rfft, np.fft.ihfft), (np.fft.irfft, np.fft.hfft)
ONE = (*WHOLE, *TO_HALF, *FROM_HALF)


def along_one(f):
    """Lengths of both kinds, whole, cropped and padded; any axis; all norms."""
    return [
        *(call(f, real(n)) for n in (4, 5)),
        *(call(f, X, n) for n in (2, 3, 6, 9)),
        call(f, CUBE, axis=1),
        call(f, CUBE, 5, -2, "ortho"),
        call(f, CUBE, n=4, axis=0, norm="forward"),
        call(f, real(0, 3), norm="backward"),
    ]


CHAPTER = Chapter(
    "numpy.fft",
    calls=[
        *(sample for f in ONE for sample in along_one(f)),
        *(call(f, turned(2, 3), norm="ortho") for f in WHOLE),
        *(call(f, HALF, n) for f in FROM_HALF for n in (4, 5, 7)),
        *(call(f, turned(3, 2), n, 0, "forward") for f in FROM_HALF for n in (3, 4, 5, 8)),
        *(call(f, real(2), 1) for f in ONE),
        *(call(f, CUBE) for f in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2)),
        *(call(f, X, (4, 3), norm="ortho") for f in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2)),
        *(call(f, CUBE, s=(3, 5), axes=(-1, 0)) for f in (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2)),
        *(call(f, CUBE) for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)),
        *(call(f, CUBE, axes=(2, 0), norm="forward") for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)),
        *(call(f, CUBE, (2, -1, 3), (0, 1, -1), "ortho") for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)),
        *(call(f, X, axes=(1, 1)) for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)),  # one axis, twice
        *(call(f, X, (3, 5, 2), (0, 1, 0)) for f in (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)),
        *(call(f, turned(2, 3), axes=(0, -1)) for f in (np.fft.fftn, np.fft.ifftn, np.fft.irfftn)),
        call(np.fft.fftn, X, axes=()),
        *(call(f, x) for f in (np.fft.fftshift, np.fft.ifftshift) for x in (real(5), X)),
        *(call(f, CUBE, axes) for f in (np.fft.fftshift, np.fft.ifftshift) for axes in (1, (-1, 0), [1, 1])),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_every_public_function_that_asks_us_has_a_row():
    asking = {f for f in map(vars(np.fft).get, np.fft.__all__) if hasattr(f, "_implementation")}
    assert asking == set(CHAPTER.rows)
    assert {np.fft.fftfreq, np.fft.rfftfreq} == {getattr(np.fft, name) for name in np.fft.__all__} - asking


# --- against the sums that define them --------------------------------------------------------------------------------


def matrix(n, sign):
    """exp(-+ 2 pi i jk/n)."""
    return np.exp(sign * 2j * math.pi * np.outer(np.arange(n), np.arange(n)) / n)


def fitted(a, n):
    return np.concatenate([a[:n], np.zeros(max(0, n - a.size))])


def completed(c, n):
    """The whole spectrum of a real signal of which c is half: bin n - k is the conjugate of bin k, and bins 0 and n/2 are real."""
    c = fitted(c, n // 2 + 1).astype(complex)
    return np.array([np.real(c[k]) if 2 * k % n == 0 else c[k] if 2 * k < n else np.conj(c[n - k]) for k in range(n)])


SUMS = {
    "fft": lambda a, n: matrix(n, -1) @ fitted(a, n),
    "ifft": lambda a, n: matrix(n, 1) @ fitted(a, n) / n,
    "rfft": lambda a, n: (matrix(n, -1) @ fitted(a, n))[: n // 2 + 1],
    "ihfft": lambda a, n: (matrix(n, 1) @ fitted(a, n))[: n // 2 + 1] / n,
    "irfft": lambda a, n: np.real(matrix(n, 1) @ completed(a, n)) / n,
    "hfft": lambda a, n: np.real(matrix(n, -1) @ completed(a, n)),
}
FACTORS = {
    "backward": lambda name, n: 1.0,
    "ortho": lambda name, n: math.sqrt(n) if name in ("ifft", "irfft", "ihfft") else 1 / math.sqrt(n),
    "forward": lambda name, n: n if name in ("ifft", "irfft", "ihfft") else 1 / n,
}


@pytest.mark.parametrize("norm", FACTORS)
@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("name", SUMS)
def test_both_modes_agree_with_the_defining_sums(name, n, norm):
    random, f = np.random.default_rng(n), getattr(np.fft, name)
    for size in range(1, 6):
        for i in (0,) if name in ("rfft", "ihfft") else (0, 1j):
            a, t = (random.normal(size=size) + i * random.normal(size=size) for _ in range(2))
            y, tangent = wg.jvp(lambda a: f(a, n, norm=norm), (a,), (t,))
            linear = lambda a: FACTORS[norm](name, n) * SUMS[name](a, n)
            np.testing.assert_allclose(y, linear(a), rtol=1e-13, atol=1e-13)
            np.testing.assert_allclose(tangent, linear(t), rtol=1e-13, atol=1e-13)
            g = random.normal(size=y.shape) + (1j * random.normal(size=y.shape) if np.iscomplexobj(y) else 0)
            units = np.eye(size)
            truth = [np.sum(np.real(g * linear(e))) - (i and 1j * np.sum(np.real(g * linear(1j * e)))) for e in units]
            (c,) = wg.vjp(lambda a: f(a, n, norm=norm), a)[1](g)
            assert c.dtype == a.dtype
            np.testing.assert_allclose(c, truth, rtol=1e-12, atol=1e-12)


# --- what is not read, dtypes, other arguments ------------------------------------------------------------------------


@pytest.mark.parametrize("f", ONE)
def test_elements_that_are_cropped_are_dead(f):
    """The root has an infinite slope at 0, which n=2 does not read."""
    f_of_root = lambda x: np.sum(np.real(f(np.sqrt(x), 2)))
    assert wg.grad(f_of_root)(np.array([1.0, 4.0, 0.0, 0.0]))[2:].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("f", FROM_HALF)
def test_imaginary_parts_that_are_not_read_have_no_derivative(f):
    c = np.array([1 + 2j, 3 - 1j, 2 + 5j])
    for n, unread in ((4, [0, 2]), (5, [0])):
        g = wg.grad(lambda c, n=n: np.sum(f(c, n) ** 3))(c)
        assert [k for k in range(3) if g[k].imag == 0] == unread


@pytest.mark.parametrize("f", ONE)
def test_single_precision_is_kept(f):
    x = np.linspace(-1, 1, 6).reshape(2, 3)
    wide = lambda x: np.sum(np.abs(f(x, 4)) ** 2)
    y, g = wg.value_and_grad(wide)(x.astype(np.float32))
    assert (y.dtype, g.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(g, wg.grad(wide)(x), rtol=1e-5, atol=1e-6)
    _, t = wg.jvp(lambda x: f(x, 4), (x.astype(np.float32),), (x.astype(np.float32),))
    assert t.dtype == (np.float32 if f in FROM_HALF else np.complex64)


def test_a_result_goes_where_out_says_or_is_refused():
    def inside(x):
        y = np.zeros_like(x, dtype=complex)
        np.fft.fft(x, None, -1, "ortho", y[::-1])
        return np.sum(np.abs(y[:2]) ** 2 * np.array([1.0, 3.0]))

    outer = np.zeros(3, complex)

    def outside(x):
        np.fft.fftn(x, out=outer)
        return x

    x = np.array([1.0, -2.0, 0.5])
    (truth,) = differences(lambda h: [np.array([inside(x + h * e) for e in np.eye(3)])])
    np.testing.assert_allclose(wg.grad(inside)(x), truth.value, rtol=1e-9)
    with pytest.raises(wg.errors.WriteError, match="an array made outside"):
        wg.vjp(outside, x)


A = np.arange(12.0).reshape(3, 4)
REFUSED = {
    "no points": lambda x: np.fft.fft(x, 0),
    "fewer than none": lambda x: np.fft.irfft(x, -1),
    "an empty axis": lambda x: np.fft.rfft(x[:, :0]),
    "an empty axis, padded, elsewhere empty": lambda x: np.fft.ifft(x[:0, :0], axis=0),
    "half a spectrum of nothing": lambda x: np.fft.hfft(x[:, :1]),
    "no such axis": lambda x: np.fft.fft(x, axis=2),
    "no such axis, padded": lambda x: np.fft.fft(x, 5, 2),
    "no such norm": lambda x: np.fft.fft(x, norm="unitary"),
    "no axis at all": lambda x: np.fft.fft(x[0, 0]),
    "too few lengths": lambda x: np.fft.fftn(x, (3,), (0, 1)),
    "no last axis": lambda x: np.fft.rfftn(x, axes=()),
    "no last axis to come from": lambda x: np.fft.irfftn(x, axes=()),
    "no such axes": lambda x: np.fft.fft2(x, axes=(0, 2)),
    "nothing to shift": lambda x: np.fft.fftshift(x, 2),
    "the real transform of complex numbers": lambda x: np.fft.rfft(1j * x),
}


@pytest.mark.parametrize("f", REFUSED.values(), ids=REFUSED)
def test_what_numpy_refuses_is_refused_alike(f):
    with pytest.raises(Exception) as plain:  # noqa: PT011
        f(A)
    with pytest.raises(plain.type):
        wg.vjp(f, A)


@pytest.mark.parametrize("f", [np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn])
@pytest.mark.parametrize("options", [{"s": (2, 5)}, {"s": (5,)}, {"s": (None, 3), "axes": (1, 0)}], ids=str)
def test_deprecated_lengths_warn_as_numpys_do_and_are_right(f, options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = f(A, **options)
    with pytest.warns(DeprecationWarning, match="NumPy 2.0"):
        y, t = wg.jvp(lambda x: f(x, **options), (A,), (A,))
    np.testing.assert_array_equal(y, truth)
    np.testing.assert_array_equal(t, truth)


# --- programs ---------------------------------------------------------------------------------------------------------


def slope_agrees(f, *args):
    """The gradient along random directions, against differences; and its own derivative, in both modes."""
    random = np.random.default_rng(5)
    ts = [random.normal(size=np.shape(a)) for a in args]
    every = tuple(range(len(args)))

    def paired(*args):
        return sum(np.sum(g * t) for g, t in zip(wg.grad(f, argnums=every)(*args), ts, strict=True))

    moved = lambda h: [a + h * t for a, t in zip(args, ts, strict=True)]
    first, second = differences(lambda h: [f(*moved(h)), paired(*moved(h))])
    np.testing.assert_allclose(paired(*args), first.value, rtol=1e-8)
    np.testing.assert_allclose(wg.jvp(f, args, tuple(ts))[1], first.value, rtol=1e-8)
    np.testing.assert_allclose(wg.jvp(paired, args, tuple(ts))[1], second.value, rtol=1e-7)
    again = wg.grad(paired, argnums=every)(*args)
    np.testing.assert_allclose(sum(np.sum(g * t) for g, t in zip(again, ts, strict=True)), second.value, rtol=1e-7)


def test_parseval():
    """sum |fft x|^2 = n sum x^2, so its gradient is 2 n x and its Hessian 2 n I (Briggs and Henson, section 3.2)."""
    x = np.linspace(-1, 2, 5)
    energy = lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2)
    np.testing.assert_allclose(wg.grad(energy)(x), 10 * x, atol=1e-13)
    np.testing.assert_allclose(wg.hessian(energy)(x), 10 * np.eye(5), atol=1e-13)


def test_poisson():
    """-laplacian(u) = f on a torus, by the real transform of two axes, the last of them odd."""

    def energy(f, width):
        m, n = f.shape
        kx, ky = 2 * math.pi * np.fft.fftfreq(m, width / m), 2 * math.pi * np.fft.rfftfreq(n, width / n)
        laplacian = kx[:, None] ** 2 + ky**2
        f_hat = np.fft.rfft2(f)
        u = np.fft.irfft2(np.where(laplacian == 0, 0.0, f_hat / np.where(laplacian == 0, 1.0, laplacian)), f.shape)
        return np.sum(u**2 * (1 + u))

    slope_agrees(energy, np.random.default_rng(1).normal(size=(4, 5)), 2.5)


def test_heat():
    """u_t = nu u_xx: a mode decays as exp(-nu k^2 t), so d/dnu of its energy is -2 k^2 t times it."""

    def energy(u, nu, t=0.3):
        k = np.fft.fftfreq(u.size, 1 / u.size)
        return np.sum(np.real(np.fft.ifft(np.exp(-nu * k**2 * t) * np.fft.fft(u))) ** 2)

    wave = np.sin(2 * np.linspace(0, 2 * math.pi, 9, endpoint=False))
    np.testing.assert_allclose(wg.grad(energy, argnums=1)(wave, 0.5), -2 * 4 * 0.3 * energy(wave, 0.5), rtol=1e-12)
    slope_agrees(energy, np.random.default_rng(2).normal(size=8), 0.5)


def test_convolution():
    """irfft(rfft(x) rfft(k)), padded, is np.convolve: values, gradients and second derivatives of each."""

    def by_fft(x, k):
        n = x.size + k.size - 1
        return np.fft.irfft(np.fft.rfft(x, n) * np.fft.rfft(k, n), n)

    random = np.random.default_rng(3)
    x, k, w = random.normal(size=7), random.normal(size=4), random.normal(size=10)
    np.testing.assert_allclose(by_fft(x, k), np.convolve(x, k), atol=1e-13)
    gx, gk = wg.vjp(by_fft, x, k)[1](w)
    np.testing.assert_allclose(gx, np.correlate(w, k, "valid"), atol=1e-13)
    np.testing.assert_allclose(gk, np.correlate(w, x, "valid"), atol=1e-13)
    slope_agrees(lambda x, k: np.sum(w * by_fft(x, k) ** 3), x, k)


def test_frequencies_of_a_traced_spacing():
    """Frequency k is k / (n d), so its derivative is -k / (n d^2)."""
    for f in (np.fft.fftfreq, np.fft.rfftfreq):
        y, t = wg.jvp(lambda d, f=f: f(5, d), (0.5,), (1.0,))
        np.testing.assert_array_equal(y, f(5, 0.5))
        np.testing.assert_allclose(t, -y / 0.5, rtol=1e-14)
