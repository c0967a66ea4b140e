"""A third trace: it records calls with their real values, and replays them on other inputs.

It touches neither trace/ nor rules/, and composes with grad both ways round: the proof that staging will fit.
"""

import inspect
import operator

import numpy as np
import pytest

import wengert as wg
from wengert.trace.dispatch import Trace
from wengert.trace.tape import counts
from wengert.trace.tensor import Tensor

# --- the trace -----------------------------------------------------------------------------------------------------------------


class Recorder(Trace):
    """Computes each call and lists it: (function, args, kwargs), with tensors by the number of the value they hold."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.values = 0

    def lift(self, value):
        self.calls.append((np.zeros_like, (Ref(0),), {"shape": np.shape(value), "dtype": np.result_type(value)}))
        t = self.numbered(value)
        self.listed(operator.setitem, (t, ..., value), {}, None)
        return t

    def call(self, f, args, kwargs):
        return self.listed(f, args, kwargs, f(*fill(args, lambda t: t.primal if t._trace is self else t), **kwargs))

    def listed(self, f, args, kwargs, y):
        refer = lambda t: Ref(t.place) if t._trace is self else t
        self.calls.append((f, keep(fill(args, refer)), keep(kwargs)))
        return self.numbered(y)

    def numbered(self, y):
        if isinstance(y, tuple | list):
            return type(y)(map(self.numbered, y))
        self.values += 1
        return y if y is None or counts(y) else Tensor(y, self, self.values - 1)


class Ref(int):
    """The number of a value."""


def fill(args, replace):
    """args with tensors (or references) replaced, in lists and tuples too."""
    if isinstance(args, list | tuple):
        return type(args)(fill(a, replace) for a in args) if type(args) in (list, tuple) else args
    if isinstance(args, dict):
        return {k: fill(a, replace) for k, a in args.items()}
    return replace(args) if isinstance(args, Tensor | Ref) else args


def keep(args):
    """Outside arrays copied: they may change."""
    if isinstance(args, list | tuple):
        return type(args)(map(keep, args)) if type(args) in (list, tuple) else args
    return (
        {k: keep(a) for k, a in args.items()} if isinstance(args, dict) else np.copy(args) if isinstance(args, np.ndarray) else args
    )


def record(f, *examples):
    """f as a list of calls, recorded once on the examples."""
    recorder = Recorder()
    tensors = [recorder.numbered(np.array(x)[()] if np.ndim(x) else x) for x in examples]
    y = f(*tensors)

    def replay(*inputs):
        values = [np.copy(x) if np.ndim(x) else x for x in inputs]
        for g, args, kwargs in recorder.calls:
            z = g(*fill(args, lambda ref: values[ref]), **fill(kwargs, lambda ref: values[ref]))
            values.extend(z if isinstance(z, tuple | list) else [z])
        return fill(y, lambda t: values[t.place])

    return replay


# --- what it shows -------------------------------------------------------------------------------------------------------------


def smooth(x):
    return np.sum(np.sin(x) ** 2 * np.exp(-x)) / np.sqrt(np.sum(x * x) + 1.0)


def filled(x):
    z = np.zeros_like(x)
    for i in range(len(x)):
        z[i] = x[i] * x[i - 1]
    return np.sum(z * z)


def in_place(x):
    z = np.sin(x)
    v = z[::-1]
    v[:2] *= x[1:3]
    z += v
    z[[0, 0, 2]] = 2.0 * x[:3]
    np.add.at(z, [1, 1], x[0])
    np.multiply(z, x, out=z)
    x[0] = z[3] * z[2]
    return np.sum(x * z) + np.sum(v[1:] ** 2)


def indexed(x):
    return np.sum(x[[0, 1, 1]] * x[1:]) + np.sum(np.sort(x)[-2:] ** 3) + np.stack([x, x[::-1]]).T[2, 1] * np.max(x)


def with_constants(x, a=np.array([1.0, 2.0, 3.0, 4.0])):
    scratch = np.array(a)
    y = x * scratch
    scratch[:] = 0.0
    return np.sum(y @ np.outer(a, y) * a)


PROGRAMS = [smooth, filled, in_place, indexed, with_constants]
HERE, THERE = np.array([0.3, 0.5, 0.7, 1.1]), np.array([0.4, 0.9, 1.2, 1.7])
"""In the same order: which of the values is largest belongs to the path that was recorded."""

WAYS = {
    "replay(f)": lambda f: (record(f, HERE), f),
    "replay(grad(f))": lambda f: (record(wg.grad(f), HERE), wg.grad(f)),
    "grad(replay(f))": lambda f: (wg.grad(record(f, HERE)), wg.grad(f)),
    "grad(replay(replay(f)))": lambda f: (wg.grad(record(record(f, HERE), HERE)), wg.grad(f)),
    "replay(value_and_grad(f))": lambda f: (record(wg.value_and_grad(f), HERE), wg.value_and_grad(f)),
    "jvp(replay(f))": lambda f: tuple(lambda x, g=g: wg.jvp(g, (x,), (HERE,)) for g in (record(f, HERE), f)),
    "replay(jvp(f))": lambda f: (record(lambda x: wg.jvp(f, (x,), (HERE,)), HERE), lambda x: wg.jvp(f, (x,), (HERE,))),
    "replay(hessian(f))": lambda f: (record(wg.hessian(f), HERE), wg.hessian(f)),
    "hessian(replay(f))": lambda f: (wg.hessian(record(f, HERE)), wg.hessian(f)),
    "jacobian(replay(grad(f)))": lambda f: (wg.jacobian(record(wg.grad(f), HERE)), wg.hessian(f)),
    "replay(jacrev(replay(grad(f))))": lambda f: (record(wg.jacrev(record(wg.grad(f), HERE)), HERE), wg.hessian(f)),
    "replay(hvp(f))": lambda f: (record(lambda x: wg.hvp(f)(x, HERE), HERE), lambda x: wg.hvp(f)(x, HERE)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_a_third_trace_composes_with_grad_both_ways_round(f, way):
    replayed, direct = way(f)
    for x in (THERE, HERE, 1.5 * THERE):
        before = x.copy()
        found, expected = replayed(x), direct(x.copy())
        for a, b in zip(found, expected, strict=True) if isinstance(expected, tuple) else [(found, expected)]:
            np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)
        np.testing.assert_array_equal(x, before)


def test_the_sweep_itself_is_recorded():
    calls = []
    recorder_call = Recorder.call

    def noting(self, f, args, kwargs):
        calls.append(f)
        return recorder_call(self, f, args, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recorder, "call", noting)
        record(wg.grad(filled), HERE)
    assert calls.count(operator.setitem) >= 2 * len(HERE)  # the writes of f, and those into its shadows


def test_control_flow_and_captured_arrays_belong_to_what_was_recorded():
    a = np.array([1.0, 2.0])
    replay = record(lambda x: np.sum(a * x) if x[0] > 0 else x[1], np.array([1.0, 1.0]))
    a[:] = 0.0
    assert replay(np.array([-1.0, 5.0])) == 9.0


def test_it_takes_less_than_sixty_lines():
    lines = [line for part in (Recorder, Ref, fill, keep, record) for line in inspect.getsource(part).splitlines()]
    assert len([line for line in lines if line.strip()]) < 60
