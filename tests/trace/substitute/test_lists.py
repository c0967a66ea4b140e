"""Lists of traced numbers, where NumPy's functions take a list for an array."""

import math

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9])
CALLS = {
    "sum": lambda x: np.sum([v * v for v in x]),
    "sum of constants among them": lambda x: np.sum([x[0], 1.0, x[1]]) * x,
    "sum of rows": lambda x: np.sum([x, 2 * x], axis=0),
    "sum of a tuple": lambda x: np.sum((x[0], x[1])),
    "prod": lambda x: np.prod([x[0], x[1], 3]),
    "mean": lambda x: np.mean([x[0], x[1] ** 2]),
    "std and var": lambda x: np.std(list(x)) + np.var(list(x), ddof=1),
    "median": lambda x: np.median([x[0], x[1], x[2]]),
    "average": lambda x: np.average([x[0], x[1]], weights=[1.0, 3.0]),
    "weights": lambda x: np.average([1.0, 2.0], weights=[x[0], x[1]]),
    "extrema": lambda x: np.max([x[0], x[1]]) + np.min([x[0], 1.0]) + np.amax([x[2], 0.0]) * np.amin([x[2], x[3]]),
    "ptp": lambda x: np.ptp([x[0], x[1], x[2]]),
    "truth": lambda x: x * np.all([x[0] > 1, x[1]]) * np.any([x[0], 0.0]),
    "argmax": lambda x: x[np.argmax([x[0], x[1]])] * x[np.argsort([x[0], x[1]])],
    "sort": lambda x: np.sort([x[0], x[1], x[2]]) * np.arange(3),
    "dot": lambda x: np.dot([x[0], x[1]], [x[2], 2.0]) + np.inner([x[0], 1.0], x[:2]) + np.vdot([1, 2], [x[0], x[1]]),
    "cross": lambda x: np.cross([x[0], x[1], x[2]], [1.0, x[3], 2.0]),
    "norm": lambda x: np.linalg.norm([x[0] - x[1], x[2]]) + np.linalg.norm([x[0], x[1]], ord=1),
    "solve": lambda x: np.linalg.solve([[x[0], x[1]], [-x[2], x[3]]], [x[0], 1.0]),
    "det and inv": lambda x: np.linalg.det([[x[0], x[1]], [x[2], x[3]]]) * np.linalg.inv([[x[0], 0.1], [0.2, x[3]]]),
    "interp": lambda x: np.interp(0.4, [0.0, 1.0], [x[0], x[1]]),
    "clip": lambda x: np.clip([x[0], x[1]], 0.8, 1.2),
    "polyval": lambda x: np.polyval([x[0], x[1], 1.0], x[2]),
    "trapezoid-like": lambda x: np.diff([x[0], x[1], x[2]]),
    "what holds no tensor": lambda x: x * np.sum([1.0, 2.0]) * np.linalg.norm([3.0, 4.0]) * np.max([1, 2]),
    "what is new": lambda x: filled(np.zeros(2), x),
    "fsum": lambda x: math.fsum([x[0], x[1], 1e-17]) * math.fsum(v * v for v in x),
}


def filled(z, x):
    a, b = np.zeros(()), np.ones(2)
    z[0] = np.sum([a, x[0]])
    b[:] = np.sum([b, x[:2]], axis=0)
    return z * b


@pytest.mark.parametrize("f", CALLS.values(), ids=CALLS)
def test_calls(f):
    np.testing.assert_array_equal(wg.vjp(f, X)[0], f(X.copy()))
    check(f, X)


def energy(x):
    from numpy.linalg import norm

    a, b = x[0], x[1]
    return norm([a, b]) * np.linalg.norm([a, np.mean([a, b])])


def test_names_imported_inside():
    check(energy, X)


def test_fsum_is_exact():
    x = np.array([1e16, 1.0, -1e16, 0.1])
    value, gradient = wg.value_and_grad(math.fsum)(x)
    assert value == math.fsum(x) == 1.1
    np.testing.assert_array_equal(gradient, 1.0)
