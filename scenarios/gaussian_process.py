"""Marginal likelihood and leave-one-out error of a Gaussian process.

Rasmussen & Williams, "Gaussian Processes for Machine Learning" (2006), algorithm 2.1 and equations 5.10-5.12. Kernels are objects
that can be added and multiplied.
"""

import numpy as np

X = np.array([[0.0], [0.4], [0.9], [1.5], [1.8], [2.6], [3.1], [3.3], [4.2], [4.9]])
Y = np.array([0.1, 0.5, 0.8, 0.9, 1.1, 0.4, -0.1, -0.2, -0.8, -0.7])


class Kernel:
    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other)


class Sum(Kernel):
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __call__(self, r2, r):
        return self.a(r2, r) + self.b(r2, r)


class Product(Sum):
    def __call__(self, r2, r):
        return self.a(r2, r) * self.b(r2, r)


class SquaredExponential(Kernel):
    def __init__(self, amplitude, length):
        self.amplitude, self.length = amplitude, length

    def __call__(self, r2, r):
        return self.amplitude**2 * np.exp(-0.5 * r2 / self.length**2)


class Periodic(Kernel):
    def __init__(self, period, length):
        self.period, self.length = period, length

    def __call__(self, r2, r):
        return np.exp(-2 * np.sin(np.pi * r / self.period) ** 2 / self.length**2)


def objective(theta):
    amplitude, length, period, roughness, trend, noise = np.exp(theta)
    kernel = SquaredExponential(amplitude, length) * Periodic(period, roughness) + SquaredExponential(trend, 3.0)
    differences = X[:, None, :] - X[None, :, :]
    r2 = np.einsum("ijk,ijk->ij", differences, differences)
    K = kernel(r2, np.abs(differences[..., 0]))
    K[np.diag_indices_from(K)] += noise**2
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, Y))
    evidence = 0.5 * Y @ alpha + np.log(np.diag(L)).sum() + 0.5 * len(Y) * np.log(2 * np.pi)
    variances = 1 / np.linalg.inv(K).diagonal()
    leave_one_out = np.mean(0.5 * np.log(variances) + 0.5 * (alpha * variances) ** 2 / variances)
    return evidence + leave_one_out


program = objective
arguments = (np.log([0.9, 1.7, 2.2, 1.3, 0.6, 0.25]),)
