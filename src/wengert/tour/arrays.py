"""Whole arrays as nodes, where the same sums over single numbers need a node for each of them.

    X, Y = wg.track(X), wg.track(Y)
    np.sum(X @ Y).backward()
    X.grad, Y.grad

Then the functions that a tutorial needs for a network of its own (matmul, sum, +, -, abs2, sigmoid, hcat), each pulled
back from a random cotangent, against what comes out on paper.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import wengert as wg
from wengert.tour.report import Row, Watch, quietly, timed


def tour(watch: Watch = quietly) -> Iterator[Row]:
    """sum(X @ Y) both ways, then one row a function."""
    rng = np.random.default_rng(0)
    X, Y = rng.random((2, 3)), rng.random((3, 2))
    paper = (np.sum(X @ Y), np.tile(np.sum(Y, axis=1), (2, 1)), np.tile(np.sum(X, axis=0)[:, None], (1, 2)))
    for how, way in (("by scalars", by_scalars), ("by arrays", by_arrays)):
        ours, seconds = timed(way, X, Y)
        yield Row.of(f"sum(X @ Y), {how}", paper, ours, "closed form", seconds=seconds)
    for name, (f, arguments, pullback) in functions(rng).items():
        (y, pull), _ = timed(wg.vjp, f, *arguments)
        cotangent = rng.normal(size=np.shape(y))
        ours, seconds = timed(pull, cotangent)
        yield Row.of(f"pullback of {name}", pullback(cotangent, *arguments), ours, "closed form", seconds=seconds)


def by_scalars(X: np.ndarray, Y: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
    """The sum and its derivatives by X and Y, from single tracked numbers."""
    x, y = wg.track(X.tolist()), wg.track(Y.tolist())
    (n, k), m = X.shape, Y.shape[1]
    z = sum(x[i][l] * y[l][j] for i in range(n) for j in range(m) for l in range(k))
    z.backward()
    return z.value, *(np.array([[entry.grad for entry in row] for row in rows]) for rows in (x, y))


def by_arrays(X: np.ndarray, Y: np.ndarray) -> tuple[Any, np.ndarray, np.ndarray]:
    """The same from two tracked arrays."""
    x, y = wg.track(X), wg.track(Y)
    z = np.sum(x @ y)
    z.backward()
    return z.value, x.grad, y.grad


def abs2(x: Any) -> Any:
    return np.abs(x) ** 2


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def functions(rng: np.random.Generator) -> dict[str, tuple[Callable[..., Any], tuple[Any, ...], Callable[..., Any]]]:
    """Each function with arguments, and its pullback on paper: cotangent and arguments to the arguments' cotangents."""
    A, B, C = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    return {
        "matmul": (np.matmul, (A, C), lambda g, a, c: (g @ c.T, a.T @ g)),
        "sum": (np.sum, (A,), lambda g, a: (g * np.ones_like(a),)),
        "+": (np.add, (A, B), lambda g, a, b: (g, g)),
        "-": (np.subtract, (A, B), lambda g, a, b: (g, -g)),
        "abs2": (abs2, (A,), lambda g, a: (2 * g * a,)),
        "sigmoid": (sigmoid, (A,), lambda g, a: (g * np.exp(-a) / (1 + np.exp(-a)) ** 2,)),
        "hcat": (lambda *xs: np.concatenate(xs, axis=1), (A, C.T), lambda g, a, b: (g[:, :3], g[:, 3:])),
    }
