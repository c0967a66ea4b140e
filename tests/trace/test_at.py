"""ufunc.at applies a ufunc in place, once for each time that an index occurs."""

import numpy as np
import pytest

import wengert as wg
from wengert.errors import WriteError
from wengert.testing import check

X = np.array([1.3, 0.7, 1.1, 0.9, 1.2, 0.4])
MASK = np.array([True, False, False, True, True, False])


def some(x):
    """An array made inside, of eight elements that the indices below reach."""
    return 0.8 + np.resize(x, 8) * np.arange(1, 9) / 4


BINARY = [np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.fmax, np.hypot, np.arctan2, np.fmod, np.add]
UNARY = [np.negative, np.exp, np.sqrt, np.square, np.reciprocal, np.tanh, np.abs]
INDICES = {
    "once": [1, 4, 0],
    "repeated": [0, 0, 5],
    "repeated negatively": [0, -8, 0],
    "all the same": [2, 2, 2],
    "rows in column order": np.asfortranarray([[0, 1, 0], [1, 1, 3]]),
    "a slice": slice(1, 4),
    "a slice back": slice(6, 0, -2),
    "a number": 3,
    "a mask": np.array([0, 1, 1, 0, 0, 0, 0, 1], bool),
    "nothing": np.array([], int),
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
@pytest.mark.parametrize("f", BINARY, ids=lambda f: f.__name__)
def test_of_two_operands(f, index):
    def g(x):
        z = some(x)
        f.at(z, index, np.sum(x) / 3)
        values = np.sin(x[0] * np.arange(1.0, 1.0 + z[index].size)).reshape(z[index].shape)
        f.at(z, index, 1.2 + values)
        return z * np.arange(1.0, 9.0)

    agrees(g)


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
@pytest.mark.parametrize("f", UNARY, ids=lambda f: f.__name__)
def test_of_one_operand(f, index):
    def g(x):
        z = some(x)
        f.at(z, index)
        return z * np.arange(1.0, 9.0)

    agrees(g)


def agrees(g):
    np.testing.assert_allclose(wg.vjp(g, X)[0], g(X.copy()), rtol=1e-15)  # np.power of vectors rounds otherwise
    check(g, X)


def into_zeros(x):
    z, ones = np.zeros(4), np.ones(4)
    np.subtract.at(z, [1, 1, 2], x[:3])
    np.maximum.at(z, [0, 0, 3], x[3:])
    np.multiply.at(ones, [0, 2, 0], x[:3])
    return z * ones


def with_plain_values(x):
    z = x * x
    np.multiply.at(z, [0, 0, 1], [2.0, 3.0, 4.0])
    np.subtract.at(z, [0, 0, 1], np.array([1, 2, 3], np.uint8))
    np.subtract.at(z, [2, 3], True)
    np.divide.at(z, [5, 5], 2)
    return z


def with_a_list_of_values(x):
    z = np.zeros(3)
    np.subtract.at(z, [0, 0], [x[0], 2.0])
    np.minimum.at(z, [1, 1], [x[1] - 2.0, x[2] - 3.0])
    return z


def of_rows(x):
    z = 1.0 + np.reshape(x, (3, 2))
    np.multiply.at(z, [0, 2, 0], np.reshape(x[::-1], (3, 2)))
    np.divide.at(z, (slice(None), [1, 1]), x[:3, None])
    np.power.at(z, ([0, 0, 1], [1, 1, 0]), x[:3])
    np.multiply.at(z, (..., None, [0, 0]), 1.1)
    return z


def through_views(x):
    z = np.sin(x)
    np.multiply.at(z[::-1], [0, 0, 1], x[:3])
    np.subtract.at(np.reshape(z, (2, 3)).T, [1, 1], x[:2])
    np.square.at(z[MASK.nonzero()[0][0] :], [0, 0])
    return z


def of_no_axes(x):
    z = np.zeros(())
    z[()] = x[0]
    np.multiply.at(z, (), x[1])
    np.exp.at(z, ())
    return z * np.ones(3)


def of_complex_numbers(x):
    z = x[:3] + 1j * x[3:]
    np.multiply.at(z, [0, 0, 1], x[:3] * 1j)
    np.subtract.at(z, [2, 2], z[:2] * x[0])
    np.exp.at(z, [0, 1, 1])
    return np.real(z) * np.imag(z)


def with_itself(x):
    z = x * 1.0
    np.multiply.at(z, [0, 1], z[1:3])
    np.subtract.at(z, slice(None), z[::-1])
    return z


def comparisons(x):
    z = x * 1.0
    np.greater.at(z, [0, 1, 1], 0.8)
    return z * x


PROGRAMS = [
    into_zeros,
    with_plain_values,
    with_a_list_of_values,
    of_rows,
    through_views,
    of_no_axes,
    of_complex_numbers,
    with_itself,
    comparisons,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_programs(f):
    agrees(f)


@pytest.mark.parametrize("f", [np.multiply, np.subtract, np.exp], ids=lambda f: f.__name__)
def test_single_precision_stays(f):
    def g(x):
        z = x * x
        f.at(z, [0, 0, 1], *[x[:3].astype(float) * 1.3, 1.3][: f.nin - 1])
        return z

    x = X.astype(np.float32)
    value, pull = wg.vjp(g, x)
    assert value.dtype == np.float32
    np.testing.assert_array_equal(value, g(x))
    check(g, x)


@pytest.mark.parametrize(
    ("program", "error"),
    [
        (lambda x, v: np.multiply.at(x, [9], v), IndexError),
        (lambda x, v: np.multiply.at(x, [0, 1], v[[0, 1, 2]]), ValueError),
        (lambda x, v: np.multiply.at(x, [0], v[None, :1]), ValueError),
        (lambda x, v: np.multiply.at(x, [0]), ValueError),
        (lambda x, v: np.exp.at(x, [0], v[0]), ValueError),
        (lambda x, v: np.modf.at(x, [0], v[0]), ValueError),
        (lambda x, v: np.matmul.at(x, [0], v), TypeError),
    ],
)
def test_what_numpy_refuses_is_refused(program, error):
    with pytest.raises(error):
        program(X.copy(), X)
    with pytest.raises(error):
        wg.grad(lambda x: program(x * 1.0, x))(X)


def test_what_is_written_where_it_would_be_lost_is_loud():
    outside = np.ones(3)
    for f in (np.add, np.multiply, np.subtract):
        with pytest.raises(WriteError, match="test_at.py"):
            wg.grad(lambda x, f=f: f.at(outside, [0, 0], x[1]) or np.sum(x))(X)
        with pytest.raises(WriteError, match="test_at.py"):
            wg.grad(lambda x, f=f: f.at(np.ones(3, int), [0, 0], x[1]) or np.sum(x))(X)
    np.testing.assert_array_equal(outside, 1.0)


def test_few_places_of_a_large_array_are_quick():
    """The rounds touch what is written: a million elements beside it cost nothing each time."""

    def f(x):
        z = np.ones(1_000_000)
        for _ in range(200):
            np.multiply.at(z, [5, 7, 5], x)
        return z[5]

    x = np.array([1.01, 1.02, 1.03])
    np.testing.assert_allclose(wg.grad(f)(x), [200 * f(x) / x[0], 0.0, 200 * f(x) / x[2]])


def test_an_operand_that_is_a_part_of_the_array_is_as_it_was_before():
    def f(x):
        y = x * 1.0
        np.multiply.at(y, [0, 0, 1], y[:3])
        return np.sum(y * y)

    check(f, np.array([2.0, 3.0, 5.0, 7.0]))
    assert f(np.array([2.0, 3.0, 5.0, 7.0])) == 12.0**2 + 15.0**2 + 25.0 + 49.0


def test_windows_that_overlap_meet_in_memory():
    def f(x):
        y = x * 1.0
        s = np.lib.stride_tricks.sliding_window_view(y, 2, writeable=True)
        np.multiply.at(s, ([0, 1], [1, 0]), x[:2])
        return np.sum(y * y)

    check(f, np.array([2.0, 3.0, 5.0]))
