"""A V-cycle of multigrid for a bar of varying conductivity, by recursion; a few cycles, until the residual is small.

Source: W. L. Briggs, V. E. Henson and S. F. McCormick, A Multigrid Tutorial, 2nd edition, SIAM 2000, chapters 3 and 4.
"""

import numpy as np


def residual(u, f, k, h):
    r = np.zeros_like(u)
    r[1:-1] = f[1:-1] - (k[:-1] * (u[1:-1] - u[:-2]) - k[1:] * (u[2:] - u[1:-1])) / h**2
    return r


def smooth(u, f, k, h, sweeps):
    """Red-black Gauss-Seidel, in place."""
    for _ in range(sweeps):
        for start in (1, 2):
            left, right = k[start - 1 : -1 : 2], k[start::2]
            u[start:-1:2] = (h**2 * f[start:-1:2] + left * u[start - 1 : -2 : 2] + right * u[start + 1 :: 2]) / (left + right)


def restrict(r):
    coarse = r[::2].copy()
    coarse[1:-1] = 0.25 * r[1:-2:2] + 0.5 * r[2:-1:2] + 0.25 * r[3::2]
    return coarse


def prolong(e):
    fine = np.empty(2 * len(e) - 1)
    fine[::2] = e
    fine[1::2] = 0.5 * (e[:-1] + e[1:])
    return fine


def v_cycle(u, f, k, h):
    if len(u) <= 3:
        u[1] = h**2 * f[1] / (k[0] + k[1])
        return u
    smooth(u, f, k, h, 2)
    coarse = v_cycle(np.zeros(len(u) // 2 + 1), restrict(residual(u, f, k, h)), 0.5 * (k[::2] + k[1::2]), 2 * h)
    u += prolong(coarse)
    smooth(u, f, k, h, 2)
    return u


def temperature(contrast, heat, n=17, tol=1e-4):
    x = np.linspace(0.0, 1.0, n)
    h = x[1] - x[0]
    k = 1.0 + contrast * np.sin(4.0 * 0.5 * (x[1:] + x[:-1])) ** 2
    f = heat[0] * np.ones(n) + heat[1] * x
    u = np.zeros(n)
    cycles = 0
    while np.max(np.abs(residual(u, f, k, h))) > tol and cycles < 20:
        u = v_cycle(u, f, k, h)
        cycles += 1
    return u.max() + np.trapezoid(u**2, x)


program = temperature
arguments = (1.5, np.array([1.0, 2.0]))
