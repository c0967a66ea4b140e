"""`np.emath`: roots, logarithms and powers that go on into the complex plane where the real ones end.

    np.emath.sqrt(x)        np.sqrt(x), of complex x where a real one is negative
"""

import numpy as np

from wengert.rules.declare import composite
from wengert.rules.row import joined
from wengert.rules.vocabulary import as_array, astype


def continued(x, ended):
    """x, complex if any real number in it is past the end of the real function."""
    x = as_array(joined(x))
    return astype(x, np.result_type(x, np.complex64)) if not np.iscomplexobj(x) and np.any(ended(x)) else x


def negative(x):
    return x < 0


def beyond_one(x):
    return np.abs(x) > 1


def log(x):
    return np.log(continued(x, negative))


def power(x, p):
    """Of whole numbers too, to negative powers."""
    p = as_array(joined(p))
    return np.power(continued(x, negative), p * 1.0 if p.dtype.kind in "iu" and np.any(p < 0) else p)


# fmt: off
composite(np.emath.sqrt,    lambda x: np.sqrt(continued(x, negative)))
composite(np.emath.log,     log)
composite(np.emath.log2,    lambda x: np.log2(continued(x, negative)))
composite(np.emath.log10,   lambda x: np.log10(continued(x, negative)))
composite(np.emath.logn,    lambda n, x: log(x) / log(n))
composite(np.emath.power,   power)
composite(np.emath.arccos,  lambda x: np.arccos(continued(x, beyond_one)))
composite(np.emath.arcsin,  lambda x: np.arcsin(continued(x, beyond_one)))
composite(np.emath.arctanh, lambda x: np.arctanh(continued(x, beyond_one)))
# fmt: on
