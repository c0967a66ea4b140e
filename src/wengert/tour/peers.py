"""The same program in JAX, PyTorch and TensorFlow, where they are installed.

    for row in compared("f and gradient", f, (2.0, 4.0), (value, gradient), ("JAX", "PyTorch")): ...

A program takes its arguments and the module whose functions it is to use: `def f(x, y, m=np): return m.sin(x) * y`.
Everything runs in double precision on the peer's side too, so that numbers agree to the last digits.
"""

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from wengert import tree
from wengert.tour.report import Row, Text, Watch, numbers, quietly, timed

T = TypeVar("T")
Program = Callable[..., Any]


def with_jax(f: Program, *args: Any) -> Any:
    """Value, gradients and seconds a call; compiled, the compiling not counted."""
    jax = importlib.import_module("jax")
    double = jax.enable_x64 if hasattr(jax, "enable_x64") else importlib.import_module("jax.experimental").enable_x64
    with double(True):
        compiled = jax.jit(jax.value_and_grad(lambda *xs: f(*xs, m=jax.numpy), tuple(range(len(args)))))

        (value, gradients), seconds = settled(lambda: jax.block_until_ready(compiled(*args)))
        return float(value), tree.map(np.asarray, gradients), seconds


def with_torch(f: Program, *args: Any) -> Any:
    """Value, gradients and seconds a call; op by op."""
    torch = importlib.import_module("torch")

    def run() -> Any:
        xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in args]
        value = f(*xs, m=torch)
        value.backward()
        return value.item(), tuple(x.grad.numpy() for x in xs)

    (value, gradients), seconds = settled(run)
    return value, gradients, seconds


def with_tensorflow(f: Program, *args: Any) -> Any:
    """Value, gradients and seconds a call; op by op."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # else its import prints a page
    tf = importlib.import_module("tensorflow")
    xs = [tf.constant(x, tf.float64) for x in args]

    def run() -> Any:
        with tf.GradientTape() as tape:
            tape.watch(xs)
            value = f(*xs, m=tf)
        return float(value), tuple(g.numpy() for g in tape.gradient(value, xs))

    (value, gradients), seconds = settled(run)
    return value, gradients, seconds


def settled(run: Callable[[], T]) -> tuple[T, float]:
    """What run returns and its time, once a first call has compiled and filled caches."""
    run()
    return timed(run)


PEERS = {"JAX": ("jax", with_jax), "PyTorch": ("torch", with_torch), "TensorFlow": ("tensorflow", with_tensorflow)}


def compared(
    what: str,
    f: Program,
    args: tuple[Any, ...],
    ours: Any,
    peers: tuple[str, ...],
    *,
    rtol: float = 1e-14,
    watch: Watch = quietly,
) -> Iterator[Row | Text]:
    """A row for each peer that is installed: its numbers and time; ours is (value, gradients, one an argument).

    A text names those that are not there.
    """
    absent = []
    for name in watch(peers, "other libraries"):
        module, run = PEERS[name]
        if importlib.util.find_spec(module) is None:
            absent.append(f"{name} is not installed.")
            continue
        try:
            value, gradients, seconds = run(f, *args)
        except ImportError as error:  # half an installation is no disagreement
            absent.append(f"{name} is installed, but cannot be imported: {error}")
            continue
        known, found = (numbers(tree.flatten(both)[0]) for both in ((value, gradients), ours))
        scale = np.max(np.abs(known)) if known.size > 4 else 0.0
        yield Row.of(f"{what}; {name}'s time", known, found, name, rtol=rtol, atol=rtol * scale, seconds=seconds)
    if absent:
        yield Text("Not compared", " ".join(absent))
