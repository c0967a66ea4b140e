"""Gradient descent: paths whose every point is known in closed form, containers, dtypes and refusals."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

import wengert as wg
from wengert.optim import descend, gradient_descent


def valley(p):
    """The function of the tour: y goes to 0 by the factor 1 - 2 * rate a step."""
    x, y = p
    return y * y + np.sin(x)


def test_a_step_is_x_minus_rate_times_gradient():
    x, y = descend(valley, (1.0, 1.0), 0.2)
    assert math.isclose(x, 1 - 0.2 * math.cos(1), rel_tol=1e-15)
    assert math.isclose(y, 0.6, rel_tol=1e-15)


def test_the_path_on_a_parabola_is_a_geometric_sequence():
    path = gradient_descent(lambda x: x * x, 1.0, rate=0.2, steps=20)
    assert len(path) == 21
    assert path[0] == 1.0
    np.testing.assert_allclose(path, 0.6 ** np.arange(21), rtol=1e-13)


def test_containers_keep_their_structure_and_what_cannot_move():
    @dataclass(frozen=True)
    class Model:
        weights: dict
        name: str
        layers: int

    def loss(m):
        return np.sum(m.weights["a"] ** 2) + 3 * m.weights["b"][0]

    before = Model({"a": np.array([1.0, 2.0]), "b": [5.0]}, "fit", 2)
    after = descend(loss, before, 0.5)
    assert (after.name, after.layers) == ("fit", 2)
    np.testing.assert_array_equal(after.weights["a"], [0.0, 0.0])
    assert after.weights["b"] == [3.5]
    np.testing.assert_array_equal(before.weights["a"], [1.0, 2.0])


@pytest.mark.parametrize("rate", [0.25, np.float64(0.25), np.array(0.25), 0])
def test_float32_stays_float32(rate):
    path = gradient_descent(lambda p: np.sum(p["x"] ** 2), {"x": np.ones(2, np.float32)}, rate, 3)
    assert {p["x"].dtype for p in path} == {np.dtype(np.float32)}


def test_no_point_of_a_path_shares_memory_with_another():
    path = gradient_descent(lambda x: np.sum(x * x), np.ones(3), 0.0, 2)
    assert not any(np.shares_memory(a, b) for a, b in pairwise(path))


def test_complex_numbers_go_downhill_too():
    path = gradient_descent(lambda z: np.real((z - 1j) * np.conj(z - 1j)), 2 + 0j, 0.25, 40)
    assert abs(path[-1] - 1j) < 1e-9


def test_the_callback_sees_each_point_and_its_value_before_the_step():
    seen = []
    path = gradient_descent(lambda x: x * x, 1.0, 0.25, 3, callback=lambda k, x, value: seen.append((k, x, value)))
    assert seen == [(k, x, x * x) for k, x in enumerate(path[:-1])]


def test_the_callback_may_stop_the_path():
    def stop(k, x, value):
        if k == 2:
            raise StopIteration

    assert gradient_descent(lambda x: x * x, 1.0, 0.25, 100, callback=stop) == [1.0, 0.5, 0.25]


def test_no_steps_leave_the_start():
    assert gradient_descent(lambda x: x * x, 1.0, 0.25, 0) == [1.0]


def test_nan_passes_through_and_shows_where_it_began():
    with np.errstate(invalid="ignore"):
        path = gradient_descent(np.sqrt, 0.1, rate=1.0, steps=3)
    assert np.isnan(path).tolist() == [False, False, True, True]


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf, np.float32(-1)])
def test_a_rate_without_sense_is_refused(rate):
    with pytest.raises(ValueError, match=r"rate is .*finite number, zero or more"):
        descend(lambda x: x * x, 1.0, rate)
    with pytest.raises(ValueError, match="rate is"):
        gradient_descent(lambda x: x * x, 1.0, rate, 1)


def test_an_array_of_rates_is_refused():
    with pytest.raises(ValueError, match=r"rate has shape \(2,\)"):
        descend(lambda x: np.sum(x), np.ones(2), np.ones(2))


@pytest.mark.parametrize(("steps", "error"), [(-1, ValueError), (2.5, TypeError)])
def test_steps_are_counted(steps, error):
    with pytest.raises(error):
        gradient_descent(lambda x: x * x, 1.0, 0.1, steps)


def test_what_grad_refuses_is_refused():
    with pytest.raises(wg.errors.InputError):
        descend(lambda x: x * x, 1, 0.1)
    with pytest.raises(wg.errors.OutputError):
        descend(lambda x: x * x, np.ones(2), 0.1)


def test_a_step_can_itself_be_differentiated():
    """The loss after one step, by the rate: d/dr (1 - 2r)**2 = -4 (1 - 2r)."""
    after = wg.grad(lambda rate: descend(lambda x: x * x, 1.0, rate) ** 2)
    assert math.isclose(after(0.1), -4 * (1 - 2 * 0.1), rel_tol=1e-14)
    start = wg.grad(lambda x: descend(lambda x: x * x, x, 0.1) ** 2)
    assert math.isclose(start(3.0), 2 * 0.8**2 * 3.0, rel_tol=1e-14)
