"""What the derivatives return suits SciPy as it is: its solvers take them for jac=, hess= and hessp=."""

import numpy as np
import pytest
from scipy import integrate, optimize

import wengert as wg

START = np.array([1.3, 0.7, 0.8, 1.9])


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def written(x):
    """The same, as a loop that fills an array."""
    z = np.zeros_like(x)
    for i in range(len(x) - 1):
        z[i] = 100.0 * (x[i + 1] - x[i] ** 2) ** 2
        z[i] += (1 - x[i]) ** 2
    return np.sum(z)


FUNCTIONS = pytest.mark.parametrize("f", [rosenbrock, written], ids=lambda f: f.__name__)


@FUNCTIONS
@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG", "TNC", "SLSQP"])
def test_minimize_takes_the_gradient(f, method):
    found = optimize.minimize(f, START, jac=wg.grad(f), method=method)
    np.testing.assert_allclose(found.x, np.ones(4), atol=2e-3)
    both = optimize.minimize(wg.value_and_grad(f), START, jac=True, method=method)
    np.testing.assert_allclose(both.x, found.x)


@FUNCTIONS
@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-krylov", "trust-exact"])
def test_minimize_takes_the_hessian(f, method):
    found = optimize.minimize(f, START, jac=wg.grad(f), hess=wg.hessian(f), method=method)
    assert found.success
    np.testing.assert_allclose(found.x, np.ones(4), atol=1e-4)


@FUNCTIONS
@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-krylov"])
def test_minimize_takes_products_with_the_hessian(f, method):
    found = optimize.minimize(f, START, jac=wg.grad(f), hessp=wg.hvp(f), method=method)
    assert found.success
    np.testing.assert_allclose(found.x, np.ones(4), atol=1e-4)


def test_minimize_with_constraints_and_their_derivatives():
    ring = lambda x: np.stack([np.sum(x**2), x[0] * x[1]])
    constraint = optimize.NonlinearConstraint(ring, [1.0, 0.0], [2.0, 10.0], jac=wg.jacobian(ring), hess=weighted(ring))
    found = optimize.minimize(
        rosenbrock,
        np.array([0.5, 0.5, 0.5, 0.5]),
        jac=wg.grad(rosenbrock),
        hess=wg.hessian(rosenbrock),
        method="trust-constr",
        constraints=[constraint],
        options={"gtol": 1e-8, "maxiter": 500},
    )
    assert found.constr_violation < 1e-8
    numeric = optimize.minimize(
        rosenbrock,
        np.array([0.5, 0.5, 0.5, 0.5]),
        jac=wg.grad(rosenbrock),
        method="SLSQP",
        constraints=[
            {"type": "ineq", "fun": lambda x: 2.0 - np.sum(x**2), "jac": wg.grad(lambda x: 2.0 - np.sum(x**2))},
            {"type": "ineq", "fun": lambda x: x[0] * x[1], "jac": wg.grad(lambda x: x[0] * x[1])},
        ],
        options={"ftol": 1e-12, "maxiter": 500},
    )
    np.testing.assert_allclose(found.x, numeric.x, atol=1e-4)


def weighted(constraint):
    """The Hessian of v . constraint(x), as trust-constr asks for it."""
    return lambda x, v: wg.hessian(lambda x: np.dot(v, constraint(x)))(x)


def test_minimize_passes_its_args_on():
    f = lambda x, a, b: np.sum((x - a) ** 2) + b * x[0] ** 4
    found = optimize.minimize(f, np.zeros(2), args=(3.0, 2.0), jac=wg.grad(f), hess=wg.hessian(f), method="Newton-CG")
    np.testing.assert_allclose(wg.grad(f)(found.x, 3.0, 2.0), 0.0, atol=1e-5)


def test_minimize_scalar_and_root_scalar():
    f = lambda x: x**3 - 2.0 * x - 5.0
    newton = optimize.root_scalar(f, x0=2.0, fprime=wg.derivative(f), fprime2=wg.derivative(wg.derivative(f)), method="halley")
    assert np.isclose(newton.root, 2.0945514815423265, rtol=1e-12)
    assert np.isclose(optimize.newton(f, 2.0, fprime=wg.grad(f)), newton.root)
    assert np.allclose(
        optimize.newton(lambda x: x**3 - 2.0, np.array([1.0, 2.0]), fprime=wg.derivative(lambda x: x**3 - 2.0)), 2 ** (1 / 3)
    )


@pytest.mark.parametrize("method", ["lm", "trf", "dogbox"])
def test_least_squares_takes_the_jacobian(method):
    t = np.linspace(0.0, 3.0, 30)
    y = 2.5 * np.exp(-1.3 * t) + 0.5
    residuals = lambda p: p[0] * np.exp(-p[1] * t) + p[2] - y
    found = optimize.least_squares(residuals, np.ones(3), jac=wg.jacobian(residuals), method=method)
    np.testing.assert_allclose(found.x, [2.5, 1.3, 0.5], rtol=1e-6)
    assert found.njev is None or found.nfev < 50


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_curve_fit_takes_the_jacobian(mode):
    t = np.linspace(0.0, 3.0, 40)
    model = lambda t, a, b, c: a * np.exp(-b * t) + c
    y = model(t, 2.5, 1.3, 0.5)
    slopes = lambda t, *p: np.stack(wg.jacobian(lambda *p: model(t, *p), (0, 1, 2), mode=mode)(*p), axis=1)
    found, covariance = optimize.curve_fit(model, t, y, p0=[1.0, 1.0, 1.0], jac=slopes)
    np.testing.assert_allclose(found, [2.5, 1.3, 0.5], rtol=1e-6)
    assert np.all(np.isfinite(covariance))


@pytest.mark.parametrize("method", ["hybr", "lm"])
def test_root_takes_the_jacobian(method):
    f = lambda x: np.stack([x[0] + 0.5 * (x[0] - x[1]) ** 3 - 1.0, 0.5 * (x[1] - x[0]) ** 3 + x[1]])
    found = optimize.root(f, np.zeros(2), jac=wg.jacobian(f), method=method)
    assert found.success
    np.testing.assert_allclose(found.x, [0.8411639, 0.1588361], rtol=1e-6)


@pytest.mark.parametrize("method", ["Radau", "BDF"])
def test_stiff_solvers_take_the_jacobian(method):
    def robertson(t, y):
        a, b, c = -0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
        return np.stack([a + b, -a - b - c, c])

    jac = wg.jacobian(robertson, 1)
    found = integrate.solve_ivp(robertson, (0.0, 40.0), [1.0, 0.0, 0.0], method=method, jac=jac, rtol=1e-8, atol=1e-10)
    assert found.success and found.njev > 0
    np.testing.assert_allclose(found.y[:, -1], [0.7158271, 9.185535e-6, 0.2841637], rtol=1e-5)


def test_lsoda_takes_the_jacobian():
    van_der_pol = lambda t, y: np.stack([y[1], 10.0 * (1 - y[0] ** 2) * y[1] - y[0]])
    exact = integrate.solve_ivp(
        van_der_pol, (0.0, 5.0), [2.0, 0.0], method="LSODA", jac=wg.jacobian(van_der_pol, 1), rtol=1e-9, atol=1e-9
    )
    rough = integrate.solve_ivp(van_der_pol, (0.0, 5.0), [2.0, 0.0], method="DOP853", rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(exact.y[:, -1], rough.y[:, -1], rtol=1e-5)


def test_check_grad_finds_no_fault():
    assert optimize.check_grad(rosenbrock, wg.grad(rosenbrock), START) < 1e-4
