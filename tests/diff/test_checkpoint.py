"""A checkpoint changes what is kept, and nothing else."""

import functools
import itertools
import pickle
from typing import NamedTuple

import numpy as np
import pytest

import wengert as wg
from wengert.errors import ClosureError, OutputError, WriteError
from wengert.trace.tape import Tape

X = np.array([0.3, -0.7, 1.1])
V = np.array([1.0, -2.0, 0.5])
W = np.array([0.4, 0.9, -1.3])
MODES = {
    "forward over forward": lambda f: lambda x: wg.jvp(lambda x: wg.jvp(f, (x,), (V,))[1], (x,), (W,))[1],
    "forward over reverse": lambda f: lambda x: wg.jvp(wg.grad(f), (x,), (V,))[1] @ W,
    "reverse over forward": lambda f: lambda x: wg.grad(lambda x: wg.jvp(f, (x,), (V,))[1])(x) @ W,
    "reverse over reverse": lambda f: lambda x: wg.grad(lambda x: wg.grad(f)(x) @ V)(x) @ W,
}


class State(NamedTuple):
    x: np.ndarray
    v: np.ndarray
    step: int


def advance(state, params, *, substeps=3, name="spring"):
    """Plain NumPy with loops and writes, containers in and out."""
    x, v = state.x * 1.0, state.v * 1.0
    for _ in range(substeps):
        v[1:] -= 0.1 * params["k"] * np.sin(x[1:])
        v[0] = v[0] * params["decay"]
        x += 0.1 * v
    return State(x, v, state.step + 1), {"energy": np.sum(v * v), "name": name}


def simulate(step):
    def loss(x):
        state, energy = State(x, x * W, 0), 0.0
        for _ in range(4):
            state, notes = step(state, {"k": x[0] * x[1], "decay": 0.9}, substeps=2)
            energy = energy + notes["energy"]
        assert state.step == 4 and notes["name"] == "spring"
        return energy + np.sum(state.x**2)

    return loss


saved = simulate(wg.checkpoint(advance))
full = simulate(advance)


def test_first_derivatives(differences):
    gradient = differences(full, X)
    assert saved(X) == full(X)
    assert wg.value_and_grad(saved)(X)[0] == full(X)
    assert np.allclose(wg.grad(saved)(X), gradient, rtol=1e-8)
    assert np.allclose(wg.grad(saved)(X), wg.grad(full)(X), rtol=1e-13)
    assert np.isclose(wg.jvp(saved, (X,), (V,))[1], gradient @ V, rtol=1e-8)
    assert np.isclose(wg.linearize(saved, X)[1](V), gradient @ V, rtol=1e-8)
    pull = wg.vjp(saved, X)[1]
    assert np.allclose(pull(2.0)[0], 2.0 * gradient, rtol=1e-8) and np.allclose(pull(1.0)[0], gradient, rtol=1e-8)
    assert np.allclose(wg.jacfwd(saved)(X), gradient, rtol=1e-8)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_second_derivatives(mode, differences):
    assert np.isclose(mode(saved)(X), mode(full)(X), rtol=1e-11)
    hessian = differences(lambda x: differences(full, x), X)
    assert np.isclose(mode(saved)(X), V @ hessian @ W, rtol=1e-4)


def test_checkpoints_nest():
    inner = wg.checkpoint(np.sin)
    outer = wg.checkpoint(lambda x: inner(x) * inner(x * x))

    def plain(x):
        return np.sum(np.sin(x) * np.sin(x * x))

    assert np.allclose(wg.grad(lambda x: np.sum(outer(x)))(X), wg.grad(plain)(X), rtol=1e-13)
    assert np.allclose(wg.hessian(lambda x: np.sum(outer(x)))(X), wg.hessian(plain)(X), rtol=1e-12)


