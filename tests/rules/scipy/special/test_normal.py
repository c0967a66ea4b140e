"""The error function, the normal distribution and their kin."""

import pytest
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter
from tests.rules.laws import prove
from tests.rules.samples import call, positive, real

CHAPTER = Chapter(
    "scipy.special.normal",
    library=special,
    elementwise="""
        erf erfc erfi erfcx dawsn wofz erfinv erfcinv ndtr log_ndtr ndtri ndtri_exp owens_t voigt_profile
    """,
    calls=[
        # where an asymptotic series stands in
        call(special.log_ndtr, real(3, low=-30.0, high=-20.0)),
        call(special.erfcx, real(3, low=26.0, high=40.0)),
        call(special.dawsn, real(3, low=26.0, high=40.0)),
        call(special.wofz, real(3, low=26.0, high=40.0)),
        call(special.voigt_profile, real(3, low=40.0, high=60.0), positive(3), positive(3)),
    ],
)


@pytest.mark.parametrize(("law", "sample"), CHAPTER.proofs())
def test_law(law, sample):
    prove(law, sample)


def test_every_row_is_proved_and_stands_in_its_chapter():
    assert not CHAPTER.complaints()
