"""Arrays from outside: copied or computed with, they may be written with tensors; themselves, never."""

import functools

import numpy as np
import pytest

import wengert as wg
from wengert.errors import WriteError
from wengert.testing import check

START = np.array([0.0, 1.0, 3.0, 2.0, 0.0])


def diffused(u, rate):
    for _ in range(3):
        u[1:-1] += rate * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def from_argument(rate, start):
    return diffused(start.copy(), rate)


def from_global(rate):
    return diffused(START.copy(), rate)


def from_default(rate, start=START):
    return diffused(start.copy(), rate)


def from_an_operator(rate):
    return diffused(START * 1.0, rate)


def from_a_method(rate):
    return diffused(START.astype(float).reshape(-1, 1).ravel().clip(0.0, 9.0), rate)


def from_a_view(rate):
    return diffused(START[::-1].copy(), rate)


def from_closure():
    start = START.copy()
    return lambda rate: diffused(start.copy(), rate)


class Bar:
    def __init__(self):
        self.start = START.copy()
        self.last = None
        self.calls = 0

    def run(self, rate):
        u = self.start.copy()
        self.calls += 1
        self.last = self.start
        return diffused(u, rate)


WAYS = {
    "argument": functools.partial(from_argument, start=START),
    "argument of a lambda": lambda rate: from_argument(rate, START),
    "global": from_global,
    "default": from_default,
    "operator": from_an_operator,
    "method": from_a_method,
    "view": from_a_view,
    "closure": from_closure(),
    "attribute": Bar().run,
}


@pytest.mark.parametrize("f", WAYS.values(), ids=WAYS)
def test_a_copy_of_an_outside_array_is_written(f):
    check(f, 0.1)
    np.testing.assert_array_equal(START, [0.0, 1.0, 3.0, 2.0, 0.0])


def test_an_argument_that_is_not_differentiated_is_copied_and_written():
    start = START.copy()
    plain = from_argument(0.1, start)
    value, slope = wg.value_and_grad(from_argument)(0.1, start)
    assert value == plain
    assert slope == pytest.approx((from_argument(0.1 + 1e-6, start) - from_argument(0.1 - 1e-6, start)) / 2e-6, rel=1e-7)
    assert wg.jvp(lambda rate: from_argument(rate, start), (0.1,), (1.0,))[1] == pytest.approx(slope, rel=1e-14)
    assert wg.derivative(from_argument)(0.1, start) == pytest.approx(slope, rel=1e-14)


def test_one_function_serves_closures_over_different_arrays():
    def energy(start):
        def f(rate):
            return diffused(start.copy(), rate)

        return f

    slopes = [wg.grad(energy(k * START))(0.1) for k in (1.0, 2.0, 3.0)]
    np.testing.assert_allclose(slopes, slopes[0] * np.array([1.0, 4.0, 9.0]), rtol=1e-12)


def test_contents_are_read_at_each_call():
    table = np.ones(2)

    def f(x):
        z = table.copy()
        z[0] = x
        return z[0] * z[1]

    assert wg.grad(f)(3.0) == 1.0
    table[1] = 5.0
    assert wg.grad(f)(3.0) == 5.0


@pytest.mark.parametrize(
    "write",
    [
        lambda x, a: a.__setitem__(0, x),
        lambda x, a: a[1:].__setitem__(0, x),
        lambda x, a: np.add(a, x, out=a),
        lambda x, a: a.fill(x),
        lambda x, a: a.reshape(-1).__iadd__(x),
        lambda x, a: np.add.at(a, 0, x),
    ],
)
def test_itself_is_never_written_with_tensors(write):
    def f(x, a):
        write(x, a)
        return x

    a = np.zeros(3)
    with pytest.raises(WriteError, match="made outside|ordinary array"):
        wg.grad(f)(1.0, a)
    np.testing.assert_array_equal(a, np.zeros(3))


def test_plain_values_are_written_into_the_array_itself():
    def f(x, a):
        a[0] = 7.0
        a[1:] *= 2.0
        z = a.copy()
        z[1] = x
        return np.sum(z * z)

    a = np.ones(3)
    assert wg.grad(f)(3.0, a) == 6.0
    np.testing.assert_array_equal(a, [7.0, 2.0, 2.0])


def test_it_is_handed_out_as_it_is():
    def f(x, a):
        z = np.zeros(2)
        z[0] = x
        return z[0], {"a": a, "part": a[1:], "z": z}

    a = np.ones(3)
    _, aux = wg.grad(f, has_aux=True)(1.0, a)
    assert aux["a"] is a
    assert type(aux["part"]) is np.ndarray and np.shares_memory(aux["part"], a)
    bar = Bar()
    wg.grad(bar.run)(0.1)
    assert bar.last is bar.start and bar.calls == 1


def test_code_that_asks_for_identity_is_answered():
    def f(x, a, b):
        z = a + 0.0
        z = z if a is b else -z
        return x * z[0]

    a = np.ones(2)
    assert wg.grad(f)(1.0, a, a) == 1.0
    assert wg.grad(f)(1.0, a, a.copy()) == -1.0


def test_a_closed_over_array_may_be_bound_anew():
    state = np.ones(3)

    def step():
        nonlocal state
        state = state * 2.0

    def f(x):
        step()
        z = np.zeros(3)
        z[0] = x
        return np.sum(state * z)

    assert [wg.grad(f)(1.0) for _ in range(3)] == [2.0, 4.0, 8.0]


def test_a_tangent_made_inside_an_outer_trace_keeps_the_outer_derivative():
    def f(x):
        x = np.copy(x)
        x[0] = x[0] * 1.0
        return np.sum(np.cos(x))

    x = np.array([1.0, 2.0, 3.0])
    along = {
        "jvp": lambda x: wg.jvp(f, (x,), (np.ones(3),))[1],
        "linearize": lambda x: wg.linearize(f, x)[1](np.ones(3)),
        "from a primal made inside": lambda x: np.sum(wg.grad(lambda ones: np.sum(np.cos(np.copy(x)) * ones**2))(np.ones(3))) / -2,
        "vjp": lambda x: np.sum(wg.vjp(lambda y: np.cos(np.copy(y)), x)[1](np.ones(3))[0]),
    }
    for name, g in along.items():
        truth = np.sin(x) if name == "from a primal made inside" else -np.cos(x)
        np.testing.assert_allclose(wg.grad(g)(x), truth, rtol=1e-12, err_msg=name)
