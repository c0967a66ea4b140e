"""What a function keeps of its values is plain afterwards, as a plain call leaves it."""

import bisect
import collections
import heapq
from typing import ClassVar

import numpy as np
import pytest

import wengert as wg

WAYS = {
    "grad": lambda f, x: wg.grad(f)(x),
    "value_and_grad": lambda f, x: wg.value_and_grad(f)(x),
    "vjp": lambda f, x: wg.vjp(f, x),
    "jvp": lambda f, x: wg.jvp(f, (x,), (x,)),
    "linearize": lambda f, x: wg.linearize(f, x),
    "jacobian": lambda f, x: wg.jacobian(f)(x),
    "hessian": lambda f, x: wg.hessian(f)(x),
    "hvp": lambda f, x: wg.hvp(f)(x, x),
    "debug": lambda f, x: debugged(f, x),
}


def debugged(f, x):
    with wg.debug():
        return wg.grad(f)(x)


LAST = None


def into_a_global(x):
    global LAST
    LAST = x**2
    return np.sum(x**3)


class Slotted:
    __slots__ = ("calls",)


class Net:
    """Keeps what it computes, in all the places that an object has."""

    shared: ClassVar = {}

    def __init__(self):
        self.history, self.table, self.inside = [], np.array([None, None]), Slotted()

    def __call__(self, x):
        loss = np.sum(x**3)
        self.hidden = x * 2.0
        self.part = self.hidden[1:]
        self.pair = (loss, ("and", x[0] * 1.0))
        self.inside.calls = [{"deep": loss}]
        self.history.append(loss)
        self.table[1] = loss
        self.buffer = np.zeros(2)
        self.buffer[0] = x[0]
        Net.shared["loss"] = loss
        return loss


def kinds(x):
    """The classes of a value, and of all that it holds."""
    if isinstance(x, dict):
        return {k: kinds(v) for k, v in x.items()}
    if isinstance(x, list | tuple) or (type(x) is np.ndarray and x.dtype == object):
        return type(x), [kinds(v) for v in x]
    return type(x)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_an_object_keeps_is_plain_afterwards(way):
    x, plain, traced = np.array([0.5, 1.5]), Net(), Net()
    plain(x)
    expected = dict(vars(plain), inside=plain.inside.calls, shared=dict(Net.shared))
    way(traced, x)
    found = dict(vars(traced), inside=traced.inside.calls, shared=Net.shared)
    assert repr(found) == repr(expected)
    assert kinds(found) == kinds(expected)
    assert type(traced.history[0]) is np.float64
    assert np.shares_memory(traced.part, traced.hidden)
    traced.part[0] = 7.0
    assert traced.hidden[1] == 7.0
    assert traced(x) == plain(x)  # in plain code, with what it keeps


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_is_kept_in_names_and_arguments_is_plain_afterwards(way):
    x, last, log = np.array([0.5, 1.5]), None, {"losses": collections.deque(maxlen=3)}

    def f(x):
        nonlocal last
        last = np.sin(x)
        log["losses"].append(np.sum(x))
        log["views"] = [last, last[::-1]]
        return np.sum(x**3)

    way(f, x)
    np.testing.assert_array_equal(last, np.sin(x))
    assert type(last) is np.ndarray
    assert np.shares_memory(*log["views"])
    assert [type(v) for v in log["losses"]] == [np.float64]
    way(into_a_global, x)
    np.testing.assert_array_equal(LAST, x**2)
    assert type(LAST) is np.ndarray
    memory = []
    wg.grad(lambda x, memory: memory.append(x[0]) or np.sum(x))(x, memory)
    assert memory == [0.5]


def test_what_a_result_holds_is_differentiated_though_an_object_keeps_it_too():
    class Model:
        def run(self, x):
            self.out = [x**2, np.sum(x)]
            return self.out

    x, model = np.array([0.5, 1.5]), Model()
    squares, total = wg.jacobian(model.run)(x)
    np.testing.assert_array_equal(squares, np.diag(2.0 * x))
    np.testing.assert_array_equal(total, np.ones(2))
    assert type(model.out[0]) is np.ndarray


