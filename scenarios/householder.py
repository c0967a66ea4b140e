"""Least squares by Householder's QR factorisation, in place, with the reflectors stored below the diagonal.

A straight-line-and-cosine fit; the result is the residual and the curvature of the fit, by the times of measurement and the data.

Source: L. N. Trefethen and D. Bau, Numerical Linear Algebra, SIAM 1997, lectures 10 and 11.
"""

import numpy as np


def house(x):
    """A vector v and a number beta with (I - beta v v') x along the first axis, v[0] = 1."""
    v = x.copy()
    sigma = np.dot(x[1:], x[1:])
    v[0] = 1.0
    if sigma == 0.0:
        return v, 0.0
    mu = np.sqrt(x[0] ** 2 + sigma)
    v0 = x[0] - mu if x[0] <= 0 else -sigma / (x[0] + mu)
    beta = 2.0 * v0**2 / (sigma + v0**2)
    v[1:] /= v0
    return v, beta


def qr_in_place(A):
    m, n = A.shape
    betas = []
    for j in range(n):
        v, beta = house(A[j:, j])
        block = A[j:, j:]
        block -= beta * np.outer(v, v @ block)
        A[j + 1 :, j] = v[1:]
        betas.append(beta)
    return betas


def least_squares(A, b):
    A, y = np.copy(A), np.copy(b)
    m, n = A.shape
    for j, beta in enumerate(qr_in_place(A)):
        v = np.concatenate(([1.0], A[j + 1 :, j]))
        y[j:] -= beta * (v @ y[j:]) * v
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - np.sum(np.triu(A[:n])[i, i + 1 :] * x[i + 1 :])) / A[i, i]
    return x, np.sum(y[n:] ** 2)


def fit(times, data):
    design = np.empty((times.size, 3))
    design[:, 0] = 1.0
    design[:, 1] = times
    np.cos(2.0 * times, out=design[:, 2])
    x, residual = least_squares(design, data)
    return residual + 0.1 * x[2] ** 2 + x[1]


times = np.linspace(0.0, 2.5, 7)
data = np.array([1.3, 0.9, 0.1, 0.3, 1.1, 1.9, 1.7])

program = fit
arguments = (times, data)
