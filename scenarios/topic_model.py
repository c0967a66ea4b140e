"""Evidence lower bound of latent Dirichlet allocation, after the variational parameters have settled.

Blei, Ng & Jordan (2003), equations 14-17: responsibilities and Dirichlet parameters of each document in turn, until they settle.
"""

import numpy as np
from scipy.special import gammaln, psi

DOCUMENTS = [{0: 3, 1: 2, 4: 1}, {2: 2, 3: 3}, {0: 1, 2: 1, 4: 2, 5: 1}]
WORDS, TOPICS = 6, 2


def dirichlet_expectation(gamma):
    return psi(gamma) - psi(gamma.sum())


def infer(ids, counts, alpha, log_beta, tolerance=1e-12, limit=200):
    gamma = alpha + counts.sum() / len(alpha)
    for _ in range(limit):
        phi = np.exp(log_beta[:, ids] + dirichlet_expectation(gamma)[:, np.newaxis])
        phi /= phi.sum(axis=0)
        last, gamma = gamma, alpha + phi @ counts
        if np.mean(abs(gamma - last)) < tolerance:
            break
    return gamma, phi


def log_normaliser(a):
    return gammaln(a).sum() - gammaln(np.sum(a))


def bound(log_alpha, scores):
    alpha = np.exp(log_alpha)
    log_beta = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    total = 0.0
    for document in DOCUMENTS:
        ids = np.fromiter(document.keys(), dtype=int)
        counts = np.fromiter(document.values(), dtype=float)
        gamma, phi = infer(ids, counts, alpha, log_beta)
        e = dirichlet_expectation(gamma)
        total += np.einsum("tw,tw,w", phi, log_beta[:, ids] + e[:, None] - np.log(phi), counts)
        total += log_normaliser(gamma) - log_normaliser(alpha) + (alpha - gamma) @ e
    return total


program = bound
arguments = (np.log([2.5, 3.5]), np.random.default_rng(14).normal(0, 0.4, (TOPICS, WORDS)))
