"""The laws can be broken: each finds the mistake that it is there to find, planted in the table."""

import numpy as np
import pytest
from tests.rules import laws
from tests.rules.samples import call, real

from wengert.rules.declare import ROWS
from wengert.rules.verbs import Composite, Constant, Elementwise, Linear, Pair
from wengert.rules.vocabulary import bottom

X = real(2, 3)


def expanded(g, x, axis=None, **ignored):
    return np.broadcast_to(g if axis is None else np.expand_dims(g, axis), x.shape)


def flipped(g, x, axis=None):
    return g if g.dtype == bool else np.flip(g, axis)


def refusing_nan(y, x):
    if np.any(np.isnan(x)):
        raise ValueError("NaN")
    return np.cos(x)


SIN, SUM = call(np.sin, X), call(np.sum, X, axis=0)
BY_DOMAIN = call(np.sin, X).but(auto=True)

# The law, a sample, and the row in whose place a wrong one stands.
PLANTED = {
    "another value": (laws.values_are_numpys, SIN, Composite(np.sin, definition=lambda x: np.cos(x - np.pi / 2))),
    "another type": (laws.values_are_numpys, SUM, Composite(np.sum, definition=lambda x, axis: np.add.reduce(x, axis)[None])),
    "a factor": (laws.jvp_matches_differences, SIN, Elementwise(np.sin, partials=(lambda y, x: 1.000001 * np.cos(x),))),
    "a digit of a constant": (
        laws.jvp_matches_the_complex_step,
        call(np.exp2, X),
        Elementwise(np.exp2, partials=(lambda y, x: 0.6931471806 * y,)),
    ),
    "one mode": (
        laws.modes_are_adjoint,
        SIN,
        Pair(np.sin, jvp=lambda y, x, t: np.cos(x) * t, vjp=lambda g, y, x: 1.01 * np.cos(x) * g),
    ),
    "the transpose of a view": (
        laws.rows_are_adjoint,
        call(np.transpose, real(2, 3, 4), (1, 2, 0)),
        Linear(np.transpose, transposes=(lambda g, x, axes=None: np.reshape(g, x.shape),)),
    ),
    "what a row did not keep": (
        laws.rows_are_adjoint,
        call(np.flip, X),
        Linear(np.flip, transposes=(lambda g, x: np.flip(g) * np.mean(x),)),
    ),
    "a layout": (
        laws.layouts_do_not_matter,
        SIN,
        Elementwise(np.sin, partials=(lambda y, x: np.cos(x) * (1.0 if bottom(x).flags.c_contiguous else 2.0),)),
    ),
    "a detached slope": (laws.second_order, SIN, Elementwise(np.sin, partials=(lambda y, x: np.cos(bottom(x)),))),
    "a shape": (laws.broadcasts, BY_DOMAIN, Elementwise(np.sin, partials=(lambda y, x: np.cos(x)[..., :1],))),
    "a method of arrays": (
        laws.numbers_are_arrays_of_no_dimension,
        BY_DOMAIN,
        Elementwise(np.sin, partials=(lambda y, x: np.cos(x.reshape(x.shape)),)),
    ),
    "a wide constant": (laws.keeps_dtype, SIN, Elementwise(np.sin, partials=(lambda y, x: np.float64(1.0) * np.cos(x),))),
    "a conjugate": (
        laws.complex_numbers_are_pairs,
        call(np.exp, X),
        Elementwise(np.exp, partials=(lambda y, x: np.conjugate(y),)),
    ),
    "a mask": (laws.masks_are_sound, call(np.flip, X), Linear(np.flip, transposes=(flipped,), live="selects")),
    "a refusal of NaN": (laws.no_number_raises, SIN, Elementwise(np.sin, partials=(refusing_nan,))),
    "an ignored keyword": (
        laws.keywords_are_right_or_refused,
        call(np.sum, X, axis=0, where=np.array([True, False, True])),
        Linear(np.sum, transposes=(expanded,)),
    ),
    "a result that lies otherwise": (
        laws.results_lie_as_numpys,
        call(np.take, X, [1, 0], axis=1),
        Composite(np.take, definition=lambda x, indices, axis: x[:, indices]),
    ),
    "a copy for a view": (laws.results_lie_as_numpys, call(np.real, X), Composite(np.real, definition=np.copy)),
    "an array for a number": (
        laws.results_are_of_numpys_kind,
        call(np.sum, X),
        Composite(np.sum, definition=lambda x: np.add.reduce(np.reshape(x, -1), keepdims=True).reshape(())),
    ),
    "a width": (
        laws.results_are_of_numpys_kind,
        call(np.kron, X, X),
        Composite(np.kron, definition=lambda a, b: np.kron(np.asarray(bottom(a)), np.asarray(bottom(b))).astype(a.dtype)),
    ),
    "a name of its own": (
        laws.names_are_as_good_as_places,
        call(np.sum, X, 0),
        Composite(np.sum, definition=lambda x, along: np.add.reduce(x, along)),
    ),
    "a constant that moves": (laws.is_constant, SIN, Constant(np.sin)),
}


@pytest.mark.parametrize(("law", "sample", "row"), PLANTED.values(), ids=PLANTED)
def test_a_planted_mistake_is_found(law, sample, row, monkeypatch):
    monkeypatch.setitem(ROWS, sample.f, row)
    with pytest.raises((AssertionError, AttributeError, IndexError, TypeError, ValueError)):
        laws.prove(law, sample)


@pytest.mark.parametrize(("law", "sample", "row"), PLANTED.values(), ids=PLANTED)
def test_the_row_itself_passes(law, sample, row):
    if law is not laws.is_constant:
        laws.prove(law, sample)


def test_every_law_has_been_broken():
    unbroken = set(laws.EXAMPLES) - {law for law, _, _ in PLANTED.values()}
    assert unbroken <= {laws.inputs_are_left_alone, laws.is_fresh}  # of which the tape takes care, not the row
