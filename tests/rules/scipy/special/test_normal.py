"""The error function, the normal distribution and their kin."""

from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
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


class TestRows(Proofs):
    chapter = CHAPTER
