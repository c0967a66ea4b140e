"""Sums, products, means, extrema and scans along axes."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, positive, real, since

import wengert as wg
from wengert.testing import check

MASK = np.array([[True, False, True], [False, True, True]])
CUBE = real(2, 3, 2)


def forms(f, x=CUBE):
    """A reduction of everything, along an axis, and along several that are kept."""
    return [call(f, x), call(f, x, 1), call(f, x, axis=(0, -1), keepdims=True)]


CHAPTER = Chapter(
    "numpy.reductions",
    calls=[
        *forms(np.sum),
        call(np.sum, real()),
        call(np.sum, real(0, 3), axis=0),
        call(np.sum, real(2, 3), axis=()),
        call(np.sum, real(2, 3), axis=0, where=MASK),
        call(np.sum, real(2, 3), axis=1, initial=2.0),
        call(np.sum, real(2, 3), initial=real()).but(rounding=2),  # NumPy starts with it, we end with it
        call(np.sum, real(2, 3), axis=1, dtype=complex),
        call(np.add.reduce, real(2, 3)),
        call(np.add.reduce, real(2, 3), axis=None),
        call(np.add.reduce, real(2, 3), axis=1, keepdims=True, initial=2.0, where=MASK),
        call(np.add.reduceat, real(4, 2), [0, 3], axis=0),
        call(np.add.reduceat, real(2, 5), [0, 3, 1, 1], axis=1),
        *forms(np.mean),
        call(np.mean, real(2, 3), axis=0, where=MASK),
        call(np.mean, real(2, 3), 1, complex),
        call(np.trace, real(3, 3)),
        call(np.trace, real(2, 3, 4), offset=1, axis1=-1, axis2=0),
        *forms(np.prod),
        call(np.prod, real(2, 3), axis=1, initial=2.0, where=MASK),
        call(np.prod, real(7)),
        call(np.prod, real(0, 2), axis=0),
        call(np.multiply.reduce, real(2, 3)),
        call(np.multiply.reduce, real(2, 3), axis=None, keepdims=True),
        *forms(np.max),
        call(np.max, real(2, 3), axis=1, initial=0.2),
        call(np.max, real(2, 3), axis=1, initial=-5.0, where=MASK),
        call(np.amax, real(2, 3), 0),
        call(np.maximum.reduce, real(2, 3)),
        *forms(np.min),
        call(np.min, real(2, 3), axis=0, initial=0.2, where=MASK),
        call(np.amin, real(2, 3), 0),
        call(np.minimum.reduce, real(2, 3), axis=1, keepdims=True),
        *forms(np.fmax.reduce),
        *forms(np.fmin.reduce),
        *forms(np.logaddexp.reduce),
        call(np.logaddexp.reduce, real(2, 3), axis=1, initial=0.5, where=MASK),
        call(np.logaddexp2.reduce, real(2, 3)),
        call(np.hypot.reduce, real(2, 3), axis=1),
        call(np.cumsum, real(2, 3)),
        call(np.cumsum, real(2, 3), axis=1),
        call(np.cumsum, real(2, 3), 0, complex),
        call(np.add.accumulate, real(2, 3)),
        call(np.add.accumulate, real(2, 3), axis=-1),
        call(np.cumprod, real(2, 3)),
        call(np.cumprod, real(2, 5), axis=1),
        call(np.multiply.accumulate, real(4, 2)),
        *since(
            "2.1.0", lambda: [call(np.cumulative_sum, real(2, 3), axis=1), call(np.cumulative_sum, real(3), include_initial=True)]
        ),
        *since("2.1.0", lambda: [call(np.cumulative_prod, real(2, 3), axis=0, include_initial=True)]),
    ],
    also=[  # the methods of any other ufunc
        call(np.subtract.reduce, real(3, 2)),
        call(np.divide.reduce, positive(3, 2), axis=1),
        call(np.power.reduce, positive(2, 3), axis=0),
        call(np.multiply.reduceat, real(5), [0, 2, 4, 1]).but(rounding=2),  # complex products, in another order
        call(np.subtract.accumulate, real(2, 3), axis=1),
        call(np.maximum.accumulate, real(4)),
        call(np.minimum.accumulate, real(2, 3), axis=1),
        call(np.multiply.outer, real(2), real(3, 2)),
        call(np.subtract.outer, real(2), real(3)),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


# --- beginning with a traced number -----------------------------------------------------------------------------------

BEGUN = {
    "sum": lambda x, m: np.sum(x, axis=1, initial=x[0, 0], keepdims=True, where=m),
    "sum of plain numbers": lambda x, m: np.sum(np.ones(3), initial=x[0, 0], where=m[0]),
    "add.reduce": lambda x, m: np.add.reduce(x, initial=x[0, 1], where=m),
    "prod": lambda x, m: np.prod(x, axis=0, initial=x[0, 0], where=m),
    "multiply.reduce": lambda x, m: np.multiply.reduce(x, initial=x[0, 1]),
    "max": lambda x, m: np.max(x, axis=0, initial=x[0, 2], where=m),
    "max of plain numbers": lambda x, m: np.max(np.zeros(3), initial=x[0, 2]),
    "max of none": lambda x, m: np.max(x[:0], axis=0, initial=x[0, 2]),
    "min, a method": lambda x, m: x.min(initial=x[1, 1] - 4.0),
    "maximum.reduce": lambda x, m: np.maximum.reduce(x, initial=x[0, 2], where=m),
    "fmin.reduce": lambda x, m: np.fmin.reduce(x, initial=x[0, 2]),
    "logaddexp.reduce": lambda x, m: np.logaddexp.reduce(x, initial=x[0, 0], where=m),
    "logaddexp2.reduce": lambda x, m: np.logaddexp2.reduce(x, initial=x[0, 0]),
    "hypot.reduce": lambda x, m: np.hypot.reduce(x, axis=1, initial=x[0, 0]),
    "nansum": lambda x, m: np.nansum(x, axis=0, initial=x[0, 0], where=m),
    "nanmax": lambda x, m: np.nanmax(x, axis=0, initial=x[0, 2], where=m),
}


@pytest.mark.parametrize("f", BEGUN.values(), ids=BEGUN)
def test_a_reduction_may_begin_with_a_traced_number(f):
    x = np.array([[0.3, -1.2, 0.7], [1.9, 0.4, -0.6]])
    check(lambda x: f(x, np.array([[True, False, True], [True, True, False]])), x, order=2)


def test_a_traced_beginning_takes_the_dtype_of_the_rest():
    x = np.array([1.0, 2.0])
    for f in (np.sum, np.prod, np.max):
        of = lambda x, f=f: f(np.ones(2, np.float32), initial=x[1])
        assert wg.vjp(of, x)[0].dtype == of(x).dtype == np.float32
