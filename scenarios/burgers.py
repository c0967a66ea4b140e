"""Inviscid Burgers equation by Godunov's method: the exact flux of the Riemann problem is chosen cell by cell.

A sine wave steepens into a shock. What is computed is how far its energy has fallen, and where the shock stands.

Source: E. F. Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, 3rd edition, Springer 2009, sections 5.1 and 6.1.
"""

import numpy as np


def flux(u):
    return 0.5 * u * u


def godunov(left, right):
    if left > right:  # a shock, which moves with the mean of the speeds
        speed = 0.5 * (left + right)
        return flux(left) if speed > 0.0 else flux(right)
    if left > 0.0:  # a rarefaction to the right
        return flux(left)
    if right < 0.0:  # to the left
        return flux(right)
    return 0.0  # through the sonic point


def march(u, dx, t_end, cfl=0.8):
    n = len(u)
    t = 0.0
    f = np.zeros(n + 1)
    while t < t_end:
        dt = cfl * dx / max(abs(v) for v in u)
        if t + dt > t_end:
            dt = t_end - t
        for i in range(n + 1):
            f[i] = godunov(u[i - 1], u[i % n])
        for i in range(n):
            u[i] -= dt / dx * (f[i + 1] - f[i])
        t += dt
    return u


def wave(amplitude, mean, n=20):
    x = (np.arange(n) + 0.5) / n
    u = np.zeros(n)
    for i in range(n):
        u[i] = mean + amplitude * np.sin(2 * np.pi * x[i])
    return x, u


def objective(parameters):
    amplitude, mean = parameters
    x, u = wave(amplitude, mean)
    before = np.sum(flux(u))
    u = march(u, x[1] - x[0], 0.25)
    steepness = np.diff(u)
    shock = np.sum(x[1:] * steepness**2) / np.sum(steepness**2)
    return np.sum(flux(u)) / before + shock


program = objective
arguments = (np.array([1.0, 0.3]),)
