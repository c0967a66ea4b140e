"""Flow in a lid-driven cavity: stream function and vorticity, each relaxed by Gauss-Seidel sweeps in place until nothing moves.

The objective is the strength of the main vortex, as it depends on the Reynolds number and the speed of the lid.

Source: J. D. Anderson, Computational Fluid Dynamics, McGraw-Hill 1995; wall vorticity after A. Thom, Proc. Roy. Soc. A 141 (1933).
"""

import numpy as np

N = 5
h = 1.0 / (N - 1)


def walls(w, psi, lid):
    """Thom's formula for the vorticity at the walls."""
    w[0, :] = -2.0 * psi[1, :] / h**2
    w[:, 0] = -2.0 * psi[:, 1] / h**2
    w[:, -1] = -2.0 * psi[:, -2] / h**2
    w[-1, :] = -2.0 * psi[-2, :] / h**2 - 2.0 * lid / h


def sweep(psi, w, reynolds):
    """One sweep over the inside; returns the largest change."""
    change = 0.0
    for j in range(1, N - 1):
        for i in range(1, N - 1):
            new = 0.25 * (psi[j, i + 1] + psi[j, i - 1] + psi[j + 1, i] + psi[j - 1, i] + h**2 * w[j, i])
            change = max(change, abs(new - psi[j, i]))
            psi[j, i] = new

            u = (psi[j + 1, i] - psi[j - 1, i]) / (2 * h)
            v = -(psi[j, i + 1] - psi[j, i - 1]) / (2 * h)
            across = 0.5 * h * reynolds * (u * (w[j, i + 1] - w[j, i - 1]) + v * (w[j + 1, i] - w[j - 1, i]))
            w[j, i] += 0.9 * (0.25 * (w[j, i + 1] + w[j, i - 1] + w[j + 1, i] + w[j - 1, i] - across) - w[j, i])
    return change


def cavity(reynolds, lid, tolerance=4e-3, most=60):
    psi, w = np.zeros((N, N)), np.zeros((N, N))
    for k in range(most):
        walls(w, psi, lid)
        if sweep(psi, w, reynolds) < tolerance and k > 3:
            break
    return psi, w


def vortex_strength(reynolds, lid):
    psi, w = cavity(reynolds, lid)
    return float(-100.0 * np.min(psi)) + 0.01 * np.sum(w[1:-1, 1:-1])


program = vortex_strength
arguments = (20.0, 1.0)