def test_f_runs_once_forward_and_once_for_each_sweep():
    calls = []

    @wg.checkpoint
    def f(x):
        calls.append(isinstance(x, wg.Tensor))
        return np.sum(np.sin(x) ** 2)

    pull = wg.vjp(f, X)[1]
    assert calls == [False]
    pull(1.0)
    pull(2.0)
    assert calls == [False, True, True]
    calls.clear()
    wg.jvp(f, (X,), (V,))
    assert len(calls) == 2
    calls.clear()
    _, push = wg.linearize(f, X)
    push(V)
    assert len(calls) == 2
    f(X)
    assert len(calls) == 3


def nodes(f):
    tape = Tape()
    f(tape.lift(X.copy()))
    return len(tape.nodes)


def test_the_list_holds_one_call():
    def busy(x):
        for _ in range(100):
            x = np.sin(x)
        return x

    assert nodes(busy) == 101
    assert nodes(wg.checkpoint(busy)) == 2
    assert nodes(wg.checkpoint(lambda x: (busy(x), [busy(x), "ok"]))) == 4  # x, the call, and its two results


def test_the_list_keeps_inputs_and_results_alone():
    tape = Tape()
    x = tape.lift(X.copy())
    y = wg.checkpoint(lambda x, w: np.exp(np.sin(x) * w))(x, W)
    (call,) = [node for node in tape.nodes if hasattr(node, "args")]
    assert call.args[0] is x.primal and np.array_equal(call.args[1], W) and call.args[1] is not W
    assert call.y is y.primal


def test_what_is_written_later_does_not_reach_the_second_run():
    def loss(f):
        def run(x):
            a, w, index = x * 1.0, W.copy(), np.array([0, 2])
            y = f(a, w, index)
            a[...] = 7.0
            w[...] = 7.0
            index[...] = 1
            z = np.sum(y * y)
            y[...] = 7.0
            return z + np.sum(a)

        return run

    def f(a, w, index):
        return np.sin(a * w)[index] * a[index]

    assert np.allclose(wg.grad(loss(wg.checkpoint(f)))(X), wg.grad(loss(f))(X), rtol=1e-13)
    assert np.allclose(wg.hessian(loss(wg.checkpoint(f)))(X), wg.hessian(loss(f))(X), rtol=1e-12)


def test_results_that_do_not_depend_or_are_the_arguments():
    f = wg.checkpoint(lambda x, y: (x, 2.0, y, x[1:], [np.ones(2), None, "s"]))
    found = wg.grad(lambda x: np.sum(f(x, 3.0)[0]) + f(x, 3.0)[1] + f(x, x)[2][0] + np.sum(f(x, x)[3] ** 2))(X)
    assert np.allclose(found, 1 + np.array([1, 0, 0]) + 2 * X * np.array([0, 1, 1]))
    t = wg.jvp(lambda x: f(x, x)[3] * f(x, x)[4][0], (X,), (V,))[1]
    assert np.allclose(t, V[1:])


def test_complex_and_float32():
    f = wg.checkpoint(lambda z: np.exp(1j * z) * z)
    z = X + 1j * V

    def loss(f):
        return lambda z: np.sum(np.abs(f(z)) ** 2)

    assert np.allclose(wg.grad(loss(f))(z), wg.grad(loss(lambda z: np.exp(1j * z) * z))(z))
    assert wg.grad(lambda x: np.sum(wg.checkpoint(np.sin)(x)))(X.astype(np.float32)).dtype == np.float32


# --- what must be loud ------------------------------------------------------------------------------------------------

