"""A dam breaks: the shallow water equations in one dimension by MacCormack's two steps, with artificial viscosity.

The objective is the momentum that arrives at a wall, by the depths before and behind the dam and the roughness of the bed.

Source: R. J. LeVeque, Finite Volume Methods for Hyperbolic Problems, Cambridge 2002, chapter 13; R. W. MacCormack, AIAA 69-354 (1969).
"""

from dataclasses import dataclass

import numpy as np

G = 9.81


@dataclass
class Channel:
    deep: float
    shallow: float
    roughness: float
    cells: int = 24


def fluxes(q):
    h, hu = q
    return np.array([hu, hu**2 / h + 0.5 * G * h**2])


def friction(q, n):
    h, hu = q
    s = np.zeros_like(q)
    s[1] = -G * n**2 * hu * np.abs(hu) / h ** (7.0 / 3.0)
    return s


def reflect(q):
    """Solid walls: the last cells mirror their neighbours."""
    q[:, 0] = q[:, 1]
    q[:, -1] = q[:, -2]
    q[1, [0, -1]] *= -1.0


def simulate(channel, dt=0.01, steps=18, viscosity=0.12):
    x = np.linspace(0.0, 4.0, channel.cells)
    dx = x[1] - x[0]
    q = np.empty((2, channel.cells))
    q[0] = channel.shallow
    q[0, x < 2.0] = channel.deep
    q[1] = 0.0
    impulse = 0.0
    for _ in range(steps):
        f = fluxes(q)
        guess = q.copy()
        guess[:, :-1] -= dt / dx * (f[:, 1:] - f[:, :-1])
        guess += dt * friction(q, channel.roughness)
        reflect(guess)
        f = fluxes(guess)
        new = 0.5 * (q + guess)
        new[:, 1:] -= 0.5 * dt / dx * (f[:, 1:] - f[:, :-1])
        new[:, 1:-1] += viscosity * (q[:, 2:] - 2 * q[:, 1:-1] + q[:, :-2])
        reflect(new)
        q = new
        impulse += dt * 0.5 * G * q[0, -2] ** 2
    return q, impulse


def objective(channel):
    q, impulse = simulate(channel)
    return impulse + 0.1 * np.max(q[1])


program = objective
arguments = (Channel(deep=1.0, shallow=0.4, roughness=0.03),)
