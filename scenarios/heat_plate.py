"""Cooling of a square plate, by the alternating direction implicit method of Peaceman and Rachford.

Each half step is implicit along one axis: a tridiagonal system for every row, then for every column, solved by the Thomas algorithm.
The objective is how far the temperatures at three sensors are from what was wanted.

Source: D. W. Peaceman and H. H. Rachford, "The numerical solution of parabolic and elliptic differential equations", J. SIAM 3 (1955).
"""

import numpy as np

N = 7
STEPS = 3


def thomas(lower, diagonal, upper, rhs):
    """Solve a tridiagonal system for several right-hand sides (columns), overwriting rhs."""
    n = len(diagonal)
    c = np.empty(n - 1)
    d = rhs
    c[0] = upper[0] / diagonal[0]
    d[0] = d[0] / diagonal[0]
    for i in range(1, n):
        m = 1.0 / (diagonal[i] - lower[i - 1] * c[i - 1])
        if i < n - 1:
            c[i] = upper[i] * m
        d[i] = (d[i] - lower[i - 1] * d[i - 1]) * m
    for i in range(n - 2, -1, -1):
        d[i] -= c[i] * d[i + 1]
    return d


def second_difference(u, out):
    """Along the first axis, with cold edges."""
    np.multiply(u, -2.0, out=out)
    out[1:] += u[:-1]
    out[:-1] += u[1:]
    return out


def half_step(u, r, scratch):
    """Explicit along the columns, implicit along the rows."""
    rhs = u + 0.5 * r * second_difference(u.T, scratch).T
    off = np.full(N - 1, -0.5 * r)
    return thomas(off, np.full(N, 1.0 + r), off, rhs)


def plate(u, diffusivity):
    h = 1.0 / (N + 1)
    r = diffusivity * 0.01 / h**2
    scratch = np.empty((N, N))
    for _ in range(STEPS):
        u = half_step(u, r, scratch)
        u = half_step(u.T, r, scratch).T
    return u


def objective(initial, diffusivity):
    u = plate(initial, diffusivity)
    sensors = [(1, 1), (3, 3), (5, 2)]
    wanted = [0.1, 0.35, 0.2]
    return sum((u[place] - w) ** 2 for place, w in zip(sensors, wanted))


ticks = np.arange(1, N + 1) / (N + 1)

program = objective
arguments = (np.outer(np.sin(np.pi * ticks), 4.0 * ticks * (1.0 - ticks)), 0.8)
