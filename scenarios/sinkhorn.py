"""Entropic transport between two clouds of points by Sinkhorn's iterations, debiased.

Cuturi (2013), "Sinkhorn distances"; Feydy et al. (2019) for the divergence. Scalings are computed into buffers, until the marginals
agree.
"""

import numpy as np


def cost_matrix(x, y):
    return (x**2).sum(axis=1)[:, None] + (y**2).sum(axis=1) - 2 * x @ y.T


def transport(x, y, a, b, epsilon, tolerance=1e-13, limit=500):
    C = cost_matrix(x, y)
    K = np.exp(-C / epsilon)
    u, v = np.ones_like(a), np.ones_like(b)
    Kv, Ku = np.empty_like(a), np.empty_like(b)
    for step in range(limit):
        np.dot(K, v, out=Kv)
        if step and np.abs(u * Kv - a).sum() < tolerance:
            break
        np.divide(a, Kv, out=u)
        np.dot(K.T, u, out=Ku)
        np.divide(b, Ku, out=v)
    plan = u[:, None] * K * v[None, :]
    return np.vdot(plan, C) + epsilon * np.vdot(plan, np.log(plan / np.outer(a, b)))


def divergence(x, y, weights, epsilon):
    a = np.abs(weights) / np.abs(weights).sum()
    b = np.ones(len(y)) / len(y)
    xy = transport(x, y, a, b, epsilon)
    return xy - 0.5 * (transport(x, x, a, a, epsilon) + transport(y, y, b, b, epsilon))


RNG = np.random.default_rng(10)
program = divergence
arguments = (RNG.normal(size=(5, 2)), RNG.normal(0.5, 0.7, (4, 2)), np.array([1.0, 2.0, 1.5, 0.5, 1.0]), 3.0)
