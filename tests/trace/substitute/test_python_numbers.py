"""float(x), x.item() and x.tolist() are Python's own numbers: of their type, and with their arithmetic."""

import math
import re
import statistics

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9])
CONVERSIONS = {
    "float": lambda x: float(x[0]),
    "float of one element": lambda x: float(x[:1].reshape(())),
    "float of float": lambda x: float(float(x[0]) * 2),
    "float of a sum": lambda x: float(np.sum(x * x)) ** 2,
    "item": lambda x: x[0].item() * x[1].item() ** 2,
    "item at": lambda x: x.item(1) * x.reshape(2, 2).item(1, 0) + x.item((2,)),
    "item of one element": lambda x: x[:1].item() ** 3,
    "tolist": lambda x: sum(v * v for v in x.tolist()) + x.reshape(2, 2).tolist()[1][0] * x[0].tolist(),
    "complex": lambda x: abs(complex(x[0], x[1]) ** 2),
    "complex item": lambda x: ((x[0] + 1j * x[1]).item() * 2.0).imag * x[2].item(),
    "power of a negative": lambda x: abs((-x[0].item()) ** 0.5) + ((-x[1].item()) ** 1.5).imag,
    "with an array": lambda x: x.item(0) * x,
    "written": lambda x: filled(np.zeros(3), float(x[0])),
}


def filled(z, v):
    z[0] = v
    z[1:] = [v * v, 2.0]
    return z * v


@pytest.mark.parametrize("f", CONVERSIONS.values(), ids=CONVERSIONS)
def test_conversions(f):
    expected, value = f(X.copy()), wg.vjp(f, X)[0]
    assert type(value) is type(expected)
    np.testing.assert_array_equal(value, expected)
    check(f, X)


@pytest.mark.parametrize("f", [lambda x: x.item(0), lambda x: float(x[0]) ** 2, lambda x: sum(x.tolist())])
def test_of_single_precision_they_are_double(f):
    x = X.astype(np.float32)
    value, gradient = wg.value_and_grad(f)(x)
    assert type(value) is float and value == f(x)
    assert gradient.dtype == np.float32
    check(f, x)


@pytest.mark.parametrize("derivative", [wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (x,))])
def test_division_by_zero_is_pythons(derivative):
    x = np.array([1.0, 0.0])
    for f in (lambda x: float(x[0]) / float(x[1]), lambda x: x[0].item() / 0.0, lambda x: 1 / x.tolist()[1]):
        with pytest.raises(ZeroDivisionError):
            f(x)
        with pytest.raises(ZeroDivisionError):
            derivative(f)(x)


def test_a_tracked_value_keeps_its_gradient_beside_its_item():
    x = wg.track(X)
    first = x[0]
    number = first.item()
    (number**2 * first).backward()
    np.testing.assert_allclose([first.grad, number.grad, *x.grad], [3 * 1.3**2, 2 * 1.3**2, 3 * 1.3**2, 0.0, 0.0, 0.0])


OUTSIDE = np.array([0.5, 2.0])
KINDS = {
    "vectorize": lambda x: np.vectorize(lambda a: abs((a - 1.0) ** 0.5) + round(a, 1) * a if type(a) is float else a)(x),
    "vectorize asks once more": lambda x: np.vectorize(counting([]))(x),
    "vectorize with types": lambda x: np.vectorize(counting([]), otypes=[float])(x),
    "vectorize with a cache": lambda x: np.vectorize(counting([]), cache=True)(x),
    "vectorize of integers, too": lambda x: np.vectorize(lambda a, n: a * n if type(n) is int else a)(x, [[1], [2]]),
    "vectorize with a signature": lambda x: np.vectorize(lambda a: a * 2 if type(a) is np.float64 else a, signature="()->()")(x),
    "vectorize of complex": lambda x: np.vectorize(lambda a: abs(a) if type(a) is complex else a.real)(x * (1 + 2j)),
    "vectorize of a number": lambda x: np.vectorize(lambda a: a * a)(float(x[0])),
    "frompyfunc": lambda x: np.frompyfunc(lambda a: a * a if type(a) is float else a, 1, 1)(x).astype(float),
    "frompyfunc of a number": lambda x: np.frompyfunc(lambda a: a * a, 1, 1)(x[0]),
    "frompyfunc with two results": lambda x: np.frompyfunc(lambda a, b: (a * b, a), 2, 2)(x[0], float(x[1])),
    "piecewise of a number": lambda x: np.piecewise(float(x[0]), [x[0] < 0, x[0] >= 0], [lambda a: a, lambda a: a * a * len(a)]),
    "piecewise of a plain array": lambda x: np.piecewise(OUTSIDE, [OUTSIDE < 1], [lambda a: a * x[0], x[1]]),
    "piecewise of a plain number": lambda x: np.piecewise(0.5, [x[0] < 0], [0.0, lambda a: a * x[1]]),
    "piecewise of a list": lambda x: np.piecewise([x[0], 2.0], [[True, False]], [lambda a: a * a, lambda a: a * x[1]]),
    "apply_along_axis": lambda x: np.apply_along_axis(lambda a: a * a[0] if type(a) is np.ndarray else a, 0, x.reshape(2, 2)),
}


def counting(seen):
    def f(a):
        seen.append(type(a).__name__)
        return a * (len(seen) + 10 * seen.count("float"))

    return f


