"""Python's own ways with arrays and numbers: what code asks of a value, it hears of the plain one."""

import collections.abc
import functools
import math

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([1.3, 0.7, 2.1])
ATTRIBUTES = """
value name grad backward children primal place shape dtype T real tobytes tofile ctypes item __len__ __iter__ __contains__ __setitem__
__getitem__ __float__ __array__ is_integer as_integer_ratio hex sum nothing
"""


def seen(f, *args):
    """What f appends to a list, plain and traced."""
    plain, traced = [], []
    f(args[0], plain)
    wg.grad(lambda *a: np.sum(a[0]) if f(a[0], traced) is None else 0.0)(*args)
    return plain, traced


@pytest.mark.parametrize("name", ATTRIBUTES.split())
def test_hasattr_answers_for_the_plain_value(name):
    def ask(x, answers):
        numbers = x[0], x[0] * 2.0, float(x[0]), np.reshape(x[0], ())
        answers += [hasattr(v, name) for v in (x, x[1:], *numbers, np.zeros(2), "text")]
        answers += [getattr(v, name, None) is None for v in (x, *numbers) if not hasattr(v, name)]

    plain, traced = seen(ask, X)
    assert plain == traced


def test_the_value_of_quantities_is_not_taken_of_arrays():
    check(lambda x: np.sum((x.value if hasattr(x, "value") else x) ** 2), X)
    check(lambda x: np.sum(getattr(x, "value", x) ** 2), X)
    check(lambda x: getattr(x, "sum", None)() * getattr(x, "T")[0], X)  # noqa: B009


@pytest.mark.parametrize("name", ["tobytes", "ctypes"])
def test_getattr_with_a_default_refuses_what_an_array_has_and_a_tensor_not(name):
    with pytest.raises(wg.errors.MissingAttributeError, match=rf"no {name}.*\n.*test_python_ways.py"):
        wg.grad(lambda x: 0.0 if getattr(x, name, None) is None else np.sum(x))(X)


@pytest.mark.parametrize("name", ["value", "nothing"])
def test_getattr_without_a_default_is_pythons(name):
    with pytest.raises(AttributeError, match=f"'numpy.ndarray' object has no attribute '{name}'"):
        wg.grad(lambda x: getattr(x, name))(X)


def test_a_tracked_value_has_its_own_attributes():
    x = wg.track(X)
    assert hasattr(x, "value") and hasattr(x, "grad") and getattr(x, "name", "none") is None


@pytest.mark.parametrize("number", [lambda x: x[0], lambda x: float(x[0]), lambda x: np.sum(x * x)])
def test_a_number_is_no_iterable(number):
    for ask in (iter, list, lambda v: [*v], lambda v: 1.0 in v, len, enumerate, np.array([1.0]).tolist().extend):
        with pytest.raises(TypeError):
            ask(number(X))
        with pytest.raises(TypeError):
            wg.grad(lambda x, ask=ask: ask(number(x)))(X)
    f = wg.grad(lambda x: 100.0 if isinstance(number(x), collections.abc.Iterable | collections.abc.Container) else x[0])
    np.testing.assert_array_equal(f(X), [1.0, 0.0, 0.0])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_is_integer(dtype):
    def ask(x, answers):
        answers += [x[0].is_integer(), float(x[1]).is_integer(), (x[1] * 2).is_integer()]

    plain, traced = seen(ask, np.array([2.0, 2.5], dtype))
    assert plain == traced == [True, False, True]


SAME = {
    "asarray": np.asarray,
    "asanyarray": np.asanyarray,
    "asarray of its dtype": lambda x: np.asarray(x, x.dtype),
    "ascontiguousarray": np.ascontiguousarray,
    "asfortranarray": np.asfortranarray,
    "asarray_chkfinite": np.asarray_chkfinite,
    "require": lambda x: np.require(x, float, ["C"]),
    "array, copy if needed": lambda x: np.array(x, copy=None),
    "array, no copy": lambda x: np.array(x, copy=False),
    "atleast": lambda x: np.atleast_1d(x),
    "atleast, of two": lambda x: np.atleast_1d(x, 1.0)[0],
    "astype": lambda x: x.astype(float, copy=False),
    "np.astype": lambda x: np.astype(x, float, copy=False),
    "real": lambda x: x.real,
    "real_if_close": np.real_if_close,
    "conj": lambda x: x.conj(),
    "broadcast": lambda x: np.broadcast_arrays(x, x)[1],
    "a copy": np.array,
    "astype, a copy": lambda x: x.astype(float),
    "ravel": np.ravel,
    "positive": lambda x: +x,
}


