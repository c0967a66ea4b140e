"""Comparisons, tests, indices and other answers that are not differentiable numbers."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter
from tests.rules.laws import prove
from tests.rules.samples import call, real

X, ROW = real(2, 3), real(3)
PLACES = np.array([[0, 1], [2, 0]])


def predicates(*names):
    return [call(getattr(np, name), X) for name in names]


CHAPTER = Chapter(
    "numpy.logic",
    elementwise="less less_equal equal not_equal greater greater_equal logical_and logical_or logical_not logical_xor"
    " isnan isinf isfinite",
    calls=[
        *predicates("isneginf", "isposinf"),
        *predicates("isreal", "iscomplex", "isrealobj", "iscomplexobj", "isscalar", "all", "any"),
        *predicates("argmax", "argmin", "nanargmax", "nanargmin", "argsort", "lexsort", "argwhere", "nonzero", "flatnonzero"),
        *predicates("count_nonzero", "tril_indices_from", "triu_indices_from", "shape", "ndim", "size"),
        *predicates("result_type", "min_scalar_type"),
        call(np.common_type, X, then=str),
        call(np.array_repr, X, then=type),
        call(np.array_str, X, then=type),
        call(np.array2string, X, then=type),
        call(np.allclose, X, ROW),
        call(np.isclose, X, ROW, rtol=1e-3),
        call(np.array_equal, X, X),
        call(np.array_equiv, X, ROW),
        call(np.argmax, X, axis=1, keepdims=True),
        call(np.argsort, X, 0, kind="stable"),
        call(np.argpartition, X, 1, axis=1),
        call(np.all, X, axis=0),
        call(np.logical_and.reduce, X, axis=1),
        call(np.logical_or.reduce, X),
        call(np.searchsorted, np.array([-2.0, 0.0, 2.0]), X, side="right"),
        call(np.digitize, X, np.array([-2.0, 0.0, 2.0])),
        call(np.isin, X, np.array([1.0, 2.0])),
        call(np.diag_indices_from, real(3, 3)),
        call(np.einsum_path, "ij,jk", X, real(3, 2)),
        call(np.can_cast, np.float32, np.float64),
        call(np.may_share_memory, X, X),
        call(np.shares_memory, X, X),
        call(np.unravel_index, 3, (2, 3)),
        call(np.ravel_multi_index, (1, 2), (2, 3)),
    ],
)


@pytest.mark.parametrize(("law", "sample"), CHAPTER.proofs())
def test_law(law, sample):
    prove(law, sample)


def test_every_row_is_proved_and_stands_in_its_chapter():
    assert not CHAPTER.complaints()
