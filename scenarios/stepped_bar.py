"""A bar under its own weight and a load, in linear finite elements: assembled with np.add.at, solved densely.

The objective is the compliance, with a penalty on volume: the usual start of sizing optimisation.

Source: T. J. R. Hughes, The Finite Element Method, Dover 2000, chapter 1. `known` is the closed form for the uniform bar.
"""

import numpy as np

ELEMENTS = 12
E, RHO, G = 2.1, 0.7, 9.81
LOAD = 3.0


def mesh(length):
    nodes = np.linspace(0.0, length, ELEMENTS + 1)
    connectivity = np.column_stack([np.arange(ELEMENTS), np.arange(1, ELEMENTS + 1)])
    return nodes, connectivity


def assemble(areas, nodes, connectivity):
    n = len(nodes)
    K = np.zeros((n, n))
    f = np.zeros(n)
    lengths = np.diff(nodes)
    reference = np.array([[1.0, -1.0], [-1.0, 1.0]])
    blocks = (E * areas / lengths)[:, None, None] * reference
    rows = np.repeat(connectivity, 2, axis=1).ravel()
    columns = np.tile(connectivity, 2).ravel()
    np.add.at(K, (rows, columns), blocks.ravel())
    np.add.at(f, connectivity, (0.5 * RHO * G * areas * lengths)[:, np.newaxis])
    f[-1] += LOAD
    return K, f


def compliance(areas, length):
    nodes, connectivity = mesh(length)
    K, f = assemble(areas, nodes, connectivity)
    free = np.arange(1, len(nodes))
    u = np.zeros(len(nodes))
    u[free] = np.linalg.solve(K[np.ix_(free, free)], f[free])
    return f @ u


def uniform_bar(area, length):
    """The same by integrating the exact displacement, which linear elements meet at the nodes."""
    h = length / ELEMENTS
    w = RHO * G * area
    x = np.linspace(0.0, length, ELEMENTS + 1)
    u = (LOAD * x + w * (length * x - x**2 / 2)) / (E * area)
    return np.sum(w * h * 0.5 * (u[1:] + u[:-1])) + LOAD * u[-1]


program = compliance
arguments = (np.full(ELEMENTS, 0.8), 2.0)
known = uniform_bar(0.8, 2.0)
