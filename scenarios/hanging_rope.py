"""A rope of masses and springs settles under gravity, by dynamic relaxation: motion is stopped whenever it loses energy.

The objective is the sag and the force on the left support, by stiffness, weight and the place of the right support.

Source: M. R. Barnes, "Form finding and analysis of tension structures by dynamic relaxation", Int. J. Space Structures 14 (1999).
"""

import numpy as np

LINKS = 6
REST = 1.2 / LINKS


def spring_forces(p, stiffness):
    """The force on each mass; ropes do not push."""
    d = p[1:] - p[:-1]
    lengths = np.linalg.norm(d, axis=1)
    stretch = lengths / REST - 1.0
    slack = stretch < 0.0
    tension = stiffness * stretch
    tension[slack] *= 0.01
    pull = (tension / lengths)[:, None] * d
    F = np.zeros_like(p)
    F[:-1] += pull
    F[1:] -= pull
    return F, tension


def relax(stiffness, weight, support, tol=1e-2, most=80):
    t = np.linspace(0.0, 1.0, LINKS + 1)
    p = np.column_stack([t * support[0], t * support[1] - 1.2 * t * (1 - t)])
    v = np.zeros_like(p)
    dt = 0.6 * np.sqrt(REST / stiffness)
    gravity = np.array([0.0, -weight / LINKS])
    for _ in range(most):
        F, tension = spring_forces(p, stiffness)
        F += gravity
        F[0] = F[-1] = 0.0
        if np.max(np.abs(F)) < tol:
            break
        v += dt * F
        if np.sum(F * v) < 0.0:
            v[:] = 0.0
        v *= 0.97
        p += dt * v
    return p, tension


def objective(stiffness, weight, support):
    p, tension = relax(stiffness, weight, support)
    return 10.0 * np.min(p[:, 1]) + tension[0]


program = objective
arguments = (8.0, 1.5, np.array([1.0, 0.1]))
