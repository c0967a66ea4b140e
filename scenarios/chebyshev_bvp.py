"""Ignition of a slab: the Bratu problem u'' + lambda exp(u) = 0, u(-1) = u(1) = 0, by Chebyshev collocation and Newton's method.

Source: L. N. Trefethen, Spectral Methods in MATLAB, SIAM 2000, programs 13 and 14 (`cheb` is his). `known` is the closed form
u(0) = 2 log(cosh(theta)), where theta cosh(theta)^-1 = sqrt(lambda / 2).
"""

import numpy as np

N = 16


def cheb(n):
    """The differentiation matrix and its points."""
    x = np.cos(np.pi * np.arange(n + 1) / n)
    c = np.ones(n + 1)
    c[[0, -1]] = 2.0
    c *= (-1.0) ** np.arange(n + 1)
    X = np.tile(x[:, None], (1, n + 1))
    dX = X - X.T
    D = np.outer(c, 1.0 / c) / (dX + np.eye(n + 1))
    D -= np.diag(D.sum(axis=1))
    return D, x


def ignite(heat, tol=1e-12):
    D, x = cheb(N)
    D2 = (D @ D)[1:-1, 1:-1]
    u = np.zeros(N - 1)
    change = 1.0
    while change > tol:
        reaction = heat * np.exp(u)
        J = D2 + np.diag(reaction)
        step = np.linalg.solve(J, -(D2 @ u + reaction))
        u = u + step
        change = np.linalg.norm(step, np.inf)
    return x, np.pad(u, 1)


def hottest(heat):
    _, u = ignite(heat)
    return u[N // 2]


def closed_form(heat):
    theta = 0.5
    for _ in range(60):
        theta = np.sqrt(heat / 2.0) * np.cosh(theta)
    return 2.0 * np.log(np.cosh(theta))


program = hottest
arguments = (0.7,)
known = closed_form(0.7)
