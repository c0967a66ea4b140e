"""A function that is asked for its answer alone leaves everything as one call does."""

import collections
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
from wengert.diff.kept import Kept

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


def test_containers_are_put_back_as_they_were():
    counter = collections.Counter(a=3, b=1)
    ordered = collections.OrderedDict(one=1, two=2, three=3)
    default = collections.defaultdict(list, k=[1])
    queue = collections.deque([1, 2], maxlen=2)
    members = {1, 2}

    class Doubling(list):
        def extend(self, items):
            super().extend([2 * item for item in items])

    doubling = Doubling([1, 2])

    def f(x):
        counter["a"] += 1
        ordered.move_to_end(next(iter(ordered)))
        default["new"].append(1)
        default["k"].append(2)
        queue.append(3)
        members.add(3)
        doubling.append(3)
        return np.sum(np.floor(x)) if x[0] < 9 else 0.0

    wg.grad(f)(np.array([0.4, 1.7]))
    assert counter == collections.Counter(a=4, b=1)
    assert list(ordered) == ["two", "three", "one"]
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
    strange = [Unhashable(), Lazy(), random.SystemRandom(), weakref.proxy(Model()), Anything()]
    kept = []

    def f(x):
        kept.append(x * 2.0)
        return x * x if x < 9 and strange else 0.0

    assert wg.grad(f)(3.0) == 6.0
    assert kept == [6.0]
    assert wg.grad(lambda x: np.floor(x) if x < 9 and strange else 0.0)(3.5) == 0.0
    assert wg.grad(Anything())(3.0) == 6.0


def test_an_argument_may_be_infinite(recwarn):
    assert wg.grad(lambda x: np.floor(x) if x > 9 else 0.0)(np.inf) == 0.0
    assert not recwarn.list
