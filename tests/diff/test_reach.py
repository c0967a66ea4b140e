"""A function that is asked for its answer alone leaves everything as one call does."""

import bisect
import collections
import heapq
import io
import itertools
import logging
import random
import types
import weakref
from typing import ClassVar

import numpy as np
import pytest

import wengert as wg
from wengert.diff.reach import Kept

LOG: list = []
COUNT = 0
SETTINGS = {"seen": 0, "order": collections.deque([1, 2, 3])}
TABLE = np.ones(2)
RNG = np.random.default_rng(7)
BEST = types.SimpleNamespace(value=-np.inf, at=None)


def counted(x):
    global COUNT
    COUNT += 1
    return COUNT


def logged(x):
    LOG.append(len(LOG))
    SETTINGS["seen"] += 1
    SETTINGS["order"].rotate(1)
    SETTINGS[f"entry {len(SETTINGS)}"] = {1}
    return len(LOG)


def tabulated(x):
    TABLE[:] *= 2.0
    return TABLE[0]


def drawn(x):
    return RNG.normal() + np.random.rand() + random.random()  # noqa: NPY002


def improved(x):
    if x[0] > BEST.value:
        BEST.value = float(x[0] > -1.0)
        BEST.at = (BEST.at or 0) + 1
    return 1.0


class Model:
    total = 0
    runs: ClassVar = []

    def __init__(self):
        self.calls = 0
        self.weights = np.ones(3)
        self.state = {"history": [1]}

    def loss(self, x):
        self.calls += 1
        self.weights *= 2.0
        self.state["history"].append(self.calls)
        self.extra = self.calls
        Model.total += 1
        Model.runs.append(self.calls)
        return np.sum(np.sign(x)) * self.weights[0] if np.all(x > 0) else 1.0


class Slotted:
    __slots__ = ("calls",)

    def __init__(self):
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        return np.sum(np.floor(x)) + (1.0 if x[0] > 0 else 0.0)


def closed_over():
    calls, kept = 0, []

    def f(x):
        nonlocal calls
        calls += 1
        kept.append(calls)
        f.calls = calls
        return calls + len(kept)

    return f


def stated():
    """All that these functions keep."""
    names = ("COUNT", "LOG", "SETTINGS", "TABLE", "BEST")
    return repr([globals()[name] for name in names]), RNG.bit_generator.state, np.random.get_state()[2], random.getstate()  # noqa: NPY002


@pytest.mark.parametrize("keep", [counted, logged, tabulated, drawn, improved])
def test_what_is_known_by_name_is_put_back(keep):
    def f(x):
        size = np.sum(np.floor(x)) if x[0] < 9 else 0.0  # nothing leads from x, and its value was asked for
        return size + keep(x)

    def as_after_one(run):
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        before = np.copy(TABLE), RNG.bit_generator.state
        LOG[:], SETTINGS["seen"], BEST.value, BEST.at = [], 0, -np.inf, None
        globals()["COUNT"] = 0
        run()
        found = stated()
        TABLE[:], RNG.bit_generator.state = before
        for name in list(SETTINGS)[2:]:
            del SETTINGS[name]
        SETTINGS["order"].rotate(-1 if keep is logged else 0)
        return found

    x = np.array([0.4, 1.7])
    assert str(as_after_one(lambda: f(x))) == str(as_after_one(lambda: wg.grad(f)(x)))


def test_what_an_object_keeps_is_put_back():
    x = np.array([0.4, 1.7, 2.2])
    plain, traced = Model(), Model()
    plain.loss(x)
    before = Model.total
    wg.grad(traced.loss)(x)
    assert vars(plain).keys() == vars(traced).keys()
    assert (traced.calls, traced.extra, traced.state) == (1, 1, plain.state)
    np.testing.assert_array_equal(traced.weights, plain.weights)
    assert (Model.total, Model.runs) == (before + 1, [1, 1])
    slotted = Slotted()
    wg.grad(slotted)(x)
    assert slotted.calls == 1


def test_what_an_argument_keeps_is_put_back():
    def f(x, memory, rng):
        memory["log"].append(rng.random())
        return np.sum(np.floor(x)) + (1.0 if x[0] > 0 else 0.0)

    memory, rng, again = {"log": []}, np.random.default_rng(3), np.random.default_rng(3)
    wg.grad(f)(np.array([0.4, 1.7]), memory, rng)
    assert memory == {"log": [again.random()]}
    assert rng.random() == again.random()


