"""Levels cannot be confused: traces nest through closures, threads, generators and coroutines, and end without remainder."""

import asyncio
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np
import pytest

import wengert as wg
from wengert.errors import EndedTraceError

MODES = {
    "reverse": wg.grad,
    "forward": lambda f: lambda x: wg.jvp(f, (x,), (1.0,))[1],
    "along the list": lambda f: lambda x: wg.linearize(f, x)[1](1.0),
    "jacrev": wg.jacrev,
    "jacfwd": wg.jacfwd,
    "derivative": wg.derivative,
}
OUTER = pytest.mark.parametrize("outer", MODES.values(), ids=MODES)
INNER = pytest.mark.parametrize("inner", MODES.values(), ids=MODES)


# --- closures over outer levels ----------------------------------------------------------------------------------------------


@OUTER
@INNER
def test_perturbations_are_not_confused(outer, inner):
    # d/dx (x d/dy (x + y)) = d/dx x = 1; a tracer that confuses the two levels says 2
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
    # d/dx (x d/dy (x y)) = d/dx x^2
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6.0


@OUTER
@INNER
def test_the_same_point_at_two_levels(outer, inner):
    # d/dy sin(xy) at y = x is x cos(x^2), whose derivative is cos(x^2) - 2 x^2 sin(x^2)
    slope = lambda x: inner(lambda y: np.sin(x * y))(x)
    assert np.isclose(outer(slope)(0.7), np.cos(0.49) - 2 * 0.49 * np.sin(0.49), rtol=1e-12)


@OUTER
@INNER
def test_an_inner_function_that_ignores_its_argument_has_no_derivative(outer, inner):
    assert inner(lambda y: 3.0)(1.0) == 0.0
    assert outer(lambda x: inner(lambda y: x * x)(1.0) + x)(3.0) == 1.0


@OUTER
@INNER
def test_an_outer_value_is_written_into_an_inner_array(outer, inner):
    def energy(a):
        def f(t):
            z = np.stack([t, 2.0 * t, 3.0 * t])
            front = z[:2]  # a view made before a joins
            z[0] = a * t
            z[2:] += a * a
            return np.sum(front * front) + np.sum(z[1:] * z[::2])

        return inner(f)(0.5)

    # z = (at, 2t, 3t + a^2): f = a^2t^2 + 4t^2 + 2at^2 + (3t + a^2)^2
    slope = lambda a, t: 2 * a * a * t + 8 * t + 4 * a * t + 6 * (3 * t + a * a)
    assert np.isclose(energy(0.3), slope(0.3, 0.5), rtol=1e-12)
    assert np.isclose(outer(energy)(0.3), 4 * 0.3 * 0.5 + 4 * 0.5 + 12 * 0.3, rtol=1e-12)


@OUTER
@INNER
def test_an_outer_value_is_written_into_an_array_that_only_the_inner_level_follows(outer, inner):
    start = np.array([1.0, 2.0, 3.0])

    def energy(a):
        def f(t):
            z = start * t
            tail, back = z[1:], z[::-1]
            z[1] = a * z[0]
            back[0] *= a
            return np.sum(tail * tail) + z[0] * back[1]

        return inner(f)(2.0)

    # z = (t, at, 3at): f = 10 a^2 t^2 + a t^2
    assert np.isclose(outer(energy)(0.5), 40 * 0.5 * 2.0 + 2 * 2.0, rtol=1e-12)


@OUTER
def test_three_levels_through_one_array(outer):
    def f(x):
        z = np.zeros_like(x)
        for i in range(3):
            z[i] = x[i] ** 4
        return np.sum(z)

    line = lambda t: f(t * np.array([1.0, 2.0, 3.0]))
    assert np.isclose(outer(wg.grad(wg.grad(line)))(0.5), 24 * 98 * 0.5, rtol=1e-12)
    assert np.isclose(outer(MODES["forward"](wg.grad(wg.grad(line))))(0.5), 24 * 98, rtol=1e-12)


@OUTER
def test_recursion_through_grad(outer):
    def nested(x, depth):
        return x**3 if depth == 0 else wg.grad(lambda y: nested(y, depth - 1))(x) * 0.5 + x

    def power(n):
        return np.polynomial.Polynomial([0.0] * n + [1.0])

    plain = power(3)
    for _ in range(3):
        plain = plain.deriv() * 0.5 + power(1)
    assert np.isclose(outer(lambda x: nested(x, 3))(0.7), plain.deriv()(0.7), rtol=1e-12)


@OUTER
def test_a_pullback_made_inside_and_pulled_inside(outer):
    def f(x):
        y, pull = wg.vjp(lambda u, v: u * v * x, x, 2.0)
        a, b = pull(x)
        return a * b + y

    # a = 2x^2, b = x^3, y = 2x^2
    assert np.isclose(outer(f)(0.9), 10 * 0.9**4 + 4 * 0.9, rtol=1e-12)


