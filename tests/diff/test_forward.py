"""jvp, linearize and derivative."""

import math

import numpy as np
import pytest

import wengert as wg
from wengert.errors import OutputError, StructureError

F = lambda x: np.stack([x[0] * x[1], np.sin(x[2]), x[0] / x[2], x[1] ** 3])
X, T = np.array([0.3, 0.5, 0.7]), np.array([1.0, -2.0, 0.5])


def along(f, primals, tangents):
    """jvp by way of linearize."""
    y, push = wg.linearize(f, *primals)
    return y, push(*tangents)


BOTH = pytest.mark.parametrize("jvp", [wg.jvp, along], ids=["jvp", "linearize"])


@BOTH
def test_a_tangent_is_the_jacobian_times_the_direction(jvp, differences):
    y, t = jvp(F, (X,), (T,))
    np.testing.assert_array_equal(y, F(X))
    np.testing.assert_allclose(t, differences(F, X) @ T, rtol=1e-9)
    assert t.flags.owndata and t.flags.writeable


@BOTH
def test_of_a_number(jvp):
    y, t = jvp(np.sin, (0.0,), (2.0,))
    assert (y, t) == (0.0, 2.0) and type(t) is np.float64
    y, t = jvp(lambda x: x * x, (3,), (1,))
    assert (y, t) == (9.0, 6.0)


@BOTH
def test_of_several_primals_and_containers(jvp):
    f = lambda p, s, k: {"y": p["a"] * s, "z": (p["b"] @ p["b"], k["n"], p["c"])}
    p = {"a": np.ones(2), "b": np.array([1.0, 2.0]), "c": "name"}
    y, t = jvp(f, (p, 3.0, {"n": 5}), ({"a": np.array([1.0, 0.0]), "b": np.ones(2), "c": None}, 2.0, {"n": None}))
    np.testing.assert_array_equal(y["y"], [3.0, 3.0])
    assert y["z"] == (5.0, 5, "name")
    np.testing.assert_array_equal(t["y"], [5.0, 2.0])
    assert t["z"][0] == 6.0


@BOTH
def test_none_in_a_tangent_is_zero(jvp):
    f = lambda p, s: p[0] * p[1] * s
    assert jvp(f, ((2.0, 3.0), 5.0), ((None, 1.0), None))[1] == 10.0
    assert jvp(f, ((2.0, 3.0), 5.0), ((None, None), None))[1] == 0.0


@BOTH
def test_a_result_that_depends_on_nothing_has_a_zero_tangent(jvp):
    assert jvp(lambda x: 3.0, (2.0,), (1.0,)) == (3.0, 0.0)
    y, t = jvp(lambda x: np.floor(x), (np.array([1.5, 2.5]),), (np.ones(2),))
    np.testing.assert_array_equal(t, [0.0, 0.0])
    y, t = jvp(lambda x: (x, np.ones(3), wg.stop_gradient(x)), (1.0,), (1.0,))
    assert t[0] == 1.0 and t[2] == 0.0
    np.testing.assert_array_equal(t[1], np.zeros(3))


@BOTH
def test_results_that_are_views_of_one_another(jvp):
    def f(x):
        y = x * 2.0
        v = y[:2]
        y[0] = x[2]
        return v, y, y[1], x

    (v, y, s, x), (tv, ty, ts, tx) = jvp(f, (X,), (T,))
    np.testing.assert_allclose(tv, [T[2], 2 * T[1]])
    np.testing.assert_allclose(ty, [T[2], 2 * T[1], 2 * T[2]])
    np.testing.assert_allclose(tx, T)
    assert ts == 2 * T[1]
    assert not np.shares_memory(tv, ty)


@BOTH
@pytest.mark.parametrize(
    ("tangents", "says"),
    [
        ((np.ones(2),), r"tangent 0 has shape \(2,\).*\(3,\)"),
        ((1.0,), r"tangent 0 has shape \(\)"),
        ((), "1 primals need as many tangents, 0"),
        ((T, T), "1 primals need as many tangents, 2"),
        ((T * 1j,), "complex"),
        (("abc",), "dtype"),
        ((np.array([None] * 3),), "dtype object"),
    ],
    ids=["shorter", "number", "none", "two", "complex", "string", "objects"],
)
def test_a_tangent_that_does_not_fit_is_refused(jvp, tangents, says):
    with pytest.raises(StructureError, match=f"(?s){says}.*test_forward.py"):
        jvp(F, (X,), tangents)


