"""The ufuncs of scipy.special, in the arguments that have simple derivatives."""

import numpy as np
import pytest
import scipy.special
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter
from tests.rules.laws import prove
from tests.rules.samples import call, fixed, positive, real

import wengert as wg

POSITIVE, INSIDE = positive(2, 3), real(2, 3, low=-0.9, high=0.9)
ORDER = np.array([[0], [3]])
SCALED = (special.jve, special.yve, special.ive)


def of_order(*functions, x=POSITIVE):
    """Functions of an integer order."""
    return [call(f, ORDER, x) for f in functions]


CHAPTER = Chapter(
    "scipy.special",
    library=special,
    elementwise="""
        erf erfc erfi erfcx dawsn wofz erfinv erfcinv ndtr log_ndtr ndtri ndtri_exp owens_t
        expit logit log_expit xlogy xlog1py entr rel_entr kl_div huber pseudo_huber expm1 log1p exp2 exp10 cbrt cosm1 exprel
        powm1 boxcox boxcox1p inv_boxcox inv_boxcox1p sindg cosdg tandg cotdg radian wrightomega round gammasgn
        gammaln loggamma gamma rgamma psi _zeta beta betaln binom poch
        gammainc gammaincc gammaincinv gammainccinv betainc betaincc betaincinv betainccinv
        chdtr chdtrc gdtr gdtrc pdtr pdtrc stdtr stdtrit
        j0 j1 y0 y1 i0 i1 i0e i1e k0 k1 k0e k1e
        jv yv iv kv hankel1 hankel2 jve yve ive kve hankel1e hankel2e struve modstruve
        ber bei ker kei berp beip kerp keip exp1 expi spence ellipk ellipe ellipkinc ellipeinc
        hyp0f1 hyp1f1 hyperu hyp2f1 wright_bessel
        eval_jacobi eval_gegenbauer eval_legendre eval_chebyt eval_chebyu eval_chebyc eval_chebys
        eval_sh_legendre eval_sh_chebyt eval_sh_chebyu eval_genlaguerre eval_laguerre
    """,
    calls=[
        *of_order(special.yn, special.kn, special.expn, special.eval_hermite, special.eval_hermitenorm),
        *of_order(special._spherical_jn, special._spherical_yn, special._spherical_in, special._spherical_kn),
        *of_order(special._spherical_jn_d, special._spherical_yn_d, special._spherical_in_d, special._spherical_kn_d),
        *of_order(special.eval_legendre, special.eval_chebyt, special.eval_chebyu, x=INSIDE),
        *of_order(special.jv, special.iv),
        # exp(-|Im x|) and exp(-|Re x|) are not holomorphic: test_scaled_bessel_functions_refuse_complex_numbers
        *(call(f, fixed(2, 3, low=0.2), POSITIVE).but(complex=False) for f in SCALED),
        # SciPy's own hyp1f1 never ends for huge arguments
        call(special.hyp1f1, fixed(2, 3, low=0.2), fixed(2, 3, low=0.2), POSITIVE).but(without=("no_number_raises",)),
        # near whole b, SciPy's own hyperu has eight digits
        call(special.hyperu, fixed(2, 3, low=0.2), fixed(2, 3, low=0.2, high=0.8), POSITIVE),
        call(special._lambertw, POSITIVE, 0, 1e-8),
        call(special.sici, POSITIVE),
        call(special.shichi, POSITIVE),
        call(special.fresnel, POSITIVE),
        call(special.airy, POSITIVE),
        call(special.airy, real(2, 3, low=-3.0, high=-0.2)),
        call(special.ellipj, POSITIVE, 0.3),
        # where the domain's other side is another formula
        call(special.gamma, real(3, low=-0.9, high=-0.1)),
        call(special.gammaln, real(3, low=-0.9, high=-0.1)),
        call(special.psi, real(3, low=-0.9, high=-0.1)),
        call(special.log_ndtr, real(3, low=-30.0, high=-20.0)),
        call(special.erfcx, real(3, low=26.0, high=40.0)),
        call(special.dawsn, real(3, low=26.0, high=40.0)),
        call(special.huber, real(3, low=1.2, high=3.0), real(3, low=-1.0, high=1.0)),
        call(special.spence, real(3, low=0.99, high=1.01)),
        call(special.i0e, real(3, low=-3.0, high=-0.2)),
        call(special.wrightomega, real(3, low=-9.0, high=-3.0)),
    ],
    also=[
        call(f, np.array([0, 2, 3]), positive(3), derivative=True) for f in (scipy.special.spherical_jn, scipy.special.spherical_yn)
    ],
)


@pytest.mark.parametrize(("law", "sample"), CHAPTER.proofs())
def test_law(law, sample):
    prove(law, sample)


def test_every_row_is_proved_and_stands_in_its_chapter():
    assert not CHAPTER.complaints()


@pytest.mark.parametrize("f", SCALED)
def test_scaled_bessel_functions_refuse_complex_numbers(f):
    with pytest.raises(wg.errors.MissingRuleError, match="holomorphic"):
        wg.jvp(lambda z: f(1.0, z), (1 + 1j,), (1.0,))
