"""Eigenvalues and eigenvectors."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import Draw, call, real, spread, symmetric

import wengert as wg
from wengert.rules.numpy.linalg.spectra import blurred, lost

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
        call(lost, real(3, 3), real(3), real(3, 3), real(3, 3)),
        call(blurred, real(3, 3), real(3), real(3, 3), real(3, 3)),
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


# --- matrices with too few eigenvectors ----------------------------------------------------------------------------------------

TURNED = np.array([[2.0, 1.0, -1.0], [0.5, 1.5, 1.0], [-1.0, 0.5, 2.0]])
COMPANION = lambda p: np.array([[0.0, 1.0], [-p[0], -p[1]]])  # of an oscillator, critically damped at [1, 2]


def like(J):
    """A full matrix with the eigenvalues of J, not of its form."""
    return TURNED @ np.asarray(J, float) @ np.linalg.inv(TURNED)


def cubes(values):
    return lambda A: np.real(np.sum(values(A) ** 3))


def of_eig(A):
    return np.linalg.eig(A)[0]


VALUES = pytest.mark.parametrize("values", [np.linalg.eigvals, of_eig], ids=["eigvals", "eig"])
BLOCKS = {
    "a block": [[1.0, 1.0], [0.0, 1.0]],
    "from below": [[1.0, 0.0], [1.0, 1.0]],
    "of zeros": [[0.0, 1.0], [0.0, 0.0]],
    "steep": [[1.0, 1e3], [0.0, 1.0]],
    "small, beside a large number": [[1e-6, 1e-6, 0.0], [0.0, 1e-6, 0.0], [0.0, 0.0, 1.0]],
    "of three": [[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]],
    "an oscillator": COMPANION([1.0, 2.0]),
}


@VALUES
@pytest.mark.parametrize("A", BLOCKS.values(), ids=BLOCKS)
def test_where_eigenvectors_are_missing_the_derivative_is_nan(A, values):
    A, shift = np.array(A), np.ones_like(A)
    assert np.isnan(wg.grad(cubes(values))(A)).all()
    assert np.isnan(wg.jvp(cubes(values), (A,), (shift,))[1])
    assert np.isnan(wg.jvp(lambda A: np.sum(np.linalg.eig(A)[1] ** 3).real, (A,), (shift,))[1])
    stack = np.stack([A, np.diag(np.arange(1.0, len(A) + 1))])
    np.testing.assert_allclose(wg.grad(cubes(values))(stack)[1], 3.0 * stack[1] ** 2)


@VALUES
@pytest.mark.parametrize("split", [0.0, 1e-14, 1e-10, 1e-6])
def test_a_sum_over_two_that_rounding_split_is_right_or_nan(values, split):
    for k in range(20):
        J = np.diag([1.3, 1.3 + split, 0.1 * k - 1.0]) + np.diag([1.0, 0.0], 1)
        A = like(J)
        found, truth = wg.grad(cubes(values))(A), 3.0 * (A @ A).T
        assert np.isnan(found).all() or np.allclose(found, truth, rtol=1e-4, atol=1e-4)


def test_second_derivatives_near_a_missing_eigenvector_are_right_or_nan():
    E = np.eye(9).reshape(9, 3, 3)
    for gap in (0.0, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2):
        A = like([[1.0, 1.0, 0.0], [gap**2 / 4, 1.0, 0.0], [0.0, 0.0, 3.0]])
        truth = np.array([[3.0 * np.trace(A @ (D @ F + F @ D)) for F in E] for D in E])  # of tr(A**3)
        for second in (wg.hessian, lambda f: wg.jacfwd(wg.jacfwd(f))):
            found = second(cubes(np.linalg.eigvals))(A).reshape(9, 9)
            assert not np.isfinite(found).all() or np.allclose(found, truth, rtol=1e-2, atol=1e-2)
            assert gap < 1e-2 or np.isfinite(found).all()


def test_an_eigenvalue_beside_a_missing_eigenvector_is_right_or_nan():
    rng = np.random.default_rng(5)
    A = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]])
    np.testing.assert_allclose(wg.grad(lambda A: np.linalg.eigvals(A)[2])(A), np.diag([0.0, 0.0, 1.0]))
    np.testing.assert_allclose(wg.grad(lambda A: np.linalg.eig(A)[0][2])(A), np.diag([0.0, 0.0, 1.0]))
    J = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 3.0]])
    for _ in range(200):  # inv(V), which is 1e16 large in places, has lost some of these rows
        S = np.round(3.0 * rng.normal(size=(3, 3)))
        if abs(np.linalg.det(S)) < 1.0:
            continue
        A = S @ J @ np.linalg.inv(S)
        found = wg.grad(lambda A: np.max(np.real(np.linalg.eigvals(A))))(A)
        truth = np.outer(np.linalg.inv(S)[2], S[:, 2])
        assert np.isnan(found).all() or np.allclose(found, truth, rtol=1e-4, atol=1e-4 * np.abs(truth).max())


SOUND = {
    "the unit matrix": np.eye(3),
    "nothing": np.zeros((3, 3)),
    "equal in pairs": np.diag([1.0, 1.0, 2.0]),
    "equal in pairs, turned": like(np.diag([1.0, 1.0, 2.0])),
    "far from normal": np.array([[1.0, 1e9, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, -1.0]]),
    "a row of zeros": np.array([[0.0, 1e8, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 2.0]]),
    "of many sizes": np.diag([1e-13, 2e-13, 1.0]) + np.diag([1e-13, 0.1], 1),
    "turning": np.array([[1.0, 2.0, 0.0], [-2.0, 1.0, 1e-3], [0.0, 0.0, 1.0]]),
}


@VALUES
@pytest.mark.parametrize("A", SOUND.values(), ids=SOUND)
def test_eigenvalues_that_coincide_or_lie_apart_keep_their_derivatives(A, values):
    truth = 3.0 * (A @ A).T
    np.testing.assert_allclose(wg.grad(cubes(values))(A), truth, rtol=1e-9, atol=1e-9 * np.abs(truth).max())
    t = np.arange(9.0).reshape(3, 3)
    np.testing.assert_allclose(wg.jvp(cubes(values), (A,), (t,))[1], np.sum(truth * t), rtol=1e-6)
