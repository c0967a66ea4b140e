"""The phases of complex eigenvectors and singular vectors, held against NumPy's own."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

import wengert as wg
from wengert.rules.numpy.linalg.phases import first_pins, largest_pins

CHAPTER = Chapter(
    "numpy.linalg.phases",
    calls=[
        call(first_pins, real(2, 3, 3), np.ones((2, 3, 3), bool)),
        call(largest_pins, real(2, 3, 3)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER


def numbers(*shape, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=shape) + 1j * random.normal(size=shape)


def hermitian(a):
    return a + np.conj(a.T)


def blocks(*parts):
    """A block-diagonal matrix."""
    m, n = np.cumsum([np.shape(p) for p in parts], axis=0)[-1]
    a, i, j = np.zeros((m, n), complex), 0, 0
    for p in parts:
        a[i : i + p.shape[0], j : j + p.shape[1]] = p
        i, j = i + p.shape[0], j + p.shape[1]
    return a


def aligned(vectors, base):
    """Vectors with the signs of others: real eigenvectors have one that may jump, and so have the pins of complex ones."""
    return vectors * np.sign(np.real(np.sum(np.conj(base) * vectors, axis=-2)))


UPPER = lambda a: np.linalg.eigh(a, "U")[1]
LOWER = lambda a: np.linalg.eigh(a)[1]
COLUMNS = lambda a: np.linalg.eig(a)[1]
LEFT = lambda a: np.linalg.svd(a, full_matrices=False)[0]
RIGHT = lambda a: np.conj(np.swapaxes(np.linalg.svd(a, full_matrices=False)[2], -1, -2))
SIZES = (1, 2, 3, 10, 40)
TALL = ((2, 2), (3, 2), (10, 2), (17, 10), (18, 10), (40, 40), (60, 34))  # QR comes first from 17:9 on
VECTORS = {
    **{f"eigh {n}": (LOWER, lambda seed, n=n: hermitian(numbers(n, n, seed=seed))) for n in SIZES},
    **{f"eigh {n} from above": (UPPER, lambda seed, n=n: hermitian(numbers(n, n, seed=seed))) for n in SIZES},
    **{f"eig {n}": (COLUMNS, lambda seed, n=n: numbers(n, n, seed=seed)) for n in SIZES},
    **{f"eig {n} real": (COLUMNS, lambda seed, n=n: np.real(numbers(n, n, seed=seed))) for n in SIZES},
    **{f"U {m} {n}": (LEFT, lambda seed, m=m, n=n: numbers(m, n, seed=seed)) for m, n in TALL},
    **{f"V {m} {n}": (RIGHT, lambda seed, m=m, n=n: numbers(m, n, seed=seed)) for m, n in TALL},
    **{f"U {n} {m}": (LEFT, lambda seed, m=m, n=n: numbers(n, m, seed=seed)) for m, n in TALL},
    **{f"V {n} {m}": (RIGHT, lambda seed, m=m, n=n: numbers(n, m, seed=seed)) for m, n in TALL},
}
PARTS = (2, 3, 1, 2)  # along matrices that fall apart, derivatives are to keep them so
APART = {
    "eigh": (LOWER, lambda seed: blocks(*(hermitian(numbers(n, n, seed=seed + k)) + 9 * k for k, n in enumerate(PARTS)))),
    "eigh from above": (
        UPPER,
        lambda seed: blocks(*(hermitian(numbers(n, n, seed=seed + k)) + 9 * k for k, n in enumerate(PARTS))),
    ),
    "eigh of a diagonal": (LOWER, lambda seed: np.diag(np.real(numbers(4, seed=seed)) + 0j)),
    "eig": (COLUMNS, lambda seed: blocks(*(numbers(n, n, seed=seed + k) for k, n in enumerate(PARTS)))),
    "eig of a triangle": (COLUMNS, lambda seed: np.triu(numbers(4, 4, seed=seed))),
    "U": (LEFT, lambda seed: blocks(*(numbers(n + 1, n, seed=seed + k) for k, n in enumerate(PARTS)))),
    "V": (RIGHT, lambda seed: blocks(*(numbers(n + 1, n, seed=seed + k) for k, n in enumerate(PARTS)))),
    "U of a wide one": (LEFT, lambda seed: blocks(*(numbers(n, n + 1, seed=seed + k) for k, n in enumerate(PARTS)))),
    "V of a wide one": (RIGHT, lambda seed: blocks(*(numbers(n, n + 1, seed=seed + k) for k, n in enumerate(PARTS)))),
    "V of a diagonal": (RIGHT, lambda seed: np.diag(numbers(4, seed=seed))),
}


@pytest.mark.parametrize(
    ("vectors", "matrix"), [*VECTORS.values(), *APART.values()], ids=[*VECTORS, *(f"parts, {k}" for k in APART)]
)
def test_vectors_turn_as_lapack_turns_them(vectors, matrix):
    a, t = matrix(0), matrix(100)
    base = vectors(a)
    h = 1e-5 / np.linalg.norm(t)
    at = lambda k: aligned(vectors(a + k * h * t), base)
    truth = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)
    _, found = wg.jvp(vectors, (a,), (t,))
    scale = np.linalg.norm(truth) + np.linalg.norm(t)
    np.testing.assert_allclose(found, truth, rtol=0, atol=1e-6 * scale)
    g = numbers(*base.shape, seed=7) if base.dtype.kind == "c" else np.real(numbers(*base.shape, seed=7))
    (pulled,) = wg.vjp(vectors, a)[1](g)
    np.testing.assert_allclose(np.sum(np.real(pulled * t)), np.sum(np.real(g * found)), rtol=1e-9, atol=1e-9 * scale)


def test_single_precision_stays_and_has_its_pins():
    a = hermitian(numbers(5, 5)).astype(np.complex64)
    for vectors in (LOWER, UPPER, COLUMNS, LEFT, RIGHT):
        _, t = wg.jvp(vectors, (a,), (a.T,))
        _, pull = wg.vjp(vectors, a)
        (g,) = pull(np.ones((5, 5), np.complex64))
        assert t.dtype == g.dtype == np.complex64
        truth = wg.jvp(vectors, (a.astype(complex),), (a.T.astype(complex),))[1]
        np.testing.assert_allclose(t, truth, rtol=1e-3, atol=1e-3)
        assert np.isfinite(g).all()


def by_eigenvectors(a):
    w, v = np.linalg.eigh(a)
    return v, w, np.conj(v.T)


SWAPPED = np.ix_([0, 2, 1, 3], [0, 2, 1, 3])
LOST = {  # where rounding alone would tell the phase
    "parts that interleave": (by_eigenvectors, blocks(hermitian(numbers(2, 2)), hermitian(numbers(2, 2, seed=1)))[SWAPPED]),
    "a chain of localised vectors": (by_eigenvectors, np.diag(10.0 * np.arange(20)) + hermitian(np.diag(numbers(19), 1))),
    "svd": (np.linalg.svd, blocks(numbers(2, 2), numbers(2, 2, seed=1))[SWAPPED]),
}


@pytest.mark.parametrize(("factors", "a"), LOST.values(), ids=LOST)
def test_what_turns_a_phase_that_is_not_known_is_nan_and_all_else_is_right(factors, a, differences):
    assert np.isnan(wg.grad(lambda a: np.sum(np.real(factors(a)[0])))(a)).any()
    turned = lambda v: v / np.exp(1j * np.angle(np.sum(v, axis=0)))
    assert np.isfinite(wg.grad(lambda a: np.sum(np.real(turned(factors(a)[0]))))(a)).all()
    weights, t = numbers(*a.shape, seed=6), np.where(a == 0, 0.0, hermitian(numbers(*a.shape, seed=5)))

    def cosine(a):
        left, middle, right = factors(a)
        return np.sum(np.real(weights * ((left * np.cos(middle)) @ right)))

    truth = differences(lambda h: cosine(a + h * t), np.zeros(()))
    np.testing.assert_allclose(wg.jvp(cosine, (a,), (t,))[1], truth, rtol=1e-6)
    np.testing.assert_allclose(np.sum(np.real(wg.grad(cosine)(a) * t)), truth, rtol=1e-6)


def test_functions_of_a_matrix_by_its_complex_eigenvectors(hessian):
    """sum(A**3) twice over: by the eigenvectors of a real matrix with a complex pair, and by products."""
    base = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.5], [0.3, 0.0, 2.0]])
    matrix = lambda x: base + np.diag(x[:3]) * x[3]

    def by_vectors(x):
        w, v = np.linalg.eig(matrix(x))
        return np.sum(np.real((v * w**3) @ np.linalg.inv(v)))

    by_products = lambda x: np.sum(matrix(x) @ matrix(x) @ matrix(x))
    x = np.array([0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(wg.grad(by_vectors)(x), wg.grad(by_products)(x), rtol=1e-10)
    np.testing.assert_allclose(hessian(by_vectors)(x), hessian(by_products)(x), rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("vectors", [LOWER, UPPER, COLUMNS, LEFT, RIGHT])
def test_second_derivatives_of_phases(vectors, hessian, differences):
    a, t, u = (hermitian(numbers(3, 3, seed=s)) for s in (0, 1, 2))
    f = lambda x: np.sum(np.real((1 + 2j) * vectors(a + x[0] * t + x[1] * u)))
    x = np.array([0.1, -0.2])
    truth = differences(lambda x: wg.grad(f)(x), x)
    np.testing.assert_allclose(wg.grad(f)(x), differences(f, x), rtol=1e-6)
    np.testing.assert_allclose(hessian(f)(x), truth, rtol=1e-5)
