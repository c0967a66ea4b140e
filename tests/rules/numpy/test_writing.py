"""Functions that write into an array."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

import wengert as wg

X, CUBE = real(2, 3), real(2, 2, 2)
MASK = np.array([[True, False, True], [False, True, True]])


def written(f, *args, **options):
    """A call of f(x, ...) whose result is what is left in x."""

    def copied(x, *rest, **options):
        x = x * 1.0
        assert f(x, *rest, **options) is None
        return x

    return call(f, *args, **options).but(via=copied)


CHAPTER = Chapter(
    "numpy.writing",
    calls=[
        written(np.copyto, X, real(3)),
        written(np.copyto, X, 2.0),
        written(np.copyto, X, [1.0, 2.0, 3.0]),
        written(np.copyto, X, real(2, 1), where=np.array([True, False, True])),
        written(np.copyto, X, real(3), "unsafe", MASK),
        written(np.put, X, 1, real()),
        written(np.put, X, [0, -1, 4], real(3)),
        written(np.put, X, [[1, 0], [1, 3]], real(3)),
        written(np.put, X, [7, -9], real(2), mode="wrap"),
        written(np.put, X, [7, -9], real(2), mode="clip"),
        written(np.put, X, [0, 1], []),
        written(np.place, X, MASK, real(2)),
        written(np.place, X, MASK, real(5)),
        written(np.place, X, np.zeros((2, 3)), []),
        written(np.place, X, [0, 3, 0, 1, 0, 0], real(2)),
        written(np.putmask, X, MASK, real(2, 3)),
        written(np.putmask, X, MASK, real(2)),
        written(np.putmask, X, 2 * MASK, real()),
        written(np.putmask, X, MASK.ravel(), real(4)),
        written(np.put_along_axis, X, np.array([[2], [0]]), real(2, 1), 1),
        written(np.put_along_axis, X, np.array([[1, 0, 1]]), real(), axis=0),
        written(np.put_along_axis, X, np.array([-1, 1]), real(2), None).but(
            without=("layouts_do_not_matter",)  # NumPy 2.4 writes into no array that is not contiguous
        ),
        written(np.put_along_axis, X, np.array([[-1], [-2]]), real(2, 1), -1),
        written(np.fill_diagonal, X, real()),
        written(np.fill_diagonal, real(5, 2), real(2)),
        written(np.fill_diagonal, real(5, 2), real(2), wrap=True),
        written(np.fill_diagonal, CUBE, real(3)),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_a_write_through_a_view_is_seen_by_what_it_views():
    def f(x):
        y = np.zeros_like(x, shape=(3, 2))
        np.put(y.T, [0, 1, 5], x)  # counted along the rows of y.T
        np.fill_diagonal(y[1:], 2.0 * x[0])
        return y

    x = np.array([1.0, 2.0, 3.0])
    plain = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    np.testing.assert_array_equal(wg.vjp(f, x)[0], plain)
    expected = np.zeros((3, 2, 3))
    expected[0, 0, 0], expected[1, 0, 0], expected[2, 1, 0] = 1.0, 2.0, 2.0
    np.testing.assert_array_equal(wg.jacobian(f)(x), expected)


@pytest.mark.parametrize(
    "f",
    [
        lambda y, x: np.put(y, [0], x[1:]),
        lambda y, x: np.place(y, True, x[1:]),
        lambda y, x: np.putmask(y, True, x[1:]),
        lambda y, x: np.copyto(y, x[1]),
    ],
)
def test_arrays_of_no_dimension_are_written_too(f):
    def written(x):
        y = np.zeros_like(x, shape=())
        f(y, x)
        return y

    x = np.array([1.0, 2.0])
    assert written(x) == wg.vjp(written, x)[0] == 2.0
    np.testing.assert_array_equal(wg.jacobian(written)(x), [0.0, 1.0])


@pytest.mark.parametrize(
    ("f", "error"),
    [
        (lambda y, x: np.copyto(y, x + 1j), TypeError),
        (lambda y, x: np.copyto(y, x.astype(np.longdouble), "no"), TypeError),
        (lambda y, x: np.put(y, [3], x), IndexError),
        (lambda y, x: np.put(y, [-4], x), IndexError),
        (lambda y, x: np.put(y, [0], x, mode="sideways"), ValueError),
        (lambda y, x: np.place(y, [True, False], x), ValueError),
        (lambda y, x: np.place(y, y == y, x[:0]), ValueError),
        (lambda y, x: np.putmask(y, [True, False], x), ValueError),
        (lambda y, x: np.put_along_axis(y, np.array([[0]]), x, 0), ValueError),
        (lambda y, x: np.put_along_axis(y, np.array([[0]]), x, None), ValueError),
        (lambda y, x: np.fill_diagonal(y, x), ValueError),
        (lambda y, x: np.fill_diagonal(np.zeros_like(x, shape=(2, 2, 3)), x[0]), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused_alike(f, error):
    x = np.array([1.0, 2.0, 4.0])
    for call_of in (f, lambda y, x: wg.vjp(lambda x: f(np.zeros_like(x), x), x)):
        with pytest.raises(error):
            call_of(np.zeros(3), x)
