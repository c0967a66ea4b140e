"""Exponentials, logarithms, trigonometric and hyperbolic functions, and i0."""

import mpmath
import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

import wengert as wg
from wengert.rules.numpy.exponential import bessel_i

CHAPTER = Chapter(
    "numpy.exponential",
    elementwise="exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 sin cos tan arcsin arccos arctan hypot arctan2"
    " deg2rad radians rad2deg degrees sinc sinh cosh tanh arcsinh arccosh arctanh i0",
    calls=[call(bessel_i, 1, real(2, 3)), call(bessel_i, 0, real()), call(bessel_i, 4, real(3, low=-10.0, high=10.0))],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


@pytest.mark.parametrize("n", [1, 2, 7])
def test_bessel_functions_have_all_their_digits(n):
    x = np.concatenate([-np.geomspace(1e-3, 700.0, 20), [0.0], np.geomspace(1e-30, 709.0, 60)])
    truth = [float(mpmath.besseli(n, v)) for v in x.tolist()]
    np.testing.assert_allclose(bessel_i(n, x), truth, rtol=2e-15)
    np.testing.assert_allclose([bessel_i(n, v) for v in x], truth, rtol=2e-15)
    few = x[np.abs(x) < 80]  # where float32 does not overflow
    assert bessel_i(n, few.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("x", [0.0, 1e-8, -2.5, 7.9, 8.0, 8.1, 300.0])
def test_i0_is_right_to_the_fifth_order(x):
    f = np.i0
    for order in range(1, 6):
        f = wg.grad(f) if order % 2 else wg.derivative(f)
        truth = mpmath.diff(lambda v: mpmath.besseli(0, v), mpmath.mpf(x), order)
        assert f(x) == pytest.approx(float(truth), rel=1e-13, abs=1e-16)


def test_i0_of_what_is_no_finite_number_does_not_raise():
    x = np.array([np.nan, np.inf, -np.inf, 1.0, 1e300])
    with np.errstate(all="ignore"):
        g = wg.grad(lambda x: np.sum(np.i0(x)))(x)
    assert g[3] == pytest.approx(float(mpmath.besseli(1, 1)))


@pytest.mark.parametrize("side", [np.asarray, np.conjugate], ids=["above", "below"])
@pytest.mark.parametrize("f", [np.arcsin, np.arccos, np.arccosh], ids=lambda f: f.__name__)
def test_derivatives_on_a_cut_are_those_of_the_side_that_the_sign_of_zero_names(f, side):
    for v in (-2.5, -1.2, -0.3, 0.4, 1.3, 3.0):
        z = side(np.array(v + 0j))
        slope = (f(side(v + 1e-6 + 0j)) - f(side(v - 1e-6 + 0j))) / 2e-6
        np.testing.assert_allclose(wg.jvp(f, (z,), (np.ones_like(z),))[1], slope, rtol=1e-8)
