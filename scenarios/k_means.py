"""Within-cluster sum of squares after Lloyd's algorithm, and how it depends on points and starting centres.

Lloyd (1982), "Least squares quantization in PCM". Stops as soon as no point changes its cluster; an empty cluster stays where it
is.
"""

import numpy as np


def nearest(points, centres):
    distances = np.linalg.norm(points[:, None] - centres[None], axis=2)
    return np.argmin(distances, axis=1)


def k_means(points, centres, limit=20):
    centres = centres.copy()
    labels = None
    for _ in range(limit):
        previous, labels = labels, nearest(points, centres)
        if previous is not None and np.array_equal(previous, labels):
            break
        for k in range(len(centres)):
            members = points[labels == k]
            if len(members):
                centres[k] = members.mean(axis=0)
    return centres, labels


def inertia(points, centres, pull):
    """The sum of squares, with a penalty for centres that end far from the origin."""
    centres, labels = k_means(points, centres)
    sums = np.zeros(len(centres))
    np.add.at(sums, labels, np.sum((points - centres[labels]) ** 2, axis=1))
    sizes = np.bincount(labels, minlength=len(centres))
    return np.sum(sums / np.maximum(sizes, 1)) + pull * np.sum(centres**2)


RNG = np.random.default_rng(2)
program = inertia
arguments = (
    np.concatenate([RNG.normal(m, 0.4, (6, 2)) for m in ([0, 0], [3, 1], [1, 4])]),
    np.array([[0.5, 0.5], [2.0, 2.0], [0.0, 3.0], [50.0, 50.0]]),
    0.01,
)
