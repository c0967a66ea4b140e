"""Hypergeometric functions (DLMF 13, 15, 16, 10.46), in the argument x; parameters have no partial yet.

    elementwise(special.hyp1f1, None, None, lambda y, a, b, x: a / b * special.hyp1f1(a + 1.0, b + 1.0, x))
"""

import numpy as np
from scipy.special import _ufuncs as special

from wengert.rules.declare import elementwise
from wengert.rules.scipy.special._shared import POSITIVE, SMALL

# fmt: off
elementwise(special.hyp0f1,    None,             lambda y, b, x: special.hyp0f1(b + 1.0, x) / b,                            domain=POSITIVE)   # 16.3.1
elementwise(special.hyp1f1,    None, None,       lambda y, a, b, x: a / b * special.hyp1f1(a + 1.0, b + 1.0, x),            domain=POSITIVE)   # 13.3.15
elementwise(special.hyperu,    None, None,       lambda y, a, b, x: -a * special.hyperu(a + 1.0, b + 1.0, x),               domain=POSITIVE)   # 13.3.22
elementwise(special.hyp2f1,    None, None, None, lambda y, a, b, c, x: a * b / c * special.hyp2f1(a + 1.0, b + 1.0, c + 1.0, x),
                               domain=(POSITIVE, POSITIVE, POSITIVE, SMALL))                                            # 15.5.1
elementwise(special.wright_bessel, None, None,   lambda y, a, b, x: special.wright_bessel(a, b + a, x),                     domain=POSITIVE)   # 10.46.1
if hasattr(special, "log_wright_bessel"):  # SciPy 1.14
    elementwise(special.log_wright_bessel, None, None, lambda y, a, b, x: np.exp(special.log_wright_bessel(a, b + a, x) - y),  domain=POSITIVE)
# fmt: on
