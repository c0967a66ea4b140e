"""A race track: a cubic B-spline by de Boor's recursion, and the time to drive along it with limited lateral acceleration.

Source: C. de Boor, A Practical Guide to Splines, Springer 2001, chapter IX.
"""

import functools

import numpy as np

DEGREE = 3


@functools.lru_cache
def knots(n):
    inner = np.linspace(0.0, 1.0, n - DEGREE + 1)
    return np.concatenate([np.zeros(DEGREE), inner, np.ones(DEGREE)])


def de_boor(control, t):
    """The point of the spline at parameter t, in place on the control points that matter."""
    T = knots(len(control))
    k = int(np.clip(np.searchsorted(T, t, side="right") - 1, DEGREE, len(control) - 1))
    d = [control[j + k - DEGREE] for j in range(DEGREE + 1)]
    for r in range(1, DEGREE + 1):
        for j in range(DEGREE, r - 1, -1):
            alpha = (t - T[j + k - DEGREE]) / (T[j + 1 + k - r] - T[j + k - DEGREE])
            d[j] = (1.0 - alpha) * d[j - 1] + alpha * d[j]
    return d[DEGREE]


def curvature(points):
    """Of the circle through three successive points."""
    a, b, c = points[:-2], points[1:-1], points[2:]
    u, v, w = b - a, c - b, c - a
    cross = u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]
    sides = [np.sqrt((s**2).sum(axis=-1)) for s in (u, v, w)]
    return 2.0 * cross / functools.reduce(np.multiply, sides)


def lap_time(offsets, grip):
    control = np.array([[0.0, 0.0], [1.0, 0.2], [2.0, 1.0], [1.8, 2.2], [0.6, 2.6], [-0.4, 1.6], [-0.2, 0.6]])
    normals = np.array([[0.0, 1.0], [-0.3, 1.0], [-1.0, 0.2], [-0.6, -0.8], [0.2, -1.0], [1.0, 0.0], [0.8, 0.5]])
    line = control + offsets[:, np.newaxis] * normals
    points = np.array([de_boor(line, t) for t in np.linspace(0.0, 0.999, 20)])
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    limit = np.sqrt(grip / (np.abs(curvature(points)) + 0.05))
    speed = np.empty(len(points))
    speed[0], speed[1:-1], speed[-1] = 1.0, limit, limit[-1]
    for i in range(1, len(speed)):  # what the engine allows
        speed[i] = min(speed[i], np.sqrt(speed[i - 1] ** 2 + 2.0 * 1.5 * lengths[i - 1]))
    for i in range(len(speed) - 2, -1, -1):  # and the brakes
        speed[i] = min(speed[i], np.sqrt(speed[i + 1] ** 2 + 2.0 * 3.0 * lengths[i]))
    return np.sum(2.0 * lengths / (speed[1:] + speed[:-1]))


program = lap_time
arguments = (np.array([0.0, 0.1, -0.05, 0.12, 0.08, -0.1, 0.02]), 2.0)
