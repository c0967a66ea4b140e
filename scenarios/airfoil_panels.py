"""Lift of a NACA four-digit airfoil by constant-strength source panels and one vortex (Hess and Smith).

Source: J. Moran, An Introduction to Theoretical and Computational Aerodynamics, Wiley 1984, chapter 4.
"""

import numpy as np

PANELS = 8


def naca(camber, place, thickness):
    """Points around the airfoil from the trailing edge, lower side first."""
    beta = np.linspace(0.0, np.pi, PANELS // 2 + 1)
    x = 0.5 * (1.0 - np.cos(beta))
    half = 5 * thickness * (0.2969 * np.sqrt(x) - 0.126 * x - 0.3516 * x**2 + 0.2843 * x**3 - 0.1036 * x**4)
    line = np.zeros_like(x)
    for i, xi in enumerate(x):
        if xi < place:
            line[i] = camber / place**2 * (2 * place * xi - xi**2)
        else:
            line[i] = camber / (1 - place) ** 2 * (1 - 2 * place + 2 * place * xi - xi**2)
    lower, upper = line - half, line + half
    return np.concatenate([x[::-1], x[1:]]), np.concatenate([lower[::-1], upper[1:]])


def influence(xm, ym, x1, y1, x2, y2):
    """Velocities at a point by a panel, along and across the panel, for a unit source."""
    r1, r2 = np.hypot(xm - x1, ym - y1), np.hypot(xm - x2, ym - y2)
    turn = np.arctan2((ym - y2) * (xm - x1) - (xm - x2) * (ym - y1), (xm - x2) * (xm - x1) + (ym - y2) * (ym - y1))
    return -np.log(r2 / r1) / (2 * np.pi), turn / (2 * np.pi)


def lift_coefficient(shape, alpha):
    x, y = naca(*shape)
    n = PANELS
    theta = np.arctan2(y[1:] - y[:-1], x[1:] - x[:-1])
    xm, ym = 0.5 * (x[1:] + x[:-1]), 0.5 * (y[1:] + y[:-1])
    A, b = np.zeros((n + 1, n + 1)), np.empty(n + 1)
    tangential = np.zeros((n, n + 1))
    for i in range(n):
        for j in range(n):
            along, across = (0.0, 0.5) if i == j else influence(xm[i], ym[i], x[j], y[j], x[j + 1], y[j + 1])
            c, s = np.cos(theta[i] - theta[j]), np.sin(theta[i] - theta[j])
            A[i, j] = c * across - s * along
            A[i, n] -= c * along + s * across
            tangential[i, j] = s * across + c * along
            tangential[i, n] += c * across - s * along
        b[i] = np.sin(theta[i] - alpha)
    A[n] = tangential[0] + tangential[-1]  # Kutta's condition: the flow leaves the trailing edge smoothly
    b[n] = -np.cos(theta[0] - alpha) - np.cos(theta[-1] - alpha)
    strengths = np.linalg.solve(A, b)
    speed = np.cos(theta - alpha) + tangential @ strengths
    pressure = 1.0 - speed**2
    dx, dy = np.diff(x), np.diff(y)
    fx, fy = np.sum(pressure * dy), -np.sum(pressure * dx)
    return fy * np.cos(alpha) - fx * np.sin(alpha)


program = lift_coefficient
arguments = (np.array([0.02, 0.4, 0.12]), 0.07)
