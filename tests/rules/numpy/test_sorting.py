"""Sorting, and choosing between elements."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

MASK = np.array([[True, False, True], [False, True, True]])

CHAPTER = Chapter(
    "numpy.sorting",
    calls=[
        call(np.sort, real(2, 3)),
        call(np.sort, real(3, 2), axis=0, kind="stable"),
        call(np.sort, real(2, 3), axis=None),
        call(np.sort, real(0)),
        call(np.partition, real(7), 2),
        call(np.partition, real(2, 6), (1, 4), axis=1),
        call(np.partition, real(3, 2), 1, axis=0),
        call(np.partition, real(3, 2), 1, axis=None),
        call(np.sort_complex, real(4)),
        call(np.take_along_axis, real(2, 3), np.array([[2, 0, 0, 1], [1, 1, 2, 0]]), 1),
        call(np.take_along_axis, real(2, 3), np.array([[1, 0, 0]]), axis=0),
        call(np.take_along_axis, real(2, 3), np.array([5, 1, 1]), axis=None),
        call(np.select, [MASK, ~MASK], [real(2, 3), real(3)], 1.0),
        call(np.select, [MASK, MASK[::-1]], [real(2, 3), real(2, 3)], real()),
        call(np.choose, np.array([[0, 1, 2], [2, 1, 0]]), [real(2, 3), real(3), real()]),
        call(np.select, [MASK, ~MASK], [real(), real(3)]),
        call(np.choose, 1, [real(), real()]),
        call(np.choose, np.array([3, -1]), (real(2), real(2)), mode="wrap"),
        call(np.choose, np.array([3, -1]), (real(2), real(2)), mode="clip"),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
