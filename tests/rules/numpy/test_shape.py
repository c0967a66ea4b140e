"""Shapes, axes, joining, splitting, tiling, padding and copies."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, real, since

import wengert as wg
from wengert.rules.vocabulary import astype
from wengert.testing import check

CUBE = real(2, 3, 2)
X = real(2, 3)
INNER = np.array([0, 0, 1, 1, 1, 0])


CHAPTER = Chapter(
    "numpy.shape",
    calls=[
        call(np.reshape, X, (3, 2)),
        call(np.reshape, CUBE, (-1, 2), order="F"),
        call(np.reshape, real(), (1, 1)),
        call(np.reshape, real(0, 3), (3, 0)),
        call(np.ravel, X),
        call(np.ravel, CUBE, order="F"),
        call(np.transpose, CUBE),
        call(np.transpose, CUBE, (1, 2, 0)),
        call(np.transpose, CUBE, axes=(-1, 0, 1)),
        call(np.swapaxes, CUBE, 0, -1),
        call(np.moveaxis, CUBE, 0, 2),
        call(np.moveaxis, CUBE, (0, 2), (-1, 0)),
        call(np.rollaxis, CUBE, 2),
        call(np.rollaxis, CUBE, 0, 3),
        call(np.matrix_transpose, CUBE),
        call(np.squeeze, real(1, 3, 1)),
        call(np.squeeze, real(1, 3, 1), axis=2),
        call(np.expand_dims, X, 1),
        call(np.expand_dims, X, axis=(0, -1)),
        call(np.broadcast_to, real(3, 1), (2, 3, 2)),
        call(np.broadcast_to, real(), (2,)),
        call(np.broadcast_arrays, real(3), real(2, 1)),
        call(np.atleast_1d, real()),
        call(np.atleast_1d, real(), real(2)),
        call(np.atleast_2d, real(3)),
        call(np.atleast_2d, real(), X),
        call(np.atleast_3d, real(3)),
        call(np.atleast_3d, X),
        call(np.flip, CUBE),
        call(np.flip, CUBE, axis=(0, -1)),
        call(np.flipud, X),
        call(np.fliplr, X),
        call(np.rot90, X),
        call(np.rot90, CUBE, k=-1, axes=(1, 2)),
        call(np.roll, X, 2),
        call(np.roll, CUBE, (1, -1), axis=(0, 1)),
        call(np.copy, X),
        call(np.copy, CUBE, order="F"),
        call(astype, X, np.longdouble),
        call(astype, X, complex),
        *([] if astype is np.astype else [call(np.astype, X, complex)]),
        call(np.concatenate, [X, real(1, 3)]),
        call(np.concatenate, (X, real(2, 1), X), axis=-1),
        call(np.concatenate, [X, np.ones(2), real(1)], axis=None),
        call(np.concatenate, [real(2), real(3)], dtype=complex),
        call(np.stack, [X, X]),
        call(np.stack, (X, np.ones((2, 3)), X), axis=-1),
        call(np.concatenate, X),
        call(np.stack, X),
        call(np.hstack, [real(2), real(3)]),
        call(np.hstack, (X, real(2, 1))),
        call(np.vstack, [real(3), X]),
        call(np.dstack, [X, X]),
        call(np.dstack, (real(2), real(2))),
        call(np.column_stack, [real(2), X]),
        call(np.append, X, real(2)),
        call(np.append, X, real(1, 3), axis=0),
        call(np.block, [[real(2, 2), real(2, 1)], [real(1, 2), real(1, 1)]][0]),
        call(np.block, [real(2), 1.0, real(1)]),
        call(np.split, X, 3, axis=1),
        call(np.split, real(6), [2, 5]),
        call(np.array_split, real(7), 3),
        call(np.hsplit, X, 3),
        call(np.hsplit, real(4), [1]),
        call(np.vsplit, X, 2),
        call(np.dsplit, CUBE, 2),
        *since("2.1.0", lambda: [call(np.unstack, CUBE, axis=1)]),
        call(np.repeat, X, 2),
        call(np.repeat, X, [1, 0, 2], axis=1),
        call(np.repeat, X, 3, axis=0),
        call(np.tile, X, 2),
        call(np.tile, real(3), (2, 2)),
        call(np.tile, CUBE, (2, 1)),
        call(np.lib.stride_tricks.sliding_window_view, real(5), 3),
        call(np.lib.stride_tricks.sliding_window_view, CUBE, (2, 2), axis=(0, 1)),
        call(np.resize, X, (2, 5)),
        call(np.resize, real(5), 3),
        call(np.lib.stride_tricks.sliding_window_view, real(5), 3),
        call(np.lib.stride_tricks.sliding_window_view, X, (2, 2)),
        call(np.lib.stride_tricks.sliding_window_view, X, 2, axis=1),
        call(np.pad, X, 1),
        call(np.pad, X, ((0, 2), (1, 0)), constant_values=2.0),
        call(np.pad, real(4), (2, 3), mode="edge"),
        call(np.pad, real(), 1),
        call(np.pad, X, ((1, 0), (1, 2)), mode="reflect"),
        call(np.pad, X, 2, mode="symmetric"),
        call(np.pad, real(3), (1, 4), "wrap"),
        call(np.pad, X, ((1, 2), (0, 3)), "mean"),
        call(np.pad, X, 2, "maximum", stat_length=2),
        call(np.pad, X, (1, 2), "minimum", stat_length=((1, 2), (2, 1))),
        call(np.pad, real(4), 1, "median", stat_length=3),
        call(np.pad, X, ((1, 2), (0, 3)), "linear_ramp", end_values=((1.0, 2.0), (0.0, 5.0))),
        call(np.delete, X, 1, axis=1),
        call(np.delete, real(5), [0, 3]),
        call(np.delete, X, slice(None, 2)),
        call(np.insert, real(4), 1, real()),
        call(np.insert, X, [0, 2], real(2, 2), axis=1),
        call(np.insert, X, 1, real(3), axis=0),
        call(np.insert, real(4), [1, 1, 3], 5.0),
        call(np.trim_zeros, real(6, form=lambda a: a * INNER, direction=lambda t: t * INNER)),
        call(np.diag, real(3)),
        call(np.diag, real(3, 4), 1),
        call(np.diag, real(2), k=-1),
        call(np.diagflat, X, 1),
        call(np.diagonal, real(3, 4), offset=-1),
        call(np.diagonal, real(2, 3, 3), 1, 2, 1),
        call(np.tril, real(3, 4)),
        call(np.tril, real(2, 3, 3), -1),
        call(np.triu, real(3, 4), k=1),
        call(np.triu, real(2, 3, 3)),
        call(np.nan_to_num, X),
        call(np.nan_to_num, real(2, 3, form=lambda a: np.where(np.arange(3) == 1, np.nan, a)), nan=2.0),
        call(np.real_if_close, X),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_insert_takes_a_number():
    for arr in (np.arange(3.0), np.ones((2, 3))):
        check(lambda x, arr=arr: np.insert(arr, 1, x * x) * x, 0.7)
    value, slope = wg.jvp(lambda x: np.insert(np.ones(2, np.float32), 0, x), (0.5,), (2.0,))
    assert value.dtype == slope.dtype == np.float32 and list(slope) == [2.0, 0.0, 0.0]


def test_a_block_by_itself_lies_as_numpys():
    """What a write through its ravel reaches."""

    def f(x):
        y = np.block(np.outer(x, x[:2]).T)
        flat = y.ravel()
        flat[0] = 9.0 * x[2]
        return np.sum(y)

    x = np.array([0.4, 0.8, 1.3])
    assert wg.value_and_grad(f)(x)[0] == f(x)
    check(f, x)


# --- padding with traced numbers, and flat copies as they lie -----------------------------------------------------------

TRACED = {
    "one": lambda x: np.pad(x, ((0, 1), (2, 0)), constant_values=x[0, 0]),
    "before and after": lambda x: np.pad(x, 1, constant_values=(x[0, 0], x[1, 2])),
    "of each axis": lambda x: np.pad(x, ((1, 0), (2, 1)), constant_values=((x[0, 0], x[0, 1]), (x[0, 2], 3.0))),
    "of plain numbers": lambda x: np.pad(np.ones(3), (1, 2), constant_values=x[1, 1]),
    "the ends of a ramp": lambda x: np.pad(x, 2, "linear_ramp", end_values=(x[0, 0], x[1, 2])),
}


@pytest.mark.parametrize("f", TRACED.values(), ids=TRACED)
def test_what_is_padded_with_may_be_traced(f):
    check(f, np.array([[0.3, -1.2, 0.7], [1.9, 0.4, -0.6]]), order=2)


def test_a_padding_that_numpy_refuses_is_refused_alike():
    x = np.array([1.0, 2.0])
    for f in (
        lambda x: np.pad(x, 1, "mean", stat_length=-1),
        lambda x: np.pad(x, 1, "maximum", stat_length=0),
        lambda x: np.pad(x, 1, "linear_ramp", constant_values=1.0),
        lambda x: np.pad(x, -1, constant_values=x[0]),
        lambda x: np.pad(x[:0], 1, "mean"),
    ):
        with pytest.raises(ValueError, match=r"\w") as plain:
            f(x)
        with pytest.raises(ValueError, match=r"\w") as traced:
            wg.vjp(f, x)
        assert str(plain.value) == str(traced.value)


def test_raveled_as_it_lies():
    x = np.arange(6.0).reshape(2, 3) + 0.5
    check(lambda x: x.ravel("K") * np.ravel(x.T, "K") ** 2 * np.ravel(x.T, "A"), x, order=2)
    assert wg.grad(lambda t: np.ravel(t, "K")[0])(2.0) == 1.0
    with pytest.raises(wg.errors.MissingRuleError, match="lies in memory"):
        wg.vjp(lambda x: np.ravel(x[:, ::2].T, "K"), x)
