"""Log-likelihood of a mixture of Gaussians with full covariances, and a Wishart prior: objective 1 of the ADBench collection.

Srajer, Kukelova & Fitzgibbon (2018), "A benchmark of selected algorithmic differentiation tools". Covariances come as inverse
square roots: logarithms of diagonals, and strict lower triangles row by row.
"""

import math

import numpy as np
from scipy.special import multigammaln

POINTS = np.array([[0.2, 0.1], [0.5, -0.3], [2.1, 1.8], [1.7, 2.4], [-1.0, 2.0], [-1.3, 2.2], [0.1, 0.4], [2.5, 2.0]])
GAMMA, EXTRA = 1.0, 1


def lower_triangle(log_diagonal, below):
    n = len(log_diagonal)
    L = np.zeros((n, n))
    L[np.diag_indices(n)] = np.exp(log_diagonal)
    L[np.tril_indices(n, -1)] = below
    return L


def log_sum_exp(a):
    m = np.max(a)
    return m + math.log(sum(math.exp(v - m) for v in a))


def log_prior(log_diagonals, belows, dimension):
    n = dimension + EXTRA + 1
    constant = n * dimension * (math.log(GAMMA) - 0.5 * math.log(2)) - multigammaln(0.5 * n, dimension)
    total = 0.0
    for d, b in zip(log_diagonals, belows):
        total += 0.5 * GAMMA**2 * (np.dot(np.exp(d), np.exp(d)) + np.dot(b, b)) - EXTRA * np.sum(d)
    return total - len(log_diagonals) * constant


def objective(alphas, means, log_diagonals, belows):
    triangles = [lower_triangle(d, b) for d, b in zip(log_diagonals, belows)]
    slack = -0.5 * means.shape[1] * math.log(2 * math.pi)
    loglik = 0.0
    for x in POINTS:
        terms = []
        for a, mean, d, L in zip(alphas, means, log_diagonals, triangles):
            z = L @ (x - mean)
            terms.append(a + d.sum() - 0.5 * z.dot(z))
        loglik += log_sum_exp(terms) + slack
    return -(loglik - len(POINTS) * log_sum_exp(list(alphas))) + log_prior(log_diagonals, belows, means.shape[1])


program = objective
arguments = (
    np.array([0.1, -0.2, 0.3]),
    np.array([[0.1, 0.0], [2.0, 2.0], [-1.0, 1.8]]),
    np.array([[0.1, 0.3], [0.2, -0.1], [0.4, 0.5]]),
    np.array([[0.2], [-0.3], [0.1]]),
)
