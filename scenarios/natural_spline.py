"""Bending energy and misfit of a natural cubic spline through movable knots.

de Boor, "A Practical Guide to Splines" (1978), chapter IV; second derivatives by Thomas' elimination in place.
"""

import numpy as np


class NaturalSpline:
    def __init__(self, x, y):
        if np.any(np.diff(x) <= 0):
            raise ValueError("knots must increase")
        self.x, self.y = x, y
        self.h = np.diff(x)
        self.m = np.zeros_like(y)
        self._solve()

    def _solve(self):
        lower, diagonal, upper = self.h[:-1].copy(), 2 * (self.h[:-1] + self.h[1:]), self.h[1:].copy()
        right = 6 * np.diff(np.diff(self.y) / self.h)
        n = len(right)
        for i in range(1, n):
            w = lower[i] / diagonal[i - 1]
            diagonal[i] -= w * upper[i - 1]
            right[i] -= w * right[i - 1]
        self.m[n] = right[n - 1] / diagonal[n - 1]
        for i in range(n - 2, -1, -1):
            self.m[i + 1] = (right[i] - upper[i] * self.m[i + 2]) / diagonal[i]

    def __call__(self, t):
        k = np.clip(np.searchsorted(self.x, t, side="right") - 1, 0, len(self.h) - 1)
        a, b, h = self.x[k + 1] - t, t - self.x[k], self.h[k]
        linear = self.y[k] * a / h + self.y[k + 1] * b / h
        return linear + self.m[k] * (a**3 / h - h * a) / 6 + self.m[k + 1] * (b**3 / h - h * b) / 6

    @property
    def bending(self):
        left, right = self.m[:-1], self.m[1:]
        return np.sum(self.h * (left**2 + left * right + right**2)) / 3


T = np.array([0.1, 0.35, 0.9, 1.4, 1.75, 2.2, 2.9, 3.3, 3.8])
DATA = np.sin(1.5 * T)


def objective(x, y, smoothing):
    spline = NaturalSpline(x, y)
    return np.sum((spline(T) - DATA) ** 2) + smoothing * spline.bending


program = objective
arguments = (np.array([0.0, 0.7, 1.3, 2.1, 3.1, 4.0]), np.array([0.1, 0.8, 0.9, -0.1, -1.1, -0.2]), 0.02)
