"""Powers and chains of products, and other names."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real, regular

A, V = real(2, 3), real(3)
STACK = real(2, 2, 3)

CHAPTER = Chapter(
    "numpy.linalg.products",
    calls=[
        *(call(np.linalg.matrix_power, regular(3), n) for n in (0, 1, 2, 3, 5, -2)),
        call(np.linalg.matrix_power, regular(2, 2, 2), 4),
        call(np.linalg.multi_dot, [real(2, 3), real(3, 4), real(4, 2)]),
        call(np.linalg.multi_dot, [real(3), real(3, 4), real(4, 2), real(2)]),
        call(np.linalg.trace, real(2, 3, 3), offset=1),
        call(np.linalg.diagonal, real(2, 3, 3), offset=-1),
        call(np.linalg.matrix_transpose, STACK),
        call(np.linalg.cross, V, A),
        call(np.linalg.outer, V, real(2)),
        call(np.linalg.matmul, STACK, real(3, 2)),
        call(np.linalg.tensordot, A, real(3, 2), axes=1),
        call(np.linalg.vecdot, A, V),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
