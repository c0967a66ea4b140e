"""One array as one node: sum(X @ Y) by single numbers and by arrays, and the functions that a small network needs.

Tutorials build a TrackedArray for this, with one pullback for each function, derived on paper. Those derivations stand
here as the right-hand sides of the checks.
"""

import time

import numpy as np

import wengert as wg

rng = np.random.default_rng(0)
X, Y = rng.random((2, 3)), rng.random((3, 2))


def by_scalars():
    x, y = wg.track(X.tolist()), wg.track(Y.tolist())  # lists of lists of tracked numbers
    z = sum(x[i][k] * y[k][j] for i in range(2) for j in range(2) for k in range(3))
    z.backward()
    return np.array([[entry.grad for entry in row] for row in y])


def by_arrays():
    x, y = wg.track(X), wg.track(Y)
    np.sum(x @ y).backward()
    return y.grad


for way in (by_scalars, by_arrays):
    start = time.perf_counter()
    for _ in range(100):
        gradient = way()
    print(f"{way.__name__}: {(time.perf_counter() - start) * 1e4:.0f} us")
    np.testing.assert_allclose(gradient, X.T @ np.ones((2, 2)), rtol=1e-14)


def check(name, f, *arguments, paper):
    """Pull a random cotangent back through f, and compare with the derivation on paper."""
    y, pull = wg.vjp(f, *arguments)
    g = rng.normal(size=np.shape(y))
    for ours, known in zip(pull(g), paper(g), strict=True):
        np.testing.assert_allclose(ours, known, rtol=1e-12)
    print(f"{name}: agrees")


def abs2(x):
    return np.abs(x) ** 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def hcat(*columns):
    return np.concatenate(columns, axis=1)


A, B = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
s = sigmoid(A)
check("matmul", np.matmul, X, Y, paper=lambda g: (g @ Y.T, X.T @ g))
check("sum", np.sum, A, paper=lambda g: (g * np.ones((2, 3)),))
check("+", np.add, A, B, paper=lambda g: (g, g))
check("-", np.subtract, A, B, paper=lambda g: (g, -g))
check("abs2", abs2, A, paper=lambda g: (2 * A * g,))
check("sigmoid", sigmoid, A, paper=lambda g: (s * (1 - s) * g,))
check("hcat", hcat, A, B, paper=lambda g: (g[:, :3], g[:, 3:]))
