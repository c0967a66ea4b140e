"""Page rank by power iteration, until it converges: how the rank of one page depends on the strengths of links and on damping.

Source: S. Brin and L. Page, "The anatomy of a large-scale hypertextual web search engine", Computer Networks 30 (1998).
"""

import numpy as np

LINKS = {0: [1, 2], 1: [2], 2: [0, 3], 3: [0, 4, 5], 4: [5], 5: [3, 1]}


def web(strengths):
    """Columns are sources, which share out their rank."""
    n = len(LINKS)
    H = np.zeros((n, n))
    weights = iter(strengths)
    for source, targets in LINKS.items():
        for target in targets:
            H[target, source] = next(weights)
        total = H[:, source].sum()
        if total > 0:
            H[:, source] /= total
    return H


def power_iteration(G, tol=1e-13):
    v = np.ones(len(G)) / len(G)
    while True:
        w = G @ v
        w /= np.sum(np.abs(w))
        if np.max(np.abs(w - v)) < tol:
            return w
        v = w


def ranks(strengths, damping):
    H = web(strengths)
    n = H.shape[0]
    return power_iteration(damping * H + (1.0 - damping) / n)


def score(strengths, damping):
    r = ranks(strengths, damping)
    return np.log(r[5] / r[0]) - np.sum(r * np.log(r))


program = score
arguments = (np.array([1.0, 2.0, 1.5, 0.7, 1.2, 0.9, 1.1, 0.4, 1.3, 0.8, 0.6]), 0.6)
