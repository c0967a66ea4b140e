"""Functions that are integrals."""

import numpy as np
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, positive, real

DIFFERENCES = (
    "jvp_matches_differences",
    "layouts_do_not_matter",
    "second_order",
    "broadcasts",
    "numbers_are_arrays_of_no_dimension",
)

CHAPTER = Chapter(
    "scipy.special.integrals",
    library=special,
    elementwise="""
        exp1 expi spence sici shichi fresnel modfresnelm modfresnelp
        itj0y0 iti0k0 itairy itstruve0 itmodstruve0 it2struve0 it2j0y0 it2i0k0 besselpoly
    """,
    calls=[
        # SciPy's own itairy has six digits: test_values.py has its derivative
        call(special.itairy, positive(2, 3)).but(auto=True, without=DIFFERENCES),
        call(special.expn, np.array([[0], [3]]), positive(2, 3)),
        call(special.spence, real(3, low=0.99, high=1.01)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
