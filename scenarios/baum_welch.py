"""Baum-Welch re-estimation of a discrete hidden Markov model, with scaling in place.

Rabiner (1989), section V.A: the forward variables of each time are divided by their sum, and the log-likelihood is the sum of the
logarithms of these. Three rounds of re-estimation; how much the start and the pseudo-counts matter is the question.
"""

import numpy as np

SYMBOLS = np.array([0, 1, 1, 2, 0, 0, 2, 2, 1, 2, 2, 0, 1, 1, 0, 2])


def normalize(a):
    a /= a.sum(axis=1, keepdims=True)
    return a


class DiscreteHMM:
    def __init__(self, A, B):
        self.A = normalize(A.copy())
        self.B = normalize(B.copy())
        self.start = np.ones(len(A)) / len(A)

    def forward_backward(self, symbols):
        T, n = len(symbols), len(self.A)
        alpha, beta, c = np.zeros((T, n)), np.ones((T, n)), np.zeros(T)
        alpha[0] = self.start * self.B[:, symbols[0]]
        for t in range(T):
            if t > 0:
                np.matmul(alpha[t - 1], self.A, out=alpha[t])
                alpha[t] *= self.B[:, symbols[t]]
            c[t] = alpha[t].sum()
            alpha[t] /= c[t]
        for t in range(T - 2, -1, -1):
            beta[t] = self.A @ (self.B[:, symbols[t + 1]] * beta[t + 1])
            beta[t] /= c[t + 1]
        return alpha, beta, c

    def reestimate(self, symbols, pseudo):
        alpha, beta, c = self.forward_backward(symbols)
        gamma = alpha * beta
        xi = np.full_like(self.A, pseudo)
        for t, s in enumerate(symbols[1:], start=1):
            xi += np.outer(alpha[t - 1], self.B[:, s] * beta[t]) * self.A / c[t]
        emitted = np.zeros(self.B.T.shape)
        np.add.at(emitted, symbols, gamma)
        self.start = gamma[0]
        self.A = normalize(xi)
        self.B = normalize(emitted.T + pseudo)
        return np.log(c).sum()


def log_likelihood(A, B, pseudo):
    model = DiscreteHMM(A, B)
    for _ in range(3):
        model.reestimate(SYMBOLS, pseudo)
    _, _, c = model.forward_backward(SYMBOLS)
    return np.log(c).sum()


program = log_likelihood
arguments = (
    np.array([[0.7, 0.3], [0.4, 0.6]]),
    np.array([[0.5, 0.4, 0.1], [0.1, 0.3, 0.6]]),
    0.2,
)
