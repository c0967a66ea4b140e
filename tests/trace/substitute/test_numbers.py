"""Python's numbers, and objects that are arrays to NumPy, in functions that are differentiated."""

import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import wengert as wg
from wengert.testing import check

X = np.array([0.3, 0.7, 1.1])


def test_whole_numbers_of_math_are_pythons():
    def f(x):
        kinds = {type(g(x[2])) for g in (math.floor, math.ceil, math.trunc)}
        assert kinds == {int}
        return [x[0], x[1] ** 2][math.floor(x[2])] * len(range(math.ceil(x[2]))) * "abc".count("abc"[: math.trunc(x[2])])

    check(f, X)


def test_special_functions_of_math_import_scipy_when_they_meet_a_traced_value():
    program = """
import math, sys, wengert as wg
assert wg.grad(lambda x: math.gamma(4.0) * math.erf(0.0) + x)(1.0) == 1.0 and "scipy" not in sys.modules
print(round(wg.grad(lambda x: math.gamma(x))(2.0), 6), round(wg.hessian(lambda x: math.erf(x))(0.5), 6), "scipy" in sys.modules)
try:
    wg.grad(lambda x: math.gamma(x - 2.0))(2.0)
except ValueError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    first, second = run.stdout.splitlines()
    assert first == "0.422784 -0.878783 True", run.stderr
    with pytest.raises(ValueError, match="domain|integer") as plain:
        math.gamma(0.0)
    assert second == str(plain.value)


def test_ndenumerate():
    check(lambda x: sum((i + 2 * j + 1) * t**2 for (i, j), t in np.ndenumerate(np.outer(x, x))), X)
    assert list(wg.grad(lambda x: x * sum(t for _, t in np.ndenumerate(np.ones(3))))(1.0).shape) == []


class Sampled:
    def __init__(self, values):
        self.values = values


def test_objects_that_are_arrays_to_numpy():
    """Also those whose `__array__` makes one in the function that is differentiated, where np.asarray is ours."""

    def f(x):
        class Constant(Sampled):
            def __array__(self, dtype=None, copy=None):
                return np.asarray(self.values)

        constant = Constant([1.0, 2.0, 3.0])
        return np.sum(x**2 * np.asarray(constant)) + np.dot(x, constant) + np.sum(x * constant)

    check(f, X)


def test_an_object_that_is_an_array_may_hold_traced_values():
    def f(x):
        class Holder(Sampled):
            def __array__(self, dtype=None, copy=None):
                return np.array(self.values)

        return np.sum(np.asarray(Holder([x[0], x[1] ** 2])) ** 2)

    check(f, X)


# --- arrays made inside that hold no traced value -------------------------------------------------------------------------------


def test_arrays_made_inside_answer_as_plain_ones():
    def f(x):
        z = np.array([1.0, 2.0, 3.0])
        back = np.frombuffer(z.tobytes())
        z.put([0], 5.0)
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder) / "z.npy", z)
            np.savetxt(Path(folder) / "z.txt", z)
            return np.sum(np.load(Path(folder) / "z.npy") * x) + np.sum(np.loadtxt(Path(folder) / "z.txt") * x) + np.sum(back * x)

    np.testing.assert_allclose(wg.grad(f)(X), [11.0, 6.0, 9.0])


@pytest.mark.parametrize("name", ["data", "ctypes"])
def test_what_would_write_behind_our_back_is_refused(name):
    with pytest.raises(wg.errors.MissingAttributeError):
        wg.grad(lambda x: x * (getattr(np.zeros(2), name) is None))(1.0)
