"""Roots, logarithms and powers that go on into the complex plane."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, positive, real

from wengert.testing import check

CHAPTER = Chapter(
    "numpy.emath",
    calls=[
        call(np.emath.sqrt, positive(3)),
        call(np.emath.log, positive(2, 3)),
        call(np.emath.log2, positive(3)),
        call(np.emath.log10, positive(3)),
        call(np.emath.logn, 3.0, positive(3)),
        call(np.emath.power, positive(3), real(3)),
        call(np.emath.arccos, real(3, form=np.tanh)),
        call(np.emath.arcsin, real(3, form=np.tanh)),
        call(np.emath.arctanh, real(3, form=np.tanh)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER


BEYOND = {
    "sqrt": np.emath.sqrt,
    "log": np.emath.log,
    "log2": np.emath.log2,
    "log10": np.emath.log10,
    "logn": lambda x: np.emath.logn(3.0, x),
    "power": lambda x: np.emath.power(x, 0.3),
    "a negative whole power": lambda x: np.emath.power(x, -2),
    "arccos": np.emath.arccos,
    "arcsin": np.emath.arcsin,
    "arctanh": np.emath.arctanh,
}


@pytest.mark.parametrize("f", BEYOND.values(), ids=BEYOND)
@pytest.mark.parametrize("part", [np.real, np.imag])
def test_beyond_the_end_of_the_real_function(f, part):
    check(lambda x: part(f(x)), np.array([0.3, -1.2, 1.7]), order=2)
    check(lambda x: part(f(x)), -1.4, order=2)
