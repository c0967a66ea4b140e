"""scipy.special with derivatives: its ufuncs as they are, and twins of the Python functions that would ask for plain arrays.

    from wengert.scipy import special
    wg.grad(special.logsumexp)(np.array([1000.0, 0.0]))        [1, 0]

Everything of scipy.special is here under its name. Without traced arguments a twin is SciPy's own function.
"""

import numpy as np
import scipy.special
from scipy.special import *  # noqa: F403
from scipy.special import _ufuncs

import wengert.scipy.special._math  # noqa: F401 (declares twins)
from wengert.extend import twin
from wengert.scipy.special._bessel import *  # noqa: F403
from wengert.scipy.special._counting import *  # noqa: F403
from wengert.scipy.special._legendre import *  # noqa: F403
from wengert.scipy.special._sums import *  # noqa: F403

__all__ = list(scipy.special.__all__)

# With SCIPY_ARRAY_API=1 the public functions are wrappers of the ufuncs, and ask for plain arrays.
UFUNCS = {name: f for name in __all__ if isinstance(f := getattr(_ufuncs, name, None), np.ufunc)}
globals().update(UFUNCS)
for public, ufunc in {getattr(scipy.special, name): f for name, f in UFUNCS.items()}.items():
    if public is not ufunc:
        twin(public)(ufunc)
