"""Reading and writing parts of arrays."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real

from wengert.rules.vocabulary import getitem, laid, put, put_add, strided
from wengert.trace.storage import Layout

MASK = np.array([[True, False, True], [False, True, True]])
X = real(2, 3)
EVERY_SECOND = Layout((3,), (16,), 8, np.dtype(float))
TURNED = Layout((3, 2), (8, 24), 0, np.dtype(float))
WINDOWS = Layout((4, 3), (8, 8), 0, np.dtype(float))  # overlapping

# A layout is for one contiguous buffer, and counts in bytes of its dtype.
OF_ONE_BUFFER = {"complex": False, "without": ("layouts_do_not_matter", "keeps_dtype")}

CHAPTER = Chapter(
    "numpy.indexing",
    calls=[
        call(getitem, X, 1),
        call(getitem, X, (0, 2)),
        call(getitem, X, (slice(None), slice(None, None, -2))),
        call(getitem, X, (..., None, 0)),
        call(getitem, X, np.array([1, 0, 1, 1])),
        call(getitem, X, (np.array([[0], [1]]), np.array([2, 2]))),
        call(getitem, X, [1, -1]),
        call(getitem, X, MASK),
        call(getitem, X, (slice(None), np.array([True, False, True]))),
        call(getitem, X, (1, np.array([0, 0]))),
        call(put, X, 0, real(3)),
        call(put, X, (slice(None), 1), real()),
        call(put, X, (slice(None), [0, 2]), real(2, 1)),
        call(put, X, MASK, real(4)),
        call(put, real(4), np.array([1, 3, 1]), real(3)),
        call(put_add, X, 1, real(3)),
        call(put_add, X, (slice(None), np.array([0, 0, 2])), real(2, 3)),
        call(put_add, np.zeros(4), np.array([1, 3, 1]), real(3)),
        call(put_add, X, MASK, real()),
        call(np.where, MASK, X, real(3)),
        call(np.where, MASK, X, 0.0),
        call(np.where, np.array([True, False, True]), 1.0, X),
        call(np.where, True, real(), X),
        call(strided, real(7), EVERY_SECOND).but(**OF_ONE_BUFFER),
        call(strided, real(6), TURNED).but(**OF_ONE_BUFFER),
        call(strided, real(6), WINDOWS).but(**OF_ONE_BUFFER),
        call(laid, X, (-16, 48)).but(without=("keeps_dtype", "complex_numbers_are_pairs")),  # strides count in bytes of a dtype
        call(np.take, X, 4),
        call(np.take, X, np.array([[0, 2], [2, 1]]), axis=1),
        call(np.take, X, [1, -1], 0),
        call(np.take, X, []),
        call(np.take, real(), 0, 0),
        call(np.take, real(2, 3, 2), [[1, 0]], axis=1),
        call(np.take, X, [3, -4], axis=1, mode="wrap"),
        call(np.take, X, [3, -4], axis=1, mode="clip"),
        call(np.compress, [True, False, True], X, axis=1),
        call(np.compress, np.array([False, True]), X, -2),
        call(np.compress, [0, 1, 1, 0, 1], X),
        call(np.extract, MASK, X),
        call(np.extract, [1.0, 0.0, 1.0], X),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
