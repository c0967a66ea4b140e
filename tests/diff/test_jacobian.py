"""Dense Jacobians and Hessians, and products with them."""

from typing import NamedTuple

import numpy as np
import pytest

import wengert as wg
from wengert.errors import InputError, OutputError

MODES = pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
A = np.cos(np.arange(24.0)).reshape(2, 3, 4)


@MODES
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.sin(x) * x[0], np.array([0.3, 0.5, 0.7])),
        (lambda x: np.outer(x, x[:2]), np.array([0.3, 0.5, 0.7])),
        (lambda x: np.sum(x**3), np.array([0.3, 0.5, 0.7])),
        (lambda x: x**3, 0.7),
        (lambda x: np.stack([x, x * x, np.exp(x)]), 0.7),
        (lambda x: x @ x.T, np.array([[0.3, 0.5, 0.7], [1.0, 2.0, 3.0]])),
        (lambda x: np.tensordot(A, x, 1).T, np.array([0.3, 0.5, 0.7, 1.1])),
        (lambda x: x * 2.0, np.ones((2, 0))),
        (lambda x: x[:0], np.ones(3)),
        (lambda x: np.array([1.0, 2.0]), np.ones(3)),
        (lambda x: np.reshape(x, (3, 1)).T, np.array([0.3, 0.5, 0.7])),
    ],
    ids=["3 to 3", "3 to 3x2", "3 to 1", "1 to 1", "1 to 3", "2x3 to 2x2", "4 to 3x2", "empty", "to empty", "constant", "views"],
)
def test_the_shape_is_that_of_y_then_that_of_x(f, x, mode, differences):
    j = wg.jacobian(f, mode=mode)(x)
    assert np.shape(j) == np.shape(f(x)) + np.shape(x)
    np.testing.assert_allclose(j, differences(f, x) if np.size(x) else np.zeros(np.shape(j)), rtol=1e-8, atol=1e-9)
    if np.ndim(j):
        assert j.flags.writeable and j.dtype == float and not np.shares_memory(j, x)
    else:
        assert type(j) is np.float64


def test_jacfwd_and_jacrev_fix_the_mode():
    f = lambda x: np.outer(x, x)
    assert wg.jacfwd(f).mode == "forward" and wg.jacrev(f).mode == "reverse" and wg.jacobian(f).mode == "auto"
    np.testing.assert_allclose(wg.jacfwd(f)(np.ones(3)), wg.jacrev(f)(np.ones(3)))
    with pytest.raises(InputError, match="mode is 'auto', 'forward' or 'reverse', not 'backward'"):
        wg.jacobian(f, mode="backward")


@pytest.mark.parametrize(("wide", "tall", "sweeps"), [(3, 5, ["push"] * 3), (5, 3, ["pull"] * 3), (4, 4, ["push"] * 4)])
def test_auto_takes_the_mode_of_fewer_sweeps(wide, tall, sweeps, monkeypatch):
    made = []
    for name in ("push", "pull"):
        original = getattr(wg.diff.jacobian.Record, name)
        counting = lambda self, seeds, name=name, original=original: made.append(name) or original(self, seeds)
        monkeypatch.setattr(wg.diff.jacobian.Record, name, counting)
    wg.jacobian(lambda x: np.cos(np.arange(1.0 * tall * wide)).reshape(tall, wide) @ x)(np.ones(wide))
    assert made == sweeps


@MODES
def test_f_runs_once(mode):
    runs = []
    wg.jacobian(lambda x: runs.append(1) or x * x, mode=mode)(np.ones(5))
    assert len(runs) == 1


@MODES
def test_containers_give_containers_of_blocks(mode):
    class Pair(NamedTuple):
        u: object
        v: object

    f = lambda p: Pair(p["a"] * p["b"], {"s": np.sum(p["a"]), "k": p["n"]})
    found = wg.jacobian(f, mode=mode)({"a": np.array([1.0, 2.0]), "b": 3.0, "n": 4})
    assert type(found) is Pair
    np.testing.assert_array_equal(found.u["a"], 3.0 * np.eye(2))
    np.testing.assert_array_equal(found.u["b"], [1.0, 2.0])
    assert found.u["n"] is None
    np.testing.assert_array_equal(found.v["s"]["a"], [1.0, 1.0])
    assert found.v["s"]["b"] == 0.0


@MODES
def test_several_arguments_give_a_tuple(mode):
    j = wg.jacobian(lambda x, y: x * y, (0, 1), mode=mode)(np.array([1.0, 2.0]), 3.0)
    assert type(j) is tuple
    np.testing.assert_array_equal(j[0], 3.0 * np.eye(2))
    np.testing.assert_array_equal(j[1], [1.0, 2.0])
    (j,) = wg.jacobian(lambda x, y: x * y, (1,), mode=mode)(2.0, 3.0)
    assert j == 2.0


