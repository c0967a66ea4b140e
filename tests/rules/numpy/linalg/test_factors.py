"""Cholesky's factor, and QR."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, definite, spread

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
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
