"""What code finds out by asking which object it has, or of which class: what the plain run finds."""

import cmath
import math
from collections.abc import Iterable, Sized
from math import sin

import numpy as np
import pytest
from numpy import linalg as la

import wengert as wg
from wengert.testing import check

X = np.array([0.4, 0.8, 1.3])
AVERAGE = np.mean
TABLE = {math.sin: math.cos, np.zeros: 2.0, np.tanh: 3.0}
KINDS = {float: 1.0, int: 2.0}
WAVES = [math.sin, math.cos]
TYPES = [float, int]


class Options:
    dtype = float
    xp = np
    wave = math.sin


OPTIONS = Options()


def is_numpy(x, xp):
    return x.sum() if xp is np else 2 * x.sum()


def equals_numpy(x, xp):
    return x.sum() if xp == np else 2 * x.sum()


def is_among(x, xp):
    return x.sum() if xp in (np, math) else 2 * x.sum()


def is_float(x, dtype=float):
    return x.sum() if dtype is float else 2 * x.sum()


def is_average(x, how=AVERAGE):
    return how(x) if how is AVERAGE else 2 * how(x)


def is_sine(x, wave):
    return x.sum() if wave is sin else 2 * x.sum()


def is_linalg(x, library):
    return x.sum() if library is la else 2 * x.sum()


def with_keywords(x, *, xp=np, dtype=float):
    return x.sum() ** 2 if xp is np and dtype is float else x.sum()


def namespace(x):
    return np


def promoted(a, b):
    return b


def raised(call):
    try:
        call()
    except Exception as error:
        return type(error)
    return None


def of_class(x, dtype):
    return x.sum() if issubclass(dtype, float) and dtype.__name__ == "float" else 2 * x.sum()


def local_class(x):
    import math as m

    class Position:
        def __init__(self, value):
            self.value = float(value)

        def squared(self):
            return self.value**2 if isinstance(self.value, (float, int)) else m.sin(self.value)

    return Position(x[0]).squared()


