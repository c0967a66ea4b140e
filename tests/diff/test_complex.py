"""Complex numbers: df/dx - i df/dy for real results, the complex derivative for holomorphic functions."""

import numpy as np
import pytest

import wengert as wg
from wengert.errors import OutputError, StructureError

Z = np.array([0.3 + 0.7j, -1.1 + 0.4j, 0.8 - 0.6j])


def conjugated(f, z, step=1e-6):
    """df/dx - i df/dy by differences."""
    g = np.empty(z.shape, complex)
    for k in np.ndindex(z.shape):
        e = np.zeros(z.shape)
        e[k] = step
        g[k] = (f(z + e) - f(z - e) - 1j * (f(z + 1j * e) - f(z - 1j * e))) / (2 * step)
    return g


def in_place(z):
    w = np.zeros_like(z)
    w[1:] = z[:-1] * z[1:]
    w[0] += np.conj(z[2])
    w.imag[1] *= 2.0
    return np.sum(np.abs(w) ** 2) + w[2].real


REAL = {
    "norm": lambda z: np.sum(np.abs(z) ** 2),
    "abs": lambda z: np.sum(np.abs(z)),
    "real": lambda z: np.sum(np.real(z**3)),
    "imag": lambda z: np.sum(np.imag(np.exp(z))),
    "angle": lambda z: np.sum(np.angle(z) * np.array([1.0, 2.0, 3.0])),
    "product": lambda z: np.real(np.vdot(z, z[::-1] * np.array([1.0, 2j, 3.0]))),
    "matrix": lambda z: np.real(z @ np.outer(z, np.conj(z)) @ z),
    "methods": lambda z: (z.real**2 - z.imag * z.real).sum(),
    "division": lambda z: np.sum(np.real(1.0 / z + z / np.conj(z[::-1]))),
    "elementary": lambda z: np.sum(np.real(np.sin(z) * np.sqrt(z) + np.log(z) * np.tanh(z))),
    "in place": in_place,
}


@pytest.mark.parametrize("f", REAL.values(), ids=REAL)
def test_the_gradient_of_a_real_result_is_the_conjugate_of_steepest_ascent(f):
    g = wg.grad(f)(Z)
    np.testing.assert_allclose(g, conjugated(f, Z), rtol=1e-7, atol=1e-8)
    step = 1e-4 * np.conj(g)
    assert f(Z + step) > f(Z)


@pytest.mark.parametrize("f", REAL.values(), ids=REAL)
def test_tangents_and_cotangents_pair_by_the_real_part(f):
    t = np.array([1.0 - 2.0j, 0.5j, 3.0])
    _, slope = wg.jvp(f, (Z,), (t,))
    assert np.isrealobj(slope)
    step = 1e-6
    assert np.isclose(slope, (f(Z + step * t) - f(Z - step * t)) / (2 * step), rtol=1e-7)
    assert np.isclose(slope, np.sum(np.real(wg.grad(f)(Z) * t)), rtol=1e-12)
    assert np.isclose(wg.linearize(f, Z)[1](t), slope, rtol=1e-12)


