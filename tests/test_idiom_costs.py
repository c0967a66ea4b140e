"""What idioms cost, counted: nodes of the list, evaluations of the function, bytes. Never times."""

import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scenarios.idioms import long_computations
from scipy.optimize import minimize

import wengert as wg
from wengert.trace.tape import Tape

LARGE = np.linspace(0.5, 1.5, 100_000)


def nodes(f, *args):
    """How long the list of f is, its inputs left out."""
    tape = Tape()
    f(*map(tape.lift, args))
    return len(tape.finish().nodes) - len(args)


def scalar_loop(steps):
    def f(a, b, c):
        x = a
        for _ in range(steps):
            x = x + 0.01 * (np.sin(b * x) - c * x)
        return x

    return f


def stencil(steps):
    def f(u):
        u = u.copy()
        for _ in range(steps):
            u[1:-1] += 0.2 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        return np.sum(u**2)

    return f


@pytest.mark.parametrize(("program", "args", "a_step"), [(scalar_loop, (0.3, 0.7, 1.1), 6), (stencil, (np.ones(20),), 6)])
def test_a_loop_is_as_long_as_its_operations(program, args, a_step):
    lengths = [nodes(program(steps), *args) for steps in (100, 200, 500)]
    assert lengths[1] - lengths[0] == 100 * a_step
    assert lengths[2] - lengths[1] == 300 * a_step


@pytest.mark.parametrize("n", [2, 5, 10, 30])
def test_a_gradient_costs_one_evaluation_where_differences_cost_n_more(n):
    calls = 0

    def f(x):
        nonlocal calls
        calls += 1
        return long_computations.rosenbrock(x)

    start = np.full(n, 1.3)
    ours = minimize(wg.value_and_grad(f), start, jac=True, method="L-BFGS-B")
    with_gradient, calls = calls, 0
    theirs = minimize(f, start, method="L-BFGS-B")
    np.testing.assert_allclose(ours.x, 1.0, atol=1e-4)
    assert with_gradient == ours.nfev
    assert calls == theirs.nfev and with_gradient <= 2 * calls / (n + 1)  # steps differ a little: differences are not exact


def test_a_list_of_200_000_operations_is_swept_without_recursion():
    def f(x):
        for _ in range(100_000):
            x = x * 0.999999 + 1e-6
        return x

    assert nodes(f, 1.0) == 200_000
    assert wg.grad(f)(1.0) == pytest.approx(0.999999**100_000, rel=1e-9)
    assert wg.jvp(f, (1.0,), (1.0,))[1] == pytest.approx(0.999999**100_000, rel=1e-9)


def test_eight_threads_take_400_gradients():
    xs = np.random.default_rng(0).uniform(-1.0, 1.0, (400, 5))
    gradient = wg.grad(long_computations.rosenbrock_in_a_loop)
    alone = [gradient(x) for x in xs]
    with ThreadPoolExecutor(8) as pool:
        np.testing.assert_array_equal(list(pool.map(gradient, xs)), alone)


def test_a_gradient_is_pickled():
    gradient = wg.grad(long_computations.rosenbrock)
    x = np.array([-1.2, 1.0, 0.5])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(gradient))(x), gradient(x))


def peak(f):
    """The most memory at a time that the gradient at LARGE takes, in arrays of its size."""
    wg.grad(f)(LARGE)
    tracemalloc.start()
    try:
        wg.grad(f)(LARGE)
        return tracemalloc.get_traced_memory()[1] / LARGE.nbytes
    finally:
        tracemalloc.stop()


def test_a_chain_of_50_operations_keeps_what_rules_read():
    """The operands of 25 sines, and none of 25 products with a number; besides, a few arrays that are being worked on."""

    def f(x):
        for _ in range(25):
            x = np.sin(x) * 1.01
        return np.sum(x)

    assert 25 <= peak(f) <= 30


def test_a_buffer_is_kept_once_for_each_content():
    """Two contents in 20 products, whose other operands are not read."""

    def f(x):
        w = np.ones(LARGE.size)
        for k in range(20):
            if k == 10:
                w[:] = 2.0
            x = x * w
        return np.sum(x)

    assert 2 <= peak(f) <= 8
