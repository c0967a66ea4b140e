"""Products of vectors, matrices and tensors."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter
from tests.rules.laws import keywords_are_right_or_refused, prove
from tests.rules.samples import call, real, since

A, B, V, W = real(2, 3), real(3, 2), real(3), real(2)
STACK = real(2, 2, 3)

CHAPTER = Chapter(
    "numpy.products",
    calls=[
        call(np.matmul, A, B),
        call(np.matmul, A, V),
        call(np.matmul, W, A),
        call(np.matmul, V, V),
        call(np.matmul, STACK, B),
        call(np.matmul, real(2, 1, 2, 3), real(3, 3, 2)),
        call(np.matmul, V, real(2, 3, 2)),
        call(np.matmul, STACK, V),
        call(np.matmul, A, np.ones((3, 2))),
        call(np.matmul, real(2, 0), real(0, 3)),
        call(np.matmul, real(3, 2, 2), real(3, 2, 2), axes=[(1, 0), (0, 1), (-1, -2)]),
        call(np.vecdot, V, V),
        call(np.vecdot, real(2, 3), real(4, 1, 3)),
        call(np.vecdot, A, A, axis=0),
        call(np.vecdot, A, A, axis=0, keepdims=True),
        *since("2.2.0", lambda: [call(np.matvec, A, V), call(np.matvec, STACK, real(2, 3))]),
        *since("2.2.0", lambda: [call(np.vecmat, W, A), call(np.vecmat, real(2, 2), STACK)]),
        call(np.dot, A, B),
        call(np.dot, V, V),
        call(np.dot, A, V),
        call(np.dot, W, A),
        call(np.dot, STACK, V),
        call(np.dot, W, real(3, 2, 4)),
        call(np.dot, real(2, 3, 2), real(4, 2, 3)),
        call(np.dot, A, 2.0),
        call(np.dot, real(), A),
        call(np.inner, V, V),
        call(np.inner, A, real(4, 3)),
        call(np.inner, STACK, V),
        call(np.inner, A, real()),
        call(np.vdot, A, A),
        call(np.outer, A, V),
        call(np.tensordot, A, B, 1),
        call(np.tensordot, A, A),
        call(np.tensordot, W, V, axes=0),
        call(np.tensordot, real(2, 3, 4), real(4, 2, 2), axes=([0, 2], [1, 0])),
        call(np.tensordot, real(2, 3), real(3, 4), axes=(1, 0)),
        call(np.einsum, "ij,jk", A, B),
        call(np.einsum, "ij,jk->ki", A, B),
        call(np.einsum, "ij->", A),
        call(np.einsum, "ij->j", A),
        call(np.einsum, "ii", real(3, 3)),
        call(np.einsum, "ii->i", real(3, 3)),
        call(np.einsum, "iij->ij", real(2, 2, 3)),
        call(np.einsum, "i,i->", V, V),
        call(np.einsum, "i,j->ij", W, V),
        call(np.einsum, "...ij,...j->...i", STACK, V),
        call(np.einsum, "...,...", A, V),
        call(np.einsum, "ij,jk,k->i", A, B, W, optimize=True),
        call(np.einsum, "ij,ij,i->j", A, A, W),
        call(np.einsum, "ij,kj->ik", A, real(2, 1)),
        call(np.einsum, A, [0, 1], B, [1, 2], [2, 0]),
        call(np.convolve, real(4), V),
        call(np.convolve, W, real(5), "same"),
        call(np.convolve, real(5), W, mode="valid"),
        call(np.correlate, real(4), V),
        call(np.correlate, W, real(5), "full"),
        call(np.correlate, W, real(5), "same"),
        call(np.correlate, real(5), W, mode="same"),
        call(np.kron, A, B),
        call(np.kron, V, A),
        call(np.kron, real(2, 2, 1), real(3)),
        call(np.cross, V, V),
        call(np.cross, A, V),
        call(np.cross, real(3, 2), real(3, 2), axis=0),
        call(np.cross, A, real(3, 2), axisb=0, axisc=0),
        call(np.vander, V),
        call(np.vander, V, 4, increasing=True),
    ],
)


@pytest.mark.parametrize(("law", "sample"), CHAPTER.proofs())
def test_law(law, sample):
    prove(law, sample)


@pytest.mark.parametrize("sample", CHAPTER.with_keywords())
def test_keywords(sample):
    prove(keywords_are_right_or_refused, sample)


def test_every_row_is_proved_and_stands_in_its_chapter():
    assert not CHAPTER.complaints()
