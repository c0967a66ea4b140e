"""Differences, gradients, integrals, interpolation and phases on a grid."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

import wengert as wg
from wengert.testing import check

GRID = real(5, form=lambda a: np.cumsum(np.abs(a) + 0.3))
PLACES = real(4, low=0.1, high=0.9)
EVEN = np.arange(5) / 4


def within(y):
    return y


CHAPTER = Chapter(
    "numpy.differences",
    calls=[
        call(np.diff, real(2, 5)),
        call(np.diff, real(5, 2), 2, axis=0),
        call(np.diff, real(2, 3), prepend=real(2, 1), append=1.0),
        call(np.diff, real(3), 0),
        call(np.ediff1d, real(2, 3)),
        call(np.ediff1d, real(4), to_end=real(2), to_begin=real(1)),
        call(np.trapezoid, real(2, 5)),
        call(np.trapezoid, real(2, 5), GRID),
        call(np.trapezoid, real(5, 2), real(5, 2), axis=0),
        call(np.trapezoid, real(5), dx=real()),
        call(np.gradient, real(5)),
        call(np.gradient, real(3, 4)),
        call(np.gradient, real(3, 4), 0.5, axis=1),
        call(np.gradient, real(4, 3), real(), 2.0, edge_order=2),
        call(np.gradient, real(5), GRID, edge_order=2),
        call(np.gradient, real(5), GRID),
        call(np.gradient, real(2, 5), EVEN, axis=1),
        call(np.interp, PLACES, EVEN, real(5)),
        call(np.interp, 0.4, EVEN, real(5)),
        call(np.interp, real(3, low=-0.4, high=1.4), EVEN, real(5), left=0.0, right=2.0),
        call(np.interp, real(2, 2, low=-0.4, high=1.4), EVEN, real(5)),
        call(np.interp, np.array([1.1, 2.05]), real(3, low=0.0, high=0.2, form=lambda a: a + np.arange(3)), real(3)),
        call(np.interp, real(3, low=-2.0, high=4.0), EVEN[:-1], real(4), period=1.0),
        call(np.unwrap, real(6, low=-9.0, high=9.0)),
        call(np.unwrap, real(2, 4, low=-9.0, high=9.0), axis=0, period=4.0),
        call(np.unwrap, real(5, low=-9.0, high=9.0), 4.0),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_a_period_takes_a_table_of_lists():
    found = wg.grad(lambda x: np.sum(np.interp(x, [0, 90, 270], [1.0, 3.0, 2.0], period=360)))(np.array([1.0, 100.0]))
    np.testing.assert_allclose(found, [2.0 / 90.0, -1.0 / 180.0], rtol=1e-12)


OUTSIDE = {
    "both": lambda x: np.interp(np.array([-1.0, 0.5, 2.0]), [0.0, 1.0], x[2:], left=x[0], right=x[1] ** 2),
    "one": lambda x: np.interp(x, [0.0, 1.0], [1.0, 2.0], left=x[0], right=5.0),
    "of a number": lambda x: np.interp(x[0] - 3.0, [0.0, 1.0], [1.0, 2.0], left=x[1]),
}


@pytest.mark.parametrize("f", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_interpolated_outside_the_samples_may_be_traced(f):
    check(f, np.array([0.3, -1.2, 0.7, 1.9]), order=2)
