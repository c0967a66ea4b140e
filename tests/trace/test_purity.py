"""Pullbacks are pure: random programs that write in place, through views, give one derivative, however and how often it is asked for.

Hypothesis draws small integers; each eight become a line of ordinary NumPy, which is kept if plain NumPy runs it. The program is
run on complex numbers for the oracle (a complex step is exact), and through Wengert in every mode. A failure prints as Python text.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wengert as wg
from wengert.rules.declare import ROWS
from wengert.rules.verbs import Pair
from wengert.rules.vocabulary import word

X = np.cos(np.arange(1.0, 7.0)).reshape(2, 3)
V = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])

VALUES = [
    "{b}",
    "np.sin({b})",
    "0.5 * {b}",
    "{b} * np.cos({c})",
    "np.sum({b})",
    "{b}.copy()",
    "1.5",
    "{b}[::-1]",
    "np.sum({b}, axis=0)",
]
PARTS = [
    "0",
    "-1",
    "1:",
    "::-1",
    "::2",
    "...",
    ":, 0",
    ":, 1:",
    "..., ::-1",
    "None",
    "1, 1",
    "[1, 0]",
    "[0, 0, -1]",
    ":, [1, 1]",
    "m",
    "~m",
]
INDICES = ["0", "[0, 0, 1]", "[1, 1]", "(..., 1)", "([0, 1, 0], [1, 1, 1])"]
TIDY = [
    "{a}[{part}]",
    "{a}.T",
    "{a}.reshape(-1)",
    "{a}.reshape(3, 2)",
    "np.ravel({a})",
    "np.swapaxes({a}, 0, 1)",
    "np.broadcast_to({a}, (2, 3))",
]
FRESH = ["{value}", "np.zeros_like({a})", "np.concatenate([{a}, {b}])", "{a} @ {b}", "{a} * c", "trip({a})"]
WRITES = [
    "{a}[{part}] = {value}",
    "{a}[{part}] += {value}",
    "{a}[{part}] *= np.cos({b})",
    "{a} += {value}",
    "{a} -= {a}[::-1]",
    "{a} *= c",
    "{a}[[0, 0]] = {value}",
    "{a}[[-1, 0, -1]] = {value}",
]
OUT = [
    "np.sin({b}, out={a})",
    "np.multiply({b}, {c}, out={a})",
    "np.cos({b}, out={a}, where=m)",
    "np.add({a}, {c}, out={a}, where=~m)",
]
SHAPES = [
    "v = {tidy}",
    "v = {fresh}",
    "{write}",
    "{write}",
    "{out}",
    "np.add.at({a}, {index}, {value})",
    "total = total + np.sum(np.sin({a}) * {b})",
    "m = {a} > 0.123",
    "m[...] = ~m",
    "c[...] = 0.5 - c",
    "c = np.linspace(0.5, 1.5, {a}.size).reshape({a}.shape)",
]


class Program:
    """A function of x, as text."""

    def __init__(self, draws):
        self.names = ["x"]
        self.lines = ["x = np.copy(x)", "total = 0.0", "m = x > 0.0", "c = np.array([0.5, 1.5, -1.0])"]
        for numbers in draws:
            self.attempt(iter(numbers))
        self.lines += [f"total = total + np.sum(np.cos({name}))" for name in self.names]
        self.lines.append("return total")
        scope = {"np": np, "trip": trip}
        exec(str(self), scope)
        self.f = scope["program"]

    def attempt(self, numbers):
        """One more line, if plain NumPy runs it."""

        def choose(items):
            return items[next(numbers) % len(items)]

        shape = choose(SHAPES)
        words = {k: choose(self.names) for k in "abc"} | {"part": choose(PARTS), "index": choose(INDICES)}
        words["value"] = choose(VALUES).format(**words)
        for name, forms in (("tidy", TIDY), ("fresh", FRESH), ("write", WRITES), ("out", OUT)):
            words[name] = choose(forms).format(**words) if "{" + name + "}" in shape else ""
        line = shape.format(**words)
        name = f"v{len(self.names)}"
        line = line.replace("v = ", f"{name} = ", 1) if line.startswith("v = ") else line
        scope = {"np": np, "trip": trip, "x": X.copy()}
        try:
            exec("\n".join([*self.lines, line]), scope)
        except (ValueError, IndexError, TypeError):
            return
        if line.startswith(f"{name} = "):
            if np.size(scope[name]) > 24 or np.ndim(scope[name]) == 0:
                return
            self.names.append(name)
        if all(np.all(np.abs(scope[n]) < 20) for n in self.names):
            self.lines.append(line)
        elif name in self.names:
            self.names.remove(name)

    def __str__(self):
        return "\n    ".join(["def program(x):", *self.lines])

    __repr__ = __str__


programs = st.lists(st.tuples(*[st.integers(0, 250)] * 8), min_size=6, max_size=16).map(Program)


# --- a call in the program that can be told to fail, or to do something, in the sweep ---------------------------------------


@word
def trip(x):
    return x + 0.0


class Wire:
    """What happens when a sweep comes by."""

    act = staticmethod(lambda: None)


@pytest.fixture(scope="module", autouse=True)
def _trip_has_a_row():
    def pull(g, y, x):
        Wire.act()
        return g + 0.0

    ROWS[trip] = Pair(trip, jvp=lambda y, x, t: t + 0.0, vjp=pull)
    yield
    del ROWS[trip]


# --- the claims ----------------------------------------------------------------------------------------------------------


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@settings(max_examples=80)
@given(programs)
def test_value_and_gradient_are_those_of_plain_numpy(complex_step, program):
    value, gradient = wg.value_and_grad(program.f)(X)
    assert same(np.float64(value), np.float64(program.f(X)))
    np.testing.assert_allclose(gradient, complex_step(program.f, X), rtol=1e-10, atol=1e-11)


@settings(max_examples=80)
@given(programs)
def test_forward_mode_gives_the_same_gradient(complex_step, program):
    truth = complex_step(program.f, X)
    value, slope = wg.jvp(program.f, (X,), (V,))
    assert same(np.float64(value), np.float64(program.f(X)))
    np.testing.assert_allclose(slope, np.sum(truth * V), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(wg.linearize(program.f, X)[1](V), np.sum(truth * V), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(wg.jacfwd(program.f)(X), truth, rtol=1e-10, atol=1e-10)


@settings(max_examples=60)
@given(programs)
def test_a_pullback_gives_the_same_bits_again(program):
    _, pull = wg.vjp(program.f, X)
    (first,) = pull(1.0)
    (second,) = pull(1.0)
    assert same(first, second) and not np.shares_memory(first, second)
    barrier = threading.Barrier(4)

    def at_once(_):
        barrier.wait()
        return pull(1.0)[0]

    with ThreadPoolExecutor(4) as pool:
        assert all(same(first, g) for g in pool.map(at_once, range(8)))


@settings(max_examples=40)
@given(programs)
def test_a_pullback_that_raised_leaves_no_trace(program):
    _, pull = wg.vjp(lambda x: program.f(trip(x)), X)
    (first,) = pull(1.0)

    def fail():
        raise ArithmeticError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "act", staticmethod(fail))
        with pytest.raises(ArithmeticError):
            pull(1.0)
    assert same(first, pull(1.0)[0])


@settings(max_examples=40)
@given(programs)
def test_a_pullback_may_run_inside_itself(program):
    _, pull = wg.vjp(lambda x: program.f(trip(x)), X)
    (first,) = pull(1.0)
    inner = []

    def again():
        Wire.act = staticmethod(lambda: None)
        inner.append(pull(1.0)[0])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "act", staticmethod(again))
        (outer,) = pull(1.0)
    assert same(first, outer) and len(inner) == 1 and same(first, inner[0])


@settings(max_examples=40)
@given(programs)
def test_a_pullback_may_run_inside_another_trace(program):
    _, pull = wg.vjp(program.f, X)
    (g,) = pull(1.0)
    outer = wg.grad(lambda z: np.sum(pull(np.sum(z))[0] * z))(V)
    np.testing.assert_allclose(outer, g * np.sum(V) + np.sum(g * V), rtol=1e-10, atol=1e-10)
    _, t = wg.jvp(lambda z: np.sum(pull(np.sum(z))[0] * z), (V,), (X,))
    np.testing.assert_allclose(t, np.sum(outer * X), rtol=1e-10, atol=1e-10)
    assert same(g, pull(1.0)[0])


PAIRS = {
    "tape over tape": lambda f: np.tensordot(wg.jacrev(wg.grad(f))(X), V),
    "dual over tape": lambda f: wg.jvp(wg.grad(f), (X,), (V,))[1],
    "tape over dual": lambda f: wg.grad(lambda x: wg.jvp(f, (x,), (V,))[1])(X),
    "dual over dual": lambda f: np.array(
        [wg.jvp(lambda x: wg.jvp(f, (x,), (V,))[1], (X,), (e,))[1] for e in np.eye(X.size).reshape(-1, *X.shape)]
    ).reshape(X.shape),
    "push over tape": lambda f: wg.linearize(wg.grad(f), X)[1](V),
    "tape over push": lambda f: wg.grad(lambda x: wg.linearize(f, x)[1](V))(X),
}


@settings(max_examples=50)
@given(programs)
def test_second_order_agrees_in_all_pairs_of_modes(complex_step, differences, program):
    truth = differences(lambda h: complex_step(program.f, X + h * V), 0.0)
    for pair, product in PAIRS.items():
        np.testing.assert_allclose(product(program.f), truth, rtol=1e-6, atol=1e-6, err_msg=pair)
