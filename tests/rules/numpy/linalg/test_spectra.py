"""Eigenvalues and eigenvectors."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import Draw, call, spread, symmetric

import wengert as wg

TURNING = Draw((2, 2), -1.0, 1.0, form=lambda a: a + np.array([[0.0, 4.0], [-4.0, 0.0]]))  # of complex eigenvalues

CHAPTER = Chapter(
    "numpy.linalg.spectra",
    calls=[
        call(np.linalg.eigh, symmetric(3)),
        call(np.linalg.eigh, symmetric(2, 2, 2), "U"),
        call(np.linalg.eigvalsh, symmetric(3)),
        call(np.linalg.eigvalsh, symmetric(2, 2, 2), UPLO="U"),
        call(np.linalg.eig, spread(3, 3)),
        call(np.linalg.eig, spread(2, 2, 2)),
        call(np.linalg.eig, TURNING),
        call(np.linalg.eigvals, spread(3, 3)),
        call(np.linalg.eigvals, TURNING),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


# --- second derivatives where eigenvalues coincide ---------------------------------------------------------------------------

X = np.array([0.3, -0.7, 1.1, 0.4, 0.2])
BUMP = lambda x: np.outer(x, x) + np.eye(5)  # its largest eigenvalue is 1 + x @ x, the others are all 1
LEFT_ALONE = {
    "the largest": lambda x: np.linalg.eigvalsh(BUMP(x))[-1],
    "the largest, of a stack": lambda x: np.linalg.eigvalsh(np.stack([BUMP(x), BUMP(x)]))[1, -1],
    "the largest, from above": lambda x: np.linalg.eigvalsh(BUMP(x), "U")[4],
    "the largest singular value": lambda x: np.linalg.svdvals(BUMP(x))[0],
    "svd": lambda x: np.linalg.svd(BUMP(x), compute_uv=False)[0],
    "norm": lambda x: np.linalg.norm(BUMP(x), 2),
}


@pytest.mark.parametrize("f", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_eigenvalues_that_are_left_alone_may_coincide(f, hessian):
    np.testing.assert_allclose(hessian(f)(X), 2.0 * np.eye(5), rtol=1e-12, atol=1e-12)


def test_what_a_sum_over_eigenvalues_that_coincide_cannot_know_is_nan(hessian):
    """The sum of their squares is smooth, but the row is told 2 w and its change along one basis of their space."""
    for values in (np.linalg.eigvalsh, np.linalg.svdvals):
        squares = lambda x, values=values: np.sum(values(BUMP(x)) ** 2)
        np.testing.assert_allclose(wg.grad(squares)(X), wg.grad(lambda x: np.sum(BUMP(x) ** 2))(X), rtol=1e-12)
        found, truth = hessian(squares)(X), wg.hessian(lambda x: np.sum(BUMP(x) ** 2))(X)
        assert np.isnan(found).any()
        known = ~np.isnan(found)
        np.testing.assert_allclose(found[known], truth[known], rtol=1e-10)
