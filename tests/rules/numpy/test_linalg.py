"""Norms, solutions, determinants, factors and spectra."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import Draw, call, definite, real, regular, spread, symmetric

import wengert as wg
from wengert.rules.numpy.linalg import bridges_over

REAL = np.lib.NumpyVersion(np.__version__) >= "2.3.0"  # before, the condition number of a complex matrix was a complex number
A, V = real(2, 3), real(3)
STACK = real(2, 2, 3)
TURNING = Draw((2, 2), -1.0, 1.0, form=lambda a: a + np.array([[0.0, 4.0], [-4.0, 0.0]]))  # of complex eigenvalues


def sizes(r):
    """What of vectors does not depend on the phase that LAPACK chooses for complex ones."""
    return tuple(a if a.ndim == 1 else np.abs(a) for a in r)


CHAPTER = Chapter(
    "numpy.linalg",
    calls=[
        call(np.linalg.norm, A),
        call(np.linalg.norm, STACK),
        call(np.linalg.norm, V, 2),
        call(np.linalg.norm, V, 1),
        call(np.linalg.norm, V, 3),
        call(np.linalg.norm, V, 0.5),
        call(np.linalg.norm, V, -1.5),
        call(np.linalg.norm, V, np.inf),
        call(np.linalg.norm, V, -np.inf),
        call(np.linalg.norm, V, 0),
        call(np.linalg.norm, A, axis=1),
        call(np.linalg.norm, STACK, 3, -1, True),
        call(np.linalg.norm, STACK, 1, axis=0, keepdims=True),
        call(np.linalg.norm, A, "fro"),
        call(np.linalg.norm, STACK, "fro", axis=(0, 2)),
        call(np.linalg.norm, STACK, axis=(2, 1), keepdims=True),
        *(call(np.linalg.norm, spread(2, 3), order) for order in ("nuc", 2, -2, 1, -1, np.inf, -np.inf)),
        call(np.linalg.norm, spread(2, 2, 3), 2, axis=(1, 2), keepdims=True),
        call(np.linalg.vector_norm, A),
        call(np.linalg.vector_norm, STACK, axis=(0, 2), ord=3, keepdims=True),
        call(np.linalg.vector_norm, A, axis=1, ord=np.inf),
        call(np.linalg.matrix_norm, STACK),
        call(np.linalg.matrix_norm, STACK, ord=1, keepdims=True),
        call(np.linalg.solve, regular(3), real(3)),
        call(np.linalg.solve, regular(3), real(3, 2)),
        call(np.linalg.solve, regular(2, 3, 3), real(3)),
        call(np.linalg.solve, regular(2, 1, 3, 3), real(4, 3, 2)),
        call(np.linalg.solve, regular(3), np.ones(3)),
        call(np.linalg.inv, regular(3)),
        call(np.linalg.inv, regular(2, 3, 3)),
        call(np.linalg.det, regular(3)),
        call(np.linalg.det, regular(2, 2, 2)),
        call(np.linalg.slogdet, regular(3)),
        call(np.linalg.slogdet, regular(2, 2, 2)),
        call(np.linalg.cholesky, definite(3)),
        call(np.linalg.cholesky, definite(2, 2, 2)),
        call(np.linalg.cholesky, definite(3), upper=True),
        call(np.linalg.eigh, symmetric(3)).but(complex=False),  # the phases of complex vectors are LAPACK's own
        call(np.linalg.eigh, symmetric(3), then=sizes),
        call(np.linalg.eigh, symmetric(2, 2, 2), "U", then=sizes),
        call(np.linalg.eigvalsh, symmetric(3)),
        call(np.linalg.eigvalsh, symmetric(2, 2, 2), UPLO="U"),
        call(np.linalg.eig, spread(3, 3)).but(complex=False),
        call(np.linalg.eig, spread(3, 3), then=sizes),
        call(np.linalg.eig, spread(2, 2, 2), then=sizes),
        # the phases of complex eigenvectors are not determined: a cotangent that turns one is NaN, by the row's own account
        call(np.linalg.eig, TURNING, then=sizes).but(without=("rows_are_adjoint",)),
        call(np.linalg.eigvals, spread(3, 3)),
        call(np.linalg.eigvals, TURNING),
        call(np.linalg.svd, spread(3, 2), full_matrices=False).but(complex=False),
        call(np.linalg.svd, spread(2, 3), False, then=sizes),
        call(np.linalg.svd, spread(3, 3), then=sizes),
        call(np.linalg.svd, spread(2, 3, 2), full_matrices=False, then=sizes),
        call(np.linalg.svd, spread(4, 2), then=lambda r: (np.abs(r.U[:, :2]), r.S, np.abs(r.Vh))).but(
            without=("rows_are_adjoint",)  # the further columns of U are any basis of what is left: NaN
        ),
        call(np.linalg.svd, spread(3, 2), compute_uv=False),
        call(np.linalg.svd, symmetric(3), hermitian=True, then=sizes),
        call(np.linalg.svd, symmetric(3), compute_uv=False, hermitian=True),
        call(np.linalg.svdvals, spread(3, 2)),
        call(np.linalg.svdvals, spread(2, 2, 3)),
        call(np.linalg.cond, spread(3, 3)),
        call(np.linalg.cond, spread(3, 3), -2),
        *(call(np.linalg.cond, spread(3, 3), p).but(complex=REAL) for p in (1, np.inf, "fro")),
        call(np.linalg.pinv, spread(3, 2)),
        call(np.linalg.pinv, spread(2, 3)),
        call(np.linalg.pinv, spread(2, 3, 3)),
        call(np.linalg.pinv, symmetric(3), hermitian=True),
        call(np.linalg.lstsq, spread(4, 2), real(4)),
        call(np.linalg.lstsq, spread(4, 2), real(4, 3), rcond=None),
        call(np.linalg.lstsq, spread(2, 4), real(2)),
        call(np.linalg.qr, spread(3, 3)),
        call(np.linalg.qr, spread(4, 2)),
        call(np.linalg.qr, spread(2, 4)),
        call(np.linalg.qr, spread(2, 3, 2)),
        call(np.linalg.qr, spread(3, 3), mode="complete"),
        call(np.linalg.qr, spread(3, 2), mode="r"),
        *(call(np.linalg.matrix_power, regular(3), n) for n in (0, 1, 2, 3, 5, -2)),
        call(np.linalg.matrix_power, regular(2, 2, 2), 4),
        call(np.linalg.multi_dot, [real(2, 3), real(3, 4), real(4, 2)]),
        call(np.linalg.multi_dot, [real(3), real(3, 4), real(4, 2), real(2)]),
        call(np.linalg.tensorsolve, real(4, 2, 2, form=lambda a: a + 9 * np.eye(4).reshape(4, 2, 2)), real(4)),
        call(np.linalg.tensorsolve, real(2, 4, 2, form=lambda a: a + 9 * np.eye(4).reshape(2, 4, 2)), real(4), axes=(0, 2)),
        call(np.linalg.tensorinv, real(4, 2, 2, form=lambda a: a + 9 * np.eye(4).reshape(4, 2, 2)), ind=1),
        call(np.linalg.trace, real(2, 3, 3), offset=1),
        call(np.linalg.diagonal, real(2, 3, 3), offset=-1),
        call(np.linalg.matrix_transpose, STACK),
        call(np.linalg.cross, V, A),
        call(np.linalg.outer, V, real(2)),
        call(np.linalg.matmul, STACK, real(3, 2)),
        call(np.linalg.tensordot, A, real(3, 2), axes=1),
        call(np.linalg.vecdot, A, V),
        call(np.linalg.matrix_rank, spread(3, 2)),
        call(bridges_over, regular(3)),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


# --- second derivatives where eigenvalues coincide ---------------------------------------------------------------------------

X = np.array([0.3, -0.7, 1.1, 0.4, 0.2])
HESSIANS = {
    "forward over reverse": wg.hessian,
    "reverse over reverse": lambda f: wg.jacrev(wg.grad(f)),
    "forward over forward": lambda f: wg.jacfwd(wg.jacfwd(f)),
    "reverse over forward": lambda f: wg.jacrev(wg.jacfwd(f)),
}
BUMP = lambda x: np.outer(x, x) + np.eye(5)  # its largest eigenvalue is 1 + x @ x, the others are all 1
LEFT_ALONE = {
    "the largest": lambda x: np.linalg.eigvalsh(BUMP(x))[-1],
    "the largest, of a stack": lambda x: np.linalg.eigvalsh(np.stack([BUMP(x), BUMP(x)]))[1, -1],
    "the largest, from above": lambda x: np.linalg.eigvalsh(BUMP(x), "U")[4],
    "the largest singular value": lambda x: np.linalg.svdvals(BUMP(x))[0],
    "svd": lambda x: np.linalg.svd(BUMP(x), compute_uv=False)[0],
    "norm": lambda x: np.linalg.norm(BUMP(x), 2),
}


@pytest.mark.parametrize("hessian", HESSIANS.values(), ids=HESSIANS)
@pytest.mark.parametrize("f", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_eigenvalues_that_are_left_alone_may_coincide(f, hessian):
    np.testing.assert_allclose(hessian(f)(X), 2.0 * np.eye(5), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("hessian", HESSIANS.values(), ids=HESSIANS)
def test_least_squares_do_not_mind_singular_values_that_coincide(hessian, differences):
    def f(x):
        return np.sum(np.linalg.lstsq(np.outer(x, x[:3]) + np.eye(5)[:, :3], x[::-1] * 1.0, rcond=None)[0] ** 2)

    truth = differences(lambda x: differences(f, x), X)
    np.testing.assert_allclose(hessian(f)(X), truth, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("hessian", HESSIANS.values(), ids=HESSIANS)
def test_what_a_sum_over_eigenvalues_that_coincide_cannot_know_is_nan(hessian):
    """The sum of their squares is smooth, but the row is told 2 w and its change along one basis of their space."""
    for values in (np.linalg.eigvalsh, np.linalg.svdvals):
        squares = lambda x, values=values: np.sum(values(BUMP(x)) ** 2)
        np.testing.assert_allclose(wg.grad(squares)(X), wg.grad(lambda x: np.sum(BUMP(x) ** 2))(X), rtol=1e-12)
        found, truth = hessian(squares)(X), wg.hessian(lambda x: np.sum(BUMP(x) ** 2))(X)
        assert np.isnan(found).any()
        known = ~np.isnan(found)
        np.testing.assert_allclose(found[known], truth[known], rtol=1e-10)
