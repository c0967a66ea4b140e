"""2yx**2 + xy + 3 at (2, 3); then layers 2-30-30-1, trained on (x**2 + y**2) / 2 until the loss is a hundredth.

    wg.value_and_grad(f, argnums=(0, 1))(2.0, 3.0)
    opt = Adam(rate=0.003)
    layers, state = opt.step(layers, wg.grad(loss)(layers, points, targets), state)

A tutorial does the first with Var, Edge and Tape, and writes the second's backward passes by hand, layer by layer.
"""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

import wengert as wg
from wengert import plot
from wengert.optim import Adam
from wengert.tour.report import Figure, Row, Watch, quietly, timed

VALUE = "33"
GRADIENT = ("27", "10")
SIZES = (2, 30, 30, 1)
Layers = list[dict[str, Any]]


def f(x: Any, y: Any) -> Any:
    """The tutorial's function of two numbers."""
    return 2 * y * x**2 + x * y + 3


def tour(watch: Watch = quietly) -> Iterator[Row | Figure]:
    """The function of two numbers, the gradient of the layers, and their training."""
    (value, gradient), seconds = timed(wg.value_and_grad(f, argnums=(0, 1)), 2.0, 3.0)
    yield Row.of("f(2, 3)", VALUE, value, "published", seconds=seconds)
    yield Row.of("gradient of f", GRADIENT, gradient, "published", seconds=seconds)

    rng = np.random.default_rng(0)
    layers, (points, targets) = untrained(rng), data(rng, 256)
    gradient, seconds = timed(wg.grad(loss), layers, points, targets)
    way = wg.tree.map(lambda p: rng.normal(size=p.shape), layers)
    slope = sum(np.sum(g * v) for g, v in zip(leaves(gradient), leaves(way), strict=True))
    known = difference(layers, way, points, targets)
    yield Row.of("slope of the layers' loss, one way", f"{known:.8g}", slope, "differences", rtol=1e-6, seconds=seconds)

    start = time.perf_counter()
    trained, losses = train(layers, points, targets, watch)
    seconds = time.perf_counter() - start
    what = f"loss after {len(losses) - 1} steps"
    yield Row.at_most(what, losses[0] / 100, losses[-1], "1/100 of the first", seconds=seconds)
    fresh = data(rng, 1000)
    yield Row.at_most("loss on fresh points", loss(layers, *fresh) / 50, loss(trained, *fresh), "1/50 of the first")
    yield Figure("loss.png", "the loss of the layers while they are trained", lambda figure: draw(losses, figure))


def draw(losses: list[float], figure: Any) -> None:
    plot.loss_curve(losses, figure.subplots()).set_ylabel("mean squared error")


def untrained(rng: np.random.Generator) -> Layers:
    """Weights of variance 2 / fan-in, biases 0."""
    return [{"W": rng.normal(0, np.sqrt(2 / n), (n, m)), "b": np.zeros(m)} for n, m in pairwise(SIZES)]


def data(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """n points of the square from -1 to 1, one a row, and (x**2 + y**2) / 2 at each."""
    points = rng.uniform(-1, 1, (n, 2))
    return points, np.sum(points**2, axis=1, keepdims=True) / 2


def model(layers: Layers, x: Any) -> Any:
    """Leaky relu after every layer but the last."""
    *hidden, last = layers
    for layer in hidden:
        x = x @ layer["W"] + layer["b"]
        x = np.maximum(x, 0.1 * x)
    return x @ last["W"] + last["b"]


def loss(layers: Layers, points: np.ndarray, targets: np.ndarray) -> Any:
    """The mean squared error."""
    return np.mean((model(layers, points) - targets) ** 2)


def train(
    layers: Layers, points: np.ndarray, targets: np.ndarray, watch: Watch = quietly, most: int = 500
) -> tuple[Layers, list[float]]:
    """Layers whose loss is a hundredth of what it was, and the losses on the way; at most so many steps."""
    opt, value_and_grad, losses = Adam(rate=0.003), wg.value_and_grad(loss), []
    state = opt.init(layers)
    for _ in watch(range(most), "training the layers"):
        value, gradient = value_and_grad(layers, points, targets)
        losses.append(float(value))
        if value <= losses[0] / 100:
            break
        layers, state = opt.step(layers, gradient, state)
    return layers, losses


def difference(layers: Layers, way: Layers, points: np.ndarray, targets: np.ndarray, h: float = 1e-7) -> float:
    """The central difference of the loss along a direction."""
    ahead, behind = (wg.tree.map(lambda p, v, s=s: p + s * h * v, layers, way) for s in (1, -1))
    return float((loss(ahead, points, targets) - loss(behind, points, targets)) / (2 * h))


def leaves(container: Any) -> list[Any]:
    return wg.tree.flatten(container)[0]
