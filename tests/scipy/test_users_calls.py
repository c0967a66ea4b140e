"""The user's own calls of SciPy reach the twins, however they are spelled."""

import math

import numpy as np
import pytest
import scipy
import scipy.linalg
import scipy.special as sp
from scipy.special import logsumexp as lse

import wengert as wg
from wengert.testing import check

X = np.array([0.3, 0.7, 1.1])


def local(x):
    from scipy.special import softmax

    return softmax(x)


PROGRAMS = {
    "by name": lambda x: lse(x),
    "by a module": lambda x: sp.logsumexp(x) + sp.erf(x[0]),
    "by modules": lambda x: scipy.special.logsumexp(x, b=[1.0, 2.0, 3.0]),
    "by a local import": local,
    "math.erf and kin": lambda x: math.erf(x[0]) * math.erfc(x[1]) + math.gamma(x[2]) * math.lgamma(x[0]),
}


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
def test_they_are_differentiated(f):
    check(f, X)


def test_what_has_no_twin_is_loud():
    with pytest.raises(wg.errors.WengertError):
        wg.grad(lambda x: np.sum(scipy.linalg.expm(x[:, None] * X)))(X)