@pytest.mark.parametrize("f", SAME.values(), ids=SAME)
@pytest.mark.parametrize("derivative", [wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (x,))])
def test_what_numpy_returns_as_it_is(f, derivative):
    answers = []

    def ask(x):
        whole, part, new = x, x[::2], np.zeros(2)
        answers.append([f(whole) is whole, f(part) is part, f(new) is new, f(new + x[0]) is new])
        return np.sum(f(whole)) + np.sum(f(part))

    ask(X.copy())
    derivative(ask)(X)
    assert answers[0] == answers[1]
    check(ask, X)


def test_what_is_as_it_is_is_written_through():
    def f(x):
        x = x * 1.0
        same = np.asarray(x)
        same *= 2.0
        return np.sum(x * same)

    check(f, X)


@pytest.mark.parametrize("whole", [math.floor, math.ceil, math.trunc, round])
def test_whole_numbers_are_pythons(whole):
    def f(x):
        n = whole(x[2]), whole(float(x[2])), whole(x[2] * 1.0)
        assert [type(k) for k in n] == [int] * 3
        return x[n[0] - 2] * sum(x[0] * k for k in range(n[1])) * np.arange(5.0)[n[2]]

    check(f, X)


def matched(x):
    match x:
        case int(n):
            return n * 100.0
        case float(real=q) if q > 2.0:
            return q**3
        case float(q):
            return q * q * float(q)
    return 0.0


def matched_by_numpy(x):
    match np.float64(x):
        case np.float64(real=q):
            return q * q
    return 0.0


@pytest.mark.parametrize("f", [matched, matched_by_numpy])
def test_class_patterns(f):
    check(lambda x: f(x[0]) + f(float(x[1])) * f(x[2]), X)


class Pair:
    """A value and a rate, of whatever numbers they are."""

    def __init__(self, a, b):
        self.a, self.b = a, b

    def __mul__(self, k):
        return Pair(self.a * k, self.b * k)

    __rmul__ = __mul__

    def __rsub__(self, k):
        return Pair(k - self.a, -self.b)

    def __rtruediv__(self, k):
        return Pair(k / self.a, -k * self.b / self.a**2)


@pytest.mark.parametrize("number", [lambda v: v, float])
def test_numbers_give_way_to_objects_with_operators(number):
    def f(x):
        p = number(x[0]) * Pair(x[1], 2.0)
        p *= number(x[2])
        q = number(x[1]) / (1.0 - (number(x[2]) - p))
        k = number(x[0])
        k *= q
        return k.a + 3.0 * k.b

    check(f, X)


def test_arrays_and_other_operators_do_not_give_way():
    for f in (lambda x: x * Pair(1.0, 2.0), lambda x: x[0] + Pair(1.0, 2.0), lambda x: x[0] * object()):
        with pytest.raises(wg.errors.InputError, match="a traced value met a (Pair|object)"):
            wg.grad(f)(X)


@functools.lru_cache
def cached(a):
    return math.exp(a)


def doubled(f):
    @functools.wraps(f)
    def twice(a):
        return 2.0 * f(a)

    return twice


@doubled
def filled(a):
    z = np.zeros(2)
    z[0] = a * X[0]
    return np.sum(z)


def test_the_function_under_a_decorator_is_reached():
    x = np.array([0.3, 0.4])
    check(lambda x: cached.__wrapped__(x[0]) * cached(2) * x[1], x)
    check(lambda x: filled.__wrapped__(x[0]) ** 2 + filled(x[1]) ** 2, x)

    def local():
        @functools.cache
        def inner(a):
            return math.sin(a)

        return lambda x: inner.__wrapped__(x[0]) * x[1] + inner(0) + inner.cache_info().currsize

    check(local(), x)
