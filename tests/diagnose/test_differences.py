"""The oracle itself: differences against closed forms, and their error against what they are off by."""

import math

import numpy as np
import pytest

from wengert.testing import differences

CLOSED = {
    "sin": (np.sin, np.cos),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x),
    "tan": (np.tan, lambda x: 1 + np.tan(x) ** 2),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "a polynomial": (lambda x: x**7 - 3 * x**2, lambda x: 7 * x**6 - 6 * x),
    "of complex numbers": (lambda x: np.exp(1j * x), lambda x: 1j * np.exp(1j * x)),
}


@pytest.mark.parametrize(("f", "slope"), CLOSED.values(), ids=CLOSED)
def test_ten_digits(f, slope):
    x = np.array([0.3, 1.2, 2.5])
    (estimate,) = differences(lambda h: [f(x + h)])
    assert np.all(np.abs(estimate.value - slope(x)) <= 1e-9 * np.abs(slope(x)))
    assert np.all(np.abs(estimate.value - slope(x)) <= estimate.error + 1e-15)
    assert np.all(estimate.error <= 1e-8 * np.abs(slope(x)))


def test_results_keep_their_shapes():
    estimates = differences(lambda h: [h, np.full((2, 3), h), np.zeros((0, 2)) + h, np.float32(h)])
    assert [np.shape(e.value) for e in estimates] == [(), (2, 3), (0, 2), ()]


@pytest.mark.parametrize("jump", [np.floor, np.sign, lambda x: np.sqrt(x), lambda x: np.where(x > 0, np.nan, x)])
def test_the_error_is_large_where_there_is_no_derivative(jump):
    with np.errstate(all="ignore"):
        (estimate,) = differences(lambda h: [jump(h)])
    assert not estimate.error <= 0.1


def test_noise_is_seen():
    random = np.random.default_rng(0)
    (estimate,) = differences(lambda h: [math.sin(1.0 + h) + 1e-6 * random.normal()])
    assert estimate.error > 1e-6
    assert abs(estimate.value - math.cos(1.0)) < 100 * estimate.error


def test_single_precision_knows_its_limits():
    (estimate,) = differences(lambda h: [np.sin(np.float32(1.0 + h))])
    assert 1e-7 < estimate.error < 1e-2
    assert abs(estimate.value - math.cos(1.0)) <= 2 * estimate.error
