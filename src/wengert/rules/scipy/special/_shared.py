"""What the chapters of scipy.special share: constants, the intervals that operands are drawn from, and questions about operands."""

import math

import numpy as np

from wengert.errors import MissingRuleError, user_line
from wengert.rules.vocabulary import astype

ROOT_PI, ROOT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)
POSITIVE, UNIT, SMALL, LARGE = (0.2, 3.0), (0.1, 0.9), (-0.9, 0.9), (1.5, 4.0)


def is_complex(x):
    return isinstance(x, complex) or (hasattr(x, "dtype") and x.dtype.kind == "c")


def real(x, names):
    """x, if it is real: functions with a factor exp(-|Re x|) or exp(-|Im x|) are not holomorphic."""
    if is_complex(x):
        raise MissingRuleError(
            f"scipy.special.{names} has no derivative for complex x: its factor exp(-|...|) is not holomorphic. Take the function"
            " without that factor." + user_line()
        )
    return x


def sine(x):
    """sin(pi x), with its zeros at the whole numbers."""
    n = np.round(np.real(x))
    y = np.sin(math.pi * (x - n))
    return np.where(n % 2 == 0, y, -y)


def cosine(x):
    """cos(pi x)."""
    n = np.round(np.real(x))
    y = np.cos(math.pi * (x - n))
    return np.where(n % 2 == 0, y, -y)


def series(coefficients, q):
    """c0 q + c1 q**2 + c2 q**3 + ..."""
    total = 0.0
    for c in reversed(coefficients):
        total = (total + c) * q
    return total


def narrow(a, like):
    """a in the dtype of like, for functions that compute in a wider one."""
    return a if a.dtype == like.dtype else astype(a, like.dtype)