@pytest.mark.parametrize(
    "held",
    [iter([1.0, 2.0, 3.0]), io.StringIO("1\n2\n3\n"), (n for n in (1.0, 2.0)), itertools.count()],
    ids=["iterator", "file", "generator", "count"],
)
def test_what_only_goes_forward_is_not_asked(held):
    def f(x):
        next(held)
        return np.sum(np.floor(x)) if x[0] < 9 else 0.0

    wg.grad(f)(np.array([0.4, 1.7]))
    next(held)  # the second
    assert not Kept(f).whole


def test_objects_in_arrays_and_empty_cells():
    def f():
        return later + table[0]

    table = np.array([[1, 2], "a"], object)
    kept = Kept(f)
    table[0].append(3)
    table[1] = "b"
    later = 1.0
    kept.put_back()
    assert table.tolist() == [[1, 2], "a"]
    with pytest.raises(NameError):
        f()
    later = [4]
    assert f() == [4, 1, 2]


def test_cells_and_attributes_of_functions_are_put_back():
    keep = closed_over()

    def f(x):
        return np.sum(np.floor(x)) + keep(x) if x[0] < 9 else 0.0

    wg.grad(f)(np.array([0.4, 1.7]))
    assert keep.calls == 1
    assert keep(None) == 4.0


# --- what a function keeps of a trace that has ended ---

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


def test_containers_are_put_back_as_they_were():
    counter = collections.Counter(a=3, b=1)
    ordered = collections.OrderedDict(one=1, two=2)
    default = collections.defaultdict(list, k=[1])
    queue = collections.deque([1, 2], maxlen=2)
    members = {1, 2}

    class Doubling(list):
        def extend(self, items):
            super().extend([2 * item for item in items])

    doubling = Doubling([1, 2])

    def f(x):
        counter["a"] += 1
        ordered.move_to_end("one")
        default["new"].append(1)
        default["k"].append(2)
        queue.append(3)
        members.add(3)
        doubling.append(3)
        return np.sum(np.floor(x)) if x[0] < 9 else 0.0

    wg.grad(f)(np.array([0.4, 1.7]))
    assert counter == collections.Counter(a=4, b=1)
    assert list(ordered) == ["two", "one"]
    assert default == {"k": [1, 2], "new": [1]}
    assert list(queue) == [2, 3]
    assert members == {1, 2, 3}
    assert doubling == [1, 2, 3]


def test_containers_that_nobody_wrote_to_are_not_touched():
    class Watched(dict):
        def clear(self):
            raise TypeError("touched")

        update = __setitem__ = __delitem__ = clear

    table, queue = Watched(a=1), collections.deque([1, 2, 3])

    def f(x):
        return (np.sum(np.floor(x)) if x[0] < 9 else 0.0) + 0.0 * table["a"] + 0.0 * queue[0]

    for _ in queue:  # a deque that is written would refuse to go on
        assert np.array_equal(wg.grad(f)(np.array([0.4, 1.7])), np.zeros(2))


def test_code_that_speaks_to_the_world_is_not_asked(tmp_path, caplog):
    path = tmp_path / "log"

    def f(x):
        with path.open("a") as file:
            file.write("evaluated\n")
        return np.sum(np.floor(x)) if x[0] < 9 else 0.0

    def g(x):
        logging.getLogger("wengert.test").warning("evaluated")
        return np.sum(np.floor(x)) if x[0] < 9 else 0.0

    wg.grad(f)(np.array([0.4, 1.7]))
    assert path.read_text() == "evaluated\n"
    wg.grad(g)(np.array([0.4, 1.7]))
    assert len(caplog.records) == 1


class Strange(type):
    def __eq__(cls, other):
        return cls is other


class Unhashable(metaclass=Strange):
    pass


class Lazy:
    @property
    def __dict__(self):
        raise RuntimeError("not loaded")


class Anything:
    """Answers every name with another of its kind."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, x):
        return x * x


def test_strange_objects_are_left_alone():
    strange = [Unhashable(), Lazy(), random.SystemRandom(), weakref.proxy(Particle()), Anything()]
    kept = []

    def f(x):
        kept.append(x * 2.0)
        return x * x if x < 9 and strange else 0.0

    assert wg.grad(f)(3.0) == 6.0
    assert kept == [6.0]
    assert wg.grad(lambda x: np.floor(x) if x < 9 and strange else 0.0)(3.5) == 0.0
    assert wg.grad(Anything())(3.0) == 6.0


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


def test_an_argument_may_be_infinite(recwarn):
    assert wg.grad(lambda x: np.floor(x) if x > 9 else 0.0)(np.inf) == 0.0
    assert not recwarn.list