ASKS = {
    "grad": lambda f: wg.grad(f)(X),
    "jvp": lambda f: wg.jvp(f, (X,), (V,)),
    "linearize": lambda f: wg.linearize(f, X)[1](V),
    "hessian": lambda f: wg.hessian(f)(X),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_closure_over_a_traced_value_is_refused(ask):
    with pytest.raises(ClosureError, match="used a traced value that is not one of its arguments"):
        ask(lambda x: wg.checkpoint(lambda y: np.sum(x * y))(x))
    with pytest.raises(ClosureError):
        ask(lambda x: wg.checkpoint(lambda y: (y, [x]))(x)[0][0])


def test_a_closure_over_an_outer_trace_is_followed_there():
    def f(checkpoint):
        return lambda a: wg.grad(lambda x: checkpoint(lambda x: a * np.sin(a * x))(x))(0.7)

    saved, full = f(wg.checkpoint), f(lambda f: f)
    assert np.isclose(saved(2.0), full(2.0))
    assert np.isclose(wg.grad(saved)(2.0), wg.grad(full)(2.0))
    assert np.isclose(wg.jvp(saved, (2.0,), (1.0,))[1], wg.grad(full)(2.0))


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_function_that_changes_its_mind_is_refused(ask):
    buffer, random, calls = np.ones(3), np.random.default_rng(0), itertools.count()

    def overwritten(x):
        buffer[...] = 1.0
        y = wg.checkpoint(lambda x: np.sum(buffer * x))(x)
        buffer[...] = 2.0
        return y

    def drawn(x):
        return wg.checkpoint(lambda x: np.sum(random.random(3) * x))(x)

    def counted(x):
        return wg.checkpoint(lambda x: [x @ x] * (1 + next(calls) % 2))(x)[0]

    for f in (overwritten, drawn, counted):
        if f is overwritten and ask is ASKS["jvp"]:
            assert ask(f)[1] == np.sum(V)  # it ran twice at once, and is right
            continue
        says = "changed since: buffer" if f is overwritten else "was run again for its derivative and returned something else"
        with pytest.raises(OutputError, match=says):
            ask(f)


WEIGHTS = np.ones(2)


def by_closure():
    c = np.ones(2)

    def change(k):
        c[:] = k

    return (lambda z: c * z), change


def by_large_closure():
    c = np.ones((2, 10_000))[:, ::2]

    def change(k):
        c[0, 77] = k

    return (lambda z: np.sum(c * z[:, None], axis=1)), change


def by_new_array():
    c = np.ones(2)

    def change(k):
        nonlocal c
        c = k * np.ones(2)

    return (lambda z: c * z), change


def by_number():
    k = 1

    def change(new):
        nonlocal k
        k = new

    return (lambda z: z * k), change


def by_global():
    def change(k):
        WEIGHTS[:] = k

    return (lambda z: WEIGHTS * z), change


def by_helper():
    c = {"w": [np.ones(2)]}
    helper = lambda z: functools.partial(np.multiply, c["w"][0])(z)

    def change(k):
        c["w"][0] = k * np.ones(2)

    return (lambda z: next(helper(a) for a in (z,))), change


class Layer:
    def __init__(self):
        self.weights, self.calls, self.log = np.ones(2), 0, []

    @property
    def doubled(self):
        return 2.0 * self.weights

    def forward(self, z):
        self.calls += 1
        self.log.append(1)
        return 0.5 * z * self.doubled

    def __call__(self, z):
        return self.forward(z)

    @wg.checkpoint
    def saved(self, z):
        return self.forward(z)


def by_method():
    layer = Layer()
    return layer.forward, lambda k: setattr(layer, "weights", np.full(2, k))


def by_instance():
    layer = Layer()
    return layer, lambda k: layer.weights.fill(k)


def by_instances_in_a_list():
    layers = [Layer(), Layer()]
    return (lambda z: layers[0](z) + 0.0 * layers[1](z)), lambda k: layers[0].weights.fill(k)


def by_argument():
    layer = Layer()
    return functools.partial(lambda layer, z: layer.forward(z), layer), lambda k: layer.weights.fill(k)


READ = [by_closure, by_large_closure, by_new_array, by_number, by_global, by_helper, by_method, by_instance]
READ += [by_instances_in_a_list, by_argument]


@pytest.mark.parametrize("make", READ)
def test_at_zero_too_a_change_of_what_it_reads_is_seen(make):
    """The value agrees, 0 * c being 0 whatever c: weights that begin at zero are of this kind."""

    def loss(z, last):
        f, change = make()
        change(1.0)
        y = np.sum(wg.checkpoint(f)(z))
        change(last)
        return y

    z = np.zeros(2)
    assert np.array_equal(wg.grad(loss)(z, 1.0), [1.0, 1.0] if make is not by_large_closure else [5000.0, 5000.0])
    with pytest.raises(OutputError, match=r"(?s)a checkpoint, is to be run again.*changed since: .*test_checkpoint.py"):
        wg.grad(loss)(z, 2.0)


def test_and_so_it_is_of_a_decorated_method():
    def loss(z):
        layer = Layer()
        y = np.sum(layer.saved(z))
        layer.weights *= last
        return y

    last = 1.0
    assert np.array_equal(wg.grad(loss)(np.zeros(2)), [1.0, 1.0])
    last = 2.0
    with pytest.raises(OutputError, match=r"changed since: .*weights"):
        wg.grad(loss)(np.zeros(2))


def test_what_f_stores_itself_is_its_own_affair():
    count, layer, log, stats = 0, Layer(), [], {"n": 0}

    @wg.checkpoint
    def f(z):
        nonlocal count
        count += 1
        stats["n"] += 1
        log.append(np.zeros(count))
        layer(z[:2])
        return np.sum(z * z)

    assert np.allclose(wg.grad(lambda z: f(z) + f(2.0 * z))(X), 10.0 * X)
    assert np.allclose(wg.hessian(f)(X), 2.0 * np.eye(3))
    assert count == layer.calls == stats["n"] > 4


def test_a_write_into_an_argument_is_refused():
    def writer(x):
        x[0] = 0.0
        return np.sum(x)

    for ask in ASKS.values():
        with pytest.raises(WriteError):
            ask(lambda x: wg.checkpoint(writer)(x * 1.0))


def layer(x):
    return np.tanh(x)


@wg.checkpoint
def decorated(x):
    """A layer."""
    return np.tanh(x)


def test_it_looks_like_the_function_and_pickles():
    assert (decorated.__name__, decorated.__doc__, repr(decorated)) == (
        "decorated",
        "A layer.",
        "<checkpoint decorated>",
    )
    assert pickle.loads(pickle.dumps(decorated)) is decorated
    assert pickle.loads(pickle.dumps(wg.checkpoint(layer))).f is layer
    assert pickle.loads(pickle.dumps(wg.grad(decorated)))(0.0) == 1.0


def test_what_was_not_selected_makes_no_nan():
    root, x = wg.checkpoint(np.sqrt), np.array([4.0, 0.0])
    assert np.array_equal(wg.grad(lambda x: root(x)[0])(x), [0.25, 0.0])
    assert np.array_equal(wg.jvp(lambda x: root(x[:1])[0], (x,), (np.ones(2),))[1], 0.25)
    masked = wg.checkpoint(lambda x: np.where(x > 0, np.sqrt(x), 0.0))
    assert np.array_equal(wg.grad(lambda x: np.sum(masked(x)))(x), [0.25, 0.0])


def test_the_face_of_define_by_run():
    x = wg.track(X.copy(), name="x")
    y = np.sum(wg.checkpoint(lambda x: np.sin(x) ** 2)(x))
    y.backward()
    assert np.allclose(x.grad, np.sin(2 * X))
    with wg.Tape() as tape:
        x = tape.watch(X.copy())
        y = wg.checkpoint(lambda x: (np.sum(x * x), np.sum(x)))(x)
    assert np.allclose(tape.gradient(y[0] * y[1], x), 2 * X * np.sum(X) + np.sum(X**2))


def test_its_arguments_lie_in_memory_as_they_did_when_it_runs_again():
    def f(x):
        flat = x.reshape(-1)  # a copy of every second column, and so it stays when f runs again
        flat *= 2.0
        return np.sum(x**2) * np.sum(flat**3)

    x, checked = np.arange(1.0, 11.0).reshape(2, 5), wg.checkpoint(f)
    np.testing.assert_allclose(wg.grad(lambda x: checked(x[:, ::2]))(x), wg.grad(lambda x: f(x[:, ::2]))(x), rtol=1e-14)
    np.testing.assert_allclose(wg.hessian(lambda x: checked(x[:, ::2]))(x), wg.hessian(lambda x: f(x[:, ::2]))(x), rtol=1e-13)