SAME = {
    "a module that is handed on": lambda x: is_numpy(x, np),
    "a module by another name": lambda x: is_numpy(x, namespace(x)),
    "a module that a function returns": lambda x: x[0] ** 2 if namespace(x) is np else x[0],
    "a module that is equal": lambda x: equals_numpy(x, np),
    "a module among others": lambda x: is_among(x, np) + is_among(x, math),
    "a module in a module": lambda x: is_linalg(x, la) + is_linalg(x, np.linalg),
    "a type by default": lambda x: is_float(x),
    "a type that is handed on": lambda x: is_float(x, float) + is_float(x, complex),
    "a type that a function returns": lambda x: x.sum() if promoted(float, complex) is complex else 2 * x.sum(),
    "a type and its name": lambda x: of_class(x, float),
    "a function by default": lambda x: is_average(x),
    "a function that is handed on": lambda x: is_sine(x, sin) + is_sine(x, math.sin) + is_sine(x, math.cos),
    "keywords": lambda x: with_keywords(x) + with_keywords(x, xp=np) + with_keywords(x, dtype=float),
    "a function as a key": lambda x: x[0] * (2.0 if math.sin in TABLE else 3.0),
    "functions of NumPy as keys": lambda x: x[0] * TABLE.get(np.zeros, 5.0) * TABLE[np.tanh],
    "a function in a list": lambda x: x[0] ** 2 * (WAVES.index(math.cos) + 2),
    "a local name in a list": lambda x: x[0] ** 2 if (lambda wave: wave in WAVES)(math.sin) else x[0],
    "out of a dict": lambda x: x[0] ** 2 if {"a": np.zeros}["a"] is np.zeros else x[0],
    "an attribute: a type": lambda x: x[0] ** 2 if OPTIONS.dtype is float else x[0],
    "an attribute: a module": lambda x: x[0] ** 2 if OPTIONS.xp is np else x[0],
    "an attribute: a function": lambda x: x[0] ** 2 if OPTIONS.wave is math.sin else x[0],
    "an item: a type": lambda x: x[0] ** 2 if TYPES[0] is float else x[0],
    "the class of a float": lambda x: (lambda v: v**2 if type(v) is float else v)(float(x[0])),
    "the class of a float, the other way round": lambda x: (lambda v: v**2 if float is type(v) else v)(float(x[0])),
    "the class of a number of NumPy": lambda x: x[0] ** 2 if type(x[0]) is np.float64 else x[0],
    "the class of a number of NumPy, and a float": lambda x: float(x[0]) ** 2 if type(x[1]) is np.float64 else float(x[0]),
    "the class of no array, and a float": lambda x: float(x[0]) ** 2 if type(x[1]) is not np.ndarray else float(x[0]),
    "classes of two": lambda x: x[0] ** 2 if type(float(x[0])) is type(x[1] * 0 == 0.5 or 1.0) else x[1],
    "a class as a key": lambda x: x[0] * KINDS[type(float(x[0]))],
    "a class and what may be anything": lambda x: x[0] ** 2 if type(x[1]) is not OPTIONS.dtype else x[0],
    "float and isinstance in a local class": local_class,
    "names": lambda x: x[0] ** 2 if [float.__name__, np.zeros.__name__, float.__name__] == ["float", "zeros", "float"] else x[0],
    "dtypes": lambda x: x[0] ** 2 if x.dtype == float and np.dtype(float) is x.dtype else x[0],
    "math gives floats": lambda x: (lambda v: v**2 if type(v) is float and not hasattr(v, "dtype") else v)(math.sin(x[0])),
    "cmath gives complex": lambda x: abs(cmath.exp(x[0] * 1j) + x[1]) * (1.0 if type(cmath.sin(x[0] + 0j)) is complex else 2.0),
    "divmod gives floats": lambda x: (lambda v: v**2 if type(v) is float else v)(divmod(float(x[2]), 0.5)[1]),
    "roots of negative floats": lambda x: abs((-math.exp(x[0])) ** 0.5),
    "overflow of floats": lambda x: x[0] ** 2 if raised(lambda: math.exp(x[0]) ** 5000) is OverflowError else x[0],
    "division of floats": lambda x: (
        x[0] ** 2 if raised(lambda: 1.0 / (math.exp(x[0]) - math.exp(x[0]))) is ZeroDivisionError else x[0]
    ),
    "len of a number": lambda x: x[0] ** 2 if raised(lambda: len(x[0])) is TypeError else x[0],
    "items of a number": lambda x: x[0] ** 2 if raised(lambda: x[0][0]) is IndexError else x[0],
    "a number is no container": lambda x: x[0] ** 2 if not isinstance(x[0], Sized | Iterable) else x[0],
    "an array is one": lambda x: x[0] ** 2 if isinstance(x, Sized) and isinstance(x, Iterable) else x[0],
}


@pytest.mark.parametrize("f", SAME.values(), ids=SAME)
def test_the_run_goes_as_the_plain_one(f):
    value, _ = wg.value_and_grad(f)(X)
    assert value == f(X)
    check(f, X)


def test_where_a_type_is_compared_what_needs_its_stand_in_is_loud():
    def f(x, kind):
        return math.sqrt(float(x[0])) if kind is float else x[1]

    with pytest.raises(wg.errors.ConversionError):
        wg.grad(f)(X, float)
    assert wg.grad(f)(X, int)[1] == 1.0
    with pytest.raises(wg.errors.ConversionError):
        wg.grad(lambda x: x[0] if type(float(x[0])) is OPTIONS.dtype else x[1])(X)


def test_a_refused_attribute_is_remembered():
    def remembered(x):
        try:
            return {x.tobytes(): 1.0}[b""] * x[0]
        except AttributeError:
            return x[1]

    with pytest.raises(wg.errors.MissingAttributeError, match="tobytes"):
        wg.grad(remembered)(X)
