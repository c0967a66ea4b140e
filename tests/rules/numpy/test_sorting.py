"""Sorting, and choosing between elements."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter
from tests.rules.laws import keywords_are_right_or_refused, prove
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
        call(np.choose, np.array([3, -1]), (real(2), real(2)), mode="wrap"),
        call(np.choose, np.array([3, -1]), (real(2), real(2)), mode="clip"),
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
