"""Python's own special functions, by SciPy's: `math.erf`, `math.gamma` and their kin of traced values."""

import math

import scipy.special

from wengert.extend import twin

for of, ours in {
    math.erf: scipy.special.erf,
    math.erfc: scipy.special.erfc,
    math.gamma: scipy.special.gamma,
    math.lgamma: scipy.special.gammaln,
}.items():
    twin(of)(ours)