@OUTER
def test_a_pushforward_made_outside_and_used_inside(outer):
    _, push = wg.linearize(lambda u: u**3, 2.0)
    assert outer(lambda x: push(x) * x)(3.0) == 2 * 12 * 3.0
    _, pull = wg.vjp(lambda u: u**3, 2.0)
    assert outer(lambda x: pull(x)[0] * x)(3.0) == 2 * 12 * 3.0


@OUTER
@INNER
def test_stop_gradient_stops_every_level(outer, inner):
    assert outer(lambda x: inner(lambda y: x * y * wg.stop_gradient(y))(x))(3.0) == 3.0
    assert outer(lambda x: inner(lambda y: wg.stop_gradient(x * y))(x))(3.0) == 0.0


# --- generators, coroutines, threads -----------------------------------------------------------------------------------------


def test_generators_suspended_in_mid_trace_may_be_closed_out_of_order():
    def steps(x):
        """Yields partial sums of a traced value, and ends with a derivative of its own."""
        total = 0.0
        for k in range(1, 4):
            total = total + x**k
            yield total
        yield wg.grad(lambda y: y * total)(x)

    def f(x):
        first, second, third = steps(x), steps(2.0 * x), steps(x * x)
        a, b, c = next(first), next(second), next(third)
        first.close()
        b = b + next(second)
        third.close()
        *_, d = second
        return a + b + c + d

    # a = x, b = 2x + 2x + 4x^2, c = x^2, d = 2x + 4x^2 + 8x^3
    expected = 1 + 4 + 8 * 0.7 + 2 * 0.7 + 2 + 8 * 0.7 + 24 * 0.49
    for derivative in MODES.values():
        assert np.isclose(derivative(f)(0.7), expected, rtol=1e-12)


def test_a_generator_outlives_the_call_that_began_it_and_is_loud():
    def steps(x):
        yield x * 2.0
        yield x * 3.0

    kept = []

    def f(x):
        kept.append(steps(x))
        return next(kept[-1])

    assert wg.grad(f)(1.0) == 2.0
    with pytest.raises(EndedTraceError, match="test_levels.py"):
        next(kept[0])


def test_derivatives_taken_by_interleaved_coroutines():
    async def slope(derivative, k):
        async def power(x):
            y = x
            for _ in range(k):
                y = y * x
                await asyncio.sleep(0)
            return y

        await asyncio.sleep(0)
        return await power(2.0), derivative(lambda x: step_by_step(power(x)))(2.0)

    async def everything():
        return await asyncio.gather(*(slope(derivative, k) for k in range(4) for derivative in MODES.values()))

    for n, (y, t) in enumerate(asyncio.run(everything())):
        k = n // len(MODES)
        assert (y, t) == (2.0 ** (k + 1), (k + 1) * 2.0**k)


def step_by_step(coroutine):
    """What a coroutine returns, run without a loop of its own."""
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value


def test_coroutines_on_tensors_of_several_traces_may_interleave():
    async def power(x, k):
        y = x
        for _ in range(k - 1):
            await asyncio.sleep(0)
            y = y * x
        return y

    async def both(x):
        return await asyncio.gather(power(x, 2), power(x, 3))

    def f(x):
        a, b = asyncio.run(both(x))
        return a + b + wg.grad(lambda y: sum(asyncio.run(both(y))) * x)(x)

    # x^2 + x^3 + x (2x + 3x^2)
    assert np.isclose(wg.grad(f)(0.5), 2 * 0.5 + 3 * 0.25 + 4 * 0.5 + 9 * 0.25, rtol=1e-12)
    assert np.isclose(wg.jvp(f, (0.5,), (1.0,))[1], 2 * 0.5 + 3 * 0.25 + 4 * 0.5 + 9 * 0.25, rtol=1e-12)


def in_threads(work, count=8):
    """work(k) for k < count, all started at once, with the interpreter switching as often as it can."""
    barrier = threading.Barrier(count)

    def start(k):
        barrier.wait()
        return work(k)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(start, range(count)))
    finally:
        sys.setswitchinterval(interval)


