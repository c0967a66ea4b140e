"""SGD and Adam against their own formulas, iterated in plain Python, and on containers."""

import math
import pickle

import numpy as np
import pytest

import wengert as wg
from wengert.optim import SGD, Adam, AdamState, descend

STEPPERS = [SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.1)]


def run(opt, params, gradient, steps):
    state = opt.init(params)
    for _ in range(steps):
        params, state = opt.step(params, gradient(params), state)
    return params, state


def test_sgd_without_momentum_is_descend():
    def f(x):
        return np.sum(np.cosh(x))

    x = np.array([0.5, -2.0])
    np.testing.assert_array_equal(run(SGD(0.1), x, wg.grad(f), 1)[0], descend(f, x, 0.1))


def test_momentum_follows_its_recurrence():
    x, v = 3.0, 0.0
    for _ in range(10):
        v = 0.9 * v + 2 * x
        x = x - 0.1 * v
    params, state = run(SGD(0.1, 0.9), 3.0, wg.grad(lambda x: x * x), 10)
    assert math.isclose(params, x, rel_tol=1e-13) and math.isclose(state, v, rel_tol=1e-13)


def test_adam_follows_its_recurrence():
    x, m, s = 3.0, 0.0, 0.0
    for n in range(1, 11):
        g = 2 * x
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g * g
        x -= 0.1 * (m / (1 - 0.9**n)) / (math.sqrt(s / (1 - 0.999**n)) + 1e-8)
    params, state = run(Adam(0.1), 3.0, wg.grad(lambda x: x * x), 10)
    assert math.isclose(params, x, rel_tol=1e-13)
    assert state.taken == 10 and math.isclose(state.mean, m, rel_tol=1e-13)


def test_the_first_step_of_adam_does_not_depend_on_the_scale():
    params = np.array([1.0, 1.0, 1.0])
    stepped, _ = run(Adam(0.01), params, lambda x: np.array([1e-3, 1.0, -1e6]), 1)
    np.testing.assert_allclose(stepped, [0.99, 0.99, 1.01], rtol=1e-6)


@pytest.mark.parametrize("opt", STEPPERS)
def test_containers_keep_structure_dtypes_and_what_cannot_move(opt):
    params = {"w": np.ones((2, 3), np.float32), "b": [np.zeros(3), 1.0], "depth": 2, "kind": "relu"}

    def loss(p):
        return np.sum((p["w"] * 2 + p["b"][0] - 1) ** 2) + p["b"][1] ** 2

    stepped, state = run(opt, params, wg.grad(loss), 3)
    assert (stepped["depth"], stepped["kind"]) == (2, "relu")
    assert stepped["w"].dtype == np.float32 and stepped["w"].shape == (2, 3)
    assert loss(stepped) < loss(params)
    velocity = state.mean if isinstance(state, AdamState) else state
    assert velocity["w"].dtype == np.float32 and velocity["depth"] is None


@pytest.mark.parametrize("opt", STEPPERS)
def test_steps_are_pure(opt):
    params, grads = {"x": np.ones(3)}, {"x": np.arange(3.0)}
    state = opt.init(params)
    first = opt.step(params, grads, state)
    again = opt.step(params, grads, state)
    np.testing.assert_array_equal(params["x"], np.ones(3))
    np.testing.assert_array_equal(grads["x"], np.arange(3.0))
    assert pickle.dumps(first) == pickle.dumps(again)


@pytest.mark.parametrize("opt", STEPPERS)
def test_a_missing_gradient_leaves_its_parameter_and_memory(opt):
    params = [np.ones(2), np.ones(2)]
    params, state = opt.step(params, [np.ones(2), np.ones(2)], opt.init(params))
    stepped, after = opt.step(params, [np.ones(2), None], state)
    np.testing.assert_array_equal(stepped[1], params[1])
    mean, means = (state.mean, after.mean) if isinstance(state, AdamState) else (state, after)
    np.testing.assert_array_equal(means[1], mean[1])


@pytest.mark.parametrize("opt", STEPPERS)
def test_complex_parameters_go_downhill(opt):
    def f(z):
        return np.sum(np.real((z - 1j) * np.conj(z - 1j)))

    z, _ = run(opt, np.array([2 + 0j, -1j]), wg.grad(f), 200)
    assert f(z) < 1e-2


@pytest.mark.parametrize("opt", STEPPERS)
def test_what_does_not_fit_is_refused(opt):
    state = opt.init({"x": np.ones(3)})
    with pytest.raises(wg.errors.StructureError, match=r"shape \(1,\).*shape \(3,\)"):
        opt.step({"x": np.ones(3)}, {"x": np.ones(1)}, state)
    with pytest.raises(wg.errors.StructureError):
        opt.step({"x": np.ones(3)}, {"y": np.ones(3)}, state)
    with pytest.raises(wg.errors.InputError, match="cannot move"):
        opt.step(3, 1.0, opt.init(3))


@pytest.mark.parametrize("opt", STEPPERS)
def test_they_are_values(opt):
    assert pickle.loads(pickle.dumps(opt)) == opt
    assert hash(opt) == hash(pickle.loads(pickle.dumps(opt)))
    with pytest.raises(AttributeError):
        opt.rate = 1.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: SGD(-1.0),
        lambda: SGD(math.nan),
        lambda: SGD(0.1, momentum=1.0),
        lambda: SGD(0.1, momentum=-0.1),
        lambda: Adam(math.inf),
        lambda: Adam(betas=(0.9, 1.0)),
        lambda: Adam(epsilon=0.0),
        lambda: Adam(epsilon=math.nan),
    ],
)
def test_settings_without_sense_are_refused(make):
    with pytest.raises(ValueError, match=" is "):
        make()
