"""First arrivals of a seismic wave through a grid of blocks: Dijkstra's shortest paths with a heap.

Which slownesses of the blocks explain the times that geophones measured? The derivative of a time is the ray's length in each block.

Source: T. J. Moser, "Shortest path calculation of seismic rays", Geophysics 56 (1991).
"""

import heapq
import math

import numpy as np

ROWS, COLUMNS = 5, 6
STEPS = [(i, j) for i in (-2, -1, 0, 1, 2) for j in (-2, -1, 0, 1, 2) if math.gcd(i, j) == 1]


def arrivals(slowness, source):
    """Travel times from a node to all nodes; slowness is given at the nodes, and is averaged along a step."""
    times = np.full((ROWS, COLUMNS), np.inf)
    times[source] = 0.0
    heap = [(0.0, source)]
    done = set()
    while heap:
        t, (i, j) = heapq.heappop(heap)
        if (i, j) in done:
            continue
        done.add((i, j))
        for di, dj in STEPS:
            a, b = i + di, j + dj
            if not (0 <= a < ROWS and 0 <= b < COLUMNS) or (a, b) in done:
                continue
            later = t + math.hypot(di, dj) * 0.5 * (slowness[i, j] + slowness[a, b])
            if later < times[a, b]:
                times[a, b] = later
                heapq.heappush(heap, (later, (a, b)))
    return times


def misfit(slowness):
    total = 0.0
    for source, observed in (((0, 0), [3.1, 5.9, 7.7]), ((4, 1), [5.2, 4.9, 5.1])):
        times = arrivals(slowness, source)
        picks = times[[1, 3, 4], [3, 5, 5]]
        total += np.sum((picks - observed) ** 2)
    roughness = np.sum(np.diff(slowness, axis=0) ** 2) + np.sum(np.diff(slowness, axis=1) ** 2)
    return total + 0.1 * roughness


rng = np.random.default_rng(11)

program = misfit
arguments = (1.0 + 0.3 * rng.random((ROWS, COLUMNS)),)
