"""The elements that arrays have, without repetition, and what two arrays have in common."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

import wengert as wg

TWICE = np.array([2, 0, 1, 0, 2])


def repeated(*shape):
    """Vectors, or rows, some of which are equal and stay so."""
    return real(*shape, form=lambda a: a[TWICE[: len(a)]], direction=lambda t: t[TWICE[: len(t)]])


def overlapping(f):
    """f of two sets that share elements, and go on sharing them when these move."""

    def call_of(x, **options):
        return f(x[[0, 1, 2, 1]], x[[4, 2, 1, 2, 3]], **options)

    return {"via": call_of}


def apart(f):
    return {"via": lambda x, **options: f(x[[0, 1, 2]], x[[4, 1, 3]], assume_unique=True, **options)}


X = real(5)

CHAPTER = Chapter(
    "numpy.sets",
    calls=[
        call(np.unique, real(2, 3)),
        call(np.unique, repeated(5)),
        call(np.unique, repeated(5), True),
        call(np.unique, repeated(5), return_inverse=True, return_counts=True),
        call(np.unique, repeated(5, 2), axis=0),
        call(np.unique, repeated(5, 2), True, True, True, 0),
        call(np.unique, real(2, 4), axis=-1, return_counts=True),
        call(np.unique, repeated(5), axis=0, equal_nan=False),
        call(np.unique, real(0)),
        call(np.unique_values, repeated(5), then=np.sort),  # of complex numbers in any order, even from step to step
        call(np.unique_all, repeated(5, 2)),
        call(np.unique_inverse, repeated(5)),
        call(np.unique_counts, repeated(5)),
        call(np.union1d, X).but(**overlapping(np.union1d)),
        call(np.union1d, real(2, 2), real(3)),
        call(np.intersect1d, X).but(**overlapping(np.intersect1d)),
        call(np.intersect1d, X, return_indices=True).but(**overlapping(np.intersect1d)),
        call(np.intersect1d, X).but(**apart(np.intersect1d)),
        call(np.setxor1d, X).but(**overlapping(np.setxor1d)),
        call(np.setxor1d, X).but(**apart(np.setxor1d)),
        call(np.setxor1d, real(0), real(0)),
        call(np.setdiff1d, X).but(**overlapping(np.setdiff1d)),
        call(np.setdiff1d, X).but(**apart(np.setdiff1d)),
        call(np.setdiff1d, real(4), [1.0, 2.0]),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_equal_elements_share_what_they_receive():
    x = np.array([2.0, 1.0, 2.0, 2.0])
    np.testing.assert_allclose(wg.jacobian(np.unique)(x), [[0, 1, 0, 0], [1 / 3, 0, 1 / 3, 1 / 3]])
    np.testing.assert_allclose(wg.jacobian(lambda x: np.unique_all(x).values)(x), wg.jacobian(np.unique)(x))


def test_indices_inverses_and_counts_are_plain_integers():
    def f(x):
        values, *rest = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
        assert all(type(a) is np.ndarray and a.dtype.kind == "i" for a in rest)
        return values

    wg.vjp(f, np.array([2.0, 1.0, 2.0]))


def test_what_was_not_taken_makes_no_nan():
    x = np.array([1.0, 0.0, 4.0])
    np.testing.assert_array_equal(wg.grad(lambda x: np.unique(np.sqrt(x))[1])(x), [0.5, 0.0, 0.0])
    np.testing.assert_array_equal(wg.jvp(lambda x: np.unique(np.sqrt(x))[1:], (x,), (np.ones(3),))[1], [0.5, 0.25])


def test_values_in_numpys_own_order_keep_their_derivatives():
    z = np.exp(1j * np.arange(20.0))
    values = np.unique_values(z)  # as a hash table has them, since NumPy 2.3
    y, t = wg.jvp(np.unique_values, (z,), (np.conj(z),))
    np.testing.assert_array_equal(y, values)
    np.testing.assert_array_equal(t, np.conj(values))
    (g,) = wg.vjp(np.unique_values, z)[1](np.conj(values))
    np.testing.assert_array_equal(g, np.conj(z))
