"""grad, value_and_grad and vjp."""

import math

import mpmath
import numpy as np
import pytest
import sympy

import wengert as wg
from wengert.errors import OutputError, StructureError

# --- against closed forms ------------------------------------------------------------------------------------------------------

A, B, C = sympy.symbols("a b c", positive=True)
FORMULAS = [
    A * B + sympy.sin(A) / C,
    sympy.exp(-A * B) * sympy.log(C + A**2),
    sympy.sqrt(A**2 + B**2) ** sympy.Rational(3, 2) - C ** (A / B),
    sympy.tanh(A / C) * sympy.atan2(B, A) + sympy.cosh(C - B),
    (A - B) ** 3 / (1 + sympy.exp(-C)) + sympy.asinh(A * C),
    sympy.atan(A * B * C) * sympy.cos(A) ** 2,
]
POINT = (0.7, 1.3, 2.1)


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
def test_derivatives_to_third_order_are_those_of_the_formula(formula):
    f = sympy.lambdify((A, B, C), formula, "numpy")
    at = dict(zip((A, B, C), POINT, strict=True))
    truth = lambda *names: float(sympy.diff(formula, *names).evalf(30, at))
    value, gradient = wg.value_and_grad(f, (0, 1, 2))(*POINT)
    assert np.isclose(value, float(formula.evalf(30, at)), rtol=1e-14)
    np.testing.assert_allclose(gradient, [truth(s) for s in (A, B, C)], rtol=1e-12)
    second = wg.grad(lambda a, b, c: wg.grad(f, 1)(a, b, c), (0, 1, 2))(*POINT)
    np.testing.assert_allclose(second, [truth(B, s) for s in (A, B, C)], rtol=1e-11, atol=1e-14)
    third = wg.jvp(wg.grad(lambda a: wg.grad(f, 2)(a, *POINT[1:])), (POINT[0],), (1.0,))[1]
    np.testing.assert_allclose(third, truth(C, A, A), rtol=1e-11, atol=1e-14)


def test_a_recurrence_agrees_with_mpmath():
    def logistic(r, steps=30):
        x = 0.3
        for _ in range(steps):
            x = r * x * (1 - x)
        return x

    mpmath.mp.dps = 50
    truth = mpmath.diff(lambda r: logistic(r), mpmath.mpf("2.9"))
    assert np.isclose(wg.grad(logistic)(2.9), float(truth), rtol=1e-12)
    assert np.isclose(wg.grad(wg.grad(logistic))(2.9), float(mpmath.diff(lambda r: logistic(r), mpmath.mpf("2.9"), 2)), rtol=1e-11)


def test_newtons_iteration_to_convergence_has_the_derivative_of_the_root():
    def root(a):
        x = a
        while abs(x * x - a) > 1e-15:
            x = 0.5 * (x + a / x)
        return x

    assert np.isclose(wg.grad(root)(2.0), 0.5 / math.sqrt(2.0), rtol=1e-12)


# --- grad ------------------------------------------------------------------------------------------------------------------------


def test_a_function_with_branches_takes_the_branch_it_takes():
    f = lambda x: x**2 if x > 0 else -3.0 * x
    assert wg.grad(f)(2.0) == 4.0
    assert wg.grad(f)(-2.0) == -3.0


def test_a_result_that_depends_on_nothing_has_zero_gradient():
    assert wg.grad(lambda x: 3.0)(2.0) == 0.0
    assert wg.grad(lambda x: 3)(2.0) == 0.0
    np.testing.assert_array_equal(wg.grad(lambda x: np.float32(2.0))(np.ones((2, 3))), np.zeros((2, 3)))
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(np.floor(x)))(np.ones(2)), np.zeros(2))


def test_the_argument_itself_is_a_result():
    assert wg.grad(lambda x: x)(2.0) == 1.0
    value, g = wg.value_and_grad(lambda x: x)(np.array(2.0))
    assert value == 2.0 and g == 1.0
    g = wg.grad(lambda x: x[1])(np.ones(3))
    np.testing.assert_array_equal(g, [0.0, 1.0, 0.0])


def test_empty_arrays_have_empty_gradients():
    g = wg.grad(lambda x: np.sum(x * x) + 1.0)(np.ones((0, 3)))
    assert g.shape == (0, 3) and g.dtype == float
    g = wg.grad(lambda p: np.sum(p["a"]) * p["b"])({"a": np.ones(0), "b": 2.0})
    assert g["a"].shape == (0,) and g["b"] == 0.0