def test_threads_with_traces_of_their_own():
    def work(k):
        def f(x):
            z = np.zeros_like(x)
            for i in range(len(x)):
                z[i] = x[i] ** 2 * k
            return np.sum(z) + wg.grad(lambda t: t**3 * k)(x[0])

        x = np.arange(1.0, 6.0)
        return [(wg.grad(f)(x), wg.jvp(f, (x,), (np.ones(5),))[1], wg.hessian(f)(x)) for _ in range(5)]

    for k, results in enumerate(in_threads(work)):
        gradient = 2 * k * np.arange(1.0, 6.0)
        gradient[0] += 6 * k
        for g, t, h in results:
            np.testing.assert_array_equal(g, gradient)
            assert t == np.sum(gradient)
            np.testing.assert_array_equal(h, np.diag([8.0 * k, *[2.0 * k] * 4]))


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_threads_inside_a_function_share_its_tensors(mode):
    def f(a):
        x = a * np.arange(1.0, 9.0)

        def work(k):
            y = 0.0
            for _ in range(30):
                y = y + np.sin(x[k]) * a
            return y

        return sum(in_threads(work))

    slope = np.sum(30 * (np.sin(0.3 * np.arange(1.0, 9.0)) + 0.3 * np.arange(1.0, 9.0) * np.cos(0.3 * np.arange(1.0, 9.0))))
    assert np.isclose(MODES[mode](f)(0.3), slope, rtol=1e-12)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_threads_inside_a_function_may_write_different_parts_of_an_array(mode):
    def f(x):
        z = np.zeros((8, 4)) * x[0]

        def work(k):
            row = z[k]
            row += x * k
            for i in range(4):
                for _ in range(5):
                    row[i] = np.sin(row[i]) * row[i]
            return np.sum(row)

        in_threads(work)
        return np.sum(z * z)

    def g(x):
        z = np.multiply.outer(np.arange(8.0), x)
        for _ in range(5):
            z = np.sin(z) * z
        return np.sum(z * z)

    x = np.array([0.3, 0.5, 0.7, 1.1])
    derivative = {"reverse": wg.grad, "forward": lambda f: lambda x: wg.jvp(f, (x,), (np.ones(4),))[1]}[mode]
    for _ in range(3):
        np.testing.assert_allclose(derivative(f)(x), derivative(g)(x), rtol=1e-12)


def test_one_grad_object_serves_many_threads():
    slope = wg.grad(lambda x: np.sum(np.sin(x) ** 2))
    for k, g in enumerate(in_threads(lambda k: slope(np.full(3, 0.1 * k)))):
        np.testing.assert_allclose(g, np.sin(0.2 * np.full(3, k)), rtol=1e-12)


# --- the end of a trace ------------------------------------------------------------------------------------------------------


