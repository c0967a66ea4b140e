"""wengert.numpy is NumPy, but for what takes traced values."""

import numpy
import pytest

import wengert as wg
import wengert.numpy as np
from wengert.testing import check

TABLE = {}


def filled(x):
    z = np.zeros(2)
    z[0] = x[1]
    return np.sum(np.array([z[0], x[0] * z[0]])) + np.linalg.norm(z)


TABLE["filled"] = filled


def test_it_serves_where_substitution_does_not_reach():
    check(lambda x: TABLE["filled"](x), numpy.array([0.5, 2.0]))
    assert filled(numpy.array([0.5, 2.0])) == 5.0


def test_it_serves_define_by_run():
    with wg.Tape() as tape:
        x = tape.watch(numpy.array([3.0, 2.0]))
        z = np.zeros(2)
        v = z[1:]
        v[0] = x[0] * x[1]
        y = np.sum(z**2)
    numpy.testing.assert_array_equal(tape.gradient(y, x), [24.0, 36.0])


def test_what_holds_no_tensor_has_derivative_zero():
    with wg.Tape() as tape:
        x = tape.watch(2.0)
        z = np.zeros(2)
    assert tape.gradient(z, x, seeds=numpy.ones(2)) == 0.0
    z.backward(numpy.ones(2))
    assert x.grad is None


def test_all_else_is_numpys():
    assert np.sin == numpy.sin and isinstance(np.sin, numpy.ufunc) and np.float64 is numpy.float64 and np.pi == numpy.pi
    assert set(dir(numpy)) <= set(dir(np)) | {"__getattr__"}
    with pytest.raises(AttributeError):
        np.no_such_name  # noqa: B018
    assert type(np.zeros(2)) is numpy.ndarray
