"""Refinement of a crystal structure against measured intensities.

Giacovazzo et al., "Fundamentals of Crystallography" (2011), chapters 3 and 5: structure factors over atoms and symmetry operations,
with temperature factors; scattering factors by sums of Gaussians (Cromer & Mann, 1968), kept for each element and reflection.
"""

import functools
from collections import namedtuple

import numpy as np

Atom = namedtuple("Atom", "element position B occupancy")

GAUSSIANS = {
    "Si": ([6.2915, 3.0353, 1.9891, 1.5410], [2.4386, 32.3337, 0.6785, 81.6937], 1.1407),
    "O": ([3.0485, 2.2868, 1.5463, 0.8670], [13.2771, 5.7011, 0.3239, 32.9089], 0.2508),
}
SYMMETRY = [
    (np.eye(3), np.zeros(3)),
    (np.diag([-1.0, -1.0, 1.0]), np.array([0.0, 0.0, 0.5])),
    (np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([0.5, 0.5, 0.25])),
]
MEASURED = {(1, 0, 0): 13.0, (1, 1, 0): 10.5, (1, 1, 1): 24.0, (2, 0, 0): 22.0, (0, 1, 2): 17.0, (2, 1, 1): 14.0, (1, 2, 3): 9.0}
CELL = np.array([4.97, 4.97, 6.92])


@functools.lru_cache(maxsize=None)
def scattering(element, hkl):
    a, b, c = GAUSSIANS[element]
    s2 = sum((h / length) ** 2 for h, length in zip(hkl, CELL)) / 4
    return c + sum(ak * np.exp(-bk * s2) for ak, bk in zip(a, b)), s2


def structure_factor(hkl, atoms):
    total = 0j
    for atom in atoms:
        f, s2 = scattering(atom.element, hkl)
        damped = atom.occupancy * f * np.exp(-atom.B * s2)
        for R, t in SYMMETRY:
            total += damped * np.exp(2j * np.pi * np.dot(hkl, R @ atom.position + t))
    return total


def residual(atoms, scale, extinction):
    difference, weight = 0.0, 0.0
    for hkl, measured in MEASURED.items():
        F = structure_factor(hkl, atoms)
        intensity = F.real**2 + F.imag**2
        calculated = scale * np.sqrt(intensity) / (1 + extinction * intensity) ** 0.25
        difference += (measured - calculated) ** 2
        weight += measured**2
    return np.sqrt(difference / weight)


program = residual
arguments = (
    [
        Atom("Si", np.array([0.30, 0.29, 0.01]), 0.5, 1.0),
        Atom("O", np.array([0.24, 0.10, 0.18]), 1.0, 0.98),
    ],
    0.9,
    1e-4,
)
