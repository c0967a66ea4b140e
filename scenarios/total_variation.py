"""Total-variation denoising by Chambolle's dual projection, and the primal energy that it reaches.

Rudin, Osher & Fatemi (1992); A. Chambolle, "An algorithm for total variation minimization and applications" (2004). Gradient and
divergence are slices written in place, and adjoint to each other.
"""

import numpy as np


def gradient(u, g):
    """Forward differences, zero across the far edge; into g."""
    g[0, :-1, :] = u[1:, :] - u[:-1, :]
    g[1, :, :-1] = u[:, 1:] - u[:, :-1]
    return g


def divergence(p):
    d = np.zeros(p.shape[1:])
    d[:-1] += p[0, :-1]
    d[1:] -= p[0, :-1]
    d[:, :-1] += p[1, :, :-1]
    d[:, 1:] -= p[1, :, :-1]
    return d


def denoise(f, lam, tau=0.24, steps=15):
    p = np.zeros((2, *f.shape))
    g = np.zeros_like(p)
    for _ in range(steps):
        gradient(divergence(p) - f / lam, g)
        norm = np.sqrt(np.sum(g**2, axis=0) + 1e-6)
        p = (p + tau * g) / (1 + tau * norm)
    return f - lam * divergence(p)


def energy(f, lam):
    u = denoise(f, lam)
    g = gradient(u, np.zeros((2, *f.shape)))
    return np.sqrt((g**2).sum(axis=0) + 1e-6).sum() + np.sum((u - f) ** 2) / (2 * lam)


RNG = np.random.default_rng(8)
program = energy
arguments = (np.kron([[0.1, 0.9], [0.5, 0.3]], np.ones((3, 4))) + 0.1 * RNG.normal(size=(6, 8)), 0.15)