@pytest.mark.parametrize("f", KINDS.values(), ids=KINDS)
def test_a_users_function_sees_numbers_of_the_kind_that_numpy_gives(f):
    expected, value = f(X.copy()), wg.vjp(f, X)[0]
    if not isinstance(expected, tuple):
        expected, value = (expected,), (value,)
    for e, v in zip(expected, value, strict=True):
        assert type(v) is type(e)
        np.testing.assert_array_equal(v, e)
    check(f, X)


def test_vectorize_raises_what_numpy_raises():
    for f, error in (
        (lambda x: np.vectorize(lambda a: 1.0 / (a - a))(x), ZeroDivisionError),
        (lambda x: np.vectorize(lambda a: (-a) ** 0.5)(x), TypeError),
    ):
        for derivative in (wg.jacobian, lambda f: lambda x: wg.jvp(f, (x,), (x,))):
            with pytest.raises(error), np.errstate(all="ignore"):
                f(X)
            with pytest.raises(error), np.errstate(all="ignore"):
                derivative(f)(X)


FUNCTIONS = {
    "prod": lambda x: math.prod(x),
    "prod of single precision": lambda x: math.prod(x.astype(np.float32)),
    "prod of floats": lambda x: math.prod(x.tolist(), start=2),
    "prod from a number": lambda x: math.prod([2, 3], start=x[0]),
    "prod from a float": lambda x: math.prod([2, 3], start=float(x[0])),
    "prod of both": lambda x: math.prod([float(x[0]), x[1]]),
    "prod of rows": lambda x: math.prod(x.reshape(2, 2)),
    "fsum": lambda x: math.fsum(x),
    "fsum of single precision": lambda x: math.fsum(x.astype(np.float32)),
    "dist": lambda x: math.dist(x[:2], x.tolist()[2:]),
    "hypot": lambda x: math.hypot(*x),
    "of an array of no dimension": lambda x: math.sin(np.array(x[0])),
} | ({"sumprod": lambda x: math.sumprod(x, x[::-1])} if hasattr(math, "sumprod") else {})


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_functions_of_math_give_what_they_give(f):
    expected = f(X.copy())
    for value in (wg.vjp(f, X)[0], wg.jvp(f, (X,), (X,))[0]):
        assert type(value) is type(expected)
        np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize("name", ["sin", "sqrt", "log", "erf", "gamma", "floor", "modf", "isnan"])
def test_functions_of_math_refuse_whole_arrays_as_they_do(name):
    f = getattr(math, name)
    for x in (X, X[:0], X.reshape(2, 2)):
        with pytest.raises(TypeError) as plain:
            f(x)
        with pytest.raises(TypeError, match=re.escape(str(plain.value))):
            wg.vjp(lambda x: f(x), x)


STATISTICS = ["mean", "fmean", "geometric_mean", "harmonic_mean", "pvariance", "variance", "pstdev", "stdev", "median"]
DATA = {
    "an array": lambda x: x,
    "floats": lambda x: x.tolist(),
    "numbers of both kinds": lambda x: [float(x[0]), x[1], 2],
    "single precision": lambda x: x.astype(np.float32),
    "a generator": lambda x: (v * v for v in x),
}


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_statistics_of_traced_numbers(name, data):
    def f(x):
        return getattr(statistics, name)(data(x))

    expected = f(X.copy())
    for value in (wg.vjp(f, X)[0], wg.jvp(f, (X,), (X,))[0]):
        assert type(value) is type(expected) and value == expected
    if data is not DATA["single precision"]:
        check(f, X)


def test_statistics_about_a_center_or_with_weights():
    check(lambda x: statistics.variance(x, x[0]) + statistics.pstdev(x, mu=float(x[1])) + statistics.pvariance(x.tolist(), 0.3), X)
    check(lambda x: statistics.fmean(x, [1, 2, 3, 4]) + statistics.harmonic_mean(x, weights=x[::-1]), X)
    assert wg.grad(lambda x: statistics.stdev(x))(np.ones(3)).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(statistics.StatisticsError):
        wg.grad(lambda x: statistics.stdev(x))(X[:1])


def test_math_isclose_takes_its_tolerances():
    x = np.array([1.0, 1.0 + 1e-10, 1.1])
    close = [
        lambda x: x[0] * 2.0 if math.isclose(x[0], x[1]) else x[1],
        lambda x: x[0] * 2.0 if math.isclose(x[0], x[1], rel_tol=1e-12) else x[1],
        lambda x: x[0] * 2.0 if math.isclose(x[0], x[2], rel_tol=0.0, abs_tol=0.2) else x[1],
        lambda x: x[0] * 2.0 if math.isclose(math.inf, math.inf * x[0]) else x[1],
    ]
    assert [wg.grad(f)(x).tolist()[:2] for f in close] == [[2.0, 0.0], [0.0, 1.0], [2.0, 0.0], [2.0, 0.0]]


@pytest.mark.parametrize("x", [(1e6, 0.1), (1e16, 0.1), (100.3, 0.7), (5.0, 3.0)])
def test_math_remainder_is_exact(x):
    value, slope = wg.value_and_grad(lambda x: math.remainder(x[0], x[1]))(np.array(x))
    assert value == math.remainder(*x)
    assert slope.tolist() == [1.0, -round(x[0] / x[1])]


def test_a_mean_may_be_infinite():
    value, slope = wg.value_and_grad(lambda x: statistics.mean([x[0], math.inf]))(np.ones(2))
    assert value == math.inf
    assert slope.tolist() == [0.5, 0.0]
