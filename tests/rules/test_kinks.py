"""What the rows answer where there is no derivative, or where the plain formula for it is 0/0: the documented table.

A useful subgradient that agrees with central differences where it can: 0 at an extremum, ties shared, 1 at the bounds of clip.
"""

import math

import numpy as np
import pytest
import scipy.special as sp

import wengert as wg
from wengert.errors import DetachedError

INF, NAN = np.inf, np.nan
SINGULAR = [[1.0, 2.0], [2.0, 4.0]]
ANY = object()  # a second derivative of which only this is said: it is finite

# program, where, its gradient there, its second derivative along ones (None: no promise)
KINKS = {
    # extrema and ends
    "abs at 0": (np.abs, 0.0, 0.0, 0.0),
    "abs at -0": (np.abs, -0.0, 0.0, 0.0),
    "fabs at 0": (np.fabs, 0.0, 0.0, 0.0),
    "sign at 0": (np.sign, 0.0, 0.0, 0.0),
    "sqrt at 0": (np.sqrt, 0.0, INF, None),
    "cbrt at 0": (np.cbrt, 0.0, INF, None),
    "hypot at the origin": (lambda x: np.hypot(x[0], x[1]), [0.0, 0.0], [0.0, 0.0], ANY),
    "hypot of huge numbers": (lambda x: np.hypot(x[0], x[1]), [3e200, 4e200], [0.6, 0.8], ANY),
    "hypot of tiny numbers": (lambda x: np.hypot(x[0], x[1]), [3e-200, 4e-200], [0.6, 0.8], None),
    "hypot at infinity": (lambda x: np.hypot(x[0], x[1]), [INF, 1.0], [1.0, 0.0], ANY),
    "arctan2 at the origin": (lambda x: np.arctan2(x[0], x[1]), [0.0, 0.0], [0.0, 0.0], ANY),
    "arctan2 of tiny numbers": (lambda x: np.arctan2(x[0], x[1]), [3e-200, 4e-200], [1.6e199, -1.2e199], None),
    "arctan2 of huge numbers": (lambda x: np.arctan2(x[0], x[1]), [3e200, 4e200], [1.6e-201, -1.2e-201], ANY),
    "sinc at 0": (np.sinc, 0.0, 0.0, -(math.pi**2) / 3),
    "sinc near 0": (np.sinc, 1e-9, -1e-9 * math.pi**2 / 3, -(math.pi**2) / 3),
    "x / |x| of a tiny number": (lambda x: x / np.abs(x), 1e-200, 0.0, None),
    "x / |x| of a tinier one": (lambda x: x / np.abs(x), 1e-310, NAN, None),  # 1 / 1e-310 overflows, in the partial itself
    "i0 at 0": (np.i0, 0.0, 0.0, 0.5),
    "nextafter at its end": (lambda x: np.nextafter(x, 1.0), 1.0, 1.0, 0.0),
    "angle at 0": (lambda x: np.angle(x + 0j * x), 0.0, 0.0, 0.0),
    # ties
    "maximum of a tie": (lambda x: np.maximum(x[0], x[1]), [2.0, 2.0], [0.5, 0.5], 0.0),
    "minimum of a tie": (lambda x: np.minimum(x[0], x[1]), [2.0, 2.0], [0.5, 0.5], 0.0),
    "fmax of a tie": (lambda x: np.fmax(x[0], x[1]), [2.0, 2.0], [0.5, 0.5], 0.0),
    "fmax beside NaN": (lambda x: np.fmax(x[0], x[1]), [2.0, NAN], [1.0, 0.0], ANY),
    "fmin beside NaN": (lambda x: np.fmin(x[0], x[1]), [NAN, 2.0], [0.0, 1.0], ANY),
    "maximum of infinities": (lambda x: np.maximum(x[0], x[1]), [INF, INF], [0.5, 0.5], ANY),
    "relu at 0": (lambda x: np.maximum(x, 0.0), 0.0, 0.5, 0.0),
    "max of ties": (np.max, [1.0, 3.0, 3.0, 3.0], [0, 1 / 3, 1 / 3, 1 / 3], 0.0),
    "min of ties": (np.min, [1.0, 1.0, 3.0], [0.5, 0.5, 0.0], 0.0),
    "amax along rows": (lambda x: np.sum(np.amax(x, axis=1)), [[2.0, 2.0], [0.0, 1.0]], [[0.5, 0.5], [0.0, 1.0]], 0.0),
    "ptp of ties": (np.ptp, [1.0, 1.0, 4.0], [-0.5, -0.5, 1.0], 0.0),
    "sort of ties": (lambda x: np.sort(x)[0], [2.0, 2.0, 5.0], [0.5, 0.5, 0.0], 0.0),
    "unique of ties": (lambda x: np.unique(x)[0], [2.0, 2.0, 5.0], [0.5, 0.5, 0.0], 0.0),
    "intersect1d of equals": (lambda x: np.intersect1d(x[:1], x[1:])[0], [2.0, 2.0], [0.5, 0.5], 0.0),
    "median of ties": (np.median, [2.0, 2.0, 2.0], [1 / 3, 1 / 3, 1 / 3], 0.0),
    "logaddexp of equals": (lambda x: np.logaddexp(x[0], x[1]), [1.0, 1.0], [0.5, 0.5], ANY),
    "logaddexp of nothing": (lambda x: np.logaddexp(x[0], x[1]), [-INF, -INF], [0.5, 0.5], ANY),
    "logaddexp of one": (lambda x: np.logaddexp(x[0], x[1]), [-INF, 0.0], [0.0, 1.0], ANY),
    "logaddexp of huge numbers": (lambda x: np.logaddexp(x[0], x[1]), [1e4, 0.0], [1.0, 0.0], ANY),
    "logaddexp.reduce of nothing": (np.logaddexp.reduce, [-INF, -INF], [0.5, 0.5], ANY),
    "clip at a bound": (lambda x: np.sum(np.clip(x, -1.0, 1.0)), [-1.0, 0.0, 1.0, 2.0], [1.0, 1.0, 1.0, 0.0], 0.0),
    "logsumexp of nothing": (lambda x: sp.logsumexp(x), [-INF, -INF], [0.5, 0.5], ANY),
    "logsumexp of one": (lambda x: sp.logsumexp(x), [-INF, 0.0], [0.0, 1.0], ANY),
    "softmax beside nothing": (lambda x: sp.softmax(x)[1], [-INF, 0.0], [0.0, 0.0], ANY),
    "xlogy at x = 0": (lambda x: sp.xlogy(x, 2.0), 0.0, math.log(2.0), 0.0),
    "xlogy(0, y) at y = 0": (lambda y: sp.xlogy(0.0, y), 0.0, 0.0, ANY),
    "entr at 0": (sp.entr, 0.0, INF, None),
    "expit far out": (sp.expit, -800.0, 0.0, 0.0),
    # powers
    "0**0 by its base": (lambda x: np.power(x, 0.0), 0.0, 0.0, 0.0),
    "0**0 by its exponent": (lambda x: np.power(0.0, x), 0.0, 0.0, ANY),
    "0**2 by its exponent": (lambda x: np.power(0.0, x), 2.0, 0.0, ANY),
    "x**x at 0": (lambda x: x**x, 0.0, 0.0, ANY),
    "x**1 at 0": (lambda x: x**1.0, 0.0, 1.0, 0.0),
    "x**2 below 0": (lambda x: x**2.0, -3.0, -6.0, 2.0),
    "x**2 at 0": (lambda x: x**2.0, 0.0, 0.0, 2.0),
    "x**3 at 0": (lambda x: x**3, 0.0, 0.0, 0.0),
    "x**y at x = 0": (lambda x: np.power(x[0], x[1]), [0.0, 2.0], [0.0, 0.0], ANY),
    "x**y below 0": (lambda x: np.power(x, 3.0), -2.0, 12.0, -12.0),
    "square at 0": (np.square, 0.0, 0.0, 2.0),
    # products and norms
    "prod with a zero": (np.prod, [2.0, 0.0, 5.0], [0.0, 10.0, 0.0], ANY),
    "prod with two zeros": (np.prod, [0.0, 0.0, 5.0], [0.0, 0.0, 0.0], ANY),
    "cumprod with a zero": (lambda x: np.sum(np.cumprod(x)), [2.0, 0.0, 5.0], [1.0, 12.0, 0.0], ANY),
    "var of a constant": (np.var, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0], 0.0),
    "std of a constant": (np.std, [2.0, 2.0, 2.0], [0.0, 0.0, 0.0], ANY),
    "std of a rounded constant": (np.std, [0.1, 0.1, 0.1], [0.0, 0.0, 0.0], ANY),
    "norm at 0": (np.linalg.norm, [0.0, 0.0], [0.0, 0.0], ANY),
    "squared norm at 0": (lambda x: np.linalg.norm(x) ** 2, [0.0, 0.0], [0.0, 0.0], DetachedError),  # by the rule 0, and it is 2
    "norm of a matrix at 0": (np.linalg.norm, [[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], ANY),
    "1-norm at 0": (lambda x: np.linalg.norm(x, 1), [0.0, 2.0], [0.0, 1.0], ANY),
    "inf-norm of a tie": (lambda x: np.linalg.norm(x, INF), [2.0, -2.0], [0.5, -0.5], ANY),
    "det of a singular matrix": (np.linalg.det, SINGULAR, [[4.0, -2.0], [-2.0, 1.0]], 0.0),
    "det of zeros": (np.linalg.det, np.zeros((3, 3)), np.zeros((3, 3)), ANY),
    "trace by eigenvalues that are equal": (lambda a: np.sum(np.linalg.eigvalsh(a)), np.eye(2), np.eye(2), None),
    "sum of equal singular values": (lambda a: np.sum(np.linalg.svd(a, compute_uv=False)), np.eye(2), np.eye(2), None),
    # what was not selected makes no NaN
    "where at the end of sqrt": (lambda x: np.where(x > 0, np.sqrt(x), 0.0), 0.0, 0.0, 0.0),
    "where outside of sqrt": (lambda x: np.where(x > 0, np.sqrt(x), 0.0), -1.0, 0.0, 0.0),
    "where outside of log": (lambda x: np.sum(np.where(x > 0, np.log(x), x)), [-2.0, 0.0, 2.0], [1.0, 1.0, 0.5], ANY),
    "an element of sqrt": (lambda x: np.sqrt(x)[0], [1.0, 0.0], [0.5, 0.0], ANY),
    "the greatest of sqrt": (lambda x: np.max(np.sqrt(x)), [4.0, 0.0], [0.25, 0.0], ANY),
    "maximum with sqrt": (lambda x: np.maximum(np.sqrt(x), 1.0), 0.0, 0.0, 0.0),
    "sorted sqrt": (lambda x: np.sort(np.sqrt(x))[1], [4.0, 0.0], [0.25, 0.0], ANY),
    "clipped sqrt": (lambda x: np.clip(np.sqrt(x), 1.0, 3.0), 0.0, 0.0, 0.0),
    "select": (lambda x: np.select([x > 1, x > -9], [np.log(x - 1), x]), 1.0, 1.0, 0.0),
    "take": (lambda x: np.take(np.sqrt(x), 0), [1.0, 0.0], [0.5, 0.0], ANY),
    "sum over selected": (lambda x: np.sum(np.sqrt(x)[x > 0]), [1.0, 0.0, 4.0], [0.5, 0.0, 0.25], ANY),
    "logaddexp of log 0": (lambda x: np.logaddexp(np.log(x[0]), np.log(x[1])), [1.0, 2.0], [1 / 3, 1 / 3], ANY),
    # an overflow of the function itself stays to be seen
    "log1p(exp(800))": (lambda x: np.log1p(np.exp(x)), 800.0, NAN, None),
    "1 / (1 + exp(1000))": (lambda x: 1 / (1 + np.exp(-x)), -1000.0, NAN, None),
    "tanh instead": (lambda x: 0.5 + 0.5 * np.tanh(0.5 * x), -1000.0, 0.0, 0.0),
    "x log(x) at 0": (lambda x: x * np.log(x), 0.0, NAN, None),
    "logaddexp instead": (lambda x: np.logaddexp(x, 0.0), 800.0, 1.0, 0.0),
}


