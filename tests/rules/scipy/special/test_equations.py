"""Functions that come with their derivative."""

import numpy as np
import pytest
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, positive, real

import wengert as wg

POSITIVE, SMALL, LARGE = positive(2, 3), real(2, 3, low=-0.9, high=0.9), real(2, 3, low=1.2, high=3.0)
ORDER = np.array([[1], [2]])  # arrays: with numbers and float32, SciPy's own spheroidal functions never end
MATHIEU = (special.mathieu_cem, special.mathieu_sem)
MODIFIED = (special.mathieu_modcem1, special.mathieu_modcem2, special.mathieu_modsem1, special.mathieu_modsem2)
PROLATE, OBLATE = special.pro_cv(ORDER, 3, 1.5), special.obl_cv(ORDER, 3, 1.5)  # the characteristic values
DIFFERENCES = ("jvp_matches_differences", "layouts_do_not_matter", "second_order")

CHAPTER = Chapter(
    "scipy.special.equations",
    library=special,
    elementwise="""
        airy kelvin ber bei ker kei berp beip kerp keip pbdv pbvv pbwa
    """,
    calls=[
        call(special.airy, real(2, 3, low=-3.0, high=-0.2)),
        # exp(-|Re z|) is not holomorphic: test_scaled_airy_functions_refuse_complex_numbers
        call(special.airye, POSITIVE).but(auto=True, complex=False),
        call(special.airye, real(2, 3, low=-3.0, high=-0.2), then=lambda y: y[2:]).but(
            complex=False, without=("rows_are_adjoint",)
        ),  # Ai is NaN
        *(call(f, ORDER, 1.5, real(2, 3)) for f in MATHIEU),
        *(call(f, ORDER, 1.5, real(2, 3, low=0.2, high=1.5)) for f in MODIFIED),
        *(call(f, ORDER, 3, 1.5, SMALL) for f in (special.pro_ang1, special.obl_ang1)),
        *(call(f, ORDER, 3, 1.5, LARGE) for f in (special.pro_rad1, special.obl_rad1)),
        call(special.pro_ang1_cv, ORDER, 3, 1.5, PROLATE, SMALL),
        call(special.obl_ang1_cv, ORDER, 3, 1.5, OBLATE, SMALL),
        call(special.pro_rad1_cv, ORDER, 3, 1.5, PROLATE, LARGE),
        call(special.obl_rad1_cv, ORDER, 3, 1.5, OBLATE, LARGE),
        # SciPy's own have two to six digits: test_values.py has their derivatives
        *(call(f, ORDER, 3, 1.5, LARGE).but(without=DIFFERENCES) for f in (special.pro_rad2, special.obl_rad2)),
        call(special.pro_rad2_cv, ORDER, 3, 1.5, PROLATE, LARGE).but(without=DIFFERENCES),
        call(special.obl_rad2_cv, ORDER, 3, 1.5, OBLATE, LARGE).but(without=DIFFERENCES),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER


def test_scaled_airy_functions_refuse_complex_numbers():
    with pytest.raises(wg.errors.MissingRuleError, match="holomorphic"):
        wg.jvp(special.airye, (1 + 1j,), (1.0,))


@pytest.mark.parametrize("derivative", [wg.grad, wg.derivative])
def test_a_result_that_is_not_used_spoils_nothing(derivative):
    """Bi and its derivative are infinite at 200, where Ai is 0."""
    assert derivative(lambda x: special.airy(x)[0])(200.0) == 0.0
    assert derivative(derivative(lambda x: special.airy(x)[0]))(200.0) == 0.0
