"""Parameters of the Lorenz system from a noisy trajectory, by the classical Runge-Kutta method.

Source: E. N. Lorenz, "Deterministic nonperiodic flow", J. Atmospheric Sciences 20 (1963).
"""

import itertools

import numpy as np


def lorenz(t, state, sigma, rho, beta):
    x, y, z = state
    return np.array([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def rk4(f, t, y, h, *args):
    """The states at t, t + h, t + 2h, ..., without end."""
    while True:
        yield t, y
        k1 = f(t, y, *args)
        k2 = f(t + h / 2, y + h / 2 * k1, *args)
        k3 = f(t + h / 2, y + h / 2 * k2, *args)
        k4 = f(t + h, y + h * k3, *args)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t += h


def trajectory(sigma, rho, beta, start, steps=30):
    states = itertools.islice(rk4(lorenz, 0.0, start, 0.02, sigma, rho, beta), steps)
    return np.array([y for _, y in states])


def observations():
    rng = np.random.default_rng(1963)
    truth = trajectory(10.0, 28.0, 8.0 / 3.0, np.array([1.0, 1.0, 20.0]))
    return truth + 0.1 * rng.standard_normal(truth.shape)


DATA = observations()


def chi_squared(sigma, rho, beta, start):
    residual = (trajectory(sigma, rho, beta, start) - DATA) / 0.1
    return 0.5 * np.sum(residual**2) / residual.size


program = chi_squared
arguments = (9.5, 28.5, 2.7, np.array([1.1, 0.9, 19.8]))
