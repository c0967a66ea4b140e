"""Hypergeometric functions."""

from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, fixed, positive

POSITIVE = positive(2, 3)
LOGARITHMIC = [special.log_wright_bessel] if hasattr(special, "log_wright_bessel") else []

CHAPTER = Chapter(
    "scipy.special.hypergeometric",
    library=special,
    elementwise="""
        hyp0f1 hyp1f1 hyperu hyp2f1 wright_bessel
    """,
    calls=[
        # SciPy's own hyp1f1 never ends for huge arguments
        call(special.hyp1f1, fixed(2, 3, low=0.2), fixed(2, 3, low=0.2), POSITIVE).but(without=("no_number_raises",)),
        # near whole b, SciPy's own hyperu has eight digits
        call(special.hyperu, fixed(2, 3, low=0.2), fixed(2, 3, low=0.2, high=0.8), POSITIVE),
        *(call(f, fixed(2, 3, low=0.2), fixed(2, 3, low=0.2), POSITIVE) for f in LOGARITHMIC),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
