"""The ufuncs of scipy.special, in the arguments that have a derivative in closed form: x before all, and elementary parameters.

    wg.grad(lambda x: np.sum(special.erf(x) * special.gammaln(x)))

They reach us by NumPy's protocol. The rows name SciPy's ufuncs themselves (`scipy.special._ufuncs`), since with
SCIPY_ARRAY_API=1 the public functions are wrappers of these. This package is imported when the first of them meets a tensor
(`declare.row_of`), so that importing wengert never imports SciPy. An argument without a partial says so when it is traced;
`not_yet.py` lists the functions without a row, and why.

Numbers are those of the Digital Library of Mathematical Functions (DLMF), https://dlmf.nist.gov.
"""

from wengert.rules.scipy.special import (
    bessel,
    elementary,
    elliptic,
    equations,
    gamma,
    hypergeometric,
    integrals,
    normal,
    not_yet,
    polynomials,
    statistics,
)

__all__ = [
    "bessel",
    "elementary",
    "elliptic",
    "equations",
    "gamma",
    "hypergeometric",
    "integrals",
    "normal",
    "not_yet",
    "polynomials",
    "statistics",
]
