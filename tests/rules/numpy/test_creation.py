"""New arrays like others, and arrays between ends."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, positive, real

import wengert as wg


def with_like(f):
    """f with its operand as like=, as NumPy hands such calls to us."""
    return {"via": lambda x, *rest, **options: f(x, *rest, like=array_of(x), **options)}


def array_of(x):
    """What NumPy takes for like=: no scalar."""
    x = x[0] if isinstance(x, list) else x
    return x if isinstance(x, np.ndarray | wg.Tensor) else None


def full_with_like(shape, v, **options):
    return np.full(shape, v, like=array_of(v), **options)


CHAPTER = Chapter(
    "numpy.creation",
    calls=[
        call(np.zeros_like, real(2, 3)),
        call(np.zeros_like, real(2, 3), dtype=np.float32, shape=(4,)),
        call(np.ones_like, real(2, 3)),
        call(np.empty_like, real(2, 3)).but(without=("names_are_as_good_as_places",)),  # whose numbers are anything
        call(np.full_like, real(2, 3), 2.0),
        call(np.full_like, real(2, 3), real(), dtype=complex),
        call(np.full_like, real(2, 3), fill_value=real(2, 1)),
        call(np.array, real(2, 3)).but(**with_like(np.array)),
        call(np.array, real(2), dtype=complex, ndmin=3).but(**with_like(np.array)),
        call(np.array, [real(2), real(2)], copy=None).but(**with_like(np.array)),
        call(np.asarray, real(2, 3)).but(**with_like(np.asarray)),
        call(np.asarray, real(), np.longdouble).but(**with_like(np.asarray)),
        call(np.asanyarray, [real(), real()], complex).but(**with_like(np.asanyarray)),
        call(np.full, (2, 3), real()).but(via=full_with_like),
        call(np.full, (2, 3), real(3), order="F", dtype=complex).but(via=full_with_like),
        call(np.linspace, real(), real(), 5),
        call(np.linspace, real(2), real(2), 4, endpoint=False, axis=1),
        call(np.linspace, real(2), 3.0, 4, retstep=True),
        call(np.linspace, 0.0, real(), num=1),
        call(np.logspace, real(), real(), 4),
        call(np.logspace, real(2), real(2), 3, base=2.0, axis=-1),
        call(np.logspace, real(), 1.5, 4, base=positive()),
        call(np.geomspace, positive(), positive(), 4),
        call(np.geomspace, positive(2), positive(2), 3, endpoint=False, axis=1),
        call(np.geomspace, real(low=-3, high=-1), real(low=-0.9, high=-0.2), 5),
        call(np.meshgrid, real(2), real(3)),
        call(np.meshgrid, real(2), real(3), real(2), indexing="ij", sparse=True),
        call(np.ix_, real(2), real(3)),
        call(np.ix_, real(2), [0, 2], [True, False, True]),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_full_like_of_an_ordinary_array_does_not_lose_a_derivative():
    like = np.ones((2, 3), np.float32)
    for f in (lambda x: np.full_like(like, x), lambda x: np.full_like(like, fill_value=x, shape=(2, 3))):
        y, t = wg.jvp(f, (2.0,), (1.0,))
        assert y.dtype == t.dtype == np.float32
        np.testing.assert_array_equal(t, np.ones((2, 3)))
    with pytest.raises(wg.errors.WengertError, match="np.broadcast_to|rewrite"):
        wg.jvp(lambda x: OUT_OF_REACH[0](like, x), (2.0,), (1.0,))


OUT_OF_REACH = [np.full_like]


def test_an_array_like_a_traced_one_shares_memory_as_numpys_does():
    def f(x):
        y = x * 1.0
        np.asarray(y, like=x)[0] = 7.0
        np.array(y, like=x)[1] = 8.0
        np.array(y, copy=None, like=x)[2] = x[0]
        return y

    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(f(x), [7.0, 2.0, 1.0])
    np.testing.assert_array_equal(wg.vjp(f, x)[0], [7.0, 2.0, 1.0])
    np.testing.assert_array_equal(wg.jacobian(f)(x), [[0, 0, 0], [0, 1, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    ("f", "error"),
    [
        (lambda x: np.array([x, x], copy=False, like=x), ValueError),
        (lambda x: np.array(x, np.longdouble, copy=False, like=x), ValueError),
        (lambda x: np.asarray(x, device="gpu", like=x), ValueError),
        (lambda x: np.full(3, x, device="gpu", like=x), ValueError),
        (lambda x: np.ix_(x[None], x), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused_alike(f, error):
    x = np.array([1.0, 2.0, 3.0])
    for call_of in (f, lambda x: wg.vjp(f, x)):
        with pytest.raises(error):
            call_of(x)


def test_an_order_in_memory_is_followed():
    x = np.arange(6.0).reshape(2, 3)
    for f in (np.array, np.asarray, np.asanyarray):
        assert wg.vjp(lambda x, f=f: f(x, order="F", like=x), x)[0].flags.f_contiguous

    def f(x):
        same, other = np.asarray(x, order="C"), np.asfortranarray(x)
        same[0] = 0.0
        return np.sum(x**2) + np.sum(other**3)

    np.testing.assert_array_equal(wg.grad(f)(x), 2 * x * [[0], [1]] + 3 * x**2)
    with pytest.raises(ValueError, match="avoid copy"):
        wg.vjp(lambda x: np.asarray(x, order="F", copy=False, like=x), x)
