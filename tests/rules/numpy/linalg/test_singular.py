"""Singular values, pseudo-inverses and least squares."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real, spread, symmetric

CHAPTER = Chapter(
    "numpy.linalg.singular",
    calls=[
        call(np.linalg.svd, spread(3, 2), full_matrices=False),
        call(np.linalg.svd, spread(2, 3), False),
        call(np.linalg.svd, spread(3, 3)),
        call(np.linalg.svd, spread(2, 3, 2), full_matrices=False),
        call(np.linalg.svd, spread(4, 2), then=lambda r: (r.U[:, :2], r.S, r.Vh)).but(
            without=("rows_are_adjoint",)  # the further columns of U are any basis of what is left: NaN
        ),
        call(np.linalg.svd, spread(3, 2), compute_uv=False),
        call(np.linalg.svd, symmetric(3), hermitian=True),
        call(np.linalg.svd, symmetric(3), compute_uv=False, hermitian=True),
        call(np.linalg.svdvals, spread(3, 2)),
        call(np.linalg.svdvals, spread(2, 2, 3)),
        call(np.linalg.pinv, spread(3, 2)),
        call(np.linalg.pinv, spread(2, 3)),
        call(np.linalg.pinv, spread(2, 3, 3)),
        call(np.linalg.pinv, symmetric(3), hermitian=True),
        call(np.linalg.lstsq, spread(4, 2), real(4)),
        call(np.linalg.lstsq, spread(4, 2), real(4, 3), rcond=None),
        call(np.linalg.lstsq, spread(2, 4), real(2)),
        call(np.linalg.matrix_rank, spread(3, 2)),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


X = np.array([0.3, -0.7, 1.1, 0.4, 0.2])


def test_least_squares_do_not_mind_singular_values_that_coincide(hessian, differences):
    def f(x):
        return np.sum(np.linalg.lstsq(np.outer(x, x[:3]) + np.eye(5)[:, :3], x[::-1] * 1.0, rcond=None)[0] ** 2)

    truth = differences(lambda x: differences(f, x), X)
    np.testing.assert_allclose(hessian(f)(X), truth, rtol=1e-4, atol=1e-4)