@MODES
def test_auxiliary_results_are_handed_out(mode):
    j, aux = wg.jacobian(lambda x: (x * x, {"x": x}), has_aux=True, mode=mode)(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(j, np.diag([2.0, 4.0]))
    np.testing.assert_array_equal(aux["x"], [1.0, 2.0])


def test_jacobians_nest():
    f = lambda x: np.stack([x[0] ** 2 * x[1], x[1] ** 3])
    third = wg.jacfwd(wg.jacrev(wg.jacobian(f)))(np.array([1.0, 2.0]))
    expected = np.zeros((2, 2, 2, 2))
    expected[0, 0, 0, 1] = expected[0, 0, 1, 0] = expected[0, 1, 0, 0] = 2.0
    expected[1, 1, 1, 1] = 6.0
    np.testing.assert_allclose(third, expected)


# --- Hessians --------------------------------------------------------------------------------------------------------------------


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_a_hessian_agrees_with_scipys():
    from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod

    x, v = np.array([0.3, -0.5, 0.7, 1.1]), np.array([1.0, 2.0, -1.0, 0.5])
    assert np.isclose(rosenbrock(x), rosen(x))
    np.testing.assert_allclose(wg.grad(rosenbrock)(x), rosen_der(x), rtol=1e-12)
    np.testing.assert_allclose(wg.hessian(rosenbrock)(x), rosen_hess(x), rtol=1e-12)
    np.testing.assert_allclose(wg.hvp(rosenbrock)(x, v), rosen_hess_prod(x, v), rtol=1e-12)


def test_a_hessian_is_symmetric():
    h = wg.hessian(lambda x: np.sum(np.linalg.inv(np.outer(x, x) + np.eye(3)) * np.sin(x)) * np.prod(x))(np.array([0.3, 0.5, 0.7]))
    np.testing.assert_allclose(h, h.T, rtol=1e-11)
    assert h.flags.writeable


def test_a_hessian_of_a_number_is_a_number():
    h = wg.hessian(lambda x: x**3)(2.0)
    assert type(h) is np.float64 and h == 12.0


def test_a_hessian_of_a_matrix_has_four_axes():
    h = wg.hessian(lambda x: np.sum(x @ x))(np.ones((2, 2)))
    assert h.shape == (2, 2, 2, 2)
    np.testing.assert_array_equal(h[0, 1], [[1.0, 0.0], [2.0, 1.0]])


def test_a_hessian_of_a_container_is_a_container_of_containers():
    h = wg.hessian(lambda p: np.sum(p["a"] ** 2) * p["b"])({"a": np.array([1.0, 2.0]), "b": 3.0})
    np.testing.assert_array_equal(h["a"]["a"], 6.0 * np.eye(2))
    np.testing.assert_array_equal(h["a"]["b"], [2.0, 4.0])
    np.testing.assert_array_equal(h["b"]["a"], [2.0, 4.0])
    assert h["b"]["b"] == 0.0


def test_a_hessian_by_several_arguments_is_a_tuple_of_tuples():
    h = wg.hessian(lambda x, y: x**2 * y, (0, 1))(3.0, 5.0)
    assert h == ((10.0, 6.0), (6.0, 0.0))
    assert wg.hessian(lambda x, y: x**2 * y, 1)(3.0, 5.0) == 0.0


def test_a_hessian_hands_out_auxiliary_results():
    h, aux = wg.hessian(lambda x: (x**3, x * 2.0), has_aux=True)(2.0)
    assert h == 12.0 and aux == 4.0 and type(aux) is not wg.Tensor


def test_a_linear_or_constant_function_has_a_zero_hessian():
    np.testing.assert_array_equal(wg.hessian(np.sum)(np.ones(3)), np.zeros((3, 3)))
    np.testing.assert_array_equal(wg.hessian(lambda x: 1.0)(np.ones(3)), np.zeros((3, 3)))
    assert wg.hessian(lambda x: 3.0 * x)(1.0) == 0.0


# --- products with Hessians ------------------------------------------------------------------------------------------------------


def test_hvp_takes_containers_and_further_arguments():
    f = lambda p, k, scale=1.0: scale * k * np.sum(p["a"] ** 3) * p["b"]
    p, v = {"a": np.array([1.0, 2.0]), "b": 3.0}, {"a": np.array([1.0, 0.0]), "b": 1.0}
    product = wg.hvp(f)(p, v, 2.0, scale=0.5)
    np.testing.assert_allclose(product["a"], [18.0 + 3.0, 12.0])
    assert product["b"] == 3.0


def test_hvp_of_a_number():
    assert wg.hvp(lambda x: x**3)(2.0, 5.0) == 60.0


def test_hvp_never_forms_the_hessian():
    n = 100_000
    product = wg.hvp(lambda x: np.sum(x**3) + np.sum(x) ** 2)(np.ones(n), np.eye(1, n)[0])
    assert product[0] == 8.0 and product[1] == 2.0


# --- refusals --------------------------------------------------------------------------------------------------------------------


@MODES
def test_results_that_are_no_numbers_are_refused(mode):
    for f in (lambda x: "a", lambda x: np.array(["a", "b"]), lambda x: object(), lambda x: np.array([None])):
        with pytest.raises(OutputError, match="(?s)returned what is not a number.*test_jacobian.py"):
            wg.jacobian(f, mode=mode)(np.ones(2))


def test_a_hessian_of_an_array_function_is_refused():
    with pytest.raises(OutputError, match=r"(?s)shape \(2,\).*test_jacobian.py"):
        wg.hessian(lambda x: x * x)(np.ones(2))
