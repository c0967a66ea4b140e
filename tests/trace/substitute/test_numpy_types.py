"""np.float64(x) and its kin take traced values; as types they are what they were."""

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9])
CALLS = {
    "float64": lambda x: np.float64(x[0]) * x,
    "float64 of an item": lambda x: np.float64(x[0].item()) ** 2,
    "double": lambda x: np.double(np.sum(x * x)),
    "longdouble": lambda x: np.float64(np.longdouble(x[0]) ** 2),
    "complex128": lambda x: np.abs(np.complex128(x[0]) * 1j + x[1]),
    "complex128 of two": lambda x: np.abs(np.complex128(x[0], x[1]) ** 2),
    "of an array": lambda x: np.float64(x) * x[0],
    "of one element": lambda x: np.float64(x[:1]) * x,
    "of a list": lambda x: np.float64([x[0], 2.0]) * x[:2],
    "of no axes": lambda x: np.float64(filled(x)) * x,
    "of what is plain": lambda x: np.float64(2) * x * np.float64("1.5") + np.float64(),
    "dtype=": lambda x: np.zeros(4, dtype=np.float64) + np.float64(x[0]) + np.array([x[0], 1, 2, 3], np.float64).astype(np.float64),
    "what types know": lambda x: np.float64(x[0]) * np.finfo(np.float64).eps * np.finfo(np.float32).max * x,
    "of which kind": lambda x: (
        np.float64(x[0]) * x if np.issubdtype(x.dtype, np.float64) and np.issubdtype(np.float64, np.floating) else 100 * x
    ),
    "equal": lambda x: np.float64(x[0]) * x if x.dtype == np.float64 and x.dtype.type in (np.float64, np.float32) else 100 * x,
    "instances": lambda x: np.float64(x[0]) * x if isinstance(np.float64(x[0]), np.float64 | np.float32) else 100 * x,
    "promoted": lambda x: (
        np.float64(x[0]) * x if np.result_type(np.float32, np.float64).char == np.promote_types(np.float64, "f4").char else 100 * x
    ),
}


def filled(x):
    z = np.zeros(())
    z[()] = x[0] ** 2
    return z


@pytest.mark.parametrize("f", CALLS.values(), ids=CALLS)
def test_calls(f):
    expected, value = f(X.copy()), wg.vjp(f, X)[0]
    assert type(value) is type(expected) and value.dtype == expected.dtype
    np.testing.assert_array_equal(value, expected)
    check(f, X)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_single_precision(kind):
    for f in (lambda x: np.float32(x[0]) * x[1], lambda x: np.float16(x[0]) * x[0], lambda x: np.abs(np.complex64(x[0]) * 1j)):
        value, gradient = wg.value_and_grad(f)(X)
        assert value == f(X) and type(value) is type(f(X))
        assert gradient.dtype == np.float64
        np.testing.assert_allclose(gradient, wg.jacfwd(f)(X), rtol=2e-3)
        assert wg.grad(f)(X.astype(kind)).dtype == kind


def by_identity(x):
    return 2.0 * x[0] if x.dtype.type is np.float64 and type(np.sum(X)) is np.float64 else 100.0 * x[0]


def by_both(x):
    scale = np.float64(3.0) if np.float64 is not np.float32 and x.dtype.type is np.float64 else 100.0
    return scale * x[0]


def by_others(x):
    return np.float64(x[0]) * by_identity(x) * by_both(x)


def of_a_class(x):
    class Metre(np.float64):
        pass

    return float(Metre(2.0)) * x[0] * issubclass(Metre, np.float64) * np.float64(3.0)


@pytest.mark.parametrize(("f", "gradient"), [(by_identity, 2.0), (by_both, 3.0), (by_others, 18 * 1.3**2), (of_a_class, 6.0)])
def test_types_are_compared_as_they_were(f, gradient):
    np.testing.assert_allclose(wg.grad(f)(X), [gradient, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(wg.jacfwd(f)(X), [gradient, 0.0, 0.0, 0.0])


def test_what_numpy_refuses_is_refused():
    for f in (lambda x: np.float64("no") * x[0], lambda x: np.float64(x, x), lambda x: np.float64(complex(x[0], 1.0))):
        with pytest.raises((TypeError, ValueError)):
            f(X)
        with pytest.raises((TypeError, ValueError)):
            wg.grad(f)(X)
