"""Orthogonal polynomials and Legendre functions."""

import numpy as np
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

DEGREE = np.array([[0], [3]])
INSIDE = real(2, 3, low=-0.9, high=0.9)

CHAPTER = Chapter(
    "scipy.special.polynomials",
    library=special,
    elementwise="""
        eval_jacobi eval_gegenbauer eval_legendre eval_chebyt eval_chebyu eval_chebyc eval_chebys
        eval_sh_legendre eval_sh_chebyt eval_sh_chebyu eval_sh_jacobi eval_genlaguerre eval_laguerre
    """,
    calls=[
        *(call(f, DEGREE, real(2, 3)) for f in (special.eval_hermite, special.eval_hermitenorm)),
        *(call(f, DEGREE, INSIDE) for f in (special.eval_legendre, special.eval_chebyt, special.eval_chebyu)),
        call(special.eval_sh_jacobi, DEGREE, 2.5, 1.5, real(2, 3, low=0.1, high=0.9)),
        call(special.lpmv, np.array([[0], [2]]), 3.0, INSIDE),
        call(special.lpmv, np.array([[1], [-2]]), 2.5, INSIDE),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
