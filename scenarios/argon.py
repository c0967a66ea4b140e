"""Molecular dynamics of a drop of argon: Lennard-Jones forces within a cutoff, by loops over a neighbour list.

Velocity Verlet in reduced units. The objective is the pressure and temperature after a few steps, by well depth and diameter.

Source: M. P. Allen and D. J. Tildesley, Computer Simulation of Liquids, 2nd edition, Oxford 2017, chapters 3 and 5.
"""

import numpy as np


def lattice(n, spacing):
    """n x n atoms on a slightly disordered square lattice."""
    rng = np.random.default_rng(3)
    sites = np.array([(i, j) for i in range(n) for j in range(n)], dtype=float)
    return spacing * sites + 0.03 * rng.standard_normal((n * n, 2))


def neighbours(positions, reach):
    pairs = []
    for i in range(len(positions)):
        for j in range(i + 1, len(positions)):
            d = positions[i] - positions[j]
            if d @ d < reach**2:
                pairs.append((i, j))
    return pairs


def forces(positions, pairs, epsilon, sigma, cutoff):
    F = np.zeros_like(positions)
    potential = virial = 0.0
    for i, j in pairs:
        rij = positions[i] - positions[j]
        r2 = np.dot(rij, rij)
        if r2 > cutoff * cutoff:
            continue
        s6 = (sigma * sigma / r2) ** 3
        potential += 4.0 * epsilon * s6 * (s6 - 1.0)
        fij = 24.0 * epsilon * s6 * (2.0 * s6 - 1.0) / r2 * rij
        F[i] += fij
        F[j] -= fij
        virial += np.dot(fij, rij)
    return F, potential, virial


def run(epsilon, sigma, spacing, n=3, dt=0.01, steps=5):
    x = lattice(n, spacing)
    v = np.zeros_like(x)
    v[:, 0] = 0.1 * np.sin(np.arange(n * n))
    pairs = neighbours(x, 2.0)
    F, _, _ = forces(x, pairs, epsilon, sigma, 1.8)
    for step in range(steps):
        v += 0.5 * dt * F
        x += dt * v
        if step % 3 == 2:
            pairs = neighbours(x, 2.0)
        F, potential, virial = forces(x, pairs, epsilon, sigma, 1.8)
        v += 0.5 * dt * F
    kinetic = 0.5 * np.sum(v**2)
    return kinetic + 0.1 * potential + virial / (2.0 * n * n)


program = run
arguments = (1.0, 1.0, 1.18)
