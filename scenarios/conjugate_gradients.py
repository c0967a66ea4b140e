"""The conjugate gradient method with Jacobi's preconditioner, by hand, stopping early; on the equation of a loaded membrane.

Source: J. R. Shewchuk, "An introduction to the conjugate gradient method without the agonizing pain", CMU-CS-94-125 (1994).
"""

import numpy as np

N = 6


def on_faces(k):
    """The stiffness between neighbours, along x and along y, from that at the nodes."""
    return 0.5 * (k[1:-1, 1:] + k[1:-1, :-1]), 0.5 * (k[1:, 1:-1] + k[:-1, 1:-1])


def apply_laplacian(kx, ky, u, out):
    """-div(k grad u) on an N x N grid with fixed edges."""
    padded = np.pad(u.reshape(N, N), 1)
    flow_x = kx * np.diff(padded[1:-1], axis=1)
    flow_y = ky * np.diff(padded[:, 1:-1], axis=0)
    result = out.reshape(N, N)
    np.subtract(flow_x[:, :-1], flow_x[:, 1:], out=result)
    result += flow_y[:-1]
    result -= flow_y[1:]


def diagonal(kx, ky):
    return (kx[:, 1:] + kx[:, :-1] + ky[1:] + ky[:-1]).ravel()


def pcg(apply, b, M, tol=1e-9, most=50):
    x = np.zeros_like(b)
    r = b.copy()
    z = r / M
    p = z.copy()
    Ap = np.empty_like(b)
    rz = r @ z
    start = np.sqrt(b @ b)
    for iteration in range(most):
        apply(p, Ap)
        alpha = rz / (p @ Ap)
        x += alpha * p
        r -= alpha * Ap
        if np.sqrt(r @ r) < tol * start:
            break
        np.divide(r, M, out=z)
        rz, previous = r @ z, rz
        p *= rz / previous
        p += z
    return x, iteration


def deflection(log_stiffness, load):
    ticks = np.linspace(0.0, 1.0, N + 2)
    k = np.exp(log_stiffness[0] * ticks[:, None] + log_stiffness[1] * np.sin(3.0 * ticks))
    kx, ky = on_faces(k)
    b = load * np.ones(N * N)
    b[N + 2] += 1.0
    x, iterations = pcg(lambda p, out: apply_laplacian(kx, ky, p, out), b, diagonal(kx, ky))
    if iterations == 49:
        raise RuntimeError("no convergence")
    return x @ b


program = deflection
arguments = (np.array([0.6, -0.9]), 0.3)
