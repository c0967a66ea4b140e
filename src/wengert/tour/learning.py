"""A network that learns y*y + sin(x), the function that `tracked` descends: what the functions of `arrays` are for.

    moments = train(untrained(rng), *data(rng, 256))
    step, loss, params = moments[-1]

One layer of 30 sigmoids; what it answers while it learns is drawn as an animation.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import wengert as wg
from wengert import plot
from wengert.optim import Adam
from wengert.tour.arrays import abs2, sigmoid
from wengert.tour.report import Figure, Row, Watch, quietly
from wengert.tour.tracked import g

STEPS, FRAMES, HIDDEN = 600, 40, 30
X_RANGE, Y_RANGE = (-2.5, 5.5), (-2.5, 2.5)
Params = dict[str, Any]
Moment = tuple[int, float, Params]


def tour(watch: Watch = quietly) -> Iterator[Row | Figure]:
    """The training, what it came to on points that it never saw, and its animation."""
    rng = np.random.default_rng(0)
    params, points, fresh = untrained(rng), data(rng, 256), data(rng, 1000)
    start = time.perf_counter()
    moments = train(params, *points, watch)
    seconds = time.perf_counter() - start
    (_, first, _), (_, last, trained) = moments[0], moments[-1]
    yield Row.at_most(f"a network learns g: loss after {STEPS} steps", first / 500, last, "1/500 of the first", seconds=seconds)
    yield Row.at_most("its loss on fresh points", loss(params, *fresh) / 200, loss(trained, *fresh), "1/200 of the first")
    yield Figure("learning.gif", "a network learns g(x, y) = y*y + sin(x)", lambda figure: draw(moments, figure), size=(11, 2.7))


def untrained(rng: np.random.Generator) -> Params:
    """Sigmoids of both inputs whose middles lie here and there, and their weights in the answer."""
    scale = 1 / np.sqrt(HIDDEN)
    return {
        "W": rng.normal(size=(2, HIDDEN)),
        "b": rng.normal(size=HIDDEN),
        "v": rng.normal(0, scale, (HIDDEN, 1)),
        "c": np.zeros(1),
    }


def data(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """n points of the rectangle, one a row, and g at each."""
    points = np.stack([rng.uniform(*X_RANGE, n), rng.uniform(*Y_RANGE, n)], axis=1)
    return points, g(points.T)[:, None]


def model(p: Params, points: Any) -> Any:
    return sigmoid(points @ p["W"] + p["b"]) @ p["v"] + p["c"]


def loss(p: Params, points: np.ndarray, targets: np.ndarray) -> Any:
    """The mean squared error."""
    return np.sum(abs2(model(p, points) - targets)) / len(points)


def train(params: Params, points: np.ndarray, targets: np.ndarray, watch: Watch = quietly) -> list[Moment]:
    """(step, loss, parameters) before the first step, after it, and so on to the last."""
    opt, value_and_grad, moments = Adam(rate=0.1), wg.value_and_grad(loss), []
    state = opt.init(params)
    for k in watch(range(STEPS + 1), "a network learns"):
        value, gradient = value_and_grad(params, points, targets)
        moments.append((k, float(value), params))
        params, state = opt.step(params, gradient, state)
    return moments


def surface(p: Params) -> Callable[[Any, Any], Any]:
    """What the network answers, as a function of whole arrays of x and y."""
    return lambda x, y: model(p, np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)


def draw(moments: list[Moment], figure: Any) -> Any:
    """The animation: early steps change most, so they are shown most."""
    shown = sorted({round(STEPS * (k / (FRAMES - 1)) ** 2) for k in range(FRAMES)})
    frames = [(step, value, surface(params)) for step, value, params in (moments[k] for k in shown)]
    names = (r"$g(x, y) = y^2 + \sin x$", "network")
    return plot.training_animation(lambda x, y: g((x, y)), frames, figure, steps=STEPS, names=names, xlim=X_RANGE, ylim=Y_RANGE)
