"""Capacitance of two plates with a dielectric between them: Laplace's equation by successive overrelaxation until it settles.

Electrodes are marked in an array of the module, and every run starts from a copy of the potentials on them.

Source: W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery, Numerical Recipes, 3rd edition, Cambridge 2007, section 20.5.
"""

import numpy as np

ROWS, COLUMNS = 9, 8
POTENTIAL = np.zeros((ROWS, COLUMNS))
POTENTIAL[2, 2:6] = 1.0
POTENTIAL[6, 2:6] = -1.0
ELECTRODE = POTENTIAL != 0.0
ELECTRODE[[0, -1]] = True
ELECTRODE[:, [0, -1]] = True


def permittivity(strength, height):
    """A slab between the plates, with soft edges."""
    y = np.arange(ROWS, dtype=float)[:, np.newaxis]
    return np.broadcast_to(1.0 + strength / (1.0 + np.exp(4.0 * (np.abs(y - 4.0) - height))), (ROWS, COLUMNS))


def relax(eps, omega=1.5, tol=1e-3):
    V = POTENTIAL.copy()
    north, south = 0.5 * (eps[:-2, 1:-1] + eps[1:-1, 1:-1]), 0.5 * (eps[2:, 1:-1] + eps[1:-1, 1:-1])
    side = eps[1:-1, 1:-1]
    free = ~ELECTRODE[1:-1, 1:-1]
    checker = np.indices(free.shape).sum(axis=0) % 2 == 0
    change = np.inf
    while change > tol:
        change = 0.0
        for colour in (checker & free, ~checker & free):
            mean = north * V[:-2, 1:-1] + south * V[2:, 1:-1] + side * (V[1:-1, :-2] + V[1:-1, 2:])
            step = omega * (mean / (north + south + 2.0 * side) - V[1:-1, 1:-1])[colour]
            V[1:-1, 1:-1][colour] += step
            change = max(change, np.max(np.abs(step)))
    return V


def energy(strength, height):
    eps = permittivity(strength, height)
    V = relax(eps)
    vertical = 0.5 * (eps[1:] + eps[:-1]) * np.diff(V, axis=0) ** 2
    horizontal = eps[:, 1:] * np.diff(V, axis=1) ** 2
    return 0.5 * (vertical.sum() + horizontal.sum())


program = energy
arguments = (2.5, 1.2)
