"""NumPy's functions take lists of traced numbers and arrays, and are else what they are."""

import pickle

import numpy as np
import pytest
from numpy import linalg
from numpy import mean as average

import wengert as wg
from wengert.errors import ConversionError
from wengert.testing import check
from wengert.trace.substitute.lists import WAYS

X = np.array([0.3, 0.7, 1.1])
NAMED = {np.sin: 1.0, np.sum: 2.0}

PROGRAMS = {
    "np.mean": lambda x: np.mean([t**2 for t in x]),
    "a name for it": lambda x: average([x[0], x[1] ** 2]),
    "np.sum along an axis": lambda x: np.sum(np.sum([x, x**2], axis=0) ** 2),
    "np.sum of keywords": lambda x: np.sum(a=[x[0], 2.0]) ** 2,
    "np.max": lambda x: np.max([x[0], x[2] ** 2]),
    "np.prod of arrays": lambda x: np.sum(np.prod([x, x**2, [1.0, x[0], 2.0]], axis=0)),
    "np.std": lambda x: np.std([x[0], x[1] ** 2, 2.0]),
    "np.sqrt": lambda x: np.sum(np.sqrt([x[0], x[1] * x[2]])),
    "np.maximum": lambda x: np.sum(np.maximum([x[0], x[1]], (0.5, x[2]))),
    "np.exp of rows": lambda x: np.sum(np.exp([[x[0], 1.0], [x[1], x[2]]])),
    "np.add.reduce": lambda x: np.add.reduce([x[0], x[1] ** 2]),
    "np.logaddexp.accumulate": lambda x: np.sum(np.logaddexp.accumulate([x[0], x[1], x[2]]) ** 2),
    "np.multiply.outer": lambda x: np.sum(np.multiply.outer([x[0], x[1]], [1.0, x[2]])),
    "np.linalg.norm": lambda x: np.linalg.norm([x[0], x[1], 2.0]),
    "np.linalg by its own name": lambda x: linalg.det([[x[0], x[1]], [1.0, x[2]]]),
    "np.linalg.solve": lambda x: np.sum(np.linalg.solve([[x[0], 1.0], [-1.0, x[1]]], [1.0, x[2]])),
    "np.fft.rfft": lambda x: np.abs(np.fft.rfft([x[0], x[1], 1.0])[1]),
    "np.dot": lambda x: np.dot([x[0], x[1]], [x[1], 3.0]),
    "np.einsum": lambda x: np.einsum("i,ij->", [x[0], x[1]], [[1.0, x[2]], [2.0, 3.0]]),
    "np.cross": lambda x: np.sum(np.cross([x[0], x[1], 1.0], [x[2], 1.0, x[0]]) ** 2),
    "np.diag, written": lambda x: diagonal_written(np.diag([x[0], 1.0]), x),
    "np.cumsum, written": lambda x: diagonal_written(np.reshape(np.cumsum([x[0], x[1], 1.0, 2.0]), (2, 2)), x),
    "np.where": lambda x: np.sum(np.where([True, False], [x[0], x[1]], (x[2], x[2] ** 2))),
    "np.interp": lambda x: np.interp(0.4, [0.0, x[1]], [x[0], x[2]]),
    "np.polyval": lambda x: np.polyval([x[0], x[1], 1.0], x[2]),
    "np.bincount": lambda x: np.sum(np.bincount([0, 1, 0], weights=[x[0], x[1], x[2]]) ** 2),
    "np.clip": lambda x: np.sum(np.clip([x[0], x[2]], 0.2, [1.0, 1.0])),
    "np.concatenate of lists": lambda x: np.sum(np.concatenate([[x[0], x[1] ** 2], np.ones(2), (x[2],)]) ** 2),
    "np.stack of lists": lambda x: np.sum(np.stack(([x[0], 1.0], [x[1], x[2]]), axis=1)[0] ** 2),
    "np.hstack of arrays": lambda x: np.sum(np.hstack([x, x[:1] ** 2]) ** 2),
    "np.vstack of lists": lambda x: np.linalg.det(np.vstack([[x[0], 1.0], [x[1], x[2]]])),
    "np.block": lambda x: np.sum(np.block([[np.outer(x, x), np.ones((3, 1))], [x, 1.0]]) ** 2),
    "np.select": lambda x: np.sum(np.select([x > 1.0, x > 0.5], [x**2, [x[0], x[1], 1.0]], x)),
    "np.linalg.multi_dot": lambda x: np.sum(
        np.linalg.multi_dot([np.outer(x, x), [[1.0, x[0]], [x[1], 2.0], [0.0, 1.0]], np.ones(2)])
    ),
    "np.histogramdd with weights": lambda x: np.sum(np.histogramdd([[0.1, 0.6], [0.2, 0.7]], bins=2, weights=[x[0], x[1]])[0] ** 2),
    "np.histogramdd of coordinates": lambda x: np.sum(x * np.histogramdd([x[:2], [x[2], 0.1]], bins=3)[0][0]),
    "np.argsort": lambda x: np.sum(x[np.argsort([x[2], x[0], x[1]])] * X),
    "np.ndim and np.shape": lambda x: x[0] * np.ndim([x[0]]) + x[1] * np.shape([x, x])[1],
    "what compares itself": lambda x: (
        x[0] ** 2 if np.sin in NAMED and NAMED[np.sum] == 2.0 and isinstance(np.exp, np.ufunc) else x[1]
    ),
    "what `is` itself": lambda x: chosen(x) + chosen(x, np.linalg.norm) + chosen(x, np.zeros),
}


def diagonal_written(a, x):
    a[0, 0] *= x[1]
    return np.sum(a**2)


def chosen(x, function=np.tanh):
    if function is np.tanh:
        return x[0] ** 2
    if np.linalg.norm is function:
        return x[1] ** 2
    return x[2] ** 3 if function is np.zeros else x[0]


@pytest.mark.parametrize("f", PROGRAMS.values(), ids=PROGRAMS)
def test_lists_of_traced_values_are_arrays_to_numpy(f):
    check(f, X)


@pytest.mark.parametrize("f", [f for f in WAYS if f not in (np.block, np.histogramdd)], ids=lambda f: f.__name__)
def test_functions_of_lists_of_arrays_are_those_whose_items_numpy_asks(f):
    class Asked(Exception):
        pass

    class Item:
        def __array_function__(self, *args):
            raise Asked

    arguments = {np.choose: (np.array([0]), [Item()]), np.select: ([True], [Item()])}
    with pytest.raises(Asked):
        f(*arguments.get(f, ((Item(), Item()),)))


def test_what_is_handed_out_is_the_real_thing():
    kept = []

    def f(x):
        kept.append(np.exp)
        return np.sum([x, x]), [np.sum, np.sin, np.zeros]

    gradient, aux = wg.grad(f, has_aux=True)(1.0)
    assert gradient == 2.0 and aux[0] is np.sum and aux[1] is np.sin and aux[2] is np.zeros
    assert pickle.loads(pickle.dumps(kept[0])) is np.exp and kept[0](0.0) == 1.0 and repr(kept[0]) == repr(np.exp)


def test_they_are_nothing_to_tell_of():
    assert "np.sum" not in str(wg.explain(lambda x: np.sum([x, x]) * np.zeros(2)[0]))


def test_out_of_reach_they_are_loud():
    with pytest.raises(ConversionError):
        wg.grad(lambda x: TABLE["mean"]([x, 1.0]))(1.0)


TABLE = {"mean": np.mean}
