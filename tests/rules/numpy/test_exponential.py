"""Exponentials, logarithms, trigonometric and hyperbolic functions."""

import pytest
from tests.rules.chapters import Chapter
from tests.rules.laws import keywords_are_right_or_refused, prove

CHAPTER = Chapter(
    "numpy.exponential",
    elementwise="exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 sin cos tan arcsin arccos arctan hypot arctan2"
    " deg2rad radians rad2deg degrees sinc sinh cosh tanh arcsinh arccosh arctanh",
)


@pytest.mark.parametrize(("law", "sample"), CHAPTER.proofs())
def test_law(law, sample):
    prove(law, sample)


@pytest.mark.parametrize("sample", CHAPTER.with_keywords())
def test_keywords(sample):
    prove(keywords_are_right_or_refused, sample)


def test_every_row_is_proved_and_stands_in_its_chapter():
    assert not CHAPTER.complaints()