def test_nan_and_inf_pass_through_without_an_error_or_a_warning():
    g = wg.grad(lambda x: np.sum(x * x))(np.array([np.nan, np.inf, -np.inf, 1.0]))
    np.testing.assert_array_equal(g, [np.nan, np.inf, -np.inf, 2.0])
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(np.sqrt(x)))(np.array([0.0, 4.0])), [np.inf, 0.25])
    assert wg.grad(np.sqrt)(0.0) == np.inf


def test_the_users_errstate_is_for_f_alone():
    x = np.array([0.0, 1.0])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(wg.grad(lambda x: np.sum(np.sqrt(x)))(x), [np.inf, 0.5])
        assert wg.jvp(np.sqrt, (0.0,), (1.0,))[1] == np.inf
        assert wg.jvp(lambda x: np.sum(np.sqrt(x)), (x,), (np.ones(2),))[1] == np.inf
        with pytest.raises(FloatingPointError):
            wg.grad(lambda x: np.sum(np.log(x)))(x)
        assert np.geterr()["divide"] == "raise"
    with np.errstate(all="ignore"):
        wg.grad(lambda x: np.sum(np.log(x)))(x)
        assert np.geterr()["divide"] == "ignore"


def test_a_gradient_is_fresh_and_writable():
    for f, x in [
        (lambda x: np.sum(x), np.ones(3)),
        (lambda x: np.sum(np.broadcast_to(x, (4, 3))), np.ones(3)),
        (lambda x: np.sum(x.T), np.ones((2, 3))),
        (lambda x: x[0] @ x[1], np.ones((2, 3))),
        (lambda x: 1.0, np.ones(3)),
        (lambda x: np.trace(x), np.ones((3, 3))),
    ]:
        g = wg.grad(f)(x)
        assert type(g) is np.ndarray and g.flags.owndata and g.flags.writeable and not np.shares_memory(g, x)


def test_value_and_grad_returns_the_value_that_f_returns():
    f = lambda x: np.sum(x * x)
    value, gradient = wg.value_and_grad(f)(np.array([1.0, 2.0]))
    assert type(value) is np.float64 and value == f(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [2.0, 4.0])
    value, _ = wg.value_and_grad(lambda x: x * 2)(3.0)
    assert type(value) is float and value == 6.0
    assert wg.value_and_grad(lambda x: 7)(3.0)[0] == 7


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (lambda x: x, r"shape \(2,\).*np.sum.*wg.jacobian"),
        (lambda x: x[None, :1], r"shape \(1, 1\).*wg.jacobian"),
        (lambda x: np.sum(x) * 1j, "complex.*holomorphic=True"),
        (lambda x: None, "NoneType.*has_aux=True"),
        (lambda x: (x[0], x[1]), "tuple.*has_aux=True.*wg.vjp"),
        (lambda x: [x[0]], "list.*wg.vjp"),
        (lambda x: {"loss": x[0]}, "dict.*wg.vjp"),
        (lambda x: "0.5", "str"),
        (lambda x: np.array(["a"]), "ndarray|array"),
        (lambda x: object(), "object"),
    ],
    ids=["array", "array of one", "complex", "None", "tuple", "list", "dict", "string", "strings", "object"],
)
def test_a_result_that_is_no_number_is_refused(result, says):
    def f(x):
        return result(x)

    for derivative in (wg.grad(f), wg.value_and_grad(f)):
        with pytest.raises(OutputError, match=f"(?s)f returned.*{says}.*test_reverse.py"):
            derivative(np.array([1.0, 2.0]))


def test_a_zero_dimensional_result_is_a_number():
    assert wg.grad(lambda x: np.reshape(x[:1] * 3.0, ()))(np.ones(2))[0] == 3.0


# --- vjp -------------------------------------------------------------------------------------------------------------------------


def test_vjp_of_arrays_is_the_transposed_jacobian(differences):
    f = lambda x: np.stack([x[0] * x[1], np.sin(x[2]), x[0] / x[2], x[1] ** 3])
    x, g = np.array([0.3, 0.5, 0.7]), np.array([1.0, -2.0, 0.5, 3.0])
    y, pull = wg.vjp(f, x)
    np.testing.assert_array_equal(y, f(x))
    np.testing.assert_allclose(pull(g)[0], g @ differences(f, x), rtol=1e-9)


def test_vjp_takes_several_primals_and_containers():
    f = lambda p, s, k: {"y": p["a"] * s, "z": (p["b"] @ p["b"], k)}
    y, pull = wg.vjp(f, {"a": np.ones(2), "b": np.array([1.0, 2.0])}, 3.0, {"n": 5})
    np.testing.assert_array_equal(y["y"], [3.0, 3.0])
    assert y["z"] == (5.0, {"n": 5})
    dp, ds, dk = pull({"y": np.array([1.0, 10.0]), "z": (2.0, {"n": None})})
    np.testing.assert_array_equal(dp["a"], [3.0, 30.0])
    np.testing.assert_array_equal(dp["b"], [4.0, 8.0])
    assert ds == 11.0 and dk == {"n": None}