@pytest.mark.parametrize("f", REAL.values(), ids=REAL)
def test_second_order_products(f):
    v = np.array([1.0 - 2.0j, 0.5j, 3.0])
    step = 1e-6
    truth = (wg.grad(f)(Z + step * v) - wg.grad(f)(Z - step * v)) / (2 * step)
    np.testing.assert_allclose(wg.hvp(f)(Z, v), truth, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(wg.grad(lambda z: np.sum(np.real(wg.grad(f)(z) * v)))(Z), truth, rtol=1e-6, atol=1e-7)


def test_real_inputs_of_complex_work_have_real_gradients():
    f = lambda x: np.sum(np.abs(np.exp(1j * x) + x) ** 2)
    x = np.array([0.3, 0.7])
    g = wg.grad(f)(x)
    assert g.dtype == float
    np.testing.assert_allclose(g, -2 * x * np.sin(x) + 2 * np.cos(x) + 2 * x, rtol=1e-12)
    h = wg.hessian(f)(x)
    assert h.dtype == float
    np.testing.assert_allclose(h, np.diag(-4 * np.sin(x) - 2 * x * np.cos(x) + 2), rtol=1e-12)


def test_real_and_complex_arguments_together():
    f = lambda x, z: np.sum(x * np.abs(z) ** 2)
    gx, gz = wg.grad(f, (0, 1))(np.array([1.0, 2.0, 3.0]), Z)
    assert gx.dtype == float
    np.testing.assert_allclose(gx, np.abs(Z) ** 2)
    np.testing.assert_allclose(gz, 2 * np.array([1.0, 2.0, 3.0]) * np.conj(Z))


HOLOMORPHIC = {
    "polynomial": (lambda z: z**3 - 2j * z, lambda z: 3 * z**2 - 2j),
    "exponential": (lambda z: np.exp(1j * z), lambda z: 1j * np.exp(1j * z)),
    "quotient": (lambda z: (z + 1) / (z - 2j), lambda z: (-1 - 2j) / (z - 2j) ** 2),
    "logarithm": (lambda z: np.log(z) * z, lambda z: np.log(z) + 1),
    "root": (lambda z: np.sqrt(z), lambda z: 0.5 / np.sqrt(z)),
}


@pytest.mark.parametrize(("f", "slope"), HOLOMORPHIC.values(), ids=HOLOMORPHIC)
def test_holomorphic_functions_have_complex_derivatives(f, slope):
    z = 0.3 + 0.7j
    assert np.isclose(wg.grad(f, holomorphic=True)(z), slope(z), rtol=1e-13)
    value, g = wg.value_and_grad(f, holomorphic=True)(z)
    assert np.isclose(value, f(z)) and np.isclose(g, slope(z))
    for mode in ("forward", "reverse", "auto"):
        j = wg.jacobian(f, holomorphic=True, mode=mode)(Z)
        assert j.dtype == complex
        np.testing.assert_allclose(j, np.diag(slope(Z)), rtol=1e-13)
    np.testing.assert_allclose(wg.jvp(f, (Z,), (1j * Z,))[1], slope(Z) * 1j * Z, rtol=1e-13)


def test_holomorphic_to_second_order():
    f = lambda z: np.exp(2j * z)
    second = wg.grad(wg.grad(f, holomorphic=True), holomorphic=True)(0.3 + 0.7j)
    assert np.isclose(second, -4 * np.exp(2j * (0.3 + 0.7j)), rtol=1e-13)


def test_complex_results_without_the_promise_are_refused():
    with pytest.raises(OutputError, match="(?s)complex.*holomorphic=True.*test_complex.py"):
        wg.grad(lambda z: z**2)(1 + 1j)
    with pytest.raises(OutputError, match="(?s)complex.*holomorphic=True.*test_complex.py"):
        wg.jacobian(lambda z: z**2)(Z)
    with pytest.raises(OutputError, match="(?s)complex.*holomorphic=True.*test_complex.py"):
        wg.jacobian(lambda x: x * 1j)(np.ones(2))


REAL_RESULTS = [np.abs, np.real, lambda z: np.real(z * np.conj(z)), lambda z: np.float32(1.0) * np.imag(z)]


@pytest.mark.parametrize("f", REAL_RESULTS)
def test_a_promise_that_a_real_result_breaks_is_refused(f):
    for transform in (wg.grad, wg.value_and_grad, wg.jacfwd, wg.jacrev):
        with pytest.raises(OutputError, match="(?s)returned a real number.*holomorphic=True out.*test_complex.py"):
            transform(f, holomorphic=True)(1.0 + 2.0j)
    with pytest.raises(OutputError, match="returned a real number"):
        wg.jacobian(lambda z: {"y": z, "r": f(z)}, holomorphic=True)(Z)
    assert np.isclose(wg.grad(f)(1.0 + 2.0j), conjugated(f, np.array(1.0 + 2.0j)))


@pytest.mark.parametrize("transform", [wg.grad, wg.value_and_grad, wg.jacfwd, wg.jacrev])
def test_a_promise_that_a_real_argument_breaks_is_refused(transform):
    for f, x in ((lambda x: x * 1j, 1.0), (lambda p: p[0] * p[1], (2.0, 1j)), (lambda p: p[0] * p[1], (np.ones(()), 1j))):
        with pytest.raises(OutputError, match=r"(?s)real argument.*x \+ 0j.*test_complex.py"):
            transform(f, holomorphic=True)(x)
    assert np.isclose(wg.grad(lambda x: x**2 * 1j, holomorphic=True)(3.0 + 0j), 6j)


def test_a_constant_is_holomorphic():
    assert wg.grad(lambda z: 7.0, holomorphic=True)(1j) == 0.0
    y = wg.jacobian(lambda z: {"z": z * 2j, "n": 3, "k": 1.0}, holomorphic=True)(1j)
    assert (y["z"], y["n"], y["k"]) == (2j, 0.0, 0.0)


def test_vjp_needs_no_promise():
    y, pull = wg.vjp(lambda z: z**2, Z)
    g = np.array([1.0 + 1.0j, 2.0, -1j])
    np.testing.assert_allclose(pull(g)[0], 2 * Z * g, rtol=1e-13)
    (back,) = wg.vjp(lambda z: np.conj(z) * 2j, Z)[1](g)
    t = np.array([1.0 - 2.0j, 0.5j, 3.0])
    assert np.isclose(np.sum(np.real(back * t)), np.sum(np.real(g * np.conj(t) * 2j)), rtol=1e-13)


def test_tangents_of_real_primals_are_real():
    with pytest.raises(StructureError, match="complex.*real"):
        wg.jvp(lambda x: x * 1j, (1.0,), (1j,))
    y, t = wg.jvp(lambda x: x * 1j, (2.0,), (1.0,))
    assert (y, t) == (2j, 1j)
