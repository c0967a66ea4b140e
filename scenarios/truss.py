"""A plane truss: loops over its bars fill the stiffness matrix, supports are struck out, stresses come back.

The objective is the weight with a penalty on stresses above the limit, by cross sections and by the heights of the upper nodes.

Source: M. P. Bendsoe and O. Sigmund, Topology Optimization, Springer 2003, section 4.1.
"""

import numpy as np

#       x, y
NODES = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (1.0, 1.0), (2.0, 1.0)]
BARS = [(0, 1), (1, 2), (2, 3), (0, 4), (1, 4), (1, 5), (2, 4), (2, 5), (3, 5), (4, 5)]
FIXED = [0, 1, 7]  # node 0 in both directions, node 3 in y
E, LIMIT = 70.0, 4.0


def bar_stiffness(a, b, area):
    d = b - a
    length = np.sqrt(d @ d)
    c, s = d / length
    direction = np.array([-c, -s, c, s])
    return E * area / length * np.outer(direction, direction), direction, length


def solve_truss(heights, areas):
    nodes = np.array(NODES)
    nodes = np.vstack([nodes[:4], np.column_stack([nodes[4:, 0], heights])])
    K = np.zeros((12, 12))
    pieces = []
    for (i, j), area in zip(BARS, areas):
        k, direction, length = bar_stiffness(nodes[i], nodes[j], area)
        dofs = [2 * i, 2 * i + 1, 2 * j, 2 * j + 1]
        K[np.ix_(dofs, dofs)] += k
        pieces.append((dofs, direction, length))
    free = np.setdiff1d(np.arange(12), FIXED)
    load = np.zeros(12)
    load[[3, 5]] = -1.0, -2.0
    u = np.zeros(12)
    u[free] = np.linalg.solve(K[free][:, free], load[free])
    stresses = [E * (direction @ u[dofs]) / length for dofs, direction, length in pieces]
    weight = sum(length * area for (_, _, length), area in zip(pieces, areas))
    return weight, np.array(stresses)


def cost(heights, areas):
    weight, stresses = solve_truss(heights, areas)
    excess = np.abs(stresses) - LIMIT
    excess[excess < 0.0] = 0.0
    return weight + 0.5 * np.sum(excess**2)


program = cost
arguments = (np.array([0.9, 1.1]), np.array([0.5, 0.6, 0.7, 0.55, 0.3, 0.2, 0.25, 0.4, 0.65, 0.5]))