def test_none_in_a_cotangent_is_zero():
    _, pull = wg.vjp(lambda x: (x, x * x), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(pull((None, np.ones(2)))[0], [2.0, 4.0])
    np.testing.assert_array_equal(pull((None, None))[0], [0.0, 0.0])


def test_results_that_are_views_of_one_another():
    def f(x):
        y = x * 2.0
        return y, y[::-1], y[1], x, x.T, y

    x = np.array([1.0, 2.0, 3.0])
    _, pull = wg.vjp(f, x)
    e = np.array([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(pull((e, None, None, None, None, None))[0], 2 * e)
    np.testing.assert_array_equal(pull((None, e, None, None, None, None))[0], 2 * e[::-1])
    np.testing.assert_array_equal(pull((None, None, 1.0, None, None, None))[0], [0.0, 2.0, 0.0])
    np.testing.assert_array_equal(pull((e, e, 1.0, e, e, e))[0], 2 * e + 2 * e[::-1] + [0, 2, 0] + 2 * e + 2 * e)


def test_a_result_written_after_it_was_made_is_what_it_became():
    def f(x):
        y = x * 2.0
        v = y[:2]
        y[0] = x[2]
        return v, y

    x = np.array([1.0, 2.0, 3.0])
    (v, y), pull = wg.vjp(f, x)
    np.testing.assert_array_equal(v, [3.0, 4.0])
    np.testing.assert_array_equal(pull((np.array([1.0, 10.0]), None))[0], [0.0, 20.0, 1.0])


def test_a_result_that_is_not_traced_gets_no_cotangent():
    y, pull = wg.vjp(lambda x: (x * 2.0, 3.0, "name", None, np.arange(2)), 1.0)
    assert y[1:4] == (3.0, "name", None)
    assert pull((1.0, 5.0, None, None, None)) == (2.0,)


@pytest.mark.parametrize(
    ("cotangent", "says"),
    [
        (np.ones(3), r"shape \(3,\).*\(2,\)"),
        (1.0, r"shape \(\).*\(2,\)"),
        (np.ones((2, 1)), r"shape \(2, 1\)"),
        ([np.ones(2)], "shape"),
        (np.ones(2) * 1j, "complex.*real"),
        ("ab", "dtype"),
        (np.array(["a", "b"]), "dtype"),
        (np.array([None, None]), "dtype object"),
    ],
    ids=["longer", "number", "column", "list", "complex", "string", "strings", "objects"],
)
def test_a_cotangent_that_does_not_fit_is_refused(cotangent, says):
    _, pull = wg.vjp(lambda x: x * 2.0, np.ones(2))
    with pytest.raises(StructureError, match=f"(?s)cotangent.*{says}.*test_reverse.py"):
        pull(cotangent)
    np.testing.assert_array_equal(pull(np.ones(2))[0], [2.0, 2.0])


def test_a_cotangent_of_another_structure_is_refused():
    _, pull = wg.vjp(lambda x: {"a": x, "b": (x, x)}, 1.0)
    for cotangent in (1.0, {"a": 1.0}, {"a": 1.0, "b": [1.0, 1.0]}, {"a": 1.0, "b": (1.0, 1.0, 1.0)}, (1.0, (1.0, 1.0))):
        with pytest.raises(StructureError, match="(?s)cotangent.*structure.*test_reverse.py"):
            pull(cotangent)
    with pytest.raises(StructureError, match=r"cotangent\['b'\]\[1\] has shape \(2,\)"):
        pull({"a": 1.0, "b": (1.0, np.ones(2))})


def test_a_list_is_taken_as_the_array_it_stands_for():
    _, pull = wg.vjp(lambda x: x * 2.0, np.ones(2))
    np.testing.assert_array_equal(pull([1, 10])[0], [2.0, 20.0])


def test_pulling_never_runs_f_again():
    runs = []

    def f(x):
        runs.append(1)
        return np.sin(x)

    _, pull = wg.vjp(f, np.ones(3))
    for _ in range(3):
        pull(np.ones(3))
    assert len(runs) == 1


def test_f_that_raises_raises_what_it_raised():
    class Mine(Exception):
        pass

    def f(x):
        raise Mine("here")

    for derivative in (
        lambda: wg.grad(f)(1.0),
        lambda: wg.vjp(f, 1.0),
        lambda: wg.jvp(f, (1.0,), (1.0,)),
        lambda: wg.hessian(f)(1.0),
    ):
        with pytest.raises(Mine, match="here"):
            derivative()
