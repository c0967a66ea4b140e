"""New arrays like others, and arrays between ends."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter
from tests.rules.laws import keywords_are_right_or_refused, prove
from tests.rules.samples import call, positive, real

import wengert as wg

CHAPTER = Chapter(
    "numpy.creation",
    calls=[
        call(np.zeros_like, real(2, 3)),
        call(np.zeros_like, real(2, 3), dtype=np.float32, shape=(4,)),
        call(np.ones_like, real(2, 3)),
        call(np.empty_like, real(2, 3)).but(without=("names_are_as_good_as_places",)),  # whose numbers are anything
        call(np.full_like, real(2, 3), 2.0),
        call(np.full_like, real(2, 3), real(), dtype=complex),
        call(np.full_like, real(2, 3), fill_value=real(2, 1)),
        call(np.linspace, real(), real(), 5),
        call(np.linspace, real(2), real(2), 4, endpoint=False, axis=1),
        call(np.linspace, real(2), 3.0, 4, retstep=True),
        call(np.linspace, 0.0, real(), num=1),
        call(np.logspace, real(), real(), 4),
        call(np.logspace, real(2), real(2), 3, base=2.0, axis=-1),
        call(np.logspace, real(), 1.5, 4, base=positive()),
        call(np.geomspace, positive(), positive(), 4),
        call(np.geomspace, positive(2), positive(2), 3, endpoint=False, axis=1),
        call(np.geomspace, real(low=-3, high=-1), real(low=-0.9, high=-0.2), 5),
        call(np.meshgrid, real(2), real(3)),
        call(np.meshgrid, real(2), real(3), real(2), indexing="ij", sparse=True),
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


def test_full_like_of_an_ordinary_array_does_not_lose_a_derivative():
    like = np.ones((2, 3), np.float32)
    for f in (lambda x: np.full_like(like, x), lambda x: np.full_like(like, fill_value=x, shape=(2, 3))):
        y, t = wg.jvp(f, (2.0,), (1.0,))
        assert y.dtype == t.dtype == np.float32
        np.testing.assert_array_equal(t, np.ones((2, 3)))
    with pytest.raises(wg.errors.WengertError, match="np.broadcast_to|rewrite"):
        wg.jvp(lambda x: OUT_OF_REACH[0](like, x), (2.0,), (1.0,))


OUT_OF_REACH = [np.full_like]
