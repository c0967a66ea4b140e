"""Comparisons, tests, indices and other answers that are not differentiable numbers."""

import re
import warnings

import numpy as np
import pytest
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

import wengert as wg
from wengert.testing import check

X, ROW = real(2, 3), real(3)
PLACES = np.array([[0, 1], [2, 0]])
DAYS = np.array(["2024-02-29", "2026-11-21"], "M8[D]")


def predicates(*names):
    return [call(getattr(np, name), X) for name in names]


def in1d(*args):
    """Without the word of its age that NumPy has for it."""
    with warnings.catch_warnings(action="ignore"):
        return np.in1d(*args)  # noqa: NPY201


CHAPTER = Chapter(
    "numpy.logic",
    elementwise="less less_equal equal not_equal greater greater_equal logical_and logical_or logical_not logical_xor"
    " isnan isinf isfinite bitwise_and bitwise_or bitwise_xor invert left_shift right_shift bitwise_count gcd lcm isnat",
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
        call(np.packbits, PLACES),
        call(np.unpackbits, PLACES.astype(np.uint8)),
        call(np.is_busday, DAYS),
        call(np.busday_count, DAYS, DAYS),
        call(np.busday_offset, DAYS, 1),
        call(np.datetime_as_string, DAYS),
        *([call(np.in1d, X, np.array([1.0, 2.0])).but(via=in1d)] if hasattr(np, "in1d") else []),  # noqa: NPY201
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER


OF_INTEGERS = {
    "bitwise_and": lambda x: np.bitwise_and(x, 1),
    "bitwise_or": lambda x: np.bitwise_or(1, x),
    "bitwise_xor": lambda x: np.bitwise_xor(x, x),
    "invert": np.invert,
    "left_shift": lambda x: np.left_shift(x, 1),
    "right_shift": lambda x: np.right_shift(x, 1),
    "bitwise_count": np.bitwise_count,
    "gcd": lambda x: np.gcd(x, 2),
    "lcm": lambda x: np.lcm(x, 2),
    "packbits": np.packbits,
    "unpackbits": np.unpackbits,
    "isnat": np.isnat,
    "is_busday": np.is_busday,
    "busday_count": lambda x: np.busday_count(x, x),
    "busday_offset": lambda x: np.busday_offset(DAYS, x),
    "datetime_as_string": np.datetime_as_string,
}


@pytest.mark.parametrize("f", OF_INTEGERS.values(), ids=OF_INTEGERS)
def test_functions_of_integers_and_dates_refuse_floats_as_numpy_does(f):
    x = np.array([1.0, 2.0])
    with pytest.raises((TypeError, ValueError)) as plain:
        f(x)
    for derivative in (lambda: wg.vjp(f, x), lambda: wg.jvp(f, (x,), (x,))):
        with pytest.raises(plain.type, match=re.escape(str(plain.value))):
            derivative()


ORDERED = {
    "a tuple": lambda x: x[np.lexsort((x, np.sign(x)))],
    "a list": lambda x: x[:2][np.lexsort([[x[0], x[1]], x[2:]])],
    "an array": lambda x: x[:2][np.lexsort(np.reshape(x, (2, 2)))],
}


@pytest.mark.parametrize("f", ORDERED.values(), ids=ORDERED)
def test_keys_of_lexsort_are_traced_at_every_order(f):
    weights = np.arange(1.0, 5.0)
    check(lambda x: f(x) ** 3 * weights[: len(f(x))], np.array([0.3, -1.2, 0.7, 1.9]), order=2)
