"""A building in an earthquake: Newmark's method for one storey whose columns yield, with Newton's method in each step.

Elastoplastic springs with hardening remember how far they have flowed. The objective is the energy that the yielding takes up.

Source: A. K. Chopra, Dynamics of Structures, Pearson 2012, chapter 5; return mapping after J. C. Simo and T. J. R. Hughes (1998).
"""

import math

import numpy as np


class Column:
    """An elastoplastic spring with linear hardening."""

    def __init__(self, stiffness, strength, hardening=0.1):
        self.k, self.strength, self.h = stiffness, strength, hardening * stiffness
        self.plastic = 0.0
        self.taken = 0.0

    def force(self, u):
        """The force, the tangent stiffness and the plastic displacement, for a trial displacement; nothing is kept."""
        trial = self.k * (u - self.plastic)
        over = abs(trial - self.h * self.plastic) - self.strength
        if over <= 0.0:
            return trial, self.k, self.plastic
        flow = math.copysign(over / (self.k + self.h), trial - self.h * self.plastic)
        return trial - self.k * flow, self.k * self.h / (self.k + self.h), self.plastic + flow

    def commit(self, u):
        f, _, plastic = self.force(u)
        self.taken += f * (plastic - self.plastic)
        self.plastic = plastic


def shaking(t):
    return 3.0 * math.sin(6.0 * t) * math.exp(-0.5 * (t - 0.8) ** 2)


def shake(mass, column, damping, dt=0.05, steps=30, beta=0.25, gamma=0.5):
    u = v = 0.0
    a = -shaking(0.0)
    history = []
    for n in range(1, steps + 1):
        predicted_u = u + dt * v + dt**2 * (0.5 - beta) * a
        predicted_v = v + dt * (1.0 - gamma) * a
        p = -mass * shaking(n * dt)
        u_new = predicted_u
        for _ in range(10):
            a_new = (u_new - predicted_u) / (beta * dt**2)
            v_new = predicted_v + gamma * dt * a_new
            f, k, _ = column.force(u_new)
            residual = p - mass * a_new - damping * v_new - f
            if abs(residual) < 1e-12:
                break
            u_new += residual / (mass / (beta * dt**2) + gamma * damping / (beta * dt) + k)
        u, v, a = u_new, v_new, a_new
        column.commit(u)
        history.append(u)
    return np.array(history)


def objective(mass, strengths, damping):
    total = 0.0
    for strength in strengths:
        column = Column(stiffness=40.0, strength=strength)
        drift = shake(mass, column, damping)
        assert abs(column.plastic) > 0.0
        total += column.taken + np.max(np.abs(drift))
    return total


program = objective
arguments = (1.0, [1.5, 2.5], 0.6)
