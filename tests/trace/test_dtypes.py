"""Dtypes are NumPy's: Python floats stay weak, float32 stays float32, and a gradient has its input's shape and dtype."""

import numpy as np
import pytest

import wengert as wg
from wengert.errors import InputError

REAL = [np.float16, np.float32, np.float64, np.longdouble]
COMPLEX = [np.complex64, np.complex128]


def expression(x):
    """Calls that would promote, were a constant or a mask of the wrong dtype among them."""
    y = 2.0 * np.sin(x) + x / 3 - 1
    y = np.where(x > 0, y, 0.0) * np.maximum(x, 0.5)
    y = y**2 + np.clip(x, -1.0, 1.0) + np.sum(x) * np.ones_like(x)
    z = np.zeros_like(x)
    z[1:] = y[:-1]
    z[0] += 2.5
    z[[0, 2]] *= x[[2, 0]]
    return np.sum(np.concatenate([z, y]).reshape(2, -1) @ z[:, None])


SIGNS = {
    "operators": lambda x: np.sum(2 * x + x / 2 - (1 - x) ** 2 * 0.5 + 3.0 / x + 2.0**x),
    "ufuncs": lambda x: np.sum(np.exp(x) * np.log(x) + np.tanh(x) - np.sqrt(x) + np.hypot(x, 1.0) + np.power(x, 3)),
    "selection": lambda x: np.sum(np.where(x > 1, x, 0.0) + np.maximum(x, 0) + np.clip(x, 0, 2) + np.abs(x)),
    "reductions": lambda x: np.mean(x) * np.prod(x) + np.std(x) + np.var(x) + np.max(x) - np.min(x) + np.linalg.norm(x),
    "shapes": lambda x: np.sum(np.stack([x, x[::-1]]).T.reshape(-1)[1:] * np.concatenate([x, x])[1:]),
    "in place": expression,
}


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("f", SIGNS.values(), ids=SIGNS)
def test_a_dtype_stays(f, dtype):
    x = np.array([0.5, 1.5, 2.5], dtype)
    value, gradient = wg.value_and_grad(f)(x)
    assert value.dtype == f(x).dtype == dtype
    assert (gradient.dtype, gradient.shape, type(gradient)) == (dtype, x.shape, np.ndarray)
    tangent = wg.jvp(f, (x,), (np.ones_like(x),))[1]
    assert (tangent.dtype, np.shape(tangent)) == (dtype, ())
    assert wg.linearize(f, x)[1](np.ones_like(x)).dtype == dtype


@pytest.mark.parametrize("f", SIGNS.values(), ids=SIGNS)
def test_float32_stays_to_second_order(f):
    x = np.array([0.5, 1.5, 2.5], np.float32)
    for second in (wg.hessian(f), wg.jacrev(wg.grad(f)), lambda x: wg.hvp(f)(x, np.ones_like(x))):
        assert second(x).dtype == np.float32
    exact = wg.hessian(f)(x.astype(float))
    np.testing.assert_allclose(wg.hessian(f)(x), exact, rtol=2e-4, atol=2e-4 * np.max(np.abs(exact)))


@pytest.mark.parametrize("dtype", REAL)
def test_the_wider_operand_decides_and_each_gradient_is_cast_back(dtype):
    x, w = np.array([1.0, 2.0], dtype), np.array([3.0, 4.0])
    value, (gx, gw) = wg.value_and_grad(lambda x, w: np.sum(x * w * x), (0, 1))(x, w)
    assert value.dtype == np.result_type(dtype, float)
    assert (gx.dtype, gw.dtype) == (dtype, np.float64)
    np.testing.assert_array_equal(gx, [6.0, 16.0])


