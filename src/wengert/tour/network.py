"""A network 2-100-100-1 with biases and relu, fitted to x**3 - y**2 on a grid of 100 x 100 points.

    loss(parameters(seed=0), *grid())

The tutorial stops at the loss and its six gradients. Here the network is trained too, and drawn beside what it was to learn.
"""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

import wengert as wg
from wengert import plot
from wengert.optim import Adam
from wengert.tour.peers import compared
from wengert.tour.report import Figure, Row, Text, Watch, quietly, timed

SIZES = (2, 100, 100, 1)
STEPS, BATCH = 400, 100
Params = dict[str, Any]


def parameters(seed: int, sizes: tuple[int, ...] = SIZES) -> Params:
    """Kaiming's start for relu layers: weights of variance 2 / fan-in, biases 0."""
    rng = np.random.default_rng(seed)
    weights = {}
    for k, (n, m) in enumerate(pairwise(sizes), start=1):
        weights[f"W{k}"] = rng.normal(0, np.sqrt(2 / n), (n, m))
        weights[f"b{k}"] = np.zeros(m)
    return weights


def grid(n: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """n x n points of the square from -1 to 1, one a row, and what the network is to answer there, one a row."""
    x, y = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    return np.stack([x.ravel(), y.ravel()], axis=1), (x**3 - y**2).reshape(-1, 1)


def loss(p: Any, points: Any, targets: Any, m: Any = np) -> Any:
    """The mean squared error; m is the module whose functions do the work."""
    return m.mean((model(p, points, m) - targets) ** 2)


def model(p: Any, points: Any, m: Any = np) -> Any:
    """What the network answers at some points, one a row."""
    h = m.maximum(points @ p["W1"] + p["b1"], 0.0)
    h = m.maximum(h @ p["W2"] + p["b2"], 0.0)
    return h @ p["W3"] + p["b3"]


def tour(watch: Watch = quietly) -> Iterator[Row | Text | Figure]:
    """The loss and six gradients, each along a random direction and in some entries, against finite differences; training."""
    p, (points, targets) = parameters(seed=0), grid()

    def error(p: Any, m: Any = np) -> Any:
        return loss(p, points, targets, m)

    (value, gradients), seconds = timed(wg.value_and_grad(error), p)
    yield Row.of("network: loss", error(p), value, "plain NumPy", seconds=seconds)
    rng = np.random.default_rng(1)
    known, ours = [], []
    for name in watch(list(p), "finite differences of the network"):
        v = rng.normal(size=p[name].shape)
        slope = difference(error, p, name, v)
        yield Row.of(f"network: {name}, one way", f"{slope:.8g}", np.sum(gradients[name] * v), "differences", rtol=1e-6)
        for entry in sampled(rng, p[name].shape, 4):
            known.append(difference(error, p, name, np.eye(1, p[name].size, entry).reshape(p[name].shape)))
            ours.append(gradients[name].flat[entry])
    scale = float(np.max(np.abs(known)))
    yield Row.of(f"network: {len(ours)} entries", known, ours, "differences", rtol=1e-6, atol=1e-7 * scale)
    yield from compared("network: loss, gradients", error, (p,), (value, (gradients,)), ("JAX",), rtol=1e-12, watch=watch)

    start = time.perf_counter()
    trained = train(p, points, targets, watch)
    seconds = time.perf_counter() - start
    left = error(trained)
    yield Row.at_most(f"network: loss after {STEPS} steps", value / 100, left, "1/100 of the first", seconds=seconds)
    yield Figure(
        "network.png", "x**3 - y**2, and what the relu network makes of it", lambda figure: draw(trained, figure), (11, 3.6)
    )


def train(p: Params, points: np.ndarray, targets: np.ndarray, watch: Watch = quietly) -> Params:
    """Parameters after steps of Adam, each on a few points."""
    rng, opt, gradient = np.random.default_rng(2), Adam(rate=0.005), wg.grad(loss)
    state = opt.init(p)
    for _ in watch(range(STEPS), "training the relu network"):
        some = rng.choice(len(points), BATCH, replace=False)
        p, state = opt.step(p, gradient(p, points[some], targets[some]), state)
    return p


def draw(p: Params, figure: Any) -> Any:
    """The function, the network, and their difference."""

    def network(x: Any, y: Any) -> Any:
        return model(p, np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)

    return plot.compare_surfaces(lambda x, y: x**3 - y**2, network, figure, names=("$x^3 - y^2$", "relu network"))


def difference(f: Any, p: Params, name: str, v: np.ndarray, h: float = 1e-7) -> float:
    """The central difference of f when one of its parameters moves along v.

    h is small because of the kinks of relu: a difference across one is wrong, and fewer points lie across a small step.
    """
    return float((f(p | {name: p[name] + h * v}) - f(p | {name: p[name] - h * v})) / (2 * h))


def sampled(rng: np.random.Generator, shape: tuple[int, ...], most: int) -> np.ndarray:
    """Places of some entries, each once."""
    size = int(np.prod(shape))
    return rng.choice(size, min(most, size), replace=False)