@pytest.mark.parametrize(("f", "x", "gradient", "second"), KINKS.values(), ids=KINKS)
@pytest.mark.filterwarnings("ignore:(divide by zero|invalid value|overflow):RuntimeWarning")  # what the function itself meets
def test_the_answer_at(f, x, gradient, second):
    x = float(x) if isinstance(x, float) else np.array(x, dtype=float)
    np.testing.assert_allclose(wg.grad(f)(x), gradient, rtol=1e-9, atol=1e-13)
    along = np.ones(np.shape(x)) if np.shape(x) else 1.0
    if np.all(np.isfinite(gradient)):
        np.testing.assert_allclose(wg.jvp(f, (x,), (along,))[1], np.sum(gradient), rtol=1e-9, atol=1e-13)
    if second is None:
        return
    first = {"forward": lambda x: wg.jvp(f, (x,), (along,))[1], "reverse": lambda x: np.sum(wg.grad(f)(x))}
    for inner in first.values():
        if second is DetachedError:
            with pytest.raises(DetachedError, match="otherwise than its derivative says"):
                wg.grad(inner)(x)
            with pytest.raises(DetachedError, match="otherwise than its derivative says"):
                wg.jvp(inner, (x,), (along,))
            continue
        for value in (wg.jvp(inner, (x,), (along,))[1], np.sum(wg.grad(inner)(x))):
            assert np.isfinite(value)
            if second is not ANY:
                np.testing.assert_allclose(value, second, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (np.sqrt, 0.0),
        (np.cbrt, 0.0),
        (lambda x: np.where(x > 0, np.sqrt(x), 0.0), 0.0),
        (lambda x: x**0.5, 0.0),
        (lambda x: np.hypot(x, 0.0), 0.0),
        (np.arctanh, np.array([0.5, 0.0])),
        (np.abs, 0.0),
    ],
)
def test_derivatives_warn_of_nothing_that_the_function_does_not(f, x):
    f(x)
    with np.errstate(all="raise"):
        wg.vjp(f, x)[1](np.ones(np.shape(x)))
        wg.jvp(f, (x,), (np.ones(np.shape(x)),))
        wg.jvp(lambda x: wg.jvp(f, (x,), (np.ones(np.shape(x)),))[1], (x,), (np.ones(np.shape(x)),))


