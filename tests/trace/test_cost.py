"""Cost is linear: filling or reading an array element by element touches a bounded number of elements for each.

No clocks: a trace of the lowest number, under all others, sees every call that the sweeps make on values, and adds up the elements
that each call reads or writes. What the mechanism does besides (masks, private copies, buffers) is counted where it is done.
"""

import numpy as np
import pytest

import wengert as wg
from wengert.rules.declare import row_of
from wengert.rules.verbs import Constant
from wengert.rules.vocabulary import bottom
from wengert.trace import nodes, storage
from wengert.trace.dispatch import Trace
from wengert.trace.storage import Shadow, shares
from wengert.trace.tape import IN_PLACE, Tape
from wengert.trace.tensor import Tensor


class Meter(Trace):
    """A trace that computes each call and counts the elements it touches; views touch none."""

    def __init__(self):
        super().__init__()
        self.touched = 0

    def lift(self, value):
        return Tensor(value, self, None)

    def call(self, f, args, kwargs):
        operands = [a.primal for a in args if isinstance(a, Tensor)]
        y = f(*(a.primal if isinstance(a, Tensor) else a for a in args), **kwargs)
        if f in IN_PLACE:
            self.touched += np.size(operands[0][args[1]])
            return None
        if any(y is x or shares(y, x) for x in operands):
            return self.lift(y)
        self.touched += np.size(y) if f.__name__ == "getitem" else sum(map(np.size, operands)) + np.size(y)
        return y if type(row_of(f)) is Constant else self.lift(y)


def touched(derivative, n):
    """The elements that derivative(x) touches, for x of n elements."""
    meter = Meter()
    opened = set()

    def counted(f, size):
        def counting(*args):
            before = size(*args)
            result = f(*args)
            meter.touched += before
            return result

        return counting

    def of_buffer(shadow, *rest):
        fresh = shadow not in opened
        opened.add(shadow)
        return shadow.whole.items if fresh else 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shadow, "open", counted(Shadow.open, of_buffer))
        patch.setattr(Tape, "hold", counted(Tape.hold, lambda tape, a: np.size(a) if isinstance(a, np.ndarray) else 0))
        for module in (nodes, storage):
            patch.setattr(module, "copied", counted(storage.copied, lambda a: np.size(bottom(a))))
        derivative(meter.lift(np.linspace(0.5, 1.5, n)))
    return meter.touched


# --- programs whose cost is linear in plain NumPy --------------------------------------------------------------------------


def fill(x):
    z = np.zeros_like(x)
    for i in range(len(x)):
        z[i] = x[i] * x[i]
    return np.sum(z)


def read(x):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] * x[i]
    return total


def recur(x):
    z = np.zeros_like(x)
    for i in range(1, len(x)):
        z[i] = 0.5 * np.sin(z[i - 1]) * z[i - 1] + x[i]
    return z[-1]


def slices(x):
    z = x * x
    for i in range(len(x) - 2):
        z[i : i + 2] += 0.5 * np.sin(z[i + 1 : i + 3])
    return np.sum(z)


def through_a_view(x):
    z = x * x
    v = z[::-1]
    for i in range(len(x)):
        v[i] *= x[i]
    return np.sum(z)


def rows(x):
    z = np.reshape(x * x, (-1, 2))
    for i in range(1, len(z)):
        z[i] += z[i - 1] * z[i - 1, ::-1] * 0.1
    return np.sum(z)


def repeated(x):
    z = np.zeros_like(x)
    for i in range(len(x)):
        np.add.at(z, [i // 2, i], x[i] * x[i])
    return np.sum(z)


def writes_into_its_argument(x):
    for i in range(len(x)):
        x[i] *= x[i]
    return np.sum(x)


PROGRAMS = [fill, read, recur, slices, through_a_view, rows, repeated, writes_into_its_argument]


def ones(x):
    return np.ones(np.shape(x))


FIRST = {
    "reverse": lambda f, x: wg.grad(f)(x),
    "forward": lambda f, x: wg.jvp(f, (x,), (ones(x),)),
    "forward along the list": lambda f, x: wg.linearize(f, x)[1](ones(x)),
}
SECOND = {
    "forward over reverse": lambda f, x: wg.jvp(wg.grad(f), (x,), (ones(x),)),
    "reverse over forward": lambda f, x: wg.grad(lambda x: wg.jvp(f, (x,), (ones(x),))[1])(x),
    "reverse over reverse": lambda f, x: wg.grad(lambda x: np.sum(wg.grad(f)(x)))(x),
    "forward over forward": lambda f, x: wg.jvp(lambda x: wg.jvp(f, (x,), (ones(x),))[1], (x,), (ones(x),)),
}


def growth(derivative, sizes):
    counts = [touched(derivative, n) for n in sizes]
    return [(b / a) / (m / n) for a, b, n, m in zip(counts, counts[1:], sizes, sizes[1:], strict=False)]


@pytest.mark.parametrize("mode", FIRST)
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_first_derivatives_touch_a_bounded_number_of_elements_for_each_step(f, mode):
    derivative = lambda x: FIRST[mode](f, x)
    assert max(growth(derivative, (40, 320))) < 1.1
    assert touched(derivative, 320) < 100 * 320


@pytest.mark.parametrize("mode", SECOND)
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_second_derivatives_too(f, mode):
    assert max(growth(lambda x: SECOND[mode](f, x), (20, 120))) < 1.2


@pytest.mark.parametrize("mode", FIRST)
def test_ten_thousand_items_cost_a_hundred_times_what_a_hundred_do(mode):
    assert max(growth(lambda x: FIRST[mode](fill, x), (100, 10000))) < 1.1


def test_the_meter_sees_quadratic_cost():
    def quadratic(x):
        for i in range(len(x)):
            x[i] = np.sum(x)
        return np.sum(x)

    assert min(growth(lambda x: wg.grad(quadratic)(x), (40, 320))) > 2
