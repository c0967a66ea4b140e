"""Energy of two electrons and two nuclei by the self-consistent field, in a minimal basis of contracted Gaussians.

Szabo & Ostlund, "Modern Quantum Chemistry" (1989), section 3.5 and appendix B, whose HeH+ this is: at R = 1.4632 its energy is
-2.860662.
"""

import math

import numpy as np

EXPONENTS = np.array([0.109818, 0.405771, 2.22766])  # for a Slater exponent of 1
COEFFICIENTS = np.array([0.444635, 0.535328, 0.154329])


def boys(t):
    """F0"""
    if t < 1e-6:
        return 1.0 - t / 3.0 + t * t / 10.0
    return 0.5 * math.sqrt(math.pi / t) * math.erf(math.sqrt(t))


class Orbital:
    def __init__(self, centre, zeta):
        self.centre = centre
        self.primitives = [(a * zeta**2, d * (2 * a * zeta**2 / math.pi) ** 0.75) for a, d in zip(EXPONENTS, COEFFICIENTS)]


def pairs(p, q):
    """Products of primitives: total exponent, centre, prefactor, reduced exponent."""
    for a, da in p.primitives:
        for b, db in q.primitives:
            s = a + b
            mu = a * b / s
            yield s, (a * p.centre + b * q.centre) / s, da * db * math.exp(-mu * (p.centre - q.centre) ** 2), mu


def one_electron(orbitals, nuclei):
    n = len(orbitals)
    S, H = np.zeros((n, n)), np.zeros((n, n))
    for i, p in enumerate(orbitals):
        for j, q in enumerate(orbitals[: i + 1]):
            for s, centre, k, mu in pairs(p, q):
                overlap = k * (math.pi / s) ** 1.5
                S[i, j] += overlap
                H[i, j] += mu * (3 - 2 * mu * (p.centre - q.centre) ** 2) * overlap
                for charge, at in nuclei:
                    H[i, j] -= charge * 2 * math.pi / s * k * boys(s * (centre - at) ** 2)
            S[j, i], H[j, i] = S[i, j], H[i, j]
    return S, H


def repulsion(p, q, r, s):
    total = 0.0
    for a, x, k, _ in pairs(p, q):
        for b, y, l, _ in pairs(r, s):
            total += k * l * 2 * math.pi**2.5 / (a * b * math.sqrt(a + b)) * boys(a * b / (a + b) * (x - y) ** 2)
    return total


def two_electron(orbitals):
    """(ij|kl), each class of equal integrals once."""
    n = len(orbitals)
    G = np.empty((n, n, n, n))
    known = {}
    for i, j, k, l in np.ndindex(G.shape):
        key = tuple(sorted([tuple(sorted((i, j))), tuple(sorted((k, l)))]))
        if key not in known:
            known[key] = repulsion(*(orbitals[m] for pair in key for m in pair))
        G[i, j, k, l] = known[key]
    return G


def energy(distance, zetas, charges=(2.0, 1.0)):
    nuclei = list(zip(charges, (0.0, distance)))
    orbitals = [Orbital(at, zeta) for (_, at), zeta in zip(nuclei, zetas)]
    S, H = one_electron(orbitals, nuclei)
    G = two_electron(orbitals)
    w, U = np.linalg.eigh(S)
    X = U / np.sqrt(w) @ U.T
    P = np.zeros_like(S)
    while True:
        F = H + np.einsum("kl,ijkl->ij", P, G) - 0.5 * np.einsum("kl,ilkj->ij", P, G)
        _, C = np.linalg.eigh(X.T @ F @ X)
        occupied = X @ C[:, :1]
        before, P = P, 2 * occupied @ occupied.T
        if np.abs(P - before).max() < 1e-13:
            break
    return 0.5 * np.sum(P * (H + F)) + charges[0] * charges[1] / distance


program = energy
arguments = (1.4632, [2.0925, 1.24])
known = -2.860662
accuracy = 2e-6  # the book has an approximation of erf
