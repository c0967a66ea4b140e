"""Norms and condition numbers."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real, spread

REAL = np.lib.NumpyVersion(np.__version__) >= "2.3.0"  # before, the condition number of a complex matrix was a complex number
A, V = real(2, 3), real(3)
STACK = real(2, 2, 3)

CHAPTER = Chapter(
    "numpy.linalg.norms",
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
        call(np.linalg.cond, spread(3, 3)),
        call(np.linalg.cond, spread(3, 3), -2),
        *(call(np.linalg.cond, spread(3, 3), p).but(complex=REAL) for p in (1, np.inf, "fro")),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
