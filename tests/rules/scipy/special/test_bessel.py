"""Bessel functions, their spherical and scaled kin, and Struve's."""

import numpy as np
import pytest
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, fixed, positive, real

import wengert as wg

POSITIVE = positive(2, 3)
SCALED = (special.jve, special.yve, special.ive)


def of_order(*functions):
    """Functions of an integer order."""
    return [call(f, np.array([[0], [3]]), POSITIVE) for f in functions]


CHAPTER = Chapter(
    "scipy.special.bessel",
    library=special,
    elementwise="""
        j0 j1 y0 y1 i0 i1 i0e i1e k0 k1 k0e k1e
        jv yv iv kv hankel1 hankel2 jve yve ive kve hankel1e hankel2e struve modstruve
    """,
    calls=[
        *of_order(special.yn, special.kn, special.jv, special.iv),
        *of_order(special._spherical_jn, special._spherical_yn, special._spherical_in, special._spherical_kn),
        *of_order(special._spherical_jn_d, special._spherical_yn_d, special._spherical_in_d, special._spherical_kn_d),
        # exp(-|Im x|) and exp(-|Re x|) are not holomorphic: test_scaled_bessel_functions_refuse_complex_numbers
        *(call(f, fixed(2, 3, low=0.2), POSITIVE).but(complex=False) for f in SCALED),
        call(special.i0e, real(3, low=-3.0, high=-0.2)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER


@pytest.mark.parametrize("f", SCALED)
def test_scaled_bessel_functions_refuse_complex_numbers(f):
    with pytest.raises(wg.errors.MissingRuleError, match="holomorphic"):
        wg.jvp(lambda z: f(1.0, z), (1 + 1j,), (1.0,))
