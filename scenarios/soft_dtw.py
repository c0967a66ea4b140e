"""Barycentre objective under soft dynamic time warping.

Cuturi & Blondel (2017), "Soft-DTW: a differentiable loss function for time-series", algorithm 1, for series of different lengths;
borders are infinite.
"""

import numpy as np

SERIES = [
    np.array([0.0, 0.2, 0.9, 1.1, 0.4, 0.0]),
    np.array([0.1, 0.8, 1.2, 0.5, 0.1]),
    np.array([0.0, 0.0, 0.3, 1.0, 0.9, 0.2, 0.1]),
]
GAMMA = 0.3


def softmin(values):
    scaled = [-v / GAMMA for v in values]
    top = max(scaled)
    return -GAMMA * (top + np.log(sum(np.exp(s - top) for s in scaled)))


def soft_dtw(x, y, band=3):
    n, m = len(x), len(y)
    cost = (x[:, None] - y[None, :]) ** 2
    R = np.full((n + 1, m + 1), np.inf)
    R[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            if abs(i * m - j * n) > band * max(n, m):
                continue
            R[i, j] = cost[i - 1, j - 1] + softmin([R[i - 1, j], R[i, j - 1], R[i - 1, j - 1]])
    return R[n, m]


def objective(barycentre):
    total = 0.0
    for y in SERIES:
        divergence = soft_dtw(barycentre, y)
        divergence -= 0.5 * (soft_dtw(barycentre, barycentre) + soft_dtw(y, y))
        total += divergence / len(y)
    return total


program = objective
arguments = (np.array([0.05, 0.4, 1.0, 0.8, 0.15]),)
