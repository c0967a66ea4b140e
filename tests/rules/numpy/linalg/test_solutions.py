"""Solutions, inverses and determinants."""

import numpy as np
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real, regular

from wengert.rules.numpy.linalg.solutions import bridges_over

CHAPTER = Chapter(
    "numpy.linalg.solutions",
    calls=[
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
        call(np.linalg.tensorsolve, real(4, 2, 2, form=lambda a: a + 9 * np.eye(4).reshape(4, 2, 2)), real(4)),
        call(np.linalg.tensorsolve, real(2, 4, 2, form=lambda a: a + 9 * np.eye(4).reshape(2, 4, 2)), real(4), axes=(0, 2)),
        call(np.linalg.tensorinv, real(4, 2, 2, form=lambda a: a + 9 * np.eye(4).reshape(4, 2, 2)), ind=1),
        call(bridges_over, regular(3)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
