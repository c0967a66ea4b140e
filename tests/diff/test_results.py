"""What f may return: numbers, arrays and containers of them. What cannot be read is refused, since its derivative would be lost."""

import collections
import fractions
import types
from dataclasses import dataclass

import numpy as np
import pytest

import wengert as wg
from wengert.errors import OutputError

X = np.array([1.0, 2.0])


class Result:
    def __init__(self, loss):
        self.loss = loss


class Slotted:
    __slots__ = ("loss",)

    def __init__(self, loss):
        self.loss = loss


@dataclass
class Known:
    loss: object
    name: str = "run"


def objects(*items):
    a = np.empty(len(items), object)
    for k, item in enumerate(items):
        a[k] = item
    return a


UNREADABLE = {
    "an instance": lambda x: Result(np.sum(x**2)),
    "an instance with slots": lambda x: Slotted(np.sum(x**2)),
    "an instance in a dict": lambda x: {"y": np.sum(x), "r": Result(np.sum(x**2))},
    "a namespace": lambda x: types.SimpleNamespace(loss=np.sum(x**2)),
    "values of a dict": lambda x: {"loss": np.sum(x**2)}.values(),
    "items of a dict": lambda x: {"loss": np.sum(x**2)}.items(),
    "a generator": lambda x: (a for a in [np.sum(x**2)]),
    "a map": lambda x: map(np.sum, [x**2]),
    "an iterator": lambda x: iter([np.sum(x**2)]),
    "an object array": lambda x: objects(np.sum(x**2), 1.0),
    "a set": lambda x: {1.0, 2.0},
    "a class of dict": lambda x: collections.UserDict(loss=np.sum(x**2)),
    "a function": lambda x: lambda: np.sum(x**2),
    "nothing": lambda x: None,
    "a string": lambda x: "a",
    "strings": lambda x: [x, np.array(["a"])],
    "a date": lambda x: [np.sum(x), np.datetime64("2000-01-01")],
    "a fraction": lambda x: [np.sum(x), fractions.Fraction(1, 2)],
}
TRANSFORMS = {
    "vjp": lambda f: wg.vjp(f, X),
    "jvp": lambda f: wg.jvp(f, (X,), (X,)),
    "linearize": lambda f: wg.linearize(f, X),
    "jacobian": lambda f: wg.jacobian(f)(X),
    "grad": lambda f: wg.grad(f)(X),
}
EACH = pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)


@EACH
@pytest.mark.parametrize("f", UNREADABLE.values(), ids=UNREADABLE)
def test_a_result_that_cannot_be_read_is_refused(transform, f):
    with pytest.raises(OutputError, match=r"(?s)<lambda> returned .*has_aux=True.*\[test_results.py:"):
        transform(f)


def test_the_message_says_where_it_lies():
    with pytest.raises(OutputError, match=r"what is not a number: the result\['r'\]\[1\] is of type Result.*register_pytree_node"):
        wg.vjp(lambda x: {"r": (x, Result(x))}, X)


def test_numbers_strings_and_none_in_containers_are_constants():
    f = lambda x: (x * 2.0, 3.0, "name", None, np.arange(2), True, 1j, b"raw", np.float32(1), Known(np.sum(x)), [])
    y, pull = wg.vjp(f, X)
    assert y[2] == "name" and y[9].name == "run"
    np.testing.assert_array_equal(pull((X, *[None] * 8, Known(3.0, None), []))[0], 2.0 * X + 3.0)
    for t in (wg.jvp(f, (X,), (X,))[1], wg.linearize(f, X)[1](X)):
        np.testing.assert_array_equal(t[0], 2.0 * X)
        assert t[1:4] == (0.0, None, None) and t[4].tolist() == [0, 0] and t[5:9] == (False, 0.0, None, 0.0)
        assert (t[9].loss, t[9].name, t[10]) == (3.0, None, [])


# --- auxiliary results ---------------------------------------------------------------------------------------------------------------

WITH_AUX = {
    "vjp": lambda f: wg.vjp(f, X, has_aux=True)[2],
    "jvp": lambda f: wg.jvp(f, (X,), (X,), has_aux=True)[2],
    "jacobian": lambda f: wg.jacobian(f, has_aux=True)(X)[1],
    "grad": lambda f: wg.grad(f, has_aux=True)(X)[1],
    "value_and_grad": lambda f: wg.value_and_grad(f, has_aux=True)(X)[0][1],
}
EACH_AUX = pytest.mark.parametrize("transform", WITH_AUX.values(), ids=WITH_AUX)


@EACH_AUX
@pytest.mark.parametrize(
    "aux",
    [
        lambda x: Result(x),
        lambda x: {"deep": [Result([x])]},
        lambda x: {1: x}.values(),
        lambda x: objects(1.0, x),
        lambda x: collections.UserDict(x=x),
    ],
    ids=["instance", "inside", "values", "object array", "class of dict"],
)
def test_auxiliary_results_whose_traced_values_cannot_be_taken_out_are_refused(transform, aux):
    with pytest.raises(OutputError, match=r"(?s)auxiliary .*<lambda> holds a traced value inside a.*dict, list.*test_results"):
        transform(lambda x: (np.sum(x), aux(x)))


@EACH_AUX
def test_any_other_object_is_handed_out(transform):
    known, stranger, text = Known(3), Result(X), objects("a", None)
    aux = transform(lambda x: (np.sum(x), [known, stranger, text, {1, 2}, np.sum, Known(x)]))
    assert aux[0] == known and aux[1] is stranger and aux[2] is text and aux[3] == {1, 2} and aux[4] is np.sum
    assert type(aux[5].loss) is np.ndarray