KEEPERS = {
    "grad": lambda f: wg.grad(f)(np.array([1.0, 2.0])),
    "value_and_grad": lambda f: wg.value_and_grad(f)(np.array([1.0, 2.0])),
    "vjp": lambda f: wg.vjp(f, np.array([1.0, 2.0])),
    "jvp": lambda f: wg.jvp(f, (np.array([1.0, 2.0]),), (np.ones(2),)),
    "linearize": lambda f: wg.linearize(f, np.array([1.0, 2.0])),
    "jacobian": lambda f: wg.jacobian(f)(np.array([1.0, 2.0])),
    "hessian": lambda f: wg.hessian(f)(np.array([1.0, 2.0])),
}
USES = {
    "a ufunc": lambda x: np.sin(x),
    "an operator": lambda x: x * 2.0,
    "a function": lambda x: np.sum(x),
    "an item": lambda x: x[0],
    "a view": lambda x: x[:1],
    "a list": lambda x: np.concatenate([x, x]),
    "a write": lambda x: x.__setitem__(0, 1.0),
    "an in-place operator": lambda x: x.__iadd__(1.0),
    "a derivative": lambda x: wg.grad(lambda y: np.sum(x * y))(np.ones(2)),
    "a composite": lambda x: np.stack([x, x]),
    "iteration": lambda x: list(x),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("keeper", KEEPERS.values(), ids=KEEPERS)
def test_a_tensor_kept_after_the_end_is_loud(keeper, use):
    kept = SimpleQueue()  # into which nobody can look

    def f(x):
        kept.put(x * 2.0)
        return np.sum(x * x)

    keeper(f)
    with pytest.raises(EndedTraceError, match="(?s)has_aux=True.*test_levels.py"):
        use(kept.get())


@pytest.mark.parametrize("keeper", KEEPERS.values(), ids=KEEPERS)
def test_its_value_can_still_be_read(keeper):
    queue = SimpleQueue()

    def f(x):
        queue.put(x * 2.0)
        return np.sum(x * x)

    keeper(f)
    kept = queue.get()
    np.testing.assert_array_equal(wg.stop_gradient(kept), [2.0, 4.0])
    assert repr(kept) and f"{kept}" and kept.shape == (2,)


def test_a_scalar_kept_after_the_end_is_loud():
    for derivative in (wg.grad, lambda f: lambda x: wg.jvp(f, (x,), (1.0,))):
        queue = SimpleQueue()
        derivative(lambda x: queue.put(x * 2.0) or x)(1.0)
        kept = queue.get()
        for use in (lambda t: t + 1.0, np.sin, lambda t: t * t, lambda t: 2.0**t, lambda t: -t, lambda t: np.maximum(t, 0.0)):
            with pytest.raises(EndedTraceError):
                use(kept)


@pytest.mark.parametrize("keeper", KEEPERS.values(), ids=KEEPERS)
def test_a_trace_ends_when_f_raises(keeper):
    kept = SimpleQueue()

    def f(x):
        kept.put(x * 2.0)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        keeper(f)
    with pytest.raises(EndedTraceError):
        kept.get() + 1.0


def left_behind(work, times):
    """(objects in cycles, blocks of memory) that work leaves behind, called so often with the collector of cycles switched off."""
    work()
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        for _ in range(times):
            work()
        cycles = gc.collect()  # which also empties CPython's free lists
        return cycles, sys.getallocatedblocks() - before
    finally:
        gc.enable()


def test_a_thousand_exceptions_leave_nothing_behind():
    def f(x, depth):
        z = np.zeros_like(x)
        z[0] = np.sin(x[1])
        if depth == 0:
            raise ArithmeticError
        return wg.grad(lambda y: f(x * y, depth - 1))(z)

    def fail():
        for derivative in (
            lambda: wg.grad(f)(np.ones(2), 2),
            lambda: wg.jvp(lambda x: f(x, 1), (np.ones(2),), (np.ones(2),)),
            lambda: wg.jacobian(lambda x: f(x, 0))(np.ones(2)),
            lambda: wg.vjp(lambda x: f(x, 0), np.ones(2)),
            lambda: wg.linearize(lambda x: f(x, 0), np.ones(2)),
        ):
            try:
                derivative()
            except ArithmeticError:
                continue
            raise AssertionError

    cycles, grown = left_behind(fail, 200)
    assert cycles == 0
    assert grown < 200
    assert wg.grad(lambda x: x * x)(3.0) == 6.0


LOSS = {
    "reverse": lambda f, x: wg.grad(f)(x),
    "forward": lambda f, x: wg.jvp(f, (x,), (x,)),
    "vjp": lambda f, x: wg.vjp(f, x)[1](1.0),
    "linearize": lambda f, x: wg.linearize(f, x)[1](x),
    "jacobian": lambda f, x: wg.jacobian(f)(x),
    "hessian": lambda f, x: wg.hessian(f)(x),
    "reverse over reverse": lambda f, x: wg.grad(lambda x: np.sum(wg.grad(f)(x)))(x),
    "reverse over forward": lambda f, x: wg.grad(lambda x: wg.jvp(f, (x,), (x,))[1])(x),
}


@pytest.mark.parametrize("derivative", LOSS.values(), ids=LOSS)
def test_a_derivative_makes_no_cycles_and_leaves_no_memory(derivative):
    def f(x):
        z = np.zeros_like(x)
        v = z[::-1]
        v[:5] += np.sin(x[:5])
        z[[0, 3]] *= 2.0
        for i in range(5):
            z[i] = z[i + 1] * x[i]
        return np.sum(z @ np.stack([x, x]).T) + np.max(x) * np.linalg.norm(x)

    x = np.linspace(0.1, 1.0, 10)
    cycles, grown = left_behind(lambda: derivative(f, x), 20)
    assert cycles == 0
    assert grown < 400  # one list kept a call would be thousands; free lists make the rest


# --- depth -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["reverse", "forward", "along the list"])
def test_depth_is_no_recursion(mode):
    def f(x):
        y = x
        for _ in range(100_000):
            y = y * 1.0000001 + 0.0
        return y

    assert np.isclose(MODES[mode](f)(2.0), 1.0000001**100_000, rtol=1e-9)


def test_depth_of_writes_and_views_is_no_recursion():
    def f(x):
        for k in range(5000):
            x[k % 3 :][:1] *= 1.0001
        return np.sum(x)

    g = wg.grad(f)(np.ones(4))
    np.testing.assert_allclose(g, [1.0001**1667, 1.0001**1667, 1.0001**1666, 1.0], rtol=1e-10)


def test_the_end_of_a_deep_trace_is_no_recursion():
    def f(x):
        y = x
        for _ in range(20_000):
            y = np.sin(y)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        wg.grad(f)(np.ones(2))
    with pytest.raises(ArithmeticError):
        wg.jvp(f, (np.ones(2),), (np.ones(2),))


def test_an_array_that_holds_no_tensor_outlives_its_trace():
    kept = []

    def f(x):
        kept.append(np.zeros_like(x))
        return np.sum(x * kept[-1])

    np.testing.assert_array_equal(wg.grad(f)(np.ones(2)), [0.0, 0.0])
    np.testing.assert_array_equal(np.asarray(kept[0]), [0.0, 0.0])
    np.testing.assert_array_equal(wg.grad(lambda x: np.sum(x * kept[0]))(np.ones(2)), [0.0, 0.0])
