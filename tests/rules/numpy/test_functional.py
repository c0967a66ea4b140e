"""Functions that apply the user's own functions to parts of an array."""

import numpy as np
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

CHAPTER = Chapter(
    "numpy.functional",
    calls=[
        call(np.apply_along_axis, lambda lane: lane * lane[0], 1, real(2, 3)),
        call(np.apply_along_axis, np.sum, 0, real(2, 3, 2)),
        call(np.apply_along_axis, np.outer, -1, real(2, 2), np.array([1.0, 2.0, 3.0])),
        call(np.apply_over_axes, np.sum, real(2, 3, 2), (0, 2)),
        call(np.apply_over_axes, np.max, real(2, 3), 1),
        call(np.piecewise, real(5), [np.arange(5) < 2, np.arange(5) > 3], [np.sin, np.square, 2.0]),
        call(np.piecewise, real(3), [np.array([True, False, True])], [np.exp, lambda x: -x]),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
