"""Find the conductivity of a rod from the temperatures that were measured along it.

Heat conduction in one dimension, u_t = (k u_x)_x, by the explicit scheme (FTCS), in place. The rod consists of three materials, and
its ends are held at zero.

Source: R. J. LeVeque, Finite Difference Methods for Ordinary and Partial Differential Equations, SIAM 2007, chapter 9.
"""

import numpy as np

POINTS = 25
STEPS = 40
LENGTH = 1.0
dx = LENGTH / (POINTS - 1)
dt = 0.2 * dx**2


def conductivity_at_faces(materials):
    """The harmonic mean of neighbours, which keeps the flux continuous."""
    k = np.repeat(materials, [8, 9, 8])
    return 2.0 * k[:-1] * k[1:] / (k[:-1] + k[1:])


def simulate(materials, amplitude):
    x = np.linspace(0.0, LENGTH, POINTS)
    u = np.zeros(POINTS)
    u[:] = amplitude * np.sin(np.pi * x)
    k = conductivity_at_faces(materials)
    for _ in range(STEPS):
        flux = k * np.diff(u) / dx
        u[1:-1] += dt / dx * (flux[1:] - flux[:-1])
        u[0] = u[-1] = 0.0
    return u


def misfit(materials, amplitude):
    u = simulate(materials, amplitude)
    measured = 0.9 * np.sin(np.pi * np.linspace(0.0, LENGTH, POINTS))
    residual = u[2:-2:3] - measured[2:-2:3]
    return 0.5 * np.dot(residual, residual)


program = misfit
arguments = (np.array([0.7, 1.3, 0.9]), 1.1)
