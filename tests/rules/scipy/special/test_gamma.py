"""Gamma, beta and psi functions, their incomplete integrals and inverses."""

import numpy as np
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, positive, real

LEFT = real(3, low=-0.9, high=-0.1)

CHAPTER = Chapter(
    "scipy.special.gamma",
    library=special,
    elementwise="""
        gammaln loggamma gamma rgamma psi _zeta beta betaln binom poch gammasgn
        _igam_fac gammainc gammaincc gammaincinv gammainccinv betainc betaincc betaincinv betainccinv
    """,
    calls=[
        # where the domain's other side is another formula
        call(special.gamma, LEFT),
        call(special.gammaln, LEFT),
        call(special.psi, LEFT),
        call(special.rgamma, LEFT),
        call(special.poch, real(3, low=-0.9, high=-0.5), real(3, low=-0.4, high=0.4)),
        call(special.poch, real(3, low=-0.9, high=-0.5), positive(3)),
        call(special.betaln, real(3, low=20.0, high=30.0), positive(3)),
        call(special.gammainc, np.array([[15.0], [40.0]]), real(2, 3, low=10.0, high=50.0)),
        call(special.betainc, np.array([[15.0], [40.0]]), 30.0, real(2, 3, low=0.2, high=0.8)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