@BOTH
def test_a_tangent_of_another_structure_is_refused(jvp):
    f = lambda p: p["a"] * p["b"][0]
    for tangent in (1.0, {"a": 1.0}, {"a": 1.0, "b": [1.0]}, {"a": 1.0, "b": (1.0, 2.0)}):
        with pytest.raises(StructureError, match="(?s)tangent 0.*structure.*test_forward.py"):
            jvp(f, ({"a": 1.0, "b": (2.0,)},), (tangent,))
    with pytest.raises(StructureError, match=r"tangent 0\['b'\]\[0\] has shape \(2,\)"):
        jvp(f, ({"a": 1.0, "b": (2.0,)},), ({"a": 1.0, "b": (np.ones(2),)},))


def test_jvp_hands_out_auxiliary_results():
    y, t, aux = wg.jvp(lambda x: (x * x, {"x": x, "n": 3}), (2.0,), (1.0,), has_aux=True)
    assert (y, t, aux) == (4.0, 4.0, {"x": 2.0, "n": 3})
    with pytest.raises(OutputError, match=r"has_aux=True.*\(y, aux\)"):
        wg.jvp(lambda x: x, (2.0,), (1.0,), has_aux=True)


def test_a_pushforward_runs_f_once():
    runs = []

    def f(x):
        runs.append(1)
        z = np.zeros_like(x)
        z[1:] = np.sin(x[:-1])
        return z

    _, push = wg.linearize(f, X)
    for _ in range(3):
        np.testing.assert_allclose(push(T), [0.0, np.cos(X[0]) * T[0], np.cos(X[1]) * T[1]], rtol=1e-14)
    assert len(runs) == 1


def test_forward_and_reverse_are_transposes_of_one_another():
    def f(x):
        z = np.outer(x, np.exp(x))
        z[1] *= x
        return np.cumsum(z.T) + np.max(x) * np.linalg.norm(z)

    g = np.cos(np.arange(9.0))
    y, pull = wg.vjp(f, X)
    assert np.isclose(g @ wg.jvp(f, (X,), (T,))[1], pull(g)[0] @ T, rtol=1e-13)
    assert np.isclose(g @ along(f, (X,), (T,))[1], pull(g)[0] @ T, rtol=1e-13)


# --- derivative ------------------------------------------------------------------------------------------------------------------


def test_derivative_of_a_number_is_a_number():
    d = wg.derivative(lambda x: math.e * x**3)(2.0)
    assert type(d) is np.float64 and np.isclose(d, math.e * 12.0)
    assert wg.derivative(wg.derivative(wg.derivative(np.sin)))(0.0) == -1.0


def test_derivative_of_a_curve_is_its_velocity():
    v = wg.derivative(lambda t: np.stack([np.cos(t), np.sin(t), 2.0 * t]))(0.0)
    np.testing.assert_array_equal(v, [0.0, 1.0, 2.0])
    v = wg.derivative(lambda t: {"x": t * t, "y": 3.0})(2.0)
    assert v == {"x": 4.0, "y": 0.0}


def test_derivative_is_elementwise_on_arrays():
    x = np.linspace(-1.0, 1.0, 12).reshape(3, 4)
    np.testing.assert_allclose(wg.derivative(np.tanh)(x), 1 - np.tanh(x) ** 2, rtol=1e-13)
    np.testing.assert_allclose(wg.derivative(wg.derivative(lambda x: x**4))(x), 12 * x**2, rtol=1e-13)


def test_derivative_takes_other_arguments_as_constants():
    np.testing.assert_array_equal(wg.derivative(lambda x, a, b=1.0: a * x**b)(np.array([1.0, 2.0]), 3.0, b=2), [6.0, 12.0])


@pytest.mark.parametrize(
    ("f", "says"), [(np.cumsum, "mixes"), (np.sum, "shape"), (lambda x: x[::-1] * 1.0, "mixes"), (lambda x: x[:2], "shape")]
)
def test_derivative_refuses_to_call_a_jacobian_elementwise(f, says):
    with pytest.raises(OutputError, match=f"(?s){says}.*wg.jacobian.*test_forward.py"):
        wg.derivative(f)(np.array([1.0, 2.0, 3.0]))