def test_a_pullback_does_not_read_what_is_written_into_what_was_kept():
    kept = []

    def f(x):
        kept.append(np.exp(x))
        return np.sum(kept[-1] ** 2)

    x = np.array([0.5, 1.5])
    _, pull = wg.vjp(f, x)
    kept[0][:] = 0.0
    np.testing.assert_allclose(pull(1.0)[0], 2.0 * np.exp(2.0 * x), rtol=1e-12)


def test_what_an_inner_call_keeps_is_traced_by_the_outer():
    kept = []

    def outer(p):
        kept.clear()
        inner = wg.grad(lambda x: kept.append(x * p) or np.sum(x * p))(np.ones(2))
        return np.sum(inner) + np.sum(kept[0] ** 2)

    assert wg.grad(outer)(3.0) == 2.0 + 12.0
    np.testing.assert_array_equal(kept[0], [3.0, 3.0])
    assert type(kept[0]) is np.ndarray


def test_a_value_kept_from_the_call_before_is_a_constant_of_the_next():
    state = {"last": 1.0}

    def f(x):
        y = x * state["last"]
        state["last"] = x * 1.0
        return y

    slopes = [float(wg.grad(f)(x)) for x in (2.0, 3.0, 4.0)]
    assert slopes == [1.0, 2.0, 3.0]


def test_a_long_history_is_not_gone_through_again():
    history = [0.0] * 100_000

    def f(x):
        history.append(x * 2.0)
        return x * x

    assert wg.grad(f)(3.0) == 6.0
    assert history[-1] == 6.0


class Particle:
    speed = 0.0

    def push(self, a):
        self.speed = self.speed + a


class Holder:
    """Data, and no methods."""

    last = None


PARTICLES, HEAP, SORTED, SEEN = (Particle(), Particle()), [], [9.0], []
CALLBACKS = {"log": SEEN.append}


def through_others(x):
    for particle, a in zip(PARTICLES, x, strict=True):
        particle.push(a)
    heapq.heappush(HEAP, x[0])
    bisect.insort(SORTED, x[1])
    CALLBACKS["log"](x[0])
    history = PARTICLES[0].__dict__.setdefault("history", [])
    history.append(x[1])
    setattr(PARTICLES[1], "named", x[0])  # noqa: B010
    Holder.last = x * 2.0
    return np.sum(x**2)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_others_keep_for_a_function_is_plain_afterwards(way):
    way(through_others, np.array([0.5, 1.5]))
    kept = (PARTICLES[0].speed, PARTICLES[1].speed, HEAP[0], SORTED[0], SEEN[-1], PARTICLES[0].history[-1], PARTICLES[1].named)
    assert {type(v) for v in kept} == {np.float64}
    assert type(Holder.last) is np.ndarray
    HEAP.clear(), SEEN.clear()
    SORTED[:] = [9.0]


class Net2:
    def __init__(self):
        self.layers = [Particle(), Particle()]

    def loss(self, x):
        for layer in self.layers:
            layer.push(x[0])
        return self.layers[0].speed * x[1]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_the_parts_of_an_object_keep_is_plain_afterwards(way):
    net, x = Net2(), np.array([0.5, 1.5])
    way(net.loss, x)
    assert [type(layer.speed) for layer in net.layers] == [np.float64] * 2
    assert net.loss(x) == net.layers[0].speed * 1.5


TABLE = np.full((2, 2), None)
TABLES = {"in a dictionary": np.full(2, None)}


def into_tables(x):
    for i in range(2):
        TABLE[i, 0] = x[i] * 2.0
        TABLE[i][1] = x[i] * 3.0
    TABLES["in a dictionary"][0] = x[0] * 2.0
    return np.sum(x**2)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_is_kept_in_arrays_of_objects_is_plain_afterwards(way):
    way(into_tables, np.array([0.5, 1.5]))
    assert {type(v) for v in TABLE.ravel()} == {np.float64}
    assert type(TABLES["in a dictionary"][0]) is np.float64


def test_an_error_of_the_functions_own_is_what_comes_out():
    class Once(dict):
        def __setitem__(self, key, value):
            if key in self:
                raise TypeError("written once")
            super().__setitem__(key, value)

    once = Once()

    def f(x):
        once["x"] = x * 2.0
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        wg.grad(f)(3.0)