def test_a_numpy_scalar_is_strong_where_a_python_float_is_weak():
    x = np.array([1.0, 2.0], np.float32)
    assert wg.value_and_grad(lambda x: np.sum(x * 2.0))(x)[0].dtype == np.float32
    assert wg.value_and_grad(lambda x: np.sum(x * np.float64(2.0)))(x)[0].dtype == np.float64
    assert wg.grad(lambda x: np.sum(x * np.float64(2.0)))(x).dtype == np.float32


def test_a_python_float_stays_weak_inside():
    x = np.array([1.0, 2.0], np.float32)
    seen = []

    def f(a):
        y = a * x
        seen.append(np.result_type(a * 2.0 + 1))
        seen.append(y.dtype)
        seen.append(np.multiply(a, x).dtype)
        return np.sum(y)

    plain = lambda a: np.sum(a * x)
    value, gradient = wg.value_and_grad(f)(3.0)
    assert value.dtype == plain(3.0).dtype == np.float32
    assert seen == [np.float64, np.float32, np.float32]
    assert type(gradient) is np.float64 and gradient == 3.0
    value, tangent = wg.jvp(f, (3.0,), (1.0,))
    assert value.dtype == np.float32 and tangent.dtype == np.float32 and tangent == 3.0


@pytest.mark.parametrize("x", [3, 3.0, np.float64(3.0), np.int64(3), np.int8(3)], ids=lambda x: type(x).__name__)
def test_a_scalar_has_a_float64_gradient(x):
    for g in (
        wg.grad(lambda x: x * x)(x),
        wg.derivative(lambda x: x * x)(x),
        wg.jacfwd(lambda x: x * x)(x),
        wg.hessian(lambda x: x**3)(x) / 3,
    ):
        assert type(g) is np.float64 and g == 6.0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_a_numpy_scalar_keeps_its_dtype(dtype):
    g = wg.grad(lambda x: x * x * 1.5)(dtype(3.0))
    assert type(g) is dtype and g == 9.0


def test_a_python_int_is_taken_as_a_float():
    assert wg.grad(lambda x: x / 2)(3) == 0.5
    assert wg.grad(lambda x: x**2)(10**6) == 2e6
    assert wg.value_and_grad(lambda x: x * x)(3)[0] == 9.0


def test_a_zero_dimensional_array_keeps_its_kind():
    g = wg.grad(lambda x: np.sin(x))(np.array(0.0))
    assert type(g) is np.ndarray and g.shape == () and g == 1.0


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint32, bool, np.bool_])
@pytest.mark.parametrize(
    "derivative",
    [
        lambda x: wg.grad(np.sum)(x),
        lambda x: wg.vjp(np.sum, x),
        lambda x: wg.jvp(np.sum, (x,), (np.ones(3),)),
        lambda x: wg.linearize(np.sum, x),
        lambda x: wg.jacobian(np.sum)(x),
        lambda x: wg.hessian(np.sum)(x),
        lambda x: wg.derivative(np.sin)(x),
        lambda x: wg.hvp(np.sum)(x, np.ones(3)),
        lambda x: wg.grad(lambda p: np.sum(p["x"]))({"x": x}),
    ],
    ids=["grad", "vjp", "jvp", "linearize", "jacobian", "hessian", "derivative", "hvp", "in a container"],
)
def test_arrays_that_are_not_floats_are_refused(derivative, dtype):
    with pytest.raises(InputError, match="astype\\(float\\)"):
        derivative(np.array([1, 0, 1], dtype))


def test_a_bool_is_refused():
    for flag in (True, np.True_):
        with pytest.raises(InputError, match="boolean"):
            wg.grad(lambda x: x * 2.0)(flag)


def test_integers_booleans_and_strings_in_containers_are_constants():
    p = {"x": 2.0, "n": 3, "flag": True, "mode": "fast", "none": None, "count": np.int64(2)}
    seen = {}

    def f(p):
        seen.update({k: type(v) for k, v in p.items() if k != "x"})
        return p["x"] ** p["n"] * p["count"] if p["flag"] and p["mode"] == "fast" else 0.0

    assert wg.grad(f)(p) == {"x": 24.0, "n": None, "flag": None, "mode": None, "none": None, "count": None}
    assert seen == {"n": int, "flag": bool, "mode": str, "none": type(None), "count": np.int64}


