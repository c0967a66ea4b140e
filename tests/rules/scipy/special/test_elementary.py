"""Logistic functions, entropies, powers and trigonometry in degrees."""

from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, positive, real

CHAPTER = Chapter(
    "scipy.special.elementary",
    library=special,
    elementwise="""
        expit logit log_expit xlogy xlog1py entr rel_entr kl_div huber pseudo_huber expm1 log1p _log1pmx exp2 exp10 cbrt cosm1 exprel
        powm1 boxcox boxcox1p inv_boxcox inv_boxcox1p sindg cosdg tandg cotdg radian wrightomega round
    """,
    calls=[
        call(special._lambertw, positive(2, 3), 0, 1e-8),
        # where the domain's other side is another formula
        call(special.huber, real(3, low=1.2, high=3.0), real(3, low=-1.0, high=1.0)),
        call(special.wrightomega, real(3, low=-9.0, high=-3.0)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