@pytest.mark.parametrize(
    ("f", "gradient"),
    [
        (lambda z: np.abs(z), 0.0),
        (lambda z: np.abs(z) ** 2, 0.0),
        (lambda z: np.angle(z), 0.0),
        (lambda z: np.real(z), 1.0),
        (lambda z: np.imag(z), -1j),
    ],
)
def test_at_the_complex_origin(f, gradient):
    assert wg.grad(f)(0j) == gradient


def test_complex_gradients_are_df_dx_minus_i_df_dy():
    z = 1.0 + 2.0j
    np.testing.assert_allclose(wg.grad(lambda z: np.real(z) ** 2 * np.imag(z))(z), 2 * 1 * 2 - 1j * 1)
    np.testing.assert_allclose(wg.grad(lambda z: np.abs(z) ** 2)(z), 2 * np.conj(z))
    np.testing.assert_allclose(wg.grad(lambda z: z**3, holomorphic=True)(z), 3 * z**2)


@pytest.mark.parametrize("f", [lambda x: np.power(x, 0.3, order="K"), lambda x: np.sqrt(x, order="K")])
def test_a_partial_of_floats_that_divides_by_zero_is_inf_also_where_not_all_was_kept(f):
    assert np.isinf(wg.grad(f)(0.0)) and np.isinf(wg.jvp(f, (0.0,), (1.0,))[1])


@pytest.mark.parametrize("x", [2.0, 1e-200, np.array([0.5, 2.0])])
def test_a_power_moves_with_its_exponent_through_zero(x):
    """d/dy d/dx x**y = x**(y - 1) (1 + y log x), which is 1 / x at y = 0."""
    slope = wg.grad(lambda x, y: np.sum(x**y))
    zero = np.zeros_like(x)[()]
    for mixed in (wg.jvp(lambda y: slope(x, y), (zero,), (zero + 1.0,))[1], wg.grad(lambda y: np.sum(slope(x, y)))(zero)):
        np.testing.assert_allclose(mixed, 1 / x)