def test_integer_operands_are_constants_of_their_own_dtype():
    k = np.arange(3)
    x = np.array([1.0, 2.0, 3.0], np.float32)
    value, gradient = wg.value_and_grad(lambda x: np.sum(x * k))(x)
    assert value.dtype == np.sum(x * k).dtype == np.float64
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, k)


def test_casts_inside_are_followed():
    x = np.array([1.0, 2.0])
    value, gradient = wg.value_and_grad(lambda x: np.sum(x.astype(np.float32) ** 2))(x)
    assert value.dtype == np.float32 and gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, [2.0, 4.0])
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(np.sum(x, dtype=np.float64)))(x.astype(np.float32)), [1.0, 1.0])
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(np.multiply(x, x, dtype=np.float32)))(x), [2.0, 4.0])


def test_what_becomes_an_integer_is_piecewise_constant():
    x = np.array([1.2, 2.7])
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(x * x.astype(int)))(x), [1.0, 2.0])
    assert wg.grad(lambda x: x * int(x))(2.5) == 2.0
    assert wg.grad(lambda x: x * np.floor(x))(2.5) == 2.0
    assert wg.grad(lambda x: x * round(x, 0))(2.6) == 3.0


def test_a_write_casts_as_numpy_does():
    def f(x):
        z = np.zeros_like(x, dtype=np.float32)
        z[:] = x
        return np.sum(z * z)

    x = np.array([1.0, 2.0])
    value, gradient = wg.value_and_grad(f)(x)
    assert value.dtype == np.float32 and gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, [2.0, 4.0])


def test_an_in_place_operator_does_not_promote():
    def f(x):
        x *= np.array([2.0, 3.0])
        assert x.dtype == np.float32
        return np.sum(x)

    g = wg.grad(f)(np.array([1.0, 2.0], np.float32))
    assert g.dtype == np.float32
    np.testing.assert_array_equal(g, [2.0, 3.0])


def test_an_in_place_operator_refuses_what_numpy_refuses():
    def f(x):
        x *= 1j
        return np.sum(np.real(x))

    with pytest.raises(TypeError, match="same_kind"):
        f(np.ones(2))
    with pytest.raises(TypeError, match="same_kind"):
        wg.grad(f)(np.ones(2))


@pytest.mark.parametrize("dtype", COMPLEX)
def test_a_complex_gradient_has_its_inputs_dtype(dtype):
    z = np.array([1 + 2j, 3 - 1j], dtype)
    g = wg.grad(lambda z: np.sum(np.abs(z) ** 2))(z)
    assert g.dtype == dtype
    np.testing.assert_allclose(g, 2 * np.conj(z), rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_real_input_of_complex_work_has_a_real_gradient(dtype):
    x = np.array([0.5, 1.5], dtype)
    g = wg.grad(lambda x: np.sum(np.real(np.exp(1j * x) * x)))(x)
    assert g.dtype == dtype
    np.testing.assert_allclose(g, np.cos(x) - x * np.sin(x), rtol=1e-5)


def test_a_cotangent_is_cast_to_what_it_belongs_to():
    y, pull = wg.vjp(lambda x: x * 2.0, np.array([1.0, 2.0], np.float32))
    for cotangent in (np.ones(2), np.ones(2, np.float32), [1, 1], np.ones(2, int)):
        (g,) = pull(cotangent)
        assert g.dtype == np.float32
        np.testing.assert_array_equal(g, [2.0, 2.0])


def test_byte_order_is_no_obstacle():
    x = np.array([1.0, 2.0], ">f8")
    g = wg.grad(lambda x: np.sum(x**2))(x)
    np.testing.assert_array_equal(g, [2.0, 4.0])
    assert g.dtype == x.dtype
