"""A tracer carried by a wind, by a second-order finite volume scheme with a choice of flux limiters.

The inverse problem: which emissions give the concentrations that stations have measured?

Source: P. K. Sweby, "High resolution schemes using flux limiters for hyperbolic conservation laws", SIAM J. Numer. Anal. 21 (1984).
"""

import numpy as np

CELLS, STEPS = 24, 20


def minmod(r):
    return np.maximum(0.0, np.minimum(1.0, r))


def van_leer(r):
    return (r + np.abs(r)) / (1.0 + np.abs(r))


def slopes(c):
    """The ratio of successive differences, upwind; 1 where the tracer is flat."""
    ahead = np.roll(c, -1) - c
    behind = c - np.roll(c, 1)
    r = np.ones_like(c)
    steep = np.abs(ahead) > 1e-12
    r[steep] = behind[steep] / ahead[steep]
    return r, ahead


def advance(c, courant, limiter):
    r, ahead = slopes(c)
    flux = courant * c + 0.5 * courant * (1.0 - courant) * limiter(r) * ahead
    return c - (flux - np.roll(flux, 1))


def transport(sources, courant, limiter=minmod):
    c = np.full(CELLS, 0.05)
    stations = np.zeros((STEPS, 3))
    for n in range(STEPS):
        c[[2, 7]] += 0.1 * sources * (1.0 + 0.5 * np.sin(0.9 * n))
        c = advance(c, courant, limiter)
        stations[n] = c[[5, 11, 17]]
    return stations


MEASURED = 0.3 + 0.1 * np.cos(np.arange(STEPS * 3).reshape(STEPS, 3))


def misfit(sources, courant):
    sharp = transport(sources, courant)
    smooth = transport(sources, courant, limiter=van_leer)
    return np.sum((0.5 * (sharp + smooth) - MEASURED) ** 2) + 1e-2 * np.sum(sources**2)


program = misfit
arguments = (np.array([0.7, 0.4]), 0.45)
