"""Cholesky's factor, and QR."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, definite, real, spread

import wengert as wg
from wengert.rules.numpy.linalg.factors import dependent
from wengert.testing import check

CHAPTER = Chapter(
    "numpy.linalg.factors",
    calls=[
        call(np.linalg.cholesky, definite(3)),
        call(np.linalg.cholesky, definite(2, 2, 2)),
        call(np.linalg.cholesky, definite(3), upper=True),
        call(np.linalg.qr, spread(3, 3)),
        call(np.linalg.qr, spread(4, 2)),
        call(np.linalg.qr, spread(2, 4)),
        call(np.linalg.qr, spread(2, 3, 2)),
        call(np.linalg.qr, spread(3, 3), mode="complete"),
        call(np.linalg.qr, spread(3, 2), mode="r"),
        call(np.linalg.qr, spread(1, 3)),
        call(dependent, real(2, 3, 3), 3),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


# --- of matrices without full rank ----------------------------------------------------------------------------------------

LAST = {  # the last column of a square Q follows from the others
    "rounded": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "exact": np.array([[3.0, 6.0], [4.0, 8.0]]),
    "a column of zeros": np.array([[1.0, 0.0], [2.0, 0.0]]),
    "of three": np.arange(1.0, 10.0).reshape(3, 3),
    "wide": np.array([[1.0, 2.0, 0.5], [2.0, 4.0, -1.0]]),
    "of many sizes": np.array([[1e-20, 1.0, 3.0], [2e-20, 1.0, 2.0], [0.0, 1.0, 1.0]]) * [1.0, 1e10, 1.0],
}


@pytest.mark.parametrize("A", LAST.values(), ids=LAST)
@pytest.mark.parametrize("part", [0, 1], ids="QR")
def test_where_only_the_last_diagonal_of_r_is_zero_the_derivatives_are_right(A, part):
    scale = np.max(np.abs(A), axis=0)
    check(lambda x: np.linalg.qr(x * scale)[part], A / np.where(scale, scale, 1.0), order=2)


FIRST = {
    "rounded": np.array([[0.1, 0.3, 1.0], [0.7, 2.1, 2.0], [0.2, 0.6, 5.0]]),
    "exact": np.array([[0.0, 1.0], [0.0, 2.0]]),
    "a tall one": np.array([[0.1, 0.3], [0.7, 2.1], [0.2, 0.6]]),
    "single precision": np.array([[0.1, 0.3, 1.0], [0.7, 2.1, 2.0], [0.2, 0.6, 5.0]], np.float32),
    "complex": np.array([[1.0, 2.0], [2.0j, 4.0j]]),
}


@pytest.mark.parametrize("A", FIRST.values(), ids=FIRST)
def test_where_rounding_chooses_a_column_of_q_the_derivatives_are_nan(A):
    for part in (0, 1):
        f = lambda A, part=part: np.real(np.sum(np.linalg.qr(A)[part] ** 2))
        assert np.isnan(wg.grad(f)(A)).any()
        assert np.isnan(wg.jvp(f, (A,), (np.ones_like(A),))[1])
